"""Two sessions at once (T11), for messages: two of one conversation and one of another, every pair of steps overlapped.

The steps, the overlapping and the model of the provider are those of `test_intercalacoes`; what must hold differs:
nobody gets a message twice, everything ends, and a conversation leaves in its order.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from tests.caos.conftest import LONGO
from tests.caos.test_intercalacoes import Conexao, Historia, conexoes
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, conversar, escrever, resolver

__all__ = ["conexoes"]

RESERVADA = ("reservar:a",)
ENVIANDO = ("reservar:a", "pretender:a")
PARES: list[tuple[tuple[str, ...], list[str]]] = [
    ((), ["reservar:a", "reservar:b"]),
    (RESERVADA, ["pretender:a", "devolver:a", "varrer", "reservar:b"]),
    (
        ENVIANDO,
        [
            "registrar:a/ACEITO",
            "registrar:a/PERDIDO",
            "registrar:a/DEPOIS",
            "reservar:b",
            "varrer",
            "webhook:sent",
            "webhook:failed",
            "webhook:delivered",
        ],
    ),
    (ENVIANDO, ["registrar:a/CREDENCIAL", "registrar:a/NAO_SAIU", "registrar:a/RECUSADO", "varrer", "reservar:b"]),
    ((*ENVIANDO, "varrer"), ["registrar:a/ACEITO", "webhook:sent", "webhook:failed", "reservar:b"]),
    ((*ENVIANDO, "webhook:failed"), ["registrar:a/ACEITO", "webhook:delivered", "varrer"]),
]
NAO_ACEITAS = {f"registrar:a/{d}" for d in ("CREDENCIAL", "NAO_SAIU", "RECUSADO", "DEPOIS")}


@dataclass
class HistoriaDeMensagens(Historia):
    mensagens: list[UUID] = field(default_factory=list)

    async def terminar(self, contexto: str, *, cancelada: bool = False) -> None:
        for rodada in range(20):
            [linha] = self.admin.execute(
                "select count(*) as n from fila where cliente_id = %s", [self.cena.cliente_id]
            ).fetchall()
            if linha["n"] == 0:
                break
            await self.passo("varrer")
            self.admin.execute(
                "update conexoes set suspensa_ate = null, status = 'ATIVA' where id = %s", [self.cena.conexao_id]
            )
            self.admin.execute("update fila set executar_em = now() where cliente_id = %s", [self.cena.cliente_id])
            for passo in ("reservar", "pretender", "registrar"):
                await self.passo(f"{passo}:final{rodada}{'/ACEITO' if passo == 'registrar' else ''}")
            await self.passo("webhook:sent")
        alvos = {
            str(x["id"]): str(x["alvo_id"])
            for x in self.admin.execute(
                "select id, alvo_id from tentativas where cliente_id = %s", [self.cena.cliente_id]
            ).fetchall()
        }
        aceitas = Counter(alvos[c.callback] for c in self.livro if c.aceita)
        assert set(aceitas.values()) <= {1}, (contexto, "recebida duas vezes", aceitas)
        estados = {
            str(x["id"]): x
            for x in self.admin.execute(
                "select id, status, motivo, ordem, conversa_id from mensagens where id = any (%s)", [self.mensagens]
            ).fetchall()
        }
        falhas = {alvos[c.callback] for c in self.livro if c.aceita and c.estado_final == "failed"}
        for m, x in estados.items():
            assert x["status"] in ("ENVIADO", "FALHOU", "INCERTO"), (contexto, x)
            assert x["motivo"] is not None or x["status"] == "ENVIADO", (contexto, x)
            if m in aceitas:
                assert x["status"] == ("FALHOU" if m in falhas else "ENVIADO"), (contexto, x)
            else:
                assert x["status"] != "ENVIADO", (contexto, x)
        saidas = [(x["conversa_id"], x["ordem"]) for c in self.livro for x in [estados[alvos[c.callback]]]]
        for a, b in itertools.pairwise(sorted(saidas, key=lambda s: str(s[0]))):
            assert a[0] != b[0] or a[1] <= b[1], (contexto, "fora de ordem", saidas)


@pytest.fixture(scope="module")
async def cena_base(admin: Admin, auditoria: None, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Intercalada"), 200)


@pytest.fixture
def contar(
    admin: Admin,
    banco_worker: Banco,
    banco_ingresso: Banco,
    cena_base: Cena,
    conexoes: dict[str, tuple[Conexao, Conexao]],
) -> Callable[..., Any]:
    contatos = itertools.cycle(cena_base.contatos)

    async def nova(*passos: str, aceita: bool = True) -> HistoriaDeMensagens:
        admin.execute("delete from fila where cliente_id = %s", [cena_base.cliente_id])
        admin.execute("delete from pares where cliente_id = %s", [cena_base.cliente_id])
        resolver(admin, cena_base.cliente_id)
        admin.execute(
            "update conexoes set suspensa_ate = null, falhas_seguidas = 0, status = 'ATIVA' where id = %s",
            [cena_base.conexao_id],
        )
        ana, bia = (conversar(admin, cena_base, next(contatos)) for _ in range(2))
        mensagens = [escrever(admin, cena_base, v) for v in (ana, ana, bia)]
        limite = await chamar(
            banco_worker, "worker.limite_obter", p_cliente_id=cena_base.cliente_id, p_conexao_id=cena_base.conexao_id
        )
        historia = HistoriaDeMensagens(
            admin,
            banco_ingresso,
            cena_base,
            cena_base.conexao_id,
            conexoes["crm_api"],
            conexoes["crm_worker"],
            limite["epoca"],
            mensagens=mensagens,
        )
        for passo in passos:
            await historia.passo(passo, aceita=aceita)
        return historia

    return nova


@pytest.mark.timeout(300 if LONGO else 60)
@pytest.mark.parametrize("desfazer", [False, True] if LONGO else [False])
@pytest.mark.parametrize("antes", range(len(PARES)))
async def test_pares_sobrepostos(contar: Callable[..., Any], antes: int, desfazer: bool) -> None:
    passos, proximos = PARES[antes]
    pares = list(itertools.permutations(proximos, 2))
    if not LONGO:
        pares = random.Random(antes).sample(pares, min(8, len(pares)))
    for primeiro, segundo in pares:
        # what was refused, or never written, was not accepted
        aceita = not NAO_ACEITAS & {primeiro, segundo}
        historia = await contar(*passos, aceita=aceita)
        await historia.sobrepor(primeiro, segundo, aceita=aceita, desfazer=desfazer)
        await historia.terminar(f"{passos} {primeiro} + {segundo}")


DESFECHOS = [("ACEITO", True), ("PERDIDO", True), ("PERDIDO", False), ("RECUSADO", False), ("DEPOIS", False)]
DESFECHOS += [("NAO_SAIU", False), ("CREDENCIAL", False)]
OUTROS = ("varrer", "webhook:sent", "webhook:failed", "webhook:delivered", "reservar:b", "pretender:b")


@pytest.mark.timeout(900 if LONGO else 60)
async def test_toda_ordem(contar: Callable[..., Any]) -> None:
    """A worker's three steps merged in every order with two steps of others."""
    todas = []
    for desfecho, aceita in DESFECHOS:
        for outros in itertools.product(OUTROS, repeat=2):
            for lugares in itertools.combinations(range(5), 3):
                restantes = iter(outros)
                dela = iter(("reservar:a", "pretender:a", f"registrar:a/{desfecho}"))
                todas.append((tuple(next(dela) if i in lugares else next(restantes) for i in range(5)), aceita))
    for passos, aceita in todas if LONGO else random.Random(11).sample(todas, 30):
        historia = await contar()
        for passo in passos:
            await historia.passo(passo, aceita=aceita)
        await historia.terminar(f"{passos} {aceita}")
