"""Sealed credentials open only where they belong, and survive a rotation of the key ring."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cifra import Cofre, InvalidTag, hash_verificacao, novo_id
from app.config import Chave
from app.credenciais import CredenciaisMeta, abrir, abrir_conexao, argumentos

K1, K2 = Chave("k1", b"1" * 32), Chave("k2", b"2" * 32)
CLIENTE, LINHA = uuid4(), uuid4()


@given(st.binary(max_size=4000))
def test_ida_e_volta(claro: bytes) -> None:
    cofre = Cofre([K1])
    assert cofre.abrir(cofre.selar(claro, CLIENTE, LINHA), CLIENTE, LINHA) == claro


def test_movido_de_cliente_ou_de_linha_nao_abre() -> None:
    cofre = Cofre([K1])
    selado = cofre.selar(b"segredo", CLIENTE, LINHA)
    for cliente, linha in ((uuid4(), LINHA), (CLIENTE, uuid4()), (LINHA, CLIENTE)):
        with pytest.raises(InvalidTag):
            cofre.abrir(selado, cliente, linha)


def test_qualquer_bit_trocado_nao_abre() -> None:
    cofre = Cofre([K1, K2])
    selado = cofre.selar(b"segredo", CLIENTE, LINHA)
    for bit in range(len(selado) * 8):
        torto = bytearray(selado)
        torto[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidTag):
            cofre.abrir(bytes(torto), CLIENTE, LINHA)
    for tamanho in range(len(selado)):
        with pytest.raises(InvalidTag):
            cofre.abrir(selado[:tamanho], CLIENTE, LINHA)


def test_rotacao() -> None:
    antigo = Cofre([K1]).selar(b"segredo", CLIENTE, LINHA)
    cofre = Cofre([K2, K1])
    assert cofre.abrir(antigo, CLIENTE, LINHA) == b"segredo"
    assert not cofre.da_chave_atual(antigo)
    novo = cofre.selar(b"segredo", CLIENTE, LINHA)
    assert cofre.da_chave_atual(novo)
    assert Cofre([K2]).abrir(novo, CLIENTE, LINHA) == b"segredo"
    with pytest.raises(InvalidTag):
        Cofre([K2]).abrir(antigo, CLIENTE, LINHA)


def test_chave_de_mesmo_nome_e_outro_valor_nao_abre() -> None:
    selado = Cofre([K1]).selar(b"segredo", CLIENTE, LINHA)
    with pytest.raises(InvalidTag):
        Cofre([Chave("k1", b"3" * 32)]).abrir(selado, CLIENTE, LINHA)


def test_o_mesmo_claro_nunca_se_repete_cifrado() -> None:
    cofre = Cofre([K1])
    assert len({cofre.selar(b"igual", CLIENTE, LINHA) for _ in range(200)}) == 200


def test_anel_vazio_recusado() -> None:
    with pytest.raises(ValueError, match="empty"):
        Cofre([])


def test_impressao_depende_da_chave_e_do_segredo() -> None:
    cofre = Cofre([K1, K2])
    assert cofre.impressao("a") == Cofre([K1]).impressao("a")
    assert cofre.impressao("a") != cofre.impressao("b")
    assert cofre.impressao("a") != Cofre([K2]).impressao("a")
    assert len(cofre.impressao("a")) == 32


def test_hash_de_verificacao() -> None:
    assert hash_verificacao("olá") == hashlib.sha256("olá".encode()).digest()


def test_novo_id_e_uuid7_e_cresce() -> None:
    antes = time.time_ns() // 1_000_000
    ids = []
    for _ in range(3):
        ids.append(novo_id())
        time.sleep(0.002)
    assert ids == sorted(ids)
    assert all(i.version == 7 and i.variant == "specified in RFC 4122" for i in ids)
    assert antes <= ids[0].int >> 80 <= time.time_ns() // 1_000_000
    assert len({novo_id() for _ in range(10_000)}) == 10_000


def test_credenciais_como_o_banco_as_devolve() -> None:
    cofre = Cofre([K1])
    dadas = CredenciaisMeta("EAAG-canário", "app-segredo", "verificar")
    args = argumentos(cofre, dadas, CLIENTE, LINHA)
    selado = args["p_credenciais"]
    assert isinstance(selado, bytes)
    assert b"can" not in selado
    assert abrir(cofre, selado, CLIENTE, LINHA) == dadas
    assert args["p_verificacao_hash"] == hash_verificacao("verificar")
    assert args["p_segredo_impressao"] == cofre.impressao("app-segredo")
    resposta = json.dumps(
        {
            "id": str(LINHA),
            "provedor": "META_API",
            "status": "ATIVA",
            "versao": 3,
            "numeroIdExterno": "111111",
            "contaIdExterna": "222222",
            "credenciais": base64.b64encode(selado).decode(),
        }
    ).encode()
    aberta = abrir_conexao(cofre, resposta, CLIENTE)
    assert (aberta.credenciais, aberta.versao, aberta.numero_id_externo) == (dadas, 3, "111111")
    assert "canário" not in repr(aberta)
    with pytest.raises(InvalidTag):
        abrir_conexao(cofre, resposta, uuid4())


def test_opcionais_ausentes_nao_viram_impressao() -> None:
    args = argumentos(Cofre([K1]), CredenciaisMeta("token"), CLIENTE, LINHA)
    assert args["p_verificacao_hash"] is None
    assert args["p_segredo_impressao"] is None
