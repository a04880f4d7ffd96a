// What every page has: notices, the connection line, failed regions, shortcuts, and a report of script errors.

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
  return passageiro(caixa, segundos);
}

function passageiro(caixa, segundos) {
  const fecha = document.createElement("button");
  fecha.type = "button";
  fecha.className = "botao pequeno fecha-brinde";
  fecha.textContent = "×";
  fecha.ariaLabel = $("#brindes").dataset.fechar;
  fecha.onclick = () => caixa.remove();
  caixa.append(fecha);
  if (segundos) setTimeout(() => caixa.remove(), segundos * 1000);
  return caixa;
}

// a notice that came with the page leaves like the others
for (const caixa of document.querySelectorAll("#brindes > .brinde")) passageiro(caixa, 6);

/** When the page has settled: what only follows changes starts then, not while it loads. */
export const assentada = new Promise((pronto) => addEventListener("load", () => setTimeout(pronto, 2000)));

// who is told of what arrives, or may be offered something, is so on every page
const { vivo, oferta, oferece } = document.body.dataset;
if (vivo) assentada.then(() => import(vivo));

// what the queue offers does not wait for the page to settle: it lasts some seconds
if (oferece !== undefined) import(oferta);

// ---- connection

const linha = $("#ligacao");
const hora = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
let vistoEm = new Date();

/** Says whether the server is reached; pages call it with what their requests and their stream learn. */
export function ligacao(viva) {
  // an answer that was under way when the line was cut does not mend it
  viva &&= navigator.onLine;
  if (viva) vistoEm = new Date();
  // open while it has a text; always there, so that the text is announced
  linha.textContent = viva ? "" : linha.dataset.texto.replace("{hora}", hora.format(vistoEm));
}
addEventListener("offline", () => ligacao(false));
addEventListener("online", () => ligacao(true));

// ---- htmx reads its settings when the page is ready: nothing is evaluated, and no message is kept in the history

const ajustes = { allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true, historyCacheSize: 0, refreshOnHistoryMiss: true, defaultSwapStyle: "outerHTML" };
document.head.append(Object.assign(document.createElement("meta"), { name: "htmx-config", content: JSON.stringify(ajustes) }));

// ---- regions that fail keep the rest of the page

