"""Bodies and answers of campaigns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, field

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.conexoes import Modelo

Estado = Literal["RASCUNHO", "AGENDADA", "EM_ANDAMENTO", "PAUSADA", "CONCLUIDA", "CANCELADA"]
EstadoEnvio = Literal["PENDENTE", "RESERVADO", "ENVIANDO", "ENVIADO", "INCERTO", "FALHOU", "PULADO"]
Texto = Annotated[str, Meta(max_length=1024)]
Motivo = Annotated[str, Meta(pattern=r"^[A-Z0-9_]{3,40}$")]
Codigo = Annotated[int, Meta(ge=0, le=2_147_483_647)]


class Variavel(Corpo, omit_defaults=True):
    """What fills a variable with something other than plain text, in one of these forms.

    `valor` and `padrao`: a text and what to use when the contact lacks the field. `midiaId` or `link` (https), with
    `nome` for documents: the header of media. `latitude`, `longitude`, `nome`, `endereco`: the header of location.
    `tipo` MOEDA (`codigo`, `valorMil`, `texto`) or DATA (`texto`): an amount or a date of the body. `tipo` FLUXO
    (`token`, `dados`) or CATALOGO (`produto`): data of a button. All but the first are the same for everybody.
    """

    valor: Texto | None = None
    padrao: Texto | None = None
    midia_id: UUID | None = None
    link: Annotated[str, Meta(max_length=2000)] | None = None
    nome: Texto | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    endereco: Texto | None = None
    tipo: Literal["MOEDA", "DATA", "FLUXO", "CATALOGO"] | None = None
    texto: Texto | None = None
    codigo: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")] | None = None
    valor_mil: int | None = None
    token: Texto | None = None
    dados: dict[str, Any] | None = None
    produto: Texto | None = None


Valor = Texto | Variavel
Variaveis = dict[Annotated[str, Meta(max_length=60)], Valor] | Annotated[list[Valor], Meta(max_length=60)]


class CampanhaCriar(Corpo):
    """Exactly one of `contatoIds`, `etiquetaIds` and `filtro` says who receives it."""

    nome: Annotated[str, Meta(min_length=2, max_length=120)]
    conexao_id: UUID
    modelo_id: UUID
    variaveis: Annotated[
        Variaveis, Meta(description="Por chave do modelo, ou em lista na ordem; aceita {{contato.nome|padrão}}.")
    ] = field(default_factory=dict)
    contato_ids: Annotated[list[UUID], Meta(max_length=100_000)] | None = None
    etiqueta_ids: Annotated[list[UUID], Meta(max_length=100)] | None = None
    filtro: dict[str, Any] | None = None
    intervalo_ms: Annotated[int, Meta(ge=0, le=3_600_000, description="Mínimo entre dois envios da campanha.")] = 0
    agendado_para: Annotated[datetime, Meta(tz=True)] | None = None


class CampanhaAtualizar(CampanhaCriar):
    versao: Versao | None = None


class CampanhaReenviar(Corpo):
    """`codigos` and `status` narrow what `motivos` says; code 0 is a failure without one."""

    motivos: Annotated[list[Motivo], Meta(min_length=1, max_length=40)]
    codigos: Annotated[list[Codigo], Meta(min_length=1, max_length=40)] | None = None
    status: Literal["FALHOU", "PULADO"] | None = None


class RascunhoCriar(Corpo):
    """The public: the contacts named, or those of a filter ({} = everybody)."""

    nome: Annotated[str, Meta(min_length=2, max_length=120)]
    filtro: dict[str, Any] = field(default_factory=dict)
    contato_ids: Annotated[list[UUID], Meta(max_length=100_000)] | None = None


class PublicoSimular(Corpo):
    """Who `filtro` reaches, or, when `campanhaId` is given, who is kept in that campaign."""

    filtro: dict[str, Any] = field(default_factory=dict)
    campanha_id: UUID | None = None
    amostra: Annotated[int, Meta(ge=0, le=20)] = 5


class CampanhaPublico(Corpo):
    """Without `filtro` the public stays as it is."""

    versao: Versao
    nome: Annotated[str, Meta(min_length=2, max_length=120)]
    filtro: dict[str, Any] | None = None


class CampanhaModelo(Corpo):
    """Without `variaveis` those that fit the template stay; `completas` false keeps them though some are missing."""

    versao: Versao
    modelo_id: UUID
    variaveis: Variaveis | None = None
    completas: bool = True


class CampanhaEnvio(Corpo):
    versao: Versao
    conexao_id: UUID
    intervalo_ms: Annotated[int, Meta(ge=0, le=3_600_000, description="Mínimo entre dois envios da campanha.")] = 0
    agendado_para: Annotated[datetime, Meta(tz=True)] | None = None


class CampanhaPrevia(Corpo):
    """`variaveis` not kept yet may be tried; `pessoa` counts from 1."""

    variaveis: Variaveis | None = None
    pessoa: Annotated[int, Meta(ge=1, le=20)] = 1


class CampanhaTestar(Corpo):
    telefone: Annotated[str, Meta(min_length=1, max_length=60)]


class CampanhaLancar(Corpo):
    """`resumo` of the simulation that somebody saw; above 1,000 people `nome` is written again."""

    versao: Versao
    resumo: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    ciente: bool = False
    nome: Annotated[str, Meta(max_length=120)] | None = None


class Publico(Resposta):
    tipo: Literal["CONTATOS", "ETIQUETAS", "FILTRO"]
    filtro: dict[str, Any]


class Totais(Resposta, rename="upper"):
    """Recipients by delivery state; ENTREGUE and LIDO are part of ENVIADO."""

    pendente: int
    reservado: int
    enviando: int
    enviado: int
    incerto: int
    falhou: int
    pulado: int
    entregue: int
    lido: int
    total: int = field(name="total")


class Campanha(Resposta):
    """`conexaoId` and `modeloId` are null only in a draft that somebody is still writing."""

    id: UUID
    nome: str
    status: Estado
    status_motivo: str | None
    conexao_id: UUID | None
    modelo_id: UUID | None
    variaveis: dict[str, Any]
    publico: Publico
    intervalo_ms: int
    agendado_para: datetime | None
    iniciada_em: datetime | None
    encerrada_em: datetime | None
    criado_por: UUID
    versao: int
    criado_em: datetime
    totais: Totais


class CampanhaReenviada(Campanha):
    """`voltaram`: how many were put back; `podemEm`: when the first of those that may not go yet may."""

    voltaram: int
    podem_em: datetime | None


class Amostra(Resposta):
    contato_id: UUID
    nome: str
    telefone: str
    texto: str


class DiaDoPlano(Resposta):
    """How many people the campaign reaches within the 24 hours that begin on `dia` at this hour."""

    dia: date
    pessoas: int


class Simulacao(Resposta):
    """What starting now would do. `resumo` fingerprints it; times in seconds; `plano` covers a year at most.

    `pedeNome`: so many people that the launch asks for the campaign's name.
    """

    total: int
    vao: int
    pede_nome: bool
    pulados: dict[str, int]
    na_frente: int
    ritmo_por_segundo: float
    limitado_por: Literal["NUMERO", "INTERVALO", "PORTFOLIO"]
    plano: list[DiaDoPlano]
    eta_segundos: int
    amostra: list[Amostra]
    resumo: str


class CampanhaLog(Resposta):
    id: UUID
    contato_id: UUID
    nome: str
    telefone: str | None
    status: EstadoEnvio
    motivo: str | None
    erro_codigo: int | None
    erro_texto: str | None
    motivo_texto: str | None
    tentativas: int
    id_externo: str | None
    enviado_em: datetime | None
    entregue_em: datetime | None
    lido_em: datetime | None


class CampanhaDoContato(Resposta):
    """A campaign that somebody was a recipient of; `id` is that of the delivery."""

    id: UUID
    campanha_id: UUID
    nome: str
    status: EstadoEnvio
    motivo: str | None
    enviado_em: datetime | None
    entregue_em: datetime | None
    lido_em: datetime | None


class PessoaDoPublico(Resposta):
    contato_id: UUID
    nome: str
    telefone: str


class PublicoSimulado(Resposta):
    """Who a filter reaches now: `podem` may receive marketing, the others are in `pulados` by reason."""

    total: int
    podem: int
    pulados: dict[str, int]
    amostra: list[PessoaDoPublico]


class CampoDoModelo(Resposta):
    """What a send fills in a template, and with what; `maximo` is how many letters fit."""

    chave: str
    especie: str
    obrigatoria: bool
    maximo: int | None


class ModeloDoRascunho(Modelo):
    campos: list[CampoDoModelo]


class NumeroDoRascunho(Resposta):
    id: UUID
    nome: str
    numero: str | None
    status: str
    teto: int


class Rascunho(Resposta):
    """A draft and what its steps show; `campos` are the fields of their own that contacts have."""

    campanha: Campanha
    modelo: ModeloDoRascunho | None
    numeros: list[NumeroDoRascunho]
    campos: list[str]


class Previa(Resposta):
    """What person number `pessoa` of `pessoas` would get; 0 when the public is empty."""

    pessoas: int
    pessoa: int
    contato_id: UUID | None
    nome: str | None
    telefone: str | None
    motivo: str | None
    parametros: dict[str, Any]


Porque = Literal[
    "NUMERO_PARADO", "NUMERO_SUSPENSO", "INTERVALO", "QUALIDADE", "FREIO", "ENTRADA", "LATENCIA", "ATENDIMENTO",
    "OUTRA_CAMPANHA", "FOLGA",
]  # fmt: skip


class Ritmo(Resposta):
    """Sends per second: now, the number's ceiling, what to expect, and why it is not the ceiling."""

    agora: float
    teto: int
    possivel: float
    porque: list[Porque]


