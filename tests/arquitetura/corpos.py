"""Bodies of stored functions as syntax trees: what the text of a lint cannot see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pglast
from pglast import ast, enums

from app.migracao import PASTA

FUNCOES = PASTA / "functions"
MODELINE = "/* pgmigrate-encoding: utf-8 */"
_ATRIBUICAO = re.compile(r"^\s*[a-z_][a-z0-9_.]*(\[[^]]*\])?\s*:?=\s*", re.DOTALL)


@dataclass(frozen=True)
class Funcao:
    """One file of db/functions, parsed."""

    arquivo: Path
    esquema: str
    nome: str
    linguagem: str
    opcoes: frozenset[str]
    argumentos: tuple[str, ...]
    corpo: tuple[Any, ...]
    permissoes: tuple[str, ...]

    @property
    def completo(self) -> str:
        return f"{self.esquema}.{self.nome}"


def filhos(no: Any) -> Iterator[Any]:
    """Direct children of a node."""
    if isinstance(no, tuple | list):
        yield from no
    elif isinstance(no, ast.Node):
        for campo in no:
            valor = getattr(no, campo)
            if isinstance(valor, ast.Node | tuple | list):
                yield valor


def caminhar(no: Any) -> Iterator[Any]:
    """Every node below, the given one included."""
    if isinstance(no, ast.Node):
        yield no
    for filho in filhos(no):
        yield from caminhar(filho)


def _expressoes(arvore: Any) -> Iterator[dict[str, Any]]:
    if isinstance(arvore, dict):
        if "PLpgSQL_expr" in arvore:
            yield arvore["PLpgSQL_expr"]
        for valor in arvore.values():
            yield from _expressoes(valor)
    elif isinstance(arvore, list):
        for valor in arvore:
            yield from _expressoes(valor)


def _instrucao(texto: str, modo: int) -> Any:
    """A statement as it is; an expression or the right side of an assignment as a SELECT of it."""
    if modo != 0:
        texto = "select " + (_ATRIBUICAO.sub("", texto, count=1) if modo > 2 else texto)
    return pglast.parse_sql(texto)[0].stmt


def corpo_plpgsql(texto: str) -> tuple[Any, ...]:
    arvore = pglast.parse_plpgsql(texto)
    vistas = {(e["query"], e.get("parseMode", 0)): None for e in _expressoes(arvore)}
    return tuple(_instrucao(consulta, modo) for consulta, modo in vistas)


def _opcoes(stmt: ast.CreateFunctionStmt) -> dict[str, Any]:
    return {opcao.defname: opcao.arg for opcao in stmt.options or ()}


def ler(arquivo: Path) -> Funcao:
    """Parse one file; raises AssertionError when it is not one function and its comment."""
    texto = arquivo.read_text(encoding="utf-8")
    instrucoes = [cru.stmt for cru in pglast.parse_sql(texto)]
    tipos = [type(i).__name__ for i in instrucoes]
    assert tipos == ["CreateFunctionStmt", "CommentStmt"], f"{arquivo.name}: {tipos}"
    funcao, comentario = instrucoes
    assert isinstance(funcao, ast.CreateFunctionStmt) and isinstance(comentario, ast.CommentStmt)
    assert funcao.replace, f"{arquivo.name}: create without or replace"
    assert comentario.objtype == enums.ObjectType.OBJECT_FUNCTION, arquivo.name
    esquema, nome = (parte.sval for parte in funcao.funcname)
    assert [parte.sval for parte in comentario.object.objname] == [esquema, nome], f"{arquivo.name}: comment of another"
    opcoes = _opcoes(funcao)
    linguagem = opcoes["language"].sval
    if linguagem == "plpgsql":
        # the comment is cut off: this parser reads every statement it is given
        corpo = corpo_plpgsql(texto[: texto.rindex("comment on function")])
    elif funcao.sql_body is not None:
        corpo = tuple(no for no in filhos(funcao.sql_body))
    else:
        corpo = tuple(cru.stmt for cru in pglast.parse_sql(opcoes["as"][0].sval))
    return Funcao(
        arquivo=arquivo,
        esquema=esquema,
        nome=nome,
        linguagem=linguagem,
        opcoes=frozenset(opcoes),
        argumentos=tuple(p.name for p in funcao.parameters or ()),
        corpo=corpo,
        permissoes=tuple(re.findall(r"contexto_abrir\(p_cliente_id, p_sessao, '([a-z_]+:[a-z_]+)'\)", texto)),
    )


@cache
def todas() -> tuple[Funcao, ...]:
    return tuple(ler(arquivo) for arquivo in sorted(FUNCOES.rglob("*.sql")))


# ---------------------------------------------------------------- the tenant in every statement


@dataclass
class _Escopo:
    """Tables of one query level: alias → table, and which aliases are tied to a tenant value or to each other."""

    tabelas: dict[str, str]
    fontes: set[str]
    presas: set[str]
    pares: list[tuple[str, str]]


def _from(no: Any, escopo: _Escopo, quals: list[Any]) -> None:
    """Collect the range of one level; sub-queries are levels of their own."""
    if isinstance(no, tuple | list):
        for item in no:
            _from(item, escopo, quals)
    elif isinstance(no, ast.RangeVar):
        apelido = no.alias.aliasname if no.alias else no.relname
        escopo.fontes.add(apelido)
        if no.schemaname == "public":
            escopo.tabelas[apelido] = no.relname
    elif isinstance(no, ast.JoinExpr):
        _from(no.larg, escopo, quals)
        _from(no.rarg, escopo, quals)
        quals.append(no.quals)
    elif getattr(no, "alias", None) is not None:
        escopo.fontes.add(no.alias.aliasname)


def _conjuncoes(no: Any) -> Iterator[Any]:
    """The terms that must all hold: what stands under OR or NOT proves nothing."""
    if isinstance(no, ast.BoolExpr) and no.boolop == enums.BoolExprType.AND_EXPR:
        for termo in no.args:
            yield from _conjuncoes(termo)
    elif isinstance(no, tuple | list):
        for termo in no:
            yield from _conjuncoes(termo)
    elif no is not None:
        yield no


def _coluna_cliente(no: Any, escopo: _Escopo) -> str | None:
    """Alias whose cliente_id this is, when it is one of this level's tables."""
    if not isinstance(no, ast.ColumnRef):
        return None
    partes = [p.sval for p in no.fields if isinstance(p, ast.String)]
    if partes[-1:] != ["cliente_id"]:
        return None
    if len(partes) == 2 and partes[0] in escopo.fontes:
        return str(partes[0])
    if len(partes) == 1 and len(escopo.fontes) == 1:
        return next(iter(escopo.fontes))
    return None


