"""What the measurements of contacts share: a server of their own, migrated, with tenants and live sessions."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from app.banco import Banco
from app.embutido import ServidorPostgres
from app.http.comum import DaSessao
from app.migracao import migrar


@dataclass(frozen=True)
class _Config:
    url_admin: str

    def senha_do_papel(self, papel: str) -> str:
        return f"senha-{papel}"


@dataclass(frozen=True)
class Cena:
    """`banco` logs in as the product's HTTP layer; `admin` is the superuser, for arranging and explaining."""

    banco: Banco
    admin: psycopg.Connection[Any]
    servidor: ServidorPostgres

    async def cliente(self, nome: str) -> DaSessao:
        """One more tenant; the calls of its administrator."""
        plataforma = Banco(self.servidor.url("crm_plataforma", "senha-crm_plataforma"), maximo=1)
        await plataforma.abrir()
        resposta = await plataforma.chamar(
            "plataforma.cliente_criar",
            {
                "p_nome": nome,
                "p_plano": "EMPRESA",
                "p_usuario_nome": "Administração",
                "p_email": f"{secrets.token_hex(4)}@bench.test",
                "p_senha_hash": "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            },
        )
        await plataforma.fechar()
        ids: dict[str, UUID] = msgspec.json.decode(resposta, type=dict[str, UUID])
        segredo = secrets.token_urlsafe(32)
        self.admin.execute(
            "insert into sessoes (cliente_id, usuario_id, acesso_hash, acesso_expira_em, renovacao_hash,"
            " renovacao_expira_em) values (%s, %s, sha256(convert_to(%s, 'UTF8')), now() + interval '1 day',"
            " sha256(uuid_send(uuidv7())), now() + interval '1 day')",
            [ids["clienteId"], ids["usuarioId"], segredo],
        )
        return DaSessao(self.banco, ids["clienteId"], segredo)


@asynccontextmanager
async def montar() -> AsyncIterator[Cena]:
    """A fresh server in a temporary folder, as durable as the product's."""
    with tempfile.TemporaryDirectory() as pasta, ServidorPostgres(Path(pasta) / "pg") as servidor:
        migrar(_Config(servidor.url()))
        banco = Banco(servidor.url("crm_api", "senha-crm_api"), maximo=5)
        await banco.abrir()
        with psycopg.connect(servidor.url(banco="balcao"), autocommit=True) as admin:
            yield Cena(banco, admin, servidor)
        await banco.fechar()
