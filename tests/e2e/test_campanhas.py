"""A campaign by its pages: from an empty form to the proof, with scripts and without, and what goes wrong meanwhile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe, retratar
from tests.e2e.produto import Agente, Empresa, Produto, esperar, nova_empresa

_ENVIADAS = re.compile(r"Enviadas ao WhatsApp\s*([\d.]+)")


def importar(empresa: Empresa, quantos: int, inicio: int = 0) -> list[str]:
    linhas = "".join(f"Pessoa {n} da Silva;+55119{91000000 + n}\n" for n in range(inicio, inicio + quantos))
    feita = empresa.dono.pedir(
        "POST",
        "/api/contatos/importar",
        content=("nome;telefone\n" + linhas).encode(),
        headers={"Content-Type": "text/csv"},
    )
    return [linha["contatoId"] for linha in feita["linhas"]]


def escrever(pagina: Page, nome: str, *, ritmo: str = "") -> str:
    """Walk the steps up to the launch, for everybody; the campaign's address."""
    pagina.goto("/campanhas/nova")
    pagina.get_by_label("Nome da campanha").fill(nome)
    pagina.get_by_role("button", name="Salvar e escolher o modelo").click()
    pagina.get_by_role("radio", name="promocao_novembro").check()
    pagina.get_by_role("button", name="Usar este modelo").click()
    pagina.get_by_label("Vem de").select_option("primeiro_nome")
    pagina.get_by_label("Texto, ou o que usar se faltar o dado").fill("cliente")
    pagina.get_by_role("button", name="Salvar e ir ao envio").click()
    pagina.get_by_label("Limitar a quantas mensagens por segundo").fill(ritmo)
    pagina.get_by_role("button", name="Salvar e revisar").click()
    expect(pagina.get_by_role("heading", name="O que aconteceria agora")).to_be_visible()
    return pagina.url.split("/editar/")[0]


def lancar(pagina: Page, nome: str = "") -> None:
    pagina.get_by_role("link", name="Está certo: ir ao lançamento").click()
    pagina.get_by_role("checkbox", name="Estas pessoas aceitaram").check()
    if nome:
        pagina.get_by_label("Escreva o nome da campanha para confirmar").fill(nome)
    pagina.get_by_role("button", name="Lançar", exact=True).click()
    expect(pagina.get_by_role("heading", name="Progresso")).to_be_visible()


def totais(empresa: Empresa, pagina: Page) -> dict[str, int]:
    id_ = re.search(r"/campanhas/([0-9a-f-]{36})", pagina.url)
    assert id_
    campanha: dict[str, Any] = empresa.dono.pedir("GET", f"/api/campanhas/{id_[1]}")
    return {**campanha["totais"], "_fim": int(campanha["status"] == "CONCLUIDA")}


def enviadas(pagina: Page) -> int:
    achado = _ENVIADAS.search(pagina.locator(".funil").inner_text())
    assert achado
    return int(achado[1].replace(".", ""))


def legenda(pagina: Page) -> dict[str, int]:
    """What the legend of the bar says, of one moment; its parts make the whole."""
    itens = pagina.locator(".legenda").evaluate(
        "(l) => [...l.children].map((i) => [i.firstElementChild.matches('strong') ? 'Total' : i.innerText,"
        " i.querySelector('strong').innerText])"
    )
    partes = {nome: int(valor.replace(".", "")) for nome, valor in itens}
    assert sum(valor for nome, valor in partes.items() if nome != "Total") == partes["Total"]
    return partes


@pytest.fixture(scope="module")
def loja(produto: Produto) -> Empresa:
    """A tenant with a thousand people more than one, so that the launch asks for the name."""
    nova = nova_empresa(produto, "Loja das Mil")
    nova.conectar()
    importar(nova, 1001)
    return nova


