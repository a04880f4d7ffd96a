"""Links with which a person defines her own password, once: the secret is made here, the database keeps its hash."""

from __future__ import annotations

from uuid import UUID

from app import senhas
from app.http.comum import DaSessao, Pedido
from app.tipos.identidade import ConviteCriado, ConviteGravado


def _criado(pedido: Pedido, chamada: DaSessao, gravado: ConviteGravado, segredo: str) -> ConviteCriado:
    # where whoever asks sees the product, unless it is said where everybody does
    base = (pedido.app.state.config.url_publica_informada or str(pedido.base_url)).rstrip("/")
    url = f"{base}/convite/{chamada.cliente_id}.{segredo}"
    return ConviteCriado(gravado.usuario_id, gravado.expira_em, url)


async def convidar(pedido: Pedido, chamada: DaSessao, **pessoa: object) -> ConviteCriado:
    """Create a user whom nobody knows a password of, and the link with which she defines one."""
    segredo = senhas.novo_segredo()
    gravado = await chamada.ler(
        "api.usuario_convidar",
        ConviteGravado,
        **pessoa,
        p_senha_hash=await senhas.gerar(senhas.novo_segredo()),
        p_segredo_hash=senhas.resumo(segredo),
    )
    return _criado(pedido, chamada, gravado, segredo)


async def renovar(pedido: Pedido, chamada: DaSessao, usuario_id: UUID) -> ConviteCriado:
    """Another link for somebody; the one before is worth nothing any more."""
    segredo = senhas.novo_segredo()
    gravado = await chamada.ler(
        "api.convite_criar", ConviteGravado, p_usuario_id=usuario_id, p_segredo_hash=senhas.resumo(segredo)
    )
    return _criado(pedido, chamada, gravado, segredo)
