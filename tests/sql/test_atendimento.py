"""The waiting queue: each conversation to one person, the longest wait first, never more than somebody can serve."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from app.banco import Banco
from app.embutido import SUPERUSUARIO
from app.erros import Erro
from bench.planos import Espia
from tests import webhooks_meta as wm
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

AGORA = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Salao:
    """One tenant with teams, people who serve, and persons who wait."""

    cena: Cena
    admin: Admin
    banco_api: Banco
    banco_worker: Banco
    pessoas: Iterator[UUID] = field(default_factory=lambda: iter(()))

    async def chamar(self, funcao: str, sessao: Sessao | None = None, **extra: Any) -> Any:
        return await chamar(self.banco_api, funcao, **(sessao or self.cena.sessao).args, **extra)

    async def atendentes(self, quantos: int, capacidade: int = 5, perfil: str = "ATENDENTE") -> list[Sessao]:
        linha = self.admin.execute(
            "select id from perfis where cliente_id = %s and codigo = %s", [self.cena.cliente_id, perfil]
        ).fetchone()
        assert linha
        feitos = self.admin.execute(
            "insert into usuarios (cliente_id, perfil_id, nome, email, capacidade)"
            " select %s, %s, 'Atendente ' || n, %s || n || '@exemplo.test', %s from generate_series(1, %s) as n"
            " returning id",
            [self.cena.cliente_id, linha["id"], secrets.token_hex(6), capacidade, quantos],
        ).fetchall()
        return [abrir_sessao(self.admin, self.cena.cliente_id, f["id"]) for f in feitos]

    async def equipe(self, *membros: Sessao) -> UUID:
        feita = await self.chamar(
            "api.equipe_criar", p_nome=f"Equipe {secrets.token_hex(4)}", p_membros=[m.usuario_id for m in membros]
        )
        return UUID(feita["id"])

    def esperar(self, equipe: UUID | None = None, minutos: float = 1, prioridade: str = "NORMAL", **mais: Any) -> UUID:
        """Somebody who wrote so many minutes ago and waits."""
        desde = AGORA - timedelta(minutes=minutos)
        valores = {
            "cliente_id": self.cena.cliente_id, "conexao_id": self.cena.conexao_id, "contato_id": next(self.pessoas),
            "equipe_id": equipe, "prioridade": prioridade, "espera_desde": desde, "ultima_entrada_em": desde,
            "fila_em": desde, **mais,
        }  # fmt: skip
        linha = self.admin.execute(
            f"insert into conversas ({', '.join(valores)}) values ({', '.join(['%s'] * len(valores))}) returning id",
            list(valores.values()),
        ).fetchone()
        assert linha
        return UUID(str(linha["id"]))

    async def proximo(self, sessao: Sessao, equipe: UUID | None = None) -> UUID | None:
        dada = (await self.chamar("api.atendimento_proximo", sessao, p_equipe_id=equipe))["conversa"]
        if dada is not None:
            assert (dada["usuarioId"], dada["status"]) == (str(sessao.usuario_id), "EM_ATENDIMENTO")
        return dada and UUID(dada["id"])

    async def recusa(self, sessao: Sessao, funcao: str = "api.atendimento_proximo", **extra: Any) -> str:
        with pytest.raises(Erro) as erro:
            await self.chamar(funcao, sessao, **extra)
        return erro.value.codigo

    def ver(self, consulta: str, *valores: object) -> list[dict[str, Any]]:
        return self.admin.execute(consulta.replace("$c", f"'{self.cena.cliente_id}'"), valores).fetchall()

    def conversa(self, id_: UUID) -> dict[str, Any]:
        (linha,) = self.ver("select * from conversas where cliente_id = $c and id = %s", id_)
        return linha

    @contextmanager
    def como_entrada(self) -> Iterator[Admin]:
        """Intake's role, with RLS in force."""
        with self.admin.transaction():
            self.admin.execute("set local role crm_fila")
            self.admin.execute("select set_config('app.cliente_id', %s, true)", [str(self.cena.cliente_id)])
            yield self.admin

    def dono(self, minutos: int, equipe: UUID | None = None) -> None:
        self.admin.execute(
            "update conexoes set dono_minutos = %s, equipe_id = %s where cliente_id = %s and id = %s",
            [minutos, equipe, self.cena.cliente_id, self.cena.conexao_id],
        )

    def resolver(self, id_: UUID) -> None:
        self.admin.execute(
            "update conversas set status = 'RESOLVIDA', motivo_id ="
            " (select m.id from motivos_resolucao as m where m.cliente_id = conversas.cliente_id order by m.id limit 1)"
            " where cliente_id = %s and id = %s",
            [self.cena.cliente_id, id_],
        )

    def voltar(self, id_: UUID) -> dict[str, Any]:
        """The person writes again, and the number reopens her conversation."""
        with self.como_entrada() as conexao:
            conexao.execute(
                "update conversas set status = 'ABERTA', ultima_entrada_em = now(), espera_desde = now()"
                " where cliente_id = %s and id = %s",
                [self.cena.cliente_id, id_],
            )
            conexao.execute(
                "select interno.conversas_entrar(%s, array[%s]::uuid[], now())", [self.cena.cliente_id, id_]
            )
        return self.conversa(id_)

    async def vencer(self, id_: UUID, travar: psycopg.Connection[Any] | None = None) -> None:
        """The instant comes at which a conversation waits no longer for who had it."""
        self.admin.execute(
            "update conversas set dono_ate = now() where cliente_id = %s and id = %s", [self.cena.cliente_id, id_]
        )
        self.admin.execute(
            "update fila set executar_em = now() where cliente_id = %s and tipo = 'dono_vencer' and alvo_id = %s",
            [self.cena.cliente_id, id_],
        )
        if travar:
            travar.execute("select from conversas where id = %s for update", [id_])
        await self.executar()

    async def executar(self) -> None:
        await chamar(self.banco_worker, "worker.interno_executar", p_cliente_id=self.cena.cliente_id)


