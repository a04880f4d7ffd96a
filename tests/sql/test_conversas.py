"""What may be done with a conversation, by whom, and what it leaves behind."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql import mesa as mesas
from tests.sql.cenas import Admin, enviar, escrever, mensagem, resolver
from tests.sql.mesa import Mesa

ESTADOS = ("ABERTA", "EM_ATENDIMENTO", "AGUARDANDO_CLIENTE", "ADIADA", "RESOLVIDA")


def daqui(**delta: float) -> datetime:
    return datetime.now(UTC) + timedelta(**delta)


@pytest.fixture
def montar(
    admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco, banco_worker: Banco, banco_ingresso: Banco
) -> Callable[..., Any]:
    async def fazer(contatos: int = 3) -> Mesa:
        sessao = await novo_cliente("Mesa")
        return await mesas.montar(admin, sessao, banco_api, banco_worker, banco_ingresso, contatos)

    return fazer


@pytest.fixture
async def mesa(montar: Callable[..., Any]) -> Mesa:
    feita: Mesa = await montar()
    return feita


async def levar(mesa: Mesa, conversa: UUID, estado: str) -> None:
    """Bring a conversation that nobody serves to a state, by what people do."""
    if estado in {"EM_ATENDIMENTO", "AGUARDANDO_CLIENTE"}:
        await mesa.fazer("assumir", conversa)
    if estado == "AGUARDANDO_CLIENTE":
        await mesa.fazer("aguardar", conversa)
    if estado == "ADIADA":
        await mesa.fazer("adiar", conversa, p_ate=daqui(hours=1))
    if estado == "RESOLVIDA":
        await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())


async def test_cada_ato_em_cada_estado(mesa: Mesa) -> None:
    """An act ends where the table lets it, or is refused and changes nothing."""
    passos = {(t["de"], t["para"]) for t in mesa.ver("select de, para from transicoes where maquina = 'conversas'")}
    assert ("ABERTA", "AGUARDANDO_CLIENTE") not in passos, "a table that lets everything through proves nothing"
    equipe = mesa.equipe()
    atos: dict[str, tuple[str, dict[str, Any]]] = {
        "assumir": ("EM_ATENDIMENTO", {}),
        "atribuir": ("EM_ATENDIMENTO", {"p_usuario_id": mesa.dona.usuario_id}),
        "transferir": ("ABERTA", {"p_equipe_id": equipe}),
        "liberar": ("ABERTA", {}),
        "aguardar": ("AGUARDANDO_CLIENTE", {}),
        "adiar": ("ADIADA", {"p_ate": daqui(hours=2)}),
        "resolver": ("RESOLVIDA", {"p_motivo_id": mesa.motivo()}),
        "reabrir": ("ABERTA", {}),
    }
    # from resolved there is one way out, and what changes nothing is refused; these keep the state and change the rest
    so_reabrindo = {"assumir", "atribuir", "transferir", "liberar"}
    ficam = {
        ("assumir", "EM_ATENDIMENTO"),
        ("atribuir", "EM_ATENDIMENTO"),
        ("transferir", "ABERTA"),
        ("adiar", "ADIADA"),
    }
    vistos: dict[tuple[str, str], str | None] = {}
    for ato, (para, argumentos) in atos.items():
        for de in ESTADOS:
            resolver(mesa.admin, mesa.cena.cliente_id)
            conversa = mesa.conversa()
            await levar(mesa, conversa, de)
            antes = mesa.estado(conversa)
            codigo = await mesa.recusa(ato, conversa, **argumentos)
            depois = mesa.estado(conversa)
            vistos[ato, de] = codigo
            if codigo is None:
                assert depois["status"] == para and ((de, para) in passos or (ato, de) in ficam), (ato, de)
            else:
                assert depois == antes, (ato, de)
            pode = ((de, para) in passos and not (de == "RESOLVIDA" and ato in so_reabrindo)) or (ato, de) in ficam
            if (ato, de) in {("liberar", "ADIADA"), ("reabrir", "EM_ATENDIMENTO")} or (
                ato == "reabrir" and de != "RESOLVIDA"
            ):
                pode = False  # it has no owner to lose; it is not resolved
            assert (codigo is None) == pode, (ato, de, codigo)
    assert mesa.quebradas() == []
    assert {c for c in vistos.values() if c} == {"ZCV04", "ZCV22", "ZCG01"}


async def test_a_restricao_recusa_o_que_nao_se_sustenta(mesa: Mesa) -> None:
    """Negative control: whoever goes round the functions meets the table."""
    conversa = mesa.conversa()
    for mudanca in (
        "status = 'EM_ATENDIMENTO'", "status = 'ADIADA'", "status = 'RESOLVIDA'", "status = 'AGUARDANDO_CLIENTE'",
    ):  # fmt: skip
        with pytest.raises(psycopg.Error) as erro:
            mesa.admin.execute(f"update conversas set {mudanca} where id = %s", [conversa])
        assert erro.value.sqlstate in {"23514", "ZCG01"}, mudanca
    mesa.admin.execute("update conversas set usuario_id = %s where id = %s", [mesa.dona.usuario_id, conversa])
    v = mesa.estado(conversa)
    assert v["fila_em"] is None and v["controle"] == "HUMANO" and v["atribuida_em"] is not None
    mesa.admin.execute("update conversas set usuario_id = null where id = %s", [conversa])
    v = mesa.estado(conversa)
    assert v["fila_em"] is not None and v["controle"] == "FILA" and v["atribuida_em"] is None


async def test_assumir_diz_quem_a_tem(mesa: Mesa) -> None:
    equipe = mesa.equipe()
    ivo, lia = (mesa.agente("ATENDENTE", equipe, nome=nome) for nome in ("Ivo", "Lia"))
    de_fora = mesa.agente("ATENDENTE", mesa.equipe("Outra"))
    conversa = mesa.conversa(equipe=equipe)
    feita = await mesa.fazer("assumir", conversa, ivo)
    assert (feita["status"], feita["controle"], feita["usuarioId"]) == ("EM_ATENDIMENTO", "HUMANO", str(ivo.usuario_id))
    with pytest.raises(Erro) as erro:
        await mesa.fazer("assumir", conversa, lia)
    assert (erro.value.status, erro.value.codigo) == (409, "ZCV20")
    assert erro.value.corpo.mensagem == "Ivo está atendendo esta conversa"
    assert erro.value.corpo.detalhe == str(ivo.usuario_id)
    assert await mesa.recusa("assumir", conversa, de_fora) == "ZNV01", "who never saw the queue learns nothing"
    assert await mesa.recusa("assumir", conversa, lia, p_tomar=True) == "ZPV20"
    assert await mesa.recusa("assumir", conversa, ivo) is None, "it is already theirs"
    tomada = await mesa.fazer("assumir", conversa, p_tomar=True)
    assert tomada["usuarioId"] == str(mesa.dona.usuario_id)
    assert mesa.historico(conversa)[-1] == "ASSUMIDA"


async def test_a_quem_se_pode_dar(mesa: Mesa) -> None:
    vendas, suporte = mesa.equipe("Vendas"), mesa.equipe("Suporte")
    ivo, lia = mesa.agente("ATENDENTE", vendas), mesa.agente("ATENDENTE", suporte)
    parado, mudo = mesa.agente("ATENDENTE", vendas), mesa.agente("ATENDENTE", vendas)
    mesa.admin.execute("update usuarios set ativo = false where id = %s", [parado.usuario_id])
    mesa.admin.execute(
        "update usuarios set perfil_id = (select id from perfis where cliente_id = %s and codigo = 'SUPERVISOR')"
        " where id = %s",
        [mesa.cena.cliente_id, mudo.usuario_id],
    )
    mesa.admin.execute(
        "delete from perfis_permissoes where cliente_id = %s and permissao = 'conversas:responder'"
        " and perfil_id = (select perfil_id from usuarios where id = %s)",
        [mesa.cena.cliente_id, mudo.usuario_id],
    )
    conversa = mesa.conversa(equipe=vendas)
    for quem, codigo in ((lia, "ZRV65"), (parado, "ZRV64"), (mudo, "ZRV66")):
        assert await mesa.recusa("atribuir", conversa, p_usuario_id=quem.usuario_id) == codigo
    assert await mesa.recusa("atribuir", conversa, p_usuario_id=uuid4()) == "ZNI02"
    assert await mesa.recusa("transferir", conversa, p_equipe_id=uuid4()) == "ZNI04"
    assert await mesa.recusa("transferir", conversa) == "ZRV71"
    assert (await mesa.fazer("atribuir", conversa, p_usuario_id=ivo.usuario_id))["usuarioId"] == str(ivo.usuario_id)
    assert await mesa.recusa("transferir", conversa, ivo, p_usuario_id=lia.usuario_id) == "ZRV65"
    passada = await mesa.fazer(
        "transferir", conversa, ivo, p_usuario_id=lia.usuario_id, p_equipe_id=suporte, p_motivo="defeito"
    )
    assert (passada["usuarioId"], passada["equipeId"]) == (str(lia.usuario_id), str(suporte))
    assert await mesa.recusa("liberar", conversa, ivo) == "ZNV01", "it is no longer theirs to see"
    mesa.admin.execute("update equipes set ativo = false where id = %s", [vendas])
    assert await mesa.recusa("transferir", conversa, lia, p_equipe_id=vendas) == "ZRV67"
    ultima = mesa.ver(
        "select usuario_id, dados from conversas_historico where conversa_id = %s order by ocorrido_em, id", conversa
    )[-1]
    assert ultima["usuario_id"] == ivo.usuario_id and ultima["dados"]["motivo"] == "defeito"
    assert ultima["dados"]["de"] == {"usuarioId": str(ivo.usuario_id), "equipeId": str(vendas)}


async def test_no_que_e_dos_outros_so_quem_atribui(mesa: Mesa) -> None:
    """A colleague who sees everything of the team, but may not assign, touches nothing of others."""
    equipe = mesa.equipe()
    ivo, lia = (mesa.agente("ATENDENTE", equipe) for _ in range(2))
    mesa.admin.execute(
        "update perfis set visibilidade = 'EQUIPE' where cliente_id = %s and codigo = 'ATENDENTE'",
        [mesa.cena.cliente_id],
    )
    conversa = mesa.conversa(equipe=equipe)
    await mesa.fazer("assumir", conversa, ivo)
    antes = mesa.estado(conversa)
    for verbo, extra in (
        ("atribuir", {"p_usuario_id": lia.usuario_id}), ("transferir", {"p_equipe_id": equipe}), ("liberar", {}),
        ("aguardar", {}), ("adiar", {"p_ate": daqui(hours=1)}), ("resolver", {"p_motivo_id": mesa.motivo()}),
        ("priorizar", {"p_prioridade": "ALTA"}), ("etiquetar", {"p_adicionar": [uuid4()]}),
    ):  # fmt: skip
        assert await mesa.recusa(verbo, conversa, lia, **extra) == "ZPV20", verbo
        assert (
            await mesa.recusa(verbo, conversa, ivo, p_versao=99, **extra) in {"ZCG02", "42883"} or verbo == "etiquetar"
        )
    assert mesa.estado(conversa) == antes
    supervisor = mesa.agente("SUPERVISOR", equipe)
    assert await mesa.recusa("priorizar", conversa, supervisor, p_prioridade="URGENTE") is None


async def test_adiada_volta_na_hora_e_quando_a_pessoa_escreve(mesa: Mesa) -> None:
    com_dono, sem_dono = mesa.conversa(0), mesa.conversa(1)
    await mesa.fazer("assumir", com_dono)
    for conversa in (com_dono, sem_dono):
        adiada = await mesa.fazer("adiar", conversa, p_ate=daqui(hours=1))
        assert adiada["status"] == "ADIADA"
    await mesa.trabalhar()
    assert [mesa.estado(c)["status"] for c in (com_dono, sem_dono)] == ["ADIADA", "ADIADA"], "not before its hour"
    # the hour passes
    mesa.admin.execute(
        "update conversas set adiada_ate = now() - interval '1 second' where cliente_id = %s", [mesa.cena.cliente_id]
    )
    mesa.admin.execute(
        "update fila set executar_em = now() - interval '1 second' where cliente_id = %s and tipo = 'conversa_acordar'",
        [mesa.cena.cliente_id],
    )
    await mesa.trabalhar()
    assert [mesa.estado(c)["status"] for c in (com_dono, sem_dono)] == ["EM_ATENDIMENTO", "ABERTA"]
    assert mesa.ver("select from fila where cliente_id = %s and tipo = 'conversa_acordar'", mesa.cena.cliente_id) == []
    # a later hour replaces the earlier one, and the old job does nothing
    await mesa.fazer("adiar", com_dono, p_ate=daqui(hours=1))
    await mesa.fazer("adiar", com_dono, p_ate=daqui(hours=30))
    (f,) = mesa.ver("select executar_em from fila where cliente_id = %s", mesa.cena.cliente_id)
    assert f["executar_em"] > daqui(hours=29)
    # the person writes
    await mesa.chegar(0)
    v = mesa.estado(com_dono)
    assert (v["status"], v["usuario_id"], v["adiada_ate"]) == ("EM_ATENDIMENTO", mesa.dona.usuario_id, None)
    await mesa.fazer("aguardar", com_dono)
    await mesa.chegar(0)
    assert mesa.estado(com_dono)["status"] == "EM_ATENDIMENTO"
    ultima = mesa.ver(
        "select tipo, usuario_id from conversas_historico where conversa_id = %s order by ocorrido_em, id", com_dono
    )[-1]
    assert (ultima["tipo"], ultima["usuario_id"]) == ("RETOMADA", None), "nobody did it"
    for ate in (daqui(seconds=-5), daqui(days=400)):
        assert await mesa.recusa("adiar", com_dono, p_ate=ate) == "ZRV68"


async def test_motivo_e_obrigatorio_e_e_do_cliente(mesa: Mesa, bia: Sessao) -> None:
    conversa = mesa.conversa()
    outra = await chamar(mesa.banco_api, "api.motivo_criar", **bia.args, p_nome="Da vizinha")
    for motivo, codigo in ((None, "ZRV63"), (uuid4(), "ZNV20"), (UUID(outra["id"]), "ZNV20")):
        assert await mesa.recusa("resolver", conversa, p_motivo_id=motivo) == codigo
    nomes = [m["nome"] for m in (await chamar(mesa.banco_api, "api.motivos_listar", **mesa.dona.args))["dados"]]
    assert nomes == ["Resolvido", "Sem resposta da pessoa", "Não era atendimento", "Duplicada"]
    motivo = await chamar(mesa.banco_api, "api.motivo_criar", **mesa.dona.args, p_nome=" Vendeu ")
    with pytest.raises(Erro) as erro:
        await chamar(mesa.banco_api, "api.motivo_criar", **mesa.dona.args, p_nome="Vendeu")
    assert (erro.value.status, erro.value.codigo) == (409, "ZCV21")
    await mesa.fazer("resolver", conversa, p_motivo_id=UUID(motivo["id"]), p_observacao="levou dois")
    for funcao, extra in (("api.motivo_remover", {}), ("api.motivo_atualizar", {"p_ativo": False})):
        with pytest.raises(Erro) as erro:
            await chamar(mesa.banco_api, funcao, **bia.args, p_id=UUID(motivo["id"]), **extra)
        assert erro.value.codigo == "ZNV20"
    with pytest.raises(Erro) as erro:
        await chamar(mesa.banco_api, "api.motivo_remover", **mesa.dona.args, p_id=UUID(motivo["id"]))
    assert erro.value.codigo == "ZCV23"
    await chamar(mesa.banco_api, "api.motivo_atualizar", **mesa.dona.args, p_id=UUID(motivo["id"]), p_ativo=False)
    assert await mesa.recusa("resolver", mesa.conversa(1), p_motivo_id=UUID(motivo["id"])) == "ZRV72"
    atendente = mesa.agente()
    with pytest.raises(Erro) as erro:
        await chamar(mesa.banco_api, "api.motivo_criar", **atendente.args, p_nome="Meu")
    assert erro.value.codigo == "ZPG01"
    pagina = await chamar(
        mesa.banco_api, "api.conversa_historico_listar", **mesa.dona.args, p_conversa_id=conversa, p_limite=1
    )
    assert pagina["dados"][0]["motivo"] == "Vendeu: levou dois" and pagina["dados"][0]["para"]["status"] == "RESOLVIDA"


@pytest.mark.parametrize("antes", ["ABERTA", "EM_ATENDIMENTO", "AGUARDANDO_CLIENTE", "ADIADA"])
async def test_desfazer_devolve_estado_e_dono(mesa: Mesa, antes: str) -> None:
    conversa = mesa.conversa()
    await levar(mesa, conversa, antes)
    era = mesa.estado(conversa)
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    assert await mesa.recusa("desfazer", conversa, mesa.agente("SUPERVISOR")) in {"ZCV24", "ZNV01"}
    await mesa.fazer("desfazer", conversa)
    e = mesa.estado(conversa)
    iguais = ("status", "usuario_id", "equipe_id", "adiada_ate", "motivo_id", "resolvida_em", "controle")
    assert [e[c] for c in iguais] == [era[c] for c in iguais]
    # undoing the undoing gives the reason back, too
    if antes in {"ABERTA", "EM_ATENDIMENTO"}:
        await mesa.fazer("desfazer", conversa)
        e = mesa.estado(conversa)
        assert (e["status"], e["motivo_id"]) == ("RESOLVIDA", mesa.motivo())
    mesa.admin.execute("delete from conversas_historico where conversa_id = %s", [conversa])
    assert await mesa.recusa("desfazer", conversa) == "ZCV24"


async def test_desfazer_tem_prazo_e_cede_a_pessoa(mesa: Mesa) -> None:
    conversa = mesa.conversa()
    await mesa.fazer("assumir", conversa)
    await mesa.fazer("aguardar", conversa)
    await mesa.chegar(0)
    assert await mesa.recusa("desfazer", conversa) == "ZCV24", "the person wrote since"
    await mesa.fazer("liberar", conversa)
    mesa.admin.execute("alter table conversas_historico disable trigger _010_imutavel")
    mesa.admin.execute(
        "update conversas_historico set ocorrido_em = ocorrido_em - interval '11 minutes' where conversa_id = %s",
        [conversa],
    )
    mesa.admin.execute("alter table conversas_historico enable trigger _010_imutavel")
    assert await mesa.recusa("desfazer", conversa) == "ZCV24", "too late"
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    mesa.conversa()
    assert await mesa.recusa("desfazer", conversa) == "ZCV01", "the person has another one by now"
    assert await mesa.recusa("reabrir", conversa) == "ZCV01"


async def test_uma_voz_por_vez(mesa: Mesa) -> None:
    equipe = mesa.equipe()
    ivo, lia = (mesa.agente("ATENDENTE", equipe, nome=nome) for nome in ("Ivo", "Lia"))
    supervisora = mesa.agente("SUPERVISOR", equipe)
    conversa = mesa.conversa(equipe=equipe)
    await mesa.escrever(conversa, ivo)
    v = mesa.estado(conversa)
    assert (v["status"], v["controle"], v["usuario_id"]) == ("EM_ATENDIMENTO", "HUMANO", ivo.usuario_id)
    with pytest.raises(Erro) as erro:
        await mesa.escrever(conversa, supervisora)
    assert (erro.value.status, erro.value.codigo) == (409, "ZCV20")
    assert erro.value.corpo.mensagem == "Ivo está atendendo esta conversa"
    with pytest.raises(Erro) as erro:
        await mesa.escrever(conversa, lia, p_assumir=True)
    assert erro.value.codigo == "ZNV01"
    await mesa.escrever(conversa, supervisora, p_assumir=True)
    assert mesa.estado(conversa)["usuario_id"] == supervisora.usuario_id
    # what its owner puts aside stays aside while they write
    await mesa.fazer("aguardar", conversa, supervisora)
    await mesa.escrever(conversa, supervisora)
    assert mesa.estado(conversa)["status"] == "AGUARDANDO_CLIENTE"
    (n,) = mesa.ver("select count(*) as n from mensagens where conversa_id = %s and direcao = 'SAIDA'", conversa)
    assert n["n"] == 3, "a refused reply leaves nothing"


async def test_o_robo_perde_a_palavra(mesa: Mesa) -> None:
    """A bot's message computed before a person took over is discarded before the first byte."""
    conversa = mesa.conversa()
    mesa.admin.execute("update conversas set controle = 'BOT' where id = %s", [conversa])
    antes, durante = (escrever(mesa.admin, mesa.cena, conversa, prioridade=3, origem="BOT") for _ in range(2))
    assert [e["alvoId"] for e in await enviar(mesa.banco_worker, mesa.cena, 1)] == [str(antes)]
    await mesa.fazer("assumir", conversa)
    mesa.admin.execute("delete from fila where alvo_id = %s", [antes])
    mesa.admin.execute("delete from pares where cliente_id = %s", [mesa.cena.cliente_id])
    assert await enviar(mesa.banco_worker, mesa.cena) == []
    assert (mensagem(mesa.admin, durante)["status"], mensagem(mesa.admin, durante)["motivo"]) == ("PULADO", "CONTROLE")
    with mesa.admin.transaction(force_rollback=True), pytest.raises(psycopg.Error) as erro:
        mesa.admin.execute("set local role crm_definidor")
        mesa.admin.execute("select set_config('app.cliente_id', %s, true)", [str(mesa.cena.cliente_id)])
        mesa.admin.execute(
            "select interno.mensagem_enfileirar(%s, %s, 'TEXTO', '{\"texto\": \"oi\"}', null, 'BOT', 3::smallint)",
            [mesa.cena.cliente_id, conversa],
        )
    assert erro.value.sqlstate == "ZRV69"


