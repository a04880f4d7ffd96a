"""The guard and what it keeps, over HTTP: never another tenant's, never another's view, never after the right ended."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from app.banco import Banco
from app.cache import PULSO, Pulso
from app.embutido import ServidorValkey
from app.http.guarda import LEMBRADAS
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


class Carteiro:
    """Carries the database's events to the cache as the relay does, every 20 ms."""

    def __init__(self, admin: Admin, redis: Redis) -> None:
        self._admin, self._redis, self._pulso = admin, redis, Pulso()
        self._visto = UUID(int=0)
        self._rodadas = 0
        self.parado = self.terminou = False

    async def levar(self) -> None:
        while not self.terminou:
            if not self.parado:
                linhas = self._admin.execute(
                    "select e.id, e.cliente_id,"
                    " interno.evento_marcas(e.tipo, e.alvo_id, e.conversa_id, e.topicos) as marcas"
                    " from eventos e where e.id > %s order by e.id",
                    [self._visto],
                ).fetchall()
                mudancas: dict[UUID, set[str]] = {}
                for linha in linhas:
                    mudancas.setdefault(linha["cliente_id"], set()).update(linha["marcas"])
                    self._visto = linha["id"]
                await self._pulso.bater(self._redis, mudancas)
                self._rodadas += 1
            await asyncio.sleep(0.02)

    async def entregar(self) -> None:
        """Return when what was committed before the call has been carried: the round in hand may have read earlier."""
        alvo = self._rodadas + 2
        while self._rodadas < alvo:
            await asyncio.sleep(0.005)

    async def calar(self) -> None:
        """Carry nothing, and return when the cache knows that nobody does."""
        self.parado = True
        while await self._redis.exists(PULSO):
            await asyncio.sleep(0.02)


@pytest.fixture
async def carteiro(admin: Admin, valkey: ServidorValkey, app: Litestar) -> AsyncIterator[Carteiro]:
    async with Redis.from_url(valkey.url) as redis:
        await redis.flushall()
        carteiro = Carteiro(admin, redis)
        tarefa = asyncio.create_task(carteiro.levar())
        app.state.guarda._cache._prazo_s = 5
        while not (await redis.exists(PULSO) and app.state.guarda.funcoes):
            await asyncio.sleep(0.01)
        yield carteiro
        # two that carry are two epochs, and nothing would stay; a cancellation may be lost inside the client
        carteiro.terminou = True
        await tarefa
        await redis.flushall()


@pytest.fixture(scope="module")
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Guarda"), 6)


def conversar(admin: Admin, cena: Cena, **colunas: Any) -> UUID:
    linha = admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, usuario_id, equipe_id, status, janela_expira_em)"
        " values (%s, %s, %s, %s, %s, %s, now() + interval '1 day') returning id",
        [
            cena.cliente_id, cena.conexao_id, colunas.get("contato_id", cena.contatos[0]), colunas.get("usuario_id"),
            colunas.get("equipe_id"), "EM_ATENDIMENTO" if colunas.get("usuario_id") else "ABERTA",
        ],
    ).fetchone()  # fmt: skip
    assert linha
    id_: UUID = linha["id"]
    return id_


def alguem(admin: Admin, cena: Cena) -> UUID:
    linha = admin.execute(
        "insert into contatos (cliente_id, nome) values (%s, 'Alguém') returning id", [cena.cliente_id]
    ).fetchone()
    assert linha
    id_: UUID = linha["id"]
    return id_


def _acertos() -> float:
    return sum(
        REGISTRY.get_sample_value("balcao_cache_total", {"namespace": ns, "resultado": "acerto"}) or 0
        for ns in ("conversas", "contatos", "perfis")
    )


async def _gente(admin: Admin, banco: Banco, dona: Sessao, visibilidade: str, equipes: list[UUID]) -> Sessao:
    """One more user of the tenant with this sight, in these teams."""
    todas = [x["codigo"] for x in admin.execute(
        "select codigo from permissoes where not implicita and not da_plataforma"
    )]  # fmt: skip
    nome = f"{visibilidade} {secrets.token_hex(3)}"
    perfil = await chamar(
        banco, "api.perfil_criar", **dona.args, p_nome=nome, p_visibilidade=visibilidade, p_permissoes=todas
    )
    usuario = await chamar(
        banco, "api.usuario_criar", **dona.args, p_nome=nome, p_email=f"{secrets.token_hex(5)}@exemplo.test",
        p_senha_hash="$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", p_perfil_id=perfil["id"],
    )  # fmt: skip
    for equipe in equipes:
        admin.execute("insert into equipes_membros values (%s, %s, %s)", [dona.cliente_id, equipe, usuario["id"]])
    return abrir_sessao(admin, dona.cliente_id, usuario["id"])


