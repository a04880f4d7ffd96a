"""The running product, its tenants and its customers, arranged through the product's own entry points."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
import psutil

from app import senhas
from app.banco import Banco
from app.config import Config, carregar
from app.simulador.cena import preparar_conta
from app.supervisor import ler_estado
from tests.test_supervisor import portas_de_teste

RAIZ: Final = Path(__file__).parents[2]
SENHA: Final = "balcao-de-teste"
_PARTIDA_S: Final = 180
T = TypeVar("T")


def esperar(o_que: Callable[[], T], segundos: float = 15, passo: float = 0.05) -> T:
    """The first true answer of `o_que`; AssertionError after so many seconds without one."""
    fim = time.monotonic() + segundos
    while True:
        if achado := o_que():
            return achado
        assert time.monotonic() < fim, f"{segundos} s passed without it"
        time.sleep(passo)


def correr(trabalho: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a thread of its own: the browser's driver keeps this thread's loop."""
    with ThreadPoolExecutor(1) as fio:
        return fio.submit(asyncio.run, trabalho).result()


class Produto:
    """`balcao up` with a home and ports of its own."""

    def __init__(self, pasta: Path) -> None:
        self.ambiente = {"BALCAO_HOME": str(pasta / "home"), "LOG_FORMATO": "json", **portas_de_teste()}
        self.registro = pasta / "produto.log"
        with self.registro.open("w") as saida:
            self._processo = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "up"],
                cwd=RAIZ,
                env={**os.environ, "PYTHONPATH": str(RAIZ), **self.ambiente},
                stdout=saida,
                stderr=subprocess.STDOUT,
            )
        esperar(self._no_ar, _PARTIDA_S, 0.25)
        self.config: Config = carregar(self.ambiente)
        self.base = self.config.url_api
        self.simulador = httpx.Client(
            base_url=f"http://127.0.0.1:{self.config.simulador_porta_controle}/__sim/v1/",
            headers={"X-Sim-Key": self.config.simulador_chave},
            trust_env=False,
        )

    def _no_ar(self) -> bool:
        texto = self.registro.read_text()
        assert self._processo.poll() is None, f"the product ended:\n{texto[-4000:]}"
        return "admin@demo.local" in texto

    def controlar(self, caminho: str, **corpo: object) -> dict[str, Any]:
        """One order to the provider simulator (app/simulador/README.md: inbound, faults, clock/advance, …)."""
        resposta = self.simulador.post(caminho, json=corpo)
        assert resposta.status_code == 200, resposta.text
        feito: dict[str, Any] = resposta.json()
        return feito

    def processo(self, nome: str) -> psutil.Process:
        """A child of the product by its name: `api`, `worker`, `simulador`, `postgres`, `valkey`."""
        estado = ler_estado(self.config)
        assert estado is not None
        return psutil.Process(estado["processos"][nome]["pid"])

    def matar(self, nome: str) -> None:
        """SIGKILL one child; the product starts it again."""
        antigo = self.processo(nome)
        antigo.kill()
        esperar(lambda: self.processo(nome).pid != antigo.pid, 60)

    def esperar_api(self) -> None:
        def viva() -> bool:
            with contextlib.suppress(httpx.TransportError):
                return httpx.get(f"{self.base}/api/saude", trust_env=False).status_code == 200
            return False

        esperar(viva, 60)

    def chamar_plataforma(self, funcao: str, **argumentos: object) -> bytes:
        """A function of the platform's owner, as crm_plataforma."""

        async def executar() -> bytes:
            banco = Banco(self.config.url_banco("crm_plataforma"), maximo=1, nome="balcao e2e")
            await banco.abrir()
            try:
                return await banco.chamar(f"plataforma.{funcao}", argumentos)
            finally:
                await banco.fechar()

        return correr(executar())

    def encerrar(self) -> None:
        self.simulador.close()
        self._processo.send_signal(signal.SIGINT)
        try:
            self._processo.wait(30)
        except subprocess.TimeoutExpired:
            self._processo.kill()


