"""Every text that people read has an English translation, with the same holes; `make idiomas` gathers them."""

from __future__ import annotations

import re

from app.http.render import dizer, traduzir
from docs.idiomas import ler, textos

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
