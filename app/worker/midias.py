"""Moving media between a provider and the storage. Both directions may be repeated at any point.

What a failure means, how long to wait and when to give up is decided by the database; here only its kind is told.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.armazem import Armazem, ConteudoAusente, FalhaArmazem, Recebido
from app.cifra import InvalidTag
from app.credenciais import ConexaoAberta
from app.erros import Erro
from app.provedores.midia import (
    FalhaMidia,
    MidiaAusente,
    MidiaCorrompida,
    MidiaExpirada,
    MidiaGrande,
    MidiaIndisponivel,
    MidiaRecusada,
    MidiaSemAcesso,
    ProvedorMidia,
    ler_sha256,
)
from app.tipo_de_arquivo import farejar
from app.worker.borda import Depois, Impossivel
from app.worker.contexto import Contexto, NumeroPronto, Trabalho

# most particular first
_MOTIVOS: Final[tuple[tuple[type[FalhaMidia], str], ...]] = (
    (MidiaCorrompida, "CORROMPIDA"),
    (MidiaGrande, "GRANDE"),
    (MidiaRecusada, "RECUSADA"),
    (MidiaSemAcesso, "SEM_ACESSO"),
    (MidiaAusente, "AUSENTE"),
    (MidiaExpirada, "AUSENTE"),
)
_SEM_ACESSO_S: Final = Decimal(60)
# a third of the lease
RENOVACAO_S: Final = 20.0
_registro = structlog.get_logger(__name__)


class _Baixa(msgspec.Struct, frozen=True, rename="camel"):
    id: UUID
    id_externo: str
    mime: str | None
    nome: str | None
    sha256_informado: str | None
    maximo: int


class _Subida(msgspec.Struct, frozen=True, rename="camel"):
    id: UUID
    sha256: str
    mime: str
    tamanho: int
    nome: str | None


async def baixar(contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho) -> None:
    """`midia_baixar`: what a person sent, from the provider to the storage."""
    este: dict[str, object] = {"p_cliente_id": numero.cliente_id, "p_id": trabalho.alvo_id}
    baixa = msgspec.json.decode(await contexto.banco.chamar("worker.midia_baixa_obter", este), type=_Baixa | None)
    if baixa is None:
        return
    try:
        conexao, provedor, armazem = await _meios(contexto, numero)
        async with _segurando(contexto, numero, trabalho):
            with armazem.receber(baixa.maximo) as recebido:
                await _trazer(provedor, conexao, baixa, recebido)
                await armazem.guardar(numero.cliente_id, recebido)
                mime = await asyncio.to_thread(farejar, recebido.amostra, recebido.caminho, baixa.nome or "")
    except (FalhaMidia, FalhaArmazem) as falha:
        motivo, espera = _motivo(falha)
        falhou: dict[str, object] = {**este, "p_motivo": motivo, "p_espera_s": espera}
        _esperar(await contexto.banco.chamar("worker.midia_baixa_falhar", falhou), trabalho, falha)
        return
    concluida = {**este, "p_sha256": recebido.sha256, "p_tamanho": recebido.tamanho, "p_mime": mime}
    await contexto.banco.chamar("worker.midia_baixa_concluir", concluida)


async def subir(contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho) -> None:
    """`midia_subir`: what messages will cite, from the storage to the provider of one number."""
    este: dict[str, object] = {"p_cliente_id": numero.cliente_id, "p_id": trabalho.alvo_id}
    subida = msgspec.json.decode(await contexto.banco.chamar("worker.midia_subida_obter", este), type=_Subida | None)
    if subida is None:
        return
    try:
        conexao, provedor, armazem = await _meios(contexto, numero)
        async with (
            _segurando(contexto, numero, trabalho),
            armazem.arquivo(numero.cliente_id, subida.sha256) as caminho,
        ):
            id_externo = await provedor.subir_midia(conexao, caminho, subida.mime, subida.nome or "arquivo")
    except (FalhaMidia, FalhaArmazem, ConteudoAusente) as falha:
        motivo, espera = _motivo(falha)
        codigo = falha.codigo if isinstance(falha, FalhaMidia) else None
        falhou: dict[str, object] = {**este, "p_motivo": motivo, "p_codigo": codigo, "p_espera_s": espera}
        _esperar(await contexto.banco.chamar("worker.midia_subida_falhar", falhou), trabalho, falha)
        return
    await contexto.banco.chamar("worker.midia_subida_concluir", {**este, "p_id_externo": id_externo})


@contextlib.asynccontextmanager
async def _segurando(contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho) -> AsyncIterator[None]:
    """Renew the lease while bytes move: a large file on a slow line takes minutes."""

    async def renovar() -> None:
        while True:
            await asyncio.sleep(RENOVACAO_S)
            with contextlib.suppress(Erro):
                await contexto.renovar_borda(numero, trabalho)

    tarefa = asyncio.create_task(renovar())
    try:
        yield
    finally:
        tarefa.cancel()


async def _meios(contexto: Contexto, numero: NumeroPronto) -> tuple[ConexaoAberta, ProvedorMidia, Armazem]:
    try:
        conexao = await contexto.abrir_conexao(numero)
    except InvalidTag:
        raise MidiaSemAcesso("a credencial não abre com as chaves em uso") from None
    provedor = contexto.midias.get(conexao.provedor)
    if provedor is None or contexto.armazem is None:
        raise Impossivel(f"não há como mover mídias de {conexao.provedor}")
    return conexao, provedor, contexto.armazem


async def _trazer(provedor: ProvedorMidia, conexao: ConexaoAberta, baixa: _Baixa, recebido: Recebido) -> None:
    descoberta = await provedor.descobrir_midia(conexao, baixa.id_externo)
    esperado = ler_sha256(baixa.sha256_informado) or descoberta.sha256
    await provedor.baixar_midia(conexao, descoberta.url, recebido, baixa.maximo, esperado)
    if recebido.tamanho == 0:
        raise MidiaCorrompida("veio vazia")


def _motivo(falha: Exception) -> tuple[str, Decimal]:
    """The kind of a failure as the database knows it, and the wait that the other side asked for."""
    if isinstance(falha, MidiaIndisponivel) and not isinstance(falha, MidiaCorrompida):
        return "INDISPONIVEL", Decimal(str(falha.espera_s))
    if isinstance(falha, ConteudoAusente | FalhaArmazem):
        return "ARMAZEM", Decimal(0)
    motivo = next(m for tipo, m in _MOTIVOS if isinstance(falha, tipo))
    return motivo, _SEM_ACESSO_S if motivo == "SEM_ACESSO" else Decimal(0)


def _esperar(resposta: bytes, trabalho: Trabalho, falha: Exception) -> None:
    espera = msgspec.json.decode(resposta, type=float | None)
    _registro.warning(
        "midia_falhou", tipo=trabalho.tipo, erro=f"{type(falha).__name__}: {falha}"[:300], espera_s=espera
    )
    if espera is not None:
        raise Depois(espera)
