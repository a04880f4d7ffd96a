"""Tells people who have no page open what the database says that they are to be told, one message to each browser."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from app.cifra import InvalidTag
from app.erros import Erro
from app.provedores.push import CORPO_MAXIMO, Navegador, Push, Resultado
from app.worker.contexto import Contexto

LOTE: Final = 5
_registro = structlog.get_logger(__name__)


class _Inscricao(msgspec.Struct, frozen=True):
    id: UUID
    credenciais: str
    avisos: list[dict[str, Any]]


class _Pessoa(msgspec.Struct, frozen=True):
    """One claimed row: what to say to each browser of a person."""

    id: UUID
    cerca: int
    inscricoes: list[_Inscricao]


async def executar_avisos(contexto: Contexto, cliente_id: UUID) -> None:
    """Tell whoever is due in one tenant."""
    if contexto.push is None:
        return
    presentes = await contexto.presenca.listar(cliente_id, None) if contexto.presenca else {}
    em_frente = [pessoa for pessoa, estado in presentes.items() if estado == "ONLINE"]
    try:
        pessoas = msgspec.json.decode(
            await contexto.banco.chamar(
                "worker.avisos_reservar",
                {"p_cliente_id": cliente_id, "p_dono": contexto.dono, "p_presentes": em_frente, "p_quantos": LOTE},
            ),
            type=list[_Pessoa],
        )
        await asyncio.gather(*(_avisar(contexto, contexto.push, cliente_id, pessoa) for pessoa in pessoas))
    except Erro as erro:
        # what was claimed comes back when its lease ends
        _registro.warning("avisos_interrompidos", cliente=str(cliente_id), codigo=erro.codigo)


async def _avisar(contexto: Contexto, push: Push, cliente_id: UUID, pessoa: _Pessoa) -> None:
    feitos = await asyncio.gather(*(_empurrar(contexto, push, cliente_id, i) for i in pessoa.inscricoes))
    juntos = list(zip(pessoa.inscricoes, feitos, strict=True))
    resultados = [resultado for resultado, _ in feitos]
    esperas = [r.espera_s for r in resultados if r.espera_s]
    for resultado in resultados:
        if resultado.situacao != "ENTREGUE":
            _registro.info("aviso_nao_entregue", situacao=resultado.situacao, http=resultado.http)
    await contexto.banco.chamar(
        "worker.avisos_registrar",
        {
            "p_cliente_id": cliente_id,
            "p_dono": contexto.dono,
            "p_id": pessoa.id,
            "p_cerca": pessoa.cerca,
            "p_ditos": msgspec.Raw(
                msgspec.json.encode([{"id": i.id, "chaves": chaves} for i, (_, chaves) in juntos if chaves])
            ),
            "p_mortas": [i.id for i, (r, _) in juntos if r.situacao == "ACABOU"],
            "p_falhou": any(r.situacao == "FALHOU" for r in resultados),
            "p_espera": timedelta(seconds=max(esperas)) if esperas else None,
        },
    )


async def _empurrar(
    contexto: Contexto, push: Push, cliente_id: UUID, inscricao: _Inscricao
) -> tuple[Resultado, list[str]]:
    """What became of it, and the keys of what was said."""
    try:
        claro = contexto.cofre.abrir(base64.b64decode(inscricao.credenciais), cliente_id, inscricao.id)
        navegador = msgspec.json.decode(claro, type=Navegador)
    except (InvalidTag, msgspec.MsgspecError):
        return Resultado("ACABOU"), []
    ditos: list[str] = []
    feito = Resultado("ENTREGUE")
    for vale_s, avisos in por_validade(inscricao.avisos):
        feito = await push.enviar(navegador, corpo(avisos), vale_s)
        if feito.situacao != "ENTREGUE":
            break
        ditos += [a["chave"] for a in avisos]
    return feito, ditos


def por_validade(avisos: list[dict[str, Any]]) -> list[tuple[int | None, list[dict[str, Any]]]]:
    """Each that is soon worth nothing by itself, so that its service drops it then, and first; the rest in one."""
    breves = [(a["valeSegundos"], [a]) for a in avisos if a.get("valeSegundos") is not None]
    demais = [a for a in avisos if a.get("valeSegundos") is None]
    return [*breves, *([(None, demais)] if demais else [])]


def corpo(avisos: list[dict[str, Any]]) -> bytes:
    """As many of the newest as fit one message."""
    for quantos in range(len(avisos), 1, -1):
        feito = msgspec.json.encode({"avisos": avisos[-quantos:]})
        if len(feito) <= CORPO_MAXIMO:
            return feito
    return msgspec.json.encode({"avisos": avisos[-1:]})
