"""A tenant full of what pages must bear: many, long, odd and hostile."""

from __future__ import annotations

import time
from typing import Final

import httpx
import psycopg

from tests.e2e.produto import Empresa, esperar

HOSTIL: Final = '<img src=x onerror="window.invadida=1">'
NOMES: Final = (
    HOSTIL,
    "مرحبا بك في المتجر",
    "Pneumoultramicroscopicossilicovulcanoconiótico" * 2,
    "👩‍👩‍👧‍👦 Família Souza 🎉",
    "Ana",
    "Maria Antônia dos Santos Albuquerque Cavalcanti de Mello e Silva",
)
TEXTOS: Final = (
    "Oi, bom dia! Vocês têm pão de queijo?",
    HOSTIL + " *negrito* _itálico_ ~riscado~ ```código``` https://exemplo.com.br/a?b=c",
    "palavra" * 580,
    "linha\n" * 40,
    "‏مرحبا‏ olá",
)


def encher(empresa: Empresa) -> dict[str, str]:
    """Fill the tenant; the ids that addresses of pages name."""
    dono = empresa.dono
    etiquetas = [
        dono.pedir("POST", "/api/etiquetas", json={"nome": nome, "cor": cor})["id"]
        for nome, cor in (("VIP", "VERDE"), ("Cliente que paga sempre atrasado e liga", "VERMELHO"), (HOSTIL, "AZUL"))
    ]
    contatos = [
        dono.pedir("POST", "/api/contatos", json={"nome": nome[:120], "telefone": f"+55119876600{i:02d}"})["id"]
        for i, nome in enumerate(NOMES)
    ]
    dono.pedir("POST", "/api/contatos/etiquetas", json={"contatoIds": contatos, "adicionar": etiquetas})
    pessoas = [empresa.contratar("Bruna Atendente"), empresa.contratar("Caio Supervisor", "SUPERVISOR")]
    equipe = dono.pedir("POST", "/api/equipes", json={"nome": "Vendas", "membros": [p.id for p in pessoas]})["id"]
    for i, texto in enumerate(TEXTOS):
        empresa.receber(texto, f"+55119876600{i:02d}")
    for i in range(40):
        empresa.receber(f"Mensagem {i} de quem escreve muito", "+5511987660004")
    for tipo, conteudo in (
        ("image", {"caption": "Foto " + HOSTIL}),
        ("audio", {"voice": True}),
        ("document", {"filename": "contrato.pdf"}),
        ("location", {"latitude": -23.5, "longitude": -46.6, "name": "Loja", "address": "Rua A, 1"}),
    ):
        empresa.receber("", "+5511987660004", tipo, conteudo)
    conversa = empresa.conversa_com("+5511987660004")
    esperar(lambda: len(dono.pedir("GET", f"/api/conversas/{conversa}/mensagens", params={"limite": 60})) >= 45)
    dono.pedir("POST", f"/api/conversas/{conversa}/assumir", json={})
    dono.pedir("POST", f"/api/conversas/{conversa}/notas", json={"texto": f"Cuidado com este cliente {HOSTIL}"})
    resposta = {"tipo": "TEXTO", "conteudo": {"texto": "Temos, sim! Quantos quer?"}}
    dito = dono.pedir("POST", f"/api/conversas/{conversa}/mensagens", json=resposta)["id"]
    ids = {
        "conversa": conversa,
        "contato": contatos[0],
        "equipe": equipe,
        "conexao": empresa.conexao_id,
        **_campanhas(empresa),
        **_importacoes(empresa),
        **_operacao(empresa),
        **_convite(empresa),
        "usuario": pessoas[0].id,
    }
    # the last that the provider says of it
    esperar(lambda: dono.pedir("GET", f"/api/mensagens/{dito}")["tique"] == "LIDA", 60)
    _sossegar(empresa)
    return ids


def _sossegar(empresa: Empresa) -> None:
    """Until nothing of it has changed for two seconds: what a page reads then, it reads because it was opened."""
    with psycopg.connect(empresa.produto.config.url_admin, autocommit=True) as banco:
        banco.execute("select set_config('app.cliente_id', %s, false)", [_cliente(empresa)])
        visto, desde = None, time.monotonic()

        def quieta() -> bool:
            nonlocal visto, desde
            ultimo = banco.execute("select max(ultimo) from eventos_totais").fetchone()
            if ultimo != visto:
                visto, desde = ultimo, time.monotonic()
            return time.monotonic() - desde > 2

        esperar(quieta, 60)


