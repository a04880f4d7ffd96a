"""Browsers that are told while no page is open: their address, sealed, for as long as the session lasts."""

from __future__ import annotations

import hashlib

import msgspec
from litestar import Controller, delete, get, put
from litestar.params import JSONBody

from app.cifra import Cofre, novo_id
from app.erros import Erro
from app.http.comum import Chamada, DaSessao, Json, Pedido, documento, objeto
from app.provedores import push
from app.provedores.uaizap_canal import EnderecoRecusado, Enderecos
from app.tipos.eventos import InscricaoChave, InscricaoCriar


class Inscricoes(Controller):
    path = "/api/eventos/inscricao"
    tags = ["Tempo real"]  # noqa: RUF012

    @get("/", **documento(tipo=InscricaoChave, resumo="A chave pública com que um navegador se inscreve (VAPID)"))
    async def chave(self, request: Pedido, chamada: Chamada) -> Json:
        return await chave(request, chamada)

    @put("/", **documento("api.inscricao_criar", resumo="Inscrever este navegador para avisos com tudo fechado"))
    async def inscrever(self, data: JSONBody[InscricaoCriar], request: Pedido, chamada: Chamada) -> Json:
        return await inscrever(request, chamada, data)

    @delete("/", **documento("api.inscricao_remover", status=200, resumo="Deixar de avisar o navegador desta sessão"))
    async def remover(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.inscricao_remover")


async def chave(pedido: Pedido, chamada: DaSessao) -> Json:
    """Whoever may be told may know it."""
    await chamada.objeto("api.permissao_conferir", p_permissao="conversas:ler")
    return objeto(msgspec.json.encode(InscricaoChave(push.publica(pedido.app.state.config.push_chave))))


async def inscrever(pedido: Pedido, chamada: DaSessao, dita: InscricaoCriar) -> Json:
    """Keep the address and the keys of a browser. Refuses what no push service could deliver to."""
    navegador = push.Navegador(dita.endpoint, push.ChavesDoNavegador(dita.keys.p256dh, dita.keys.auth))
    try:
        push.conferir(Enderecos(pedido.app.state.config.push_hosts), navegador)
    except EnderecoRecusado:
        raise Erro(422, "ZRI46", "este serviço de avisos não é aceito aqui", campo="endpoint") from None
    if not push.chaves_valem(navegador):
        raise Erro(422, "ZRI47", "as chaves deste navegador não servem para avisar", campo="keys")
    cofre: Cofre = pedido.app.state.cofre
    id_ = novo_id()
    return await chamada.objeto(
        "api.inscricao_criar",
        p_id=id_,
        p_endereco_hash=hashlib.sha256(navegador.endpoint.encode()).digest(),
        p_credenciais=cofre.selar(msgspec.json.encode(navegador), chamada.cliente_id, id_),
    )
