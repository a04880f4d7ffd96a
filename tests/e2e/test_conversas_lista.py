"""The inbox's list: who works in it, alone and beside colleagues, with mouse, keyboard, phone and without scripts."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe
from tests.e2e.produto import Agente, Empresa, Produto, esperar, nova_empresa

MUITAS = 305


def _fone(n: int) -> str:
    return f"+55119{70000000 + n * 11:08d}"


def _cartoes(pagina: Page, nome: str | None = None) -> object:
    cartoes = pagina.locator("#cartoes > li[data-k]")
    return cartoes.filter(has_text=nome) if nome else cartoes


@pytest.fixture(scope="module")
def ana(empresa: Empresa) -> Agente:
    return empresa.contratar("Ana Souza")


@pytest.fixture(scope="module")
def bruno(empresa: Empresa) -> Agente:
    return empresa.contratar("Bruno Lima")


@pytest.fixture(scope="module")
def cheia(empresa: Empresa) -> Empresa:
    """More conversations than a screen, a page or ten pages hold."""
    for n in range(MUITAS):
        empresa.receber(f"Mensagem número {n}", de=_fone(n))

    def todas() -> bool:
        contagem = empresa.dono.pedir("GET", "/api/conversas/contagem")
        return bool(contagem["abas"]["todas"]["total"] >= MUITAS)

    esperar(todas, 120, 0.5)
    return empresa


def _nova(empresa: Empresa, n: int, nome: str) -> str:
    """A conversation of its own for one test, by its person's name."""
    empresa.dono.pedir("POST", "/api/contatos", json={"nome": nome, "telefone": _fone(n)})
    empresa.receber(f"Olá, aqui é {nome}", de=_fone(n))
    return empresa.conversa_com(_fone(n))


def test_quem_assume_e_visto_pelo_outro(janela: CriarJanela, empresa: Empresa, ana: Agente, bruno: Agente) -> None:
    id_ = _nova(empresa, 9001, "Zilda Disputada")
    de_ana = janela().entrar(ana, f"/conversas/{id_}?aba=fila")
    de_bruno = janela().entrar(bruno, f"/conversas/{id_}?aba=fila")
    de_bruno.mouse.move(900, 500)
    de_ana.locator("#topo").get_by_role("button", name="Assumir").click()
    expect(de_ana.locator("#topo")).to_contain_text("com Ana Souza")
    # whoever only sees what is nobody's loses it from the queue, and the open conversation says so
    expect(de_bruno.locator(f"#c-{id_}")).to_have_count(0)
    expect(de_bruno.locator("#fio")).to_contain_text("Esta conversa foi para outra pessoa ou equipe")
    # it never was his, and the header neither says that it waits nor offers to take it
    expect(de_bruno.locator("#topo")).to_contain_text("Com outra pessoa ou equipe")
    expect(de_bruno.locator("#topo")).not_to_contain_text("Na fila")
    expect(de_bruno.locator("#conversa").get_by_role("button", name="Assumir")).to_have_count(0)
    expect(de_bruno.locator("#conversa").get_by_role("link", name="Prioridade")).to_have_count(0)


def test_supervisor_ve_quem_assumiu_sem_recarregar(janela: CriarJanela, empresa: Empresa, ana: Agente) -> None:
    id_ = _nova(empresa, 9002, "Yara Observada")
    pagina = janela().entrar(empresa.dono, f"/conversas/{id_}?aba=todas")
    pagina.mouse.move(900, 500)
    ana.pedir("POST", f"/api/conversas/{id_}/assumir", json={})
    expect(pagina.locator("#topo")).to_contain_text("com Ana Souza")
    expect(pagina.locator(f"#c-{id_} .dono")).to_have_text("AS")


def test_ato_se_desfaz_pelo_aviso(janela: CriarJanela, empresa: Empresa) -> None:
    id_ = _nova(empresa, 9003, "Xico Resolvido")
    pagina = janela().entrar(empresa.dono, f"/conversas/{id_}?aba=todas")
    pagina.locator("#topo").get_by_role("link", name="Resolver").click()
    pagina.locator("#dialogo").get_by_role("button", name="Resolver").click()
    expect(pagina.locator("#topo")).to_contain_text("Resolvida")
    pagina.get_by_role("button", name="Desfazer", exact=True).click()
    expect(pagina.locator("#topo")).to_contain_text("Na fila")
    assert empresa.dono.pedir("GET", f"/api/conversas/{id_}")["status"] == "ABERTA"


