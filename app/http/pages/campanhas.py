"""Campaigns: the list, and one campaign while it runs and after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Stream
from msgspec import Struct

from app.erros import Erro
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, formulario, leitor_de
from app.http.prova_csv import PAGINA as POR_PAGINA_CSV
from app.http.prova_csv import escrever
from app.http.render import data_hora_de
from app.http.tabela_csv import arquivo
from app.tipos.entregas import Prova

POR_PAGINA: Final = 30
Formulario = Body(media_type=RequestEncodingType.URL_ENCODED)


class Confirmacao(Struct):
    nome: str = ""


class Reenvio(Struct):
    """One row of the failures by reason; without a code and a state, all of the reason."""

    motivo: str = ""
    codigo: int | None = None
    estado: str = ""


class Decisao(Struct):
    decisao: str = ""
    motivo: str = ""
    confirmar: str = ""


def _endereco(id: UUID) -> str:
    return f"/campanhas/{id}"


def _filtro(pagina: Pagina) -> dict[str, str]:
    consulta = pagina.pedido.query_params
    return {nome: consulta.get(nome, "")[:120].strip() for nome in ("estado", "motivo", "q", "cursor")}


async def _pessoas(pagina: Pagina, id: UUID, filtro: dict[str, str]) -> dict[str, Any]:
    """The recipients that the query string asks for; a search that says too little is told beside its field."""
    try:
        lida: dict[str, Any] = await pagina.chamada.ler(
            "api.campanha_logs_listar",
            dict[str, Any],
            p_id=id,
            p_status=filtro["estado"] or None,
            p_motivo=filtro["motivo"] or None,
            p_busca=filtro["q"] or None,
            p_limite=POR_PAGINA,
            p_cursor=filtro["cursor"] or None,
        )
    except Erro as erro:
        if erro.codigo != "22023":
            raise
        return {"pessoas": [], "meta": {"proximoCursor": None}, "busca_erro": erro}
    return {"pessoas": lida["dados"], "meta": lida["meta"], "busca_erro": None}


async def mostrar_campanha(pagina: Pagina, id: UUID, status: int = 200, erro: Erro | None = None) -> Html:
    """The page of one campaign: how it goes, and the people that the filter names."""
    filtro = _filtro(pagina)
    dados: dict[str, Any] = {"filtro": filtro, "erro": erro}
    dados |= await pagina.chamada.ler("api.campanha_andamento_obter", dict[str, Any], p_id=id)
    dados |= await _pessoas(pagina, id, filtro)
    return await pagina.mostrar("campanha.html", status, id=str(id), **dados)


async def _agir(pagina: Pagina, id: UUID, feito: str, fazer: Callable[[], Awaitable[object]]) -> Response[Any]:
    try:
        await fazer()
    except Erro as erro:
        return await mostrar_campanha(pagina, id, pagina.recusa(erro), erro)
    return pagina.ir(_endereco(id), feito)


def _reenviada(pagina: Pagina, feito: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """How many were put back, or why nobody was."""
    leitor = leitor_de(pagina.pedido, pagina.fuso)
    if feito["voltaram"]:
        return "Voltaram à campanha: {n}", {"n": str(feito["voltaram"])}
    if feito["podemEm"]:
        return "Ninguém voltou à campanha: só a partir de {quando}", {"quando": data_hora_de(feito["podemEm"], leitor)}
    return "Ninguém voltou à campanha: hoje ninguém deste motivo pode receber", {}


class PaginaCampanhas(Controller):
    path = "/campanhas"

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina) -> Html:
        consulta = pagina.pedido.query_params
        filtro = {nome: consulta.get(nome, "")[:120].strip() for nome in ("status", "q", "cursor")}
        lida: dict[str, Any] = await pagina.chamada.ler(
            "api.campanhas_listar",
            dict[str, Any],
            p_status=filtro["status"] or None,
            p_busca=filtro["q"] or None,
            p_limite=POR_PAGINA,
            p_cursor=filtro["cursor"] or None,
        )
        return await pagina.mostrar("campanhas.html", campanhas=lida["dados"], meta=lida["meta"], filtro=filtro)

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await mostrar_campanha(pagina, id)

    @post("/{id:uuid}/pausar", **PAGINA)
    async def pausar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        fazer = partial(pagina.chamada.objeto, "api.campanha_pausar", p_id=id)
        return await _agir(pagina, id, "Campanha pausada: só o que já está no ar termina", fazer)

    @post("/{id:uuid}/retomar", **PAGINA)
    async def retomar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        return await _agir(
            pagina, id, "Campanha retomada", partial(pagina.chamada.objeto, "api.campanha_retomar", p_id=id)
        )

    @post("/{id:uuid}/desagendar", **PAGINA)
    async def desagendar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        fazer = partial(pagina.chamada.objeto, "api.campanha_agendamento_cancelar", p_id=id)
        return await _agir(pagina, id, "Agendamento desfeito: a campanha voltou a ser rascunho", fazer)

    @post("/{id:uuid}/reenviar", **PAGINA)
    async def reenviar(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Reenvio, Formulario]
    ) -> Response[Any]:
        try:
            feito: dict[str, Any] = await pagina.chamada.ler(
                "api.campanha_reenviar", dict[str, Any], p_id=id, p_motivos=[data.motivo],
                p_codigos=None if data.codigo is None else [data.codigo], p_status=data.estado or None,
            )  # fmt: skip
        except Erro as erro:
            return await mostrar_campanha(pagina, id, pagina.recusa(erro), erro)
        return pagina.ir(_endereco(id), *_reenviada(pagina, feito))

    @get("/{id:uuid}/cancelar", **formulario("campanhas:disparar"))
    async def confirmar_cancelar(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await self._cancelamento(pagina, id)

    @post("/{id:uuid}/cancelar", **PAGINA)
    async def cancelar(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Confirmacao, Formulario]
    ) -> Response[Any]:
        try:
            await pagina.chamada.objeto("api.campanha_cancelar", p_id=id, p_nome=data.nome)
        except Erro as erro:
            return await self._cancelamento(pagina, id, pagina.recusa(erro), erro, data.nome)
        return pagina.ir(_endereco(id), "Campanha cancelada: nada mais sai")

    async def _cancelamento(
        self, pagina: Pagina, id: UUID, status: int = 200, erro: Erro | None = None, nome: str = ""
    ) -> Html:
        campanha = await pagina.chamada.ler("api.campanha_obter", dict[str, Any], p_id=id)
        return await pagina.mostrar("campanha_cancelar.html", status, campanha=campanha, erro=erro, nome=nome)

    @get("/{id:uuid}/incertas", **PAGINA)
    async def incertas(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await self._incertas(pagina, id)

    @post("/{id:uuid}/incertas", **PAGINA)
    async def decidir(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Decisao, Formulario]
    ) -> Response[Any]:
        decisao: dict[str, object] = {
            "p_decisao": data.decisao, "p_motivo": data.motivo, "p_confirmar": data.confirmar == "sim",
        }  # fmt: skip
        try:
            await pagina.chamada.objeto("api.incertos_decidir", p_campanha_id=id, **decisao)
        except Erro as erro:
            return await self._incertas(pagina, id, pagina.recusa(erro), erro, data)
        return pagina.ir(f"{_endereco(id)}/incertas", "Decisão registrada")

    @post("/{id:uuid}/incertas/{envio:uuid}", **PAGINA)
    async def decidir_um(
        self, pagina: ComPagina, id: FromPath[UUID], envio: FromPath[UUID], data: Annotated[Decisao, Formulario]
    ) -> Response[Any]:
        decisao: dict[str, object] = {
            "p_decisao": data.decisao, "p_motivo": data.motivo, "p_confirmar": data.confirmar == "sim",
        }  # fmt: skip
        try:
            await pagina.chamada.objeto("api.incerto_decidir", p_alvo_tipo="CAMPANHA", p_id=envio, **decisao)
        except Erro as erro:
            return await self._incertas(pagina, id, pagina.recusa(erro), erro, data, str(envio))
        return pagina.ir(f"{_endereco(id)}/incertas", "Decisão registrada")

    async def _incertas(
        self, pagina: Pagina, id: UUID, status: int = 200, erro: Erro | None = None, digitada: Decisao | None = None,
        alvo: str | None = None,
    ) -> Html:  # fmt: skip
        campanha = await pagina.chamada.ler("api.campanha_obter", dict[str, Any], p_id=id)
        lida: dict[str, Any] = await pagina.chamada.ler(
            "api.incertos_listar", dict[str, Any], p_alvo_tipo="CAMPANHA", p_campanha_id=id, p_vencidos=False,
            p_limite=POR_PAGINA, p_cursor=pagina.pedido.query_params.get("cursor"),
        )  # fmt: skip
        return await pagina.mostrar(
            "campanha_incertas.html", status, campanha=campanha, incertas=lida["dados"], meta=lida["meta"], erro=erro,
            digitada=digitada or Decisao(), alvo=alvo,
        )  # fmt: skip

    @get("/{id:uuid}/prova", **PAGINA)
    async def prova(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        filtro = _filtro(pagina)
        campanha = await pagina.chamada.ler("api.campanha_obter", dict[str, Any], p_id=id)
        prova: dict[str, Any] = await pagina.chamada.ler(
            "api.campanha_prova", dict[str, Any], p_id=id, p_status=filtro["estado"] or None, p_limite=POR_PAGINA,
            p_cursor=filtro["cursor"] or None, p_conferir="conferir" in pagina.pedido.query_params,
        )  # fmt: skip
        return await pagina.mostrar("campanha_prova.html", campanha=campanha, prova=prova, filtro=filtro)

    @get("/{id:uuid}/prova.csv", **PAGINA)
    async def prova_csv(self, pagina: ComPagina, id: FromPath[UUID]) -> Stream:
        estado = pagina.pedido.query_params.get("estado") or None

        async def ler(cursor: str | None) -> Prova:
            return await pagina.chamada.ler(
                "api.campanha_prova", Prova, p_id=id, p_status=estado, p_limite=POR_PAGINA_CSV, p_cursor=cursor
            )

        leitor = leitor_de(pagina.pedido, pagina.fuso)
        return arquivo(f"prova-{id}.csv", partial(escrever, await ler(None), ler, leitor))
