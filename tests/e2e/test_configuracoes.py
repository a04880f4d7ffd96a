"""Settings: each section saves, says so, and works without a script."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Agente, Empresa

NOVA = "outra frase só minha"


def test_encerrar_uma_sessao_derruba_o_outro_navegador(janela: CriarJanela, empresa: Empresa) -> None:
    aqui = janela().entrar(empresa.dono, "/configuracoes/seguranca")
    la = janela(largura="telefone").entrar(empresa.dono)
    aqui.reload()
    sessoes = aqui.locator("#sessoes li")
    expect(sessoes.filter(has_text="esta sessão")).to_have_count(1)
    expect(sessoes.first).to_contain_text("Chrome")
    # the newest comes first: the other browser's
    sessoes.first.get_by_role("button", name="Encerrar").click()
    expect(aqui.get_by_text("Sessão encerrada")).to_be_visible()
    la.goto("/configuracoes/perfil")
    expect(la.get_by_role("button", name="Entrar")).to_be_visible()
    aqui.goto("/configuracoes/perfil")
    expect(aqui.get_by_role("heading", level=1)).to_have_text("Meu perfil")


def test_trocar_a_senha_sem_script(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Troca Senha")
    outra = janela().entrar(pessoa)
    pagina = janela(com_script=False).entrar(pessoa, "/configuracoes/seguranca")
    for atual, nova, repetida, campo in (
        ("errada", NOVA, NOVA, "Senha atual"),
        (pessoa.senha, NOVA, "diferente dela", "Repita a senha nova"),
        (pessoa.senha, "curta", "curta", "Senha nova"),
    ):
        pagina.get_by_label("Senha atual").fill(atual)
        pagina.get_by_label("Senha nova", exact=True).fill(nova)
        pagina.get_by_label("Repita a senha nova").fill(repetida)
        pagina.get_by_role("button", name="Trocar senha").click()
        expect(pagina.get_by_label(campo, exact=True)).to_have_attribute("aria-invalid", "true")
    pagina.get_by_label("Senha atual").fill(pessoa.senha)
    pagina.get_by_label("Senha nova", exact=True).fill(NOVA)
    pagina.get_by_label("Repita a senha nova").fill(NOVA)
    pagina.get_by_role("button", name="Trocar senha").click()
    expect(pagina.get_by_text("Senha trocada")).to_be_visible()
    outra.goto("/configuracoes/perfil")
    expect(outra.get_by_role("button", name="Entrar")).to_be_visible()
    assert Agente(empresa.produto, pessoa.email, NOVA).id == pessoa.id


def test_horarios_sem_script(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela(com_script=False).entrar(empresa.dono, "/configuracoes/horarios")
    pagina.get_by_label("Nome").fill("Loja")
    pagina.get_by_role("button", name="Criar").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Loja")
    pagina.get_by_label("Sábado, abre").first.fill("09:00")
    pagina.get_by_label("Sábado, fecha").first.fill("08:00")
    pagina.get_by_role("button", name="Salvar horários").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZRA01")
    assert pagina.get_by_label("Sábado, abre").first.input_value() == "09:00", "what was typed stays"
    pagina.get_by_label("Sábado, fecha").first.fill("00:00")
    pagina.get_by_role("button", name="Salvar horários").click()
    expect(pagina.get_by_text("Horários salvos")).to_be_visible()
    calendario = empresa.dono.pedir("GET", "/api/calendarios")[0]
    assert {"dia": 6, "inicio": "09:00", "fim": "24:00"} in calendario["faixas"] and len(calendario["faixas"]) == 11
    pagina.get_by_label("Com Carnaval").check()
    pagina.get_by_role("button", name="Pôr os feriados nacionais").click()
    expect(pagina.get_by_text("Natal")).to_be_visible()
    pagina.get_by_role("button", name="Tirar Natal").click()
    assert pagina.get_by_text("Natal").count() == 0


def test_resposta_rapida_feita_e_preenchida(janela: CriarJanela, empresa: Empresa, outra_empresa: Empresa) -> None:
    pagina = janela(com_script=False).entrar(empresa.dono, "/configuracoes/respostas/nova")
    pagina.get_by_label("Título").fill("Boas-vindas")
    pagina.get_by_label("Atalho").fill("/Olá")
    pagina.get_by_label("Quem pode usar").select_option(label="Todos")
    texto = "Olá, {{contato.primeiroNome}}! Fale com a {{empresa.nome}}. {{nada}}"
    pagina.get_by_label("Texto").fill(texto)
    pagina.get_by_role("button", name="Ver como fica").click()
    expect(pagina.locator("#previa")).to_contain_text(f"Olá, Maria! Fale com a {empresa.nome}. {{{{nada}}}}")
    expect(pagina.locator("#previa")).to_contain_text("não existe")
    assert pagina.get_by_label("Texto").input_value() == texto
    pagina.get_by_role("button", name="Criar resposta").click()
    expect(pagina.get_by_text("Resposta criada")).to_be_visible()
    arquivo = {"name": "tabela.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    pagina.get_by_label("Anexar arquivo").set_input_files(arquivo)  # type: ignore[arg-type]
    pagina.get_by_role("button", name="Anexar", exact=True).click()
    expect(pagina.locator("#arquivos")).to_contain_text("tabela.pdf")
    empresa.receber("oi", "+5511987650888")
    conversa = empresa.conversa_com("+5511987650888")
    resposta = empresa.dono.pedir("GET", "/api/respostas-rapidas", params={"busca": "ola"})[0]
    assert resposta["atalho"] == "ola" and [m["nome"] for m in resposta["midias"]] == ["tabela.pdf"]
    pronta = empresa.dono.pedir(
        "POST", f"/api/respostas-rapidas/{resposta['id']}/renderizar", json={"conversaId": conversa}
    )
    assert empresa.nome in pronta["texto"]
    alheia = janela().entrar(outra_empresa.dono)
    resposta_http = alheia.goto(f"/configuracoes/respostas/{resposta['id']}")
    assert resposta_http is not None and resposta_http.status == 404


def test_quem_nao_administra_ve_so_o_que_e_seu(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().entrar(empresa.contratar("Só Atende"), "/configuracoes")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Meu perfil")
    lado = pagina.get_by_role("navigation", name="Configurações")
    expect(lado.get_by_role("link", name="Respostas rápidas")).to_be_visible()
    assert lado.get_by_role("link", name="Empresa e plano").count() == 0
    pagina.goto("/configuracoes/horarios")
    assert pagina.get_by_role("button", name="Criar").count() == 0
    pagina.goto("/configuracoes/respostas/nova")
    assert pagina.get_by_label("Quem pode usar").locator("option").all_inner_texts() == ["Só eu"]


def test_empresa_e_motivos(janela: CriarJanela, outra_empresa: Empresa, empresa: Empresa) -> None:
    pagina = janela().entrar(outra_empresa.dono, "/configuracoes/empresa")
    velha = janela().entrar(outra_empresa.dono, "/configuracoes/empresa")
    pagina.get_by_label("Fuso horário").fill("America/Manaus")
    pagina.get_by_role("button", name="Salvar").click()
    expect(pagina.get_by_text("Empresa salva")).to_be_visible()
    velha.get_by_label("Nome da empresa").fill("Escrito Antes")
    velha.get_by_role("button", name="Salvar").click()
    expect(velha.get_by_role("alert")).to_contain_text("ZCG02")
    assert velha.get_by_label("Nome da empresa").input_value() == "Escrito Antes"
    assert empresa.dono.pedir("GET", "/api/empresa")["fuso"] == "America/Sao_Paulo"
    pagina.goto("/configuracoes/motivos")
    pagina.get_by_label("Novo motivo").fill("Virou venda")
    pagina.get_by_role("button", name="Criar").click()
    pagina.get_by_label("Novo motivo").fill("Virou venda")
    pagina.get_by_role("button", name="Criar").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZCV21")


def test_atalho_trocado_vale_e_repetido_nao(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().entrar(empresa.contratar("Troca Atalho"), "/configuracoes/atalhos")
    campo = pagina.get_by_label("Atualizar", exact=True)
    campo.fill("")
    campo.press("/")
    pagina.get_by_role("button", name="Salvar atalhos").click()
    assert "busca" in campo.evaluate("e => e.validationMessage"), "whose it already is, before it is sent"
    campo.fill("")
    campo.press("Shift+Q")
    assert campo.input_value() == "Shift+Q"
    pagina.get_by_role("button", name="Salvar atalhos").click()
    expect(pagina.get_by_text("Atalhos salvos")).to_be_visible()
    assert pagina.get_by_label("Atualizar", exact=True).input_value() == "Shift+Q"
    expect(pagina.locator("body")).to_have_attribute("data-atalhos", re.compile(r"atualizar Shift\+Q"))
    pagina.get_by_role("button", name="Voltar ao padrão").click()
    assert pagina.get_by_label("Atualizar", exact=True).input_value() == "u"


def test_atalho_repetido_sem_script_diz_qual(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela(com_script=False).entrar(empresa.contratar("Sem Script"), "/configuracoes/atalhos")
    pagina.get_by_label("Atualizar", exact=True).fill("z")
    pagina.get_by_label("Ir para a busca da página").fill("z")
    pagina.get_by_role("button", name="Salvar atalhos").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZRI44")
    assert pagina.get_by_label("Atualizar", exact=True).input_value() == "z"


def test_notificacoes_e_aparencia(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Silêncio")
    pagina = janela().entrar(pessoa, "/configuracoes/notificacoes")
    pagina.get_by_role("button", name="Ouvir").click()
    pagina.get_by_label("Silêncio todo dia").check()
    pagina.get_by_label("das").fill("21:00")
    pagina.get_by_label("às").fill("21:00")
    pagina.get_by_role("button", name="Salvar").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZRI42")
    pagina.get_by_label("às").fill("06:30")
    pagina.get_by_role("button", name="Salvar").click()
    expect(pagina.get_by_text("Notificações salvas")).to_be_visible()
    lidas = pessoa.pedir("GET", "/api/autenticacao/preferencias")
    assert (lidas["silencioDe"], lidas["silencioAte"]) == ("21:00", "06:30")
    pagina.goto("/configuracoes/aparencia")
    pagina.get_by_role("group", name="Tema").get_by_role("button", name="Escuro").click()
    expect(pagina.locator("html")).to_have_attribute("data-tema", "escuro")
    assert pagina.url.endswith("/configuracoes/aparencia")
