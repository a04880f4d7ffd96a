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


class CredenciaisUaizap(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The secrets of one device at a UaiZap gateway. `admin_token` rules the whole server that the device lives on."""

    token: str
    admin_token: str | None = None

    def __repr__(self) -> str:
        return "CredenciaisUaizap(***)"


class InstanciaAberta(msgspec.Struct, frozen=True):
    """Where the device of a connection is reached. `numero`: its digits, once it was connected."""

    url_base: str
    nome: str
    numero: str | None
    credenciais: CredenciaisUaizap


class ConexaoAberta(msgspec.Struct, frozen=True):
    """A connection whose credentials were opened: `credenciais` are Meta's, and blank for a UaiZap number, whose
    address and secrets are `instancia`."""

    id: UUID
    provedor: str
    versao: int
    numero_id_externo: str
    conta_id_externa: str
    credenciais: CredenciaisMeta
    instancia: InstanciaAberta | None = None
    cliente_id: UUID | None = None


class _ConexaoSelada(msgspec.Struct, frozen=True, rename="camel"):
    id: UUID
    provedor: str
    versao: int
    credenciais: str
    numero_id_externo: str | None = None
    conta_id_externa: str | None = None
    url_base: str | None = None
    instancia: str | None = None


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


def abrir_uaizap(cofre: Cofre, selado: bytes, cliente_id: UUID, conexao_id: UUID) -> CredenciaisUaizap:
    """Like `abrir`, for a connection that has a device."""
    return msgspec.json.decode(cofre.abrir(selado, cliente_id, conexao_id), type=CredenciaisUaizap)


def abrir_conexao(cofre: Cofre, resposta: bytes, cliente_id: UUID) -> ConexaoAberta:
    """Open the answer of `api.conexao_credencial_obter`, `api.modelos_credencial_obter` or `worker.conexao_obter`."""
    selada = msgspec.json.decode(resposta, type=_ConexaoSelada)
    selado = base64.b64decode(selada.credenciais)
    segredos, instancia = CredenciaisMeta(""), None
    if selada.url_base is None:
        segredos = abrir(cofre, selado, cliente_id, selada.id)
    else:
        do_aparelho = abrir_uaizap(cofre, selado, cliente_id, selada.id)
        instancia = InstanciaAberta(selada.url_base, selada.instancia or "", selada.numero_id_externo, do_aparelho)
    return ConexaoAberta(
        selada.id,
        selada.provedor,
        selada.versao,
        selada.numero_id_externo or "",
        selada.conta_id_externa or "",
        segredos,
        instancia,
        cliente_id,
    )
