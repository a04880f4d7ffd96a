"""A desk with one conversation: its window is open, a person wrote, and somebody answers there."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar, cru
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


@dataclass
class Balcao:
    """One tenant, an open conversation with its window, and whoever answers there."""

    cena: Cena
    admin: Admin
    banco_api: Banco
    conversa: UUID
    entrada: UUID

    async def enviar(self, tipo: str, conteudo: object, **extra: Any) -> Any:
        argumentos = {"p_conversa_id": self.conversa, **self.cena.sessao.args, **extra}
        return await chamar(self.banco_api, "api.mensagem_enviar", p_tipo=tipo, p_conteudo=cru(conteudo), **argumentos)

    async def texto(self, texto: str = "oi", **extra: Any) -> Any:
        return await self.enviar("TEXTO", {"texto": texto}, **extra)

    async def chamar(self, funcao: str, **extra: Any) -> Any:
        return await chamar(self.banco_api, funcao, **{**self.cena.sessao.args, **extra})

    async def recusa(self, tipo: str, conteudo: object, **extra: Any) -> tuple[str, str | None]:
        with pytest.raises(Erro) as erro:
            await self.enviar(tipo, conteudo, **extra)
        return erro.value.codigo, erro.value.corpo.campo

    def um(self, consulta: str, *valores: object) -> dict[str, Any]:
        linha = self.admin.execute(consulta, valores).fetchone()
        assert linha
        return linha

    def mudar(self, consulta: str, *valores: object) -> None:
        self.admin.execute(consulta, valores)

    def contar(self) -> tuple[int, int]:
        linha = self.um(
            "select (select count(*) from mensagens where cliente_id = %s and direcao = 'SAIDA') as m,"
            " (select count(*) from fila where cliente_id = %s and tipo = 'mensagem_enviar') as f",
            self.cena.cliente_id, self.cena.cliente_id,
        )  # fmt: skip
        return linha["m"], linha["f"]


@pytest.fixture
def montar(admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco) -> Callable[..., Any]:
    async def fazer(sessao: Sessao | None = None) -> Balcao:
        cena = cenas.montar(admin, sessao or await novo_cliente("Conversa"), 2)
        linha = admin.execute(
            "insert into conversas (cliente_id, conexao_id, contato_id, janela_expira_em, nao_lidas)"
            " values (%s, %s, %s, now() + interval '5 hours', 1) returning id",
            [cena.cliente_id, cena.conexao_id, cena.contatos[0]],
        ).fetchone()
        assert linha
        entrada = admin.execute(
            "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, id_externo,"
            " origem, ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'bom dia', 'RECEBIDA', %s, 'CONTATO',"
            " now() - interval '1 minute') returning id",
            [cena.cliente_id, linha["id"], cena.conexao_id, secrets.token_hex(8)],
        ).fetchone()
        assert entrada
        return Balcao(cena, admin, banco_api, linha["id"], entrada["id"])

    return fazer


@pytest.fixture(scope="module")
async def vizinha(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Vizinha"), 1)


@pytest.fixture
async def balcao(montar: Callable[..., Any]) -> Balcao:
    feito: Balcao = await montar()
    return feito


def midia(admin: Admin, cena: Cena, tipo: str = "IMAGEM", status: str = "DISPONIVEL") -> str:
    linha = admin.execute(
        "insert into midias (cliente_id, origem, tipo, status, motivo, sha256, tamanho, mime, nome, conexao_id,"
        " id_externo, expira_em)"
        " values (%s, 'RECEBIDA', %s, %s, %s, %s, 10, 'image/png', 'a.png', %s, %s, now() + interval '1 day')"
        " returning id",
        [
            cena.cliente_id, tipo, status, None if status == "DISPONIVEL" else "PERDIDA", secrets.token_hex(32),
            cena.conexao_id, secrets.token_hex(8),
        ],
    ).fetchone()  # fmt: skip
    assert linha
    return str(linha["id"])


def botoes(*titulos: str, **extra: Any) -> dict[str, Any]:
    return {"texto": "Escolha", "botoes": [{"id": f"b{n}", "titulo": t} for n, t in enumerate(titulos)], **extra}


def simples(cena: Cena) -> dict[str, Any]:
    return {"modeloId": str(cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}}
