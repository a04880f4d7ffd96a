"""What surrounds every page: headers, the report of errors, refusals inside the shell, choices kept in cookies."""

from __future__ import annotations

import re
import secrets
from html import unescape

import httpx
import pytest

from app.http.pages.fila_morta import separar
from tests.api.conftest import recusa
from tests.api.test_vivo import navegador
from tests.conftest import SENHA, Sessao

NOSSO = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("onde", ["/", "/entrar", "/api/saude", "/nao-existe", "/estatico/nada.js"])
async def test_cabecalhos_de_seguranca(cliente_http: httpx.AsyncClient, ana: Sessao, onde: str) -> None:
    cabecalhos = (await cliente_http.get(onde, headers=navegador(ana))).headers
    assert cabecalhos["x-content-type-options"] == "nosniff" and cabecalhos["x-frame-options"] == "DENY"
    assert cabecalhos["cross-origin-opener-policy"] == "same-origin"
    assert cabecalhos["content-security-policy"].startswith("default-src 'none'")
    assert {"referrer-policy", "permissions-policy"} <= set(cabecalhos)
    assert "strict-transport-security" not in cabecalhos


async def test_hsts_so_por_https(app: object, ana: Sessao) -> None:
    transporte = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transporte, base_url="https://balcao.test") as cliente:
        assert "max-age=" in (await cliente.get("/entrar")).headers["strict-transport-security"]


async def test_erros_de_navegador_tem_limite(cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao) -> None:
    erro = {"mensagem": "x is undefined", "onde": "base.js:1:1", "pagina": "/"}
    dela = navegador(ana, **NOSSO)
    for _ in range(10):
        assert (await cliente_http.post("/erros", json=erro, headers=dela)).status_code == 204
    demais = await cliente_http.post("/erros", json=erro, headers=dela)
    assert recusa(demais)["codigo"] == "ZLG01" and demais.headers["retry-after"] == "60"
    assert (await cliente_http.post("/erros", json=erro, headers=navegador(bia, **NOSSO))).status_code == 204
    longo = {**erro, "mensagem": "x" * 301}
    assert (await cliente_http.post("/erros", json=longo, headers=navegador(bia, **NOSSO))).status_code == 400
    assert (await cliente_http.post("/erros", json=erro, headers=navegador(bia))).status_code == 403
    falso = {"Cookie": f"__Host-sessao={bia.cliente_id}.{secrets.token_urlsafe(32)}|1", **NOSSO}
    assert (await cliente_http.post("/erros", json=erro, headers=falso)).status_code == 401


