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

// ---- under a modal dialog nothing can be answered: the card goes into the one that was opened last, and comes back

const modais = new Set();
function mudarDeLugar() {
  for (const dialogo of modais) if (!dialogo.isConnected || !dialogo.matches(":modal")) modais.delete(dialogo);
  for (const dialogo of document.querySelectorAll("dialog:modal")) modais.add(dialogo);
  const dialogo = [...modais].at(-1);
  if (dialogo ? lugar.parentNode === dialogo : lugar.parentNode === document.body) return;
  if (dialogo) dialogo.append(dito, lugar);
  else document.querySelector(".casca").before(dito, lugar);
}
new MutationObserver(mudarDeLugar).observe(document.body, { subtree: true, childList: true, attributeFilter: ["open"] });
// what a dialog does with its keys is not meant for these buttons
lugar.addEventListener("keydown", (evento) => { if (modais.size) evento.stopPropagation(); });

/** Says it where the card is: under a dialog, or under the card, the page's own notices are not seen. */
function avisar(texto, segundos) {
  lugar.querySelector(".brinde")?.remove();
  const caixa = brinde(texto, { segundos });
  caixa.role = "alert";
  lugar.append(caixa);
}

function guardar() {
  clearInterval(relogio);
  // whoever was answering goes on where the dialog or the page begins
  const aqui = lugar.contains(document.activeElement);
  lugar.querySelector("#oferta")?.remove();
  dito.textContent = "";
  if (aqui) ([...modais].at(-1)?.querySelector("a, button, input, select, textarea") ?? document.getElementById("conteudo")).focus({ preventScroll: true });
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
      lugar.prepend(cartao);
      dito.textContent = [...cartao.querySelectorAll("h2, strong, .fraco, .resta span")].map((parte) => parte.textContent).join(". ");
    }
    contar(lugar.querySelector("#oferta"), desde + Number(cartao.dataset.resta));
    houve = true;
  } else if (pausa && houve) {
    houve = false;
    avisar(pausa, 12);
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

function mudada(campo) {
  if (campo.localName !== "select") return campo.value !== campo.defaultValue || campo.checked !== campo.defaultChecked;
  const todas = [...campo.options];
  if (campo.multiple) return todas.some((uma) => uma.selected !== uma.defaultSelected);
  return campo.selectedOptions[0] !== (todas.findLast((uma) => uma.defaultSelected) ?? todas.find((uma) => !uma.disabled));
}

/** Something done here would be lost: the conversation opens beside it. What is being written in a conversation is
 *  kept, but not its files; a filter is no work. */
const ocupada = () => Boolean(document.querySelector("#bandeja li"))
  || [...document.querySelectorAll("form:not([method=get]) :is(input:not([type=hidden], [type=search], [name=como]), select, textarea:not(#texto))[name]")].some(mudada);

function abrirAoLado(onde, texto, nome) {
  if (open(onde, "balcao-conversas")) return;
  const aviso = document.createElement("span");
  const link = document.createElement("a");
  Object.assign(link, { href: onde, target: "balcao-conversas", textContent: nome });
  aviso.append(texto, " ", link);
  avisar(aviso, 0);
}

lugar.addEventListener("submit", async (evento) => {
  evento.preventDefault();
  const { action } = evento.target;
  const { rede, aceita: dita, abrir } = lugar.querySelector("#oferta").dataset;
  const minha = ++vez;
  for (const botao of lugar.querySelectorAll("button")) botao.disabled = true;
  const resposta = await fetch(action, { method: "POST", headers: { "HX-Request": "true" } }).catch(() => null);
  const onde = resposta?.headers.get("HX-Redirect");
  for (const botao of lugar.querySelectorAll("button")) botao.disabled = false;
  if (!resposta || resposta.status > 501) {
    evento.submitter?.focus();
    avisar(rede);
    return;
  }
  const aceita = onde && action.endsWith("/aceitar");
  if (minha === vez || aceita) guardar();
  if (aceita) {
    if (ocupada()) abrirAoLado(onde, dita, abrir);
    else location.assign(onde);
  } else if (resposta.status >= 400) {
    const veio = document.createRange().createContextualFragment(await resposta.text());
    avisar((veio.querySelector("#recusa-oferta") ?? veio).textContent.trim().slice(0, 200));
  }
});

mudarDeLugar();
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
