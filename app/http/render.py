"""Templates: MiniJinja over `templates/`, with the filters that show dates, phones and texts as people here write them.

Texts are written in pt-BR in the templates, as `{{ t("…") }}`; `idiomas/<locale>.po` translates them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from minijinja import Environment, Markup, pass_state
from msgspec import Struct

from app.http.estaticos import endereco
from app.http.marcas import marcas

PASTA: Final = Path(__file__).with_name("templates")
IDIOMAS: Final = {"pt-BR": "pt_BR", "en": "en"}
# what every tenant begins with, under these names until somebody writes others
PADROES: Final = frozenset({
    "Administrador", "Supervisor", "Atendente", "Resolvido", "Sem resposta da pessoa", "Não era atendimento",
    "Duplicada", "Confraternização Universal", "Carnaval (segunda-feira)", "Carnaval (terça-feira)",
    "Sexta-feira Santa", "Tiradentes", "Dia do Trabalho", "Corpus Christi", "Independência do Brasil",
    "Nossa Senhora Aparecida", "Finados", "Proclamação da República", "Dia da Consciência Negra", "Natal",
})  # fmt: skip
_PASTA_IDIOMAS: Final = Path(__file__).with_name("idiomas")


class Leitor(Struct, frozen=True):
    """Who reads: `idioma` (a key of IDIOMAS) and `fuso` (an IANA name)."""

    idioma: str = "pt-BR"
    fuso: str = "America/Sao_Paulo"


@cache
def _textos(idioma: str) -> dict[str, str]:
    arquivo = _PASTA_IDIOMAS / f"{idioma}.po"
    if not arquivo.exists():
        return {}
    with arquivo.open("rb") as aberto:
        return {str(m.id): str(m.string) for m in read_po(aberto) if m.id and m.string}


def traduzir(idioma: str) -> Callable[..., str]:
    """`t("Olá, {nome}", nome="Ana")` in this language; a text without translation stays in pt-BR."""
    textos = _textos(idioma)

    def t(texto: str, /, **valores: object) -> str:
        texto = textos.get(texto, texto)
        for nome, valor in valores.items():
            texto = texto.replace("{" + nome + "}", str(valor))
        return texto

    return t


def _instante(valor: str | None, leitor: Leitor) -> datetime | None:
    return datetime.fromisoformat(valor).astimezone(ZoneInfo(leitor.fuso)) if valor else None


def data_hora_de(valor: str | None, leitor: Leitor) -> str:
    """An instant as this reader writes date and time."""
    em, local = _instante(valor, leitor), IDIOMAS[leitor.idioma]
    return format_datetime(em, "dd/MM/y HH:mm" if local == "pt_BR" else "medium", locale=local) if em else ""


def milissegundos(valor: str) -> int:
    """An instant as scripts count it."""
    return int(datetime.fromisoformat(valor).timestamp() * 1000)


def _tempo(segundos: float) -> str:
    """How long, in one unit: 8 min, 3 h, 2 d."""
    minutos = max(0, int(segundos // 60))
    if minutos < 60:
        return f"{minutos} min"
    return f"{minutos // 60} h" if minutos < 48 * 60 else f"{minutos // 1440} d"


def _passados(agora: datetime) -> Mapping[str, Callable[..., Any]]:
    def passados(valor: str) -> float:
        return (agora - datetime.fromisoformat(valor)).total_seconds()

    return {"passados": passados, "ms": milissegundos, "tempo": _tempo}


def _quando(leitor: Leitor, agora: datetime) -> Mapping[str, Callable[..., Any]]:
    local = IDIOMAS[leitor.idioma]

    def hora(valor: str | None) -> str:
        em = _instante(valor, leitor)
        return format_time(em, "short", locale=local) if em else ""

    def data(valor: str | None) -> str:
        em = _instante(valor, leitor)
        return format_date(em, "short", locale=local) if em else ""

    def data_hora(valor: str | None) -> str:
        return data_hora_de(valor, leitor)

    def ha(valor: str | None) -> str:
        em = _instante(valor, leitor)
        return format_timedelta(em - agora, add_direction=True, locale=local) if em else ""

    def quando(valor: str | None) -> str:
        em, hoje = _instante(valor, leitor), agora.astimezone(ZoneInfo(leitor.fuso)).date()
        if em is None or em.date() == hoje or timedelta(0) <= agora - em < timedelta(hours=12):
            return hora(valor)
        if em.date() > hoje - timedelta(days=6) and em.date() < hoje:
            return format_date(em, "EEE", locale=local).rstrip(".")
        return format_date(em, "dd/MM" if em.year == hoje.year else "dd/MM/yy", locale=local)

    def dia(valor: str) -> str:
        return format_date(date.fromisoformat(valor), "EEE dd/MM" if local == "pt_BR" else "medium", locale=local)

    def vencido(valor: str) -> bool:
        return datetime.fromisoformat(valor) <= agora

    return {
        "hora": hora,
        "data": data,
        "data_hora": data_hora,
        "ha": ha,
        "quando": quando,
        "dia": dia,
        "vencido": vencido,
    }


def telefone(valor: str | None) -> str:
    """A phone as people write it: (11) 91234-5678 for Brazil, international otherwise."""
    if not valor:
        return ""
    try:
        numero = phonenumbers.parse(valor, "BR")
    except phonenumbers.NumberParseException:
        return valor
    nacional = numero.country_code == 55
    forma = phonenumbers.PhoneNumberFormat.NATIONAL if nacional else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(numero, forma))


def iniciais(nome: str | None) -> str:
    """At most two letters for an avatar."""
    palavras = [p for p in (nome or "").split() if unicodedata.category(p[0])[0] in "LN"]
    return "".join(p[0] for p in (palavras[:1] + palavras[-1:] if len(palavras) > 1 else palavras)).upper() or "?"


@cache
def _moldes(idioma: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The translated sentences that carry values, or go on with what somebody else said, as patterns."""
    inteiras = ((f"{de}%s", f"{para}%s") if de.endswith(" ") else (de, para) for de, para in _textos(idioma).items())
    com_valores = ((de, para) for de, para in inteiras if "%s" in de)
    return tuple((re.compile(re.escape(de).replace("%s", "(.*)"), re.DOTALL), para) for de, para in com_valores)


