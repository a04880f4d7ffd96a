"""What comes in is taken off what may go out: counted at intake, learnt by every process within a second."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis.asyncio import Redis

from app.banco import Banco
from app.limitador import Autoridade, FuncoesDoBanco, Limitador, Numero
from app.limitador.no_banco import Limite, NoBanco
from bench.limitador import maior_janela
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Entrada"), 1)


@pytest.fixture
def banco(banco_worker: Banco) -> NoBanco:
    return NoBanco(FuncoesDoBanco(banco_worker))


def numero_de(cena: Cena, **extra: Any) -> Numero:
    return Numero(cena.cliente_id, cena.conexao_id, 80, 1, **extra)


def externos(admin: Admin, cena: Cena) -> tuple[str, str]:
    linha = admin.execute(
        "select numero_id_externo as n, conta_id_externa as c from conexoes where id = %s", [cena.conexao_id]
    ).fetchone()
    assert linha
    return linha["n"], linha["c"]


def mensagens(quantas: int, quando: float) -> list[dict[str, Any]]:
    return [
        {"from": "5511999990011", "id": f"wamid.{secrets.token_hex(8)}", "timestamp": str(int(quando)), "type": "text"}
        for _ in range(quantas)
    ]


async def receber(banco_ingresso: Banco, cena: Cena, externo: tuple[str, str], **valor: Any) -> None:
    corpo = wm.corpo_de(wm.envelope(*externo, **valor))
    await chamar(banco_ingresso, "webhook.evento_receber", p_conexoes=[cena.conexao_id], p_corpo=corpo, p_legivel=True)


async def test_the_peak_and_a_margin_are_taken_off(
    banco: NoBanco, banco_ingresso: Banco, admin: Admin, cena: Cena
) -> None:
    externo, agora = externos(admin, cena), time.time()
    assert await banco.obter(numero_de(cena)) == Limite(1, Autoridade.REDIS, 80, 0, 80, 0)
    for atras, quantas in ((3, 9), (2, 16), (1, 12)):
        for _ in range(2):  # two bodies of one second add up
            await receber(banco_ingresso, cena, externo, messages=mensagens(quantas // 2, agora - atras))
    limite = await banco.obter(numero_de(cena))
    assert (limite.teto, limite.teto_numero, limite.entrada_por_segundo) == (80 - 16 - 8, 80, 4)


async def test_what_is_no_news_of_the_last_minute_counts_nothing(
    banco: NoBanco, banco_ingresso: Banco, admin: Admin, cena: Cena
) -> None:
    """Statuses, and a backlog that arrives all at once, are no inbound load now."""
    externo = externos(admin, cena)
    await receber(banco_ingresso, cena, externo, statuses=[wm.status("wamid.1", "sent")])
    await receber(banco_ingresso, cena, externo, messages=mensagens(50, time.time() - 61))
    assert (await banco.obter(numero_de(cena))).teto == 80
    assert admin.execute("select from entradas_segundo where conexao_id = %s", [cena.conexao_id]).fetchall() == []


async def test_a_flood_leaves_the_floor_and_passes(
    banco: NoBanco, banco_ingresso: Banco, admin: Admin, cena: Cena
) -> None:
    externo = externos(admin, cena)
    await receber(banco_ingresso, cena, externo, messages=mensagens(500, time.time()))
    assert (await banco.obter(numero_de(cena))).teto == 15
    admin.execute("update entradas_segundo set segundo = segundo - 60 where conexao_id = %s", [cena.conexao_id])
    assert (await banco.obter(numero_de(cena))).teto == 80


async def test_an_odd_body_is_kept_and_counted_as_now(
    banco: NoBanco, banco_ingresso: Banco, admin: Admin, cena: Cena
) -> None:
    externo = externos(admin, cena)
    estranhas: list[Any] = [7, None, "x", {"timestamp": {}}, {"timestamp": "-1"}, {"timestamp": "9" * 10}]
    await receber(banco_ingresso, cena, externo, messages=estranhas)
    linha = admin.execute(
        "select total, segundo <= extract(epoch from now()) + 1 as passado from entradas_segundo where conexao_id = %s",
        [cena.conexao_id],
    ).fetchall()
    assert linha == [{"total": 3, "passado": True}]


async def test_each_number_has_its_own_ring(
    banco: NoBanco, banco_ingresso: Banco, admin: Admin, cena: Cena, novo_cliente: Callable[..., Any]
) -> None:
    outra = cenas.montar(admin, await novo_cliente("Outra"), 1)
    externo = externos(admin, cena)
    for segundo in range(200):  # the ring turns
        admin.execute(
            "insert into entradas_segundo values (%s, %s, %s, %s, 5) on conflict (cliente_id, conexao_id, posicao)"
            " do update set segundo = excluded.segundo",
            [cena.cliente_id, cena.conexao_id, segundo % 128, segundo],
        )
    await receber(banco_ingresso, cena, externo, messages=mensagens(4, time.time()))
    assert (await banco.obter(numero_de(cena))).teto == 72
    assert (await banco.obter(numero_de(outra))).teto == 80
    contadas = admin.execute("select count(*) as n from entradas_segundo").fetchone()
    assert contadas and contadas["n"] <= 128 + 10


async def test_parallel_bodies_of_one_second_lose_nothing(banco_ingresso: Banco, admin: Admin, cena: Cena) -> None:
    externo, agora = externos(admin, cena), time.time()
    await asyncio.gather(*(receber(banco_ingresso, cena, externo, messages=mensagens(2, agora)) for _ in range(20)))
    linha = admin.execute(
        "select sum(total)::int as n from entradas_segundo where conexao_id = %s", [cena.conexao_id]
    ).fetchone()
    assert linha == {"n": 40}


async def conduzir(
    redis: Redis, banco_worker: Banco, cena: Cena, entrada: Callable[[], Any], segundos: float
) -> list[float]:
    """Three processes take all the slots they get; the times of the slots, which the machine's load does not move."""
    limitadores = [Limitador(redis, FuncoesDoBanco(banco_worker), processo=f"p{n}") for n in range(3)]
    vagas: list[float] = []
    fim = time.monotonic() + segundos

    async def consumir(limitador: Limitador) -> None:
        await limitador.iniciar()
        numero = await limitador.obter(numero_de(cena))
        while time.monotonic() < fim:
            permissoes = await limitador.reservar(numero, 10)
            vagas.extend(p.abre for p in permissoes)
            await asyncio.sleep(max(0.0, permissoes[-1].abre - time.monotonic() - 0.03))
        await limitador.encerrar()

    chegando = asyncio.create_task(entrada())
    await asyncio.gather(*map(consumir, limitadores))
    chegando.cancel()
    return vagas


