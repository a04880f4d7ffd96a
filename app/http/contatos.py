"""Contacts: create, find, change, block, remove, import, and what they consented to."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from app.erros import Erro
from app.http.comum import (
    Chamada,
    ChaveIdempotencia,
    Cursor,
    Json,
    Limite,
    Pedido,
    VersaoLida,
    argumentos,
    documento,
    objeto,
)
from app.importacao import execucao
from app.telefone import normalizar
from app.tipos.contatos import (
    ConsentimentoCriar,
    ContatoAtualizar,
    ContatoCriar,
    EtiquetasAtribuir,
    Marketing,
    Modo,
)

ARQUIVO_MAXIMO: Final = 32 * 1024 * 1024
# a file is in memory while it is imported: this many at a time in one process, the others wait
VAGAS: Final = asyncio.Semaphore(2)
# in the order of ContatoAtualizar: what null empties
_ANULAVEIS: Final = {"email": "email", "responsavel_id": "responsavelId", "equipe_id": "equipeId"}

Busca = Annotated[
    str | None,
    QueryParameter(max_length=200, description="Trecho do nome ou do telefone, de 3 letras ou números em diante."),
]
Prova = Annotated[
    str | None,
    QueryParameter(
        name="consentimentoProva", min_length=3, max_length=1000,
        description="Prova de que todos consentiram com marketing; quem recusou antes continua assim.",
    ),
]  # fmt: skip


class Contatos(Controller):
    path = "/api/contatos"
    tags = ["Contatos"]  # noqa: RUF012

    @get("/", **documento("api.contatos_listar", resumo="Listar e buscar contatos"))
    async def listar(
        self,
        chamada: Chamada,
        busca: Busca = None,
        etiqueta_id: Annotated[UUID | None, QueryParameter(name="etiquetaId")] = None,
        marketing: Annotated[Marketing | None, QueryParameter()] = None,
        bloqueado: Annotated[bool | None, QueryParameter()] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.contatos_listar",
            p_busca=busca or None,
            p_etiqueta_id=etiqueta_id,
            p_marketing=marketing,
            p_bloqueado=bloqueado,
            p_limite=limite,
            p_cursor=cursor,
        )

    @post("/", **documento("api.contato_criar", status=201, resumo="Criar contato"))
    async def criar(self, data: JSONBody[ContatoCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        valores = argumentos(data)
        valores.update(p_telefone=normalizar(data.telefone), p_telefone_informado=data.telefone)
        return await chamada.objeto("api.contato_criar", **valores, p_chave_idempotencia=chave)

    @get("/{id:uuid}", **documento("api.contato_obter", resumo="Obter contato"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.contato_obter", p_id=id)

    @patch("/{id:uuid}", **documento("api.contato_atualizar", resumo="Mudar contato"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[ContatoAtualizar], chamada: Chamada) -> Json:
        valores = {nome: valor for nome, valor in argumentos(data).items() if valor is not UNSET}
        if isinstance(data.telefone, str):
            valores.update(p_telefone=normalizar(data.telefone), p_telefone_informado=data.telefone)
        limpar = [fora for dentro, fora in _ANULAVEIS.items() if getattr(data, dentro) is None]
        return await chamada.objeto("api.contato_atualizar", p_id=id, p_limpar=limpar, **valores)

    @post("/{id:uuid}/bloquear", **documento("api.contato_bloquear", resumo="Bloquear"))
    async def bloquear(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.contato_bloquear", p_id=id, p_versao=versao)

    @post("/{id:uuid}/desbloquear", **documento("api.contato_desbloquear", resumo="Desbloquear"))
    async def desbloquear(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.contato_desbloquear", p_id=id, p_versao=versao)

    @delete("/{id:uuid}", **documento("api.contato_remover", resumo="Remover: a pessoa sai, o histórico fica"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.contato_remover", p_id=id, p_versao=versao)

    @post("/etiquetas", **documento("api.etiquetas_atribuir", resumo="Pôr e tirar etiquetas de vários contatos"))
    async def etiquetar(self, data: JSONBody[EtiquetasAtribuir], chamada: Chamada) -> Json:
        return await chamada.objeto("api.etiquetas_atribuir", **argumentos(data))

    @get("/{id:uuid}/campanhas", **documento("api.contato_campanhas_listar", resumo="Listar campanhas que recebeu"))
    async def campanhas(
        self, id: FromPath[UUID], chamada: Chamada, limite: Limite = None, cursor: Cursor = None
    ) -> Json:
        return await chamada.lista("api.contato_campanhas_listar", p_contato_id=id, p_limite=limite, p_cursor=cursor)

    @get("/{id:uuid}/consentimentos", **documento("api.consentimentos_listar", resumo="Listar consentimentos"))
    async def consentimentos(
        self, id: FromPath[UUID], chamada: Chamada, limite: Limite = None, cursor: Cursor = None
    ) -> Json:
        return await chamada.lista("api.consentimentos_listar", p_contato_id=id, p_limite=limite, p_cursor=cursor)

    @post(
        "/{id:uuid}/consentimentos",
        **documento("api.consentimento_criar", status=201, resumo="Registrar concessão ou revogação"),
    )
    async def consentir(
        self,
        id: FromPath[UUID],
        data: JSONBody[ConsentimentoCriar],
        chamada: Chamada,
        chave: ChaveIdempotencia = None,
    ) -> Json:
        return await chamada.objeto(
            "api.consentimento_criar", p_contato_id=id, p_chave_idempotencia=chave, **argumentos(data)
        )

    @post(
        "/importar",
        request_max_body_size=ARQUIVO_MAXIMO,
        description=(
            "Corpo `text/csv`, ou `multipart/form-data` com o campo `arquivo`. Delimitador `;`, `,` ou TAB; UTF-8 ou "
            "Latin-1. Colunas: telefone (obrigatória), nome, email, etiquetas; as outras viram campos do contato. "
            "Repetir o mesmo arquivo não duplica ninguém."
        ),
        **documento("api.contatos_importar", midia="*", resumo="Importar contatos de um CSV"),
    )
    async def importar(
        self,
        request: Pedido,
        chamada: Chamada,
        modo: Annotated[Modo, QueryParameter(description="O que fazer com quem já existe.")] = "IGNORAR",
        etiqueta_ids: Annotated[list[UUID] | None, QueryParameter(name="etiquetaIds", max_items=50)] = None,
        prova: Prova = None,
    ) -> Json:
        opcoes = execucao.Opcoes(modo, etiqueta_ids or [], prova)
        await execucao.autorizar(chamada, opcoes)
        async with VAGAS:
            return objeto(await execucao.importar(chamada, await arquivo_enviado(request), opcoes))


async def arquivo_enviado(request: Pedido) -> bytes:
    """The bytes of the file, sent as the body itself or as a form."""
    tipo = request.content_type[0]
    if tipo == "text/csv":
        return await request.body()
    if tipo == "multipart/form-data":
        enviado = (await request.form()).get("arquivo")
        if isinstance(enviado, UploadFile):
            return await enviado.read()
        raise Erro(400, "ZRG03", "campo obrigatório", campo="arquivo")
    raise Erro(415, "ZRG06", "o tipo de conteúdo do pedido não é aceito aqui", campo="Content-Type", detalhe="text/csv")
