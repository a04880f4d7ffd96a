"""The items of a thread as the lines of a page: days, what is new, who speaks on, what happened between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from zlib import crc32
from zoneinfo import ZoneInfo

import msgspec

SEGUIDAS: Final = timedelta(minutes=2)
DOBRAR: Final = 3
Item = dict[str, Any]


class Frouxo(dict[str, Any]):
    """What a provider or a person filled in: what is not there is None."""

    def __missing__(self, chave: str) -> None:
        return None


def frouxo(valor: Any) -> Any:
    """The same, all the way down."""
    if isinstance(valor, dict):
        return Frouxo((chave, frouxo(de)) for chave, de in valor.items())
    return [frouxo(de) for de in valor] if isinstance(valor, list) else valor


def _marca(valor: object) -> str:
    # five digits: the page is sent with one of these a line, and compares each line only with itself
    return f"{crc32(msgspec.json.encode(valor)):08x}"[:5]


def _quem(item: Item) -> str:
    """Of one voice: lines of the same one follow each other closely."""
    if item["especie"] == "NOTA":
        return f"nota:{item['nota']['usuario']['id']}"
    mensagem = item["mensagem"]
    return f"{mensagem['direcao']}:{mensagem['origem']}:{mensagem['usuarioId']}"


def _linha(item: Item, antes: Item | None) -> Item:
    em = datetime.fromisoformat(item["em"])
    segue = antes is not None and _quem(antes) == _quem(item) and em - datetime.fromisoformat(antes["em"]) < SEGUIDAS
    # what the foot shows changes often, the rest hardly ever
    corpo = {k: v for k, v in (item["mensagem"] or {}).items() if k in ("corpo", "conteudo", "reacoes", "apagadoEm")}
    return {
        "tipo": "nota" if item["especie"] == "NOTA" else "mensagem",
        "item": frouxo(item),
        "segue": segue,
        # the first half is what was said: two lines that differ only after it differ in their foot
        "marca": _marca([corpo, item["midia"], item["nota"], segue]) + _marca([item, segue]),
    }


def _eventos(itens: list[Item]) -> Iterator[Item]:
    if len(itens) >= DOBRAR:
        yield {
            "tipo": "eventos",
            "id": itens[0]["id"],
            "itens": frouxo(itens),
            "marca": _marca([i["id"] for i in itens]),
        }
    else:
        yield from ({"tipo": "evento", "item": frouxo(item), "marca": item["id"]} for item in itens)


def _primeira_nova(itens: list[Item], nao_lidas: int) -> str | None:
    entradas = [i["id"] for i in itens if i["mensagem"] and i["mensagem"]["direcao"] == "ENTRADA"]
    return entradas[-nao_lidas:][0] if nao_lidas and entradas else None


def avulsas(itens: Iterable[Item]) -> list[Item]:
    """Lines that take the place of those already there: nothing of what stands around them."""
    return [_linha(item, None) for item in itens if item["especie"] != "EVENTO"]


def linhas(itens: list[Item], fuso: str, nao_lidas: int = 0, *, continua: bool = False) -> list[Item]:
    """What is shown of these items, oldest first. `continua`: the first one is there already, and only says what the
    next one follows."""
    zona, nova = ZoneInfo(fuso), _primeira_nova(itens, nao_lidas)
    feitas: list[Item] = []
    eventos: list[Item] = []
    dia, antes = None, None
    for n, item in enumerate(itens):
        hoje = datetime.fromisoformat(item["em"]).astimezone(zona).date()
        novo_dia, dia = hoje != dia, hoje
        if continua and n == 0:
            antes = item if item["especie"] != "EVENTO" else None
            continue
        if item["especie"] != "EVENTO" or novo_dia:
            feitas += _eventos(eventos)
            eventos = []
        if novo_dia:
            feitas.append({"tipo": "dia", "id": hoje.isoformat(), "em": item["em"], "marca": hoje.isoformat()})
            antes = None
        if item["id"] == nova:
            feitas.append({"tipo": "novas", "quantas": nao_lidas, "marca": "novas"})
            antes = None
        if item["especie"] == "EVENTO":
            eventos.append(item)
            antes = None
        else:
            feitas.append(_linha(item, antes))
            antes = item
    return [*feitas, *_eventos(eventos)]
