"""Answers of the import that people follow: upload, mapping, check, run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, field

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.contatos import ContatoRemovido, Modo

Destino = Literal["telefone", "nome", "email", "etiquetas", "campo", ""]


class ImportacaoConferir(Corpo):
    """`destinos` says, column by column, where each goes; empty = nowhere."""

    destinos: Annotated[list[Destino], Meta(min_length=1, max_length=200)]
    modo: Modo = "IGNORAR"
    etiqueta_ids: Annotated[list[UUID], Meta(max_length=50)] = field(default_factory=list)
    consentimento_prova: Annotated[str, Meta(min_length=1, max_length=1000)] | None = None
    versao: Versao | None = None


class ImportacaoIniciar(Corpo):
    versao: Versao | None = None


class ImportacaoMotivo(Resposta):
    motivo: str
    mensagem: str
    quantas: int


class ImportacaoAberta(Resposta):
    """`lotesLidos` of `lotes` are checked, `lotesFeitos` entered; `parada`: it does not go on by itself."""

    id: UUID
    arquivo: str
    codificacao: Literal["utf-8", "cp1252"]
    delimitador: str
    colunas: list[str]
    amostra: list[list[str]]
    destinos: list[Destino] | None
    modo: Modo
    etiqueta_ids: list[UUID]
    consentimento_prova: str | None
    status: Literal["RECEBENDO", "MAPEAR", "LENDO", "CONFERIDA", "EM_ANDAMENTO", "CONCLUIDA", "CANCELADA", "FALHOU"]
    status_motivo: str | None
    total: int
    lotes: int
    lotes_lidos: int
    lotes_feitos: int
    existentes: int
    criados: int
    atualizados: int
    ignorados: int
    motivos: list[ImportacaoMotivo]
    parada: bool
    usuario_nome: str
    versao: int
    criado_em: datetime
    iniciada_em: datetime | None
    concluida_em: datetime | None


class LinhaCrua(Resposta):
    """One record as the file has it; `motivo` says why it could not be read as a row."""

    linha: int
    celulas: list[str] | None = None
    motivo: str | None = None


class ImportacaoLote(Resposta):
    linhas: list[LinhaCrua]


class ImportacaoLoteJulgado(Resposta):
    """The lines that do not enter."""

    recusadas: list[int]


class LinhaRecusada(Resposta):
    """`celulas` are those of the file, as they came, more than its columns or as well as they could be told apart."""

    linha: int
    motivo: str
    mensagem: str
    nome: str | None
    telefone: str | None
    email: str | None
    etiquetas: list[str]
    campos: dict[str, str]
    celulas: list[str]


class ImportacaoRecusadas(Resposta):
    """Those of one batch; `proxima` is the next batch that has any."""

    linhas: list[LinhaRecusada]
    proxima: int | None


CONTRATOS: Final[dict[str, Any]] = {
    "api.importacao_criar": ImportacaoAberta,
    "api.importacao_lote_criar": ImportacaoAberta,
    "api.importacao_conferir": ImportacaoAberta,
    "api.importacao_lote_obter": ImportacaoLote,
    "api.importacao_lote_concluir": ImportacaoLoteJulgado,
    "api.importacao_iniciar": ImportacaoAberta,
    "api.importacao_cancelar": ImportacaoAberta,
    "api.importacao_remover": ContatoRemovido,
    "api.importacao_obter": ImportacaoAberta,
    "api.importacoes_listar": Pagina[ImportacaoAberta],
    "api.importacao_recusadas_obter": ImportacaoRecusadas,
}
