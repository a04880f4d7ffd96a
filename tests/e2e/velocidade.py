"""A tenant with 10,000 conversations, and what the browser spends on it: CPU of the page's thread, first paint."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import psycopg
from playwright.sync_api import CDPSession, Page

from app.banco import Banco
from app.http.comum import DaSessao
from bench._cena_contatos import Cena
from bench.lista import encher
from tests.e2e.produto import Empresa, Produto, nova_empresa

CONVERSAS: Final = 10_000
CLIENTES: Final = ("+5511987653001", "+5511987653002")
# a phone on a slow network, as the budgets are written for
_REDE: Final = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
_CPU: Final = 4
# a fixed piece of work for a page's thread: script, style, layout and paint of twelve lists of a hundred lines
_TRABALHO: Final = """() => new Promise((pronto) => {
  let vez = 0;
  function quadro() {
    const lista = document.createElement("ul");
    for (let n = 0; n < 100; n += 1) {
      const linha = lista.appendChild(document.createElement("li"));
      linha.className = n % 2 ? "par" : "impar";
      linha.append(Object.assign(document.createElement("b"), { textContent: `linha ${n} da vez ${vez}` }), " sempre");
    }
    document.querySelector("ul").replaceWith(lista);
    lista.getBoundingClientRect();
    vez += 1;
    if (vez < 12) requestAnimationFrame(quadro); else setTimeout(pronto, 50);
  }
  quadro();
})"""
_FIXA: Final = """<!doctype html><title>fixa</title><style>
ul { display: grid; gap: 2px; font: 14px/1.4 sans-serif } li { display: flex; gap: 4px; padding: 2px }
.par { background: #eee } .impar > b { font-weight: 400 }</style><ul></ul>"""
# what it costs, in milliseconds, on two cores (Chromium of Debian, 1280x800): on 2026-11-23 the least of 120 was 73,
# their median 107, while the cores had five times their work
NOMINAL: Final = 70.0
_PINTURAS: Final = """() => new Promise((pronto) => {
  new PerformanceObserver((lista) => {
    const [fcp] = performance.getEntriesByName("first-contentful-paint");
    setTimeout(() => pronto([fcp.startTime / 1000, lista.getEntries().at(-1).startTime / 1000]), 100);
  }).observe({ type: "largest-contentful-paint", buffered: true });
})"""
_REFERENCIA: Final = (
    "<!doctype html><html lang=pt-BR><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>1 KB</title><h1>Balcão</h1><p>" + "uma página que não muda " * 38
).encode()


def grande(produto: Produto) -> tuple[Empresa, dict[str, str]]:
    """The tenant, its number connected, and the conversations of the two customers that write in it."""
    empresa = nova_empresa(produto, "Atacado Ametista")
    empresa.conectar()
    banco = Banco(produto.config.url_banco("crm_api"), maximo=1)
    with psycopg.connect(produto.config.url_admin, autocommit=True) as admin:
        linha = admin.execute("select cliente_id from usuarios where email = %s", [empresa.email]).fetchone()
        assert linha
        cena = Cena(banco, admin, None)  # type: ignore[arg-type]
        encher(cena, DaSessao(banco, linha[0], ""), CONVERSAS + 2000, CONVERSAS, CONVERSAS * 10)
        admin.execute("vacuum analyze")
    for cliente in CLIENTES:
        empresa.receber("Bom dia", cliente)
    return empresa, {cliente: empresa.conversa_com(cliente) for cliente in CLIENTES}


class Relogio:
    """CPU that the thread of this page spent, in milliseconds; other processes do not count, however busy they are."""

    def __init__(self, pagina: Page) -> None:
        self._cdp: CDPSession = pagina.context.new_cdp_session(pagina)
        self._cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def _agora(self) -> float:
        medidas = self._cdp.send("Performance.getMetrics")["metrics"]
        return next(float(m["value"]) for m in medidas if m["name"] == "TaskDuration") * 1000

    def gasto(self, fazer: Callable[[], Any]) -> float:
        antes = self._agora()
        fazer()
        return self._agora() - antes


class Padrao:
    """How much more than its nominal cost a fixed piece of work costs now: what the machine puts on every thread."""

    def __init__(self, pagina: Page) -> None:
        self._pagina = pagina
        pagina.set_content(_FIXA)
        self._relogio = Relogio(pagina)
        self._relogio.gasto(self._trabalhar)
        self.medidas: list[float] = []

    def _trabalhar(self) -> None:
        self._pagina.evaluate(_TRABALHO)

    def medir(self) -> None:
        self.medidas.append(self._relogio.gasto(self._trabalhar))

    def fator(self) -> float:
        """Never less than one: a fast machine does not make a cap stricter than it was written."""
        return max(1.0, statistics.median(self.medidas) / NOMINAL)


@contextmanager
def referencia() -> Iterator[str]:
    """The address of a page of 1 KB that asks for nothing."""

    class Pagina(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(_REFERENCIA)))
            self.end_headers()
            self.wfile.write(_REFERENCIA)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pagina) as servidor:
        threading.Thread(target=servidor.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{servidor.server_address[1]}/"
        servidor.shutdown()


def retardar(pagina: Page) -> None:
    """From here on this page has a slow network, a slow processor and no cache."""
    cdp = pagina.context.new_cdp_session(pagina)
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    cdp.send("Network.emulateNetworkConditions", _REDE)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": _CPU})


def pinturas(pagina: Page, endereco: str) -> tuple[float, float]:
    """Seconds to the first and to the largest paint."""
    pagina.goto(endereco)
    fcp, lcp = pagina.evaluate(_PINTURAS)
    return fcp, lcp
