"""The second factor: no session without it, each code once, and guesses that count like those of a password."""

from __future__ import annotations

import asyncio
import secrets
import time
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
    trocar = {**dona.args, "p_reservas": novas}
    errada = {**SENHA, "p_senha_hash_conferida": "outra"}
    assert (await recusado(banco_api, "api.fator_reservas_trocar", **trocar, **errada)).codigo == "ZRI04"
    assert (await chamar(banco_api, "api.fator_reservas_trocar", **trocar, **SENHA))["reservas"] == 10
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
    id_, gasto, _ = await ligar(banco_api, dona)
    pendente = await _pendente(banco_api, dona, _origem())
    assert (await chamar(banco_api, "api.login_fator_preparar", **pendente))["fator"]["id"] == str(id_)
    alheia = {**pendente, "p_cliente_id": bia.cliente_id}
    assert (await recusado(banco_api, "api.login_fator_preparar", **alheia)).codigo == "ZAI05"
    assert (await recusado(banco_api, "api.login_fator_concluir", **alheia, **_dito(id_, gasto + 1))).codigo == "ZAI05"
    assert codigo(await chamar(banco_api, "api.login_fator_concluir", **pendente, **_dito(id_, None))) == "ZAI04"
    juntas = await asyncio.gather(
        *(chamar(banco_api, "api.login_fator_concluir", **pendente, **_dito(id_, gasto + 1)) for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, dict) and codigo(r) is None for r in juntas) == 1
    assert sessoes(admin, dona) == [None, "CODIGO"]
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


async def test_desligar_pede_a_senha(banco_api: Banco, admin: Admin, dona: Sessao) -> None:
    assert (await recusado(banco_api, "api.fator_remover", **dona.args, **SENHA)).codigo == "ZRI62"
    await ligar(banco_api, dona)
    errada = {**SENHA, "p_confere": False}
    assert (await recusado(banco_api, "api.fator_remover", **dona.args, **errada)).codigo == "ZRI04"
    assert not (await chamar(banco_api, "api.fator_remover", **dona.args, **SENHA))["ativo"]
    assert codigo(await concluir(banco_api, dona)) is None
    acoes = admin.execute("select acao from auditoria where cliente_id = %s order by id", [dona.cliente_id]).fetchall()
    assert [a["acao"] for a in acoes if a["acao"].startswith("fator")] == ["fator_ligado", "fator_desligado"]


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
    with pytest.raises(Erro):
        await chamar(banco_api, "api.fator_reservas_trocar", **dona.args, **SENHA, p_reservas=reservas[:9])
