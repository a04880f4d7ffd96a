"""The bench the tests stand on: a simulator, a webhook receiver, and short ways to speak to both."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from app.simulador.cena import MODELOS_PADRAO, preparar_conta
from app.simulador.servidor import Simulador

CHAVE = "chave-de-teste"
SEGREDO = "segredo-do-app"
SENHA = "senha-de-verificacao"
WABA = "100000000000001"
NUMERO = "200000000000001"
OUTRO = "200000000000002"
TOKEN = "token-da-conta"
# A fixed Sunday noon, so that every run lives the same instants.
INICIO_MS = 1_795_000_000_000


@dataclass
class Receptor:
    """Answers the handshake and keeps what it gets; ``status`` is what it answers to POSTs."""

    url: str = ""
    status: int = 200
    corpos: list[bytes] = field(default_factory=list)
    cabecalhos: list[dict[str, str]] = field(default_factory=list)

    async def tratar(self, pedido: web.Request) -> web.Response:
        if pedido.method == "GET":
            certo = pedido.query.get("hub.verify_token") == SENHA
            return web.Response(status=200 if certo else 403, text=pedido.query["hub.challenge"] if certo else "")
        self.corpos.append(await pedido.read())
        self.cabecalhos.append(dict(pedido.headers))
        return web.Response(status=self.status)

    def valores(self, campo: str = "messages") -> list[dict[str, Any]]:
        return [
            mudanca["value"]
            for corpo in self.corpos
            for entrada in json.loads(corpo)["entry"]
            for mudanca in entrada["changes"]
            if mudanca["field"] == campo
        ]

    def statuses(self) -> list[dict[str, Any]]:
        return [s for v in self.valores() for s in v.get("statuses", ())]

    def nomes(self) -> list[str]:
        return [s["status"] for s in self.statuses()]

    def mensagens(self) -> list[dict[str, Any]]:
        return [m for v in self.valores() for m in v.get("messages", ())]


@dataclass
class Bancada:
    simulador: Simulador
    receptor: Receptor
    sessao: aiohttp.ClientSession
    modelos: dict[str, str] = field(default_factory=dict)

    async def preparar(self) -> None:
        """Manual clock at a known instant, one account with two numbers, and the window of nobody open."""
        await self.controle("PUT", "/clock", {"mode": "manual", "now": INICIO_MS})
        numeros = ((OUTRO, "+55 31 99999-0200", ()), (NUMERO, "+55 11 99999-0100", MODELOS_PADRAO))
        for numero, digitos, modelos in numeros:
            conta = await preparar_conta(
                self.simulador.url_controle,
                CHAVE,
                app_secret=SEGREDO,
                verify_token=SENHA,
                callback_url=self.receptor.url,
                waba_id=WABA,
                phone_number_id=numero,
                display_phone_number=digitos,
                token=TOKEN,
                modelos=modelos,
            )
            assert conta["verified"]
            self.modelos = conta["templates"]

    async def controle(self, metodo: str, caminho: str, corpo: Any = None, *, status: int = 200) -> Any:
        url = f"{self.simulador.url_controle}/__sim/v1{caminho}"
        async with self.sessao.request(metodo, url, json=corpo, headers={"X-Sim-Key": CHAVE}) as resposta:
            assert resposta.status == status, await resposta.text()
            return await resposta.json()

    async def avancar(self, segundos: float) -> None:
        await self.controle("POST", "/clock/advance", {"seconds": segundos})

    async def cenario(self, **documento: Any) -> None:
        await self.controle("PUT", "/scenario", documento)

    async def falha(self, etapa: str, acao: dict[str, Any], **resto: Any) -> str:
        regra = {"stage": etapa, "action": acao, **resto}
        return (await self.controle("POST", "/faults", regra))["fault_id"]

    async def abrir_janela(self, *telefones: str, numero: str = NUMERO) -> None:
        for telefone in telefones:
            await self.controle("POST", "/inbound", {"to_number": numero, "from": telefone, "content": {"body": "oi"}})

    async def graph(
        self,
        metodo: str,
        caminho: str,
        corpo: Any = None,
        *,
        token: str | None = TOKEN,
        versao: str = "v25.0",
        prazo: float = 5,
        cru: bytes | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON of an answer; whatever the transport does wrong comes out as the exception."""
        cabecalhos = {"Authorization": f"Bearer {token}"} if token is not None else {}
        dados = cru if cru is not None else None if corpo is None else json.dumps(corpo).encode()
        url = f"{self.simulador.url_meta}/{versao}/{caminho}"
        prazos = aiohttp.ClientTimeout(total=prazo)
        async with self.sessao.request(metodo, url, data=dados, headers=cabecalhos, timeout=prazos) as resposta:
            assert resposta.headers["X-Sim-Request-Id"]
            return resposta.status, json.loads(await resposta.read())

    async def enviar(self, para: str, texto: str = "olá", *, numero: str = NUMERO, **resto: Any) -> tuple[int, Any]:
        prazo = resto.pop("prazo", 5)
        token = resto.pop("token", TOKEN)
        corpo = {"messaging_product": "whatsapp", "to": para, "type": "text", "text": {"body": texto}, **resto}
        return await self.graph("POST", f"{numero}/messages", corpo, prazo=prazo, token=token)

    async def enviar_modelo(
        self, para: str, nome: str = "boas_vindas", *parametros: str, numero: str = NUMERO, **resto: Any
    ) -> tuple[int, Any]:
        componentes = []
        prazo = resto.pop("prazo", 5)
        if parametros:
            componentes = [{"type": "body", "parameters": [{"type": "text", "text": p} for p in parametros]}]
        componentes += resto.pop("componentes", [])
        modelo = {"name": nome, "language": {"code": "pt_BR"}, "components": componentes}
        corpo = {"messaging_product": "whatsapp", "to": para, "type": "template", "template": modelo, **resto}
        return await self.graph("POST", f"{numero}/messages", corpo, prazo=prazo)

    async def livro(self, **filtro: str) -> list[dict[str, Any]]:
        consulta = "&".join(f"{k}={v}" for k, v in filtro.items())
        return await self.controle("GET", f"/ledger?{consulta}")

    async def resumo(self) -> dict[str, Any]:
        return await self.controle("GET", "/ledger/summary")


def codigo(resposta: tuple[int, Any]) -> int | None:
    """The Graph code of an answer, or nothing when it was accepted."""
    return resposta[1].get("error", {}).get("code")


async def em_paralelo(*pedidos: Any) -> list[Any]:
    return list(await asyncio.gather(*pedidos))
