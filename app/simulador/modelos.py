"""Message templates: what was approved, and whether a send matches it."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from app.simulador.erros import Negado

Categoria = Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
_VARIAVEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_PROIBIDO = re.compile(r"[\n\t]| {5,}")
_LIMITES = {"header": 60, "body": 1024}
_MIDIAS = frozenset({"image", "video", "document"})
_TIPOS_DE_TEXTO = frozenset({"text", "currency", "date_time"})
_CHAVE_DO_BOTAO = {
    "quick_reply": "payload",
    "url": "text",
    "copy_code": "coupon_code",
    "flow": "action",
    "catalog": "action",
}


class Modelo(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    waba_id: str
    name: str
    language: str
    category: Categoria
    components: list[dict[str, Any]]
    status: str = "APPROVED"
    id: str = ""
    parameter_format: Literal["POSITIONAL", "NAMED"] = "POSITIONAL"
    quality_score: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"] = "GREEN"
    rejected_reason: str = "NONE"
    previous_category: str | None = None
    message_send_ttl_seconds: int | None = None

    @property
    def chave(self) -> tuple[str, str, str]:
        return self.waba_id, self.name, self.language


def variaveis(texto: str) -> list[str]:
    """Distinct variables in the order in which a send fills them: by number, or as they appear."""
    nomes = list(dict.fromkeys(_VARIAVEL.findall(texto)))
    return sorted(nomes, key=int) if all(n.isdecimal() for n in nomes) else nomes


def componente(modelo: Modelo, tipo: str) -> dict[str, Any] | None:
    return next((c for c in modelo.components if str(c.get("type", "")).upper() == tipo), None)


class Modelos:
    def __init__(self) -> None:
        self.por_id: dict[str, Modelo] = {}
        self._por_nome: dict[tuple[str, str, str], Modelo] = {}

    def por(self, modelo: Modelo) -> None:
        anterior = self._por_nome.get(modelo.chave)
        if anterior is not None:
            self.por_id.pop(anterior.id, None)
        self.por_id[modelo.id] = modelo
        self._por_nome[modelo.chave] = modelo

    def buscar(self, waba_id: str, nome: str, idioma: str) -> Modelo | None:
        return self._por_nome.get((waba_id, nome, idioma))

    def da_waba(self, waba_id: str) -> list[Modelo]:
        return sorted((m for m in self.por_id.values() if m.waba_id == waba_id), key=lambda m: m.id)

    def limpar(self) -> None:
        self.por_id.clear()
        self._por_nome.clear()

    def tirar(self, modelo: Modelo) -> None:
        self.por_id.pop(modelo.id, None)
        self._por_nome.pop(modelo.chave, None)


def exigir_enviavel(modelo: Modelo | None, nome: str, idioma: str) -> Modelo:
    if modelo is not None and modelo.status == "PAUSED":
        raise Negado(132015)
    if modelo is not None and modelo.status == "DISABLED":
        raise Negado(132016)
    if modelo is None or modelo.status != "APPROVED":
        raise Negado(132001, f"template name ({nome}) does not exist in {idioma}")
    return modelo


def exigir_parametros(modelo: Modelo, componentes: list[dict[str, Any]]) -> None:
    """Count, kind and length of what a send carries, against the approved definition."""
    dados: dict[str, list[dict[str, Any]]] = {"header": [], "body": []}
    botoes: dict[int, dict[str, Any]] = {}
    for parte in componentes:
        tipo = str(parte.get("type", "")).lower()
        if tipo == "button":
            botoes[_indice(parte)] = parte
        elif tipo in dados:
            dados[tipo] = _parametros(parte)
        else:
            raise Negado(132012, f"unknown component {tipo}")
    _conferir_cabecalho(modelo, dados["header"])
    corpo = componente(modelo, "BODY")
    _conferir_texto(modelo, "body", str(corpo.get("text", "")) if corpo else "", dados["body"])
    _conferir_botoes(modelo, botoes)


def _conferir_cabecalho(modelo: Modelo, parametros: list[dict[str, Any]]) -> None:
    cabecalho = componente(modelo, "HEADER")
    formato = str(cabecalho.get("format", "TEXT")).lower() if cabecalho else "text"
    if formato == "text":
        texto = str(cabecalho.get("text", "")) if cabecalho else ""
        _conferir_texto(modelo, "header", texto, parametros)
        return
    if len(parametros) != 1:
        raise Negado(132012, f"header: expected one {formato} parameter")
    tipo = parametros[0].get("type")
    conteudo = parametros[0].get(formato)
    if tipo != formato or not isinstance(conteudo, dict):
        raise Negado(132012, f"header: format mismatch, expected {formato.upper()}")
    if formato in _MIDIAS and not (conteudo.get("id") or conteudo.get("link")):
        raise Negado(132012, f"header: {formato} needs id or link")


def _conferir_texto(modelo: Modelo, parte: str, texto: str, parametros: list[dict[str, Any]]) -> None:
    nomes = variaveis(texto)
    if len(parametros) != len(nomes):
        raise Negado(132000, f"{parte}: number of localizable_params ({len(parametros)}) does not match ({len(nomes)})")
    valores = {}
    for posicao, parametro in enumerate(parametros):
        nome = nomes[posicao]
        if modelo.parameter_format == "NAMED":
            nome = str(parametro.get("parameter_name", ""))
            if nome not in nomes or nome in valores:
                raise Negado(132012, f"{parte}: parameter_name {nome!r} is not expected here")
        valores[nome] = _valor(parte, parametro)
    final = _VARIAVEL.sub(lambda achado: valores[achado.group(1)], texto)
    if len(final) > _LIMITES[parte]:
        raise Negado(132005, f"{parte}: {len(final)} characters after substitution, at most {_LIMITES[parte]}")


def _valor(parte: str, parametro: dict[str, Any]) -> str:
    tipo = parametro.get("type")
    if tipo not in _TIPOS_DE_TEXTO:
        raise Negado(132012, f"{parte}: {tipo} parameter where text is expected")
    bruto = parametro.get("text") if tipo == "text" else (parametro.get(str(tipo)) or {}).get("fallback_value")
    if not isinstance(bruto, str) or not bruto:
        raise Negado(132012, f"{parte}: parameter without text")
    if _PROIBIDO.search(bruto):
        raise Negado(132012, f"{parte}: parameters cannot have new lines, tabs or more than four spaces in a row")
    return bruto


def _conferir_botoes(modelo: Modelo, enviados: dict[int, dict[str, Any]]) -> None:
    bloco = componente(modelo, "BUTTONS")
    definidos: list[dict[str, Any]] = bloco.get("buttons", []) if bloco else []
    for indice, botao in enumerate(definidos):
        tipo = str(botao.get("type", "")).lower()
        # the button that copies a one-time password is filled like an address
        endereco = "{{1}}" if tipo == "otp" else str(botao.get("url", ""))
        tipo = "url" if tipo == "otp" else tipo
        variavel = tipo == "copy_code" or (tipo == "url" and bool(variaveis(endereco)))
        enviado = enviados.pop(indice, None)
        if enviado is None:
            if variavel:
                raise Negado(132000, f"button {indice}: parameter required")
            continue
        _conferir_botao(indice, tipo, variavel, enviado)
    if enviados:
        raise Negado(132000, f"button {min(enviados)}: the template has no such button")


def _conferir_botao(indice: int, tipo: str, variavel: bool, enviado: dict[str, Any]) -> None:
    if str(enviado.get("sub_type", "")).lower() != tipo:
        raise Negado(132012, f"button {indice}: expected {tipo}")
    parametros = _parametros(enviado)
    if tipo == "url" and not variavel:
        raise Negado(132000, f"button {indice}: the url has no variable")
    if len(parametros) != 1 and (variavel or tipo == "quick_reply"):
        raise Negado(132000, f"button {indice}: expected one parameter")
    chave = _CHAVE_DO_BOTAO.get(tipo)
    if chave is not None and parametros and not parametros[0].get(chave):
        raise Negado(132012, f"button {indice}: {chave} is missing")


def _parametros(parte: dict[str, Any]) -> list[dict[str, Any]]:
    parametros = parte.get("parameters", [])
    if not isinstance(parametros, list) or not all(isinstance(p, dict) for p in parametros):
        raise Negado(132012, "parameters must be an array of objects")
    return parametros


def _indice(parte: dict[str, Any]) -> int:
    try:
        return int(parte.get("index", 0))
    except (TypeError, ValueError):
        raise Negado(131009, "button index must be an integer") from None
