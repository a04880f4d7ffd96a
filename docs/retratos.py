"""`python -m docs.retratos`: the pictures of the README, taken from the running product with a tenant made for them.

Needs Chromium, as `make e2e` does. Writes `docs/imagens/*.webp`, encoded by the browser itself: letters stay crisp in
less than half of what PNG takes.
"""

from __future__ import annotations

import base64
import tempfile
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.navegador import Janela, abrir_navegador
from tests.e2e.produto import Empresa, Produto, esperar, nova_empresa

PASTA: Final = Path(__file__).with_name("imagens")
MAXIMO: Final = 90_000
_EM_WEBP: Final = """async (png) => {
  const desenho = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const tela = new OffscreenCanvas(desenho.width, desenho.height);
  tela.getContext("2d").drawImage(desenho, 0, 0);
  const feita = new Uint8Array(await (await tela.convertToBlob({ type: "image/webp", quality: 0.8 })).arrayBuffer());
  return btoa(feita.reduce((texto, byte) => texto + String.fromCharCode(byte), ""));
}"""
PESSOAS: Final = (
    ("Marina Duarte", "Oi! Queria saber se o arranjo de girassóis ainda está disponível."),
    ("Tiago Nogueira", "Bom dia, meu pedido 1842 já saiu?"),
    ("Dona Célia", "Obrigada, chegou tudo lindo! 🌻"),
    ("Rafael Pinto", "Vocês entregam no Butantã no domingo?"),
    ("Ateliê Lua", "Podem mandar a nota fiscal de outubro?"),
    ("Patrícia Mello", "Preciso trocar o endereço da entrega"),
    ("Hugo Sampaio", "Qual o prazo para buquê de noiva?"),
    ("Lívia Costa", "Quero fazer o mesmo pedido do mês passado"),
)


def _telefone(n: int) -> str:
    return f"+55119910020{n:02d}"


def _povoar(loja: Empresa) -> str:
    """People, tags, colleagues and conversations; the id of the conversation that the picture opens."""
    dono = loja.dono
    vip, casamento = (
        dono.pedir("POST", "/api/etiquetas", json={"nome": nome, "cor": cor})["id"]
        for nome, cor in (("VIP", "VERDE"), ("Casamento", "MAGENTA"))
    )
    contatos = [
        dono.pedir("POST", "/api/contatos", json={"nome": nome, "telefone": _telefone(n)})["id"]
        for n, (nome, _) in enumerate(PESSOAS)
    ]
    bia = loja.contratar("Bia Rocha")
    dono.pedir("POST", "/api/equipes", json={"nome": "Loja", "membros": [dono.id, bia.id]})
    corpo = {"titulo": "Prazo", "atalho": "prazo", "texto": "Entregamos em até 24 horas na capital.", "escopo": "TODOS"}
    dono.pedir("POST", "/api/respostas-rapidas", json=corpo)
    for n, (_, texto) in enumerate(PESSOAS):
        loja.receber(texto, _telefone(n))
    ids = [loja.conversa_com(_telefone(n)) for n in range(len(PESSOAS))]
    for alvo, etiqueta in ((contatos[0], vip), (contatos[6], casamento)):
        dono.pedir("POST", "/api/contatos/etiquetas", json={"contatoIds": [alvo], "adicionar": [etiqueta]})
    dono.pedir("POST", f"/api/conversas/{ids[0]}/etiquetas", json={"adicionar": [vip]})
    for n in (0, 1, 4):
        dono.pedir("POST", f"/api/conversas/{ids[n]}/assumir", json={})
    _conversar(loja, ids[0])
    return ids[0]


def _conversar(loja: Empresa, conversa: str) -> None:
    def responder(texto: str) -> None:
        corpo = {"tipo": "TEXTO", "conteudo": {"texto": texto}}
        loja.dono.pedir("POST", f"/api/conversas/{conversa}/mensagens", json=corpo)
        time.sleep(1.5)

    responder("Oi, Marina! Está, sim. É para presente?")
    loja.receber("É, para minha mãe. Consegue entregar amanhã cedo?", _telefone(0))
    time.sleep(1.5)
    responder("Consigo das 8h às 10h. Quer incluir um cartão?")
    loja.dono.pedir(
        "POST", f"/api/conversas/{conversa}/notas", json={"texto": "Cliente antiga: frete por nossa conta."}
    )
    loja.receber("Quero! Escreve: “Com todo o meu amor, Nina”.", _telefone(0))
    esperar(lambda: len(loja.dono.pedir("GET", f"/api/conversas/{conversa}/mensagens")) >= 5)
    time.sleep(2)


def _campanha(loja: Empresa, pagina: Page) -> None:
    """A campaign in the middle of its way."""
    linhas = "".join(f"Cliente {n};+551197{1000000 + n}\n" for n in range(900))
    loja.dono.pedir(
        "POST",
        "/api/contatos/importar",
        content=("nome;telefone\n" + linhas).encode(),
        headers={"Content-Type": "text/csv"},
    )
    modelo = next(m for m in loja.dono.pedir("GET", "/api/modelos?busca=promocao") if m["status"] == "APPROVED")
    campanha = loja.dono.pedir(
        "POST",
        "/api/campanhas",
        json={
            "nome": "Novembro em flor",
            "conexaoId": loja.conexao_id,
            "modeloId": modelo["id"],
            "filtro": {},
            "variaveis": {"1": "{{contato.primeiro_nome|cliente}}"},
        },
    )["id"]
    loja.dono.pedir("POST", f"/api/campanhas/{campanha}/iniciar")
    pagina.goto(f"/campanhas/{campanha}")
    pagina.wait_for_timeout(7000)


def _retratar(pagina: Page, nome: str) -> None:
    pagina.wait_for_timeout(600)
    # in a page of its own: the product's policy lets no script of others run
    vazia = pagina.context.new_page()
    webp = base64.b64decode(vazia.evaluate(_EM_WEBP, base64.b64encode(pagina.screenshot()).decode()))
    vazia.close()
    if len(webp) > MAXIMO:
        raise SystemExit(f"{nome}: {len(webp)} bytes, mais que {MAXIMO}")
    (PASTA / f"{nome}.webp").write_bytes(webp)


def _fotografar(navegador: Browser, loja: Empresa) -> None:
    conversa = _povoar(loja)
    mesa = Janela(navegador, loja.produto.base)
    pagina = mesa.entrar(loja.dono)
    _campanha(loja, pagina)
    _retratar(pagina, "campanha")
    destino = f"/conversas/{conversa}?aba=todas"
    pagina.goto(destino)
    _retratar(pagina, "conversas-clara")
    for nome, tema, largura in (
        ("conversas-escura", "escuro", "mesa"),
        ("conversas-telefone", "claro", "telefone"),
        ("conversas-telefone-escura", "escuro", "telefone"),
    ):
        outra = Janela(navegador, loja.produto.base, tema, largura)
        outra.entrar(loja.dono, destino)
        _retratar(outra.pagina, nome)
        outra.fechar()
    pagina.goto("/")
    _retratar(pagina, "painel")
    mesa.fechar()


def principal() -> None:
    """Take every picture."""
    PASTA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as pasta, sync_playwright() as playwright:
        produto = Produto(Path(pasta))
        navegador = abrir_navegador(playwright)
        try:
            loja = nova_empresa(produto, "Floricultura Jade")
            loja.conectar()
            _fotografar(navegador, loja)
        finally:
            navegador.close()
            produto.encerrar()


if __name__ == "__main__":
    principal()
