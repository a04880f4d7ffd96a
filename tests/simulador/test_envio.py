"""The stages of the pipeline in their order, and the structure of every kind of message."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.simulador.bancada import INICIO_MS, NUMERO, TOKEN, WABA, Bancada, codigo

PESSOA = "5511988887777"
_BOTAO = {"type": "reply", "reply": {"id": "a", "title": "Sim"}}
_LINHA = {"id": "1", "title": "Um"}


def _interativa(tipo: str, acao: dict[str, Any], **resto: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": tipo, "body": {"text": "Olá"}, "action": acao, **resto}}


def _lista(*secoes: int) -> dict[str, Any]:
    titulos = [{"title": f"S{n}", "rows": [_LINHA] * linhas} for n, linhas in enumerate(secoes)]
    return _interativa("list", {"button": "Ver", "sections": titulos})


async def _mandar(bancada: Bancada, corpo: dict[str, Any], **resto: Any) -> tuple[int, Any]:
    completo = {"messaging_product": "whatsapp", "to": PESSOA, **corpo}
    return await bancada.graph("POST", f"{NUMERO}/messages", completo, **resto)


async def test_resposta_de_sucesso(bancada: Bancada) -> None:
    await bancada.abrir_janela(PESSOA)
    status, corpo = await bancada.enviar("+55 (11) 98888-7777")
    assert status == 200
    assert corpo["contacts"][0]["input"] == "+55 (11) 98888-7777"
    assert corpo["contacts"][0]["wa_id"] == PESSOA
    binario = base64.b64decode(corpo["messages"][0]["id"].removeprefix("wamid."))
    assert binario[:3] == b"\x1c\x18\x0d"
    assert binario[3:16] == PESSOA.encode()
    assert binario[16:20] == b"\x15\x02\x00\x11"
    assert "message_status" not in corpo["messages"][0]


async def test_outra_forma_de_wamid(bancada: Bancada) -> None:
    await bancada.cenario(meta={"shape": "opaque"})
    _, corpo = await bancada.enviar_modelo(PESSOA)
    assert corpo["messages"][0]["id"].startswith("wamid.opaque-")
    assert corpo["messages"][0]["message_status"] == "accepted"


async def test_forma_do_erro_e_cabecalhos(bancada: Bancada) -> None:
    url = f"{bancada.simulador.url_meta}/v25.0/{NUMERO}/messages"
    async with bancada.sessao.post(url, json={}) as resposta:
        corpo = (await resposta.json())["error"]
        assert resposta.status == 401
        assert resposta.headers["facebook-api-version"] == "v25.0"
        assert resposta.headers["Content-Type"] == "application/json; charset=UTF-8"
        assert resposta.headers["X-Sim-Now"] == str(INICIO_MS)
        assert resposta.headers["x-fb-trace-id"] == corpo["fbtrace_id"]
    assert len(corpo["fbtrace_id"]) == 22
    assert (corpo["code"], corpo["type"]) == (104, "OAuthException")
    assert corpo["error_data"]["messaging_product"] == "whatsapp"


async def test_token_desconhecido_revogado_e_sem_escopo(bancada: Bancada) -> None:
    assert codigo(await bancada.enviar(PESSOA, token="outro")) == 190
    await bancada.controle("POST", "/meta/tokens", {"token": "gestao", "waba_ids": [WABA], "scopes": ["x"]})
    status, corpo = await bancada.enviar(PESSOA, token="gestao")
    assert (status, corpo["error"]["code"]) == (403, 10)
    await bancada.controle("PATCH", f"/meta/tokens/{TOKEN}", {"revoked": True})
    _, corpo = await bancada.enviar(PESSOA)
    assert (corpo["error"]["code"], corpo["error"]["error_subcode"]) == (190, 460)


async def test_numero_de_outra_conta_parece_nao_existir(bancada: Bancada) -> None:
    await bancada.controle("POST", "/meta/wabas", {"waba_id": "999"})
    await bancada.controle("POST", "/meta/tokens", {"token": "vizinho", "waba_ids": ["999"]})
    alheio = await bancada.enviar(PESSOA, token="vizinho")
    ausente = await bancada.enviar(PESSOA, token="vizinho", numero="123")
    for status, corpo in (alheio, ausente):
        assert (status, corpo["error"]["code"], corpo["error"]["error_subcode"]) == (400, 100, 33)
    assert alheio[1]["error"]["error_data"] == ausente[1]["error"]["error_data"]
    resumo = await bancada.resumo()
    assert (resumo["accepted"], resumo["violations"]["to_wrong_tenant_number"]) == (0, 1)


@pytest.mark.parametrize(
    ("mudanca", "esperado"),
    [
        ({"registered": False}, 133010),
        ({"state": "locked"}, 131031),
        ({"state": "policy"}, 368),
        ({"state": "billing"}, 131042),
        ({"state": "name_pending"}, 131037),
        ({"test_recipients": ["5511900000000"]}, 131030),
        ({"excluded_countries": ["55"]}, 130497),
    ],
)
async def test_estado_do_numero(bancada: Bancada, mudanca: dict[str, Any], esperado: int) -> None:
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {**mudanca, "silent": True})
    assert codigo(await bancada.enviar_modelo(PESSOA)) == esperado
    await bancada.avancar(1)
    assert bancada.receptor.corpos == []


async def test_conta_trancada_avisa_e_recusa(bancada: Bancada) -> None:
    await bancada.controle("PATCH", f"/meta/wabas/{WABA}", {"state": "locked"})
    assert codigo(await bancada.enviar_modelo(PESSOA)) == 131031
    await bancada.avancar(0)
    assert bancada.receptor.valores("account_update")[0]["event"] == "DISABLED_UPDATE"


@pytest.mark.parametrize("cru", [b"{", b"[]", b'{"messaging_product":"telegram"}'])
async def test_corpo_que_nao_serve(bancada: Bancada, cru: bytes) -> None:
    assert codigo(await bancada.graph("POST", f"{NUMERO}/messages", cru=cru)) == 100


@pytest.mark.parametrize(("versao", "esperado"), [("v18.0", 2500), ("v41.0", 2500), ("latest", 2500), ("v19.0", None)])
async def test_versoes(bancada: Bancada, versao: str, esperado: int | None) -> None:
    assert codigo(await bancada.graph("GET", f"{WABA}/phone_numbers", versao=versao)) == esperado


async def test_marcar_como_lida_nao_gasta_vazao(bancada: Bancada) -> None:
    recebida = await bancada.controle(
        "POST", "/inbound", {"to_number": NUMERO, "from": PESSOA, "content": {"body": "oi"}}
    )
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"burst": 1})
    lida = {"messaging_product": "whatsapp", "status": "read", "message_id": recebida["message_id"]}
    lida["typing_indicator"] = {"type": "text"}
    for _ in range(3):
        assert await bancada.graph("POST", f"{NUMERO}/messages", lida) == (200, {"success": True})
    assert codigo(await bancada.graph("POST", f"{NUMERO}/messages", {**lida, "message_id": "wamid.x"})) == 131009


@pytest.mark.parametrize("para", ["123", "55119888877771234", "fulano", "++"])
async def test_destinatario_impossivel(bancada: Bancada, para: str) -> None:
    assert codigo(await bancada.enviar_modelo(para)) == 131009


async def test_recipient_so_aceita_bsuid(bancada: Bancada) -> None:
    corpo = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "x"}}
    assert codigo(await bancada.graph("POST", f"{NUMERO}/messages", {**corpo, "recipient": PESSOA})) == 131009
    assert codigo(await bancada.graph("POST", f"{NUMERO}/messages", {**corpo, "recipient": "BR.123"})) is None


async def test_remetente_nao_escreve_para_si(bancada: Bancada) -> None:
    assert codigo(await bancada.enviar_modelo("5511999990100")) == 131021


_CARTAO = {"name": {"formatted_name": "Ana", "first_name": "Ana"}}
_FOTO = {"type": "image", "image": {"link": "https://a.exemplo/b.jpg"}}
_SECOES = {"button": "Ver", "sections": [{"rows": [{"id": "1", "title": "Um"}]}]}


@pytest.mark.parametrize(
    ("corpo", "esperado"),
    [
        ({"type": "text", "text": {"body": "x" * 4096}}, None),
        ({"type": "text", "text": {"body": "x" * 4097}}, 131009),
        ({"type": "text", "text": {}}, 131008),
        ({"type": "text"}, 131008),
        ({"type": "poll", "poll": {}}, 131051),
        ({"to": "", "type": "text", "text": {"body": "x"}}, 131008),
        ({"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}, 131009),
        ({"type": "text", "text": {"body": "x"}, "recipient_type": "group"}, 131009),
        ({"type": "text", "text": {"body": "x"}, "context": {}}, 131009),
        ({"type": "image", "image": {"link": "https://a.exemplo/b.jpg", "caption": "x" * 1024}}, None),
        ({"type": "image", "image": {"link": "https://a.exemplo/b.jpg", "caption": "x" * 1025}}, 131009),
        ({"type": "image", "image": {}}, 131008),
        ({"type": "image", "image": {"link": "ftp://a"}}, 131009),
        ({"type": "image", "image": {"id": "404"}}, 131053),
        ({"type": "sticker", "sticker": {"link": "https://a.exemplo/b.webp", "caption": "x"}}, 131009),
        ({"type": "location", "location": {"latitude": -23.5, "longitude": -46.6}}, None),
        ({"type": "location", "location": {"latitude": 91, "longitude": 0}}, 131009),
        ({"type": "location", "location": {"latitude": 1}}, 131008),
        ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ana", "first_name": "Ana"}}]}, None),
        ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ana"}}]}, 131009),
        ({"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}}, None),
        ({"type": "reaction", "reaction": {"emoji": "x"}}, 131008),
        (_interativa("button", {"buttons": [_BOTAO]}), None),
        (_interativa("button", {"buttons": [_BOTAO, _BOTAO]}), 131009),
        (_interativa("button", {"buttons": [_BOTAO] * 4}), 131009),
        (_interativa("button", {"buttons": [_BOTAO]}, footer={"text": "x" * 61}), 131009),
        (_interativa("button", {"buttons": [_BOTAO]}, header={"type": "text", "text": "x" * 61}), 131009),
        (_lista(10), None),
        (_lista(5, 6), 131009),
        (_interativa("cta_url", {"parameters": {"display_text": "Ver", "url": "https://a.exemplo"}}), None),
        (_interativa("cta_url", {"parameters": {"display_text": "Ver", "url": "https://10.0.0.1"}}), 131009),
        (_interativa("flow", {"parameters": {"flow_cta": "Abrir"}}), 131008),
        (_interativa("location_request_message", {"name": "send_location"}), None),
        (_interativa("dança", {}), 131009),
        ({"type": "text", "text": {"body": "x", "preview_url": "sim"}}, 131009),
        ({"type": "text", "text": {"body": "x", "negrito": True}}, 100),
        ({"type": "text", "text": {"body": "x"}, "prioridade": 1}, 100),
        ({"type": "audio", "audio": {"link": "https://a.exemplo/b.ogg", "voice": True}}, None),
        ({"type": "image", "image": {"link": "https://a.exemplo/b.jpg", "filename": "b.jpg"}}, 100),
        ({"type": "image", "image": {"link": "https://a.exemplo/b c.jpg"}}, 131009),
        ({"type": "contacts", "contacts": [_CARTAO | {"phones": [{"type": "CELL"}]}]}, 131008),
        ({"type": "contacts", "contacts": [_CARTAO | {"birthday": "01/02/1990"}]}, 131009),
        ({"type": "contacts", "contacts": [_CARTAO | {"apelido": "x"}]}, 100),
        (_interativa("button", {"buttons": [_BOTAO]}, header=_FOTO), None),
        (_interativa("list", _SECOES, header=_FOTO), 131009),
        (_interativa("button", {"buttons": [_BOTAO]}, header={"type": "image"}), 131008),
        (_interativa("button", {"buttons": [_BOTAO]}, header={"type": "image", "image": {"id": "404"}}), 131053),
        (_interativa("button", {"buttons": [_BOTAO]}, header={"type": "audio", "audio": {"id": "1"}}), 131009),
        (_interativa("cta_url", {"parameters": {"display_text": "Ver", "url": "https://["}}), 131009),
    ],
)
async def test_estrutura(bancada: Bancada, corpo: dict[str, Any], esperado: int | None) -> None:
    await bancada.abrir_janela(PESSOA)
    assert codigo(await _mandar(bancada, corpo)) == esperado


async def test_link_morto_falha_depois(bancada: Bancada) -> None:
    await bancada.abrir_janela(PESSOA)
    assert codigo(await _mandar(bancada, {"type": "image", "image": {"link": "https://x.invalid/a.jpg"}})) is None
    await bancada.avancar(1)
    assert bancada.receptor.statuses()[0]["errors"][0]["code"] == 131052


_TEXTO = {"type": "text", "text": "x"}
_CABECALHO = {"type": "header", "parameters": [_TEXTO]}
_URL = {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "NATAL"}]}


@pytest.mark.parametrize(
    ("nome", "parametros", "componentes", "esperado"),
    [
        ("promocao_novembro", ("Ana",), [], None),
        ("promocao_novembro", (), [], 132000),
        ("promocao_novembro", ("Ana", "b"), [], 132000),
        ("promocao_novembro", ("a\nb",), [], 132012),
        ("promocao_novembro", ("a     b",), [], 132012),
        ("promocao_novembro", ("x" * 1024,), [], 132005),
        ("boas_vindas", (), [], None),
        ("boas_vindas", (), [_CABECALHO], 132000),
        ("lembrete_consulta", ("Ana", "amanhã"), [], None),
        ("cupom_natal", ("Ana", "X1"), [_URL], None),
        ("cupom_natal", ("Ana", "X1"), [], 132000),
        ("cupom_natal", ("Ana", "X1"), [{**_URL, "sub_type": "quick_reply"}], 132012),
        ("pedido_enviado", ("Ana", "77"), [], 132012),
        ("nao_existe", (), [], 132001),
    ],
)
async def test_parametros_do_modelo(
    bancada: Bancada,
    nome: str,
    parametros: tuple[str, ...],
    componentes: list[dict[str, Any]],
    esperado: int | None,
) -> None:
    resposta = await bancada.enviar_modelo(PESSOA, nome, *parametros, componentes=componentes)
    assert codigo(resposta) == esperado
    if esperado == 132001:
        assert resposta[0] == 404


async def test_parametros_com_nome(bancada: Bancada) -> None:
    nomeados = [{"type": "text", "parameter_name": n, "text": n} for n in ("pedido", "nome")]
    componentes = [{"type": "body", "parameters": nomeados}]
    assert codigo(await bancada.enviar_modelo(PESSOA, "pedido_enviado", componentes=componentes)) is None


@pytest.mark.parametrize(("estado", "esperado"), [("PAUSED", 132015), ("DISABLED", 132016), ("PENDING", 132001)])
async def test_estado_do_modelo(bancada: Bancada, estado: str, esperado: int) -> None:
    id_ = bancada.modelos["boas_vindas"]
    await bancada.controle("PATCH", f"/meta/templates/{id_}", {"status": estado})
    assert codigo(await bancada.enviar_modelo(PESSOA)) == esperado
    await bancada.avancar(0)
    (evento,) = bancada.receptor.valores("message_template_status_update")
    assert (evento["event"], evento["message_template_id"]) == (estado, int(id_))


async def test_marketing_proibido_e_endpoint_de_marketing(bancada: Bancada) -> None:
    await bancada.controle("PATCH", f"/meta/wabas/{WABA}", {"marketing_enabled": False})
    assert codigo(await bancada.enviar_modelo(PESSOA, "promocao_novembro", "Ana")) == 131063
    modelo = {"name": "promocao_novembro", "language": {"code": "pt_BR"}}
    modelo["components"] = [{"type": "body", "parameters": [_TEXTO]}]
    corpo: dict[str, Any] = {"messaging_product": "whatsapp", "to": PESSOA, "type": "template", "template": modelo}
    assert codigo(await bancada.graph("POST", f"{NUMERO}/marketing_messages", corpo)) is None
    corpo["template"] = {"name": "boas_vindas", "language": {"code": "pt_BR"}}
    assert codigo(await bancada.graph("POST", f"{NUMERO}/marketing_messages", corpo)) == 134100


async def test_autenticacao_nao_vai_para_bsuid(bancada: Bancada) -> None:
    modelo = {"waba_id": WABA, "name": "codigo", "language": "pt_BR", "category": "AUTHENTICATION"}
    modelo["components"] = [{"type": "BODY", "text": "Seu código chegou."}]
    await bancada.controle("POST", "/meta/templates", modelo)
    corpo = {"messaging_product": "whatsapp", "recipient": "BR.9000000000000011", "type": "template"}
    corpo["template"] = {"name": "codigo", "language": {"code": "pt_BR"}}
    assert codigo(await bancada.graph("POST", f"{NUMERO}/messages", corpo)) == 131062
