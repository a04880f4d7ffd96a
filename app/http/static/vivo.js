// What changes, as it changes: one stream for the whole browser. The tab with the lock holds it, the others hear it
// from there. Only ids arrive: pages read again what they show.

import { brinde, ligacao } from "./base.js";

const aqui = document.body.dataset;
const CHAVE = `vivo:${aqui.eu}`;
const MUITOS = { conversas_mudaram: ["conversa", "mensagem"], contatos_mudaram: ["contato"], recarregar: ["recarregar"] };
const canal = new BroadcastChannel(CHAVE);
const ouvintes = [];
let falhas = 0;
let excesso = false;
let fim = false;
let segura = false;
let acordar = () => {};
const avisos = () => import(aqui.avisos);

/** `janela` says how long it waits for more; `pausa`, how long until the next; `como`, what goes together. */
function ouvir(tipos, fn, janela, pausa = 0, como = (tipo) => tipo) {
  const pendentes = new Map();
  let espera = 0;
  let relogio = 0;
  let ultima = 0;
  const agendar = (ms) => { relogio ||= setTimeout(entregar, Math.max(ms, ultima + pausa - Date.now())); };
  const juntar = (tipo, novos) => {
    const tinha = pendentes.get(tipo);
    const soma = (nome) => [...new Set([...tinha?.[nome] ?? [], ...novos[nome] ?? []])];
    pendentes.set(tipo, { ids: novos.ids && tinha?.ids !== null ? soma("ids") : null, conversas: soma("conversas"), minhas: soma("minhas"), fila: soma("fila") });
  };
  async function entregar() {
    // "online" goes on with it
    if (!navigator.onLine) { relogio = 0; return; }
    for (const [tipo, tem] of [...pendentes]) {
      pendentes.delete(tipo);
      try {
        await fn({ ...tem, tipo, ids: tem.ids ?? [], conversas: tem.ids ? tem.conversas : [] });
        espera = 0;
      } catch (erro) {
        // what was announced is not forgotten because the network failed
        juntar(tipo, tem);
        espera = Math.min(30_000, espera * 2 || 500);
        if (erro instanceof Error && !/fetch|network|load/i.test(erro.message)) reportError(erro);
      }
    }
    relogio = 0;
    ultima = Date.now();
    if (pendentes.size) agendar(espera || janela());
  }
  ouvintes.push((tipo, dados) => { if (tipos.includes(tipo)) { juntar(como(tipo), dados); agendar(janela()); } });
  addEventListener("online", () => { clearTimeout(relogio); relogio = 0; if (pendentes.size) agendar(0); });
}

/** Calls `fn({tipo, ids, conversas, minhas, fila})` when things of these kinds changed (conversa, mensagem, nota,
 *  contato…); no ids = more than can be named; of the conversations, those of whoever looks, and those of a queue. What
 *  `fn` rejects is kept and tried again. */
export const aoMudar = (tipos, fn) => ouvir([tipos].flat(), fn, () => 50);

/** Calls `fn()` when everything is to be read again. */
export const aoRecarregar = (fn) => ouvir(["recarregar"], fn, () => 50 + Math.random() * 500);

/** Calls `fn(dados)` for what passes; `presenca`: {conversaId, usuarioId, estado, valeS}. */
export const aoSinal = (nome, fn) => document.addEventListener(`vivo:${nome}`, (evento) => fn(evento.detail));

/** Says that one is here (ONLINE, AUSENTE), or in a conversation (VENDO 30 s, DIGITANDO 6 s). Resolves to who is there. */
export async function presenca(estado, conversa) {
  const resposta = await fetch(`/vivo/${conversa ? `conversas/${conversa}/` : ""}presenca`, {
    method: "PUT", body: JSON.stringify({ estado }), headers: { "Content-Type": "application/json" },
  });
  return resposta.status === 200 ? (await resposta.json()).dados.presentes : [];
}

/** Said once; from here on nothing is asked for, until the page is loaded again. */
function terminar() {
  if (fim) return;
  fim = true;
  brinde(aqui.fim, { segundos: 0, acao: { nome: aqui.entrar, fazer: () => location.reload() } });
}

function receber({ nome, dados = {} }) {
  if (nome === "ligacao") ligacao(dados.viva);
  else if (MUITOS[nome]) for (const tipo of MUITOS[nome]) for (const ouvinte of ouvintes) ouvinte(tipo, {});
  else if (dados.ids) for (const ouvinte of ouvintes) ouvinte(nome, dados);
  else if (dados.motivo === "sessao") terminar();
  else document.dispatchEvent(new CustomEvent(`vivo:${nome}`, { detail: dados }));
}
canal.addEventListener("message", ({ data }) => receber(data));

/** Says it in every tab. */
export function publicar(nome, dados) {
  canal.postMessage({ nome, dados });
  receber({ nome, dados });
}

// ---- the tab that holds the stream

const guardado = () => localStorage.getItem(CHAVE);
const anotar = (numero) => localStorage.setItem(CHAVE, numero);

