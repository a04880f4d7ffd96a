"""The permission guard and what it remembers: which answers are kept, for whom, and what each write makes stale.

The proof of a session (namespace perfis, under the hash of its token) says whose it is and what it permits. A kept
answer is served only on a proof that is alive in the same instant; whoever lacks the permission that the function
itself asks for is refused here, with the database's words. Every other call reaches the database, which decides again.
"""

from __future__ import annotations

import asyncio
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
from app.cache import TUDO, Cache, Chave, Namespace, acertou, chave, faltou, passou
from app.erros import Erro
from app.tipos.identidade import Prova
from app.tipos.saude import FuncaoDoBanco

_VIGIA: Final = ("perfis",)
_PROVAS: Final = 10_000
_TOPICOS: Final = 64


_CADA: Final = 8  # more at once is a screen that begins anew: one call
_PESSOAIS: Final = frozenset({"MINHAS", "MENCOES"})
# what counts go by when nothing else is filtered: columns whose change is an event of its own (`contagem_mudou`)
_CONTADOS: Final = frozenset({"aba", "status", "usuarioId", "semDono", "equipeId", "conexaoId", "controle"})


class _Visto(msgspec.Struct):
    id: UUID | None = None
    topicos: frozenset[str] | None = None


class _Dados(msgspec.Struct):
    dados: list[msgspec.Raw]


@dataclass(frozen=True, slots=True)
class Lembrada:
    """How the answer of a function is kept.

    `para`: who shares it — everybody who may call it; whoever has one of the topics that the answer names, as the
    events do (VISTO); who sees the same things (`interno.visivel_grupo`); or one user.
    `objeto`: the argument that names the thing, or things, that it is about; a list when None. `vez`: the argument
    that makes it a question of one moment, which nobody asks twice. `inteira`: it depends on the whole namespace.
    `cada`: several things are asked about one by one, so that screens which show different ones share each.
    `conta`: it counts, for the tabs that `p_abas` names.
    """

    namespace: Namespace
    para: Literal["TODOS", "VISTO", "GRUPO", "USUARIO"]
    objeto: str | None = None
    inteira: bool = False
    vez: str | None = None
    cada: bool = False
    conta: bool = False

    def vale(self, valores: Mapping[str, object]) -> bool:
        """Whether an answer to this would be kept."""
        if self.cada:
            ids, filtros = valores.get(self.objeto or ""), valores.get("p_filtros") or {}
            poucos = isinstance(ids, list) and 0 < len(ids) <= _CADA and all(isinstance(x, UUID) for x in ids)
            return poucos and isinstance(filtros, dict) and _aba(valores) != "MENCOES" and "texto" not in filtros
        return self.vez is None or valores.get(self.vez) is None

    def comum(self, valores: Mapping[str, object]) -> Mapping[str, object]:
        """The question whose answer many share: of one card, whose it is says the card, and so to whom it is "mine"."""
        if self.para != "VISTO" or _aba(valores) != "MINHAS":
            return valores
        return {**valores, "p_filtros": {**valores["p_filtros"], "aba": "TODAS"}}  # type: ignore[dict-item]

    def abas(self, valores: Mapping[str, object]) -> set[object]:
        """The tabs of the inbox that the answer is about."""
        contadas = (valores.get("p_abas") or ("MINHAS", "FILA", "TODAS", "MENCOES")) if self.conta else ()
        return {_aba(valores), *contadas} if isinstance(contadas, list | tuple) else set(_PESSOAIS)

    def de_quem(self, prova: Prova, valores: Mapping[str, object]) -> object:
        """Who shares it: whoever's teams or sight change sees other things, and is still the same person."""
        if self.para in ("TODOS", "VISTO"):
            return None
        um_so = self.para == "USUARIO" or not _PESSOAIS.isdisjoint(self.abas(valores))
        return (prova.usuario_id, prova.grupo) if um_so else prova.grupo

    def marcas(self, prova: Prova, valores: Mapping[str, object]) -> tuple[str, ...]:
        """What it depends on; a list, on whatever its reader sees; counts, on what they go by of that."""
        if self.inteira:
            return (self.namespace,)
        abas, filtros = self.abas(valores), valores.get("p_filtros") or {}
        simples = self.conta and isinstance(filtros, dict) and _CONTADOS.issuperset(filtros)
        assunto = "contagem" if simples else self.namespace
        minhas = f"{assunto}:usuario:{prova.usuario_id}"
        proprias = (minhas, f"pessoa:{prova.usuario_id}") if self.para == "USUARIO" or "MENCOES" in abas else ()
        alvos = valores.get(self.objeto) if self.objeto else None
        alvos = alvos if isinstance(alvos, list) else [alvos]
        # written otherwise, an id names no mark: then it goes stale with whatever its reader sees
        if 0 < len(alvos) <= _TOPICOS and all(isinstance(x, UUID) for x in alvos):
            return (self.namespace, *proprias, *(f"{self.namespace}:{x}" for x in alvos))
        if abas == {"MINHAS"}:
            return (self.namespace, minhas, *proprias)
        vistas = sorted(assunto + t.removeprefix(self.namespace) for t in prova.topicos if self._e(t))
        if f"{assunto}:todas" in vistas:
            vistas = [f"{assunto}:todas"]
        elif len(vistas) > _TOPICOS:
            vistas = [f"{assunto}:lista"]
        return (self.namespace, *proprias, *vistas)

    def _e(self, topico: str) -> bool:
        return topico.startswith(self.namespace + ":")

    def cabe(self, prova: Prova, valores: Mapping[str, object], resposta: bytes) -> bool:
        """Whether the answer that somebody got is this session's, too."""
        if self.para != "VISTO":
            return True
        topicos = msgspec.json.decode(resposta, type=_Visto).topicos
        if topicos is None or topicos.isdisjoint(prova.topicos):
            return False
        return _aba(valores) != "MINHAS" or f"{self.namespace}:usuario:{prova.usuario_id}" in topicos

    def guarda(self, valores: Mapping[str, object], resposta: bytes) -> bool:
        """Not what its first reader does not see; nor what was asked by the name of one that is inside another now: its
        marks would be those of the old."""
        if self.para != "VISTO" and self.objeto != "p_id":
            return True
        visto = msgspec.json.decode(resposta, type=_Visto)
        if self.para == "VISTO" and visto.topicos is None:
            return False
        return self.objeto != "p_id" or str(visto.id) == str(valores["p_id"])


