"""The `template` object of a message: parameters in the order, number and kind that the approved definition asks for.

The definition rules, not the parameters: a value that it does not ask for, or one that it lacks, is refused here, so
that the provider can only complain of a template that changed meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec

from app.provedores import conteudo as c
from app.provedores.conteudo import ErroConteudo, ler

Objeto = dict[str, Any]
# the kind, then a file by our id or by an address, and the name to show
Arquivo = Callable[[str, UUID | None, str | None, str | None], Objeto]
_VARIAVEL: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_MIDIAS: Final = frozenset({"image", "video", "document", "gif"})


class Aprovado(Protocol):
    """What is used of a template: `componentes` as the provider approved them."""

    @property
    def nome(self) -> str: ...
    @property
    def idioma(self) -> str: ...
    @property
    def formato(self) -> str: ...
    @property
    def componentes(self) -> list[Objeto]: ...


def montar_modelo(modelo: Aprovado, uso: c.UsoDeModelo, arquivo: Arquivo, referencia: str) -> Objeto:
    valores = _Valores(uso)
    componentes: list[Objeto] = []
    for definido in modelo.componentes:
        match str(definido.get("type", "")).upper():
            case "HEADER":
                componentes += _cabecalho(definido, modelo.formato, valores, arquivo)
            case "BODY":
                componentes += _textos("body", str(definido.get("text") or ""), modelo.formato, "", valores)
            case "BUTTONS":
                for indice, botao in enumerate(definido.get("buttons") or []):
                    componentes += _botao(indice, botao, valores, referencia)
            case "CAROUSEL" | "LIMITED_TIME_OFFER":
                raise ErroConteudo("o modelo tem um componente que não se envia")
    valores.conferir_usados()
    saida: Objeto = {"name": modelo.nome, "language": {"code": modelo.idioma}}
    if componentes:
        saida["components"] = componentes
    return saida


class _Valores:
    """The parameters of one message, each of which has to be used."""

    def __init__(self, uso: c.UsoDeModelo) -> None:
        self._valores = dict(uso.parametros)
        if uso.cabecalho is not None:
            chave = "cabecalho.localizacao" if uso.cabecalho.latitude is not None else "cabecalho.midia"
            if chave in self._valores:
                raise ErroConteudo("o cabeçalho veio duas vezes")
            self._valores[chave] = msgspec.to_builtins(uso.cabecalho)
        self._usados: set[str] = set()

    def exigir(self, chave: str) -> Any:
        valor = self.pegar(chave)
        if valor is None or valor == "":
            raise ErroConteudo(f"falta o parâmetro {chave}")
        return valor

    def pegar(self, chave: str) -> Any:
        self._usados.add(chave)
        return self._valores.get(chave)

    def conferir_usados(self) -> None:
        sobra = sorted(self._valores.keys() - self._usados)
        if sobra:
            raise ErroConteudo(f"o modelo não tem o parâmetro {sobra[0][:60]}")


def _cabecalho(definido: Objeto, formato: str, valores: _Valores, arquivo: Arquivo) -> list[Objeto]:
    especie = str(definido.get("format") or "TEXT").lower()
    if especie == "text":
        return _textos("header", str(definido.get("text") or ""), formato, "cabecalho.", valores)
    if especie in _MIDIAS:
        return [_parametro("header", especie, _midia(especie, valores.exigir("cabecalho.midia"), arquivo))]
    if especie == "location":
        lugar = ler(c.Localizacao, _objeto(valores.exigir("cabecalho.localizacao")))
        dados = {
            # the documentation of this one place writes the coordinates as text
            "latitude": str(lugar.latitude),
            "longitude": str(lugar.longitude),
            "name": lugar.nome,
            "address": lugar.endereco,
        }
        return [_parametro("header", "location", sem_nulos(dados))]
    raise ErroConteudo("o cabeçalho do modelo não se envia")


def _midia(especie: str, valor: Any, arquivo: Arquivo) -> Objeto:
    """Text is an address or the id of one of our files, which is what a campaign's variable can be."""
    if isinstance(valor, str):
        valor = {"link": valor} if valor.startswith(("http://", "https://")) else {"midiaId": valor}
    lido: c.CabecalhoModelo = ler(c.CabecalhoModelo, _objeto(valor))
    return arquivo(especie, lido.midia_id, lido.link, lido.nome)