async def test_quem_inicia_fica_com_a_conversa(mesa: Mesa) -> None:
    ivo, lia = (mesa.agente("SUPERVISOR", nome=n) for n in ("Ivo", "Lia"))
    pedido = {
        "p_contato_id": mesa.cena.contatos[0], "p_conexao_id": mesa.cena.conexao_id, "p_tipo": "MODELO",
        "p_conteudo": {"modeloId": str(mesa.cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}},
    }  # fmt: skip
    feita = await chamar(mesa.banco_api, "api.conversa_iniciar", **ivo.args, **pedido)
    assert feita["conversa"]["usuarioId"] == str(ivo.usuario_id)
    antes = mesa.estado(UUID(feita["conversa"]["id"]))
    for outra, codigo in ((lia, "ZCV25"), (mesa.dona, "ZCV20")):
        with pytest.raises(Erro) as erro:
            await chamar(mesa.banco_api, "api.conversa_iniciar", **outra.args, **pedido)
        assert erro.value.codigo == codigo
    assert mesa.estado(UUID(feita["conversa"]["id"])) == antes, "refused, and nothing was touched"


async def test_iniciar_na_conversa_que_nao_se_ve_nada_conta_dela(mesa: Mesa) -> None:
    vendas, suporte = mesa.equipe("Vendas"), mesa.equipe("Suporte")
    ivo, lia = mesa.agente("SUPERVISOR", vendas, nome="Ivo"), mesa.agente("SUPERVISOR", suporte, nome="Lia")
    pedido = {
        "p_contato_id": mesa.cena.contatos[0], "p_conexao_id": mesa.cena.conexao_id, "p_tipo": "MODELO",
        "p_conteudo": {"modeloId": str(mesa.cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}},
    }  # fmt: skip

    async def recusa(quem: Sessao) -> dict[str, Any]:
        with pytest.raises(Erro) as erro:
            await chamar(mesa.banco_api, "api.conversa_iniciar", **quem.args, **pedido)
        assert erro.value.status == 409
        return msgspec.structs.asdict(erro.value.corpo)

    mesa.admin.execute("update conexoes set equipe_id = %s where id = %s", [vendas, mesa.cena.conexao_id])
    sem_conversa = await recusa(lia)
    assert mesa.ver("select from conversas where cliente_id = %s", mesa.cena.cliente_id) == [], "none was left behind"
    conversa = mesa.conversa(equipe=vendas)
    na_fila = await recusa(lia)
    await mesa.fazer("assumir", conversa, ivo)
    de_ivo = await recusa(lia)
    # the same words whoever has it, and nothing that points at it
    assert sem_conversa == na_fila == de_ivo
    assert de_ivo["codigo"] == "ZCV25" and de_ivo["detalhe"] is None and de_ivo["campo"] is None
    assert de_ivo["mensagem"] == "a conversa com este contato neste número é de outra pessoa ou equipe"


