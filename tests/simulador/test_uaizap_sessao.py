"""UaiZap sessions: paths, tokens, pairing by image and by code, expiry, drops and resets."""

from __future__ import annotations

import base64
import struct
import zlib

import aiohttp
import pytest

from tests.simulador.bancada import CHAVE
from tests.simulador.bancada_uaizap import ADMIN, DONO, INSTANCIA, PESSOA, TOKEN, BancadaUaizap


def _dimensoes(data_url: str) -> tuple[int, int]:
    """Width and height of a PNG whose checksums and pixels hold."""
    tipo, _, dados = data_url.partition(",")
    assert tipo == "data:image/png;base64"
    png = base64.b64decode(dados, validate=True)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    pixels, posicao, largura, altura = b"", 8, 0, 0
    while posicao < len(png):
        tamanho, nome = struct.unpack(">I4s", png[posicao : posicao + 8])
        corpo = png[posicao + 8 : posicao + 8 + tamanho]
        (soma,) = struct.unpack(">I", png[posicao + 8 + tamanho : posicao + 12 + tamanho])
        assert soma == zlib.crc32(nome + corpo)
        if nome == b"IHDR":
            largura, altura = struct.unpack(">II", corpo[:8])
        pixels += corpo if nome == b"IDAT" else b""
        posicao += 12 + tamanho
    assert zlib.decompress(pixels)
    return largura, altura


async def _nova(uaizap: BancadaUaizap) -> tuple[str, str]:
    """Id and token of an instance just created, with its webhook set, as the product would do it."""
    status, criada = await uaizap.chamar("POST", "/instance/create", {"name": "nova"}, admin=ADMIN)
    assert status == 200
    assert (criada["connected"], criada["instance"]["status"]) == (False, "disconnected")
    config = {"url": uaizap.base.receptor.url, "enabled": True, "events": ["connection"]}
    assert (await uaizap.chamar("POST", "/webhook", config, token=criada["token"]))[0] == 200
    return criada["instance"]["id"], criada["token"]


@pytest.mark.parametrize(
    ("metodo", "caminho"),
    [
        ("POST", "/message/text"),
        ("GET", "/instance/list"),
        ("GET", "/instance/qrcode"),
        ("POST", "/instance/paircode"),
        ("GET", "/instance/logout"),
        ("GET", "/chats/list"),
        ("POST", "/media/upload"),
        ("POST", "/instance/init"),
        ("GET", "/send/text"),
        ("PUT", "/webhook"),
        ("GET", "/"),
    ],
)
async def test_caminho_ou_metodo_errado_e_405(uaizap: BancadaUaizap, metodo: str, caminho: str) -> None:
    status, corpo = await uaizap.chamar(metodo, caminho)
    assert status == 405
    assert set(corpo) == {"error"}


@pytest.mark.parametrize("caminho", ["/send/status", "/group/create", "/contacts", "/newsletter/list", "/chat/labels"])
async def test_caminho_publicado_mas_nao_simulado_e_501(uaizap: BancadaUaizap, caminho: str) -> None:
    assert await uaizap.chamar("POST", caminho, {}) == (501, {"error": "not simulated"})


async def test_autenticacao(uaizap: BancadaUaizap) -> None:
    assert await uaizap.chamar("GET", "/instance/status", token=None) == (401, {"error": "missing token"})
    assert await uaizap.chamar("GET", "/instance/status", token="x") == (401, {"error": "Invalid token"})
    assert await uaizap.enviar(token="x") == (401, {"error": "Invalid token"})
    assert (await uaizap.chamar("GET", "/instance/all", token=TOKEN))[0] == 401
    assert (await uaizap.chamar("GET", "/instance/all", admin="x"))[0] == 403
    assert (await uaizap.livro())[0]["acceptance"] is None


async def test_cada_servidor_ve_as_suas_instancias(uaizap: BancadaUaizap) -> None:
    await uaizap.controle("POST", "/uaizap/servers", {"host_key": "outro", "admin_token": "outra-senha"})
    _, todas = await uaizap.chamar("GET", "/instance/all", admin=ADMIN)
    assert [i["name"] for i in todas] == [INSTANCIA]
    assert await uaizap.chamar("GET", "/instance/all", admin="outra-senha") == (200, [])
    campos = {"id": uaizap.id, "adminField01": "cliente 7"}
    assert (await uaizap.chamar("POST", "/instance/updateAdminFields", campos, admin="outra-senha"))[0] == 404
    _, mudada = await uaizap.chamar("POST", "/instance/updateAdminFields", campos, admin=ADMIN)
    assert mudada["adminField01"] == "cliente 7"


