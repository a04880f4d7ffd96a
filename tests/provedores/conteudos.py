"""Contents of messages for property tests.

`folgado=False` keeps within what the database accepts; True also strays just past each limit, for tests that ask the
database first.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.provedores.pecas import MIDIA_ID

Objeto = dict[str, Any]
_LETRAS = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t é🙂👨‍👩‍👧\u200b\u00a0\u2028{}*_~")


def texto(maximo: int, folgado: bool) -> st.SearchStrategy[str]:
    """Short texts, texts at the limit and, when asked for, what is past it or blank."""
    curto = st.text(_LETRAS, min_size=1, max_size=min(maximo, 12)).filter(lambda t: t.strip(" \n\r\t") != "")
    no_limite = st.sampled_from("aé🙂").map(lambda letra: letra * maximo)
    estranho = st.sampled_from(["", " ", "\n", "a" * (maximo + 1), "\u00a0", "\u200b"])
    return curto | no_limite | estranho if folgado else curto | no_limite


def endereco(folgado: bool) -> st.SearchStrategy[str]:
    caminho = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), max_size=12)
    bom = caminho.map(lambda c: "https://loja.exemplo.com.br/" + c)
    ruim = st.sampled_from(
        [
            "http://loja.exemplo.com.br",
            "https://10.0.0.1/a",
            "https://[::1]/a",
            "https://[",
            "https://a b.com",
            "https://a.com/\u00a0",
            "https://a.com/\u2028x",
            "https://a.com/\x1f",
            "https://a.com:99999/",
            "https://a.com:0/",
            "https://u@a.com/",
            "HTTPS://A.COM/",
            "https://a.com\\b.com/",
            "https://xn--a.com/",
            "https://a.com/" + "x" * 1986,
            "https://a.com/" + "x" * 1987,
            "",
        ]
    )
    return bom | ruim if folgado else bom


def _objeto(
    certos: dict[str, st.SearchStrategy[Any]], talvez: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(certos, optional=talvez)


def _arquivo(folgado: bool, **mais: st.SearchStrategy[Any]) -> st.SearchStrategy[Objeto]:
    return st.one_of(_objeto({"midiaId": st.just(str(MIDIA_ID))}, mais), _objeto({"link": endereco(folgado)}, mais))


def _cabecalho(folgado: bool) -> st.SearchStrategy[Objeto]:
    escrito = _objeto({"texto": texto(60, folgado)}, {})
    # the test registers one file, which is a document
    por_link = _objeto(
        {"tipo": st.sampled_from(["IMAGEM", "VIDEO", "DOCUMENTO"]), "link": endereco(folgado)},
        {"nome": texto(240, folgado)},
    )
    nosso = _objeto({"tipo": st.just("DOCUMENTO"), "midiaId": st.just(str(MIDIA_ID))}, {})
    return escrito | por_link | nosso


def _botoes(folgado: bool) -> st.SearchStrategy[Objeto]:
    botao = _objeto({"id": texto(256, folgado), "titulo": texto(20, folgado)}, {})
    unicos = None if folgado else (lambda b: b["id"])
    return _objeto(
        {
            "texto": texto(1024, folgado),
            "botoes": st.lists(botao, min_size=1, max_size=4 if folgado else 3, unique_by=unicos),
        },
        {"cabecalho": _cabecalho(folgado), "rodape": texto(60, folgado)},
    )


@st.composite
def _lista(desenhar: st.DrawFn, folgado: bool) -> Objeto:
    linhas = desenhar(
        st.lists(
            _objeto({"id": texto(200, folgado), "titulo": texto(24, folgado)}, {"descricao": texto(72, folgado)}),
            min_size=1,
            max_size=11 if folgado else 10,
            unique_by=None if folgado else (lambda linha: linha["id"]),
        )
    )
    corte = desenhar(st.integers(0, len(linhas) - 1))
    partes = [p for p in (linhas[:corte], linhas[corte:]) if p]
    titulos: Any = texto(24, folgado)
    obrigatorio = len(partes) > 1 and not (folgado and desenhar(st.booleans()))
    secoes = [
        {"linhas": parte} | ({"titulo": desenhar(titulos)} if obrigatorio or desenhar(st.booleans()) else {})
        for parte in partes
    ]
    opcionais = _objeto({}, {"rodape": texto(60, folgado), "cabecalho": _objeto({"texto": texto(60, folgado)}, {})})
    return {
        "texto": desenhar(texto(4096, folgado)),
        "botao": desenhar(texto(20, folgado)),
        "secoes": secoes,
        **desenhar(opcionais),
    }


def _link(folgado: bool) -> st.SearchStrategy[Objeto]:
    return _objeto(
        {"texto": texto(1024, folgado), "rotulo": texto(20, folgado), "url": endereco(folgado)},
        {"cabecalho": _cabecalho(folgado), "rodape": texto(60, folgado)},
    )


def _lugar(folgado: bool) -> st.SearchStrategy[Objeto]:
    sobra = 1 if folgado else 0
    return _objeto(
        {"latitude": st.integers(-90 - sobra, 90 + sobra) | st.floats(-90, 90), "longitude": st.floats(-180, 180)},
        {"nome": texto(1000, folgado), "endereco": texto(1000, folgado)},
    )


def _contatos(folgado: bool) -> st.SearchStrategy[Objeto]:
    def itens(chave: str, *mais: str) -> st.SearchStrategy[Any]:
        um = _objeto({chave: texto(300, folgado)}, dict.fromkeys(mais, texto(300, folgado)))
        return st.lists(um, min_size=1, max_size=3)

    telefone: Any = st.from_regex(r"\+?[0-9][0-9 ().-]{6,23}", fullmatch=True, alphabet="+0123456789 ().-")
    if folgado:
        telefone |= texto(300, folgado)
    cartao = _objeto({"telefone": telefone}, dict.fromkeys(("tipo", "waId"), texto(300, folgado)))
    nascimento: Any = st.dates(date(1900, 1, 1)).map(date.isoformat)
    if folgado:
        nascimento |= st.sampled_from(["01/02/1990", "infinity", "hoje", "", "1990-5-1", "19900501", "10000-01-01"])
    pessoa = _objeto(
        {"nome": texto(200, folgado), "telefones": st.lists(cartao, min_size=1, max_size=3)},
        {
            "primeiroNome": texto(200, folgado),
            "sobrenome": texto(200, folgado),
            "organizacao": texto(200, folgado),
            "emails": itens("email", "tipo"),
            "urls": itens("url", "tipo"),
            "aniversario": nascimento,
        },
    )
    return _objeto({"contatos": st.lists(pessoa, min_size=0 if folgado else 1, max_size=3)}, {})


def conteudos(folgado: bool = False) -> st.SearchStrategy[tuple[str, Objeto]]:
    """A type and a content of it. Reactions and templates lean on other rows, and are tested where those are."""
    legenda = {"legenda": texto(1024, folgado)}
    por_tipo: dict[str, st.SearchStrategy[Any]] = {
        "TEXTO": _objeto({"texto": texto(4096, folgado)}, {"previa": st.booleans()}),
        "IMAGEM": _objeto({"link": endereco(folgado)}, legenda),
        "VIDEO": _objeto({"link": endereco(folgado)}, legenda),
        "DOCUMENTO": _arquivo(folgado, nome=texto(240, folgado), **legenda),
        "AUDIO": _objeto({"link": endereco(folgado)}, {"voz": st.booleans()}),
        "FIGURINHA": _objeto({"link": endereco(folgado)}, {}),
        "BOTOES": _botoes(folgado),
        "LISTA": _lista(folgado),
        "LINK": _link(folgado),
        "LOCALIZACAO": _lugar(folgado),
        "CONTATOS": _contatos(folgado),
    }
    return st.one_of(*(st.tuples(st.just(tipo), conteudo) for tipo, conteudo in por_tipo.items()))
