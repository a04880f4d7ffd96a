"""The one predicate of visibility inside a tenant: own, own teams, all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.banco import Banco
from tests.conftest import SENHA_HASH, Sessao, abrir_sessao, chamar

Admin = psycopg.Connection[dict[str, Any]]


@pytest.fixture(scope="module")
async def cena(banco_api: Banco, ana: Sessao) -> dict[str, UUID]:
    """Ivo and Lia share Vendas; Rui is in Suporte; nobody else is in a team."""
    perfis = {p["codigo"]: p["id"] for p in (await chamar(banco_api, "api.perfis_listar", **ana.args))["dados"]}
    ids: dict[str, UUID] = {"ana": ana.usuario_id}
    for nome in ("ivo", "lia", "rui"):
        usuario = await chamar(
            banco_api,
            "api.usuario_criar",
            **ana.args,
            p_nome=nome,
            p_email=f"{nome}-visivel@exemplo.test",
            p_senha_hash=SENHA_HASH,
            p_perfil_id=UUID(perfis["ATENDENTE"]),
        )
        ids[nome] = UUID(usuario["id"])
    for nome, membros in (("vendas", ["ivo", "lia"]), ("suporte", ["rui"])):
        equipe = await chamar(
            banco_api, "api.equipe_criar", **ana.args, p_nome=nome, p_membros=[ids[m] for m in membros]
        )
        ids[nome] = UUID(equipe["id"])
    ids.update({p.lower(): UUID(i) for p, i in perfis.items()})
    return ids


def perguntar(admin: Admin, sessao: Sessao, visibilidade: str, dono: UUID | None, equipe: UUID | None) -> bool:
    """The predicate as a function of the product sees it: its role, RLS in force, the context open."""
    with admin.transaction(force_rollback=True):
        admin.execute(
            "update perfis set visibilidade = %s where cliente_id = %s and id = %s",
            [visibilidade, sessao.cliente_id, sessao.perfil_id],
        )
        admin.execute("set local role crm_definidor")
        admin.execute("select interno.contexto_abrir(%s, %s, 'sessao:usar')", [sessao.cliente_id, sessao.segredo])
        linha = admin.execute(
            "select interno.visivel(%s, %s, %s) as visivel", [sessao.cliente_id, dono, equipe]
        ).fetchone()
    assert linha
    return bool(linha["visivel"])


@pytest.mark.parametrize(
    ("dono", "equipe", "propria", "da_equipe"),
    [
        (None, None, True, True),  # nobody's
        ("ivo", None, True, True),
        ("ivo", "suporte", True, True),
        ("lia", None, False, True),  # a colleague's
        ("rui", None, False, False),
        ("ana", None, False, False),
        (None, "vendas", True, True),  # waiting in my team's queue
        (None, "suporte", False, False),
        ("rui", "vendas", False, True),  # somebody else's, in my team
        ("lia", "suporte", False, True),
    ],
)
def test_visivel(
    admin: Admin,
    ana: Sessao,
    cena: dict[str, UUID],
    dono: str | None,
    equipe: str | None,
    propria: bool,
    da_equipe: bool,
) -> None:
    ivo = abrir_sessao(admin, ana.cliente_id, cena["ivo"])
    par = (cena[dono] if dono else None, cena[equipe] if equipe else None)
    assert perguntar(admin, ivo, "PROPRIA", *par) is propria
    assert perguntar(admin, ivo, "EQUIPE", *par) is da_equipe
    assert perguntar(admin, ivo, "TODAS", *par) is True


def test_sem_contexto_nada_e_visivel(admin: Admin, ana: Sessao) -> None:
    linha = admin.execute("select interno.visivel(%s, null, null) as v", [ana.cliente_id]).fetchone()
    assert linha and linha["v"] is True  # nobody's is everybody's: the tenant itself is RLS's matter
    linha = admin.execute("select interno.visivel(%s, %s, null) as v", [ana.cliente_id, ana.usuario_id]).fetchone()
    assert linha and linha["v"] is False


def test_o_predicado_some_no_plano(admin: Admin, ana: Sessao) -> None:
    """A function call per row of a list would cost more than the list; only rows of teams may pay one."""
    with admin.transaction(force_rollback=True):
        admin.execute("set local role crm_definidor")
        admin.execute("select interno.contexto_abrir(%s, %s, 'sessao:usar')", [ana.cliente_id, ana.segredo])
        plano = "\n".join(
            linha["QUERY PLAN"]
            for linha in admin.execute(
                "explain select c.id from contatos as c where c.cliente_id = %s"
                " and interno.visivel(c.cliente_id, c.responsavel_id, c.equipe_id)",
                [ana.cliente_id],
            )
        )
    assert "current_setting('app.visibilidade'" in plano
    assert "visivel(" not in plano
