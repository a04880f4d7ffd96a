"""Small things of the inbox that people meet while they work: what is said twice, what is lost, what is in the way."""

from __future__ import annotations

import io
import re
import wave
from pathlib import Path

import psycopg
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.navegador import axe, retratar
from tests.e2e.produto import Empresa, esperar


def _nova(empresa: Empresa, telefone: str, nome: str) -> str:
    empresa.dono.pedir("POST", "/api/contatos", json={"nome": nome, "telefone": telefone})
    empresa.receber(f"Olá, aqui é {nome}", de=telefone)
    return empresa.conversa_com(telefone)


def _abrir(pagina: Page, conversa: str, aba: str = "todas") -> None:
    pagina.goto(f"/conversas/{conversa}?aba={aba}")
    expect(pagina.locator("#fio-corpo")).to_have_attribute("data-js", "")
    # what comes with the first gesture is there
    pagina.mouse.move(300, 300)
    pagina.wait_for_function("() => window.htmx")


def _retida(pagina: Page, retidas: list[Route]) -> Route:
    def alguma() -> bool:
        pagina.wait_for_timeout(50)
        return bool(retidas)

    esperar(alguma)
    return retidas.pop()


def test_a_etiqueta_do_contato_e_da_conversa_se_mostra_uma_vez(janela: CriarJanela, empresa: Empresa) -> None:
    conversa = _nova(empresa, "+5511987653001", "Etelvina Marcada")
    dono = empresa.dono
    etiquetas = [
        dono.pedir("POST", "/api/etiquetas", json={"nome": n, "cor": "VERDE"})["id"] for n in ("Nas duas", "Só nela")
    ]
    contato = dono.pedir("GET", f"/api/conversas/{conversa}")["contato"]["id"]
    dono.pedir("POST", "/api/contatos/etiquetas", json={"contatoIds": [contato], "adicionar": etiquetas[:1]})
    dono.pedir("POST", f"/api/conversas/{conversa}/etiquetas", json={"adicionar": etiquetas})
    pagina = janela().abrir(dono, f"/conversas/{conversa}?aba=todas")
    expect(pagina.locator("#resumo .pilula", has_text="Nas duas")).to_have_count(1)
    expect(pagina.locator("#resumo .pilula", has_text="Só nela")).to_have_count(1)


def test_quem_perde_a_corrida_le_com_quem_ficou(janela: CriarJanela, empresa: Empresa) -> None:
    ana, bruno = empresa.contratar("Ana Veloz"), empresa.contratar("Bruno Tarde")
    conversa = _nova(empresa, "+5511987653002", "Dirce Disputada")
    pagina = janela().entrar(bruno)
    _abrir(pagina, conversa, "fila")
    retidas: list[Route] = []
    pagina.route(re.compile("/ato/assumir"), lambda rota: retidas.append(rota))
    pagina.locator("#topo").get_by_role("button", name="Assumir").click()
    atrasada = _retida(pagina, retidas)
    ana.pedir("POST", f"/api/conversas/{conversa}/assumir", json={})
    atrasada.continue_()
    expect(pagina.locator("#fio")).to_contain_text("Esta conversa foi para outra pessoa")
    dialogo = pagina.get_by_role("dialog", name="Alguém assumiu antes")
    expect(dialogo).to_contain_text("Ana Veloz está atendendo esta conversa")
    # and there is more to do than to close it
    outra = _nova(empresa, "+5511987653003", "Elza Seguinte")
    dialogo.get_by_role("button", name="Próximo atendimento").click()
    expect(pagina.locator("#topo")).to_contain_text("com Bruno Tarde")
    assert outra


def _erros(pagina: Page) -> list[str]:
    """What the browser writes on the console, refusals too, which windows forgive."""
    ditos: list[str] = []
    pagina.on("console", lambda r: ditos.append(f"{r.text} {r.location['url']}") if r.type == "error" else None)
    return ditos


