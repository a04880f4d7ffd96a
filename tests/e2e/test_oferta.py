"""What the queue offers: a card in whatever page, for as long as the server says, answered once for the browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe
from tests.e2e.produto import Agente, Empresa, esperar

# the sound, counted
_OUVIDO = """
window.sons = 0;
const De = window.AudioContext;
window.AudioContext = class extends De { constructor() { super(); window.sons += 1; } };
"""


def _equipe(empresa: Empresa, nome: str, segundos: int, *pessoas: Agente) -> str:
    equipe: str = empresa.dono.pedir("POST", "/api/equipes", json={"nome": nome, "membros": [p.id for p in pessoas]})[
        "id"
    ]
    modo = {"calendarioId": None, "distribuicao": "AUTOMATICA", "ofertaSegundos": segundos}
    empresa.dono.pedir("PUT", f"/api/atendimento/equipes/{equipe}", json=modo)
    empresa.dono.pedir(
        "PUT", f"/api/atendimento/conexoes/{empresa.conexao_id}", json={"equipeId": equipe, "donoMinutos": 0}
    )
    return equipe


def _cartao(pagina: Page) -> Locator:
    return pagina.get_by_role("region", name="A fila oferece uma conversa")


def _oferecida(pessoa: Agente) -> bool:
    return pessoa.pedir("GET", "/api/atendimento/oferta")["oferta"] is not None


def test_recusada_por_uma_passa_a_outra_que_aceita(janela: CriarJanela, empresa: Empresa) -> None:
    ana, bia = empresa.contratar("Ana Ofertas"), empresa.contratar("Bia Ofertas")
    _equipe(empresa, "Balcão de ofertas", 60, ana, bia)
    da_ana, da_bia = janela(), janela()
    for uma in (da_ana, da_bia):
        uma.contexto.add_init_script(_OUVIDO)
    with da_ana.pagina.expect_request("**/vivo/fluxo*"):
        da_ana.abrir(ana, "/contatos")
    outra = da_ana.aba("/")
    with da_bia.pagina.expect_request("**/vivo/fluxo*"):
        da_bia.abrir(bia, "/configuracoes/perfil")
    for pagina in (da_ana.pagina, da_bia.pagina):
        pagina.mouse.click(1, 1)
    empresa.receber("quero um bolo", "+5511987600001")
    esperar(lambda: _oferecida(ana) or _oferecida(bia))
    primeira, segunda = (da_ana, da_bia) if _oferecida(ana) else (da_bia, da_ana)
    cartao = _cartao(primeira.pagina)
    expect(cartao).to_be_visible()
    expect(cartao).to_contain_text("Balcão de ofertas")
    esperar(lambda: primeira.pagina.evaluate("() => window.sons"))
    expect(cartao.locator(".resta")).to_contain_text(re.compile(r"\b[1-5]?\d s"))
    expect(_cartao(segunda.pagina)).to_have_count(0)
    assert axe(primeira.pagina) == []
    # by keyboard: what comes first after the link that skips
    cartao.get_by_role("button", name="Recusar").focus()
    primeira.pagina.keyboard.press("Enter")
    expect(cartao).to_have_count(0)
    expect(_cartao(segunda.pagina)).to_be_visible()
    _cartao(segunda.pagina).get_by_role("button", name="Aceitar").click()
    segunda.pagina.wait_for_url("**/conversas/*")
    expect(segunda.pagina.locator("#fio").get_by_text("quero um bolo")).to_be_visible()
    for pagina in (da_ana.pagina, da_bia.pagina, outra):
        expect(_cartao(pagina)).to_have_count(0)


def test_sem_resposta_passa_a_outra_e_quem_abre_a_pagina_a_ve(janela: CriarJanela, empresa: Empresa) -> None:
    eva, gil = empresa.contratar("Eva Ofertas"), empresa.contratar("Gil Ofertas")
    _equipe(empresa, "Balcão ligeiro", 8, eva, gil)
    de_eva, de_gil = janela(), janela()
    for uma, pessoa in ((de_eva, eva), (de_gil, gil)):
        with uma.pagina.expect_request("**/vivo/fluxo*"):
            uma.abrir(pessoa, "/contatos")
    empresa.receber("alguém aí?", "+5511987600002")
    esperar(lambda: _oferecida(eva) or _oferecida(gil))
    primeira, segunda = (de_eva, de_gil) if _oferecida(eva) else (de_gil, de_eva)
    expect(_cartao(primeira.pagina)).to_be_visible()
    # nobody answers: it is the other's turn, with nothing done by anybody
    expect(_cartao(segunda.pagina)).to_be_visible(timeout=30_000)
    expect(_cartao(primeira.pagina)).to_have_count(0)
    # whoever opens a page while something is offered to her sees it there
    rui = empresa.contratar("Rui Ofertas")
    equipe = _equipe(empresa, "Balcão calmo", 120, rui)
    conversa = empresa.conversa_com("+5511987600002")
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/transferir", json={"equipeId": equipe})
    esperar(lambda: _oferecida(rui))
    expect(_cartao(segunda.pagina)).to_have_count(0)
    de_rui = janela(largura="telefone")
    de_rui.abrir(rui, "/contatos")
    expect(_cartao(de_rui.pagina)).to_be_visible()
    assert axe(de_rui.pagina) == []


@pytest.mark.parametrize("som", [True, False], ids=["com avisos", "sem avisos"])
def test_a_equipe_comeca_a_oferecer_com_a_pagina_aberta(janela: CriarJanela, empresa: Empresa, som: bool) -> None:
    """A page knows nothing of offers when it is read: the first one comes all the same, told or not."""
    nina = empresa.contratar(f"Nina {'com' if som else 'sem'} som")
    nina.pedir("PATCH", "/api/autenticacao/preferencias", json={"som": som})
    aberta = janela()
    pagina = aberta.pagina
    with pagina.expect_request("**/vivo/fluxo*"):
        aberta.abrir(nina, "/contatos")
    assert pagina.locator("body[data-oferece]").count() == 0
    _oferecer(empresa, nina, f"Balcão que começa {som}", f"+551198760007{som:d}")
    expect(_cartao(pagina)).to_be_visible()
    _cartao(pagina).get_by_role("button", name="Recusar").click()
    expect(_cartao(pagina)).to_have_count(0)
    # and the next one, too
    equipe = empresa.dono.pedir("POST", "/api/equipes", json={"nome": f"Segunda {som}", "membros": [nina.id]})["id"]
    modo = {"calendarioId": None, "distribuicao": "AUTOMATICA", "ofertaSegundos": 60}
    empresa.dono.pedir("PUT", f"/api/atendimento/equipes/{equipe}", json=modo)
    conversa = empresa.conversa_com(f"+551198760007{som:d}")
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/transferir", json={"equipeId": equipe})
    expect(_cartao(pagina)).to_contain_text(f"Segunda {som}")


def test_sem_fluxo_a_oferta_vem_pelas_perguntas(janela: CriarJanela, empresa: Empresa) -> None:
    olga = empresa.contratar("Olga Ofertas")
    aberta = janela(esperados=("ERR_FAILED",))
    pagina = aberta.pagina
    aberta.contexto.route("**/vivo/fluxo*", lambda rota: rota.abort())
    with pagina.expect_request("**/vivo/desde*", timeout=60_000):
        aberta.abrir(olga, "/contatos")
    _oferecer(empresa, olga, "Balcão das perguntas", "+5511987600072")
    expect(_cartao(pagina)).to_be_visible(timeout=20_000)


def test_sem_script_ha_uma_pagina(janela: CriarJanela, empresa: Empresa) -> None:
    iris = empresa.contratar("Íris Ofertas")
    _equipe(empresa, "Balcão sem script", 120, iris)
    empresa.receber("oi", "+5511987600003")
    esperar(lambda: _oferecida(iris))
    sem = janela(com_script=False)
    sem.abrir(iris, "/oferta")
    sem.pagina.get_by_role("button", name="Aceitar").click()
    sem.pagina.wait_for_url("**/conversas/*")
    sem.abrir(iris, "/oferta")
    expect(sem.pagina.get_by_text("Nenhuma conversa é oferecida a você agora.")).to_be_visible()


@pytest.mark.parametrize("segundos", ["3", "20"])
def test_a_equipe_diz_por_quanto_tempo(janela: CriarJanela, empresa: Empresa, segundos: str) -> None:
    equipe = empresa.dono.pedir("POST", "/api/equipes", json={"nome": f"Equipe dos {segundos}"})["id"]
    aberta = janela()
    aberta.abrir(empresa.dono, f"/usuarios/equipes/{equipe}")
    campo = aberta.pagina.get_by_label("Oferecer por (segundos)")
    campo.fill(segundos)
    aberta.pagina.get_by_role("button", name="Salvar fila").click()
    if segundos == "3":
        expect(aberta.pagina.get_by_text("5 a 120 segundos").first).to_be_visible()
    expect(campo).to_have_value(segundos)


def _oferecer(empresa: Empresa, quem: Agente, nome: str, telefone: str, segundos: int = 120) -> None:
    """Somebody writes to a team that has only this person."""
    _equipe(empresa, nome, segundos, quem)
    empresa.receber("há alguém?", telefone)
    esperar(lambda: _oferecida(quem))


def _atende(empresa: Empresa, quem: Agente, nome: str, telefone: str) -> str:
    """A conversation that this person took from a team of her own."""
    _oferecer(empresa, quem, nome, telefone)
    oferta = quem.pedir("GET", "/api/atendimento/oferta")["oferta"]
    quem.pedir("POST", f"/api/atendimento/ofertas/{oferta['id']}/aceitar")
    return empresa.conversa_com(telefone)


def _clicavel(botao: Locator) -> bool:
    """Whether a pointer on its middle reaches it: nothing above it, and not inert."""
    return bool(
        botao.evaluate("""(b) => {
          const { x, y, width, height } = b.getBoundingClientRect();
          return b.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }""")
    )


def test_com_um_dialogo_aberto_ha_como_responder(janela: CriarJanela, empresa: Empresa) -> None:
    lia = empresa.contratar("Lia Ofertas")
    _equipe(empresa, "Balcão do diálogo", 120, lia)
    aberta = janela()
    pagina = aberta.pagina
    with pagina.expect_request("**/vivo/fluxo*"):
        aberta.abrir(lia, "/contatos")
    pagina.keyboard.press("Control+k")
    dialogo = pagina.locator("dialog.comandos")
    expect(dialogo).to_be_visible()
    empresa.receber("há alguém?", "+5511987600011")
    cartao, recusar = _cartao(pagina), _cartao(pagina).get_by_role("button", name="Recusar")
    expect(cartao).to_be_visible()
    assert _clicavel(recusar)
    assert axe(pagina) == []
    # a search draws the dialog again: the card stays
    with pagina.expect_response("**/comandos?q=*"):
        dialogo.get_by_role("combobox").or_(dialogo.locator("input")).first.fill("cont")
    expect(cartao).to_be_visible()
    for _ in range(40):
        if recusar.evaluate("(b) => b === document.activeElement"):
            break
        pagina.keyboard.press("Tab")
    expect(recusar).to_be_focused()
    pagina.keyboard.press("Escape")
    expect(dialogo).to_be_hidden()
    expect(cartao).to_be_visible()
    assert _clicavel(recusar)
    # and one that opens while the card stands
    pagina.keyboard.press("Control+k")
    expect(dialogo).to_be_visible()
    expect(dialogo.get_by_role("region", name="A fila oferece uma conversa")).to_be_visible()
    recusar.focus()
    pagina.keyboard.press("Space")
    expect(cartao).to_have_count(0)
    expect(dialogo).to_be_visible()
    esperar(lambda: not _oferecida(lia))


@pytest.mark.parametrize("altura", [844, 420])
def test_no_telefone_nao_fica_sobre_quem_escreve(janela: CriarJanela, empresa: Empresa, altura: int) -> None:
    tom = empresa.contratar(f"Tom {altura}")
    conversa = _atende(empresa, tom, f"Balcão de {altura}", f"+5511987602{altura}")
    empresa.receber("há alguém?", f"+5511987603{altura}")
    esperar(lambda: _oferecida(tom))
    aberta = janela(largura="telefone")
    pagina = aberta.pagina
    pagina.set_viewport_size({"width": 390, "height": altura})
    aberta.abrir(tom, f"/conversas/{conversa}")
    pagina.locator("#texto").fill("estou a escrever\n" * (30 if altura == 844 else 2))
    cartao = _cartao(pagina)
    expect(cartao).to_be_visible()
    do_cartao = cartao.bounding_box()
    assert do_cartao and do_cartao["y"] >= 0
    for onde in ("#texto", "#enviar"):
        campo = pagina.locator(onde)
        expect(campo).to_be_visible()
        caixa = campo.bounding_box()
        assert caixa and do_cartao["y"] + do_cartao["height"] <= caixa["y"], (onde, caixa, do_cartao)
    for nome in ("Aceitar", "Recusar"):
        assert _clicavel(cartao.get_by_role("button", name=nome))


def test_o_que_se_escolheu_ou_escreveu_nao_se_perde(janela: CriarJanela, empresa: Empresa) -> None:
    noa = empresa.contratar("Noa Ofertas")
    _oferecer(empresa, noa, "Balcão das escolhas", "+5511987600041")
    aberta = janela()
    aberta.abrir(noa, "/configuracoes/atalhos")
    pagina, cartao = aberta.pagina, _cartao(aberta.pagina)
    expect(cartao).to_be_visible()
    escolha = pagina.get_by_label("Depois de enviar")
    outra = escolha.evaluate("(s) => [...s.options].find((o) => o !== s.selectedOptions[0] && !o.disabled).value")
    escolha.select_option(outra)
    # the browser lets no window open: a notice has the way there
    pagina.evaluate("() => { window.open = () => null; }")
    cartao.get_by_role("button", name="Aceitar").click()
    link = pagina.get_by_role("link", name="Abrir a conversa")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", re.compile(r"/conversas/[0-9a-f-]{36}$"))
    assert pagina.url.endswith("/configuracoes/atalhos")
    expect(escolha).to_have_value(outra)
    with pagina.expect_popup() as nova:
        link.click()
    expect(nova.value.locator("#fio").get_by_text("há alguém?")).to_be_visible()


def test_o_rascunho_fica_e_a_conversa_abre_aqui(janela: CriarJanela, empresa: Empresa) -> None:
    """What is written in a conversation is kept: no other window is needed; beside it, it is."""
    zoe = empresa.contratar("Zoe Ofertas")
    primeira = _atende(empresa, zoe, "Balcão do rascunho", "+5511987600051")
    empresa.receber("segunda", "+5511987600052")
    esperar(lambda: _oferecida(zoe))
    aberta = janela()
    aberta.abrir(zoe, f"/conversas/{primeira}")
    pagina = aberta.pagina
    pagina.locator("#texto").fill("meio escrito")
    _cartao(pagina).get_by_role("button", name="Aceitar").click()
    pagina.wait_for_url(lambda url: "/conversas/" in url and primeira not in url)
    assert len(aberta.contexto.pages) == 1
    # a form of the panel is not kept by anybody
    empresa.receber("terceira", "+5511987600053")
    esperar(lambda: _oferecida(zoe))
    expect(_cartao(pagina)).to_be_visible()
    pagina.evaluate("""() => {
      const forma = Object.assign(document.createElement("form"), { method: "post" });
      const campo = Object.assign(document.createElement("textarea"), { name: "nota", value: "à mão" });
      forma.append(campo);
      document.getElementById("painel").append(forma);
    }""")
    with pagina.expect_popup() as nova:
        _cartao(pagina).get_by_role("button", name="Aceitar").click()
    expect(nova.value.locator("#fio").get_by_text("terceira")).to_be_visible()


def test_sem_rede_o_cartao_fica_e_o_diz(janela: CriarJanela, empresa: Empresa) -> None:
    ivo = empresa.contratar("Ivo Ofertas")
    _oferecer(empresa, ivo, "Balcão sem rede", "+5511987600061")
    aberta = janela(esperados=("ERR_INTERNET_DISCONNECTED",))
    aberta.abrir(ivo, "/contatos")
    pagina, cartao = aberta.pagina, _cartao(aberta.pagina)
    expect(cartao).to_be_visible()
    aberta.contexto.set_offline(True)
    for nome in ("Aceitar", "Recusar"):
        cartao.get_by_role("button", name=nome).click()
        expect(pagina.get_by_role("alert").filter(has_text="Sem conexão: a resposta não saiu")).to_have_count(1)
        expect(cartao.get_by_role("button", name=nome)).to_be_focused()
    # it counts on
    antes = cartao.locator(".resta").inner_text()
    expect(cartao.locator(".resta")).not_to_have_text(antes)
    aberta.contexto.set_offline(False)
    cartao.get_by_role("button", name="Recusar").click()
    expect(cartao).to_have_count(0)
    esperar(lambda: not _oferecida(ivo))


def test_a_pausa_diz_porque_na_lingua_de_quem_le(janela: CriarJanela, empresa: Empresa) -> None:
    leo = empresa.contratar("Leo Ofertas")
    motivo = "Não respondeu a 2 ofertas seguidas"
    leo.pedir("PUT", "/api/atendimento/disponibilidade", json={"disponibilidade": "PAUSA", "motivo": motivo})
    aberta = janela()
    aberta.abrir(leo, "/conversas")
    pagina = aberta.pagina
    pagina.request.post("/idioma", form={"valor": "en"}, headers={"Sec-Fetch-Site": "same-origin"})
    pagina.goto("/conversas")
    expect(pagina.locator("#pausa-motivo")).to_have_value(motivo)
    expect(pagina.locator("#pausa-motivo")).to_have_accessible_description("did not answer 2 offers in a row")
    pagina.goto("/oferta")
    expect(pagina.locator("#oferta-pausa")).to_contain_text("did not answer 2 offers in a row")
    de_dono = janela()
    de_dono.abrir(empresa.dono, "/")
    de_dono.pagina.request.post("/idioma", form={"valor": "en"}, headers={"Sec-Fetch-Site": "same-origin"})
    de_dono.pagina.goto("/")
    expect(de_dono.pagina.get_by_role("row", name=re.compile("Leo Ofertas"))).to_contain_text("did not answer 2 offers")
    expect(de_dono.pagina.get_by_text(motivo)).to_have_count(0)
