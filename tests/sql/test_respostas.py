"""Canned replies: whose they are, how they are found, and what they say in one conversation."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.erros import Erro
from tests.conftest import Sessao
from tests.sql.test_notas import Sala, sala

__all__ = ["sala"]


async def criar(sala: Sala, atalho: str, sessao: Sessao | None = None, **extra: object) -> Any:
    argumentos: dict[str, object] = {"p_escopo": "TODOS", "p_titulo": "Saudação", "p_texto": "Olá", **extra}
    return await sala.chamar("api.resposta_rapida_criar", sessao, p_atalho=atalho, **argumentos)


async def achar(sala: Sala, busca: str | None = None, sessao: Sessao | None = None, **extra: object) -> list[str]:
    pagina = await sala.chamar("api.respostas_rapidas_listar", sessao, p_busca=busca, **extra)
    return [r["atalho"] for r in pagina["dados"]]


async def renderizar(sala: Sala, texto: str, sessao: Sessao | None = None) -> tuple[str, dict[str, str]]:
    resposta = await criar(sala, f"r{secrets.token_hex(4)}", p_texto=texto)
    feita = await sala.chamar(
        "api.resposta_rapida_renderizar", sessao, p_id=UUID(resposta["id"]), p_conversa_id=sala.conversa
    )
    return feita["texto"], {f["variavel"]: f["motivo"] for f in feita["faltam"]}


async def midia(sala: Sala, nome: str) -> UUID:
    feita = await sala.chamar(
        "api.midia_criar", p_sha256=secrets.token_hex(32), p_tamanho=10, p_mime="image/png", p_nome=nome
    )
    return UUID(feita["id"])


async def test_cada_escopo_tem_seus_atalhos(sala: Sala) -> None:
    rui, lia = sala.colega(nome="Rui"), sala.colega(nome="Lia")
    equipe = sala.equipe(rui)
    assert (await criar(sala, "/Olá"))["atalho"] == "ola"
    await criar(sala, "ola", p_escopo="EQUIPE", p_equipe_id=equipe)
    for quem in (rui, lia):
        await criar(sala, "ola", quem, p_escopo="PESSOAL")
    da_equipe: dict[str, object] = {"p_escopo": "EQUIPE", "p_equipe_id": equipe}
    casos: list[tuple[dict[str, object], Sessao | None]] = [
        ({}, None),
        (da_equipe, None),
        ({"p_escopo": "PESSOAL"}, rui),
    ]
    for repetida, quem in casos:
        with pytest.raises(Erro) as erro:
            await criar(sala, "OLÁ", quem, **repetida)
        assert (erro.value.status, erro.value.codigo) == (409, "ZCV81")
    assert len(await achar(sala, sessao=rui)) == 3
    assert len(await achar(sala, sessao=lia)) == 2
    assert len(await achar(sala, sessao=lia, p_escopo="PESSOAL")) == 1


@pytest.mark.parametrize(
    ("mudar", "codigo"),
    [
        ({"p_atalho": "bom dia"}, "ZRV80"), ({"p_atalho": ""}, "ZRV80"), ({"p_atalho": "x" * 41}, "ZRV80"),
        ({"p_titulo": " "}, "ZRG01"), ({"p_texto": "x" * 4097}, "ZRG01"), ({"p_texto": ""}, "ZRV84"),
        ({"p_escopo": "EQUIPE"}, "ZRV85"), ({"p_equipe_id": uuid4()}, "ZRV85"), ({"p_midia_ids": [uuid4()]}, "ZND01"),
        ({"p_escopo": "EQUIPE", "p_equipe_id": uuid4()}, "ZNI04"), ({"p_midia_ids": [uuid4()] * 11}, "ZRV83"),
    ],
)  # fmt: skip
async def test_o_que_nao_se_guarda(sala: Sala, mudar: dict[str, object], codigo: str) -> None:
    with pytest.raises(Erro) as erro:
        await criar(sala, str(mudar.pop("p_atalho", "a")), **mudar)
    assert erro.value.codigo == codigo
    assert await achar(sala) == []


async def test_as_comuns_so_quem_gere_muda_e_as_proprias_so_o_dono_ve(sala: Sala, bia: Sessao) -> None:
    rui, lia = sala.colega(nome="Rui"), sala.colega(nome="Lia")
    gere = sala.colega("PROPRIA", "conversas:responder", "respostas:gerir", nome="Gil")
    equipe = sala.equipe(lia)
    comum = UUID((await criar(sala, "comum", gere))["id"])
    propria = UUID((await criar(sala, "minha", rui, p_escopo="PESSOAL"))["id"])
    da_equipe = UUID((await criar(sala, "equipe", gere, p_escopo="EQUIPE", p_equipe_id=equipe))["id"])
    escopos: list[dict[str, object]] = [{}, {"p_escopo": "EQUIPE", "p_equipe_id": equipe}]
    for escopo in escopos:
        with pytest.raises(Erro) as erro:
            await criar(sala, "nova", lia, **escopo)
        assert (erro.value.status, erro.value.codigo) == (403, "ZPG01")
    for id_ in (comum, da_equipe):
        for funcao in ("api.resposta_rapida_atualizar", "api.resposta_rapida_remover"):
            assert await sala.recusa(funcao, lia, p_id=id_) == (403, "ZPG01")
    assert (await sala.chamar("api.resposta_rapida_obter", gere, p_id=da_equipe))["equipeId"] == str(equipe)
    for quem, id_ in ((rui, da_equipe), (lia, propria), (gere, propria), (bia, comum), (rui, uuid4())):
        for funcao in ("obter", "atualizar", "remover"):
            assert await sala.recusa(f"api.resposta_rapida_{funcao}", quem, p_id=id_) == (404, "ZNV82")
    mudada = await sala.chamar("api.resposta_rapida_atualizar", rui, p_id=propria, p_texto="Oi", p_versao=1)
    assert (mudada["texto"], mudada["titulo"], mudada["versao"]) == ("Oi", "Saudação", 2)
    assert await sala.recusa("api.resposta_rapida_remover", rui, p_id=propria, p_versao=1) == (409, "ZCG02")
    await sala.chamar("api.resposta_rapida_remover", rui, p_id=propria, p_versao=2)
    assert await achar(sala, sessao=rui) == ["comum"]


async def test_busca_sem_acento_no_atalho_no_titulo_e_no_texto(sala: Sala) -> None:
    await criar(sala, "preco", p_titulo="Tabela", p_texto="Valores de março")
    await criar(sala, "pix", p_titulo="Preços no Pix", p_texto="Chave")
    await criar(sala, "zap", p_titulo="Outro", p_texto="O preço à vista é menor")
    await criar(sala, "nada", p_titulo="Nada", p_texto="100% {{empresa.nome}} _ não")
    assert await achar(sala, "PREÇO") == ["preco", "pix", "zap"], "shortcut, then title, then text"
    assert await achar(sala, "/prec") == ["preco", "pix", "zap"]
    assert await achar(sala, "vista preço") == ["zap"]
    assert (
        await achar(sala, "100%") == ["nada"]
        and await achar(sala, "%") == ["nada"]
        and await achar(sala, "_") == ["nada"]
    )
    assert await achar(sala, "inexistente") == []
    todos = await achar(sala, "  ")
    vistas: list[str] = []
    cursor = None
    while True:
        pagina = await sala.chamar("api.respostas_rapidas_listar", p_limite=1, p_cursor=cursor)
        vistas += [r["atalho"] for r in pagina["dados"]]
        if (cursor := pagina["meta"]["proximoCursor"]) is None:
            break
    assert vistas == todos == ["nada", "pix", "preco", "zap"]


async def test_variaveis_numa_so_passada(sala: Sala) -> None:
    equipe = sala.equipe()
    sala.admin.execute("update equipes set nome = 'Suporte' where id = %s", [equipe])
    sala.entregar(equipe=equipe)
    sala.admin.execute(
        'update contatos set nome = \'Ana {{usuario.nome}} Lima\', campos = \'{"plano": "Ouro {{x}}", "vazio": " "}\''
        " where id = %s",
        [sala.cena.contatos[0]],
    )
    texto, faltam = await renderizar(
        sala, "{{contato.primeiroNome}}|{{ contato.nome }}|{{contato.campos.plano}}|{{usuario.nome}}|{{equipe.nome}}"
    )
    assert texto == "Ana|Ana {{usuario.nome}} Lima|Ouro {{x}}|Administradora|Suporte"
    assert faltam == {}
    sem = "{{contato.campos.vazio}} {{contato.campos.x}} {{contato.email}} {{contato.senha}} {{}}"
    sem += " {{{contato.telefone}}} { {{a"
    texto, faltam = await renderizar(sala, sem)
    assert faltam == {
        "contato.campos.vazio": "VAZIA", "contato.campos.x": "VAZIA", "contato.email": "VAZIA",
        "contato.senha": "DESCONHECIDA", "": "DESCONHECIDA",
    }  # fmt: skip
    assert "{{contato.campos.x}}" in texto and "{+55" in texto and texto.endswith("{ {{a")
    empresa, _ = await renderizar(sala, "{{empresa.nome}}\n{{contato.telefone}}")
    assert "\n+55" in empresa and "{{" not in empresa
    assert await renderizar(sala, "sem nada") == ("sem nada", {})


async def test_renderizar_pede_a_conversa_a_vista(sala: Sala, bia: Sessao) -> None:
    rui = sala.colega("PROPRIA")
    resposta = UUID((await criar(sala, "oi"))["id"])
    sala.entregar(usuario=sala.colega(nome="Outra"))
    pedido = {"p_id": resposta, "p_conversa_id": sala.conversa}
    assert await sala.recusa("api.resposta_rapida_renderizar", rui, **pedido) == (404, "ZNV01")
    assert await sala.recusa("api.resposta_rapida_renderizar", bia, **pedido) == (404, "ZNV01")
    for quem in (rui, bia):
        assert await sala.recusa("api.conversa_variaveis_obter", quem, p_conversa_id=sala.conversa) == (404, "ZNV01")


async def test_variaveis_e_o_que_valem_nesta_conversa(sala: Sala) -> None:
    lidas = await sala.chamar("api.conversa_variaveis_obter", p_conversa_id=sala.conversa)
    valem = {v["variavel"]: v["valor"] for v in lidas["variaveis"]}
    # the list and what a reply puts in their place are the same
    for nome, valor in valem.items():
        assert await renderizar(sala, f"{{{{{nome}}}}}") == (
            (valor, {}) if valor else (f"{{{{{nome}}}}}", {nome: "VAZIA"})
        )
    assert valem["contato.telefone"].startswith("+55") and valem["contato.email"] is None
    achadas = await sala.chamar("api.conversa_variaveis_obter", p_conversa_id=sala.conversa, p_busca="PRIMEIRONOMÉ")
    assert [v["variavel"] for v in achadas["variaveis"]] == ["contato.primeiroNome", "usuario.primeiroNome"]


async def test_arquivos_vao_na_ordem_e_quem_usa_os_ve(sala: Sala) -> None:
    rui = sala.colega("PROPRIA", nome="Rui")
    midias = [await midia(sala, f"{n}.png") for n in range(3)]
    assert await sala.recusa("api.midia_obter", rui, p_id=midias[0]) == (404, "ZND01")
    resposta = await criar(sala, "mapa", p_texto="", p_midia_ids=midias[::-1])
    assert [m["nome"] for m in resposta["midias"]] == ["2.png", "1.png", "0.png"]
    assert (await sala.chamar("api.midia_obter", rui, p_id=midias[0]))["nome"] == "0.png"
    feita = await sala.chamar(
        "api.resposta_rapida_renderizar", rui, p_id=UUID(resposta["id"]), p_conversa_id=sala.conversa
    )
    assert [m["nome"] for m in feita["midias"]] == ["2.png", "1.png", "0.png"]
    menos = await sala.chamar(
        "api.resposta_rapida_atualizar", p_id=UUID(resposta["id"]), p_texto="Veja", p_midia_ids=[midias[1]]
    )
    assert [m["nome"] for m in menos["midias"]] == ["1.png"]
    # a colleague's file that nobody showed them is none
    with pytest.raises(Erro) as erro:
        await criar(sala, "furto", rui, p_escopo="PESSOAL", p_midia_ids=[midias[0]])
    assert erro.value.codigo == "ZND01"
