"""Real time: what changed since a number, the stream of it, and who is there."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, put
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from litestar.response import Stream

from app.erros import Erro
from app.eventos import Sinal
from app.http.comum import Chamada, DaSessao, Json, Pedido, documento, exigir_token, objeto
from app.http.fluxo import Central, Fluxo
from app.presenca import VALIDADE_S, Presenca
from app.tipos.eventos import (
    ConversaPresenca,
    EventosSessao,
    PresencaNaConversa,
    PresencaPropria,
    Presente,
    Presentes,
)

_NUMERO = {"ge": 0, "le": 2**63 - 1}
# writing is announced by who may write
_DE_ESTAR = {"VENDO": "api.conversa_presenca_obter", "DIGITANDO": "api.conversa_digitacao_obter"}
Desde = Annotated[
    int | None,
    QueryParameter(name="desde", **_NUMERO, description="O último número que se conhece; ausente = só o que vier."),
]
AvisosDe = Annotated[
    list[UUID] | None,
    QueryParameter(name="conversa", max_items=50, description="O que mudou; ausente = qualquer conversa sua."),
]
SoPrazos = Annotated[
    bool,
    QueryParameter(name="prazos", description="De conversa nenhuma: só menções e prazos de resposta acabados."),
]
UltimoId = Annotated[
    int | None,
    HeaderParameter(name="Last-Event-ID", **_NUMERO, description="O que o navegador manda ao reconectar."),
]


class TempoReal(Controller):
    path = "/api/eventos"
    tags = ["Tempo real"]  # noqa: RUF012

    @get("/", **documento("api.eventos_desde", resumo="O que mudou depois de um evento"))
    async def desde(
        self,
        chamada: Chamada,
        desde: Annotated[int, QueryParameter(name="desde", ge=0, le=2**63 - 1, description="Número já conhecido.")],
        limite: Annotated[int | None, QueryParameter(name="limite", ge=1, le=1000)] = None,
    ) -> Json:
        return await chamada.objeto("api.eventos_desde", p_desde=desde, p_limite=limite)

    @get("/avisos", **documento("api.avisos_obter", resumo="De que avisar agora"))
    async def avisos(self, chamada: Chamada, conversas: AvisosDe = None, prazos: SoPrazos = False) -> Json:
        return await chamada.objeto("api.avisos_obter", p_conversas=[] if prazos else conversas)

    @get(
        "/fluxo",
        **documento("api.eventos_desde", resumo="Fluxo de eventos (text/event-stream)", arquivo="text/event-stream"),
    )
    async def fluxo(self, request: Pedido, desde: Desde = None, ultimo_id: UltimoId = None) -> Stream:
        return await abrir_fluxo(request, exigir_token(request), desde if ultimo_id is None else ultimo_id)


class Presencas(Controller):
    path = "/api"
    tags = ["Tempo real"]  # noqa: RUF012

    @get("/presenca", **documento(tipo=Presentes, resumo="Quem está no sistema"))
    async def todos(self, request: Pedido, chamada: Chamada) -> Json:
        await chamada.ler("api.eventos_sessao_obter", EventosSessao)
        return await _presentes(request, chamada)

    @put("/presenca", **documento(tipo=Presentes, resumo="Dizer que se está aqui; vale por 45 segundos"))
    async def estar(self, data: JSONBody[PresencaPropria], request: Pedido, chamada: Chamada) -> Json:
        return await estar(request, chamada, data)

    @get("/conversas/{id:uuid}/presenca", **documento(tipo=Presentes, resumo="Quem está numa conversa"))
    async def na_conversa(self, id: FromPath[UUID], request: Pedido, chamada: Chamada) -> Json:
        await chamada.ler("api.conversa_presenca_obter", ConversaPresenca, p_id=id)
        return await _presentes(request, chamada, id)

    @put(
        "/conversas/{id:uuid}/presenca",
        **documento(tipo=Presentes, resumo="Dizer que se vê a conversa (30 s) ou que se escreve (6 s)"),
    )
    async def estar_na_conversa(
        self, id: FromPath[UUID], data: JSONBody[PresencaNaConversa], request: Pedido, chamada: Chamada
    ) -> Json:
        return await estar_na_conversa(request, chamada, id, data)


async def abrir_fluxo(pedido: Pedido, token: tuple[UUID, str], desde: int | None) -> Stream:
    """The stream of whoever bears this token, from this number on."""
    central: Central = pedido.app.state.central
    if central.cheia:
        raise Erro(503, "ZTG04", "há fluxos demais abertos: tente de novo em instantes", espera_s=5)
    chamada = DaSessao(pedido.app.state.banco, *token)
    fluxo = Fluxo(central, chamada, await chamada.ler("api.eventos_sessao_obter", EventosSessao), desde)
    return Stream(fluxo.quadros(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def estar(pedido: Pedido, chamada: DaSessao, dita: PresencaPropria) -> Json:
    """Say that one is there; who else is."""
    eu = await chamada.ler("api.eventos_sessao_obter", EventosSessao)
    await _marcar(pedido, chamada.cliente_id, None, (eu.usuario_id, eu.sessao_id), dita.estado)
    return await _presentes(pedido, chamada)


async def estar_na_conversa(pedido: Pedido, chamada: DaSessao, id: UUID, dita: PresencaNaConversa) -> Json:
    """Say that one looks at a conversation or writes in it; who else does."""
    eu = await chamada.ler(_DE_ESTAR[dita.estado], ConversaPresenca, p_id=id)
    quem = (eu.usuario_id, eu.sessao_id)
    await _marcar(pedido, chamada.cliente_id, id, quem, dita.estado, frozenset(eu.topicos))
    return await _presentes(pedido, chamada, id)


async def _presentes(pedido: Pedido, chamada: DaSessao, conversa_id: UUID | None = None) -> Json:
    presenca: Presenca = pedido.app.state.presenca
    vistos = await presenca.listar(chamada.cliente_id, conversa_id)
    return objeto(msgspec.json.encode(Presentes([Presente(u, e) for u, e in vistos.items()])))


async def _marcar(
    pedido: Pedido,
    cliente_id: UUID,
    conversa_id: UUID | None,
    quem: tuple[UUID, UUID],
    estado: str,
    topicos: frozenset[str] | None = None,
) -> None:
    """Remember it for a while, and tell those who may know when it is news."""
    presenca: Presenca = pedido.app.state.presenca
    central: Central = pedido.app.state.central
    if await presenca.marcar(cliente_id, conversa_id, *quem, estado):
        dados = {"conversaId": conversa_id, "usuarioId": quem[0], "estado": estado, "valeS": VALIDADE_S[estado]}
        chave = f"{conversa_id}:{quem[0]}"
        await central.escuta.enviar(
            cliente_id, Sinal("presenca", chave, msgspec.Raw(msgspec.json.encode(dados)), topicos)
        )
