"""The relay and the streams when something dies: a worker, Redis, the API."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from litestar import Litestar
from redis.asyncio import Redis

from app.banco import Banco
from app.embutido import ServidorValkey
from app.eventos import Escuta, Recado
from tests.api.conftest import ConfigDeTeste, app
from tests.api.ouvinte import Ouvinte, ate, no_ar, ouvir, retransmitir
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

RAIZ = Path(__file__).resolve().parents[2]
RELE = """
import asyncio, sys
from redis.asyncio import Redis
from app.banco import Banco
from app.worker.retransmissor import Retransmissor
async def main():
    banco = Banco(sys.argv[1], maximo=4)
    await banco.abrir()
    await banco.chamar("worker.eventos_clientes_listar", {})
    redis = Redis.from_url(sys.argv[2], socket_timeout=None)
    print("pronto", flush=True)
    await Retransmissor(banco, redis, sys.argv[3], asyncio.Event()).correr()
asyncio.run(main())
"""
API = """
import socket, sys
from pathlib import Path
from app.config import Chave
from app.http.aplicacao import criar_aplicacao
from app.http.servidor import servir
from tests.api.conftest import ConfigDeTeste
config = ConfigDeTeste(
    home=Path(sys.argv[1]), porta=int(sys.argv[2]), database_url="postgresql://nao-usada", redis_url=sys.argv[3],
    pool_max=10, chaves=(Chave("k1", bytes(range(32))),), url_de=lambda papel: sys.argv[4].replace("crm_api", papel),
)
servir(criar_aplicacao(config), config)
"""


def processo(fonte: str, *argumentos: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", fonte, *argumentos], cwd=RAIZ, env={**os.environ, "PYTHONPATH": str(RAIZ)},
        stdout=subprocess.PIPE,
    )  # fmt: skip


async def rele(url_banco: str, url_redis: str, dono: str) -> subprocess.Popen[bytes]:
    """A relay in a process of its own, at its post."""
    feito = processo(RELE, url_banco, url_redis, dono)
    assert feito.stdout and await asyncio.to_thread(feito.stdout.readline) == b"pronto\n"
    return feito


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One of its own: these tests stop it."""
    with ServidorValkey(tmp_path_factory.mktemp("valkey_proprio")) as servidor:
        yield servidor


@pytest.fixture(scope="module")
def config(
    url_de: Callable[[str], str], valkey: ServidorValkey, tmp_path_factory: pytest.TempPathFactory
) -> ConfigDeTeste:
    from app.config import Chave

    return ConfigDeTeste(
        home=tmp_path_factory.mktemp("home"),
        database_url="postgresql://nao-usada",
        redis_url=valkey.url,
        pool_max=20,
        chaves=(Chave("k1", bytes(range(32))),),
        url_de=url_de,
    )


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Retransmissor"))


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90)) as sessao:
        yield sessao


async def mudar(banco: Banco, cena: Cena, vezes: int, pausa_s: float) -> list[str]:
    feitas = []
    for n in range(vezes):
        await chamar(banco, "api.etiqueta_criar", **cena.sessao.args, p_nome=f"E {n} {uuid4()}"[:60])
        feitas.append(n)
        await asyncio.sleep(pausa_s)
    return [str(n) for n in feitas]


async def test_rele_morto_e_sucedido_sem_perder_nem_repetir(
    admin: Admin, banco_api: Banco, cena: Cena, valkey: ServidorValkey, url_de: Callable[[str], str]
) -> None:
    """kill -9, four times, while things change: each number once, all of them told, a successor in a second."""
    contados: list[int] = []

    def ao_ouvir(_: object, recado: Recado) -> None:
        contados.extend(a.numero for a in recado.avisos)

    escuta = Escuta(valkey.url, ao_ouvir, lambda: None)
    ouvindo = asyncio.create_task(escuta.correr())
    reles = [await rele(url_de("crm_worker"), valkey.url, f"w-{n}-inicial") for n in range(2)]
    try:
        await ate(lambda: escuta.viva, 20)
        await escuta.ouvir(cena.cliente_id)
        mudando = asyncio.create_task(mudar(banco_api, cena, 400, 0.02))
        vagas = []
        for vez in range(4):
            await asyncio.sleep(1)
            linha = admin.execute("select dono from retransmissores").fetchone()
            assert linha
            qual = next(i for i, _ in enumerate(reles) if linha["dono"].startswith(f"w-{i}-"))
            reles[qual].send_signal(signal.SIGKILL)
            reles[qual].wait()
            morto = time.monotonic()
            while True:
                novo = admin.execute("select dono, ate > clock_timestamp() as vivo from retransmissores").fetchone()
                assert novo
                if novo["dono"] != linha["dono"] and novo["vivo"]:
                    break
                assert time.monotonic() - morto < 5
                await asyncio.sleep(0.01)
            vagas.append(time.monotonic() - morto)
            reles[qual] = await rele(url_de("crm_worker"), valkey.url, f"w-{qual}-vez{vez}")
        await mudando

        def todos() -> bool:
            linha = admin.execute(
                "select (select count(*) from eventos where cliente_id = %s and numero is null) as faltam,"
                " (select ultimo from eventos_totais where cliente_id = %s) as ultimo", [cena.cliente_id] * 2,
            ).fetchone()  # fmt: skip
            assert linha
            return linha["faltam"] == 0 and linha["ultimo"] in contados

        await ate(todos, 10)
    finally:
        for um in reles:
            um.kill()
            um.wait()
        ouvindo.cancel()
        await asyncio.gather(ouvindo, return_exceptions=True)
        await escuta.fechar()
    numeros = [
        linha["numero"]
        for linha in admin.execute(
            "select numero from eventos where cliente_id = %s and tipo = 'etiqueta_mudou' order by 1", [cena.cliente_id]
        ).fetchall()
    ]
    assert len(numeros) == len(set(numeros)) == 400, "one for each change"
    assert set(numeros) <= set(contados), "what was numbered before a death was told after it"
    assert max(vagas) <= 1.3, vagas