def _prender(escopo: _Escopo, quals: list[Any]) -> None:
    for termo in _conjuncoes(quals):
        if not isinstance(termo, ast.A_Expr) or termo.kind != enums.A_Expr_Kind.AEXPR_OP or termo.name[0].sval != "=":
            continue
        lados = [_coluna_cliente(termo.lexpr, escopo), _coluna_cliente(termo.rexpr, escopo)]
        if lados[0] and lados[1]:
            escopo.pares.append((lados[0], lados[1]))
        elif lados[0] or lados[1]:
            escopo.presas.add(str(lados[0] or lados[1]))
    # a tie to a bound table binds; a tie to a CTE or a sub-query does too, because that level is checked by itself
    escopo.presas |= escopo.fontes - set(escopo.tabelas)
    mudou = True
    while mudou:
        mudou = False
        for a, b in escopo.pares:
            if (a in escopo.presas) != (b in escopo.presas):
                escopo.presas |= {a, b}
                mudou = True


def sem_cliente(corpo: tuple[Any, ...], de_cliente: frozenset[str]) -> list[str]:
    """Tables of tenants that some statement of the body touches without naming the tenant."""
    faltas: list[str] = []
    for no in caminhar(corpo):
        escopo = _Escopo({}, set(), set(), [])
        quals: list[Any] = []
        if isinstance(no, ast.SelectStmt):
            _from(no.fromClause, escopo, quals)
        elif isinstance(no, ast.UpdateStmt):
            _from((no.relation, *(no.fromClause or ())), escopo, quals)
        elif isinstance(no, ast.DeleteStmt):
            _from((no.relation, *(no.usingClause or ())), escopo, quals)
        elif isinstance(no, ast.InsertStmt):
            if no.relation.relname in de_cliente and "cliente_id" not in [c.name for c in no.cols or ()]:
                faltas.append(f"insert into {no.relation.relname}")
            continue
        elif isinstance(no, ast.MergeStmt):
            faltas.append("merge")
            continue
        else:
            continue
        quals.append(no.whereClause)
        _prender(escopo, quals)
        faltas += [
            f"{type(no).__name__[:6].lower()} {tabela} ({apelido})"
            for apelido, tabela in escopo.tabelas.items()
            if tabela in de_cliente and apelido not in escopo.presas
        ]
    return faltas


def dump(no: Any) -> str:
    return json.dumps(no(skip_none=True), default=str)
