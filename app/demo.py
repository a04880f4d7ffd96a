"""`balcao demo`: one campaign from a CSV to the phones, and the proof taken from both sides.

The figures come from the simulator's ledger (what the phones got) and from the campaign's own totals (what the product
believes), side by side; the exit status says whether they agree.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import aiohttp

from app.config import Config
from app.semente import CLIENTES, ClienteHttp, conectar_demo

CSV: Final = Path(__file__).resolve().parent.parent / "db" / "seeds" / "contatos_demo.csv"
TETO: Final = 80
USO_MINIMO: Final = 0.93
ATRASO_MAXIMO_MS: Final = 6.0
PRAZO_S: Final = 180
ESPERA_STATUS_S: Final = 20


def executar(config: Config) -> int:
    """Run the demonstration against the running product; 0 when every proof holds."""
    return asyncio.run(_executar(config))


async def _executar(config: Config) -> int:
    async with aiohttp.ClientSession(trust_env=False) as sessao:
        for aviso in await conectar_demo(config):
            _dizer(aviso)
        http = ClienteHttp(sessao, config.url_api)
        await http.entrar(CLIENTES[0].email)
        _dizer(f"Entrou como {CLIENTES[0].email} em {config.url_api}")
        ids = await _importar(http)
        campanha = await _criar(http, ids)
        await _simular(http, campanha)
        inicio = time.time()
        await http.pedir("POST", f"/api/campanhas/{campanha}/iniciar")
        totais = await _acompanhar(http, campanha)
        livro = await _livro(config, sessao, inicio)
        atraso = await _atraso(config, sessao)
        return _provar(totais, livro, atraso)


def _dizer(texto: str) -> None:
    sys.stdout.write(texto + "\n")
    sys.stdout.flush()


async def _importar(http: ClienteHttp) -> list[str]:
    inicio = time.monotonic()
    resposta = await http.pedir(
        "POST", "/api/contatos/importar", data=CSV.read_bytes(), headers={"Content-Type": "text/csv"}
    )
    ids = [linha["contatoId"] for linha in resposta["linhas"] if linha["contatoId"]]
    _dizer(f"Importou {len(ids)} contatos de {CSV.name} em {time.monotonic() - inicio:.1f} s")
    # three people for whom the rules say no, so that the simulation has something to explain
    for contato in ids[:2]:
        await http.pedir(
            "POST",
            f"/api/contatos/{contato}/consentimentos",
            json={"acao": "REVOGADO", "origem": "ATENDENTE", "prova": "Pediu para não receber promoções"},
        )
    await http.pedir("POST", f"/api/contatos/{ids[2]}/bloquear")
    return ids


async def _criar(http: ClienteHttp, ids: list[str]) -> str:
    modelos = await http.pedir("GET", "/api/modelos?busca=promocao_novembro")
    campanha = await http.pedir(
        "POST",
        "/api/campanhas",
        json={
            "nome": f"Novembro {datetime.now():%d/%m %H:%M:%S}",
            "conexaoId": modelos[0]["conexaoId"],
            "modeloId": modelos[0]["id"],
            "variaveis": {"1": "{{contato.primeiro_nome|cliente}}"},
            "contatoIds": ids,
            "intervaloMs": 12,
        },
    )
    _dizer(f"Criou a campanha {campanha['nome']} para {len(ids)} contatos")
    return str(campanha["id"])


async def _simular(http: ClienteHttp, campanha: str) -> None:
    plano = await http.pedir("POST", f"/api/campanhas/{campanha}/simular")
    _dizer(f"Simulação: {plano['vao']} vão, {plano['total'] - plano['vao']} são pulados {plano['pulados']}")
    _dizer(f"           {plano['ritmoPorSegundo']} por segundo, cerca de {plano['etaSegundos']} s")
    _dizer(f"           por exemplo: {plano['amostra'][0]['texto']}")


async def _acompanhar(http: ClienteHttp, campanha: str) -> dict[str, int]:
    """Show the progress until the campaign is done and the statuses of its messages are in."""
    inicio = time.monotonic()
    concluida_em: float | None = None
    while time.monotonic() - inicio < PRAZO_S:
        dados = await http.pedir("GET", f"/api/campanhas/{campanha}")
        totais: dict[str, int] = dados["totais"]
        sys.stdout.write(
            f"\r{dados['status']:<13} {totais['ENVIADO']:>5} enviadas {totais['ENTREGUE']:>5} entregues "
            f"{totais['LIDO']:>5} lidas {totais['INCERTO']:>3} incertas {totais['FALHOU']:>3} falhas"
        )
        sys.stdout.flush()
        if dados["status"] == "CONCLUIDA":
            concluida_em = concluida_em or time.monotonic()
            if totais["ENTREGUE"] >= totais["ENVIADO"] or time.monotonic() - concluida_em > ESPERA_STATUS_S:
                break
        await asyncio.sleep(0.5)
    _dizer("")
    return totais


@dataclass(frozen=True)
class Livro:
    """What the simulator's ledger says of this campaign. Times in seconds."""

    aceitas: int
    pessoas: int
    duplicadas: int
    pico: int
    duracao_s: float


