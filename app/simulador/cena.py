"""Sets up one tenant over the control API: a Meta account with number and templates, or a UaiZap instance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aiohttp

_CABECALHO = {"type": "HEADER", "format": "TEXT", "text": "Seu presente de Natal"}
MODELOS_PADRAO: list[dict[str, Any]] = [
    {
        "name": "promocao_novembro",
        "language": "pt_BR",
        "category": "MARKETING",
        "components": [
            {"type": "BODY", "text": "Olá {{1}}, novembro chegou com 20% de desconto em toda a loja. Aproveite!"},
            {"type": "FOOTER", "text": "Responda PARAR para não receber mais"},
        ],
    },
    {
        "name": "lembrete_consulta",
        "language": "pt_BR",
        "category": "UTILITY",
        "components": [
            {"type": "BODY", "text": "Olá {{1}}, sua consulta está marcada para {{2}}. Confirme, por favor."},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "Confirmar"},
                    {"type": "QUICK_REPLY", "text": "Remarcar"},
                ],
            },
        ],
    },
    {
        "name": "boas_vindas",
        "language": "pt_BR",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Seja bem-vindo! Como podemos ajudar hoje?"}],
    },
    {
        "name": "cupom_natal",
        "language": "pt_BR",
        "category": "MARKETING",
        "components": [
            _CABECALHO,
            {"type": "BODY", "text": "Olá {{1}}, o cupom {{2}} vale até o dia 24. Boas compras!"},
            {
                "type": "BUTTONS",
                "buttons": [{"type": "URL", "text": "Usar cupom", "url": "https://loja.exemplo.com.br/cupom/{{1}}"}],
            },
        ],
    },
    {
        "name": "pedido_enviado",
        "language": "pt_BR",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": [
            {"type": "BODY", "text": "Olá {{nome}}, o pedido {{pedido}} saiu para entrega. Acompanhe pelo aplicativo."}
        ],
    },
]


class ErroDaCena(RuntimeError):
    """The control API refused part of the set-up."""


async def preparar_conta(
    url_controle: str,
    chave: str,
    *,
    app_secret: str,
    verify_token: str,
    callback_url: str,
    waba_id: str,
    phone_number_id: str,
    display_phone_number: str,
    token: str,
    modelos: Sequence[dict[str, Any]] = MODELOS_PADRAO,
    throughput: str = "standard",
    app_id: str | None = None,
) -> dict[str, Any]:
    """Registers everything; safe to repeat. Tells whether the callback answered the handshake.

    Until it does nothing is delivered to it: call again once the product is listening.
    """
    app_id = app_id or f"app-{waba_id}"
    app = {"app_id": app_id, "app_secret": app_secret, "verify_token": verify_token, "callback_url": callback_url}
    numero = {
        "phone_number_id": phone_number_id,
        "waba_id": waba_id,
        "display_phone_number": display_phone_number,
        "throughput": throughput,
    }
    async with aiohttp.ClientSession(headers={"X-Sim-Key": chave}) as sessao:
        registrada = await _postar(sessao, url_controle, "/meta/apps", app)
        await _postar(sessao, url_controle, "/meta/wabas", {"waba_id": waba_id, "app_ids": [app_id]})
        await _postar(sessao, url_controle, "/meta/numbers", numero)
        await _postar(sessao, url_controle, "/meta/tokens", {"token": token, "waba_ids": [waba_id]})
        criados = {}
        for modelo in modelos:
            criado = await _postar(sessao, url_controle, "/meta/templates", {"waba_id": waba_id, **modelo})
            criados[modelo["name"]] = criado["id"]
    return {"app_id": app_id, "verified": registrada["verified"], "templates": criados}


async def preparar_instancia(
    url_controle: str,
    chave: str,
    *,
    nome: str,
    token: str,
    owner: str,
    webhook: str | None,
    host_key: str = "demo",
    admin_token: str | None = None,
    estado: str = "connected",
) -> dict[str, Any]:
    """Registers a UaiZap instance, and its server when an admin token comes along; safe to repeat."""
    corpo = {"name": nome, "token": token, "owner": owner, "webhook": webhook, "host_key": host_key, "state": estado}
    async with aiohttp.ClientSession(headers={"X-Sim-Key": chave}) as sessao:
        if admin_token is not None:
            servidor = {"host_key": host_key, "admin_token": admin_token}
            await _postar(sessao, url_controle, "/uaizap/servers", servidor)
        return await _postar(sessao, url_controle, "/uaizap/instances", corpo)


async def _postar(sessao: aiohttp.ClientSession, base: str, caminho: str, corpo: dict[str, Any]) -> dict[str, Any]:
    async with sessao.post(f"{base}/__sim/v1{caminho}", json=corpo) as resposta:
        dados: dict[str, Any] = await resposta.json()
        if resposta.status != 200:
            raise ErroDaCena(f"{caminho}: {dados['error']}")
        return dados
