"""From a commit to the browser: five hundred streams of five tenants, two hundred changes a second; one JSON line.

    python -m bench fluxo

The API and one worker are the product's own processes; the clients live in a third. Of each tenant's streams a fifth
see everything, a third their teams, the rest their own. A change is one commit on one conversation; its latency counts
from the moment the statement was sent, commit included, to the moment a stream that may see it read its id. One client
sleeps through five hundred changes, wakes, reads again only what the stream names, and is compared with a fresh load.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import psutil
import psycopg

from app.config import carregar
from app.embutido import ServidorPostgres, ServidorValkey
from app.migracao import migrar

CLIENTES = 5
CONVERSAS = 200
ATUAIS = 200  # as many as one request takes
_SENHA = "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"


def _porta() -> int:
    with socket.socket() as livre:
        livre.bind(("127.0.0.1", 0))
        return int(livre.getsockname()[1])


def _um(admin: psycopg.Connection[Any], comando: str, valores: list[Any]) -> Any:
    linha = admin.execute(comando.encode(), valores).fetchone()
    assert linha
    return linha[0]


class Empresa:
    """One tenant: people with their sessions, conversations with their owners."""

    def __init__(self, admin: psycopg.Connection[Any], numero: int, fluxos: int, sorte: random.Random) -> None:
        self.id: UUID = _um(
            admin,
            "select plataforma.cliente_criar(%s, 'EMPRESA', 'Administração', %s, %s) ->> 'clienteId'",
            [f"Empresa {numero}", f"{secrets.token_hex(4)}@bench.test", _SENHA],
        )
        self.tokens: list[str] = []
        self.usuarios: list[UUID] = []
        equipes = [
            _um(admin, "insert into equipes (cliente_id, nome) values (%s, %s) returning id", [self.id, f"E{n}"])
            for n in range(8)
        ]
        perfis = {v: self._perfil(admin, v) for v in ("TODAS", "EQUIPE", "PROPRIA")}
        for n in range(fluxos):
            visibilidade = "TODAS" if n < fluxos // 5 else "EQUIPE" if n < fluxos // 2 else "PROPRIA"
            self._pessoa(admin, perfis[visibilidade], sorte.choice(equipes))
        self.conversas = self._abrir(admin, equipes, sorte)

    def _perfil(self, admin: psycopg.Connection[Any], visibilidade: str) -> UUID:
        perfil: UUID = _um(
            admin, "insert into perfis (cliente_id, nome, visibilidade) values (%s, %s, %s) returning id",
            [self.id, visibilidade, visibilidade],
        )  # fmt: skip
        admin.execute("insert into perfis_permissoes values (%s, %s, 'conversas:ler')", [self.id, perfil])
        return perfil

    def _pessoa(self, admin: psycopg.Connection[Any], perfil: UUID, equipe: UUID) -> None:
        usuario = _um(
            admin,
            "insert into usuarios (cliente_id, perfil_id, nome, email) values (%s, %s, 'Pessoa', %s) returning id",
            [self.id, perfil, f"{secrets.token_hex(6)}@bench.test"],
        )  # fmt: skip
        admin.execute("insert into equipes_membros values (%s, %s, %s)", [self.id, equipe, usuario])
        segredo = secrets.token_urlsafe(32)
        admin.execute(
            "insert into sessoes (cliente_id, usuario_id, acesso_hash, acesso_expira_em, renovacao_hash,"
            " renovacao_expira_em) values (%s, %s, sha256(convert_to(%s, 'UTF8')), now() + interval '1 day',"
            " sha256(uuid_send(uuidv7())), now() + interval '1 day')",
            [self.id, usuario, segredo],
        )
        self.usuarios.append(usuario)
        self.tokens.append(f"{self.id}.{segredo}")

    def _abrir(self, admin: psycopg.Connection[Any], equipes: list[UUID], sorte: random.Random) -> list[UUID]:
        conexao = _um(
            admin,
            "insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, credenciais)"
            " values (%s, 'Número', 'WHATSAPP', 'META_API', %s, %s) returning id",
            [self.id, str(10**14 + secrets.randbelow(10**13)), secrets.token_bytes(64)],
        )
        conversas = []
        for n in range(CONVERSAS):
            contato = _um(
                admin, "insert into contatos (cliente_id, nome) values (%s, %s) returning id", [self.id, f"P{n}"]
            )
            conversas.append(
                _um(
                    admin,
                    "insert into conversas (cliente_id, conexao_id, contato_id, usuario_id, equipe_id, status,"
                    " controle) values (%s, %s, %s, %s, %s, 'EM_ATENDIMENTO', 'HUMANO') returning id",
                    [self.id, conexao, contato, sorte.choice(self.usuarios), sorte.choice(equipes)],
                )
            )
        return conversas


class Cliente:
    """One stream; `atrasos` in seconds, one for each change that it heard."""

    mudadas: dict[str, float]

    def __init__(self, token: str) -> None:
        self.cabecalho = {"Authorization": f"Bearer {token}"}
        self.numero: str | None = None
        self.ids: set[str] = set()
        self.recarregou = False
        self.atrasos: list[float] = []

    async def seguir(self, http: aiohttp.ClientSession, url: str) -> None:
        extra = {"Last-Event-ID": self.numero} if self.numero else {}
        async with http.get(url + "/api/eventos/fluxo", headers={**self.cabecalho, **extra}) as resposta:
            assert resposta.status == 200, resposta.status
            async for linha in resposta.content:
                if linha.startswith(b"id: "):
                    self.numero = linha[4:].strip().decode()
                elif linha.startswith(b"event: recarregar"):
                    self.recarregou = True
                elif linha.startswith(b"data: "):
                    agora = time.perf_counter()
                    for id_ in json.loads(linha[6:]).get("ids", ()):
                        self.ids.add(id_)
                        if id_ in self.mudadas:
                            self.atrasos.append(agora - self.mudadas[id_])


async def mudar(url: str, empresas: list[Empresa], por_segundo: int, segundos: float, mudadas: dict[str, float]) -> int:
    """Commit one change after another at an even pace, over a few connections."""
    conexoes = [await psycopg.AsyncConnection.connect(url, autocommit=True) for _ in range(4)]
    inicio, feitas = time.perf_counter(), 0

    async def uma(n: int, trava: asyncio.Lock, conexao: psycopg.AsyncConnection[Any]) -> None:
        empresa = empresas[n % len(empresas)]
        conversa = empresa.conversas[n // len(empresas) % CONVERSAS]
        async with trava:
            # before it: the stream may well be told before this task is
            mudadas[str(conversa)] = time.perf_counter()
            await conexao.execute(
                "update conversas set nao_lidas = nao_lidas + 1 where cliente_id = %s and id = %s",
                [empresa.id, conversa],
            )

    travas = [asyncio.Lock() for _ in conexoes]
    tarefas = []
    while (agora := time.perf_counter() - inicio) < segundos:
        while feitas < agora * por_segundo:
            tarefas.append(asyncio.create_task(uma(feitas, travas[feitas % 4], conexoes[feitas % 4])))
            feitas += 1
        await asyncio.sleep(0.002)
    await asyncio.gather(*tarefas)
    for conexao in conexoes:
        await conexao.close()
    return feitas


async def ler_tudo(http: aiohttp.ClientSession, url: str, cliente: Cliente) -> dict[str, dict[str, Any]]:
    lidas: dict[str, dict[str, Any]] = {}
    cursor = None
    while True:
        consulta = {"limite": "200", **({"cursor": cursor} if cursor else {})}
        async with http.get(url + "/api/conversas", params=consulta, headers=cliente.cabecalho) as resposta:
            pagina = await resposta.json()
        lidas |= {c["id"]: c for c in pagina["dados"]}
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            return lidas


async def dormir(http: aiohttp.ClientSession, url: str, banco: str, empresa: Empresa) -> dict[str, object]:
    """Load, sleep through 500 changes, wake and read what the stream names: the same as a fresh load?"""
    cliente = Cliente(empresa.tokens[0])
    cliente.mudadas = {}
    ouvindo = asyncio.create_task(cliente.seguir(http, url))
    await _ate(lambda: cliente.numero is not None)
    tela = await ler_tudo(http, url, cliente)
    ouvindo.cancel()
    await asyncio.gather(ouvindo, return_exceptions=True)
    mudadas: dict[str, float] = {}
    await mudar(banco, [empresa], 250, 2.0, mudadas)
    await asyncio.sleep(1)
    cliente.ids.clear()
    inicio = time.perf_counter()
    ouvindo = asyncio.create_task(cliente.seguir(http, url))
    await _ate(lambda: cliente.ids >= set(mudadas))
    ids = list(cliente.ids)
    for leva in (ids[n : n + ATUAIS] for n in range(0, len(ids), ATUAIS)):
        consulta = [("id", id_) for id_ in leva]
        async with http.get(f"{url}/api/conversas/atuais", params=consulta, headers=cliente.cabecalho) as resposta:
            tela |= {c["id"]: c for c in (await resposta.json())["dados"]["dados"]}
    acordou_s = time.perf_counter() - inicio
    fresca = await ler_tudo(http, url, cliente)
    ouvindo.cancel()
    await asyncio.gather(ouvindo, return_exceptions=True)
    iguais = {i: c["naoLidas"] for i, c in tela.items()} == {i: c["naoLidas"] for i, c in fresca.items()}
    return {"mudadas": len(mudadas), "igual": iguais, "recarregou": cliente.recarregou, "s": round(acordou_s, 2)}


async def _ate(condicao: Callable[[], bool], prazo_s: float = 30) -> None:
    limite = time.perf_counter() + prazo_s
    while not condicao():
        assert time.perf_counter() < limite, "it did not come to that"
        await asyncio.sleep(0.005)


def _subir(ambiente: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    return [
        subprocess.Popen(
            [sys.executable, "-m", "app.cli", nome], env=ambiente, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for nome in ("api", "worker")
    ]


def _ambiente(pasta: Path, porta: int, banco: str, redis: str) -> dict[str, str]:
    chave = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    return {
        **os.environ, "BALCAO_HOME": str(pasta), "PORT": str(porta), "DATABASE_URL": banco, "REDIS_URL": redis,
        "BALCAO_CHAVES": f"k1:{chave}", "POOL_MAX": "20",
    }  # fmt: skip


async def correr(fluxos: int, por_segundo: int, segundos: float) -> dict[str, object]:
    sorte = random.Random(1)
    with (
        tempfile.TemporaryDirectory() as pasta,
        ServidorPostgres(Path(pasta) / "pg") as servidor,
        ServidorValkey(Path(pasta) / "valkey") as valkey,
    ):
        porta = _porta()
        ambiente = _ambiente(Path(pasta) / "home", porta, servidor.url(banco="balcao"), valkey.url)
        os.environ.update(ambiente)
        config = carregar()
        migrar(config)
        banco = servidor.url(banco="balcao")
        with psycopg.connect(banco, autocommit=True) as admin:
            empresas = [Empresa(admin, n, fluxos // CLIENTES, sorte) for n in range(CLIENTES)]
        processos = _subir(ambiente)
        url = f"http://127.0.0.1:{porta}"
        try:
            limite = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(connector=limite, timeout=aiohttp.ClientTimeout(total=None)) as http:
                return await _medir(http, url, banco, empresas, processos, fluxos, por_segundo, segundos)
        finally:
            for processo in processos:
                processo.terminate()
            for processo in processos:
                processo.wait(20)


async def _medir(
    http: aiohttp.ClientSession, url: str, banco: str, empresas: list[Empresa],
    processos: list[subprocess.Popen[bytes]], fluxos: int, por_segundo: int, segundos: float,
) -> dict[str, object]:  # fmt: skip
    for _ in range(300):
        try:
            async with http.get(url + "/api/saude"):
                break
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)
    mudadas: dict[str, float] = {}
    clientes = [Cliente(token) for empresa in empresas for token in empresa.tokens]
    api, worker = (psutil.Process(p.pid) for p in processos)
    antes = api.memory_info().rss
    tarefas = []
    for cliente in clientes:
        cliente.mudadas = mudadas
        tarefas.append(asyncio.create_task(cliente.seguir(http, url)))
        await asyncio.sleep(0.005)
    await _ate(lambda: all(c.numero is not None for c in clientes))
    await asyncio.sleep(1)
    memoria = (api.memory_info().rss - antes) / len(clientes) / 1024
    ocioso = [sum(p.cpu_times()[:2]) for p in (api, worker)]
    await asyncio.sleep(5)
    ocioso = [(sum(p.cpu_times()[:2]) - o) / 5 for p, o in zip((api, worker), ocioso, strict=True)]
    for cliente in clientes:
        cliente.atrasos.clear()
    cpu = [sum(p.cpu_times()[:2]) for p in (api, worker)]
    feitas = await mudar(banco, empresas, por_segundo, segundos, mudadas)
    await asyncio.sleep(1)
    cpu = [(sum(p.cpu_times()[:2]) - c) / segundos for p, c in zip((api, worker), cpu, strict=True)]
    atrasos = sorted(a for c in clientes for a in c.atrasos)
    for tarefa in tarefas:
        assert not tarefa.done(), "a stream ended"
        tarefa.cancel()
    await asyncio.gather(*tarefas, return_exceptions=True)
    sono = await dormir(http, url, banco, empresas[0])
    return {
        "bench": "fluxo", "fluxos": fluxos, "clientes": CLIENTES, "mudancas": feitas, "por_s": round(feitas / segundos),
        "entregas": len(atrasos), "p50_ms": round(atrasos[len(atrasos) // 2] * 1000),
        "p99_ms": round(atrasos[int(len(atrasos) * 0.99)] * 1000), "max_ms": round(atrasos[-1] * 1000),
        "kb_por_fluxo": round(memoria, 1), "cpu_api": round(cpu[0], 2), "cpu_worker": round(cpu[1], 2),
        "cpu_api_ociosa": round(ocioso[0], 3), "cpu_worker_ocioso": round(ocioso[1], 3),
        "sono": sono, "carga_da_maquina": [round(c, 1) for c in os.getloadavg()],
    }  # fmt: skip


def main() -> None:
    opcoes = argparse.ArgumentParser()
    opcoes.add_argument("--fluxos", type=int, default=500)
    opcoes.add_argument("--por-segundo", type=int, default=200)
    opcoes.add_argument("--segundos", type=float, default=20)
    lidas = opcoes.parse_args()
    print(json.dumps(asyncio.run(correr(lidas.fluxos, lidas.por_segundo, lidas.segundos))))


if __name__ == "__main__":
    main()