class Agente:
    """A person of a tenant, over the API: for what a test arranges and for what it checks behind the pages."""

    def __init__(self, produto: Produto, email: str, senha: str = SENHA) -> None:
        self.produto, self.email, self.senha = produto, email, senha
        self._http = httpx.Client(base_url=produto.base, timeout=30, trust_env=False)
        dados = self.pedir("POST", "/api/autenticacao/entrar", json={"email": email, "senha": senha})
        self._http.headers["Authorization"] = f"Bearer {dados['accessToken']}"
        self.id: str = dados["usuario"]["id"]
        self._cookies: list[tuple[str, str]] = []

    def cookies(self) -> list[tuple[str, str]]:
        """The cookies of a browser in which this person has just logged in."""
        if not self._cookies:
            resposta = httpx.post(
                f"{self.produto.base}/entrar",
                data={"email": self.email, "senha": self.senha},
                headers={"Sec-Fetch-Site": "same-origin"},
                trust_env=False,
            )
            assert resposta.status_code == 303, resposta.text
            self._cookies = list(resposta.cookies.items())
        return self._cookies

    def pedir(self, metodo: str, caminho: str, **extra: Any) -> Any:
        """The `dados` of an answer that succeeded."""
        corpo = self._http.request(metodo, caminho, **extra).json()
        assert corpo["sucesso"], f"{metodo} {caminho}: {corpo['erro']}"
        return corpo["dados"]


@dataclass
class Empresa:
    """One tenant with an administrator (`dono`) and, once `conectar` was called, a number at the simulator."""

    produto: Produto
    nome: str
    email: str
    dono: Agente
    numero: int
    conexao_id: str = ""
    phone_number_id: str = ""
    _pessoas: int = field(default=0, repr=False)

    def conectar(self, nome: str = "WhatsApp principal", **extra: Any) -> str:
        """A number of the Cloud API at the simulator, with its approved templates; its connection's id."""
        ordem = f"{self.numero:04d}"
        self.phone_number_id, waba_id = f"27{ordem}0000000001", f"17{ordem}0000000001"
        segredos = {n: f"{n}-{ordem}-{'x' * 24}" for n in ("accessToken", "appSecret", "verifyToken")}
        self.conexao_id = self.dono.pedir(
            "POST",
            "/api/conexoes",
            json={
                "nome": nome,
                "canal": "WHATSAPP",
                "provedor": "META_API",
                "credenciais": {"phoneNumberId": self.phone_number_id, "wabaId": waba_id, **segredos},
            },
        )["id"]
        conta = correr(
            preparar_conta(
                f"http://127.0.0.1:{self.produto.config.simulador_porta_controle}",
                self.produto.config.simulador_chave,
                app_secret=segredos["appSecret"],
                verify_token=segredos["verifyToken"],
                callback_url=f"{self.produto.base}/webhooks/meta",
                waba_id=waba_id,
                phone_number_id=self.phone_number_id,
                display_phone_number=f"5511{30000000 + self.numero}",
                token=segredos["accessToken"],
                **extra,
            )
        )
        assert conta["verified"]
        self.dono.pedir("POST", "/api/modelos/sincronizar", json={"conexaoId": self.conexao_id})
        return self.conexao_id

    def contratar(self, nome: str, perfil: str = "ATENDENTE") -> Agente:
        """One more person, with the profile of this code."""
        self._pessoas += 1
        perfis = self.dono.pedir("GET", "/api/perfis")
        email = f"pessoa{self._pessoas}.{self.email}"
        corpo = {
            "nome": nome,
            "email": email,
            "senha": SENHA,
            "perfilId": next(p["id"] for p in perfis if p["codigo"] == perfil),
        }
        self.dono.pedir("POST", "/api/usuarios", json=corpo)
        return Agente(self.produto, email)

    def receber(self, texto: str, de: str = "+5511987650001", tipo: str = "text", conteudo: object = None) -> str:
        """A customer writes to this tenant's number; `conteudo` for what is not text. The provider's message id."""
        feito = self.produto.controlar(
            "inbound",
            to_number=self.phone_number_id,
            **{"from": de},
            type=tipo,
            content={"body": texto} if conteudo is None else conteudo,
        )
        return str(feito["message_id"])

    def conversa_com(self, telefone: str = "+5511987650001") -> str:
        """The id of the conversation of this phone, once the worker has made it."""

        def achar() -> str:
            pagina = self.dono.pedir("GET", "/api/conversas", params={"aba": "TODAS", "texto": telefone})
            return pagina[0]["id"] if pagina else ""

        return esperar(achar)


_empresas = 0


def nova_empresa(produto: Produto, nome: str) -> Empresa:
    """A tenant of its own for one test or module."""
    global _empresas
    _empresas += 1
    email = f"dono{_empresas}@e2e.local"
    produto.chamar_plataforma(
        "cliente_criar",
        p_nome=nome,
        p_plano="EMPRESA",
        p_usuario_nome="Dona da Empresa",
        p_email=email,
        p_senha_hash=correr(senhas.gerar(SENHA)),
    )
    return Empresa(produto, nome, email, Agente(produto, email), _empresas)
