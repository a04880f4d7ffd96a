"""Marketing and those who refused it: no path creates or moves a row once the refusal is committed, nor while it is."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import chamar, cru
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

VIVAS = (
    "select (select count(*) from campanhas_log where contato_id = %(c)s and status in ('RESERVADO', 'ENVIANDO'))"
    " + (select count(*) from mensagens m join conversas v on v.id = m.conversa_id where v.contato_id = %(c)s"
    "  and m.modelo_id is not null and m.status in ('PENDENTE', 'RESERVADO', 'ENVIANDO'))"
    " + (select count(*) from fila f join campanhas_log l on l.id = f.alvo_id where l.contato_id = %(c)s)"
    " + (select count(*) from fila f join mensagens m on m.id = f.alvo_id join conversas v on v.id = m.conversa_id"
    "  where v.contato_id = %(c)s and m.modelo_id is not null) as vivas,"
    " (select count(*) from campanhas_log where contato_id = %(c)s and status = 'ENVIANDO')"
    " + (select count(*) from mensagens m join conversas v on v.id = m.conversa_id where v.contato_id = %(c)s"
    "  and m.modelo_id is not null and m.status = 'ENVIANDO')"
    " + (select count(*) from tentativas t join campanhas_log l on l.id = t.alvo_id where l.contato_id = %(c)s)"
    " + (select count(*) from tentativas t join mensagens m on m.id = t.alvo_id"
    "  join conversas v on v.id = m.conversa_id"
    "  where v.contato_id = %(c)s and m.modelo_id is not null) as sairam"
)
REVOGAR = (
    "insert into consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)"
    " values (%s, %s, 'MARKETING', 'REVOGADO', 'WHATSAPP', 'A pessoa escreveu SAIR')"
)


@dataclass
class Lugar:
    """One tenant with a marketing template, one person, and a second connection that writes as an owner role."""

    cena: Cena
    admin: Admin
    url: str
    banco_api: Banco
    banco_worker: Banco
    conversa: UUID

    @property
    def contato(self) -> UUID:
        return self.cena.contatos[0]

    @property
    def modelo(self) -> dict[str, Any]:
        return {"modeloId": str(self.cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}}

    async def api(self, funcao: str, **extra: object) -> Any:
        return await chamar(self.banco_api, funcao, **{**self.cena.sessao.args, **extra})

    async def trabalhar(self) -> None:
        await chamar(self.banco_worker, "worker.interno_executar", p_cliente_id=self.cena.cliente_id, p_limite=100)

    async def sql(self, papel: str, *comandos: tuple[str, dict[str, Any]]) -> None:
        """As a role that owns functions, on a connection of its own, in one transaction."""

        def escrever() -> None:
            with psycopg.connect(self.url) as conexao:
                conexao.execute(f"set local role {papel}")
                conexao.execute("select set_config('app.cliente_id', %s, true)", [str(self.cena.cliente_id)])
                for comando, valores in comandos:
                    conexao.execute(comando, {"t": self.cena.cliente_id, "x": self.cena.conexao_id, **valores})

        await asyncio.to_thread(escrever)

    def um(self, consulta: str, **valores: object) -> dict[str, Any]:
        linha = self.admin.execute(consulta, {"t": self.cena.cliente_id, **valores}).fetchone()
        assert linha
        return linha

    def vivas(self) -> tuple[int, int]:
        linha = self.um(VIVAS, c=self.contato)
        return linha["vivas"], linha["sairam"]

    # what is there before the refusal

    async def campanha(self, *, iniciar: bool = False) -> UUID:
        campanha = await cenas.criar_campanha(self.banco_api, self.cena, p_contato_ids=[self.contato])
        if iniciar:
            await cenas.iniciar(self.banco_api, self.cena, campanha)
        return campanha

    def destinatario(self, campanha: UUID, *passos: str) -> UUID:
        """A recipient in the state that these steps lead to, out of the queue."""
        linha = self.um(
            "insert into campanhas_log (cliente_id, campanha_id, contato_id, telefone)"
            " values (%(t)s, %(k)s, %(c)s, '+5511900000000') returning id", k=campanha, c=self.contato,
        )  # fmt: skip
        for status in passos:
            self.admin.execute(
                "update campanhas_log set status = %s, motivo = case %s when 'FALHOU' then 'TENTATIVAS_ESGOTADAS' end"
                " where id = %s",
                [status, status, linha["id"]],
            )
        return UUID(str(linha["id"]))

    def mensagem(self, status: str = "RESERVADO", motivo: str | None = None, origem: str = "HUMANO") -> UUID:
        mensagem = cenas.escrever(
            self.admin, self.cena, self.conversa, tipo="MODELO", conteudo=json.dumps(self.modelo),
            modelo_id=self.cena.modelo_id, origem=origem,
        )  # fmt: skip
        if status != "RESERVADO":
            self.admin.execute("delete from fila where alvo_id = %s", [mensagem])
            self.admin.execute(
                "update mensagens set status = 'ENVIANDO' where id = %(id)s and %(s)s = 'INCERTO'",
                {"id": mensagem, "s": status},
            )
            self.admin.execute(
                "update mensagens set status = %s, motivo = %s where id = %s", [status, motivo, mensagem]
            )
        return mensagem

    def morta(self, tipo: str, alvo: UUID) -> UUID:
        return UUID(str(self.um(
            "insert into fila_morta (cliente_id, id, tipo, conexao_id, alvo_id, tentativas, erro_texto, prioridade)"
            " values (%(t)s, uuidv7(), %(tipo)s, %(x)s, %(a)s, 3, 'fora', 7) returning id",
            tipo=tipo, a=alvo, x=self.cena.conexao_id,
        )["id"]))  # fmt: skip


Acao = Callable[[], Awaitable[object]]
Caminho = Callable[[Lugar], Awaitable[Acao]]
FILA = (
    "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)"
    " values (%(t)s, %(tipo)s, %(x)s, 7, now(), %(a)s)"
)


async def sql_fila_campanha(b: Lugar) -> Acao:
    alvo = b.destinatario(await b.campanha(), "RESERVADO")
    return lambda: b.sql("crm_definidor", (FILA, {"tipo": "campanha_enviar", "a": alvo}))


async def sql_fila_mensagem(b: Lugar) -> Acao:
    alvo = b.mensagem()
    b.admin.execute("delete from fila where alvo_id = %s", [alvo])
    return lambda: b.sql("crm_fila", (FILA, {"tipo": "mensagem_enviar", "a": alvo}))


async def sql_destinatario_nasce_reservado(b: Lugar) -> Acao:
    campanha = await b.campanha()
    return lambda: b.sql("crm_definidor", (
        "insert into campanhas_log (cliente_id, campanha_id, contato_id, telefone, status)"
        " values (%(t)s, %(k)s, %(c)s, '+5511900000000', 'RESERVADO')", {"k": campanha, "c": b.contato},
    ))  # fmt: skip


async def sql_destinatario_reservado(b: Lugar) -> Acao:
    alvo = b.destinatario(await b.campanha())
    return lambda: b.sql("crm_fila", ("update campanhas_log set status = 'RESERVADO' where id = %(a)s", {"a": alvo}))


async def sql_destinatario_enviando(b: Lugar) -> Acao:
    alvo = b.destinatario(await b.campanha(), "RESERVADO")
    return lambda: b.sql("crm_fila", ("update campanhas_log set status = 'ENVIANDO' where id = %(a)s", {"a": alvo}))


def _inserir(b: Lugar, status: str) -> tuple[str, dict[str, Any]]:
    return (
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, origem, tipo, conteudo, modelo_id,"
        " status, ocorrido_em) values (%(t)s, %(v)s, %(x)s, 'SAIDA', 'BOT', 'MODELO', %(j)s, %(m)s, %(s)s, now())",
        {"v": b.conversa, "j": json.dumps(b.modelo), "m": b.cena.modelo_id, "s": status},
    )


async def sql_mensagem_inserida(b: Lugar) -> Acao:
    return lambda: b.sql("crm_definidor", _inserir(b, "RESERVADO"))


async def sql_mensagem_pendente(b: Lugar) -> Acao:
    return lambda: b.sql("crm_fila", _inserir(b, "PENDENTE"))


async def sql_mensagem_volta(b: Lugar) -> Acao:
    alvo = b.mensagem("FALHOU", "PLATFORM")
    return lambda: b.sql("crm_fila", ("update mensagens set status = 'RESERVADO' where id = %(a)s", {"a": alvo}))


async def sql_mensagem_enviando(b: Lugar) -> Acao:
    alvo = b.mensagem()
    return lambda: b.sql("crm_fila", ("update mensagens set status = 'ENVIANDO' where id = %(a)s", {"a": alvo}))


async def sql_mensagem_vira_modelo(b: Lugar) -> Acao:
    alvo = cenas.escrever(b.admin, b.cena, b.conversa)
    return lambda: b.sql(
        "crm_definidor",
        ("update mensagens set modelo_id = %(m)s where id = %(a)s", {"a": alvo, "m": b.cena.modelo_id}),
    )


async def api_mensagem(b: Lugar) -> Acao:
    return lambda: b.api("api.mensagem_enviar", p_conversa_id=b.conversa, p_tipo="MODELO", p_conteudo=cru(b.modelo))


async def api_conversa(b: Lugar) -> Acao:
    return lambda: b.api(
        "api.conversa_iniciar", p_contato_id=b.contato, p_conexao_id=b.cena.conexao_id, p_tipo="MODELO",
        p_conteudo=cru(b.modelo),
    )  # fmt: skip


async def bot(b: Lugar) -> Acao:
    b.admin.execute("update conversas set controle = 'BOT' where id = %s", [b.conversa])
    return lambda: b.sql("crm_fila", (
        "select interno.mensagem_enfileirar(%(t)s, %(v)s, 'MODELO', %(j)s, null, 'BOT', 3::smallint)",
        {"v": b.conversa, "j": json.dumps(b.modelo)},
    ))  # fmt: skip


async def campanha_inicia(b: Lugar) -> Acao:
    campanha = await b.campanha()
    return lambda: cenas.iniciar(b.banco_api, b.cena, campanha)


async def campanha_alimentada(b: Lugar) -> Acao:
    """Frozen before, fed now."""
    campanha = await b.campanha(iniciar=True)
    b.admin.execute("delete from fila where cliente_id = %s and tipo = 'campanha_enviar'", [b.cena.cliente_id])
    for status in ("PENDENTE",):
        b.admin.execute("update campanhas_log set status = %s where campanha_id = %s", [status, campanha])
    return b.trabalhar


async def campanha_em_curso(b: Lugar) -> Acao:
    await b.campanha(iniciar=True)
    await b.trabalhar()
    return lambda: cenas.enviar(b.banco_worker, b.cena)


async def campanha_reservada(b: Lugar) -> Acao:
    """A worker holds it already: only the intent is left."""
    await b.campanha(iniciar=True)
    await b.trabalhar()
    itens = await cenas.reservar(b.banco_worker, b.cena)
    assert itens
    return lambda: cenas.pretender(b.banco_worker, b.cena, itens)


async def campanha_reenviada(b: Lugar) -> Acao:
    campanha = await b.campanha(iniciar=True)
    b.admin.execute("delete from fila where cliente_id = %s", [b.cena.cliente_id])
    b.admin.execute(
        "update campanhas_log set status = 'FALHOU', motivo = 'PLATFORM' where campanha_id = %s", [campanha]
    )

    async def agir() -> None:
        await b.api("api.campanha_reenviar", p_id=campanha, p_motivos=["PLATFORM"])
        await b.trabalhar()

    return agir


async def mensagem_na_fila(b: Lugar) -> Acao:
    b.mensagem()
    return lambda: cenas.enviar(b.banco_worker, b.cena)


async def mensagem_reenviada(b: Lugar) -> Acao:
    alvo = b.mensagem("FALHOU", "PLATFORM")
    return lambda: b.api("api.mensagem_reenviar", p_id=alvo)


async def mensagem_da_fila_morta(b: Lugar) -> Acao:
    morta = b.morta("mensagem_enviar", b.mensagem("FALHOU", "TENTATIVAS_ESGOTADAS"))
    return lambda: b.api("api.fila_morta_reenfileirar", p_motivo="voltou", p_ids=[morta])


async def campanha_da_fila_morta(b: Lugar) -> Acao:
    campanha = await b.campanha(iniciar=True)
    b.admin.execute("delete from fila where cliente_id = %s", [b.cena.cliente_id])
    linha = b.um(
        "update campanhas_log set status = 'FALHOU', motivo = 'TENTATIVAS_ESGOTADAS' where campanha_id = %(k)s"
        " returning id", k=campanha,
    )  # fmt: skip
    morta = b.morta("campanha_enviar", linha["id"])

    async def agir() -> None:
        await b.api("api.fila_morta_reenfileirar", p_motivo="voltou", p_ids=[morta])
        await b.trabalhar()

    return agir


async def duvida_reenviada(b: Lugar) -> Acao:
    alvo = b.mensagem("INCERTO", "SEM_RESPOSTA")
    return lambda: b.api(
        "api.incerto_decidir", p_alvo_tipo="MENSAGEM", p_id=alvo, p_decisao="REENVIAR", p_motivo="não chegou",
        p_confirmar=True,
    )  # fmt: skip


async def agendada_vence(b: Lugar) -> Acao:
    agendada = await b.api(
        "api.agendada_criar", p_tipo="MODELO", p_conteudo=cru(b.modelo), p_conversa_id=b.conversa,
        p_enviar_em="2027-03-01T09:00", p_fuso="America/Sao_Paulo",
    )  # fmt: skip
    for tabela, coluna, chave in (("mensagens_agendadas", "enviar_em", "id"), ("fila", "executar_em", "alvo_id")):
        b.admin.execute(
            f"update {tabela} set {coluna} = now() - interval '1 second' where {chave} = %s", [agendada["id"]]
        )
    return b.trabalhar


CAMINHOS: list[Caminho] = [
    sql_fila_campanha, sql_fila_mensagem, sql_destinatario_nasce_reservado, sql_destinatario_reservado,
    sql_destinatario_enviando, sql_mensagem_inserida, sql_mensagem_pendente, sql_mensagem_volta, sql_mensagem_enviando,
    sql_mensagem_vira_modelo, api_mensagem, api_conversa, bot, campanha_inicia, campanha_alimentada, campanha_em_curso,
    campanha_reservada, campanha_reenviada, mensagem_na_fila, mensagem_reenviada, mensagem_da_fila_morta,
    campanha_da_fila_morta, duvida_reenviada, agendada_vence,
]  # fmt: skip
# these alone look at the tables; the others go through functions that refuse, or leave out, beforehand
SO_GATILHO = [
    sql_fila_campanha, sql_fila_mensagem, sql_destinatario_nasce_reservado, sql_destinatario_reservado,
    sql_destinatario_enviando, sql_mensagem_inserida, sql_mensagem_pendente, sql_mensagem_volta, sql_mensagem_enviando,
    sql_mensagem_vira_modelo,
]  # fmt: skip


@pytest.fixture
def montar(
    admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco, banco_worker: Banco, url_de: Callable[[str], str]
) -> Callable[..., Any]:
    async def fazer() -> Lugar:
        cena = cenas.montar(admin, await novo_cliente(), contatos=1)
        conversa = cenas.conversar(admin, cena, cena.contatos[0])
        return Lugar(cena, admin, url_de("postgres"), banco_api, banco_worker, conversa)

    return fazer


async def tentar(acao: Acao) -> str | None:
    """The refusal, if it was one; anything else that goes wrong is a defect of the test."""
    try:
        await acao()
    except Erro as erro:
        return erro.codigo
    except psycopg.Error as erro:
        return erro.sqlstate
    return None


async def correr(b: Lugar, caminho: Caminho, confirmar: bool = True) -> tuple[tuple[int, int], tuple[int, int], bool]:
    """The path walked while a refusal is being committed: rows before and after, and whether it had to wait."""
    acao = await caminho(b)
    antes = b.vivas()
    with psycopg.connect(b.url) as dela:
        dela.execute(REVOGAR, [b.cena.cliente_id, b.contato])
        andando = asyncio.create_task(tentar(acao))
        await asyncio.wait([andando], timeout=0.4)
        esperou = not andando.done()
        (dela.commit if confirmar else dela.rollback)()
        codigo = await andando
    assert codigo in {None, "ZRV32", "ZCF01"}, codigo
    return antes, b.vivas(), esperou


@pytest.mark.parametrize("caminho", CAMINHOS, ids=lambda c: c.__name__)
async def test_nenhum_caminho_passa_por_uma_recusa_em_curso(montar: Callable[..., Any], caminho: Caminho) -> None:
    b = await montar()
    antes, depois, esperou = await correr(b, caminho)
    assert esperou, "it looks at what is being said, and waits for it"
    assert depois[1] == antes[1], "something left"
    assert depois[0] <= antes[0], "something waits to leave"


@pytest.mark.parametrize("caminho", CAMINHOS, ids=lambda c: c.__name__)
async def test_uma_recusa_desfeita_nao_segura_ninguem(montar: Callable[..., Any], caminho: Caminho) -> None:
    """Positive control: each path does create or move something when nobody refused."""
    b = await montar()
    antes, depois, esperou = await correr(b, caminho, confirmar=False)
    assert esperou and depois != antes


@pytest.mark.parametrize("caminho", CAMINHOS, ids=lambda c: c.__name__)
async def test_depois_da_recusa_nada_sai_e_outro_cliente_nem_percebe(
    montar: Callable[..., Any], caminho: Caminho
) -> None:
    b, vizinho = await montar(), await montar()
    vizinho.admin.execute(
        "update contatos set telefone = (select telefone from contatos where id = %s) where id = %s",
        [b.contato, vizinho.contato],
    )
    acao, dele = await caminho(b), await caminho(vizinho)
    b.admin.execute(REVOGAR, [b.cena.cliente_id, b.contato])
    antes, antes_dele = b.vivas(), vizinho.vivas()
    assert await tentar(acao) in {None, "ZRV32", "ZCF01"}
    for _ in range(2):
        await b.trabalhar()
        envios = await cenas.enviar(b.banco_worker, b.cena)
        assert [e for e in envios if e["tipo"] == "MODELO"] == []
    assert b.vivas()[1] == antes[1] and b.vivas()[0] <= antes[0]
    assert await tentar(dele) is None
    assert vizinho.vivas() != antes_dele


@contextlib.contextmanager
def sem_gatilhos(admin: Admin) -> Iterator[None]:
    gatilhos = admin.execute(
        "select tgrelid::regclass::text as tabela, tgname::text as nome from pg_trigger"
        " where tgname like '\\_060\\_recusar%'"
    ).fetchall()
    assert len(gatilhos) == 4
    for g in gatilhos:
        admin.execute(f"alter table {g['tabela']} disable trigger {g['nome']}")
    try:
        yield
    finally:
        for g in gatilhos:
            admin.execute(f"alter table {g['tabela']} enable trigger {g['nome']}")


@pytest.mark.parametrize("caminho", SO_GATILHO, ids=lambda c: c.__name__)
async def test_sem_os_gatilhos_a_conferencia_ve_o_furo(
    montar: Callable[..., Any], admin: Admin, caminho: Caminho
) -> None:
    """Negative control: without them each of these goes through."""
    b = await montar()
    with sem_gatilhos(admin):
        acao = await caminho(b)
        b.admin.execute(REVOGAR, [b.cena.cliente_id, b.contato])
        antes = b.vivas()
        assert await tentar(acao) is None
    depois = b.vivas()
    assert depois[0] > antes[0] or depois[1] > antes[1]


SEM_TRAVA = (
    "create or replace function interno.marketing_recusas(p_cliente_id uuid, p_contatos uuid[]) returns uuid[]"
    " language sql volatile set search_path = '' as $$ select array(select c.id from public.contatos as c"
    " where c.cliente_id = p_cliente_id and c.id = any (p_contatos) and c.marketing = 'REVOGADO') $$"
)


async def test_sem_a_trava_a_conferencia_ve_a_corrida(montar: Callable[..., Any], admin: Admin) -> None:
    """Negative control of the race: a check that does not lock lets the intent slip past."""
    b = await montar()
    corpo = admin.execute(
        "select pg_get_functiondef('interno.marketing_recusas(uuid, uuid[])'::regprocedure) as d"
    ).fetchone()
    assert corpo
    admin.execute(SEM_TRAVA)
    try:
        antes, depois, esperou = await correr(b, campanha_reservada)
    finally:
        admin.execute(corpo["d"])
    assert not esperou and depois[1] > antes[1]


async def test_quem_se_importa_com_telefone_suprimido_nao_recebe(montar: Callable[..., Any]) -> None:
    b = await montar()
    telefone = f"+55119{secrets.randbelow(10**8):08d}"
    recusou = await b.api("api.contato_criar", p_nome="Recusou", p_telefone=telefone)
    await b.api("api.consentimento_criar", p_contato_id=UUID(recusou["id"]), p_acao="REVOGADO", p_prova="pediu")
    await b.api("api.contato_remover", p_id=UUID(recusou["id"]))
    linhas = [{"linha": 2, "nome": "Voltou", "telefone": telefone, "telefoneInformado": telefone}]
    await b.api("api.contatos_importar", p_linhas=cru(linhas), p_consentimento_prova="lista comprada")
    voltou = b.um("select id from contatos where cliente_id = %(t)s and telefone = %(f)s", f=telefone)["id"]
    campanha = await cenas.criar_campanha(b.banco_api, b.cena, p_contato_ids=[voltou, b.contato])
    await cenas.iniciar(b.banco_api, b.cena, campanha)
    await b.trabalhar()
    envios = await cenas.enviar(b.banco_worker, b.cena)
    assert len(envios) == 1
    estado = b.um("select status, motivo from campanhas_log where contato_id = %(c)s", c=voltou)
    assert estado == {"status": "PULADO", "motivo": "OPTOUT"}
    # the list alone is enough, whatever the contact's own summary says
    b.admin.execute("update contatos set marketing = 'CONCEDIDO' where id = %s", [voltou])
    b.cena.contatos[0] = voltou
    b.conversa = cenas.conversar(b.admin, b.cena, voltou)
    assert await tentar(await api_mensagem(b)) == "ZRV32"
    assert await tentar(await sql_mensagem_inserida(b)) == "ZRV32"


async def test_um_novo_consentimento_libera(montar: Callable[..., Any]) -> None:
    b = await montar()
    acao = await api_mensagem(b)
    await b.api("api.consentimento_criar", p_contato_id=b.contato, p_acao="REVOGADO", p_prova="por telefone")
    assert await tentar(acao) == "ZRV32"
    await b.api("api.consentimento_criar", p_contato_id=b.contato, p_acao="CONCEDIDO", p_prova="assinou o formulário")
    assert await tentar(acao) is None
    historico = b.admin.execute(
        "select tipo, usuario_id, dados ->> 'origem' as origem from conversas_historico"
        " where conversa_id = %s and tipo in ('OPTOUT', 'OPTIN') order by id",
        [b.conversa],
    ).fetchall()
    assert [(h["tipo"], h["origem"]) for h in historico] == [("OPTOUT", "ATENDENTE"), ("OPTIN", "ATENDENTE")]
    assert {h["usuario_id"] for h in historico} == {b.cena.sessao.usuario_id}


async def test_vale_o_que_foi_dito_por_ultimo_em_qualquer_ordem(montar: Callable[..., Any], admin: Admin) -> None:
    ditos = [("REVOGADO", 30), ("CONCEDIDO", 20), ("REVOGADO", 10), ("CONCEDIDO", 10)]
    for ordem in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 0, 3, 2]):
        b = await montar()
        for acao, minutos in (ditos[i] for i in ordem):
            admin.execute(
                "insert into consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova, ocorrido_em)"
                " values (%s, %s, 'MARKETING', %s, 'WHATSAPP', 'disse', now()::date - %s * interval '1 minute')",
                [b.cena.cliente_id, b.contato, acao, minutos],
            )
        fim = b.um("select marketing from contatos where id = %(c)s", c=b.contato)
        assert fim["marketing"] == "REVOGADO", ordem
        suprimidos = b.um("select count(*) as n from supressoes where cliente_id = %(t)s")
        assert suprimidos["n"] == 1


@pytest.mark.parametrize("categoria", ["UTILITY", "AUTHENTICATION"])
async def test_o_que_nao_e_marketing_continua(montar: Callable[..., Any], categoria: str) -> None:
    b = await montar()
    b.admin.execute("update modelos set categoria = %s where id = %s", [categoria, b.cena.modelo_id])
    b.admin.execute(REVOGAR, [b.cena.cliente_id, b.contato])
    for caminho in (api_mensagem, sql_mensagem_inserida):
        assert await tentar(await caminho(b)) is None


async def test_o_que_volta_de_uma_tentativa_nao_derruba_o_lote(montar: Callable[..., Any]) -> None:
    """Refused while it was on its way: the answer is written as ever, and the next intent skips it."""
    b = await montar()
    await b.campanha(iniciar=True)
    await b.trabalhar()
    (envio,) = await cenas.enviar(b.banco_worker, b.cena)
    b.admin.execute(REVOGAR, [b.cena.cliente_id, b.contato])
    await cenas.registrar(b.banco_worker, b.cena, [cenas.resposta(envio, "NAO_ENVIADO")])
    b.admin.execute("update fila set executar_em = now() where cliente_id = %s", [b.cena.cliente_id])
    b.admin.execute("update conexoes set suspensa_ate = null where id = %s", [b.cena.conexao_id])
    assert await cenas.enviar(b.banco_worker, b.cena) == []
    assert b.um("select status, motivo from campanhas_log where cliente_id = %(t)s") == {
        "status": "PULADO", "motivo": "OPTOUT",
    }  # fmt: skip
