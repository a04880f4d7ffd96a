"""Real processes: nothing that got a 200 is lost, wherever one of them dies; and nobody gets two conversations."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import pytest

from app.cifra import Cofre
from app.credenciais import CredenciaisMeta, CredenciaisUaizap
from app.embutido import porta_livre
from tests import webhooks_meta as wm
from tests.caos.arena import WORKER, Arena, ate, montar
from tests.caos.conftest import LONGO
from tests.caos.entrada_mortal import PONTOS
from tests.sql import cenas

VEZES = (1, 2, 5) if LONGO else (2,)
RODADAS = 100 if LONGO else 10
# of one round of deaths: enough for every step to be passed several times
MENSAGENS = 24
SEGREDO = "segredo-do-endereco-de-teste-000000000000"
TOKEN = secrets.token_hex(16)


@dataclass
class Numero:
    """Where the two providers of one tenant deliver, and what was answered with 200."""

    arena: Arena
    cliente_id: UUID
    numero: str
    conta: str
    aparelho: UUID
    app_secret: str
    aceitos: set[str] = field(default_factory=set)

    def meta(self, de: str, id_externo: str) -> tuple[str, bytes, dict[str, str]]:
        mensagem = {
            "from": de, "id": id_externo, "timestamp": "1795132800", "type": "text", "text": {"body": id_externo},
        }  # fmt: skip
        corpo = wm.corpo_de(wm.envelope(self.numero, self.conta, messages=[mensagem]))
        return "/webhooks/meta", corpo, {"x-hub-signature-256": wm.assinar(corpo, self.app_secret)}

    def uaizap(self, de: str, id_externo: str) -> tuple[str, bytes, dict[str, str]]:
        pessoa = f"{de}@s.whatsapp.net"
        mensagem = {
            "messageid": id_externo, "chatid": pessoa, "sender_pn": pessoa, "fromMe": False, "isGroup": False,
            "messageType": "Conversation", "text": id_externo, "content": id_externo, "messageTimestamp": 1795132800000,
        }  # fmt: skip
        corpo = json.dumps({"EventType": "messages", "token": TOKEN, "message": mensagem, "chat": {}}).encode()
        return f"/webhooks/uaizap/{self.aparelho}/{SEGREDO}", corpo, {}

    async def entregar(self, http: aiohttp.ClientSession, bases: tuple[str, ...], pedido: Any, id_externo: str) -> None:
        """As providers do: again until it is answered with 200, by the first process at first, then by the others."""
        caminho, corpo, cabecalhos = pedido
        for vez in range(600):
            base = bases[min(vez, len(bases) - 1)]
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with http.post(base + caminho, data=corpo, headers=cabecalhos) as resposta:
                    assert resposta.status in (200, 503, 504), await resposta.text()
                    if resposta.status == 200:
                        self.aceitos.add(id_externo)
                        return
            await asyncio.sleep(0.1)
        raise AssertionError("nobody took it")

    def guardadas(self) -> list[dict[str, Any]]:
        return self.arena.consultar(
            "select m.id_externo, v.id as conversa, v.contato_id from mensagens m"
            " join conversas v on v.id = m.conversa_id where m.cliente_id = %s",
            [self.cliente_id],
        )


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Arena]:
    async with montar(tmp_path_factory.mktemp("mortes"), semente=7) as esta:
        yield esta


async def novo_numero(arena: Arena) -> Numero:
    cena = cenas.montar(arena.admin, await arena.novo_cliente(), 0)
    cofre = Cofre(arena.config.chaves)
    app_secret = secrets.token_hex(16)
    selado = cofre.selar(
        msgspec.json.encode(CredenciaisMeta(access_token="x" * 32, app_secret=app_secret, verify_token=None)),
        cena.cliente_id, cena.conexao_id,
    )  # fmt: skip
    [linha] = arena.admin.execute(
        "update conexoes set credenciais = %s, segredo_impressao = %s where id = %s"
        " returning numero_id_externo as numero, conta_id_externa as conta",
        [selado, cofre.impressao(app_secret), cena.conexao_id],
    ).fetchall()
    [aparelho] = arena.admin.execute("select uuidv7() as id").fetchall()
    selado = cofre.selar(msgspec.json.encode(CredenciaisUaizap(TOKEN)), cena.cliente_id, aparelho["id"])
    arena.admin.execute(
        "insert into conexoes (cliente_id, id, nome, canal, provedor, numero_id_externo, credenciais, teto_por_segundo)"
        " values (%s, %s, 'Aparelho', 'WHATSAPP', 'UAIZAP', %s, %s, 15)",
        [cena.cliente_id, aparelho["id"], f"55119{secrets.randbelow(10**8):08d}", selado],
    )
    arena.admin.execute(
        "insert into conexoes_instancias (cliente_id, conexao_id, url_base, instancia, segredo_hash, status,"
        " webhook_em) values (%s, %s, 'https://free.uazapi.com', 'inst', %s, 'CONECTADA', now())",
        [cena.cliente_id, aparelho["id"], hashlib.sha256(SEGREDO.encode()).digest()],
    )
    return Numero(arena, cena.cliente_id, linha["numero"], linha["conta"], aparelho["id"], app_secret)


@contextlib.asynccontextmanager
async def processo(arena: Arena, *argumentos: str, **ambiente: str) -> AsyncIterator[Any]:
    antes = dict(arena.ambiente)
    arena.ambiente |= ambiente
    filho = arena.iniciar(*argumentos)
    arena.ambiente.clear()
    arena.ambiente |= antes
    try:
        yield filho
    finally:
        filho.kill()
        filho.wait()


async def no_ar(http: aiohttp.ClientSession, base: str, filho: Any) -> None:
    async def responde() -> bool:
        if filho.poll() is not None:
            return True
        with contextlib.suppress(aiohttp.ClientError):
            async with http.get(base + "/api/saude") as resposta:
                return resposta.status == 200
        return False

    await ate(responde, 60, "the API up")


async def tudo_processado(arena: Arena, numero: Numero) -> None:
    def acabou() -> bool:
        [x] = arena.consultar(
            "select count(*) as n from fila where cliente_id = %s and tipo = 'webhook_processar'", [numero.cliente_id]
        )
        return bool(x["n"] == 0)

    await ate(acabou, 60, "the queue of webhooks empty")


@pytest.mark.timeout(900 if LONGO else 400)
async def test_o_que_teve_200_esta_nas_tabelas(arena: Arena) -> None:
    numero = await novo_numero(arena)
    mortes = 0
    for ponto, (parte, _, _) in PONTOS.items():
        for vez in VEZES:
            porta = porta_livre()
            bases = (f"http://127.0.0.1:{porta}",) * (parte == "api") + (arena.config.url_api,)
            async with processo(arena, "-m", "tests.caos.entrada_mortal", ponto, str(vez), PORT=str(porta)) as filho:
                if parte == "api":
                    await no_ar(arena.http, bases[0], filho)
                pedidos = []
                for n in range(MENSAGENS):
                    de, id_externo = f"55119{n % 6:08d}", f"{ponto}-{vez}-{n}"
                    pedido = (numero.meta if n % 2 else numero.uaizap)(de, id_externo)
                    pedidos.append(numero.entregar(arena.http, bases, pedido, id_externo))
                await asyncio.gather(*pedidos)
                await ate(lambda filho=filho: filho.poll() is not None, 60, f"the death at {ponto}")
                assert filho.returncode == 137, (ponto, vez, filho.returncode)
                mortes += 1
    async with processo(arena, *WORKER):
        await tudo_processado(arena, numero)
    ids = [x["id_externo"] for x in numero.guardadas()]
    assert len(numero.aceitos) == MENSAGENS * mortes and mortes == len(PONTOS) * len(VEZES)
    assert sorted(ids) == sorted(numero.aceitos), "each once, none lost"
    assert arena.consultar("select from fila_morta where cliente_id = %s", [numero.cliente_id]) == []
    assert arena.consultar(
        "select distinct status from webhooks_recebidos where cliente_id = %s", [numero.cliente_id]
    ) == [{"status": "PROCESSADO"}]


@pytest.mark.timeout(900 if LONGO else 300)
async def test_cinco_numeros_dez_mensagens_por_http(arena: Arena) -> None:
    """W-27 over real HTTP with real workers: 50 stored, 5 conversations, each round, for both providers."""
    numero = await novo_numero(arena)
    async with processo(arena, *WORKER), processo(arena, *WORKER):
        for rodada in range(RODADAS):
            for provedor in ("meta", "uaizap"):
                numeros = [f"5521{9 if provedor == 'meta' else 8}{rodada:04d}{n:04d}" for n in range(5)]
                pedidos = []
                for de in numeros:
                    for n in range(10):
                        id_externo = f"{provedor}-{rodada}-{de}-{n}"
                        pedidos.append((getattr(numero, provedor)(de, id_externo), id_externo))
                arena.sorte.shuffle(pedidos)
                antes = len(numero.guardadas())
                await asyncio.gather(*(numero.entregar(arena.http, (arena.config.url_api,), p, i) for p, i in pedidos))
                await tudo_processado(arena, numero)
                esta = [x for x in numero.guardadas() if x["id_externo"].startswith(f"{provedor}-{rodada}-")]
                assert len(numero.guardadas()) == antes + 50
                assert len(esta) == 50 and len({x["conversa"] for x in esta}) == 5, (provedor, rodada)
                assert len({x["contato_id"] for x in esta}) == 5
