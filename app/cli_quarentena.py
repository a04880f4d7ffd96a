"""`balcao quarentena …`: webhook bodies that belong to no tenant yet, as the owner of the platform."""

from __future__ import annotations

import base64
import json
import sys
from uuid import UUID

import click

from app.cli_clientes import chamar


@click.group()
def quarentena() -> None:
    """Webhooks assinados que não se pôde atribuir a uma empresa."""


@quarentena.command()
@click.option("--limite", default=50, show_default=True, type=click.IntRange(1, 200), help="Quantos por página.")
@click.option("--cursor", help="proximoCursor da página anterior.")
@click.option("--json", "como_json", is_flag=True, help="A página inteira em JSON.")
def listar(limite: int, cursor: str | None, como_json: bool) -> None:
    """Lista o que está em quarentena, por quê, e de que números fala."""
    pagina = chamar("quarentena_listar", p_limite=limite, p_cursor=cursor)
    if como_json:
        click.echo(json.dumps(pagina, ensure_ascii=False))
        return
    for item in pagina["dados"]:
        sobre = ", ".join(item["numeros"] or item["contas"]) or "-"
        click.echo(f"{item['id']}  {item['recebidoEm'][:19]}  {item['bytes']:>8}  {item['motivo']}  ({sobre})")
    if pagina["meta"]["proximoCursor"]:
        click.echo(f"há mais: --cursor {pagina['meta']['proximoCursor']}")


@quarentena.command()
@click.argument("id_", metavar="ID", type=click.UUID)
def ver(id_: UUID) -> None:
    """Mostra um corpo como chegou; fica marcado que foi lido."""
    sys.stdout.buffer.write(base64.b64decode(chamar("quarentena_obter", p_id=id_)["corpoBase64"]) + b"\n")


@quarentena.command()
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--limite", default=100, show_default=True, type=click.IntRange(1, 1000), help="Quantos corpos olhar.")
def resgatar(ids: tuple[UUID, ...], limite: int) -> None:
    """Dá as partes às conexões que agora existem, se têm o segredo que assinou o corpo; o resto fica."""
    feito = chamar("quarentena_resgatar", p_ids=list(ids) or None, p_limite=limite)
    click.echo(
        f"{feito['vistos']} corpos vistos, {feito['partes']} partes entregues,"
        f" {feito['resolvidos']} corpos sem nada por entregar"
    )
