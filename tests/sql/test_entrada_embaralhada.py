"""All the samples of both providers, twice and in any order, by several workers at once: the same tables each time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from tests import webhooks_meta as wm
from tests import webhooks_uaizap as wu
from tests.conftest import chamar
from tests.retrato import diferencas, retratar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

SEMENTES = [1, 2, 3]


@dataclass
class Recepcao:
    """One tenant with the numbers and the device that the samples speak of."""

    cena: Cena
    numeros: list[UUID]
    aparelho: UUID
    banco_ingresso: Banco
    banco_worker: Banco

    async def receber(self, corpo: tuple[str, Any]) -> None:
        provedor, dados = corpo
        if provedor == "meta":
            await chamar(
                self.banco_ingresso, "webhook.evento_receber",
                p_conexoes=self.numeros, p_corpo=wm.corpo_de(dados), p_legivel=True,
            )  # fmt: skip
        else:
            limpo = {k: v for k, v in dados.items() if k != "token"}
            await chamar(
                self.banco_ingresso, "webhook.instancia_evento_receber", p_cliente_id=self.cena.cliente_id,
                p_conexao_id=self.aparelho, p_corpo=wu.corpo_de(limpo), p_legivel=True,
            )  # fmt: skip

    async def processar(self, quantos: int) -> int:
        feitos: int = await chamar(
            self.banco_worker, "worker.interno_executar", p_cliente_id=self.cena.cliente_id, p_limite=quantos
        )
        return feitos


@pytest.fixture
def recepcao(
    admin: Admin, novo_cliente: Callable[..., Any], banco_ingresso: Banco, banco_worker: Banco
) -> Callable[..., Any]:
    async def fazer() -> Recepcao:
        # a number belongs to one tenant at a time
        admin.execute("update conexoes set removido_em = now() where removido_em is null")
        cena = cenas.montar(admin, await novo_cliente("Amostras"), 0)
        linha = admin.execute(
            "insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, conta_id_externa, credenciais)"
            " select cliente_id, 'Outro', canal, provedor, '999990', '999991', credenciais from conexoes where id = %s"
            " returning id",
            [cena.conexao_id],
        ).fetchone()
        assert linha
        wm.conectar(admin, cena.cliente_id, cena.conexao_id, wm.NUMERO_1, wm.CONTA_1)
        wm.conectar(admin, cena.cliente_id, linha["id"], wm.NUMERO_2, wm.CONTA_2)
        admin.execute("delete from modelos where cliente_id = %s", [cena.cliente_id])
        mudancas = [m["value"] for n in (35, 36) for e in wm.amostra(n)["entry"] for m in e["changes"]]
        for modelo in sorted({m["message_template_id"] for m in mudancas}):
            admin.execute(
                "insert into modelos (cliente_id, conexao_id, id_externo, nome, idioma, categoria, status, componentes,"
                " atualizado_em) values (%s, %s, %s, %s, 'pt_BR', 'UTILITY', 'PENDING', '[]', now() - interval '1 d')",
                [cena.cliente_id, cena.conexao_id, str(modelo), f"modelo_{modelo}"],
            )
        aparelho = wu.conectar(admin, cena.cliente_id, numero=wu.NUMERO)
        return Recepcao(cena, [cena.conexao_id, linha["id"]], aparelho, banco_ingresso, banco_worker)

    return fazer


def amostras() -> list[tuple[str, Any]]:
    return [("meta", wm.amostra(n)) for n in range(1, 41)] + [("uaizap", c) for c in wu.todas()]


async def embaralhar(r: Recepcao, semente: int, corpos: list[tuple[str, Any]]) -> None:
    """In an order of its own, with workers that take batches of different sizes while it still comes in."""
    sorte = random.Random(semente)
    fila = corpos * 2
    sorte.shuffle(fila)
    for inicio in range(0, len(fila), 15):
        await asyncio.gather(*(r.receber(c) for c in fila[inicio : inicio + 15]))
        await asyncio.gather(*(r.processar(sorte.choice([1, 3, 10])) for _ in range(3)))
    while await r.processar(sorte.choice([1, 7, 100])):
        pass


async def test_cada_amostra_tem_efeito_ou_motivo(recepcao: Callable[..., Any], admin: Admin) -> None:
    r = await recepcao()
    for corpo in amostras():
        await r.receber(corpo)
    await r.processar(500)
    linhas = admin.execute(
        "select status, motivo, erro_texto, campos from webhooks_recebidos where cliente_id = %s", [r.cena.cliente_id]
    ).fetchall()
    assert len(linhas) >= 40 + len(wu.todas()), "a body of two numbers is kept in parts"
    sem = [x for x in linhas if x["status"] != "PROCESSADO"]
    assert all(x["motivo"] and x["erro_texto"] for x in sem)
    assert sorted((x["status"], x["motivo"]) for x in sem) == [
        ("DESCARTADO", "ECO_DE_OUTRO_SISTEMA"), ("DESCARTADO", "SEM_EFEITO"), ("DESCARTADO", "SEM_EFEITO"),
        ("IGNORADO", "CAMPO_DESCONHECIDO"),
    ]  # fmt: skip
    assert all(x["campos"] for x in linhas)


async def test_duas_vezes_e_em_qualquer_ordem(recepcao: Callable[..., Any], admin: Admin) -> None:
    fotos = []
    for semente in SEMENTES:
        r = await recepcao()
        await embaralhar(r, semente, amostras())
        fotos.append(retratar(admin, r.cena.cliente_id))
        # a notice without a time of its own is noted again when it comes again after another
        fotos[-1]["ocorrencias"] = sorted(set(fotos[-1]["ocorrencias"]))
    assert len(fotos[0]["mensagens"]) > 40 and len(fotos[0]["contatos"]) == 4
    for foto in fotos[1:]:
        assert diferencas(fotos[0], foto) == {}


async def test_o_retrato_ve_uma_diferenca(recepcao: Callable[..., Any], admin: Admin) -> None:
    """The comparison above convicts one body less."""
    fotos = []
    for corpos in (amostras(), amostras()[1:]):
        r = await recepcao()
        await embaralhar(r, 1, corpos)
        fotos.append(retratar(admin, r.cena.cliente_id))
    assert {"mensagens", "webhooks_recebidos"} <= set(diferencas(*fotos))


async def test_um_dia_reprocessado_duas_vezes(recepcao: Callable[..., Any], admin: Admin, banco_api: Banco) -> None:
    """C8: all of it back to the queue, twice; nothing changes, whatever people did in between."""
    r = await recepcao()
    await embaralhar(r, 5, amostras())
    sessao = r.cena.sessao
    conversas = admin.execute("select id from conversas where cliente_id = %s", [sessao.cliente_id]).fetchall()
    for x in conversas[::2]:
        await chamar(banco_api, "api.conversa_ler", **sessao.args, p_id=x["id"])
    antes = retratar(admin, sessao.cliente_id)
    total = len(antes["webhooks_recebidos"])
    for _ in range(2):
        repostos, cursor = 0, None
        while True:
            feito = await chamar(
                banco_api, "api.evento_reprocessar", **sessao.args, p_de="2020-01-01T00:00:00Z", p_cursor=cursor
            )
            repostos += feito["reenfileirados"]
            cursor = feito["proximoCursor"]
            if cursor is None:
                break
        assert repostos == total
        again = await chamar(banco_api, "api.evento_reprocessar", **sessao.args, p_de="2020-01-01T00:00:00Z")
        assert again["reenfileirados"] == 0, "what waits already is left alone"
        await asyncio.gather(*(r.processar(7) for _ in range(3)))
        while await r.processar(100):
            pass
        assert diferencas(antes, retratar(admin, sessao.cliente_id)) == {}
