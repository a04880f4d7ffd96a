"""The ninth digit, area codes, landlines, carriers and the rest of the world."""

from __future__ import annotations

import random
import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.telefone import DDDS, candidatos, normalizar


def test_os_67_ddds() -> None:
    assert len(DDDS) == 67
    for numero in range(100):
        ddd = f"{numero:02}"
        aceito = ddd in DDDS
        assert (normalizar(f"{ddd}999990000") == f"+55{ddd}999990000") is aceito
        assert (normalizar(f"{ddd}33334444") == f"+55{ddd}33334444") is aceito
        if numero > 9:  # a zero after the country is the trunk prefix
            assert (normalizar(f"+55{ddd}999990000") is not None) is aceito


@pytest.mark.parametrize("ddd", sorted(DDDS))
def test_cada_ddd_por_todas_as_formas(ddd: str) -> None:
    canonico = f"+55{ddd}987654321"
    for forma in (
        f"{ddd}987654321",
        f"{ddd}87654321",
        f"({ddd}) 98765-4321",
        f"({ddd}) 8765-4321",
        f"0{ddd}987654321",
        f"0 15 {ddd} 98765-4321",
        f"021{ddd}87654321",
        f"55{ddd}987654321",
        f"55{ddd}87654321",
        f"+55 {ddd} 98765-4321",
        f"+55{ddd}87654321",
        f"+55 0{ddd} 98765-4321",
        f"+55 ({ddd}) 98765.4321",
        f"  {ddd} 98765 4321  ",
    ):
        assert normalizar(forma) == canonico, forma


def test_fixo_fica_como_esta() -> None:
    for inicio in "2345":
        assert normalizar(f"11{inicio}3334444") == f"+5511{inicio}3334444"
        assert normalizar(f"+5511{inicio}3334444") == f"+5511{inicio}3334444"
        assert candidatos(f"+5511{inicio}3334444") == (f"5511{inicio}3334444",)


def test_celular_antigo_ganha_o_nono() -> None:
    for inicio in "6789":
        assert normalizar(f"34{inicio}9990002") == f"+55349{inicio}9990002"


def test_ddd_55_nao_se_confunde_com_o_pais() -> None:
    assert normalizar("55999990000") == "+5555999990000"
    assert normalizar("5533334444") == "+555533334444"
    assert normalizar("5581234567") == "+5555981234567"
    assert normalizar("+555533334444") == "+555533334444"
    # with the "+" the country is stated and then the area code is missing
    assert normalizar("+55 99999-0000") is None
    assert normalizar("555533334444") == "+555533334444"


@pytest.mark.parametrize(
    "texto",
    [
        "",
        " ",
        "abc",
        "99999-0000",
        "999990000",
        "11",
        "119999",
        "119999900000",
        "5511789012345",
        "+5511789012345",
        "11789012345",
        "0800 123 4567",
        "4004-1234",
        "190",
        "+55",
        "+",
        "+0",
        "2099999-0000",
        "11 99999-0000 ramal 12",
        "x" * 61,
        "1" * 60,
        "+1",
        "+99999999999999",
        "+55 11 99999-0000 / 98888-0000",
        "11999990000\x00",
        "0" * 20,
        "1e10",
        "-",
        "(11)",
        "=1199999",
    ],
)
def test_recusados(texto: str) -> None:
    assert normalizar(texto) is None


@pytest.mark.parametrize(
    ("texto", "esperado"),
    [
        ("+1 (650) 253-0000", "+16502530000"),
        ("+351 912 345 678", "+351912345678"),
        ("+54 9 11 2345-6789", "+5491123456789"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+598 99 123 456", "+59899123456"),
        ("+595 981 123456", "+595981123456"),
        ("tel:+5511999990000", "+5511999990000"),
        ("+55 11 9 9999 0000", "+5511999990000"),
        ("11/99999-0000", "+5511999990000"),
        ("011 99999-0000", "+5511999990000"),
        ("0 15 11 99999-0000", "+5511999990000"),
        ("+55 011 99999-0000", "+5511999990000"),
        ("(11) 99999-0000", "+5511999990000"),
        ("++5511999990000", "+5511999990000"),
        # digits of other scripts are digits all the same
        ("１１９９９９９００００", "+5511999990000"),
    ],
)
def test_aceitos(texto: str, esperado: str) -> None:
    assert normalizar(texto) == esperado


def test_candidatos_seguem_a_estatistica() -> None:
    assert candidatos("+5511987654321") == ("5511987654321", "551187654321")
    assert candidatos("+5530987654321")[0] == "5530987654321"
    assert candidatos("+5531987654321") == ("553187654321", "5531987654321")
    assert candidatos("+5543961234567") == ("5543961234567", "554361234567")
    assert candidatos("+5581971234567") == ("558171234567", "5581971234567")
    assert candidatos("+16502530000") == ("16502530000",)
    assert candidatos("+551133334444") == ("551133334444",)


@given(st.text(max_size=70))
def test_qualquer_texto_da_e164_ou_nada(texto: str) -> None:
    saida = normalizar(texto)
    assert saida is None or re.fullmatch(r"\+[1-9][0-9]{7,14}", saida), saida


@given(st.from_regex(r"[+0-9() .\-]{0,20}", fullmatch=True))
def test_canonico_e_ponto_fixo(texto: str) -> None:
    saida = normalizar(texto)
    if saida is not None:
        assert normalizar(saida) == saida


def test_concorda_com_phonenumbers_nos_celulares_novos() -> None:
    sorteio = random.Random(1)
    for _ in range(2000):
        numero = f"+55{sorteio.choice(sorted(DDDS))}9{sorteio.randrange(6, 10)}{sorteio.randrange(10**7):07}"
        lido = phonenumbers.parse(numero, "BR")
        assert normalizar(numero) == phonenumbers.format_number(lido, phonenumbers.PhoneNumberFormat.E164)
        assert phonenumbers.is_possible_number(lido)
