"""A campaign from draft to done, as the roles the product uses."""

from __future__ import annotations

import asyncio
import dataclasses
import secrets
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, obter, pretender, registrar, reservar, resposta


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Any) -> Cena:
    return cenas.montar(admin, await novo_cliente("Campanhas"))


async def enviar_tudo(banco_worker: Banco, cena: Cena) -> list[dict[str, Any]]:
    """Play the worker until the queue of this number is empty; returns every envio."""
    enviados: list[dict[str, Any]] = []
    while itens := await reservar(banco_worker, cena, 100):
        envios = (await pretender(banco_worker, cena, itens))["envios"]
        enviados += envios
        await registrar(
            banco_worker, cena, [resposta(e, "ACEITO", idExterno=f"wamid.{e['tentativaId']}") for e in envios]
        )
        await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
        await asyncio.sleep(0.31)
        await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
    return enviados


async def test_do_rascunho_ao_fim(banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    campanha = await criar_campanha(banco_api, cena)
    simulada = await chamar(banco_api, "api.campanha_simular", **cena.sessao.args, p_id=campanha)
    assert (simulada["total"], simulada["vao"], simulada["pulados"]) == (10, 10, {})
    assert simulada["amostra"][0]["texto"].startswith("Olá Pessoa ")
    assert simulada["amostra"][0]["texto"].endswith("seu desconto é 10%.")
    iniciada = await iniciar(banco_api, cena, campanha)
    assert iniciada["status"] == "EM_ANDAMENTO"
    enviados = await enviar_tudo(banco_worker, cena)
    assert len(enviados) == 10
    fim = await obter(banco_api, cena, campanha)
    assert fim["status"] == "CONCLUIDA"
    assert fim["totais"]["ENVIADO"] == fim["totais"]["total"] == 10
    logs = await chamar(banco_api, "api.campanha_logs_listar", **cena.sessao.args, p_id=campanha, p_limite=3)
    assert len(logs["dados"]) == 3
    assert logs["meta"]["proximoCursor"]


async def test_inicio_em_paralelo_congela_uma_vez(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    campanha = await criar_campanha(banco_api, cena)
    respostas = await asyncio.gather(*(iniciar(banco_api, cena, campanha) for _ in range(20)))
    assert {r["status"] for r in respostas} == {"EM_ANDAMENTO"}
    linha = admin.execute(
        "select (select count(*) from campanhas_log where campanha_id = %s) as log,"
        " (select count(*) from fila where tipo = 'campanha_enviar' and cliente_id = %s) as fila",
        [campanha, cena.cliente_id],
    ).fetchone()
    assert linha == {"log": 10, "fila": 10}


async def test_o_mesmo_trabalho_tres_vezes_manda_uma(
    banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena
) -> None:
    campanha = await criar_campanha(banco_api, cena, p_contato_ids=cena.contatos[:1])
    await iniciar(banco_api, cena, campanha)
    for _ in range(3):
        admin.execute(
            "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)"
            " select cliente_id, 'campanha_enviar', %s, 7, now(), id from campanhas_log where campanha_id = %s"
            " on conflict do nothing",
            [cena.conexao_id, campanha],
        )
    enviados = await enviar_tudo(banco_worker, cena)
    assert len(enviados) == 1
    # once more, after it was sent: the intent refuses
    admin.execute(
        "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)"
        " select cliente_id, 'campanha_enviar', %s, 7, now(), id from campanhas_log where campanha_id = %s",
        [cena.conexao_id, campanha],
    )
    assert await enviar_tudo(banco_worker, cena) == []
    linha = admin.execute(
        "select count(*) as n from campanhas_log where campanha_id = %s and contato_id = %s and status = 'ENVIADO'",
        [campanha, cena.contatos[0]],
    ).fetchone()
    assert linha == {"n": 1}


async def test_pausa_retoma_e_cancela(banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    campanha = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, campanha)
    itens = await reservar(banco_worker, cena, 4)
    pausada = await chamar(banco_api, "api.campanha_pausar", **cena.sessao.args, p_id=campanha)
    assert pausada["status"] == "PAUSADA"
    assert await reservar(banco_worker, cena, 10) == []
    assert (await pretender(banco_worker, cena, itens))["envios"] == []
    assert (await obter(banco_api, cena, campanha))["totais"]["PENDENTE"] == 10
    retomada = await chamar(banco_api, "api.campanha_retomar", **cena.sessao.args, p_id=campanha)
    assert retomada["status"] == "EM_ANDAMENTO"
    envios = (await pretender(banco_worker, cena, await reservar(banco_worker, cena, 3)))["envios"]
    cancelada = await chamar(banco_api, "api.campanha_cancelar", **cena.sessao.args, p_id=campanha)
    assert cancelada["totais"]["PULADO"] == 7
    await registrar(banco_worker, cena, [resposta(e, "ACEITO", idExterno=f"wamid.{uuid4()}") for e in envios])
    fim = await obter(banco_api, cena, campanha)
    assert (fim["totais"]["ENVIADO"], fim["totais"]["PULADO"]) == (3, 7)


async def test_pulados_com_motivo(banco_api: Banco, banco_worker: Banco, admin: Admin, novo_cliente: Any) -> None:
    cena = cenas.montar(admin, await novo_cliente("Pulados"), 6)
    bloqueado, recusou, sem_fone, sem_valor, depois, _vai = cena.contatos
    admin.execute("update contatos set bloqueado = true where id = %s", [bloqueado])
    admin.execute("update contatos set marketing = 'REVOGADO' where id = %s", [recusou])
    admin.execute("update contatos set telefone = null, telefone_informado = '123' where id = %s", [sem_fone])
    admin.execute("""update contatos set campos = '{"cidade": "Natal"}' where id <> %s""", [sem_valor])
    campanha = await criar_campanha(banco_api, cena, p_variaveis={"1": "{{contato.cidade}}", "2": "x"})
    simulada = await chamar(banco_api, "api.campanha_simular", **cena.sessao.args, p_id=campanha)
    esperado = {"BLOQUEADO": 1, "OPTOUT": 1, "TELEFONE_INVALIDO": 1, "VARIAVEL_FALTANDO": 1}
    assert (simulada["pulados"], simulada["vao"]) == (esperado, 2)
    await iniciar(banco_api, cena, campanha)
    admin.execute("update contatos set marketing = 'REVOGADO' where id = %s", [depois])
    enviados = await enviar_tudo(banco_worker, cena)
    assert len(enviados) == 1
    assert enviados[0]["conteudo"]["parametros"] == {"1": "Natal", "2": "x"}
    motivos = admin.execute(
        "select motivo, count(*) as n from campanhas_log where campanha_id = %s and status = 'PULADO' group by 1",
        [campanha],
    ).fetchall()
    assert {m["motivo"]: m["n"] for m in motivos} == esperado | {"OPTOUT": 2}
    admin.execute("update contatos set bloqueado = false where id = %s", [bloqueado])
    reaberta = await chamar(
        banco_api, "api.campanha_reenviar", **cena.sessao.args, p_id=campanha, p_motivos=["BLOQUEADO", "OPTOUT"]
    )
    assert reaberta["status"] == "EM_ANDAMENTO"
    assert len(await enviar_tudo(banco_worker, cena)) == 1


async def _falhar(banco_worker: Banco, cena: Cena, codigos: list[int]) -> None:
    envios = (await pretender(banco_worker, cena, await reservar(banco_worker, cena, 100)))["envios"]
    assert len(envios) == len(codigos)
    falhas = [resposta(e, "REJEITADO", codigo=c, http=400) for e, c in zip(envios, codigos, strict=True)]
    await registrar(banco_worker, cena, falhas)


async def test_reenvia_so_quem_a_linha_conta(
    banco_api: Banco, banco_worker: Banco, admin: Admin, novo_cliente: Any, ana: Sessao
) -> None:
    cena = cenas.montar(admin, await novo_cliente("Motivos"), 4)
    campanha = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, campanha)
    await _falhar(banco_worker, cena, [131021, 131021, 131030, 131030])

    async def reenviar(sessao: Sessao = cena.sessao, **extra: object) -> Any:
        pedido: dict[str, object] = {"p_motivos": ["CONTACT"], **extra}
        return await chamar(banco_api, "api.campanha_reenviar", **sessao.args, p_id=campanha, **pedido)

    def parados() -> list[int]:
        linhas = admin.execute(
            "select erro_codigo from campanhas_log where campanha_id = %s and status = 'FALHOU' order by 1", [campanha]
        ).fetchall()
        return [x["erro_codigo"] for x in linhas]

    for desconhecido in ({"p_codigos": [999]}, {"p_status": "PULADO"}, {"p_motivos": ["NUNCA_VISTO"]}):
        with pytest.raises(Erro) as recusa:
            await reenviar(**desconhecido)
        assert recusa.value.codigo == "ZRK22"
    with pytest.raises(Erro) as alheia:
        await reenviar(ana)
    assert alheia.value.codigo == "ZNK01"
    assert parados() == [131021, 131021, 131030, 131030]
    feito = await reenviar(p_codigos=[131030], p_status="FALHOU")
    assert (feito["voltaram"], feito["status"], parados()) == (2, "EM_ANDAMENTO", [131021, 131021])
    # who sends the same form again does nobody harm
    assert (await reenviar(p_codigos=[131030], p_status="FALHOU"))["voltaram"] == 0
    assert parados() == [131021, 131021]
    # the class alone is everybody of the class
    assert ((await reenviar())["voltaram"], parados()) == (2, [])


async def test_resguardado_volta_um_dia_depois(
    banco_api: Banco, banco_worker: Banco, admin: Admin, novo_cliente: Any
) -> None:
    cena = cenas.montar(admin, await novo_cliente("Resguardo"), 2)
    campanha = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, campanha)
    await _falhar(banco_worker, cena, [130472, 130472])

    async def linha() -> dict[str, Any]:
        andamento = await chamar(banco_api, "api.campanha_andamento_obter", **cena.sessao.args, p_id=campanha)
        (motivo,) = andamento["motivos"]
        return dict(motivo)

    async def reenviar() -> Any:
        return await chamar(
            banco_api, "api.campanha_reenviar", **cena.sessao.args, p_id=campanha, p_motivos=["DEFER"],
            p_codigos=[130472], p_status="FALHOU",
        )  # fmt: skip

    antes, feito = await linha(), await reenviar()
    assert (antes["reenviavel"], feito["voltaram"]) == (False, 0)
    assert antes["reenviavelEm"] == feito["podemEm"] is not None
    admin.execute(
        "update campanhas_log set atualizado_em = now() - interval '25 hours'"
        " where campanha_id = %s and contato_id = %s",
        [campanha, cena.contatos[0]],
    )
    depois, feito = await linha(), await reenviar()
    assert (depois["reenviavel"], depois["reenviavelEm"], feito["voltaram"]) == (True, None, 1)
    assert (feito["podemEm"], feito["totais"]["FALHOU"]) == (antes["reenviavelEm"], 1)


