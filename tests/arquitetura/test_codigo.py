"""The source keeps its layers: SQL in one module, Redis at the edge, no rule in a handler."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

RAIZ = Path(__file__).resolve().parents[2]
APP = RAIZ / "app"
BANCO = APP / "banco.py"
BIBLIOTECAS_DE_BANCO = {"psycopg", "psycopg2", "psycopg_pool", "asyncpg", "sqlalchemy", "sqlite3"}
# SQL as code, told from prose: a statement from its first word, or clauses that only come together in SQL
SQL = re.compile(
    r"(?is)^\s*(select\s+\S|with\s+(recursive\s+)?\w+\s+as\b|insert\s+into\b|update\s+[\w.\"]+\s+(as\s+\w+\s+)?set\b"
    r"|delete\s+from\b|merge\s+into\b|call\s+\w+\.|copy\s+\w+|truncate\s+(table\s+)?[\w.]+\s*(,|;|$|cascade)|set\s+(local|session|role)\b|listen\s|notify\s"
    r"|(create|alter|drop)\s+(or\s+replace\s+)?(table|role|user|database|function|schema|policy|index|extension|trigger)\b"
    r"|(grant|revoke)\s+.+\s(on|to|from)\s)"
    r"|\bselect\b.+\bfrom\s+[\w.\"]+|\binsert\s+into\s+[\w.]+|\bdelete\s+from\s+[\w.]+\s+where\b|\bset\s+\w+\s*=.+\bwhere\b"
)
# (file, text it starts with): reason
SQL_PERMITIDO = {
    ("app/embutido/postgres.py", "create database "): "single-user mode at initdb, before any server or driver exists"
}
REDIS_PERMITIDO = {
    "app/chamado.py": "hints of urgent work; the queue is polled anyway",
    "app/redis_vivo.py": "tells whether Redis answers",
    "app/cache.py": "the cache",
    "app/eventos.py": "hints of numbered events; the database is asked anyway",
    "app/presenca.py": "who looks and who types, which nobody keeps",
    "app/worker/retransmissor.py": "hands the worker's one connection to the cache and the channels",
    "app/worker/laco.py": "opens the one connection that it hands to the limiter",
}
MAX_INSTRUCOES = 12


def _arquivos() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def _nome(arquivo: Path) -> str:
    return arquivo.relative_to(RAIZ).as_posix()


def _importados(arvore: ast.AST) -> Iterator[str]:
    for no in ast.walk(arvore):
        if isinstance(no, ast.Import):
            yield from (apelido.name for apelido in no.names)
        elif isinstance(no, ast.ImportFrom):
            assert no.level == 0, "relative import: the walk could not tell where it leads"
            yield from (f"{no.module}.{apelido.name}" for apelido in no.names)
        elif isinstance(no, ast.Call) and ast.unparse(no.func).endswith(("import_module", "__import__")):
            yield from (str(a.value) for a in no.args[:1] if isinstance(a, ast.Constant))


def _textos(arvore: ast.AST) -> Iterator[tuple[int, str]]:
    """String literals that are not documentation; an f-string as one text with its holes as x."""
    docs: set[ast.AST] = set()
    for no in ast.walk(arvore):
        if isinstance(no, ast.Expr) and isinstance(no.value, ast.Constant):
            docs.add(no.value)
        if isinstance(no, ast.JoinedStr):
            docs.update(no.values)
            yield no.lineno, "".join(str(v.value) if isinstance(v, ast.Constant) else "x" for v in no.values)
    for no in ast.walk(arvore):
        if isinstance(no, ast.Constant) and no not in docs and isinstance(no.value, str | bytes):
            yield no.lineno, no.value if isinstance(no.value, str) else no.value.decode("latin-1")


def sql_fora(nome: str, fonte: str) -> list[str]:
    """SQL and database drivers that this source would carry outside app/banco.py."""
    arvore = ast.parse(fonte)
    faltas = [f"{nome}: import {m}" for m in _importados(arvore) if m.split(".")[0] in BIBLIOTECAS_DE_BANCO]
    for linha, texto in _textos(arvore):
        permitido = any(nome == arquivo and texto.startswith(inicio) for arquivo, inicio in SQL_PERMITIDO)
        if SQL.search(texto) and not permitido:
            faltas.append(f"{nome}:{linha}: {texto[:60]!r}")
    return faltas


def redis_fora(nome: str, fonte: str) -> list[str]:
    if nome.startswith("app/limitador/") or nome in REDIS_PERMITIDO:
        return []
    return [f"{nome}: {m}" for m in _importados(ast.parse(fonte)) if m.split(".")[0] in {"redis", "valkey"}]


def camadas(nome: str, fonte: str) -> list[str]:
    """Imports that cross a border: http ↔ worker, and the simulator, which knows nothing of the product."""
    faltas = []
    for modulo in _importados(ast.parse(fonte)):
        dentro = modulo.startswith("app")
        if nome.startswith("app/http/") and modulo.startswith("app.worker"):
            faltas.append(f"{nome}: {modulo}")
        if nome.startswith("app/worker/") and modulo.startswith("app.http"):
            faltas.append(f"{nome}: {modulo}")
        if nome.startswith("app/simulador/") and dentro and not modulo.startswith("app.simulador"):
            faltas.append(f"{nome}: {modulo}")
        # the command starts the simulator, seed and demonstration furnish it; the product only knows its address
        permitidos = ("app/simulador/", "app/cli.py", "app/semente.py", "app/demonstracao.py")
        if not nome.startswith(permitidos) and modulo.startswith("app.simulador"):
            faltas.append(f"{nome}: {modulo}")
    return faltas


def _tratadores(arvore: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for no in ast.walk(arvore):
        if isinstance(no, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorador in no.decorator_list:
                chamada = decorador.func if isinstance(decorador, ast.Call) else decorador
                if isinstance(chamada, ast.Name) and chamada.id in {"get", "post", "put", "patch", "delete", "route"}:
                    yield no


def _presenca(teste: ast.expr) -> bool:
    """Whether a field is there at all: how a request is read, not what it means."""
    if isinstance(teste, ast.UnaryOp) and isinstance(teste.op, ast.Not):
        return _presenca(teste.operand)
    if isinstance(teste, ast.Compare):
        return all(isinstance(op, ast.Is | ast.IsNot) for op in teste.ops)
    return isinstance(teste, ast.Call) and ast.unparse(teste.func) == "isinstance"


def _decide_dominio(teste: ast.expr) -> bool:
    if isinstance(teste, ast.BoolOp):
        return any(_decide_dominio(v) for v in teste.values)
    if _presenca(teste):
        return False
    campos = (n for n in ast.walk(teste) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name))
    return any(isinstance(n.value, ast.Name) and n.value.id in {"data", "corpo", "dados"} for n in campos)


def tratadores_gordos(nome: str, fonte: str) -> list[str]:
    """Handlers with more than 12 statements or an `if` on a field of the domain."""
    faltas = []
    for no in _tratadores(ast.parse(fonte)):
        instrucoes = sum(isinstance(x, ast.stmt) for x in ast.walk(no)) - 1
        if instrucoes > MAX_INSTRUCOES:
            faltas.append(f"{nome}: {no.name} tem {instrucoes} instruções")
        for dentro in ast.walk(no):
            if isinstance(dentro, ast.If | ast.IfExp | ast.While) and _decide_dominio(dentro.test):
                faltas.append(f"{nome}: {no.name}: if {ast.unparse(dentro.test)}")
            if isinstance(dentro, ast.Match):
                faltas.append(f"{nome}: {no.name}: match")
    return faltas


def f_strings(fonte: str) -> list[int]:
    return [no.lineno for no in ast.walk(ast.parse(fonte)) if isinstance(no, ast.JoinedStr)]


def test_so_banco_py_conhece_sql() -> None:
    faltas = [f for a in _arquivos() if a != BANCO for f in sql_fora(_nome(a), a.read_text(encoding="utf-8"))]
    assert faltas == []


def test_banco_py_nao_monta_sql_por_texto() -> None:
    fonte = BANCO.read_text(encoding="utf-8")
    assert f_strings(fonte) == []
    montados = [
        no.lineno
        for no in ast.walk(ast.parse(fonte))
        if isinstance(no, ast.BinOp)
        and isinstance(no.op, ast.Add | ast.Mod)
        and any(isinstance(x, ast.Constant) and isinstance(x.value, str) and SQL.search(x.value) for x in ast.walk(no))
    ]
    assert montados == []


def test_redis_so_na_borda() -> None:
    assert [f for a in _arquivos() for f in redis_fora(_nome(a), a.read_text(encoding="utf-8"))] == []


def test_camadas_nao_se_importam() -> None:
    assert [f for a in _arquivos() for f in camadas(_nome(a), a.read_text(encoding="utf-8"))] == []


def test_tratadores_sao_finos() -> None:
    arquivos = [a for a in _arquivos() if a.is_relative_to(APP / "http")]
    assert sum(len(list(_tratadores(ast.parse(a.read_text(encoding="utf-8"))))) for a in arquivos) >= 20
    assert [f for a in arquivos for f in tratadores_gordos(_nome(a), a.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "fonte",
    [
        "import psycopg",
        "from psycopg_pool import AsyncConnectionPool",
        "importlib.import_module('psycopg')",
        "x = 'select id from contatos'",
        "x = 'SELECT api.f(1)'",
        "x = f'select * from {tabela}'",
        "x = f'update {tabela} set nome = 1'",
        "x = b'insert into contatos values (1)'",
        "x = 'with a as (select 1) select a from a'",
        "x = 'create role x'",
        "x = 'set local role crm_dono'",
        "x = 'grant select on contatos to crm_api'",
    ],
)
def test_sql_fora_de_lugar_e_visto(fonte: str) -> None:
    assert sql_fora("app/x.py", fonte)


@pytest.mark.parametrize(
    "fonte",
    [
        '"""Select what is from the table."""',
        "x = 'selecione um contato da lista'",
        "x = 'mais de um destinatário; update pendente'",
        "x = 'a função exige drop function em uma migração'",
        "x = 'api.contatos_listar'",
        "x = 'Escolha com set ou delete'",
        "x = f'o plano permite até {n} usuários'",
    ],
)
def test_prosa_nao_e_sql(fonte: str) -> None:
    assert sql_fora("app/x.py", fonte) == []


def test_as_outras_regras_tambem_falham() -> None:
    assert redis_fora("app/http/x.py", "from redis.asyncio import Redis")
    assert camadas("app/http/x.py", "from app.worker import laco")
    assert camadas("app/worker/x.py", "from app.http.comum import Pedido")
    assert camadas("app/simulador/x.py", "from app.erros import Erro")
    assert camadas("app/worker/x.py", "import app.simulador.mundo")
    assert f_strings("x = f'{y}'") == [1]
    longo = "@get('/')\nasync def f(data):\n" + "    a = 1\n" * 13
    assert tratadores_gordos("app/http/x.py", longo)
    for corpo in (
        "if data.status == 'ATIVA': pass",
        "x = 1 if data.total > 3 else 2",
        "if data.ativo and data.nome is None: pass",
        "if not data.ativo: pass",
        "match data.status:\n        case 'A': pass",
    ):
        assert tratadores_gordos("app/http/x.py", f"@post('/')\nasync def f(data):\n    {corpo}\n"), corpo
    for corpo in (
        "if data.nome is not None: pass",
        "if isinstance(data.telefone, str): pass",
        "if token is None: pass",
    ):
        assert not tratadores_gordos("app/http/x.py", f"@post('/')\nasync def f(data):\n    {corpo}\n"), corpo


def test_excecoes_ainda_sao_usadas() -> None:
    for (nome, inicio), _ in SQL_PERMITIDO.items():
        assert any(t.startswith(inicio) for _, t in _textos(ast.parse((RAIZ / nome).read_text(encoding="utf-8")))), nome
    for nome in REDIS_PERMITIDO:
        arquivo = RAIZ / nome
        if arquivo.exists():
            assert any(m.startswith("redis") for m in _importados(ast.parse(arquivo.read_text(encoding="utf-8")))), nome
