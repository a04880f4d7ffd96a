"""Answers of the thread of a conversation and of the composer below it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from app.tipos.atos import Acontecimento
from app.tipos.comum import Pagina, Resposta
from app.tipos.conversas import Agendada, Mensagem
from app.tipos.midias import Midia
from app.tipos.notas import Autor, Nota, Rascunho

Voz = Literal["NINGUEM", "MINHA", "OUTRA"]
Janela = Literal["SEM", "ABERTA", "CURTA", "FECHADA"]
Impedimento = Literal["SEM_PERMISSAO", "RESOLVIDA", "REMOVIDO", "BLOQUEADO", "NUMERO_PARADO", "JANELA_FECHADA"]


class ModeloDaMensagem(Resposta):
    nome: str
    componentes: list[dict[str, Any]]


class ItemDoFio(Resposta):
    """One of three, by `especie`; `autor`, `midia` and `modelo` are those of the message."""

    id: UUID
    especie: Literal["MENSAGEM", "NOTA", "EVENTO"]
    em: datetime
    mensagem: Mensagem | None
    autor: Autor | None
    midia: Midia | None
    modelo: ModeloDaMensagem | None
    nota: Nota | None
    evento: Acontecimento | None


class ComQuem(Resposta):
    id: UUID
    nome: str


class Fio(Pagina[ItemDoFio]):
    """A page of the thread, and with whom it is."""

    contato: ComQuem


class Compositor(Resposta):
    """What whoever asks may write now. `janela` SEM: this channel has none; CURTA: less than an hour is left."""

    conversa_id: UUID
    contato_nome: str
    conexao_id: UUID
    voz: Voz
    dono: Autor | None
    pode_assumir: bool
    impedimento: Impedimento | None
    modelos: bool
    janela: Janela
    janela_expira_em: datetime | None
    recusa_marketing: bool
    nao_lidas: int
    mencoes: int
    rascunho: Rascunho | None
    agendadas: list[Agendada]


CONTRATOS: Final[dict[str, Any]] = {
    "api.conversa_fio_listar": Fio,
    "api.conversa_compositor_obter": Compositor,
    "api.conversa_colegas_listar": Pagina[Autor],
}
