"""The second factor through the API and the login page: asked for after the right password only, and worth once."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx
import pyotp
import pytest

from tests.api.conftest import recusa
from tests.conftest import SENHA, Sessao

BASE = "/api/autenticacao"
NOSSO = {"Sec-Fetch-Site": "same-origin"}
_ips = itertools.count(1)


@pytest.fixture
def http(cliente_de: Callable[[str], httpx.AsyncClient]) -> httpx.AsyncClient:
    n = next(_ips)
    return cliente_de(f"10.77.{n >> 8 & 255}.{n & 255}")


@pytest.fixture
async def dona(novo_cliente: Any) -> Sessao:
    sessao: Sessao = await novo_cliente("Com Segundo Fator")
    return sessao


def cabecalho(quem: Sessao) -> dict[str, str]:
    return {"Authorization": f"Bearer {quem.cliente_id}.{quem.segredo}"}


async def ligar(http: httpx.AsyncClient, quem: Sessao) -> tuple[pyotp.TOTP, list[str]]:
    """Turn it on with the code of the step before, so that two more are at hand without waiting."""
    iniciado = await http.post(f"{BASE}/fator", headers=cabecalho(quem), json={"senhaAtual": SENHA})
    assert iniciado.status_code == 201, iniciado.text
    dados = iniciado.json()["dados"]
    assert dados["chave"] in dados["endereco"] and dados["endereco"].startswith("otpauth://totp/")
    totp = pyotp.TOTP(dados["chave"])
    confirmado = await http.post(
        f"{BASE}/fator/confirmar", headers=cabecalho(quem), json={"codigo": totp.at(int(time.time()) - 30)}
    )
    assert confirmado.status_code == 200, confirmado.text
    return totp, confirmado.json()["dados"]["codigos"]


async def entrar(http: httpx.AsyncClient, quem: Sessao, **mais: str) -> httpx.Response:
    return await http.post(f"{BASE}/entrar", json={"email": quem.email, "senha": SENHA, **mais})


async def test_a_api_pede_o_codigo_depois_da_senha_certa(http: httpx.AsyncClient, dona: Sessao) -> None:
    totp, reservas = await ligar(http, dona)
    assert len(set(reservas)) == 10 and all(re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", r) for r in reservas)
    errada = await entrar(http, dona, senha="não é esta")
    assert (errada.status_code, recusa(errada)["codigo"]) == (401, "ZAI01")
    falta = await entrar(http, dona)
    assert (falta.status_code, recusa(falta)["codigo"], recusa(falta)["campo"]) == (401, "ZAI03", "codigo")
    errado = await entrar(http, dona, codigo="00000")
    assert (errado.status_code, recusa(errado)["codigo"]) == (401, "ZAI04")
    codigo = totp.now()
    assert (await entrar(http, dona, codigo=f"{codigo[:3]} {codigo[3:]}")).status_code == 200
    assert recusa(await entrar(http, dona, codigo=codigo))["codigo"] == "ZAI04"
    # a recovery code, however it was copied
    assert (await entrar(http, dona, codigo=reservas[0].lower().replace("-", " "))).status_code == 200
    assert recusa(await entrar(http, dona, codigo=reservas[0]))["codigo"] == "ZAI04"
    assert (await http.get(f"{BASE}/fator", headers=cabecalho(dona))).json()["dados"]["reservas"] == 9


async def test_o_codigo_de_antes_e_o_de_depois_servem_os_outros_nao(http: httpx.AsyncClient, dona: Sessao) -> None:
    totp, _ = await ligar(http, dona)
    agora = int(time.time())
    assert recusa(await entrar(http, dona, codigo=totp.at(agora - 90)))["codigo"] == "ZAI04"
    assert recusa(await entrar(http, dona, codigo=totp.at(agora + 90)))["codigo"] == "ZAI04"
    assert (await entrar(http, dona, codigo=totp.at(agora + 30))).status_code == 200
    # once a later one was worth, no earlier one is
    assert recusa(await entrar(http, dona, codigo=totp.at(agora)))["codigo"] == "ZAI04"


async def test_a_senha_confirma_o_que_mexe_no_fator(http: httpx.AsyncClient, dona: Sessao) -> None:
    com = {"headers": cabecalho(dona)}
    assert recusa(await http.post(f"{BASE}/fator", **com, json={"senhaAtual": "x"}))["codigo"] == "ZRI04"
    assert recusa(await http.post(f"{BASE}/fator/confirmar", **com, json={"codigo": "123456"}))["codigo"] == "ZNI60"
    await ligar(http, dona)
    for ato in ("codigos", "desligar"):
        negado = await http.post(f"{BASE}/fator/{ato}", **com, json={"senhaAtual": "x"})
        assert recusa(negado)["codigo"] == "ZRI04"
    novos = await http.post(f"{BASE}/fator/codigos", **com, json={"senhaAtual": SENHA})
    assert len(novos.json()["dados"]["codigos"]) == 10
    desligado = await http.post(f"{BASE}/fator/desligar", **com, json={"senhaAtual": SENHA})
    assert desligado.json()["dados"]["ativo"] is False
    assert (await entrar(http, dona)).status_code == 200


async def _primeiro_passo(http: httpx.AsyncClient, quem: Sessao, volta: str = "/") -> httpx.Response:
    dados = {"email": quem.email, "senha": SENHA, "volta": volta}
    resposta = await http.post("/entrar", data=dados, headers=NOSSO)
    assert resposta.status_code == 303, resposta.text
    return resposta


def _biscoito(resposta: httpx.Response, nome: str) -> str:
    achado = re.search(rf"{nome}=([^;]*)", "; ".join(resposta.headers.get_list("set-cookie")))
    assert achado, resposta.headers
    return achado[1]


async def test_segundo_passo_da_pagina(http: httpx.AsyncClient, dona: Sessao) -> None:
    totp, reservas = await ligar(http, dona)
    primeiro = await _primeiro_passo(http, dona, "/contatos?q=a")
    assert primeiro.headers["location"] == "/entrar/codigo?volta=%2Fcontatos%3Fq%3Da"
    assert "__Host-sessao" not in "".join(primeiro.headers.get_list("set-cookie"))
    com = {"headers": {**NOSSO, "Cookie": f"__Host-entrada={_biscoito(primeiro, '__Host-entrada')}"}}
    pagina = await http.get(primeiro.headers["location"], **com)
    assert pagina.status_code == 200 and SENHA not in pagina.text and dona.email not in pagina.text
    assert 'autocomplete="one-time-code"' in pagina.text and 'inputmode="numeric"' in pagina.text
    errado = await http.post("/entrar/codigo", data={"codigo": "0", "volta": "/contatos?q=a"}, **com)
    assert errado.status_code == 401 and "ZAI04" in errado.text and "/contatos?q=a" in unescape(errado.text)
    certo = await http.post("/entrar/codigo", data={"codigo": totp.now(), "volta": "/contatos?q=a"}, **com)
    assert certo.status_code == 303 and certo.headers["location"] == "/contatos?q=a"
    assert _biscoito(certo, "__Host-sessao").startswith(f"{dona.cliente_id}.")
    # the first step was spent: whoever copied its cookie begins with the password, with a good code or without
    outra_vez = await http.post("/entrar/codigo", data={"codigo": reservas[0]}, **com)
    assert outra_vez.status_code == 401 and "ZAI05" in outra_vez.text and 'name="senha"' in outra_vez.text


async def test_sem_o_primeiro_passo_nao_ha_segundo(http: httpx.AsyncClient, dona: Sessao) -> None:
    await ligar(http, dona)
    assert (await http.get("/entrar/codigo")).headers["location"] == "/entrar"
    for valor in ("x", f"{dona.cliente_id}.{'a' * 43}"):
        com = {"headers": {**NOSSO, "Cookie": f"__Host-entrada={valor}"}}
        resposta = await http.post("/entrar/codigo", data={"codigo": "123456"}, **com)
        assert resposta.status_code in (303, 401)
        assert "__Host-sessao" not in "".join(resposta.headers.get_list("set-cookie"))


async def test_codigos_errados_bloqueiam(http: httpx.AsyncClient, dona: Sessao) -> None:
    totp, _ = await ligar(http, dona)
    primeiro = await _primeiro_passo(http, dona)
    com = {"headers": {**NOSSO, "Cookie": f"__Host-entrada={_biscoito(primeiro, '__Host-entrada')}"}}
    vistos = [(await http.post("/entrar/codigo", data={"codigo": "0"}, **com)).status_code for _ in range(11)]
    assert vistos == [401] * 9 + [429] * 2
    bloqueado = await http.post("/entrar/codigo", data={"codigo": totp.now()}, **com)
    assert bloqueado.status_code == 429 and "data-espera" in bloqueado.text
    assert recusa(await entrar(http, dona, codigo=totp.now()))["codigo"] == "ZLI01"


async def test_recuperar_diz_o_que_fazer(http: httpx.AsyncClient) -> None:
    pagina = await http.get("/recuperar")
    assert pagina.status_code == 200 and "código" in pagina.text and "quem administra" in pagina.text
    assert "/recuperar" in (await http.get("/entrar")).text
