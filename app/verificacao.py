"""`balcao verificar`: the lints of db/lints against the live catalogue.

Each lint is one SELECT that returns what breaks its rule (rule, object, detail). dispensas.sql returns what is excused
(rule, object, reason); an excuse without a reason, or one that excuses nothing, is itself a finding.
"""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

import click

from app.banco import BancoAdministracao
from app.migracao import PASTA, ConfigMigracao

LINTS: Final = PASTA / "lints"
DISPENSAS: Final = LINTS / "dispensas.sql"
REGRA_DISPENSA: Final = "0000"
_FUNCAO: Final = re.compile(r"^create or replace function ([a-z]+\.[a-z0-9_]+)\s*\(", re.MULTILINE)
_MOTIVO_MINIMO: Final = 10


class Achado(NamedTuple):
    """One object that breaks one rule."""

    regra: str
    objeto: str
    detalhe: str


def funcoes_dos_arquivos() -> list[str]:
    """Functions that db/functions declares, as schema.name."""
    arquivos = sorted((PASTA / "functions").rglob("*.sql"))
    return [nome for arquivo in arquivos for nome in _FUNCAO.findall(arquivo.read_text(encoding="utf-8"))]


def ajustes() -> dict[str, str]:
    """Settings that the lints read; names print qualified, whatever the database's search_path is."""
    return {"search_path": "", "verificacao.funcoes": json.dumps(funcoes_dos_arquivos())}


def achados(url: str) -> list[Achado]:
    """Everything that breaks a rule and is not excused, by rule and object."""
    with BancoAdministracao(url) as banco:
        vistos = [Achado(*linha) for linha in banco.consultar(sorted(LINTS.glob("[0-9]*.sql")), ajustes())]
        dispensas = banco.consultar([DISPENSAS], ajustes())
    return julgar(vistos, dispensas)


def julgar(vistos: list[Achado], dispensas: list[tuple[str, ...]]) -> list[Achado]:
    """Take what is excused out of what was found, and add the excuses that are not fit to be one."""
    motivos = {(regra, objeto): motivo for regra, objeto, motivo in dispensas}
    abertos = [achado for achado in vistos if (achado.regra, achado.objeto) not in motivos]
    usadas = {(achado.regra, achado.objeto) for achado in vistos}
    for (regra, objeto), motivo in motivos.items():
        if (regra, objeto) not in usadas:
            abertos.append(Achado(REGRA_DISPENSA, f"{regra} {objeto}", "dispensa que não dispensa nada: remova-a"))
        elif len(motivo) < _MOTIVO_MINIMO:
            abertos.append(Achado(REGRA_DISPENSA, f"{regra} {objeto}", "dispensa sem motivo"))
    return sorted(set(abertos))


def verificar(config: ConfigMigracao) -> int:
    """Print the findings; 0 when there is none, 1 otherwise."""
    abertos = achados(config.url_admin)
    for achado in abertos:
        click.echo(f"{achado.regra}  {achado.objeto}: {achado.detalhe}")
    regras = len(list(LINTS.glob("[0-9]*.sql")))
    if abertos:
        click.echo(f"{len(abertos)} achados em {regras} regras; o porquê de cada regra está em db/lints.", err=True)
        return 1
    click.echo(f"Nada a corrigir: {regras} regras conferidas.")
    return 0
