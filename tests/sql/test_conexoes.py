"""Connections: created within the plan, credentials never shown, tests that record, and nothing across tenants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.banco import Banco
from app.cifra import Cofre, novo_id
from app.config import Chave
from app.credenciais import CredenciaisMeta, abrir_conexao, argumentos
from app.erros import Erro
from tests.conftest import Sessao, chamar

COFRE = Cofre([Chave("k1", b"x" * 32)])
SEGREDOS = CredenciaisMeta("EAAG-canario-token", "canario-app", "canario-verificar")


def nova(sessao: Sessao, nome: str, **mudar: object) -> dict[str, object]:
    conexao_id = novo_id()
    return {
        **sessao.args,
        "p_id": conexao_id,
        "p_nome": nome,
        "p_canal": "WHATSAPP",
        "p_provedor": "META_API",
        "p_numero_id_externo": str(conexao_id.int)[:15],
        "p_conta_id_externa": "5551234",
        **argumentos(COFRE, SEGREDOS, sessao.cliente_id, conexao_id),
        **mudar,
    }


async def criar(banco: Banco, sessao: Sessao, nome: str, **mudar: object) -> Any:
    return await chamar(banco, "api.conexao_criar", **nova(sessao, nome, **mudar))


async def test_cria_le_e_lista_sem_credencial(banco_api: Banco, ana: Sessao) -> None:
    criada = await criar(banco_api, ana, "Recepção")
    assert criada["status"] == "ATIVA"
    assert criada["versao"] == 1
    assert criada["credenciais"] == {
        "phoneNumberId": True,
        "wabaId": True,
        "accessToken": True,
        "appSecret": True,
        "verifyToken": True,
    }
    lida = await chamar(banco_api, "api.conexao_obter", **ana.args, p_id=criada["id"])
    assert lida == criada
    lista = await chamar(banco_api, "api.conexoes_listar", **ana.args)
    assert criada in lista["dados"]
    assert "canario" not in json.dumps([criada, lida, lista])


async def test_pagina_por_cursor(banco_api: Banco, novo_cliente: Callable[..., Any]) -> None:
    dono = await novo_cliente()
    ids = [(await criar(banco_api, dono, f"Número {n}"))["id"] for n in range(5)]
    vistos: list[str] = []
    cursor = None
    for _ in range(3):
        pagina = await chamar(banco_api, "api.conexoes_listar", **dono.args, p_limite=2, p_cursor=cursor)
        vistos += [c["id"] for c in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
    assert cursor is None
    assert vistos == sorted(ids, reverse=True)


async def test_credencial_para_a_borda_e_rotacao(banco_api: Banco, ana: Sessao) -> None:
    criada = await criar(banco_api, ana, "Rotação")
    pedido = {**ana.args, "p_id": criada["id"]}
    aberta = abrir_conexao(COFRE, await banco_api.chamar("api.conexao_credencial_obter", pedido), ana.cliente_id)
    assert aberta.credenciais == SEGREDOS
    assert aberta.versao == 1
    novas = CredenciaisMeta("EAAG-outro", "outro", "outra")
    mudada = await chamar(
        banco_api,
        "api.conexao_atualizar",
        **pedido,
        p_versao=1,
        **argumentos(COFRE, novas, ana.cliente_id, UUID(criada["id"])),
    )
    assert mudada["versao"] == 2
    pedido = {**ana.args, "p_conexao_id": criada["id"]}
    aberta = abrir_conexao(COFRE, await banco_api.chamar("api.modelos_credencial_obter", pedido), ana.cliente_id)
    assert (aberta.credenciais, aberta.versao) == (novas, 2)


async def test_versao_velha_recusada(banco_api: Banco, ana: Sessao) -> None:
    criada = await criar(banco_api, ana, "Versões")
    await chamar(banco_api, "api.conexao_atualizar", **ana.args, p_id=criada["id"], p_versao=1, p_nome="Versões 2")
    for funcao in ("api.conexao_atualizar", "api.conexao_ativar", "api.conexao_desativar", "api.conexao_remover"):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **ana.args, p_id=criada["id"], p_versao=1)
        assert (erro.value.codigo, erro.value.status) == ("ZCG02", 409)


async def test_nome_e_numero_sao_unicos(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    await criar(banco_api, ana, "Única", p_numero_id_externo="9000001")
    with pytest.raises(Erro) as erro:
        await criar(banco_api, ana, "Única")
    assert erro.value.codigo == "ZCX01"
    with pytest.raises(Erro) as erro:
        await criar(banco_api, bia, "Única", p_numero_id_externo="9000001")
    assert erro.value.codigo == "ZCX02"


async def test_uaizap_recusado_por_enquanto(banco_api: Banco, ana: Sessao) -> None:
    with pytest.raises(Erro) as erro:
        await criar(banco_api, ana, "Outra", p_provedor="UAIZAP")
    assert (erro.value.codigo, erro.value.status, erro.value.corpo.campo) == ("ZRX01", 422, "provedor")


async def test_falta_o_numero(banco_api: Banco, ana: Sessao) -> None:
    with pytest.raises(Erro) as erro:
        await criar(banco_api, ana, "Sem número", p_numero_id_externo=None)
    assert erro.value.codigo == "ZRX04"


async def test_valores_fora_da_regra(banco_api: Banco, ana: Sessao) -> None:
    mudancas: list[dict[str, object]] = [
        {"p_nome": " "},
        {"p_nome": "n" * 81},
        {"p_canal": "TELEGRAM"},
        {"p_numero_id_externo": "1 or 1"},
        {"p_conta_id_externa": "../x"},
        {"p_teto_por_segundo": 14},
        {"p_credenciais": b"curta"},
        {"p_verificacao_hash": b"1"},
    ]
    for mudar in mudancas:
        with pytest.raises(Erro) as erro:
            await criar(banco_api, ana, "Regra", **mudar)
        assert (erro.value.codigo, erro.value.status) == ("ZRG01", 422), mudar


async def test_limite_do_plano_tambem_em_paralelo(
    banco_api: Banco, novo_cliente: Callable[..., Any], admin: psycopg.Connection[dict[str, Any]]
) -> None:
    dono = await novo_cliente(plano="ESSENCIAL")
    respostas = await asyncio.gather(*(criar(banco_api, dono, f"N{n}") for n in range(6)), return_exceptions=True)
    erros = [r for r in respostas if isinstance(r, Erro)]
    assert [e.codigo for e in erros] == ["ZLX01"] * 4
    assert {e.status for e in erros} == {429}
    uma = next(r for r in respostas if not isinstance(r, BaseException))
    await chamar(banco_api, "api.conexao_remover", **dono.args, p_id=uma["id"])
    await criar(banco_api, dono, "No lugar")


async def test_idempotencia(banco_api: Banco, ana: Sessao) -> None:
    primeira = await criar(banco_api, ana, "Uma vez", p_numero_id_externo="9000002", p_chave_idempotencia="k1")
    segunda = await criar(banco_api, ana, "Uma vez", p_numero_id_externo="9000002", p_chave_idempotencia="k1")
    assert segunda == primeira
    with pytest.raises(Erro) as erro:
        await criar(banco_api, ana, "Outra coisa", p_numero_id_externo="9000002", p_chave_idempotencia="k1")
    assert erro.value.codigo == "ZCG03"


async def test_ativar_e_desativar(banco_api: Banco, ana: Sessao) -> None:
    criada = await criar(banco_api, ana, "Liga e desliga")
    pedido = {**ana.args, "p_id": criada["id"]}
    assert (await chamar(banco_api, "api.conexao_desativar", **pedido))["status"] == "DESATIVADA"
    de_novo = await chamar(banco_api, "api.conexao_desativar", **pedido)
    assert (de_novo["status"], de_novo["versao"]) == ("DESATIVADA", 2)
    assert (await chamar(banco_api, "api.conexao_ativar", **pedido))["status"] == "ATIVA"


async def test_teste_aprovado_reativa_e_preenche(
    banco_api: Banco, ana: Sessao, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    for status in ("ERRO", "PAUSADA"):
        criada = await criar(banco_api, ana, f"Teste {status}")
        admin.execute("update conexoes set status = %s, status_motivo = 'x' where id = %s", [status, criada["id"]])
        feito = await chamar(
            banco_api,
            "api.conexao_teste_concluir",
            **ana.args,
            p_id=criada["id"],
            p_versao=2,
            p_aprovado=True,
            p_numero_exibicao="+55 11 99999-0000",
            p_qualidade="YELLOW",
        )
        assert feito["aprovado"] is True
        conexao = feito["conexao"]
        assert (conexao["status"], conexao["statusMotivo"]) == ("ATIVA", None)
        assert (conexao["numeroExibicao"], conexao["qualidade"]) == ("+55 11 99999-0000", "YELLOW")


async def test_teste_com_credencial_recusada_poe_em_erro(banco_api: Banco, ana: Sessao) -> None:
    criada = await criar(banco_api, ana, "Teste recusado")
    pedido = {**ana.args, "p_id": criada["id"], "p_aprovado": False}
    feito = await chamar(banco_api, "api.conexao_teste_concluir", **pedido, p_versao=1, p_codigo=190)
    assert feito["conexao"]["status"] == "ERRO"
    assert feito["motivo"] == feito["conexao"]["statusMotivo"] == "A credencial da conexão é inválida ou expirou"
    # a test of what is no longer there says nothing about what is
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.conexao_teste_concluir", **pedido, p_versao=1, p_codigo=190)
    assert erro.value.codigo == "ZCG02"


async def test_teste_que_falha_por_fora_nao_muda_o_estado(banco_api: Banco, ana: Sessao) -> None:
    criada = await criar(banco_api, ana, "Teste sem rede")
    feito = await chamar(
        banco_api,
        "api.conexao_teste_concluir",
        **ana.args,
        p_id=criada["id"],
        p_versao=1,
        p_aprovado=False,
        p_motivo="O provedor não respondeu a tempo",
    )
    assert feito["conexao"]["status"] == "ATIVA"
    assert feito["motivo"] == "O provedor não respondeu a tempo"


async def test_remover_apaga_segredo_e_libera_o_numero(
    banco_api: Banco, ana: Sessao, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    criada = await criar(banco_api, ana, "Vai embora", p_numero_id_externo="9000003")
    await chamar(banco_api, "api.conexao_remover", **ana.args, p_id=criada["id"], p_versao=1)
    linha = admin.execute(
        "select credenciais = decode(repeat('00', 30), 'hex') as vazia, segredo_impressao, verificacao_hash"
        " from conexoes where id = %s",
        [criada["id"]],
    ).fetchone()
    assert linha == {"vazia": True, "segredo_impressao": None, "verificacao_hash": None}
    for funcao in ("api.conexao_obter", "api.conexao_credencial_obter", "api.conexao_ativar", "api.conexao_remover"):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **ana.args, p_id=criada["id"])
        assert erro.value.codigo == "ZNX01"
    await criar(banco_api, ana, "Vai embora", p_numero_id_externo="9000003")


async def test_de_outro_cliente_e_como_se_nao_existisse(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    criada = await criar(banco_api, ana, "Só da Ana")
    chamadas: list[tuple[str, dict[str, object]]] = [
        ("api.conexao_obter", {}),
        ("api.conexao_atualizar", {"p_nome": "Roubada"}),
        ("api.conexao_ativar", {}),
        ("api.conexao_desativar", {}),
        ("api.conexao_remover", {}),
        ("api.conexao_credencial_obter", {}),
        ("api.conexao_teste_concluir", {"p_versao": 1, "p_aprovado": True}),
    ]
    for funcao, args in chamadas:
        corpos = []
        for conexao_id in (criada["id"], uuid4()):
            with pytest.raises(Erro) as erro:
                await chamar(banco_api, funcao, **bia.args, p_id=conexao_id, **args)
            corpos.append((erro.value.status, erro.value.corpo))
        assert corpos[0] == corpos[1], funcao
        assert corpos[0][0] == 404
    for conexao_id in (criada["id"], uuid4()):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.modelos_credencial_obter", **bia.args, p_conexao_id=conexao_id)
        assert erro.value.codigo == "ZNX01"
    assert criada["id"] not in json.dumps(await chamar(banco_api, "api.conexoes_listar", **bia.args))


async def test_auditoria_sem_segredo(banco_api: Banco, ana: Sessao, admin: psycopg.Connection[dict[str, Any]]) -> None:
    criada = await criar(banco_api, ana, "Auditada")
    await chamar(banco_api, "api.conexao_desativar", **ana.args, p_id=criada["id"])
    linhas = admin.execute(
        "select acao, usuario_id, detalhe::text from auditoria where cliente_id = %s and alvo_id = %s order by id",
        [ana.cliente_id, criada["id"]],
    ).fetchall()
    assert [linha["acao"] for linha in linhas] == ["conexao_criada", "conexao_desativada"]
    assert {linha["usuario_id"] for linha in linhas} == {ana.usuario_id}
    assert "canario" not in str(linhas)
