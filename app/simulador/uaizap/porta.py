"""The UaiZap port: one token names one instance, and a path that does not exist says so with 405."""

from __future__ import annotations

import re

import msgspec
from aiohttp import web

from app.simulador.falhas import Alvo
from app.simulador.fio import escrever
from app.simulador.http import JSON, Pedido, Resposta
from app.simulador.mundo import CORPO_REGISTRADO, Mundo
from app.simulador.transporte import aplicar
from app.simulador.uaizap import acoes, chats, configuracao, disparo, instancias
from app.simulador.uaizap.conteudo import CAMINHOS, Corpo
from app.simulador.uaizap.contexto import Contexto, ContextoAdmin, Tratador, TratadorAdmin
from app.simulador.uaizap.envio import enviar
from app.simulador.uaizap.erros import Recusado

_SEGREDO = re.compile(r'("(?:url|token|admintoken)"\s*:\s*")[^"]*')
_MIDIA = "/__media/"
_DA_INSTANCIA: dict[tuple[str, str], Tratador] = {
    ("POST", "/instance/connect"): instancias.conectar,
    ("GET", "/instance/status"): instancias.estado,
    ("POST", "/instance/disconnect"): instancias.desconectar,
    ("POST", "/instance/reset"): instancias.reiniciar,
    ("DELETE", "/instance"): instancias.apagar,
    ("POST", "/instance/updateInstanceName"): instancias.mudar_nome,
    ("POST", "/instance/updateDelaySettings"): instancias.mudar_espacamento,
    ("POST", "/instance/presence"): instancias.presenca,
    ("GET", "/instance/privacy"): instancias.ler_privacidade,
    ("POST", "/instance/privacy"): instancias.mudar_privacidade,
    ("GET", "/instance/wa_messages_limits"): instancias.limites,
    ("POST", "/message/find"): acoes.procurar,
    ("POST", "/message/markread"): acoes.marcar_lidas,
    ("POST", "/message/react"): acoes.reagir,
    ("POST", "/message/edit"): acoes.editar,
    ("POST", "/message/delete"): acoes.apagar,
    ("POST", "/message/download"): acoes.baixar,
    ("POST", "/message/presence"): acoes.presenca,
    ("GET", "/message/async"): acoes.ver_fila,
    ("DELETE", "/message/async"): acoes.limpar_fila,
    ("POST", "/chat/check"): chats.conferir,
    ("POST", "/chat/details"): chats.detalhar,
    ("POST", "/chat/find"): chats.procurar,
    ("POST", "/chat/read"): chats.ler,
    ("POST", "/chat/block"): chats.bloquear,
    ("GET", "/webhook"): configuracao.listar,
    ("POST", "/webhook"): configuracao.configurar,
    ("GET", "/webhook/errors"): configuracao.erros,
    ("POST", "/sender/simple"): disparo.simples,
    ("POST", "/sender/advanced"): disparo.avancado,
    ("POST", "/sender/edit"): disparo.mudar,
    ("GET", "/sender/listfolders"): disparo.listar_pastas,
    ("POST", "/sender/listmessages"): disparo.listar_mensagens,
    ("POST", "/sender/cleardone"): disparo.limpar_feitas,
    ("DELETE", "/sender/clearall"): disparo.limpar_tudo,
}
_DO_SERVIDOR: dict[tuple[str, str], TratadorAdmin] = {
    ("POST", "/instance/create"): instancias.criar,
    ("GET", "/instance/all"): instancias.listar,
    ("POST", "/instance/updateAdminFields"): instancias.mudar_campos_admin,
    ("GET", "/globalwebhook"): configuracao.listar_global,
    ("POST", "/globalwebhook"): configuracao.configurar_global,
    ("DELETE", "/globalwebhook"): configuracao.apagar_global,
}
# Published calls that nothing here depends on.
_NAO_SIMULADOS = frozenset(
    {
        "/send/status",
        "/instance/proxy",
        "/profile/name",
        "/profile/image",
        "/globalwebhook/errors",
        "/admin/restart",
        "/sse",
        "/chat/archive",
        "/chat/mute",
        "/chat/pin",
        "/chat/delete",
        "/chat/labels",
        "/chat/editLead",
        "/contacts",
        "/contacts/list",
        "/contact/add",
        "/contact/remove",
        "/labels",
    }
)
_FAMILIAS_NAO_SIMULADAS = (
    "/quickreply/",
    "/group/",
    "/newsletter/",
    "/call/",
    "/business/",
    "/trigger/",
    "/agent/",
    "/knowledge/",
    "/label/",
)


