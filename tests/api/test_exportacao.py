"""What leaves as CSV opens in a Brazilian spreadsheet, and goes in again by both ways of import, changing nothing."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from app.banco import Banco
from app.http.render import IDIOMAS
from app.importacao.tabela import COLUNAS_DA_EXPORTACAO, destinos_da_exportacao
from tests.api.test_importacoes import corrigir
from tests.api.test_vivo import navegador
from tests.conftest import Sessao, chamar
from tests.sql.cenas import Admin

CRIADO = datetime(2026, 2, 3, 2, 5, tzinfo=UTC)
# what would be lost, doubled, computed or cut by one who writes or reads carelessly
PESSOAS: list[tuple[str, str | None, str | None, dict[str, str], list[str], str, bool]] = [
    ("Ana Luísa", "+5511987654321", "ana@x.test", {"Cidade": "São Luís", "Código": "007"}, ["VIP"], "CONCEDIDO", False),
    ('João; "Jota", o 1º', "+551133334444", None, {"Cidade": "a\nb"}, ["a|b", 'c "d"; e', "=f"], "REVOGADO", True),
    ("=1+1", "+12125550123", None, {"-fórmula": "@x", "Celular": "'=2"}, ["'=g", "h, i"], "NAO_INFORMADO", False),
    ("'-5", "+351912345678", None, {"Cidade": "=HYPERLINK(\"x\")", "x" * 60: "fim"}, [], "NAO_INFORMADO", False),
]  # fmt: skip


@pytest.fixture
async def dono(novo_cliente: Any, admin: Admin) -> Sessao:
    eu: Sessao = await novo_cliente("Leva e traz")
    admin.execute("update clientes set fuso = 'America/Manaus' where id = %s", [eu.cliente_id])
    for nome, telefone, email, campos, etiquetas, marketing, bloqueado in PESSOAS:
        feito = admin.execute(
            "insert into contatos (cliente_id, nome, telefone, email, campos, marketing, bloqueado, criado_em)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) returning id",
            [eu.cliente_id, nome, telefone, email, Jsonb(campos), marketing, bloqueado, CRIADO],
        ).fetchone()
        admin.execute(
            "with e as (insert into etiquetas (cliente_id, nome) select %(c)s, unnest(%(e)s::text[]) returning id)"
            " insert into contatos_etiquetas (cliente_id, contato_id, etiqueta_id) select %(c)s, %(i)s, id from e",
            {"c": eu.cliente_id, "e": etiquetas, "i": feito["id"]},
        )
    return eu


def retrato(admin: Admin, eu: Sessao) -> list[Any]:
    return admin.execute(
        "select c.id, c.nome, c.telefone, c.email, c.campos, c.marketing, c.bloqueado, c.criado_em, c.versao,"
        " (select count(*) from consentimentos where contato_id = c.id) as consentimentos,"
        " array(select e.nome from contatos_etiquetas as x join etiquetas as e on e.id = x.etiqueta_id"
        "   where x.contato_id = c.id order by 1) as etiquetas"
        " from contatos as c where c.cliente_id = %s order by c.id",
        [eu.cliente_id],
    ).fetchall()


async def exportar(http: httpx.AsyncClient, eu: Sessao, idioma: str = "pt-BR") -> bytes:
    cabecalhos = navegador(eu)
    cabecalhos["Cookie"] = f"{cabecalhos['Cookie']}; idioma={idioma}"
    saiu = await http.get("/contatos/exportar.csv", headers=cabecalhos)
    assert saiu.status_code == 200, saiu.text
    return saiu.content


async def test_abre_numa_planilha_brasileira(cliente_http: httpx.AsyncClient, dono: Sessao) -> None:
    dados = await exportar(cliente_http, dono)
    assert dados.startswith(b"\xef\xbb\xbf")
    cabecalho, *linhas = csv.reader(io.StringIO(dados.decode("utf-8-sig"), newline=""), delimiter=";")
    assert tuple(cabecalho[:7]) == COLUNAS_DA_EXPORTACAO["pt-BR"]
    assert cabecalho[7:] == ["'-fórmula", "Celular", "Cidade", "Código", "x" * 60]
    por_nome = {x[0]: x for x in linhas}
    assert por_nome["Ana Luísa"] == [
        "Ana Luísa", "(11) 98765-4321", "ana@x.test", "VIP", "Aceita", "Não", "02/02/2026 22:05", "", "", "São Luís",
        "007", "",
    ]  # fmt: skip
    assert [por_nome[n][4:6] for n in ("'=1+1", 'João; "Jota", o 1º')] == [["Não disse", "Não"], ["Recusou", "Sim"]]
    assert por_nome["'=1+1"][1] == "'+12125550123"
    perigosas = [c for x in (cabecalho, *linhas) for c in x if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert perigosas == []


@pytest.mark.parametrize("idioma", IDIOMAS)
@pytest.mark.parametrize("modo", ["IGNORAR", "ATUALIZAR"])
async def test_entra_de_novo_e_nada_muda(
    cliente_http: httpx.AsyncClient, dono: Sessao, admin: Admin, banco_worker: Banco, idioma: str, modo: str
) -> None:
    http, antes = cliente_http, retrato(admin, dono)
    dados = await exportar(http, dono, idioma)
    lida = await http.post(
        "/api/contatos/importar", content=dados, params={"modo": modo},
        headers={**dono.cabecalho, "Content-Type": "text/csv"},
    )  # fmt: skip
    totais = lida.json()["dados"]["totais"]
    assert (totais["criados"], totais["rejeitados"], sum(totais.values())) == (0, 0, len(PESSOAS)), lida.text
    assert retrato(admin, dono) == antes
    # and by the pages, mapped as they suggest
    onde, erros = await corrigir(http, dono, dados, [], modo)
    assert erros.count(b"\n") == 1, "the header alone"
    navegando = navegador(dono, **{"Sec-Fetch-Site": "same-origin"})
    assert (await http.post(f"{onde}/iniciar", headers=navegando)).status_code == 303
    for _ in range(5):
        await chamar(banco_worker, "worker.interno_executar", p_cliente_id=dono.cliente_id)
    assert re.search("Conclu[íi]da", (await http.get(onde, headers=navegando)).text)
    assert retrato(admin, dono) == antes
    assert await exportar(http, dono, idioma) == dados


async def test_entra_inteiro_noutra_empresa(
    cliente_http: httpx.AsyncClient, dono: Sessao, bia: Sessao, admin: Admin
) -> None:
    """Everything that a file may say of a person; who agreed and who is blocked is not."""
    dados = await exportar(cliente_http, dono)
    lida = await cliente_http.post(
        "/api/contatos/importar", content=dados, headers={**bia.cabecalho, "Content-Type": "text/csv"}
    )
    assert lida.json()["dados"]["totais"]["criados"] == len(PESSOAS)
    ditos = [{k: x[k] for k in ("nome", "telefone", "email", "campos", "etiquetas")} for x in retrato(admin, dono)]
    vieram = [
        {k: x[k] for k in ditos[0]} for x in retrato(admin, bia) if x["telefone"] in {d["telefone"] for d in ditos}
    ]
    assert sorted(vieram, key=str) == sorted(ditos, key=str)
    assert {x["marketing"] for x in retrato(admin, bia)} == {"NAO_INFORMADO"}


def test_toda_lingua_da_exportacao_se_reconhece() -> None:
    assert set(COLUNAS_DA_EXPORTACAO) == set(IDIOMAS)
    for colunas in COLUNAS_DA_EXPORTACAO.values():
        assert destinos_da_exportacao([*colunas, "Cidade"]) == [
            "nome", "telefone", "email", "etiquetas", "", "", "", "campo",
        ]  # fmt: skip
    assert destinos_da_exportacao(["Nome", "Telefone", "Bloqueado"]) is None
