"""A value of a form that nobody foresaw takes nothing with it: neither the rest of its body nor the other bodies."""

from __future__ import annotations

import copy
import json
import random
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.banco import Banco
from tests import webhooks_meta as wm
from tests import webhooks_uaizap as wu
from tests.conftest import Sessao, chamar
from tests.sql.cenas import Admin
from tests.sql.test_entrada import Porta, celular, montar, porta, texto
from tests.sql.test_eventos_recebidos import situacoes
from tests.sql.test_uaizap import receber

__all__ = ["montar", "porta"]

LIXO: list[Any] = [
    {}, [], 0, -1, 10**30, 1.5, True, None, "", " ", "x" * 400, "ç" * 70_000, {"a": [{"b": []}]}, ["x", 1, {}],
    "{" * 3000, "\ud83d", "\u0000", [[[]]],
]  # fmt: skip
Caminho = tuple[str | int, ...]


def caminhos(valor: Any, ate: Caminho = ()) -> Iterator[Caminho]:
    """Every place of a value, its inner nodes too."""
    itens: Any = valor.items() if isinstance(valor, dict) else enumerate(valor) if isinstance(valor, list) else ()
    for chave, filho in itens:
        yield (*ate, chave)
        yield from caminhos(filho, (*ate, chave))


def trocar(valor: Any, caminho: Caminho, por: Any) -> Any:
    copia = copy.deepcopy(valor)
    alvo = copia
    for passo in caminho[:-1]:
        alvo = alvo[passo]
    alvo[caminho[-1]] = por
    return copia


def estragar(valores: list[Any], sorte: random.Random) -> Iterator[Any]:
    """Each place of each value once, by something of each kind in turn."""
    for valor in valores:
        for caminho in caminhos(valor):
            yield trocar(valor, caminho, sorte.choice(LIXO))


def guardadas(porta: Porta, boas: list[dict[str, Any]]) -> int:
    return len({m["id_externo"] for m in porta.mensagens()} & {b["id"] for b in boas})


def conferir_estados(porta: Porta) -> None:
    for status, motivo, palavras in situacoes(porta):
        assert status in {"PROCESSADO", "IGNORADO", "DESCARTADO"}, (motivo, palavras)
        assert status == "PROCESSADO" or (motivo and palavras)


async def test_o_corpo_do_revisor(porta: Porta) -> None:
    de = celular()
    boas = [texto(de, "boa um"), texto(celular(), "boa dois", n=1)]
    ma = {**texto(de, ""), "type": "reaction", "reaction": {"emoji": {"a": []}, "message_id": ""}}
    await porta.chegar(boas[0], ma, boas[1])
    for _ in range(2):
        assert sorted(m["corpo"] for m in porta.mensagens()) == ["boa dois", "boa um"]
        ((status, motivo, palavras),) = situacoes(porta)
        assert (status, motivo) == ("IGNORADO", "CONTEUDO_ESTRANHO") and ma["id"] in palavras
        porta.admin.execute(
            "select interno.contexto_trabalho($1), interno.webhooks_repor($1, array_agg(id)) from webhooks_recebidos"
            " where cliente_id = $1".replace("$1", f"'{porta.cena.cliente_id}'")
        )
        await porta.executar()


async def test_um_texto_que_nao_e_texto_se_guarda_como_veio(porta: Porta) -> None:
    await porta.chegar({**texto(celular(), ""), "text": {"body": {"a": 1}}})
    (m,) = porta.mensagens()
    assert m["tipo"] == "NAO_SUPORTADA" and m["conteudo"]["bruto"]["text"] == {"body": {"a": 1}}
    assert situacoes(porta)[0][:2] == ("IGNORADO", "CONTEUDO_ESTRANHO")


async def test_uma_reacao_estranha_nao_tira_a_que_havia(porta: Porta) -> None:
    de = celular()
    alvo = texto(de, "oi")
    boa = {**texto(de, "", n=1), "type": "reaction", "reaction": {"emoji": "👍", "message_id": alvo["id"]}}
    ma = {**texto(de, "", n=2), "type": "reaction", "reaction": {"emoji": {}, "message_id": alvo["id"]}}
    await porta.chegar(alvo, boa, ma)
    (m,) = [m for m in porta.mensagens() if m["id_externo"] == alvo["id"]]
    assert [r["emoji"] for r in m["reacoes"]] == ["👍"]


async def test_uma_edicao_sem_fim_nao_segura_a_mensagem(porta: Porta) -> None:
    """It may come first: then it is the message that would not be stored."""
    de = celular()
    alvo = texto(de, "oi")
    edicao = {
        **texto(de, "", n=1), "type": "edit",
        "edit": {"original_message_id": alvo["id"], "message": {"type": "text", "text": {"body": "🙂" * 65_000}}},
    }  # fmt: skip
    await porta.chegar(edicao)
    await porta.chegar(alvo)
    (m,) = [m for m in porta.mensagens() if m["id_externo"] == alvo["id"]]
    assert m["corpo_original"] == "oi" and m["corpo"] == "🙂" * 65_000
    conferir_estados(porta)


def mensagens_das_amostras() -> list[Any]:
    """Whatever the samples hold in lists of a change: messages, echoes, statuses."""
    valores = [
        mudanca["value"] for n in range(1, 41) for e in wm.amostra(n)["entry"] for mudanca in e.get("changes", [])
    ]
    return [m for v in valores for m in v.get("messages", [])]


