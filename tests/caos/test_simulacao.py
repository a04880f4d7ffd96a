"""The delivery state machine under random histories (T10): the product's own functions, provider and time by hand.

Hypothesis chooses the steps of two workers, of the people who pause and cancel, of the provider and of the clock, and
shrinks what breaks a rule to the shortest history. Nothing sleeps: the clock moves by taking the same span off every
instant that the queue compares with now. Rules that must hold at each step are checked there; the judge of
`conferencia` decides once a healthy worker has brought the history to its end.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.types.json import Jsonb

from tests.caos.arena import ler_banco
from tests.caos.conferencia import Chegada, conferir
from tests.caos.conftest import LONGO
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, conversar, escrever

HISTORIAS, PASSOS = (300, 50) if LONGO else (10, 25)
PESSOAS = 3
WORKERS = st.sampled_from(["a", "b"])
PESO = {None: 0, "sent": 1, "failed": 2, "delivered": 3}
# what the worker hears, and whether the provider took the message all the same
RESPOSTAS: dict[str, tuple[dict[str, Any], bool | None]] = {
    "aceito": ({"desfecho": "ACEITO"}, True),
    "perdido": ({"desfecho": "AMBIGUO", "detalhe": "tempo esgotado"}, None),
    "erro_500": ({"desfecho": "AMBIGUO", "http": 500, "detalhe": "erro"}, None),
    "nao_saiu": ({"desfecho": "NAO_ENVIADO", "detalhe": "conexão recusada"}, False),
    "numero_depressa": ({"desfecho": "REJEITADO", "codigo": 130429, "http": 429, "detalhe": "depois"}, False),
    "par_depressa": ({"desfecho": "REJEITADO", "codigo": 131056, "http": 400, "detalhe": "par"}, False),
    "recusado": ({"desfecho": "REJEITADO", "codigo": 131026, "http": 400, "detalhe": "não entregue"}, False),
    "malformado": ({"desfecho": "REJEITADO", "codigo": 100, "http": 400, "detalhe": "parâmetro"}, False),
}
INSTANTES = (
    "update fila set executar_em = executar_em - %(d)s::interval, reservado_ate = reservado_ate - %(d)s::interval,"
    " intencao_em = intencao_em - %(d)s::interval, expira_em = expira_em - %(d)s::interval where cliente_id = %(c)s",
    "update conexoes set suspensa_ate = suspensa_ate - %(d)s::interval where cliente_id = %(c)s",
    "update pares set livre_em = livre_em - %(d)s::interval, quitado_em = quitado_em - %(d)s::interval"
    " where cliente_id = %(c)s",
    "update campanhas set proximo_envio_em = proximo_envio_em - %(d)s::interval where cliente_id = %(c)s",
)


@dataclass
class Mundo:
    """One session for each role, and a tenant with a number."""

    admin: Admin
    papeis: dict[str, psycopg.Connection[Any]]
    cena: Cena
    numero: str
    conta: str
    conversa: UUID

    def chamar(self, papel: str, funcao: str, **argumentos: object) -> Any:
        """What the function answered; None when a rule of the product refused."""
        lista = ", ".join(f"{nome} => %({nome})s" for nome in argumentos)
        try:
            linha = self.papeis[papel].execute(f"select {funcao}({lista})".encode(), argumentos).fetchone()
        except psycopg.Error as erro:
            if (erro.sqlstate or "").startswith("Z"):
                return None
            raise
        return linha[0] if linha else None


class Entrega(RuleBasedStateMachine):
    """One campaign and one conversation of one number."""

    mundo: Mundo
    respostas: ClassVar = RESPOSTAS

    @initialize()
    def comecar(self) -> None:
        m = self.mundo
        self.reservas: dict[str, list[dict[str, Any]]] = {"a": [], "b": []}
        # what left with each worker, and whether the provider took it once the answer says so
        self.no_ar: dict[str, list[dict[str, Any]]] = {"a": [], "b": []}
        self.livro: list[Chegada] = []
        self.alvo: dict[str, str] = {}
        self.relogio = 0.0
        self.minhas: set[str] = set()
        for tabela in ("fila", "pares", "contatos_falhas"):
            m.admin.execute(f"delete from {tabela} where cliente_id = %s", [m.cena.cliente_id])
        m.admin.execute("update contatos set sem_whatsapp_em = null where cliente_id = %s", [m.cena.cliente_id])
        m.admin.execute("truncate caos.fichas")
        m.admin.execute(
            "update conexoes set suspensa_ate = null, falhas_seguidas = 0, status = 'ATIVA' where id = %s",
            [m.cena.conexao_id],
        )
        criada = m.chamar(
            "crm_api",
            "api.campanha_criar",
            **m.cena.sessao.args,
            p_nome="Simulada",
            p_conexao_id=m.cena.conexao_id,
            p_modelo_id=m.cena.modelo_id,
            p_variaveis=Jsonb({"1": "{{contato.nome|cliente}}", "2": "10%"}),
            p_contato_ids=m.cena.contatos,
        )
        self.campanha = UUID(criada["id"])
        self.pessoa("iniciar")
        self.epoca = m.chamar("crm_worker", "worker.limite_obter", **self.numero_args)["epoca"]

    @property
    def cliente_args(self) -> dict[str, object]:
        return {"p_cliente_id": self.mundo.cena.cliente_id}

    @property
    def numero_args(self) -> dict[str, object]:
        return {**self.cliente_args, "p_conexao_id": self.mundo.cena.conexao_id}

    # -- workers

    @rule(w=WORKERS, quantos=st.integers(1, 6))
    def reservar(self, w: str, quantos: int) -> None:
        self.reservas[w] += self.mundo.chamar(
            "crm_worker", "worker.fila_reservar", **self.numero_args, p_dono=w, p_quantos=quantos, p_epoca=self.epoca
        )

    @rule(w=WORKERS)
    def pretender(self, w: str) -> None:
        """Announce; what comes back is written to the provider at once."""
        itens = [{"id": r["id"], "cerca": r["cerca"]} for r in self.reservas[w]]
        resposta = self.mundo.chamar(
            "crm_worker",
            "worker.envio_intencao",
            **self.numero_args,
            p_dono=w,
            p_epoca=self.epoca,
            p_itens=Jsonb(itens),
        )
        # kept: presented again, they must let nothing out
        for envio in resposta["envios"]:
            aceitas = {self.alvo[c.callback] for c in self.livro if c.aceita}
            assert str(envio["alvoId"]) not in aceitas, "sent again although the provider has it"
            self.relogio += 20.0
            self.alvo[envio["tentativaId"]] = str(envio["alvoId"])
            self.livro.append(Chegada(envio["tentativaId"], envio["para"], self.mundo.numero, self.relogio, False))
            self.no_ar[w].append(envio)

    @precondition(lambda self: any(self.no_ar.values()))
    @rule(w=WORKERS, resposta=st.sampled_from(sorted(RESPOSTAS)), aceita=st.booleans(), ouve=st.booleans())
    def responder(self, w: str, resposta: str, aceita: bool, ouve: bool) -> None:
        """The provider decides about everything this worker has in the air; the worker may die before it hears."""
        extra, certa = self.respostas[resposta]
        envios, self.no_ar[w] = self.no_ar[w], []
        for envio in envios:
            if aceita if certa is None else certa:
                self._aceitar(envio["tentativaId"])
        if ouve:
            itens = [
                {k: e[k] for k in ("id", "cerca", "tentativaId", "alvoId")}
                | extra
                | ({"idExterno": f"wamid.{e['tentativaId']}"} if extra["desfecho"] == "ACEITO" else {})
                for e in envios
            ]
            self.mundo.chamar(
                "crm_worker", "worker.envio_registrar", **self.numero_args, p_dono=w, p_resultados=Jsonb(itens)
            )

    @rule(w=WORKERS)
    def devolver(self, w: str) -> None:
        itens = [{"id": r["id"], "cerca": r["cerca"]} for r in self.reservas[w]]
        self.mundo.chamar("crm_worker", "worker.fila_devolver", **self.cliente_args, p_dono=w, p_itens=Jsonb(itens))

    @rule(w=WORKERS, aceita=st.booleans())
    def morrer(self, w: str, aceita: bool) -> None:
        """What it claimed is forgotten; what it had written may have been taken."""
        for envio in self.no_ar[w] if aceita else []:
            self._aceitar(envio["tentativaId"])
        self.reservas[w] = []
        self.no_ar[w] = []

    @rule()
    def varrer(self) -> None:
        self.mundo.chamar("crm_worker", "worker.fila_resgatar", **self.cliente_args)

    @rule()
    def trabalhar(self) -> None:
        self.mundo.chamar("crm_worker", "worker.interno_executar", **self.cliente_args)

    @rule(segundos=st.sampled_from([1, 5, 15, 60, 400]))
    def passar(self, segundos: int) -> None:
        for sql in INSTANTES:
            self.mundo.admin.execute(sql, {"d": f"{segundos} seconds", "c": self.mundo.cena.cliente_id})

    # -- people and the provider

    @rule(acao=st.sampled_from(["pausar", "retomar", "cancelar", "iniciar"]))
    def pessoa(self, acao: str) -> None:
        self.mundo.chamar("crm_api", f"api.campanha_{acao}", **self.mundo.cena.sessao.args, p_id=self.campanha)

    @precondition(lambda self: len(self.minhas) < 5)
    @rule()
    def escrever(self) -> None:
        texto = f"{self.campanha} {len(self.minhas)}"
        self.minhas.add(str(escrever(self.mundo.admin, self.mundo.cena, self.mundo.conversa, texto)))

    @rule(status=st.sampled_from(["sent", "delivered", "failed"]), qual=st.integers(0, 20), com_id=st.booleans())
    def contar(self, status: str, qual: int, com_id: bool) -> None:
        """The provider tells of one message that it has, perhaps once more, perhaps too early."""
        aceitas = [i for i, c in enumerate(self.livro) if c.aceita]
        if aceitas:
            self._contar([aceitas[qual % len(aceitas)]], status, com_id)

    def _aceitar(self, tentativa: str) -> None:
        self.livro = [replace(c, aceita=True) if c.callback == tentativa else c for c in self.livro]

    def _contar(self, quais: list[int], status: str, com_id: bool) -> None:
        estados = []
        for i in quais:
            chegada = self.livro[i]
            if PESO[status] > PESO[chegada.estado_final]:
                self.livro[i] = replace(chegada, estado_final=status)
            estados.append(
                {
                    "id": f"wamid.{chegada.callback}",
                    "status": status,
                    "timestamp": "1764000000",
                    "recipient_id": chegada.destinatario,
                    **({"biz_opaque_callback_data": chegada.callback} if com_id else {}),
                    **({"errors": [{"code": 131026, "title": "undeliverable"}]} if status == "failed" else {}),
                }
            )
        metadados = {"phone_number_id": self.mundo.numero}
        valor = {"messaging_product": "whatsapp", "metadata": metadados, "statuses": estados}
        entrada = {"id": self.mundo.conta, "changes": [{"field": "messages", "value": valor}]}
        corpo = json.dumps({"object": "whatsapp_business_account", "entry": [entrada]}).encode()
        self.mundo.chamar(
            "crm_ingresso",
            "webhook.evento_receber",
            p_conexoes=[self.mundo.cena.conexao_id],
            p_corpo=corpo,
            p_legivel=True,
        )

    # -- what must hold

    @invariant()
    def so_a_primeira_da_conversa(self) -> None:
        """Of a conversation at most one message is claimed or in the air, and none before it waits."""
        linhas = self.mundo.admin.execute(
            "select f.ordem, f.reservado_ate is not null as tomada from fila as f"
            " where f.chave_ordem = %s order by f.ordem",
            [self.mundo.conversa],
        ).fetchall()
        assert not any(x["tomada"] for x in linhas[1:]), linhas

    @invariant()
    def quem_esta_na_fila_espera(self) -> None:
        """A waiting row belongs to a target that is RESERVADO or ENVIANDO, and never to one that the provider has."""
        linhas = self.mundo.admin.execute(
            "select f.alvo_id::text as alvo, coalesce(l.status, m.status) as status, f.intencao_em is not null as no_ar"
            " from fila as f left join campanhas_log as l on l.id = f.alvo_id"
            " left join mensagens as m on m.id = f.alvo_id"
            " where f.cliente_id = %s and f.execucao = 'ENVIO'",
            [self.mundo.cena.cliente_id],
        ).fetchall()
        assert all(x["status"] == ("ENVIANDO" if x["no_ar"] else "RESERVADO") for x in linhas), linhas

    def teardown(self) -> None:
        """A healthy worker, a talkative provider: everything ends, and the judge agrees."""
        if not hasattr(self, "campanha"):
            return
        for w in ("a", "b"):
            self.morrer(w, False)
        for rodada in range(40):
            if self._terminado():
                break
            self.pessoa("retomar")
            # less than what waits is good for, more than a claim or a pause between two messages lasts
            self.passar(200)
            self.mundo.admin.execute(
                "update conexoes set status = 'ATIVA' where id = %s and status <> 'ATIVA'", [self.mundo.cena.conexao_id]
            )
            self.varrer()
            w = f"final{rodada}"
            self.reservas[w], self.no_ar[w] = [], []
            self.reservar(w, 10)
            self.pretender(w)
            self.responder(w, "aceito", True, True)
            for com_id in (True, False):
                self._contar([i for i, c in enumerate(self.livro) if c.aceita], "sent", com_id)
            self.trabalhar()
        self._julgar()

    def _terminado(self) -> bool:
        [linha] = self.mundo.admin.execute(
            "select k.status, (select count(*) from fila as f where f.cliente_id = k.cliente_id) as na_fila"
            " from campanhas as k where k.id = %s",
            [self.campanha],
        ).fetchall()
        return linha["status"] in ("CONCLUIDA", "CANCELADA") and linha["na_fila"] == 0

    def _julgar(self) -> None:
        banco = ler_banco(self.mundo.admin, [self.campanha], clientes=[self.mundo.cena.cliente_id])
        # messages of earlier histories were judged there
        pessoas = [p for p in banco.pessoas if not p.conversa or p.id in self.minhas]
        mortas = [m for m in banco.mortas or () if m.alvo in {p.id for p in pessoas}]
        assert set(banco.campanhas.values()) <= {"CANCELADA", "CONCLUIDA"}, banco.campanhas
        banco = replace(banco, pessoas=pessoas, campanhas={str(self.campanha): "CONCLUIDA"}, mortas=mortas)
        veredito = conferir(self.livro, banco)
        assert not veredito.especies, veredito.resumo()


@pytest.fixture
async def mundo(
    admin: Admin, auditoria: None, url_de: Callable[[str], str], novo_cliente: Callable[..., Any]
) -> AsyncIterator[Mundo]:
    cena = cenas.montar(admin, await novo_cliente("Simulada"), PESSOAS)
    [linha] = admin.execute(
        "select numero_id_externo as numero, conta_id_externa as conta from conexoes where id = %s", [cena.conexao_id]
    ).fetchall()
    conversa = conversar(admin, cena, cena.contatos[0])
    papeis = {
        papel: psycopg.connect(url_de(papel), autocommit=True) for papel in ("crm_api", "crm_worker", "crm_ingresso")
    }
    yield Mundo(admin, papeis, cena, linha["numero"], linha["conta"], conversa)
    for conexao in papeis.values():
        conexao.close()


def simular(mundo: Mundo, maquina: type[Entrega], historias: int = HISTORIAS) -> None:
    maquina.mundo = mundo
    run_state_machine_as_test(
        maquina,
        settings=settings(
            max_examples=historias,
            stateful_step_count=PASSOS,
            derandomize=not LONGO,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(1800 if LONGO else 120)
def test_toda_historia_acaba_bem(mundo: Mundo) -> None:
    simular(mundo, Entrega)


class DuvidaENaoSaiu(Entrega):
    """A worker that takes silence for a refusal."""

    respostas: ClassVar = {**RESPOSTAS, "perdido": ({"desfecho": "NAO_ENVIADO", "detalhe": "tempo esgotado"}, None)}


@pytest.mark.skipif(not LONGO, reason="make caos: shrinking takes its time")
@pytest.mark.timeout(600)
def test_controle_a_simulacao_acha_o_erro(mundo: Mundo) -> None:
    with pytest.raises((AssertionError, ExceptionGroup)):
        simular(mundo, DuvidaENaoSaiu, 200)
