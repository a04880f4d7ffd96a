"""What the provider tells about a message, in any order and any number of times, ends in one state.

The rule (protocol reference, 7.6): delivered beats failed; read implies delivered; failed without delivery is FALHOU
with the reason of provedor_erros; anything else that names the message proves that it was accepted.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql.cenas import obter, pretender, reservar, resposta
from tests.sql.remessa import CODIGO, COLUNAS, QUANDO, Remessa, montar, remessa, soma

__all__ = ["montar", "remessa"]


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
    remessa: Remessa = await montar(len(ORDENS))
    campanha, envios = await remessa.enviar(len(ORDENS))
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
        await remessa.responder(*feitas)
        if situacao == "pausada":
            await chamar(remessa.banco_api, "api.campanha_pausar", **remessa.cena.sessao.args, p_id=campanha)

    if situacao not in ("antes", "no_meio"):
        await responder()
    for rodada in range(5):
        if situacao == "no_meio" and rodada == 2:
            await responder()
        itens = [item(n, o[rodada]) for n, o in enumerate(ORDENS) if rodada < len(o)]
        await remessa.contar(*itens, *itens)
    if situacao == "antes":
        await responder()
    linhas = {
        x["id"]: x
        for x in remessa.admin.execute(
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
    assert remessa.na_fila() == (len(ORDENS) if situacao == "reenfileirada" and not ligadas else 0)
    # the feeder has its last word, then everything comes once more, in one body, backwards: not even a date moves
    remessa.vencer()
    await remessa.executar()
    antes = soma(remessa)
    todos = [item(n, e) for n, o in enumerate(ORDENS) for e in o]
    await remessa.contar(*reversed(todos))
    assert soma(remessa) == antes
    linha = remessa.admin.execute(
        "select (select jsonb_object_agg(chave, total) from campanhas_totais where campanha_id = %(c)s and total <> 0"
        "   and chave not in ('ENTREGUE', 'LIDO')) as mantido,"
        " (select jsonb_object_agg(status, n) from ("
        "   select status, count(*) as n from campanhas_log where campanha_id = %(c)s group by 1) as x) as contado",
        {"c": campanha},
    ).fetchone()
    assert linha
    assert linha["mantido"] == linha["contado"]


@pytest.mark.parametrize("ordem", list(itertools.permutations(range(3))))
async def test_repeticoes_que_se_contradizem(remessa: Remessa, ordem: tuple[int, ...]) -> None:
    """One status told three times with different hours and codes: the earliest holds, whichever comes first."""
    _, (envio,) = await remessa.enviar()
    await remessa.responder(resposta(envio, "ACEITO", idExterno="wamid.c"))
    ditos = [("wamid.c", 1_700_000_300, 131049), ("wamid.c", 1_700_000_100, 131047), ("wamid.c", 1_700_000_100, 131026)]
    for n in ordem:
        wamid, quando, codigo = ditos[n]
        await remessa.contar(wm.status(wamid, "failed", quando=quando, erro=codigo))
    linha = remessa.linha(envio["alvoId"])
    assert (linha["status"], linha["motivo"], linha["erro_codigo"]) == ("FALHOU", "CONTACT", 131026)
    assert linha["enviado_em"] == datetime.fromtimestamp(1_700_000_100, UTC)


async def test_a_resposta_vale_mais_que_um_status_tardio(remessa: Remessa) -> None:
    """When the first news is a reading hours later, the hour of sending is that of the answer."""
    _, (envio,) = await remessa.enviar()
    await remessa.responder(resposta(envio, "ACEITO", idExterno="wamid.r"))
    antes = remessa.linha(envio["alvoId"])
    await remessa.contar(wm.status("wamid.r", "read", quando=4_000_000_000))
    depois = remessa.linha(envio["alvoId"])
    assert abs((depois["enviado_em"] - antes["enviado_em"]).total_seconds()) < 1
    assert depois["lido_em"].year == 2096


async def test_dada_por_nao_enviada_mas_aceita_nao_sai_de_novo(remessa: Remessa) -> None:
    campanha, (envio,) = await remessa.enviar()
    await remessa.responder(resposta(envio, "NAO_ENVIADO"))
    remessa.vencer()
    # a worker has it in hand again, short of announcing it, when the news comes
    itens = await reservar(remessa.banco_worker, remessa.cena, 10)
    assert len(itens) == 1
    await remessa.contar(wm.status("wamid.1", "sent", tentativa=envio["tentativaId"]))
    assert (await pretender(remessa.banco_worker, remessa.cena, itens))["envios"] == []
    assert remessa.na_fila() == 0
    await asyncio.sleep(0.31)
    await remessa.executar()
    fim = await obter(remessa.banco_api, remessa.cena, campanha)
    assert (fim["status"], fim["totais"]["ENVIADO"]) == ("CONCLUIDA", 1)


async def test_cancelada_mas_ja_tinha_saido(remessa: Remessa) -> None:
    campanha, (envio,) = await remessa.enviar()
    await remessa.responder(resposta(envio, "NAO_ENVIADO"))
    await chamar(remessa.banco_api, "api.campanha_cancelar", **remessa.cena.sessao.args, p_id=campanha)
    assert remessa.linha(envio["alvoId"])["status"] == "PULADO"
    await remessa.contar(wm.status("wamid.k", "failed", tentativa=envio["tentativaId"], erro=CODIGO))
    assert remessa.linha(envio["alvoId"])["status"] == "PULADO"
    await remessa.contar(wm.status("wamid.k", "delivered", tentativa=envio["tentativaId"]))
    linha = remessa.linha(envio["alvoId"])
    assert (linha["status"], linha["motivo"]) == ("ENVIADO", None)
    assert linha["entregue_em"] is not None


async def test_falha_repetida_nao_desfaz_um_reenvio(remessa: Remessa) -> None:
    campanha, (envio,) = await remessa.enviar()
    await remessa.responder(resposta(envio, "ACEITO", idExterno="wamid.v1"))
    falha = wm.status("wamid.v1", "failed", tentativa=envio["tentativaId"], erro=CODIGO)
    await remessa.contar(falha)
    await chamar(
        remessa.banco_api, "api.campanha_reenviar", **remessa.cena.sessao.args, p_id=campanha, p_motivos=["CONTACT"]
    )
    for _ in range(2):
        await remessa.contar(falha)
        assert remessa.linha(envio["alvoId"])["status"] == "RESERVADO"
    (segundo,) = await remessa.pretender()
    await remessa.contar(falha)
    await remessa.responder(resposta(segundo, "ACEITO", idExterno="wamid.v2"))
    await remessa.contar(falha)
    linha = remessa.linha(envio["alvoId"])
    assert (linha["status"], linha["motivo"], linha["id_externo"]) == ("ENVIADO", None, "wamid.v2")


async def test_dois_envios_com_o_mesmo_id_do_provedor(remessa: Remessa) -> None:
    """A provider that names two messages alike cannot stop the reading of its webhooks."""
    _, envios = await remessa.enviar(2)
    await remessa.contar(
        wm.status("wamid.igual", "sent", tentativa=envios[0]["tentativaId"]),
        wm.status("wamid.igual", "delivered", tentativa=envios[1]["tentativaId"]),
    )
    assert {remessa.linha(e["alvoId"])["status"] for e in envios} == {"ENVIADO"}


async def test_resposta_e_status_ao_mesmo_tempo(montar: Callable[..., Any]) -> None:
    """The answer and the first status of a hundred messages race, in many small batches, without harm."""
    remessa: Remessa = await montar(100)
    campanha, envios = await remessa.enviar(100)

    async def respostas() -> None:
        for inicio in range(0, 100, 5):
            lote = envios[inicio : inicio + 5]
            await remessa.responder(*(resposta(e, "ACEITO", idExterno=f"wamid.{e['alvoId']}") for e in lote))

    async def avisos(estado: str) -> None:
        for inicio in range(0, 100, 5):
            await remessa.contar(
                *(
                    wm.status(f"wamid.{e['alvoId']}", estado, tentativa=e["tentativaId"])
                    for e in reversed(envios[inicio : inicio + 5])
                )
            )

    await asyncio.gather(respostas(), avisos("sent"), avisos("delivered"), avisos("read"))
    await remessa.executar()
    dados = await obter(remessa.banco_api, remessa.cena, campanha)
    assert (dados["totais"]["ENVIADO"], dados["totais"]["LIDO"]) == (100, 100)
    assert remessa.na_fila() == 0
