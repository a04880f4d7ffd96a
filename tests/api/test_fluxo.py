"""Streams: nothing lost between what was missed and what comes, nothing told to whoever may not know."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import httpx
import pytest
from litestar import Litestar

from app.banco import Banco
from app.embutido import ServidorValkey
from app.eventos import Aviso, Recado
from app.http import fluxo as modulo
from app.http.fluxo import Central, Fluxo, quadro
from app.tipos.eventos import EventosSessao
from tests.api.conftest import ConfigDeTeste, recusa
from tests.api.ouvinte import ate, no_ar, ouvir, retransmitir
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, conversar
from tests.sql.test_eventos import pessoa


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Fluxo"))


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as sessao:
        yield sessao


@pytest.fixture
async def url(app: Litestar, banco_worker: Banco, valkey: ServidorValkey) -> AsyncIterator[str]:
    async with no_ar(app) as endereco, retransmitir(banco_worker, valkey.url):
        await ate(lambda: app.state.central.escuta.viva)
        yield endereco


def mudar(admin: Admin, cena: Cena, contato: int = 0) -> str:
    admin.execute("update contatos set email = %s where id = %s", [f"{uuid4()}@x.y", cena.contatos[contato]])
    return str(cena.contatos[contato])


async def test_o_que_muda_chega_a_quem_ve(
    url: str, http: aiohttp.ClientSession, admin: Admin, cena: Cena, bia: Sessao
) -> None:
    dona, alheia = pessoa(admin, cena, "PROPRIA"), pessoa(admin, cena, "PROPRIA")
    conversa = conversar(admin, cena, cena.contatos[0])
    admin.execute("update conversas set usuario_id = %s where id = %s", [dona.usuario_id, conversa])
    await asyncio.sleep(0.3)
    async with (
        ouvir(http, url, cena.sessao) as chefe,
        ouvir(http, url, dona) as da_dona,
        ouvir(http, url, alheia) as da_alheia,
        ouvir(http, url, bia) as da_bia,
    ):
        admin.execute("update conversas set nao_lidas = 7 where id = %s", [conversa])
        await ate(lambda: str(conversa) in chefe.alvos("conversa") and str(conversa) in da_dona.alvos("conversa"))
        assert da_dona.eventos[-1][2]["conversas"] == [str(conversa)]
        await asyncio.sleep(0.3)
        assert da_alheia.eventos == [] and da_bia.eventos == []
        # who loses it hears of it, and of nothing afterwards
        admin.execute("update conversas set usuario_id = %s where id = %s", [alheia.usuario_id, conversa])
        await ate(lambda: bool(da_alheia.eventos) and len(da_dona.eventos) > 1)
        antes = len(da_dona.eventos)
        admin.execute("update conversas set nao_lidas = 8 where id = %s", [conversa])
        await ate(lambda: len(da_alheia.eventos) > 1)
        assert len(da_dona.eventos) == antes and da_bia.eventos == []


async def test_retoma_sem_perder_nem_repetir(
    url: str, http: aiohttp.ClientSession, admin: Admin, cena: Cena, banco_api: Banco
) -> None:
    """It sleeps and wakes at random while things change; what it heard, by number, is what there was."""
    sorte = random.Random(3)
    ouvidos: list[tuple[int, list[str]]] = []
    async with ouvir(http, url, cena.sessao) as primeiro:
        numero = primeiro.numero
    mudados = 0
    for _ in range(6):
        for _ in range(sorte.randrange(4)):
            mudar(admin, cena, sorte.randrange(10))
            mudados += 1
        async with ouvir(http, url, cena.sessao, numero) as ouvinte:
            for _ in range(sorte.randrange(1, 8)):
                mudar(admin, cena, sorte.randrange(10))
                mudados += 1
                await asyncio.sleep(sorte.random() * 0.06)
        ouvidos += ouvinte.numerados()
        numero = ouvinte.numero
    async with ouvir(http, url, cena.sessao, numero) as ultimo:
        marca = str(uuid4())
        admin.execute("select interno.avisar(%s, 'etiqueta_mudou', %s)", [cena.cliente_id, marca])
        await ate(lambda: marca in ultimo.alvos())
    ouvidos += ultimo.numerados()
    numeros = [n for n, _ in ouvidos]
    assert numeros == sorted(numeros) and len(set(numeros)) == len(numeros)
    verdade = await chamar(banco_api, "api.eventos_desde", **cena.sessao.args, p_desde=primeiro.numero)
    esperado = {e["alvoId"] for e in verdade["eventos"] if e["tipo"] == "contato_mudou"}
    assert mudados > 10 and esperado <= {i for _, ids in ouvidos for i in ids}
    for evento in verdade["eventos"]:
        assert max(n for n, ids in ouvidos if evento["alvoId"] in ids) >= evento["numero"]


@pytest.mark.parametrize("comando", [
    "update sessoes set revogada_em = now(), motivo = 'SAIU' where cliente_id = %s and usuario_id = %s",
    "update usuarios set ativo = false where cliente_id = %s and id = %s",
    "update licencas set ativo = false where cliente_id = %s and %s is not null",
])  # fmt: skip
async def test_termina_com_a_sessao(
    comando: str, url: str, http: aiohttp.ClientSession, admin: Admin, cena: Cena
) -> None:
    dela = pessoa(admin, cena, "TODAS")
    await asyncio.sleep(0.3)
    async with ouvir(http, url, dela) as ouvinte:
        admin.execute(comando.encode(), [dela.cliente_id, dela.usuario_id])
        await ate(lambda: ouvinte.fim, 2)
        assert ouvinte.eventos[-1][0] == "fim"
    async with ouvir(http, url, dela) as outro:
        assert outro.status in (401, 403)


async def test_termina_quando_o_acesso_vence(url: str, http: aiohttp.ClientSession, admin: Admin, cena: Cena) -> None:
    dela = pessoa(admin, cena, "TODAS")
    admin.execute(
        "update sessoes set acesso_expira_em = now() + interval '1 s' where usuario_id = %s", [dela.usuario_id]
    )
    async with ouvir(http, url, dela) as ouvinte:
        await asyncio.sleep(0.3)
        assert not ouvinte.fim
        await ate(lambda: ouvinte.fim, 2.5)


async def test_quem_ganha_alcance_recarrega(url: str, http: aiohttp.ClientSession, admin: Admin, cena: Cena) -> None:
    dela, dona = pessoa(admin, cena, "PROPRIA"), pessoa(admin, cena, "PROPRIA")
    conversa = conversar(admin, cena, cena.contatos[0])
    admin.execute("update conversas set usuario_id = %s where id = %s", [dona.usuario_id, conversa])
    await asyncio.sleep(0.3)
    async with ouvir(http, url, dela) as ouvinte:
        admin.execute("update perfis set visibilidade = 'TODAS' where id = %s", [dela.perfil_id])
        await ate(lambda: "recarregar" in ouvinte.nomes(), 2)
        admin.execute("update conversas set nao_lidas = 9 where id = %s", [conversa])
        await ate(lambda: str(conversa) in ouvinte.alvos("conversa"))
        admin.execute("update perfis set visibilidade = 'PROPRIA' where id = %s", [dela.perfil_id])
        await ate(lambda: [n for n, _, _ in ouvinte.eventos].count("recarregar") == 2, 2)
        antes = ouvinte.alvos("conversa")
        admin.execute("update conversas set nao_lidas = 10 where id = %s", [conversa])
        await asyncio.sleep(0.4)
        assert ouvinte.alvos("conversa") == antes


async def test_o_quinto_fluxo_de_uma_sessao_termina_o_primeiro(
    url: str, http: aiohttp.ClientSession, cena: Cena
) -> None:
    async with (
        ouvir(http, url, cena.sessao) as primeiro,
        ouvir(http, url, cena.sessao) as segundo,
        ouvir(http, url, cena.sessao),
        ouvir(http, url, cena.sessao),
    ):
        await asyncio.sleep(0.2)
        assert not primeiro.fim
        async with ouvir(http, url, cena.sessao):
            await ate(lambda: primeiro.fim)
            assert primeiro.eventos[-1] == ("fim", None, {"motivo": "excesso"}) and not segundo.fim


async def test_numero_velho_ou_inventado_recarrega(url: str, http: aiohttp.ClientSession, cena: Cena) -> None:
    async with ouvir(http, url, cena.sessao, 10**9) as ouvinte:
        await ate(lambda: "recarregar" in ouvinte.nomes())
        assert ouvinte.numero is not None and ouvinte.numero < 10**9


async def test_recusas(cliente_http: httpx.AsyncClient, ana: Sessao, monkeypatch: pytest.MonkeyPatch) -> None:
    fluxo = "/api/eventos/fluxo"
    assert (await cliente_http.get(fluxo)).status_code == 401
    morta = {"Authorization": f"Bearer {ana.cliente_id}.{'x' * 43}"}
    assert (await cliente_http.get(fluxo, headers=morta)).status_code == 401
    for ruim in ("-1", "x", "1.5", str(2**63)):
        for pedido in ({"params": {"desde": ruim}}, {"headers": {"Last-Event-ID": ruim}}):
            cabecalhos = {**ana.cabecalho, **pedido.get("headers", {})}
            resposta = await cliente_http.get(fluxo, headers=cabecalhos, params=pedido.get("params"))
            assert resposta.status_code == 400, ruim
    monkeypatch.setattr(modulo, "POR_PROCESSO", 0)
    cheio = await cliente_http.get(fluxo, headers=ana.cabecalho)
    assert cheio.status_code == 503 and recusa(cheio)["codigo"] == "ZTG04"
    desde = await cliente_http.get("/api/eventos", params={"desde": 0}, headers=ana.cabecalho)
    assert desde.status_code == 200 and set(desde.json()["dados"]) == {"eventos", "numero", "ultimo", "recarregar"}


# -- one stream, without a socket


def _aviso(numero: int, alvo: UUID | None = None) -> Aviso:
    return Aviso(numero, "contato_mudou", alvo or uuid4(), None, None)


def _fluxo(config: ConfigDeTeste, ultimo: int = 0) -> Fluxo:
    sessao = EventosSessao(uuid4(), uuid4(), uuid4(), ["a"], ultimo, 60.0)
    feito = Fluxo(Central(config.url_redis), None, sessao, ultimo)  # type: ignore[arg-type]
    feito.atrasado = feito.conferir = False
    return feito


def test_salto_repeticao_e_excesso(config: ConfigDeTeste) -> None:
    este = _fluxo(config)
    este.receber(Recado((_aviso(1), _aviso(2))))
    este.receber(Recado((_aviso(1), _aviso(2), _aviso(3))))
    assert (este.visto, este.atrasado) == (3, False)
    este.receber(Recado((_aviso(5),)))
    assert este.atrasado, "number 4 was missed: the database knows it"
    cheio = _fluxo(config)
    for numero in range(1, modulo.PENDENTES + 2):
        assert not cheio.atrasado
        cheio.receber(Recado((_aviso(numero),)))
    assert cheio.atrasado and not cheio._avisos
    mesmo, um = _fluxo(config), uuid4()
    for numero in range(1, 5000):
        mesmo.receber(Recado((_aviso(numero, um),)))
    assert not mesmo.atrasado and len(mesmo._avisos) == 1


def test_topicos_decidem(config: ConfigDeTeste) -> None:
    este = _fluxo(config)
    este.receber(Recado((Aviso(1, "x_mudou", uuid4(), None, frozenset({"b"})),)))
    assert not este._avisos and este.visto == 1
    este.receber(Recado((Aviso(2, "x_mudou", uuid4(), None, frozenset({"a", "b"})),)))
    assert len(este._avisos) == 1


def test_um_quadro_agrupa_e_numera_o_fim() -> None:
    a, b, conversa = uuid4(), uuid4(), uuid4()
    itens = [
        Aviso(4, "conversa_mudou", a, a),
        Aviso(5, "mensagem_mudou", b, conversa, frozenset({"conversas:todas", "conversas:fila:geral"})),
        Aviso(6, "conversa_mudou", b, b),
    ]
    partes = quadro(itens, 6, frozenset({a})).decode().strip().split("\n\n")
    assert [p.split("\n")[0] for p in partes] == ["event: conversa", "event: mensagem"]
    assert "id:" not in partes[0] and "id: 6" in partes[1]
    da_conversa, da_mensagem = [json.loads(p.split("data: ")[1]) for p in partes]
    assert (da_conversa["minhas"], da_conversa["fila"]) == ([str(a)], [])
    assert da_mensagem == {"ids": [str(b)], "conversas": [str(conversa)], "minhas": [], "fila": [str(conversa)]}
