"""What speaks of another message changes that one: reactions, edits, deletions and echoes, in any order of arrival."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from app.banco import Banco
from tests import webhooks_meta as wm
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin
from tests.sql.test_entrada import QUANDO, Porta, celular, montar, porta, texto

__all__ = ["montar", "porta"]


def reacao(de: str, alvo: str, emoji: str | None, n: int) -> dict[str, Any]:
    dentro = {"message_id": alvo} | ({} if emoji is None else {"emoji": emoji})
    return {**sem_texto(de, n), "type": "reaction", "reaction": dentro}


def edicao(de: str, alvo: str, corpo: str, n: int) -> dict[str, Any]:
    dentro = {"original_message_id": alvo, "message": {"type": "text", "text": {"body": corpo}}}
    return {**sem_texto(de, n), "type": "edit", "edit": dentro}


def exclusao(de: str, alvo: str, n: int) -> dict[str, Any]:
    return {**sem_texto(de, n), "type": "revoke", "revoke": {"original_message_id": alvo}}


def sem_texto(de: str, n: int) -> dict[str, Any]:
    return {k: v for k, v in texto(de, "", n=n).items() if k != "text"}


def eco(para: str, corpo: str, *, n: int = 0, **extra: Any) -> dict[str, Any]:
    """Typed on the phone of the company."""
    m = texto("5511999990100", corpo, n=n)
    return {**m, "to": para, **extra}


async def ecoar(porta: Porta, *ecos: dict[str, Any]) -> None:
    await porta.receber(wm.envelope(porta.numero, porta.conta, campo="smb_message_echoes", message_echoes=list(ecos)))
    await porta.executar()


def em(n: int) -> datetime:
    return datetime.fromtimestamp(QUANDO + n, UTC)


def ver(porta: Porta, id_externo: str) -> dict[str, Any]:
    (linha,) = porta.ver(f"select * from mensagens where cliente_id = $c and id_externo = '{id_externo}'")
    return linha


def estado(porta: Porta, id_externo: str) -> tuple[Any, ...]:
    linha = ver(porta, id_externo)
    return tuple(linha[c] for c in ("corpo", "conteudo", "corpo_original", "editado_em", "apagado_em", "reacoes"))


def todas(porta: Porta) -> list[dict[str, Any]]:
    return porta.ver(
        "select m.id_externo, m.tipo, m.corpo, m.conteudo, m.corpo_original, m.editado_em, m.apagado_em, m.reacoes,"
        " q.id_externo as contexto, v.nao_lidas, v.ultima_entrada_em from mensagens m"
        " join conversas v on v.id = m.conversa_id left join mensagens q on q.id = m.contexto_id"
        " where m.cliente_id = $c order by m.id_externo"
    )


async def test_reacao_edicao_e_exclusao_em_qualquer_ordem(montar: Callable[..., Any]) -> None:
    """Every permutation of a message and four things said of it, one body each, gives the same rows."""
    ana = celular()
    oi = texto(ana, "oi")
    alvo = oi["id"]
    fatos = [
        oi,
        reacao(ana, alvo, "👍", 1),
        reacao(ana, alvo, "❤️", 2),
        edicao(ana, alvo, "olá", 3),
        edicao(ana, alvo, "Olá!", 4),
    ]
    vistos = []
    for ordem in list(itertools.permutations(range(5)))[::11]:
        porta = await montar()
        for n in ordem:
            await porta.chegar(fatos[n])
        for n in reversed(ordem):
            await porta.chegar(fatos[n])
        assert estado(porta, alvo) == (
            "Olá!", {"texto": "Olá!"}, "oi", em(4), None,
            [{"emoji": "❤️", "direcao": "ENTRADA", "em": em(2).isoformat()}],
        )  # fmt: skip
        vistos.append(todas(porta))
    assert all(v == vistos[0] for v in vistos)
    assert len(vistos[0]) == 5, "what was said of it stays, too: the earlier texts are there"


@pytest.mark.parametrize("ordem", list(itertools.permutations(range(3))))
async def test_apagada_fica_apagada_e_guardada(porta: Porta, ordem: tuple[int, ...]) -> None:
    ana = celular()
    oi = texto(ana, "segredo")
    fatos = [oi, edicao(ana, oi["id"], "outro segredo", 1), exclusao(ana, oi["id"], 2)]
    for n in ordem:
        await porta.chegar(fatos[n])
    assert estado(porta, oi["id"])[:5] == ("outro segredo", {"texto": "outro segredo"}, "segredo", em(1), em(2))


async def test_emoji_vazio_ou_ausente_retira(porta: Porta) -> None:
    ana = celular()
    a, b = texto(ana, "a"), texto(ana, "b", n=1)
    await porta.chegar(a, b, reacao(ana, a["id"], "👍", 2), reacao(ana, b["id"], "👍", 2))
    assert len(ver(porta, a["id"])["reacoes"]) == 1
    await porta.chegar(reacao(ana, a["id"], "", 3), reacao(ana, b["id"], None, 3))
    # late: older than what took it back
    await porta.chegar(reacao(ana, a["id"], "😮", 1))
    assert ver(porta, a["id"])["reacoes"] == ver(porta, b["id"])["reacoes"] == []


async def test_so_quem_escreveu_muda(porta: Porta) -> None:
    ana, caio = celular(), celular()
    oi = texto(ana, "oi")
    await porta.chegar(oi)
    await porta.chegar(
        edicao(caio, oi["id"], "fui eu", 1), exclusao(caio, oi["id"], 2), reacao(caio, oi["id"], "👎", 3)
    )
    # and the company does not rewrite what the person said
    await ecoar(porta, {**edicao(ana, oi["id"], "nós", 4), "from": "5511999990100", "to": ana})
    assert estado(porta, oi["id"]) == ("oi", {"texto": "oi"}, None, None, None, [])
    await ecoar(porta, {**reacao(ana, oi["id"], "🙏", 5), "from": "5511999990100", "to": ana})
    assert [r["direcao"] for r in ver(porta, oi["id"])["reacoes"]] == ["SAIDA"]


async def test_edita_a_edicao_e_a_legenda(porta: Porta) -> None:
    ana = celular()
    foto = {**sem_texto(ana, 0), "type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "caption": "antes"}}
    primeira = edicao(ana, foto["id"], "depois", 1)
    await porta.chegar(edicao(ana, primeira["id"], "por fim", 2))
    await porta.chegar(primeira)
    await porta.chegar(foto)
    linha = ver(porta, foto["id"])
    assert (linha["corpo"], linha["corpo_original"]) == ("por fim", "antes")
    assert linha["conteudo"]["legenda"] == "por fim" and linha["midia_id"], "its media stays"


async def test_reacao_a_uma_resolvida_nao_reabre(porta: Porta) -> None:
    ana = celular()
    oi = texto(ana, "obrigada")
    await porta.chegar(oi)
    cenas.resolver(porta.admin, porta.cena.cliente_id)
    await porta.chegar(reacao(ana, oi["id"], "❤️", 1), exclusao(ana, oi["id"], 2))
    assert [v["status"] for v in porta.ver("select status from conversas where cliente_id = $c")] == ["RESOLVIDA"]
    assert ver(porta, oi["id"])["apagado_em"] == em(2)
    # with another one open, that is where it counts
    await porta.chegar(texto(ana, "voltei", n=3))
    await porta.chegar(reacao(ana, oi["id"], "👍", 9))
    assert ver(porta, oi["id"])["reacoes"][0]["emoji"] == "👍"
    assert len(porta.ver("select from conversas where cliente_id = $c and status <> 'RESOLVIDA'")) == 1


async def test_a_api_mostra_o_efeito_e_esconde_o_apagado(porta: Porta, banco_api: Banco) -> None:
    ana = celular()
    a, b = texto(ana, "fica"), texto(ana, "some", n=1)
    cita = texto(ana, "cito", n=2, context={"id": b["id"]})
    await porta.chegar(a, b, cita, edicao(ana, a["id"], "ficou", 3), edicao(ana, b["id"], "some já", 4))
    await porta.chegar(reacao(ana, a["id"], "👍", 5), exclusao(ana, b["id"], 6), reacao(ana, "wamid.nunca", "👀", 7))
    (conversa,) = porta.ver("select id from conversas where cliente_id = $c")
    pagina = await chamar(banco_api, "api.mensagens_listar", **porta.cena.sessao.args, p_conversa_id=conversa["id"])
    solta, resposta, apagada, editada = pagina["dados"]
    assert solta["tipo"] == "REACAO", "what it speaks of has not come"
    assert (editada["corpo"], editada["reacoes"][0]["emoji"]) == ("ficou", "👍")
    assert editada["editadoEm"] and editada["recebidoEm"] >= editada["ocorridoEm"] and editada["criadoEm"]
    assert apagada["apagadoEm"] and (apagada["corpo"], apagada["conteudo"], apagada["midiaId"]) == (None, {}, None)
    assert resposta["contexto"]["corpo"] is None
    edicoes = porta.ver("select id from mensagens where cliente_id = $c and tipo = 'EDICAO' and corpo = 'some já'")
    lida = await chamar(banco_api, "api.mensagem_obter", **porta.cena.sessao.args, p_id=edicoes[0]["id"])
    assert "some" not in str(lida)
    assert ver(porta, b["id"])["corpo"] == "some já", "kept in the table"


async def test_eco_do_aparelho(porta: Porta) -> None:
    ana = celular()
    await porta.chegar(texto(ana, "oi", bsuid="BR.E1"))
    porta.admin.execute("update conversas set controle = 'BOT' where cliente_id = %s", [porta.cena.cliente_id])
    e = eco(ana, "Respondi pelo celular", n=1, to_user_id="BR.E1")
    await ecoar(porta, e, e)
    await ecoar(porta, e)
    linha = ver(porta, e["id"])
    assert (linha["direcao"], linha["origem"], linha["status"], linha["corpo"]) == (
        "SAIDA", "APARELHO", "ENVIADO", "Respondi pelo celular",
    )  # fmt: skip
    (v,) = porta.ver("select controle, espera_desde, nao_lidas from conversas where cliente_id = $c")
    assert v == {"controle": "FILA", "espera_desde": None, "nao_lidas": 0}, "the bot is silent; nobody owns it yet"
    await ecoar(porta, {**edicao(ana, e["id"], "corrigido", 2), "from": "5511999990100", "to": ana})
    assert ver(porta, e["id"])["corpo"] == "corrigido"
    assert len(porta.ver("select from contatos where cliente_id = $c")) == 1


async def na_fila(porta: Porta, banco_api: Banco) -> tuple[int, int, int, int]:
    """How many wait: in the tab, in its count, on the supervisor's wall and for whoever would be given the next one."""
    args = porta.cena.sessao.args
    lista = await chamar(banco_api, "api.conversas_listar", **args, p_filtros=Jsonb({"aba": "FILA"}))
    contas = await chamar(banco_api, "api.conversas_contar", **args)
    filas = await chamar(banco_api, "api.filas_listar", **args)
    minha = await chamar(banco_api, "api.atendimento_obter", **args)
    return (
        len(lista["dados"]), contas["abas"]["fila"]["total"], sum(f["esperando"] for f in filas["dados"]),
        minha["naFila"],
    )  # fmt: skip


