"""A campaign on its way: one tenant, its number, what was sent, and what the provider tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, pretender, registrar, reservar

QUANDO = {"sent": 1_700_000_000, "failed": 1_700_000_005, "delivered": 1_700_000_010}
QUANDO |= {"read": 1_700_000_020, "played": 1_700_000_030}
CODIGO = 131026
COLUNAS = "status, motivo, erro_codigo, erro_texto, id_externo, enviado_em, entregue_em, lido_em"


@dataclass
class Remessa:
    """One tenant, its number, and the roles that act on it."""

    cena: Cena
    admin: Admin
    banco_api: Banco
    banco_worker: Banco
    banco_ingresso: Banco
    numero: str
    conta: str

    async def receber(self, dados: Any) -> None:
        argumentos = {
            "p_conexoes": [self.cena.conexao_id],
            "p_corpo": dados if isinstance(dados, bytes) else wm.corpo_de(dados),
            "p_legivel": True,
        }
        assert await chamar(self.banco_ingresso, "webhook.evento_receber", **argumentos) == 1

    async def executar(self) -> None:
        await chamar(self.banco_worker, "worker.interno_executar", p_cliente_id=self.cena.cliente_id, p_limite=500)

    async def contar(self, *itens: dict[str, Any]) -> None:
        """The provider tells these statuses in one body, and the worker reads it."""
        await self.receber(wm.envelope(self.numero, self.conta, statuses=list(itens)))
        await self.executar()

    async def enviar(self, quantos: int = 1, **extra: object) -> tuple[UUID, list[dict[str, Any]]]:
        """Start a campaign for the first contacts and announce every send."""
        campanha = await criar_campanha(self.banco_api, self.cena, p_contato_ids=self.cena.contatos[:quantos], **extra)
        await iniciar(self.banco_api, self.cena, campanha)
        return campanha, await self.pretender()

    async def pretender(self) -> list[dict[str, Any]]:
        envios: list[dict[str, Any]] = []
        while itens := await reservar(self.banco_worker, self.cena, 100):
            envios += (await pretender(self.banco_worker, self.cena, itens, p_lease="5 minutes"))["envios"]
        return envios

    async def responder(self, *resultados: dict[str, Any]) -> None:
        for inicio in range(0, len(resultados), 100):
            await registrar(self.banco_worker, self.cena, list(resultados[inicio : inicio + 100]))

    def vencer(self) -> None:
        """Whatever waits in the queue is due now, and the number is not suspended."""
        self.admin.execute("update fila set executar_em = now() where reservado_ate is null")
        self.admin.execute("update conexoes set suspensa_ate = null where id = %s", [self.cena.conexao_id])

    def linha(self, alvo: object) -> dict[str, Any]:
        linha = self.admin.execute(f"select {COLUNAS} from campanhas_log where id = %s", [alvo]).fetchone()
        assert linha
        return linha

    def na_fila(self) -> int:
        linha = self.admin.execute(
            "select count(*) as n from fila where tipo = 'campanha_enviar' and cliente_id = %s", [self.cena.cliente_id]
        ).fetchone()
        assert linha
        return int(linha["n"])


@pytest.fixture
def montar(
    admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco, banco_worker: Banco, banco_ingresso: Banco
) -> Callable[..., Any]:
    async def fazer(contatos: int = 5, **extra: Any) -> Remessa:
        cena = cenas.montar(admin, await novo_cliente("Status"), contatos, **extra)
        linha = admin.execute(
            "select numero_id_externo as n, conta_id_externa as c from conexoes where id = %s", [cena.conexao_id]
        ).fetchone()
        assert linha
        return Remessa(cena, admin, banco_api, banco_worker, banco_ingresso, linha["n"], linha["c"])

    return fazer


@pytest.fixture
async def remessa(montar: Callable[..., Any]) -> Remessa:
    feita: Remessa = await montar()
    return feita


TABELAS = {
    "campanhas_log": "id",
    "status_recebidos": "id_externo, status",
    "tentativas": "id",
    "modelos": "id",
    "campanhas": "id",
    "contatos": "id",
    "consentimentos": "id",
    "campanhas_totais": "campanha_id, chave",
    "conexoes": "id",
    "fila_morta": "id",
}


def soma(remessa: Remessa) -> dict[str, str]:
    """A checksum of everything that a webhook may change."""
    somas = {}
    for tabela, ordem in TABELAS.items():
        # proximo_envio_em belongs to the feeder
        linha = remessa.admin.execute(
            f"select md5(string_agg((to_jsonb(t) - 'proximo_envio_em')::text, '|' order by {ordem})) as m"
            f" from {tabela} as t where cliente_id = %s",
            [remessa.cena.cliente_id],
        ).fetchone()
        assert linha
        somas[tabela] = linha["m"]
    return somas
