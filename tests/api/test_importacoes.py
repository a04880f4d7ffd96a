"""An import followed over HTTP: sent, mapped, checked, run; refused with a reason, and of the own tenant alone."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.banco import Banco
from tests.api.conftest import recusa
from tests.api.test_vivo import navegador
from tests.conftest import Sessao, chamar
from tests.sql.test_notas import Sala, sala

__all__ = ["sala"]
URL = "/api/importacoes"
CSV = "Nome;Celular;Cidade\nJosé;(11) 98888-1001;Natal\nAna;(11) 98888-1002;Recife\nTorta;123;Bahia\n".encode()
DESTINOS = ["nome", "telefone", "campo"]


async def enviar(http: httpx.AsyncClient, sessao: Sessao, dados: bytes = CSV, **params: Any) -> httpx.Response:
    cabecalhos = {**sessao.cabecalho, "content-type": "text/csv"}
    return await http.post(URL, content=dados, params={"nome": "clientes.csv", **params}, headers=cabecalhos)


async def conferida(http: httpx.AsyncClient, sessao: Sessao, id_: str) -> dict[str, Any]:
    """Until the file is read, whoever reads it."""
    for _ in range(200):
        lida: dict[str, Any] = (await http.get(f"{URL}/{id_}", headers=sessao.cabecalho)).json()["dados"]
        if lida["status"] != "LENDO":
            return lida
        await asyncio.sleep(0.1)
    raise AssertionError("it was never read")


async def test_do_arquivo_aos_contatos(cliente_http: httpx.AsyncClient, sala: Sala, banco_worker: Banco) -> None:
    http, eu = cliente_http, sala.cena.sessao
    enviada = await enviar(http, eu)
    assert enviada.status_code == 201, enviada.text
    aberta = enviada.json()["dados"]
    assert (aberta["status"], aberta["colunas"], aberta["total"]) == ("MAPEAR", ["Nome", "Celular", "Cidade"], 3)
    url = f"{URL}/{aberta['id']}"
    pedido = {"destinos": DESTINOS, "consentimentoProva": "Ficha da feira", "versao": aberta["versao"]}
    lida = await http.post(f"{url}/conferir", json=pedido, headers=eu.cabecalho)
    assert lida.status_code in (200, 201), lida.text
    pronta = await conferida(http, eu, aberta["id"])
    assert pronta["status"] == "CONFERIDA"
    assert [(m["motivo"], m["quantas"]) for m in pronta["motivos"]] == [("TELEFONE_INVALIDO", 1)]
    assert (await http.get("/api/contatos", params={"busca": "988881001"}, headers=eu.cabecalho)).json()["dados"] == []
    velha = await http.post(f"{url}/iniciar", json={"versao": pronta["versao"] + 7}, headers=eu.cabecalho)
    assert (velha.status_code, recusa(velha)["codigo"]) == (409, "ZCG02")
    fora = (await http.get(f"{url}/recusadas", headers=eu.cabecalho)).json()["dados"]
    assert [(linha["linha"], linha["nome"]) for linha in fora["linhas"]] == [(4, "Torta")] and fora["proxima"] is None
    iniciada = await http.post(f"{url}/iniciar", json={"versao": pronta["versao"]}, headers=eu.cabecalho)
    assert iniciada.status_code in (200, 201) and iniciada.json()["dados"]["status"] == "EM_ANDAMENTO"
    for _ in range(20):
        await chamar(banco_worker, "worker.interno_executar", p_cliente_id=eu.cliente_id)
    fim = (await http.get(url, headers=eu.cabecalho)).json()["dados"]
    assert (fim["status"], fim["criados"]) == ("CONCLUIDA", 2)
    (jose,) = (await http.get("/api/contatos", params={"busca": "988881001"}, headers=eu.cabecalho)).json()["dados"]
    assert (jose["nome"], jose["campos"], jose["marketing"]) == ("José", {"Cidade": "Natal"}, "CONCEDIDO")
    assert [i["id"] for i in (await http.get(URL, headers=eu.cabecalho)).json()["dados"]] == [aberta["id"]]


QUEBRADO = """Freguês;Fone;Cidade;Obs
José;(11) 98888-2001;Natal;=1+1
Ana;12;Recife;-5
Bia;(11) 98888-2003;Bahia;a;b;c
"Cai;(11) 98888-2004;Piauí
Nulo;(11) 98888-2005;Ceará;ab
"Dora ""D""; a segunda";98888-2006;"São
Luís";
Ana de novo;(11) 98888-2001;Recife;x
""".encode()


async def corrigir(
    http: httpx.AsyncClient, sessao: Sessao, dados: bytes, destinos: list[str], modo: str = "IGNORAR"
) -> tuple[str, bytes]:
    """Send, map and check as a person does on the pages; the address, and the file of errors."""
    eu = navegador(sessao, **{"Sec-Fetch-Site": "same-origin"})
    enviada = await http.post("/contatos/importar", files={"arquivo": ("erros.csv", dados)}, headers=eu)
    assert enviada.status_code == 303, enviada.text
    onde = enviada.headers["location"].partition("?")[0]
    pagina = (await http.get(onde, headers=eu)).text
    if not destinos:
        destinos = re.findall(r'<option value="(\w*)" selected', pagina)
    lida = await http.post(f"{onde}/conferir", data={"destino": destinos, "modo": modo}, headers=eu)
    assert lida.status_code == 303, lida.text
    await conferida(http, sessao, onde.rsplit("/", 1)[1])
    return onde, (await http.get(f"{onde}/erros.csv", headers=eu)).content


async def test_o_arquivo_de_erros_corrigido_entra(
    cliente_http: httpx.AsyncClient, sala: Sala, banco_worker: Banco
) -> None:
    http, eu = cliente_http, sala.cena.sessao
    _, erros = await corrigir(http, eu, QUEBRADO, ["nome", "telefone", "campo", ""])
    assert erros.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by it"
    cabecalho, *linhas = csv.reader(io.StringIO(erros.decode("utf-8-sig"), newline=""), delimiter=";")
    assert cabecalho == ["Linha no arquivo", "Código da recusa", "Motivo da recusa", "Freguês", "Fone", "Cidade", "Obs"]
    assert [(n, codigo, celulas) for n, codigo, _, *celulas in linhas] == [
        ("3", "TELEFONE_INVALIDO", ["Ana", "12", "Recife", "'-5"]),
        ("4", "COLUNAS_DEMAIS", ["Bia", "(11) 98888-2003", "Bahia", "a", "b", "c"]),
        ("5", "LINHA_MALFORMADA", ['"Cai', "(11) 98888-2004", "Piauí"]),
        ("7", "TELEFONE_INVALIDO", ['Dora "D"; a segunda', "98888-2006", "São\nLuís", ""]),
        ("9", "DUPLICADO_NO_ARQUIVO", ["Ana de novo", "(11) 98888-2001", "Recife", "x"]),
    ]
    # what nobody mended is refused again, for the same reason and in the same shape
    _, outra = await corrigir(http, eu, erros, [])
    assert [linha.split(";")[1] for linha in outra.decode().splitlines() if linha[:1].isdigit()] == [
        "TELEFONE_INVALIDO", "COLUNAS_DEMAIS", "TELEFONE_INVALIDO",
    ]  # fmt: skip
    certo = erros.replace(b";12;", b";(11) 98888-2002;").replace(b";a;b;c", b";abc").replace(b'"""Cai"', b"Cai")
    certo = certo.replace(b";98888-2006", b";(11) 98888-2006")
    onde, nenhum = await corrigir(http, eu, certo, [])
    assert nenhum.count(b"\n") == 1, "the header alone: everybody may enter"
    navegando = navegador(eu, **{"Sec-Fetch-Site": "same-origin"})
    assert (await http.post(f"{onde}/iniciar", headers=navegando)).status_code == 303
    for _ in range(20):
        await chamar(banco_worker, "worker.interno_executar", p_cliente_id=eu.cliente_id)
    (ana,) = (await http.get("/api/contatos", params={"busca": "988882002"}, headers=eu.cabecalho)).json()["dados"]
    (dora,) = (await http.get("/api/contatos", params={"busca": "988882006"}, headers=eu.cabecalho)).json()["dados"]
    # mapped as the first file was, by the same person, without being asked again
    assert (ana["nome"], ana["campos"]) == ("Ana", {"Cidade": "Recife"})
    assert (dora["nome"], dora["campos"]) == ('Dora "D"; a segunda', {"Cidade": "São\nLuís"})


