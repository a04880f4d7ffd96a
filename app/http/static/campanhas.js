// Campaigns: a page that follows what runs, an estimate while the pace is typed, and drafts kept while they are written.

import { aoMudar } from "./vivo.js";

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
  aoMudar(["campanha"], () => atualizar());
  setInterval(() => {
    const { status, faltam } = andamento()?.dataset ?? {};
    if (status === "EM_ANDAMENTO" || Number(faltam) || Date.now() - ultimo > 10_000) atualizar();
  }, 1500);
  document.addEventListener("visibilitychange", atualizar);
}

// ---- how long it takes, while the pace is typed; the review asks the database

const estimativa = document.getElementById("estimativa");
function estimar() {
  const teto = Number(document.querySelector("[name=conexao_id]:checked")?.dataset.teto ?? 80) - 4;
  const ritmo = Math.min(teto, Number(document.getElementById("ritmo").value.replace(",", ".")) || teto);
  const { pessoas, texto, minuto, minutos, horas } = estimativa.dataset;
  const s = pessoas / Math.max(ritmo, 0.0001);
  const n = new Intl.NumberFormat(document.documentElement.lang);
  const tempo = s < 60 ? minuto : s < 5400 ? minutos.replace("{n}", n.format(Math.round(s / 60))) : horas.replace("{n}", n.format(Math.round(s / 3600)));
  estimativa.textContent = texto.replace("{n}", n.format(pessoas)).replace("{tempo}", tempo);
}
if (estimativa) {
  document.getElementById("envio").addEventListener("input", estimar);
  estimar();
  document.getElementById("hora").addEventListener("input", () => { document.querySelector("[name=quando][value=depois]").checked = true; });
}

// ---- a filter that is touched is the filter that is meant

const publico = document.getElementById("publico");
publico?.querySelector(".filtro-publico")?.addEventListener("input", () => { publico.elements.quem.value = "filtro"; });

// ---- what is typed and not yet saved survives Back and a closed tab

for (const form of document.querySelectorAll("form[data-guarda]")) {
  const chave = `balcao:${form.dataset.guarda}`;
  const versao = form.elements.versao?.value ?? "";
  const ler = () => JSON.stringify([versao, [...new FormData(form)].filter(([nome]) => nome !== "versao" && nome !== "chave")]);
  const doServidor = ler();
  const [de, campos] = JSON.parse(sessionStorage.getItem(chave) ?? "[null,[]]");
  if (de === versao && !document.getElementById("recusa") && !document.getElementById("conflito")) {
    for (const campo of form.elements) {
      if (!campo.name || ["hidden", "submit"].includes(campo.type)) continue;
      const valores = campos.filter(([nome]) => nome === campo.name).map(([, valor]) => valor);
      if (campo.type === "checkbox" || campo.type === "radio") campo.checked = valores.includes(campo.value);
      else if (valores.length) campo.value = valores[0];
    }
    if (ler() !== doServidor) form.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.addEventListener("input", () => sessionStorage.setItem(chave, ler()));
  form.addEventListener("submit", () => sessionStorage.removeItem(chave));
}
