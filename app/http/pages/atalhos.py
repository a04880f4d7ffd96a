"""Keyboard shortcuts: every action that has one, its keys, and what each person made of them.

A page's module says what an action does (`atalho("resolver", fn)` of base.js); names and keys are only here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from app.http.pages.menu import MENU


class Acao(Struct, frozen=True):
    """`tecla` works outside of fields, `dentro` (with Alt or Ctrl) also inside; `permissao` shows it (None =
    everybody)."""

    codigo: str
    nome: str
    grupo: str
    tecla: str = ""
    dentro: str = ""
    permissao: str | None = None


_RESPONDER: Final = "conversas:responder"
ACOES: Final = (
    Acao("comandos", "Buscar e comandar", "Em toda parte", dentro="Ctrl+k"),
    Acao("ajuda", "Mostrar os atalhos", "Em toda parte", "?"),
    Acao("buscar", "Ir para a busca da página", "Em toda parte", "/"),
    Acao("atualizar", "Atualizar", "Em toda parte", "u"),
    *(
        Acao(f"ir.{i.caminho.strip('/') or 'painel'}", i.nome, "Ir para", f"g {i.atalho}", permissao=i.permissao)
        for i in MENU
        if i.atalho
    ),
    Acao("proxima", "Próxima", "Listas", "j", "Alt+j"),
    Acao("anterior", "Anterior", "Listas", "k", "Alt+k"),
    Acao("abrir", "Abrir", "Listas", "Enter"),
    Acao("selecionar", "Marcar", "Listas", "x"),
    Acao("novo", "Criar", "Listas", "c"),
    Acao("editar", "Editar", "Listas", "Shift+C"),
    Acao("filtrar", "Filtrar", "Listas", "f"),
    Acao("aba.1", "Primeira aba", "Conversas", "1"),
    Acao("aba.2", "Segunda aba", "Conversas", "2"),
    Acao("aba.3", "Terceira aba", "Conversas", "3"),
    Acao("aba.4", "Quarta aba", "Conversas", "4"),
    Acao("aba.proxima", "Próxima aba", "Conversas", "", "Alt+n"),
    Acao("puxar", "Próximo atendimento", "Conversas", "Shift+N", permissao=_RESPONDER),
    Acao("responder", "Responder", "Conversa aberta", "r", "Alt+l", permissao=_RESPONDER),
    Acao("nota", "Nota interna", "Conversa aberta", "n", "Alt+p", permissao=_RESPONDER),
    Acao("resolver", "Resolver ou reabrir", "Conversa aberta", "e", "Alt+e", permissao=_RESPONDER),
    Acao(
        "resolver.proxima",
        "Resolver e abrir a próxima",
        "Conversa aberta",
        "Shift+E",
        "Ctrl+Alt+e",
        permissao=_RESPONDER,
    ),
    Acao("adiar", "Adiar", "Conversa aberta", "h", "Alt+m", permissao=_RESPONDER),
    Acao("assumir", "Assumir", "Conversa aberta", "i", permissao=_RESPONDER),
    Acao("atribuir", "Atribuir", "Conversa aberta", "a", permissao=_RESPONDER),
    Acao("transferir", "Transferir", "Conversa aberta", "t", permissao=_RESPONDER),
    Acao("etiquetar", "Etiquetar", "Conversa aberta", "l", permissao=_RESPONDER),
    Acao("priorizar", "Prioridade", "Conversa aberta", "p", permissao=_RESPONDER),
    Acao("achar", "Buscar nesta conversa", "Conversa aberta", "Shift+F"),
    Acao("anexar", "Anexar arquivo", "Conversa aberta", "", "Ctrl+Alt+a", permissao=_RESPONDER),
    Acao("modelo", "Usar um modelo", "Conversa aberta", "", "Ctrl+Alt+t", permissao=_RESPONDER),
    Acao("agendar", "Agendar o envio", "Conversa aberta", "", "Ctrl+Alt+s", permissao=_RESPONDER),
    Acao("painel.direito", "Mostrar ou esconder o painel", "Conversa aberta", "]", "Alt+o"),
    Acao("painel.esquerdo", "Mostrar ou esconder a lista", "Conversa aberta", "["),
)


def teclas_de(acao: Acao, preferencias: Mapping[str, Any]) -> list[str]:
    """The keys of an action for whoever chose these preferences: single ones are theirs to turn off."""
    trocadas = preferencias["atalhos"]
    fora = trocadas.get(acao.codigo, acao.tecla) if preferencias["atalhosLigados"] else ""
    dentro = trocadas.get(f"{acao.codigo}.dentro", acao.dentro)
    return [tecla for tecla in (fora, dentro) if tecla and tecla != "desligado"]


def mapa(preferencias: Mapping[str, Any]) -> str:
    """All keys as base.js reads them: `resolver e Alt+e;ir.painel gp`."""
    linhas = ((a.codigo, *(t.replace(" ", "") for t in teclas_de(a, preferencias))) for a in ACOES)
    return ";".join(" ".join(linha) for linha in linhas if len(linha) > 1)
