// Around the list: search, dialogs, several at once, the menu of a card, the panel. Read with the first gesture.

import { $, $$, rever } from "./lista.js";

const caixa = $("#caixa");
const dialogo = $("#dialogo");

// ---- a search as one types: the address says what is shown, without what is empty

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.requestConfig?.elt.id !== "q") return;
  const dito = [...new FormData($("#q").form)].filter(([, valor]) => valor);
  history.replaceState(history.state, "", `${location.pathname}?${new URLSearchParams(dito)}`);
});
document.addEventListener("submit", ({ target }) => {
  if (target.method === "get") for (const campo of target.elements) campo.disabled ||= Boolean(campo.name) && !campo.value;
});

// ---- dialogs: whatever comes into the dialog opens it, and emptiness closes it

function conferirDialogo() {
  const cheio = Boolean($("#dialogo-corpo").firstElementChild);
  if (cheio && !dialogo.open) dialogo.showModal();
  if (!cheio) dialogo.close();
}
document.addEventListener("htmx:afterSwap", ({ detail }) => { if (detail.target.id === "dialogo-corpo") conferirDialogo(); });
dialogo.addEventListener("click", (evento) => {
  if (evento.target.closest("[data-fecha]") || evento.target === dialogo) {
    evento.preventDefault();
    dialogo.close();
  }
});
dialogo.addEventListener("close", () => {
  $("#dialogo-corpo").replaceChildren();
  // what opened it may have been drawn again
  if (document.activeElement === document.body) ($("#topo h2") ?? $("#cartoes .cc"))?.focus({ preventScroll: true });
});

const noDialogo = (metodo, onde) => htmx.ajax(metodo, onde, { target: "#dialogo-corpo", swap: "innerHTML" });
document.addEventListener("massa", () => {
  const marcadas = $$(".marca:checked");
  rever(marcadas.map((m) => m.value));
  for (const m of marcadas) m.checked = false;
  contarMarcadas();
});

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
  const calar = $("[data-volta]", menu);
  calar.dataset.texto ??= calar.textContent;
  calar.dataset.atoDireto = $(".calada", li) ? "avisar" : "silenciar";
  calar.textContent = $(".calada", li) ? calar.dataset.volta : calar.dataset.texto;
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
  } else if (mostra) {
    const onde = new URL(location.href);
    onde.searchParams.set("painel", "1");
    // so that Back shows the thread that it covers
    history.pushState({ painel: true }, "", onde);
    caixa.dataset.painel = "aberto";
  } else if (history.state?.painel) {
    caixa.dataset.painel = "";
    history.back();
  } else {
    const onde = new URL(location.href);
    onde.searchParams.delete("painel");
    history.replaceState(history.state, "", onde);
    caixa.dataset.painel = "";
  }
  if (mostra) $("#painel h2")?.setAttribute("tabindex", "-1");
  (mostra ? $("#painel h2") : $(`[data-atalho="painel.direito"]`))?.focus();
}
document.addEventListener("click", (evento) => {
  if (evento.target.closest(`[data-atalho="painel.direito"], [data-fecha-painel]`)) {
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

// ---- another conversation: put in place whole; only what holds something of htmx's is looked through for it

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target: velha, shouldSwap, serverResponse } = detail;
  if (velha.id !== "conversa" || !shouldSwap) return;
  const lida = new DOMParser().parseFromString(serverResponse, "text/html");
  const nova = lida.getElementById("conversa");
  if (!nova) return;
  const foco = velha.contains(document.activeElement) && document.activeElement.id;
  velha.replaceWith(nova);
  if (foco) document.getElementById(foco)?.focus({ preventScroll: true });
  document.title = lida.title;
  Object.assign(detail, { target: nova, serverResponse: "", swapOverride: "none" });
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id !== "conversa") return;
  for (const parte of $$("#topo, #painel, #compositor", target)) htmx.process(parte);
  arrumarPainel();
});
arrumarPainel();
conferirDialogo();
