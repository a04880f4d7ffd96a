"""Passwords, hashed with argon2id at the edge and off the event loop: the database stores and compares hashes only."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's floor for argon2id; about 25 ms here. argon2 releases the interpreter, so threads really are parallel.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="senha")
_HASH_DE_NINGUEM = _hasher.hash(secrets.token_urlsafe(32))


def _confere(senha: str, guardado: str) -> bool:
    try:
        return _hasher.verify(guardado, senha)
    except (VerificationError, InvalidHashError):
        return False


async def gerar(senha: str) -> str:
    """The argon2id hash of a password."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, senha)


async def conferir(senha: str, guardado: str | None) -> bool:
    """Whether the password matches the stored hash.

    Without one (unknown account) the same work is done against a hash of nobody's, so time tells nothing.
    """
    contra = _HASH_DE_NINGUEM if guardado is None else guardado
    igual = await asyncio.get_running_loop().run_in_executor(_threads, _confere, senha, contra)
    return igual and guardado is not None


def novo_segredo() -> str:
    """A 256-bit secret for a token, base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def resumo(segredo: str) -> bytes:
    """What the database keeps of a secret."""
    return hashlib.sha256(segredo.encode()).digest()
