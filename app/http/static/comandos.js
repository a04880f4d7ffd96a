// The command box and the sheet of shortcuts: dialogs that the server draws; read when first asked for.

import { fazer, ligacao, possiveis } from "./base.js";

const abertos = {};
let vez = 0;

async function buscar(caixa) {
  const campo = caixa.querySelector("input");
  const minha = ++vez;
  const resposta = await fetch(`/comandos?q=${encodeURIComponent(campo.value)}`, { headers: { "HX-Request": "true" } });
  const nova = new DOMParser().parseFromString(await resposta.text(), "text/html").querySelector("#achados");
  // an older answer never covers a newer one
  if (minha !== vez || !nova) return;
  caixa.querySelector("#achados").replaceWith(nova);
  mostrar(caixa);
}

function mostrar(caixa) {
  const podem = new Map(possiveis());
  for (const linha of caixa.querySelectorAll("[data-acao]")) linha.closest("li").hidden = !podem.has(linha.dataset.acao);
  for (const grupo of caixa.querySelectorAll("section")) grupo.hidden = !grupo.querySelector("li:not([hidden])");
  caixa.querySelector("#nada").hidden = Boolean(itens(caixa).length);
}

const itens = (caixa) => [...caixa.querySelectorAll("li:not([hidden]) > :is(a, button)")];

function andar(evento, caixa) {
  const passo = { ArrowDown: 1, ArrowUp: -1 }[evento.key];
  const todos = itens(caixa);
  if (passo && todos.length) {
    evento.preventDefault();
    const em = todos.indexOf(document.activeElement);
    if (em + passo < 0) caixa.querySelector("input").focus();
    else todos[Math.min(todos.length - 1, em + passo)].focus();
  } else if (evento.key === "Enter" && evento.target.matches("input")) {
    evento.preventDefault();
    todos[0]?.click();
  } else if (evento.target !== caixa.querySelector("input") && evento.key.length === 1 && !evento.ctrlKey && !evento.metaKey) {
    caixa.querySelector("input").focus();
  }
}

function ligar(caixa) {
  let espera;
  caixa.addEventListener("input", () => { clearTimeout(espera); espera = setTimeout(() => buscar(caixa).catch(() => ligacao(false)), 150); });
  caixa.addEventListener("keydown", (evento) => andar(evento, caixa));
  caixa.addEventListener("submit", (evento) => evento.preventDefault());
  caixa.addEventListener("click", (evento) => {
    const acao = evento.target.closest("[data-acao]")?.dataset.acao;
    if (acao) { caixa.close(); fazer(acao); }
  });
  mostrar(caixa);
}

/** Opens `comandos` or `atalhos`; again, it closes. */
export async function abrir(qual) {
  if (abertos[qual]?.open) { abertos[qual].close(); return; }
  for (const outro of Object.values(abertos)) outro.close();
  if (!abertos[qual]) {
    const resposta = await fetch(`/${qual}`, { headers: { "HX-Request": "true" } });
    // without a session, too: there one is led to where one logs in
    if (!resposta.ok || resposta.headers.has("HX-Redirect")) { location.href = `/${qual}`; return; }
    const caixa = document.createElement("dialog");
    caixa.className = "comandos";
    caixa.append(...new DOMParser().parseFromString(await resposta.text(), "text/html").body.childNodes);
    caixa.setAttribute("aria-labelledby", caixa.querySelector("h1, h2").id);
    caixa.addEventListener("click", (evento) => { if (evento.target === caixa) caixa.close(); });
    document.body.append(caixa);
    abertos[qual] = caixa;
    if (qual === "comandos") ligar(caixa);
  }
  abertos[qual].showModal();
  if (qual === "comandos") { abertos[qual].querySelector("input").select(); mostrar(abertos[qual]); }
}
