"""Connections and templates over HTTP, with a provider that answers on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from aiohttp import web
from litestar import Litestar

from app.provedores.meta_gestao import MetaGestao
from app.tipos import CONTRATOS
from tests.api.conftest import recusa
from tests.conftest import Sessao

CANARIO = "EAAG-canario"


class Provedor:
    """What the fake provider says; `tokens` are the credentials it accepts."""

    def __init__(self) -> None:
        self.tokens = {CANARIO}
        self.modelos: list[dict[str, Any]] = []
        self.pedidos = 0

    async def tratar(self, pedido: web.Request) -> web.Response:
        self.pedidos += 1
        if pedido.headers["Authorization"].removeprefix("Bearer ") not in self.tokens:
            return web.json_response({"error": {"message": "no", "code": 190}}, status=401)
        if pedido.path.endswith("/message_templates"):
            return web.json_response({"data": self.modelos})
        return web.json_response({"display_phone_number": "+55 11 99999-0000", "quality_rating": "GREEN"})


@pytest.fixture(scope="module")
async def provedor(app: Litestar) -> AsyncIterator[Provedor]:
    provedor = Provedor()
    falso = web.Application()
    falso.router.add_route("GET", "/{resto:.*}", provedor.tratar)
    corredor = web.AppRunner(falso, access_log=None, shutdown_timeout=0.1)
    await corredor.setup()
    await web.TCPSite(corredor, "127.0.0.1", 0).start()
    anterior, app.state.gestao = app.state.gestao, MetaGestao(f"http://127.0.0.1:{corredor.addresses[0][1]}", "v25.0")
    yield provedor
    await app.state.gestao.fechar()
    app.state.gestao = anterior
    await corredor.cleanup()


def pedido(nome: str, **mudar: object) -> dict[str, object]:
    credenciais = {
        "phoneNumberId": str(uuid4().int)[:15],
        "wabaId": "100001",
        "accessToken": CANARIO,
        "appSecret": "canario-app",
        "verifyToken": "canario-verificar",
    }
    return {"nome": nome, "canal": "WHATSAPP", "provedor": "META_API", "credenciais": credenciais, **mudar}


def conferir(resposta: httpx.Response, funcao: str) -> Any:
    """The `dados` of an answer that fits its contract and shows no credential."""
    assert "canario" not in resposta.text
    corpo = resposta.json()
    assert corpo["sucesso"] is True, corpo
    dados = {k: corpo[k] for k in ("dados", "meta")} if "meta" in corpo else corpo["dados"]
    msgspec.convert(dados, CONTRATOS[funcao], strict=False)
    return corpo["dados"]


async def criar(http: httpx.AsyncClient, sessao: Sessao, nome: str) -> Any:
    resposta = await http.post("/api/conexoes", json=pedido(nome), headers=sessao.cabecalho)
    assert resposta.status_code == 201, resposta.text
    return conferir(resposta, "api.conexao_criar")


async def test_do_comeco_ao_fim(cliente_http: httpx.AsyncClient, ana: Sessao, provedor: Provedor) -> None:
    conexao = await criar(cliente_http, ana, "Recepção")
    caminho = f"/api/conexoes/{conexao['id']}"
    lida = conferir(await cliente_http.get(caminho, headers=ana.cabecalho), "api.conexao_obter")
    assert lida == conexao
    lista = conferir(await cliente_http.get("/api/conexoes", headers=ana.cabecalho), "api.conexoes_listar")
    assert conexao in lista
    testada = conferir(
        await cliente_http.post(f"{caminho}/testar", headers=ana.cabecalho), "api.conexao_teste_concluir"
    )
    assert testada["aprovado"] is True
    assert testada["conexao"]["numeroExibicao"] == "+55 11 99999-0000"
    mudada = await cliente_http.patch(
        caminho, json={"nome": "Entrada", "versao": testada["conexao"]["versao"]}, headers=ana.cabecalho
    )
    assert conferir(mudada, "api.conexao_atualizar")["nome"] == "Entrada"
    for acao, status in (("desativar", "DESATIVADA"), ("ativar", "ATIVA")):
        feita = await cliente_http.post(f"{caminho}/{acao}", headers=ana.cabecalho)
        assert conferir(feita, f"api.conexao_{acao}")["status"] == status
    conferir(await cliente_http.delete(caminho, headers=ana.cabecalho), "api.conexao_remover")
    assert (await cliente_http.get(caminho, headers=ana.cabecalho)).status_code == 404


async def test_credencial_trocada_vale_na_proxima_chamada(
    cliente_http: httpx.AsyncClient, ana: Sessao, provedor: Provedor
) -> None:
    caminho = f"/api/conexoes/{(await criar(cliente_http, ana, 'Rotação'))['id']}"
    provedor.tokens = {"EAAG-canario-novo"}
    try:
        recusada = await cliente_http.post(f"{caminho}/testar", headers=ana.cabecalho)
        dados = conferir(recusada, "api.conexao_teste_concluir")
        assert (dados["aprovado"], dados["codigo"], dados["conexao"]["status"]) == (False, 190, "ERRO")
        trocada = await cliente_http.patch(
            caminho, json={"credenciais": {"accessToken": "EAAG-canario-novo"}}, headers=ana.cabecalho
        )
        presentes = conferir(trocada, "api.conexao_atualizar")["credenciais"]
        assert presentes == dict.fromkeys(("phoneNumberId", "wabaId", "accessToken", "appSecret", "verifyToken"), True)
        de_novo = await cliente_http.post(f"{caminho}/testar", headers=ana.cabecalho)
        assert conferir(de_novo, "api.conexao_teste_concluir")["conexao"]["status"] == "ATIVA"
    finally:
        provedor.tokens = {CANARIO}


async def test_troca_que_perde_a_corrida(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    caminho = f"/api/conexoes/{(await criar(cliente_http, ana, 'Corrida'))['id']}"
    corpo = {"credenciais": {"appSecret": "outro"}, "versao": 7}
    resposta = await cliente_http.patch(caminho, json=corpo, headers=ana.cabecalho)
    assert (resposta.status_code, recusa(resposta)["codigo"]) == (409, "ZCG02")


async def test_chave_perdida_pede_todas_as_credenciais(
    cliente_http: httpx.AsyncClient, ana: Sessao, admin: Any, provedor: Provedor
) -> None:
    caminho = f"/api/conexoes/{(await criar(cliente_http, ana, 'Sem chave'))['id']}"
    admin.execute("update conexoes set credenciais = sha512('x') where id = %s", [caminho.rpartition("/")[2]])
    resposta = await cliente_http.post(f"{caminho}/testar", headers=ana.cabecalho)
    assert (resposta.status_code, recusa(resposta)["codigo"]) == (422, "ZRX05")
    resposta = await cliente_http.patch(caminho, json={"credenciais": {"accessToken": "x"}}, headers=ana.cabecalho)
    assert recusa(resposta)["codigo"] == "ZRX05"
    todas = {"accessToken": CANARIO, "appSecret": "b", "verifyToken": "c"}
    await cliente_http.patch(caminho, json={"credenciais": todas}, headers=ana.cabecalho)
    resposta = await cliente_http.post(f"{caminho}/testar", headers=ana.cabecalho)
    assert conferir(resposta, "api.conexao_teste_concluir")["aprovado"] is True


async def test_modelos(cliente_http: httpx.AsyncClient, ana: Sessao, provedor: Provedor) -> None:
    conexao = await criar(cliente_http, ana, "Com modelos")
    provedor.modelos = [
        {
            "id": str(n),
            "name": f"promocao_{n}",
            "language": "pt_BR",
            "category": "MARKETING",
            "status": "APPROVED",
            "components": [{"type": "BODY", "text": "Olá {{1}}"}],
        }
        for n in range(3)
    ]
    corpo = {"conexaoId": conexao["id"]}
    feito = await cliente_http.post("/api/modelos/sincronizar", json=corpo, headers=ana.cabecalho)
    assert conferir(feito, "api.modelos_sincronizar")["criados"] == 3
    lista = await cliente_http.get("/api/modelos?busca=PROMOCAO_1&status=APPROVED", headers=ana.cabecalho)
    (modelo,) = conferir(lista, "api.modelos_listar")
    assert (modelo["nome"], modelo["variaveis"]) == ("promocao_1", ["1"])
    lido = await cliente_http.get(f"/api/modelos/{modelo['id']}", headers=ana.cabecalho)
    assert conferir(lido, "api.modelo_obter") == modelo
    provedor.tokens = set()
    try:
        resposta = await cliente_http.post("/api/modelos/sincronizar", json=corpo, headers=ana.cabecalho)
    finally:
        provedor.tokens = {CANARIO}
    erro = recusa(resposta)
    assert (resposta.status_code, erro["codigo"], erro["detalhe"]) == (422, "ZRX02", "código 190 do provedor")
    assert len((await cliente_http.get("/api/modelos", headers=ana.cabecalho)).json()["dados"]) == 3


async def test_ids_alheios_dao_404_identico(
    cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao, provedor: Provedor
) -> None:
    conexao_id = (await criar(cliente_http, ana, "Só da Ana"))["id"]
    antes = provedor.pedidos
    rotas: list[tuple[str, str, object]] = [
        ("GET", "/api/conexoes/{}", None),
        ("PATCH", "/api/conexoes/{}", {"nome": "Roubada"}),
        ("PATCH", "/api/conexoes/{}", {"credenciais": {"accessToken": "x"}}),
        ("DELETE", "/api/conexoes/{}", None),
        ("POST", "/api/conexoes/{}/testar", None),
        ("POST", "/api/conexoes/{}/ativar", None),
        ("POST", "/api/conexoes/{}/desativar", None),
        ("POST", "/api/modelos/sincronizar", {"conexaoId": "{}"}),
    ]
    for metodo, rota, corpo in rotas:
        respostas = []
        for alvo in (conexao_id, str(uuid4())):
            enviado = {"conexaoId": alvo} if rota.endswith("sincronizar") else corpo
            caminho = rota.format(alvo)
            respostas.append(await cliente_http.request(metodo, caminho, json=enviado, headers=bia.cabecalho))
        assert respostas[0].status_code == 404, rota
        assert respostas[0].content == respostas[1].content, rota
    assert provedor.pedidos == antes


async def test_corpos_fora_do_contrato(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    certo = pedido("Certa")
    credenciais = certo["credenciais"]
    assert isinstance(credenciais, dict)
    for torto, status in (
        ({**certo, "clienteId": str(uuid4())}, 400),
        ({**certo, "canal": "SMS"}, 400),
        ({**certo, "provedor": "UAIZAP"}, 422),
        ({**certo, "nome": "x"}, 400),
        ({**certo, "tetoPorSegundo": 5}, 400),
        ({**certo, "credenciais": {**credenciais, "phoneNumberId": "../etc"}}, 400),
        ({**certo, "credenciais": {**credenciais, "accessToken": "a\r\nb"}}, 400),
        ({**certo, "credenciais": {}}, 400),
    ):
        resposta = await cliente_http.post("/api/conexoes", json=torto, headers=ana.cabecalho)
        assert resposta.status_code == status, (torto, resposta.text)
        recusa(resposta)


async def test_idempotency_key(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    corpo = pedido("Uma vez só")
    cabecalho = {**ana.cabecalho, "Idempotency-Key": "conexao-1"}
    respostas = [await cliente_http.post("/api/conexoes", json=corpo, headers=cabecalho) for _ in range(2)]
    assert respostas[0].content == respostas[1].content
    assert {r.status_code for r in respostas} == {201}
