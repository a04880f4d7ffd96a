"""Lists of conversations against a model of them in Python: what is seen, in which order, page by page, how many."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.banco import Banco
from app.erros import Erro
from tests.conftest import SENHA_HASH, Sessao, abrir_sessao, chamar
from tests.sql import cenas

Admin = psycopg.Connection[dict[str, Any]]
ABAS = ("MINHAS", "FILA", "TODAS", "MENCOES")
ORDENS = ("ULTIMA_ATIVIDADE", "ESPERA", "CRIADA", "PRIORIDADE")
VISIBILIDADES = ("PROPRIA", "EQUIPE", "TODAS")
STATUS = ("ABERTA", "EM_ATENDIMENTO", "AGUARDANDO_CLIENTE", "ADIADA", "RESOLVIDA")
PRIORIDADES = ("URGENTE", "ALTA", "NORMAL", "BAIXA")
QUANTAS = 3000
Linha = dict[str, Any]

_POVOAR = """
insert into conversas (cliente_id, conexao_id, contato_id, usuario_id, equipe_id, status, controle, prioridade,
    nao_lidas, ultima_mensagem_em, ultima_entrada_em, espera_desde, janela_expira_em, fila_em, atribuida_em,
    adiada_ate, resolvida_em, motivo_id)
select c.cliente_id, %(conexao)s, c.id, d.dono, d.equipe, s.status,
    case when d.dono is not null then 'HUMANO' when c.n %% 11 = 0 then 'BOT' else 'FILA' end,
    (array['NORMAL', 'NORMAL', 'NORMAL', 'URGENTE', 'ALTA', 'BAIXA', 'NORMAL'])[1 + c.n %% 7], (c.n %% 3)::integer,
    now() - c.n %% 97 * interval '1 hour',
    -- now and then one to whom we wrote, and who never did
    case when c.n %% 4 = 0 or c.n %% 9 > 0 then now() - c.n %% 97 * interval '1 hour' end,
    case when c.n %% 4 = 0 then now() - c.n %% 53 * interval '1 minute' end,
    -- the window is open for at most a day after the last activity
    case when c.n %% 5 > 0 then now() + (24 - c.n %% 97 - c.n %% 5) * interval '1 hour' end,
    case when d.dono is null then now() end, case when d.dono is not null then now() end,
    case when s.status = 'ADIADA' then now() end, case when s.status = 'RESOLVIDA' then now() end,
    case when s.status = 'RESOLVIDA' then (select id from motivos_resolucao where cliente_id = c.cliente_id limit 1) end
