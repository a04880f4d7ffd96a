"""Meta's webhook over HTTP: who is believed, what is stored, and for whom."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar

from app.banco import Banco
from app.cifra import hash_verificacao
from app.erros import indisponivel
from tests import webhooks_meta as wm
from tests.api.conftest import recusa
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, pretender, reservar

URL = "/webhooks/meta"
# what never varies in an answer but is about the request, not about us
_DO_PEDIDO = {"x-request-id"}


@pytest.fixture(scope="module")
async def aurora(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    """The tenant of the first number of the samples."""
    cena = cenas.montar(admin, await novo_cliente("Aurora"))
    token = wm.ler("verification-cases")["verify_token"]
    wm.conectar(admin, cena.cliente_id, cena.conexao_id, wm.NUMERO_1, wm.CONTA_1, verify_token=token)
    return cena


@pytest.fixture(scope="module")
async def boreal(admin: Admin, novo_cliente: Callable[..., Any], aurora: Cena) -> Cena:
    """Another tenant, with an app of its own."""
    cena = cenas.montar(admin, await novo_cliente("Boreal"))
    wm.conectar(admin, cena.cliente_id, cena.conexao_id, "300000000000001", "310000000000001", "outro-segredo")
    return cena


async def postar(http: httpx.AsyncClient, corpo: bytes, assinatura: str | bytes | None = "certa") -> httpx.Response:
    cabecalhos: dict[bytes, bytes] = {b"content-type": b"application/json"}
    if assinatura is not None:
        valor = wm.assinar(corpo) if assinatura == "certa" else assinatura
        cabecalhos[b"x-hub-signature-256"] = valor if isinstance(valor, bytes) else valor.encode("latin-1")
    return await http.post(URL, content=corpo, headers=list(cabecalhos.items()))


@contextmanager
def nada_guardado(admin: Admin) -> Iterator[None]:
    antes = wm.guardados(admin)
    yield
    assert wm.guardados(admin) == antes


def sem_pedido(resposta: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    cabecalhos = [(k, v) for k, v in resposta.headers.items() if k not in _DO_PEDIDO]
    return resposta.status_code, resposta.content, sorted(cabecalhos)


# -- GET


@pytest.mark.parametrize("caso", wm.ler("verification-cases")["cases"], ids=lambda c: f"{c['status']}")
async def test_inscricao(cliente_http: httpx.AsyncClient, aurora: Cena, caso: dict[str, Any]) -> None:
    resposta = await cliente_http.get(URL, params=caso["query"])
    assert resposta.status_code == caso["status"]
    assert resposta.headers["x-content-type-options"] == "nosniff"
    if caso["status"] == 200:
        assert resposta.text == caso["body"]
        assert resposta.headers["content-type"].startswith("text/plain")
    else:
        recusa(resposta)


@pytest.mark.parametrize(
    "consulta",
    [
        "",
        "hub.mode=subscribe",
        "hub.mode=subscribe&hub.verify_token=",
        "hub.mode=subscribe&hub.verify_token=%00",
        "hub.mode=subscribe&hub.verify_token=%ff%fe",
        "hub.mode=subscribe&hub.verify_token=" + "x" * 5000,
        "hub.mode=subscribe&hub.verify_token[]=x",
    ],
)
async def test_inscricao_sem_token_nosso(cliente_http: httpx.AsyncClient, aurora: Cena, consulta: str) -> None:
    resposta = await cliente_http.get(f"{URL}?{consulta}")
    assert resposta.status_code == 403
    recusa(resposta)


async def test_inscricao_de_conexao_removida(
    cliente_http: httpx.AsyncClient, admin: Admin, novo_cliente: Callable[..., Any]
) -> None:
    cena = cenas.montar(admin, await novo_cliente("Removida"), 1)
    admin.execute(
        "update conexoes set verificacao_hash = %s, removido_em = now() where id = %s",
        [hash_verificacao("token-de-quem-saiu"), cena.conexao_id],
    )
    consulta = {"hub.mode": "subscribe", "hub.verify_token": "token-de-quem-saiu", "hub.challenge": "1"}
    assert (await cliente_http.get(URL, params=consulta)).status_code == 403


# -- POST: the signature


@pytest.mark.parametrize("vetor", wm.ler("signature-vectors")["vectors"], ids=lambda v: v["name"])
async def test_vetores_de_assinatura(
    cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena, vetor: dict[str, Any]
) -> None:
    corpo = vetor["raw_body"].encode()
    antes = sum(wm.guardados(admin))
    resposta = await postar(cliente_http, corpo, vetor["header"])
    assert resposta.status_code == (200 if vetor["valid"] else 401)
    assert sum(wm.guardados(admin)) == antes + vetor["valid"]
    if vetor["valid"]:
        linha = admin.execute(
            "select exists (select from webhooks_recebidos where corpo = %(c)s)"
            " or exists (select from webhooks_quarentena where corpo = %(c)s) as igual",
            {"c": corpo},
        ).fetchone()
        assert linha == {"igual": True}, "the very bytes are kept"


async def test_um_bit_trocado_nunca_passa(cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena) -> None:
    corpo = b'{"object":"whatsapp_business_account","entry":[]}'
    assinatura = wm.assinar(corpo).encode()
    trocas: list[tuple[bytes, bytes]] = []
    for i in range(len(corpo) * 8):
        trocas.append((corpo[: i // 8] + bytes((corpo[i // 8] ^ 1 << i % 8,)) + corpo[i // 8 + 1 :], assinatura))
    for i in range(len(assinatura) * 8):
        trocada = assinatura[: i // 8] + bytes((assinatura[i // 8] ^ 1 << i % 8,)) + assinatura[i // 8 + 1 :]
        trocas.append((corpo, trocada))
    with nada_guardado(admin):
        for inicio in range(0, len(trocas), 16):
            respostas = await asyncio.gather(*(postar(cliente_http, *t) for t in trocas[inicio : inicio + 16]))
            assert {r.status_code for r in respostas} == {401}
    assert (await postar(cliente_http, corpo, assinatura)).status_code == 200


@pytest.mark.parametrize(
    "cabecalho",
    [
        None,
        "",
        "sha256=",
        "sha1=" + "a" * 40,
        "sha256=" + "A" * 64,
        "sha256=" + "a" * 63,
        "sha256=" + "a" * 65,
        "a" * 64,
    ],
)
async def test_cabecalho_que_nao_e_assinatura(
    cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena, cabecalho: str | None
) -> None:
    with nada_guardado(admin):
        resposta = await postar(cliente_http, wm.corpo_de(wm.amostra(21)), cabecalho)
    assert resposta.status_code == 401
    assert recusa(resposta)["codigo"] == "ZAW01"


async def test_numero_desconhecido_e_assinatura_errada_respondem_igual(
    cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena
) -> None:
    conhecido = wm.corpo_de(wm.envelope(wm.NUMERO_1, wm.CONTA_1, statuses=[]))
    desconhecido = wm.corpo_de(wm.envelope("999999999999999", "888888888888888", statuses=[]))
    with nada_guardado(admin):
        respostas = [
            await postar(cliente_http, conhecido, wm.assinar(conhecido, "errado")),
            await postar(cliente_http, desconhecido, wm.assinar(desconhecido, "errado")),
            await postar(cliente_http, conhecido, None),
        ]
    assert len({str(sem_pedido(r)) for r in respostas}) == 1


async def test_assinado_por_app_nosso_e_numero_de_ninguem(
    cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena
) -> None:
    """A number removed here goes on being announced: refusing would make the provider insist for days."""
    corpo = wm.corpo_de(wm.envelope("999999999999999", "888888888888888", statuses=[]))
    recebidos, quarentena = wm.guardados(admin)
    assert (await postar(cliente_http, corpo)).status_code == 200
    assert wm.guardados(admin) == (recebidos, quarentena + 1)


async def test_corpo_escapado_como_a_meta_escreve(cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena) -> None:
    corpo = json.dumps(wm.amostra(1), separators=(",", ":")).replace("/", "\\/").encode()
    assert b"\\u00e1" in corpo
    reserializado = json.dumps(json.loads(corpo), ensure_ascii=False).encode()
    assert (await postar(cliente_http, reserializado, wm.assinar(corpo))).status_code == 401
    assert (await postar(cliente_http, corpo)).status_code == 200
    linha = admin.execute("select corpo from webhooks_recebidos order by id desc limit 1").fetchone()
    assert linha == {"corpo": corpo}


# -- POST: size and shape


async def test_limite_do_corpo(cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena) -> None:
    maximo = 3 * 1024 * 1024
    base = wm.corpo_de(wm.envelope(wm.NUMERO_1, wm.CONTA_1, statuses=[]))
    with nada_guardado(admin):
        grande = await postar(cliente_http, base.ljust(maximo + 1))
    assert grande.status_code == 413
    assert recusa(grande)["codigo"] == "ZRG05"
    assert (await postar(cliente_http, base.ljust(maximo))).status_code == 200
    linha = admin.execute("select octet_length(corpo) as n from webhooks_recebidos order by id desc limit 1").fetchone()
    assert linha == {"n": maximo}


@pytest.mark.parametrize("caso", wm.ler("malformed-cases")["cases"], ids=lambda c: c["name"])
async def test_malformados_do_roteiro(
    cliente_http: httpx.AsyncClient, banco_worker: Banco, admin: Admin, aurora: Cena, caso: dict[str, Any]
) -> None:
    corpo = caso["raw"].encode()
    antes = sum(wm.guardados(admin))
    resposta = await postar(cliente_http, corpo, "certa" if caso["signed"] else wm.assinar(corpo, "errado"))
    assert resposta.status_code == (200 if caso["signed"] else 401)
    assert sum(wm.guardados(admin)) == antes + caso["signed"]
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=aurora.cliente_id, p_limite=500)
    linha = admin.execute("select count(*) as n from fila where tipo = 'webhook_processar'").fetchone()
    assert linha == {"n": 0}, "no body stays behind in the queue"


_NUMERO_GIGANTE = b'{"object":"whatsapp_business_account","entry":[{"id":1e1000000}]}'
ILEGIVEIS = {
    "nao_e_json": b"isto nao e json",
    "utf8_invalido": b'{"object":"whatsapp_business_account","entry":["\xff\xfe"]}',
    "nul_escapado": b'{"object":"whatsapp_business_account","entry":[{"id":"a\\u0000b"}]}',
    "nul_cru": b'{"object":"whatsapp_business_account"}\0',
    "substituto_solto": b'{"object":"whatsapp_business_account","entry":[{"id":"\\ud83d"}]}',
    "profundo": b'{"object":"whatsapp_business_account","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "profundo_lido": b'{"object":"whatsapp_business_account","entry":' + b"[" * 3_000 + b"]" * 3_000 + b"}",
    "numero_gigante": _NUMERO_GIGANTE,
    "outro_objeto": wm.corpo_de({**wm.amostra(21), "object": "page"}),
    "entradas_escalares": b'{"object":"whatsapp_business_account","entry":[1,"a",null,true]}',
    "marca_de_ordem": b"\xef\xbb\xbf" + wm.corpo_de(wm.amostra(21)),
}


@pytest.mark.parametrize("nome", ILEGIVEIS)
async def test_assinado_e_ilegivel_fica_em_quarentena(
    cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena, nome: str
) -> None:
    corpo = ILEGIVEIS[nome]
    recebidos, quarentena = wm.guardados(admin)
    assert (await postar(cliente_http, corpo)).status_code == 200
    assert wm.guardados(admin) == (recebidos, quarentena + 1)
    linha = admin.execute("select corpo, motivo from webhooks_quarentena order by id desc limit 1").fetchone()
    assert linha
    assert linha["corpo"] == corpo
    assert linha["motivo"]


class _Caido:
    """A database that stops answering at the n-th call."""

    def __init__(self, banco: Banco, na_chamada: int) -> None:
        self._banco, self._faltam = banco, na_chamada

    async def chamar(self, funcao: str, argumentos: Mapping[str, object]) -> bytes:
        self._faltam -= 1
        if self._faltam <= 0:
            raise indisponivel()
        return await self._banco.chamar(funcao, argumentos)


@pytest.mark.parametrize("na_chamada", [1, 2])
async def test_banco_fora_e_503_para_o_provedor_repetir(
    app: Litestar,
    cliente_http: httpx.AsyncClient,
    admin: Admin,
    aurora: Cena,
    monkeypatch: pytest.MonkeyPatch,
    na_chamada: int,
) -> None:
    monkeypatch.setattr(app.state, "ingresso", _Caido(app.state.ingresso, na_chamada), raising=False)
    with nada_guardado(admin):
        resposta = await postar(cliente_http, wm.corpo_de(wm.amostra(21)))
    assert resposta.status_code == 503
    recusa(resposta)
    assert resposta.headers["retry-after"] == "1"


# -- two tenants


async def test_segredo_de_um_nao_fala_do_outro(
    cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena, boreal: Cena
) -> None:
    corpo = wm.corpo_de(wm.envelope(wm.NUMERO_1, wm.CONTA_1, statuses=[wm.status("wamid.x", "sent")]))
    with nada_guardado(admin):
        assert (await postar(cliente_http, corpo, wm.assinar(corpo, "outro-segredo"))).status_code == 401


async def test_corpo_misto_guarda_so_o_que_o_segredo_prova(
    cliente_http: httpx.AsyncClient, admin: Admin, aurora: Cena, boreal: Cena
) -> None:
    """Boreal's app signs a body with a part of its own and one about Aurora's number."""
    dados = wm.envelope("300000000000001", "310000000000001", statuses=[wm.status("wamid.seu", "sent")])
    dados["entry"] += wm.envelope(wm.NUMERO_1, wm.CONTA_1, statuses=[wm.status("wamid.alheio", "failed")])["entry"]
    corpo = wm.corpo_de(dados)
    recebidos, quarentena = wm.guardados(admin)
    assert (await postar(cliente_http, corpo, wm.assinar(corpo, "outro-segredo"))).status_code == 200
    assert wm.guardados(admin) == (recebidos + 1, quarentena + 1)
    linha = admin.execute("select cliente_id, corpo from webhooks_recebidos order by id desc limit 1").fetchone()
    assert linha
    assert linha["cliente_id"] == boreal.cliente_id
    assert b"wamid.seu" in linha["corpo"]
    assert b"wamid.alheio" not in linha["corpo"]


async def test_um_app_de_dois_clientes_e_repartido(
    cliente_http: httpx.AsyncClient, admin: Admin, novo_cliente: Callable[..., Any], aurora: Cena
) -> None:
    outra = cenas.montar(admin, await novo_cliente("Mesmo app"), 1)
    wm.conectar(admin, outra.cliente_id, outra.conexao_id, wm.NUMERO_2, wm.CONTA_2)
    corpo = wm.corpo_de(wm.amostra(32))
    recebidos, quarentena = wm.guardados(admin)
    assert (await postar(cliente_http, corpo)).status_code == 200
    assert wm.guardados(admin) == (recebidos + 2, quarentena)
    partes = {
        x["cliente_id"]: json.loads(bytes(x["corpo"]))
        for x in admin.execute("select cliente_id, corpo from webhooks_recebidos order by id desc limit 2").fetchall()
    }
    original = wm.amostra(32)
    assert partes[aurora.cliente_id]["entry"] == original["entry"][:1]
    assert partes[outra.cliente_id]["entry"] == original["entry"][1:]


async def test_conta_de_muitos_numeros_nao_perde_nenhum(
    cliente_http: httpx.AsyncClient, admin: Admin, novo_cliente: Callable[..., Any]
) -> None:
    """Thirty numbers of one account in one body: each stores its part, nothing is left over."""
    sessao = await novo_cliente("Muitos números")
    conta = str(4 * 10**14 + secrets.randbelow(10**12))
    numeros = [str(5 * 10**14 + secrets.randbelow(10**12) * 100 + n) for n in range(30)]
    for numero in numeros:
        cena = cenas.montar(admin, sessao, 0)
        wm.conectar(admin, cena.cliente_id, cena.conexao_id, numero, conta, "segredo-de-muitos")
    dados = wm.envelope(numeros[0], conta, statuses=[])
    for numero in numeros[1:]:
        dados["entry"] += wm.envelope(numero, conta, statuses=[])["entry"]
    corpo = wm.corpo_de(dados)
    recebidos, quarentena = wm.guardados(admin)
    assert (await postar(cliente_http, corpo, wm.assinar(corpo, "segredo-de-muitos"))).status_code == 200
    assert wm.guardados(admin) == (recebidos + 30, quarentena)
    linha = admin.execute(
        "select count(distinct conexao_id) as n from webhooks_recebidos where cliente_id = %s", [sessao.cliente_id]
    ).fetchone()
    assert linha == {"n": 30}


async def test_tentativa_de_outro_cliente_nao_muda_nada(
    cliente_http: httpx.AsyncClient, banco_api: Banco, banco_worker: Banco, admin: Admin, aurora: Cena, boreal: Cena
) -> None:
    campanha = await criar_campanha(banco_api, boreal, p_contato_ids=boreal.contatos[:1])
    await iniciar(banco_api, boreal, campanha)
    (envio,) = (await pretender(banco_worker, boreal, await reservar(banco_worker, boreal, 1)))["envios"]
    de_boreal = "select to_jsonb(l) as l from campanhas_log as l where l.id = %s"
    antes = admin.execute(de_boreal, [envio["alvoId"]]).fetchone()
    wamid = f"wamid.{uuid4()}"
    itens = [wm.status(wamid, x, tentativa=envio["tentativaId"], erro=131050) for x in ("failed", "sent", "read")]
    corpo = wm.corpo_de(wm.envelope(wm.NUMERO_1, wm.CONTA_1, statuses=itens))
    assert (await postar(cliente_http, corpo)).status_code == 200
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=aurora.cliente_id, p_limite=500)
    assert admin.execute(de_boreal, [envio["alvoId"]]).fetchone() == antes
    linhas = admin.execute(
        "select distinct cliente_id, tentativa_id from status_recebidos where id_externo = %s", [wamid]
    ).fetchall()
    assert linhas == [{"cliente_id": aurora.cliente_id, "tentativa_id": None}]
    linha = admin.execute("select count(*) as n from consentimentos where origem = 'PROVEDOR'").fetchone()
    assert linha == {"n": 0}