class Retornos(Resposta, rename="upper"):
    respondeu: int
    saiu: int


class MotivoContado(Resposta):
    status: EstadoEnvio
    motivo: str
    erro_codigo: int | None
    total: int
    texto: str
    o_que_se_fez: str | None
    reenviavel: bool
    reenviavel_em: datetime | None


class NumeroDaCampanha(Resposta):
    id: UUID
    nome: str
    numero: str | None
    status: str


class ModeloDaCampanha(Resposta):
    id: UUID
    nome: str
    status: str
    categoria: str


class Registro(Resposta):
    """`acao` is an audited action, or `sistema` with its `texto`."""

    em: datetime
    acao: str
    quem: str | None
    texto: str | None


class Andamento(Resposta):
    campanha: Campanha
    ritmo: Ritmo | None
    eta_segundos: int | None
    retornos: Retornos
    motivos: list[MotivoContado]
    conexao: NumeroDaCampanha | None
    modelo: ModeloDaCampanha | None
    criado_por: str | None
    registro: list[Registro]


CONTRATOS: Final[dict[str, Any]] = {
    "api.campanha_criar": Campanha,
    "api.campanha_atualizar": Campanha,
    "api.campanha_obter": Campanha,
    "api.campanhas_listar": Pagina[Campanha],
    "api.campanha_simular": Simulacao,
    "api.campanha_iniciar": Campanha,
    "api.campanha_pausar": Campanha,
    "api.campanha_retomar": Campanha,
    "api.campanha_cancelar": Campanha,
    "api.campanha_reenviar": CampanhaReenviada,
    "api.campanha_logs_listar": Pagina[CampanhaLog],
    "api.contato_campanhas_listar": Pagina[CampanhaDoContato],
    "api.campanha_rascunho_criar": Campanha,
    "api.campanha_rascunho_obter": Rascunho,
    "api.campanha_publico_atualizar": Campanha,
    "api.campanha_publico_simular": PublicoSimulado,
    "api.campanha_modelo_atualizar": Campanha,
    "api.campanha_envio_atualizar": Campanha,
    "api.campanha_previa_obter": Previa,
    "api.campanha_testar": Campanha,
    "api.campanha_lancar": Campanha,
    "api.campanha_agendamento_cancelar": Campanha,
    "api.campanha_andamento_obter": Andamento,
}
