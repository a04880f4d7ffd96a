// The inbox's list: which conversation is open, its shortcuts; the rest of it comes with the first event or gesture.

import { atalho, brinde } from "./base.js";
import { aoMudar, aoRecarregar } from "./vivo.js";

export const $ = (seletor, raiz = document) => raiz.querySelector(seletor);
export const $$ = (seletor, raiz = document) => [...raiz.querySelectorAll(seletor)];
export const aberta = () => $("#conversa").dataset.id;
export const cartao = (id) => document.getElementById(`c-${id}`);
export const cartoes = () => $$("#cartoes > li[data-k]");
const { vivas, mais, htmx: htmxEm } = $("#caixa").dataset;

// ---- which one is open, in the list and in the title

let titulo = document.title.replace(/^\(\d+\) /, "");
export function marcarAberta() {
  const id = aberta();
  const dela = cartao(id)?.querySelector(".cc");
  for (const elo of $$("#cartoes .cc[aria-current]")) if (elo !== dela) elo.removeAttribute("aria-current");
  dela?.setAttribute("aria-current", "page");
}
export function intitular() {
  const novas = Number($("#abas").dataset.novas ?? 0);
  document.title = (novas ? `(${novas}) ` : "") + titulo;
}
// which one somebody looks at, for the tab that would tell of it
let largar;
function olhar() {
  largar?.();
  const fim = new Promise((pronto) => { largar = pronto; });
  if (aberta() && !document.hidden) navigator.locks?.request(`vendo:${aberta()}`, { mode: "shared" }, () => fim);
}
document.addEventListener("visibilitychange", olhar);
olhar();
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id !== "conversa") return;
  titulo = document.title.replace(/^\(\d+\) /, "");
  marcarAberta();
  olhar();
  intitular();
  const nome = $("#topo h2");
  if (nome && !document.activeElement?.matches("input, textarea, select")) nome.focus({ preventScroll: true });
});
intitular();

// ---- what changed is asked for again; `rever` is for what was done here, of no conversation in particular: the whole list

export const rever = async (ids, entorno = true) => (await import(vivas)).rever(ids, entorno);
aoMudar(["conversa", "mensagem", "rascunho", "nota", "contagem", "mencao", "silencio", "espera"], async ({ tipo, ids, conversas, minhas, fila }) => {
  if (!conversas.length) return rever(ids.length ? cartoes().map((li) => li.id.slice(2)) : null);
  // of what changed, what this tab shows or might show now; and what stands above the cards, when that may have changed
  const cabem = { minhas, fila }[new URLSearchParams(location.search).get("aba") ?? "minhas"] ?? conversas;
  const quais = conversas.filter((id) => cabem.includes(id) || cartao(id) || id === aberta());
  if (quais.length || fila.length || ["contagem", "mencao"].includes(tipo)) rever(quais, tipo !== "mensagem");
});
aoRecarregar(() => rever(null));

let aviso;
document.addEventListener("ato", ({ detail }) => {
  const fazer = () => window.htmx.ajax("POST", detail.desfazer, { target: "#dialogo-corpo", swap: "innerHTML" });
  // only the last act can be undone
  aviso?.remove();
  aviso = brinde(detail.texto, { acao: detail.desfazer && { nome: detail.nome, fazer }, segundos: 10 });
  rever([detail.id]);
  if (depois) { depois = false; abrir(1); }
});

// ---- while another conversation is on its way, nothing is done to the one that is still on the screen

