"""Negative controls of the torture (T8): each broken rule must make the judge convict. Long: `make caos` only.

The missing fence is in `test_intercalacoes.py`, where the sleeping worker that it needs can be arranged exactly.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.caos.tortura import Plano, torturar

CURTO = Plano(n=600, numeros=1, clientes=1, conversas=0, mata_s=0.0, congela=False, quedas=0, prazo_s=240)
CONVERSAS = replace(CURTO, n=100, conversas=20, prazo_s=60)


def sem(funcao: str, trecho: str, no_lugar: str) -> str:
    """A function of the product without one of its conditions; an error when the condition is not there."""
    return f"""
        do $desarranjo$
        declare
            v_texto text := pg_get_functiondef('{funcao}'::regproc);
        begin
            if position($t${trecho}$t$ in v_texto) = 0 then
                raise exception 'condição ausente';
            end if;
            execute replace(v_texto, $t${trecho}$t$, $t${no_lugar}$t$);
        end
        $desarranjo$
    """


SEM_ORDEM = sem("interno.fila_escolher", "o.ordem < f.ordem", "false")
SEM_PAR = sem("interno.envio_avaliar", "greatest(p.livre_em, case", "least('-infinity'::timestamptz, case")


def altera(variante: str) -> tuple[str, ...]:
    return ("-m", "tests.caos.worker_alterado", variante)


@pytest.fixture
def pasta(tmp_path: Path) -> Path:
    for parte in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parte.chmod(0o711)
    return tmp_path


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("plano", "especie"),
    [
        pytest.param(replace(CURTO, programa=altera("duvida_e_nao_saiu")), "duplicada", id="duvida_e_nao_saiu"),
        pytest.param(replace(CURTO, programa=altera("reconcilia_cedo")), "duplicada", id="reconcilia_cedo"),
        pytest.param(replace(CURTO, programa=altera("janela_fixa")), "janela", id="janela_fixa"),
        pytest.param(replace(CONVERSAS, desarranjo=[SEM_ORDEM]), "ordem", id="sem_ordem"),
        # without the order as well: it would hold the rest of the conversation behind the provider's first refusal
        pytest.param(replace(CONVERSAS, conversas=2, em_cada=60, desarranjo=[SEM_PAR, SEM_ORDEM]), "par", id="sem_par"),
    ],
)
async def test_regra_quebrada_e_condenada(pasta: Path, plano: Plano, especie: str) -> None:
    veredito, figuras = await torturar(pasta, plano)
    assert especie in veredito.especies, figuras


@pytest.mark.timeout(400)
async def test_janela_maior_que_a_demora_passa(pasta: Path) -> None:
    """The same resend after a window longer than the webhooks' delay is acquitted: the judge sees the difference."""
    veredito, _ = await torturar(pasta, replace(CURTO, programa=altera("reconcilia_tarde")))
    assert not veredito.especies, veredito.resumo()
