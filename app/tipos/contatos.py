"""Bodies and answers of contacts, tags, consent and import."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from app.tipos.comum import Corpo, Email, MetaPagina, Pagina, Resposta, Versao

Marketing = Literal["NAO_INFORMADO", "CONCEDIDO", "REVOGADO"]
Modo = Literal["IGNORAR", "ATUALIZAR"]
Nome = Annotated[str, Meta(min_length=1, max_length=200)]
Telefone = Annotated[str, Meta(min_length=1, max_length=60, description="Como a pessoa escreve; vira E.164.")]
Campo = Annotated[str, Meta(min_length=1, max_length=60)]
Campos = Annotated[
    dict[Campo, Annotated[str, Meta(max_length=2000)]], Meta(max_length=50, description="Colunas livres do contato.")
]
EtiquetaNome = Annotated[str, Meta(min_length=1, max_length=60)]
Cor = Literal[
    "VERMELHO",
    "LARANJA",
    "AMBAR",
    "OLIVA",
    "VERDE",
    "ESMERALDA",
    "CIANO",
    "AZUL",
    "INDIGO",
    "VIOLETA",
    "MAGENTA",
    "CINZA",
]
EtiquetaIds = Annotated[list[UUID], Meta(max_length=50)]


class ContatoCriar(Corpo):
    nome: Nome
    telefone: Telefone
    email: Email | None = None
    campos: Campos = field(default_factory=dict)
    responsavel_id: UUID | None = None
    equipe_id: UUID | None = None
    etiqueta_ids: EtiquetaIds = field(default_factory=list)


class ContatoAtualizar(Corpo):
    """What is absent stays; null empties, where a field may be empty."""

    nome: Nome | UnsetType = UNSET
    telefone: Telefone | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    campos: Campos | UnsetType = UNSET
    responsavel_id: UUID | UnsetType | None = UNSET
    equipe_id: UUID | UnsetType | None = UNSET
    versao: Versao | None = None


class EtiquetasAtribuir(Corpo):
    contato_ids: Annotated[list[UUID], Meta(min_length=1, max_length=1000)]
    adicionar: EtiquetaIds = field(default_factory=list)
    remover: EtiquetaIds = field(default_factory=list)


class EtiquetaCriar(Corpo):
    nome: EtiquetaNome
    cor: Cor = "CINZA"


class EtiquetaAtualizar(Corpo):
    nome: EtiquetaNome | None = None
    cor: Cor | None = None
    versao: Versao | None = None


class ConsentimentoCriar(Corpo):
    acao: Literal["CONCEDIDO", "REVOGADO"]
    prova: Annotated[str, Meta(min_length=3, max_length=1000, description="Como se sabe: o que a pessoa disse, onde.")]
    origem: Literal["ATENDENTE", "FORMULARIO", "API"] = "ATENDENTE"


class EtiquetaDoContato(Resposta):
    id: UUID
    nome: str
    cor: Cor


class Identidade(Resposta):
    tipo: Literal["E164", "WA_ID", "BSUID", "JID", "LID"]
    valor: str


class Contato(Resposta):
    id: UUID
    nome: str
    telefone: str | None
    telefone_informado: str | None
    email: str | None
    campos: dict[str, Any]
    marketing: Marketing
    bloqueado: bool
    sem_whatsapp_em: datetime | None
    responsavel_id: UUID | None
    equipe_id: UUID | None
    origem: Literal["MANUAL", "IMPORTACAO", "WHATSAPP", "API"]
    etiquetas: list[EtiquetaDoContato]
    identidades: list[Identidade]
    fusoes: int
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class ContatoExportado(Resposta):
    """What goes into a CSV of a contact; `etiquetas` by name."""

    nome: str
    telefone: str | None
    email: str | None
    etiquetas: list[str]
    marketing: Marketing
    bloqueado: bool
    criado_em: datetime
    campos: dict[str, Any]


class ContatosExportados(Resposta):
    """A page of them; `campos`: the names of all the fields in sight, with the first page."""

    dados: list[ContatoExportado]
    meta: MetaPagina
    campos: list[str] | None


class ContatoRemovido(Resposta):
    id: UUID
    versao: int


class Etiqueta(Resposta):
    id: UUID
    nome: str
    cor: Cor
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class EtiquetasAtribuidas(Resposta):
    contatos: int
    adicionadas: int
    removidas: int


class Consentimento(Resposta):
    """One entry of the ledger; the last one is in force."""

    id: UUID
    contato_id: UUID
    finalidade: Literal["MARKETING"]
    acao: Literal["CONCEDIDO", "REVOGADO"]
    origem: str
    prova: str
    registrado_por: UUID | None
    registrado_por_nome: str | None
    registrado_em: datetime


class ImportacaoTotais(Resposta):
    criados: int
    atualizados: int
    ignorados: int
    rejeitados: int


class ImportacaoLinha(Resposta):
    """What became of one row; `linha` counts the lines of the file, the header included."""

    linha: int
    resultado: Literal["CRIADO", "ATUALIZADO", "IGNORADO", "REJEITADO"]
    contato_id: UUID | None
    motivo: str | None
    mensagem: str | None


class Importacao(Resposta):
    totais: ImportacaoTotais
    linhas: list[ImportacaoLinha]


class ContatosAtividade(Resposta):
    """When each contact was last spoken with."""

    contatos: dict[str, datetime]


class EtiquetaUso(Resposta):
    contatos: int
    conversas: int
    campanhas: int


class EtiquetasUso(Resposta):
    """By id; nothing is counted beyond `maximo`."""

    maximo: int
    etiquetas: dict[str, EtiquetaUso]


CONTRATOS: Final[dict[str, Any]] = {
    "api.contato_criar": Contato,
    "api.contato_obter": Contato,
    "api.contato_atualizar": Contato,
    "api.contato_bloquear": Contato,
    "api.contato_desbloquear": Contato,
    "api.contato_remover": ContatoRemovido,
    "api.contatos_listar": Pagina[Contato],
    "api.contatos_importar": Importacao,
    "api.etiqueta_criar": Etiqueta,
    "api.etiqueta_obter": Etiqueta,
    "api.etiqueta_atualizar": Etiqueta,
    "api.etiqueta_remover": ContatoRemovido,
    "api.etiquetas_listar": Pagina[Etiqueta],
    "api.etiquetas_atribuir": EtiquetasAtribuidas,
    "api.consentimento_criar": Consentimento,
    "api.consentimentos_listar": Pagina[Consentimento],
    "api.contatos_exportar": ContatosExportados,
    "api.contatos_atividade_obter": ContatosAtividade,
    "api.etiquetas_uso_obter": EtiquetasUso,
    "api.etiqueta_fundir": Etiqueta,
}
