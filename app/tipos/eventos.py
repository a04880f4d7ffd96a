"""Real time: what changed, for whom, and who looks at what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from app.tipos.comum import Corpo, Resposta

EstadoNaConversa = Literal["VENDO", "DIGITANDO"]
EstadoDaPessoa = Literal["ONLINE", "AUSENTE"]


class Evento(Resposta):
    """Something changed: ids only, to be read again by its ordinary route. `minha`, `fila`: of a conversation, that it
    is, or was, this person's; that it is, or was, in a queue."""

    numero: int
    tipo: str
    alvo_id: UUID
    conversa_id: UUID | None
    minha: bool
    fila: bool


class Eventos(Resposta):
    """What changed after a number, up to `numero`; there is more while that is less than `ultimo`."""

    eventos: list[Evento]
    numero: int
    ultimo: int
    recarregar: bool


class EventosSessao(Resposta):
    """What a session may hear of, and for how many seconds it lives yet."""

    sessao_id: UUID
    usuario_id: UUID
    perfil_id: UUID
    topicos: list[str]
    ultimo: int
    restam_s: float


class Aviso(Resposta):
    """What somebody is to be told of; without `texto` when they chose so. `chave` is told once; `vale_segundos`: for
    how long it is worth telling (null: always)."""

    chave: UUID
    tipo: Literal["MENSAGEM", "PASSADA", "MENCAO", "PRAZO", "OFERTA"]
    conversa_id: UUID
    nome: str
    texto: str | None
    vale_segundos: int | None


class Avisos(Resposta):
    """What to tell now, and how; `prazo_em`: when to ask again, because a conversation will have waited too long."""

    avisos: list[Aviso]
    som: bool
    navegador: bool
    prazo_em: datetime | None


class InscricaoChave(Resposta):
    """The public key of this product, base64url: `applicationServerKey` of a browser's subscription."""

    chave: str


class InscricaoChaves(Struct, forbid_unknown_fields=True):
    """The keys of a browser, as it writes them."""

    p256dh: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{87}=?$")]
    auth: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}(==)?$")]


class InscricaoCriar(Struct):
    """A browser's subscription (`PushSubscription.toJSON()`); what else it says of itself is not kept."""

    endpoint: Annotated[str, Meta(min_length=12, max_length=1000)]
    keys: InscricaoChaves


class InscricaoCriada(Resposta):
    id: UUID


class InscricaoRemovida(Resposta):
    """How many browsers of this session are told no more."""

    removidas: int


class ConversaPresenca(Resposta):
    """Who looks at a conversation, and who may know of it."""

    id: UUID
    usuario_id: UUID
    sessao_id: UUID
    topicos: list[str]


class PresencaNaConversa(Corpo):
    estado: EstadoNaConversa


class PresencaPropria(Corpo):
    estado: EstadoDaPessoa


class Presente(Resposta):
    """Somebody who is there; by person, however many tabs are open."""

    usuario_id: UUID
    estado: str


class Presentes(Resposta):
    """Who is there now, as far as known."""

    presentes: list[Presente]


CONTRATOS: Final[dict[str, Any]] = {
    "api.avisos_obter": Avisos,
    "api.inscricao_criar": InscricaoCriada,
    "api.inscricao_remover": InscricaoRemovida,
    "api.eventos_desde": Eventos,
    "api.eventos_sessao_obter": EventosSessao,
    "api.conversa_presenca_obter": ConversaPresenca,
    "api.conversa_digitacao_obter": ConversaPresenca,
}
