"""What was written: it leaves once, for whom it was written, or comes back whole; nothing of it is lost on the way."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Agente, Empresa, esperar

Cena = tuple[Agente, str, str]
_DESFAZER = "s => localStorage.setItem(`escrever:${document.body.dataset.eu}`, JSON.stringify({desfazer: s}))"
_SAIDAS = "() => Object.keys(localStorage).filter((c) => c.startsWith('saida:')).length"


_NUMEROS = itertools.count(1)


@pytest.fixture(scope="module")
def ana(empresa: Empresa) -> Agente:
    return empresa.contratar("Ana Souza", "ADMINISTRADOR")


@pytest.fixture
def cena(empresa: Empresa, ana: Agente) -> Cena:
    """One person with two conversations that are nobody's."""
    numero = next(_NUMEROS)
    telefones = [f"+55119876530{numero:02d}", f"+55119876531{numero:02d}"]
    for telefone, nome in zip(telefones, (f"Alice {numero}", f"Berta {numero}"), strict=True):
        empresa.dono.pedir("POST", "/api/contatos", json={"nome": nome, "telefone": telefone})
        empresa.receber("Bom dia", telefone)
    um, dois = map(empresa.conversa_com, telefones)
    return ana, um, dois


def _abrir(pagina: Page, conversa: str, desfazer: int = 0) -> Locator:
    """Its composer, empty, with what comes with the first gesture there."""
    pagina.goto(f"/conversas/{conversa}?aba=todas")
    pagina.evaluate(_DESFAZER, desfazer)
    expect(pagina.locator("#fio-corpo")).to_have_attribute("data-js", "")
    pagina.mouse.move(300, 300)
    pagina.wait_for_function("() => window.htmx")
    caixa = pagina.get_by_label("Mensagem para")
    caixa.click()
    pagina.evaluate("() => import(document.querySelector('#fio-corpo').dataset.mais)")
    caixa.fill("")
    return caixa


def _ate(pagina: Page, pronto: Callable[[], object]) -> None:
    """Until it is so, while the page goes on."""

    def agora() -> object:
        pagina.wait_for_timeout(50)
        return pronto()

    esperar(agora, 40)


def _nota(pagina: Page) -> None:
    pagina.locator("label", has=pagina.locator("#como-nota")).click()


def _ir(pagina: Page, conversa: str) -> None:
    pagina.locator(f"#c-{conversa} a.cc").click()
    expect(pagina.locator("#fio-corpo")).to_have_attribute("data-conversa", conversa)
    expect(pagina.locator("#fio-corpo")).to_have_attribute("data-js", "")


def _mensagens(agente: Agente, conversa: str) -> list[str]:
    lidas = agente.pedir("GET", f"/api/conversas/{conversa}/mensagens", params={"limite": 200})
    return [m["corpo"] for m in lidas if m["direcao"] == "SAIDA" and m["status"] != "PULADO"]


def _recusar(rota: Route) -> None:
    erro = {"codigo": "ZXX99", "mensagem": "isto não se manda"}
    rota.fulfill(status=422, json={"sucesso": False, "dados": None, "erro": erro})


def test_nota_nao_se_agenda(janela: CriarJanela, cena: Cena) -> None:
    ana, um, _ = cena
    pagina = janela().entrar(ana)
    caixa = _abrir(pagina, um)
    relogio = pagina.get_by_title("Agendar")
    relogio.click()
    pagina.get_by_label("Enviar em").fill("2099-01-01T10:00")
    relogio.click()
    _nota(pagina)
    caixa.fill("só para a equipe")
    expect(relogio).not_to_be_visible()
    pedidos: list[str] = []
    pagina.on("request", lambda pedido: pedidos.append(pedido.url) if pedido.method == "POST" else None)
    pagina.evaluate("() => { const b = document.querySelector('[value=agendar]'); b.form.requestSubmit(b); }")
    pagina.locator("label", has=pagina.locator("[name=como][value=responder]")).click()
    expect(relogio).to_be_visible()
    assert [p for p in pedidos if "/agendadas" in p or "/escrever" in p] == []
    expect(caixa).to_have_value("só para a equipe")
    caixa.fill("")


