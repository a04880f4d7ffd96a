"""Many at once: one winner, one voice, one open conversation, and a history that tells what happened."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.cenas import Admin
from tests.sql.mesa import Mesa, mesa, montar

__all__ = ["mesa", "montar"]
# what somebody who comes too late may be told; anything else is a defect
TARDE = {"ZCV01", "ZCV04", "ZCV20", "ZCV22", "ZCV24", "ZCG01", "ZNV01", "ZPV20", "ZRV34", "ZRV65", "ZRV68", "ZLV01"}


async def tentar(pedido: Any) -> str | None:
    try:
        await pedido
    except Erro as erro:
        return erro.codigo
    return None


async def assumir_juntos(mesa: Mesa, conversa: UUID, agentes: list[Sessao]) -> tuple[list[Sessao], list[BaseException]]:
    """Who got it, and what the others were told."""
    respostas = await asyncio.gather(
        *(mesa.fazer("assumir", conversa, agente) for agente in agentes), return_exceptions=True
    )
    ganharam = [a for a, r in zip(agentes, respostas, strict=True) if not isinstance(r, BaseException)]
    return ganharam, [r for r in respostas if isinstance(r, BaseException)]


async def test_cinquenta_assumem_um_consegue(mesa: Mesa) -> None:
    equipe = mesa.equipe()
    agentes = [mesa.agente("ATENDENTE", equipe, nome=f"Agente {n}") for n in range(50)]
    conversa = mesa.conversa(equipe=equipe)
    for _ in range(100):
        (quem,), recusas = await assumir_juntos(mesa, conversa, agentes)
        assert quem.usuario_id == mesa.estado(conversa)["usuario_id"] and len(recusas) == 49
        ditas = {(r.status, r.codigo, r.corpo.detalhe) if isinstance(r, Erro) else r for r in recusas}
        assert ditas == {(409, "ZCV20", str(quem.usuario_id))}
        await mesa.fazer("liberar", conversa, quem)
    assert Counter(mesa.historico(conversa)) == {"ASSUMIDA": 100, "LIBERADA": 100}


async def responder_juntos(mesa: Mesa, conversas: list[UUID], agentes: list[Sessao], texto: str) -> list[int]:
    """How many people answered each conversation, after everybody tried, from two tabs each, in any order."""
    pedidos = [(agente, conversa) for agente in agentes for conversa in conversas for _ in range(2)]
    random.Random(texto).shuffle(pedidos)
    codigos = await asyncio.gather(*(tentar(mesa.escrever(c, agente, texto)) for agente, c in pedidos))
    assert set(codigos) <= {None, "ZCV20"}
    autores = mesa.ver(
        "select m.conversa_id, array_agg(distinct m.usuario_id) as quem, array_agg(distinct v.usuario_id) as dono"
        " from mensagens m join conversas v on v.id = m.conversa_id"
        " where m.cliente_id = %s and m.corpo = %s group by m.conversa_id",
        mesa.cena.cliente_id,
        texto,
    )
    assert len(autores) == len(conversas)
    return [len(autor["quem"]) if autor["quem"] == autor["dono"] else -len(autor["quem"]) for autor in autores]


async def test_tempestade_de_respostas_uma_so_voz(mesa: Mesa) -> None:
    """Everybody answers everything at once: each conversation is answered by whoever got it, and nobody else."""
    equipe = mesa.equipe()
    agentes = [mesa.agente("SUPERVISOR", equipe, nome=f"Agente {n}") for n in range(8)]
    por_id = {a.usuario_id: a for a in agentes}
    conversas = [mesa.conversa(n, equipe=equipe) for n in range(3)]
    for rodada in range(6):
        assert await responder_juntos(mesa, conversas, agentes, f"rodada {rodada}") == [1, 1, 1], "a double reply"
        for conversa in conversas:
            await mesa.fazer("liberar", conversa, por_id[mesa.estado(conversa)["usuario_id"]])


@pytest.fixture
def estragar(admin: Admin) -> Iterator[Callable[[str, str, str], None]]:
    """A function of the product with a piece of its body replaced, until the test ends."""
    certas: list[str] = []

    def fazer(funcao: str, de: str, para: str) -> None:
        linha = admin.execute("select pg_get_functiondef(%s::regproc) as d", [funcao]).fetchone()
        assert linha and de in linha["d"]
        certas.append(linha["d"])
        admin.execute(linha["d"].replace(de, para))

    yield fazer
    for certa in certas:
        admin.execute(certa)


async def test_sem_a_trava_as_provas_veem(mesa: Mesa, estragar: Callable[[str, str, str], None]) -> None:
    """Negative control of both: a claim that does not wait has two winners, a voice that is not taken two authors."""
    equipe = mesa.equipe()
    agentes = [mesa.agente("SUPERVISOR", equipe) for _ in range(10)]
    conversas = [mesa.conversa(n, equipe=equipe) for n in range(3)]
    estragar("api.conversa_assumir", "for no key update;", "; perform pg_sleep(0.05);")
    ganharam, _ = await assumir_juntos(mesa, conversas[0], agentes)
    assert len(ganharam) > 1
    mesa.admin.execute("update conversas set usuario_id = null, status = 'ABERTA' where id = %s", [conversas[0]])
    estragar(
        "interno.conversa_voz", "return interno.conversa_tomar(", "return v_conversa; perform interno.conversa_tomar("
    )
    assert min(await responder_juntos(mesa, conversas, agentes, "todos")) < 0


def conferir_historia(mesa: Mesa) -> int:
    """Each row begins where the one before it ended, and the last one where the conversation is."""
    linhas = 0
    for conversa in mesa.ver("select * from conversas where cliente_id = %s", mesa.cena.cliente_id):
        agora: dict[str, Any] = {}
        for h in mesa.ver(
            "select tipo, dados from conversas_historico where conversa_id = %s order by ocorrido_em, id",
            conversa["id"],
        ):
            linhas += 1
            for chave, valor in h["dados"].get("de", {}).items():
                assert agora.get(chave, valor) == valor, (conversa["id"], h)
            agora |= h["dados"].get("para", {})
        assert agora.get("status", conversa["status"]) == conversa["status"]
        dono = conversa["usuario_id"] and str(conversa["usuario_id"])
        assert agora.get("usuarioId", dono) == dono
    return linhas


async def test_uma_historia_falsa_e_vista(mesa: Mesa) -> None:
    """Negative control: a row that begins elsewhere, a change that no row tells."""
    conversa = mesa.conversa()
    await mesa.fazer("assumir", conversa)
    assert conferir_historia(mesa) == 1
    mesa.admin.execute("alter table conversas disable trigger _040_historiar")
    mesa.admin.execute("update conversas set status = 'ABERTA', usuario_id = null where id = %s", [conversa])
    mesa.admin.execute("alter table conversas enable trigger _040_historiar")
    with pytest.raises(AssertionError):
        conferir_historia(mesa)
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    with pytest.raises(AssertionError):
        conferir_historia(mesa)


@pytest.mark.parametrize("semente", range(6))
async def test_ao_acaso_nada_se_quebra(montar: Callable[..., Any], semente: int) -> None:
    """Two tenants, people and the intake doing whatever they do, at once: the invariants hold and nobody crosses."""
    sorte = random.Random(semente)
    cenario: list[tuple[Mesa, list[Sessao], list[UUID], list[UUID]]] = []
    for _ in range(2):
        m: Mesa = await montar(3)
        equipes = [m.equipe(), m.equipe()]
        agentes = [m.agente("SUPERVISOR", *equipes) for _ in range(3)] + [m.agente("ATENDENTE", equipes[0])]
        m.admin.execute(
            "update conexoes set reabertura = %s, reabertura_horas = %s, equipe_id = %s where id = %s",
            [sorte.choice(["REABRIR", "NOVA"]), sorte.choice([0, 24]), equipes[0], m.cena.conexao_id],
        )
        cenario.append((m, agentes, equipes, [m.conversa(n, equipe=equipes[0]) for n in range(3)]))

    async def algo(aqui: int) -> str | None:
        m, agentes, equipes, _ = cenario[aqui]
        sessao = sorte.choice(agentes)
        conversas = [v["id"] for v in m.ver("select id from conversas where cliente_id = %s", m.cena.cliente_id)]
        conversa = sorte.choice(conversas)
        escolha = sorte.randrange(12)
        if escolha == 0:
            return await tentar(m.chegar(sorte.randrange(3)))
        if escolha == 1:
            alheias = cenario[1 - aqui][3]
            return await tentar(
                chamar(
                    m.banco_api, "api.conversas_atualizar", **m.dona.args, p_ids=[*conversas, *alheias],
                    p_acao="PRIORIZAR", p_prioridade=sorte.choice(["ALTA", "BAIXA"]),
                )
            )  # fmt: skip
        if escolha == 2:
            return await tentar(m.escrever(conversa, sessao, p_assumir=sorte.random() < 0.3))
        atos: list[tuple[str, dict[str, Any]]] = [
            ("assumir", {"p_tomar": sorte.random() < 0.5}),
            ("atribuir", {"p_usuario_id": sorte.choice(agentes[:3]).usuario_id}),
            ("transferir", {"p_equipe_id": sorte.choice(equipes)}),
            ("liberar", {}),
            ("aguardar", {}),
            ("adiar", {"p_ate": datetime.now(UTC) + timedelta(seconds=sorte.choice([0.2, 3600]))}),
            ("resolver", {"p_motivo_id": m.motivo()}),
            ("reabrir", {"p_assumir": sorte.random() < 0.5}),
            ("desfazer", {}),
        ]
        verbo, extra = atos[escolha - 3]
        return await m.recusa(verbo, conversa, sessao, **extra)

    codigos: Counter[str | None] = Counter()
    for _ in range(12):
        codigos.update(await asyncio.gather(*(algo(sorte.randrange(2)) for _ in range(14))))
        for m, *_ in cenario:
            assert m.quebradas() == []
    assert set(codigos) <= TARDE | {None} and codigos[None] >= 40, codigos
    for m, *_ in cenario:
        await m.trabalhar()
        assert m.quebradas() == [] and conferir_historia(m) > 10
        assert (
            m.ver(
                "select from conversas where cliente_id = %s and status <> 'RESOLVIDA'"
                " group by conexao_id, contato_id having count(*) > 1",
                m.cena.cliente_id,
            )
            == []
        )
        presas = m.ver("select status, erro_texto from webhooks_recebidos where cliente_id = %s", m.cena.cliente_id)
        assert {p["status"] for p in presas} <= {"PROCESSADO"}, presas
        alheios = m.ver(
            "select from conversas v join usuarios u on u.id = v.usuario_id"
            " where v.cliente_id = %s and u.cliente_id <> v.cliente_id",
            m.cena.cliente_id,
        )
        assert alheios == []


@pytest.mark.parametrize(("politica", "horas", "conversas"), [("REABRIR", 24, 1), ("REABRIR", 0, 2), ("NOVA", 24, 2)])
async def test_dez_ao_mesmo_tempo_depois_de_resolvida(mesa: Mesa, politica: str, horas: int, conversas: int) -> None:
    mesa.admin.execute(
        "update conexoes set reabertura = %s, reabertura_horas = %s where id = %s",
        [politica, horas, mesa.cena.conexao_id],
    )
    for n in range(3):
        conversa = mesa.conversa(n)
        for rodada in range(4):
            aberta = mesa.um(
                "select id from conversas where contato_id = %s and status <> 'RESOLVIDA'", mesa.cena.contatos[n]
            )["id"]
            await mesa.fazer("resolver", aberta, p_motivo_id=mesa.motivo())
            for _ in range(10):
                await mesa.receber(n)
            await asyncio.gather(
                *(
                    chamar(mesa.banco_worker, "worker.interno_executar", p_cliente_id=mesa.cena.cliente_id, p_limite=1)
                    for _ in range(10)
                )
            )
            await mesa.trabalhar()
            linhas = mesa.ver(
                "select status, nao_lidas from conversas where contato_id = %s order by id", mesa.cena.contatos[n]
            )
            assert len(linhas) == 1 + (rodada + 1) * (conversas - 1)
            assert [x["status"] for x in linhas if x["status"] != "RESOLVIDA"] == ["ABERTA"]
        guardadas = mesa.um(
            "select count(*) as n from mensagens m join conversas v on v.id = m.conversa_id where v.contato_id = %s",
            mesa.cena.contatos[n],
        )["n"]
        assert guardadas == 40 and mesa.quebradas() == []
        assert mesa.historico(conversa).count("REABERTA") == (4 if conversas == 1 else 0)


async def test_reabrir_enquanto_alguem_comeca_outra(mesa: Mesa, url_de: Callable[[str], str]) -> None:
    """The intake waits for whoever is beginning another conversation with the person, and joins it."""
    conversa = mesa.conversa()
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    await mesa.receber(0)
    with psycopg.connect(url_de("postgres")) as outra:
        nova = outra.execute(
            "insert into conversas (cliente_id, conexao_id, contato_id) values (%s, %s, %s) returning id",
            [mesa.cena.cliente_id, mesa.cena.conexao_id, mesa.cena.contatos[0]],
        ).fetchone()
        assert nova
        chegando = asyncio.create_task(mesa.trabalhar())
        await asyncio.sleep(0.3)
        assert not chegando.done(), "it has to wait"
        outra.commit()
        await chegando
    assert mesa.estado(conversa)["status"] == "RESOLVIDA"
    (m,) = mesa.ver("select conversa_id from mensagens where cliente_id = %s", mesa.cena.cliente_id)
    assert m["conversa_id"] == nova[0]


async def test_acordar_nunca_espera_por_ninguem(mesa: Mesa, url_de: Callable[[str], str]) -> None:
    conversa = mesa.conversa()
    await mesa.fazer("adiar", conversa, p_ate=datetime.now(UTC) + timedelta(hours=1))
    mesa.admin.execute("update conversas set adiada_ate = now() - interval '1 second' where id = %s", [conversa])
    mesa.admin.execute("update fila set executar_em = now() where cliente_id = %s", [mesa.cena.cliente_id])
    with psycopg.connect(url_de("postgres")) as outra:
        outra.execute("select from conversas where id = %s for no key update", [conversa])
        await asyncio.wait_for(mesa.trabalhar(), 1.5)
        assert mesa.estado(conversa)["status"] == "ADIADA"
        outra.rollback()
    (f,) = mesa.ver(
        "select executar_em > clock_timestamp() as depois from fila where cliente_id = %s", mesa.cena.cliente_id
    )
    assert f["depois"]
    mesa.admin.execute("update fila set executar_em = now() where cliente_id = %s", [mesa.cena.cliente_id])
    await mesa.trabalhar()
    assert mesa.estado(conversa)["status"] == "ABERTA"
