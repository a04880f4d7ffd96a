"""What a provider says of the health of one number."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from app.credenciais import ConexaoAberta

PodeEnviar = Literal["AVAILABLE", "LIMITED", "BLOCKED"]


class ErroSaude(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One reason for which an entity is not well, in the provider's words."""

    codigo: int | None = None
    descricao: str | None = None
    solucao: str | None = None


class EntidadeSaude(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """`tipo` is PHONE_NUMBER, WABA, BUSINESS, APP or MESSAGE_TEMPLATE; others may come."""

    tipo: str
    id: str
    pode_enviar: str
    erros: list[ErroSaude] = []


class Saude(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Required fields first; what the token may not read is absent. `ilegiveis`: the optional ones were refused.

    `limite_portfolio` is the number of people per 24 h of the whole portfolio, -1 = unlimited, and `vazao_por_segundo`
    what the level of throughput means; both are None when the provider uses words that we do not know.
    """

    numero_exibido: str | None = None
    nome_verificado: str | None = None
    qualidade: str | None = None
    status: str | None = None
    vazao: str | None = None
    vazao_por_segundo: int | None = None
    coexistencia: bool | None = None
    limite_portfolio: int | None = None
    limite_portfolio_bruto: str | None = None
    pode_enviar: PodeEnviar | None = None
    entidades: list[EntidadeSaude] = []
    ilegiveis: bool = False


class ProvedorSaude(Protocol):
    async def consultar_saude(self, conexao: ConexaoAberta) -> Saude:
        """Ask now. Raises `app.erros.Erro`: 422 the credential was refused, 503 (with `espera_s`) try later."""
        ...
