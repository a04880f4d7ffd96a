"""Users, profiles and teams: who may grant what, what depends on a count, and what the other tenant never sees."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from app.tipos import identidade
from tests.conftest import SENHA_HASH, Sessao, abrir_sessao, chamar

Admin = psycopg.Connection[dict[str, Any]]


async def responder(banco: Banco, funcao: str, **argumentos: object) -> Any:
    """Call and decode with the Struct of the contract, strictly."""
    return msgspec.json.decode(await banco.chamar(funcao, argumentos), type=identidade.CONTRATOS[funcao])


async def recusado(banco: Banco, funcao: str, **argumentos: object) -> Erro:
    with pytest.raises(Erro) as erro:
        await banco.chamar(funcao, argumentos)
    return erro.value


def email() -> str:
    return f"u-{secrets.token_hex(5)}@exemplo.test"


async def perfis(banco: Banco, quem: Sessao) -> dict[str, UUID]:
    pagina = await responder(banco, "api.perfis_listar", **quem.args)
    return {p.codigo or p.nome: p.id for p in pagina.dados}


async def novo_usuario(banco: Banco, quem: Sessao, perfil_id: UUID, **mais: object) -> identidade.Usuario:
    usuario: identidade.Usuario = await responder(
        banco,
        "api.usuario_criar",
        **quem.args,
        p_nome="Pessoa",
        p_email=email(),
        p_senha_hash=SENHA_HASH,
        p_perfil_id=perfil_id,
        **mais,
    )
    return usuario


async def como(banco: Banco, admin: Admin, quem: Sessao, permissoes: list[str], visibilidade: str = "TODAS") -> Sessao:
    """A session of a new user whose own profile has exactly these permissions."""
    perfil = await responder(
        banco,
        "api.perfil_criar",
        **quem.args,
        p_nome=f"Perfil {secrets.token_hex(4)}",
        p_visibilidade=visibilidade,
        p_permissoes=permissoes,
    )
    usuario = await novo_usuario(banco, quem, perfil.id)
    return abrir_sessao(admin, quem.cliente_id, usuario.id)


# --- the contract


async def test_respostas_no_contrato(banco_api: Banco, ana: Sessao) -> None:
    eu = await responder(banco_api, "api.eu_obter", **ana.args)
    assert eu.id == ana.usuario_id and eu.perfil.codigo == "ADMINISTRADOR"
    catalogo = await responder(banco_api, "api.permissoes_listar", **ana.args)
    codigos = {p.codigo for p in catalogo.dados}
    assert "usuarios:gerir" in codigos and "sessao:usar" not in codigos
    assert set(eu.permissoes) == codigos
    assert len((await responder(banco_api, "api.sessoes_listar", **ana.args)).dados) == 1


async def test_pagina_de_usuarios(banco_api: Banco, novo_cliente: Any) -> None:
    quem = await novo_cliente("Paginada")
    perfil = (await perfis(banco_api, quem))["ATENDENTE"]
    criados = {(await novo_usuario(banco_api, quem, perfil)).id for _ in range(4)}
    vistos: list[UUID] = []
    cursor = None
    while True:
        pagina = await responder(banco_api, "api.usuarios_listar", **quem.args, p_limite=2, p_cursor=cursor)
        vistos += [u.id for u in pagina.dados]
        cursor = pagina.meta.proximo_cursor
        if cursor is None:
            break
    assert vistos == sorted(vistos, reverse=True) and set(vistos) == criados | {quem.usuario_id}
    for limite in (0, 201):
        assert (await recusado(banco_api, "api.usuarios_listar", **quem.args, p_limite=limite)).status == 400
    assert (await recusado(banco_api, "api.usuarios_listar", **quem.args, p_cursor="x")).corpo.campo == "cursor"


# --- every function, three profiles


LER = {
    "usuarios_listar": "usuarios:ler",
    "equipes_listar": "equipes:ler",
    "perfis_listar": "perfis:ler",
    "permissoes_listar": "perfis:ler",
}
POR_ID = {
    "usuario_obter": "usuarios:ler",
    "usuario_desativar": "usuarios:gerir",
    "usuario_ativar": "usuarios:gerir",
    "usuario_atualizar": "usuarios:gerir",
    "equipe_obter": "equipes:ler",
    "equipe_atualizar": "equipes:gerir",
    "equipe_remover": "equipes:gerir",
    "perfil_obter": "perfis:ler",
    "perfil_atualizar": "perfis:gerir",
    "perfil_remover": "perfis:gerir",
}


async def test_permissao_de_cada_funcao(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    de = await perfis(banco_api, ana)
    for codigo in ("SUPERVISOR", "ATENDENTE"):
        usuario = await novo_usuario(banco_api, ana, de[codigo])
        sessao = abrir_sessao(admin, ana.cliente_id, usuario.id)
        tem = set((await responder(banco_api, "api.eu_obter", **sessao.args)).permissoes)
        for funcao, permissao in {**LER, **POR_ID}.items():
            extra = {"p_id": uuid4()} if funcao in POR_ID else {}
            try:
                await banco_api.chamar(f"api.{funcao}", {**sessao.args, **extra})
                resultado = 200
            except Erro as erro:
                resultado = erro.status
            assert (resultado == 403) is (permissao not in tem), (codigo, funcao, resultado)


async def test_ids_de_outro_cliente_nao_existem(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    equipe = await responder(banco_api, "api.equipe_criar", **ana.args, p_nome="Só da Ana")
    perfil = await responder(
        banco_api,
        "api.perfil_criar",
        **ana.args,
        p_nome="Só da Ana",
        p_visibilidade="TODAS",
        p_permissoes=["contatos:ler"],
    )
    alvos = {"usuario": ana.usuario_id, "equipe": equipe.id, "perfil": perfil.id}
    for funcao in POR_ID:
        alheio = await recusado(banco_api, f"api.{funcao}", **bia.args, p_id=alvos[funcao.split("_")[0]])
        nenhum = await recusado(banco_api, f"api.{funcao}", **bia.args, p_id=uuid4())
        assert alheio.status == 404 and (alheio.status, alheio.corpo) == (nenhum.status, nenhum.corpo), funcao
    for argumentos in (
        {
            "funcao": "api.usuario_criar",
            "p_nome": "Xis",
            "p_email": email(),
            "p_senha_hash": SENHA_HASH,
            "p_perfil_id": None,
        },
        {"funcao": "api.equipe_criar", "p_nome": "Com membro alheio", "p_membros": None},
    ):
        funcao = str(argumentos.pop("funcao"))
        respostas = []
        for id_ in (alvos["perfil"] if "perfil" in str(list(argumentos)) else alvos["usuario"], uuid4()):
            preenchidos = {n: ([id_] if n == "p_membros" else id_) if v is None else v for n, v in argumentos.items()}
            erro = await recusado(banco_api, funcao, **bia.args, **preenchidos)
            respostas.append((erro.status, erro.corpo))
        assert respostas[0] == respostas[1] and respostas[0][0] == 404, funcao
    assert (await responder(banco_api, "api.usuarios_listar", **bia.args)).dados[0].id == bia.usuario_id


# --- nobody grants what they lack (W-03)


async def test_ninguem_concede_o_que_nao_tem(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    de = await perfis(banco_api, ana)
    gestora = await como(
        banco_api,
        admin,
        ana,
        ["usuarios:ler", "usuarios:gerir", "perfis:ler", "perfis:gerir", "contatos:ler"],
        "EQUIPE",
    )
    # by creating a profile, by editing one, by assigning one, by touching somebody who has more
    perfil_novo = {"p_nome": f"P {secrets.token_hex(3)}", "p_visibilidade": "PROPRIA"}
    maior = await recusado(
        banco_api, "api.perfil_criar", **gestora.args, **perfil_novo, p_permissoes=["campanhas:disparar"]
    )
    assert (maior.status, maior.codigo) == (403, "ZPI01")
    amplo = {**perfil_novo, "p_visibilidade": "TODAS"}
    assert (await recusado(banco_api, "api.perfil_criar", **gestora.args, **amplo, p_permissoes=[])).codigo == "ZPI01"
    cabe = await responder(banco_api, "api.perfil_criar", **gestora.args, **perfil_novo, p_permissoes=["contatos:ler"])
    for mudanca in ({"p_permissoes": ["contatos:remover"]}, {"p_visibilidade": "TODAS"}):
        assert (
            await recusado(banco_api, "api.perfil_atualizar", **gestora.args, p_id=cabe.id, **mudanca)
        ).codigo == "ZPI01"
    proprio = await recusado(
        banco_api,
        "api.perfil_atualizar",
        **gestora.args,
        p_id=gestora.perfil_id,
        p_permissoes=["usuarios:gerir", "fila:ler"],
    )
    assert proprio.codigo == "ZPI01"
    pessoa = await novo_usuario(banco_api, gestora, cabe.id)
    for perfil in (de["ADMINISTRADOR"], de["SUPERVISOR"]):
        assert (
            await recusado(banco_api, "api.usuario_atualizar", **gestora.args, p_id=pessoa.id, p_perfil_id=perfil)
        ).codigo == "ZPI01"
        assert (
            await recusado(
                banco_api,
                "api.usuario_criar",
                **gestora.args,
                p_nome="Xis",
                p_email=email(),
                p_senha_hash=SENHA_HASH,
                p_perfil_id=perfil,
            )
        ).codigo == "ZPI01"
    for funcao, extra in (
        ("usuario_desativar", {}),
        ("usuario_atualizar", {"p_senha_hash": SENHA_HASH}),
        ("usuario_atualizar", {"p_email": email()}),
    ):
        assert (
            await recusado(banco_api, f"api.{funcao}", **gestora.args, p_id=ana.usuario_id, **extra)
        ).codigo == "ZPI01"


async def test_permissoes_da_plataforma_nao_existem(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    admin.execute(
        "insert into permissoes (codigo, descricao, da_plataforma) values ('clientes:gerir', 'Gerir clientes', true)"
        " on conflict do nothing"
    )
    for permissao in ("clientes:gerir", "sessao:usar", "nada:disso", "*"):
        erro = await recusado(
            banco_api,
            "api.perfil_criar",
            **ana.args,
            p_nome="Dono de tudo",
            p_visibilidade="TODAS",
            p_permissoes=[permissao],
        )
        assert (erro.status, erro.codigo, erro.corpo.campo) == (422, "ZRI03", "permissoes"), permissao


async def test_perfil_padrao_e_em_uso(banco_api: Banco, ana: Sessao) -> None:
    de = await perfis(banco_api, ana)
    for codigo in ("ADMINISTRADOR", "SUPERVISOR", "ATENDENTE"):
        assert (
            await recusado(banco_api, "api.perfil_atualizar", **ana.args, p_id=de[codigo], p_nome="Outro")
        ).codigo == "ZRI02"
        assert (await recusado(banco_api, "api.perfil_remover", **ana.args, p_id=de[codigo])).codigo == "ZRI02"
    perfil = await responder(
        banco_api,
        "api.perfil_criar",
        **ana.args,
        p_nome="Em uso",
        p_visibilidade="EQUIPE",
        p_permissoes=["contatos:ler"],
    )
    usuario = await novo_usuario(banco_api, ana, perfil.id)
    assert (await recusado(banco_api, "api.perfil_remover", **ana.args, p_id=perfil.id)).codigo == "ZCI03"
    await responder(banco_api, "api.usuario_atualizar", **ana.args, p_id=usuario.id, p_perfil_id=de["ATENDENTE"])
    await responder(banco_api, "api.perfil_remover", **ana.args, p_id=perfil.id)
    assert (await recusado(banco_api, "api.perfil_obter", **ana.args, p_id=perfil.id)).codigo == "ZNI03"


# --- demotion, deactivation, the last administrator (W-15)


async def test_rebaixamento_vale_na_chamada_seguinte(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    de = await perfis(banco_api, ana)
    usuario = await novo_usuario(banco_api, ana, de["ADMINISTRADOR"])
    sessao = abrir_sessao(admin, ana.cliente_id, usuario.id)
    await responder(banco_api, "api.usuarios_listar", **sessao.args)
    await responder(banco_api, "api.usuario_atualizar", **ana.args, p_id=usuario.id, p_perfil_id=de["ATENDENTE"])
    assert (await recusado(banco_api, "api.usuarios_listar", **sessao.args)).codigo == "ZPG01"
    perfil = await responder(
        banco_api,
        "api.perfil_criar",
        **ana.args,
        p_nome="Encolhe",
        p_visibilidade="TODAS",
        p_permissoes=["usuarios:ler"],
    )
    await responder(banco_api, "api.usuario_atualizar", **ana.args, p_id=usuario.id, p_perfil_id=perfil.id)
    await responder(banco_api, "api.usuarios_listar", **sessao.args)
    await responder(banco_api, "api.perfil_atualizar", **ana.args, p_id=perfil.id, p_permissoes=[])
    assert (await recusado(banco_api, "api.usuarios_listar", **sessao.args)).codigo == "ZPG01"


async def test_desativar_encerra_sessoes(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    usuario = await novo_usuario(banco_api, ana, (await perfis(banco_api, ana))["ATENDENTE"])
    sessao = abrir_sessao(admin, ana.cliente_id, usuario.id)
    desativado = await responder(banco_api, "api.usuario_desativar", **ana.args, p_id=usuario.id, p_versao=1)
    assert desativado.ativo is False
    assert (await recusado(banco_api, "api.eu_obter", **sessao.args)).codigo == "ZAG01"
    await responder(banco_api, "api.usuario_ativar", **ana.args, p_id=usuario.id)
    # the sessions do not come back with the user
    assert (await recusado(banco_api, "api.eu_obter", **sessao.args)).codigo == "ZAG01"
    motivos = admin.execute("select motivo from sessoes where usuario_id = %s", [usuario.id]).fetchall()
    assert [m["motivo"] for m in motivos] == ["USUARIO_DESATIVADO"]


async def test_senha_redefinida_encerra_sessoes(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    usuario = await novo_usuario(banco_api, ana, (await perfis(banco_api, ana))["ATENDENTE"])
    sessao = abrir_sessao(admin, ana.cliente_id, usuario.id)
    await responder(banco_api, "api.usuario_atualizar", **ana.args, p_id=usuario.id, p_senha_hash=SENHA_HASH)
    assert (await recusado(banco_api, "api.eu_obter", **sessao.args)).codigo == "ZAG01"
    assert (
        await recusado(banco_api, "api.usuario_atualizar", **ana.args, p_id=ana.usuario_id, p_senha_hash=SENHA_HASH)
    ).codigo == "ZRI05"


async def test_ultimo_administrador(banco_api: Banco, admin: Admin, novo_cliente: Any) -> None:
    quem = await novo_cliente("Um só")
    de = await perfis(banco_api, quem)
    assert (await recusado(banco_api, "api.usuario_desativar", **quem.args, p_id=quem.usuario_id)).codigo == "ZRI01"
    assert (
        await recusado(
            banco_api, "api.usuario_atualizar", **quem.args, p_id=quem.usuario_id, p_perfil_id=de["ATENDENTE"]
        )
    ).codigo == "ZRI01"
    # two administrators who remove each other at the same time: one stays
    for _ in range(5):
        outra = await novo_usuario(banco_api, quem, de["ADMINISTRADOR"])
        sessao = abrir_sessao(admin, quem.cliente_id, outra.id)
        resultados = await asyncio.gather(
            banco_api.chamar("api.usuario_desativar", {**quem.args, "p_id": outra.id}),
            banco_api.chamar("api.usuario_desativar", {**sessao.args, "p_id": quem.usuario_id}),
            return_exceptions=True,
        )
        assert sum(isinstance(r, bytes) for r in resultados) == 1, resultados
        ativos = admin.execute(
            "select u.id from usuarios as u where u.cliente_id = %s and u.ativo and u.perfil_id = %s",
            [quem.cliente_id, de["ADMINISTRADOR"]],
        ).fetchall()
        assert len(ativos) == 1
        admin.execute("update usuarios set ativo = id = %s where cliente_id = %s", [quem.usuario_id, quem.cliente_id])
        quem = abrir_sessao(admin, quem.cliente_id, quem.usuario_id)


# --- what depends on a count (W-11)


async def test_limite_de_usuarios_do_plano(banco_api: Banco, novo_cliente: Any) -> None:
    quem = await novo_cliente("Pequena", "ESSENCIAL")
    perfil = (await perfis(banco_api, quem))["ATENDENTE"]
    resultados = await asyncio.gather(
        *(novo_usuario(banco_api, quem, perfil) for _ in range(14)), return_exceptions=True
    )
    criados = [r for r in resultados if isinstance(r, identidade.Usuario)]
    assert len(criados) == 9  # the plan allows 10, with the administrator
    assert {r.codigo for r in resultados if isinstance(r, Erro)} == {"ZLI02"}
    assert all(r.espera_s is None for r in resultados if isinstance(r, Erro))
    await responder(banco_api, "api.usuario_desativar", **quem.args, p_id=criados[0].id)
    await novo_usuario(banco_api, quem, perfil)
    assert (await recusado(banco_api, "api.usuario_ativar", **quem.args, p_id=criados[0].id)).codigo == "ZLI02"


# --- conflicts and repetition


async def test_email_repetido(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    perfil = (await perfis(banco_api, ana))["ATENDENTE"]
    for usado in (ana.email, ana.email.upper(), bia.email):
        erro = await recusado(
            banco_api,
            "api.usuario_criar",
            **ana.args,
            p_nome="Repetida",
            p_email=usado,
            p_senha_hash=SENHA_HASH,
            p_perfil_id=perfil,
        )
        assert (erro.status, erro.codigo) == (409, "ZCI02"), usado
    usuario = await novo_usuario(banco_api, ana, perfil)
    assert (
        await recusado(banco_api, "api.usuario_atualizar", **ana.args, p_id=usuario.id, p_email=bia.email)
    ).codigo == "ZCI02"


async def test_versao_antiga(banco_api: Banco, ana: Sessao) -> None:
    usuario = await novo_usuario(banco_api, ana, (await perfis(banco_api, ana))["ATENDENTE"])
    mudado = await responder(banco_api, "api.usuario_atualizar", **ana.args, p_id=usuario.id, p_nome="Nova", p_versao=1)
    assert (mudado.nome, mudado.versao) == ("Nova", 2)
    erro = await recusado(banco_api, "api.usuario_atualizar", **ana.args, p_id=usuario.id, p_nome="Velha", p_versao=1)
    assert (erro.status, erro.codigo) == (409, "ZCG02")


async def test_idempotencia(banco_api: Banco, ana: Sessao) -> None:
    perfil = (await perfis(banco_api, ana))["ATENDENTE"]
    pedido = {"p_nome": "Uma vez", "p_email": email(), "p_perfil_id": perfil, "p_chave_idempotencia": "k1"}
    respostas = await asyncio.gather(
        *(banco_api.chamar("api.usuario_criar", {**ana.args, **pedido, "p_senha_hash": SENHA_HASH}) for _ in range(5))
    )
    assert len(set(respostas)) == 1
    erro = await recusado(
        banco_api, "api.usuario_criar", **ana.args, **{**pedido, "p_nome": "Outra"}, p_senha_hash=SENHA_HASH
    )
    assert erro.codigo == "ZCG03"
    equipe = {"p_nome": "Uma vez", "p_chave_idempotencia": "k1"}
    primeira = await responder(banco_api, "api.equipe_criar", **ana.args, **equipe)
    assert await responder(banco_api, "api.equipe_criar", **ana.args, **equipe) == primeira


async def test_equipe_membros(banco_api: Banco, ana: Sessao) -> None:
    perfil = (await perfis(banco_api, ana))["ATENDENTE"]
    membros = [(await novo_usuario(banco_api, ana, perfil)).id for _ in range(2)]
    equipe = await responder(
        banco_api, "api.equipe_criar", **ana.args, p_nome="Vendas", p_membros=[*membros, membros[0]]
    )
    assert {m.id for m in equipe.membros} == set(membros)
    menor = await responder(
        banco_api, "api.equipe_atualizar", **ana.args, p_id=equipe.id, p_membros=membros[:1], p_versao=1
    )
    assert [m.id for m in menor.membros] == membros[:1]
    igual = await responder(banco_api, "api.equipe_atualizar", **ana.args, p_id=equipe.id, p_ativo=False)
    assert [m.id for m in igual.membros] == membros[:1] and igual.ativo is False
    assert (await responder(banco_api, "api.usuario_obter", **ana.args, p_id=membros[0])).equipes[0].nome == "Vendas"
    repetida = await recusado(banco_api, "api.equipe_criar", **ana.args, p_nome="Vendas")
    assert repetida.codigo == "ZCI04"
    await responder(banco_api, "api.equipe_remover", **ana.args, p_id=equipe.id)
    assert (await recusado(banco_api, "api.equipe_obter", **ana.args, p_id=equipe.id)).codigo == "ZNI04"


async def test_equipe_em_uso_nao_sai(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    equipe = await responder(banco_api, "api.equipe_criar", **ana.args, p_nome="Com contato")
    admin.execute(
        "insert into contatos (cliente_id, nome, equipe_id) values (%s, 'Fulana', %s)", [ana.cliente_id, equipe.id]
    )
    assert (await recusado(banco_api, "api.equipe_remover", **ana.args, p_id=equipe.id)).codigo == "ZCI05"


async def test_tudo_fica_na_auditoria(banco_api: Banco, admin: Admin, novo_cliente: Any) -> None:
    quem = await novo_cliente("Auditada")
    usuario = await novo_usuario(banco_api, quem, (await perfis(banco_api, quem))["ATENDENTE"])
    await responder(banco_api, "api.usuario_desativar", **quem.args, p_id=usuario.id)
    await responder(banco_api, "api.sessao_encerrar", **quem.args)
    linhas = admin.execute(
        "select acao, usuario_id from auditoria where cliente_id = %s order by id", [quem.cliente_id]
    ).fetchall()
    assert [x["acao"] for x in linhas] == ["cliente_criado", "usuario_criado", "usuario_desativado", "sessao_encerrada"]
    assert {x["usuario_id"] for x in linhas[1:]} == {quem.usuario_id}
    texto = admin.execute("select string_agg(a::text, '') as tudo from auditoria as a").fetchone()
    assert texto and "argon2" not in texto["tudo"]


# --- the platform


async def test_plataforma(banco_plataforma: Banco, banco_api: Banco, novo_cliente: Any) -> None:
    quem = await novo_cliente("Da plataforma")
    criado = await chamar(
        banco_plataforma,
        "plataforma.cliente_administrador_criar",
        p_cliente_id=quem.cliente_id,
        p_nome="Resgate",
        p_email=email(),
        p_senha_hash=SENHA_HASH,
    )
    usuario = await responder(banco_api, "api.usuario_obter", **quem.args, p_id=UUID(criado["usuarioId"]))
    assert usuario.perfil.codigo == "ADMINISTRADOR"
    pagina = await chamar(banco_plataforma, "plataforma.clientes_listar", p_limite=1)
    assert len(pagina["dados"]) == 1 and pagina["meta"]["proximoCursor"]
    for funcao in ("cliente_ativar", "cliente_desativar"):
        assert (await recusado(banco_plataforma, f"plataforma.{funcao}", p_cliente_id=uuid4())).codigo == "ZNS02"
    assert (
        await recusado(
            banco_plataforma,
            "plataforma.cliente_administrador_criar",
            p_cliente_id=uuid4(),
            p_nome="Xis",
            p_email=email(),
            p_senha_hash=SENHA_HASH,
        )
    ).codigo == "ZNS02"


async def test_nome_so_de_espacos_nao_e_nome(banco_api: Banco, ana: Sessao) -> None:
    feita = await chamar(banco_api, "api.equipe_criar", **ana.args, p_nome="  Cobrança ")
    perfil = await chamar(
        banco_api, "api.perfil_criar", **ana.args, p_nome=" Noturno ", p_visibilidade="PROPRIA", p_permissoes=[]
    )
    assert (feita["nome"], perfil["nome"]) == ("Cobrança", "Noturno")
    pedidos: tuple[tuple[str, dict[str, object]], ...] = (
        ("api.equipe_criar", {}),
        ("api.equipe_atualizar", {"p_id": UUID(feita["id"])}),
        ("api.perfil_criar", {"p_visibilidade": "PROPRIA", "p_permissoes": []}),
        ("api.perfil_atualizar", {"p_id": UUID(perfil["id"])}),
        ("api.usuario_atualizar", {"p_id": ana.usuario_id}),
        ("api.usuario_criar", {
            "p_email": f"{uuid4()}@exemplo.test", "p_senha_hash": SENHA_HASH, "p_perfil_id": UUID(perfil["id"]),
        }),
    )  # fmt: skip
    for funcao, extra in pedidos:
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **ana.args, p_nome="   ", **extra)
        assert erro.value.status == 422, funcao
