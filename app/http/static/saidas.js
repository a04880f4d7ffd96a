// The outbox: one entry a message, kept until the server has answered for its key. Read on any page that finds one.

import { brinde } from "./base.js";

const SAIDAS = `saida:${document.body.dataset.eu}:`;
const VEZES = 4;
const ESPERAR = [429, 502, 503, 504];
const chaveDe = (saida) => `${SAIDAS}${saida.em}:${saida.id}`;
const guardar = (saida) => localStorage.setItem(chaveDe(saida), JSON.stringify(saida));
const saidas = () => Object.keys(localStorage).filter((c) => c.startsWith(SAIDAS)).sort().map((c) => JSON.parse(localStorage[c]));
const faltam = () => saidas().filter((saida) => !saida.erro);
let rascunhos = () => {};
let demora = 0;
let relogio;

function maisTarde(ms = navigator.onLine ? Math.min(30_000, demora * 2 || 500) : 30_000) {
  demora = ms;
  clearTimeout(relogio);
  relogio = setTimeout(esvaziar, ms);
}

// ---- sending

/** Resolves to what the server said of it; without `dados` and `erro`, it is to be asked again. Throws without network. */
async function mandar(saida) {
  // a draft on its way must not arrive after the message that was made of it, unless it hangs or the page goes away
  await Promise.race([rascunhos(), new Promise((pronto) => { setTimeout(pronto, 2000); addEventListener("pagehide", pronto, { once: true }); })]);
  const resposta = await fetch(`/conversas/${saida.conversa}/${saida.rota}`, {
    method: "POST", body: JSON.stringify(saida.corpo), keepalive: true, signal: AbortSignal.timeout(20_000),
    headers: { "Content-Type": "application/json", "Idempotency-Key": saida.id },
  });
  const { status } = resposta;
  const { dados, erro } = await resposta.json().catch(() => ({}));
  if (status === 401 || ESPERAR.includes(status)) return { status };
  if (dados || (erro && status < 500)) return { status, dados, erro };
  // one that the server does not manage to answer does not hold those behind it for ever
  const vezes = (saida.vezes ?? 0) + 1;
  guardar({ ...saida, vezes });
  return vezes < VEZES && (status < 400 || status >= 500) ? { status } : { status, erro: erro ?? { mensagem: saida.falhou, codigo: status } };
}

async function despachar() {
  for (let saida; ([saida] = faltam()) && saida;) {
    let dito;
    try {
      dito = await mandar(saida);
    } catch {
      return maisTarde();
    }
    const { status, dados, erro } = dito;
    // the session ended: what is here waits for its owner
    if (status === 401) return;
    if (!dados && !erro) return maisTarde();
    demora = 0;
    if (erro) guardar({ ...saida, erro });
    else localStorage.removeItem(chaveDe(saida));
    const vista = !document.dispatchEvent(new CustomEvent("saiu", { detail: { saida: { ...saida, erro }, dados }, cancelable: true }));
    // nobody has it on the screen
    if (erro && !vista) avisar(saida, erro);
  }
}

function avisar({ quem, conversa, texto, volta }, erro) {
  const acao = { nome: volta ?? "→", fazer: () => location.assign(`/conversas/${conversa}`) };
  brinde(`${[quem, texto.slice(0, 60)].filter(Boolean).join(": ")} — ${erro.mensagem} (${erro.codigo})`, { acao, segundos: 0 });
}

/** Sends what waits, unless another tab does; after what `antes` resolves to, if it is given. */
export async function esvaziar(antes) {
  rascunhos = antes ?? rascunhos;
  if (!navigator.locks) return despachar();
  return navigator.locks.request(SAIDAS, { ifAvailable: true }, (trava) => (trava ? despachar() : faltam().length && maisTarde(1000)));
}
addEventListener("online", () => esvaziar());

// ---- who goes away takes nothing unsent along: it leaves first, or whoever goes says that it need not

let pergunta;
document.addEventListener("submit", async (evento) => {
  const { target: forma } = evento;
  if (forma.getAttribute("action") !== "/sair" || !faltam().length) return;
  evento.preventDefault();
  const sair = () => {
    // where the server cannot make the browser forget
    if (!isSecureContext) localStorage.clear();
    forma.submit();
  };
  pergunta?.remove();
  forma.closest("[popover]")?.hidePopover();
  const [{ fora, indo }] = faltam();
  const quais = faltam().map(({ texto }) => texto.slice(0, 60)).join(" · ");
  pergunta = brinde(`${navigator.onLine ? indo : fora}: ${quais}`, { segundos: 0, acao: { nome: forma.textContent.trim(), fazer: sair } });
  const esta = pergunta;
  demora = 0;
  for (esvaziar(); esta.isConnected && faltam().length;) await new Promise((pronto) => { setTimeout(pronto, 300); });
  if (!esta.isConnected) return;
  esta.remove();
  sair();
}, true);

// ---- what failed, and what is taken back

/** Puts what was to be sent into the composer again: its words, its file, and what they were. */
function voltar(eu, rota, { texto, conteudo = {}, tipo, contextoId }, nome) {
  eu.devolver(texto ?? conteudo.texto ?? conteudo.legenda ?? "", rota === "notas" ? "nota" : "responder", contextoId);
  const { midiaId, voz } = conteudo;
  if (midiaId) eu.anexar({ id: midiaId, tipo, nome, voz });
}

const nomeDe = ({ texto }) => texto.split("\n")[0];

/** Says why it did not leave, and offers what can be done. */
export function explicar(eu, saida, motivo) {
  const { tDeNovo, tVoltar, tFalhou } = eu.raiz.dataset;
  motivo.hidden = false;
  motivo.textContent = `${saida.erro.mensagem || tFalhou} (${saida.erro.codigo}) `;
  const deNovo = () => {
    const outra = { ...saida, erro: null, vezes: 0 };
    guardar(outra);
    eu.desenhar(outra);
    esvaziar();
  };
  const aoTexto = () => {
    localStorage.removeItem(chaveDe(saida));
    motivo.closest("li").remove();
    voltar(eu, saida.rota, saida.corpo, nomeDe(saida));
  };
  for (const [nome, fazer] of [[tDeNovo, deNovo], [tVoltar, aoTexto]]) {
    const botao = motivo.appendChild(document.createElement("button"));
    botao.type = "button";
    botao.className = "botao pequeno";
    botao.textContent = nome;
    botao.onclick = fazer;
  }
}

const desfeitas = new Set();

/** Takes back a message that has not left: what was written goes into the composer of its conversation, wherever that is. */
export async function desfazer(eu, id, saida) {
  const t = eu.raiz.dataset;
  if (desfeitas.has(id)) return;
  desfeitas.add(id);
  try {
    const resposta = await fetch(`/conversas/${eu.conversa}/mensagens/${id}/desfazer`, { method: "POST", signal: AbortSignal.timeout(20_000) });
    const { dados, erro } = await resposta.json();
    if (dados) {
      const aqui = eu.naTela();
      if (aqui) return voltar(aqui, "mensagens", dados, saida ? nomeDe(saida) : dados.tipo);
      eu.juntar(dados.conteudo.texto ?? dados.conteudo.legenda ?? "");
      return location.assign(`/conversas/${eu.conversa}`);
    }
    brinde(erro.mensagem);
  } catch {
    brinde(t.tPresa, { segundos: 10, acao: { nome: t.tDesfazer, fazer: () => desfazer(eu, id, saida) } });
  }
  desfeitas.delete(id);
}
