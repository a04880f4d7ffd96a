"""A message taken back before it leaves, and sent again when it failed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.sql import cenas
from tests.sql.balcao import Balcao, balcao, montar
from tests.sql.cenas import reservar

__all__ = ["balcao", "montar"]


async def test_desfeita_a_resposta_a_pessoa_volta_a_esperar(balcao: Balcao) -> None:
    b = balcao

    def resumo() -> Any:
        return b.admin.execute(
            "select espera_desde, nao_lidas, respondida_ate, ultima_mensagem_id from conversas where id = %s",
            [b.conversa],
        ).fetchone()

    b.admin.execute("update conversas set espera_desde = ultima_entrada_em where id = %s", [b.conversa])
    antes = resumo()
    resposta = await b.texto("já vai")
    assert resumo()["espera_desde"] is None
    await b.chamar("api.mensagem_cancelar", p_id=UUID(resposta["id"]))
    depois = resumo()
    assert (depois["espera_desde"], depois["respondida_ate"]) == (antes["espera_desde"], None)
    assert depois["ultima_mensagem_id"] == b.entrada


async def test_cancelar_antes_que_saia(balcao: Balcao, banco_worker: Banco) -> None:
    b = balcao
    primeira, segunda = await b.texto("um"), await b.texto("dois")
    desfeita = await b.chamar("api.mensagem_cancelar", p_id=UUID(segunda["id"]))
    assert (desfeita["status"], desfeita["motivo"], desfeita["motivoTexto"]) == (
        "PULADO", "CANCELADA", "Cancelada antes de sair",
    )  # fmt: skip
    assert b.contar() == (2, 1)
    assert len(await reservar(banco_worker, b.cena)) == 1
    with pytest.raises(Erro) as erro:
        await b.chamar("api.mensagem_cancelar", p_id=UUID(primeira["id"]))
    assert erro.value.codigo == "ZCV03"
    assert (await b.chamar("api.mensagem_cancelar", p_id=UUID(segunda["id"])))["motivo"] == "CANCELADA"


@pytest.mark.parametrize(
    ("status", "motivo", "pode"),
    [
        ("FALHOU", "PLATFORM", True), ("FALHOU", "MEDIA", True), ("FALHOU", "TENTATIVAS_ESGOTADAS", True),
        ("FALHOU", "EXPIRADA", True), ("FALHOU", "REQUEST", False), ("FALHOU", "CONTACT", False),
        ("FALHOU", "WINDOW", False), ("FALHOU", "OPTOUT", False), ("INCERTO", "SEM_RESPOSTA", False),
        ("ENVIADO", None, False), ("RESERVADO", None, False),
    ],
)  # fmt: skip
async def test_reenviar_so_o_que_passa(balcao: Balcao, status: str, motivo: str | None, pode: bool) -> None:
    b = balcao
    m = await b.texto("um")
    b.mudar("delete from fila where alvo_id = %s", UUID(m["id"]))
    passos = {"FALHOU": ["FALHOU"], "INCERTO": ["ENVIANDO", "INCERTO"], "ENVIADO": ["ENVIADO"]}.get(status, [])
    for passo in passos:
        b.mudar("update mensagens set status = %s, motivo = %s where id = %s", passo, motivo, UUID(m["id"]))
    outra = await b.texto("dois")
    if not pode:
        with pytest.raises(Erro) as erro:
            await b.chamar("api.mensagem_reenviar", p_id=UUID(m["id"]))
        assert erro.value.codigo == "ZCV05"
        return
    de_novo = await b.chamar("api.mensagem_reenviar", p_id=UUID(m["id"]))
    assert (de_novo["status"], de_novo["motivo"], de_novo["motivoTexto"]) == ("RESERVADO", None, None)
    ordens = b.admin.execute(
        "select alvo_id, ordem from fila where chave_ordem = %s order by ordem", [b.conversa]
    ).fetchall()
    assert [str(o["alvo_id"]) for o in ordens] == [outra["id"], m["id"]], "at the end of the conversation"
    b.mudar("update contatos set bloqueado = true where id = %s", b.cena.contatos[0])
    with pytest.raises(Erro):
        await b.chamar("api.mensagem_reenviar", p_id=UUID(m["id"]))


async def test_um_atraso_deixa_desfazer_e_guarda_a_ordem(balcao: Balcao, banco_worker: Banco) -> None:
    b = balcao
    primeira = await b.texto("com calma", p_atraso=15)
    segunda = await b.texto("logo atrás")
    assert primeira["acoes"] == segunda["acoes"] == ["DESFAZER"]
    assert primeira["saiEm"] > segunda["saiEm"]
    assert await reservar(banco_worker, b.cena) == [], "the second waits behind the first"
    desfeita = await b.chamar("api.mensagem_cancelar", p_id=UUID(primeira["id"]))
    assert (desfeita["conteudo"], desfeita["status"], desfeita["acoes"]) == ({"texto": "com calma"}, "PULADO", [])
    (item,) = await reservar(banco_worker, b.cena)
    assert (await b.chamar("api.mensagem_obter", p_id=UUID(segunda["id"])))["acoes"] == []
    with pytest.raises(Erro) as erro:
        await b.chamar("api.mensagem_cancelar", p_id=UUID(segunda["id"]))
    assert (erro.value.status, erro.value.codigo) == (409, "ZCV03")
    assert item["id"]
    for atraso in (-1, 16):
        with pytest.raises(Erro) as erro:
            await b.texto("x", p_atraso=atraso)
        assert erro.value.status == 400


async def test_o_que_fazer_diante_de_cada_falha(balcao: Balcao) -> None:
    b = balcao
    classes = b.admin.execute("select classe, acao, acoes from provedor_classes").fetchall()
    for c in classes:
        assert c["acoes"] or c["classe"] == "OPTOUT", c["classe"]
        assert ("REENVIAR" in c["acoes"]) == (c["acao"] != "FALHAR"), c["classe"]
    esperado = {c["classe"]: c["acoes"] for c in classes}
    esperado |= {m["motivo"]: m["acoes"] for m in b.admin.execute("select * from mensagens_motivos").fetchall()}
    for motivo, acoes in esperado.items():
        m = cenas.escrever(b.admin, b.cena, b.conversa)
        b.mudar("delete from fila where alvo_id = %s", m)
        b.mudar("update mensagens set status = 'FALHOU', motivo = %s where id = %s", motivo, m)
        vista = await b.chamar("api.mensagem_obter", p_id=m)
        assert vista["acoes"] == acoes and vista["motivoTexto"], motivo
        try:
            await b.chamar("api.mensagem_reenviar", p_id=m)
            pode = True
        except Erro as erro:
            assert erro.codigo == "ZCV05"
            pode = False
        assert pode == ("REENVIAR" in acoes), motivo
    # stopped by a rule: it never left, and is not sent again as it is
    m = cenas.escrever(b.admin, b.cena, b.conversa)
    b.mudar("update mensagens set status = 'PULADO', motivo = 'JANELA_FECHADA' where id = %s", m)
    assert (await b.chamar("api.mensagem_obter", p_id=m))["acoes"] == ["USAR_MODELO"]
