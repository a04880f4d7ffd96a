"""A morning of twenty agents, replayed: how many of their reads the cache answers, and how fast; one JSON line.

    python -m bench cache
    python -m bench.cache --segundos 120 --visao EQUIPE

Real processes: PostgreSQL, Valkey, the API over HTTP, and the relay of a worker. The seed gives the same morning again.

Each agent is a browser in the inbox: it holds the stream of events open, and asks for the pages and regions that the
scripts ask for (vivo.js, lista.js, lista-vivas.js, conversas.js), when they do: of what the stream names, the cards
that its tab shows or might show, at most once a second; of the conversation that is open, the lines that came after
the last ones, and its composer. What a page reads of the database is the page's business. A screen never polls here:
saying that one is there, every few seconds, reads nothing but who one is, and is left out.

The mix, per agent and hour, is that of people who serve about twelve conversations an hour, five at a time, with five
messages each way: 60 messages come in, 60 go out (each then changes three times: sent, delivered, read), 60 times one
goes back to a conversation, 60 marks of reading, 12 taken, 12 resolved, 60 looks at another tab of the list and back,
30 times the inbox entered, 12 times a list walked on, 12 searches, 12 people looked up, 4 strangers who write for the
first time. Of the 16 attendants ten look at "Minhas", three at the queue, three at everything they see, as the
supervisors and the administrator do.

`taxa` is of the reads that may be kept; `taxa_de_todas`, of every call that the pages made, with what is always asked
of the database: writes, what is one's own, the thread, the desk.
`--visao`: what the 16 attendants see (1 administrator sees everything, 3 supervisors their teams).
`--vezes`: how many times faster than life. The TTLs stay, so above 1 they flatter a little; the default is 1.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import psycopg
from psycopg.rows import dict_row

from app.banco import Banco
from app.config import Config, carregar, nova_chave
from app.embutido import ServidorPostgres, ServidorValkey, porta_livre, preparar_filho
from app.migracao import migrar
from tests.conftest import SENHA_HASH, Sessao, abrir_sessao
from tests.sql import cenas

POR_HORA = {
    "entra": 60, "envia": 60, "volta": 60, "le": 60, "pega": 12, "resolve": 12, "aba": 60, "pagina": 30, "mais": 12,
    "busca": 12, "pessoa": 12, "estranho": 4,
}  # fmt: skip
STATUS_S = (1.0, 2.0, 20.0)  # sent, delivered, read: after so long
DO_FIO = frozenset({"conversa", "mensagem", "nota"})
DA_LISTA = DO_FIO | {"rascunho", "contagem", "mencao"}
RAIZ = Path(__file__).resolve().parents[1]
_CARTAO = re.compile(r'<li id="c-([0-9a-f-]{36})"')
_LINHA = re.compile(r'<li id="m-([0-9a-f-]{36})"')
_CURSOR = re.compile(r"cursor=([0-9a-f]{32,})")
_MEDIDA = re.compile(r'^balcao_cache_total\{namespace="(\w+)",resultado="(\w+)"\} ([0-9.e+]+)', re.MULTILINE)


@dataclass
class Cena:
    admin: psycopg.Connection[dict[str, Any]]
    http: aiohttp.ClientSession
    url: str
    registro: Path
    sorte: random.Random
    dona: Sessao
    conexao_id: UUID = field(init=False)
    contatos: list[UUID] = field(init=False)
    conversas: list[UUID] = field(default_factory=list)
    equipes: list[UUID] = field(default_factory=list)
    agentes: list[Agente] = field(default_factory=list)
    pedidos: dict[str, int] = field(default_factory=dict)
    falhas: dict[str, int] = field(default_factory=dict)

    def escrever(self, conversa: UUID) -> None:
        self.admin.execute(
            "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, origem,"
            " ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'Bom dia', 'RECEBIDA', 'CONTATO', now())",
            [self.dona.cliente_id, conversa, self.conexao_id],
        )

    def aparecer(self) -> None:
        """Somebody whom nobody knew writes."""
        nova = self.admin.execute(
            "with c as (insert into contatos (cliente_id, nome) values (%(c)s, 'Estranho') returning id)"
            " insert into conversas (cliente_id, conexao_id, contato_id, equipe_id, status, janela_expira_em, fila_em)"
            " select %(c)s, %(x)s, c.id, %(e)s, 'ABERTA', now() + interval '1 day', now() from c returning id",
            {"c": self.dona.cliente_id, "x": self.conexao_id, "e": self.sorte.choice(self.equipes)},
        ).fetchone()
        assert nova
        self.conversas.append(nova["id"])
        self.escrever(nova["id"])


@dataclass(eq=False)
class Agente:
    """A browser with the inbox open: what it shows, and what its scripts ask for."""

    cena: Cena
    sessao: Sessao
    aba: str = "todas"
    minhas: list[UUID] = field(default_factory=list)
    aberta: UUID | None = None
    linhas: list[str] = field(default_factory=list)
    cursor: str | None = None
    cartoes: set[str] = field(default_factory=set)
    pendentes: set[str] = field(default_factory=set)
    acima: bool = False
    ao_redor: bool = False
    revendo: bool = False
    do_fio: set[str] = field(default_factory=set)
    seguindo: bool = False

    async def pedir(self, metodo: str, rota: str, corpo: object = None, alvo: str | None = None) -> str | None:
        cookie = f"__Host-sessao={self.sessao.token}|{int(time.time()) + 43_200}"
        cabecalhos = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
        if alvo is not None:
            cabecalhos |= {"HX-Request": "true", "HX-Target": alvo}
        async with self.cena.http.request(metodo, self.cena.url + rota, json=corpo, headers=cabecalhos) as resposta:
            lido = await resposta.text()
        nome = metodo + " " + re.sub(r"[0-9a-f-]{36}", "{id}", rota.split("?")[0])
        self.cena.pedidos[nome] = self.cena.pedidos.get(nome, 0) + 1
        if resposta.status >= 400:
            falha = f"{nome} {resposta.status}"
            self.cena.falhas[falha] = self.cena.falhas.get(falha, 0) + 1
            return None
        return lido

    @property
    def consulta(self) -> str:
        return "" if self.aba == "minhas" else f"?aba={self.aba}"

    # -- what one does

    async def abrir(self, conversa: UUID) -> None:
        self.aberta = conversa
        lida = await self.pedir("GET", f"/conversas/{conversa}{self.consulta}", alvo="conversa")
        self.linhas = _LINHA.findall(lida or "")

    async def listar(self, alvo: str | None = None) -> None:
        lida = await self.pedir("GET", f"/conversas{self.consulta}", alvo=alvo) or ""
        self.cartoes, cursor = set(_CARTAO.findall(lida)), _CURSOR.search(lida)
        self.cursor = cursor and cursor[1]

    async def agir(self, acao: str) -> None:
        conversa = self.cena.sorte.choice(self.minhas or self.cena.conversas[-20:])
        if acao == "entra":
            self.cena.escrever(conversa)
        elif acao == "estranho":
            self.cena.aparecer()
        elif acao == "envia":
            alvo = self.aberta if self.aberta in self.minhas else conversa
            mensagem = {"tipo": "TEXTO", "conteudo": {"texto": "Pois não"}}
            if await self.pedir("POST", f"/conversas/{alvo}/mensagens", mensagem):
                asyncio.get_running_loop().create_task(self._entregar(alvo))
        elif acao == "volta":
            await self.abrir(conversa)
        elif acao == "le":
            await self.pedir("POST", f"/conversas/{self.aberta or conversa}/ler")
        else:
            await self._olhar(acao)

    async def _olhar(self, acao: str) -> None:
        de_sempre, sorte = self.aba, self.cena.sorte
        if acao == "aba":
            self.aba = sorte.choice(["minhas", "fila", "todas"])
            await self.listar("lista")
            self.aba = de_sempre
            await self.listar("lista")
        elif acao == "pagina":
            await self.listar()
        elif acao == "mais" and self.cursor:
            e = "&" if self.consulta else "?"
            lida = await self.pedir("GET", f"/conversas{self.consulta}{e}cursor={self.cursor}", alvo="mais") or ""
            self.cartoes |= set(_CARTAO.findall(lida))
        elif acao == "busca":
            await self.pedir(
                "GET", f"/conversas?q={sorte.choice(['bom dia', 'pois', 'pessoa', 'contato'])}", alvo="rola"
            )
        elif acao == "pessoa":
            await self.pedir("GET", f"/contatos/{sorte.choice(self.cena.contatos)}")
        elif acao in ("pega", "resolve"):
            self._trocar(acao)

    def _trocar(self, acao: str) -> None:
        """Take one from the queue, or resolve one, whose person comes back to the queue."""
        livres = [x for x in self.cena.conversas if not any(x in a.minhas for a in self.cena.agentes)]
        de, para = (livres, self.minhas) if acao == "pega" else (self.minhas, livres)
        if not de or (len(self.minhas) >= 8 and acao == "pega"):
            return
        conversa = self.cena.sorte.choice(de)
        de.remove(conversa)
        para.append(conversa)
        self.cena.admin.execute(
            "update conversas set usuario_id = %(u)s, status = %(s)s,"
            " controle = case when %(u)s::uuid is null then 'FILA' else 'HUMANO' end,"
            " atribuida_em = case when %(u)s::uuid is not null then now() end,"
            " fila_em = case when %(u)s::uuid is null then now() end where cliente_id = %(c)s and id = %(i)s",
            {"u": self.sessao.usuario_id if acao == "pega" else None, "c": self.sessao.cliente_id, "i": conversa,
             "s": "EM_ATENDIMENTO" if acao == "pega" else "ABERTA"},
        )  # fmt: skip

    async def _entregar(self, conversa: UUID | None) -> None:
        for espera, coluna in zip(STATUS_S, ("enviado_em", "entregue_em", "lido_em"), strict=True):
            await asyncio.sleep(espera)
            self.cena.admin.execute(
                f"update mensagens set {coluna} = now() where cliente_id = %s and id = (select id from mensagens"
                " where cliente_id = %s and conversa_id = %s and direcao = 'SAIDA' order by ocorrido_em desc limit 1)",
                [self.sessao.cliente_id, self.sessao.cliente_id, conversa],
            )

    # -- what the scripts do: vivo.js, lista.js, lista-vivas.js, conversas.js

    async def ouvir(self) -> None:
        """The stream, for as long as the morning lasts."""
        cookie = f"__Host-sessao={self.sessao.token}|{int(time.time()) + 43_200}"
        async with self.cena.http.get(
            f"{self.cena.url}/vivo/fluxo", headers={"Cookie": cookie}, timeout=aiohttp.ClientTimeout(total=None)
        ) as resposta:
            nome = ""
            async for linha in resposta.content:
                campo, _, valor = linha.decode().rstrip("\n").partition(": ")
                if campo == "event":
                    nome = valor
                elif campo == "data" and nome in DA_LISTA:
                    self._saber(nome, json.loads(valor))

    def _saber(self, nome: str, dados: dict[str, list[str]]) -> None:
        conversas = set(dados["conversas"])
        cabem = {"minhas": set(dados["minhas"]), "fila": set(dados["fila"])}.get(self.aba, conversas)
        quais = conversas & (cabem | self.cartoes | {str(self.aberta)}) if conversas else self.cartoes
        self.pendentes |= quais
        self.ao_redor = self.ao_redor or (nome != "mensagem" and str(self.aberta) in quais)
        if quais or dados["fila"] or nome in ("contagem", "mencao"):
            self.acima = True
            if not self.revendo:
                self.revendo = True
                asyncio.get_running_loop().create_task(self._rever())
        if nome in DO_FIO and str(self.aberta) in conversas:
            self.do_fio.add(nome)
            if not self.seguindo:
                self.seguindo = True
                asyncio.get_running_loop().create_task(self._seguir())

    async def _rever(self) -> None:
        await asyncio.sleep(0.2)
        while self.pendentes or self.acima:
            self.acima = False
            ids = sorted(self.pendentes)[:50]
            self.pendentes -= set(ids)
            e = "&" if self.consulta else "?"
            entorno = self.ao_redor and str(self.aberta) in ids
            self.ao_redor = self.ao_redor and not entorno
            alvos = [f"id={x}" for x in ids] + ([f"aberta={self.aberta}"] if entorno else [])
            lida = await self.pedir("GET", f"/conversas/vivas{self.consulta}{e}{'&'.join(alvos)}", alvo="") or ""
            self.cartoes = self.cartoes - set(ids) | set(_CARTAO.findall(lida))
            await asyncio.sleep(1)
        self.revendo = False

    async def _seguir(self) -> None:
        await asyncio.sleep(0.05)
        while self.do_fio:
            tipos, aberta = self.do_fio, self.aberta
            self.do_fio = set()
            apos = f"?apos={self.linhas[-10]}" if len(self.linhas) >= 10 else "?"
            lida = await self.pedir("GET", f"/conversas/{aberta}/fio{apos}", alvo="")
            if aberta == self.aberta and lida:
                self.linhas += [x for x in _LINHA.findall(lida) if x not in self.linhas]
            if "conversa" in tipos:
                await self.pedir("GET", f"/conversas/{aberta}/compositor", alvo="")
        self.seguindo = False


async def _trabalhar(agente: Agente, fim: float, vezes: float) -> None:
    acoes, pesos = list(POR_HORA), list(POR_HORA.values())
    sorte = random.Random(agente.cena.sorte.random())
    while time.monotonic() < fim:
        await asyncio.sleep(sorte.expovariate(sum(pesos) / 3600 * vezes))
        await agente.agir(sorte.choices(acoes, pesos)[0])


@asynccontextmanager
async def montar(pasta: Path, semente: int) -> AsyncIterator[Cena]:
    ambiente = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("BALCAO_", "DATABASE_", "REDIS_", "META_", "PG"))},
        "BALCAO_HOME": str(pasta / "casa"),
        "BALCAO_CHAVES": nova_chave("k1"),
        "PYTHONPATH": str(RAIZ),
        "PORT": str(porta_livre()),
        "LOG_FORMATO": "json",
    }
    config = carregar(ambiente)
    config.home.mkdir(mode=0o711)
    async with contextlib.AsyncExitStack() as pilha:
        pilha.enter_context(ServidorPostgres(config.pasta_postgres))
        pilha.enter_context(ServidorValkey(config.pasta_valkey))
        migrar(config)
        registro = pasta / "api.log"
        for nome in ("api", "worker"):
            pilha.enter_context(_processo(nome, ambiente, pasta))
        http = await pilha.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)))
        await _ate_responder(http, config.url_api)
        admin = pilha.enter_context(psycopg.connect(config.url_admin, autocommit=True, row_factory=dict_row))
        dona = await _cliente(config, admin)
        yield Cena(admin, http, config.url_api, registro, random.Random(semente), dona)


@contextlib.contextmanager
def _processo(nome: str, ambiente: dict[str, str], pasta: Path) -> Iterator[None]:
    with (pasta / f"{nome}.log").open("wb") as saida:
        filho = subprocess.Popen(
            [sys.executable, "-m", "app.cli", nome],
            env=ambiente, cwd=pasta, stdin=subprocess.DEVNULL, stdout=saida, stderr=saida,
            preexec_fn=preparar_filho(signal.SIGKILL),
        )  # fmt: skip
    try:
        yield
    finally:
        filho.kill()
        filho.wait()


async def _cliente(config: Config, admin: psycopg.Connection[dict[str, Any]]) -> Sessao:
    banco = Banco(config.url_banco("crm_plataforma"), maximo=1)
    await banco.abrir()
    pedido = {"p_nome": "Vinte", "p_plano": "EMPRESA", "p_usuario_nome": "Administração", "p_email": "vinte@bench.test"}
    criado = json.loads(await banco.chamar("plataforma.cliente_criar", {**pedido, "p_senha_hash": SENHA_HASH}))
    await banco.fechar()
    return abrir_sessao(admin, criado["clienteId"], criado["usuarioId"])


async def _ate_responder(http: aiohttp.ClientSession, url: str) -> None:
    for _ in range(900):
        try:
            async with http.get(f"{url}/api/saude") as resposta:
                if resposta.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError("the API did not start")


async def povoar(cena: Cena, visao: str, agentes: int = 20) -> None:
    """The teams, the people, and a queue: 10,000 conversations of the past, 240 of today."""
    cliente, admin = cena.dona.cliente_id, cena.admin
    montada = cenas.montar(admin, cena.dona, 10_240)
    cena.conexao_id, cena.contatos = montada.conexao_id, montada.contatos
    equipes = [admin.execute(
        "insert into equipes (cliente_id, nome) values (%s, %s) returning id", [cliente, nome]
    ).fetchone()["id"] for nome in ("Vendas", "Suporte")]  # type: ignore[index]  # fmt: skip
    cena.equipes = equipes
    admin.execute("set session_replication_role = replica")
    linhas = admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, equipe_id, status, janela_expira_em,"
        " ultima_mensagem_em, ultima_entrada_em, adiada_ate)"
        " select %s, %s, c.id, (%s::uuid[])[1 + n %% 2], case when n > 10000 then 'ABERTA' else 'ADIADA' end,"
        " now() + interval '20 hours', now() - (10240 - n) * interval '1 minute', now() - interval '4 hours',"
        " case when n <= 10000 then now() + interval '30 days' end"
        " from unnest(%s::uuid[]) with ordinality as c (id, n) order by n returning id",
        [cliente, montada.conexao_id, equipes, montada.contatos],
    ).fetchall()
    admin.execute("set session_replication_role = origin")
    cena.conversas = [x["id"] for x in linhas[10_000:]]
    cena.contatos = montada.contatos[10_000:]
    perfis = {x["codigo"]: x["id"] for x in admin.execute(
        "select codigo, id from perfis where cliente_id = %s", [cliente]
    )}  # fmt: skip
    admin.execute(
        "update perfis set visibilidade = %s where cliente_id = %s and codigo = 'ATENDENTE'", [visao, cliente]
    )
    for n in range(agentes):
        codigo = "ADMINISTRADOR" if n == 0 else "SUPERVISOR" if n < 4 else "ATENDENTE"
        [usuario] = admin.execute(
            "insert into usuarios (cliente_id, perfil_id, nome, email) values (%s, %s, %s, %s) returning id",
            [cliente, perfis[codigo], f"Agente {n}", f"agente{n}@bench.test"],
        ).fetchall()
        equipe = n % 2
        admin.execute("insert into equipes_membros values (%s, %s, %s)", [cliente, equipes[equipe], usuario["id"]])
        sessao = abrir_sessao(admin, cliente, usuario["id"])
        aba = "todas" if n < 7 else "fila" if n < 10 else "minhas"
        agente = Agente(cena, sessao, aba)
        livres = [x for i, x in enumerate(cena.conversas) if (i + 1) % 2 == equipe]
        agente.minhas = cena.sorte.sample([x for x in livres if not any(x in a.minhas for a in cena.agentes)], 5)
        admin.execute(
            "update conversas set usuario_id = %s, status = 'EM_ATENDIMENTO', fila_em = null, atribuida_em = now(),"
            " controle = 'HUMANO'"
            " where cliente_id = %s and id = any(%s)",
            [usuario["id"], cliente, agente.minhas],
        )
        cena.agentes.append(agente)
    admin.execute("vacuum analyze")


async def _medidas(cena: Cena) -> dict[str, dict[str, float]]:
    async with cena.http.get(f"{cena.url}/metrics") as resposta:
        texto = await resposta.text()
    medidas: dict[str, dict[str, float]] = {}
    for namespace, resultado, valor in _MEDIDA.findall(texto):
        medidas.setdefault(namespace, {})[resultado] = float(valor)
    return medidas


def _taxa(antes: dict[str, Any], depois: dict[str, Any]) -> dict[str, Any]:
    """Of the reads that may be kept, how many were answered without a call: stored, or somebody else's call."""
    saida: dict[str, Any] = {}
    soma = {"acerto": 0.0, "espera": 0.0, "falta": 0.0, "sem_cache": 0.0}
    for namespace, resultados in depois.items():
        difs = {r: v - antes.get(namespace, {}).get(r, 0) for r, v in resultados.items()}
        leituras = sum(difs.get(r, 0) for r in soma)
        if namespace not in ("todos", "nenhum") and leituras:
            saida[namespace] = {**{r: round(v) for r, v in difs.items()}, "taxa": round(
                (difs.get("acerto", 0) + difs.get("espera", 0)) / leituras, 3
            )}  # fmt: skip
            for r in soma:
                soma[r] += difs.get(r, 0)
    total = sum(soma.values())
    fora = sum(v - antes.get("nenhum", {}).get(r, 0) for r, v in depois.get("nenhum", {}).items())
    return {
        "taxa": round((soma["acerto"] + soma["espera"]) / total, 3),
        "taxa_de_todas": round((soma["acerto"] + soma["espera"]) / (total + fora), 3),
        "leituras": round(total),
        "nunca_guardadas": round(fora),
        "por_namespace": saida,
    }


