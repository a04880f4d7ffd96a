"""The `balcao` command. Each subcommand imports its part when it runs, so `--help` is instant."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import importlib
import inspect
import json
import os
import shutil
import signal
import sys
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click

from app import registro
from app.cli_clientes import cliente
from app.cli_quarentena import quarentena
from app.config import Config, ErroConfig, carregar
from app.embutido import binario_postgres, seguir_pai
from app.supervisor import banco_no_ar, ler_estado, recriar_banco, subir


@click.group(context_settings={"help_option_names": ["-h", "--help", "--ajuda"]})
@click.version_option(package_name="balcao", message="balcao %(version)s")
def balcao() -> None:
    """Balcão: atendimento por WhatsApp para várias empresas."""


balcao.add_command(cliente)
balcao.add_command(quarentena)


def _preparar(processo: str) -> Config:
    config = carregar()
    registro.configurar(config.log_nivel, config.log_formato, processo)
    return config


def _chamar(modulo: str, funcao: str, *argumentos: Any) -> None:
    """Run a part of the product; a coroutine on uvloop, an integer result as exit status."""
    resultado = getattr(importlib.import_module(modulo), funcao)(*argumentos)
    if inspect.iscoroutine(resultado):
        import uvloop

        resultado = uvloop.run(resultado)
    if isinstance(resultado, int) and resultado != 0:
        sys.exit(int(resultado))


async def _ate_sigterm(trabalho: Coroutine[Any, Any, None]) -> None:
    """Run what only ends by cancellation, and end it cleanly on SIGTERM."""
    tarefa = asyncio.ensure_future(trabalho)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, tarefa.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await tarefa


@balcao.command()
@click.option("--demo", is_flag=True, help="Roda a demonstração e termina com o resultado dela.")
def up(demo: bool) -> None:
    """Sobe o produto inteiro nesta máquina, com banco e cache embutidos."""
    if os.environ.get("BALCAO_SEGUIR_PAI"):
        seguir_pai(signal.SIGTERM)
    config = _preparar("up")
    sys.exit(subir(config, demo=demo))


@balcao.command()
def api() -> None:
    """Roda só a API e as páginas."""
    config = carregar()
    aplicacao = importlib.import_module("app.http.aplicacao").criar_aplicacao(config)
    # After the framework, which sets up logging of its own.
    registro.configurar(config.log_nivel, config.log_formato, "api")
    importlib.import_module("app.http.servidor").servir(aplicacao, config)


@balcao.command()
def worker() -> None:
    """Roda só o worker: fila, campanhas, envios."""
    _chamar("app.worker.laco", "executar", _preparar("worker"))


@balcao.command()
def migrar() -> None:
    """Aplica as migrações e as funções do banco."""
    config = _preparar("migrar")
    with banco_no_ar(config):
        _chamar("app.migracao", "migrar", config)


@balcao.command()
def plano() -> None:
    """Mostra o que `balcao migrar` aplicaria, sem aplicar."""
    config = _preparar("plano")
    with banco_no_ar(config):
        click.echo(importlib.import_module("app.migracao").plano(config))


@balcao.command()
def recifrar() -> None:
    """Sela de novo, com a primeira chave de BALCAO_CHAVES, o que outra selou; depois a outra pode sair."""
    config = _preparar("recifrar")
    with banco_no_ar(config):
        _chamar("app.recifra", "executar", config)


@balcao.command()
@click.option("--recriar", is_flag=True, required=True, help="Confirma: tudo o que está no banco embutido se perde.")
def banco(recriar: bool) -> None:
    """Apaga o banco embutido e o recria com a demonstração."""
    recriar_banco(_preparar("banco"))


@balcao.command()
def simulador() -> None:
    """Roda o simulador dos provedores (Meta e UaiZap) nesta máquina."""
    config = _preparar("simulador")
    modulo = importlib.import_module("app.simulador.servidor")
    valores = {
        "host": config.simulador_host,
        "porta_controle": config.simulador_porta_controle,
        "porta_meta": config.simulador_porta_meta,
        "porta_uaizap": config.simulador_porta_uaizap,
        "chave_controle": config.simulador_chave,
        "diario": config.home / "simulador.jsonl",
        "preset": "happy",
    }
    conhecidos = {campo.name for campo in dataclasses.fields(modulo.ConfigSimulador)}
    config_simulador = modulo.ConfigSimulador(**{nome: valor for nome, valor in valores.items() if nome in conhecidos})
    import uvloop

    uvloop.run(_ate_sigterm(modulo.servir(config_simulador)))


@balcao.command()
def demo() -> None:
    """Roda a demonstração contra o produto no ar (`balcao up`)."""
    config = _preparar("demo")
    _no_ar(config)
    _chamar("app.demo", "executar", config)


@balcao.command()
def verificar() -> None:
    """Confere o catálogo do banco: isolamento, permissões, índices."""
    config = _preparar("verificar")
    with banco_no_ar(config):
        _chamar("app.verificacao", "verificar", config)


@balcao.command()
@click.option("--json", "como_json", is_flag=True, help="Um objeto JSON em vez de texto.")
def info(como_json: bool) -> None:
    """Mostra endereços, acesso ao banco e versões do produto no ar."""
    estado = _no_ar(carregar())
    campos = ("api", "database", "redis", "simulador", "home", "versoes")
    visto = {campo: estado[campo] for campo in campos}
    if como_json:
        click.echo(json.dumps(visto, ensure_ascii=False))
        return
    visto["versoes"] = ", ".join(f"{nome} {numero}" for nome, numero in visto["versoes"].items())
    for campo, valor in visto.items():
        click.echo(f"{campo:<10} {valor}")


@balcao.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("argumentos", nargs=-1, type=click.UNPROCESSED)
def psql(argumentos: tuple[str, ...]) -> None:
    """Abre o psql no banco do produto como administrador; o resto da linha vai para o psql."""
    config = carregar()
    programa = str(binario_postgres("psql"))
    if not os.access(programa, os.X_OK):
        programa = shutil.which("psql") or programa
    # The password goes by environment: everybody on the machine can read a command line.
    partes = urlsplit(config.url_admin)
    credencial, _, endereco = partes.netloc.rpartition("@")
    papel, _, senha = credencial.partition(":")
    url = urlunsplit(partes._replace(netloc=f"{papel}@{endereco}"))
    os.execve(programa, ["psql", "--dbname", url, *argumentos], {**os.environ, "PGPASSWORD": senha})  # noqa: S606


def _no_ar(config: Config) -> dict[str, Any]:
    estado = ler_estado(config)
    if estado is None:
        raise click.ClickException(f"O Balcão não está no ar com {config.home}; inicie com `make run` ou `balcao up`.")
    return estado


def main() -> None:
    try:
        # Not click's own ending: it turns Ctrl-C into "Aborted!" and status 1.
        sys.exit(balcao.main(prog_name="balcao", standalone_mode=False))
    except click.ClickException as erro:
        click.echo(f"Erro: {erro.format_message()}", err=True)
        if isinstance(erro, click.UsageError):
            click.echo("Veja `balcao --ajuda`.", err=True)
        sys.exit(erro.exit_code)
    except (ErroConfig, RuntimeError) as erro:
        # Our own errors are written for a person; anything else deserves its traceback.
        if not type(erro).__module__.startswith("app."):
            raise
        click.echo(f"Erro: {erro}", err=True)
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrompido.", err=True)
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
