"""Which handler does each kind of edge work (`fila.tipo` with `execucao` BORDA)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.worker import midias
from app.worker.aparelhos import reconciliar
from app.worker.borda import Tratador
from app.worker.leitura import marcar_leitura, mostrar_digitando
from app.worker.saude import consultar_conexao

TRATADORES: Final[Mapping[str, Tratador]] = {
    "midia_baixar": midias.baixar,
    "midia_subir": midias.subir,
    "leitura_marcar": marcar_leitura,
    "digitando_mostrar": mostrar_digitando,
    "conexao_consultar": consultar_conexao,
    "envio_reconciliar": reconciliar,
}