let pedida;
const deQuem = ({ requestConfig }) => requestConfig.elt.closest("#topo, #conversa")?.dataset.id;
document.addEventListener("htmx:beforeRequest", (evento) => {
  const { target, xhr } = evento.detail;
  if (target.id === "presentes" && !navigator.onLine) evento.preventDefault();
  if (target.id === "conversa") {
    pedida = xhr;
    xhr.timeout = 30_000;
    // its own event: the card that asked may be drawn again meanwhile. A moment later, what came does what it says
    xhr.addEventListener("loadend", () => setTimeout(() => { if (xhr === pedida) pedida = null; }, 50));
  } else if (pedida && target.id === "dialogo-corpo" && deQuem(evento.detail)) evento.preventDefault();
});
// who is looking is not worth a message that they could not be read, nor leaving what is being written
document.addEventListener("htmx:beforeOnLoad", (evento) => {
  const { target, xhr } = evento.detail;
  if (target.id === "presentes" && (xhr.status !== 200 || xhr.getResponseHeader("HX-Redirect"))) evento.preventDefault();
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target, xhr } = detail;
  // of two conversations asked for, the one asked for last is shown, whichever answer comes last
  if (target.id === "conversa" && xhr !== pedida) detail.shouldSwap = false;
  // what could not be opened is no conversation
  if (target.id === "conversa" && detail.shouldSwap && xhr.status >= 400) delete target.dataset.id;
  // the dialog of a conversation that was left meanwhile
  if (target.id === "dialogo-corpo" && deQuem(detail) && (pedida || deQuem(detail) !== aberta())) detail.shouldSwap = false;
});
addEventListener("keydown", (evento) => {
  const escreve = evento.target.closest?.("input, textarea, select, [contenteditable]");
  if (pedida && !escreve && evento.key.length === 1 && !evento.ctrlKey && !evento.metaKey) evento.stopImmediatePropagation();
}, true);

// ---- Back and Forward: what is shown is what the address says, with htmx there or not

/** The conversation that the address names; "" for none, nothing when it cannot be told. */
const noEndereco = () => /^\/conversas(?:\/([\da-f-]{36}))?$/.exec(location.pathname)?.slice(1).map((id) => id ?? "")[0];
function conferirEndereco() {
  const id = noEndereco();
  if (id !== undefined && id !== (aberta() ?? "")) location.reload();
}
/** Where the panel covers the thread, the address says whether it does. */
function conferirPainel() {
  const caixa = $("#caixa");
  const cobre = new URLSearchParams(location.search).has("painel");
  if (cobre === (caixa.dataset.painel === "aberto")) return;
  const dentro = $("#painel")?.contains(document.activeElement);
  caixa.dataset.painel = cobre ? "aberto" : "";
  if (dentro && !cobre) $(`#topo [data-atalho="painel.direito"]`).focus();
}
document.addEventListener("htmx:pushedIntoHistory", conferirPainel);
// before htmx, which would read the page again whatever had changed in the address
addEventListener("popstate", (evento) => { evento.stopImmediatePropagation(); conferirEndereco(); conferirPainel(); });
addEventListener("pageshow", conferirEndereco);
// one that was pressed before this was read
conferirEndereco();

// ---- htmx, dialogs, the menu and the panel come with the first gesture; what it asked for waits for them

let vindo, veio;
async function trazer() {
  // it looks for its settings when the page is complete, and never again
  if (document.readyState !== "complete") await new Promise((pronta) => { addEventListener("load", pronta, { once: true }); });
  await new Promise((onload, onerror) => { document.head.append(Object.assign(document.createElement("script"), { src: htmxEm, onload, onerror })); });
  // what was typed meanwhile is looked for now
  const busca = $("#q");
  if (busca && busca.value !== busca.defaultValue) busca.dispatchEvent(new Event("procurar"));
}
// what did not come is asked for again with the next click
const comGesto = () => vindo ??= Promise.all([import(mais), window.htmx || trazer()]).then(() => { veio = true; }, () => { vindo = null; });
for (const gesto of ["pointerover", "pointerdown", "focusin", "keydown", "wheel", "scroll"]) addEventListener(gesto, comGesto, { once: true, capture: true, passive: true });
// a finger on a card may push it aside
$("#lista").addEventListener("pointerdown", async (evento) => {
  if (evento.pointerType === "touch") (await import("./deslizar.js")).comecar(evento, comGesto);
});
let sozinha = false;
async function esperar(evento, repetir, semScript) {
  const alvo = evento.target.closest?.(evento.type === "submit" ? "form[hx-post]" : "a[hx-get], a[data-atalho='painel.direito'], [data-fecha-painel]");
  // one may be there without the other, and neither does the whole
  if (veio || sozinha || !alvo || evento.ctrlKey || evento.metaKey) return;
  evento.preventDefault();
  pedida ??= alvo.matches("[hx-target='#conversa']");
  evento.stopPropagation();
  await comGesto();
  pedida = null;
  if (veio) return repetir(alvo);
  // without it, links and forms do what they do without scripts
  sozinha = true;
  semScript(alvo);
  sozinha = false;
}
addEventListener("click", (evento) => esperar(evento, (elo) => elo.click(), (elo) => elo.href && location.assign(elo.href)), true);
const submeter = ({ submitter }) => (form) => form.requestSubmit(submitter);
addEventListener("submit", (evento) => esperar(evento, submeter(evento), submeter(evento)), true);

