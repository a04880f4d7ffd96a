"""The contacts page: find, filter, tag many at once, export."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation
from litestar.response import Stream
from msgspec import Struct

from app.erros import Erro
from app.http import contatos_csv
from app.http.comum import DaSessao
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, leitor_de, se_puder
from app.http.tabela_csv import arquivo

POR_PAGINA: Final = 30
Texto = Annotated[str, QueryParameter(max_length=300)]


def id_ou_nada(texto: str) -> UUID | None:
    """The id that a select sent; None for the empty choice, and for what is no id."""
    with suppress(ValueError):
        return UUID(texto)
    return None


class Filtros(Struct, frozen=True):
    """What the address asks for; empty = all."""

    q: str = ""
    etiqueta: str = ""
    marketing: str = ""
    ativo: str = ""

    @property
    def algum(self) -> bool:
        return any((self.q, self.etiqueta, self.marketing, self.ativo))

    def argumentos(self) -> dict[str, object]:
        return {
            "p_busca": self.q.strip() or None,
            "p_etiqueta_id": id_ou_nada(self.etiqueta),
            "p_marketing": self.marketing or None,
            "p_bloqueado": {"sim": False, "nao": True}.get(self.ativo),
        }

    def endereco(self, caminho: str = "/contatos", **mais: str | None) -> str:
        """This list's address, with what `mais` adds."""
        pares = {campo: getattr(self, campo) for campo in self.__struct_fields__} | mais
        usados = urlencode({nome: valor for nome, valor in pares.items() if valor})
        return f"{caminho}?{usados}" if usados else caminho


def dar_filtros(q: Texto = "", etiqueta: Texto = "", marketing: Texto = "", ativo: Texto = "") -> Filtros:
    return Filtros(q[:200], etiqueta, marketing, ativo)


ComFiltros = NamedDependency[SkipValidation[Filtros]]


def _simples(texto: str) -> str:
    return "".join(unicodedata.normalize("NFD", c)[0].lower() for c in texto)


def pedacos(texto: str, busca: str) -> list[tuple[str, bool]]:
    """`texto` cut where `busca` is found, accents and case apart; True marks what was found."""
    procurado, onde = _simples(" ".join(busca.split())), 0
    partes: list[tuple[str, bool]] = []
    while procurado and (achado := _simples(texto).find(procurado, onde)) >= 0:
        partes += [(texto[onde:achado], False), (texto[achado : achado + len(procurado)], True)]
        onde = achado + len(procurado)
    return [(parte, marca) for parte, marca in [*partes, (texto[onde:], False)] if parte]


async def etiquetas_de(pagina: Pagina) -> list[dict[str, Any]]:
    """Every tag, for choices, by name; none for who may not see them."""
    lida = await se_puder(pagina.chamada.ler("api.etiquetas_listar", dict[str, Any], p_limite=200))
    return sorted(lida["dados"], key=lambda e: _simples(e["nome"])) if lida else []


async def _ler(
    pagina: Pagina, filtros: Filtros, cursor: str | None
) -> tuple[dict[str, Any], Erro | None, dict[str, str]]:
    """The page, the refusal of the search if there was one, and when each person was last spoken with."""
    vazia: dict[str, Any] = {"dados": [], "meta": {"proximoCursor": None}}
    try:
        lida: dict[str, Any] = await pagina.chamada.ler(
            "api.contatos_listar", dict[str, Any], **filtros.argumentos(), p_limite=POR_PAGINA, p_cursor=cursor
        )
    except Erro as erro:
        pagina.recusa(erro)
        return vazia, erro, {}
    ids = [UUID(contato["id"]) for contato in lida["dados"]]
    vistos: dict[str, Any] = await pagina.chamada.ler("api.contatos_atividade_obter", dict[str, Any], p_ids=ids)
    return lida, None, vistos["contatos"]


async def _mostrar(
    pagina: Pagina, filtros: Filtros, cursor: str | None, recusa: Erro | None = None, status: int = 200
) -> Html:
    (lida, erro, falado), etiquetas = await asyncio.gather(_ler(pagina, filtros, cursor), etiquetas_de(pagina))
    for contato in lida["dados"]:
        contato["pedacos"] = pedacos(contato["nome"], filtros.q)
        contato["falado"] = falado.get(contato["id"])
    seguinte = lida["meta"]["proximoCursor"]
    return await pagina.mostrar(
        "contatos.html", status, contatos=lida["dados"], etiquetas=etiquetas, filtros=filtros, erro=erro, recusa=recusa,
        algum=filtros.algum, cursor=cursor, seguinte=seguinte and filtros.endereco(cursor=seguinte),
        inicio=filtros.endereco(), exportar=filtros.endereco("/contatos/exportar.csv"),
    )  # fmt: skip


def exportador(chamada: DaSessao, filtros: dict[str, Any]) -> Callable[[str | None], Awaitable[dict[str, Any]]]:
    """Reads the page after a cursor of what these filters let through."""

    async def ler(cursor: str | None) -> dict[str, Any]:
        return await chamada.ler("api.contatos_exportar", dict[str, Any], **filtros, p_cursor=cursor)

    return ler


class PaginaContatos(Controller):
    path = "/contatos"
    dependencies = {"filtros": Provide(dar_filtros, sync_to_thread=False)}  # noqa: RUF012

    @get("/", **PAGINA)
    async def listar(
        self, pagina: ComPagina, filtros: ComFiltros, cursor: Annotated[str | None, QueryParameter()] = None
    ) -> Html:
        return await _mostrar(pagina, filtros, cursor)

    @post("/etiquetar", **PAGINA)
    async def etiquetar(self, pagina: ComPagina, filtros: ComFiltros) -> Response[Any]:
        form = await pagina.pedido.form()
        contatos = [UUID(str(i)) for i in form.getall("id", []) if id_ou_nada(str(i))]
        quais = [i for i in [id_ou_nada(str(form.get("escolhida", "")))] if i]
        lado = "p_remover" if form.get("acao") == "tirar" else "p_adicionar"
        try:
            valores: dict[str, object] = {"p_contato_ids": contatos, lado: quais}
            await pagina.chamada.objeto("api.etiquetas_atribuir", **valores)
        except Erro as erro:
            return await _mostrar(pagina, filtros, None, erro, pagina.recusa(erro))
        return pagina.ir(filtros.endereco(), "Etiqueta posta" if lado == "p_adicionar" else "Etiqueta tirada")

    @get("/exportar.csv", **PAGINA)
    async def exportar(self, pagina: ComPagina, filtros: ComFiltros) -> Stream:
        ler = exportador(pagina.chamada, filtros.argumentos())
        leitor = leitor_de(pagina.pedido, pagina.fuso)
        return arquivo("contatos.csv", partial(contatos_csv.escrever, await ler(None), ler, leitor))
