// The shape of a recording, drawn when it is first played; a click or the arrow keys go to another place in it.

const SVG = "http://www.w3.org/2000/svg";
const BARRAS = 60;
const ALTO = 32;
const MAXIMO_S = 300;
const relogio = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

/** The loudest of each part of the recording, from 0 to 1. */
async function picos(audio) {
  const resposta = await fetch(audio.currentSrc);
  if (!resposta.ok) return null;
  const som = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(await resposta.arrayBuffer());
  const canal = som.getChannelData(0);
  const parte = Math.max(1, Math.floor(canal.length / BARRAS));
  const altos = Array.from({ length: BARRAS }, (_, n) => {
    let alto = 0;
    for (let i = n * parte; i < (n + 1) * parte && i < canal.length; i++) alto = Math.max(alto, Math.abs(canal[i]));
    return alto;
  });
  const maior = Math.max(...altos) || 1;
  return { duracao: som.duration, altos: altos.map((alto) => alto / maior) };
}

function metadados(audio) {
  return audio.readyState > 0 || new Promise((pronto) => { audio.addEventListener("loadedmetadata", pronto, { once: true }); });
}

/** Draws it above the player, once; a long one, or one that the browser cannot read, has none. */
export async function desenhar(audio) {
  if (audio.dataset.onda) return;
  audio.dataset.onda = "sim";
  await metadados(audio);
  // what was recorded by a browser may not say how long it is
  if (Number.isFinite(audio.duration) && audio.duration > MAXIMO_S) return;
  const forma = await picos(audio).catch(() => null);
  if (!forma || forma.duracao > MAXIMO_S || !audio.isConnected) return;
  const { duracao, altos } = forma;

  const svg = document.createElementNS(SVG, "svg");
  for (const [nome, valor] of Object.entries({
    class: "onda", viewBox: `0 0 ${BARRAS * 4} ${ALTO}`, preserveAspectRatio: "none", role: "slider", tabindex: 0,
    "aria-label": audio.ariaLabel, "aria-valuemin": 0, "aria-valuemax": Math.round(duracao),
  })) svg.setAttribute(nome, valor);
  const barras = altos.map((alto, n) => {
    const barra = svg.appendChild(document.createElementNS(SVG, "rect"));
    const h = Math.max(2, alto * ALTO);
    for (const [nome, valor] of Object.entries({ x: n * 4, y: (ALTO - h) / 2, width: 3, height: h, rx: 1 })) barra.setAttribute(nome, valor);
    return barra;
  });
  const mostrar = () => {
    const ate = (audio.currentTime / duracao) * BARRAS;
    barras.forEach((barra, n) => barra.classList.toggle("ido", n < ate));
    svg.setAttribute("aria-valuenow", Math.round(audio.currentTime));
    svg.setAttribute("aria-valuetext", `${relogio(audio.currentTime)} / ${relogio(duracao)}`);
  };
  const ir = (segundo) => { audio.currentTime = Math.min(duracao, Math.max(0, segundo)); mostrar(); };
  svg.addEventListener("click", ({ clientX }) => {
    const { left, width } = svg.getBoundingClientRect();
    ir(((clientX - left) / width) * duracao);
  });
  svg.addEventListener("keydown", (evento) => {
    const para = { ArrowRight: audio.currentTime + 5, ArrowLeft: audio.currentTime - 5, ArrowUp: audio.currentTime + 5, ArrowDown: audio.currentTime - 5, Home: 0, End: duracao }[evento.key];
    if (para === undefined) return;
    evento.preventDefault();
    ir(para);
  });
  for (const nome of ["timeupdate", "seeked"]) audio.addEventListener(nome, mostrar);
  mostrar();
  audio.before(svg);
}