@pytest.fixture
async def salao(admin: Admin, banco_api: Banco, banco_worker: Banco, novo_cliente: Callable[..., Any]) -> Salao:
    cena = cenas.montar(admin, await novo_cliente("Salão"), 300)
    return Salao(cena, admin, banco_api, banco_worker, iter(cena.contatos))


# ------------------------------------------------------------------ order and reach


async def test_prioridade_e_depois_a_espera_mais_longa(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1, capacidade=20)
    minha, alheia = await salao.equipe(ivo), await salao.equipe()
    salao.esperar(alheia, 999, "URGENTE")
    esperadas = [
        salao.esperar(minha, 1, "URGENTE"),
        salao.esperar(None, 1, "ALTA"),
        salao.esperar(minha, 50),
        salao.esperar(None, 40),
        # answered and given back: waits since it lost its owner
        salao.esperar(minha, 30, espera_desde=None),
        # waited two days for a person who then wrote ten minutes ago
        salao.esperar(minha, 10, fila_em=AGORA - timedelta(days=2)),
        salao.esperar(minha, 500, "BAIXA"),
    ]
    # not for anybody: a bot speaks, it is put off, somebody has it, nobody ever wrote
    salao.esperar(minha, 900, controle="BOT")
    salao.esperar(minha, 900, status="ADIADA", adiada_ate=AGORA + timedelta(days=1))
    salao.esperar(minha, 900, status="EM_ATENDIMENTO", usuario_id=salao.cena.sessao.usuario_id)
    salao.esperar(minha, 900, espera_desde=None, ultima_entrada_em=None)
    naFila = (await salao.chamar("api.atendimento_obter", ivo))["naFila"]
    vistas = [await salao.proximo(ivo) for _ in range(len(esperadas) + 1)]
    assert vistas == [*esperadas, None]
    assert naFila == len(esperadas)


async def test_uma_fila_so_e_a_dos_outros(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    (rui,) = await salao.atendentes(1, perfil="SUPERVISOR")
    salao.admin.execute(
        "update perfis set visibilidade = 'TODAS' where cliente_id = %s and id = %s",
        [salao.cena.cliente_id, rui.perfil_id],
    )
    vendas, suporte = await salao.equipe(ivo), await salao.equipe(lia)
    salao.esperar(None, 60)
    de_vendas, de_suporte = salao.esperar(vendas, 10), salao.esperar(suporte, 20)
    assert await salao.recusa(ivo, p_equipe_id=suporte) == "ZNI04"
    assert await salao.recusa(ivo, p_equipe_id=UUID(int=1)) == "ZNI04"
    assert await salao.proximo(ivo, vendas) == de_vendas
    assert await salao.proximo(ivo, vendas) is None, "the common queue was not asked for"
    assert await salao.proximo(rui, suporte) == de_suporte, "who sees every team may take from it"


async def test_de_outro_cliente_nada_se_recebe(
    salao: Salao, admin: Admin, banco_api: Banco, banco_worker: Banco, novo_cliente: Callable[..., Any]
) -> None:
    outro_cena = cenas.montar(admin, await novo_cliente("Outro"), 3)
    outro = Salao(outro_cena, admin, banco_api, banco_worker, iter(outro_cena.contatos))
    (ivo,) = await salao.atendentes(1)
    (eva,) = await outro.atendentes(1)
    dela = await outro.equipe(eva)
    id_ = outro.esperar(dela)
    outro.esperar(None)
    assert await salao.proximo(ivo) is None
    assert await salao.recusa(ivo, p_equipe_id=dela) == "ZNI04"
    assert {f["id"] for f in (await salao.chamar("api.filas_listar"))["dados"]} == {None}
    assert await outro.proximo(eva, dela) == id_


async def test_recusas_de_quem_nao_pode_receber(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1, capacidade=1)
    primeira, segunda = salao.esperar(minutos=2), salao.esperar()
    for estado in ("PAUSA", "AUSENTE"):
        mesa = await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade=estado, p_motivo="Almoço")
        assert (mesa["disponibilidade"], mesa["disponibilidadeMotivo"], mesa["naFila"]) == (estado, "Almoço", 2)
        assert await salao.recusa(ivo) == "ZCA06"
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="DISPONIVEL")
    assert await salao.proximo(ivo) == primeira
    assert await salao.recusa(ivo) == "ZCA05"
    mesa = await salao.chamar("api.atendimento_obter", ivo)
    assert (mesa["emAtendimento"], mesa["capacidade"], mesa["naFila"]) == (1, 1, 1)
    usuario = await salao.chamar("api.usuario_atendimento_atualizar", p_id=ivo.usuario_id, p_capacidade=2)
    assert usuario["capacidade"] == 2
    assert await salao.proximo(ivo) == segunda
    for extra, codigo in (
        ({"p_id": ivo.usuario_id, "p_capacidade": 201}, "ZRG01"),
        ({"p_id": ivo.usuario_id, "p_capacidade": 3, "p_versao": 1}, "ZCG02"),
        ({"p_id": UUID(int=1), "p_capacidade": 3}, "ZNI02"),
    ):
        assert await salao.recusa(salao.cena.sessao, "api.usuario_atendimento_atualizar", **extra) == codigo
    assert await salao.recusa(ivo, "api.usuario_atendimento_atualizar", p_id=ivo.usuario_id, p_capacidade=9) == "ZPG01"
    assert await salao.recusa(ivo, "api.disponibilidade_atualizar", p_disponibilidade="SUMIDO") == "ZRG01"