async def test_acerta_e_mostra_a_medida(cliente_http: httpx.AsyncClient, carteiro: Carteiro, cena: Cena) -> None:
    antes = _acertos()
    respostas = [await cliente_http.get("/api/conversas", headers=cena.sessao.cabecalho) for _ in range(3)]
    assert {r.status_code for r in respostas} == {200} and len({r.content for r in respostas}) == 1
    assert _acertos() == antes + 2
    texto = (await cliente_http.get("/metrics")).text
    assert 'balcao_cache_total{namespace="conversas",resultado="acerto"}' in texto


async def test_alheio_e_404_frio_e_quente(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, cena: Cena, bia: Sessao, banco_api: Banco
) -> None:
    """W-02: with the owner's answer warm under the same id, everybody else gets the body of an id that is nobody's."""
    dono = cena.sessao
    etiqueta = await chamar(banco_api, "api.etiqueta_criar", **dono.args, p_nome=secrets.token_hex(4))
    ids = {
        "/api/conversas/{}": conversar(admin, cena),
        "/api/conversas/{}/mensagens": conversar(admin, cena, contato_id=cena.contatos[1]),
        "/api/contatos/{}": cena.contatos[0],
        "/api/etiquetas/{}": etiqueta["id"],
        "/api/perfis/{}": dono.perfil_id,
    }
    for rota, id_ in ids.items():
        frio = await cliente_http.get(rota.format(id_), headers=bia.cabecalho)
        for _ in range(2):
            assert (await cliente_http.get(rota.format(id_), headers=dono.cabecalho)).status_code == 200, rota
        quente = await cliente_http.get(rota.format(id_), headers=bia.cabecalho)
        ninguem = await cliente_http.get(rota.format(uuid4()), headers=bia.cabecalho)
        assert frio.status_code == quente.status_code == ninguem.status_code == 404, rota
        assert frio.content == quente.content == ninguem.content, rota


async def test_cada_um_ve_o_seu(app: Litestar, carteiro: Carteiro, admin: Admin, cena: Cena, banco_api: Banco) -> None:
    """Every kept function, for every sight and user, in any order: what the guard answers is what the database
    answers to the same person, whoever warmed it."""
    dono = cena.sessao
    sul, norte = [
        UUID((await chamar(banco_api, "api.equipe_criar", **dono.args, p_nome=secrets.token_hex(4)))["id"])
        for _ in range(2)
    ]
    gente = [dono]
    for visibilidade, equipes in itertools.product(("TODAS", "EQUIPE", "PROPRIA"), ([], [sul], [sul], [norte, sul])):
        gente.append(await _gente(admin, banco_api, dono, visibilidade, equipes))
    donos = [None, *(quem.usuario_id for quem in gente)]
    conversas = [
        conversar(admin, cena, usuario_id=quem, equipe_id=equipe, contato_id=contato)
        for (quem, equipe), contato in zip(
            itertools.product(donos, (None, sul, norte)),
            [x["id"] for x in admin.execute(
                "insert into contatos (cliente_id, nome, telefone, responsavel_id, equipe_id)"
                " select %s, 'Pessoa ' || n, '+55219' || (10000000 + n), (%s::uuid[])[1 + n %% %s],"
                " (%s::uuid[])[1 + n %% 3]"
                " from generate_series(1, 42) as n returning id",
                [dono.cliente_id, donos, len(donos), [None, sul, norte]],
            ).fetchall()],
            strict=False,
        )
    ]  # fmt: skip
    contatos = [x["id"] for x in admin.execute("select id from contatos where cliente_id = %s", [dono.cliente_id])]
    objetos: dict[str, list[Any]] = {
        "api.conversas_obter": [conversas[:5], conversas],
        "api.conversa_obter": conversas, "api.mensagens_listar": conversas, "api.contato_obter": contatos,
        "api.etiqueta_obter": [uuid4()], "api.perfil_obter": [quem.perfil_id for quem in gente],
    }  # fmt: skip
    pedidos: list[tuple[Sessao, str, dict[str, object]]] = []
    sem_limite = {"api.eu_obter", "api.permissoes_listar", "api.conversas_contar"}
    for funcao, lembrada in LEMBRADAS.items():
        assert lembrada.objeto is None or funcao in objetos, f"{funcao}: say which things it may be asked about"
        if funcao in objetos:
            nome = lembrada.objeto or "p_id"
            sorteados = random.Random(5).sample(objetos[funcao], min(12, len(objetos[funcao])))
            argumentos: list[dict[str, object]] = [{nome: id_} for id_ in sorteados]
        else:
            argumentos = [{}] if funcao in sem_limite else [{}, {"p_limite": 5}]
        pedidos += [(quem, funcao, a) for quem in gente for a in argumentos]
    random.Random(9).shuffle(pedidos)
    antes, vistos = _acertos(), set()
    for quem, funcao, argumentos_ in pedidos + pedidos[:300]:
        pelo_guarda = await _tentar(app.state.guarda, funcao, {**quem.args, **argumentos_})
        assert pelo_guarda == await _tentar(banco_api, funcao, {**quem.args, **argumentos_}), (funcao, argumentos_)
        vistos.add((funcao, pelo_guarda))
    assert _acertos() - antes > len(pedidos) / 4, "nothing is shared: the walk proved nothing"
    assert len({x for x in vistos if x[0] == "api.conversas_listar"}) >= 8, "everybody saw the same"