def _textos(parte: str, texto: str, formato: str, prefixo: str, valores: _Valores) -> list[Objeto]:
    nomes = variaveis(texto)
    if not nomes:
        return []
    parametros = []
    for nome in nomes:
        parametro = _texto(valores.exigir(prefixo + nome))
        parametros.append(parametro | {"parameter_name": nome} if formato == "NAMED" else parametro)
    return [{"type": parte, "parameters": parametros}]


def variaveis(texto: str) -> list[str]:
    """Distinct variables in the order in which they are sent: by number, or as they appear."""
    nomes = list(dict.fromkeys(_VARIAVEL.findall(texto)))
    return sorted(nomes, key=int) if all(n.isdecimal() for n in nomes) else nomes


def _texto(valor: Any) -> Objeto:
    lido: c.ParametroDeTexto = ler(c.ParametroDeTexto, valor)
    match lido:
        case c.Moeda():
            dados = {"fallback_value": lido.texto, "code": lido.codigo, "amount_1000": lido.valor_mil}
            return {"type": "currency", "currency": dados}
        case c.Data():
            return {"type": "date_time", "date_time": {"fallback_value": lido.texto}}
        case str():
            return {"type": "text", "text": lido}


def _botao(indice: int, botao: Objeto, valores: _Valores, referencia: str) -> list[Objeto]:
    """What one button needs; the index is that of the definition, whatever the buttons before it ask for."""
    chave = f"botao.{indice}"
    match str(botao.get("type", "")).upper():
        case "URL" if _VARIAVEL.search(str(botao.get("url") or "")):
            return [_de_botao(indice, "url", {"type": "text", "text": _cru(valores.exigir(chave))})]
        # a one-time password is copied by a button that the API sends as an address
        case "OTP":
            return [_de_botao(indice, "url", {"type": "text", "text": _cru(valores.exigir(chave))})]
        case "COPY_CODE":
            cupom = {"type": "coupon_code", "coupon_code": _cru(valores.exigir(chave))}
            return [_de_botao(indice, "copy_code", cupom)]
        case "QUICK_REPLY":
            dado = valores.pegar(chave)
            return (
                [] if dado is None else [_de_botao(indice, "quick_reply", {"type": "payload", "payload": _cru(dado)})]
            )
        case "FLOW":
            fluxo = ler(c.Fluxo, valores.pegar(chave) or {"tipo": "FLUXO"})
            acao = sem_nulos({"flow_token": fluxo.token or referencia, "flow_action_data": fluxo.dados})
            return [_de_botao(indice, "flow", {"type": "action", "action": acao})]
        case "CATALOG":
            if (dado := valores.pegar(chave)) is None or (produto := ler(c.Catalogo, dado).produto) is None:
                return []
            acao = {"thumbnail_product_retailer_id": produto}
            return [_de_botao(indice, "catalog", {"type": "action", "action": acao})]
        case "MPM" | "SPM" | "ORDER_DETAILS":
            raise ErroConteudo("o modelo tem um botão que não se envia")
    return []


def _cru(valor: Any) -> str:
    return str(ler(str, valor))


def _de_botao(indice: int, subtipo: str, parametro: Objeto) -> Objeto:
    return {"type": "button", "sub_type": subtipo, "index": str(indice), "parameters": [parametro]}


def _parametro(parte: str, especie: str, valor: Objeto) -> Objeto:
    return {"type": parte, "parameters": [{"type": especie, especie: valor}]}


def sem_nulos(dados: Objeto) -> Objeto:
    """An object without the keys that say nothing."""
    return {chave: valor for chave, valor in dados.items() if valor is not None}


def _objeto(valor: Any) -> Objeto:
    if not isinstance(valor, dict):
        raise ErroConteudo("um parâmetro do modelo não é um objeto")
    return sem_nulos(valor)
