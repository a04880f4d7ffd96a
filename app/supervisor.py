"""`balcao up`: the whole product on one machine, each part a process of its own.

Servers, migrations and seed come first and in order; then the children run until a signal, and whatever
dies, child or server, is started again. Everything is forked from the main thread, because the kernel ties "stop
when your parent dies" to the thread that forked.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from app.config import Config
from app.embutido import (
    ErroEmbutido,
    ServidorPostgres,
    ServidorValkey,
    Trava,
    binario_postgres,
    binario_valkey,
    encerrar,
    gravar_privado,
    preparar_filho,
)
from app.filhos import Grupo, Programa

PRAZO_DE_PARTIDA_S = 60.0
VIGIA_S = 1.0

Servidores = Mapping[str, ServidorPostgres | ServidorValkey]
"""The embedded servers by name; empty when both are given by URL."""

DEMO_USUARIO = "admin@demo.local"
DEMO_SENHA = "balcao-demo"


class ErroSupervisor(RuntimeError):
    """The product cannot start; the message is for the person at the terminal."""


# --------------------------------------------------------------------------- balcao up


def subir(config: Config, *, demo: bool = False) -> int:
    """Run everything until a signal; with `demo`, until the demonstration ends. Returns the exit status."""
    # Until the children run, SIGTERM behaves as Ctrl-C: what has started is stopped on the way out.
    signal.signal(signal.SIGTERM, _interromper)
    signal.signal(signal.SIGHUP, _interromper)
    with ExitStack() as pilha:
        _travar(config, Trava(config.home / "trava"), pilha)
        pilha.callback(config.arquivo_estado.unlink, missing_ok=True)
        _encerrar_sobras(config.arquivo_estado)
        _conferir_portas(config)
        servidores = _iniciar_servidores(config, pilha)
        _preparar_banco(config)
        return asyncio.run(_supervisionar(config, servidores, demo=demo))


@contextlib.contextmanager
def banco_no_ar(config: Config) -> Iterator[None]:
    """The database for one command: the running one, or the embedded one for as long as it takes."""
    trava = Trava(config.home / "trava")
    if not config.banco_embutido or trava.ocupada():
        yield
        return
    with ExitStack() as pilha:
        _travar(config, trava, pilha)
        pilha.enter_context(ServidorPostgres(config.pasta_postgres))
        yield


def recriar_banco(config: Config) -> None:
    """Throw the embedded database away and make it again with the demonstration."""
    if not config.banco_embutido:
        raise ErroSupervisor("DATABASE_URL aponta para um banco que não é o embutido; ele não será apagado.")
    with ExitStack() as pilha:
        _travar(config, Trava(config.home / "trava"), pilha)
        shutil.rmtree(config.pasta_postgres, ignore_errors=True)
        pilha.enter_context(ServidorPostgres(config.pasta_postgres))
        _preparar_banco(config)


def _travar(config: Config, trava: Trava, pilha: ExitStack) -> None:
    config.home.mkdir(parents=True, exist_ok=True)
    if not trava.obter():
        raise ErroSupervisor(
            f"O Balcão já está rodando com {config.home} (processo {trava.dono() or '?'}). "
            "Veja `balcao info`, ou use outra pasta em BALCAO_HOME."
        )
    pilha.callback(trava.soltar)


def _preparar_banco(config: Config) -> None:
    with _etapa("Migrando o banco"):
        _importar("app.migracao", "migrar")(config)
    with _etapa("Preparando a demonstração"):
        _importar("app.semente", "semear_demo")(config)


def _interromper(_sinal: int, _quadro: Any) -> None:
    raise KeyboardInterrupt


def _importar(modulo: str, nome: str) -> Callable[..., Any]:
    # Late, so that `balcao info` or `--help` does not pay for the whole product.
    funcao: Callable[..., Any] = getattr(importlib.import_module(modulo), nome)
    return funcao


@contextlib.contextmanager
def _etapa(texto: str) -> Iterator[None]:
    inicio = time.monotonic()
    sys.stdout.write(f"{texto}… ")
    sys.stdout.flush()
    try:
        yield
    except BaseException:
        sys.stdout.write("\n")
        raise
    sys.stdout.write(f"{time.monotonic() - inicio:.1f} s\n".replace(".", ","))
    sys.stdout.flush()


def _iniciar_servidores(config: Config, pilha: ExitStack) -> Servidores:
    """Start what is embedded; the stack stops it in reverse: Valkey, then PostgreSQL."""
    servidores: dict[str, ServidorPostgres | ServidorValkey] = {}
    if config.banco_embutido:
        with _etapa("Iniciando o PostgreSQL"):
            servidores["postgres"] = pilha.enter_context(ServidorPostgres(config.pasta_postgres))
    if config.redis_embutido:
        with _etapa("Iniciando o Valkey"):
            servidores["valkey"] = pilha.enter_context(ServidorValkey(config.pasta_valkey))
    return servidores


async def _vigiar(servidores: Servidores, ao_mudar: Callable[[], None]) -> None:
    """Start an embedded server again when it dies, for as long as this runs."""
    while True:
        await asyncio.sleep(VIGIA_S)
        for nome, servidor in servidores.items():
            if servidor.pid is not None:
                continue
            sys.stdout.write(f"{nome} parou; iniciando de novo\n")
            sys.stdout.flush()
            # in this thread, however long it takes: a child dies with the thread that made it
            try:
                servidor.parar()
                servidor.iniciar()
            except (ErroEmbutido, OSError) as erro:
                sys.stdout.write(f"{nome} não voltou: {erro}\n")
                continue
            ao_mudar()


def programas(config: Config) -> list[Programa]:
    """The children, in the order in which they are stopped."""
    ambiente = {"BALCAO_HOME": str(config.home), "PYTHONUNBUFFERED": "1"}
    if not config.meta_api_informada:
        ambiente["META_API_URL"] = config.url_simulador_meta
    if not config.uaizap_hosts_informados and config.simulador_host in ("127.0.0.1", "localhost"):
        ambiente["UAIZAP_HOSTS"] = ",".join((*config.uaizap_hosts, config.url_simulador_uaizap))
    if config.log_formato == "auto" and sys.stdout.isatty():
        # Through our pipe the children no longer see the terminal.
        ambiente["LOG_FORMATO"] = "console"
    return [
        Programa("api", comando_balcao("api"), ambiente, prazo_s=12),
        Programa("worker", comando_balcao("worker"), ambiente, prazo_s=15),
        Programa("simulador", comando_balcao("simulador"), ambiente, prazo_s=5),
    ]


def comando_balcao(*argumentos: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", *argumentos]


async def _supervisionar(config: Config, servidores: Servidores, *, demo: bool) -> int:
    def gravar() -> None:
        _gravar_estado(config, servidores, grupo)

    grupo = Grupo(programas(config), gravar)
    laco = asyncio.get_running_loop()
    for sinal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        laco.add_signal_handler(sinal, grupo.sinal)
    # the simulator forgets its accounts: a worker that sends before they are back would take its refusals for the truth
    simulado = not config.meta_api_informada
    grupo.iniciar(*(["api", "simulador"] if simulado and not demo else []))
    vigia = asyncio.create_task(_vigiar(servidores, gravar))
    try:
        if not await _esperar_api(config, grupo):
            if grupo.parar.is_set():
                return 0
            sys.stdout.write(f"A API não respondeu em {PRAZO_DE_PARTIDA_S:.0f} s; veja as mensagens acima.\n")
            return 1
        if demo:
            return await _executar_demo(config, grupo)
        if simulado:
            for aviso in await _importar("app.semente", "conectar_demo")(config):
                sys.stdout.write(f"Demonstração: {aviso}\n")
            grupo.iniciar("worker")
            await grupo.nascer()
        gravar()
        sys.stdout.write(_boas_vindas(config))
        sys.stdout.flush()
        await grupo.parar.wait()
        return 0
    finally:
        sys.stdout.write("\nEncerrando (Ctrl-C de novo para não esperar)…\n")
        sys.stdout.flush()
        vigia.cancel()
        await grupo.encerrar()


async def _esperar_api(config: Config, grupo: Grupo) -> bool:
    prazo = time.monotonic() + PRAZO_DE_PARTIDA_S
    while time.monotonic() < prazo and not grupo.parar.is_set():
        if await asyncio.to_thread(_api_saudavel, config.url_api):
            return True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(grupo.parar.wait(), 0.1)
    return False


def _api_saudavel(url: str) -> bool:
    # Without a proxy: the address is this machine, whatever http_proxy says.
    abridor = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with abridor.open(f"{url}/api/saude", timeout=2) as resposta:
            return bool(resposta.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


async def _executar_demo(config: Config, grupo: Grupo) -> int:
    processo = await asyncio.create_subprocess_exec(
        *comando_balcao("demo"),
        env={**os.environ, **programas(config)[0].ambiente},
        start_new_session=True,
        preexec_fn=preparar_filho(signal.SIGTERM),
    )
    fim = asyncio.create_task(processo.wait())
    parar = asyncio.create_task(grupo.parar.wait())
    await asyncio.wait({fim, parar}, return_when=asyncio.FIRST_COMPLETED)
    parar.cancel()
    if not fim.done():
        processo.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(fim), 5)
        if not fim.done():
            processo.kill()
        await fim
        return 130
    return fim.result()


def _boas_vindas(config: Config) -> str:
    return f"""
  Balcão no ar:  {config.url_api}
  Demonstração:  {DEMO_USUARIO} / {DEMO_SENHA}
  Simulador:     {config.url_simulador}/ledger/summary (X-Sim-Key: {config.simulador_chave})
  Banco e mais:  balcao info · balcao psql
  Para parar:    Ctrl-C (os dados ficam em {config.home})

