"""Campaigns on templates with every component, from the variables that a person wrote to what the phone gets."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from app.banco import Banco
from app.provedores.meta_midia import MetaMidia
from app.worker.contexto import NumeroPronto
from tests.sql.cenas import Admin, criar_campanha, iniciar
from tests.worker.conftest import Palco
from tests.worker.test_envio import concluida

CORPO = {"type": "BODY", "text": "Olá {{1}}, seu desconto é {{2}}."}
IMAGEM = {"type": "HEADER", "format": "IMAGE"}
BASE = {"1": "{{contato.nome|cliente}}", "2": "10%"}


async def definir(admin: Admin, palco: Palco, *componentes: dict[str, Any]) -> None:
    """The same template on both sides."""
    todos = [*componentes, CORPO]
    linha = admin.execute(
        "update modelos set componentes = %(c)s, variaveis = interno.modelo_variaveis(%(c)s::jsonb) where id = %(m)s"
        " returning nome, categoria",
        {"c": json.dumps(todos), "m": palco.cena.modelo_id},
    ).fetchone()
    conexao = admin.execute(
        "select conta_id_externa as waba from conexoes where id = %s", [palco.cena.conexao_id]
    ).fetchone()
    assert linha and conexao
    dados = {"waba_id": conexao["waba"], "name": linha["nome"], "language": "pt_BR", "category": linha["categoria"]}
    await palco.controle("POST", "/meta/templates", json={**dados, "components": todos})


async def enviados(palco: Palco) -> list[list[dict[str, Any]]]:
    pedidos = await palco.controle("GET", f"/requests?path={palco.numero_id_externo}/messages")
    return [json.loads(x["body"])["template"]["components"] for x in pedidos if palco.numero_id_externo in x["path"]]


async def correr(banco_api: Banco, palco: Palco, variaveis: dict[str, Any]) -> Any:
    campanha = await criar_campanha(banco_api, palco.cena, p_variaveis=variaveis, p_contato_ids=palco.cena.contatos[:3])
    await iniciar(banco_api, palco.cena, campanha)
    async with palco.worker():
        return await concluida(banco_api, palco, campanha)


@pytest.mark.parametrize(
    ("componentes", "variaveis", "primeiro"),
    [
        (
            [IMAGEM],
            {"cabecalho.midia": "https://exemplo.test/foto.jpg"},
            {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://exemplo.test/foto.jpg"}}]},
        ),
        (
            [{"type": "HEADER", "format": "LOCATION"}],
            {"cabecalho.localizacao": {"latitude": -23.5, "longitude": -46.6, "nome": "Loja"}},
            {
                "type": "header",
                "parameters": [
                    {"type": "location", "location": {"latitude": "-23.5", "longitude": "-46.6", "name": "Loja"}}
                ],
            },
        ),
        (
            [{"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "example": "ABC"}]}],
            {"botao.0": "NATAL10"},
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "0",
                "parameters": [{"type": "coupon_code", "coupon_code": "NATAL10"}],
            },
        ),
    ],
)
async def test_campanha_com_componentes(
    banco_api: Banco,
    admin: Admin,
    palco: Palco,
    componentes: list[dict[str, Any]],
    variaveis: dict[str, Any],
    primeiro: dict[str, Any],
) -> None:
    await definir(admin, palco, *componentes)
    fim = await correr(banco_api, palco, BASE | variaveis)
    assert fim["totais"]["ENVIADO"] == 3
    assert [x[0] for x in await enviados(palco)] == [primeiro] * 3


async def test_campanha_com_arquivo_nosso(banco_api: Banco, admin: Admin, palco: Palco, tmp_path: Path) -> None:
    await definir(admin, palco, IMAGEM)
    foto = tmp_path / "foto"
    foto.write_bytes(secrets.token_bytes(100))
    midia = MetaMidia(palco.simulador.url_meta, "v25.0")
    async with palco.worker() as contexto:
        conexao = await contexto.abrir_conexao(NumeroPronto(palco.cena.cliente_id, palco.cena.conexao_id))
    id_externo = await midia.subir_midia(conexao, foto, "image/jpeg", "foto.jpg")
    await midia.fechar()
    nossa = admin.execute(
        "insert into midias (cliente_id, origem, tipo, status, sha256, tamanho, mime)"
        " values (%s, 'ENVIADA', 'IMAGEM', 'DISPONIVEL', %s, 100, 'image/jpeg') returning id",
        [palco.cena.cliente_id, secrets.token_hex(32)],
    ).fetchone()
    assert nossa
    admin.execute(
        "insert into midias_provedor (cliente_id, midia_id, conexao_id, status, id_externo, expira_em)"
        " values (%s, %s, %s, 'DISPONIVEL', %s, now() + interval '20 days')",
        [palco.cena.cliente_id, nossa["id"], palco.cena.conexao_id, id_externo],
    )
    fim = await correr(banco_api, palco, {**BASE, "cabecalho.midia": {"midiaId": str(nossa["id"])}})
    assert fim["totais"]["ENVIADO"] == 3
    assert [x[0]["parameters"] for x in await enviados(palco)] == [[{"type": "image", "image": {"id": id_externo}}]] * 3
