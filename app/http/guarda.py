"""The permission guard and what it remembers: which answers are kept, for whom, and what each write makes stale.

The proof of a session (namespace perfis, under the hash of its token) says whose it is and what it permits. A kept
answer is served only on a proof that is alive in the same instant; whoever lacks the permission that the function
itself asks for is refused here, with the database's words. Every other call reaches the database, which decides again.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from app.banco import Chamavel
from app.cache import TUDO, Cache, Chave, Namespace, acertou, chave
from app.erros import Erro
from app.tipos.identidade import Prova
from app.tipos.saude import FuncaoDoBanco

_VIGIA: Final = ("perfis",)
_PROVAS: Final = 10_000
_TOPICOS: Final = 64


class _Visto(msgspec.Struct):
    id: UUID
    topicos: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Lembrada:
    """How the answer of a function is kept.

    `para`: who shares it — everybody who may call it; whoever has one of the topics that the answer names, as the
    events do (VISTO); who sees the same things (`interno.visivel_grupo`); or one user.
    `objeto`: the argument that names the thing, or things, that it is about; a list when None. `vez`: the argument
    that makes it a question of one moment, which nobody asks twice. `inteira`: it depends on the whole namespace.
    """

    namespace: Namespace
    para: Literal["TODOS", "VISTO", "GRUPO", "USUARIO"]
    objeto: str | None = None
    inteira: bool = False
    vez: str | None = None

    def vale(self, valores: Mapping[str, object]) -> bool:
        """Whether an answer to this would be kept."""
        return self.vez is None or valores.get(self.vez) is None

    def de_quem(self, prova: Prova, valores: Mapping[str, object]) -> object:
        """Who shares it: whoever's teams or sight change sees other things, and is still the same person."""
        if self.para in ("TODOS", "VISTO"):
            return None
        um_so = self.para == "USUARIO" or _aba(valores) in ("MINHAS", "MENCOES")
        return (prova.usuario_id, prova.grupo) if um_so else prova.grupo

    def marcas(self, prova: Prova, valores: Mapping[str, object]) -> tuple[str, ...]:
        """What it depends on; a list, on whatever its reader sees."""
        if self.inteira:
            return (self.namespace,)
        aba, minhas = _aba(valores), f"{self.namespace}:usuario:{prova.usuario_id}"
        proprias = (minhas, f"pessoa:{prova.usuario_id}") if self.para == "USUARIO" or aba == "MENCOES" else ()
        alvos = valores.get(self.objeto) if self.objeto else None
        alvos = alvos if isinstance(alvos, list) else [alvos]
        # written otherwise, an id names no mark: then it goes stale with whatever its reader sees
        if 0 < len(alvos) <= _TOPICOS and all(isinstance(x, UUID) for x in alvos):
            return (self.namespace, *proprias, *(f"{self.namespace}:{x}" for x in alvos))
        if aba == "MINHAS":
            return (self.namespace, minhas, *proprias)
        vistas = sorted(t for t in prova.topicos if t.startswith(self.namespace + ":"))
        if f"{self.namespace}:todas" in vistas:
            vistas = [f"{self.namespace}:todas"]
        elif len(vistas) > _TOPICOS:
            vistas = [f"{self.namespace}:lista"]
        return (self.namespace, *proprias, *vistas)

    def cabe(self, prova: Prova, resposta: bytes) -> bool:
        """Whether the answer that somebody got is this session's, too."""
        if self.para != "VISTO":
            return True
        topicos = msgspec.json.decode(resposta, type=_Visto).topicos
        return topicos is not None and not topicos.isdisjoint(prova.topicos)

    def guarda(self, valores: Mapping[str, object], resposta: bytes) -> bool:
        """Not what was asked by the name of one that is inside another now: its marks would be those of the old."""
        return self.objeto != "p_id" or str(msgspec.json.decode(resposta, type=_Visto).id) == str(valores["p_id"])


def _aba(valores: Mapping[str, object]) -> object:
    """The tab of the inbox that is asked for; of filters that are not read here it might be one's own."""
    filtros = valores.get("p_filtros") or {}
    return filtros.get("aba") if isinstance(filtros, dict) else "MENCOES"


