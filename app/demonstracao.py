"""Numbers at the provider simulator, for whoever tries the product: made here, paired here, written to from here.

Everything about such a number follows from its id and its tenant, so that the simulator, which forgets, can be told
again; `BALCAO_HOME/numeros_demo` keeps only which ones there are. Nothing of this exists with a real provider.
"""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import aiohttp
from msgspec import Struct

from app.config import Config
from app.credenciais import ConexaoAberta
from app.erros import Erro
from app.simulador.cena import ErroDaCena, preparar_conta, preparar_instancia

_PRAZO: Final = aiohttp.ClientTimeout(total=15)


class NumeroDemo(Struct, frozen=True):
    """What one would be given by Meta for a number."""

    phone_number_id: str
    waba_id: str
    telefone: str
    access_token: str
    app_secret: str
    verify_token: str


class AparelhoDemo(Struct, frozen=True):
    """What one would be given by a UaiZap server for a device."""

    url_base: str
    nome: str
    token: str


def ligada(config: Config) -> bool:
    """Whether this product speaks to the simulator instead of to Meta."""
    return config.meta_api_url == config.url_simulador_meta


def novo_id() -> str:
    """The 13 digits that name one number of the demonstration."""
    return f"{secrets.randbelow(10**13):013d}"


def numero(config: Config, cliente_id: UUID, id_: str) -> NumeroDemo:
    def segredo(nome: str) -> str:
        return config.derivar(f"demo:{nome}:{cliente_id}:{id_}")

    return NumeroDemo(
        f"29{id_}", f"19{id_}", f"55114{id_[-7:]}", segredo("accessToken"), segredo("appSecret"), segredo("verifyToken")
    )


def aparelho(config: Config, cliente_id: UUID, id_: str) -> AparelhoDemo:
    nome = f"demo-{id_}"
    return AparelhoDemo(config.url_simulador_uaizap, nome, config.derivar(f"demo:aparelho:{cliente_id}:{nome}"))


async def registrar_numero(config: Config, cliente_id: UUID, id_: str) -> bool:
    """Make the account at the simulator; whether our webhook answered it, which takes the connection to be there."""
    n = numero(config, cliente_id, id_)
    try:
        conta = await preparar_conta(
            f"http://{config.simulador_host}:{config.simulador_porta_controle}",
            config.simulador_chave,
            app_secret=n.app_secret,
            verify_token=n.verify_token,
            callback_url=f"{config.url_api}/webhooks/meta",
            waba_id=n.waba_id,
            phone_number_id=n.phone_number_id,
            display_phone_number=n.telefone,
            token=n.access_token,
        )
    except (ErroDaCena, aiohttp.ClientError, TimeoutError) as erro:
        raise _fora() from erro
    return bool(conta["verified"])


async def registrar_aparelho(config: Config, nome: str, token: str, numero_: str | None = None) -> None:
    """A device at the simulator: waiting to be paired, or connected with this number."""
    try:
        await preparar_instancia(
            f"http://{config.simulador_host}:{config.simulador_porta_controle}",
            config.simulador_chave,
            nome=nome,
            token=token,
            owner=numero_ or f"55119{8 * 10**7 + secrets.randbelow(10**7)}",
            webhook=None,
            estado="connected" if numero_ else "disconnected",
        )
    except (ErroDaCena, aiohttp.ClientError, TimeoutError) as erro:
        raise _fora() from erro


def lembrar(config: Config, cliente_id: UUID, id_: str) -> None:
    """Keep that this number exists, for the next start."""
    with _arquivo(config).open("a", encoding="utf-8") as aberto:
        aberto.write(f"{cliente_id} {id_}\n")


async def repor(config: Config) -> None:
    """Tell the simulator again of every number that was made here."""
    if not _arquivo(config).exists():
        return
    for linha in _arquivo(config).read_text(encoding="utf-8").splitlines():
        cliente, _, id_ = linha.partition(" ")
        await registrar_numero(config, UUID(cliente), id_)


async def ler_qr(config: Config, conexao: ConexaoAberta) -> None:
    """Scan, as a phone would, the code that the device of this connection shows."""
    token = conexao.instancia.credenciais.token if conexao.instancia else ""
    for inst in await _controlar(config, "GET", "/uaizap/instances"):
        if inst["token"] == token:
            await _controlar(config, "POST", f"/uaizap/instances/{inst['id']}/scan", {})
            # the device tells its number a moment later
            await asyncio.sleep(0.3)


async def receber(config: Config, conexao: ConexaoAberta, de: str, texto: str) -> None:
    """Somebody with this phone writes to the number."""
    await _controlar(
        config,
        "POST",
        "/inbound",
        {
            "to_number": conexao.numero_id_externo,
            "from": de,
            "provider": "uaizap" if conexao.instancia else "meta",
            "type": "text",
            "content": {"body": texto},
        },
    )


async def _controlar(config: Config, metodo: str, caminho: str, corpo: dict[str, Any] | None = None) -> Any:
    if not ligada(config):
        raise Erro(404, "ZNG01", "este endereço não existe")
    cabecalho = {"X-Sim-Key": config.simulador_chave}
    try:
        async with (
            aiohttp.ClientSession(trust_env=False, headers=cabecalho, timeout=_PRAZO) as sessao,
            sessao.request(metodo, f"{config.url_simulador}{caminho}", json=corpo) as resposta,
        ):
            dados = await resposta.json()
    except (aiohttp.ClientError, TimeoutError) as erro:
        raise _fora() from erro
    if resposta.status >= 400:
        raise Erro(422, "ZRX20", "o simulador não aceitou o pedido", detalhe=str(dados.get("error"))[:200])
    return dados


def _arquivo(config: Config) -> Path:
    return config.home / "numeros_demo"


def _fora() -> Erro:
    return Erro(503, "ZTX01", "o simulador não respondeu: tente de novo em instantes", espera_s=2)
