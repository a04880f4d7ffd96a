// What the queue offers to whoever looks, in whatever page: one card, for as long as the server says.

import { brinde } from "./base.js";
import { aoMudar, aoRecarregar } from "./vivo.js";

const lugar = document.createElement("div");
const dito = document.createElement("p");
lugar.className = "oferta-lugar";
dito.className = "so-leitor";
dito.role = "status";
let relogio = 0;
let vez = 0;
let houve = false;

function guardar() {
  clearInterval(relogio);
  // whoever was answering goes on where the page begins
  if (lugar.contains(document.activeElement)) document.getElementById("conteudo").focus({ preventScroll: true });
  lugar.replaceChildren();
  dito.textContent = "";
}

/** Counts down what the server said was left when it answered: the clock of this machine may be any. */
function contar(cartao, fim) {
  const barra = cartao.querySelector("progress");
  const texto = cartao.querySelector(".resta span");
  const mostrar = () => {
    const resta = Math.max(0, Math.ceil((fim - performance.now()) / 1000));
    barra.value = resta;
    texto.textContent = texto.textContent.replace(/\d+/, resta);
    if (resta) return;
    guardar();
    setTimeout(() => { ver().catch(() => {}); }, 1000);
  };
  clearInterval(relogio);
  relogio = setInterval(mostrar, 250);
  mostrar();
}

function mostrar(texto, desde) {
  const veio = document.createRange().createContextualFragment(texto);
  const cartao = veio.querySelector("#oferta");
  const tinha = lugar.querySelector("#oferta")?.dataset.id;
  const pausa = veio.querySelector("#oferta-pausa")?.textContent;
  if (!cartao || cartao.dataset.id !== tinha) guardar();
  if (cartao) {
    if (cartao.dataset.id !== tinha) {
      lugar.append(cartao);
      dito.textContent = [...cartao.querySelectorAll("h2, strong, .fraco, .resta span")].map((parte) => parte.textContent).join(". ");
    }
    contar(lugar.firstElementChild, desde + Number(cartao.dataset.resta));
    houve = true;
  } else if (pausa && houve) {
    houve = false;
    brinde(pausa, { segundos: 12 });
  }
}

/** Asks what is offered now; the last question's answer is the one that counts. */
async function ver() {
  if (document.hidden) return;
  const minha = ++vez;
  const desde = performance.now();
  const resposta = await fetch("/oferta", { headers: { "HX-Request": "true" } });
  if (resposta.status >= 500) throw new Error(`network ${resposta.status}`);
  const texto = await resposta.text();
  if (minha === vez && resposta.ok && !resposta.redirected) mostrar(texto, desde);
}

/** Something typed here would be lost: the conversation opens beside it. */
const ocupada = () => !document.getElementById("caixa") && [...document.querySelectorAll("main :is(input:not([type=hidden], [type=search]), textarea)")].some((campo) => campo.value !== campo.defaultValue || campo.checked !== campo.defaultChecked);

lugar.addEventListener("submit", async (evento) => {
  evento.preventDefault();
  const { action } = evento.target;
  const minha = ++vez;
  for (const botao of lugar.querySelectorAll("button")) botao.disabled = true;
  const resposta = await fetch(action, { method: "POST", headers: { "HX-Request": "true" } }).catch(() => null);
  const onde = resposta?.headers.get("HX-Redirect");
  for (const botao of lugar.querySelectorAll("button")) botao.disabled = false;
  if (!resposta) return;
  const aceita = onde && action.endsWith("/aceitar");
  if (minha === vez || aceita) guardar();
  if (aceita) {
    if (ocupada()) open(onde, "balcao-conversas");
    else location.assign(onde);
  } else if (resposta.status >= 400) {
    const veio = document.createRange().createContextualFragment(await resposta.text());
    brinde((veio.querySelector("#recusa-oferta") ?? veio).textContent.trim().slice(0, 200));
  }
});

document.querySelector(".casca").before(dito, lugar);
// in the page of its own it stands in the middle already
if (location.pathname === "/oferta") aoMudar("oferta", () => location.reload());
else {
  aoMudar("oferta", () => {
    // in a tab that nobody sees nothing is offered
    if (document.hidden) guardar();
    return ver();
  });
  aoRecarregar(ver);
  document.addEventListener("visibilitychange", () => { ver().catch(() => {}); });
  ver().catch(() => {});
}
