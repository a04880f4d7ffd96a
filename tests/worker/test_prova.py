"""The evidence of a campaign equals what the provider's ledger says, after lost answers and refusals; and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from app.banco import Banco
from app.http.prova_csv import COLUNAS, PAGINA, escrever
from app.http.render import Leitor
from app.telefone import normalizar
from app.tipos.entregas import Prova
from tests.conftest import chamar
from tests.sql.cenas import Admin, criar_campanha, iniciar, obter
from tests.worker.conftest import Palco, esperar, telefone_magico

# refused for good, refused by the rule of the person, answer lost after acceptance, before it, and unreadable
MAGICOS = ("9021", "9030", "9501", "9500", "9506", "9507")


async def prova(banco: Banco, palco: Palco, campanha: Any, **extra: object) -> Any:
    return await chamar(banco, "api.campanha_prova", **palco.cena.sessao.args, p_id=campanha, p_conferir=True, **extra)


@pytest.mark.timeout(240)
async def test_prova_e_livro_dizem_o_mesmo(
    banco_api: Banco, admin: Admin, palco: Palco, novo_cliente: Callable[..., Any]
) -> None:
    for contato, sufixo in zip(palco.cena.contatos, MAGICOS, strict=False):
        telefone_magico(admin, contato, sufixo)
    campanha = await criar_campanha(banco_api, palco.cena)
    await iniciar(banco_api, palco.cena, campanha)

    async def concluida() -> bool:
        return bool((await obter(banco_api, palco.cena, campanha))["status"] == "CONCLUIDA")

    async with palco.worker(), palco.worker():
        await esperar(concluida, 180)
    livro = {x["attempt"]["callback"]: x for x in await palco.livro() if x["attempt"]["callback"]}
    lida = await prova(banco_api, palco, campanha)
    assert lida["resumo"]["confere"]
    assert lida["resumo"]["totais"] == lida["resumo"]["contados"]
    assert lida["resumo"]["totais"]["total"] == len(lida["destinatarios"]) == 30
    tentativas = {t["id"]: (quem, t) for quem in lida["destinatarios"] for t in quem["tentativas"]}
    # nothing reached the provider without an attempt that was written down before
    assert set(livro) <= set(tentativas)
    aceitas = {callback for callback, x in livro.items() if x["acceptance"]}
    for callback in aceitas:
        quem, tentativa = tentativas[callback]
        assert quem["telefone"].lstrip("+") == livro[callback]["attempt"]["recipient"].lstrip("+")
        # a 5xx is a refusal that proves nothing: what it was about is in doubt
        assert tentativa["desfecho"] != "NAO_ENVIADO"
    enviados = [q for q in lida["destinatarios"] if q["status"] == "ENVIADO"]
    incertos = [q for q in lida["destinatarios"] if q["status"] == "INCERTO"]
    assert len(enviados) == lida["resumo"]["totais"]["ENVIADO"]
    # accepted = proved or in doubt; who is in doubt is never counted as sent
    aceitos_de = {tentativas[c][0]["id"] for c in aceitas}
    assert {q["id"] for q in enviados} <= aceitos_de <= {q["id"] for q in enviados + incertos}
    assert aceitos_de & {q["id"] for q in incertos}, "some answers were lost after acceptance"
    assert lida["resumo"]["totais"]["FALHOU"] >= 2

    # negative control: a total that no row accounts for
    admin.execute(
        "update campanhas_totais set total = total + 1 where campanha_id = %s and chave = 'ENVIADO'", [campanha]
    )
    assert (await prova(banco_api, palco, campanha))["resumo"]["confere"] is False
    await _csv_igual(banco_api, palco, campanha, lida)


async def _csv_igual(banco: Banco, palco: Palco, campanha: Any, lida: Any) -> None:
    paginas: list[int] = []

    async def ler(cursor: str | None) -> Prova:
        pagina = await prova(banco, palco, campanha, p_limite=7, p_cursor=cursor)
        paginas.append(len(pagina["destinatarios"]))
        return msgspec.convert(pagina, Prova, strict=False)

    texto = b"".join([parte async for parte in escrever(await ler(None), ler, Leitor())]).decode("utf-8-sig")
    cabecalho, *linhas = csv.reader(io.StringIO(texto), delimiter=";")
    assert tuple(cabecalho) == COLUNAS
    assert max(paginas) == 7 < PAGINA, "never more than a page in memory"
    assert [x[0] for x in linhas] == [q["id"] for q in lida["destinatarios"]]
    assert not any(celula.startswith(("=", "+", "-", "@")) for x in linhas for celula in x), "no cell is a formula"
    ditas = {"ENVIADO": "Enviada ao WhatsApp", "INCERTO": "Sem confirmação", "FALHOU": "Falhou"}
    for linha, quem in zip(linhas, lida["destinatarios"], strict=True):
        assert (linha[4], normalizar(linha[3])) == (ditas[quem["status"]], quem["telefone"])
        assert bool(linha[5]) == bool(quem["motivo"]) and "_" not in linha[5]
        assert all(t["id"] in linha[12] for t in quem["tentativas"])
