"""The texts that people read, gathered into `app/http/idiomas/<locale>.po`: `make idiomas`.

pt-BR is the source. Texts come from `t("…")` in the templates, from the sentences in `app/http/pages/*.py` and
`app/http/*_csv.py` (words of menus, actions, notices and columns reach `t` by name there), from the permissions and
from the refusals listed in `docs/erros.md`. Translations that are there stay; texts that are no longer used go.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from app.http.render import PADROES

RAIZ: Final = Path(__file__).resolve().parents[1]
TEMPLATES: Final = RAIZ / "app" / "http" / "templates"
PAGINAS: Final = RAIZ / "app" / "http" / "pages"
IDIOMAS: Final = RAIZ / "app" / "http" / "idiomas"
MIGRACOES: Final = RAIZ / "db" / "migrations"
FUNCOES: Final = RAIZ / "db" / "functions"
ERROS: Final = RAIZ / "docs" / "erros.md"
# folders and functions whose sentences are shown to people as they are
_CONTAM: Final = frozenset({
    "saude", "fila", "uaizap", "limite", "webhook", "campanha_json", "campanha_pausar", "campanha_cancelar",
    "campanha_agendada_iniciar", "entrada_contatos_unir",
})  # fmt: skip
_FRASE: Final = re.compile(
    r"'((?!DD/)(?=[^']* )[A-ZÀ-Úa-zà-ú%](?:[^'\n{}\\^$|<>=_]|'')*[a-zà-ú](?:[^'\n{}\\^$|<>=_]|'')*)'"
)
_MALFORMADO: Final = re.compile(
    r"errcode = '22023',(?:\s*column = '\w+',)?\s*message = (?:format\()?'((?:[^'\n]|'')+)'"
)
_NO_TEMPLATE: Final = re.compile(r"""(?<![\w.])t\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
# a sentence or a word of ours: no header, no key, no pattern
_TEXTO: Final = re.compile(
    r"^(?!(HX|[A-Z][a-z]+)(-[A-Z]\w*)+(,|$)|(Alt|Ctrl|Shift)\+|Arrow|Esc)[A-ZÀ-Ú“][^_<>=|/\\]*[a-zà-ú.!?…)][^_<>=|/\\]*$"
)
# names, the same in every language
_NOMES: Final = re.compile(
    r"Edge|Opera|Samsung Internet|Firefox|Chrome|Safari|Windows|Android|Mac|Mac OS X|ChromeOS|CrOS|Linux|Cookie|Vary"
    r"|Bahia|Fortaleza|Recife|Maceio|Belem|Araguaina|Cuiaba|Manaus|Santarem|Noronha"
)


def dos_templates() -> Iterator[str]:
    for arquivo in sorted(TEMPLATES.glob("*.html")):
        for aspas, simples in _NO_TEMPLATE.findall(arquivo.read_text()):
            yield (aspas or simples).replace('\\"', '"').replace("\\'", "'")


def das_paginas() -> Iterator[str]:
    for arquivo in sorted([*PAGINAS.glob("*.py"), *PAGINAS.parent.glob("*_csv.py")]):
        arvore = ast.parse(arquivo.read_text())
        docs = {no.value for no in ast.walk(arvore) if isinstance(no, ast.Expr)}
        docs |= {v for no in ast.walk(arvore) if isinstance(no, ast.JoinedStr) for v in no.values}
        for no in ast.walk(arvore):
            texto = no.value if isinstance(no, ast.Constant) and no not in docs else None
            if isinstance(texto, str) and not _NOMES.fullmatch(texto) and _TEXTO.match(texto):
                yield texto


def dos_erros() -> Iterator[str]:
    """As they are shown: with a capital letter."""
    for linha in ERROS.read_text().splitlines():
        partes = [p.strip().replace("\\|", "|") for p in linha.split(" | ")]
        if len(partes) >= 4 and re.fullmatch(r"\| Z\w{4}", partes[0]):
            yield partes[2][:1].upper() + partes[2][1:]


def do_banco() -> Iterator[str]:
    """What the database tells of numbers, deliveries, files and events, and how it refuses malformed values."""
    for arquivo in sorted(FUNCOES.glob("*/*.sql")):
        corpo = re.sub(r"--[^\n]*", "", arquivo.read_text().partition("comment on")[0])
        conta = (
            arquivo.parent.name in _CONTAM or arquivo.stem.endswith(("_motivo", "_texto")) or arquivo.stem in _CONTAM
        )
        ditas = _FRASE.findall(corpo) if conta else []
        for texto in (*ditas, *_MALFORMADO.findall(corpo)):
            yield texto[:1].upper() + texto[1:].replace("''", "'")


def das_permissoes() -> Iterator[str]:
    """What each permission allows, as the migrations say it."""
    for arquivo in sorted(MIGRACOES.glob("V*.sql")):
        yield from re.findall(r"\('[a-z-]+:[a-z-]+', '([^':]+)'", arquivo.read_text())


def textos() -> list[str]:
    """Every text, once, in the order in which it is met."""
    return list(
        dict.fromkeys(
            [*dos_templates(), *das_paginas(), *das_permissoes(), *dos_erros(), *sorted(PADROES), *do_banco()]
        )
    )


def ler(locale: str) -> dict[str, str]:
    """The translations that there are."""
    arquivo = IDIOMAS / f"{locale}.po"
    if not arquivo.exists():
        return {}
    with arquivo.open("rb") as aberto:
        return {str(m.id): str(m.string) for m in read_po(aberto) if m.id and m.string}


def gravar(locale: str, traducoes: dict[str, str]) -> int:
    """Write the catalogue; how many texts still have no translation."""
    catalogo = Catalog(locale=locale, project="Balcão", fuzzy=False)
    usados = textos()
    for texto in usados:
        catalogo.add(texto, traducoes.get(texto, ""))
    IDIOMAS.mkdir(exist_ok=True)
    with (IDIOMAS / f"{locale}.po").open("wb") as aberto:
        write_po(aberto, catalogo, width=0, omit_header=True)
    return sum(1 for texto in usados if texto not in traducoes)


if __name__ == "__main__":
    faltam = gravar("en", ler("en"))
    sys.stdout.write(f"{len(textos())} textos, {faltam} sem tradução\n")
