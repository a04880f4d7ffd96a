"""The cache on a real Valkey: nothing stale after a race, one computation for a crowd, no error whatever Redis does."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.cache import PULSO, TUDO, VALIDADE_S, Cache, Namespace, Pulso, chave, invalidar
from app.embutido import ServidorValkey

SEGREDO = b"segredo"
PACIENTE_S = 5.0  # for what is counted, on a machine that others use: only the tests of faults need the real deadline


@pytest.fixture
async def redis(valkey: ServidorValkey) -> AsyncIterator[Redis]:
    async with Redis.from_url(valkey.url) as cliente:
        await cliente.flushall()
        await cliente.set(PULSO, "epoca")  # a relay that always lives
        yield cliente
        await cliente.flushall()


@pytest.fixture
async def novo(valkey: ServidorValkey, redis: Redis) -> AsyncIterator[Callable[..., Cache]]:
    """`novo()` is the cache of one more process."""
    abertos: list[Cache] = []

    def criar(url: str = valkey.url, segredo: bytes = SEGREDO, prazo_s: float = PACIENTE_S) -> Cache:
        abertos.append(Cache(url, segredo, prazo_s=prazo_s))
        return abertos[-1]

    yield criar
    for cache in abertos:
        await cache.fechar()


@pytest.fixture
async def cache(novo: Callable[..., Cache]) -> Cache:
    return novo()


def _medida(namespace: str, resultado: str) -> float:
    return REGISTRY.get_sample_value("balcao_cache_total", {"namespace": namespace, "resultado": resultado}) or 0.0


class Conta:
    """What stands for the database: a value, and how often it was asked."""

    def __init__(self, valor: bytes = b'{"n":1}', demora_s: float = 0.0) -> None:
        self.valor, self.vezes, self._demora_s = valor, 0, demora_s

    async def __call__(self) -> bytes:
        self.vezes += 1
        lido = self.valor
        await asyncio.sleep(self._demora_s)
        return lido


async def test_lembra_esquece_e_mede(cache: Cache) -> None:
    pedida = chave("conversas", uuid4(), "api.conversas_listar", {"p_limite": 50})
    conta = Conta()
    acertos, faltas = _medida("conversas", "acerto"), _medida("conversas", "falta")
    assert [await cache.remember(pedida, conta) for _ in range(3)] == [conta.valor] * 3
    assert conta.vezes == 1 and await cache.get(pedida) == conta.valor
    assert (_medida("conversas", "acerto"), _medida("conversas", "falta")) == (acertos + 2, faltas + 1)
    await cache.delete(pedida)
    assert await cache.get(pedida) is None
    leitura = await cache.ler(pedida)
    assert leitura and await cache.set(pedida, b"[]", leitura.versao) and await cache.get(pedida) == b"[]"
    await cache.invalidar(pedida.cliente_id, ["conversas"])
    assert await cache.get(pedida) is None
    assert not await cache.set(pedida, b"[]", leitura.versao), "the version read before the change"


async def test_so_a_marca_de_que_depende(cache: Cache) -> None:
    cliente = uuid4()
    uma = chave("conversas", cliente, "api.conversa_obter", {"p_id": 1}, ["conversas", "conversas:1"])
    outra = chave("conversas", cliente, "api.conversa_obter", {"p_id": 2}, ["conversas", "conversas:2"])
    alheia = chave("conversas", uuid4(), "api.conversa_obter", {"p_id": 1}, ["conversas", "conversas:1"])
    for pedida in (uma, outra, alheia):
        await cache.remember(pedida, Conta())
    await cache.invalidar(cliente, ["conversas:1"])
    assert [await cache.get(x) is not None for x in (uma, outra, alheia)] == [False, True, True]
    await cache.invalidar(cliente, ["conversas"])
    assert [await cache.get(x) is not None for x in (uma, outra, alheia)] == [False, False, True]


@pytest.mark.parametrize("compara", [True, False])
async def test_corridas(cache: Cache, redis: Redis, compara: bool) -> None:
    """A change between the read and the store, 300 times: nothing stale. Storing under the newest version, whatever
    was read, is what the comparison is for: without it, nearly all are."""
    sorteio = random.Random(7)
    velhas = 0
    for n in range(300):
        pedida = chave("conversas", uuid4(), "api.conversas_listar", {})
        banco = {"valor": b"antes"}

        async def ler(pedida: Any = pedida, banco: Any = banco, n: int = n) -> None:
            leitura = await cache.ler(pedida)
            lido = banco["valor"]
            await asyncio.sleep(sorteio.uniform(0, 0.002))
            assert leitura
            if not compara:
                leitura = await cache.ler(pedida)
                assert leitura
            await cache.set(pedida, lido, leitura.versao)

        async def mudar(pedida: Any = pedida, banco: Any = banco) -> None:
            await asyncio.sleep(sorteio.uniform(0, 0.002))
            banco["valor"] = b"depois"
            await cache.invalidar(pedida.cliente_id, ["conversas"])

        await asyncio.gather(ler(), mudar(), ler(), ler())
        guardada = await cache.get(pedida)
        velhas += guardada == b"antes"
    assert velhas == 0 if compara else velhas > 0, velhas


async def test_corridas_de_remember(novo: Callable[..., Cache]) -> None:
    """The same through `remember` of three processes: whoever asks after the change was carried sees it."""
    processos = [novo() for _ in range(3)]
    sorteio = random.Random(11)
    for _ in range(300):
        pedida = chave("conversas", uuid4(), "api.conversas_listar", {})
        conta = Conta(b"antes", sorteio.uniform(0, 0.002))
        leitores = [asyncio.create_task(p.remember(pedida, conta)) for p in processos]
        await asyncio.sleep(sorteio.uniform(0, 0.004))
        conta.valor = b"depois"
        await processos[0].invalidar(pedida.cliente_id, ["conversas"])
        assert [await p.remember(pedida, conta) for p in processos] == [b"depois"] * 3
        await asyncio.gather(*leitores)
        assert [await p.remember(pedida, conta) for p in processos] == [b"depois"] * 3


async def test_duzentos_leitores_uma_chamada(novo: Callable[..., Cache], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cache._ESPERA_S", 60.0)  # a slow machine is not what is tested
    processos = [novo() for _ in range(4)]
    pedida = chave("dashboard", uuid4(), "api.x", {})
    conta = Conta(demora_s=0.05)
    esperas, acertos = _medida("dashboard", "espera"), _medida("dashboard", "acerto")
    respostas = await asyncio.gather(*(p.remember(pedida, conta) for p in processos for _ in range(50)))
    assert set(respostas) == {conta.valor} and conta.vezes == 1
    assert _medida("dashboard", "espera") + _medida("dashboard", "acerto") == esperas + acertos + 199


async def test_quem_calcula_falha_ou_morre(novo: Callable[..., Cache]) -> None:
    """The others do not inherit its failure, and the next one need not wait for its lock."""
    um, outro = novo(), novo()
    pedida = chave("conversas", uuid4(), "api.x", {})

    comecou, podem = asyncio.Event(), asyncio.Event()

    async def falhar() -> bytes:
        comecou.set()
        await podem.wait()
        raise ValueError("de quem calculava")

    conta = Conta()
    quebrado = asyncio.create_task(um.remember(pedida, falhar))
    await comecou.wait()
    outros = [asyncio.create_task(quem.remember(pedida, conta)) for quem in (um, outro)]
    await asyncio.sleep(0.05)
    podem.set()
    assert await asyncio.gather(*outros) == [conta.valor] * 2
    with pytest.raises(ValueError, match="de quem calculava"):
        await quebrado
    outra = chave("conversas", uuid4(), "api.x", {})
    lenta = Conta(demora_s=30)
    abandonado = asyncio.create_task(um.remember(outra, lenta))
    while not lenta.vezes:
        await asyncio.sleep(0.01)
    abandonado.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await abandonado
    async with asyncio.timeout(0.9):
        assert await outro.remember(outra, conta) == conta.valor


async def test_processo_que_some_com_a_trava_nao_prende_ninguem(novo: Callable[..., Cache]) -> None:
    some, fica = novo(), novo()
    pedida = chave("conversas", uuid4(), "api.x", {})
    assert await some.ler(pedida, trava="de quem morreu")
    conta = Conta()
    async with asyncio.timeout(3):
        assert await fica.remember(pedida, conta) == conta.valor
    assert conta.vezes == 1


async def test_chaves_de_dois_clientes_nunca_sao_iguais() -> None:
    sorteio = random.Random(3)
    vistas: dict[str, tuple[Any, ...]] = {}
    clientes = [UUID(int=sorteio.getrandbits(128)) for _ in range(20)]
    longo = "x" * 499
    um_id = clientes[1]
    valores: list[object] = [None, 1, "1", ":", longo + "x", longo + "y", str(um_id), um_id, [1, 2], [2, 1], True]
    argumentos: list[dict[str, object]] = [{}, {"p_b": 1}, {"p_a": 1, "p_b": 2}, *({"p_a": valor} for valor in valores)]
    namespaces: tuple[Namespace, ...] = TUDO
    for quem in itertools.product(namespaces, clientes, ["api.a", "api.b"], range(len(argumentos))):
        ns, cliente, funcao, qual = quem
        inteira = chave(ns, cliente, funcao, argumentos[qual]).completa("v")
        assert inteira.startswith(f"{ns}:{cliente}:v:{funcao}:")
        igual = vistas.setdefault(inteira, (ns, cliente, funcao, argumentos[qual]))
        assert igual[:3] == (ns, cliente, funcao)
    # null and absent are one, an id and its text are one; nothing else is
    assert len(vistas) == len(namespaces) * 20 * 2 * (len(argumentos) - 2)
    duas = [
        chave("contatos", clientes[0], "api.a", dict(p)) for p in ([("p_a", 1), ("p_b", 2)], [("p_b", 2), ("p_a", 1)])
    ]
    assert duas[0] == duas[1]


async def test_valor_estragado_ou_de_outro_e_falta(cache: Cache, redis: Redis, novo: Callable[..., Cache]) -> None:
    minha = chave("contatos", uuid4(), "api.x", {})
    dela = chave("contatos", uuid4(), "api.x", {})
    for pedida, valor in ((minha, b"meu"), (dela, b"dela")):
        await cache.remember(pedida, Conta(valor))
    lidas = [await cache.ler(pedida) for pedida in (minha, dela)]
    assert lidas[0] and lidas[1]
    onde, de_la = minha.completa(lidas[0].versao), dela.completa(lidas[1].versao)
    bom, alheio = await redis.get(onde), await redis.get(de_la)
    assert bom and alheio and await cache.get(minha) == b"meu"
    for ruim in (alheio, bom[:-1], bom + b"x", b"", b"meu", bom[:5] + bytes([bom[5] ^ 1]) + bom[6:]):
        await redis.set(onde, ruim)
        assert await cache.get(minha) is None
        assert await cache.remember(minha, Conta(b"meu")) == b"meu"
    await redis.set(onde, bom)
    assert await novo(segredo=b"outro").get(minha) is None, "sealed by whoever else can write to Redis"


async def test_sem_pulso_nada_e_servido(cache: Cache, redis: Redis) -> None:
    pedida = chave("conversas", uuid4(), "api.x", {})
    conta = Conta()
    await cache.remember(pedida, conta)
    await redis.delete(PULSO)
    assert await cache.get(pedida) is None
    await cache.remember(pedida, conta)
    await cache.remember(pedida, conta)
    assert conta.vezes == 3
    pulso = Pulso()
    await pulso.bater(redis, {})
    assert 0 < await redis.pttl(PULSO) <= 2000
    await cache.remember(pedida, conta)
    assert conta.vezes == 4, "another relay: nothing from before it counts"
    await pulso.bater(redis, {uuid4(): ["conversas"]})
    assert await cache.get(pedida) == conta.valor
    await pulso.bater(redis, {pedida.cliente_id: ["conversas"]})
    assert await cache.get(pedida) is None
    await cache.remember(pedida, conta)
    pulso.perder()
    await pulso.bater(redis, {})
    assert await cache.get(pedida) is None


async def test_pulso_que_nao_chegou_muda_a_epoca(redis: Redis, valkey: ServidorValkey) -> None:
    pulso = Pulso()
    await pulso.bater(redis, {})
    antes = await redis.get(PULSO)
    async with Redis.from_url("redis://127.0.0.1:1") as ninguem:
        with pytest.raises(RedisError):
            await pulso.bater(ninguem, {uuid4(): ["conversas"]})
    await pulso.bater(redis, {})
    assert await redis.get(PULSO) != antes


@pytest.mark.parametrize("namespace", TUDO)
async def test_validade(cache: Cache, redis: Redis, namespace: Namespace) -> None:
    prazos = set()
    for _ in range(20):
        pedida = chave(namespace, uuid4(), "api.x", {})
        await cache.remember(pedida, Conta())
        leitura = await cache.ler(pedida)
        assert leitura
        prazos.add(await redis.pttl(pedida.completa(leitura.versao)))
    certo = VALIDADE_S[namespace] * 1000
    assert all(certo * 0.9 - 2000 <= prazo <= certo * 1.1 for prazo in prazos) and len(prazos) > 10
    curta = chave(namespace, uuid4(), "api.x", {})
    await cache.remember(curta, Conta(), lambda _: 3.0)
    leitura = await cache.ler(curta)
    assert leitura and await redis.pttl(curta.completa(leitura.versao)) <= 3000
    vencida = chave(namespace, uuid4(), "api.x", {})
    await cache.remember(vencida, Conta(), lambda _: -1.0)
    assert await cache.get(vencida) is None
    assert all([await redis.ttl(x) != -1 for x in await redis.keys("*") if x != PULSO.encode()]), "a TTL on every key"


async def test_invalidar_custa_o_mesmo_com_muito_guardado(cache: Cache, redis: Redis) -> None:
    cliente = uuid4()
    for n in range(500):
        await cache.remember(chave("conversas", cliente, "api.x", {"p_n": n}), Conta())
    await redis.config_resetstat()
    await cache.invalidar(cliente, ["conversas", "conversas:lista"])
    usados = {nome: dados["calls"] for nome, dados in (await redis.info("commandstats")).items()}
    assert usados == {"cmdstat_set": 2, "cmdstat_multi": 1, "cmdstat_exec": 1, "cmdstat_config|resetstat": 1} or (
        usados.get("cmdstat_set") == 2 and not {"cmdstat_scan", "cmdstat_keys", "cmdstat_del"} & set(usados)
    ), usados
    assert await cache.get(chave("conversas", cliente, "api.x", {"p_n": 1})) is None


async def test_valor_grande_demais_e_memoria_cheia(cache: Cache, redis: Redis, novo: Callable[..., Cache]) -> None:
    grande = chave("conversas", uuid4(), "api.x", {})
    conta = Conta(b"x" * 600_000)
    assert await cache.remember(grande, conta) == conta.valor and await cache.get(grande) is None
    normal = (await redis.config_get("maxmemory"))["maxmemory"]
    usada = (await redis.info("memory"))["used_memory"]
    await redis.config_set("maxmemory", int(usada * 1.5))
    try:
        pedida, conta = chave("conversas", uuid4(), "api.x", {}), Conta()
        cheio = novo()
        assert await cheio.remember(pedida, conta) == conta.valor and await cheio.get(pedida) is None
    finally:
        await redis.config_set("maxmemory", normal)


# -- faults


class Ponte:
    """A port in front of Redis that can close, stall or reset."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.parada = False
        self._atraso_s = 0.0
        self._servidor: asyncio.Server | None = None
        self._abertas: set[asyncio.StreamWriter] = set()

    async def abrir(self, porta_real: int) -> int:
        self._porta_real = porta_real
        self._servidor = await asyncio.start_server(self._ligar, "127.0.0.1", 0)
        porta: int = self._servidor.sockets[0].getsockname()[1]
        return porta

    def atrasar(self, segundos: float) -> None:
        self._atraso_s = segundos

    def derrubar(self) -> None:
        for escrita in self._abertas:
            escrita.transport.abort()
        self._abertas.clear()

    async def _ligar(self, leitura: asyncio.StreamReader, escrita: asyncio.StreamWriter) -> None:
        if self.parada:
            escrita.transport.abort()
            return
        la, ca = await asyncio.open_connection("127.0.0.1", self._porta_real)
        self._abertas |= {escrita, ca}
        await asyncio.gather(self._levar(leitura, ca), self._levar(la, escrita), return_exceptions=True)

    async def _levar(self, de: asyncio.StreamReader, para: asyncio.StreamWriter) -> None:
        while dados := await de.read(65536):
            await asyncio.sleep(self._atraso_s)
            para.write(dados)
            await para.drain()
        para.close()

    async def fechar(self) -> None:
        self.derrubar()
        if self._servidor:
            self._servidor.close()