document.addEventListener("htmx:beforeSwap", (evento) => {
  const { xhr } = evento.detail;
  if (xhr.status >= 400 && xhr.getResponseHeader("content-type")?.startsWith("text/html")) {
    // inside what it was asked for, whole, which the next answer replaces
    Object.assign(evento.detail, { shouldSwap: true, isError: false, swapOverride: "innerHTML", selectOverride: "unset" });
  }
});
// one that another one cut short says nothing of the connection
document.addEventListener("htmx:afterRequest", (evento) => { if (evento.detail.xhr.status) ligacao(true); });
for (const falta of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(falta, () => ligacao(false));
document.addEventListener("htmx:afterSwap", (evento) => {
  const foco = $("[autofocus]", evento.detail.target) ?? $("h1, h2", evento.detail.target);
  if (foco && !document.activeElement?.matches("input, textarea, select, [contenteditable]")) {
    foco.tabIndex = foco.tabIndex < 0 ? -1 : foco.tabIndex;
    foco.focus({ preventScroll: true });
  }
});

// ---- a form leaves once: the second click of a double one does nothing

document.addEventListener("submit", (evento) => {
  const { target: forma } = evento;
  if (evento.defaultPrevented || forma.method !== "post") return;
  if (forma.dataset.indo) evento.preventDefault();
  forma.dataset.indo = "sim";
  setTimeout(() => { delete forma.dataset.indo; }, 3000);
});

document.addEventListener("click", (evento) => { evento.target.closest("[data-fecha]")?.closest("dialog")?.close(); });

// ---- what only serves whoever touches a form comes with the first gesture in it

async function trazer({ target, type }) {
  const { dataset } = target.closest("[data-modulo]") ?? {};
  if (!dataset || dataset.veio) return;
  try { await import(dataset.modulo); } catch { return ligacao(false); }
  dataset.veio = "sim";
  // a first click that was faster than the module is done now
  if (type === "click") target.closest("button[type=button]")?.click();
}
for (const gesto of ["pointerover", "focusin", "click"]) document.addEventListener(gesto, trazer);

// ---- shortcuts: which key does what comes from the server, what it does from the page's module

const teclas = new Map(); // key -> the action's name
for (const linha of document.body.dataset.atalhos.split(";")) {
  const [acao, ...delas] = linha.split(" ");
  for (const tecla of delas) teclas.set(tecla, acao);
}
const acoes = new Map();
let prefixo = "";

/** Says what an action of this page does (`resolver`, `responder`, `proxima`…: pages/atalhos.py names them and their
 *  keys). `fn` may return false: not now. Later ones replace earlier ones. */
export const atalho = (acao, fn) => acoes.set(acao, fn);

/** The actions that this page can do now, as [name, key]. */
export const possiveis = () => [...acoes.keys()].map((acao) => [acao, [...teclas].find(([, dela]) => dela === acao)?.[0] ?? ""]);

/** Does it, if this page can. */
export const fazer = (acao) => acoes.get(acao)?.() !== false && acoes.has(acao);

/** The key of an event, as the settings write it. */
export function teclaDe(evento) {
  // AltGr writes characters: it is no modifier. With Alt, macOS gives signs instead of letters
  const altgr = evento.getModifierState("AltGraph");
  const alt = evento.altKey && !altgr;
  let { key } = evento;
  if (alt && /^Key[A-Z]$/.test(evento.code) && !/^[a-z]$/i.test(key)) key = evento.code[3].toLowerCase();
  const letra = key.length === 1;
  const maiuscula = evento.shiftKey && (!letra || key.toLowerCase() !== key.toUpperCase());
  if (letra) key = maiuscula && !alt ? key.toUpperCase() : key.toLowerCase();
  return `${(evento.ctrlKey || evento.metaKey) && !altgr ? "Ctrl+" : ""}${alt ? "Alt+" : ""}${maiuscula ? "Shift+" : ""}${key}`;
}

addEventListener("keydown", (evento) => {
  if (evento.defaultPrevented || evento.isComposing || evento.repeat || evento.key === "Dead") return;
  const tecla = teclaDe(evento);
  const escreve = evento.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (escreve && !/^(Ctrl|Alt)\+/.test(tecla)) return;
  if ($("dialog[open], :popover-open") && tecla !== "Ctrl+k") return;
  const acao = teclas.get(prefixo + tecla);
  if (!acao && !prefixo && [...teclas.keys()].some((outra) => outra.length === 2 && outra[0] === tecla)) {
    prefixo = tecla;
    setTimeout(() => { prefixo = ""; }, 1200);
    return;
  }
  prefixo = "";
  // Enter on a link or a button is already something
  if (acao && !(tecla === "Enter" && evento.target.closest("a, button, summary")) && fazer(acao)) evento.preventDefault();
});

for (const [tecla, acao] of teclas) {
  if (acao.startsWith("ir.") && tecla.length === 2) {
    const caminho = acao === "ir.painel" ? "/" : `/${acao.slice(3)}`;
    if ($(`nav a[href="${caminho}"]`)) acoes.set(acao, () => { location.href = caminho; });
  }
}
const comandar = (qual) => import(document.body.dataset.comandos).then(({ abrir }) => abrir(qual)).catch(() => ligacao(false));
atalho("comandos", () => { comandar("comandos"); });
atalho("ajuda", () => { comandar("atalhos"); });
atalho("atualizar", () => { location.reload(); });
atalho("buscar", () => {
  const campo = $("main input[type=search]");
  campo?.focus();
  return Boolean(campo);
});
document.addEventListener("click", (evento) => {
  const abre = evento.target.closest("[data-comando], [data-ajuda]");
  if (abre && !evento.ctrlKey && !evento.metaKey) {
    evento.preventDefault();
    $("#menu-eu").hidePopover();
    comandar("ajuda" in abre.dataset ? "atalhos" : "comandos");
  }
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
addEventListener("securitypolicyviolation", (e) => relatar(`CSP ${e.violatedDirective} ${e.blockedURI}`, `${e.sourceFile}:${e.lineNumber}`));
