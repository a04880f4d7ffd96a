"""What each failure of the transport proves (protocol reference, section 11.4)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from app.provedores import meta as modulo
from app.provedores.envio import Resultado
from app.provedores.meta import Meta, interpretar
from tests.provedores.pecas import CONEXAO, envio, modelo
from tests.simulador.bancada import Bancada

MODELO = modelo({"type": "BODY", "text": "x"}, nome="boas_vindas")


@pytest.fixture
def impaciente(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same time-outs, a twentieth as long."""
    monkeypatch.setattr(
        modulo, "_PRAZO", aiohttp.ClientTimeout(total=None, connect=0.5, sock_connect=0.5, sock_read=0.5)
    )


@pytest.mark.parametrize(
    ("sufixo", "desfecho", "codigo", "sem_resposta", "aceita"),
    [
        ("9500", "REJEITADO", 131000, False, False),
        ("9501", "REJEITADO", 131000, False, True),
        ("9502", "AMBIGUO", None, False, False),
        ("9503", "REJEITADO", 2, False, False),
        ("9504", "AMBIGUO", None, True, True),
        ("9505", "AMBIGUO", None, False, False),
        ("9506", "AMBIGUO", None, False, True),
        ("9507", "AMBIGUO", None, False, True),
        ("9508", "AMBIGUO", None, True, True),
        ("9509", "AMBIGUO", None, False, True),
    ],
)
async def test_numeros_magicos(
    bancada: Bancada,
    impaciente: None,
    sufixo: str,
    desfecho: str,
    codigo: int | None,
    sem_resposta: bool,
    aceita: bool,
) -> None:
    """131000 and 2 prove nothing either, but it is the database that says so, by code."""
    meta = Meta(bancada.simulador.url_meta, "v25.0")
    try:
        resultado = await meta.enviar(CONEXAO, envio("MODELO", {}, modelo=MODELO, para=f"551199999{sufixo}"))
    finally:
        await meta.fechar()
    (linha,) = await bancada.livro()
    assert (resultado.desfecho, resultado.codigo, resultado.sem_resposta) == (desfecho, codigo, sem_resposta)
    assert bool(linha["acceptance"]) is aceita


async def enviar(base: str) -> Resultado:
    meta = Meta(base, "v25.0")
    try:
        return await meta.enviar(CONEXAO, envio("TEXTO", {"texto": "oi"}))
    finally:
        await meta.fechar()


Tratador = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def servidor(tratar: Tratador) -> AsyncIterator[str]:
    async def seguro(leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
        try:
            await tratar(leitor, escritor)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            escritor.close()

    ouvinte = await asyncio.start_server(seguro, "127.0.0.1", 0)
    async with ouvinte:
        yield f"http://127.0.0.1:{ouvinte.sockets[0].getsockname()[1]}"


async def test_conexao_recusada() -> None:
    with socket.socket() as livre:
        livre.bind(("127.0.0.1", 0))
        porta = livre.getsockname()[1]
    assert (await enviar(f"http://127.0.0.1:{porta}")).desfecho == "NAO_ENVIADO"


async def test_nome_que_nao_existe() -> None:
    assert (await enviar("http://provedor.invalid")).desfecho == "NAO_ENVIADO"


async def test_tls_que_nao_fecha() -> None:
    async def texto_puro(leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
        await leitor.read(10)
        escritor.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await escritor.drain()

    async with servidor(texto_puro) as base:
        assert (await enviar(base.replace("http:", "https:"))).desfecho == "NAO_ENVIADO"


async def test_tempo_de_conexao_esgotado(impaciente: None) -> None:
    """A listener whose queue is full answers nothing to a new connection."""
    with socket.socket() as ouvinte:
        ouvinte.bind(("127.0.0.1", 0))
        ouvinte.listen(0)
        porta = ouvinte.getsockname()[1]
        ocupam = [socket.socket() for _ in range(4)]
        for outro in ocupam:
            outro.setblocking(False)
            outro.connect_ex(("127.0.0.1", porta))
        try:
            resultado = await enviar(f"http://127.0.0.1:{porta}")
        finally:
            for outro in ocupam:
                outro.close()
    assert (resultado.desfecho, resultado.sem_resposta) == ("NAO_ENVIADO", False)


def _respondendo(resposta: bytes) -> Tratador:
    async def tratar(leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
        await leitor.readuntil(b"\r\n\r\n")
        escritor.write(resposta)
        await escritor.drain()

    return tratar


@pytest.mark.parametrize(
    ("resposta", "desfecho"),
    [
        (b"", "AMBIGUO"),
        (b"lixo\r\n\r\n", "AMBIGUO"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "AMBIGUO"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "AMBIGUO"),
        (b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "REJEITADO"),
    ],
)
async def test_resposta_estragada(resposta: bytes, desfecho: str) -> None:
    async with servidor(_respondendo(resposta)) as base:
        assert (await enviar(base)).desfecho == desfecho


ACEITA = b'{"messages":[{"id":"wamid.1"}],"contacts":[{"wa_id":"551188887777"}]}'


@pytest.mark.parametrize(
    ("http", "corpo", "desfecho", "codigo", "id_externo"),
    [
        (200, ACEITA, "ACEITO", None, "wamid.1"),
        # an oddity beside the id must not hide that the message was accepted
        (200, b'{"messages":[{"id":"wamid.1","extra":[1]}],"contacts":"?"}', "ACEITO", None, "wamid.1"),
        (200, b'{"messages":[{"id":"wamid.1"}],"contacts":[{"wa_id":5}]}', "ACEITO", None, "wamid.1"),
        (200, b'{"messages":[]}', "AMBIGUO", None, None),
        (200, b'{"messages":[{"id":1}]}', "AMBIGUO", None, None),
        (200, b"{}", "AMBIGUO", None, None),
        (200, b"\xff\xfe", "AMBIGUO", None, None),
        (200, b'{"messages":[{"id":"wamid.\xff"}]}', "AMBIGUO", None, None),
        (200, b"[" * 100_000, "AMBIGUO", None, None),
        (200, b"<html>", "AMBIGUO", None, None),
        (500, b"<html>", "AMBIGUO", None, None),
        (502, b"", "AMBIGUO", None, None),
        (429, b"<html>", "REJEITADO", 130429, None),
        (429, b'{"error":{"code":131056}}', "REJEITADO", 131056, None),
        (400, b"<html>", "REJEITADO", None, None),
        (400, b'{"error":{"code":100,"error_data":"texto","error_subcode":33}}', "REJEITADO", 100, None),
        (503, b'{"error":{"code":2,"message":"fora"}}', "REJEITADO", 2, None),
        (200, b'{"error":{"code":131047}}', "REJEITADO", 131047, None),
    ],
)
def test_leitura_da_resposta(
    http: int, corpo: bytes, desfecho: str, codigo: int | None, id_externo: str | None
) -> None:
    resultado = interpretar(http, corpo)
    assert (resultado.desfecho, resultado.codigo, resultado.id_externo) == (desfecho, codigo, id_externo)


async def test_nada_e_repetido_nem_seguido(bancada: Bancada, meta: Meta) -> None:
    await meta.enviar(CONEXAO, envio("MODELO", {}, modelo=MODELO, para="5511999999505"))
    await meta.enviar(CONEXAO, envio("MODELO", {}, modelo=MODELO, para="5511999999506"))
    assert len(await bancada.livro()) == 2
