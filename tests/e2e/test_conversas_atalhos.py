"""Every shortcut listed for the inbox does there what it is listed for: its single key, and the one while writing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Error, Page, expect

from app.http.pages.atalhos import ACOES
from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Empresa

Conferir = Callable[[Page], object]
# what other pages do; `ir.` only follows the menu
_ALHEIAS: Final = {"novo", "editar"}


def _dialogo(titulo: str) -> Conferir:
    return lambda p: expect(
        p.get_by_role("dialog").get_by_role("heading", name=re.compile(titulo)).first
    ).to_be_visible()


def _endereco(fim: str) -> Conferir:
    return lambda p: expect(p).to_have_url(re.compile(fim))


def _foco(seletor: str) -> Conferir:
    return lambda p: expect(p.locator(seletor)).to_be_focused()


def _escreve(como: str) -> Conferir:
    def conferir(pagina: Page) -> None:
        expect(pagina.locator("#texto")).to_be_focused()
        expect(pagina.locator(f"[name=como][value={como}]")).to_be_checked()

    return conferir


def _outra(pagina: Page) -> None:
    """From the composer to another conversation; from elsewhere to another card."""
    pagina.wait_for_function(
        """() => document.querySelector("#conversa").dataset.id !== window.antes
            || document.activeElement.closest("#cartoes li")?.id.slice(2).replace(window.antes, "")"""
    )


# what is there after the key; those that change the conversation come last
FEITO: Final[dict[str, Conferir]] = {
    "comandos": _foco("dialog[open] input[type=search]"),
    "ajuda": _dialogo("Atalhos do teclado"),
    "buscar": _foco("#q"),
    "atualizar": lambda p: p.wait_for_function("() => !window.antes"),
    "proxima": _outra,
    "anterior": _outra,
    "abrir": _outra,
    "selecionar": lambda p: expect(p.locator(".marca:checked")).to_have_count(1),
    "filtrar": _dialogo("Filtr"),
    "aba.1": _endereco(r"/conversas$"),
    "aba.2": _endereco(r"/conversas\?aba=fila$"),
    "aba.3": _endereco(r"/conversas\?aba=todas$"),
    "aba.4": _endereco(r"/conversas\?aba=mencoes$"),
    "aba.proxima": _endereco(r"/conversas\?aba=mencoes$"),
    "responder": _escreve("responder"),
    "nota": _escreve("nota"),
    "resolver": _dialogo("Resolver a conversa"),
    "resolver.proxima": _dialogo("Resolver a conversa"),
    "adiar": _dialogo("Adiar a conversa"),
    "atribuir": _dialogo("Atribuir a conversa"),
    "transferir": _dialogo("Transferir a conversa"),
    "etiquetar": _dialogo("Etiquetas da conversa"),
    "priorizar": _dialogo("Prioridade da conversa"),
    "achar": _foco("#busca-no-fio"),
    "anexar": lambda p: p.wait_for_function("() => window.escolheu"),
    "modelo": lambda p: expect(p.locator(".lista-de-modelos")).to_be_visible(),
    "agendar": _foco("#quando"),
    "painel.direito": lambda p: p.wait_for_function(
        "() => document.querySelector('#painel').checkVisibility() !== window.painel"
    ),
    "painel.esquerdo": lambda p: expect(p.locator("#lista")).to_be_hidden(),
    "assumir": lambda p: expect(p.locator("#topo")).to_contain_text("com Dona da Empresa"),
    "puxar": lambda p: expect(p.get_by_text("É sua: a que esperava há mais tempo")).to_be_visible(),
}
# what has to be so before the key shows anything
ANTES: Final[dict[str, Conferir]] = {
    "responder": lambda p: p.locator("#como-nota").check(force=True),
    "abrir": lambda p: p.keyboard.press("j"),
    "anexar": lambda p: p.on("filechooser", lambda _: p.evaluate("() => { window.escolheu = true; }")),
}


@pytest.fixture(scope="module")
def conversas(empresa: Empresa) -> list[str]:
    telefones = [f"+551198765400{n}" for n in range(3)]
    for telefone in telefones:
        empresa.receber("Bom dia", telefone)
    return [empresa.conversa_com(telefone) for telefone in telefones]


def test_toda_acao_listada_tem_o_que_conferir() -> None:
    assert set(FEITO) == {a.codigo for a in ACOES if not a.codigo.startswith("ir.")} - _ALHEIAS


def test_todo_atalho_faz_o_que_diz(janela: CriarJanela, empresa: Empresa, conversas: list[str]) -> None:
    pagina = janela().entrar(empresa.dono, "/conversas?aba=todas")
    # neither the first nor the last of the list, so that both ways lead to another
    aberta = (pagina.locator("#cartoes > li[data-k]").nth(1).get_attribute("id") or "").removeprefix("c-")
    assert aberta in conversas
    teclas = {a.codigo: [(a.tecla, False)] * bool(a.tecla) + [(a.dentro, True)] * bool(a.dentro) for a in ACOES}
    sem_efeito = []
    for codigo, conferir in FEITO.items():
        for tecla, escrevendo in teclas[codigo]:
            pagina.goto(f"/conversas/{aberta}?aba=todas")
            expect(pagina.locator("#fio-corpo")).to_have_attribute("data-js", "")
            if codigo in ANTES:
                ANTES[codigo](pagina)
            if escrevendo:
                pagina.locator("#texto").focus()
            pagina.evaluate(
                """antes => {
                    window.antes = antes;
                    window.painel = document.querySelector("#painel").checkVisibility();
                }""",
                aberta,
            )
            pagina.keyboard.press(tecla.replace("Ctrl", "Control"))
            try:
                conferir(pagina)
            except (AssertionError, Error) as erro:
                sem_efeito.append(f"{codigo} ({tecla}): {erro}")
    assert sem_efeito == []
