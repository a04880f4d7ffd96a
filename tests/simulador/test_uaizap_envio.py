"""UaiZap sends: validation, resolution, pace, delay, placeholders, 463, the queue, magic numbers and the ledger."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import aiohttp
import pytest

from tests.simulador.bancada import INICIO_MS, em_paralelo
from tests.simulador.bancada_uaizap import DONO, PESSOA, TOKEN, BancadaUaizap

_FOTO = base64.b64encode(b"\xff\xd8\xff\xe0 uma foto").decode()


def _pessoa(n: int) -> str:
    return f"55118{n:08d}"


async def test_resposta_do_envio(uaizap: BancadaUaizap) -> None:
    status, corpo = await uaizap.enviar(texto="bom dia", track_id="att1", track_source="crm", replyid="3EB0AA")
    assert status == 200
    assert corpo["messageid"].startswith("3EB0")
    assert 20 <= len(corpo["messageid"]) <= 22
    assert corpo["id"] == f"{DONO}:{corpo['messageid']}"
    assert (corpo["status"], corpo["messageType"], corpo["fromMe"]) == ("Pending", "ExtendedTextMessage", True)
    assert (corpo["track_id"], corpo["track_source"], corpo["quoted"]) == ("att1", "crm", "3EB0AA")
    assert (corpo["chatid"], corpo["text"]) == (f"{PESSOA}@s.whatsapp.net", "bom dia")
    assert corpo["messageTimestamp"] == INICIO_MS
    assert "response" not in corpo
    await uaizap.cenario(response_wrapper=True)
    assert (await uaizap.enviar())[1]["response"]["status"] == "success"


@pytest.mark.parametrize(
    ("caminho", "corpo", "status"),
    [
        ("/send/text", {"number": PESSOA}, 400),
        ("/send/text", {"text": "oi"}, 400),
        ("/send/text", {"number": "abc", "text": "oi"}, 400),
        ("/send/text", b"{", 400),
        ("/send/text", [], 400),
        ("/send/media", {"number": PESSOA, "type": "gif", "file": _FOTO}, 400),
        ("/send/media", {"number": PESSOA, "type": "image", "file": "não é base64"}, 400),
        ("/send/media", {"number": PESSOA, "type": "image", "file": _FOTO, "mimetype": "application/zip"}, 415),
        ("/send/media", {"number": PESSOA, "type": "sticker", "file": "A" * 2_000_000}, 413),
        ("/send/media", {"number": PESSOA, "type": "image", "file": "https://fora.invalid/a.jpg"}, 500),
        ("/send/contact", {"number": PESSOA, "fullName": "Ana"}, 400),
        ("/send/location", {"number": PESSOA, "latitude": 1}, 400),
        ("/send/menu", {"number": PESSOA, "type": "list", "text": "a", "choices": []}, 400),
        ("/send/pix-button", {"number": PESSOA, "pixType": "CPF"}, 400),
        ("/send/request-payment", {"number": PESSOA}, 400),
    ],
)
async def test_validacao(uaizap: BancadaUaizap, caminho: str, corpo: Any, status: int) -> None:
    achado, resposta = await uaizap.chamar("POST", caminho, corpo)
    assert (achado, set(resposta)) == (status, {"error"})
    if caminho == "/send/text" and isinstance(corpo, dict) and len(corpo) == 1:
        assert resposta == {"error": "Missing number or text"}
    assert (await uaizap.livro())[0]["acceptance"] is None


@pytest.mark.parametrize(
    ("caminho", "corpo", "tipo"),
    [
        ("/send/media", {"type": "image", "file": f"data:image/png;base64,{_FOTO}", "text": "foto"}, "ImageMessage"),
        (
            "/send/media",
            {"type": "document", "file": "https://exemplo.com/a.pdf", "docName": "a.pdf"},
            "DocumentMessage",
        ),
        ("/send/media", {"type": "ptt", "file": _FOTO}, "AudioMessage"),
        ("/send/contact", {"fullName": "Ana", "phoneNumber": "5511999990011,5511999990012"}, "ContactMessage"),
        ("/send/location", {"latitude": -19.9, "longitude": -43.9, "name": "Loja"}, "LocationMessage"),
        ("/send/menu", {"type": "list", "text": "Setor?", "choices": ["[A]", "Vendas|v|"]}, "ListMessage"),
        ("/send/menu", {"type": "button", "text": "Certo?", "choices": ["Sim|s"]}, "ButtonsMessage"),
        ("/send/menu", {"type": "poll", "text": "Cor?", "choices": ["Azul", "Verde"]}, "PollCreationMessageV3"),
        ("/send/carousel", {"text": "Ofertas", "carousel": [{"text": "1"}]}, "InteractiveMessage"),
        ("/send/location-button", {"text": "Onde está?"}, "InteractiveMessage"),
        ("/send/pix-button", {"pixType": "CPF", "pixKey": "1"}, "InteractiveMessage"),
        ("/send/request-payment", {"amount": 10}, "InteractiveMessage"),
    ],
)
async def test_tipos_de_envio(uaizap: BancadaUaizap, caminho: str, corpo: dict[str, Any], tipo: str) -> None:
    status, resposta = await uaizap.chamar("POST", caminho, {"number": PESSOA, "track_id": "t", **corpo})
    assert (status, resposta["messageType"]) == (200, tipo)
    await uaizap.avancar(1)
    assert [m["messageType"] for m in uaizap.mensagens()] == [tipo]


async def test_resolucao_do_numero(uaizap: BancadaUaizap) -> None:
    await uaizap.controle(
        "POST",
        "/recipients/bulk",
        [
            {"phone": "5534999990002", "wa_id": "553499990002"},
            {"phone": "5534999990003", "on_whatsapp": False},
            {"phone": "5534999990004", "username_only": True},
        ],
    )
    numeros = ["5534999990002", "553499990002", "5534999990003", "5534999990004", "lixo"]
    _, achados = await uaizap.chamar("POST", "/chat/check", {"numbers": numeros})
    assert [a["jid"] for a in achados[:2]] == ["553499990002@s.whatsapp.net"] * 2
    assert achados[0]["lid"].endswith("@lid")
    assert achados[2]["isInWhatsapp"] is False
    assert achados[2]["error"] == "the number 5534999990003@s.whatsapp.net is not on WhatsApp"
    assert achados[3]["jid"] == achados[3]["lid"]
    assert achados[4]["isInWhatsapp"] is False
    for numero in ("5534999990002", "553499990002@s.whatsapp.net", achados[0]["lid"]):
        assert (await uaizap.enviar(numero))[1]["chatid"] == "553499990002@s.whatsapp.net"
    status, corpo = await uaizap.enviar("5534999990003")
    assert (status, corpo["error"]) == (500, "the number 5534999990003@s.whatsapp.net is not on WhatsApp")
    assert (await uaizap.enviar("900000000000999@lid"))[0] == 500
    assert {linha["attempt"]["recipient"] for linha in await uaizap.livro() if linha["acceptance"]} == {"5534999990002"}
    await uaizap.cenario(not_on_whatsapp_http=404)
    assert (await uaizap.enviar("5511999999026"))[0] == 404
    assert (await uaizap.chamar("POST", "/chat/check", {}))[0] == 400


async def test_proporcao_sem_whatsapp(uaizap: BancadaUaizap) -> None:
    await uaizap.cenario(not_on_whatsapp_ratio=0.5, rate_per_min=1000)
    respostas = await em_paralelo(*(uaizap.enviar(_pessoa(n)) for n in range(40)))
    aceitas = sum(status == 200 for status, _ in respostas)
    assert 8 < aceitas < 32
    assert [s for s, _ in respostas] == [
        s for s, _ in await em_paralelo(*(uaizap.enviar(_pessoa(n)) for n in range(40)))
    ]


async def test_ritmo_por_minuto(uaizap: BancadaUaizap) -> None:
    codigos = [(await uaizap.enviar(_pessoa(n)))[0] for n in range(61)]
    assert codigos == [200] * 60 + [429]
    assert (await uaizap.enviar())[1] == {"error": "Rate limit exceeded"}
    outra = await uaizap.controle("POST", "/uaizap/instances", {"name": "outra"})
    assert (await uaizap.enviar(token=outra["token"]))[0] == 200
    await uaizap.avancar(60)
    assert (await uaizap.enviar())[0] == 200
    resumo = await uaizap.controle("GET", "/ledger/summary?provider=uaizap")
    assert resumo["rejected_by_code"] == {"rate_limit": 2}
    assert resumo["violations"]["over_rate"] == 2
    await uaizap.falha("pre_accept", {"kind": "throttle", "factor": 0.5})
    await uaizap.avancar(60)
    assert [(await uaizap.enviar(_pessoa(n)))[0] for n in range(31)] == [200] * 30 + [429]


async def test_delay_segura_a_resposta(uaizap: BancadaUaizap) -> None:
    envio = asyncio.ensure_future(uaizap.enviar(delay=5_000))
    while not await uaizap.livro():
        await asyncio.sleep(0.01)
    await uaizap.avancar(4)
    assert not envio.done()
    assert (await uaizap.livro())[0]["acceptance"] is None
    await uaizap.avancar(1)
    status, corpo = await envio
    assert (status, corpo["messageTimestamp"]) == (200, INICIO_MS + 5_000)


async def test_queda_durante_o_delay(uaizap: BancadaUaizap) -> None:
    envio = asyncio.ensure_future(uaizap.enviar(delay=5_000))
    while not await uaizap.livro():
        await asyncio.sleep(0.01)
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/drop", {})
    await uaizap.avancar(5)
    assert (await envio)[0] == 500
    assert (await uaizap.livro())[0]["acceptance"] is None


async def test_marcadores_sao_trocados_pelo_gateway(uaizap: BancadaUaizap) -> None:
    await uaizap.controle("POST", "/recipients/bulk", [{"phone": PESSOA, "profile_name": "Ana Maria"}])
    _, corpo = await uaizap.enviar(texto="Oi {{first_name}} ({{name}}/{{wa_name}})[{{lead_email}}] {{outro}}")
    assert corpo["text"] == corpo["content"]["text"] == "Oi Ana (Ana Maria/Ana Maria)[] {{outro}}"


async def test_restricao_463(uaizap: BancadaUaizap) -> None:
    await uaizap.cenario(timelock_after_new_chats=2, timelock_s=600)
    _, antes = await uaizap.chamar("GET", "/instance/wa_messages_limits")
    assert (antes["can_send_new_messages"], antes["new_chat_message_capping"]["total_quota"]) == (True, 2)
    await uaizap.receber(de=_pessoa(9))
    assert [(await uaizap.enviar(_pessoa(n)))[0] for n in (1, 2, 3)] == [200, 200, 500]
    _, corpo = await uaizap.enviar(_pessoa(3))
    assert (corpo["error_key"], corpo["provider_code"]) == ("WHATSAPP_REACHOUT_TIMELOCK", 463)
    _, depois = await uaizap.chamar("GET", "/instance/wa_messages_limits")
    assert depois["can_send_new_messages"] is False
    assert depois["error_key"] == "WHATSAPP_REACHOUT_TIMELOCK"
    assert depois["new_chat_message_capping"]["status"] == "CAPPED"
    assert depois["reachout_timelock"]["until"] == corpo["details"]["reachout_timelock"]["until"]
    # Conversations that exist go on, whoever opened them.
    assert [(await uaizap.enviar(_pessoa(n), "de novo"))[0] for n in (1, 9)] == [200, 200]
    await uaizap.avancar(600)
    assert (await uaizap.enviar(_pessoa(3)))[0] == 200
    assert (await uaizap.chamar("GET", "/instance/wa_messages_limits"))[1]["reachout_timelock"]["active"] is False


async def test_463_por_falha_e_por_numero_magico(uaizap: BancadaUaizap) -> None:
    await uaizap.falha("pre_accept", {"kind": "error_code", "code": 463}, limit=1)
    assert (await uaizap.enviar())[1]["provider_code"] == 463
    assert (await uaizap.chamar("GET", "/instance/wa_messages_limits"))[1]["reachout_timelock"]["active"] is True
    outra = await uaizap.controle("POST", "/uaizap/instances", {"name": "outra"})
    assert (await uaizap.enviar(token=outra["token"]))[0] == 200
    assert (await uaizap.enviar("5511999999463", token=outra["token"]))[1]["provider_code"] == 463
    assert (await uaizap.enviar(_pessoa(1), token=outra["token"]))[1]["provider_code"] == 463


async def test_preset_do_463(uaizap: BancadaUaizap) -> None:
    await uaizap.controle("PUT", "/scenario/uaizap-timelock", {})
    assert [(await uaizap.enviar(_pessoa(n)))[0] for n in range(21)] == [200] * 20 + [500]


async def test_fila_assincrona_espaca_e_falha_em_silencio(uaizap: BancadaUaizap) -> None:
    await uaizap.chamar("POST", "/instance/updateDelaySettings", {"msg_delay_min": 2, "msg_delay_max": 4})
    for n, quem in enumerate((_pessoa(1), "5511999999026", _pessoa(2))):
        assert (await uaizap.enviar(quem, **{"async": True, "track_id": f"f{n}"}))[0] == 200
    assert await uaizap.chamar("GET", "/message/async") == (200, {"status": "queued", "pending": 3})
    await uaizap.avancar(20)
    assert await uaizap.chamar("GET", "/message/async") == (200, {"status": "idle", "pending": 0})
    (falhou,) = await uaizap.procurar(track_id="f1")
    assert falhou["status"] == "failed"
    assert [m["track_id"] for m in uaizap.mensagens()] == ["f0", "f2"]
    enviadas = [linha for linha in await uaizap.livro() if linha["delivery"]]
    assert {linha["attempt"]["callback"] for linha in enviadas} == {"f0", "f2"}
    esperado = [{"callback": f"f{n}", "recipient": p} for n, p in enumerate((_pessoa(1), "5511999999026", _pessoa(2)))]
    comparado = await uaizap.controle("POST", "/ledger/compare", {"expected": esperado})
    assert (comparado["ok"], comparado["failed"]) == (True, ["f1"])


async def test_fila_espera_a_conexao_e_pode_ser_esvaziada(uaizap: BancadaUaizap) -> None:
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/drop", {"reason": "rede", "reconnect_s": 30})
    assert (await uaizap.enviar(**{"async": True, "track_id": "espera"}))[0] == 200
    assert (await uaizap.chamar("GET", "/message/async"))[1]["status"] == "waiting_connection"
    assert (await uaizap.livro())[0]["delivery"] is None
    await uaizap.avancar(40)
    assert (await uaizap.livro())[0]["delivery"] is not None
    await uaizap.enviar(**{"async": True, "delay": 5_000, "track_id": "digitando"})
    await uaizap.avancar(1)
    assert (await uaizap.chamar("GET", "/message/async"))[1]["status"] == "processing"
    assert (await uaizap.chamar("DELETE", "/message/async"))[0] == 409
    await uaizap.avancar(10)
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/drop", {})
    await uaizap.enviar(**{"async": True, "track_id": "cancelada"})
    assert (await uaizap.chamar("DELETE", "/message/async"))[1]["removed"] == 1
    assert (await uaizap.procurar(track_id="cancelada"))[0]["status"] == "canceled"


@pytest.mark.parametrize(
    ("final", "aceitas"),
    [
        ("9500", (0, 0)),
        ("9501", (1, 1)),
        ("9502", (0, 0)),
        ("9503", (0, 0)),
        ("9504", (1, 1)),
        ("9505", (0, 0)),
        ("9506", (1, 1)),
        ("9507", (1, 1)),
        ("9508", (1, 1)),
        ("9509", (1, 1)),
    ],
)
async def test_numeros_magicos_de_transporte(uaizap: BancadaUaizap, final: str, aceitas: tuple[int, int]) -> None:
    ouvido = False
    try:
        status, _ = await uaizap.enviar(f"551199999{final}", track_id="m", prazo=0.3)
        ouvido = status == 200
    except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError):
        pass
    assert not ouvido
    await asyncio.sleep(0.1)
    await uaizap.avancar(36)
    resumo = await uaizap.base.resumo()
    assert (resumo["accepted"], resumo["accepted_but_client_never_told"]) == aceitas
    assert resumo["delivered"] == aceitas[0]
    # What was accepted proves itself by the echo and by the search, whatever the client heard.
    assert [m["track_id"] for m in uaizap.mensagens()] == ["m"] * aceitas[0]
    assert len(await uaizap.procurar(track_id="m")) == aceitas[0]


async def test_falhas_so_ferem_o_seu_provedor(uaizap: BancadaUaizap) -> None:
    await uaizap.falha("post_accept", {"kind": "reset"}, match={"path": "/send/text"}, limit=1)
    assert (await uaizap.base.enviar_modelo(PESSOA))[0] == 200
    with pytest.raises(aiohttp.ClientError):
        await uaizap.enviar()
    await uaizap.base.falha("before_read", {"kind": "outage"})
    assert (await uaizap.enviar(texto="outra"))[0] == 200
    await uaizap.falha("before_read", {"kind": "status", "http": 503}, match={"path": "/message/find"})
    assert (await uaizap.chamar("POST", "/message/find", {}))[0] == 503
    await uaizap.falha("before_read", {"kind": "outage"})
    assert (await uaizap.chamar("GET", "/instance/status"))[0] == 503


async def test_recusa_de_conexao_so_desta_porta(uaizap: BancadaUaizap) -> None:
    await uaizap.falha("before_read", {"kind": "refuse", "seconds": 10}, limit=1)
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await uaizap.enviar()
    assert (await uaizap.base.enviar_modelo(PESSOA))[0] == 200
    await uaizap.avancar(10)
    await asyncio.sleep(0.05)
    assert (await uaizap.enviar())[0] == 200


async def test_o_livro_conta_os_dois_provedores(uaizap: BancadaUaizap) -> None:
    await uaizap.enviar(track_id="u1")
    await uaizap.enviar("553188887777", track_id="u2")
    await uaizap.base.enviar_modelo(PESSOA, biz_opaque_callback_data="m1")
    await uaizap.avancar(90)
    assert [linha["attempt"]["provider"] for linha in await uaizap.base.livro()].count("meta") == 1
    linha = (await uaizap.livro())[0]
    assert (linha["attempt"]["number"], linha["attempt"]["recipient"]) == (uaizap.id, PESSOA)
    assert linha["terminal"]["planned"] in ("delivered", "read")
    assert linha["terminal"]["emitted_at"] is not None
    esperado = [{"callback": c, "recipient": PESSOA} for c in ("u1", "m1")]
    achado = await uaizap.controle("POST", "/ledger/compare", {"expected": esperado})
    assert (achado["ok"], achado["extra"]) == (False, [{"callback": "u2", "recipient": PESSOA}])
    assert sorted(achado["duplicated"][0]["callbacks"]) == ["u1", "u2"]


async def _rodada(uaizap: BancadaUaizap, ordem: list[int]) -> tuple[Any, str]:
    await uaizap.controle("POST", "/reset", {"seed": 42, "keep_config": True})
    await uaizap.controle("PUT", "/clock", {"mode": "manual", "now": INICIO_MS})
    await uaizap.cenario(rate_per_min=1000, not_on_whatsapp_ratio=0.2)
    await uaizap.falha("post_accept", {"kind": "status"}, id="f", match={"ratio": 0.2})

    async def um(n: int) -> tuple[int, int, str]:
        status, corpo = await uaizap.enviar(_pessoa(n), track_id=f"t{n}")
        return n, status, corpo.get("messageid", "")

    respostas = sorted(await em_paralelo(*map(um, ordem)))
    await uaizap.avancar(90)
    return respostas, json.dumps(await uaizap.livro())


async def test_a_mesma_semente_da_os_mesmos_ids(uaizap: BancadaUaizap) -> None:
    uma = await _rodada(uaizap, list(range(60)))
    assert await _rodada(uaizap, list(reversed(range(60)))) == uma
    assert {status for _, status, _ in uma[0]} == {200, 500}
    assert len({id_ for *_, id_ in uma[0] if id_}) > 20
    await uaizap.controle("POST", "/reset", {"seed": 43, "keep_config": True})
    assert (await uaizap.enviar(_pessoa(0), track_id="t0"))[1].get("messageid", "") != uma[0][0][2]


async def test_reinicio_mantem_ou_esquece_as_instancias(uaizap: BancadaUaizap) -> None:
    await uaizap.enviar(track_id="t")
    await uaizap.controle("POST", "/reset", {"keep_config": True})
    assert await uaizap.procurar(track_id="t") == []
    assert (await uaizap.enviar(track_id="t"))[0] == 200
    await uaizap.controle("POST", "/reset", {})
    assert (await uaizap.enviar(token=TOKEN))[0] == 401


async def test_disparo_em_massa(uaizap: BancadaUaizap) -> None:
    corpo = {
        "numbers": [_pessoa(1), _pessoa(2)],
        "type": "text",
        "text": "oi",
        "folder": "p",
        "delayMin": 1,
        "delayMax": 2,
    }
    status, criada = await uaizap.chamar("POST", "/sender/simple", corpo)
    assert (status, criada["count"], criada["status"]) == (200, 2, "queued")
    assert (await uaizap.chamar("POST", "/sender/simple", corpo))[0] == 409
    agendada = {"messages": [{"number": _pessoa(3), "text": "oi"}], "scheduled_for": 60}
    _, outra = await uaizap.chamar("POST", "/sender/advanced", agendada)
    await uaizap.avancar(30)
    _, pastas = await uaizap.chamar("GET", "/sender/listfolders")
    assert [(p["status"], p["log_sucess"]) for p in pastas] == [("done", 2), ("scheduled", 0)]
    assert len([linha for linha in await uaizap.livro() if linha["delivery"]]) == 2
    _, lista = await uaizap.chamar("POST", "/sender/listmessages", {"folder_id": outra["folder_id"]})
    assert [m["status"] for m in lista["messages"]] == ["Scheduled"]
    parar = {"folder_id": outra["folder_id"], "action": "stop"}
    assert (await uaizap.chamar("POST", "/sender/edit", parar))[1]["status"] == "paused"
    await uaizap.avancar(3_600)
    assert len(await uaizap.livro()) == 2
    await uaizap.chamar("POST", "/sender/edit", parar | {"action": "continue"})
    await uaizap.avancar(5)
    assert len(await uaizap.livro()) == 3
    assert (await uaizap.chamar("POST", "/sender/cleardone", {"hours": 1}))[1]["removed"] == 2
    assert (await uaizap.chamar("DELETE", "/sender/clearall"))[0] == 200
