"""No form of a page, however it is filled in, gives a 5xx: fields left out, doubled, unknown, huge, with NUL, no form.

The names of the fields are read from the code that reads them, so a new form is here without being named.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tests.api.test_vivo import navegador
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

_LEEM = {"um", "cru", "opcional", "todos", "inteiro", "ids", "id", "get", "getall"}
_PAGINAS = "app.http.pages."
# modules that read the fields of forms for others
_LEEM_POR_OUTROS = {"campanha_formularios", "conversa_atos"}
# what would end the session of this test
_ENCERRAM = {"/sair", "/configuracoes/seguranca/sessoes", "/configuracoes/seguranca/sessoes/{id:uuid}"}
_ULTIMAS = re.compile(r"/(remover|desativar|descartar|cancelar|juntar|desconectar|separar)$")
FORMA = "application/x-www-form-urlencoded"
_CRUS = (
    (b"", FORMA), (b"%ff%fe=%zz&&==&a", FORMA), (b"\xff\x00\xfe", FORMA), (b"{}", "application/json"),
    (b"{", "application/json"), (b"x", "multipart/form-data"), (b"--a\r\nx", "multipart/form-data; boundary=a"),
    (b"x", "text/plain; charset=nenhum"),
)  # fmt: skip
Par = tuple[str, str]


def _modulos(modulo: ModuleType) -> Iterator[ModuleType]:
    yield modulo
    for no in ast.walk(ast.parse(inspect.getsource(modulo))):
        if isinstance(no, ast.ImportFrom) and (no.module or "").removeprefix(_PAGINAS) in _LEEM_POR_OUTROS:
            yield importlib.import_module(str(no.module))


def nomes(modulo: ModuleType) -> set[str]:
    """The fields that the forms of this module, and of those that it reads them with, may have."""
    lidos: set[str] = set()
    for cada in _modulos(modulo):
        for no in ast.walk(ast.parse(inspect.getsource(cada))):
            if isinstance(no, ast.Call) and isinstance(no.func, ast.Attribute) and no.func.attr in _LEEM and no.args:
                textos = [a.value for a in ast.walk(no.args[0]) if isinstance(a, ast.Constant)]
                lidos |= {t for t in textos if isinstance(t, str) and re.fullmatch(r"[a-z][a-z0-9_]*", t)}
    return lidos


def formas(dona: HTTPRouteHandler, qualquer: UUID) -> Iterator[tuple[bytes, str]]:
    """Bodies for this route, with their type."""
    campos = sorted(nomes(inspect.getmodule(dona.fn)))  # type: ignore[arg-type]
    yield from _CRUS
    for valor in ("texto", str(qualquer), "1", "", "x" * 300, "2030-13-45T99:99", "🤖\u202e", "-1", "[]"):
        yield _corpo([(campo, valor) for campo in campos] + [("campo_que_nao_existe", valor)])
    for campo in campos:
        base = [(outro, "texto") for outro in campos if outro != campo]
        for troca in ([], [(campo, "a"), (campo, "b")], [(campo, "x" * 100_000)], [(campo, "a\x00b")]):
            yield _corpo(base + troca)


def _corpo(pares: list[Par]) -> tuple[bytes, str]:
    return urlencode(pares).encode(), FORMA


def rotas(app: Litestar) -> list[tuple[str, HTTPRouteHandler]]:
    """The routes that a form is sent to; those that end what the others act on come last."""
    todas = [
        (rota.path, dona)
        for rota in app.routes
        for dona in getattr(rota, "route_handlers", [])
        if dona.opt.get("pagina") and "POST" in dona.http_methods and rota.path not in _ENCERRAM
    ]
    return sorted(todas, key=lambda r: (bool(_ULTIMAS.search(r[0])), r[0]))


@pytest.fixture
async def alvos(
    admin: Admin, novo_cliente: Callable[..., Any], cliente_http: httpx.AsyncClient
) -> tuple[Cena, dict[str, UUID]]:
    """A tenant with one thing of each kind that addresses name, by where the address begins."""
    cena = cenas.montar(admin, await novo_cliente("Formulários"), 3)
    conversa = cenas.conversar(admin, cena, cena.contatos[0])

    async def criar(onde: str, **dados: object) -> UUID:
        resposta = await cliente_http.post(f"/api/{onde}", json=dados, headers=cena.sessao.cabecalho)
        assert resposta.status_code in (200, 201), resposta.text
        return UUID(resposta.json()["dados"]["id"])

    campanha = await criar("campanhas/rascunhos", nome="Uma campanha")
    arquivo = b"Nome;Fone\nAna;11988887777\nBia;1\n"
    csv = {**cena.sessao.cabecalho, "content-type": "text/csv"}
    importada = await cliente_http.post("/api/importacoes", params={"nome": "a.csv"}, content=arquivo, headers=csv)
    perfil = await criar("perfis", nome="Outro perfil", visibilidade="TODAS", permissoes=["contatos:ler"])
    rui = {"nome": "Rui", "email": f"{uuid4()}@exemplo.test", "perfilId": str(perfil), "senha": f"{uuid4()}"}
    usuario = await criar("usuarios", **rui)
    oi = {"atalho": "oi", "titulo": "Oi", "texto": "Olá"}
    return cena, {
        "/conversas/": conversa, "/contatos/": cena.contatos[1], "/campanhas/": campanha, "/canais/": cena.conexao_id,
        "/contatos/importar/": UUID(importada.json()["dados"]["id"]), "/usuarios/": usuario,
        "/usuarios/perfis/": perfil, "/usuarios/equipes/": await criar("equipes", nome="Vendas"),
        "/etiquetas/": await criar("etiquetas", nome="VIP"),
        "/configuracoes/respostas/": await criar("respostas-rapidas", escopo="PESSOAL", **oi),
        "/configuracoes/motivos/": await criar("motivos-resolucao", nome="Comprou"),
        "/configuracoes/horarios/": await criar("calendarios", nome="Loja"),
    }  # fmt: skip


def endereco(rota: str, alvos: dict[str, UUID]) -> str:
    alvo = max((comeco for comeco in alvos if rota.startswith(comeco)), key=len, default="")
    com_alvo = re.sub(r"\{id:uuid\}", str(alvos.get(alvo, UUID(int=0))), rota)
    return re.sub(r"\{[^}]*\}", "assumir", re.sub(r"\{[^}]*:uuid\}", str(uuid4()), com_alvo))


@pytest.mark.parametrize("parte", range(4))
async def test_nenhum_formulario_vira_5xx(
    app: Litestar, cliente_http: httpx.AsyncClient, alvos: tuple[Cena, dict[str, UUID]], parte: int
) -> None:
    cena, ids = alvos
    eu = navegador(cena.sessao, **{"Sec-Fetch-Site": "same-origin"})
    vistos: Counter[int] = Counter()
    maus: dict[str, str] = {}
    for rota, dona in rotas(app)[parte::4]:
        for corpo, tipo in formas(dona, cena.contatos[2]):
            cabecalhos = {**eu, "Content-Type": tipo, "Accept": "text/html"}
            resposta = await cliente_http.post(endereco(rota, ids), content=corpo, headers=cabecalhos)
            vistos[resposta.status_code] += 1
            if resposta.status_code >= 500:
                maus.setdefault(rota, f"{resposta.status_code} {tipo} {corpo[:120]!r}…{corpo[-120:]!r}")
    assert maus == {}
    # refused by forms that are shown again, and accepted: not stopped before they are read
    assert vistos[303] > 20 and vistos[422] + vistos[400] > 50 and not vistos[403], vistos