def test_conversa_que_vai_embora_nao_suja_o_console(janela: CriarJanela, empresa: Empresa) -> None:
    carla = empresa.contratar("Carla Sai")
    conversa = _nova(empresa, "+5511987653004", "Fábio Levado")
    carla.pedir("POST", f"/api/conversas/{conversa}/assumir", json={})
    pagina = janela().entrar(carla)
    erros = _erros(pagina)
    _abrir(pagina, conversa)
    pagina.get_by_label("Mensagem para").fill("quase pronta")
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/assumir", json={"tomar": True})
    expect(pagina.get_by_text("Esta conversa não está mais com você.")).to_be_visible()
    # whoever looks goes on being asked for, and the answer is that nobody does
    with pagina.expect_response(lambda r: r.url.endswith(f"{conversa}/presenca"), timeout=30_000) as resposta:
        pass
    assert resposta.value.status == 200
    assert erros == []
    # and it comes back
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/transferir", json={"usuarioId": carla.id})
    expect(pagina.get_by_text("Esta conversa não está mais com você.")).to_have_count(0)
    expect(pagina.get_by_label("Mensagem para")).to_be_editable()
    assert erros == []


def test_sem_rede_nada_se_pede_e_a_faixa_abre_com_o_texto(janela: CriarJanela, empresa: Empresa) -> None:
    conversa = _nova(empresa, "+5511987653005", "Gilda Sem Rede")
    aberta = janela(esperados=("net::ERR",))
    pagina = aberta.entrar(empresa.dono)
    _abrir(pagina, conversa)
    faixa = pagina.locator("#ligacao")
    expect(faixa).to_be_hidden()
    # what is on screen whenever the strip is: never an empty one
    pagina.evaluate(
        "() => { window.vazias = 0; new ResizeObserver(([f]) => { if (f.contentRect.height && !f.target.textContent)"
        " window.vazias += 1; }).observe(document.querySelector('#ligacao')); }"
    )
    aberta.contexto.set_offline(True)
    expect(faixa).to_contain_text("Sem conexão. Mostrando dados de")
    assert faixa.evaluate("(f) => f.offsetWidth === f.parentNode.clientWidth")
    # the composer stays where it can be reached
    expect(pagina.locator("#enviar")).to_be_in_viewport(ratio=1)
    pagina.wait_for_timeout(500)  # what was under way when the line was cut
    pedidos: list[str] = []
    pagina.on("request", lambda pedido: pedidos.append(pedido.url))
    pagina.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    pagina.wait_for_timeout(6000)  # longer than any of the retries
    assert pedidos == []
    aberta.contexto.set_offline(False)
    empresa.receber("veio depois", de="+5511987653005")
    expect(pagina.locator("#rolo .msg", has_text="veio depois")).to_be_visible()
    expect(faixa).to_be_hidden()
    assert pagina.evaluate("() => window.vazias") == 0


class _Dedo:
    """One finger on the screen."""

    def __init__(self, pagina: Page) -> None:
        self._cdp = pagina.context.new_cdp_session(pagina)

    def _tocar(self, tipo: str, *pontos: dict[str, float]) -> None:
        self._cdp.send("Input.dispatchTouchEvent", {"type": tipo, "touchPoints": list(pontos)})

    def passar(self, *pontos: tuple[float, float]) -> None:
        """It comes down at the first of these, and goes by the others."""
        for n, (x, y) in enumerate(pontos):
            self._tocar("touchMove" if n else "touchStart", {"x": x, "y": y})

    def tirar(self) -> None:
        self._tocar("touchEnd")


