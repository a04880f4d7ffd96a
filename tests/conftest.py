"""Real servers for every test: one embedded PostgreSQL and Valkey per run, one cloned database per module.

Tests act as the roles that the product uses (`banco_api`, `banco_worker`, …). `admin` is the superuser: it arranges
what no function can arrange and reads what no role may read; it never stands in for the product.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg.rows import dict_row
from pytest_postgresql.janitor import DatabaseJanitor

from app.banco import Banco, BancoAdministracao
from app.embutido import SUPERUSUARIO, ServidorPostgres, ServidorValkey
from app.migracao import PASTA, migrar

MOLDE = "balcao"
SENHA = "balcao-demo"
# cheap parameters: fixtures are not about the cost of a password
SENHA_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SENHA)


@dataclass(frozen=True)
class Config:
    """The part of the configuration that migrating needs."""

    url_admin: str

    def senha_do_papel(self, papel: str) -> str:
        return f"senha-{papel}"


@dataclass(frozen=True)
class Sessao:
    """A live session of one user of one tenant."""

    cliente_id: UUID
    usuario_id: UUID
    perfil_id: UUID
    segredo: str
    email: str

    @property
    def token(self) -> str:
        return f"{self.cliente_id}.{self.segredo}"

    @property
    def args(self) -> dict[str, object]:
        return {"p_cliente_id": self.cliente_id, "p_sessao": self.segredo}

    @property
    def cabecalho(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture(scope="session")
def servidor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServidorPostgres]:
    with ServidorPostgres(tmp_path_factory.mktemp("pg"), fsync=False) as s:
        migrar(Config(s.url()))
        yield s


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServidorValkey]:
    with ServidorValkey(tmp_path_factory.mktemp("valkey")) as v:
        yield v


@pytest.fixture(scope="module")
def url_de(servidor: ServidorPostgres, request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """URL of a role on this module's own database, cloned from the migrated one."""
    nome = "t_" + hashlib.sha256(request.module.__name__.encode()).hexdigest()[:16]
    janitor = DatabaseJanitor(
        user=SUPERUSUARIO,
        host="127.0.0.1",
        port=servidor.porta,
        dbname=nome,
        template_dbname=MOLDE,
        as_template=False,
        password=servidor.senha,
    )
    janitor.init()
    # the privileges of a database are its own: a clone starts with PostgreSQL's, which are wider
    with BancoAdministracao(servidor.url(banco=nome)) as banco:
        banco.executar_arquivo(PASTA / "papeis.sql")
    try:

        def url(papel: str) -> str:
            if papel == SUPERUSUARIO:
                return servidor.url(banco=nome)
            return servidor.url(papel, f"senha-{papel}", nome)

        yield url
    finally:
        janitor.drop()


@pytest.fixture(scope="module")
def admin(url_de: Callable[[str], str]) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    with psycopg.connect(url_de(SUPERUSUARIO), autocommit=True, row_factory=dict_row) as conexao:
        yield conexao


async def _banco(url: str, textos: Mapping[str, str]) -> AsyncIterator[Banco]:
    banco = Banco(url, maximo=30)
    await banco.abrir()
    banco.usar_textos(textos)
    try:
        yield banco
    finally:
        await banco.fechar()


@pytest.fixture(scope="module")
def textos(admin: psycopg.Connection[dict[str, Any]]) -> dict[str, str]:
    linha = admin.execute("select interno.restricoes_listar() as textos").fetchone()
    assert linha
    return dict(linha["textos"])


@pytest.fixture(scope="module")
async def banco_api(url_de: Callable[[str], str], textos: dict[str, str]) -> AsyncIterator[Banco]:
    async for banco in _banco(url_de("crm_api"), textos):
        yield banco


@pytest.fixture(scope="module")
async def banco_worker(url_de: Callable[[str], str], textos: dict[str, str]) -> AsyncIterator[Banco]:
    async for banco in _banco(url_de("crm_worker"), textos):
        yield banco


@pytest.fixture(scope="module")
async def banco_ingresso(url_de: Callable[[str], str], textos: dict[str, str]) -> AsyncIterator[Banco]:
    async for banco in _banco(url_de("crm_ingresso"), textos):
        yield banco


@pytest.fixture(scope="module")
async def banco_plataforma(url_de: Callable[[str], str], textos: dict[str, str]) -> AsyncIterator[Banco]:
    async for banco in _banco(url_de("crm_plataforma"), textos):
        yield banco


def abrir_sessao(admin: psycopg.Connection[dict[str, Any]], cliente_id: str | UUID, usuario_id: str | UUID) -> Sessao:
    """A session without going through the login, for tests about something else."""
    segredo = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    admin.execute(
        "insert into sessoes (cliente_id, usuario_id, acesso_hash, acesso_expira_em, renovacao_hash,"
        " renovacao_expira_em)"
        " values (%s, %s, sha256(convert_to(%s, 'UTF8')), now() + interval '1 hour',"
        " sha256(uuid_send(uuidv7())), now() + interval '1 day')",
        [cliente_id, usuario_id, segredo],
    )
    linha = admin.execute(
        "select perfil_id, email from usuarios where cliente_id = %s and id = %s", [cliente_id, usuario_id]
    ).fetchone()
    assert linha
    return Sessao(UUID(str(cliente_id)), UUID(str(usuario_id)), linha["perfil_id"], segredo, linha["email"])


@pytest.fixture(scope="module")
def novo_cliente(admin: psycopg.Connection[dict[str, Any]], banco_plataforma: Banco) -> Callable[..., Any]:
    """`await novo_cliente()` makes one more tenant and returns its administrator's session."""

    async def criar(nome: str = "Empresa", plano: str = "EMPRESA") -> Sessao:
        sufixo = secrets.token_hex(4)
        resposta = json.loads(
            await banco_plataforma.chamar(
                "plataforma.cliente_criar",
                {
                    "p_nome": f"{nome} {sufixo}",
                    "p_plano": plano,
                    "p_usuario_nome": "Administradora",
                    "p_email": f"admin-{sufixo}@exemplo.test",
                    "p_senha_hash": SENHA_HASH,
                },
            )
        )
        return abrir_sessao(admin, resposta["clienteId"], resposta["usuarioId"])

    return criar


@pytest.fixture(scope="module")
async def ana(novo_cliente: Callable[..., Any]) -> Sessao:
    """Administrator of the first tenant."""
    sessao: Sessao = await novo_cliente("Clínica Aurora")
    return sessao


@pytest.fixture(scope="module")
async def bia(novo_cliente: Callable[..., Any]) -> Sessao:
    """Administrator of the second tenant: what belongs to Ana must not exist for her."""
    sessao: Sessao = await novo_cliente("Loja Boreal")
    return sessao


async def chamar(banco: Banco, funcao: str, **argumentos: object) -> Any:
    """Call a function and decode its JSON."""
    return json.loads(await banco.chamar(funcao, argumentos))


def cru(valor: object) -> msgspec.Raw:
    """An argument of type jsonb, as the edge hands it on."""
    return msgspec.Raw(msgspec.json.encode(valor))


__all__ = ["Sessao", "abrir_sessao", "chamar", "cru"]
