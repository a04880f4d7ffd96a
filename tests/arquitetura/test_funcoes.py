"""Every stored function, by its syntax tree and by the live catalogue."""

from __future__ import annotations

import re
import typing
from typing import Any

import msgspec
import psycopg
import pytest
from pglast import ast

from app.tipos import CONTRATOS
from tests.arquitetura.corpos import Funcao, caminhar, corpo_plpgsql, sem_cliente, todas

Admin = psycopg.Connection[dict[str, Any]]
LOGINS = {
    "api": "crm_api", "worker": "crm_worker", "webhook": "crm_ingresso", "plataforma": "crm_plataforma",
}  # fmt: skip
# before there is a session, or about the service itself
SEM_SESSAO = {
    "api.login_preparar": "there is no session yet",
    "api.login_concluir": "there is no session yet",
    "api.login_fator_preparar": "the secret of who said the right password is the proof",
    "api.login_fator_concluir": "the secret of who said the right password is the proof",
    "api.sessao_renovar": "the renewal secret is the proof",
    "api.convite_obter": "the secret of the link is the proof",
    "api.convite_aceitar": "the secret of the link is the proof",
    "api.midia_conteudo_obter": "the signed address names the session, which the function checks",
    "api.saude_obter": "health of the service, no tenant data",
    "api.metricas_obter": "measures of the service, no tenant data",
}
SEM_CONTRATO = {
    "api.saude_obter": "read at start-up and by the health page, never handed to a client as it is",
    "api.metricas_obter": "turned into the text format of metrics",
}
# statements across tenants, on purpose: the only ones
ENTRE_CLIENTES = {
    "api.login_preparar": "finds the tenant by e-mail",
    "api.login_concluir": "finds the tenant by e-mail",
    "worker.fila_prontas": "tells where work is due; returns ids of tenants and numbers only",
    "worker.eventos_pendentes": "tells which tenants have news; returns their ids only",
    "worker.eventos_clientes_listar": "tells which tenants keep events; returns their ids only",
    "webhook.credenciais_listar": "finds the connection that a webhook is for",
    "webhook.instancia_obter": "finds the tenant of the connection that the address of a webhook names",
    "webhook.verificacao_conferir": "finds whether any connection has this verify token",
    "interno.segredo_impressao": "tells which secret signed a body that no tenant may have yet",
    "interno.quarentena_repartir": "finds the connections that a body in quarantine is for by now",
    "interno.webhook_repartir": "tells which connection each part of a webhook is for",
}


