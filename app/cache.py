"""The cache at the edge: the bytes that a function answered, kept in Redis until something they depend on changes.

What an answer depends on is named by marks (`conversas`, `conversas:lista`, `conversas:<id>`). A mark holds a random
token; `invalidar` gives it another, so everything stored under the old one is out of reach at once, whatever its
number. The version of an answer is the epoch of the relay's pulse with the tokens of its marks, read before the query;
a store is refused when the version is no longer that one. No pulse (nobody carries the database's events) or no Redis:
nothing is served from here and the database answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from random import SystemRandom
from time import monotonic
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import structlog
from prometheus_client import Counter
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from app.redis_vivo import FALHAS

Namespace = Literal["conversas", "perfis", "contatos", "dashboard", "relatorios"]
VALIDADE_S: Final[Mapping[Namespace, int]] = {
    "conversas": 60,
    "perfis": 3600,
    "contatos": 300,
    "dashboard": 60,
    "relatorios": 300,
}
TUDO: Final[tuple[Namespace, ...]] = tuple(VALIDADE_S)
PULSO: Final = "cache:pulso"
PULSO_MS: Final = 2000

_MARCA_S: Final = 86_400  # longer than any value: a mark that comes back after it finds nothing
_VALOR_MAXIMO: Final = 512 * 1024
_ARGUMENTOS_MAXIMO: Final = 160
_TRAVA_MS: Final = 5000
_ESPERA_S: Final = 1.0
_PAUSA_S: Final = (0.002, 0.05)
_ABERTO_S: Final = 1.0
_DEMORAS: Final = 3  # in a row: one alone is more often this process that was late than Redis
_MEMORIA: Final = 0.5  # of what the server may use: the limiter lives there, too, and its keys are never evicted
_MEMORIA_A_CADA_S: Final = 5.0
_SELO: Final = 16

# KEYS: pulse, marks. ARGV: token for marks that are missing, how many marks watch, prefix, suffix, token of the lock.
_VERSAO: Final = """
local function versao_de(fichas)
    local texto = table.concat(fichas, '.')
    return #texto > 64 and redis.sha1hex(texto) or texto
end
"""
_LER: Final = f"""{_VERSAO}
local pulso = redis.call('GET', KEYS[1])
if not pulso then return false end
local marcas = redis.call('MGET', unpack(KEYS, 2))
for i, marca in ipairs(marcas) do
    if not marca then
        redis.call('SET', KEYS[i + 1], ARGV[1], 'EX', {_MARCA_S})
        marcas[i] = ARGV[1]
    end
end
local vigias = tonumber(ARGV[2])
local vigia = versao_de({{pulso, unpack(marcas, 1, vigias)}})
local versao = versao_de({{pulso, unpack(marcas, vigias + 1)}})
local chave = ARGV[3] .. versao .. ARGV[4]
local valor = redis.call('GET', chave)
local travou = false
if not valor and ARGV[5] ~= '' then
    travou = redis.call('SET', chave .. ':trava', ARGV[5], 'NX', 'PX', {_TRAVA_MS}) and 1