async function pedir(onde, opcoes) {
  const resposta = await fetch(`/vivo/${onde}?desde=${guardado() ?? aqui.desde}`, opcoes);
  if (resposta.status === 401) publicar("fim", { motivo: "sessao" });
  if (!resposta.ok) throw new Error(resposta.status);
  publicar("ligacao", { viva: true });
  return resposta;
}

function ler(quadro) {
  const { event, data, id } = Object.fromEntries(quadro.split("\n").map((linha) => linha.split(/: (.*)/)));
  const dados = data && JSON.parse(data);
  excesso ||= dados?.motivo === "excesso";
  if (event) publicar(event, dados);
  if (id) anotar(id);
}

async function seguir() {
  const corte = new AbortController();
  const leitor = (await pedir("fluxo", { signal: corte.signal })).body.pipeThrough(new TextDecoderStream()).getReader();
  falhas = 0;
  for (let resto = ""; ;) {
    // a heartbeat comes every 15 s: a longer silence is a dead line
    const vigia = setTimeout(() => corte.abort(), 40_000);
    const { value, done } = await leitor.read();
    clearTimeout(vigia);
    if (done) return;
    const quadros = (resto + value).split("\n\n");
    resto = quadros.pop();
    quadros.forEach(ler);
  }
}

/** Without a stream: asks every 3 s what came; after a while, or never again if there are too many, the stream. */
async function perguntar() {
  for (let vez = 0; excesso || vez < 10; vez++) {
    const { dados } = await (await pedir("desde")).json();
    if (dados.recarregar) publicar("recarregar");
    for (const { tipo, alvoId, conversaId, minha, fila } of dados.eventos) {
      const conversas = [conversaId ?? []].flat();
      publicar(tipo.replace(/_mudou$/, ""), { ids: [alvoId], conversas, minhas: minha ? conversas : [], fila: fila ? conversas : [] });
    }
    anotar(dados.numero);
    if (dados.numero >= dados.ultimo) await dormir(3000);
  }
  falhas = 0;
}

const dormir = (ms) => new Promise((pronto) => { acordar = pronto; setTimeout(pronto, ms); });

/** Now, or when there is a network again. */
const comRede = (fazer) => (navigator.onLine ? fazer() : addEventListener("online", fazer, { once: true }));

async function segurar() {
  segura = true;
  // whoever waits too long does so without any event
  if (aqui.avisos) setTimeout(comRede, 2000, async () => (await avisos()).vigiar());
  while (!fim) {
    try {
      await (excesso || falhas > 2 ? perguntar() : seguir());
    } catch {
      falhas += 1;
      if (falhas > 1 || !navigator.onLine) publicar("ligacao", { viva: false });
    }
    await dormir(navigator.onLine ? Math.min(30_000, 250 * 2 ** falhas) : 30_000);
  }
}

/** The only tab starts where its page was read. Beside others, a page older than what they know reads again. */
function entrar(trava) {
  if (trava) {
    anotar(aqui.desde);
    return segurar();
  }
  navigator.locks?.request(CHAVE, segurar);
  if (+aqui.desde < +guardado()) receber({ nome: "recarregar" });
}

addEventListener("online", () => acordar());
if (navigator.locks) navigator.locks.request(CHAVE, { ifAvailable: true }, entrar);
else {
  // not a secure context: each tab has a stream of its own, as many as the server lets one session have
  setTimeout(entrar);
  segurar();
  if (!sessionStorage.inseguro) brinde(aqui.inseguro, { segundos: 12 });
  sessionStorage.inseguro = 1;
}

// what one is told of: the tab that holds the stream asks, any tab may be the one that sounds
if (aqui.avisos) {
  ouvir(["mensagem", "conversa", "mencao", "oferta"], async ({ tipo, ids, minhas, fila }) => {
    const quais = [...new Set([...minhas, ..."avisosFila" in aqui ? fila : []])];
    if (segura && (quais.length || !ids.length || /^mencao|^oferta/.test(tipo))) await (await avisos()).avisar(quais);
  // of what comes together one hears once
  }, () => 150, 2000, (tipo) => (/^mencao|^oferta/.test(tipo) ? tipo : "conversa"));
  aoSinal("tocar", async (dados) => (await avisos()).tocar(dados));
}

// a queue may begin to offer while the page is open: the card comes with the first offer
if (aqui.oferta) ouvir(["oferta", "recarregar"], () => import(aqui.oferta), () => 0);

// what was written and has not left yet, here or on a page that is gone
if (Object.keys(localStorage).some((c) => c.startsWith(`saida:${aqui.eu}:`))) import("./saidas.js").then((m) => m.esvaziar());

// back from the browser's memory
addEventListener("pageshow", (evento) => { if (evento.persisted) receber({ nome: "recarregar" }); });

const estou = () => { if (!document.hidden && !fim && navigator.onLine) presenca("ONLINE").catch(() => {}); };
setInterval(estou, 30_000);
document.addEventListener("visibilitychange", estou);
// not while the page loads, nor for one that is only passed through: the last one's word still holds
setTimeout(() => {
  estou();
  if ("avisosNavegador" in aqui && globalThis.Notification?.permission === "granted") comRede(async () => (await avisos()).lembrar());
}, 2000);
