"""What every provider is asked and what it can answer.

A send ends in one of four ways, and the difference decides whether a machine may ever try again: accepted, rejected
(with the provider's code), proven not sent, or ambiguous. Providers report; the database decides what follows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec

from app.credenciais import ConexaoAberta


class Modelo(msgspec.Struct, frozen=True):
    """The approved template of a message. `formato`: whether its variables are numbered or named."""

    nome: str
    idioma: str
    formato: Literal["POSITIONAL", "NAMED"]
    componentes: list[dict[str, Any]]


class MidiaDoEnvio(msgspec.Struct, frozen=True, rename="camel"):
    """A file that a message cites; `id_externo` is its id at the provider of the connection, where it needs one."""

    id: UUID
    sha256: str
    mime: str
    tamanho: int
    nome: str | None = None
    id_externo: str | None = None


class Envio(msgspec.Struct, frozen=True, rename="camel"):
    """One message whose intent is committed. `tentativa_id` travels with it and comes back in its statuses.

    `conteudo` is what its `tipo` says; `contexto` is the provider's id of the quoted message.
    """

    id: UUID
    cerca: int
    tentativa_id: UUID
    alvo_id: UUID
    alvo_tipo: Literal["CAMPANHA", "MENSAGEM"]
    para: str
    para_tipo: Literal["TELEFONE", "BSUID", "JID"]
    tipo: str
    conteudo: dict[str, Any]
    contexto: str | None = None
    modelo_id: UUID | None = None
    modelo: Modelo | None = None
    midias: dict[UUID, MidiaDoEnvio] = {}
    prioridade: int = 7


class Resultado(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """How one send ended, as `worker.envio_registrar` reads it.

    ACEITO carries `id_externo` (`wa_id` when the provider knows the person by another number, `situacao` when it holds
    the message back); REJEITADO carries the provider's `codigo`, `subcodigo` and `http`; NAO_ENVIADO is proven: no byte
    of the request can be accepted; AMBIGUO is everything else. `sem_resposta` says that the request may still be on its
    way; `sem_vaga` that our own limiter gave no slot, which tells nothing about the provider; `transitorio`
    that the provider calls its own error transient; `suspenso_ate` until when the number may begin no conversation.
    """

    desfecho: Literal["ACEITO", "REJEITADO", "NAO_ENVIADO", "AMBIGUO"]
    id_externo: str | None = None
    wa_id: str | None = None
    situacao: str | None = None
    codigo: int | None = None
    subcodigo: int | None = None
    http: int | None = None
    detalhe: str | None = None
    sem_resposta: bool = False
    sem_vaga: bool = False
    transitorio: bool = False
    suspenso_ate: datetime | None = None


class Provedor(Protocol):
    """A way to send. Implementations never retry and never raise for what the network or the provider does."""

    async def enviar(self, conexao: ConexaoAberta, envio: Envio) -> Resultado: ...

    async def fechar(self) -> None: ...