@pytest.mark.parametrize("dono", [False, True])
async def test_eco_a_quem_nunca_escreveu_nao_espera_na_fila(porta: Porta, banco_api: Banco, dono: bool) -> None:
    """Whoever typed on the phone waits for the person; nobody waits for us, until the person writes."""
    de = celular()
    args = porta.cena.sessao.args
    if dono:
        # a number whose conversations go back to whoever had them, and one of this person that is over
        porta.admin.execute("update conexoes set dono_minutos = 30 where cliente_id = %s", [porta.cena.cliente_id])
        await porta.chegar(texto(de, "há muito"))
        assert (await chamar(banco_api, "api.atendimento_proximo", **args))["conversa"]
        cenas.resolver(porta.admin, porta.cena.cliente_id)
        porta.admin.execute("update conexoes set reabertura = 'NOVA' where cliente_id = %s", [porta.cena.cliente_id])
    await ecoar(porta, eco(de, "Boa tarde! Somos a loja", n=100))
    todas = await chamar(banco_api, "api.conversas_listar", **args, p_filtros=Jsonb({"status": ["ABERTA"]}))
    (aberta,) = todas["dados"]
    assert await na_fila(porta, banco_api) == (0, 0, 0, 0)
    assert (await chamar(banco_api, "api.atendimento_proximo", **args))["conversa"] is None
    await ecoar(porta, eco(de, "Alguma dúvida?", n=101))
    assert await na_fila(porta, banco_api) == (0, 0, 0, 0)
    contagens = "select id from eventos where cliente_id = $c and tipo = 'contagem_mudou'"
    antes = len(porta.ver(contagens))
    await porta.chegar(texto(de, "sim!", n=102))
    assert await na_fila(porta, banco_api) == (1, 1, 1, 1)
    assert len(porta.ver(contagens)) == antes + 1, "counts that are kept go stale"
    await porta.chegar(texto(de, "oi?", n=103))
    assert len(porta.ver(contagens)) == antes + 1, "and not again with each message"
    assert (await chamar(banco_api, "api.atendimento_proximo", **args))["conversa"]["id"] == aberta["id"]


