// The text of a message as it was written, from what is shown of it: tags are marks again (app/http/marcas.py).

const MARCA = { STRONG: "*", EM: "_", S: "~", CODE: "\x60" };
const BLOCO = MARCA.CODE.repeat(3);

function de(no) {
  if (no.nodeType === Node.TEXT_NODE) return no.data;
  if (no.matches?.(".pilula")) return "";
  const dentro = [...no.childNodes].map(de).join("");
  if (no.nodeName === "PRE") return `${BLOCO}${dentro}${BLOCO}`;
  if (no.nodeName === "BLOCKQUOTE") return dentro.replace(/^/gm, "> ");
  const marca = MARCA[no.nodeName] ?? "";
  return `${marca}${dentro}${marca}`;
}

export const cru = (texto) => (texto ? de(texto).trim() : "");
