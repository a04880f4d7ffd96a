"""The Meta port: finds the node and the edge of a Graph path, and who answers for them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from app.simulador import grafo_midia, grafo_modelos, grafo_numeros
from app.simulador.contas import ESCOPO_ENVIO, ESCOPO_GESTAO, Token, exigir_escopo
from app.simulador.envio import enviar
from app.simulador.erros import Negado, inexistente
from app.simulador.falhas import Alvo
from app.simulador.fio import escrever
from app.simulador.http import Pedido, Resposta
from app.simulador.mundo import CORPO_REGISTRADO, Mundo
from app.simulador.relogio import HORA
from app.simulador.sorteio import texto_curto
from app.simulador.transporte import aplicar

Tratador = Callable[[Mundo, Pedido, Token], Awaitable[Resposta]]
_VERSAO = re.compile(r"v(\d{1,3})\.\d{1,2}")
_VERSOES = range(19, 41)
_SEGREDO = re.compile(r'("(?:pin|code|verify_token|access_token)"\s*:\s*")[^"]*')
_COTA_HORA = 5_000

_DO_NUMERO: dict[tuple[str, str], Tratador] = {
    ("GET", ""): grafo_numeros.ler,
    ("POST", ""): grafo_numeros.configurar,
    ("POST", "register"): grafo_numeros.registrar,
    ("POST", "deregister"): grafo_numeros.desregistrar,
    ("POST", "request_code"): grafo_numeros.pedir_codigo,
    ("POST", "verify_code"): grafo_numeros.conferir_codigo,
    ("GET", "whatsapp_business_profile"): grafo_numeros.ler_perfil,
    ("POST", "whatsapp_business_profile"): grafo_numeros.gravar_perfil,
}
_DA_WABA: dict[tuple[str, str], Tratador] = {
    ("GET", "phone_numbers"): grafo_numeros.listar,
    ("GET", "message_templates"): grafo_modelos.listar,
    ("POST", "message_templates"): grafo_modelos.criar,
    ("DELETE", "message_templates"): grafo_modelos.apagar,
    ("GET", "subscribed_apps"): grafo_numeros.inscricoes,
    ("POST", "subscribed_apps"): grafo_numeros.inscrever,
    ("DELETE", "subscribed_apps"): grafo_numeros.desinscrever,
}
_DO_MODELO: dict[tuple[str, str], Tratador] = {
    ("GET", ""): grafo_modelos.ler,
    ("POST", ""): grafo_modelos.editar,
}
_DA_MIDIA: dict[tuple[str, str], Tratador] = {
    ("GET", ""): grafo_midia.ler,
    ("DELETE", ""): grafo_midia.apagar,
}


class PortaMeta:
    def __init__(self, mundo: Mundo) -> None:
        self._mundo = mundo

    async def __call__(self, requisicao: web.BaseRequest) -> web.StreamResponse:
        mundo = self._mundo
        mundo.total_pedidos += 1
        origem = mundo.sorteio.bytes_de("pedido", str(mundo.total_pedidos))
        multipart = requisicao.content_type.startswith("multipart/")
        pedido = Pedido(
            web=requisicao,
            metodo=requisicao.method,
            caminho=requisicao.path,
            no="",
            aresta="",
            corpo=b"" if multipart else await requisicao.read(),
            id=origem[:8].hex(),
            fbtrace=texto_curto(origem[8:30]),
        )
        try:
            resposta = await self._responder(pedido)
        except Negado as erro:
            resposta = mundo.resposta_erro(erro, pedido)
        corpo = pedido.corpo[:CORPO_REGISTRADO].decode("utf-8", "replace")
        mascarado = corpo if pedido.aresta == "messages" else _SEGREDO.sub(r"\1***", corpo)
        mundo.registrar(pedido, resposta, mascarado)
        cabecalhos = {
            "facebook-api-version": pedido.versao,
            "x-fb-trace-id": pedido.fbtrace,
            "x-fb-request-id": pedido.id,
        }
        return await escrever(mundo, pedido, resposta, cabecalhos)

    async def _responder(self, pedido: Pedido) -> Resposta:
        mundo = self._mundo
        if mundo.falhas.apagao("meta", mundo.relogio.agora()):
            return mundo.resposta_erro(Negado(2), pedido)
        partes = pedido.caminho.strip("/").split("/")
        if partes[0] == "__media" and len(partes) == 2:
            return grafo_midia.baixar(mundo, pedido, partes[1])
        if not _versao_aceita(partes[0]):
            raise Negado(2500)
        if not 2 <= len(partes) <= 3:
            raise inexistente()
        pedido.versao, pedido.no = partes[0], partes[1]
        pedido.aresta = partes[2] if len(partes) == 3 else ""
        if pedido.metodo == "POST" and pedido.aresta in ("messages", "marketing_messages"):
            return await enviar(mundo, pedido, so_marketing=pedido.aresta == "marketing_messages")
        return await self._fora_do_envio(pedido)

    async def _fora_do_envio(self, pedido: Pedido) -> Resposta:
        """Management and media: faults of the transport first, then token, scope and node."""
        mundo = self._mundo
        if mundo.falhas.ativa("before_read", "meta"):
            alvo = Alvo(pedido.caminho, pedido.no, "", "", f"{pedido.metodo} {pedido.caminho}")
            decisao = mundo.falhas.decidir("before_read", alvo, mundo.relogio.agora())
            cortada = None if decisao is None else await aplicar(mundo, pedido, *decisao, None)
            if cortada is not None:
                return cortada
        token = mundo.contas.autenticar(pedido.autorizacao, mundo.relogio.agora() // 1000)
        if pedido.metodo == "POST" and pedido.aresta == "media":
            exigir_escopo(token, ESCOPO_ENVIO)
            return await grafo_midia.enviar(mundo, pedido, token)
        tratador, escopo = self._rota(pedido)
        exigir_escopo(token, escopo)
        if escopo == ESCOPO_ENVIO:
            return await tratador(mundo, pedido, token)
        uso = self._contar_gestao(token)
        resposta = await tratador(mundo, pedido, token)
        resposta.cabecalhos["x-business-use-case-usage"] = uso
        return resposta

    def _rota(self, pedido: Pedido) -> tuple[Tratador, str]:
        """The handler, by the kind of object the id names, and the scope it asks for."""
        mundo = self._mundo
        tabela: dict[tuple[str, str], Tratador] = {}
        escopo = ESCOPO_GESTAO
        if pedido.no in mundo.contas.numeros:
            tabela = _DO_NUMERO
        elif pedido.no in mundo.contas.wabas:
            tabela = _DA_WABA
        elif pedido.no in mundo.modelos.por_id:
            tabela = _DO_MODELO
        elif mundo.midias.buscar(pedido.no, mundo.relogio.agora()) is not None:
            tabela, escopo = _DA_MIDIA, ESCOPO_ENVIO
        tratador = tabela.get((pedido.metodo, pedido.aresta))
        if tratador is None:
            raise inexistente()
        return tratador, escopo

    def _contar_gestao(self, token: Token) -> str:
        """The hourly budget of management calls, kept per token's account."""
        mundo = self._mundo
        conta = token.waba_ids[0] if token.waba_ids else ""
        agora = mundo.relogio.agora()
        chamadas = mundo.chamadas_de_gestao[conta]
        while chamadas and chamadas[0] <= agora - HORA:
            chamadas.popleft()
        registrado = any(n.registered for n in mundo.contas.numeros.values() if n.waba_id in token.waba_ids)
        cota = _COTA_HORA if registrado else 200
        if mundo.ajustes.management_quota and len(chamadas) >= cota:
            raise Negado(80007, "There have been too many calls to this WhatsApp Business account.")
        chamadas.append(agora)
        porcento = len(chamadas) * 100 // cota
        falta = 60 if porcento >= 100 else 0
        uso = {
            "type": "whatsapp",
            "call_count": porcento,
            "total_cputime": porcento,
            "total_time": porcento,
            "estimated_time_to_regain_access": falta,
        }
        return msgspec.json.encode({conta: [uso]}).decode()


def _versao_aceita(parte: str) -> bool:
    achada = _VERSAO.fullmatch(parte)
    return achada is not None and int(achada.group(1)) in _VERSOES
