// Importing: dropping a file on the page, and following what goes on in the database.

const envio = document.getElementById("envio");
if (envio) {
  const arquivo = document.getElementById("arquivo");
  for (const nome of ["dragover", "dragleave", "drop"]) {
    envio.addEventListener(nome, (evento) => {
      evento.preventDefault();
      envio.classList.toggle("sobre", nome === "dragover");
      if (nome === "drop" && evento.dataTransfer.files.length) arquivo.files = evento.dataTransfer.files;
    });
  }
  envio.addEventListener("submit", () => {
    const andamento = document.getElementById("andamento");
    andamento.textContent = andamento.dataset.texto;
    andamento.hidden = false;
  });
}

// ---- what goes on: asked each second while it goes on, and not while nobody looks

async function seguir() {
  const regiao = document.getElementById("importacao");
  if (!regiao || !("anda" in regiao.dataset)) return;
  if (!document.hidden) {
    try {
      const resposta = await fetch(location.pathname, { headers: { "HX-Request": "true" } });
      const nova = new DOMParser().parseFromString(await resposta.text(), "text/html").querySelector("#importacao");
      if (nova && !regiao.contains(document.activeElement)) regiao.replaceWith(nova);
      else if (nova && !("anda" in nova.dataset)) regiao.replaceWith(nova);
    } catch { /* the network is away: asked again */ }
  }
  setTimeout(seguir, 1000);
}
setTimeout(seguir, 1000);