def test_deslizar_o_cartao_resolve_ou_adia(janela: CriarJanela, empresa: Empresa, artefatos: Path) -> None:
    conversa = _nova(empresa, "+5511987653006", "Hilda Deslizada")
    for n in range(12):
        empresa.receber(f"Cartão {n}", de=f"+55119876531{n:02d}")
    pagina = janela(largura="telefone").entrar(empresa.dono, "/conversas?aba=todas&ordem=criada")
    cartao, dedo = pagina.locator(f"#c-{conversa}"), _Dedo(pagina)
    expect(pagina.locator("#cartoes > li[data-k]").nth(12)).to_be_attached()

    def altura() -> float:
        cartao.scroll_into_view_if_needed()
        caixa = cartao.bounding_box()
        assert caixa
        return caixa["y"] + caixa["height"] / 2

    # the first touch of the page, before what it needs is there
    y = altura()
    passos = [(100 + 15 * n, y) for n in range(6)]
    dedo.passar(*passos)
    pagina.wait_for_function("() => performance.getEntriesByType('resource').some((r) => /deslizar/.test(r.name))")
    dedo.tirar()
    dedo.passar(*passos)
    expect(cartao.locator(".deslize.resolver")).to_have_text("Resolver")
    # not far enough: it goes back
    dedo.tirar()
    expect(cartao.locator(".deslize")).to_have_count(0)
    expect(pagina.locator("#dialogo")).not_to_be_visible()

    dedo.passar(*((100 + 20 * n, y) for n in range(9)))
    expect(cartao.locator(".deslize.resolver.pega")).to_be_visible()
    retratar(pagina, artefatos, "deslize")
    dedo.tirar()
    dialogo = pagina.get_by_role("dialog", name="Resolver a conversa de Hilda Deslizada")
    dialogo.get_by_role("link", name="Cancelar").click()
    dedo.passar(*((320 - 20 * n, y) for n in range(9)))
    expect(cartao.locator(".deslize.adiar")).to_have_text("Adiar")
    dedo.tirar()
    pagina.get_by_role("dialog").get_by_role("button", name="Adiar").click()
    pagina.locator("#brindes").get_by_role("button", name="Desfazer").click()
    expect(pagina.locator("#brindes")).to_contain_text("Desfeito")
    assert empresa.dono.pedir("GET", f"/api/conversas/{conversa}")["status"] == "ABERTA"

    # along the list it scrolls, and a card that was touched neither moves nor opens
    antes = pagina.evaluate(
        "() => { const r = document.querySelector('#rola'); r.scrollTop = 1e6; return r.scrollTop; }"
    )
    dedo.passar(*((200 + 3 * n, 350 + 25 * n) for n in range(10)))
    dedo.tirar()
    pagina.wait_for_function("antes => document.querySelector('#rola').scrollTop < antes - 50", arg=antes)
    expect(pagina.locator(".deslize")).to_have_count(0)
    expect(pagina.locator("#topo")).to_have_count(0)


def test_emoji_pelo_nome(janela: CriarJanela, empresa: Empresa, artefatos: Path) -> None:
    conversa = _nova(empresa, "+5511987653007", "Ivone Emoji")
    pagina = janela().entrar(empresa.dono)
    _abrir(pagina, conversa)
    caixa, sugestoes = pagina.get_by_label("Mensagem para"), pagina.locator("#sugestoes")
    caixa.click()
    # neither hours nor addresses nor faces made of signs ask for one
    caixa.press_sequentially("às 10:30 em http://exemplo.com :) :d")
    expect(sugestoes).to_be_hidden()
    caixa.fill("")
    # without the accent that the name has, as one types it on any keyboard
    caixa.press_sequentially("bom dia :coracao")
    expect(sugestoes.get_by_role("option")).not_to_have_count(0)
    expect(sugestoes.get_by_role("option").first).to_have_text("❤️ coração vermelho")
    retratar(pagina, artefatos, "emoji-por-nome")
    caixa.press("ArrowDown")
    caixa.press("Enter")
    expect(caixa).to_have_value("bom dia 🧡 ")
    caixa.press_sequentially(":joinha")
    expect(sugestoes.get_by_role("option").first).to_contain_text("👍")
    caixa.press("Escape")
    expect(sugestoes).to_be_hidden()
    expect(caixa).to_have_value("bom dia 🧡 :joinha")
    # what nothing is called leaves as it was typed
    caixa.fill("fica assim :qwertz")
    expect(sugestoes).to_be_hidden()
    caixa.press("Enter")
    expect(pagina.locator("#rolo .msg", has_text="fica assim :qwertz")).to_be_visible()


