"""The first page: how things stand, each figure the door to its list. A card that fails is that card's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Annotated, Any, Final
from urllib.parse import quote

from litestar import get
from litestar.params import QueryParameter

from app.erros import Erro
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina

PERIODOS: Final = (1, 7, 30, 90)
_RECENTES: Final = 6
_PESSOAS: Final = 50
# the figure, its words, and the list that it counts
NUMEROS: Final = (
    ("fila", "Na fila", "?aba=fila"),
    ("atendimento", "Em atendimento", "?aba=todas&status=em_atendimento"),
    ("espera", "Sem resposta há mais de 1 h", "?aba=todas&silencio=60"),
    ("naoLidas", "Não lidas", "?aba=todas&naolidas=1"),
    ("periodo", "Com atividade no período", "?aba=todas&status=qualquer&de={desde}"),
)
PASSOS: Final = (
    ("numero", "Conectar um número", "/canais/novo", "conexoes:gerir"),
    ("contatos", "Trazer os primeiros contatos", "/contatos/importar", "contatos:importar"),
    ("equipe", "Convidar a equipe", "/usuarios", "usuarios:gerir"),
    ("campanha", "Lançar a primeira campanha", "/campanhas/nova", "campanhas:gerir"),
)


async def _cartao(pedido: Awaitable[dict[str, Any]]) -> tuple[dict[str, Any], Erro | None]:
    """What was asked for, or why it is not there; without permission there is no card."""
    try:
        return await pedido, None
    except Erro as erro:
        if erro.status in (400, 401):
            raise
        return {}, None if erro.status == 403 else erro


def _barras(dias: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each day as a bar in a drawing of 100 by 40."""
    maior = max((dia["novas"] for dia in dias), default=0) or 1
    passo = 100 / max(len(dias), 1)
    altas = ((indice, dia, 36 * dia["novas"] / maior) for indice, dia in enumerate(dias))
    return [
        {
            **dia,
            "x": round(i * passo + passo * 0.1, 2),
            "y": round(40 - a, 2),
            "largura": round(passo * 0.8, 2),
            "altura": round(a, 2),
        }
        for i, dia, a in altas
    ]


async def _lidos(pagina: Pagina, dias: int) -> dict[str, Any]:
    ler = pagina.chamada.ler
    (painel, falta), (filas, sem_filas), (pessoas, sem_pessoas), (recentes, sem_recentes) = await asyncio.gather(
        _cartao(ler("api.painel_obter", dict[str, Any], p_dias=dias)),
        _cartao(ler("api.filas_listar", dict[str, Any], p_limite=20)),
        _cartao(ler("api.atendentes_listar", dict[str, Any], p_limite=_PESSOAS)),
        _cartao(ler("api.conversas_listar", dict[str, Any], p_filtros={"aba": "TODAS"}, p_limite=_RECENTES)),
    )
    passos = [(painel["passos"][n], *resto) for n, *resto in PASSOS] if painel else []
    return {
        "painel": painel,
        "falta": falta,
        "barras": _barras(painel.get("dias", [])),
        "numeros": [
            (n, nome, "/conversas" + onde.format(desde=quote(painel["desde"]))) for n, nome, onde in NUMEROS if painel
        ],
        "passos": passos,
        "faltam": any(not feito and permissao in pagina.eu["permissoes"] for feito, _, _, permissao in passos),
        "maior": max((dia["novas"] for dia in painel.get("dias", [])), default=0),
        "filas": filas.get("dados", []),
        "sem_filas": sem_filas,
        "pessoas": pessoas.get("dados", []),
        "mais_pessoas": bool(pessoas) and pessoas["meta"]["proximoCursor"] is not None,
        "sem_pessoas": sem_pessoas,
        "recentes": recentes.get("dados", []),
        "sem_recentes": sem_recentes,
    }


@get("/", **PAGINA)
async def painel(pagina: ComPagina, periodo: Annotated[int, QueryParameter(ge=1, le=90)] = 7) -> Html:
    return await pagina.mostrar("painel.html", periodo=periodo, periodos=PERIODOS, **await _lidos(pagina, periodo))
