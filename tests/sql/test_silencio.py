"""One conversation muted by one person: nothing is said of it to her until she undoes it; others hear on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena
from tests.sql.test_avisos import chegar, de, ditos
from tests.sql.test_eventos import equipe, pessoa
from tests.sql.test_inscricoes import inscrever, pedidos, pronta, reservar, vencer

LE_E_RESPONDE = ("conversas:ler", "conversas:responder")


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Silêncio"))


async def silenciar(banco: Banco, quem: Sessao, conversa: UUID, volta: bool = False) -> Any:
    funcao = "api.conversa_silencio_desfazer" if volta else "api.conversa_silenciar"
    return await chamar(banco, funcao, **quem.args, p_id=conversa)


def de_tudo(admin: Admin, cena: Cena, dona: Sessao, conversa: UUID) -> None:
    """Every kind of thing that one is told of, in one conversation."""
    chegar(admin, cena, conversa)
    admin.execute(
        "update conversas set espera_desde = now() - interval '60 minutes 1 second' where id = %s", [conversa]
    )
    nota = admin.execute(
        "insert into notas (cliente_id, conversa_id, usuario_id, texto) values (%s, %s, %s, 'veja') returning id",
        [cena.cliente_id, conversa, cena.sessao.usuario_id],
    ).fetchone()
    assert nota
    admin.execute(
        "insert into mencoes (cliente_id, conversa_id, nota_id, usuario_id) values (%s, %s, %s, %s)",
        [cena.cliente_id, conversa, nota["id"], dona.usuario_id],
    )
    admin.execute(
        "insert into ofertas (cliente_id, conversa_id, usuario_id, expira_em)"
        " values (%s, %s, %s, now() + interval '1 minute')",
        [cena.cliente_id, conversa, dona.usuario_id],
    )


async def test_nada_se_diz_dela_ate_que_se_desfaca(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    dona = pessoa(admin, cena, "PROPRIA", LE_E_RESPONDE)
    calada, outra = de(admin, cena, 0, dona), de(admin, cena, 1, dona)
    chegar(admin, cena, outra)
    de_tudo(admin, cena, dona, calada)
    antes = await ditos(banco_api, dona)
    assert {tipo for tipo, id_ in antes if id_ == str(calada)} == {"MENSAGEM", "PASSADA", "PRAZO", "MENCAO", "OFERTA"}
    assert (await chamar(banco_api, "api.atendimento_obter", **dona.args))["naoLidas"] == 2
    for _ in range(2):
        assert (await silenciar(banco_api, dona, calada))["naoLidas"], "it stays unread"
    for perguntadas in ((calada, outra), ()):
        ouve = await ditos(banco_api, dona, *perguntadas)
        # an offer lapses if nobody answers, and two lapses are a break
        assert {tipo for tipo, id_ in ouve if id_ == str(calada)} == {"OFERTA"}
        assert str(outra) in {id_ for _, id_ in ouve}
    assert (await chamar(banco_api, "api.atendimento_obter", **dona.args))["naoLidas"] == 1
    assert (await chamar(banco_api, "api.conversas_proprias_obter", **dona.args))["silenciadas"] == [str(calada)]
    assert (await chamar(banco_api, "api.conversa_propria_obter", **dona.args, p_id=calada))["silenciada"]
    for _ in range(2):
        await silenciar(banco_api, dona, calada, volta=True)
    assert await ditos(banco_api, dona) == antes
    assert not (await chamar(banco_api, "api.conversa_propria_obter", **dona.args, p_id=calada))["silenciada"]


async def test_o_prazo_dela_nao_acorda_ninguem(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    dona = pessoa(admin, cena, "PROPRIA")
    sua = de(admin, cena, 0, dona)
    admin.execute("update conversas set espera_desde = now() where id = %s", [sua])
    await silenciar(banco_api, dona, sua)
    assert (await chamar(banco_api, "api.avisos_obter", **dona.args))["prazoEm"] is None
    await silenciar(banco_api, dona, sua, volta=True)
    assert (await chamar(banco_api, "api.avisos_obter", **dona.args))["prazoEm"] is not None


async def test_nem_por_push_e_as_colegas_ouvem(admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    uma, duas = [await pronta(admin, banco_api, cena, p_avisos_fila=True) for _ in range(2)]
    for quem in (uma, duas):
        await inscrever(banco_api, quem)
    na_fila = de(admin, cena, 0, None, equipe(admin, cena, uma, duas))
    await silenciar(banco_api, uma, na_fila)
    chegar(admin, cena, na_fila)
    assert await pedidos(admin, banco_worker, cena) == {uma.usuario_id, duas.usuario_id}
    vencer(admin, cena)
    (dita,) = await reservar(banco_worker, cena)
    assert [a["conversaId"] for i in dita["inscricoes"] for a in i["avisos"]] == [str(na_fila)]
    assert await ditos(banco_api, duas) and not await ditos(banco_api, uma)


async def test_so_do_que_se_ve_e_so_no_proprio_cliente(
    admin: Admin, banco_api: Banco, cena: Cena, novo_cliente: Callable[..., Any]
) -> None:
    dona, colega = pessoa(admin, cena, "PROPRIA"), pessoa(admin, cena, "PROPRIA")
    vizinha = cenas.montar(admin, await novo_cliente("Silêncio B"))
    sua = de(admin, cena, 0, dona)
    for quem in (colega, vizinha.sessao):
        for volta in (False, True):
            with pytest.raises(Erro) as recusa:
                await silenciar(banco_api, quem, sua, volta)
            assert recusa.value.codigo == "ZNV01"
    await silenciar(banco_api, dona, sua)
    await silenciar(banco_api, cena.sessao, sua)
    await silenciar(banco_api, dona, sua, volta=True)
    linhas = admin.execute("select cliente_id, usuario_id, conversa_id from silenciadas").fetchall()
    minhas = [x for x in linhas if x["cliente_id"] in (cena.cliente_id, vizinha.cliente_id)]
    assert [(x["usuario_id"], x["conversa_id"]) for x in minhas] == [(cena.sessao.usuario_id, sua)]


async def test_so_ela_ouve_que_silenciou(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    dona = pessoa(admin, cena, "TODAS")
    sua = de(admin, cena, 0, None)
    for volta in (False, True):
        admin.execute("delete from eventos where cliente_id = %s", [cena.cliente_id])
        await silenciar(banco_api, dona, sua, volta)
        eventos = admin.execute(
            "select tipo, conversa_id, topicos from eventos where cliente_id = %s", [cena.cliente_id]
        ).fetchall()
        assert [(e["tipo"], e["conversa_id"], e["topicos"]) for e in eventos] == [
            ("silencio_mudou", sua, [f"pessoa:{dona.usuario_id}"])
        ]
