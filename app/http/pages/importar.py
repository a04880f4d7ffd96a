"""Importing a CSV: send, map, check, run, take home what did not enter. Every step is an address of its own state."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from msgspec import Struct

from app.erros import Erro
from app.http import contatos_csv
from app.http.contatos import ARQUIVO_MAXIMO, VAGAS
from app.http.importacoes import ler_em_segundo_plano
from app.http.pages.contatos import etiquetas_de, id_ou_nada
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.http.tabela_csv import arquivo
from app.importacao import leitura
from app.tipos.importacoes import ImportacaoAberta

_MOSTRADAS: Final = 10


class Opcoes(Struct):
    """What the mapping form holds, as it was chosen."""

    destinos: list[str]
    modo: str = "IGNORAR"
    etiquetas: list[str] = []
    prova: str = ""
    versao: int | None = None

    @classmethod
    def da_importacao(cls, i: dict[str, Any]) -> Opcoes:
        destinos = i["destinos"] or leitura.sugerir(i["colunas"], i["amostra"])
        return cls(destinos, i["modo"], i["etiquetaIds"], i["consentimentoProva"] or "", i["versao"])

    def argumentos(self) -> dict[str, object]:
        return {
            "p_destinos": self.destinos,
            "p_modo": self.modo,
            "p_etiqueta_ids": [i for i in map(id_ou_nada, self.etiquetas) if i],
            "p_consentimento_prova": self.prova or None,
            "p_versao": self.versao,
        }


async def _opcoes(pagina: Pagina) -> Opcoes:
    form = await pagina.pedido.form()
    versao = str(form.get("versao") or "")
    return Opcoes(
        destinos=[str(d) for d in form.getall("destino", [])],
        modo=str(form.get("modo") or "IGNORAR"),
        etiquetas=[str(e) for e in form.getall("etiqueta", [])],
        prova=str(form.get("prova") or "").strip() if form.get("consentiram") else "",
        versao=int(versao) if versao.isdecimal() else None,
    )


async def _inicio(pagina: Pagina, cursor: str | None = None, erro: Erro | None = None) -> Html:
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.importacoes_listar", dict[str, Any], p_limite=20, p_cursor=cursor
    )
    return await pagina.mostrar(
        "importar.html", pagina.recusa(erro) if erro else 200, importacoes=lida["dados"], meta=lida["meta"], erro=erro,
        cursor=cursor, maximo=ARQUIVO_MAXIMO // 1024 // 1024,
    )  # fmt: skip


async def _passo(
    pagina: Pagina, id_: UUID, erro: Erro | None = None, opcoes: Opcoes | None = None, mapear: bool = False
) -> Html:
    importacao: dict[str, Any] = await pagina.chamada.ler("api.importacao_obter", dict[str, Any], p_id=id_)
    recusadas: dict[str, Any] = {"linhas": []}
    if importacao["motivos"]:
        recusadas = await pagina.chamada.ler("api.importacao_recusadas_obter", dict[str, Any], p_id=id_)
    opcoes = opcoes or Opcoes.da_importacao(importacao)
    opcoes.versao = importacao["versao"]
    return await pagina.mostrar(
        "importacao.html", pagina.recusa(erro) if erro else 200, i=importacao, opcoes=opcoes, erro=erro,
        etiquetas=await etiquetas_de(pagina), recusadas=_amostra(recusadas["linhas"]), mapear=mapear,
        fora=sum(m["quantas"] for m in importacao["motivos"]),
    )  # fmt: skip


def _amostra(recusadas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first refused rows, and of every reason one, in the order of the file."""
    de_cada = list({r["motivo"]: r for r in reversed(recusadas)}.values())
    outras = [r for r in recusadas if r not in de_cada]
    return sorted(de_cada + outras[: max(0, _MOSTRADAS - len(de_cada))], key=lambda r: r["linha"])


async def _recusadas(
    pagina: Pagina, id_: UUID, primeira: dict[str, Any], importacao: dict[str, Any]
) -> AsyncIterator[bytes]:
    async def ler(ordem: int) -> dict[str, Any]:
        return await pagina.chamada.ler("api.importacao_recusadas_obter", dict[str, Any], p_id=id_, p_ordem=ordem)

    async for pedaco in contatos_csv.escrever_recusadas(primeira, ler, importacao["colunas"]):
        yield pedaco


class PaginaImportar(Controller):
    path = "/contatos/importar"

    @get("/", **PAGINA)
    async def inicio(self, pagina: ComPagina, cursor: Annotated[str | None, QueryParameter()] = None) -> Html:
        return await _inicio(pagina, cursor)

    @post("/", request_max_body_size=ARQUIVO_MAXIMO, **PAGINA)
    async def enviar(self, pagina: ComPagina) -> Response[Any]:
        arquivo = (await pagina.pedido.form()).get("arquivo")
        try:
            if not isinstance(arquivo, UploadFile) or not arquivo.filename:
                raise Erro(422, "ZRC04", "escolha um arquivo", campo="arquivo")
            async with VAGAS:
                aberta = await leitura.receber(pagina.chamada, arquivo.filename, await arquivo.read())
        except Erro as erro:
            return await _inicio(pagina, erro=erro)
        return pagina.ir(f"/contatos/importar/{aberta.id}", "Arquivo recebido")

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID], passo: Annotated[str, QueryParameter()] = "") -> Html:
        return await _passo(pagina, id, mapear=passo == "mapear")

    @post("/{id:uuid}/conferir", **PAGINA)
    async def conferir(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        opcoes = await _opcoes(pagina)
        try:
            aberta = await pagina.chamada.ler(
                "api.importacao_conferir", ImportacaoAberta, p_id=id, **opcoes.argumentos()
            )
        except Erro as erro:
            return await _passo(pagina, id, erro, opcoes, mapear=True)
        await ler_em_segundo_plano(pagina.chamada, aberta)
        return pagina.ir(f"/contatos/importar/{id}", "Nada entrou ainda: confira antes")

    @post("/{id:uuid}/iniciar", **PAGINA)
    async def iniciar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        versao = str((await pagina.pedido.form()).get("versao") or "")
        try:
            await pagina.chamada.objeto(
                "api.importacao_iniciar", p_id=id, p_versao=int(versao) if versao.isdecimal() else None
            )
        except Erro as erro:
            return await _passo(pagina, id, erro)
        return pagina.ir(f"/contatos/importar/{id}", "Importação iniciada")

    @post("/{id:uuid}/cancelar", **PAGINA)
    async def cancelar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.importacao_cancelar", p_id=id)
        return pagina.ir(f"/contatos/importar/{id}", "Importação cancelada")

    @post("/{id:uuid}/remover", **PAGINA)
    async def remover(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.importacao_remover", p_id=id)
        return pagina.ir("/contatos/importar", "Importação descartada")

    @get("/{id:uuid}/erros.csv", **PAGINA)
    async def erros(self, pagina: ComPagina, id: FromPath[UUID]) -> Stream:
        importacao: dict[str, Any] = await pagina.chamada.ler("api.importacao_obter", dict[str, Any], p_id=id)
        primeira = await pagina.chamada.ler("api.importacao_recusadas_obter", dict[str, Any], p_id=id)
        return arquivo("erros.csv", partial(_recusadas, pagina, id, primeira, importacao))
