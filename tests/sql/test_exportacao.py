"""Contacts going out, page by page: everybody whom one sees, once, with the names of their tags."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.cenas import Admin
from tests.sql.test_notas import Sala, sala

__all__ = ["sala"]


async def _tudo(banco: Banco, sessao: Sessao, **filtros: object) -> list[list[dict[str, Any]]]:
    paginas: list[list[dict[str, Any]]] = []
    cursor: str | None = None
    while not paginas or cursor:
        lida = await chamar(banco, "api.contatos_exportar", **sessao.args, **filtros, p_cursor=cursor)
        paginas.append(lida["dados"])
        cursor = lida["meta"]["proximoCursor"]
    return paginas


async def test_todos_uma_vez_com_as_etiquetas(banco_api: Banco, admin: Admin, sala: Sala, bia: Sessao) -> None:
    dono = sala.cena.sessao
    rui = sala.colega("PROPRIA", "contatos:ler", "contatos:exportar")
    admin.execute(
        "insert into contatos (cliente_id, nome, telefone, bloqueado, responsavel_id)"
        " select %s, 'N' || n, '+5521' || (900000000 + n), n %% 2 = 0, case when n > 4000 then %s::uuid end"
        " from generate_series(1, 4100) as n",
        [dono.cliente_id, dono.usuario_id],
    )
    etiquetas = [
        UUID((await chamar(banco_api, "api.etiqueta_criar", **dono.args, p_nome=nome))["id"]) for nome in ("Zê", "Alfa")
    ]
    admin.execute(
        "insert into contatos_etiquetas (cliente_id, contato_id, etiqueta_id)"
        " select c.cliente_id, c.id, e from contatos as c, unnest(%s::uuid[]) as e"
        " where c.cliente_id = %s and c.nome in ('N7', 'N4007')",
        [etiquetas, dono.cliente_id],
    )
    paginas = await _tudo(banco_api, dono)
    assert [len(p) for p in paginas] == [2000, 2000, 102]
    nomes = [c["nome"] for p in paginas for c in p]
    assert nomes[0] == "N4100" and len(set(nomes)) == 4102
    assert {c["nome"]: c["etiquetas"] for p in paginas for c in p if c["etiquetas"]} == {
        "N7": ["Alfa", "Zê"], "N4007": ["Alfa", "Zê"],
    }  # fmt: skip
    com = [c["nome"] for p in await _tudo(banco_api, dono, p_etiqueta_id=etiquetas[0]) for c in p]
    assert com == ["N4007", "N7"]
    assert sum(map(len, await _tudo(banco_api, dono, p_bloqueado=True))) == 2050
    # those of a colleague are not for who sees only their own
    assert sum(map(len, await _tudo(banco_api, rui))) == 4002
    assert await _tudo(banco_api, bia) == [[]]
    with pytest.raises(Erro) as recusa:
        await _tudo(banco_api, sala.colega("TODAS", "contatos:ler"))
    assert recusa.value.codigo == "ZPG01"