def test_mil_pessoas_pausa_e_retoma(janela: CriarJanela, loja: Empresa, artefatos: Path) -> None:
    pagina = janela().entrar(loja.dono)
    endereco = escrever(pagina, "Novembro ✨ para todo mundo")
    pagina.get_by_role("link", name="Está certo: ir ao lançamento").click()
    pagina.get_by_role("checkbox", name="Estas pessoas aceitaram").check()
    pagina.get_by_label("Escreva o nome da campanha para confirmar").fill("outra coisa")
    pagina.get_by_role("button", name="Lançar", exact=True).click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZRK17")
    pagina.get_by_label("Escreva o nome da campanha para confirmar").fill("novembro ✨ para todo mundo")
    pagina.get_by_role("button", name="Lançar", exact=True).click()
    expect(pagina.get_by_role("heading", name="Progresso")).to_be_visible()
    # nobody reloads: the page follows by itself
    esperar(lambda: enviadas(pagina) >= 300, 60, 0.2)
    # what was sent at a moment is on the page two seconds after it, on a machine that does all of it
    for _ in range(3):
        sabidas = totais(loja, pagina)["ENVIADO"]
        esperar(lambda sabidas=sabidas: enviadas(pagina) >= sabidas, 3, 0.1)  # type: ignore[misc]
    # what the bar shows adds up
    assert legenda(pagina)["Total"] == 1001
    retratar(pagina, artefatos, "campanha-correndo")
    assert axe(pagina) == []
    pagina.get_by_role("button", name="Pausar").click()
    expect(pagina.get_by_role("button", name="Retomar")).to_be_visible()
    esperar(lambda: not totais(loja, pagina)["ENVIANDO"])
    parada = totais(loja, pagina)["ENVIADO"]
    pagina.wait_for_timeout(2500)
    assert totais(loja, pagina)["ENVIADO"] == parada < 1001
    retratar(pagina, artefatos, "campanha-pausada")
    # who waits, seen by somebody who touches nothing: the list empties by itself
    ao_lado = janela().entrar(loja.dono, f"{endereco}?estado=PENDENTE")
    expect(ao_lado.locator("#lista-pessoas tbody tr")).to_have_count(30)
    pagina.get_by_role("button", name="Retomar").click()
    esperar(lambda: totais(loja, pagina)["_fim"], 120, 0.5)
    fim = totais(loja, pagina)
    assert (fim["ENVIADO"], fim["total"]) == (1001, 1001)
    expect(pagina.locator("#andamento")).to_contain_text("Concluída", timeout=20_000)
    expect(ao_lado.locator("#lista-pessoas")).to_contain_text("Ninguém desta campanha", timeout=20_000)
    assert legenda(pagina)["Total"] == 1001
    pagina.get_by_label("Nome ou telefone").fill("Pessoa 777")
    pagina.get_by_role("button", name="Filtrar").click()
    expect(pagina.locator("#pessoas tbody tr")).to_have_count(1)
    pagina.get_by_role("link", name="Prova de envio").click()
    pagina.get_by_role("link", name="conferir os totais").click()
    expect(pagina.locator("#prova")).to_contain_text("Confere:")
    with pagina.expect_download() as baixado:
        pagina.get_by_role("link", name="Baixar a prova completa").click()
    texto = Path(baixado.value.path()).read_text()
    assert texto.count("\n") == 1002
    retratar(pagina, artefatos, "campanha-prova")
    assert endereco.split("/")[-1] in pagina.url


def test_sem_script_do_comeco_ao_cancelamento(janela: CriarJanela, loja: Empresa) -> None:
    pagina = janela(com_script=False).entrar(loja.dono)
    endereco = escrever(pagina, "Devagar", ritmo="1")
    # going back keeps what each step holds
    pagina.get_by_role("link", name="1. Público").click()
    expect(pagina.get_by_label("Nome da campanha")).to_have_value("Devagar")
    pagina.get_by_role("link", name="2. Modelo").click()
    expect(pagina.get_by_label("Vem de")).to_have_value("primeiro_nome")
    pagina.get_by_role("link", name="Próxima ›").click()
    expect(pagina.locator("#previa")).to_contain_text("2 de 20")
    pagina.get_by_role("link", name="4. Revisão").click()
    lancar(pagina, "Devagar")
    pagina.get_by_role("link", name="Cancelar…").click()
    pagina.get_by_label("Escreva o nome da campanha para confirmar").fill("Depressa")
    pagina.get_by_role("button", name="Cancelar a campanha").click()
    expect(pagina.get_by_role("alert").first).to_contain_text("ZRK17")
    pagina.get_by_label("Escreva o nome da campanha para confirmar").fill("Devagar")
    pagina.get_by_role("button", name="Cancelar a campanha").click()
    expect(pagina.locator("#andamento")).to_contain_text("Cancelada")
    assert pagina.url == endereco
    fim = esperar(lambda: (t := totais(loja, pagina))["PENDENTE"] + t["RESERVADO"] == 0 and t)
    assert fim["PULADO"] >= 900