from (select *, row_number() over (order by id) as n from contatos where cliente_id = %(cliente)s) as c
cross join lateral (
    select (%(donos)s::uuid[])[1 + c.n * 7 %% 13] as dono, (%(equipes)s::uuid[])[1 + c.n * 5 %% 4] as equipe
) as d
cross join lateral (
    select case when d.dono is null then (array['ABERTA', 'ADIADA', 'RESOLVIDA', 'ABERTA'])[1 + c.n / 13 %% 4]
        else (array['EM_ATENDIMENTO', 'AGUARDANDO_CLIENTE', 'ADIADA', 'RESOLVIDA', 'RESOLVIDA'])[1 + c.n / 13 %% 5]
        end as status
) as s
"""


@dataclass(frozen=True)
class Cena:
    """A tenant whose three watchers (one for each visibility) share the team Vendas with Lia."""

    base: cenas.Cena
    quem: dict[str, Sessao]
    ids: dict[str, UUID]
    linhas: list[Linha]


async def _perfil(banco: Banco, sessao: Sessao, visibilidade: str) -> UUID:
    feito = await chamar(
        banco, "api.perfil_criar", **sessao.args, p_nome=f"Vê {visibilidade}", p_visibilidade=visibilidade,
        p_permissoes=["conversas:ler", "contatos:ler"],
    )  # fmt: skip
    return UUID(feito["id"])


async def _pessoa(banco: Banco, sessao: Sessao, perfil: UUID) -> UUID:
    feita = await chamar(
        banco, "api.usuario_criar", **sessao.args, p_nome="Pessoa", p_email=f"{secrets.token_hex(6)}@exemplo.test",
        p_senha_hash=SENHA_HASH, p_perfil_id=perfil,
    )  # fmt: skip
    return UUID(feita["id"])


async def montar(banco: Banco, admin: Admin, sessao: Sessao, quantas: int = QUANTAS) -> Cena:
    base = cenas.montar(admin, sessao, quantas)
    ids: dict[str, UUID] = {}
    quem = {}
    for visibilidade in VISIBILIDADES:
        perfil = await _perfil(banco, sessao, visibilidade)
        ids[visibilidade] = await _pessoa(banco, sessao, perfil)
        quem[visibilidade] = abrir_sessao(admin, sessao.cliente_id, ids[visibilidade])
    ids["lia"], ids["rui"], ids["zoe"] = [await _pessoa(banco, sessao, perfil) for _ in range(3)]
    for nome, membros in (("vendas", [*VISIBILIDADES, "lia"]), ("suporte", ["rui"])):
        feita = await chamar(banco, "api.equipe_criar", **sessao.args, p_nome=nome, p_membros=[ids[m] for m in membros])
        ids[nome] = UUID(feita["id"])
    donos = [None, None, None, ids["lia"], ids["rui"], ids["zoe"], *(ids[v] for v in VISIBILIDADES)] * 2
    with admin.transaction():
        admin.execute("set local session_replication_role = replica")
        admin.execute(
            _POVOAR,
            {
                "conexao": base.conexao_id,
                "cliente": sessao.cliente_id,
                "donos": donos[:13],
                "equipes": [None, ids["vendas"], ids["suporte"], None],
            },
        )
        _marcar(admin, sessao.cliente_id, base, ids)
    admin.execute("analyze conversas")
    return Cena(base, quem, ids, _ler(admin, sessao.cliente_id, ids))


def _marcar(admin: Admin, cliente_id: UUID, base: cenas.Cena, ids: dict[str, UUID]) -> None:
    """Labels on conversations and on people, mentions, and a campaign that some received."""
    for nome in ("da_conversa", "da_pessoa", "rara"):
        linha = admin.execute(
            "insert into etiquetas (cliente_id, nome) values (%s, %s) returning id", [cliente_id, nome]
        ).fetchone()
        assert linha
        ids[nome] = linha["id"]
    numerada = (
        " from (select v.*, row_number() over (order by v.id) as n from conversas as v where v.cliente_id = %s) as v"
    )
    admin.execute(
        f"insert into conversas_etiquetas select v.cliente_id, v.id, %s {numerada} where v.n %% 3 = 0",
        [ids["da_conversa"], cliente_id],
    )
    admin.execute(
        f"insert into contatos_etiquetas select v.cliente_id, v.contato_id, %s {numerada} where v.n %% 2 = 0",
        [ids["da_pessoa"], cliente_id],
    )
    admin.execute(
        f"insert into conversas_etiquetas select v.cliente_id, v.id, %s {numerada} where v.n %% 400 = 0",
        [ids["rara"], cliente_id],
    )
    admin.execute(
        "insert into mencoes (cliente_id, nota_id, usuario_id, conversa_id, lida_em)"
        f" select v.cliente_id, uuidv7(), u.id, v.id, case when v.n %% 2 = 0 then now() end {numerada}"
        " cross join unnest(%s::uuid[]) as u (id) where v.n %% 19 = 0",
        [cliente_id, [ids[v] for v in VISIBILIDADES]],
    )
    linha = admin.execute(
        "insert into campanhas (cliente_id, nome, conexao_id, modelo_id, publico_tipo, criado_por, status)"
        " values (%s, 'Natal', %s, %s, 'CONTATOS', %s, 'CONCLUIDA') returning id",
        [cliente_id, base.conexao_id, base.modelo_id, ids["lia"]],
    ).fetchone()
    assert linha
    ids["campanha"] = linha["id"]
    admin.execute(
        "insert into campanhas_log (cliente_id, campanha_id, contato_id, telefone, status)"
        f" select v.cliente_id, %s, v.contato_id, '+551190000' || v.n,"
        f" case when v.n %% 2 = 0 then 'ENVIADO' else 'PENDENTE' end {numerada} where v.n %% 5 = 0",
        [ids["campanha"], cliente_id],
    )


def _ler(admin: Admin, cliente_id: UUID, ids: dict[str, UUID]) -> list[Linha]:
    return admin.execute(
        "select v.*, array(select etiqueta_id from conversas_etiquetas where conversa_id = v.id union"
        " select etiqueta_id from contatos_etiquetas where contato_id = v.contato_id) as etiquetas,"
        " array(select usuario_id from mencoes where conversa_id = v.id and lida_em is null) as mencionados,"
        " exists (select from campanhas_log where contato_id = v.contato_id and status = 'ENVIADO') as recebeu"
        " from conversas as v where v.cliente_id = %s",
        [cliente_id],
    ).fetchall()


def visivel(cena: Cena, visibilidade: str, linha: Linha) -> bool:
    eu, dono, equipe = cena.ids[visibilidade], linha["usuario_id"], linha["equipe_id"]
    colegas = {cena.ids[n] for n in (*VISIBILIDADES, "lia")}
    if visibilidade == "TODAS" or dono == eu:
        return True
    if dono is None and equipe in (None, cena.ids["vendas"]):
        return True
    return visibilidade == "EQUIPE" and (equipe == cena.ids["vendas"] or dono in colegas)


def cabe(cena: Cena, visibilidade: str, filtros: dict[str, Any], linha: Linha) -> bool:
    eu, agora = cena.ids[visibilidade], datetime.now(UTC)
    na_fila = (
        linha["usuario_id"] is None and linha["status"] == "ABERTA" and linha["controle"] != "BOT"
        and (linha["ultima_entrada_em"] is not None or linha["versao"] > 1)
    )  # fmt: skip
    aberta = linha["janela_expira_em"] is not None and linha["janela_expira_em"] > agora
    espera = linha["espera_desde"]
    regras: dict[str, Callable[[Any], bool]] = {
        "aba": lambda v: {
            "MINHAS": linha["usuario_id"] == eu, "FILA": na_fila, "TODAS": True, "MENCOES": eu in linha["mencionados"],
        }[v],
        "status": lambda v: linha["status"] in v,
        "usuarioId": lambda v: linha["usuario_id"] == UUID(v),
        "semDono": lambda v: (linha["usuario_id"] is None) == v,
        "equipeId": lambda v: linha["equipe_id"] == UUID(v),
        "conexaoId": lambda v: linha["conexao_id"] == UUID(v),
        "contatoId": lambda v: linha["contato_id"] == UUID(v),
        "etiquetaId": lambda v: UUID(v) in linha["etiquetas"],
        "prioridade": lambda v: linha["prioridade"] in v,
        "controle": lambda v: linha["controle"] == v,
        "janela": lambda v: aberta == (v == "ABERTA"),
        "naoLidas": lambda v: (linha["nao_lidas"] > 0) == v,
        "semRespostaMinutos": lambda v: espera is not None and espera < agora - timedelta(minutes=v),
        "atividadeDe": lambda v: linha["ultima_mensagem_em"] >= datetime.fromisoformat(v),
        "atividadeAte": lambda v: linha["ultima_mensagem_em"] < datetime.fromisoformat(v),
        "campanhaId": lambda v: linha["recebeu"],
    }  # fmt: skip
    return all(regras[nome](valor) for nome, valor in filtros.items())


def chave(ordem: str, linha: Linha) -> tuple[Any, ...]:
    recente = (-linha["ultima_mensagem_em"].timestamp(), -linha["id"].int)
    if ordem == "CRIADA":
        return (-linha["id"].int,)
    if ordem == "PRIORIDADE":
        return (PRIORIDADES.index(linha["prioridade"]), *recente)
    if ordem == "ESPERA":
        espera = linha["espera_desde"]
        return (1, *recente) if espera is None else (0, espera.timestamp(), linha["id"].int)
    return recente


def esperadas(cena: Cena, visibilidade: str, filtros: dict[str, Any], ordem: str) -> list[str]:
    linhas = [x for x in cena.linhas if visivel(cena, visibilidade, x) and cabe(cena, visibilidade, filtros, x)]
    return [str(x["id"]) for x in sorted(linhas, key=lambda x: chave(ordem, x))]


async def percorrer(
    banco: Banco, sessao: Sessao, filtros: dict[str, Any], ordem: str | None, limite: int = 200
) -> list[str]:
    vistos: list[str] = []
    cursor = None
    for _ in range(200):
        pagina = await chamar(
            banco, "api.conversas_listar", **sessao.args, p_filtros=Jsonb(filtros), p_ordem=ordem, p_limite=limite,
            p_cursor=cursor,
        )  # fmt: skip
        assert len(pagina["dados"]) <= limite
        vistos += [c["id"] for c in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            return vistos
    raise AssertionError("a list without end")


@pytest.fixture(scope="module")
async def cena(banco_api: Banco, admin: Admin, ana: Sessao) -> Cena:
    return await montar(banco_api, admin, ana)


@pytest.mark.parametrize("ordem", ORDENS)
@pytest.mark.parametrize("aba", ABAS)
@pytest.mark.parametrize("visibilidade", VISIBILIDADES)
async def test_cada_aba_ordem_e_visibilidade(
    banco_api: Banco, cena: Cena, visibilidade: str, aba: str, ordem: str
) -> None:
    esperado = esperadas(cena, visibilidade, {"aba": aba}, ordem)
    assert len(esperado) > 20
    assert await percorrer(banco_api, cena.quem[visibilidade], {"aba": aba}, ordem) == esperado


def _sortear(cena: Cena, sorte: random.Random) -> dict[str, Any]:
    agora = datetime.now(UTC)
    opcoes: dict[str, Callable[[], Any]] = {
        "aba": lambda: sorte.choice(ABAS),
        "status": lambda: sorte.sample(STATUS, sorte.randint(1, 3)),
        "usuarioId": lambda: str(cena.ids[sorte.choice([*VISIBILIDADES, "lia", "rui", "zoe"])]),
        "semDono": lambda: sorte.random() < 0.5,
        "equipeId": lambda: str(cena.ids[sorte.choice(["vendas", "suporte"])]),
        "conexaoId": lambda: str(cena.base.conexao_id),
        "contatoId": lambda: str(sorte.choice(cena.linhas)["contato_id"]),
        "etiquetaId": lambda: str(cena.ids[sorte.choice(["da_conversa", "da_pessoa", "rara"])]),
        "prioridade": lambda: sorte.sample(PRIORIDADES, sorte.randint(1, 3)),
        "controle": lambda: sorte.choice(["BOT", "HUMANO", "FILA"]),
        "janela": lambda: sorte.choice(["ABERTA", "FECHADA"]),
        "naoLidas": lambda: sorte.random() < 0.5,
        "semRespostaMinutos": lambda: sorte.randint(1, 60),
        "atividadeDe": lambda: (agora - timedelta(minutes=sorte.randint(30, 6000))).isoformat(),
        "atividadeAte": lambda: (agora - timedelta(minutes=sorte.randint(30, 3000))).isoformat(),
        "campanhaId": lambda: str(cena.ids["campanha"]),
    }
    return {nome: opcoes[nome]() for nome in sorte.sample(sorted(opcoes), sorte.randint(1, 3))}


@pytest.mark.parametrize("semente", range(40))
async def test_filtros_e_contagens_ao_acaso(banco_api: Banco, cena: Cena, semente: int) -> None:
    """The list, its order and its counts come from one predicate, which is this one."""
    sorte = random.Random(semente)
    filtros = _sortear(cena, sorte)
    for visibilidade in VISIBILIDADES:
        sessao, ordem = cena.quem[visibilidade], sorte.choice(ORDENS)
        esperado = esperadas(cena, visibilidade, filtros, ordem)
        assert await percorrer(banco_api, sessao, filtros, ordem) == esperado, (filtros, visibilidade, ordem)
        contagem = await chamar(banco_api, "api.conversas_contar", **sessao.args, p_filtros=Jsonb(filtros))
        certa = {
            "abas": {a.lower(): {**filtros, "aba": a} for a in ABAS},
            "status": {re.sub(r"_(.)", lambda m: m[1].upper(), s.lower()): {**filtros, "status": [s]} for s in STATUS},
        }
        for parte, quais in certa.items():
            for nome, filtro in quais.items():
                total = len(esperadas(cena, visibilidade, filtro, "CRIADA"))
                assert contagem[parte][nome] == {"total": min(total, 1000), "mais": total > 1000}, (nome, filtro)


@pytest.mark.parametrize("semente", range(10))
async def test_reler_cartoes_da_so_os_que_ainda_cabem(banco_api: Banco, cena: Cena, semente: int) -> None:
    """Cards asked for by id obey the list's own predicate and sight, in the order that they were asked for."""
    sorte = random.Random(semente)
    filtros, pedidas = _sortear(cena, sorte), sorte.sample(cena.linhas, 200)
    ids = [linha["id"] for linha in pedidas]
    for visibilidade in VISIBILIDADES:
        lidas = await chamar(
            banco_api,
            "api.conversas_obter",
            **cena.quem[visibilidade].args,
            p_ids=ids,
            p_filtros=Jsonb(filtros),
        )
        devidas = [
            str(x["id"]) for x in pedidas if visivel(cena, visibilidade, x) and cabe(cena, visibilidade, filtros, x)
        ]
        assert [c["id"] for c in lidas["dados"]] == devidas, (filtros, visibilidade)


