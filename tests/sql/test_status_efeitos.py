"""What a status stops beyond its message: marketing to a person, a number, a template and its campaigns."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql.cenas import criar_campanha, iniciar, obter, resposta
from tests.sql.remessa import Remessa, montar, remessa

__all__ = ["montar", "remessa"]


async def test_parou_o_marketing_revoga_uma_vez(remessa: Remessa) -> None:
    _, (envio,) = await remessa.enviar()
    await remessa.responder(resposta(envio, "ACEITO", idExterno="wamid.o"))
    recusou = wm.status("wamid.o", "failed", tentativa=envio["tentativaId"], erro=131050)
    contato = remessa.cena.contatos[0]

    def estado() -> tuple[str, int]:
        linha = remessa.admin.execute(
            "select c.marketing, (select count(*) from consentimentos as k where k.contato_id = c.id"
            " and k.acao = 'REVOGADO' and k.origem = 'PROVEDOR') as n from contatos as c where c.id = %s",
            [contato],
        ).fetchone()
        assert linha
        return linha["marketing"], linha["n"]

    await remessa.contar(recusou, recusou)
    await remessa.contar(recusou)
    assert estado() == ("REVOGADO", 1)
    assert remessa.linha(envio["alvoId"])["motivo"] == "OPTOUT"
    # a consent given since is not undone by the old news coming again
    await chamar(
        remessa.banco_api,
        "api.consentimento_criar",
        **remessa.cena.sessao.args,
        p_contato_id=contato,
        p_acao="CONCEDIDO",
        p_origem="FORMULARIO",
        p_prova="pediu de novo no balcão",
    )
    await remessa.contar(recusou)
    assert estado() == ("CONCEDIDO", 1)


async def test_parou_o_marketing_na_propria_resposta(remessa: Remessa) -> None:
    _, (envio,) = await remessa.enviar()
    await remessa.responder(resposta(envio, "REJEITADO", codigo=131050, http=400))
    linha = remessa.admin.execute("select marketing from contatos where id = %s", [remessa.cena.contatos[0]]).fetchone()
    assert linha == {"marketing": "REVOGADO"}
    assert remessa.linha(envio["alvoId"])["motivo"] == "OPTOUT"


@pytest.mark.parametrize(
    ("codigo", "parada"), [(131048, "PAUSADA"), (131042, "PAUSADA"), (190, "ERRO"), (132015, "modelo"), (131026, "")]
)
async def test_falha_posterior_do_numero_para_o_numero(remessa: Remessa, codigo: int, parada: str) -> None:
    """Accepted, then refused for the account's sake: without a stop, a campaign would burn through everybody."""
    campanha, envios = await remessa.enviar(2)
    await remessa.responder(*(resposta(e, "ACEITO", idExterno=f"wamid.{e['alvoId']}") for e in envios))

    def estados() -> tuple[str, str, str]:
        linha = remessa.admin.execute(
            "select x.status as conexao, m.status as modelo, k.status as campanha from campanhas as k"
            " join conexoes as x on x.id = k.conexao_id join modelos as m on m.id = k.modelo_id where k.id = %s",
            [campanha],
        ).fetchone()
        assert linha
        return linha["conexao"], linha["modelo"], linha["campanha"]

    def falha(n: int, quando: float) -> dict[str, Any]:
        return wm.status(f"wamid.{envios[n]['alvoId']}", "failed", quando=int(quando), erro=codigo)

    await remessa.contar(falha(0, time.time() - 3600))
    assert estados()[:2] == ("ATIVA", "APPROVED"), "older than the last change of the number: already dealt with"
    remessa.admin.execute("update campanhas set status = 'EM_ANDAMENTO' where id = %s", [campanha])
    await remessa.contar(falha(1, time.time() + 2))
    match parada:
        case "modelo":
            assert estados() == ("ATIVA", "PAUSED", "PAUSADA")
        case "":
            assert estados()[:2] == ("ATIVA", "APPROVED")
        case _:
            assert estados()[:2] == (parada, "APPROVED")


@pytest.mark.parametrize("evento", ["PAUSED", "DISABLED", "REJECTED"])
async def test_modelo_parado_pausa_as_campanhas(remessa: Remessa, evento: str) -> None:
    campanha, envios = await remessa.enviar(1)
    outra = await criar_campanha(remessa.banco_api, remessa.cena)
    await iniciar(remessa.banco_api, remessa.cena, outra)
    linha = remessa.admin.execute("select id_externo from modelos where id = %s", [remessa.cena.modelo_id]).fetchone()
    assert linha
    aviso = wm.amostra(35)
    aviso["entry"][0] |= {"id": remessa.conta}
    mudanca = aviso["entry"][0]["changes"][1]
    mudanca["value"] |= {"message_template_id": int(linha["id_externo"]), "event": evento}
    aviso["entry"][0]["changes"] = [mudanca]
    await remessa.receber(aviso)
    await remessa.executar()
    for c in (campanha, outra):
        dados = await obter(remessa.banco_api, remessa.cena, c)
        assert dados["status"] == "PAUSADA"
        assert evento in dados["statusMotivo"]
    assert remessa.na_fila() == 1, "only what was announced before"
    assert len(envios) == 1
    # approved again: the template may be used, a person resumes
    mudanca["value"]["event"] = "APPROVED"
    await remessa.receber(aviso)
    await remessa.executar()
    linha = remessa.admin.execute("select status from modelos where id = %s", [remessa.cena.modelo_id]).fetchone()
    assert linha == {"status": "APPROVED"}
    await chamar(remessa.banco_api, "api.campanha_retomar", **remessa.cena.sessao.args, p_id=outra)
    # the old notice, delivered once more with its hour, changes nothing
    mudanca["value"]["event"] = evento
    aviso["entry"][0]["time"] = 1_700_000_000
    await remessa.receber(aviso)
    await remessa.executar()
    assert (await obter(remessa.banco_api, remessa.cena, outra))["status"] == "EM_ANDAMENTO"
