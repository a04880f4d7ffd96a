"""The permission guard and what it remembers: which answers are kept, for whom, and what each write makes stale.

The proof of a session (namespace perfis, under the hash of its token) says whose it is and what it permits. A kept
answer is served only on a proof that is alive in the same instant; whoever lacks the permission that the function
itself asks for is refused here, with the database's words. Every other call reaches the database, which decides again.
"""

from __future__ import annotations

import hashlib
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


@dataclass(frozen=True, slots=True)
class Lembrada:
    """How the answer of a function is kept.

    `para`: who shares it — everybody who may call it, who sees the same things (`interno.visivel_grupo`), or one user.
    `objeto`: the argument that names the one thing it is about; a list when None.
    """

    namespace: Namespace
    para: Literal["TODOS", "GRUPO", "USUARIO"]
    objeto: str | None = None
    inteira: bool = False

    def marcas(self, valores: Mapping[str, object]) -> tuple[str, ...]:
        if self.inteira:
            return (self.namespace,)
        return (self.namespace, f"{self.namespace}:{valores[self.objeto] if self.objeto else 'lista'}")


# `inteira`: depends on the whole namespace, for what no finer mark names. What depends on the clock is not here: teams
# say whether they are open.
LEMBRADAS: Final[Mapping[str, Lembrada]] = {
    # drafts, mentions and "mine" are one person's
    "api.conversas_listar": Lembrada("conversas", "USUARIO"),
    "api.conversas_contar": Lembrada("conversas", "USUARIO"),
    "api.conversa_obter": Lembrada("conversas", "USUARIO", "p_id"),
    "api.mensagens_listar": Lembrada("conversas", "GRUPO", "p_conversa_id"),
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
_DA_CONVERSA: Final = ("conversa_", "conversas_", "mensagem_", "nota_", "rascunho_", "agendada_")
_DO_CONTATO: Final = ("contato_", "contatos_", "consentimento_")


def marcas_da_escrita(funcao: str, valores: Mapping[str, object]) -> tuple[str, ...]:
    """What a write makes stale at the least; the events of its transaction say the same a moment later."""
    nome = funcao.removeprefix("api.")
    if nome.startswith(_DA_CONVERSA):
        alvo = valores.get("p_conversa_id") or (valores.get("p_id") if nome.startswith("conversa_") else None)
        return ("dashboard", "relatorios", *(("conversas:lista", f"conversas:{alvo}") if alvo else ("conversas",)))
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
        if lembrada is not None and descrita is not None and descrita.permissao is not None:
            return await self._lembrar(funcao, lembrada, descrita.permissao, argumentos)
        try:
            return await self._banco.chamar(funcao, argumentos)
        finally:
            # also after a refusal or a lost connection: what was committed before it is not known here
            cliente_id = argumentos.get("p_cliente_id")
            if isinstance(cliente_id, UUID) and (descrita is None or descrita.escreve):
                await self._cache.invalidar(cliente_id, marcas_da_escrita(funcao, argumentos))

    async def _lembrar(self, funcao: str, lembrada: Lembrada, permissao: str, valores: Mapping[str, object]) -> bytes:
        prova, achada, valor = await self._provar(funcao, lembrada, valores)
        if prova is not None and permissao not in prova.permissoes:
            raise Erro(403, "ZPG01", "você não tem permissão para isto", detalhe=permissao, sqlstate="ZPG01")
        if valor is not None:
            acertou(lembrada.namespace)
            return valor

        async def calcular() -> bytes:
            return await self._banco.chamar(funcao, valores)

        return await (
            self._cache.remember(achada, calcular) if achada else self._cache.sem(lembrada.namespace, calcular)
        )

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
        # whose teams or sight change sees other things, and is still the same person
        de_quem = {"TODOS": None, "GRUPO": prova.grupo, "USUARIO": (prova.usuario_id, prova.grupo)}[lembrada.para]
        pedidos = {nome: valor for nome, valor in valores.items() if nome not in {"p_cliente_id", "p_sessao"}}
        return chave(lembrada.namespace, prova.cliente_id, funcao, {**pedidos, "": de_quem}, lembrada.marcas(valores))

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
