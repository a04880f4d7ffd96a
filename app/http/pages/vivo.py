"""What `vivo.js` calls with the browser's session: the stream, what it missed, and who is there."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from app.http.comum import Json
from app.http.eventos import AvisosDe, Desde, SoPrazos, abrir_fluxo, estar, estar_na_conversa
from app.http.inscricoes import chave, inscrever
from app.http.pages import sessao
from app.http.pages.fio import sem_falta
from app.http.pages.pagina import DADOS, ComPagina
from app.tipos.eventos import InscricaoCriar, PresencaNaConversa, PresencaPropria


class Vivo(Controller):
    path = "/vivo"

    @get("/fluxo", **DADOS)
    async def fluxo(self, pagina: ComPagina, desde: Desde = None) -> Stream:
        return await abrir_fluxo(pagina.pedido, pagina.token, desde)

    @get("/desde", **DADOS)
    async def desde(
        self, pagina: ComPagina, desde: Annotated[int, QueryParameter(ge=0, le=2**63 - 1)] = 2**63 - 1
    ) -> Json:
        """Without a number: which one is the last, and that everything is to be read."""
        return await pagina.chamada.objeto("api.eventos_desde", p_desde=desde)

    @get("/avisos", **DADOS)
    async def avisos(self, pagina: ComPagina, conversas: AvisosDe = None, prazos: SoPrazos = False) -> Json:
        return await pagina.chamada.objeto("api.avisos_obter", p_conversas=[] if prazos else conversas)

    @get("/inscricao", **DADOS)
    async def chave(self, pagina: ComPagina) -> Json:
        return await chave(pagina.pedido, pagina.chamada)

    @put("/inscricao", **DADOS)
    async def inscrever(self, pagina: ComPagina, data: JSONBody[InscricaoCriar]) -> Json:
        return await inscrever(pagina.pedido, pagina.chamada, data)

    @delete("/inscricao", **DADOS)
    async def desinscrever(self, pagina: ComPagina) -> Json:
        return await pagina.chamada.objeto("api.inscricao_remover")

    @put("/presenca", **DADOS)
    async def estar(self, pagina: ComPagina, data: JSONBody[PresencaPropria]) -> Json:
        resposta = await estar(pagina.pedido, pagina.chamada, data)
        if sessao.falta_estender(pagina.pedido):
            await pagina.estender(resposta)
        return resposta

    @put("/conversas/{id:uuid}/presenca", **DADOS)
    async def estar_na_conversa(
        self, pagina: ComPagina, id: FromPath[UUID], data: JSONBody[PresencaNaConversa]
    ) -> Json:
        return await sem_falta(estar_na_conversa(pagina.pedido, pagina.chamada, id, data))
