"""Workers ask the provider how a number is, again and again, and at once when an error is about the number."""

from __future__ import annotations

from typing import Any

from app.banco import Banco
from tests.conftest import chamar
from tests.sql.cenas import Admin, criar_campanha, iniciar
from tests.worker.conftest import Palco, esperar

CONSULTA = (
    "select extract(epoch from executar_em - now())::float as falta from fila"
    " where tipo = 'conexao_consultar' and alvo_id = %s and reservado_ate is null"
)


async def test_a_number_is_asked_about_and_asked_again(banco_api: Banco, admin: Admin, palco: Palco) -> None:
    cena = palco.cena
    await palco.controle("PATCH", f"/meta/numbers/{palco.numero_id_externo}", json={"quality": "YELLOW"})
    await chamar(banco_api, "api.conexao_desativar", **cena.sessao.args, p_id=cena.conexao_id)
    await chamar(banco_api, "api.conexao_ativar", **cena.sessao.args, p_id=cena.conexao_id)

    async def consultada() -> Any:
        dados = await chamar(banco_api, "api.conexao_saude_obter", **cena.sessao.args, p_id=cena.conexao_id)
        return dados if dados["consultadaEm"] else None

    async with palco.worker():
        dados = await esperar(consultada)

        async def marcada() -> Any:
            linha = admin.execute(CONSULTA, [cena.conexao_id]).fetchone()
            return linha if linha and linha["falta"] > 0 else None

        linha = await esperar(marcada)
    assert (dados["qualidade"], dados["saudeEnvio"]) == ("YELLOW", "AVAILABLE")
    assert 1150 < linha["falta"] <= 1200


async def test_an_error_of_the_number_asks_at_once(banco_api: Banco, admin: Admin, palco: Palco) -> None:
    cena = palco.cena
    await palco.controle(
        "POST",
        "/faults",
        json={
            "provider": "meta",
            "stage": "pre_accept",
            "match": {"number": palco.numero_id_externo},
            "action": {"kind": "error_code", "code": 131048},
            "limit": 1,
        },
    )
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))

    async def perguntada() -> Any:
        return admin.execute(
            "select status from conexoes where id = %s and consultada_em is not null", [cena.conexao_id]
        ).fetchone()

    async with palco.worker():
        linha = await esperar(perguntada)
    assert linha == {"status": "PAUSADA"}


async def test_a_provider_that_is_away_is_asked_later(admin: Admin, palco: Palco) -> None:
    cena = palco.cena
    admin.execute("update conexoes set numero_id_externo = '99999999' where id = %s", [cena.conexao_id])
    admin.execute(
        "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)"
        " values (%s, 'conexao_consultar', %s, 7, now(), %s)",
        [cena.cliente_id, cena.conexao_id, cena.conexao_id],
    )

    async def marcada() -> Any:
        linha = admin.execute(CONSULTA, [cena.conexao_id]).fetchone()
        return linha if linha and linha["falta"] > 0 else None

    async with palco.worker():
        assert (await esperar(marcada))["falta"] > 1150
    linha = admin.execute("select tentativas from fila where alvo_id = %s", [cena.conexao_id]).fetchone()
    assert linha == {"tentativas": 0}
