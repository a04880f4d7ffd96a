"""One number, one person: a message every 6 seconds, bursts lent from the future, and only the pair's own wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.banco import Banco
from tests.sql import cenas
from tests.sql.cenas import (
    Admin,
    Cena,
    conversar,
    criar_campanha,
    enviar,
    escrever,
    iniciar,
    mensagem,
    registrar,
    resposta,
)  # fmt: skip

RITMO_S, ADIANTE = 6, 45


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Pares"))


def par(admin: Admin, cena: Cena, contato: object) -> dict[str, Any] | None:
    return admin.execute(
        "select extract(epoch from quitado_em - clock_timestamp())::float as divida, recusas,"
        " extract(epoch from livre_em - clock_timestamp())::float as livre from pares"
        " where conexao_id = %s and contato_id = %s",
        [cena.conexao_id, contato],
    ).fetchone()


def dever(admin: Admin, cena: Cena, contato: object, segundos: float) -> None:
    admin.execute(
        "insert into pares (cliente_id, conexao_id, contato_id, quitado_em)"
        " values (%s, %s, %s, clock_timestamp() + %s * interval '1 second')"
        " on conflict (cliente_id, conexao_id, contato_id) do update set quitado_em = excluded.quitado_em",
        [cena.cliente_id, cena.conexao_id, contato, segundos],
    )


async def test_quarenta_e_cinco_adiantadas_e_a_divida_se_paga(banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    ana, bia = cena.contatos[:2]
    conversa = conversar(admin, cena, ana)
    ids = [escrever(admin, cena, conversa, str(n)) for n in range(ADIANTE + 2)]
    saidas = []
    while envios := await enviar(banco_worker, cena):
        saidas += [e["conteudo"]["texto"] for e in envios]
        await registrar(banco_worker, cena, [resposta(e, "ACEITO", idExterno=f"w.{e['alvoId']}") for e in envios])
        # the burst has just begun, however slow this machine
        admin.execute(
            "update pares set quitado_em = quitado_em + (clock_timestamp() - rajada_em), rajada_em = clock_timestamp()"
        )
    assert saidas == [str(n) for n in range(ADIANTE)]
    visto = mensagem(admin, ids[ADIANTE])
    assert (visto["status"], visto["espera"], visto["tentativas"], visto["na_fila"]) == ("RESERVADO", True, 0, 0)
    espera = admin.execute(
        "select extract(epoch from executar_em - clock_timestamp())::float as s from fila where alvo_id = %s",
        [ids[ADIANTE]],
    ).fetchone()
    assert espera
    assert ADIANTE * RITMO_S - 4 < espera["s"] <= ADIANTE * RITMO_S + 0.5
    # the next one of hers does not overtake, those of others leave
    outra = escrever(admin, cena, conversar(admin, cena, bia))
    assert [e["alvoId"] for e in await enviar(banco_worker, cena)] == [str(outra)]
    # paid by waiting: it leaves, and a new burst begins
    dever(admin, cena, ana, -0.1)
    admin.execute("update fila set executar_em = now() where reservado_ate is null")
    (envio,) = await enviar(banco_worker, cena)
    assert envio["alvoId"] == str(ids[ADIANTE])
    visto = par(admin, cena, ana)
    assert visto
    assert RITMO_S - 2 < visto["divida"] <= RITMO_S + 0.5


async def test_depois_da_rajada_a_divida_vem_primeiro(banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    ana = cena.contatos[0]
    conversa = conversar(admin, cena, ana)
    escrever(admin, cena, conversa, "uma")
    (envio,) = await enviar(banco_worker, cena)
    await registrar(banco_worker, cena, [resposta(envio, "ACEITO", idExterno="w.1")])
    admin.execute("update pares set rajada_em = rajada_em - interval '5 seconds'")
    outra = escrever(admin, cena, conversa, "outra")
    assert await enviar(banco_worker, cena) == []
    assert mensagem(admin, outra)["espera"]
    admin.execute("update pares set quitado_em = clock_timestamp()")
    admin.execute("update fila set executar_em = now() where alvo_id = %s", [outra])
    assert len(await enviar(banco_worker, cena)) == 1


async def test_campanha_so_empurra_quem_conversa(
    banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena
) -> None:
    ana, bia = cena.contatos[:2]
    dever(admin, cena, ana, 60)
    admin.execute("update pares set rajada_em = clock_timestamp() + interval '1 minute'")  # inside a burst throughout
    campanha = await criar_campanha(banco_api, cena, p_contato_ids=[ana, bia])
    await iniciar(banco_api, cena, campanha)
    assert len(await enviar(banco_worker, cena)) == 2
    visto = par(admin, cena, ana)
    assert visto
    assert 64 < visto["divida"] <= 66
    assert par(admin, cena, bia) is None


async def test_recusa_faz_so_o_par_esperar_cada_vez_mais(banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    ana, bia = cena.contatos[:2]
    primeira = escrever(admin, cena, conversar(admin, cena, ana))
    for k in range(6):
        (envio,) = await enviar(banco_worker, cena)
        await registrar(banco_worker, cena, [resposta(envio, "REJEITADO", codigo=131056, http=400)])
        visto = par(admin, cena, ana)
        assert visto
        assert min(4**k, 256) - 1 < visto["livre"] <= min(4**k, 256), k
        assert visto["recusas"] == k + 1
        assert (mensagem(admin, primeira)["na_fila"], mensagem(admin, primeira)["espera"]) == (0, True)
        # due or not, while the pair waits it does not leave
        admin.execute("update fila set executar_em = now() where alvo_id = %s", [primeira])
        assert await enviar(banco_worker, cena) == []
        assert mensagem(admin, primeira)["espera"]
        admin.execute("update pares set livre_em = '-infinity'")
        admin.execute("update fila set executar_em = now() where alvo_id = %s", [primeira])
    outra = escrever(admin, cena, conversar(admin, cena, bia))
    envios = {e["alvoId"]: e for e in await enviar(banco_worker, cena)}
    assert set(envios) == {str(primeira), str(outra)}, "the number itself was never suspended"
    await registrar(banco_worker, cena, [resposta(envios[str(primeira)], "ACEITO", idExterno="w.ana")])
    visto = par(admin, cena, ana)
    assert visto
    assert visto["recusas"] == 0
    motivos = admin.execute("select motivo from ocorrencias where alvo_id = %s", [ana]).fetchall()
    assert {x["motivo"] for x in motivos} == {"RATE_PAIR"}


async def test_dez_recusas_seguidas_e_desiste(banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    m = escrever(admin, cena, conversar(admin, cena, cena.contatos[0]))
    dever(admin, cena, cena.contatos[0], 0)
    admin.execute("update pares set recusas = 10 where contato_id = %s", [cena.contatos[0]])
    (envio,) = await enviar(banco_worker, cena)
    await registrar(banco_worker, cena, [resposta(envio, "REJEITADO", codigo=131056, http=400)])
    assert (mensagem(admin, m)["status"], mensagem(admin, m)["motivo"]) == ("FALHOU", "TENTATIVAS_ESGOTADAS")
    morta = admin.execute("select tipo from fila_morta where alvo_id = %s", [m]).fetchall()
    assert morta == [{"tipo": "mensagem_enviar"}]
