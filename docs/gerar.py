"""`make docs`: docs/funcoes.md and docs/erros.md, written from a migrated database and the source.

The database is a throw-away one, migrated from this checkout, unless a libpq URL is given. The same sources give the
same bytes; a test compares them with what is committed.
"""

from __future__ import annotations

import ast
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.banco import BancoAdministracao
from app.embutido import ServidorPostgres
from app.erros import do_banco
from app.migracao import PASTA, migrar

DOCS: Final = Path(__file__).resolve().parent
APP: Final = DOCS.parent / "app"
AVISO: Final = "<!-- Gerado por `make docs`: não edite. -->"
_CODIGO: Final = re.compile(r"Z[A-Z]{2}[0-9]{2}")
_ESQUEMAS: Final = {
    "api": "O que a camada HTTP executa (papel `crm_api`).",
    "worker": "O que os workers executam (papel `crm_worker`).",
    "webhook": "O que a recepção de webhooks executa (papel `crm_ingresso`).",
    "plataforma": "O que o dono da plataforma executa (papel `crm_plataforma`).",
    "interno": "Passos internos: nenhum papel de login os alcança.",
    "public": "Usada pelas políticas.",
}


@dataclass(frozen=True)
class _Config:
    url_admin: str

    def senha_do_papel(self, papel: str) -> str:
        return f"senha-{papel}"


def _arquivos() -> dict[str, str]:
    """File that declares each function, relative to the checkout: db/functions first, a migration otherwise."""
    onde: dict[str, str] = {}
    for arquivo in [*sorted((PASTA / "functions").rglob("*.sql")), *sorted((PASTA / "migrations").iterdir())]:
        for nome in re.findall(
            r"(?m)^create (?:or replace )?function ([a-z]+\.[a-z0-9_]+)", arquivo.read_text("utf-8")
        ):
            onde.setdefault(nome, arquivo.relative_to(DOCS.parent).as_posix())
    return onde


def funcoes(linhas: list[tuple[str, ...]]) -> str:
    """The reference of functions, by schema."""
    arquivos = _arquivos()
    partes = [AVISO, "# Funções do banco", "Assinatura, comentário e permissões, como estão no catálogo."]
    for esquema, titulo in _ESQUEMAS.items():
        partes.append(f"## {esquema}\n\n{titulo}")
        for nome, args, devolve, volatil, linguagem, seguranca, dono, chamadores, comentario in linhas:
            if nome.startswith(esquema + "."):
                frase, *resto = comentario.split("\n")
                itens = "\n".join(f"- {linha}" for linha in resto)
                propriedades = (
                    f"- {volatil}, {linguagem}, security {seguranca}; dono `{dono}`; "
                    + (f"executável por {chamadores}" if chamadores else "executável só pelo dono")
                    + f"; [{arquivos[nome]}](../{arquivos[nome]})"
                )
                partes.append(
                    f"### {nome}\n\n```\n{nome}({args}) → {devolve}\n```\n\n{frase}\n\n{itens}\n{propriedades}"
                )
    return "\n\n".join(partes) + "\n"


@dataclass(frozen=True)
class Dito:
    """One place that answers with a code. `status` None: by the class of the code."""

    codigo: str
    frase: str
    onde: str
    status: int | None = None


def _texto(no: ast.expr | None) -> str | None:
    if isinstance(no, ast.Constant) and isinstance(no.value, str):
        return no.value
    if isinstance(no, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "%s" for v in no.values)
    return None


def da_borda() -> Iterator[Dito]:
    """Codes that are born in Python: [status,] code, sentence side by side in a call or a tuple."""
    for arquivo in sorted(APP.rglob("*.py")):
        if arquivo.is_relative_to(APP / "simulador"):
            continue
        arvore = ast.parse(arquivo.read_text(encoding="utf-8"))
        chaves = {
            valor: chave.value
            for no in ast.walk(arvore)
            if isinstance(no, ast.Dict)
            for chave, valor in zip(no.keys, no.values, strict=True)
            if isinstance(chave, ast.Constant) and isinstance(chave.value, int)
        }
        for no in ast.walk(arvore):
            itens = no.args if isinstance(no, ast.Call) else no.elts if isinstance(no, ast.Tuple) else []
            for i, item in enumerate(itens):
                codigo = _texto(item)
                if codigo and _CODIGO.fullmatch(codigo) and i + 1 < len(itens):
                    antes = itens[i - 1] if i else None
                    status = antes.value if isinstance(antes, ast.Constant) else chaves.get(no)
                    status = status if isinstance(status, int) else None
                    frase = _texto(itens[i + 1]) or "(diz qual campo e por quê)"
                    yield Dito(codigo, frase, arquivo.relative_to(DOCS.parent).as_posix(), status)


def erros(linhas: list[tuple[str, ...]]) -> str:
    """The reference of refusals: code, HTTP status, sentence, where."""
    ditos = {Dito(*linha) for linha in linhas} | set(da_borda())
    por_codigo: dict[str, dict[str, list[Dito]]] = defaultdict(lambda: defaultdict(list))
    for dito in ditos:
        por_codigo[dito.codigo][dito.frase].append(dito)
    partes = [
        AVISO,
        "# Erros",
        "Toda recusa tem a forma `{sucesso: false, erro: {codigo, mensagem, campo, detalhe}}`. O código é estável; "
        "a segunda letra diz a classe (A 401, P 403, N 404, C 409, R 422, L 429, T 503) "
        "e só `app/erros.py` conhece HTTP. "
        "`%s` é preenchido na hora.",
        "| Código | HTTP | Mensagem | Onde |\n| --- | --- | --- | --- |",
    ]
    tabela = []
    for codigo in sorted(por_codigo):
        for frase, lugares in sorted(por_codigo[codigo].items()):
            status = sorted({d.status or do_banco(codigo, frase).status for d in lugares})
            onde = ", ".join(sorted({f"`{d.onde}`" for d in lugares}))
            tabela.append(f"| {codigo} | {', '.join(map(str, status))} | {frase} | {onde} |")
    partes[-1] += "\n" + "\n".join(tabela)
    return "\n\n".join(partes) + "\n"


def gerar(url: str) -> dict[str, str]:
    """The two documents, by file name, from a migrated database."""
    with BancoAdministracao(url) as banco:
        das_funcoes = banco.consultar([DOCS / "funcoes.sql"], {"search_path": ""})
        dos_erros = banco.consultar([DOCS / "erros.sql"], {"search_path": ""})
    return {"funcoes.md": funcoes(das_funcoes), "erros.md": erros(dos_erros)}


def main() -> None:
    if len(sys.argv) > 1:
        textos = gerar(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as pasta, ServidorPostgres(Path(pasta), fsync=False) as servidor:
            migrar(_Config(servidor.url()))
            textos = gerar(servidor.url())
    for nome, texto in textos.items():
        (DOCS / nome).write_text(texto, encoding="utf-8")


if __name__ == "__main__":
    main()
