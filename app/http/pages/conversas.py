"""The inbox: the list, the conversation that is open, and what is known of the person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter

from app.erros import Erro
from app.http.pages import fio
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, da_regiao, leitor_de, se_puder
from app.http.pages.palavras import chave, palavras
from app.http.pages.vista import ABAS, STATUS, Vista, de_filtros, ler_vista
from app.http.render import traduzir

POR_PAGINA: Final = 30
# beside a conversation fewer come at first: its messages are what the page is loaded for
AO_LADO: Final = 9
# the element that htmx replaces: the template of that region
_REGIOES: Final = {
    "lista": "lista.html",
    "rola": "lista.html",
    "mais": "cartoes.html",
    "conversa": "conversa.html",
    "fio": "fio.html",
}
_DA_CONVERSA: Final = frozenset({"conversa.html", "fio.html"})
_VIVAS_MAXIMO: Final = 50
Proprias = asyncio.Task[tuple[dict[str, Any], Callable[[str], dict[str, Any]]]]
_CONTADOS: Final = {
    "ABERTA": "aberta",
    "EM_ATENDIMENTO": "emAtendimento",
    "AGUARDANDO_CLIENTE": "aguardandoCliente",
    "ADIADA": "adiada",
    "RESOLVIDA": "resolvida",
}


async def desenhar(pagina: Pagina, template: str, status: int = 200, **dados: Any) -> Html:
    """A page of the inbox, or its region, with the words for its codes."""
    palavras_de = palavras(traduzir(leitor_de(pagina.pedido).idioma))
    return await pagina.mostrar(template, status, chave=chave, **palavras_de, **dados)


def vista_de(pagina: Pagina) -> Vista:
    """The view that the address names, which forms and links carry along."""
    return ler_vista(pagina.pedido.query_params.multi_items())


def _regiao(pagina: Pagina) -> str:
    alvo = pagina.pedido.headers.get("hx-target", "") if da_regiao(pagina.pedido) else ""
    return _REGIOES.get(alvo, "conversas.html")


async def opcoes(pagina: Pagina) -> dict[str, Any]:
    """What filters and acts let people choose."""
    lidas: dict[str, Any] = await pagina.chamada.ler("api.conversas_opcoes_obter", dict[str, Any])
    return lidas


async def _sem_numero(pagina: Pagina) -> bool:
    return not (await opcoes(pagina))["numeros"]


async def _mesa(pagina: Pagina) -> dict[str, Any] | None:
    """The desk of whoever asks; nothing for who does not answer customers."""
    return await se_puder(pagina.chamada.ler("api.atendimento_obter", dict[str, Any]))


async def _contar(pagina: Pagina, vista: Vista, proprias: Proprias) -> dict[str, Any]:
    """By tab, and by state in the one that is shown: what many see alike is asked for apart from what is one's own."""
    de_todos = vista.filtros if vista.aba in ("fila", "todas") else {**vista.filtros, "aba": "TODAS"}
    meus = vista.filtros if vista.aba in ("minhas", "mencoes") else {**vista.filtros, "aba": "MINHAS"}
    abas = ["MINHAS", "MENCOES"] if vista.aba == "mencoes" else ["MINHAS"]
    gerais, minhas, (propria, _) = await asyncio.gather(
        pagina.chamada.ler("api.conversas_contar", dict[str, Any], p_filtros=de_todos, p_abas=["FILA", "TODAS"]),
        pagina.chamada.ler("api.conversas_contar", dict[str, Any], p_filtros=meus, p_abas=abas),
        proprias,
    )
    status = (gerais if de_todos is vista.filtros else minhas)["status"]
    return {"abas": {**gerais["abas"], **minhas["abas"], "mencoes": propria}, "status": status}


async def _cabeca(pagina: Pagina, vista: Vista, proprias: Proprias) -> dict[str, Any]:
    """What stands above the cards: counts and desk."""
    contagem, mesa = await asyncio.gather(_contar(pagina, vista, proprias), _mesa(pagina))
    por_estado = {
        nome: sum(contagem["status"][_CONTADOS[estado]]["total"] for estado in quais)
        for nome, quais in STATUS.items()
        if quais
    }
    return {"contagem": contagem, "por_estado": por_estado, "mesa": mesa, "abas": ABAS, "estados": list(STATUS)}


