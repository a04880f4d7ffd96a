"""Contacts over HTTP: the edge reads phones and files, the database decides."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from app.http import contatos as rotas
from app.tipos import CONTRATOS
from tests.api.conftest import recusa
from tests.conftest import Sessao
from tests.sql.test_contatos import colega

_numero = iter(range(10_000_000, 99_999_999))


def telefone() -> str:
    """A number as a person types it."""
    digitos = str(next(_numero))
    return f"(21) 9{digitos[:4]}-{digitos[4:]}"


def conferir(resposta: httpx.Response, funcao: str) -> Any:
    """The `dados` of an answer that fits its contract."""
    corpo = resposta.json()
    assert corpo["sucesso"] is True, corpo
    dados = {k: corpo[k] for k in ("dados", "meta")} if "meta" in corpo else corpo["dados"]
    msgspec.convert(dados, CONTRATOS[funcao], strict=False)
    return corpo["dados"]


async def criar(http: httpx.AsyncClient, sessao: Sessao, nome: str = "Ana Souza", **mais: object) -> Any:
    corpo = {"nome": nome, "telefone": telefone(), **mais}
    resposta = await http.post("/api/contatos", json=corpo, headers=sessao.cabecalho)
    assert resposta.status_code == 201, resposta.text
    return conferir(resposta, "api.contato_criar")


async def importar(
    http: httpx.AsyncClient, sessao: Sessao, dados: bytes | str, tipo: str = "text/csv", **query: Any
) -> httpx.Response:
    return await http.post(
        "/api/contatos/importar", content=dados, params=query, headers={**sessao.cabecalho, "Content-Type": tipo}
    )


async def test_contato_do_comeco_ao_fim(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    criado = await criar(cliente_http, ana, telefone="021 8765-0001", email="a@exemplo.test", campos={"cidade": "Rio"})
    assert (criado["telefone"], criado["telefoneInformado"]) == ("+5521987650001", "021 8765-0001")
    caminho = f"/api/contatos/{criado['id']}"
    assert conferir(await cliente_http.get(caminho, headers=ana.cabecalho), "api.contato_obter") == criado
    mudado = await cliente_http.patch(
        caminho, json={"nome": "Ana Lima", "email": None, "versao": 1}, headers=ana.cabecalho
    )
    dados = conferir(mudado, "api.contato_atualizar")
    assert (dados["nome"], dados["email"], dados["campos"]) == ("Ana Lima", None, {"cidade": "Rio"})
    velha = await cliente_http.patch(caminho, json={"nome": "X", "versao": 1}, headers=ana.cabecalho)
    assert (velha.status_code, recusa(velha)["codigo"]) == (409, "ZCG02")
    for acao, bloqueado in (("bloquear", True), ("desbloquear", False)):
        feito = await cliente_http.post(f"{caminho}/{acao}", headers=ana.cabecalho)
        assert conferir(feito, f"api.contato_{acao}")["bloqueado"] is bloqueado
    consentido = await cliente_http.post(
        f"{caminho}/consentimentos", json={"acao": "CONCEDIDO", "prova": "ficha 12"}, headers=ana.cabecalho
    )
    assert consentido.status_code == 201
    conferir(consentido, "api.consentimento_criar")
    livro = await cliente_http.get(f"{caminho}/consentimentos", headers=ana.cabecalho)
    assert len(conferir(livro, "api.consentimentos_listar")) == 1
    lista = await cliente_http.get("/api/contatos?busca=aná lim&marketing=CONCEDIDO", headers=ana.cabecalho)
    assert [c["id"] for c in conferir(lista, "api.contatos_listar")] == [criado["id"]]
    conferir(await cliente_http.delete(caminho, headers=ana.cabecalho), "api.contato_remover")
    assert (await cliente_http.get(caminho, headers=ana.cabecalho)).status_code == 404


async def test_busca_por_telefone_como_se_digita(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    criado = await criar(cliente_http, ana, "Busca Telefônica", telefone="(48) 99123-4567")
    for busca in ("91234567", "(48) 99123", "048 9123-4567", "+55 48 99123-4567", "telefonica", "BUSCA TEL"):
        resposta = await cliente_http.get("/api/contatos", params={"busca": busca}, headers=ana.cabecalho)
        assert [c["id"] for c in conferir(resposta, "api.contatos_listar")] == [criado["id"]], busca
    for curta in ("a", "ab", "12", "%", "__", " . "):
        resposta = await cliente_http.get("/api/contatos", params={"busca": curta}, headers=ana.cabecalho)
        assert (resposta.status_code, recusa(resposta)["campo"]) == (400, "busca"), curta


async def test_etiquetas(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    criada = await cliente_http.post("/api/etiquetas", json={"nome": "VIP", "cor": "VERDE"}, headers=ana.cabecalho)
    etiqueta = conferir(criada, "api.etiqueta_criar")
    caminho = f"/api/etiquetas/{etiqueta['id']}"
    mudada = await cliente_http.patch(caminho, json={"nome": "VIP 2"}, headers=ana.cabecalho)
    assert conferir(mudada, "api.etiqueta_atualizar")["nome"] == "VIP 2"
    conferir(await cliente_http.get(caminho, headers=ana.cabecalho), "api.etiqueta_obter")
    conferir(await cliente_http.get("/api/etiquetas", headers=ana.cabecalho), "api.etiquetas_listar")
    contato = await criar(cliente_http, ana)
    feito = await cliente_http.post(
        "/api/contatos/etiquetas",
        json={"contatoIds": [contato["id"]], "adicionar": [etiqueta["id"]]},
        headers=ana.cabecalho,
    )
    assert conferir(feito, "api.etiquetas_atribuir")["adicionadas"] == 1
    lista = await cliente_http.get(f"/api/contatos?etiquetaId={etiqueta['id']}", headers=ana.cabecalho)
    assert [c["id"] for c in lista.json()["dados"]] == [contato["id"]]
    conferir(await cliente_http.delete(caminho, headers=ana.cabecalho), "api.etiqueta_remover")


async def test_importa_e_responde_linha_a_linha(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    um, dois = telefone(), telefone()
    texto = f'nome;telefone;cidade\nAna;{um};Rio\nBia;{um};Rio\n"Quebrada;{dois}\nCai;123;\nDora;{dois};Niterói\n'
    resposta = await importar(cliente_http, ana, texto)
    assert resposta.status_code == 200
    dados = conferir(resposta, "api.contatos_importar")
    assert dados["totais"] == {"criados": 2, "atualizados": 0, "ignorados": 0, "rejeitados": 3}
    assert [(r["linha"], r["resultado"], r["motivo"]) for r in dados["linhas"]] == [
        (2, "CRIADO", None),
        (3, "REJEITADO", "DUPLICADO_NO_ARQUIVO"),
        (4, "REJEITADO", "LINHA_MALFORMADA"),
        (5, "REJEITADO", "TELEFONE_INVALIDO"),
        (6, "CRIADO", None),
    ]
    assert dados["linhas"][3]["mensagem"].startswith("Telefone inválido")
    de_novo = conferir(await importar(cliente_http, ana, texto), "api.contatos_importar")
    assert de_novo["totais"]["ignorados"] == 2
    atualizado = conferir(await importar(cliente_http, ana, texto, modo="ATUALIZAR"), "api.contatos_importar")
    assert atualizado["totais"]["atualizados"] == 2


async def test_importa_formulario_com_opcoes(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    etiquetas = [
        (await cliente_http.post("/api/etiquetas", json={"nome": nome}, headers=ana.cabecalho)).json()["dados"]["id"]
        for nome in ("feira", "estande")
    ]
    resposta = await cliente_http.post(
        "/api/contatos/importar",
        files={"arquivo": ("contatos.csv", f"telefone,nome\n{telefone()},Çedilha\n".encode("latin-1"), "text/csv")},
        params={"etiquetaIds": etiquetas, "consentimentoProva": "ficha da feira"},
        headers=ana.cabecalho,
    )
    (linha,) = conferir(resposta, "api.contatos_importar")["linhas"]
    contato = (await cliente_http.get(f"/api/contatos/{linha['contatoId']}", headers=ana.cabecalho)).json()["dados"]
    assert (contato["nome"], contato["marketing"], contato["origem"]) == ("Çedilha", "CONCEDIDO", "IMPORTACAO")
    assert {e["id"] for e in contato["etiquetas"]} == set(etiquetas)


async def test_repetido_em_outro_lote_e_primeiro_que_nao_valeu(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    um, dois = telefone(), telefone()
    recheio = "".join(f"Pessoa {n};{telefone()};\n" for n in range(2100))
    texto = f"nome;telefone;email\nAna;{um};\nRuim;{dois};torto\n{recheio}Ana;{um};\nBoa;{dois};\n"
    dados = conferir(await importar(cliente_http, ana, texto), "api.contatos_importar")
    assert [dados["linhas"][n]["motivo"] for n in (0, 1, -2, -1)] == [
        None, "EMAIL_INVALIDO", "DUPLICADO_NO_ARQUIVO", None,
    ]  # fmt: skip
    assert dados["totais"]["criados"] == 2102
    assert [r["linha"] for r in dados["linhas"]] == list(range(2, 2106))


async def test_importacao_recusada_antes_de_ler(
    cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nao_ler(_: object) -> bytes:
        raise AssertionError("the body was read")

    dela = (await cliente_http.post("/api/etiquetas", json={"nome": "dela"}, headers=bia.cabecalho)).json()["dados"][
        "id"
    ]
    atendente = colega(admin, ana, "ATENDENTE")
    morta = Sessao(ana.cliente_id, ana.usuario_id, ana.perfil_id, "x" * 43, ana.email)
    monkeypatch.setattr(rotas, "arquivo_enviado", nao_ler)
    corpos = []
    for sessao, query, status in (
        (morta, {}, 401), (atendente, {}, 403), (ana, {"modo": "APAGAR"}, 400), (ana, {"consentimentoProva": "x"}, 400),
        (ana, {"etiquetaIds": [dela]}, 404), (ana, {"etiquetaIds": [str(uuid4())]}, 404),
    ):  # fmt: skip
        resposta = await importar(cliente_http, sessao, "telefone\n1\n", **query)
        assert resposta.status_code == status, resposta.text
        recusa(resposta)
        corpos.append(resposta.content)
    assert corpos[-1] == corpos[-2]


async def test_arquivo_que_nao_serve(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    for dados, tipo, status in (
        (b"", "text/csv", 422), (b"nome\nAna\n", "text/csv", 422), (b"{}", "application/json", 415),
        (b"\xff\xfea\x00", "text/csv", 422), (b"x", "multipart/form-data; boundary=x", 400),
        (b"x", "multipart/form-data", 400), (b"telefone\n" + b"1" * rotas.ARQUIVO_MAXIMO, "text/csv", 413),
    ):  # fmt: skip
        resposta = await importar(cliente_http, ana, dados, tipo)
        assert resposta.status_code == status, (tipo, resposta.text)
        recusa(resposta)


async def test_ids_alheios_dao_404_identico(cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao) -> None:
    contato_id = (await criar(cliente_http, ana))["id"]
    etiqueta = await cliente_http.post("/api/etiquetas", json={"nome": "só da Ana"}, headers=ana.cabecalho)
    etiqueta_id = etiqueta.json()["dados"]["id"]
    seu = (await criar(cliente_http, bia))["id"]
    rotas_e_corpos: list[tuple[str, str, str]] = [
        ("GET", "/api/contatos/C", ""), ("PATCH", "/api/contatos/C", '{"nome": "X"}'),
        ("DELETE", "/api/contatos/C", ""),
        ("POST", "/api/contatos/C/bloquear", ""), ("POST", "/api/contatos/C/desbloquear", ""),
        ("GET", "/api/contatos/C/consentimentos", ""),
        ("POST", "/api/contatos/C/consentimentos", '{"acao": "REVOGADO", "prova": "pediu"}'),
        ("POST", "/api/contatos/etiquetas", '{"contatoIds": ["C"], "adicionar": ["E"]}'),
        ("POST", "/api/contatos/etiquetas", f'{{"contatoIds": ["{seu}"], "adicionar": ["E"]}}'),
        ("GET", "/api/etiquetas/E", ""), ("PATCH", "/api/etiquetas/E", '{"nome": "X"}'),
        ("DELETE", "/api/etiquetas/E", ""),
        ("PATCH", f"/api/contatos/{seu}", '{"responsavelId": "U"}'),
        ("POST", "/api/contatos", '{"nome": "X", "telefone": "21987650077", "etiquetaIds": ["E"]}'),
    ]  # fmt: skip
    for metodo, caminho, corpo in rotas_e_corpos:
        respostas = []
        for contato, marca, usuario in (
            (contato_id, etiqueta_id, str(ana.usuario_id)),
            (str(uuid4()), str(uuid4()), str(uuid4())),
        ):
            preenchido = (
                corpo.replace('"C"', f'"{contato}"').replace('"E"', f'"{marca}"').replace('"U"', f'"{usuario}"')
            )
            alvo = caminho.replace("/C", f"/{contato}").replace("/E", f"/{marca}")
            conteudo = json.loads(preenchido) if preenchido else None
            respostas.append(await cliente_http.request(metodo, alvo, json=conteudo, headers=bia.cabecalho))
        assert respostas[0].status_code == 404, (metodo, caminho, respostas[0].text)
        assert respostas[0].content == respostas[1].content, caminho


async def test_corpos_fora_do_contrato(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    for corpo, status in (
        ({"nome": "Ana"}, 400), ({"nome": "", "telefone": "1"}, 400), ({"nome": "Ana", "telefone": "123"}, 422),
        ({"nome": "Ana", "telefone": telefone(), "clienteId": str(uuid4())}, 400),
        ({"nome": "Ana", "telefone": telefone(), "marketing": "CONCEDIDO"}, 400),
        ({"nome": "Ana", "telefone": telefone(), "campos": {"a": 1}}, 400),
        ({"nome": "An\x00a", "telefone": telefone()}, 400), ({"nome": "Ana", "telefone": telefone() + "\x00"}, 400),
        ({"nome": "   ", "telefone": telefone()}, 422),
        ({"nome": "Ana", "telefone": telefone(), "campos": {"a\x00": "b"}}, 400),
    ):  # fmt: skip
        resposta = await cliente_http.post("/api/contatos", json=corpo, headers=ana.cabecalho)
        assert resposta.status_code == status, (corpo, resposta.text)
        recusa(resposta)
    contato = await criar(cliente_http, ana)
    tortos: tuple[object, ...] = ({"nome": None}, {"telefone": None}, {"versao": 0}, {"bloqueado": True}, [])
    for torto in tortos:
        resposta = await cliente_http.patch(f"/api/contatos/{contato['id']}", json=torto, headers=ana.cabecalho)
        assert resposta.status_code == 400, torto


async def test_paginas_pelo_cursor(cliente_http: httpx.AsyncClient, novo_cliente: Callable[..., Any]) -> None:
    dono = await novo_cliente()
    ids = [(await criar(cliente_http, dono, f"Página {n}"))["id"] for n in range(7)]
    vistos: list[str] = []
    cursor = None
    for _ in range(4):
        query: dict[str, Any] = {"limite": 2, "busca": "pagina", **({"cursor": cursor} if cursor else {})}
        corpo = (await cliente_http.get("/api/contatos", params=query, headers=dono.cabecalho)).json()
        vistos += [c["id"] for c in corpo["dados"]]
        cursor = corpo["meta"]["proximoCursor"]
    assert cursor is None
    assert vistos == ids[::-1]
