"""The ledger: what reached the provider, what it accepted, and what each phone will hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import msgspec

from app.simulador.http import Provedor


class Tentativa(msgspec.Struct, kw_only=True, tag_field="k", tag="t"):
    """One request to send, from arrival to the recipient's phone. Instants in microseconds.

    ``wamid`` is the id of either provider. A ``codigo`` is a number at Meta and a word at UaiZap, which has no codes.

    The fate of an accepted message is decided when it is accepted: ``entrega_em`` is the instant the phone gets
    it, or nothing. A crash that loses status webhooks therefore does not lose the delivery itself.
    """

    id: str
    numero: str
    chegou_em: int
    corpo_hash: str
    provedor: Provedor = "meta"
    token_fp: str = ""
    callback: str | None = None
    bruto: str = ""
    destinatario: str = ""
    tipo: str = ""
    categoria: str = ""
    conteudo_hash: str = ""
    identidade: str = ""
    estagio: int = 0
    http: int | None = None
    codigo: int | str | None = None
    contado: bool = False
    wamid: str | None = None
    aceita_em: int | None = None
    entrega_em: int | None = None
    final_previsto: str | None = None
    final_emitido_em: int | None = None
    fora_da_janela: bool = False
    marketing_recusado: bool = False
    numero_alheio: bool = False

    @property
    def aceita(self) -> bool:
        return self.wamid is not None


class Parada(msgspec.Struct, kw_only=True, tag_field="k", tag="p"):
    """A campaign the operator stopped: nothing with this prefix may arrive afterwards."""

    callback_prefix: str
    em: int


class Diario(Protocol):
    """Where the ledger is also written down."""

    def anotar(self, registro: Tentativa | Parada) -> None: ...


class Livro:
    def __init__(self, diario: Diario | None = None) -> None:
        self._diario = diario
        self._por_wamid: dict[str, Tentativa] = {}
        self.tentativas: list[Tentativa] = []
        self.paradas: list[Parada] = []

    def abrir(self, tentativa: Tentativa) -> None:
        self.tentativas.append(tentativa)

    def aceitar(self, tentativa: Tentativa) -> None:
        """Written down before the answer leaves: an acceptance is never forgotten."""
        if tentativa.wamid is not None:
            self._por_wamid[tentativa.wamid] = tentativa
        self.anotar(tentativa)

    def anotar(self, registro: Tentativa | Parada) -> None:
        if self._diario is not None:
            self._diario.anotar(registro)

    def retomar(self, registros: Iterator[Tentativa | Parada]) -> None:
        """Rebuilds the ledger from its journal; the last line about an attempt wins."""
        por_id: dict[str, Tentativa] = {}
        for registro in registros:
            if isinstance(registro, Tentativa):
                por_id[registro.id] = registro
            else:
                self.paradas.append(registro)
        self.tentativas = list(por_id.values())
        self._por_wamid = {t.wamid: t for t in self.tentativas if t.wamid is not None}

    def parar(self, prefixo: str, agora: int) -> None:
        parada = Parada(callback_prefix=prefixo, em=agora)
        self.paradas.append(parada)
        self.anotar(parada)

    def por_wamid(self, wamid: str) -> Tentativa | None:
        return self._por_wamid.get(wamid)

    def esvaziar(self) -> None:
        self._por_wamid.clear()
        self.tentativas.clear()
        self.paradas.clear()

    def filtrar(
        self, *, callback_prefix: str = "", recipient: str = "", after_ms: int = 0, provider: str = ""
    ) -> list[Tentativa]:
        """In an order that does not depend on how concurrent requests interleaved."""
        escolhidas = [
            t
            for t in self.tentativas
            if (t.callback or "").startswith(callback_prefix)
            and (not recipient or t.destinatario == recipient)
            and provider in ("", t.provedor)
            and t.chegou_em > after_ms * 1000
        ]
        escolhidas.sort(key=lambda t: (t.chegou_em, t.id))
        return escolhidas


def linha(tentativa: Tentativa, agora: int) -> dict[str, Any]:
    """One ledger row: attempt, acceptance, delivery and terminal side by side. Instants in milliseconds."""
    entregue = tentativa.entrega_em if tentativa.entrega_em is not None and tentativa.entrega_em <= agora else None
    return {
        "attempt": {
            "id": tentativa.id,
            "provider": tentativa.provedor,
            "number": tentativa.numero,
            "token_fingerprint": tentativa.token_fp,
            "callback": tentativa.callback,
            "recipient_raw": tentativa.bruto,
            "recipient": tentativa.destinatario,
            "body_hash": tentativa.corpo_hash,
            "arrived_at": tentativa.chegou_em / 1000,
            "stage": tentativa.estagio,
            "answer": {"http": tentativa.http, "code": tentativa.codigo, "told": tentativa.contado},
        },
        "acceptance": {"message_id": tentativa.wamid, "accepted_at": (tentativa.aceita_em or 0) / 1000}
        if tentativa.aceita
        else None,
        "delivery": {
            "recipient": tentativa.destinatario,
            "content_hash": tentativa.conteudo_hash,
            "delivered_at": entregue / 1000,
        }
        if entregue is not None
        else None,
        "terminal": {
            "planned": tentativa.final_previsto,
            "emitted_at": tentativa.final_emitido_em / 1000 if tentativa.final_emitido_em is not None else None,
        }
        if tentativa.aceita
        else None,
    }
