"""Structured logs: one JSON object per line, or readable lines on a terminal, with secrets masked.

Masking is by the name of the field, at any depth, and happens last, so nobody has to remember it.
What customers write never goes into a log; phones and message ids keep just enough to correlate.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from app.config import FormatoDeLog

MASCARA = "***"

_SIGILO = re.compile(
    r"senha|token|secret|segredo|credencia|authorization|corpo|body|texto"
    r"|password|passwd|cookie|api_?key|chave",
    re.IGNORECASE,
)
# `chave` alone names cache and limiter keys as well; those are needed when reading a log.
_LIVRES = frozenset({"chave_ordem", "chave_cache"})
_TELEFONE_OU_WAMID = re.compile(r"telefone|phone|celular|wa_?id\b|wamid|destinat[aá]rio|recipient|jid", re.IGNORECASE)

# In free text (exception messages, URLs) the value gives itself away.
_NO_TEXTO = (
    (re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+(?=@)"), rf"\1:{MASCARA}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+"), rf"\1 {MASCARA}"),
    (
        re.compile(
            r"(?i)\b(senha|token|access_token|secret|segredo|password|authorization|credencial)(\s*[=:]\s*)[^\s&,;]+"
        ),
        rf"\1\2{MASCARA}",
    ),
    (re.compile(r"\bwamid\.([A-Za-z0-9+/=_-]{4})[A-Za-z0-9+/=_-]+"), r"wamid.\1…"),
    (re.compile(r"(?<![\w.-])\+?(\d{4})\d{4,7}(\d{2})(?![\w.-])"), r"\1…\2"),
)
# Times and counters of our own are digits too; these fields are never phones.
_NUMERICOS = frozenset({"timestamp", "level", "logger", "pid", "porta"})


def truncar(valor: str) -> str:
    """Enough of a phone or message id to follow one through a log, not enough to use it."""
    limpo = valor.removeprefix("wamid.")
    prefixo = "wamid." if limpo != valor else ""
    return f"{prefixo}{limpo[:4]}…{limpo[-2:]}" if len(limpo) > 8 else MASCARA


def redigir(valor: Any, nome: str = "") -> Any:
    """A copy of `valor` that may be written down; `nome` is the field that holds it."""
    if nome and nome not in _LIVRES and _SIGILO.search(nome):
        return MASCARA
    if isinstance(valor, Mapping):
        return {chave: redigir(item, str(chave)) for chave, item in valor.items()}
    if isinstance(valor, (list, tuple, set, frozenset)):
        return [redigir(item, nome) for item in valor]
    if nome and _TELEFONE_OU_WAMID.search(nome) and isinstance(valor, (str, int)) and not isinstance(valor, bool):
        return truncar(str(valor))
    if isinstance(valor, (bytes, bytearray, memoryview)):
        # Raw bytes are bodies of requests and answers.
        return f"<{len(valor)} bytes>"
    if isinstance(valor, str) and nome not in _NUMERICOS:
        for padrao, troca in _NO_TEXTO:
            valor = padrao.sub(troca, valor)
    return valor


def processador(_registrador: Any, _metodo: str, evento: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor; stands right before the renderer, after the traceback became text."""
    return {nome: redigir(valor, nome) for nome, valor in evento.items()}


def configurar(nivel: str = "info", formato: FormatoDeLog = "auto", processo: str = "") -> None:
    """Send structlog and the standard library's logging through one chain to standard error."""
    console = formato == "console" or (formato == "auto" and sys.stderr.isatty())
    comuns: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    final: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)]
        if console
        else [structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *comuns,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    saida = logging.StreamHandler(sys.stderr)
    saida.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=comuns,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, processador, *final],
        )
    )
    raiz = logging.getLogger()
    raiz.handlers[:] = [saida]
    raiz.setLevel(nivel.upper())
    # Libraries that log every request at info; our own log says what matters.
    for ruidoso in ("aiohttp.access", "asyncio", "uvicorn.access", "psycopg.pool"):
        logging.getLogger(ruidoso).setLevel(max(logging.WARNING, raiz.level))
    structlog.contextvars.clear_contextvars()
    if processo:
        structlog.contextvars.bind_contextvars(processo=processo)


def registrador(nome: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(nome)
    return logger
