"""What the system decided by itself, and why."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from app.http.comum import Chamada, Cursor, Json, Limite, documento
from app.tipos.saude_numeros import Escopo


@get(
    "/api/ocorrencias",
    tags=["Conexões"],
    **documento("api.ocorrencias_listar", resumo="Listar o que o sistema decidiu sozinho"),
)
async def ocorrencias(
    chamada: Chamada,
    escopo: Annotated[Escopo | None, QueryParameter()] = None,
    alvo_id: Annotated[UUID | None, QueryParameter(name="alvoId")] = None,
    conexao_id: Annotated[UUID | None, QueryParameter(name="conexaoId")] = None,
    motivo: Annotated[str | None, QueryParameter(pattern=r"^[A-Z0-9_]{3,40}$")] = None,
    limite: Limite = None,
    cursor: Cursor = None,
) -> Json:
    return await chamada.lista(
        "api.ocorrencias_listar",
        p_escopo=escopo,
        p_alvo_id=alvo_id,
        p_conexao_id=conexao_id,
        p_motivo=motivo,
        p_limite=limite,
        p_cursor=cursor,
    )