def _campanhas(empresa: Empresa) -> dict[str, str]:
    """A draft, and a campaign that somebody who is blocked was left out of."""
    modelo = next(
        m for m in empresa.dono.pedir("GET", "/api/modelos?busca=promocao_novembro") if m["status"] == "APPROVED"
    )
    pedido = {"conexaoId": empresa.conexao_id, "modeloId": modelo["id"], "filtro": {}}
    variaveis = {"1": "{{contato.primeiro_nome|cliente}}"}
    campanha, rascunho = (
        empresa.dono.pedir("POST", "/api/campanhas", json={"nome": nome, "variaveis": variaveis, **pedido})["id"]
        for nome in (f"Natal {HOSTIL}", "Ano novo " * 12)
    )
    bloqueado = empresa.dono.pedir("GET", "/api/contatos")[0]["id"]
    empresa.dono.pedir("POST", f"/api/contatos/{bloqueado}/bloquear")
    empresa.dono.pedir("POST", f"/api/campanhas/{campanha}/iniciar")
    empresa.dono.pedir("POST", f"/api/contatos/{bloqueado}/desbloquear")
    return {"campanha": campanha, "rascunho": rascunho}


def matar(empresa: Empresa, quantos: int, texto: str = "XX000: o provedor sumiu") -> None:
    """So many stored events whose processing gave up: they need no network to be done again."""
    with psycopg.connect(empresa.produto.config.url_admin, autocommit=True) as banco:
        banco.execute("select set_config('app.cliente_id', %s, false)", [_cliente(empresa)])
        banco.execute(
            "with w as (insert into webhooks_recebidos (cliente_id, conexao_id, corpo, status, motivo, erro_texto)"
            " select %(c)s, %(x)s, '{\"entry\": []}', 'ERRO', 'DEFEITO', %(t)s from generate_series(1, %(n)s)"
            " returning id)"
            " insert into fila_morta"
            " (cliente_id, id, tipo, conexao_id, alvo_id, tentativas, erro_texto, prioridade, cerca)"
            " select %(c)s, uuidv7(), 'webhook_processar', %(x)s, w.id, 3, %(t)s, 1, 4 from w",
            {"c": _cliente(empresa), "x": empresa.conexao_id, "t": texto, "n": quantos},
        )


def _cliente(empresa: Empresa) -> str:
    return str(empresa.dono.pedir("GET", "/api/autenticacao/eu")["cliente"]["id"])


def _importacoes(empresa: Empresa) -> dict[str, str]:
    """A file whose columns are to be chosen, one that was checked, one that went in; each with lines that are wrong."""
    linhas = [f"{HOSTIL};+55119876601{i:02d};{'palavra' * 12}" for i in range(3)] + ["Sem telefone;123;x"] * 12
    arquivo = "\n".join(["Nome completo da pessoa;Telefone;Observações do vendedor", *linhas]).encode()
    biscoitos = "; ".join(f"{nome}={valor}" for nome, valor in empresa.dono.cookies())
    cabecalhos = {"Cookie": biscoitos, "Sec-Fetch-Site": "same-origin"}
    ids = {}
    with httpx.Client(base_url=empresa.produto.base, headers=cabecalhos, trust_env=False, timeout=30) as http:
        for nome in ("importacao", "conferida", "importada"):
            enviado = http.post(
                "/contatos/importar", files={"arquivo": (f"{nome} {'de' * 30}.csv", arquivo, "text/csv")}
            )
            assert enviado.status_code == 303, enviado.text
            ids[nome] = enviado.headers["location"].rsplit("/", 1)[1]
        escolhas = {"destino": ["nome", "telefone", "campo"], "modo": "IGNORAR", "versao": ""}
        for nome in ("conferida", "importada"):
            assert http.post(f"/contatos/importar/{ids[nome]}/conferir", data=escolhas).status_code == 303
            esperar(lambda nome=nome: "Importar 3 pessoas" in http.get(f"/contatos/importar/{ids[nome]}").text)  # type: ignore[misc]
        assert http.post(f"/contatos/importar/{ids['importada']}/iniciar", data={"versao": ""}).status_code == 303
        esperar(lambda: "Ver contatos" in http.get(f"/contatos/importar/{ids['importada']}").text, 30)
    return ids


def _operacao(empresa: Empresa) -> dict[str, str]:
    """What gave up, twice for one cause; an event that came in."""
    matar(empresa, 3)
    matar(empresa, 1, "XX000: " + "outra causa " * 12)
    morto = empresa.dono.pedir("GET", "/api/fila-morta")[0]["id"]
    return {"morto": morto, "webhook": empresa.dono.pedir("GET", "/api/webhooks")[0]["id"]}


def _convite(empresa: Empresa) -> dict[str, str]:
    """The page that somebody who is invited opens."""
    perfil = empresa.dono.pedir("GET", "/api/perfis")[0]["id"]
    convidada = {"nome": "Zélia Convidada", "email": f"zelia.{empresa.email}", "perfilId": perfil}
    return {"convite": empresa.dono.pedir("POST", "/api/usuarios/convidar", json=convidada)["url"].rsplit("/", 1)[1]}