async def test_quem_sai_nao_leva_as_conversas(mesa: Mesa) -> None:
    vendas, suporte = mesa.equipe("Vendas"), mesa.equipe("Suporte")
    ivo = mesa.agente("ATENDENTE", vendas, suporte)
    da_venda, do_suporte, adiada = (mesa.conversa(n, equipe=e) for n, e in enumerate((vendas, suporte, suporte)))
    for conversa in (da_venda, do_suporte, adiada):
        await mesa.fazer("assumir", conversa, ivo)
    await mesa.fazer("adiar", adiada, ivo, p_ate=daqui(hours=1))
    await chamar(mesa.banco_api, "api.equipe_atualizar", **mesa.dona.args, p_id=vendas, p_membros=[])
    assert [mesa.estado(c)["usuario_id"] for c in (da_venda, do_suporte)] == [None, ivo.usuario_id]
    v = mesa.estado(da_venda)
    assert (v["status"], v["equipe_id"]) == ("ABERTA", vendas)
    await chamar(mesa.banco_api, "api.usuario_desativar", **mesa.dona.args, p_id=ivo.usuario_id)
    assert [(mesa.estado(c)["status"], mesa.estado(c)["usuario_id"]) for c in (do_suporte, adiada)] == [
        ("ABERTA", None), ("ADIADA", None),
    ]  # fmt: skip
    (a,) = mesa.ver(
        "select detalhe from auditoria where cliente_id = %s and acao = 'usuario_desativado'", mesa.cena.cliente_id
    )
    assert a["detalhe"] == {"para": None, "conversasDadas": 0, "conversasDevolvidas": 2} and mesa.quebradas() == []


