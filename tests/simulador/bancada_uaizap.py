"""The same bench for the UaiZap port: a server, a connected instance, and the webhooks it posts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from app.simulador.cena import preparar_instancia
from tests.simulador.bancada import CHAVE, Bancada

ADMIN = "admin-do-servidor"
INSTANCIA = "loja-centro"
TOKEN = "11111111-2222-4333-8444-555555555555"
DONO = "5511999990300"
PESSOA = "5531988887777"


@dataclass
class BancadaUaizap:
    base: Bancada
    id: str = ""

    async def preparar(self) -> None:
        controle, webhook = self.base.simulador.url_controle, self.base.receptor.url
        criada = await preparar_instancia(
            controle, CHAVE, nome=INSTANCIA, token=TOKEN, owner=DONO, webhook=webhook, admin_token=ADMIN
        )
        self.id = criada["id"]
        await self.avancar(0)
        self.base.receptor.corpos.clear()

    async def controle(self, metodo: str, caminho: str, corpo: Any = None, *, status: int = 200) -> Any:
        return await self.base.controle(metodo, caminho, corpo, status=status)

    async def avancar(self, segundos: float) -> None:
        await self.base.avancar(segundos)

    async def cenario(self, **ajustes: Any) -> None:
        await self.controle("PUT", "/scenario", {"uaizap": ajustes})

    async def falha(self, etapa: str, acao: dict[str, Any], **resto: Any) -> None:
        await self.base.falha(etapa, acao, provider="uaizap", **resto)

    async def chamar(
        self,
        metodo: str,
        caminho: str,
        corpo: Any = None,
        *,
        token: str | None = TOKEN,
        admin: str | None = None,
        prazo: float = 5,
    ) -> tuple[int, Any]:
        """Status and JSON; whatever the transport does wrong comes out as the exception."""
        cabecalhos = {"token": token} if token is not None else {}
        if admin is not None:
            cabecalhos = {"admintoken": admin}
        dados = corpo if isinstance(corpo, bytes) else None if corpo is None else json.dumps(corpo).encode()
        url = f"{self.base.simulador.url_uaizap}{caminho}"
        prazos = aiohttp.ClientTimeout(total=prazo)
        async with self.base.sessao.request(metodo, url, data=dados, headers=cabecalhos, timeout=prazos) as resposta:
            assert resposta.headers["X-Sim-Request-Id"]
            assert resposta.headers["X-Sim-Now"]
            return resposta.status, json.loads(await resposta.read())

    async def enviar(self, para: str = PESSOA, texto: str = "olá", **resto: Any) -> tuple[int, Any]:
        prazo = resto.pop("prazo", 5)
        token = resto.pop("token", TOKEN)
        corpo = {"number": para, "text": texto, **resto}
        return await self.chamar("POST", "/send/text", corpo, prazo=prazo, token=token)

    async def procurar(self, **criterio: Any) -> list[dict[str, Any]]:
        status, corpo = await self.chamar("POST", "/message/find", criterio)
        assert status == 200
        assert corpo["returnedMessages"] == len(corpo["messages"])
        return corpo["messages"]

    async def estado(self) -> dict[str, Any]:
        return (await self.chamar("GET", "/instance/status"))[1]

    async def receber(self, conteudo: Any = "oi", tipo: str = "text", *, de: str = PESSOA, **resto: Any) -> Any:
        corpo = {"provider": "uaizap", "to_number": self.id, "from": de, "type": tipo, "content": conteudo, **resto}
        recebida = await self.controle("POST", "/inbound", corpo)
        await self.avancar(0)
        return recebida

    def corpos(self, evento: str) -> list[dict[str, Any]]:
        todos = [json.loads(c) for c in self.base.receptor.corpos]
        return [c for c in todos if c.get("EventType") == evento]

    def mensagens(self) -> list[dict[str, Any]]:
        return [c["message"] for c in self.corpos("messages")]

    def recibos(self) -> list[dict[str, Any]]:
        return self.corpos("messages_update")

    def estados(self) -> list[str]:
        return [c["state"] for c in self.recibos()]

    def conexoes(self) -> list[str]:
        return [c["instance"]["status"] for c in self.corpos("connection")]

    async def livro(self) -> list[dict[str, Any]]:
        return await self.base.livro(provider="uaizap")
