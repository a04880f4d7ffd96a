"""The second factor through the API and the login page: asked for after the right password only, and worth once."""

from __future__ import annotations

import asyncio
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
from tests.autenticador import codigo_anterior
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
        f"{BASE}/fator/confirmar", headers=cabecalho(quem), json={"codigo": codigo_anterior(totp)}
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


async def test_senha_e_codigo_confirmam_o_que_mexe_no_fator(http: httpx.AsyncClient, dona: Sessao) -> None:
    com = {"headers": cabecalho(dona)}
    assert recusa(await http.post(f"{BASE}/fator", **com, json={"senhaAtual": "x"}))["codigo"] == "ZRI04"
    assert recusa(await http.post(f"{BASE}/fator/confirmar", **com, json={"codigo": "123456"}))["codigo"] == "ZNI60"
    totp, reservas = await ligar(http, dona)
    for ato in ("codigos", "desligar"):
        sem_codigo = await http.post(f"{BASE}/fator/{ato}", **com, json={"senhaAtual": SENHA})
        assert (sem_codigo.status_code, recusa(sem_codigo)["campo"]) == (400, "codigo")
        sem_senha = await http.post(f"{BASE}/fator/{ato}", **com, json={"senhaAtual": "x", "codigo": reservas[0]})
        assert recusa(sem_senha)["codigo"] == "ZRI04"
        errado = await http.post(f"{BASE}/fator/{ato}", **com, json={"senhaAtual": SENHA, "codigo": "000"})
        assert (recusa(errado)["codigo"], recusa(errado)["campo"]) == ("ZRI64", "codigo")
    novos = await http.post(f"{BASE}/fator/codigos", **com, json={"senhaAtual": SENHA, "codigo": totp.now()})
    assert len(novos.json()["dados"]["codigos"]) == 10
    # the code was spent, and the codes of before are gone
    for gasto in (totp.now(), reservas[1]):
        negado = await http.post(f"{BASE}/fator/desligar", **com, json={"senhaAtual": SENHA, "codigo": gasto})
        assert recusa(negado)["codigo"] == "ZRI64"
    certo = {"senhaAtual": SENHA, "codigo": novos.json()["dados"]["codigos"][0].lower()}
    desligado = await http.post(f"{BASE}/fator/desligar", **com, json=certo)
    assert desligado.json()["dados"]["ativo"] is False
    assert (await entrar(http, dona)).status_code == 200


async def test_codigos_errados_nas_configuracoes_bloqueiam(http: httpx.AsyncClient, dona: Sessao) -> None:
    totp, _ = await ligar(http, dona)
    com = {"headers": cabecalho(dona)}
    errado = {"senhaAtual": SENHA, "codigo": "000"}
    vistos = [(await http.post(f"{BASE}/fator/desligar", **com, json=errado)).status_code for _ in range(11)]
    assert vistos == [422] * 10 + [429]
    bloqueado = await http.post(f"{BASE}/fator/desligar", **com, json={**errado, "codigo": totp.now()})
    assert recusa(bloqueado)["codigo"] == "ZLI01"
    # who holds a session does not lock the owner out of the log-in by it
    assert (await entrar(http, dona, codigo=totp.now())).status_code == 200


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
    assert outra_vez.status_code == 303 and outra_vez.headers["location"] == "/entrar?motivo=ZAI05"
    assert _biscoito(outra_vez, "__Host-entrada") == '""'
    de_novo = await http.get("/entrar?motivo=ZAI05")
    assert "Esta entrada não vale mais" in de_novo.text and 'name="senha"' in de_novo.text


async def test_fator_tirado_encerra_a_entrada_que_espera(http: httpx.AsyncClient, dona: Sessao) -> None:
    """Whatever is typed, nobody enters by the first step alone; the password says it all again."""
    totp, reservas = await ligar(http, dona)
    primeiro = await _primeiro_passo(http, dona, "/contatos?q=a")
    com = {"headers": {**NOSSO, "Cookie": f"__Host-entrada={_biscoito(primeiro, '__Host-entrada')}"}}
    tirado = {"senhaAtual": SENHA, "codigo": reservas[0]}
    assert (await http.post(f"{BASE}/fator/desligar", headers=cabecalho(dona), json=tirado)).status_code == 200
    for dito in ("", "0", "000000", totp.now(), reservas[1]):
        resposta = await http.post("/entrar/codigo", data={"codigo": dito, "volta": "/contatos?q=a"}, **com)
        assert resposta.headers["location"] == "/entrar?volta=%2Fcontatos%3Fq%3Da&motivo=ZAI06"
        assert "__Host-sessao" not in "".join(resposta.headers.get_list("set-cookie"))
    pagina = await http.get(resposta.headers["location"])
    assert (
        pagina.status_code == 200
        and "segundo fator desta conta mudou" in pagina.text
        and "/contatos?q=a" in unescape(pagina.text)
    )
    de_novo = await http.post("/entrar", data={"email": dona.email, "senha": SENHA}, headers=NOSSO)
    assert de_novo.status_code == 303 and "__Host-sessao" in "".join(de_novo.headers.get_list("set-cookie"))