async def test_numero_parado_nao_tem_prazo(banco_api: Banco, admin: Admin, novo_cliente: Any) -> None:
    cena = cenas.montar(admin, await novo_cliente("Parado"), 3)
    campanha = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, campanha)

    async def prazo() -> tuple[bool, bool]:
        andamento = await chamar(banco_api, "api.campanha_andamento_obter", **cena.sessao.args, p_id=campanha)
        return andamento["etaSegundos"] is None, "NUMERO_PARADO" in andamento["ritmo"]["porque"]

    assert await prazo() == (False, False)
    admin.execute("update conexoes set status = 'PAUSADA' where id = %s", [cena.conexao_id])
    assert await prazo() == (True, True)


async def test_outro_cliente_nao_ve(banco_api: Banco, cena: Cena, ana: Sessao) -> None:
    campanha = await criar_campanha(banco_api, cena)
    for funcao in (
        "campanha_obter",
        "campanha_iniciar",
        "campanha_pausar",
        "campanha_retomar",
        "campanha_cancelar",
        "campanha_simular",
        "campanha_logs_listar",
    ):
        with pytest.raises(Erro) as alheia:
            await chamar(banco_api, f"api.{funcao}", **ana.args, p_id=campanha)
        with pytest.raises(Erro) as desconhecida:
            await chamar(banco_api, f"api.{funcao}", **ana.args, p_id=uuid4())
        assert alheia.value.codigo == desconhecida.value.codigo == "ZNK01", funcao
        assert alheia.value.corpo == desconhecida.value.corpo


