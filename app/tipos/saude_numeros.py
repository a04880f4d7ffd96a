"""Answers about how the numbers are doing and what the system decided by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from app.tipos.comum import Pagina, Resposta
from app.tipos.conexoes import Conexao, ConexaoStatus, Qualidade

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


Estado = Literal["VERDE", "ATENCAO", "PARADO"]
MotivoDoEstado = Literal[
    "DESATIVADA", "CONTA_RESTRITA", "APARELHO", "PAUSADA", "ERRO", "BLOQUEADO", "SUSPENSA", "SEM_WEBHOOK",
    "SEM_SEGREDO", "QUALIDADE_RED", "SILENCIO", "ERROS", "LIMITE", "LIMITADO", "QUALIDADE_YELLOW",
]  # fmt: skip


class NumeroVisto(Resposta):
    """A number and how it is doing. `entradas_usuais`: what the same hour brought, on average, on the same day of the
    last four weeks; `entradas_esperadas`: what it brought in the stretch since the last inbound message. `envios` are
    the last 200 of 24 hours, `erros` those not accepted. `desde` null: nobody knows since when."""

    id: UUID
    conexao: Conexao
    estado: Estado
    motivo: MotivoDoEstado | None
    desde: datetime | None
    entrada_em: datetime | None
    saida_em: datetime | None
    entradas_hora: int
    entradas_usuais: float
    entradas_esperadas: float
    envios: int
    erros: int
    por_segundo: float
    na_fila: int
    em_curso: int
    limite24h: int | None
    usados24h: int | None
    teto_efetivo: int
    ritmo_medido: int | None


CONTRATOS: Final[dict[str, Any]] = {
    "api.conexao_saude_obter": ConexaoSaude,
    "api.conexoes_saude_listar": Pagina[NumeroVisto],
    "api.ocorrencias_listar": Pagina[Ocorrencia],
}
