"""Phone numbers as people type them, made canonical: E.164, and in Brazil always with the ninth digit.

`phonenumbers` neither adds nor removes the ninth digit and accepts some 8-digit mobiles as valid, so Brazil follows our
own rule and the package only parses what is not plainly Brazilian.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

# Brazil's area codes (ANATEL): everything else that looks like a Brazilian number is a typing mistake.
_UNIDADES: Final = {
    "1": "123456789", "2": "12478", "3": "1234578", "4": "123456789", "5": "1345",
    "6": "123456789", "7": "134579", "8": "123456789", "9": "123456789",
}  # fmt: skip
DDDS: Final = frozenset(dezena + unidade for dezena, unidades in _UNIDADES.items() for unidade in unidades)
TAMANHO_MAXIMO: Final = 60
_BRASIL: Final = 55
_ESCRITA: Final = re.compile(r"[0-9() .\-]+")
_NAO_DIGITO: Final = str.maketrans("", "", "() .-")
# trunk zero, then optionally the two digits of a long-distance carrier
_TRONCO: Final = re.compile(r"0(?:[1-9][0-9](?=[0-9]{10,11}$))?")


def normalizar(texto: str) -> str | None:
    """The canonical E.164 form of a number, read as Brazilian unless it says otherwise; None when it is not one."""
    texto = texto.strip()
    if not texto or len(texto) > TAMANHO_MAXIMO or not texto.isprintable():
        return None
    com_mais = texto.startswith("+")
    if _ESCRITA.fullmatch(texto, 1 if com_mais else 0):
        digitos = texto[com_mais:].translate(_NAO_DIGITO)
        if com_mais:
            # a "+" states the country: what follows 55 is national, even when the area code is 55 again
            return _nacional(_sem_tronco(digitos[2:])) if digitos.startswith("55") else _estrangeiro(texto)
        digitos = _sem_tronco(digitos)
        if len(digitos) in (12, 13) and digitos.startswith("55"):
            return _nacional(digitos[2:])
        return _nacional(digitos)
    return _estrangeiro(texto)


def candidatos(canonico: str) -> tuple[str, ...]:
    """The digits by which WhatsApp may know a canonical number, likelier first.

    Accounts older than the ninth digit often kept the short form; the second is worth trying only after the provider
    said that the first is not on WhatsApp.
    """
    digitos = canonico.removeprefix("+")
    if len(digitos) != 13 or not digitos.startswith("55"):
        return (digitos,)
    sem_nono = digitos[:4] + digitos[5:]
    # statistics of the network, not a rule: newer area codes and newer ranges were born with the ninth digit
    com_primeiro = int(digitos[2:4]) < 31 or digitos[5] < "7"
    return (digitos, sem_nono) if com_primeiro else (sem_nono, digitos)


def _sem_tronco(digitos: str) -> str:
    achado = _TRONCO.match(digitos)
    return digitos[achado.end() :] if achado else digitos


def _nacional(digitos: str) -> str | None:
    """Area code and subscriber of a Brazilian number, made canonical."""
    if not digitos.isascii() or digitos[:2] not in DDDS:
        return None
    ddd, assinante = digitos[:2], digitos[2:]
    if len(assinante) == 9 and assinante[0] == "9":
        return f"+{_BRASIL}{ddd}{assinante}"
    if len(assinante) == 8 and assinante[0] in "6789":
        return f"+{_BRASIL}{ddd}9{assinante}"
    if len(assinante) == 8 and assinante[0] in "2345":
        return f"+{_BRASIL}{ddd}{assinante}"
    return None


def _estrangeiro(texto: str) -> str | None:
    try:
        numero = phonenumbers.parse(texto, "BR")
    except phonenumbers.NumberParseException:
        return None
    if numero.country_code == _BRASIL:
        return _nacional(_sem_tronco(str(numero.national_number)))
    if numero.extension or not phonenumbers.is_possible_number(numero):
        return None
    return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.E164)