async def test_o_que_o_plano_recusou_volta_com_as_celulas(
    cliente_http: httpx.AsyncClient, novo_cliente: Any, admin: Any, banco_worker: Banco
) -> None:
    """A row refused only when it was to enter has its cells too, whatever the delimiter of the file."""
    eu: Sessao = await novo_cliente("Cheia")
    cheio = b"sep=|\nNome|Celular|Sobra\nA|(11) 98888-3001|x;y\nB|(11) 98888-3002|'=2\n"
    onde, _ = await corrigir(cliente_http, eu, cheio, ["nome", "telefone", ""])
    plano = admin.execute(
        "insert into planos (codigo, nome, max_usuarios, max_conexoes, max_contatos)"
        " values ('SO_UM', 'Um', 9, 9, 1) returning id"
    ).fetchone()
    admin.execute("update clientes set plano_id = %s where id = %s", [plano["id"], eu.cliente_id])
    navegando = navegador(eu, **{"Sec-Fetch-Site": "same-origin"})
    assert (await cliente_http.post(f"{onde}/iniciar", headers=navegando)).status_code == 303
    for _ in range(5):
        await chamar(banco_worker, "worker.interno_executar", p_cliente_id=eu.cliente_id)
    erros = (await cliente_http.get(f"{onde}/erros.csv", headers=navegando)).content.decode("utf-8-sig")
    (recusada,) = list(csv.reader(erros.splitlines(), delimiter=";"))[1:]
    assert recusada[1::2] == ["LIMITE_DO_PLANO", "B", "'=2"]


