"""What the provider tells about a message, in any order and any number of times, ends in one state.

The rule (protocol reference, 7.6): delivered beats failed; read implies delivered; failed without delivery is FALHOU
with the reason of provedor_erros; anything else that names the message proves that it was accepted.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.worker.interno import executar_interno
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, obter, pretender, registrar, reservar, resposta

QUANDO = {"sent": 1_700_000_000, "failed": 1_700_000_005, "delivered": 1_700_000_010}
QUANDO |= {"read": 1_700_000_020, "played": 1_700_000_030}
CODIGO = 131026
COLUNAS = "status, motivo, erro_codigo, erro_texto, id_externo, enviado_em, entregue_em, lido_em"


@dataclass
class Mesa:
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
    async def fazer(contatos: int = 5, **extra: Any) -> Mesa:
        cena = cenas.montar(admin, await novo_cliente("Status"), contatos, **extra)
        linha = admin.execute(
            "select numero_id_externo as n, conta_id_externa as c from conexoes where id = %s", [cena.conexao_id]
        ).fetchone()
        assert linha
        return Mesa(cena, admin, banco_api, banco_worker, banco_ingresso, linha["n"], linha["c"])

    return fazer


@pytest.fixture
async def mesa(montar: Callable[..., Any]) -> Mesa:
    feita: Mesa = await montar()
    return feita


def no_tempo(estados: Sequence[str]) -> datetime | None:
    return datetime.fromtimestamp(min(QUANDO[e] for e in estados), UTC) if estados else None


def esperada(estados: Sequence[str], wamid: str) -> dict[str, Any]:
    """The rule, written a second time and in another language."""
    entregue = [e for e in estados if e in ("delivered", "read", "played")]
    falhou = "failed" in estados and not entregue
    return {
        "status": "FALHOU" if falhou else "ENVIADO",
        "motivo": "CONTACT" if falhou else None,
        "erro_codigo": CODIGO if falhou else None,
        "erro_texto": "Não foi possível entregar a este número" if falhou else None,
        "id_externo": wamid,
        "enviado_em": no_tempo(estados),
        "entregue_em": no_tempo(entregue),
        "lido_em": no_tempo([e for e in entregue if e != "delivered"]),
    }


ORDENS = [o for n in range(1, 6) for o in itertools.permutations(QUANDO, n)]
SITUACOES = ("depois", "antes", "no_meio", "incerto", "reenfileirada", "pausada")


@pytest.mark.parametrize("aviso", ["todos", "um", "nenhum"])
@pytest.mark.parametrize("situacao", SITUACOES)
async def test_todas_as_ordens_dao_o_mesmo_fim(montar: Callable[..., Any], situacao: str, aviso: str) -> None:
    """Every order of every set of statuses, each body twice; `aviso`: which of them carry our attempt id."""
    mesa: Mesa = await montar(len(ORDENS))
    campanha, envios = await mesa.enviar(len(ORDENS))
    assert len(envios) == len(ORDENS)
    wamids = [f"wamid.{secrets.token_hex(8)}" for _ in envios]

    def item(n: int, estado: str) -> dict[str, Any]:
        leva = aviso == "todos" or (aviso == "um" and estado == min(ORDENS[n]))
        return wm.status(
            wamids[n],
            estado,
            tentativa=envios[n]["tentativaId"] if leva else None,
            quando=QUANDO[estado],
            erro=CODIGO if estado == "failed" else None,
        )

    async def responder() -> None:
        if situacao in ("depois", "antes", "no_meio"):
            feitas = [resposta(e, "ACEITO", idExterno=w) for e, w in zip(envios, wamids, strict=True)]
        else:
            feitas = [resposta(e, "AMBIGUO" if situacao == "incerto" else "NAO_ENVIADO") for e in envios]
        await mesa.responder(*feitas)
        if situacao == "pausada":
            await chamar(mesa.banco_api, "api.campanha_pausar", **mesa.cena.sessao.args, p_id=campanha)

    if situacao not in ("antes", "no_meio"):
        await responder()
    for rodada in range(5):
        if situacao == "no_meio" and rodada == 2:
            await responder()
        itens = [item(n, o[rodada]) for n, o in enumerate(ORDENS) if rodada < len(o)]
        await mesa.contar(*itens, *itens)
    if situacao == "antes":
        await responder()
    linhas = {
        x["id"]: x
        for x in mesa.admin.execute(
            f"select id, {COLUNAS} from campanhas_log where campanha_id = %s", [campanha]
        ).fetchall()
    }
    ligadas = aviso != "nenhum" or situacao in ("depois", "antes", "no_meio")
    for n, ordem in enumerate(ORDENS):
        linha = linhas[UUID(envios[n]["alvoId"])]
        del linha["id"]
        if ligadas:
            assert linha == esperada(ordem, wamids[n]), ordem
        else:
            # nothing ties these statuses to the message: it stays as it was
            parada = {"incerto": "INCERTO", "reenfileirada": "RESERVADO", "pausada": "PENDENTE"}[situacao]
            assert (linha["status"], linha["entregue_em"]) == (parada, None), ordem
    assert mesa.na_fila() == (len(ORDENS) if situacao == "reenfileirada" and not ligadas else 0)
    # the feeder has its last word, then everything comes once more, in one body, backwards: not even a date moves
    mesa.vencer()
    await mesa.executar()
    antes = soma(mesa)
    todos = [item(n, e) for n, o in enumerate(ORDENS) for e in o]
    await mesa.contar(*reversed(todos))
    assert soma(mesa) == antes
    linha = mesa.admin.execute(
        "select (select jsonb_object_agg(chave, total) from campanhas_totais where campanha_id = %(c)s and total <> 0"
        "   and chave not in ('ENTREGUE', 'LIDO')) as mantido,"
        " (select jsonb_object_agg(status, n) from ("
        "   select status, count(*) as n from campanhas_log where campanha_id = %(c)s group by 1) as x) as contado",
        {"c": campanha},
    ).fetchone()
    assert linha
    assert linha["mantido"] == linha["contado"]


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


def soma(mesa: Mesa) -> dict[str, str]:
    """A checksum of everything that a webhook may change."""
    somas = {}
    for tabela, ordem in TABELAS.items():
        # proximo_envio_em belongs to the feeder
        linha = mesa.admin.execute(
            f"select md5(string_agg((to_jsonb(t) - 'proximo_envio_em')::text, '|' order by {ordem})) as m"
            f" from {tabela} as t where cliente_id = %s",
            [mesa.cena.cliente_id],
        ).fetchone()
        assert linha
        somas[tabela] = linha["m"]
    return somas


@pytest.mark.parametrize("ordem", list(itertools.permutations(range(3))))
async def test_repeticoes_que_se_contradizem(mesa: Mesa, ordem: tuple[int, ...]) -> None:
    """One status told three times with different hours and codes: the earliest holds, whichever comes first."""
    _, (envio,) = await mesa.enviar()
    await mesa.responder(resposta(envio, "ACEITO", idExterno="wamid.c"))
    ditos = [("wamid.c", 1_700_000_300, 131049), ("wamid.c", 1_700_000_100, 131047), ("wamid.c", 1_700_000_100, 131026)]
    for n in ordem:
        wamid, quando, codigo = ditos[n]
        await mesa.contar(wm.status(wamid, "failed", quando=quando, erro=codigo))
    linha = mesa.linha(envio["alvoId"])
    assert (linha["status"], linha["motivo"], linha["erro_codigo"]) == ("FALHOU", "CONTACT", 131026)
    assert linha["enviado_em"] == datetime.fromtimestamp(1_700_000_100, UTC)


async def test_a_resposta_vale_mais_que_um_status_tardio(mesa: Mesa) -> None:
    """When the first news is a reading hours later, the hour of sending is that of the answer."""
    _, (envio,) = await mesa.enviar()
    await mesa.responder(resposta(envio, "ACEITO", idExterno="wamid.r"))
    antes = mesa.linha(envio["alvoId"])
    await mesa.contar(wm.status("wamid.r", "read", quando=4_000_000_000))
    depois = mesa.linha(envio["alvoId"])
    assert abs((depois["enviado_em"] - antes["enviado_em"]).total_seconds()) < 1
    assert depois["lido_em"].year == 2096


async def test_dada_por_nao_enviada_mas_aceita_nao_sai_de_novo(mesa: Mesa) -> None:
    campanha, (envio,) = await mesa.enviar()
    await mesa.responder(resposta(envio, "NAO_ENVIADO"))
    mesa.vencer()
    # a worker has it in hand again, short of announcing it, when the news comes
    itens = await reservar(mesa.banco_worker, mesa.cena, 10)
    assert len(itens) == 1
    await mesa.contar(wm.status("wamid.1", "sent", tentativa=envio["tentativaId"]))
    assert (await pretender(mesa.banco_worker, mesa.cena, itens))["envios"] == []
    assert mesa.na_fila() == 0
    await asyncio.sleep(0.31)
    await mesa.executar()
    fim = await obter(mesa.banco_api, mesa.cena, campanha)
    assert (fim["status"], fim["totais"]["ENVIADO"]) == ("CONCLUIDA", 1)


async def test_cancelada_mas_ja_tinha_saido(mesa: Mesa) -> None:
    campanha, (envio,) = await mesa.enviar()
    await mesa.responder(resposta(envio, "NAO_ENVIADO"))
    await chamar(mesa.banco_api, "api.campanha_cancelar", **mesa.cena.sessao.args, p_id=campanha)
    assert mesa.linha(envio["alvoId"])["status"] == "PULADO"
    await mesa.contar(wm.status("wamid.k", "failed", tentativa=envio["tentativaId"], erro=CODIGO))
    assert mesa.linha(envio["alvoId"])["status"] == "PULADO"
    await mesa.contar(wm.status("wamid.k", "delivered", tentativa=envio["tentativaId"]))
    linha = mesa.linha(envio["alvoId"])
    assert (linha["status"], linha["motivo"]) == ("ENVIADO", None)
    assert linha["entregue_em"] is not None


async def test_falha_repetida_nao_desfaz_um_reenvio(mesa: Mesa) -> None:
    campanha, (envio,) = await mesa.enviar()
    await mesa.responder(resposta(envio, "ACEITO", idExterno="wamid.v1"))
    falha = wm.status("wamid.v1", "failed", tentativa=envio["tentativaId"], erro=CODIGO)
    await mesa.contar(falha)
    await chamar(mesa.banco_api, "api.campanha_reenviar", **mesa.cena.sessao.args, p_id=campanha, p_motivos=["CONTACT"])
    for _ in range(2):
        await mesa.contar(falha)
        assert mesa.linha(envio["alvoId"])["status"] == "RESERVADO"
    (segundo,) = await mesa.pretender()
    await mesa.contar(falha)
    await mesa.responder(resposta(segundo, "ACEITO", idExterno="wamid.v2"))
    await mesa.contar(falha)
    linha = mesa.linha(envio["alvoId"])
    assert (linha["status"], linha["motivo"], linha["id_externo"]) == ("ENVIADO", None, "wamid.v2")


async def test_parou_o_marketing_revoga_uma_vez(mesa: Mesa) -> None:
    _, (envio,) = await mesa.enviar()
    await mesa.responder(resposta(envio, "ACEITO", idExterno="wamid.o"))
    recusou = wm.status("wamid.o", "failed", tentativa=envio["tentativaId"], erro=131050)
    contato = mesa.cena.contatos[0]

    def estado() -> tuple[str, int]:
        linha = mesa.admin.execute(
            "select c.marketing, (select count(*) from consentimentos as k where k.contato_id = c.id"
            " and k.acao = 'REVOGADO' and k.origem = 'PROVEDOR') as n from contatos as c where c.id = %s",
            [contato],
        ).fetchone()
        assert linha
        return linha["marketing"], linha["n"]

    await mesa.contar(recusou, recusou)
    await mesa.contar(recusou)
    assert estado() == ("REVOGADO", 1)
    assert mesa.linha(envio["alvoId"])["motivo"] == "OPTOUT"
    # a consent given since is not undone by the old news coming again
    await chamar(
        mesa.banco_api,
        "api.consentimento_criar",
        **mesa.cena.sessao.args,
        p_contato_id=contato,
        p_acao="CONCEDIDO",
        p_origem="FORMULARIO",
        p_prova="pediu de novo no balcão",
    )
    await mesa.contar(recusou)
    assert estado() == ("CONCEDIDO", 1)


async def test_parou_o_marketing_na_propria_resposta(mesa: Mesa) -> None:
    _, (envio,) = await mesa.enviar()
    await mesa.responder(resposta(envio, "REJEITADO", codigo=131050, http=400))
    linha = mesa.admin.execute("select marketing from contatos where id = %s", [mesa.cena.contatos[0]]).fetchone()
    assert linha == {"marketing": "REVOGADO"}
    assert mesa.linha(envio["alvoId"])["motivo"] == "OPTOUT"


@pytest.mark.parametrize(
    ("codigo", "parada"), [(131048, "PAUSADA"), (131042, "PAUSADA"), (190, "ERRO"), (132015, "modelo"), (131026, "")]
)
async def test_falha_posterior_do_numero_para_o_numero(mesa: Mesa, codigo: int, parada: str) -> None:
    """Accepted, then refused for the account's sake: without a stop, a campaign would burn through everybody."""
    campanha, envios = await mesa.enviar(2)
    await mesa.responder(*(resposta(e, "ACEITO", idExterno=f"wamid.{e['alvoId']}") for e in envios))

    def estados() -> tuple[str, str, str]:
        linha = mesa.admin.execute(
            "select x.status as conexao, m.status as modelo, k.status as campanha from campanhas as k"
            " join conexoes as x on x.id = k.conexao_id join modelos as m on m.id = k.modelo_id where k.id = %s",
            [campanha],
        ).fetchone()
        assert linha
        return linha["conexao"], linha["modelo"], linha["campanha"]

    def falha(n: int, quando: float) -> dict[str, Any]:
        return wm.status(f"wamid.{envios[n]['alvoId']}", "failed", quando=int(quando), erro=codigo)

    await mesa.contar(falha(0, time.time() - 3600))
    assert estados()[:2] == ("ATIVA", "APPROVED"), "older than the last change of the number: already dealt with"
    mesa.admin.execute("update campanhas set status = 'EM_ANDAMENTO' where id = %s", [campanha])
    await mesa.contar(falha(1, time.time() + 2))
    match parada:
        case "modelo":
            assert estados() == ("ATIVA", "PAUSED", "PAUSADA")
        case "":
            assert estados()[:2] == ("ATIVA", "APPROVED")
        case _:
            assert estados()[:2] == (parada, "APPROVED")


