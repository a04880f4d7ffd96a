// Asks whether a text leaves with names of variables in it that nothing was put in place of.

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);

/** Resolves to whether it leaves as it is. */
export function conferir(raiz, texto) {
  const nomes = [...new Set(texto.match(/\{\{[^{}]*\}\}/g))];
  const dialogo = raiz.appendChild(document.createElement("dialog"));
  const corpo = dialogo.appendChild(document.createElement("div"));
  corpo.className = "corpo pilha";
  const titulo = corpo.appendChild(document.createElement("h2"));
  titulo.textContent = $("#sugestoes", raiz).dataset.falta.replace("{nomes}", () => nomes.join(", "));
  titulo.id = "falta-preencher";
  dialogo.setAttribute("aria-labelledby", titulo.id);
  const acoes = corpo.appendChild(document.createElement("div"));
  acoes.className = "acoes";
  for (const [valor, nome, como] of [["", raiz.dataset.tVoltar, " principal"], ["sai", $("#enviar", raiz).textContent.trim(), ""]]) {
    const botao = acoes.appendChild(document.createElement("button"));
    botao.type = "button";
    botao.className = `botao${como}`;
    botao.textContent = nome;
    botao.onclick = () => dialogo.close(valor);
  }
  dialogo.showModal();
  return new Promise((pronto) => {
    dialogo.onclose = () => {
      dialogo.remove();
      $("#texto", raiz)?.focus();
      pronto(dialogo.returnValue === "sai");
    };
  });
}
