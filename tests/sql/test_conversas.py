"""What a conversation shows and to whom: its history, its versions, and nothing out of sight."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.mesa import Mesa, daqui, mesa, montar

__all__ = ["mesa", "montar"]


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


async def test_nao_lida_e_versao(mesa: Mesa) -> None:
    conversa = mesa.conversa()
    assert (await mesa.fazer("leitura_desfazer", conversa))["naoLidas"] == 1
    assert (await mesa.fazer("leitura_desfazer", conversa))["naoLidas"] == 1
    assert (await mesa.fazer("ler", conversa))["naoLidas"] == 0
    lida = await mesa.fazer("assumir", conversa)
    await mesa.fazer("aguardar", conversa)
    assert await mesa.recusa("resolver", conversa, p_motivo_id=mesa.motivo(), p_versao=lida["versao"]) == "ZCG02"
    assert mesa.estado(conversa)["status"] == "AGUARDANDO_CLIENTE"


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
