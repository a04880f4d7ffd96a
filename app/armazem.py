"""Where the bytes of media live: under the tenant and their own sha256, written once, never half.

One API over a folder of this machine or an S3-compatible bucket. What arrives is first spooled to a local file, because
its name is only known at its end; the copy to its place is atomic in both kinds of storage, and repeating it changes
nothing. Nothing here holds a whole file in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Final, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.store import LocalStore, S3Store

if TYPE_CHECKING:
    from obstore import GetOptions

    from app.config import Config

PEDACO: Final = 256 * 1024
_AMOSTRA: Final = 8192
_SOBRA_S: Final = 24 * 3600
# parts of a large upload to a bucket: two of these at a time are in memory
_PARTE: Final = 5 * 1024 * 1024


class ConteudoGrande(Exception):
    """More bytes than the spool was told to take."""


class ConteudoAusente(Exception):
    """The storage does not have these bytes."""


class FalhaArmazem(Exception):
    """The storage did not answer, or refused us."""


class Recebido:
    """A file on its way in: counts, digests and caps what is written to it; gone at the end of its `with`."""

    def __init__(self, pasta: Path, maximo: int) -> None:
        self.maximo = maximo
        self.tamanho = 0
        self.amostra = b""
        self._resumo = hashlib.sha256()
        self._arquivo: BinaryIO = tempfile.NamedTemporaryFile(dir=pasta, prefix=".recebendo-")  # type: ignore[assignment]  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, tipo: type[BaseException] | None, erro: BaseException | None, rastro: TracebackType | None
    ) -> None:
        self._arquivo.close()

    def write(self, dados: bytes, /) -> int:
        """Raises ConteudoGrande before writing what does not fit."""
        self.tamanho += len(dados)
        if self.tamanho > self.maximo:
            raise ConteudoGrande
        if len(self.amostra) < _AMOSTRA:
            self.amostra += dados[: _AMOSTRA - len(self.amostra)]
        self._resumo.update(dados)
        return self._arquivo.write(dados)

    @property
    def sha256(self) -> str:
        return self._resumo.hexdigest()

    @property
    def caminho(self) -> Path:
        """The spooled file, complete up to the last write."""
        self._arquivo.flush()
        return Path(self._arquivo.name)

    def firmar(self) -> None:
        """Have the bytes on the disk, not in its cache."""
        self._arquivo.flush()
        os.fsync(self._arquivo.fileno())


class Armazem:
    """The storage of one process. `pasta` is where files are spooled; `url` is a folder or `s3://bucket/prefix`."""

    def __init__(self, url: str, pasta: Path, *, s3: dict[str, str] | None = None) -> None:
        partes = urlsplit(url)
        pasta.mkdir(parents=True, exist_ok=True, mode=0o700)
        _limpar(pasta)
        self._pasta = pasta
        self._raiz: Path | None = None
        if partes.scheme == "s3":
            opcoes = {"virtual_hosted_style_request": "false"} | (s3 or {})
            self._loja: LocalStore | S3Store = S3Store(
                partes.netloc,
                prefix=partes.path.strip("/") or None,
                config=opcoes,  # type: ignore[arg-type]
                client_options={
                    "allow_http": opcoes.get("endpoint", "").startswith("http://"),
                    "timeout": "300s",
                    "connect_timeout": "5s",
                },
                retry_config={"max_retries": 2},
            )
        else:
            self._raiz = Path(unquote(partes.path))
            self._raiz.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._loja = LocalStore(self._raiz)

    @classmethod
    def da_config(cls, config: Config) -> Armazem:
        return cls(config.midia_url, config.home / "recebendo", s3=config.midia_s3)

    def receber(self, maximo: int) -> Recebido:
        """A spool for at most `maximo` bytes, to be used in a `with`."""
        return Recebido(self._pasta, maximo)

    async def guardar(self, cliente_id: UUID, recebido: Recebido) -> None:
        """Put a complete spool in its place. Raises FalhaArmazem."""
        chave = _chave(cliente_id, recebido.sha256)
        with _falhas():
            if await self._tamanho(chave) == recebido.tamanho:
                return
            await asyncio.to_thread(recebido.firmar)
            await obstore.put_async(self._loja, chave, recebido.caminho, chunk_size=_PARTE, max_concurrency=2)

    async def existe(self, cliente_id: UUID, sha256: str) -> bool:
        with _falhas():
            return await self._tamanho(_chave(cliente_id, sha256)) is not None

    async def ler(self, cliente_id: UUID, sha256: str, inicio: int = 0, fim: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `inicio` up to, not including, `fim`. Raises ConteudoAusente, FalhaArmazem."""
        faixa: GetOptions = {"range": {"offset": inicio} if fim is None else (inicio, fim)}
        with _falhas():
            achado = await obstore.get_async(self._loja, _chave(cliente_id, sha256), options=faixa)
            async for pedaco in achado.stream(min_chunk_size=PEDACO):
                yield bytes(pedaco)

    @contextlib.asynccontextmanager
    async def arquivo(self, cliente_id: UUID, sha256: str) -> AsyncIterator[Path]:
        """The bytes as a file to read, for as long as the `async with` lasts."""
        if self._raiz is not None:
            caminho = self._raiz / _chave(cliente_id, sha256)
            if not await asyncio.to_thread(caminho.is_file):
                raise ConteudoAusente
            yield caminho
            return
        with self.receber(2**63) as copia:
            async for pedaco in self.ler(cliente_id, sha256):
                copia.write(pedaco)
            yield copia.caminho

    async def _tamanho(self, chave: str) -> int | None:
        try:
            return int((await obstore.head_async(self._loja, chave))["size"])
        except FileNotFoundError:
            return None


def _limpar(pasta: Path) -> None:
    """Remove what killed processes left half received."""
    for sobra in pasta.glob(".recebendo-*"):
        with contextlib.suppress(OSError):
            if time.time() - sobra.stat().st_mtime > _SOBRA_S:
                sobra.unlink()


def _chave(cliente_id: UUID, sha256: str) -> str:
    if len(sha256) != 64 or not sha256.isalnum():
        raise ValueError("not a sha256")
    return f"{cliente_id}/{sha256[:2]}/{sha256}"


@contextlib.contextmanager
def _falhas() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise ConteudoAusente from None
    except (obstore.exceptions.BaseError, OSError) as erro:
        raise FalhaArmazem(type(erro).__name__) from erro
