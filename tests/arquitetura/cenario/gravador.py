"""Whoever walks: calls each function as the product would, reads the answer by its contract, keeps both."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg

from app.banco import Banco
from app.tipos import CONTRATOS
from tests.conftest import SENHA_HASH, Sessao

Admin = psycopg.Connection[dict[str, Any]]
AMANHA = (datetime.now() + timedelta(days=1)).isoformat(timespec="minutes")
SENHA_NOVA_HASH = SENHA_HASH.replace("m=8", "m=9")


def novo_segredo() -> tuple[str, bytes]:
    texto = secrets.token_urlsafe(32)
    return texto, hashlib.sha256(texto.encode()).digest()


@dataclass
class Gravador:
    """Calls functions, decodes each answer strictly with its Struct and keeps what was asked."""

    banco: Banco
    sessao: Sessao
    chamadas: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    respostas: dict[str, list[bytes]] = field(default_factory=dict)

    async def __call__(self, funcao: str, *, sem_sessao: bool = False, **argumentos: object) -> Any:
        completos = argumentos if sem_sessao else {**self.sessao.args, **argumentos}
        bruta = await self.banco.chamar(funcao, completos)
        self.chamadas.append((funcao, completos))
        self.respostas.setdefault(funcao, []).append(bruta)
        if funcao in CONTRATOS:
            lida = msgspec.json.decode(bruta, type=CONTRATOS[funcao])
            if hasattr(lida, "dados"):
                assert lida.dados, f"{funcao}: an empty page proves nothing of its items"
        return json.loads(bruta)