class PortaUaizap:
    def __init__(self, mundo: Mundo) -> None:
        self._mundo = mundo

    async def __call__(self, requisicao: web.BaseRequest) -> web.StreamResponse:
        mundo = self._mundo
        mundo.total_pedidos += 1
        pedido = Pedido(
            web=requisicao,
            metodo=requisicao.method,
            caminho=requisicao.path,
            no="",
            aresta="",
            corpo=await requisicao.read(),
            id=mundo.sorteio.bytes_de("pedido", str(mundo.total_pedidos))[:8].hex(),
            fbtrace="",
            provedor="uaizap",
        )
        inst = mundo.uaizap.por_token(pedido.autorizacao or "")
        pedido.no = inst.id if inst is not None else ""
        try:
            resposta = await self._responder(pedido)
        except Recusado as recusa:
            resposta = recusa.resposta()
        corpo = pedido.corpo[:CORPO_REGISTRADO].decode("utf-8", "replace")
        mundo.registrar(pedido, resposta, corpo if pedido.caminho in CAMINHOS else _SEGREDO.sub(r"\1***", corpo))
        return await escrever(mundo, pedido, resposta, {})

    async def _responder(self, pedido: Pedido) -> Resposta:
        mundo = self._mundo
        if mundo.falhas.apagao("uaizap", mundo.relogio.agora()):
            return mundo.resposta_de_codigo(503, pedido)
        if pedido.metodo == "GET" and pedido.caminho.startswith(_MIDIA):
            return self._arquivo(pedido.caminho.removeprefix(_MIDIA))
        rota = (pedido.metodo, pedido.caminho)
        if pedido.metodo == "POST" and pedido.caminho in CAMINHOS:
            return await enviar(mundo, pedido)
        if rota not in _DA_INSTANCIA and rota not in _DO_SERVIDOR:
            raise _desconhecida(pedido.caminho)
        cortada = await self._cortar(pedido)
        if cortada is not None:
            return cortada
        resultado = self._atender(rota, pedido)
        return Resposta(corpo=msgspec.json.encode(resultado))

    def _atender(self, rota: tuple[str, str], pedido: Pedido) -> object:
        mundo = self._mundo
        tratador = _DA_INSTANCIA.get(rota)
        if tratador is not None:
            inst = mundo.uaizap.autenticar(pedido.autorizacao)
            return tratador(Contexto(mundo, pedido, inst, _corpo(pedido)))
        servidor = mundo.uaizap.administrar(pedido.web.headers.get("admintoken"))
        return _DO_SERVIDOR[rota](ContextoAdmin(mundo, servidor, _corpo(pedido)))

    async def _cortar(self, pedido: Pedido) -> Resposta | None:
        mundo = self._mundo
        if not mundo.falhas.ativa("before_read", "uaizap"):
            return None
        identidade = f"{pedido.metodo} {pedido.caminho}"
        alvo = Alvo(pedido.caminho, pedido.no, "", "", identidade, provider="uaizap")
        decisao = mundo.falhas.decidir("before_read", alvo, mundo.relogio.agora())
        return None if decisao is None else await aplicar(mundo, pedido, *decisao, None)

    def _arquivo(self, opaco: str) -> Resposta:
        midia = self._mundo.midias.da_url(opaco, self._mundo.relogio.agora())
        if midia is None:
            return Resposta(http=404, corpo=b'{"error":"file not found"}', tipo=JSON)
        return Resposta(corpo=midia.dados, tipo=midia.mime)


def _corpo(pedido: Pedido) -> Corpo:
    """An empty body counts as no parameters."""
    try:
        corpo = msgspec.json.decode(pedido.corpo or b"{}")
    except msgspec.DecodeError:
        raise Recusado(400, "request", "invalid JSON body") from None
    if not isinstance(corpo, dict):
        raise Recusado(400, "request", "invalid JSON body")
    return corpo


def _desconhecida(caminho: str) -> Recusado:
    if caminho in _NAO_SIMULADOS or caminho.startswith(_FAMILIAS_NAO_SIMULADAS):
        return Recusado(501, "not_simulated", "not simulated")
    return Recusado(405, "method_not_allowed", "Method Not Allowed")
