// This browser as one that is told while no page is open: a service worker that shows, an address to push to.

const { body } = document;
const EU = body.dataset.eu;
const DE = "push:de";
const SEM = "push:sem";

/** Whether this browser can be told with every page closed. */
export const pode = () => "serviceWorker" in navigator && "PushManager" in globalThis;

/** Its subscription, if it has one. */
export async function inscrita() {
  return pode() && (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();
}

async function servidor(opcoes) {
  const resposta = await fetch("/vivo/inscricao", { headers: { "Content-Type": "application/json" }, ...opcoes });
  if (!resposta.ok) throw new Error(`network ${resposta.status}`);
  return (await resposta.json()).dados;
}

/** The service worker, which speaks with the words of this page. */
export async function ajudante() {
  const frases = new URLSearchParams(["mensagem", "passada", "mencao", "prazo", "oferta"].map((tipo) => [tipo.toUpperCase(), body.getAttribute(`data-aviso-${tipo}`) ?? ""]));
  const registro = await navigator.serviceWorker.register(`/sw.js?${frases}`, { scope: "/" });
  await navigator.serviceWorker.ready;
  return registro;
}

/** Subscribes, or says again where it is: the session may be another one. Only where the browser already allows. */
export async function inscrever() {
  const registro = await ajudante();
  const { chave } = await servidor();
  let inscricao = await registro.pushManager.getSubscription();
  // somebody else's, or made for another key: its address must not be told of us
  if (inscricao && localStorage.getItem(DE) !== `${EU} ${chave}`) inscricao = !await inscricao.unsubscribe();
  inscricao ||= await registro.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: chave });
  await servidor({ method: "PUT", body: JSON.stringify(inscricao) });
  localStorage.setItem(DE, `${EU} ${chave}`);
  localStorage.removeItem(SEM);
}

/** No longer, until somebody asks for it again. */
export async function desinscrever() {
  localStorage.setItem(SEM, 1);
  await (await inscrita())?.unsubscribe();
  await servidor({ method: "DELETE" });
}

/** Once in a tab, unless somebody said no: what was subscribed in another session is said again in this one. */
export async function lembrar() {
  if (!pode() || Notification.permission !== "granted" || localStorage.getItem(SEM) || sessionStorage.getItem(DE)) return;
  sessionStorage.setItem(DE, 1);
  await inscrever().catch(() => {});
}
