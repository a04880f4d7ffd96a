"""Sees the plans of what a stored function runs, as the role that it runs as."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

Conexao = psycopg.Connection[dict[str, Any]]
# tables that grow with the tenants' work: reading one of them whole is never right
GRANDES: Final = frozenset(
    {
        "fila", "contatos", "campanhas_log", "campanhas_totais", "tentativas", "status_recebidos",
        "webhooks_recebidos", "sessoes", "conexoes",
    }
)  # fmt: skip


@dataclass
class No:
    """One scan in a plan."""

    tipo: str
    tabela: str | None
    indice: str | None
    condicao: str
    lidas: int
    descartadas: int


@dataclass
class Visto:
    """What one call did."""

    resposta: Any
    nos: list[No] = field(default_factory=list)
    blocos: int = 0

    @property
    def indices(self) -> set[str]:
        return {n.indice for n in self.nos if n.indice}

    @property
    def varreduras(self) -> list[str]:
        """Large tables that were read whole."""
        return sorted({n.tabela for n in self.nos if n.tipo == "Seq Scan" and n.tabela in GRANDES})

    @property
    def sem_cliente(self) -> list[str]:
        """Indexes of large tables that were entered without naming the tenant."""
        tenants = {n.indice for n in self.nos if n.indice and n.tabela in GRANDES and "cliente_id" not in n.condicao}
        return sorted(tenants)

    @property
    def descartadas(self) -> int:
        """Rows of large tables that were read in vain."""
        return sum(n.descartadas for n in self.nos if n.tabela in GRANDES)

    @property
    def lidas(self) -> int:
        """The most rows that one step read of a large table, wanted or not."""
        return max((n.lidas + n.descartadas for n in self.nos if n.tabela in GRANDES), default=0)


def _nos(plano: Mapping[str, Any], tabela: str | None = None) -> Iterator[No]:
    tabela = plano.get("Relation Name") or tabela
    if "Scan" in plano["Node Type"]:
        yield No(
            plano["Node Type"],
            tabela,
            plano.get("Index Name"),
            plano.get("Index Cond", ""),
            round(plano.get("Actual Rows", 0) * plano.get("Actual Loops", 1)),
            plano.get("Rows Removed by Filter", 0) * plano.get("Actual Loops", 1),
        )
    for filho in plano.get("Plans", ()):
        # a bitmap index scan does not say whose index it is; its heap scan does
        yield from _nos(filho, tabela if plano["Node Type"] in ("Bitmap Heap Scan", "BitmapOr", "BitmapAnd") else None)


class Espia:
    """A superuser's connection that calls functions as a given role and sees the plans of what they run."""

    def __init__(self, url: str) -> None:
        self.conexao: Conexao = psycopg.connect(url, autocommit=True, row_factory=dict_row)
        self._avisos: list[str] = []
        self.conexao.add_notice_handler(lambda d: self._avisos.append(d.message_primary or ""))
        self.conexao.execute("load 'auto_explain'")
        for nome, valor in {
            "log_min_duration": "-1", "log_analyze": "on", "log_buffers": "on", "log_timing": "off",
            "log_nested_statements": "on", "log_format": "json",
        }.items():  # fmt: skip
            self.conexao.execute(sql.SQL("set auto_explain.{} = {}").format(sql.Identifier(nome), sql.Literal(valor)))

    def fechar(self) -> None:
        self.conexao.close()

    @contextmanager
    def _como(
        self, papel: str, cliente_id: UUID | None, *, planos: bool = False, desfazer: bool = True
    ) -> Iterator[None]:
        with self.conexao.transaction(force_rollback=desfazer):
            if planos:
                # before the role: only a superuser may ask for plans
                self.conexao.execute("set local auto_explain.log_min_duration = 0")
                self.conexao.execute("set local client_min_messages = log")
            self.conexao.execute(sql.SQL("set local role {}").format(sql.Identifier(papel)))
            if cliente_id:
                self.conexao.execute("select set_config('app.cliente_id', %s, true)", [str(cliente_id)])
            yield

    def chamar(self, papel: str, comando: str, valores: Mapping[str, Any], cliente_id: UUID | None = None) -> float:
        """Milliseconds of one call, undone afterwards."""
        with self._como(papel, cliente_id):
            inicio = perf_counter()
            self.conexao.execute(comando, valores)
            return (perf_counter() - inicio) * 1000

    def ver(
        self,
        papel: str,
        comando: str,
        valores: Mapping[str, Any],
        cliente_id: UUID | None = None,
        *,
        desfazer: bool = True,
    ) -> Visto:
        """The plans of one call, undone afterwards unless told otherwise."""
        with self._como(papel, cliente_id, planos=True, desfazer=desfazer):
            self._avisos.clear()
            visto = Visto(self.conexao.execute(comando, valores).fetchone())
            # a statement reports when its portal closes, which is when the next one comes
            self.conexao.execute("select 1")
            avisos = list(self._avisos)
        for aviso in avisos:
            if " plan:\n" in aviso:
                plano = json.loads(aviso.split(" plan:\n", 1)[1])["Plan"]
                visto.nos += _nos(plano)
                # the outermost statement counts those inside it
                visto.blocos = max(visto.blocos, plano.get("Shared Hit Blocks", 0) + plano.get("Shared Read Blocks", 0))
        return visto
