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
    admin.execute("vacuum analyze contatos")


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
    assert "Seq Scan on contatos" not in plano


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