async def test_eco_numa_equipe_automatica_nao_e_dado_a_ninguem(porta: Porta, banco_api: Banco) -> None:
    args = porta.cena.sessao.args
    equipe = await chamar(
        banco_api, "api.equipe_criar", **args, p_nome="Vendas", p_membros=[porta.cena.sessao.usuario_id]
    )
    await chamar(
        banco_api, "api.equipe_atendimento_atualizar", **args, p_id=equipe["id"], p_calendario_id=None,
        p_distribuicao="AUTOMATICA",
    )  # fmt: skip
    porta.admin.execute(
        "update conexoes set equipe_id = %s where cliente_id = %s", [equipe["id"], porta.cena.cliente_id]
    )
    de = celular()
    await ecoar(porta, eco(de, "Oi"))
    await porta.executar()
    situacao = "select usuario_id from conversas where cliente_id = $c"
    assert porta.ver(situacao) == [{"usuario_id": None}]
    assert porta.ver("select from fila where cliente_id = $c and tipo like '%distribuir'") == []
    await porta.chegar(texto(de, "oi", n=1))
    await porta.executar()
    assert porta.ver(situacao) == [{"usuario_id": porta.cena.sessao.usuario_id}]


@pytest.mark.parametrize("antes", [True, False])
async def test_eco_e_resposta_em_qualquer_ordem_esperam_igual(porta: Porta, banco_api: Banco, antes: bool) -> None:
    de = celular()
    passos = [lambda: ecoar(porta, eco(de, "Oi", n=1)), lambda: porta.chegar(texto(de, "oi", n=2))]
    for passo in passos if antes else reversed(passos):
        await passo()
    assert await na_fila(porta, banco_api) == (1, 1, 1, 1)


