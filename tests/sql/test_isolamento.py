"""T1, T3, T4: no role, verb or context reaches another tenant's row; and each check, broken, fails.

The matrix is generated from the catalogue: every tenant table × every role × verb × context × two tenants. Owners of
functions are entered by SET ROLE from the superuser's connection, because nothing can log in as them.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from app.banco import Banco
from app.embutido import SUPERUSUARIO
from app.erros import Erro
from app.migracao import PASTA
from tests.conftest import Sessao, chamar
from tests.sql.linhas import Fabrica, Tabela, ler_catalogo

Admin = psycopg.Connection[dict[str, Any]]
LOGINS = ("crm_api", "crm_worker", "crm_ingresso", "crm_plataforma")
DONOS = ("crm_definidor", "crm_fila", "crm_porta", "crm_gestor", "crm_busca", "crm_medidor", "crm_dono")
VERBOS = ("SELECT", "INSERT", "UPDATE", "DELETE")
# reading across tenants by design: the policy is in the migrations, the reason in db/lints/dispensas.sql
LEITURA_AMPLA = {
    ("crm_porta", "logins"), ("crm_porta", "conexoes"), ("crm_busca", "contatos"), ("crm_fila", "fila"),
    ("crm_busca", "mensagens_busca"), ("crm_busca", "contatos_identidades"),
    ("crm_fila", "conexoes_instancias"), ("crm_fila", "eventos"), ("crm_fila", "eventos_totais"),
}  # fmt: skip
NEGADO = "42501"
INEXISTENTE = "00000000-0000-0000-0000-000000000000"


@dataclass
class Matriz:
    """What was tried and what was wrong."""

    afirmacoes: int = 0
    falhas: list[str] = field(default_factory=list)

    def conferir(self, bom: bool, onde: str, veio: object) -> None:
        self.afirmacoes += 1
        if not bom:
            self.falhas.append(f"{onde}: {veio}")


@pytest.fixture(scope="module")
def catalogo(admin: Admin) -> dict[str, Tabela]:
    return ler_catalogo(admin)


@pytest.fixture(scope="module")
def fabricas(admin: Admin, catalogo: dict[str, Tabela], ana: Sessao, bia: Sessao) -> dict[str, Fabrica]:
    """Both tenants with at least one row in every table."""
    feitas = {nome: Fabrica(admin, catalogo, s.cliente_id) for nome, s in (("ana", ana), ("bia", bia))}
    for fabrica in feitas.values():
        for tabela in catalogo:
            fabrica.primeira(tabela)
    return feitas


@pytest.fixture
def super_nova(url_de: Callable[[str], str]) -> Iterator[Admin]:
    """A connection that has never seen a context: current_setting is still NULL in it."""
    with psycopg.connect(url_de(SUPERUSUARIO), row_factory=dict_row) as conexao:
        yield conexao
        conexao.rollback()


def tentar(
    conexao: Admin, papel: str, contexto: str | None, comando: sql.Composed, valores: list[Any]
) -> tuple[str, int]:
    """Run one statement as a role under a context and undo it: ('', rows) or (SQLSTATE, 0)."""
    cursor = conexao.cursor()
    cursor.execute("savepoint antes")
    try:
        cursor.execute(sql.SQL("set local role {}").format(sql.Identifier(papel)))
        if contexto is not None:
            cursor.execute("select set_config('app.cliente_id', %s, true)", [contexto])
        cursor.execute(comando, valores)
        return "", len(cursor.fetchall()) if cursor.description else cursor.rowcount
    except psycopg.Error as erro:
        return erro.sqlstate or "?", 0
    finally:
        cursor.execute("rollback to savepoint antes")


def _alvo(tabela: Tabela, linha: dict[str, Any]) -> tuple[sql.Composed, list[Any]]:
    condicao = sql.SQL(" and ").join(sql.SQL("{} = %s").format(sql.Identifier(c)) for c in tabela.pk)
    return condicao, [linha[c] for c in tabela.pk]


def _comando(verbo: str, tabela: Tabela, fabrica: Fabrica) -> tuple[sql.Composed, list[Any]]:
    """The verb aimed at the tenant's row by its whole key (an INSERT: at a new row of the tenant)."""
    nome = sql.Identifier(tabela.nome)
    if verbo == "INSERT":
        return fabrica.insercao(tabela.nome)
    onde, valores = _alvo(tabela, fabrica.primeira(tabela.nome))
    if verbo == "SELECT":
        return sql.SQL("select cliente_id from public.{} where {}").format(nome, onde), valores
    if verbo == "UPDATE":
        # the row's own value again: nothing but access is at stake
        return sql.SQL("update public.{} set cliente_id = cliente_id where {}").format(nome, onde), valores
    return sql.SQL("delete from public.{} where {}").format(nome, onde), valores


