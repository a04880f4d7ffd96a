"""What became of each stored body, putting bodies back, quarantine's way out, and a body that cannot be processed."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from app.worker import interno
from tests import webhooks_meta as wm
from tests.conftest import abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin
from tests.sql.test_entrada import Porta, celular, montar, porta, texto

__all__ = ["montar", "porta"]


def situacoes(porta: Porta) -> list[tuple[Any, ...]]:
    return [
        (x["status"], x["motivo"], x["erro_texto"])
        for x in porta.ver(
            "select status, motivo, erro_texto from webhooks_recebidos where cliente_id = $c order by id"
        )
    ]


async def listar(banco_api: Banco, porta: Porta, **filtro: Any) -> list[dict[str, Any]]:
    pagina = await chamar(banco_api, "api.webhooks_listar", **porta.cena.sessao.args, **filtro)
    itens: list[dict[str, Any]] = pagina["dados"]
    return itens


async def test_lista_filtra_e_pagina(porta: Porta, montar: Callable[..., Any], banco_api: Banco) -> None:
    vizinha = await montar()
    await vizinha.chegar(texto(celular(), "alheia"))
    for n in range(5):
        await porta.chegar(texto(celular(), f"m{n}"))
    await porta.receber(wm.envelope(porta.numero, porta.conta, campo="novidade", x=1))
    await porta.executar()
    await porta.receber(porta.corpo(texto(celular(), "espera")))
    args = porta.cena.sessao.args
    vistos: list[str] = []
    cursor = None
    while True:
        pagina = await chamar(banco_api, "api.webhooks_listar", **args, p_limite=3, p_cursor=cursor)
        vistos += [x["id"] for x in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
    assert len(vistos) == len(set(vistos)) == 7 and vistos == sorted(vistos, reverse=True)
    (ignorado,) = await listar(banco_api, porta, p_status="IGNORADO")
    assert (ignorado["motivo"], ignorado["campos"]) == ("CAMPO_DESCONHECIDO", ["novidade"])
    assert "novidade" in ignorado["motivoTexto"] and ignorado["processadoEm"]
    (pendente,) = await listar(banco_api, porta, p_status="PENDENTE")
    assert pendente["processadoEm"] is None
    assert len(await listar(banco_api, porta, p_campo="messages", p_conexao_id=porta.cena.conexao_id)) == 6
    assert len(await listar(banco_api, porta, p_conexao_id=vizinha.cena.conexao_id)) == 0
    assert await listar(banco_api, porta, p_de="2999-01-01T00:00:00Z") == []
    with pytest.raises(Erro) as erro:
        await listar(banco_api, porta, p_status="TALVEZ")
    assert erro.value.status == 400


async def test_filtra_por_tudo_de_que_um_corpo_fala(porta: Porta, banco_api: Banco) -> None:
    for campos in (["messages"], ["account_update"], ["account_update", "messages"], [], ["a_field", "z_field"], None):
        porta.admin.execute(
            "insert into webhooks_recebidos (cliente_id, conexao_id, corpo, status, campos, processado_em)"
            " values (%s, %s, '{}', 'PROCESSADO', %s, now())",
            [porta.cena.cliente_id, porta.cena.conexao_id, campos],
        )
    for campo, esperados in (
        ("messages", [["account_update", "messages"], ["messages"]]),
        ("account_update", [["account_update", "messages"], ["account_update"]]),
        ("z_field", [["a_field", "z_field"]]),
        ("field", []),
    ):
        assert [x["campos"] for x in await listar(banco_api, porta, p_campo=campo)] == esperados
        um_a_um: list[Any] = []
        cursor = None
        while True:
            pagina = await chamar(
                banco_api, "api.webhooks_listar", **porta.cena.sessao.args, p_campo=campo, p_limite=1, p_cursor=cursor
            )
            um_a_um += [x["campos"] for x in pagina["dados"]]
            cursor = pagina["meta"]["proximoCursor"]
            if cursor is None:
                break
        assert um_a_um == esperados


async def test_ler_o_corpo_fica_na_auditoria(porta: Porta, montar: Callable[..., Any], banco_api: Banco) -> None:
    await porta.chegar(texto(celular(), "pessoal"))
    (item,) = await listar(banco_api, porta)
    assert "corpo" not in item
    lido = await chamar(banco_api, "api.webhook_obter", **porta.cena.sessao.args, p_id=item["id"])
    assert lido["corpo"]["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] == "pessoal"
    feito = porta.ver("select alvo_id from auditoria where cliente_id = $c and acao = 'webhook_lido'")
    assert [str(x["alvo_id"]) for x in feito] == [item["id"]]
    alheia = await montar()
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.webhook_obter", **alheia.cena.sessao.args, p_id=item["id"])
    assert erro.value.codigo == "ZNW01"
    await chamar(banco_api, "api.evento_reprocessar", **alheia.cena.sessao.args, p_ids=[UUID(item["id"])])
    assert situacoes(porta)[0][0] == "PROCESSADO", "nobody else's bodies go back"


async def test_pede_as_permissoes(porta: Porta, banco_api: Banco, admin: Admin) -> None:
    sessao = porta.cena.sessao
    perfil = await chamar(
        banco_api, "api.perfil_criar", **sessao.args, p_nome="Lê", p_visibilidade="TODAS", p_permissoes=["webhooks:ler"]
    )
    usuario = await chamar(
        banco_api, "api.usuario_criar", **sessao.args, p_nome="Rui", p_email=f"r-{secrets.token_hex(4)}@x.test",
        p_senha_hash="$argon2id$v=19$m=8,t=1,p=1$YWFhYWFhYWE$YWFhYWFhYWFhYWFhYWFhYQ", p_perfil_id=perfil["id"],
    )  # fmt: skip
    outra = abrir_sessao(admin, sessao.cliente_id, usuario["id"])
    await chamar(banco_api, "api.webhooks_listar", **outra.args)
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.evento_reprocessar", **outra.args, p_status="ERRO")
    assert erro.value.codigo == "ZPG01"
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.evento_reprocessar", **sessao.args, p_conexao_id=porta.cena.conexao_id)
    assert erro.value.codigo == "ZRW01"


async def isolar(porta: Porta) -> None:
    """What the worker does for one tenant, without its loop."""
    contexto = SimpleNamespace(banco=porta.banco_worker, parar=SimpleNamespace(is_set=lambda: False), dono="teste")
    for _ in range(5):
        porta.admin.execute("update fila set executar_em = now() where execucao = 'BANCO'")
        await interno.executar_interno(contexto, porta.cena.cliente_id)  # type: ignore[arg-type]


async def test_o_que_nao_se_processa_nao_segura_os_outros(porta: Porta, banco_api: Banco) -> None:
    """One body in forty raises: the rest is processed, it ends as ERRO with a reason, and comes back when mended."""
    for n in range(40):
        await porta.receber(porta.corpo(texto(celular(), f"m{n}")))
    (veneno,) = porta.ver("select id from webhooks_recebidos where cliente_id = $c order by id offset 17 limit 1")
    bom = porta.ver(f"select corpo from webhooks_recebidos where id = '{veneno['id']}'")[0]["corpo"]
    porta.admin.execute("update webhooks_recebidos set corpo = '\\x7b22'::bytea where id = %s", [veneno["id"]])
    chamadas = 0
    original = Banco.chamar

    async def contar(self: Banco, funcao: str, argumentos: Any) -> bytes:
        nonlocal chamadas
        chamadas += funcao == "worker.interno_executar_estes"
        return await original(self, funcao, argumentos)

    with pytest.MonkeyPatch.context() as remendo:
        remendo.setattr(Banco, "chamar", contar)
        await isolar(porta)
    assert chamadas <= 15, "halved, not tried one by one"
    assert len(porta.mensagens()) == 39
    estados = situacoes(porta)
    assert sorted({e[0] for e in estados}) == ["ERRO", "PROCESSADO"]
    (falhou,) = [e for e in estados if e[0] == "ERRO"]
    assert falhou[1] == "PROCESSAMENTO_FALHOU" and "22P02" in falhou[2]
    (item,) = await listar(banco_api, porta, p_status="ERRO")
    lido = await chamar(banco_api, "api.webhook_obter", **porta.cena.sessao.args, p_id=item["id"])
    assert lido["corpo"] is None
    porta.admin.execute("update webhooks_recebidos set corpo = %s where id = %s", [bom, veneno["id"]])
    feito = await chamar(banco_api, "api.evento_reprocessar", **porta.cena.sessao.args, p_status="ERRO")
    assert feito == {"reenfileirados": 1, "proximoCursor": None}
    await isolar(porta)
    assert len(porta.mensagens()) == 40 and {e[0] for e in situacoes(porta)} == {"PROCESSADO"}
    assert porta.ver("select from fila_morta where cliente_id = $c and resolvida_em is null") == []
    assert len(porta.ver("select from auditoria where cliente_id = $c and acao = 'webhooks_reprocessados'")) == 1


async def em_quarentena(porta: Porta, dados: Any, conexoes: list[UUID]) -> UUID:
    await chamar(
        porta.banco_ingresso, "webhook.evento_receber", p_conexoes=conexoes, p_corpo=wm.corpo_de(dados), p_legivel=True
    )
    linha = porta.admin.execute("select id from webhooks_quarentena order by id desc limit 1").fetchone()
    assert linha
    return UUID(str(linha["id"]))


async def test_a_quarentena_tem_saida(porta: Porta, banco_plataforma: Banco, montar: Callable[..., Any]) -> None:
    """A body that came before its number was connected; somebody else's number under another secret gets nothing."""
    novo, alheio = str(10**14 + secrets.randbelow(10**13)), await montar()
    wm.conectar(porta.admin, porta.cena.cliente_id, porta.cena.conexao_id, porta.numero, porta.conta)
    wm.conectar(
        alheio.admin,
        alheio.cena.cliente_id,
        alheio.cena.conexao_id,
        alheio.numero,
        alheio.conta,
        segredo="outro segredo",
    )
    dados = porta.corpo(texto(celular(), "cedo demais"))
    dados["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = novo
    de_fora = porta.corpo(texto(celular(), "forjada"))
    de_fora["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = alheio.numero
    dados["entry"] += de_fora["entry"] + porta.corpo(texto(celular(), "já tem dono"))["entry"]
    id_ = await em_quarentena(porta, dados, [porta.cena.conexao_id])
    await porta.executar()
    assert [m["corpo"] for m in porta.mensagens()] == ["já tem dono"]
    pagina = await chamar(banco_plataforma, "plataforma.quarentena_listar", p_limite=1)
    (item,) = pagina["dados"]
    assert item["id"] == str(id_) and novo in item["numeros"] and "cedo" not in json.dumps(pagina)
    visto = await chamar(banco_plataforma, "plataforma.quarentena_obter", p_id=id_)
    assert b"cedo demais" in base64.b64decode(visto["corpoBase64"])
    resgate = {"p_ids": [id_]}
    assert (await chamar(banco_plataforma, "plataforma.quarentena_resgatar", **resgate))["partes"] == 0
    # the number is connected now, under the same secret
    outra = cenas.montar(porta.admin, porta.cena.sessao, 0)
    wm.conectar(porta.admin, outra.cliente_id, outra.conexao_id, novo, porta.conta)
    feito = await chamar(banco_plataforma, "plataforma.quarentena_resgatar", **resgate)
    assert feito == {"vistos": 1, "partes": 1, "resolvidos": 0}, "what is under another secret stays"
    await porta.executar()
    assert sorted(m["corpo"] for m in porta.mensagens()) == ["cedo demais", "já tem dono"]
    await alheio.executar()
    assert alheio.mensagens() == []
    assert (await chamar(banco_plataforma, "plataforma.quarentena_resgatar", **resgate))["partes"] == 0
    assert len(porta.ver("select from auditoria where cliente_id = $c and acao = 'webhook_resgatado'")) == 1
    # the other number changes to this secret: nothing is left over, and the body goes
    porta.admin.execute("update conexoes set segredo_impressao = %s where id = %s",
                        [wm.COFRE.impressao(wm.SEGREDO), alheio.cena.conexao_id])  # fmt: skip
    feito = await chamar(banco_plataforma, "plataforma.quarentena_resgatar", **resgate)
    assert feito == {"vistos": 1, "partes": 1, "resolvidos": 1}
    with pytest.raises(Erro) as erro:
        await chamar(banco_plataforma, "plataforma.quarentena_obter", p_id=id_)
    assert erro.value.codigo == "ZNW02"


async def test_corpo_ilegivel_em_quarentena_se_ve_e_fica(porta: Porta, banco_plataforma: Banco) -> None:
    for corpo in (b"\xff\xfe", b"{" * 10, b"[" * 100_000, b"a\x00b"):
        await chamar(
            porta.banco_ingresso, "webhook.evento_receber",
            p_conexoes=[porta.cena.conexao_id], p_corpo=corpo, p_legivel=False,
        )  # fmt: skip
        pagina = await chamar(banco_plataforma, "plataforma.quarentena_listar", p_limite=1)
        assert pagina["dados"][0]["bytes"] == len(corpo) and pagina["dados"][0]["numeros"] == []
        id_ = UUID(pagina["dados"][0]["id"])
        feito = await chamar(banco_plataforma, "plataforma.quarentena_resgatar", p_ids=[id_])
        assert feito == {"vistos": 1, "partes": 0, "resolvidos": 0}
