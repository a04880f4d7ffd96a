"""Bodies and answers of contacts that are one person: joining, separating, suggestions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.contatos import Contato


class ContatoFundir(Corpo):
    outro_id: UUID
    versao: Versao | None = None


class Fusao(Resposta):
    """`deId` went into `paraId`; `motivo` PESSOA = somebody decided, the others the system proved."""

    id: UUID
    de_id: UUID
    para_id: UUID
    de_nome: str
    motivo: Literal["MESMA_MENSAGEM", "TROCA_DE_NUMERO", "TROCA_DE_ID", "PESSOA"]
    evidencia: dict[str, Any]
    fundido_em: datetime
    fundido_por: UUID | None
    fundido_por_nome: str | None
    desfeita_em: datetime | None
    desfeita_por: UUID | None


class ContatoFundido(Resposta):
    fusao: Fusao
    contato: Contato


class ContatoSugerido(Resposta):
    id: UUID
    nome: str
    telefone: str | None
    telefone_informado: str | None
    email: str | None
    criado_em: datetime


class Sugestao(Resposta):
    """First the contact that the system would keep."""

    id: UUID
    motivo: Literal["IDENTIDADES_EM_CONFLITO", "NUMERO_AMBIGUO", "MESMO_NUMERO", "MESMO_EMAIL", "SEPARADOS"]
    pontos: int
    evidencia: dict[str, Any]
    criado_em: datetime
    dispensada_em: datetime | None
    contatos: list[ContatoSugerido]


CONTRATOS: Final[dict[str, Any]] = {
    "api.contato_fundir": ContatoFundido,
    "api.contato_separar": Fusao,
    "api.contato_fusoes_listar": Pagina[Fusao],
    "api.sugestoes_listar": Pagina[Sugestao],
    "api.sugestao_descartar": Sugestao,
}
