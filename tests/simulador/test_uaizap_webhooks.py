"""UaiZap webhooks: shapes, echoes, receipts, inbound, filters, three attempts, and the search that fills the gaps."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import aiohttp
import pytest

from tests.simulador.bancada import INICIO_MS
from tests.simulador.bancada_uaizap import DONO, INSTANCIA, PESSOA, TOKEN, BancadaUaizap

_DA_MENSAGEM = {
    "buttonOrListid",
    "chatid",
    "chatlid",
    "content",
    "convertOptions",
    "edited",
    "fromMe",
    "groupName",
    "id",
    "isGroup",
    "mediaType",
    "messageTimestamp",
    "messageType",
    "messageid",
    "owner",
    "pinned",
    "quoted",
    "reaction",
    "sender",
    "senderName",
    "sender_lid",
    "sender_pn",
    "source",
    "status",
    "text",
    "track_id",
    "track_source",
    "type",
    "vote",
    "wasSentByApi",
}
_DA_CONVERSA = {
    "id",
    "image",
    "lead_name",
    "lead_tags",
    "name",
    "owner",
    "phone",
    "wa_chatid",
    "wa_chatlid",
    "wa_contactName",
    "wa_isGroup",
    "wa_name",
    "wa_unreadCount",
}
_DO_RECIBO = {
    "Chat",
    "IsFromMe",
    "IsGroup",
    "MessageIDs",
    "Sender",
    "Timestamp",
    "Type",
    "chatid",
    "chatlid",
    "sender_lid",
    "sender_pn",
}
_ENVELOPE = {"BaseUrl", "EventType", "instanceName", "owner", "token"}
_VOZ = base64.b64encode(b"OggS voz").decode()


async def test_eco_com_track_id(uaizap: BancadaUaizap) -> None:
    await uaizap.cenario(echo_delay_ms=700)
    _, enviada = await uaizap.enviar(track_id="att1", track_source="crm")
    await uaizap.avancar(0.6)
    assert uaizap.mensagens() == []
    await uaizap.avancar(0.1)
    (corpo,) = uaizap.corpos("messages")
    assert set(corpo) == _ENVELOPE | {"chat", "chatSource", "message"}
    assert (corpo["token"], corpo["instanceName"], corpo["owner"]) == (TOKEN, INSTANCIA, DONO)
    assert corpo["BaseUrl"] == uaizap.base.simulador.url_uaizap
    eco = corpo["message"]
    assert set(eco) == _DA_MENSAGEM
    assert set(corpo["chat"]) == _DA_CONVERSA
    assert (eco["fromMe"], eco["wasSentByApi"], eco["track_id"], eco["track_source"]) == (True, True, "att1", "crm")
    assert (eco["messageid"], eco["status"], eco["chatlid"]) == (enviada["messageid"], "", "")
    assert eco["sender_pn"] == f"{DONO}@s.whatsapp.net"
    assert "X-Hub-Signature-256" not in uaizap.base.receptor.cabecalhos[-1]
    (entrega,) = await uaizap.controle("GET", "/webhooks?key=att1")
    assert (entrega["provider"], entrega["app_id"]) == ("uaizap", uaizap.id)


async def test_recebidos_e_lidos(uaizap: BancadaUaizap) -> None:
    enviadas = [(await uaizap.enviar(f"55118{n:08d}"))[1]["messageid"] for n in range(40)]
    await uaizap.avancar(90)
    for recibo in uaizap.recibos():
        assert set(recibo) == _ENVELOPE | {"type", "state", "event"}
        assert set(recibo["event"]) == _DO_RECIBO
        assert recibo["type"] == "ReadReceipt"
    entregues = [r["event"]["MessageIDs"] for r in uaizap.recibos() if r["state"] == "Delivered"]
    assert sorted(entregues) == sorted([i] for i in enviadas)
    assert 20 < uaizap.estados().count("Read") < 40
    eventos = [r["event"] for r in uaizap.recibos()]
    assert {type(e["Timestamp"]) for e in eventos} == {int, str}
    assert any(str(e["Timestamp"]).endswith("Z") for e in eventos)
    assert {e["Type"] for e in eventos} >= {"Delivered", "delivered", "Read", "read"}
    assert {str(e["IsFromMe"]) for e in eventos if isinstance(e["IsFromMe"], str)} == {"False"}
    situacao = {linha["acceptance"]["message_id"]: linha["terminal"]["planned"] for linha in await uaizap.livro()}
    lidas = {i for r in uaizap.recibos() if r["state"] == "Read" for i in r["event"]["MessageIDs"]}
    assert lidas == {i for i, final in situacao.items() if final == "read"}


async def test_leitura_em_bloco_de_246(uaizap: BancadaUaizap) -> None:
    await uaizap.cenario(rate_per_min=1000)
    ids = [(await uaizap.enviar("5511999999101", f"linha {n}"))[1]["messageid"] for n in range(246)]
    await uaizap.avancar(10)
    assert uaizap.estados() == ["Delivered"] * 246
    corpo = {"from": "5511999999101"}
    assert await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/read", corpo) == {"read": 246}
    await uaizap.avancar(0)
    (bloco,) = [r for r in uaizap.recibos() if r["state"] == "Read"]
    assert sorted(bloco["event"]["MessageIDs"]) == sorted(ids)
    assert {linha["terminal"]["planned"] for linha in await uaizap.livro()} == {"read"}
    assert {m["status"] for m in await uaizap.procurar(chatid="5511999999101@s.whatsapp.net", limit=300)} == {"Read"}


async def test_uma_leitura_leva_as_outras_e_nao_passa_de_300(uaizap: BancadaUaizap) -> None:
    await uaizap.cenario(rate_per_min=1000)
    for n in range(350):
        await uaizap.enviar("5511999999101", f"linha {n}")
    await uaizap.avancar(10)
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/read", {"from": "5511999999101"})
    for n in range(30):
        await uaizap.enviar(PESSOA, f"linha {n}")
    await uaizap.avancar(90)
    leituras = [r["event"]["MessageIDs"] for r in uaizap.recibos() if r["state"] == "Read"]
    assert [len(ids) for ids in leituras[:2]] == [300, 50]
    da_pessoa = [i for ids in leituras[2:] for i in ids]
    assert len(leituras) < 20
    assert len(da_pessoa) == len(set(da_pessoa)) == 30


@pytest.mark.parametrize(
    ("final", "ecos", "estados"),
    [
        ("9100", 1, []),
        ("9101", 1, ["Delivered"]),
        ("9102", 1, ["Read"]),
        ("9103", 1, ["Read", "Delivered"]),
        ("9104", 3, ["Delivered"] * 3 + ["Read"] * 3),
    ],
)
async def test_numeros_magicos_de_recibos(uaizap: BancadaUaizap, final: str, ecos: int, estados: list[str]) -> None:
    await uaizap.enviar(f"551199999{final}", track_id="m")
    await uaizap.avancar(120)
    assert len(uaizap.mensagens()) == ecos
    assert uaizap.estados() == estados
    if final == "9103":
        assert json.loads(uaizap.base.receptor.corpos[-1])["EventType"] == "messages"


async def test_eco_antes_da_resposta_resposta_automatica_e_nono_digito(uaizap: BancadaUaizap) -> None:
    await uaizap.enviar("5511999999110")
    assert len(uaizap.mensagens()) == 1
    assert (await uaizap.enviar("5511999999120"))[1]["chatid"] == "551199999120@s.whatsapp.net"
    for final, texto in (("9122", "Obrigado pela mensagem!"), ("9123", "PARAR")):
        await uaizap.enviar(f"551199999{final}")
        await uaizap.avancar(2)
        assert [m["text"] for m in uaizap.mensagens() if not m["fromMe"]][-1] == texto


async def test_voz_tocada(uaizap: BancadaUaizap) -> None:
    corpo = {"number": "5511999999108", "type": "ptt", "file": _VOZ}
    await uaizap.chamar("POST", "/send/media", corpo)
    await uaizap.avancar(120)
    assert uaizap.estados() == ["Delivered", "Read", "Played"]


async def test_bloqueada_fica_num_so_tique(uaizap: BancadaUaizap) -> None:
    await uaizap.controle("POST", "/recipients/bulk", [{"phone": PESSOA, "blocked": True}])
    assert (await uaizap.enviar())[0] == 200
    await uaizap.avancar(90)
    assert (len(uaizap.mensagens()), uaizap.estados()) == (1, [])
    assert (await uaizap.livro())[0]["delivery"] is None


async def test_ruido(uaizap: BancadaUaizap) -> None:
    await uaizap.cenario(noise=True)
    await uaizap.enviar("5511999999101")
    await uaizap.avancar(10)
    assert uaizap.estados() == ["Delivered", ""]


async def test_filtros_e_eventos(uaizap: BancadaUaizap) -> None:
    url = uaizap.base.receptor.url
    status, configs = await uaizap.chamar(
        "POST", "/webhook", {"url": url, "events": ["messages"], "excludeMessages": ["wasSentByApi"]}
    )
    assert (status, len(configs)) == (200, 1)
    assert set(configs[0]) == {
        "id",
        "enabled",
        "url",
        "events",
        "excludeMessages",
        "addUrlEvents",
        "addUrlTypesMessages",
    }
    await uaizap.enviar()
    await uaizap.receber()
    await uaizap.avancar(90)
    assert [m["fromMe"] for m in uaizap.mensagens()] == [False]
    assert uaizap.recibos() == []
    assert (await uaizap.chamar("POST", "/webhook", {"url": "http://example.com/x"}))[0] == 400


async def test_varios_webhooks_global_e_caminhos(uaizap: BancadaUaizap) -> None:
    url = uaizap.base.receptor.url
    await uaizap.chamar("POST", "/webhook", {"url": url, "events": ["connection"]})
    _, configs = await uaizap.chamar("POST", "/webhook", {"url": url, "action": "add", "addUrlEvents": True})
    assert len(configs) == 2
    novo = {"id": configs[1]["id"], "action": "update", "addUrlTypesMessages": True}
    await uaizap.chamar("POST", "/webhook", novo)
    await uaizap.chamar("POST", "/globalwebhook", {"url": f"{url}?global=1"}, admin="admin-do-servidor")
    await uaizap.receber()
    urls = {e["url"] for e in await uaizap.controle("GET", "/webhooks")}
    assert {f"{url}/messages/Conversation", f"{url}?global=1"} <= urls
    _, configs = await uaizap.chamar("POST", "/webhook", {"id": configs[1]["id"], "action": "delete"})
    assert len(configs) == len((await uaizap.chamar("GET", "/webhook"))[1]) == 1
    assert (await uaizap.chamar("POST", "/webhook", {"id": "x", "action": "delete"}))[0] == 404
    await uaizap.chamar("DELETE", "/globalwebhook", admin="admin-do-servidor")
    assert await uaizap.chamar("GET", "/globalwebhook", admin="admin-do-servidor") == (200, [])


async def test_tres_tentativas_e_depois_so_a_lista_de_erros(uaizap: BancadaUaizap) -> None:
    uaizap.base.receptor.status = 500
    await uaizap.receber("perdida")
    await uaizap.avancar(3_600)
    assert len(uaizap.base.receptor.corpos) == 3
    (entrega,) = [e for e in await uaizap.controle("GET", "/webhooks") if e["state"] == "dropped"]
    assert [t["at"] - INICIO_MS for t in entrega["attempts"]] == [0, 5_000, 35_000]
    _, (erro,) = await uaizap.chamar("GET", "/webhook/errors")
    assert (erro["attempts"], erro["status_code"], erro["event"]) == (3, 500, "messages")
    assert (erro["message_type"], erro["payload"]["message"]["text"]) == ("Conversation", "perdida")
    for n in range(25):
        await uaizap.receber(f"m{n}")
    await uaizap.avancar(60)
    _, erros = await uaizap.chamar("GET", "/webhook/errors")
    assert (len(erros), erros[0]["payload"]["message"]["text"]) == (20, "m24")
    # The gap filler still finds what the webhook lost.
    assert len(await uaizap.procurar(chatid=f"{PESSOA}@s.whatsapp.net")) == 26
    uaizap.base.receptor.status = 200
    await uaizap.receber("chega")
    assert len((await uaizap.chamar("GET", "/webhook/errors"))[1]) == 20


async def test_receptor_volta_antes_da_terceira(uaizap: BancadaUaizap) -> None:
    await uaizap.falha("webhook", {"kind": "refuse"}, limit=2)
    await uaizap.receber()
    await uaizap.avancar(40)
    assert len(uaizap.base.receptor.corpos) == 1
    assert await uaizap.chamar("GET", "/webhook/errors") == (200, [])


async def test_falhas_de_webhook(uaizap: BancadaUaizap) -> None:
    await uaizap.falha("webhook", {"kind": "bad_signature"}, limit=1)
    await uaizap.receber("falsa")
    assert uaizap.corpos("messages")[0]["token"] != TOKEN
    await uaizap.falha("webhook", {"kind": "dup_webhook", "times": 2}, limit=1)
    await uaizap.receber("dobrada")
    assert [m["text"] for m in uaizap.mensagens()] == ["falsa"] + ["dobrada"] * 3
    await uaizap.falha("webhook", {"kind": "drop_webhook"}, match={"type": "messages"}, limit=1)
    await uaizap.receber("sumida")
    assert len(uaizap.mensagens()) == 4


@pytest.mark.parametrize(
    ("tipo", "conteudo", "esperado"),
    [
        ("text", "oi", {"messageType": "Conversation", "content": "oi", "text": "oi", "type": "text"}),
        ("image", {"caption": "Comprovante"}, {"messageType": "ImageMessage", "mediaType": "image"}),
        ("audio", {"voice": True}, {"messageType": "AudioMessage", "mediaType": "ptt", "type": "media"}),
        ("document", {"filename": "nota.pdf"}, {"messageType": "DocumentMessage", "mediaType": "document"}),
        ("sticker", {}, {"messageType": "StickerMessage"}),
        ("location", {"latitude": -19.92, "longitude": -43.94}, {"messageType": "LocationMessage"}),
        (
            "contact",
            {"name": "Dora", "phone": "5511999990044"},
            {"messageType": "ContactMessage", "mediaType": "vcard"},
        ),
        ("reaction", {"message_id": "3EB0A", "emoji": "❤️"}, {"messageType": "ReactionMessage", "reaction": "3EB0A"}),
        (
            "list_reply",
            {"id": "setor:1", "title": "Vendas"},
            {"buttonOrListid": "setor:1", "mediaType": "list_response"},
        ),
        ("button_reply", {"id": "sim", "title": "Sim"}, {"buttonOrListid": "sim", "text": "Sim"}),
        ("poll_vote", {"option": "Azul"}, {"messageType": "PollUpdateMessage", "vote": "Azul"}),
        ("edit", {"message_id": "3EB0A", "text": "certo"}, {"messageType": "ExtendedTextMessage", "edited": "3EB0A"}),
    ],
)
async def test_tipos_recebidos(uaizap: BancadaUaizap, tipo: str, conteudo: Any, esperado: dict[str, Any]) -> None:
    recebida = await uaizap.receber(conteudo, tipo, context={"id": "3EB0Q"})
    (mensagem,) = uaizap.mensagens()
    assert set(mensagem) == _DA_MENSAGEM
    assert {campo: mensagem[campo] for campo in esperado} == esperado
    assert (mensagem["messageid"], mensagem["quoted"]) == (recebida["message_id"], "3EB0Q")
    assert (mensagem["fromMe"], mensagem["wasSentByApi"]) == (False, False)


async def test_remetente_alterna_entre_telefone_e_lid(uaizap: BancadaUaizap) -> None:
    for n in range(20):
        await uaizap.receber(f"m{n}")
    mensagens = uaizap.mensagens()
    assert {m["sender"] for m in mensagens} == {m["sender_pn"] for m in mensagens} | {
        m["sender_lid"] for m in mensagens
    }
    assert len({m["sender_pn"] for m in mensagens}) == len({m["sender_lid"] for m in mensagens}) == 1
    assert uaizap.corpos("messages")[-1]["chat"]["wa_unreadCount"] == 20


async def test_digitada_no_aparelho_e_apagada_pelo_autor(uaizap: BancadaUaizap) -> None:
    await uaizap.receber("respondi pelo aparelho", extra={"fromMe": True})
    (mensagem,) = uaizap.mensagens()
    assert (mensagem["fromMe"], mensagem["wasSentByApi"], mensagem["track_id"]) == (True, False, "")
    assert await uaizap.livro() == []
    recebida = await uaizap.receber("ops")
    await uaizap.receber({"message_id": recebida["message_id"]}, "delete")
    (apagada,) = uaizap.recibos()
    assert (apagada["type"], apagada["state"]) == ("DeletedMessage", "Deleted")
    assert apagada["event"]["MessageIDs"] == [recebida["message_id"]]
    corpo = {"provider": "uaizap", "to_number": DONO, "from": PESSOA, "type": "inventado", "content": {}}
    await uaizap.controle("POST", "/inbound", corpo, status=400)


async def test_quem_responde_leu(uaizap: BancadaUaizap) -> None:
    await uaizap.enviar(PESSOA)
    await uaizap.avancar(4)
    await uaizap.receber()
    assert uaizap.estados().count("Read") == 1


async def test_busca_por_track_id_com_atraso_ordem_e_retencao(uaizap: BancadaUaizap) -> None:
    await uaizap.cenario(find_lag_ms=3_000)
    _, enviada = await uaizap.enviar(track_id="a", track_source="crm")
    assert await uaizap.procurar(track_id="a") == []
    await uaizap.avancar(3)
    (achada,) = await uaizap.procurar(track_id="a")
    assert achada["messageid"] == enviada["messageid"]
    for id_ in (enviada["id"], enviada["messageid"]):
        assert len(await uaizap.procurar(id=id_)) == 1
    for n in range(4):
        await uaizap.enviar(texto=f"m{n}", track_source="crm")
        await uaizap.avancar(1)
    await uaizap.avancar(3)
    _, pagina = await uaizap.chamar("POST", "/message/find", {"track_source": "crm", "limit": 2, "offset": 1})
    textos = [m["text"] for m in await uaizap.procurar(chatid=f"{PESSOA}@s.whatsapp.net")]
    assert textos == ["m3", "m2", "m1", "m0", "olá"]
    assert ([m["text"] for m in pagina["messages"]], pagina["nextOffset"], pagina["hasMore"]) == (["m2", "m1"], 3, True)
    await uaizap.avancar(7 * 86_400)
    assert await uaizap.procurar(track_id="a") == []


async def test_download(uaizap: BancadaUaizap) -> None:
    await uaizap.receber({"voice": True, "data": _VOZ}, "audio")
    (voz,) = uaizap.mensagens()
    assert "mmg" in voz["content"]["URL"]
    _, mp3 = await uaizap.chamar("POST", "/message/download", {"id": voz["messageid"]})
    assert mp3["mimetype"] == "audio/mpeg"
    _, ogg = await uaizap.chamar(
        "POST", "/message/download", {"id": voz["id"], "generate_mp3": False, "return_base64": True}
    )
    assert (ogg["mimetype"], ogg["base64Data"]) == ("audio/ogg; codecs=opus", _VOZ)
    async with uaizap.base.sessao.get(ogg["fileURL"]) as resposta:
        assert await resposta.read() == b"OggS voz"
    await uaizap.avancar(2 * 86_400)
    async with uaizap.base.sessao.get(ogg["fileURL"]) as resposta:
        assert resposta.status == 404
    await uaizap.receber("sem mídia")
    texto = uaizap.mensagens()[-1]
    assert (await uaizap.chamar("POST", "/message/download", {"id": texto["id"]}))[0] == 404


async def test_edicao_reacao_e_exclusao(uaizap: BancadaUaizap) -> None:
    _, enviada = await uaizap.enviar(texto="erado")
    await uaizap.avancar(1)
    _, editada = await uaizap.chamar("POST", "/message/edit", {"id": enviada["id"], "text": "errado"})
    assert editada["messageid"] != enviada["messageid"]
    assert editada["edited"] == enviada["messageid"]
    _, reacao = await uaizap.chamar("POST", "/message/react", {"number": PESSOA, "text": "👍", "id": enviada["id"]})
    assert reacao["reaction"] == enviada["messageid"]
    await uaizap.avancar(1)
    assert [(m["text"], m["edited"], m["reaction"]) for m in uaizap.mensagens()[1:]] == [
        ("errado", enviada["messageid"], ""),
        ("👍", "", enviada["messageid"]),
    ]
    assert (await uaizap.chamar("POST", "/message/delete", {"id": enviada["id"]}))[0] == 200
    await uaizap.avancar(0)
    assert "Deleted" in uaizap.estados()
    assert len(await uaizap.livro()) == 1
    recebida = await uaizap.receber()
    alheia = {"id": recebida["message_id"], "text": "x"}
    assert (await uaizap.chamar("POST", "/message/edit", alheia))[0] == 400
    assert (await uaizap.chamar("POST", "/message/edit", {"id": "3EB0X", "text": "x"}))[0] == 404


async def test_leitura_presenca_e_conversas(uaizap: BancadaUaizap) -> None:
    recebida = await uaizap.receber()
    _, corpo = await uaizap.chamar("POST", "/message/markread", {"id": [recebida["message_id"], "3EB0X"]})
    assert [r["status"] for r in corpo["results"]] == ["success", "not found"]
    _, conversa = await uaizap.chamar("POST", "/chat/details", {"number": PESSOA})
    assert (conversa["wa_unreadCount"], conversa["wa_chatid"]) == (0, f"{PESSOA}@s.whatsapp.net")
    await uaizap.chamar("POST", "/chat/read", {"number": PESSOA, "read": False})
    assert (await uaizap.chamar("POST", "/chat/find", {}))[1]["chats"][0]["wa_unreadCount"] == 1
    assert (await uaizap.chamar("POST", "/chat/block", {"number": PESSOA, "block": True}))[0] == 200
    presenca = {"number": PESSOA, "presence": "composing"}
    assert (await uaizap.chamar("POST", "/message/presence", presenca))[0] == 200
    await uaizap.avancar(0)
    assert len(uaizap.corpos("presence")) == 1


async def test_queda_do_simulador_perde_ecos_mas_nao_entregas(uaizap: BancadaUaizap) -> None:
    await uaizap.enviar(track_id="a")
    pendurada = asyncio.ensure_future(uaizap.enviar("5511999999504", track_id="b"))
    while len(await uaizap.livro()) < 2:
        await asyncio.sleep(0.01)
    await uaizap.controle("POST", "/chaos/restart")
    with pytest.raises(aiohttp.ClientError):
        await pendurada
    await uaizap.avancar(60)
    assert uaizap.mensagens() == []
    assert len(await uaizap.procurar(track_id="b")) == 1
    assert all(linha["delivery"] for linha in await uaizap.livro())
