"""What a UaiZap device's events do: the same tables in any order, for its own tenant only."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests import webhooks_uaizap as wu
from tests.conftest import Sessao, chamar
from tests.sql.cenas import Admin

TABELAS = {
    "mensagens": "direcao, tipo, corpo, conteudo - 'midiaId' as conteudo, status, id_externo, origem, ocorrido_em,"
    " (select a.id_externo from mensagens a where a.id = m.contexto_id) as contexto",
    "status_recebidos": "id_externo, status, tentativa_id, ocorrido_em, erro_codigo",
    "contatos": "nome, telefone",
    "contatos_identidades": "tipo, valor, (select telefone from contatos c where c.id = m.contato_id) as de",
    "conversas": "nao_lidas, janela_expira_em, espera_desde, respondida_ate, ultima_entrada_em, status",
    "fila": "tipo, prioridade",
}


def fotografia(admin: Admin, cliente_id: UUID) -> dict[str, list[str]]:
    """What the tenant has, without what differs between two runs."""
    return {
        tabela: sorted(
            str(linha)
            for linha in admin.execute(
                f"select {colunas} from {tabela} m where cliente_id = %s",
                [cliente_id],
            ).fetchall()
        )
        for tabela, colunas in TABELAS.items()
    }


async def receber(banco_ingresso: Banco, sessao: Sessao, conexao_id: UUID, dados: Any) -> bool:
    corpo = {chave: valor for chave, valor in dados.items() if chave != "token"}
    guardado: bool = await chamar(
        banco_ingresso,
        "webhook.instancia_evento_receber",
        p_cliente_id=sessao.cliente_id,
        p_conexao_id=conexao_id,
        p_corpo=wu.corpo_de(corpo),
        p_legivel=True,
    )
    return guardado


async def processar(banco_worker: Banco, sessao: Sessao) -> None:
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=sessao.cliente_id, p_limite=500)


async def test_amostras_em_qualquer_ordem_e_repetidas(
    admin: Admin, banco_ingresso: Banco, banco_worker: Banco, novo_cliente: Callable[..., Any]
) -> None:
    fotos = []
    for rodada in range(4):
        sessao = await novo_cliente(f"Rodada {rodada}")
        conexao_id = wu.conectar(admin, sessao.cliente_id)
        corpos = wu.todas() * (1 if rodada == 0 else 2)
        if rodada:
            random.Random(rodada).shuffle(corpos)
        for n, corpo in enumerate(corpos):
            assert await receber(banco_ingresso, sessao, conexao_id, corpo)
            if rodada and n % (5 * rodada) == 0:
                await processar(banco_worker, sessao)
        await processar(banco_worker, sessao)
        estados = admin.execute(
            "select distinct status, motivo from webhooks_recebidos where cliente_id = %s order by motivo nulls first",
            [sessao.cliente_id],
        ).fetchall()
        assert [(e["status"], e["motivo"]) for e in estados] == [
            ("PROCESSADO", None), ("DESCARTADO", "ECO_DE_OUTRO_SISTEMA"), ("DESCARTADO", "SEM_EFEITO"),
        ]  # fmt: skip
        fotos.append(fotografia(admin, sessao.cliente_id))
    for foto in fotos[1:]:
        for tabela, linhas in foto.items():
            assert set(linhas) ^ set(fotos[0][tabela]) == set(), tabela
            assert linhas == fotos[0][tabela]
    assert len(fotos[0]["contatos"]) == 2, "LID and phone are the same person"
    assert "{'tipo': 'conexao_consultar', 'prioridade': 3}" in fotos[0]["fila"]


async def test_o_que_cada_amostra_diz(
    admin: Admin, banco_ingresso: Banco, banco_worker: Banco, novo_cliente: Callable[..., Any]
) -> None:
    sessao = await novo_cliente("Leitura")
    conexao_id = wu.conectar(admin, sessao.cliente_id)
    for corpo in wu.todas():
        await receber(banco_ingresso, sessao, conexao_id, corpo)
    await processar(banco_worker, sessao)
    linhas = admin.execute(
        "select direcao, tipo, corpo, conteudo, origem, status from mensagens where cliente_id = %s"
        " order by ocorrido_em, id_externo",
        [sessao.cliente_id],
    ).fetchall()
    lidas = [(x["direcao"], x["tipo"], x["corpo"]) for x in linhas]
    assert ("ENTRADA", "TEXTO", "oi, tudo bem?") in lidas
    assert ("ENTRADA", "IMAGEM", "Comprovante") in lidas
    assert ("ENTRADA", "AUDIO", None) in lidas
    assert ("ENTRADA", "DOCUMENTO", "nota.pdf") in lidas
    assert ("ENTRADA", "LOCALIZACAO", "-19.92, -43.94") in lidas
    assert ("ENTRADA", "RESPOSTA_LISTA", "Financeiro") in lidas
    assert ("ENTRADA", "REACAO", "❤️") in lidas
    assert ("ENTRADA", "EDICAO", "texto corrigido") in lidas
    assert ("ENTRADA", "EXCLUSAO", None) in lidas
    assert ("SAIDA", "TEXTO", "respondi pelo aparelho") in lidas
    assert not [x for x in lidas if x[2] == "Seu horário está confirmado."], "what went out by API is not a new message"
    por_tipo = {x["tipo"]: x for x in linhas}
    assert por_tipo["RESPOSTA_LISTA"]["conteudo"]["id"] == "setor:financeiro"
    (contato,) = por_tipo["CONTATOS"]["conteudo"]["contatos"]
    assert contato["telefones"] == [{"telefone": "+55 11 99999-0044", "waId": "5511999990044"}]
    assert por_tipo["AUDIO"]["conteudo"]["midiaId"], "its bytes are fetched while the gateway has them"
    do_aparelho = next(x for x in linhas if x["direcao"] == "SAIDA")
    assert (do_aparelho["origem"], do_aparelho["status"]) == ("APARELHO", "ENVIADO")
    status = admin.execute(
        "select status, count(*) as n from status_recebidos where cliente_id = %s group by status order by status",
        [sessao.cliente_id],
    ).fetchall()
    assert [(x["status"], x["n"]) for x in status] == [("delivered", 1), ("played", 1), ("read", 60)]


async def test_eco_com_a_nossa_tentativa_so_vale_para_a_propria_conexao(
    admin: Admin, banco_ingresso: Banco, banco_worker: Banco, novo_cliente: Callable[..., Any]
) -> None:
    sessao, outra = await novo_cliente("Eco"), await novo_cliente("Eco alheio")
    conexao_id, alheia = wu.conectar(admin, sessao.cliente_id), wu.conectar(admin, outra.cliente_id)
    mensagem = _mensagem_incerta(admin, sessao, conexao_id)
    (eco,) = wu.amostra(7)
    eco["message"]["track_id"] = str(mensagem["tentativa_id"])
    await receber(banco_ingresso, outra, alheia, eco)
    await processar(banco_worker, outra)
    assert _ver(admin, mensagem["id"])["status"] == "INCERTO"
    await receber(banco_ingresso, sessao, conexao_id, eco)
    await processar(banco_worker, sessao)
    lida = _ver(admin, mensagem["id"])
    assert (lida["status"], lida["id_externo"]) == ("ENVIADO", "3EB089B3872AB7D2842348")
    (lido,) = wu.amostra(10)
    lido["event"]["MessageIDs"] = ["3EB089B3872AB7D2842348", "3EB0FFFFFFFFFFFFFFFFFF"]
    await receber(banco_ingresso, sessao, conexao_id, lido)
    await processar(banco_worker, sessao)
    assert _ver(admin, mensagem["id"])["lido_em"] is not None


def _mensagem_incerta(admin: Admin, sessao: Sessao, conexao_id: UUID, idade: str = "0 s") -> dict[str, Any]:
    """An outbound message whose only attempt nobody knows the end of."""
    linha = admin.execute(
        "with c as (insert into contatos (cliente_id, nome, telefone)"
        " values (%(c)s, 'Ana', '+5511' || (900000000 + (random() * 99999999)::int)) returning id),"
        " v as (insert into conversas (cliente_id, conexao_id, contato_id) select %(c)s, %(x)s, id from c returning id)"
        " insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, conteudo, status, motivo,"
        " tentativa_id, ocorrido_em) select %(c)s, v.id, %(x)s, 'SAIDA', 'TEXTO', 'oi', '{}', 'INCERTO',"
        " 'SEM_RESPOSTA', uuidv7(), now() from v returning id, tentativa_id",
        {"c": sessao.cliente_id, "x": conexao_id},
    ).fetchone()
    assert linha
    admin.execute(
        "insert into tentativas (cliente_id, id, alvo_id, alvo_tipo, conexao_id, numero, processo, iniciada_em)"
        " values (%s, %s, %s, 'MENSAGEM', %s, 1, 'w1', now() - %s::interval)",
        [sessao.cliente_id, linha["tentativa_id"], linha["id"], conexao_id, idade],
    )
    return linha


def _ver(admin: Admin, mensagem_id: UUID) -> dict[str, Any]:
    linha = admin.execute("select * from mensagens where id = %s", [mensagem_id]).fetchone()
    assert linha
    return linha


# -- reconciliation


@pytest.mark.parametrize(("idade", "espera"), [("10 s", 50), ("61 s", 239), ("301 s", None)])
async def test_busca_que_nao_acha_volta_na_hora_certa(
    admin: Admin, banco_worker: Banco, ana: Sessao, idade: str, espera: int | None
) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    mensagem = _mensagem_incerta(admin, ana, conexao_id, idade)
    alvo = {"p_cliente_id": ana.cliente_id, "p_conexao_id": conexao_id, "p_tentativa_id": mensagem["tentativa_id"]}
    assert await chamar(banco_worker, "worker.reconciliacao_conferir", **alvo) is True
    resposta = await chamar(banco_worker, "worker.reconciliacao_registrar", **alvo)
    lida = _ver(admin, mensagem["id"])
    assert lida["status"] == "INCERTO", "a machine never decides to send again"
    if espera is None:
        assert resposta == {"esperaS": None}
        assert lida["motivo"] == "NAO_ENCONTRADO"
    else:
        assert resposta["esperaS"] == pytest.approx(espera, abs=2)
        assert lida["motivo"] == "SEM_RESPOSTA"


async def test_aparelho_que_caiu_no_meio_nao_prova_nada(admin: Admin, banco_worker: Banco, ana: Sessao) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    mensagem = _mensagem_incerta(admin, ana, conexao_id, "400 s")
    admin.execute(
        "update conexoes_instancias set status_em = now() - interval '100 s' where conexao_id = %s", [conexao_id]
    )
    alvo = {"p_cliente_id": ana.cliente_id, "p_conexao_id": conexao_id, "p_tentativa_id": mensagem["tentativa_id"]}
    await chamar(banco_worker, "worker.reconciliacao_registrar", **alvo)
    assert _ver(admin, mensagem["id"])["motivo"] == "SEM_RESPOSTA"


async def test_busca_que_acha_prova_o_envio(admin: Admin, banco_worker: Banco, ana: Sessao, bia: Sessao) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    mensagem = _mensagem_incerta(admin, ana, conexao_id, "10 s")
    achada = {"idExterno": "3EB0ACHADA", "jid": "5511999990011@s.whatsapp.net", "ocorridoEm": "2026-11-22T12:00:00Z"}
    alvo = {"p_conexao_id": conexao_id, "p_tentativa_id": mensagem["tentativa_id"], "p_achada": achada}
    await chamar(banco_worker, "worker.reconciliacao_registrar", p_cliente_id=bia.cliente_id, **alvo)
    assert _ver(admin, mensagem["id"])["status"] == "INCERTO"
    await chamar(banco_worker, "worker.reconciliacao_registrar", p_cliente_id=ana.cliente_id, **alvo)
    lida = _ver(admin, mensagem["id"])
    assert (lida["status"], lida["id_externo"]) == ("ENVIADO", "3EB0ACHADA")


# -- the state of the device


async def estado(banco_worker: Banco, sessao: Sessao, conexao_id: UUID, status: str, **extra: object) -> str:
    situacao: str = await chamar(
        banco_worker,
        "worker.instancia_registrar",
        p_cliente_id=sessao.cliente_id,
        p_conexao_id=conexao_id,
        p_status=status,
        **extra,
    )
    return situacao


async def test_queda_e_volta_do_aparelho(admin: Admin, banco_worker: Banco, banco_api: Banco, ana: Sessao) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    numero = {"p_numero": _numero(admin, conexao_id)}
    assert await estado(banco_worker, ana, conexao_id, "DESCONECTADA", p_motivo="401: logged out") == "ERRO"
    lida = await chamar(banco_api, "api.conexao_obter", **ana.args, p_id=conexao_id)
    assert lida["statusMotivo"] == "O aparelho está desconectado: conecte-o de novo"
    assert lida["instancia"]["statusMotivo"] == "401: logged out"
    assert lida["instancia"]["status"] == "DESCONECTADA"
    assert await estado(banco_worker, ana, conexao_id, "CONECTANDO") == "ERRO"
    assert await estado(banco_worker, ana, conexao_id, "CONECTADA", **numero) == "ATIVA"
    # a person's pause is not the device's to end
    await chamar(banco_api, "api.conexao_desativar", **ana.args, p_id=conexao_id)
    assert await estado(banco_worker, ana, conexao_id, "DESCONECTADA") == "DESATIVADA"
    assert await estado(banco_worker, ana, conexao_id, "CONECTADA", **numero) == "DESATIVADA"
    await estado(banco_worker, ana, conexao_id, "HIBERNADA")
    ativada = await chamar(banco_api, "api.conexao_ativar", **ana.args, p_id=conexao_id)
    assert ativada["status"] == "ERRO"
    motivos = admin.execute("select motivo from ocorrencias where conexao_id = %s order by id", [conexao_id]).fetchall()
    assert [m["motivo"] for m in motivos] == ["APARELHO_PERDIDO", "APARELHO_RECONECTADO", "APARELHO_PERDIDO"]


def _numero(admin: Admin, conexao_id: UUID) -> str:
    linha = admin.execute("select numero_id_externo as n from conexoes where id = %s", [conexao_id]).fetchone()
    assert linha
    return str(linha["n"])


async def test_um_numero_e_de_uma_conexao_so(
    admin: Admin, banco_worker: Banco, banco_api: Banco, ana: Sessao, bia: Sessao
) -> None:
    da_ana = wu.conectar(admin, ana.cliente_id)
    da_bia = wu.conectar(admin, bia.cliente_id, status="DESCONECTADA")
    numero = _numero(admin, da_ana)
    assert await estado(banco_worker, bia, da_bia, "CONECTADA", p_numero=numero) == "ERRO"
    lida = await chamar(banco_api, "api.conexao_obter", **bia.args, p_id=da_bia)
    assert lida["instancia"]["numero"] is None
    assert "outra conexão" in lida["statusMotivo"]
    await chamar(banco_api, "api.conexao_remover", **ana.args, p_id=da_ana)
    assert await estado(banco_worker, bia, da_bia, "CONECTADA", p_numero=numero) == "ATIVA"


async def test_estado_de_conexao_alheia(admin: Admin, banco_worker: Banco, ana: Sessao, bia: Sessao) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    with pytest.raises(Erro) as erro:
        await estado(banco_worker, bia, conexao_id, "DESCONECTADA")
    assert erro.value.codigo == "ZNX01"


# -- the pace


async def ritmo(admin: Admin, sessao: Sessao, conexao_id: UUID) -> int | None:
    linha = admin.execute(
        "select interno.uaizap_ritmo(%s, %s, clock_timestamp()) as r", [sessao.cliente_id, conexao_id]
    ).fetchone()
    assert linha
    return linha["r"]  # type: ignore[no-any-return]


async def test_ritmo_de_um_em_um(admin: Admin, ana: Sessao) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    assert await ritmo(admin, ana, conexao_id) == 7
    espacos = []
    for _ in range(20):
        admin.execute(
            "select interno.uaizap_andar(i, 1::smallint, now()) from conexoes_instancias i where conexao_id = %s",
            [conexao_id],
        )
        linha = admin.execute(
            "select extract(epoch from proximo_envio_em - now()) as e, extract(epoch from proxima_resposta_em - now())"
            " as r from conexoes_instancias where conexao_id = %s",
            [conexao_id],
        ).fetchone()
        assert linha
        assert 3.5 <= linha["e"] <= 9.1
        assert 0.5 <= linha["r"] <= 2.1
        espacos.append(round(linha["e"], 2))
    assert len(set(espacos)) > 10, "never a fixed interval"
    assert await ritmo(admin, ana, conexao_id) == 0
    admin.execute(
        "update conexoes_instancias set proxima_resposta_em = '-infinity' where conexao_id = %s", [conexao_id]
    )
    assert await ritmo(admin, ana, conexao_id) == 1, "a person's answer comes sooner"
    admin.execute("update conexoes_instancias set proximo_envio_em = '-infinity' where conexao_id = %s", [conexao_id])
    assert await ritmo(admin, ana, conexao_id) == 1, "20 in this minute are more than 15"
    admin.execute("update conexoes_instancias set minuto = '-infinity' where conexao_id = %s", [conexao_id])
    assert await ritmo(admin, ana, conexao_id) == 7
    admin.execute("update conexoes_instancias set hora_total = 300 where conexao_id = %s", [conexao_id])
    assert await ritmo(admin, ana, conexao_id) == 1


async def test_463_para_conversas_novas_e_avisa(admin: Admin, ana: Sessao) -> None:
    conexao_id = wu.conectar(admin, ana.cliente_id)
    resultado = (
        '[{"desfecho": "REJEITADO", "http": 500, "detalhe": "WHATSAPP_REACHOUT_TIMELOCK: restricted",'
        ' "suspensoAte": "2099-01-01T00:00:00Z"}, {"desfecho": "REJEITADO", "http": 429, "detalhe": "Rate limit"}]'
    )
    admin.execute("select interno.uaizap_respostas(%s, %s, %s, now())", [ana.cliente_id, conexao_id, resultado])
    linha = admin.execute(
        "select novas_suspensas_ate, fator_ritmo from conexoes_instancias where conexao_id = %s", [conexao_id]
    ).fetchone()
    assert linha and linha["novas_suspensas_ate"].year == 2099
    assert linha["fator_ritmo"] == 2
    motivos = admin.execute(
        "select motivo, erro_codigo from ocorrencias where conexao_id = %s", [conexao_id]
    ).fetchall()
    assert motivos == [{"motivo": "NOVAS_CONVERSAS_SUSPENSAS", "erro_codigo": 1463}]


async def test_numero_da_meta_nao_tem_este_ritmo(admin: Admin, ana: Sessao) -> None:
    linha = admin.execute("select uuidv7() as id").fetchone()
    assert linha
    assert await ritmo(admin, ana, linha["id"]) is None
