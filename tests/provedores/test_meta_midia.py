"""Media up, found and down again, and each way in which it can fail."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from app.provedores.meta_midia import MetaMidia
from app.provedores.midia import (
    MidiaAusente,
    MidiaCorrompida,
    MidiaExpirada,
    MidiaGrande,
    MidiaIndisponivel,
    MidiaRecusada,
    MidiaSemAcesso,
    ler_sha256,
)
from tests.provedores.pecas import CONEXAO, conexao
from tests.simulador.bancada import OUTRO, Bancada

DADOS = b"\x89PNG" + bytes(range(256)) * 40
RESUMO = hashlib.sha256(DADOS).digest()


@pytest.fixture
def foto(tmp_path: Path) -> Path:
    arquivo = tmp_path / "foto"
    arquivo.write_bytes(DADOS)
    return arquivo


async def test_sobe_acha_e_baixa(bancada: Bancada, midia: MetaMidia, foto: Path) -> None:
    id_externo = await midia.subir_midia(CONEXAO, foto, "image/png", 'a"ç\r\n.png')
    achada = await midia.descobrir_midia(CONEXAO, id_externo)
    assert (achada.mime, achada.sha256, achada.tamanho) == ("image/png", RESUMO, len(DADOS))
    destino = io.BytesIO()
    baixada = await midia.baixar_midia(CONEXAO, achada.url, destino, len(DADOS), achada.sha256)
    assert destino.getvalue() == DADOS
    assert (baixada.tamanho, baixada.sha256, baixada.mime) == (len(DADOS), RESUMO, "image/png")


async def test_endereco_vencido_se_pede_de_novo(bancada: Bancada, midia: MetaMidia, foto: Path) -> None:
    id_externo = await midia.subir_midia(CONEXAO, foto, "image/png", "a.png")
    achada = await midia.descobrir_midia(CONEXAO, id_externo)
    await bancada.avancar(300)
    with pytest.raises(MidiaExpirada):
        await midia.baixar_midia(CONEXAO, achada.url, io.BytesIO(), 10**6)
    achada = await midia.descobrir_midia(CONEXAO, id_externo)
    assert (await midia.baixar_midia(CONEXAO, achada.url, io.BytesIO(), 10**6)).sha256 == RESUMO


async def test_de_outro_numero_ou_que_nao_ha(bancada: Bancada, midia: MetaMidia, foto: Path) -> None:
    id_externo = await midia.subir_midia(CONEXAO, foto, "image/png", "a.png")
    for quem, qual in ((conexao(numero=OUTRO), id_externo), (CONEXAO, "404")):
        with pytest.raises(MidiaAusente):
            await midia.descobrir_midia(quem, qual)
    with pytest.raises(MidiaRecusada):
        await midia.descobrir_midia(CONEXAO, "../me")


async def test_sem_acesso(bancada: Bancada, midia: MetaMidia, foto: Path) -> None:
    for quem in (conexao("errado"), conexao("a\r\nb"), conexao(numero="999")):
        with pytest.raises(MidiaSemAcesso):
            await midia.subir_midia(quem, foto, "image/png", "a.png")
    achada = await midia.descobrir_midia(CONEXAO, await midia.subir_midia(CONEXAO, foto, "image/png", "a.png"))
    with pytest.raises(MidiaSemAcesso):
        await midia.baixar_midia(conexao("errado"), achada.url, io.BytesIO(), 10**6)


PARADA = b"RIFF\0\0\0\0WEBPVP8L"
ANIMADA = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02"


@pytest.mark.parametrize(
    ("mime", "cabeca", "tamanho", "esperado"),
    [
        ("image/gif", b"", 10, MidiaRecusada),
        ("application/zip", b"", 10, MidiaRecusada),
        ("image/png", b"", 0, MidiaRecusada),
        ("image/png", b"", 5 * 2**20 + 1, MidiaGrande),
        ("video/mp4", b"", 16 * 2**20 + 1, MidiaGrande),
        ("audio/ogg; codecs=opus", b"", 16 * 2**20 + 1, MidiaGrande),
        ("application/pdf", b"", 100 * 2**20 + 1, MidiaGrande),
        ("image/webp", PARADA, 100 * 2**10 + 1, MidiaGrande),
        ("image/webp", ANIMADA, 500 * 2**10 + 1, MidiaGrande),
    ],
)
async def test_tipo_e_tamanho_antes_do_primeiro_byte(
    bancada: Bancada,
    midia: MetaMidia,
    tmp_path: Path,
    mime: str,
    cabeca: bytes,
    tamanho: int,
    esperado: type[Exception],
) -> None:
    arquivo = tmp_path / "arquivo"
    with arquivo.open("wb") as saida:
        saida.write(cabeca)
        saida.truncate(tamanho)
    antes = len(await bancada.controle("GET", "/requests"))
    with pytest.raises(esperado):
        await midia.subir_midia(CONEXAO, arquivo, mime, "a")
    assert len(await bancada.controle("GET", "/requests")) == antes


@pytest.mark.parametrize(
    ("mime", "cabeca", "tamanho"),
    [
        ("image/png", b"", 5 * 2**20),
        ("audio/ogg; codecs=opus", b"", 100),
        ("image/webp", PARADA, 100 * 2**10),
        ("image/webp", ANIMADA, 500 * 2**10),
    ],
)
async def test_no_limite_passa(
    bancada: Bancada, midia: MetaMidia, tmp_path: Path, mime: str, cabeca: bytes, tamanho: int
) -> None:
    arquivo = tmp_path / "arquivo"
    with arquivo.open("wb") as saida:
        saida.write(cabeca)
        saida.truncate(tamanho)
    assert await midia.subir_midia(CONEXAO, arquivo, mime, "a")


@pytest.mark.parametrize(
    ("acao", "espera"),
    [({"kind": "error_code", "code": 131016}, 15), ({"kind": "error_code", "code": 80007}, 60), ({"kind": "reset"}, 5)],
)
async def test_passageira(
    bancada: Bancada, midia: MetaMidia, foto: Path, acao: dict[str, object], espera: float
) -> None:
    await bancada.falha("before_read", acao, provider="meta", match={"path": "media"})
    with pytest.raises(MidiaIndisponivel) as falha:
        await midia.subir_midia(CONEXAO, foto, "image/png", "a.png")
    assert falha.value.espera_s == espera


# ------------------------------------------------------------------ a server that answers as it likes

Resposta = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Servidor:
    def __init__(self) -> None:
        self.pedidos: list[web.Request] = []
        self.resposta: Resposta | None = None
        self.base = ""

    async def tratar(self, pedido: web.Request) -> web.StreamResponse:
        self.pedidos.append(pedido)
        assert self.resposta
        return await self.resposta(pedido)


@pytest.fixture
async def servidor() -> AsyncIterator[Servidor]:
    servidor = Servidor()
    app = web.Application()
    app.router.add_route("*", "/{resto:.*}", servidor.tratar)
    corredor = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await corredor.setup()
    await web.TCPSite(corredor, "127.0.0.1", 0).start()
    servidor.base = f"http://127.0.0.1:{corredor.addresses[0][1]}"
    yield servidor
    await corredor.cleanup()


async def baixar(servidor: Servidor, maximo: int = 10**6, sha256: bytes | None = None) -> bytes:
    midia = MetaMidia(servidor.base, "v25.0")
    destino = io.BytesIO()
    try:
        await midia.baixar_midia(CONEXAO, f"{servidor.base}/x", destino, maximo, sha256)
    finally:
        await midia.fechar()
    return destino.getvalue()


async def test_mais_do_que_o_anunciado(servidor: Servidor) -> None:
    async def sem_tamanho(pedido: web.Request) -> web.StreamResponse:
        resposta = web.StreamResponse()
        await resposta.prepare(pedido)
        for _ in range(100):
            await resposta.write(b"x" * 10_000)
        return resposta

    async def com_tamanho(pedido: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 10_001)

    for resposta in (sem_tamanho, com_tamanho):
        servidor.resposta = resposta
        with pytest.raises(MidiaGrande):
            await baixar(servidor, 10_000)


async def test_no_tamanho_exato(servidor: Servidor) -> None:
    async def exato(pedido: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 10_000)

    servidor.resposta = exato
    assert len(await baixar(servidor, 10_000)) == 10_000


async def test_conteudo_trocado_ou_comprimido(servidor: Servidor) -> None:
    async def certa(pedido: web.Request) -> web.StreamResponse:
        return web.Response(body=DADOS)

    async def comprimida(pedido: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x", headers={"Content-Encoding": "gzip"})

    servidor.resposta = certa
    assert await baixar(servidor, sha256=RESUMO) == DADOS
    with pytest.raises(MidiaCorrompida):
        await baixar(servidor, sha256=bytes(32))
    servidor.resposta = comprimida
    with pytest.raises(MidiaCorrompida):
        await baixar(servidor)


@pytest.mark.parametrize("http", [301, 302, 307, 308])
async def test_redirecionamento_nao_leva_o_token(servidor: Servidor, http: int) -> None:
    async def para_outro(pedido: web.Request) -> web.StreamResponse:
        return web.Response(status=http, headers={"Location": f"{servidor.base}/outro"})

    servidor.resposta = para_outro
    with pytest.raises(MidiaIndisponivel):
        await baixar(servidor)
    assert [p.path for p in servidor.pedidos] == ["/x"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://169.254.169.254/latest",
        "https://lookaside.fbsbx.com.exemplo.test/x",
        "https://lookaside.fbsbx.com:8443/x",
        "http://lookaside.fbsbx.com/x",
        "https://a@lookaside.fbsbx.com/x",
        "file:///etc/passwd",
        "//lookaside.fbsbx.com/x",
        "https://[",
        "",
    ],
)
async def test_so_se_baixa_de_onde_se_espera(servidor: Servidor, url: str) -> None:
    midia = MetaMidia(servidor.base, "v25.0", ["lookaside.fbsbx.com"])
    try:
        with pytest.raises(MidiaRecusada):
            await midia.baixar_midia(CONEXAO, url, io.BytesIO(), 10)
    finally:
        await midia.fechar()


async def test_o_token_vai_so_no_cabecalho(servidor: Servidor) -> None:
    async def certa(pedido: web.Request) -> web.StreamResponse:
        return web.Response(body=DADOS)

    servidor.resposta = certa
    await baixar(servidor)
    (pedido,) = servidor.pedidos
    assert pedido.headers["Authorization"] == f"Bearer {CONEXAO.credenciais.access_token}"
    assert pedido.headers["User-Agent"].startswith("Balcao/")
    assert pedido.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("texto", "esperado"),
    [
        (RESUMO.hex(), RESUMO),
        (RESUMO.hex().upper(), RESUMO),
        (base64.b64encode(RESUMO).decode(), RESUMO),
        (base64.b64encode(RESUMO[:31]).decode(), None),
        ("não é resumo", None),
        ("", None),
        (None, None),
    ],
)
def test_resumo(texto: str | None, esperado: bytes | None) -> None:
    assert ler_sha256(texto) == esperado
