"""Stage 11: the structure of a message, type by type, with the provider's published limits."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

from app.simulador.erros import Negado

Objeto = dict[str, Any]
MIDIAS = frozenset({"image", "video", "document", "audio", "sticker"})
_COM_LEGENDA = frozenset({"image", "video", "document"})
_MAX_CALLBACK = 512
_MAX_CONTATOS = 257
_CORPO = 1024
_CORPO_LISTA = 4096
_ENVELOPE = frozenset(
    {
        "messaging_product",
        "recipient_type",
        "to",
        "recipient",
        "type",
        "context",
        "biz_opaque_callback_data",
        "recipient_identity_key_hash",
        "product_policy",
        "message_activity_sharing",
    }
)
_CAMPOS_CONTATO = frozenset({"name", "phones", "emails", "addresses", "org", "urls", "birthday"})
_CAMPOS_MIDIA = {
    "image": {"caption"},
    "video": {"caption"},
    "document": {"caption", "filename"},
    "audio": {"voice"},
    "sticker": set[str](),
}
_NASCIMENTO = re.compile(r"\d{4}-\d{2}-\d{2}")


def validar(corpo: Objeto) -> tuple[str, Any]:
    """The type and content of a well-formed message; anything else is refused here."""
    if not corpo.get("to") and not corpo.get("recipient"):
        raise Negado(131008, "to or recipient is required")
    if corpo.get("recipient_type", "individual") != "individual":
        raise Negado(131009, "recipient_type must be individual")
    _envelope(corpo)
    tipo = corpo.get("type", "text")
    validador = _VALIDADORES.get(tipo) if isinstance(tipo, str) else None
    if validador is None:
        raise Negado(131051, f"message type {tipo} is not supported")
    conteudo = corpo.get(tipo)
    if conteudo is None:
        raise Negado(131008, f"{tipo} is required")
    _so("message", corpo, _ENVELOPE | {tipo})
    validador(tipo, conteudo)
    return tipo, conteudo


def _envelope(corpo: Objeto) -> None:
    callback = corpo.get("biz_opaque_callback_data")
    if callback is not None and (not isinstance(callback, str) or len(callback) > _MAX_CALLBACK):
        raise Negado(131009, f"biz_opaque_callback_data must be a string of at most {_MAX_CALLBACK} characters")
    contexto = corpo.get("context")
    if contexto is not None and not isinstance(_objeto("context", contexto).get("message_id"), str):
        raise Negado(131009, "context.message_id must be a message id")


def _objeto(campo: str, valor: Any) -> Objeto:
    if not isinstance(valor, dict):
        raise Negado(131009, f"{campo} must be an object")
    return valor


def _so(campo: str, objeto: Objeto, conhecidos: Collection[str]) -> None:
    """The Graph API names the first key that it does not know instead of ignoring it."""
    estranhas = sorted(objeto.keys() - set(conhecidos))
    if estranhas:
        raise Negado(100, f'Unexpected key "{estranhas[0]}" on param "{campo}"')


def _lista(campo: str, valor: Any, minimo: int, maximo: int) -> list[Objeto]:
    if valor is None:
        raise Negado(131008, f"{campo} is required")
    if not isinstance(valor, list) or not minimo <= len(valor) <= maximo:
        raise Negado(131009, f"{campo} must have {minimo} to {maximo} items")
    return [_objeto(campo, item) for item in valor]


def _texto(campo: str, valor: Any, maximo: int, *, obrigatorio: bool = True) -> None:
    if valor is None or valor == "":
        if obrigatorio:
            raise Negado(131008, f"{campo} is required")
        return
    if not isinstance(valor, str) or len(valor) > maximo:
        raise Negado(131009, f"{campo} must be text of at most {maximo} characters")


def _logico(campo: str, valor: Any) -> None:
    if valor is not None and not isinstance(valor, bool):
        raise Negado(131009, f"{campo} must be true or false")


def _msg_texto(tipo: str, conteudo: Any) -> None:
    objeto = _objeto(tipo, conteudo)
    _so(tipo, objeto, ("body", "preview_url"))
    _texto("text.body", objeto.get("body"), 4096)
    _logico("text.preview_url", objeto.get("preview_url"))


def _msg_midia(tipo: str, conteudo: Any) -> None:
    objeto = _objeto(tipo, conteudo)
    if bool(objeto.get("id")) == bool(objeto.get("link")):
        codigo = 131009 if objeto.get("id") else 131008
        raise Negado(codigo, f"{tipo} needs exactly one of id and link")
    if "caption" in objeto and tipo not in _COM_LEGENDA:
        raise Negado(131009, f"{tipo} has no caption")
    _so(tipo, objeto, {"id", "link"} | _CAMPOS_MIDIA[tipo])
    _texto(f"{tipo}.caption", objeto.get("caption"), 1024, obrigatorio=False)
    _texto(f"{tipo}.filename", objeto.get("filename"), 240, obrigatorio=False)
    _logico(f"{tipo}.voice", objeto.get("voice"))
    _texto(f"{tipo}.id", objeto.get("id"), 64, obrigatorio=False)
    link = objeto.get("link")
    if link is not None and not _eh_endereco(link, ("http", "https")):
        raise Negado(131009, f"{tipo}.link must be an http url")


def _msg_localizacao(tipo: str, conteudo: Any) -> None:
    objeto = _objeto(tipo, conteudo)
    _so(tipo, objeto, ("latitude", "longitude", "name", "address"))
    for campo in ("name", "address"):
        _texto(f"location.{campo}", objeto.get(campo), 1000, obrigatorio=False)
    for campo, limite in (("latitude", 90), ("longitude", 180)):
        if objeto.get(campo) is None:
            raise Negado(131008, f"location.{campo} is required")
        try:
            dentro = abs(float(objeto[campo])) <= limite
        except (TypeError, ValueError):
            dentro = False
        if not dentro:
            raise Negado(131009, f"location.{campo} is out of range")


def _msg_contatos(tipo: str, conteudo: Any) -> None:
    for contato in _lista(tipo, conteudo, 1, _MAX_CONTATOS):
        _so(tipo, contato, _CAMPOS_CONTATO)
        nome = _objeto("contacts.name", contato.get("name", {}))
        if not nome.get("formatted_name"):
            raise Negado(131008, "contacts.name.formatted_name is required")
        if len([v for v in nome.values() if v]) < 2:
            raise Negado(131009, "contacts.name needs one more part besides formatted_name")
        for lista, campo in (("phones", "phone"), ("emails", "email"), ("urls", "url")):
            for item in _lista(f"contacts.{lista}", contato.get(lista, []), 0, 50):
                _texto(f"contacts.{lista}.{campo}", item.get(campo), 2000)
        if "birthday" in contato and not _NASCIMENTO.fullmatch(str(contato["birthday"])):
            raise Negado(131009, "contacts.birthday must be YYYY-MM-DD")


def _msg_reacao(tipo: str, conteudo: Any) -> None:
    objeto = _objeto(tipo, conteudo)
    _so(tipo, objeto, ("message_id", "emoji"))
    _texto("reaction.message_id", objeto.get("message_id"), 512)
    if not isinstance(objeto.get("emoji"), str):
        raise Negado(131008, "reaction.emoji is required")


def _msg_modelo(tipo: str, conteudo: Any) -> None:
    objeto = _objeto(tipo, conteudo)
    _so(tipo, objeto, ("name", "language", "components", "namespace"))
    _texto("template.name", objeto.get("name"), 512)
    idioma = objeto.get("language")
    if not isinstance(idioma, dict) or not isinstance(idioma.get("code"), str):
        raise Negado(131008, "template.language.code is required")
    if "components" in objeto:
        _lista("template.components", objeto["components"], 0, 20)


def _msg_interativa(tipo: str, conteudo: Any) -> None:
    objeto = _objeto(tipo, conteudo)
    subtipo = objeto.get("type")
    if subtipo is None:
        raise Negado(131008, "interactive.type is required")
    conferir = _INTERATIVAS.get(subtipo) if isinstance(subtipo, str) else None
    if conferir is None:
        raise Negado(131009, f"interactive.type {subtipo} is not supported")
    _so(tipo, objeto, ("type", "header", "body", "footer", "action"))
    if objeto.get("header") is not None:
        _cabecalho(_objeto("interactive.header", objeto["header"]), subtipo)
    if objeto.get("footer") is not None:
        _texto("interactive.footer.text", _objeto("interactive.footer", objeto["footer"]).get("text"), 60)
    corpo = _objeto("interactive.body", objeto.get("body") or {})
    # Single-product messages are the only ones allowed to go without a body.
    _texto(
        "interactive.body.text",
        corpo.get("text"),
        _CORPO_LISTA if subtipo == "list" else _CORPO,
        obrigatorio=subtipo != "product",
    )
    if objeto.get("action") is None:
        raise Negado(131008, "interactive.action is required")
    conferir(_objeto("interactive.action", objeto["action"]))


def _cabecalho(cabecalho: Objeto, subtipo: str) -> None:
    especie = cabecalho.get("type")
    if especie not in ("text", "image", "video", "document"):
        raise Negado(131009, f"interactive.header.type {especie} is not supported")
    _so("interactive.header", cabecalho, ("type", especie))
    if especie == "text":
        _texto("interactive.header.text", cabecalho.get("text"), 60)
        return
    if subtipo == "list":
        raise Negado(131009, "the header of a list must be text")
    if cabecalho.get(especie) is None:
        raise Negado(131008, f"interactive.header.{especie} is required")
    if "caption" in _objeto(f"interactive.header.{especie}", cabecalho[especie]):
        raise Negado(131009, "the file of a header has no caption")
    _msg_midia(especie, cabecalho[especie])


def _acao_botoes(acao: Objeto) -> None:
    ids = set()
    for botao in _lista("action.buttons", acao.get("buttons"), 1, 3):
        resposta = _objeto("reply", botao.get("reply", {}))
        _texto("reply.id", resposta.get("id"), 256)
        _texto("reply.title", resposta.get("title"), 20)
        ids.add(resposta["id"])
    if len(ids) != len(acao["buttons"]):
        raise Negado(131009, "button ids must be unique")


def _acao_lista(acao: Objeto) -> None:
    _texto("action.button", acao.get("button"), 20)
    secoes = _lista("action.sections", acao.get("sections"), 1, 10)
    total = 0
    for secao in secoes:
        _texto("section.title", secao.get("title"), 24, obrigatorio=len(secoes) > 1)
        linhas = _lista("section.rows", secao.get("rows"), 1, 10)
        total += len(linhas)
        for linha in linhas:
            _texto("row.id", linha.get("id"), 200)
            _texto("row.title", linha.get("title"), 24)
            _texto("row.description", linha.get("description"), 72, obrigatorio=False)
    if total > 10:
        raise Negado(131009, f"a list has at most 10 rows in total, got {total}")


def _acao_url(acao: Objeto) -> None:
    parametros = _objeto("action.parameters", acao.get("parameters", {}))
    _texto("parameters.display_text", parametros.get("display_text"), 20)
    _texto("parameters.url", parametros.get("url"), 2000)
    if not _eh_endereco(parametros["url"], ("https",)) or _eh_ip(urlsplit(parametros["url"]).hostname or ""):
        raise Negado(131009, "parameters.url must be https and must not be a bare IP address")


def _acao_fluxo(acao: Objeto) -> None:
    parametros = _objeto("action.parameters", acao.get("parameters", {}))
    _texto("parameters.flow_cta", parametros.get("flow_cta"), 30)
    if not (parametros.get("flow_id") or parametros.get("flow_name")):
        raise Negado(131008, "flow_id or flow_name is required")


def _acao_produtos(acao: Objeto) -> None:
    secoes = _lista("action.sections", acao.get("sections"), 1, 10)
    if sum(len(s.get("product_items", ())) for s in secoes) > 30:
        raise Negado(131009, "a product list has at most 30 items")


def _acao_livre(acao: Objeto) -> None:
    """Shapes outside the first scope: an action object is all that is asked."""


def _eh_endereco(valor: Any, esquemas: Collection[str]) -> bool:
    if not isinstance(valor, str) or any(letra.isspace() for letra in valor):
        return False
    try:
        partes = urlsplit(valor)
    except ValueError:
        return False
    return partes.scheme in esquemas and bool(partes.hostname)


def _eh_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


_INTERATIVAS: dict[str, Callable[[Objeto], None]] = {
    "button": _acao_botoes,
    "list": _acao_lista,
    "cta_url": _acao_url,
    "flow": _acao_fluxo,
    "product_list": _acao_produtos,
    "location_request_message": _acao_livre,
    "product": _acao_livre,
    "catalog_message": _acao_livre,
}
_VALIDADORES: dict[str, Callable[[str, Any], None]] = {
    "text": _msg_texto,
    "location": _msg_localizacao,
    "contacts": _msg_contatos,
    "reaction": _msg_reacao,
    "template": _msg_modelo,
    "interactive": _msg_interativa,
} | dict.fromkeys(MIDIAS, _msg_midia)
