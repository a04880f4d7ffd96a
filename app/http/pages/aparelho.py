"""What a browser says of itself, in words for a list of sessions: enough to recognise one's own devices."""

from __future__ import annotations

import re
from typing import Final

# the first that fits: every browser claims to be the ones that came before it
_NAVEGADORES: Final = (
    (re.compile(r"Edg(e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"SamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrom(e|ium)/|CriOS/"), "Chrome"),
    (re.compile(r"Version/.* Safari/"), "Safari"),
)
_SISTEMAS: Final = (
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"Mac OS X|Macintosh"), "Mac"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Linux|X11"), "Linux"),
)


def reconhecer(agente: str | None) -> tuple[str, str]:
    """The browser and the system that a User-Agent names; empty where it names none that people know."""
    texto = agente or ""
    return (
        next((nome for padrao, nome in _NAVEGADORES if padrao.search(texto)), ""),
        next((nome for padrao, nome in _SISTEMAS if padrao.search(texto)), ""),
    )