@pytest.fixture
async def ponte(valkey: ServidorValkey) -> AsyncIterator[Ponte]:
    ponte = Ponte("")
    porta = await ponte.abrir(valkey.porta)
    ponte.url = valkey.url.replace(f":{valkey.porta}", f":{porta}")
    assert ponte.url != valkey.url
    yield ponte
    await ponte.fechar()


async def _trabalhar(cache: Cache, vezes: int = 200) -> tuple[int, float]:
    """Reads and writes as a busy process makes them: every answer must be right; returns calls and the slowest."""
    conta, cliente, laco = Conta(b"certo"), uuid4(), asyncio.get_running_loop()
    pior = 0.0

    async def um(n: int) -> None:
        nonlocal pior
        inicio = laco.time()
        pedida = chave("conversas", cliente, "api.x", {"p_n": n % 10})
        assert await cache.remember(pedida, conta) == b"certo"
        if n % 7 == 0:
            await cache.invalidar(cliente, ["conversas"])
        pior = max(pior, laco.time() - inicio)

    for inicio in range(0, vezes, 20):
        await asyncio.gather(*(um(n) for n in range(inicio, inicio + 20)))
    return conta.vezes, pior


Falha = Callable[[Ponte, Redis], Awaitable[None]]


async def _fora(ponte: Ponte, redis: Redis) -> None:
    ponte.parada = True
    ponte.derrubar()


