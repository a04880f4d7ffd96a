"""What the queue offers: a card in whatever page, for as long as the server says, answered once for the browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe
from tests.e2e.produto import Agente, Empresa, esperar

# the sound, counted
_OUVIDO = """
window.sons = 0;
const De = window.AudioContext;
window.AudioContext = class extends De { constructor() { super(); window.sons += 1; } };
"""


def _equipe(empresa: Empresa, nome: str, segundos: int, *pessoas: Agente) -> str:
    equipe: str = empresa.dono.pedir("POST", "/api/equipes", json={"nome": nome, "membros": [p.id for p in pessoas]})[
        "id"
    ]
    modo = {"calendarioId": None, "distribuicao": "AUTOMATICA", "ofertaSegundos": segundos}
    empresa.dono.pedir("PUT", f"/api/atendimento/equipes/{equipe}", json=modo)
    empresa.dono.pedir(
        "PUT", f"/api/atendimento/conexoes/{empresa.conexao_id}", json={"equipeId": equipe, "donoMinutos": 0}
    )
    return equipe


def _cartao(pagina: Page) -> Locator:
    return pagina.get_by_role("region", name="A fila oferece uma conversa")


def _oferecida(pessoa: Agente) -> bool:
    return pessoa.pedir("GET", "/api/atendimento/oferta")["oferta"] is not None


def test_recusada_por_uma_passa_a_outra_que_aceita(janela: CriarJanela, empresa: Empresa) -> None:
    ana, bia = empresa.contratar("Ana Ofertas"), empresa.contratar("Bia Ofertas")
    _equipe(empresa, "Balcão de ofertas", 60, ana, bia)
    da_ana, da_bia = janela(), janela()
    for uma in (da_ana, da_bia):
        uma.contexto.add_init_script(_OUVIDO)
    with da_ana.pagina.expect_request("**/vivo/fluxo*"):
        da_ana.abrir(ana, "/contatos")
    outra = da_ana.aba("/")
    with da_bia.pagina.expect_request("**/vivo/fluxo*"):
        da_bia.abrir(bia, "/configuracoes/perfil")
    for pagina in (da_ana.pagina, da_bia.pagina):
        pagina.mouse.click(1, 1)
    empresa.receber("quero um bolo", "+5511987600001")
    esperar(lambda: _oferecida(ana) or _oferecida(bia))
    primeira, segunda = (da_ana, da_bia) if _oferecida(ana) else (da_bia, da_ana)
    cartao = _cartao(primeira.pagina)
    expect(cartao).to_be_visible()
    expect(cartao).to_contain_text("Balcão de ofertas")
    esperar(lambda: primeira.pagina.evaluate("() => window.sons"))
    expect(cartao.locator(".resta")).to_contain_text(re.compile(r"\b[1-5]?\d s"))
    expect(_cartao(segunda.pagina)).to_have_count(0)
    assert axe(primeira.pagina) == []
    # by keyboard: what comes first after the link that skips
    cartao.get_by_role("button", name="Recusar").focus()
    primeira.pagina.keyboard.press("Enter")
    expect(cartao).to_have_count(0)
    expect(_cartao(segunda.pagina)).to_be_visible()
    _cartao(segunda.pagina).get_by_role("button", name="Aceitar").click()
    segunda.pagina.wait_for_url("**/conversas/*")
    expect(segunda.pagina.locator("#fio").get_by_text("quero um bolo")).to_be_visible()
    for pagina in (da_ana.pagina, da_bia.pagina, outra):
        expect(_cartao(pagina)).to_have_count(0)


def test_sem_resposta_passa_a_outra_e_quem_abre_a_pagina_a_ve(janela: CriarJanela, empresa: Empresa) -> None:
    eva, gil = empresa.contratar("Eva Ofertas"), empresa.contratar("Gil Ofertas")
    _equipe(empresa, "Balcão ligeiro", 8, eva, gil)
    de_eva, de_gil = janela(), janela()
    for uma, pessoa in ((de_eva, eva), (de_gil, gil)):
        with uma.pagina.expect_request("**/vivo/fluxo*"):
            uma.abrir(pessoa, "/contatos")
    empresa.receber("alguém aí?", "+5511987600002")
    esperar(lambda: _oferecida(eva) or _oferecida(gil))
    primeira, segunda = (de_eva, de_gil) if _oferecida(eva) else (de_gil, de_eva)
    expect(_cartao(primeira.pagina)).to_be_visible()
    # nobody answers: it is the other's turn, with nothing done by anybody
    expect(_cartao(segunda.pagina)).to_be_visible(timeout=30_000)
    expect(_cartao(primeira.pagina)).to_have_count(0)
    # whoever opens a page while something is offered to her sees it there
    rui = empresa.contratar("Rui Ofertas")
    equipe = _equipe(empresa, "Balcão calmo", 120, rui)
    conversa = empresa.conversa_com("+5511987600002")
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/transferir", json={"equipeId": equipe})
    esperar(lambda: _oferecida(rui))
    expect(_cartao(segunda.pagina)).to_have_count(0)
    de_rui = janela(largura="telefone")
    de_rui.abrir(rui, "/contatos")
    expect(_cartao(de_rui.pagina)).to_be_visible()
    assert axe(de_rui.pagina) == []


def test_sem_script_ha_uma_pagina(janela: CriarJanela, empresa: Empresa) -> None:
    iris = empresa.contratar("Íris Ofertas")
    _equipe(empresa, "Balcão sem script", 120, iris)
    empresa.receber("oi", "+5511987600003")
    esperar(lambda: _oferecida(iris))
    sem = janela(com_script=False)
    sem.abrir(iris, "/oferta")
    sem.pagina.get_by_role("button", name="Aceitar").click()
    sem.pagina.wait_for_url("**/conversas/*")
    sem.abrir(iris, "/oferta")
    expect(sem.pagina.get_by_text("Nenhuma conversa é oferecida a você agora.")).to_be_visible()


@pytest.mark.parametrize("segundos", ["3", "20"])
def test_a_equipe_diz_por_quanto_tempo(janela: CriarJanela, empresa: Empresa, segundos: str) -> None:
    equipe = empresa.dono.pedir("POST", "/api/equipes", json={"nome": f"Equipe dos {segundos}"})["id"]
    aberta = janela()
    aberta.abrir(empresa.dono, f"/usuarios/equipes/{equipe}")
    campo = aberta.pagina.get_by_label("Oferecer por (segundos)")
    campo.fill(segundos)
    aberta.pagina.get_by_role("button", name="Salvar fila").click()
    if segundos == "3":
        expect(aberta.pagina.get_by_text("5 a 120 segundos").first).to_be_visible()
    expect(campo).to_have_value(segundos)