def test_falhas_por_motivo_e_reenvio(janela: CriarJanela, produto: Produto, artefatos: Path) -> None:
    oficina = nova_empresa(produto, "Oficina dos Erros")
    oficina.conectar()
    ids = importar(oficina, 12, inicio=2000)
    oficina.dono.pedir("POST", f"/api/contatos/{ids[0]}/bloquear")
    produto.controlar(
        "faults",
        provider="meta",
        stage="pre_accept",
        match={"number": oficina.phone_number_id},
        action={"kind": "error_code", "code": 131030},
        limit=2,
    )
    pagina = janela().entrar(oficina.dono)
    escrever(pagina, "Com falhas")
    expect(pagina.get_by_role("row", name=re.compile("Bloqueados"))).to_contain_text("1")
    lancar(pagina)
    fim = esperar(lambda: (t := totais(oficina, pagina))["_fim"] and t, 90, 0.5)
    assert (fim["ENVIADO"], fim["FALHOU"], fim["PULADO"]) == (9, 2, 1)
    expect(pagina.locator(".motivos")).to_contain_text("131030", timeout=20_000)
    expect(pagina.locator(".motivos")).to_contain_text("O contato está bloqueado")
    retratar(pagina, artefatos, "campanha-falhas")
    pagina.get_by_role("link", name=re.compile("^Ver quem.*bloqueado")).click()
    expect(pagina.locator("#pessoas tbody tr")).to_have_count(1)
    oficina.dono.pedir("POST", f"/api/contatos/{ids[0]}/desbloquear")
    pagina.get_by_role("button", name="Reenviar: O contato está bloqueado").click()
    esperar(lambda: totais(oficina, pagina)["ENVIADO"] == 10, 60, 0.5)
    # nobody but those of the chosen reason went again
    assert totais(oficina, pagina)["FALHOU"] == 2
    expect(pagina.get_by_text("Voltaram à campanha: 1")).to_be_visible()
    pagina.get_by_role("button", name=re.compile("^Reenviar")).first.click()
    esperar(lambda: totais(oficina, pagina)["ENVIADO"] == 12, 60, 0.5)


