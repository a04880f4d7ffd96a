"""The second factor: no session without it, each code once, and guesses that count like those of a password."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import SENHA_HASH, Sessao, abrir_sessao, chamar
from tests.sql.test_identidade import como, novo_usuario, perfis, recusado

Admin = psycopg.Connection[dict[str, Any]]
SENHA = {"p_confere": True, "p_senha_hash_conferida": SENHA_HASH}


def _resumo() -> bytes:
    return secrets.token_bytes(32)


def _origem() -> str:
    return f"10.9.{secrets.randbelow(250)}.{1 + secrets.randbelow(250)}"


async def ligar(banco: Banco, quem: Sessao) -> tuple[UUID, int, list[bytes]]:
    """Turn it on: its id, the step spent, the recovery codes."""
    id_, reservas = uuid4(), [_resumo() for _ in range(10)]
    await chamar(banco, "api.fator_iniciar", **quem.args, **SENHA, p_id=id_, p_segredo=secrets.token_bytes(64))
    passo = (await chamar(banco, "api.fator_preparar", **quem.args))["passo"]
    # the step before: the tests have the present one and the next to enter with
    await chamar(banco, "api.fator_ativar", **quem.args, p_id=id_, p_passo=passo - 1, p_reservas=reservas)
    return id_, passo - 1, reservas


async def concluir(banco: Banco, quem: Sessao, **mais: object) -> dict[str, Any]:
    valores: dict[str, object] = {
        **SENHA, "p_email": quem.email, "p_origem": _origem(), "p_acesso_hash": _resumo(),
        "p_renovacao_hash": _resumo(),
    }  # fmt: skip
    resposta: dict[str, Any] = await chamar(banco, "api.login_concluir", **{**valores, **mais})
    return resposta


def codigo(resposta: dict[str, Any]) -> str | None:
    return resposta["recusa"]["codigo"] if "recusa" in resposta else None


def sessoes(admin: Admin, quem: Sessao) -> list[str | None]:
    linhas = admin.execute(
        "select fator from sessoes where cliente_id = %s and usuario_id = %s order by criada_em",
        [quem.cliente_id, quem.usuario_id],
    ).fetchall()
    return [linha["fator"] for linha in linhas]


@pytest.fixture
async def dona(novo_cliente: Any) -> Sessao:
    sessao: Sessao = await novo_cliente("Com Fator")
    return sessao


async def test_sem_fator_nada_muda(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    assert await chamar(banco_api, "api.fator_obter", **dona.args) == {"ativo": False, "ativadoEm": None, "reservas": 0}
    assert codigo(await concluir(banco_api, dona)) is None
    assert sessoes(admin, dona) == [None, None]


async def test_liga_so_com_senha_e_primeiro_codigo(banco_api: Banco, dona: Sessao) -> None:
    id_, reservas = uuid4(), [_resumo() for _ in range(10)]
    novo = {"p_id": id_, "p_segredo": secrets.token_bytes(64)}
    errada = {**SENHA, "p_confere": False}
    assert (await recusado(banco_api, "api.fator_iniciar", **dona.args, **errada, **novo)).codigo == "ZRI04"
    assert (await recusado(banco_api, "api.fator_preparar", **dona.args)).codigo == "ZNI60"
    await chamar(banco_api, "api.fator_iniciar", **dona.args, **SENHA, **novo)
    passo = (await chamar(banco_api, "api.fator_preparar", **dona.args))["passo"]
    assert abs(passo - time.time() // 30) <= 2
    confirmar = {**dona.args, "p_id": id_, "p_reservas": reservas}
    for torto in (None, passo - 5, passo + 5):
        erro = await recusado(banco_api, "api.fator_ativar", **confirmar, p_passo=torto)
        assert (erro.codigo, erro.corpo.campo) == ("ZRI61", "codigo")
    # what is not confirmed asks nobody for anything
    assert codigo(await concluir(banco_api, dona)) is None
    ligado = await chamar(banco_api, "api.fator_ativar", **confirmar, p_passo=passo)
    assert ligado["ativo"] and ligado["reservas"] == 10
    assert codigo(await concluir(banco_api, dona)) == "ZAI03"
    outra = {"p_id": uuid4(), "p_segredo": secrets.token_bytes(64)}
    assert (await recusado(banco_api, "api.fator_iniciar", **dona.args, **SENHA, **outra)).codigo == "ZRI60"
    # the session it was turned on with goes on
    assert (await chamar(banco_api, "api.eu_obter", **dona.args))["id"] == str(dona.usuario_id)


async def test_o_codigo_so_se_pede_a_quem_acertou_a_senha(banco_api: Banco, dona: Sessao) -> None:
    await ligar(banco_api, dona)
    assert codigo(await concluir(banco_api, dona, p_confere=False)) == "ZAI01"
    assert codigo(await concluir(banco_api, dona)) == "ZAI03"


async def test_um_codigo_serve_uma_vez(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    id_, gasto, _ = await ligar(banco_api, dona)
    passo = gasto + 1
    dito = {"p_fator_id": id_, "p_reserva_hash": _resumo()}
    assert codigo(await concluir(banco_api, dona, **dito, p_passo=gasto)) == "ZAI04"
    juntas = await asyncio.gather(*(concluir(banco_api, dona, **dito, p_passo=passo) for _ in range(6)))
    assert sorted(codigo(r) or "" for r in juntas) == ["", *["ZAI04"] * 5]
    assert codigo(await concluir(banco_api, dona, **dito, p_passo=passo)) == "ZAI04"
    assert codigo(await concluir(banco_api, dona, **dito, p_passo=passo + 9)) == "ZAI04"
    assert sessoes(admin, dona) == [None, "CODIGO"]


async def test_uma_reserva_serve_uma_vez(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    id_, _, reservas = await ligar(banco_api, dona)
    dito = {"p_fator_id": id_, "p_passo": None, "p_reserva_hash": reservas[3]}
    juntas = await asyncio.gather(*(concluir(banco_api, dona, **dito) for _ in range(4)))
    assert sorted(codigo(r) or "" for r in juntas) == ["", *["ZAI04"] * 3]
    assert (await chamar(banco_api, "api.fator_obter", **dona.args))["reservas"] == 9
    novas = [_resumo() for _ in range(10)]
    trocar = {**dona.args, "p_reservas": novas, "p_fator_id": id_}
    errada = {**SENHA, "p_senha_hash_conferida": "outra"}
    boa = {"p_reserva_hash": reservas[5]}
    assert (await recusado(banco_api, "api.fator_reservas_trocar", **trocar, **errada, **boa)).codigo == "ZRI04"
    for torta in ({}, {"p_reserva_hash": reservas[3]}, {"p_reserva_hash": _resumo()}):
        erro = await recusado(banco_api, "api.fator_reservas_trocar", **trocar, **SENHA, **torta)
        assert (erro.codigo, erro.corpo.campo) == ("ZRI64", "codigo")
    assert (await chamar(banco_api, "api.fator_reservas_trocar", **trocar, **SENHA, **boa))["reservas"] == 10
    assert codigo(await concluir(banco_api, dona, **{**dito, "p_reserva_hash": reservas[4]})) == "ZAI04"
    assert codigo(await concluir(banco_api, dona, **{**dito, "p_reserva_hash": novas[0]})) is None
    assert sessoes(admin, dona) == [None, "RESERVA", "RESERVA"]


async def test_nenhuma_funcao_abre_sessao_sem_a_prova(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    await ligar(banco_api, dona)
    with pytest.raises(psycopg.Error) as erro:
        abrir_sessao(admin, dona.cliente_id, dona.usuario_id)
    assert erro.value.sqlstate == "ZAI03"


async def _pendente(banco: Banco, quem: Sessao, origem: str) -> dict[str, object]:
    await chamar(banco, "api.login_preparar", p_email=quem.email, p_origem=origem)
    segredo = _resumo()
    assert codigo(await concluir(banco, quem, p_origem=origem, p_canal="NAVEGADOR", p_pendente_hash=segredo)) == "ZAI03"
    return {"p_cliente_id": quem.cliente_id, "p_pendente_hash": segredo, "p_origem": origem}


def _dito(id_: UUID, passo: int | None, reserva: bytes | None = None) -> dict[str, object]:
    return {
        "p_fator_id": id_, "p_passo": passo, "p_reserva_hash": reserva or _resumo(),
        "p_acesso_hash": _resumo(), "p_renovacao_hash": _resumo(),
    }  # fmt: skip


async def test_segundo_passo_do_navegador(banco_api: Banco, admin: Admin, dona: Sessao, bia: Sessao) -> None:
    id_, gasto, reservas = await ligar(banco_api, dona)
    pendente = await _pendente(banco_api, dona, _origem())
    assert (await chamar(banco_api, "api.login_fator_preparar", **pendente))["fator"]["id"] == str(id_)
    alheia = {**pendente, "p_cliente_id": bia.cliente_id}
    assert (await recusado(banco_api, "api.login_fator_preparar", **alheia)).codigo == "ZAI05"
    assert (await recusado(banco_api, "api.login_fator_concluir", **alheia, **_dito(id_, gasto + 1))).codigo == "ZAI05"
    assert codigo(await chamar(banco_api, "api.login_fator_concluir", **pendente, **_dito(id_, None))) == "ZAI04"
    juntas = await asyncio.gather(
        *(chamar(banco_api, "api.login_fator_concluir", **pendente, **_dito(id_, gasto + 1)) for _ in range(4)),
        *(
            chamar(banco_api, "api.login_fator_concluir", **pendente, **_dito(id_, None, reserva))
            for reserva in reservas[:4]
        ),
        return_exceptions=True,
    )
    # by the application or by the paper
    assert sum(isinstance(r, dict) and codigo(r) is None for r in juntas) == 1
    assert sessoes(admin, dona) in ([None, "CODIGO"], [None, "RESERVA"])
    # worth one session
    assert (
        await recusado(banco_api, "api.login_fator_concluir", **pendente, **_dito(id_, gasto + 2))
    ).codigo == "ZAI05"


async def test_senha_trocada_desfaz_o_primeiro_passo(banco_api: Banco, dona: Sessao) -> None:
    id_, gasto, _ = await ligar(banco_api, dona)
    pendente = await _pendente(banco_api, dona, _origem())
    nova = SENHA_HASH.replace("m=8", "m=9")
    await chamar(banco_api, "api.senha_trocar", **dona.args, **SENHA, p_senha_hash=nova)
    assert (
        await recusado(banco_api, "api.login_fator_concluir", **pendente, **_dito(id_, gasto + 1))
    ).codigo == "ZAI05"


async def test_codigos_errados_bloqueiam_como_senhas(banco_api: Banco, dona: Sessao) -> None:
    """The password's attempts and the code's are one count: guessing codes ends as guessing passwords does."""
    id_, _, _ = await ligar(banco_api, dona)
    origem = _origem()
    pendente = await _pendente(banco_api, dona, origem)
    certos = 0
    for _ in range(12):
        preparado = await chamar(banco_api, "api.login_fator_preparar", **pendente)
        if codigo(preparado) == "ZLI01":
            break
        certos += 1
        await chamar(banco_api, "api.login_fator_concluir", **pendente, **_dito(id_, None))
    assert certos == 9
    assert codigo(await chamar(banco_api, "api.login_preparar", p_email=dona.email, p_origem=origem)) == "ZLI01"
    # nor does beginning again with the code alone
    assert codigo(await chamar(banco_api, "api.login_fator_preparar", **pendente)) == "ZLI01"


async def test_desligar_pede_a_senha_e_um_codigo(banco_api: Banco, admin: Admin, dona: Sessao, bia: Sessao) -> None:
    assert (await recusado(banco_api, "api.fator_remover", **dona.args, **SENHA)).codigo == "ZRI62"
    id_, gasto, reservas = await ligar(banco_api, dona)
    alheio, passo_alheio, reservas_alheias = await ligar(banco_api, bia)
    certo = {"p_fator_id": id_, "p_passo": gasto + 1, "p_reserva_hash": _resumo()}
    errada = {**SENHA, "p_confere": False}
    assert (await recusado(banco_api, "api.fator_remover", **dona.args, **errada, **certo)).codigo == "ZRI04"
    for torto in (
        {},
        {**certo, "p_passo": gasto},
        {**certo, "p_passo": gasto + 9},
        {**certo, "p_passo": None},
        {**certo, "p_fator_id": alheio, "p_passo": passo_alheio + 1},
        {"p_reserva_hash": reservas_alheias[0]},
    ):
        erro = await recusado(banco_api, "api.fator_remover", **dona.args, **SENHA, **torto)
        assert (erro.codigo, erro.corpo.campo) == ("ZRI64", "codigo")
    juntas = await asyncio.gather(
        *(chamar(banco_api, "api.fator_remover", **dona.args, **SENHA, **certo) for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, dict) and not r["ativo"] for r in juntas) == 1
    assert codigo(await concluir(banco_api, dona)) is None
    assert codigo(await concluir(banco_api, bia)) == "ZAI03"
    acoes = admin.execute("select acao from auditoria where cliente_id = %s order by id", [dona.cliente_id]).fetchall()
    assert [a["acao"] for a in acoes if a["acao"].startswith("fator")] == ["fator_ligado", "fator_desligado"]
    # a recovery code does as well
    _, _, reservas = await ligar(banco_api, dona)
    assert not (await chamar(banco_api, "api.fator_remover", **dona.args, **SENHA, p_reserva_hash=reservas[0]))["ativo"]


async def test_codigos_errados_nas_configuracoes_bloqueiam(banco_api: Banco, dona: Sessao, bia: Sessao) -> None:
    """Whoever holds a session and the password guesses no code: no right password clears the count of wrong ones."""
    id_, gasto, reservas = await ligar(banco_api, dona)
    antes = SENHA
    feitos = 0
    for n in range(14):
        preparado = await chamar(banco_api, "api.fator_prova_preparar", **dona.args)
        if codigo(preparado) == "ZLI01":
            break
        assert preparado["fator"]["id"] == str(id_)
        feitos += 1
        erro = await recusado(banco_api, "api.fator_remover", **dona.args, **antes, p_reserva_hash=_resumo())
        assert erro.codigo == "ZRI64"
        # what forgives wrong passwords
        nova = SENHA_HASH.replace("m=8", f"m={9 + n}")
        await chamar(banco_api, "api.senha_trocar", **dona.args, **antes, p_senha_hash=nova)
        antes = {"p_confere": True, "p_senha_hash_conferida": nova}
    assert feitos == 10
    assert codigo(await chamar(banco_api, "api.fator_prova_preparar", **dona.args)) == "ZLI01"
    # the log-in is another matter, and so is anybody else
    certo = {"p_fator_id": id_, "p_passo": gasto + 1, "p_reserva_hash": reservas[0]}
    assert codigo(await concluir(banco_api, dona, **antes, **certo)) is None
    assert codigo(await chamar(banco_api, "api.fator_prova_preparar", **bia.args)) is None


async def test_o_codigo_certo_esquece_os_errados(banco_api: Banco, dona: Sessao) -> None:
    _, _, reservas = await ligar(banco_api, dona)
    for reserva in reservas[:3]:
        for _ in range(6):
            assert codigo(await chamar(banco_api, "api.fator_prova_preparar", **dona.args)) is None
        novas = [reserva_nova for reserva_nova in reservas if reserva_nova != reserva] + [_resumo()]
        trocar = {**dona.args, **SENHA, "p_reservas": novas, "p_reserva_hash": reserva}
        await chamar(banco_api, "api.fator_reservas_trocar", **trocar)


async def test_fator_tirado_ou_trocado_desfaz_o_primeiro_passo(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    pessoa = await novo_usuario(banco_api, dona, (await perfis(banco_api, dona))["ATENDENTE"])
    dela = abrir_sessao(admin, dona.cliente_id, pessoa.id)
    dela = replace(dela, email=pessoa.email)
    id_, gasto, reservas = await ligar(banco_api, dela)
    pendente = await _pendente(banco_api, dela, _origem())
    await chamar(banco_api, "api.usuario_fator_remover", **dona.args, p_id=pessoa.id)
    antes = sessoes(admin, dela)
    ditos = (_dito(id_, None), _dito(id_, gasto + 1), _dito(id_, None, reservas[0]))
    for dito in ditos:
        assert (await recusado(banco_api, "api.login_fator_concluir", **pendente, **dito)).codigo == "ZAI06"
    assert (await recusado(banco_api, "api.login_fator_preparar", **pendente)).codigo == "ZAI06"
    # nor does another factor take the place of the one that was asked for
    novo, gasto, reservas = await ligar(banco_api, dela)
    for dito in (_dito(novo, gasto + 1), _dito(novo, None, reservas[0])):
        assert (await recusado(banco_api, "api.login_fator_concluir", **pendente, **dito)).codigo == "ZAI06"
    assert sessoes(admin, dela) == antes


async def test_senha_trocada_encerra_o_que_a_velha_abriu(
    banco_api: Banco, admin: Admin, dona: Sessao, bia: Sessao
) -> None:
    """However close together they come: of a log-in and a change of password, no session is left of the old one."""
    velha, sobrou = SENHA, 0
    for n in range(12):
        nova = SENHA_HASH.replace("m=8", f"m={9 + n}")
        await asyncio.gather(
            *(concluir(banco_api, dona, **velha) for _ in range(3)),
            chamar(banco_api, "api.senha_trocar", **dona.args, **velha, p_senha_hash=nova),
            *(concluir(banco_api, dona, **velha) for _ in range(3)),
        )
        velha = {"p_confere": True, "p_senha_hash_conferida": nova}
        vivas = admin.execute(
            "select id from sessoes where cliente_id = %s and usuario_id = %s and revogada_em is null",
            [dona.cliente_id, dona.usuario_id],
        ).fetchall()
        sobrou += len(vivas) - 1
    assert sobrou == 0
    assert (await chamar(banco_api, "api.eu_obter", **dona.args))["id"] == str(dona.usuario_id)
    assert (await chamar(banco_api, "api.eu_obter", **bia.args))["id"] == str(bia.usuario_id)


async def test_link_de_senha_encerra_sessoes_e_primeiro_passo(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    pessoa = await novo_usuario(banco_api, dona, (await perfis(banco_api, dona))["ATENDENTE"])
    dela = replace(abrir_sessao(admin, dona.cliente_id, pessoa.id), email=pessoa.email)
    id_, gasto, _ = await ligar(banco_api, dela)
    pendente = await _pendente(banco_api, dela, _origem())
    link = {"p_cliente_id": dona.cliente_id, "p_segredo_hash": _resumo()}
    await chamar(
        banco_api, "api.convite_criar", **dona.args, p_usuario_id=pessoa.id, p_segredo_hash=link["p_segredo_hash"]
    )
    await chamar(banco_api, "api.convite_aceitar", **link, p_senha_hash=SENHA_HASH.replace("m=8", "m=9"))
    assert (await recusado(banco_api, "api.eu_obter", **dela.args)).codigo == "ZAG01"
    dito = _dito(id_, gasto + 1)
    assert (await recusado(banco_api, "api.login_fator_concluir", **pendente, **dito)).codigo == "ZAI05"
    # the factor stays: a link is no way around it
    nova = {"p_senha_hash_conferida": SENHA_HASH.replace("m=8", "m=9")}
    assert codigo(await concluir(banco_api, dela, **nova)) == "ZAI03"


async def test_senha_trocada_desfaz_o_link(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    pessoa = await novo_usuario(banco_api, dona, (await perfis(banco_api, dona))["ATENDENTE"])
    dela = abrir_sessao(admin, dona.cliente_id, pessoa.id)
    link = {"p_cliente_id": dona.cliente_id, "p_segredo_hash": _resumo()}
    await chamar(
        banco_api, "api.convite_criar", **dona.args, p_usuario_id=pessoa.id, p_segredo_hash=link["p_segredo_hash"]
    )
    nova = SENHA_HASH.replace("m=8", "m=9")
    await chamar(banco_api, "api.senha_trocar", **dela.args, **SENHA, p_senha_hash=nova)
    assert (await recusado(banco_api, "api.convite_aceitar", **link, p_senha_hash=nova)).codigo == "ZNI05"


async def test_quem_administra_tira_de_outra_pessoa(banco_api: Banco, admin: Admin, dona: Sessao, bia: Sessao) -> None:
    pessoa = await novo_usuario(banco_api, dona, (await perfis(banco_api, dona))["ATENDENTE"])
    dela = abrir_sessao(admin, dona.cliente_id, pessoa.id)
    await ligar(banco_api, dela)
    await ligar(banco_api, dona)
    alvo = {"p_id": pessoa.id}
    lida = await chamar(banco_api, "api.usuario_obter", **dona.args, **alvo)
    assert lida["segundoFator"] is True
    assert (await recusado(banco_api, "api.usuario_fator_remover", **bia.args, **alvo)).codigo == "ZNI02"
    assert (await recusado(banco_api, "api.usuario_fator_remover", **dela.args, **alvo)).codigo == "ZPG01"
    erro = await recusado(banco_api, "api.usuario_fator_remover", **dona.args, p_id=dona.usuario_id)
    assert erro.codigo == "ZRI63"
    tirado = await chamar(banco_api, "api.usuario_fator_remover", **dona.args, **alvo)
    assert tirado["segundoFator"] is False
    assert (await recusado(banco_api, "api.usuario_fator_remover", **dona.args, **alvo)).codigo == "ZRI62"
    assert codigo(await concluir(banco_api, dona)) == "ZAI03"
    assert (await chamar(banco_api, "api.eu_obter", **dela.args))["id"] == str(pessoa.id)
    linha = admin.execute(
        "select usuario_id, alvo_id from auditoria where cliente_id = %s and acao = 'fator_tirado'", [dona.cliente_id]
    ).fetchone()
    assert linha == {"usuario_id": dona.usuario_id, "alvo_id": pessoa.id}


async def test_quem_alcanca_menos_nao_tira(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    """Who may manage people but has less than an administrator takes nothing from one."""
    await ligar(banco_api, dona)
    menor = await como(banco_api, admin, dona, ["usuarios:ler", "usuarios:gerir"])
    erro = await recusado(banco_api, "api.usuario_fator_remover", **menor.args, p_id=dona.usuario_id)
    assert erro.codigo == "ZPI01"


async def test_nada_em_claro(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    _, _, reservas = await ligar(banco_api, dona)
    linha = admin.execute(
        "select count(*) as n from fatores_reservas where cliente_id = %s and codigo_hash = any (%s)",
        [dona.cliente_id, reservas],
    ).fetchone()
    assert linha == {"n": 10}
    com_codigo = {**dona.args, **SENHA, "p_reserva_hash": reservas[0]}
    with pytest.raises(Erro):
        await chamar(banco_api, "api.fator_reservas_trocar", **com_codigo, p_reservas=reservas[:9])
