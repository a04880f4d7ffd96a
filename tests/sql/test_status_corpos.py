"""The bodies that statuses come in: the samples, a day repeated, the mixed, the strange and the poisonous."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from app.worker.interno import executar_interno
from tests import webhooks_meta as wm
from tests.sql.cenas import Admin, resposta
from tests.sql.remessa import Remessa, montar, remessa, soma

__all__ = ["montar", "remessa"]


@pytest.fixture
async def amostras(montar: Callable[..., Any], admin: Admin) -> Remessa:
    """The tenant that the sample files speak of."""
    admin.execute("update conexoes set numero_id_externo = null, conta_id_externa = null where numero_id_externo = %s",
                  [wm.NUMERO_1])  # fmt: skip
    remessa: Remessa = await montar(12, categoria="UTILITY")
    wm.conectar(admin, remessa.cena.cliente_id, remessa.cena.conexao_id, wm.NUMERO_1, wm.CONTA_1)
    remessa.numero, remessa.conta = wm.NUMERO_1, wm.CONTA_1
    return remessa


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


async def test_amostras_e_um_dia_repetido(amostras: Remessa) -> None:
    """Every sample about statuses and templates, then the whole day delivered twice more."""
    remessa = amostras
    wamid = {n: wm.amostra(n)["entry"][0]["changes"][0]["value"]["statuses"][0]["id"] for n in ESPERADO}
    _, envios = await remessa.enviar(len(set(wamid.values())))
    alvo = dict(zip(sorted(set(wamid.values())), (e["alvoId"] for e in envios), strict=True))
    await remessa.responder(*(resposta(e, "ACEITO", idExterno=w) for w, e in zip(sorted(alvo), envios, strict=True)))
    for n, (status, motivo, entregue, lido) in ESPERADO.items():
        await remessa.receber(wm.amostra(n))
        await remessa.executar()
        x = remessa.linha(alvo[wamid[n]])
        visto = (x["status"], x["motivo"], x["entregue_em"] is not None, x["lido_em"] is not None)
        assert visto == (status, motivo, entregue, lido), n
    linha = remessa.admin.execute(
        "select count(*) as n from status_recebidos where id_externo = %s", [wamid[30]]
    ).fetchone()
    assert linha == {"n": 3}
    # only the field that nobody knows is ignored, and says so
    for n in (1, 33, 34, 36, 37, 38, 39, 40):
        await remessa.receber(wm.amostra(n))
    await remessa.receber(wm.amostra(35))
    await remessa.executar()
    estados = remessa.admin.execute(
        "select status, count(*) as n from webhooks_recebidos where cliente_id = %s group by 1",
        [remessa.cena.cliente_id],
    ).fetchall()
    assert {x["status"]: x["n"] for x in estados} == {"PROCESSADO": len(ESPERADO) + 8, "IGNORADO": 1}
    dia = [
        bytes(x["corpo"])
        for x in remessa.admin.execute(
            "select corpo from webhooks_recebidos where cliente_id = %s order by id", [remessa.cena.cliente_id]
        ).fetchall()
    ]
    antes = soma(remessa)
    for _ in range(2):
        for corpo in dia:
            await remessa.receber(corpo)
        await remessa.executar()
        assert soma(remessa) == antes


async def test_corpo_com_status_mensagem_e_erro_solto(amostras: Remessa) -> None:
    """An error of its own is noted on the number, once, and holds back nothing of the rest."""
    remessa = amostras
    _, (envio,) = await remessa.enviar()
    misto = wm.envelope(
        remessa.numero,
        remessa.conta,
        statuses=[wm.status("wamid.misto", "delivered", tentativa=envio["tentativaId"])],
        messages=wm.amostra(1)["entry"][0]["changes"][0]["value"]["messages"],
        errors=[{"code": 130429, "title": "x"}],
    )
    await remessa.receber(misto)
    await remessa.executar()
    assert remessa.linha(envio["alvoId"])["entregue_em"] is not None
    linha = remessa.admin.execute(
        "select id, status, corpo from webhooks_recebidos where cliente_id = %s", [remessa.cena.cliente_id]
    ).fetchone()
    assert linha
    assert (linha["status"], bytes(linha["corpo"])) == ("PROCESSADO", wm.corpo_de(misto))
    linha_de_mensagens = remessa.admin.execute(
        "select count(*) as n from mensagens where cliente_id = %s", [remessa.cena.cliente_id]
    ).fetchone()
    assert linha_de_mensagens == {"n": 1}
    avisado = remessa.admin.execute(
        "select erro_codigo from ocorrencias where cliente_id = %s and motivo = 'ERRO_AVISADO'",
        [remessa.cena.cliente_id],
    ).fetchall()
    assert avisado == [{"erro_codigo": 130429}]
    # replayed: back to the queue, and nothing that was done is done again
    antes = soma(remessa)
    remessa.admin.execute("update webhooks_recebidos set status = 'PENDENTE' where id = %s", [linha["id"]])
    remessa.admin.execute(
        "insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)"
        " values (%s, 'webhook_processar', 3, now(), %s)",
        [remessa.cena.cliente_id, linha["id"]],
    )
    await remessa.executar()
    assert soma(remessa) == antes


async def test_corpo_venenoso_para_so_a_si_mesmo(remessa: Remessa) -> None:
    _, envios = await remessa.enviar(2)
    await remessa.responder(*(resposta(e, "ACEITO", idExterno=f"wamid.{e['alvoId']}") for e in envios))
    ids = []
    for n in range(5):
        # what intake would never let through, in the middle of good ones
        corpo = b"\xff nao e utf-8" if n == 2 else wm.corpo_de(
            wm.envelope(remessa.numero, remessa.conta, statuses=[wm.status(f"wamid.{envios[n % 2]['alvoId']}", "read")])
        )  # fmt: skip
        linha = remessa.admin.execute(
            "insert into webhooks_recebidos (cliente_id, conexao_id, corpo) values (%s, %s, %s) returning id",
            [remessa.cena.cliente_id, remessa.cena.conexao_id, corpo],
        ).fetchone()
        assert linha
        ids.append(linha["id"])
        remessa.admin.execute(
            "insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)"
            " values (%s, 'webhook_processar', 3, clock_timestamp(), %s)",
            [remessa.cena.cliente_id, linha["id"]],
        )
    contexto: Any = SimpleNamespace(parar=asyncio.Event(), banco=remessa.banco_worker)

    async def worker() -> None:
        await executar_interno(contexto, remessa.cena.cliente_id)

    await asyncio.gather(worker(), worker())
    for e in envios:
        assert remessa.linha(e["alvoId"])["lido_em"] is not None, "the others did not wait for it"
    for _ in range(4):
        remessa.admin.execute("update fila set executar_em = now() where cliente_id = %s", [remessa.cena.cliente_id])
        await worker()
    estados = remessa.admin.execute(
        "select id, status, erro_texto from webhooks_recebidos where cliente_id = %s order by id",
        [remessa.cena.cliente_id],
    ).fetchall()
    assert [x["status"] for x in estados] == ["PROCESSADO"] * 2 + ["ERRO"] + ["PROCESSADO"] * 2
    assert estados[2]["erro_texto"]
    morta = remessa.admin.execute(
        "select tipo, alvo_id, tentativas from fila_morta where cliente_id = %s", [remessa.cena.cliente_id]
    ).fetchall()
    assert morta == [{"tipo": "webhook_processar", "alvo_id": ids[2], "tentativas": 3}]
    # alive: what comes next is processed at once
    await remessa.receber(wm.envelope(remessa.numero, remessa.conta, statuses=[]))
    await worker()
    linha = remessa.admin.execute(
        "select count(*) as n from webhooks_recebidos where cliente_id = %s and status = 'PENDENTE'",
        [remessa.cena.cliente_id],
    ).fetchone()
    assert linha == {"n": 0}


async def test_status_estranho_nao_derruba_nada(remessa: Remessa) -> None:
    """Unknown states, numbers for texts, missing fields: what can be read counts, the rest is kept in the raw body."""
    _, (envio,) = await remessa.enviar()
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
    await remessa.contar(*estranhos)
    linha = remessa.linha(envio["alvoId"])
    assert (linha["status"], linha["id_externo"]) == ("ENVIADO", "wamid.ok")
    assert linha["entregue_em"] is not None
    fila = remessa.admin.execute(
        "select count(*) as n from fila where tipo = 'webhook_processar' and cliente_id = %s", [remessa.cena.cliente_id]
    ).fetchone()
    assert fila == {"n": 0}
