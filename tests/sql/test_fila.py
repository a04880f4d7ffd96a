"""The queue's promises: owner and fence, leases, what each answer costs, and who may send at all."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.banco import Banco
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, obter, pretender, registrar, reservar, resposta

ERROS = json.loads((Path(__file__).parents[1] / "dados" / "erros_meta.json").read_text())


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Fila"))


@pytest.fixture
async def campanha(banco_api: Banco, cena: Cena) -> UUID:
    """Started, for one person."""
    criada = await criar_campanha(banco_api, cena, p_contato_ids=cena.contatos[:1])
    await iniciar(banco_api, cena, criada)
    return criada


def retrato(admin: Admin, cena: Cena) -> Any:
    """Everything that a worker's call could change for this tenant."""
    linha = admin.execute(
        "select (select jsonb_agg(to_jsonb(f) order by f.id) from fila as f where f.cliente_id = %(c)s"
        "   and f.tipo = 'campanha_enviar') as fila,"
        " (select jsonb_agg(to_jsonb(l) order by l.id) from campanhas_log as l where l.cliente_id = %(c)s) as logs,"
        " (select jsonb_agg(to_jsonb(t) order by t.id) from tentativas as t where t.cliente_id = %(c)s) as tentativas,"
        " (select jsonb_agg(to_jsonb(x) order by x.id) from conexoes as x where x.cliente_id = %(c)s) as conexoes",
        {"c": cena.cliente_id},
    ).fetchone()
    assert linha
    return linha


def registro(admin: Admin, campanha: UUID) -> dict[str, Any]:
    linha = admin.execute(
        "select l.status, l.motivo, l.tentativas, f.tentativas as na_fila, f.executar_em > now() as espera,"
        " x.status as conexao, x.suspensa_ate > now() as suspensa, m.status as modelo, k.status as campanha"
        " from campanhas_log as l join campanhas as k on k.id = l.campanha_id join conexoes as x on x.id = k.conexao_id"
        " join modelos as m on m.id = k.modelo_id"
        " left join fila as f on f.cliente_id = l.cliente_id and f.alvo_id = l.id and f.tipo = 'campanha_enviar'"
        " where l.campanha_id = %s",
        [campanha],
    ).fetchone()
    assert linha
    return linha


def vencer(admin: Admin, cena: Cena) -> None:
    admin.execute("update fila set executar_em = now() where cliente_id = %s", [cena.cliente_id])
    admin.execute("update conexoes set suspensa_ate = null where id = %s", [cena.conexao_id])


async def resgatar(banco_worker: Banco, cena: Cena) -> Any:
    return await chamar(banco_worker, "worker.fila_resgatar", p_cliente_id=cena.cliente_id)


# -- owner and fence


