"""Connecting a number and a device, and what one does to them, as somebody who never read a manual."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Empresa


def _conectar_numero(pagina: Page) -> tuple[str, str]:
    """From the first page of channels to a number that works; its address, and the token that was shown once."""
    pagina.goto("/canais")
    pagina.get_by_role("link", name="Conectar um número").first.click()
    pagina.get_by_role("link", name="Usar número de demonstração").click()
    pagina.get_by_role("button", name="Conectar", exact=True).click()
    expect(pagina.get_by_text("O simulador já confirmou o webhook")).to_be_visible()
    assert pagina.get_by_label("URL de retorno").input_value().endswith("/webhooks/meta")
    token = pagina.get_by_label("Token de verificação").input_value()
    assert len(token) > 20
    pagina.get_by_role("button", name="Testar a conexão").click()
    expect(pagina.get_by_text("O provedor aceitou as credenciais")).to_be_visible()
    return re.sub(r"/testar$", "", pagina.url), token


def test_quem_nunca_leu_nada_conecta_um_numero_e_manda_um_teste(janela: CriarJanela, outra_empresa: Empresa) -> None:
    pagina = janela().entrar(outra_empresa.dono)
    canal, token = _conectar_numero(pagina)
    assert token not in pagina.content()
    pagina.get_by_role("button", name="Buscar modelos na Meta").click()
    expect(pagina.locator(".modelos")).to_contain_text("boas_vindas")
    pagina.get_by_label("Para que telefone").fill("(11) 98765-0001")
    pagina.get_by_role("button", name="Enviar teste").click()
    # the page is not loaded again: the state follows by itself
    expect(pagina.locator("#canal-estado")).to_contain_text(
        re.compile("Mensagem de teste: (entregue|lida)"), timeout=30_000
    )
    pagina.goto(canal)
    pagina.get_by_text("Simulador", exact=True).click()
    pagina.get_by_label("O que escreveu").fill("Oi, chegou?")
    pagina.get_by_role("button", name="Receber esta mensagem").click()
    expect(pagina.get_by_text("Mensagem recebida")).to_be_visible()
    outra_empresa.conversa_com("98765")
    pagina.goto("/saude")
    linha = pagina.get_by_role("row").filter(has_text="Demonstração")
    expect(linha).to_contain_text("Tudo certo")
    # both have been: the page asks again by itself
    expect(linha.get_by_text(re.compile("segundo|minuto"))).to_have_count(2, timeout=30_000)


def test_aparelho_pareia_por_qr_e_a_pagina_percebe_sozinha(janela: CriarJanela, outra_empresa: Empresa) -> None:
    pagina = janela().entrar(outra_empresa.dono, "/canais/novo")
    pagina.get_by_role("link", name="Usar aparelho de demonstração").click()
    pagina.get_by_role("button", name="Conectar", exact=True).click()
    pagina.wait_for_url(re.compile("/parear$"))
    pagina.get_by_role("button", name="Mostrar o código QR").click()
    qr = pagina.get_by_role("img", name="Código QR")
    expect(qr).to_be_visible()
    assert qr.evaluate("(e) => e.tagName") == "svg"
    expect(pagina.get_by_text("Vale até")).to_be_visible()
    # somebody scans it: the page, untouched, says so
    for instancia in outra_empresa.produto.simulador.get("uaizap/instances").json():
        if instancia["status"] == "connecting":
            outra_empresa.produto.controlar(f"uaizap/instances/{instancia['id']}/scan")
    expect(pagina.get_by_text("Aparelho conectado")).to_be_visible(timeout=20_000)
    pagina.get_by_role("link", name="Ver o canal").click()
    expect(pagina.locator("#canal-estado")).to_contain_text("Tudo certo")
    # the address of its events changes and is shown once
    pagina.get_by_text("Credenciais e webhook", exact=True).click()
    pagina.get_by_role("button", name="Trocar o segredo do webhook").click()
    assert "/webhooks/uaizap/" in pagina.get_by_label("Endereço", exact=True).input_value()
    pagina.get_by_text("Desconectar…", exact=True).click()
    pagina.get_by_role("button", name="Desconectar o aparelho").click()
    expect(pagina.locator("#canal-estado")).to_contain_text("Parado")
    pagina.get_by_role("link", name="Reconectar o aparelho").click()
    pagina.get_by_text("Sem câmera?").click()
    pagina.get_by_label("Telefone do aparelho").fill("(11) 98888-7777")
    pagina.get_by_role("button", name="Pedir o código").click()
    expect(pagina.locator(".codigo")).to_have_text(re.compile(r"^\w{4}-\w{4}$"))


def test_sem_script_ajusta_troca_desativa_e_remove(janela: CriarJanela, outra_empresa: Empresa) -> None:
    pagina = janela(com_script=False).entrar(outra_empresa.dono)
    canal, _token = _conectar_numero(pagina)
    pagina.locator("main").get_by_text("Ajustes", exact=True).click()
    pagina.get_by_label("Nome do canal").fill("Loja do centro")
    pagina.get_by_label("Teto de mensagens por segundo").fill("9000")
    pagina.get_by_role("button", name="Salvar").first.click()
    # refused beside the form, and what was typed is still there
    expect(pagina.get_by_role("alert")).to_contain_text("ZRG03")
    assert pagina.get_by_label("Nome do canal").input_value() == "Loja do centro"
    pagina.get_by_label("Teto de mensagens por segundo").fill("60")
    pagina.get_by_role("button", name="Salvar").first.click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Loja do centro")
    pagina.get_by_text("Credenciais e webhook", exact=True).click()
    pagina.get_by_label("Novo token de acesso").fill("token-errado-de-proposito")
    pagina.get_by_role("button", name="Trocar credenciais").click()
    pagina.get_by_role("button", name="Testar a conexão").click()
    expect(pagina.get_by_text("O teste falhou.")).to_be_visible()
    expect(pagina.locator("#canal-estado")).to_contain_text("Parado")
    pagina.goto(canal)
    pagina.get_by_text("Desativar…", exact=True).click()
    pagina.get_by_role("button", name="Desativar o canal").click()
    expect(pagina.locator("#canal-estado")).to_contain_text("Alguém desativou este canal")
    pagina.get_by_text("Remover o canal", exact=True).click()
    pagina.get_by_role("button", name="Remover Loja do centro").click()
    expect(pagina).to_have_url(re.compile("/canais$"))
    expect(pagina.get_by_text("Loja do centro")).to_have_count(0)


def test_o_canal_de_outra_empresa_nao_existe(janela: CriarJanela, empresa: Empresa, outra_empresa: Empresa) -> None:
    pagina = janela().entrar(outra_empresa.dono)
    for caminho in ("", "/estado", "/parear", "/pareamento"):
        resposta = pagina.goto(f"/canais/{empresa.conexao_id}{caminho}")
        assert resposta is not None and resposta.status == 404, caminho
    pagina.goto("/canais")
    expect(pagina.get_by_text("WhatsApp principal")).to_have_count(0)


def test_sem_permissao_ve_e_nao_mexe(janela: CriarJanela, empresa: Empresa) -> None:
    atendente = empresa.contratar("Ana Atende")
    pagina = janela().entrar(atendente)
    assert pagina.get_by_role("link", name="Fila morta").count() == 0
    resposta = pagina.goto("/canais/novo")
    assert resposta is not None and resposta.status == 403
    for caminho in ("/fila-morta", "/webhooks-recebidos"):
        resposta = pagina.goto(caminho)
        assert resposta is not None and resposta.status == 403, caminho
        expect(pagina.get_by_role("heading", name="Sem permissão")).to_be_visible()
