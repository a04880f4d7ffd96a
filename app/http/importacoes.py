"""An import that is followed: the file, its mapping and check, the run, and what did not enter."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final
from uuid import UUID

import msgspec
import structlog
from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.erros import Erro
from app.http.comum import Chamada, Cursor, DaSessao, Json, Limite, Pedido, argumentos, documento, objeto
from app.http.contatos import ARQUIVO_MAXIMO, VAGAS, arquivo_enviado
from app.importacao import leitura
from app.tipos.importacoes import ImportacaoAberta, ImportacaoConferir, ImportacaoIniciar

# a small file is checked before the answer goes out: nobody needs to see it being read
_ESPERA_S: Final = 1.5
_registro = structlog.get_logger(__name__)
_leituras: set[asyncio.Task[None]] = set()


async def _conferir(chamada: DaSessao, aberta: ImportacaoAberta) -> None:
    try:
        await leitura.conferir(chamada, aberta)
    except Erro as erro:
        # a second check, or the end of the session; what is read says that this one stopped
        _registro.info("leitura_parou", importacao=str(aberta.id), codigo=erro.codigo)


async def ler_em_segundo_plano(chamada: DaSessao, aberta: ImportacaoAberta) -> None:
    """Have the file checked; come back when it is, or when it turns out to take longer."""
    tarefa = asyncio.create_task(_conferir(chamada, aberta))
    _leituras.add(tarefa)
    tarefa.add_done_callback(_leituras.discard)
    await asyncio.wait({tarefa}, timeout=_ESPERA_S)


class Importacoes(Controller):
    path = "/api/importacoes"
    tags = ["Importações"]  # noqa: RUF012

    @get("/", **documento("api.importacoes_listar", resumo="Listar importações"))
    async def listar(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.importacoes_listar", p_limite=limite, p_cursor=cursor)

    @post(
        "/",
        request_max_body_size=ARQUIVO_MAXIMO,
        description="Corpo `text/csv`, ou `multipart/form-data` com o campo `arquivo`. Nada entra antes de `iniciar`.",
        **documento("api.importacao_criar", status=201, midia="*", resumo="Enviar um CSV para importar"),
    )
    async def enviar(
        self,
        request: Pedido,
        chamada: Chamada,
        nome: Annotated[str, QueryParameter(min_length=1, max_length=200, description="Nome do arquivo.")],
    ) -> Json:
        async with VAGAS:
            aberta = await leitura.receber(chamada, nome, await arquivo_enviado(request))
        return objeto(msgspec.json.encode(aberta), 201)

    @get("/{id:uuid}", **documento("api.importacao_obter", resumo="Obter importação"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.importacao_obter", p_id=id)

    @post(
        "/{id:uuid}/conferir",
        description="Um arquivo grande é lido depois da resposta: siga por `status` e `lotesLidos`.",
        **documento("api.importacao_conferir", resumo="Dizer o que é cada coluna e conferir as linhas"),
    )
    async def conferir(self, id: FromPath[UUID], data: JSONBody[ImportacaoConferir], chamada: Chamada) -> Json:
        aberta = await chamada.ler("api.importacao_conferir", ImportacaoAberta, p_id=id, **argumentos(data))
        await ler_em_segundo_plano(chamada, aberta)
        return await chamada.objeto("api.importacao_obter", p_id=id)

    @post("/{id:uuid}/iniciar", **documento("api.importacao_iniciar", resumo="Importar o que foi conferido"))
    async def iniciar(self, id: FromPath[UUID], data: JSONBody[ImportacaoIniciar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.importacao_iniciar", p_id=id, p_versao=data.versao)

    @post("/{id:uuid}/cancelar", **documento("api.importacao_cancelar", resumo="Cancelar: o que já entrou fica"))
    async def cancelar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.importacao_cancelar", p_id=id)

    @delete("/{id:uuid}", **documento("api.importacao_remover", resumo="Descartar importação"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.importacao_remover", p_id=id)

    @get(
        "/{id:uuid}/recusadas", **documento("api.importacao_recusadas_obter", resumo="Linhas que não entram, por lote")
    )
    async def recusadas(
        self,
        id: FromPath[UUID],
        chamada: Chamada,
        ordem: Annotated[int, QueryParameter(ge=1, le=100_000, description="`proxima` da resposta anterior.")] = 1,
    ) -> Json:
        return await chamada.objeto("api.importacao_recusadas_obter", p_id=id, p_ordem=ordem)