async def _livro(config: Config, sessao: aiohttp.ClientSession, desde: float) -> Livro:
    url = f"{config.url_simulador}/ledger"
    cabecalho = {"X-Sim-Key": config.simulador_chave}
    async with sessao.get(url, params={"after": str(int(desde * 1000))}, headers=cabecalho) as resposta:
        linhas: list[dict[str, Any]] = await resposta.json()
    tentativas = [x for x in linhas if x["attempt"]["number"] == CLIENTES[0].phone_number_id]
    aceitas = sorted(x["attempt"]["arrived_at"] / 1000 for x in tentativas if x["acceptance"])
    pessoas = {x["attempt"]["recipient"] for x in tentativas if x["acceptance"]}
    chegadas = sorted(x["attempt"]["arrived_at"] / 1000 for x in tentativas)
    return Livro(
        aceitas=len(aceitas),
        pessoas=len(pessoas),
        duplicadas=len(aceitas) - len(pessoas),
        pico=maior_janela(chegadas),
        duracao_s=aceitas[-1] - aceitas[0] if len(aceitas) > 1 else 0.0,
    )


def maior_janela(instantes: list[float], janela_s: float = 1.0) -> int:
    """The highest count of instants in any sliding window [t, t + janela_s)."""
    maior = inicio = 0
    for fim, instante in enumerate(instantes):
        while instante - instantes[inicio] >= janela_s:
            inicio += 1
        maior = max(maior, fim - inicio + 1)
    return maior


async def _atraso(config: Config, sessao: aiohttp.ClientSession) -> float | None:
    """The worst p99 wake-up lateness among the workers, in ms, from /metrics."""
    async with sessao.get(f"{config.url_api}/metrics") as resposta:
        texto = await resposta.text()
    valores = [
        float(linha.rsplit(" ", 1)[1])
        for linha in texto.splitlines()
        if linha.startswith("balcao_limitador_atraso_ms{") and 'medida="p99_ms"' in linha
    ]
    return max(valores, default=None)


def _provar(totais: dict[str, int], livro: Livro, atraso_ms: float | None) -> int:
    esperadas = totais["total"] - totais["PULADO"]
    perdidas = esperadas - livro.pessoas
    uso = (livro.aceitas - 1) / livro.duracao_s / TETO if livro.duracao_s else 0.0
    maquina_boa = atraso_ms is not None and atraso_ms <= ATRASO_MAXIMO_MS
    atraso = "?" if atraso_ms is None else f"{atraso_ms:.1f} ms"
    linhas: list[tuple[str, str, str, bool]] = [
        ("destinatários", str(livro.pessoas), str(esperadas), livro.pessoas == esperadas),
        ("aceitas", str(livro.aceitas), str(totais["ENVIADO"]), livro.aceitas == totais["ENVIADO"]),
        ("únicas", str(livro.pessoas), str(totais["ENVIADO"]), livro.pessoas == totais["ENVIADO"]),
        ("duplicadas", str(livro.duplicadas), "0", livro.duplicadas == 0),
        ("perdidas", str(perdidas), "0", perdidas == 0),
        ("puladas", "-", str(totais["PULADO"]), True),
        ("maior número em 1 s", str(livro.pico), f"<= {TETO}", livro.pico <= TETO),
        ("uso do teto", f"{uso:.1%}", f">= {USO_MINIMO:.0%}", uso >= USO_MINIMO or not maquina_boa),
        ("p99 do atraso ao acordar", atraso, f"<= {ATRASO_MAXIMO_MS:.0f} ms para valer o uso", True),
        ("duração", f"{livro.duracao_s:.1f} s", "-", True),
    ]
    _dizer(f"\n{'prova':<26}{'simulador':>12}  {'banco / regra':<30}")
    for nome, simulador, banco, vale in linhas:
        _dizer(f"{nome:<26}{simulador:>12}  {banco:<30}{'ok' if vale else 'NÃO'}")
    return 0 if all(vale for *_, vale in linhas) else 1
