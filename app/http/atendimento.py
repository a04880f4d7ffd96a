"""Working hours, holidays, availability and the waiting queue."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.tipos.atendimento import (
    ANO_MAXIMO,
    ANO_MINIMO,
    CalendarioAtualizar,
    CalendarioCriar,
    ConexaoAtendimento,
    DisponibilidadeAtualizar,
    EquipeAtendimento,
    FeriadoAtualizar,
    FeriadoCriar,
    FeriadosImportar,
    Proximo,
    UsuarioAtendimento,
)


def _argumentos(data: CalendarioCriar | CalendarioAtualizar | FeriadoCriar | FeriadoAtualizar) -> dict[str, object]:
    return {**argumentos(data), "p_faixas": msgspec.Raw(msgspec.json.encode(data.faixas))}


class Calendarios(Controller):
    path = "/api/calendarios"
    tags = ["Atendimento"]  # noqa: RUF012

    @get("/", **documento("api.calendarios_listar", resumo="Listar calendários"))
    async def listar(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.calendarios_listar", p_limite=limite, p_cursor=cursor)

    @post("/", **documento("api.calendario_criar", status=201, resumo="Criar calendário"))
    async def criar(self, data: JSONBody[CalendarioCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.calendario_criar", **_argumentos(data), p_chave_idempotencia=chave)

    @get("/{id:uuid}", **documento("api.calendario_obter", resumo="Ver um calendário"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.calendario_obter", p_id=id)

    @patch("/{id:uuid}", **documento("api.calendario_atualizar", resumo="Mudar um calendário"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[CalendarioAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.calendario_atualizar", p_id=id, **_argumentos(data))

    @delete("/{id:uuid}", **documento("api.calendario_remover", resumo="Remover um calendário sem uso"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.calendario_remover", p_id=id, p_versao=versao)

    @get("/{id:uuid}/feriados", **documento("api.feriados_listar", resumo="Listar feriados, por data"))
    async def feriados(
        self,
        id: FromPath[UUID],
        chamada: Chamada,
        ano: Annotated[int | None, QueryParameter(ge=ANO_MINIMO, le=ANO_MAXIMO)] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.feriados_listar", p_calendario_id=id, p_ano=ano, p_limite=limite, p_cursor=cursor
        )

    @post("/{id:uuid}/feriados", **documento("api.feriado_criar", status=201, resumo="Pôr um feriado"))
    async def feriado_criar(
        self, id: FromPath[UUID], data: JSONBody[FeriadoCriar], chamada: Chamada, chave: ChaveIdempotencia = None
    ) -> Json:
        return await chamada.objeto(
            "api.feriado_criar", p_calendario_id=id, **_argumentos(data), p_chave_idempotencia=chave
        )

    @post(
        "/{id:uuid}/feriados/importar",
        **documento("api.feriados_importar", resumo="Pôr os feriados nacionais do Brasil de um ano"),
    )
    async def importar(self, id: FromPath[UUID], data: JSONBody[FeriadosImportar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.feriados_importar", p_calendario_id=id, **argumentos(data))


class Feriados(Controller):
    path = "/api/feriados"
    tags = ["Atendimento"]  # noqa: RUF012

    @get("/nacionais/{ano:int}", **documento("api.feriados_nacionais_obter", resumo="Feriados nacionais do Brasil"))
    async def nacionais(
        self, ano: Annotated[int, PathParameter(ge=ANO_MINIMO, le=ANO_MAXIMO)], chamada: Chamada
    ) -> Json:
        return await chamada.objeto("api.feriados_nacionais_obter", p_ano=ano)

    @get("/{id:uuid}", **documento("api.feriado_obter", resumo="Ver um feriado"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.feriado_obter", p_id=id)

    @patch("/{id:uuid}", **documento("api.feriado_atualizar", resumo="Mudar um feriado"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[FeriadoAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.feriado_atualizar", p_id=id, **_argumentos(data))

    @delete("/{id:uuid}", **documento("api.feriado_remover", resumo="Tirar um feriado"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.feriado_remover", p_id=id, p_versao=versao)


class Atendimento(Controller):
    path = "/api/atendimento"
    tags = ["Atendimento"]  # noqa: RUF012

    @get("/", **documento("api.atendimento_obter", resumo="A própria mesa: disponibilidade, vagas e filas"))
    async def obter(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.atendimento_obter")

    @put("/disponibilidade", **documento("api.disponibilidade_atualizar", resumo="Ficar disponível, em pausa, ausente"))
    async def disponibilidade(self, data: JSONBody[DisponibilidadeAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.disponibilidade_atualizar", **argumentos(data))

    @post("/proximo", **documento("api.atendimento_proximo", resumo="Receber a próxima conversa da fila"))
    async def proximo(self, data: JSONBody[Proximo], chamada: Chamada) -> Json:
        return await chamada.objeto("api.atendimento_proximo", **argumentos(data))

    @get("/oferta", **documento("api.oferta_obter", resumo="A conversa que a fila oferece a quem pede"))
    async def oferta(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.oferta_obter")

    @post("/ofertas/{id:uuid}/aceitar", **documento("api.oferta_aceitar", resumo="Aceitar a conversa oferecida"))
    async def aceitar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.oferta_aceitar", p_id=id)

    @post("/ofertas/{id:uuid}/recusar", **documento("api.oferta_recusar", resumo="Deixar a conversa para o próximo"))
    async def recusar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.oferta_recusar", p_id=id)

    @get("/filas", **documento("api.filas_listar", resumo="As filas e quem as atende"))
    async def filas(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.filas_listar", p_limite=limite, p_cursor=cursor)

    @get("/atendentes", **documento("api.atendentes_listar", resumo="Quem atende, e quanto"))
    async def atendentes(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.atendentes_listar", p_limite=limite, p_cursor=cursor)

    @put("/equipes/{id:uuid}", **documento("api.equipe_atendimento_atualizar", resumo="Expediente de uma equipe"))
    async def equipe(self, id: FromPath[UUID], data: JSONBody[EquipeAtendimento], chamada: Chamada) -> Json:
        return await chamada.objeto("api.equipe_atendimento_atualizar", p_id=id, **argumentos(data))

    @put("/usuarios/{id:uuid}", **documento("api.usuario_atendimento_atualizar", resumo="Capacidade de uma pessoa"))
    async def usuario(self, id: FromPath[UUID], data: JSONBody[UsuarioAtendimento], chamada: Chamada) -> Json:
        return await chamada.objeto("api.usuario_atendimento_atualizar", p_id=id, **argumentos(data))

    @put("/conexoes/{id:uuid}", **documento("api.conexao_atendimento_atualizar", resumo="A fila de um número"))
    async def conexao(self, id: FromPath[UUID], data: JSONBody[ConexaoAtendimento], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conexao_atendimento_atualizar", p_id=id, **argumentos(data))