// ---- shortcuts: most do what a button of the page does

let depois = false;
// whoever thinks better of it goes on where they are
$("#dialogo").addEventListener("close", () => { depois = false; });
const nomeadas = ["filtrar", "puxar", "resolver", "adiar", "assumir", "atribuir", "transferir", "etiquetar", "priorizar", "painel.direito"];
function clicar(nome) {
  const onde = !pedida && $(`[data-atalho="${nome}"]`);
  if (onde) onde.click();
  return Boolean(onde);
}
for (const nome of nomeadas) atalho(nome, () => clicar(nome));
atalho("resolver.proxima", () => { depois = clicar("resolver"); return depois; });

// in the thread, which brings what it needs when something in it has the focus
function noFio(seletor, fazer) {
  const campo = !pedida && $(seletor);
  if (campo) fazer(campo);
  return Boolean(campo);
}
const escrever = (como) => noFio(`[name=como][value=${como}]:enabled`, (modo) => { modo.click(); $("#texto").focus(); });
// the way to the templates, or those that are already there
const modelo = () => clicar("modelo") || noFio(".lista-de-modelos a, #form-modelo [data-var]", (campo) => campo.focus());
atalho("modelo", modelo);
// where only a template goes out, one answers with a template
atalho("responder", () => escrever("responder") || modelo());
atalho("nota", () => escrever("nota"));
atalho("achar", () => noFio("#busca-no-fio", (campo) => { campo.form.hidden = false; campo.focus(); }));
atalho("anexar", () => noFio("#arquivos", (campo) => { campo.focus(); campo.click(); }));
atalho("agendar", () => noFio("#quando", (campo) => { campo.closest("details").open = true; campo.focus(); }));

function vizinho(passo) {
  const todos = cartoes().map((li) => $(".cc", li));
  const em = todos.findIndex((elo) => elo.parentElement.contains(document.activeElement));
  const atual = em < 0 ? todos.findIndex((elo) => elo.ariaCurrent === "page") : em;
  return todos[Math.max(0, Math.min(todos.length - 1, atual + passo))];
}
function abrir(passo) {
  const elo = vizinho(passo);
  elo?.click();
  return Boolean(elo);
}
function seguir() {
  const todos = cartoes();
  const depois = todos[todos.findIndex((li) => li.id === `c-${aberta()}`) + 1];
  depois?.querySelector(".cc").click();
  return Boolean(depois);
}
function andar(passo) {
  // from the composer one goes to the next conversation; in the list, to the next card
  if (document.activeElement?.closest("#fio")) return abrir(passo);
  const elo = vizinho(passo);
  elo?.focus();
  elo?.scrollIntoView({ block: "nearest" });
  return Boolean(elo);
}
// who chose so goes on after each message
document.addEventListener("enviada", ({ detail }) => { if (detail === "VOLTAR" || !seguir()) $("#topo .volta")?.click(); });
atalho("proxima", () => andar(1));
atalho("anterior", () => andar(-1));
atalho("abrir", () => abrir(0));
atalho("selecionar", () => {
  const marca = vizinho(0)?.parentElement.querySelector(".marca");
  marca?.click();
  return Boolean(marca);
});
const abas = () => $$("#abas a");
for (const n of [1, 2, 3, 4]) atalho(`aba.${n}`, () => { abas()[n - 1].click(); });
atalho("aba.proxima", () => { abas()[(abas().findIndex((a) => a.ariaCurrent) + 1) % 4].click(); });
atalho("painel.esquerdo", () => { $("#caixa").toggleAttribute("data-sem-lista"); });
addEventListener("keydown", (evento) => {
  if (evento.key !== "Escape" || evento.defaultPrevented || $("dialog[open], :popover-open")) return;
  const elo = $("#cartoes .cc[aria-current]") ?? $("#cartoes .cc");
  if (document.activeElement?.closest("#conversa")) elo?.focus();
});