def test_variavel_em_branco_e_pedida_no_passo(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().entrar(empresa.dono)
    pagina.goto("/campanhas/nova")
    pagina.get_by_label("Nome da campanha").fill("Falta um pedaço")
    pagina.get_by_role("button", name="Salvar e escolher o modelo").click()
    pagina.get_by_role("radio", name="promocao_novembro").check()
    pagina.get_by_role("button", name="Usar este modelo").click()
    pagina.get_by_role("button", name="Salvar e ir ao envio").click()
    texto = pagina.get_by_label("Texto, ou o que usar se faltar o dado").first
    expect(texto).to_be_focused()
    assert pagina.url.partition("#")[0].endswith("/editar/modelo")
    assert texto.evaluate("(c) => c.validity.valueMissing")
    # data of the contact stands in for it
    pagina.get_by_label("Vem de").first.select_option("nome")
    assert texto.evaluate("(c) => c.validity.valid")
    # without scripts the step itself says which one, beside it; the review as well, for who jumps there
    pagina = janela(com_script=False).entrar(empresa.dono, pagina.url)
    pagina.get_by_role("button", name="Salvar e ir ao envio").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZRK02")
    expect(pagina.locator("[aria-invalid=true]")).to_have_count(1)
    pagina.get_by_role("link", name="4. Revisão").click()
    expect(pagina.get_by_role("alert")).to_contain_text("ZRK02")
    pagina.get_by_role("link", name="Ir ao modelo").click()
    expect(pagina.get_by_role("heading", name=re.compile("O que preenche o modelo"))).to_be_visible()


def test_duas_pessoas_no_mesmo_rascunho(janela: CriarJanela, empresa: Empresa) -> None:
    ana, rui = janela().entrar(empresa.dono), janela().entrar(empresa.dono)
    ana.goto("/campanhas/nova")
    ana.get_by_label("Nome da campanha").fill("De duas mãos")
    ana.get_by_role("button", name="Salvar e escolher o modelo").click()
    publico = ana.url.replace("/modelo", "/publico")
    ana.goto(publico)
    rui.goto(publico)
    ana.get_by_label("Nome da campanha").fill("Da Ana")
    ana.get_by_role("button", name="Salvar e escolher o modelo").click()
    ana.wait_for_url("**/modelo")
    rui.get_by_label("Nome da campanha").fill("Do Rui")
    rui.get_by_role("button", name="Salvar e escolher o modelo").click()
    expect(rui.locator("#conflito")).to_contain_text("ZCG02")
    expect(rui.locator("#publico")).to_contain_text("Salvo agora: Da Ana")
    expect(rui.get_by_label("Nome da campanha")).to_have_value("Do Rui")
    rui.get_by_role("button", name="Salvar e escolher o modelo").click()
    rui.wait_for_url("**/modelo")
    expect(rui.get_by_role("heading", level=1)).to_have_text("Do Rui")


def test_o_que_se_digita_volta_com_o_voltar(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().entrar(empresa.dono, "/campanhas/nova")
    pagina.get_by_label("Nome da campanha").fill("Ainda não salvei")
    pagina.get_by_label("Campo próprio").fill("cidade")
    expect(pagina.get_by_role("radio", name="Só quem corresponde")).to_be_checked()
    pagina.goto("/campanhas")
    pagina.goto("/campanhas/nova")
    expect(pagina.get_by_label("Nome da campanha")).to_have_value("Ainda não salvei")
    expect(pagina.get_by_label("Campo próprio")).to_have_value("cidade")


def test_outra_empresa_e_quem_so_ve(janela: CriarJanela, empresa: Empresa, outra_empresa: Empresa) -> None:
    modelo = empresa.dono.pedir("GET", "/api/modelos?busca=boas_vindas")[0]
    pedido = {"nome": "Só nossa", "conexaoId": empresa.conexao_id, "modeloId": modelo["id"], "filtro": {}}
    importar(empresa, 3, inicio=3000)
    campanha = empresa.dono.pedir("POST", "/api/campanhas", json=pedido)["id"]
    alheia = janela().entrar(outra_empresa.dono)
    for caminho in ("", "/cancelar", "/prova", "/prova.csv", "/incertas", "/editar/publico", "/editar/revisao"):
        resposta = alheia.goto(f"/campanhas/{campanha}{caminho}")
        assert resposta and resposta.status == 404, caminho
    perfil = empresa.dono.pedir(
        "POST", "/api/perfis", json={"nome": "Olha campanhas", "permissoes": ["campanhas:ler"], "visibilidade": "TODAS"}
    )
    email, senha = "olha@e2e.local", "balcao-de-teste"
    empresa.dono.pedir(
        "POST", "/api/usuarios", json={"nome": "Olha Só", "email": email, "senha": senha, "perfilId": perfil["id"]}
    )
    so_ve = janela().entrar(Agente(empresa.produto, email, senha), f"/campanhas/{campanha}")
    expect(so_ve.get_by_role("heading", level=1)).to_have_text("Só nossa")
    assert so_ve.get_by_role("link", name=re.compile("Continuar|Cancelar")).count() == 0
    assert so_ve.get_by_role("link", name="Prova de envio").is_visible()
    so_ve.goto("/campanhas")
    assert so_ve.get_by_role("link", name="Nova campanha").count() == 0
