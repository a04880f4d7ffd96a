"""A campaign written step by step, its launch by a person, and what comes back from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import chamar, cru
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, pretender, registrar, reservar, resposta


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Any) -> Cena:
    return cenas.montar(admin, await novo_cliente("Rascunhos"))


class Escritor:
    """Somebody who writes a draft: each step carries the version of the one before."""

    def __init__(self, banco: Banco, cena: Cena) -> None:
        self.banco, self.cena = banco, cena
        self.campanha: Any = None

    async def chamar(self, funcao: str, **argumentos: object) -> Any:
        return await chamar(self.banco, f"api.campanha_{funcao}", **self.cena.sessao.args, **argumentos)

    async def comecar(self, nome: str = "Aos poucos", filtro: object = None) -> str:
        self.campanha = await self.chamar("rascunho_criar", p_nome=nome, p_filtro=cru(filtro or {}))
        return str(self.campanha["id"])

    async def passo(self, qual: str, **argumentos: object) -> Any:
        self.campanha = await self.chamar(
            f"{qual}_atualizar", p_id=self.campanha["id"], p_versao=self.campanha["versao"], **argumentos
        )
        return self.campanha

    async def completar(self) -> str:
        await self.passo(
            "modelo", p_modelo_id=self.cena.modelo_id, p_variaveis=cru({"1": "{{contato.nome}}", "2": "10%"})
        )
        await self.passo("envio", p_conexao_id=self.cena.conexao_id)
        return str((await self.chamar("simular", p_id=self.campanha["id"]))["resumo"])

    async def lancar(self, resumo: str, **argumentos: object) -> Any:
        return await self.chamar(
            "lancar", p_id=self.campanha["id"], p_versao=self.campanha["versao"], p_resumo=resumo, **argumentos
        )


async def _codigo(espera: Any) -> str:
    with pytest.raises(Erro) as pego:
        await espera
    return pego.value.codigo


@pytest.fixture
def ana(banco_api: Banco, cena: Cena) -> Escritor:
    return Escritor(banco_api, cena)


async def test_passo_a_passo_ate_lancar(ana: Escritor) -> None:
    id_ = await ana.comecar()
    assert (ana.campanha["status"], ana.campanha["conexaoId"], ana.campanha["modeloId"]) == ("RASCUNHO", None, None)
    assert await _codigo(ana.chamar("simular", p_id=id_)) == "ZRK16"
    assert await _codigo(ana.chamar("iniciar", p_id=id_)) == "ZRK16"
    escolhido = await ana.passo("modelo", p_modelo_id=ana.cena.modelo_id)
    assert (escolhido["conexaoId"], escolhido["variaveis"]) == (str(ana.cena.conexao_id), {})
    # half of it is kept when the person goes back, and refused when she goes on
    metade = cru({"1": "oi"})
    assert (await ana.passo("modelo", p_modelo_id=ana.cena.modelo_id, p_variaveis=metade, p_completas=False))[
        "variaveis"
    ] == {"1": "oi"}
    assert await _codigo(ana.passo("modelo", p_modelo_id=ana.cena.modelo_id, p_variaveis=metade)) == "ZRK02"
    # who jumps over the step reads at the review which one is missing, not at the launch
    with pytest.raises(Erro) as falta:
        await ana.chamar("simular", p_id=id_)
    assert (falta.value.codigo, falta.value.corpo.detalhe) == ("ZRK02", "2")
    assert await _codigo(ana.chamar("testar", p_id=id_, p_telefone="11999990000")) in ("ZRK02", "ZRK19")
    resumo = await ana.completar()
    assert await _codigo(ana.lancar(resumo)) == "ZRK18"
    assert await _codigo(ana.lancar("0" * 64, p_ciente=True)) == "ZCK02"
    assert (await ana.lancar(resumo, p_ciente=True))["status"] == "EM_ANDAMENTO"
    assert (await ana.lancar(resumo, p_ciente=True))["status"] == "EM_ANDAMENTO"
    assert await _codigo(ana.passo("publico", p_nome="Tarde")) == "ZCK01"


async def test_versao_velha_e_outra_empresa(ana: Escritor, banco_api: Banco, novo_cliente: Any) -> None:
    id_ = await ana.comecar()
    velha = ana.campanha["versao"]
    await ana.passo("publico", p_nome="Da Ana")
    tarde = ana.chamar("publico_atualizar", p_id=id_, p_versao=velha, p_nome="Do Rui")
    assert await _codigo(tarde) == "ZCG02"
    alheio = await novo_cliente("Alheia")
    for funcao, extra in (
        ("rascunho_obter", {}),
        ("andamento_obter", {}),
        ("previa_obter", {}),
        ("agendamento_cancelar", {}),
        ("publico_simular", {}),
        ("testar", {"p_telefone": "11999990000"}),
        ("publico_atualizar", {"p_versao": 1, "p_nome": "Minha"}),
        ("modelo_atualizar", {"p_versao": 1, "p_modelo_id": ana.cena.modelo_id}),
        ("envio_atualizar", {"p_versao": 1, "p_conexao_id": ana.cena.conexao_id}),
        ("lancar", {"p_versao": 1, "p_resumo": ""}),
    ):
        assert await _codigo(chamar(banco_api, f"api.campanha_{funcao}", **alheio.args, p_id=id_, **extra)) == "ZNK01"
    minha = await chamar(banco_api, "api.campanha_rascunho_criar", **alheio.args, p_nome="Minha")
    outro = {"p_id": minha["id"], "p_versao": minha["versao"], "p_modelo_id": ana.cena.modelo_id}
    assert await _codigo(chamar(banco_api, "api.campanha_modelo_atualizar", **alheio.args, **outro)) == "ZNM01"


async def test_a_hora_so_vale_ao_lancar(ana: Escritor, admin: Admin) -> None:
    await ana.comecar("Na hora certa")
    await ana.passo("modelo", p_modelo_id=ana.cena.modelo_id, p_variaveis=cru({"1": "a", "2": "b"}))
    depois = "2099-01-01T10:00:00+00:00"
    assert (await ana.passo("envio", p_conexao_id=ana.cena.conexao_id, p_agendado_para=depois))["status"] == "RASCUNHO"
    na_fila = "select count(*) as n from fila where tipo = 'campanha_iniciar' and alvo_id = %s"
    assert admin.execute(na_fila, [ana.campanha["id"]]).fetchone() == {"n": 0}
    resumo = (await ana.chamar("simular", p_id=ana.campanha["id"]))["resumo"]
    assert (await ana.lancar(resumo, p_ciente=True))["status"] == "AGENDADA"
    assert admin.execute(na_fila, [ana.campanha["id"]]).fetchone() == {"n": 1}
    assert (await ana.chamar("agendamento_cancelar", p_id=ana.campanha["id"]))["status"] == "RASCUNHO"
    assert admin.execute(na_fila, [ana.campanha["id"]]).fetchone() == {"n": 0}


async def test_mais_de_mil_pedem_o_nome(banco_api: Banco, admin: Admin, novo_cliente: Any) -> None:
    ana = Escritor(banco_api, cenas.montar(admin, await novo_cliente("Mil e uma"), 1001))
    id_ = await ana.comecar("Promoção de Verão")
    resumo = await ana.completar()
    assert await _codigo(ana.lancar(resumo, p_ciente=True, p_nome="promoção")) == "ZRK17"
    assert (await ana.lancar(resumo, p_ciente=True, p_nome=" promocao de verao "))["status"] == "EM_ANDAMENTO"
    assert await _codigo(ana.chamar("cancelar", p_id=id_, p_nome="outra")) == "ZRK17"
    assert (await ana.chamar("cancelar", p_id=id_, p_nome="Promoção de Verão"))["status"] == "CANCELADA"


async def test_busca_entre_todos_os_destinatarios(
    banco_api: Banco, banco_worker: Banco, admin: Admin, novo_cliente: Any
) -> None:
    """The person who is found is older than any number of others with the same name, in the campaign and out of it."""
    cena = cenas.montar(admin, await novo_cliente("Muita gente"), 1200)
    admin.execute("update contatos set nome = 'Silva ' || nome where cliente_id = %s", [cena.cliente_id])
    velha, outra = cena.contatos[0], cena.contatos[1]
    admin.execute("update contatos set nome = 'Antônia Silva' where id = any(%s)", [[velha, outra]])
    campanha = await criar_campanha(banco_api, cena, p_contato_ids=cena.contatos[:300])
    await iniciar(banco_api, cena, campanha)
    ana = Escritor(banco_api, cena)
    # nine hundred newer Silvas got nothing, three hundred did
    uma = await ana.chamar("logs_listar", p_id=campanha, p_busca="silva", p_limite=200)
    duas = await ana.chamar(
        "logs_listar", p_id=campanha, p_busca="silva", p_limite=200, p_cursor=uma["meta"]["proximoCursor"]
    )
    assert len({x["contatoId"] for x in uma["dados"] + duas["dados"]}) == 300
    assert duas["meta"]["proximoCursor"] is None
    achadas = await ana.chamar("logs_listar", p_id=campanha, p_busca="antonia")
    assert {x["contatoId"] for x in achadas["dados"]} == {str(velha), str(outra)}
    assert (await ana.chamar("logs_listar", p_id=campanha, p_busca="antonia", p_status="FALHOU"))["dados"] == []
    # beyond what is walked row by row, the index answers
    texto = admin.execute("select pg_get_functiondef('interno.campanha_pessoas_buscar'::regproc::oid) as f").fetchone()
    assert texto
    sem_andar = texto["f"].replace("c_recentes constant integer := 2000", "c_recentes constant integer := 0")
    assert sem_andar != texto["f"]
    admin.execute(sem_andar)
    try:
        pelo_indice = await ana.chamar("logs_listar", p_id=campanha, p_busca="antonia")
        de_novo = await ana.chamar("logs_listar", p_id=campanha, p_busca="silva", p_limite=200)
    finally:
        admin.execute(texto["f"])
    assert pelo_indice["dados"] == achadas["dados"]
    assert [x["id"] for x in de_novo["dados"]] == [x["id"] for x in uma["dados"]]


async def test_publico_conta_e_explica(ana: Escritor, admin: Admin) -> None:
    contatos = ana.cena.contatos
    admin.execute("update contatos set bloqueado = true where id = %s", [contatos[0]])
    admin.execute("update contatos set telefone = null where id = any(%s)", [contatos[1:3]])
    conta = await ana.chamar("publico_simular", p_filtro=cru({}), p_amostra=3)
    assert (conta["total"], conta["podem"], len(conta["amostra"])) == (10, 7, 3)
    assert conta["pulados"] == {"BLOQUEADO": 1, "TELEFONE_INVALIDO": 2}
    nada = await ana.chamar("publico_simular", p_filtro=cru({"origem": "WHATSAPP"}))
    assert (nada["total"], nada["amostra"]) == (0, [])
    id_ = await ana.comecar()
    await ana.completar()
    previa = await ana.chamar("previa_obter", p_id=id_, p_pessoa=99, p_variaveis=cru({"1": "X", "2": "Y"}))
    assert (previa["pessoas"], previa["pessoa"], previa["parametros"]) == (10, 10, {"1": "X", "2": "Y"})


async def test_teste_vai_a_um_contato_so(ana: Escritor, admin: Admin) -> None:
    id_ = await ana.comecar()
    await ana.completar()
    assert await _codigo(ana.chamar("testar", p_id=id_, p_telefone="11 98888-0000")) == "ZRK19"
    linha = admin.execute("select telefone from contatos where id = %s", [ana.cena.contatos[3]]).fetchone()
    assert linha
    teste = await ana.chamar("testar", p_id=id_, p_telefone=linha["telefone"].removeprefix("+55"))
    assert (teste["status"], teste["totais"]["total"]) == ("EM_ANDAMENTO", 1)
    assert (await ana.chamar("obter", p_id=id_))["status"] == "RASCUNHO"


async def test_quem_recusou_so_volta_se_voltar_a_aceitar(
    ana: Escritor, admin: Admin, banco_api: Banco, cena: Cena
) -> None:
    """Refused by the number that is suppressed, or by the person: no button; accepted again: it is back."""
    campanha = await criar_campanha(banco_api, cena)
    um, outro = cena.contatos[:2]
    for contato in (um, outro):
        admin.execute(
            "insert into consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)"
            " values (%s, %s, 'MARKETING', 'REVOGADO', 'WHATSAPP', 'PARE')",
            [cena.cliente_id, contato],
        )
    await iniciar(banco_api, cena, campanha)

    async def linha() -> tuple[str, int, bool]:
        (motivo,) = (await ana.chamar("andamento_obter", p_id=campanha))["motivos"]
        return motivo["motivo"], motivo["total"], motivo["reenviavel"]

    assert await linha() == ("OPTOUT", 2, False)
    # the telephone stays suppressed, whatever the person's row says
    admin.execute("update contatos set marketing = 'NAO_INFORMADO' where id = %s", [um])
    assert await linha() == ("OPTOUT", 2, False)
    admin.execute(
        "insert into consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)"
        " values (%s, %s, 'MARKETING', 'CONCEDIDO', 'ATENDENTE', 'Pediu para voltar')",
        [cena.cliente_id, outro],
    )
    assert await linha() == ("OPTOUT", 2, True)


async def test_retornos_motivos_e_busca(
    ana: Escritor, admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    admin.execute("update contatos set bloqueado = true where id = %s", [cena.contatos[0]])
    campanha = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, campanha)
    envios = (await pretender(banco_worker, cena, await reservar(banco_worker, cena, 100)))["envios"]
    feitos = [
        resposta(e, "ACEITO", idExterno=f"wamid.{e['tentativaId']}")
        if n
        else resposta(e, "REJEITADO", codigo=131030, http=400)
        for n, e in enumerate(envios)
    ]
    await registrar(banco_worker, cena, feitos)
    andamento = await ana.chamar("andamento_obter", p_id=campanha)
    assert {(m["status"], m["motivo"], m["total"], m["reenviavel"]) for m in andamento["motivos"]} == {
        ("FALHOU", "CONTACT", 1, True),
        ("PULADO", "BLOQUEADO", 1, False),
    }
    admin.execute("update contatos set bloqueado = false where id = %s", [cena.contatos[0]])
    solto = (await ana.chamar("andamento_obter", p_id=campanha))["motivos"]
    assert [m["reenviavel"] for m in solto if m["status"] == "PULADO"] == [True], "nothing keeps the person out now"
    contadas = admin.execute(
        "select status, motivo, coalesce(erro_codigo, 0) as erro_codigo, count(*) as total from campanhas_log"
        " where campanha_id = %s and motivo is not null group by 1, 2, 3 order by 1, 2, 3",
        [campanha],
    ).fetchall()
    mantidas = admin.execute(
        "select status, motivo, erro_codigo, total from campanhas_motivos where campanha_id = %s and total <> 0"
        " order by 1, 2, 3",
        [campanha],
    ).fetchall()
    assert mantidas == contadas
    assert andamento["ritmo"]["agora"] > 0 and andamento["ritmo"]["porque"][-1] == "FOLGA"
    respondeu = _um_que_recebeu(admin, campanha)
    _escrever(admin, cena, respondeu)
    _escrever(admin, cena, respondeu)
    await chamar(
        banco_api,
        "api.consentimento_criar",
        **cena.sessao.args,
        p_contato_id=respondeu,
        p_acao="REVOGADO",
        p_origem="ATENDENTE",
        p_prova="pediu para sair",
    )
    _escrever(admin, cena, cena.contatos[0])
    assert (await ana.chamar("andamento_obter", p_id=campanha))["retornos"] == {"RESPONDEU": 1, "SAIU": 1}
    guardados = admin.execute(
        "select tipo, count(*)::integer as n from campanhas_retornos where campanha_id = %s group by 1", [campanha]
    ).fetchall()
    assert {g["tipo"]: g["n"] for g in guardados} == {"RESPONDEU": 1, "SAIU": 1}
    achados = await ana.chamar("logs_listar", p_id=campanha, p_busca="pessoa 7")
    assert [x["nome"] for x in achados["dados"]] == ["Pessoa 7"]
    pulados = await ana.chamar("logs_listar", p_id=campanha, p_motivo="BLOQUEADO")
    assert [x["motivoTexto"] for x in pulados["dados"]] == ["O contato está bloqueado"]


def _um_que_recebeu(admin: Admin, campanha: UUID) -> UUID:
    linha = admin.execute(
        "select contato_id from campanhas_log where campanha_id = %s and status = 'ENVIADO' limit 1", [campanha]
    ).fetchone()
    assert linha
    recebeu: UUID = linha["contato_id"]
    return recebeu


def _escrever(admin: Admin, cena: Cena, contato: UUID) -> None:
    """A message of this contact arrives."""
    admin.execute(
        "with aberta as (insert into conversas (cliente_id, conexao_id, contato_id) values (%(c)s, %(x)s, %(p)s)"
        " on conflict (cliente_id, conexao_id, contato_id) where status <> 'RESOLVIDA' do update set versao ="
        " conversas.versao returning id)"
        " insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, ocorrido_em)"
        " select %(c)s, id, %(x)s, 'ENTRADA', 'TEXTO', 'oi', 'RECEBIDA', clock_timestamp() from aberta",
        {"c": cena.cliente_id, "x": cena.conexao_id, "p": contato},
    )
