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


def conversar(admin: Admin, cena: Cena, contato: UUID, *, janela: str | None = "20 hours") -> UUID:
    """An open conversation; `janela`: how long the person's last message still lets us answer freely."""
    linha = admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, janela_expira_em)"
        " values (%s, %s, %s, now() + %s::interval) returning id",
        [cena.cliente_id, cena.conexao_id, contato, janela],
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


def resolver(admin: Admin, cliente_id: UUID, conversa: UUID | None = None) -> None:
    """Every open conversation of the tenant, or one, resolved with one of its reasons."""
    admin.execute(
        "update conversas as v set status = 'RESOLVIDA', motivo_id = (select m.id from motivos_resolucao as m"
        " where m.cliente_id = v.cliente_id order by m.id limit 1)"
        " where v.cliente_id = %(c)s and v.status <> 'RESOLVIDA' and (%(v)s::uuid is null or v.id = %(v)s)",
        {"c": cliente_id, "v": conversa},
    )


def escrever(
    admin: Admin, cena: Cena, conversa: UUID, texto: str = "olá", *, prioridade: int = 1, **colunas: object
) -> UUID:
    """A message that waits to be sent, as every path that creates one leaves it."""
    valores: dict[str, object] = {"tipo": "TEXTO", "conteudo": json.dumps({"texto": texto}), **colunas}
    with admin.transaction():
        linha = admin.execute(
            "update conversas set ordem_ultima = ordem_ultima + 1 where id = %s returning ordem_ultima as ordem",
            [conversa],
        ).fetchone()
        assert linha
        valores |= {"cliente_id": cena.cliente_id, "conversa_id": conversa, "conexao_id": cena.conexao_id}
        valores |= {"direcao": "SAIDA", "status": "RESERVADO", "ordem": linha["ordem"]}
        mensagem = admin.execute(
            f"insert into mensagens ({', '.join(valores)}, ocorrido_em)"
            f" values ({', '.join(['%s'] * len(valores))}, now()) returning id",
            list(valores.values()),
        ).fetchone()
        assert mensagem
        admin.execute(
            "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, expira_em, alvo_id, chave_ordem,"
            " ordem) values (%s, 'mensagem_enviar', %s, %s, now(), now() + interval '1 hour', %s, %s, %s)",
            [cena.cliente_id, cena.conexao_id, prioridade, mensagem["id"], conversa, linha["ordem"]],
        )
    return UUID(str(mensagem["id"]))


async def enviar(banco_worker: Banco, cena: Cena, quantos: int = 10, dono: str = "w1") -> list[dict[str, Any]]:
    """Claim and announce; what may go out."""
    itens = await reservar(banco_worker, cena, quantos, dono)
    envios: list[dict[str, Any]] = (await pretender(banco_worker, cena, itens, dono))["envios"]
    return envios


def mensagem(admin: Admin, mensagem_id: object) -> dict[str, Any]:
    linha = admin.execute(
        "select m.status, m.motivo, m.erro_codigo, m.id_externo, m.tentativas, m.enviado_em, m.entregue_em, m.lido_em,"
        " f.tentativas as na_fila, f.executar_em > clock_timestamp() as espera,"
        " f.reservado_ate is not null as reservada"
        " from mensagens as m left join fila as f on f.cliente_id = m.cliente_id and f.alvo_id = m.id"
        " and f.tipo = 'mensagem_enviar' where m.id = %s",
        [mensagem_id],
    ).fetchone()
    assert linha
    return linha