def _aba(valores: Mapping[str, object]) -> object:
    """The tab of the inbox that is asked for; of filters that are not read here it might be one's own."""
    filtros = valores.get("p_filtros") or {}
    return filtros.get("aba") if isinstance(filtros, dict) else "MENCOES"


# What depends on the clock is not here: teams say whether they are open. Nor is what is one person's and small: drafts
# and mentions are asked of the database.
LEMBRADAS: Final[Mapping[str, Lembrada]] = {
    "api.conversas_listar": Lembrada("conversas", "GRUPO"),
    "api.conversas_obter": Lembrada("conversas", "VISTO", "p_ids", cada=True),
    "api.conversas_contar": Lembrada("conversas", "GRUPO", conta=True),
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
# of those, what leaves a conversation in its state, and whose it is
_SEM_CONTAGEM: Final = ("conversa_ler", "nota_", "mencoes_")
_DO_CONTATO: Final = ("contato_", "contatos_", "consentimento_")


def marcas_da_escrita(
    funcao: str, valores: Mapping[str, object], prova: Prova | None = None, feito: bytes = b""
) -> tuple[str, ...]:
    """What a write makes stale for whoever wrote, at the least, and the object for everybody; the events of its
    transaction say the rest a moment later. Every list depends on a mark of its reader: `todas` or their own."""
    nome = funcao.removeprefix("api.")
    if nome.startswith(("rascunho_", "conversa_digitar", "conversa_silenci", "inscricao_")):
        return ()  # in no answer that is kept
    if nome.startswith(_DA_CONVERSA):
        alvo = valores.get("p_conversa_id") or (valores.get("p_id") if nome.startswith("conversa_") else None)
        if alvo is None or prova is None:
            return ("dashboard", "relatorios", "conversas")
        vistas = ("lista", "todas", f"usuario:{prova.usuario_id}")
        listas = [f"conversas:{vista}" for vista in vistas]
        parada = nome.startswith(_SEM_CONTAGEM) or b'"assumida": false' in feito
        contagens = [] if parada else [f"contagem:{vista}" for vista in vistas]
        return ("dashboard", "relatorios", f"conversas:{alvo}", *listas, *contagens, f"pessoa:{prova.usuario_id}")
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
            return await self._lembrar_cada(funcao, lembrada, descrita.permissao, argumentos)
        passou()
        feito = b""
        try:
            feito = await self._banco.chamar(funcao, argumentos)
            return feito
        finally:
            # also after a refusal or a lost connection: what was committed before it is not known here
            cliente_id = argumentos.get("p_cliente_id")
            if isinstance(cliente_id, UUID) and (descrita is None or descrita.escreve):
                _, prova = (
                    self._provas.get(_digerir(argumentos), (None, None)) if "p_sessao" in argumentos else (None, None)
                )
                await self._cache.invalidar(cliente_id, marcas_da_escrita(funcao, argumentos, prova, feito))

    async def _lembrar_cada(
        self, funcao: str, lembrada: Lembrada, permissao: str, valores: Mapping[str, object]
    ) -> bytes:
        alvos = valores[lembrada.objeto] if lembrada.cada and lembrada.objeto else None
        if not isinstance(alvos, list) or len(alvos) == 1:
            return await self._lembrar(funcao, lembrada, permissao, valores)
        partes = await asyncio.gather(
            *(self._lembrar(funcao, lembrada, permissao, {**valores, lembrada.objeto or "": [x]}) for x in alvos)
        )
        dados = [x for parte in partes for x in msgspec.json.decode(parte, type=_Dados).dados]
        return msgspec.json.encode({"dados": dados, "topicos": None})

    async def _lembrar(self, funcao: str, lembrada: Lembrada, permissao: str, valores: Mapping[str, object]) -> bytes:
        prova, achada, valor = await self._provar(funcao, lembrada, valores)
        comum = lembrada.comum(valores)
        if prova is not None and permissao not in prova.permissoes:
            raise Erro(403, "ZPG01", "você não tem permissão para isto", detalhe=permissao, sqlstate="ZPG01")

        async def calcular() -> bytes:
            return await self._banco.chamar(funcao, comum)

        def validade(resposta: bytes) -> float:
            return math.inf if lembrada.guarda(valores, resposta) else 0

        if prova is None or achada is None:
            return await self._cache.sem(lembrada.namespace, lambda: self._banco.chamar(funcao, valores))
        nova = valor is None
        if valor is None:
            valor = await self._cache.remember(achada, calcular, validade)
        if lembrada.cabe(prova, valores, valor):
            if not nova:
                acertou(lembrada.namespace)
            return valor
        # what only others may see: what this one is told, the database says
        faltou(lembrada.namespace)
        return await self._banco.chamar(funcao, valores)

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
        comum = lembrada.comum(valores)
        pedidos = {nome: valor for nome, valor in comum.items() if nome not in {"p_cliente_id", "p_sessao"}}
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
