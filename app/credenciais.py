"""What a connection needs to talk to its provider: plain at the edge, for as long as one call lasts."""

from __future__ import annotations

import base64
from uuid import UUID

import msgspec

from app.cifra import Cofre, hash_verificacao


class CredenciaisMeta(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The secrets of one Meta number. The ids of number and account are columns, not secrets."""

    access_token: str
    app_secret: str | None = None
    verify_token: str | None = None

    def __repr__(self) -> str:
        return "CredenciaisMeta(***)"


class ConexaoAberta(msgspec.Struct, frozen=True):
    """A connection whose credentials were opened."""

    id: UUID
    provedor: str
    versao: int
    numero_id_externo: str
    conta_id_externa: str
    credenciais: CredenciaisMeta


class _ConexaoSelada(msgspec.Struct, frozen=True, rename="camel"):
    id: UUID
    provedor: str
    versao: int
    numero_id_externo: str
    conta_id_externa: str
    credenciais: str


def argumentos(cofre: Cofre, credenciais: CredenciaisMeta, cliente_id: UUID, conexao_id: UUID) -> dict[str, object]:
    """The arguments by which the database receives credentials: sealed, plus the two values it may search by."""
    return {
        "p_credenciais": cofre.selar(msgspec.json.encode(credenciais), cliente_id, conexao_id),
        "p_verificacao_hash": hash_verificacao(credenciais.verify_token) if credenciais.verify_token else None,
        "p_segredo_impressao": cofre.impressao(credenciais.app_secret) if credenciais.app_secret else None,
    }


def abrir(cofre: Cofre, selado: bytes, cliente_id: UUID, conexao_id: UUID) -> CredenciaisMeta:
    """Open what `conexoes.credenciais` holds. Raises `app.cifra.InvalidTag`."""
    return msgspec.json.decode(cofre.abrir(selado, cliente_id, conexao_id), type=CredenciaisMeta)


def abrir_conexao(cofre: Cofre, resposta: bytes, cliente_id: UUID) -> ConexaoAberta:
    """Open the answer of `api.conexao_credencial_obter` or `api.modelos_credencial_obter`."""
    selada = msgspec.json.decode(resposta, type=_ConexaoSelada)
    return ConexaoAberta(
        selada.id,
        selada.provedor,
        selada.versao,
        selada.numero_id_externo,
        selada.conta_id_externa,
        abrir(cofre, base64.b64decode(selada.credenciais), cliente_id, selada.id),
    )