@pytest.mark.parametrize(
    ("extra", "codigo"),
    [
        ({"p_contato_ids": None}, "ZRK01"),
        ({"p_filtro": {}}, "ZRK01"),
        ({"p_contato_ids": []}, "ZRK01"),
        ({"p_contato_ids": [uuid4()]}, "ZNC01"),
        ({"p_contato_ids": None, "p_etiqueta_ids": [uuid4()]}, "ZNE01"),
        ({"p_contato_ids": None, "p_filtro": {"inventado": 1}}, "ZRK08"),
        ({"p_contato_ids": None, "p_filtro": {"etiquetaIds": ["x"]}}, "ZRK08"),
        ({"p_variaveis": {"1": "a"}}, "ZRK02"),
        ({"p_variaveis": {"1": "a", "2": "b", "3": "c"}}, "ZRK12"),
        ({"p_variaveis": {"1": "{{outro}}", "2": "b"}}, "ZRK03"),
        ({"p_variaveis": {"1": " ", "2": "b"}}, "ZRK14"),
        ({"p_modelo_id": uuid4()}, "ZNM01"),
        ({"p_conexao_id": uuid4()}, "ZNX01"),
        ({"p_intervalo_ms": -1}, "ZRG01"),
        ({"p_nome": "x"}, "ZRG01"),
    ],
)
async def test_recusas_ao_criar(banco_api: Banco, admin: Admin, cena: Cena, extra: dict[str, Any], codigo: str) -> None:
    with pytest.raises(Erro) as erro:
        await criar_campanha(banco_api, cena, **extra)
    assert erro.value.codigo == codigo
    linha = admin.execute("select count(*) as n from campanhas where cliente_id = %s", [cena.cliente_id]).fetchone()
    assert linha == {"n": 0}


