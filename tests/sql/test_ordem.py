"""Messages of one conversation leave in the order in which they were written, whatever happens to one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

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
    pretender,
    registrar,
    reservar,
    resposta,
)  # fmt: skip


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Ordem"))


@pytest.fixture
def conversa(admin: Admin, cena: Cena) -> UUID:
    return conversar(admin, cena, cena.contatos[0])


async def test_a_segunda_espera_a_primeira_terminar(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    primeira, segunda = escrever(admin, cena, conversa, "1"), escrever(admin, cena, conversa, "2")
    itens = await reservar(banco_worker, cena)
    assert [i["alvoId"] for i in itens] == [str(primeira)]
    assert await reservar(banco_worker, cena, dono="w2") == [], "reserved is not gone"
    (envio,) = (await pretender(banco_worker, cena, itens))["envios"]
    assert await reservar(banco_worker, cena, dono="w2") == [], "in flight neither"
    await registrar(banco_worker, cena, [resposta(envio, "ACEITO", idExterno="w.1")])
    assert [i["alvoId"] for i in await reservar(banco_worker, cena)] == [str(segunda)]


@pytest.mark.parametrize(
    ("desfecho", "extra", "espera"),
    [
        ("NAO_ENVIADO", {}, True),
        ("REJEITADO", {"codigo": 131056, "http": 400}, True),
        ("REJEITADO", {"codigo": 131057, "http": 500}, True),
        ("REJEITADO", {"codigo": 131026, "http": 400}, True),
        ("REJEITADO", {"codigo": 100, "http": 400}, False),
        ("AMBIGUO", {}, False),
    ],
)
async def test_adiada_segura_as_seguintes(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID, desfecho: str, extra: dict[str, Any], espera: bool
) -> None:
    primeira, segunda = escrever(admin, cena, conversa, "1"), escrever(admin, cena, conversa, "2")
    (envio,) = await enviar(banco_worker, cena)
    await registrar(banco_worker, cena, [resposta(envio, desfecho, **extra)])
    admin.execute("update conexoes set suspensa_ate = null where id = %s", [cena.conexao_id])
    # even when the first is not due yet
    admin.execute("update fila set executar_em = now() + interval '1 hour' where alvo_id = %s", [primeira])
    assert [i["alvoId"] for i in await reservar(banco_worker, cena)] == ([] if espera else [str(segunda)])


async def test_recusada_na_intencao_da_lugar(banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID) -> None:
    primeira = escrever(admin, cena, conversa, "1")
    segunda = escrever(admin, cena, conversa, "2")
    admin.execute("update fila set expira_em = now() where alvo_id = %s", [primeira])
    assert await enviar(banco_worker, cena) == []
    assert mensagem(admin, primeira)["motivo"] == "EXPIRADA"
    assert [e["alvoId"] for e in await enviar(banco_worker, cena)] == [str(segunda)]


async def test_a_ordem_vale_entre_faixas_e_so_dentro_da_conversa(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    agendada = escrever(admin, cena, conversa, "1", prioridade=5)
    humana = escrever(admin, cena, conversa, "2", prioridade=1)
    outra = escrever(admin, cena, conversar(admin, cena, cena.contatos[1]), "x", prioridade=3)
    assert [i["alvoId"] for i in await reservar(banco_worker, cena)] == [str(outra), str(agendada)]
    assert mensagem(admin, humana)["reservada"] is False


async def test_pessoa_bot_agendada_campanha(banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    for n, prioridade in enumerate((5, 3, 1)):
        escrever(admin, cena, conversar(admin, cena, cena.contatos[n]), prioridade=prioridade)
    itens = await reservar(banco_worker, cena, 5)
    assert [i["prioridade"] for i in itens] == [1, 3, 5, 7, 7]


async def test_a_marca_so_pula_na_faixa_das_campanhas(
    banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena
) -> None:
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    primeiras = await reservar(banco_worker, cena, 3)
    await chamar_devolver(banco_worker, cena, primeiras[:1])
    humana = escrever(admin, cena, conversar(admin, cena, cena.contatos[0]))
    marca = {"executarEm": primeiras[-1]["executarEm"], "id": primeiras[-1]["id"]}
    depois = await reservar(banco_worker, cena, 20, p_apos=cenas.psycopg.types.json.Jsonb(marca))
    assert depois[0]["alvoId"] == str(humana)
    ids = {i["id"] for i in depois}
    assert len(ids) == 8, "the human one and the seven that came after the mark"
    assert primeiras[0]["id"] not in ids
    assert [i["id"] for i in await reservar(banco_worker, cena, 20)] == [primeiras[0]["id"]]


async def chamar_devolver(banco_worker: Banco, cena: Cena, itens: list[dict[str, Any]]) -> None:
    argumentos = {"p_cliente_id": cena.cliente_id, "p_dono": "w1", "p_itens": cenas.psycopg.types.json.Jsonb(itens)}
    await banco_worker.chamar("worker.fila_devolver", argumentos)


async def test_muitos_reservando_ao_mesmo_tempo(banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    conversas = [conversar(admin, cena, c) for c in cena.contatos]
    for n in range(4):
        for v in conversas:
            escrever(admin, cena, v, str(n))
    saidas: dict[str, list[str]] = {}

    async def worker(dono: str) -> None:
        for _ in range(40):
            envios = await enviar(banco_worker, cena, 3, dono)
            for e in envios:
                linha = admin.execute("select conversa_id from mensagens where id = %s", [e["alvoId"]]).fetchone()
                assert linha
                saidas.setdefault(str(linha["conversa_id"]), []).append(e["conteudo"]["texto"])
            aceitas = [resposta(e, "ACEITO", idExterno=f"w.{e['alvoId']}") for e in envios]
            if aceitas:
                await registrar(banco_worker, cena, aceitas, dono)

    await asyncio.gather(*(worker(f"w{n}") for n in range(6)))
    assert saidas == {str(v): ["0", "1", "2", "3"] for v in conversas}


async def test_o_urgente_toma_o_lugar_na_hora_de_anunciar(
    banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena
) -> None:
    """Claimed campaign rows give way to what a person wrote meanwhile; they go back, free, and leave later."""
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    itens = await reservar(banco_worker, cena, 5)
    ana, bia = (conversar(admin, cena, c) for c in cena.contatos[:2])
    primeira = escrever(admin, cena, ana, "1")
    segunda, terceira = escrever(admin, cena, ana, "2"), escrever(admin, cena, bia, "3", prioridade=5)
    envios = (await pretender(banco_worker, cena, itens, p_trocar=True))["envios"]
    assert [e["alvoId"] for e in envios][:2] == [str(primeira), str(terceira)]
    assert [e["prioridade"] for e in envios] == [1, 5, 7, 7, 7]
    assert {e["id"] for e in envios[2:]} == {i["id"] for i in itens[:3]}
    assert mensagem(admin, segunda)["reservada"] is False
    voltaram = {i["id"] for i in await reservar(banco_worker, cena, 20)}
    assert {i["id"] for i in itens[3:]} <= voltaram
    assert len(voltaram) == 7
    livres = admin.execute(
        "select count(*) as n from campanhas_log where cliente_id = %s and tentativas = 0", [cena.cliente_id]
    ).fetchone()
    assert livres == {"n": 7}
    # without somebody waiting, everything claimed goes; and a human row never gives way
    outra = escrever(admin, cena, bia, "4")
    await registrar(banco_worker, cena, [resposta(e, "ACEITO", idExterno=f"w.{e['alvoId']}") for e in envios])
    itens = await reservar(banco_worker, cena, 1)
    assert [i["alvoId"] for i in itens] == [str(segunda)]
    assert [e["alvoId"] for e in (await pretender(banco_worker, cena, itens, p_trocar=True))["envios"]] == [
        str(segunda)
    ]
    assert [i["alvoId"] for i in await reservar(banco_worker, cena, 1)] == [str(outra)]
