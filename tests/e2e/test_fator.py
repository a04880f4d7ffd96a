"""The second factor as a person meets it: turned on, asked for, mistyped, lost, taken away."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.autenticador import codigo_anterior
from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe
from tests.e2e.produto import Agente, Empresa

AQUI = "/configuracoes/seguranca/fator"
CODIGO = "Código do aplicativo, ou um de reserva"
# HTML 6 KB and 300 elements for settings, 3 KB and 60 for the login: what only a factor in progress shows
_ELEMENTOS = "() => document.querySelectorAll('*').length"


def _ligar(pagina: Page, pessoa: Agente) -> tuple[pyotp.TOTP, list[str]]:
    """From the settings to the codes; the code of the step before, so that the present one can be used to enter."""
    pagina.goto("/configuracoes/seguranca")
    pagina.get_by_role("link", name="Ligar…").click()
    pagina.get_by_label("Senha atual").fill("não é esta")
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_label("Senha atual")).to_have_attribute("aria-invalid", "true")
    pagina.get_by_label("Senha atual").fill(pessoa.senha)
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("img", name="Código QR do segundo fator")).to_be_visible()
    assert pagina.evaluate(_ELEMENTOS) <= 300
    totp = pyotp.TOTP((pagina.locator(".chave").text_content() or "").replace(" ", ""))
    pagina.get_by_label("Código que o aplicativo mostra").fill("000")
    pagina.get_by_role("button", name="Ligar", exact=True).click()
    expect(pagina.get_by_label("Código que o aplicativo mostra")).to_have_attribute("aria-invalid", "true")
    pagina.get_by_label("Código que o aplicativo mostra").fill(codigo_anterior(totp))
    pagina.get_by_role("button", name="Ligar", exact=True).click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Códigos de reserva")
    return totp, pagina.get_by_label("Códigos de reserva").input_value().split()


def _senha(pagina: Page, pessoa: Agente) -> None:
    pagina.goto("/entrar?volta=%2Fetiquetas")
    pagina.get_by_label("E-mail").fill(pessoa.email)
    pagina.get_by_label("Senha", exact=True).fill(pessoa.senha)
    pagina.get_by_role("button", name="Entrar").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Código de entrada")


def _codigo(pagina: Page, codigo: str) -> None:
    pagina.get_by_label("Código", exact=True).fill(codigo)
    pagina.get_by_role("button", name="Entrar").click()


def _volta_inteira(
    pagina: Page, outra: Page, pessoa: Agente, conferir: Callable[[Page], None]
) -> tuple[pyotp.TOTP, list[str]]:
    totp, reservas = _ligar(pagina, pessoa)
    assert len(set(reservas)) == 10
    _senha(outra, pessoa)
    conferir(outra)
    _codigo(outra, "12345")
    expect(outra.get_by_role("alert")).to_contain_text("ZAI04")
    _codigo(outra, totp.now())
    expect(outra.get_by_role("heading", level=1)).to_have_text("Etiquetas")
    outra.context.clear_cookies()
    _senha(outra, pessoa)
    _codigo(outra, reservas[0].lower())
    expect(outra.get_by_role("heading", level=1)).to_have_text("Etiquetas")
    pagina.goto("/configuracoes/seguranca")
    expect(pagina.get_by_text("Restam 9 códigos de reserva.")).to_be_visible()
    return totp, reservas


def _confirmar(pagina: Page, qual: int, pessoa: Agente, codigo: str, botao: str) -> None:
    pagina.get_by_label("Senha atual").nth(qual).fill(pessoa.senha)
    pagina.get_by_label(CODIGO).nth(qual).fill(codigo)
    pagina.get_by_role("button", name=botao).click()


def test_liga_sai_e_entra_com_o_codigo(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Dois Fatores")
    entrando = janela()
    pagina = janela().abrir(pessoa, "/configuracoes/seguranca")

    def conferir(outra: Page) -> None:
        assert axe(outra) == []
        assert outra.evaluate(_ELEMENTOS) <= 60
        assert pessoa.senha not in outra.content()

    _, reservas = _volta_inteira(pagina, entrando.pagina, pessoa, conferir)
    pagina.goto(AQUI)
    assert axe(pagina) == []
    _confirmar(pagina, 0, pessoa, "000", "Criar novos códigos")
    expect(pagina.get_by_label(CODIGO).first).to_have_attribute("aria-invalid", "true")
    expect(pagina.get_by_role("alert")).to_contain_text("ZRI64")
    assert axe(pagina) == []
    _confirmar(pagina, 0, pessoa, reservas[1], "Criar novos códigos")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Códigos de reserva")
    assert axe(pagina) == []
    pagina.get_by_role("button", name="Copiar todos").click()
    expect(pagina.get_by_text("Códigos copiados")).to_be_visible()
    with pagina.expect_download() as baixado:
        pagina.get_by_role("link", name="Baixar").click()
    escritos = pagina.get_by_label("Códigos de reserva").input_value()
    assert escritos in baixado.value.path().read_text()
    pagina.goto(AQUI)
    _confirmar(pagina, 1, pessoa, reservas[2], "Desligar")
    # those of before are no codes any more
    expect(pagina.get_by_role("alert")).to_contain_text("ZRI64")
    _confirmar(pagina, 1, pessoa, escritos.split()[0], "Desligar")
    expect(pagina.get_by_text("Segundo fator desligado")).to_be_visible()


def test_sem_script(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Dois Sem Script")
    pagina = janela(com_script=False).abrir(pessoa, "/configuracoes/seguranca")
    _volta_inteira(pagina, janela(com_script=False).pagina, pessoa, lambda _: None)


def test_quem_administra_tira(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Perdeu Celular")
    _ligar(janela().abrir(pessoa, "/configuracoes/seguranca"), pessoa)
    pagina = janela().abrir(empresa.dono, "/usuarios")
    linha = pagina.get_by_role("row").filter(has_text=pessoa.email)
    expect(linha.get_by_text("2 fatores")).to_be_visible()
    pagina.goto(f"/usuarios/{pessoa.id}")
    pagina.get_by_role("button", name="Tirar o segundo fator").click()
    expect(pagina.get_by_text("Segundo fator tirado")).to_be_visible()
    janela().entrar(pessoa, "/etiquetas")


def test_recuperar(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela(com_script=False).pagina
    pagina.goto("/entrar")
    pagina.get_by_role("link", name="Esqueceu a senha?").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Recuperar o acesso")
    expect(pagina.get_by_text("códigos de reserva")).to_be_visible()


@pytest.mark.parametrize("com_script", [True, False], ids=["com", "sem"])
def test_voltar_e_sempre_a_uma_pagina_nossa(janela: CriarJanela, empresa: Empresa, com_script: bool) -> None:
    """Back through all that was posted, the mistyped code too; and Forward shows the codes no more."""
    pessoa = empresa.contratar("Volta Sempre")
    pagina = janela(com_script=com_script).abrir(pessoa, "/configuracoes/seguranca")
    _, reservas = _ligar(pagina, pessoa)
    pagina.reload()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Segundo fator")
    expect(pagina.get_by_text("só aparecem uma vez")).to_be_visible()
    _confirmar(pagina, 0, pessoa, "000", "Criar novos códigos")
    expect(pagina.get_by_role("alert")).to_contain_text("ZRI64")
    _confirmar(pagina, 0, pessoa, reservas[0], "Criar novos códigos")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Códigos de reserva")
    novos = pagina.get_by_label("Códigos de reserva").input_value().split()
    while pagina.evaluate("() => navigation.entries().length && navigation.canGoBack"):
        pagina.go_back()
        expect(pagina.get_by_role("heading", level=1)).to_be_visible()
        assert pagina.url.startswith(pagina.url.partition("/configuracoes")[0])
        assert not [c for c in novos + reservas if c in pagina.content()]
    while pagina.evaluate("() => navigation.canGoForward"):
        pagina.go_forward()
        expect(pagina.get_by_role("heading", level=1)).to_be_visible()
        assert not [c for c in novos + reservas if c in pagina.content()]


def test_quem_espera_o_codigo_recomeca_quando_o_fator_e_tirado(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Espera Código")
    _, reservas = _ligar(janela().abrir(pessoa, "/configuracoes/seguranca"), pessoa)
    esperando = janela().pagina
    _senha(esperando, pessoa)
    empresa.dono.pedir("DELETE", f"/api/usuarios/{pessoa.id}/fator")
    _codigo(esperando, reservas[0])
    expect(esperando.get_by_role("heading", level=1)).to_have_text("Entrar")
    expect(esperando.get_by_role("alert")).to_contain_text("segundo fator desta conta mudou")
    assert axe(esperando) == []
    esperando.get_by_label("E-mail").fill(pessoa.email)
    esperando.get_by_label("Senha", exact=True).fill(pessoa.senha)
    esperando.get_by_role("button", name="Entrar").click()
    expect(esperando.get_by_role("heading", level=1)).to_have_text("Etiquetas")
