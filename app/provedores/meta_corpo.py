"""The body of `POST /{phone_number_id}/messages`, for everything that we send. Pure: no network, no clock.

`ErroConteudo` means that our own content cannot be said in this API; the reference is sections 3.1 to 3.4 of the
protocol notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from app.provedores import conteudo as c
from app.provedores.conteudo import ErroConteudo
from app.provedores.meta_modelo import Aprovado, montar_modelo, sem_nulos

Objeto = dict[str, Any]
# our media id -> what the provider calls it, and the name it was stored with
Midias = Mapping[UUID, tuple[str | None, str | None]]

_NOMES: Final = {"IMAGEM": "image", "VIDEO": "video", "DOCUMENTO": "document", "AUDIO": "audio", "FIGURINHA": "sticker"}
_COM_LEGENDA: Final = frozenset({"IMAGEM", "VIDEO", "DOCUMENTO"})
_DIGITOS: Final = re.compile(r"\+?[0-9]{8,15}")


def montar(
    *,
    referencia: str,
    para: str,
    para_tipo: str,
    tipo: str,
    conteudo: object,
    contexto: str | None = None,
    modelo: Aprovado | None = None,
    midias: Midias | None = None,
) -> Objeto:
    """The request for one message. `referencia` comes back in its statuses; `contexto` is the quoted message."""
    lido = c.ler_conteudo(tipo, conteudo)
    corpo: Objeto = {"messaging_product": "whatsapp", "recipient_type": "individual", **_destino(para, para_tipo)}
    if contexto is not None and tipo != "REACAO":
        corpo["context"] = {"message_id": contexto}
    nome, valor = _conteudo(tipo, lido, modelo, midias or {}, referencia)
    corpo["type"] = nome
    corpo[nome] = valor
    corpo["biz_opaque_callback_data"] = referencia
    return corpo


def _destino(para: str, para_tipo: str) -> Objeto:
    if para_tipo == "BSUID":
        return {"recipient": para}
    if para_tipo == "TELEFONE" and _DIGITOS.fullmatch(para):
        return {"to": para}
    raise ErroConteudo(f"não é um destinatário da Meta ({para_tipo[:20]})")


def _conteudo(tipo: str, lido: c.Conteudo, modelo: Aprovado | None, midias: Midias, referencia: str) -> tuple[str, Any]:
    match lido:
        case c.Texto():
            return "text", {"body": lido.texto} | ({"preview_url": True} if lido.previa else {})
        case c.Midia():
            return _NOMES[tipo], _midia(tipo, lido, midias)
        case c.Botoes():
            botoes = [{"type": "reply", "reply": {"id": b.id, "title": b.titulo}} for b in lido.botoes]
            return "interactive", _interativa("button", lido, {"buttons": botoes}, midias)
        case c.Lista():
            if lido.cabecalho is not None and lido.cabecalho.texto is None:
                raise ErroConteudo("o cabeçalho de uma lista é texto")
            secoes = {"button": lido.botao, "sections": [_secao(s) for s in lido.secoes]}
            return "interactive", _interativa("list", lido, secoes, midias)
        case c.Link():
            alvo = {"name": "cta_url", "parameters": {"display_text": lido.rotulo, "url": lido.url}}
            return "interactive", _interativa("cta_url", lido, alvo, midias)
        case c.Localizacao():
            lugar = {
                "latitude": lido.latitude,
                "longitude": lido.longitude,
                "name": lido.nome,
                "address": lido.endereco,
            }
            return "location", sem_nulos(lugar)
        case c.Contatos():
            return "contacts", [_pessoa(p) for p in lido.contatos]
        case c.Reacao():
            return "reaction", {"message_id": lido.alvo_id_externo, "emoji": lido.emoji}
        case c.UsoDeModelo():
            if modelo is None:
                raise ErroConteudo("falta o modelo da mensagem")
            return "template", montar_modelo(modelo, lido, partial(_arquivo, midias=midias), referencia)


def _arquivo(especie: str, midia_id: UUID | None, link: str | None, nome: str | None, midias: Midias) -> Objeto:
    """A file by the id that the provider gave it, or by an address. The name of a document decides its icon: without
    one of its own, it keeps the name that it was stored with."""
    if (midia_id is None) == (link is None):
        raise ErroConteudo("um arquivo vem por id ou por endereço: exatamente um deles")
    saida: Objeto = {"link": link}
    guardado = None
    if midia_id is not None:
        id_externo, guardado = midias.get(midia_id, (None, None))
        if id_externo is None:
            raise ErroConteudo("a mídia ainda não foi enviada ao provedor")
        saida = {"id": id_externo}
    if especie == "document" and (nome or guardado):
        saida["filename"] = nome or guardado
    return saida


def _midia(tipo: str, lido: c.Midia, midias: Midias) -> Objeto:
    if lido.legenda and tipo not in _COM_LEGENDA:
        raise ErroConteudo(f"{tipo} não tem legenda")
    if (lido.nome is not None and tipo != "DOCUMENTO") or (lido.voz and tipo != "AUDIO"):
        raise ErroConteudo(f"{tipo} não tem nome de arquivo ou não é voz")
    saida = _arquivo(_NOMES[tipo], lido.midia_id, lido.link, lido.nome, midias)
    if lido.legenda:
        saida["caption"] = lido.legenda
    if lido.voz:
        saida["voice"] = True
    return saida


def _interativa(subtipo: str, lido: c.Botoes | c.Lista | c.Link, acao: Objeto, midias: Midias) -> Objeto:
    saida: Objeto = {"type": subtipo}
    if lido.cabecalho is not None:
        saida["header"] = _cabecalho(lido.cabecalho, midias)
    saida["body"] = {"text": lido.texto}
    if lido.rodape:
        saida["footer"] = {"text": lido.rodape}
    saida["action"] = acao
    return saida


def _cabecalho(cabecalho: c.Cabecalho, midias: Midias) -> Objeto:
    if cabecalho.texto is not None:
        if cabecalho.tipo is not None:
            raise ErroConteudo("o cabeçalho é texto ou mídia: exatamente um deles")
        return {"type": "text", "text": cabecalho.texto}
    if cabecalho.tipo is None:
        raise ErroConteudo("falta o tipo da mídia do cabeçalho")
    especie = _NOMES[cabecalho.tipo]
    dados = _arquivo(especie, cabecalho.midia_id, cabecalho.link, cabecalho.nome, midias)
    return {"type": especie, especie: dados}


def _secao(secao: c.Secao) -> Objeto:
    linhas = [sem_nulos({"id": x.id, "title": x.titulo, "description": x.descricao or None}) for x in secao.linhas]
    return sem_nulos({"title": secao.titulo or None, "rows": linhas})


def _pessoa(pessoa: c.Pessoa) -> Objeto:
    # the API wants one part of the name besides the whole
    partes = {"first_name": pessoa.primeiro_nome or None, "last_name": pessoa.sobrenome or None}
    if not any(partes.values()):
        partes["first_name"] = pessoa.nome
    return sem_nulos(
        {
            "name": sem_nulos({"formatted_name": pessoa.nome, **partes}),
            "phones": _lista({"phone": t.telefone, "type": t.tipo, "wa_id": t.wa_id} for t in pessoa.telefones),
            "emails": _lista({"email": e.email, "type": e.tipo} for e in pessoa.emails),
            "org": {"company": pessoa.organizacao} if pessoa.organizacao else None,
            "urls": _lista({"url": u} if isinstance(u, str) else {"url": u.url, "type": u.tipo} for u in pessoa.urls),
            "birthday": pessoa.aniversario or None,
        }
    )


def _lista(itens: Iterable[Objeto]) -> list[Objeto] | None:
    return [sem_nulos(item) for item in itens] or None