@pytest.fixture
async def amostras(montar: Callable[..., Any], admin: Admin) -> Mesa:
    """The tenant that the sample files speak of."""
    admin.execute("update conexoes set numero_id_externo = null, conta_id_externa = null where numero_id_externo = %s",
                  [wm.NUMERO_1])  # fmt: skip
    mesa: Mesa = await montar(12, categoria="UTILITY")
    wm.conectar(admin, mesa.cena.cliente_id, mesa.cena.conexao_id, wm.NUMERO_1, wm.CONTA_1)
    mesa.numero, mesa.conta = wm.NUMERO_1, wm.CONTA_1
    return mesa


ESPERADO = {
    21: ("ENVIADO", None, False, False),
    22: ("ENVIADO", None, True, False),
    23: ("ENVIADO", None, True, True),
    24: ("ENVIADO", None, True, True),
    25: ("ENVIADO", None, False, False),
    26: ("FALHOU", "CONTACT", False, False),
    27: ("FALHOU", "WINDOW", False, False),
    28: ("FALHOU", "DEFER", False, False),
    29: ("ENVIADO", None, True, False),
    30: ("ENVIADO", None, True, True),
    31: ("ENVIADO", None, True, False),
}


async def test_amostras_e_um_dia_repetido(amostras: Mesa) -> None:
    """Every sample about statuses and templates, then the whole day delivered twice more."""
    mesa = amostras
    wamid = {n: wm.amostra(n)["entry"][0]["changes"][0]["value"]["statuses"][0]["id"] for n in ESPERADO}
    _, envios = await mesa.enviar(len(set(wamid.values())))
    alvo = dict(zip(sorted(set(wamid.values())), (e["alvoId"] for e in envios), strict=True))
    await mesa.responder(*(resposta(e, "ACEITO", idExterno=w) for w, e in zip(sorted(alvo), envios, strict=True)))
    for n, (status, motivo, entregue, lido) in ESPERADO.items():
        await mesa.receber(wm.amostra(n))
        await mesa.executar()
        x = mesa.linha(alvo[wamid[n]])
        visto = (x["status"], x["motivo"], x["entregue_em"] is not None, x["lido_em"] is not None)
        assert visto == (status, motivo, entregue, lido), n
    linha = mesa.admin.execute(
        "select count(*) as n from status_recebidos where id_externo = %s", [wamid[30]]
    ).fetchone()
    assert linha == {"n": 3}
    # only the field that nobody knows is ignored, and says so
    for n in (1, 33, 34, 36, 37, 38, 39, 40):
        await mesa.receber(wm.amostra(n))
    await mesa.receber(wm.amostra(35))
    await mesa.executar()
    estados = mesa.admin.execute(
        "select status, count(*) as n from webhooks_recebidos where cliente_id = %s group by 1", [mesa.cena.cliente_id]
    ).fetchall()
    assert {x["status"]: x["n"] for x in estados} == {"PROCESSADO": len(ESPERADO) + 8, "IGNORADO": 1}
    dia = [
        bytes(x["corpo"])
        for x in mesa.admin.execute(
            "select corpo from webhooks_recebidos where cliente_id = %s order by id", [mesa.cena.cliente_id]
        ).fetchall()
    ]
    antes = soma(mesa)
    for _ in range(2):
        for corpo in dia:
            await mesa.receber(corpo)
        await mesa.executar()
        assert soma(mesa) == antes


