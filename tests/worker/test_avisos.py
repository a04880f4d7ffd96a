"""What a browser with every page closed gets: only it reads it, its service knows us, and what is gone is let go."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import http_ece
import msgspec
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from app.banco import Banco
from app.cifra import novo_id
from app.config import PUSH_HOSTS
from app.provedores.push import (
    CORPO_MAXIMO,
    VALIDADE_S,
    ChavesDoNavegador,
    Navegador,
    Push,
    cifrar,
    conferir,
    publica,
)
from app.provedores.uaizap_canal import EnderecoRecusado, Enderecos
from app.worker.avisos import corpo, executar_avisos
from app.worker.contexto import Contexto
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena
from tests.sql.test_avisos import chegar, de
from tests.sql.test_inscricoes import na_fila, pedidos, pronta, vencer
from tests.worker.conftest import COFRE, porta_livre

CHAVE = base64.urlsafe_b64encode(b"7" * 32).rstrip(b"=").decode()


def b64(cru: bytes) -> str:
    return base64.urlsafe_b64encode(cru).rstrip(b"=").decode()


@dataclass
class Servico:
    """A push service of this test, and one browser that it reaches."""

    url: str
    privada: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    segredo: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    respostas: list[int] = field(default_factory=list)
    chegados: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def navegador(self) -> Navegador:
        ponto = self.privada.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Navegador(f"{self.url}/wpush/abc", ChavesDoNavegador(b64(ponto), b64(self.segredo)))

    async def receber(self, pedido: web.Request) -> web.Response:
        self.chegados.append((dict(pedido.headers), await pedido.read()))
        return web.Response(status=self.respostas.pop(0) if self.respostas else 201)

    def lidos(self) -> list[dict[str, Any]]:
        """What the browser reads of what came."""
        claros = (
            http_ece.decrypt(cru, private_key=self.privada, auth_secret=self.segredo, version="aes128gcm")
            for _, cru in self.chegados
        )
        return [aviso for claro in claros for aviso in msgspec.json.decode(claro)["avisos"]]


@pytest.fixture
async def servico() -> AsyncIterator[Servico]:
    porta = porta_livre()
    feito = Servico(f"http://127.0.0.1:{porta}")
    aplicacao = web.Application()
    aplicacao.router.add_post("/wpush/abc", feito.receber)
    corredor = web.AppRunner(aplicacao)
    await corredor.setup()
    await web.TCPSite(corredor, "127.0.0.1", porta).start()
    yield feito
    await corredor.cleanup()


@contextlib.asynccontextmanager
async def worker(banco: Banco, servico: Servico) -> AsyncIterator[Contexto]:
    push = Push([*PUSH_HOSTS, servico.url], CHAVE, "https://balcao.exemplo.test")
    # nothing of sending is used here
    yield Contexto("w1", banco, None, COFRE, {}, push=push)  # type: ignore[arg-type]
    await push.fechar()


async def inscrever(banco: Banco, cena: Cena, quem: Sessao, navegador: Navegador) -> UUID:
    id_ = novo_id()
    await chamar(
        banco, "api.inscricao_criar", **quem.args, p_id=id_,
        p_endereco_hash=hashlib.sha256(navegador.endpoint.encode()).digest(),
        p_credenciais=COFRE.selar(msgspec.json.encode(navegador), cena.cliente_id, id_),
    )  # fmt: skip
    return id_


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Push"))


async def devida(admin: Admin, api: Banco, banco: Banco, cena: Cena, navegador: Navegador) -> UUID:
    """A message came for somebody whose browser is this one; its conversation."""
    dona = await pronta(admin, api, cena)
    await inscrever(api, cena, dona, navegador)
    sua = de(admin, cena, 0, dona)
    admin.execute("delete from conversas_historico where cliente_id = %s", [cena.cliente_id])
    chegar(admin, cena, sua)
    assert await pedidos(admin, banco, cena) == {dona.usuario_id}
    vencer(admin, cena)
    return sua


def inscritas(admin: Admin, cena: Cena) -> int:
    return len(admin.execute("select from inscricoes where cliente_id = %s", [cena.cliente_id]).fetchall())


async def test_so_o_navegador_le_e_o_servico_nos_conhece(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena, servico: Servico
) -> None:
    sua = await devida(admin, banco_api, banco_worker, cena, servico.navegador)
    async with worker(banco_worker, servico) as contexto:
        await executar_avisos(contexto, cena.cliente_id)
        await executar_avisos(contexto, cena.cliente_id)
    assert [(a["tipo"], a["conversaId"], a["texto"]) for a in servico.lidos()] == [("MENSAGEM", str(sua), "chegou?")]
    cabecalhos, cru = servico.chegados[0]
    assert b"chegou" not in cru and cabecalhos["Content-Encoding"] == "aes128gcm"
    autorizacao = cabecalhos["Authorization"]
    assert Vapid02.verify(autorizacao)
    partes = dict(p.split("=", 1) for p in autorizacao.removeprefix("vapid ").split(","))
    ditas = msgspec.json.decode(base64.urlsafe_b64decode(partes["t"].split(".")[1] + "=="))
    assert (ditas["aud"], ditas["sub"]) == (servico.url, "https://balcao.exemplo.test")
    assert partes["k"] == publica(CHAVE) and na_fila(admin, cena) == 0


async def test_o_que_se_oferece_vai_por_si_e_vale_o_que_vale(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena, servico: Servico
) -> None:
    """A service keeps an offer no longer than it lives; what failed after it is said again without it."""
    sua = await devida(admin, banco_api, banco_worker, cena, servico.navegador)
    espera = de(admin, cena, 1, None)
    admin.execute(
        "insert into ofertas (cliente_id, conversa_id, usuario_id, expira_em)"
        " select cliente_id, %s, usuario_id, now() + interval '20 seconds' from conversas where id = %s",
        [espera, sua],
    )
    servico.respostas = [201, 500, 201]
    async with worker(banco_worker, servico) as contexto:
        await executar_avisos(contexto, cena.cliente_id)
        vencer(admin, cena)
        await executar_avisos(contexto, cena.cliente_id)
    assert [(a["tipo"], a["conversaId"]) for a in servico.lidos()] == [
        ("OFERTA", str(espera)), ("MENSAGEM", str(sua)), ("MENSAGEM", str(sua)),
    ]  # fmt: skip
    oferta, *mensagens = [int(cabecalhos["TTL"]) for cabecalhos, _ in servico.chegados]
    assert 15 <= oferta < 20 and mensagens == [VALIDADE_S, VALIDADE_S]


@pytest.mark.parametrize("http", [404, 410, 403])
async def test_o_que_acabou_sai(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena, servico: Servico, http: int
) -> None:
    await devida(admin, banco_api, banco_worker, cena, servico.navegador)
    servico.respostas = [http]
    async with worker(banco_worker, servico) as contexto:
        await executar_avisos(contexto, cena.cliente_id)
    assert (inscritas(admin, cena), na_fila(admin, cena), len(servico.chegados)) == (0, 0, 1)


async def test_o_que_falha_e_tentado_de_novo(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena, servico: Servico
) -> None:
    await devida(admin, banco_api, banco_worker, cena, servico.navegador)
    servico.respostas = [500, 429, 201]
    async with worker(banco_worker, servico) as contexto:
        for vez in range(1, 4):
            vencer(admin, cena)
            await executar_avisos(contexto, cena.cliente_id)
            assert len(servico.chegados) == vez
            # not before its time
            await executar_avisos(contexto, cena.cliente_id)
            assert len(servico.chegados) == vez
    assert (inscritas(admin, cena), na_fila(admin, cena)) == (1, 0)


async def test_a_quem_nao_se_pode_falar_nada_se_diz(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena, servico: Servico
) -> None:
    fora = com_endpoint(servico.navegador, "https://exemplo.test/wpush/abc")
    await devida(admin, banco_api, banco_worker, cena, fora)
    async with worker(banco_worker, servico) as contexto:
        await executar_avisos(contexto, cena.cliente_id)
    assert (inscritas(admin, cena), servico.chegados) == (0, [])


def com_endpoint(navegador: Navegador, endpoint: str) -> Navegador:
    return msgspec.structs.replace(navegador, endpoint=endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://fcm.googleapis.com.exemplo.test/x", "https://fcm.googleapis.com:8443/x",
        "https://127.0.0.1/x", "https://u@fcm.googleapis.com/x", "https://exemplo.test/fcm.googleapis.com",
        "file:///etc/passwd", "https://[::1", "https://fcm.googleapis.com/x#y",
    ],
)  # fmt: skip
def test_so_servicos_conhecidos(endpoint: str) -> None:
    navegador = Navegador(endpoint, ChavesDoNavegador("", ""))
    with pytest.raises(EnderecoRecusado):
        conferir(Enderecos(PUSH_HOSTS), navegador)
    for bom in (
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "web.push.apple.com",
        "db5.notify.windows.com",
    ):
        assert conferir(Enderecos(PUSH_HOSTS), com_endpoint(navegador, f"https://{bom}/a/b")) == f"https://{bom}"


def test_cabe_num_recado(servico: Servico) -> None:
    avisos = [{"chave": str(n), "nome": "👍" * 120, "texto": "👍" * 140} for n in range(20)]
    feito = corpo(avisos)
    assert len(feito) <= CORPO_MAXIMO
    ditos = [a["chave"] for a in msgspec.json.decode(feito)["avisos"]]
    assert len(ditos) > 1 and ditos[-1] == "19"
    assert len(cifrar(servico.navegador, b"x" * CORPO_MAXIMO)) <= 4096