async def _tentar(banco: Any, funcao: str, argumentos: dict[str, object]) -> str:
    try:
        lida = json.loads(await banco.chamar(funcao, argumentos))
        if funcao == "api.painel_obter":
            del lida["ate"]  # the instant of the answer
        return json.dumps(lida)
    except Exception as erro:
        return repr((getattr(erro, "status", None), getattr(erro, "corpo", erro)))


async def test_o_proprio_de_um_nao_esta_na_resposta_de_outro(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, cena: Cena, banco_api: Banco
) -> None:
    """Drafts and mentions, cold and warm, whoever warmed it: what is kept is one answer for all who see it."""
    ana, rui = [await _gente(admin, banco_api, cena.sessao, "TODAS", []) for _ in range(2)]
    conversa = conversar(admin, cena, contato_id=alguem(admin, cena))
    segredo = secrets.token_hex(8)
    await chamar(banco_api, "api.rascunho_atualizar", **ana.args, p_conversa_id=conversa, p_texto=segredo)
    await chamar(
        banco_api, "api.nota_criar", **rui.args, p_conversa_id=conversa, p_texto="Veja", p_mencoes=[ana.usuario_id]
    )
    for primeiro, segundo in ((ana, rui), (rui, ana)):
        admin.execute("update conversas set nao_lidas = nao_lidas + 1 where id = %s", [conversa])
        await carteiro.entregar()
        for rota in (f"/api/conversas/{conversa}", "/api/conversas"):
            antes = _acertos()
            lidas = [await cliente_http.get(rota, headers=q.cabecalho) for q in (primeiro, segundo, primeiro)]
            assert {r.status_code for r in lidas} == {200} and len({r.content for r in lidas}) == 1
            assert segredo.encode() not in lidas[0].content and _acertos() == antes + 2
        for rota in (f"/api/conversas/{conversa}/propria", "/api/conversas/proprias"):
            for _ in range(2):
                dela, dele = [(await cliente_http.get(rota, headers=q.cabecalho)).text for q in (ana, rui)]
                assert segredo in dela and segredo not in dele
                assert ('"mencoes": 1' in dela or '"quantas": 1' in dela) and '": 1' not in dele.replace(
                    "anteriores", ""
                )
    mencoes = {
        quem: (await cliente_http.get("/api/conversas?aba=MENCOES", headers=quem.cabecalho)).json()["dados"]
        for quem in (rui, ana, rui, ana)
    }
    assert mencoes[rui] == [] and [x["id"] for x in mencoes[ana]] == [str(conversa)]


