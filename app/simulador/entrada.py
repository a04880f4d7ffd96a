"""A user writes: the window opens, a token is taken, and the webhook leaves."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from app.simulador.contas import Numero
from app.simulador.eventos import metadados
from app.simulador.http import Provedor
from app.simulador.identidade import wamid
from app.simulador.midia import VIDA_RECEBIDA, Midia
from app.simulador.mundo import Mundo

_MIDIAS = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "document": "application/pdf",
    "audio": "audio/ogg; codecs=opus",
    "sticker": "image/webp",
}
# A small but valid picture is enough for a product that stores what it downloads.
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Recebida(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``/inbound``: ``content`` is the object named after the type; media may carry ``data`` in base64."""

    to_number: str
    from_: str = msgspec.field(name="from")
    provider: Provedor = "meta"
    type: str = "text"
    content: Any = None
    context: dict[str, Any] | None = None
    at: int | None = None
    extra: dict[str, Any] = {}


def ao_receber(
    mundo: Mundo,
    numero: Numero,
    usuario: str,
    tipo: str,
    conteudo: Any,
    contexto: dict[str, Any] | None = None,
    quando: int | None = None,
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Delivers one message of a user to the business; ``usuario`` is canonical, ``quando`` in microseconds."""
    agora = mundo.relogio.agora()
    instante = agora if quando is None else quando
    waba = mundo.contas.wabas[numero.waba_id]
    comportamento = mundo.destinatarios.comportamento(usuario)
    pessoa = mundo.pessoa(waba, usuario, comportamento)
    chave = f"{numero.phone_number_id}|{usuario}|{tipo}"
    sorte = mundo.sorteio.bytes_de("entrada", chave, mundo.sorteio.vez(f"entrada|{chave}"))
    id_ = wamid(pessoa.get("wa_id") or usuario, sorte[:10], mundo.ajustes.shape, saida=False)
    mensagem: dict[str, Any] = {"from_user_id": pessoa["user_id"], "id": id_, "timestamp": str(instante // 1_000_000)}
    if "wa_id" in pessoa:
        mensagem = {"from": pessoa["wa_id"], **mensagem}
    mensagem["type"] = tipo
    if conteudo is not None:
        mensagem[tipo] = _midia(mundo, numero, tipo, conteudo, id_) if tipo in _MIDIAS else conteudo
    if contexto is not None:
        mensagem["context"] = contexto
    mensagem |= extra or {}
    _registrar(mundo, numero, usuario, id_, instante)
    valor = metadados(numero) | {"contacts": [pessoa], "messages": [mensagem]}
    destinos = mundo.publicar(waba.waba_id, numero, "messages", valor, id_, usuario)
    return {"message_id": id_, "from": pessoa, "destinations": destinos}


def _registrar(mundo: Mundo, numero: Numero, usuario: str, id_: str, instante: int) -> None:
    no = numero.phone_number_id
    mundo.recebidas.add((no, id_))
    mundo.ultima_fala[no, usuario] = max(instante, mundo.ultima_fala.get((no, usuario), 0))
    agora = mundo.relogio.agora()
    mundo.contas.baldes[no].debitar(agora, mundo.falhas.fator("meta", no, agora))


def _midia(mundo: Mundo, numero: Numero, tipo: str, conteudo: Any, id_: str) -> Any:
    """Gives inbound media an id whose bytes the business can download for seven days."""
    if not isinstance(conteudo, dict):
        return conteudo
    corpo = {k: v for k, v in conteudo.items() if k != "data"}
    dados = base64.b64decode(conteudo["data"]) if "data" in conteudo else _PNG
    mime = str(corpo.get("mime_type") or ("image/png" if "data" not in conteudo and tipo == "image" else _MIDIAS[tipo]))
    midia = Midia(
        id=mundo.sorteio.digitos("7", "midia", id_),
        phone_number_id=numero.phone_number_id,
        mime=mime,
        dados=dados,
        expira_em=mundo.relogio.agora() + VIDA_RECEBIDA,
    )
    mundo.midias.guardar(midia)
    sha = base64.b64encode(bytes.fromhex(midia.sha256)).decode()
    return {"id": midia.id, "mime_type": mime, "sha256": sha} | corpo
