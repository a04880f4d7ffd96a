"""A room where people wait: one tenant with teams, who serves, and the queue between them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar, cru
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
        cenas.resolver(self.admin, self.cena.cliente_id, id_)

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

    async def calendario_fechado(self, nome: str) -> tuple[UUID, datetime]:
        """Open for an hour a day, the next time in some six hours; and when that is."""
        abre = (datetime.now(UTC) + timedelta(hours=6)).replace(minute=0, second=0, microsecond=0)
        faixas = [{"dia": d, "inicio": f"{abre.hour:02d}:00", "fim": f"{abre.hour:02d}:59"} for d in range(1, 8)]
        feito = await self.chamar("api.calendario_criar", p_nome=nome, p_fuso="UTC", p_faixas=cru(faixas))
        return UUID(feito["id"]), abre

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
