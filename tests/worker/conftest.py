"""The worker against the simulator: real PostgreSQL, real Valkey, real HTTP, in this process."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import pytest
from redis.asyncio import Redis

from app.armazem import Armazem
from app.banco import Banco
from app.cifra import Cofre, hash_verificacao
from app.config import Chave
from app.credenciais import CredenciaisMeta
from app.embutido import ServidorValkey
from app.limitador import FuncoesDoBanco, Limitador
from app.provedores.meta import Meta
from app.provedores.meta_gestao import MetaGestao
from app.provedores.meta_midia import MetaMidia
from app.simulador.cena import preparar_conta
from app.simulador.servidor import ConfigSimulador, Simulador
from app.worker.contexto import Contexto
from app.worker.laco import Laco
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

CHAVE = "chave-do-controle"
COFRE = Cofre([Chave("k1", b"0" * 32)])
MODELO = {
    "name": "promo",
    "language": "pt_BR",
    "category": "MARKETING",
    "components": [{"type": "BODY", "text": "Olá {{1}}, seu desconto é {{2}}."}],
}


@dataclass
class Palco:
    """A tenant whose number exists at the simulator, and the means to run workers on it."""

    cena: Cena
    simulador: Simulador
    banco_worker: Banco
    valkey: ServidorValkey
    http: aiohttp.ClientSession
    numero_id_externo: str
    segredo_app: str
    laco: list[asyncio.Task[None]] = field(default_factory=list)
    pasta: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)

    @property
    def armazem(self) -> Armazem:
        """Where this tenant's workers keep media; one folder, however often it is asked for."""
        raiz = Path(self.pasta.name)
        return Armazem(raiz.as_uri(), raiz / "recebendo")

    async def controle(self, metodo: str, caminho: str, **extra: Any) -> Any:
        url = f"{self.simulador.url_controle}/__sim/v1{caminho}"
        async with self.http.request(metodo, url, headers={"X-Sim-Key": CHAVE}, **extra) as resposta:
            assert resposta.status == 200, await resposta.text()
            return await resposta.json()

    async def livro(self) -> list[dict[str, Any]]:
        linhas = await self.controle("GET", "/ledger")
        return [x for x in linhas if x["attempt"]["number"] == self.numero_id_externo]

    @contextlib.asynccontextmanager
    async def worker(self, nome: str | None = None) -> AsyncIterator[Contexto]:
        """One worker, drained on the way out."""
        dono = nome or f"teste:{secrets.token_hex(4)}"
        redis = Redis.from_url(self.valkey.url, socket_timeout=None)
        limitador = Limitador(redis, FuncoesDoBanco(self.banco_worker), processo=dono)
        meta = Meta(self.simulador.url_meta, "v25.0")
        midia = MetaMidia(self.simulador.url_meta, "v25.0")
        gestao = MetaGestao(self.simulador.url_meta, "v25.0")
        contexto = Contexto(
            dono,
            self.banco_worker,
            limitador,
            COFRE,
            provedores={"META_API": meta},
            midias={"META_API": midia},
            leituras={"META_API": meta},
            saudes={"META_API": gestao},
            armazem=self.armazem,
        )
        await limitador.iniciar()
        tarefa = asyncio.create_task(Laco(contexto).correr())
        try:
            yield contexto
        finally:
            contexto.parar.set()
            await tarefa
            await limitador.encerrar()
            await meta.fechar()
            await midia.fechar()
            await gestao.fechar()
            await redis.aclose()


def porta_livre() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="module")
async def simulador() -> AsyncIterator[Simulador]:
    config = ConfigSimulador(chave_controle=CHAVE, porta_meta=0, porta_controle=0)
    async with Simulador(config) as s:
        yield s


@pytest.fixture(scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as sessao:
        yield sessao


@pytest.fixture
async def palco(
    admin: Admin,
    novo_cliente: Callable[..., Any],
    banco_worker: Banco,
    valkey: ServidorValkey,
    simulador: Simulador,
    http: aiohttp.ClientSession,
) -> Palco:
    """A fresh tenant with 30 contacts and its own number."""
    return await montar_palco(admin, await novo_cliente("Palco"), banco_worker, valkey, simulador, http)


async def montar_palco(
    admin: Admin,
    sessao: Any,
    banco_worker: Banco,
    valkey: ServidorValkey,
    simulador: Simulador,
    http: aiohttp.ClientSession,
    contatos: int = 30,
    callback_url: str = "http://127.0.0.1:9/sem-ninguem",
) -> Palco:
    cena = cenas.montar(admin, sessao, contatos)
    segredo, token = secrets.token_hex(16), secrets.token_hex(16)
    selado = COFRE.selar(
        msgspec.json.encode(CredenciaisMeta(access_token=token, app_secret=segredo, verify_token="v")),
        cena.cliente_id,
        cena.conexao_id,
    )
    linha = admin.execute(
        "update conexoes set credenciais = %s, verificacao_hash = %s, segredo_impressao = %s where id = %s"
        " returning numero_id_externo, conta_id_externa",
        [selado, hash_verificacao("v"), COFRE.impressao(segredo), cena.conexao_id],
    ).fetchone()
    assert linha
    await preparar_conta(
        simulador.url_controle,
        CHAVE,
        app_secret=segredo,
        verify_token="v",
        callback_url=callback_url,
        waba_id=linha["conta_id_externa"],
        phone_number_id=linha["numero_id_externo"],
        display_phone_number="55119" + str(secrets.randbelow(10**8)).zfill(8),
        token=token,
        modelos=[MODELO],
    )
    return Palco(cena, simulador, banco_worker, valkey, http, linha["numero_id_externo"], segredo)


async def esperar(condicao: Callable[[], Any], prazo_s: float = 20.0) -> Any:
    """Poll until the (async) condition is truthy; returns its value."""
    fim = asyncio.get_running_loop().time() + prazo_s
    while True:
        if valor := await condicao():
            return valor
        assert asyncio.get_running_loop().time() < fim, "o prazo acabou"
        await asyncio.sleep(0.05)


def telefone_magico(admin: Admin, contato: UUID, sufixo: str) -> None:
    """Give a contact one of the simulator's magic numbers."""
    admin.execute("update contatos set telefone = null where telefone = %s", [f"+551199999{sufixo}"])
    admin.execute("update contatos set telefone = %s where id = %s", [f"+551199999{sufixo}", contato])
