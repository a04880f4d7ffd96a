"""The panel beside a conversation: what is known of the person, each part read when opened; and who is looking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from app.erros import Erro
from app.http.eventos import estar_na_conversa
from app.http.pages.conversas import desenhar, ler_conversa, opcoes, vista_de
from app.http.pages.fio import na_vista
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, da_regiao
from app.tipos.eventos import PresencaNaConversa

# what the part is called, its function, and the argument that names the conversation or the person
SECOES: Final[Mapping[str, tuple[str, str, str]]] = {
    "notas": ("Notas", "api.notas_listar", "p_conversa_id"),
    "agendadas": ("Agendadas", "api.agendadas_listar", "p_contato_id"),
    "campanhas": ("Campanhas recebidas", "api.contato_campanhas_listar", "p_contato_id"),
    "identidades": ("Identidades", "api.sugestoes_listar", "p_contato_id"),
    "consentimento": ("Consentimento", "api.consentimentos_listar", "p_contato_id"),
    "anteriores": ("Conversas anteriores", "api.conversas_listar", "contatoId"),
    "historico": ("Histórico", "api.conversa_historico_listar", "p_conversa_id"),
}
_POR_SECAO: Final = 20


async def _itens(pagina: Pagina, secao: str, conversa: Mapping[str, Any]) -> dict[str, Any]:
    _titulo, funcao, alvo = SECOES[secao]
    valores: dict[str, object] = {"p_limite": _POR_SECAO, "p_cursor": pagina.pedido.query_params.get("cursor")}
    valores |= {
        "p_conversa_id": {"p_conversa_id": conversa["id"]},
        "p_contato_id": {"p_contato_id": conversa["contato"]["id"]},
        "contatoId": {"p_filtros": {"contatoId": conversa["contato"]["id"]}},
    }[alvo]
    try:
        lidos: dict[str, Any] = await pagina.chamada.ler(funcao, dict[str, Any], **valores)
    except Erro as erro:
        if erro.status != 403:
            raise
        return {"dados": [], "meta": {"proximoCursor": None}, "proibida": True}
    return {**lidos, "proibida": False}


async def _secao(pagina: Pagina, id: UUID, secao: str, **dados: Any) -> Html:
    if secao not in SECOES:
        raise NotFoundException()
    conversa: dict[str, Any] = await pagina.chamada.ler("api.conversa_obter", dict[str, Any], p_id=id)
    lidos = await _itens(pagina, secao, conversa)
    vazios: dict[str, Any] = {"erro": None, "digitado": {}, "status": 200}
    return await desenhar(
        pagina,
        "secao.html",
        secao=secao,
        titulo_da_secao=SECOES[secao][0],
        conversa=conversa,
        vista=vista_de(pagina),
        itens=lidos["dados"],
        meta=lidos["meta"],
        proibida=lidos["proibida"],
        **{**vazios, **dados},
    )


async def _nomear(pagina: Pagina, presentes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The others, by name; alone, which is the usual, nobody has to be asked for names."""
    if len(presentes) < 2:
        return []
    pessoas = {p["id"]: p["nome"] for p in (await opcoes(pagina))["pessoas"] if p["id"] != pagina.eu["id"]}
    return [{**p, "nome": pessoas[p["usuarioId"]]} for p in presentes if p["usuarioId"] in pessoas]


class PaginaPainel(Controller):
    path = "/conversas/{id:uuid}"

    @get("/painel", **PAGINA)
    async def painel(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        conversa = await ler_conversa(pagina, id)
        return await desenhar(pagina, "painel_contato.html", conversa=conversa, vista=vista_de(pagina))

    @get("/painel/{secao:str}", **PAGINA)
    async def secao(self, pagina: ComPagina, id: FromPath[UUID], secao: FromPath[str]) -> Html:
        return await _secao(pagina, id, secao)

    @post("/consentimento", **PAGINA)
    async def consentir(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        dados = await pagina.pedido.form()
        conversa: dict[str, Any] = await pagina.chamada.ler("api.conversa_obter", dict[str, Any], p_id=id)
        try:
            await pagina.chamada.objeto(
                "api.consentimento_criar",
                p_contato_id=conversa["contato"]["id"],
                p_acao=dados.get("acao"),
                p_prova=dados.get("prova"),
            )
        except Erro as erro:
            return await _secao(
                pagina, id, "consentimento", status=pagina.recusa(erro), erro=erro, digitado=dict(dados)
            )
        return pagina.ir(f"/conversas/{id}{vista_de(pagina).consulta()}", "Consentimento registrado")

    @post("/presenca", **PAGINA)
    async def presenca(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        """Say that one looks; who else does."""
        if not da_regiao(pagina.pedido):
            # only a part of the conversation asks for this
            return Redirect(f"/conversas/{id}", status_code=HTTP_303_SEE_OTHER)
        dito = await na_vista(estar_na_conversa(pagina.pedido, pagina.chamada, id, PresencaNaConversa("VENDO")))
        presentes: list[dict[str, Any]] = msgspec.json.decode(dito.content)["dados"]["presentes"] if dito else []
        return await desenhar(pagina, "presentes.html", presentes=await _nomear(pagina, presentes))
