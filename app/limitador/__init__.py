"""Pacing of WhatsApp numbers; `limitador.py` says how it is used, `limitador.lua` why it holds."""

from app.limitador.limitador import Limitador
from app.limitador.modelo import Autoridade, AutoridadeBanco, Desfecho, Numero, Permissao
from app.limitador.no_banco import FuncoesDoBanco

__all__ = ["Autoridade", "AutoridadeBanco", "Desfecho", "FuncoesDoBanco", "Limitador", "Numero", "Permissao"]