async def test_historico_conta_tudo_e_so_uma_vez(mesa: Mesa, bia: Sessao) -> None:
    conversa = mesa.conversa()
    etiqueta = UUID((await chamar(mesa.banco_api, "api.etiqueta_criar", **mesa.dona.args, p_nome="VIP"))["id"])
    await mesa.fazer("assumir", conversa)
    await mesa.fazer("priorizar", conversa, p_prioridade="ALTA")
    await mesa.fazer("priorizar", conversa, p_prioridade="ALTA")
    await mesa.fazer("etiquetar", conversa, p_adicionar=[etiqueta])
    await mesa.fazer("etiquetar", conversa, p_adicionar=[etiqueta])
    await mesa.fazer("etiquetar", conversa, p_remover=[etiqueta])
    await mesa.fazer("adiar", conversa, p_ate=daqui(hours=1))
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    await mesa.fazer("reabrir", conversa)
    esperado = [
        "ASSUMIDA", "PRIORIDADE", "ETIQUETA_POSTA", "ETIQUETA_TIRADA", "ADIADA", "RESOLVIDA", "REABERTA",
    ]  # fmt: skip
    assert mesa.historico(conversa) == esperado
    lidos: list[dict[str, Any]] = []
    cursor = None
    while True:
        pagina = await chamar(
            mesa.banco_api, "api.conversa_historico_listar", **mesa.dona.args, p_conversa_id=conversa, p_limite=3,
            p_cursor=cursor,
        )  # fmt: skip
        lidos += pagina["dados"]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
    assert [x["tipo"] for x in lidos] == esperado[::-1]
    assert {x["usuario"]["id"] for x in lidos} == {str(mesa.dona.usuario_id)}
    assert lidos[-1]["nomes"] == {str(mesa.dona.usuario_id): "Administradora"}
    assert lidos[-3]["etiqueta"] == {"id": str(etiqueta), "nome": "VIP"}
    with pytest.raises(Erro) as erro:
        await chamar(mesa.banco_api, "api.conversa_historico_listar", **bia.args, p_conversa_id=conversa)
    assert erro.value.codigo == "ZNV01"
    # what goes with the tag is no event of the conversation
    await mesa.fazer("etiquetar", conversa, p_adicionar=[etiqueta])
    await chamar(mesa.banco_api, "api.etiqueta_remover", **mesa.dona.args, p_id=etiqueta)
    assert mesa.historico(conversa) == [*esperado, "ETIQUETA_POSTA"]