async def test_corpo_com_status_mensagem_e_erro_solto(amostras: Mesa) -> None:
    """An error of its own is noted on the number, once, and holds back nothing of the rest."""
    mesa = amostras
    _, (envio,) = await mesa.enviar()
    misto = wm.envelope(
        mesa.numero,
        mesa.conta,
        statuses=[wm.status("wamid.misto", "delivered", tentativa=envio["tentativaId"])],
        messages=wm.amostra(1)["entry"][0]["changes"][0]["value"]["messages"],
        errors=[{"code": 130429, "title": "x"}],
    )
    await mesa.receber(misto)
    await mesa.executar()
    assert mesa.linha(envio["alvoId"])["entregue_em"] is not None
    linha = mesa.admin.execute(
        "select id, status, corpo from webhooks_recebidos where cliente_id = %s", [mesa.cena.cliente_id]
    ).fetchone()
    assert linha
    assert (linha["status"], bytes(linha["corpo"])) == ("PROCESSADO", wm.corpo_de(misto))
    linha_de_mensagens = mesa.admin.execute(
        "select count(*) as n from mensagens where cliente_id = %s", [mesa.cena.cliente_id]
    ).fetchone()
    assert linha_de_mensagens == {"n": 1}
    avisado = mesa.admin.execute(
        "select erro_codigo from ocorrencias where cliente_id = %s and motivo = 'ERRO_AVISADO'", [mesa.cena.cliente_id]
    ).fetchall()
    assert avisado == [{"erro_codigo": 130429}]
    # replayed: back to the queue, and nothing that was done is done again
    antes = soma(mesa)
    mesa.admin.execute("update webhooks_recebidos set status = 'PENDENTE' where id = %s", [linha["id"]])
    mesa.admin.execute(
        "insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)"
        " values (%s, 'webhook_processar', 3, now(), %s)",
        [mesa.cena.cliente_id, linha["id"]],
    )
    await mesa.executar()
    assert soma(mesa) == antes


