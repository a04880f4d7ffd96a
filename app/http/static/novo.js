// The shortcut "Criar" follows the page's link to what is new.
import { atalho } from "./base.js";

const link = document.querySelector("[data-novo]");
if (link) atalho("novo", () => { location.href = link.href; });