async def test_reservas_em_paralelo_nunca_repartem_uma_linha(banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    levas = await asyncio.gather(*(reservar(banco_worker, cena, 3, f"w{n}") for n in range(12)))
    ids = [x["id"] for x in itertools.chain(*levas)]
    assert len(ids) == len(set(ids)) == 10


async def test_quem_nao_e_o_dono_nao_muda_nada(
    banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID
) -> None:
    (item,) = await reservar(banco_worker, cena, 1, "dono")
    velha = {**item, "cerca": item["cerca"] - 1}
    outra = {**item, "id": str(uuid4())}
    antes = retrato(admin, cena)
    for dono, um in (("intruso", item), ("dono", velha), ("dono", outra)):
        assert (await pretender(banco_worker, cena, [um], dono))["envios"] == []
        await chamar(
            banco_worker, "worker.fila_devolver", p_cliente_id=cena.cliente_id, p_dono=dono, p_itens=_json([um])
        )
        assert retrato(admin, cena) == antes, (dono, um)
    (envio,) = (await pretender(banco_worker, cena, [item], "dono"))["envios"]
    antes = retrato(admin, cena)
    for dono, cerca in (("intruso", 0), ("dono", -1), ("dono", 1)):
        velho = {**envio, "cerca": envio["cerca"] + cerca}
        for desfecho, codigo in (("NAO_ENVIADO", None), ("REJEITADO", 131056)):
            await registrar(banco_worker, cena, [resposta(velho, desfecho, codigo=codigo, http=400)], dono)
            agora = retrato(admin, cena)
            assert (agora["fila"], agora["logs"]) == (antes["fila"], antes["logs"]), (dono, cerca, desfecho)
    # announced already: it cannot be announced twice nor given back
    assert (await pretender(banco_worker, cena, [item], "dono"))["envios"] == []
    await chamar(
        banco_worker, "worker.fila_devolver", p_cliente_id=cena.cliente_id, p_dono="dono", p_itens=_json([item])
    )
    assert retrato(admin, cena)["fila"] == antes["fila"]


def _json(itens: list[dict[str, Any]]) -> Any:
    return cenas.psycopg.types.json.Jsonb(itens)


async def test_outro_cliente_nao_reserva_nem_devolve(
    banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID, ana: Any
) -> None:
    alheio = Cena(ana, cena.conexao_id, cena.modelo_id, cena.contatos)
    limite = await chamar(
        banco_worker, "worker.limite_obter", p_cliente_id=cena.cliente_id, p_conexao_id=cena.conexao_id
    )
    tomadas = await chamar(
        banco_worker,
        "worker.fila_reservar",
        p_cliente_id=alheio.cliente_id,
        p_conexao_id=cena.conexao_id,
        p_dono="w1",
        p_quantos=10,
        p_epoca=limite["epoca"],
    )
    assert tomadas == []
    itens = await reservar(banco_worker, cena, 1)
    antes = retrato(admin, cena)
    await chamar(banco_worker, "worker.fila_devolver", p_cliente_id=ana.cliente_id, p_dono="w1", p_itens=_json(itens))
    assert retrato(admin, cena) == antes


# -- leases


async def test_lease_vencido_sem_intencao_volta_sem_custo(
    banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID
) -> None:
    (item,) = await reservar(banco_worker, cena, 1, "morto", p_lease="1 millisecond")
    await asyncio.sleep(0.01)
    # past its lease it cannot be announced, swept or not
    assert (await pretender(banco_worker, cena, [item], "morto"))["envios"] == []
    assert await resgatar(banco_worker, cena) == {"soltas": 1, "incertas": 0}
    visto = registro(admin, campanha)
    assert (visto["status"], visto["tentativas"], visto["na_fila"]) == ("RESERVADO", 0, 0)
    (de_novo,) = await reservar(banco_worker, cena, 1, "vivo")
    assert de_novo["id"] == item["id"]
    assert de_novo["cerca"] > item["cerca"]
    assert (await pretender(banco_worker, cena, [item], "morto"))["envios"] == []
    assert len((await pretender(banco_worker, cena, [de_novo], "vivo"))["envios"]) == 1


async def test_lease_vigente_nao_se_recolhe(banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID) -> None:
    await pretender(banco_worker, cena, await reservar(banco_worker, cena, 1))
    assert await resgatar(banco_worker, cena) == {"soltas": 0, "incertas": 0}
    assert registro(admin, campanha)["status"] == "ENVIANDO"


@pytest.mark.parametrize(
    ("desfecho", "extra", "fim"),
    [
        ("ACEITO", {"idExterno": "wamid.tarde"}, ("ENVIADO", None)),
        ("REJEITADO", {"codigo": 131026, "http": 400}, ("FALHOU", "CONTACT")),
        ("REJEITADO", {"codigo": 100, "http": 400}, ("FALHOU", "REQUEST")),
        ("REJEITADO", {"codigo": 131000, "http": 500}, ("INCERTO", "SEM_RESPOSTA")),
        ("REJEITADO", {"codigo": 130429, "http": 400}, ("INCERTO", "WORKER_MORREU")),
        ("NAO_ENVIADO", {}, ("INCERTO", "WORKER_MORREU")),
        ("AMBIGUO", {}, ("INCERTO", "SEM_RESPOSTA")),
    ],
)
async def test_lease_vencido_com_intencao_e_incerto_ate_noticia_definitiva(
    banco_worker: Banco,
    admin: Admin,
    cena: Cena,
    campanha: UUID,
    desfecho: str,
    extra: dict[str, Any],
    fim: tuple[str, str | None],
) -> None:
    itens = await reservar(banco_worker, cena, 1)
    (envio,) = (await pretender(banco_worker, cena, itens, p_lease="1 millisecond"))["envios"]
    await asyncio.sleep(0.01)
    assert await resgatar(banco_worker, cena) == {"soltas": 0, "incertas": 1}
    visto = registro(admin, campanha)
    assert (visto["status"], visto["motivo"], visto["na_fila"]) == ("INCERTO", "WORKER_MORREU", None)
    await registrar(banco_worker, cena, [resposta(envio, desfecho, **extra)])
    visto = registro(admin, campanha)
    assert (visto["status"], visto["motivo"]) == fim
    assert visto["na_fila"] is None, "an uncertain message never waits again"
    assert await reservar(banco_worker, cena, 10) == []


# -- what each answer costs


@pytest.mark.parametrize(
    ("codigo", "http", "fim"),
    [
        # the connection stops, the work is kept
        (190, 401, {"status": "PENDENTE", "conexao": "ERRO"}),
        (250, 403, {"status": "PENDENTE", "conexao": "ERRO"}),
        ((100, 33), 400, {"status": "PENDENTE", "conexao": "ERRO"}),
        (131048, 400, {"status": "PENDENTE", "conexao": "PAUSADA"}),
        (131031, 403, {"status": "PENDENTE", "conexao": "PAUSADA"}),
        (131042, 400, {"status": "PENDENTE", "conexao": "PAUSADA"}),
        (132015, 400, {"status": "PENDENTE", "modelo": "PAUSED", "campanha": "PAUSADA"}),
        (132001, 404, {"status": "PENDENTE", "modelo": "PAUSED", "campanha": "PAUSADA"}),
        # not now: the number waits, the message loses no attempt
        (130429, 400, {"status": "RESERVADO", "na_fila": 0, "espera": True, "suspensa": True}),
        (80007, 400, {"status": "RESERVADO", "na_fila": 0, "espera": True, "suspensa": True}),
        # not now for this person: only theirs wait
        (131056, 400, {"status": "RESERVADO", "na_fila": 0, "espera": True}),
        # not now for the provider: one of three attempts
        (131057, 500, {"status": "RESERVADO", "na_fila": 1, "espera": True, "suspensa": True}),
        # whether it went is not known: never again by machine
        (131000, 500, {"status": "INCERTO", "motivo": "SEM_RESPOSTA", "suspensa": True}),
        (1, 400, {"status": "INCERTO", "motivo": "SEM_RESPOSTA", "suspensa": True}),
        (999_999, 500, {"status": "INCERTO", "motivo": "SEM_RESPOSTA", "suspensa": True}),
        # this recipient, this payload
        (999_999, 400, {"status": "FALHOU", "motivo": "REQUEST"}),
        (100, 400, {"status": "FALHOU", "motivo": "REQUEST"}),
        (131021, 400, {"status": "FALHOU", "motivo": "CONTACT"}),
        # not in this form: the other one, with or without the ninth digit, at once
        (131026, 400, {"status": "RESERVADO", "na_fila": 0, "espera": False}),
        (131047, 400, {"status": "FALHOU", "motivo": "WINDOW"}),
        (131049, 400, {"status": "FALHOU", "motivo": "DEFER"}),
        (131050, 400, {"status": "FALHOU", "motivo": "OPTOUT"}),
        # the file is sent again, once
        (131053, 400, {"status": "RESERVADO", "na_fila": 1, "espera": True}),
    ],
)
async def test_classes_de_erro(
    banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID, codigo: Any, http: int, fim: dict[str, Any]
) -> None:
    normal = {"motivo": None, "na_fila": None, "espera": None, "conexao": "ATIVA", "suspensa": None}
    normal |= {"modelo": "APPROVED", "campanha": "EM_ANDAMENTO", "tentativas": 1}
    (envio,) = (await pretender(banco_worker, cena, await reservar(banco_worker, cena, 1)))["envios"]
    principal, sub = codigo if isinstance(codigo, tuple) else (codigo, None)
    await registrar(banco_worker, cena, [resposta(envio, "REJEITADO", codigo=principal, subcodigo=sub, http=http)])
    assert registro(admin, campanha) == normal | fim


async def test_prova_de_nao_envio_nao_gasta_tentativa(
    banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID
) -> None:
    """The provider being unreachable may last: ten refusals of connection later the message still waits."""
    for _ in range(10):
        (envio,) = (await pretender(banco_worker, cena, await reservar(banco_worker, cena, 1)))["envios"]
        await registrar(banco_worker, cena, [resposta(envio, "NAO_ENVIADO", detalhe="ConnectError")])
        visto = registro(admin, campanha)
        assert (visto["status"], visto["na_fila"], visto["suspensa"]) == ("RESERVADO", 0, True)
        assert await reservar(banco_worker, cena, 1) == [], "the number waits, too"
        vencer(admin, cena)


async def test_tres_tentativas_e_fila_morta(banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID) -> None:
    esperas = []
    for n in range(3):
        (envio,) = (await pretender(banco_worker, cena, await reservar(banco_worker, cena, 1)))["envios"]
        await registrar(banco_worker, cena, [resposta(envio, "REJEITADO", codigo=131057, http=500)])
        linha = admin.execute(
            "select extract(epoch from executar_em - clock_timestamp())::float as s from fila where alvo_id = %s",
            [envio["alvoId"]],
        ).fetchone()
        esperas.append(linha["s"] if linha else None)
        assert (registro(admin, campanha)["status"] == "FALHOU") == (n == 2)
        vencer(admin, cena)
    assert esperas[2] is None
    assert 2 <= esperas[0] <= 8, "5 s, give or take a half"
    assert 12 <= esperas[1] <= 38, "25 s, give or take a half"
    assert registro(admin, campanha)["motivo"] == "TENTATIVAS_ESGOTADAS"
    mortas = admin.execute(
        "select tipo, tentativas, erro_codigo from fila_morta where cliente_id = %s", [cena.cliente_id]
    ).fetchall()
    assert mortas == [{"tipo": "campanha_enviar", "tentativas": 3, "erro_codigo": 131057}]
    historia = admin.execute(
        "select numero, desfecho from tentativas where cliente_id = %s order by id", [cena.cliente_id]
    )
    assert [x["numero"] for x in historia.fetchall()] == [1, 2, 3]


async def test_expirado_volta_a_esperar_e_sai_depois(
    banco_api: Banco, banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID
) -> None:
    itens = await reservar(banco_worker, cena, 1)
    admin.execute(
        "update fila set expira_em = now() where tipo = 'campanha_enviar' and cliente_id = %s", [cena.cliente_id]
    )
    assert (await pretender(banco_worker, cena, itens))["envios"] == []
    visto = registro(admin, campanha)
    assert (visto["status"], visto["tentativas"], visto["na_fila"]) == ("PENDENTE", 0, None)
    vencer(admin, cena)
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
    (envio,) = (await pretender(banco_worker, cena, await reservar(banco_worker, cena, 1)))["envios"]
    await registrar(banco_worker, cena, [resposta(envio, "ACEITO", idExterno="wamid.depois")])
    vencer(admin, cena)
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)
    fim = await obter(banco_api, cena, campanha)
    assert (fim["status"], fim["totais"]["ENVIADO"]) == ("CONCLUIDA", 1)


