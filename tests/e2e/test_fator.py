"""The second factor as a person meets it: turned on, asked for, mistyped, lost, taken away."""

from __future__ import annotations

import time
from collections.abc import Callable

import pyotp
from playwright.sync_api import Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe
from tests.e2e.produto import Agente, Empresa

AQUI = "/configuracoes/seguranca/fator"
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
    pagina.get_by_label("Código que o aplicativo mostra").fill(totp.at(int(time.time()) - 30))
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


def _volta_inteira(pagina: Page, outra: Page, pessoa: Agente, conferir: Callable[[Page], None]) -> None:
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


def test_liga_sai_e_entra_com_o_codigo(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Dois Fatores")
    entrando = janela()
    pagina = janela().abrir(pessoa, "/configuracoes/seguranca")

    def conferir(outra: Page) -> None:
        assert axe(outra) == []
        assert outra.evaluate(_ELEMENTOS) <= 60
        assert pessoa.senha not in outra.content()

    _volta_inteira(pagina, entrando.pagina, pessoa, conferir)
    pagina.goto(AQUI)
    assert axe(pagina) == []
    pagina.get_by_label("Senha atual").first.fill(pessoa.senha)
    pagina.get_by_role("button", name="Criar novos códigos").click()
    assert axe(pagina) == []
    pagina.get_by_role("button", name="Copiar todos").click()
    expect(pagina.get_by_text("Códigos copiados")).to_be_visible()
    with pagina.expect_download() as baixado:
        pagina.get_by_role("link", name="Baixar").click()
    escritos = pagina.get_by_label("Códigos de reserva").input_value()
    assert escritos in baixado.value.path().read_text()
    pagina.goto(AQUI)
    pagina.get_by_label("Senha atual").last.fill(pessoa.senha)
    pagina.get_by_role("button", name="Desligar").click()
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
