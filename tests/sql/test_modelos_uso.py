"""What fills a template: every component, checked against the approved definition, in campaigns and in messages."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, reservar

CORPO = {"type": "BODY", "text": "Olá {{1}}, seu desconto é {{2}}."}
IMAGEM = {"type": "HEADER", "format": "IMAGE"}
LUGAR = {"type": "HEADER", "format": "LOCATION"}
BOTOES = {
    "type": "BUTTONS",
    "buttons": [
        {"type": "QUICK_REPLY", "text": "Quero"},
        {"type": "URL", "text": "Ver", "url": "https://exemplo.test/{{1}}"},
        {"type": "COPY_CODE", "example": "ABC"},
        {"type": "FLOW", "text": "Agendar"},
        {"type": "CATALOG", "text": "Ver catálogo"},
    ],
}
BASE = {"1": "{{contato.nome|cliente}}", "2": "10%"}


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Uso de modelos"), 3)


def definir(admin: Admin, cena: Cena, *componentes: dict[str, Any]) -> None:
    admin.execute(
        "update modelos set componentes = %(c)s, variaveis = interno.modelo_variaveis(%(c)s::jsonb) where id = %(m)s",
        {"c": json.dumps([*componentes, CORPO]), "m": cena.modelo_id},
    )


def midia(admin: Admin, cliente_id: UUID, tipo: str = "IMAGEM") -> UUID:
    linha = admin.execute(
        "insert into midias (cliente_id, origem, tipo, status, sha256, tamanho, mime)"
        " values (%s, 'ENVIADA', %s, 'DISPONIVEL', %s, 10, 'image/jpeg') returning id",
        [cliente_id, tipo, secrets.token_hex(32)],
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


async def parametros(banco_api: Banco, admin: Admin, cena: Cena, variaveis: dict[str, Any]) -> Any:
    campanha = await criar_campanha(banco_api, cena, p_variaveis=variaveis)
    await iniciar(banco_api, cena, campanha)
    linha = admin.execute("select parametros from campanhas_log where campanha_id = %s limit 1", [campanha]).fetchone()
    assert linha
    return linha["parametros"]


async def test_campanha_com_cabecalho_de_midia(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    definir(admin, cena, IMAGEM)
    link = "https://exemplo.test/foto.jpg"
    prontos = await parametros(banco_api, admin, cena, {**BASE, "cabecalho.midia": link})
    assert prontos["cabecalho.midia"] == {"link": link}
    assert prontos["1"].startswith("Pessoa")
    nossa = midia(admin, cena.cliente_id)
    for valor in (str(nossa), {"midiaId": str(nossa)}):
        prontos = await parametros(banco_api, admin, cena, {**BASE, "cabecalho.midia": valor})
        assert prontos["cabecalho.midia"] == {"midiaId": str(nossa)}


async def test_campanha_com_lugar_e_botoes(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    definir(admin, cena, LUGAR, BOTOES)
    lugar = {"latitude": -23.5, "longitude": -46.6, "nome": "Loja"}
    dados = {"tipo": "FLUXO", "dados": {"tela": "A"}}
    obrigatorias = {**BASE, "cabecalho.localizacao": lugar, "botao.1": "v/{{contato.nome}}", "botao.2": "NATAL10"}
    prontos = await parametros(banco_api, admin, cena, obrigatorias)
    assert set(prontos) == set(obrigatorias)
    assert prontos["botao.1"].startswith("v/Pessoa")
    catalogo = {"tipo": "CATALOGO", "produto": "p1"}
    opcionais = {"botao.0": "quero-{{contato.primeiro_nome}}", "botao.3": dados, "botao.4": catalogo}
    prontos = await parametros(banco_api, admin, cena, obrigatorias | opcionais)
    assert prontos["botao.0"] == "quero-Pessoa"
    assert (prontos["botao.3"], prontos["cabecalho.localizacao"]) == (dados, lugar)


async def test_moeda_aparece_na_simulacao(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    moeda = {"tipo": "MOEDA", "codigo": "BRL", "valorMil": 10_500, "texto": "R$ 10,50"}
    campanha = await criar_campanha(
        banco_api, cena, p_variaveis={"1": "Ana", "2": moeda}, p_contato_ids=cena.contatos[:1]
    )
    simulada = await chamar(banco_api, "api.campanha_simular", **cena.sessao.args, p_id=campanha)
    assert simulada["amostra"][0]["texto"] == "Olá Ana, seu desconto é R$ 10,50."


@pytest.mark.parametrize(
    ("extra", "codigo"),
    [
        ({}, "ZRK02"),
        ({"cabecalho.midia": "http://exemplo.test/foto.jpg"}, "ZRM01"),
        ({"cabecalho.midia": "https://usuario@exemplo.test/foto.jpg"}, "ZRM01"),
        ({"cabecalho.midia": "https://exemplo.test/fo to.jpg"}, "ZRM01"),
        ({"cabecalho.midia": "foto.jpg"}, "ZRM01"),
        ({"cabecalho.midia": {"link": "https://exemplo.test/a", "midiaId": str(uuid4())}}, "ZRM01"),
        ({"cabecalho.midia": {"link": "https://exemplo.test/a", "nome": "a.jpg"}}, "ZRM01"),
        ({"cabecalho.midia": {"valor": "https://exemplo.test/a"}}, "ZRM01"),
        ({"cabecalho.midia": 3}, "ZRM01"),
        ({"cabecalho.midia": str(uuid4())}, "ZND01"),
        ({"cabecalho.midia": "https://exemplo.test/a", "cabecalho.localizacao": {}}, "ZRK12"),
        ({"cabecalho.midia": "https://exemplo.test/a", "botao.0": "x"}, "ZRK12"),
        ({"cabecalho.midia": "https://exemplo.test/a", "2": {"tipo": "MOEDA", "texto": "R$ 1"}}, "ZRM01"),
        ({"cabecalho.midia": "https://exemplo.test/a", "2": {"tipo": "DATA", "texto": " "}}, "ZRM01"),
    ],
)
async def test_recusas(banco_api: Banco, admin: Admin, cena: Cena, extra: dict[str, Any], codigo: str) -> None:
    definir(admin, cena, IMAGEM)
    with pytest.raises(Erro) as erro:
        await criar_campanha(banco_api, cena, p_variaveis=BASE | extra)
    assert erro.value.codigo == codigo


async def test_midia_de_outro_cliente_ou_tipo(
    banco_api: Banco, admin: Admin, cena: Cena, novo_cliente: Callable[..., Any]
) -> None:
    definir(admin, cena, IMAGEM)
    alheia = midia(admin, (await novo_cliente("Vizinho")).cliente_id)
    for id_, codigo in ((alheia, "ZND01"), (midia(admin, cena.cliente_id, "VIDEO"), "ZRM06")):
        with pytest.raises(Erro) as erro:
            await criar_campanha(banco_api, cena, p_variaveis={**BASE, "cabecalho.midia": str(id_)})
        assert erro.value.codigo == codigo


async def test_texto_que_nao_cabe_pula_so_quem_o_tem(banco_api: Banco, admin: Admin, cena: Cena) -> None:
    fixo = len("Olá , seu desconto é .")
    for contato, tamanho in zip(cena.contatos, (1025 - fixo, 1024 - fixo), strict=False):
        campos = json.dumps({"x": "a" * tamanho})
        admin.execute("update contatos set campos = %s where id = %s", [campos, contato])
    campanha = await criar_campanha(banco_api, cena, p_variaveis={"1": "{{contato.x|b}}", "2": "10%"})
    simulada = await chamar(banco_api, "api.campanha_simular", **cena.sessao.args, p_id=campanha)
    assert (simulada["vao"], simulada["pulados"]) == (2, {"VARIAVEL_LONGA": 1})


async def test_modelo_que_mudou_nao_comeca(banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    campanha = await criar_campanha(banco_api, cena)
    definir(admin, cena, {"type": "HEADER", "format": "TEXT", "text": "Oi {{1}}"})
    with pytest.raises(Erro) as erro:
        await iniciar(banco_api, cena, campanha)
    assert (erro.value.codigo, erro.value.corpo.detalhe) == ("ZRK02", "cabecalho.1")
    admin.execute(
        "update modelos set componentes = %s, variaveis = '{1}' where id = %s",
        [json.dumps([{"type": "BODY", "text": "Olá {{1}}."}]), cena.modelo_id],
    )
    with pytest.raises(Erro) as erro:
        await iniciar(banco_api, cena, campanha)
    assert erro.value.codigo == "ZRK15"
    definir(admin, cena)
    await iniciar(banco_api, cena, campanha)
    assert len(await reservar(banco_worker, cena)) == 3


def conferir(admin: Admin, cena: Cena, dados: dict[str, Any], cabecalho: dict[str, Any] | None = None) -> Any:
    linha = admin.execute(
        "select interno.modelo_parametros_conferir(%s, m.componentes, %s, %s) as v from modelos as m where m.id = %s",
        [cena.cliente_id, json.dumps(dados), json.dumps(cabecalho) if cabecalho else None, cena.modelo_id],
    ).fetchone()
    assert linha
    return linha["v"]


async def test_mensagem_normalizada(admin: Admin, cena: Cena) -> None:
    definir(admin, cena, IMAGEM)
    esperado = {"cabecalho": {"link": "https://a.test/b"}, "parametros": {"1": "Ana Maria", "2": "5"}}
    assert conferir(admin, cena, {"1": " Ana\n  Maria", "2": 5}, {"link": "https://a.test/b"}) == esperado
    assert conferir(admin, cena, {"1": "Ana Maria", "2": "5", "cabecalho.midia": "https://a.test/b"}) == esperado
    definir(admin, cena)
    assert conferir(admin, cena, {"1": "a", "2": "b"}) == {"parametros": {"1": "a", "2": "b"}}


@pytest.mark.parametrize(
    ("dados", "cabecalho", "codigo"),
    [
        ({"1": "a"}, None, "ZRM03"),
        ({"1": "a", "2": None}, None, "ZRM03"),
        ({"1": "a", "2": " "}, None, "ZRM04"),
        ({"1": "a", "2": "b" * 1025}, None, "ZRM04"),
        ({"1": "a", "2": "b", "3": "c"}, None, "ZRM05"),
        ({"1": "a", "2": "b"}, {"link": "https://a.test/b"}, "ZRM05"),
        ({"1": "a", "2": ["b"]}, None, "ZRM01"),
        ({"1": "a", "2": True}, None, "ZRM01"),
    ],
)
async def test_mensagem_recusada(
    admin: Admin, cena: Cena, dados: dict[str, Any], cabecalho: dict[str, Any] | None, codigo: str
) -> None:
    with pytest.raises(psycopg.DatabaseError) as erro:
        conferir(admin, cena, dados, cabecalho)
    assert erro.value.sqlstate == codigo


@pytest.mark.parametrize(
    ("conteudo", "quantas"),
    [
        ({"texto": "x"}, 0),
        ({"midiaId": "11111111-1111-4111-8111-111111111111"}, 1),
        ({"cabecalho": {"midiaId": "11111111-1111-4111-8111-111111111111"}}, 1),
        ({"parametros": {"cabecalho.midia": {"midiaId": "11111111-1111-4111-8111-111111111111"}}}, 1),
        ({"parametros": {"cabecalho.midia": {"link": "https://a.test"}}}, 0),
    ],
)
def test_midias_citadas(admin: Admin, conteudo: dict[str, Any], quantas: int) -> None:
    linha = admin.execute("select interno.conteudo_midias(%s) as v", [json.dumps(conteudo)]).fetchone()
    assert linha and len(linha["v"]) == quantas
