// The list of conversations: what changes in it, what is chosen in it, the dialogs of what is done, and the panel.

import { brinde } from "./base.js";
import { aoMudar, aoRecarregar } from "./vivo.js";

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);
const $$ = (seletor, raiz = document) => [...raiz.querySelectorAll(seletor)];
const caixa = $("#caixa");
const dialogo = $("#dialogo");
const aberta = () => $("#conversa").dataset.id;
const cartao = (id) => document.getElementById(`c-${id}`);
const cartoes = () => $$("#cartoes > li[data-k]");

// ---- which one is open, in the list and in the title

let titulo = document.title.replace(/^\(\d+\+?\) /, "");
function marcarAberta() {
  const id = aberta();
  for (const elo of $$("#cartoes .cc[aria-current]")) elo.removeAttribute("aria-current");
  if (id) cartao(id)?.querySelector(".cc").setAttribute("aria-current", "page");
}
function intitular() {
  const novas = Number($("#abas").dataset.novas ?? 0);
  document.title = (novas ? `(${novas}) ` : "") + titulo;
}
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "conversa" || target.closest?.("#conversa") === target) {
    titulo = document.title.replace(/^\(\d+\+?\) /, "");
    marcarAberta();
    intitular();
    arrumarPainel();
    const nome = $("#topo h2");
    if (nome && !document.activeElement?.matches("input, textarea, select")) nome.focus({ preventScroll: true });
  }
});

// ---- a search as one types: the address says what is shown, without what is empty

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.requestConfig?.elt.id !== "q") return;
  const dito = [...new FormData($(".procura"))].filter(([, valor]) => valor);
  history.replaceState(history.state, "", `${location.pathname}?${new URLSearchParams(dito)}`);
});
document.addEventListener("submit", ({ target }) => {
  if (target.method === "get") for (const campo of target.elements) campo.disabled ||= !campo.value;
});

// ---- dialogs: whatever comes into the dialog opens it, and emptiness closes it

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "dialogo-corpo") return;
  const cheio = Boolean($("#dialogo-corpo").firstElementChild);
  if (cheio && !dialogo.open) dialogo.showModal();
  if (!cheio) dialogo.close();
});
dialogo.addEventListener("click", (evento) => {
  if (evento.target.closest("[data-fecha]") || evento.target === dialogo) {
    evento.preventDefault();
    dialogo.close();
  }
});
dialogo.addEventListener("close", () => $("#dialogo-corpo").replaceChildren());

const noDialogo = (metodo, onde) => htmx.ajax(metodo, onde, { target: "#dialogo-corpo", swap: "innerHTML" });

document.addEventListener("ato", ({ detail }) => {
  const acao = detail.desfazer && { nome: detail.nome, fazer: () => noDialogo("POST", detail.desfazer) };
  brinde(detail.texto, { acao, segundos: 10 });
  rever([detail.id]);
});
document.addEventListener("massa", () => {
  const marcadas = $$(".marca:checked");
  rever(marcadas.map((m) => m.value));
  for (const m of marcadas) m.checked = false;
  contarMarcadas();
});

// ---- what changed: the cards that are concerned are asked for again, and put where they belong

let pendentes = new Set();
let relogio = 0;
let mudancas = [];
let tecla = 0;
let sobre = false;
let anunciadas = new Set();
let anunciar = 0;

const quieta = () => !sobre && Date.now() - tecla > 1000;
addEventListener("keydown", () => { tecla = Date.now(); }, true);
$("#lista").addEventListener("pointerenter", (e) => { sobre = e.pointerType === "mouse"; });
$("#lista").addEventListener("pointerleave", () => { sobre = false; });
setInterval(() => { if (mudancas.length && quieta()) mudancas.splice(0).forEach((mudar) => mudar()); }, 300);
const mover = (mudar) => { if (quieta() && !mudancas.length) mudar(); else mudancas.push(mudar); };

