"""Bodies and answers of what is done with a conversation: who serves it, its state, its tags, its history."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, field

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.conversas import Conversa, Instante

Prioridade = Literal["BAIXA", "NORMAL", "ALTA", "URGENTE"]
AcaoEmMassa = Literal["ATRIBUIR", "ETIQUETAR", "ADIAR", "RESOLVER", "PRIORIZAR"]
Texto = Annotated[str, Meta(max_length=300)]
Nome = Annotated[str, Meta(min_length=2, max_length=80)]
Etiquetas = Annotated[list[UUID], Meta(max_length=50)]


class Alterar(Corpo):
    """An act that needs nothing but, perhaps, the version it was decided on."""

    versao: Versao | None = None


class Assumir(Corpo):
    tomar: Annotated[bool, Meta(description="Tomar de quem a atende; só quem pode atribuir.")] = False
    versao: Versao | None = None


class Atribuir(Corpo):
    usuario_id: UUID
    versao: Versao | None = None


class Transferir(Corpo):
    """To the queue of a team, or to a person (of that team, or of the one it is in)."""

    usuario_id: UUID | None = None
    equipe_id: UUID | None = None
    motivo: Texto | None = None
    versao: Versao | None = None


class Liberar(Corpo):
    motivo: Texto | None = None
    versao: Versao | None = None


class Adiar(Corpo):
    ate: Instante
    versao: Versao | None = None


class Resolver(Corpo):
    motivo_id: UUID
    observacao: Texto | None = None
    versao: Versao | None = None


class Reabrir(Corpo):
    assumir: bool = False
    versao: Versao | None = None


class Priorizar(Corpo):
    prioridade: Prioridade
    versao: Versao | None = None


class Etiquetar(Corpo):
    adicionar: Etiquetas = field(default_factory=list)
    remover: Etiquetas = field(default_factory=list)


class EmMassa(Corpo):
    """ATRIBUIR: `usuarioId` and/or `equipeId`; ETIQUETAR: `adicionar`, `remover`; ADIAR: `ate`; RESOLVER: `motivoId`;
    PRIORIZAR: `prioridade`."""

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    acao: AcaoEmMassa
    usuario_id: UUID | None = None
    equipe_id: UUID | None = None
    adicionar: Etiquetas = field(default_factory=list)
    remover: Etiquetas = field(default_factory=list)
    ate: Instante | None = None
    motivo_id: UUID | None = None
    prioridade: Prioridade | None = None
    observacao: Texto | None = None


class ItemEmMassa(Resposta):
    """`codigo` and `mensagem` say why it was not done."""

    id: UUID
    feito: bool
    codigo: str | None
    mensagem: str | None


class FeitoEmMassa(Resposta):
    feitas: int
    recusadas: int
    itens: list[ItemEmMassa]


class Nomeado(Resposta):
    id: UUID
    nome: str


class Acontecimento(Resposta):
    """`de` and `para` carry only what changed: status, usuarioId, equipeId, prioridade, adiadaAte, motivoId."""

    id: UUID
    tipo: str
    usuario: Nomeado | None
    de: dict[str, Any]
    para: dict[str, Any]
    motivo: str | None
    etiqueta: Nomeado | None
    nomes: dict[str, str]
    ocorrido_em: datetime


class MotivoCriar(Corpo):
    nome: Nome


class MotivoAtualizar(Corpo):
    nome: Nome | None = None
    ativo: bool | None = None
    versao: Versao | None = None


class Motivo(Resposta):
    id: UUID
    nome: str
    ativo: bool
    versao: int
    criado_em: datetime


class MotivoRemovido(Resposta):
    id: UUID


CONTRATOS: Final[dict[str, Any]] = {
    "api.conversa_assumir": Conversa,
    "api.conversa_atribuir": Conversa,
    "api.conversa_transferir": Conversa,
    "api.conversa_liberar": Conversa,
    "api.conversa_aguardar": Conversa,
    "api.conversa_adiar": Conversa,
    "api.conversa_resolver": Conversa,
    "api.conversa_reabrir": Conversa,
    "api.conversa_desfazer": Conversa,
    "api.conversa_priorizar": Conversa,
    "api.conversa_leitura_desfazer": Conversa,
    "api.conversa_silenciar": Conversa,
    "api.conversa_silencio_desfazer": Conversa,
    "api.conversa_etiquetar": Conversa,
    "api.conversas_atualizar": FeitoEmMassa,
    "api.conversa_historico_listar": Pagina[Acontecimento],
    "api.motivos_listar": Pagina[Motivo],
    "api.motivo_criar": Motivo,
    "api.motivo_atualizar": Motivo,
    "api.motivo_remover": MotivoRemovido,
}
