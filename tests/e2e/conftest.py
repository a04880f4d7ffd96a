"""Fixtures of the browser tests: the whole product once per run, a browser, and windows that fail what goes wrong.

`produto`   the running product (`balcao up` with a home and ports of its own)
`empresa`   a tenant of its own for this module, connected to the simulator; `outra_empresa` a second one
`janela`    makes a window: `janela()`, `janela(tema="escuro", largura="telefone", com_script=False)`; when the test
            ends, a console message, a script error, a CSP violation or a request to another host fails it, unless
            `esperados=("part of the text",)` names it
`artefatos` the folder of screenshots and figures (BALCAO_E2E_SAIDA, or `.balcao/e2e`)

Run with `make e2e`, or `pytest tests/e2e/test_x.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.navegador import Janela, abrir_navegador, retratar
from tests.e2e.produto import RAIZ, Empresa, Produto, nova_empresa

CriarJanela = Callable[..., Janela]
_FALHOU = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine is slower than what the other tests may take."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(420))


@pytest.fixture(scope="session")
def produto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Produto]:
    no_ar = Produto(tmp_path_factory.mktemp("e2e"))
    yield no_ar
    no_ar.encerrar()


@pytest.fixture(scope="session")
def navegador() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        aberto = abrir_navegador(playwright)
        yield aberto
        aberto.close()


@pytest.fixture(scope="session")
def artefatos() -> Path:
    pasta = Path(os.environ.get("BALCAO_E2E_SAIDA", RAIZ / ".balcao" / "e2e"))
    pasta.mkdir(parents=True, exist_ok=True)
    return pasta


@pytest.fixture(scope="module")
def empresa(produto: Produto) -> Empresa:
    nova = nova_empresa(produto, "Padaria Ônix")
    nova.conectar()
    return nova


@pytest.fixture(scope="module")
def outra_empresa(produto: Produto) -> Empresa:
    return nova_empresa(produto, "Oficina Quartzo")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    relato = yield
    if relato.when == "call":
        item.stash[_FALHOU] = relato.failed
    return relato


@pytest.fixture
def janela(
    navegador: Browser, produto: Produto, artefatos: Path, request: pytest.FixtureRequest
) -> Iterator[CriarJanela]:
    abertas: list[Janela] = []

    def criar(**opcoes: Any) -> Janela:
        abertas.append(Janela(navegador, produto.base, **opcoes))
        return abertas[-1]

    yield criar
    if request.node.stash.get(_FALHOU, False):
        for numero, aberta in enumerate(abertas):
            retratar(aberta.pagina, artefatos / "falhas", f"{request.node.name}-{numero}")
    faltas = [falta for aberta in abertas for falta in aberta.fechar()]
    assert faltas == []
