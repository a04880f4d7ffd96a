"""From the queue to the phone: what each answer of the provider becomes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from app.banco import Banco
from tests.sql.cenas import Admin, criar_campanha, iniciar, obter
from tests.worker.conftest import Palco, esperar, telefone_magico


async def concluida(banco_api: Banco, palco: Palco, campanha: Any) -> Any:
    async def pronta() -> Any:
        dados = await obter(banco_api, palco.cena, campanha)
        return dados if dados["status"] == "CONCLUIDA" else None

    return await esperar(pronta, 40)


async def test_cada_pessoa_recebe_uma(banco_api: Banco, palco: Palco) -> None:
    campanha = await criar_campanha(banco_api, palco.cena)
    await iniciar(banco_api, palco.cena, campanha)
    async with palco.worker(), palco.worker():
        fim = await concluida(banco_api, palco, campanha)
    assert fim["totais"]["ENVIADO"] == 30
    recebidas = Counter(x["attempt"]["recipient"] for x in await palco.livro() if x["acceptance"])
    assert len(recebidas) == 30
    assert set(recebidas.values()) == {1}


MAGICOS = {
    "9021": ("FALHOU", "CONTACT", 0),
    "9030": ("FALHOU", "CONTACT", 0),
    "9500": ("INCERTO", "SEM_RESPOSTA", 0),
    "9501": ("INCERTO", "SEM_RESPOSTA", 1),
    "9502": ("INCERTO", "SEM_RESPOSTA", 0),
    "9505": ("INCERTO", "SEM_RESPOSTA", 0),
    "9506": ("INCERTO", "SEM_RESPOSTA", 1),
    "9507": ("INCERTO", "SEM_RESPOSTA", 1),
    "9509": ("INCERTO", "SEM_RESPOSTA", 1),
    "9056": ("FALHOU", "TENTATIVAS_ESGOTADAS", 0),
}


@pytest.mark.timeout(180)
async def test_respostas_do_provedor(banco_api: Banco, admin: Admin, palco: Palco) -> None:
    por_contato = dict(zip(palco.cena.contatos, MAGICOS, strict=False))
    for contato, sufixo in por_contato.items():
        telefone_magico(admin, contato, sufixo)
    campanha = await criar_campanha(banco_api, palco.cena, p_contato_ids=list(por_contato))
    await iniciar(banco_api, palco.cena, campanha)
    async with palco.worker():
        # the pair rule asks for 1, then 4, 16, 64, 256 seconds, and gives up after ten refusals in a row
        async def quase() -> Any:
            admin.execute(
                "update fila set executar_em = now() where tipo = 'campanha_enviar' and reservado_ate is null"
            )
            admin.execute("update pares set livre_em = '-infinity', recusas = greatest(recusas, 8)")
            dados = await obter(banco_api, palco.cena, campanha)
            return dados if dados["status"] == "CONCLUIDA" else None

        await esperar(quase, 60)
    linhas = admin.execute(
        "select contato_id, status, motivo from campanhas_log where campanha_id = %s", [campanha]
    ).fetchall()
    aceitas = Counter(x["attempt"]["recipient"][-4:] for x in await palco.livro() if x["acceptance"])
    visto = {
        por_contato[x["contato_id"]]: (x["status"], x["motivo"], aceitas[por_contato[x["contato_id"]]]) for x in linhas
    }
    assert visto == MAGICOS
    morta = admin.execute(
        "select tentativas, erro_codigo from fila_morta where cliente_id = %s", [palco.cena.cliente_id]
    )
    assert morta.fetchall() == [{"tentativas": 1, "erro_codigo": 131056}]


async def test_credencial_recusada_para_a_conexao_e_guarda_o_trabalho(
    banco_api: Banco, admin: Admin, palco: Palco
) -> None:
    await palco.controle(
        "POST",
        "/faults",
        json={
            "provider": "meta",
            "stage": "pre_accept",
            "match": {"number": palco.numero_id_externo},
            "action": {"kind": "error_code", "code": 190},
            "limit": 1,
        },
    )
    campanha = await criar_campanha(banco_api, palco.cena)
    await iniciar(banco_api, palco.cena, campanha)

    async def parada() -> Any:
        return admin.execute(
            "select status from conexoes where id = %s and status = 'ERRO'", [palco.cena.conexao_id]
        ).fetchone()

    async with palco.worker():
        await esperar(parada)
    dados = await obter(banco_api, palco.cena, campanha)
    assert dados["status"] == "EM_ANDAMENTO"
    assert dados["totais"]["FALHOU"] == dados["totais"]["INCERTO"] == 0
    admin.execute("update conexoes set status = 'ATIVA' where id = %s", [palco.cena.conexao_id])
    async with palco.worker():
        fim = await concluida(banco_api, palco, campanha)
    assert fim["totais"]["ENVIADO"] == 30


async def test_modelo_pausado_pausa_a_campanha(banco_api: Banco, admin: Admin, palco: Palco) -> None:
    await palco.controle(
        "POST",
        "/faults",
        json={
            "provider": "meta",
            "stage": "pre_accept",
            "match": {"number": palco.numero_id_externo},
            "action": {"kind": "error_code", "code": 132015},
            "limit": 1,
        },
    )
    campanha = await criar_campanha(banco_api, palco.cena)
    await iniciar(banco_api, palco.cena, campanha)

    async def pausada() -> Any:
        dados = await obter(banco_api, palco.cena, campanha)
        return dados if dados["status"] == "PAUSADA" else None

    async with palco.worker():
        dados = await esperar(pausada)
    assert dados["statusMotivo"] == "Modelo pausado por qualidade"
    dados = await obter(banco_api, palco.cena, campanha)
    totais = dados["totais"]
    # what a worker had claimed goes back as it drains; nothing is lost, nothing more leaves
    assert totais["PENDENTE"] + totais["RESERVADO"] + totais["ENVIADO"] == totais["total"] == 30
    assert totais["ENVIADO"] < 30


async def test_provedor_fora_do_ar_nao_gasta_tentativas(banco_api: Banco, admin: Admin, palco: Palco) -> None:
    await palco.controle(
        "POST",
        "/faults",
        json={
            "provider": "meta",
            "stage": "before_read",
            "match": {},
            "action": {"kind": "refuse", "seconds": 1.5},
            "limit": 1,
        },
    )
    campanha = await criar_campanha(banco_api, palco.cena)
    await iniciar(banco_api, palco.cena, campanha)
    async with palco.worker():
        fim = await concluida(banco_api, palco, campanha)
    assert fim["totais"]["ENVIADO"] + fim["totais"]["INCERTO"] == 30
    assert fim["totais"]["FALHOU"] == 0
    assert admin.execute(
        "select count(*) as n from fila_morta where cliente_id = %s", [palco.cena.cliente_id]
    ).fetchone() == {"n": 0}
