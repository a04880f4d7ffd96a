"""Canned replies over HTTP: found, kept, filled in with what is known and with files; refused with a reason."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import recusa
from tests.conftest import Sessao
from tests.sql.test_notas import Sala, sala

__all__ = ["sala"]
URL = "/api/respostas-rapidas"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def criar(http: httpx.AsyncClient, sessao: Sessao, atalho: str = "preco", **mudar: Any) -> httpx.Response:
    corpo = {"escopo": "TODOS", "atalho": atalho, "titulo": "Preços", "texto": "Oi", **mudar}
    return await http.post(URL, json=corpo, headers=sessao.cabecalho)


async def test_com_variaveis_e_arquivos(cliente_http: httpx.AsyncClient, sala: Sala) -> None:
    http, eu = cliente_http, sala.cena.sessao
    midia = await http.post("/api/midias", files={"arquivo": ("tabela.png", PNG, "image/png")}, headers=eu.cabecalho)
    assert midia.status_code == 201, midia.text
    texto = "Olá, {{contato.primeiroNome}}! {{empresa.nome}} agradece. {{contato.campos.pedido}} {{inventada}}"
    feita = await criar(http, eu, "/Preço", texto=texto, midiaIds=[midia.json()["dados"]["id"]])
    assert feita.status_code == 201
    resposta = feita.json()["dados"]
    assert (resposta["atalho"], [m["nome"] for m in resposta["midias"]]) == ("preco", ["tabela.png"])
    assert [
        r["id"] for r in (await http.get(URL, params={"busca": "PREÇO"}, headers=eu.cabecalho)).json()["dados"]
    ] == [resposta["id"]]
    usada = await http.post(
        f"{URL}/{resposta['id']}/renderizar", json={"conversaId": str(sala.conversa)}, headers=eu.cabecalho
    )
    assert usada.status_code in (200, 201)
    pronta = usada.json()["dados"]
    assert "{{contato.primeiroNome}}" not in pronta["texto"] and "{{empresa.nome}}" not in pronta["texto"]
    assert {f["variavel"]: f["motivo"] for f in pronta["faltam"]} == {
        "contato.campos.pedido": "VAZIA", "inventada": "DESCONHECIDA",
    }  # fmt: skip
    assert len(pronta["midias"]) == 1
    testada = await http.post(f"{URL}/testar", json={"texto": texto}, headers=eu.cabecalho)
    assert testada.is_success and "inventada" in [f["variavel"] for f in testada.json()["dados"]["faltam"]]


async def test_versao_e_atalho_repetido(cliente_http: httpx.AsyncClient, sala: Sala) -> None:
    http, eu = cliente_http, sala.cena.sessao
    feita = (await criar(http, eu)).json()["dados"]
    repetida = await criar(http, eu, "PREÇO")
    assert (repetida.status_code, recusa(repetida)["codigo"]) == (409, "ZCV81")
    url = f"{URL}/{feita['id']}"
    assert (await http.patch(url, json={"texto": "Novo", "versao": 1}, headers=eu.cabecalho)).status_code == 200
    for velha in (
        await http.patch(url, json={"texto": "Velho", "versao": 1}, headers=eu.cabecalho),
        await http.delete(url, params={"versao": 1}, headers=eu.cabecalho),
    ):
        assert (velha.status_code, recusa(velha)["codigo"]) == (409, "ZCG02")
    lida = (await http.get(url, headers=eu.cabecalho)).json()["dados"]
    assert (lida["texto"], lida["versao"]) == ("Novo", 2)
    assert (await http.delete(url, params={"versao": 2}, headers=eu.cabecalho)).status_code == 200
    assert (await http.get(url, headers=eu.cabecalho)).status_code == 404


@pytest.mark.parametrize(
    ("mudar", "status", "campo"),
    [
        ({"escopo": "MUNDO"}, 400, "escopo"), ({"atalho": ""}, 400, "atalho"), ({"texto": "x" * 4097}, 400, "texto"),
        ({"midiaIds": ["x"]}, 400, "midiaIds[0]"), ({"midiaIds": [str(uuid4())] * 11}, 400, "midiaIds"),
        ({"extra": 1}, 400, "extra"), ({"atalho": "bom dia"}, 422, None), ({"texto": ""}, 422, None),
        ({"escopo": "EQUIPE"}, 422, None), ({"midiaIds": [str(uuid4())]}, 404, None),
    ],
)  # fmt: skip
async def test_o_que_nao_se_aceita(
    cliente_http: httpx.AsyncClient, sala: Sala, mudar: dict[str, Any], status: int, campo: str | None
) -> None:
    resposta = await criar(cliente_http, sala.cena.sessao, **mudar)
    dita = recusa(resposta)
    assert resposta.status_code == status, dita
    assert campo is None or dita["campo"] == campo
    assert (await cliente_http.get(URL, headers=sala.cena.sessao.cabecalho)).json()["dados"] == []


async def test_so_quem_pode_e_so_do_proprio_cliente(cliente_http: httpx.AsyncClient, sala: Sala, bia: Sessao) -> None:
    http, rui = cliente_http, sala.colega(nome="Rui")
    comum = (await criar(http, sala.cena.sessao)).json()["dados"]["id"]
    minha = (await criar(http, sala.cena.sessao, "minha", escopo="PESSOAL")).json()["dados"]["id"]
    sem = await criar(http, rui, "nova")
    assert (sem.status_code, recusa(sem)["codigo"]) == (403, "ZPG01")
    assert (await criar(http, rui, "propria", escopo="PESSOAL")).status_code == 201
    for id_, quem, esperado in ((comum, rui, 403), (minha, rui, 404), (comum, bia, 404)):
        url = f"{URL}/{id_}"
        for resposta in (
            await http.patch(url, json={"texto": "x"}, headers=quem.cabecalho),
            await http.delete(url, headers=quem.cabecalho),
        ):
            assert resposta.status_code == esperado, (id_, quem)
    usar = f"{URL}/{comum}/renderizar"
    alheia = await http.post(usar, json={"conversaId": str(sala.conversa)}, headers=bia.cabecalho)
    assert alheia.status_code == 404
    assert (await http.post(usar, json={"conversaId": str(sala.conversa)})).status_code == 401
    assert [r["atalho"] for r in (await http.get(URL, headers=bia.cabecalho)).json()["dados"]] == []
