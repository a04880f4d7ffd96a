"""A conversation's forms by themselves, without scripts: what was typed is what is done, and stays when refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.api.test_vivo import navegador
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

LA = ZoneInfo("America/Sao_Paulo")
NOSSO = {"Sec-Fetch-Site": "same-origin"}
Linha = dict[str, Any]


class Mesa:
    """Somebody at a browser that runs no scripts, and a conversation."""

    def __init__(self, admin: Admin, cena: Cena, http: httpx.AsyncClient) -> None:
        self.admin, self.cena, self._http = admin, cena, http
        self.eu = navegador(cena.sessao, **NOSSO)
        self.conversa = cenas.conversar(admin, cena, cena.contatos[0])
        self.onde = f"/conversas/{self.conversa}"

    async def abrir(self, onde: str = "") -> str:
        pagina = await self._http.get(onde or self.onde, headers=self.eu)
        assert pagina.status_code == 200, pagina.text
        return pagina.text

    async def enviar(self, onde: str, **campos: str) -> httpx.Response:
        return await self._http.post(onde, data=campos, headers=self.eu)

    def linhas(self, tabela: str, colunas: str = "*") -> list[Linha]:
        return self.admin.execute(
            f"select {colunas} from {tabela} where cliente_id = %s order by id", [self.cena.cliente_id]
        ).fetchall()


@pytest.fixture
async def mesa(admin: Admin, novo_cliente: Callable[..., Any], cliente_http: httpx.AsyncClient) -> Mesa:
    return Mesa(admin, cenas.montar(admin, await novo_cliente("Escrever"), 2), cliente_http)


def campo(pagina: str, nome: str) -> str:
    """The tag of the field with this name."""
    achado = re.search(rf'<(?:input|textarea|button)[^>]*name="{re.escape(nome)}"[^>]*>', pagina)
    assert achado, nome
    return unescape(achado[0])


async def test_a_hora_digitada_vale_mais_que_a_que_veio_marcada(mesa: Mesa) -> None:
    pagina = await mesa.abrir(f"{mesa.onde}/ato/adiar")
    marcada = re.search(r'name="quando" value="([^"]+)" checked', pagina)
    assert marcada
    dita = f"{datetime.now(LA) + timedelta(days=9):%Y-%m-%d}T10:00"
    feita = await mesa.enviar(f"{mesa.onde}/ato/adiar", versao="1", quando=marcada[1], ate=dita)
    assert feita.status_code == 303, feita.text
    (conversa,) = mesa.linhas("conversas")
    assert conversa["adiada_ate"].astimezone(LA).isoformat()[:16] == dita


async def test_o_adiamento_recusado_fica_como_foi_escolhido(mesa: Mesa) -> None:
    """Also a choice that is offered no more: by the next minute it is another hour."""
    for campos in ({"ate": "2020-01-02T10:00", "quando": ""}, {"ate": "", "quando": "2020-01-02T10:00"}):
        recusada = await mesa.enviar(f"{mesa.onde}/ato/adiar", versao="1", **campos)
        assert recusada.status_code == 422, recusada.text
        assert 'value="2020-01-02T10:00"' in campo(recusada.text, "ate")
        assert re.findall(r'name="quando" value="([^"]*)" checked', recusada.text) == [""]


async def test_o_modelo_pago_sai_uma_vez(mesa: Mesa) -> None:
    onde = f"/contatos/{mesa.cena.contatos[1]}/conversar"
    pagina = await mesa.abrir(f"{onde}?modelo={mesa.cena.modelo_id}")
    chave = re.search(r'name="chave" value="(\w{32})"', pagina)
    assert chave
    campos = {"modelo": str(mesa.cena.modelo_id), "conexao": str(mesa.cena.conexao_id), "v.1": "Ana", "v.2": "10%"}
    um, dois = [await mesa.enviar(onde, chave=chave[1], **campos) for _ in range(2)]
    assert um.status_code == dois.status_code == 303 and um.headers["location"] == dois.headers["location"]
    assert [m["tipo"] for m in mesa.linhas("mensagens")] == ["MODELO"]


async def test_quem_so_le_nao_tem_o_que_so_quem_responde_faz(mesa: Mesa) -> None:
    assert 'data-ato="responder"' in await mesa.abrir() and "data-emojis" in await mesa.abrir()
    mesa.admin.execute(
        "delete from perfis_permissoes where cliente_id = %s and permissao = 'conversas:responder'",
        [mesa.cena.cliente_id],
    )
    pagina = await mesa.abrir()
    assert 'data-ato="copiar"' in pagina
    assert 'data-ato="responder"' not in pagina and "data-emojis" not in pagina
