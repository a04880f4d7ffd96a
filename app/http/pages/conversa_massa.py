"""The same done with several conversations at once: choose what, say with which values, see what came of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from litestar import Controller, post
from litestar.datastructures import FormMultiDict

from app.erros import Erro
from app.http.pages.conversa_atos import Argumentos, adiamentos, ler_ate, ler_destino, ler_motivo
from app.http.pages.conversas import desenhar, opcoes, vista_de
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina


def _etiquetas(dados: FormMultiDict, fuso: str) -> Argumentos:
    return {"p_adicionar": dados.getall("por", []), "p_remover": dados.getall("tirar", [])}


def _destino(dados: FormMultiDict, fuso: str) -> Argumentos:
    lido = dict(ler_destino(dados, fuso))
    return {**lido, "p_observacao": lido.pop("p_motivo")}


def _prioridade(dados: FormMultiDict, fuso: str) -> Argumentos:
    return {"p_prioridade": dados.get("prioridade")}


_LER: Final[Mapping[str, Callable[[FormMultiDict, str], Argumentos]]] = {
    "ATRIBUIR": _destino,
    "ETIQUETAR": _etiquetas,
    "ADIAR": ler_ate,
    "RESOLVER": ler_motivo,
    "PRIORIZAR": _prioridade,
}


async def _formulario(pagina: Pagina, dados: FormMultiDict, erro: Erro | None = None) -> Html:
    return await desenhar(
        pagina,
        "massa.html",
        200 if erro is None else pagina.recusa(erro),
        ids=dados.getall("id", []),
        acao=str(dados.get("acao") or "ATRIBUIR"),
        vista=vista_de(pagina),
        opcoes=await opcoes(pagina),
        horas=adiamentos(pagina.fuso),
        digitado=dict(dados),
        erro=erro,
    )


async def _nomes(pagina: Pagina, ids: list[str]) -> dict[str, str]:
    """Whose conversations those are, of the ones that can still be seen."""
    lidas: dict[str, Any] = await pagina.chamada.ler("api.conversas_obter", dict[str, Any], p_ids=ids)
    return {c["id"]: c["contato"]["nome"] for c in lidas["dados"]}


class PaginaMassa(Controller):
    path = "/conversas/massa"

    @post("/escolher", **PAGINA)
    async def escolher(self, pagina: ComPagina) -> Html:
        return await _formulario(pagina, await pagina.pedido.form())

    @post("/", **PAGINA)
    async def fazer(self, pagina: ComPagina) -> Html:
        dados = await pagina.pedido.form()
        acao, ids = str(dados.get("acao") or ""), list(dados.getall("id", []))
        ler = _LER.get(acao, _prioridade)
        try:
            feito: dict[str, Any] = await pagina.chamada.ler(
                "api.conversas_atualizar", dict[str, Any], p_ids=ids, p_acao=acao, **ler(dados, pagina.fuso)
            )
        except Erro as erro:
            return await _formulario(pagina, dados, erro)
        nomes = await _nomes(pagina, ids)
        resposta = await desenhar(pagina, "massa_feita.html", feito=feito, nomes=nomes, vista=vista_de(pagina))
        resposta.headers["HX-Trigger"] = "massa"
        return resposta
