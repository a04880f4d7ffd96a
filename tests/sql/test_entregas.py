"""Sends that nobody confirmed, what a person decides about them, and the evidence of a campaign."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.banco import Banco
from app.erros import Erro
from app.http.tabela_csv import celula
from tests import webhooks_meta as wm
from tests.conftest import Sessao, chamar
from tests.sql.cenas import Admin, obter, resposta
from tests.sql.remessa import Remessa, montar, remessa
from tests.sql.test_fila_morta import _sessao_com, matar, mensagem

__all__ = ["montar", "remessa"]


async def duvidar(remessa: Remessa, quantos: int = 2, *, minutos: float = 10) -> tuple[UUID, list[dict[str, Any]]]:
    """A campaign whose answers were all lost, that long ago; its attempts end then."""
    campanha, envios = await remessa.enviar(quantos)
    await remessa.responder(*(resposta(e, "AMBIGUO", detalhe="sem resposta em 10 s") for e in envios))
    await remessa.executar()
    envelhecer(remessa, minutos)
    return campanha, envios


def envelhecer(remessa: Remessa, minutos: float) -> None:
    remessa.admin.execute(
        "update tentativas set terminada_em = now() - %(m)s * interval '1 minute',"
        " iniciada_em = now() - %(m)s * interval '1 minute' where cliente_id = %(c)s",
        {"m": minutos, "c": remessa.cena.cliente_id},
    )


async def listar(remessa: Remessa, sessao: Sessao | None = None, **extra: object) -> list[dict[str, Any]]:
    sessao = sessao or remessa.cena.sessao
    pagina = await chamar(remessa.banco_api, "api.incertos_listar", **sessao.args, **extra)
    return list(pagina["dados"])


async def decidir(remessa: Remessa, alvo: object, decisao: str, *, tipo: str = "CAMPANHA", **extra: object) -> Any:
    argumentos = {**remessa.cena.sessao.args, "p_motivo": "falei com a pessoa", **extra}
    return await chamar(
        remessa.banco_api, "api.incerto_decidir", p_alvo_tipo=tipo, p_id=alvo, p_decisao=decisao, **argumentos
    )


async def recusa(remessa: Remessa, alvo: object, decisao: str, **extra: object) -> tuple[int, str, Any]:
    with pytest.raises(Erro) as erro:
        await decidir(remessa, alvo, decisao, **extra)
    return erro.value.status, erro.value.codigo, erro.value.corpo.detalhe


def aceitar_outra(remessa: Remessa, *, segundos_depois: float) -> None:
    """Another send of the same number, accepted that long after the first attempt ended."""
    remessa.admin.execute(
        "insert into tentativas"
        " (cliente_id, alvo_id, conexao_id, numero, processo, iniciada_em, terminada_em, desfecho)"
        " select cliente_id, alvo_id, conexao_id, 9, 'w2', terminada_em, terminada_em + %s * interval '1 s', 'ACEITO'"
        " from tentativas where cliente_id = %s order by id limit 1",
        [segundos_depois, remessa.cena.cliente_id],
    )


def chegar_webhook(remessa: Remessa, *, minutos_atras: float, na_fila: bool = False) -> UUID:
    linha = remessa.admin.execute(
        "insert into webhooks_recebidos (cliente_id, conexao_id, corpo, status, recebido_em)"
        " values (%s, %s, '{}', %s, now() - %s * interval '1 minute') returning id",
        [remessa.cena.cliente_id, remessa.cena.conexao_id, "PENDENTE" if na_fila else "PROCESSADO", minutos_atras],
    ).fetchone()
    assert linha
    if na_fila:
        remessa.admin.execute(
            "insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)"
            " values (%s, 'webhook_processar', 3, now(), %s)",
            [remessa.cena.cliente_id, linha["id"]],
        )
    return UUID(str(linha["id"]))


async def test_so_aparece_depois_do_prazo(remessa: Remessa) -> None:
    campanha, envios = await duvidar(remessa, minutos=4)
    assert await listar(remessa) == []
    (um, outro) = await listar(remessa, p_vencidos=False)
    assert (um["vencido"], um["congelado"], um["alvoTipo"]) == (False, None, "CAMPANHA")
    assert {um["id"], outro["id"]} == {e["alvoId"] for e in envios}
    (prova,) = um["provas"]
    assert (prova["desfecho"], prova["detalhe"], prova["processo"]) == ("AMBIGUO", "sem resposta em 10 s", "w1")
    assert um["buscaEm"] is None
    remessa.admin.execute(
        "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)"
        " values (%s, 'envio_reconciliar', %s, 3, now() + interval '1 hour', %s)",
        [remessa.cena.cliente_id, remessa.cena.conexao_id, prova["id"]],
    )
    (um, _) = await listar(remessa, p_vencidos=False)
    assert um["buscaEm"] is not None
    envelhecer(remessa, 6)
    assert len(await listar(remessa)) == 2
    assert len(await listar(remessa, p_campanha_id=campanha, p_minutos=6)) == 2
    assert await listar(remessa, p_minutos=7) == []
    assert await listar(remessa, p_campanha_id=uuid4()) == []
    assert await listar(remessa, p_alvo_tipo="MENSAGEM") == []


async def test_o_prazo_nao_corre_com_os_webhooks_parados(remessa: Remessa) -> None:
    await duvidar(remessa, 1, minutos=10)
    # quiet number: nothing else went out, so silence proves nothing
    assert len(await listar(remessa)) == 1
    aceitar_outra(remessa, segundos_depois=1)
    assert await listar(remessa) == []
    (um,) = await listar(remessa, p_vencidos=False)
    assert (um["congelado"], um["revisarEm"]) == ("SEM_WEBHOOKS", None)
    # the first webhook after the outage: what was left of the five minutes runs from there
    chegar_webhook(remessa, minutos_atras=1)
    (um,) = await listar(remessa, p_vencidos=False)
    assert (um["congelado"], um["vencido"]) == (None, False)
    remessa.admin.execute(
        "update webhooks_recebidos set recebido_em = now() - interval '9 minutes' where cliente_id = %s",
        [remessa.cena.cliente_id],
    )
    assert len(await listar(remessa)) == 1


async def test_o_prazo_espera_o_que_ainda_nao_foi_processado(remessa: Remessa) -> None:
    await duvidar(remessa, 1, minutos=10)
    webhook = chegar_webhook(remessa, minutos_atras=2, na_fila=True)
    (um,) = await listar(remessa, p_vencidos=False)
    assert (um["congelado"], um["vencido"]) == ("WEBHOOKS_ATRASADOS", False)
    remessa.admin.execute("update webhooks_recebidos set recebido_em = now() - interval '5 s' where id = %s", [webhook])
    assert len(await listar(remessa)) == 1, "five seconds is no delay"
    remessa.admin.execute("delete from fila where alvo_id = %s", [webhook])
    morta = matar(remessa.admin, remessa.cena, "webhook_processar", webhook)
    (um,) = await listar(remessa, p_vencidos=False)
    assert um["congelado"] == "WEBHOOKS_COM_ERRO"
    remessa.admin.execute("update fila_morta set resolvida_em = now(), resolucao = 'DESCARTADA' where id = %s", [morta])
    assert len(await listar(remessa)) == 1


async def test_um_dia_e_o_maximo(remessa: Remessa) -> None:
    await duvidar(remessa, 1, minutos=24 * 60 + 1)
    aceitar_outra(remessa, segundos_depois=1)
    (um,) = await listar(remessa)
    assert (um["vencido"], um["congelado"]) == (True, "SEM_WEBHOOKS")


async def test_outro_numero_nao_segura_este(remessa: Remessa, montar: Callable[..., Any]) -> None:
    await duvidar(remessa, 1, minutos=10)
    outra: Remessa = await montar()
    chegar_webhook(outra, minutos_atras=10, na_fila=True)
    assert len(await listar(remessa)) == 1
    assert await listar(outra, p_vencidos=False) == []
    with pytest.raises(Erro) as erro:
        await decidir(outra, (await listar(remessa))[0]["id"], "DESISTIR")
    assert (erro.value.status, erro.value.codigo) == (404, "ZNF02")


async def test_confirmado_conta_como_enviado(remessa: Remessa) -> None:
    campanha, (envio,) = await duvidar(remessa, 1)
    decidido = await decidir(remessa, envio["alvoId"], "CONFIRMADO")
    assert decidido["status"] == "ENVIADO"
    linha = remessa.linha(envio["alvoId"])
    assert (linha["motivo"], linha["enviado_em"] is not None) == ("CONFIRMADO_POR_PESSOA", True)
    assert await recusa(remessa, envio["alvoId"], "DESISTIR") == (409, "ZCF01", "JA_DECIDIDO")
    prova = await chamar(
        remessa.banco_api, "api.campanha_prova", **remessa.cena.sessao.args, p_id=campanha, p_conferir=True
    )
    (quem,) = prova["destinatarios"]
    assert [(d["decisao"], d["motivo"], d["tentativaId"]) for d in quem["decisoes"]] == [
        ("CONFIRMADO", "falei com a pessoa", envio["tentativaId"])
    ]
    assert prova["resumo"]["confere"]


@pytest.mark.parametrize(("decisao", "antes"), [("DESISTIR", "FALHOU"), ("CONFIRMADO", "ENVIADO"), ("REENVIAR", None)])
async def test_a_prova_que_chega_depois_vale_mais(remessa: Remessa, decisao: str, antes: str | None) -> None:
    _, (envio,) = await duvidar(remessa, 1)
    decidido = await decidir(remessa, envio["alvoId"], decisao, p_confirmar=True)
    assert antes is None or decidido["status"] == antes
    await remessa.contar(wm.status("wamid.tarde", "delivered", tentativa=envio["tentativaId"]))
    linha = remessa.linha(envio["alvoId"])
    assert (linha["status"], linha["motivo"], linha["id_externo"]) == ("ENVIADO", None, "wamid.tarde")
    assert linha["entregue_em"] is not None
    # and nothing goes out a second time
    remessa.vencer()
    assert await remessa.pretender() == []


async def test_desistir_nao_volta_por_engano(remessa: Remessa) -> None:
    campanha, (envio,) = await duvidar(remessa, 1)
    await decidir(remessa, envio["alvoId"], "DESISTIR")
    assert remessa.linha(envio["alvoId"])["motivo"] == "NAO_CONFIRMADO"
    await chamar(
        remessa.banco_api,
        "api.campanha_reenviar",
        **remessa.cena.sessao.args,
        p_id=campanha,
        p_motivos=["NAO_CONFIRMADO"],
    )
    assert remessa.linha(envio["alvoId"])["status"] == "FALHOU"


async def test_reenviar_e_decisao_explicita(remessa: Remessa) -> None:
    campanha, (envio,) = await duvidar(remessa, 1)
    assert (await recusa(remessa, envio["alvoId"], "REENVIAR"))[:2] == (422, "ZRF03")
    assert (await recusa(remessa, envio["alvoId"], "DESISTIR", p_motivo=" "))[:2] == (422, "ZRF01")
    assert (await recusa(remessa, envio["alvoId"], "TALVEZ"))[0] == 400
    await decidir(remessa, envio["alvoId"], "REENVIAR", p_confirmar=True)
    remessa.vencer()
    (outro,) = await remessa.pretender()
    assert outro["tentativaId"] != envio["tentativaId"]
    await remessa.responder(resposta(outro, "ACEITO", idExterno="wamid.novo"))
    assert (await obter(remessa.banco_api, remessa.cena, campanha))["totais"]["ENVIADO"] == 1
    auditoria = remessa.admin.execute(
        "select usuario_id, detalhe ->> 'decisao' as decisao from auditoria"
        " where cliente_id = %s and acao = 'incerto_decidido'",
        [remessa.cena.cliente_id],
    ).fetchall()
    assert auditoria == [{"usuario_id": remessa.cena.sessao.usuario_id, "decisao": "REENVIAR"}]


async def test_antes_do_prazo_so_confirmando(remessa: Remessa) -> None:
    _, (envio,) = await duvidar(remessa, 1, minutos=1)
    assert await recusa(remessa, envio["alvoId"], "DESISTIR") == (409, "ZCF01", "CEDO")
    await decidir(remessa, envio["alvoId"], "DESISTIR", p_confirmar=True)


async def test_dois_decidem_e_so_um_vale(remessa: Remessa) -> None:
    _, (envio,) = await duvidar(remessa, 1)
    feitas = await asyncio.gather(
        *(decidir(remessa, envio["alvoId"], d, p_confirmar=True) for d in ["REENVIAR", "DESISTIR", "CONFIRMADO"] * 3),
        return_exceptions=True,
    )
    assert sum(isinstance(x, dict) for x in feitas) == 1
    linha = remessa.admin.execute(
        "select count(*) as n from entregas_decisoes where alvo_id = %s", [envio["alvoId"]]
    ).fetchone()
    assert linha == {"n": 1}


async def test_campanha_cancelada_nao_reenvia(remessa: Remessa) -> None:
    campanha, envios = await duvidar(remessa, 2)
    remessa.admin.execute("update campanhas set status = 'EM_ANDAMENTO' where id = %s", [campanha])
    remessa.admin.execute("update campanhas set status = 'CANCELADA' where id = %s", [campanha])
    assert await recusa(remessa, envios[0]["alvoId"], "REENVIAR", p_confirmar=True) == (
        409,
        "ZCF01",
        "CAMPANHA_CANCELADA",
    )
    await decidir(remessa, envios[0]["alvoId"], "DESISTIR")


async def test_muitos_de_uma_vez(remessa: Remessa) -> None:
    campanha, envios = await duvidar(remessa, 5)
    remessa.admin.execute(
        "update contatos set bloqueado = true where id = (select contato_id from campanhas_log where id = %s)",
        [envios[0]["alvoId"]],
    )
    args = {**remessa.cena.sessao.args, "p_campanha_id": campanha, "p_motivo": "a operadora caiu"}
    with pytest.raises(Erro) as erro:
        await chamar(remessa.banco_api, "api.incertos_decidir", **args, p_decisao="REENVIAR")
    assert erro.value.codigo == "ZRF03"
    feito = await chamar(remessa.banco_api, "api.incertos_decidir", **args, p_decisao="REENVIAR", p_confirmar=True)
    assert (feito["feitos"], feito["restam"]) == (4, 0)
    assert [(x["id"], x["recusa"]) for x in feito["recusados"]] == [(envios[0]["alvoId"], "BLOQUEADO")]
    assert remessa.linha(envios[0]["alvoId"])["status"] == "INCERTO"
    linha = remessa.admin.execute(
        "select count(*) as n, count(tentativa_id) as t from entregas_decisoes where cliente_id = %s",
        [remessa.cena.cliente_id],
    ).fetchone()
    assert linha == {"n": 4, "t": 4}, "a decision that was refused is none"


async def test_mensagem_de_conversa_tambem(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    alvo = mensagem(admin, remessa.cena, status="INCERTO", motivo="SEM_RESPOSTA", janela="1 hour")
    tentativa = admin.execute(
        "insert into tentativas (cliente_id, alvo_tipo, alvo_id, conexao_id, numero, processo, iniciada_em)"
        " values (%s, 'MENSAGEM', %s, %s, 1, 'w1', now() - interval '10 minutes') returning id",
        [remessa.cena.cliente_id, alvo, remessa.cena.conexao_id],
    ).fetchone()
    assert tentativa
    admin.execute("update mensagens set tentativa_id = %s where id = %s", [tentativa["id"], alvo])
    (um,) = await listar(remessa)
    assert (um["alvoTipo"], um["id"], um["provas"][0]["desfecho"]) == ("MENSAGEM", str(alvo), None)
    assert (await recusa(remessa, alvo, "DESISTIR"))[:2] == (404, "ZNF02"), "it is no recipient of a campaign"
    decidido = await decidir(remessa, alvo, "REENVIAR", tipo="MENSAGEM", p_confirmar=True)
    assert decidido["status"] == "RESERVADO"
    fila = admin.execute("select tipo, prioridade, ordem from fila where alvo_id = %s", [alvo]).fetchall()
    assert fila == [{"tipo": "mensagem_enviar", "prioridade": 1, "ordem": 8}]


async def test_cada_um_ve_os_seus(remessa: Remessa, admin: Admin) -> None:
    campanha, envios = await duvidar(remessa, 2)
    restrita = _sessao_com(admin, remessa.cena, "entregas:revisar", "campanhas:ler", visibilidade="PROPRIA")
    admin.execute(
        "update contatos set responsavel_id = %s where id = (select contato_id from campanhas_log where id = %s)",
        [remessa.cena.sessao.usuario_id, envios[0]["alvoId"]],
    )
    assert [x["id"] for x in await listar(remessa, restrita)] == [envios[1]["alvoId"]]
    with pytest.raises(Erro) as erro:
        await chamar(
            remessa.banco_api, "api.incerto_decidir", **restrita.args, p_alvo_tipo="CAMPANHA", p_id=envios[0]["alvoId"],
            p_decisao="DESISTIR", p_motivo="não é meu",
        )  # fmt: skip
    assert erro.value.codigo == "ZNF02"
    prova = await chamar(remessa.banco_api, "api.campanha_prova", **restrita.args, p_id=campanha)
    assert [x["id"] for x in prova["destinatarios"]] == [envios[1]["alvoId"]]


async def test_prova_diz_quem_contou_cada_status(remessa: Remessa) -> None:
    campanha, envios = await remessa.enviar(3)
    aceito, falhou, _ = envios
    await remessa.responder(resposta(aceito, "ACEITO", idExterno="w.1"), resposta(falhou, "REJEITADO", codigo=131026))
    await remessa.contar(wm.status("w.1", "sent"))
    await remessa.contar(wm.status("w.1", "delivered", quando=1_700_000_010), wm.status("w.1", "sent"))
    prova = await chamar(
        remessa.banco_api, "api.campanha_prova", **remessa.cena.sessao.args, p_id=campanha, p_conferir=True
    )
    por_id = {x["id"]: x for x in prova["destinatarios"]}
    (tentativa,) = por_id[aceito["alvoId"]]["tentativas"]
    assert [s["status"] for s in tentativa["status"]] == ["sent", "delivered"]
    webhooks = remessa.admin.execute(
        "select id from webhooks_recebidos where cliente_id = %s order by id", [remessa.cena.cliente_id]
    ).fetchall()
    assert [s["webhookId"] for s in tentativa["status"]] == [str(w["id"]) for w in webhooks], "the first that told it"
    assert por_id[falhou["alvoId"]]["tentativas"][0]["erroCodigo"] == 131026
    assert prova["resumo"]["totais"] == prova["resumo"]["contados"]
    assert prova["resumo"]["totais"]["ENTREGUE"] == 1
    assert prova["resumo"]["confere"]


async def test_prova_vai_por_paginas_e_o_resumo_na_primeira(remessa: Remessa) -> None:
    campanha, envios = await remessa.enviar(5)
    await remessa.responder(*(resposta(e, "ACEITO", idExterno=f"w.{n}") for n, e in enumerate(envios[:3])))
    vistos, cursor, resumos = [], None, []
    while True:
        pagina = await chamar(
            remessa.banco_api,
            "api.campanha_prova",
            **remessa.cena.sessao.args,
            p_id=campanha,
            p_limite=2,
            p_cursor=cursor,
        )
        vistos += [x["id"] for x in pagina["destinatarios"]]
        resumos.append(pagina["resumo"])
        if (cursor := pagina["proximoCursor"]) is None:
            break
    assert vistos == sorted(e["alvoId"] for e in envios)
    # what was kept, and nothing counted: that is done when asked
    assert resumos[1:] == [None, None]
    assert (resumos[0]["totais"]["ENVIADO"], resumos[0]["contados"], resumos[0]["confere"]) == (3, None, None)
    so = await chamar(
        remessa.banco_api, "api.campanha_prova", **remessa.cena.sessao.args, p_id=campanha, p_status="ENVIADO"
    )
    assert len(so["destinatarios"]) == 3


@pytest.mark.parametrize("chave", ["ENVIADO", "LIDO", "PULADO"])
async def test_totais_adulterados_nao_conferem(remessa: Remessa, chave: str) -> None:
    campanha, envios = await remessa.enviar(2)
    await remessa.responder(*(resposta(e, "ACEITO", idExterno=f"w.{n}") for n, e in enumerate(envios)))
    remessa.admin.execute(
        "insert into campanhas_totais (cliente_id, campanha_id, chave, total) values (%s, %s, %s, 1)"
        " on conflict (cliente_id, campanha_id, chave) do update set total = campanhas_totais.total + 1",
        [remessa.cena.cliente_id, campanha, chave],
    )
    prova = await chamar(
        remessa.banco_api, "api.campanha_prova", **remessa.cena.sessao.args, p_id=campanha, p_conferir=True
    )
    assert prova["resumo"]["confere"] is False
    assert prova["resumo"]["totais"][chave] == prova["resumo"]["contados"][chave] + 1


async def test_medidas_contam_quem_espera(remessa: Remessa) -> None:
    def esperam(medidas: list[dict[str, Any]]) -> dict[str, int]:
        (banco,) = [m["metricas"]["esperam"] for m in medidas if m["processo"] == "banco"]
        return dict(banco)

    antes = esperam(await chamar(remessa.banco_api, "api.metricas_obter"))
    await duvidar(remessa, 2)
    matar(remessa.admin, remessa.cena, "conexao_consultar", uuid4())
    depois = esperam(await chamar(remessa.banco_api, "api.metricas_obter"))
    assert (depois["incertos"] - antes["incertos"], depois["filaMorta"] - antes["filaMorta"]) == (2, 1)


@pytest.mark.parametrize(
    ("texto", "celula_esperada"),
    [
        ("=1+1", "'=1+1"),
        ("+5511", "'+5511"),
        ("-2", "'-2"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("'=1", "''=1"),
        ("ana", "ana"),
        (None, ""),
    ],
)
def test_celula_nao_vira_formula(texto: str | None, celula_esperada: str) -> None:
    assert celula(texto) == celula_esperada
