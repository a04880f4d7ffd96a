"""Tags: the first ones by a click, a name that is taken, two that are one, removing with the count."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Empresa, Produto, nova_empresa


def test_sugeridas_juntar_e_remover(janela: CriarJanela, produto: Produto, outra_empresa: Empresa) -> None:
    empresa = nova_empresa(produto, "Livraria Topázio")
    pagina = janela().entrar(empresa.dono, "/etiquetas")
    pagina.get_by_role("button", name="VIP").click()
    expect(pagina.locator("summary .pilula", has_text="VIP")).to_be_visible()
    pagina.get_by_text("Nova etiqueta").click()
    nova = pagina.locator("#nova")
    nova.get_by_label("Nome").fill("VIP")
    nova.get_by_role("button", name="Criar").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZCE01")
    assert pagina.locator("#nova").get_by_label("Nome").input_value() == "VIP"
    pagina.locator("#nova").get_by_label("Nome").fill("Muito importante")
    pagina.locator("#nova").get_by_role("button", name="Criar").click()
    expect(pagina.locator("summary .pilula", has_text="Muito importante")).to_be_visible()
    vip = next(e["id"] for e in empresa.dono.pedir("GET", "/api/etiquetas") if e["nome"] == "VIP")
    corpo = {"nome": "Ana", "telefone": "11955550601", "etiquetaIds": [vip]}
    empresa.dono.pedir("POST", "/api/contatos", json=corpo)
    # what has VIP now has the other, and VIP is gone
    pagina.reload()
    pagina.locator("summary .pilula", has_text="VIP").click()
    aberta = pagina.locator("li", has=pagina.locator("details[open] summary .pilula", has_text="VIP"))
    aberta.get_by_text("Juntar a outra…").click()
    aberta.get_by_label("Tudo o que tem VIP").select_option(label="Muito importante")
    aberta.get_by_role("button", name="Juntar", exact=True).click()
    expect(pagina.locator("summary .pilula", has_text="VIP")).to_have_count(0)
    expect(pagina.locator("summary", has_text="Muito importante")).to_contain_text("1 contato ·")
    # removing says how many
    pagina.locator("summary .pilula", has_text="Muito importante").click()
    pagina.get_by_text("Remover…").click()
    expect(pagina.get_by_text("Sai de 1 contato e 0 conversas")).to_be_visible()
    pagina.get_by_role("button", name="Remover Muito importante").click()
    expect(pagina.get_by_role("button", name="VIP")).to_be_visible()
    dela = janela().entrar(outra_empresa.dono, "/etiquetas")
    expect(dela.get_by_text("Muito importante")).to_have_count(0)