async def test_receber_ou_pausar_nao_encerra_a_sessao_guardada(salao: Salao) -> None:
    """What is kept at the edge of who somebody is (the proof of her session) stays good; her slots are news."""
    (ivo,) = await salao.atendentes(1)
    salao.esperar()

    def avisos() -> list[str]:
        vistos = salao.ver("delete from eventos where cliente_id = $c and alvo_id = %s returning tipo", ivo.usuario_id)
        return sorted({v["tipo"] for v in vistos})

    avisos()
    await salao.proximo(ivo)
    assert avisos() == []
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="PAUSA")
    assert avisos() == ["atendimento_mudou"]
    await salao.chamar("api.usuario_atendimento_atualizar", p_id=ivo.usuario_id, p_capacidade=9)
    assert avisos() == ["atendimento_mudou", "usuario_mudou"]
    salao.admin.execute("update usuarios set ativo = false where id = %s", [ivo.usuario_id])
    assert "sessao_mudou" in avisos(), "a control"


# ------------------------------------------------------------------ many at once


async def puxar_tudo(salao: Salao, sessoes: list[Sessao], ao_mesmo_tempo: int = 1) -> list[tuple[UUID, UUID]]:
    """Everybody pulls until there is nothing, or no slot; who got what."""
    recebidas: list[tuple[UUID, UUID]] = []

    async def puxar(sessao: Sessao) -> None:
        while True:
            try:
                id_ = await salao.proximo(sessao)
            except Erro as erro:
                assert erro.codigo == "ZCA05"
                return
            if id_ is None:
                return
            recebidas.append((id_, sessao.usuario_id))

    await asyncio.gather(*(puxar(s) for s in sessoes for _ in range(ao_mesmo_tempo)))
    return recebidas


async def test_cinquenta_pessoas_e_duzentas_conversas(salao: Salao) -> None:
    sessoes = await salao.atendentes(50, capacidade=5)
    equipe = await salao.equipe(*sessoes)
    # two queues, served as one
    ordem = [salao.esperar(equipe if n % 3 else None, 500 - n) for n in range(200)]
    recebidas = await puxar_tudo(salao, sessoes)
    ids = [id_ for id_, _ in recebidas]
    assert len(ids) == len(set(ids)) == 200, "each once, and none left"
    cargas = salao.ver(
        "select usuario_id, count(*) as n from conversas where cliente_id = $c and usuario_id is not null group by 1"
    )
    assert sum(c["n"] for c in cargas) == 200 and max(c["n"] for c in cargas) <= 5
    dadas = [
        d["id"]
        for d in salao.ver(
            "select id from conversas where cliente_id = $c and status = 'EM_ATENDIMENTO' order by atribuida_em"
        )
    ]
    # whoever waited longer was given at most as many later as there were calls at once

    def atraso(dadas: list[UUID]) -> int:
        return max(dadas.index(id_) - lugar for lugar, id_ in enumerate(ordem))

    assert atraso(dadas) <= 50
    assert atraso(random.Random(1).sample(ordem, 200)) > 50, "a control: any order would not do"


PAUSA = "perform pg_sleep(0.03);"


@contextmanager
def trocar(admin: Admin, funcao: str, *trocas: tuple[str, str]) -> Iterator[None]:
    """The function as it would be with something else in it."""
    linha = admin.execute("select pg_get_functiondef(%s::regproc) as texto", [funcao]).fetchone()
    assert linha
    outra = linha["texto"]
    for de, para in trocas:
        assert de in outra
        outra = outra.replace(de, para)
    admin.execute(outra)
    try:
        yield
    finally:
        admin.execute(linha["texto"])


LENTA = ("    if v_ocupadas >= v_capacidade then", f"    {PAUSA}\n    if v_ocupadas >= v_capacidade then")
SEM_TRAVA = ("    for no key update;\n    if not found then", ";\n    if not found then")


