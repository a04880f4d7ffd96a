"""Fault rules: where they bite, how often, and that chance repeats itself under one seed."""

from __future__ import annotations

import asyncio
import json
import time

import aiohttp
import pytest

from app.simulador.cenario import PRESETS
from tests.simulador.bancada import NUMERO, OUTRO, WABA, Bancada, codigo

PESSOA = "5511988887777"


def _pessoa(n: int) -> str:
    return f"55118{n:08d}"


async def _contagem(bancada: Bancada) -> tuple[int, int]:
    resumo = await bancada.resumo()
    return resumo["accepted"], resumo["accepted_but_client_never_told"]


@pytest.mark.parametrize(
    ("etapa", "acao", "aceitas"),
    [
        ("before_read", {"kind": "reset"}, (0, 0)),
        ("before_read", {"kind": "hang"}, (0, 0)),
        ("pre_accept", {"kind": "reset"}, (0, 0)),
        ("pre_accept", {"kind": "status", "http": 502, "html": True}, (0, 0)),
        ("post_accept", {"kind": "reset"}, (1, 1)),
        ("post_accept", {"kind": "hang"}, (1, 1)),
        ("post_accept", {"kind": "truncate", "bytes": 10}, (1, 1)),
        ("post_accept", {"kind": "status", "http": 200, "html": True}, (1, 1)),
    ],
)
async def test_o_cliente_fica_sem_resposta(
    bancada: Bancada, etapa: str, acao: dict[str, object], aceitas: tuple[int, int]
) -> None:
    await bancada.falha(etapa, acao)
    with pytest.raises((aiohttp.ClientError, TimeoutError, json.JSONDecodeError)):
        await bancada.enviar_modelo(PESSOA, prazo=0.3)
    await asyncio.sleep(0.1)
    assert await _contagem(bancada) == aceitas


@pytest.mark.parametrize(
    ("etapa", "acao", "esperado", "aceitas"),
    [
        ("pre_accept", {"kind": "error_code", "code": 131016}, (500, 131016), (0, 0)),
        ("pre_accept", {"kind": "status", "http": 503, "code": 2}, (503, 2), (0, 0)),
        ("post_accept", {"kind": "status", "http": 500}, (500, 131000), (1, 1)),
        ("post_accept", {"kind": "slow_body", "ms": 0}, (200, None), (1, 0)),
        ("before_read", {"kind": "outage"}, (503, 2), (0, 0)),
    ],
)
async def test_o_cliente_recebe_um_erro(
    bancada: Bancada, etapa: str, acao: dict[str, object], esperado: tuple[int, int], aceitas: tuple[int, int]
) -> None:
    await bancada.falha(etapa, acao)
    resposta = await bancada.enviar_modelo(PESSOA)
    assert (resposta[0], codigo(resposta)) == esperado
    assert await _contagem(bancada) == aceitas


async def test_atraso_antes_de_ler_adia_a_chegada(bancada: Bancada) -> None:
    """Jitter on the way in: bucket and ledger see the late arrival, not the early departure."""
    await bancada.falha("before_read", {"kind": "delay", "ms": [100, 300]})
    inicio = (await bancada.controle("GET", "/health"))["now"]
    envios = [asyncio.ensure_future(bancada.enviar_modelo(_pessoa(n))) for n in range(20)]
    await asyncio.sleep(0.2)
    assert await bancada.livro() == []
    await bancada.avancar(0.5)
    assert {codigo(r) for r in await asyncio.gather(*envios)} == {None}
    chegadas = [linha["attempt"]["arrived_at"] - inicio for linha in await bancada.livro()]
    assert len(set(chegadas)) > 10
    assert all(100 <= chegada <= 300 for chegada in chegadas)


async def test_atraso_depois_de_aceitar_nao_adia_a_chegada(bancada: Bancada) -> None:
    await bancada.falha("post_accept", {"kind": "delay", "ms": 2_000})
    envio = asyncio.ensure_future(bancada.enviar_modelo(PESSOA))
    while not await bancada.livro():
        await asyncio.sleep(0.01)
    assert (await _contagem(bancada))[0] == 1
    assert not envio.done()
    await bancada.avancar(2)
    assert codigo(await envio) is None


async def test_recusa_de_conexao(bancada: Bancada) -> None:
    await bancada.falha("before_read", {"kind": "refuse", "seconds": 10}, limit=1)
    with pytest.raises(aiohttp.ClientError):
        await bancada.enviar_modelo(PESSOA)
    with pytest.raises(aiohttp.ClientConnectorError):
        await bancada.enviar_modelo(PESSOA)
    await bancada.avancar(10)
    await asyncio.sleep(0.05)
    assert codigo(await bancada.enviar_modelo(PESSOA)) is None


