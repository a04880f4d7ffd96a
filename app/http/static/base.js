// What every page has: notices, the connection line, failed regions, and a report of script errors to our own server.

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);

/** Shows a short notice; `acao` is {nome, fazer}, `segundos` how long it stays (0 = until closed). */
export function brinde(texto, { acao, segundos = 6 } = {}) {
  const caixa = document.createElement("div");
  caixa.className = "brinde";
  caixa.append(texto);
  if (acao) {
    const botao = document.createElement("button");
    botao.type = "button";
    botao.className = "botao pequeno";
    botao.textContent = acao.nome;
    botao.addEventListener("click", () => { acao.fazer(); caixa.remove(); });
    caixa.append(botao);
  }
  $("#brindes").append(caixa);
  if (segundos) setTimeout(() => caixa.remove(), segundos * 1000);
  return caixa;
}

// a notice that came with the page leaves like the others
for (const caixa of document.querySelectorAll("#brindes > .brinde")) setTimeout(() => caixa.remove(), 6000);

// ---- connection

const linha = $("#ligacao");
const hora = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
let vistoEm = new Date();

/** Says whether the server is reached; pages call it with what their requests and their stream learn. */
export function ligacao(viva) {
  if (viva) vistoEm = new Date();
  linha.hidden = viva;
  if (!viva) linha.textContent = linha.dataset.texto.replace("{hora}", hora.format(vistoEm));
}
addEventListener("offline", () => ligacao(false));
addEventListener("online", () => ligacao(true));

// ---- regions that fail keep the rest of the page

document.addEventListener("htmx:beforeSwap", (evento) => {
  const { xhr } = evento.detail;
  if (xhr.status >= 400 && xhr.getResponseHeader("content-type")?.startsWith("text/html")) {
    evento.detail.shouldSwap = true;
    evento.detail.isError = false;
  }
});
document.addEventListener("htmx:afterRequest", (evento) => ligacao(evento.detail.xhr.status !== 0));
document.addEventListener("htmx:afterSwap", (evento) => {
  const foco = $("[autofocus]", evento.detail.target) ?? $("h1, h2", evento.detail.target);
  if (foco && !document.activeElement?.matches("input, textarea, select, [contenteditable]")) {
    foco.tabIndex = foco.tabIndex < 0 ? -1 : foco.tabIndex;
    foco.focus({ preventScroll: true });
  }
});
document.addEventListener("brinde", (evento) => brinde(evento.detail.value ?? evento.detail.texto));

// ---- dialogs: a button opens the one that it names; the no-script form is the link it replaces

document.addEventListener("click", (evento) => {
  const abre = evento.target.closest("[data-abre]");
  if (abre) {
    evento.preventDefault();
    document.getElementById(abre.dataset.abre)?.showModal();
  }
  evento.target.closest("[data-fecha]")?.closest("dialog")?.close();
});

// ---- script errors, at most ten a minute, without the text of any message

let relatados = 0;
setInterval(() => { relatados = 0; }, 60_000);
function relatar(mensagem, onde) {
  if (++relatados > 10) return;
  const corpo = JSON.stringify({ mensagem: String(mensagem).slice(0, 300), onde: String(onde).slice(0, 300), pagina: location.pathname });
  fetch("/erros", { method: "POST", body: corpo, headers: { "Content-Type": "application/json" }, keepalive: true }).catch(() => {});
}
addEventListener("error", (e) => relatar(e.message, `${e.filename}:${e.lineno}:${e.colno}`));
addEventListener("unhandledrejection", (e) => relatar(e.reason?.message ?? e.reason, e.reason?.stack?.split("\n")[1] ?? ""));
