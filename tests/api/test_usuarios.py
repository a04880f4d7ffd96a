"""Users, teams and profiles over HTTP: the bytes of the functions in the envelope, and nothing that was not asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import psycopg
import pytest
from click.testing import CliRunner

from app.cli_clientes import cliente
from app.tipos import CONTRATOS
from tests.api.conftest import ConfigDeTeste, recusa
from tests.api.test_vivo import navegador
from tests.conftest import SENHA, Sessao
from tests.sql import cenas


def email() -> str:
    return f"u-{secrets.token_hex(5)}@exemplo.test"


@pytest.fixture(scope="module")
async def atendente(cliente_http: httpx.AsyncClient, ana: Sessao) -> str:
    perfis = (await cliente_http.get("/api/perfis", headers=ana.cabecalho)).json()["dados"]
    return next(str(p["id"]) for p in perfis if p["codigo"] == "ATENDENTE")


async def test_ciclo_de_um_usuario(cliente_http: httpx.AsyncClient, ana: Sessao, atendente: str) -> None:
    h = ana.cabecalho
    corpo = {"nome": "Íris Ção", "email": email(), "senha": "senha-da-iris", "perfilId": atendente}
    criado = await cliente_http.post("/api/usuarios", json=corpo, headers=h)
    assert criado.status_code == 201, criado.text
    dados = criado.json()["dados"]
    msgspec.convert(dados, CONTRATOS["api.usuario_criar"])
    assert "senha" not in criado.text and dados["nome"] == "Íris Ção"
    url = f"/api/usuarios/{dados['id']}"
    assert (await cliente_http.get(url, headers=h)).json()["dados"] == dados
    entrada = await cliente_http.post(
        "/api/autenticacao/entrar", json={"email": corpo["email"], "senha": "senha-da-iris"}
    )
    iris = {"Authorization": f"Bearer {entrada.json()['dados']['accessToken']}"}
    assert (await cliente_http.get("/api/usuarios", headers=iris)).status_code == 403
    mudado = await cliente_http.patch(url, json={"nome": "Íris", "versao": dados["versao"]}, headers=h)
    assert mudado.json()["dados"]["nome"] == "Íris"
    velha = await cliente_http.patch(url, json={"nome": "Outra", "versao": dados["versao"]}, headers=h)
    assert velha.status_code == 409 and recusa(velha)["codigo"] == "ZCG02"
    assert (await cliente_http.post(f"{url}/desativar", headers=h)).json()["dados"]["ativo"] is False
    # W-15: at the next call, and no way back in
    assert (await cliente_http.get("/api/autenticacao/eu", headers=iris)).status_code == 401
    de_novo = await cliente_http.post(
        "/api/autenticacao/entrar", json={"email": corpo["email"], "senha": "senha-da-iris"}
    )
    assert de_novo.status_code == 403 and recusa(de_novo)["codigo"] == "ZPI02"
    inativos = (await cliente_http.get("/api/usuarios?ativo=false", headers=h)).json()
    assert [u["id"] for u in inativos["dados"]] == [dados["id"]] and inativos["meta"] == {"proximoCursor": None}
    assert (await cliente_http.post(f"{url}/ativar", headers=h)).json()["dados"]["ativo"] is True


async def test_idempotency_key(cliente_http: httpx.AsyncClient, ana: Sessao, atendente: str) -> None:
    h = {**ana.cabecalho, "Idempotency-Key": "abc"}
    corpo = {"nome": "Uma vez", "email": email(), "senha": "senha-qualquer", "perfilId": atendente}
    primeira = await cliente_http.post("/api/usuarios", json=corpo, headers=h)
    segunda = await cliente_http.post("/api/usuarios", json=corpo, headers=h)
    assert primeira.status_code == 201 and primeira.content == segunda.content
    outra = await cliente_http.post("/api/usuarios", json={**corpo, "nome": "Outra"}, headers=h)
    assert outra.status_code == 409 and recusa(outra)["codigo"] == "ZCG03"


@pytest.mark.parametrize(
    ("mudanca", "campo"),
    [
        ({"clienteId": str(uuid4())}, "clienteId"),
        ({"ativo": False}, "ativo"),
        ({"nome": "x"}, "nome"),
        ({"nome": "x" * 121}, "nome"),
        ({"nome": None}, "nome"),
        ({"email": "sem arroba"}, "email"),
        ({"perfilId": "5"}, "perfilId"),
        ({"perfilId": 5}, "perfilId"),
        ({"senha": "curta"}, "senha"),
    ],
)
async def test_corpo_recusado_diz_o_campo(
    cliente_http: httpx.AsyncClient, ana: Sessao, atendente: str, mudanca: dict[str, Any], campo: str
) -> None:
    corpo = {"nome": "Pessoa", "email": email(), "senha": "senha-qualquer", "perfilId": atendente, **mudanca}
    resposta = await cliente_http.post("/api/usuarios", json=corpo, headers=ana.cabecalho)
    assert resposta.status_code == 400 and recusa(resposta)["campo"] == campo


@pytest.mark.parametrize(
    ("consulta", "campo"),
    [("limite=0", "limite"), ("limite=201", "limite"), ("limite=x", "limite"), ("cursor=x", "cursor"),
     ("ativo=talvez", "ativo"), ("cursor=" + "a" * 33, "cursor"), ("limite=1&limite=2&limite=", "limite")],
)  # fmt: skip
async def test_consulta_recusada_diz_o_campo(
    cliente_http: httpx.AsyncClient, ana: Sessao, consulta: str, campo: str
) -> None:
    resposta = await cliente_http.get(f"/api/usuarios?{consulta}", headers=ana.cabecalho)
    assert resposta.status_code == 400, resposta.text
    assert recusa(resposta)["campo"] == campo


async def test_equipes_e_perfis(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    h = ana.cabecalho
    equipe = await cliente_http.post(
        "/api/equipes", json={"nome": "Vendas", "membros": [str(ana.usuario_id)]}, headers=h
    )
    assert equipe.status_code == 201
    url = f"/api/equipes/{equipe.json()['dados']['id']}"
    assert (await cliente_http.patch(url, json={"membros": []}, headers=h)).json()["dados"]["membros"] == []
    assert (await cliente_http.get("/api/equipes?limite=1", headers=h)).json()["dados"][0]["nome"] == "Vendas"
    assert (await cliente_http.delete(f"{url}?versao=1", headers=h)).status_code == 409
    assert (await cliente_http.delete(url, headers=h)).status_code == 200
    assert (await cliente_http.get(url, headers=h)).status_code == 404
    corpo = {"nome": "Leitura", "visibilidade": "EQUIPE", "permissoes": ["contatos:ler"]}
    perfil = await cliente_http.post("/api/perfis", json=corpo, headers=h)
    assert perfil.status_code == 201
    url = f"/api/perfis/{perfil.json()['dados']['id']}"
    assert (await cliente_http.patch(url, json={"permissoes": ["clientes:tudo"]}, headers=h)).status_code == 422
    assert (await cliente_http.patch(url, json={"visibilidade": "TALVEZ"}, headers=h)).status_code == 400
    assert (await cliente_http.delete(url, headers=h)).status_code == 200
    assert len((await cliente_http.get("/api/permissoes", headers=h)).json()["dados"]) >= 20


async def test_ids_alheios_iguais_a_desconhecidos(
    cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao, atendente: str
) -> None:
    """T2: every route with an id, another tenant's token, byte for byte the answer to an unknown id."""
    equipe = (await cliente_http.post("/api/equipes", json={"nome": "Alvo"}, headers=ana.cabecalho)).json()["dados"]
    alvos = {"usuarios": str(ana.usuario_id), "equipes": equipe["id"], "perfis": atendente}
    for recurso, alvo in alvos.items():
        rotas = [("GET", "", None), ("PATCH", "", {"nome": "Tomada"})]
        rotas += [("POST", "/desativar", None), ("POST", "/ativar", None)] if recurso == "usuarios" else []
        rotas += [("DELETE", "", None)] if recurso != "usuarios" else []
        for metodo, fim, corpo in rotas:
            respostas = [
                await cliente_http.request(metodo, f"/api/{recurso}/{id_}{fim}", json=corpo, headers=bia.cabecalho)
                for id_ in (alvo, uuid4())
            ]
            assert [r.status_code for r in respostas] == [404, 404], (metodo, recurso, fim)
            assert respostas[0].content == respostas[1].content, (metodo, recurso, fim)
    assert (await cliente_http.get("/api/usuarios/nao-e-uuid", headers=bia.cabecalho)).status_code == 404


