"""Dead letters, undecided sends and the evidence of a campaign, over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.banco import Banco
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar
from tests.sql.test_fila_morta import matar


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Any) -> Cena:
    return cenas.montar(admin, await novo_cliente("Provas"), 3)


async def test_fila_morta_do_grupo_ao_reenvio(cliente_http: httpx.AsyncClient, admin: Admin, cena: Cena) -> None:
    eu = cena.sessao.cabecalho
    morta = matar(admin, cena, "conexao_consultar", uuid4())
    resposta = await cliente_http.get("/api/fila-morta/grupos", headers=eu)
    assert resposta.status_code == 200
    (grupo,) = resposta.json()["dados"]
    resposta = await cliente_http.get(
        "/api/fila-morta", headers=eu, params={"resolvida": "false", "grupo": grupo["id"], "de": "2020-01-01T00:00:00Z"}
    )
    assert [x["id"] for x in resposta.json()["dados"]] == [str(morta)]
    assert (await cliente_http.get(f"/api/fila-morta/{morta}", headers=eu)).json()["dados"]["naFila"] is None
    corpo = {"motivo": "voltou", "grupo": grupo["id"]}
    feito = await cliente_http.post("/api/fila-morta/reenfileirar", headers={**eu, "Idempotency-Key": "k1"}, json=corpo)
    assert (feito.status_code, feito.json()["dados"]["feitos"]) == (200, 1)
    de_novo = await cliente_http.post(
        "/api/fila-morta/descartar", headers=eu, json={"motivo": "x y", "ids": [str(morta)]}
    )
    assert (de_novo.status_code, de_novo.json()["erro"]["codigo"]) == (409, "ZCF01")
    for ruim in ({"ids": [str(morta)]}, {"motivo": "ab", "ids": [str(morta)]}, {"motivo": "abc", "ids": []}):
        assert (await cliente_http.post("/api/fila-morta/reenfileirar", headers=eu, json=ruim)).status_code == 400


async def test_incertas_e_prova(
    cliente_http: httpx.AsyncClient, banco_api: Banco, admin: Admin, cena: Cena, novo_cliente: Any
) -> None:
    eu = cena.sessao.cabecalho
    campanha = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, campanha)
    admin.execute("update contatos set nome = '=cmd()' where id = %s", [cena.contatos[0]])
    assert (await cliente_http.get("/api/entregas/incertas", headers=eu)).json()["dados"] == []
    caminho = f"/api/entregas/incertas/CAMPANHA/{uuid4()}/decidir"
    corpo = {"decisao": "DESISTIR", "motivo": "ninguém sabe"}
    assert (await cliente_http.post(caminho, headers=eu, json=corpo)).status_code == 404
    assert (await cliente_http.post(caminho.replace("CAMPANHA", "OUTRA"), headers=eu, json=corpo)).status_code == 400
    lote = await cliente_http.post(f"/api/campanhas/{campanha}/incertas/decidir", headers=eu, json=corpo)
    assert lote.json()["dados"] == {"feitos": 0, "recusados": [], "restam": 0, "proximoCursor": None}
    prova = (await cliente_http.get(f"/api/campanhas/{campanha}/prova?conferir=true", headers=eu)).json()["dados"]
    assert (prova["resumo"]["confere"], len(prova["destinatarios"])) == (True, 3)
    arquivo = await cliente_http.get(f"/api/campanhas/{campanha}/prova.csv", headers=eu)
    assert arquivo.status_code == 200
    assert arquivo.headers["content-type"].startswith("text/csv")
    assert arquivo.headers["content-disposition"].startswith("attachment")
    assert ";'=cmd()" in arquivo.text and ";=cmd()" not in arquivo.text
    assert arquivo.content.startswith(b"\xef\xbb\xbfEnvio;Contato;Nome;")
    assert arquivo.text.count("\r\n") == 4
    # the other tenant: refused in the envelope, before any byte of a file
    alheia = (await novo_cliente("Outra")).cabecalho
    negado = await cliente_http.get(f"/api/campanhas/{campanha}/prova.csv", headers=alheia)
    assert (negado.status_code, negado.json()["erro"]["codigo"]) == (404, "ZNK01")
