// Shows and hides the password, and counts down a wait; without this, the field is an ordinary one.

const campo = document.querySelector("#senha");
const botao = document.querySelector("#ver-senha");
if (campo) {
  botao.hidden = false;
  botao.addEventListener("click", () => {
    const ver = campo.type === "password";
    campo.type = ver ? "text" : "password";
    botao.setAttribute("aria-pressed", ver);
    campo.focus();
  });
  // what is sent is never offered by the browser as a text
  campo.form.addEventListener("submit", () => { campo.type = "password"; });
}
// whoever enters is told in a session of their own
sessionStorage.removeItem("push:de");

const espera = document.querySelector("[data-espera]");
if (espera) {
  let faltam = Number(espera.dataset.espera);
  const relogio = setInterval(() => {
    faltam -= 1;
    espera.textContent = espera.dataset.texto.replace("{s}", Math.max(0, faltam));
    if (faltam <= 0) clearInterval(relogio);
  }, 1000);
}
