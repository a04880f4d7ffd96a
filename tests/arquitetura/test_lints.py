"""The lints on the migrated database find nothing; each of them, broken once, finds exactly that."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from app.embutido import SUPERUSUARIO, binario_postgres
from app.migracao import PASTA
from app.verificacao import DISPENSAS, LINTS, Achado, achados, ajustes, funcoes_dos_arquivos, julgar, verificar
from tests.conftest import Config

Admin = psycopg.Connection[dict[str, Any]]
RAIZ = Path(__file__).resolve().parents[2]
REGRAS = {arquivo.name[:4]: arquivo for arquivo in sorted(LINTS.glob("[0-9]*.sql"))}
# a lint of the catalogue that comes from elsewhere, when it is there; what matters of it, our own rules cover
DE_FORA = Path(os.environ.get("BALCAO_LINTS_SQL", str(RAIZ.parent / "shared" / "lints.sql")))

FUNCAO = "create function {} language plpgsql set search_path = '' as $x$ begin {} end $x$"


def interno(corpo: str) -> str:
    return FUNCAO.format("interno.mutante() returns void", corpo)


class Troca(str):
    """A mutation of an existing function: `schema.name|old text|new text`."""


# rule → mutations; each is SQL (or a Troca) and the object that the rule must then name
MUTACOES: dict[str, list[tuple[str, str]]] = {
    "0001": [("delete from public.permissoes", "(banco)")],
    "0101": [
        ("alter table public.contatos no force row level security", "public.contatos"),
        ("alter table public.fila disable row level security", "public.fila"),
    ],
    "0102": [
        (
            "alter policy contatos_do_cliente_select on public.contatos"
            " using (cliente_id = public.get_current_cliente_id())",
            "public.contatos:select",
        ),
        (
            "alter policy contatos_do_cliente_update on public.contatos"
            " with check (cliente_id = (select public.get_current_cliente_id()) or cliente_id is null)",
            "public.contatos:update",
        ),
        ("drop policy contatos_do_cliente_delete on public.contatos", "public.contatos:delete"),
        (
            "drop policy contatos_do_cliente_insert on public.contatos;"
            "create policy contatos_do_cliente_insert on public.contatos as restrictive for insert to crm_definidor"
            " with check (cliente_id = (select public.get_current_cliente_id()))",
            "public.contatos:insert",
        ),
    ],
    "0103": [
        ("create policy contatos_a_mais on public.contatos for select to crm_fila using (true)", "contatos_a_mais")
    ],
    "0104": [
        ("create policy contatos_a_mais on public.contatos for update to crm_fila using (true)", "contatos_a_mais"),
        ("create policy contatos_a_mais on public.contatos for select to crm_fila, crm_porta using (true)", "a_mais"),
        ("create policy contatos_a_mais on public.contatos for select to crm_api using (true)", "contatos_a_mais"),
    ],
    "0105": [
        ("alter policy contatos_do_cliente_select on public.contatos to public", "contatos_do_cliente_select"),
        ("alter policy contatos_do_cliente_select on public.contatos to crm_definidor, crm_api", "_select"),
    ],
    "0106": [("create table public.solta (id uuid primary key)", "public.solta")],
    "0107": [
        ("create table public.solta (cliente_id text not null)", "public.solta"),
        ("create table public.solta (cliente_id uuid)", "public.solta"),
    ],
    "0108": [
        ("grant delete on public.contatos to crm_busca", "public.contatos DELETE crm_busca"),
        ("grant update (nome) on public.contatos to crm_busca", "public.contatos UPDATE crm_busca"),
    ],
    "0201": [
        ("create table public.solta (cliente_id uuid not null, id uuid primary key)", "public.solta"),
        ("create table public.solta (cliente_id uuid not null, id uuid)", "public.solta"),
    ],
    "0202": [("create unique index contatos_email_idx on public.contatos (email)", "contatos_email_idx")],
    "0203": [
        (
            "alter table public.contatos add constraint contatos_id_key unique (id);"
            "alter table public.contatos_etiquetas add constraint contatos_etiquetas_contato_id_fkey"
            " foreign key (contato_id) references public.contatos (id)",
            "contatos_etiquetas_contato_id_fkey",
        ),
        (
            "alter table public.contatos drop constraint contatos_cliente_id_equipe_id_fkey,"
            " add constraint contatos_cliente_id_equipe_id_fkey foreign key (cliente_id, equipe_id)"
            " references public.equipes (cliente_id, id) on delete set null",
            "contatos_cliente_id_equipe_id_fkey",
        ),
    ],
    "0204": [
        ("drop index public.contatos_etiquetas_etiqueta_id_idx", "contatos_etiquetas_cliente_id_etiqueta_id_fkey")
    ],
    "0205": [
        (
            "create type public.cor as enum ('A'); alter table public.contatos add column cor public.cor;"
            "create index contatos_cor_idx on public.contatos (cliente_id, cor)",
            "contatos_cor_idx",
        ),
        (
            "alter table public.contatos add column nota numeric;"
            "create index contatos_nota_idx on public.contatos (cliente_id, nota)",
            "contatos_nota_idx",
        ),
    ],
    "0206": [("create index contatos_email_idx on public.contatos (email)", "contatos_email_idx")],
    "0207": [
        ("alter table public.contatos rename constraint contatos_nome_check to nome_ok", "nome_ok"),
        ("create index por_email on public.contatos (cliente_id, email)", "por_email"),
        ("alter trigger _020_atualizado on public.contatos rename to atualizado", "public.contatos:atualizado"),
        ("alter policy contatos_busca on public.contatos rename to busca", "public.contatos:busca"),
    ],
    "0208": [
        ("alter table public.contatos disable trigger _020_atualizado", "public.contatos:_020_atualizado"),
        (
            "alter table public.contatos add constraint contatos_x_check check (nome <> 'x') not valid",
            "contatos_x_check",
        ),
        ("create rule r as on delete to public.contatos do instead nothing", "public.contatos:r"),
    ],
    "0209": [
        ("drop trigger _010_transicao on public.campanhas", "public.campanhas"),
        ("insert into public.transicoes values ('campanhas', 'RASCUNHO', 'FANTASMA')", "public.campanhas"),
    ],
    "0301": [
        ("alter table public.contatos add column apelido text", "public.contatos.apelido"),
        ("alter table public.contatos add column apelido text check (apelido ~ '^a+$')", "public.contatos.apelido"),
        ("alter table public.contatos add column apelido text check (apelido <> '')", "public.contatos.apelido"),
        ("alter table public.contatos add column apelido jsonb", "public.contatos.apelido"),
        ("alter table public.contatos add column apelido bytea", "public.contatos.apelido"),
        ("alter table public.contatos add column apelido text[]", "public.contatos.apelido"),
    ],
    "0302": [
        ("alter table public.contatos add column valor numeric", "public.contatos.valor"),
        ("alter table public.contatos add column quando timestamp", "public.contatos.quando"),
        ("alter table public.contatos add column numero bigint generated always as identity", "public.contatos.numero"),
        ("alter table public.contatos add column numero bigserial", "public.contatos.numero"),
    ],
    "0303": [("alter table public.usuarios add column senha text", "public.usuarios.senha")],
    "0304": [("comment on table public.contatos is null", "public.contatos")],
    "0305": [
        ("comment on constraint equipes_cliente_id_nome_key on public.equipes is 'já existe'", "equipes_cliente_id"),
        ("comment on index public.conexoes_nome_idx is 'ZXX01: já existe uma assim'", "conexoes_nome_idx"),
    ],
    "0401": [("alter function api.eu_obter(uuid, text) owner to crm_fila", "api.eu_obter")],
    "0402": [
        ("alter role crm_definidor bypassrls", "api.eu_obter"),
        ("alter function api.eu_obter(uuid, text) owner to crm_dono", "api.eu_obter"),
        ("alter function api.eu_obter(uuid, text) owner to current_user", "api.eu_obter"),
    ],
    "0403": [
        ("alter function interno.cursor_ler(text) security definer", "interno.cursor_ler"),
        ("alter function api.eu_obter(uuid, text) security invoker", "api.eu_obter"),
    ],
    "0404": [
        ("alter function api.eu_obter(uuid, text) set search_path = public, pg_temp", "api.eu_obter"),
        ("alter function api.eu_obter(uuid, text) reset search_path", "api.eu_obter"),
        ("alter function interno.cursor_ler(text) set row_security = off", "interno.cursor_ler"),
    ],
    "0405": [
        ("grant execute on function api.eu_obter(uuid, text) to public", "api.eu_obter"),
        ("grant execute on function api.eu_obter(uuid, text) to crm_worker", "api.eu_obter"),
        ("grant execute on function interno.cursor_ler(text) to crm_api", "interno.cursor_ler"),
        ("revoke execute on function api.eu_obter(uuid, text) from crm_api", "api.eu_obter"),
        (interno("null;") + "; grant execute on function interno.mutante() to public", "interno.mutante"),
    ],
    "0406": [
        (
            Troca("api.eu_obter|perform interno.contexto_abrir|perform 1; perform interno.contexto_abrir"),
            "api.eu_obter",
        ),
        (Troca("api.eu_obter|begin\n|declare v integer := (select 1 from public.contatos);\nbegin\n"), "api.eu_obter"),
        (Troca("api.eu_obter|begin\n|declare v integer := interno.limite_ler(1);\nbegin\n"), "api.eu_obter"),
        (Troca("api.eu_obter|(p_cliente_id, p_sessao, |(p_cliente_id, coalesce(p_sessao, ''), "), "api.eu_obter"),
        (Troca("api.eu_obter|perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');|"), "api.eu_obter"),
        (
            FUNCAO.format("api.mutante_obter(p_sessao text, p_cliente_id uuid) returns jsonb", "return null;"),
            "api.mutante_obter",
        ),
    ],
    "0407": [
        (Troca("api.contato_obter|contatos:ler|contatos:olhar"), "api.contato_obter"),
        ("insert into public.permissoes values ('nada:fazer', 'Não fazer nada')", "public.permissoes:nada:fazer"),
    ],
    "0408": [
        (
            FUNCAO.format("worker.mutante(p_id uuid) returns jsonb", "delete from public.fila where id = p_id;"),
            "worker.mutante",
        ),
        (
            FUNCAO.format("worker.mutante(p_id uuid, p_cliente_id uuid) returns jsonb", "return null;"),
            "worker.mutante",
        ),
        (Troca("worker.fila_resgatar|perform interno.contexto_trabalho(p_cliente_id);|"), "worker.fila_resgatar"),
    ],
    "0409": [
        ("comment on function api.eu_obter(uuid, text) is null", "api.eu_obter"),
        ("comment on function api.eu_obter(uuid, text) is 'Quem está usando a sessão.'", "api.eu_obter"),
        (
            "comment on function api.eu_obter(uuid, text) is E'Quem usa a sessão.\\nErros: nenhum.\\nDesde: 0.1.0'",
            "api.eu_obter",
        ),
    ],
    "0410": [
        (interno("update public.fila set executar_em = clock_timestamp();"), "interno.mutante"),
        (interno("insert into public.equipes (nome) select random()::text;"), "interno.mutante"),
        (interno("delete from public.fila where executar_em < clock_timestamp();"), "interno.mutante"),
        (interno("if true then update public.fila set cerca = nextval('x'); end if;"), "interno.mutante"),
        (interno("update public.campanhas set status = interno.campanha_travar(null, id, null);"), "interno.mutante"),
    ],
    "0411": [
        (interno("raise exception using errcode = 'ZNC01', message = 'outra coisa';"), "ZNC01"),
        (interno("perform interno.recusa('ZNC01', 'outra coisa');"), "ZNC01"),
        ("comment on constraint planos_codigo_key on public.planos is 'ZNC01: outra coisa'", "ZNC01"),
        (interno("raise exception using errcode = 'ZYC01', message = 'outra coisa';"), "interno.mutante"),
        (interno("raise exception using errcode = 'ZNC01';"), "interno.mutante"),
    ],
    "0412": [
        (interno("raise exception using errcode = 'ZNC01', message = 'contato não encontrado';"), "interno.mutante"),
        ("comment on function api.eu_obter(uuid, text) is E'Quem usa.\\nErros: ZNZ99.'", "api.eu_obter"),
    ],
    "0413": [
        (interno("raise exception 'quebrou';"), "interno.mutante"),
        (interno("raise exception using message = 'quebrou';"), "interno.mutante"),
        (interno("null; exception when others then null;"), "interno.mutante"),
        (interno("execute 'select 1';"), "interno.mutante"),
        (interno("perform pg_notify('a', 'b');"), "interno.mutante"),
        (interno("perform set_config('app.cliente_id', 'x', false);"), "interno.mutante"),
        (interno("set role crm_dono;"), "interno.mutante"),
        (interno("commit;"), "interno.mutante"),
    ],
    "0414": [
        ("alter function interno.contexto_abrir(uuid, text, text) stable", "interno.contexto_abrir"),
        ("alter function interno.usuario_corrente() immutable", "interno.usuario_corrente"),
        ("alter function interno.auditar(uuid, text, text, uuid, jsonb) stable", "interno.auditar"),
        ("alter function api.eu_obter(uuid, text) stable", "api.eu_obter"),
        ("alter function interno.cursor_ler(text) leakproof", "interno.cursor_ler"),
    ],
    "0415": [
        ("alter function public.get_current_cliente_id() immutable", "public.get_current_cliente_id"),
        ("alter function public.get_current_cliente_id() parallel unsafe", "public.get_current_cliente_id"),
        (Troca("public.get_current_cliente_id|errcode = '42501'|errcode = '42502'"), "public.get_current_cliente_id"),
    ],
    "0416": [
        (FUNCAO.format("api.mutante() returns text", "return null;"), "api.mutante"),
        (FUNCAO.format("api.mutante() returns setof jsonb", "return;"), "api.mutante"),
        (FUNCAO.format("api.eu_obter(p_cliente_id uuid) returns jsonb", "return null;"), "api.eu_obter"),
        (FUNCAO.format("interno.mutante(cliente uuid) returns void", "null;"), "interno.mutante"),
        (FUNCAO.format("interno.mutante() returns setof public.usuarios", "return;"), "interno.mutante"),
        (
            FUNCAO.format(
                "api.mutante() returns jsonb", "return (select to_jsonb(x) from (select * from public.planos) as x);"
            ),
            "api.mutante",
        ),
        (interno("perform from public.planos offset 10;"), "interno.mutante"),
    ],
    "0417": [
        (
            FUNCAO.format("api.mutantes_listar(p_cliente_id uuid, p_sessao text) returns jsonb", "return '[]';"),
            "api.mutantes_listar",
        ),
        (Troca("api.usuarios_listar|interno.limite_ler(p_limite)|p_limite"), "api.usuarios_listar"),
    ],
    "0418": [
        (interno("null;"), "interno.mutante"),
        ("drop function api.eu_obter(uuid, text)", "api.eu_obter"),
    ],
    "0419": [
        (FUNCAO.format("interno.mutante() returns trigger", "return null;"), "interno.mutante"),
        (FUNCAO.format("api.tg_mutante() returns trigger", "return null;"), "api.tg_mutante"),
        ("alter function interno.tg_transicao() security definer", "interno.tg_transicao"),
    ],
    "0501": [
        ("alter role crm_api bypassrls", "crm_api"),
        ("alter role crm_worker createrole", "crm_worker"),
        ("alter role crm_ingresso inherit", "crm_ingresso"),
        ("grant crm_definidor to crm_api", "crm_api"),
    ],
    "0502": [
        ("grant select on public.planos to crm_api", "crm_api public.planos"),
        ("grant select (nome) on public.contatos to crm_worker", "crm_worker public.contatos"),
        ("grant create on schema api to crm_api", "crm_api api"),
        ("grant usage on schema worker to crm_api", "crm_api worker"),
        ("do $$ begin execute format('grant temp on database %I to crm_api', current_database()); end $$", "crm_api"),
    ],
    "0503": [
        ("alter role crm_fila login", "crm_fila"),
        ("alter role crm_dono bypassrls", "crm_dono"),
        ("alter table public.planos owner to crm_gestor", "crm_gestor"),
        ("grant crm_gestor to crm_fila", "crm_fila"),
        ("grant create on schema api to crm_definidor", "crm_definidor"),
    ],
    "0504": [("alter table public.planos owner to current_user", "public.planos")],
    "0505": [
        ("alter role crm_api reset lock_timeout", "crm_api"),
        ("alter role crm_worker set statement_timeout = 0", "crm"),
    ],
    "0506": [
        ("grant select on public.planos to public", "public.planos"),
        ("grant usage on schema api to public", "api"),
        ("do $$ begin execute format('grant temp on database %I to public', current_database()); end $$", ""),
        ("alter default privileges for role crm_dono grant execute on functions to public", "crm_dono"),
    ],
    "0507": [
        ("grant truncate on public.fila to crm_fila", "public.fila crm_fila"),
        ("grant select on public.fila to crm_fila with grant option", "public.fila crm_fila"),
    ],
    "0508": [
        ("grant update on public.auditoria to crm_definidor", "public.auditoria crm_definidor"),
        ("grant delete on public.consentimentos to crm_fila", "public.consentimentos crm_fila"),
    ],
    "0601": [
        ("alter table public.fila reset (fillfactor)", "public.fila"),
        ("alter table public.fila set (autovacuum_vacuum_scale_factor = 0.2)", "public.fila"),
        ("alter table public.fila alter column cerca drop not null", "public.fila"),
    ],
    "0701": [
        ("create view public.atalho as select 1 as um", "public.atalho"),
        ("create materialized view public.atalho as select 1 as um", "public.atalho"),
        ("create publication atalho for table public.contatos", "atalho"),
    ],
    "0702": [("alter function pg_catalog.texticlike(text, text) leakproof", "pg_catalog.texticlike")],
}


@pytest.fixture(scope="module")
def url(url_de: Callable[[str], str]) -> str:
    return url_de(SUPERUSUARIO)


def _rodar(admin: Admin, regra: str) -> list[Achado]:
    for nome, valor in ajustes().items():
        admin.execute("select set_config(%s, %s, true)", [nome, valor])
    with admin.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        return [Achado(*linha) for linha in cursor.execute(REGRAS[regra].read_bytes()).fetchall()]


@pytest.fixture
def desfeito(admin: Admin) -> Iterator[Admin]:
    """A transaction that never commits: the mutation exists for its own test only."""
    with admin.transaction(force_rollback=True):
        yield admin


def test_banco_migrado_sem_achados(url: str) -> None:
    assert achados(url) == []


def test_toda_regra_tem_mutacao() -> None:
    assert set(MUTACOES) == set(REGRAS)


@pytest.mark.parametrize(
    ("regra", "mutacao", "objeto"),
    [(regra, m, o) for regra, lista in MUTACOES.items() for m, o in lista],
    ids=[f"{regra}-{n}" for regra, lista in MUTACOES.items() for n, _ in enumerate(lista)],
)
def test_mutacao_e_vista(desfeito: Admin, regra: str, mutacao: str, objeto: str) -> None:
    antes = set(_rodar(desfeito, regra))
    if isinstance(mutacao, Troca):
        nome, velho, novo = mutacao.split("|")
        linha = desfeito.execute("select pg_get_functiondef(%s::regproc) as texto", [nome]).fetchone()
        assert linha and velho in linha["texto"], f"{nome} no longer contains {velho!r}"
        mutacao = linha["texto"].replace(velho, novo)
    desfeito.execute(mutacao.encode())
    novos = set(_rodar(desfeito, regra)) - antes
    assert any(objeto in achado.objeto for achado in novos), f"{regra} não viu: {mutacao}"
    assert {achado.regra for achado in novos} == {regra}
    dispensadas = desfeito.execute(DISPENSAS.read_bytes()).fetchall()
    abertos = julgar(list(novos), [(d["regra"], d["objeto"], d["motivo"]) for d in dispensadas if d["regra"] == regra])
    assert any(a.regra == regra for a in abertos), "an exception hides the mutation"


def test_arquivo_que_nunca_foi_aplicado_e_visto(desfeito: Admin) -> None:
    nomes = json.dumps([*funcoes_dos_arquivos(), "api.fantasma_obter"])
    desfeito.execute("select set_config('verificacao.funcoes', %s, true)", [nomes])
    with desfeito.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        vistos = cursor.execute(REGRAS["0418"].read_bytes()).fetchall()
    assert ("0418", "api.fantasma_obter", "arquivo sem função no banco") in vistos


def test_dispensas_valem_o_que_dizem() -> None:
    achado = Achado("0106", "public.x", "tabela sem cliente_id")
    assert julgar([achado], [("0106", "public.x", "um motivo de verdade")]) == []
    assert julgar([achado], []) == [achado]
    assert [a.regra for a in julgar([achado], [("0106", "public.x", "pq sim")])] == ["0000"]
    assert [a.regra for a in julgar([], [("0106", "public.x", "um motivo de verdade")])] == ["0000"]


def test_verificar_diz_e_responde_pelo_estado(url: str, url_de: Callable[[str], str]) -> None:
    import click

    @click.command()
    def comando() -> None:
        raise SystemExit(verificar(Config(url)))

    resultado = CliRunner().invoke(comando)
    assert resultado.exit_code == 0 and "Nada a corrigir" in resultado.output
    with psycopg.connect(url, autocommit=True) as conexao:
        conexao.execute("alter table public.contatos no force row level security")
        try:
            resultado = CliRunner().invoke(comando)
        finally:
            conexao.execute("alter table public.contatos force row level security")
    assert resultado.exit_code == 1
    assert "0101  public.contatos: RLS sem FORCE" in resultado.output


def test_o_lint_de_fora_concorda(url_de: Callable[[str], str], tmp_path: Path) -> None:
    """A second opinion, when it is at hand: the same database under a catalogue lint that is not ours."""
    if not DE_FORA.exists():
        assert len(REGRAS) >= 50, "our own rules stand in for it"
        return
    # this server is thrown away, so it runs without fsync; everything else is what the product has
    excecoes = tmp_path / "excecoes.sql"
    excecoes.write_text(
        (PASTA / "lints" / "excecoes.sql").read_text(encoding="utf-8")
        + "\ninsert into pg_temp.excecao (regra, objeto, motivo) values"
        " ('R802', 'fsync=off', 'servidor descartável dos testes'),"
        " ('R802', 'full_page_writes=off', 'servidor descartável dos testes');\n",
        encoding="utf-8",
    )
    programa = str(binario_postgres("psql"))
    programa = programa if os.access(programa, os.X_OK) else str(shutil.which("psql"))
    saida = subprocess.run(
        [
            programa,
            "-X",
            "-v",
            "ON_ERROR_STOP=1",
            "-v",
            f"excecoes={excecoes}",
            "-f",
            str(DE_FORA),
            url_de(SUPERUSUARIO),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert saida.returncode == 0, saida.stdout[-3000:] + saida.stderr[-1000:]
    totais = re.search(r"erros \| avisos \| excecoes *\n[-+ ]+\n *([0-9 |]+)\n", saida.stdout)
    assert totais, saida.stdout[-1000:]
    tabelas, _, funcoes, papeis, erros, avisos, _ = (int(n) for n in totais.group(1).split("|"))
    assert (erros, avisos) == (0, 0), saida.stdout[-3000:]
    assert tabelas >= 30 and funcoes >= 150 and papeis >= 4, "it measured something"
