"""Receipts: what the other phone tells about our messages, one by one or a whole chat at once."""

from __future__ import annotations

from app.simulador.mundo import Mundo
from app.simulador.uaizap.estado import Instancia, Mensagem
from app.simulador.uaizap.eventos import publicar_recibo

_MAXIMO_POR_EVENTO = 300
_POSTO = {"": 0, "Pending": 0, "Delivered": 1, "Read": 2, "Played": 3}
_FINAL = {"Delivered": "delivered", "Read": "read", "Played": "played"}


def recibo(mundo: Mundo, inst: Instancia, m: Mensagem, estado: str) -> None:
    """One step of a message's own timeline."""
    if estado == "Read":
        _lida(mundo, inst, m)
        return
    if estado == "Delivered" and _POSTO[m.status] < _POSTO["Delivered"]:
        inst.nao_lidas.setdefault(m.usuario, {})[m.id] = m
    _subir(mundo, m, estado)
    publicar_recibo(mundo, inst, m.usuario, [m.id], estado, chave=m.track_id)


def ler_tudo(mundo: Mundo, inst: Instancia, usuario: str) -> int:
    """The person opens the chat: everything unread is read, in as few events as WhatsApp allows."""
    abertas = list(inst.nao_lidas.pop(usuario, {}).values())
    _publicar_leitura(mundo, inst, usuario, abertas, "conversa")
    return len(abertas)


def _lida(mundo: Mundo, inst: Instancia, m: Mensagem) -> None:
    """Takes along whatever else was unread. Already read by another's receipt it is silent; its own may repeat."""
    if m.lida_por not in ("", m.id):
        return
    m.lida_por = m.id
    abertas = inst.nao_lidas.pop(m.usuario, {}) | {m.id: m}
    _publicar_leitura(mundo, inst, m.usuario, list(abertas.values()), m.id)


def _publicar_leitura(mundo: Mundo, inst: Instancia, usuario: str, lidas: list[Mensagem], por: str) -> None:
    for inicio in range(0, len(lidas), _MAXIMO_POR_EVENTO):
        parte = lidas[inicio : inicio + _MAXIMO_POR_EVENTO]
        for m in parte:
            m.lida_por = por
            _subir(mundo, m, "Read")
        publicar_recibo(mundo, inst, usuario, [m.id for m in parte], "Read", chave=parte[-1].track_id)


def _subir(mundo: Mundo, m: Mensagem, estado: str) -> None:
    """States never go down; a reading nobody planned becomes the final state."""
    if _POSTO[estado] <= _POSTO.get(m.status, 0):
        return
    m.status = estado
    tentativa = m.tentativa
    if tentativa is None:
        return
    if estado == "Read" and tentativa.final_previsto in ("delivered", "sent"):
        tentativa.final_previsto = "read"
        tentativa.final_emitido_em = None
    if tentativa.final_previsto == _FINAL[estado] and tentativa.final_emitido_em is None:
        tentativa.final_emitido_em = mundo.relogio.agora()
        mundo.livro.anotar(tentativa)
