"""Conversations, messages and schedules over HTTP: what is said, with which status, and for whom."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

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


async def test_o_que_se_faz_com_uma_conversa(
    cliente_http: httpx.AsyncClient, cena: Cena, conversa: str, ana: Any
) -> None:
    http, cabecalho = cliente_http, cena.sessao.cabecalho
    motivos = (await http.get("/api/motivos-resolucao?ativo=true", headers=cabecalho)).json()["dados"]
    assert motivos[0]["nome"] == "Resolvido"
    novo = await http.post("/api/motivos-resolucao", json={"nome": "Vendeu"}, headers=cabecalho)
    assert novo.status_code == 201
    motivo = novo.json()["dados"]["id"]
    etiqueta = (await http.post("/api/etiquetas", json={"nome": "VIP"}, headers=cabecalho)).json()["dados"]["id"]
    equipe = (await http.post("/api/equipes", json={"nome": "Vendas"}, headers=cabecalho)).json()["dados"]["id"]
    amanha = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    passos: list[tuple[str, dict[str, Any], str]] = [
        ("assumir", {}, "EM_ATENDIMENTO"), ("aguardar", {}, "AGUARDANDO_CLIENTE"), ("desfazer", {}, "EM_ATENDIMENTO"),
        ("liberar", {"motivo": "almoço"}, "ABERTA"),
        ("atribuir", {"usuarioId": str(cena.sessao.usuario_id)}, "EM_ATENDIMENTO"),
        ("transferir", {"equipeId": equipe, "motivo": "é com vocês"}, "ABERTA"), ("adiar", {"ate": amanha}, "ADIADA"),
        ("prioridade", {"prioridade": "URGENTE"}, "ADIADA"), ("etiquetas", {"adicionar": [etiqueta]}, "ADIADA"),
        ("nao-lida", {}, "ADIADA"), ("silenciar", {}, "ADIADA"),
        ("resolver", {"motivoId": motivo}, "RESOLVIDA"), ("reabrir", {}, "ABERTA"),
    ]  # fmt: skip
    for verbo, corpo, estado in passos:
        resposta = await http.post(f"{conversa}/{verbo}", json=corpo, headers=cabecalho)
        assert resposta.status_code in (200, 201), (verbo, resposta.text)
        assert resposta.json()["dados"]["status"] == estado, verbo
        assert (await http.post(f"{conversa}/{verbo}", json=corpo, headers=ana.cabecalho)).status_code == 404, verbo
    for quem, dito in ((cena.sessao, 200), (ana, 404)):
        assert (await http.delete(f"{conversa}/silenciar", headers=quem.cabecalho)).status_code == dito
    historico = (await http.get(f"{conversa}/historico?limite=2", headers=cabecalho)).json()
    assert [h["tipo"] for h in historico["dados"]] == ["REABERTA", "RESOLVIDA"]
    assert historico["dados"][1]["motivo"] == "Vendeu" and historico["meta"]["proximoCursor"]
    assert (await http.get(f"{conversa}/historico", headers=ana.cabecalho)).status_code == 404
    id_ = conversa.rsplit("/", 1)[1]
    massa = {"ids": [id_, str(uuid4())], "acao": "RESOLVER", "motivoId": motivo}
    feito = (await http.post("/api/conversas/em-massa", json=massa, headers=cabecalho)).json()["dados"]
    assert [(i["feito"], i["codigo"]) for i in feito["itens"]] == [(True, None), (False, "ZNV01")]
    assert (await http.delete(f"/api/motivos-resolucao/{motivo}", headers=cabecalho)).status_code == 409
    mudado = await http.patch(f"/api/motivos-resolucao/{motivo}", json={"ativo": False}, headers=cabecalho)
    assert mudado.json()["dados"]["ativo"] is False


async def test_malfeito_e_400(cliente_http: httpx.AsyncClient, cena: Cena, conversa: str) -> None:
    for verbo, corpo, campo in [
        ("resolver", {}, "motivoId"), ("adiar", {"ate": "amanhã"}, "ate"),
        ("prioridade", {"prioridade": "X"}, "prioridade"),
        ("atribuir", {"usuarioId": 1}, "usuarioId"), ("etiquetas", {"adicionar": ["x"]}, "adicionar[0]"),
        ("assumir", {"x": 1}, "x"),
    ]:  # fmt: skip
        resposta = await cliente_http.post(f"{conversa}/{verbo}", json=corpo, headers=cena.sessao.cabecalho)
        assert resposta.status_code == 400, (verbo, resposta.text)
        assert resposta.json()["erro"]["campo"].split(".")[0].split("[")[0] == campo.split("[")[0], verbo
        recusa(resposta)


async def test_responder_na_de_outra_pessoa(
    cliente_http: httpx.AsyncClient, cena: Cena, conversa: str, admin: Admin
) -> None:
    admin.execute(
        "with u as (insert into usuarios (cliente_id, nome, email, perfil_id)"
        " select cliente_id, 'Ivo', %s, id from perfis where cliente_id = %s and codigo = 'ATENDENTE' returning id)"
        " update conversas set usuario_id = (select id from u), status = 'EM_ATENDIMENTO' where id = %s",
        [f"ivo-{secrets.token_hex(4)}@exemplo.test", cena.cliente_id, conversa.rsplit("/", 1)[1]],
    )
    corpo: dict[str, Any] = {"tipo": "TEXTO", "conteudo": {"texto": "oi"}}
    recusada = await cliente_http.post(f"{conversa}/mensagens", json=corpo, headers=cena.sessao.cabecalho)
    assert (recusada.status_code, recusada.json()["erro"]["codigo"]) == (409, "ZCV20")
    assert recusada.json()["erro"]["mensagem"] == "Ivo está atendendo esta conversa"
    tomada = await cliente_http.post(
        f"{conversa}/mensagens", json={**corpo, "assumir": True}, headers=cena.sessao.cabecalho
    )
    assert tomada.status_code == 201
    agora = (await cliente_http.get(conversa, headers=cena.sessao.cabecalho)).json()["dados"]
    assert agora["usuarioId"] == str(cena.sessao.usuario_id)