@pytest.mark.parametrize("trava", [True, False])
async def test_a_trava_da_pessoa_guarda_a_capacidade(salao: Salao, trava: bool) -> None:
    """Ten people, eight pulls of each at once, three slots: thirty conversations. Without the lock it is more."""
    sessoes = await salao.atendentes(10, capacidade=3)
    equipe = await salao.equipe(*sessoes)
    for n in range(90):
        salao.esperar(equipe, n)
    with trocar(salao.admin, "interno.atendente_travar", LENTA, *([] if trava else [SEM_TRAVA])):
        recebidas = await puxar_tudo(salao, sessoes, 8)
    cargas = [sum(1 for _, u in recebidas if u == s.usuario_id) for s in sessoes]
    assert len({id_ for id_, _ in recebidas}) == len(recebidas)
    if trava:
        assert cargas == [3] * 10
    else:
        assert max(cargas) > 3, "a control: the race is there to be lost"


DEPOIS = ("        exit when found or cardinality(v_ids) < c_vistas;", f"        {PAUSA}\n        exit;")


@pytest.mark.parametrize("trava", [True, False])
async def test_a_trava_da_conversa_a_da_uma_vez_so(salao: Salao, trava: bool) -> None:
    """One pull of each of twenty people, twenty conversations: one each, and nobody is told that there is none."""
    sessoes = await salao.atendentes(20)
    equipe = await salao.equipe(*sessoes)
    for n in range(20):
        salao.esperar(equipe, n)
    troca = [] if trava else [("for no key update of v skip locked", "")]
    with trocar(salao.admin, "interno.fila_pegar", DEPOIS, *troca):
        dadas = await asyncio.gather(*(salao.proximo(s) for s in sessoes))
    ids = [d for d in dadas if d]
    if trava:
        assert len(set(ids)) == 20
    else:
        assert len(set(ids)) < len(ids), "a control: one was given twice"


async def test_ninguem_espera_por_quem_esta_pegando(salao: Salao, url_de: Callable[[str], str]) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    ids = [salao.esperar(equipe, 50 - n) for n in range(3)]
    with psycopg.connect(url_de(SUPERUSUARIO)) as outra:
        outra.execute("select from conversas where id = %s for update", [ids[0]])
        assert await salao.proximo(ivo) == ids[1]
        with trocar(salao.admin, "interno.fila_pegar", ("update of v skip locked", "update of v")):
            puxada = asyncio.create_task(salao.proximo(lia))
            await asyncio.sleep(0.3)
            assert not puxada.done(), "a control: without SKIP LOCKED one waits for the other"
            outra.rollback()
            assert await puxada == ids[0]


async def test_uma_pagina_inteira_ocupada_nao_esconde_as_outras(salao: Salao, url_de: Callable[[str], str]) -> None:
    """A hundred held by others at this moment: the next look finds those behind them."""
    (ivo,) = await salao.atendentes(1)
    equipe = await salao.equipe(ivo)
    ids = [salao.esperar(equipe, 500 - n) for n in range(101)]
    with psycopg.connect(url_de(SUPERUSUARIO)) as outra:
        outra.execute("select from conversas where id = any (%s) for update", [ids[:100]])
        puxada = asyncio.create_task(salao.proximo(ivo))
        await asyncio.sleep(0.3)
        assert not puxada.done(), "it looks again until somebody is done"
        outra.execute(
            "update conversas set status = 'RESOLVIDA', motivo_id = (select id from motivos_resolucao m"
            " where m.cliente_id = conversas.cliente_id limit 1) where id = %s",
            [ids[0]],
        )
        outra.commit()
        # let go of one by one while it looks: any of them, as long as it is not the one that is over
        assert await puxada in ids[1:]


# ------------------------------------------------------------------ who had it first


