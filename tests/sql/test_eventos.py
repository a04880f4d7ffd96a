"""Real time in the database: every change told, numbered without a gap, to whoever may know and to nobody else."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, conversar


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Eventos"))


@pytest.fixture
def outra(url_de: Callable[[str], str], admin: Admin) -> Any:
    """Opens one more connection; each is a transaction of its own until it commits."""
    abertas: list[Admin] = []

    def abrir() -> Admin:
        conexao = psycopg.connect(url_de(admin.info.user), row_factory=dict_row)
        abertas.append(conexao)
        return conexao

    yield abrir
    for conexao in abertas:
        conexao.close()


async def publicar(banco: Banco, cliente_id: UUID, confirmado: int = 0) -> Any:
    return await chamar(banco, "worker.eventos_publicar", p_cliente_id=cliente_id, p_confirmado=confirmado)


async def calar(banco: Banco, cliente_id: UUID) -> int:
    """Number and confirm all there is; the last number."""
    ultimo: int = (await publicar(banco, cliente_id))["ultimo"]
    await publicar(banco, cliente_id, ultimo)
    return ultimo


async def desde(banco: Banco, sessao: Sessao, numero: int, **extra: object) -> Any:
    return await chamar(banco, "api.eventos_desde", **sessao.args, p_desde=numero, **extra)


def ditos(resposta: Any) -> set[tuple[str, str]]:
    return {(e["tipo"], e["alvoId"]) for e in resposta["eventos"]}


def pessoa(admin: Admin, cena: Cena, visibilidade: str, permissoes: tuple[str, ...] = ("conversas:ler",)) -> Sessao:
    linha = admin.execute(
        "insert into perfis (cliente_id, nome, visibilidade) values (%s, %s, %s) returning id",
        [cena.cliente_id, f"P {uuid4()}"[:40], visibilidade],
    ).fetchone()
    assert linha
    for permissao in permissoes:
        admin.execute(
            "insert into perfis_permissoes (cliente_id, perfil_id, permissao) values (%s, %s, %s)",
            [cena.cliente_id, linha["id"], permissao],
        )
    usuario = admin.execute(
        "insert into usuarios (cliente_id, perfil_id, nome, email) values (%s, %s, 'Pessoa', %s) returning id",
        [cena.cliente_id, linha["id"], f"{uuid4()}@exemplo.test"],
    ).fetchone()
    assert usuario
    return abrir_sessao(admin, cena.cliente_id, usuario["id"])


def equipe(admin: Admin, cena: Cena, *membros: Sessao) -> UUID:
    linha = admin.execute(
        "insert into equipes (cliente_id, nome) values (%s, %s) returning id", [cena.cliente_id, f"E {uuid4()}"]
    ).fetchone()
    assert linha
    for membro in membros:
        admin.execute(
            "insert into equipes_membros (cliente_id, equipe_id, usuario_id) values (%s, %s, %s)",
            [cena.cliente_id, linha["id"], membro.usuario_id],
        )
    return UUID(str(linha["id"]))


async def test_toda_mudanca_visivel_e_contada_e_so_ela(admin: Admin, banco_worker: Banco, cena: Cena) -> None:
    conversa = conversar(admin, cena, cena.contatos[0])
    linha = admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, origem, ocorrido_em)"
        " values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'oi', 'RECEBIDA', 'CONTATO', now()) returning id",
        [cena.cliente_id, conversa, cena.conexao_id],
    ).fetchone()
    assert linha
    time_ = equipe(admin, cena)
    este = [cena.cliente_id, conversa]
    usuario = cena.sessao.usuario_id
    casos: list[tuple[str, list[Any], set[tuple[str, str]]]] = [
        ("update conversas set prioridade = 'ALTA' where cliente_id = %s and id = %s", este,
         {("conversa_mudou", str(conversa))}),
        ("update conversas set ordem_ultima = 7, digitando_em = now() where cliente_id = %s and id = %s", este, set()),
        ("update conversas set nao_lidas = nao_lidas where cliente_id = %s and id = %s", este, set()),
        ("update mensagens set corpo = 'olá' where cliente_id = %s and id = %s", [cena.cliente_id, linha["id"]],
         {("mensagem_mudou", str(linha["id"]))}),
        ("update mensagens set tentativas = 2 where cliente_id = %s and id = %s", [cena.cliente_id, linha["id"]],
         set()),
        ("update contatos set email = 'a@b.c' where cliente_id = %s and id = %s", [cena.cliente_id, cena.contatos[0]],
         {("contato_mudou", str(cena.contatos[0]))}),
        ("update usuarios set nome = 'Outra' where cliente_id = %s and id = %s", [cena.cliente_id, usuario],
         {("usuario_mudou", str(usuario))}),
        ("update sessoes set renovada_em = now() where cliente_id = %s and usuario_id = %s",
         [cena.cliente_id, usuario], set()),
        ("update sessoes set revogada_em = now(), motivo = 'SAIU' where cliente_id = %s and usuario_id = %s",
         [cena.cliente_id, usuario], {("sessao_mudou", str(usuario))}),
        ("update equipes set nome = 'Nova' where cliente_id = %s and id = %s", [cena.cliente_id, time_],
         {("equipe_mudou", str(time_))}),
        ("insert into equipes_membros values (%s, %s, %s)", [cena.cliente_id, time_, usuario],
         {("equipe_mudou", str(time_))}),
        ("update conexoes set falhas_seguidas = 3 where cliente_id = %s and id = %s",
         [cena.cliente_id, cena.conexao_id], set()),
        ("update conexoes set nome = 'Loja' where cliente_id = %s and id = %s", [cena.cliente_id, cena.conexao_id],
         {("conexao_mudou", str(cena.conexao_id))}),
        ("update licencas set expira_em = now() where cliente_id = %s", [cena.cliente_id],
         {("cliente_mudou", str(cena.cliente_id))}),
        ("update clientes set nome = 'Outro nome' where id = %s", [cena.cliente_id],
         {("cliente_mudou", str(cena.cliente_id))}),
    ]  # fmt: skip
    for comando, valores, esperado in casos:
        numero = await calar(banco_worker, cena.cliente_id)
        admin.execute(comando.encode(), valores)
        eventos = (await publicar(banco_worker, cena.cliente_id, numero))["eventos"]
        assert {(e["tipo"], e["alvoId"]) for e in eventos} == esperado, comando


async def test_o_nome_da_pessoa_muda_a_conversa(admin: Admin, banco_worker: Banco, cena: Cena) -> None:
    conversa = conversar(admin, cena, cena.contatos[0])
    numero = await calar(banco_worker, cena.cliente_id)
    admin.execute("update contatos set nome = 'Novo' where id = %s", [cena.contatos[0]])
    eventos = (await publicar(banco_worker, cena.cliente_id, numero))["eventos"]
    assert {(e["tipo"], e["alvoId"]) for e in eventos} == {
        ("contato_mudou", str(cena.contatos[0])), ("conversa_mudou", str(conversa)),
    }  # fmt: skip


async def test_mudanca_em_massa_e_um_evento(admin: Admin, banco_worker: Banco, cena: Cena) -> None:
    numero = await calar(banco_worker, cena.cliente_id)
    admin.execute(
        "insert into contatos (cliente_id, nome) select %s, 'P' || n from generate_series(1, 500) as n",
        [cena.cliente_id],
    )
    eventos = (await publicar(banco_worker, cena.cliente_id, numero))["eventos"]
    assert [(e["tipo"], e["alvoId"]) for e in eventos] == [("contatos_mudaram", str(cena.cliente_id))]
    admin.execute("delete from contatos where cliente_id = %s and nome like 'P%%'", [cena.cliente_id])
    eventos = (await publicar(banco_worker, cena.cliente_id, eventos[-1]["numero"]))["eventos"]
    assert [(e["tipo"], e["alvoId"]) for e in eventos] == [("contatos_mudaram", str(cena.cliente_id))]


async def test_um_comando_em_dois_clientes_conta_a_cada_um(
    admin: Admin, banco_worker: Banco, cena: Cena, bia: Sessao
) -> None:
    """What a person does in psql reaches both, each with its own ids."""
    outra = cenas.montar(admin, bia, 2)
    numeros = {c: await calar(banco_worker, c) for c in (cena.cliente_id, bia.cliente_id)}
    admin.execute("update contatos set email = 'x@y.z' where id = any(%s)", [[cena.contatos[0], outra.contatos[0]]])
    for cliente_id, contato in ((cena.cliente_id, cena.contatos[0]), (bia.cliente_id, outra.contatos[0])):
        eventos = (await publicar(banco_worker, cliente_id, numeros[cliente_id]))["eventos"]
        assert [e["alvoId"] for e in eventos] == [str(contato)]


# -- numbers


class _Sorteio:
    """Transactions that begin, write and commit in a random order, with a reader that asks 'since n' all the time."""

    def __init__(self, semente: int, abrir: Callable[[], Admin], cena: Cena) -> None:
        self.sorte = random.Random(semente)
        self.abrir, self.cena = abrir, cena
        self.escritos: set[str] = set()

    def escrever(self, conexao: Admin, numero_na_escrita: str = "null") -> None:
        alvo = uuid4()
        conexao.execute(
            f"insert into eventos (cliente_id, tipo, alvo_id, numero)"
            f" values (%s, 'prova_mudou', %s, {numero_na_escrita})",
            [self.cena.cliente_id, alvo],
        )
        self.escritos.add(str(alvo))


@pytest.mark.parametrize("semente", range(3))
async def test_commit_tardio_nunca_e_pulado(
    semente: int, outra: Callable[[], Admin], banco_worker: Banco, banco_api: Banco, cena: Cena
) -> None:
    sorteio = _Sorteio(semente, outra, cena)
    lido = await calar(banco_worker, cena.cliente_id)
    abertas: list[Admin] = []
    vistos: list[str] = []
    numeros: list[int] = []

    async def olhar() -> None:
        nonlocal lido
        await publicar(banco_worker, cena.cliente_id)
        resposta = await desde(banco_api, cena.sessao, lido)
        assert not resposta["recarregar"]
        vistos.extend(e["alvoId"] for e in resposta["eventos"])
        numeros.extend(e["numero"] for e in resposta["eventos"])
        lido = resposta["numero"]

    for _ in range(60):
        acao = sorteio.sorte.random()
        if acao < 0.5 or not abertas:
            conexao = outra() if len(abertas) < 6 else sorteio.sorte.choice(abertas)
            sorteio.escrever(conexao)
            if conexao not in abertas:
                abertas.append(conexao)
        else:
            abertas.pop(sorteio.sorte.randrange(len(abertas))).commit()
        await olhar()
    for conexao in abertas:
        conexao.commit()
    await olhar()
    assert set(vistos) == sorteio.escritos and len(vistos) == len(sorteio.escritos)
    assert numeros == sorted(numeros) and len(set(numeros)) == len(numeros)


async def test_numerar_na_escrita_perderia(
    outra: Callable[[], Admin], admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena
) -> None:
    """Negative control: with numbers from a sequence, taken when the row is written, the same reader loses one."""
    lido = await calar(banco_worker, cena.cliente_id)
    admin.execute(f"create sequence if not exists prova_seq start {lido + 1}")
    sorteio = _Sorteio(0, outra, cena)
    cedo, tarde = outra(), outra()
    sorteio.escrever(cedo, "nextval('prova_seq')")
    sorteio.escrever(tarde, "nextval('prova_seq')")
    marcar = "update eventos_totais set ultimo = %s where cliente_id = %s"
    tarde.commit()
    admin.execute(marcar, [lido + 2, cena.cliente_id])
    primeira = await desde(banco_api, cena.sessao, lido)
    cedo.commit()
    segunda = await desde(banco_api, cena.sessao, primeira["numero"])
    vistos = {e["alvoId"] for e in primeira["eventos"] + segunda["eventos"]}
    assert len(vistos) == 1 and vistos < sorteio.escritos


async def test_quem_numera_espera_a_vez(outra: Callable[[], Admin], admin: Admin, cena: Cena) -> None:
    """Two publishers at once: the second waits for the row and gives later numbers, none twice."""
    import threading

    primeira, segunda = outra(), outra()
    admin.execute(
        "insert into eventos (cliente_id, tipo, alvo_id)"
        " select %s, 'prova_mudou', uuidv7() from generate_series(1, 50)",
        [cena.cliente_id],
    )
    primeira.execute("select worker.eventos_publicar(%s)", [cena.cliente_id])
    esperando = threading.Thread(
        target=lambda: (segunda.execute("select worker.eventos_publicar(%s)", [cena.cliente_id]), segunda.commit())
    )
    esperando.start()
    esperando.join(0.3)
    assert esperando.is_alive()
    admin.execute(
        "insert into eventos (cliente_id, tipo, alvo_id)"
        " select %s, 'prova_mudou', uuidv7() from generate_series(1, 50)",
        [cena.cliente_id],
    )
    primeira.commit()
    esperando.join(5)
    assert not esperando.is_alive()
    linhas = admin.execute("select numero from eventos where cliente_id = %s order by id", [cena.cliente_id]).fetchall()
    numeros = [linha["numero"] for linha in linhas]
    assert numeros == list(range(1, len(numeros) + 1))


async def test_o_que_muda_duas_vezes_entre_dois_olhares_conta_uma(
    admin: Admin, banco_worker: Banco, cena: Cena
) -> None:
    numero = await calar(banco_worker, cena.cliente_id)
    for nome in ("a@b.c", "d@e.f", "g@h.i"):
        admin.execute("update contatos set email = %s where id = %s", [nome, cena.contatos[0]])
    lidos = await publicar(banco_worker, cena.cliente_id, numero)
    assert [e["numero"] for e in lidos["eventos"]] == [numero + 1]


async def test_sem_confirmacao_conta_de_novo(admin: Admin, banco_worker: Banco, cena: Cena) -> None:
    """Who dies between numbering and telling is repeated by the next; what was confirmed is not."""
    numero = await calar(banco_worker, cena.cliente_id)
    admin.execute("update contatos set email = 'a@b.c' where id = %s", [cena.contatos[0]])
    primeira = await publicar(banco_worker, cena.cliente_id, numero)
    assert (await publicar(banco_worker, cena.cliente_id))["eventos"] == primeira["eventos"] != []
    pendentes = await chamar(banco_worker, "worker.eventos_pendentes", p_dono="w-um")
    assert str(cena.cliente_id) in pendentes["clientes"]
    assert (await publicar(banco_worker, cena.cliente_id, numero + 1))["eventos"] == []
    pendentes = await chamar(banco_worker, "worker.eventos_pendentes", p_dono="w-um")
    assert str(cena.cliente_id) not in pendentes["clientes"]
    await chamar(banco_worker, "worker.eventos_pendentes", p_dono="w-um", p_fim=True)


async def test_um_so_retransmite(admin: Admin, banco_worker: Banco) -> None:
    async def meu(dono: str) -> bool:
        return bool((await chamar(banco_worker, "worker.eventos_pendentes", p_dono=dono))["meu"])

    assert await meu("w-um") and not await meu("w-dois") and await meu("w-um")
    admin.execute("update retransmissores set ate = clock_timestamp() - interval '1 ms'")
    assert await meu("w-dois") and not await meu("w-um")
    await chamar(banco_worker, "worker.eventos_pendentes", p_dono="w-um", p_fim=True)
    assert not await meu("w-um"), "only its owner leaves the place"
    await chamar(banco_worker, "worker.eventos_pendentes", p_dono="w-dois", p_fim=True)
    assert await meu("w-um")
    await chamar(banco_worker, "worker.eventos_pendentes", p_dono="w-um", p_fim=True)


# -- since n


async def test_desde_diz_quando_recarregar(admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena) -> None:
    admin.execute(
        "insert into eventos (cliente_id, id, tipo, alvo_id)"
        " select %s, uuidv7(interval '-8 days'), 'prova_mudou', uuidv7() from generate_series(1, 20)",
        [cena.cliente_id],
    )
    ultimo = await calar(banco_worker, cena.cliente_id)
    assert not (await desde(banco_api, cena.sessao, 0))["recarregar"]
    assert await chamar(banco_worker, "worker.eventos_remover", p_cliente_id=cena.cliente_id) == 20
    velho = await desde(banco_api, cena.sessao, 0)
    assert (velho["recarregar"], velho["eventos"], velho["numero"]) == (True, [], ultimo)
    assert not (await desde(banco_api, cena.sessao, ultimo))["recarregar"]
    assert (await desde(banco_api, cena.sessao, ultimo + 1))["recarregar"], "a number that nobody gave"
    for errado in ({"numero": -1}, {"numero": 0, "p_limite": 0}, {"numero": 0, "p_limite": 1001}):
        with pytest.raises(Erro) as erro:
            await desde(banco_api, cena.sessao, **errado)
        assert erro.value.sqlstate == "22023"


async def test_desde_pagina_ate_o_fim(admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena) -> None:
    numero = await calar(banco_worker, cena.cliente_id)
    admin.execute(
        "insert into eventos (cliente_id, tipo, alvo_id)"
        " select %s, 'prova_mudou', uuidv7() from generate_series(1, 95)",
        [cena.cliente_id],
    )
    ultimo = await calar(banco_worker, cena.cliente_id)
    vistos = []
    while True:
        resposta = await desde(banco_api, cena.sessao, numero, p_limite=10)
        vistos += [e["numero"] for e in resposta["eventos"]]
        numero = resposta["numero"]
        if numero == resposta["ultimo"]:
            break
    assert vistos == list(range(ultimo - 94, ultimo + 1))


async def test_remover_so_o_que_ja_se_contou(admin: Admin, banco_worker: Banco, cena: Cena) -> None:
    await calar(banco_worker, cena.cliente_id)
    admin.execute(
        "insert into eventos (cliente_id, id, tipo, alvo_id)"
        " values (%s, uuidv7(interval '-8 days'), 'prova_mudou', uuidv7())",
        [cena.cliente_id],
    )
    assert await chamar(banco_worker, "worker.eventos_remover", p_cliente_id=cena.cliente_id) == 0
    await publicar(banco_worker, cena.cliente_id)
    assert await chamar(banco_worker, "worker.eventos_remover", p_cliente_id=cena.cliente_id) == 0
    await calar(banco_worker, cena.cliente_id)
    assert await chamar(banco_worker, "worker.eventos_remover", p_cliente_id=cena.cliente_id) == 1


# -- who may know


async def test_evento_de_conversa_chega_a_quem_a_ve_e_so_a_quem_a_ve(
    admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena
) -> None:
    """A property over every visibility, owner and team: before the change or after it, visible ⇔ told."""
    pessoas = {
        f"{visibilidade} {n}": pessoa(admin, cena, visibilidade)
        for visibilidade in ("PROPRIA", "EQUIPE", "TODAS")
        for n in (1, 2)
    }
    pessoas["sem permissão"] = pessoa(admin, cena, "TODAS", ())
    um = equipe(admin, cena, pessoas["PROPRIA 1"], pessoas["EQUIPE 1"])
    dois = equipe(admin, cena, pessoas["EQUIPE 1"], pessoas["EQUIPE 2"])
    vazia = equipe(admin, cena)
    conversa = conversar(admin, cena, cena.contatos[0])
    donos = [None, *(pessoas[p].usuario_id for p in ("PROPRIA 1", "PROPRIA 2", "EQUIPE 2", "TODAS 1"))]
    combinacoes = list(itertools.product(donos, [None, um, dois, vazia]))
    random.Random(7).shuffle(combinacoes)

    async def quem_ve() -> set[str]:
        vendo = set()
        for nome, sessao in pessoas.items():
            try:
                await chamar(banco_api, "api.conversa_obter", **sessao.args, p_id=conversa)
                vendo.add(nome)
            except Erro as erro:
                assert erro.status in (403, 404)
        return vendo

    vistas: set[frozenset[str]] = set()
    antes = await quem_ve()
    for dono, time_ in combinacoes:
        numero = await calar(banco_worker, cena.cliente_id)
        admin.execute(
            "update conversas set usuario_id = %s, equipe_id = %s, nao_lidas = nao_lidas + 1 where id = %s",
            [dono, time_, conversa],
        )
        await calar(banco_worker, cena.cliente_id)
        depois = await quem_ve()
        avisados = {
            nome
            for nome, sessao in pessoas.items()
            if ("conversa_mudou", str(conversa)) in ditos(await desde(banco_api, sessao, numero))
        }
        assert avisados == antes | depois, (dono, time_)
        vistas.add(frozenset(avisados))
        antes = depois
    assert len(vistas) >= 5, "the arrangement would not tell a predicate from another"


async def test_mensagem_nota_e_etiqueta_seguem_a_conversa(
    admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena
) -> None:
    dona, alheia = pessoa(admin, cena, "PROPRIA"), pessoa(admin, cena, "PROPRIA")
    conversa = conversar(admin, cena, cena.contatos[0])
    admin.execute("update conversas set usuario_id = %s where id = %s", [dona.usuario_id, conversa])
    numero = await calar(banco_worker, cena.cliente_id)
    este = [cena.cliente_id, conversa]
    nota = admin.execute(
        "insert into notas (cliente_id, conversa_id, usuario_id, texto) values (%s, %s, %s, 'veja') returning id",
        [*este, dona.usuario_id],
    ).fetchone()
    assert nota
    admin.execute(
        "insert into mencoes (cliente_id, conversa_id, nota_id, usuario_id) values (%s, %s, %s, %s)",
        [*este, nota["id"], alheia.usuario_id],
    )
    admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, status, origem, ocorrido_em)"
        " values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'RECEBIDA', 'CONTATO', now())",
        [*este, cena.conexao_id],
    )
    await calar(banco_worker, cena.cliente_id)
    assert {t for t, _ in ditos(await desde(banco_api, dona, numero))} == {
        "nota_mudou", "mensagem_mudou", "conversa_mudou",
    }  # fmt: skip
    assert ditos(await desde(banco_api, alheia, numero)) == {("mencao_mudou", str(alheia.usuario_id))}


async def test_contato_de_quem_o_ve(admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena) -> None:
    dona, alheia = (pessoa(admin, cena, "PROPRIA", ("contatos:ler",)) for _ in range(2))
    numero = await calar(banco_worker, cena.cliente_id)
    admin.execute("update contatos set responsavel_id = %s where id = %s", [dona.usuario_id, cena.contatos[0]])
    await calar(banco_worker, cena.cliente_id)
    esperado = ("contato_mudou", str(cena.contatos[0]))
    assert esperado in ditos(await desde(banco_api, alheia, numero)), "it was everybody's: the loser hears of it"
    numero = await calar(banco_worker, cena.cliente_id)
    admin.execute("update contatos set email = 'x@y.z' where id = %s", [cena.contatos[0]])
    await calar(banco_worker, cena.cliente_id)
    assert esperado in ditos(await desde(banco_api, dona, numero))
    assert ditos(await desde(banco_api, alheia, numero)) == set()


async def test_tipo_que_o_perfil_nao_le(admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena) -> None:
    com, sem = pessoa(admin, cena, "PROPRIA", ("campanhas:ler",)), pessoa(admin, cena, "TODAS")
    numero = await calar(banco_worker, cena.cliente_id)
    alvo = uuid4()
    admin.execute("select interno.avisar(%s, 'campanha_mudou', %s)", [cena.cliente_id, alvo])
    await calar(banco_worker, cena.cliente_id)
    assert ditos(await desde(banco_api, com, numero)) == {("campanha_mudou", str(alvo))}
    assert ditos(await desde(banco_api, sem, numero)) == set()


async def test_outro_cliente_nao_ouve_nada(
    admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena, bia: Sessao
) -> None:
    dela = await calar(banco_worker, bia.cliente_id)
    conversar(admin, cena, cena.contatos[0])
    await calar(banco_worker, cena.cliente_id)
    assert (await calar(banco_worker, bia.cliente_id)) == dela
    resposta = await desde(banco_api, bia, dela)
    assert resposta["eventos"] == [] and json.dumps(resposta).count(str(cena.cliente_id)) == 0


async def test_presenca_so_de_conversa_visivel(admin: Admin, banco_api: Banco, cena: Cena, bia: Sessao) -> None:
    dona, alheia = pessoa(admin, cena, "PROPRIA"), pessoa(admin, cena, "PROPRIA")
    conversa = conversar(admin, cena, cena.contatos[0])
    admin.execute("update conversas set usuario_id = %s where id = %s", [dona.usuario_id, conversa])
    vista = await chamar(banco_api, "api.conversa_presenca_obter", **dona.args, p_id=conversa)
    assert vista["usuarioId"] == str(dona.usuario_id)
    for sessao in (alheia, bia):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.conversa_presenca_obter", **sessao.args, p_id=conversa)
        assert erro.value.status == 404


async def test_so_anuncia_que_escreve_quem_pode_responder(
    admin: Admin, banco_api: Banco, cena: Cena, bia: Sessao
) -> None:
    leitora = pessoa(admin, cena, "TODAS")
    conversa = conversar(admin, cena, cena.contatos[0])
    quem = {"api.conversa_presenca_obter": None, "api.conversa_digitacao_obter": "ZPG01"}
    for funcao, codigo in quem.items():
        try:
            await chamar(banco_api, funcao, **leitora.args, p_id=conversa)
            assert codigo is None, funcao
        except Erro as erro:
            assert erro.codigo == codigo, funcao
    outro = pessoa(admin, cena, "TODAS", ("conversas:ler", "conversas:responder"))
    vista = await chamar(banco_api, "api.conversa_digitacao_obter", **outro.args, p_id=conversa)
    assert vista["usuarioId"] == str(outro.usuario_id)
    with pytest.raises(Erro) as alheia:
        await chamar(banco_api, "api.conversa_digitacao_obter", **bia.args, p_id=conversa)
    assert alheia.value.codigo == "ZNV01"
