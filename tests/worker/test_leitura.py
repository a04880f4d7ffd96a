"""Read marks and typing reach the provider; what it refuses is let go, what may work later is tried again."""

from __future__ import annotations

import json
import secrets
from typing import Any
from uuid import UUID

import pytest

from tests.sql.cenas import Admin
from tests.worker.conftest import Palco, esperar


async def recebida(admin: Admin, palco: Palco, wamid: str | None = None) -> UUID:
    """A message that a person sent us, with the id that the simulator gave it."""
    if wamid is None:
        entrada = {"provider": "meta", "to_number": palco.numero_id_externo, "from": "5511988887777"}
        dados = await palco.controle("POST", "/inbound", json={**entrada, "type": "text", "content": {"body": "oi"}})
        wamid = str(dados["message_id"])
    conversa = admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id) values (%s, %s, %s) returning id",
        [palco.cena.cliente_id, palco.cena.conexao_id, palco.cena.contatos[0]],
    ).fetchone()
    assert conversa
    mensagem = admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, status, origem, id_externo,"
        " ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'RECEBIDA', 'CONTATO', %s, now()) returning id",
        [palco.cena.cliente_id, conversa["id"], palco.cena.conexao_id, wamid],
    ).fetchone()
    assert mensagem
    return UUID(str(mensagem["id"]))


def pedir(admin: Admin, palco: Palco, tipo: str, alvo: UUID) -> None:
    admin.execute(
        "insert into fila (cliente_id, tipo, conexao_id, alvo_id, prioridade, executar_em)"
        " values (%s, %s, %s, %s, 1, now())",
        [palco.cena.cliente_id, tipo, palco.cena.conexao_id, alvo],
    )


async def vazia(admin: Admin, palco: Palco) -> None:
    async def pronta() -> bool:
        linha = admin.execute("select count(*) as n from fila where cliente_id = %s", [palco.cena.cliente_id])
        return linha.fetchone() == {"n": 0}

    await esperar(pronta)
    assert admin.execute(
        "select count(*) as n from fila_morta where cliente_id = %s", [palco.cena.cliente_id]
    ).fetchone() == {"n": 0}


async def pedidos(palco: Palco) -> list[dict[str, Any]]:
    linhas = await palco.controle("GET", f"/requests?path={palco.numero_id_externo}/messages")
    return [x for x in linhas if palco.numero_id_externo in x["path"]]


@pytest.mark.parametrize(("tipo", "digitando"), [("leitura_marcar", False), ("digitando_mostrar", True)])
async def test_chega_ao_provedor(admin: Admin, palco: Palco, tipo: str, digitando: bool) -> None:
    alvo = await recebida(admin, palco)
    pedir(admin, palco, tipo, alvo)
    async with palco.worker():
        await vazia(admin, palco)
    (pedido,) = await pedidos(palco)
    corpo = json.loads(pedido["body"])
    assert pedido["http"] == 200
    assert (corpo["status"], "typing_indicator" in corpo) == ("read", digitando)
    wamid = admin.execute("select id_externo from mensagens where id = %s", [alvo]).fetchone()
    assert wamid == {"id_externo": corpo["message_id"]}


async def test_recusa_definitiva_e_deixada(admin: Admin, palco: Palco) -> None:
    pedir(admin, palco, "leitura_marcar", await recebida(admin, palco, f"wamid.{secrets.token_hex(8)}"))
    async with palco.worker():
        await vazia(admin, palco)
    assert [x["code"] for x in await pedidos(palco)] == [131009]


@pytest.mark.parametrize(("tipo", "vezes"), [("leitura_marcar", 3), ("digitando_mostrar", 1)])
async def test_recusa_passageira_e_repetida(admin: Admin, palco: Palco, tipo: str, vezes: int) -> None:
    alvo = await recebida(admin, palco)
    falha = {
        "provider": "meta",
        "stage": "before_read",
        "match": {"number": palco.numero_id_externo},
        "action": {"kind": "error_code", "code": 131016},
        "limit": 5,
    }
    criada = await palco.controle("POST", "/faults", json=falha)
    pedir(admin, palco, tipo, alvo)
    async with palco.worker():
        await vazia(admin, palco)
    assert [x["code"] for x in await pedidos(palco)] == [131016] * vezes
    await palco.controle("DELETE", f"/faults/{criada['fault_id']}")


async def test_o_que_nao_e_recebida_nao_se_marca(admin: Admin, palco: Palco) -> None:
    alvo = await recebida(admin, palco)
    admin.execute("update mensagens set id_externo = null where id = %s", [alvo])
    pedir(admin, palco, "leitura_marcar", alvo)
    async with palco.worker():
        await vazia(admin, palco)
    assert await pedidos(palco) == []