async def test_em_massa_diz_de_cada_uma(mesa: Mesa, montar: Callable[..., Any]) -> None:
    vizinha: Mesa = await montar(1)
    alheia = vizinha.conversa()
    equipe = mesa.equipe()
    ivo = mesa.agente("ATENDENTE", equipe, nome="Ivo")
    na_equipe, fora, resolvida = (
        mesa.conversa(0, equipe=equipe),
        mesa.conversa(1, equipe=mesa.equipe()),
        mesa.conversa(2),
    )
    await mesa.fazer("resolver", resolvida, p_motivo_id=mesa.motivo())
    antes = vizinha.estado(alheia)
    ninguem = uuid4()
    pedido = {
        **mesa.dona.args,
        "p_ids": [alheia, fora, na_equipe, ninguem, resolvida, na_equipe],
        "p_chave_idempotencia": "m1",
    }
    feito = await chamar(
        mesa.banco_api, "api.conversas_atualizar", **pedido, p_acao="ATRIBUIR", p_usuario_id=ivo.usuario_id
    )
    assert (feito["feitas"], feito["recusadas"]) == (1, 4)
    assert [(i["id"], i["codigo"]) for i in feito["itens"]] == [
        (str(alheia), "ZNV01"), (str(fora), "ZRV65"), (str(na_equipe), None), (str(ninguem), "ZNV01"),
        (str(resolvida), "ZCV04"),
    ]  # fmt: skip
    assert feito["itens"][0]["mensagem"] == feito["itens"][3]["mensagem"] == "conversa não encontrada"
    assert vizinha.estado(alheia) == antes and vizinha.historico(alheia) == []
    repetido = await chamar(
        mesa.banco_api, "api.conversas_atualizar", **pedido, p_acao="ATRIBUIR", p_usuario_id=ivo.usuario_id
    )
    assert repetido == feito and mesa.historico(na_equipe) == ["ATRIBUIDA"]
    etiqueta = UUID((await chamar(mesa.banco_api, "api.etiqueta_criar", **mesa.dona.args, p_nome="VIP"))["id"])
    for acao, extra, n in (
        ("ATRIBUIR", {"p_equipe_id": equipe}, 2), ("ETIQUETAR", {"p_adicionar": [etiqueta]}, 3),
        ("PRIORIZAR", {"p_prioridade": "URGENTE"}, 3), ("ADIAR", {"p_ate": daqui(hours=1)}, 2),
        ("RESOLVER", {"p_motivo_id": mesa.motivo()}, 2), ("RESOLVER", {"p_motivo_id": vizinha.motivo()}, 0),
        ("ETIQUETAR", {"p_adicionar": [uuid4()]}, 0),
    ):  # fmt: skip
        feito = await chamar(
            mesa.banco_api, "api.conversas_atualizar", **mesa.dona.args, p_ids=[fora, na_equipe, resolvida],
            p_acao=acao, **extra,
        )  # fmt: skip
        assert feito["feitas"] == n, (acao, feito)
    for ids, acao, extra, codigo in (
        ([], "RESOLVER", {"p_motivo_id": mesa.motivo()}, "22023"),
        ([uuid4() for _ in range(201)], "RESOLVER", {"p_motivo_id": mesa.motivo()}, "22023"),
        ([fora], "RESOLVER", {}, "ZRV70"), ([fora], "PRIORIZAR", {"p_prioridade": "X"}, "ZRV70"),
        ([fora], "APAGAR", {}, "ZRV70"), ([fora], "ATRIBUIR", {}, "ZRV70"), ([fora], "ADIAR", {}, "ZRV70"),
    ):  # fmt: skip
        with pytest.raises(Erro) as erro:
            await chamar(mesa.banco_api, "api.conversas_atualizar", **mesa.dona.args, p_ids=ids, p_acao=acao, **extra)
        assert (erro.value.sqlstate or erro.value.codigo) == codigo, (acao, extra)
    with pytest.raises(Erro) as erro:
        await chamar(
            mesa.banco_api, "api.conversas_atualizar", **ivo.args, p_ids=[fora], p_acao="PRIORIZAR", p_prioridade="ALTA"
        )
    assert erro.value.codigo == "ZPG01"


