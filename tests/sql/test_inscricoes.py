"""Who is told with every page closed: the same people, of the same things; once; while their session lasts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena
from tests.sql.test_avisos import chegar, de
from tests.sql.test_eventos import pessoa
from tests.sql.test_fila_morta import _sessao_com


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Inscrições"))


async def inscrever(banco: Banco, quem: Sessao, endereco: bytes | None = None) -> UUID:
    id_ = uuid4()
    await chamar(
        banco, "api.inscricao_criar", **quem.args, p_id=id_, p_endereco_hash=endereco or secrets.token_bytes(32),
        p_credenciais=secrets.token_bytes(80),
    )  # fmt: skip
    return id_


async def pronta(admin: Admin, banco: Banco, cena: Cena, **preferencias: object) -> Sessao:
    """Somebody who wants to be told."""
    quem = pessoa(admin, cena, "PROPRIA")
    await chamar(banco, "api.preferencias_atualizar", **quem.args, p_avisos_navegador=True, **preferencias)
    return quem


async def pedidos(admin: Admin, worker: Banco, cena: Cena) -> set[UUID]:
    """For whom work waits, after the events so far were numbered."""
    await chamar(worker, "worker.eventos_publicar", p_cliente_id=cena.cliente_id)
    linhas = admin.execute(
        "select alvo_id from fila where cliente_id = %s and execucao = 'AVISO'", [cena.cliente_id]
    ).fetchall()
    return {x["alvo_id"] for x in linhas}


def vencer(admin: Admin, cena: Cena) -> None:
    admin.execute("update fila set executar_em = now() where cliente_id = %s and execucao = 'AVISO'", [cena.cliente_id])


async def reservar(worker: Banco, cena: Cena, *presentes: UUID) -> list[dict[str, Any]]:
    feito: list[dict[str, Any]] = await chamar(
        worker, "worker.avisos_reservar", p_cliente_id=cena.cliente_id, p_dono="w1", p_presentes=list(presentes)
    )
    return feito


def ditos(pessoas: list[dict[str, Any]]) -> dict[str, set[tuple[str, str]]]:
    return {i["id"]: {(a["tipo"], a["conversaId"]) for a in i["avisos"]} for p in pessoas for i in p["inscricoes"]}


async def registrar(worker: Banco, cena: Cena, feita: dict[str, Any], **extra: object) -> Any:
    chaves = [{"id": i["id"], "chaves": [a["chave"] for a in i["avisos"]]} for i in feita["inscricoes"]]
    argumentos: dict[str, object] = {"p_ditos": json.dumps(chaves), **extra}
    return await chamar(
        worker, "worker.avisos_registrar", p_cliente_id=cena.cliente_id, p_dono="w1", p_id=UUID(feita["id"]),
        p_cerca=feita["cerca"], **argumentos,
    )  # fmt: skip


def na_fila(admin: Admin, cena: Cena) -> int:
    """How many are to be told soon; others wait for a deadline."""
    linha = admin.execute(
        "select count(*) as n from fila where cliente_id = %s and execucao = 'AVISO'"
        " and executar_em < now() + interval '10 minutes'",
        [cena.cliente_id],
    ).fetchone()
    assert linha
    return int(linha["n"])


async def test_so_de_quem_se_inscreveu_e_e_a_dona(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    dona, colega = await pronta(admin, banco_api, cena), await pronta(admin, banco_api, cena)
    sua, outra, sem = de(admin, cena, 0, dona), de(admin, cena, 1, dona), de(admin, cena, 2, None)
    assert await pedidos(admin, banco_worker, cena) == set()
    aqui, ali = await inscrever(banco_api, dona), await inscrever(banco_api, dona)
    await inscrever(banco_api, colega)
    for conversa in (sua, outra, sem):
        chegar(admin, cena, conversa)
    # one job however many messages and browsers; nobody for what is nobody's
    assert await pedidos(admin, banco_worker, cena) == {dona.usuario_id}
    assert await reservar(banco_worker, cena) == []
    vencer(admin, cena)
    pessoas = await reservar(banco_worker, cena)
    esperados = {("MENSAGEM", str(sua)), ("MENSAGEM", str(outra)), ("PASSADA", str(sua)), ("PASSADA", str(outra))}
    assert ditos(pessoas) == {str(aqui): esperados, str(ali): esperados}
    assert await reservar(banco_worker, cena) == []
    await registrar(banco_worker, cena, pessoas[0])
    assert na_fila(admin, cena) == 0
    # what was said is not said again
    chegar(admin, cena, sua)
    await pedidos(admin, banco_worker, cena)
    vencer(admin, cena)
    assert ditos(await reservar(banco_worker, cena)) == {str(x): {("MENSAGEM", str(sua))} for x in (aqui, ali)}


async def test_outro_cliente_nada_ve_nem_reserva(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena, novo_cliente: Callable[..., Any]
) -> None:
    outra = cenas.montar(admin, await novo_cliente("Inscrições B"))
    dona = await pronta(admin, banco_api, cena)
    vizinha = await pronta(admin, banco_api, outra)
    await inscrever(banco_api, dona)
    await inscrever(banco_api, vizinha)
    chegar(admin, cena, de(admin, cena, 0, dona))
    assert await pedidos(admin, banco_worker, outra) == set()
    assert await pedidos(admin, banco_worker, cena) == {dona.usuario_id}
    vencer(admin, cena)
    assert await reservar(banco_worker, outra) == []
    feita = (await reservar(banco_worker, cena))[0]
    assert not await registrar(banco_worker, outra, feita, p_mortas=[UUID(i["id"]) for i in feita["inscricoes"]])
    linha = admin.execute("select count(*) as n from inscricoes where cliente_id = %s", [cena.cliente_id]).fetchone()
    assert linha == {"n": 1} and na_fila(admin, cena) == 1


async def test_acaba_com_a_sessao_e_nao_passa_de_dez(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    dona = await pronta(admin, banco_api, cena)
    endereco = secrets.token_bytes(32)
    primeira = await inscrever(banco_api, dona, endereco)
    assert await inscrever(banco_api, dona, endereco) != primeira
    for _ in range(12):
        await inscrever(banco_api, dona)

    def quantas() -> int:
        return len(admin.execute("select from inscricoes where cliente_id = %s", [cena.cliente_id]).fetchall())

    assert quantas() == 10
    # of a session that ran out nothing is said, and of one that was closed nothing stays
    chegar(admin, cena, de(admin, cena, 0, dona))
    await pedidos(admin, banco_worker, cena)
    vencer(admin, cena)
    admin.execute("update sessoes set acesso_expira_em = now() where usuario_id = %s", [dona.usuario_id])
    assert await reservar(banco_worker, cena) == [] and na_fila(admin, cena) == 0
    admin.execute(
        "update sessoes set acesso_expira_em = now() + interval '1 hour' where usuario_id = %s", [dona.usuario_id]
    )
    await chamar(banco_api, "api.sessao_encerrar", **dona.args)
    assert quantas() == 0


async def test_quem_esta_em_frente_espera_e_no_silencio_nada(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    dona = await pronta(admin, banco_api, cena)
    await inscrever(banco_api, dona)
    sua = de(admin, cena, 0, dona)
    chegar(admin, cena, sua)
    await pedidos(admin, banco_worker, cena)
    vencer(admin, cena)
    assert await reservar(banco_worker, cena, dona.usuario_id) == [] and na_fila(admin, cena) == 1
    vencer(admin, cena)
    assert len(await reservar(banco_worker, cena)) == 1
    calada = await pronta(admin, banco_api, cena, p_silencio_de="00:00", p_silencio_ate="23:59")
    await inscrever(banco_api, calada)
    outra = de(admin, cena, 1, calada)
    chegar(admin, cena, outra)
    assert calada.usuario_id in await pedidos(admin, banco_worker, cena)
    vencer(admin, cena)
    assert await reservar(banco_worker, cena) == []


async def test_falha_volta_com_espera_e_desiste_na_terceira(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    dona = await pronta(admin, banco_api, cena)
    morta, viva = await inscrever(banco_api, dona), await inscrever(banco_api, dona)
    chegar(admin, cena, de(admin, cena, 0, dona))
    await pedidos(admin, banco_worker, cena)
    for vez in range(3):
        vencer(admin, cena)
        feita = (await reservar(banco_worker, cena))[0]
        assert await registrar(banco_worker, cena, feita, p_ditos="[]", p_mortas=[morta], p_falhou=True)
        assert {i["id"] for i in feita["inscricoes"]} == ({str(morta), str(viva)} if vez == 0 else {str(viva)})
        assert await reservar(banco_worker, cena) == []
    vencer(admin, cena)
    assert await reservar(banco_worker, cena) == [] and na_fila(admin, cena) == 0


def _faltam(admin: Admin, cena: Cena) -> list[int]:
    """In how many minutes each is to be told."""
    linhas = admin.execute(
        "select round(extract(epoch from executar_em - now()) / 60)::integer as m from fila"
        " where cliente_id = %s and execucao = 'AVISO'",
        [cena.cliente_id],
    ).fetchall()
    return [x["m"] for x in linhas]


@pytest.mark.parametrize("como", ["leu depois da falha", "falhou sempre"])
async def test_o_prazo_acorda_mesmo_quem_falhou(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena, como: str
) -> None:
    """Whatever came of the others, the end of the time to answer is said; and what failed waits, whatever comes."""
    dona = await pronta(admin, banco_api, cena)
    await inscrever(banco_api, dona)
    sua = de(admin, cena, 0, dona)
    chegar(admin, cena, sua)
    await pedidos(admin, banco_worker, cena)
    for _ in range(1 if como == "leu depois da falha" else 3):
        vencer(admin, cena)
        (feita,) = await reservar(banco_worker, cena)
        await registrar(banco_worker, cena, feita, p_ditos="[]", p_falhou=True, p_espera=timedelta(minutes=5))
        chegar(admin, cena, sua)
        await pedidos(admin, banco_worker, cena)
        assert _faltam(admin, cena) == [5], "the service said when"
    if como == "leu depois da falha":
        admin.execute("update conversas set nao_lidas = 0 where id = %s", [sua])
        admin.execute("delete from conversas_historico where conversa_id = %s", [sua])
    vencer(admin, cena)
    assert await reservar(banco_worker, cena) == []
    assert _faltam(admin, cena) == [60]


async def test_pedido_no_meio_e_feito_de_novo(admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    dona = await pronta(admin, banco_api, cena)
    await inscrever(banco_api, dona)
    sua = de(admin, cena, 0, dona)
    chegar(admin, cena, sua)
    await pedidos(admin, banco_worker, cena)
    vencer(admin, cena)
    feita = (await reservar(banco_worker, cena))[0]
    chegar(admin, cena, sua)
    await pedidos(admin, banco_worker, cena)
    await registrar(banco_worker, cena, feita)
    assert na_fila(admin, cena) == 1
    vencer(admin, cena)
    assert len(await reservar(banco_worker, cena)) == 1


async def test_sem_permissao_nao_se_inscreve(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    sem = _sessao_com(admin, cena, "contatos:ler")
    with pytest.raises(Erro) as recusa:
        await inscrever(banco_api, sem)
    assert recusa.value.codigo == "ZPG01"


async def test_o_prazo_que_acaba_e_dito_uma_vez(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    dona, colega = await pronta(admin, banco_api, cena), await pronta(admin, banco_api, cena)
    await inscrever(banco_api, dona)
    sua = de(admin, cena, 0, dona)
    admin.execute("delete from conversas_historico where cliente_id = %s", [cena.cliente_id])
    chegar(admin, cena, sua)
    await pedidos(admin, banco_worker, cena)
    vencer(admin, cena)
    await registrar(banco_worker, cena, (await reservar(banco_worker, cena))[0])
    # said; the work waits for the deadline of the company: an hour
    linha = admin.execute(
        "select extract(epoch from executar_em - now()) / 60 as m from fila"
        " where cliente_id = %s and execucao = 'AVISO'",
        [cena.cliente_id],
    ).fetchone()
    assert linha and 59 < linha["m"] <= 60
    perguntado = await chamar(banco_api, "api.avisos_obter", **dona.args, p_conversas=[])
    falta = datetime.fromisoformat(perguntado["prazoEm"]) - datetime.now(UTC)
    assert perguntado["avisos"] == [] and 3500 < falta.total_seconds() <= 3600
    admin.execute("update conversas set espera_desde = now() - interval '60 minutes 1 second' where id = %s", [sua])
    vencer(admin, cena)
    pessoas = await reservar(banco_worker, cena)
    assert [x for v in ditos(pessoas).values() for x in v] == [("PRAZO", str(sua))]
    await registrar(banco_worker, cena, pessoas[0])
    assert na_fila(admin, cena) == 0
    # the same in a page, of nobody else's; not when it was long ago, nor of one that was answered or put off
    for quem, vistos in ((dona, ["PRAZO"]), (colega, [])):
        feito = await chamar(banco_api, "api.avisos_obter", **quem.args, p_conversas=[])
        assert ([a["tipo"] for a in feito["avisos"]], feito["prazoEm"]) == (vistos, None)
    for muda in ("espera_desde = now() - interval '63 minutes'", "espera_desde = null"):
        admin.execute(f"update conversas set {muda} where id = %s", [sua])  # type: ignore[arg-type]
        feito = await chamar(banco_api, "api.avisos_obter", **dona.args, p_conversas=[])
        assert (feito["avisos"], feito["prazoEm"]) == ([], None)


async def _oferecer(admin: Admin, cena: Cena, quem: Sessao, conversa: UUID, segundos: int) -> UUID:
    linha = admin.execute(
        "insert into ofertas (cliente_id, conversa_id, usuario_id, expira_em)"
        " values (%s, %s, %s, now() + %s * interval '1 second') returning id",
        [cena.cliente_id, conversa, quem.usuario_id, segundos],
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


async def test_so_uma_oferta_ja_e_dita_enquanto_vale(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena, novo_cliente: Callable[..., Any]
) -> None:
    quem, colega = await pronta(admin, banco_api, cena), await pronta(admin, banco_api, cena)
    vizinha = cenas.montar(admin, await novo_cliente("Inscrições C"))
    aqui = await inscrever(banco_api, quem)
    await inscrever(banco_api, colega)
    await inscrever(banco_api, await pronta(admin, banco_api, vizinha))
    espera = de(admin, cena, 0, None)
    assert await pedidos(admin, banco_worker, cena) == set()
    oferta = await _oferecer(admin, cena, quem, espera, 60)
    assert await pedidos(admin, banco_worker, cena) == {quem.usuario_id}, "nothing but the offer happened"
    assert await pedidos(admin, banco_worker, vizinha) == set()
    vencer(admin, cena)
    (feita,) = await reservar(banco_worker, cena)
    ((dita,),) = [i["avisos"] for i in feita["inscricoes"]]
    assert feita["inscricoes"][0]["id"] == str(aqui)
    assert (dita["chave"], dita["tipo"], dita["conversaId"], dita["texto"]) == (
        str(oferta), "OFERTA", str(espera), None,
    )  # fmt: skip
    assert 55 <= dita["valeSegundos"] < 60
    await registrar(banco_worker, cena, feita)
    assert na_fila(admin, cena) == 0
    # one that is over by the time that the worker comes is not said
    admin.execute("update ofertas set fim = 'VENCIDA', encerrada_em = now() where id = %s", [oferta])
    vencida = await _oferecer(admin, cena, quem, espera, 60)
    assert await pedidos(admin, banco_worker, cena) == {quem.usuario_id}
    admin.execute("update ofertas set expira_em = now() where id = %s", [vencida])
    vencer(admin, cena)
    assert await reservar(banco_worker, cena) == [] and na_fila(admin, cena) == 0


async def test_a_oferta_nao_espera_que_se_saia(admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    """Whoever seems to look has its first third for herself."""
    quem = await pronta(admin, banco_api, cena)
    await inscrever(banco_api, quem)
    oferta = await _oferecer(admin, cena, quem, de(admin, cena, 0, None), 30)
    await pedidos(admin, banco_worker, cena)
    vencer(admin, cena)
    assert await reservar(banco_worker, cena, quem.usuario_id) == []
    linha = admin.execute(
        "select f.executar_em - o.oferecida_em as ate from fila as f join ofertas as o on o.id = %s"
        " where f.cliente_id = %s and f.execucao = 'AVISO'",
        [oferta, cena.cliente_id],
    ).fetchone()
    assert linha and linha["ate"].total_seconds() == 10
    admin.execute(
        "update ofertas set oferecida_em = now() - interval '11 seconds', expira_em = now() + interval '19 seconds'"
        " where id = %s",
        [oferta],
    )
    vencer(admin, cena)
    (feita,) = await reservar(banco_worker, cena, quem.usuario_id)
    await registrar(banco_worker, cena, feita)
    # told once: what else there is waits for her to leave, as ever
    chegar(admin, cena, de(admin, cena, 1, quem))
    await pedidos(admin, banco_worker, cena)
    vencer(admin, cena)
    assert await reservar(banco_worker, cena, quem.usuario_id) == [] and na_fila(admin, cena) == 1
