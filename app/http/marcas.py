"""A message's text as HTML: the marks of WhatsApp become tags, addresses become links, all the rest is escaped."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from typing import Final

from minijinja import Markup

_BLOCO: Final = re.compile(r"```(?!\s*```)(.+?)```", re.DOTALL)


def _entre(marca: str, nome: str) -> str:
    m = re.escape(marca)
    return rf"(?<![\w{m}]){m}(?P<{nome}>[^\s{m}](?:[^{m}\n]*[^\s{m}])?){m}(?![\w{m}])"


_PEDACO: Final = re.compile(
    r"(?P<link>https?://[^\s<>\"]+)|`(?P<code>[^`\n]+)`|"
    + "|".join(_entre(m, n) for m, n in (("*", "strong"), ("_", "em"), ("~", "s")))
)
# ends a sentence, not an address
_FIM: Final = ".,;:!?)'*_~"


def _link(texto: str) -> str:
    alvo = texto.rstrip(_FIM)
    href, resto = escape(alvo), escape(texto[len(alvo) :])
    return f'<a href="{href}" rel="noopener nofollow" target="_blank">{href}</a>{resto}'


def _linha(texto: str) -> str:
    saida, onde = [], 0
    for achado in _PEDACO.finditer(texto):
        nome, dentro = achado.lastgroup or "", achado[achado.lastgroup or 0]
        saida.append(escape(texto[onde : achado.start()]))
        if nome == "link":
            saida.append(_link(dentro))
        else:
            saida.append(f"<{nome}>{escape(dentro) if nome == 'code' else _linha(dentro)}</{nome}>")
        onde = achado.end()
    return "".join(saida) + escape(texto[onde:])


def _corrido(texto: str) -> str:
    partes = []
    for citada, linhas in groupby(texto.split("\n"), lambda linha: linha.startswith("> ")):
        if citada:
            partes.append("<blockquote>" + "\n".join(_linha(linha[2:]) for linha in linhas) + "</blockquote>")
        else:
            partes.append("\n".join(_linha(linha) for linha in linhas))
    return "\n".join(partes)


def marcas(texto: str | None) -> Markup:
    """`*a*` strong, `_a_` emphasis, `~a~` struck, `` `a` `` and ```` ```a``` ```` code, lines that begin with `> `
    quotes. Lines stay lines: whoever shows it keeps white space."""
    pedacos = _BLOCO.split(texto or "")
    return Markup(
        "".join(f"<pre>{escape(p.strip())}</pre>" if n % 2 else _corrido(p) for n, p in enumerate(pedacos) if p)
    )
