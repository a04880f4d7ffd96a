"""Import of one batch: a result for every row, and no row that costs the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.test_contatos import colega, criar, telefone
from tests.sql.test_etiquetas_consentimentos import consentir, etiqueta, marketing

Admin = psycopg.Connection[dict[str, Any]]


def linha(numero: int, **mudar: object) -> dict[str, object]:
    valor = telefone()
    return {"linha": numero, "nome": f"Importada {numero}", "telefone": valor, "telefoneInformado": valor, **mudar}


async def importar(banco: Banco, sessao: Sessao, linhas: object, **args: object) -> Any:
    return await chamar(
        banco, "api.contatos_importar", **sessao.args, p_linhas=msgspec.Raw(msgspec.json.encode(linhas)), **args
    )


def resultados(resposta: Any) -> list[tuple[str, str | None]]:
    return [(r["resultado"], r["motivo"]) for r in resposta["linhas"]]


async def test_cada_linha_tem_seu_resultado(banco_api: Banco, ana: Sessao) -> None:
    existente = await criar(banco_api, ana)
    repetido = telefone()
    linhas = [
        linha(2),
        linha(3, telefone=None, telefoneInformado="abc"),
        linha(4, telefone=None, telefoneInformado=" "),
        linha(5, email="torto"),
        linha(6, nome="n" * 201),
        linha(7, campos={"x": "y" * 9000}),
        linha(8, telefone=existente["telefone"]),
        linha(9, telefone=repetido),
        linha(10, telefone=repetido),
        linha(11, etiquetas=["e" * 61]),
        linha(12, etiquetas=[str(n) for n in range(21)]),
        linha(13, nome="  "),
        {"linha": 14, "motivo": "LINHA_MALFORMADA"},
        linha(15, telefone="+5511'; drop table contatos; --"),
        linha(16, nome='=HYPERLINK("http://x")', campos={"f": "@SUM(A1)"}),
    ]
    feito = await importar(banco_api, ana, linhas)
    assert resultados(feito) == [
        ("CRIADO", None),
        ("REJEITADO", "TELEFONE_INVALIDO"),
        ("REJEITADO", "TELEFONE_AUSENTE"),
        ("REJEITADO", "EMAIL_INVALIDO"),
        ("REJEITADO", "NOME_LONGO"),
        ("REJEITADO", "CAMPOS_GRANDES"),
        ("IGNORADO", "JA_EXISTE"),
        ("CRIADO", None),
        ("REJEITADO", "DUPLICADO_NO_ARQUIVO"),
        ("REJEITADO", "ETIQUETA_INVALIDA"),
        ("REJEITADO", "ETIQUETA_INVALIDA"),
        ("CRIADO", None),
        ("REJEITADO", "LINHA_MALFORMADA"),
        ("REJEITADO", "TELEFONE_INVALIDO"),
        ("CRIADO", None),
    ]
    assert feito["totais"] == {"criados": 4, "atualizados": 0, "ignorados": 1, "rejeitados": 10}
    assert [r["linha"] for r in feito["linhas"]] == list(range(2, 17))
    for r in feito["linhas"]:
        assert (r["mensagem"] is None) == (r["motivo"] is None)
        assert (r["contatoId"] is None) == (r["resultado"] == "REJEITADO")
    assert feito["linhas"][6]["contatoId"] == existente["id"]
    sem_nome = await chamar(banco_api, "api.contato_obter", **ana.args, p_id=feito["linhas"][11]["contatoId"])
    assert (sem_nome["nome"], sem_nome["origem"]) == (sem_nome["telefone"], "IMPORTACAO")
    formula = await chamar(banco_api, "api.contato_obter", **ana.args, p_id=feito["linhas"][14]["contatoId"])
    assert (formula["nome"], formula["campos"]) == ('=HYPERLINK("http://x")', {"f": "@SUM(A1)"})


async def test_atualizar_soma_e_nao_apaga(banco_api: Banco, ana: Sessao) -> None:
    antes = await criar(banco_api, ana, "Antes", p_email="a@exemplo.test", p_campos={"a": "1", "b": "1"})
    feito = await importar(
        banco_api,
        ana,
        [linha(2, telefone=antes["telefone"], nome="", campos={"b": "2", "c": "3"}), linha(3)],
        p_modo="ATUALIZAR",
    )
    assert resultados(feito) == [("ATUALIZADO", None), ("CRIADO", None)]
    depois = await chamar(banco_api, "api.contato_obter", **ana.args, p_id=antes["id"])
    assert (depois["nome"], depois["email"], depois["campos"]) == (
        "Antes",
        "a@exemplo.test",
        {"a": "1", "b": "2", "c": "3"},
    )
    cheio = await criar(banco_api, ana, p_campos={"x": "y" * 5000})
    feito = await importar(
        banco_api, ana, [linha(2, telefone=cheio["telefone"], campos={"z": "y" * 5000})], p_modo="ATUALIZAR"
    )
    assert resultados(feito) == [("REJEITADO", "CAMPOS_GRANDES")]


async def test_etiquetas_por_nome_e_por_id(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    fixa = await etiqueta(banco_api, ana, "fixa")
    await etiqueta(banco_api, ana, "já havia")
    feito = await importar(
        banco_api, ana, [linha(2, etiquetas=["já havia", " nova ", "nova", ""]), linha(3)], p_etiqueta_ids=[fixa]
    )
    nomes = []
    for r in feito["linhas"]:
        lido = await chamar(banco_api, "api.contato_obter", **ana.args, p_id=r["contatoId"])
        nomes.append({e["nome"] for e in lido["etiquetas"]})
    assert nomes == [{"fixa", "já havia", "nova"}, {"fixa"}]
    corpos = []
    for alheia in (await etiqueta(banco_api, bia, "da bia"), uuid4()):
        with pytest.raises(Erro) as erro:
            await importar(banco_api, ana, [linha(2)], p_etiqueta_ids=[alheia])
        corpos.append((erro.value.status, erro.value.corpo))
    assert corpos[0] == corpos[1]
    assert corpos[0][1].codigo == "ZNE01"


async def test_teto_de_etiquetas_recusa_so_as_linhas_que_passam(
    banco_api: Banco, novo_cliente: Callable[..., Any], admin: Admin
) -> None:
    dono = await novo_cliente()
    admin.execute(
        "insert into etiquetas (cliente_id, nome) select %s, 'e' || n from generate_series(1, 999) as n",
        [dono.cliente_id],
    )
    feito = await importar(
        banco_api,
        dono,
        [
            linha(2, etiquetas=["nova a"]),
            linha(3, etiquetas=["nova b", "e1"]),
            linha(4, etiquetas=["e1", "nova a"]),
            linha(5),
        ],
    )
    assert resultados(feito) == [
        ("CRIADO", None),
        ("REJEITADO", "LIMITE_DE_ETIQUETAS"),
        ("CRIADO", None),
        ("CRIADO", None),
    ]


async def test_consentimento_com_prova_nao_desfaz_recusa(banco_api: Banco, ana: Sessao) -> None:
    recusou = await criar(banco_api, ana)
    await consentir(banco_api, ana, recusou["id"], "REVOGADO")
    sumiu = await criar(banco_api, ana)
    await consentir(banco_api, ana, sumiu["id"], "REVOGADO")
    await chamar(banco_api, "api.contato_remover", **ana.args, p_id=sumiu["id"])
    feito = await importar(
        banco_api,
        ana,
        [linha(2), linha(3, telefone=recusou["telefone"]), linha(4, telefone=sumiu["telefone"])],
        p_modo="ATUALIZAR",
        p_consentimento_prova="ficha assinada em 2026-01-10",
    )
    assert resultados(feito) == [("CRIADO", None), ("ATUALIZADO", None), ("CRIADO", None)]
    assert [await marketing(banco_api, ana, r["contatoId"]) for r in feito["linhas"]] == [
        "CONCEDIDO",
        "REVOGADO",
        "REVOGADO",
    ]
    livro = await chamar(
        banco_api, "api.consentimentos_listar", **ana.args, p_contato_id=feito["linhas"][0]["contatoId"]
    )
    assert [(r["origem"], r["prova"]) for r in livro["dados"]] == [("IMPORTACAO", "ficha assinada em 2026-01-10")]
    with pytest.raises(Erro) as erro:
        await importar(banco_api, ana, [linha(2)], p_consentimento_prova="x")
    assert erro.value.status == 422


async def test_limite_do_plano_corta_o_que_passa(
    banco_api: Banco, novo_cliente: Callable[..., Any], admin: Admin
) -> None:
    dono = await novo_cliente()
    admin.execute(
        "with p as (insert into planos (codigo, nome, max_usuarios, max_conexoes, max_contatos)"
        " values ('IMPORTADOR', 'Importador', 1, 1, 10) returning id)"
        " update clientes set plano_id = p.id from p where clientes.id = %s",
        [dono.cliente_id],
    )
    feito = await importar(banco_api, dono, [linha(n) for n in range(2, 8)])
    assert feito["totais"]["criados"] == 6
    em_paralelo = await asyncio.gather(*(importar(banco_api, dono, [linha(n) for n in range(2, 5)]) for _ in range(4)))
    assert sum(f["totais"]["criados"] for f in em_paralelo) == 4
    assert {m for f in em_paralelo for r, m in resultados(f) if r == "REJEITADO"} == {"LIMITE_DO_PLANO"}
    total = admin.execute("select total from contatos_totais where cliente_id = %s", [dono.cliente_id]).fetchone()
    assert total == {"total": 10}


async def test_importacoes_simultaneas_das_mesmas_pessoas(banco_api: Banco, ana: Sessao) -> None:
    linhas = [linha(n) for n in range(2, 302)]
    feitos = await asyncio.gather(
        *(importar(banco_api, ana, linhas[::passo], p_modo="ATUALIZAR") for passo in (1, -1, 1, -1, 1))
    )
    assert sum(f["totais"]["criados"] for f in feitos) == 300
    assert sum(f["totais"]["rejeitados"] for f in feitos) == 0


async def test_existente_que_nao_se_ve_nao_muda_nem_mostra_id(banco_api: Banco, ana: Sessao, admin: Admin) -> None:
    alheio = await criar(banco_api, ana, "Intocado", p_responsavel_id=ana.usuario_id)
    admin.execute(
        "with p as (insert into perfis (cliente_id, nome, visibilidade)"
        " values (%s, 'Importador', 'PROPRIA') returning id)"
        " insert into perfis_permissoes (cliente_id, perfil_id, permissao)"
        " select %s, p.id, x from p, unnest(array['contatos:importar', 'contatos:ler']) as x",
        [ana.cliente_id, ana.cliente_id],
    )
    pessoa = colega(admin, ana, "ATENDENTE")
    admin.execute(
        "update usuarios set perfil_id = p.id from perfis as p"
        " where p.cliente_id = %s and p.nome = 'Importador' and usuarios.id = %s",
        [ana.cliente_id, pessoa.usuario_id],
    )
    feito = await importar(banco_api, pessoa, [linha(2, telefone=alheio["telefone"]), linha(3)], p_modo="ATUALIZAR")
    assert resultados(feito) == [("IGNORADO", "JA_EXISTE"), ("CRIADO", None)]
    assert feito["linhas"][0]["contatoId"] is None
    assert (await chamar(banco_api, "api.contato_obter", **ana.args, p_id=alheio["id"]))["nome"] == "Intocado"
    seu = await chamar(banco_api, "api.contato_obter", **pessoa.args, p_id=feito["linhas"][1]["contatoId"])
    assert seu["responsavelId"] is None


async def test_lote_malformado(banco_api: Banco, ana: Sessao) -> None:
    for linhas, args in (
        ({"a": 1}, {}),
        ("x", {}),
        ([1], {}),
        ([linha(n) for n in range(2001)], {}),
        ([linha(2)], {"p_modo": "APAGAR"}),
        ([linha(2)], {"p_modo": None}),
        ([linha(2, etiquetas="vip")], {}),
    ):
        with pytest.raises(Erro) as erro:
            await importar(banco_api, ana, linhas, **args)
        assert erro.value.status == 400, args
    assert (await importar(banco_api, ana, []))["linhas"] == []


async def test_nada_passa_de_cliente(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    da_ana = await criar(banco_api, ana, "Da Ana")
    feito = await importar(banco_api, bia, [linha(2, telefone=da_ana["telefone"], nome="Da Bia")], p_modo="ATUALIZAR")
    assert resultados(feito) == [("CRIADO", None)]
    assert feito["linhas"][0]["contatoId"] != da_ana["id"]
    assert (await chamar(banco_api, "api.contato_obter", **ana.args, p_id=da_ana["id"]))["nome"] == "Da Ana"
    with pytest.raises(Erro):
        await chamar(banco_api, "api.contato_obter", **bia.args, p_id=UUID(da_ana["id"]))
