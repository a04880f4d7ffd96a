"""What browsers are sent keeps its promises: no inline code, nothing unescaped, locked libraries, contrast, size."""

from __future__ import annotations

import hashlib
import re
import tomllib
import typing
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler

from app.http.estaticos import PASTA as ESTATICOS
from app.http.estaticos import estaticos
from app.http.pages import ROTAS_DAS_PAGINAS
from app.http.pages.campos import Campos
from app.http.render import PASTA as TEMPLATES

ALHEIOS = ESTATICOS / "vendor"
# largest size after gzip -9, in bytes, of each file of ours; a module that is not here has the last one
TETOS = {"base.js": 3072, "conversas.js": 6144, "icones.svg": 4096}
TETO_DE_ESTILO, TETO_DE_MODULO = 9216, 4096
# text / background, and the least contrast (WCAG 2.2 AA: 4.5 for text, 3 for controls and focus)
TEXTOS = [
    ("text", ["bg", "surface", "surface-2", "bubble-out", "note"]),
    ("text-2", ["bg", "surface", "surface-2"]),
    ("text-3", ["bg", "surface"]),
    ("on-accent", ["accent"]),
    ("accent-text", ["bg", "surface", "accent-soft"]),
    ("danger", ["surface", "danger-soft"]),
    ("warn", ["surface", "warn-soft"]),
    ("info", ["surface", "info-soft"]),
]
TRACOS = [("line-strong", ["bg", "surface"]), ("focus", ["bg", "surface", "surface-2"])]


def _templates() -> list[Path]:
    return sorted(TEMPLATES.glob("*.html"))


def _modulos() -> list[Path]:
    return sorted(ESTATICOS.glob("*.js"))


class _Leitor(HTMLParser):
    """Collects what a strict Content-Security-Policy would refuse, or htmx would evaluate."""

    def __init__(self) -> None:
        super().__init__()
        self.faltas: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        valores = dict(attrs)
        if tag == "script" and "src" not in valores:
            self.faltas.append(f"linha {self.getpos()[0]}: script sem src")
        if tag == "style":
            self.faltas.append(f"linha {self.getpos()[0]}: <style>")
        for nome in valores:
            if nome == "style" or nome.startswith(("on", "hx-on")) or nome in {"hx-vars", "hx-vals"}:
                self.faltas.append(f"linha {self.getpos()[0]}: {nome}=")
        if re.search(r"^\s*(js|javascript):|\[.*\]$", valores.get("hx-trigger") or ""):
            self.faltas.append(f"linha {self.getpos()[0]}: filtro em hx-trigger")


def em_linha(fonte: str) -> list[str]:
    """Code or style inside the HTML of a template."""
    leitor = _Leitor()
    leitor.feed(re.sub(r"{%.*?%}", "", fonte, flags=re.S))
    return leitor.faltas


def sem_escape(fonte: str) -> list[str]:
    return re.findall(r"\|\s*safe\b|{%-?\s*autoescape\s+false", fonte)


def avaliado(fonte: str) -> list[str]:
    """What evaluates text as code, or puts text into the page as HTML."""
    codigo = r"\beval\s*\(|\bnew\s+Function\b"
    html = r"\.(?:innerHTML|outerHTML)\s*=|document\.write\b|insertAdjacentHTML"
    return re.findall(f"{codigo}|{html}", fonte)


def test_templates_nao_trazem_codigo_nem_estilo() -> None:
    assert len(_templates()) >= 8
    assert [f"{a.name}: {f}" for a in _templates() for f in em_linha(a.read_text())] == []


def test_nada_sai_sem_escape() -> None:
    assert [f"{a.name}: {f}" for a in _templates() for f in sem_escape(a.read_text())] == []


def test_modulos_nao_avaliam_texto() -> None:
    assert [f"{a.name}: {f}" for a in _modulos() for f in avaliado(a.read_text())] == []


def test_nenhum_texto_de_modulo_passa_de_uma_linha() -> None:
    """Margins are not served: a text over several lines would be changed."""
    linhas = [(a.name, n, x) for a in _modulos() for n, x in enumerate(a.read_text().splitlines(), 1)]
    assert [linha for linha in linhas if linha[2].count("`") % 2] == []


@pytest.mark.parametrize(
    "fonte",
    [
        "<p style='x'>",
        "<a onclick='x'>",
        "<script>1</script>",
        "<style>a{}</style>",
        "<b hx-on:click='x'>",
        "<i hx-vals='js:x'>",
    ],
)
def test_o_que_esta_em_linha_e_visto(fonte: str) -> None:
    assert em_linha(fonte)


