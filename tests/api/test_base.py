"""The base of the HTTP layer: one envelope for everything, whatever is thrown at it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable

import httpx
import psycopg
import pytest

from app.embutido import SUPERUSUARIO
from app.http import saude
from tests.api.conftest import recusa
from tests.conftest import SENHA, Sessao

ENTRAR = "/api/autenticacao/entrar"


async def test_saude(cliente_http: httpx.AsyncClient) -> None:
    resposta = await cliente_http.get("/api/saude")
    assert resposta.status_code == 200
    dados = resposta.json()["dados"]
    assert dados["banco"] is True and dados["redis"] is True and dados["migracao"] >= 4
    assert dados["situacao"] == "DEGRADADO"  # nobody sends messages in this test


async def test_um_instantaneo_velho_avisa(
    cliente_http: httpx.AsyncClient, url_de: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saude, "INSTANTANEO_S", 0.2)
    with psycopg.connect(url_de(SUPERUSUARIO)) as alheia:
        alheia.execute("select count(*) from public.clientes")
        alheia.execute("declare aberto cursor for select * from public.clientes")
        await asyncio.sleep(0.4)
        dados = (await cliente_http.get("/api/saude")).json()["dados"]
        metricas = (await cliente_http.get("/metrics")).text
    assert dados["situacao"] == "DEGRADADO"
    assert re.match(r"uma transação está aberta no banco há \d+ s", dados["avisos"][0])
    [idade] = re.findall(r"^balcao_banco_xmin_idade_s (\S+)$", metricas, re.MULTILINE)
    assert float(idade) >= 0.4
    assert not (await cliente_http.get("/api/saude")).json()["dados"]["avisos"]


async def test_cabecalhos_de_seguranca(cliente_http: httpx.AsyncClient) -> None:
    for caminho in ("/api/saude", "/nada", "/api/autenticacao/eu"):
        cabecalhos = (await cliente_http.get(caminho)).headers
        assert cabecalhos["x-content-type-options"] == "nosniff"
        assert cabecalhos["cache-control"] == "no-store"
        assert cabecalhos["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("metodo", "caminho", "corpo", "tipo", "status", "codigo", "campo"),
    [
        ("GET", "/nada", None, None, 404, "ZNG01", None),
        ("GET", "/api/nada", None, None, 404, "ZNG01", None),
        ("PUT", ENTRAR, b"{}", "application/json", 405, "ZRG04", None),
        ("TRACE", ENTRAR, None, None, 405, "ZRG04", None),
        ("GET", "/api/autenticacao/eu", None, None, 401, "ZAG01", None),
        ("POST", ENTRAR, None, None, 400, "ZRG03", None),
        ("POST", ENTRAR, b"{", "application/json", 400, "ZRG03", None),
        ("POST", ENTRAR, b"\xff\xfe", "application/json", 400, "ZRG03", None),
        ("POST", ENTRAR, b"[" * 100_000, "application/json", 400, "ZRG03", None),
        ("POST", ENTRAR, b"null", "application/json", 400, "ZRG03", None),
        ("POST", ENTRAR, b"{}", "application/json", 400, "ZRG03", "email"),
        ("POST", ENTRAR, b'{"email":5,"senha":"x"}', "application/json", 400, "ZRG03", "email"),
        ("POST", ENTRAR, b'{"email":"a@b","senha":""}', "application/json", 400, "ZRG03", "senha"),
        ("POST", ENTRAR, b'{"email":"a@b","senha":"x","extra":1}', "application/json", 400, "ZRG03", "extra"),
        ("POST", ENTRAR, b'{"email":"a\\u0000@b","senha":"x"}', "application/json", 400, "ZRG03", None),
        ("POST", ENTRAR, b"email=a@b&senha=x", "application/x-www-form-urlencoded", 415, "ZRG06", "Content-Type"),
        ("POST", ENTRAR, b"{}", "text/plain", 415, "ZRG06", "Content-Type"),
        ("POST", ENTRAR, b" " * (2 * 1024 * 1024 + 1), "application/json", 413, "ZRG05", None),
    ],
)
async def test_tudo_no_mesmo_envelope(
    cliente_http: httpx.AsyncClient,
    metodo: str,
    caminho: str,
    corpo: bytes | None,
    tipo: str | None,
    status: int,
    codigo: str,
    campo: str | None,
) -> None:
    cabecalhos = {"Content-Type": tipo} if tipo else {}
    resposta = await cliente_http.request(metodo, caminho, content=corpo, headers=cabecalhos)
    erro = recusa(resposta)
    assert (resposta.status_code, erro["codigo"], erro["campo"]) == (status, codigo, campo), erro
    if status == 405:
        assert resposta.headers["allow"]
    if status == 401:
        assert resposta.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("valor", ["", "Bearer", "Bearer x", "Bearer a.b", "Basic YTpi", "Bearer " + "9" * 5000])
async def test_token_malformado(cliente_http: httpx.AsyncClient, valor: str) -> None:
    resposta = await cliente_http.get("/api/autenticacao/eu", headers={"Authorization": valor})
    assert resposta.status_code == 401
    assert recusa(resposta)["codigo"] == "ZAG01"


async def test_defeito_nao_mostra_texto(cliente_http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def quebrar(*_: object) -> bool:
        raise RuntimeError("segredo-do-stack")

    monkeypatch.setattr("app.senhas.conferir", quebrar)
    resposta = await cliente_http.post(ENTRAR, json={"email": "x@exemplo.test", "senha": SENHA})
    assert resposta.status_code == 500
    assert recusa(resposta)["codigo"] == "ZXG01" and "segredo" not in resposta.text


async def test_documentacao_sem_terceiros(cliente_http: httpx.AsyncClient) -> None:
    pagina = await cliente_http.get("/api/docs")
    assert pagina.status_code == 200 and "/api/autenticacao/entrar" in pagina.text
    assert "<script" not in pagina.text and "http://" not in pagina.text and "https://" not in pagina.text
    esquema = json.loads((await cliente_http.get("/api/docs/openapi.json")).content)
    # what a provider posts to us is its contract, not ours
    nossos = {caminho: item for caminho, item in esquema["paths"].items() if "webhook" not in caminho}
    for caminho, item in nossos.items():
        for metodo, operacao in item.items():
            respostas = operacao["responses"]
            onde = f"{metodo} {caminho}"
            assert any(c.startswith("2") for c in respostas), onde
            for codigo in ("400", "401", "404", "409", "422", "429", "500", "503"):
                conteudo = respostas[codigo]["content"]["application/json"]["schema"]
                assert conteudo["$ref"].endswith("ErroEnvelope"), onde
    entrar = esquema["paths"][ENTRAR]["post"]
    referencia = entrar["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    dados = esquema["components"]["schemas"][referencia]["properties"]["dados"]["$ref"].rsplit("/", 1)[-1]
    assert {"accessToken", "refreshToken", "expiraEm", "usuario"} <= set(
        esquema["components"]["schemas"][dados]["properties"]
    )
    assert esquema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert esquema["paths"]["/api/autenticacao/eu"]["get"]["security"] == [{"bearer": []}]


async def test_metricas_so_de_dentro(
    cliente_http: httpx.AsyncClient, cliente_de: Callable[[str], httpx.AsyncClient]
) -> None:
    await cliente_http.get("/api/saude")
    pagina = await cliente_http.get("/metrics")
    assert pagina.status_code == 200
    assert 'rota="/api/saude"' in pagina.text and "balcao_pool" in pagina.text
    async with cliente_de("8.8.8.8") as de_fora:
        assert (await de_fora.get("/metrics")).status_code == 404
    assert (await cliente_http.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"})).status_code == 404


async def test_entrar_e_eu(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    resposta = await cliente_http.post(ENTRAR, json={"email": ana.email.upper(), "senha": SENHA})
    assert resposta.status_code == 200, resposta.text
    dados = resposta.json()["dados"]
    assert dados["usuario"]["id"] == str(ana.usuario_id)
    eu = await cliente_http.get("/api/autenticacao/eu", headers={"Authorization": f"Bearer {dados['accessToken']}"})
    assert dados["usuario"].items() <= eu.json()["dados"].items()


async def test_registro_sem_segredo_nem_pessoa(
    cliente_http: httpx.AsyncClient, ana: Sessao, capfd: pytest.CaptureFixture[str]
) -> None:
    await cliente_http.post(ENTRAR, json={"email": ana.email, "senha": "senha-que-nao-vaza"})
    await cliente_http.get("/api/usuarios?busca=%2B5511987654321", headers=ana.cabecalho)
    await cliente_http.get("/api/5511987654321")
    registro = "".join(capfd.readouterr())
    assert "rota=/api/usuarios" in registro and "rota=desconhecida" in registro
    for proibido in ("senha-que-nao-vaza", ana.segredo, ana.email, "5511987654321"):
        assert proibido not in registro, proibido
