"""People, teams and profiles: how somebody gets in, what a permission taken away means, and who stays in charge."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe
from tests.e2e.produto import Empresa, Produto, nova_empresa

SENHA = "uma frase só minha"


def _convidar(pagina: Page, nome: str, email: str, perfil: str = "Atendente") -> str:
    """The link that was shown, once."""
    pagina.goto("/usuarios/novo")
    pagina.get_by_label("Nome").fill(nome)
    pagina.get_by_label("E-mail").fill(email)
    pagina.get_by_label("Perfil").select_option(label=perfil)
    pagina.get_by_role("button", name="Convidar").click()
    return pagina.get_by_label("Link de uso único").input_value()


@pytest.mark.parametrize("com_script", [True, False], ids=["script", "sem-script"])
def test_convidada_define_a_senha_e_entra(janela: CriarJanela, empresa: Empresa, com_script: bool) -> None:
    email = f"lia-{com_script}@e2e.local".lower()
    dona = janela(com_script=com_script).entrar(empresa.dono)
    link = _convidar(dona, f"Lia {com_script}", email)
    dona.goto("/usuarios")
    expect(dona.get_by_role("row", name=f"Lia {com_script}")).to_contain_text("Convite pendente")
    lia = janela(com_script=com_script).pagina
    lia.goto(link)
    lia.get_by_label("Senha", exact=True).fill("curta")
    lia.get_by_label("Repita a senha").fill("curta")
    lia.get_by_role("button", name="Definir senha").click()
    expect(lia.get_by_label("Senha", exact=True)).to_have_attribute("aria-invalid", "true")
    lia.get_by_label("Senha", exact=True).fill(SENHA)
    lia.get_by_label("Repita a senha").fill(SENHA)
    lia.get_by_role("button", name="Definir senha").click()
    lia.get_by_role("link", name="Entrar").click()
    lia.get_by_label("E-mail").fill(email)
    lia.get_by_label("Senha", exact=True).fill(SENHA)
    lia.get_by_role("button", name="Entrar").click()
    expect(lia.get_by_role("navigation", name="Principal")).to_be_visible()
    assert lia.get_by_role("link", name="Usuários").count() == 0, "an agent does not see who else there is"
    lia.goto("/usuarios")
    expect(lia.get_by_role("heading", level=1)).to_contain_text("Sem permissão")
    lia.goto(link)
    expect(lia.get_by_text("já foi usado ou venceu")).to_be_visible()
    dona.goto("/usuarios")
    expect(dona.get_by_role("row", name=f"Lia {com_script}")).to_contain_text("Ativa")


def test_email_ja_usado_mantem_o_que_se_digitou(janela: CriarJanela, empresa: Empresa, outra_empresa: Empresa) -> None:
    """An e-mail enters one tenant only, and the refusal says no more than that."""
    pagina = janela().entrar(empresa.dono, "/usuarios/novo")
    pagina.get_by_label("Nome").fill("Repetida da Silva")
    pagina.get_by_label("E-mail").fill(outra_empresa.email)
    pagina.get_by_label("Perfil").select_option(label="Supervisor")
    pagina.get_by_role("button", name="Convidar").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZCI02")
    expect(pagina.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    assert pagina.get_by_label("Nome").input_value() == "Repetida da Silva"
    assert outra_empresa.nome not in pagina.content()


def test_permissao_tirada_vale_na_acao_seguinte(janela: CriarJanela, empresa: Empresa) -> None:
    dona = janela().entrar(empresa.dono, "/usuarios/perfis/novo")
    dona.get_by_label("Nome do perfil").fill("Etiquetador")
    dona.get_by_label("Começar com as permissões de").select_option(label="Atendente")
    dona.get_by_role("button", name="Criar perfil").click()
    gere = dona.get_by_label("Etiquetador: Criar, editar e aplicar etiquetas")
    gere.check()
    dona.get_by_role("button", name="Salvar Etiquetador").click()
    expect(dona.get_by_text("Perfil salvo")).to_be_visible()
    agente = empresa.contratar("Téo")
    dona.goto(f"/usuarios/{agente.id}")
    dona.get_by_label("Perfil").select_option(label="Etiquetador")
    dona.get_by_role("button", name="Salvar", exact=True).click()
    expect(dona.get_by_text("Pessoa salva")).to_be_visible()
    teo = janela().entrar(agente, "/etiquetas")
    expect(teo.get_by_text("Nova etiqueta")).to_be_visible()
    dona.goto("/usuarios/perfis")
    expect(dona.get_by_role("columnheader", name="Etiquetador")).to_contain_text("1 pessoa")
    gere.uncheck()
    dona.get_by_role("button", name="Salvar Etiquetador").click()
    expect(dona.get_by_text("Perfil salvo")).to_be_visible()
    teo.reload()
    expect(teo.get_by_role("heading", level=1)).to_have_text("Etiquetas")
    assert teo.get_by_text("Nova etiqueta").count() == 0
    assert dona.get_by_role("button", name="Remover Etiquetador").is_disabled(), "somebody has it"


def test_perfil_com_versao_antiga_mostra_o_conflito(janela: CriarJanela, empresa: Empresa) -> None:
    empresa.dono.pedir(
        "POST", "/api/perfis", json={"nome": "Disputado", "visibilidade": "PROPRIA", "permissoes": ["contatos:ler"]}
    )
    uma, outra = (janela().entrar(empresa.dono, "/usuarios/perfis") for _ in range(2))
    for pagina in (uma, outra):
        pagina.get_by_label("Disputado: Ver etiquetas").check()
        pagina.get_by_role("button", name="Salvar Disputado").click()
    expect(outra.get_by_role("alert")).to_contain_text("ZCG02")
    expect(outra.get_by_label("Disputado: Ver etiquetas")).to_be_checked()


def test_ultimo_administrador_fica(janela: CriarJanela, produto: Produto) -> None:
    sozinha = nova_empresa(produto, "Só Uma Pessoa")
    pagina = janela().entrar(sozinha.dono, "/usuarios")
    expect(pagina.get_by_text("Só você por aqui")).to_be_visible()
    pagina.goto(f"/usuarios/{sozinha.dono.id}")
    pagina.get_by_label("Perfil").select_option(label="Atendente")
    pagina.get_by_role("button", name="Salvar", exact=True).click()
    expect(pagina.get_by_role("alert")).to_contain_text("ao menos um administrador")
    pagina.goto(f"/usuarios/{sozinha.dono.id}/desativar")
    pagina.get_by_role("button", name="Desativar").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZRI01")


def test_desativar_diz_quantas_conversas_e_para_quem(janela: CriarJanela, empresa: Empresa) -> None:
    sai, fica = empresa.contratar("Sai Hoje"), empresa.contratar("Fica Amanhã")
    empresa.receber("oi", "+5511987650777")
    conversa = empresa.conversa_com("+5511987650777")
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/atribuir", json={"usuarioId": sai.id})
    dela = janela().entrar(sai)
    dona = janela().entrar(empresa.dono, f"/usuarios/{sai.id}/desativar")
    expect(dona.get_by_text("1 conversa aberta com esta pessoa")).to_be_visible()
    dona.get_by_label("Quem fica com elas").select_option(label="Fica Amanhã · Atendente")
    dona.get_by_role("button", name="Desativar").click()
    expect(dona.get_by_text("Pessoa desativada")).to_be_visible()
    assert empresa.dono.pedir("GET", f"/api/conversas/{conversa}")["usuarioId"] == fica.id
    dela.goto("/")
    expect(dela.get_by_role("button", name="Entrar")).to_be_visible()
    dona.goto("/usuarios?situacao=desativadas")
    dona.get_by_role("link", name="Sai Hoje").click()
    dona.get_by_role("button", name="Reativar").click()
    expect(dona.get_by_text("Pessoa reativada")).to_be_visible()


def test_equipe_com_fila_e_pessoas(janela: CriarJanela, empresa: Empresa) -> None:
    """Made without a script, from nothing to a queue that hands out by itself."""
    empresa.contratar("Membro Um")
    pagina = janela(com_script=False).entrar(empresa.dono, "/usuarios/equipes/nova")
    pagina.get_by_label("Nome", exact=True).fill("Plantão 24h")
    pagina.get_by_label("Membro Um").check()
    pagina.get_by_role("button", name="Criar equipe").click()
    pagina.get_by_label("Automática").check()
    pagina.get_by_role("button", name="Salvar fila").click()
    pagina.goto("/usuarios/equipes")
    linha = pagina.get_by_role("row", name="Plantão 24h")
    expect(linha).to_contain_text("Membro Um")
    expect(linha).to_contain_text("Automática")
    expect(linha).to_contain_text("Sempre")


def test_nada_de_outra_empresa(janela: CriarJanela, empresa: Empresa, outra_empresa: Empresa) -> None:
    equipe = empresa.dono.pedir("POST", "/api/equipes", json={"nome": "Secreta", "membros": [empresa.dono.id]})
    pagina = janela().entrar(outra_empresa.dono, "/usuarios?situacao=todas")
    assert empresa.email not in pagina.content()
    for caminho in (f"/usuarios/{empresa.dono.id}", f"/usuarios/equipes/{equipe['id']}"):
        resposta = pagina.goto(caminho)
        assert resposta is not None and resposta.status == 404


@pytest.mark.parametrize("onde", ["/usuarios", "/usuarios/equipes", "/saude", "/"])
def test_no_telefone_as_linhas_viram_cartoes(janela: CriarJanela, empresa: Empresa, onde: str) -> None:
    """Nothing scrolls sideways, and each value stands beside what it is."""
    if not empresa.dono.pedir("GET", "/api/equipes"):
        empresa.dono.pedir("POST", "/api/equipes", json={"nome": "Equipe de nome muito comprido mesmo"})
    pagina = janela(largura="telefone").entrar(empresa.dono, onde)
    tabela = pagina.locator(".tabela.empilha").first
    expect(tabela).to_be_visible()
    assert tabela.evaluate("(t) => t.scrollWidth <= t.clientWidth")
    valor = tabela.locator("tbody tr").first.locator("[data-rotulo]").first
    assert valor.evaluate("(c) => getComputedStyle(c, '::before').content") not in ("none", '""')
    assert axe(pagina) == []
    assert janela().entrar(empresa.dono, onde).locator(".tabela.empilha thead").first.is_visible()
