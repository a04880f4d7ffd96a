"""Endpoints beside sending: templates, numbers, media, and what an outsider may see of them."""

from __future__ import annotations

import hashlib
from typing import Any

import aiohttp
import pytest

from tests.simulador.bancada import NUMERO, OUTRO, TOKEN, WABA, Bancada, codigo

_NOVO = {
    "name": "aviso_novo",
    "language": "pt_BR",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Olá {{1}}, temos novidade."}],
}


async def test_listagem_pagina_por_cursor_sem_perder_nem_repetir(bancada: Bancada) -> None:
    for n in range(30):
        modelo = {**_NOVO, "waba_id": WABA, "name": f"modelo_{n}"}
        await bancada.controle("POST", "/meta/templates", modelo)
    vistos: list[str] = []
    _, pagina = await bancada.graph("GET", f"{WABA}/message_templates")
    assert len(pagina["data"]) == 25
    assert set(pagina["data"][0]) == {"id", "name", "parameter_format", "components", "language", "status", "category"}
    while True:
        vistos += [m["name"] for m in pagina["data"]]
        if "next" not in pagina["paging"]:
            break
        async with bancada.sessao.get(
            pagina["paging"]["next"], headers={"Authorization": f"Bearer {TOKEN}"}
        ) as resposta:
            pagina = await resposta.json()
    assert len(vistos) == len(set(vistos)) == 35


async def test_listagem_com_campos_limite_e_filtros(bancada: Bancada) -> None:
    _, pagina = await bancada.graph("GET", f"{WABA}/message_templates?fields=name,quality_score&limit=2")
    assert [set(m) for m in pagina["data"]] == [{"id", "name", "quality_score"}] * 2
    after = pagina["paging"]["cursors"]["after"]
    _, resto = await bancada.graph("GET", f"{WABA}/message_templates?limit=100&after={after}")
    assert len(resto["data"]) == 3
    assert "next" not in resto["paging"]
    _, filtrada = await bancada.graph("GET", f"{WABA}/message_templates?name=boas_vindas&status=APPROVED")
    assert [m["name"] for m in filtrada["data"]] == ["boas_vindas"]
    assert (await bancada.graph("GET", f"{WABA}/message_templates?status=REJECTED"))[1] == {"data": []}
    for consulta in ("fields=inexistente", "limit=0", "after=***"):
        assert codigo(await bancada.graph("GET", f"{WABA}/message_templates?{consulta}")) == 100


async def test_modelos_padrao(bancada: Bancada) -> None:
    _, pagina = await bancada.graph("GET", f"{WABA}/message_templates")
    por_nome = {m["name"]: m for m in pagina["data"]}
    assert set(por_nome) == {"promocao_novembro", "lembrete_consulta", "boas_vindas", "cupom_natal", "pedido_enviado"}
    assert por_nome["pedido_enviado"]["parameter_format"] == "NAMED"
    assert por_nome["promocao_novembro"]["category"] == "MARKETING"


async def test_vida_de_um_modelo(bancada: Bancada) -> None:
    _, criado = await bancada.graph("POST", f"{WABA}/message_templates", _NOVO)
    assert criado["status"] == "PENDING"
    assert codigo(await bancada.graph("POST", f"{WABA}/message_templates", _NOVO)) == 100
    assert codigo(await bancada.enviar_modelo("5511988887777", "aviso_novo", "Ana")) == 132001
    await bancada.avancar(60)
    assert bancada.receptor.valores("message_template_status_update")[0]["event"] == "APPROVED"
    assert codigo(await bancada.enviar_modelo("5511988887777", "aviso_novo", "Ana")) is None
    edicao = {"components": [{"type": "BODY", "text": "Olá {{1}}, mudou de {{2}} para melhor."}]}
    assert (await bancada.graph("POST", criado["id"], edicao))[1] == {"success": True}
    _, lido = await bancada.graph("GET", f"{criado['id']}?fields=status,components")
    assert (lido["status"], lido["components"]) == ("PENDING", edicao["components"])
    await bancada.avancar(60)
    assert codigo(await bancada.enviar_modelo("5511988887777", "aviso_novo", "Ana")) == 132000
    assert (await bancada.graph("DELETE", f"{WABA}/message_templates?name=aviso_novo"))[1] == {"success": True}
    assert codigo(await bancada.graph("DELETE", f"{WABA}/message_templates?name=aviso_novo")) == 100
    assert codigo(await bancada.graph("GET", criado["id"])) == 100


async def test_modelo_rejeitado(bancada: Bancada) -> None:
    await bancada.graph("POST", f"{WABA}/message_templates", {**_NOVO, "name": "aviso_reject"})
    await bancada.avancar(60)
    (evento,) = bancada.receptor.valores("message_template_status_update")
    assert (evento["event"], evento["reason"]) == ("REJECTED", "INVALID_FORMAT")