@pytest.mark.parametrize("evento", ["PAUSED", "DISABLED", "REJECTED"])
async def test_modelo_parado_pausa_as_campanhas(mesa: Mesa, evento: str) -> None:
    campanha, envios = await mesa.enviar(1)
    outra = await criar_campanha(mesa.banco_api, mesa.cena)
    await iniciar(mesa.banco_api, mesa.cena, outra)
    linha = mesa.admin.execute("select id_externo from modelos where id = %s", [mesa.cena.modelo_id]).fetchone()
    assert linha
    aviso = wm.amostra(35)
    aviso["entry"][0] |= {"id": mesa.conta}
    mudanca = aviso["entry"][0]["changes"][1]
    mudanca["value"] |= {"message_template_id": int(linha["id_externo"]), "event": evento}
    aviso["entry"][0]["changes"] = [mudanca]
    await mesa.receber(aviso)
    await mesa.executar()
    for c in (campanha, outra):
        dados = await obter(mesa.banco_api, mesa.cena, c)
        assert dados["status"] == "PAUSADA"
        assert evento in dados["statusMotivo"]
    assert mesa.na_fila() == 1, "only what was announced before"
    assert len(envios) == 1
    # approved again: the template may be used, a person resumes
    mudanca["value"]["event"] = "APPROVED"
    await mesa.receber(aviso)
    await mesa.executar()
    linha = mesa.admin.execute("select status from modelos where id = %s", [mesa.cena.modelo_id]).fetchone()
    assert linha == {"status": "APPROVED"}
    await chamar(mesa.banco_api, "api.campanha_retomar", **mesa.cena.sessao.args, p_id=outra)
    # the old notice, delivered once more with its hour, changes nothing
    mudanca["value"]["event"] = evento
    aviso["entry"][0]["time"] = 1_700_000_000
    await mesa.receber(aviso)
    await mesa.executar()
    assert (await obter(mesa.banco_api, mesa.cena, outra))["status"] == "EM_ANDAMENTO"