def test_quem_sai_nao_leva_o_que_nao_saiu(janela: CriarJanela, empresa: Empresa, cena: Cena) -> None:
    _, um, _ = cena
    pessoa = empresa.contratar("Sara Apressada", "ADMINISTRADOR")
    pagina = janela(esperados=("ERR_",)).entrar(pessoa)
    caixa = _abrir(pagina, um)
    pagina.route(re.compile("/mensagens$"), lambda rota: rota.abort())
    with pagina.expect_event("requestfailed"):
        caixa.fill("não me esqueça")
        caixa.press("Enter")
    sair = "() => document.querySelector('form[action=\"/sair\"]').requestSubmit()"
    pagina.evaluate(sair)
    expect(pagina.locator(".brinde", has_text="não me esqueça")).to_be_visible()
    assert pagina.evaluate(_SAIDAS) == 1
    expect(pagina).to_have_url(re.compile(um))
    # it leaves, and then the person does
    pagina.unroute_all()
    pagina.wait_for_url("**/entrar", timeout=40_000)
    assert "não me esqueça" in _mensagens(cena[0], um)


def test_sai_de_qualquer_pagina(janela: CriarJanela, empresa: Empresa, cena: Cena) -> None:
    _, um, _ = cena
    pessoa = empresa.contratar("Rita Saltos", "ADMINISTRADOR")
    pagina = janela(esperados=("ERR_",)).entrar(pessoa)
    caixa = _abrir(pagina, um)
    pagina.route(re.compile("/mensagens$"), lambda rota: rota.abort())
    with pagina.expect_event("requestfailed"):
        caixa.fill("escrita e deixada")
        caixa.press("Enter")
    pagina.goto("/etiquetas")
    pagina.unroute_all()
    _ate(pagina, lambda: "escrita e deixada" in _mensagens(cena[0], um))
    pagina.wait_for_function(f"() => ({_SAIDAS})() === 0")