@pytest.mark.parametrize(
    "mudanca",
    [
        {"name": "Com Maiúscula"},
        {"category": "OUTRA"},
        {"components": []},
        {"components": [{"type": "BODY", "text": "{{1}} começa com variável"}]},
        {"language": ""},
    ],
)
async def test_criacao_recusada(bancada: Bancada, mudanca: dict[str, Any]) -> None:
    assert codigo(await bancada.graph("POST", f"{WABA}/message_templates", _NOVO | mudanca)) == 100


async def test_mudancas_ao_vivo_do_modelo_avisam(bancada: Bancada) -> None:
    id_ = bancada.modelos["lembrete_consulta"]
    mudancas = {"quality_score": "RED", "category": "MARKETING", "status": "PAUSED"}
    await bancada.controle("PATCH", f"/meta/templates/{id_}", mudancas)
    await bancada.avancar(0)
    assert bancada.receptor.valores("message_template_quality_update")[0]["new_quality_score"] == "RED"
    assert bancada.receptor.valores("template_category_update")[0]["new_category"] == "MARKETING"
    assert bancada.receptor.valores("message_template_status_update")[0]["event"] == "PAUSED"
    _, numero = await bancada.graph("GET", f"{NUMERO}?fields=health_status")
    assert numero["health_status"]["can_send_message"] == "LIMITED"


async def test_campos_do_numero(bancada: Bancada) -> None:
    _, padrao = await bancada.graph("GET", NUMERO)
    assert padrao["display_phone_number"] == "+55 11 99999-0100"
    consulta = "fields=throughput{level},quality_rating,is_on_biz_app,status,name_status,health_status"
    _, numero = await bancada.graph("GET", f"{NUMERO}?{consulta}")
    assert numero["throughput"] == {"level": "STANDARD"}
    assert numero["health_status"]["can_send_message"] == "AVAILABLE"
    assert codigo(await bancada.graph("GET", f"{NUMERO}?fields=inexistente")) == 100
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"forbidden_fields": ["health_status"]})
    assert codigo(await bancada.graph("GET", f"{NUMERO}?{consulta}")) == 10
    _, pagina = await bancada.graph("GET", f"{WABA}/phone_numbers?fields=id,display_phone_number")
    assert [n["id"] for n in pagina["data"]] == [NUMERO, OUTRO]


async def test_registro_do_numero(bancada: Bancada) -> None:
    assert codigo(await bancada.graph("POST", f"{NUMERO}/deregister")) is None
    assert codigo(await bancada.enviar_modelo("5511988887777")) == 133010
    _, saude = await bancada.graph("GET", f"{NUMERO}?fields=health_status")
    assert saude["health_status"]["can_send_message"] == "BLOCKED"
    assert codigo(await bancada.graph("POST", f"{NUMERO}/register", {"pin": "12"})) == 100
    assert codigo(await bancada.graph("POST", f"{NUMERO}/register", {"pin": "000000"})) == 133005
    assert codigo(await bancada.graph("POST", f"{NUMERO}/register", {"pin": "123456"})) is None
    assert codigo(await bancada.enviar_modelo("5511988887777")) is None
    for _ in range(8):
        await bancada.graph("POST", f"{NUMERO}/register", {"pin": "000000"})
    assert codigo(await bancada.graph("POST", f"{NUMERO}/register", {"pin": "123456"})) == 133016
    await bancada.avancar(72 * 3600)
    assert codigo(await bancada.graph("POST", f"{NUMERO}/register", {"pin": "123456"})) is None


async def test_codigo_pin_e_perfil(bancada: Bancada) -> None:
    pedido = {"code_method": "SMS", "language": "pt_BR"}
    assert codigo(await bancada.graph("POST", f"{NUMERO}/request_code", pedido)) is None
    assert codigo(await bancada.graph("POST", f"{NUMERO}/request_code", {"code_method": "POMBO"})) == 100
    assert codigo(await bancada.graph("POST", f"{NUMERO}/verify_code", {"code": "000000"})) == 136025
    assert codigo(await bancada.graph("POST", f"{NUMERO}/verify_code", {"code": "123456"})) is None
    assert codigo(await bancada.graph("POST", NUMERO, {"pin": "654321"})) is None
    assert codigo(await bancada.graph("POST", f"{NUMERO}/register", {"pin": "654321"})) is None
    perfil = {"messaging_product": "whatsapp", "about": "Loja de exemplo"}
    await bancada.graph("POST", f"{NUMERO}/whatsapp_business_profile", perfil)
    _, lido = await bancada.graph("GET", f"{NUMERO}/whatsapp_business_profile")
    assert lido == {"data": [perfil]}


async def test_qualidade_do_numero_avisa(bancada: Bancada) -> None:
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"quality": "RED"})
    await bancada.avancar(0)
    assert bancada.receptor.valores("phone_number_quality_update")[0]["event"] == "FLAGGED"


