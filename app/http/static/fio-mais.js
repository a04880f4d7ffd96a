// What the open conversation offers to whoever works in it; fetched when it is first touched.

import { anexos, subir } from "./anexos.js";
import { brinde, ligacao } from "./base.js";
import { cru } from "./marcas.js";
import { dados, sugestoes } from "./sugestoes.js";

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);
const EU = document.body.dataset.eu;

export function ligar(eu) {
  const { raiz, conversa } = eu;
  const t = raiz.dataset;
  const daqui = `/conversas/${conversa}`;
  const arquivos = anexos(eu);
  const sugestao = sugestoes(eu, arquivos);
  const texto = (id) => cru($(`#m-${id} .texto`, raiz));
  const ir = (id) => { location.hash = `m-${id}`; $(`#m-${id}`, raiz).scrollIntoView({ block: "center" }); };

  // -- who else is writing

  const nomes = {};
  const ate = {};
  let relogio;
  async function mostrar() {
    clearTimeout(relogio);
    const digitam = Object.keys(ate).filter((id) => ate[id] > Date.now());
    const sem = digitam.filter((id) => !nomes[id]);
    if (sem.length) for (const { id, nome } of await dados(`${daqui}/colegas?ids=${sem}`) ?? []) nomes[id] = nome;
    const quais = digitam.map((id) => nomes[id]).filter(Boolean).join(", ");
    $("#quem-digita", raiz).textContent = quais && t.tDigita.replace("{nome}", () => quais);
    clearTimeout(relogio);
    if (quais) relogio = setTimeout(mostrar, 1000);
  }

  // -- what may be done with one message

  const menu = $("#menu-da-mensagem", raiz);
  let alvo;
  function abrirMenu(botao) {
    alvo = botao.closest("li").id.slice(2);
    const reage = $(".reage", menu);
    if (reage && !reage.firstChild) {
      for (const emoji of reage.dataset.emojis.split(" ")) {
        const item = Object.assign(document.createElement("button"), { type: "button", textContent: emoji });
        item.setAttribute("role", "menuitem");
        item.ariaLabel = reage.dataset.nome.replace("{emoji}", emoji);
        item.dataset.emoji = emoji;
        reage.append(item);
      }
    }
    menu.showPopover();
    const { left, bottom } = botao.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(bottom, innerHeight - menu.offsetHeight - 8))}px`;
    $("[data-ato]", menu).focus();
  }
  async function copiar(escrito) {
    try {
      await navigator.clipboard.writeText(escrito);
    } catch {
      // where browsers have no clipboard to offer, or refuse it: one takes it from here
      brinde(escrito, { segundos: 0 });
    }
  }
  const atos = {
    responder() {
      const responder = $("[name=como][value=responder]", raiz);
      if (!responder.disabled) responder.checked = true;
      eu.citar(alvo, texto(alvo));
      eu.area().focus();
      eu.anotar();
    },
    copiar: () => copiar(texto(alvo)),
    link: () => copiar(`${location.origin}${daqui}?mensagem=${alvo}#m-${alvo}`),
  };

  // -- search in this conversation

  let achadas = [...raiz.querySelectorAll(".achadas a")].map((a) => a.dataset.vai);
  let qual = achadas.indexOf(new URLSearchParams(location.search).get("mensagem"));
  function saltar(passo) {
    if (!achadas.length) return;
    qual = (qual + passo + achadas.length) % achadas.length;
    $(".busca-no-fio output", raiz).textContent = `${qual + 1}/${achadas.length}`;
    const busca = encodeURIComponent($("#busca-no-fio", raiz).value);
    if ($(`#m-${achadas[qual]}`, raiz)) ir(achadas[qual]);
    else location.assign(`${daqui}?mensagem=${achadas[qual]}&busca=${busca}#m-${achadas[qual]}`);
  }

  // -- photos

  const luz = $("#luz", raiz);
  const foto = $("img", luz);
  const vista = { zoom: 1, x: 0, y: 0 };
  function enquadrar(mudanca) {
    Object.assign(vista, mudanca);
    vista.zoom = Math.min(5, Math.max(1, vista.zoom));
    if (vista.zoom === 1) vista.x = vista.y = 0;
    foto.style.transform = `translate(${vista.x}px, ${vista.y}px) scale(${vista.zoom})`;
  }
  luz.addEventListener("wheel", (evento) => { evento.preventDefault(); enquadrar({ zoom: vista.zoom - Math.sign(evento.deltaY) / 2 }); }, { passive: false });
  foto.addEventListener("pointermove", (evento) => { if (evento.buttons) enquadrar({ x: vista.x + evento.movementX, y: vista.y + evento.movementY }); });
  foto.addEventListener("dragstart", (evento) => evento.preventDefault());

  // -- a message for later

  async function agendar(formulario) {
    // a note is for the team: nothing of it leaves, at whatever time
    if (eu.modo() === "nota") return;
    const campos = new FormData(formulario);
    const prontos = arquivos.anexados(true);
    if (!prontos) return;
    const [arquivo, outro] = prontos;
    if (outro) return brinde(formulario.dataset.um);
    const escrito = campos.get("texto").trim();
    if (/\{\{[^{}]*\}\}/.test(escrito) && !await (await import("./conferir.js")).conferir(raiz, escrito)) return;
    const corpo = {
      tipo: arquivo?.tipo ?? "TEXTO", conteudo: arquivo ? { ...arquivo.conteudo, ...(escrito && { legenda: escrito }) } : { texto: escrito },
      enviarEm: campos.get("quando"), fuso: formulario.dataset.fuso, cancelarSeResponder: campos.has("cancelar"),
    };
    const resposta = await fetch(`${daqui}/agendadas`, {
      method: "POST", body: JSON.stringify(corpo), headers: { "Content-Type": "application/json", "Idempotency-Key": campos.get("id") },
    }).catch(() => ligacao(false));
    if (!resposta) return;
    if (!resposta.ok) return brinde((await resposta.json().catch(() => null))?.erro.mensagem ?? `${t.tFalhou} (${resposta.status})`);
    arquivos.anexados();
    eu.area().value = "";
    eu.citar("", "");
    eu.area().focus();
    eu.anotar();
    formulario.querySelectorAll("details[open]").forEach((d) => { d.open = false; });
    await eu.atualizar();
    await eu.recompor();
  }

  // -- what people do

  raiz.addEventListener("click", (evento) => {
    const perto = (seletor) => evento.target.closest(seletor);
    const botao = perto("button, a");
    if (perto("[data-menu]")) abrirMenu(botao);
    else if (menu.contains(evento.target) && botao) {
      menu.hidePopover();
      if (botao.dataset.emoji) {
        eu.sair("mensagens", { tipo: "REACAO", conteudo: { alvoId: alvo, emoji: botao.dataset.emoji } }, botao.dataset.emoji);
        eu.esvaziar();
      } else atos[botao.dataset.ato]();
    } else if (perto("[data-vai]") && $(`#m-${botao.dataset.vai}`, raiz)) {
      evento.preventDefault();
      ir(botao.dataset.vai);
    } else if (perto("[data-sem-resposta]")) {
      eu.citar("", "");
      eu.anotar();
    } else if (perto("[data-reescrever]")) eu.devolver(texto(botao.dataset.reescrever), "responder");
    else if (perto("[data-abre-busca]")) {
      evento.preventDefault();
      $(".busca-no-fio", raiz).hidden = false;
      $("#busca-no-fio", raiz).focus();
    } else if (perto("[data-fecha-busca]") && !$(".achadas", raiz)) {
      evento.preventDefault();
      $(".busca-no-fio", raiz).hidden = true;
    } else if (perto("[data-achada]")) saltar(+botao.dataset.achada);
    else if (perto("[data-foto]")) {
      evento.preventDefault();
      foto.src = botao.href;
      foto.alt = $("img", botao).alt;
      $("a", luz).href = botao.href;
      enquadrar({ zoom: 1 });
      luz.showModal();
    } else if (perto("[data-zoom]")) enquadrar({ zoom: vista.zoom + +botao.dataset.zoom });
    else if (perto("[data-velocidade]")) {
      const audio = $("audio", botao.parentNode);
      audio.playbackRate = { 1: 1.5, 1.5: 2 }[audio.playbackRate] ?? 1;
      botao.textContent = `${audio.playbackRate}×`;
      botao.ariaLabel = botao.dataset.nome.replace("{n}", audio.playbackRate);
    }
  });
  raiz.addEventListener("submit", async (evento) => {
    const formulario = evento.target;
    // not by `id`: the form has a field of that name
    if (formulario.matches("#escrever") && evento.submitter?.value === "agendar") {
      evento.preventDefault();
      agendar(formulario);
    } else if (formulario.dataset.desfazer) {
      evento.preventDefault();
      eu.desfazer(formulario.dataset.desfazer);
    } else if (formulario.matches(".busca-no-fio")) {
      evento.preventDefault();
      achadas = (await dados(`${daqui}/busca?q=${encodeURIComponent($("#busca-no-fio", raiz).value)}`) ?? []).map((a) => a.id);
      qual = -1;
      $("output", formulario).textContent = "0";
      saltar(1);
    }
  });
  raiz.addEventListener("input", ({ target }) => {
    if (target.dataset.var === undefined) return;
    for (const molde of raiz.querySelectorAll("[data-molde]")) {
      molde.original ??= molde.textContent;
      molde.textContent = molde.original.replace(/\{\{\s*(\w+)\s*\}\}/g, (marca, nome) => $(`[data-var="${molde.dataset.molde}${nome}"]`, raiz)?.value || marca);
    }
  });
  raiz.addEventListener("change", async ({ target }) => {
    if (/^pref-/.test(target.id)) {
      localStorage.setItem(`escrever:${EU}`, JSON.stringify({ desfazer: $("#pref-desfazer", raiz).value }));
    } else if (target.dataset.para) {
      const [arquivo] = target.files;
      if (!arquivo) return;
      try { $(`#${target.dataset.para}`, raiz).value = (await subir(arquivo)).id; } catch (erro) { brinde(erro.message || $("#bandeja", raiz).dataset.rede); }
    }
  });
  raiz.addEventListener("toggle", ({ target }) => {
    const campo = $("#pref-desfazer", raiz);
    if (target.contains(campo)) campo.value = eu.espera();
  }, true);
  // before the composer takes the key as its own
  raiz.addEventListener("keydown", (evento) => {
    const { key } = evento;
    if (menu.contains(evento.target) && /^Arrow/.test(key)) {
      evento.preventDefault();
      const botoes = [...menu.querySelectorAll("button")];
      botoes.at((botoes.indexOf(evento.target) + (/Down|Right/.test(key) ? 1 : -1)) % botoes.length).focus();
      return;
    }
    if (evento.target.id !== "texto") return;
    if (!evento.isComposing && sugestao.tecla(key)) evento.preventDefault();
    else if (key === "ArrowUp" && !eu.area().value) {
      const minha = [...raiz.querySelectorAll("[data-minha] .texto")].at(-1);
      if (minha) { evento.preventDefault(); eu.devolver(cru(minha)); }
    } else if (key === "Escape") $("#rolo", raiz).focus();
  }, true);

  // -- the shape of a recording that is played; this module may come after the click

  const ondular = async (audio) => { if (audio.matches?.("audio")) (await import("./onda.js")).desenhar(audio); };
  raiz.addEventListener("play", ({ target }) => ondular(target), true);
  for (const audio of raiz.querySelectorAll("audio")) if (!audio.paused) ondular(audio);

  arquivos.vestir();
  return {
    ...arquivos,
    digita({ usuarioId, valeS }) {
      ate[usuarioId] = Date.now() + valeS * 1000;
      mostrar();
    },
  };
}