def _privilegio(conexao: Admin, papel: str, tabela: str, verbo: str) -> bool:
    linha = conexao.execute(
        "select has_table_privilege(%(p)s, %(t)s, %(v)s) or (%(v)s <> 'DELETE'"
        " and has_any_column_privilege(%(p)s, %(t)s, case %(v)s when 'DELETE' then 'SELECT' else %(v)s end)) as tem",
        {"p": papel, "t": f"public.{tabela}", "v": verbo},
    ).fetchone()
    assert linha
    return bool(linha["tem"])


def matriz_dos_donos(conexao: Admin, tabelas: list[Tabela], fabricas: dict[str, Fabrica]) -> Matriz:
    """Every owner role × verb × context. `conexao` has never had a context, so NULL comes before ''."""
    matriz = Matriz()
    # what is to be inserted is made first, by the superuser: making it fires triggers that set no context
    pares = [(fabricas["ana"], fabricas["bia"]), (fabricas["bia"], fabricas["ana"])]
    pedidos = {(t.nome, v, id(dono)): _comando(v, t, dono) for t in tabelas for v in VERBOS for dono, _ in pares}
    permitido = {(p, t.nome, v): _privilegio(conexao, p, t.nome, v) for p in DONOS for t in tabelas for v in VERBOS}
    for sem_uso in (True, False):
        for papel in DONOS:
            for tabela in tabelas:
                for verbo in VERBOS:
                    for dono, outro in pares:
                        contextos = (
                            [None] if sem_uso else [str(dono.cliente_id), str(outro.cliente_id), "", "xyz", INEXISTENTE]
                        )
                        if not permitido[papel, tabela.nome, verbo]:
                            contextos = contextos[:1]
                        for contexto in contextos:
                            _conferir(
                                matriz, conexao, papel, tabela, verbo, contexto, dono,
                                pedidos[tabela.nome, verbo, id(dono)], permitido[papel, tabela.nome, verbo],
                            )  # fmt: skip
    return matriz


def _conferir(
    matriz: Matriz,
    conexao: Admin,
    papel: str,
    tabela: Tabela,
    verbo: str,
    contexto: str | None,
    dono: Fabrica,
    pedido: tuple[sql.Composed, list[Any]],
    permitido: bool,
) -> None:
    veio = tentar(conexao, papel, contexto, *pedido)
    onde = f"{papel} {verbo} {tabela.nome} contexto={contexto!r} linha de {dono.cliente_id}"
    proprio = contexto == str(dono.cliente_id)
    # the owner of the tables may stand in for every owner of functions (it re-creates them), and nothing runs as it
    amplo = verbo == "SELECT" and any(
        (p, tabela.nome) in LEITURA_AMPLA for p in (DONOS if papel == "crm_dono" else [papel])
    )
    if not permitido:
        bom = veio == (NEGADO, 0)
    elif proprio and verbo == "INSERT" and tabela.pk == ("cliente_id",):
        bom = veio[0] == "23505"  # one row per tenant, and it is there
    elif papel == "crm_dono" and proprio and veio[0] == "ZRG02":
        bom = True  # a ledger that only grows, even for its owner
    elif amplo:
        bom = veio == ("", 1)
    elif proprio:
        # a parent that its children hold was found, and only they kept it
        bom = veio == ("", 1) or (verbo == "DELETE" and veio[0] == "23503")
    elif contexto == "xyz":
        bom = veio[0] in {"22P02", NEGADO} or veio == ("", 0)
    elif verbo == "INSERT" or contexto in {None, ""}:
        # a lost context is a loud error; an UPDATE or DELETE may find no candidate row before it asks
        bom = veio[0] == NEGADO or (verbo in {"UPDATE", "DELETE"} and veio == ("", 0))
    else:
        bom = veio == ("", 0)
    matriz.conferir(bom, onde, veio)