async def test_volta_a_quem_a_atendia(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(30, equipe)
    minha = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == minha
    salao.resolver(minha)
    vista = salao.voltar(minha)
    assert (vista["usuario_id"], vista["dono_id"], vista["status"]) == (None, ivo.usuario_id, "ABERTA")
    assert vista["dono_ate"] - datetime.now(UTC) > timedelta(minutes=29)
    assert await salao.proximo(lia) is None, "it is not given to another"
    urgente = salao.esperar(equipe, 60, "URGENTE")
    assert (await salao.chamar("api.atendimento_obter", ivo))["naFila"] == 2
    assert await salao.proximo(ivo) == minha, "before whatever else waits"
    vista = salao.conversa(minha)
    assert (vista["dono_id"], vista["dono_ate"]) == (None, None)
    await salao.vencer(minha)
    assert salao.conversa(minha)["usuario_id"] == ivo.usuario_id, "the job finds nothing to do"
    assert await salao.proximo(lia) == urgente


async def test_na_hora_marcada_cai_na_fila(salao: Salao, url_de: Callable[[str], str]) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(30, equipe)
    id_ = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == id_
    salao.resolver(id_)
    salao.voltar(id_)
    (trabalho,) = salao.ver("select executar_em from fila where cliente_id = $c and alvo_id = %s", id_)
    assert trabalho["executar_em"] == salao.conversa(id_)["dono_ate"]
    await salao.executar()
    assert salao.conversa(id_)["dono_id"] == ivo.usuario_id, "not before its time"
    with psycopg.connect(url_de(SUPERUSUARIO)) as outra:
        # somebody holds the row at that instant: later, not never
        await salao.vencer(id_, travar=outra)
    assert salao.conversa(id_)["dono_id"] == ivo.usuario_id
    assert len(salao.ver("select from fila where cliente_id = $c and alvo_id = %s", id_)) == 1
    await salao.vencer(id_)
    assert salao.conversa(id_)["dono_id"] is None
    assert salao.ver("select from fila where cliente_id = $c and alvo_id = %s", id_) == []
    assert await salao.proximo(lia) == id_


async def test_uma_conversa_nova_espera_por_quem_atendeu_a_anterior(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(10, equipe)
    antiga = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == antiga
    salao.resolver(antiga)
    nova = salao.esperar(None, 1, contato_id=salao.conversa(antiga)["contato_id"])
    assert salao.conversa(nova)["equipe_id"] == equipe, "the queue of its number"
    with salao.como_entrada() as conexao:
        conexao.execute("select interno.conversas_entrar(%s, array[%s]::uuid[], now())", [salao.cena.cliente_id, nova])
    assert salao.conversa(nova)["dono_id"] == ivo.usuario_id
    assert await salao.proximo(lia) is None
    assert await salao.proximo(ivo) == nova


@pytest.mark.parametrize("reabertura", ["REABRIR", "NOVA"])
async def test_quem_escreve_de_novo_acha_quem_a_atendeu(salao: Salao, banco_ingresso: Banco, reabertura: str) -> None:
    """Through intake, whichever the number does: it opens in its team's queue, and comes back to who had it."""
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(30, equipe)
    salao.admin.execute(
        "update conexoes set reabertura = %s where cliente_id = %s and id = %s",
        [reabertura, salao.cena.cliente_id, salao.cena.conexao_id],
    )
    (numero,) = salao.ver("select numero_id_externo as n, conta_id_externa as c from conexoes where cliente_id = $c")
    de = f"55119{secrets.randbelow(10**8):08d}"

    async def escrever(n: int) -> dict[str, Any]:
        mensagem = {
            "from": de, "id": f"wamid.{secrets.token_hex(9)}", "timestamp": str(int(AGORA.timestamp()) + n),
            "type": "text", "text": {"body": "oi"},
        }  # fmt: skip
        pessoa = [{"profile": {"name": "Eva"}, "wa_id": de}]
        corpo = wm.corpo_de(wm.envelope(numero["n"], numero["c"], contacts=pessoa, messages=[mensagem]))
        await chamar(
            banco_ingresso, "webhook.evento_receber", p_conexoes=[salao.cena.conexao_id], p_corpo=corpo, p_legivel=True
        )
        await salao.executar()
        return salao.ver("select * from conversas where cliente_id = $c order by id desc limit 1")[0]

    primeira = await escrever(0)
    assert (primeira["equipe_id"], primeira["dono_id"]) == (equipe, None)
    assert await salao.proximo(ivo) == primeira["id"]
    salao.resolver(primeira["id"])
    voltou = await escrever(1)
    assert (voltou["id"] == primeira["id"]) is (reabertura == "REABRIR")
    assert (voltou["status"], voltou["equipe_id"], voltou["dono_id"]) == ("ABERTA", equipe, ivo.usuario_id)
    assert await salao.proximo(lia) is None
    assert await salao.proximo(ivo) == voltou["id"]


@pytest.mark.parametrize("como", ["ausente", "desativado", "sem_equipe", "numero_sem_espera", "pausa"])
@pytest.mark.parametrize("quando", ["antes", "depois"])
async def test_quem_nao_vira_nao_segura(salao: Salao, como: str, quando: str) -> None:
    """At once, whether it became so before the person came back or while she waits; a pause is no absence."""
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(30, equipe)
    id_ = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == id_
    salao.resolver(id_)

    async def sair() -> None:
        if como in ("ausente", "pausa"):
            estado = "AUSENTE" if como == "ausente" else "PAUSA"
            await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade=estado)
        elif como == "desativado":
            await salao.chamar("api.usuario_desativar", p_id=ivo.usuario_id)
        elif como == "sem_equipe":
            await salao.chamar("api.equipe_atualizar", p_id=equipe, p_membros=[lia.usuario_id])
        else:
            salao.dono(0, equipe)

    if quando == "antes":
        await sair()
        vista = salao.voltar(id_)
    else:
        salao.voltar(id_)
        assert salao.conversa(id_)["dono_id"] == ivo.usuario_id
        await sair()
        vista = salao.conversa(id_)
    # the setting of a number counts when the person comes back
    espera = como == "pausa" or (como == "numero_sem_espera" and quando == "depois")
    assert vista["dono_id"] == (ivo.usuario_id if espera else None)
    assert await salao.proximo(lia) == (None if espera else id_)


async def test_fora_do_expediente_o_tempo_do_dono_nao_corre(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1)
    equipe = await salao.equipe(ivo)
    salao.dono(30, equipe)
    agora = datetime.now(UTC)
    # open for an hour a day, the next time in some six hours
    abre = (agora + timedelta(hours=6)).replace(minute=0, second=0, microsecond=0)
    faixas = [{"dia": d, "inicio": f"{abre.hour:02d}:00", "fim": f"{abre.hour:02d}:59"} for d in range(1, 8)]
    calendario = await salao.chamar(
        "api.calendario_criar", p_nome="Tarde", p_fuso="UTC", p_faixas=msgspec.Raw(msgspec.json.encode(faixas))
    )
    equipe_lida = await salao.chamar(
        "api.equipe_atendimento_atualizar", p_id=equipe, p_calendario_id=UUID(calendario["id"]), p_distribuicao="MANUAL"
    )
    assert equipe_lida["aberta"] is False
    assert datetime.fromisoformat(equipe_lida["proximaAbertura"]) == abre
    id_ = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == id_
    salao.resolver(id_)
    assert salao.voltar(id_)["dono_ate"] == abre + timedelta(minutes=30)
    (fila,) = [f for f in (await salao.chamar("api.filas_listar"))["dados"] if f["id"] == str(equipe)]
    assert (fila["aberta"], fila["esperando"], fila["reservadas"]) == (False, 1, 1)
    assert fila["esperaUtilSegundos"] == 0 <= fila["esperaSegundos"]


async def test_assumida_por_outro_ou_transferida_deixa_de_esperar(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe, outra = await salao.equipe(ivo, lia), await salao.equipe(lia)
    salao.dono(30, equipe)
    for mudanca in ("usuario_id", "equipe_id"):
        id_ = salao.esperar(equipe, 5)
        assert await salao.proximo(ivo) == id_
        salao.resolver(id_)
        assert salao.voltar(id_)["dono_id"] == ivo.usuario_id
        valor = lia.usuario_id if mudanca == "usuario_id" else outra
        salao.admin.execute(
            f"update conversas set {mudanca} = %s, status = %s where id = %s",
            [valor, "EM_ATENDIMENTO" if mudanca == "usuario_id" else "ABERTA", id_],
        )
        assert salao.conversa(id_)["dono_id"] is None


async def test_a_equipe_do_numero(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1)
    equipe = await salao.equipe(ivo)
    pedido: dict[str, Any] = {"p_id": salao.cena.conexao_id, "p_equipe_id": equipe, "p_dono_minutos": 5}
    conexao = await salao.chamar("api.conexao_atendimento_atualizar", **pedido)
    assert (conexao["equipeId"], conexao["donoMinutos"]) == (str(equipe), 5)
    assert salao.conversa(salao.esperar(None))["equipe_id"] == equipe
    salao.admin.execute("update equipes set ativo = false where id = %s", [equipe])
    assert salao.conversa(salao.esperar(None))["equipe_id"] is None, "a team that is no more has no queue"
    for extra, codigo in (
        ({"p_equipe_id": UUID(int=1)}, "ZNI04"), ({"p_dono_minutos": 1441}, "ZRG01"), ({"p_id": UUID(int=1)}, "ZNX01"),
    ):  # fmt: skip
        assert (
            await salao.recusa(salao.cena.sessao, "api.conexao_atendimento_atualizar", **{**pedido, **extra}) == codigo
        )
    assert await salao.recusa(ivo, "api.conexao_atendimento_atualizar", **pedido) == "ZPG01"


# ------------------------------------------------------------------ given without being asked for


@dataclass
class Automatica:
    """A team whose queue is handed out."""

    salao: Salao
    equipe: UUID

    def chegar(self, minutos: float = 1) -> UUID:
        """Somebody's first message, as intake leaves it."""
        id_ = self.salao.esperar(self.equipe, minutos, espera_desde=None, ultima_entrada_em=None)
        with self.salao.como_entrada() as conexao:
            conexao.execute(
                "update conversas set ultima_entrada_em = now(), espera_desde = now() - %s * interval '1 minute'"
                " where id = %s",
                [minutos, id_],
            )
        return id_

    def donos(self, *ids: UUID) -> list[UUID | None]:
        return [self.salao.conversa(i)["usuario_id"] for i in ids]


async def automatica(salao: Salao, *membros: Sessao, calendario: UUID | None = None) -> Automatica:
    equipe = await salao.equipe(*membros)
    await salao.chamar(
        "api.equipe_atendimento_atualizar", p_id=equipe, p_calendario_id=calendario, p_distribuicao="AUTOMATICA"
    )
    return Automatica(salao, equipe)


async def test_a_quem_atende_menos_e_nao_recebe_ha_mais_tempo(salao: Salao) -> None:
    ivo, lia, rui = await salao.atendentes(3, capacidade=2)
    fila = await automatica(salao, ivo, lia, rui)
    await salao.chamar("api.disponibilidade_atualizar", rui, p_disponibilidade="PAUSA")
    salao.admin.execute("update usuarios set recebeu_em = now() where id = %s", [ivo.usuario_id])
    recebem: list[UUID | None] = []
    for _ in range(5):
        id_ = fila.chegar()
        await salao.executar()
        recebem += fila.donos(id_)
    ivo_id, lia_id = ivo.usuario_id, lia.usuario_id
    assert recebem == [lia_id, ivo_id, lia_id, ivo_id, None], "in turns, up to what each serves"
    ultima = salao.ver("select id from conversas where cliente_id = $c and usuario_id is null")[0]["id"]
    # a slot: the one who resolved
    minha = salao.ver("select id from conversas where cliente_id = $c and usuario_id = %s", lia_id)[0]["id"]
    salao.resolver(minha)
    await salao.executar()
    assert fila.donos(ultima) == [lia_id]
    outra = fila.chegar()
    await salao.executar()
    assert fila.donos(outra) == [None]
    # a slot: the one who is back
    await salao.chamar("api.disponibilidade_atualizar", rui, p_disponibilidade="DISPONIVEL")
    await salao.executar()
    assert fila.donos(outra) == [rui.usuario_id]
    assert salao.ver("select from fila where cliente_id = $c and tipo like '%%distribuir'") == []


async def test_manual_ninguem_recebe_sem_pedir(salao: Salao) -> None:
    """A control of the above, and what already waits goes out when the team is made automatic."""
    (ivo,) = await salao.atendentes(1)
    fila = Automatica(salao, await salao.equipe(ivo))
    ids = [fila.chegar(n) for n in (3, 2)]
    await salao.executar()
    assert fila.donos(*ids) == [None, None]
    await salao.chamar(
        "api.equipe_atendimento_atualizar", p_id=fila.equipe, p_calendario_id=None, p_distribuicao="AUTOMATICA"
    )
    await salao.executar()
    assert fila.donos(*ids) == [ivo.usuario_id] * 2


async def test_fechada_a_equipe_a_fila_espera_que_abra(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1)
    abre = (datetime.now(UTC) + timedelta(hours=6)).replace(minute=0, second=0, microsecond=0)
    faixas = [{"dia": d, "inicio": f"{abre.hour:02d}:00", "fim": f"{abre.hour:02d}:59"} for d in range(1, 8)]
    calendario = await salao.chamar(
        "api.calendario_criar", p_nome="Noite", p_fuso="UTC", p_faixas=msgspec.Raw(msgspec.json.encode(faixas))
    )
    fila = await automatica(salao, ivo, calendario=UUID(calendario["id"]))
    id_ = fila.chegar()
    await salao.executar()
    assert fila.donos(id_) == [None]
    (trabalho,) = salao.ver("select executar_em from fila where cliente_id = $c and alvo_id = %s", id_)
    assert trabalho["executar_em"] == abre


async def test_quem_volta_espera_pelo_dono_antes_de_ser_dada(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2, capacidade=1)
    fila = await automatica(salao, ivo, lia)
    salao.dono(30, fila.equipe)
    id_ = fila.chegar()
    await salao.executar()
    (dono,) = fila.donos(id_)
    salao.resolver(id_)
    await salao.chamar(
        "api.disponibilidade_atualizar", ivo if dono == ivo.usuario_id else lia, p_disponibilidade="PAUSA"
    )
    salao.voltar(id_)
    await salao.executar()
    assert fila.donos(id_) == [None]
    await salao.vencer(id_)
    await salao.executar()
    assert fila.donos(id_) == [lia.usuario_id if dono == ivo.usuario_id else ivo.usuario_id]


async def test_varios_distribuem_e_puxam_ao_mesmo_tempo(salao: Salao) -> None:
    """Workers and people at once: each conversation once, nobody above what he serves, no slot left idle."""
    sessoes = await salao.atendentes(10, capacidade=5)
    fila = await automatica(salao, *sessoes)
    for n in range(60):
        fila.chegar(n)

    async def um_a_um() -> None:
        while await chamar(
            salao.banco_worker, "worker.interno_executar", p_cliente_id=salao.cena.cliente_id, p_limite=1
        ):
            pass

    await asyncio.gather(*(um_a_um() for _ in range(6)), puxar_tudo(salao, sessoes[:5]))
    for _ in range(3):
        salao.admin.execute("update fila set executar_em = now() where tipo like '%distribuir'")
        await salao.executar()
    cargas = salao.ver(
        "select usuario_id, count(*) as n from conversas where cliente_id = $c and usuario_id is not null group by 1"
    )
    assert sorted(c["n"] for c in cargas) == [5] * 10
    assert salao.ver("select count(*) as n from conversas where cliente_id = $c and usuario_id is null")[0]["n"] == 10
    dadas = salao.ver("select conversa_id, count(*) as n from conversas_historico where cliente_id = $c group by 1")
    assert {d["n"] for d in dadas} == {1}, "each given once"


# ------------------------------------------------------------------ the supervisor's wall, and the cost


async def test_filas_que_cada_um_ve(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2, capacidade=3)
    vendas, suporte = await salao.equipe(ivo, lia), await salao.equipe(lia)
    for n in (5, 8):
        salao.esperar(vendas, n)
    salao.esperar(vendas, 900, controle="BOT")
    salao.esperar(suporte, 1)
    salao.esperar(None, 2)
    salao.esperar(suporte, 1, status="ADIADA", adiada_ate=AGORA + timedelta(days=1))
    await salao.proximo(lia, suporte)
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="PAUSA")

    async def ver(sessao: Sessao) -> dict[Any, Any]:
        return {f["id"]: f for f in (await salao.chamar("api.filas_listar", sessao))["dados"]}

    todas = await ver(salao.cena.sessao)
    assert set(todas) == {str(vendas), str(suporte), None}
    f = todas[str(vendas)]
    assert (f["esperando"], f["emAtendimento"], f["disponiveis"], f["emPausa"], f["vagas"]) == (2, 0, 1, 1, 2)
    desde_a_cena = (datetime.now(UTC) - AGORA).total_seconds()
    assert 8 * 60 <= f["esperaSegundos"] == f["esperaUtilSegundos"] <= 8 * 60 + desde_a_cena + 1
    f = todas[str(suporte)]
    assert (f["esperando"], f["emAtendimento"], f["adiadas"], f["vagas"]) == (0, 1, 1, 2)
    assert todas[None]["esperando"] == 1
    dele = await ver(ivo)
    assert set(dele) == {str(vendas), None}, "an agent sees the queues that are his"
    assert dele[str(vendas)]["esperando"] == 2
    paginas = [await salao.chamar("api.filas_listar", p_limite=1)]
    while cursor := paginas[-1]["meta"]["proximoCursor"]:
        paginas.append(await salao.chamar("api.filas_listar", p_limite=1, p_cursor=cursor))
    assert [f["id"] for p in paginas for f in p["dados"]] == [str(suporte), str(vendas), None]


async def test_quem_atende_e_quanto(salao: Salao, novo_cliente: Callable[..., Any]) -> None:
    ivo, lia = await salao.atendentes(2, capacidade=3)
    (chefe,) = await salao.atendentes(1, perfil="SUPERVISOR")
    vendas = await salao.equipe(ivo, chefe)
    vizinho = await novo_cliente("Vizinha")
    for n in (5, 8):
        salao.esperar(vendas, n)
        await salao.proximo(ivo, vendas)
    salao.admin.execute("update conversas set espera_desde = null where usuario_id = %s and espera_desde > %s", [
        ivo.usuario_id, AGORA - timedelta(minutes=7),
    ])  # fmt: skip
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="PAUSA", p_motivo="Almoço")

    async def ver(sessao: Sessao) -> dict[Any, Any]:
        return {p["id"]: p for p in (await salao.chamar("api.atendentes_listar", sessao))["dados"]}

    todos = await ver(salao.cena.sessao)
    assert set(todos) == {str(s.usuario_id) for s in (ivo, lia, chefe, salao.cena.sessao)}
    dele = todos[str(ivo.usuario_id)]
    assert (dele["disponibilidade"], dele["disponibilidadeMotivo"]) == ("PAUSA", "Almoço")
    assert (dele["emAtendimento"], dele["capacidade"], dele["semResposta"]) == (2, 3, 1)
    assert datetime.fromisoformat(dele["esperaDesde"]) == AGORA - timedelta(minutes=8)
    assert (todos[str(lia.usuario_id)]["semResposta"], todos[str(lia.usuario_id)]["esperaDesde"]) == (0, None)
    assert set(await ver(chefe)) == {str(ivo.usuario_id), str(chefe.usuario_id)}, "who sees a team sees its people"
    assert set(await ver(vizinho)) == {str(vizinho.usuario_id)}
    with pytest.raises(Erro) as recusa:
        await ver(ivo)
    assert recusa.value.corpo.codigo == "ZPG01"


