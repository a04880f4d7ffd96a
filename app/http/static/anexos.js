// Files of the composer: chosen, pasted, dropped or recorded; sent up at once, and with the message when it leaves.

import { brinde } from "./base.js";

/** Sends a file up; `andou` hears how much of it went, from 0 to 1. Resolves to the file as the server keeps it. */
export function subir(arquivo, andou = () => {}) {
  const corpo = new FormData();
  corpo.append("arquivo", arquivo, arquivo.name);
  return new Promise((pronto, falhou) => {
    const pedido = new XMLHttpRequest();
    pedido.open("POST", "/conversas/midias");
    pedido.responseType = "json";
    pedido.upload.onprogress = (e) => andou(e.loaded / e.total);
    pedido.onload = () => (pedido.response?.sucesso ? pronto(pedido.response.dados) : falhou(new Error(pedido.response?.erro?.mensagem ?? pedido.status)));
    pedido.onerror = () => falhou(new Error());
    pedido.send(corpo);
  });
}

export function anexos(eu) {
  const { raiz } = eu;
  const bandeja = () => raiz.querySelector("#bandeja");
  const itens = new Map();

  function linha(nome, imagem) {
    const li = bandeja().appendChild(document.createElement("li"));
    if (imagem) Object.assign(li.appendChild(new Image(40, 40)), { src: imagem, alt: "" });
    const rotulo = li.appendChild(document.createElement("span"));
    rotulo.className = "corta";
    rotulo.textContent = nome;
    const fora = li.appendChild(document.createElement("button"));
    fora.type = "button";
    fora.className = "botao liso pequeno";
    fora.textContent = "×";
    fora.ariaLabel = bandeja().dataset.tira.replace("{nome}", nome);
    fora.onclick = () => { itens.delete(li); li.remove(); eu.area().focus(); };
    return li;
  }

  async function juntar(arquivo, extra = {}) {
    const li = linha(arquivo.name, /^image\//.test(arquivo.type) && URL.createObjectURL(arquivo));
    const barra = li.insertBefore(document.createElement("progress"), li.lastChild);
    barra.ariaLabel = arquivo.name;
    itens.set(li, null);
    try {
      const midia = await subir(arquivo, (parte) => { barra.value = parte; });
      if (itens.has(li)) itens.set(li, { tipo: midia.tipo, conteudo: { midiaId: midia.id, ...extra }, nome: arquivo.name });
    } catch (erro) {
      const motivo = li.insertBefore(document.createElement("span"), li.lastChild);
      motivo.className = "falha-do-arquivo";
      motivo.setAttribute("role", "alert");
      motivo.textContent = erro.message || bandeja().dataset.rede;
    }
    barra.remove();
  }

  // ---- a voice, until it is stopped: by its button, whichever that is by then, or by leaving

  let gravador;
  const botao = () => raiz.querySelector("#gravar");
  const largar = () => { if (gravador?.state === "recording") gravador.stop(); };
  function vestir() {
    if (!botao()) return largar();
    botao().hidden = !podeGravar;
    botao().ariaPressed = String(Boolean(gravador));
  }

  async function gravar() {
    if (gravador) return largar();
    const { nega } = botao().dataset;
    // while it is asked for, nothing else is
    gravador = {};
    const fonte = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    const calar = () => fonte?.getTracks().forEach((faixa) => faixa.stop());
    if (!fonte || !raiz.isConnected) {
      gravador = null;
      calar();
      return raiz.isConnected && brinde(nega);
    }
    const pedacos = [];
    gravador = new MediaRecorder(fonte, { mimeType: formato });
    gravador.ondataavailable = ({ data }) => pedacos.push(data);
    gravador.onstop = () => {
      gravador = null;
      calar();
      vestir();
      if (raiz.isConnected && bandeja()) juntar(new File(pedacos, /ogg/.test(formato) ? "audio.ogg" : "audio.m4a", { type: formato }), { voz: true });
    };
    gravador.start();
    vestir();
  }

  const formato = ["audio/ogg;codecs=opus", "audio/mp4;codecs=mp4a.40.2"].find((f) => window.MediaRecorder?.isTypeSupported(f));
  const podeGravar = Boolean(formato && navigator.mediaDevices);
  function escolhidos(campo) {
    [...campo.files].forEach((arquivo) => juntar(arquivo));
    campo.value = "";
  }
  raiz.addEventListener("change", ({ target }) => { if (target.id === "arquivos") escolhidos(target); });
  // what was chosen while this module came
  const campo = raiz.querySelector("#arquivos");
  if (campo) escolhidos(campo);
  raiz.addEventListener("click", ({ target }) => { if (target.closest("#gravar")) gravar(); });
  raiz.addEventListener("paste", (evento) => {
    const { files } = evento.clipboardData;
    if (!files.length || evento.target.id !== "texto") return;
    evento.preventDefault();
    [...files].forEach((arquivo) => juntar(arquivo));
  });
  for (const nome of ["dragover", "drop"]) {
    raiz.addEventListener(nome, (evento) => {
      if (!bandeja() || !evento.dataTransfer.types.includes("Files")) return;
      evento.preventDefault();
      if (nome === "drop") [...evento.dataTransfer.files].forEach((arquivo) => juntar(arquivo));
    });
  }

  return {
    juntar,
    vestir,
    largar,
    /** Files that the server already has: of a canned reply, of what is written again. */
    juntarProntas(midias) {
      for (const { id, tipo, nome, voz } of midias) itens.set(linha(nome ?? tipo), { tipo, conteudo: { midiaId: id, ...(voz && { voz }) }, nome: nome ?? tipo });
    },
    /** What is ready to leave, and no longer here unless it `fica`; null while something is still on its way up, or failed. */
    anexados(fica) {
      const todos = [...itens.values()];
      if (todos.includes(null)) return brinde(bandeja().dataset.espera) && null;
      if (fica) return todos;
      for (const li of itens.keys()) li.remove();
      itens.clear();
      return todos;
    },
  };
}
