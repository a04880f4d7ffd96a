// The open conversation: its thread follows what happens, and nothing typed is lost or goes elsewhere.

import { assentada, brinde } from "./base.js";
import { aoMudar, aoRecarregar, aoSinal, presenca } from "./vivo.js";

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);
const EU = document.body.dataset.eu;
const JSON_ = { "Content-Type": "application/json" };
const MAXIMO = 300;
const lido = (chave) => JSON.parse(localStorage.getItem(chave));
const guardar = (chave, valor) => (valor ? localStorage.setItem(chave, JSON.stringify(valor)) : localStorage.removeItem(chave));
const uuid = () => crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);
let aberta;

// ---- the outbox: what is written goes into it here, and leaves it by a module that every page may have

const SAIDAS = `saida:${EU}:`;
const saidas = () => Object.keys(localStorage).filter((c) => c.startsWith(SAIDAS)).sort().map(lido);
const caixa = () => import("./saidas.js");
const esvaziar = () => caixa().then((m) => m.esvaziar(() => aberta?.salvando()), () => navigator.onLine && setTimeout(esvaziar, 5000));

// ---- one conversation on the screen

function abrir(raiz) {
  const t = raiz.dataset;
  const { conversa, dono } = t;
  const [rolo, antigas, recentes, irAoFim] = ["#rolo", "#antigas", "#recentes", "#ir-ao-fim"].map((s) => $(s, raiz));
  const area = () => $("#texto", raiz);
  const rascunho = `rascunho:${dono}:${conversa}`;
  const noFim = () => rolo.scrollTop > -80;
  let novas = 0;
  let estado;
  let mais;
  let pronto;

  // -- the thread

  const partida = new AbortController();
  async function pedir(parte) {
    const signal = AbortSignal.any([partida.signal, AbortSignal.timeout(15_000)]);
    const resposta = await fetch(`/conversas/${conversa}/${parte}`, { headers: { "HX-Request": "true" }, signal });
    estado = resposta.headers.get("Compositor");
    if (estado === "FORA") perder();
    if (!resposta.ok || estado === "FORA" || resposta.headers.has("HX-Redirect")) throw new Error(resposta.status);
    return new DOMParser().parseFromString(await resposta.text(), "text/html").body;
  }
  const linhas = async (consulta) => [...(await pedir(`fio?${consulta}`)).children];

  function trocar(velha, nova) {
    if (velha.dataset.v === nova.dataset.v) return velha;
    if ($(".pe", nova) && velha.dataset.v?.slice(0, 5) === nova.dataset.v.slice(0, 5)) {
      // only the foot: what was said is not announced again
      $(".pe", velha).replaceWith($(".pe", nova));
      velha.dataset.v = nova.dataset.v;
      return velha;
    }
    velha.replaceWith(nova);
    return nova;
  }

  /** Nothing is said of there being none. */
  const povoar = () => $(".rolo .vazio", raiz)?.remove();

  function fundir(ancora, vindas) {
    const onde = rolo.scrollTop;
    const ficam = new Set(vindas.map((li) => li.id));
    for (const li of raiz.querySelectorAll(":is(#antigas, #recentes) > li:not(.local, [data-fixa])")) {
      if (!ficam.has(li.id) && (!ancora || ancora.compareDocumentPosition(li) & 4)) li.remove();
    }
    let anterior = ancora;
    for (const li of vindas) {
      const velha = $(`#${li.id}`, raiz);
      if (velha) { anterior = trocar(velha, li); continue; }
      povoar();
      if (anterior && (anterior.parentNode === recentes || anterior.nextElementSibling)) anterior.after(li);
      else recentes.prepend(li);
      anterior = li;
      if (li.matches(".recebida, .nota")) { novas += 1; t.porLer = ""; }
    }
    if (onde <= -80) return contar();
    // what is at the end stays there by itself
    if (onde) rolo.scrollTop = 0;
    podar();
    ler();
  }

  function podar() {
    const todas = [...antigas.children, ...recentes.children];
    if (todas.length < MAXIMO + 20) return;
    for (const li of todas.splice(0, todas.length - MAXIMO)) li.remove();
    const link = $("#molde-anteriores", raiz).content.firstElementChild.cloneNode(true);
    link.firstElementChild.dataset.antes = todas.find((li) => /^m-/.test(li.id)).id.slice(2).replaceAll("-", "");
    antigas.prepend(link);
    vigia.observe(link);
  }

  async function atualizar(ids = []) {
    estado = null;
    const tem = [...raiz.querySelectorAll("[id^='m-']:not(.local)")];
    const ancora = tem.at(-10);
    const velhas = ids.filter((id) => tem.slice(0, -9).some((li) => li.id === `m-${id}`));
    for (let n = 0; n < velhas.length; n += 30) {
      for (const li of await linhas(`ids=${velhas.slice(n, n + 30)}`)) {
        const velha = $(`#${li.id}`, raiz);
        li.classList.toggle("segue", velha.classList.contains("segue"));
        trocar(velha, li);
      }
    }
    if (t.noMeio === undefined) {
      for (let de = ancora, vindas; (vindas = await linhas(de ? `apos=${de.id.slice(2)}` : "")) && raiz.isConnected;) {
        fundir(de, vindas);
        if (!de || vindas.length < 30) return;
        de = [...raiz.querySelectorAll("[id^='m-']:not(.local)")].at(-1);
      }
    } else { novas += 1; contar(); }
  }

  const vigia = new IntersectionObserver(async ([visto]) => {
    const link = visto.target.firstElementChild;
    if (!visto.isIntersecting || link.ariaBusy) return;
    link.ariaBusy = "true";
    try {
      const vindas = await linhas(`antes=${link.dataset.antes}`);
      link.parentNode.remove();
      for (const li of vindas) $(`#${li.id}`, raiz)?.remove();
      antigas.prepend(...vindas);
      observar();
    } catch { link.ariaBusy = null; }
  }, { root: rolo });
  const observar = () => { const mais = $("#anteriores", raiz); if (mais) vigia.observe(mais); };

  function contar() {
    if (noFim()) novas = 0;
    irAoFim.hidden = noFim() && t.noMeio === undefined;
    $("[data-n]", irAoFim).textContent = novas || "";
  }

  async function ler() {
    if (t.porLer === undefined || t.responde === undefined || document.hidden || eu.perdida) return;
    delete t.porLer;
    await fetch(`/conversas/${conversa}/ler`, { method: "POST" }).catch(() => { t.porLer = ""; });
  }

  // -- what is typed here stays here

  let versao = 0;
  let espera = 0;
  let salvando = Promise.resolve();
  const modo = () => $("[name=como]:checked", raiz)?.value;
  const escolher = (como) => { const qual = $(`[name=como][value=${como}]`, raiz); if (qual && !qual.disabled) qual.checked = true; };
  const citar = (id, texto = $(`#m-${id || 0} .texto`, raiz)?.textContent ?? "…") => {
    $("#contexto", raiz).value = id;
    $("#resposta-a", raiz).hidden = !id;
    $("#resposta-a span", raiz).textContent = texto;
  };

  function anotar() {
    const tem = { texto: area().value, nota: modo() === "nota", contexto: $("#contexto", raiz).value || null, mencoes: eu.mencoes, sujo: true };
    guardar(rascunho, tem.texto || tem.contexto ? tem : versao && { texto: "", sujo: true });
    espera ||= setTimeout(salvar, 2000);
  }

  function salvar() {
    clearTimeout(espera);
    espera = 0;
    salvando = salvando.then(async () => {
      const tem = lido(rascunho);
      if (!tem?.sujo || eu.perdida) return;
      const onde = `/conversas/${conversa}/rascunho`;
      const corpo = { texto: tem.texto, nota: tem.nota, contextoId: tem.contexto, versao };
      const signal = AbortSignal.timeout(10_000);
      const resposta = await fetch(onde, tem.texto.trim() ? { method: "PUT", body: JSON.stringify(corpo), headers: JSON_, keepalive: true, signal } : { method: "DELETE", signal });
      // changed by another window of this person: from here on the last to come wins
      if (resposta.status === 409) versao = null;
      if (resposta.status !== 200) return;
      versao = (await resposta.json()).dados.versao ?? 0;
      if (lido(rascunho)?.texto === tem.texto) guardar(rascunho, tem.texto && { ...tem, sujo: false });
    }).catch(() => { espera ||= setTimeout(salvar, 5000); });
    return salvando;
  }

  function restaurar() {
    if (!area()) return;
    versao = +$("#escrever", raiz).dataset.versao;
    const tem = lido(rascunho);
    // typed before this ran
    const cedo = area().value !== area().defaultValue && area().value;
    if (tem?.sujo) {
      area().value = [tem.texto, cedo].filter(Boolean).join("\n");
      escolher(tem.nota ? "nota" : "responder");
      $("#contexto", raiz).value = tem.contexto ?? "";
      espera ||= setTimeout(salvar, 2000);
    } else if (tem?.texto !== area().value) guardar(rascunho);
    eu.mencoes = lido(rascunho)?.mencoes ?? eu.mencoes;
    if (cedo) anotar();
    pronto?.vestir();
    citar($("#contexto", raiz).value);
  }

  /** What the composer holds now; the answer puts it into the one that took its place, and so the cursor. */
  function lembrar() {
    const antes = area();
    if (!antes) return restaurar;
    const [texto, como, alvo] = [antes.value, modo(), $("#contexto", raiz).value];
    const anexos = [...$("#bandeja", raiz).children];
    const foco = document.activeElement === antes && [antes.selectionStart, antes.selectionEnd];
    return () => {
      if (!area()) return;
      restaurar();
      area().value = texto;
      escolher(como);
      citar(alvo);
      $("#bandeja", raiz).append(...anexos);
      if (!foco) return;
      area().focus();
      area().setSelectionRange(...foco);
      // what was suggested for it went with the old one
      if (texto) area().dispatchEvent(new Event("input", { bubbles: true }));
    };
  }

  /** Reads the composer again, unless the thread has just said that it is as it was; what is being typed stays. */
  async function recompor() {
    const velho = $("#compositor", raiz);
    if (estado === velho.dataset.estado) return;
    const novo = (await pedir("compositor")).firstElementChild;
    if (!novo || velho.dataset.estado === novo.dataset.estado || $("#form-modelo", velho)) return;
    const refazer = lembrar();
    velho.replaceWith(novo);
    window.htmx?.process(novo);
    refazer();
  }

  /** It is no longer this person's to see: what was being typed can be copied, and nothing more is asked for. */
  async function perder() {
    if (eu.perdida) return;
    eu.perdida = true;
    const { mostrar } = await import("./perdida.js");
    if (eu.perdida && raiz.isConnected) mostrar(raiz);
  }

  function desenhar(saida) {
    const li = $(`#m-${saida.id}`, raiz) ?? $("#bolha-local", raiz).content.firstElementChild.cloneNode(true);
    li.id = `m-${saida.id}`;
    $(".texto", li).textContent = saida.texto;
    li.className = saida.rota === "notas" ? "nota local" : "msg enviada local";
    $(".tique span", li).textContent = saida.erro ? t.tFalhou : navigator.onLine ? t.tEnviando : t.tFora;
    const motivo = $(".motivo", li);
    motivo.hidden = true;
    if (saida.erro) caixa().then((m) => m.explicar(eu, saida, motivo));
    const onde = rolo.scrollTop;
    povoar();
    if (!li.isConnected) recentes.append(li);
    if (onde) rolo.scrollTop = 0;
  }

  const eu = {
    raiz, conversa, area, modo, citar, anotar, atualizar, recompor, ler, lembrar, restaurar, esvaziar, desenhar, perder, mencoes: {},
    salvando: () => salvando,
    salvar: () => espera && salvar(),
    largar: () => { partida.abort(); pronto?.largar(); },
    naTela: () => (aberta?.conversa === conversa ? aberta : null),
    /** Seconds in which a message can be taken back. */
    espera: () => +(lido(`escrever:${EU}`)?.desfazer ?? 5),
    digita: async (dados) => { if (dados.usuarioId !== EU) (await ligar())?.digita(dados); },
    inserir(texto, de = area().selectionStart, ate = area().selectionEnd) {
      area().setRangeText(texto, de, ate, ate === area().selectionEnd ? "end" : "preserve");
      area().focus();
      anotar();
    },
    /** Back into the composer; what was a note, or joins one, stays a note. */
    devolver(texto, como, alvo) {
      if (!area()) return;
      if (como === "nota" || (como && !area().value)) escolher(como);
      area().value = [texto, area().value].filter(Boolean).join("\n");
      if (alvo && !$("#contexto", raiz).value) citar(alvo);
      area().focus();
      anotar();
      marcar([]);
    },
    anexar: async (midia) => { await ligar(); pronto?.juntarProntas([midia]); },
    /** Puts it before the draft of this conversation, which is not on the screen. */
    juntar(texto) {
      const tem = lido(rascunho);
      guardar(rascunho, { ...tem, texto: [texto, tem?.texto].filter(Boolean).join("\n"), sujo: true });
    },
    desfazer: async (id, saida) => (await caixa()).desfazer(eu, id, saida),
    sair(rota, corpo, texto) {
      const id = uuid();
      const em = Date.now();
      // with what is said of it where this page is not
      const saida = { id, conversa, rota, texto, em, corpo, quem: $("#topo h2")?.textContent.trim(), indo: t.tEnviando, fora: t.tFora, falhou: t.tFalhou, volta: t.tVoltar };
      if (rota === "mensagens") corpo.id = id;
      guardar(`${SAIDAS}${em}:${id}`, saida);
      desenhar(saida);
    },
    saiu(saida, dados) {
      if (saida.erro) return desenhar(saida);
      const li = $(`#m-${saida.id}`, raiz);
      // a note gets an id of its own, and may have come under it already
      if (saida.id !== dados.id && $(`#m-${dados.id}`, raiz)) li?.remove();
      else if (li) li.id = `m-${dados.id}`;
      marcar([]);
      if (dados.saiEm && saida.corpo.atraso) {
        brinde(t.tEnviada, { segundos: saida.corpo.atraso, acao: { nome: t.tDesfazer, fazer: () => eu.desfazer(dados.id, saida) } });
      }
      const tudo = !area().value && !saidas().some((outra) => outra.conversa === conversa);
      if (t.apos && tudo && saida.corpo.atraso !== undefined) document.dispatchEvent(new CustomEvent("enviada", { detail: t.apos }));
    },
    /** What another tab did with it. */
    mudou(saida, ficou) {
      if (ficou) return saida.erro && desenhar(saida);
      $(`#m-${saida.id}.local`, raiz)?.remove();
      marcar([]);
    },
    async enviar() {
      if (eu.perdida) return;
      const texto = area().value.trim();
      const nota = modo() === "nota";
      if (!nota && /\{\{[^{}]*\}\}/.test(texto)) {
        const sai = await (await import("./conferir.js")).conferir(raiz, texto);
        if (!sai || area()?.value.trim() !== texto) return;
      }
      const arquivos = nota || !pronto ? [] : pronto.anexados();
      if (!arquivos || (!texto && !arquivos.length)) return;
      const atraso = eu.espera();
      const contextoId = $("#contexto", raiz).value || null;
      const comum = { contextoId, atraso, limparRascunho: true };
      let legenda = texto;
      for (const { tipo, conteudo, nome } of arquivos) {
        const cabe = !/AUDIO|FIGURINHA/.test(tipo) && legenda;
        eu.sair("mensagens", { tipo, conteudo: cabe ? { ...conteudo, legenda } : conteudo, ...comum }, cabe ? `${nome}\n${legenda}` : nome);
        if (cabe) legenda = "";
      }
      if (legenda && nota) {
        const mencoes = Object.entries(eu.mencoes).filter(([nome]) => legenda.includes(`@${nome}`)).map(([, id]) => id);
        eu.sair("notas", { texto: legenda, mencoes, limparRascunho: true }, legenda);
      } else if (legenda) eu.sair("mensagens", { tipo: "TEXTO", conteudo: { texto: legenda }, ...comum }, legenda);
      clearTimeout(espera);
      espera = 0;
      area().value = "";
      eu.mencoes = {};
      citar("", "");
      guardar(rascunho);
      versao = 0;
      esvaziar();
    },
  };

  let digitou = 0;
  function digitar() {
    if (modo() !== "responder" || Date.now() - digitou < 4000) return;
    digitou = Date.now();
    presenca("DIGITANDO", conversa).catch(() => {});
    fetch(`/conversas/${conversa}/digitar`, { method: "POST" }).catch(() => {});
  }

  // -- what people do

  const ligar = () => (mais ??= import(t.mais).then((modulo) => (pronto = modulo.ligar(eu)), () => { mais = null; }));
  raiz.addEventListener("focusin", ligar);
  raiz.addEventListener("pointerdown", ligar);
  raiz.addEventListener("input", ({ target, isTrusted }) => {
    if (target.id !== "texto") return;
    anotar();
    if (isTrusted) digitar();
  });
  raiz.addEventListener("change", ({ target }) => { if (target.name === "como") anotar(); });
  raiz.addEventListener("submit", (evento) => {
    // not by `id`: the form has a field of that name
    if (evento.target.matches("#escrever") && evento.submitter?.value !== "agendar") {
      evento.preventDefault();
      eu.enviar();
    }
  });
  raiz.addEventListener("keydown", (evento) => {
    if (evento.target.id !== "texto" || evento.defaultPrevented) return;
    const modificada = evento.ctrlKey || evento.metaKey;
    if (evento.key === "Enter" && !evento.isComposing && !evento.shiftKey && (modificada || t.ctrl === undefined)) {
      evento.preventDefault();
      eu.enviar();
    }
  });
  rolo.addEventListener("scroll", () => { contar(); if (noFim()) ler(); }, { passive: true });
  irAoFim.addEventListener("click", () => { if (t.noMeio === undefined) rolo.scrollTop = 0; else location.assign(`/conversas/${conversa}`); });

  t.js = "";
  // the address of one message, opened where that one is not among the last
  const [, apontada] = /^#m-([\da-f-]{36})$/.exec(location.hash) ?? [];
  if (apontada && !$(`#m-${apontada}`, raiz) && !location.search.includes(apontada)) location.replace(`/conversas/${conversa}?mensagem=${apontada}${location.hash}`);
  restaurar();
  observar();
  ler();
  saidas().filter((s) => s.conversa === conversa).forEach(desenhar);
  return eu;
}

