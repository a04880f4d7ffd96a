// A card pushed aside by a finger: to the right it asks how to resolve it, to the left until when to snooze it. The
// menu of the card does the same. Read with the first touch of the list.

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);
const menu = $("#menu-cartao");
const BORDA = 24; // from the screen's edge the browser goes back
const PEGA = 96;

/** Follows the finger that came down with `evento`; `pronta` brings what the act needs. */
export function comecar(evento, pronta) {
  const id = evento.target.closest?.("#cartoes > li[data-k]")?.id;
  const { pointerId, clientX, clientY } = evento;
  if (!id || clientX < BORDA || clientX > innerWidth - BORDA || $("#selecionar:checked")) return;
  const corte = new AbortController();
  let ato;
  let longe = 0;
  let rotulo;

  function mover({ pointerId: qual, clientX: x, clientY: y }) {
    if (qual !== pointerId) return;
    longe = x - clientX;
    // upwards and downwards the list is scrolled
    if (!rotulo && (Math.abs(longe) < 12 || Math.abs(longe) < 1.5 * Math.abs(y - clientY))) return;
    // the card may be drawn again meanwhile
    const li = document.getElementById(id);
    if (!li) return soltar();
    ato = longe > 0 ? "resolver" : "adiar";
    rotulo ??= document.createElement("span");
    rotulo.ariaHidden = "true";
    rotulo.className = `deslize ${ato}${Math.abs(longe) > PEGA ? " pega" : ""}`;
    rotulo.textContent = $(`[data-ato="${ato}"]`, menu).textContent.replace("…", "");
    if (rotulo.parentNode !== li) li.prepend(rotulo);
    $(".cc", li).style.transform = `translateX(${longe}px)`;
  }
  function soltar() {
    corte.abort();
    const cartao = rotulo?.parentNode && $(".cc", rotulo.parentNode);
    if (!cartao) return;
    const volta = cartao.animate([{ transform: cartao.style.transform }, {}], matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150);
    cartao.style.transform = "";
    volta.onfinish = () => rotulo.remove();
  }
  async function fim({ pointerId: qual, type }) {
    if (qual !== pointerId) return;
    soltar();
    if (type === "pointercancel" || !rotulo || Math.abs(longe) <= PEGA) return;
    await pronta();
    window.htmx?.ajax("GET", `/conversas/${id.slice(2)}/ato/${ato}${menu.dataset.consulta}`, { target: "#dialogo-corpo", swap: "innerHTML" });
  }
  addEventListener("pointermove", mover, { signal: corte.signal });
  for (const nome of ["pointerup", "pointercancel"]) addEventListener(nome, fim, { signal: corte.signal });
}