async def test_a_fila_se_le_pelo_indice_qualquer_que_seja_o_historico(
    salao: Salao, url_de: Callable[[str], str]
) -> None:
    """Twenty thousand conversations that are over cost the next one nothing: the index holds what waits."""
    (ivo,) = await salao.atendentes(1)
    equipe = await salao.equipe(ivo)
    salao.admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, equipe_id, status, motivo_id, ultima_entrada_em)"
        " select %(c)s, %(x)s, (%(p)s::uuid[])[1 + n %% 300], %(e)s, 'RESOLVIDA',"
        " (select id from motivos_resolucao where cliente_id = %(c)s limit 1), now()"
        " from generate_series(1, 20000) as n",
        {"c": salao.cena.cliente_id, "x": salao.cena.conexao_id, "p": salao.cena.contatos, "e": equipe},
    )
    for n in range(200):
        salao.esperar(equipe if n % 2 else None, n)
    salao.admin.execute("analyze conversas")
    espia = Espia(url_de(SUPERUSUARIO))
    try:
        visto = espia.ver(
            "crm_definidor",
            "select (interno.fila_pegar(%(c)s, %(u)s, array[%(e)s]::uuid[], true)).id",
            {"c": salao.cena.cliente_id, "u": ivo.usuario_id, "e": equipe},
            salao.cena.cliente_id,
        )
        das_conversas = [n for n in visto.nos if n.tabela == "conversas" or (n.indice or "").startswith("conversas")]
        assert {"conversas_fila_idx", "conversas_dono_id_idx"} <= visto.indices
        assert [n for n in das_conversas if n.tipo == "Seq Scan"] == []
        assert all("cliente_id" in n.condicao for n in das_conversas), das_conversas
        assert sum(n.descartadas for n in das_conversas) == 0 and max(n.lidas for n in das_conversas) <= 200
        assert visto.blocos < 3000
        tudo = espia.ver("crm_definidor", "select count(*) from conversas where versao = 7", {}, salao.cena.cliente_id)
        assert "conversas_fila_idx" not in tudo.indices, "a control: the same eyes see another way"
    finally:
        espia.fechar()
