"""The API starts, answers and says why while the database is still down."""

from __future__ import annotations

import dataclasses

import httpx

from app.http.aplicacao import criar_aplicacao
from tests.api.conftest import ConfigDeTeste, recusa


async def test_banco_fora(config: ConfigDeTeste) -> None:
    # port 1 refuses at once: nothing listens there
    fora = dataclasses.replace(config, url_de=lambda papel: f"postgresql://{papel}:x@127.0.0.1:1/nada")
    aplicacao = criar_aplicacao(fora)
    async with aplicacao.lifespan():
        transporte = httpx.ASGITransport(app=aplicacao)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transporte, base_url="http://balcao.test") as http:
            saude = await http.get("/api/saude")
            entrar = await http.post("/api/autenticacao/entrar", json={"email": "a@b.test", "senha": "x"})
            assert (await http.get("/api/docs/openapi.json")).status_code == 200
    assert saude.status_code == entrar.status_code == 503
    assert recusa(saude)["detalhe"] == "banco: fora; redis: True"
    assert recusa(entrar)["codigo"] == "ZTG01"
    assert entrar.headers["retry-after"] == "1"