# What depends on the clock is not here: teams say whether they are open. Nor is what is one person's and small: drafts
# and mentions are asked of the database.
LEMBRADAS: Final[Mapping[str, Lembrada]] = {
    "api.conversas_listar": Lembrada("conversas", "GRUPO"),
    "api.conversas_obter": Lembrada("conversas", "GRUPO", "p_ids"),
    "api.conversas_contar": Lembrada("conversas", "USUARIO"),
    "api.conversa_obter": Lembrada("conversas", "VISTO", "p_id"),
    "api.mensagens_listar": Lembrada("conversas", "GRUPO", "p_conversa_id", vez="p_apos"),
    "api.painel_obter": Lembrada("dashboard", "USUARIO", inteira=True),
    "api.contatos_listar": Lembrada("contatos", "GRUPO"),
    "api.contato_obter": Lembrada("contatos", "GRUPO", "p_id"),
    "api.etiquetas_listar": Lembrada("contatos", "TODOS", inteira=True),
    "api.etiqueta_obter": Lembrada("contatos", "TODOS", inteira=True),
    "api.eu_obter": Lembrada("perfis", "USUARIO", inteira=True),
    "api.permissoes_listar": Lembrada("perfis", "TODOS", inteira=True),
    "api.perfis_listar": Lembrada("perfis", "TODOS", inteira=True),
    "api.perfil_obter": Lembrada("perfis", "TODOS", inteira=True),
}

# by the noun that a function's name begins with; whatever is not here makes everything stale
_DA_CONVERSA: Final = (
    "conversa_", "conversas_", "mensagem_", "nota_", "mencoes_", "agendada_", "atendimento_", "midia_",
)  # fmt: skip
_DO_CONTATO: Final = ("contato_", "contatos_", "consentimento_")


def marcas_da_escrita(funcao: str, valores: Mapping[str, object], prova: Prova | None = None) -> tuple[str, ...]:
    """What a write makes stale for whoever wrote, at the least, and the object for everybody; the events of its
    transaction say the rest a moment later. Every list depends on a mark of its reader: `todas` or their own."""
    nome = funcao.removeprefix("api.")
    if nome.startswith("rascunho_"):
        return ()  # in no answer that is kept
    if nome.startswith(_DA_CONVERSA):
        alvo = valores.get("p_conversa_id") or (valores.get("p_id") if nome.startswith("conversa_") else None)
        if alvo is None or prova is None:
            return ("dashboard", "relatorios", "conversas")
        quem = prova.usuario_id
        listas = ("conversas:lista", "conversas:todas", f"conversas:usuario:{quem}", f"pessoa:{quem}")
        return ("dashboard", "relatorios", f"conversas:{alvo}", *listas)
    if nome.startswith("preferencias_"):
        return ("perfis",)
    if nome.startswith(_DO_CONTATO):
        return ("dashboard", "conversas", "contatos")
    return TUDO


