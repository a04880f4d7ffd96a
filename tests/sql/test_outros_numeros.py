"""By which of the company's numbers a person speaks: said where there is more than one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

from app.banco import Banco
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.test_listas import _perfil, _pessoa

Admin = psycopg.Connection[dict[str, Any]]


def _conversa(admin: Admin, cliente_id: UUID, conexao_id: UUID, contato: UUID, **colunas: object) -> str:
    valores = {"cliente_id": cliente_id, "conexao_id": conexao_id, "contato_id": contato, **colunas}
    linha = admin.execute(
        f"insert into conversas ({', '.join(valores)}) values ({', '.join(['%s'] * len(valores))}) returning id",
        list(valores.values()),
    ).fetchone()
    assert linha
    return str(linha["id"])


async def test_outros_numeros_da_pessoa(banco_api: Banco, admin: Admin, ana: Sessao, bia: Sessao) -> None:
    uma, outra, alheia = cenas.montar(admin, ana), cenas.montar(admin, ana, 1), cenas.montar(admin, bia)
    contato = uma.contatos[0]
    aqui = _conversa(admin, ana.cliente_id, uma.conexao_id, contato)
    assert (await chamar(banco_api, "api.conversa_propria_obter", **ana.args, p_id=UUID(aqui)))["outrosNumeros"] == []
    motivo = admin.execute("select id from motivos_resolucao where cliente_id = %s", [ana.cliente_id]).fetchone()
    assert motivo
    _conversa(
        admin, ana.cliente_id, outra.conexao_id, contato, status="RESOLVIDA", resolvida_em="2026-01-02T00:00:00Z",
        motivo_id=motivo["id"], ultima_mensagem_em="2026-01-01T00:00:00Z",
    )  # fmt: skip
    nova = _conversa(admin, ana.cliente_id, outra.conexao_id, contato, ultima_mensagem_em="2026-02-01T00:00:00Z")
    # somebody else's, at the same number, is no way to go
    _conversa(admin, ana.cliente_id, outra.conexao_id, uma.contatos[1])
    _conversa(admin, bia.cliente_id, alheia.conexao_id, alheia.contatos[0])
    propria = await chamar(banco_api, "api.conversa_propria_obter", **ana.args, p_id=UUID(aqui))
    (unico,) = propria["outrosNumeros"]
    assert (unico["conexaoId"], unico["conversaId"]) == (str(outra.conexao_id), nova)
    # of one that is not seen nothing is said
    quem = await _pessoa(banco_api, ana, await _perfil(banco_api, ana, "PROPRIA"))
    so_suas = abrir_sessao(admin, ana.cliente_id, quem)
    admin.execute(
        "update conversas set usuario_id = %s, status = 'EM_ATENDIMENTO' where id = %s", [ana.usuario_id, nova]
    )
    for dono, id_ in ((ana.usuario_id, nova), (quem, aqui)):
        admin.execute("update conversas set usuario_id = %s, status = 'EM_ATENDIMENTO' where id = %s", [dono, id_])
    vista = await chamar(banco_api, "api.conversa_propria_obter", **so_suas.args, p_id=UUID(aqui))
    assert [o["conversaId"] for o in vista["outrosNumeros"]] != [nova]

    # cards say theirs where there are several
    varios = [(await chamar(banco_api, "api.conversas_proprias_obter", **s.args))["variosNumeros"] for s in (ana, bia)]
    assert varios == [True, False]
    admin.execute("update conexoes set removido_em = now() where id = %s", [outra.conexao_id])
    assert not (await chamar(banco_api, "api.conversas_proprias_obter", **ana.args))["variosNumeros"]
