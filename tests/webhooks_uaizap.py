"""Webhook bodies as a UaiZap gateway sends them, and connections that may receive them."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from app.cifra import Cofre
from app.config import Chave
from app.credenciais import CredenciaisUaizap

PASTA = Path(__file__).parent / "dados" / "webhooks"
COFRE = Cofre([Chave("k1", bytes(range(32)))])
# the device that the samples speak of
TOKEN = "00000000-0000-4000-8000-00000000abcd"
NUMERO = "5511999990300"
SEGREDO = "segredo-do-endereco-de-teste-000000000000"

Admin = psycopg.Connection[dict[str, Any]]


def amostra(numero: int) -> list[dict[str, Any]]:
    """The bodies of the sample whose file is `uaizap-<numero>-…`, one POST each."""
    (arquivo,) = PASTA.glob(f"uaizap-{numero:02}-*.json")
    dados = json.loads(arquivo.read_text())
    return dados if isinstance(dados, list) else [dados]


def todas() -> list[dict[str, Any]]:
    """What a device of ours may send: sample 13 brings the token of somebody else."""
    return [corpo for n in range(1, 13) for corpo in amostra(n)]


def corpo_de(dados: Any) -> bytes:
    return json.dumps(dados, separators=(",", ":")).encode()


def conectar(
    admin: Admin,
    cliente_id: UUID,
    *,
    token: str = TOKEN,
    segredo: str = SEGREDO,
    url_base: str = "https://free.uazapi.com",
    numero: str | None = None,
    status: str = "CONECTADA",
) -> UUID:
    """One more connection of this tenant, with a device that the application can open."""
    numero = numero or f"55119{secrets.randbelow(10**8):08d}"
    linha = admin.execute("select uuidv7() as id").fetchone()
    assert linha
    conexao_id: UUID = linha["id"]
    selado = COFRE.selar(msgspec.json.encode(CredenciaisUaizap(token)), cliente_id, conexao_id)
    admin.execute(
        "insert into conexoes (cliente_id, id, nome, canal, provedor, status, numero_id_externo, credenciais,"
        " teto_por_segundo) values (%s, %s, %s, 'WHATSAPP', 'UAIZAP', %s, %s, %s, 15)",
        [
            cliente_id,
            conexao_id,
            f"Aparelho {secrets.token_hex(3)}",
            "ATIVA" if status == "CONECTADA" else "ERRO",
            numero,
            selado,
        ],
    )
    admin.execute(
        "insert into conexoes_instancias (cliente_id, conexao_id, url_base, instancia, segredo_hash, status,"
        " webhook_em, status_em, estreou_em)"
        " values (%s, %s, %s, 'inst', %s, %s, now(), now() - interval '1 hour', now())",
        [cliente_id, conexao_id, url_base, hashlib.sha256(segredo.encode()).digest(), status],
    )
    return conexao_id