class Guarda:
    """Stands between the handlers and the database of one process."""

    def __init__(self, banco: Chamavel, cache: Cache) -> None:
        self._banco = banco
        self._cache = cache
        self.funcoes: Mapping[str, FuncaoDoBanco] = {}
        self._provas: OrderedDict[bytes, tuple[str, Prova]] = OrderedDict()

    def usar_funcoes(self, funcoes: Mapping[str, FuncaoDoBanco]) -> None:
        """What each function asks for and does (from `api.saude_obter`); until then nothing is kept."""
        self.funcoes = funcoes

    async def chamar(self, funcao: str, argumentos: Mapping[str, object]) -> bytes:
        """Like `Banco.chamar`: the function's answer, kept or new."""
        lembrada, descrita = LEMBRADAS.get(funcao), self.funcoes.get(funcao)
        if lembrada is not None and descrita is not None and descrita.permissao and lembrada.vale(argumentos):
            return await self._lembrar(funcao, lembrada, descrita.permissao, argumentos)
        try:
            return await self._banco.chamar(funcao, argumentos)
        finally:
            # also after a refusal or a lost connection: what was committed before it is not known here
            cliente_id = argumentos.get("p_cliente_id")
            if isinstance(cliente_id, UUID) and (descrita is None or descrita.escreve):
                _, prova = (
                    self._provas.get(_digerir(argumentos), (None, None)) if "p_sessao" in argumentos else (None, None)
                )
                await self._cache.invalidar(cliente_id, marcas_da_escrita(funcao, argumentos, prova))

    async def _lembrar(self, funcao: str, lembrada: Lembrada, permissao: str, valores: Mapping[str, object]) -> bytes:
        prova, achada, valor = await self._provar(funcao, lembrada, valores)
        if prova is not None and permissao not in prova.permissoes:
            raise Erro(403, "ZPG01", "você não tem permissão para isto", detalhe=permissao, sqlstate="ZPG01")

        async def calcular() -> bytes:
            return await self._banco.chamar(funcao, valores)

        def validade(resposta: bytes) -> float:
            return math.inf if lembrada.guarda(valores, resposta) else 0

        if prova is None or achada is None:
            return await self._cache.sem(lembrada.namespace, calcular)
        if valor is not None and lembrada.cabe(prova, valor):
            acertou(lembrada.namespace)
            return valor
        if valor is None:
            valor = await self._cache.remember(achada, calcular, validade)
        # what only others may see: what this one is told, the database says
        return valor if lembrada.cabe(prova, valor) else await calcular()

    async def _provar(
        self, funcao: str, lembrada: Lembrada, valores: Mapping[str, object]
    ) -> tuple[Prova | None, Chave | None, bytes | None]:
        """The proof, the key for its bearer and what is kept under it, seen in one instant; Nones without a cache."""
        for _ in range(2):
            versao, prova = await self._obter_prova(valores)
            if prova is None:
                break
            pedida = self._chave(funcao, lembrada, prova, valores)
            leitura = await self._cache.ler(pedida, vigias=_VIGIA)
            if leitura is None:
                break
            if leitura.vigia == versao:
                return prova, pedida, leitura.valor
            self._provas.pop(_digerir(valores), None)  # something about people or permissions changed: ask again
        return None, None, None

    def _chave(self, funcao: str, lembrada: Lembrada, prova: Prova, valores: Mapping[str, object]) -> Chave:
        de_quem, marcas = lembrada.de_quem(prova, valores), lembrada.marcas(prova, valores)
        pedidos = {nome: valor for nome, valor in valores.items() if nome not in {"p_cliente_id", "p_sessao"}}
        return chave(lembrada.namespace, prova.cliente_id, funcao, {**pedidos, "": de_quem}, marcas)

    async def _obter_prova(self, valores: Mapping[str, Any]) -> tuple[str, Prova | None]:
        """The proof and the version under which it was read: from this process, from Redis, or from the database."""
        digerido = _digerir(valores)
        guardada = self._provas.get(digerido)
        if guardada is not None and _vive(guardada[1]):
            self._provas.move_to_end(digerido)
            return guardada
        cliente_id: UUID = valores["p_cliente_id"]
        pedida = chave("perfis", cliente_id, "api.sessao_obter", {"p_sessao": digerido.hex()}, _VIGIA)
        leitura = await self._cache.ler(pedida)
        if leitura is None:
            return "", None

        async def calcular() -> bytes:
            token = {"p_cliente_id": cliente_id, "p_sessao": valores["p_sessao"]}
            return await self._banco.chamar("api.sessao_obter", token)

        bruta = leitura.valor or await self._cache.remember(pedida, calcular, _restam)
        prova = msgspec.json.decode(bruta, type=Prova)
        # `leitura` came before the proof: if something changed in between, its version no longer watches
        self._provas[digerido] = leitura.versao, prova
        if len(self._provas) > _PROVAS:
            self._provas.popitem(last=False)
        return leitura.versao, prova


def _digerir(valores: Mapping[str, object]) -> bytes:
    return hashlib.sha256(f"{valores['p_cliente_id']}.{valores['p_sessao']}".encode()).digest()


def _restam(prova: bytes) -> float:
    return (msgspec.json.decode(prova, type=Prova).expira_em - datetime.now(UTC)).total_seconds()


def _vive(prova: Prova) -> bool:
    return prova.expira_em > datetime.now(UTC)
