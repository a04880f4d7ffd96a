"""What the steps of a campaign's form say, read into what the stored functions take, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.erros import Erro
from app.http.pages.campos import Campos

_MARCA: Final = re.compile(r"\{\{\s*contato\.(\w+)\s*(?:\|([^{}]*))?\}\}")
_VARIAS: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_SIMPLES: Final = ("marketing", "origem")
_FILTRAM: Final = ("etiqueta", "sem_etiqueta", "marketing", "origem", "criado_de", "criado_ate", "campo")
MIDIAS: Final = frozenset({"IMAGEM", "VIDEO", "DOCUMENTO"})
TEXTOS: Final = frozenset({"TEXTO", "URL", "CUPOM", "CODIGO", "RETORNO"})


def _dia(texto: str, fuso: str, *, seguinte: bool = False) -> str | None:
    """The first instant of a day of the reader, or of the day after it; what is no date is left to the database."""
    if not texto:
        return None
    try:
        dia = date.fromisoformat(texto) + timedelta(days=1 if seguinte else 0)
    except (ValueError, OverflowError):
        return texto
    return datetime(dia.year, dia.month, dia.day, tzinfo=ZoneInfo(fuso)).isoformat()


def _quem(dados: Campos) -> str:
    """Whom the public's step says; an address with a filter and no choice asks for the filter, never for everybody."""
    filtra = any(valor for nome in _FILTRAM for valor in dados.todos(nome))
    return dados.um("quem") or ("filtro" if filtra else "")


def ler_publico(dados: Campos, fuso: str) -> dict[str, Any] | None:
    """The filter that the public's step says; None = the one already stored stays."""
    quem = _quem(dados)
    if quem == "manter":
        return None
    if quem != "filtro":
        return {}
    campo = dados.um("campo")
    filtro: dict[str, Any] = {
        "etiquetaIds": dados.todos("etiqueta"),
        "semEtiquetaIds": dados.todos("sem_etiqueta"),
        **{nome: dados.um(nome) for nome in _SIMPLES},
        "criadoDe": _dia(dados.um("criado_de"), fuso),
        "criadoAte": _dia(dados.um("criado_ate"), fuso, seguinte=True),
        "campos": {campo: dados.um("campo_valor")} if campo else None,
    }
    return {nome: valor for nome, valor in filtro.items() if valor}


def _data_de(instante: str | None, fuso: str, *, anterior: bool = False) -> str:
    if not instante:
        return ""
    try:
        dia = datetime.fromisoformat(instante).astimezone(ZoneInfo(fuso)).date()
    except ValueError:
        return instante
    return (dia - timedelta(days=1 if anterior else 0)).isoformat()


def publico_escrito(publico: Mapping[str, Any], fuso: str) -> dict[str, Any]:
    """The stored public as the form shows it."""
    filtro = publico["filtro"]
    campos = filtro.get("campos") or {}
    campo = next(iter(campos), "")
    um_a_um = publico["tipo"] == "CONTATOS"
    return {
        "quem": "manter" if um_a_um or len(campos) > 1 else ("filtro" if filtro else "todos"),
        "pode_manter": um_a_um or len(campos) > 1,
        "etiqueta": filtro.get("etiquetaIds", []),
        "sem_etiqueta": filtro.get("semEtiquetaIds", []),
        "marketing": filtro.get("marketing", ""),
        "origem": filtro.get("origem", ""),
        "criado_de": _data_de(filtro.get("criadoDe"), fuso),
        "criado_ate": _data_de(filtro.get("criadoAte"), fuso, anterior=True),
        "campo": campo,
        "campo_valor": str(campos.get(campo, "")),
    }


def publico_digitado(dados: Campos, *, pode_manter: bool = False) -> dict[str, Any]:
    """What somebody typed in the public's step, to be shown again."""
    nomes = ("quem", "marketing", "origem", "criado_de", "criado_ate", "campo", "campo_valor")
    return {
        **{nome: dados.um(nome) for nome in nomes},
        "quem": _quem(dados) or ("manter" if pode_manter else "todos"),
        "pode_manter": pode_manter,
        "etiqueta": dados.todos("etiqueta"),
        "sem_etiqueta": dados.todos("sem_etiqueta"),
    }


def publico_campos(escrito: Mapping[str, Any]) -> Campos:
    """The fields of the public's step as its form would send what it shows."""
    return Campos((nome, v) for nome, valor in escrito.items() for v in (valor if isinstance(valor, list) else [valor]))


