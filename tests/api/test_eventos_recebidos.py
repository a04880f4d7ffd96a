"""What providers sent, over HTTP: listed by filter, read, put back; for whoever may, and of the own tenant alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import recusa
from tests.conftest import Sessao
from tests.sql.cenas import Admin
from tests.sql.test_notas import Sala, sala

__all__ = ["sala"]
URL = "/api/webhooks"


@pytest.fixture
def eventos(admin: Admin, sala: Sala) -> list[str]:
    """Three: an ordinary one, one of several things, one that nobody understood."""
    return [
        str(
            admin.execute(
                "insert into webhooks_recebidos (cliente_id, conexao_id, corpo, status, motivo, campos, processado_em)"
                " values (%s, %s, '{\"entry\": []}', %s, %s, %s, now()) returning id",
                [sala.cena.cliente_id, sala.cena.conexao_id, status, motivo, campos],
            ).fetchone()["id"]  # type: ignore[index]
        )
        for status, motivo, campos in (
            ("PROCESSADO", None, ["messages"]),
            ("PROCESSADO", None, ["account_update", "messages"]),
            ("IGNORADO", "CAMPO_DESCONHECIDO", ["novidade"]),
        )
    ]


async def test_filtrar_ler_e_reprocessar(cliente_http: httpx.AsyncClient, sala: Sala, eventos: list[str]) -> None:
    http, eu = cliente_http, sala.cena.sessao.cabecalho
    comum, varios, ignorado = eventos

    async def ids(**filtro: Any) -> list[str]:
        lida = await http.get(URL, params=filtro, headers=eu)
        assert lida.status_code == 200, lida.text
        return [w["id"] for w in lida.json()["dados"]]

    assert await ids() == [ignorado, varios, comum]
    assert await ids(campo="messages") == [varios, comum]
    assert await ids(campo="account_update") == [varios]
    assert await ids(campo="nenhum") == []
    assert await ids(status="IGNORADO") == [ignorado]
    assert await ids(status="IGNORADO", campo="messages") == []
    assert await ids(conexaoId=str(uuid4())) == []
    primeira = (await http.get(URL, params={"limite": 2}, headers=eu)).json()
    assert await ids(limite=2, cursor=primeira["meta"]["proximoCursor"]) == [comum]
    lido = (await http.get(f"{URL}/{varios}", headers=eu)).json()["dados"]
    assert lido["corpo"] == {"entry": []} and lido["campos"] == ["account_update", "messages"]
    assert (await http.get(f"{URL}/horas", headers=eu)).status_code == 200
    reposto = await http.post(f"{URL}/reprocessar", json={"ids": [ignorado]}, headers=eu)
    assert reposto.is_success and reposto.json()["dados"]["reenfileirados"] == 1
    assert await ids(status="PENDENTE") == [ignorado]


@pytest.mark.parametrize(
    ("corpo", "status", "campo"),
    [
        ({}, 422, "ids"), ({"ids": []}, 400, "ids"), ({"ids": ["x"]}, 400, "ids[0]"), ({"tudo": True}, 400, "tudo"),
        ({"status": "TALVEZ"}, 400, "status"), ({"campo": "messages"}, 422, "ids"), ({"de": "ontem"}, 400, "de"),
        ({"ids": [str(uuid4())] * 1001}, 400, "ids"), ({"status": "ERRO", "cursor": "x"}, 400, "cursor"),
    ],
)  # fmt: skip
async def test_o_que_nao_se_reprocessa(
    cliente_http: httpx.AsyncClient, sala: Sala, corpo: dict[str, Any], status: int, campo: str
) -> None:
    resposta = await cliente_http.post(f"{URL}/reprocessar", json=corpo, headers=sala.cena.sessao.cabecalho)
    dita = recusa(resposta)
    assert (resposta.status_code, dita["campo"]) == (status, campo)


@pytest.mark.parametrize(
    "filtro", [{"status": "X"}, {"conexaoId": "x"}, {"campo": ""}, {"de": "ontem"}, {"cursor": "x"}, {"limite": 0}]
)
async def test_filtro_que_nao_existe(cliente_http: httpx.AsyncClient, sala: Sala, filtro: dict[str, Any]) -> None:
    resposta = await cliente_http.get(URL, params=filtro, headers=sala.cena.sessao.cabecalho)
    assert (resposta.status_code, recusa(resposta)["campo"]) == (400, next(iter(filtro)))


async def test_so_quem_pode_e_so_do_proprio_cliente(
    cliente_http: httpx.AsyncClient, sala: Sala, eventos: list[str], bia: Sessao
) -> None:
    http = cliente_http
    le = sala.colega("TODAS", "webhooks:ler", nome="Só Lê")
    nada = sala.colega(nome="Atende")
    for url in (URL, f"{URL}/{eventos[0]}", f"{URL}/horas"):
        assert (await http.get(url)).status_code == 401
        sem = await http.get(url, headers=nada.cabecalho)
        assert (sem.status_code, recusa(sem)["codigo"]) == (403, "ZPG01")
        assert (await http.get(url, headers=le.cabecalho)).status_code == 200
    repor = {"ids": eventos}
    assert (await http.post(f"{URL}/reprocessar", json=repor, headers=le.cabecalho)).status_code == 403
    assert (await http.post(f"{URL}/reprocessar", json=repor)).status_code == 401
    assert (await http.get(f"{URL}/{eventos[0]}", headers=bia.cabecalho)).status_code == 404
    assert (await http.get(URL, headers=bia.cabecalho)).json()["dados"] == []
    alheios = await http.post(f"{URL}/reprocessar", json=repor, headers=bia.cabecalho)
    assert alheios.status_code == 404 or alheios.json()["dados"]["reenfileirados"] == 0
