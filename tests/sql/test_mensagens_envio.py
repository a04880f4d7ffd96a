"""A message goes through the same engine as a campaign: rules at the intent, answers, statuses, and an event each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, conversar, enviar, escrever, mensagem, pretender, registrar, reservar, resposta


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Mensagens"))


@pytest.fixture
def conversa(admin: Admin, cena: Cena) -> UUID:
    return conversar(admin, cena, cena.contatos[0])


def avisos(admin: Admin, alvo: UUID) -> int:
    """In how many transactions it changed since it was written."""
    linha = admin.execute(
        "select count(distinct xmin::text) as n from eventos where alvo_id = %s and tipo = 'mensagem_mudou'", [alvo]
    ).fetchone()
    assert linha
    return int(linha["n"]) - 1


def modelo_de(cena: Cena) -> dict[str, object]:
    conteudo = {"modeloId": str(cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}}
    return {"tipo": "MODELO", "conteudo": json.dumps(conteudo), "modelo_id": cena.modelo_id}


async def test_da_fila_ao_lido(
    banco_worker: Banco, banco_ingresso: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    m = escrever(admin, cena, conversa, "bom dia")
    (envio,) = await enviar(banco_worker, cena)
    linha = admin.execute("select telefone from contatos where id = %s", [cena.contatos[0]]).fetchone()
    assert linha
    assert {k: envio[k] for k in ("alvoId", "alvoTipo", "tipo", "conteudo", "para", "paraTipo")} == {
        "alvoId": str(m),
        "alvoTipo": "MENSAGEM",
        "tipo": "TEXTO",
        "conteudo": {"texto": "bom dia"},
        "para": linha["telefone"].lstrip("+"),
        "paraTipo": "TELEFONE",
    }
    assert not {"modeloId", "contexto", "midias"} & set(envio)
    assert (mensagem(admin, m)["status"], avisos(admin, m)) == ("ENVIANDO", 1)
    await registrar(banco_worker, cena, [resposta(envio, "ACEITO", idExterno="wamid.m1")])
    visto = mensagem(admin, m)
    assert (visto["status"], visto["id_externo"], visto["na_fila"], avisos(admin, m)) == (
        "ENVIADO",
        "wamid.m1",
        None,
        2,
    )
    x = admin.execute(
        "select numero_id_externo as n, conta_id_externa as c from conexoes where id = %s", [cena.conexao_id]
    ).fetchone()
    assert x
    for estado, coluna in (("read", "lido_em"), ("delivered", "entregue_em")):
        for _ in range(2):
            corpo = wm.corpo_de(wm.envelope(x["n"], x["c"], statuses=[wm.status("wamid.m1", estado)]))
            argumentos = {"p_conexoes": [cena.conexao_id], "p_corpo": corpo, "p_legivel": True}
            await chamar(banco_ingresso, "webhook.evento_receber", **argumentos)
            await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
        assert mensagem(admin, m)[coluna] is not None
    assert avisos(admin, m) in (3, 4), "each change once; a repetition says nothing"


REGRAS = {
    "BLOQUEADO": "update contatos set bloqueado = true where id = %(p)s",
    "REMOVIDO": "update contatos set removido_em = now() where id = %(p)s",
    "JANELA_FECHADA": "update conversas set janela_expira_em = now() + interval '59 seconds' where id = %(v)s",
    "JANELA_FECHADA ": "update conversas set janela_expira_em = null where id = %(v)s",
    "TELEFONE_INVALIDO": "update contatos set telefone = null where id = %(p)s",
}


@pytest.mark.parametrize("regra", REGRAS)
async def test_regras_na_intencao(banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID, regra: str) -> None:
    m = escrever(admin, cena, conversa)
    itens = await reservar(banco_worker, cena)
    assert len(itens) == 1
    admin.execute(REGRAS[regra], {"p": cena.contatos[0], "v": conversa})
    assert (await pretender(banco_worker, cena, itens))["envios"] == []
    visto = mensagem(admin, m)
    assert (visto["status"], visto["motivo"], visto["na_fila"], visto["tentativas"]) == (
        "PULADO", regra.strip(), None, 0,
    )  # fmt: skip
    assert avisos(admin, m) == 1


async def test_um_minuto_antes_da_janela_ainda_se_responde(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    escrever(admin, cena, conversa)
    admin.execute("update conversas set janela_expira_em = now() + interval '70 seconds' where id = %s", [conversa])
    assert len(await enviar(banco_worker, cena)) == 1


@pytest.mark.parametrize(
    ("mudanca", "motivo"),
    [
        ("update conversas set janela_expira_em = null where id = %(v)s", None),
        ("update modelos set status = 'PAUSED' where id = %(m)s", "MODELO_PARADO"),
        ("insert into consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)"
         " select cliente_id, id, 'MARKETING', 'REVOGADO', 'ATENDENTE', 'pediu' from contatos where id = %(p)s",
         "OPTOUT"),
    ],
)  # fmt: skip
async def test_modelo_tem_as_suas_regras(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID, mudanca: str, motivo: str | None
) -> None:
    m = escrever(admin, cena, conversa, **modelo_de(cena))
    admin.execute(mudanca, {"v": conversa, "m": cena.modelo_id, "p": cena.contatos[0]})
    dados = await pretender(banco_worker, cena, await reservar(banco_worker, cena))
    if motivo:
        assert dados["envios"] == []
        assert (mensagem(admin, m)["status"], mensagem(admin, m)["motivo"]) == ("PULADO", motivo)
    else:
        (envio,) = dados["envios"]
        modelo = dados["modelos"][envio["modeloId"]]
        assert (modelo["nome"], modelo["componentes"]) == ("promo", cenas.CORPO)


async def test_a_recusa_de_marketing_nao_cala_a_conversa(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    admin.execute("update contatos set marketing = 'REVOGADO' where id = %s", [cena.contatos[0]])
    escrever(admin, cena, conversa)
    assert len(await enviar(banco_worker, cena)) == 1


@pytest.mark.parametrize("parado", [False, True])
async def test_esperou_demais_e_falha_a_vista(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID, parado: bool
) -> None:
    m = escrever(admin, cena, conversa)
    admin.execute("update fila set expira_em = now() where alvo_id = %s", [m])
    if parado:
        admin.execute("update conexoes set status = 'PAUSADA' where id = %s", [cena.conexao_id])
        assert await reservar(banco_worker, cena) == []
    else:
        assert await enviar(banco_worker, cena) == []
    visto = mensagem(admin, m)
    assert (visto["status"], visto["motivo"], visto["na_fila"]) == ("FALHOU", "EXPIRADA", None)
    assert avisos(admin, m) == 1


async def test_citacao_e_reacao_levam_o_nome_do_provedor(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    citada = admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, origem, tipo, status, id_externo,"
        " ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'CONTATO', 'TEXTO', 'RECEBIDA', 'wamid.dela', now())"
        " returning id",
        [cena.cliente_id, conversa, cena.conexao_id],
    ).fetchone()
    assert citada
    escrever(admin, cena, conversa, contexto_id=citada["id"])
    (envio,) = await enviar(banco_worker, cena)
    assert envio["contexto"] == "wamid.dela"
    await registrar(banco_worker, cena, [resposta(envio, "ACEITO", idExterno="wamid.r")])
    conteudo = {"alvoId": str(citada["id"]), "emoji": "👍"}
    escrever(admin, cena, conversa, tipo="REACAO", conteudo=json.dumps(conteudo))
    (envio,) = await enviar(banco_worker, cena)
    assert envio["conteudo"] == {**conteudo, "alvoIdExterno": "wamid.dela"}


@pytest.mark.parametrize(
    ("provedor", "identidades", "esperado"),
    [
        ("META_API", [("WA_ID", "551188887777")], ("551188887777", "TELEFONE")),
        ("META_API", [("WA_ID", "551188887777"), ("JID", "551188887777@s.whatsapp.net")], ("551188887777", "TELEFONE")),
        ("META_API", [("BSUID", "BR.123")], None),
        ("META_API", [("BSUID", "BR.123"), None], ("BR.123", "BSUID")),
        ("UAIZAP", [("JID", "551188887777@s.whatsapp.net")], ("551188887777@s.whatsapp.net", "JID")),
        ("UAIZAP", [("LID", "1234@lid"), None], ("1234@lid", "JID")),
        ("UAIZAP", [], None),
    ],
)
async def test_a_quem_se_envia(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID, provedor: str, identidades: list[Any], esperado: Any
) -> None:
    """None among the identities: the contact has no phone. None expected: the canonical number."""
    admin.execute("update conexoes set provedor = %s where id = %s", [provedor, cena.conexao_id])
    for identidade in identidades:
        if identidade is None:
            admin.execute("update contatos set telefone = null where id = %s", [cena.contatos[0]])
        else:
            admin.execute(
                "insert into contatos_identidades (cliente_id, contato_id, tipo, valor) values (%s, %s, %s, %s)",
                [cena.cliente_id, cena.contatos[0], *identidade],
            )
    linha = admin.execute("select telefone from contatos where id = %s", [cena.contatos[0]]).fetchone()
    assert linha
    escrever(admin, cena, conversa)
    (envio,) = await enviar(banco_worker, cena)
    padrao = ((linha["telefone"] or "").lstrip("+"), "TELEFONE")
    assert (envio["para"], envio["paraTipo"]) == (esperado or padrao)


@pytest.mark.parametrize(
    ("desfecho", "extra", "fim"),
    [
        ("ACEITO", {"idExterno": "wamid.x"}, ("ENVIADO", None, None)),
        ("AMBIGUO", {}, ("INCERTO", "SEM_RESPOSTA", None)),
        ("NAO_ENVIADO", {}, ("RESERVADO", None, 0)),
        ("NAO_ENVIADO", {"codigo": -1}, ("FALHOU", "REQUEST", None)),
        ("NAO_ENVIADO", {"semVaga": True}, ("RESERVADO", None, 0)),
        ("REJEITADO", {"codigo": 190, "http": 401}, ("RESERVADO", None, 0)),
        ("REJEITADO", {"codigo": 131048, "http": 400}, ("RESERVADO", None, 0)),
        ("REJEITADO", {"codigo": 131056, "http": 400}, ("RESERVADO", None, 0)),
        ("REJEITADO", {"codigo": 131057, "http": 500}, ("RESERVADO", None, 1)),
        ("REJEITADO", {"codigo": 131000, "http": 500}, ("INCERTO", "SEM_RESPOSTA", None)),
        ("REJEITADO", {"codigo": 131047, "http": 400}, ("FALHOU", "WINDOW", None)),
        ("REJEITADO", {"codigo": 131053, "http": 400}, ("RESERVADO", None, 1)),
    ],
)
async def test_o_que_cada_resposta_faz(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID, desfecho: str, extra: dict[str, Any], fim: Any
) -> None:
    m = escrever(admin, cena, conversa)
    (envio,) = await enviar(banco_worker, cena)
    await registrar(banco_worker, cena, [resposta(envio, desfecho, **extra)])
    visto = mensagem(admin, m)
    assert (visto["status"], visto["motivo"], visto["na_fila"]) == fim
    # the same news again, or that of somebody who lost the claim, changes nothing
    await registrar(banco_worker, cena, [resposta(envio, "NAO_ENVIADO")], "outro")
    await registrar(banco_worker, cena, [resposta(envio, desfecho, **extra)])
    depois = mensagem(admin, m)
    assert (depois["status"], depois["motivo"], depois["na_fila"]) == fim


async def test_worker_que_morre_no_meio_deixa_incerto(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    m = escrever(admin, cena, conversa)
    itens = await reservar(banco_worker, cena)
    (envio,) = (await pretender(banco_worker, cena, itens, p_lease="1 millisecond"))["envios"]
    await asyncio.sleep(0.01)
    visto = await chamar(banco_worker, "worker.fila_resgatar", p_cliente_id=cena.cliente_id)
    assert visto == {"soltas": 0, "incertas": 1}
    assert (mensagem(admin, m)["status"], mensagem(admin, m)["motivo"]) == ("INCERTO", "WORKER_MORREU")
    await registrar(banco_worker, cena, [resposta(envio, "NAO_ENVIADO")])
    assert mensagem(admin, m)["status"] == "INCERTO"
    await registrar(banco_worker, cena, [resposta(envio, "ACEITO", idExterno="wamid.tarde")])
    assert mensagem(admin, m)["status"] == "ENVIADO"


async def test_numero_parado_guarda_a_mensagem(banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID) -> None:
    m = escrever(admin, cena, conversa)
    (envio,) = await enviar(banco_worker, cena)
    await registrar(banco_worker, cena, [resposta(envio, "REJEITADO", codigo=190, http=401)])
    assert await reservar(banco_worker, cena) == []
    admin.execute("update conexoes set status = 'ATIVA' where id = %s", [cena.conexao_id])
    (envio,) = await enviar(banco_worker, cena)
    assert envio["alvoId"] == str(m)
    assert mensagem(admin, m)["na_fila"] == 1


async def test_dois_nomes_iguais_nao_impedem_o_registro(
    banco_worker: Banco, admin: Admin, cena: Cena, conversa: UUID
) -> None:
    """The echo of a message may be stored as another one before our answer comes."""
    admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, origem, tipo, status, id_externo,"
        " ocorrido_em) values (%s, %s, %s, 'SAIDA', 'APARELHO', 'TEXTO', 'ENVIADO', 'wamid.eco', now())",
        [cena.cliente_id, conversa, cena.conexao_id],
    )
    m = escrever(admin, cena, conversa)
    (envio,) = await enviar(banco_worker, cena)
    await registrar(banco_worker, cena, [resposta(envio, "ACEITO", idExterno="wamid.eco")])
    assert mensagem(admin, m)["status"] == "ENVIADO"
