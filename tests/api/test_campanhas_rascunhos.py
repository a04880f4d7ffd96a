"""A campaign written step by step over HTTP: public, template, number, test, launch; who may, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import recusa
from tests.api.test_vivo import navegador
from tests.conftest import Sessao
from tests.sql.cenas import Admin
from tests.sql.test_notas import Sala, sala

__all__ = ["sala"]
URL = "/api/campanhas"
VARIAVEIS = {"1": "{{contato.nome|amigo}}", "2": "10%"}


async def rascunho(http: httpx.AsyncClient, sala: Sala, **mudar: Any) -> dict[str, Any]:
    corpo = {"nome": "Aos poucos", "contatoIds": [str(c) for c in sala.cena.contatos], **mudar}
    feita = await http.post(f"{URL}/rascunhos", json=corpo, headers=sala.cena.sessao.cabecalho)
    assert feita.status_code == 201, feita.text
    campanha: dict[str, Any] = feita.json()["dados"]
    return campanha


def passos(sala: Sala) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("publico", {"nome": "Outro nome"}),
        ("modelo", {"modeloId": str(sala.cena.modelo_id), "variaveis": VARIAVEIS}),
        ("envio", {"conexaoId": str(sala.cena.conexao_id), "intervaloMs": 200}),
    ]


async def test_do_publico_ao_lancamento(cliente_http: httpx.AsyncClient, sala: Sala, admin: Admin) -> None:
    http, eu = cliente_http, sala.cena.sessao.cabecalho
    admin.execute("update contatos set marketing = 'CONCEDIDO' where cliente_id = %s", [sala.cena.cliente_id])
    campanha = await rascunho(http, sala)
    url = f"{URL}/{campanha['id']}"
    alcance = await http.post(f"{URL}/publico/simular", json={"campanhaId": campanha["id"]}, headers=eu)
    assert alcance.is_success and alcance.json()["dados"]["total"] == len(sala.cena.contatos)
    todos = await http.post(f"{URL}/publico/simular", json={"filtro": {"marketing": "REVOGADO"}}, headers=eu)
    assert todos.json()["dados"]["total"] == 0
    for passo, corpo in passos(sala):
        guardada = await http.put(f"{url}/{passo}", json={"versao": campanha["versao"], **corpo}, headers=eu)
        assert guardada.status_code == 200, guardada.text
        velha = await http.put(f"{url}/{passo}", json={"versao": campanha["versao"], **corpo}, headers=eu)
        assert (velha.status_code, recusa(velha)["codigo"]) == (409, "ZCG02")
        campanha = guardada.json()["dados"]
    assert (campanha["nome"], campanha["intervaloMs"]) == ("Outro nome", 200)
    lido = (await http.get(f"{url}/rascunho", headers=eu)).json()["dados"]
    assert lido["modelo"]["id"] == str(sala.cena.modelo_id) and [n["id"] for n in lido["numeros"]]
    previa = await http.post(f"{url}/previa", json={"variaveis": {"1": "Eva", "2": "5%"}}, headers=eu)
    assert previa.is_success and previa.json()["dados"]["parametros"] == {"1": "Eva", "2": "5%"}
    ninguem = await http.post(f"{url}/testar", json={"telefone": "11 2222-3333"}, headers=eu)
    assert (ninguem.status_code, recusa(ninguem)["codigo"]) == (422, "ZRK19")
    pessoa = admin.execute("select telefone from contatos where id = %s", [sala.cena.contatos[0]]).fetchone()
    assert pessoa
    teste = await http.post(f"{url}/testar", json={"telefone": pessoa["telefone"]}, headers=eu)
    assert teste.is_success and teste.json()["dados"]["id"] != campanha["id"]
    plano = (await http.post(f"{url}/simular", headers=eu)).json()["dados"]
    pedido = {"versao": campanha["versao"], "resumo": plano["resumo"], "ciente": True}
    for mudar, codigo in (({"resumo": "0" * 64}, "ZCK02"), ({"ciente": False}, "ZRK18"), ({"versao": 1}, "ZCG02")):
        recusada = await http.post(f"{url}/lancar", json={**pedido, **mudar}, headers=eu)
        assert recusa(recusada)["codigo"] == codigo
    lancada = await http.post(f"{url}/lancar", json=pedido, headers=eu)
    assert lancada.is_success and lancada.json()["dados"]["status"] == "EM_ANDAMENTO"
    andamento = (await http.get(f"{url}/andamento", headers=eu)).json()["dados"]
    assert andamento["campanha"]["totais"]["total"] == len(sala.cena.contatos) and andamento["modelo"]["nome"]


async def test_desfazer_o_agendamento(cliente_http: httpx.AsyncClient, sala: Sala) -> None:
    http, eu = cliente_http, sala.cena.sessao.cabecalho
    campanha = await rascunho(http, sala)
    url = f"{URL}/{campanha['id']}"
    amanha = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for passo, corpo in passos(sala):
        hora = {"agendadoPara": amanha} if passo == "envio" else {}
        guardada = await http.put(f"{url}/{passo}", json={"versao": campanha["versao"], **corpo, **hora}, headers=eu)
        campanha = guardada.json()["dados"]
    plano = (await http.post(f"{url}/simular", headers=eu)).json()["dados"]
    pedido = {"versao": campanha["versao"], "resumo": plano["resumo"], "ciente": True}
    assert (await http.post(f"{url}/lancar", json=pedido, headers=eu)).json()["dados"]["status"] == "AGENDADA"
    assert (await http.post(f"{url}/desagendar", headers=eu)).json()["dados"]["status"] == "RASCUNHO"


@pytest.mark.parametrize(
    ("passo", "corpo", "status", "campo"),
    [
        ("publico", {"nome": "x"}, 400, "nome"), ("publico", {"nome": "Nome", "filtro": {"cor": 1}}, 422, None),
        ("publico", {"nome": "Nome", "versao": 0}, 400, "versao"), ("publico", {"nome": "Nome", "x": 1}, 400, "x"),
        ("modelo", {"modeloId": "x"}, 400, "modeloId"), ("modelo", {"modeloId": str(uuid4())}, 404, None),
        ("envio", {"conexaoId": str(uuid4())}, 404, None),
        ("envio", {"conexaoId": str(uuid4()), "intervaloMs": -1}, 400, "intervaloMs"),
        ("envio", {"conexaoId": str(uuid4()), "agendadoPara": "amanhã"}, 400, "agendadoPara"),
    ],
)  # fmt: skip
async def test_passo_que_nao_se_aceita(
    cliente_http: httpx.AsyncClient, sala: Sala, passo: str, corpo: dict[str, Any], status: int, campo: str | None
) -> None:
    campanha = await rascunho(cliente_http, sala)
    resposta = await cliente_http.put(
        f"{URL}/{campanha['id']}/{passo}", json={"versao": campanha["versao"], **corpo},
        headers=sala.cena.sessao.cabecalho,
    )  # fmt: skip
    dita = recusa(resposta)
    assert resposta.status_code == status, dita
    assert campo is None or dita["campo"] == campo


async def test_so_quem_pode_e_so_do_proprio_cliente(cliente_http: httpx.AsyncClient, sala: Sala, bia: Sessao) -> None:
    http = cliente_http
    rui = sala.colega("TODAS", "campanhas:ler", nome="Rui")
    gere = sala.colega("TODAS", "campanhas:ler", "campanhas:gerir", nome="Gil")
    campanha = await rascunho(http, sala)
    url, versao = f"{URL}/{campanha['id']}", {"versao": campanha["versao"]}
    lancar = {**versao, "resumo": "0" * 64}
    pedidos: list[tuple[str, str, Any]] = [
        *(("PUT", f"/{passo}", {**versao, **corpo}) for passo, corpo in passos(sala)),
        ("GET", "/rascunho", None), ("POST", "/previa", {}), ("POST", "/testar", {"telefone": "11988887777"}),
        ("POST", "/lancar", lancar), ("POST", "/desagendar", None),
    ]  # fmt: skip
    for metodo, onde, corpo in pedidos:
        ditas = [
            await http.request(metodo, url + onde, json=corpo, headers=c) for c in ({}, rui.cabecalho, bia.cabecalho)
        ]
        assert [r.status_code for r in ditas] == [401, 403, 404], (metodo, onde)
    for onde, corpo in (("/testar", {"telefone": "11988887777"}), ("/lancar", lancar)):
        assert (await http.post(url + onde, json=corpo, headers=gere.cabecalho)).status_code == 403
    assert (await http.get(f"{url}/andamento", headers=rui.cabecalho)).status_code == 200
    assert (await http.get(f"{url}/andamento", headers=bia.cabecalho)).status_code == 404
    assert (await http.get(f"{url}/andamento")).status_code == 401
    for corpo in ({"nome": "Nova campanha"}, {"filtro": {}}):
        onde = "/rascunhos" if "nome" in corpo else "/publico/simular"
        assert (await http.post(URL + onde, json=corpo, headers=rui.cabecalho)).status_code == 403
    assert (
        await http.post(f"{URL}/publico/simular", json={"campanhaId": campanha["id"]}, headers=bia.cabecalho)
    ).status_code == 404
    assert (await http.get(f"{url}/rascunho", headers=gere.cabecalho)).json()["dados"]["campanha"] == campanha


@pytest.mark.parametrize("onde", ["/campanhas/publico", "/campanhas/nova"])
@pytest.mark.parametrize(("campo", "dia"), [("criado_de", "2026-02-31"), ("criado_ate", "31/02/2026")])
async def test_data_que_nao_existe_nao_alarga_o_publico(
    cliente_http: httpx.AsyncClient, sala: Sala, onde: str, campo: str, dia: str
) -> None:
    eu = navegador(sala.cena.sessao)
    certa = await cliente_http.get("/campanhas/publico", params={campo: "2020-01-01"}, headers=eu)
    todos = await cliente_http.get("/campanhas/publico", headers=eu)
    esperado = {"criado_de": len(sala.cena.contatos), "criado_ate": 0}[campo]
    assert f'num">{len(sala.cena.contatos)}<' in todos.text and f'num">{esperado}<' in certa.text
    for quem in ({}, {"quem": "filtro"}):
        torta = await cliente_http.get(onde, params={campo: dia, **quem}, headers=eu)
        assert "ZRK23" in torta.text and 'class="grande num"' not in torta.text
        assert onde == "/campanhas/publico" or 'aria-invalid="true"' in torta.text


async def test_filtro_de_webhooks_que_nao_se_entende(cliente_http: httpx.AsyncClient, sala: Sala) -> None:
    lida = await cliente_http.get(
        "/webhooks-recebidos", params={"de": "0000-00-00"}, headers=navegador(sala.cena.sessao)
    )
    assert lida.status_code == 400 and 'value="0000-00-00" aria-invalid="true"' in lida.text