async def _lento(ponte: Ponte, redis: Redis) -> None:
    ponte.atrasar(5)


async def _so_leitura(ponte: Ponte, redis: Redis) -> None:
    await redis.replicaof("127.0.0.1", 1)


async def _sem_memoria(ponte: Ponte, redis: Redis) -> None:
    await redis.config_set("maxmemory", 1)


@pytest.mark.parametrize("falha", [_fora, _lento, _so_leitura, _sem_memoria])
async def test_redis_com_defeito_nao_e_erro(
    novo: Callable[..., Cache], ponte: Ponte, redis: Redis, falha: Falha
) -> None:
    cache = novo(ponte.url, prazo_s=1.0)
    normal = (await redis.config_get("maxmemory"))["maxmemory"]
    antes, _ = await _trabalhar(cache)
    assert antes < 200
    try:
        await falha(ponte, redis)
        vezes, pior = await _trabalhar(cache)
        assert vezes >= 150 and pior < 4, (vezes, pior)
    finally:
        ponte.parada = False
        ponte.atrasar(0)
        await redis.replicaof("NO", "ONE")
        await redis.config_set("maxmemory", normal)
        ponte.derrubar()
    for _ in range(40):  # comes back by itself
        await asyncio.sleep(0.1)
        depois, _ = await _trabalhar(cache, 40)
        if depois < 40:
            break
    assert depois < 40


