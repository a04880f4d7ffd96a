"""What arrives is told once in the whole browser, to whom it concerns, and not of what is being looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import Janela
from tests.e2e.produto import Agente, Empresa, esperar

# what the page would show and play, kept to be asked for
_OUVIDO = """
window.ditos = []; window.sons = 0; delete window.PushManager;
window.Notification = class {
  static permission = "granted";
  constructor(titulo, { tag, body }) { Object.assign(this, { titulo, tag, body }); window.ditos.push(this); }
  close() {}
};
const De = window.AudioContext;
window.AudioContext = class extends De { constructor() { super(); window.sons += 1; } };
"""


def _conversa(empresa: Empresa, de: str, dona: Agente | None) -> str:
    empresa.receber("bom dia", de)
    conversa = empresa.conversa_com(de)
    if dona:
        dona.pedir("POST", f"/api/conversas/{conversa}/assumir", json={})
    return conversa


def _pronta(empresa: Empresa, nome: str, **preferencias: object) -> Agente:
    pessoa = empresa.contratar(nome)
    pessoa.pedir("PATCH", "/api/autenticacao/preferencias", json={"avisosNavegador": True, **preferencias})
    return pessoa


def _abrir(criar: CriarJanela, pessoa: Agente, *caminhos: str) -> tuple[Janela, list[Page]]:
    """One browser with these tabs, in each of which somebody has clicked."""
    nova = criar()
    nova.contexto.add_init_script(_OUVIDO)
    # the first tab is the one that hears for all
    with nova.pagina.expect_request("**/vivo/fluxo*"):
        nova.abrir(pessoa, caminhos[0])
    abas = [nova.pagina, *(nova.aba(caminho) for caminho in caminhos[1:])]
    for aba in abas:
        aba.mouse.click(1, 1)
    return nova, abas


def _ditos(abas: list[Page]) -> list[tuple[str, str]]:
    """Tag and text of every notice, in whichever tab."""
    feitos: list[list[Any]] = [aba.evaluate("() => window.ditos.map((d) => [d.tag, d.body])") for aba in abas]
    return [(tag, texto) for aba in feitos for tag, texto in aba]


def _sons(abas: list[Page]) -> int:
    return sum(aba.evaluate("() => window.sons") for aba in abas)


def test_so_a_dona_e_uma_vez_com_duas_abas(janela: CriarJanela, empresa: Empresa) -> None:
    ana, bia = _pronta(empresa, "Ana Avisada"), _pronta(empresa, "Bia Avisada")
    da_ana = _conversa(empresa, "+5511987651001", ana)
    da_bia = _conversa(empresa, "+5511987651002", bia)
    _, abas_ana = _abrir(janela, ana, "/conversas", "/configuracoes/perfil")
    _, abas_bia = _abrir(janela, bia, "/conversas")
    empresa.receber("chegou o pão?", "+5511987651001")
    esperar(lambda: _ditos(abas_ana) and _sons(abas_ana))
    # what comes to the other is told after what would have been told wrongly
    empresa.receber("e o bolo?", "+5511987651002")
    esperar(lambda: _ditos(abas_bia) and _sons(abas_bia))
    assert _ditos(abas_bia) == [(da_bia, "e o bolo?")] and _sons(abas_bia) == 1
    assert _ditos(abas_ana) == [(da_ana, "chegou o pão?")] and _sons(abas_ana) == 1


def test_nao_do_que_esta_a_vista_e_o_clique_abre(janela: CriarJanela, empresa: Empresa) -> None:
    carla = _pronta(empresa, "Carla Avisada", avisosTexto=False)
    vista = _conversa(empresa, "+5511987652001", carla)
    outra = _conversa(empresa, "+5511987652002", carla)
    _, (quem_segue, quem_ve) = _abrir(janela, carla, "/contatos", f"/conversas/{vista}")
    abas = [quem_segue, quem_ve]
    empresa.receber("isto se vê", "+5511987652001")
    expect(quem_ve.locator("#fio").get_by_text("isto se vê")).to_be_visible()
    empresa.receber("isto se ouve", "+5511987652002")
    esperar(lambda: _ditos(abas))
    assert _ditos(abas) == [(outra, "Mensagem nova")]
    # out of sight it is told again
    quem_ve.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { get: () => true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    empresa.receber("agora sim", "+5511987652001")
    esperar(lambda: len(_ditos(abas)) > 1)
    assert [tag for tag, _ in _ditos(abas)] == [outra, vista]
    # the tab that tells is no inbox: what is in it stays
    with quem_segue.expect_popup() as aberta:
        quem_segue.evaluate("() => window.ditos[0].onclick()")
    aberta.value.wait_for_url(f"**/conversas/{outra}?*")


def test_na_caixa_o_clique_abre_ali_mesmo(janela: CriarJanela, empresa: Empresa) -> None:
    dora = _pronta(empresa, "Dora Avisada")
    conversa = _conversa(empresa, "+5511987653001", dora)
    _, (pagina,) = _abrir(janela, dora, "/conversas")
    empresa.receber("oi?", "+5511987653001")
    esperar(lambda: _ditos([pagina]))
    pagina.evaluate("() => window.ditos[0].onclick()")
    pagina.wait_for_url(f"**/conversas/{conversa}*")
    expect(pagina.locator("#fio").get_by_text("oi?")).to_be_visible()


def test_desligado_nada_se_diz_e_ligado_na_fila_sim(janela: CriarJanela, empresa: Empresa) -> None:
    quieta = _pronta(empresa, "Elis Quieta", avisosNavegador=False, som=False)
    fila = _pronta(empresa, "Fabi da Fila", avisosFila=True, som=False)
    _conversa(empresa, "+5511987654001", quieta)
    na_fila = _conversa(empresa, "+5511987654002", None)
    _, abas_quieta = _abrir(janela, quieta, "/conversas")
    _, abas_fila = _abrir(janela, fila, "/conversas?aba=fila")
    empresa.receber("não se ouve", "+5511987654001")
    expect(abas_quieta[0].locator("#cartoes").get_by_text("não se ouve")).to_be_visible()
    empresa.receber("quem atende?", "+5511987654002")
    esperar(lambda: _ditos(abas_fila))
    assert (_ditos(abas_fila), _sons(abas_fila)) == ([(na_fila, "quem atende?")], 0)
    assert (_ditos(abas_quieta), _sons(abas_quieta)) == ([], 0)


def test_a_pagina_guarda_o_que_se_escolhe(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = empresa.contratar("Gil Escolhe")
    pagina = janela(com_script=False).abrir(pessoa, "/configuracoes/notificacoes")
    pagina.get_by_label("Incluir as filas em que atendo").check()
    pagina.get_by_label("Mostrar o começo da mensagem").uncheck()
    pagina.get_by_role("button", name="Salvar").click()
    expect(pagina.get_by_text("Notificações salvas")).to_be_visible()
    lidas = pessoa.pedir("GET", "/api/autenticacao/preferencias")
    assert (lidas["avisosFila"], lidas["avisosTexto"], lidas["som"]) == (True, False, True)


def test_o_prazo_que_acaba_e_dito_sem_que_nada_chegue(janela: CriarJanela, empresa: Empresa) -> None:
    hugo = _pronta(empresa, "Hugo do Prazo", som=False)
    conversa = _conversa(empresa, "+5511987656001", hugo)
    # what the server says of a conversation whose time runs out a moment after the page was opened
    nova = janela()
    nova.contexto.add_init_script(_OUVIDO)
    perguntas: list[str] = []

    def responder(rota: Route) -> None:
        perguntas.append(rota.request.url)
        aviso = {"chave": conversa, "tipo": "PRAZO", "conversaId": conversa, "nome": "Maria", "texto": None}
        dados = {"avisos": [aviso] if len(perguntas) > 1 else [], "som": False, "navegador": True}
        logo = datetime.now(UTC).isoformat()
        rota.fulfill(json={"sucesso": True, "dados": {**dados, "prazoEm": None if len(perguntas) > 1 else logo}})

    nova.contexto.route("**/vivo/avisos?prazos=true", responder)
    pagina = nova.abrir(hugo, "/contatos")
    esperar(lambda: _ditos([pagina]))
    assert _ditos([pagina]) == [(conversa, "O prazo de resposta acabou")]
    assert len(perguntas) == 2