async def test_quem_deixa_de_ver_deixa_de_ser_servido(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, cena: Cena, banco_api: Banco
) -> None:
    """One kept answer for every sight: warm by whoever sees the conversation, it is nothing to whoever does not."""
    ana, rui = [await _gente(admin, banco_api, cena.sessao, "PROPRIA", []) for _ in range(2)]
    conversa = conversar(admin, cena, usuario_id=ana.usuario_id, contato_id=alguem(admin, cena))
    rota, donos = f"/api/conversas/{conversa}", [ana, rui, ana]
    ninguem = await cliente_http.get(f"/api/conversas/{uuid4()}", headers=rui.cabecalho)
    for dono, outro in zip(donos, (rui, ana, rui), strict=True):
        admin.execute("update conversas set usuario_id = %s where id = %s", [dono.usuario_id, conversa])
        await carteiro.entregar()
        frio = await cliente_http.get(rota, headers=outro.cabecalho)
        for quem in (dono, cena.sessao, dono):
            assert (await cliente_http.get(rota, headers=quem.cabecalho)).status_code == 200
        antes = _acertos()
        quente = await cliente_http.get(rota, headers=outro.cabecalho)
        assert (frio.status_code, frio.content) == (quente.status_code, quente.content) == (404, ninguem.content)
        assert _acertos() == antes
        junto = await asyncio.gather(*(cliente_http.get(rota, headers=q.cabecalho) for q in (outro, dono) * 5))
        assert [r.status_code for r in junto] == [404, 200] * 5


async def test_a_lista_de_um_nao_envelhece_com_o_que_e_de_outro(
    app: Litestar, carteiro: Carteiro, admin: Admin, cena: Cena, banco_api: Banco
) -> None:
    """The version of a kept list moves when something in its reader's sight changes, and only then."""
    ana, rui = [await _gente(admin, banco_api, cena.sessao, "PROPRIA", []) for _ in range(2)]
    de_ana, de_rui = [
        conversar(admin, cena, usuario_id=quem.usuario_id, contato_id=alguem(admin, cena)) for quem in (ana, rui)
    ]

    async def versao(pedido: dict[str, object]) -> str:
        funcao = "api.conversas_listar"
        while True:
            _, pedida, _ = await app.state.guarda._provar(funcao, LEMBRADAS[funcao], pedido)
            leitura = pedida and await app.state.guarda._cache.ler(pedida)
            if leitura:
                return str(leitura.versao)
            await asyncio.sleep(0.05)

    async def versoes() -> list[str]:
        await carteiro.entregar()
        quais = itertools.product((ana, rui, cena.sessao), ("MINHAS", "TODAS"))
        return [await versao({**quem.args, "p_filtros": {"aba": aba}}) for quem, aba in quais]

    antes = await versoes()
    for mudada, movidas in ((de_rui, [0, 0, 1, 1, 0, 1]), (de_ana, [1, 1, 0, 0, 0, 1])):
        admin.execute("update conversas set nao_lidas = nao_lidas + 1 where id = %s", [mudada])
        depois = await versoes()
        assert [a != d for a, d in zip(antes, depois, strict=True)] == list(map(bool, movidas))
        antes = depois


async def test_um_cartao_e_o_mesmo_em_toda_aba(
    app: Litestar, carteiro: Carteiro, admin: Admin, cena: Cena, banco_api: Banco
) -> None:
    """A card that is kept for all who see it, asked for in every tab by every sight, whoever warmed it, before and
    after it changes hands and state: what the database says to the same person. Together, too."""
    [sul] = [UUID((await chamar(banco_api, "api.equipe_criar", **cena.sessao.args, p_nome=secrets.token_hex(4)))["id"])]
    gente = [cena.sessao]
    for visibilidade in ("TODAS", "EQUIPE", "PROPRIA", "PROPRIA"):
        gente.append(await _gente(admin, banco_api, cena.sessao, visibilidade, [sul]))
    donos = [None, *(quem.usuario_id for quem in gente)]
    conversas = [
        conversar(admin, cena, usuario_id=dono, equipe_id=equipe, contato_id=alguem(admin, cena))
        for dono, equipe in itertools.product(donos, (None, sul))
    ]
    sorte, acertos = random.Random(3), _acertos()
    await carteiro.entregar()
    for _ in range(6):
        pedidos = [
            (quem, {"p_ids": sorte.sample(conversas, sorte.choice((1, 1, 3, 12))), "p_filtros": filtros})
            for quem in gente
            for aba in ("MINHAS", "FILA", "TODAS", "MENCOES")
            for filtros in ({"aba": aba}, {"aba": aba, "status": ["ABERTA"]})
        ]
        sorte.shuffle(pedidos)
        certas = [await _tentar(banco_api, "api.conversas_obter", {**q.args, **p}) for q, p in pedidos]
        for _ in range(2):
            lidas = await asyncio.gather(
                *(_tentar(app.state.guarda, "api.conversas_obter", {**q.args, **p}) for q, p in pedidos)
            )
            assert list(lidas) == certas
        dono = sorte.choice(donos)
        admin.execute(
            "update conversas set usuario_id = %s, status = %s where id = any(%s)",
            [dono, "EM_ATENDIMENTO" if dono else "ABERTA", sorte.sample(conversas, 4)],
        )
        await carteiro.entregar()
    assert _acertos() > acertos + 50