# -- who may send at all


IMPEDIMENTOS = {
    "epoca": "update limites set epoca = epoca + 1 where conexao_id = %(x)s",
    "conexao_pausada": "update conexoes set status = 'PAUSADA' where id = %(x)s",
    "conexao_em_erro": "update conexoes set status = 'ERRO' where id = %(x)s",
    "conexao_desativada": "update conexoes set status = 'DESATIVADA' where id = %(x)s",
    "conexao_removida": "update conexoes set removido_em = now() where id = %(x)s",
    "numero_suspenso": "update conexoes set suspensa_ate = now() + interval '1 minute' where id = %(x)s",
    "cliente_inativo": "update clientes set ativo = false where id = %(c)s",
}


@pytest.mark.parametrize("impedimento", IMPEDIMENTOS)
@pytest.mark.parametrize("antes_da", ["reserva", "intencao"])
async def test_quem_nao_pode_enviar_nao_reserva_nem_anuncia(
    banco_worker: Banco, admin: Admin, cena: Cena, campanha: UUID, impedimento: str, antes_da: str
) -> None:
    limite = await chamar(
        banco_worker, "worker.limite_obter", p_cliente_id=cena.cliente_id, p_conexao_id=cena.conexao_id
    )
    comuns = {
        "p_cliente_id": cena.cliente_id, "p_conexao_id": cena.conexao_id, "p_dono": "w1", "p_epoca": limite["epoca"]
    }  # fmt: skip
    itens: list[dict[str, Any]] = []
    if antes_da == "intencao":
        itens = await chamar(banco_worker, "worker.fila_reservar", **comuns, p_quantos=10)
        assert len(itens) == 1
    admin.execute(IMPEDIMENTOS[impedimento], {"x": cena.conexao_id, "c": cena.cliente_id})
    if antes_da == "reserva":
        assert await chamar(banco_worker, "worker.fila_reservar", **comuns, p_quantos=10) == []
    else:
        assert (await chamar(banco_worker, "worker.envio_intencao", **comuns, p_itens=_json(itens)))["envios"] == []
    visto = registro(admin, campanha)
    assert (visto["status"], visto["tentativas"], visto["na_fila"]) == ("RESERVADO", 0, 0), "the work is kept, free"
    linha = admin.execute(
        "select count(*) as n from fila where cliente_id = %s and tipo = 'campanha_enviar' and reservado_ate is null",
        [cena.cliente_id],
    ).fetchone()
    assert linha == {"n": 1}


