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
