"""Bodies and answers of what colleagues write to each other and to themselves: notes, mentions and drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.listas import Contagem

TextoNota = Annotated[str, Meta(min_length=1, max_length=10_000)]
Mencoes = Annotated[list[UUID], Meta(max_length=50, description="Usuários chamados: só quem pode ver a conversa.")]


class NotaCriar(Corpo):
    texto: TextoNota
    mencoes: Mencoes = msgspec.field(default_factory=list)
    limpar_rascunho: bool = False


class NotaAtualizar(Corpo):
    """What is absent stays."""

    texto: TextoNota | None = None
    mencoes: Mencoes | None = None
    versao: Versao | None = None


class RascunhoDefinir(Corpo):
    """Without `versao` the last to come wins; 0 = there was none yet."""

    texto: TextoNota
    nota: bool = False
    contexto_id: UUID | None = None
    versao: Annotated[int, Meta(ge=0, le=2_147_483_647)] | None = None


class Autor(Resposta):
    id: UUID
    nome: str


class Mencionado(Resposta):
    id: UUID
    nome: str
    lida_em: datetime | None


class Nota(Resposta):
    id: UUID
    conversa_id: UUID
    usuario: Autor
    texto: str
    mencoes: list[Mencionado]
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class NotaRemovida(Resposta):
    id: UUID
    versao: int


class ConversaDaMencao(Resposta):
    id: UUID
    contato_nome: str


class Mencao(Resposta):
    """A note that calls whoever asks and that they have not read; `id` is that of the note."""

    id: UUID
    nota: Nota
    conversa: ConversaDaMencao
    criado_em: datetime


class MencoesLidas(Resposta):
    conversa_id: UUID
    lidas: int


class Rascunho(Resposta):
    conversa_id: UUID
    texto: str
    nota: bool
    contexto_id: UUID | None
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class RascunhoRemovido(Resposta):
    conversa_id: UUID
    removido: bool


class OutroNumero(Resposta):
    """Another number of the company by which a person spoke, and the latest conversation there."""

    conexao_id: UUID
    nome: str
    conversa_id: UUID


class ConversaPropria(Resposta):
    """What is one's own of a conversation; `mencoes` not yet read, `silenciada`: one is not told of it, `anteriores`
    (up to 1000) and `outros_numeros` of those in sight."""

    conversa_id: UUID
    rascunho: Rascunho | None
    mencoes: int
    silenciada: bool
    anteriores: int
    outros_numeros: list[OutroNumero]


class RascunhoDaLista(Resposta):
    conversa_id: UUID
    texto: str
    nota: bool


class MencoesDaLista(Resposta):
    conversa_id: UUID
    quantas: int


class OfertaDaLista(Resposta):
    """To whom a queue offers a conversation now, and for how many seconds in all."""

    conversa_id: UUID
    usuario_id: UUID
    nome: str
    segundos: int


class ConversasProprias(Resposta):
    """What is one's own of the inbox, to lay over its list: the newest 200 drafts and mentions, the last 1000 of which
    one is not told; and what queues offer now. `mencionadas`: how many conversations the tab of mentions shows.
    `varios_numeros`: the company has more than one, so cards say theirs."""

    rascunhos: list[RascunhoDaLista]
    mencoes: list[MencoesDaLista]
    silenciadas: list[UUID]
    ofertas: list[OfertaDaLista]
    mencionadas: Contagem
    varios_numeros: bool


CONTRATOS: Final[dict[str, Any]] = {
    "api.notas_listar": Pagina[Nota],
    "api.nota_criar": Nota,
    "api.nota_atualizar": Nota,
    "api.nota_remover": NotaRemovida,
    "api.mencoes_listar": Pagina[Mencao],
    "api.mencoes_ler": MencoesLidas,
    "api.conversa_propria_obter": ConversaPropria,
    "api.conversas_proprias_obter": ConversasProprias,
    "api.rascunho_atualizar": Rascunho,
    "api.rascunho_obter": Rascunho,
    "api.rascunho_remover": RascunhoRemovido,
}