async def test_nao_lida_e_versao(mesa: Mesa) -> None:
    conversa = mesa.conversa()
    assert (await mesa.fazer("leitura_desfazer", conversa))["naoLidas"] == 1
    assert (await mesa.fazer("leitura_desfazer", conversa))["naoLidas"] == 1
    assert (await mesa.fazer("ler", conversa))["naoLidas"] == 0
    lida = await mesa.fazer("assumir", conversa)
    await mesa.fazer("aguardar", conversa)
    assert await mesa.recusa("resolver", conversa, p_motivo_id=mesa.motivo(), p_versao=lida["versao"]) == "ZCG02"
    assert mesa.estado(conversa)["status"] == "AGUARDANDO_CLIENTE"


async def reabertura(mesa: Mesa, politica: str, horas: int) -> None:
    feita = await chamar(
        mesa.banco_api, "api.conexao_atualizar", **mesa.dona.args, p_id=mesa.cena.conexao_id, p_reabertura=politica,
        p_reabertura_horas=horas,
    )  # fmt: skip
    assert (feita["reabertura"], feita["reaberturaHoras"]) == (politica, horas)


@pytest.mark.parametrize(
    ("politica", "horas", "resolvida_ha", "reabre"),
    [
        ("REABRIR", 24, 3600, True),
        ("REABRIR", 24, 25 * 3600, False),
        ("REABRIR", 0, 1, False),
        ("NOVA", 24, 1, False),
    ],
)
async def test_quem_volta_depois_de_resolvida(
    mesa: Mesa, politica: str, horas: int, resolvida_ha: int, reabre: bool
) -> None:
    equipe = mesa.equipe()
    conversa = mesa.conversa(equipe=equipe)
    await reabertura(mesa, politica, horas)
    mesa.admin.execute("update conexoes set equipe_id = %s where id = %s", [equipe, mesa.cena.conexao_id])
    await mesa.fazer("assumir", conversa)
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    mesa.admin.execute(
        "update conversas set resolvida_em = now() - %s * interval '1 second' where id = %s", [resolvida_ha, conversa]
    )
    await mesa.chegar(0, "voltei")
    conversas = mesa.ver("select * from conversas where cliente_id = %s order by id", mesa.cena.cliente_id)
    aberta = conversas[-1]
    assert [v["status"] for v in conversas] == (["ABERTA"] if reabre else ["RESOLVIDA", "ABERTA"])
    assert (aberta["usuario_id"], aberta["equipe_id"], aberta["nao_lidas"]) == (None, equipe, 1)
    assert aberta["fila_em"] > daqui(minutes=-1), "it waits since now"
    assert mesa.quebradas() == []
    assert mesa.historico(conversa) == ["ASSUMIDA", "RESOLVIDA", *(["REABERTA", "LIBERADA"] if reabre else [])]


