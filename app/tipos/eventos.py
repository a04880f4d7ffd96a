"""Real time: what changed, for whom, and who looks at what."""

from __future__ import annotations

from typing import Any, Final, Literal
from uuid import UUID

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
    """What somebody is to be told of; without `texto` when they chose so. `chave` is told once."""

    chave: UUID
    tipo: Literal["MENSAGEM", "PASSADA", "MENCAO"]
    conversa_id: UUID
    nome: str
    texto: str | None


class Avisos(Resposta):
    """What to tell now, and how."""

    avisos: list[Aviso]
    som: bool
    navegador: bool


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
    "api.eventos_desde": Eventos,
    "api.eventos_sessao_obter": EventosSessao,
    "api.conversa_presenca_obter": ConversaPresenca,
    "api.conversa_digitacao_obter": ConversaPresenca,
}
