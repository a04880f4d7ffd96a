"""How soon pages begin on a tenant with 10,000 conversations; print one JSON line for each page.

    python bench/web.py --vezes 100

The whole product runs; milliseconds from the request to the whole answer over the loopback, one request at a time.
`quieto`: nothing changes between them. `mudando`: before each request a colleague marks a conversation as unread, so
that what was cached of lists and counts is stale.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.produto import Agente, Produto
from tests.e2e.velocidade import CLIENTES, grande


def dizer(**dados: object) -> None:
    print(json.dumps({"bench": "web", "carga": round(os.getloadavg()[0], 1), **dados}), flush=True)


def _navegador(dono: Agente, base: str) -> httpx.Client:
    cookies = "; ".join(f"{nome}={valor}" for nome, valor in dono.cookies())
    cabecalhos = {"Cookie": cookies, "Accept-Encoding": "gzip, br", "Sec-Fetch-Site": "same-origin"}
    return httpx.Client(base_url=base, headers=cabecalhos, trust_env=False, timeout=30)


def tempos(web: httpx.Client, caminho: str, vezes: int, mudar: Any) -> dict[str, float]:
    saida = []
    for n in range(vezes + 5):
        if mudar:
            mudar()
        inicio = time.perf_counter()
        with web.stream("GET", caminho) as resposta:
            ms = (time.perf_counter() - inicio) * 1000
            assert resposta.status_code == 200, caminho
            resposta.read()
        if n >= 5:
            saida.append(ms)
    saida.sort()
    return {"p50_ms": round(statistics.median(saida), 1), "p95_ms": round(saida[int(len(saida) * 0.95)], 1)}


def main() -> None:
    opcoes = argparse.ArgumentParser()
    opcoes.add_argument("--vezes", type=int, default=100)
    vezes = opcoes.parse_args().vezes
    with tempfile.TemporaryDirectory() as pasta:
        produto = Produto(Path(pasta))
        try:
            empresa, conversas = grande(produto)
            conversa, outra = (conversas[c] for c in CLIENTES)
            todas = "aba=todas&status=qualquer"
            paginas = {
                "entrar": "/entrar", "painel": "/", "conversas": "/conversas", "conversas_todas": f"/conversas?{todas}",
                "conversa": f"/conversas/{conversa}?{todas}", "busca": f"/conversas?{todas}&q=ana",
                "contatos": "/contatos", "etiquetas": "/etiquetas",
            }  # fmt: skip
            empresa.dono.pedir("POST", f"/api/conversas/{outra}/assumir", json={})

            def mudar() -> None:
                empresa.dono.pedir("POST", f"/api/conversas/{outra}/nao-lida")

            with _navegador(empresa.dono, produto.base) as web:
                for nome, caminho in paginas.items():
                    dizer(
                        pagina=nome,
                        quieto=tempos(web, caminho, vezes, None),
                        mudando=tempos(web, caminho, vezes, mudar),
                    )
        finally:
            produto.encerrar()


if __name__ == "__main__":
    main()
