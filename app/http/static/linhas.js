// Walking the rows of a list by keys: the next one, marking it, making a new one.

import { atalho } from "./base.js";

/** `quais` selects what takes the focus in each row (`[data-linha]`). */
export function andar(quais) {
  const alvos = () => [...document.querySelectorAll(quais)];
  const daqui = (alvo) => alvo.closest("[data-linha]").contains(document.activeElement);
  const ir = (passo) => () => {
    const todos = alvos();
    const aqui = todos.findIndex(daqui);
    const alvo = todos[aqui < 0 ? 0 : aqui + passo];
    alvo?.focus();
    return Boolean(alvo);
  };
  atalho("proxima", ir(1));
  atalho("anterior", ir(-1));
  atalho("abrir", () => { const alvo = alvos().find(daqui); alvo?.click(); return Boolean(alvo); });
  atalho("selecionar", () => {
    const caixa = document.activeElement?.closest("[data-linha]")?.querySelector("input[type=checkbox]");
    caixa?.click();
    return Boolean(caixa);
  });
}

/** The key of an action clicks what this selects, if it is there. */
export const clicar = (acao, qual) => atalho(acao, () => {
  const alvo = document.querySelector(qual);
  alvo?.click();
  return Boolean(alvo);
});
