"""Canned replies: find, write with variables, see them filled in, attach files."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from app.erros import Erro
from app.http.midias import CORPO_MAXIMO, criar_midia
from app.http.pages.campos import ler_campos
from app.http.pages.configuracoes import Dados, mostrar
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, formulario, se_puder
from app.http.pages.usuarios import ler_todos

ONDE: Final = "/configuracoes/respostas"


class _Midia(Struct):
    id: UUID


class _Criada(Struct):
    dados: _Midia


Texto = Annotated[str, QueryParameter(max_length=100)]


async def _equipes(pagina: Pagina) -> list[Dados]:
    return sorted(await se_puder(ler_todos(pagina, "api.equipes_listar")) or [], key=lambda e: str(e["nome"]))


async def _formulario(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    vazios = {"resposta": None, "previa": None}
    return await mostrar(pagina, "respostas/uma", status, equipes=await _equipes(pagina), **{**vazios, **dados})


async def _da_resposta(pagina: Pagina, id_: UUID, status: int = 200, **dados: Any) -> Html:
    resposta = await pagina.chamada.ler("api.resposta_rapida_obter", Dados, p_id=id_)
    if dados.get("previa") is None:
        dados["previa"] = await pagina.chamada.ler("api.resposta_rapida_testar", Dados, p_texto=resposta["texto"])
    return await _formulario(pagina, status, resposta=resposta, **dados)


async def _o_formulario(pagina: Pagina, id_: UUID | None, **dados: Any) -> Html:
    return await (_formulario(pagina, **dados) if id_ is None else _da_resposta(pagina, id_, **dados))


async def _mudar_arquivos(pagina: Pagina, id_: UUID, midias: list[UUID]) -> None:
    await pagina.chamada.objeto("api.resposta_rapida_atualizar", p_id=id_, p_midia_ids=midias)


async def _arquivos(pagina: Pagina, id_: UUID) -> list[UUID]:
    resposta = await pagina.chamada.ler("api.resposta_rapida_obter", Dados, p_id=id_)
    return [UUID(midia["id"]) for midia in resposta["midias"]]


class PaginaRespostas(Controller):
    path = ONDE

    @get("/", **PAGINA)
    async def listar(
        self, pagina: ComPagina, q: Texto = "", escopo: Texto = "",
        cursor: Annotated[str | None, QueryParameter()] = None,
    ) -> Html:  # fmt: skip
        lida = await pagina.chamada.ler(
            "api.respostas_rapidas_listar", Dados, p_busca=q.strip() or None, p_escopo=escopo or None, p_limite=20,
            p_cursor=cursor,
        )  # fmt: skip
        filtros = {"q": q.strip(), "escopo": escopo}
        seguinte = lida["meta"]["proximoCursor"]
        return await mostrar(
            pagina, "respostas", respostas=lida["dados"], filtros=filtros, cursor=cursor,
            equipes={e["id"]: e["nome"] for e in await _equipes(pagina)},
            mais=seguinte and f"{ONDE}?{urlencode({**filtros, 'cursor': seguinte})}",
        )  # fmt: skip

    @get("/nova", **formulario("conversas:responder"))
    async def nova(self, pagina: ComPagina) -> Html:
        return await _formulario(pagina)

    @post("/nova", **PAGINA)
    async def criar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            criada = await pagina.chamada.ler(
                "api.resposta_rapida_criar", Dados, p_escopo=campos.um("escopo"), p_atalho=campos.um("atalho"),
                p_titulo=campos.um("titulo"), p_texto=campos.um("texto"), p_equipe_id=campos.id("equipe"),
            )  # fmt: skip
        except Erro as erro:
            return await _formulario(pagina, pagina.recusa(erro), erro=erro, digitado=campos.digitado())
        return pagina.ir(f"{ONDE}/{criada['id']}", "Resposta criada")

    @post("/previa", **PAGINA, status_code=200)
    async def prever(self, pagina: ComPagina) -> Html:
        campos = await ler_campos(pagina.pedido)
        previa = await pagina.chamada.ler("api.resposta_rapida_testar", Dados, p_texto=campos.um("texto"))
        return await _o_formulario(pagina, campos.id("id"), previa=previa, digitado=campos.digitado())

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _da_resposta(pagina, id)

    @post("/{id:uuid}", **PAGINA)
    async def mudar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.resposta_rapida_atualizar", p_id=id, p_atalho=campos.um("atalho"), p_titulo=campos.um("titulo"),
                p_texto=campos.um("texto"), p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            return await _da_resposta(pagina, id, pagina.recusa(erro), erro=erro, digitado=campos.digitado())
        return pagina.ir(f"{ONDE}/{id}", "Resposta salva")

    @post("/{id:uuid}/arquivos", **PAGINA, request_max_body_size=CORPO_MAXIMO)
    async def anexar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        try:
            atuais = await _arquivos(pagina, id)
            criada = await criar_midia(pagina.pedido, pagina.chamada, {})
            await _mudar_arquivos(pagina, id, [*atuais, msgspec.json.decode(criada.content, type=_Criada).dados.id])
        except Erro as erro:
            return await _da_resposta(pagina, id, pagina.recusa(erro), erro=erro, qual="arquivos")
        return pagina.ir(f"{ONDE}/{id}#arquivos", "Arquivo anexado")

    @post("/{id:uuid}/arquivos/{midia:uuid}/remover", **PAGINA)
    async def desanexar(self, pagina: ComPagina, id: FromPath[UUID], midia: FromPath[UUID]) -> Response[Any]:
        try:
            await _mudar_arquivos(pagina, id, [m for m in await _arquivos(pagina, id) if m != midia])
        except Erro as erro:
            return await _da_resposta(pagina, id, pagina.recusa(erro), erro=erro, qual="arquivos")
        return pagina.ir(f"{ONDE}/{id}#arquivos", "Arquivo tirado")

    @post("/{id:uuid}/remover", **PAGINA)
    async def remover(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto("api.resposta_rapida_remover", p_id=id, p_versao=campos.inteiro("versao"))
        except Erro as erro:
            return await _da_resposta(pagina, id, pagina.recusa(erro), erro=erro)
        return pagina.ir(ONDE, "Resposta removida")
