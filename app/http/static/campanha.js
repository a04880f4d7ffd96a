// A campaign that runs, followed.

import { assentada } from "./base.js";

// ---- what runs is asked for again, at most once a second, and never under a hand that is using it

const andamento = () => document.getElementById("andamento");
let pedido = null;
let ultimo = 0;

function ocupado(regiao) {
  const foco = document.activeElement;
  return document.hidden || getSelection()?.type === "Range"
    || (foco && foco !== document.body && regiao.contains(foco) && foco.matches("input, select, textarea"));
}

/** Fetches the region of the running campaign and puts it in place of the old one, focus included. */
async function atualizar() {
  const regiao = andamento();
  if (!regiao || pedido || ocupado(regiao) || Date.now() - ultimo < 1000) return;
  ultimo = Date.now();
  pedido = fetch(location.pathname, { headers: { "HX-Request": "true", "HX-Target": "andamento" } });
  try {
    const resposta = await pedido;
    if (!resposta.ok || resposta.headers.has("hx-redirect")) return;
    const nova = new DOMParser().parseFromString(await resposta.text(), "text/html").getElementById("andamento");
    const antiga = andamento();
    if (!nova || !antiga || ocupado(antiga)) return;
    trocar(antiga, nova);
  } catch { /* the connection line says it; the next turn asks again */ } finally { pedido = null; }
}

function trocar(antiga, nova) {
  const marca = (e) => e?.matches("a, button, summary") && antiga.contains(e) ? e.getAttribute("href") ?? e.form?.action ?? e.textContent : null;
  const foco = marca(document.activeElement);
  for (const [i, d] of [...antiga.querySelectorAll("details")].entries()) nova.querySelectorAll("details")[i]?.toggleAttribute("open", d.open);
  antiga.replaceWith(nova);
  if (foco) [...nova.querySelectorAll("a, button, summary")].find((e) => (e.getAttribute("href") ?? e.form?.action ?? e.textContent) === foco)?.focus({ preventScroll: true });
}

if (andamento()) {
  // events tell of changes of state; the counts of a running campaign move all the time
  assentada.then(() => import("./vivo.js")).then(({ aoMudar }) => aoMudar(["campanha"], () => atualizar()));
  setInterval(() => {
    const { status, faltam } = andamento()?.dataset ?? {};
    if (status === "EM_ANDAMENTO" || Number(faltam) || Date.now() - ultimo > 10_000) atualizar();
  }, 1500);
  document.addEventListener("visibilitychange", atualizar);
}