# -- the table of errors


def test_tabela_de_erros_cobre_o_que_a_referencia_lista(admin: Admin) -> None:
    """tests/dados/erros_meta.json is our copy of the reference, code by code and family by family; `prova`: nothing
    was sent."""
    listados = {c for e in ERROS for c in range(e["codigo"], e.get("ate", e["codigo"]) + 1) if "subcodigo" not in e}
    for erro in ERROS:
        for codigo in range(erro["codigo"], erro.get("ate", erro["codigo"]) + 1):
            visto = admin.execute(
                "select codigo, classe, prova, texto from interno.erro_do_provedor('META_API', %s, %s, 400, 'x')",
                [codigo, erro.get("subcodigo", 7)],
            ).fetchone()
            assert visto
            assert (visto["codigo"], visto["classe"], visto["prova"]) == (codigo, erro["classe"], erro["prova"]), codigo
            assert visto["texto"] != "x", codigo
    # nothing in the table that the reference does not list; a family may be kept under a code of its own
    de_familia = {131200, 147000}
    assert {
        x["codigo"] for x in admin.execute("select codigo from provedor_erros where provedor = 'META_API'").fetchall()
    } <= listados | de_familia | {33}
    frases = admin.execute("select texto from provedor_erros").fetchall()
    assert all(x["texto"][0].isupper() and not x["texto"].endswith(".") for x in frases)


@pytest.mark.parametrize(
    ("http", "transitorio", "fim"),
    [(400, False, ("REQUEST", True)), (404, True, ("PLATFORM", False)), (503, False, ("PLATFORM", False)),
     (None, False, ("REQUEST", True))],
)  # fmt: skip
def test_erro_que_ninguem_listou(admin: Admin, http: int | None, transitorio: bool, fim: tuple[str, bool]) -> None:
    visto = admin.execute(
        "select classe, prova from interno.erro_do_provedor('META_API', 987654, null, %s, 'estranho', %s)",
        [http, transitorio],
    ).fetchone()
    assert visto == {"classe": fim[0], "prova": fim[1]}