@pytest.fixture(scope="module")
def de_cliente(admin: Admin) -> frozenset[str]:
    linhas = admin.execute(
        "select c.relname::text as t from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attname = 'cliente_id'"
        " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert len(linhas) >= 30
    return frozenset(linha["t"] for linha in linhas)


@pytest.fixture(scope="module")
def catalogo(admin: Admin) -> dict[str, dict[str, Any]]:
    linhas = admin.execute(
        "select n.nspname || '.' || p.proname as nome, p.*, r.rolname, r.rolsuper, r.rolbypassrls, r.rolcanlogin,"
        " obj_description(p.oid, 'pg_proc') as comentario, p.prorettype::regtype::text as devolve,"
        " (select array_agg(x.rolname::text order by 1) from pg_roles x"
        "  where x.rolcanlogin and not x.rolsuper and has_function_privilege(x.oid, p.oid, 'execute')) as chamadores"
        " from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner"
        " where n.nspname in ('api', 'worker', 'webhook', 'plataforma')"
    ).fetchall()
    return {linha["nome"]: linha for linha in linhas}


def test_o_catalogo_e_o_dos_arquivos(catalogo: dict[str, Any]) -> None:
    assert {f.completo for f in todas() if f.esquema in LOGINS} == set(catalogo)


def _ids(funcao: Funcao) -> str:
    return funcao.completo


@pytest.mark.parametrize("funcao", [f for f in todas() if f.esquema in LOGINS], ids=_ids)
def test_funcao_chamavel(funcao: Funcao, catalogo: dict[str, dict[str, Any]]) -> None:
    linha = catalogo[funcao.completo]
    assert linha["prosecdef"], "security definer"
    assert not (linha["rolsuper"] or linha["rolbypassrls"] or linha["rolcanlogin"]), linha["rolname"]
    assert linha["rolname"] in {"crm_definidor", "crm_fila", "crm_porta", "crm_gestor"}
    assert 'search_path=""' in linha["proconfig"]
    assert linha["chamadores"] == [LOGINS[funcao.esquema]], "one login role may call it, and no other"
    assert linha["devolve"] == "jsonb" and not linha["proretset"]
    assert re.search(r"\nErros: .+\nEfeitos: .+\nDesde: ", linha["comentario"])
    assert linha["provolatile"] in ("v", "s")


@pytest.mark.parametrize("funcao", [f for f in todas() if f.esquema == "api"], ids=_ids)
def test_api_abre_o_contexto_primeiro(funcao: Funcao, admin: Admin) -> None:
    if funcao.completo in SEM_SESSAO:
        assert funcao.permissoes == (), "an exception that is none: remove it from the list"
        return
    assert funcao.argumentos[:2] == ("p_cliente_id", "p_sessao")
    assert len(funcao.permissoes) == 1
    achada = admin.execute("select from permissoes where codigo = %s", [funcao.permissoes[0]]).fetchone()
    assert achada is not None, funcao.permissoes
    # of everything that runs, declarations included, only constants and expressions without tables may come before
    nomes = [_chamadas(no) for no in funcao.corpo]
    antes = funcao.corpo[: next(i for i, n in enumerate(nomes) if "contexto_abrir" in n)]
    assert not any(isinstance(no, ast.RangeVar) for no in caminhar(antes)), "a table is read before the context"
    assert not any("interno" in c for n in nomes[: len(antes)] for c in n), "something is called before the context"


def _chamadas(no: Any) -> set[str]:
    return {".".join(p.sval for p in n.funcname) for n in caminhar(no) if isinstance(n, ast.FuncCall)} | {
        n.funcname[-1].sval for n in caminhar(no) if isinstance(n, ast.FuncCall)
    }


@pytest.mark.parametrize("funcao", todas(), ids=_ids)
def test_toda_instrucao_diz_o_cliente(funcao: Funcao, de_cliente: frozenset[str]) -> None:
    faltas = sem_cliente(funcao.corpo, de_cliente)
    if funcao.completo in ENTRE_CLIENTES:
        assert faltas, "an exception that is none: remove it from the list"
    else:
        assert faltas == []


@pytest.mark.parametrize("funcao", todas(), ids=_ids)
def test_nomes_locais(funcao: Funcao) -> None:
    assert (
        [a for a in funcao.argumentos if not a.startswith("p_")] == [] or funcao.linguagem == "sql" or _tabela(funcao)
    )
    if funcao.linguagem == "plpgsql":
        texto = funcao.arquivo.read_text(encoding="utf-8")
        declaracoes = re.search(r"\ndeclare\n(.*?)\nbegin\n", texto, re.DOTALL)
        for linha in (declaracoes.group(1) if declaracoes else "").split("\n"):
            achado = re.match(r"^ {4}([a-z_0-9]+) ", linha)
            if achado:
                assert re.match(r"^[vrc]_", achado.group(1)), f"{funcao.completo}: {achado.group(1)}"


def _tabela(funcao: Funcao) -> bool:
    return "returns table" in funcao.arquivo.read_text(encoding="utf-8")


MODELO = (
    "create function interno.x(p_cliente_id uuid, p_id uuid) returns void language plpgsql"
    " as $$ declare v int; begin %s end $$"
)


def test_um_corpo_que_esquece_o_cliente_e_visto(de_cliente: frozenset[str]) -> None:
    """Negative control of the walk: each of these forgets the tenant somewhere."""
    ruins = [
        "perform from public.contatos as c where c.id = p_id;",
        "perform from public.contatos as c where c.cliente_id = p_cliente_id or c.id = p_id;",
        "perform from public.contatos as c where not (c.cliente_id = p_cliente_id);",
        "perform from public.contatos as c where c.cliente_id <> p_cliente_id;",
        "perform from public.contatos as c join public.etiquetas as e on e.id = c.id"
        " where c.cliente_id = p_cliente_id;",
        "perform from public.contatos as c join public.etiquetas as e on e.cliente_id = c.cliente_id;",
        "update public.contatos as c set nome = 'x' where c.id = p_id;",
        "delete from public.contatos as c using public.etiquetas as e where c.cliente_id = p_cliente_id;",
        "insert into public.contatos (id, nome) values (p_id, 'x');",
        "v := (select count(*) from public.contatos as c where c.id = p_id);",
        "if exists (select from public.contatos as c where c.id = p_id) then return; end if;",
        "with a as (select c.id from public.contatos as c) select 1 into v from a;",
        "perform from public.contatos as c where c.cliente_id = p_cliente_id"
        " and exists (select from public.etiquetas as e where e.id = c.id);",
        "for v in select 1 from public.contatos as c where c.id = p_id loop null; end loop;",
        "perform from (select c.id from public.contatos as c) as x where x.id = p_id;",
    ]
    bons = [
        "perform from public.contatos as c where c.cliente_id = p_cliente_id and c.id = p_id;",
        "perform from public.contatos as c join public.etiquetas as e on e.cliente_id = c.cliente_id"
        " where p_cliente_id = e.cliente_id;",
        "perform from public.contatos where cliente_id = p_cliente_id;",
        "perform from public.contatos as c where c.cliente_id = p_cliente_id"
        " and exists (select from public.etiquetas as e where e.cliente_id = c.cliente_id);",
        "insert into public.contatos (cliente_id, id, nome) values (p_cliente_id, p_id, 'x');",
    ]
    for ruim in ruins:
        assert sem_cliente(corpo_plpgsql(MODELO % ruim), de_cliente), ruim
    for bom in bons:
        assert sem_cliente(corpo_plpgsql(MODELO % bom), de_cliente) == [], bom


def test_toda_funcao_da_api_tem_contrato() -> None:
    api = {f.completo for f in todas() if f.esquema == "api"}
    assert api - set(CONTRATOS) == set(SEM_CONTRATO)
    assert set(CONTRATOS) - api == set()


def _structs(tipo: Any, vistos: set[type]) -> set[type]:
    for no in msgspec.inspect.multi_type_info([tipo]):
        _descer(no, vistos)
    return vistos


def _descer(no: Any, vistos: set[type]) -> None:
    if isinstance(no, msgspec.inspect.StructType):
        classe = typing.get_origin(no.cls) or no.cls
        if classe in vistos and classe is no.cls:
            return
        vistos.add(classe)
    if isinstance(no, msgspec.Struct):
        for campo in no.__struct_fields__:
            valor = getattr(no, campo)
            for item in valor if isinstance(valor, tuple) else (valor,):
                _descer(item, vistos)


@pytest.mark.parametrize("nome", sorted(CONTRATOS))
def test_contrato_recusa_campo_desconhecido(nome: str) -> None:
    structs = _structs(CONTRATOS[nome], set())
    assert structs, nome
    assert [s.__name__ for s in structs if not s.__struct_config__.forbid_unknown_fields] == []  # type: ignore[attr-defined]


def test_corpos_cabem_numa_revisao() -> None:
    """About 60 lines is the rule, and review's; twice that is nobody's idea of about."""
    linhas = {f.completo: f.arquivo.read_text(encoding="utf-8").count("\n") for f in todas()}
    assert {nome: n for nome, n in linhas.items() if n > 125} == {}
