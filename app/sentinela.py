"""Sentry, where SENTRY_DSN is set and the extra `sentry` is installed; otherwise nothing happens."""

from __future__ import annotations

import structlog

try:
    import sentry_sdk
except ImportError:
    sentry_sdk = None

_registro = structlog.get_logger(__name__)
_ligada = False


def iniciar(dsn: str | None) -> None:
    """Start handing on; says in the log when a DSN is set and the library is not there."""
    global _ligada
    if dsn is None:
        return
    if sentry_sdk is None:
        _registro.warning("sentry_ausente", dica="pip install balcao[sentry]")
        return
    # neither what people write nor who they are: what is told is chosen by `relatar`
    sentry_sdk.init(
        dsn, send_default_pii=False, max_request_body_size="never", include_local_variables=False, max_breadcrumbs=0
    )
    _ligada = True


def relatar(mensagem: str, **marcas: str) -> None:
    """Hand on one error that a browser told of."""
    if _ligada:
        with sentry_sdk.new_scope() as escopo:
            for nome, valor in marcas.items():
                escopo.set_tag(nome, valor[:200])
            sentry_sdk.capture_message(mensagem, level="error")
