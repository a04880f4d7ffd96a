"""The only module that knows psycopg and SQL.

At run time there is one generic call: named arguments in, the function's JSON out as bytes, untouched. One call is
one statement in autocommit: the function is the transaction, nothing survives it, so it works behind a pooler in
transaction mode. The rest of the module serves `balcao migrar`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import psycopg
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb, set_json_dumps
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app.erros import Erro, do_banco, indisponivel

_NOME: Final = re.compile(r"(api|worker|webhook|plataforma)\.[a-z][a-z0-9_]{2,62}")
_ARGUMENTO: Final = re.compile(r"p_[a-z][a-z0-9_]{1,60}")
_TENTATIVAS: Final = 3

set_json_dumps(msgspec.json.encode)


class _JsonCru(Loader):
    """Hands JSON on as it came from the server: nothing in Python needs to read it."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class Chamavel(Protocol):
    """What the rest of the program needs of the database."""

    async def chamar(self, funcao: str, argumentos: Mapping[str, object]) -> bytes:
        """Call a stored function; see `Banco.chamar`."""


@lru_cache(maxsize=512)
def _comando(funcao: str, argumentos: tuple[str, ...]) -> sql.Composed:
    if not _NOME.fullmatch(funcao) or not all(_ARGUMENTO.fullmatch(a) for a in argumentos):
        raise ValueError("not a function call: " + funcao)
    esquema, nome = funcao.split(".")
    pares = sql.SQL(", ").join(sql.SQL("{} => {}").format(sql.Identifier(a), sql.Placeholder(a)) for a in argumentos)
    return sql.SQL("select {}({})").format(sql.Identifier(esquema, nome), pares)


def _valor(valor: object) -> object:
    return Jsonb(valor) if isinstance(valor, dict | msgspec.Raw | msgspec.Struct) else valor


