"""UaiZap devices over HTTP against the simulated gateway: creation, pairing, the life of a session, the webhook."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import msgspec
import pytest
from litestar import Litestar

from app.provedores.uaizap_canal import CanalUaizap
from app.provedores.uaizap_gestao import UaizapGestao
from app.simulador.cena import preparar_instancia
from app.simulador.servidor import ConfigSimulador, Simulador
from app.tipos import CONTRATOS
from app.tipos.conexoes import Pareamento
from tests import webhooks_uaizap as wu
from tests.api.conftest import recusa
from tests.conftest import Sessao
from tests.sql.cenas import Admin

CHAVE = "chave-do-controle"
ADMIN = "canario-admin-do-servidor"


@dataclass
class Servidor:
    """The gateway, and the means to do what happens on its phones."""

    simulador: Simulador
    http: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.simulador.url_uaizap

    async def controle(self, metodo: str, caminho: str, corpo: Any = None) -> Any:
        url = f"{self.simulador.url_controle}/__sim/v1{caminho}"
        async with self.http.request(metodo, url, json=corpo, headers={"X-Sim-Key": CHAVE}) as resposta:
            assert resposta.status == 200, await resposta.text()
            return await resposta.json()

    async def instancia(self, nome: str) -> dict[str, Any]:
        return next(i for i in await self.controle("GET", "/uaizap/instances") if i["name"] == nome)

    async def nova(self, **mudar: Any) -> dict[str, Any]:
        """An instance that exists already, not paired."""
        nome = f"loja-{secrets.token_hex(4)}"
        criada: dict[str, Any] = await self.controle(
            "POST", "/uaizap/instances", {"name": nome, "token": str(uuid4()), "state": "disconnected", **mudar}
        )
        return criada


@pytest.fixture(scope="module")
async def gateway(app: Litestar) -> AsyncIterator[Servidor]:
    config = ConfigSimulador(chave_controle=CHAVE, porta_meta=0, porta_controle=0)
    async with Simulador(config) as simulador, aiohttp.ClientSession() as http:
        await preparar_instancia(
            simulador.url_controle,
            CHAVE,
            nome="primeira",
            token=str(uuid4()),
            owner="5511999990001",
            webhook="http://127.0.0.1:9/nada",
            admin_token=ADMIN,
        )
        canal = CanalUaizap([simulador.url_uaizap])
        anterior, app.state.uaizap = app.state.uaizap, UaizapGestao(canal)
        yield Servidor(simulador, http)
        app.state.uaizap = anterior
        await canal.fechar()


def pedido(gateway: Servidor, nome: str, **instancia: Any) -> dict[str, Any]:
    return {
        "nome": nome,
        "canal": "WHATSAPP",
        "provedor": "UAIZAP",
        "instancia": {"urlBase": gateway.url, **instancia},
    }


def conferir(resposta: httpx.Response, tipo: Any) -> Any:
    """The `dados` of an answer that fits its contract and shows no credential."""
    assert "canario" not in resposta.text
    corpo = resposta.json()
    assert corpo["sucesso"] is True, corpo
    msgspec.convert(corpo["dados"], CONTRATOS.get(tipo, tipo) if isinstance(tipo, str) else tipo, strict=False)
    return corpo["dados"]


async def criar(http: httpx.AsyncClient, sessao: Sessao, gateway: Servidor, nome: str, **instancia: Any) -> Any:
    instancia = instancia or {"token": (await gateway.nova())["token"]}
    resposta = await http.post("/api/conexoes", json=pedido(gateway, nome, **instancia), headers=sessao.cabecalho)
    assert resposta.status_code == 201, resposta.text
    assert not [v for v in instancia.values() if v in resposta.text]
    return conferir(resposta, "api.instancia_criar")


async def test_do_aparelho_novo_ao_removido(cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor) -> None:
    conexao = await criar(cliente_http, ana, gateway, "Aparelho da loja", adminToken=ADMIN)
    assert (conexao["status"], conexao["instancia"]["status"]) == ("ERRO", "DESCONECTADA")
    assert conexao["instancia"]["administrada"] is True and conexao["instancia"]["webhookEm"]
    instancia = await gateway.instancia("Aparelho da loja")
    (webhook,) = instancia["webhook"]
    assert f"/webhooks/uaizap/{conexao['id']}/" in webhook["url"]
    assert (webhook["events"], webhook["excludeMessages"]) == (["connection", "messages", "messages_update"], [])
    caminho, cabecalho = f"/api/conexoes/{conexao['id']}", {"headers": ana.cabecalho}

    imagem = conferir(await cliente_http.post(f"{caminho}/parear", json={}, **cabecalho), Pareamento)
    assert imagem["qrcode"].startswith("data:image/png;base64,")
    assert imagem["conexao"]["instancia"]["status"] == "CONECTANDO"
    await gateway.controle("POST", f"/uaizap/instances/{instancia['id']}/scan", {"owner": "5511988887777"})
    pronta = conferir(await cliente_http.get(f"{caminho}/pareamento", **cabecalho), Pareamento)
    assert (pronta["conexao"]["status"], pronta["conexao"]["instancia"]["numero"]) == ("ATIVA", "5511988887777")

    testada = conferir(await cliente_http.post(f"{caminho}/testar", **cabecalho), "api.instancia_teste_concluir")
    assert testada["aprovado"] is True
    fora = conferir(await cliente_http.post(f"{caminho}/desconectar", **cabecalho), "api.instancia_teste_concluir")
    assert (fora["aprovado"], fora["conexao"]["status"]) == (False, "ERRO")
    com_codigo = await cliente_http.post(f"{caminho}/parear", json={"telefone": "5511988887777"}, **cabecalho)
    assert conferir(com_codigo, Pareamento)["codigo"]
    mudada = await cliente_http.patch(caminho, json={"nome": "Outro nome", "instancia": {"nome": "x"}}, **cabecalho)
    assert conferir(mudada, "api.instancia_atualizar")["nome"] == "Outro nome"
    assert conferir(await cliente_http.get("/api/conexoes", **cabecalho), list[Any])
    assert (await cliente_http.delete(caminho, **cabecalho)).status_code == 200
    assert (await cliente_http.get(caminho, **cabecalho)).status_code == 404


async def test_reiniciar_nao_perde_a_sessao(cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor) -> None:
    nova = await gateway.nova(state="connected")
    conexao = await criar(cliente_http, ana, gateway, "Reinício", token=nova["token"])
    resposta = await cliente_http.post(f"/api/conexoes/{conexao['id']}/reiniciar", headers=ana.cabecalho)
    assert conferir(resposta, "api.instancia_teste_concluir")["conexao"]["status"] == "ERRO"


async def test_qr_nunca_e_guardado(
    cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor, admin: Admin
) -> None:
    conexao = await criar(cliente_http, ana, gateway, "Imagem")
    resposta = await cliente_http.post(f"/api/conexoes/{conexao['id']}/parear", json={}, headers=ana.cabecalho)
    assert resposta.json()["dados"]["qrcode"]
    linha = admin.execute(
        "select to_jsonb(i)::text || to_jsonb(x)::text as tudo from conexoes_instancias i"
        " join conexoes x on x.id = i.conexao_id where i.conexao_id = %s",
        [conexao["id"]],
    ).fetchone()
    assert linha and "data:image" not in linha["tudo"]


@pytest.mark.parametrize(
    ("instancia", "codigo"),
    [
        ({"token": "token-que-ninguem-tem"}, None),
        ({"adminToken": "errado"}, "ZRX14"),
        ({}, "ZRX18"),
        ({"urlBase": "http://169.254.169.254"}, "ZRX15"),
        ({"urlBase": "http://127.0.0.1:1"}, "ZRX15"),
        ({"urlBase": "https://10.0.0.1", "token": "x"}, "ZRX15"),
        ({"urlBase": "https://uazapi.com.invasor.test", "token": "x"}, "ZRX15"),
        ({"urlBase": "https://free.uazapi.com@invasor.test", "token": "x"}, "ZRX15"),
    ],
)
async def test_o_que_nao_se_cria(
    cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor, instancia: dict[str, str], codigo: str | None
) -> None:
    corpo = pedido(gateway, f"Recusada {secrets.token_hex(3)}", **instancia)
    resposta = await cliente_http.post("/api/conexoes", json=corpo, headers=ana.cabecalho)
    if codigo is None:
        # the device may be made known later: what is wrong shows in the test
        caminho = f"/api/conexoes/{resposta.json()['dados']['id']}"
        testada = await cliente_http.post(f"{caminho}/testar", headers=ana.cabecalho)
        dados = conferir(testada, "api.instancia_teste_concluir")
        assert (dados["aprovado"], dados["codigo"], dados["conexao"]["status"]) == (False, 1401, "ERRO")
        pareada = await cliente_http.post(f"{caminho}/parear", json={}, headers=ana.cabecalho)
        assert recusa(pareada)["codigo"] == "ZRX08"
        return
    assert (resposta.status_code, recusa(resposta)["codigo"]) == (422, codigo)


async def test_servidor_cheio_e_servidor_fora(
    cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor, app: Litestar
) -> None:
    conexao = await criar(cliente_http, ana, gateway, "Cheio")
    caminho = f"/api/conexoes/{conexao['id']}/parear"
    await gateway.controle("POST", "/uaizap/servers", {"host_key": "demo", "admin_token": ADMIN, "max_connected": 0})
    try:
        cheio = await cliente_http.post(caminho, json={}, headers=ana.cabecalho)
        assert (cheio.status_code, recusa(cheio)["codigo"]) == (422, "ZRX13")
    finally:
        await gateway.controle("POST", "/uaizap/servers", {"host_key": "demo", "admin_token": ADMIN})
    canal = CanalUaizap([gateway.url, "http://127.0.0.1:9"])
    anterior, app.state.uaizap = app.state.uaizap, UaizapGestao(canal)
    try:
        mudada = {"instancia": {"urlBase": "http://127.0.0.1:9"}}
        await cliente_http.patch(f"/api/conexoes/{conexao['id']}", json=mudada, headers=ana.cabecalho)
        fora = await cliente_http.post(caminho, json={}, headers=ana.cabecalho)
        assert (fora.status_code, recusa(fora)["codigo"]) == (503, "ZTM04")
    finally:
        app.state.uaizap = anterior
        await canal.fechar()


async def test_nome_repetido_nao_deixa_aparelho_sobrando(
    cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor
) -> None:
    await criar(cliente_http, ana, gateway, "Repetida", adminToken=ADMIN)
    antes = len(await gateway.controle("GET", "/uaizap/instances"))
    corpo = pedido(gateway, "Repetida", adminToken=ADMIN)
    resposta = await cliente_http.post("/api/conexoes", json=corpo, headers=ana.cabecalho)
    assert recusa(resposta)["codigo"] == "ZCX01"
    assert len(await gateway.controle("GET", "/uaizap/instances")) == antes


async def test_idempotency_key(cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor) -> None:
    corpo = pedido(gateway, "Uma vez só", adminToken=ADMIN)
    cabecalho = {**ana.cabecalho, "Idempotency-Key": "aparelho-1"}
    antes = len(await gateway.controle("GET", "/uaizap/instances"))
    ids = {
        (await cliente_http.post("/api/conexoes", json=corpo, headers=cabecalho)).json()["dados"]["id"]
        for _ in range(2)
    }
    assert len(ids) == 1
    assert len(await gateway.controle("GET", "/uaizap/instances")) == antes + 1


async def test_credenciais_do_outro_provedor(cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor) -> None:
    conexao = await criar(cliente_http, ana, gateway, "Provedor certo")
    caminho = f"/api/conexoes/{conexao['id']}"
    todas = {"accessToken": "a", "appSecret": "b", "verifyToken": "c"}
    resposta = await cliente_http.patch(caminho, json={"credenciais": todas}, headers=ana.cabecalho)
    assert recusa(resposta)["codigo"] == "ZRX16"
    resposta = await cliente_http.post(
        "/api/modelos/sincronizar", json={"conexaoId": conexao["id"]}, headers=ana.cabecalho
    )
    assert recusa(resposta)["codigo"] == "ZRX19"


async def test_aparelho_alheio_da_404_identico(
    cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao, gateway: Servidor
) -> None:
    conexao_id = (await criar(cliente_http, ana, gateway, "Só da Ana"))["id"]
    for metodo, rota, corpo in (
        ("POST", "/api/conexoes/{}/parear", {}),
        ("GET", "/api/conexoes/{}/pareamento", None),
        ("POST", "/api/conexoes/{}/desconectar", None),
        ("POST", "/api/conexoes/{}/reiniciar", None),
        ("POST", "/api/conexoes/{}/webhook", None),
        ("PATCH", "/api/conexoes/{}", {"instancia": {"token": "x"}}),
    ):
        respostas = [
            await cliente_http.request(metodo, rota.format(alvo), json=corpo, headers=bia.cabecalho)
            for alvo in (conexao_id, str(uuid4()))
        ]
        assert respostas[0].status_code == 404, rota
        assert respostas[0].content == respostas[1].content, rota


# -- the webhook


async def postar(http: httpx.AsyncClient, conexao_id: object, dados: Any, segredo: str = wu.SEGREDO) -> httpx.Response:
    corpo = dados if isinstance(dados, bytes) else wu.corpo_de(dados)
    return await http.post(
        f"/webhooks/uaizap/{conexao_id}/{segredo}", content=corpo, headers={"content-type": "application/json"}
    )


def guardados(admin: Admin) -> list[dict[str, Any]]:
    return admin.execute(
        "select conexao_id, corpo from webhooks_recebidos union all select null, corpo from webhooks_quarentena"
    ).fetchall()


async def test_webhook_sem_token_nem_qr_no_que_se_guarda(
    cliente_http: httpx.AsyncClient, ana: Sessao, admin: Admin
) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    for corpo in wu.todas():
        assert (await postar(cliente_http, conexao_id, corpo)).status_code == 200
    linhas = [bytes(x["corpo"]) for x in guardados(admin) if x["conexao_id"] == conexao_id]
    assert len(linhas) == len(wu.todas())
    for corpo in linhas:
        assert wu.TOKEN.encode() not in corpo
        assert b"data:image" not in corpo
        assert json.loads(corpo)["EventType"]


async def test_webhook_de_quem_nao_e(cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao, admin: Admin) -> None:
    da_ana = wu.conectar(admin, ana.cliente_id)
    da_bia = wu.conectar(
        admin, bia.cliente_id, token=str(uuid4()), segredo="outro-segredo-de-endereco-0000000000000000"
    )
    (texto,), (errado,) = wu.amostra(1), wu.amostra(13)
    antes = len(guardados(admin))
    recusadas = [
        await postar(cliente_http, da_ana, errado),
        await postar(cliente_http, da_ana, {k: v for k, v in texto.items() if k != "token"}),
        await postar(cliente_http, da_ana, {**texto, "token": None}),
        await postar(cliente_http, da_ana, texto, wu.SEGREDO[:-1] + "x"),
        await postar(cliente_http, da_bia, texto, "outro-segredo-de-endereco-0000000000000000"),
        await postar(cliente_http, da_bia, texto),
        await postar(cliente_http, uuid4(), texto),
    ]
    assert {(r.status_code, r.content) for r in recusadas} == {(401, recusadas[0].content)}
    assert len(guardados(admin)) == antes


@pytest.mark.parametrize(
    "corpo",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"token": "00000000-0000-4000-8000-00000000abcd", "EventType": "mess',
        b'{"EventType":"messages","message":"\xff\xfe"}',
    ],
)
async def test_webhook_malformado_vai_para_a_quarentena(
    cliente_http: httpx.AsyncClient, ana: Sessao, admin: Admin, corpo: bytes
) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    antes = admin.execute("select count(*) as n from webhooks_quarentena").fetchone()
    assert (await postar(cliente_http, conexao_id, corpo)).status_code == 200
    linhas = admin.execute("select corpo from webhooks_quarentena order by id").fetchall()
    assert antes and len(linhas) == antes["n"] + 1
    assert wu.TOKEN.encode() not in bytes(linhas[-1]["corpo"])


async def test_webhook_grande_demais(cliente_http: httpx.AsyncClient, ana: Sessao, admin: Admin) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    resposta = await postar(cliente_http, conexao_id, b"x" * (2 * 1024 * 1024 + 1))
    assert resposta.status_code == 413


async def test_segredo_trocado_vale_ate_o_servidor_saber(
    cliente_http: httpx.AsyncClient, ana: Sessao, gateway: Servidor, admin: Admin
) -> None:
    nova = await gateway.nova()
    conexao = await criar(cliente_http, ana, gateway, "Troca de segredo", token=nova["token"])
    caminho, (antigo,) = f"/api/conexoes/{conexao['id']}/webhook", (await gateway.instancia(nova["name"]))["webhook"]
    trocado = (await cliente_http.post(caminho, headers=ana.cabecalho)).json()["dados"]
    (atual,) = (await gateway.instancia(nova["name"]))["webhook"]
    assert atual["url"] == trocado["webhookUrl"] != antigo["url"]
    (texto,) = wu.amostra(1)
    texto["token"] = nova["token"]
    for url in (antigo["url"], atual["url"]):
        assert (await postar(cliente_http, conexao["id"], texto, url.rpartition("/")[2])).status_code == 200
    admin.execute("update conexoes_instancias set segredo_anterior_ate = now() where conexao_id = %s", [conexao["id"]])
    for url, status in ((antigo["url"], 401), (atual["url"], 200)):
        assert (await postar(cliente_http, conexao["id"], texto, url.rpartition("/")[2])).status_code == status
