"""The thread of a conversation: its lines, what came since, what is searched in it, the bytes of its media."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from litestar.status_codes import HTTP_204_NO_CONTENT

from app.assinatura import VALIDADE_S, Acesso
from app.erros import Erro
from app.http.comum import ChamadaAnonima, Json
from app.http.midias import servir_midia
from app.http.pages.linhas import avulsas, frouxo, linhas
from app.http.pages.pagina import DADOS, HTML, PAGINA, ComPagina, Html, Pagina, da_regiao
from app.tipos.midias import MidiaAutorizacao

POR_PAGINA: Final = 30
Lida = dict[str, Any]
T = TypeVar("T")
Id = Annotated[UUID | None, QueryParameter()]
Cursor = Annotated[str | None, QueryParameter(pattern="^[0-9a-f]{32}$")]
Ids = Annotated[str | None, QueryParameter(max_length=8000)]


async def _ler(pagina: Pagina, id: UUID, **quais: object) -> tuple[list[Lida], str | None, Lida]:
    """Items of the thread, oldest first, the cursor of what is older, and with whom it is."""
    lida: Lida = await pagina.chamada.ler(
        "api.conversa_fio_listar", Lida, p_conversa_id=id, p_limite=POR_PAGINA, **quais
    )
    itens: list[Lida] = lida["dados"]
    return (itens if quais.get("p_apos") else itens[::-1]), lida["meta"]["proximoCursor"], lida["contato"]


def ler_uuid(texto: str | None) -> UUID | None:
    """The id that an address or a form names, if it is one."""
    try:
        return UUID(texto or "")
    except ValueError:
        return None


async def _achadas(pagina: Pagina, id: UUID, busca: str | None) -> list[Lida] | None:
    if not busca:
        return None
    try:
        lida: Lida = await pagina.chamada.ler(
            "api.mensagens_buscar", Lida, p_busca=busca[:200], p_conversa_id=id, p_limite=100
        )
    except Erro as erro:
        pagina.recusa(erro)
        return []
    return list(lida["dados"])


async def _modelos(pagina: Pagina, id: UUID, compositor: Lida, modelo: UUID | None) -> Lida:
    """The approved templates of the conversation's number, where they are of use, and the one that was chosen."""
    fechada = compositor["impedimento"] == "JANELA_FECHADA"
    if "escrever" not in pagina.pedido.query_params and modelo is None and not fechada:
        return {"modelos": None, "modelo": None}
    conexao_id = UUID(compositor["conexaoId"])
    lida: Lida = await pagina.chamada.ler(
        "api.modelos_listar", Lida, p_conexao_id=conexao_id, p_status="APPROVED", p_limite=200
    )
    modelos = frouxo(lida["dados"])
    return {"modelos": modelos, "modelo": next((m for m in modelos if m["id"] == str(modelo)), None)}


async def compositor(pagina: Pagina, id: UUID) -> Lida:
    """What `_compositor.html` needs."""
    lido: Lida = await pagina.chamada.ler("api.conversa_compositor_obter", Lida, p_id=id)
    # chosen by the address, or refused: then the form that was sent names it
    modelo = pagina.pedido.path_params.get("modelo_id") or ler_uuid(pagina.pedido.query_params.get("modelo"))
    modelos = await _modelos(pagina, id, lido, modelo)
    return {**modelos, "compositor": frouxo(lido), "estado": _estado(lido), "id_novo": str(uuid4())}


def _estado(lido: Lida) -> str:
    """What the composer is drawn by: while it is the same, a composer on the screen stays."""
    return f"{lido['voz']}:{lido['impedimento']}:{lido['janela']}:{len(lido['agendadas'])}"


async def contexto(pagina: Pagina, id: UUID) -> Lida:
    """What `_fio.html` needs besides `conversa`."""
    pedido = pagina.pedido.query_params
    alvo, busca = ler_uuid(pedido.get("mensagem")), pedido.get("busca")
    antes = None if alvo else pedido.get("antes")
    lido, (itens, cursor, _), achadas = await asyncio.gather(
        compositor(pagina, id),
        _ler(pagina, id, p_em_torno_de=alvo, p_cursor=antes),
        _achadas(pagina, id, busca),
    )
    nao_lidas = 0 if antes or alvo else lido["compositor"]["naoLidas"]
    feitas = linhas(itens, pagina.fuso, nao_lidas)
    return {
        **lido,
        "linhas": feitas,
        "anteriores": cursor,
        "alvo": str(alvo) if alvo else None,
        "no_fim": not (antes or alvo),
        "busca": busca or "",
        "buscando": busca is not None,
        "achadas": achadas,
    }


async def na_vista(leitura: Awaitable[T]) -> T | None:
    """What is read again without anybody having asked for it; nothing of a conversation that went out of sight, which
    is no error."""
    try:
        return await leitura
    except Erro as erro:
        if erro.codigo != "ZNV01":
            raise
        return None


async def sem_falta(feito: Awaitable[Json]) -> Json:
    """The answer to what scripts do by themselves: of a conversation that went out of sight there is none."""
    return await na_vista(feito) or Response(b"", status_code=HTTP_204_NO_CONTENT)


def _fora() -> Html:
    """Said instead of the composer's state."""
    return Response(b"", media_type=HTML, headers={"compositor": "FORA"})


def _so_regiao(pagina: Pagina) -> None:
    if not da_regiao(pagina.pedido):
        raise Erro(404, "ZNG01", "este endereço não existe")