def test_linha_de_comando(
    config: ConfigDeTeste, monkeypatch: pytest.MonkeyPatch, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    monkeypatch.setattr("app.cli_clientes.carregar", lambda: config)
    rodar: Callable[..., Any] = CliRunner().invoke
    endereco = email()
    ambiente = {"BALCAO_SENHA": SENHA}
    criar = ["criar", "Padaria Sol", "--administrador", "Dona Sol", "--email", endereco]
    feito = rodar(cliente, criar, env=ambiente)
    assert feito.exit_code == 0, feito.output
    cliente_id = feito.output.split()[1]
    repetido = rodar(cliente, criar, env=ambiente)
    assert repetido.exit_code == 1 and "já existe um usuário com este e-mail (ZCI02)" in repetido.output
    assert rodar(cliente, criar, env={"BALCAO_SENHA": "curta"}).exit_code == 2
    assert "Padaria Sol" in rodar(cliente, ["listar", "--limite", "1"]).output
    mais = rodar(cliente, ["administrador", cliente_id, "--nome", "Resgate", "--email", email()], env=ambiente)
    assert mais.exit_code == 0, mais.output
    assert rodar(cliente, ["desativar", cliente_id, "--yes"]).exit_code == 0
    linha = admin.execute("select ativo from clientes where id = %s", [cliente_id]).fetchone()
    assert linha and linha["ativo"] is False
    assert rodar(cliente, ["ativar", cliente_id]).exit_code == 0
    nenhum = rodar(cliente, ["ativar", str(uuid4())])
    assert nenhum.exit_code == 1 and "ZNS02" in nenhum.output


async def test_convite_vale_uma_vez(
    cliente_http: httpx.AsyncClient, admin: psycopg.Connection[dict[str, Any]], ana: Sessao, bia: Sessao, atendente: str
) -> None:
    h = ana.cabecalho
    corpo = {"nome": "Davi", "email": email(), "perfilId": atendente}
    criado = await cliente_http.post("/api/usuarios/convidar", json=corpo, headers=h)
    assert criado.status_code == 201, criado.text
    dados = criado.json()["dados"]
    velho = dados["url"].rpartition("/")[2]
    url = f"/api/usuarios/{dados['usuarioId']}"
    convidado = (await cliente_http.get(url, headers=h)).json()["dados"]
    assert convidado["conviteExpiraEm"][:19] == dados["expiraEm"][:19]
    assert convidado["disponibilidade"] == "AUSENTE", "a queue gives nothing to who was never here"
    # another tenant's link, or one's own, is not for him
    assert (await cliente_http.post(f"{url}/convite", headers=bia.cabecalho)).status_code == 404
    propria = await cliente_http.post(f"/api/usuarios/{ana.usuario_id}/convite", headers=h)
    assert recusa(propria)["codigo"] == "ZRI05"
    novo = (await cliente_http.post(f"{url}/convite", headers=h)).json()["dados"]["url"].rpartition("/")[2]
    senha = {"senha": "a senha do davi", "repetida": "a senha do davi"}
    assert (await cliente_http.get(f"/convite/{velho}")).status_code == 404
    assert (await cliente_http.get(f"/convite/{bia.cliente_id}.{novo.partition('.')[2]}")).status_code == 404
    aberto = await cliente_http.get(f"/convite/{novo}")
    assert aberto.status_code == 200 and corpo["email"] in aberto.text and aberto.headers["cache-control"] == "no-store"
    origem = {"Sec-Fetch-Site": "same-origin"}
    for ruim in ({"senha": "curta", "repetida": "curta"}, {**senha, "repetida": "outra senha qualquer"}):
        recusado = await cliente_http.post(f"/convite/{novo}", data=ruim, headers=origem)
        assert recusado.status_code in (400, 422) and 'aria-invalid="true"' in recusado.text
    aceito = await cliente_http.post(f"/convite/{novo}", data=senha, headers=origem)
    assert aceito.status_code == 303, aceito.text
    assert (await cliente_http.get(url, headers=h)).json()["dados"]["disponibilidade"] == "DISPONIVEL"
    assert (await cliente_http.post(f"/convite/{novo}", data=senha, headers=origem)).status_code == 404
    entrada = await cliente_http.post(
        "/api/autenticacao/entrar", json={"email": corpo["email"], "senha": senha["senha"]}
    )
    assert entrada.status_code == 200, entrada.text
    assert (await cliente_http.get(url, headers=h)).json()["dados"]["conviteExpiraEm"] is None
    # a forgotten password does not bring back who is away
    fora = {"disponibilidade": "AUSENTE"}
    dele = {"Authorization": f"Bearer {entrada.json()['dados']['accessToken']}"}
    assert (await cliente_http.put("/api/atendimento/disponibilidade", json=fora, headers=dele)).status_code == 200
    de_novo = (await cliente_http.post(f"{url}/convite", headers=h)).json()["dados"]["url"].rpartition("/")[2]
    assert (await cliente_http.post(f"/convite/{de_novo}", data=senha, headers=origem)).status_code == 303
    assert (await cliente_http.get(url, headers=h)).json()["dados"]["disponibilidade"] == "AUSENTE"
    # an expired one, and one of somebody deactivated, are worth nothing
    for mudanca in ("update convites set expira_em = now() - interval '1 second'", "update usuarios set ativo = false"):
        outro = (await cliente_http.post(f"{url}/convite", headers=h)).json()["dados"]["url"].rpartition("/")[2]
        coluna = "usuario_id" if "convites" in mudanca else "id"
        admin.execute(f"{mudanca} where {coluna} = %s", [dados["usuarioId"]])
        assert (await cliente_http.get(f"/convite/{outro}")).status_code == 404


async def test_desativar_passa_as_conversas(
    cliente_http: httpx.AsyncClient, admin: psycopg.Connection[dict[str, Any]], ana: Sessao, atendente: str
) -> None:
    """Those of teams that the other is in go to her; the rest goes back to its queue."""
    h = ana.cabecalho
    corpo = {"nome": "Sai", "email": email(), "senha": "senha-qualquer", "perfilId": atendente}
    sai = (await cliente_http.post("/api/usuarios", json=corpo, headers=h)).json()["dados"]["id"]
    equipes = []
    for nome, membros in (("Comum", [sai, str(ana.usuario_id)]), ("Só dela", [sai])):
        criada = await cliente_http.post("/api/equipes", json={"nome": nome, "membros": membros}, headers=h)
        equipes.append(criada.json()["dados"]["id"])
    conexao = admin.execute(
        "insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, conta_id_externa,"
        " credenciais) values (%s, 'Saída', 'WHATSAPP', 'META_API', %s, '55512', decode(repeat('00', 32), 'hex'))"
        " returning id",
        [ana.cliente_id, str(secrets.randbelow(10**14))],
    ).fetchone()
    assert conexao
    for n, equipe in enumerate([*equipes, None]):
        contato = admin.execute(
            "insert into contatos (cliente_id, nome, telefone) values (%s, %s, %s) returning id",
            [ana.cliente_id, f"C{n}", f"+55119{secrets.randbelow(10**8):08d}"],
        ).fetchone()
        assert contato
        admin.execute(
            "insert into conversas (cliente_id, conexao_id, contato_id, equipe_id, usuario_id, status)"
            " values (%s, %s, %s, %s, %s, 'EM_ATENDIMENTO')",
            [ana.cliente_id, conexao["id"], contato["id"], equipe, sai],
        )
    previa = (await cliente_http.get(f"/api/usuarios/{sai}/conversas", headers=h)).json()["dados"]
    assert previa["conversas"] == 3 and len(previa["filas"]) == 3
    proprio = await cliente_http.post(f"/api/usuarios/{sai}/desativar?paraId={sai}", headers=h)
    assert recusa(proprio)["codigo"] == "ZRV64", "nothing is given to whoever leaves"
    feito = await cliente_http.post(f"/api/usuarios/{sai}/desativar?paraId={ana.usuario_id}", headers=h)
    dados = feito.json()["dados"]
    assert (dados["ativo"], dados["conversasDadas"], dados["conversasDevolvidas"]) == (False, 2, 1)
    dela = admin.execute("select count(*) as n from conversas where usuario_id = %s", [ana.usuario_id]).fetchone()
    assert dela and dela["n"] == 2


async def test_empresa_e_eu(cliente_http: httpx.AsyncClient, ana: Sessao, bia: Sessao) -> None:
    antes = (await cliente_http.get("/api/empresa", headers=bia.cabecalho)).json()["dados"]
    minha = (await cliente_http.get("/api/empresa", headers=ana.cabecalho)).json()["dados"]
    corpo = {"nome": "Nome novo", "fuso": "America/Manaus", "versao": minha["versao"]}
    mudada = (await cliente_http.patch("/api/empresa", json=corpo, headers=ana.cabecalho)).json()["dados"]
    assert (mudada["nome"], mudada["fuso"], mudada["slaMinutos"]) == ("Nome novo", "America/Manaus", 60)
    prazo = await cliente_http.patch(
        "/api/empresa", json={"slaMinutos": 15, "versao": mudada["versao"]}, headers=ana.cabecalho
    )
    assert prazo.json()["dados"]["slaMinutos"] == 15 and prazo.json()["dados"]["nome"] == "Nome novo"
    eu = (await cliente_http.get("/api/autenticacao/eu", headers=ana.cabecalho)).json()["dados"]
    assert eu["cliente"]["slaMinutos"] == 15
    for fora in (0, 10_081):
        recusado = await cliente_http.patch("/api/empresa", json={"slaMinutos": fora}, headers=ana.cabecalho)
        assert recusado.status_code == 400
    velha = await cliente_http.patch("/api/empresa", json=corpo, headers=ana.cabecalho)
    assert recusa(velha)["codigo"] == "ZCG02"
    torto = await cliente_http.patch("/api/empresa", json={"fuso": "Lua/Mar"}, headers=ana.cabecalho)
    assert recusa(torto) | {"codigo": "ZRV40", "campo": "fuso"} == recusa(torto)
    assert (await cliente_http.get("/api/empresa", headers=bia.cabecalho)).json()["dados"] == antes
    eu = await cliente_http.patch("/api/autenticacao/eu", json={"nome": "Ana Maria"}, headers=ana.cabecalho)
    assert eu.json()["dados"]["nome"] == "Ana Maria"


async def test_o_prazo_de_resposta_muda_a_lista(
    cliente_http: httpx.AsyncClient, admin: psycopg.Connection[dict[str, Any]], novo_cliente: Callable[..., Any]
) -> None:
    """Who has waited for twenty minutes: nothing to say at an hour, a warning at thirty minutes, late at fifteen."""
    dona = await novo_cliente("Pressa")
    cena = cenas.montar(admin, dona, 1)
    admin.execute(
        "insert into conversas (cliente_id, contato_id, conexao_id, status, espera_desde, ultima_mensagem_em)"
        " values (%s, %s, %s, 'ABERTA', now() - interval '20 minutes', now() - interval '20 minutes')",
        [dona.cliente_id, cena.contatos[0], cena.conexao_id],
    )
    dela = navegador(dona, **{"Sec-Fetch-Site": "same-origin"})
    form = {"nome": "Pressa", "fuso": "America/Sao_Paulo"}
    for prazo, tom in (("60", ""), ("30", " cuidado"), ("15", " perigo")):
        salva = await cliente_http.post("/configuracoes/empresa", data={**form, "sla_minutos": prazo}, headers=dela)
        assert salva.status_code == 303
        lista = (await cliente_http.get("/conversas?aba=todas", headers=dela)).text
        assert f'class="pilula{tom}" title="Espera resposta há 20 min"' in lista, prazo
    demais = await cliente_http.post("/configuracoes/empresa", data={**form, "sla_minutos": "20000"}, headers=dela)
    assert demais.status_code == 422 and "ZRI45" in demais.text and 'id="sla_minutos-nota"' in demais.text
