"""The queue asks before it gives: one person at a time for a conversation, one conversation at a time for a person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.embutido import SUPERUSUARIO
from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.salao import Automatica, Salao, salao

__all__ = ["salao"]
VIVAS = "select id, conversa_id, usuario_id, expira_em from ofertas where cliente_id = $c and fim is null"


@dataclass
class Oferece(Automatica):
    """A team whose queue offers."""

    def vivas(self) -> dict[UUID, UUID]:
        """Who is offered what."""
        return {o["usuario_id"]: o["conversa_id"] for o in self.salao.ver(VIVAS)}

    def oferta(self, pessoa: Sessao) -> UUID:
        (linha,) = [o for o in self.salao.ver(VIVAS) if o["usuario_id"] == pessoa.usuario_id]
        return UUID(str(linha["id"]))

    def fins(self) -> list[str]:
        return [
            o["fim"]
            for o in self.salao.ver("select fim from ofertas where cliente_id = $c and fim is not null order by id")
        ]

    async def responder(self, como: str, pessoa: Sessao, id_: UUID | None = None) -> Any:
        return await self.salao.chamar(f"api.oferta_{como}", pessoa, p_id=id_ or self.oferta(pessoa))

    async def vencer(self, pessoa: Sessao) -> None:
        """Her time is over, and the worker looks."""
        id_ = self.oferta(pessoa)
        self.salao.ver("update ofertas set expira_em = clock_timestamp() where id = %s returning id", id_)
        self.salao.admin.execute("update fila set executar_em = clock_timestamp() where tipo = 'oferta_vencer'")
        await self.rodar()

    async def rodar(self, depois: float = 0) -> None:
        """The worker, until nothing is due; `depois`: so many seconds later."""
        self.salao.admin.execute(
            "update fila set executar_em = executar_em - %s * interval '1 second'"
            " where cliente_id = %s and tipo like '%%distribuir'",
            [depois, self.salao.cena.cliente_id],
        )
        self.salao.admin.execute(
            "update ofertas set encerrada_em = encerrada_em - %s * interval '1 second' where cliente_id = %s",
            [depois, self.salao.cena.cliente_id],
        )
        while await chamar(self.salao.banco_worker, "worker.interno_executar", p_cliente_id=self.salao.cena.cliente_id):
            pass


async def oferece(salao: Salao, *membros: Sessao, segundos: int = 20) -> Oferece:
    equipe = await salao.equipe(*membros)
    await salao.chamar(
        "api.equipe_atendimento_atualizar", p_id=equipe, p_calendario_id=None, p_distribuicao="AUTOMATICA",
        p_oferta_segundos=segundos,
    )  # fmt: skip
    return Oferece(salao, equipe)


async def test_oferecida_recusada_passa_ao_seguinte_e_aceita(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    fila = await oferece(salao, ivo, lia)
    salao.admin.execute("update usuarios set recebeu_em = now() where id = %s", [lia.usuario_id])
    id_ = fila.chegar()
    await fila.rodar()
    assert fila.vivas() == {ivo.usuario_id: id_}
    assert fila.donos(id_) == [None], "it goes on waiting"
    atual = (await salao.chamar("api.oferta_obter", ivo))["oferta"]
    assert (atual["conversaId"], atual["segundos"]) == (str(id_), 20)
    assert 15_000 < atual["restamMs"] <= 20_000
    assert (await salao.chamar("api.oferta_obter", lia))["oferta"] is None
    # told as other things are, to her alone
    for pessoa, ditos in ((ivo, [("OFERTA", str(id_))]), (lia, [])):
        avisos = (await salao.chamar("api.avisos_obter", pessoa))["avisos"]
        assert [(a["tipo"], a["conversaId"]) for a in avisos] == ditos
    recusada = fila.oferta(ivo)
    await fila.responder("recusar", ivo)
    await fila.rodar()
    assert fila.vivas() == {lia.usuario_id: id_}
    with pytest.raises(Erro) as erro:
        await fila.responder("aceitar", ivo, recusada)
    assert erro.value.codigo == "ZCA07"
    with pytest.raises(Erro) as erro:
        await fila.responder("aceitar", ivo, fila.oferta(lia))
    assert erro.value.codigo == "ZNA03"
    aceita = fila.oferta(lia)
    for _ in range(2):
        dada = await fila.responder("aceitar", lia, aceita)
        assert (dada["conversa"]["id"], dada["conversa"]["usuarioId"]) == (str(id_), str(lia.usuario_id))
    historico = salao.ver("select usuario_id from conversas_historico where cliente_id = $c and conversa_id = %s", id_)
    assert [h["usuario_id"] for h in historico] == [lia.usuario_id], "given once, as by a claim"
    assert fila.fins() == ["RECUSADA", "ACEITA"]
    assert salao.ver("select from fila where cliente_id = $c and tipo = 'oferta_vencer' and executar_em < now()") == []


async def test_a_quem_recusou_so_depois_dos_outros_e_descansada(salao: Salao) -> None:
    ivo, lia, rui = await salao.atendentes(3)
    fila = await oferece(salao, ivo, lia, rui)
    id_ = fila.chegar()
    await fila.rodar()
    ordem = []
    for _ in range(3):
        (quem,) = fila.vivas()
        ordem.append(quem)
        await fila.responder("recusar", next(p for p in (ivo, lia, rui) if p.usuario_id == quem))
        await fila.rodar()
    assert len(set(ordem)) == 3 and fila.vivas() == {}, "all have had it: it rests"
    await fila.rodar(50)
    assert fila.vivas() == {}
    await fila.rodar(11)
    (outra,) = fila.vivas()
    assert outra in ordem and fila.vivas()[outra] == id_
    # it leaves the queue and comes back: another wait, everybody may have it again at once
    salao.resolver(id_)
    assert fila.vivas() == {}
    salao.voltar(id_)
    await fila.rodar()
    assert set(fila.vivas().values()) == {id_}


async def test_recusada_enquanto_outra_lhe_e_oferecida_nao_se_perde(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1)
    fila = await oferece(salao, ivo)
    primeira, segunda = fila.chegar(9), fila.chegar(5)
    await fila.rodar()
    for id_ in (primeira, segunda):
        assert fila.vivas() == {ivo.usuario_id: id_}, "the longest wait first, one at a time"
        await fila.responder("recusar", ivo)
        await fila.rodar()
    assert fila.vivas() == {}
    await fila.rodar(61)
    assert fila.vivas() == {ivo.usuario_id: primeira}


async def test_vencida_passa_ao_seguinte_e_duas_seguidas_poem_em_pausa(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    fila = await oferece(salao, ivo, lia)
    salao.admin.execute("update usuarios set recebeu_em = now() where id = %s", [lia.usuario_id])
    id_ = fila.chegar()
    await fila.rodar()
    antiga = fila.oferta(ivo)
    # decided by the database's clock, whether the worker has looked or not
    salao.ver("update ofertas set expira_em = clock_timestamp() where id = %s returning id", antiga)
    with pytest.raises(Erro) as erro:
        await fila.responder("aceitar", ivo)
    assert erro.value.codigo == "ZCA07"
    assert (await salao.chamar("api.oferta_obter", ivo))["oferta"] is None
    await fila.vencer(ivo)
    assert fila.vivas() == {lia.usuario_id: id_}
    await fila.responder("aceitar", lia)
    assert (await salao.chamar("api.atendimento_obter", ivo))["disponibilidade"] == "DISPONIVEL"
    outra = fila.chegar()
    await fila.rodar()
    assert fila.vivas() == {ivo.usuario_id: outra}
    await fila.vencer(ivo)
    mesa = await salao.chamar("api.oferta_obter", ivo)
    assert mesa["disponibilidade"] == "PAUSA" and "2 ofertas" in mesa["disponibilidadeMotivo"]
    assert fila.vivas() == {lia.usuario_id: outra}
    # back, and one lapse more is not two
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="DISPONIVEL")
    await fila.responder("recusar", lia)
    await fila.rodar(61)
    if ivo.usuario_id in fila.vivas():
        await fila.vencer(ivo)
    assert (await salao.chamar("api.oferta_obter", ivo))["disponibilidade"] == "DISPONIVEL"


async def test_o_worker_espera_o_instante_e_nao_quem_a_segura(salao: Salao, url_de: Any) -> None:
    (ivo,) = await salao.atendentes(1)
    fila = await oferece(salao, ivo, segundos=5)
    fila.chegar()
    await fila.rodar()
    (trabalho,) = salao.ver("select executar_em from fila where cliente_id = $c and tipo = 'oferta_vencer'")
    (viva,) = salao.ver(VIVAS)
    assert trabalho["executar_em"] == viva["expira_em"] < datetime.now(UTC) + timedelta(seconds=6)
    with psycopg.connect(url_de(SUPERUSUARIO)) as outra:
        outra.execute("select from conversas where id = %s for update", [viva["conversa_id"]])
        await fila.vencer(ivo)
        assert fila.vivas() == {ivo.usuario_id: viva["conversa_id"]}, "somebody acts on it: a second later"
    await fila.vencer(ivo)
    assert fila.fins() == ["VENCIDA"]


async def test_uma_oferta_ocupa_uma_vaga(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1, capacidade=2)
    fila = await oferece(salao, ivo)
    logo = Automatica(salao, await salao.equipe(ivo))
    await salao.chamar(
        "api.equipe_atendimento_atualizar", p_id=logo.equipe, p_calendario_id=None, p_distribuicao="AUTOMATICA"
    )
    oferecida = fila.chegar()
    await fila.rodar()
    dadas = [logo.chegar(n) for n in (3, 2)]
    await fila.rodar()
    assert logo.donos(*dadas) == [ivo.usuario_id, None], "two slots: one serves, one is offered"
    (vista,) = [f for f in (await salao.chamar("api.filas_listar", ivo))["dados"] if f["id"] == str(fila.equipe)]
    assert vista["vagas"] == 0
    assert await salao.proximo(ivo) == oferecida, "what is offered comes first"
    assert fila.fins() == ["ACEITA"]
    assert await salao.recusa(ivo) == "ZCA05"


async def test_quem_puxa_pula_o_que_e_oferecido_e_quem_assume_encerra(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    fila = await oferece(salao, ivo, lia)
    await salao.chamar("api.disponibilidade_atualizar", lia, p_disponibilidade="PAUSA")
    antiga, nova = fila.chegar(9), fila.chegar(1)
    await fila.rodar()
    assert fila.vivas() == {ivo.usuario_id: antiga}
    salao.admin.execute("update usuarios set disponibilidade = 'DISPONIVEL' where id = %s", [lia.usuario_id])
    assert await salao.proximo(lia) == nova
    assert await salao.proximo(lia) is None
    await salao.chamar("api.conversa_assumir", lia, p_id=antiga)
    assert fila.vivas() == {} and fila.fins() == ["ENCERRADA"]
    assert (await salao.chamar("api.oferta_obter", ivo))["oferta"] is None
    # nobody has looked at one that is over: it is anybody's
    terceira = fila.chegar()
    await fila.rodar()
    salao.admin.execute("update ofertas set expira_em = clock_timestamp() where fim is null")
    quem = lia if ivo.usuario_id in fila.vivas() else ivo
    assert await salao.proximo(quem) == terceira


@pytest.mark.parametrize(
    "como", ["pausa", "desativado", "perfil", "permissao", "equipe", "manual", "logo", "bot", "transferida"]
)
async def test_o_que_encerra_uma_oferta(salao: Salao, como: str) -> None:
    ivo, lia = await salao.atendentes(2)
    fila = await oferece(salao, ivo, lia)
    salao.admin.execute("update usuarios set recebeu_em = now() where id = %s", [lia.usuario_id])
    id_ = fila.chegar()
    await fila.rodar()
    assert fila.vivas() == {ivo.usuario_id: id_}
    sql = {
        "desativado": "update usuarios set ativo = false where id = %(u)s",
        "perfil": "update usuarios set perfil_id = (select p.id from perfis p where p.cliente_id = %(c)s and not exists"
        " (select from perfis_permissoes x where x.perfil_id = p.id and x.permissao = 'conversas:responder') limit 1)"
        " where id = %(u)s",
        "permissao": "delete from perfis_permissoes where cliente_id = %(c)s and perfil_id = %(p)s"
        " and permissao = 'conversas:responder'",
        "equipe": "delete from equipes_membros where usuario_id = %(u)s",
        "manual": "update equipes set distribuicao = 'MANUAL' where id = %(e)s",
        "logo": "update equipes set oferta_segundos = 0 where id = %(e)s",
        "bot": "update conversas set controle = 'BOT' where id = %(v)s",
        "transferida": "update conversas set equipe_id = null where id = %(v)s",
    }
    if como == "perfil":
        salao.admin.execute("insert into perfis (cliente_id, nome) values (%s, 'Mudo')", [salao.cena.cliente_id])
    if como == "pausa":
        await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="PAUSA")
    else:
        salao.admin.execute(
            sql[como],
            {"u": ivo.usuario_id, "c": salao.cena.cliente_id, "p": ivo.perfil_id, "e": fila.equipe, "v": id_},
        )
    assert fila.fins() == ["ENCERRADA"] and fila.vivas() == {}
    avisos = salao.ver("select topicos from eventos where cliente_id = $c and tipo = 'oferta_mudou'")
    assert avisos and all(a["topicos"] == [f"pessoa:{ivo.usuario_id}"] for a in avisos), "only she hears of it"
    await fila.rodar()
    if como in ("pausa", "desativado", "perfil", "equipe"):
        assert fila.vivas() == {lia.usuario_id: id_}
    else:
        assert fila.vivas() == {}
    if como == "logo":
        assert fila.donos(id_) != [None]


async def test_juntar_contatos_leva_a_conversa_e_nao_a_oferta(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    fila = await oferece(salao, ivo, lia)
    await salao.chamar("api.disponibilidade_atualizar", lia, p_disponibilidade="PAUSA")
    oferecida, outra = fila.chegar(9), fila.chegar(5)
    await fila.rodar()
    assert fila.vivas() == {ivo.usuario_id: oferecida}
    quem, de = salao.conversa(outra)["contato_id"], salao.conversa(oferecida)["contato_id"]
    await salao.chamar("api.contato_fundir", p_id=quem, p_outro_id=de)
    vivas = {v["id"]: v["status"] for v in salao.ver("select id, status from conversas where cliente_id = $c")}
    assert sorted(vivas.values()) == ["ABERTA", "RESOLVIDA"]
    (fica,) = [id_ for id_, status in vivas.items() if status == "ABERTA"]
    await fila.rodar()
    assert fila.vivas() == {ivo.usuario_id: fica}
    await fila.responder("aceitar", ivo)
    assert fila.donos(fica) == [ivo.usuario_id]


async def test_vinte_distribuem_ao_mesmo_tempo(salao: Salao) -> None:
    """Twenty workers at once: each conversation is offered to one person, each person one conversation."""
    sessoes = await salao.atendentes(12)
    fila = await oferece(salao, *sessoes)
    for n in range(30):
        fila.chegar(n)

    async def um_a_um() -> None:
        while await chamar(
            salao.banco_worker, "worker.interno_executar", p_cliente_id=salao.cena.cliente_id, p_limite=1
        ):
            pass

    await asyncio.gather(*(um_a_um() for _ in range(20)))
    for _ in range(3):
        await fila.rodar(2)
    vivas = salao.ver(VIVAS)
    assert len(vivas) == len({v["conversa_id"] for v in vivas}) == len({v["usuario_id"] for v in vivas}) == 12
    assert salao.ver("select count(*) as n from ofertas where cliente_id = $c")[0]["n"] == 12
    # all answer at once, while workers distribute what becomes free
    for _ in range(4):
        vivas = salao.ver(VIVAS)
        await asyncio.gather(
            *(
                fila.responder("aceitar", next(s for s in sessoes if s.usuario_id == v["usuario_id"]), v["id"])
                for v in vivas
            ),
            *(um_a_um() for _ in range(5)),
        )
        await fila.rodar(2)
    dadas = salao.ver("select conversa_id, count(*) as n from conversas_historico where cliente_id = $c group by 1")
    assert len(dadas) == 30 and {d["n"] for d in dadas} == {1}, "each given once"


async def test_aceitar_e_vencer_ao_mesmo_tempo(salao: Salao) -> None:
    """Whoever is first by the database's clock wins: never both, never neither."""
    ivo, lia = await salao.atendentes(2, capacidade=50)
    fila = await oferece(salao, ivo, lia)
    vistos = set()
    for n in range(12):
        id_ = fila.chegar()
        await fila.rodar(61)
        (viva,) = [o for o in salao.ver(VIVAS) if o["conversa_id"] == id_]
        pessoa = ivo if viva["usuario_id"] == ivo.usuario_id else lia
        salao.ver(
            "update ofertas set expira_em = clock_timestamp() + %s * interval '1 millisecond' where id = %s"
            " returning id",
            n * 2,
            viva["id"],
        )
        salao.admin.execute(
            "update fila set executar_em = clock_timestamp() + %s * interval '1 millisecond'"
            " where cliente_id = %s and tipo = 'oferta_vencer'",
            [n * 2, salao.cena.cliente_id],
        )

        async def aceitar(pessoa: Sessao = pessoa, qual: UUID = viva["id"]) -> str:
            try:
                await fila.responder("aceitar", pessoa, qual)
            except Erro as erro:
                assert erro.codigo == "ZCA07"
                return "VENCIDA"
            return "ACEITA"

        dito, *_ = await asyncio.gather(aceitar(), *(salao.executar() for _ in range(3)))
        while dito == "VENCIDA" and viva["id"] in {o["id"] for o in salao.ver(VIVAS)}:
            salao.admin.execute("update fila set executar_em = clock_timestamp() where tipo = 'oferta_vencer'")
            await salao.executar()
        (fim,) = salao.ver("select fim from ofertas where id = %s", viva["id"])
        assert fim["fim"] == dito
        assert (fila.donos(id_) == [pessoa.usuario_id]) == (dito == "ACEITA")
        vistos.add(dito)
        if dito == "VENCIDA":
            salao.resolver(id_)
        salao.admin.execute(
            "update usuarios set disponibilidade = 'DISPONIVEL', disponibilidade_em = now() where cliente_id = %s",
            [salao.cena.cliente_id],
        )
    assert vistos == {"ACEITA", "VENCIDA"}, "a control: both were there to win"


