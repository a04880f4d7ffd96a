"""Every page in light and dark, wide and narrow, with data, without and with an error: axe, budgets, pictures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cena import encher
from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import LARGURAS, TEMAS, Janela, axe, medir, retratar
from tests.e2e.paginas import ERRO, PAGINAS, Endereco
from tests.e2e.produto import SENHA, Empresa, Produto, nova_empresa

NULO = "00000000-0000-7000-8000-000000000000"
_todas = pytest.mark.parametrize("endereco", PAGINAS, ids=lambda e: e.nome)
_temas = pytest.mark.parametrize("tema", TEMAS)
_larguras = pytest.mark.parametrize("largura", LARGURAS)


@pytest.fixture(scope="module")
def cheia(produto: Produto) -> tuple[Empresa, dict[str, str]]:
    nova = nova_empresa(produto, "Mercado Topázio Importação e Exportação de Alimentos Finos Ltda.")
    nova.conectar()
    return nova, encher(nova)


def conferir(janela: Janela, pasta: Path, nome: str) -> None:
    """What every page must pass in every state."""
    pagina = janela.pagina
    retratar(pagina, pasta, f"{nome}-{janela.tema}-{janela.largura}")
    assert pagina.get_by_role("heading", level=1).count() == 1
    assert pagina.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), "rola para o lado"
    assert axe(pagina) == []


@_larguras
@_temas
@_todas
def test_cheia(
    janela: CriarJanela,
    cheia: tuple[Empresa, dict[str, str]],
    artefatos: Path,
    endereco: Endereco,
    tema: str,
    largura: str,
) -> None:
    empresa, ids = cheia
    aberta = janela(tema=tema, largura=largura)
    aberta.chegar(endereco.chegar(empresa), endereco.caminho.format(**ids))
    conferir(aberta, artefatos / "cheia", endereco.nome)
    assert aberta.pagina.evaluate("() => window.invadida") is None


@_larguras
@_temas
@pytest.mark.parametrize("endereco", [e for e in PAGINAS if "{" not in e.caminho], ids=lambda e: e.nome)
def test_vazia(
    janela: CriarJanela, outra_empresa: Empresa, artefatos: Path, endereco: Endereco, tema: str, largura: str
) -> None:
    aberta = janela(tema=tema, largura=largura)
    aberta.chegar(endereco.chegar(outra_empresa), endereco.caminho)
    conferir(aberta, artefatos / "vazia", endereco.nome)


@_larguras
@_temas
@_todas
def test_com_erro(
    janela: CriarJanela, outra_empresa: Empresa, artefatos: Path, endereco: Endereco, tema: str, largura: str
) -> None:
    aberta = janela(tema=tema, largura=largura)
    destino = endereco.caminho if "{" in endereco.caminho else endereco.caminho + ERRO
    aberta.chegar(endereco.chegar(outra_empresa), destino.format_map(_Nulos()))
    if endereco.campo:
        _errar(aberta.pagina, endereco.campo)
    conferir(aberta, artefatos / "erro", endereco.nome)


def _errar(pagina: Page, campo: str) -> None:
    """Say something wrong in it, the password too where it is asked for, and send that form."""
    forma = pagina.locator("form", has=pagina.get_by_label(campo, exact=True)).first
    if forma.get_by_label("Senha atual").count():
        forma.get_by_label("Senha atual").fill(SENHA)
    forma.get_by_label(campo, exact=True).fill("0")
    forma.get_by_label(campo, exact=True).press("Enter")
    expect(pagina.get_by_role("alert")).to_be_visible()


class _Nulos(dict[str, str]):
    """An id of nothing for whatever an address names."""

    def __missing__(self, chave: str) -> str:
        return NULO


@_todas
def test_orcamento(
    janela: CriarJanela, cheia: tuple[Empresa, dict[str, str]], artefatos: Path, endereco: Endereco
) -> None:
    """KB over the wire, requests, nodes and layout shift of a first visit, on a phone."""
    empresa, ids = cheia
    aberta = janela(largura="telefone")
    aberta.chegar(endereco.chegar(empresa), "/entrar")
    custo = medir(aberta, endereco.caminho.format(**ids))
    medido = {
        "js": custo.kb("Script"),
        "css": custo.kb("Stylesheet"),
        "html": custo.kb("Document"),
        "pedidos": len(custo.pedidos),
        "nos": custo.nos,
        "cls": round(custo.cls, 4),
    }
    with (artefatos / "orcamentos.jsonl").open("a") as saida:
        saida.write(json.dumps({"pagina": endereco.nome, **medido}) + "\n")
    teto = endereco.orcamento
    limites = {"js": teto.js, "css": teto.css, "html": teto.html, "pedidos": teto.pedidos, "nos": teto.nos, "cls": 0.01}
    assert {n: (m, limites[n]) for n, m in medido.items() if m > limites[n]} == {}, "\n".join(custo.pedidos)


@_todas
def test_estreita(janela: CriarJanela, cheia: tuple[Empresa, dict[str, str]], endereco: Endereco) -> None:
    """320 px wide, which is 1280 at 400 % zoom: nothing scrolls sideways."""
    empresa, ids = cheia
    aberta = janela(largura="telefone")
    aberta.pagina.set_viewport_size({"width": 320, "height": 640})
    aberta.chegar(endereco.chegar(empresa), endereco.caminho.format(**ids))
    assert aberta.pagina.evaluate("() => document.documentElement.scrollWidth") <= 320
