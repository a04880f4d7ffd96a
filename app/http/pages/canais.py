"""The numbers: which there are, how one is, and everything that is read of it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from app import demonstracao
from app.credenciais import ConexaoAberta
from app.erros import Erro
from app.http.credencial import abrir_conexao
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina

_VAZIO: Final[dict[str, Any]] = {"erro": None, "alvo": None, "teste": None, "segredo": None}
# every field of the forms of a number: what was typed is shown again, and what was not is blank
_CAMPOS: Final = (
    "telefone", "modelo_id", "texto", "de", "access_token", "app_secret", "verify_token", "phone_number_id", "waba_id",
    "url_base", "token", "admin_token",
)  # fmt: skip


async def se_pode(pagina: Pagina, funcao: str, **argumentos: object) -> dict[str, Any] | None:
    """What this function answers; nothing for who may not ask it."""
    try:
        lido: dict[str, Any] = await pagina.chamada.ler(funcao, dict[str, Any], **argumentos)
    except Erro as erro:
        if erro.status != 403:
            raise
        return None
    return lido


async def aberta(pagina: Pagina, id_: UUID) -> ConexaoAberta:
    """The connection with its credentials, for who manages connections."""
    cofre = pagina.pedido.app.state.cofre
    return await abrir_conexao(pagina.chamada, cofre, "api.conexao_credencial_obter", p_id=id_)


def recusa(pagina: Pagina, erro: Erro) -> int:
    """As `pagina.recusa`; a provider that does not answer is told beside the form, too."""
    return erro.status if erro.status == 503 and erro.codigo.startswith("ZTM") else pagina.recusa(erro)


async def estado_do_numero(pagina: Pagina, id_: UUID, mensagem: UUID | None = None) -> dict[str, Any]:
    """What changes by itself: the situation, the rate, the queue and, after a test, the message that was sent."""
    saude, vistos = await asyncio.gather(
        pagina.chamada.ler("api.conexao_saude_obter", dict[str, Any], p_id=id_),
        pagina.chamada.ler("api.conexoes_saude_listar", dict[str, Any], p_id=id_),
    )
    enviada = await se_pode(pagina, "api.mensagem_obter", p_id=mensagem) if mensagem else None
    return {"v": vistos["dados"][0], "saude": saude, "enviada": enviada}


async def mostrar_canal(pagina: Pagina, id_: UUID, status: int = 200, **dados: Any) -> Html:
    """The page of one number; `dados` brings what a form has to say (erro, alvo, digitado…)."""
    estado, modelos, equipes = await asyncio.gather(
        estado_do_numero(pagina, id_, dados.pop("mensagem", None)),
        se_pode(pagina, "api.modelos_listar", p_conexao_id=id_, p_limite=200),
        se_pode(pagina, "api.equipes_listar", p_limite=200),
    )
    config = pagina.pedido.app.state.config
    digitado = {**dict.fromkeys(_CAMPOS, ""), **dados.pop("digitado", {})}
    return await pagina.mostrar(
        "canal.html",
        status,
        **estado,
        modelos=modelos and modelos["dados"],
        equipes=(equipes or {}).get("dados", []),
        digitado=digitado,
        simulador=demonstracao.ligada(config),
        webhook_meta=f"{config.url_publica}/webhooks/meta",
        **{**_VAZIO, **dados},
    )


class PaginaCanais(Controller):
    path = "/canais"

    @get("/", **PAGINA)
    async def listar(
        self,
        pagina: ComPagina,
        status: Annotated[str | None, QueryParameter()] = None,
        cursor: Annotated[str | None, QueryParameter()] = None,
    ) -> Html:
        lida: dict[str, Any] = await pagina.chamada.ler(
            "api.conexoes_saude_listar", dict[str, Any], p_status=status or None, p_limite=20, p_cursor=cursor
        )
        return await pagina.mostrar("canais.html", numeros=lida["dados"], meta=lida["meta"], filtro=status or "")

    @get("/{id:uuid}", **PAGINA)
    async def ver(
        self, pagina: ComPagina, id: FromPath[UUID], mensagem: Annotated[UUID | None, QueryParameter()] = None
    ) -> Html:
        return await mostrar_canal(pagina, id, mensagem=mensagem)

    @get("/{id:uuid}/estado", **PAGINA)
    async def estado(
        self, pagina: ComPagina, id: FromPath[UUID], mensagem: Annotated[UUID | None, QueryParameter()] = None
    ) -> Html:
        return await pagina.mostrar("canal_estado.html", **await estado_do_numero(pagina, id, mensagem))


class PaginaSaude(Controller):
    path = "/saude"

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina, cursor: Annotated[str | None, QueryParameter()] = None) -> Html:
        lida: dict[str, Any] = await pagina.chamada.ler(
            "api.conexoes_saude_listar", dict[str, Any], p_limite=20, p_cursor=cursor
        )
        return await pagina.mostrar("numeros.html", numeros=lida["dados"], meta=lida["meta"])