async def test_corpo_venenoso_para_so_a_si_mesmo(mesa: Mesa) -> None:
    _, envios = await mesa.enviar(2)
    await mesa.responder(*(resposta(e, "ACEITO", idExterno=f"wamid.{e['alvoId']}") for e in envios))
    ids = []
    for n in range(5):
        # what intake would never let through, in the middle of good ones
        corpo = b"\xff nao e utf-8" if n == 2 else wm.corpo_de(
            wm.envelope(mesa.numero, mesa.conta, statuses=[wm.status(f"wamid.{envios[n % 2]['alvoId']}", "read")])
        )  # fmt: skip
        linha = mesa.admin.execute(
            "insert into webhooks_recebidos (cliente_id, conexao_id, corpo) values (%s, %s, %s) returning id",
            [mesa.cena.cliente_id, mesa.cena.conexao_id, corpo],
        ).fetchone()
        assert linha
        ids.append(linha["id"])
        mesa.admin.execute(
            "insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)"
            " values (%s, 'webhook_processar', 3, clock_timestamp(), %s)",
            [mesa.cena.cliente_id, linha["id"]],
        )
    contexto: Any = SimpleNamespace(parar=asyncio.Event(), banco=mesa.banco_worker)

    async def worker() -> None:
        await executar_interno(contexto, mesa.cena.cliente_id)

    await asyncio.gather(worker(), worker())
    for e in envios:
        assert mesa.linha(e["alvoId"])["lido_em"] is not None, "the others did not wait for it"
    for _ in range(4):
        mesa.admin.execute("update fila set executar_em = now() where cliente_id = %s", [mesa.cena.cliente_id])
        await worker()
    estados = mesa.admin.execute(
        "select id, status, erro_texto from webhooks_recebidos where cliente_id = %s order by id",
        [mesa.cena.cliente_id],
    ).fetchall()
    assert [x["status"] for x in estados] == ["PROCESSADO"] * 2 + ["ERRO"] + ["PROCESSADO"] * 2
    assert estados[2]["erro_texto"]
    morta = mesa.admin.execute(
        "select tipo, alvo_id, tentativas from fila_morta where cliente_id = %s", [mesa.cena.cliente_id]
    ).fetchall()
    assert morta == [{"tipo": "webhook_processar", "alvo_id": ids[2], "tentativas": 3}]
    # alive: what comes next is processed at once
    await mesa.receber(wm.envelope(mesa.numero, mesa.conta, statuses=[]))
    await worker()
    linha = mesa.admin.execute(
        "select count(*) as n from webhooks_recebidos where cliente_id = %s and status = 'PENDENTE'",
        [mesa.cena.cliente_id],
    ).fetchone()
    assert linha == {"n": 0}


