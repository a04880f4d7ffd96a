// The sound, to be heard; the browser's permission, asked for only when somebody clicks; and notices with all closed.

import { desinscrever, inscrever, inscrita, pode } from "./inscricao.js";
import { soar } from "./som.js";

const $ = (id) => document.getElementById(id);

$("ouvir").addEventListener("click", soar);

async function dizer(falhou) {
  const permissao = "Notification" in window ? Notification.permission : "nenhum";
  const ja = permissao === "granted" && await inscrita();
  const concedida = ja ? "inscrita" : !pode() ? "aberto" : falhou ? "falhou" : "granted";
  $("permissao").textContent = $("permissao").dataset[permissao === "granted" ? concedida : permissao];
  $("permitir").textContent = $("permitir").dataset[ja ? "parar" : "permitir"];
  $("permitir").classList.toggle("calado", permissao !== "default" && !(permissao === "granted" && pode()));
}

async function tentar(fazer) {
  try {
    await fazer();
    dizer();
  } catch {
    dizer(true);
  }
}
$("permitir").addEventListener("click", () => tentar(async () => {
  if (Notification.permission === "granted" && await inscrita()) await desinscrever();
  else if (await Notification.requestPermission() === "granted" && pode()) await inscrever();
}));
dizer();
