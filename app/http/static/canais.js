// Regions that show what changes by itself are read again when it does, or every few seconds; never under somebody's hand.

import { assentada, atalho } from "./base.js";

const regioes = () => document.querySelectorAll("[data-renova], [data-eventos]");

// what was not read again: nobody looked, there was no network, or it was in somebody's hand
const atrasadas = new Set();
async function ler(velha) {
  if (!velha.dataset.renova) return;
  const foco = velha.contains(document.activeElement) && document.activeElement !== velha;
  if (document.hidden || !navigator.onLine || foco || velha.querySelector("details[open] form")) {
    atrasadas.add(velha.id);
    return;
  }
  atrasadas.delete(velha.id);
  const resposta = await fetch(velha.dataset.renova, { headers: { "HX-Request": "true" } });
  if (!resposta.ok || !velha.isConnected) return;
  const nova = new DOMParser().parseFromString(await resposta.text(), "text/html").getElementById(velha.id);
  if (!nova) return;
  const abertos = [...velha.querySelectorAll("details")].map((d) => d.open);
  nova.querySelectorAll("details").forEach((d, n) => { d.open = abertos[n] ?? d.open; });
  if (nova.innerHTML !== velha.innerHTML) velha.replaceWith(nova);
}

const lidas = new Map();
setInterval(() => {
  for (const regiao of regioes()) {
    if (atrasadas.has(regiao.id)) ler(regiao).catch(() => atrasadas.add(regiao.id));
    const cada = 1000 * regiao.dataset.cada;
    if (!(cada > 0) || Date.now() - (lidas.get(regiao.id) ?? carregada) < cada) continue;
    lidas.set(regiao.id, Date.now());
    ler(regiao).catch(() => {});
  }
}, 1000);
const carregada = Date.now();

async function seguir(tipos) {
  await assentada;
  const { aoMudar, aoRecarregar } = await import("./vivo.js");
  aoMudar(tipos, async ({ tipo }) => {
    for (const regiao of regioes()) if (regiao.dataset.eventos?.split(" ").includes(tipo)) await ler(regiao);
  });
  aoRecarregar(() => Promise.all([...regioes()].map(ler)));
}
const tipos = [...new Set([...regioes()].flatMap((r) => (r.dataset.eventos ?? "").split(" ")))];
if (tipos.length) seguir(tipos);

const novo = document.querySelector("[data-novo]");
if (novo) atalho("novo", () => novo.click());

// ---- copying: without script the field can be selected

for (const botao of document.querySelectorAll("[data-copia]")) {
  botao.hidden = !navigator.clipboard;
  botao.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(botao.dataset.copia).value);
    botao.dataset.antes ??= botao.textContent;
    botao.textContent = botao.dataset.feito;
    setTimeout(() => { botao.textContent = botao.dataset.antes; }, 2000);
  });
}