// ---- news of the open conversation, asked for together, asked again when the network fails

let pendente, ocupado;
let falhas = 0;
let lida = 0;

function marcar(ids, recompor = false) {
  pendente ??= { ids: new Set(), recompor: false };
  ids.forEach((id) => pendente.ids.add(id));
  pendente.recompor ||= recompor;
  // what is new is read at once; what became of the rest, once for what comes close together
  setTimeout(tratar, ids.every((id) => $(`#m-${id}`)) && lida - Date.now());
}

async function tratar() {
  // without a network nothing is asked for; what is pending is, when there is one again
  if (!pendente || !aberta || ocupado === aberta || !navigator.onLine) return;
  const { ids, recompor } = pendente;
  const qual = ocupado = aberta;
  pendente = null;
  try {
    await qual.atualizar([...ids]);
    if (recompor || qual.perdida) await qual.recompor();
    qual.perdida = false;
    falhas = 0;
  } catch {
    falhas += 1;
    if (qual === aberta && !qual.perdida) setTimeout(marcar, Math.min(30_000, 250 * 2 ** falhas), [...ids], recompor);
  }
  if (ocupado === qual) ocupado = null;
  lida = Date.now() + 500;
  if (pendente) marcar([]);
}

aoMudar(["mensagem", "nota", "conversa", "agendada"], ({ tipo, ids, conversas }) => {
  // what is scheduled may be for a conversation that does not exist yet: it names none
  const recompoe = /^conversa|^agendada/.test(tipo);
  if (aberta && (!ids.length || tipo === "agendada" || conversas.includes(aberta.conversa))) marcar(recompoe ? [] : ids, recompoe);
});
aoRecarregar(() => marcar([], true));
aoSinal("presenca", (dados) => { if (dados.conversaId === aberta?.conversa && dados.estado === "DIGITANDO") aberta.digita(dados); });
addEventListener("online", () => { falhas = 0; esvaziar(); if (aberta) marcar([], true); });
document.addEventListener("saiu", (evento) => {
  const { saida, dados } = evento.detail;
  if (aberta?.conversa !== saida.conversa) return;
  evento.preventDefault();
  aberta.saiu(saida, dados);
});
addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (!key?.startsWith(SAIDAS)) return;
  const saida = JSON.parse(newValue ?? oldValue);
  if (saida.conversa === aberta?.conversa) aberta.mudou(saida, newValue);
});
addEventListener("pagehide", () => aberta?.salvar());
document.addEventListener("visibilitychange", () => aberta?.ler());
document.addEventListener("submit", (evento) => {
  // the next person at this computer finds nothing of what was typed to customers; elsewhere the answer sees to it
  if (!isSecureContext && !evento.defaultPrevented && evento.target.getAttribute("action") === "/sair") localStorage.clear();
});

function achar() {
  const raiz = document.getElementById("fio-corpo");
  aberta?.salvar();
  aberta?.largar();
  aberta = raiz && abrir(raiz);
  pendente = null;
}
let refazer;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "compositor") return;
  if (detail.xhr.getResponseHeader("Compositor") === "FORA") {
    detail.shouldSwap = false;
    aberta?.perder();
  } else refazer = aberta?.lembrar();
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!aberta?.raiz.isConnected) achar();
  else if (target.id === "compositor") {
    refazer?.();
    if (document.activeElement === document.body) $(".lista-de-modelos a, #form-modelo [data-var]", target)?.focus();
  }
});
achar();
// here before it is of use: without a network it would not come
if (saidas().length) esvaziar();
else assentada.then(() => navigator.onLine && caixa()).catch(() => {});
