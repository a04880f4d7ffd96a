"""Conversations, messages and schedules over HTTP: what is said, with which status, and for whom."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.conftest import recusa
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Conversas"), 2)


@pytest.fixture
async def conversa(admin: Admin, cena: Cena) -> str:
    linha = admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, janela_expira_em)"
        " values (%s, %s, %s, now() + interval '1 day') returning id",
        [cena.cliente_id, cena.conexao_id, cena.contatos[0]],
    ).fetchone()
    assert linha
    return f"/api/conversas/{linha['id']}"


async def test_enviar_listar_e_desfazer(cliente_http: httpx.AsyncClient, cena: Cena, conversa: str) -> None:
    http, cabecalho = cliente_http, cena.sessao.cabecalho
    corpo = {"tipo": "TEXTO", "conteudo": {"texto": "Olá 😊"}}
    chave = {"Idempotency-Key": secrets.token_hex(8)}
    primeira = await http.post(f"{conversa}/mensagens", json=corpo, headers={**cabecalho, **chave})
    de_novo = await http.post(f"{conversa}/mensagens", json=corpo, headers={**cabecalho, **chave})
    assert (primeira.status_code, primeira.content) == (201, de_novo.content)
    id_ = primeira.json()["dados"]["id"]
    lista = (await http.get(f"{conversa}/mensagens", headers=cabecalho)).json()
    assert [m["id"] for m in lista["dados"]] == [id_]
    desfeita = await http.post(f"/api/mensagens/{id_}/cancelar", headers=cabecalho)
    assert desfeita.json()["dados"]["motivo"] == "CANCELADA"
    repetida = await http.post(f"/api/mensagens/{id_}/cancelar", headers=cabecalho)
    assert (repetida.status_code, repetida.json()["dados"]["motivo"]) == (200, "CANCELADA")
    assert (await http.post(f"/api/mensagens/{id_}/reenviar", headers=cabecalho)).status_code == 409


async def test_recusas_dizem_o_campo(cliente_http: httpx.AsyncClient, cena: Cena, conversa: str, ana: Any) -> None:
    http, url = cliente_http, f"{conversa}/mensagens"
    for corpo, status, campo in [
        ({"tipo": "TEXTO", "conteudo": {"texto": ""}}, 422, "conteudo.texto"),
        ({"tipo": "ENQUETE", "conteudo": {}}, 400, "tipo"),
        ({"tipo": "TEXTO", "conteudo": []}, 400, "conteudo"),
        ({"tipo": "TEXTO", "conteudo": {"texto": "x"}, "x": 1}, 400, "x"),
    ]:
        resposta = await http.post(url, json=corpo, headers=cena.sessao.cabecalho)
        assert resposta.status_code == status, corpo
        assert resposta.json()["erro"]["campo"] == campo
        recusa(resposta)
    corpo = {"tipo": "TEXTO", "conteudo": {"texto": "x"}}
    assert (await http.post(url, json=corpo, headers=ana.cabecalho)).status_code == 404
    assert (await http.get(url, headers=ana.cabecalho)).status_code == 404
    assert (await http.post(url, json=corpo)).status_code == 401


async def test_iniciar_ler_e_agendar(cliente_http: httpx.AsyncClient, cena: Cena, conversa: str) -> None:
    http, cabecalho = cliente_http, cena.sessao.cabecalho
    modelo = {"modeloId": str(cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}}
    alvo = {"contatoId": str(cena.contatos[1]), "conexaoId": str(cena.conexao_id)}
    iniciada = await http.post("/api/conversas", json={**alvo, "conteudo": modelo}, headers=cabecalho)
    assert iniciada.status_code == 201 and iniciada.json()["dados"]["mensagem"]["tipo"] == "MODELO"
    assert (await http.post(f"{conversa}/ler", headers=cabecalho)).json()["dados"]["naoLidas"] == 0
    assert (await http.post(f"{conversa}/digitar", headers=cabecalho)).status_code in (200, 201)
    pedido = {
        "tipo": "TEXTO", "conteudo": {"texto": "até"}, "enviarEm": "2027-02-01T09:00", "fuso": "America/Sao_Paulo",
        "conversaId": conversa.rsplit("/", 1)[1], "recorrencia": "SEMANAL", "ate": "2027-03-01T00:00:00Z",
    }  # fmt: skip
    feita = await http.post("/api/agendadas", json=pedido, headers=cabecalho)
    assert feita.status_code == 201, feita.text
    id_ = feita.json()["dados"]["id"]
    mudada = await http.patch(f"/api/agendadas/{id_}", json={"ate": None, "versao": 1}, headers=cabecalho)
    assert mudada.json()["dados"]["ate"] is None and mudada.json()["dados"]["recorrencia"] == "SEMANAL"
    assert len((await http.get("/api/agendadas?status=AGENDADA", headers=cabecalho)).json()["dados"]) == 1
    assert (await http.post(f"/api/agendadas/{id_}/cancelar?versao=1", headers=cabecalho)).status_code == 409
    assert (await http.post(f"/api/agendadas/{id_}/cancelar", headers=cabecalho)).status_code == 200
    ruim = await http.post("/api/agendadas", json={**pedido, "enviarEm": "2027-02-01 09:00"}, headers=cabecalho)
    assert (ruim.status_code, ruim.json()["erro"]["campo"]) == (400, "enviarEm")
