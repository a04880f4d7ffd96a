"""Entering, renewing and leaving, under attack: T20, W-15, W-18, W-19, W-11."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest

from app import senhas
from app.banco import Banco
from tests.api.conftest import recusa
from tests.conftest import SENHA, Sessao, chamar

BASE = "/api/autenticacao"
_ips = itertools.count(1)


@pytest.fixture
def http(cliente_de: Callable[[str], httpx.AsyncClient]) -> httpx.AsyncClient:
    """A client from an address of its own: counters of one test do not reach the next."""
    n = next(_ips)
    return cliente_de(f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}")


async def entrar(http: httpx.AsyncClient, email: str, senha: str = SENHA) -> dict[str, Any]:
    resposta = await http.post(f"{BASE}/entrar", json={"email": email, "senha": senha})
    assert resposta.status_code == 200, resposta.text
    return dict(resposta.json()["dados"])


def portador(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def vivo(http: httpx.AsyncClient, token: str) -> int:
    return (await http.get(f"{BASE}/eu", headers=portador(token))).status_code


async def test_entrar_guarda_so_resumos(
    http: httpx.AsyncClient, ana: Sessao, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    dados = await entrar(http, ana.email)
    assert dados["accessToken"].startswith(f"{ana.cliente_id}.")
    assert dados["usuario"]["cliente"]["id"] == str(ana.cliente_id)
    assert "usuarios:gerir" in dados["usuario"]["permissoes"]
    for token in (dados["accessToken"], dados["refreshToken"]):
        segredo = token.split(".")[1]
        linhas = admin.execute(
            "select to_jsonb(s)::text as linha from sessoes as s where cliente_id = %s", [ana.cliente_id]
        ).fetchall()
        assert not any(segredo in linha["linha"] for linha in linhas)
        assert (
            admin.execute(
                "select from sessoes where cliente_id = %s and %s in (acesso_hash, renovacao_hash)",
                [ana.cliente_id, senhas.resumo(segredo)],
            ).fetchone()
            is not None
        )


async def test_senha_errada_e_conta_desconhecida_respondem_igual(http: httpx.AsyncClient, ana: Sessao) -> None:
    errada = await http.post(f"{BASE}/entrar", json={"email": ana.email, "senha": "não é esta"})
    ninguem = await http.post(f"{BASE}/entrar", json={"email": "ninguem@exemplo.test", "senha": "não é esta"})
    assert errada.status_code == ninguem.status_code == 401
    assert errada.content == ninguem.content
    assert recusa(errada)["codigo"] == "ZAI01"


async def test_mesmo_trabalho_para_conta_desconhecida(
    http: httpx.AsyncClient,
    ana: Sessao,
    monkeypatch: pytest.MonkeyPatch,
    admin: psycopg.Connection[dict[str, Any]],
) -> None:
    """W-19 as equal work: one argon2 verification with equal parameters, whoever asks and whatever is wrong."""
    contra: list[str] = []
    verdadeiro = senhas._confere

    def espiar(senha: str, guardado: str) -> bool:
        contra.append(guardado)
        return verdadeiro(senha, guardado)

    monkeypatch.setattr(senhas, "_confere", espiar)
    admin.execute("update logins set senha_hash = %s where email = %s", [await senhas.gerar(SENHA), ana.email])
    await http.post(f"{BASE}/entrar", json={"email": ana.email, "senha": "não é esta"})
    await http.post(f"{BASE}/entrar", json={"email": "ninguem-mesmo@exemplo.test", "senha": "não é esta"})
    assert len(contra) == 2
    assert contra[0].split("$")[1:4] == contra[1].split("$")[1:4] and contra[0] != contra[1]


async def test_cinquenta_chutes_em_paralelo_no_maximo_dez_avaliados(
    http: httpx.AsyncClient,
    novo_cliente: Any,
    admin: psycopg.Connection[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vitima = await novo_cliente("Vítima")
    avaliados = 0
    verdadeiro = senhas._confere

    def contar(senha: str, guardado: str) -> bool:
        nonlocal avaliados
        avaliados += 1
        return verdadeiro(senha, guardado)

    monkeypatch.setattr(senhas, "_confere", contar)
    respostas = await asyncio.gather(
        *(http.post(f"{BASE}/entrar", json={"email": vitima.email, "senha": f"chute {i}"}) for i in range(50))
    )
    assert Counter(r.status_code for r in respostas) == {401: 10, 429: 40}
    assert avaliados == 10
    bloqueada = next(r for r in respostas if r.status_code == 429)
    assert recusa(bloqueada)["codigo"] == "ZLI01" and 1 <= int(bloqueada.headers["retry-after"]) <= 60
    linha = admin.execute(
        "select tentativas from tentativas_login where chave = sha256(convert_to('conta:' || %s, 'UTF8'))",
        [vitima.email],
    ).fetchone()
    assert linha and linha["tentativas"] == 10
    # even the right password waits now
    certa = await http.post(f"{BASE}/entrar", json={"email": vitima.email, "senha": SENHA})
    assert certa.status_code == 429


async def test_chutes_de_cinquenta_origens_no_maximo_dez_avaliados(
    cliente_de: Callable[[str], httpx.AsyncClient], novo_cliente: Any
) -> None:
    vitima = await novo_cliente("Vítima distribuída")
    respostas = await asyncio.gather(
        *(
            cliente_de(f"10.200.0.{i}").post(f"{BASE}/entrar", json={"email": vitima.email, "senha": "chute"})
            for i in range(50)
        )
    )
    assert Counter(r.status_code for r in respostas) == {401: 10, 429: 40}


async def test_estranho_nao_tranca_o_dono_onde_ele_ja_entrou(
    cliente_de: Callable[[str], httpx.AsyncClient], novo_cliente: Any
) -> None:
    """W-18: a counter by account alone lets anybody lock a victim out."""
    dono = await novo_cliente("Dono")
    async with cliente_de("192.168.7.7") as casa, cliente_de("192.168.66.6") as estranho:
        await entrar(casa, dono.email)
        for _ in range(12):
            ultima = await estranho.post(f"{BASE}/entrar", json={"email": dono.email, "senha": "chute"})
        assert ultima.status_code == 429
        await entrar(casa, dono.email)


async def test_limite_por_origem(
    cliente_de: Callable[[str], httpx.AsyncClient], admin: psycopg.Connection[dict[str, Any]]
) -> None:
    async with cliente_de("192.168.9.9") as http:
        admin.execute(
            "insert into tentativas_login (chave, tentativas, janela_desde)"
            " values (sha256(convert_to('origem:192.168.9.9/32', 'UTF8')), 99, now())"
        )
        primeira = await http.post(f"{BASE}/entrar", json={"email": "a1@exemplo.test", "senha": "x"})
        segunda = await http.post(f"{BASE}/entrar", json={"email": "a2@exemplo.test", "senha": "x"})
    assert (primeira.status_code, segunda.status_code) == (401, 429)


async def test_espera_cresce_e_acerto_zera(
    http: httpx.AsyncClient, novo_cliente: Any, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    quem = await novo_cliente("Esquecida")

    async def errar() -> httpx.Response:
        return await http.post(f"{BASE}/entrar", json={"email": quem.email, "senha": "chute"})

    esperas = []
    for _ in range(10):
        await errar()
    for _ in range(3):
        esperas.append(int((await errar()).headers["retry-after"]))
        admin.execute(
            "update tentativas_login set bloqueada_ate = now() - interval '1 second' where bloqueada_ate > now()"
        )
        assert (await errar()).status_code == 401
    assert esperas[0] <= 60 < esperas[1] <= 120 < esperas[2] <= 240
    admin.execute("update tentativas_login set bloqueada_ate = now() - interval '1 second' where bloqueada_ate > now()")
    await entrar(http, quem.email)
    assert (await errar()).status_code == 401


async def test_renovar_troca_os_dois(http: httpx.AsyncClient, ana: Sessao) -> None:
    antes = await entrar(http, ana.email)
    resposta = await http.post(f"{BASE}/renovar", json={"refreshToken": antes["refreshToken"]})
    assert resposta.status_code == 200
    depois = resposta.json()["dados"]
    assert set(depois) == {"accessToken", "refreshToken", "expiraEm", "renovacaoExpiraEm"}
    assert await vivo(http, antes["accessToken"]) == 401
    assert await vivo(http, depois["accessToken"]) == 200


async def test_corrida_de_cinquenta_renovacoes_um_sucesso(http: httpx.AsyncClient, ana: Sessao) -> None:
    dados = await entrar(http, ana.email)
    respostas = await asyncio.gather(
        *(http.post(f"{BASE}/renovar", json={"refreshToken": dados["refreshToken"]}) for _ in range(50))
    )
    assert Counter(r.status_code for r in respostas) == {200: 1, 401: 49}
    novo = next(r for r in respostas if r.status_code == 200).json()["dados"]
    # a race of the owner's own tabs is not theft: within 10 s the session lives on
    assert await vivo(http, novo["accessToken"]) == 200


async def test_reuso_revoga_a_sessao_inteira(
    http: httpx.AsyncClient, ana: Sessao, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    primeiro = await entrar(http, ana.email)
    segundo = (await http.post(f"{BASE}/renovar", json={"refreshToken": primeiro["refreshToken"]})).json()["dados"]
    terceiro = (await http.post(f"{BASE}/renovar", json={"refreshToken": segundo["refreshToken"]})).json()["dados"]
    # older than the immediately previous one: revoked at once, inside the 10 s too
    roubado = await http.post(f"{BASE}/renovar", json={"refreshToken": primeiro["refreshToken"]})
    assert roubado.status_code == 401 and recusa(roubado)["codigo"] == "ZAI02"
    assert await vivo(http, terceiro["accessToken"]) == 401
    assert (await http.post(f"{BASE}/renovar", json={"refreshToken": terceiro["refreshToken"]})).status_code == 401
    assert (
        admin.execute(
            "select from sessoes where cliente_id = %s and renovacao_hash = %s and motivo = 'REUSO'",
            [ana.cliente_id, senhas.resumo(terceiro["refreshToken"].split(".")[1])],
        ).fetchone()
        is not None
    )


async def test_anterior_depois_de_dez_segundos_revoga(
    http: httpx.AsyncClient, ana: Sessao, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    primeiro = await entrar(http, ana.email)
    segundo = (await http.post(f"{BASE}/renovar", json={"refreshToken": primeiro["refreshToken"]})).json()["dados"]
    usado = senhas.resumo(primeiro["refreshToken"].split(".")[1])
    admin.execute(
        "update sessoes_renovacoes set usada_em = usada_em - interval '11 seconds' where renovacao_hash = %s", [usado]
    )
    assert (await http.post(f"{BASE}/renovar", json={"refreshToken": primeiro["refreshToken"]})).status_code == 401
    assert await vivo(http, segundo["accessToken"]) == 401


async def test_renovacao_de_outro_cliente_nao_vale(http: httpx.AsyncClient, ana: Sessao, bia: Sessao) -> None:
    dados = await entrar(http, ana.email)
    segredo = dados["refreshToken"].split(".")[1]
    trocada = await http.post(f"{BASE}/renovar", json={"refreshToken": f"{bia.cliente_id}.{segredo}"})
    lixo = await http.post(f"{BASE}/renovar", json={"refreshToken": "lixo"})
    assert trocada.status_code == lixo.status_code == 401
    assert trocada.content == lixo.content
    assert await vivo(http, f"{bia.cliente_id}.{dados['accessToken'].split('.')[1]}") == 401
    assert await vivo(http, dados["accessToken"]) == 200


async def test_sair_vale_na_hora(http: httpx.AsyncClient, ana: Sessao) -> None:
    dados = await entrar(http, ana.email)
    assert (await http.post(f"{BASE}/sair", headers=portador(dados["accessToken"]))).status_code == 200
    assert await vivo(http, dados["accessToken"]) == 401
    assert (await http.post(f"{BASE}/renovar", json={"refreshToken": dados["refreshToken"]})).status_code == 401


async def test_acesso_vencido(http: httpx.AsyncClient, ana: Sessao, admin: psycopg.Connection[dict[str, Any]]) -> None:
    dados = await entrar(http, ana.email)
    admin.execute(
        "update sessoes set acesso_expira_em = now() where acesso_hash = %s",
        [senhas.resumo(dados["accessToken"].split(".")[1])],
    )
    assert await vivo(http, dados["accessToken"]) == 401
    assert (await http.post(f"{BASE}/renovar", json={"refreshToken": dados["refreshToken"]})).status_code == 200


async def test_sessoes_listar_e_revogar(http: httpx.AsyncClient, novo_cliente: Any, bia: Sessao) -> None:
    quem = await novo_cliente("Duas telas")
    uma, outra = await entrar(http, quem.email), await entrar(http, quem.email)
    lista = (await http.get(f"{BASE}/sessoes", headers=portador(uma["accessToken"]))).json()
    assert set(lista) == {"sucesso", "dados", "meta"}
    atuais = [s for s in lista["dados"] if s["atual"]]
    assert len(lista["dados"]) == 3 and len(atuais) == 1
    alvo = lista["dados"][0]["id"]  # the newest is `outra`
    assert (await http.delete(f"{BASE}/sessoes/{alvo}", headers=bia.cabecalho)).status_code == 404
    assert (await http.delete(f"{BASE}/sessoes/{alvo}", headers=portador(uma["accessToken"]))).status_code == 200
    assert await vivo(http, outra["accessToken"]) == 401
    assert await vivo(http, uma["accessToken"]) == 200


async def test_trocar_senha_encerra_as_outras(http: httpx.AsyncClient, novo_cliente: Any) -> None:
    quem = await novo_cliente("Troca")
    aqui, la = await entrar(http, quem.email), await entrar(http, quem.email)
    url, cabecalho = f"{BASE}/senha", portador(aqui["accessToken"])
    errada = await http.put(url, json={"senhaAtual": "nada", "senhaNova": "outra-senha-boa"}, headers=cabecalho)
    assert errada.status_code == 422 and recusa(errada)["campo"] == "senhaAtual"
    curta = await http.put(url, json={"senhaAtual": SENHA, "senhaNova": "curta"}, headers=cabecalho)
    assert curta.status_code == 400 and recusa(curta)["campo"] == "senhaNova"
    feita = await http.put(url, json={"senhaAtual": SENHA, "senhaNova": "outra-senha-boa"}, headers=cabecalho)
    assert feita.status_code == 200
    assert (await vivo(http, aqui["accessToken"]), await vivo(http, la["accessToken"])) == (200, 401)
    assert (await http.post(f"{BASE}/entrar", json={"email": quem.email, "senha": SENHA})).status_code == 401
    await entrar(http, quem.email, "outra-senha-boa")


async def test_senha_atual_tem_contador(http: httpx.AsyncClient, novo_cliente: Any) -> None:
    quem = await novo_cliente("Sessão roubada")
    corpo = {"senhaAtual": "chute", "senhaNova": "outra-senha-boa"}
    for _ in range(10):
        assert (await http.put(f"{BASE}/senha", json=corpo, headers=quem.cabecalho)).status_code == 422
    ultima = await http.put(f"{BASE}/senha", json=corpo, headers=quem.cabecalho)
    assert ultima.status_code == 429 and recusa(ultima)["codigo"] == "ZLI01"
    await entrar(http, quem.email)  # the login counts apart


async def test_cliente_inativo_nao_entra_nem_usa(
    http: httpx.AsyncClient, novo_cliente: Any, banco_plataforma: Banco, ana: Sessao
) -> None:
    """W-11."""
    quem = await novo_cliente("Inadimplente")
    dados = await entrar(http, quem.email)
    await chamar(banco_plataforma, "plataforma.cliente_desativar", p_cliente_id=quem.cliente_id)
    assert await vivo(http, dados["accessToken"]) == 403
    assert (await http.post(f"{BASE}/renovar", json={"refreshToken": dados["refreshToken"]})).status_code == 403
    entrada = await http.post(f"{BASE}/entrar", json={"email": quem.email, "senha": SENHA})
    assert entrada.status_code == 403 and recusa(entrada)["codigo"] == "ZPG02"
    assert await vivo(http, ana.token) == 200
    await chamar(banco_plataforma, "plataforma.cliente_ativar", p_cliente_id=quem.cliente_id)
    assert await vivo(http, dados["accessToken"]) == 200


async def test_licenca_vencida_nao_entra(
    http: httpx.AsyncClient, novo_cliente: Any, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    quem = await novo_cliente("Licença vencida")
    admin.execute("update licencas set expira_em = now() - interval '1 day' where cliente_id = %s", [quem.cliente_id])
    entrada = await http.post(f"{BASE}/entrar", json={"email": quem.email, "senha": SENHA})
    assert entrada.status_code == 403 and recusa(entrada)["codigo"] == "ZPG02"
    assert await vivo(http, quem.token) == 403