async def test_chave_de_idempotencia(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    chave = secrets.token_hex(8)
    ids = await asyncio.gather(*(criar_campanha(banco_api, cena, p_chave_idempotencia=chave) for _ in range(8)))
    assert len(set(ids)) == 1
    with pytest.raises(Erro) as erro:
        await criar_campanha(banco_api, cena, p_chave_idempotencia=chave, p_nome="Outro pedido")
    assert erro.value.codigo == "ZCG03"


async def test_agendada_comeca_na_hora(banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    quando = admin.execute("select now() + interval '1 hour' as t").fetchone()
    assert quando
    campanha = await criar_campanha(banco_api, cena, p_agendado_para=quando["t"])
    assert (await iniciar(banco_api, cena, campanha))["status"] == "AGENDADA"
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
    assert (await obter(banco_api, cena, campanha))["status"] == "AGENDADA"
    admin.execute("update fila set executar_em = now() where tipo = 'campanha_iniciar' and alvo_id = %s", [campanha])
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
    assert (await obter(banco_api, cena, campanha))["status"] == "EM_ANDAMENTO"


async def test_modelo_com_literal_perigoso_sai_como_veio(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    admin.execute("update contatos set nome = '{{2}} ${7*7} {0.__class__}' where id = %s", [cena.contatos[0]])
    campanha = await criar_campanha(banco_api, cena, p_contato_ids=cena.contatos[:1])
    simulada = await chamar(banco_api, "api.campanha_simular", **cena.sessao.args, p_id=campanha)
    assert simulada["amostra"][0]["texto"] == "Olá {{2}} ${7*7} {0.__class__}, seu desconto é 10%."


@pytest.mark.parametrize(
    "componente",
    [
        {"type": "HEADER", "format": "PRODUCT"},
        {"type": "CAROUSEL", "cards": []},
        {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"has_expiration": True}},
        {"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "Ver"}]},
    ],
)
async def test_modelo_que_a_campanha_nao_sabe_preencher(
    banco_api: Banco, admin: Admin, cena: Cena, componente: dict[str, Any]
) -> None:
    admin.execute(
        "update modelos set componentes = componentes || %s where id = %s",
        [psycopg.types.json.Jsonb([componente]), cena.modelo_id],
    )
    with pytest.raises(Erro) as erro:
        await criar_campanha(banco_api, cena)
    assert erro.value.codigo == "ZRK13"


async def test_quem_nao_ve_um_contato_nao_o_alcanca(
    banco_api: Banco, admin: Admin, cena: Cena, banco_worker: Banco
) -> None:
    """A campaign is no way round the visibility of contacts: not its audience, its sample or its log."""
    cliente = cena.cliente_id
    perfil = admin.execute(
        "select id from perfis where cliente_id = %s and codigo = 'SUPERVISOR'", [cliente]
    ).fetchone()
    assert perfil
    pessoa = admin.execute(
        "insert into usuarios (cliente_id, perfil_id, nome, email) values (%s, %s, 'Sara', %s) returning id",
        [cliente, perfil["id"], f"sara-{secrets.token_hex(4)}@exemplo.test"],
    ).fetchone()
    assert pessoa
    sara = abrir_sessao(admin, cliente, pessoa["id"])
    alheio, *resto = cena.contatos
    admin.execute("update contatos set responsavel_id = %s where id = %s", [cena.sessao.usuario_id, alheio])
    de_sara = dataclasses.replace(cena, sessao=sara)
    with pytest.raises(Erro) as erro:
        await criar_campanha(banco_api, de_sara)
    assert erro.value.codigo == "ZNC01"
    por_filtro = await criar_campanha(banco_api, de_sara, p_contato_ids=None, p_filtro={})
    assert (await chamar(banco_api, "api.campanha_simular", **sara.args, p_id=por_filtro))["total"] == len(resto)
    da_dona = await criar_campanha(banco_api, cena)
    simulada = await chamar(banco_api, "api.campanha_simular", **sara.args, p_id=da_dona, p_amostra=20)
    assert simulada["vao"] == 10
    assert str(alheio) not in {x["contatoId"] for x in simulada["amostra"]}
    await iniciar(banco_api, cena, da_dona)
    visto = await chamar(banco_api, "api.campanha_logs_listar", **sara.args, p_id=da_dona)
    assert {x["contatoId"] for x in visto["dados"]} == {str(c) for c in resto}


async def test_publico_grande_comeca_pela_fila(
    banco_api: Banco, banco_worker: Banco, admin: Admin, novo_cliente: Any
) -> None:
    cena = cenas.montar(admin, await novo_cliente("Grande"), 20_001)
    campanha = await criar_campanha(banco_api, cena, p_contato_ids=None, p_filtro={})
    assert (await iniciar(banco_api, cena, campanha))["status"] == "AGENDADA"
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
    dados = await obter(banco_api, cena, campanha)
    assert (dados["status"], dados["totais"]["total"]) == ("EM_ANDAMENTO", 20_001)
    cancelada = await chamar(banco_api, "api.campanha_cancelar", **cena.sessao.args, p_id=campanha)
    assert (cancelada["status"], cancelada["totais"]["RESERVADO"]) == ("CANCELADA", 0)
    for _ in range(5):
        admin.execute("update fila set executar_em = now() where cliente_id = %s", [cena.cliente_id])
        await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
    assert (await obter(banco_api, cena, campanha))["totais"]["PULADO"] == 20_001
    assert admin.execute("select from fila where cliente_id = %s", [cena.cliente_id]).fetchall() == []
