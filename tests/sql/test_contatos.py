"""Contacts: one person per phone, seen only by whom may see them, and gone when removed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar

Admin = psycopg.Connection[dict[str, Any]]
_numero = iter(range(10_000_000, 99_999_999))


def telefone() -> str:
    return f"+55119{next(_numero)}"


async def criar(banco: Banco, sessao: Sessao, nome: object = "Ana Souza", **mudar: object) -> Any:
    args = {**sessao.args, "p_nome": nome, "p_telefone": telefone(), **mudar}
    return await chamar(banco, "api.contato_criar", **args)


def colega(admin: Admin, sessao: Sessao, codigo: str, equipe: str | None = None) -> Sessao:
    """A person of the same tenant with one of the standard profiles."""
    linha = admin.execute(
        "insert into usuarios (cliente_id, perfil_id, nome, email)"
        " select cliente_id, id, 'Colega', %s from perfis where cliente_id = %s and codigo = %s returning id",
        [f"{uuid4().hex}@exemplo.test", sessao.cliente_id, codigo],
    ).fetchone()
    assert linha
    if equipe:
        admin.execute(
            "insert into equipes_membros (cliente_id, equipe_id, usuario_id) values (%s, %s, %s)",
            [sessao.cliente_id, equipe, linha["id"]],
        )
    return abrir_sessao(admin, sessao.cliente_id, linha["id"])


def equipe_de(admin: Admin, sessao: Sessao) -> str:
    linha = admin.execute(
        "insert into equipes (cliente_id, nome) values (%s, %s) returning id::text", [sessao.cliente_id, uuid4().hex]
    ).fetchone()
    assert linha
    return str(linha["id"])


async def test_cria_le_e_atualiza(banco_api: Banco, ana: Sessao) -> None:
    numero = telefone()
    criado = await criar(
        banco_api,
        ana,
        "  José da Silva ",
        p_telefone=numero,
        p_telefone_informado="11 9...",
        p_email=" jose@exemplo.test ",
        p_campos={"cidade": "São Paulo"},
    )
    assert (criado["nome"], criado["telefone"], criado["email"]) == ("José da Silva", numero, "jose@exemplo.test")
    assert (criado["campos"], criado["marketing"], criado["bloqueado"]) == (
        {"cidade": "São Paulo"},
        "NAO_INFORMADO",
        False,
    )
    assert (criado["origem"], criado["etiquetas"], criado["versao"]) == ("MANUAL", [], 1)
    assert await chamar(banco_api, "api.contato_obter", **ana.args, p_id=criado["id"]) == criado
    mudado = await chamar(
        banco_api, "api.contato_atualizar", **ana.args, p_id=criado["id"], p_versao=1, p_nome="José", p_limpar=["email"]
    )
    assert (mudado["nome"], mudado["email"], mudado["telefone"], mudado["versao"]) == ("José", None, numero, 2)
    for versao in (1, 3):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.contato_atualizar", **ana.args, p_id=criado["id"], p_versao=versao, p_nome="X")
        assert erro.value.codigo == "ZCG02"


async def test_telefone_unico_no_cliente(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    numero = telefone()
    await criar(banco_api, ana, p_telefone=numero)
    with pytest.raises(Erro) as erro:
        await criar(banco_api, ana, p_telefone=numero)
    assert (erro.value.codigo, erro.value.status) == ("ZCC01", 409)
    await criar(banco_api, bia, p_telefone=numero)


async def test_em_paralelo_nasce_um_so(banco_api: Banco, ana: Sessao) -> None:
    numero = telefone()
    respostas = await asyncio.gather(
        *(criar(banco_api, ana, p_telefone=numero) for _ in range(20)), return_exceptions=True
    )
    assert sum(not isinstance(r, BaseException) for r in respostas) == 1
    assert {r.codigo for r in respostas if isinstance(r, Erro)} == {"ZCC01"}


async def test_recusas(banco_api: Banco, ana: Sessao) -> None:
    for mudar, codigo, campo in (
        ({"p_telefone": None}, "ZRC01", "telefone"),
        ({"p_email": "sem-arroba"}, "ZRC02", "email"),
        ({"p_telefone": "11999990000"}, "ZRG01", None),
        ({"nome": " "}, "ZRG01", None),
        ({"nome": "n" * 201}, "ZRG01", None),
        ({"p_campos": {"x": "y" * 9000}}, "ZRG01", None),
        ({"nome": None}, "ZRG01", None),
        ({"nome": "nulo\0"}, "ZRG03", None),
    ):
        with pytest.raises(Erro) as erro:
            await criar(banco_api, ana, **mudar)
        assert (erro.value.codigo, erro.value.corpo.campo) == (codigo, campo), mudar


async def test_idempotencia(banco_api: Banco, ana: Sessao) -> None:
    pedido: dict[str, object] = {"p_telefone": telefone(), "p_chave_idempotencia": "c1"}
    primeira = await criar(banco_api, ana, **pedido)
    assert await criar(banco_api, ana, **pedido) == primeira
    with pytest.raises(Erro) as erro:
        await criar(banco_api, ana, "Outro", **pedido)
    assert erro.value.codigo == "ZCG03"


async def test_limite_do_plano(banco_api: Banco, novo_cliente: Callable[..., Any], admin: Admin) -> None:
    dono = await novo_cliente()
    admin.execute(
        "with p as (insert into planos (codigo, nome, max_usuarios, max_conexoes, max_contatos)"
        " values ('MINUSCULO', 'Minúsculo', 1, 1, 3) returning id)"
        " update clientes set plano_id = p.id from p where clientes.id = %s",
        [dono.cliente_id],
    )
    respostas = await asyncio.gather(*(criar(banco_api, dono) for _ in range(8)), return_exceptions=True)
    criados = [r for r in respostas if not isinstance(r, BaseException)]
    assert len(criados) == 3
    assert {(r.codigo, r.status) for r in respostas if isinstance(r, Erro)} == {("ZLC01", 429)}
    await chamar(banco_api, "api.contato_remover", **dono.args, p_id=criados[0]["id"])
    await criar(banco_api, dono)
    total = admin.execute("select total from contatos_totais where cliente_id = %s", [dono.cliente_id]).fetchone()
    assert total == {"total": 3}


async def test_bloqueia_e_desbloqueia(banco_api: Banco, ana: Sessao) -> None:
    contato = await criar(banco_api, ana)
    pedido = {**ana.args, "p_id": contato["id"]}
    bloqueado = await chamar(banco_api, "api.contato_bloquear", **pedido)
    assert (bloqueado["bloqueado"], bloqueado["versao"]) == (True, 2)
    assert (await chamar(banco_api, "api.contato_bloquear", **pedido))["versao"] == 2
    assert (await chamar(banco_api, "api.contato_desbloquear", **pedido))["bloqueado"] is False


async def test_trocar_telefone_esquece_as_identidades_do_antigo(banco_api: Banco, ana: Sessao, admin: Admin) -> None:
    contato = await criar(banco_api, ana)
    for tipo, valor in (("WA_ID", "551188887777"), ("BSUID", "BR.1")):
        admin.execute(
            "insert into contatos_identidades (cliente_id, contato_id, tipo, valor) values (%s, %s, %s, %s)",
            [ana.cliente_id, contato["id"], tipo, valor],
        )
    await chamar(
        banco_api,
        "api.contato_atualizar",
        **ana.args,
        p_id=contato["id"],
        p_telefone=telefone(),
        p_telefone_informado="x",
    )
    ficaram = admin.execute("select tipo from contatos_identidades where contato_id = %s", [contato["id"]]).fetchall()
    assert ficaram == [{"tipo": "BSUID"}]
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.contato_atualizar", **ana.args, p_id=contato["id"], p_telefone_informado="abc")
    assert erro.value.codigo == "ZRC01"
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.contato_atualizar", **ana.args, p_id=contato["id"], p_limpar=["telefone"])
    assert (erro.value.status, erro.value.corpo.campo) == (400, "limpar")


async def test_remover_anonimiza(banco_api: Banco, ana: Sessao, admin: Admin) -> None:
    numero = telefone()
    etiqueta = await chamar(banco_api, "api.etiqueta_criar", **ana.args, p_nome="Canário")
    contato = await criar(
        banco_api,
        ana,
        "Canário Sumido",
        p_telefone=numero,
        p_telefone_informado=numero,
        p_email="canario@exemplo.test",
        p_campos={"doc": "canario"},
        p_etiqueta_ids=[UUID(etiqueta["id"])],
    )
    admin.execute(
        "insert into contatos_identidades (cliente_id, contato_id, tipo, valor) values (%s, %s, 'WA_ID', 'canario')",
        [ana.cliente_id, contato["id"]],
    )
    await chamar(banco_api, "api.contato_remover", **ana.args, p_id=contato["id"], p_versao=1)
    linha = admin.execute(
        "select to_jsonb(c)::text as tudo from contatos as c where id = %s", [contato["id"]]
    ).fetchone()
    assert linha and "anario" not in linha["tudo"] and numero not in linha["tudo"]
    for tabela in ("contatos_identidades", "contatos_etiquetas"):
        resto = admin.execute(f"select count(*) as n from {tabela} where contato_id = %s", [contato["id"]]).fetchone()
        assert resto == {"n": 0}
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.contato_obter", **ana.args, p_id=contato["id"])
    assert erro.value.codigo == "ZNC01"
    acoes = admin.execute(
        "select acao, detalhe::text from auditoria where alvo_id = %s order by id", [contato["id"]]
    ).fetchall()
    assert acoes[-1]["acao"] == "contato_removido"
    assert "anario" not in str(acoes)
    await criar(banco_api, ana, p_telefone=numero)


async def test_ids_de_outro_cliente_nao_existem(banco_api: Banco, ana: Sessao, bia: Sessao, admin: Admin) -> None:
    contato = await criar(banco_api, ana)
    for funcao, chave, args in (
        ("api.contato_obter", "p_id", {}),
        ("api.contato_atualizar", "p_id", {"p_nome": "Invasora"}),
        ("api.contato_bloquear", "p_id", {}),
        ("api.contato_desbloquear", "p_id", {}),
        ("api.contato_remover", "p_id", {}),
        ("api.consentimentos_listar", "p_contato_id", {}),
        ("api.consentimento_criar", "p_contato_id", {"p_acao": "REVOGADO", "p_prova": "pediu"}),
    ):
        corpos = []
        for contato_id in (contato["id"], uuid4()):
            with pytest.raises(Erro) as erro:
                await chamar(banco_api, funcao, **bia.args, **{chave: contato_id}, **args)
            corpos.append((erro.value.status, erro.value.corpo))
        assert corpos[0] == corpos[1], funcao
        assert corpos[0][0] == 404
    etiqueta = await chamar(banco_api, "api.etiqueta_criar", **bia.args, p_nome="Da Bia")
    for campo, codigo, alheio in (
        ("p_responsavel_id", "ZNI02", bia.usuario_id),
        ("p_equipe_id", "ZNI04", UUID(equipe_de(admin, bia))),
        ("p_etiqueta_ids", "ZNE01", UUID(etiqueta["id"])),
    ):
        corpos = []
        for valor in (alheio, uuid4()):
            with pytest.raises(Erro) as erro:
                await criar(banco_api, ana, **{campo: [valor] if campo == "p_etiqueta_ids" else valor})
            corpos.append((erro.value.status, erro.value.corpo))
        assert corpos[0] == corpos[1], campo
        assert (corpos[0][0], corpos[0][1].codigo) == (404, codigo)


async def test_permissoes_por_perfil(banco_api: Banco, ana: Sessao, admin: Admin) -> None:
    atendente = colega(admin, ana, "ATENDENTE")
    contato = await criar(banco_api, atendente)
    assert contato["responsavelId"] is None
    de_equipe_alheia = await criar(banco_api, atendente, p_equipe_id=UUID(equipe_de(admin, ana)))
    assert de_equipe_alheia["responsavelId"] == str(atendente.usuario_id)
    for funcao, args in (
        ("api.contato_remover", {"p_id": contato["id"]}),
        ("api.contatos_importar", {"p_linhas": "[]"}),
        ("api.etiqueta_criar", {"p_nome": "x"}),
        ("api.etiquetas_atribuir", {"p_contato_ids": [UUID(contato["id"])]}),
    ):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **atendente.args, **args)
        assert (erro.value.codigo, erro.value.status) == ("ZPG01", 403), funcao


async def test_visibilidade_em_lista_busca_e_leitura(
    banco_api: Banco, novo_cliente: Callable[..., Any], admin: Admin
) -> None:
    dono = await novo_cliente()
    equipe = equipe_de(admin, dono)
    atendente = colega(admin, dono, "ATENDENTE", equipe)
    supervisor = colega(admin, dono, "SUPERVISOR", equipe)
    outro = colega(admin, dono, "ATENDENTE")
    meu = await criar(banco_api, dono, "Visível Um", p_responsavel_id=atendente.usuario_id, p_equipe_id=UUID(equipe))
    alheio = await criar(
        banco_api, dono, "Visível Dois", p_responsavel_id=outro.usuario_id, p_equipe_id=UUID(equipe_de(admin, dono))
    )
    for sessao, esperados in ((dono, {meu["id"], alheio["id"]}), (atendente, {meu["id"]}), (supervisor, {meu["id"]})):
        for filtros in ({}, {"p_busca": "visivel"}, {"p_bloqueado": False}, {"p_marketing": "NAO_INFORMADO"}):
            lista = await chamar(banco_api, "api.contatos_listar", **sessao.args, **filtros)
            assert {c["id"] for c in lista["dados"]} == esperados
    corpos = []
    for contato_id in (alheio["id"], uuid4()):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.contato_obter", **atendente.args, p_id=contato_id)
        corpos.append((erro.value.status, erro.value.corpo))
    assert corpos[0] == corpos[1]


async def test_lista_filtra_e_pagina_igual_a_forca_bruta(banco_api: Banco, novo_cliente: Callable[..., Any]) -> None:
    dono = await novo_cliente()
    etiqueta = UUID((await chamar(banco_api, "api.etiqueta_criar", **dono.args, p_nome="VIP"))["id"])
    todos = []
    for n in range(30):
        contato = await criar(banco_api, dono, f"Pessoa {n}", p_etiqueta_ids=[etiqueta] if n % 3 == 0 else [])
        if n % 5 == 0:
            contato = await chamar(banco_api, "api.contato_bloquear", **dono.args, p_id=contato["id"])
        if n % 4 == 0:
            await chamar(
                banco_api,
                "api.consentimento_criar",
                **dono.args,
                p_contato_id=contato["id"],
                p_acao="CONCEDIDO",
                p_prova="ficha",
            )
            contato["marketing"] = "CONCEDIDO"
        todos.append(contato)
    filtros: list[tuple[dict[str, object], Any]] = [
        ({}, lambda c: True),
        ({"p_bloqueado": True}, lambda c: c["bloqueado"]),
        ({"p_bloqueado": False}, lambda c: not c["bloqueado"]),
        ({"p_marketing": "CONCEDIDO"}, lambda c: c["marketing"] == "CONCEDIDO"),
        ({"p_marketing": "NAO_INFORMADO"}, lambda c: c["marketing"] == "NAO_INFORMADO"),
        ({"p_etiqueta_id": etiqueta}, lambda c: bool(c["etiquetas"])),
        (
            {"p_etiqueta_id": etiqueta, "p_bloqueado": True, "p_busca": "pessoa"},
            lambda c: c["etiquetas"] and c["bloqueado"],
        ),
        ({"p_busca": "pessoa 1"}, lambda c: c["nome"].startswith("Pessoa 1")),
        ({"p_etiqueta_id": uuid4()}, lambda c: False),
    ]
    for filtro, aceita in filtros:
        vistos: list[str] = []
        cursor = None
        for _ in range(40):
            pagina = await chamar(banco_api, "api.contatos_listar", **dono.args, **filtro, p_limite=4, p_cursor=cursor)
            assert len(pagina["dados"]) <= 4
            vistos += [c["id"] for c in pagina["dados"]]
            cursor = pagina["meta"]["proximoCursor"]
            if cursor is None:
                break
        assert vistos == sorted((c["id"] for c in todos if aceita(c)), reverse=True), filtro


async def test_auditoria_e_aviso_de_cada_mudanca(banco_api: Banco, ana: Sessao, admin: Admin) -> None:
    contato = await criar(banco_api, ana)
    await chamar(banco_api, "api.contato_bloquear", **ana.args, p_id=contato["id"])
    acoes = admin.execute("select acao from auditoria where alvo_id = %s order by id", [contato["id"]]).fetchall()
    assert [a["acao"] for a in acoes] == ["contato_criado", "contato_bloqueado"]
    avisos = admin.execute(
        "select distinct xmin::text, tipo from eventos where alvo_id = %s", [contato["id"]]
    ).fetchall()
    assert json.dumps(avisos).count("contato_mudou") == 2