export function rever(ids) {
  for (const id of ids) pendentes.add(id);
  relogio ||= setTimeout(buscar, 150);
}
async function buscar() {
  const ids = [...pendentes].slice(0, 50);
  for (const id of ids) pendentes.delete(id);
  try {
    await aplicar(ids);
  } catch {
    for (const id of ids) pendentes.add(id);
  }
  // one question at a time, and not one for every message of a storm
  relogio = 0;
  if (pendentes.size) relogio = setTimeout(buscar, 1000);
}
async function aplicar(ids) {
  const onde = new URL(`/conversas/vivas${location.search}`, location.href);
  for (const id of ids) onde.searchParams.append("id", id);
  const resposta = await fetch(onde, { headers: { "HX-Request": "true" } });
  if (!resposta.ok) throw new Error(resposta.status);
  const novo = new DOMParser().parseFromString(await resposta.text(), "text/html");
  for (const id of ids) trocar(id, novo.getElementById(`c-${id}`));
  for (const parte of ["abas", "mesa"]) {
    const velha = document.getElementById(parte);
    const nova = novo.getElementById(parte);
    if (velha && nova && !velha.contains(document.activeElement)) velha.replaceWith(nova);
    else if (velha && nova) velha.dataset.novas = nova.dataset.novas ?? "";
  }
  intitular();
}
const quantas = (li) => parseInt(li?.querySelector(".conta")?.textContent ?? "0", 10);

function trocar(id, novo) {
  const velho = cartao(id);
  if (!novo) {
    if (velho) mover(() => cartao(id)?.remove());
    return;
  }
  if (id !== aberta() && quantas(novo) > quantas(velho)) novidade(id);
  if (!velho) {
    mover(() => { if (!cartao(id)) inserir(novo); });
    return;
  }
  // in its place at once; to another place when nobody points at the list
  const focada = velho.contains(document.activeElement) && document.activeElement.className;
  const marca = velho.querySelector(".marca");
  if (marca?.checked) novo.querySelector(".marca").checked = true;
  velho.replaceWith(novo);
  htmx.process(novo);
  marcarAberta();
  if (focada) novo.querySelector(`.${focada.split(" ")[0]}`)?.focus({ preventScroll: true });
  const antes = novo.previousElementSibling;
  const depois = novo.nextElementSibling;
  const k = Number(novo.dataset.k);
  if ((antes && Number(antes.dataset.k) > k) || (depois?.dataset.k && Number(depois.dataset.k) < k)) {
    mover(() => { const li = cartao(id); if (li) inserir(li); });
  }
}
function inserir(li) {
  const rola = $("#rola");
  const k = Number(li.dataset.k);
  const foco = li.contains(document.activeElement) && document.activeElement;
  const depois = cartoes().find((outro) => outro !== li && Number(outro.dataset.k) > k);
  // beyond what is on screen: it comes when the list is walked to there
  if (!depois && $("#mais")) return li.isConnected && li.remove();
  const alto = rola.scrollTop;
  $("#cartoes").insertBefore(li, depois ?? null);
  htmx.process(li);
  marcarAberta();
  rola.scrollTop = alto;
  if (foco) foco.focus({ preventScroll: true });
  $("#rola > .vazio")?.remove();
}

// ---- said aloud, seldom
function novidade(id) {
  anunciadas.add(id);
  anunciar ||= setTimeout(() => {
    $("#novidades").textContent = $("#lista").dataset.novidade.replace("{n}", anunciadas.size);
    anunciadas = new Set();
    anunciar = 0;
  }, Math.max(500, 10_000 - (Date.now() - Number($("#novidades").dataset.em ?? 0))));
  $("#novidades").dataset.em = Date.now();
}

aoMudar(["conversa", "mensagem", "rascunho", "mencao"], ({ conversas, ids, tipo }) => {
  const quais = conversas.length ? conversas : tipo === "conversa" ? ids : [];
  if (quais.length) rever(quais);
  else recarregarLista();
});
const recarregarLista = () => htmx.ajax("GET", location.pathname.startsWith("/conversas/") ? `/conversas${location.search}` : location.href, { target: "#lista", swap: "outerHTML" });
aoRecarregar(() => rever(cartoes().map((li) => li.id.slice(2)).slice(0, 50)));

