// One contact: choosing, field by field, what somebody else saved; not losing what was typed.

import { clicar } from "./linhas.js";

for (const botao of document.querySelectorAll("[data-usar]")) {
  botao.hidden = false;
  botao.addEventListener("click", () => {
    const campo = document.getElementById(botao.dataset.em);
    campo.value = botao.dataset.usar;
    campo.focus();
  });
}

const editor = document.getElementById("editor");
if (editor) {
  let mudou = false;
  editor.addEventListener("input", () => { mudou = true; });
  editor.addEventListener("submit", () => { mudou = false; });
  addEventListener("beforeunload", (evento) => { if (mudou) evento.preventDefault(); });
}
document.querySelector('[role="alert"][tabindex]')?.focus();
clicar("editar", "[data-editar]");