def test_a_recusa_do_que_ja_nao_se_ve_e_dita(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela().entrar(ana)
    caixa = _abrir(pagina, um)
    retidas: list[Route] = []
    pagina.route(re.compile("/mensagens$"), lambda rota: retidas.append(rota))
    caixa.fill("recusada ao longe")
    caixa.press("Enter")
    _ate(pagina, lambda: retidas)
    _ir(pagina, dois)
    _recusar(retidas[0])
    aviso = pagina.locator(".brinde", has_text="isto não se manda")
    expect(aviso).to_contain_text(re.compile(r"Alice \d+: recusada ao longe"))
    pagina.unroute_all()
    aviso.get_by_role("button", name="Voltar ao texto").click()
    pagina.wait_for_url(f"**/conversas/{um}")
    bolha = pagina.locator("#rolo .local", has_text="recusada ao longe")
    bolha.get_by_role("button", name="Voltar ao texto").click()
    expect(pagina.get_by_label("Mensagem para")).to_have_value("recusada ao longe")
    expect(bolha).to_have_count(0)
    pagina.get_by_label("Mensagem para").fill("")


def test_a_nota_que_volta_ao_texto_e_nota(janela: CriarJanela, cena: Cena) -> None:
    ana, um, _ = cena
    pagina = janela().entrar(ana)
    caixa = _abrir(pagina, um)
    pagina.route(re.compile("/notas$"), _recusar)
    _nota(pagina)
    caixa.fill("cuidado com este cliente")
    caixa.press("Enter")
    bolha = pagina.locator("#rolo .local", has_text="cuidado com este cliente")
    expect(bolha.locator(".motivo")).to_contain_text("isto não se manda (ZXX99)")
    pagina.locator("label", has=pagina.locator("[name=como][value=responder]")).click()
    bolha.get_by_role("button", name="Voltar ao texto").click()
    expect(caixa).to_have_value("cuidado com este cliente")
    expect(pagina.locator("#como-nota")).to_be_checked()
    caixa.fill("")


def test_a_mencao_fica_com_o_rascunho(janela: CriarJanela, empresa: Empresa, cena: Cena) -> None:
    ana, um, dois = cena
    bruno = empresa.contratar("Bruno Lima", "ADMINISTRADOR")
    pagina = janela().entrar(ana)
    caixa = _abrir(pagina, um)
    _nota(pagina)
    caixa.press_sequentially("@brun", delay=40)
    expect(pagina.get_by_role("option", name="Bruno Lima")).to_be_visible()
    caixa.press("Enter")
    with pagina.expect_response(lambda r: r.url.endswith("/rascunho") and r.request.method == "PUT" and r.ok):
        caixa.press_sequentially("veja isto")
    # what is kept here knows it
    pagina.wait_for_function(
        "() => Object.keys(localStorage).every((c) => !c.startsWith('rascunho:') || !JSON.parse(localStorage[c]).sujo)"
    )
    _ir(pagina, dois)
    _ir(pagina, um)
    expect(caixa).to_have_value(re.compile("@Bruno Lima veja isto"))
    caixa.press("Enter")
    expect(pagina.locator("#rolo .nota:not(.local)", has_text="veja isto")).to_be_visible()
    mencoes = esperar(lambda: bruno.pedir("GET", "/api/mencoes"))
    assert [m["conversa"]["id"] for m in mencoes] == [um]


@pytest.mark.parametrize("resposta", ["500", "413"])
def test_a_que_o_servidor_nao_responde_nao_prende_as_outras(janela: CriarJanela, cena: Cena, resposta: str) -> None:
    ana, um, _ = cena
    pagina = janela(esperados=("status of 500",)).entrar(ana)
    caixa = _abrir(pagina, um)

    def responder(rota: Route) -> None:
        corpo: Any = json.loads(rota.request.post_data or "")
        if corpo["conteudo"]["texto"] != f"presa {resposta}":
            return rota.continue_()
        return rota.fulfill(status=int(resposta), content_type="text/html", body="<p>não</p>")

    pagina.route(re.compile("/mensagens$"), responder)
    for texto in (f"presa {resposta}", f"solta {resposta}"):
        caixa.fill(texto)
        caixa.press("Enter")
    _ate(pagina, lambda: f"solta {resposta}" in _mensagens(ana, um))
    bolha = pagina.locator("#rolo .local", has_text=f"presa {resposta}")
    expect(bolha).to_contain_text(f"não enviada ({resposta})")
    pagina.unroute_all()
    bolha.get_by_role("button", name="Tentar de novo").click()
    expect(pagina.locator("#rolo .msg:not(.local)", has_text=f"presa {resposta}")).to_be_visible()


def test_a_resposta_que_se_perde_nao_repete_a_nota(janela: CriarJanela, cena: Cena) -> None:
    ana, um, _ = cena
    pagina = janela(esperados=("ERR_",)).entrar(ana)
    caixa = _abrir(pagina, um)
    perdidas: list[str] = []

    def perder(rota: Route) -> None:
        if perdidas:
            return rota.continue_()
        perdidas.append(rota.fetch().text())
        # it is shown before it is asked for again
        expect(pagina.locator("#rolo .nota:not(.local)", has_text="uma vez só")).to_be_visible()
        return rota.abort()

    pagina.route(re.compile("/notas$"), perder)
    _nota(pagina)
    caixa.fill("uma vez só")
    caixa.press("Enter")
    pagina.wait_for_function(f"() => ({_SAIDAS})() === 0")
    expect(pagina.locator("#rolo .nota", has_text="uma vez só")).to_have_count(1)


def test_desfazer_devolve_o_que_foi_escrito(janela: CriarJanela, cena: Cena) -> None:
    """Marks and all; beside what was typed since, in a conversation that was left and opened again."""
    ana, um, dois = cena
    pagina = janela().entrar(ana)
    caixa = _abrir(pagina, um, desfazer=15)
    escrito = "*forte* _leve_ ~fora~ `cru` 2*3*4\n> citada\nfim"
    caixa.fill(escrito)
    caixa.press("Enter")
    aviso = pagina.locator(".brinde", has=pagina.get_by_role("button", name="Desfazer"))
    expect(aviso).to_be_visible()
    _ir(pagina, dois)
    _ir(pagina, um)
    caixa.fill("digitado depois")
    bolha = pagina.locator("#rolo .msg", has_text="citada")
    expect(bolha.locator("blockquote")).to_be_visible()
    aviso.get_by_role("button", name="Desfazer").click()
    expect(caixa).to_have_value(f"{escrito}\ndigitado depois")
    caixa.fill(escrito)
    pagina.evaluate(_DESFAZER, 0)
    caixa.press("Enter")
    expect(pagina.locator("#rolo .msg:not(.local) blockquote")).to_have_count(1)
    # the last that one sent, to be written again
    expect(pagina.locator("#rolo [data-minha]").last).to_contain_text("citada")
    caixa.press("ArrowUp")
    expect(caixa).to_have_value(escrito)
    caixa.fill("")


def test_desfazer_sem_rede_diz_que_nao_desfez(janela: CriarJanela, cena: Cena) -> None:
    ana, um, _ = cena
    pagina = janela(esperados=("ERR_", "htmx:")).entrar(ana)
    caixa = _abrir(pagina, um, desfazer=15)
    caixa.fill("quero de volta")
    caixa.press("Enter")
    pagina.route(re.compile("/desfazer$"), lambda rota: rota.abort())
    pagina.locator("#brindes").get_by_role("button", name="Desfazer").click()
    aviso = pagina.locator(".brinde", has_text="ainda não foi desfeita")
    expect(aviso).to_be_visible()
    expect(caixa).to_have_value("")
    pagina.unroute_all()
    aviso.get_by_role("button", name="Desfazer").click()
    expect(caixa).to_have_value("quero de volta")
    assert "quero de volta" not in _mensagens(ana, um)
    caixa.fill("")