end
return {{vigia, versao, valor, travou}}
"""
# KEYS: pulse, marks, value, its lock. ARGV: version read before the query, value, TTL in ms, token of the lock.
_GUARDAR: Final = f"""{_VERSAO}
if redis.call('GET', KEYS[#KEYS]) == ARGV[4] then redis.call('DEL', KEYS[#KEYS]) end
if ARGV[2] == '' then return 0 end
local atuais = redis.call('MGET', unpack(KEYS, 1, #KEYS - 2))
for i = 1, #KEYS - 2 do
    if not atuais[i] then return 0 end
end
if versao_de(atuais) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[#KEYS - 1], ARGV[2], 'PX', ARGV[3])
return 1
"""

_MEDIDA: Final = Counter("balcao_cache", "O que aconteceu com cada leitura e gravação", ["namespace", "resultado"])
_sorte: Final = SystemRandom()
_registro = structlog.get_logger(__name__)


def _ficha() -> str:
    return secrets.token_urlsafe(9)


def acertou(namespace: Namespace) -> None:
    _MEDIDA.labels(namespace, "acerto").inc()


def faltou(namespace: Namespace) -> None:
    """What is kept is not this caller's: the database answered."""
    _MEDIDA.labels(namespace, "falta").inc()


def passou() -> None:
    """A call whose answer is never kept."""
    _MEDIDA.labels("nenhum", "sem_guarda").inc()


def _da_marca(cliente_id: UUID, marca: str) -> str:
    return f"marca:{cliente_id}:{marca}"


async def invalidar(redis: Redis, cliente_id: UUID, marcas: Iterable[str]) -> None:
    """Make stale all that depends on any of these marks of one tenant (or queue that, when `redis` is a pipeline).

    A namespace is a mark: the whole of it. One SET for each mark, however much is stored under it.
    """
    for marca in marcas:
        await redis.set(_da_marca(cliente_id, marca), _ficha(), ex=_MARCA_S)


class Pulso:
    """The relay's side: what it read in one round, and the sign that it lives.

    The epoch changes with each relay and whenever a round may have been lost: all that was stored before is then out
    of reach, so an event that was numbered but never carried here leaves nothing stale behind.
    """

    def __init__(self) -> None:
        self._epoca = _ficha()

    async def bater(self, redis: Redis, mudancas: Mapping[UUID, Iterable[str]]) -> None:
        """Carry the marks of one round and beat, in one transaction. Call before the events are published.

        What Redis raises is passed on, after changing the epoch.
        """
        try:
            async with redis.pipeline(transaction=True) as cano:
                for cliente_id, marcas in mudancas.items():
                    await invalidar(cano, cliente_id, marcas)
                await cano.set(PULSO, self._epoca, px=PULSO_MS)
                await cano.execute()
        except BaseException:
            self.perder()
            raise

    def perder(self) -> None:
        """Events may have been numbered that were not carried: nothing stored so far counts any more."""
        self._epoca = _ficha()


@dataclass(frozen=True, slots=True)
class Chave:
    """What is asked: `namespace:cliente:version:function:arguments`, and the marks that its answer depends on.

    Build it with `chave()`.
    """

    namespace: Namespace
    cliente_id: UUID
    sufixo: str
    marcas: tuple[str, ...]

    @property
    def prefixo(self) -> str:
        return f"{self.namespace}:{self.cliente_id}:"

    def completa(self, versao: str) -> str:
        return self.prefixo + versao + self.sufixo


def chave(
    namespace: Namespace, cliente_id: UUID, funcao: str, argumentos: Mapping[str, object], marcas: Iterable[str] = ()
) -> Chave:
    """The key of one answer. `argumentos` are all that the answer depends on, who may see it included; without
    `marcas` it depends on the whole namespace."""
    dados = {nome: valor for nome, valor in argumentos.items() if valor is not None}
    texto = msgspec.json.encode(dados, order="sorted").decode()
    if len(texto) > _ARGUMENTOS_MAXIMO:
        texto = hashlib.sha256(texto.encode()).hexdigest()
    return Chave(namespace, cliente_id, f":{funcao}:{texto}", tuple(marcas) or (namespace,))


@dataclass(frozen=True, slots=True)
class Leitura:
    """What Redis said: the version that a store will have to present, that of the marks watched, and the value."""

    versao: str
    vigia: str
    valor: bytes | None
    travou: bool = False


class Cache:
    """`url` is Redis; `segredo` seals what is stored, so nobody else's bytes are ever taken for an answer.

    `prazo_s`: how long any one request waits for Redis before it does without; after that nobody tries for a second.
    `maximo_sem_redis`: how many reads at a time reach the database while there is no Redis to share them.
    """

    def __init__(self, url: str, segredo: bytes, *, prazo_s: float = 0.2, maximo_sem_redis: int = 25) -> None:
        # the deadline is asyncio.timeout's: one for the whole exchange, waiting for a connection included
        piscina: BlockingConnectionPool = BlockingConnectionPool.from_url(
            url, max_connections=64, timeout=None, socket_timeout=None, socket_connect_timeout=prazo_s
        )
        self._redis = Redis.from_pool(piscina)
        self._segredo = hashlib.blake2b(segredo).digest()
        self._prazo_s = prazo_s
        self._ler_roteiro = self._redis.register_script(_LER)
        self._guardar_roteiro = self._redis.register_script(_GUARDAR)
        self._voos: dict[tuple[str, str], asyncio.Future[bytes]] = {}
        self._sem_redis = asyncio.Semaphore(maximo_sem_redis)
        self._volta = 0.0
        self._demoras = 0
        self._sondando = False
        self._caiu = False
        self._cheio = False
        self._conferir_em = 0.0

    async def fechar(self) -> None:
        await self._redis.aclose(close_connection_pool=True)

    # -- the five verbs

    async def get(self, chave: Chave) -> bytes | None:
        """The stored answer, or None."""
        leitura = await self.ler(chave)
        return leitura.valor if leitura else None

    async def set(self, chave: Chave, valor: bytes, versao: str, validade_s: float | None = None) -> bool:
        """Store what was computed after `versao` was read (see `ler`); False when it has changed since."""
        return await self._guardar(chave, valor, versao, "", validade_s)

    async def delete(self, chave: Chave) -> None:
        """Forget one answer."""
        leitura = await self.ler(chave)
        if leitura:
            await self._tentar(chave.namespace, lambda: self._redis.delete(chave.completa(leitura.versao)))

    async def invalidar(self, cliente_id: UUID, marcas: Iterable[str]) -> None:
        """Make stale what depends on these marks, now. Call after the commit. Never raises for Redis."""

        async def levar() -> None:
            async with self._redis.pipeline(transaction=True) as cano:
                await invalidar(cano, cliente_id, marcas)
                await cano.execute()

        await self._tentar("todos", levar)

    async def remember(
        self,
        chave: Chave,
        calcular: Callable[[], Awaitable[bytes]],
        validade: Callable[[bytes], float] | None = None,
    ) -> bytes:
        """The stored answer, or the one that `calcular` gives, which is then stored.

        Of all who miss the same version, in all processes, one asks the database and the others wait for it, for a
        while. `validade` says for how many seconds at most an answer holds.
        """
        ficha = _ficha()
        leitura = await self.ler(chave, trava=ficha)
        if leitura is None:
            return await self.sem(chave.namespace, calcular)
        if leitura.valor is not None:
            acertou(chave.namespace)
            return leitura.valor
        voo = self._voos.get((chave.sufixo, leitura.versao))
        if voo is not None and not leitura.travou:
            return await self._acompanhar(chave, voo, calcular)
        return await self._voar(chave, leitura, ficha, calcular, validade)

    async def sem(self, namespace: Namespace, calcular: Callable[[], Awaitable[bytes]]) -> bytes:
        """Do without: only so many at a time, so that losing Redis does not fall on the database all at once."""
        _MEDIDA.labels(namespace, "sem_cache").inc()
        async with self._sem_redis:
            return await calcular()

    # -- single flight

    async def _acompanhar(
        self, chave: Chave, voo: asyncio.Future[bytes], calcular: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """Wait for somebody of this process; who is not answered asks alone."""
        try:
            async with asyncio.timeout(_ESPERA_S):
                valor = await asyncio.shield(voo)
        except Exception:  # whatever it was, it was the other's: a refusal is each caller's own
            _MEDIDA.labels(chave.namespace, "falta").inc()
            return await calcular()
        _MEDIDA.labels(chave.namespace, "espera").inc()
        return valor

    async def _voar(
        self,
        chave: Chave,
        leitura: Leitura,
        ficha: str,
        calcular: Callable[[], Awaitable[bytes]],
        validade: Callable[[bytes], float] | None,
    ) -> bytes:
        marca = (chave.sufixo, leitura.versao)
        voo: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._voos[marca] = voo
        try:
            valor = await self._achar(chave, leitura, ficha, calcular, validade)
        except BaseException as erro:
            voo.set_exception(erro if isinstance(erro, Exception) else asyncio.InvalidStateError())
            voo.exception()  # retrieved: perhaps nobody waits
            raise
        else:
            voo.set_result(valor)
            return valor
        finally:
            if self._voos.get(marca) is voo:
                del self._voos[marca]

    async def _achar(
        self,
        chave: Chave,
        leitura: Leitura | None,
        ficha: str,
        calcular: Callable[[], Awaitable[bytes]],
        validade: Callable[[bytes], float] | None,
    ) -> bytes:
        """Compute with the lock in hand, or wait for the process that holds it: a second at most, then without."""
        limite, pausa = monotonic() + _ESPERA_S, _PAUSA_S[0]
        while leitura is not None and not leitura.travou and monotonic() < limite:
            await asyncio.sleep(pausa * _sorte.uniform(0.5, 1.5))
            pausa = min(pausa * 2, _PAUSA_S[1])
            leitura = await self.ler(chave, trava=ficha)
            if leitura and leitura.valor is not None:
                _MEDIDA.labels(chave.namespace, "espera").inc()
                return leitura.valor
        _MEDIDA.labels(chave.namespace, "falta").inc()
        valor = b""
        try:
            valor = await calcular()
        finally:
            if leitura is not None:
                await self._guardar(
                    chave, valor, leitura.versao, ficha, validade(valor) if valor and validade else None
                )
        return valor

    # -- Redis

    async def ler(self, chave: Chave, *, vigias: tuple[str, ...] = (), trava: str = "") -> Leitura | None:
        """One round trip: the version now, that of `vigias` (marks of another answer that this one is served on), the
        value, and with `trava` the right to compute it. None: there is no cache at the moment."""
        chaves = [PULSO, *(_da_marca(chave.cliente_id, m) for m in (*vigias, *chave.marcas))]
        valores: list[str | int] = [_ficha(), len(vigias), chave.prefixo, chave.sufixo, trava]
        lido = await self._tentar(chave.namespace, lambda: self._ler_roteiro(keys=chaves, args=valores))
        if not lido:
            return None
        vigia, versao, bruto, travou = lido[0].decode(), lido[1].decode(), lido[2], lido[3]
        valor = None if bruto is None else self._abrir(chave.completa(versao), bruto)
        if bruto is not None and valor is None:
            _MEDIDA.labels(chave.namespace, "corrompido").inc()
            await self._tentar(chave.namespace, lambda: self._redis.delete(chave.completa(versao)))
        return Leitura(versao, vigia, valor, bool(travou))

    async def _guardar(self, chave: Chave, valor: bytes, versao: str, ficha: str, validade_s: float | None) -> bool:
        """Store under compare-and-set, and give the lock back whatever happens."""
        sorteado_s = VALIDADE_S[chave.namespace] * _sorte.uniform(0.9, 1.1)
        prazo_ms = round(min(sorteado_s, sorteado_s if validade_s is None else validade_s) * 1000)
        inteira = chave.completa(versao)
        cabe = prazo_ms > 0 and len(valor) <= _VALOR_MAXIMO and await self._ha_memoria(chave.namespace)
        selado = self._selar(inteira, valor) if valor and cabe else b""
        chaves = [PULSO, *(_da_marca(chave.cliente_id, m) for m in chave.marcas), inteira, inteira + ":trava"]
        feito = await self._tentar(
            chave.namespace,
            lambda: self._guardar_roteiro(keys=chaves, args=[versao, selado, max(prazo_ms, 1), ficha]),
        )
        if selado:
            _MEDIDA.labels(chave.namespace, "gravado" if feito else "recusado").inc()
        elif valor:
            _MEDIDA.labels(chave.namespace, "sem_lugar").inc()
        return bool(feito)

    def _selar(self, inteira: str, valor: bytes) -> bytes:
        return hashlib.blake2b(inteira.encode() + b"\0" + valor, digest_size=_SELO, key=self._segredo).digest() + valor

    def _abrir(self, inteira: str, bruto: bytes) -> bytes | None:
        valor = bruto[_SELO:]
        return valor if secrets.compare_digest(self._selar(inteira, valor), bruto) else None

    async def _ha_memoria(self, namespace: Namespace) -> bool:
        if monotonic() >= self._conferir_em:
            self._conferir_em = monotonic() + _MEMORIA_A_CADA_S
            usos = await self._tentar(namespace, lambda: self._redis.info("memory"))
            if usos:
                teto = int(usos.get("maxmemory", 0))
                self._cheio = teto > 0 and int(usos["used_memory"]) > teto * _MEMORIA
        return not self._cheio

    async def _tentar(self, namespace: str, fazer: Callable[[], Awaitable[Any]]) -> Any:
        """Do it within the deadline, or return None; after a failure (or some delays in a row) nobody tries for a
        second, then one does."""
        if self._caiu and (self._sondando or monotonic() < self._volta):
            return None
        self._sondando = self._caiu
        try:
            async with asyncio.timeout(self._prazo_s):
                feito = await fazer()
        except FALHAS as erro:
            _MEDIDA.labels(namespace, "erro").inc()
            self._demoras += 1
            if isinstance(erro, RedisError | RuntimeError) or self._caiu or self._demoras >= _DEMORAS:
                self._cair(erro)
            return None
        finally:
            self._sondando = False
        self._demoras = 0
        if self._caiu:
            self._caiu = False
            _registro.info("cache_de_volta")
        return feito

    def _cair(self, erro: Exception) -> None:
        if not self._caiu:
            _registro.warning("cache_fora", erro=repr(erro)[:200])
        self._caiu, self._volta = True, monotonic() + _ABERTO_S
