// A button that copies the field it names; it only appears where copying works.
import { brinde } from "./base.js";

for (const botao of document.querySelectorAll("[data-copia]")) {
  const campo = document.getElementById(botao.dataset.copia);
  botao.hidden = false;
  campo.addEventListener("focus", () => campo.select());
  botao.addEventListener("click", async () => {
    campo.select();
    // without HTTPS there is no clipboard to write to: what is selected can be copied all the same
    if (navigator.clipboard) await navigator.clipboard.writeText(campo.value);
    else document.execCommand("copy");
    brinde(botao.dataset.copiado);
  });
}