@pytest.mark.parametrize("semente", [1])
async def test_qualquer_folha_estragada_ao_lado_de_boas(porta: Porta, semente: int) -> None:
    """Each place of each message of the samples, beside two good ones in the same body."""
    sorte = random.Random(semente)
    boas: list[dict[str, Any]] = []
    for n, estragada in enumerate(estragar(mensagens_das_amostras(), sorte)):
        if isinstance(estragada.get("id"), str) and 0 < len(estragada["id"]) < 300:
            estragada["id"] = f"wamid.{secrets.token_hex(8)}"
        antes, depois = texto(celular(), "boa", n=n), texto(celular(), "boa também", n=n)
        boas += [antes, depois]
        await porta.receber(wm.envelope(porta.numero, porta.conta, contacts=[], messages=[antes, estragada, depois]))
    await porta.executar()
    assert len(boas) > 500
    assert guardadas(porta, boas) == len(boas)
    conferir_estados(porta)


@pytest.mark.parametrize("semente", [1])
async def test_amostras_inteiras_estragadas(porta: Porta, semente: int) -> None:
    """Each place of each sample: fields, contacts, statuses, echoes, notices; good bodies wait among them."""
    sorte = random.Random(semente)
    wm.conectar(porta.admin, porta.cena.cliente_id, porta.cena.conexao_id, porta.numero, porta.conta)
    nossos = {wm.NUMERO_1: porta.numero, wm.NUMERO_2: porta.numero, wm.CONTA_1: porta.conta, wm.CONTA_2: porta.conta}
    amostras = []
    for n in range(1, 41):
        corpo = json.dumps(wm.amostra(n))
        for velho, novo in nossos.items():
            corpo = corpo.replace(velho, novo)
        amostras.append(json.loads(corpo))
    boas: list[dict[str, Any]] = []
    for n, estragada in enumerate(estragar(amostras, sorte)):
        boa = texto(celular(), "boa", n=n)
        if n % 7 == 0:
            boas.append(boa)
            await porta.receber(porta.corpo(boa))
        await chamar(
            porta.banco_ingresso, "webhook.evento_receber",
            p_conexoes=[porta.cena.conexao_id], p_corpo=wm.corpo_de(estragada), p_legivel=True,
        )  # fmt: skip
    while porta.ver("select from fila where cliente_id = $c and tipo = 'webhook_processar' and executar_em <= now()"):
        await porta.executar()
    assert guardadas(porta, boas) == len(boas)
    conferir_estados(porta)


@pytest.mark.parametrize("semente", [1])
async def test_aparelhos_estragados(
    porta: Porta, semente: int, banco_ingresso: Banco, novo_cliente: Callable[..., Any]
) -> None:
    sorte = random.Random(semente)
    sessao: Sessao = porta.cena.sessao
    conexao_id = wu.conectar(porta.admin, sessao.cliente_id)
    corpos = [c for n in range(1, 14) for c in wu.amostra(n)]
    boas: list[dict[str, Any]] = []
    for n, estragada in enumerate(estragar(corpos, sorte)):
        if n % 7 == 0:
            boas.append(texto(celular(), "boa", n=n))
            await porta.receber(porta.corpo(boas[-1]))
        await receber(banco_ingresso, sessao, conexao_id, estragada)
    while porta.ver("select from fila where cliente_id = $c and tipo = 'webhook_processar' and executar_em <= now()"):
        await porta.executar()
    assert guardadas(porta, boas) == len(boas)
    conferir_estados(porta)


async def test_a_ultima_rede(porta: Porta, admin: Admin) -> None:
    """What raises although nobody foresaw it: its neighbours are stored, it is counted, named, and comes back."""
    admin.execute(
        "create function public.tg_teste_recusar() returns trigger language plpgsql set search_path = '' as $f$"
        " begin if new.corpo = 'veneno' then raise exception using errcode = '23514'; end if; return new; end $f$"
    )
    admin.execute(
        "create trigger teste_recusar before insert on public.mensagens for each row"
        " execute function public.tg_teste_recusar()"
    )
    try:
        de = celular()
        boas = [texto(celular(), f"b{n}", n=n) for n in range(9)] + [texto(de, "da mesma pessoa")]
        ma = texto(de, "veneno", n=3)
        await porta.receber(porta.corpo(*boas[:4], ma, *boas[4:]))
        outra = texto(celular(), "outro corpo")
        await porta.receber(porta.corpo(outra))
        await porta.executar()
        assert guardadas(porta, [*boas, outra]) == 11 and len(porta.mensagens()) == 11
        estados = situacoes(porta)
        assert estados[1] == ("PROCESSADO", None, None)
        assert estados[0][:2] == ("ERRO", "PARTE_FALHOU")
        assert ma["id"] in estados[0][2] and "23514" in estados[0][2] and "1 (" in estados[0][2]
    finally:
        admin.execute("drop trigger teste_recusar on public.mensagens")
        admin.execute("drop function public.tg_teste_recusar()")
    admin.execute(
        "select interno.contexto_trabalho($1), interno.webhooks_repor($1, array_agg(id)) from webhooks_recebidos"
        " where cliente_id = $1".replace("$1", f"'{porta.cena.cliente_id}'")
    )
    await porta.executar()
    assert len(porta.mensagens()) == 12
    assert {e[0] for e in situacoes(porta)} == {"PROCESSADO"}
