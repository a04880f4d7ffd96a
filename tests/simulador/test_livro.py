"""The ledger: the same story from the same seed, comparison with the product, and survival of a restart."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from app.simulador.diario import DiarioJsonl
from app.simulador.resumo import por_segundo
from app.simulador.servidor import ConfigSimulador, Simulador, servir
from tests.simulador.bancada import CHAVE, INICIO_MS, NUMERO, OUTRO, TOKEN, WABA, Bancada, Receptor, codigo

PESSOA = "5511988887777"


def _pessoa(n: int) -> str:
    return f"55118{n:08d}"


async def _campanha(bancada: Bancada, ordem: list[int]) -> tuple[list[Any], str]:
    """A campaign under chance of every kind; answers by message, and the ledger as exported."""
    await bancada.controle("POST", "/reset", {"seed": 42, "keep_config": True})
    await bancada.controle("PUT", "/clock", {"mode": "manual", "now": INICIO_MS})
    await bancada.controle("PUT", "/scenario/burst-campaign", {})
    await bancada.cenario(
        recipients_mix=[{"behaviour": "131026", "ratio": 0.2}, {"behaviour": "no_nine", "ratio": 0.3}],
        faults=[
            {"id": "a", "stage": "pre_accept", "action": {"kind": "error_code"}, "match": {"ratio": 0.1}},
            {"id": "b", "stage": "post_accept", "action": {"kind": "status"}, "match": {"ratio": 0.1}},
        ],
    )
    vagas = asyncio.Semaphore(50)

    async def um(n: int) -> tuple[int, Any]:
        async with vagas:
            numero = (NUMERO, OUTRO)[n % 2]
            status, corpo = await bancada.enviar_modelo(_pessoa(n), numero=numero, biz_opaque_callback_data=f"c{n}")
            return n, (status, corpo.get("messages"), corpo.get("error"))

    respostas = sorted(await asyncio.gather(*(um(n) for n in ordem)))
    await bancada.avancar(120)
    return respostas, json.dumps(await bancada.livro())


async def test_a_mesma_semente_conta_a_mesma_historia(bancada: Bancada) -> None:
    uma = await _campanha(bancada, list(range(120)))
    outra = await _campanha(bancada, list(reversed(range(120))))
    assert uma == outra
    assert {status for _, (status, *_) in uma[0]} == {200, 500}


async def test_outra_semente_conta_outra(bancada: Bancada) -> None:
    _, corpo = await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data="c")
    await bancada.controle("POST", "/reset", {"seed": 2, "keep_config": True})
    _, novo = await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data="c")
    assert corpo["messages"] != novo["messages"]


async def test_comparacao_acha_o_envio_dobrado(bancada: Bancada) -> None:
    await bancada.enviar_modelo(PESSOA, "promocao_novembro", "Ana", biz_opaque_callback_data="a")
    await bancada.enviar_modelo("551188887777", "promocao_novembro", "Ana", biz_opaque_callback_data="novo")
    esperado = {"expected": [{"callback": "a", "recipient": PESSOA}]}
    achado = await bancada.controle("POST", "/ledger/compare", esperado)
    assert not achado["ok"]
    assert achado["extra"] == [{"callback": "novo", "recipient": PESSOA}]
    assert sorted(achado["duplicated"][0]["callbacks"]) == ["a", "novo"]
    assert len((await bancada.resumo())["same_content_same_recipient_duplicates"]) == 1


async def test_comparacao_completa(bancada: Bancada) -> None:
    await bancada.enviar_modelo(_pessoa(1), biz_opaque_callback_data="certa")
    await bancada.enviar_modelo("5511999999026", biz_opaque_callback_data="falhou")
    for _ in range(2):
        await bancada.enviar_modelo(_pessoa(2), biz_opaque_callback_data="dobrada")
    await bancada.enviar_modelo(_pessoa(3), biz_opaque_callback_data="desviada")
    pessoas = {
        "certa": _pessoa(1),
        "falhou": "5511999999026",
        "dobrada": _pessoa(2),
        "desviada": _pessoa(9),
        "sumida": _pessoa(8),
    }
    pedido: dict[str, Any] = {"expected": [{"callback": c, "recipient": r} for c, r in pessoas.items()]}
    achado = await bancada.controle("POST", "/ledger/compare", pedido)
    assert sorted(achado["missing"]) == ["falhou", "sumida"]
    assert achado["failed"] == ["falhou"]
    assert [(d["callback"], d["count"]) for d in achado["duplicated"]] == [("dobrada", 2)]
    assert [d["callback"] for d in achado["wrong_recipient"]] == ["desviada"]
    assert achado["extra"] == []
    pedido["expected"] = [e for e in pedido["expected"] if e["callback"] in ("certa", "falhou", "sumida")]
    pedido["tolerate_uncertain"] = ["sumida"]
    await bancada.controle("POST", "/reset", {"keep_config": True})
    await bancada.enviar_modelo(_pessoa(1), biz_opaque_callback_data="certa")
    await bancada.enviar_modelo("5511999999026", biz_opaque_callback_data="falhou")
    assert (await bancada.controle("POST", "/ledger/compare", pedido))["ok"]


async def test_mensagens_esperadas_podem_dizer_o_mesmo(bancada: Bancada) -> None:
    for callback in ("a", "b"):
        await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data=callback)
    pedido = {"expected": [{"callback": c, "recipient": PESSOA} for c in ("a", "b")]}
    assert (await bancada.controle("POST", "/ledger/compare", pedido))["ok"]


async def test_envio_depois_da_parada_e_violacao(bancada: Bancada) -> None:
    await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data="camp1.a")
    await bancada.controle("POST", "/ledger/stop", {"callback_prefix": "camp1."})
    await bancada.avancar(1)
    await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data="camp1.b")
    await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data="camp2.a")
    assert (await bancada.resumo())["violations"]["sends_after_campaign_stop"] == 1


async def test_linhas_do_livro_e_filtros(bancada: Bancada) -> None:
    await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data="x1")
    await bancada.avancar(10)
    await bancada.enviar_modelo(_pessoa(1), biz_opaque_callback_data="y1")
    (linha,) = await bancada.livro(callback_prefix="x")
    assert linha["attempt"]["answer"] == {"http": 200, "code": None, "told": True}
    assert linha["attempt"]["stage"] == 23
    assert linha["acceptance"]["message_id"].startswith("wamid.")
    assert linha["delivery"]["recipient"] == PESSOA
    assert len(await bancada.livro(recipient=_pessoa(1))) == 1
    assert len(await bancada.livro(after=str(INICIO_MS + 5_000))) == 1
    assert await bancada.livro(provider="uaizap") == []


async def test_pedidos_mascaram_segredos(bancada: Bancada) -> None:
    await bancada.graph("POST", f"{NUMERO}/register", {"messaging_product": "whatsapp", "pin": "987654"})
    pedidos = await bancada.controle("GET", "/requests?path=/register")
    assert len(pedidos) == 1
    assert "987654" not in json.dumps(pedidos)
    assert "***" in pedidos[0]["body"]
    assert await bancada.controle("GET", f"/requests?since={pedidos[0]['seq']}") == []


async def test_metricas(bancada: Bancada) -> None:
    await bancada.enviar_modelo(PESSOA)
    await bancada.enviar_modelo("5511999999030")
    url = f"{bancada.simulador.url_controle}/__sim/v1/metrics"
    async with bancada.sessao.get(url, headers={"X-Sim-Key": CHAVE}) as resposta:
        texto = await resposta.text()
    assert 'sim_denied_total{code="131030"} 1' in texto
    assert "sim_accepted_total 1" in texto
    assert f'sim_bucket_level{{number="{NUMERO}"}} 78.000' in texto


async def test_reinicio_esvazia_e_pode_manter_as_contas(bancada: Bancada) -> None:
    await bancada.enviar_modelo(PESSOA)
    await bancada.controle("POST", "/reset", {"keep_config": True})
    assert (await bancada.resumo())["attempts"] == 0
    assert codigo(await bancada.enviar_modelo(PESSOA)) is None
    await bancada.controle("POST", "/reset", {})
    assert codigo(await bancada.enviar_modelo(PESSOA)) == 190


async def test_diario_sobrevive_ao_processo(receptor: Receptor, tmp_path: Path) -> None:
    config = ConfigSimulador(chave_controle=CHAVE, porta_meta=0, porta_controle=0, diario=tmp_path / "livro.jsonl")
    livros, ids = [], []
    async with aiohttp.ClientSession() as sessao:
        for vida in range(2):
            async with Simulador(config) as simulador:
                bancada = Bancada(simulador, receptor, sessao)
                await bancada.preparar()
                if vida == 0:
                    ids.append((await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data="c"))[1]["messages"])
                await bancada.avancar(90)
                livros.append(await bancada.livro())
        async with Simulador(config) as simulador:
            bancada = Bancada(simulador, receptor, sessao)
            await bancada.preparar()
            ids.append((await bancada.enviar_modelo(PESSOA, biz_opaque_callback_data="c"))[1]["messages"])
    assert len(livros[0]) == 1
    assert livros[1] == livros[0]
    # The same request again gets a new id: ids are unique for the life of the journal.
    assert ids[0] != ids[1]


async def test_linha_cortada_do_diario_nao_perde_as_outras(bancada: Bancada, tmp_path: Path) -> None:
    await bancada.enviar_modelo(PESSOA)
    (tentativa,) = bancada.simulador.mundo.livro.tentativas
    diario = DiarioJsonl(tmp_path / "d.jsonl")
    diario.anotar(tentativa)
    diario.fechar()
    with (tmp_path / "d.jsonl").open("ab") as arquivo:
        arquivo.write(b'{"k":"t","id":"cor')
    assert list(DiarioJsonl(tmp_path / "d.jsonl").ler()) == [tentativa]


def test_pico_na_janela_deslizante() -> None:
    segundo = 1_000_000
    assert max(por_segundo([0, segundo - 1, segundo])) == 2
    assert max(por_segundo([5, 5, 5])) == 3


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.10", "::"])
def test_recusa_interface_publica(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        ConfigSimulador(chave_controle="k", host=host)


async def test_servir_avisa_e_termina_quando_cancelado() -> None:
    pronto = asyncio.Event()
    tarefa = asyncio.create_task(servir(ConfigSimulador(chave_controle="k", porta_meta=0, porta_controle=0), pronto))
    await asyncio.wait_for(pronto.wait(), 5)
    tarefa.cancel()
    with pytest.raises(asyncio.CancelledError):
        await tarefa


async def test_porta_ocupada_nao_deixa_nada_aberto(bancada: Bancada) -> None:
    ocupada = bancada.simulador.porta_controle
    with pytest.raises(OSError, match="in use"):
        await servir(ConfigSimulador(chave_controle="k", porta_meta=0, porta_controle=ocupada))


def _pedido_cru(numero: str, n: int) -> bytes:
    corpo = (
        f'{{"messaging_product":"whatsapp","to":"{_pessoa(n)}","type":"template","template":{{"name":"boas_vindas",'
        f'"language":{{"code":"pt_BR"}}}},"biz_opaque_callback_data":"c{n}"}}'
    )
    cabeca = f"POST /v25.0/{numero}/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    return f"{cabeca}Content-Type: application/json\r\nContent-Length: {len(corpo)}\r\n\r\n{corpo}".encode()


async def test_dez_mil_envios_por_tres_numeros(bancada: Bancada) -> None:
    """Three standard numbers under a clock twenty times as fast: the sender retries what the bucket denies."""
    terceiro = {"phone_number_id": "203", "waba_id": WABA, "display_phone_number": "+55 21 3333-0000"}
    await bancada.controle("POST", "/meta/numbers", terceiro)
    await bancada.cenario(
        clock={"mode": "scaled", "factor": 20}, webhook={"batch": {"max_items": 200, "linger_ms": 5_000}}
    )
    fila = iter(range(10_000))
    porta = bancada.simulador.porta_meta

    async def operario() -> None:
        # Raw HTTP: the client shares this process, and its cost must not hide the simulator's.
        leitor, escritor = await asyncio.open_connection("127.0.0.1", porta)
        for n in fila:
            pedido = _pedido_cru((NUMERO, OUTRO, "203")[n % 3], n)
            while True:
                escritor.write(pedido)
                cabeca = await leitor.readuntil(b"\r\n\r\n")
                tamanho = int(cabeca.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
                await leitor.readexactly(tamanho)
                if b" 200 " in cabeca[:16]:
                    break
                await asyncio.sleep(0.01)
        escritor.close()

    async with asyncio.timeout(60):
        await asyncio.gather(*(operario() for _ in range(40)))
    resumo = await bancada.resumo()
    assert (resumo["accepted"], resumo["deliveries_by_callback"]["duplicates"]) == (10_000, [])
    assert all(p["accepted_per_second_max"] <= 160 for p in resumo["peak_rate_by_number"].values())
