"""How a number is: what the provider answered, what the screen shows, and who may see it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, obter, reservar


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Saúde"), 10)


async def registrar_saude(banco_worker: Banco, cena: Cena, **saude: Any) -> Any:
    return await chamar(
        banco_worker,
        "worker.conexao_saude_registrar",
        p_cliente_id=cena.cliente_id,
        p_conexao_id=cena.conexao_id,
        p_saude=saude,
    )


async def saude_de(banco_api: Banco, cena: Cena, sessao: Sessao | None = None) -> Any:
    return await chamar(banco_api, "api.conexao_saude_obter", **(sessao or cena.sessao).args, p_id=cena.conexao_id)


async def test_what_the_provider_answers_is_shown(banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    antes = await saude_de(banco_api, cena)
    assert (antes["qualidade"], antes["limite24h"], antes["usados24h"]) == ("UNKNOWN", None, None)
    assert (antes["tetoPorSegundo"], antes["tetoEfetivo"], antes["consultadaEm"]) == (80, 80, None)
    assert await registrar_saude(
        banco_worker,
        cena,
        qualidade="GREEN",
        limitePortfolio=2000,
        podeEnviar="LIMITED",
        nomeVerificado="Aurora",
        vazaoPorSegundo=80,
        entidades=[{"tipo": "WABA", "id": "1", "podeEnviar": "LIMITED", "erros": [{"descricao": "pagamento"}]}],
    )
    depois = await saude_de(banco_api, cena)
    assert (depois["qualidade"], depois["limite24h"], depois["usados24h"]) == ("GREEN", 2000, 0)
    assert (depois["saudeEnvio"], depois["nomeVerificado"], depois["tetoPorSegundo"]) == ("LIMITED", "Aurora", 80)
    textos = {o["motivo"]: o["texto"] for o in depois["ocorrencias"]}
    assert textos["SAUDE_LIMITED"].endswith(": pagamento")
    assert textos["QUALIDADE_GREEN"] == "A qualidade do número ficou verde"


async def test_an_answer_without_a_limit_changes_no_limit(banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    await registrar_saude(banco_worker, cena, limitePortfolio=250)
    await registrar_saude(banco_worker, cena, ilegiveis=True)
    assert (await saude_de(banco_api, cena))["limite24h"] == 250
    await registrar_saude(banco_worker, cena, limitePortfolio=-1)
    assert (await saude_de(banco_api, cena))["limite24h"] is None


async def test_a_coexistence_number_gets_its_ceiling(banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    await registrar_saude(banco_worker, cena, vazaoPorSegundo=1000)
    assert (await saude_de(banco_api, cena))["tetoPorSegundo"] == 80, "never raised by itself"
    await registrar_saude(banco_worker, cena, vazaoPorSegundo=20)
    depois = await saude_de(banco_api, cena)
    assert (depois["tetoPorSegundo"], depois["tetoEfetivo"]) == (20, 20)
    assert depois["ocorrencias"][0]["motivo"] == "TETO_DO_PROVEDOR"


async def test_red_stops_campaigns_and_yellow_does_not(banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    campanha = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, campanha)
    await registrar_saude(banco_worker, cena, qualidade="YELLOW")
    assert (await obter(banco_api, cena, campanha))["status"] == "EM_ANDAMENTO"
    await registrar_saude(banco_worker, cena, qualidade="RED")
    assert (await obter(banco_api, cena, campanha))["status"] == "PAUSADA"


@pytest.mark.parametrize("saude", [{}, {"qualidade": 7, "podeEnviar": "X", "vazaoPorSegundo": "muito", "entidades": 3}])
async def test_an_odd_answer_harms_nothing(banco_api: Banco, banco_worker: Banco, cena: Cena, saude: Any) -> None:
    assert await registrar_saude(banco_worker, cena, **saude)
    assert (await saude_de(banco_api, cena))["status"] == "ATIVA"


async def test_a_connection_switched_off_is_not_asked_about(
    banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena
) -> None:
    await chamar(banco_api, "api.conexao_desativar", **cena.sessao.args, p_id=cena.conexao_id)
    assert await registrar_saude(banco_worker, cena) is False
    na_fila = "select count(*) as n from fila where tipo = 'conexao_consultar' and alvo_id = %s"
    assert admin.execute(na_fila, [cena.conexao_id]).fetchone() == {"n": 0}
    await chamar(banco_api, "api.conexao_ativar", **cena.sessao.args, p_id=cena.conexao_id)
    assert admin.execute(na_fila, [cena.conexao_id]).fetchone() == {"n": 1}


async def test_lanes_are_counted(banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    await reservar(banco_worker, cena, 4)
    faixas = {f["faixa"]: (f["esperando"], f["emCurso"]) for f in (await saude_de(banco_api, cena))["faixas"]}
    assert faixas == {"HUMANO": (0, 0), "BOT": (0, 0), "AGENDADA": (0, 0), "CAMPANHA": (6, 4)}


async def test_another_tenants_number_does_not_exist(
    banco_api: Banco, banco_worker: Banco, cena: Cena, ana: Sessao
) -> None:
    with pytest.raises(Erro, match="conexão não encontrada"):
        await saude_de(banco_api, cena, ana)
    await registrar_saude(banco_worker, cena, qualidade="RED")
    for filtro in ({}, {"p_conexao_id": cena.conexao_id}, {"p_alvo_id": cena.conexao_id}):
        assert (await chamar(banco_api, "api.ocorrencias_listar", **ana.args, **filtro))["dados"] == []


async def test_occurrences_are_paged_and_filtered(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    for n in range(5):
        admin.execute(
            "insert into ocorrencias (cliente_id, escopo, alvo_id, conexao_id, motivo, texto)"
            " values (%s, 'CONEXAO', %s, %s, %s, 'algo')",
            [cena.cliente_id, cena.conexao_id, cena.conexao_id, f"MOTIVO_{n % 2}"],
        )
    vistas: list[str] = []
    cursor = None
    while True:
        pagina = await chamar(
            banco_api, "api.ocorrencias_listar", **cena.sessao.args, p_motivo="MOTIVO_0", p_limite=2, p_cursor=cursor
        )
        vistas += [o["id"] for o in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
    assert len(vistas) == len(set(vistas)) == 3
    assert vistas == sorted(vistas, reverse=True)


async def test_what_is_about_a_contact_follows_who_sees_it(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    linha = admin.execute(
        "select id from perfis where cliente_id = %s and codigo = 'SUPERVISOR'", [cena.cliente_id]
    ).fetchone()
    assert linha
    pessoa = admin.execute(
        "insert into usuarios (cliente_id, perfil_id, nome, email) values (%s, %s, 'Sara', %s) returning id",
        [cena.cliente_id, linha["id"], f"sara-{secrets.token_hex(4)}@exemplo.test"],
    ).fetchone()
    assert pessoa
    sara = abrir_sessao(admin, cena.cliente_id, pessoa["id"])
    alheio, livre, *_ = cena.contatos
    admin.execute("update contatos set responsavel_id = %s where id = %s", [cena.sessao.usuario_id, alheio])
    for contato in (alheio, livre):
        admin.execute(
            "insert into ocorrencias (cliente_id, escopo, alvo_id, motivo, texto)"
            " values (%s, 'CONTATO', %s, 'SEM_WHATSAPP', 'não tem WhatsApp')",
            [cena.cliente_id, contato],
        )
    de_todos = await chamar(banco_api, "api.ocorrencias_listar", **cena.sessao.args)
    de_sara = await chamar(banco_api, "api.ocorrencias_listar", **sara.args)
    assert {o["alvoId"] for o in de_todos["dados"]} == {str(alheio), str(livre)}
    assert {o["alvoId"] for o in de_sara["dados"]} == {str(livre)}
