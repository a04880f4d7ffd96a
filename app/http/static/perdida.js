// The open conversation went out of this person's sight.

const $ = (seletor, raiz = document) => raiz.querySelector(seletor);

/** What was being typed can be copied; nothing else can be done. */
export function mostrar(raiz) {
  const compositor = $("#compositor", raiz);
  const area = $("#texto", raiz);
  compositor.dataset.estado = "";
  $(".aviso", compositor)?.remove();
  compositor.prepend($("#molde-perdida", raiz).content.cloneNode(true));
  for (const parte of compositor.querySelectorAll(".modos, .ferramentas, .modelos")) parte.hidden = true;
  for (const atos of document.querySelectorAll("#topo .atos, #resumo :is(.acoes-painel, h3:has(+ .acoes-painel))")) atos.remove();
  $("#topo .quem p").textContent = $("[data-topo]", compositor).dataset.topo;
  if (!area) return;
  area.readOnly = true;
  area.hidden = !area.value;
}
