"""Settings that only change one's own screen: notices, keys, looks."""

from __future__ import annotations

from typing import Any, Final

from litestar import Controller, Response, get, post

from app.erros import Erro
from app.http.pages.atalhos import ACOES
from app.http.pages.campos import Campos, ler_campos
from app.http.pages.configuracoes import Dados, mostrar
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina

# one that only exists inside fields is remapped there
_EDITAVEIS: Final = tuple((a, a.codigo if a.tecla else f"{a.codigo}.dentro", a.tecla or a.dentro) for a in ACOES)


def _grupos(trocadas: Dados) -> list[tuple[str, list[Dados]]]:
    """The actions by group, each with the key it has now and the one it came with."""
    grupos: dict[str, list[Dados]] = {}
    for acao, chave, padrao in _EDITAVEIS:
        tecla = trocadas.get(chave, padrao)
        linha = {"nome": acao.nome, "chave": chave, "padrao": padrao, "tecla": "" if tecla == "desligado" else tecla}
        grupos.setdefault(acao.grupo, []).append(linha)
    return list(grupos.items())


def _trocadas(campos: Campos) -> dict[str, str]:
    """Only what differs from what each action came with; an emptied field turns the key off."""
    digitadas = ((chave, campos.um(f"tecla.{chave}") or "desligado", padrao) for _, chave, padrao in _EDITAVEIS)
    return {chave: tecla for chave, tecla, padrao in digitadas if tecla != padrao}


async def _atalhos(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    preferencias = await pagina.chamada.ler("api.preferencias_obter", Dados)
    trocadas = dados.pop("trocadas", None)
    grupos = _grupos(preferencias["atalhos"] if trocadas is None else trocadas)
    return await mostrar(pagina, "atalhos", status, preferencias=preferencias, grupos=grupos, **dados)


async def _notificacoes(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    preferencias = await pagina.chamada.ler("api.preferencias_obter", Dados)
    return await mostrar(pagina, "notificacoes", status, preferencias=preferencias, **dados)


class PaginaPreferencias(Controller):
    path = "/configuracoes"

    @get("/notificacoes", **PAGINA)
    async def notificacoes(self, pagina: ComPagina) -> Html:
        return await _notificacoes(pagina)

    @post("/notificacoes", **PAGINA)
    async def mudar_notificacoes(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        silencio = "silencio" in campos
        try:
            await pagina.chamada.objeto(
                "api.preferencias_atualizar", p_som="som" in campos, p_avisos_navegador="avisos" in campos,
                p_avisos_fila="fila" in campos, p_avisos_texto="texto" in campos,
                p_silencio_de=campos.opcional("de") if silencio else None,
                p_silencio_ate=campos.opcional("ate") if silencio else None,
                p_limpar=[] if silencio else ["silencio"], p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            return await _notificacoes(pagina, pagina.recusa(erro), erro=erro, digitado=campos.digitado())
        return pagina.ir("/configuracoes/notificacoes", "Notificações salvas")

    @get("/atalhos", **PAGINA)
    async def atalhos(self, pagina: ComPagina) -> Html:
        return await _atalhos(pagina)

    @post("/atalhos", **PAGINA)
    async def mudar_atalhos(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        trocadas = _trocadas(campos)
        try:
            await pagina.chamada.objeto(
                "api.preferencias_atualizar", p_atalhos=trocadas, p_atalhos_ligados="ligados" in campos,
                p_enviar_com=campos.opcional("enviar"), p_apos_enviar=campos.opcional("apos"),
                p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            status, guardado = pagina.recusa(erro), {"digitado": campos.digitado(), "trocadas": trocadas}
            return await _atalhos(pagina, status, erro=erro, **guardado)
        return pagina.ir("/configuracoes/atalhos", "Atalhos salvos")

    @post("/atalhos/padrao", **PAGINA)
    async def voltar_ao_padrao(self, pagina: ComPagina) -> Response[Any]:
        await pagina.chamada.objeto("api.preferencias_atualizar", p_atalhos={})
        return pagina.ir("/configuracoes/atalhos", "Atalhos de volta ao que eram")

    @get("/aparencia", **PAGINA)
    async def aparencia(self, pagina: ComPagina) -> Html:
        return await mostrar(pagina, "aparencia")
