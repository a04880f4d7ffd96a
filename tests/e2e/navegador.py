"""A browser that watches every page: what went wrong in it, what it asked for elsewhere, what axe says of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

from tests.e2e.produto import Agente

# as users run it, but for the machine: no sandbox in containers, and any host but ours fails loudly
_ARGUMENTOS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
_CSP: Final = """() => {
  window.violacoes = [];
  addEventListener("securitypolicyviolation", (e) =>
    window.violacoes.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
}"""
_CLS: Final = """() => new Promise((pronto) => {
  let soma = 0;
  new PerformanceObserver((lista) => {
    for (const mudanca of lista.getEntries()) if (!mudanca.hadRecentInput) soma += mudanca.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => pronto(soma), 100);
})"""
LARGURAS: Final = {"mesa": (1280, 800), "telefone": (390, 844)}
TEMAS: Final = {"claro": "light", "escuro": "dark"}
# 404 and the like are answers that a test asks for; the browser writes each on the console
_RESPOSTA: Final = re.compile(r"Failed to load resource: the server responded with a status of (4\d\d|503)")


def navegador_do_sistema() -> str | None:
    """The path of the installed Chromium, or None."""
    return next((c for n in ("chromium", "chromium-browser", "google-chrome") if (c := shutil.which(n))), None)


def abrir_navegador(playwright: Playwright) -> Browser:
    caminho = navegador_do_sistema()
    assert caminho, "É preciso o Chromium: `make e2e` o instala com apt, onde pode."
    return playwright.chromium.launch(executable_path=caminho, args=list(_ARGUMENTOS))


@dataclass
class Janela:
    """One browser window of one person: cookies of its own, light or dark, wide or narrow, with scripts or without."""

    navegador: Browser
    base: str
    tema: str = "claro"
    largura: str = "mesa"
    com_script: bool = True
    esperados: Sequence[str] = ()
    faltas: list[str] = field(default_factory=list)
    contexto: BrowserContext = field(init=False)
    pagina: Page = field(init=False)

    def __post_init__(self) -> None:
        largura, altura = LARGURAS[self.largura]
        self.contexto = self.navegador.new_context(
            base_url=self.base,
            viewport={"width": largura, "height": altura},
            has_touch=self.largura == "telefone",
            color_scheme="dark" if self.tema == "escuro" else "light",
            locale="pt-BR",
            timezone_id="America/Sao_Paulo",
            java_script_enabled=self.com_script,
            reduced_motion="reduce",
        )
        self.contexto.set_default_timeout(15_000)
        self.contexto.add_init_script(f"({_CSP})()")
        self.contexto.on("page", self._vigiar)
        self.pagina = self.contexto.new_page()

    def _vigiar(self, pagina: Page) -> None:
        pagina.on("console", self._console)
        pagina.on("pageerror", lambda erro: self._falta(f"script: {erro}"))
        pagina.on("request", self._pedido)

    def _console(self, recado: ConsoleMessage) -> None:
        if recado.type in {"error", "warning"} and not _RESPOSTA.search(recado.text):
            self._falta(f"console: {recado.text}")

    def _pedido(self, pedido: Request) -> None:
        if not pedido.url.startswith((self.base, "data:", "blob:")):
            self._falta(f"pedido a outro lugar: {pedido.url}")

    def _falta(self, texto: str) -> None:
        if not any(esperado in texto for esperado in self.esperados):
            self.faltas.append(texto)

    def entrar(self, agente: Agente, destino: str = "/") -> Page:
        """Log in by the form, as a person does, and go to `destino`."""
        self.pagina.goto("/entrar")
        self.pagina.get_by_label("E-mail").fill(agente.email)
        self.pagina.get_by_label("Senha", exact=True).fill(agente.senha)
        self.pagina.get_by_role("button", name="Entrar").click()
        self.pagina.wait_for_url(self.base + "/")
        if destino != "/":
            self.pagina.goto(destino)
        return self.pagina

    def abrir(self, agente: Agente, destino: str) -> Page:
        """Go to `destino` with a session that this person already has: for what is not about logging in."""
        return self.chegar(agente.cookies(), destino)

    def chegar(self, cookies: Sequence[tuple[str, str]], destino: str) -> Page:
        """Go to `destino` with these cookies."""
        cdp = self.contexto.new_cdp_session(self.pagina)
        for nome, valor in cookies:
            # not by add_cookies: it names a domain, which `__Host-` forbids
            cdp.send("Network.setCookie", {"name": nome, "value": valor, "url": self.base, "secure": True, "path": "/"})
        cdp.detach()
        self.pagina.goto(destino)
        return self.pagina

    def aba(self, destino: str) -> Page:
        """One more tab of the same browser."""
        outra = self.contexto.new_page()
        outra.goto(destino)
        return outra

    def violacoes(self) -> list[str]:
        """What the page's Content-Security-Policy refused since it was loaded."""
        return [v for pagina in self.contexto.pages for v in pagina.evaluate("() => window.violacoes ?? []")]

    def fechar(self) -> list[str]:
        """Close it; everything that went wrong in it."""
        if self.com_script:
            self.faltas += [f"CSP: {v}" for v in self.violacoes()]
        self.contexto.close()
        return self.faltas


@dataclass
class Custo:
    """What loading a page cost: bytes as they came over the wire by kind, requests, nodes, and shifts of the layout."""

    bytes_de: dict[str, int] = field(default_factory=dict)
    pedidos: list[str] = field(default_factory=list)
    nos: int = 0
    cls: float = 0.0

    def kb(self, tipo: str) -> float:
        return round(self.bytes_de.get(tipo, 0) / 1024, 1)


def medir(janela: Janela, destino: str) -> Custo:
    """Load `destino` with an empty cache and say what it cost; what a stream brings later is not counted."""
    custo, tipos = Custo(), {}
    cdp = janela.contexto.new_cdp_session(janela.pagina)
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def comecou(evento: dict[str, Any]) -> None:
        tipos[evento["requestId"]] = evento["type"]
        if not evento["request"]["url"].startswith(("data:", "blob:")):
            custo.pedidos.append(evento["request"]["url"])

    def acabou(evento: dict[str, Any]) -> None:
        tipo = tipos.get(evento["requestId"], "Other")
        custo.bytes_de[tipo] = custo.bytes_de.get(tipo, 0) + int(evento["encodedDataLength"])

    def respondeu(evento: dict[str, Any]) -> None:
        # the stream of the whole browser, which happens to be read by this page
        resposta = evento["response"]
        if resposta["mimeType"] == "text/event-stream" and resposta["url"] in custo.pedidos:
            custo.pedidos.remove(resposta["url"])

    cdp.on("Network.requestWillBeSent", comecou)
    cdp.on("Network.responseReceived", respondeu)
    cdp.on("Network.loadingFinished", acabou)
    janela.pagina.goto(destino)
    # long enough for the stream to open and for whatever its first word makes the page read
    janela.pagina.wait_for_timeout(1200)
    custo.nos = janela.pagina.evaluate("() => document.querySelectorAll('*').length")
    custo.cls = janela.pagina.evaluate(_CLS)
    cdp.detach()
    return custo


def axe(pagina: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its best practices, one line each."""
    opcoes = {"resultTypes": ["violations"]}
    achado: dict[str, Any] = Axe().run(pagina, options=opcoes).response
    return [
        f"{v['id']}: {v['help']} → {' | '.join(' '.join(map(str, no['target'])) for no in v['nodes'][:3])}"
        for v in achado["violations"]
    ]


def retratar(pagina: Page, pasta: Path, nome: str, *, inteira: bool = False) -> Path:
    """A screenshot kept as an artefact of the tests."""
    pasta.mkdir(parents=True, exist_ok=True)
    arquivo = pasta / f"{nome}.png"
    pagina.wait_for_timeout(150)
    pagina.screenshot(path=arquivo, full_page=inteira)
    return arquivo
