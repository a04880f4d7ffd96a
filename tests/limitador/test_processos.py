"""Real processes, a real server and a receiver that counts arrivals; the driver is the benchmark's.

The runs share the machine and overlap on purpose: the ceiling must hold whoever is late. Rates are not asserted here.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.limitador import maior_janela

RAIZ = Path(__file__).parents[2]
CORRIDAS = {
    "salta": "--segundos 9 --resposta-ms 20 300",
    "treme": "--segundos 9 --jitter-ms 300",
    "falha": "--segundos 9 --jitter-ms 50 --falhas",
    "controle": "--segundos 4 --controle",
}

Corrida = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def corrida() -> Iterator[Corrida]:
    filhos = {
        nome: subprocess.Popen(
            [sys.executable, "-m", "bench.limitador", "--prazo-http-s", "0.5", *argumentos.split()],
            cwd=RAIZ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for nome, argumentos in CORRIDAS.items()
    }

    def resultado(nome: str) -> dict[str, Any]:
        dados: dict[str, Any] = json.loads(filhos[nome].communicate(timeout=60)[0])
        print(dados)
        return dados

    yield resultado
    for filho in filhos.values():
        filho.kill()
        filho.wait()


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
