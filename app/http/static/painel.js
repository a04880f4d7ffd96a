// The figures follow what happens, at most once in five seconds.

import { assentada } from "./base.js";

let lido = Date.now();

async function ler() {
  await new Promise((pronto) => { setTimeout(pronto, Math.max(0, lido + 5000 - Date.now())); });
  lido = Date.now();
  const resposta = await fetch(location.href, { headers: { "HX-Request": "true" } });
  const painel = document.querySelector("#painel");
  if (!resposta.ok || painel.contains(document.activeElement)) return;
  const nova = new DOMParser().parseFromString(await resposta.text(), "text/html").querySelector("#painel");
  if (nova) painel.replaceWith(nova);
}

await assentada;
const { aoMudar, aoRecarregar } = await import("./vivo.js");
aoMudar(["conversa", "mensagem", "campanha", "contato", "conexao", "usuario", "fila_morta"], ler);
aoRecarregar(ler);