async def test_filtros_e_contadores(bancada: Bancada) -> None:
    erro = {"kind": "error_code", "code": 131016}
    await bancada.falha("pre_accept", erro, id="nth", match={"nth": [1, 3], "number": NUMERO})
    assert [codigo(await bancada.enviar_modelo(_pessoa(n))) for n in range(4)] == [131016, None, 131016, None]
    assert codigo(await bancada.enviar_modelo(_pessoa(9), numero=OUTRO)) is None
    (regra,) = await bancada.controle("GET", "/faults")
    assert (regra["fault_id"], regra["matched"]) == ("nth", 2)
    await bancada.controle("POST", "/reset", {"keep_config": True})
    assert [codigo(await bancada.enviar_modelo(_pessoa(n))) for n in range(2)] == [131016, None]
    await bancada.controle("PUT", "/clock", {"mode": "manual"})
    await bancada.controle("DELETE", "/faults/nth")
    await bancada.controle("DELETE", "/faults/nth", status=404)
    await bancada.falha("pre_accept", erro, match={"every": 2, "callback_prefix": "lote"})
    codigos = [codigo(await bancada.enviar_modelo(_pessoa(n), biz_opaque_callback_data=f"lote{n}")) for n in range(4)]
    assert codigos == [None, 131016, None, 131016]
    await bancada.controle("DELETE", "/faults")
    await bancada.falha("pre_accept", erro, match={"recipient": PESSOA}, limit=1)
    assert [codigo(await bancada.enviar_modelo(PESSOA)) for _ in range(2)] == [131016, None]
    await bancada.falha("pre_accept", erro, match={"between": [5, 10]})
    vistos = []
    for n in range(3):
        vistos.append(codigo(await bancada.enviar_modelo(_pessoa(20 + n))))
        await bancada.avancar(5)
    assert vistos == [None, 131016, None]


async def test_proporcao_repete_com_a_mesma_semente_e_julga_de_novo_a_repeticao(bancada: Bancada) -> None:
    async def rodada() -> list[int | None]:
        await bancada.controle("POST", "/reset", {"seed": 7, "keep_config": True})
        await bancada.controle("PUT", "/clock", {"mode": "manual"})
        await bancada.controle("DELETE", "/faults")
        await bancada.falha("pre_accept", {"kind": "error_code", "code": 131016}, id="r", match={"ratio": 0.4})
        pedidos = [bancada.enviar_modelo(_pessoa(n), biz_opaque_callback_data=f"c{n}") for n in range(30)]
        respostas = list(map(codigo, await asyncio.gather(*pedidos)))
        falharam = [n for n, c in enumerate(respostas) if c]
        de_novo = [await bancada.enviar_modelo(_pessoa(n), biz_opaque_callback_data=f"c{n}") for n in falharam]
        return respostas + list(map(codigo, de_novo))

    primeira = await rodada()
    assert set(primeira[30:]) == {None, 131016}
    assert await rodada() == primeira


async def test_apagao_segura_os_webhooks(bancada: Bancada) -> None:
    await bancada.enviar_modelo(PESSOA)
    await bancada.falha("before_read", {"kind": "outage"}, match={"between": [0, 300]})
    assert codigo(await bancada.graph("GET", f"{WABA}/message_templates")) == 2
    await bancada.avancar(120)
    assert bancada.receptor.corpos == []
    await bancada.avancar(200)
    assert bancada.receptor.nomes()[:2] == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("especie", "extra", "recebidos"),
    [("drop_webhook", {}, 0), ("delay_webhook", {"ms": 5_000}, 1), ("reorder_webhook", {}, 1), ("dup_webhook", {}, 2)],
)
async def test_falhas_de_webhook(bancada: Bancada, especie: str, extra: dict[str, int], recebidos: int) -> None:
    await bancada.falha("webhook", {"kind": especie, **extra}, limit=1)
    await bancada.abrir_janela(PESSOA)
    await bancada.avancar(6)
    assert len(bancada.receptor.corpos) == recebidos


@pytest.mark.parametrize(
    "regra",
    [
        {"stage": "webhook", "action": {"kind": "truncate"}},
        {"stage": "pre_accept", "action": {"kind": "storm"}},
        {"stage": "pre_accept", "action": {"kind": "reset"}, "provider": "outro"},
        {"stage": "nunca", "action": {"kind": "reset"}},
        {"stage": "pre_accept", "action": {"kind": "reset"}, "match": {"sempre": True}},
    ],
)
async def test_regra_sem_sentido_e_recusada(bancada: Bancada, regra: dict[str, object]) -> None:
    await bancada.controle("POST", "/faults", regra, status=400)


@pytest.mark.parametrize("nome", PRESETS)
async def test_presets_carregam(bancada: Bancada, nome: str) -> None:
    await bancada.controle("PUT", f"/scenario/{nome}", {})
    await bancada.controle("PUT", "/scenario/inexistente", {}, status=400)


async def test_modelo_pausado_no_meio(bancada: Bancada) -> None:
    await bancada.controle("PUT", "/scenario/template-paused-midway", {})
    assert codigo(await bancada.enviar_modelo(PESSOA)) is None
    await bancada.avancar(20)
    assert codigo(await bancada.enviar_modelo(PESSOA)) == 132015
    assert codigo(await bancada.enviar(PESSOA)) is None


async def test_token_revogado_no_meio(bancada: Bancada) -> None:
    await bancada.controle("PUT", "/scenario/token-revoked-midway", {})
    assert codigo(await bancada.enviar_modelo(PESSOA)) is None
    await bancada.avancar(20)
    assert codigo(await bancada.enviar_modelo(PESSOA)) == 190
    assert codigo(await bancada.graph("GET", f"{WABA}/message_templates")) == 190


async def test_latencia_do_provedor(bancada: Bancada) -> None:
    await bancada.cenario(meta={"latency_ms": [20, 60]}, clock={"mode": "real"})
    inicio = time.perf_counter()
    assert codigo(await bancada.enviar_modelo(PESSOA)) is None
    assert time.perf_counter() - inicio > 0.005
