// Tells of what arrived, once for the whole browser; not of a conversation that somebody looks at.

import { soar } from "./som.js";
import { publicar } from "./vivo.js";

const CHAVE = `avisos:${document.body.dataset.eu}`;
const dormir = (ms) => new Promise((pronto) => { setTimeout(pronto, ms); });
// where there are no locks each tab is on its own
const sozinha = (fn) => (navigator.locks ? navigator.locks.request(CHAVE, fn) : fn());

/** Only the first time, whichever tab asks. */
function primeira(chave) {
  const ditas = (localStorage.getItem(CHAVE) ?? "").split(" ");
  if (ditas.includes(chave)) return false;
  localStorage.setItem(CHAVE, [...ditas.slice(-99), chave].join(" "));
  return true;
}

async function vistas() {
  const { held } = await navigator.locks?.query() ?? { held: document.hidden ? [] : [{ name: `vendo:${document.getElementById("conversa")?.dataset.id}` }] };
  return new Set(held.map(({ name }) => name));
}

function abrir(id, tipo) {
  focus();
  // the card of what is offered is in this page
  if (tipo === "OFERTA") return;
  const cartao = document.querySelector(`#c-${id} .cc`);
  if (cartao) cartao.click();
  else if (document.getElementById("caixa")) location.assign(`/conversas/${id}?aba=todas&status=qualquer`);
  // what is being typed in another page stays there
  else open(`/conversas/${id}?aba=todas&status=qualquer`, "balcao-conversas");
}

async function mostrar({ chave, tipo, conversaId, nome, texto }) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const frase = document.body.getAttribute(`data-aviso-${tipo}`);
  const body = tipo === "MENSAGEM" ? texto ?? frase : [frase, texto].filter(Boolean).join(": ");
  const dito = { tag: conversaId, body, silent: true, data: { chave, conversaId, tipo } };
  try {
    // phones only show those of a service worker
    const registro = await navigator.serviceWorker?.getRegistration("/");
    if (registro?.active) return await registro.showNotification(nome, dito);
  } catch {
    // one that may not show leaves it to the page
  }
  try {
    const aviso = new Notification(nome, dito);
    aviso.onclick = () => { aviso.close(); abrir(conversaId, tipo); };
  } catch {
    // a phone without a service worker
  }
}

/** Says in this session, too, where this browser is reached while no page is open. */
export const lembrar = async () => (await import("./inscricao.js")).lembrar();

let relogio = 0;

/** Asks what of this one is to be told, and tells it. */
export const avisar = (conversas) => perguntar(new URLSearchParams(conversas.length > 50 ? [] : conversas.map((id) => ["conversa", id])));

/** Asks whether somebody has waited too long, and again when the next one will have. */
export const vigiar = () => perguntar("prazos=true").catch(() => { relogio = setTimeout(vigiar, 30_000); });

async function perguntar(busca) {
  const resposta = await fetch(`/vivo/avisos?${busca}`);
  if (resposta.status >= 500) throw new Error(`network ${resposta.status}`);
  if (!resposta.ok) return;
  const { avisos, som, navegador, prazoEm } = (await resposta.json()).dados;
  clearTimeout(relogio);
  // by the server's clock: this one may be wrong
  const agora = new Date(resposta.headers.get("Date") ?? Date.now());
  if (prazoEm) relogio = setTimeout(vigiar, Math.max(1000, new Date(prazoEm) - agora + 500));
  const olhadas = await vistas();
  const novos = avisos.filter(({ chave, conversaId }) => primeira(chave) && !olhadas.has(`vendo:${conversaId}`));
  if (navegador) novos.forEach(mostrar);
  if (som && novos.length) publicar("tocar", { vez: novos[0].chave });
}

/** Plays the sound, in the first tab that may: one in which somebody has done something. */
export function tocar({ vez }) {
  if (navigator.userActivation?.hasBeenActive === false) return;
  sozinha(async () => {
    const agora = Date.now();
    // of what comes together one hears once
    if (!primeira(`som:${vez}`) || agora - localStorage.getItem(`${CHAVE}:som`) < 2000) return;
    localStorage.setItem(`${CHAVE}:som`, agora);
    soar();
    // what one tab wrote the others see a moment later
    await dormir(300);
  });
}
