"""With every page closed: a browser subscribes by one click, shows what is pushed, and the click opens it."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import Janela
from tests.e2e.produto import Agente, Empresa, esperar
from tests.e2e.test_avisos import _conversa, _pronta

# headless Chromium has no push service: its answer is that of one that has
_SERVICO = """
const inscricao = { unsubscribe: async () => { window.localStorage.inscricao = ""; return true; },
  toJSON: () => ({ endpoint: "https://fcm.googleapis.com/fcm/send/abc", expirationTime: null, keys: {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg" } }) };
PushManager.prototype.getSubscription = async () => window.localStorage.inscricao ? inscricao : null;
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  window.localStorage.inscricao = applicationServerKey;
  return inscricao;
};
"""


def _abrir(criar: CriarJanela, pessoa: Agente, destino: str) -> Janela:
    nova = criar()
    nova.contexto.grant_permissions(["notifications"])
    nova.contexto.add_init_script(_SERVICO)
    nova.abrir(pessoa, destino)
    return nova


def _inscrever(pagina: Page) -> None:
    pagina.get_by_role("button", name="Permitir neste navegador").click()
    expect(pagina.get_by_text("Este navegador recebe avisos, também com o Balcão fechado.")).to_be_visible()


def _empurrar(janela: Janela, pagina: Page, *avisos: dict[str, Any]) -> None:
    """What a push service would deliver to the service worker of this browser."""
    cdp = janela.contexto.new_cdp_session(pagina)
    achados: list[dict[str, Any]] = []
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda e: achados.extend(e["registrations"]))
    cdp.send("ServiceWorker.enable")
    esperar(lambda: pagina.wait_for_timeout(20) or achados)
    cdp.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": achados[0]["scopeURL"].rstrip("/"),
            "registrationId": achados[0]["registrationId"],
            "data": json.dumps({"avisos": avisos}),
        },
    )
    cdp.detach()


def _mostrados(pagina: Page) -> list[list[str]]:
    mostrados: list[list[str]] = pagina.evaluate(
        "async () => (await (await navigator.serviceWorker.getRegistration('/')).getNotifications())"
        ".map((n) => [n.tag, n.title, n.body])"
    )
    return mostrados


def test_inscreve_se_e_deixa(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = _pronta(empresa, "Hugo Fechado")
    nova = _abrir(janela, pessoa, "/configuracoes/notificacoes")
    pagina = nova.pagina
    with pagina.expect_request(lambda r: r.url.endswith("/vivo/inscricao") and r.method == "PUT") as pedida:
        _inscrever(pagina)
    assert pedida.value.response().status == 200  # type: ignore[union-attr]
    # asked with our own key, which is what the server signs with
    chave = pessoa.pedir("GET", "/api/eventos/inscricao")["chave"]
    assert pagina.evaluate("() => localStorage.inscricao") == chave
    with pagina.expect_request(lambda r: r.url.endswith("/vivo/inscricao") and r.method == "DELETE") as deixada:
        pagina.get_by_role("button", name="Parar neste navegador").click()
    assert deixada.value.response().json()["dados"] == {"removidas": 1}  # type: ignore[union-attr]
    expect(pagina.get_by_role("button", name="Permitir neste navegador")).to_be_visible()


def test_mostra_o_que_se_empurra_uma_vez(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = _pronta(empresa, "Iara Fechada", som=False)
    conversa = _conversa(empresa, "+5511987661001", pessoa)
    nova = _abrir(janela, pessoa, "/configuracoes/notificacoes")
    pagina = nova.pagina
    _inscrever(pagina)
    aviso = {"chave": conversa, "tipo": "MENSAGEM", "conversaId": conversa, "nome": "Maria", "texto": "tem pão?"}
    _empurrar(nova, pagina, aviso, {**aviso, "tipo": "PASSADA", "conversaId": "outra", "texto": None})
    esperar(lambda: len(_mostrados(pagina)) == 2)
    assert sorted(_mostrados(pagina)) == sorted(
        [[conversa, "Maria", "tem pão?"], ["outra", "Maria", "Passaram esta conversa para você"]]
    )
    # what the page tells of the same conversation takes its place
    empresa.receber("e bolo?", "+5511987661001")
    esperar(lambda: any(corpo == "e bolo?" for _, _, corpo in _mostrados(pagina)))
    assert sorted(tag for tag, _, _ in _mostrados(pagina)) == sorted([conversa, "outra"])


def test_o_clique_abre_a_conversa(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = _pronta(empresa, "Jair Fechado")
    conversa = _conversa(empresa, "+5511987662001", pessoa)
    nova = _abrir(janela, pessoa, "/configuracoes/notificacoes")
    pagina = nova.pagina
    _inscrever(pagina)
    pagina.goto("/conversas")
    ajudante = nova.contexto.service_workers[0]
    # a click that no person made has no event of its own: what its listener calls
    ajudante.evaluate("(id) => abrir({ conversaId: id, tipo: 'MENSAGEM' })", conversa)
    pagina.wait_for_url(f"**/conversas/{conversa}*")


def test_o_que_se_oferece_abre_onde_ha_o_cartao(janela: CriarJanela, empresa: Empresa) -> None:
    """A page that is there is enough; with none, the page of offers, which says so when it is over."""
    pessoa = _pronta(empresa, "Olívia Fechada", som=False)
    conversa = _conversa(empresa, "+5511987663001", None)
    nova = _abrir(janela, pessoa, "/configuracoes/notificacoes")
    pagina = nova.pagina
    _inscrever(pagina)
    oferta = {"chave": conversa, "tipo": "OFERTA", "conversaId": conversa, "nome": "Maria", "texto": None}
    _empurrar(nova, pagina, {**oferta, "valeSegundos": 20})
    esperar(lambda: _mostrados(pagina))
    assert _mostrados(pagina) == [[conversa, "Maria", "A fila oferece uma conversa"]]
    ajudante = nova.contexto.service_workers[0]
    # no person clicked: what would be opened, or looked at, is only written down
    feito = ajudante.evaluate(
        """async (id) => {
      const feito = [];
      clients.openWindow = async (url) => { feito.push(url); };
      WindowClient.prototype.focus = async () => { feito.push("olhada"); };
      await abrir({ conversaId: id, tipo: "OFERTA" });
      clients.matchAll = async () => [];
      await abrir({ conversaId: id, tipo: "OFERTA" });
      return feito;
    }""",
        conversa,
    )
    assert feito == ["olhada", "/oferta"]


def test_outra_sessao_diz_de_novo_onde_esta(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = _pronta(empresa, "Kika Fechada")
    nova = _abrir(janela, pessoa, "/configuracoes/notificacoes")
    _inscrever(nova.pagina)
    nova.pagina.goto("/")
    nova.pagina.locator(".eu").click()
    nova.pagina.get_by_role("button", name="Sair").click()
    with nova.pagina.expect_request(lambda r: r.url.endswith("/vivo/inscricao") and r.method == "PUT") as pedida:
        nova.entrar(pessoa)
    assert pedida.value.response().status == 200  # type: ignore[union-attr]


def test_a_pagina_diz_o_que_nao_ha(janela: CriarJanela, empresa: Empresa) -> None:
    pessoa = _pronta(empresa, "Lia Fechada")
    nova = janela()
    nova.contexto.grant_permissions(["notifications"])
    nova.contexto.add_init_script("delete window.PushManager;")
    nova.abrir(pessoa, "/configuracoes/notificacoes")
    nova.pagina.get_by_label("Tocar um som").focus()
    expect(nova.pagina.get_by_text("só os mostra com o Balcão aberto em alguma aba")).to_be_visible()
    expect(nova.pagina.get_by_role("button", name="Permitir neste navegador")).to_be_hidden()