async def test_eco_so_da_pessoa_sem_numero(porta: Porta) -> None:
    e = eco("", "oi", to_user_id="BR.E9")
    e.pop("to")
    await ecoar(porta, e)
    assert ver(porta, e["id"])["direcao"] == "SAIDA"
    assert porta.ver("select valor from contatos_identidades where cliente_id = $c") == [{"valor": "BR.E9"}]


async def em_curso(porta: Porta, banco_worker: Banco, corpo: str = "Olá") -> tuple[dict[str, Any], UUID, str]:
    """A message of ours whose answer has not come: what was announced, its conversation and its person's number."""
    de = celular()
    await porta.chegar({**texto(de, "oi"), "timestamp": str(int(datetime.now(UTC).timestamp()))})
    (v,) = porta.ver("select id from conversas where cliente_id = $c order by id desc limit 1")
    cenas.escrever(porta.admin, porta.cena, v["id"], corpo, origem="HUMANO", corpo=corpo)
    (envio,) = await cenas.enviar(banco_worker, porta.cena)
    return envio, v["id"], de


async def test_reacao_antes_da_resposta_do_envio(porta: Porta, banco_worker: Banco) -> None:
    envio, _, de = await em_curso(porta, banco_worker)
    nome = f"wamid.{secrets.token_hex(8)}"
    await porta.chegar(reacao(de, nome, "🎉", 1))
    await cenas.registrar(banco_worker, porta.cena, [cenas.resposta(envio, "ACEITO", idExterno=nome)])
    linha = ver(porta, nome)
    assert str(linha["id"]) == envio["alvoId"] and linha["reacoes"][0]["emoji"] == "🎉"


@pytest.mark.parametrize("antes", [True, False])
async def test_eco_do_que_saiu_por_aqui_nao_duplica(
    porta: Porta, banco_worker: Banco, banco_api: Banco, antes: bool
) -> None:
    """An echo without our mark, before the provider's answer or after it."""
    envio, conversa, de = await em_curso(porta, banco_worker)
    nome = f"wamid.{secrets.token_hex(8)}"
    e = {**eco(de, "Olá", n=1), "id": nome}
    aceita = [cenas.resposta(envio, "ACEITO", idExterno=nome)]
    if antes:
        await ecoar(porta, e)
        await porta.chegar(reacao(de, nome, "👍", 2))
        await cenas.registrar(banco_worker, porta.cena, aceita)
    else:
        await cenas.registrar(banco_worker, porta.cena, aceita)
        await ecoar(porta, e)
        await porta.chegar(reacao(de, nome, "👍", 2))
    linha = ver(porta, nome)
    assert str(linha["id"]) == envio["alvoId"] and len(linha["reacoes"]) == 1
    pagina = await chamar(banco_api, "api.mensagens_listar", **porta.cena.sessao.args, p_conversa_id=conversa)
    assert sorted((m["direcao"], m["corpo"]) for m in pagina["dados"]) == [("ENTRADA", "oi"), ("SAIDA", "Olá")]
    await ecoar(porta, e)
    assert ver(porta, nome)["id"] == linha["id"]


