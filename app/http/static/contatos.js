// The list of contacts: search while typing, more rows in place, marking many.

import { assentada, ligacao } from "./base.js";
import { andar, clicar } from "./linhas.js";

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);
const filtros = $("#filtros");
let procura;
let relogio;
let digitado = 0;

async function trazer(url, signal) {
  const resposta = await fetch(url, { headers: { "HX-Request": "true" }, signal });
  if (resposta.headers.has("HX-Redirect")) return location.assign(resposta.headers.get("HX-Redirect"));
  const nova = new DOMParser().parseFromString(await resposta.text(), "text/html").querySelector("#contatos");
  if (!nova) throw new Error(resposta.status);
  ligacao(true);
  return nova;
}

const endereco = () => {
  const pares = [...new FormData(filtros)].filter(([, valor]) => valor);
  return `/contatos${pares.length ? `?${new URLSearchParams(pares)}` : ""}`;
};

async function procurar() {
  const url = endereco();
  procura?.abort();
  const minha = procura = new AbortController();
  try {
    const nova = await trazer(url, minha.signal);
    if (!nova) return;
    $("#contatos").replaceWith(nova);
    const exportar = $("[data-exportar][download]");
    if (exportar) exportar.href = nova.dataset.exportar;
    history.replaceState(null, "", url);
    marcas();
  } catch (erro) {
    if (erro.name !== "AbortError") ligacao(false);
  } finally {
    if (procura === minha) procura = null;
  }
}

filtros.addEventListener("input", (evento) => {
  clearTimeout(relogio);
  digitado = Date.now();
  relogio = setTimeout(procurar, evento.target.matches("select") ? 0 : 250);
});
filtros.addEventListener("submit", (evento) => { evento.preventDefault(); clearTimeout(relogio); procurar(); });

// ---- more rows, where they are

document.addEventListener("click", async (evento) => {
  const mais = evento.target.closest("[data-mais]");
  if (!mais) return;
  evento.preventDefault();
  if (mais.ariaBusy === "true") return;
  mais.ariaBusy = "true";
  const nova = await trazer(mais.href).catch(() => ligacao(false));
  // what did not come is asked for with the next click; what was looked for meanwhile goes on from elsewhere
  mais.ariaBusy = null;
  if (!nova || !mais.isConnected) return;
  const linhas = [...nova.querySelectorAll("#linhas > tr")];
  // the rest has something to say, which its own page shows
  if (!linhas.length) return location.assign(mais.href);
  $("#linhas").append(...linhas);
  // a long list is read, not followed
  $("#contatos").dataset.longa = 1;
  const seguinte = nova.querySelector("#mais");
  if (seguinte) $("#mais").replaceWith(seguinte); else $("#mais").remove();
  linhas[0]?.querySelector("a")?.focus();
  marcas();
});

// ---- marking many

const caixas = () => [...document.querySelectorAll('#linhas input[name="id"]')];

function marcas() {
  const todos = $("#todos");
  if (!todos) return;
  todos.hidden = false;
  const todas = caixas();
  const quantas = todas.filter((caixa) => caixa.checked).length;
  todos.checked = quantas > 0 && quantas === todas.length;
  todos.indeterminate = quantas > 0 && quantas < todas.length;
  const quantos = $("[data-quantos]");
  if (quantos && quantas) quantos.textContent = quantos.dataset.quantos.replace("#", quantas);
}
document.addEventListener("change", (evento) => {
  if (evento.target.id === "todos") for (const caixa of caixas()) caixa.checked = evento.target.checked;
  if (evento.target.matches('#todos, #linhas input[name="id"]')) marcas();
});
marcas();

// ---- what others change, seen here: not under a hand that types, chooses, or points at rows that would move

let mudou = false;
const quem = (lista) => [...lista.querySelectorAll(".nome > a")].map((a) => a.pathname).join();
const emUso = (lista) => document.hidden || procura || Date.now() - digitado < 3000 || lista.contains(document.activeElement)
  || lista.dataset.longa || caixas().some((caixa) => caixa.checked) || getSelection()?.type === "Range";

async function renovar() {
  if (!mudou || emUso($("#contatos"))) return;
  mudou = false;
  try {
    const url = location.href;
    const nova = await trazer(url);
    const lista = $("#contatos");
    const antes = quem(lista);
    if (url !== location.href) return;
    if (emUso(lista) || (nova && antes && lista.matches(":hover") && antes !== quem(nova))) { mudou = true; return; }
    if (nova && !lista.isEqualNode(nova)) { lista.replaceWith(nova); marcas(); }
  } catch { mudou = true; }
}
const atrasou = () => { mudou = true; return renovar(); };
assentada.then(() => import("./vivo.js")).then(({ aoMudar, aoRecarregar }) => { aoMudar("contato", atrasou); aoRecarregar(atrasou); });
setInterval(renovar, 2000);

andar("#linhas .nome > a");
clicar("novo", "[data-novo]");
