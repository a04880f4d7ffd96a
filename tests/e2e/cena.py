"""A tenant full of what pages must bear: many, long, odd and hostile."""

from __future__ import annotations

from typing import Final

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
    dono.pedir("POST", f"/api/conversas/{conversa}/mensagens", json=resposta)
    return {
        "conversa": conversa,
        "contato": contatos[0],
        "equipe": equipe,
        "conexao": empresa.conexao_id,
        **_campanhas(empresa),
        "usuario": pessoas[0].id,
    }


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
