"""Every page in light and dark, wide and narrow, with data, without and with an error: axe, budgets, pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import LARGURAS, TEMAS, axe, retratar
from tests.e2e.paginas import PAGINAS, Endereco
from tests.e2e.produto import Empresa


@pytest.mark.parametrize("largura", LARGURAS)
@pytest.mark.parametrize("tema", TEMAS)
@pytest.mark.parametrize("endereco", PAGINAS, ids=lambda e: e.nome)
def test_vazia(
    janela: CriarJanela, outra_empresa: Empresa, artefatos: Path, endereco: Endereco, tema: str, largura: str
) -> None:
    pagina = janela(tema=tema, largura=largura).entrar(outra_empresa.dono, endereco.caminho)
    retratar(pagina, artefatos / "vazia", f"{endereco.nome}-{tema}-{largura}")
    assert axe(pagina) == []
