"""`balcao cliente …`: what the owner of the platform does with tenants, as crm_plataforma and audited."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import click

from app.config import carregar

# by prompt or by environment: a password on a command line is there for everybody on the machine to read
_senha = click.option(
    "--senha",
    envvar="BALCAO_SENHA",
    prompt="Senha",
    hide_input=True,
    confirmation_prompt="De novo",
    help="Senha inicial, de 10 a 200 caracteres (melhor por BALCAO_SENHA, ou deixe perguntar).",
)
_cliente_id = click.argument("cliente_id", type=click.UUID)


def chamar(funcao: str, **argumentos: object) -> Any:
    """Call a function of the platform and decode its answer; a refusal ends the command with its sentence."""
    from app.banco import Banco
    from app.erros import Erro

    async def executar() -> bytes:
        banco = Banco(carregar().url_banco("crm_plataforma"), maximo=1, nome="balcao plataforma")
        await banco.abrir()
        try:
            banco.usar_textos(json.loads(await banco.chamar("plataforma.restricoes_listar", {})))
            return await banco.chamar(f"plataforma.{funcao}", argumentos)
        finally:
            await banco.fechar()

    try:
        return json.loads(asyncio.run(executar()))
    except Erro as erro:
        raise click.ClickException(f"{erro.corpo.mensagem} ({erro.codigo})") from erro


def _hash(senha: str) -> str:
    from app import senhas

    if not 10 <= len(senha) <= 200:
        raise click.BadParameter("de 10 a 200 caracteres.", param_hint="--senha")
    return asyncio.run(senhas.gerar(senha))


@click.group()
def cliente() -> None:
    """Empresas clientes: criar, listar, ativar, desativar."""


@cliente.command()
@click.argument("nome")
@click.option("--plano", default="ESSENCIAL", show_default=True, help="Código do plano.")
@click.option("--administrador", "usuario_nome", required=True, help="Nome do primeiro administrador.")
@click.option("--email", required=True, help="E-mail com que ele entra.")
@_senha
def criar(nome: str, plano: str, usuario_nome: str, email: str, senha: str) -> None:
    """Cria uma empresa com seu primeiro administrador."""
    feito = chamar(
        "cliente_criar",
        p_nome=nome,
        p_plano=plano,
        p_usuario_nome=usuario_nome,
        p_email=email,
        p_senha_hash=_hash(senha),
    )
    click.echo(f"cliente {feito['clienteId']} criado; entre com {email}")


@cliente.command()
@_cliente_id
@click.option("--nome", required=True, help="Nome da pessoa.")
@click.option("--email", required=True, help="E-mail com que ela entra.")
@_senha
def administrador(cliente_id: UUID, nome: str, email: str, senha: str) -> None:
    """Dá mais um administrador a uma empresa."""
    feito = chamar(
        "cliente_administrador_criar", p_cliente_id=cliente_id, p_nome=nome, p_email=email, p_senha_hash=_hash(senha)
    )
    click.echo(f"usuário {feito['usuarioId']} criado; entre com {email}")


@cliente.command()
@_cliente_id
def ativar(cliente_id: UUID) -> None:
    """Volta a deixar uma empresa operar."""
    chamar("cliente_ativar", p_cliente_id=cliente_id)
    click.echo(f"cliente {cliente_id} ativo")


@cliente.command()
@_cliente_id
@click.confirmation_option(prompt="Ninguém da empresa poderá entrar nem enviar. Desativar?")
def desativar(cliente_id: UUID) -> None:
    """Suspende uma empresa: vale na chamada seguinte."""
    chamar("cliente_desativar", p_cliente_id=cliente_id)
    click.echo(f"cliente {cliente_id} desativado")


@cliente.command()
@click.option("--limite", default=50, show_default=True, type=click.IntRange(1, 200), help="Quantas por página.")
@click.option("--cursor", help="proximoCursor da página anterior.")
@click.option("--json", "como_json", is_flag=True, help="A página inteira em JSON.")
def listar(limite: int, cursor: str | None, como_json: bool) -> None:
    """Lista as empresas, da mais nova à mais antiga."""
    pagina = chamar("clientes_listar", p_limite=limite, p_cursor=cursor)
    if como_json:
        click.echo(json.dumps(pagina, ensure_ascii=False))
        return
    for item in pagina["dados"]:
        situacao = "ativo" if item["ativo"] else "desativado"
        click.echo(f"{item['id']}  {situacao:<10}  {item['plano']:<10}  {item['nome']}")
    if pagina["meta"]["proximoCursor"]:
        click.echo(f"há mais: --cursor {pagina['meta']['proximoCursor']}")
