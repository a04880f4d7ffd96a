"""What the database accepts of a message, the builder can say and the provider's rules take: one of them may not be
laxer than the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, event, example, given, settings

from app.provedores.meta import serializar
from app.simulador.validacao import validar
from tests.provedores.conteudos import conteudos
from tests.provedores.pecas import MIDIA_ID, com_midia, envio
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    """A tenant with one document."""
    cena = cenas.montar(admin, await novo_cliente("Conteúdos"), 1)
    admin.execute(
        "insert into midias (cliente_id, id, origem, tipo, status, sha256, tamanho, mime)"
        " values (%s, %s, 'ENVIADA', 'DOCUMENTO', 'DISPONIVEL', %s, 10, 'application/pdf')",
        [cena.cliente_id, MIDIA_ID, "0" * 64],
    )
    return cena


def aceita(admin: Admin, cena: Cena, tipo: str, conteudo: dict[str, Any]) -> bool:
    funcao = psycopg.sql.Identifier("interno", f"conteudo_{tipo.lower()}_conferir")
    try:
        with admin.transaction():
            admin.execute(psycopg.sql.SQL("select {}(%s, %s)").format(funcao), [cena.cliente_id, json.dumps(conteudo)])
    except psycopg.DatabaseError as erro:
        # a refusal of ours, and not a failure to look
        assert erro.sqlstate and erro.sqlstate.startswith("ZR"), erro
        return False
    return True


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(caso=conteudos(folgado=True))
@example(
    caso=("CONTATOS", {"contatos": [{"nome": "Ana", "telefones": [{"telefone": "1"}], "aniversario": "01/02/1990"}]})
)
def test_o_que_o_banco_aceita_o_provedor_aceita(admin: Admin, cena: Cena, caso: tuple[str, dict[str, Any]]) -> None:
    tipo, conteudo = caso
    if aceita(admin, cena, tipo, conteudo):
        event("aceito")
        validar(json.loads(serializar(envio(tipo, conteudo, midias=com_midia("123", "a.pdf")))))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(caso=conteudos(folgado=False))
def test_o_que_cabe_nos_limites_o_banco_aceita(admin: Admin, cena: Cena, caso: tuple[str, dict[str, Any]]) -> None:
    """Negative control: the test above is not about refusals alone."""
    tipo, conteudo = caso
    assert aceita(admin, cena, tipo, conteudo)