async def test_como_formulario_e_descartar(cliente_http: httpx.AsyncClient, sala: Sala) -> None:
    http, eu = cliente_http, sala.cena.sessao.cabecalho
    enviada = await http.post(URL, params={"nome": "a.csv"}, files={"arquivo": ("a.csv", CSV)}, headers=eu)
    assert enviada.status_code == 201, enviada.text
    url = f"{URL}/{enviada.json()['dados']['id']}"
    parada = await http.post(f"{url}/cancelar", headers=eu)
    assert (parada.status_code, recusa(parada)["codigo"]) == (409, "ZCG01"), "it does not run: it is thrown away"
    assert (await http.delete(url, headers=eu)).status_code == 200
    assert (await http.get(url, headers=eu)).status_code == 404


@pytest.mark.parametrize(
    ("dados", "params", "status"),
    [
        (b"", {}, 422), (b"PK\x03\x04x", {}, 422), (b"Nome;Celular\n", {}, 422), (CSV, {"nome": ""}, 400),
        (CSV, {"nome": "x" * 201}, 400),
    ],
)  # fmt: skip
async def test_arquivo_que_nao_se_le(
    cliente_http: httpx.AsyncClient, sala: Sala, dados: bytes, params: dict[str, Any], status: int
) -> None:
    resposta = await enviar(cliente_http, sala.cena.sessao, dados, **params)
    assert resposta.status_code == status and recusa(resposta)
    outro = await cliente_http.post(URL, params={"nome": "a"}, json={}, headers=sala.cena.sessao.cabecalho)
    assert outro.status_code == 415


@pytest.mark.parametrize(
    ("pedido", "status", "campo"),
    [
        ({}, 400, "destinos"), ({"destinos": ["idade", "telefone", ""]}, 400, "destinos[0]"),
        ({"destinos": ["nome", "nome", "telefone"]}, 422, "destinos"),
        ({"destinos": ["nome", "campo", ""]}, 422, "destinos"), ({"destinos": ["telefone"]}, 400, "destinos"),
        ({"destinos": DESTINOS, "modo": "TROCAR"}, 400, "modo"),
        ({"destinos": DESTINOS, "etiquetaIds": [str(uuid4())]}, 404, None),
        ({"destinos": DESTINOS, "versao": 9}, 409, "versao"), ({"destinos": DESTINOS, "x": 1}, 400, "x"),
    ],
)  # fmt: skip
async def test_mapa_que_nao_se_aceita(
    cliente_http: httpx.AsyncClient, sala: Sala, pedido: dict[str, Any], status: int, campo: str | None
) -> None:
    id_ = (await enviar(cliente_http, sala.cena.sessao)).json()["dados"]["id"]
    resposta = await cliente_http.post(f"{URL}/{id_}/conferir", json=pedido, headers=sala.cena.sessao.cabecalho)
    dita = recusa(resposta)
    assert resposta.status_code == status, dita
    assert campo is None or dita["campo"] == campo
    parada = (await cliente_http.get(f"{URL}/{id_}", headers=sala.cena.sessao.cabecalho)).json()["dados"]
    assert parada["status"] == "MAPEAR"


async def test_so_quem_pode_e_so_do_proprio_cliente(cliente_http: httpx.AsyncClient, sala: Sala, bia: Sessao) -> None:
    http, rui = cliente_http, sala.colega("TODAS", "contatos:ler", nome="Rui")
    id_ = (await enviar(http, sala.cena.sessao)).json()["dados"]["id"]
    assert (await enviar(http, rui)).status_code == 403
    assert (await http.get(URL, headers=bia.cabecalho)).json()["dados"] == []
    for metodo, onde, corpo in (
        ("GET", "", None), ("POST", "/conferir", {"destinos": DESTINOS}), ("POST", "/iniciar", {}),
        ("POST", "/cancelar", None), ("GET", "/recusadas", None), ("DELETE", "", None),
    ):  # fmt: skip
        pedidos = [
            await http.request(metodo, f"{URL}/{id_}{onde}", json=corpo, headers=c)
            for c in ({}, rui.cabecalho, bia.cabecalho)
        ]
        assert [r.status_code for r in pedidos] == [401, 403, 404], (metodo, onde)
    assert (await http.get(f"{URL}/{id_}", headers=sala.cena.sessao.cabecalho)).json()["dados"]["status"] == "MAPEAR"
