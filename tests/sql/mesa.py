"""A desk: one tenant, its agents in teams, and the conversations that they share."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests import webhooks_meta as wm
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

# what must hold of every conversation, whatever happened to it
INVARIANTES = (
    "select id, status from conversas where cliente_id = %s and not ("
    " (status not in ('EM_ATENDIMENTO', 'AGUARDANDO_CLIENTE') or usuario_id is not null)"
    " and (status = 'ADIADA') = (adiada_ate is not null)"
    " and (status = 'RESOLVIDA') = (resolvida_em is not null and motivo_id is not null)"
    " and (usuario_id is null) = (fila_em is not null) and (usuario_id is null) = (atribuida_em is null)"
    " and (usuario_id is not null) = (controle = 'HUMANO'))"
)


@dataclass
class Mesa:
    """`cena.sessao` is the administrator; `agente` makes more people."""

    cena: Cena
    admin: Admin
    banco_api: Banco
    banco_worker: Banco
    banco_ingresso: Banco

    @property
    def dona(self) -> Sessao:
        return self.cena.sessao

    def ver(self, consulta: str, *valores: object) -> list[dict[str, Any]]:
        return self.admin.execute(consulta, valores).fetchall()

    def um(self, consulta: str, *valores: object) -> dict[str, Any]:
        (linha,) = self.ver(consulta, *valores)
        return linha

    def agente(self, perfil: str = "ATENDENTE", *equipes: UUID, nome: str = "Agente") -> Sessao:
        linha = self.um(
            "insert into usuarios (cliente_id, nome, email, perfil_id)"
            " select %s, %s, %s, p.id from perfis as p where p.cliente_id = %s and p.codigo = %s returning id",
            self.cena.cliente_id, nome, f"a-{secrets.token_hex(6)}@exemplo.test", self.cena.cliente_id, perfil,
        )  # fmt: skip
        for equipe in equipes:
            self.admin.execute(
                "insert into equipes_membros (cliente_id, equipe_id, usuario_id) values (%s, %s, %s)",
                [self.cena.cliente_id, equipe, linha["id"]],
            )
        return abrir_sessao(self.admin, self.cena.cliente_id, linha["id"])

    def equipe(self, nome: str = "Vendas") -> UUID:
        id_: UUID = self.um(
            "insert into equipes (cliente_id, nome) values (%s, %s) returning id",
            self.cena.cliente_id, f"{nome} {secrets.token_hex(3)}",
        )["id"]  # fmt: skip
        return id_

    def conversa(self, contato: int = 0, *, equipe: UUID | None = None) -> UUID:
        id_ = cenas.conversar(self.admin, self.cena, self.cena.contatos[contato])
        self.admin.execute("update conversas set equipe_id = %s where id = %s", [equipe, id_])
        self.admin.execute("delete from conversas_historico where conversa_id = %s", [id_])
        return id_

    def motivo(self) -> UUID:
        id_: UUID = self.ver(
            "select id from motivos_resolucao where cliente_id = %s and ativo order by id limit 1", self.cena.cliente_id
        )[0]["id"]
        return id_

    def estado(self, conversa: UUID) -> dict[str, Any]:
        return self.um("select * from conversas where id = %s", conversa)

    def historico(self, conversa: UUID) -> list[str]:
        return [
            h["tipo"]
            for h in self.ver(
                "select tipo from conversas_historico where conversa_id = %s order by ocorrido_em, id", conversa
            )
        ]

    async def fazer(self, verbo: str, conversa: UUID, sessao: Sessao | None = None, **extra: Any) -> Any:
        sessao = sessao or self.dona
        return await chamar(self.banco_api, f"api.conversa_{verbo}", **sessao.args, p_id=conversa, **extra)

    async def recusa(self, verbo: str, conversa: UUID, sessao: Sessao | None = None, **extra: Any) -> str | None:
        """The code of the refusal; None when it was done."""
        try:
            await self.fazer(verbo, conversa, sessao, **extra)
        except Erro as erro:
            return erro.codigo
        return None

    async def escrever(self, conversa: UUID, sessao: Sessao | None = None, texto: str = "oi", **extra: Any) -> Any:
        return await chamar(
            self.banco_api, "api.mensagem_enviar", **(sessao or self.dona).args, p_conversa_id=conversa, p_tipo="TEXTO",
            p_conteudo={"texto": texto}, **extra,
        )  # fmt: skip

    async def chegar(self, contato: int = 0, texto: str = "olá", *, ha: int = 0) -> None:
        """The person writes, `ha` seconds ago; what is due is done."""
        await self.receber(contato, texto, ha=ha)
        await self.trabalhar()

    async def receber(self, contato: int = 0, texto: str = "olá", *, ha: int = 0) -> None:
        numero = self.um(
            "select numero_id_externo as n, conta_id_externa as c from conexoes where id = %s", self.cena.conexao_id
        )
        telefone = self.um("select telefone from contatos where id = %s", self.cena.contatos[contato])["telefone"]
        de = str(telefone).lstrip("+")
        corpo = wm.envelope(
            numero["n"],
            numero["c"],
            contacts=[{"profile": {"name": "Pessoa"}, "wa_id": de}],
            messages=[
                {
                    "from": de, "id": f"wamid.{secrets.token_hex(12)}", "timestamp": str(int(time.time()) - ha),
                    "type": "text", "text": {"body": texto},
                }
            ],
        )  # fmt: skip
        await chamar(
            self.banco_ingresso, "webhook.evento_receber", p_conexoes=[self.cena.conexao_id],
            p_corpo=wm.corpo_de(corpo), p_legivel=True,
        )  # fmt: skip

    async def trabalhar(self) -> None:
        await chamar(self.banco_worker, "worker.interno_executar", p_cliente_id=self.cena.cliente_id, p_limite=500)

    def quebradas(self) -> list[dict[str, Any]]:
        return self.ver(INVARIANTES, self.cena.cliente_id)


@pytest.fixture
def montar(
    admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco, banco_worker: Banco, banco_ingresso: Banco
) -> Callable[..., Any]:
    async def fazer(contatos: int = 3) -> Mesa:
        cena = cenas.montar(admin, await novo_cliente("Mesa"), contatos)
        return Mesa(cena, admin, banco_api, banco_worker, banco_ingresso)

    return fazer


@pytest.fixture
async def mesa(montar: Callable[..., Any]) -> Mesa:
    feita: Mesa = await montar()
    return feita


def daqui(**delta: float) -> datetime:
    return datetime.now(UTC) + timedelta(**delta)


async def levar(mesa: Mesa, conversa: UUID, estado: str) -> None:
    """Bring a conversation that nobody serves to a state, by what people do."""
    if estado in {"EM_ATENDIMENTO", "AGUARDANDO_CLIENTE"}:
        await mesa.fazer("assumir", conversa)
    if estado == "AGUARDANDO_CLIENTE":
        await mesa.fazer("aguardar", conversa)
    if estado == "ADIADA":
        await mesa.fazer("adiar", conversa, p_ate=daqui(hours=1))
    if estado == "RESOLVIDA":
        await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