async def test_sem_redis_os_fluxos_consultam_e_voltam(
    app: Litestar, admin: Admin, banco_worker: Banco, valkey: ServidorValkey, http: aiohttp.ClientSession, cena: Cena,
    banco_api: Banco,
) -> None:  # fmt: skip
    def mudar_um(n: int) -> str:
        admin.execute("update contatos set email = %s where id = %s", [f"{uuid4()}@x.y", cena.contatos[n]])
        return str(cena.contatos[n])

    async with no_ar(app) as url, retransmitir(banco_worker, valkey.url):
        await ate(lambda: app.state.central.escuta.viva)
        async with ouvir(http, url, cena.sessao) as ouvinte:
            um = mudar_um(0)
            await ate(lambda: um in ouvinte.alvos("contato"))
            redis = Redis.from_url(valkey.url)
            pid = int((await redis.info("server"))["process_id"])
            await redis.aclose()
            os.kill(pid, signal.SIGSTOP)
            try:
                for n in range(1, 4):
                    alvo = mudar_um(n)
                    await ate(lambda alvo=alvo: alvo in ouvinte.alvos("contato"), 6)  # type: ignore[misc]
                    lista = await chamar(banco_api, "api.contatos_listar", **cena.sessao.args)
                    assert alvo in {c["id"] for c in lista["dados"]}
            finally:
                os.kill(pid, signal.SIGCONT)
            await ate(lambda: app.state.central.escuta.viva, 10)
            quatro = mudar_um(4)
            await ate(lambda: quatro in ouvinte.alvos("contato"))
            assert not ouvinte.fim
        numeros = [n for n, _ in ouvinte.numerados()]
        assert numeros == sorted(numeros)


async def test_revogada_sem_redis_termina(
    app: Litestar, admin: Admin, banco_worker: Banco, valkey: ServidorValkey, http: aiohttp.ClientSession, cena: Cena
) -> None:
    """With nobody to tell it, the stream still ends: it asks the database, which refuses."""
    async with no_ar(app) as url:
        await ate(lambda: not app.state.central.escuta.viva)
        async with ouvir(http, url, cena.sessao) as ouvinte:
            admin.execute(
                "update sessoes set revogada_em = now(), motivo = 'SAIU' where cliente_id = %s", [cena.cliente_id]
            )
            await ate(lambda: ouvinte.fim, 2.5)


async def test_sigterm_com_fluxos_abertos(
    url_de: Callable[[str], str], valkey: ServidorValkey, cena: Cena, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    """One stream is read, another is not: the process is gone in five seconds all the same."""
    import socket

    with socket.socket() as livre:
        livre.bind(("127.0.0.1", 0))
        porta = livre.getsockname()[1]
    api = processo(API, str(tmp_path), str(porta), valkey.url, url_de("crm_api"))
    url = f"http://127.0.0.1:{porta}"
    try:
        for _ in range(200):
            try:
                async with http.get(url + "/api/docs/openapi.json"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
        async with (
            ouvir(http, url, cena.sessao) as ouvinte,
            http.get(url + "/api/eventos/fluxo", headers=cena.sessao.cabecalho),
        ):
            inicio = time.monotonic()
            api.send_signal(signal.SIGTERM)
            await ate(lambda: ouvinte.fim, 3)
            assert ouvinte.eventos[-1] == ("fim", None, {"motivo": "desligando"})
            await asyncio.to_thread(api.wait, 10)
            assert time.monotonic() - inicio <= 5
    finally:
        api.kill()
        api.wait()


__all__ = ["Ouvinte", "app"]