async def test_status_estranho_nao_derruba_nada(mesa: Mesa) -> None:
    """Unknown states, numbers for texts, missing fields: what can be read counts, the rest is kept in the raw body."""
    _, (envio,) = await mesa.enviar()
    estranhos: list[Any] = [
        {},
        None,
        7,
        "sent",
        [],
        {"id": None, "status": "sent"},
        {"id": "w", "status": "SENT!"},
        {"id": "x" * 301, "status": "sent"},
        {"id": "", "status": "sent"},
        {"id": {"a": 1}, "status": ["sent"]},
        {"id": "wamid.e", "status": "sent", "timestamp": "ontem", "biz_opaque_callback_data": "att1.5f07cdb2eef6"},
        {"id": "wamid.e", "status": "failed", "errors": [{"code": "muitos"}], "timestamp": 1e300},
        {"id": "wamid.e", "status": "failed", "errors": {"code": 10**30}, "timestamp": "99999999999"},
        {"id": "wamid.e", "status": "warning", "biz_opaque_callback_data": {"a": envio["tentativaId"]}},
        {"id": "wamid.ok", "status": "Delivered", "biz_opaque_callback_data": envio["tentativaId"].upper()},
    ]
    await mesa.contar(*estranhos)
    linha = mesa.linha(envio["alvoId"])
    assert (linha["status"], linha["id_externo"]) == ("ENVIADO", "wamid.ok")
    assert linha["entregue_em"] is not None
    fila = mesa.admin.execute(
        "select count(*) as n from fila where tipo = 'webhook_processar' and cliente_id = %s", [mesa.cena.cliente_id]
    ).fetchone()
    assert fila == {"n": 0}


