"""What gave up: by cause, with examples and what it touched; back to the queue or put aside, with a reason."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter
from msgspec import Struct

from app.erros import Erro
from app.http.pages.canais import se_pode
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina

Formulario: Final = Body(media_type=RequestEncodingType.URL_ENCODED)
_FEITO: Final = {"reenfileirar": "De volta à fila", "descartar": "Descartado"}


# what the database calls an error, before or after the words; a group's has its digits left out
_CODIGO: Final = r"(?=[0-9A-Z…]*[0-9…])(?:[0-9A-Z]{5}|[0-9A-Z]*…[0-9A-Z]*)"
_COM_CODIGO: Final = re.compile(
    rf"(?P<antes>{_CODIGO}): *(?P<resto>.*)|(?P<palavras>.*?) *\((?P<depois>{_CODIGO})\)", re.S
)


def separar(texto: str) -> dict[str, str]:
    """What happened, in words, apart from the code that came with it."""
    achado = _COM_CODIGO.fullmatch(texto.strip())
    if achado is None:
        return {"palavras": texto, "codigo": ""}
    palavras = (achado["resto"] if achado["antes"] else achado["palavras"]).strip()
    return {"palavras": palavras, "codigo": achado["antes"] or achado["depois"]}


def _dita(grupo: dict[str, Any]) -> dict[str, Any]:
    """A group with its cause in words; its code is the one of an example, where nothing is left out."""
    causa = separar(grupo["causa"])
    exemplo = separar(grupo["amostras"][0]["erroTexto"])["codigo"] if causa["codigo"] and grupo["amostras"] else ""
    return {**grupo, "dita": {**causa, "codigo": exemplo or causa["codigo"]}}


class Resolver(Struct):
    """What to do with one item or with a whole group."""

    acao: str = ""
    motivo: str = ""
    grupo: str = ""
    id: str = ""


def _id(texto: str) -> UUID | None:
    try:
        return UUID(texto) if texto else None
    except ValueError:
        raise Erro(400, "ZRG03", "identificador inválido", campo="id") from None


async def _resolver(pagina: Pagina, data: Resolver) -> dict[str, Any]:
    funcao = "api.fila_morta_descartar" if data.acao == "descartar" else "api.fila_morta_reenfileirar"
    item, grupo = _id(data.id), _id(data.grupo)
    feito: dict[str, Any] = await pagina.chamada.ler(
        funcao,
        dict[str, Any],
        p_motivo=data.motivo,
        p_ids=[item] if item else None,
        p_grupo=None if item else grupo,
    )
    return feito


async def _grupos(pagina: Pagina, cursor: str | None = None, status: int = 200, **dados: Any) -> Html:
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.fila_morta_grupos_listar", dict[str, Any], p_limite=20, p_cursor=cursor
    )
    vazios = {"erro": None, "digitado": None, "feito": None}
    return await pagina.mostrar(
        "fila_morta.html", status, grupos=[_dita(g) for g in lida["dados"]], meta=lida["meta"], **{**vazios, **dados}
    )


async def _itens(
    pagina: Pagina, grupo: UUID | None, resolvida: bool, cursor: str | None = None, status: int = 200, **dados: Any
) -> Html:
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.fila_morta_listar",
        dict[str, Any],
        p_resolvida=resolvida,
        p_grupo=grupo,
        p_limite=30,
        p_cursor=cursor,
    )
    vazios = {"erro": None, "digitado": None}
    return await pagina.mostrar(
        "fila_morta_itens.html",
        status,
        itens=[{**i, "dita": separar(i["erroTexto"])} for i in lida["dados"]],
        meta=lida["meta"],
        grupo=str(grupo) if grupo else "",
        resolvida=resolvida,
        **{**vazios, **dados},
    )


class PaginaFilaMorta(Controller):
    path = "/fila-morta"

    @get("/", **PAGINA)
    async def grupos(self, pagina: ComPagina, cursor: Annotated[str | None, QueryParameter()] = None) -> Html:
        return await _grupos(pagina, cursor)

    @post("/", **PAGINA)
    async def resolver(self, pagina: ComPagina, data: Annotated[Resolver, Formulario]) -> Response[Any]:
        try:
            feito = await _resolver(pagina, data)
        except Erro as erro:
            return await _grupos(pagina, status=pagina.recusa(erro), erro=erro, digitado=msgspec.structs.asdict(data))
        # what could not be done is said one by one; what was is seen by its absence
        if feito["recusados"] or feito["restam"]:
            return await _grupos(pagina, feito=feito)
        return pagina.ir("/fila-morta", _FEITO.get(data.acao, _FEITO["reenfileirar"]))

    @get("/itens", **PAGINA)
    async def itens(
        self,
        pagina: ComPagina,
        grupo: Annotated[UUID | None, QueryParameter()] = None,
        resolvida: Annotated[bool, QueryParameter()] = False,
        cursor: Annotated[str | None, QueryParameter()] = None,
    ) -> Html:
        return await _itens(pagina, grupo, resolvida, cursor)

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _item(pagina, id)

    @post("/{id:uuid}", **PAGINA)
    async def resolver_um(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Resolver, Formulario]
    ) -> Response[Any]:
        data.id = str(id)
        try:
            await _resolver(pagina, data)
        except Erro as erro:
            return await _item(pagina, id, pagina.recusa(erro), erro=erro, digitado=msgspec.structs.asdict(data))
        return pagina.ir(f"/fila-morta/{id}", _FEITO.get(data.acao, _FEITO["reenfileirar"]))


async def _item(pagina: Pagina, id_: UUID, status: int = 200, **dados: Any) -> Html:
    item, numeros = await asyncio.gather(
        pagina.chamada.ler("api.fila_morta_obter", dict[str, Any], p_id=id_),
        se_pode(pagina, "api.conexoes_listar", p_limite=200),
    )
    vazios = {"erro": None, "digitado": None}
    nomes = {c["id"]: c["nome"] for c in (numeros or {}).get("dados", [])}
    dita = separar(item["erroTexto"])
    return await pagina.mostrar("fila_morta_item.html", status, i=item, dita=dita, numeros=nomes, **{**vazios, **dados})