class Banco:
    """A pool of connections of one login role.

    `url` is a libpq URL; `preparar=False` turns server-side prepared statements off, which a transaction pooler
    without support for them requires. Sizes are connections, times are seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        maximo: int = 100,
        ocioso_s: float = 30,
        vida_s: float = 3600,
        preparar: bool = True,
        nome: str = "balcao",
    ) -> None:
        self._textos: dict[str, str] = {}
        self._pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=maximo,
            max_idle=ocioso_s,
            max_lifetime=vida_s,
            timeout=5,
            open=False,
            configure=_configurar,
            reconnect_timeout=30,
            kwargs={"autocommit": True, "prepare_threshold": 2 if preparar else None, "application_name": nome},
            name=nome,
        )

    async def abrir(self) -> None:
        """Open the pool; connections are made in the background, so the server may still be starting."""
        await self._pool.open(wait=False)

    async def fechar(self) -> None:
        await self._pool.close(timeout=5)

    def usar_textos(self, textos: Mapping[str, str]) -> None:
        """Sentences of violated constraints, by constraint name (from `api.saude_obter`)."""
        self._textos = dict(textos)

    def estado(self) -> dict[str, int]:
        """Counters of the pool for the metrics page."""
        return {k: int(v) for k, v in self._pool.get_stats().items()}

    async def chamar(self, funcao: str, argumentos: Mapping[str, object]) -> bytes:
        """Call `schema.function` with named arguments and return its JSON, byte for byte.

        Structs, dicts and raw JSON are sent as jsonb; everything else as psycopg adapts it. A serialisation failure or
        deadlock is repeated up to 3 times. Raises `app.erros.Erro`.
        """
        comando = _comando(funcao, tuple(argumentos))
        valores = {nome: _valor(valor) for nome, valor in argumentos.items()}
        for tentativa in range(1, _TENTATIVAS + 1):
            try:
                return await self._executar(comando, valores)
            except Erro as erro:
                if not erro.repetivel or tentativa == _TENTATIVAS:
                    raise
                await asyncio.sleep(0.01 * tentativa)
        raise AssertionError("unreachable")

    async def _executar(self, comando: sql.Composed, valores: dict[str, object]) -> bytes:
        try:
            async with self._pool.connection() as conexao:
                cursor = await conexao.execute(comando, valores)
                linha = await cursor.fetchone()
        except PoolTimeout:
            raise indisponivel() from None
        except psycopg.Error as erro:
            if erro.sqlstate is None and isinstance(erro, psycopg.OperationalError):
                raise indisponivel() from erro
            if isinstance(erro, psycopg.DataError) and erro.sqlstate is None:  # e.g. NUL in a text value
                raise do_banco("22021", str(erro)) from erro
            diag = erro.diag
            raise do_banco(
                erro.sqlstate,
                diag.message_primary or str(erro),
                detalhe=diag.message_detail,
                campo=diag.column_name,
                restricao=diag.constraint_name,
                textos=self._textos,
            ) from erro
        return linha[0] if linha and linha[0] is not None else b"null"


async def _configurar(conexao: psycopg.AsyncConnection[Any]) -> None:
    conexao.adapters.register_loader("jsonb", _JsonCru)


def partes_da_url(url: str) -> dict[str, str]:
    """The parts of a libpq URL (host, port, user, …), for tools that take them one by one."""
    return {nome: str(valor) for nome, valor in conninfo_to_dict(url).items() if valor is not None}


class BancoAdministracao:
    """What `balcao migrar` does besides pgmigrate, on one connection of the administrator.

    Used as a context manager; everything runs in autocommit unless a method says otherwise.
    """

    def __init__(self, url: str) -> None:
        self._conexao = psycopg.connect(url, autocommit=True, application_name="balcao migrar")

    def __enter__(self) -> BancoAdministracao:
        return self

    def __exit__(self, *_: object) -> None:
        self._conexao.close()

    def executar_arquivo(self, arquivo: Path) -> None:
        """Run one SQL file in its own transaction."""
        with self._conexao.transaction():
            self._conexao.execute(arquivo.read_bytes())

    def definir_senhas(self, senhas: Mapping[str, str]) -> None:
        """Set the passwords of login roles; only their SCRAM verifiers reach the server and its logs."""
        for papel, senha in senhas.items():
            verificador = self._conexao.pgconn.encrypt_password(senha.encode(), papel.encode(), b"scram-sha-256")
            self._conexao.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(papel), sql.Literal(verificador.decode()))
            )

    def digests_aplicados(self) -> dict[str, str]:
        """Digest of each callback file as last applied, by its path; empty on a database that never saw them."""
        existe = self._conexao.execute("select to_regclass('migracao.arquivos_aplicados')").fetchone()
        if not existe or existe[0] is None:
            return {}
        return dict(self._conexao.execute("select arquivo, digest from migracao.arquivos_aplicados").fetchall())

    def gravar_digests(self, digests: Mapping[str, str]) -> None:
        """Remember which callback files are in force."""
        with self._conexao.transaction():
            self._conexao.execute("set local role crm_dono")
            self._conexao.execute(
                "create table if not exists migracao.arquivos_aplicados "
                "(arquivo text primary key, digest text not null)"
            )
            self._conexao.execute("delete from migracao.arquivos_aplicados")
            self._conexao.execute(
                "insert into migracao.arquivos_aplicados (arquivo, digest) "
                "select * from unnest(%s::text[], %s::text[])",
                [list(digests), list(digests.values())],
            )

    def consultar(self, arquivos: Sequence[Path], ajustes: Mapping[str, str]) -> list[tuple[str, ...]]:
        """Rows of the SELECTs in these files, read in one read-only snapshot under these transaction-local settings."""
        linhas: list[tuple[str, ...]] = []
        with self._conexao.transaction():
            self._conexao.execute("set transaction isolation level repeatable read read only")
            for nome, valor in ajustes.items():
                self._conexao.execute("select set_config(%s, %s, true)", [nome, valor])
            for arquivo in arquivos:
                try:
                    linhas += self._conexao.execute(arquivo.read_bytes()).fetchall()
                except psycopg.Error as erro:
                    erro.add_note("in " + arquivo.name)
                    raise
        return linhas

    def reaplicar(self, sessao: Sequence[str], arquivos: Sequence[Path]) -> None:
        """Run the callback files, in order, in one transaction that begins with the session lines of migrations.yml."""
        with self._conexao.transaction():
            for linha in sessao:
                self._conexao.execute(linha.encode())
            for arquivo in arquivos:
                try:
                    self._conexao.execute(arquivo.read_bytes())
                except psycopg.Error as erro:
                    erro.add_note("in " + arquivo.name)
                    raise
        self._conexao.execute("discard all")