async def test_dois_envios_com_o_mesmo_id_do_provedor(mesa: Mesa) -> None:
    """A provider that names two messages alike cannot stop the reading of its webhooks."""
    _, envios = await mesa.enviar(2)
    await mesa.contar(
        wm.status("wamid.igual", "sent", tentativa=envios[0]["tentativaId"]),
        wm.status("wamid.igual", "delivered", tentativa=envios[1]["tentativaId"]),
    )
    assert {mesa.linha(e["alvoId"])["status"] for e in envios} == {"ENVIADO"}


async def test_resposta_e_status_ao_mesmo_tempo(montar: Callable[..., Any]) -> None:
    """The answer and the first status of a hundred messages race, in many small batches, without harm."""
    mesa: Mesa = await montar(100)
    campanha, envios = await mesa.enviar(100)

    async def respostas() -> None:
        for inicio in range(0, 100, 5):
            lote = envios[inicio : inicio + 5]
            await mesa.responder(*(resposta(e, "ACEITO", idExterno=f"wamid.{e['alvoId']}") for e in lote))

    async def avisos(estado: str) -> None:
        for inicio in range(0, 100, 5):
            await mesa.contar(
                *(
                    wm.status(f"wamid.{e['alvoId']}", estado, tentativa=e["tentativaId"])
                    for e in reversed(envios[inicio : inicio + 5])
                )
            )

    await asyncio.gather(respostas(), avisos("sent"), avisos("delivered"), avisos("read"))
    await mesa.executar()
    dados = await obter(mesa.banco_api, mesa.cena, campanha)
    assert (dados["totais"]["ENVIADO"], dados["totais"]["LIDO"]) == (100, 100)
    assert mesa.na_fila() == 0
