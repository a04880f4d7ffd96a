"""Bodies and answers of canned replies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.midias import Midia

Escopo = Literal["PESSOAL", "EQUIPE", "TODOS"]
_TEXTO: Final = """Pode ter variáveis, preenchidas quando alguém a usa: `{{contato.nome}}`, `{{contato.primeiroNome}}`,
`{{contato.telefone}}`, `{{contato.email}}`, `{{contato.campos.x}}`, `{{usuario.nome}}`, `{{usuario.primeiroNome}}`,
`{{equipe.nome}}`, `{{empresa.nome}}`."""
Atalho = Annotated[str, Meta(min_length=1, max_length=60, description="Sem a barra; fica em minúsculas e sem acento.")]
Titulo = Annotated[str, Meta(min_length=1, max_length=120)]
TextoResposta = Annotated[str, Meta(max_length=4096, description=_TEXTO)]
Arquivos = Annotated[list[UUID], Meta(max_length=10, description="Mídias, na ordem em que saem.")]


class RespostaCriar(Corpo):
    """Replies of a team or of everybody ask for `respostas:gerir`."""

    escopo: Escopo
    atalho: Atalho
    titulo: Titulo
    texto: TextoResposta = ""
    equipe_id: UUID | None = None
    midia_ids: Arquivos = msgspec.field(default_factory=list)


class RespostaAtualizar(Corpo):
    """What is absent stays; whose it is does not change."""

    atalho: Atalho | None = None
    titulo: Titulo | None = None
    texto: TextoResposta | None = None
    midia_ids: Arquivos | None = None
    versao: Versao | None = None


class RespostaRenderizar(Corpo):
    conversa_id: UUID


class RespostaRapida(Resposta):
    id: UUID
    escopo: Escopo
    equipe_id: UUID | None
    atalho: str
    titulo: str
    texto: str
    midias: list[Midia]
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class RespostaRemovida(Resposta):
    id: UUID


class VariavelFaltando(Resposta):
    variavel: str
    motivo: Literal["VAZIA", "DESCONHECIDA"]


class RespostaRenderizada(Resposta):
    """`faltam`: variables that stand in the text unfilled, to be settled before sending."""

    id: UUID
    conversa_id: UUID
    texto: str
    faltam: list[VariavelFaltando]
    midias: list[Midia]


class Variavel(Resposta):
    """`valor`: None where this conversation has nothing to put in its place."""

    variavel: str
    valor: str | None


class Variaveis(Resposta):
    conversa_id: UUID
    variaveis: list[Variavel]


class RespostaTestar(Corpo):
    texto: TextoResposta


class RespostaTestada(Resposta):
    """A text filled in with an invented person."""

    texto: str
    faltam: list[VariavelFaltando]


CONTRATOS: Final[dict[str, Any]] = {
    "api.respostas_rapidas_listar": Pagina[RespostaRapida],
    "api.resposta_rapida_obter": RespostaRapida,
    "api.resposta_rapida_criar": RespostaRapida,
    "api.resposta_rapida_atualizar": RespostaRapida,
    "api.resposta_rapida_remover": RespostaRemovida,
    "api.resposta_rapida_renderizar": RespostaRenderizada,
    "api.resposta_rapida_testar": RespostaTestada,
    "api.conversa_variaveis_obter": Variaveis,
}
