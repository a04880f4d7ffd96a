// Making a campaign: an estimate while the pace is typed, and drafts kept while they are written.

// ---- how long it takes, while the pace is typed; the review asks the database

const estimativa = document.getElementById("estimativa");
function estimar() {
  const teto = Number(document.querySelector("[name=conexao_id]:checked")?.dataset.teto ?? 80) - 4;
  const ritmo = Math.min(teto, Number(document.getElementById("ritmo").value.replace(",", ".")) || teto);
  const { pessoas, texto, minuto, minutos, horas } = estimativa.dataset;
  const s = pessoas / Math.max(ritmo, 0.0001);
  const n = new Intl.NumberFormat(document.documentElement.lang);
  const tempo = s < 60 ? minuto : s < 5400 ? minutos.replace("{n}", n.format(Math.round(s / 60))) : horas.replace("{n}", n.format(Math.round(s / 3600)));
  estimativa.textContent = texto.replace("{n}", n.format(pessoas)).replace("{tempo}", tempo);
}
if (estimativa) {
  document.getElementById("envio").addEventListener("input", estimar);
  estimar();
  document.getElementById("hora").addEventListener("input", () => { document.querySelector("[name=quando][value=depois]").checked = true; });
}

// ---- a filter that is touched is the filter that is meant

const publico = document.getElementById("publico");
publico?.querySelector(".filtro-publico")?.addEventListener("input", () => { publico.elements.quem.value = "filtro"; });

// ---- what the template asks for and no data of the contact fills is asked for here, not at the launch

for (const texto of document.querySelectorAll("[data-pede]")) {
  const origem = document.getElementById(texto.dataset.pede);
  const pedir = () => { texto.required = !origem.value; };
  origem.addEventListener("change", pedir);
  texto.form.addEventListener("change", pedir);
  pedir();
}

// ---- what is typed and not yet saved survives Back and a closed tab

for (const form of document.querySelectorAll("form[data-guarda]")) {
  const chave = `balcao:${form.dataset.guarda}`;
  const versao = form.elements.versao?.value ?? "";
  const ler = () => JSON.stringify([versao, [...new FormData(form)].filter(([nome]) => nome !== "versao" && nome !== "chave")]);
  const doServidor = ler();
  const [de, campos] = JSON.parse(sessionStorage.getItem(chave) ?? "[null,[]]");
  if (de === versao && !document.getElementById("recusa") && !document.getElementById("conflito")) {
    for (const campo of form.elements) {
      if (!campo.name || ["hidden", "submit"].includes(campo.type)) continue;
      const valores = campos.filter(([nome]) => nome === campo.name).map(([, valor]) => valor);
      if (campo.type === "checkbox" || campo.type === "radio") campo.checked = valores.includes(campo.value);
      else if (valores.length) campo.value = valores[0];
    }
    if (ler() !== doServidor) form.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.addEventListener("input", () => sessionStorage.setItem(chave, ler()));
  // where a version tells what was accepted, what was not is still here
  if (!versao) form.addEventListener("submit", () => sessionStorage.removeItem(chave));
}
