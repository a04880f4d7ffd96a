"""Envios and connections for the tests of the providers."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from app.credenciais import ConexaoAberta, CredenciaisMeta
from app.provedores.envio import Envio, MidiaDoEnvio, Modelo
from tests.simulador.bancada import NUMERO, TOKEN, WABA

PESSOA = "5511988887777"
CONEXAO = ConexaoAberta(uuid4(), "META_API", 1, NUMERO, WABA, CredenciaisMeta(TOKEN))
MIDIA_ID = UUID("11111111-1111-4111-8111-111111111111")


def conexao(token: str = TOKEN, numero: str = NUMERO) -> ConexaoAberta:
    return ConexaoAberta(uuid4(), "META_API", 1, numero, WABA, CredenciaisMeta(token))


def envio(tipo: str, conteudo: dict[str, Any], **mudar: Any) -> Envio:
    return Envio(
        **{
            "id": uuid4(),
            "cerca": 1,
            "tentativa_id": uuid4(),
            "alvo_id": uuid4(),
            "alvo_tipo": "MENSAGEM",
            "para": PESSOA,
            "para_tipo": "TELEFONE",
            "tipo": tipo,
            "conteudo": conteudo,
            **mudar,
        }
    )


def modelo(*componentes: dict[str, Any], nome: str = "de_teste", formato: Any = "POSITIONAL") -> Modelo:
    return Modelo(nome, "pt_BR", formato, list(componentes))


def com_midia(id_externo: str | None, nome: str | None = None, mime: str = "image/jpeg") -> dict[UUID, MidiaDoEnvio]:
    return {MIDIA_ID: MidiaDoEnvio(MIDIA_ID, "0" * 64, mime, 10, nome, id_externo)}
