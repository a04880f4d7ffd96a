// Suggestions under the composer: canned replies after a slash, people after an at sign, emoji.

import { brinde, ligacao } from "./base.js";

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);
const EMOJIS = "😀 😁 😂 😊 😉 😍 😘 🤗 🤔 😐 🙄 😏 😢 😭 😅 😬 😡 😴 👍 👎 👏 🙏 💪 👀 ✌️ 👋 🤝 ❤️ 💚 🔥 ✨ 🎉 ✅ ❌ ⚠️ ❓ 📌 📎 📅 ⏰ 📞 📦 🚚 💰 💳 🧾 🏠 ☕".split(" ");

/** The `dados` of an answer; nothing when it was refused, or did not come. */
export async function dados(onde) {
  try {
    return (await (await fetch(onde)).json()).dados;
  } catch {
    if (!navigator.onLine) ligacao(false);
  }
}

export function sugestoes(eu, arquivos) {
  const { raiz, conversa } = eu;
  const daqui = `/conversas/${conversa}`;
  const lista = () => $("#sugestoes", raiz);
  const prontas = {};
  let itens = [];
  let escolhida = 0;
  let inicio = 0;
  let pedida = 0;

  function fechar() {
    pedida += 1;
    itens = [];
    lista().hidden = true;
    eu.area().removeAttribute("aria-activedescendant");
  }

  async function marcar(n) {
    escolhida = (n + itens.length) % itens.length;
    [...lista().children].forEach((li, i) => { li.ariaSelected = String(i === escolhida); });
    const li = lista().children[escolhida];
    li.scrollIntoView({ block: "nearest" });
    eu.area().setAttribute("aria-activedescendant", li.id);
    const { resposta } = itens[escolhida];
    // as this person would read it
    if (resposta) {
      prontas[resposta] ??= await dados(`${daqui}/respostas/${resposta}`);
      if (prontas[resposta] && li.isConnected) $("p", li).textContent = prontas[resposta].texto;
    }
  }

  function sugerir(novos, emojis = false) {
    itens = novos;
    lista().classList.toggle("emojis", emojis);
    lista().replaceChildren(...(novos.length ? novos : [{ titulo: lista().dataset.vazia }]).map((item, n) => {
      const li = document.createElement("li");
      li.id = `sugestao-${n}`;
      li.setAttribute("role", "option");
      li.append(Object.assign(document.createElement("b"), { textContent: item.titulo }));
      if (item.texto !== undefined) li.append(Object.assign(document.createElement("p"), { textContent: item.texto }));
      li.onmousedown = (evento) => { evento.preventDefault(); if (item.valor || item.resposta) { escolhida = n; escolher(); } };
      return li;
    }));
    lista().hidden = false;
    if (novos.length) marcar(0);
  }

  async function escolher() {
    const item = itens[escolhida];
    const de = inicio;
    const ate = eu.area().selectionStart;
    const trecho = eu.area().value.slice(de, ate);
    let { valor } = item;
    if (item.resposta) {
      const pronta = (prontas[item.resposta] ??= await dados(`${daqui}/respostas/${item.resposta}`));
      if (!pronta) return navigator.onLine && brinde(lista().dataset.vazia);
      // what it was to take the place of is no longer there, or another wait for it did so
      if (!eu.area() || eu.area().value.slice(de, ate) !== trecho) return;
      valor = pronta.texto;
      if (pronta.faltam.length) brinde(lista().dataset.falta.replace("{nomes}", pronta.faltam.map((f) => f.variavel).join(", ")), { segundos: 10 });
      arquivos.juntarProntas(pronta.midias);
    }
    // a variable that is worth nothing here
    if (!valor && !item.resposta) return fechar();
    if (item.mencao) eu.mencoes[item.mencao.nome] = item.mencao.id;
    fechar();
    eu.inserir(valor, de, ate);
  }

  async function procurar() {
    const area = eu.area();
    const antes = area.value.slice(0, area.selectionStart);
    const barra = /(^|\s)\/([\p{L}\d_-]{0,40})$/u.exec(antes);
    const arroba = eu.modo() === "nota" && /(^|\s)@([\p{L} ]{0,30})$/u.exec(antes);
    // after a space: neither in 10:30 nor in https://
    const doisPontos = /(^|\s):([\p{L}\d_]{2,30})$/u.exec(antes);
    const chaves = /()\{\{\s*([\p{L}\d._]{0,60})$/u.exec(antes);
    const achado = barra || arroba || doisPontos || chaves;
    if (!achado) { if (!lista().hidden) fechar(); return; }
    const vez = (pedida += 1);
    if (achado === doisPontos) {
      const quais = (await import("./emojis.js")).emojis(achado[2]);
      if (vez !== pedida || !raiz.isConnected) return;
      if (!quais.length) return fechar();
      inicio = antes.length - achado[2].length - 1;
      return sugerir(quais.map(([emoji, nome]) => ({ titulo: `${emoji} ${nome}`, valor: `${emoji} ` })));
    }
    if (achado === chaves) {
      const { variaveis } = await dados(`${daqui}/variaveis?q=${encodeURIComponent(achado[2])}`) ?? {};
      if (vez !== pedida || !raiz.isConnected) return;
      if (!variaveis?.length) return fechar();
      inicio = antes.length - achado[0].length;
      // what it is worth here is what is written: nothing is filled in after it leaves
      return sugerir(variaveis.map(({ variavel, valor }) => ({ titulo: variavel, texto: valor ?? "—", valor })));
    }
    const achados = await dados(`${daqui}/${barra ? "respostas" : "colegas"}?q=${encodeURIComponent(achado[2].trim())}`);
    if (vez !== pedida || !raiz.isConnected) return;
    if (!achados) return fechar();
    if (arroba && !barra && !achados.length) return fechar();
    inicio = antes.length - achado[2].length - 1;
    sugerir(achados.map((a) => (barra
      ? { titulo: `/${a.atalho} · ${a.titulo}`, texto: a.texto, resposta: a.id }
      : { titulo: a.nome, valor: `@${a.nome} `, mencao: a })));
  }

  raiz.addEventListener("input", ({ target }) => { if (target.id === "texto") procurar(); });
  raiz.addEventListener("click", ({ target }) => {
    if (target.closest("[data-abre-emoji]")) {
      if (lista().classList.contains("emojis") && !lista().hidden) return fechar();
      inicio = eu.area().selectionStart;
      eu.area().focus();
      sugerir(EMOJIS.map((e) => ({ titulo: e, valor: e })), true);
    } else if (target.closest("[data-respostas]")) {
      const { value, selectionStart } = eu.area();
      eu.inserir(!selectionStart || /\s$/.test(value.slice(0, selectionStart)) ? "/" : " /");
      procurar();
    }
  });

  // this module comes while people already type
  if (document.activeElement === eu.area()) procurar();

  return {
    /** Takes a key of the composer while there is something to choose; true when it did. */
    tecla(key) {
      if (!itens.length || lista().hidden || !/^(Arrow(Up|Down)|Enter|Tab|Escape)$/.test(key)) return false;
      if (key === "Escape") fechar();
      else if (key === "ArrowDown") marcar(escolhida + 1);
      else if (key === "ArrowUp") marcar(escolhida - 1);
      else escolher();
      return true;
    },
  };
}
