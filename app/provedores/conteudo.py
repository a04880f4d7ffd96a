"""What a message says, as the database keeps it: one strict shape for each type of outbound message.

Providers build their requests from these. What does not fit a shape is refused here, before anything is written to the
network: a field that is silently dropped would be a message that says something else.
"""

from __future__ import annotations

from typing import Any, Final, Literal
from uuid import UUID

import msgspec

TipoCabecalho = Literal["IMAGEM", "VIDEO", "DOCUMENTO"]


class ErroConteudo(ValueError):
    """Our own content cannot be sent: the same message will fail the same way."""


class _Forma(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Strict and in camelCase, like every shape below."""


class Texto(_Forma, frozen=True):
    texto: str
    previa: bool = False


class Midia(_Forma, frozen=True):
    """Image, video, document, audio or sticker, by our own file or by an address. The type says which of the rest."""

    midia_id: UUID | None = None
    link: str | None = None
    legenda: str | None = None
    nome: str | None = None
    voz: bool = False


class Cabecalho(_Forma, frozen=True):
    """Of an interactive message: text, or a file of the given kind."""

    texto: str | None = None
    tipo: TipoCabecalho | None = None
    midia_id: UUID | None = None
    link: str | None = None
    nome: str | None = None


class Botao(_Forma, frozen=True):
    id: str
    titulo: str


class Botoes(_Forma, frozen=True):
    texto: str
    botoes: list[Botao]
    cabecalho: Cabecalho | None = None
    rodape: str | None = None


class Linha(_Forma, frozen=True):
    id: str
    titulo: str
    descricao: str | None = None


class Secao(_Forma, frozen=True):
    linhas: list[Linha]
    titulo: str | None = None


class Lista(_Forma, frozen=True):
    texto: str
    botao: str
    secoes: list[Secao]
    cabecalho: Cabecalho | None = None
    rodape: str | None = None


class Link(_Forma, frozen=True):
    texto: str
    rotulo: str
    url: str
    cabecalho: Cabecalho | None = None
    rodape: str | None = None


class Localizacao(_Forma, frozen=True):
    latitude: float
    longitude: float
    nome: str | None = None
    endereco: str | None = None


class Telefone(_Forma, frozen=True):
    telefone: str
    tipo: str | None = None
    wa_id: str | None = None


class Email(_Forma, frozen=True):
    email: str
    tipo: str | None = None


class Endereco(_Forma, frozen=True):
    """An address on the web."""

    url: str
    tipo: str | None = None


class Pessoa(_Forma, frozen=True):
    nome: str
    telefones: list[Telefone] = []
    primeiro_nome: str | None = None
    sobrenome: str | None = None
    emails: list[Email] = []
    organizacao: str | None = None
    urls: list[str | Endereco] = []
    aniversario: str | None = None


class Contatos(_Forma, frozen=True):
    contatos: list[Pessoa]


class Reacao(_Forma, frozen=True):
    """`alvo_id` is our message, `alvo_id_externo` what the provider calls it; an empty `emoji` takes the reaction
    back."""

    alvo_id_externo: str
    emoji: str
    alvo_id: UUID | None = None


class CabecalhoModelo(_Forma, frozen=True):
    """What fills a header of a template that is not text: a file or a place."""

    midia_id: UUID | None = None
    link: str | None = None
    nome: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    endereco: str | None = None


class UsoDeModelo(_Forma, frozen=True):
    """What fills a template, by the keys of `interno.modelo_variaveis`. A value is text, or an object where the
    component asks for one: `cabecalho.midia`, `cabecalho.localizacao`, `botao.N` of a flow or catalogue, an amount of
    money or a date in the body."""

    parametros: dict[str, Any] = {}
    modelo_id: UUID | None = None
    cabecalho: CabecalhoModelo | None = None


class Moeda(msgspec.Struct, frozen=True, tag_field="tipo", tag="MOEDA", rename="camel", forbid_unknown_fields=True):
    """`valor_mil`: the amount times a thousand; `texto` is what is shown where it cannot be localised."""

    texto: str
    codigo: str
    valor_mil: int


class Data(msgspec.Struct, frozen=True, tag_field="tipo", tag="DATA", forbid_unknown_fields=True):
    texto: str


class Fluxo(msgspec.Struct, frozen=True, tag_field="tipo", tag="FLUXO", forbid_unknown_fields=True):
    token: str | None = None
    dados: dict[str, Any] | None = None


class Catalogo(msgspec.Struct, frozen=True, tag_field="tipo", tag="CATALOGO", forbid_unknown_fields=True):
    produto: str | None = None


ParametroDeTexto = str | Moeda | Data
ParametroDeBotao = str | Fluxo | Catalogo
Conteudo = Texto | Midia | Botoes | Lista | Link | Localizacao | Contatos | Reacao | UsoDeModelo

MIDIAS: Final = frozenset({"IMAGEM", "VIDEO", "DOCUMENTO", "AUDIO", "FIGURINHA"})
_FORMAS: Final[dict[str, type[Conteudo]]] = {
    "TEXTO": Texto,
    **dict.fromkeys(MIDIAS, Midia),
    "BOTOES": Botoes,
    "LISTA": Lista,
    "LINK": Link,
    "LOCALIZACAO": Localizacao,
    "CONTATOS": Contatos,
    "REACAO": Reacao,
    "MODELO": UsoDeModelo,
}


def ler_conteudo(tipo: str, dados: object) -> Conteudo:
    """The content of a message of this type. Raises ErroConteudo."""
    forma = _FORMAS.get(tipo)
    if forma is None:
        raise ErroConteudo(f"o tipo {tipo[:40]} não se envia")
    lido: Conteudo = ler(forma, dados)
    return lido


def ler(forma: Any, dados: object) -> Any:
    """`dados` in one of our shapes. Raises ErroConteudo with the place that does not fit, never the value."""
    try:
        return msgspec.convert(dados, forma)
    except msgspec.ValidationError as erro:
        raise ErroConteudo(f"o conteúdo não confere: {erro}"[:300]) from None
