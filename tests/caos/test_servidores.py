"""The API and the limiter while Valkey misbehaves (T16), and PostgreSQL crashes under acknowledged writes (T17)."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from redis.asyncio import Redis

from tests.caos.arena import WORKER, Arena, Numero, ate, montar
from tests.caos.conferencia import conferir
from tests.caos.conftest import LONGO
from tests.caos.ponte import Ponte
from tests.conftest import Sessao, abrir_sessao

QUEDAS = 20 if LONGO else 2
FALHA_S = 10.0 if LONGO else 1.5
PESSOAS = 2000 if LONGO else 250
VOLTA_S = 5.0
CHAMADORES = 8 if LONGO else 4


@pytest.fixture(scope="module")
def ponte() -> Ponte:
    return Ponte()


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory, ponte: Ponte) -> AsyncIterator[Arena]:
    pasta = tmp_path_factory.mktemp("servidores")
    for parte in (pasta, pasta.parent):
        parte.chmod(0o711)
    async with montar(pasta, ponte=ponte) as esta:
        yield esta


@dataclass
class Chamadas:
    """What the API answered: statuses, times, and the contacts that it said it had made."""

    arena: Arena
    sessao: Sessao
    revogada: Sessao
    estados: Counter[int] = field(default_factory=Counter)
    tempos: list[float] = field(default_factory=list)
    criados: list[str] = field(default_factory=list)
    aceita_a_revogada: bool = False
    _telefones: itertools.count[int] = field(default_factory=lambda: itertools.count(10_000_000))

    async def pedir(self, metodo: str, caminho: str, sessao: Sessao, **extra: object) -> tuple[int, bytes]:
        """Status 0: no answer at all."""
        inicio = time.monotonic()
        url = self.arena.config.url_api + caminho
        try:
            async with self.arena.http.request(metodo, url, headers=sessao.cabecalho, **extra) as resposta:  # type: ignore[arg-type]
                estado, corpo = resposta.status, await resposta.read()
        except aiohttp.ClientError:
            estado, corpo = 0, b""
        self.tempos.append(time.monotonic() - inicio)
        return estado, corpo

    async def criar(self) -> int:
        contato = {"nome": "Caos", "telefone": f"(31) 9{next(self._telefones)}"}
        estado, corpo = await self.pedir("POST", "/api/contatos", self.sessao, json=contato)
        self.estados[estado] += 1
        if estado == 201:
            self.criados.append(json.loads(corpo)["dados"]["id"])
        return estado

    async def usar(self) -> None:
        """One round: write, read what was written, who am I, and a session that was ended."""
        await self.criar()
        for caminho in (f"/api/contatos/{self.criados[-1]}" if self.criados else "/api/saude", "/api/autenticacao/eu"):
            self.estados[(await self.pedir("GET", caminho, self.sessao))[0]] += 1
        recusado, _ = await self.pedir("GET", "/api/autenticacao/eu", self.revogada)
        self.aceita_a_revogada |= recusado == 200
        await asyncio.sleep(0.02)

    def sumidos(self) -> list[str]:
        """Acknowledged and not there."""
        achados = self.arena.consultar("select id::text from contatos where id = any (%s)", [self.criados])
        return sorted(set(self.criados) - {x["id"] for x in achados})


@pytest.fixture
async def chamadas(arena: Arena) -> Chamadas:
    sessao = await arena.novo_cliente()
    revogada = abrir_sessao(arena.admin, sessao.cliente_id, sessao.usuario_id)
    estas = Chamadas(arena, sessao, revogada)
    estado, _ = await estas.pedir("POST", "/api/autenticacao/sair", revogada)
    assert estado in (200, 204), estado
    return estas


@contextlib.asynccontextmanager
async def sem_parar(passo: Callable[[], Awaitable[object]], quantos: int) -> AsyncIterator[None]:
    """`quantos` tasks that repeat `passo`; an error in one of them is raised on the way out."""

    async def repetir() -> None:
        while True:
            await passo()

    tarefas = [asyncio.create_task(repetir()) for _ in range(quantos)]
    try:
        yield
    finally:
        for tarefa in tarefas:
            tarefa.cancel()
        resultados = await asyncio.gather(*tarefas, return_exceptions=True)
    for resultado in resultados:
        if isinstance(resultado, Exception):
            raise resultado


def p99(tempos: list[float]) -> float:
    return sorted(tempos)[len(tempos) * 99 // 100] * 1000 if tempos else 0.0


async def _maltratar(arena: Arena, ponte: Ponte, falha: str) -> None:
    """One fault for `FALHA_S`, and back to normal."""
    async with Redis.from_url(arena.valkey.url) as valkey:
        match falha:
            case "fora" | "lenta" | "corta":
                ponte.mudar(falha)  # type: ignore[arg-type]
            case "somente_leitura":
                await valkey.execute_command("REPLICAOF", "127.0.0.1", "1")
            case "despeja":
                await valkey.config_set("maxmemory-policy", "allkeys-random")
                await valkey.config_set("maxmemory", "1")
        await asyncio.sleep(FALHA_S)
        ponte.mudar("passa")
        await valkey.execute_command("REPLICAOF", "NO", "ONE")
        await valkey.config_set("maxmemory", "268435456")
        await valkey.config_set("maxmemory-policy", "noeviction")


async def _concluida(arena: Arena, numero: Numero) -> bool:
    linhas = await asyncio.to_thread(arena.consultar, "select status from campanhas where id = %s", [numero.campanha])
    return bool(linhas[0]["status"] == "CONCLUIDA")


@pytest.mark.timeout(600 if LONGO else 120)
async def test_valkey_de_todo_jeito(
    arena: Arena, ponte: Ponte, chamadas: Chamadas, capsys: pytest.CaptureFixture[str]
) -> None:
    """Away, slow, cut, read-only, evicting: the API never fails nor lets anybody in, no number sends too fast."""
    await arena.controle("PUT", "/scenario", json={"meta": {"latency_ms": [20, 60]}})
    numero = await arena.novo_numero(PESSOAS)
    arena.workers += [arena.iniciar(*WORKER) for _ in range(2)]
    tempos: dict[str, float] = {}
    async with sem_parar(chamadas.usar, CHAMADORES):
        await asyncio.sleep(FALHA_S)
        tempos["normal"] = p99(chamadas.tempos)
        await arena.disparar(numero)
        for falha in ("fora", "lenta", "corta", "somente_leitura", "despeja"):
            chamadas.tempos.clear()
            await _maltratar(arena, ponte, falha)
            tempos[falha] = p99(chamadas.tempos)
            await asyncio.sleep(0.5)
    await ate(lambda: _concluida(arena, numero), 300 if LONGO else 90, "a campanha concluir")
    if LONGO:
        with capsys.disabled():
            print("\n" + json.dumps({"teste": "valkey", "p99_ms": {k: round(v, 1) for k, v in tempos.items()}}))
    assert set(chamadas.estados) <= {200, 201}, chamadas.estados
    assert not chamadas.aceita_a_revogada
    veredito = conferir(await arena.livro(), arena.banco())
    assert not veredito.especies & {"duplicada", "janela", "cerca"}, veredito.resumo()


@pytest.mark.timeout(600 if LONGO else 120)
async def test_postgres_cai_sob_escrita(arena: Arena, chamadas: Chamadas, capsys: pytest.CaptureFixture[str]) -> None:
    """What was acknowledged is there after every crash; the API serves again at once, on connections that live."""
    voltas: list[float] = []
    async with sem_parar(chamadas.criar, CHAMADORES):
        for _ in range(QUEDAS):
            antes = len(chamadas.criados)
            await ate(lambda n=antes: len(chamadas.criados) >= n + 20, 60, "escritas")  # type: ignore[misc]
            await asyncio.to_thread(arena.derrubar_postgres)
            de_volta = time.monotonic()
            estado = 0
            while estado != 201:
                estado = await chamadas.criar()
                assert time.monotonic() - de_volta < 60, estado
            voltas.append(time.monotonic() - de_volta)
            # as many at once as the pool may hold: a dead connection in it would answer one of them with 503
            eu = [chamadas.pedir("GET", "/api/autenticacao/eu", chamadas.sessao) for _ in range(40)]
            assert {estado for estado, _ in await asyncio.gather(*eu)} == {200}
    assert not chamadas.sumidos()
    assert max(voltas) <= VOLTA_S, voltas
    assert set(chamadas.estados) <= {201, 503}, chamadas.estados
    if LONGO:
        figuras = {"quedas": QUEDAS, "confirmadas": len(chamadas.criados), "volta_s_max": round(max(voltas), 2)}
        with capsys.disabled():
            print("\n" + json.dumps({"teste": "postgres", **figuras, "estados": dict(chamadas.estados)}))
