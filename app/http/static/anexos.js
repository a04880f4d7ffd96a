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

  async function gravar(botao, formato) {
    if (botao.gravador) return botao.gravador.stop();
    const fonte = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!fonte) return brinde(botao.dataset.nega);
    const pedacos = [];
    const gravador = new MediaRecorder(fonte, { mimeType: formato });
    botao.gravador = gravador;
    botao.ariaPressed = "true";
    gravador.ondataavailable = ({ data }) => pedacos.push(data);
    gravador.onstop = () => {
      fonte.getTracks().forEach((faixa) => faixa.stop());
      botao.gravador = null;
      botao.ariaPressed = "false";
      juntar(new File(pedacos, /ogg/.test(formato) ? "audio.ogg" : "audio.m4a", { type: formato }), { voz: true });
    };
    gravador.start();
  }

  const formato = ["audio/ogg;codecs=opus", "audio/mp4;codecs=mp4a.40.2"].find((f) => window.MediaRecorder?.isTypeSupported(f));
  function escolhidos(campo) {
    [...campo.files].forEach((arquivo) => juntar(arquivo));
    campo.value = "";
  }
  raiz.addEventListener("change", ({ target }) => { if (target.id === "arquivos") escolhidos(target); });
  // what was chosen while this module came
  const campo = raiz.querySelector("#arquivos");
  if (campo) escolhidos(campo);
  raiz.addEventListener("click", ({ target }) => { const botao = target.closest("#gravar"); if (botao) gravar(botao, formato); });
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
    podeGravar: Boolean(formato && navigator.mediaDevices),
    /** Files that the server already has, of a canned reply. */
    juntarProntas(midias) {
      for (const { id, tipo, nome } of midias) itens.set(linha(nome ?? tipo), { tipo, conteudo: { midiaId: id }, nome: nome ?? tipo });
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