def _valor(dados: Campos, campo: Mapping[str, Any]) -> Any:
    def lido(parte: str) -> str:
        return dados.um(f"{parte}-{campo['chave']}")

    if campo["especie"] in TEXTOS:
        origem, texto = lido("campo"), lido("texto")
        if not origem:
            return texto or None
        return {"valor": f"{{{{contato.{origem}}}}}", **({"padrao": texto} if texto else {})}
    if campo["especie"] in MIDIAS:
        nome = lido("nome")
        return {"link": lido("link"), **({"nome": nome} if nome else {})} if lido("link") else None
    if campo["especie"] == "LOCALIZACAO":
        return _localizacao({p: lido(p) for p in ("latitude", "longitude", "nome", "endereco")})
    return None


def _localizacao(partes: dict[str, str]) -> dict[str, Any] | None:
    def grau(texto: str) -> float | str:
        try:
            return float(texto.replace(",", "."))
        except ValueError:
            return texto

    if not any(partes.values()):
        return None
    return {nome: grau(valor) if nome.endswith("tude") else valor for nome, valor in partes.items() if valor}


def ler_variaveis(dados: Campos, campos: Sequence[Mapping[str, Any]], guardadas: Mapping[str, Any]) -> dict[str, Any]:
    """What the template's step says of each variable; what the form cannot show stays as it is stored."""
    lidas = {}
    for campo in campos:
        valor = _valor(dados, campo)
        if valor is None and f"fica-{campo['chave']}" in dados:
            valor = guardadas.get(campo["chave"])
        if valor is not None:
            lidas[campo["chave"]] = valor
    return lidas


def variavel_escrita(valor: Any) -> dict[str, Any]:
    """One stored value as its fields show it: `campo` and `texto`, or the parts of media and places."""
    if isinstance(valor, dict) and "valor" not in valor:
        return {"campo": "", "texto": "", **valor}
    texto, padrao = (valor["valor"], valor.get("padrao", "")) if isinstance(valor, dict) else (valor, "")
    achado = _MARCA.fullmatch(str(texto or "").strip())
    if achado:
        return {"campo": achado[1], "texto": (achado[2] or padrao or "").strip()}
    return {"campo": "", "texto": str(texto or "")}


def ler_intervalo(dados: Campos) -> int:
    """Milliseconds between two sends, from messages per second; nothing = as fast as the number allows."""
    texto = dados.um("ritmo").replace(",", ".")
    if not texto:
        return 0
    try:
        return min(2_147_483_647, round(1000 / float(texto)))
    except (ValueError, OverflowError, ZeroDivisionError):
        raise Erro(422, "ZRK20", "o ritmo é um número de mensagens por segundo", campo="ritmo") from None


def ler_hora(dados: Campos, fuso: str) -> datetime | None:
    """When to start, in the reader's zone; None = at once."""
    if dados.um("quando") != "depois":
        return None
    try:
        return datetime.fromisoformat(dados.um("hora")).replace(tzinfo=ZoneInfo(fuso))
    except ValueError:
        raise Erro(422, "ZRK21", "escreva o dia e a hora em que a campanha começa", campo="agendadoPara") from None


def ritmo_escrito(intervalo_ms: int) -> str:
    """Messages per second as the form shows an interval."""
    return f"{1000 / intervalo_ms:.3f}".rstrip("0").rstrip(".") if intervalo_ms else ""


def hora_escrita(instante: str | None, fuso: str) -> str:
    """An instant as `<input type="datetime-local">` takes it."""
    if not instante:
        return ""
    return datetime.fromisoformat(instante).astimezone(ZoneInfo(fuso)).strftime("%Y-%m-%dT%H:%M")


def desenhar(componentes: Sequence[Mapping[str, Any]], parametros: Mapping[str, Any]) -> dict[str, Any]:
    """A template as WhatsApp draws it: header, body, footer, buttons; what is not filled keeps its mark."""

    def preencher(texto: str, prefixo: str = "") -> str:
        def trocar(achado: re.Match[str]) -> str:
            valor = parametros.get(prefixo + achado[1])
            if isinstance(valor, dict):
                valor = valor.get("texto")
            return achado[0] if valor is None else str(valor)

        return _VARIAS.sub(trocar, texto)

    desenho: dict[str, Any] = {"cabecalho": "", "midia": "", "corpo": "", "rodape": "", "botoes": []}
    for parte in componentes:
        tipo, formato = str(parte.get("type", "")).upper(), str(parte.get("format", "TEXT")).upper()
        if tipo == "HEADER" and formato == "TEXT":
            desenho["cabecalho"] = preencher(str(parte.get("text", "")), "cabecalho.")
        elif tipo == "HEADER":
            desenho["midia"] = formato
        elif tipo == "BODY":
            desenho["corpo"] = preencher(str(parte.get("text", "")))
        elif tipo == "FOOTER":
            desenho["rodape"] = str(parte.get("text", ""))
        elif tipo == "BUTTONS":
            desenho["botoes"] = [str(b.get("text") or b.get("type", "")) for b in parte.get("buttons") or []]
    return desenho
