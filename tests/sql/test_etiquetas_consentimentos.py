"""Tags in bulk, and a ledger of consent whose summary no path can contradict."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.test_contatos import criar, telefone

Admin = psycopg.Connection[dict[str, Any]]


async def etiqueta(banco: Banco, sessao: Sessao, nome: str) -> UUID:
    return UUID((await chamar(banco, "api.etiqueta_criar", **sessao.args, p_nome=nome))["id"])


async def consentir(banco: Banco, sessao: Sessao, contato_id: str, acao: str, **mudar: object) -> Any:
    args = {**sessao.args, "p_contato_id": contato_id, "p_acao": acao, "p_prova": "disse ao telefone", **mudar}
    return await chamar(banco, "api.consentimento_criar", **args)


async def marketing(banco: Banco, sessao: Sessao, contato_id: str) -> str:
    return str((await chamar(banco, "api.contato_obter", **sessao.args, p_id=contato_id))["marketing"])


async def test_etiqueta_ida_e_volta(banco_api: Banco, ana: Sessao) -> None:
    criada = await chamar(banco_api, "api.etiqueta_criar", **ana.args, p_nome=" Retorno ", p_cor="VERMELHO")
    assert (criada["nome"], criada["cor"], criada["versao"]) == ("Retorno", "VERMELHO", 1)
    assert await chamar(banco_api, "api.etiqueta_obter", **ana.args, p_id=criada["id"]) == criada
    assert criada in (await chamar(banco_api, "api.etiquetas_listar", **ana.args))["dados"]
    mudada = await chamar(
        banco_api, "api.etiqueta_atualizar", **ana.args, p_id=criada["id"], p_versao=1, p_nome="Volta"
    )
    assert (mudada["nome"], mudada["cor"], mudada["versao"]) == ("Volta", "VERMELHO", 2)
    for funcao in ("api.etiqueta_atualizar", "api.etiqueta_remover"):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **ana.args, p_id=criada["id"], p_versao=1)
        assert erro.value.codigo == "ZCG02"
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.etiqueta_criar", **ana.args, p_nome="Volta")
    assert erro.value.codigo == "ZCE01"
    contato = await criar(banco_api, ana, p_etiqueta_ids=[UUID(criada["id"])])
    await chamar(banco_api, "api.etiqueta_remover", **ana.args, p_id=criada["id"], p_versao=2)
    assert (await chamar(banco_api, "api.contato_obter", **ana.args, p_id=contato["id"]))["etiquetas"] == []


async def test_etiqueta_fora_da_regra(banco_api: Banco, ana: Sessao) -> None:
    for mudar in ({"p_nome": ""}, {"p_nome": "x" * 61}, {"p_nome": "ok", "p_cor": "red"}, {"p_nome": None}):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.etiqueta_criar", **ana.args, **mudar)
        assert erro.value.status == 422


async def test_etiquetas_tem_teto(banco_api: Banco, novo_cliente: Callable[..., Any], admin: Admin) -> None:
    dono = await novo_cliente()
    admin.execute(
        "insert into etiquetas (cliente_id, nome) select %s, 'e' || n from generate_series(1, 1000) as n",
        [dono.cliente_id],
    )
    with pytest.raises(Erro) as erro:
        await etiqueta(banco_api, dono, "mais uma")
    assert (erro.value.codigo, erro.value.status) == ("ZLE01", 429)


async def test_atribuir_em_lote(banco_api: Banco, ana: Sessao) -> None:
    um, dois = await etiqueta(banco_api, ana, "lote um"), await etiqueta(banco_api, ana, "lote dois")
    contatos = [UUID((await criar(banco_api, ana))["id"]) for _ in range(5)]
    feito = await chamar(
        banco_api, "api.etiquetas_atribuir", **ana.args, p_contato_ids=contatos, p_adicionar=[um, dois]
    )
    assert feito == {"contatos": 5, "adicionadas": 10, "removidas": 0}
    feito = await chamar(
        banco_api,
        "api.etiquetas_atribuir",
        **ana.args,
        p_contato_ids=contatos[:2] * 2,
        p_adicionar=[dois],
        p_remover=[um],
    )
    assert feito == {"contatos": 2, "adicionadas": 0, "removidas": 2}
    lido = await chamar(banco_api, "api.contato_obter", **ana.args, p_id=contatos[0])
    assert [e["nome"] for e in lido["etiquetas"]] == ["lote dois"]


async def test_atribuir_recusa_tudo_quando_um_id_e_alheio(
    banco_api: Banco, ana: Sessao, bia: Sessao, admin: Admin
) -> None:
    minha, dela = await etiqueta(banco_api, ana, "minha"), await etiqueta(banco_api, bia, "dela")
    meu, dele = UUID((await criar(banco_api, ana))["id"]), UUID((await criar(banco_api, bia))["id"])
    for contatos, adicionar, remover, codigo in (
        ([meu, dele], [minha], [], "ZNC01"),
        ([meu, uuid4()], [minha], [], "ZNC01"),
        ([meu], [minha, dela], [], "ZNE01"),
        ([meu], [minha, uuid4()], [], "ZNE01"),
        ([meu], [minha], [dela], "ZNE01"),
    ):
        with pytest.raises(Erro) as erro:
            await chamar(
                banco_api,
                "api.etiquetas_atribuir",
                **ana.args,
                p_contato_ids=contatos,
                p_adicionar=adicionar,
                p_remover=remover,
            )
        assert erro.value.codigo == codigo
    escrito = admin.execute(
        "select count(*) as n from contatos_etiquetas where contato_id = any (%s)", [[meu, dele]]
    ).fetchone()
    assert escrito == {"n": 0}
    for contatos, adicionar in (
        ([], [minha]),
        ([meu], []),
        ([uuid4() for _ in range(1001)], [minha]),
        ([meu], [minha] * 51),
    ):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.etiquetas_atribuir", **ana.args, p_contato_ids=contatos, p_adicionar=adicionar)
        assert erro.value.status == 400
    corpos = []
    for etiqueta_id in (dela, uuid4()):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.etiqueta_obter", **ana.args, p_id=etiqueta_id)
        corpos.append((erro.value.status, erro.value.corpo))
    assert corpos[0] == corpos[1]


async def test_o_ultimo_consentimento_vale(banco_api: Banco, ana: Sessao) -> None:
    contato = (await criar(banco_api, ana))["id"]
    for acao in ("CONCEDIDO", "REVOGADO", "REVOGADO", "CONCEDIDO", "REVOGADO"):
        registro = await consentir(banco_api, ana, contato, acao)
        assert (registro["acao"], registro["registradoPor"]) == (acao, str(ana.usuario_id))
        assert await marketing(banco_api, ana, contato) == acao
    livro = await chamar(banco_api, "api.consentimentos_listar", **ana.args, p_contato_id=contato, p_limite=3)
    assert [r["acao"] for r in livro["dados"]] == ["REVOGADO", "CONCEDIDO", "REVOGADO"]
    resto = await chamar(
        banco_api,
        "api.consentimentos_listar",
        **ana.args,
        p_contato_id=contato,
        p_cursor=livro["meta"]["proximoCursor"],
    )
    assert len(resto["dados"]) == 2


async def test_livro_so_cresce(banco_api: Banco, ana: Sessao, admin: Admin) -> None:
    contato = (await criar(banco_api, ana))["id"]
    await consentir(banco_api, ana, contato, "REVOGADO")
    with pytest.raises(psycopg.errors.DatabaseError) as erro:
        admin.execute("update consentimentos set acao = 'CONCEDIDO' where contato_id = %s", [contato])
    assert erro.value.sqlstate == "ZRG02"


async def test_consentimento_fora_da_regra(banco_api: Banco, ana: Sessao) -> None:
    contato = (await criar(banco_api, ana))["id"]
    for mudar, status in (
        ({"p_acao": "TALVEZ"}, 422),
        ({"p_prova": "  "}, 422),
        ({"p_prova": None}, 422),
        ({"p_finalidade": "OUTRA"}, 422),
        ({"p_origem": "PROVEDOR"}, 400),
        ({"p_origem": None}, 400),
    ):
        with pytest.raises(Erro) as erro:
            await consentir(banco_api, ana, contato, "CONCEDIDO", **mudar)
        assert erro.value.status == status, mudar
    assert await marketing(banco_api, ana, contato) == "NAO_INFORMADO"


async def test_recusa_sobrevive_a_remocao_e_nao_passa_de_cliente(
    banco_api: Banco, ana: Sessao, bia: Sessao, admin: Admin
) -> None:
    numero = telefone()
    contato = await criar(banco_api, ana, p_telefone=numero)
    await consentir(banco_api, ana, contato["id"], "REVOGADO")
    await chamar(banco_api, "api.contato_remover", **ana.args, p_id=contato["id"])
    assert (await criar(banco_api, ana, p_telefone=numero))["marketing"] == "REVOGADO"
    assert (await criar(banco_api, bia, p_telefone=numero))["marketing"] == "NAO_INFORMADO"
    guardado = admin.execute(
        "select telefone_hash = sha256(convert_to(cliente_id::text || %s, 'UTF8')) as igual"
        " from supressoes where cliente_id = %s",
        [numero, ana.cliente_id],
    ).fetchall()
    assert {"igual": True} in guardado


async def test_novo_consentimento_levanta_a_recusa(banco_api: Banco, ana: Sessao) -> None:
    numero = telefone()
    contato = await criar(banco_api, ana, p_telefone=numero)
    await consentir(banco_api, ana, contato["id"], "REVOGADO")
    await consentir(banco_api, ana, contato["id"], "CONCEDIDO", p_origem="FORMULARIO")
    await chamar(banco_api, "api.contato_remover", **ana.args, p_id=contato["id"])
    assert (await criar(banco_api, ana, p_telefone=numero))["marketing"] == "NAO_INFORMADO"


async def test_recusa_acompanha_a_troca_de_telefone(banco_api: Banco, ana: Sessao) -> None:
    novo, recusado = telefone(), telefone()
    contato = await criar(banco_api, ana)
    await consentir(banco_api, ana, contato["id"], "REVOGADO")
    trocar = {"p_telefone": novo, "p_telefone_informado": novo}
    await chamar(banco_api, "api.contato_atualizar", **ana.args, p_id=contato["id"], **trocar)
    await chamar(banco_api, "api.contato_remover", **ana.args, p_id=contato["id"])
    assert (await criar(banco_api, ana, p_telefone=novo))["marketing"] == "REVOGADO"
    que_recusou = await criar(banco_api, ana, p_telefone=recusado)
    await consentir(banco_api, ana, que_recusou["id"], "REVOGADO")
    await chamar(banco_api, "api.contato_remover", **ana.args, p_id=que_recusou["id"])
    outro = await criar(banco_api, ana)
    trocar = {"p_telefone": recusado, "p_telefone_informado": recusado}
    mudado = await chamar(banco_api, "api.contato_atualizar", **ana.args, p_id=outro["id"], **trocar)
    assert mudado["marketing"] == "REVOGADO"


async def test_consentimento_idempotente(banco_api: Banco, ana: Sessao, admin: Admin) -> None:
    contato = (await criar(banco_api, ana))["id"]
    um = await consentir(banco_api, ana, contato, "CONCEDIDO", p_chave_idempotencia="s1")
    assert await consentir(banco_api, ana, contato, "CONCEDIDO", p_chave_idempotencia="s1") == um
    linhas = admin.execute("select count(*) as n from consentimentos where contato_id = %s", [contato]).fetchone()
    assert linhas == {"n": 1}
    assert "prova" not in json.dumps(
        admin.execute("select detalhe from auditoria where alvo_id = %s", [contato]).fetchall()
    )
