"""What it costs that the tables themselves refuse marketing, and to find one of 2,000 canned replies; one JSON line.

    python -m bench recusa

A public of 100,000 is frozen and its first rows are fed to the queue, by turns with the triggers and without
them, in transactions that are rolled back. Seconds, medians.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from typing import Any
from uuid import UUID

import psycopg

from app.http.comum import DaSessao
from bench._cena_contatos import Cena, montar

_GATILHOS = (
    ("campanhas_log", "_060_recusar_insert"),
    ("campanhas_log", "_060_recusar_update"),
    ("fila", "_060_recusar"),
    ("mensagens", "_060_recusar"),
)
_CORPO = json.dumps([{"type": "BODY", "text": "Olá {{1}}, seu desconto é {{2}}."}])


def _campanha(admin: psycopg.Connection[Any], cliente_id: UUID, pessoas: int) -> UUID:
    (conexao,) = admin.execute(
        "insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, conta_id_externa,"
        " credenciais, status, teto_por_segundo) values (%s, 'Número', 'WHATSAPP', 'META_API', '100200300400500',"
        " '500100200300', %s, 'ATIVA', 80) returning id",
        [cliente_id, bytes(64)],
    ).fetchone() or (None,)
    (modelo,) = admin.execute(
        "insert into modelos (cliente_id, conexao_id, id_externo, nome, idioma, categoria, status, componentes,"
        " variaveis) values (%s, %s, '1', 'promo', 'pt_BR', 'MARKETING', 'APPROVED', %s, '{1,2}') returning id",
        [cliente_id, conexao, _CORPO],
    ).fetchone() or (None,)
    admin.execute(
        "insert into contatos (cliente_id, nome, telefone) select %s, 'Pessoa ' || n, '+5511' || (900000000 + n)"
        " from generate_series(1, %s) as n",
        [cliente_id, pessoas],
    )
    (campanha,) = admin.execute(
        "insert into campanhas (cliente_id, nome, conexao_id, modelo_id, variaveis, publico_tipo, criado_por)"
        " select %s, 'Medida', %s, %s, %s, 'FILTRO', u.id from usuarios u where u.cliente_id = %s limit 1 returning id",
        [cliente_id, conexao, modelo, json.dumps({"1": "{{contato.nome}}", "2": "10%"}), cliente_id],
    ).fetchone() or (None,)
    admin.execute("vacuum analyze contatos")
    return UUID(str(campanha))


def _volta(url: str, cliente_id: UUID, campanha: UUID) -> tuple[float, float]:
    """One freezing and one feeding, undone."""
    with psycopg.connect(url) as conexao:
        conexao.execute("set local role crm_definidor")
        conexao.execute("select set_config('app.cliente_id', %s, true)", [str(cliente_id)])
        inicio = time.perf_counter()
        conexao.execute("select interno.campanha_congelar(%s, %s)", [cliente_id, campanha])
        congelar = time.perf_counter() - inicio
        conexao.execute("update campanhas set status = 'EM_ANDAMENTO' where id = %s", [campanha])
        conexao.execute("select interno.campanhas_log_estatisticas()")
        inicio = time.perf_counter()
        conexao.execute("select interno.campanha_alimentar(%s, %s)", [cliente_id, campanha])
        alimentar = time.perf_counter() - inicio
        conexao.rollback()
    return congelar, alimentar


def _gatilhos(cena: Cena, modo: str) -> None:
    for tabela, gatilho in _GATILHOS:
        cena.admin.execute(f"alter table {tabela} {modo} trigger {gatilho}")


async def _buscas(cena: Cena, chamada: DaSessao, quantas: int) -> dict[str, float]:
    cena.admin.execute(
        "insert into respostas_rapidas (cliente_id, escopo, atalho, titulo, texto)"
        " select %s, 'TODOS', 'r' || n, 'Resposta número ' || n,"
        " repeat('Obrigado pela preferência, volte sempre. ', 20)"
        " || n from generate_series(1, %s) as n",
        [chamada.cliente_id, quantas],
    )
    cena.admin.execute("analyze respostas_rapidas")
    tempos = []
    for n in range(200):
        inicio = time.perf_counter()
        await chamada.lista("api.respostas_rapidas_listar", p_busca=f"volte {n}", p_limite=10)
        tempos.append((time.perf_counter() - inicio) * 1000)
    tempos.sort()
    return {"p50_ms": round(tempos[100], 2), "p95_ms": round(tempos[190], 2)}


async def medir(pessoas: int, voltas: int, respostas: int) -> dict[str, object]:
    async with montar() as cena:
        chamada = await cena.cliente("Recusa")
        campanha = _campanha(cena.admin, chamada.cliente_id, pessoas)
        medidas: dict[str, list[tuple[float, float]]] = {"com": [], "sem": []}
        for volta in range(2 * voltas + 2):
            caso = "com" if volta % 2 else "sem"
            _gatilhos(cena, "enable" if caso == "com" else "disable")
            feita = await asyncio.to_thread(_volta, cena.servidor.url("postgres"), chamada.cliente_id, campanha)
            if volta >= 2:
                medidas[caso].append(feita)
        saida: dict[str, object] = {"bench": "recusa", "pessoas": pessoas, "voltas": voltas}
        for caso, feitas in medidas.items():
            saida[f"congelar_{caso}_s"] = round(statistics.median(c for c, _ in feitas), 3)
            saida[f"alimentar_{caso}_s"] = round(statistics.median(a for _, a in feitas), 4)
        saida["respostas"] = respostas
        saida["busca"] = await _buscas(cena, chamada, respostas)
    return saida


def main() -> None:
    opcoes = argparse.ArgumentParser()
    opcoes.add_argument("--pessoas", type=int, default=100_000)
    opcoes.add_argument("--voltas", type=int, default=5)
    opcoes.add_argument("--respostas", type=int, default=2000)
    lidas = opcoes.parse_args()
    print(json.dumps(asyncio.run(medir(lidas.pessoas, lidas.voltas, lidas.respostas)), ensure_ascii=False))


if __name__ == "__main__":
    main()
