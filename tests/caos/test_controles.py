"""Negative controls of the torture (T8): each broken rule must make the judge convict. Long: `make caos` only.

The missing fence is in `test_intercalacoes.py`, where the sleeping worker that it needs can be arranged exactly.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.caos.tortura import Plano, torturar


@pytest.fixture
def pasta(tmp_path: Path) -> Path:
    for parte in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parte.chmod(0o711)
    return tmp_path


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("variante", "especie"), [("duvida_e_nao_saiu", "duplicada"), ("janela_fixa", "janela")])
async def test_regra_quebrada_e_condenada(pasta: Path, variante: str, especie: str) -> None:
    plano = Plano(n=600, mata_s=0.0, programa=("-m", "tests.caos.worker_alterado", variante), prazo_s=200)
    veredito, figuras = await torturar(pasta, plano)
    assert especie in veredito.especies, figuras
