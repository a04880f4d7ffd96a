"""Whatever the database accepts can be said, and the provider's rules take it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.provedores.meta import serializar
from app.simulador.erros import Negado
from app.simulador.modelos import Modelo as Aprovado
from app.simulador.modelos import exigir_parametros
from app.simulador.validacao import validar
from tests.provedores.conteudos import conteudos
from tests.provedores.pecas import com_midia, envio, modelo

Objeto = dict[str, Any]


def aceito(tipo: str, conteudo: Objeto, **mudar: Any) -> Objeto:
    """The body as the provider reads it; raises what the provider would answer."""
    corpo: Objeto = json.loads(serializar(envio(tipo, conteudo, midias=com_midia("123", "a.pdf"), **mudar)))
    validar(corpo)
    return corpo


@settings(deadline=None, max_examples=150)
@given(conteudos())
def test_o_que_cabe_nos_limites_e_aceito(caso: tuple[str, Objeto]) -> None:
    tipo, conteudo = caso
    aceito(tipo, conteudo)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8) | st.none(), max_size=4), st.data())
def test_nada_que_nao_tenha_forma_sai(lixo: Objeto, dados: st.DataObject) -> None:
    """The builder refuses with its own error, and with no other."""
    tipo = dados.draw(
        st.sampled_from(["TEXTO", "IMAGEM", "BOTOES", "LISTA", "LINK", "CONTATOS", "REACAO", "MODELO", "X"])
    )
    try:
        aceito(tipo, lixo, modelo=modelo({"type": "BODY", "text": "{{1}}"}))
    except (ValueError, Negado):
        return
    assert "texto" in lixo or "link" in lixo


# ------------------------------------------------------------------ templates

_VARIAVEIS = st.lists(st.sampled_from(["nome", "valor", "dia", "loja"]), unique=True, max_size=3)


@st.composite
def modelos(desenhar: st.DrawFn) -> tuple[Objeto, str, list[Objeto]]:
    """Parameters, format and approved definition that belong together."""
    formato = desenhar(st.sampled_from(["POSITIONAL", "NAMED"]))
    componentes: list[Objeto] = []
    parametros: Objeto = {}

    def texto(parte: str, prefixo: str, quantas: int) -> str:
        nomes = desenhar(_VARIAVEIS)[:quantas]
        if formato == "POSITIONAL":
            nomes = [str(n + 1) for n in range(len(nomes))]
        for nome in nomes:
            parametros[prefixo + nome] = desenhar(
                st.text("abcé 🙂", min_size=1, max_size=10).map(lambda t: " ".join(t.split()) or "x")
                | st.just({"tipo": "DATA", "texto": "1º de maio"})
                | st.just({"tipo": "MOEDA", "texto": "R$ 1", "codigo": "BRL", "valorMil": 1000})
            )
        ordem = desenhar(st.permutations(nomes))
        return parte + " ".join(f"{{{{ {n} }}}}" for n in [*ordem, *ordem[:1]])

    cabecalho = desenhar(st.sampled_from([None, "TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"]))
    if cabecalho == "TEXT":
        componentes.append({"type": "HEADER", "format": "TEXT", "text": texto("Oi ", "cabecalho.", 1)})
    elif cabecalho == "LOCATION":
        componentes.append({"type": "HEADER", "format": "LOCATION"})
        parametros["cabecalho.localizacao"] = {"latitude": 1, "longitude": 2.5}
    elif cabecalho:
        componentes.append({"type": "HEADER", "format": cabecalho})
        parametros["cabecalho.midia"] = desenhar(st.sampled_from(["https://a.test/b", {"link": "https://a.test/b"}]))
    componentes.append({"type": "BODY", "text": texto("Olá ", "", 3)})
    botoes = desenhar(
        st.lists(
            st.sampled_from(["QUICK_REPLY", "URL", "FIXO", "COPY_CODE", "OTP", "FLOW", "CATALOG", "PHONE_NUMBER"]),
            max_size=4,
        )
    )
    definidos: list[Objeto] = []
    for indice, tipo in enumerate(botoes):
        chave = f"botao.{indice}"
        definidos.append({"type": "URL", "url": "https://a.test"} if tipo == "FIXO" else {"type": tipo})
        if tipo == "URL":
            definidos[-1]["url"] = "https://a.test/{{1}}"
        valores: Objeto = {
            "FLOW": {"tipo": "FLUXO", "token": "t"},
            "CATALOG": {"tipo": "CATALOGO", "produto": "p"},
            "QUICK_REPLY": "dado",
        }
        if tipo in ("URL", "COPY_CODE", "OTP"):
            parametros[chave] = "x1"
        elif tipo in valores and desenhar(st.booleans()):
            parametros[chave] = valores[tipo]
    if definidos:
        componentes.append({"type": "BUTTONS", "buttons": definidos})
    return parametros, formato, componentes


_DEZ = (
    {str(n): "x" for n in range(1, 11)},
    "POSITIONAL",
    [{"type": "BODY", "text": " ".join(f"{{{{{n}}}}}" for n in range(10, 0, -1))}],
)


@settings(deadline=None, max_examples=150)
@given(modelos())
@example(_DEZ)
def test_o_modelo_recebe_exatamente_o_que_pede(caso: tuple[Objeto, str, list[Objeto]]) -> None:
    parametros, formato, componentes = caso
    aprovado = modelo(*componentes, formato=formato)
    corpo = aceito("MODELO", {"parametros": parametros}, modelo=aprovado)
    definicao = Aprovado(
        waba_id="1",
        name="de_teste",
        language="pt_BR",
        category="UTILITY",
        components=componentes,
        parameter_format=formato,  # type: ignore[arg-type]
    )
    exigir_parametros(definicao, corpo["template"].get("components", []))


@settings(deadline=None, max_examples=150)
@given(modelos(), st.data())
def test_um_parametro_a_menos_ou_a_mais_nao_sai(caso: tuple[Objeto, str, list[Objeto]], dados: st.DataObject) -> None:
    parametros, formato, componentes = caso
    aprovado = modelo(*componentes, formato=formato)
    opcionais = {
        f"botao.{n}"
        for c in componentes
        for n, b in enumerate(c.get("buttons", ()))
        if b["type"] in ("QUICK_REPLY", "FLOW", "CATALOG")
    }
    obrigatorios = sorted(parametros.keys() - opcionais)
    if obrigatorios and dados.draw(st.booleans()):
        falta = dados.draw(st.sampled_from(obrigatorios))
        errados = {k: v for k, v in parametros.items() if k != falta}
    else:
        sobra = dados.draw(st.sampled_from(["sobra", "cabecalho.sobra", "botao.9", ""]))
        errados = {**parametros, sobra: "x"}
    try:
        aceito("MODELO", {"parametros": errados}, modelo=aprovado)
    except ValueError:
        return
    raise AssertionError("the definition does not ask for this")
