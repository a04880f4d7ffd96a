"""Contacts as people work with them: a file that comes in, two who change the same person, two that are one."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Empresa

BOAS = 40
ERRADAS = [
    ("Torta;123;;", "Telefone inválido: confira o DDD e o número"),
    ("Sem Fone;;;", "Falta o telefone"),
    ("=Fórmula;(11) 97777-1111;errado;", "E-mail inválido"),
]


def _arquivo(pasta: Path) -> Path:
    """As a spreadsheet program in Brazil saves it: Latin-1, semicolons, names of columns of its own."""
    linhas = ["Cliente;Celular;E-mail;Cidade"]
    linhas += [f"Conceição {n};(11) 9{6000 + n}-{1000 + n};c{n}@exemplo.test;Maceió" for n in range(BOAS)]
    linhas += [texto for texto, _ in ERRADAS]
    caminho = pasta / "clientes.csv"
    caminho.write_text("\n".join(linhas), encoding="latin-1")
    return caminho


def _criar(empresa: Empresa, nome: str, telefone: str, **mais: Any) -> str:
    feito = empresa.dono.pedir("POST", "/api/contatos", json={"nome": nome, "telefone": telefone, **mais})
    return str(feito["id"])


def _enviar(pagina: Page, arquivo: Path) -> None:
    pagina.goto("/contatos/importar")
    pagina.get_by_label("Arquivo CSV").set_input_files(arquivo)
    pagina.get_by_role("button", name="Enviar arquivo").click()
    pagina.get_by_role("heading", name="Para onde vai cada coluna").wait_for()


def test_importar_com_linhas_boas_e_ruins(
    janela: CriarJanela, empresa: Empresa, outra_empresa: Empresa, tmp_path: Path
) -> None:
    pagina = janela().entrar(empresa.dono)
    _enviar(pagina, _arquivo(tmp_path))
    assert pagina.get_by_role("combobox", name="Celular").input_value() == "telefone"
    assert pagina.get_by_role("combobox", name="Cidade").input_value() == "campo"
    pagina.get_by_role("button", name="Conferir as linhas").click()
    expect(pagina.get_by_text("Podem entrar")).to_be_visible(timeout=60_000)
    # nothing entered yet
    assert empresa.dono.pedir("GET", "/api/contatos", params={"busca": "Conceição"}) == []
    pagina.get_by_role("button", name=re.compile(f"Importar {BOAS}")).click()
    expect(pagina.get_by_role("heading", name="Pronto")).to_be_visible(timeout=60_000)
    with pagina.expect_download() as baixando:
        pagina.get_by_role("link", name="Baixar o arquivo de erros").click()
    texto = Path(baixando.value.path()).read_text(encoding="utf-8-sig")
    # as it was sent: the same columns, delimited alike, to be mended and sent again
    linhas = list(csv.DictReader(texto.splitlines(), delimiter=";"))
    assert [(x["Linha no arquivo"], x["Motivo da recusa"]) for x in linhas] == [
        (str(BOAS + 2 + n), motivo) for n, (_, motivo) in enumerate(ERRADAS)
    ]
    assert linhas[2]["Cliente"] == "'=Fórmula", "harmless to a spreadsheet"
    # found, with what was found marked, whatever the accents
    pagina.goto("/contatos")
    pagina.get_by_label("Buscar por nome ou telefone").fill("conceicao 7")
    expect(pagina.locator("#linhas mark").first).to_have_text("Conceição 7")
    expect(pagina).to_have_url(re.compile(r"q=conceicao\+7"))
    # the other tenant has none of it
    dela = janela().entrar(outra_empresa.dono, pagina.url)
    expect(dela.get_by_text("Nenhum contato com estes filtros.")).to_be_visible()


def test_o_mesmo_arquivo_de_novo_nao_duplica_ninguem(janela: CriarJanela, empresa: Empresa, tmp_path: Path) -> None:
    arquivo = tmp_path / "dois.csv"
    arquivo.write_text("nome,telefone\nUm,(21) 96666-0001\nDois,(21) 96666-0002\n")
    pagina = janela(com_script=False).entrar(empresa.dono)
    for criados in (2, 0):
        _enviar(pagina, arquivo)
        pagina.get_by_role("button", name="Conferir as linhas").click()
        # without scripts the page asks again by itself
        expect(pagina.get_by_text("Podem entrar")).to_be_visible(timeout=60_000)
        pagina.get_by_role("button", name="Importar 2 pessoas").click()
        expect(pagina.get_by_role("heading", name="Pronto")).to_be_visible(timeout=60_000)
        expect(pagina.locator("dt", has_text="Criados").locator("+ dd")).to_have_text(str(criados))


def test_arquivo_que_nao_serve(janela: CriarJanela, empresa: Empresa, tmp_path: Path) -> None:
    pagina = janela().entrar(empresa.dono, "/contatos/importar")
    for nome, dados in (("vazio.csv", b""), ("planilha.xlsx", b"PK\x03\x04x"), ("so.csv", b"nome;telefone\n")):
        (tmp_path / nome).write_bytes(dados)
        pagina.get_by_label("Arquivo CSV").set_input_files(tmp_path / nome)
        pagina.get_by_role("button", name="Enviar arquivo").click()
        expect(pagina.get_by_role("alert")).to_contain_text("ZRC04")


def test_criar_sem_script_e_telefone_repetido(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela(com_script=False).entrar(empresa.dono, "/contatos/novo")
    pagina.get_by_label("Nome", exact=True).fill("Nair")
    pagina.get_by_label("Telefone com DDD").fill("11 95555-0101")
    pagina.get_by_role("button", name="Salvar").click()
    expect(pagina.get_by_role("heading", name="Nair")).to_be_visible()
    pagina.goto("/contatos/novo")
    pagina.get_by_label("Nome", exact=True).fill("Outra Nair")
    pagina.get_by_label("Telefone com DDD").fill("(11) 5555-0101".replace("5555", "95555"))
    pagina.get_by_role("button", name="Salvar").click()
    alerta = pagina.get_by_role("alert")
    expect(alerta).to_contain_text("ZCC01")
    assert pagina.get_by_label("Nome", exact=True).input_value() == "Outra Nair", "nothing typed is lost"
    alerta.get_by_role("link", name="Nair").click()
    expect(pagina.get_by_role("heading", name="Nair")).to_be_visible()


def test_duas_pessoas_mudam_o_mesmo_contato(janela: CriarJanela, empresa: Empresa) -> None:
    contato = _criar(empresa, "Olga", "+5511955550201", email="velho@exemplo.test")
    uma = janela().entrar(empresa.dono, f"/contatos/{contato}/editar")
    outra = janela().entrar(empresa.dono, f"/contatos/{contato}/editar")
    outra.get_by_label("E-mail").fill("novo@exemplo.test")
    outra.get_by_role("button", name="Salvar").click()
    expect(outra.get_by_role("heading", name="Olga")).to_be_visible()
    uma.get_by_label("Nome", exact=True).fill("Olga Maria")
    uma.get_by_role("button", name="Salvar").click()
    expect(uma.get_by_role("alert")).to_contain_text("ZCG02")
    expect(uma.get_by_text("novo@exemplo.test")).to_be_visible()
    assert uma.get_by_label("Nome", exact=True).input_value() == "Olga Maria"
    # hers the e-mail, mine the name
    uma.locator('[data-em="email"]').click()
    uma.get_by_role("button", name="Salvar o meu por cima").click()
    expect(uma.get_by_role("heading", name="Olga Maria")).to_be_visible()
    salvo = empresa.dono.pedir("GET", f"/api/contatos/{contato}")
    assert (salvo["nome"], salvo["email"]) == ("Olga Maria", "novo@exemplo.test")


def test_juntar_e_desfazer(janela: CriarJanela, empresa: Empresa) -> None:
    fica = _criar(empresa, "Paulo", "+5511955550301", email="paulo@exemplo.test")
    sai = _criar(empresa, "Paulinho", "+5511955550302", email="paulo@exemplo.test")
    pagina = janela().entrar(empresa.dono, "/contatos/duplicados")
    par = pagina.get_by_role("listitem").filter(has_text="Paulinho")
    par.get_by_role("radio", name=re.compile("^Paulo ")).check()
    par.get_by_role("button", name=re.compile("^Juntar")).click()
    pagina.wait_for_url(re.compile(fica))
    expect(pagina.locator("#fusoes")).to_contain_text("Paulinho")
    pagina.get_by_role("button", name=re.compile("^Desfazer")).click()
    pagina.wait_for_url(re.compile(sai))
    expect(pagina.get_by_role("heading", name="Paulinho")).to_be_visible()


def test_consentimento_com_prova_bloqueio_e_remocao(janela: CriarJanela, empresa: Empresa) -> None:
    contato = _criar(empresa, "Quitéria", "+5511955550401")
    pagina = janela().entrar(empresa.dono, f"/contatos/{contato}")
    pagina.get_by_text("Registrar o que a pessoa disse").click()
    pagina.get_by_label("não quer receber").check()
    pagina.get_by_label("Como se sabe").fill("Pediu no balcão, dia 3")
    pagina.get_by_role("button", name="Registrar").click()
    expect(pagina.locator("#consentimento")).to_contain_text("Pediu no balcão, dia 3")
    expect(pagina.locator("#consentimento h2")).to_contain_text("Recusou")
    pagina.get_by_text("Bloquear…").click()
    pagina.get_by_role("button", name="Bloquear", exact=True).click()
    expect(pagina.get_by_text("Bloqueado", exact=True)).to_be_visible()
    pagina.get_by_text("Remover…").click()
    pagina.get_by_role("button", name="Remover contato").click()
    pagina.wait_for_url(re.compile("/contatos$"))
    expect(pagina.get_by_role("link", name="Quitéria")).to_have_count(0)


def test_marcar_varios_e_exportar(janela: CriarJanela, empresa: Empresa) -> None:
    etiqueta = empresa.dono.pedir("POST", "/api/etiquetas", json={"nome": "Feira", "cor": "VERDE"})["id"]
    for n in range(2):
        _criar(empresa, f"Rute {n}", f"+551195555050{n}")
    pagina = janela().entrar(empresa.dono, "/contatos?q=Rute")
    # by the keyboard: next, mark, next, mark
    for tecla in ("j", "x", "j", "x"):
        pagina.keyboard.press(tecla)
    pagina.get_by_label("Etiqueta", exact=True).last.select_option(etiqueta)
    pagina.get_by_role("button", name="Pôr etiqueta").click()
    expect(pagina.locator("#linhas .pilula", has_text="Feira")).to_have_count(2)
    with pagina.expect_download() as baixando:
        pagina.get_by_role("link", name="Exportar").click()
    linhas = list(
        csv.DictReader(Path(baixando.value.path()).read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    )
    assert sorted((x["Nome"], x["Etiquetas"]) for x in linhas) == [("Rute 0", "Feira"), ("Rute 1", "Feira")]


def test_a_lista_segue_o_que_outros_mudam(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().entrar(empresa.dono, "/contatos")
    pagina.mouse.move(0, 0)
    _criar(empresa, "Recém Chegada", "+5511955551001")
    expect(pagina.get_by_role("link", name="Recém Chegada")).to_be_visible(timeout=15_000)
    # under a hand that marks rows nothing moves; when it lets go, what came meanwhile shows
    caixa = pagina.get_by_role("checkbox", name="Marcar Recém Chegada")
    caixa.check()
    pagina.mouse.move(0, 0)
    _criar(empresa, "Chegou Depois", "+5511955551002")
    pagina.wait_for_timeout(3000)
    expect(pagina.get_by_role("link", name="Chegou Depois")).to_have_count(0)
    expect(caixa).to_be_checked()
    caixa.uncheck()
    caixa.blur()
    pagina.mouse.move(0, 0)
    expect(pagina.get_by_role("link", name="Chegou Depois")).to_be_visible(timeout=15_000)


def test_mais_que_nao_veio_continua_ali(janela: CriarJanela, empresa: Empresa) -> None:
    for n in range(60):
        _criar(empresa, f"Zuleica {n:02d}", f"+5511955552{n:03d}")
    pagina = janela(esperados=("ERR_",)).entrar(empresa.dono, "/contatos?q=Zuleica")
    linhas, mais = pagina.locator("#linhas > tr"), pagina.get_by_role("link", name="Ver mais")
    antes = linhas.count()
    pagina.route(
        re.compile("cursor="), lambda r: r.fulfill(status=503, content_type="text/html", body="<p>fora do ar</p>")
    )
    mais.click()
    expect(pagina.locator("#ligacao")).to_be_visible()
    expect(mais).to_be_visible()
    pagina.unroute_all()
    mais.click()
    expect(pagina.locator("#ligacao")).to_be_hidden()
    expect(linhas).to_have_count(60)
    assert antes < 60
