"""Answers of media."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from app.tipos.comum import Resposta

MidiaTipo = Literal["IMAGEM", "VIDEO", "AUDIO", "DOCUMENTO", "FIGURINHA"]


class Midia(Resposta):
    """`mime` is what the bytes say. A received one is PENDENTE until fetched, which can be done until `expiraEm`."""

    id: UUID
    origem: Literal["ENVIADA", "RECEBIDA"]
    tipo: MidiaTipo
    status: Literal["PENDENTE", "DISPONIVEL", "FALHOU", "EXPIRADA"]
    motivo: str | None
    erro_texto: str | None
    mime: str | None
    nome: str | None
    tamanho: int | None
    conexao_id: UUID | None
    expira_em: datetime | None
    criado_em: datetime
    atualizado_em: datetime


class MidiaRegra(Resposta):
    """A kind of file that is taken: for which kind of message, and up to how many bytes."""

    tipo: MidiaTipo
    mime: str
    variante: Literal["", "ANIMADA"]
    tamanho_maximo: int


class MidiaRegras(Resposta):
    tipos: list[MidiaRegra]


class MidiaAutorizacao(Resposta):
    """For the edge alone: what the address that it signs is bound to."""

    id: UUID
    sessao_id: UUID


class MidiaUrl(Resposta):
    """Where the bytes are, for whoever holds the address, until `expiraEm`."""

    url: str
    expira_em: datetime


class MidiaConteudo(Resposta):
    """For the edge alone: which bytes to serve, and as what."""

    sha256: str
    mime: str
    nome: str | None
    tamanho: int
    tipo: MidiaTipo


CONTRATOS: Final[dict[str, Any]] = {
    "api.midia_preparar": MidiaRegras,
    "api.midia_criar": Midia,
    "api.midia_obter": Midia,
    "api.midia_baixa_retomar": Midia,
    "api.midia_url_autorizar": MidiaAutorizacao,
    "api.midia_conteudo_obter": MidiaConteudo,
}