def test_em_massa_diz_o_que_houve_com_cada_uma(janela: CriarJanela, empresa: Empresa) -> None:
    ids = [_nova(empresa, 9010 + n, f"Wanda Conjunta {n}") for n in range(3)]
    motivo = empresa.dono.pedir("GET", "/api/motivos-resolucao")[0]["id"]
    pagina = janela().entrar(empresa.dono, "/conversas?aba=todas&q=Wanda")
    expect(_cartoes(pagina)).to_have_count(3)
    for id_ in ids:
        pagina.locator(f"#c-{id_}").hover()
        pagina.locator(f"#c-{id_} .marca").check()
    # somebody else resolves one meanwhile
    empresa.dono.pedir("POST", f"/api/conversas/{ids[1]}/resolver", json={"motivoId": motivo})
    pagina.locator("#massa").get_by_role("button", name="Resolver").click()
    pagina.locator("#dialogo").get_by_role("button", name=re.compile("Fazer com")).click()
    expect(pagina.locator("#dialogo")).to_contain_text("2 feitas, 1 recusadas")
    expect(pagina.locator("#dialogo")).to_contain_text("Wanda Conjunta 1")


def test_lista_longa_vem_aos_poucos(janela: CriarJanela, cheia: Empresa) -> None:
    pagina = janela().entrar(cheia.dono, "/conversas?aba=todas&ordem=criada")
    expect(_cartoes(pagina)).to_have_count(30)
    vistos = 0
    for _ in range(80):
        pagina.evaluate("() => document.querySelector('#rola').scrollTo(0, 1e6)")
        pagina.wait_for_timeout(250)
        vistos = _cartoes(pagina).count()  # type: ignore[attr-defined]
        if not pagina.locator("#mais").count():
            break
    assert vistos >= MUITAS
    ids = pagina.evaluate("() => [...document.querySelectorAll('#cartoes > li[data-k]')].map((l) => l.id)")
    assert len(ids) == len(set(ids))


def test_filtros_ficam_no_endereco_e_viram_visao(janela: CriarJanela, empresa: Empresa) -> None:
    id_ = _nova(empresa, 9020, "Vera Urgente")
    empresa.dono.pedir("POST", f"/api/conversas/{id_}/prioridade", json={"prioridade": "URGENTE"})
    pagina = janela().entrar(empresa.dono, "/conversas?aba=todas")
    pagina.get_by_role("link", name="Filtros").click()
    pagina.locator("#dialogo").get_by_label("Urgente").check()
    pagina.locator("#dialogo").get_by_role("button", name="Filtrar").click()
    expect(pagina).to_have_url(re.compile(r"/conversas\?aba=todas&prioridade=urgente$"))
    expect(_cartoes(pagina)).to_have_count(1)
    expect(pagina.locator("#abas [aria-current]")).to_contain_text("Todas 1")
    pagina.reload()
    expect(_cartoes(pagina)).to_have_count(1)
    pagina.get_by_role("link", name="Visões").click()
    pagina.get_by_label("Nome", exact=True).fill("Só urgentes")
    pagina.get_by_label("Fixar acima da lista").check()
    pagina.locator("#dialogo").get_by_role("button", name="Salvar").click()
    expect(pagina.get_by_role("link", name="Só urgentes").first).to_be_visible()
    pagina.goto("/conversas")
    pagina.get_by_role("link", name="Só urgentes").click()
    expect(_cartoes(pagina)).to_have_count(1)


