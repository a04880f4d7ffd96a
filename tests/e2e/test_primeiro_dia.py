"""The first day of somebody who has read nothing but the pages: from an empty tenant to customers answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import retratar
from tests.e2e.produto import Empresa, Produto, nova_empresa

CLIENTE = "(11) 98765-4321"


@pytest.fixture(scope="module")
def novata(produto: Produto) -> Empresa:
    return nova_empresa(produto, "Floricultura Jade")


def _conectar(pagina: Page) -> str:
    pagina.get_by_role("link", name="Canais").first.click()
    pagina.get_by_role("link", name="Conectar um número").first.click()
    pagina.get_by_role("link", name="Usar número de demonstração").click()
    pagina.get_by_role("button", name="Conectar", exact=True).click()
    pagina.get_by_role("button", name="Testar a conexão").click()
    expect(pagina.get_by_text("O provedor aceitou as credenciais")).to_be_visible()
    pagina.get_by_role("button", name="Buscar modelos na Meta").click()
    expect(pagina.locator("option", has_text="boas_vindas")).to_have_count(1)
    return pagina.url


def _importar(pagina: Page, pasta: Path) -> None:
    arquivo = pasta / "clientes.csv"
    linhas = "".join(f"Cliente {n:04d};(11) 9{70000000 + n}\n" for n in range(1000))
    arquivo.write_text("Nome;Celular\n" + linhas, encoding="latin-1")
    pagina.get_by_role("link", name="Contatos").first.click()
    pagina.get_by_role("link", name=re.compile("Importar")).first.click()
    pagina.get_by_label("Arquivo CSV").set_input_files(arquivo)
    pagina.get_by_role("button", name="Enviar arquivo").click()
    pagina.get_by_role("button", name="Conferir as linhas").click()
    pagina.get_by_role("button", name=re.compile(r"Importar 1\.?000")).click(timeout=60_000)
    expect(pagina.get_by_role("heading", name="Pronto")).to_be_visible(timeout=90_000)


def _lancar(pagina: Page) -> None:
    pagina.get_by_role("link", name="Campanhas").first.click()
    pagina.get_by_role("link", name="Nova campanha").first.click()
    pagina.get_by_label("Nome da campanha").fill("Boas-vindas")
    pagina.get_by_role("button", name="Salvar e escolher o modelo").click()
    pagina.get_by_role("radio", name="boas_vindas").check()
    pagina.get_by_role("button", name="Usar este modelo").click()
    if pagina.get_by_role("button", name="Salvar e ir ao envio").is_visible():
        pagina.get_by_role("button", name="Salvar e ir ao envio").click()
    pagina.get_by_role("button", name="Salvar e revisar").click()
    expect(pagina.get_by_role("heading", name="O que aconteceria agora")).to_be_visible()
    pagina.get_by_role("link", name="Está certo: ir ao lançamento").click()
    pagina.get_by_role("checkbox", name="Estas pessoas aceitaram").check()
    pagina.get_by_role("button", name="Lançar", exact=True).click()
    expect(pagina.get_by_role("heading", name="Progresso")).to_be_visible()


def _pausar_e_retomar(pagina: Page) -> None:
    pagina.get_by_role("button", name="Pausar").click(timeout=30_000)
    pagina.get_by_role("button", name="Retomar").click(timeout=30_000)
    expect(pagina.locator("#andamento")).to_contain_text("Concluída", timeout=120_000)


def _preparar_resposta(pagina: Page) -> None:
    pagina.goto("/configuracoes/respostas")
    pagina.get_by_role("link", name="Nova resposta").click()
    pagina.get_by_label("Título").fill("Horário da loja")
    pagina.get_by_label("Atalho").fill("horario")
    pagina.get_by_label("Texto").fill("Olá! Abrimos de segunda a sábado, das 9h às 18h.")
    pagina.locator("form.cartao button.principal").click()
    expect(pagina.get_by_text("Horário da loja").first).to_be_visible()


def _receber(pagina: Page, canal: str, texto: str) -> None:
    """The simulator's box on the page of the number stands for the customer's telephone."""
    pagina.goto(canal)
    pagina.get_by_text("Simulador", exact=True).click()
    pagina.get_by_label("De que telefone").fill(CLIENTE)
    pagina.get_by_label("O que escreveu").fill(texto)
    pagina.get_by_role("button", name="Receber esta mensagem").click()
    expect(pagina.get_by_text("Mensagem recebida")).to_be_visible()


def _responder(pagina: Page) -> None:
    pagina.get_by_role("link", name="Conversas").first.click()
    pagina.get_by_role("link", name=re.compile("Na fila")).click()
    pagina.locator("#cartoes a").first.click()
    pagina.get_by_role("button", name="Assumir").first.click()
    campo = pagina.locator("#texto")
    campo.press_sequentially("/horario")
    pagina.locator("#sugestoes [role=option]").first.click()
    expect(campo).to_have_value(re.compile("Abrimos de segunda"))
    campo.press("Enter")
    expect(pagina.locator(".msg.enviada").last).to_contain_text("Abrimos de segunda")
    expect(pagina.locator(".msg.enviada").last).to_contain_text(re.compile("aceito|entregue|lido"), timeout=30_000)


def _falhar(pagina: Page, empresa: Empresa) -> None:
    empresa.produto.controlar(
        "faults",
        provider="meta",
        stage="pre_accept",
        match={"recipient": "5511987654321"},
        action={"kind": "error_code", "code": 131026},
    )
    pagina.locator("#texto").fill("Esta não vai chegar")
    pagina.locator("#texto").press("Enter")
    expect(pagina.locator(".msg.enviada").last.locator(".motivo")).to_be_visible(timeout=30_000)


def _transferir(pagina: Page, nome: str) -> None:
    pagina.get_by_role("link", name="Transferir").first.click()
    escolha = pagina.locator("dialog").get_by_label("Pessoa")
    # beside the name it may say that she is away
    valor = escolha.locator("option", has_text=nome).get_attribute("value")
    escolha.select_option(valor)
    pagina.locator("dialog[open] button.principal").click()
    expect(pagina.locator("#topo")).to_contain_text(nome)


def test_o_primeiro_dia(janela: CriarJanela, novata: Empresa, artefatos: Path, tmp_path: Path) -> None:
    colega = novata.contratar("Bia Colega", "SUPERVISOR")
    pagina = janela().entrar(novata.dono)
    pasta = artefatos / "primeiro-dia"
    retratar(pagina, pasta, "1-painel")
    canal = _conectar(pagina)
    retratar(pagina, pasta, "2-canal")
    _importar(pagina, tmp_path)
    retratar(pagina, pasta, "3-importacao")
    _lancar(pagina)
    _pausar_e_retomar(pagina)
    retratar(pagina, pasta, "4-campanha")
    _preparar_resposta(pagina)
    _receber(pagina, canal, "Bom dia! Vocês abrem amanhã?")
    _responder(pagina)
    retratar(pagina, pasta, "5-conversa")
    _falhar(pagina, novata)
    retratar(pagina, pasta, "6-falha")
    _transferir(pagina, "Bia Colega")
    pagina.get_by_role("searchbox", name="Nome, telefone ou mensagem").fill("abrem amanhã")
    expect(pagina.locator("#lista")).to_contain_text("abrem")
    retratar(pagina, pasta, "7-busca")
    dela = janela().entrar(colega, "/conversas?aba=minhas")
    expect(dela.locator("#cartoes a").first).to_be_visible()
