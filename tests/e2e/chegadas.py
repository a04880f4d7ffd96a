"""Pages that need more than a session: what a browser has in its hands who arrives at one, somebody new each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import httpx
import pyotp

from tests.e2e.produto import Agente, Empresa

Cookies = list[tuple[str, str]]
_FATOR: Final = "/configuracoes/seguranca/fator"


def _postar(pessoa: Agente, caminho: str, cookies: Cookies, **campos: str) -> Cookies:
    """What a form leaves in the browser when it is accepted."""
    cabecalhos = {"Sec-Fetch-Site": "same-origin", "Cookie": "; ".join(f"{n}={v}" for n, v in cookies)}
    base = pessoa.produto.base
    resposta = httpx.post(f"{base}{caminho}", data=campos, headers=cabecalhos, trust_env=False)
    assert resposta.status_code == 303, resposta.text
    return list(resposta.cookies.items())


def _ligar(pessoa: Agente) -> str:
    """The second factor, until its first code is missing: that code."""
    chave = pessoa.pedir("POST", "/api/autenticacao/fator", json={"senhaAtual": pessoa.senha})["chave"]
    return pyotp.TOTP(chave).at(int(time.time()))


def dono(empresa: Empresa) -> Cookies:
    """Who has a session, as nearly every page wants."""
    return empresa.dono.cookies()


def falta_codigo(empresa: Empresa) -> Cookies:
    """Who has said the password and owes the code."""
    pessoa = empresa.contratar("Falta Código")
    pessoa.pedir("POST", "/api/autenticacao/fator/confirmar", json={"codigo": _ligar(pessoa)})
    return _postar(pessoa, "/entrar", [], email=pessoa.email, senha=pessoa.senha)


def falta_ligar(empresa: Empresa) -> Cookies:
    """Who is about to put the second factor into an authenticator."""
    pessoa = empresa.contratar("Falta Ligar")
    _ligar(pessoa)
    return pessoa.cookies()


def com_fator(empresa: Empresa) -> Cookies:
    """Who has the second factor on, and the recovery codes on their way to the page that shows them once."""
    pessoa = empresa.contratar("Códigos Novos")
    return pessoa.cookies() + _postar(pessoa, f"{_FATOR}/ligar", pessoa.cookies(), codigo=_ligar(pessoa))


Chegar = Callable[[Empresa], Cookies]