def test_filtro_impossivel_e_dito_na_lista(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().entrar(empresa.dono, "/conversas?aba=todas&equipe=nenhuma")
    expect(pagina.locator("#lista").get_by_role("alert")).to_be_visible()
    pagina.locator("#rola").get_by_role("link", name="Limpar filtros").click()
    expect(pagina.locator("#lista").get_by_role("alert")).to_have_count(0)


def test_busca_acha_nome_telefone_e_mensagem(janela: CriarJanela, empresa: Empresa) -> None:
    id_ = _nova(empresa, 9030, "Úrsula Achável")
    empresa.receber("quero a samambaia azulada", de=_fone(9030))
    pagina = janela().entrar(empresa.dono, "/conversas?aba=todas")
    for texto in ("ursula", _fone(9030)[-8:], "samambaia"):
        pagina.get_by_role("searchbox").fill(texto)
        expect(pagina.locator(f"#c-{id_}")).to_be_visible()
        expect(pagina).to_have_url(re.compile(f"q={re.escape(texto)}"))
    expect(pagina.locator("mark")).to_have_text("samambaia")
    # what else chooses the view keeps what was looked for
    expect(pagina.get_by_role("link", name="Filtros")).to_have_attribute("href", re.compile("q=samambaia"))
    expect(pagina.get_by_role("link", name="Visões")).to_have_attribute("href", re.compile("q=samambaia"))
    pagina.get_by_label("Ordem").select_option("criada")
    expect(pagina).to_have_url(re.compile("q=samambaia.*ordem=criada"))
    expect(pagina.get_by_role("searchbox")).to_have_value("samambaia")


def test_so_com_o_teclado(janela: CriarJanela, empresa: Empresa) -> None:
    _nova(empresa, 9040, "Tadeu Teclado")
    pagina = janela().entrar(empresa.dono, "/conversas?aba=todas")
    pagina.keyboard.press("j")
    expect(_cartoes(pagina).nth(0).locator(".cc")).to_be_focused()  # type: ignore[attr-defined]
    pagina.keyboard.press("x")
    expect(pagina.locator("#massa")).to_be_visible()
    pagina.keyboard.press("x")
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#topo h2")).to_contain_text("Tadeu")
    pagina.locator("#topo h2").focus()
    pagina.keyboard.press("h")
    expect(pagina.locator("#dialogo")).to_be_visible()
    pagina.keyboard.press("Escape")
    expect(pagina.locator("#dialogo")).to_be_hidden()
    pagina.keyboard.press("i")
    expect(pagina.locator("#topo")).to_contain_text("com Dona da Empresa")
    pagina.keyboard.press("1")
    expect(pagina).to_have_url(re.compile(r"/conversas$"))


def test_cartao_novo_espera_o_ponteiro_sair(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela().entrar(empresa.dono, "/conversas?aba=todas")
    primeiro = _cartoes(pagina).nth(0)  # type: ignore[attr-defined]
    antes = primeiro.get_attribute("id")
    primeiro.hover()
    id_ = _nova(empresa, 9050, "Sônia Repentina")
    expect(pagina.locator("#abas")).to_contain_text("Todas")
    pagina.wait_for_timeout(1500)
    assert _cartoes(pagina).nth(0).get_attribute("id") == antes  # type: ignore[attr-defined]
    pagina.mouse.move(1000, 600)
    expect(_cartoes(pagina).nth(0)).to_have_id(f"c-{id_}")  # type: ignore[attr-defined]


def test_a_lista_vazia_diz_o_que_espera_na_fila(janela: CriarJanela, produto: Produto) -> None:
    nova = nova_empresa(produto, "Casa Vazia")
    nova.conectar()
    pagina = janela().entrar(nova.dono, "/conversas")
    expect(pagina.get_by_text("Nada com você aqui, e a fila está vazia.")).to_be_visible()
    nova.receber("Alguém aí?", "+5511987651234")
    expect(pagina.get_by_role("link", name="Ver a fila")).to_be_visible()
    expect(pagina.get_by_text("Nada com você aqui, e a fila está vazia.")).to_have_count(0)


def test_no_telefone_uma_zona_de_cada_vez(janela: CriarJanela, empresa: Empresa) -> None:
    id_ = _nova(empresa, 9060, "Rute Telefone")
    pagina = janela(largura="telefone").entrar(empresa.dono, "/conversas?aba=todas")
    pagina.locator(f"#c-{id_} a").tap()
    expect(pagina.locator("#topo")).to_be_visible()
    expect(pagina.locator("#lista")).to_be_hidden()
    assert pagina.evaluate("() => document.documentElement.scrollWidth") <= 390
    pagina.get_by_role("link", name="Voltar à lista").tap()
    expect(pagina.locator(f"#c-{id_}")).to_be_visible()
    pagina.locator(f"#c-{id_} a").tap()
    assert axe(pagina) == []
    painel = pagina.locator("#painel")
    pagina.get_by_role("link", name="Sobre a pessoa").tap()
    expect(painel).to_be_visible()
    assert axe(pagina) == []
    # the panel has an address: Back shows the thread, Forward and a reload the panel again
    expect(pagina).to_have_url(re.compile(rf"{id_}\?aba=todas&painel=1$"))
    pagina.evaluate("() => { window.aqui = true; history.back(); }")
    expect(painel).to_be_hidden()
    expect(pagina).to_have_url(re.compile(rf"{id_}\?aba=todas$"))
    expect(pagina.locator("#texto")).to_be_visible()
    pagina.evaluate("() => { history.forward(); }")
    expect(painel).to_be_visible()
    assert pagina.evaluate("() => window.aqui")
    # the first tap after a reload waits for what it needs
    pagina.reload()
    expect(painel).to_be_visible()
    pagina.get_by_role("button", name="Fechar painel").tap()
    expect(painel).to_be_hidden()
    expect(pagina).to_have_url(re.compile(rf"{id_}\?aba=todas$"))


def test_sem_script_tudo_se_faz_por_links_e_formularios(janela: CriarJanela, empresa: Empresa, ana: Agente) -> None:
    id_ = _nova(empresa, 9070, "Quitéria Simples")
    pagina = janela(com_script=False).entrar(empresa.dono, "/conversas?aba=todas&q=Quiteria")
    pagina.locator(f"#c-{id_} a").click()
    pagina.locator("#topo").get_by_role("button", name="Assumir").click()
    expect(pagina.locator("#topo")).to_contain_text("com Dona da Empresa")
    pagina.locator("#topo").get_by_role("link", name="Transferir").click()
    pagina.get_by_label("Pessoa").select_option(label="Ana Souza")
    pagina.get_by_role("button", name="Transferir").click()
    assert empresa.dono.pedir("GET", f"/api/conversas/{id_}")["usuarioId"] == ana.id
    pagina.goto(f"/conversas/{id_}/ato/resolver")
    pagina.get_by_role("button", name="Resolver").click()
    assert empresa.dono.pedir("GET", f"/api/conversas/{id_}")["status"] == "RESOLVIDA"
    pagina.goto(f"/conversas/{id_}/painel/historico")
    expect(pagina.locator("main")).to_contain_text("resolveu")


def test_recusa_fica_junto_do_formulario(janela: CriarJanela, empresa: Empresa) -> None:
    id_ = _nova(empresa, 9080, "Paula Adiada")
    pagina = janela().entrar(empresa.dono, f"/conversas/{id_}/ato/adiar")
    outra, ate = pagina.get_by_label("Outra hora, abaixo"), pagina.get_by_label("Dia e hora")
    ate.hover()
    # what is typed and what is marked say the same
    esperar(lambda: ate.evaluate("(e) => e.closest('fieldset').dataset.veio"))
    ate.fill("2020-01-01T10:00")
    expect(outra).to_be_checked()
    pagina.get_by_label("Amanhã cedo").check()
    expect(ate).to_have_value("")
    ate.fill("2020-01-01T10:00")
    pagina.get_by_role("button", name="Adiar").click()
    expect(pagina.get_by_role("alert").filter(has_text=re.compile("Z|2"))).to_be_visible()
    assert pagina.get_by_label("Dia e hora").input_value() == "2020-01-01T10:00"


def test_outra_empresa_nao_ve_nada(janela: CriarJanela, empresa: Empresa, outra_empresa: Empresa) -> None:
    id_ = _nova(empresa, 9090, "Otília Alheia")
    pagina = janela().entrar(outra_empresa.dono, "/conversas?aba=todas&status=qualquer")
    expect(_cartoes(pagina)).to_have_count(0)
    for caminho in ("", "/painel", "/painel/historico", "/ato/resolver"):
        resposta = pagina.goto(f"/conversas/{id_}{caminho}")
        assert resposta is not None and resposta.status == 404


def _sem_eventos(pagina: Page) -> None:
    """From the next page on, nothing is told of what happens; `_dizer` tells it."""
    pagina.route(re.compile("/vivo/(fluxo|desde)"), lambda rota: rota.abort())


def _dizer(pagina: Page, nome: str) -> None:
    pagina.evaluate(
        "(nome) => new BroadcastChannel(`vivo:${document.body.dataset.eu}`).postMessage({ nome, dados: {} })", nome
    )


@pytest.mark.parametrize("nome", ["recarregar", "conversas_mudaram"])
def test_ler_tudo_de_novo_traz_o_que_nao_estava_na_lista(janela: CriarJanela, produto: Produto, nome: str) -> None:
    nova = nova_empresa(produto, "Casa Muda")
    nova.conectar()
    pagina = janela(esperados=("ERR_",)).entrar(nova.dono)
    _sem_eventos(pagina)
    pagina.goto("/conversas?aba=todas")
    pagina.mouse.move(900, 500)
    for n, quantas in ((1, 1), (2, 2)):
        nova.receber("Alguém aí?", _fone(n))
        id_ = nova.conversa_com(_fone(n))
        _dizer(pagina, nome)
        expect(pagina.locator(f"#c-{id_}")).to_be_visible()
        expect(_cartoes(pagina)).to_have_count(quantas)
        expect(pagina.locator("#abas [aria-current]")).to_contain_text(f"Todas {quantas}")
    expect(pagina.locator("#rola > .vazio")).to_have_count(0)
    # and what is no longer there goes
    motivo = nova.dono.pedir("GET", "/api/motivos-resolucao")[0]["id"]
    nova.dono.pedir("POST", f"/api/conversas/{id_}/resolver", json={"motivoId": motivo})
    _dizer(pagina, nome)
    expect(_cartoes(pagina)).to_have_count(1)


def test_o_que_saiu_da_vista_nao_leva_a_caixa_junto(
    janela: CriarJanela, empresa: Empresa, ana: Agente, bruno: Agente
) -> None:
    ficou, saiu = _nova(empresa, 9100, "Nilo Visível"), _nova(empresa, 9101, "Mara Levada")
    pagina = janela(esperados=("ERR_",)).entrar(bruno)
    _sem_eventos(pagina)
    pagina.goto(f"/conversas/{ficou}?aba=fila&ordem=criada")
    ana.pedir("POST", f"/api/conversas/{saiu}/assumir", json={})
    pagina.locator(f"#c-{saiu} .cc").click()
    expect(pagina.locator("#conversa").get_by_role("heading", name="Página não encontrada")).to_be_visible()
    expect(pagina.locator("#cartoes .cc[aria-current]")).to_have_count(0)
    pagina.locator(f"#c-{ficou} .cc").click()
    expect(pagina.locator("#topo h2")).to_contain_text("Nilo Visível")
    # nor does a search that cannot be answered take the list
    pagina.route(
        re.compile("q=nada"), lambda r: r.fulfill(status=503, content_type="text/html", body="<p>fora do ar</p>")
    )
    pagina.get_by_role("searchbox").fill("nada")
    expect(pagina.locator("#rola")).to_have_text("fora do ar")
    pagina.get_by_role("searchbox").fill("nilo")
    expect(pagina.locator(f"#c-{ficou}")).to_be_visible()


def test_sem_sessao_a_caixa_fica_como_estava(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Lívia Efêmera", "ADMINISTRADOR")
    id_ = _nova(empresa, 9110, "Leda Guardada")
    pagina = janela().entrar(pessoa, f"/conversas/{id_}?aba=todas")
    pagina.locator("#topo h2").click()
    pagina.wait_for_function("() => window.htmx")
    quantas = _cartoes(pagina).count()  # type: ignore[attr-defined]
    pagina.evaluate("() => { window.aqui = true; }")
    with psycopg.connect(empresa.produto.config.url_admin, autocommit=True) as admin:
        admin.execute("update sessoes set revogada_em = now() where usuario_id = %s", [pessoa.id])
    # not the one that was asked for while there was a session
    with pagina.expect_response(lambda r: r.url.endswith("/presenca") and "hx-redirect" in r.headers):
        pagina.evaluate(
            "() => { const p = document.querySelector('#presentes'); p.replaceWith(p.cloneNode());"
            " htmx.process(document.querySelector('#presentes')); }"
        )
    with pagina.expect_response(re.compile("/conversas/vivas")):
        pagina.evaluate(
            "(id) => document.dispatchEvent(new CustomEvent('ato', { detail: { id, texto: 'feito' } }))", id_
        )
    pagina.wait_for_timeout(300)
    assert pagina.evaluate("() => window.aqui")
    expect(_cartoes(pagina)).to_have_count(quantas)
    expect(pagina.locator(f"#c-{id_}")).to_be_visible()


def test_quem_desiste_de_resolver_nao_vai_a_proxima(janela: CriarJanela, empresa: Empresa) -> None:
    _nova(empresa, 9120, "Kátia Vizinha")
    id_ = _nova(empresa, 9121, "Jonas Indeciso")
    pagina = janela().entrar(empresa.dono, f"/conversas/{id_}?aba=todas")
    pagina.locator("#topo h2").click()
    pagina.keyboard.press("Shift+E")
    expect(pagina.get_by_role("heading", name="Resolver a conversa de Jonas Indeciso")).to_be_visible()
    pagina.keyboard.press("Escape")
    expect(pagina.locator("#dialogo")).to_be_hidden()
    idas: list[str] = []
    pagina.on("request", lambda r: idas.append(r.url) if r.headers.get("hx-target") == "conversa" else None)
    pagina.locator("#topo").get_by_role("button", name="Assumir").click()
    expect(pagina.locator("#brindes")).to_contain_text("A conversa é sua")
    expect(pagina.locator(f"#c-{id_} .dono")).to_be_visible()
    assert idas == []
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", id_)
