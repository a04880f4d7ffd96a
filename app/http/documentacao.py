"""`/api/docs`: the OpenAPI schema, and a page that reads it with no script and no third party."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from litestar import Request, Router
from litestar.enums import MediaType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from app.http.saude import versao

CSP: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_ESTILO: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1e293b}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #cbd5e1;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}code{font-size:.9em}h2{margin-top:2rem}summary{cursor:pointer}"
)
_METODOS: Final = ("get", "post", "put", "patch", "delete")


def _nome(esquema: dict[str, Any]) -> str:
    if "$ref" in esquema:
        nome = str(esquema["$ref"]).rsplit("/", 1)[-1]
        return f'<a href="#{escape(nome)}">{escape(nome)}</a>'
    if "oneOf" in esquema or "anyOf" in esquema:
        return " | ".join(_nome(e) for e in esquema.get("oneOf") or esquema["anyOf"])
    if esquema.get("type") == "array":
        return f"[{_nome(esquema.get('items', {}))}]"
    valores = " ".join(str(v) for v in esquema.get("enum", []))
    return escape(f"{esquema.get('type', 'qualquer')} {esquema.get('format', '')} {valores}".strip())


def _conteudo(parte: dict[str, Any]) -> str:
    return ", ".join(_nome(midia.get("schema", {})) for midia in parte.get("content", {}).values())


def _operacao(metodo: str, caminho: str, op: dict[str, Any]) -> str:
    parametros = ", ".join(f"<code>{escape(p['name'])}</code> ({escape(p['in'])})" for p in op.get("parameters", []))
    feito = next((_conteudo(r) for codigo, r in op["responses"].items() if codigo.startswith("2")), "")
    return (
        f"<tr><td><code>{metodo.upper()}</code></td><td><code>{escape(caminho)}</code></td>"
        f"<td>{escape(op.get('summary') or '')}</td><td>{parametros}</td>"
        f"<td>{_conteudo(op.get('requestBody', {}))}</td><td>{feito}</td></tr>"
    )


def _esquema(nome: str, esquema: dict[str, Any]) -> str:
    obrigatorios = esquema.get("required", [])
    campos = "".join(
        f"<tr><td><code>{escape(campo)}</code>{' *' if campo in obrigatorios else ''}</td><td>{_nome(tipo)}</td>"
        f"<td>{escape(tipo.get('description') or '')}</td></tr>"
        for campo, tipo in esquema.get("properties", {}).items()
    )
    titulo = escape(nome)
    return f'<details id="{titulo}" open><summary><b>{titulo}</b></summary><table>{campos}</table></details>'


def pagina(esquema: dict[str, Any]) -> str:
    """The whole page, as HTML."""
    operacoes = "".join(
        _operacao(metodo, caminho, item[metodo])
        for caminho, item in sorted(esquema["paths"].items())
        for metodo in _METODOS
        if metodo in item
    )
    esquemas = "".join(_esquema(n, e) for n, e in sorted(esquema.get("components", {}).get("schemas", {}).items()))
    return (
        f'<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>API do Balcão</title>'
        f"<style>{_ESTILO}</style></head><body><h1>API do Balcão {escape(esquema['info']['version'])}</h1>"
        f"<p>{escape(esquema['info'].get('description') or '')}</p>"
        '<p>Esquema para gerar clientes: <a href="/api/docs/openapi.json">openapi.json</a>. '
        "Campos com * são obrigatórios.</p>"
        "<h2>Operações</h2><table><tr><th>Método</th><th>Caminho</th><th>O que faz</th><th>Parâmetros</th>"
        f"<th>Corpo</th><th>Resposta</th></tr>{operacoes}</table><h2>Formatos</h2>{esquemas}</body></html>"
    )


class Pagina(OpenAPIRenderPlugin):
    """Litestar's own pages load scripts from elsewhere; this one is plain HTML."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)
        self._pronta = b""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        self._pronta = self._pronta or pagina(openapi_schema).encode()
        return self._pronta


def configurar() -> OpenAPIConfig:
    """The OpenAPI document of the application."""
    return OpenAPIConfig(
        title="API do Balcão",
        version=versao(),
        description=(
            "Toda resposta é {sucesso, dados, meta}; toda recusa é {sucesso: false, erro: {codigo, mensagem, campo, "
            "detalhe}}. "
            "Entre em POST /api/autenticacao/entrar e mande o accessToken em Authorization: Bearer."
        ),
        components=Components(security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}),
        # no YAML: writing it takes the event loop a second, and JSON already is YAML
        render_plugins=[JsonRenderPlugin(), Pagina()],
        openapi_router=Router(
            path="/api/docs",
            route_handlers=[],
            opt={"publico": True},
            include_in_schema=False,
            response_headers={"content-security-policy": CSP},
        ),
    )
