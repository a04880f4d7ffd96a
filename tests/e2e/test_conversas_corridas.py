"""What arrives late, or not at all: nobody acts on, or writes to, a person other than the one on the screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Agente, Empresa, esperar

UM, DOIS = "+5511987652001", "+5511987652002"
Cena = tuple[Agente, str, str]


@pytest.fixture(scope="module")
def cena(empresa: Empresa) -> Cena:
    """One person with two conversations."""
    ana = empresa.contratar("Ana Souza", "ADMINISTRADOR")
    for telefone, nome in ((UM, "Alice Primeira"), (DOIS, "Berta Segunda")):
        empresa.dono.pedir("POST", "/api/contatos", json={"nome": nome, "telefone": telefone})
        empresa.receber("Bom dia", telefone)
    return ana, empresa.conversa_com(UM), empresa.conversa_com(DOIS)


def _abrir(pagina: Page, conversa: str) -> None:
    pagina.goto(f"/conversas/{conversa}?aba=todas")
    expect(pagina.locator("#fio-corpo")).to_have_attribute("data-js", "")
    # what comes with the first gesture is there
    pagina.mouse.move(300, 300)
    pagina.wait_for_function("() => window.htmx")


def _reter(pagina: Page, qual: str) -> list[Route]:
    """Requests to addresses like this are kept; whoever calls lets them go."""
    retidas: list[Route] = []
    pagina.route(re.compile(qual), lambda rota: retidas.append(rota))
    return retidas


def _chegou(pagina: Page, retidas: list[Route]) -> Route:
    def alguma() -> bool:
        pagina.wait_for_timeout(50)
        return bool(retidas)

    esperar(alguma)
    return retidas.pop()


def test_enquanto_outra_conversa_vem_nada_se_faz_na_de_antes(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, um)
    pedidos: list[str] = []
    pagina.on("request", lambda pedido: pedidos.append(pedido.url))
    retidas = _reter(pagina, f"/conversas/{dois}(\\?|$)")
    pagina.locator(f"#c-{dois} a.cc").click()
    segunda = _chegou(pagina, retidas)
    pagina.keyboard.type("hei, alright")
    pagina.keyboard.press("Alt+e")
    segunda.continue_()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", dois)
    assert [p for p in pedidos if "/ato/" in p] == []
    pagina.wait_for_timeout(500)
    pagina.keyboard.press("e")
    expect(pagina.get_by_role("heading", name="Resolver a conversa de Berta Segunda")).to_be_visible()
    pagina.keyboard.press("Escape")
    expect(pagina.locator("#dialogo")).not_to_be_visible()


def test_o_dialogo_de_quem_se_deixou_nao_abre(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, um)
    retidas = _reter(pagina, f"/conversas/{um}/ato/resolver")
    pagina.keyboard.press("e")
    atrasado = _chegou(pagina, retidas)
    pagina.locator(f"#c-{dois} a.cc").click()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", dois)
    with pagina.expect_response(lambda r: "/ato/resolver" in r.url) as resposta:
        atrasado.continue_()
    resposta.value.finished()
    pagina.wait_for_timeout(300)
    expect(pagina.locator("#dialogo")).not_to_be_visible()


def _agendar(ana: Agente, conversa: str) -> None:
    """Changes the state of the composer, and nothing else."""
    quando = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    conteudo = {"texto": "até amanhã"}
    corpo = {"conversaId": conversa, "tipo": "TEXTO", "conteudo": conteudo, "enviarEm": quando, "fuso": "UTC"}
    ana.pedir("POST", "/api/agendadas", json=corpo)


def _redesenhar(pagina: Page, ana: Agente, conversa: str) -> None:
    antes = pagina.locator("#compositor").get_attribute("data-estado") or ""
    _agendar(ana, conversa)
    pagina.evaluate("() => dispatchEvent(new Event('online'))")
    expect(pagina.locator("#compositor")).not_to_have_attribute("data-estado", antes)


def test_o_compositor_redesenhado_fica_como_estava(janela: CriarJanela, cena: Cena) -> None:
    ana, um, _ = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, um)
    caixa = pagina.get_by_label("Mensagem para")
    pagina.locator("label", has=pagina.locator("#como-nota")).click()
    _redesenhar(pagina, ana, um)
    expect(pagina.locator("#como-nota")).to_be_checked()
    expect(caixa).to_have_value("")
    # what was sent, while the server still has it as the draft
    pagina.locator("[name=como][value=responder]").check(force=True)
    with pagina.expect_response(lambda r: r.url.endswith("/rascunho") and r.ok):
        caixa.fill("não volte")
    retidas = _reter(pagina, f"/conversas/{um}/mensagens$")
    caixa.press("Enter")
    mensagem = _chegou(pagina, retidas)
    _redesenhar(pagina, ana, um)
    expect(caixa).to_have_value("")
    mensagem.continue_()
    expect(pagina.locator("#rolo .msg:not(.local)", has_text="não volte")).to_have_count(1)
    expect(caixa).to_have_value("")


def test_sem_htmx_os_cartoes_abrem(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela(esperados=("ERR_",)).entrar(ana)
    pagina.route("**/htmx.min*", lambda rota: rota.abort())
    pagina.goto(f"/conversas/{um}?aba=todas")
    for conversa in (dois, um):
        pagina.locator(f"#c-{conversa} a.cc").click()
        expect(pagina.locator("#conversa")).to_have_attribute("data-id", conversa)
        expect(pagina).to_have_url(re.compile(conversa))
    # it comes again: the same click opens without leaving the page
    pagina.unroute("**/htmx.min*")
    pagina.evaluate("() => { window.aqui = true; }")
    pagina.locator(f"#c-{dois} a.cc").click()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", dois)
    assert pagina.evaluate("() => window.aqui")


def test_a_conversa_que_foi_para_outra_pessoa(janela: CriarJanela, empresa: Empresa) -> None:
    bia = empresa.contratar("Bia Ramos")
    empresa.receber("Oi", "+5511987652003")
    conversa = empresa.conversa_com("+5511987652003")
    bia.pedir("POST", f"/api/conversas/{conversa}/assumir", json={})
    pagina = janela().entrar(bia)
    _abrir(pagina, conversa)
    pagina.get_by_label("Mensagem para").fill("quase pronta")
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/assumir", json={"tomar": True})
    expect(pagina.get_by_text("Esta conversa não está mais com você.")).to_be_visible()
    expect(pagina.get_by_label("Mensagem para")).to_have_value("quase pronta")
    expect(pagina.get_by_label("Mensagem para")).not_to_be_editable()
    expect(pagina.locator("#enviar")).not_to_be_visible()
