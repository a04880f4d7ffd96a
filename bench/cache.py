"""A morning of twenty agents, replayed: how many of their reads the cache answers, and how fast; one JSON line.

    python -m bench cache
    python -m bench.cache --segundos 120 --visao EQUIPE

Real processes: PostgreSQL, Valkey, the API over HTTP, and the relay of a worker. The seed gives the same morning again.

The mix, per agent and hour, is that of people who serve about twelve conversations an hour, five at a time, with five
messages each way: 60 messages come in, 60 go out (each then changes three times: sent, delivered, read), 60 times one
goes back to a conversation (it, what is one's own of it, its messages), 60 marks of reading, 12 taken, 12 resolved, 60
looks at another tab of the list, 30 pages entered (who I am, the list, its counts, the labels, the permissions), 12
times a list walked on, 12 searches, 12 people looked up, 4 strangers who write for the first time.
A screen never polls: it reads again what an event that reaches it names. Events reach whoever may see the conversation
(the product's own topics), and within a window count once. What it reads then is `--tela`:

- LINHA (the default): the conversation, if its list shows it or it is open; of an open one the messages after the last;
  when a message came to one that its list does not show, the first page of its list, which that one may have entered.
- ATUAIS, the page of the inbox: whatever the event names, in one call (`/atuais`, with the filters of its tab), and the
  counts of the tabs; nothing again for a second.
- TUDO, how this was measured before: every conversation that is named, shown or not, and at each message the list.
  No screen does that: who looks at "Minhas" has no use for the rows of nineteen others.

Of the 16 attendants ten look at "Minhas", three at the queue, three at everything they see, as the supervisors and the
administrator do. `taxa` is of the reads that may be kept; `taxa_de_todas`, of every read that a screen made, with what
is always asked of the database (what is one's own, the messages after a given one).
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
from collections.abc import AsyncIterator, Coroutine, Iterator
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
TELAS = ("LINHA", "ATUAIS", "TUDO")
STATUS_S = (1.0, 2.0, 20.0)  # sent, delivered, read: after so long
JUNTA_S = {"LINHA": 0.2, "ATUAIS": 0.2, "TUDO": 0.5}
DESCANSA_S = {"LINHA": 0.0, "ATUAIS": 1.0, "TUDO": 0.0}
POR_PAGINA = 30
RAIZ = Path(__file__).resolve().parents[1]
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
    tempos: dict[str, list[float]] = field(default_factory=dict)
    falhas: dict[str, int] = field(default_factory=dict)
    tela: str = "LINHA"

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
    cena: Cena
    sessao: Sessao
    topicos: frozenset[str]
    aba: str = "TODAS"
    minhas: list[UUID] = field(default_factory=list)
    aberta: UUID | None = None
    ultima: str | None = None
    cursor: str | None = None
    mostradas: set[str] = field(default_factory=set)
    pendentes: dict[UUID, bool] = field(default_factory=dict)
    renovando: bool = False

    async def pedir(self, metodo: str, rota: str, corpo: object = None) -> Any:
        inicio = time.perf_counter()
        async with self.cena.http.request(
            metodo, self.cena.url + rota, json=corpo, headers=self.sessao.cabecalho
        ) as resposta:
            lido = await resposta.read()
        nome = metodo + " " + re.sub(r"[0-9a-f-]{36}", "{id}", rota.split("?")[0])
        self.cena.tempos.setdefault(nome, []).append((time.perf_counter() - inicio) * 1000)
        if resposta.status >= 400:
            falha = f"{nome} {resposta.status} {json.loads(lido)['erro']['codigo']}"
            self.cena.falhas[falha] = self.cena.falhas.get(falha, 0) + 1
            return None
        return json.loads(lido)

    async def abrir(self, conversa: UUID) -> None:
        self.aberta = conversa
        rota = f"/api/conversas/{conversa}"
        _, _, lidas = await asyncio.gather(
            self.pedir("GET", rota), self.pedir("GET", f"{rota}/propria"), self.pedir("GET", f"{rota}/mensagens")
        )
        self.ultima = lidas["dados"][0]["id"] if lidas and lidas["dados"] else None

    async def listar(self) -> None:
        lida = await self.pedir("GET", f"/api/conversas?aba={self.aba}&limite={POR_PAGINA}")
        if lida:
            self.mostradas = {x["id"] for x in lida["dados"]}
            self.cursor = lida["meta"]["proximoCursor"]

    async def contar(self) -> None:
        await self.pedir("GET", f"/api/conversas/contagem?aba={self.aba}")

    async def agir(self, acao: str) -> None:
        conversa = self.cena.sorte.choice(self.minhas or self.cena.conversas[-20:])
        if acao == "entra":
            self.cena.escrever(conversa)
        elif acao == "estranho":
            self.cena.aparecer()
        elif acao == "envia":
            alvo = self.aberta if self.aberta in self.minhas else conversa
            feita = await self.pedir(
                "POST", f"/api/conversas/{alvo}/mensagens", {"tipo": "TEXTO", "conteudo": {"texto": "Pois não"}}
            )
            if feita:
                self.ultima = feita["dados"]["id"] if alvo == self.aberta else self.ultima
                asyncio.get_running_loop().create_task(self._entregar(alvo))
        elif acao == "volta":
            await self.abrir(conversa)
        elif acao == "le":
            await self.pedir("POST", f"/api/conversas/{self.aberta or conversa}/ler")
        else:
            await self._olhar(acao)

    async def _olhar(self, acao: str) -> None:
        de_sempre, sorte = self.aba, self.cena.sorte
        if acao == "aba":
            self.aba = sorte.choice(["MINHAS", "FILA", "TODAS"])
            await asyncio.gather(self.listar(), self.contar())
            self.aba = de_sempre
        elif acao == "pagina":
            rotas = ("/api/autenticacao/eu", "/api/conversas/proprias", "/api/etiquetas", "/api/permissoes")
            await asyncio.gather(*(self.pedir("GET", rota) for rota in rotas), self.listar(), self.contar())
        elif acao == "mais" and self.cursor:
            lida = await self.pedir("GET", f"/api/conversas?aba={self.aba}&limite={POR_PAGINA}&cursor={self.cursor}")
            self.mostradas |= {x["id"] for x in lida["dados"]} if lida else set()
        elif acao == "busca":
            await self.pedir("GET", f"/api/busca?q={sorte.choice(['bom dia', 'pois', 'pessoa', 'contato'])}")
        elif acao == "pessoa":
            await self.pedir("GET", f"/api/contatos/{sorte.choice(self.cena.contatos)}")
        elif acao in ("pega", "resolve"):
            await self._trocar(acao)

    async def _trocar(self, acao: str) -> None:
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

    def saber(self, conversa: UUID, mensagem: bool) -> None:
        """An event arrived: what it names is read again, once for all that arrive within the window."""
        self.pendentes[conversa] = self.pendentes.get(conversa, False) or mensagem
        if not self.renovando:
            self.renovando = True
            asyncio.get_running_loop().create_task(self._renovar())

    async def _renovar(self) -> None:
        tela = self.cena.tela
        await asyncio.sleep(JUNTA_S[tela])
        while self.pendentes:
            pendentes, self.pendentes = self.pendentes, {}
            await asyncio.gather(*self._reler(tela, pendentes))
            await asyncio.sleep(DESCANSA_S[tela])
        self.renovando = False

    def _reler(self, tela: str, pendentes: dict[UUID, bool]) -> list[Coroutine[Any, Any, Any]]:
        pedidos: list[Coroutine[Any, Any, Any]] = []
        if self.aberta in pendentes:
            pedidos.append(self._seguir(self.aberta))
        if tela == "ATUAIS":
            ids = "&".join(f"id={x}" for x in list(pendentes)[:50])
            return [*pedidos, self.pedir("GET", f"/api/conversas/atuais?aba={self.aba}&{ids}"), self.contar()]
        vistas = {x for x in pendentes if x == self.aberta or str(x) in self.mostradas}
        lidas = set(pendentes) if tela == "TUDO" else vistas
        pedidos += [self.pedir("GET", f"/api/conversas/{x}") for x in sorted(lidas)]
        if any(mensagem and (tela == "TUDO" or x not in vistas) for x, mensagem in pendentes.items()):
            pedidos.append(self.listar())
        return pedidos

    async def _seguir(self, aberta: UUID) -> None:
        apos = f"?apos={self.ultima}" if self.ultima and self.cena.tela != "TUDO" else ""
        lidas = await self.pedir("GET", f"/api/conversas/{aberta}/mensagens{apos}")
        if lidas and lidas["dados"] and aberta == self.aberta:
            self.ultima = lidas["dados"][-1 if apos else 0]["id"]


async def _avisar(cena: Cena) -> None:
    """What the stream does: each numbered event, to whoever has one of its topics."""
    visto = 0
    while True:
        await asyncio.sleep(0.05)
        for e in cena.admin.execute(
            "select numero, tipo, conversa_id, topicos from eventos"
            " where cliente_id = %s and numero > %s order by numero",
            [cena.dona.cliente_id, visto],
        ).fetchall():
            visto = e["numero"]
            if e["conversa_id"] is None:
                continue
            for agente in cena.agentes:
                if e["topicos"] is None or agente.topicos & set(e["topicos"]):
                    agente.saber(e["conversa_id"], e["tipo"] == "mensagem_mudou")


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
        " ultima_mensagem_em, adiada_ate)"
        " select %s, %s, c.id, (%s::uuid[])[1 + n %% 2], case when n > 10000 then 'ABERTA' else 'ADIADA' end,"
        " now() + interval '20 hours', now() - (10240 - n) * interval '1 minute',"
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
        aba = "TODAS" if n < 7 else "FILA" if n < 10 else "MINHAS"
        agente = Agente(cena, sessao, frozenset(), aba)
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
    for agente in cena.agentes:
        agente.topicos = frozenset(_topicos(admin, agente.sessao))


def _topicos(admin: psycopg.Connection[Any], sessao: Sessao) -> list[str]:
    with admin.transaction():
        admin.execute(
            "select set_config('app.cliente_id', %s, true), set_config('app.usuario_id', %s, true),"
            " set_config('app.visibilidade', (select p.visibilidade from usuarios u"
            " join perfis p on p.cliente_id = u.cliente_id and p.id = u.perfil_id where u.id = %s), true)",
            [str(sessao.cliente_id), str(sessao.usuario_id), sessao.usuario_id],
        )
        linha = admin.execute("select interno.sessao_topicos(%s) as t", [sessao.cliente_id]).fetchone()
    return list(linha["t"])


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
        if namespace != "todos" and leituras:
            saida[namespace] = {**{r: round(v) for r, v in difs.items()}, "taxa": round(
                (difs.get("acerto", 0) + difs.get("espera", 0)) / leituras, 3
            )}  # fmt: skip
            for r in soma:
                soma[r] += difs.get(r, 0)
    total = sum(soma.values())
    return {
        "taxa": round((soma["acerto"] + soma["espera"]) / total, 3),
        "leituras": round(total),
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


async def correr(semente: int, segundos: float, vezes: float, visao: str, tela: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as pasta:
        async with montar(Path(pasta), semente) as cena:
            cena.tela = tela
            await povoar(cena, visao)
            avisos = asyncio.create_task(_avisar(cena))
            await asyncio.gather(
                *(a.agir("pagina") for a in cena.agentes), *(a.abrir(a.minhas[0]) for a in cena.agentes)
            )
            cena.tempos.clear()
            antes, inicio = await _medidas(cena), time.monotonic()
            await asyncio.gather(*(_trabalhar(a, inicio + segundos, vezes) for a in cena.agentes))
            mistura = _taxa(antes, await _medidas(cena))
            avisos.cancel()
            pedidos = {rota: len(t) for rota, t in sorted(cena.tempos.items())}
            lidos = sum(quantos for rota, quantos in pedidos.items() if rota.startswith("GET"))
            cena.agentes.clear()
            await asyncio.sleep(2)
            return {
                "bench": "cache", "semente": semente, "segundos": segundos, "vezes": vezes, "visao": visao,
                "tela": tela, **mistura,
                "taxa_de_todas": round(mistura["taxa"] * mistura["leituras"] / max(lidos, 1), 3),
                "falhas": cena.falhas, "pedidos": pedidos, "lista": await _lista_em_ms(cena, 200),
            }  # fmt: skip


def main() -> None:
    analisador = argparse.ArgumentParser()
    analisador.add_argument("--semente", type=int, default=4)
    analisador.add_argument("--segundos", type=float, default=120)
    analisador.add_argument("--vezes", type=float, default=1)
    analisador.add_argument("--visao", choices=("TODAS", "EQUIPE", "PROPRIA"), default="EQUIPE")
    analisador.add_argument("--tela", choices=TELAS, default="LINHA")
    a = analisador.parse_args()
    print(json.dumps(asyncio.run(correr(a.semente, a.segundos, a.vezes, a.visao, a.tela)), ensure_ascii=False))


if __name__ == "__main__":
    main()
