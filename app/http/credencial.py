"""The credentials of one connection, opened for one call to its provider."""

from __future__ import annotations

import msgspec

from app.cifra import Cofre, InvalidTag
from app.credenciais import ConexaoAberta
from app.credenciais import abrir_conexao as abrir
from app.erros import Erro
from app.http.comum import DaSessao


async def abrir_conexao(chamada: DaSessao, cofre: Cofre, funcao: str, **argumentos: object) -> ConexaoAberta:
    """Fetch and open the credentials of one connection, for one call to the provider."""
    selada = await chamada.ler(funcao, msgspec.Raw, **argumentos)
    try:
        return abrir(cofre, bytes(selada), chamada.cliente_id)
    except InvalidTag:
        raise Erro(
            422, "ZRX05", "as credenciais desta conexão não abrem com as chaves em uso: informe todas de novo"
        ) from None
