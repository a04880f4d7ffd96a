"""W-72: no malformed input gives a 5xx, on any route that is published, and every refusal has the one shape.

Requests are made from the OpenAPI document with a fixed seed: mostly right, with a few values swapped for hostile ones.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any
from uuid import uuid4

import httpx

from tests.api.conftest import recusa
from tests.conftest import Sessao

SEMENTE = 20260
POR_ROTA = 25
HOSTIS: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 10**400, 1.5, -0.0, 1e308, "", " ", "\x00", "a\x00b", "'; drop table x; --", "%",
    "\\", "\ud800", "x" * 100_000, "🤖" * 300, "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", str(uuid4()), [],
    [None], [[]],
    {}, {"a": {"b": [1]}}, ["x"] * 2000, {str(i): i for i in range(500)},
    "NaN", "1",
]  # fmt: skip
CRUS = [b"", b"{", b"[" * 50_000, b'{"a":' * 50_000, b"\xff\xfe\x00", b'{"a":1,"a":2}', b"NaN", b'"\\ud800"', b"{}{}"]


class Gerador:
    """Values that fit a schema, now and then replaced by one that does not."""

    def __init__(self, esquemas: dict[str, Any], sorte: random.Random) -> None:
        self._esquemas = esquemas
        self._sorte = sorte

    def valor(self, esquema: dict[str, Any], hostilidade: float, fundo: int = 0) -> Any:
        if self._sorte.random() < hostilidade:
            return self._sorte.choice(HOSTIS)
        if "$ref" in esquema:
            return self.valor(self._esquemas[esquema["$ref"].rsplit("/", 1)[-1]], hostilidade, fundo + 1)
        for chave in ("oneOf", "anyOf"):
            if chave in esquema:
                return self.valor(self._sorte.choice(esquema[chave]), hostilidade, fundo + 1)
        if "enum" in esquema or "const" in esquema:
            return self._sorte.choice(esquema.get("enum") or [esquema["const"]])
        return self._do_tipo(esquema, hostilidade, fundo)

    def _do_tipo(self, esquema: dict[str, Any], hostilidade: float, fundo: int) -> Any:
        match esquema.get("type"):
            case "object":
                campos = esquema.get("properties", {})
                if self._sorte.random() < hostilidade:
                    campos = {**campos, "campoQueNaoExiste": {"type": "string"}}
                return {
                    n: self.valor(e, hostilidade, fundo + 1) for n, e in campos.items() if self._sorte.random() < 0.8
                }
            case "array":
                return [self.valor(esquema.get("items", {}), hostilidade, fundo + 1) for _ in range(fundo % 3)]
            case "integer":
                return self._sorte.choice([1, 12, 200])
            case "boolean":
                return self._sorte.random() < 0.5
            case "string" if esquema.get("format") == "uuid":
                return str(uuid4())
            case "string" if esquema.get("format") == "date-time":
                return "2030-01-01T12:00:00-03:00"
            case "null":
                return None
        return f"texto {self._sorte.randrange(1000)}"


def _consulta(valor: Any) -> str:
    return valor if isinstance(valor, str) else json.dumps(valor)


async def test_nada_malformado_vira_5xx(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    esquema = (await cliente_http.get("/api/docs/openapi.json")).json()
    sorte = random.Random(SEMENTE)
    gerador = Gerador(esquema["components"]["schemas"], sorte)
    desfechos: Counter[int] = Counter()
    for caminho, item in esquema["paths"].items():
        for metodo, operacao in item.items():
            if "webhook" in caminho or caminho.endswith((
                "/sair", "/sessoes/{id}", "/sessoes", "/senha", "/eventos/fluxo",
            )):  # fmt: skip
                continue  # a provider's contract; what would end this test's session; an answer without end
            for n in range(POR_ROTA):
                parametros = operacao.get("parameters", [])
                url, consulta = caminho, {}
                cabecalhos = dict(ana.cabecalho)
                for p in parametros:
                    valor = gerador.valor(p["schema"], 0.25)
                    if p["in"] == "path":
                        url = url.replace("{" + p["name"] + "}", str(uuid4()) if n % 2 else str(ana.usuario_id))
                    elif p["in"] == "query":
                        consulta[p["name"]] = _consulta(valor)[:2000].encode("utf-8", "replace").decode()
                    elif n % 3 == 0:
                        cabecalhos[p["name"]] = "".join(
                            c for c in _consulta(valor)[:300] if c.isascii() and c.isprintable()
                        )
                corpo = None
                if "requestBody" in operacao:
                    conteudo = operacao["requestBody"]["content"]
                    cabecalhos["Content-Type"] = next(iter(conteudo))
                    formato = next(iter(conteudo.values()))["schema"]
                    corpo = CRUS[n % len(CRUS)] if n % 5 == 0 else json.dumps(gerador.valor(formato, 0.15)).encode()
                resposta = await cliente_http.request(metodo, url, params=consulta, content=corpo, headers=cabecalhos)
                onde = (
                    f"{metodo} {url} {consulta} {(corpo or b'')[:300]!r}: {resposta.status_code} {resposta.text[:300]}"
                )
                assert resposta.status_code < 500, onde
                if resposta.status_code >= 400:
                    assert recusa(resposta)["mensagem"], onde
                desfechos[resposta.status_code // 100] += 1
    # hostile enough to be refused, right enough to reach the functions
    assert desfechos[2] > 50 and desfechos[4] > 200, desfechos
