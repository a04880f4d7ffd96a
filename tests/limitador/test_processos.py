"""Real processes, a real server and a receiver that counts arrivals; the driver is the benchmark's.

The runs share the machine and overlap on purpose: the ceiling must hold whoever is late. Rates are not asserted here.
"""

import pytest

from bench.limitador import maior_janela
from tests.limitador.conftest import Corrida


def test_no_window_above_the_ceiling_while_the_latency_jumps(corrida: Corrida) -> None:
    dados = corrida("salta")
    assert dados["enviados"] > 150
    assert dados["maior_janela"] <= 80
    assert dados["pico_em_voo"] <= 10


def test_no_window_above_the_ceiling_under_jitter(corrida: Corrida) -> None:
    dados = corrida("treme")
    assert dados["enviados"] > 150
    assert dados["maior_janela"] <= 80
    assert dados["pico_em_voo"] <= 10


def test_no_window_above_the_ceiling_when_the_server_loses_its_state(corrida: Corrida) -> None:
    dados = corrida("falha")
    assert dados["nascimentos"] == 3  # the first start, the flush, the restart
    assert dados["enviados"] > 100
    assert dados["maior_janela"] <= 80


def test_the_same_count_exposes_a_fixed_window(corrida: Corrida) -> None:
    assert corrida("controle")["maior_janela"] > 120


@pytest.mark.parametrize(
    ("chegadas", "maior"), [([], 0), ([5.0], 1), ([0.0, 1.0, 1.001], 2), ([0.9, 0.95, 1.1, 1.9, 1.95], 5 - 1)]
)
def test_the_count_slides(chegadas: list[float], maior: int) -> None:
    assert maior_janela(chegadas) == maior