async def test_eco_do_aparelho_cala_o_robo(mesa: Mesa) -> None:
    conversa = mesa.conversa()
    mesa.admin.execute("update conversas set controle = 'BOT' where id = %s", [conversa])
    with mesa.admin.transaction():
        mesa.admin.execute("set local role crm_fila")
        mesa.admin.execute("select interno.contexto_trabalho(%s)", [mesa.cena.cliente_id])
        telefone = mesa.um("select telefone from contatos where id = %s", mesa.cena.contatos[0])["telefone"]
        mesa.admin.execute(
            "select interno.entrada_registrar(%s, jsonb_build_array(jsonb_build_object('conexaoId', %s::text,"
            " 'idExterno', %s::text, 'telefone', %s::text, 'direcao', 'SAIDA', 'tipo', 'TEXTO', 'corpo', 'já vou',"
            " 'ocorridoEm', now())))",
            [mesa.cena.cliente_id, str(mesa.cena.conexao_id), secrets.token_hex(8), telefone],
        )
    assert mesa.estado(conversa)["controle"] == "FILA"


async def test_de_outro_cliente_nada_se_ve_nem_se_recebe(mesa: Mesa, bia: Sessao) -> None:
    conversa = mesa.conversa()
    assert await mesa.recusa("atribuir", conversa, p_usuario_id=bia.usuario_id) == "ZNI02"
    assert await mesa.recusa("assumir", conversa, bia) == "ZNV01"