def test_variaveis_pelo_nome(janela: CriarJanela, empresa: Empresa, artefatos: Path) -> None:
    conversa = _nova(empresa, "+5511987653017", "Júlia Campos")
    pagina = janela().entrar(empresa.dono)
    _abrir(pagina, conversa)
    caixa, sugestoes = pagina.get_by_label("Mensagem para"), pagina.locator("#sugestoes")
    caixa.press_sequentially("Bom dia, {{primeiro")
    expect(sugestoes.get_by_role("option").first).to_contain_text("contato.primeiroNome")
    expect(sugestoes.get_by_role("option").first).to_contain_text("Júlia")
    retratar(pagina, artefatos, "variaveis-por-nome")
    caixa.press("Enter")
    expect(caixa).to_have_value("Bom dia, Júlia")
    # what is worth nothing here stays as it was typed
    caixa.press_sequentially(" {{email")
    expect(sugestoes.get_by_role("option")).to_have_count(1)
    caixa.press("Enter")
    expect(sugestoes).to_be_hidden()
    expect(caixa).to_have_value("Bom dia, Júlia {{email")


def test_variavel_sem_valor_e_perguntada(janela: CriarJanela, empresa: Empresa, artefatos: Path) -> None:
    conversa = _nova(empresa, "+5511987653008", "Jair Variável")
    pagina = janela().entrar(empresa.dono)
    _abrir(pagina, conversa)
    caixa = pagina.get_by_label("Mensagem para")
    caixa.fill("Olá, {{contato.nome}}: seu pedido é {{pedido}}")
    caixa.press("Enter")
    dialogo = pagina.get_by_role("dialog", name="Falta preencher: {{contato.nome}}, {{pedido}}")
    expect(dialogo).to_be_visible()
    retratar(pagina, artefatos, "variavel-sem-valor")
    # one Enter too many goes back, and nothing is lost
    pagina.keyboard.press("Enter")
    expect(dialogo).to_have_count(0)
    expect(caixa).to_have_value("Olá, {{contato.nome}}: seu pedido é {{pedido}}")
    expect(caixa).to_be_focused()
    expect(pagina.locator("#rolo .msg.enviada")).to_have_count(0)
    caixa.press("Enter")
    pagina.keyboard.press("Escape")
    expect(pagina.locator("#rolo .msg.enviada")).to_have_count(0)
    caixa.press("Enter")
    dialogo.get_by_role("button", name="Enviar").click()
    expect(pagina.locator("#rolo .msg.enviada", has_text="{{pedido}}")).to_be_visible()
    expect(caixa).to_have_value("")
    # to colleagues anything may be written
    pagina.locator("label", has=pagina.locator("#como-nota")).click()
    caixa.fill("use {{contato.nome}}")
    caixa.press("Enter")
    expect(pagina.locator("#rolo .nota", has_text="use {{contato.nome}}")).to_be_visible()


