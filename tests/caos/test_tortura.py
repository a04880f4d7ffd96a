"""Everything at once (T7): `tests.caos.tortura`. Long: `make caos` only. CAOS_N, CAOS_SEMENTE change size and seed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.caos.tortura import CALMO, Plano, torturar

N = int(os.environ.get("CAOS_N", "10000"))
SEMENTE = int(os.environ.get("CAOS_SEMENTE", "1"))


@pytest.fixture
def pasta(tmp_path: Path) -> Path:
    for parte in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parte.chmod(0o711)
    return tmp_path


@pytest.mark.timeout(2400)
@pytest.mark.parametrize(
    "plano",
    [
        pytest.param(Plano(n=N, semente=SEMENTE), id="tudo"),
        pytest.param(Plano(n=N // 5, semente=SEMENTE + 1, numeros=1, clientes=1), id="um_numero"),
        pytest.param(Plano(n=N // 5, semente=SEMENTE + 2, numeros=2, **CALMO), id="calma"),
    ],
)
async def test_ninguem_recebe_dois_ninguem_se_perde(
    pasta: Path, plano: Plano, capsys: pytest.CaptureFixture[str]
) -> None:
    veredito, figuras = await torturar(pasta, plano)
    with capsys.disabled():
        print("\n" + json.dumps(figuras))
    assert not veredito.especies, veredito.resumo()
