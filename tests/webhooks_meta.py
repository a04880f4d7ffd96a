"""Webhook bodies as Meta sends them: the samples of tests/dados, signed, and connections that may receive them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from app.cifra import Cofre, hash_verificacao
from app.config import Chave
from app.credenciais import CredenciaisMeta

PASTA = Path(__file__).parent / "dados" / "webhooks"
COFRE = Cofre([Chave("k1", bytes(range(32)))])
SEGREDO = "sim-app-secret-not-real-0001"
# the accounts and numbers that the samples speak of
CONTA_1, NUMERO_1 = "100000000000001", "200000000000001"
CONTA_2, NUMERO_2 = "100000000000002", "200000000000002"

Admin = psycopg.Connection[dict[str, Any]]


def ler(nome: str) -> Any:
    return json.loads((PASTA / f"{nome}.json").read_text())


def amostra(numero: int) -> Any:
    """The sample whose file is `meta-<numero>-…`."""
    (arquivo,) = PASTA.glob(f"meta-{numero:02}-*.json")
    return json.loads(arquivo.read_text())


def corpo_de(dados: Any) -> bytes:
    """On the wire: compact, everything but ASCII escaped."""
    return json.dumps(dados, separators=(",", ":")).encode()


def assinar(corpo: bytes, segredo: str = SEGREDO) -> str:
    return "sha256=" + hmac.new(segredo.encode(), corpo, hashlib.sha256).hexdigest()


def conectar(
    admin: Admin,
    cliente_id: UUID,
    conexao_id: UUID,
    numero: str,
    conta: str,
    segredo: str = SEGREDO,
    verify_token: str | None = None,
) -> None:
    """Give a connection a number, its account and credentials that the application can open."""
    credenciais = CredenciaisMeta(access_token=secrets.token_hex(16), app_secret=segredo, verify_token=verify_token)
    admin.execute(
        "update conexoes set numero_id_externo = %s, conta_id_externa = %s, credenciais = %s, segredo_impressao = %s,"
        " verificacao_hash = %s where cliente_id = %s and id = %s",
        [
            numero,
            conta,
            COFRE.selar(msgspec.json.encode(credenciais), cliente_id, conexao_id),
            COFRE.impressao(segredo),
            hash_verificacao(verify_token) if verify_token else None,
            cliente_id,
            conexao_id,
        ],
    )


def status(
    id_externo: str, estado: str, *, tentativa: object = None, quando: int = 1_700_000_000, erro: int | None = None
) -> dict[str, Any]:
    """One element of `statuses`."""
    item: dict[str, Any] = {"id": id_externo, "status": estado, "timestamp": str(quando), "recipient_id": "5511"}
    if tentativa is not None:
        item["biz_opaque_callback_data"] = str(tentativa)
    if erro is not None:
        item["errors"] = [{"code": erro, "title": "x", "error_data": {"details": "detalhe do provedor"}}]
    return item


def envelope(numero: str, conta: str, *, campo: str = "messages", **valor: Any) -> dict[str, Any]:
    """A body with one change."""
    metadados = {"display_phone_number": "5511999990100", "phone_number_id": numero}
    mudanca = {"field": campo, "value": {"messaging_product": "whatsapp", "metadata": metadados, **valor}}
    return {"object": "whatsapp_business_account", "entry": [{"id": conta, "changes": [mudanca]}]}


def guardados(admin: Admin) -> tuple[int, int]:
    """How many bodies are stored for tenants, and how many in quarantine."""
    linha = admin.execute(
        "select (select count(*) from webhooks_recebidos) as r, (select count(*) from webhooks_quarentena) as q"
    ).fetchone()
    assert linha
    return linha["r"], linha["q"]