async def test_uma_contagem_so_envelhece_com_o_que_conta(
    app: Litestar, carteiro: Carteiro, admin: Admin, cena: Cena, banco_api: Banco
) -> None:
    """A message leaves the counts of tabs and states as they are, unless something else is filtered; a change of owner
    or state moves those of whoever sees it, and one's own only when it is one's own. What is kept is what is true."""
    ana, rui = [await _gente(admin, banco_api, cena.sessao, "TODAS", []) for _ in range(2)]
    conversa = conversar(admin, cena, usuario_id=ana.usuario_id, contato_id=alguem(admin, cena))
    pedidos: list[tuple[Sessao, dict[str, object]]] = [
        (ana, {"p_filtros": {"aba": "MINHAS"}, "p_abas": ["MINHAS"]}),
        (rui, {"p_filtros": {"aba": "MINHAS"}, "p_abas": ["MINHAS"]}),
        (rui, {"p_filtros": {"aba": "TODAS", "status": ["ABERTA"]}, "p_abas": ["FILA", "TODAS"]}),
        (rui, {"p_filtros": {"aba": "MINHAS"}}),
        (rui, {"p_filtros": {"aba": "TODAS", "naoLidas": True}, "p_abas": ["FILA", "TODAS"]}),
    ]

    async def lidas() -> list[str]:
        funcao = "api.conversas_contar"
        return [await _tentar(app.state.guarda, funcao, {**quem.args, **pedido}) for quem, pedido in pedidos]

    async def faltas() -> list[bool]:
        """Which of them the database had to answer."""
        quais = []
        for quem, pedido in pedidos:
            antes = _acertos()
            await _tentar(app.state.guarda, "api.conversas_contar", {**quem.args, **pedido})
            quais.append(_acertos() == antes)
        return quais

    await carteiro.entregar()
    await lidas()
    for mudanca, movidas in (
        ("nao_lidas = nao_lidas + 1", [0, 0, 0, 0, 1]),
        ("status = 'AGUARDANDO_CLIENTE'", [1, 0, 1, 1, 1]),
        (f"usuario_id = '{rui.usuario_id}'", [1, 1, 1, 1, 1]),
    ):
        admin.execute(f"update conversas set {mudanca} where id = %s", [conversa])
        await carteiro.entregar()
        assert await faltas() == list(map(bool, movidas)), mudanca
        assert await lidas() == [
            await _tentar(banco_api, "api.conversas_contar", {**quem.args, **pedido}) for quem, pedido in pedidos
        ]


async def test_o_que_foi_juntado_nao_se_guarda_pelo_nome_antigo(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, cena: Cena
) -> None:
    """Asked by the id of one that is inside another, the answer follows the other."""
    nova = conversar(admin, cena, contato_id=alguem(admin, cena))
    velha = conversar(admin, cena, contato_id=alguem(admin, cena))
    admin.execute("set session_replication_role = replica")
    admin.execute("update conversas set fundida_em_id = %s where id = %s", [nova, velha])
    admin.execute("set session_replication_role = origin")
    for n in range(3):
        admin.execute("update conversas set nao_lidas = %s where id = %s", [n + 1, nova])
        await carteiro.entregar()
        for _ in range(2):
            lida = await cliente_http.get(f"/api/conversas/{velha}", headers=cena.sessao.cabecalho)
            assert (lida.json()["dados"]["id"], lida.json()["dados"]["naoLidas"]) == (str(nova), n + 1)