async def _linhas(pagina: Pagina, id: UUID, apos: UUID | None, antes: str | None, nomeados: list[UUID] | None) -> Html:
    itens, cursor, contato = await _ler(pagina, id, p_apos=apos, p_cursor=antes, p_ids=nomeados)
    feitas = avulsas(itens) if nomeados else linhas(itens, pagina.fuso, continua=apos is not None)
    anteriores = None if apos or nomeados else cursor
    conversa = {"id": str(id), "contato": contato}
    resposta = await pagina.mostrar("linhas.html", linhas=feitas, conversa=conversa, anteriores=anteriores)
    if not (nomeados or antes):
        # whoever follows the thread need not ask for the composer to learn that it is as it was
        lido = await pagina.chamada.ler("api.conversa_compositor_obter", Lida, p_id=id)
        resposta.headers["compositor"] = _estado(lido)
    return resposta


async def _compositor(pagina: Pagina, id: UUID) -> Html:
    conversa, lido = await asyncio.gather(
        pagina.chamada.ler("api.conversa_obter", Lida, p_id=id), compositor(pagina, id)
    )
    return await pagina.mostrar("compositor.html", conversa=conversa, **lido)


async def _lida(pagina: Pagina, id: UUID) -> Json:
    resposta = await pagina.chamada.objeto("api.conversa_ler", p_id=id)
    await pagina.chamada.objeto("api.mencoes_ler", p_conversa_id=id)
    return await pagina.chamada.urgente("BORDA", resposta)


class PaginaFio(Controller):
    path = "/conversas"

    @get("/{id:uuid}/fio", **PAGINA)
    async def fio(
        self, pagina: ComPagina, id: FromPath[UUID], apos: Id = None, antes: Cursor = None, ids: Ids = None
    ) -> Html:
        """Lines alone: after one that is there, before one, or those named, as they are now."""
        _so_regiao(pagina)
        nomeados = [u for u in map(ler_uuid, (ids or "").split(",")) if u][:POR_PAGINA] or None
        return await na_vista(_linhas(pagina, id, apos, antes, nomeados)) or _fora()

    @get("/{id:uuid}/compositor", **PAGINA)
    async def compositor(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        _so_regiao(pagina)
        return await na_vista(_compositor(pagina, id)) or _fora()

    @get("/{id:uuid}/busca", **DADOS)
    async def buscar(
        self, pagina: ComPagina, id: FromPath[UUID], q: Annotated[str, QueryParameter(max_length=200)]
    ) -> Json:
        return await pagina.chamada.lista("api.mensagens_buscar", p_busca=q, p_conversa_id=id, p_limite=100)

    @get("/{id:uuid}/colegas", **DADOS)
    async def colegas(
        self,
        pagina: ComPagina,
        id: FromPath[UUID],
        q: Annotated[str | None, QueryParameter(max_length=100)] = None,
        ids: Ids = None,
    ) -> Json:
        nomeados = [u for u in map(ler_uuid, ids.split(",")) if u][:200] if ids else None
        return await pagina.chamada.lista(
            "api.conversa_colegas_listar", p_conversa_id=id, p_busca=q, p_ids=nomeados, p_limite=8
        )

    @get("/{id:uuid}/respostas", **DADOS)
    async def respostas(
        self, pagina: ComPagina, id: FromPath[UUID], q: Annotated[str | None, QueryParameter(max_length=100)] = None
    ) -> Json:
        return await pagina.chamada.lista("api.respostas_rapidas_listar", p_busca=q, p_limite=8)

    @get("/{id:uuid}/respostas/{resposta_id:uuid}", **DADOS)
    async def resposta(self, pagina: ComPagina, id: FromPath[UUID], resposta_id: FromPath[UUID]) -> Json:
        return await pagina.chamada.objeto("api.resposta_rapida_renderizar", p_id=resposta_id, p_conversa_id=id)

    @get("/{id:uuid}/variaveis", **DADOS)
    async def variaveis(
        self, pagina: ComPagina, id: FromPath[UUID], q: Annotated[str | None, QueryParameter(max_length=100)] = None
    ) -> Json:
        return await pagina.chamada.objeto("api.conversa_variaveis_obter", p_conversa_id=id, p_busca=q)

    @post("/{id:uuid}/ler", **DADOS)
    async def ler(self, pagina: ComPagina, id: FromPath[UUID]) -> Json:
        return await sem_falta(_lida(pagina, id))

    @get("/midias/{midia_id:uuid}", **PAGINA)
    async def midia(self, pagina: ComPagina, anonima: ChamadaAnonima, midia_id: FromPath[UUID]) -> Stream:
        """A file at a lasting address, to whoever may see it now; browsers keep it as long as a signed one opens."""
        permitido = await pagina.chamada.ler("api.midia_url_autorizar", MidiaAutorizacao, p_id=midia_id)
        expira_em = int(time.time()) + VALIDADE_S
        acesso = Acesso(pagina.chamada.cliente_id, permitido.sessao_id, permitido.id, expira_em)
        resposta = await servir_midia(pagina.pedido, anonima, acesso)
        resposta.headers["Vary"] = "Cookie"
        return resposta

    @post("/{id:uuid}/midias/{midia_id:uuid}/baixar", **PAGINA)
    async def baixar(self, pagina: ComPagina, id: FromPath[UUID], midia_id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.midia_baixa_retomar", p_id=midia_id)
        return pagina.ir(f"/conversas/{id}", "Buscando o arquivo de novo")