async def test_eco_de_uma_campanha_nao_vira_conversa(porta: Porta) -> None:
    """What a campaign sent is in no conversation; its echo is not something that somebody typed."""
    porta.admin.execute(
        "insert into tentativas (cliente_id, alvo_id, alvo_tipo, conexao_id, numero, processo, iniciada_em, id_externo)"
        " select %s, l.id, 'CAMPANHA', %s, 1, 'w', now(), 'wamid.campanha' from campanhas_log l"
        " where l.cliente_id = %s",
        [porta.cena.cliente_id, porta.cena.conexao_id, campanha(porta.admin, porta.cena.sessao, porta)],
    )
    await ecoar(porta, {**eco(celular(), "Promoção"), "id": "wamid.campanha"})
    assert porta.mensagens() == []


def campanha(admin: Admin, sessao: Sessao, porta: Porta) -> UUID:
    admin.execute(
        "with c as (insert into contatos (cliente_id, nome, telefone) values (%(c)s, 'X', '+5511988887777')"
        " returning id),"
        " k as (insert into campanhas (cliente_id, nome, conexao_id, modelo_id, publico_tipo, criado_por)"
        " values (%(c)s, 'Promoção', %(x)s, %(m)s, 'FILTRO', %(u)s) returning id)"
        " insert into campanhas_log (cliente_id, campanha_id, contato_id) select %(c)s, k.id, c.id from k, c",
        {"c": sessao.cliente_id, "x": porta.cena.conexao_id, "m": porta.cena.modelo_id, "u": sessao.usuario_id},
    )
    return sessao.cliente_id


async def test_reacao_nossa_aparece_quando_sai(porta: Porta, banco_worker: Banco, banco_api: Banco) -> None:
    de = celular()
    oi = {**texto(de, "oi"), "timestamp": str(int(datetime.now(UTC).timestamp()))}
    await porta.chegar(oi)
    alvo = ver(porta, oi["id"])
    for emoji, esperado in (("😀", ["😀"]), ("", [])):
        await chamar(
            banco_api, "api.mensagem_enviar", **porta.cena.sessao.args, p_conversa_id=alvo["conversa_id"],
            p_tipo="REACAO", p_conteudo={"alvoId": str(alvo["id"]), "emoji": emoji},
        )  # fmt: skip
        (envio,) = await cenas.enviar(banco_worker, porta.cena)
        aceita = cenas.resposta(envio, "ACEITO", idExterno=f"wamid.{secrets.token_hex(8)}")
        await cenas.registrar(banco_worker, porta.cena, [aceita])
        assert [r["emoji"] for r in ver(porta, oi["id"])["reacoes"]] == esperado


@pytest.mark.parametrize("primeiro", ["aviso", "mensagem"])
async def test_id_trocado_segue_a_pessoa(porta: Porta, primeiro: str) -> None:
    aviso = wm.envelope(
        porta.numero, porta.conta, campo="user_id_update",
        user_id_update=[{"user_id": {"previous": "BR.V1", "current": "BR.N1"}}],
    )  # fmt: skip
    oi = texto(None, "oi", bsuid="BR.V1")
    for coisa in ("aviso", "mensagem") if primeiro == "aviso" else ("mensagem", "aviso"):
        if coisa == "aviso":
            await porta.receber(aviso)
            await porta.executar()
        else:
            await porta.chegar(oi)
    await porta.chegar(texto(None, "de novo", n=1, bsuid="BR.N1"))
    assert porta.ver("select nome from contatos where cliente_id = $c") == [{"nome": "Ana Exemplo"}]
    assert len(porta.ver("select from conversas where cliente_id = $c")) == 1
    estados = porta.ver("select distinct status from webhooks_recebidos where cliente_id = $c")
    assert estados == [{"status": "PROCESSADO"}]


async def test_as_tres_horas(porta: Porta) -> None:
    """Written, received, processed: a body that waited shows it."""
    oi = texto(celular(), "oi")
    await porta.receber(porta.corpo(oi))
    await porta.receber(wm.envelope(porta.numero, porta.conta, statuses=[wm.status("wamid.x", "sent")]))
    porta.admin.execute(
        "update webhooks_recebidos set recebido_em = now() - interval '1 hour' where cliente_id = %s",
        [porta.cena.cliente_id],
    )
    await porta.executar()
    m = ver(porta, oi["id"])
    assert m["ocorrido_em"] == em(0)
    assert (m["criado_em"] - m["recebido_em"]).total_seconds() > 3590
    (s,) = porta.ver("select ocorrido_em, recebido_em, processado_em from status_recebidos where cliente_id = $c")
    assert s["ocorrido_em"] < s["recebido_em"] and (s["processado_em"] - s["recebido_em"]).total_seconds() > 3590
