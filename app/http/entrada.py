"""How a session is opened, by the API and by a browser: password and code are checked here, the database decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app import fator, senhas
from app.http.comum import Anonima, Pedido
from app.tipos.identidade import FatorPendente, LoginPreparado, SessaoAberta


def origem(pedido: Pedido) -> str | None:
    return pedido.client.host if pedido.client else None


async def entrar(
    pedido: Pedido, anonima: Anonima, email: str, senha: str, segredos: dict[str, object], codigo: str | None = None
) -> SessaoAberta:
    """Open a session by password, and by code where the account asks for one. `segredos`: hashes of the new secrets,
    and what else `api.login_concluir` takes."""
    quem: dict[str, object] = {"p_email": email, "p_origem": origem(pedido)}
    preparado = await anonima.ler("api.login_preparar", LoginPreparado, **quem)
    return await anonima.ler(
        "api.login_concluir", SessaoAberta, **quem, **segredos,
        p_confere=await senhas.conferir(senha, preparado.senha_hash), p_senha_hash_conferida=preparado.senha_hash,
        p_agente=pedido.headers.get("user-agent"),
        **fator.prova(pedido.app.state.cofre, preparado.cliente_id, preparado.fator, codigo),
    )  # fmt: skip


async def provar(
    pedido: Pedido, anonima: Anonima, pendente: tuple[UUID, str], codigo: str, segredos: dict[str, Any]
) -> SessaoAberta:
    """Open the session of a browser that has already said the right password, by code."""
    quem: dict[str, object] = {
        "p_cliente_id": pendente[0], "p_pendente_hash": senhas.resumo(pendente[1]), "p_origem": origem(pedido),
    }  # fmt: skip
    preparado = await anonima.ler("api.login_fator_preparar", FatorPendente, **quem)
    return await anonima.ler(
        "api.login_fator_concluir", SessaoAberta, **quem, **segredos,
        p_agente=pedido.headers.get("user-agent"),
        **fator.prova(pedido.app.state.cofre, pendente[0], preparado.fator, codigo),
    )  # fmt: skip
