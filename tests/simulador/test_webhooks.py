"""Outgoing webhooks: signature, schedule, repetition, batches, subscriptions, inbound and malice."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from typing import Any

import aiohttp
import pytest

from app.simulador.cena import preparar_conta
from app.simulador.eventos import serializar
from app.simulador.webhooks import ESPERAS, VIDA, assinar
from tests.simulador.bancada import CHAVE, INICIO_MS, NUMERO, SEGREDO, SENHA, WABA, Bancada, codigo

PESSOA = "5511988887777"
APP = f"app-{WABA}"
_HORA = 3_600


def _assinatura(corpo: bytes) -> str:
    return "sha256=" + hmac.new(SEGREDO.encode(), corpo, hashlib.sha256).hexdigest()


async def _evento(bancada: Bancada) -> None:
    valor = {"event": "DISABLED_UPDATE"}
    await bancada.controle("POST", "/meta/events", {"field": "account_update", "entry_id": WABA, "value": valor})


async def _unica(bancada: Bancada) -> dict[str, Any]:
    (entrega,) = await bancada.controle("GET", "/webhooks")
    return entrega


async def test_assinatura_cobre_os_bytes_enviados(bancada: Bancada) -> None:
    corpo = {"to_number": NUMERO, "from": PESSOA, "content": {"body": "Olá à praça/😊"}}
    await bancada.controle("POST", "/inbound", corpo)
    await bancada.avancar(0)
    (recebido,), (cabecalhos,) = bancada.receptor.corpos, bancada.receptor.cabecalhos
    assert cabecalhos["X-Hub-Signature-256"] == _assinatura(recebido)
    assert cabecalhos["X-Hub-Signature-256"] != _assinatura(recebido[:-1] + b" ")
    assert cabecalhos["Content-Type"] == "application/json"
    assert rb"Ol\u00e1 \u00e0 pra\u00e7a\/\ud83d\ude0a" in recebido
    assert b": " not in recebido


def test_vetores_conhecidos_de_assinatura() -> None:
    segredo = "sim-app-secret-not-real-0001"
    compacto = serializar({"a": "https://x.test/é"}, escapar_barras=True)
    assert compacto == rb'{"a":"https:\/\/x.test\/\u00e9"}'
    assert assinar(segredo, compacto).endswith("2c59e9c61d7230ae9c09557c879e6a3c2d92ea")
    acao = "sha256=5602a4c0ed13ddae235991e9f923606b8e139ba85b69c43f7cf561655e2328d7"
    assert assinar(segredo, '{"a":"ação"}'.encode()) == acao
    assert assinar(segredo, b"").startswith("sha256=b545e95c80b1116bcdba85d04b4f968a")


async def test_receptor_fora_do_ar_duas_horas(bancada: Bancada) -> None:
    bancada.receptor.status = 500
    await _evento(bancada)
    await bancada.avancar(2 * _HORA)
    bancada.receptor.status = 200
    await bancada.avancar(6 * _HORA)
    entrega = await _unica(bancada)
    assert entrega["state"] == "delivered"
    instantes = [t["at"] - INICIO_MS for t in entrega["attempts"]]
    esperados = [0.0]
    for espera in ESPERAS[: len(instantes) - 1]:
        esperados.append(esperados[-1] + espera / 1000)
    assert instantes == esperados
    assert len(set(bancada.receptor.corpos)) == 1


async def test_desiste_so_depois_de_sete_dias(bancada: Bancada) -> None:
    bancada.receptor.status = 500
    await _evento(bancada)
    await bancada.avancar(VIDA / 1_000_000 - 1)
    assert (await _unica(bancada))["state"] == "queued"
    await bancada.avancar(1)
    entrega = await _unica(bancada)
    assert entrega["state"] == "dropped"
    assert len(entrega["attempts"]) > 30


async def test_redirecionamento_e_falha(bancada: Bancada) -> None:
    bancada.receptor.status = 302
    await _evento(bancada)
    await bancada.avancar(1)
    assert [t["result"] for t in (await _unica(bancada))["attempts"]] == ["302"]


async def test_receptor_inalcancavel_e_tentado_de_novo(bancada: Bancada) -> None:
    await bancada.falha("webhook", {"kind": "refuse"}, limit=1)
    await _evento(bancada)
    await bancada.avancar(5)
    assert [t["result"] for t in (await _unica(bancada))["attempts"]] == ["refused", "200"]


async def test_pausa_retomada_e_descarga(bancada: Bancada) -> None:
    await bancada.controle("POST", "/webhooks/pause")
    await bancada.enviar_modelo(PESSOA)
    await bancada.avancar(120)
    assert bancada.receptor.corpos == []
    await bancada.controle("POST", "/webhooks/resume")
    await bancada.avancar(0)
    assert bancada.receptor.nomes()[:2] == ["sent", "delivered"]
    bancada.receptor.status = 500
    await _evento(bancada)
    await bancada.avancar(0)
    bancada.receptor.status = 200
    assert await bancada.controle("POST", "/webhooks/flush") == {"forced": 1}
    assert len(bancada.receptor.valores("account_update")) == 2


async def test_repeticao_manda_os_mesmos_bytes(bancada: Bancada) -> None:
    await _evento(bancada)
    await bancada.avancar(0)
    await bancada.controle("POST", f"/webhooks/{(await _unica(bancada))['id']}/replay", {"times": 2})
    await bancada.avancar(0)
    assert len(bancada.receptor.corpos) == 3
    assert len(set(bancada.receptor.corpos)) == 1
    assert len({c["X-Hub-Signature-256"] for c in bancada.receptor.cabecalhos}) == 1
    await bancada.controle("POST", "/webhooks/999/replay", {}, status=404)


async def test_duplicacao_do_cenario(bancada: Bancada) -> None:
    await bancada.cenario(webhook={"dup_ratio": 1})
    await _evento(bancada)
    await bancada.avancar(60)
    assert len(bancada.receptor.corpos) == 2


async def test_tempestade_repete_ao_mesmo_tempo(bancada: Bancada) -> None:
    await bancada.falha("webhook", {"kind": "storm", "times": 20}, limit=1)
    await _evento(bancada)
    await bancada.avancar(0)
    assert len(bancada.receptor.corpos) == 21


async def test_reordenacao_troca_a_ordem(bancada: Bancada) -> None:
    await bancada.cenario(webhook={"reorder_ratio": 0.5})
    for n in range(20):
        await bancada.enviar_modelo(f"55118{n:08d}", biz_opaque_callback_data=f"c{n}")
    await bancada.avancar(120)
    postos = {"sent": 0, "delivered": 1, "read": 2}
    por_callback: dict[str, list[int]] = {}
    for status in bancada.receptor.statuses():
        por_callback.setdefault(status["biz_opaque_callback_data"], []).append(postos[status["status"]])
    assert any(ordem != sorted(ordem) for ordem in por_callback.values())


async def test_lote_junta_sem_perder(bancada: Bancada) -> None:
    await bancada.cenario(webhook={"batch": {"max_items": 50, "linger_ms": 60_000}})
    for n in range(30):
        await bancada.enviar_modelo(f"55118{n:08d}")
    await bancada.abrir_janela(PESSOA)
    await bancada.avancar(180)
    assert len(bancada.receptor.corpos) <= 4
    assert bancada.receptor.nomes().count("sent") == bancada.receptor.nomes().count("delivered") == 30
    assert len(bancada.receptor.mensagens()) == 1
    assert any(len(v.get("statuses", ())) > 1 for v in bancada.receptor.valores())
    assert any(len(json.loads(c)["entry"][0]["changes"]) > 1 for c in bancada.receptor.corpos)


async def test_sem_inscricao_nada_sai(bancada: Bancada) -> None:
    assert (await bancada.graph("DELETE", f"{WABA}/subscribed_apps"))[1] == {"success": True}
    await bancada.enviar_modelo(PESSOA)
    await bancada.avancar(120)
    assert bancada.receptor.corpos == []
    await bancada.graph("POST", f"{WABA}/subscribed_apps")
    await _evento(bancada)
    await bancada.avancar(0)
    assert len(bancada.receptor.corpos) == 1


async def test_app_que_erra_o_desafio_nao_recebe(bancada: Bancada) -> None:
    app = {"app_id": APP, "app_secret": SEGREDO, "verify_token": "errado", "callback_url": bancada.receptor.url}
    assert (await bancada.controle("POST", "/meta/apps", app))["verified"] is False
    await _evento(bancada)
    await bancada.avancar(0)
    assert bancada.receptor.corpos == []


async def test_callback_fora_da_lista_e_recusado(bancada: Bancada) -> None:
    app = {"app_id": "x", "app_secret": "s", "verify_token": "v", "callback_url": "http://example.com/webhook"}
    await bancada.controle("POST", "/meta/apps", app, status=400)


async def test_precedencia_dos_desvios(bancada: Bancada) -> None:
    base = bancada.receptor.url
    da_conta = {"override_callback_uri": f"{base}?de=conta", "verify_token": SENHA}
    assert codigo(await bancada.graph("POST", f"{WABA}/subscribed_apps", da_conta)) is None
    do_numero = {"webhook_configuration": {"override_callback_uri": f"{base}?de=numero", "verify_token": SENHA}}
    assert codigo(await bancada.graph("POST", NUMERO, do_numero)) is None
    await bancada.abrir_janela(PESSOA)
    await _evento(bancada)
    urls = [e["url"].partition("?")[2] for e in await bancada.controle("GET", "/webhooks")]
    assert urls == ["de=numero", "de=conta"]
    errado = {"override_callback_uri": base, "verify_token": "errado"}
    assert codigo(await bancada.graph("POST", f"{WABA}/subscribed_apps", errado)) == 100


async def test_recebida_com_midia_pode_ser_baixada(bancada: Bancada) -> None:
    corpo = {"to_number": "+55 11 99999-0100", "from": "551188887777", "type": "image", "content": {"caption": "foto"}}
    await bancada.controle("POST", "/inbound", corpo)
    await bancada.avancar(0)
    (mensagem,) = bancada.receptor.mensagens()
    assert (mensagem["from"], mensagem["image"]["caption"]) == (PESSOA, "foto")
    _, midia = await bancada.graph("GET", mensagem["image"]["id"])
    assert midia["mime_type"] == "image/png"


@pytest.mark.parametrize(
    ("tipo", "conteudo"),
    [
        ("interactive", {"type": "button_reply", "button_reply": {"id": "a", "title": "Sim"}}),
        ("button", {"payload": "SIM", "text": "Sim"}),
        ("location", {"latitude": 1.0, "longitude": 2.0}),
        ("reaction", {"message_id": "wamid.x", "emoji": ""}),
        ("order", {"catalog_id": "1", "product_items": []}),
        ("contacts", [{"name": {"formatted_name": "Ana"}}]),
        ("request_welcome", None),
    ],
)
async def test_tipos_recebidos(bancada: Bancada, tipo: str, conteudo: Any) -> None:
    corpo = {"to_number": NUMERO, "from": PESSOA, "type": tipo, "content": conteudo, "extra": {"group_id": "g"}}
    await bancada.controle("POST", "/inbound", corpo)
    await bancada.avancar(0)
    (mensagem,) = bancada.receptor.mensagens()
    assert (mensagem["type"], mensagem.get(tipo), mensagem["group_id"]) == (tipo, conteudo, "g")


@pytest.mark.parametrize("modo", ["wrong_secret", "missing", "sha1", "upper", "altered"])
async def test_assinaturas_ruins(bancada: Bancada, modo: str) -> None:
    await bancada.falha("webhook", {"kind": "bad_signature", "mode": modo}, limit=1)
    await _evento(bancada)
    await bancada.avancar(0)
    assert bancada.receptor.cabecalhos[0].get("X-Hub-Signature-256") != _assinatura(bancada.receptor.corpos[0])


@pytest.mark.parametrize("modo", ["old_body", "huge", "deep", "wrong_object", "foreign_number", "invalid_utf8"])
async def test_corpos_maliciosos_vem_bem_assinados(bancada: Bancada, modo: str) -> None:
    pedido = {"app_id": APP, "mode": modo, "waba_id": WABA, "phone_number_id": NUMERO}
    await bancada.controle("POST", "/webhooks/malice", pedido)
    await bancada.avancar(0)
    assert bancada.receptor.cabecalhos[0]["X-Hub-Signature-256"] == _assinatura(bancada.receptor.corpos[0])
    assert (len(bancada.receptor.corpos[0]) > 5_000_000) == (modo == "huge")


async def test_duas_contas_nao_se_misturam(bancada: Bancada) -> None:
    outra = await preparar_conta(
        bancada.simulador.url_controle,
        CHAVE,
        app_secret="outro-segredo",
        verify_token=SENHA,
        callback_url=f"{bancada.receptor.url}?de=outra",
        waba_id="999",
        phone_number_id="2999",
        display_phone_number="+55 21 99999-0300",
        token="outro-token",
    )
    assert outra["verified"]
    assert codigo(await bancada.enviar_modelo(PESSOA)) is None
    corpo = {"messaging_product": "whatsapp", "to": PESSOA, "type": "template"}
    corpo["template"] = {"name": "boas_vindas", "language": {"code": "pt_BR"}}
    assert codigo(await bancada.graph("POST", "2999/messages", corpo, token="outro-token")) is None
    await bancada.avancar(5)
    for corpo_cru, cabecalhos in zip(bancada.receptor.corpos, bancada.receptor.cabecalhos, strict=True):
        da_conta = json.loads(corpo_cru)["entry"][0]["id"]
        assert (cabecalhos["X-Hub-Signature-256"] == _assinatura(corpo_cru)) == (da_conta == WABA)
    bsuids = {s["recipient_user_id"] for s in bancada.receptor.statuses()}
    assert len(bsuids) == 2


async def test_api_de_controle_exige_a_chave(bancada: Bancada) -> None:
    async with bancada.sessao.get(f"{bancada.simulador.url_controle}/__sim/v1/health") as resposta:
        assert resposta.status == 401
        assert re.fullmatch(r'\{"error":".+"\}', await resposta.text())


async def test_queda_perde_o_que_nao_estava_escrito(bancada: Bancada) -> None:
    bancada.receptor.status = 500
    await _evento(bancada)
    await bancada.enviar_modelo(PESSOA)
    pendurada = asyncio.ensure_future(bancada.enviar_modelo("5511999999504"))
    while len(await bancada.livro()) < 2:
        await asyncio.sleep(0.01)
    bancada.receptor.status = 200
    await bancada.controle("POST", "/chaos/restart")
    with pytest.raises(aiohttp.ClientError):
        await pendurada
    await bancada.avancar(120)
    # Statuses planned before the crash are gone; the queued webhook and the deliveries are not.
    assert bancada.receptor.nomes() == []
    assert len(bancada.receptor.valores("account_update")) == 2
    assert (await bancada.resumo())["delivered"] == 2