def _navegador(quem: Sessao, *mais: str) -> dict[str, Any]:
    sessao = f"__Host-sessao={quem.token}|{int(time.time()) + 43_000}"
    return {"headers": {**NOSSO, "Cookie": "; ".join((sessao, *mais))}}


async def test_codigos_aparecem_uma_vez_num_endereco_nosso(
    http: httpx.AsyncClient, dona: Sessao, novo_cliente: Any
) -> None:
    outra = await novo_cliente("Outra")
    aqui = "/configuracoes/seguranca/fator"
    _, reservas = await ligar(http, dona)
    errado = await http.post(f"{aqui}/codigos", data={"senha": SENHA, "codigo": "1"}, **_navegador(dona))
    assert errado.status_code == 422 and "ZRI64" in errado.text and 'aria-invalid="true"' in errado.text
    feito = await http.post(f"{aqui}/codigos", data={"senha": SENHA, "codigo": reservas[0]}, **_navegador(dona))
    assert (feito.status_code, feito.headers["location"]) == (303, f"{aqui}/reservas")
    selado = f"__Host-reservas={_biscoito(feito, '__Host-reservas')}"
    pagina = await http.get(f"{aqui}/reservas", **_navegador(dona, selado))
    assert pagina.status_code == 200 and pagina.headers["cache-control"] == "no-store"
    novos = re.findall(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\b", pagina.text)
    assert len(set(novos)) == 10 and not set(novos) & set(reservas)
    assert _biscoito(pagina, "__Host-reservas") == '""'
    # gone with it; and of no use to another session, tenant or time, nor is anything made up
    for quem, mais in ((dona, ()), (outra, (selado,)), (dona, ("__Host-reservas=x",)), (dona, (selado[:-8],))):
        depois = await http.get(f"{aqui}/reservas", **_navegador(quem, *mais))
        assert (depois.status_code, depois.headers["location"]) == (303, aqui)
    assert (await entrar(http, dona, codigo=novos[0])).status_code == 200


async def test_voltar_ao_desenho_depois_de_ligado(http: httpx.AsyncClient, dona: Sessao) -> None:
    aqui = "/configuracoes/seguranca/fator"
    nada = await http.get(f"{aqui}/ligar", **_navegador(dona))
    assert nada.headers["location"] == aqui and "brinde" in "".join(nada.headers.get_list("set-cookie"))
    assert (await http.post(aqui, data={"senha": SENHA}, **_navegador(dona))).headers["location"] == f"{aqui}/ligar"
    errado = await http.post(f"{aqui}/ligar", data={"codigo": "000"}, **_navegador(dona))
    assert (errado.status_code, errado.headers["location"]) == (303, f"{aqui}/ligar?recusa=ZRI61")
    de_novo = await http.get(f"{aqui}/ligar?recusa=ZRI61", **_navegador(dona))
    assert de_novo.status_code == 200 and "ZRI61" in de_novo.text and 'aria-invalid="true"' in de_novo.text
    chave = re.search(r'<p class="mono chave"[^>]*>([A-Z2-7 ]+)<', de_novo.text)
    assert chave
    codigo = pyotp.TOTP(chave[1].replace(" ", "")).now()
    ligado = await http.post(f"{aqui}/ligar", data={"codigo": codigo}, **_navegador(dona))
    assert ligado.headers["location"] == f"{aqui}/reservas"
    voltou = await http.get(f"{aqui}/ligar", **_navegador(dona))
    assert voltou.headers["location"] == aqui and "brinde" not in "".join(voltou.headers.get_list("set-cookie"))


async def test_duas_abas_ligam_ao_mesmo_tempo(http: httpx.AsyncClient, dona: Sessao) -> None:
    """The second drawing is the one that counts; a code of the first turns nothing on."""
    com = {"headers": cabecalho(dona)}
    chaves = [
        (await http.post(f"{BASE}/fator", **com, json={"senhaAtual": SENHA})).json()["dados"]["chave"] for _ in range(2)
    ]
    velho = await http.post(f"{BASE}/fator/confirmar", **com, json={"codigo": pyotp.TOTP(chaves[0]).now()})
    assert recusa(velho)["codigo"] == "ZRI61"
    certo = {"codigo": pyotp.TOTP(chaves[1]).now()}
    juntos = await asyncio.gather(*(http.post(f"{BASE}/fator/confirmar", **com, json=certo) for _ in range(4)))
    feitos = [r.json()["dados"]["codigos"] for r in juntos if r.status_code == 200]
    assert len(feitos) == 1
    # the codes that were shown are the ones that are kept
    assert (await entrar(http, dona, codigo=feitos[0][0])).status_code == 200


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
