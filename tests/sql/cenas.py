"""Arrangements shared by the SQL tests: a tenant with a number, a template and contacts, without the HTTP edge."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from app.banco import Banco
from tests.conftest import Sessao, chamar

Admin = psycopg.Connection[dict[str, Any]]
CORPO = [{"type": "BODY", "text": "Olá {{1}}, seu desconto é {{2}}."}]


@dataclass(frozen=True)
class Cena:
    """One tenant ready to launch a campaign."""

    sessao: Sessao
    conexao_id: UUID
    modelo_id: UUID
    contatos: list[UUID]

    @property
    def cliente_id(self) -> UUID:
        return self.sessao.cliente_id


def montar(admin: Admin, sessao: Sessao, contatos: int = 10, *, teto: int = 80, categoria: str = "MARKETING") -> Cena:
    """Insert a connection, an approved template with two variables and contacts with distinct phones."""
    numero = str(10**14 + secrets.randbelow(10**13))
    linha = admin.execute(
        "insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, conta_id_externa, credenciais,"
        " teto_por_segundo)"
        " values (%s, %s, 'WHATSAPP', 'META_API', %s, %s, %s, %s) returning id",
        [sessao.cliente_id, f"Número {numero[-6:]}", numero, numero[::-1].lstrip("0"), secrets.token_bytes(64), teto],
    ).fetchone()
    assert linha
    conexao_id = linha["id"]
    linha = admin.execute(
        "insert into modelos (cliente_id, conexao_id, id_externo, nome, idioma, categoria, status, componentes,"
        " variaveis)"
        " values (%s, %s, %s, 'promo', 'pt_BR', %s, 'APPROVED', %s, '{1,2}') returning id",
        [sessao.cliente_id, conexao_id, numero, categoria, json.dumps(CORPO)],
    ).fetchone()
    assert linha
    base = secrets.randbelow(10**6)
    linhas = admin.execute(
        "insert into contatos (cliente_id, nome, telefone)"
        " select %s, 'Pessoa ' || n, '+5511' || (900000000 + (%s * 97 + n) %% 99999999)"
        " from generate_series(1, %s) as n"
        " returning id",
        [sessao.cliente_id, base, contatos],
    ).fetchall()
    return Cena(sessao, conexao_id, linha["id"], [x["id"] for x in linhas])


async def criar_campanha(banco_api: Banco, cena: Cena, **extra: object) -> UUID:
    argumentos: dict[str, object] = {
        "p_nome": "Novembro",
        "p_conexao_id": cena.conexao_id,
        "p_modelo_id": cena.modelo_id,
        "p_variaveis": {"1": "{{contato.nome|cliente}}", "2": "10%"},
        "p_contato_ids": cena.contatos,
        **extra,
    }
    return UUID((await chamar(banco_api, "api.campanha_criar", **cena.sessao.args, **argumentos))["id"])


async def iniciar(banco_api: Banco, cena: Cena, campanha_id: UUID) -> Any:
    return await chamar(banco_api, "api.campanha_iniciar", **cena.sessao.args, p_id=campanha_id)


async def obter(banco_api: Banco, cena: Cena, campanha_id: UUID) -> Any:
    return await chamar(banco_api, "api.campanha_obter", **cena.sessao.args, p_id=campanha_id)


async def reservar(
    banco_worker: Banco, cena: Cena, quantos: int = 10, dono: str = "w1", **extra: object
) -> list[dict[str, Any]]:
    limite = await chamar(
        banco_worker, "worker.limite_obter", p_cliente_id=cena.cliente_id, p_conexao_id=cena.conexao_id
    )
    linhas: list[dict[str, Any]] = await chamar(
        banco_worker,
        "worker.fila_reservar",
        p_cliente_id=cena.cliente_id,
        p_conexao_id=cena.conexao_id,
        p_dono=dono,
        p_quantos=quantos,
        p_epoca=limite["epoca"],
        **extra,
    )
    return linhas


async def pretender(
    banco_worker: Banco, cena: Cena, itens: list[dict[str, Any]], dono: str = "w1", **extra: object
) -> Any:
    limite = await chamar(
        banco_worker, "worker.limite_obter", p_cliente_id=cena.cliente_id, p_conexao_id=cena.conexao_id
    )
    return await chamar(
        banco_worker,
        "worker.envio_intencao",
        p_cliente_id=cena.cliente_id,
        p_conexao_id=cena.conexao_id,
        p_dono=dono,
        p_epoca=limite["epoca"],
        p_itens=psycopg.types.json.Jsonb(itens),
        **extra,
    )


async def registrar(banco_worker: Banco, cena: Cena, resultados: list[dict[str, Any]], dono: str = "w1") -> Any:
    return await chamar(
        banco_worker,
        "worker.envio_registrar",
        p_cliente_id=cena.cliente_id,
        p_conexao_id=cena.conexao_id,
        p_dono=dono,
        p_resultados=psycopg.types.json.Jsonb(resultados),
    )


def resposta(envio: dict[str, Any], desfecho: str, **extra: object) -> dict[str, Any]:
    """What a worker reports of one envio."""
    return {
        "id": envio["id"],
        "cerca": envio["cerca"],
        "tentativaId": envio["tentativaId"],
        "alvoId": envio["alvoId"],
        "desfecho": desfecho,
        **extra,
    }
