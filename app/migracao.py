"""`balcao migrar`: roles, migrations, functions, grants.

pgmigrate runs its callbacks only when a migration is pending, so a release that changes functions alone would apply
nothing. After pgmigrate, the digests of the callback files are compared with those recorded in the database and, when
only they changed, the same ordered list runs in one transaction under the same advisory lock.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
import yaml

from app.banco import BancoAdministracao, partes_da_url

PASTA: Final = Path(__file__).resolve().parent.parent / "db"
PAPEIS_DE_LOGIN: Final = ("crm_api", "crm_worker", "crm_ingresso", "crm_plataforma")
_LIBPQ: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
}
_registro = structlog.get_logger(__name__)


class ErroMigracao(RuntimeError):
    """The migration failed and was rolled back; the message is for the person at the terminal."""


class ConfigMigracao(Protocol):
    """What migrating needs of the configuration."""

    @property
    def url_admin(self) -> str: ...

    def senha_do_papel(self, papel: str) -> str: ...


def _manifesto() -> dict[str, Any]:
    dados: dict[str, Any] = yaml.safe_load((PASTA / "migrations.yml").read_text())
    return dados


def arquivos_repetiveis() -> list[Path]:
    """The callback files in the order pgmigrate runs them."""
    pastas = [PASTA / item for item in _manifesto()["callbacks"]["afterAll"]]
    return [arquivo for pasta in pastas for arquivo in sorted(pasta.iterdir())]


def digests() -> dict[str, str]:
    """Digest of each callback file, by its path under db/."""
    return {
        str(arquivo.relative_to(PASTA)): hashlib.sha256(arquivo.read_bytes()).hexdigest()
        for arquivo in arquivos_repetiveis()
    }


def _pgmigrate(url: str, *argumentos: str) -> str:
    partes = partes_da_url(url)
    ambiente = {**os.environ, **{var: str(partes[k]) for k, var in _LIBPQ.items() if partes.get(k)}}
    comando = [
        sys.executable,
        "-m",
        "pgmigrate",
        "-d",
        str(PASTA),
        "-m",
        "migracao",
        "--disable_schema_check",
        "--check_serial_versions",
        "-u",
        getpass.getuser(),
        *argumentos,
    ]
    for espera in (1, 3, 0):
        resultado = subprocess.run(comando, env=ambiente, capture_output=True, text=True, check=False)
        if resultado.returncode == 0:
            return resultado.stdout
        if "lock timeout" not in resultado.stderr or not espera:
            break
        time.sleep(espera)
    raise ErroMigracao("a migração falhou e foi desfeita:\n" + resultado.stderr[-4000:])


def pendentes(url: str) -> list[str]:
    """Migrations that the database has not seen, as `version description`."""
    saida = json.loads(_pgmigrate(url, "-o", "info"))
    return [f"{versao} {dados['description']}" for versao, dados in saida.items() if dados.get("installed_on") is None]


def migrar(config: ConfigMigracao) -> list[str]:
    """Bring the database to this release and return what was applied (empty: nothing was pending).

    Roles first, then pending migrations with their callbacks in one transaction, then, when only callback files
    changed, those alone. Safe to run from several machines at once. Raises `ErroMigracao`.
    """
    url = config.url_admin
    with BancoAdministracao(url) as banco:
        banco.executar_arquivo(PASTA / "papeis.sql")
        banco.definir_senhas({papel: config.senha_do_papel(papel) for papel in PAPEIS_DE_LOGIN})
        feitas = pendentes(url)
        esperados = digests()
        if feitas:
            _pgmigrate(url, "-t", "latest", "migrate")
            banco.gravar_digests(esperados)
        elif banco.digests_aplicados() != esperados:
            banco.reaplicar(_manifesto()["session"], arquivos_repetiveis())
            banco.gravar_digests(esperados)
            feitas = ["funções"]
    _registro.info("banco_migrado", aplicado=feitas)
    return feitas


def plano(config: ConfigMigracao) -> str:
    """What `migrar` would do now: pending migrations, and callback files new (+), changed (~) or gone (-)."""
    url = config.url_admin
    with BancoAdministracao(url) as banco:
        aplicados, atuais = banco.digests_aplicados(), digests()
        migracoes = [f"migração  {item}" for item in pendentes(url)]
    novos = [f"+ {nome}" for nome in sorted(atuais.keys() - aplicados.keys())]
    mudados = [f"~ {nome}" for nome in sorted(atuais) if nome in aplicados and aplicados[nome] != atuais[nome]]
    sumidos = [f"- {nome} (exige drop function em uma migração)" for nome in sorted(aplicados.keys() - atuais.keys())]
    return "\n".join([*migracoes, *novos, *mudados, *sumidos]) or "nada a aplicar"
