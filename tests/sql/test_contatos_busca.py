"""Search: what it finds, that it cannot leak, and that it reads by its indexes through the role the product uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.test_contatos import criar

Admin = psycopg.Connection[dict[str, Any]]
# enough for the planner to care; bench/busca.py does the same with a million
POR_CLIENTE = 30_000


async def buscar(banco: Banco, sessao: Sessao, busca: str, **mais: object) -> list[str]:
    pagina = await chamar(banco, "api.contatos_listar", **sessao.args, p_busca=busca, **mais)
    return [c["nome"] for c in pagina["dados"]]


@pytest.fixture(scope="module")
def cheio(admin: Admin, ana: Sessao, bia: Sessao) -> None:
    """Two tenants with the same people, so that an answer of the wrong one would show."""
    for sessao in (ana, bia):
        admin.execute(
            "insert into contatos (cliente_id, nome, telefone) select %s,"
            " (array['Ana', 'Bruno', 'Célia', 'Davi', 'Élida', 'Fábio'])[1 + n %% 6] || ' '"
            " || (array['Almeida', 'Barros', 'Conceição', 'Dias', 'Souza'])[1 + n / 6 %% 5] || ' ' || md5(n::text),"
            " '+55119' || lpad(n::text, 8, '0') from generate_series(1, %s) as n",
            [sessao.cliente_id, POR_CLIENTE],
        )
        # as intake leaves it: each is known to the provider by the same number
        admin.execute(
            "insert into contatos_identidades (cliente_id, contato_id, tipo, valor)"
            " select cliente_id, id, 'WA_ID', ltrim(telefone, '+') from contatos where cliente_id = %s",
            [sessao.cliente_id],
        )
    admin.execute("vacuum analyze contatos, contatos_identidades")


async def test_acha_sem_acento_por_trecho_e_por_telefone(banco_api: Banco, novo_cliente: Callable[..., Any]) -> None:
    dono = await novo_cliente()
    for nome, telefone in (
        ("José Conceição", "+5548991234567"),
        ("Jose Almeida", "+5548991234568"),
        ("100%_certo\\", "+551133334444"),
        ("Loja 4567", "+16502530000"),
    ):
        await criar(banco_api, dono, nome, p_telefone=telefone)
    for busca, esperados in (
        ("jose", ["Jose Almeida", "José Conceição"]),
        ("JOSÉ", ["Jose Almeida", "José Conceição"]),
        ("  josé   conc ", ["José Conceição"]),
        ("ção", ["José Conceição"]),
        ("100%", ["100%_certo\\"]),
        ("00%_certo", ["100%_certo\\"]),
        ("certo\\", ["100%_certo\\"]),
        ("%certo", []),
        ("j_se", []),
        ("4567", ["Loja 4567", "José Conceição"]),
        ("(48) 99123-4567", ["José Conceição"]),
        ("48 9123-4567", ["José Conceição"]),
        ("0 48 99123", ["Jose Almeida", "José Conceição"]),
        ("3333", ["100%_certo\\"]),
        ("+1 650", ["Loja 4567"]),
        ("' or 1=1 --", []),
        ("x" * 500, []),
    ):
        assert await buscar(banco_api, dono, busca) == esperados, busca


async def test_curta_demais_e_recusada(banco_api: Banco, ana: Sessao) -> None:
    for busca in ("", " ", "a", "ab", "á", "1", "12", "+5", "%%%", "___", "...", "a b c", "( ) -"):
        with pytest.raises(Erro) as erro:
            await buscar(banco_api, ana, busca)
        assert (erro.value.status, erro.value.corpo.campo) == (400, "busca"), busca


async def test_removido_some_da_busca(banco_api: Banco, novo_cliente: Callable[..., Any]) -> None:
    dono = await novo_cliente()
    contato = await criar(banco_api, dono, "Passageiro")
    await chamar(banco_api, "api.contato_remover", **dono.args, p_id=contato["id"])
    assert await buscar(banco_api, dono, "passageiro") == []
    assert await buscar(banco_api, dono, "contato removido") == []


async def test_acha_por_qualquer_telefone_da_pessoa(
    banco_api: Banco, novo_cliente: Callable[..., Any], admin: Admin
) -> None:
    dono, vizinha = await novo_cliente(), await novo_cliente()
    fica = await criar(banco_api, dono, "Rosa Mendes", p_telefone="+5548991234567")
    some = await criar(banco_api, dono, "Rosa M.", p_telefone="+5511987650001")
    terceira = await criar(banco_api, dono, "Rosinha", p_telefone="+16502530000")
    velhos = ("(11) 98765-0001", "11 8765-0001", "5511987650001", "87650001", "7650001", "650001", "+1 650 253 0000")
    assert await buscar(banco_api, dono, velhos[0]) == ["Rosa M."], "a control"
    for de, para in ((some, terceira), (terceira, fica)):
        fusao = await chamar(banco_api, "api.contato_fundir", **dono.args, p_id=para["id"], p_outro_id=de["id"])
    for busca in (*velhos, "99123"):
        assert await buscar(banco_api, dono, busca) == ["Rosa Mendes"], busca
        assert await buscar(banco_api, vizinha, busca) == [], busca
    # what a provider calls her: a number that she changed to, a form without the ninth digit; an id is no phone
    for tipo, valor in (("WA_ID", "554788112233"), ("JID", "554788445566@s.whatsapp.net"), ("LID", "77788899900@lid")):
        admin.execute(
            "insert into contatos_identidades (cliente_id, contato_id, tipo, valor) values (%s, %s, %s, %s)",
            [dono.cliente_id, fica["id"], tipo, valor],
        )
    for busca, achados in (
        ("47 98811-2233", 1), ("8811223", 1), ("47 8844-5566", 1), ("788445", 1), ("77788899900", 0), ("7778889", 0),
        ("whatsapp.net", 0), ("554788", 1),
    ):  # fmt: skip
        assert len(await buscar(banco_api, dono, busca)) == achados, busca
    conversas = await chamar(banco_api, "api.busca_obter", **dono.args, p_busca="87650001")
    assert [c["id"] for c in conversas["contatos"]] == [fica["id"]]
    await chamar(banco_api, "api.contato_separar", **dono.args, p_fusao_id=fusao["fusao"]["id"])
    assert await buscar(banco_api, dono, velhos[0]) == ["Rosinha"]
    await chamar(banco_api, "api.contato_remover", **dono.args, p_id=terceira["id"])
    assert await buscar(banco_api, dono, velhos[0]) == []


async def test_padrao_comum_pagina_com_os_outros_telefones(
    banco_api: Banco, novo_cliente: Callable[..., Any], admin: Admin
) -> None:
    """A fragment that most have: those who have it in another phone stand where they belong, once."""
    dono = await novo_cliente()
    admin.execute(
        "insert into contatos (cliente_id, nome, telefone) select %s, 'Pessoa ' || n, '+5561' ||"
        " case when n %% 7 = 0 then '3' else '9' end || lpad(n::text, case when n %% 7 = 0 then 7 else 8 end, '0')"
        " from generate_series(1, 3000) as n",
        [dono.cliente_id],
    )
    admin.execute(
        "insert into contatos_identidades (cliente_id, contato_id, tipo, valor)"
        " select cliente_id, id, 'E164', '+55619' || substr(telefone, 6) || '1' from contatos"
        " where cliente_id = %s and telefone like '+55613%%'",
        [dono.cliente_id],
    )
    vistos: list[str] = []
    cursor = None
    while True:
        pagina = await chamar(
            banco_api, "api.contatos_listar", **dono.args, p_busca="+55 619", p_limite=150, p_cursor=cursor
        )
        vistos += [c["nome"] for c in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
    assert vistos == [f"Pessoa {n}" for n in range(3000, 0, -1)]


async def test_padrao_comum_pagina_sem_pular_nem_repetir(
    banco_api: Banco, ana: Sessao, cheio: None, admin: Admin
) -> None:
    esperados = [
        str(linha["id"])
        for linha in admin.execute(
            "select id from contatos where cliente_id = %s and nome_busca like '%%souza%%' order by id desc limit 450",
            [ana.cliente_id],
        )
    ]
    vistos: list[str] = []
    cursor = None
    while len(vistos) < 450:
        pagina = await chamar(
            banco_api, "api.contatos_listar", **ana.args, p_busca="souza", p_limite=150, p_cursor=cursor
        )
        vistos += [c["id"] for c in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
    assert vistos == esperados


async def test_so_o_proprio_cliente(banco_api: Banco, ana: Sessao, bia: Sessao, cheio: None, admin: Admin) -> None:
    await criar(banco_api, ana, "Xavantina Única", p_telefone="+5511777777777")
    for busca in ("xavantina", "777777777"):
        assert len(await buscar(banco_api, ana, busca)) == 1
        assert await buscar(banco_api, bia, busca) == []
        # the escape character at the end used to be the oracle: it must be an ordinary character
        assert await buscar(banco_api, bia, busca + "\\") == []


def test_funcao_quebrada_nao_vaza(admin: Admin, url_de: Any, ana: Sessao, bia: Sessao, cheio: None) -> None:
    """The join back to the RLS table contains a search that forgot the tenant."""
    with admin.transaction(force_rollback=True):
        admin.execute(
            "create or replace function interno.contatos_ids_buscar("
            " p_cliente_id uuid, p_busca text, p_limite integer, p_antes_de uuid default null) returns setof uuid"
            " language sql stable security definer set search_path = ''"
            " as $$ select c.id from public.contatos as c order by c.id limit 200 $$"
        )
        admin.execute("set local session authorization crm_api")
        linha = admin.execute(
            "select api.contatos_listar(p_cliente_id => %s, p_sessao => %s, p_busca => 'ana', p_limite => 200) as r",
            [bia.cliente_id, bia.segredo],
        ).fetchone()
        admin.execute("reset session authorization")
        assert linha
        ids = [c["id"] for c in linha["r"]["dados"]]
        donos = admin.execute("select distinct cliente_id from contatos where id = any (%s::uuid[])", [ids]).fetchall()
        assert {d["cliente_id"] for d in donos} <= {bia.cliente_id}


def test_o_papel_da_busca_so_le_o_que_busca(admin: Admin) -> None:
    colunas = admin.execute(
        "select column_name from information_schema.column_privileges"
        " where grantee = 'crm_busca' and table_name = 'contatos' and privilege_type = 'SELECT' order by 1"
    ).fetchall()
    assert [c["column_name"] for c in colunas] == ["cliente_id", "id", "nome_busca", "removido_em", "telefone"]
    colunas = admin.execute(
        "select column_name from information_schema.column_privileges"
        " where grantee = 'crm_busca' and table_name = 'contatos_identidades' and privilege_type = 'SELECT' order by 1"
    ).fetchall()
    assert [c["column_name"] for c in colunas] == ["cliente_id", "contato_id", "id", "tipo", "valor"]
    outras = admin.execute(
        "select table_name::text, privilege_type::text"
        " from information_schema.table_privileges where grantee = 'crm_busca'"
    ).fetchall()
    assert [tuple(o.values()) for o in outras] == [("mensagens_busca", "SELECT")], "words and ids, no text"
    papel = admin.execute(
        "select r.rolcanlogin, r.rolbypassrls, p.prosecdef from pg_proc as p join pg_roles as r on r.oid = p.proowner"
        " where p.oid = 'interno.contatos_ids_buscar'::regproc"
    ).fetchone()
    assert papel == {"rolcanlogin": False, "rolbypassrls": False, "prosecdef": True}


@pytest.fixture
def planos(admin: Admin) -> Iterator[Callable[[Sessao, str], str]]:
    """The plans of every statement that one search runs, as the login role of the product."""
    textos: list[str] = []
    admin.add_notice_handler(lambda aviso: textos.append(aviso.message_primary or ""))
    admin.execute("load 'auto_explain'")
    for nome, valor in (
        ("log_min_duration", "0"), ("log_nested_statements", "on"), ("log_level", "notice"),
        ("log_parameter_max_length", "0"), ("log_analyze", "on"), ("log_timing", "off"),
    ):  # fmt: skip
        admin.execute(sql.SQL("set auto_explain.{} = {}").format(sql.Identifier(nome), valor))

    def planejar(sessao: Sessao, busca: str) -> str:
        textos.clear()
        admin.execute("set session authorization crm_api")
        try:
            admin.execute(
                "select api.contatos_listar(p_cliente_id => %s, p_sessao => %s, p_busca => %s)",
                [sessao.cliente_id, sessao.segredo, busca],
            )
        finally:
            admin.execute("reset session authorization")
        return "\n".join(textos)

    yield planejar
    admin.execute("set auto_explain.log_min_duration = -1")


@pytest.mark.parametrize(
    ("busca", "indice"),
    [
        ("c4ca4238", "contatos_nome_idx"),
        ("elida conceicao c4ca", "contatos_nome_idx"),
        ("nada disto existe", "contatos_nome_idx"),
        ("1190001234", "contatos_telefone_idx"),
        ("1190001234", "contatos_identidades_valor_idx"),
        ("(11) 90001-2345", "contatos_identidades_cliente_id_tipo_valor_key"),
        ("(11) 90001-2345", "contatos_cliente_id_telefone_idx"),
        ("00012345", "contatos_telefone_idx"),
        ("99999999", "contatos_telefone_idx"),
    ],
)
def test_plano_usa_o_indice(
    planos: Callable[[Sessao, str], str], ana: Sessao, cheio: None, busca: str, indice: str
) -> None:
    plano = planos(ana, busca)
    assert re.search(rf"Index (Only )?Scan (on|using) {indice}\b", plano)
    assert "Seq Scan on contatos" not in plano, "nor on contatos_identidades"


def test_plano_nao_depende_de_quantas_vezes_se_buscou(
    planos: Callable[[Sessao, str], str], ana: Sessao, cheio: None
) -> None:
    for n in range(12):
        plano = planos(ana, f"sem ninguém {n}")
        assert "Bitmap Index Scan on contatos_nome_idx" in plano
        assert "Seq Scan on contatos" not in plano


async def test_cursor_de_outro_cliente_e_so_uma_posicao(
    banco_api: Banco, ana: Sessao, bia: Sessao, cheio: None
) -> None:
    pagina = await chamar(banco_api, "api.contatos_listar", **ana.args, p_busca="souza", p_limite=10)
    dela = await chamar(
        banco_api, "api.contatos_listar", **bia.args, p_busca="souza", p_cursor=pagina["meta"]["proximoCursor"]
    )
    ids = {UUID(c["id"]) for c in dela["dados"]}
    assert not ids & {UUID(c["id"]) for c in pagina["dados"]}
