"""What an answer changes beyond its message: every decision is a row of a table, and leaves one in ocorrencias."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.telefone import candidatos
from tests.sql import cenas
from tests.sql.cenas import (
    Admin,
    Cena,
    conversar,
    criar_campanha,
    enviar,
    escrever,
    iniciar,
    mensagem,
    registrar,
    resposta,
)


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Erros"))


@pytest.fixture
def conversa(admin: Admin, cena: Cena) -> UUID:
    return conversar(admin, cena, cena.contatos[0])


def ocorridos(admin: Admin, cena: Cena) -> list[tuple[str, str, int | None]]:
    linhas = admin.execute(
        "select escopo, motivo, erro_codigo from ocorrencias where cliente_id = %s order by id", [cena.cliente_id]
    ).fetchall()
    return [(x["escopo"], x["motivo"], x["erro_codigo"]) for x in linhas]


def contato(admin: Admin, cena: Cena, telefone: str) -> None:
    admin.execute("update contatos set telefone = null where telefone = %s", [telefone])
    admin.execute("update contatos set telefone = %s where id = %s", [telefone, cena.contatos[0]])


async def recusar(banco_worker: Banco, cena: Cena, codigo: int, http: int = 400) -> dict[str, Any]:
    (envio,) = await enviar(banco_worker, cena)
    await registrar(banco_worker, cena, [resposta(envio, "REJEITADO", codigo=codigo, http=http)])
    return envio


@pytest.mark.parametrize(
    "telefone",
    ["+5511987654321", "+5531987654321", "+5531967654321", "+5581999998888", "+551133334444", "+351912345678"],
)
def test_formas_do_telefone_sao_as_da_borda(admin: Admin, telefone: str) -> None:
    linha = admin.execute("select interno.telefone_formas(%s) as f", [telefone]).fetchone()
    assert linha
    assert tuple(linha["f"]) == candidatos(telefone)


# -- the other form of a Brazilian number


async def test_a_outra_forma_uma_vez_e_o_apelido_se_aprende(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    contato(admin, cena, "+5531987654321")
    m = escrever(admin, cena, conversa)
    primeiro = await recusar(banco_worker, cena, 131026)
    visto = mensagem(admin, m)
    assert (visto["status"], visto["na_fila"], visto["espera"]) == ("RESERVADO", 0, False)
    assert ocorridos(admin, cena) == [("CONTATO", "NONO_DIGITO", 131026)]
    (segundo,) = await enviar(banco_worker, cena)
    assert (primeiro["para"], segundo["para"]) == ("5531987654321", "553187654321")
    await registrar(banco_worker, cena, [resposta(segundo, "ACEITO", idExterno="w.2")])
    assert mensagem(admin, m)["status"] == "ENVIADO"
    # known from now on: no second try
    m = escrever(admin, cena, conversa)
    (envio,) = await enviar(banco_worker, cena)
    assert envio["para"] == "553187654321"


async def test_as_duas_formas_recusadas_e_sem_whatsapp(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    m = escrever(admin, cena, conversa)
    await recusar(banco_worker, cena, 131026)
    await recusar(banco_worker, cena, 131026)
    assert (mensagem(admin, m)["status"], mensagem(admin, m)["motivo"]) == ("FALHOU", "CONTACT")
    linha = admin.execute("select sem_whatsapp_em from contatos where id = %s", [cena.contatos[0]]).fetchone()
    assert linha
    assert linha["sem_whatsapp_em"] is not None
    assert [x[1] for x in ocorridos(admin, cena)] == ["NONO_DIGITO", "CONTACT", "SEM_WHATSAPP"]


@pytest.mark.parametrize(
    ("telefone", "codigo", "desfecho"),
    [("+551133334444", 131026, "REJEITADO"), ("+351912345678", 131026, "REJEITADO"),
     ("+5531987654321", 131021, "REJEITADO"), ("+5531987654321", 131026, "AMBIGUO")],
)  # fmt: skip
async def test_sem_outra_forma_nao_ha_segunda_vez(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID, telefone: str, codigo: int, desfecho: str
) -> None:
    contato(admin, cena, telefone)
    m = escrever(admin, cena, conversa)
    (envio,) = await enviar(banco_worker, cena)
    await registrar(banco_worker, cena, [resposta(envio, desfecho, codigo=codigo, http=400)])
    assert mensagem(admin, m)["na_fila"] is None
    assert await enviar(banco_worker, cena) == []


async def test_uma_falha_nao_condena_e_dois_dias_sim(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    contato(admin, cena, "+551133334444")

    async def falhar() -> bool:
        escrever(admin, cena, conversa)
        await recusar(banco_worker, cena, 131026)
        linha = admin.execute("select sem_whatsapp_em from contatos where id = %s", [cena.contatos[0]]).fetchone()
        assert linha
        return linha["sem_whatsapp_em"] is not None

    assert not await falhar()
    assert not await falhar(), "the same day again is the same strike"
    admin.execute("update contatos_falhas set dia = dia - 1 where contato_id = %s", [cena.contatos[0]])
    assert await falhar()
    assert [x[1] for x in ocorridos(admin, cena)] == ["CONTACT", "CONTACT", "SEM_WHATSAPP"]


# -- the number, the account, the template


async def test_conta_parada_para_todos_os_seus_numeros_e_so_eles(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    irma, alheia = cenas.montar(admin, cena.sessao, 1), cenas.montar(admin, cena.sessao, 1)
    admin.execute(
        "update conexoes set conta_id_externa = (select conta_id_externa from conexoes where id = %s) where id = %s",
        [cena.conexao_id, irma.conexao_id],
    )
    escrever(admin, cena, conversa)
    await recusar(banco_worker, cena, 131042)
    linhas = admin.execute("select id, status from conexoes where cliente_id = %s", [cena.cliente_id]).fetchall()
    assert {x["id"]: x["status"] for x in linhas} == {
        cena.conexao_id: "PAUSADA", irma.conexao_id: "PAUSADA", alheia.conexao_id: "ATIVA",
    }  # fmt: skip
    assert ocorridos(admin, cena) == [("CONTA", "ACCOUNT_STOP", 131042)] * 2


@pytest.mark.parametrize(
    ("codigo", "http", "esperadas"),
    [
        (190, 401, [("CONEXAO", "AUTH", 190)]),
        (131048, 400, [("CONEXAO", "NUMBER_STOP", 131048)]),
        (130429, 429, [("CONEXAO", "RATE_NUMBER", 130429)]),
        (131000, 500, [("CONEXAO", "PLATFORM", 131000)]),
        (80007, 400, [("CONEXAO", "RATE_ACCOUNT", 80007)]),
        (131050, 400, [("CONTATO", "OPTOUT", 131050)]),
        (131021, 400, [("CONTATO", "CONTACT", 131021)]),
        (132015, 400, [("MODELO", "TEMPLATE_STOP", 132015), ("CAMPANHA", "TEMPLATE_STOP", 132015)]),
        (131047, 400, []),
    ],
)
async def test_cada_decisao_fica_escrita(
    banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena, codigo: int, http: int, esperadas: list[Any]
) -> None:
    campanha = await criar_campanha(banco_api, cena, p_contato_ids=cena.contatos[:1])
    await iniciar(banco_api, cena, campanha)
    await recusar(banco_worker, cena, codigo, http)
    assert ocorridos(admin, cena) == esperadas


async def test_a_acao_vem_da_tabela(banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID) -> None:
    """Change the row, and the same code is treated otherwise: nothing of it is written in a function."""
    m = escrever(admin, cena, conversa)
    admin.execute(
        "update provedor_classes set acao = 'ADIAR', espera_s = 700, espera_maxima_s = 700 where classe = 'REQUEST'"
    )
    try:
        await recusar(banco_worker, cena, 100)
        linha = admin.execute(
            "select extract(epoch from executar_em - clock_timestamp())::float as s from fila where alvo_id = %s", [m]
        ).fetchone()
        assert linha
        assert 300 < linha["s"] < 1100
    finally:
        admin.execute(
            "update provedor_classes set acao = 'FALHAR', espera_s = 1, espera_maxima_s = 1 where classe = 'REQUEST'"
        )


async def test_provedor_sem_codigos_fala_por_status_e_texto(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    admin.execute("update conexoes set provedor = 'UAIZAP' where id = %s", [cena.conexao_id])
    contato(admin, cena, "+551133334444")
    for http, detalhe, fim in (
        (500, "The number IS NOT ON WhatsApp", ("FALHOU", "CONTACT", 1440)),
        (400, "invalid number", ("FALHOU", "REQUEST", 1400)),
        (500, "client is Not Connected", ("RESERVADO", None, 1501)),
        (599, "coisa nunca vista", ("INCERTO", "SEM_RESPOSTA", None)),
    ):
        m = escrever(admin, cena, conversa)
        (envio,) = await enviar(banco_worker, cena)
        await registrar(banco_worker, cena, [resposta(envio, "REJEITADO", http=http, detalhe=detalhe)])
        visto = mensagem(admin, m)
        assert (visto["status"], visto["motivo"], visto["erro_codigo"]) == fim, detalhe
        admin.execute("delete from fila where alvo_id = %s", [m])
        admin.execute("update conexoes set suspensa_ate = null, status = 'ATIVA' where id = %s", [cena.conexao_id])


async def test_uaizap_tambem_tenta_a_outra_forma(banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID) -> None:
    """The likelier form goes first where the provider does not resolve it by itself."""
    admin.execute("update conexoes set provedor = 'UAIZAP' where id = %s", [cena.conexao_id])
    contato(admin, cena, "+5531987654321")
    escrever(admin, cena, conversa)
    (primeiro,) = await enviar(banco_worker, cena)
    texto = "the number is not on WhatsApp"
    await registrar(banco_worker, cena, [resposta(primeiro, "REJEITADO", http=500, detalhe=texto)])
    (segundo,) = await enviar(banco_worker, cena)
    assert (primeiro["para"], segundo["para"]) == ("553187654321", "5531987654321")
