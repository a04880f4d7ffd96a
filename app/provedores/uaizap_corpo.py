"""The call that sends each kind of message through a UaiZap gateway. Pure: no network, no clock.

The gateway replaces `{{name}}` and its like by values of its own CRM, so two braces never leave together: in texts an
invisible joiner stands between them; where one would break the value (addresses, ids), the message is refused.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from app.provedores import conteudo as c

FONTE: Final = "balcao"
# our codes in provedor_erros, for what is refused before the gateway hears of it
CODIGO_MARCADOR: Final = 1450
CODIGO_TIPO: Final = 1451
CODIGO_CONTEUDO: Final = 1452
_DUAS_CHAVES: Final = re.compile(r"\{(?=\{)")
_ESCOLHA_ESPECIAL: Final = re.compile(r"(copy:|call:|https?://)", re.IGNORECASE)
_NAO_DIGITO: Final = re.compile(r"[^0-9]")
_MIDIAS: Final = {
    "IMAGEM": "image",
    "VIDEO": "video",
    "DOCUMENTO": "document",
    "AUDIO": "audio",
    "FIGURINHA": "sticker",
}
Objeto = dict[str, Any]


class Recusada(Exception):
    """This message cannot be said through the gateway. `codigo` is one of ours (`provedor_erros`)."""

    def __init__(self, codigo: int, texto: str) -> None:
        super().__init__(texto)
        self.codigo = codigo


class Arquivo(msgspec.Struct, frozen=True):
    """The bytes of a media and what they are."""

    dados: bytes
    mime: str
    nome: str | None = None


Arquivos = Mapping[UUID, Arquivo]


def montar(
    *, referencia: str, para: str, tipo: str, conteudo: object, contexto: str | None = None, arquivos: Arquivos
) -> tuple[str, Objeto]:
    """Path and body. `referencia` comes back in the echo. Raises Recusada and ErroConteudo."""
    if tipo == "MODELO":
        raise Recusada(CODIGO_TIPO, "modelos não existem no UaiZap")
    lido = c.ler_conteudo(tipo, conteudo)
    caminho, corpo = _corpo(tipo, lido, arquivos)
    corpo = {campo: valor for campo, valor in corpo.items() if valor is not None}
    corpo["number"] = para
    if not isinstance(lido, c.Reacao):
        corpo |= {"track_id": referencia, "track_source": FONTE, "async": False}
        if contexto is not None:
            corpo["replyid"] = contexto
    return caminho, corpo


def _corpo(tipo: str, lido: c.Conteudo, arquivos: Arquivos) -> tuple[str, Objeto]:
    match lido:
        case c.Texto():
            return "/send/text", {"text": _dito(lido.texto), "linkPreview": lido.previa}
        case c.Midia():
            return "/send/media", _midia(tipo, lido, arquivos)
        case c.Localizacao():
            return "/send/location", {
                "latitude": lido.latitude,
                "longitude": lido.longitude,
                "name": _dito(lido.nome),
                "address": _dito(lido.endereco),
            }
        case c.Contatos():
            return "/send/contact", _contato(lido)
        case c.Botoes():
            escolhas = [f"{_rotulo(b.titulo)}|{_id(b.id)}" for b in lido.botoes]
            return "/send/menu", _menu("button", lido, escolhas, arquivos)
        case c.Lista():
            return "/send/menu", _menu("list", lido, _linhas(lido), arquivos) | {"listButton": _dito(lido.botao)}
        case c.Link():
            corpo = _menu("button", lido, [f"{_rotulo(lido.rotulo)}|{_exato(lido.url)}"], arquivos)
            # buttons of a linked device are not drawn on every phone: without the address the message would say nothing
            return "/send/menu", corpo | {"text": f"{corpo['text']}\n\n{lido.url}"}
        case c.Reacao():
            return "/message/react", {"text": lido.emoji, "id": lido.alvo_id_externo}
    raise Recusada(CODIGO_TIPO, "este tipo de mensagem não existe no UaiZap")


def _midia(tipo: str, lido: c.Midia, arquivos: Arquivos) -> Objeto:
    arquivo, guardado = _arquivo(lido, arquivos)
    return {
        "type": "ptt" if lido.voz else _MIDIAS[tipo],
        "file": arquivo,
        "mimetype": guardado.mime if guardado else None,
        "text": _dito(lido.legenda),
        "docName": _dito(lido.nome or (guardado.nome if guardado else None)) if tipo == "DOCUMENTO" else None,
    }


def _arquivo(fonte: c.Midia | c.Cabecalho, arquivos: Arquivos) -> tuple[str, Arquivo | None]:
    """What goes into `file`, and the stored file when it is not an address."""
    if fonte.link is not None:
        return _exato(fonte.link), None
    arquivo = arquivos.get(fonte.midia_id) if fonte.midia_id else None
    if arquivo is None:
        raise Recusada(CODIGO_CONTEUDO, "a mensagem não diz que arquivo enviar")
    return f"data:{arquivo.mime};base64,{base64.b64encode(arquivo.dados).decode()}", arquivo


def _contato(lido: c.Contatos) -> Objeto:
    if len(lido.contatos) != 1 or not lido.contatos[0].telefones:
        raise Recusada(CODIGO_CONTEUDO, "o UaiZap envia um contato por mensagem, com ao menos um telefone")
    (pessoa,) = lido.contatos
    enderecos = [u if isinstance(u, str) else u.url for u in pessoa.urls]
    return {
        "fullName": _dito(pessoa.nome),
        "phoneNumber": ",".join(_NAO_DIGITO.sub("", t.telefone) for t in pessoa.telefones),
        "organization": _dito(pessoa.organizacao),
        "email": _dito(pessoa.emails[0].email) if pessoa.emails else None,
        "url": _exato(enderecos[0]) if enderecos else None,
    }


def _linhas(lido: c.Lista) -> list[str]:
    escolhas: list[str] = []
    for secao in lido.secoes:
        if secao.titulo:
            escolhas.append(f"[{_rotulo(secao.titulo)}]")
        for linha in secao.linhas:
            escolhas.append("|".join((_rotulo(linha.titulo), _id(linha.id), _rotulo(linha.descricao or ""))))
    return escolhas


def _menu(tipo: str, lido: c.Botoes | c.Lista | c.Link, escolhas: list[str], arquivos: Arquivos) -> Objeto:
    texto, imagem = lido.texto, None
    if lido.cabecalho is not None and lido.cabecalho.texto:
        texto = f"*{lido.cabecalho.texto}*\n\n{texto}"
    elif lido.cabecalho is not None and lido.cabecalho.tipo == "IMAGEM":
        imagem, _ = _arquivo(lido.cabecalho, arquivos)
    elif lido.cabecalho is not None:
        raise Recusada(CODIGO_CONTEUDO, "no UaiZap o cabeçalho de um menu é um texto ou uma imagem")
    return {
        "type": tipo,
        "text": _dito(texto),
        "choices": escolhas,
        "footerText": _dito(lido.rodape),
        "imageButton": imagem,
    }


def _dito(texto: str | None) -> str | None:
    """A text that people read."""
    return None if texto is None else _DUAS_CHAVES.sub("{\u2060", texto)


def _exato(texto: str) -> str:
    """A value that must arrive as it is."""
    if "{{" in texto:
        raise Recusada(CODIGO_MARCADOR, "o UaiZap substituiria o que está entre chaves duplas neste endereço ou código")
    return texto


def _rotulo(texto: str) -> str:
    """A label inside a choice, whose parts are told apart by bars, sections by brackets and items by line."""
    limpo = re.sub(r"\s+", " ", texto).replace("|", "/").strip()
    return _DUAS_CHAVES.sub("{\u2060", re.sub(r"^\[|\]$", "", limpo))


def _id(valor: str) -> str:
    if "|" in valor or _ESCOLHA_ESPECIAL.match(valor):
        raise Recusada(CODIGO_CONTEUDO, "o id de uma opção não pode ter | nem começar como endereço, copy: ou call:")
    return _exato(valor)