def dizer(idioma: str) -> Callable[[str], str]:
    """A refusal as a sentence of its own, in this language: the database writes it in lower case, in pt-BR."""
    textos = _textos(idioma)

    def frase(texto: str) -> str:
        dita = texto[:1].upper() + texto[1:]
        if dita in textos or not textos:
            return textos.get(dita, dita)
        for molde, para in _moldes(idioma):
            if achado := molde.fullmatch(dita):
                return para % tuple(textos.get(v[:1].upper() + v[1:], v) for v in achado.groups())
        return dita

    return frase


def padrao(idioma: str) -> Callable[[str], str]:
    """The name of a thing that the product made, in this language; what people named themselves stays."""
    textos = _textos(idioma)
    return lambda nome: textos.get(nome, nome) if nome in PADROES else nome


@cache
def _lingua(codigo: str, local: str) -> str:
    try:
        dita = Locale.parse(codigo).get_display_name(local) or codigo
    except (UnknownLocaleError, ValueError):
        return codigo
    return dita[:1].upper() + dita[1:]


def lingua(idioma: str) -> Callable[[str], str]:
    """The language of a template (`pt_BR`) in words; a code that nobody knows stays."""
    return lambda codigo: _lingua(codigo, IDIOMAS[idioma])


def _do_leitor(nome: str) -> Callable[..., Any]:
    """The filter `nome`: what `render` gives under this name, for the reader whose page it is."""

    @pass_state
    def filtro(estado: Any, valor: object) -> Any:
        return estado.lookup(nome)(valor)

    return filtro


@cache
def _ambiente() -> Environment:
    def ler(nome: str) -> str | None:
        arquivo = PASTA / nome
        return arquivo.read_text() if arquivo.is_file() else None

    return Environment(
        loader=ler,
        auto_escape_callback=lambda nome: "html" if nome.endswith(".html") else "none",
        filters={
            **{nome: _do_leitor(nome) for nome in _quando(Leitor(), datetime.now(UTC))},
            "telefone": telefone,
            "iniciais": iniciais,
            "frase": _do_leitor("frase"),
            "padrao": _do_leitor("padrao"),
            "lingua": _do_leitor("lingua"),
            "marcas": marcas,
        },
        globals={"estatico": lambda nome: Markup(endereco(nome))},
        undefined_behavior="strict",
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, leitor: Leitor, **dados: Any) -> str:
    """The HTML of `templates/<template>`. Dates are ISO strings in `dados`, shown in the reader's zone and language."""
    agora = datetime.now(UTC)
    idioma = leitor.idioma

    def numero(valor: int | float) -> str:
        return format_decimal(valor, locale=IDIOMAS[idioma])

    return str(
        _ambiente().render_template(
            template,
            **_quando(leitor, agora),
            **_passados(agora),
            numero=numero,
            t=traduzir(idioma),
            frase=dizer(idioma),
            padrao=padrao(idioma),
            lingua=lingua(idioma),
            idioma=idioma,
            **dados,
        )
    )
