"""One walk through the whole product by one tenant's administrator: every api function, called for real.

One module per subject, named as its folder of db/functions; whatever a step needs is made by those before it.
"""

from __future__ import annotations

from tests.arquitetura.cenario import (
    atendimento,
    campanhas,
    conexoes,
    contatos,
    conversas,
    entregas,
    eventos,
    identidade,
    midias,
    sessoes,
)
from tests.arquitetura.cenario.gravador import Admin, Gravador

__all__ = ["Gravador", "percorrer"]


async def percorrer(chamar: Gravador, admin: Admin) -> None:
    """Call every function of schema api at least once, each with success."""
    await identidade.percorrer(chamar, admin)
    conexao, modelo = await conexoes.percorrer(chamar, admin)
    pessoas = await contatos.percorrer(chamar)
    await campanhas.percorrer(chamar, conexao, modelo, pessoas)
    await entregas.percorrer(chamar, admin, conexao, modelo, pessoas)
    await midias.percorrer(chamar, admin, conexao)
    await conversas.percorrer(chamar, admin, conexao, modelo, pessoas)
    await eventos.percorrer(chamar, admin)
    await atendimento.percorrer(chamar, admin, conexao, pessoas)
    await conversas.atos(chamar, admin)
    await eventos.webhooks(chamar, admin, conexao)
    await sessoes.percorrer(chamar, admin)