async def test_qr_gira_expira_e_so_o_primeiro_vai_por_webhook(uaizap: BancadaUaizap) -> None:
    _, token = await _nova(uaizap)
    _, conectando = await uaizap.chamar("POST", "/instance/connect", {}, token=token)
    assert (conectando["response"], conectando["jid"]) == ("Connecting", None)
    imagens = [conectando["instance"]["qrcode"]]
    largura, altura = _dimensoes(imagens[0])
    assert largura == altura > 50
    for _ in range(5):
        await uaizap.avancar(20)
        imagens.append((await uaizap.chamar("GET", "/instance/status", token=token))[1]["instance"]["qrcode"])
    assert len(set(imagens)) == 6
    assert [c["instance"].get("qrcode") for c in uaizap.corpos("connection")] == imagens[:1]
    await uaizap.avancar(20)
    _, fim = await uaizap.chamar("GET", "/instance/status", token=token)
    assert (fim["instance"]["status"], fim["instance"]["qrcode"]) == ("disconnected", "")
    assert uaizap.conexoes() == ["connecting", "disconnected"]


async def test_leitura_do_qr_conecta(uaizap: BancadaUaizap) -> None:
    id_, token = await _nova(uaizap)
    await uaizap.controle("POST", f"/uaizap/instances/{id_}/scan", {"owner": DONO}, status=400)
    await uaizap.chamar("POST", "/instance/connect", {}, token=token)
    await uaizap.controle("POST", f"/uaizap/instances/{id_}/scan", {"owner": "+55 11 99999-0400"})
    await uaizap.avancar(200)
    _, estado = await uaizap.chamar("GET", "/instance/status", token=token)
    assert estado["instance"]["owner"] == "5511999990400"
    assert estado["status"] == {
        "connected": True,
        "loggedIn": True,
        "jid": "5511999990400:1@s.whatsapp.net",
        "resetting": False,
    }
    assert uaizap.conexoes() == ["connecting", "connected"]
    await uaizap.cenario(jid_as_object=True)
    _, estado = await uaizap.chamar("GET", "/instance/status", token=token)
    assert estado["status"]["jid"]["user"] == "5511999990400"
    assert (await uaizap.chamar("POST", "/instance/connect", {}, token=token))[1]["connected"] is True


async def test_codigo_de_pareamento_so_a_partir_de_desconectada(uaizap: BancadaUaizap) -> None:
    _, token = await _nova(uaizap)
    _, corpo = await uaizap.chamar("POST", "/instance/connect", {"phone": DONO}, token=token)
    codigo = corpo["instance"]["paircode"]
    assert (len(codigo), codigo[4], corpo["instance"]["qrcode"]) == (9, "-", "")
    await uaizap.avancar(299)
    assert (await uaizap.chamar("GET", "/instance/status", token=token))[1]["instance"]["paircode"] == codigo
    await uaizap.avancar(1)
    assert (await uaizap.chamar("GET", "/instance/status", token=token))[1]["instance"]["status"] == "disconnected"
    await uaizap.chamar("POST", "/instance/connect", {}, token=token)
    _, corpo = await uaizap.chamar("POST", "/instance/connect", {"phone": DONO}, token=token)
    assert corpo["instance"]["paircode"] == ""


async def test_teto_de_instancias_conectadas(uaizap: BancadaUaizap) -> None:
    servidor = {"host_key": "demo", "admin_token": ADMIN, "max_connected": 1}
    await uaizap.controle("POST", "/uaizap/servers", servidor)
    _, token = await _nova(uaizap)
    assert (await uaizap.chamar("POST", "/instance/connect", {}, token=token))[0] == 429


async def test_queda_com_saida_exige_novo_pareamento(uaizap: BancadaUaizap) -> None:
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/drop", {})
    await uaizap.avancar(60)
    (evento,) = uaizap.corpos("connection")
    assert evento["type"] == "LoggedOut"
    assert evento["instance"]["lastDisconnectReason"] == "401: logged out from another device"
    estado = await uaizap.estado()
    assert (estado["status"]["connected"], estado["status"]["jid"], estado["instance"]["owner"]) == (False, None, DONO)
    assert await uaizap.enviar() == (500, {"error": "WhatsApp client is not connected"})
    assert (await uaizap.chamar("POST", "/chat/check", {"numbers": [PESSOA]}))[0] == 401
    assert (await uaizap.chamar("POST", "/instance/reset"))[0] == 409
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/drop", {}, status=400)


async def test_queda_passageira_volta_sozinha(uaizap: BancadaUaizap) -> None:
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/drop", {"reason": "timeout", "reconnect_s": 10})
    assert (await uaizap.enviar())[0] == 500
    assert (await uaizap.chamar("POST", "/chat/check", {"numbers": [PESSOA]}))[0] == 500
    await uaizap.avancar(10)
    assert (await uaizap.enviar())[0] == 200
    assert uaizap.conexoes() == ["disconnected", "connected"]
    assert "type" not in uaizap.corpos("connection")[0]
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/drop", {"reason": "timeout", "reconnect_s": 999})
    assert (await uaizap.chamar("POST", "/instance/connect", {}))[1]["connected"] is True