async def _cartoes(pagina: Pagina, vista: Vista, proprias: Proprias, quantas: int = POR_PAGINA) -> dict[str, Any]:
    lida, (_, propria) = await asyncio.gather(
        pagina.chamada.ler(
            "api.conversas_listar",
            dict[str, Any],
            p_filtros=vista.filtros,
            p_ordem=vista.ordem.upper() or None,
            p_limite=quantas,
            p_cursor=pagina.pedido.query_params.get("cursor"),
        ),
        proprias,
    )
    return {
        "conversas": [c | propria(c["id"]) for c in lida["dados"]],
        "meta": lida["meta"],
        "vista": vista,
        "conversa": None,
    }


def _proprias(pagina: Pagina, vista: Vista) -> Proprias:
    """How many mention whoever asks; and what a card says to them alone: the draft, how often it mentions them, whether
    they are told of it, to whom a queue offers it, and whether it says by which number it came."""

    async def ler() -> tuple[dict[str, Any], Callable[[str], dict[str, Any]]]:
        lidas: dict[str, Any] = await pagina.chamada.ler(
            "api.conversas_proprias_obter", dict[str, Any], p_filtros=vista.filtros
        )
        rascunhos = {r["conversaId"]: r for r in lidas["rascunhos"]}
        mencoes = {m["conversaId"]: m["quantas"] for m in lidas["mencoes"]}
        silenciadas = set(lidas["silenciadas"])
        ofertas = {o["conversaId"]: o for o in lidas["ofertas"]}
        varios = lidas["variosNumeros"]
        return lidas["mencionadas"], lambda id: {
            "rascunho": rascunhos.get(id),
            "mencoes": mencoes.get(id, 0),
            "silenciada": id in silenciadas,
            "oferta": ofertas.get(id),
            "varios": varios,
        }

    return asyncio.create_task(ler())


async def ler_visoes(pagina: Pagina) -> list[dict[str, Any]]:
    """Saved views, each with the query string that shows it."""
    lidas: dict[str, Any] = await pagina.chamada.ler("api.visoes_listar", dict[str, Any], p_limite=100)
    return [{**v, "consulta": de_filtros(v["filtros"], v["ordem"])} for v in lidas["dados"]]


async def _achados(pagina: Pagina, vista: Vista) -> dict[str, Any] | None:
    """People and messages that a search finds besides the conversations of the list."""
    if not vista.valor("q"):
        return None
    achados: dict[str, Any] = await pagina.chamada.ler("api.busca_obter", dict[str, Any], p_busca=vista.valor("q"))
    return achados


async def _lista(pagina: Pagina, vista: Vista, quantas: int = POR_PAGINA) -> dict[str, Any]:
    """Everything of the list's column; what no list can be made of is said in it."""
    proprias = _proprias(pagina, vista)
    try:
        cartoes, cabeca, visoes, achados = await asyncio.gather(
            _cartoes(pagina, vista, proprias, quantas),
            _cabeca(pagina, vista, proprias),
            ler_visoes(pagina),
            _achados(pagina, vista),
        )
    except Erro as erro:
        pagina.recusa(erro)
        return await _lista_recusada(pagina, vista, erro)
    return {**cartoes, **cabeca, "visoes": visoes, "achados": achados, "erro_da_lista": None}


async def _lista_recusada(pagina: Pagina, vista: Vista, erro: Erro) -> dict[str, Any]:
    limpa = ler_vista(())
    cabeca, visoes = await asyncio.gather(_cabeca(pagina, limpa, _proprias(pagina, limpa)), ler_visoes(pagina))
    vazia: dict[str, Any] = {"conversas": [], "meta": {"proximoCursor": None}, "vista": vista, "conversa": None}
    return {**cabeca, **vazia, "visoes": visoes, "achados": None, "erro_da_lista": erro}


async def ler_conversa(pagina: Pagina, id: UUID) -> dict[str, Any]:
    """A conversation with what it has of whoever asks."""
    conversa, propria = await asyncio.gather(
        pagina.chamada.ler("api.conversa_obter", dict[str, Any], p_id=id),
        pagina.chamada.ler("api.conversa_propria_obter", dict[str, Any], p_id=id),
    )
    return {**conversa, **propria}


async def _conversa(pagina: Pagina, id: UUID) -> dict[str, Any]:
    """Everything of the conversation that is open."""
    conversa, do_fio = await asyncio.gather(ler_conversa(pagina, id), fio.contexto(pagina, id))
    return {**do_fio, "conversa": conversa, "vista": vista_de(pagina)}


def _moldura(pagina: Pagina, regiao: str) -> dict[str, Any]:
    """How the frame is drawn: a region that htmx swaps carries its title along; the panel as the address says, or as
    it was left."""
    pedido = pagina.pedido
    return {
        "regiao": regiao,
        "painel": "aberto" if "painel" in pedido.query_params else pedido.cookies.get("painel"),
        "sem_numero": False,
    }


