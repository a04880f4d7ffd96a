"""A form as it was typed: read without judging, for the database says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from app.erros import Erro
from app.http.comum import Pedido


class Digitado(dict[str, str]):
    """What was sent of a form. What was not is empty: a template shows whatever form comes, whoever made it."""

    def __missing__(self, nome: str) -> str:
        return ""


class Campos:
    """The fields of a form or of a query string: the last value of a name, or all of them, without blanks around."""

    def __init__(self, pares: Iterable[tuple[str, Any]]) -> None:
        self._valores: dict[str, list[str]] = {}
        for nome, valor in pares:
            if isinstance(valor, str):
                self._valores.setdefault(nome, []).append(valor.replace("\r\n", "\n"))

    def __contains__(self, nome: str) -> bool:
        return nome in self._valores

    def um(self, nome: str) -> str:
        """What was typed; empty when nothing was."""
        return self.cru(nome).strip()

    def cru(self, nome: str) -> str:
        """What was typed, to the letter: a password."""
        return self._valores.get(nome, [""])[-1]

    def opcional(self, nome: str) -> str | None:
        """What was typed; None when nothing was."""
        return self.um(nome) or None

    def todos(self, nome: str) -> list[str]:
        """What each field of this name holds, the empty ones too."""
        return [valor.strip() for valor in self._valores.get(nome, [])]

    def inteiro(self, nome: str) -> int | None:
        """A number; None when nothing was typed. Raises what names the field."""
        texto = self.um(nome)
        if texto and not (texto.isdecimal() and texto.isascii() and len(texto) < 10):
            raise Erro(400, "ZRG03", "tipo inválido: esperado número inteiro", campo=nome)
        return int(texto) if texto else None

    def ids(self, nome: str) -> list[UUID]:
        """The ids that were marked. Raises what names the field."""
        try:
            return [UUID(valor) for valor in self.todos(nome) if valor]
        except ValueError:
            raise Erro(400, "ZRG03", "identificador inválido", campo=nome) from None

    def id(self, nome: str) -> UUID | None:
        """The id that was chosen, or None."""
        return next(iter(self.ids(nome)), None)

    def digitado(self) -> Digitado:
        """For the template that shows the form again: the last value of each name."""
        return Digitado((nome, valores[-1]) for nome, valores in self._valores.items())


async def ler_campos(pedido: Pedido) -> Campos:
    """The form of a request."""
    return Campos((await pedido.form()).multi_items())


def em_json(valor: object) -> msgspec.Raw:
    """An argument of type jsonb."""
    return msgspec.Raw(msgspec.json.encode(valor))
