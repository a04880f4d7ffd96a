"""Every text that people read has an English translation, with the same holes; `make idiomas` gathers them."""

from __future__ import annotations

import re

from app.http.render import PADROES, dizer, padrao, traduzir
from docs.idiomas import FUNCOES, ler, textos

_BURACO = re.compile(r"{\w+}|%s")


def test_todo_texto_tem_traducao() -> None:
    traducoes, usados = ler("en"), textos()
    assert len(usados) > 1000
    assert [texto for texto in usados if texto not in traducoes] == []
    assert set(traducoes) - set(usados) == set(), "make idiomas"


def test_os_valores_tem_o_seu_lugar() -> None:
    trocados = [k for k, v in ler("en").items() if sorted(_BURACO.findall(k)) != sorted(_BURACO.findall(v))]
    assert trocados == []


def test_recusas_na_lingua_de_quem_le() -> None:
    assert traduzir("en")("Olá, {nome}", nome="Ana") == "Hello, Ana"
    assert dizer("pt-BR")("conversa não encontrada") == "Conversa não encontrada"
    assert dizer("en")("conversa não encontrada") == "Conversation not found"
    assert dizer("en")("o plano permite até 3 conexões") == "The plan allows up to 3 connections"
    assert dizer("en")("uma frase que ninguém traduziu") == "Uma frase que ninguém traduziu"
    assert dizer("en")("cursor inválido") == "Invalid cursor"
    assert dizer("en")("A qualidade do modelo promo ficou verde") == "The quality of template promo turned green"
    parado = "O número está parado: o aparelho está desconectado: conecte-o de novo"
    assert dizer("en")(parado).startswith("The number is stopped: ")


def test_o_que_o_produto_nomeou_muda_de_lingua() -> None:
    """Names that every tenant begins with; what people name stays as they wrote it."""
    assert padrao("en")("Administrador") == "Administrator"
    assert padrao("en")("Administrador da loja") == "Administrador da loja"
    assert padrao("en")("Loja") == "Loja" and padrao("pt-BR")("Resolvido") == "Resolvido"
    criados = [
        *re.findall(r"p_cliente_id, '[A-Z]+', '([^']+)'", (FUNCOES / "identidade/perfis_padrao_criar.sql").read_text()),
        *re.findall(
            r"'([A-Z][^']+)'[,\]]", (FUNCOES / "conversas/motivos_padrao_criar.sql").read_text().split("$$")[1]
        ),
    ]
    assert len(criados) == 7 and set(criados) <= PADROES
