"""Answers about how the numbers are doing and what the system decided by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from app.tipos.comum import Pagina, Resposta
from app.tipos.conexoes import ConexaoStatus, Qualidade

Escopo = Literal["CONEXAO", "CAMPANHA", "MODELO", "CONTATO", "CONTA"]


class Ocorrencia(Resposta):
    """Something the system decided or learnt without anybody asking; `erroCodigo` is the provider's."""

    id: UUID
    escopo: Escopo
    alvo_id: UUID
    conexao_id: UUID | None
    motivo: str
    erro_codigo: int | None
    texto: str
    ocorrido_em: datetime


class Faixa(Resposta):
    """Sends of one lane; counts stop at a thousand."""

    faixa: Literal["HUMANO", "BOT", "AGENDADA", "CAMPANHA"]
    esperando: int
    em_curso: int


class ConexaoSaude(Resposta):
    """One number now. `limite24h`: people whom the account may contact within 24 hours; null = no limit is known."""

    id: UUID
    status: ConexaoStatus
    status_motivo: str | None
    suspensa_ate: datetime | None
    qualidade: Qualidade
    nome_verificado: str | None
    saude_envio: Literal["AVAILABLE", "LIMITED", "BLOCKED"] | None
    consultada_em: datetime | None
    limite24h: int | None
    usados24h: int | None
    livre_em: datetime | None
    restricao: str | None
    teto_por_segundo: int
    teto_efetivo: int
    ritmo_medido: int | None
    entrada_por_segundo: int
    entrada_pico: int
    faixas: list[Faixa]
    ocorrencias: list[Ocorrencia]


CONTRATOS: Final[dict[str, Any]] = {
    "api.conexao_saude_obter": ConexaoSaude,
    "api.ocorrencias_listar": Pagina[Ocorrencia],
}