async def test_reler_cartoes_de_outra_empresa_ou_demais(banco_api: Banco, cena: Cena, bia: Sessao) -> None:
    ids = [linha["id"] for linha in cena.linhas[:201]]
    assert (await chamar(banco_api, "api.conversas_obter", **bia.args, p_ids=ids[:10]))["dados"] == []
    for quais in ([], ids):
        with pytest.raises(Erro) as recusa:
            await chamar(banco_api, "api.conversas_obter", **bia.args, p_ids=quais)
        assert recusa.value.sqlstate == "22023"


async def test_a_ordem_da_fila_e_quem_espera(banco_api: Banco, cena: Cena) -> None:
    sessao = cena.quem["PROPRIA"]
    sem_ordem = await percorrer(banco_api, sessao, {"aba": "FILA"}, None)
    assert sem_ordem == esperadas(cena, "PROPRIA", {"aba": "FILA"}, "ESPERA")
    assert await percorrer(banco_api, sessao, {}, None) == esperadas(cena, "PROPRIA", {}, "ULTIMA_ATIVIDADE")


@pytest.mark.parametrize("ordem", ORDENS)
async def test_quem_nao_se_move_aparece_uma_vez(
    banco_api: Banco, admin: Admin, novo_cliente: Callable[..., Any], ordem: str
) -> None:
    cena = await montar(banco_api, admin, await novo_cliente("Movimento"), 400)
    sessao, sorte = cena.quem["TODAS"], random.Random(7)
    vistos: list[str] = []
    movidas: set[str] = set()
    cursor = None
    while True:
        pagina = await chamar(
            banco_api, "api.conversas_listar", **sessao.args, p_ordem=ordem, p_limite=30, p_cursor=cursor
        )
        vistos += [c["id"] for c in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
        sorteadas = [str(x["id"]) for x in sorte.sample(cena.linhas, 5)]
        movidas |= set(sorteadas)
        admin.execute(
            "update conversas set ultima_mensagem_em = clock_timestamp(), espera_desde = clock_timestamp(),"
            " prioridade = 'URGENTE' where id = any (%s::uuid[])",
            [sorteadas],
        )
    paradas = {str(x["id"]) for x in cena.linhas} - movidas
    assert len(paradas) > 200
    for id_ in paradas:
        assert vistos.count(id_) == 1


async def test_cursor_de_outra_ordem_ou_torto_e_recusado(banco_api: Banco, cena: Cena) -> None:
    sessao = cena.quem["TODAS"]
    pagina = await chamar(banco_api, "api.conversas_listar", **sessao.args, p_ordem="ESPERA", p_limite=3)
    bom = pagina["meta"]["proximoCursor"]
    await chamar(banco_api, "api.conversas_listar", **sessao.args, p_ordem="ESPERA", p_cursor=bom)
    for ordem, cursor in [
        ("CRIADA", bom), (None, bom), ("ESPERA", ""), ("ESPERA", "x"), ("ESPERA", bom[:-1]), ("ESPERA", bom + "0"),
        ("ESPERA", "9" + bom[1:]), ("ESPERA", bom[:2] + "f" * 16 + bom[18:]), ("ESPERA", bom.upper() + "'"),
        ("INVENTADA", None),
    ]:  # fmt: skip
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.conversas_listar", **sessao.args, p_ordem=ordem, p_cursor=cursor)
        assert erro.value.status == 400, cursor


@pytest.mark.parametrize(
    "filtros",
    [
        {"inventado": 1}, {"aba": "OUTRA"}, {"aba": ["FILA"]}, {"status": "ABERTA"}, {"status": []}, {"status": ["X"]},
        {"status": [1]}, {"usuarioId": "x"}, {"semDono": "sim"}, {"semRespostaMinutos": 0}, {"semRespostaMinutos": 1.5},
        {"semRespostaMinutos": "9"}, {"atividadeDe": "ontem?"}, {"prioridade": "ALTA"}, {"texto": 7}, {"texto": "ab"},
        {"contatoId": {"a": 1}}, [], "x", {"aba": "FILA' or 1=1 --"},
    ],
)  # fmt: skip
async def test_filtro_torto_e_recusado(banco_api: Banco, cena: Cena, filtros: Any) -> None:
    for funcao in ("api.conversas_listar", "api.conversas_contar"):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **cena.quem["TODAS"].args, p_filtros=Jsonb(filtros))
        assert erro.value.status == 400