async def _lista_em_ms(cena: Cena, vezes: int) -> dict[str, float]:
    """One reader, one list of 50, over HTTP: kept, and made anew after each change. The server's own time, from its
    log of requests; and how long after a change in psql the list, warm until then, shows it."""
    rota, cabecalho = "/api/conversas?limite=50", cena.dona.cabecalho
    atrasos: list[float] = []

    async def ler() -> bytes:
        async with cena.http.get(cena.url + rota, headers=cabecalho) as resposta:
            return await resposta.read()

    antes = await ler()
    primeira = json.loads(antes)["dados"][0]["id"]
    registrado = cena.registro.stat().st_size
    for _ in range(vezes):
        await ler()
    await asyncio.sleep(0.5)
    guardada = _tempos(cena, registrado)
    novas: list[float] = []
    for _ in range(vezes // 4):
        await ler()
        registrado, inicio = cena.registro.stat().st_size, time.monotonic()
        cena.admin.execute(
            "update conversas set nao_lidas = nao_lidas + 1 where cliente_id = %s and id = %s",
            [cena.dona.cliente_id, primeira],
        )
        while (agora := await ler()) == antes:
            pass
        atrasos.append((time.monotonic() - inicio) * 1000)
        antes = agora
        await asyncio.sleep(0.05)
        novas.append(max(_tempos(cena, registrado)))
    return {
        **_quantis("guardada", guardada), **_quantis("do_banco", novas), **_quantis("psql_visivel", atrasos),
        "razao_p50": round(statistics.median(novas) / statistics.median(guardada), 1),
    }  # fmt: skip


def _tempos(cena: Cena, desde: int) -> list[float]:
    linhas = cena.registro.read_bytes()[desde:].splitlines()
    return [x["ms"] for x in map(json.loads, linhas) if x.get("rota") == "/api/conversas"]


def _quantis(nome: str, tempos: list[float]) -> dict[str, float]:
    ordem = sorted(tempos)
    return {
        f"{nome}_p50_ms": round(statistics.median(ordem), 2), f"{nome}_p95_ms": round(ordem[int(len(ordem) * 0.95)], 2)
    }  # fmt: skip


async def correr(semente: int, segundos: float, vezes: float, visao: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as pasta:
        async with montar(Path(pasta), semente) as cena:
            await povoar(cena, visao)
            ouvidos = [asyncio.create_task(a.ouvir()) for a in cena.agentes]
            await asyncio.gather(
                *(a.agir("pagina") for a in cena.agentes), *(a.abrir(a.minhas[0]) for a in cena.agentes)
            )
            await asyncio.sleep(2)
            cena.pedidos.clear()
            antes, inicio = await _medidas(cena), time.monotonic()
            await asyncio.gather(*(_trabalhar(a, inicio + segundos, vezes) for a in cena.agentes))
            mistura, pedidos = _taxa(antes, await _medidas(cena)), dict(sorted(cena.pedidos.items()))
            for ouvido in ouvidos:
                ouvido.cancel()
            import shutil

            shutil.copy("/tmp/w/instr.txt", "/tmp/w/instr_fim.txt")
            shutil.copy(pasta + "/api.log", "/tmp/w/cache_api.log")
            cena.agentes.clear()
            await asyncio.sleep(2)
            return {
                "bench": "cache", "semente": semente, "segundos": segundos, "vezes": vezes, "visao": visao, **mistura,
                "falhas": cena.falhas, "pedidos": pedidos, "lista": await _lista_em_ms(cena, 200),
            }  # fmt: skip


def main() -> None:
    analisador = argparse.ArgumentParser()
    analisador.add_argument("--semente", type=int, default=4)
    analisador.add_argument("--segundos", type=float, default=120)
    analisador.add_argument("--vezes", type=float, default=1)
    analisador.add_argument("--visao", choices=("TODAS", "EQUIPE", "PROPRIA"), default="EQUIPE")
    a = analisador.parse_args()
    print(json.dumps(asyncio.run(correr(a.semente, a.segundos, a.vezes, a.visao)), ensure_ascii=False))


if __name__ == "__main__":
    main()
