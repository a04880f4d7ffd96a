// The sound, to be heard; and the browser's permission, asked for only when somebody clicks.

import { soar } from "./som.js";

const $ = (id) => document.getElementById(id);

$("ouvir").addEventListener("click", soar);

function dizer() {
  const estado = "Notification" in window ? Notification.permission : "nenhum";
  $("permissao").textContent = $("permissao").dataset[estado];
  $("permitir").classList.toggle("calado", estado !== "default");
}
$("permitir").addEventListener("click", async () => { await Notification.requestPermission(); dizer(); });
dizer();