def test_o_catalogo_tem_todas_as_tabelas_das_migracoes(catalogo: dict[str, Tabela]) -> None:
    texto = "".join(a.read_text(encoding="utf-8") for a in sorted((PASTA / "migrations").iterdir()))
    isoladas = set(re.findall(r"isolar_tabela\('public\.([a-z_]+)'", texto))
    criadas = set(re.findall(r"create table public\.([a-z_]+) \((?:(?!\n\)).)*?\bcliente_id uuid", texto, re.DOTALL))
    assert len(isoladas) >= 33
    assert isoladas == criadas == set(catalogo)


def test_matriz_dos_donos(super_nova: Admin, catalogo: dict[str, Tabela], fabricas: dict[str, Fabrica]) -> None:
    matriz = matriz_dos_donos(super_nova, list(catalogo.values()), fabricas)
    assert matriz.falhas == []
    assert matriz.afirmacoes >= 56 * len(catalogo)


@pytest.mark.parametrize(
    "quebra",
    [
        "alter policy contatos_do_cliente_select on public.contatos using (true)",
        "alter policy contatos_do_cliente_update on public.contatos using (true) with check (true);"
        "alter policy contatos_do_cliente_select on public.contatos using (true)",
        # not contatos: there a trigger writes a second table, whose policy would refuse in its place
        "alter policy supressoes_do_cliente_insert on public.supressoes with check (true)",
        "alter policy contatos_do_cliente_delete on public.contatos using (true);"
        "alter policy contatos_do_cliente_select on public.contatos using (true)",
        "drop policy contatos_do_cliente_select on public.contatos",
        "drop policy contatos_do_cliente_insert on public.contatos",
        "alter table public.contatos no force row level security",
        "alter table public.contatos disable row level security",
        "alter role crm_definidor bypassrls",
        "create policy contatos_a_mais on public.contatos for select to crm_fila using (true)",
        "create or replace function public.get_current_cliente_id() returns uuid language plpgsql stable parallel safe"
        " set search_path = '' as $$ begin return (select id from public.clientes limit 1); end $$",
    ],
)
def test_a_matriz_ve_o_que_se_quebra(
    quebra: str, super_nova: Admin, catalogo: dict[str, Tabela], fabricas: dict[str, Fabrica]
) -> None:
    """Negative control: the same checker, over one broken rule, must fail. The break is rolled back."""
    super_nova.execute(quebra.encode())
    assert matriz_dos_donos(super_nova, [catalogo["contatos"], catalogo["supressoes"]], fabricas).falhas


def test_mover_para_outro_cliente(super_nova: Admin, catalogo: dict[str, Tabela], fabricas: dict[str, Fabrica]) -> None:
    """A row of one's own does not change tenant, nor does an upsert reach the other's row by its key."""
    ana, bia = fabricas["ana"], fabricas["bia"]
    provadas = 0
    for tabela in catalogo.values():
        papeis = [p for p in DONOS[:-1] if _privilegio(super_nova, p, tabela.nome, "UPDATE")]
        for papel in papeis:
            onde, valores = _alvo(tabela, ana.primeira(tabela.nome))
            comando = sql.SQL("update public.{} set cliente_id = %s where {}").format(sql.Identifier(tabela.nome), onde)
            veio = tentar(super_nova, papel, str(ana.cliente_id), comando, [bia.cliente_id, *valores])
            assert veio[0] == NEGADO, (papel, tabela.nome, veio)
            provadas += 1
    assert provadas >= 25