async def test_recusa_dentro_da_casca(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    nada = "/conversas/00000000-0000-7000-8000-000000000000"
    pagina = await cliente_http.get(nada, headers=navegador(ana))
    assert pagina.status_code == 404 and "<nav" in pagina.text and "<code>Z" in pagina.text
    regiao = await cliente_http.get(
        nada, headers=navegador(ana, **{"HX-Request": "true", "HX-Current-URL": "http://balcao.test/contatos?a=1"})
    )
    assert regiao.status_code == 404 and "<nav" not in regiao.text and 'href="/contatos?a=1"' in unescape(regiao.text)


async def test_escolhas_em_cookies(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    dela = navegador(ana, **NOSSO)
    for rota, valor in (("tema", "escuro"), ("idioma", "en")):
        feita = await cliente_http.post(f"/{rota}", data={"valor": valor, "volta": "//fora.test"}, headers=dela)
        assert feita.status_code == 303 and feita.headers["location"] == "/"
        assert f"{rota}={valor}" in feita.headers["set-cookie"] and "HttpOnly" in feita.headers["set-cookie"]
    estranha = await cliente_http.post("/tema", data={"valor": "roxo", "volta": "/"}, headers=dela)
    assert "roxo" not in estranha.headers["set-cookie"]
    dela["Cookie"] += "; tema=escuro; idioma=en"
    pagina = (await cliente_http.get("/", headers=dela)).text
    assert 'lang="en" data-tema="escuro"' in pagina
    fora = await cliente_http.post("/sair", headers=dela)
    assert fora.headers["clear-site-data"] == '"cache", "storage"'


async def test_disponibilidade_e_painel(cliente_http: httpx.AsyncClient, bia: Sessao) -> None:
    dela = navegador(bia, **NOSSO)
    pausa = await cliente_http.post("/disponibilidade", data={"valor": "PAUSA", "volta": "/?periodo=30"}, headers=dela)
    assert pausa.status_code == 303 and pausa.headers["location"] == "/?periodo=30"
    painel = await cliente_http.get("/?periodo=30", headers=dela)
    assert painel.status_code == 200 and 'class="balanco"' in painel.text
    atende = re.search(rf'responsavel={bia.usuario_id}".*?</tr>', painel.text)
    assert atende and "Em pausa" in atende[0] and "0 de " in atende[0]
    assert (await cliente_http.get("/?periodo=9999", headers=dela)).status_code == 400
    comandos = await cliente_http.get("/comandos?q=zz", headers={**dela, "HX-Request": "true"})
    assert comandos.status_code == 200 and 'id="achados"' in comandos.text


FORA = [
    "/sair", "/sair?x=1", "/entrar/", "//fora.test/", "/\\fora.test", "/\t/fora.test", "/%09/fora.test", "contatos", "",
    "https://fora.test/", "javascript:alert(1)", "/contatos/../sair", "/vivo/desde", "/vivo/fluxo", "/nao-existe",
    "/tema", "/conversas/00000000-0000-7000-8000-000000000000/atos/RESOLVER", "/estatico/../sair", "/api/contatos",
]  # fmt: skip
DENTRO = [
    "/", "/?periodo=30", "/contatos?q=ana%20maria&cursor=x", "/conversas/00000000-0000-7000-8000-000000000000?aba=fila",
    "/configuracoes/perfil#nome", "/campanhas/nova",
]  # fmt: skip


@pytest.mark.parametrize(("volta", "chega"), [*((onde, "/") for onde in FORA), *((onde, onde) for onde in DENTRO)])
async def test_volta_so_a_paginas_nossas(cliente_http: httpx.AsyncClient, ana: Sessao, volta: str, chega: str) -> None:
    """After the login, a choice or a refusal one lands on a page: nothing is done by it, and it is no other site's."""
    entrada = await cliente_http.get("/entrar", params={"volta": volta})
    escrita = re.search(r'name="volta" value="([^"]*)"', entrada.text)
    assert escrita and unescape(escrita[1]) == chega
    feita = await cliente_http.post("/tema", data={"valor": "escuro", "volta": volta}, headers=navegador(ana, **NOSSO))
    assert feita.status_code == 303 and feita.headers["location"] == chega


@pytest.mark.parametrize(("volta", "chega"), [("/sair", "/"), ("//fora.test", "/"), ("/contatos?q=a", "/contatos?q=a")])
async def test_quem_entra_volta(cliente_http: httpx.AsyncClient, ana: Sessao, volta: str, chega: str) -> None:
    entrou = await cliente_http.post(
        "/entrar", data={"email": ana.email, "senha": SENHA, "volta": volta}, headers=NOSSO
    )
    assert entrou.status_code == 303 and entrou.headers["location"] == chega


@pytest.mark.parametrize(
    ("aberto", "chega"),
    [
        ("/sair", "/"), ("/tema", "/"), ("/contatos/etiquetar", "/contatos"),
        ("/campanhas/00000000-0000-7000-8000-000000000000/pausar", "/campanhas/00000000-0000-7000-8000-000000000000"),
        ("/usuarios/perfis/00000000-0000-7000-8000-000000000000/remover", "/usuarios/perfis"),
    ],
)  # fmt: skip
async def test_o_que_so_se_envia_leva_a_sua_pagina(
    cliente_http: httpx.AsyncClient, ana: Sessao, aberto: str, chega: str
) -> None:
    visto = await cliente_http.get(aberto, headers=navegador(ana, Accept="text/html"))
    assert visto.status_code == 303 and visto.headers["location"] == chega
    # an API's caller reads what it did wrong
    assert (await cliente_http.delete("/api/saude")).status_code == 405
    enviado = await cliente_http.post("/saude", headers=navegador(ana, Accept="text/html", **NOSSO))
    assert enviado.status_code == 405 and "Aqui não se envia nada" in enviado.text


@pytest.mark.parametrize(
    ("texto", "palavras", "codigo"),
    [
        ("XX…: linha longa demais", "linha longa demais", "XX…"),
        ("erro inesperado: já foi registrado (XX001)", "erro inesperado: já foi registrado", "XX001"),
        ("XX000: ", "", "XX000"),
        ("O provedor não respondeu", "O provedor não respondeu", ""),
        ("HTTPS: recusado (o servidor fechou)", "HTTPS: recusado (o servidor fechou)", ""),
    ],
)
def test_causa_em_palavras(texto: str, palavras: str, codigo: str) -> None:
    assert separar(texto) == {"palavras": palavras, "codigo": codigo}