async def test_redis_esvaziado_ou_derrubado_a_toda_hora(novo: Callable[..., Cache], ponte: Ponte, redis: Redis) -> None:
    cache = novo(ponte.url, prazo_s=1.0)

    async def maltratar() -> None:
        for n in itertools.count():
            await asyncio.sleep(0.02)
            await (redis.flushall() if n % 2 else redis.script_flush())
            ponte.derrubar()

    mal = asyncio.create_task(maltratar())
    try:
        for _ in range(5):
            await _trabalhar(cache)
    finally:
        mal.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await mal


async def test_sem_redis_so_tantos_de_cada_vez(valkey: ServidorValkey) -> None:
    cache = Cache("redis://127.0.0.1:1", SEGREDO, maximo_sem_redis=3)
    juntos = maior = 0

    async def calcular() -> bytes:
        nonlocal juntos, maior
        juntos += 1
        maior = max(maior, juntos)
        await asyncio.sleep(0.001)
        juntos -= 1
        return b"x"

    pedida = chave("conversas", uuid4(), "api.x", {})
    await asyncio.gather(*(cache.remember(pedida, calcular) for _ in range(60)))
    assert maior == 3
    await cache.fechar()


async def test_invalidar_serve_a_um_cano(redis: Redis) -> None:
    """What the relay does: many tenants in one round trip."""
    clientes = [uuid4() for _ in range(3)]
    async with redis.pipeline(transaction=True) as cano:
        for cliente in clientes:
            await invalidar(cano, cliente, ["conversas", "perfis"])
        assert await redis.keys("marca:*") == []
        await cano.execute()
    assert len(await redis.keys("marca:*")) == 6
