"""One's own second factor: turned on with an authenticator, off by password and code; recovery codes shown once."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from app import fator
from app.erros import Erro
from app.http import fatores
from app.http.pages.campos import ler_campos
from app.http.pages.configuracoes import mostrar
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.http.pages.qr import desenho
from app.tipos.identidade import Fator, FatorLigado

_AQUI: Final = "/configuracoes/seguranca/fator"
_NADA_ESPERA: Final = "ZNI60"
_NAO_CONFERE: Final = "ZRI61"
# new recovery codes on their way to the page that shows them, sealed for this session: no table ever has them
_RESERVAS: Final = "__Host-reservas"
_RESERVAS_S: Final = 300


async def _fator(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    lido = await pagina.chamada.ler("api.fator_obter", Fator)
    ligado_em = lido.ativado_em and lido.ativado_em.isoformat()
    return await mostrar(pagina, "seguranca/fator", status, fator=lido, ligado_em=ligado_em, **dados)


def _ir(onde: str, *cookies: Cookie) -> Response[Any]:
    return Redirect(onde, status_code=HTTP_303_SEE_OTHER, cookies=list(cookies))


def _nao_guardar(resposta: Html) -> Html:
    resposta.headers["Cache-Control"] = "no-store"
    return resposta


async def _nada_espera(pagina: Pagina, erro: Erro) -> Response[Any]:
    """Who comes back to the drawing after it was used sees that it is on; any other begins again."""
    if erro.codigo != _NADA_ESPERA:
        raise erro
    lido = await pagina.chamada.ler("api.fator_obter", Fator)
    return _ir(_AQUI) if lido.ativo else pagina.ir_recusado(_AQUI, erro)


async def _chave(pagina: Pagina, **dados: Any) -> Html:
    iniciado = await fatores.mostrar(pagina.pedido, pagina.chamada, pagina.eu["email"])
    grupos = " ".join(iniciado.chave[i : i + 4] for i in range(0, len(iniciado.chave), 4))
    desenhado: dict[str, Any] = {"qr": desenho(iniciado.endereco), "chave": grupos, "endereco": iniciado.endereco}
    return _nao_guardar(await mostrar(pagina, "seguranca/chave", **desenhado, **dados))


def _biscoito(valor: str, segundos: int) -> Cookie:
    return Cookie(key=_RESERVAS, value=valor, max_age=segundos, path="/", secure=True, httponly=True, samesite="strict")


def _mostrar_depois(pagina: Pagina, ligado: FatorLigado) -> Response[Any]:
    """Show the codes at an address that Back and Forward can find again, though the codes no more."""
    selado = fator.selar_reservas(pagina.pedido.app.state.cofre, *pagina.token, ligado.codigos)
    return _ir(f"{_AQUI}/reservas", _biscoito(selado, _RESERVAS_S))


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
    async def chave(self, pagina: ComPagina, recusa: Annotated[str | None, QueryParameter()] = None) -> Response[Any]:
        errado = Erro(422, _NAO_CONFERE, "o código não confere: digite o que o aplicativo mostra agora", campo="codigo")
        try:
            return await _chave(pagina, erro=errado if recusa == _NAO_CONFERE else None)
        except Erro as erro:
            return await _nada_espera(pagina, erro)

    @post("/ligar", **PAGINA)
    async def ligar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            ligado = await fatores.confirmar(pagina.pedido, pagina.chamada, campos.um("codigo"))
        except Erro as erro:
            if erro.codigo == _NAO_CONFERE:
                # by a redirect, for nothing may keep an answer with the key: Back to one posted for would show none
                return _ir(f"{_AQUI}/ligar?recusa={erro.codigo}")
            return await _nada_espera(pagina, erro)
        return _mostrar_depois(pagina, ligado)

    @get("/reservas", **PAGINA)
    async def reservas(self, pagina: ComPagina) -> Response[Any]:
        """Once: the answer takes the codes from the browser, and nobody else has them."""
        selado = pagina.pedido.cookies.get(_RESERVAS, "")
        codigos = fator.abrir_reservas(pagina.pedido.app.state.cofre, *pagina.token, selado, _RESERVAS_S)
        if codigos is None:
            return pagina.ir(_AQUI, "Os códigos de reserva só aparecem uma vez")
        texto = "\n".join(codigos)
        resposta = await mostrar(pagina, "seguranca/reservas", texto=texto, arquivo=quote(f"Balcão\n{texto}\n"))
        resposta.cookies.append(_biscoito("", 0))
        return _nao_guardar(resposta)

    @post("/codigos", **PAGINA)
    async def trocar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            ligado = await fatores.trocar_reservas(
                pagina.pedido, pagina.chamada, campos.cru("senha"), campos.um("codigo")
            )
        except Erro as erro:
            return await _fator(pagina, pagina.recusa(erro), erro=erro, qual="codigos")
        return _mostrar_depois(pagina, ligado)

    @post("/desligar", **PAGINA)
    async def desligar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            prova = await fatores.provar(pagina.pedido, pagina.chamada, campos.cru("senha"), campos.um("codigo"))
            await pagina.chamada.objeto("api.fator_remover", **prova)
        except Erro as erro:
            return await _fator(pagina, pagina.recusa(erro), erro=erro, qual="desligar")
        return pagina.ir("/configuracoes/seguranca", "Segundo fator desligado")
