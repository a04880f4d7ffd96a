// Cards as they are now: those that something happened to are asked for again, and put where they belong.

import { $, $$, aberta, cartao, cartoes, intitular, marcarAberta } from "./lista.js";

const UM_A_CADA = 1000;
let pendentes = new Set();
let aoRedor = false;
let tudo = false;
let acabou = false;
let ultima = 0;
let relogio = 0;
let mudancas = [];
let tecla = 0;
let anunciadas = new Set();
let anunciar = 0;

const apontada = matchMedia("(hover: hover)");
const quieta = () => !(apontada.matches && $("#lista").matches(":hover")) && Date.now() - tecla > 1000;
addEventListener("keydown", () => { tecla = Date.now(); }, true);
setInterval(() => { if (mudancas.length && quieta()) mudancas.splice(0).forEach((mudar) => mudar()); }, 300);
const mover = (mudar) => { if (quieta() && !mudancas.length) mudar(); else mudancas.push(mudar); };

/** `entorno`: what stands around the open conversation, too; a message that is read or delivered changes nothing there.
 *  No ids: the whole list. */
export function rever(ids, entorno) {
  tudo ||= !ids;
  for (const id of ids ?? []) pendentes.add(id);
  if (entorno && ids?.includes(aberta())) aoRedor = true;
  // soon, but in a storm of messages not once for each
  relogio ||= setTimeout(buscar, Math.max(150, ultima + UM_A_CADA - Date.now()));
}
async function buscar() {
  if (!navigator.onLine || acabou) { relogio = 0; return; }
  const inteira = tudo;
  tudo = false;
  const ids = inteira ? [] : [...pendentes].slice(0, 50);
  for (const id of ids) pendentes.delete(id);
  const entorno = aoRedor && ids.includes(aberta());
  let falhou = false;
  if (entorno) aoRedor = false;
  try {
    await (inteira ? reler() : aplicar(ids, entorno));
  } catch {
    tudo ||= inteira;
    for (const id of ids) pendentes.add(id);
    aoRedor ||= entorno;
    falhou = true;
  }
  ultima = Date.now();
  relogio = falhou || tudo || pendentes.size ? setTimeout(buscar, falhou ? 5000 : UM_A_CADA) : 0;
}
addEventListener("online", () => { if (tudo || pendentes.size) rever([]); });
async function pedir(onde, alvo) {
  const { search } = location;
  const resposta = await fetch(onde, { headers: { "HX-Request": "true", "HX-Target": alvo } });
  // the session ended, and it is said elsewhere: what is on the screen stays
  acabou = resposta.headers.has("HX-Redirect");
  if (!resposta.ok || acabou) throw new Error(resposta.status);
  const nova = new DOMParser().parseFromString(await resposta.text(), "text/html");
  // meanwhile something else was looked for
  if (search !== location.search) throw new Error(search);
  return nova;
}
/** Its beginning, merged into what is there; of the rest each card is asked for. */
async function reler() {
  const nova = await pedir(`/conversas${location.search}`, "rola");
  const vindas = $$("#cartoes > li[data-k]", nova);
  const outras = cartoes().filter((li) => !nova.getElementById(li.id));
  const mais = nova.getElementById("mais");
  const fim = Number(vindas.at(-1)?.dataset.k);
  for (const li of outras) pendentes.add(li.id.slice(2));
  if (aberta()) {
    pendentes.add(aberta());
    aoRedor = true;
  }
  // beyond what is on screen: it comes when the list is walked to there, and is no news
  const ate = $("#mais") ? Number(cartoes().at(-1)?.dataset.k ?? Infinity) : Infinity;
  for (const li of vindas) if (document.getElementById(li.id) || Number(li.dataset.k) <= ate) trocar(li.id.slice(2), li);
  mover(() => {
    if (!mais || $("#mais")) return;
    for (const li of cartoes()) if (Number(li.dataset.k) > fim) li.remove();
    $("#cartoes")?.append(mais);
    window.htmx?.process(mais);
  });
  cercar(nova);
}
async function aplicar(ids, entorno) {
  const onde = new URL(`/conversas/vivas${location.search}`, location.href);
  for (const id of ids) onde.searchParams.append("id", id);
  if (entorno) onde.searchParams.set("aberta", aberta());
  if ($("#rola > .vazio")) onde.searchParams.set("vazia", "true");
  const novo = await pedir(onde, "cartoes");
  for (const id of ids) trocar(id, novo.getElementById(`c-${id}`));
  cercar(novo);
}
/** What stands around the cards, and what is said where there is none. */
function cercar(novo) {
  const dizer = novo.querySelector(".vazio");
  if (dizer) $("#rola > .vazio")?.replaceWith(dizer);
  for (const parte of ["abas", "mesa", "topo", "resumo"]) substituir(document.getElementById(parte), novo.getElementById(parte));
  intitular();
}
function substituir(velha, nova) {
  if (!velha || !nova || velha.dataset.id !== nova.dataset.id) return;
  const foco = velha.contains(document.activeElement) && document.activeElement;
  // who is looking is asked for by itself
  nova.querySelector("#presentes")?.replaceWith(velha.querySelector("#presentes").cloneNode(true));
  // what looks the same is not drawn again
  if (nova.dataset.versao) velha.dataset.versao = nova.dataset.versao;
  if (velha.isEqualNode(nova)) return;
  nova.querySelector("#presentes")?.replaceWith(velha.querySelector("#presentes"));
  velha.replaceWith(nova);
  window.htmx?.process(nova);
  if (foco) (nova.querySelector(`[data-atalho="${foco.dataset.atalho}"]`) ?? $(`[href="${foco.getAttribute("href")}"]`, nova) ?? $("h2", nova))?.focus({ preventScroll: true });
}
const quantas = (li) => parseInt(li?.querySelector(".conta")?.textContent ?? "0", 10);

