"""Throughput, pair, window and messaging limits, at the exact instants where they bite."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulador.bancada import INICIO_MS, NUMERO, OUTRO, WABA, Bancada, codigo, em_paralelo


def _pessoa(n: int) -> str:
    return f"55118{n:08d}"


async def _rajada(bancada: Bancada, quantas: int, *, numero: str = NUMERO, desde: int = 0) -> Counter[int | None]:
    envios = [bancada.enviar_modelo(_pessoa(desde + n), numero=numero) for n in range(quantas)]
    return Counter(map(codigo, await em_paralelo(*envios)))


async def test_balde_cheio_deixa_passar_oitenta(bancada: Bancada) -> None:
    assert await _rajada(bancada, 81) == {None: 80, 130429: 1}
    assert await _rajada(bancada, 1, numero=OUTRO) == {None: 1}
    await bancada.avancar(1 / 80)
    assert await _rajada(bancada, 2, desde=100) == {None: 1, 130429: 1}


async def test_janela_estrita_conta_o_segundo_deslizante(bancada: Bancada) -> None:
    await bancada.cenario(meta={"limiter": "strict_window"})
    contagem: Counter[int | None] = Counter()
    for n in range(9):
        contagem += await _rajada(bancada, 9, desde=9 * n)
        await bancada.avancar(0.11)
    assert contagem == {None: 80, 130429: 1}
    await bancada.avancar(0.01)
    assert await _rajada(bancada, 10, desde=100) == {None: 9, 130429: 1}


@pytest.mark.parametrize(("nivel", "taxa"), [("coexistence", 20), ("high", 1000)])
async def test_outros_niveis(bancada: Bancada, nivel: str, taxa: int) -> None:
    numero = {"phone_number_id": "203", "waba_id": WABA, "display_phone_number": "551130000000", "throughput": nivel}
    await bancada.controle("POST", "/meta/numbers", numero)
    assert await _rajada(bancada, taxa + 1, numero="203") == {None: taxa, 130429: 1}


async def test_429_com_retry_after_quando_o_cenario_pede(bancada: Bancada) -> None:
    await bancada.cenario(meta={"throttle_http_status": 429, "retry_after": True})
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"burst": 1})
    await _rajada(bancada, 1)
    status, corpo = await bancada.enviar_modelo(_pessoa(1))
    assert (status, corpo["error"]["code"], corpo["error"]["is_transient"]) == (429, 130429, True)


async def test_mensagem_recebida_gasta_ficha_mas_nunca_e_recusada(bancada: Bancada) -> None:
    for n in range(85):
        await bancada.abrir_janela(_pessoa(n))
    assert await _rajada(bancada, 1) == {130429: 1}


async def test_estrangulamento_multiplica_a_taxa(bancada: Bancada) -> None:
    await bancada.falha("before_read", {"kind": "throttle", "factor": 0.5}, match={"number": NUMERO})
    assert await _rajada(bancada, 41) == {None: 40, 130429: 1}


async def test_subida_para_high_passa_por_manutencao(bancada: Bancada) -> None:
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"throughput": "high"})
    assert codigo(await bancada.enviar_modelo(_pessoa(0))) == 131057
    await bancada.avancar(60)
    assert codigo(await bancada.enviar_modelo(_pessoa(0))) is None
    (evento,) = bancada.receptor.valores("phone_number_quality_update")
    assert evento["event"] == "THROUGHPUT_UPGRADE"


async def test_par_empresta_45_e_cobra_depois(bancada: Bancada) -> None:
    codigos = [codigo(await bancada.enviar_modelo("5511988887777")) for _ in range(46)]
    assert codigos == [None] * 45 + [131056]
    assert codigo(await bancada.enviar_modelo("5511988887778")) is None
    # The form without the ninth digit is the same person.
    assert codigo(await bancada.enviar_modelo("551188887777")) == 131056


async def test_par_libera_vinte_envios_depois_de_dois_minutos(bancada: Bancada) -> None:
    for _ in range(20):
        await bancada.enviar_modelo("5511988887777")
    await bancada.avancar(119.999)
    assert codigo(await bancada.enviar_modelo("5511988887777")) == 131056
    await bancada.avancar(0.001)
    assert codigo(await bancada.enviar_modelo("5511988887777")) is None


async def test_recusa_do_par_devolve_a_ficha(bancada: Bancada) -> None:
    for _ in range(60):
        await bancada.enviar_modelo("5511999999056")
    assert await _rajada(bancada, 81) == {None: 80, 130429: 1}


@pytest.mark.parametrize("modo", ["sync", "async", "mixed"])
async def test_janela_fecha_no_milissegundo(bancada: Bancada, modo: str) -> None:
    await bancada.cenario(meta={"window_mode": modo})
    await bancada.abrir_janela("5511988887777")
    await bancada.avancar(24 * 3600 - 0.001)
    assert codigo(await bancada.enviar("5511988887777", "ainda aberta", biz_opaque_callback_data="dentro")) is None
    await bancada.avancar(0.001)
    resposta = await bancada.enviar("5511988887777", "já fechada", biz_opaque_callback_data="fora")
    assert (await bancada.livro(callback_prefix="dentro"))[0]["terminal"]["planned"] != "failed"
    if modo == "sync":
        assert codigo(resposta) == 131047
    elif modo == "async":
        assert codigo(resposta) is None
        await bancada.avancar(1)
        (falha,) = [s for s in bancada.receptor.statuses() if s.get("biz_opaque_callback_data") == "fora"]
        assert (falha["status"], falha["errors"][0]["code"]) == ("failed", 131047)
    assert (await bancada.resumo())["violations"]["outside_window_freeform"] == 1


async def test_janela_mista_faz_as_duas_coisas(bancada: Bancada) -> None:
    await bancada.cenario(meta={"window_mode": "mixed"})
    respostas = [codigo(await bancada.enviar(_pessoa(n))) for n in range(30)]
    assert set(respostas) == {None, 131047}


@pytest.mark.parametrize("modo", ["async_131048", "sync_131048", "hold"])
async def test_limite_de_mensagens_do_portfolio(bancada: Bancada, modo: str) -> None:
    await bancada.cenario(meta={"limit_mode": modo})
    await bancada.controle("PATCH", f"/meta/wabas/{WABA}", {"messaging_limit": 2})
    for n in range(2):
        await bancada.enviar_modelo(_pessoa(n), biz_opaque_callback_data=f"c{n}")
    # Known users and open windows cost nothing.
    assert codigo(await bancada.enviar_modelo(_pessoa(0), biz_opaque_callback_data="c0b")) is None
    resposta = await bancada.enviar_modelo(_pessoa(2), biz_opaque_callback_data="c2")
    if modo == "sync_131048":
        assert codigo(resposta) == 131048
        return
    if modo == "async_131048":
        assert (await bancada.livro(callback_prefix="c2"))[0]["terminal"]["planned"] == "failed"
        return
    assert resposta[1]["messages"][0]["message_status"] == "held_for_quality_assessment"
    await bancada.avancar(23 * 3600)
    assert (await bancada.livro(callback_prefix="c2"))[0]["delivery"] is None
    await bancada.avancar(3600 + 10)
    assert (await bancada.livro(callback_prefix="c2"))[0]["delivery"] is not None


async def test_pico_por_segundo_conta_aceitas_e_recusadas(bancada: Bancada) -> None:
    await _rajada(bancada, 81)
    await bancada.avancar(0.999)
    await _rajada(bancada, 10, desde=100)
    await bancada.avancar(0.001)
    await _rajada(bancada, 5, desde=200)
    pico = (await bancada.resumo())["peak_rate_by_number"][NUMERO]
    assert pico["per_second_max"] == 91
    assert pico["accepted_per_second_max"] == 90


async def test_token_vencido_no_relogio_simulado(bancada: Bancada) -> None:
    token = {"token": "curto", "waba_ids": [WABA], "expires_at": INICIO_MS + 1000}
    await bancada.controle("POST", "/meta/tokens", token)
    assert codigo(await bancada.enviar(_pessoa(0), token="curto")) is None
    await bancada.avancar(1)
    _, corpo = await bancada.enviar(_pessoa(0), token="curto")
    assert (corpo["error"]["code"], corpo["error"]["error_subcode"]) == (190, 463)
