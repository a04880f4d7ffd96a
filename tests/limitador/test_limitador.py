"""The limiter as its callers see it, on a real server; the database is a double that keeps an epoch."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from uuid import UUID

import msgspec
import pytest
from redis.asyncio import Redis

from app.limitador import Autoridade, Desfecho, Limitador, Numero, Permissao
from app.limitador.no_redis import Relogio
from bench.limitador import ligar_cliente, ligar_servidor, pronto

NUMERO = Numero(UUID(int=1), UUID(int=2), teto=80, epoca=1)


class BancoFalso:
    """The functions over one epoch in memory."""

    def __init__(self) -> None:
        self.epoca, self.autoridade, self.teto, self.recuos = 1, "REDIS", 80, 0

    def _limite(self) -> dict[str, object]:
        return {"epoca": self.epoca, "autoridade": self.autoridade, "teto": self.teto, "emVoo": 0}

    async def limite_obter(self, cliente_id: UUID, conexao_id: UUID) -> bytes:
        return json.dumps(self._limite()).encode()

    async def limite_assumir(self, cliente_id: UUID, conexao_id: UUID, epoca: int, autoridade: str) -> bytes:
        if epoca == self.epoca:
            self.epoca, self.autoridade = epoca + 1, autoridade
        return json.dumps(self._limite()).encode()

    async def limite_reservar(
        self, cliente_id: UUID, conexao_id: UUID, epoca: int, quantos: int, antecedencia_ms: int
    ) -> bytes:
        vagas = [float(antecedencia_ms)] if epoca == self.epoca and self.autoridade == "POSTGRES" else []
        medidas = {"emVoo": 0, "concorrencia": 10, "reservatorio": 50, "ritmo": 59}
        return json.dumps({**self._limite(), **medidas, "vagasMs": vagas, "esperaMs": 20}).encode()

    async def limite_recuar(self, cliente_id: UUID, conexao_id: UUID, fator_pct: int) -> bytes:
        self.recuos += 1
        self.teto = self.teto * fator_pct // 100
        return json.dumps(self._limite()).encode()


@pytest.fixture
async def limitador(redis: Redis) -> AsyncIterator[Limitador]:
    limitador = Limitador(redis, BancoFalso(), processo="a")
    await limitador.iniciar()
    yield limitador
    await limitador.encerrar()


async def uma(limitador: Limitador) -> Permissao:
    [permissao, *_] = await limitador.reservar(NUMERO, 1)
    return permissao


async def entrada(limitador: Limitador) -> Permissao:
    """A permit that entered; on a busy machine some wake up too late and are forfeited, as they should be."""
    while True:
        permissao = await uma(limitador)
        if await limitador.entrar(permissao):
            return permissao


async def test_a_cold_permit_is_one_second_away_and_enters_at_its_slot(limitador: Limitador) -> None:
    permissao = await uma(limitador)
    assert 0.98 < permissao.abre - monotonic() <= 1.001
    assert not permissao.ainda_vale()
    entrou = await limitador.entrar(permissao)
    assert monotonic() >= permissao.abre
    assert permissao.ainda_vale() == entrou
    await limitador.sair(permissao, 0.02, Desfecho.RESPONDIDO)
    [numero] = limitador.metricas()["numeros"]
    assert (numero["entradas"] + numero["perdidas"], numero["na_fila"], numero["nascimentos"]) == (1, 0, 1)
    assert limitador.metricas()["atraso"]["amostras"] == 1


async def test_a_permit_is_good_for_one_entry(limitador: Limitador) -> None:
    permissao = await entrada(limitador)
    assert not await limitador.entrar(permissao)


async def test_a_late_permit_is_forfeited(limitador: Limitador) -> None:
    permissao = await uma(limitador)
    await asyncio.sleep(permissao.fecha - monotonic() + 0.001)
    assert not await limitador.entrar(permissao)
    assert limitador.metricas()["numeros"][0]["perdidas"] == 1


async def test_a_process_that_froze_after_entering_must_not_write(limitador: Limitador) -> None:
    permissao = await entrada(limitador)
    assert permissao.entrou
    permissao.entrou -= 0.51
    assert not permissao.ainda_vale()


@pytest.mark.parametrize(
    ("desfecho", "em_voo"), [(Desfecho.RESPONDIDO, 0), (Desfecho.NAO_ENVIADO, 0), (Desfecho.SEM_RESPOSTA, 1)]
)
async def test_a_request_without_an_answer_keeps_its_token(
    limitador: Limitador, desfecho: Desfecho, em_voo: int
) -> None:
    permissao = await entrada(limitador)
    await limitador.sair(permissao, 0.02, desfecho)
    await uma(limitador)
    assert limitador.metricas()["numeros"][0]["em_voo"] == em_voo


async def test_a_token_goes_back_with_the_next_entry(limitador: Limitador) -> None:
    await uma(limitador)
    await asyncio.sleep(0.5)
    primeira, segunda = await limitador.reservar(NUMERO, 2)
    proxima = asyncio.create_task(limitador.entrar(segunda))
    assert await limitador.entrar(primeira)
    await asyncio.sleep(segunda.abre - monotonic() - 0.005)
    await limitador.sair(primeira, 0.01, Desfecho.RESPONDIDO)
    assert await proxima
    await uma(limitador)
    [numero] = limitador.metricas()["numeros"]
    assert (numero["em_voo"], numero["latencia_s"]) == (1, 0.01)


async def test_evictable_keys_are_reported(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    limitador = Limitador(redis, BancoFalso(), processo="a")
    with caplog.at_level(logging.WARNING):
        await limitador.iniciar()
    await limitador.encerrar()
    await redis.config_set("maxmemory-policy", "noeviction")
    assert "noeviction" in caplog.text


@pytest.mark.parametrize("teto", [14, 1001])
def test_a_ceiling_without_a_bound_is_refused(teto: int) -> None:
    with pytest.raises(ValueError, match="teto"):
        msgspec.structs.replace(NUMERO, teto=teto)


async def test_the_database_takes_over_and_gives_back(tmp_path: Path) -> None:
    banco = BancoFalso()
    redis = ligar_cliente(tmp_path)
    limitador = Limitador(redis, banco, processo="a", paciencia_s=0.2)
    await limitador.iniciar()
    permissao = await entrada(limitador)
    assert (permissao.numero.epoca, permissao.numero.autoridade) == (2, Autoridade.POSTGRES)
    await limitador.sair(permissao, 0.02, Desfecho.RESPONDIDO)

    servidor = ligar_servidor(tmp_path)
    try:
        await pronto(tmp_path)
        limitador._pulsos_bons = 10  # five seconds of good pulses
        permissao = await entrada(limitador)
        assert (permissao.numero.epoca, permissao.numero.autoridade) == (3, Autoridade.REDIS)
    finally:
        await limitador.encerrar()
        await redis.aclose()
        servidor.kill()
        servidor.wait()


async def test_a_stale_epoch_is_noticed(redis: Redis) -> None:
    banco = BancoFalso()
    limitador = Limitador(redis, banco, processo="a")
    await banco.limite_assumir(NUMERO.cliente_id, NUMERO.conexao_id, 1, "POSTGRES")
    assert (await limitador.obter(NUMERO)).epoca == 2
    assert (await uma(limitador)).numero.epoca == 2
    await banco.limite_assumir(NUMERO.cliente_id, NUMERO.conexao_id, 2, "REDIS")
    assert (await uma(limitador)).numero == msgspec.structs.replace(NUMERO, epoca=3)


async def test_a_new_ceiling_is_in_force_within_a_second(redis: Redis) -> None:
    banco = BancoFalso()
    limitador = Limitador(redis, banco, processo="a")
    await limitador.iniciar()
    await uma(limitador)
    banco.teto = 56
    inicio = monotonic()
    while (permissao := await uma(limitador)).numero.teto != 56:
        await asyncio.sleep(0.05)
    assert monotonic() - inicio < 1
    # a caller that still holds the old number does not bring its ceiling back
    assert (await uma(limitador)).numero.teto == permissao.numero.teto == 56
    [numero] = limitador.metricas()["numeros"]
    assert (numero["teto_efetivo"], numero["epoca"]) == (56, 1)
    await limitador.encerrar()


@pytest.mark.parametrize("autoridade", ["REDIS", "POSTGRES"])
async def test_a_burst_of_refusals_cuts_once(redis: Redis, autoridade: str) -> None:
    banco = BancoFalso()
    banco.autoridade = autoridade
    limitador = Limitador(redis, banco, processo="a")
    await limitador.obter(NUMERO)
    permissao = await uma(limitador)
    await asyncio.gather(*(limitador.recuar(permissao.numero) for _ in range(10)))
    assert banco.recuos == 1
    assert (await uma(limitador)).numero.teto == 40


def test_a_slow_call_does_not_blur_the_clock() -> None:
    relogio = Relogio()
    assert relogio.observar(1_000_100, 0.0, 0.0002) == pytest.approx((999_900, 1_000_100))
    assert relogio.observar(1_020_000, 0.0199, 0.05) == pytest.approx((999_900, 1_000_100))


def test_clocks_that_disagree_start_over() -> None:
    relogio = Relogio()
    relogio.observar(1_000_100, 0.0, 0.0002)
    assert relogio.observar(9_000_000, 1.0, 1.001) == pytest.approx((7_999_000, 8_000_000))