async def test_quem_sai_numa_aba_nao_aceita_em_outra(salao: Salao, url_de: Any) -> None:
    """The accepting one waits for the row of the person that the pausing one holds, and then finds the offer ended."""
    (ivo,) = await salao.atendentes(1)
    fila = await oferece(salao, ivo)
    id_ = fila.chegar()
    await fila.rodar()
    qual = fila.oferta(ivo)
    espera = (
        "select count(*) as n from pg_stat_activity"
        " where wait_event_type = 'Lock' and strpos(query, 'oferta_aceitar') > 0"
    )
    with psycopg.connect(url_de(SUPERUSUARIO)) as outra:
        outra.execute("select set_config('app.cliente_id', %s, true)", [str(salao.cena.cliente_id)])
        outra.execute("update usuarios set disponibilidade = 'PAUSA' where id = %s", [ivo.usuario_id])
        aceitar = asyncio.create_task(salao.recusa(ivo, "api.oferta_aceitar", p_id=qual))
        while not salao.ver(espera)[0]["n"]:
            await asyncio.sleep(0.01)
    assert await aceitar == "ZCA07"
    assert fila.donos(id_) == [None] and fila.fins() == ["ENCERRADA"]


async def test_de_outro_cliente_nada(salao: Salao, duas_pessoas: tuple[Salao, Sessao]) -> None:
    (ivo,) = await salao.atendentes(1)
    fila = await oferece(salao, ivo)
    outro, eva = duas_pessoas
    dela = await oferece(outro, eva)
    fila.chegar()
    await fila.rodar()
    assert dela.vivas() == {} and (await outro.chamar("api.oferta_obter", eva))["oferta"] is None
    for como in ("aceitar", "recusar"):
        with pytest.raises(Erro) as erro:
            await dela.responder(como, eva, fila.oferta(ivo))
        assert erro.value.codigo == "ZNA03"
    assert len(fila.vivas()) == 1


@pytest.fixture
async def duas_pessoas(admin: Any, banco_api: Any, banco_worker: Any, novo_cliente: Any) -> tuple[Salao, Sessao]:
    cena = cenas.montar(admin, await novo_cliente("Outro"), 3)
    outro = Salao(cena, admin, banco_api, banco_worker, iter(cena.contatos))
    (eva,) = await outro.atendentes(1)
    return outro, eva