@pytest.fixture
def chegadas() -> Iterator[list[float]]:
    yield []


async def test_inbound_and_outbound_together_keep_the_ceiling(
    redis: Redis, banco_worker: Banco, banco_ingresso: Banco, admin: Admin, cena: Cena, chegadas: list[float]
) -> None:
    """Steady 15/s in: no second holds more than 80 of both, once the first minute's peak is known."""
    externo = externos(admin, cena)

    async def entrar() -> None:
        proxima = time.monotonic()
        while True:
            chegadas.append(time.monotonic())
            await receber(banco_ingresso, cena, externo, messages=mensagens(1, time.time()))
            proxima += 1 / 15
            await asyncio.sleep(proxima - time.monotonic())

    antes = asyncio.create_task(entrar())
    await asyncio.sleep(2.2)  # one whole second has been counted
    antes.cancel()
    vagas = await conduzir(redis, banco_worker, cena, entrar, 5)
    assert len(vagas) > 100
    assert maior_janela([*vagas, *chegadas]) <= 80


async def test_inbound_that_nobody_counts_breaks_the_ceiling(
    redis: Redis, banco_worker: Banco, cena: Cena, chegadas: list[float]
) -> None:
    """Negative control: the same load, not told to the database."""

    async def entrar() -> None:
        proxima = time.monotonic()
        while True:
            chegadas.append(time.monotonic())
            proxima += 1 / 15
            await asyncio.sleep(proxima - time.monotonic())

    vagas = await conduzir(redis, banco_worker, cena, entrar, 5)
    assert maior_janela([*vagas, *chegadas]) > 80


@pytest.mark.parametrize("autoridade", ["REDIS", "POSTGRES"])
async def test_a_throttle_is_stored_once_for_all(banco: NoBanco, admin: Admin, cena: Cena, autoridade: str) -> None:
    numero = numero_de(cena)
    await banco.obter(numero)
    admin.execute("update limites set autoridade = %s where conexao_id = %s", [autoridade, cena.conexao_id])
    tetos = [(await banco.recuar(numero, 0.5)).teto for _ in range(5)]
    assert tetos == [40] * 5
    await asyncio.sleep(1.05)
    assert (await banco.recuar(numero, 0.5)).teto == 20
    await asyncio.sleep(1.05)
    assert (await banco.recuar(numero, 0.5)).teto == 15
    ocorrencias = admin.execute(
        "select motivo, erro_codigo from ocorrencias where cliente_id = %s", [cena.cliente_id]
    ).fetchall()
    assert ocorrencias == [{"motivo": "RITMO_REDUZIDO", "erro_codigo": 130429}]
    admin.execute("update limites set freado_em = freado_em - interval '30 s' where conexao_id = %s", [cena.conexao_id])
    assert (await banco.obter(numero)).teto == 25
    admin.execute("update limites set freado_em = freado_em - interval '1 h' where conexao_id = %s", [cena.conexao_id])
    assert (await banco.obter(numero)).teto == 80
    await banco.recuar(numero, 0.5)
    assert len(admin.execute("select from ocorrencias where cliente_id = %s", [cena.cliente_id]).fetchall()) == 2


async def test_the_database_paces_under_the_effective_ceiling(banco: NoBanco, admin: Admin, cena: Cena) -> None:
    numero = numero_de(cena)
    await banco.obter(numero)
    limite = await banco.assumir(numero, Autoridade.POSTGRES)
    numero = Numero(numero.cliente_id, numero.conexao_id, 80, limite.epoca, limite.autoridade)
    passado = "update limites set proximo_slot = now() - interval '1 s' where conexao_id = %s"
    admin.execute(passado, [cena.conexao_id])
    cheio = (await banco.reservar(numero, 1, 0.02)).ritmo
    await banco.recuar(numero, 0.5)
    admin.execute(passado, [cena.conexao_id])
    assert (await banco.reservar(numero, 1, 0.02)).ritmo < 0.5 * cheio


async def test_another_tenants_number_cannot_be_braked(
    banco: NoBanco, admin: Admin, cena: Cena, novo_cliente: Callable[..., Any]
) -> None:
    outra = cenas.montar(admin, await novo_cliente("Alheia"), 1)
    await banco.obter(numero_de(outra))
    with pytest.raises(Exception, match="conexão não encontrada"):
        await banco.recuar(Numero(cena.cliente_id, outra.conexao_id, 80, 1), 0.5)
    assert (await banco.obter(numero_de(outra))).teto == 80