def test_papeis_de_login_nao_tocam_tabela(
    url_de: Callable[[str], str], catalogo: dict[str, Tabela], fabricas: dict[str, Fabrica]
) -> None:
    """Whatever the setting says: a login role has no privilege for the policies to refine."""
    provadas = 0
    dono = fabricas["ana"]
    for papel in LOGINS:
        with psycopg.connect(url_de(papel), autocommit=True) as conexao:
            for contexto in (None, str(dono.cliente_id), ""):
                if contexto is not None:
                    conexao.execute("select set_config('app.cliente_id', %s, false)", [contexto])
                for tabela in catalogo.values():
                    for verbo in VERBOS:
                        with pytest.raises(psycopg.errors.InsufficientPrivilege):
                            conexao.execute(*_comando(verbo, tabela, dono))
                        provadas += 1
            for tentativa in (
                "set role crm_definidor",
                "set role crm_dono",
                "set session authorization postgres",
                "select interno.contexto_trabalho(null)",
                "create temp table contatos (id int)",
                "create table public.minha (id int)",
                "create schema minha",
                "alter table public.contatos no force row level security",
                "truncate public.contatos",
                "copy public.contatos to stdout",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    conexao.execute(tentativa.encode())
            # RLS is not what stops it, so turning RLS off gains nothing
            conexao.execute("set row_security = off")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conexao.execute("select from public.contatos")
    assert provadas == len(LOGINS) * 3 * len(catalogo) * 4


def test_cada_login_so_chama_o_seu_esquema(admin: Admin, url_de: Callable[[str], str]) -> None:
    esquemas = {"crm_api": "api", "crm_worker": "worker", "crm_ingresso": "webhook", "crm_plataforma": "plataforma"}
    funcoes = admin.execute(
        "select n.nspname::text as esquema, p.oid::regprocedure::text as nome, p.pronargs as n from pg_proc p"
        " join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname in ('api', 'worker', 'webhook', 'plataforma', 'interno') and p.prokind = 'f'"
        " and p.prorettype <> 'trigger'::regtype"
    ).fetchall()
    for papel in LOGINS:
        with psycopg.connect(url_de(papel), autocommit=True) as conexao:
            for funcao in funcoes:
                if funcao["esquema"] != esquemas[papel]:
                    nome = re.sub(r"\(.*", "", funcao["nome"])
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        conexao.execute(f"select {nome}({', '.join(['null'] * funcao['n'])})".encode())


async def test_setting_posto_a_mao_nao_vale_nada(
    url_de: Callable[[str], str], banco_api: Banco, ana: Sessao, bia: Sessao
) -> None:
    """Forged: the setting says Ana, the token says Bia. Replayed: a token that was closed."""
    with psycopg.connect(url_de("crm_api"), autocommit=True) as conexao:
        for nome, valor in (("app.cliente_id", ana.cliente_id), ("app.usuario_id", ana.usuario_id)):
            conexao.execute("select set_config(%s, %s, false)", [nome, str(valor)])
        linha = conexao.execute(
            "select api.eu_obter(p_cliente_id => %s, p_sessao => %s)", [bia.cliente_id, bia.segredo]
        ).fetchone()
        assert linha and linha[0]["cliente"]["id"] == str(bia.cliente_id) and linha[0]["id"] == str(bia.usuario_id)
        with pytest.raises(psycopg.DatabaseError) as erro:
            conexao.execute("select api.eu_obter(p_cliente_id => %s, p_sessao => %s)", [ana.cliente_id, bia.segredo])
        assert erro.value.sqlstate == "ZAG01"
        # in one transaction with a good call before: the good context does not linger for the forged one
        with pytest.raises(psycopg.DatabaseError) as erro, conexao.transaction():
            conexao.execute("select api.eu_obter(p_cliente_id => %s, p_sessao => %s)", [bia.cliente_id, bia.segredo])
            conexao.execute("select api.eu_obter(p_cliente_id => %s, p_sessao => %s)", [ana.cliente_id, bia.segredo])
        assert erro.value.sqlstate == "ZAG01"
    with pytest.raises(Erro) as recusa:
        await banco_api.chamar("api.eu_obter", {"p_cliente_id": bia.cliente_id, "p_sessao": ana.segredo})
    assert recusa.value.status == 401


async def test_sessao_encerrada_nao_volta(banco_api: Banco, novo_cliente: Callable[..., Any]) -> None:
    sessao: Sessao = await novo_cliente()
    await chamar(banco_api, "api.sessao_encerrar", **sessao.args)
    with pytest.raises(Erro) as recusa:
        await banco_api.chamar("api.eu_obter", sessao.args)
    assert (recusa.value.status, recusa.value.codigo) == (401, "ZAG01")


# ---------------------------------------------------------------- T3: alternation on few connections


async def _alternar(url: str, sessoes: list[Sessao], chamadas: int) -> int:
    """Answers that are not the caller's own, over a pool of 4 with prepared statements."""
    banco = Banco(url, maximo=4)
    await banco.abrir()
    sorte = random.Random(20)
    fila = iter([sorte.choice(sessoes) for _ in range(chamadas)])
    errados = 0

    async def correr() -> None:
        nonlocal errados
        for sessao in fila:
            try:
                eu = await chamar(banco, "api.eu_obter", **sessao.args)
            except Erro:
                errados += 1
                continue
            errados += not eu or (eu["cliente"]["id"], eu["id"]) != (str(sessao.cliente_id), str(sessao.usuario_id))

    try:
        await asyncio.gather(*(correr() for _ in range(8)))
    finally:
        await banco.fechar()
    return errados


async def test_alternancia_de_clientes(
    url_de: Callable[[str], str], admin: Admin, novo_cliente: Callable[..., Any]
) -> None:
    sessoes = [await novo_cliente() for _ in range(20)]
    assert await _alternar(url_de("crm_api"), sessoes, 5000) == 0
    # negative control: the classic mistake, a context kept for the session and trusted when it is there
    linha = admin.execute("select pg_get_functiondef('interno.contexto_abrir'::regproc) as texto").fetchone()
    assert linha
    original = linha["texto"]
    quebrada = original.replace(", true)", ", false)").replace(
        "    perform set_config('app.cliente_id'",
        "    if nullif(current_setting('app.usuario_id', true), '') is not null then return; end if;\n"
        "    perform set_config('app.cliente_id'",
        1,
    )
    assert quebrada != original
    admin.execute(quebrada.encode())
    try:
        assert await _alternar(url_de("crm_api"), sessoes, 200) > 0
    finally:
        admin.execute(original.encode())


# ---------------------------------------------------------------- T4: keys tell nothing of other tenants


def _erro(conexao: Admin, comando: sql.Composed, valores: list[Any]) -> tuple[str, str, str] | None:
    """(SQLSTATE, message, constraint) of a statement that is undone, None when it would have succeeded."""
    with conexao.transaction(force_rollback=True):
        try:
            with conexao.transaction():
                conexao.execute(comando, valores)
        except psycopg.Error as erro:
            return erro.sqlstate or "?", erro.diag.message_primary or "", erro.diag.constraint_name or ""
    return None


def test_fk_alheia_e_inexistente_sao_iguais(
    admin: Admin, catalogo: dict[str, Tabela], fabricas: dict[str, Fabrica]
) -> None:
    """Foreign-key checks ignore RLS, so the superuser's view is the worst case."""
    provadas = 0
    for tabela in catalogo.values():
        for fk in tabela.fks:
            pai = fabricas["bia"].primeira(fk.pai)
            filhas = [c for c in fk.colunas if c != "cliente_id"]
            assert "cliente_id" in fk.colunas, fk.nome
            comando, valores = fabricas["ana"].insercao(tabela.nome, **{c: pai[fk.colunas[c]] for c in filhas})
            alheia = _erro(admin, comando, valores)
            comando, valores = fabricas["ana"].insercao(tabela.nome, **{c: uuid4() for c in filhas})
            inexistente = _erro(admin, comando, valores)
            assert alheia == inexistente, fk.nome
            assert alheia and alheia[0] == "23503" and alheia[2] == fk.nome
            provadas += 1
    assert provadas >= 35


# one value, one tenant, by design (reasons in db/lints/dispensas.sql)
UNICOS_DA_PLATAFORMA = {"logins_pkey", "conexoes_numero_id_externo_idx"}


def _unicos(admin: Admin) -> list[dict[str, Any]]:
    return admin.execute(
        "select c.relname::text as tabela, x.relname::text as nome,"
        " (select array_agg(a.attname::text) from pg_attribute a"
        "  where a.attrelid = c.oid and a.attnum = any(i.indkey::int2[])) as colunas"
        " from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid"
        " join pg_attribute k on k.attrelid = c.oid and k.attname = 'cliente_id'"
        " where i.indisunique and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 2"
    ).fetchall()


def test_valor_unico_alheio_nao_se_revela(
    admin: Admin, catalogo: dict[str, Tabela], fabricas: dict[str, Fabrica]
) -> None:
    """The other tenant's value is as free as one that nobody has; columns that are parents stay one's own."""
    provados = 0
    for unico in _unicos(admin):
        tabela = catalogo[unico["tabela"]]
        pais = {c for fk in tabela.fks for c in fk.colunas}
        proprias = [c for c in unico["colunas"] if c not in pais and c != "cliente_id"]
        alheia = fabricas["bia"].nova(tabela.nome) if proprias and not _unica(tabela) else None
        if alheia is None:
            continue
        copia = {c: alheia[c] for c in proprias if alheia[c] is not None}
        veio = _erro(admin, *fabricas["ana"].insercao(tabela.nome, **copia))
        if unico["nome"] in UNICOS_DA_PLATAFORMA:
            assert veio and veio[0] == "23505", unico["nome"]
            # taken by oneself or by another: the same refusal
            minha = fabricas["ana"].nova(tabela.nome)
            assert veio == _erro(admin, *fabricas["ana"].insercao(tabela.nome, **{c: minha[c] for c in proprias}))
        else:
            assert veio is None, (unico["nome"], veio)
        provados += 1
    assert provados >= 25


def _unica(tabela: Tabela) -> bool:
    """One row per tenant, or keys made by triggers: nothing of its own to collide."""
    return tabela.nome in {"contatos_totais", "campanhas_totais", "perfis_permissoes"}


def test_indistinguivel_tem_controle(admin: Admin, fabricas: dict[str, Fabrica]) -> None:
    """Negative control: with a simple key, the other tenant's id is accepted and the unknown one is not."""
    with admin.transaction(force_rollback=True):
        admin.execute(
            "alter table public.contatos add constraint contatos_id_key unique (id);"
            "alter table public.contatos_identidades drop constraint contatos_identidades_cliente_id_contato_id_fkey,"
            " add constraint contatos_identidades_simples_fkey foreign key (contato_id) references public.contatos (id)"
        )
        alheio: UUID = fabricas["bia"].primeira("contatos")["id"]
        ana = fabricas["ana"]
        assert _erro(admin, *ana.insercao("contatos_identidades", contato_id=alheio)) is None
        veio = _erro(admin, *ana.insercao("contatos_identidades", contato_id=uuid4()))
        assert veio and veio[0] == "23503"
