"""Notes, mentions and drafts over HTTP: who may, what is refused and how, and nothing for another tenant."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import recusa
from tests.conftest import Sessao
from tests.sql.test_notas import Sala, sala

__all__ = ["sala"]


@pytest.fixture
def conversa(sala: Sala) -> str:
    return f"/api/conversas/{sala.conversa}"


async def test_escrever_mudar_e_remover_uma_nota(cliente_http: httpx.AsyncClient, sala: Sala, conversa: str) -> None:
    http, rui = cliente_http, sala.colega(nome="Rui")
    chave = {"Idempotency-Key": secrets.token_hex(8), **sala.cena.sessao.cabecalho}
    corpo = {"texto": "liga depois das 18h", "mencoes": [str(rui.usuario_id)]}
    nota, de_novo = [await http.post(f"{conversa}/notas", json=corpo, headers=chave) for _ in range(2)]
    assert (nota.status_code, nota.content) == (201, de_novo.content)
    feita = nota.json()["dados"]
    assert [n["id"] for n in (await http.get(f"{conversa}/notas", headers=rui.cabecalho)).json()["dados"]] == [
        feita["id"]
    ]
    mencoes = (await http.get("/api/mencoes", headers=rui.cabecalho)).json()["dados"]
    assert [m["nota"]["id"] for m in mencoes] == [feita["id"]]
    assert (await http.post(f"{conversa}/mencoes/ler", headers=rui.cabecalho)).is_success
    assert (await http.get("/api/mencoes", headers=rui.cabecalho)).json()["dados"] == []
    url = f"/api/notas/{feita['id']}"
    mudada = await http.patch(url, json={"texto": "às 19h", "versao": 1}, headers=sala.cena.sessao.cabecalho)
    assert mudada.status_code == 200 and mudada.json()["dados"]["versao"] == 2
    velha = await http.patch(url, json={"texto": "às 20h", "versao": 1}, headers=sala.cena.sessao.cabecalho)
    assert (velha.status_code, recusa(velha)["codigo"]) == (409, "ZCG02")
    velha = await http.delete(url, params={"versao": 1}, headers=sala.cena.sessao.cabecalho)
    assert (velha.status_code, recusa(velha)["codigo"]) == (409, "ZCG02")
    alheia = await http.patch(url, json={"texto": "minha"}, headers=rui.cabecalho)
    assert (alheia.status_code, recusa(alheia)["codigo"]) == (403, "ZPV80")
    assert (await http.delete(url, params={"versao": 2}, headers=sala.cena.sessao.cabecalho)).status_code == 200
    assert (await http.get(f"{conversa}/notas", headers=rui.cabecalho)).json()["dados"] == []


async def test_guardar_e_jogar_fora_um_rascunho(cliente_http: httpx.AsyncClient, sala: Sala, conversa: str) -> None:
    http, url, rui = cliente_http, f"{conversa}/rascunho", sala.colega(nome="Rui")
    eu = sala.cena.sessao.cabecalho
    nenhum = await http.get(url, headers=eu)
    assert (nenhum.status_code, recusa(nenhum)["codigo"]) == (404, "ZNV81")
    guardado = await http.put(url, json={"texto": "Bom dia, "}, headers=eu)
    assert guardado.status_code == 200 and guardado.json()["dados"]["versao"] == 1
    assert (await http.put(url, json={"texto": "Bom dia!", "versao": 1}, headers=eu)).json()["dados"]["versao"] == 2
    velho = await http.put(url, json={"texto": "de outra janela", "versao": 1}, headers=eu)
    assert (velho.status_code, recusa(velho)["codigo"]) == (409, "ZCG02")
    assert (await http.get(url, headers=eu)).json()["dados"]["texto"] == "Bom dia!"
    assert (await http.get(url, headers=rui.cabecalho)).status_code == 404, "each has a draft of their own"
    assert (await http.delete(url, headers=eu)).status_code == 200
    assert (await http.get(url, headers=eu)).status_code == 404


@pytest.mark.parametrize(
    ("metodo", "caminho", "corpo", "status", "campo"),
    [
        ("POST", "notas", {"texto": ""}, 400, "texto"), ("POST", "notas", {"texto": "x" * 10_001}, 400, "texto"),
        ("POST", "notas", {"texto": "x", "mencoes": ["eu"]}, 400, "mencoes[0]"),
        ("POST", "notas", {"texto": "x", "cor": "azul"}, 400, "cor"), ("POST", "notas", [], 400, None),
        ("POST", "notas", {"texto": "x", "mencoes": [str(uuid4())]}, 422, "mencoes"),
        ("PUT", "rascunho", {"texto": 7}, 400, "texto"),
        ("PUT", "rascunho", {"texto": "x", "versao": -1}, 400, "versao"),
        ("PUT", "rascunho", {"texto": "x", "contextoId": str(uuid4())}, 404, "contextoId"),
    ],
)  # fmt: skip
async def test_o_que_nao_se_aceita(
    cliente_http: httpx.AsyncClient, sala: Sala, conversa: str, metodo: str, caminho: str, corpo: Any, status: int,
    campo: str | None,
) -> None:  # fmt: skip
    resposta = await cliente_http.request(
        metodo, f"{conversa}/{caminho}", json=corpo, headers=sala.cena.sessao.cabecalho
    )
    dita = recusa(resposta)
    assert resposta.status_code == status, dita
    assert campo is None or dita["campo"] == campo


async def test_so_quem_pode_e_so_do_proprio_cliente(
    cliente_http: httpx.AsyncClient, sala: Sala, conversa: str, bia: Sessao
) -> None:
    http = cliente_http
    nota = (await http.post(f"{conversa}/notas", json={"texto": "a"}, headers=sala.cena.sessao.cabecalho)).json()
    pedidos: list[tuple[str, str, Any]] = [
        ("GET", f"{conversa}/notas", None), ("POST", f"{conversa}/notas", {"texto": "x"}),
        ("POST", f"{conversa}/mencoes/ler", None), ("GET", f"{conversa}/rascunho", None),
        ("PUT", f"{conversa}/rascunho", {"texto": "x"}), ("DELETE", f"{conversa}/rascunho", None),
        ("PATCH", f"/api/notas/{nota['dados']['id']}", {"texto": "x"}),
        ("DELETE", f"/api/notas/{nota['dados']['id']}", None),
    ]  # fmt: skip
    le = sala.colega("TODAS", "conversas:ler", nome="Só Lê")
    nada = sala.colega("TODAS", "contatos:ler", nome="Sem Conversas")
    for metodo, url, corpo in pedidos:
        anonimo = await http.request(metodo, url, json=corpo)
        de_fora = await http.request(metodo, url, json=corpo, headers=bia.cabecalho)
        sem = await http.request(metodo, url, json=corpo, headers=nada.cabecalho)
        assert (anonimo.status_code, de_fora.status_code, sem.status_code) == (401, 404, 403), (metodo, url)
        if metodo in ("POST", "PUT", "PATCH") and corpo:
            so_le = await http.request(metodo, url, json=corpo, headers=le.cabecalho)
            assert (so_le.status_code, recusa(so_le)["codigo"]) == (403, "ZPG01"), url
    assert len((await http.get(f"{conversa}/notas", headers=le.cabecalho)).json()["dados"]) == 1
