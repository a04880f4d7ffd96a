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
from tests.test_tipo_de_arquivo import OGG, PNG

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


def texto_de(pagina: str) -> str:
    achado = re.search(r'<textarea id="texto"[^>]*>([^<]*)</textarea>', pagina)
    assert achado
    return unescape(achado[1])


async def test_nota_nao_se_agenda_e_nada_do_digitado_se_perde(mesa: Mesa) -> None:
    citada = cenas.escrever(mesa.admin, mesa.cena, mesa.conversa, "o que se cita")
    campos = {"texto": "ligar\r\npara ela", "contexto": str(citada), "quando": "2091-03-04T10:00", "acao": "agendar"}
    recusada = await mesa.enviar(f"{mesa.onde}/escrever", como="nota", **campos)
    assert recusada.status_code == 422 and "ZRV47" in recusada.text and "não se agenda" in recusada.text
    assert (mesa.linhas("notas"), mesa.linhas("mensagens_agendadas")) == ([], [])
    pagina = recusada.text
    assert texto_de(pagina).splitlines() == ["ligar", "para ela"]
    assert re.search(r'value="nota" id="como-nota" checked', pagina)
    assert f'value="{citada}"' in campo(pagina, "contexto") and "2091-03-04T10:00" in campo(pagina, "quando")
    assert "checked" not in campo(pagina, "cancelar") and '<details class="agendar" open>' in pagina
    # and it is there when the conversation is opened again
    assert texto_de(await mesa.abrir()) == "ligar\npara ela"
    (rascunho,) = mesa.admin.execute(
        "select nota, contexto_id from rascunhos where cliente_id = %s", [mesa.cena.cliente_id]
    ).fetchall()
    assert rascunho == {"nota": True, "contexto_id": citada}
    # the same hour for an answer is refused by what is wrong with the hour, and says no more of notes
    tarde = await mesa.enviar(f"{mesa.onde}/escrever", como="responder", cancelar="true", **campos)
    assert tarde.status_code == 422 and "ZRV47" not in tarde.text and "checked" in campo(tarde.text, "cancelar")


async def test_o_que_nao_cabe_no_rascunho_fica_no_campo(mesa: Mesa) -> None:
    longo = "x" * 10_001
    for como in ("responder", "nota"):
        recusada = await mesa.enviar(f"{mesa.onde}/escrever", texto=longo, como=como, acao="enviar")
        assert recusada.status_code == 422 and texto_de(recusada.text) == longo
    quando = f"{datetime.now(LA) + timedelta(days=1):%Y-%m-%d}T10:00"
    desconhecida = await mesa.enviar(f"{mesa.onde}/escrever", texto="olá", como="outra", acao="agendar", quando=quando)
    assert desconhecida.status_code == 422 and "ZRV23" in desconhecida.text and texto_de(desconhecida.text) == "olá"


async def test_fora_da_vista_o_escrito_fica_para_copiar(mesa: Mesa) -> None:
    mesa.onde = "/conversas/00000000-0000-7000-8000-000000000000"
    escrita = await mesa.enviar(f"{mesa.onde}/escrever", texto="para <ela>", como="responder", acao="enviar")
    assert escrita.status_code == 404 and re.search(r'<textarea id="redigido"[^>]*>para &lt;ela&gt;<', escrita.text)
    modelo = await mesa.enviar(f"{mesa.onde}/modelo/{mesa.cena.modelo_id}", **{"p:1": "Ana", "p:2": "10%"})
    assert modelo.status_code == 404 and re.search(r'<textarea id="redigido"[^>]*>Ana\n10%<', modelo.text)


async def test_modelo_recusado_volta_com_o_que_se_digitou(mesa: Mesa) -> None:
    onde = f"{mesa.onde}/modelo/{mesa.cena.modelo_id}"
    recusado = await mesa.enviar(onde, **{"p:1": 'Ana "Lu"', "p:2": ""})
    assert recusado.status_code == 422 and 'id="recusa"' in recusado.text
    assert campo(recusado.text, "p:1").endswith('value="Ana "Lu"">') and "value" not in campo(recusado.text, "p:2")
    # where no template may be sent by now, they can be copied
    cenas.resolver(mesa.admin, mesa.cena.cliente_id)
    recusado = await mesa.enviar(onde, **{"p:1": "Ana", "p:2": "10%"})
    assert recusado.status_code == 409 and re.search(r'<textarea id="redigido"[^>]*>Ana\n10%<', recusado.text)
    assert mesa.linhas("mensagens") == []


async def test_legenda_do_que_nao_leva_legenda_sai_como_texto(mesa: Mesa, cliente_http: httpx.AsyncClient) -> None:
    async def mandar(nome: str, dados: bytes, legenda: str) -> httpx.Response:
        return await cliente_http.post(
            f"{mesa.onde}/arquivo", data={"legenda": legenda}, files={"arquivo": (nome, dados)}, headers=mesa.eu
        )

    assert (await mandar("a.ogg", OGG, "ouça")).status_code == 303
    assert (await mandar("a.png", PNG + b"01234567", "veja")).status_code == 303
    saidas = [(m["tipo"], m["conteudo"].get("texto") or m["conteudo"].get("legenda")) for m in mesa.linhas("mensagens")]
    assert saidas == [("AUDIO", None), ("TEXTO", "ouça"), ("IMAGEM", "veja")]
    # of what is refused the caption stays, in any alphabet
    for nome, dados, legenda in (("x.exe", b"MZ\0\0", "o programa"), ("a.png", PNG + b"01234567", "あ" * 1025)):
        recusado = await mandar(nome, dados, legenda)
        assert recusado.status_code == 422 and f'value="{legenda}"' in campo(recusado.text, "legenda")


async def test_desfeita_o_texto_volta_ao_rascunho(mesa: Mesa, cliente_http: httpx.AsyncClient) -> None:
    citada = cenas.escrever(mesa.admin, mesa.cena, mesa.conversa, "o que se cita")
    await mesa.enviar(f"{mesa.onde}/escrever", texto="vou *já*", como="responder", acao="enviar", contexto=str(citada))
    (feita,) = [m for m in mesa.linhas("mensagens") if m["id"] != citada]
    onde = f"{mesa.onde}/mensagens/{feita['id']}"
    assert (await mesa.enviar(f"{onde}/apagar")).status_code == 404
    assert mesa.linhas("mensagens")[-1]["motivo"] is None
    await cliente_http.put(
        f"/api{mesa.onde}/rascunho", json={"texto": "começado", "nota": True}, headers=mesa.cena.sessao.cabecalho
    )
    for _ in range(2):
        assert (await mesa.enviar(f"{onde}/cancelar")).status_code == 303
    pagina = await mesa.abrir()
    assert texto_de(pagina) == "vou *já*\ncomeçado" and f'value="{citada}"' in campo(pagina, "contexto")
    assert re.search(r'value="nota" id="como-nota" checked', pagina), "what is a note does not go to the customer"
