"""One's own second factor: turned on with an authenticator, recovery codes shown once, turned off by the password."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get, post

from app.erros import Erro
from app.http import fatores
from app.http.pages.campos import ler_campos
from app.http.pages.configuracoes import mostrar
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.http.pages.qr import desenho
from app.tipos.identidade import Fator, FatorLigado

_AQUI = "/configuracoes/seguranca/fator"
_NADA_ESPERA = "ZNI60"


async def _fator(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    fator = await pagina.chamada.ler("api.fator_obter", Fator)
    ligado_em = fator.ativado_em and fator.ativado_em.isoformat()
    return await mostrar(pagina, "seguranca/fator", status, fator=fator, ligado_em=ligado_em, **dados)


async def _chave(pagina: Pagina, status: int = 200, **dados: Any) -> Response[Any]:
    try:
        iniciado = await fatores.mostrar(pagina.pedido, pagina.chamada, pagina.eu["email"])
    except Erro as erro:
        if erro.codigo != _NADA_ESPERA:
            raise
        return pagina.ir_recusado(_AQUI, erro)
    grupos = " ".join(iniciado.chave[i : i + 4] for i in range(0, len(iniciado.chave), 4))
    resposta = await mostrar(
        pagina,
        "seguranca/chave",
        status,
        qr=desenho(iniciado.endereco),
        chave=grupos,
        endereco=iniciado.endereco,
        **dados,
    )
    resposta.headers["Cache-Control"] = "no-store"
    return resposta


async def _reservas(pagina: Pagina, ligado: FatorLigado) -> Html:
    """The recovery codes, shown once: nothing keeps them, this answer neither."""
    texto = "\n".join(ligado.codigos)
    resposta = await mostrar(pagina, "seguranca/reservas", texto=texto, arquivo=quote(f"Balcão\n{texto}\n"))
    resposta.headers["Cache-Control"] = "no-store"
    return resposta


class PaginaFator(Controller):
    path = _AQUI

    @get("/", **PAGINA)
    async def ver(self, pagina: ComPagina) -> Html:
        return await _fator(pagina)

    @post("/", **PAGINA)
    async def iniciar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await fatores.iniciar(pagina.pedido, pagina.chamada, campos.cru("senha"))
        except Erro as erro:
            return await _fator(pagina, pagina.recusa(erro), erro=erro, qual="ligar")
        return pagina.ir(f"{_AQUI}/ligar", "Falta dizer o primeiro código")

    @get("/ligar", **PAGINA)
    async def chave(self, pagina: ComPagina) -> Response[Any]:
        return await _chave(pagina)

    @post("/ligar", **PAGINA, status_code=200)
    async def ligar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            ligado = await fatores.confirmar(pagina.pedido, pagina.chamada, campos.um("codigo"))
        except Erro as erro:
            if erro.codigo == _NADA_ESPERA:
                return pagina.ir_recusado(_AQUI, erro)
            return await _chave(pagina, pagina.recusa(erro), erro=erro)
        return await _reservas(pagina, ligado)

    @post("/codigos", **PAGINA, status_code=200)
    async def trocar(self, pagina: ComPagina) -> Html:
        campos = await ler_campos(pagina.pedido)
        try:
            ligado = await fatores.trocar_reservas(pagina.chamada, campos.cru("senha"))
        except Erro as erro:
            return await _fator(pagina, pagina.recusa(erro), erro=erro, qual="codigos")
        return await _reservas(pagina, ligado)

    @post("/desligar", **PAGINA)
    async def desligar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            prova = await fatores.provar_senha(pagina.chamada, campos.cru("senha"))
            await pagina.chamada.objeto("api.fator_remover", **prova)
        except Erro as erro:
            return await _fator(pagina, pagina.recusa(erro), erro=erro, qual="desligar")
        return pagina.ir("/configuracoes/seguranca", "Segundo fator desligado")