setInterval(() => {
  for (const marca of $$("[data-desde]", $("#cartoes"))) {
    const minutos = Math.floor((Date.now() - Number(marca.dataset.desde)) / 60_000);
    marca.textContent = minutos < 60 ? `${minutos} min` : minutos < 2880 ? `${Math.floor(minutos / 60)} h` : `${Math.floor(minutos / 1440)} d`;
  }
}, 30_000);

// ---- choosing several

function contarMarcadas() {
  const conta = $("#massa-conta");
  const n = $$(".marca:checked").length;
  if (conta) conta.textContent = conta.dataset.texto.replace("{n}", n);
}
document.addEventListener("change", ({ target }) => {
  if (target.matches(".marca")) contarMarcadas();
  target.closest("[data-enviar-ao-mudar]")?.requestSubmit();
});

// ---- the menu of a card

const menu = $("#menu-cartao");
$("#lista").addEventListener("contextmenu", (evento) => {
  const li = evento.target.closest("#cartoes > li[data-k]");
  if (!li || evento.shiftKey) return;
  evento.preventDefault();
  menu.dataset.id = li.id.slice(2);
  menu.showPopover();
  const { left, bottom } = li.getBoundingClientRect();
  menu.style.left = `${Math.min(evento.clientX || left, innerWidth - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(evento.clientY || bottom, innerHeight - menu.offsetHeight - 8)}px`;
  $("button", menu).focus();
});
menu.addEventListener("click", ({ target }) => {
  const { ato, atoDireto } = target.closest("button")?.dataset ?? {};
  if (!ato && !atoDireto) return;
  menu.hidePopover();
  noDialogo(ato ? "GET" : "POST", `/conversas/${menu.dataset.id}/ato/${ato ?? atoDireto}${menu.dataset.consulta}`);
});

// ---- the panel: shown or not, its parts in the order and state that each person left them in

const largo = matchMedia("(min-width: 80rem)");
const lembrar = (nome, valor) => localStorage.setItem(`painel:${caixa.dataset.eu}:${nome}`, JSON.stringify(valor));
const lembrado = (nome) => JSON.parse(localStorage.getItem(`painel:${caixa.dataset.eu}:${nome}`) ?? "[]");

function alternarPainel() {
  const mostra = largo.matches ? caixa.dataset.painel === "fechado" : caixa.dataset.painel !== "aberto";
  if (largo.matches) {
    document.cookie = `painel=${mostra ? "aberto" : "fechado"}; path=/; max-age=31536000; samesite=lax; secure`;
    caixa.dataset.painel = mostra ? "" : "fechado";
  } else {
    caixa.dataset.painel = mostra ? "aberto" : "";
  }
  if (mostra) $("#painel h2")?.setAttribute("tabindex", "-1");
  (mostra ? $("#painel h2") : $("[data-atalho=painel]"))?.focus();
}
document.addEventListener("click", (evento) => {
  if (evento.target.closest("[data-atalho=painel], [data-fecha-painel]")) {
    evento.preventDefault();
    alternarPainel();
  }
});
function arrumarPainel() {
  const painel = $("#painel");
  if (!painel) return;
  for (const nome of lembrado("ordem")) {
    const secao = $(`[data-secao="${nome}"]`, painel);
    if (secao) painel.append(secao);
  }
  for (const nome of lembrado("abertas")) $(`[data-secao="${nome}"]`, painel)?.setAttribute("open", "");
}
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.("[data-secao]")) lembrar("abertas", $$("#painel [data-secao][open]").map((s) => s.dataset.secao));
}, true);
document.addEventListener("keydown", (evento) => {
  const secao = evento.target.closest?.("#painel [data-secao]");
  if (!secao || !evento.altKey || !["ArrowUp", "ArrowDown"].includes(evento.key)) return;
  evento.preventDefault();
  if (evento.key === "ArrowUp") secao.previousElementSibling?.matches("[data-secao]") && secao.previousElementSibling.before(secao);
  else secao.nextElementSibling?.after(secao);
  lembrar("ordem", $$("#painel [data-secao]").map((s) => s.dataset.secao));
  $("summary", secao).focus();
});

arrumarPainel();
intitular();
