"""The registry of the contract: which Struct each stored function answers.

A contract test decodes every answer strictly with it, and OpenAPI is generated from it. Lists are `Pagina[Item]`.
Each domain keeps its own table in its module; a new module is added to the union here.
"""

from __future__ import annotations

from typing import Any, Final

from app.tipos import (
    atendimento,
    atos,
    campanhas,
    conexoes,
    contatos,
    conversas,
    entregas,
    eventos,
    fusoes,
    identidade,
    importacoes,
    listas,
    midias,
    notas,
    respostas,
    saude_numeros,
    webhooks,
)

CONTRATOS: Final[dict[str, Any]] = {
    **atendimento.CONTRATOS,
    **atos.CONTRATOS,
    **campanhas.CONTRATOS,
    **conexoes.CONTRATOS,
    **contatos.CONTRATOS,
    **fusoes.CONTRATOS,
    **conversas.CONTRATOS,
    **entregas.CONTRATOS,
    **eventos.CONTRATOS,
    **identidade.CONTRATOS,
    **importacoes.CONTRATOS,
    **listas.CONTRATOS,
    **midias.CONTRATOS,
    **notas.CONTRATOS,
    **respostas.CONTRATOS,
    **saude_numeros.CONTRATOS,
    **webhooks.CONTRATOS,
}
