"""Magic numbers, the registry and the scenario's mix: how each kind of phone behaves."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from tests.simulador.bancada import NUMERO, SEGREDO, Bancada, codigo

_LEMBRETE = ("promocao_novembro", "Ana")


def _magico(final: str) -> str:
    return f"551199999{final}"


async def _nomes(bancada: Bancada, final: str, segundos: float = 90, **resto: Any) -> list[str]:
    """Statuses, in the order in which they arrived, of one template to a magic number."""
    resposta = await bancada.enviar_modelo(_magico(final), **resto)
    assert codigo(resposta) is None
    await bancada.avancar(segundos)
    return bancada.receptor.nomes()


@pytest.mark.parametrize(
    ("final", "esperado"), [("9021", 131021), ("9030", 131030), ("9042", 131042), ("9056", 131056)]
)
async def test_recusas_na_hora(bancada: Bancada, final: str, esperado: int) -> None:
    assert codigo(await bancada.enviar_modelo(_magico(final))) == esperado
    assert (await bancada.resumo())["accepted"] == 0


@pytest.mark.parametrize(("final", "esperado"), [("9026", 131026), ("9048", 131048), ("9072", 130472)])
async def test_falhas_depois_de_aceitar(bancada: Bancada, final: str, esperado: int) -> None:
    assert await _nomes(bancada, final) == ["failed"]
    assert bancada.receptor.statuses()[0]["errors"][0]["code"] == esperado
    assert (await bancada.resumo())["delivered"] == 0


async def test_9047_tem_a_janela_sempre_fechada(bancada: Bancada) -> None:
    await bancada.abrir_janela(_magico("9047"))
    assert codigo(await bancada.enviar(_magico("9047"))) is None
    await bancada.avancar(5)
    assert bancada.receptor.nomes() == ["failed"]


async def test_9048_vira_recusa_depois_da_terceira(bancada: Bancada) -> None:
    assert [codigo(await bancada.enviar_modelo(_magico("9048"))) for _ in range(4)] == [None, None, None, 131048]


async def test_9049_recusa_marketing_e_aceita_utilidade(bancada: Bancada) -> None:
    await bancada.enviar_modelo(_magico("9049"), *_LEMBRETE, biz_opaque_callback_data="m")
    await bancada.enviar_modelo(_magico("9049"), biz_opaque_callback_data="u")
    finais = {linha["attempt"]["callback"]: linha["terminal"]["planned"] for linha in await bancada.livro()}
    assert finais["m"] == "failed"
    assert finais["u"] != "failed"


async def test_9050_manda_parar_marketing(bancada: Bancada) -> None:
    await bancada.enviar_modelo(_magico("9050"), *_LEMBRETE)
    await bancada.avancar(5)
    assert bancada.receptor.statuses()[0]["errors"][0]["code"] == 131050
    (valor,) = bancada.receptor.valores("user_preferences")
    assert valor["user_preferences"][0]["value"] == "stop"


async def test_9053_so_falha_com_midia(bancada: Bancada) -> None:
    await bancada.abrir_janela(_magico("9053"))
    imagem = {"link": "https://loja.exemplo.com.br/a.jpg"}
    corpo = {"messaging_product": "whatsapp", "to": _magico("9053"), "type": "image", "image": imagem}
    await bancada.graph("POST", f"{NUMERO}/messages", corpo)
    await bancada.enviar(_magico("9053"))
    assert sorted(linha["terminal"]["planned"] == "failed" for linha in await bancada.livro()) == [False, True]


@pytest.mark.parametrize(
    ("final", "esperados"),
    [
        ("9100", ["sent"]),
        ("9101", ["sent", "delivered"]),
        ("9102", ["sent", "read"]),
        ("9103", ["read", "delivered", "sent"]),
        ("9104", ["sent"] * 3 + ["delivered"] * 3 + ["read"] * 3),
        ("9105", ["failed", "delivered"]),
    ],
)
async def test_roteiros_de_status(bancada: Bancada, final: str, esperados: list[str]) -> None:
    assert await _nomes(bancada, final) == esperados


@pytest.mark.parametrize(("final", "atraso"), [("9106", 3_600), ("9107", 6 * 86_400 + 23 * 3_600)])
async def test_status_atrasados_nao_atrasam_o_telefone(bancada: Bancada, final: str, atraso: int) -> None:
    assert await _nomes(bancada, final, atraso - 1) == []
    assert (await bancada.resumo())["delivered"] == 1
    await bancada.avancar(120)
    assert bancada.receptor.nomes()[:2] == ["sent", "delivered"]


async def test_9108_toca_o_audio(bancada: Bancada) -> None:
    await bancada.abrir_janela(_magico("9108"))
    audio = {"link": "https://loja.exemplo.com.br/a.ogg", "voice": True}
    corpo = {"messaging_product": "whatsapp", "to": _magico("9108"), "type": "audio", "audio": audio}
    await bancada.graph("POST", f"{NUMERO}/messages", corpo)
    await bancada.avancar(120)
    assert bancada.receptor.nomes() == ["sent", "delivered", "read", "played"]


async def test_9109_esquece_o_callback(bancada: Bancada) -> None:
    await _nomes(bancada, "9109", biz_opaque_callback_data="segredo")
    assert all("biz_opaque_callback_data" not in s for s in bancada.receptor.statuses())


async def test_9110_avisa_antes_de_responder(bancada: Bancada) -> None:
    await bancada.enviar_modelo(_magico("9110"))
    assert bancada.receptor.nomes() == ["sent"]


async def test_9120_existe_sem_o_nono_digito(bancada: Bancada) -> None:
    _, corpo = await bancada.enviar_modelo(_magico("9120"))
    assert corpo["contacts"][0]["wa_id"] == "551199999120"
    await bancada.avancar(90)
    assert {s["recipient_id"] for s in bancada.receptor.statuses()} == {"551199999120"}


async def test_9121_so_tem_usuario(bancada: Bancada) -> None:
    _, corpo = await bancada.enviar_modelo(_magico("9121"))
    assert "wa_id" not in corpo["contacts"][0]
    bsuid = corpo["contacts"][0]["user_id"]
    await bancada.avancar(90)
    assert all("recipient_id" not in s and s["recipient_user_id"] == bsuid for s in bancada.receptor.statuses())
    # The id alone is enough to write back, and it is the same person in the ledger.
    modelo = {"name": "boas_vindas", "language": {"code": "pt_BR"}}
    volta = {"messaging_product": "whatsapp", "recipient": bsuid, "type": "template", "template": modelo}
    status, corpo = await bancada.graph("POST", f"{NUMERO}/messages", volta)
    assert (status, corpo["contacts"]) == (200, [{"input": bsuid, "user_id": bsuid}])
    assert {linha["attempt"]["recipient"] for linha in await bancada.livro()} == {_magico("9121")}


@pytest.mark.parametrize(("final", "texto"), [("9122", "Obrigado pela mensagem!"), ("9123", "PARAR")])
async def test_quem_responde(bancada: Bancada, final: str, texto: str) -> None:
    _, corpo = await bancada.enviar_modelo(_magico(final))
    await bancada.avancar(2)
    (mensagem,) = bancada.receptor.mensagens()
    assert mensagem["text"]["body"] == texto
    assert mensagem["context"]["id"] == corpo["messages"][0]["id"]


async def test_9124_bloqueia_a_partir_da_segunda(bancada: Bancada) -> None:
    for n in range(2):
        await bancada.enviar_modelo(_magico("9124"), biz_opaque_callback_data=f"c{n}")
    finais = {linha["attempt"]["callback"]: linha["terminal"]["planned"] == "failed" for linha in await bancada.livro()}
    assert finais == {"c0": False, "c1": True}


@pytest.mark.parametrize(("final", "http", "code"), [("9500", 500, 131000), ("9503", 503, 2)])
async def test_erro_sem_aceitar(bancada: Bancada, final: str, http: int, code: int) -> None:
    status, corpo = await bancada.enviar_modelo(_magico(final))
    assert (status, corpo["error"]["code"]) == (http, code)
    assert (await bancada.resumo())["accepted"] == 0


async def test_9502_e_uma_pagina_de_proxy(bancada: Bancada) -> None:
    with pytest.raises(json.JSONDecodeError):
        await bancada.enviar_modelo(_magico("9502"))
    assert (await bancada.livro())[0]["attempt"]["answer"]["http"] == 502
    assert (await bancada.resumo())["accepted"] == 0


async def test_9505_derruba_sem_aceitar(bancada: Bancada) -> None:
    with pytest.raises(aiohttp.ClientError):
        await bancada.enviar_modelo(_magico("9505"))
    resumo = await bancada.resumo()
    assert (resumo["accepted"], resumo["unanswered"]) == (0, 1)


@pytest.mark.parametrize("final", ["9501", "9504", "9506", "9507", "9508", "9509"])
async def test_aceita_mas_o_cliente_nao_sabe(bancada: Bancada, final: str) -> None:
    try:
        status, _ = await bancada.enviar_modelo(_magico(final), biz_opaque_callback_data="cb", prazo=0.3)
        assert status == 500
    except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError):
        pass
    await bancada.avancar(120)
    resumo = await bancada.resumo()
    assert (resumo["accepted"], resumo["delivered"], resumo["accepted_but_client_never_told"]) == (1, 1, 1)
    assert {s["biz_opaque_callback_data"] for s in bancada.receptor.statuses()} == {"cb"}
    assert bancada.receptor.nomes()[:2] == ["sent", "delivered"]


async def test_registro_vale_mais_que_o_numero_magico(bancada: Bancada) -> None:
    pessoas = [
        {"phone": _magico("9026"), "on_whatsapp": True, "profile_name": "Ana", "wa_id": "5511000"},
        {"phone": "5511988880001", "on_whatsapp": False},
        {"phone": "5511988880002", "blocked": True},
        {"phone": "5511988880003", "opt_out": True},
        {"phone": "5511988880004", "behaviour": "sent_only"},
    ]
    await bancada.controle("POST", "/recipients/bulk", pessoas)
    _, corpo = await bancada.enviar_modelo(_magico("9026"))
    assert corpo["contacts"][0]["wa_id"] == "5511000"
    for n in range(1, 5):
        await bancada.enviar_modelo(f"551198888000{n}", *_LEMBRETE, biz_opaque_callback_data=f"c{n}")
    finais = {linha["attempt"]["callback"]: linha["terminal"]["planned"] for linha in await bancada.livro()}
    assert [finais[f"c{n}"] for n in range(1, 5)] == ["failed", "failed", "failed", "sent"]
    assert (await bancada.resumo())["violations"]["to_opted_out_marketing"] == 1


async def test_comportamento_desconhecido_e_recusado(bancada: Bancada) -> None:
    pessoas = [{"phone": "5511988880001", "behaviour": "dança"}]
    await bancada.controle("POST", "/recipients/bulk", pessoas, status=400)


async def test_mistura_do_cenario(bancada: Bancada) -> None:
    await bancada.cenario(recipients_mix=[{"behaviour": "131026", "ratio": 0.5}])
    for n in range(60):
        await bancada.enviar_modelo(f"55118{n:08d}")
    falhas = (await bancada.resumo())["terminals"]["failed"]
    assert 15 <= falhas <= 45


async def test_marketing_para_os_estados_unidos_e_retido(bancada: Bancada) -> None:
    await bancada.enviar_modelo("14155550123", *_LEMBRETE)
    await bancada.avancar(2)
    assert bancada.receptor.statuses()[0]["errors"][0]["code"] == 131049


async def test_status_trazem_o_que_a_plataforma_publica(bancada: Bancada) -> None:
    await bancada.enviar_modelo("5511988887777", *_LEMBRETE, biz_opaque_callback_data="att1.x")
    await bancada.avancar(5)
    status = bancada.receptor.statuses()[0]
    assert status["biz_opaque_callback_data"] == "att1.x"
    assert status["recipient_id"] == "5511988887777"
    assert status["timestamp"].isdigit()
    assert status["pricing"] == {
        "billable": True,
        "pricing_model": "PMP",
        "type": "regular",
        "category": "marketing",
    }
    assert SEGREDO.encode() not in b"".join(bancada.receptor.corpos)


async def test_conversa_so_existe_em_payloads_antigos(bancada: Bancada) -> None:
    await bancada.cenario(meta={"payload_version": 23, "contacts_in_statuses": False})
    await bancada.enviar_modelo("5511988887777")
    await bancada.avancar(5)
    assert "conversation" in bancada.receptor.statuses()[0]
    assert "contacts" not in bancada.receptor.valores()[0]
