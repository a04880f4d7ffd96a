"""The generated references are what the database and the source say now."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

import pytest

from app.embutido import SUPERUSUARIO
from docs.gerar import DOCS, da_borda, gerar
from tests.arquitetura.corpos import todas

# sentences that say which field or file, under one code that means "what was sent is malformed"
DE_FORMATO = {"ZRG03", "ZRG01", "ZRC04", "ZCG04", "ZTG01"}


@pytest.fixture(scope="module")
def gerados(url_de: Callable[[str], str]) -> dict[str, str]:
    return gerar(url_de(SUPERUSUARIO))


@pytest.mark.parametrize("nome", ["funcoes.md", "erros.md"])
def test_em_dia(nome: str, gerados: dict[str, str]) -> None:
    assert (DOCS / nome).read_text(encoding="utf-8") == gerados[nome], "run `make docs`"


def test_e_deterministico(gerados: dict[str, str], url_de: Callable[[str], str]) -> None:
    assert gerar(url_de(SUPERUSUARIO)) == gerados


def test_diz_toda_funcao_e_todo_codigo(gerados: dict[str, str]) -> None:
    assert set(re.findall(r"(?m)^### (.+)$", gerados["funcoes.md"])) >= {f.completo for f in todas()}
    codigos = {c for f in todas() for c in re.findall(r"'(Z[A-Z]{2}[0-9]{2})'", f.arquivo.read_text(encoding="utf-8"))}
    assert codigos and codigos <= set(re.findall(r"(?m)^\| (Z[A-Z]{2}[0-9]{2}) \|", gerados["erros.md"]))


def test_um_codigo_da_borda_diz_o_que_o_do_banco_diz(gerados: dict[str, str]) -> None:
    """The lint holds this inside the database; here it holds across both sides."""
    frases: dict[str, set[str]] = defaultdict(set)
    for codigo, frase in re.findall(r"(?m)^\| (Z[A-Z]{2}[0-9]{2}) \| [0-9, ]+ \| (.+?) \| `", gerados["erros.md"]):
        frases[codigo].add(frase)
    assert {d.codigo for d in da_borda()} <= set(frases)
    assert {c: f for c, f in frases.items() if len(f) > 1 and c not in DE_FORMATO} == {}
