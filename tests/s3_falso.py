"""Just enough of S3 in process: put (whole or in parts), get with range, head; signed requests only."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


class S3Falso:
    """One bucket. `fora`: answer 500 to everything; `pico`: the largest body that came in one request."""

    def __init__(self) -> None:
        self.objetos: dict[str, bytes] = {}
        self.partes: dict[str, dict[int, bytes]] = {}
        self.fora = False
        self.pico = 0
        self.url = ""

    async def atender(self, pedido: web.Request) -> web.StreamResponse:
        if self.fora:
            return web.Response(status=500)
        if "AWS4-HMAC-SHA256 Credential=chave/" not in pedido.headers.get("Authorization", ""):
            return web.Response(status=403)
        chave, envio = pedido.path.split("/", 2)[2], pedido.query.get("uploadId")
        match pedido.method:
            case "HEAD" | "GET":
                return self._ler(pedido, chave)
            case "PUT" if envio:
                self.partes[envio][int(pedido.query["partNumber"])] = await self._corpo(pedido)
            case "PUT":
                self.objetos[chave] = await self._corpo(pedido)
            case "POST" if envio:
                partes = self.partes.pop(envio)
                self.objetos[chave] = b"".join(partes[n] for n in sorted(partes))
                return _xml("<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>")
            case "POST":
                novo = secrets.token_hex(8)
                self.partes[novo] = {}
                return _xml(
                    f"<InitiateMultipartUploadResult><UploadId>{novo}</UploadId></InitiateMultipartUploadResult>"
                )
        return web.Response(headers={"ETag": '"x"'})

    async def _corpo(self, pedido: web.Request) -> bytes:
        corpo = await pedido.read()
        self.pico = max(self.pico, len(corpo))
        return corpo

    def _ler(self, pedido: web.Request, chave: str) -> web.Response:
        if chave not in self.objetos:
            return web.Response(status=404)
        dados, comuns = self.objetos[chave], {"ETag": '"x"', "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT"}
        if pedido.method == "HEAD":
            return web.Response(headers={**comuns, "Content-Length": str(len(dados))})
        achada = re.fullmatch(r"bytes=(\d+)-(\d*)", pedido.headers.get("Range", ""))
        if achada is None:
            return web.Response(body=dados, headers=comuns)
        de, ate = int(achada[1]), min(int(achada[2] or len(dados)), len(dados) - 1)
        faixa = {"Content-Range": f"bytes {de}-{ate}/{len(dados)}"}
        return web.Response(status=206, body=dados[de : ate + 1], headers=comuns | faixa)


def _xml(texto: str) -> web.Response:
    return web.Response(text=f'<?xml version="1.0"?>{texto}', content_type="application/xml")


@asynccontextmanager
async def servir() -> AsyncIterator[S3Falso]:
    falso = S3Falso()
    app = web.Application(client_max_size=2**30)
    app.router.add_route("*", "/{tudo:.*}", falso.atender)
    corredor = web.AppRunner(app)
    await corredor.setup()
    sitio = web.TCPSite(corredor, "127.0.0.1", 0)
    await sitio.start()
    falso.url = f"http://127.0.0.1:{corredor.addresses[0][1]}"
    try:
        yield falso
    finally:
        await corredor.cleanup()
