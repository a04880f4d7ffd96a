"""What somebody is told of: one's own, mentions, the queues one chose to hear of; nothing in the silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, conversar
from tests.sql.test_eventos import pessoa


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Avisos"))


def chegar(admin: Admin, cena: Cena, conversa: UUID, tipo: str = "TEXTO", ha: str = "0 seconds") -> None:
    admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, origem, ocorrido_em,"
        " criado_em) values (%s, %s, %s, 'ENTRADA', %s, 'chegou?', 'RECEBIDA', 'CONTATO', now(), now() - %s::interval)",
        [cena.cliente_id, conversa, cena.conexao_id, tipo, ha],
    )
    admin.execute("update conversas set nao_lidas = nao_lidas + 1 where id = %s", [conversa])


def de(admin: Admin, cena: Cena, contato: int, dona: Sessao | None, equipe: UUID | None = None) -> UUID:
    conversa = conversar(admin, cena, cena.contatos[contato])
    admin.execute(
        "update conversas set usuario_id = %s, equipe_id = %s where id = %s",
        [dona and dona.usuario_id, equipe, conversa],
    )
    return conversa


async def ditos(banco: Banco, quem: Sessao, *conversas: UUID) -> set[tuple[str, str]]:
    feito = await chamar(banco, "api.avisos_obter", **quem.args, p_conversas=list(conversas) or None)
    return {(a["tipo"], a["conversaId"]) for a in feito["avisos"]}


async def test_so_o_que_e_seu_e_novo(admin: Admin, banco_api: Banco, cena: Cena, ana: Sessao) -> None:
    dona, colega = pessoa(admin, cena, "PROPRIA"), pessoa(admin, cena, "TODAS")
    sua, parada, reagida = (de(admin, cena, n, dona) for n in range(3))
    admin.execute("delete from conversas_historico where cliente_id = %s", [cena.cliente_id])
    chegar(admin, cena, sua)
    chegar(admin, cena, parada, ha="5 minutes")
    chegar(admin, cena, reagida, "REACAO")
    for perguntadas in ((sua, parada, reagida), ()):
        assert await ditos(banco_api, dona, *perguntadas) == {("MENSAGEM", str(sua))}
        # whoever sees everything is told of nothing that is somebody else's; nor is another tenant
        assert await ditos(banco_api, colega, *perguntadas) == set()
        assert await ditos(banco_api, ana, *perguntadas) == set()
    assert await ditos(banco_api, dona, parada) == set()
    admin.execute("update conversas set nao_lidas = 0 where id = %s", [sua])
    assert await ditos(banco_api, dona, sua) == set()


async def test_a_fila_so_de_quem_a_atende_e_quis(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    equipe, alheia = (
        admin.execute(
            "insert into equipes (cliente_id, nome) values (%s, %s) returning id", [cena.cliente_id, nome]
        ).fetchone()
        for nome in ("Vendas", "Oficina")
    )
    assert equipe and alheia
    membro = pessoa(admin, cena, "TODAS")
    admin.execute(
        "insert into equipes_membros (cliente_id, equipe_id, usuario_id) values (%s, %s, %s)",
        [cena.cliente_id, equipe["id"], membro.usuario_id],
    )
    geral, dela, outra = (de(admin, cena, n, None, x) for n, x in enumerate((None, equipe["id"], alheia["id"])))
    for conversa in (geral, dela, outra):
        chegar(admin, cena, conversa)
    assert await ditos(banco_api, membro, geral, dela, outra) == set()
    await chamar(banco_api, "api.preferencias_atualizar", **membro.args, p_avisos_fila=True)
    for perguntadas in ((geral, dela, outra), ()):
        assert await ditos(banco_api, membro, *perguntadas) == {("MENSAGEM", str(geral)), ("MENSAGEM", str(dela))}
    admin.execute("update usuarios set disponibilidade = 'PAUSA' where id = %s", [membro.usuario_id])
    assert await ditos(banco_api, membro, geral, dela, outra) == set()


async def test_o_que_lhe_passam_e_onde_e_mencionado(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    dona, outra = pessoa(admin, cena, "TODAS"), pessoa(admin, cena, "TODAS")
    passada, comentada = de(admin, cena, 0, dona), de(admin, cena, 1, outra)
    nota = admin.execute(
        "insert into notas (cliente_id, conversa_id, usuario_id, texto) values (%s, %s, %s, 'veja isto') returning id",
        [cena.cliente_id, comentada, outra.usuario_id],
    ).fetchone()
    assert nota
    admin.execute(
        "insert into mencoes (cliente_id, conversa_id, nota_id, usuario_id) values (%s, %s, %s, %s)",
        [cena.cliente_id, comentada, nota["id"], dona.usuario_id],
    )
    assert await ditos(banco_api, dona, passada) == {("PASSADA", str(passada)), ("MENCAO", str(comentada))}
    assert await ditos(banco_api, outra) == {("PASSADA", str(comentada))}
    admin.execute("update mencoes set lida_em = now() where usuario_id = %s", [dona.usuario_id])
    assert await ditos(banco_api, dona, passada) == {("PASSADA", str(passada))}


@pytest.mark.parametrize(
    ("de_", "ate", "calado"),
    [
        ("-1 hour", "1 hour", True),
        ("1 hour", "2 hours", False),
        ("1 hour", "-1 hour", False),
        ("-1 hour", "-2 hours", True),
    ],
)
async def test_silencio(admin: Admin, banco_api: Banco, cena: Cena, de_: str, ate: str, calado: bool) -> None:
    dona = pessoa(admin, cena, "PROPRIA")
    sua = de(admin, cena, 0, dona)
    horas = admin.execute(
        "select to_char(now() at time zone c.fuso + %s::interval, 'HH24:MI') as de,"
        " to_char(now() at time zone c.fuso + %s::interval, 'HH24:MI') as ate from clientes as c where c.id = %s",
        [de_, ate, cena.cliente_id],
    ).fetchone()
    assert horas
    await chamar(
        banco_api, "api.preferencias_atualizar", **dona.args, p_silencio_de=horas["de"], p_silencio_ate=horas["ate"]
    )
    feito = await chamar(banco_api, "api.avisos_obter", **dona.args, p_conversas=[sua])
    assert (feito["som"], len(feito["avisos"])) == ((False, 0) if calado else (True, 1))


async def test_como_se_escolheu(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    dona = pessoa(admin, cena, "PROPRIA")
    sua = de(admin, cena, 0, dona)
    chegar(admin, cena, sua)

    async def com(**mudancas: object) -> Any:
        await chamar(banco_api, "api.preferencias_atualizar", **dona.args, **mudancas)
        return await chamar(banco_api, "api.avisos_obter", **dona.args, p_conversas=[sua])

    feito = await com(p_avisos_navegador=True)
    assert feito["navegador"] and "chegou?" in {a["texto"] for a in feito["avisos"]}
    assert {a["texto"] for a in (await com(p_avisos_texto=False))["avisos"]} == {None}
    assert (await com(p_som=False, p_avisos_navegador=False))["avisos"] == []
    with pytest.raises(Erro) as muitas:
        await chamar(banco_api, "api.avisos_obter", **dona.args, p_conversas=[sua] * 51)
    assert muitas.value.codigo == "ZRG03"
