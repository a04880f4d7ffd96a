"""Message search: what it finds in Portuguese, for whom, and that no text breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql import cenas

Admin = psycopg.Connection[dict[str, Any]]
TEXTOS = (
    "O boleto do João não chegou",
    "Quero pagar à vista, com desconto",
    "Pagamento em três parcelas, por favor",
    "Boleto vencido: segunda via",
    "A segunda reunião foi via telefone",
    "<b>negrito</b> & <script>alert(1)</script> orçamento",
    "100% garantido; drop table mensagens; --",
)


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> tuple[cenas.Cena, UUID]:
    cena = cenas.montar(admin, await novo_cliente("Busca"), 2)
    conversa = cenas.conversar(admin, cena, cena.contatos[0])
    for texto in TEXTOS:
        receber(admin, cena, conversa, texto)
    return cena, conversa


def receber(admin: Admin, cena: cenas.Cena, conversa: UUID, texto: str, tipo: str = "TEXTO") -> UUID:
    linha = admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, origem, ocorrido_em)"
        " values (%s, %s, %s, 'ENTRADA', %s, %s, 'RECEBIDA', 'CONTATO', now()) returning id",
        [cena.cliente_id, conversa, cena.conexao_id, tipo, texto],
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


def texto(achada: dict[str, Any]) -> str:
    return "".join(p["texto"] for p in achada["trecho"]).strip()


async def buscar(banco: Banco, sessao: Sessao, busca: str, **mais: object) -> list[str]:
    pagina = await chamar(banco, "api.mensagens_buscar", **sessao.args, p_busca=busca, **mais)
    return [texto(m) for m in pagina["dados"]]


@pytest.mark.parametrize(
    ("busca", "quais"),
    [
        ("joao", [0]), ("JOÃO", [0]), ("boletos", [3, 0]), ("boleto não", [0]), ("pag", [2, 1]), ("pagamentos", [2]),
        ('"segunda via"', [3]), ("segunda via", [4, 3]), ("boleto -vencido", [0]), ("parcela or desconto", [2, 1]),
        ("orcamento", [5]), ("script", [5]), ("inexistente", []), ("bole", [3, 0]),
    ],
)  # fmt: skip
async def test_acha(banco_api: Banco, cena: tuple[cenas.Cena, UUID], busca: str, quais: list[int]) -> None:
    sessao = cena[0].sessao
    # no piece of a snippet is markup, whatever somebody wrote
    esperados = [TEXTOS[n].replace("<", " ").replace(">", " ").strip() for n in quais]
    assert await buscar(banco_api, sessao, busca) == esperados
    assert await buscar(banco_api, sessao, busca, p_conversa_id=cena[1]) == esperados


async def test_trecho_e_texto_puro_com_achados(banco_api: Banco, cena: tuple[cenas.Cena, UUID]) -> None:
    pagina = await chamar(banco_api, "api.mensagens_buscar", **cena[0].sessao.args, p_busca="joao boleto")
    (achada,) = pagina["dados"]
    assert [p["texto"] for p in achada["trecho"] if p["achado"]] == ["boleto", "João"]
    assert texto(achada) == TEXTOS[0]


async def test_apagada_some_e_editada_muda(banco_api: Banco, admin: Admin, cena: tuple[cenas.Cena, UUID]) -> None:
    base, conversa = cena
    id_ = receber(admin, base, conversa, "o endereço é rua das acácias")
    receber(admin, base, conversa, "acácias", "REACAO")
    assert len(await buscar(banco_api, base.sessao, "acacias")) == 1
    admin.execute("update mensagens set corpo = 'rua dos ipês' where id = %s", [id_])
    assert await buscar(banco_api, base.sessao, "acacias") == []
    assert len(await buscar(banco_api, base.sessao, "ipes")) == 1
    admin.execute("update mensagens set apagado_em = now() where id = %s", [id_])
    assert await buscar(banco_api, base.sessao, "ipes") == []


async def test_pagina_sem_pular_nem_repetir(banco_api: Banco, admin: Admin, cena: tuple[cenas.Cena, UUID]) -> None:
    base, conversa = cena
    esperadas = [f"lembrete número {n}" for n in range(25)][::-1]
    for uma in esperadas[::-1]:
        receber(admin, base, conversa, uma)
    for onde in ({}, {"p_conversa_id": conversa}):
        vistas: list[str] = []
        cursor = None
        while True:
            pagina = await chamar(
                banco_api, "api.mensagens_buscar", **base.sessao.args, p_busca="lembrete", p_limite=7, p_cursor=cursor,
                **onde,
            )  # fmt: skip
            vistas += [texto(m) for m in pagina["dados"]]
            cursor = pagina["meta"]["proximoCursor"]
            if cursor is None:
                break
        assert vistas == esperadas


async def test_so_o_proprio_cliente(banco_api: Banco, cena: tuple[cenas.Cena, UUID], bia: Sessao) -> None:
    assert await buscar(banco_api, cena[0].sessao, "boleto") != []
    assert await buscar(banco_api, bia, "boleto") == []
    with pytest.raises(Erro) as erro:
        await buscar(banco_api, bia, "boleto", p_conversa_id=cena[1])
    assert erro.value.corpo.codigo == "ZNV01"


def test_busca_quebrada_nao_vaza(admin: Admin, cena: tuple[cenas.Cena, UUID], bia: Sessao) -> None:
    """The join back to the RLS tables contains a search that forgot the tenant."""
    with admin.transaction(force_rollback=True):
        admin.execute(
            "create or replace function interno.mensagens_ids_buscar("
            " p_cliente_id uuid, p_busca text, p_limite integer, p_antes_de uuid default null) returns setof uuid"
            " language sql stable security definer set search_path = ''"
            " as $$ select b.mensagem_id from public.mensagens_busca as b order by 1 desc limit 200 $$"
        )
        admin.execute("set local session authorization crm_api")
        linha = admin.execute(
            "select api.mensagens_buscar(p_cliente_id => %s, p_sessao => %s, p_busca => 'boleto') as r",
            [bia.cliente_id, bia.segredo],
        ).fetchone()
        admin.execute("reset session authorization")
        assert linha and linha["r"]["dados"] == []


@pytest.mark.parametrize(
    "busca",
    [
        "'", '"', "\\", "' or 1=1 --", "a:*", "!!", "&", "|", "<->", "(((", ")", "boleto & !", ":*:*", "'':A",
        "\x01\x02\x03",
        "%_%", "-boleto", "de que", "or", "or or or", '"""', "😊", "a" * 5000, "x\u202ey", "boleto:*",
        "'boleto':*A | b",
    ],
)  # fmt: skip
async def test_texto_hostil(banco_api: Banco, cena: tuple[cenas.Cena, UUID], busca: str) -> None:
    sessao = cena[0].sessao
    for funcao, argumentos in (
        ("api.mensagens_buscar", {"p_busca": busca}), ("api.busca_obter", {"p_busca": busca}),
        ("api.conversas_listar", {"p_filtros": Jsonb({"texto": busca})}),
    ):  # fmt: skip
        try:
            await chamar(banco_api, funcao, **sessao.args, **argumentos)
        except Erro as erro:
            assert (erro.status, erro.corpo.campo) == (400, "busca"), (funcao, busca)


async def test_a_caixa_de_comando_acha_de_tudo(banco_api: Banco, cena: tuple[cenas.Cena, UUID], bia: Sessao) -> None:
    base, conversa = cena
    por_mensagem = await chamar(banco_api, "api.busca_obter", **base.sessao.args, p_busca="boleto")
    assert [c["id"] for c in por_mensagem["conversas"]] == [str(conversa)]
    assert len(por_mensagem["mensagens"]) == 2 and por_mensagem["contatos"] == []
    por_nome = await chamar(banco_api, "api.busca_obter", **base.sessao.args, p_busca="pessoa")
    assert len(por_nome["contatos"]) == 2 and [c["id"] for c in por_nome["conversas"]] == [str(conversa)]
    nada = await chamar(banco_api, "api.busca_obter", **bia.args, p_busca="boleto")
    assert nada == {"contatos": [], "conversas": [], "mensagens": []}
