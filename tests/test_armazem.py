"""The storage: named by content, per tenant, written once and never half; the same over a folder and over S3."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.armazem import Armazem, ConteudoAusente, ConteudoGrande, FalhaArmazem
from tests.s3_falso import S3Falso, servir

ANA, BIA = uuid4(), uuid4()
MB = 1024 * 1024


@pytest.fixture(scope="module")
async def s3() -> AsyncIterator[S3Falso]:
    async with servir() as falso:
        yield falso


def de_s3(s3: S3Falso, pasta: Path) -> Armazem:
    opcoes = {"endpoint": s3.url, "region": "sa-east-1", "access_key_id": "chave", "secret_access_key": "segredo"}
    return Armazem("s3://balde/prefixo", pasta, s3=opcoes)


@pytest.fixture(params=["pasta", "s3"])
def armazem(request: pytest.FixtureRequest, tmp_path: Path, s3: S3Falso) -> Armazem:
    if request.param == "s3":
        return de_s3(s3, tmp_path / "recebendo")
    return Armazem((tmp_path / "com espaço").as_uri(), tmp_path / "recebendo")


async def guardar(armazem: Armazem, cliente_id: UUID, dados: bytes) -> str:
    with armazem.receber(len(dados)) as recebido:
        for inicio in range(0, len(dados), 65_536):
            recebido.write(dados[inicio : inicio + 65_536])
        await armazem.guardar(cliente_id, recebido)
        return recebido.sha256


async def ler(armazem: Armazem, cliente_id: UUID, sha256: str, *faixa: int) -> bytes:
    return b"".join([pedaco async for pedaco in armazem.ler(cliente_id, sha256, *faixa)])


async def test_vai_e_volta(armazem: Armazem) -> None:
    dados = os.urandom(12 * MB + 17)
    sha256 = await guardar(armazem, ANA, dados)
    assert sha256 == hashlib.sha256(dados).hexdigest()
    assert await ler(armazem, ANA, sha256) == dados
    assert await ler(armazem, ANA, sha256, 5, 11) == dados[5:11]
    assert await ler(armazem, ANA, sha256, 12 * MB) == dados[12 * MB :]
    async with armazem.arquivo(ANA, sha256) as caminho:
        assert caminho.read_bytes() == dados
    # again, and again by somebody else: each tenant has its own
    assert await guardar(armazem, ANA, dados) == sha256
    assert await armazem.existe(ANA, sha256) and not await armazem.existe(BIA, sha256)
    with pytest.raises(ConteudoAusente):
        await ler(armazem, BIA, sha256)
    with pytest.raises(ConteudoAusente):
        async with armazem.arquivo(BIA, sha256):
            pass


async def test_a_chave_e_do_cliente_e_do_conteudo(tmp_path: Path, s3: S3Falso) -> None:
    local = Armazem((tmp_path / "midias").as_uri(), tmp_path / "recebendo")
    sha256 = await guardar(local, ANA, b"ola")
    assert [f.relative_to(tmp_path / "midias").as_posix() for f in (tmp_path / "midias").rglob("*") if f.is_file()] == [
        f"{ANA}/{sha256[:2]}/{sha256}"
    ]
    assert list((tmp_path / "recebendo").iterdir()) == [], "the spool does not outlive its use"
    await guardar(de_s3(s3, tmp_path / "recebendo"), ANA, b"ola")
    assert s3.objetos[f"prefixo/{ANA}/{sha256[:2]}/{sha256}"] == b"ola"
    for ruim in ("../../etc/passwd", "", sha256[:-1], sha256 + "/"):
        with pytest.raises(ValueError, match="sha256"):
            await local.existe(ANA, ruim)


async def test_em_partes_para_o_s3(tmp_path: Path, s3: S3Falso) -> None:
    s3.pico = 0
    await guardar(de_s3(s3, tmp_path), ANA, os.urandom(40 * MB))
    assert 0 < s3.pico <= 10 * MB, "a large file is never one request, nor in memory at once"


def test_teto_e_amostra(tmp_path: Path) -> None:
    armazem = Armazem(tmp_path.as_uri(), tmp_path / "recebendo")
    with armazem.receber(10) as recebido:
        recebido.write(b"0123456789")
        with pytest.raises(ConteudoGrande):
            recebido.write(b"x")
        caminho = recebido.caminho
        assert caminho.read_bytes() == b"0123456789"
    assert not caminho.exists()


async def test_fora_do_ar(tmp_path: Path, s3: S3Falso) -> None:
    armazem = de_s3(s3, tmp_path)
    s3.fora = True
    try:
        with pytest.raises(FalhaArmazem):
            await guardar(armazem, ANA, b"nada")
        with pytest.raises(FalhaArmazem):
            await ler(armazem, ANA, "0" * 64)
    finally:
        s3.fora = False
    outra = Armazem(
        "s3://balde",
        tmp_path,
        s3={"endpoint": s3.url, "region": "x", "access_key_id": "outra", "secret_access_key": "y"},
    )
    with pytest.raises(FalhaArmazem):
        await guardar(outra, ANA, b"nada")


async def test_sobra_de_processo_morto_sai(tmp_path: Path) -> None:
    velha, nova = tmp_path / ".recebendo-velha", tmp_path / ".recebendo-nova"
    velha.write_bytes(b"x")
    nova.write_bytes(b"x")
    os.utime(velha, (time.time() - 90_000,) * 2)
    Armazem((tmp_path / "midias").as_uri(), tmp_path)
    assert not velha.exists() and nova.exists()
