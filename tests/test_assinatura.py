"""Signed addresses: what they open, for how long, and that nobody else makes one."""

from __future__ import annotations

import base64
from uuid import uuid4

from app.assinatura import Acesso, Assinador
from app.config import Chave

K1, K2 = Chave("k1", b"1" * 32), Chave("k2", b"2" * 32)
ACESSO = Acesso(uuid4(), uuid4(), uuid4(), 2_000_000_000)


def test_abre_so_ate_a_hora() -> None:
    assinador = Assinador([K1])
    texto = assinador.assinar(*ACESSO)
    assert assinador.abrir(texto, 1_999_999_999) == ACESSO
    assert assinador.abrir(texto, 2_000_000_000) is None


def test_o_anel_gira() -> None:
    texto = Assinador([K1]).assinar(*ACESSO)
    assert Assinador([K2, K1]).abrir(texto) == ACESSO
    assert Assinador([K2]).abrir(texto) is None


def test_um_bit_trocado_nao_abre() -> None:
    assinador = Assinador([K1])
    dados = base64.urlsafe_b64decode(assinador.assinar(*ACESSO) + "==")
    for posicao in range(len(dados) * 8):
        torto = bytearray(dados)
        torto[posicao // 8] ^= 1 << posicao % 8
        assert assinador.abrir(base64.urlsafe_b64encode(torto).decode().rstrip("=")) is None, posicao


def test_lixo_nao_abre() -> None:
    assinador = Assinador([K1])
    for lixo in ("", "a", "=", "é" * 10, "A" * 118, "A" * 5000, "../" * 20, "%00"):
        assert assinador.abrir(lixo) is None
