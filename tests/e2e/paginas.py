"""Every page, for what each must pass: axe, budgets, screenshots. A page that is not here is not looked at.

Budgets are those of the brief for a cold cache: KB after gzip of scripts, style and HTML, requests, nodes at load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.e2e.chegadas import Chegar, com_fator, dono, falta_codigo, falta_ligar


@dataclass(frozen=True)
class Orcamento:
    """What a page may cost: KB (gz) of scripts, style and HTML, requests, nodes."""

    js: float
    html: float
    pedidos: int
    nos: int
    css: float = 9.0


@dataclass(frozen=True)
class Endereco:
    """One page: its name in artefacts, its address (the scene fills `{conversa}` and the like), its budget; with what
    one arrives at it, and the field in which something wrong is said where the address alone makes no error."""

    nome: str
    caminho: str
    orcamento: Orcamento
    chegar: Chegar = dono
    campo: str = ""


# lists page by a cursor, so a false one is an error that every list can have; a page that has none names its own
ERRO: Final = "?cursor=nenhum"
_AJUSTES: Final = ("perfil", "seguranca", "seguranca/fator", "empresa", "horarios", "respostas", "motivos", "aparencia")
_ENTRADA: Final = Orcamento(3, 3, 4, 60)
_AJUSTE: Final = Orcamento(3, 6, 5, 300)
_FATOR: Final = "/configuracoes/seguranca/fator"
PAGINAS: Final = (
    # who has a session sees these two as anybody else does
    Endereco("entrar", "/entrar", _ENTRADA),
    Endereco("convite", "/convite/{convite}", _ENTRADA),
    Endereco("recuperar", "/recuperar", _ENTRADA),
    Endereco("entrar-codigo", "/entrar/codigo", _ENTRADA, falta_codigo, "Código"),
    Endereco("fator-chave", f"{_FATOR}/ligar", _AJUSTE, falta_ligar, "Código que o aplicativo mostra"),
    # the one of the settings with a button that copies, which is a module of its own
    Endereco("fator-reservas", f"{_FATOR}/reservas", Orcamento(4, 6, 5, 300), com_fator),
    Endereco("fator-ligado", _FATOR, _AJUSTE, com_fator, "Código do aplicativo, ou um de reserva"),
    Endereco("comandos", "/comandos?q=a", Orcamento(20, 8, 5, 400)),
    Endereco("atalhos", "/atalhos", Orcamento(20, 8, 5, 500)),
    Endereco("painel", "/", Orcamento(30, 8, 5, 400)),
    Endereco("contatos", "/contatos", Orcamento(20, 10, 6, 900)),
    Endereco("contato", "/contatos/{contato}", Orcamento(20, 10, 6, 900)),
    Endereco("contato-novo", "/contatos/novo", Orcamento(20, 10, 6, 900)),
    Endereco("contato-editar", "/contatos/{contato}/editar", Orcamento(20, 10, 6, 900)),
    Endereco("importar", "/contatos/importar", Orcamento(20, 10, 6, 900)),
    Endereco("importar-colunas", "/contatos/importar/{importacao}", Orcamento(20, 10, 6, 900)),
    Endereco("importar-conferida", "/contatos/importar/{conferida}", Orcamento(20, 10, 6, 900)),
    Endereco("importar-pronta", "/contatos/importar/{importada}", Orcamento(20, 10, 6, 900)),
    Endereco("duplicados", "/contatos/duplicados", Orcamento(20, 10, 6, 900)),
    Endereco("conversas", "/conversas?aba=todas&status=qualquer", Orcamento(26, 10, 8, 900)),
    Endereco("conversa", "/conversas/{conversa}?aba=todas&status=qualquer", Orcamento(26, 10, 8, 900)),
    Endereco("oferta", "/oferta", Orcamento(20, 5, 6, 400)),
    Endereco("etiquetas", "/etiquetas", Orcamento(20, 5, 6, 400)),
    Endereco("usuarios", "/usuarios", Orcamento(20, 8, 6, 700)),
    Endereco("usuario", "/usuarios/{usuario}", Orcamento(20, 8, 6, 700)),
    Endereco("usuario-novo", "/usuarios/novo", Orcamento(20, 8, 6, 700)),
    Endereco("equipes", "/usuarios/equipes", Orcamento(20, 8, 6, 700)),
    Endereco("equipe", "/usuarios/equipes/{equipe}", Orcamento(20, 8, 6, 700)),
    Endereco("equipe-nova", "/usuarios/equipes/nova", Orcamento(20, 8, 6, 700)),
    Endereco("perfis", "/usuarios/perfis", Orcamento(20, 8, 6, 700)),
    Endereco("perfil-novo", "/usuarios/perfis/novo", Orcamento(20, 8, 6, 700)),
    *(Endereco(f"ajustes-{s.replace('/', '-')}", f"/configuracoes/{s}", _AJUSTE) for s in _AJUSTES),
    Endereco("ajustes-notificacoes", "/configuracoes/notificacoes", _AJUSTE),
    # it lists every action
    Endereco("ajustes-atalhos", "/configuracoes/atalhos", Orcamento(3, 8, 5, 400)),
    Endereco("campanhas", "/campanhas", Orcamento(20, 8, 6, 700)),
    Endereco("campanha-nova", "/campanhas/nova", Orcamento(20, 8, 6, 700)),
    Endereco("campanha-modelo", "/campanhas/{rascunho}/editar/modelo", Orcamento(20, 8, 6, 700)),
    Endereco("campanha-envio", "/campanhas/{rascunho}/editar/envio", Orcamento(20, 8, 6, 700)),
    Endereco("campanha-revisao", "/campanhas/{rascunho}/editar/revisao", Orcamento(20, 8, 6, 700)),
    Endereco("campanha-lancar", "/campanhas/{rascunho}/editar/lancar", Orcamento(20, 8, 6, 700)),
    Endereco("campanha", "/campanhas/{campanha}", Orcamento(20, 8, 6, 700)),
    Endereco("campanha-prova", "/campanhas/{campanha}/prova", Orcamento(20, 8, 6, 700)),
    Endereco("campanha-cancelar", "/campanhas/{rascunho}/cancelar", Orcamento(20, 8, 6, 700)),
    Endereco("modelos", "/modelos", Orcamento(20, 8, 6, 700)),
    Endereco("canais", "/canais", Orcamento(20, 6, 6, 400)),
    Endereco("canal", "/canais/{conexao}", Orcamento(20, 6, 6, 400)),
    Endereco("canal-novo", "/canais/novo", Orcamento(20, 6, 6, 400)),
    Endereco("canal-credenciais", "/canais/novo?provedor=META_API", Orcamento(20, 6, 6, 400)),
    Endereco("saude", "/saude", Orcamento(20, 6, 6, 400)),
    Endereco("fila-morta", "/fila-morta", Orcamento(20, 6, 6, 400)),
    Endereco("fila-morta-item", "/fila-morta/{morto}", Orcamento(20, 6, 6, 400)),
    Endereco("webhooks-recebidos", "/webhooks-recebidos", Orcamento(20, 6, 6, 500)),
    Endereco("webhook", "/webhooks-recebidos/{webhook}", Orcamento(20, 6, 6, 400)),
)
