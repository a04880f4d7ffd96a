"""To whom nobody writes: closed windows, blocked people, refused marketing, conversations out of sight."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.erros import Erro
from tests.conftest import abrir_sessao
from tests.sql.balcao import Balcao, balcao, botoes, montar, simples, vizinha
from tests.sql.cenas import Admin, Cena

__all__ = ["balcao", "montar", "vizinha"]
RESOLVIDA = (
    "'RESOLVIDA', motivo_id = (select m.id from motivos_resolucao m where m.cliente_id = conversas.cliente_id limit 1)"
)


async def test_a_quem_nao_se_escreve(balcao: Balcao) -> None:
    """Each rule, on its own, and that it does not linger."""
    b = balcao
    contato = b.cena.contatos[0]
    regras = [
        ("update conversas set janela_expira_em = {} where id = %s", b.conversa, "now() + interval '50 seconds'",
         "now() + interval '1 hour'", "ZRV34"),
        ("update conversas set janela_expira_em = {} where id = %s", b.conversa, "null", "now() + interval '1 hour'",
         "ZRV34"),
        ("update contatos set bloqueado = {} where id = %s", contato, "true", "false", "ZRV31"),
        ("update contatos set removido_em = {} where id = %s", contato, "now()", "null", "ZRV30"),
        ("update conexoes set status = {} where id = %s", b.cena.conexao_id, "'DESATIVADA'", "'ATIVA'", "ZRV33"),
        ("update conversas set status = {} where id = %s", b.conversa, RESOLVIDA, "'ABERTA'", "ZCV04"),
    ]  # fmt: skip
    for consulta, alvo, antes, depois, codigo in regras:
        b.mudar(consulta.format(antes), alvo)
        assert (await b.recusa("TEXTO", {"texto": "x"}))[0] == codigo, codigo
        b.mudar(consulta.format(depois), alvo)
        await b.texto()
    # a template needs no window, and a pause only makes it wait
    b.mudar("update conversas set janela_expira_em = null where id = %s", b.conversa)
    b.mudar("update conexoes set status = 'PAUSADA' where id = %s", b.cena.conexao_id)
    await b.enviar("MODELO", simples(b.cena))


async def test_recusa_de_marketing_so_fecha_marketing(balcao: Balcao) -> None:
    b = balcao
    await b.enviar("MODELO", simples(b.cena))
    await b.chamar("api.consentimento_criar", p_contato_id=b.cena.contatos[0], p_acao="REVOGADO", p_prova="pediu")
    assert (await b.recusa("MODELO", simples(b.cena)))[0] == "ZRV32"
    await b.texto("isto não é marketing")
    b.mudar("update modelos set categoria = 'UTILITY' where id = %s", b.cena.modelo_id)
    await b.enviar("MODELO", simples(b.cena))


async def test_uaizap_sem_janela_nem_modelo(balcao: Balcao) -> None:
    b = balcao
    b.mudar("update conversas set janela_expira_em = null where id = %s", b.conversa)
    b.mudar("update conexoes set provedor = 'UAIZAP' where id = %s", b.cena.conexao_id)
    await b.texto("sem janela")
    assert await b.recusa("MODELO", simples(b.cena)) == ("ZRV25", "tipo")
    assert await b.recusa("TEXTO", {"texto": "oi {{nome}}"}) == ("ZRV26", "conteudo")
    assert (await b.recusa("BOTOES", botoes("{{a}}")))[0] == "ZRV26"


async def test_ninguem_escreve_no_que_nao_ve(balcao: Balcao, vizinha: Cena, admin: Admin) -> None:
    b = balcao
    perfil = b.um("select id from perfis where cliente_id = %s and codigo = 'ATENDENTE'", b.cena.cliente_id)
    usuarios = [
        b.um(
            "insert into usuarios (cliente_id, nome, email, perfil_id) values (%s, %s, %s, %s) returning id",
            b.cena.cliente_id, nome, f"{nome.lower()}-{secrets.token_hex(4)}@exemplo.test", perfil["id"],
        )["id"]
        for nome in ("Dora", "Ema")
    ]  # fmt: skip
    b.mudar("update conversas set usuario_id = %s where id = %s", usuarios[0], b.conversa)
    dona, outra = (abrir_sessao(admin, b.cena.cliente_id, u) for u in usuarios)
    m = await b.texto(**dona.args)
    for sessao in (outra, vizinha.sessao):
        assert (await b.recusa("TEXTO", {"texto": "x"}, **sessao.args))[0] == "ZNV01"
        for funcao, id_, codigo in [
            ("api.conversa_obter", b.conversa, "ZNV01"), ("api.conversa_ler", b.conversa, "ZNV01"),
            ("api.conversa_digitar", b.conversa, "ZNV01"), ("api.mensagem_obter", UUID(m["id"]), "ZNV02"),
            ("api.mensagem_cancelar", UUID(m["id"]), "ZNV02"), ("api.mensagem_reenviar", UUID(m["id"]), "ZNV02"),
        ]:  # fmt: skip
            with pytest.raises(Erro) as erro:
                await b.chamar(funcao, p_id=id_, **sessao.args)
            assert erro.value.codigo == codigo, funcao
        assert (await b.chamar("api.conversas_listar", **sessao.args))["dados"] == []
    assert [c["id"] for c in (await b.chamar("api.conversas_listar", **dona.args))["dados"]] == [str(b.conversa)]


@pytest.mark.parametrize("caminho", ["pessoa", "bot", "agendada"])
async def test_recusa_em_curso_segura_o_marketing(balcao: Balcao, url_de: Callable[[str], str], caminho: str) -> None:
    """Whatever path writes: while a revocation is being committed nobody slips past it."""
    b = balcao
    origem, prioridade = {"pessoa": ("HUMANO", 1), "bot": ("BOT", 3), "agendada": ("AGENDADA", 5)}[caminho]
    b.mudar("update conversas set controle = %s where id = %s", "BOT" if caminho == "bot" else "FILA", b.conversa)
    modelo = psycopg.types.json.Jsonb(simples(b.cena))

    def escrever(conexao: psycopg.Connection[Any]) -> str | None:
        conexao.execute("select set_config('app.cliente_id', %s, true)", [str(b.cena.cliente_id)])
        try:
            conexao.execute(
                "select interno.mensagem_enfileirar(%s, %s, 'MODELO', %s, null, %s, %s::smallint)",
                [b.cena.cliente_id, b.conversa, modelo, origem, prioridade],
            )
        except psycopg.Error as erro:
            conexao.rollback()
            return erro.sqlstate
        conexao.commit()
        return None

    with psycopg.connect(url_de("postgres")) as uma, psycopg.connect(url_de("postgres")) as outra:
        assert escrever(outra) is None
        uma.execute("select set_config('app.cliente_id', %s, true)", [str(b.cena.cliente_id)])
        uma.execute(
            "insert into consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)"
            " values (%s, %s, 'MARKETING', 'REVOGADO', 'WHATSAPP', 'SAIR')",
            [b.cena.cliente_id, b.cena.contatos[0]],
        )
        escrita = asyncio.create_task(asyncio.to_thread(escrever, outra))
        await asyncio.sleep(0.3)
        assert not escrita.done(), "it waits for what is being said"
        uma.commit()
        assert await escrita == "ZRV32"
    assert b.contar() == (1, 1)


async def test_janela_fechada_diz_o_que_se_pode(balcao: Balcao) -> None:
    b = balcao
    b.mudar("update conversas set janela_expira_em = now() where id = %s", b.conversa)
    with pytest.raises(Erro) as erro:
        await b.texto()
    assert (erro.value.status, erro.value.codigo, erro.value.corpo.detalhe) == (422, "ZRV34", "USAR_MODELO")
