"""Working hours and the queue over HTTP: what is said, with which status, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

SEMANA = [{"dia": d, "inicio": "00:00", "fim": "24:00"} for d in range(1, 8)]


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Atendimento"), 3)


def esperar(admin: Admin, cena: Cena, n: int) -> str:
    linha = admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, ultima_entrada_em, espera_desde)"
        " values (%s, %s, %s, now(), now() - %s * interval '1 minute') returning id::text as id",
        [cena.cliente_id, cena.conexao_id, cena.contatos[n], n],
    ).fetchone()
    assert linha
    return str(linha["id"])


async def test_calendario_equipe_e_feriados(cliente_http: httpx.AsyncClient, cena: Cena, bia: Any) -> None:
    http, cabecalho = cliente_http, cena.sessao.cabecalho
    corpo = {"nome": "Sempre", "fuso": "America/Sao_Paulo", "faixas": SEMANA}
    criado = await http.post("/api/calendarios", json=corpo, headers=cabecalho)
    assert (criado.status_code, criado.json()["dados"]["aberto"]) == (201, True)
    url = f"/api/calendarios/{criado.json()['dados']['id']}"
    assert (await http.get(url, headers=bia.cabecalho)).status_code == 404
    assert (await http.patch(url, json={"nome": "x" * 81}, headers=cabecalho)).status_code == 400
    assert (await http.patch(url, json={"faixas": []}, headers=cabecalho)).json()["dados"]["faixas"] == []
    recusada = await http.patch(
        url, json={"faixas": [*SEMANA, {"dia": 1, "inicio": "09:00", "fim": "10:00"}]}, headers=cabecalho
    )
    assert (recusada.status_code, recusada.json()["erro"]["codigo"]) == (409, "ZCA02")
    nacionais = (await http.get("/api/feriados/nacionais/2027", headers=cabecalho)).json()["dados"]["feriados"]
    importados = await http.post(f"{url}/feriados/importar", json={"ano": 2027}, headers=cabecalho)
    assert importados.json()["dados"]["criados"] == len([f for f in nacionais if not f["facultativo"]])
    feriado = await http.post(f"{url}/feriados", json={"data": "2027-07-09", "nome": "9 de Julho"}, headers=cabecalho)
    assert feriado.status_code == 201
    de_novo = await http.post(f"{url}/feriados", json={"data": "2027-07-09", "nome": "Outro"}, headers=cabecalho)
    assert (de_novo.status_code, de_novo.json()["erro"]["codigo"]) == (409, "ZCA03")
    for fora in (f"{url}/feriados?ano=9223372036854775807", "/api/feriados/nacionais/99999999999999999999999"):
        recusa = await http.get(fora, headers=cabecalho)
        assert (recusa.status_code, recusa.json()["erro"]["codigo"], recusa.json()["erro"]["campo"]) == (
            400, "ZRG03", "ano",
        )  # fmt: skip
    lista = (await http.get(f"{url}/feriados?ano=2027", headers=cabecalho)).json()["dados"]
    assert feriado.json()["dados"] in lista
    dele = f"/api/feriados/{feriado.json()['dados']['id']}"
    meio_dia = [{"inicio": "08:00", "fim": "12:00"}]
    mudado = await http.patch(dele, json={"faixas": meio_dia}, headers=cabecalho)
    assert mudado.json()["dados"]["faixas"] == meio_dia
    assert (await http.delete(dele, headers=cabecalho)).status_code == 200
    assert (await http.get(dele, headers=cabecalho)).status_code == 404
    equipe = (await http.post("/api/equipes", json={"nome": "Loja"}, headers=cabecalho)).json()["dados"]
    expediente = {"calendarioId": criado.json()["dados"]["id"], "distribuicao": "MANUAL"}
    posta = await http.put(f"/api/atendimento/equipes/{equipe['id']}", json=expediente, headers=cabecalho)
    assert posta.json()["dados"]["ofertaSegundos"] == 0
    assert (posta.json()["dados"]["aberta"], posta.json()["dados"]["proximaAbertura"]) == (False, None)
    em_uso = await http.delete(url, headers=cabecalho)
    assert (em_uso.status_code, em_uso.json()["erro"]["codigo"]) == (409, "ZCA04")


async def test_da_fila_a_quem_atende(cliente_http: httpx.AsyncClient, admin: Admin, cena: Cena) -> None:
    http, cabecalho, mesa = cliente_http, cena.sessao.cabecalho, "/api/atendimento"
    vazia = await http.post(f"{mesa}/proximo", json={}, headers=cabecalho)
    assert (vazia.status_code, vazia.json()["dados"]["conversa"]) == (200, None)
    ids = [esperar(admin, cena, n) for n in range(3)]
    usuario = f"{mesa}/usuarios/{cena.sessao.usuario_id}"
    assert (await http.put(usuario, json={"capacidade": 2}, headers=cabecalho)).json()["dados"]["capacidade"] == 2
    recebidas = []
    for resta in (2, 1):
        dados = (await http.post(f"{mesa}/proximo", json={}, headers=cabecalho)).json()["dados"]
        assert dados["atendimento"]["naFila"] == resta
        recebidas.append(dados["conversa"]["id"])
    assert recebidas == [ids[2], ids[1]]
    cheia = await http.post(f"{mesa}/proximo", json={}, headers=cabecalho)
    assert (cheia.status_code, cheia.json()["erro"]["codigo"]) == (409, "ZCA05")
    pausa = {"disponibilidade": "PAUSA", "motivo": "Almoço"}
    assert (await http.put(f"{mesa}/disponibilidade", json=pausa, headers=cabecalho)).status_code == 200
    parada = await http.post(f"{mesa}/proximo", json={}, headers=cabecalho)
    assert (parada.status_code, parada.json()["erro"]["codigo"]) == (409, "ZCA06")
    atual = (await http.get(mesa, headers=cabecalho)).json()["dados"]
    assert (atual["disponibilidadeMotivo"], atual["emAtendimento"]) == ("Almoço", 2)
    (fila,) = (await http.get(f"{mesa}/filas", headers=cabecalho)).json()["dados"]
    assert (fila["id"], fila["esperando"], fila["emAtendimento"], fila["vagas"]) == (None, 1, 2, 0)


async def test_a_fila_oferece_e_a_pessoa_responde(
    cliente_http: httpx.AsyncClient, admin: Admin, cena: Cena, bia: Any
) -> None:
    http, cabecalho, mesa = cliente_http, cena.sessao.cabecalho, "/api/atendimento"
    eu = str(cena.sessao.usuario_id)
    equipe = await http.post("/api/equipes", json={"nome": "Vendas", "membros": [eu]}, headers=cabecalho)
    url = f"{mesa}/equipes/{equipe.json()['dados']['id']}"
    modo = {"calendarioId": None, "distribuicao": "AUTOMATICA"}
    for segundos, status in ((4, 422), (121, 400), (20, 200)):
        posta = await http.put(url, json={**modo, "ofertaSegundos": segundos}, headers=cabecalho)
        assert posta.status_code == status, segundos
    assert posta.json()["dados"]["ofertaSegundos"] == 20
    assert (await http.put(url, json=modo, headers=cabecalho)).json()["dados"]["ofertaSegundos"] == 20, "as it was"
    assert (await http.get(f"{mesa}/oferta", headers=cabecalho)).json()["dados"]["oferta"] is None
    id_ = esperar(admin, cena, 1)
    admin.execute("update conversas set equipe_id = %s where id = %s", [equipe.json()["dados"]["id"], id_])

    def oferecer() -> str:
        linha = admin.execute(
            "insert into ofertas (cliente_id, conversa_id, usuario_id, expira_em)"
            " values (%s, %s, %s, now() + interval '1 minute') returning id::text",
            [cena.cliente_id, id_, eu],
        ).fetchone()
        assert linha
        return str(linha["id"])

    primeira = oferecer()
    vista = (await http.get(f"{mesa}/oferta", headers=cabecalho)).json()["dados"]["oferta"]
    assert (vista["id"], vista["conversaId"], vista["segundos"]) == (primeira, id_, 60)
    assert 50_000 < vista["restamMs"] <= 60_000
    assert (await http.get(f"{mesa}/oferta", headers=bia.cabecalho)).json()["dados"]["oferta"] is None
    alheia = await http.post(f"{mesa}/ofertas/{primeira}/aceitar", headers=bia.cabecalho)
    assert (alheia.status_code, alheia.json()["erro"]["codigo"]) == (404, "ZNA03")
    for _ in range(2):
        assert (await http.post(f"{mesa}/ofertas/{primeira}/recusar", headers=cabecalho)).status_code == 200
    tarde = await http.post(f"{mesa}/ofertas/{primeira}/aceitar", headers=cabecalho)
    assert (tarde.status_code, tarde.json()["erro"]["codigo"]) == (409, "ZCA07")
    segunda = oferecer()
    for _ in range(2):
        aceita = await http.post(f"{mesa}/ofertas/{segunda}/aceitar", headers=cabecalho)
        assert aceita.json()["dados"]["conversa"]["usuarioId"] == eu
    assert aceita.json()["dados"]["atendimento"]["emAtendimento"] == 1


async def test_a_fila_de_um_numero(cliente_http: httpx.AsyncClient, cena: Cena, bia: Any) -> None:
    http, cabecalho = cliente_http, cena.sessao.cabecalho
    equipe = (await http.post("/api/equipes", json={"nome": "Vendas"}, headers=cabecalho)).json()["dados"]["id"]
    url = f"/api/atendimento/conexoes/{cena.conexao_id}"
    posta = await http.put(url, json={"equipeId": equipe, "donoMinutos": 15}, headers=cabecalho)
    assert (posta.json()["dados"]["equipeId"], posta.json()["dados"]["donoMinutos"]) == (equipe, 15)
    # of two people who edit it at once the second is told
    versao = posta.json()["dados"]["versao"]
    for situacao in (200, 409):
        outra = {"equipeId": equipe, "donoMinutos": 20, "versao": versao}
        assert (await http.put(url, json=outra, headers=cabecalho)).status_code == situacao
    for corpo, status in (
        ({"equipeId": equipe}, 400),
        ({"equipeId": equipe, "donoMinutos": 1441}, 400),
        ({"equipeId": str(cena.cliente_id), "donoMinutos": 1}, 404),
    ):
        assert (await http.put(url, json=corpo, headers=cabecalho)).status_code == status, corpo
    alheia = await http.put(url, json={"equipeId": None, "donoMinutos": 0}, headers=bia.cabecalho)
    assert alheia.status_code == 404
