// A field of a shortcut takes the key that is pressed in it, and says at once whose it already is.

import { teclaDe } from "./base.js";

const forma = document.getElementById("atalhos");
const campos = [...forma.querySelectorAll(".remapa input")];

function conferir() {
  const donos = new Map();
  for (const campo of campos) {
    const dono = campo.value && donos.get(campo.value);
    campo.setCustomValidity(dono ? forma.dataset.repetida.replace("{acao}", dono) : "");
    if (!dono) donos.set(campo.value, campo.labels[0].textContent);
  }
}

forma.addEventListener("input", conferir);
forma.addEventListener("keydown", (evento) => {
  const campo = evento.target;
  if (!campos.includes(campo) || evento.key === "Dead" || evento.isComposing) return;
  const { key } = evento;
  // what moves between fields, or mends what was typed, stays what it is
  if (evento.metaKey || ["Tab", "Backspace", "Delete", "Home", "End", "Shift", "Control", "Alt", "AltGraph", "CapsLock", " "].includes(key) || key.startsWith("Arrow")) return;
  evento.preventDefault();
  const antes = campo.value === "g" && key.length === 1 && !evento.ctrlKey && !evento.altKey ? "g " : "";
  campo.value = antes + teclaDe(evento);
  conferir();
  campo.reportValidity();
});