"""


# --------------------------------------------------------------------------- state and left-overs


def versoes() -> dict[str, str]:
    resultado = {"python": ".".join(str(parte) for parte in sys.version_info[:3])}
    with contextlib.suppress(PackageNotFoundError):
        resultado["balcao"] = version("balcao")
    # what the embedded binaries say of themselves; servers given by URL are somebody else's
    binarios = {"postgres": binario_postgres("postgres"), "valkey": binario_valkey()}
    for nome, binario in binarios.items():
        saida = subprocess.run([binario, "--version"], capture_output=True, text=True, check=False).stdout
        if achado := re.search(r"\d+(\.\d+)+", saida):
            resultado[nome] = achado.group()
    return resultado


def _gravar_estado(config: Config, servidores: Servidores, grupo: Grupo) -> None:
    pids = {"up": os.getpid(), **{nome: servidor.pid or 0 for nome, servidor in servidores.items()}}
    pids |= {filho.programa.nome: filho.pid for filho in grupo.filhos if filho.pid}
    estado = {
        "api": config.url_api,
        "database": config.url_dba(tcp=True),
        "redis": config.url_redis,
        "simulador": config.url_simulador,
        "home": str(config.home),
        "versoes": versoes(),
        "processos": {nome: {"pid": pid, "desde": _nascimento(pid)} for nome, pid in pids.items()},
    }
    gravar_privado(config.arquivo_estado, json.dumps(estado, ensure_ascii=False, indent=2) + "\n")


def ler_estado(config: Config) -> dict[str, Any] | None:
    """What the running product wrote about itself; None when nothing runs on this home."""
    if not Trava(config.home / "trava").ocupada():
        return None
    return _ler(config.arquivo_estado)


def _ler(arquivo: Path) -> dict[str, Any] | None:
    try:
        estado = json.loads(arquivo.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return estado if isinstance(estado, dict) else None


def _nascimento(pid: int) -> float:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).create_time()
    return 0.0


def _encerrar_sobras(arquivo: Path) -> None:
    """Children of a killed supervisor are on their way out; give them a moment, then insist."""
    for nome, dados in ((_ler(arquivo) or {}).get("processos") or {}).items():
        # The servers have their own way (`embutido`), and the supervisor itself is known to be gone.
        if nome in {"up", "postgres", "valkey"}:
            continue
        with contextlib.suppress(psutil.Error, KeyError, TypeError, ValueError):
            processo = psutil.Process(int(dados["pid"]))
            # The same number born at another time is somebody else's process.
            if abs(processo.create_time() - float(dados["desde"])) < 0.05:
                encerrar(processo, ((signal.SIGTERM, 5), (signal.SIGKILL, 5)))


def _conferir_portas(config: Config) -> None:
    """Say now what would otherwise be a child failing over and over."""
    for variavel, host, porta in (
        ("PORT", config.host, config.porta),
        ("SIMULADOR_PORTA_CONTROLE", config.simulador_host, config.simulador_porta_controle),
        ("SIMULADOR_PORTA_META", config.simulador_host, config.simulador_porta_meta),
        ("SIMULADOR_PORTA_UAIZAP", config.simulador_host, config.simulador_porta_uaizap),
    ):
        try:
            familia, _, _, _, endereco = socket.getaddrinfo(host, porta, type=socket.SOCK_STREAM)[0]
            with socket.socket(familia, socket.SOCK_STREAM) as tomada:
                tomada.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tomada.bind(endereco)
        except OSError as erro:
            raise ErroSupervisor(
                f"{variavel}: não é possível usar {host}:{porta} ({erro.strerror}). "
                f"Escolha outra porta, por exemplo: {variavel}={porta + 1} make run"
            ) from erro
