"""Entering, leaving, and what every page is wrapped in."""

from __future__ import annotations

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Empresa


def test_entrar_e_sair(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().entrar(empresa.dono)
    assert pagina.get_by_role("navigation", name="Principal").is_visible()
    pagina.goto("/entrar")
    pagina.get_by_label("E-mail").fill(empresa.email)
    pagina.get_by_label("Senha", exact=True).fill("errada demais")
    pagina.get_by_role("button", name="Entrar").click()
    assert pagina.get_by_role("alert").is_visible()
    assert pagina.get_by_label("E-mail").input_value() == empresa.email


# the boxes of the entries of the bar, as the page is, and as it was before each later part of it had arrived
_CAIXAS = """() => {
  const [lista, eu, corpo] = [".trilho ul", ".trilho .eu", "main"].map((s) => document.querySelector(s));
  const caixas = () => JSON.stringify([...lista.children].slice(0, 2).map((li) => {
    const { x, y, width, height } = li.getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
  }));
  const vistas = [caixas()];
  for (const parte of [corpo, eu, ...[...lista.children].slice(2)]) { parte.remove(); vistas.push(caixas()); }
  return vistas;
}"""


def test_a_barra_do_telefone_nao_se_move_enquanto_a_pagina_chega(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela(largura="telefone").abrir(empresa.dono, "/campanhas")
    vistas = pagina.evaluate(_CAIXAS)
    assert len(vistas) > 5 and set(vistas) == {vistas[0]}


_VISTOS = """async () => {
  const nome = (await (await fetch(document.querySelector("script[src*=painel]").src)).text()).match(/vivo[.][^"]+/)[0];
  const { aoMudar } = await import(`/estatico/${nome}`);
  window.vistos = 0;
  aoMudar("etiqueta", () => { window.vistos += 1; });
}"""
_CRIAR = """(nome) => fetch("/etiquetas", {
  method: "POST", body: new URLSearchParams({ nome, cor: "AZUL" }), redirect: "manual",
}).then((r) => r.type)"""


def test_dez_abas_um_fluxo(janela: CriarJanela, empresa: Empresa) -> None:
    aberta = janela(esperados=("Failed to load resource", "net::ERR"))
    fluxos: list[str] = []
    aberta.contexto.on("request", lambda pedido: fluxos.append(pedido.url) if "/vivo/fluxo" in pedido.url else None)
    abas = [aberta.abrir(empresa.dono, "/"), *(aberta.aba("/") for _ in range(9))]
    for aba in abas:
        aba.evaluate(_VISTOS)
    abas[4].wait_for_timeout(1000)
    assert len(fluxos) == 1
    assert abas[4].evaluate(_CRIAR, "Uma") == "opaqueredirect"
    for aba in abas:
        aba.wait_for_function("() => window.vistos > 0")
    # the lock moves with the tab that held it, and nothing is missed
    abas.pop(0).close()
    abas[4].evaluate(_CRIAR, "Duas")
    for aba in abas:
        aba.wait_for_function("() => window.vistos > 1")
    aberta.contexto.set_offline(True)
    abas[0].wait_for_timeout(1500)
    assert "Sem conexão" in abas[0].locator("#ligacao").inner_text()
    aberta.contexto.set_offline(False)
    abas[4].evaluate(_CRIAR, "Três")
    for aba in abas:
        aba.wait_for_function("() => window.vistos > 2")
    assert abas[0].locator("#ligacao").is_hidden()


def test_caixa_de_comando_e_atalhos(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().abrir(empresa.dono, "/")
    pagina.keyboard.press("Control+k")
    caixa = pagina.get_by_role("dialog")
    caixa.get_by_role("searchbox").fill("etiq")
    caixa.get_by_role("button", name="Painel").wait_for(state="hidden")
    caixa.get_by_role("button", name="Etiquetas").wait_for()
    pagina.keyboard.press("ArrowDown")
    pagina.keyboard.press("Enter")
    pagina.wait_for_url("**/etiquetas")
    pagina.keyboard.press("?")
    assert pagina.get_by_role("dialog").get_by_role("heading", level=1).inner_text() == "Atalhos do teclado"
    pagina.keyboard.press("Escape")
    pagina.keyboard.press("g")
    pagina.keyboard.press("p")
    pagina.wait_for_url(lambda url: url.endswith("/"))


def test_tema_e_idioma_sem_script(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela(com_script=False).abrir(empresa.dono, "/?periodo=30")
    pagina.locator(".eu").click()
    pagina.get_by_role("button", name="Escuro").click()
    pagina.wait_for_url("**/?periodo=30")
    assert pagina.locator("html").get_attribute("data-tema") == "escuro"
    pagina.locator(".eu").click()
    pagina.get_by_role("button", name="English").click()
    assert pagina.get_by_role("link", name="30 days").get_attribute("aria-current") == "true"
