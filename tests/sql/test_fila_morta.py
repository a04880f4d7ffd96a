"""What gave up: grouped by cause, brought back or put aside by a person, whatever its kind, and by nobody twice."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql.cenas import Admin, Cena, obter, resposta
from tests.sql.remessa import Remessa, montar, remessa

__all__ = ["montar", "remessa"]
CODIGO = 133004
MOTIVO = "o provedor já voltou"


async def desistir(remessa: Remessa, quantos: int = 2) -> UUID:
    """A campaign whose recipients were all refused three times."""
    campanha, envios = await remessa.enviar(quantos)
    for _ in range(3):
        await remessa.responder(*(resposta(e, "REJEITADO", codigo=CODIGO, http=503) for e in envios))
        remessa.vencer()
        envios = await remessa.pretender()
    assert envios == []
    return campanha


def mortas(admin: Admin, cliente_id: UUID) -> list[dict[str, Any]]:
    return admin.execute(
        "select id, tipo, alvo_id, resolucao, resolucao_motivo, resolvida_por, cerca from fila_morta"
        " where cliente_id = %s order by id",
        [cliente_id],
    ).fetchall()


def matar(
    admin: Admin, cena: Cena, tipo: str, alvo: UUID, texto: str = "XX000: erro inesperado", cerca: int = 4
) -> UUID:
    linha = admin.execute(
        "insert into fila_morta (cliente_id, id, tipo, conexao_id, alvo_id, tentativas, erro_texto, prioridade, cerca)"
        " values (%s, uuidv7(), %s, %s, %s, 3, %s, 3, %s) returning id",
        [cena.cliente_id, tipo, cena.conexao_id, alvo, texto, cerca],
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


async def reenfileirar(banco: Banco, sessao: Sessao, **extra: object) -> Any:
    return await chamar(banco, "api.fila_morta_reenfileirar", **{**sessao.args, "p_motivo": MOTIVO, **extra})


async def recusa(banco: Banco, sessao: Sessao, funcao: str = "reenfileirar", **extra: object) -> tuple[int, str, Any]:
    with pytest.raises(Erro) as erro:
        await chamar(banco, f"api.fila_morta_{funcao}", **{**sessao.args, "p_motivo": MOTIVO, **extra})
    return erro.value.status, erro.value.codigo, erro.value.corpo.detalhe


async def test_grupos_dizem_a_causa_e_o_que_atinge(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    campanha = await desistir(remessa)
    for n in range(3):
        matar(admin, remessa.cena, "leitura_marcar", uuid4(), f"esperou {n} s por {uuid4()}")
    grupos = await chamar(banco_api, "api.fila_morta_grupos_listar", **remessa.cena.sessao.args)
    por_tipo = {g["tipo"]: g for g in grupos["dados"]}
    assert set(por_tipo) == {"campanha_enviar", "leitura_marcar"}
    envio, leitura = por_tipo["campanha_enviar"], por_tipo["leitura_marcar"]
    assert (envio["total"], envio["erroCodigo"], envio["classe"]) == (2, CODIGO, "PLATFORM")
    assert envio["classeTexto"]
    assert envio["afetados"] == {
        "campanhas": 1, "conversas": 0, "contatos": 2, "webhooks": 0, "midias": 0, "podemVoltar": 2,
    }  # fmt: skip
    assert {a["campanhaId"] for a in envio["amostras"]} == {str(campanha)}
    # what differs from one to the next is no part of the cause
    assert (leitura["total"], leitura["causa"]) == (3, "esperou … s por …")
    pagina = await chamar(banco_api, "api.fila_morta_grupos_listar", **remessa.cena.sessao.args, p_limite=1)
    resto = await chamar(
        banco_api, "api.fila_morta_grupos_listar", **remessa.cena.sessao.args, p_cursor=pagina["meta"]["proximoCursor"]
    )
    assert [g["id"] for g in pagina["dados"] + resto["dados"]] == sorted(g["id"] for g in grupos["dados"])


async def test_lista_filtra_e_pagina(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    ids = [matar(admin, remessa.cena, "conexao_consultar", uuid4()) for _ in range(5)]
    outra = matar(admin, remessa.cena, "leitura_marcar", uuid4())
    args = remessa.cena.sessao.args
    vistos, cursor = [], None
    while True:
        pagina = await chamar(
            banco_api, "api.fila_morta_listar", **args, p_tipo="conexao_consultar", p_limite=2, p_cursor=cursor
        )
        vistos += [UUID(x["id"]) for x in pagina["dados"]]
        if (cursor := pagina["meta"]["proximoCursor"]) is None:
            break
    assert vistos == ids[::-1]
    await chamar(banco_api, "api.fila_morta_descartar", **args, p_motivo=MOTIVO, p_ids=[outra])
    for resolvida, esperados in ((True, {outra}), (False, set(ids)), (None, {*ids, outra})):
        pagina = await chamar(banco_api, "api.fila_morta_listar", **args, p_resolvida=resolvida)
        assert {UUID(x["id"]) for x in pagina["dados"]} == esperados
    vazia = await chamar(banco_api, "api.fila_morta_listar", **args, p_conexao_id=uuid4())
    assert vazia["dados"] == []


async def test_destinatario_volta_e_recebe(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    campanha = await desistir(remessa)
    await remessa.executar()
    linhas = mortas(admin, remessa.cena.cliente_id)
    feito = await reenfileirar(banco_api, remessa.cena.sessao, p_ids=[x["id"] for x in linhas])
    assert (feito["feitos"], feito["recusados"], feito["restam"]) == (2, [], 0)
    assert (await obter(banco_api, remessa.cena, campanha))["status"] == "EM_ANDAMENTO"
    for x in mortas(admin, remessa.cena.cliente_id):
        assert (x["resolucao"], x["resolucao_motivo"], x["resolvida_por"]) == (
            "REENFILEIRADA", MOTIVO, remessa.cena.sessao.usuario_id,
        )  # fmt: skip
    remessa.vencer()
    envios = await remessa.pretender()
    assert len(envios) == 2
    await remessa.responder(*(resposta(e, "ACEITO", idExterno=f"wamid.{e['tentativaId']}") for e in envios))
    assert (await obter(banco_api, remessa.cena, campanha))["totais"]["ENVIADO"] == 2
    historia = await chamar(banco_api, "api.fila_morta_obter", **remessa.cena.sessao.args, p_id=linhas[0]["id"])
    assert [t["desfecho"] for t in historia["provas"]] == ["REJEITADO"] * 3 + ["ACEITO"]
    assert [t["numero"] for t in historia["provas"]] == [1, 2, 3, 1], "a new generation counts anew"
    assert historia["alvoStatus"] == "ENVIADO"
    assert historia["contato"]["nome"].startswith("Pessoa")
    auditoria = admin.execute(
        "select detalhe ->> 'motivo' as motivo, usuario_id from auditoria"
        " where cliente_id = %s and acao = 'fila_morta_reenfileirada'",
        [remessa.cena.cliente_id],
    ).fetchall()
    assert auditoria == [{"motivo": MOTIVO, "usuario_id": remessa.cena.sessao.usuario_id}]


async def test_dois_reenfileiram_o_mesmo_e_so_um_faz(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    await desistir(remessa)
    ids = [x["id"] for x in mortas(admin, remessa.cena.cliente_id)]
    alvo = uuid4()
    generica = matar(admin, remessa.cena, "conexao_consultar", alvo)
    feitas = await asyncio.gather(
        *(reenfileirar(banco_api, remessa.cena.sessao, p_ids=[*ids, generica]) for _ in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(x, dict) for x in feitas) == 1
    assert {(x.status, x.codigo, x.corpo.detalhe) for x in feitas if isinstance(x, Erro)} == {
        (409, "ZCF01", "JA_RESOLVIDA")
    }
    remessa.vencer()
    assert len(await remessa.pretender()) == 2
    na_fila = admin.execute("select cerca, tentativas, prioridade from fila where alvo_id = %s", [alvo]).fetchall()
    assert na_fila == [{"cerca": 5, "tentativas": 0, "prioridade": 3}], "one row, fence above the old one"


async def test_a_mesma_chave_repete_a_resposta(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    morta = matar(admin, remessa.cena, "conexao_consultar", uuid4())
    respostas = [
        await reenfileirar(banco_api, remessa.cena.sessao, p_ids=[morta], p_chave_idempotencia="k") for _ in range(2)
    ]
    assert respostas[0] == respostas[1]
    assert respostas[0]["feitos"] == 1


async def test_o_que_nao_pode_voltar(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    sessao = remessa.cena.sessao
    campanha = await desistir(remessa)
    primeira, segunda = mortas(admin, remessa.cena.cliente_id)
    # the proof came late: it had been delivered
    admin.execute("update campanhas_log set status = 'ENVIADO', motivo = null where id = %s", [primeira["alvo_id"]])
    assert await recusa(banco_api, sessao, p_ids=[primeira["id"]]) == (409, "ZCF01", "JA_SEGUIU")
    # opted out meanwhile: refused, and said so, while nothing else is held up
    contato = admin.execute("select contato_id from campanhas_log where id = %s", [segunda["alvo_id"]]).fetchone()
    assert contato
    admin.execute("update contatos set bloqueado = true where id = %s", [contato["contato_id"]])
    outra = matar(admin, remessa.cena, "conexao_consultar", uuid4())
    feito = await reenfileirar(banco_api, sessao, p_ids=[segunda["id"], outra])
    assert feito["feitos"] == 1
    assert [(x["id"], x["recusa"]) for x in feito["recusados"]] == [(str(segunda["id"]), "BLOQUEADO")]
    admin.execute("update contatos set bloqueado = false where id = %s", [contato["contato_id"]])
    admin.execute("update campanhas set status = 'CANCELADA' where id = %s", [campanha])
    assert await recusa(banco_api, sessao, p_ids=[segunda["id"]]) == (409, "ZCF01", "CAMPANHA_CANCELADA")
    assert (await recusa(banco_api, sessao, p_ids=[uuid4()]))[:2] == (404, "ZNF01")
    assert (await recusa(banco_api, sessao, p_ids=[segunda["id"]], p_tipo="x_y"))[:2] == (422, "ZRF02")
    assert (await recusa(banco_api, sessao))[:2] == (422, "ZRF02")
    assert (await recusa(banco_api, sessao, p_ids=[segunda["id"]], p_motivo="  x "))[:2] == (422, "ZRF01")


async def test_sem_confirmacao_nao_volta(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    _, (envio,) = await remessa.enviar(1)
    await remessa.responder(resposta(envio, "AMBIGUO"))
    morta = matar(admin, remessa.cena, "campanha_enviar", UUID(envio["alvoId"]))
    assert await recusa(banco_api, remessa.cena.sessao, p_ids=[morta]) == (409, "ZCF01", "SEM_CONFIRMACAO")
    assert remessa.linha(envio["alvoId"])["status"] == "INCERTO"


def mensagem(admin: Admin, cena: Cena, *, status: str, motivo: str | None, janela: str, **extra: object) -> UUID:
    """An outbound message of a conversation whose window ends at now() + janela."""
    linha = admin.execute(
        "with v as ("
        "  insert into conversas (cliente_id, conexao_id, contato_id, janela_expira_em, ordem_ultima)"
        "  values (%(c)s, %(x)s, %(p)s, now() + %(j)s::interval, 7) returning id)"
        " insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, conteudo, status, motivo,"
        "  origem, ordem, tentativas, ocorrido_em)"
        " select %(c)s, v.id, %(x)s, 'SAIDA', 'TEXTO', 'oi', '{\"texto\": \"oi\"}', %(s)s, %(m)s, 'HUMANO', 7, 3, now()"
        " from v returning id",
        {"c": cena.cliente_id, "x": cena.conexao_id, "p": extra.get("contato", cena.contatos[0]), "j": janela,
         "s": status, "m": motivo},
    ).fetchone()  # fmt: skip
    assert linha
    return UUID(str(linha["id"]))


async def test_mensagem_volta_ao_fim_da_conversa_se_a_janela_deixa(
    remessa: Remessa, banco_api: Banco, admin: Admin
) -> None:
    aberta = mensagem(admin, remessa.cena, status="FALHOU", motivo="TENTATIVAS_ESGOTADAS", janela="1 hour")
    fechada = mensagem(
        admin,
        remessa.cena,
        status="FALHOU",
        motivo="TENTATIVAS_ESGOTADAS",
        janela="-1 s",
        contato=remessa.cena.contatos[1],
    )
    a, b = (matar(admin, remessa.cena, "mensagem_enviar", x) for x in (aberta, fechada))
    feito = await reenfileirar(banco_api, remessa.cena.sessao, p_ids=[a, b])
    assert [(x["id"], x["recusa"]) for x in feito["recusados"]] == [(str(b), "JANELA_FECHADA")]
    linhas = admin.execute(
        "select m.status, m.ordem, m.tentativas, f.prioridade, f.chave_ordem = m.conversa_id as chave,"
        " f.ordem as na_fila"
        " from mensagens m join fila f on f.alvo_id = m.id where m.id = %s",
        [aberta],
    ).fetchall()
    assert linhas == [
        {"status": "RESERVADO", "ordem": 8, "tentativas": 0, "prioridade": 1, "chave": True, "na_fila": 8}
    ]
    parada = admin.execute("select status from mensagens where id = %s", [fechada]).fetchone()
    assert parada == {"status": "FALHOU"}


async def test_webhook_e_processado_de_novo(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    alvo = _webhook(admin, remessa.cena)
    admin.execute("update webhooks_recebidos set status = 'ERRO', erro_texto = 'x' where id = %s", [alvo])
    morta = matar(admin, remessa.cena, "webhook_processar", alvo)
    await reenfileirar(banco_api, remessa.cena.sessao, p_ids=[morta])
    await remessa.executar()
    depois = admin.execute("select status from webhooks_recebidos where id = %s", [alvo]).fetchone()
    assert depois and depois["status"] in ("PROCESSADO", "IGNORADO")
    # processed by now: there is nothing left to repeat
    outra = matar(admin, remessa.cena, "webhook_processar", alvo)
    assert await recusa(banco_api, remessa.cena.sessao, p_ids=[outra]) == (409, "ZCF01", "JA_SEGUIU")


def _webhook(admin: Admin, cena: Cena) -> UUID:
    linha = admin.execute(
        "insert into webhooks_recebidos (cliente_id, conexao_id, corpo) values (%s, %s, '{}') returning id",
        [cena.cliente_id, cena.conexao_id],
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


async def test_webhook_descartado_deixa_de_segurar(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    alvo = _webhook(admin, remessa.cena)
    admin.execute("update webhooks_recebidos set status = 'ERRO' where id = %s", [alvo])
    morta = matar(admin, remessa.cena, "webhook_processar", alvo)
    args = {**remessa.cena.sessao.args, "p_motivo": "era de um teste", "p_ids": [morta]}
    assert (await chamar(banco_api, "api.fila_morta_descartar", **args))["feitos"] == 1
    assert admin.execute("select status from webhooks_recebidos where id = %s", [alvo]).fetchone() == {
        "status": "IGNORADO"
    }
    assert await recusa(banco_api, remessa.cena.sessao, "descartar", p_ids=[morta]) == (409, "ZCF01", "JA_RESOLVIDA")
    assert (await recusa(banco_api, remessa.cena.sessao, p_ids=[morta]))[2] == "JA_RESOLVIDA"


async def test_um_grupo_grande_vai_por_partes(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    admin.execute(
        "insert into fila_morta (cliente_id, id, tipo, conexao_id, alvo_id, tentativas, erro_texto)"
        " select %s, uuidv7(), 'conexao_consultar', %s, gen_random_uuid(), 3, 'TimeoutError: ' || n"
        " from generate_series(1, 2300) as n",
        [remessa.cena.cliente_id, remessa.cena.conexao_id],
    )
    grupos = await chamar(banco_api, "api.fila_morta_grupos_listar", **remessa.cena.sessao.args)
    (grupo,) = grupos["dados"]
    assert grupo["total"] == 2300
    vezes, cursor = [], None
    while True:
        feito = await reenfileirar(banco_api, remessa.cena.sessao, p_grupo=UUID(grupo["id"]), p_cursor=cursor)
        vezes.append((feito["feitos"], feito["restam"]))
        if (cursor := feito["proximoCursor"]) is None:
            break
    assert vezes == [(1000, 1300), (1000, 300), (300, 0)]
    linha = admin.execute(
        "select count(*) as n, count(distinct alvo_id) as d from fila where cliente_id = %s", [remessa.cena.cliente_id]
    ).fetchone()
    assert linha == {"n": 2300, "d": 2300}


async def test_o_que_e_de_outro_cliente_nao_existe(
    remessa: Remessa,
    montar: Callable[..., Any],
    banco_api: Banco,
    admin: Admin,
) -> None:
    alheia: Remessa = await montar()
    morta = matar(admin, alheia.cena, "conexao_consultar", uuid4())
    sessao = remessa.cena.sessao
    assert (await recusa(banco_api, sessao, p_ids=[morta]))[:2] == (404, "ZNF01")
    assert (await recusa(banco_api, sessao, "descartar", p_ids=[morta]))[:2] == (404, "ZNF01")
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.fila_morta_obter", **sessao.args, p_id=morta)
    assert erro.value.codigo == "ZNF01"
    for funcao in ("listar", "grupos_listar"):
        assert (await chamar(banco_api, f"api.fila_morta_{funcao}", **sessao.args))["dados"] == []
    assert (await reenfileirar(banco_api, sessao, p_tipo="conexao_consultar"))["feitos"] == 0
    assert mortas(admin, alheia.cena.cliente_id)[0]["resolucao"] is None


async def test_quem_so_le_nao_resolve(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    morta = matar(admin, remessa.cena, "conexao_consultar", uuid4())
    leitor = _sessao_com(admin, remessa.cena, "fila:ler")
    assert len((await chamar(banco_api, "api.fila_morta_listar", **leitor.args))["dados"]) == 1
    for funcao in ("reenfileirar", "descartar"):
        assert (await recusa(banco_api, leitor, funcao, p_ids=[morta]))[:2] == (403, "ZPG01")


def _sessao_com(admin: Admin, cena: Cena, *permissoes: str, visibilidade: str = "TODAS") -> Sessao:
    """A colleague with just these permissions."""
    linha = admin.execute(
        "with p as (insert into perfis (cliente_id, nome, visibilidade) values (%(c)s, %(n)s, %(v)s) returning id),"
        " pp as (insert into perfis_permissoes (cliente_id, perfil_id, permissao)"
        "   select %(c)s, p.id, x from p, unnest(%(l)s::text[]) as x)"
        " insert into usuarios (cliente_id, nome, email, perfil_id) select %(c)s, 'Colega', %(e)s, p.id from p"
        " returning id",
        {"c": cena.cliente_id, "n": f"P {secrets.token_hex(4)}", "v": visibilidade, "l": list(permissoes),
         "e": f"c-{secrets.token_hex(6)}@exemplo.test"},
    ).fetchone()  # fmt: skip
    assert linha
    return abrir_sessao(admin, cena.cliente_id, linha["id"])


def test_todo_tipo_da_fila_sabe_voltar(admin: Admin) -> None:
    """A kind that the queue accepts and this table does not know could never be brought back."""
    linhas = admin.execute(
        "select (regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g'))[1] as tipo from pg_constraint"
        " where conname = 'fila_tipo_check'"
    ).fetchall()
    conhecidos = admin.execute("select tipo from fila_tipos").fetchall()
    assert len(linhas) >= 12
    assert {x["tipo"] for x in linhas} - {x["tipo"] for x in conhecidos} == set()


async def test_agendada_volta_enquanto_espera(remessa: Remessa, banco_api: Banco, admin: Admin) -> None:
    linha = admin.execute(
        "insert into mensagens_agendadas (cliente_id, contato_id, conexao_id, tipo, conteudo, local_em, fuso,"
        " enviar_em, serie_id, criado_por)"
        " values (%s, %s, %s, 'TEXTO', '{}', '2030-01-01T10:00:00', 'America/Sao_Paulo', now(),"
        " gen_random_uuid(), %s) returning id",
        [remessa.cena.cliente_id, remessa.cena.contatos[0], remessa.cena.conexao_id, remessa.cena.sessao.usuario_id],
    ).fetchone()
    assert linha
    primeira = matar(admin, remessa.cena, "agendada_disparar", linha["id"])
    assert (await reenfileirar(banco_api, remessa.cena.sessao, p_ids=[primeira]))["feitos"] == 1
    admin.execute("update mensagens_agendadas set status = 'CANCELADA', motivo = 'X_X' where id = %s", [linha["id"]])
    segunda = matar(admin, remessa.cena, "agendada_disparar", linha["id"])
    assert await recusa(banco_api, remessa.cena.sessao, p_ids=[segunda]) == (409, "ZCF01", "JA_SEGUIU")
