"""Instants as the gateway writes them: with a space in its own records, by the standard in WhatsApp's."""

from __future__ import annotations

from datetime import UTC, datetime


def espacado(instante: int) -> str:
    """``2026-08-19 17:38:52.732Z``, from microseconds."""
    return f"{_data(instante):%Y-%m-%d %H:%M:%S}.{instante // 1000 % 1000:03d}Z"


def iso(instante: int) -> str:
    return f"{_data(instante):%Y-%m-%dT%H:%M:%SZ}"


def _data(instante: int) -> datetime:
    return datetime.fromtimestamp(instante // 1_000_000, UTC)
