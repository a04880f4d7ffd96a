"""Bodies and answers of working hours, availability and the waiting queue."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, field

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.conexoes import Conexao
from app.tipos.conversas import Conversa, Fuso
from app.tipos.identidade import Disponibilidade, Distribuicao, Equipe, NomeCurto, SoId, Usuario

ANO_MINIMO: Final = 1970
ANO_MAXIMO: Final = 2199
Ano = Annotated[int, Meta(ge=ANO_MINIMO, le=ANO_MAXIMO)]
Dia = Annotated[int, Meta(ge=1, le=7, description="1 = segunda-feira a 7 = domingo.")]
Inicio = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM")]
Fim = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", description="HH:MM, até 24:00")]


class FaixaDoDia(Corpo):
    """Open from `inicio` to `fim`, the end not included; what crosses midnight is two of them."""

    inicio: Inicio
    fim: Fim


class Faixa(FaixaDoDia):
    dia: Dia


Semana = Annotated[list[Faixa], Meta(max_length=100)]
DoDia = Annotated[list[FaixaDoDia], Meta(max_length=100, description="Vazia = fechado.")]


class Calendario(Resposta):
    """`proximaAbertura`: now, when open; null when nothing opens within 400 days."""

    id: UUID
    nome: str
    fuso: str
    faixas: list[Faixa]
    aberto: bool
    proxima_abertura: datetime | None
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class CalendarioCriar(Corpo):
    nome: NomeCurto
    fuso: Fuso | None = None
    faixas: Semana = field(default_factory=list)


class CalendarioAtualizar(Corpo):
    """What is absent or null stays as it is; `faixas` replaces the whole list."""

    nome: NomeCurto | None = None
    fuso: Fuso | None = None
    faixas: Semana | None = None
    versao: Versao | None = None


class Feriado(Resposta):
    id: UUID
    calendario_id: UUID
    data: date
    nome: str
    faixas: list[FaixaDoDia]
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class FeriadoCriar(Corpo):
    data: date
    nome: NomeCurto
    faixas: DoDia = field(default_factory=list)


class FeriadoAtualizar(Corpo):
    """What is absent or null stays as it is; `faixas` replaces the whole list."""

    data: date | None = None
    nome: NomeCurto | None = None
    faixas: DoDia | None = None
    versao: Versao | None = None


class FeriadosImportar(Corpo):
    ano: Ano
    facultativos: bool = False


class FeriadosImportados(Resposta):
    calendario_id: UUID
    ano: int
    criados: int


class FeriadoNacional(Resposta):
    data: date
    nome: str
    facultativo: bool


class FeriadosNacionais(Resposta):
    ano: int
    feriados: list[FeriadoNacional]


class EquipeAtendimento(Corpo):
    """When a team serves (`calendarioId` null = always) and how its queue is handed out. `ofertaSegundos`: 0 = given at
    once, 5 to 120 = offered for so long to one person after the other; absent or null = as it is."""

    calendario_id: UUID | None
    distribuicao: Distribuicao
    oferta_segundos: Annotated[int, Meta(ge=0, le=120)] | None = None
    versao: Versao | None = None


class UsuarioAtendimento(Corpo):
    capacidade: Annotated[int, Meta(ge=0, le=200)]
    versao: Versao | None = None


class ConexaoAtendimento(Corpo):
    """Where new conversations of a number wait (`equipeId` null = everybody's queue), and for how many open minutes one
    that comes back waits for who had it."""

    equipe_id: UUID | None
    dono_minutos: Annotated[int, Meta(ge=0, le=1440)]
    versao: Versao | None = None


class DisponibilidadeAtualizar(Corpo):
    disponibilidade: Disponibilidade
    motivo: Annotated[str, Meta(max_length=100)] | None = None


class Atendimento(Resposta):
    """The desk of one person: how much she serves and what waits in the queues she serves herself from.

    `nao_lidas`: how many of her open conversations that she has not muted have something unread, up to 1000.
    """

    disponibilidade: Disponibilidade
    disponibilidade_motivo: str | None
    disponibilidade_em: datetime
    capacidade: int
    em_atendimento: int
    nao_lidas: int
    na_fila: int
    espera_desde: datetime | None


class Proximo(Corpo):
    equipe_id: UUID | None = None


class ProximoAtendimento(Resposta):
    """`conversa` is null when nothing waits."""

    conversa: Conversa | None
    atendimento: Atendimento


class Oferta(Resposta):
    """A conversation of the queue that waits for the answer of one person. `restamMs`: until it goes on to the next, by
    the database's clock; `segundos`: how long it is offered in all."""

    id: UUID
    conversa_id: UUID
    nome: str
    equipe: str
    espera_desde: datetime
    espera_segundos: int
    segundos: int
    expira_em: datetime
    restam_ms: int


class OfertaAtual(Resposta):
    """`oferta` is null when nothing is offered."""

    oferta: Oferta | None
    disponibilidade: Disponibilidade
    disponibilidade_motivo: str | None


class Fila(Resposta):
    """The queue of a team, or (`id` null) everybody's. `reservadas`: of what waits, how many wait for who had them."""

    id: UUID | None
    nome: str
    ativo: bool
    distribuicao: Distribuicao
    aberta: bool
    proxima_abertura: datetime | None
    esperando: int
    reservadas: int
    espera_desde: datetime | None
    espera_segundos: int | None
    espera_util_segundos: int | None
    em_atendimento: int
    adiadas: int
    disponiveis: int
    em_pausa: int
    vagas: int


class Atendente(Resposta):
    """Somebody who serves. `sem_resposta`: in how many of theirs the customer waits, the longest `espera_desde`."""

    id: UUID
    nome: str
    disponibilidade: Disponibilidade
    disponibilidade_motivo: str | None
    disponibilidade_em: datetime
    capacidade: int
    em_atendimento: int
    sem_resposta: int
    espera_desde: datetime | None


CONTRATOS: Final[dict[str, Any]] = {
    "api.calendarios_listar": Pagina[Calendario],
    "api.calendario_obter": Calendario,
    "api.calendario_criar": Calendario,
    "api.calendario_atualizar": Calendario,
    "api.calendario_remover": SoId,
    "api.feriados_listar": Pagina[Feriado],
    "api.feriado_obter": Feriado,
    "api.feriado_criar": Feriado,
    "api.feriado_atualizar": Feriado,
    "api.feriado_remover": SoId,
    "api.feriados_importar": FeriadosImportados,
    "api.feriados_nacionais_obter": FeriadosNacionais,
    "api.equipe_atendimento_atualizar": Equipe,
    "api.usuario_atendimento_atualizar": Usuario,
    "api.conexao_atendimento_atualizar": Conexao,
    "api.disponibilidade_atualizar": Atendimento,
    "api.atendimento_obter": Atendimento,
    "api.atendimento_proximo": ProximoAtendimento,
    "api.oferta_obter": OfertaAtual,
    "api.oferta_aceitar": ProximoAtendimento,
    "api.oferta_recusar": SoId,
    "api.filas_listar": Pagina[Fila],
    "api.atendentes_listar": Pagina[Atendente],
}
