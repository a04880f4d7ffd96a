"""Pairing a device: the image or the code, renewed while somebody holds the phone; its session ended or restarted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from msgspec import Struct

from app import demonstracao
from app.erros import Erro
from app.http.instancias import (
    Pareado,
    desconectar_instancia,
    parear_instancia,
    reiniciar_instancia,
    ver_pareamento,
)
from app.http.pages.canais import aberta, recusa
from app.http.pages.canal_atos import fazer
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.http.pages.qr import desenho
from app.telefone import candidatos, normalizar

Formulario: Final = Body(media_type=RequestEncodingType.URL_ENCODED)
# how long gateways keep a pairing open, by image and by code; only the time left on the screen follows from it
_VALE_IMAGEM: Final = timedelta(minutes=2)
_VALE_CODIGO: Final = timedelta(minutes=5)


class Telefone(Struct):
    telefone: str = ""


async def _mostrar(
    pagina: Pagina,
    pareado: Pareado | None,
    template: str,
    status: int = 200,
    erro: Erro | None = None,
    digitado: str = "",
) -> Html:
    conexao = msgspec.json.decode(pareado.conexao) if pareado else None
    vale_ate, restam, vale = None, 0, _VALE_IMAGEM
    if pareado and conexao and conexao["instancia"]["status"] == "CONECTANDO":
        vale = _VALE_CODIGO if pareado.codigo else _VALE_IMAGEM
        fim = datetime.fromisoformat(conexao["instancia"]["statusEm"]) + vale
        vale_ate, restam = fim.isoformat(), max(0, round((fim - datetime.now(UTC)).total_seconds()))
    return await pagina.mostrar(
        template,
        status,
        c=conexao,
        qr=desenho(pareado.qrcode) if pareado and pareado.qrcode else None,
        imagem=pareado.qrcode if pareado else None,
        codigo=pareado.codigo if pareado else None,
        vale_ate=vale_ate,
        restam=restam,
        vale_s=int(vale.total_seconds()),
        erro=erro,
        digitado=digitado,
        simulador=demonstracao.ligada(pagina.pedido.app.state.config),
        id=pagina.pedido.path_params["id"],
    )


async def _ver(pagina: Pagina, id_: UUID, template: str) -> Html:
    try:
        pareado = await ver_pareamento(id_, pagina.chamada, pagina.pedido)
    except Erro as erro:
        return await _mostrar(pagina, None, template, recusa(pagina, erro), erro)
    return await _mostrar(pagina, pareado, template)


def _do_aparelho(telefone: str) -> str | None:
    """The digits that a gateway takes. What is no phone goes as it was typed, to be refused by name."""
    if not telefone.strip():
        return None
    canonico = normalizar(telefone)
    if canonico is None:
        raise Erro(422, "ZRC01", "telefone inválido: informe o DDD e o número", campo="telefone")
    return candidatos(canonico)[0]


class AparelhoDoCanal(Controller):
    path = "/canais/{id:uuid}"

    @get("/parear", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _ver(pagina, id, "canal_parear.html")

    @get("/pareamento", **PAGINA)
    async def regiao(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _ver(pagina, id, "pareamento.html")

    @post("/parear", **PAGINA)
    async def parear(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Telefone, Formulario]
    ) -> Response[Any]:
        try:
            await parear_instancia(id, _do_aparelho(data.telefone), pagina.chamada, pagina.pedido)
        except Erro as erro:
            return await _mostrar(pagina, None, "canal_parear.html", recusa(pagina, erro), erro, digitado=data.telefone)
        return pagina.ir(f"/canais/{id}/parear", "Leia o código com o telefone")

    @post("/ler-qr", **PAGINA)
    async def ler_qr(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        """Only while the simulator stands for the providers: its phone reads the code."""

        async def ato() -> None:
            await demonstracao.ler_qr(pagina.pedido.app.state.config, await aberta(pagina, id))
            await ver_pareamento(id, pagina.chamada, pagina.pedido)

        return await fazer(pagina, id, ato(), "Aparelho conectado")

    @post("/desconectar", **PAGINA)
    async def desconectar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        return await fazer(
            pagina, id, desconectar_instancia(id, pagina.chamada, pagina.pedido), "Aparelho desconectado"
        )

    @post("/reiniciar", **PAGINA)
    async def reiniciar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        return await fazer(
            pagina, id, reiniciar_instancia(id, pagina.chamada, pagina.pedido), "O aparelho está reiniciando"
        )
