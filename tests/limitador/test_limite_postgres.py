"""The limiter on a PostgreSQL row: slots, the epoch, and what it counts as in flight."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from app.limitador import Autoridade, FuncoesDoBanco, Numero
from app.limitador.no_banco import EpocaVencida, NoBanco

Admin = psycopg.Connection[dict[str, Any]]


@pytest.fixture
async def novo_numero(admin: Admin, ana: Any) -> Callable[..., Numero]:
    def criar(teto: int = 80) -> Numero:
        linha = admin.execute(
            "insert into conexoes (cliente_id, nome, canal, provedor, credenciais, teto_por_segundo)"
            " values (%s, 'N' || uuidv7()::text, 'WHATSAPP', 'META_API', %s, %s) returning id",
            [ana.cliente_id, b"x" * 40, teto],
        ).fetchone()
        assert linha
        return Numero(ana.cliente_id, linha["id"], teto=teto, epoca=1)

    return criar


@pytest.fixture
def autoridade(banco_worker: Banco) -> NoBanco:
    return NoBanco(FuncoesDoBanco(banco_worker))


async def assumida(autoridade: NoBanco, admin: Admin, numero: Numero) -> Numero:
    """The number in the database's hands, with the wait of the change already over."""
    await autoridade.obter(numero)
    limite = await autoridade.assumir(numero, Autoridade.POSTGRES)
    admin.execute("update limites set proximo_slot = now() - interval '1 s' where conexao_id = %s", [numero.conexao_id])
    return Numero(numero.cliente_id, numero.conexao_id, numero.teto, limite.epoca, limite.autoridade)


def enfileirar(admin: Admin, numero: Numero, quantas: int) -> None:
    """Rows whose intent to send is committed: what the database knows to be in flight."""
    admin.execute(
        "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id,"
        " reservado_por, reservado_ate, intencao_em)"
        " select %s, 'campanha_enviar', %s, 7, now(), uuidv7(), 'p', now() + interval '1 minute', now()"
        " from generate_series(1, %s)",
        [numero.cliente_id, numero.conexao_id, quantas],
    )


async def test_a_new_number_belongs_to_redis(autoridade: NoBanco, novo_numero: Callable[..., Numero]) -> None:
    limite = await autoridade.obter(novo_numero(teto=20))
    assert (limite.epoca, limite.autoridade, limite.teto) == (1, Autoridade.REDIS, 20)


async def test_an_unknown_connection_is_refused(autoridade: NoBanco, ana: Any) -> None:
    with pytest.raises(Erro, match="conexão não encontrada"):
        await autoridade.obter(Numero(ana.cliente_id, UUID(int=9), teto=80, epoca=1))


async def test_another_tenants_connection_does_not_exist(
    autoridade: NoBanco, novo_numero: Callable[..., Numero], bia: Any
) -> None:
    with pytest.raises(Erro, match="conexão não encontrada"):
        await autoridade.obter(Numero(bia.cliente_id, novo_numero().conexao_id, teto=80, epoca=1))


async def test_only_one_of_many_takes_over(autoridade: NoBanco, novo_numero: Callable[..., Numero]) -> None:
    numero = novo_numero()
    await autoridade.obter(numero)
    limites = await asyncio.gather(*(autoridade.assumir(numero, Autoridade.POSTGRES) for _ in range(8)))
    assert {(limite.epoca, limite.autoridade) for limite in limites} == {(2, Autoridade.POSTGRES)}


async def test_a_change_waits_until_no_window_holds_both(
    autoridade: NoBanco, novo_numero: Callable[..., Numero]
) -> None:
    numero = novo_numero()
    await autoridade.obter(numero)
    limite = await autoridade.assumir(numero, Autoridade.POSTGRES)
    novo = Numero(numero.cliente_id, numero.conexao_id, 80, limite.epoca, limite.autoridade)
    concessao = await autoridade.reservar(novo, 10, 0.015)
    assert not concessao.permissoes
    assert 0.9 < concessao.espera_s < 1.1


async def test_redis_does_not_take_over_again_at_once(
    autoridade: NoBanco, admin: Admin, novo_numero: Callable[..., Numero]
) -> None:
    numero = await assumida(autoridade, admin, novo_numero())
    assert (await autoridade.assumir(numero, Autoridade.REDIS)).autoridade is Autoridade.POSTGRES
    admin.execute("update limites set assumida_em = now() - interval '31 s' where conexao_id = %s", [numero.conexao_id])
    limite = await autoridade.assumir(numero, Autoridade.REDIS)
    assert (limite.epoca, limite.autoridade) == (3, Autoridade.REDIS)


@pytest.mark.parametrize("epoca", [1, 3])
async def test_another_epoch_reserves_nothing(
    autoridade: NoBanco, admin: Admin, novo_numero: Callable[..., Numero], epoca: int
) -> None:
    numero = await assumida(autoridade, admin, novo_numero())
    outro = Numero(numero.cliente_id, numero.conexao_id, 80, epoca, Autoridade.POSTGRES)
    with pytest.raises(EpocaVencida):
        await autoridade.reservar(outro, 10, 0.015)


@pytest.mark.parametrize(("teto", "cabem", "ritmo"), [(80, 10, 59), (20, 2, 7), (1000, 10, 970)])
async def test_slots_keep_the_pace_across_callers(
    autoridade: NoBanco, admin: Admin, novo_numero: Callable[..., Numero], teto: int, cabem: int, ritmo: int
) -> None:
    numero = await assumida(autoridade, admin, novo_numero(teto=teto))
    concessoes = await asyncio.gather(*(autoridade.reservar(numero, 3, 0.015) for _ in range(6)))
    vagas = sorted(p.abre for concessao in concessoes for p in concessao.permissoes)
    assert concessoes[0].ritmo == ritmo
    assert (ritmo * 101) // 100 + 1 + concessoes[0].concorrencia + 10 <= teto
    assert 2 <= len(vagas) <= cabem
    # the bound is on the server's clock; a client sees it through the jitter of the replies
    assert vagas[-1] - vagas[0] >= (len(vagas) - 1) / ritmo - 0.05


async def test_what_is_in_flight_leaves_less_to_grant(
    autoridade: NoBanco, admin: Admin, novo_numero: Callable[..., Numero]
) -> None:
    numero = await assumida(autoridade, admin, novo_numero())
    enfileirar(admin, numero, 8)
    concessao = await autoridade.reservar(numero, 10, 0.015)
    assert concessao.em_voo == 8
    assert 1 <= len(concessao.permissoes) <= 2
    assert not (await autoridade.reservar(numero, 10, 0.015)).permissoes
