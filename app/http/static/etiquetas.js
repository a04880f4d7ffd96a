// The tags page by keys.

import { andar, clicar } from "./linhas.js";

andar("[data-linha] > details > summary");
clicar("novo", "#nova > summary");
