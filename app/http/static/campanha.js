// A campaign that runs, followed.

import { assentada } from "./base.js";

// ---- what moves is asked for again, once a second, and never under a hand that is using it

const andamento = () => document.getElementById("andamento");
let pedido = null;
let ultimo = 0;
let devida = false; // something changed just after the last time it was asked for
let mexeu = true; // the last answer had other figures: deliveries and readings go on coming after all was sent

const emUso = (regiao) => regiao.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");

const ocupado = (regiao) => document.hidden || getSelection()?.type === "Range" || emUso(regiao);

/** The same people in the same order may be drawn again under the pointer; others would move what it points at. */
const quem = (lista) => [...lista.querySelectorAll("tbody a")].map((a) => a.pathname).join();
const mexe = (antiga, nova) => antiga.matches(":hover") && quem(antiga) !== quem(nova);

/** Fetches the running campaign and the people shown, and puts them in place of the old ones, focus included. */
async function atualizar() {
  const regiao = andamento();
  devida = true;
  if (!regiao || pedido || ocupado(regiao) || Date.now() - ultimo < 900) return;
  ultimo = Date.now();
  devida = false;
  pedido = fetch(location.pathname + location.search, { headers: { "HX-Request": "true" } });
  try {
    const resposta = await pedido;
    if (!resposta.ok || resposta.headers.has("hx-redirect")) return;
    const lida = new DOMParser().parseFromString(await resposta.text(), "text/html");
    for (const id of ["andamento", "lista-pessoas"]) {
      const [antiga, nova] = [document, lida].map((d) => d.getElementById(id));
      if (id === "andamento") mexeu = !!nova && !antiga.isEqualNode(nova);
      if (nova && antiga && !ocupado(antiga) && !mexe(antiga, nova) && !antiga.isEqualNode(nova)) trocar(antiga, nova);
    }
  } catch { /* the connection line says it; the next turn asks again */ } finally { pedido = null; }
}

const FOCAVEL = "a, button, summary, .tabela";
const marca = (e) => e.getAttribute("href") ?? e.form?.action ?? (e.matches(".tabela") ? "tabela" : e.textContent);

function trocar(antiga, nova) {
  const foco = document.activeElement;
  const fica = antiga.contains(foco) && foco.matches(FOCAVEL) ? marca(foco) : null;
  const rolado = antiga.querySelector(".tabela")?.scrollLeft;
  for (const [i, d] of [...antiga.querySelectorAll("details")].entries()) nova.querySelectorAll("details")[i]?.toggleAttribute("open", d.open);
  antiga.replaceWith(nova);
  if (rolado) nova.querySelector(".tabela")?.scrollTo(rolado, 0);
  if (fica) [...nova.querySelectorAll(FOCAVEL)].find((e) => marca(e) === fica)?.focus({ preventScroll: true });
}

if (andamento()) {
  // events tell of changes of state; the counts of a running campaign move all the time
  assentada.then(() => import("./vivo.js")).then(({ aoMudar }) => aoMudar(["campanha"], () => atualizar()));
  setInterval(() => {
    const { status, faltam } = andamento()?.dataset ?? {};
    if (status === "EM_ANDAMENTO" || Number(faltam) || devida || mexeu || Date.now() - ultimo > 10_000) atualizar();
  }, 1000);
  document.addEventListener("visibilitychange", atualizar);
}
