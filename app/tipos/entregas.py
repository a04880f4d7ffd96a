"""Bodies and answers of what gave up, of what nobody confirmed and of the evidence of each delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta

from app.tipos.campanhas import EstadoEnvio, Totais
from app.tipos.comum import Corpo, Pagina, Resposta

AlvoTipo = Literal["CAMPANHA", "MENSAGEM"]
Decisao = Literal["CONFIRMADO", "REENVIAR", "DESISTIR"]
Motivo = Annotated[str, Meta(min_length=3, max_length=300, description="Por quê; fica na auditoria.")]
Tipo = Annotated[str, Meta(pattern="^[a-z_]{3,40}$")]
CursorDoLote = Annotated[str, Meta(pattern="^[0-9a-f]{32}$", description="`proximoCursor` da chamada anterior.")]


class FilaMortaResolver(Corpo):
    """Either `ids` or at least one criterion of the filter; with the filter, up to 1,000 per call."""

    motivo: Motivo
    ids: Annotated[list[UUID], Meta(min_length=1, max_length=1000)] | None = None
    grupo: UUID | None = None
    tipo: Tipo | None = None
    erro_codigo: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] | None = None
    conexao_id: UUID | None = None
    de: Annotated[datetime, Meta(tz=True)] | None = None
    ate: Annotated[datetime, Meta(tz=True)] | None = None
    cursor: CursorDoLote | None = None


class IncertoDecidir(Corpo):
    decisao: Decisao
    motivo: Motivo
    confirmar: Annotated[
        bool, Meta(description="Exigido para REENVIAR, que pode entregar duas vezes, e para decidir antes do prazo.")
    ] = False


class IncertosDecidir(IncertoDecidir):
    cursor: CursorDoLote | None = None


class Recusado(Resposta):
    id: UUID
    recusa: str
    recusa_texto: str


class Resolucao(Resposta):
    """What one call did; while `restam` is not 0, repeat it with `proximoCursor`."""

    feitos: int
    recusados: list[Recusado]
    restam: int
    proximo_cursor: str | None


class StatusRecebido(Resposta):
    """One thing that the provider told, and the stored webhook that told it."""

    status: str
    id_externo: str
    ocorrido_em: datetime
    recebido_em: datetime
    erro_codigo: int | None
    erro_texto: str | None
    webhook_id: UUID | None


class Tentativa(Resposta):
    """One committed intent to send; `desfecho` null: nobody knows how it ended."""

    id: UUID
    numero: int
    processo: str
    iniciada_em: datetime
    terminada_em: datetime | None
    desfecho: Literal["ACEITO", "REJEITADO", "NAO_ENVIADO", "AMBIGUO"] | None
    erro_codigo: int | None
    detalhe: str | None
    id_externo: str | None
    status: list[StatusRecebido]


class DecisaoTomada(Resposta):
    decisao: Decisao
    motivo: str
    usuario_id: UUID
    decidido_em: datetime
    tentativa_id: UUID | None


class ContatoVisto(Resposta):
    id: UUID
    nome: str
    telefone: str | None


class FilaMorta(Resposta):
    """One piece of work that gave up; `recusa` null: it may be requeued."""

    id: UUID
    grupo: UUID
    tipo: str
    tipo_texto: str
    conexao_id: UUID | None
    alvo: str
    alvo_id: UUID
    alvo_status: str | None
    campanha_id: UUID | None
    conversa_id: UUID | None
    contato_id: UUID | None
    classe: str | None
    classe_texto: str | None
    erro_codigo: int | None
    erro_texto: str
    tentativas: int
    morta_em: datetime
    resolvida_em: datetime | None
    resolucao: Literal["REENFILEIRADA", "DESCARTADA"] | None
    resolucao_motivo: str | None
    resolvida_por: UUID | None
    recusa: str | None
    recusa_texto: str | None


class NaFila(Resposta):
    id: UUID
    executar_em: datetime
    tentativas: int


class FilaMortaDetalhe(FilaMorta):
    provas: list[Tentativa]
    decisoes: list[DecisaoTomada]
    antes: list[FilaMorta]
    contato: ContatoVisto | None
    na_fila: NaFila | None


class Afetados(Resposta):
    campanhas: int
    conversas: int
    contatos: int
    webhooks: int
    midias: int
    podem_voltar: int


class FilaMortaGrupo(Resposta):
    """What died of the same cause. `afetadosParcial`: only the newest 5,000 were looked at."""

    id: UUID
    tipo: str
    tipo_texto: str
    classe: str | None
    classe_texto: str | None
    erro_codigo: int | None
    causa: str
    total: int
    primeira_em: datetime
    ultima_em: datetime
    afetados: Afetados
    afetados_parcial: bool
    amostras: list[FilaMorta]


class FilaMortaContada(Resposta):
    """How many wait for somebody; the count stops at a hundred."""

    abertas: int


class Incerto(Resposta):
    """A send that may or may not have happened, and everything that is known of it."""

    id: UUID
    alvo_tipo: AlvoTipo
    conexao_id: UUID
    campanha_id: UUID | None
    campanha_nome: str | None
    conversa_id: UUID | None
    contato: ContatoVisto
    motivo: str | None
    erro_texto: str | None
    desde: datetime
    revisar_em: datetime | None
    vencido: bool
    congelado: Literal["WEBHOOKS_ATRASADOS", "WEBHOOKS_COM_ERRO", "SEM_WEBHOOKS"] | None
    busca_em: datetime | None
    provas: list[Tentativa]
    decisoes: list[DecisaoTomada]


class IncertoDecidido(Resposta):
    id: UUID
    alvo_tipo: AlvoTipo
    decisao: Decisao
    status: EstadoEnvio


class ProvaResumo(Resposta):
    """The kept totals; when asked, those counted now row by row, and whether they are equal."""

    totais: Totais
    contados: Totais | None
    confere: bool | None


class ProvaDestinatario(Resposta):
    id: UUID
    contato_id: UUID
    nome: str
    telefone: str | None
    status: EstadoEnvio
    motivo: str | None
    motivo_texto: str | None
    erro_codigo: int | None
    erro_texto: str | None
    id_externo: str | None
    enviado_em: datetime | None
    entregue_em: datetime | None
    lido_em: datetime | None
    atualizado_em: datetime
    tentativas: list[Tentativa]
    decisoes: list[DecisaoTomada]


class Prova(Resposta):
    """A page of the evidence of a campaign; `resumo` comes with the first one."""

    campanha_id: UUID
    resumo: ProvaResumo | None
    destinatarios: list[ProvaDestinatario]
    proximo_cursor: str | None


CONTRATOS: Final[dict[str, Any]] = {
    "api.fila_morta_grupos_listar": Pagina[FilaMortaGrupo],
    "api.fila_morta_contar": FilaMortaContada,
    "api.fila_morta_listar": Pagina[FilaMorta],
    "api.fila_morta_obter": FilaMortaDetalhe,
    "api.fila_morta_reenfileirar": Resolucao,
    "api.fila_morta_descartar": Resolucao,
    "api.incertos_listar": Pagina[Incerto],
    "api.incerto_decidir": IncertoDecidido,
    "api.incertos_decidir": Resolucao,
    "api.campanha_prova": Prova,
}
