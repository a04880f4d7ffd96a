// Shows what the server pushes while no page is open, and opens the conversation of a notice that is clicked. It
// fetches nothing and keeps nothing. The words come in its own address, from the page that registered it.

const frases = new URL(location).searchParams;

async function mostrar({ chave, tipo, conversaId, nome, texto }) {
  const frase = frases.get(tipo) ?? "";
  const body = tipo === "MENSAGEM" ? texto ?? frase : [frase, texto].filter(Boolean).join(": ");
  // the same mark as a page's notice: of one conversation there is one, and of one thing one is disturbed once
  const antes = await registration.getNotifications({ tag: conversaId });
  const renotify = antes.some(({ data }) => data.chave !== chave);
  await registration.showNotification(nome, { tag: conversaId, body, renotify, data: { chave, conversaId, tipo } });
}

addEventListener("install", () => skipWaiting());
addEventListener("activate", (evento) => evento.waitUntil(clients.claim()));
addEventListener("push", (evento) => evento.waitUntil(Promise.all(evento.data.json().avisos.map(mostrar))));

async function abrir({ conversaId: id, tipo }) {
  const url = `/conversas/${id}?aba=todas&status=qualquer`;
  const janelas = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const em = (inicio) => janelas.find((janela) => new URL(janela.url).pathname.startsWith(inicio));
  // what is offered shows its card in whatever page, and the page of offers says when it is over
  if (tipo === "OFERTA") return (em("/conversas") ?? janelas[0])?.focus() ?? clients.openWindow("/oferta");
  // what is being typed in another page stays there
  const caixa = em(`/conversas/${id}`) ?? em("/conversas");
  if (!caixa) return clients.openWindow(url);
  await caixa.focus().catch(() => {});
  return caixa.url.includes(id) ? undefined : caixa.navigate(url).catch(() => clients.openWindow(url));
}
addEventListener("notificationclick", (evento) => {
  evento.notification.close();
  evento.waitUntil(abrir(evento.notification.data));
});
