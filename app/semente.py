"""The demonstration: two tenants (one would hide isolation faults), each with a number at the simulator.

Everything goes through the product's own entry points. Both parts are safe to repeat: they find what they made before.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import aiohttp
import structlog

from app import demonstracao, senhas
from app.banco import Banco
from app.config import Config
from app.erros import Erro
from app.simulador.cena import ErroDaCena, preparar_conta

SENHA: Final = "balcao-demo"
_registro = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ClienteDemo:
    """One tenant of the demonstration and its number at the simulator."""

    nome: str
    email: str
    waba_id: str
    phone_number_id: str
    telefone: str


CLIENTES: Final = (
    ClienteDemo("Clínica Aurora", "admin@demo.local", "100000000000001", "200000000000001", "551140040100"),
    ClienteDemo("Loja Boreal", "admin@boreal.local", "100000000000002", "200000000000002", "553140040200"),
)


class ErroDemo(RuntimeError):
    """The API refused part of the set-up; the message is its own."""


def semear_demo(config: Config) -> None:
    """Create the tenants and their administrators. Needs the migrated database, nothing else."""
    asyncio.run(_criar_clientes(config))


async def _criar_clientes(config: Config) -> None:
    banco = Banco(config.url_banco("crm_plataforma"), maximo=1, nome="balcao semente")
    await banco.abrir()
    try:
        for cliente in CLIENTES:
            try:
                await banco.chamar(
                    "plataforma.cliente_criar",
                    {
                        "p_nome": cliente.nome,
                        "p_plano": "EMPRESA",
                        "p_usuario_nome": "Administração",
                        "p_email": cliente.email,
                        "p_senha_hash": await senhas.gerar(SENHA),
                    },
                )
            except Erro as erro:
                if erro.codigo != "ZCI02":
                    raise
    finally:
        await banco.fechar()


class ClienteHttp:
    """A caller of the API, logged in as one user."""

    def __init__(self, sessao: aiohttp.ClientSession, base: str) -> None:
        self._sessao = sessao
        self._base = base
        self._cabecalhos: dict[str, str] = {}

    async def entrar(self, email: str, senha: str = SENHA) -> dict[str, Any]:
        dados: dict[str, Any] = await self.pedir(
            "POST", "/api/autenticacao/entrar", json={"email": email, "senha": senha}
        )
        self._cabecalhos = {"Authorization": f"Bearer {dados['accessToken']}"}
        return dados

    async def pedir(self, metodo: str, caminho: str, **extra: Any) -> Any:
        """The `dados` of the answer. Raises ErroDemo with the API's sentence."""
        extra["headers"] = {**self._cabecalhos, **extra.pop("headers", {})}
        async with self._sessao.request(metodo, self._base + caminho, **extra) as resposta:
            corpo: dict[str, Any] = await resposta.json()
        if not corpo["sucesso"]:
            raise ErroDemo(f"{metodo} {caminho}: {corpo['erro']['codigo']} {corpo['erro']['mensagem']}")
        return corpo["dados"]


async def conectar_demo(config: Config) -> list[str]:
    """Register the tenants' accounts at the simulator and connect their numbers. Needs the API and the simulator.

    Answers what could not be done, one sentence each: a demo password that somebody changed must not stop the product.
    """
    avisos: list[str] = []
    try:
        await demonstracao.repor(config)
    except Erro as erro:
        avisos.append(f"os números de demonstração ficaram sem conexão ({erro})")
    async with aiohttp.ClientSession(trust_env=False) as sessao:
        for cliente in CLIENTES:
            try:
                await _conectar(config, ClienteHttp(sessao, config.url_api), cliente)
            except (ErroDemo, ErroDaCena, aiohttp.ClientError) as erro:
                avisos.append(f"{cliente.nome} ficou sem conexão ({erro})")
    return avisos


async def _conectar(config: Config, http: ClienteHttp, cliente: ClienteDemo) -> None:
    segredos = {
        nome: config.derivar(f"demo:{nome}:{cliente.phone_number_id}")
        for nome in ("accessToken", "appSecret", "verifyToken")
    }
    entrada = await http.entrar(cliente.email)
    conexoes = [c for c in await http.pedir("GET", "/api/conexoes") if c["provedor"] == "META_API"]
    if conexoes:
        conexao_id = conexoes[0]["id"]
    else:
        conexao = await http.pedir(
            "POST",
            "/api/conexoes",
            json={
                "nome": "WhatsApp principal",
                "canal": "WHATSAPP",
                "provedor": "META_API",
                "credenciais": {
                    "phoneNumberId": cliente.phone_number_id,
                    "wabaId": cliente.waba_id,
                    **segredos,
                },
            },
        )
        conexao_id = conexao["id"]
    conta = await preparar_conta(
        f"http://{config.simulador_host}:{config.simulador_porta_controle}",
        config.simulador_chave,
        app_secret=segredos["appSecret"],
        verify_token=segredos["verifyToken"],
        callback_url=f"{config.url_api}/webhooks/meta",
        waba_id=cliente.waba_id,
        phone_number_id=cliente.phone_number_id,
        display_phone_number=cliente.telefone,
        token=segredos["accessToken"],
    )
    if not conta["verified"]:
        _registro.warning("webhook_nao_confirmado", cliente=cliente.nome)
    await http.pedir("POST", "/api/modelos/sincronizar", json={"conexaoId": conexao_id})
    await _repor_aparelhos(config, http, UUID(str(entrada["usuario"]["cliente"]["id"])))


async def _repor_aparelhos(config: Config, http: ClienteHttp, cliente_id: UUID) -> None:
    """The devices that this tenant made at the simulator, as they were, with a fresh address for their events."""
    for conexao in await http.pedir("GET", "/api/conexoes"):
        dela = conexao["instancia"]
        if dela is None or dela["urlBase"] != config.url_simulador_uaizap or not dela["nome"].startswith("demo-"):
            continue
        feito = demonstracao.aparelho(config, cliente_id, dela["nome"].removeprefix("demo-"))
        conectado = dela["numero"] if dela["status"] == "CONECTADA" else None
        await demonstracao.registrar_aparelho(config, feito.nome, feito.token, conectado)
        await http.pedir("POST", f"/api/conexoes/{conexao['id']}/webhook")