async def test_sem_permissao_e_a_mesma_recusa(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, cena: Cena, banco_api: Banco
) -> None:
    """Refused before the database is asked, with the body that the database gives."""
    quem = await _gente(admin, banco_api, cena.sessao, "TODAS", [])
    admin.execute(
        "delete from perfis_permissoes where cliente_id = %s and perfil_id = %s and permissao <> 'contatos:ler'",
        [quem.cliente_id, quem.perfil_id],
    )
    await carteiro.calar()  # the database answers
    do_banco = await cliente_http.get("/api/conversas", headers=quem.cabecalho)
    carteiro.parado = False
    await carteiro.entregar()
    assert (await cliente_http.get("/api/contatos", headers=quem.cabecalho)).status_code == 200
    chamadas: list[str] = []
    guarda = cliente_http._transport.app.state.guarda  # type: ignore[attr-defined]
    original = guarda._banco.chamar

    async def contar(funcao: str, argumentos: Any) -> bytes:
        chamadas.append(funcao)
        return bytes(await original(funcao, argumentos))

    guarda._banco.chamar = contar
    try:
        do_guarda = await cliente_http.get("/api/conversas", headers=quem.cabecalho)
    finally:
        del guarda._banco.chamar
    assert (do_guarda.status_code, do_guarda.content) == (403, do_banco.content) and chamadas == []


def _psql(comando: str) -> Callable[..., Any]:
    async def mudar(admin: Admin, banco: Banco, dona: Sessao, quem: Sessao, http: httpx.AsyncClient) -> None:
        admin.execute(comando, {"c": quem.cliente_id, "u": quem.usuario_id, "p": quem.perfil_id})

    return mudar


def _rota(metodo: str, rota: str, **corpo: Any) -> Callable[..., Any]:
    async def mudar(admin: Admin, banco: Banco, dona: Sessao, quem: Sessao, http: httpx.AsyncClient) -> None:
        de_quem = quem if rota.endswith("/sair") else dona
        resposta = await http.request(
            metodo, rota.format(u=quem.usuario_id, p=quem.perfil_id), headers=de_quem.cabecalho, json=corpo or None
        )
        assert resposta.status_code < 300, resposta.text

    return mudar


async def _suspender(admin: Admin, banco: Banco, dona: Sessao, quem: Sessao, http: httpx.AsyncClient) -> None:
    await chamar(banco, "plataforma.cliente_desativar", p_cliente_id=quem.cliente_id)


REVOGACOES = {
    "sair": (_rota("POST", "/api/autenticacao/sair"), 401, True),
    "desativar": (_rota("POST", "/api/usuarios/{u}/desativar"), 401, True),
    "rebaixar": (_rota("PATCH", "/api/perfis/{p}", permissoes=["contatos:ler"], versao=1), 403, True),
    "suspender": (_suspender, 403, False),
}
PELO_BANCO = {
    "sessao": (_psql("update sessoes set revogada_em = now() where cliente_id = %(c)s and usuario_id = %(u)s"), 401),
    "apagada": (_psql("delete from sessoes where cliente_id = %(c)s and usuario_id = %(u)s"), 401),
    "usuario": (_psql("update usuarios set ativo = false where cliente_id = %(c)s and id = %(u)s"), 401),
    "permissao": (
        _psql("delete from perfis_permissoes where cliente_id = %(c)s and perfil_id = %(p)s"
              " and permissao = 'conversas:ler'"), 403,
    ),
    "licenca": (_psql("update licencas set expira_em = now() - interval '1 second' where cliente_id = %(c)s"), 403),
    "cliente": (_psql("update clientes set ativo = false where id = %(c)s"), 403),
}  # fmt: skip
TODAS = [(nome, *x) for nome, x in REVOGACOES.items()] + [(f"psql {nome}", *x, False) for nome, x in PELO_BANCO.items()]


