"""What people write is shown as they meant it, and never as code."""

from __future__ import annotations

import time

import pytest

from app.http.marcas import marcas


@pytest.mark.parametrize(
    ("texto", "html"),
    [
        ("*a* _b_ ~c~", "<strong>a</strong> <em>b</em> <s>c</s>"),
        ("*a _b_*", "<strong>a <em>b</em></strong>"),
        ("2*3*4 e nome_de_campo", "2*3*4 e nome_de_campo"),
        ("* a * **b**", "* a * **b**"),
        ("`*a*` ```\n<b>*x*</b>\n```", "<code>*a*</code> <pre>&lt;b&gt;*x*&lt;/b&gt;</pre>"),
        ("> a\n> *b*\nc", "<blockquote>a\n<strong>b</strong></blockquote>\nc"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ('"><script>*x*', "&quot;&gt;&lt;script&gt;<strong>x</strong>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        (None, ""),
    ],
)
def test_marcas(texto: str | None, html: str) -> None:
    assert str(marcas(texto)) == html


def test_enderecos_viram_links_sem_o_ponto_final() -> None:
    html = str(marcas('veja https://a.b/c?x=1&y="2" e (http://d.e).'))
    assert 'href="https://a.b/c?x=1&amp;y="' in html
    assert 'href="http://d.e"' in html and html.count('rel="noopener nofollow"') == 2


@pytest.mark.parametrize("hostil", ["*" * 4096, "*a " * 1400, "_a *b ~c " * 500, "`" * 4096, "> " * 2000, "*_~" * 1300])
def test_texto_hostil_nao_demora(hostil: str) -> None:
    inicio = time.perf_counter()
    marcas(hostil)
    assert time.perf_counter() - inicio < 0.5
