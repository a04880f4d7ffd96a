"""What colleagues write inside a conversation: notes, who they call, and drafts that nobody else sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


@dataclass
class Sala:
    """A conversation, its administrator, and colleagues that see more or less."""

    cena: Cena
    admin: Admin
    banco: Banco
    conversa: UUID

    async def chamar(self, funcao: str, sessao: Sessao | None = None, **extra: object) -> Any:
        return await chamar(self.banco, funcao, **{**(sessao or self.cena.sessao).args, **extra})

    async def recusa(self, funcao: str, sessao: Sessao | None = None, **extra: object) -> tuple[int, str]:
        with pytest.raises(Erro) as erro:
            await self.chamar(funcao, sessao, **extra)
        return erro.value.status, erro.value.codigo

    async def nota(self, texto: str = "liga depois das 18h", sessao: Sessao | None = None, **extra: object) -> Any:
        return await self.chamar("api.nota_criar", sessao, p_conversa_id=self.conversa, p_texto=texto, **extra)

    def colega(self, visibilidade: str = "TODAS", *permissoes: str, nome: str = "Rui") -> Sessao:
        perfil = self.admin.execute(
            "insert into perfis (cliente_id, nome, visibilidade) values (%s, %s, %s) returning id",
            [self.cena.cliente_id, f"Perfil {uuid4()}", visibilidade],
        ).fetchone()
        assert perfil
        for permissao in permissoes or ("conversas:ler", "conversas:responder"):
            self.admin.execute(
                "insert into perfis_permissoes (cliente_id, perfil_id, permissao) values (%s, %s, %s)",
                [self.cena.cliente_id, perfil["id"], permissao],
            )
        usuario = self.admin.execute(
            "insert into usuarios (cliente_id, nome, email, perfil_id) values (%s, %s, %s, %s) returning id",
            [self.cena.cliente_id, nome, f"{uuid4()}@exemplo.test", perfil["id"]],
        ).fetchone()
        assert usuario
        return abrir_sessao(self.admin, self.cena.cliente_id, usuario["id"])

    def equipe(self, *membros: Sessao) -> UUID:
        linha = self.admin.execute(
            "insert into equipes (cliente_id, nome) values (%s, %s) returning id",
            [self.cena.cliente_id, f"Equipe {uuid4()}"],
        ).fetchone()
        assert linha
        for membro in membros:
            self.admin.execute(
                "insert into equipes_membros (cliente_id, equipe_id, usuario_id) values (%s, %s, %s)",
                [self.cena.cliente_id, linha["id"], membro.usuario_id],
            )
        return UUID(str(linha["id"]))

    def entregar(self, *, usuario: Sessao | None = None, equipe: UUID | None = None) -> None:
        self.admin.execute(
            "update conversas set usuario_id = %s, equipe_id = %s, status = %s where id = %s",
            [usuario and usuario.usuario_id, equipe, "EM_ATENDIMENTO" if usuario else "ABERTA", self.conversa],
        )


@pytest.fixture
async def sala(admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco) -> Sala:
    cena = cenas.montar(admin, await novo_cliente(), contatos=2)
    return Sala(cena, admin, banco_api, cenas.conversar(admin, cena, cena.contatos[0]))


async def test_nota_vive_e_morre_pela_mao_de_quem_a_escreveu(sala: Sala) -> None:
    rui = sala.colega()
    nota = await sala.nota()
    id_ = UUID(nota["id"])
    assert (nota["texto"], nota["versao"], nota["mencoes"]) == ("liga depois das 18h", 1, [])
    assert (await sala.chamar("api.notas_listar", rui, p_conversa_id=sala.conversa))["dados"] == [nota]
    for funcao in ("api.nota_atualizar", "api.nota_remover"):
        assert await sala.recusa(funcao, rui, p_id=id_) == (403, "ZPV80")
    mudada = await sala.chamar("api.nota_atualizar", p_id=id_, p_texto="só de manhã", p_versao=1)
    assert (mudada["texto"], mudada["versao"]) == ("só de manhã", 2)
    assert await sala.recusa("api.nota_atualizar", p_id=id_, p_texto="velha", p_versao=1) == (409, "ZCG02")
    await sala.chamar("api.nota_remover", p_id=id_)
    assert (await sala.chamar("api.notas_listar", p_conversa_id=sala.conversa))["dados"] == []
    assert await sala.recusa("api.nota_remover", p_id=id_) == (404, "ZNV80")


@pytest.mark.parametrize("texto", ["", "   ", "x" * 10_001, None])
async def test_nota_tem_texto(sala: Sala, texto: str | None) -> None:
    status, _ = await sala.recusa("api.nota_criar", p_conversa_id=sala.conversa, p_texto=texto)
    assert status == 422


async def test_nota_em_conversa_resolvida_e_repetida_pela_chave(sala: Sala) -> None:
    cenas.resolver(sala.admin, sala.cena.cliente_id, sala.conversa)
    feitas = await asyncio.gather(*(sala.nota(p_chave_idempotencia="n1") for _ in range(5)))
    assert len({f["id"] for f in feitas}) == 1
    assert await sala.recusa(
        "api.nota_criar", p_conversa_id=sala.conversa, p_texto="outra", p_chave_idempotencia="n1"
    ) == (409, "ZCG03")


async def test_notas_em_paginas_como_as_mensagens(sala: Sala) -> None:
    feitas = [(await sala.nota(f"nota {n}"))["id"] for n in range(7)]
    # of the same instant: the id decides, and no page repeats or forgets one
    sala.admin.execute("update notas set criado_em = now() where conversa_id = %s", [sala.conversa])
    vistas: list[str] = []
    cursor = None
    while True:
        pagina = await sala.chamar("api.notas_listar", p_conversa_id=sala.conversa, p_limite=3, p_cursor=cursor)
        vistas += [n["id"] for n in pagina["dados"]]
        if (cursor := pagina["meta"]["proximoCursor"]) is None:
            break
    assert vistas == feitas[::-1]


async def test_mencao_chega_a_quem_foi_chamado_e_so_a_ele(sala: Sala) -> None:
    rui, lia = sala.colega(nome="Rui"), sala.colega(nome="Lia")
    nota = await sala.nota(p_mencoes=[rui.usuario_id, sala.cena.sessao.usuario_id])
    assert {m["nome"]: m["lidaEm"] is not None for m in nota["mencoes"]} == {"Administradora": True, "Rui": False}
    (minha,) = (await sala.chamar("api.mencoes_listar", rui))["dados"]
    assert (minha["id"], minha["nota"]["texto"], minha["conversa"]["id"]) == (
        nota["id"], "liga depois das 18h", str(sala.conversa),
    )  # fmt: skip
    for outro in (lia, sala.cena.sessao):
        assert (await sala.chamar("api.mencoes_listar", outro))["dados"] == []
    assert await sala.chamar("api.mencoes_ler", lia, p_conversa_id=sala.conversa) == {
        "conversaId": str(sala.conversa), "lidas": 0,
    }  # fmt: skip
    for lidas in (1, 0):
        assert (await sala.chamar("api.mencoes_ler", rui, p_conversa_id=sala.conversa))["lidas"] == lidas
    assert (await sala.chamar("api.mencoes_listar", rui))["dados"] == []


async def test_mencoes_acompanham_a_nota(sala: Sala) -> None:
    rui, lia = sala.colega(), sala.colega(nome="Lia")
    id_ = UUID((await sala.nota(p_mencoes=[rui.usuario_id]))["id"])
    await sala.chamar("api.mencoes_ler", rui, p_conversa_id=sala.conversa)
    await sala.chamar("api.nota_atualizar", p_id=id_, p_mencoes=[rui.usuario_id, lia.usuario_id])
    assert (await sala.chamar("api.mencoes_listar", rui))["dados"] == [], "what was read stays read"
    assert len((await sala.chamar("api.mencoes_listar", lia))["dados"]) == 1
    await sala.chamar("api.nota_atualizar", p_id=id_, p_texto="sem mais", p_mencoes=[])
    assert (await sala.chamar("api.mencoes_listar", lia))["dados"] == []
    await sala.chamar("api.nota_atualizar", p_id=id_, p_mencoes=[lia.usuario_id])
    await sala.chamar("api.nota_remover", p_id=id_)
    assert (await sala.chamar("api.mencoes_listar", lia))["dados"] == []


async def test_so_se_chama_quem_pode_ver(sala: Sala, bia: Sessao) -> None:
    cega, fora = sala.colega("PROPRIA", nome="Zeca"), sala.colega("TODAS", "contatos:ler", nome="Yara")
    sala.entregar(usuario=sala.colega())
    with pytest.raises(Erro) as erro:
        await sala.nota(p_mencoes=[cega.usuario_id, fora.usuario_id, bia.usuario_id])
    corpo = erro.value.corpo
    assert (erro.value.status, corpo.codigo, corpo.campo) == (422, "ZRV82", "mencoes")
    assert "Yara" in corpo.mensagem and "Zeca" in corpo.mensagem
    assert sorted((corpo.detalhe or "").split(",")) == sorted([str(cega.usuario_id), str(fora.usuario_id)])
    assert (await sala.chamar("api.notas_listar", p_conversa_id=sala.conversa))["dados"] == [], "nothing was written"
    alheia, ninguem = [], []
    for quem, onde in ((bia.usuario_id, alheia), (uuid4(), ninguem)):
        with pytest.raises(Erro) as erro:
            await sala.nota(p_mencoes=[quem])
        onde.append((erro.value.status, erro.value.corpo))
    assert alheia == ninguem


async def test_quem_pode_ver_e_o_mesmo_que_a_visibilidade_diz(sala: Sala) -> None:
    """What is said of others agrees with interno.visivel, said of each by themselves, in every arrangement."""
    dono, colega = sala.colega("PROPRIA", nome="Dono"), sala.colega("EQUIPE", nome="Colega")
    membro, chefe = sala.colega("PROPRIA", nome="Membro"), sala.colega("TODAS", nome="Chefe")
    solto, outro = sala.colega("PROPRIA", nome="Solto"), sala.colega("EQUIPE", nome="Outro")
    todos = [dono, colega, membro, chefe, solto, outro]
    equipe, vazia = sala.equipe(dono, colega, membro), sala.equipe(outro)
    vistos = set()
    for usuario in (None, dono, solto):
        for de in (None, equipe, vazia):
            sala.entregar(usuario=usuario, equipe=de)
            for quem in todos:
                try:
                    await sala.chamar("api.conversa_obter", quem, p_id=sala.conversa)
                    ve = True
                except Erro as erro:
                    assert erro.status == 404
                    ve = False
                try:
                    await sala.nota(p_mencoes=[quem.usuario_id])
                    chamavel = True
                except Erro as erro:
                    assert erro.codigo == "ZRV82"
                    chamavel = False
                assert ve == chamavel, (usuario, de, quem)
                vistos.add(ve)
    assert vistos == {True, False}


async def test_quem_deixa_de_ver_perde_a_mencao(sala: Sala) -> None:
    rui = sala.colega("PROPRIA")
    await sala.nota(p_mencoes=[rui.usuario_id])
    sala.entregar(usuario=sala.colega(nome="Outra"))
    assert (await sala.chamar("api.mencoes_listar", rui))["dados"] == []
    assert await sala.recusa("api.mencoes_ler", rui, p_conversa_id=sala.conversa) == (404, "ZNV01")
    assert await sala.recusa("api.notas_listar", rui, p_conversa_id=sala.conversa) == (404, "ZNV01")


# ------------------------------------------------------------------------------------------------------------ drafts


async def test_rascunho_e_de_um_so(sala: Sala) -> None:
    rui = sala.colega()
    assert await sala.recusa("api.rascunho_obter", p_conversa_id=sala.conversa) == (404, "ZNV81")
    feito = await sala.chamar("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="Bom d", p_versao=0)
    assert (feito["versao"], feito["nota"]) == (1, False)
    feito = await sala.chamar("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="Bom dia", p_versao=1)
    assert feito["versao"] == 2
    recusado = ("api.rascunho_atualizar", None)
    assert await sala.recusa(*recusado, p_conversa_id=sala.conversa, p_texto="velho", p_versao=1) == (409, "ZCG02")
    # without a version, the last to come
    feito = await sala.chamar("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="Boa", p_nota=True)
    assert (feito["texto"], feito["nota"], feito["versao"]) == ("Boa", True, 3)
    assert await sala.recusa("api.rascunho_obter", rui, p_conversa_id=sala.conversa) == (404, "ZNV81")
    await sala.chamar("api.rascunho_atualizar", rui, p_conversa_id=sala.conversa, p_texto="o meu")
    assert (await sala.chamar("api.rascunho_obter", p_conversa_id=sala.conversa))["texto"] == "Boa"
    for removido in (True, False):
        dito = await sala.chamar("api.rascunho_remover", p_conversa_id=sala.conversa)
        assert dito == {"conversaId": str(sala.conversa), "removido": removido}
    assert (await sala.chamar("api.rascunho_obter", rui, p_conversa_id=sala.conversa))["texto"] == "o meu"


async def test_rascunho_some_com_o_envio_e_nao_volta_de_outra_janela(sala: Sala) -> None:
    enviar = {
        "p_conversa_id": sala.conversa, "p_tipo": "TEXTO",
        "p_conteudo": msgspec.Raw(b'{"texto": "Bom dia"}'),
    }  # fmt: skip
    await sala.chamar("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="Bom dia")
    await sala.chamar("api.mensagem_enviar", **enviar)
    assert (await sala.chamar("api.rascunho_obter", p_conversa_id=sala.conversa))["texto"] == "Bom dia"
    # refused: nothing was sent, and the draft stays
    vazio = {**enviar, "p_conteudo": msgspec.Raw(b'{"texto": ""}'), "p_limpar_rascunho": True}
    assert (await sala.recusa("api.mensagem_enviar", **vazio))[0] == 422
    assert (await sala.chamar("api.rascunho_obter", p_conversa_id=sala.conversa))["texto"] == "Bom dia"
    await sala.chamar("api.mensagem_enviar", **enviar, p_limpar_rascunho=True)
    assert await sala.recusa("api.rascunho_obter", p_conversa_id=sala.conversa) == (404, "ZNV81")
    assert await sala.recusa("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="Bom dia", p_versao=1) == (
        409,
        "ZCG02",
    )
    await sala.chamar("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="nota", p_nota=True)
    await sala.nota(p_limpar_rascunho=True)
    assert await sala.recusa("api.rascunho_obter", p_conversa_id=sala.conversa) == (404, "ZNV81")


async def test_rascunho_cita_so_o_que_e_da_conversa(sala: Sala) -> None:
    outra = cenas.conversar(sala.admin, sala.cena, sala.cena.contatos[1])
    aqui, la = (cenas.escrever(sala.admin, sala.cena, v) for v in (sala.conversa, outra))
    feito = await sala.chamar("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="a", p_contexto_id=aqui)
    assert feito["contextoId"] == str(aqui)
    for alheia in (la, uuid4()):
        assert await sala.recusa(
            "api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="a", p_contexto_id=alheia
        ) == (404, "ZNV02")


async def test_dois_gravam_o_mesmo_rascunho_e_so_um_vence(sala: Sala) -> None:
    async def gravar(n: int) -> str:
        try:
            await sala.chamar("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto=f"texto {n}", p_versao=1)
        except Erro as erro:
            return erro.codigo
        return "ok"

    await sala.chamar("api.rascunho_atualizar", p_conversa_id=sala.conversa, p_texto="texto")
    feitos = await asyncio.gather(*(gravar(n) for n in range(8)))
    assert sorted(feitos) == ["ZCG02"] * 7 + ["ok"]