@pytest.mark.parametrize(("nome", "mudar", "status", "na_hora"), TODAS, ids=[x[0] for x in TODAS])
async def test_a_prova_cai(
    nome: str, mudar: Callable[..., Any], status: int, na_hora: bool, cliente_http: httpx.AsyncClient,
    carteiro: Carteiro, admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco, banco_plataforma: Banco,
) -> None:  # fmt: skip
    """At once by the edge's own hand, within a second by the database's events, whatever was warm."""
    dona = await novo_cliente("Prova")
    quem = await _gente(admin, banco_api, dona, "TODAS", [])
    for _ in range(3):
        assert (await cliente_http.get("/api/conversas", headers=quem.cabecalho)).status_code == 200
    carteiro.parado = na_hora
    laco = asyncio.get_running_loop()
    await mudar(admin, banco_plataforma, dona, quem, cliente_http)
    inicio = laco.time()
    while (resposta := await cliente_http.get("/api/conversas", headers=quem.cabecalho)).status_code == 200:
        assert not na_hora, "the edge did it itself: the next call must know"
        assert laco.time() - inicio < 1
        await asyncio.sleep(0.01)
    assert resposta.status_code == status


async def test_sem_redis_o_banco_decide(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, novo_cliente: Callable[..., Any],
    banco_api: Banco, app: Litestar, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Redis goes with the proof warm, the session ends meanwhile: no fail-open, and no error for the others."""
    dona = await novo_cliente("Sem Redis")
    quem = await _gente(admin, banco_api, dona, "TODAS", [])
    for sessao in (dona, quem):
        for _ in range(2):
            assert (await cliente_http.get("/api/conversas", headers=sessao.cabecalho)).status_code == 200

    async def fora(*_: Any, **__: Any) -> Any:
        raise ConnectionError("fora")

    cache = app.state.guarda._cache
    monkeypatch.setattr(cache, "_ler_roteiro", fora)
    admin.execute("update sessoes set revogada_em = now() where cliente_id = %s and usuario_id = %s",
                  [quem.cliente_id, quem.usuario_id])  # fmt: skip
    assert (await cliente_http.get("/api/conversas", headers=quem.cabecalho)).status_code == 401
    assert (await cliente_http.get("/api/conversas", headers=dona.cabecalho)).status_code == 200


async def test_token_renovado_deixa_o_velho(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, novo_cliente: Callable[..., Any]
) -> None:
    dona = await novo_cliente("Renova")
    entrou = await cliente_http.post("/api/autenticacao/entrar", json={"email": dona.email, "senha": "balcao-demo"})
    tokens = entrou.json()["dados"]
    velho = {"Authorization": f"Bearer {tokens['accessToken']}"}
    for _ in range(2):
        assert (await cliente_http.get("/api/contatos", headers=velho)).status_code == 200
    carteiro.parado = True
    novo = await cliente_http.post("/api/autenticacao/renovar", json={"refreshToken": tokens["refreshToken"]})
    assert novo.status_code == 200
    assert (await cliente_http.get("/api/contatos", headers=velho)).status_code == 401


async def test_prova_vence_com_a_sessao(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, novo_cliente: Callable[..., Any]
) -> None:
    dona = await novo_cliente("Vence")
    admin.execute("update sessoes set acesso_expira_em = now() + interval '1500 milliseconds' where cliente_id = %s",
                  [dona.cliente_id])  # fmt: skip
    assert (await cliente_http.get("/api/contatos", headers=dona.cabecalho)).status_code == 200
    await asyncio.sleep(1.6)
    assert (await cliente_http.get("/api/contatos", headers=dona.cabecalho)).status_code == 401


async def test_mudanca_em_psql_aparece(
    cliente_http: httpx.AsyncClient, carteiro: Carteiro, admin: Admin, cena: Cena
) -> None:
    """W-64: nobody told the edge anything, and the warm list and the warm detail follow."""
    conversa, laco = conversar(admin, cena, contato_id=cena.contatos[2]), asyncio.get_running_loop()
    esperas = []
    for n in range(20):
        rota = ["/api/conversas", f"/api/conversas/{conversa}"][n % 2]
        await asyncio.sleep(0.05)
        antes = (await cliente_http.get(rota, headers=cena.sessao.cabecalho)).content
        assert (await cliente_http.get(rota, headers=cena.sessao.cabecalho)).content == antes
        admin.execute("update conversas set nao_lidas = %s where cliente_id = %s and id = %s",
                      [n + 1, cena.cliente_id, conversa])  # fmt: skip
        inicio = laco.time()
        while (await cliente_http.get(rota, headers=cena.sessao.cabecalho)).content == antes:
            await asyncio.sleep(0.002)
        esperas.append(laco.time() - inicio)
    assert max(esperas) < 1, esperas