async def test_dia_sem_fuso_e_da_empresa(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    """Midnight in Manaus, whatever clock the database's session has."""
    agora = datetime.now(UTC)
    dia = agora.date().isoformat()
    for fuso in ("America/Manaus", "Pacific/Kiritimati", "UTC"):
        inicio = datetime.fromisoformat(dia).replace(tzinfo=ZoneInfo(fuso)).astimezone(UTC)
        admin.execute("update clientes set fuso = %s where id = %s", [fuso, cena.quem["TODAS"].cliente_id])
        for texto, instante in ((dia, inicio), (f"{dia} 10:30", inicio + timedelta(hours=10, minutes=30))):
            for sessao in ("Asia/Tokyo", "UTC"):
                linha = admin.execute(
                    "select set_config('TimeZone', %s, false), set_config('app.cliente_id', %s, false),"
                    " (interno.conversas_filtros_ler(%s)).atividade_de as de",
                    [sessao, str(cena.quem["TODAS"].cliente_id), Jsonb({"atividadeDe": texto})],
                ).fetchone()
                assert linha and linha["de"] == instante, (fuso, sessao, texto)
    admin.execute("reset timezone")
    admin.execute("select set_config('app.cliente_id', '', false)")


async def test_de_outro_cliente_nada_existe(banco_api: Banco, cena: Cena, bia: Sessao) -> None:
    assert await percorrer(banco_api, bia, {}, None) == []
    linha = cena.linhas[0]
    for filtros in (
        {"usuarioId": str(cena.ids["lia"])}, {"equipeId": str(cena.ids["vendas"])}, {"texto": "pessoa"},
        {"conexaoId": str(cena.base.conexao_id)}, {"contatoId": str(linha["contato_id"])},
        {"etiquetaId": str(cena.ids["da_pessoa"])}, {"campanhaId": str(cena.ids["campanha"])},
    ):  # fmt: skip
        assert await percorrer(banco_api, bia, filtros, None) == []
        contagem = await chamar(banco_api, "api.conversas_contar", **bia.args, p_filtros=Jsonb(filtros))
        assert contagem["abas"]["todas"] == {"total": 0, "mais": False}
    # another tenant's cursor is a place, and nothing else
    pagina = await chamar(banco_api, "api.conversas_listar", **cena.quem["TODAS"].args, p_limite=3)
    dela = await chamar(banco_api, "api.conversas_listar", **bia.args, p_cursor=pagina["meta"]["proximoCursor"])
    assert dela["dados"] == []


async def test_o_cartao_e_de_todos_e_o_proprio_vem_a_parte(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    sessao = cena.quem["TODAS"]
    mencionada = next(x for x in cena.linhas if cena.ids["TODAS"] in x["mencionados"])
    admin.execute(
        "insert into rascunhos (cliente_id, usuario_id, conversa_id, texto)"
        " values (%s, %s, %s, 'meu'), (%s, %s, %s, 'x')",
        [
            sessao.cliente_id, cena.ids["TODAS"], mencionada["id"],
            sessao.cliente_id, cena.ids["lia"], mencionada["id"],
        ],
    )  # fmt: skip
    pagina = await chamar(
        banco_api, "api.conversas_listar", **sessao.args, p_filtros=Jsonb({"contatoId": str(mencionada["contato_id"])})
    )
    (cartao,) = pagina["dados"]
    proprias = await chamar(banco_api, "api.conversas_proprias_obter", **sessao.args)
    assert proprias["rascunhos"] == [{"conversaId": str(mencionada["id"]), "texto": "meu", "nota": False}]
    assert {"conversaId": str(mencionada["id"]), "quantas": 1} in proprias["mencoes"]
    propria = await chamar(banco_api, "api.conversa_propria_obter", **sessao.args, p_id=mencionada["id"])
    assert (propria["rascunho"]["texto"], propria["mencoes"]) == ("meu", 1)
    inteira = await chamar(banco_api, "api.conversa_obter", **sessao.args, p_id=mencionada["id"])
    assert {nome: inteira[nome] for nome in cartao} == cartao
    assert inteira["pessoa"]["id"] == cartao["contato"]["id"]
    do_colega = next(x for x in cena.linhas if x["usuario_id"] == cena.ids["rui"])
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.conversa_obter", **cena.quem["PROPRIA"].args, p_id=do_colega["id"])
    assert erro.value.corpo.codigo == "ZNV01"