def _onda(segundos: int) -> bytes:
    """A recording of so long: loud at its end."""
    saida = io.BytesIO()
    with wave.open(saida, "wb") as arquivo:
        arquivo.setparams((1, 1, 4000, 0, "NONE", ""))
        total = segundos * 4000
        arquivo.writeframes(bytes(128 + (n % 2) * n * 100 // total for n in range(total)))
    return saida.getvalue()


def test_audio_mostra_a_onda_quando_toca(janela: CriarJanela, empresa: Empresa, artefatos: Path) -> None:
    conversa = _nova(empresa, "+5511987653009", "Kátia Falada")
    for _ in range(2):
        empresa.receber("", "+5511987653009", "audio", {"voice": True})
    pagina = janela().entrar(empresa.dono)
    duracoes: dict[str, int] = {}

    def tocar(rota: Route) -> None:
        segundos = duracoes.setdefault(rota.request.url, 301 if duracoes else 40)
        rota.fulfill(body=_onda(segundos), content_type="audio/wav", headers={"Accept-Ranges": "bytes"})

    pagina.route("**/conversas/midias/*", tocar)
    _abrir(pagina, conversa)
    tocadores = pagina.locator("#rolo .audio")
    expect(tocadores).to_have_count(2)
    expect(pagina.locator(".onda")).to_have_count(0)
    pagina.get_by_label("Mensagem para").click()
    for n in range(2):
        tocadores.nth(n).locator("audio").evaluate("(a) => { a.muted = true; return a.play(); }")
        if n == 0:
            onda = tocadores.nth(0).get_by_role("slider", name="Áudio de Kátia Falada")
            expect(onda.locator("rect")).to_have_count(60)
    tocadores.nth(0).locator("audio").evaluate("(a) => a.pause()")
    altos = onda.evaluate("(o) => [...o.children].map((r) => +r.getAttribute('height'))")
    assert altos[-1] > 4 * altos[5]
    onda.click(position={"x": 1, "y": 10})
    onda.press("ArrowRight")
    expect(onda).to_have_attribute("aria-valuenow", "5")
    expect(onda).to_have_attribute("aria-valuetext", "0:05 / 0:40")
    largura = (onda.bounding_box() or {})["width"]
    onda.click(position={"x": largura / 2, "y": 10})
    assert 18 <= tocadores.nth(0).locator("audio").evaluate("(a) => a.currentTime") <= 22
    assert 28 <= onda.locator(".ido").count() <= 32
    retratar(pagina, artefatos, "onda")
    # a long one is only played
    pagina.wait_for_function("() => [...document.querySelectorAll('audio')][1].currentTime > 0")
    expect(tocadores.nth(1).locator(".onda")).to_have_count(0)
    assert axe(pagina) == []


def test_por_qual_numero_a_pessoa_fala(janela: CriarJanela, empresa: Empresa, artefatos: Path) -> None:
    conversa = _nova(empresa, "+5511987653010", "Lia Dois Números")
    pagina = janela().entrar(empresa.dono)
    _abrir(pagina, conversa)
    expect(pagina.locator(".cc .numero")).to_have_count(0)
    expect(pagina.locator(".outros-numeros")).to_have_count(0)
    credenciais = {"phoneNumberId": "27999", "wabaId": "17999"}
    credenciais |= {n: f"{n}-{'y' * 24}" for n in ("accessToken", "appSecret", "verifyToken")}
    novo = {"nome": "Filial da Serra", "canal": "WHATSAPP", "provedor": "META_API", "credenciais": credenciais}
    conexao = empresa.dono.pedir("POST", "/api/conexoes", json=novo)["id"]
    with psycopg.connect(empresa.produto.config.url_admin, autocommit=True) as admin:
        admin.execute(
            "insert into conversas (cliente_id, conexao_id, contato_id, ultima_mensagem_em)"
            " select cliente_id, %s, contato_id, now() from conversas where id = %s",
            [conexao, conversa],
        )
    pagina.reload()
    expect(pagina.locator(f"#c-{conversa} .numero")).to_have_text("WhatsApp principal")
    for tema, largura in (("claro", "telefone"), ("escuro", "mesa")):
        outra = janela(tema=tema, largura=largura).abrir(empresa.dono, f"/conversas/{conversa}?aba=todas")
        outra.locator(".outros-numeros summary").click()
        assert axe(outra) == []
        retratar(outra, artefatos, f"outros-numeros-{tema}-{largura}")
    # what happens meanwhile does not take it away
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/prioridade", json={"prioridade": "ALTA"})
    expect(pagina.locator(f"#c-{conversa}")).to_contain_text("Alta")
    pagina.locator(".outros-numeros summary").click()
    pagina.get_by_role("link", name="Filial da Serra", exact=True).click()
    expect(pagina.locator("#conversa")).not_to_have_attribute("data-id", conversa)
    expect(pagina.locator("#topo")).to_contain_text("Filial da Serra")
    pagina.locator(".outros-numeros summary").click()
    pagina.locator(".outros-numeros").get_by_role("link", name="WhatsApp principal").click()
    expect(pagina.locator("#conversa")).to_have_attribute("data-id", conversa)


def test_a_busca_de_contatos_tem_a_linha_inteira_no_telefone(janela: CriarJanela, empresa: Empresa) -> None:
    pagina = janela(largura="telefone").abrir(empresa.dono, "/contatos")
    campo = pagina.get_by_label("Buscar por nome ou telefone").bounding_box()
    assert campo and campo["width"] > 340
