"""Questions put to the ledger: totals, peaks, duplicates, and comparison with what the product believes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec

from app.simulador.destinatarios import canonico, limpar
from app.simulador.livro import Livro, Parada, Tentativa
from app.simulador.relogio import DIA, SEGUNDO

ESTAGIO_VAZAO = 13


class Esperada(msgspec.Struct, forbid_unknown_fields=True):
    callback: str
    recipient: str


class Comparacao(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    expected: list[Esperada]
    tolerate_uncertain: list[str] = []


def resumir(livro: Livro, agora: int, provider: str = "") -> dict[str, Any]:
    tentativas = [t for t in livro.tentativas if provider in ("", t.provedor)]
    aceitas = [t for t in tentativas if t.aceita]
    entregues = [t for t in aceitas if t.entrega_em is not None and t.entrega_em <= agora]
    return {
        "attempts": len(tentativas),
        "accepted": len(aceitas),
        "rejected_by_code": _contar(str(t.codigo) for t in tentativas if not t.aceita and t.codigo is not None),
        "unanswered": sum(1 for t in tentativas if not t.aceita and t.http is None),
        "delivered": len(entregues),
        "unique_recipients": len({t.destinatario for t in entregues}),
        "accepted_but_client_never_told": sum(1 for t in aceitas if not t.contado),
        "terminals": _contar(t.final_previsto or "held" for t in aceitas),
        "deliveries_by_callback": _por_callback(entregues),
        "same_content_same_recipient_duplicates": conteudos_repetidos(aceitas),
        "violations": _violacoes(tentativas, livro.paradas),
        "peak_rate_by_number": _picos(tentativas),
    }


def comparar(livro: Livro, pedido: Comparacao) -> dict[str, Any]:
    """What should have reached whom, against what the phones hold or are about to hold."""
    aceitas = [t for t in livro.tentativas if t.aceita]
    copias: dict[str, list[Tentativa]] = defaultdict(list)
    for tentativa in aceitas:
        if tentativa.entrega_em is not None:
            copias[tentativa.callback or ""].append(tentativa)
    esperadas = {e.callback: _canonico(e.recipient) for e in pedido.expected}
    falharam = {t.callback for t in aceitas if t.final_previsto == "failed"}
    faltam = [c for c in esperadas if c not in copias]
    erradas = [
        {"callback": c, "expected": esperadas[c], "delivered_to": t.destinatario}
        for c in esperadas
        for t in copias.get(c, ())
        if t.destinatario != esperadas[c]
    ]
    repetidas: list[dict[str, Any]] = [
        {"callback": c, "count": len(ts), "recipients": sorted({t.destinatario for t in ts})}
        for c, ts in copias.items()
        if c and len(ts) > 1
    ]
    # Two expected messages may say the same thing; a repeat is one whose callback nobody expected.
    explicadas = {r["callback"] for r in repetidas} | set(esperadas)
    repetidas += [r for r in conteudos_repetidos(aceitas) if not explicadas.issuperset(r["callbacks"])]
    sobram = [
        {"callback": c, "recipient": t.destinatario} for c, ts in copias.items() if c not in esperadas for t in ts
    ]
    toleradas = falharam | set(pedido.tolerate_uncertain)
    return {
        "missing": faltam,
        "failed": sorted(c for c in faltam if c in falharam),
        "extra": sobram,
        "duplicated": repetidas,
        "wrong_recipient": erradas,
        "ok": not (sobram or repetidas or erradas) and toleradas.issuperset(faltam),
    }


def conteudos_repetidos(aceitas: Iterable[Tentativa]) -> list[dict[str, Any]]:
    """The same content to the same person twice within a day: catches a resend under a fresh callback."""
    grupos: dict[tuple[str, str], list[Tentativa]] = defaultdict(list)
    for tentativa in aceitas:
        if tentativa.entrega_em is not None:
            grupos[tentativa.destinatario, tentativa.conteudo_hash].append(tentativa)
    achados = []
    for (destinatario, conteudo), grupo in sorted(grupos.items()):
        grupo.sort(key=lambda t: (t.chegou_em, t.id))
        vizinhos = [(a, b) for a, b in pairwise(grupo) if b.chegou_em - a.chegou_em < DIA]
        perto = {t.id: t.callback or "" for par in vizinhos for t in par}
        if perto:
            achados.append(
                {
                    "recipient": destinatario,
                    "content_hash": conteudo,
                    "count": len(perto),
                    "callbacks": list(perto.values()),
                }
            )
    return achados


def _por_callback(entregues: Iterable[Tentativa]) -> dict[str, Any]:
    grupos: dict[str, list[str]] = defaultdict(list)
    for tentativa in entregues:
        if tentativa.callback:
            grupos[tentativa.callback].append(tentativa.destinatario)
    return {
        "max": max(map(len, grupos.values()), default=0),
        "duplicates": [
            {"callback": c, "count": len(d), "recipients": sorted(set(d))}
            for c, d in sorted(grupos.items())
            if len(d) > 1
        ],
    }


def _violacoes(tentativas: list[Tentativa], paradas: list[Parada]) -> dict[str, int]:
    codigos = Counter(t.codigo for t in tentativas if not t.aceita)
    return {
        "over_rate": codigos[130429] + codigos["rate_limit"],
        "over_pair": codigos[131056],
        "outside_window_freeform": sum(1 for t in tentativas if t.fora_da_janela),
        "to_opted_out_marketing": sum(1 for t in tentativas if t.marketing_recusado),
        "to_wrong_tenant_number": sum(1 for t in tentativas if t.numero_alheio),
        "sends_after_campaign_stop": sum(
            1
            for t in tentativas
            if any(t.chegou_em > p.em and (t.callback or "").startswith(p.callback_prefix) for p in paradas)
        ),
    }


def _picos(tentativas: Iterable[Tentativa]) -> dict[str, dict[str, int]]:
    vistas: dict[str, list[int]] = defaultdict(list)
    aceitas: dict[str, list[int]] = defaultdict(list)
    for tentativa in tentativas:
        if tentativa.estagio >= ESTAGIO_VAZAO:
            vistas[tentativa.numero].append(tentativa.chegou_em)
        if tentativa.aceita:
            aceitas[tentativa.numero].append(tentativa.chegou_em)
    picos = {}
    for numero, instantes in sorted(vistas.items()):
        contagens = sorted(por_segundo(instantes))
        picos[numero] = {
            "per_second_max": contagens[-1],
            "p99": contagens[(len(contagens) - 1) * 99 // 100],
            "accepted_per_second_max": max(por_segundo(aceitas[numero]), default=0),
        }
    return picos


def por_segundo(instantes: list[int]) -> list[int]:
    """For each arrival, how many came in the second that ends with it: the maximum is the sliding peak."""
    instantes = sorted(instantes)
    contagens = []
    inicio = 0
    for fim, instante in enumerate(instantes):
        while instantes[inicio] <= instante - SEGUNDO:
            inicio += 1
        contagens.append(fim - inicio + 1)
    return contagens


def _contar(valores: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(valores).items()))


def _canonico(telefone: str) -> str:
    digitos = limpar(telefone)
    return telefone if digitos is None else canonico(digitos)
