"""Sealing again, by the ring's current key, whatever an older one sealed: after it that one may leave the ring."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

import click
import msgspec

from app.banco import Banco
from app.cifra import Cofre, InvalidTag
from app.config import Config

_TABELAS: Final = ("conexoes", "inscricoes", "fatores")
_POR_VEZ: Final = 100


class _Selado(msgspec.Struct, frozen=True):
    id: UUID
    selado: str


class _ComSegredo(msgspec.Struct, frozen=True, rename="camel"):
    app_secret: str | None = None


async def executar(config: Config) -> int:
    """Everything of every tenant. Status 1 when something does not open by any key of the ring."""
    banco = Banco(config.url_banco("crm_plataforma"), maximo=1, nome="balcao recifrar")
    await banco.abrir()
    try:
        contas = await recifrar(banco, Cofre(config.chaves), config.chaves[0].kid)
    finally:
        await banco.fechar()
    for tabela in _TABELAS:
        fechados = contas[f"{tabela} fechados"]
        click.echo(
            f"{tabela:<11} {contas[tabela]} selados de novo" + (f", {fechados} que não abrem" if fechados else "")
        )
    return int(any(contas[f"{tabela} fechados"] for tabela in _TABELAS))


async def recifrar(banco: Banco, cofre: Cofre, chave: str) -> Counter[str]:
    """How many of each table were sealed again by `chave`, the first of the ring, and how many do not open."""
    contas: Counter[str] = Counter()
    async for cliente_id in _clientes(banco):
        for tabela in _TABELAS:
            await _tabela(banco, cofre, contas, tabela, {"p_cliente_id": cliente_id, "p_tabela": tabela}, chave)
    return contas


async def _clientes(banco: Banco) -> AsyncIterator[UUID]:
    cursor: str | None = None
    while True:
        pagina = msgspec.json.decode(
            await banco.chamar("plataforma.clientes_listar", {"p_limite": _POR_VEZ, "p_cursor": cursor})
        )
        for cliente in pagina["dados"]:
            yield UUID(cliente["id"])
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            return


async def _tabela(
    banco: Banco, cofre: Cofre, contas: Counter[str], tabela: str, onde: dict[str, Any], chave: str
) -> None:
    depois: UUID | None = None
    while True:
        pedido = {**onde, "p_chave": chave, "p_depois": depois, "p_limite": _POR_VEZ}
        lidos = msgspec.json.decode(await banco.chamar("plataforma.selados_ler", pedido), type=list[_Selado])
        if not lidos:
            return
        depois = lidos[-1].id
        itens = [_de_novo(cofre, tabela, onde["p_cliente_id"], lido) for lido in lidos]
        prontos = msgspec.Raw(msgspec.json.encode([i for i in itens if i is not None]))
        feito = msgspec.json.decode(await banco.chamar("plataforma.selados_trocar", {**onde, "p_itens": prontos}))
        contas[tabela] += feito["trocados"]
        contas[f"{tabela} fechados"] += itens.count(None)


def _de_novo(cofre: Cofre, tabela: str, cliente_id: UUID, lido: _Selado) -> dict[str, Any] | None:
    """The same secret sealed now; None when no key of the ring opens it."""
    try:
        claro = cofre.abrir(base64.b64decode(lido.selado), cliente_id, lido.id)
    except InvalidTag:
        return None
    item: dict[str, Any] = {"id": lido.id, "antes": lido.selado, "depois": cofre.selar(claro, cliente_id, lido.id)}
    if tabela == "conexoes" and (segredo := msgspec.json.decode(claro, type=_ComSegredo).app_secret):
        item["impressao"] = cofre.impressao(segredo)
    return item