@pytest.mark.parametrize("fonte", ["eval(x)", "new Function('x')", "a.innerHTML = x", "document.write(x)"])
def test_o_que_avalia_e_visto(fonte: str) -> None:
    assert avaliado(fonte)


def test_o_que_nao_escapa_e_visto() -> None:
    assert sem_escape("{{ x | safe }}")
    assert sem_escape("{% autoescape false %}")


def test_bibliotecas_estao_travadas() -> None:
    travas = tomllib.loads((ALHEIOS / "travas.toml").read_text())
    arquivos = {a.name for a in ALHEIOS.iterdir() if a.suffix != ".toml"}
    assert arquivos == set(travas)
    for nome, trava in travas.items():
        assert hashlib.sha256((ALHEIOS / nome).read_bytes()).hexdigest() == trava["sha256"], nome
        assert {"nome", "versao", "origem", "licenca"} <= set(trava), nome


def test_arquivos_cabem() -> None:
    nossos = {a.name for a in ESTATICOS.iterdir() if a.suffix in {".css", ".js", ".svg"}}
    medidos = {nome: len(arquivo.gz) for nome, arquivo in estaticos().items() if nome in nossos}
    tetos = {n: TETOS.get(n, TETO_DE_ESTILO if n.endswith(".css") else TETO_DE_MODULO) for n in medidos}
    assert {n: m for n, m in medidos.items() if m > tetos[n]} == {}


def _luz(cor: str) -> float:
    canais = [int(cor[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canais)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contraste(uma: str, outra: str) -> float:
    """The contrast ratio of two colours `#rrggbb` (WCAG 2.2, relative luminance)."""
    clara, escura = sorted((_luz(uma), _luz(outra)), reverse=True)
    return (clara + 0.05) / (escura + 0.05)


def _pares() -> Iterator[tuple[str, str, str, float]]:
    css = (ESTATICOS / "app.css").read_text()
    cores = {n: (c, e) for n, c, e in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)}
    for pares, minimo in ((TEXTOS, 4.5), (TRACOS, 3.0)):
        for frente, fundos in pares:
            for fundo in fundos:
                for tema in (0, 1):
                    yield f"{frente} em {fundo} ({tema})", cores[frente][tema], cores[fundo][tema], minimo
    tons = re.findall(r"\.t-(\w+) *{[^}]*?light-dark\((#\w{6}), (#\w{6})\)[^}]*?light-dark\((#\w{6}), (#\w{6})\)", css)
    assert len(tons) == 12
    for nome, *quatro in tons:
        for tema in (0, 1):
            yield f"t-{nome} ({tema})", quatro[tema], quatro[tema + 2], 4.5


def test_cores_tem_contraste() -> None:
    assert contraste("#ffffff", "#000000") == pytest.approx(21)
    assert [(nome, round(contraste(a, b), 2)) for nome, a, b, minimo in _pares() if contraste(a, b) < minimo] == []


def _tratadores() -> Iterator[HTTPRouteHandler]:
    for rota in ROTAS_DAS_PAGINAS:
        achados = vars(rota).values() if isinstance(rota, type) else [rota]
        yield from (a for a in achados if isinstance(a, HTTPRouteHandler))


def repetidos(dado: object) -> list[str]:
    """Fields of a form's struct that hold many: with exactly one value they would be refused."""
    if not typing.get_origin(dado) or typing.get_args(dado)[1].media_type != RequestEncodingType.URL_ENCODED:
        return []
    campos = msgspec.structs.fields(typing.get_args(dado)[0])
    return [c.name for c in campos if re.search(r"\b(list|tuple|set|frozenset|Sequence)\b", str(c.type))]


def test_formularios_com_varios_de_um_nome_sao_lidos_por_campos() -> None:
    dados = {t: typing.get_type_hints(t.fn, include_extras=True).get("data") for t in _tratadores()}
    assert sum(dado is not None for dado in dados.values()) > 20
    assert {str(t): repetidos(dado) for t, dado in dados.items() if dado is not None and repetidos(dado)} == {}


def test_um_so_valor_e_uma_lista_de_um() -> None:
    id_ = UUID("01890000-0000-7000-8000-000000000001")
    campos = Campos([("ids", str(id_)), ("nome", " Ana \r\n"), ("quando", "antes"), ("quando", "depois")])
    assert (campos.ids("ids"), campos.todos("ids"), campos.um("nome")) == ([id_], [str(id_)], "Ana")
    assert (campos.todos("quando"), campos.um("quando"), campos.todos("nada"), campos.ids("nada")) == (
        ["antes", "depois"], "depois", [], [],
    )  # fmt: skip