async def test_so_conta_as_anteriores_que_ve(mesa: Mesa) -> None:
    """What a person once said to somebody else is not even counted for who may not see it."""
    ivo, ana = (mesa.agente(nome=n) for n in ("Ivo", "Ana"))
    passada = mesa.conversa()
    await mesa.fazer("assumir", passada, ivo)
    await mesa.fazer("resolver", passada, ivo, p_motivo_id=mesa.motivo())
    nova = mesa.conversa()
    vistas = [(await mesa.fazer("propria_obter", nova, quem))["anteriores"] for quem in (ana, ivo, mesa.dona)]
    assert vistas == [0, 1, 1]


async def test_nao_se_manda_o_arquivo_que_nao_se_ve(mesa: Mesa, montar: Callable[..., Any]) -> None:
    """What a person sent to somebody else does not leave by the hand of who may not see it; what was uploaded may."""
    ivo, ana = (mesa.agente(nome=n) for n in ("Ivo", "Ana"))
    alheia, de_ana = mesa.conversa(), mesa.conversa(1)
    await mesa.fazer("assumir", alheia, ivo)
    recebida = mesa.um(
        "insert into midias (cliente_id, origem, tipo, status, sha256, tamanho, mime, conexao_id, id_externo,"
        " expira_em) values (%s, 'RECEBIDA', 'IMAGEM', 'DISPONIVEL', %s, 9, 'image/png', %s, '77',"
        " now() + interval '1 day') returning id",
        mesa.cena.cliente_id, secrets.token_hex(32), mesa.cena.conexao_id,
    )["id"]  # fmt: skip
    mesa.admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, status, conteudo, ordem,"
        " ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'IMAGEM', 'RECEBIDA', %s, 1, now())",
        [
            mesa.cena.cliente_id, alheia, mesa.cena.conexao_id,
            psycopg.types.json.Jsonb({"midiaId": str(recebida)}),
        ],
    )  # fmt: skip

    async def mandar(midia: object, quem: Sessao, conversa: UUID) -> tuple[str, str | None] | None:
        try:
            await chamar(
                mesa.banco_api, "api.mensagem_enviar", **quem.args, p_conversa_id=conversa, p_tipo="IMAGEM",
                p_conteudo={"midiaId": str(midia)},
            )  # fmt: skip
        except Erro as erro:
            return erro.codigo, erro.corpo.campo
        return None

    assert await mandar(recebida, ana, de_ana) == ("ZND01", "conteudo.midiaId")
    assert await mandar(recebida, ivo, alheia) is None, "who sees it may pass it on"
    subida = {"p_sha256": secrets.token_hex(32), "p_tamanho": 9, "p_mime": "image/png"}
    midias = [(await chamar(mesa.banco_api, "api.midia_criar", **quem.args, **subida))["id"] for quem in (ivo, ana)]
    assert midias[0] == midias[1] and await mandar(midias[0], ana, de_ana) is None, "the same file is hers as well"
    vizinha: Mesa = await montar()
    assert await mandar(recebida, vizinha.dona, vizinha.conversa()) == ("ZND01", "conteudo.midiaId")
