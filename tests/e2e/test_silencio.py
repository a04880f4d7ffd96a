"""One conversation muted by whoever looks: no sound, no notice, no count in the title; unread in the list still."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe
from tests.e2e.produto import Empresa, esperar
from tests.e2e.test_avisos import _abrir, _conversa, _ditos, _pronta, _sons


def test_silencia_no_cartao_e_volta_na_conversa(janela: CriarJanela, empresa: Empresa) -> None:
    ana = _pronta(empresa, "Ana Silencia")
    calada = _conversa(empresa, "+5511987671001", ana)
    outra = _conversa(empresa, "+5511987671002", ana)
    _, abas = _abrir(janela, ana, "/conversas", "/conversas")
    pagina, ao_lado = abas
    cartao = pagina.locator(f"#c-{calada}")
    expect(pagina).to_have_title(re.compile(r"^\(2\) "))
    menu = pagina.locator("#menu-cartao")
    # the menu's module comes with the first gesture
    esperar(lambda: cartao.locator(".cc").click(button="right") or menu.is_visible())
    menu.get_by_role("button", name="Silenciar").click()
    expect(cartao.get_by_role("img", name="Silenciada")).to_be_visible()
    expect(cartao.locator(".conta")).to_be_visible()
    # the other tab hears of it, and neither counts it
    for aba in abas:
        expect(aba.locator(f"#c-{calada}").get_by_role("img", name="Silenciada")).to_be_visible()
        expect(aba).to_have_title(re.compile(r"^\(1\) "))
    assert axe(pagina) == []
    empresa.receber("não se ouve", "+5511987671001")
    expect(cartao.get_by_text("não se ouve")).to_be_visible()
    empresa.receber("ouve-se", "+5511987671002")
    esperar(lambda: _ditos(abas) and _sons(abas))
    assert (_ditos(abas), _sons(abas)) == ([(outra, "ouve-se")], 1)
    # and back, in the conversation itself
    ao_lado.locator(f"#c-{calada} .cc").click()
    topo = ao_lado.locator("#topo")
    expect(topo.get_by_role("img", name="Silenciada")).to_be_visible()
    ao_lado.get_by_role("button", name="Voltar a avisar").click()
    expect(topo.get_by_role("img", name="Silenciada")).to_have_count(0)
    expect(ao_lado.locator("#resumo").get_by_role("button", name="Silenciar")).to_be_visible()
    expect(cartao.get_by_role("img", name="Silenciada")).to_have_count(0)
    cartao.locator(".cc").click(button="right")
    expect(menu.get_by_role("button", name="Silenciar")).to_be_visible()


def test_sem_script(janela: CriarJanela, empresa: Empresa) -> None:
    bia = _pronta(empresa, "Bia Silencia")
    conversa = _conversa(empresa, "+5511987672001", bia)
    sem = janela(com_script=False)
    pagina = sem.abrir(bia, f"/conversas/{conversa}")
    pagina.locator("#resumo").get_by_role("button", name="Silenciar").click()
    expect(pagina.get_by_text("Conversa silenciada: sem som nem avisos")).to_be_visible()
    for onde in ("#topo", f"#c-{conversa}"):
        expect(pagina.locator(onde).get_by_role("img", name="Silenciada")).to_be_visible()
    pagina.locator("#resumo").get_by_role("button", name="Voltar a avisar").click()
    expect(pagina.get_by_text("Os avisos desta conversa voltaram")).to_be_visible()
    expect(pagina.get_by_role("img", name="Silenciada")).to_have_count(0)


def test_quem_supervisiona_ve_a_quem_se_oferece(janela: CriarJanela, empresa: Empresa) -> None:
    caio = empresa.contratar("Caio Oferecido")
    equipe = empresa.dono.pedir("POST", "/api/equipes", json={"nome": "Salão da vista", "membros": [caio.id]})["id"]
    modo = {"calendarioId": None, "distribuicao": "AUTOMATICA", "ofertaSegundos": 60}
    empresa.dono.pedir("PUT", f"/api/atendimento/equipes/{equipe}", json=modo)
    conversa = _conversa(empresa, "+5511987673001", None)
    nova = janela()
    with nova.pagina.expect_request("**/vivo/fluxo*"):
        pagina = nova.abrir(empresa.dono, "/conversas?aba=todas")
    cartao = pagina.locator(f"#c-{conversa}")
    expect(cartao).to_be_visible()
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/transferir", json={"equipeId": equipe})
    expect(cartao.get_by_text("Oferecida por 60 s a Caio Oferecido")).to_be_visible()
    assert axe(pagina) == []
    oferta = caio.pedir("GET", "/api/atendimento/oferta")["oferta"]
    caio.pedir("POST", f"/api/atendimento/ofertas/{oferta['id']}/recusar")
    expect(cartao.get_by_text("Oferecida por")).to_have_count(0)