function trocar(id, novo) {
  const velho = cartao(id);
  if (!novo) {
    if (velho) mover(() => cartao(id)?.remove());
    return;
  }
  if (id !== aberta() && quantas(novo) > quantas(velho) && !$(".calada", novo)) novidade(id);
  if (!velho) {
    mover(() => { if (!cartao(id)) inserir(novo); });
    return;
  }
  // in its place at once; to another place when nobody points at the list
  velho.dataset.k = novo.dataset.k;
  const [elo, dito] = [$(".cc", velho), $(".cc", novo)];
  elo.className = dito.className;
  // what it says, and nothing else: who has the focus, what is marked and what htmx knows of it stay
  if (elo.innerHTML !== dito.innerHTML) elo.replaceChildren(...dito.childNodes);
  const antes = velho.previousElementSibling;
  const depois = velho.nextElementSibling;
  const k = Number(novo.dataset.k);
  if ((antes && Number(antes.dataset.k) > k) || (depois?.dataset.k && Number(depois.dataset.k) < k)) {
    mover(() => { const li = cartao(id); if (li) inserir(li); });
  }
}
function inserir(li) {
  const rola = $("#rola");
  // what could not be read stands in its place
  if (!$("#cartoes")) return;
  const k = Number(li.dataset.k);
  const foco = li.contains(document.activeElement) && document.activeElement;
  const depois = cartoes().find((outro) => outro !== li && Number(outro.dataset.k) > k);
  // beyond what is on screen: it comes when the list is walked to there
  if (!depois && $("#mais")) return li.isConnected && li.remove();
  const alto = rola.scrollTop;
  $("#cartoes").insertBefore(li, depois ?? null);
  window.htmx?.process(li);
  marcarAberta();
  rola.scrollTop = alto;
  if (foco) foco.focus({ preventScroll: true });
  $("#rola > .vazio")?.remove();
}

// ---- said aloud, seldom
function novidade(id) {
  anunciadas.add(id);
  anunciar ||= setTimeout(() => {
    $("#novidades").textContent = $("#lista").dataset.novidade.replace("{n}", anunciadas.size);
    anunciadas = new Set();
    anunciar = 0;
  }, Math.max(500, 10_000 - (Date.now() - Number($("#novidades").dataset.em ?? 0))));
  $("#novidades").dataset.em = Date.now();
}

setInterval(() => {
  for (const marca of $$("#cartoes [data-desde]")) {
    const minutos = Math.floor((Date.now() - Number(marca.dataset.desde)) / 60_000);
    marca.textContent = minutos < 60 ? `${minutos} min` : minutos < 2880 ? `${Math.floor(minutos / 60)} h` : `${Math.floor(minutos / 1440)} d`;
  }
}, 30_000);
