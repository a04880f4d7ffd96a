"""Writing first to a contact: by which template, with which values, through which number."""

from __future__ import annotations

import secrets
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.erros import Erro
from app.http.pages.contato import obter
from app.http.pages.contatos import id_ou_nada
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, formulario


async def _escolha(
    pagina: Pagina, id_: UUID, modelo: str, valores: dict[str, str] | None = None, erro: Erro | None = None
) -> Html:
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.modelos_listar", dict[str, Any], p_status="APPROVED", p_limite=200
    )
    escolhido = next((m for m in lida["dados"] if m["id"] == modelo), None)
    corpo = next((c.get("text", "") for c in (escolhido or {}).get("componentes", []) if c["type"] == "BODY"), "")
    return await pagina.mostrar(
        "conversar.html", pagina.recusa(erro) if erro else 200, contato=await obter(pagina, id_),
        modelos=lida["dados"], escolhido=escolhido, corpo=corpo, valores=valores or {}, erro=erro,
        chave=secrets.token_hex(16),
    )  # fmt: skip


class PaginaConversar(Controller):
    path = "/contatos/{id:uuid}/conversar"

    @get("/", **formulario("conversas:responder"))
    async def escolher(
        self, pagina: ComPagina, id: FromPath[UUID], modelo: Annotated[str, QueryParameter(max_length=40)] = ""
    ) -> Html:
        return await _escolha(pagina, id, modelo)

    @post("/", **PAGINA)
    async def enviar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        form = await pagina.pedido.form()
        modelo, conexao = str(form.get("modelo") or ""), id_ou_nada(str(form.get("conexao") or ""))
        valores = {nome.removeprefix("v."): str(v) for nome, v in form.multi_items() if nome.startswith("v.")}
        conteudo = msgspec.Raw(msgspec.json.encode({"modeloId": modelo, "parametros": valores}))
        try:
            feito = await pagina.chamada.objeto(
                "api.conversa_iniciar", p_contato_id=id, p_conexao_id=conexao, p_tipo="MODELO", p_conteudo=conteudo,
                p_chave_idempotencia=str(form.get("chave") or "") or None,
            )  # fmt: skip
        except Erro as erro:
            return await _escolha(pagina, id, modelo, valores, erro)
        aberta = msgspec.json.decode((await pagina.chamada.urgente("ENVIO", feito)).content)["dados"]["conversa"]
        return pagina.ir(f"/conversas/{aberta['id']}", "Mensagem a caminho")
