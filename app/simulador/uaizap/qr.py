"""The pairing image: a real QR code, a new one every twenty seconds."""

from __future__ import annotations

from base64 import b64encode

import segno

from app.simulador.relogio import SEGUNDO
from app.simulador.sorteio import Sorteio
from app.simulador.uaizap.estado import Instancia

VIDA = 120 * SEGUNDO
VIDA_DO_CODIGO = 300 * SEGUNDO
_GIRO = 20 * SEGUNDO
_ALFABETO = "ABCDEFGHJKLMNPQRSTVWXYZ123456789"


def imagem(sorteio: Sorteio, instancia: Instancia, agora: int) -> str:
    """The data URL on show now, or nothing outside a pairing by image."""
    if instancia.status != "connecting" or instancia.paircode:
        return ""
    giro = (agora - instancia.conectando_desde) // _GIRO
    sorte = sorteio.bytes_de("qr", f"{instancia.id}|{instancia.geracao}", giro)
    partes = [b64encode(sorte[i : i + 16]).decode() for i in (0, 16, 32)]
    return segno.make("2@" + ",".join(partes), error="l", micro=False).png_data_uri(scale=4)


def codigo(sorteio: Sorteio, instancia: Instancia) -> str:
    """``XXXX-XXXX``, to be typed on the phone."""
    sorte = sorteio.bytes_de("paircode", f"{instancia.id}|{instancia.geracao}")
    letras = "".join(_ALFABETO[b % len(_ALFABETO)] for b in sorte[:8])
    return f"{letras[:4]}-{letras[4:]}"
