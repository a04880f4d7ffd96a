"""What arrives late, or not at all: nobody acts on, or writes to, a person other than the one on the screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Agente, Empresa, esperar

UM, DOIS = "+5511987652001", "+5511987652002"
TRES, QUATRO = "+5511987652003", "+5511987652004"
Cena = tuple[Agente, str, str]


@pytest.fixture(scope="module")
def cena(empresa: Empresa) -> Cena:
    """One person with two conversations."""
    ana = empresa.contratar("Ana Souza", "ADMINISTRADOR")
    for telefone, nome in ((UM, "Alice Primeira"), (DOIS, "Berta Segunda")):
        empresa.dono.pedir("POST", "/api/contatos", json={"nome": nome, "telefone": telefone})
        empresa.receber("Bom dia", telefone)
    return ana, empresa.conversa_com(UM), empresa.conversa_com(DOIS)


def _abrir(pagina: Page, conversa: str) -> None:
    pagina.goto(f"/conversas/{conversa}?aba=todas")
    expect(pagina.locator("#fio-corpo")).to_have_attribute("data-js", "")
    # what comes with the first gesture is there
    pagina.mouse.move(300, 300)
    pagina.wait_for_function("() => window.htmx")


def _reter(pagina: Page, qual: str) -> list[Route]:
    """Requests to addresses like this are kept; whoever calls lets them go."""
    retidas: list[Route] = []
    pagina.route(re.compile(qual), lambda rota: retidas.append(rota))
    return retidas


def _chegou(pagina: Page, retidas: list[Route]) -> Route:
    def alguma() -> bool:
        pagina.wait_for_timeout(50)
        return bool(retidas)

    esperar(alguma)
    return retidas.pop()


def test_enquanto_outra_conversa_vem_nada_se_faz_na_de_antes(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, um)
    pedidos: list[str] = []
    pagina.on("request", lambda pedido: pedidos.append(pedido.url))
    retidas = _reter(pagina, f"/conversas/{dois}(\\?|$)")
    pagina.locator(f"#c-{dois} a.cc").click()
    segunda = _chegou(pagina, retidas)
    pagina.keyboard.type("hei, alright")
    pagina.keyboard.press("Alt+e")
    segunda.continue_()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", dois)
    assert [p for p in pedidos if "/ato/" in p] == []
    pagina.wait_for_timeout(500)
    pagina.keyboard.press("e")
    expect(pagina.get_by_role("heading", name="Resolver a conversa de Berta Segunda")).to_be_visible()
    pagina.keyboard.press("Escape")
    expect(pagina.locator("#dialogo")).not_to_be_visible()


def test_o_dialogo_de_quem_se_deixou_nao_abre(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, um)
    retidas = _reter(pagina, f"/conversas/{um}/ato/resolver")
    pagina.keyboard.press("e")
    atrasado = _chegou(pagina, retidas)
    pagina.locator(f"#c-{dois} a.cc").click()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", dois)
    with pagina.expect_response(lambda r: "/ato/resolver" in r.url) as resposta:
        atrasado.continue_()
    resposta.value.finished()
    pagina.wait_for_timeout(300)
    expect(pagina.locator("#dialogo")).not_to_be_visible()


def _agendar(ana: Agente, conversa: str) -> None:
    """Changes the state of the composer, and nothing else."""
    quando = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    conteudo = {"texto": "até amanhã"}
    corpo = {"conversaId": conversa, "tipo": "TEXTO", "conteudo": conteudo, "enviarEm": quando, "fuso": "UTC"}
    ana.pedir("POST", "/api/agendadas", json=corpo)


def _redesenhar(pagina: Page, ana: Agente, conversa: str) -> None:
    antes = pagina.locator("#compositor").get_attribute("data-estado") or ""
    _agendar(ana, conversa)
    pagina.evaluate("() => dispatchEvent(new Event('online'))")
    expect(pagina.locator("#compositor")).not_to_have_attribute("data-estado", antes)


def test_o_compositor_redesenhado_fica_como_estava(janela: CriarJanela, cena: Cena) -> None:
    ana, um, _ = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, um)
    caixa = pagina.get_by_label("Mensagem para")
    pagina.locator("label", has=pagina.locator("#como-nota")).click()
    _redesenhar(pagina, ana, um)
    expect(pagina.locator("#como-nota")).to_be_checked()
    expect(caixa).to_have_value("")
    # what was sent, while the server still has it as the draft
    pagina.locator("[name=como][value=responder]").check(force=True)
    with pagina.expect_response(lambda r: r.url.endswith("/rascunho") and r.ok):
        caixa.fill("não volte")
    retidas = _reter(pagina, f"/conversas/{um}/mensagens$")
    caixa.press("Enter")
    mensagem = _chegou(pagina, retidas)
    _redesenhar(pagina, ana, um)
    expect(caixa).to_have_value("")
    mensagem.continue_()
    expect(pagina.locator("#rolo .msg:not(.local)", has_text="não volte")).to_have_count(1)
    expect(caixa).to_have_value("")


def test_sem_htmx_os_cartoes_abrem(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela(esperados=("ERR_",)).entrar(ana)
    pagina.route("**/htmx.min*", lambda rota: rota.abort())
    pagina.goto(f"/conversas/{um}?aba=todas")
    for conversa in (dois, um):
        pagina.locator(f"#c-{conversa} a.cc").click()
        expect(pagina.locator("#conversa")).to_have_attribute("data-id", conversa)
        expect(pagina).to_have_url(re.compile(conversa))
    # it comes again: the same click opens without leaving the page
    pagina.unroute("**/htmx.min*")
    pagina.evaluate("() => { window.aqui = true; }")
    pagina.locator(f"#c-{dois} a.cc").click()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", dois)
    assert pagina.evaluate("() => window.aqui")


def test_voltar_e_avancar_mostram_o_que_o_endereco_diz(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela().entrar(ana)
    pagina.goto("/conversas?aba=todas")
    caminho = [um, dois, um, dois]
    for conversa in caminho:
        pagina.locator(f"#c-{conversa} a.cc").click()
        expect(pagina.locator("#conversa")).to_have_attribute("data-id", conversa)

    def mostra(conversa: str | None) -> None:
        if conversa is None:
            expect(pagina).to_have_url(re.compile(r"/conversas\?aba=todas$"))
            expect(pagina.locator("#conversa")).not_to_have_attribute("data-id", re.compile("."))
            return
        nome, outro = ("Alice", "Berta") if conversa == um else ("Berta", "Alice")
        expect(pagina).to_have_url(re.compile(conversa))
        expect(pagina.locator("#topo h2")).to_contain_text(nome)
        expect(pagina.locator(".cc[aria-current]")).to_contain_text(nome)
        expect(pagina.get_by_label(f"Mensagem para {nome}")).to_be_attached()
        expect(pagina.get_by_label(f"Mensagem para {outro}")).to_have_count(0)

    # no gesture reaches the page: what a gesture brings is not there
    for passo, esperada in [*((-1, c) for c in [*caminho[-2::-1], None]), *((1, c) for c in caminho)]:
        pagina.evaluate("passo => { history.go(passo); }", passo)
        mostra(esperada)
    pagina.evaluate("() => { history.go(-3); }")
    mostra(um)


def test_a_conversa_que_foi_para_outra_pessoa(janela: CriarJanela, empresa: Empresa) -> None:
    bia = empresa.contratar("Bia Ramos")
    empresa.receber("Oi", "+5511987652003")
    conversa = empresa.conversa_com("+5511987652003")
    bia.pedir("POST", f"/api/conversas/{conversa}/assumir", json={})
    pagina = janela().entrar(bia)
    _abrir(pagina, conversa)
    pagina.get_by_label("Mensagem para").fill("quase pronta")
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/assumir", json={"tomar": True})
    expect(pagina.get_by_text("Esta conversa não está mais com você.")).to_be_visible()
    expect(pagina.get_by_label("Mensagem para")).to_have_value("quase pronta")
    expect(pagina.get_by_label("Mensagem para")).not_to_be_editable()
    expect(pagina.locator("#enviar")).not_to_be_visible()


def test_transferir_deixa_o_foco_na_conversa(janela: CriarJanela, cena: Cena) -> None:
    ana, um, _ = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, um)
    pagina.locator("[data-atalho=transferir]").click()
    pagina.locator("#ato-usuario").select_option(label="Dona da Empresa")
    pagina.get_by_role("dialog").get_by_role("button", name="Transferir").click()
    expect(pagina.locator("#brindes")).to_contain_text("Conversa transferida")
    expect(pagina.locator("#dialogo")).not_to_be_visible()
    pagina.wait_for_function("() => document.activeElement !== document.body")
    pagina.locator("#brindes").get_by_role("button", name="Fechar").click()
    expect(pagina.locator(".brinde")).to_have_count(0)


def test_rascunho_preso_nao_prende_a_mensagem(janela: CriarJanela, empresa: Empresa, cena: Cena) -> None:
    ana, _, dois = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, dois)
    presos = _reter(pagina, "/rascunho$")
    caixa = pagina.get_by_label("Mensagem para")
    caixa.fill("sai mesmo assim")
    _chegou(pagina, presos)
    caixa.press("Enter")
    expect(pagina.locator("#rolo .msg:not(.local)", has_text="sai mesmo assim")).to_be_visible(timeout=20_000)
    expect(caixa).to_have_value("")


def test_fio_preso_e_pedido_de_novo(janela: CriarJanela, empresa: Empresa, cena: Cena) -> None:
    ana, _, dois = cena
    pagina = janela().entrar(ana)
    _abrir(pagina, dois)
    presos = _reter(pagina, "/fio\\?")
    empresa.receber("veio com o fio preso", DOIS)
    _chegou(pagina, presos)
    pagina.unroute_all()
    expect(pagina.locator("#rolo .msg", has_text="veio com o fio preso")).to_be_visible(timeout=40_000)


def test_presenca_que_nao_se_le_nao_se_mostra(janela: CriarJanela, cena: Cena) -> None:
    ana, um, dois = cena
    pagina = janela().entrar(ana)
    pagina.route(
        re.compile("/presenca$"), lambda r: r.fulfill(status=503, content_type="text/html", body="<p>fora</p>")
    )
    _abrir(pagina, um)
    with pagina.expect_response(lambda r: r.url.endswith(f"{dois}/presenca")) as resposta:
        pagina.locator(f"#c-{dois} a.cc").click()
    resposta.value.finished()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", dois)
    expect(pagina.locator("#presentes")).to_have_text("")


def test_fim_da_sessao_e_dito_uma_vez_e_nada_se_perde(janela: CriarJanela, empresa: Empresa, cena: Cena) -> None:
    pessoa = empresa.contratar("Clara Efêmera", "ADMINISTRADOR")
    pagina = janela().entrar(pessoa)
    _abrir(pagina, cena[2])
    pagina.get_by_label("Mensagem para").fill("ainda não enviei")
    with psycopg.connect(empresa.produto.config.url_admin, autocommit=True) as admin:
        admin.execute("update sessoes set revogada_em = now() where usuario_id = %s", [pessoa.id])
    aviso = pagina.locator(".brinde", has_text="Sua sessão terminou")
    expect(aviso).to_have_count(1)
    for _ in range(3):
        pagina.evaluate("() => dispatchEvent(new Event('online'))")
    pagina.get_by_label("Mensagem para").press("Enter")
    expect(pagina.locator("#rolo .local", has_text="ainda não enviei")).to_be_visible()
    expect(aviso).to_have_count(1)
    aviso.get_by_role("button", name="Entrar de novo").click()
    pagina.wait_for_url("**/entrar?volta=*")


def test_depois_de_enviar_vem_a_proxima_e_desfazer_volta(janela: CriarJanela, empresa: Empresa, cena: Cena) -> None:
    pessoa = empresa.contratar("Diego Veloz", "ADMINISTRADOR")
    pagina = janela().entrar(pessoa, "/configuracoes/atalhos")
    pagina.get_by_label("Depois de enviar").select_option(label="Abrir a próxima")
    pagina.get_by_role("button", name="Salvar atalhos").click()
    expect(pagina.locator("#brindes")).to_contain_text("Atalhos")
    # nobody's, so that whoever answers first has it
    for telefone in (TRES, QUATRO):
        empresa.receber("Bom dia", telefone)
    ultima = empresa.conversa_com(QUATRO)
    _abrir(pagina, ultima)
    caixa = pagina.get_by_label("Mensagem para")
    caixa.fill("e agora o seguinte")
    caixa.press("Enter")
    expect(pagina.locator("#conversa")).not_to_have_attribute("data-id", ultima)
    expect(caixa).to_have_value("")
    pagina.locator("#brindes").get_by_role("button", name="Desfazer").click()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", ultima)
    expect(caixa).to_have_value("e agora o seguinte")
