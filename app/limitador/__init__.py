"""Pacing of WhatsApp numbers; `limitador.py` says how it is used, `limitador.lua` why it holds."""

from app.limitador.limitador import Limitador
from app.limitador.modelo import Autoridade, AutoridadeBanco, Desfecho, Numero, Permissao

__all__ = ["Autoridade", "AutoridadeBanco", "Desfecho", "Limitador", "Numero", "Permissao"]
