"""The tags page: see, create, change, join and remove."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter
from msgspec import Struct

from app.erros import Erro
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.tipos.contatos import Cor

_NOMES: Final = (
    "Vermelho",
    "Laranja",
    "Âmbar",
    "Oliva",
    "Verde",
    "Esmeralda",
    "Ciano",
    "Azul",
    "Índigo",
    "Violeta",
    "Magenta",
    "Cinza",
)
CORES: Final = tuple(zip(get_args(Cor), _NOMES, strict=True))
SUGESTOES: Final = (
    ("Cliente novo", "VERDE"),
    ("Orçamento", "AZUL"),
    ("VIP", "VIOLETA"),
    ("Retornar depois", "AMBAR"),
    ("Reclamação", "VERMELHO"),
)
Formulario = Body(media_type=RequestEncodingType.URL_ENCODED)


class EtiquetaDigitada(Struct):
    nome: str = ""
    cor: str = "CINZA"
    versao: int | None = None
    para: UUID | None = None


async def _lista(pagina: Pagina, cursor: str | None = None, status: int = 200, **dados: Any) -> Html:
    lida: dict[str, Any] = await pagina.chamada.ler("api.etiquetas_listar", dict[str, Any], p_cursor=cursor)
    uso: dict[str, Any] = await pagina.chamada.ler(
        "api.etiquetas_uso_obter", dict[str, Any], p_ids=[UUID(e["id"]) for e in lida["dados"]]
    )
    vazios = {"erro": None, "digitada": None, "alvo": None}
    return await pagina.mostrar(
        "etiquetas.html", status, etiquetas=lida["dados"], meta=lida["meta"], uso=uso["etiquetas"],
        maximo=uso["maximo"], cores=CORES, sugestoes=SUGESTOES, cursor=cursor, **{**vazios, **dados},
    )  # fmt: skip


class PaginaEtiquetas(Controller):
    path = "/etiquetas"

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina, cursor: Annotated[str | None, QueryParameter()] = None) -> Html:
        return await _lista(pagina, cursor)

    @post("/", **PAGINA)
    async def criar(self, pagina: ComPagina, data: Annotated[EtiquetaDigitada, Formulario]) -> Response[Any]:
        try:
            await pagina.chamada.objeto("api.etiqueta_criar", p_nome=data.nome, p_cor=data.cor)
        except Erro as erro:
            return await _lista(pagina, status=pagina.recusa(erro), erro=erro, digitada=data)
        return pagina.ir("/etiquetas", "Etiqueta criada")

    @post("/{id:uuid}", **PAGINA)
    async def mudar(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[EtiquetaDigitada, Formulario]
    ) -> Response[Any]:
        try:
            await pagina.chamada.objeto(
                "api.etiqueta_atualizar", p_id=id, p_nome=data.nome, p_cor=data.cor, p_versao=data.versao
            )
        except Erro as erro:
            return await _lista(pagina, status=pagina.recusa(erro), erro=erro, digitada=data, alvo=str(id))
        return pagina.ir("/etiquetas", "Etiqueta salva")

    @post("/{id:uuid}/juntar", **PAGINA)
    async def juntar(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[EtiquetaDigitada, Formulario]
    ) -> Response[Any]:
        try:
            await pagina.chamada.objeto("api.etiqueta_fundir", p_id=data.para, p_outra_id=id, p_versao=data.versao)
        except Erro as erro:
            return await _lista(pagina, status=pagina.recusa(erro), erro=erro, alvo=str(id))
        return pagina.ir("/etiquetas", "Etiquetas juntadas")

    @post("/{id:uuid}/remover", **PAGINA)
    async def remover(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[EtiquetaDigitada, Formulario]
    ) -> Response[Any]:
        try:
            await pagina.chamada.objeto("api.etiqueta_remover", p_id=id, p_versao=data.versao)
        except Erro as erro:
            return await _lista(pagina, status=pagina.recusa(erro), erro=erro, alvo=str(id))
        return pagina.ir("/etiquetas", "Etiqueta removida")
