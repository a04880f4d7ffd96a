"""Telling a person that somebody has read, or is typing."""

from __future__ import annotations

from typing import Protocol

from app.credenciais import ConexaoAberta


class FalhaLeitura(Exception):
    """The mark was not made. `passageira`: the same call may work later."""

    def __init__(self, texto: str, codigo: int | None = None, *, passageira: bool) -> None:
        super().__init__(texto)
        self.codigo = codigo
        self.passageira = passageira


class ProvedorLeitura(Protocol):
    async def marcar_lida(self, conexao: ConexaoAberta, id_externo: str, *, digitando: bool = False) -> None:
        """Mark an inbound message, and those before it, as read; `digitando` also shows that an answer is being
        written. Raises FalhaLeitura."""
        ...
