"""Files through the API: received as a stream, judged by their bytes, served only to who may have them, harmlessly."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psutil
import pytest
import uvicorn
from litestar import Litestar

from tests.api.conftest import recusa
from tests.conftest import Sessao
from tests.sql.cenas import Admin
from tests.test_tipo_de_arquivo import OGG, PNG, WEBP, zipado

MB = 1024 * 1024
LIMITE = "limite-do-formulario"


async def enviar(
    cliente: httpx.AsyncClient, sessao: Sessao, dados: bytes, nome: str = "foto.png", **campos: str
) -> httpx.Response:
    return await cliente.post(
        "/api/midias", headers=sessao.cabecalho, files={"arquivo": (nome, dados, "image/png")}, data=campos
    )


async def criada(cliente: httpx.AsyncClient, sessao: Sessao, dados: bytes, **extra: Any) -> dict[str, Any]:
    resposta = await enviar(cliente, sessao, dados, **extra)
    assert resposta.status_code == 201, resposta.text
    return dict(resposta.json()["dados"])


async def endereco(cliente: httpx.AsyncClient, sessao: Sessao, id_: str) -> str:
    resposta = await cliente.post(f"/api/midias/{id_}/url", headers=sessao.cabecalho)
    assert resposta.status_code == 201, resposta.text
    return str(resposta.json()["dados"]["url"])


def png(tamanho: int = 100) -> bytes:
    return PNG + os.urandom(max(tamanho - len(PNG), 8))


async def test_vai_volta_e_e_a_mesma(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    dados = png(300_000)
    midia = await criada(cliente_http, ana, dados)
    assert (midia["tipo"], midia["mime"], midia["tamanho"], midia["status"]) == (
        "IMAGEM", "image/png", 300_000, "DISPONIVEL",
    )  # fmt: skip
    assert (await criada(cliente_http, ana, dados, nome="outro.png"))["id"] == midia["id"]
    assert (await criada(cliente_http, ana, dados, tipo="DOCUMENTO"))["tipo"] == "DOCUMENTO"
    lida = await cliente_http.get(f"/api/midias/{midia['id']}", headers=ana.cabecalho)
    assert lida.json()["dados"] == midia
    servida = await cliente_http.get(await endereco(cliente_http, ana, midia["id"]))
    assert servida.status_code == 200 and servida.content == dados


async def test_cabecalhos_que_nao_deixam_executar(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    """A page of script stays a file: nothing a browser would run on our origin."""
    pagina = b"<!doctype html><script>fetch('/api/conexoes')</script>"
    midia = await criada(cliente_http, ana, pagina, nome='p\u00e1gina "x";.html')
    assert (midia["tipo"], midia["mime"]) == ("DOCUMENTO", "text/plain")
    servida = await cliente_http.get(await endereco(cliente_http, ana, midia["id"]))
    cabecalhos = servida.headers
    assert cabecalhos["content-type"].startswith("text/plain")
    assert cabecalhos["content-disposition"] == "attachment; filename*=UTF-8''p%C3%A1gina%20%22x%22%3B.html.txt"
    assert cabecalhos["x-content-type-options"] == "nosniff"
    assert cabecalhos["content-security-policy"] == "default-src 'none'; sandbox"
    assert cabecalhos["cache-control"].startswith("private, max-age=")


async def test_tipo_fora_da_lista_e_so_bytes(cliente_http: httpx.AsyncClient, ana: Sessao, admin: Admin) -> None:
    midia = await criada(cliente_http, ana, png())
    admin.execute("update midias set mime = 'text/html' where id = %s", [midia["id"]])
    servida = await cliente_http.get(await endereco(cliente_http, ana, midia["id"]))
    assert servida.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("dados", "nome", "campos", "codigo"),
    [
        (b"GIF89a" + b"\0" * 50, "foto.png", {}, "ZRD02"),
        (b"MZ\x90\0\3\0\0\0" + b"\0" * 100, "foto.png", {}, "ZRD02"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "foto.png", {"tipo": "IMAGEM"}, "ZRD03"),
        (PNG, "foto.png", {"tipo": "VIDEO"}, "ZRD03"),
        (zipado("qualquer.txt"), "x.docx", {}, "ZRD02"),
        (OGG.replace(b"\x13OpusHead", b"\x1e\1vorbis"), "x.ogg", {}, "ZRD02"),
        (b"", "foto.png", {}, "ZRD05"),
        (WEBP + b"\0" * 102_401, "x.webp", {}, "ZRD04"),
    ],
)
async def test_recusa_pelo_que_os_bytes_dizem(
    cliente_http: httpx.AsyncClient,
    app: Litestar,
    ana: Sessao,
    dados: bytes,
    nome: str,
    campos: dict[str, str],
    codigo: str,
) -> None:
    resposta = await enviar(cliente_http, ana, dados, nome, **campos)
    assert (resposta.status_code, recusa(resposta)["codigo"]) == (422, codigo)
    # what is refused is not kept
    assert not await app.state.armazem.existe(ana.cliente_id, hashlib.sha256(dados).hexdigest())


async def test_figurinha_animada_pode_mais(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    midia = await criada(cliente_http, ana, WEBP + b"\x02" + b"\0" * 102_401, nome="x.webp")
    assert midia["tipo"] == "FIGURINHA"


@pytest.mark.parametrize("nome", ["../../../etc/passwd", "C:\\x\\..\\a.png", "a\u202egnp.exe", "/etc/cron.d/x"])
async def test_nome_nao_anda_por_pastas(cliente_http: httpx.AsyncClient, ana: Sessao, nome: str) -> None:
    midia = await criada(cliente_http, ana, png(), nome=nome)
    assert "/" not in midia["nome"] and "\\" not in midia["nome"] and "\u202e" not in midia["nome"]
    assert midia["nome"].endswith(".png")


def _formulario(corpo: bytes, limite: str = LIMITE) -> dict[str, Any]:
    return {"content": corpo, "headers": {"Content-Type": f"multipart/form-data; boundary={limite}"}}


@pytest.mark.parametrize(
    ("pedido", "status", "campo"),
    [
        (_formulario(b""), 400, None),
        (_formulario(b"lixo"), 400, None),
        (_formulario(f"--{LIMITE}--\r\n".encode()), 400, "arquivo"),
        (_formulario(f"--{LIMITE}\r\nContent-Disposition: form-data; name=arquivo\r\n\r\nabc".encode()), 400, None),
        (_formulario(b"x", "é"), 400, None),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, None),
        ({"content": b"{}", "headers": {"Content-Type": "application/json"}}, 415, "Content-Type"),
        (
            _formulario(
                b"".join(
                    f"--{LIMITE}\r\nContent-Disposition: form-data; name=arquivo; filename=a\r\n\r\nabc\r\n".encode()
                    for _ in range(2)
                )
                + f"--{LIMITE}--\r\n".encode()
            ),
            400,
            "arquivo",
        ),
        (
            _formulario(
                f"--{LIMITE}\r\nContent-Disposition: form-data; name=tipo\r\n\r\n".encode() + b"x" * 5000
                + f"\r\n--{LIMITE}--\r\n".encode()
            ),
            400,
            "tipo",
        ),
    ],
)  # fmt: skip
async def test_formulario_torto(
    cliente_http: httpx.AsyncClient, ana: Sessao, pedido: dict[str, Any], status: int, campo: str | None
) -> None:
    cabecalhos = {k: v.encode("latin-1") for k, v in {**ana.cabecalho, **pedido["headers"]}.items()}
    resposta = await cliente_http.post("/api/midias", content=pedido["content"], headers=cabecalhos)
    assert resposta.status_code == status, resposta.text
    assert recusa(resposta)["campo"] == campo


async def test_faixa(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    dados = OGG + os.urandom(100_000)
    url = await endereco(cliente_http, ana, (await criada(cliente_http, ana, dados, nome="voz.ogg"))["id"])
    for pedida, inicio, fim in (
        ("0-9", 0, 10),
        ("50000-", 50_000, len(dados)),
        ("-7", len(dados) - 7, len(dados)),
        ("99999-999999", 99_999, len(dados)),
    ):
        parte = await cliente_http.get(url, headers={"Range": f"bytes={pedida}"})
        assert parte.status_code == 206 and parte.content == dados[inicio:fim]
        assert parte.headers["content-range"] == f"bytes {inicio}-{fim - 1}/{len(dados)}"
    for ignorada in ("bytes=-", "bytes=0-1,5-6", "linhas=0-1", "bytes=a-b"):
        inteira = await cliente_http.get(url, headers={"Range": ignorada})
        assert inteira.status_code == 200 and len(inteira.content) == len(dados)
    fora = await cliente_http.get(url, headers={"Range": f"bytes={len(dados)}-"})
    assert fora.status_code == 416 and recusa(fora)["codigo"] == "ZRD08"


async def test_endereco_vencido_forjado_alheio_revogado(
    cliente_http: httpx.AsyncClient, app: Litestar, ana: Sessao, bia: Sessao, admin: Admin, novo_cliente: Any
) -> None:
    dono: Sessao = await novo_cliente("Revogada")
    midia = await criada(cliente_http, dono, png())
    url = await endereco(cliente_http, dono, midia["id"])
    assert (await cliente_http.get(url)).status_code == 200
    acesso = app.state.assinador.abrir(url.rsplit("/", 1)[1])
    assert 0 < acesso.expira_em - time.time() <= 300
    vencido = app.state.assinador.assinar(*acesso[:3], int(time.time()) - 1)
    # signed by us, but for another tenant or another's session: the database has the last word
    de_outro = app.state.assinador.assinar(bia.cliente_id, *acesso[1:])
    linha = admin.execute("select id from sessoes where cliente_id = %s", [ana.cliente_id]).fetchone()
    assert linha
    outra_sessao = app.state.assinador.assinar(acesso[0], linha["id"], *acesso[2:])
    for selo in (vencido, de_outro, outra_sessao, url.rsplit("/", 1)[1][:-2] + "AA", "x", "%2e%2e%2f"):
        resposta = await cliente_http.get(f"/midias/{selo}")
        assert (resposta.status_code, recusa(resposta)["codigo"]) == (404, "ZND01"), selo
    for caminho in (f"/api/midias/{midia['id']}", f"/api/midias/{midia['id']}/url"):
        metodo = "POST" if caminho.endswith("url") else "GET"
        assert (await cliente_http.request(metodo, caminho, headers=bia.cabecalho)).status_code == 404
    admin.execute("update sessoes set revogada_em = now() where cliente_id = %s", [dono.cliente_id])
    assert (await cliente_http.get(url)).status_code == 404


async def test_a_pagina_abre_a_midia_num_so_pedido(cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao) -> None:
    dados = png()
    midia = await criada(cliente_http, ana, dados)

    async def ver(sessao: Sessao, **mais: str) -> httpx.Response:
        cookie = {"Cookie": f"__Host-sessao={sessao.token}|{int(time.time()) + 43_200}"}
        return await cliente_http.get(f"/conversas/midias/{midia['id']}", headers={**cookie, **mais})

    vista = await ver(ana)
    assert (vista.status_code, vista.content) == (200, dados)
    # kept by this browser for this session, and for no longer than a signed address lives
    assert vista.headers["vary"] == "Cookie" and re.fullmatch(
        r"private, max-age=(29\d|300)", vista.headers["cache-control"]
    )
    assert vista.headers["content-security-policy"] == "default-src 'none'; sandbox"
    parte = await ver(ana, Range="bytes=0-7")
    assert (parte.status_code, parte.content) == (206, dados[:8])
    assert (await ver(bia)).status_code == 404


async def test_conteudo_perdido_e_armazem_fora(cliente_http: httpx.AsyncClient, app: Litestar, ana: Sessao) -> None:
    dados = png()
    midia = await criada(cliente_http, ana, dados)
    sha256 = hashlib.sha256(dados).hexdigest()
    url = await endereco(cliente_http, ana, midia["id"])
    async with app.state.armazem.arquivo(ana.cliente_id, sha256) as caminho:
        caminho.unlink()
    assert (await cliente_http.get(url)).status_code == 404
    # sent again, it is back
    assert (await criada(cliente_http, ana, dados))["id"] == midia["id"]
    assert (await cliente_http.get(url)).content == dados


async def test_sem_permissao_nem_le_o_corpo(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    lidos = 0

    async def corpo() -> AsyncIterator[bytes]:
        nonlocal lidos
        for _ in range(50):
            lidos += MB
            yield b"x" * MB

    cabecalhos = {"Authorization": f"Bearer {ana.cliente_id}.{'x' * 43}"}
    resposta = await cliente_http.post(
        "/api/midias",
        content=corpo(),
        headers={**cabecalhos, "Content-Type": f"multipart/form-data; boundary={LIMITE}"},
    )
    assert resposta.status_code == 401 and lidos <= 2 * MB


@pytest.fixture
async def no_ar(app: Litestar) -> AsyncIterator[str]:
    """The application behind the real server: the in-process transport would hold bodies in memory itself."""
    servidor = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None, access_log=False))
    tarefa = asyncio.create_task(servidor.serve())
    while not servidor.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{servidor.servers[0].sockets[0].getsockname()[1]}"
    servidor.should_exit = True
    await tarefa


def _grande(tamanho: int) -> tuple[AsyncIterator[bytes], str]:
    async def corpo() -> AsyncIterator[bytes]:
        yield f"--{LIMITE}\r\nContent-Disposition: form-data; name=arquivo; filename=g.pdf\r\n\r\n%PDF-1.7\n".encode()
        for _ in range((tamanho - 9) // 65_536):
            yield bytes(65_536)
        yield bytes((tamanho - 9) % 65_536)
        yield f"\r\n--{LIMITE}--\r\n".encode()

    resumo = hashlib.sha256(b"%PDF-1.7\n" + bytes(tamanho - 9)).hexdigest()
    return corpo(), resumo


async def test_cem_megabytes_sem_encher_a_memoria(no_ar: str, ana: Sessao) -> None:
    """Up and down at the largest size that there is: the process grows by a fraction of one file."""
    corpo, _ = _grande(100 * MB)
    processo = psutil.Process()
    antes, pico, fim = processo.memory_info().rss, 0, asyncio.Event()

    async def medir() -> None:
        nonlocal pico
        while not fim.is_set():
            pico = max(pico, processo.memory_info().rss)
            await asyncio.sleep(0.02)

    medindo = asyncio.create_task(medir())
    tipo = {"Content-Type": f"multipart/form-data; boundary={LIMITE}"}
    async with httpx.AsyncClient(base_url=no_ar, timeout=60) as cliente:
        resposta = await cliente.post("/api/midias", content=corpo, headers={**ana.cabecalho, **tipo})
        assert resposta.status_code == 201, resposta.text
        url, recebidos = await endereco(cliente, ana, resposta.json()["dados"]["id"]), 0
        async with cliente.stream("GET", url) as servida:
            async for pedaco in servida.aiter_raw():
                recebidos += len(pedaco)
    fim.set()
    await medindo
    assert recebidos == 100 * MB
    assert pico - antes < 40 * MB, f"{(pico - antes) / MB:.0f} MB"


async def test_um_byte_a_mais_para_no_meio(no_ar: str, app: Litestar, ana: Sessao) -> None:
    corpo, resumo = _grande(100 * MB + 1)
    tipo = {"Content-Type": f"multipart/form-data; boundary={LIMITE}"}
    async with httpx.AsyncClient(base_url=no_ar, timeout=60) as cliente:
        resposta = await cliente.post("/api/midias", content=corpo, headers={**ana.cabecalho, **tipo})
        assert (resposta.status_code, recusa(resposta)["codigo"]) == (422, "ZRD04")

        # an image is stopped at what images may have, not at what files may have
        async def imagem() -> AsyncIterator[bytes]:
            yield f"--{LIMITE}\r\nContent-Disposition: form-data; name=arquivo; filename=g.png\r\n\r\n".encode() + PNG
            for _ in range(90 * 16):
                yield bytes(65_536)

        resposta = await cliente.post("/api/midias", content=imagem(), headers={**ana.cabecalho, **tipo})
        assert resposta.status_code == 422
        erro = recusa(resposta)
        assert (erro["codigo"], erro["detalhe"]) == ("ZRD04", str(5 * MB))
    assert not await app.state.armazem.existe(ana.cliente_id, resumo)
