"""Templates are kept as the provider sent them; what a send must fill is computed in SQL."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.test_conexoes import criar as criar_conexao


def modelo(nome: str, texto: str = "Olá {{1}}", **mudar: object) -> dict[str, object]:
    return {
        "id": f"id-{nome}",
        "name": nome,
        "language": "pt_BR",
        "category": "MARKETING",
        "status": "APPROVED",
        "components": [{"type": "BODY", "text": texto}],
        **mudar,
    }


async def sincronizar(banco: Banco, sessao: Sessao, conexao_id: str, modelos: list[dict[str, object]]) -> Any:
    return json.loads(
        await banco.chamar(
            "api.modelos_sincronizar",
            {**sessao.args, "p_conexao_id": conexao_id, "p_modelos": msgspec.Raw(msgspec.json.encode(modelos))},
        )
    )


BOTOES = {
    "type": "BUTTONS",
    "buttons": [
        {"type": "QUICK_REPLY", "text": "Sim"},
        {"type": "URL", "text": "Ver", "url": "https://exemplo.test/{{1}}"},
        {"type": "URL", "text": "Site", "url": "https://exemplo.test/"},
        {"type": "COPY_CODE", "example": "ABC"},
    ],
}


@pytest.mark.parametrize(
    ("componentes", "esperadas"),
    [
        ([{"type": "BODY", "text": "sem nada"}], []),
        ([{"type": "BODY", "text": "{{1}} e {{2}}"}], ["1", "2"]),
        ([{"type": "BODY", "text": "{{2}} antes de {{1}}, de novo {{ 2 }}"}], ["1", "2"]),
        ([{"type": "BODY", "text": " ".join(f"{{{{{n}}}}}" for n in range(1, 13))}], [str(n) for n in range(1, 13)]),
        ([{"type": "body", "text": "{{nome}}, dia {{data}}, {{nome}}"}], ["nome", "data"]),
        (
            [{"type": "HEADER", "format": "TEXT", "text": "Oi {{1}}"}, {"type": "BODY", "text": "{{1}}"}],
            ["cabecalho.1", "1"],
        ),
        (
            [{"type": "BODY", "text": "{{1}}"}, {"type": "HEADER", "format": "TEXT", "text": "{{nome}}"}],
            ["cabecalho.nome", "1"],
        ),
        ([{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "x"}], ["cabecalho.midia"]),
        ([{"type": "HEADER", "format": "LOCATION"}], ["cabecalho.localizacao"]),
        ([{"type": "BODY", "text": "{{1}}"}, {"type": "FOOTER", "text": "{{9}}"}, BOTOES], ["1", "botao.1", "botao.3"]),
        ([{"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}], ["botao.0"]),
        ([{"type": "BUTTONS", "buttons": "torto"}, {"type": "BODY"}, {}], []),
    ],
)
def test_variaveis(admin: psycopg.Connection[dict[str, Any]], componentes: list[Any], esperadas: list[str]) -> None:
    linha = admin.execute("select interno.modelo_variaveis(%s::jsonb) as v", [json.dumps(componentes)]).fetchone()
    assert linha and linha["v"] == esperadas


async def test_sincroniza_cria_atualiza_e_marca_o_que_sumiu(banco_api: Banco, ana: Sessao) -> None:
    conexao_id = (await criar_conexao(banco_api, ana, "Modelos 1"))["id"]
    feito = await sincronizar(banco_api, ana, conexao_id, [modelo("um"), modelo("dois"), modelo("tres")])
    assert feito == {"total": 3, "criados": 3, "atualizados": 0, "removidos": 0, "ignorados": []}
    igual = await sincronizar(banco_api, ana, conexao_id, [modelo("um"), modelo("dois"), modelo("tres")])
    assert (igual["criados"], igual["atualizados"], igual["removidos"]) == (0, 0, 0)
    feito = await sincronizar(
        banco_api,
        ana,
        conexao_id,
        [modelo("um", "{{1}} {{2}}"), modelo("dois", status="PAUSED"), modelo("um", language="en")],
    )
    assert feito == {"total": 3, "criados": 1, "atualizados": 2, "removidos": 1, "ignorados": []}
    lista = (await chamar(banco_api, "api.modelos_listar", **ana.args, p_conexao_id=conexao_id))["dados"]
    assert {(m["nome"], m["idioma"]): (m["status"], m["variaveis"], m["versao"]) for m in lista} == {
        ("um", "pt_BR"): ("APPROVED", ["1", "2"], 2),
        ("dois", "pt_BR"): ("PAUSED", ["1"], 2),
        ("um", "en"): ("APPROVED", ["1"], 1),
    }
    sumiram = await chamar(banco_api, "api.modelos_listar", **ana.args, p_conexao_id=conexao_id, p_status="DELETED")
    assert [m["nome"] for m in sumiram["dados"]] == ["tres"]
    volta = await sincronizar(banco_api, ana, conexao_id, [modelo("tres")])
    assert (volta["criados"], volta["atualizados"], volta["removidos"]) == (0, 1, 3)


async def test_guardado_como_veio(banco_api: Banco, ana: Sessao) -> None:
    conexao_id = (await criar_conexao(banco_api, ana, "Modelos 2"))["id"]
    componentes = [
        {"type": "HEADER", "format": "TEXT", "text": "Oi {{1}}", "example": {"header_text": ["Ana"]}},
        {"type": "BODY", "text": "Vale {{1}} 'aspas' \\ barra", "desconhecido": {"x": [1, None, True]}},
        BOTOES,
    ]
    await sincronizar(banco_api, ana, conexao_id, [modelo("cheio", components=componentes, parameter_format="NAMED")])
    lista = await chamar(banco_api, "api.modelos_listar", **ana.args, p_conexao_id=conexao_id)
    guardado = lista["dados"][0]
    assert guardado["componentes"] == componentes
    assert guardado["formato"] == "NAMED"
    assert guardado["variaveis"] == ["cabecalho.1", "1", "botao.1", "botao.3"]
    assert await chamar(banco_api, "api.modelo_obter", **ana.args, p_id=guardado["id"]) == guardado


async def test_um_modelo_torto_nao_derruba_os_outros(banco_api: Banco, ana: Sessao) -> None:
    conexao_id = (await criar_conexao(banco_api, ana, "Modelos 3"))["id"]
    tortos: list[dict[str, object]] = [
        modelo("Nome Inválido"),
        modelo("categoria_nova", category="OUTRA"),
        modelo("sem_componentes", components=None),
        modelo("componentes_texto", components="x"),
        modelo("grande", components=[{"type": "BODY", "text": "x" * 70_000, "y": str(uuid4())}]),
        {"id": "1"},
        modelo("sem_id", id=None),
        modelo("status_torto", status="ok!"),
    ]
    feito = await sincronizar(banco_api, ana, conexao_id, [*tortos, modelo("bom"), modelo("bom")])
    assert feito["criados"] == feito["total"] == 1
    assert len(feito["ignorados"]) == len(tortos)
    assert {"nome": "categoria_nova", "idioma": "pt_BR"} in feito["ignorados"]


async def test_um_modelo_torto_ja_guardado_nao_vira_apagado(banco_api: Banco, ana: Sessao) -> None:
    conexao_id = (await criar_conexao(banco_api, ana, "Modelos 4"))["id"]
    await sincronizar(banco_api, ana, conexao_id, [modelo("estavel")])
    feito = await sincronizar(banco_api, ana, conexao_id, [modelo("estavel", category="NOVA")])
    assert feito["removidos"] == 0


async def test_conexoes_nao_se_misturam(banco_api: Banco, ana: Sessao) -> None:
    uma = (await criar_conexao(banco_api, ana, "Modelos 5"))["id"]
    outra = (await criar_conexao(banco_api, ana, "Modelos 6"))["id"]
    await sincronizar(banco_api, ana, uma, [modelo("comum")])
    await sincronizar(banco_api, ana, outra, [modelo("comum")])
    assert (await sincronizar(banco_api, ana, outra, []))["removidos"] == 1
    lista = await chamar(banco_api, "api.modelos_listar", **ana.args, p_conexao_id=uma)
    assert [m["nome"] for m in lista["dados"]] == ["comum"]


async def test_de_outro_cliente_e_como_se_nao_existisse(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    conexao_id = (await criar_conexao(banco_api, ana, "Modelos 7"))["id"]
    await sincronizar(banco_api, ana, conexao_id, [modelo("so_da_ana")])
    lista = await chamar(banco_api, "api.modelos_listar", **ana.args, p_conexao_id=conexao_id)
    corpos = []
    for modelo_id in (lista["dados"][0]["id"], uuid4()):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.modelo_obter", **bia.args, p_id=modelo_id)
        corpos.append((erro.value.status, erro.value.corpo))
    assert corpos[0] == corpos[1]
    assert corpos[0][0] == 404
    for outra in (conexao_id, str(uuid4())):
        with pytest.raises(Erro) as erro:
            await sincronizar(banco_api, bia, outra, [modelo("invasor")])
        assert erro.value.codigo == "ZNX01"
        assert (await chamar(banco_api, "api.modelos_listar", **bia.args, p_conexao_id=outra))["dados"] == []


async def test_lista_malformada(banco_api: Banco, ana: Sessao) -> None:
    conexao_id = (await criar_conexao(banco_api, ana, "Modelos 8"))["id"]
    for torta in ({"a": 1}, [1, 2], "texto"):
        with pytest.raises(Erro) as erro:
            await sincronizar(banco_api, ana, conexao_id, torta)  # type: ignore[arg-type]
        assert erro.value.status == 400