async def test_o_que_chega_com_o_aparelho_fora_espera_por_ele(uaizap: BancadaUaizap) -> None:
    await uaizap.enviar("5511999999101", track_id="antes")
    await uaizap.controle("POST", f"/uaizap/instances/{uaizap.id}/drop", {"reason": "timeout", "reconnect_s": 30})
    await uaizap.receber("na ausência")
    await uaizap.avancar(29)
    assert (uaizap.mensagens(), uaizap.recibos()) == ([], [])
    await uaizap.avancar(1)
    assert {m["text"] for m in uaizap.mensagens()} == {"olá", "na ausência"}
    assert uaizap.estados() == ["Delivered"]


async def test_sessao_instavel(uaizap: BancadaUaizap) -> None:
    await uaizap.controle("PUT", "/scenario/uaizap-flaky-session", {})
    await uaizap.avancar(200)
    assert uaizap.conexoes() == ["disconnected", "connected"] * 3
    await uaizap.controle("PUT", "/scenario", {})
    await uaizap.avancar(200)
    assert len(uaizap.conexoes()) == 6


async def test_reinicio_desconexao_e_remocao(uaizap: BancadaUaizap) -> None:
    respostas = []
    for espera in (1, 2, 60, 2):
        respostas.append((await uaizap.chamar("POST", "/instance/reset"))[1]["response"])
        await uaizap.avancar(espera)
    assert respostas == ["Reset started", "Reset already running", "Reset in cooldown", "Reset started"]
    _, corpo = await uaizap.chamar("POST", "/instance/disconnect")
    assert (corpo["response"], corpo["instance"]["status"]) == ("Disconnected", "disconnected")
    assert (await uaizap.chamar("DELETE", "/instance"))[0] == 200
    assert (await uaizap.chamar("GET", "/instance/status"))[0] == 401


async def test_ajustes_da_instancia(uaizap: BancadaUaizap) -> None:
    _, corpo = await uaizap.chamar("POST", "/instance/updateDelaySettings", {"msg_delay_min": 1, "msg_delay_max": 3})
    assert (corpo["msg_delay_min"], corpo["msg_delay_max"]) == (1, 3)
    assert (await uaizap.chamar("POST", "/instance/updateDelaySettings", {"msg_delay_min": 3}))[0] == 400
    assert (await uaizap.chamar("POST", "/instance/updateInstanceName", {"name": "matriz"}))[1]["name"] == "matriz"
    assert (await uaizap.chamar("POST", "/instance/presence", {"presence": "unavailable"}))[0] == 200
    await uaizap.chamar("POST", "/instance/privacy", {"last": "none"})
    assert (await uaizap.chamar("GET", "/instance/privacy"))[1] == {"last": "none"}
    assert (await uaizap.estado())["instance"]["current_presence"] == "unavailable"


async def test_instancia_do_controle_pode_ser_repetida(uaizap: BancadaUaizap) -> None:
    corpo = {"name": INSTANCIA, "token": TOKEN, "webhook": {"url": uaizap.base.receptor.url, "events": ["messages"]}}
    assert (await uaizap.controle("POST", "/uaizap/instances", corpo))["id"] == uaizap.id
    (unica,) = await uaizap.controle("GET", "/uaizap/instances")
    assert (unica["owner"], unica["webhook"][0]["events"]) == (DONO, ["messages"])
    fora = {"name": "x", "webhook": "http://example.com/webhook"}
    await uaizap.controle("POST", "/uaizap/instances", fora, status=400)


async def test_metricas_e_diario_de_pedidos(uaizap: BancadaUaizap) -> None:
    await uaizap.enviar()
    await uaizap.chamar("POST", "/webhook", {"url": uaizap.base.receptor.url})
    url = f"{uaizap.base.simulador.url_controle}/__sim/v1/metrics"
    async with aiohttp.ClientSession() as sessao, sessao.get(url, headers={"X-Sim-Key": CHAVE}) as resposta:
        texto = await resposta.text()
    assert 'sim_instances{status="connected"} 1' in texto
    assert 'sim_provider_attempts_total{provider="uaizap"} 1' in texto
    pedidos = await uaizap.controle("GET", "/requests?provider=uaizap")
    assert [p["path"] for p in pedidos] == ["/send/text", "/webhook"]
    assert uaizap.base.receptor.url not in pedidos[1]["body"]
    assert await uaizap.controle("GET", "/requests?provider=meta&path=/send") == []
