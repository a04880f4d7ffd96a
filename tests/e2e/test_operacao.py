"""What gave up and what came in: seen by cause and by filter, brought back, put aside."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.cena import matar
from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Empresa, esperar


@pytest.fixture(scope="module")
def com_mortos(empresa: Empresa) -> Empresa:
    matar(empresa, 5)
    matar(empresa, 2, "XX000: outra causa")
    return empresa


def test_fila_morta_por_causa_volta_e_descarta(
    janela: CriarJanela, com_mortos: Empresa, outra_empresa: Empresa
) -> None:
    pagina = janela().entrar(com_mortos.dono)
    expect(pagina.get_by_role("link", name="Fila morta")).to_contain_text("7")
    pagina.goto("/fila-morta")
    grupo = pagina.locator("li.cartao").filter(has_text="o provedor sumiu")
    expect(grupo).to_contain_text("5 à espera")
    expect(grupo.get_by_role("link", name="evento recebido").first).to_be_visible()
    # one, from its own page
    grupo.get_by_role("link", name="Ver todos (5)").click()
    pagina.get_by_role("link", name=re.compile(r"\d\d:\d\d")).first.click()
    pagina.get_by_label("Motivo").fill("o provedor já voltou")
    pagina.get_by_role("button", name="Reprocessar").click()
    expect(pagina.get_by_text(re.compile("Voltou à fila em"))).to_be_visible()
    # the rest of its cause
    pagina.goto("/fila-morta")
    grupo = pagina.locator("li.cartao").filter(has_text="o provedor sumiu")
    grupo.get_by_label("Motivo").fill("o provedor já voltou")
    grupo.get_by_role("button", name="Reprocessar 4").click()
    expect(pagina.get_by_text("o provedor sumiu")).to_have_count(0)
    # what is put aside says why
    outro = pagina.locator("li.cartao").filter(has_text="outra causa")
    outro.get_by_label("Motivo").fill("não serve mais")
    outro.get_by_role("button", name="Descartar 2").click()
    expect(pagina.get_by_text("Nada desistiu")).to_be_visible()
    pagina.get_by_role("link", name="O que já foi resolvido").click()
    expect(pagina.get_by_text("Motivo: não serve mais")).to_have_count(2)
    # nothing of it was ever the other tenant's
    outra = janela().entrar(outra_empresa.dono, "/fila-morta/itens?resolvida=true")
    expect(outra.get_by_text("Nada foi resolvido ainda")).to_be_visible()


def test_motivo_que_falta_nao_perde_o_que_se_digitou(janela: CriarJanela, com_mortos: Empresa) -> None:
    matar(com_mortos, 1, "XX000: terceira causa")
    pagina = janela(com_script=False).entrar(com_mortos.dono, "/fila-morta")
    grupo = pagina.locator("li.cartao").filter(has_text="terceira causa")
    grupo.get_by_label("Motivo").fill("   x   ")
    grupo.get_by_role("button", name="Descartar 1").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZRF01")
    assert pagina.get_by_label("Motivo").input_value().strip() == "x"


def test_webhooks_filtro_corpo_e_reprocesso(janela: CriarJanela, com_mortos: Empresa, outra_empresa: Empresa) -> None:
    texto = "<script>alert(1)</script> & \u202eolá"
    com_mortos.receber(texto, de="+5511987650077")
    com_mortos.conversa_com("987650077")
    pagina = janela().entrar(com_mortos.dono, "/webhooks-recebidos?campo=messages&status=PROCESSADO")
    pagina.locator("tbody").last.get_by_role("link").first.click()
    expect(pagina.locator("pre")).to_contain_text("<script>alert(1)</script>")
    evento = pagina.url
    pagina.get_by_role("button", name="Reprocessar").click()
    expect(pagina.get_by_text("Evento de volta à fila")).to_be_visible()

    def processado() -> bool:
        pagina.goto(evento)
        return pagina.get_by_text("Processado", exact=True).count() > 1

    esperar(processado, 20, 0.5)
    # by selection, then the whole filter
    pagina.goto("/webhooks-recebidos?de=2020-01-01T00:00")
    pagina.get_by_role("checkbox").first.check()
    pagina.get_by_role("button", name="Reprocessar os escolhidos").click()
    expect(pagina.get_by_text("Eventos de volta à fila")).to_be_visible()
    pagina.goto("/webhooks-recebidos?de=2020-01-01T00:00")
    pagina.get_by_role("button", name="Reprocessar tudo do filtro").click()
    expect(pagina.get_by_text(re.compile("de volta à fila|precisava voltar"))).to_be_visible()
    # once stored, never twice
    conversa = com_mortos.conversa_com("987650077")
    assert len(com_mortos.dono.pedir("GET", f"/api/conversas/{conversa}/mensagens")) == 1
    pagina.goto("/webhooks-recebidos?status=ERRO&campo=nenhum")
    expect(pagina.get_by_text("Nenhum evento com estes filtros")).to_be_visible()
    outra = janela().entrar(outra_empresa.dono)
    resposta = outra.goto(evento)
    assert resposta is not None and resposta.status == 404
