"""Campaigns: create, simulate, launch, pause, resume, cancel, resend, follow."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, argumentos, documento
from app.http.prova_csv import PAGINA, escrever
from app.http.render import Leitor
from app.http.tabela_csv import arquivo
from app.tipos.campanhas import (
    CampanhaAtualizar,
    CampanhaCriar,
    CampanhaReenviar,
    Estado,
    EstadoEnvio,
)
from app.tipos.entregas import IncertosDecidir, Prova

# a campaign may name 100,000 contacts one by one
CORPO_MAXIMO: Final = 8 * 1024 * 1024

ResumoOpcional = Annotated[
    str | None,
    QueryParameter(pattern="^[0-9a-f]{64}$", description="`resumo` de uma simulação: recusa se o plano mudou."),
]


def _argumentos(data: CampanhaCriar) -> dict[str, object]:
    return {**argumentos(data), "p_variaveis": msgspec.Raw(msgspec.json.encode(data.variaveis))}


class Campanhas(Controller):
    path = "/api/campanhas"
    tags = ["Campanhas"]  # noqa: RUF012

    @get("/", **documento("api.campanhas_listar", resumo="Listar campanhas"))
    async def listar(
        self,
        chamada: Chamada,
        status: Annotated[Estado | None, QueryParameter()] = None,
        busca: Annotated[str | None, QueryParameter(max_length=120)] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.campanhas_listar", p_status=status, p_busca=busca, p_limite=limite, p_cursor=cursor
        )

    @post(
        "/", request_max_body_size=CORPO_MAXIMO, **documento("api.campanha_criar", status=201, resumo="Criar campanha")
    )
    async def criar(self, data: JSONBody[CampanhaCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.campanha_criar", **_argumentos(data), p_chave_idempotencia=chave)

    @get("/{id:uuid}", **documento("api.campanha_obter", resumo="Obter campanha com totais"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_obter", p_id=id)

    @put(
        "/{id:uuid}",
        request_max_body_size=CORPO_MAXIMO,
        **documento("api.campanha_atualizar", resumo="Trocar o conteúdo de uma campanha que não começou"),
    )
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[CampanhaAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_atualizar", p_id=id, **_argumentos(data))

    @post("/{id:uuid}/simular", **documento("api.campanha_simular", resumo="Simular: quem vai, quem não e por quê"))
    async def simular(
        self,
        id: FromPath[UUID],
        chamada: Chamada,
        amostra: Annotated[int, QueryParameter(ge=0, le=20, description="Textos de exemplo.")] = 5,
    ) -> Json:
        return await chamada.objeto("api.campanha_simular", p_id=id, p_amostra=amostra)

    @post("/{id:uuid}/iniciar", **documento("api.campanha_iniciar", resumo="Iniciar"))
    async def iniciar(self, id: FromPath[UUID], chamada: Chamada, resumo: ResumoOpcional = None) -> Json:
        return await chamada.objeto("api.campanha_iniciar", p_id=id, p_resumo=resumo)

    @post("/{id:uuid}/pausar", **documento("api.campanha_pausar", resumo="Pausar"))
    async def pausar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_pausar", p_id=id)

    @post("/{id:uuid}/retomar", **documento("api.campanha_retomar", resumo="Retomar"))
    async def retomar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_retomar", p_id=id)

    @post("/{id:uuid}/cancelar", **documento("api.campanha_cancelar", resumo="Cancelar"))
    async def cancelar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_cancelar", p_id=id)

    @post("/{id:uuid}/reenviar", **documento("api.campanha_reenviar", resumo="Reenviar por motivo"))
    async def reenviar(self, id: FromPath[UUID], data: JSONBody[CampanhaReenviar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_reenviar", p_id=id, **argumentos(data))

    @get("/{id:uuid}/logs", **documento("api.campanha_logs_listar", resumo="Listar destinatários"))
    async def logs(
        self,
        id: FromPath[UUID],
        chamada: Chamada,
        status: Annotated[EstadoEnvio | None, QueryParameter()] = None,
        motivo: Annotated[str | None, QueryParameter(pattern="^[A-Z0-9_]{3,40}$")] = None,
        busca: Annotated[str | None, QueryParameter(max_length=120, description="Trecho do nome ou telefone.")] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.campanha_logs_listar", p_id=id, p_status=status, p_motivo=motivo, p_busca=busca, p_limite=limite,
            p_cursor=cursor,
        )  # fmt: skip

    @get("/{id:uuid}/prova", **documento("api.campanha_prova", resumo="Prova, destinatário a destinatário"))
    async def prova(
        self,
        id: FromPath[UUID],
        chamada: Chamada,
        status: Annotated[EstadoEnvio | None, QueryParameter()] = None,
        conferir: Annotated[bool, QueryParameter(description="Contar as linhas e comparar com os totais.")] = False,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.objeto(
            "api.campanha_prova", p_id=id, p_status=status, p_limite=limite, p_cursor=cursor, p_conferir=conferir
        )

    @get("/{id:uuid}/prova.csv", **documento("api.campanha_prova", resumo="Prova em CSV", arquivo="text/csv"))
    async def prova_csv(
        self, id: FromPath[UUID], chamada: Chamada, status: Annotated[EstadoEnvio | None, QueryParameter()] = None
    ) -> Stream:
        async def ler(cursor: str | None) -> Prova:
            return await chamada.ler(
                "api.campanha_prova", Prova, p_id=id, p_status=status, p_limite=PAGINA, p_cursor=cursor
            )

        primeira = await ler(None)
        eu = await chamada.ler("api.eu_obter", dict[str, Any])
        leitor = Leitor(fuso=eu["cliente"]["fuso"])
        return arquivo(f"prova-{id}.csv", partial(escrever, primeira, ler, leitor))

    @post(
        "/{id:uuid}/incertas/decidir",
        **documento("api.incertos_decidir", resumo="Decidir sobre os envios sem confirmação da campanha"),
    )
    async def decidir(self, id: FromPath[UUID], data: JSONBody[IncertosDecidir], chamada: Chamada) -> Json:
        return await chamada.objeto("api.incertos_decidir", p_campanha_id=id, **argumentos(data))