async def mostrar_conversa(pagina: Pagina, id: UUID, erro: Erro | None = None) -> Html:
    """The inbox with this conversation open, or its region; `erro`: what was refused of what somebody wrote in it."""
    regiao = _regiao(pagina)
    partes = [_conversa(pagina, id)]
    if regiao not in _DA_CONVERSA:
        partes.insert(0, _lista(pagina, vista_de(pagina), AO_LADO))
    dados: dict[str, Any] = {}
    for parte in await asyncio.gather(*partes):
        dados |= parte
    status = 200 if erro is None else pagina.recusa(erro)
    return await desenhar(pagina, regiao, status, erro=erro, **dados, **_moldura(pagina, regiao))


class PaginaConversas(Controller):
    path = "/conversas"

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina) -> Html:
        regiao, vista = _regiao(pagina), vista_de(pagina)
        if regiao in _DA_CONVERSA:
            return await desenhar(pagina, regiao, conversa=None, vista=vista, **_moldura(pagina, regiao))
        mais = regiao == "cartoes.html"
        dados = await (_cartoes(pagina, vista, _proprias(pagina, vista)) if mais else _lista(pagina, vista))
        moldura = _moldura(pagina, regiao)
        if not dados["conversas"] and vista.limpa:
            moldura["sem_numero"] = await _sem_numero(pagina)
        return await desenhar(pagina, regiao, **dados, **moldura)

    @get("/vivas", **PAGINA)
    async def vivas(
        self,
        pagina: ComPagina,
        id: Annotated[list[UUID] | None, QueryParameter()] = None,
        aberta: Annotated[UUID | None, QueryParameter()] = None,
        vazia: Annotated[bool, QueryParameter()] = False,
    ) -> Html:
        """Cards as they are now, of those that still belong in the view; counts; what stands around the open one; what
        an empty list says."""
        if not da_regiao(pagina.pedido):
            raise NotFoundException()
        vista = vista_de(pagina)
        proprias = _proprias(pagina, vista)
        atuais, cabeca, conversa = await asyncio.gather(
            _atuais(pagina, vista, proprias, (id or [])[:_VIVAS_MAXIMO]),
            _cabeca(pagina, vista, proprias),
            _ainda(pagina, aberta),
        )
        if vazia:
            cabeca["sem_numero"] = await _sem_numero(pagina)
        return await desenhar(
            pagina, "vivas.html", vista=vista, conversa=conversa, conversas=atuais, vazia=vazia, **cabeca
        )

    @get("/{id:uuid}", **PAGINA)
    async def abrir(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await mostrar_conversa(pagina, id)

    @post("/proximo", **PAGINA)
    async def proximo(self, pagina: ComPagina) -> Response[Any]:
        """The conversation that has waited longest in the queues of whoever asks."""
        try:
            dada: dict[str, Any] = await pagina.chamada.ler("api.atendimento_proximo", dict[str, Any])
        except Erro as erro:
            pagina.recusa(erro)
            return pagina.ir_recusado("/conversas" + vista_de(pagina).consulta(), erro)
        return _para_a_proxima(pagina, dada["conversa"])

    @post("/disponibilidade", **PAGINA)
    async def disponibilidade(self, pagina: ComPagina) -> Response[Any]:
        dados = await pagina.pedido.form()
        await pagina.chamada.objeto(
            "api.disponibilidade_atualizar",
            p_disponibilidade=dados.get("disponibilidade"),
            p_motivo=dados.get("motivo") or None,
        )
        return pagina.ir("/conversas" + vista_de(pagina).consulta(), "Disponibilidade mudada")


async def _ainda(pagina: Pagina, id: UUID | None) -> dict[str, Any] | None:
    """The conversation, unless it went out of sight meanwhile."""
    if id is None:
        return None
    return await fio.na_vista(ler_conversa(pagina, id))


async def _atuais(pagina: Pagina, vista: Vista, proprias: Proprias, ids: list[UUID]) -> list[dict[str, Any]]:
    if not ids:
        return []
    lidas, (_, propria) = await asyncio.gather(
        pagina.chamada.ler("api.conversas_obter", dict[str, Any], p_ids=ids, p_filtros=vista.filtros), proprias
    )
    return [c | propria(c["id"]) for c in lidas["dados"]]


def _para_a_proxima(pagina: Pagina, conversa: Mapping[str, Any] | None) -> Response[Any]:
    if conversa is None:
        return pagina.ir("/conversas" + vista_de(pagina).consulta(), "A fila está vazia")
    return pagina.ir(f"/conversas/{conversa['id']}", "É sua: a que esperava há mais tempo")