@pytest.mark.parametrize("caminho", [f"{NUMERO}/message_history", f"{WABA}/inexistente", "404404", f"{WABA}/a/b"])
async def test_caminhos_que_nao_existem(bancada: Bancada, caminho: str) -> None:
    status, corpo = await bancada.graph("GET", caminho)
    assert (status, corpo["error"]["code"], corpo["error"]["error_subcode"]) == (400, 100, 33)
    assert corpo["error"]["type"] == "GraphMethodException"


async def test_vizinho_nao_ve_nada(bancada: Bancada) -> None:
    await bancada.controle("POST", "/meta/tokens", {"token": "vizinho", "waba_ids": ["999"]})
    midia = await _subir(bancada, b"a" * 10, "image/png")
    for caminho in (f"{WABA}/message_templates", NUMERO, bancada.modelos["boas_vindas"], midia["id"]):
        assert codigo(await bancada.graph("GET", caminho, token="vizinho")) == 100
    assert codigo(await bancada.graph("GET", NUMERO, token=None)) == 104


async def test_cota_de_gestao(bancada: Bancada) -> None:
    await bancada.cenario(meta={"management_quota": True})
    for numero in (NUMERO, OUTRO):
        await bancada.controle("PATCH", f"/meta/numbers/{numero}", {"registered": False, "silent": True})
    for _ in range(200):
        assert codigo(await bancada.graph("GET", f"{WABA}/phone_numbers")) is None
    assert codigo(await bancada.graph("GET", f"{WABA}/phone_numbers")) == 80007
    await bancada.avancar(3600)
    url = f"{bancada.simulador.url_meta}/v25.0/{WABA}/phone_numbers"
    async with bancada.sessao.get(url, headers={"Authorization": f"Bearer {TOKEN}"}) as resposta:
        assert WABA in resposta.headers["x-business-use-case-usage"]


async def _subir(bancada: Bancada, dados: bytes, mime: str, **campos: str) -> Any:
    formulario = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime, **campos})
    formulario.add_field("file", dados, filename="arquivo", content_type=mime)
    url = f"{bancada.simulador.url_meta}/v25.0/{NUMERO}/media"
    async with bancada.sessao.post(url, data=formulario, headers={"Authorization": f"Bearer {TOKEN}"}) as resposta:
        return await resposta.json()


async def _baixar(bancada: Bancada, url: str, token: str | None = TOKEN) -> tuple[int, bytes]:
    cabecalhos = {"Authorization": f"Bearer {token}"} if token else {}
    async with bancada.sessao.get(url, headers=cabecalhos) as resposta:
        return resposta.status, await resposta.read()


async def test_midia_sobe_desce_e_some(bancada: Bancada) -> None:
    dados = b"\x89PNG" + b"x" * 100
    enviada = await _subir(bancada, dados, "image/png")
    _, midia = await bancada.graph("GET", f"{enviada['id']}?phone_number_id={NUMERO}")
    assert (midia["mime_type"], midia["file_size"]) == ("image/png", len(dados))
    assert midia["sha256"] == hashlib.sha256(dados).hexdigest()
    assert await _baixar(bancada, midia["url"]) == (200, dados)
    assert (await _baixar(bancada, midia["url"], None))[0] == 401
    assert codigo(await bancada.graph("GET", f"{enviada['id']}?phone_number_id={OUTRO}")) == 100
    await bancada.avancar(300)
    assert (await _baixar(bancada, midia["url"]))[0] == 404
    imagem = {"messaging_product": "whatsapp", "to": "5511988887777", "type": "image", "image": {"id": enviada["id"]}}
    await bancada.abrir_janela("5511988887777")
    assert codigo(await bancada.graph("POST", f"{NUMERO}/messages", imagem)) is None
    assert codigo(await bancada.graph("POST", f"{OUTRO}/messages", imagem)) == 131053
    errada = {**imagem, "type": "video", "video": imagem["image"]}
    assert codigo(await bancada.graph("POST", f"{NUMERO}/messages", errada)) == 100
    del errada["image"]
    assert codigo(await bancada.graph("POST", f"{NUMERO}/messages", errada)) == 131053
    assert (await bancada.graph("DELETE", enviada["id"]))[1] == {"success": True}
    assert codigo(await bancada.graph("GET", enviada["id"])) == 100


async def test_midia_expira_em_trinta_dias(bancada: Bancada) -> None:
    enviada = await _subir(bancada, b"x", "application/pdf")
    await bancada.avancar(30 * 86_400 - 1)
    assert codigo(await bancada.graph("GET", enviada["id"])) is None
    await bancada.avancar(1)
    assert codigo(await bancada.graph("GET", enviada["id"])) == 100


@pytest.mark.parametrize(("mime", "tamanho"), [("image/gif", 10), ("image/webp", 500 * 1024 + 1), ("image/png", 0)])
async def test_midia_recusada(bancada: Bancada, mime: str, tamanho: int) -> None:
    assert (await _subir(bancada, b"x" * tamanho, mime))["error"]["code"] == 131053
