"""Working hours: what is open, when it opens, how much open time lies between two instants, whatever the clocks do."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import SENHA_HASH, Sessao, abrir_sessao, chamar, cru
from tests.sql.cenas import Admin

SP = "America/Sao_Paulo"
COMERCIAL = [
    {"dia": d, "inicio": i, "fim": f} for d in range(1, 6) for i, f in (("08:00", "12:00"), ("13:30", "18:00"))
]


async def criar(banco: Banco, sessao: Sessao, faixas: object, fuso: str = SP, nome: str | None = None) -> Any:
    return await chamar(
        banco,
        "api.calendario_criar",
        **sessao.args,
        p_nome=nome or f"Cal {random.randrange(10**12)}",
        p_fuso=fuso,
        p_faixas=cru(faixas),
    )


def perguntar(admin: Admin, sessao: Sessao, expressao: str, *argumentos: object) -> Any:
    """An internal function as a function of the product calls it: its role, RLS in force."""
    with admin.transaction(force_rollback=True):
        admin.execute("set local role crm_definidor")
        admin.execute("select set_config('app.cliente_id', %s, true)", [str(sessao.cliente_id)])
        linha = admin.execute(f"select {expressao} as x", list(argumentos)).fetchone()
    assert linha
    return linha["x"]


def util(admin: Admin, sessao: Sessao, calendario: str | None, inicio: datetime, fim: datetime) -> int:
    return int(
        perguntar(
            admin, sessao, "interno.tempo_util(%s, %s, %s, %s)", sessao.cliente_id, inicio, fim,
            calendario and UUID(calendario),
        )
    )  # fmt: skip


def minutos(hora: str) -> int:
    h, m = hora.split(":")
    return int(h) * 60 + int(m)


def aberto_no_relogio(
    em: datetime, fuso: str, faixas: list[dict[str, Any]], feriados: dict[date, list[dict[str, Any]]]
) -> bool:
    """The oracle: what somebody sees who compares the clock on the wall with the sign on the door."""
    parede = em.astimezone(ZoneInfo(fuso))
    agora = parede.hour * 60 + parede.minute
    do_dia = feriados.get(parede.date(), [f for f in faixas if f["dia"] == parede.isoweekday()])
    return any(minutos(f["inicio"]) <= agora < minutos(f["fim"]) for f in do_dia)


# a zone, a day near which its clocks change, and the hours of a day that may come twice there
MUDANCAS = [
    (SP, date(2018, 11, 4), None),
    (SP, date(2019, 2, 16), (23 * 60, 24 * 60)),
    (SP, date(2026, 11, 22), None),
    ("America/New_York", date(2026, 3, 8), None),
    ("America/New_York", date(2026, 11, 1), (60, 120)),
    ("Europe/Lisbon", date(2026, 3, 29), None),
    ("Europe/Lisbon", date(2026, 10, 25), (60, 120)),
    ("Australia/Lord_Howe", date(2026, 10, 4), None),
    ("Australia/Lord_Howe", date(2026, 4, 5), (90, 120)),
    ("America/Santiago", date(2026, 9, 6), None),
    ("Asia/Kolkata", date(2026, 5, 1), None),
]


def sortear_faixas(sorteio: random.Random, repetidas: tuple[int, int] | None, dia: int | None) -> list[dict[str, Any]]:
    """Several slots of one day that do not overlap, with no border in an hour that comes twice."""
    livres = [m for m in range(0, 1440, 5) if not repetidas or not repetidas[0] <= m < repetidas[1]]
    cortes = sorted(sorteio.sample(livres, 2 * sorteio.randint(0, 3)))
    if cortes and sorteio.random() < 0.3:
        cortes[-1] = 1440
    return [
        {"inicio": f"{a // 60:02d}:{a % 60:02d}", "fim": f"{b // 60:02d}:{b % 60:02d}", **({"dia": dia} if dia else {})}
        for a, b in zip(cortes[::2], cortes[1::2], strict=True)
    ]


@pytest.mark.parametrize(("fuso", "dia", "repetidas"), MUDANCAS)
async def test_tempo_util_e_o_do_relogio_da_parede(
    banco_api: Banco, admin: Admin, ana: Sessao, fuso: str, dia: date, repetidas: tuple[int, int] | None
) -> None:
    sorteio = random.Random(f"{fuso}{dia}")
    for _ in range(4):
        semana = [f for d in range(1, 8) for f in sortear_faixas(sorteio, repetidas, d)]
        calendario = await criar(banco_api, ana, semana, fuso)
        feriados: dict[date, list[dict[str, Any]]] = {}
        for salto in sorteio.sample(range(-3, 4), 2):
            data = dia + timedelta(days=salto)
            feriados[data] = sortear_faixas(sorteio, repetidas, None)
            await chamar(
                banco_api, "api.feriado_criar", **ana.args, p_calendario_id=UUID(calendario["id"]), p_data=data,
                p_nome="Festa", p_faixas=cru(feriados[data]),
            )  # fmt: skip
        base = datetime(dia.year, dia.month, dia.day, tzinfo=ZoneInfo(fuso)).astimezone(UTC)
        inicio = base - timedelta(days=3, minutes=sorteio.randrange(1440))
        passos = [inicio + timedelta(minutes=n) for n in range(6 * 1440)]
        abertos = [aberto_no_relogio(p, fuso, semana, feriados) for p in passos]
        for _ in range(6):
            a, b = sorted(sorteio.sample(range(len(passos)), 2))
            assert util(admin, ana, calendario["id"], passos[a], passos[b]) == 60 * sum(abertos[a:b])
            aberto = "interno.expediente_aberto(%s, %s, %s)"
            assert perguntar(admin, ana, aberto, ana.cliente_id, UUID(calendario["id"]), passos[a]) is abertos[a]
            abre = next((p for p, x in zip(passos[a:], abertos[a:], strict=True) if x), None)
            proximo = perguntar(
                admin, ana, "interno.expediente_proximo(%s, %s, %s)", ana.cliente_id, UUID(calendario["id"]), passos[a]
            )
            assert abre is None or proximo == abre
            if sum(abertos[a:]) > 90:
                fim = perguntar(
                    admin, ana, "interno.expediente_somar(%s, %s, %s, interval '90 minutes')", ana.cliente_id,
                    UUID(calendario["id"]), passos[a],
                )  # fmt: skip
                assert util(admin, ana, calendario["id"], passos[a], fim) == 90 * 60
                assert aberto_no_relogio(fim - timedelta(minutes=1), fuso, semana, feriados)


def test_o_oraculo_ve_o_horario_de_verao() -> None:
    """Negative control: arithmetic on the wall alone, which forgets the clocks, is off by the hour that was skipped."""
    antes = datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("America/New_York"))
    depois = datetime(2026, 3, 8, 12, tzinfo=ZoneInfo("America/New_York"))
    assert depois - antes == timedelta(hours=24), "subtraction within a zone is on the wall"
    sempre = [{"dia": d, "inicio": "00:00", "fim": "24:00"} for d in range(1, 8)]
    vistos = sum(
        aberto_no_relogio(antes.astimezone(UTC) + timedelta(minutes=n), "America/New_York", sempre, {})
        for n in range(int((depois.astimezone(UTC) - antes.astimezone(UTC)).total_seconds() // 60))
    )
    assert vistos == 23 * 60


@pytest.mark.parametrize(
    ("fuso", "data", "inicio", "fim", "horas"),
    [
        ("America/New_York", date(2026, 3, 8), "00:00", "24:00", 23),
        ("America/New_York", date(2026, 11, 1), "00:00", "24:00", 25),
        # an hour that is skipped opens nothing, and shortens what it begins or ends
        ("America/New_York", date(2026, 3, 8), "02:15", "02:45", 0),
        ("America/New_York", date(2026, 3, 8), "02:30", "04:00", 1),
        ("America/New_York", date(2026, 3, 8), "01:00", "02:30", 1),
        # one that comes twice counts from, and up to, its second time
        ("America/New_York", date(2026, 11, 1), "00:00", "01:30", 2.5),
        ("America/New_York", date(2026, 11, 1), "01:30", "03:00", 1.5),
        (SP, date(2018, 11, 4), "00:00", "12:00", 11),
        (SP, date(2019, 2, 16), "12:00", "24:00", 13),
    ],
)
async def test_o_dia_em_que_o_relogio_muda(
    banco_api: Banco, admin: Admin, ana: Sessao, fuso: str, data: date, inicio: str, fim: str, horas: float
) -> None:
    calendario = await criar(banco_api, ana, [{"dia": data.isoweekday(), "inicio": inicio, "fim": fim}], fuso)
    meio_dia = datetime(data.year, data.month, data.day, 12, tzinfo=UTC)
    assert (
        util(admin, ana, calendario["id"], meio_dia - timedelta(days=2), meio_dia + timedelta(days=2)) == horas * 3600
    )


async def test_faixas_vizinhas_nao_contam_duas_vezes(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    """Around the skipped hour, borders that took the next hour's instants would overlap those of the next slot."""
    faixas = [
        {"dia": 7, "inicio": i, "fim": f} for i, f in (("02:00", "02:30"), ("02:30", "03:00"), ("03:00", "04:00"))
    ]
    calendario = await criar(banco_api, ana, faixas, "America/New_York")
    meio_dia = datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert util(admin, ana, calendario["id"], meio_dia - timedelta(days=1), meio_dia + timedelta(days=1)) == 3600


async def test_bordas(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    calendario = (await criar(banco_api, ana, COMERCIAL))["id"]
    segunda = datetime(2026, 11, 23, 11, tzinfo=UTC)  # 08:00
    assert util(admin, ana, calendario, segunda, segunda + timedelta(seconds=1.9)) == 1
    assert util(admin, ana, calendario, segunda, segunda) == 0
    assert util(admin, ana, calendario, segunda + timedelta(days=1), segunda) == 0
    assert util(admin, ana, calendario, segunda - timedelta(days=3650), segunda) > 0
    assert util(admin, ana, None, segunda, segunda + timedelta(days=7)) == 7 * 86400
    assert util(admin, ana, calendario, segunda, segunda + timedelta(days=7)) == 5 * 8.5 * 3600
    vazio = (await criar(banco_api, ana, []))["id"]
    assert util(admin, ana, vazio, segunda, segunda + timedelta(days=7)) == 0
    pedir = "interno.expediente_proximo(%s, %s, %s)"
    assert perguntar(admin, ana, pedir, ana.cliente_id, UUID(vazio), segunda) is None
    assert perguntar(admin, ana, pedir, ana.cliente_id, None, segunda) == segunda
    somar = "interno.expediente_somar(%s, %s, %s, interval '1 hour')"
    assert perguntar(admin, ana, somar, ana.cliente_id, UUID(vazio), segunda) == segunda + timedelta(hours=1)
    for inicio, fim in (("-infinity", "infinity"), ("2026-01-01", "infinity"), (None, "2026-01-01")):
        assert (
            perguntar(
                admin, ana, "interno.tempo_util(%s, %s::timestamptz, %s::timestamptz, %s)", ana.cliente_id, inicio, fim,
                UUID(calendario),
            )
            is None
        )  # fmt: skip


async def test_calendario_de_outro_cliente_nao_existe(banco_api: Banco, admin: Admin, ana: Sessao, bia: Sessao) -> None:
    dela = (await criar(banco_api, bia, COMERCIAL))["id"]
    with pytest.raises(Exception, match="calendário não encontrado"):
        util(admin, ana, dela, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    feriado = await chamar(
        banco_api, "api.feriado_criar", **bia.args, p_calendario_id=UUID(dela), p_data=date(2027, 1, 1), p_nome="Ano"
    )
    for funcao, extra in (
        ("api.calendario_obter", {"p_id": UUID(dela)}),
        ("api.calendario_atualizar", {"p_id": UUID(dela), "p_nome": "Meu"}),
        ("api.calendario_remover", {"p_id": UUID(dela)}),
        ("api.feriados_listar", {"p_calendario_id": UUID(dela)}),
        ("api.feriados_importar", {"p_calendario_id": UUID(dela), "p_ano": 2027}),
        ("api.feriado_obter", {"p_id": UUID(feriado["id"])}),
        ("api.feriado_atualizar", {"p_id": UUID(feriado["id"]), "p_nome": "Meu"}),
        ("api.feriado_remover", {"p_id": UUID(feriado["id"])}),
    ):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **ana.args, **extra)
        assert erro.value.status == 404, funcao
    equipe = await chamar(banco_api, "api.equipe_criar", **ana.args, p_nome="Minha equipe")
    with pytest.raises(Erro) as erro:
        await chamar(
            banco_api, "api.equipe_atendimento_atualizar", **ana.args, p_id=UUID(equipe["id"]),
            p_calendario_id=UUID(dela), p_distribuicao="MANUAL",
        )  # fmt: skip
    assert (erro.value.status, erro.value.codigo) == (404, "ZNA01")


# ------------------------------------------------------------------ the API


@pytest.mark.parametrize(
    ("faixas", "codigo"),
    [
        ([{"dia": 1, "inicio": "08:00", "fim": "12:00"}, {"dia": 1, "inicio": "11:59", "fim": "13:00"}], "ZCA02"),
        ([{"dia": 1, "inicio": "12:00", "fim": "12:00"}], "ZRA01"),
        ([{"dia": 1, "inicio": "22:00", "fim": "06:00"}], "ZRA01"),
        ([{"dia": 8, "inicio": "08:00", "fim": "12:00"}], "ZRA03"),
        ([{"dia": 1, "inicio": "24:00", "fim": "24:00"}], "ZRA03"),
        ([{"dia": 1, "inicio": "8:00", "fim": "12:00"}], "ZRA03"),
        ([{"inicio": "08:00", "fim": "12:00"}], "ZRA03"),
        (["x"], "ZRA03"),
        ({"dia": 1}, "ZRA03"),
        ([{"dia": 1, "inicio": None, "fim": 3}], "ZRA03"),
        ([{"dia": 1, "inicio": "08:00", "fim": "09:00"}] * 101, "ZRA03"),
    ],
)
async def test_faixas_recusadas(banco_api: Banco, ana: Sessao, faixas: object, codigo: str) -> None:
    with pytest.raises(Erro) as erro:
        await criar(banco_api, ana, faixas)
    assert erro.value.codigo == codigo


async def test_calendario_do_comeco_ao_fim(banco_api: Banco, ana: Sessao) -> None:
    criado = await criar(banco_api, ana, COMERCIAL, nome="Loja")
    assert criado["faixas"] == sorted(COMERCIAL, key=lambda f: (f["dia"], f["inicio"]))
    id_ = UUID(criado["id"])
    for extra, codigo in (({"p_nome": "Loja"}, "ZCA01"), ({"p_nome": "Outra", "p_fuso": "Marte"}, "ZRV40")):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.calendario_criar", **ana.args, **extra)
        assert erro.value.codigo == codigo
    mudado = await chamar(
        banco_api, "api.calendario_atualizar", **ana.args, p_id=id_, p_versao=1, p_nome="Loja do centro",
        p_faixas=cru([{"dia": 6, "inicio": "20:00", "fim": "24:00"}, {"dia": 7, "inicio": "00:00", "fim": "04:00"}]),
    )  # fmt: skip
    assert [f["fim"] for f in mudado["faixas"]] == ["24:00", "04:00"]
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.calendario_atualizar", **ana.args, p_id=id_, p_versao=1, p_nome="Velha")
    assert erro.value.codigo == "ZCG02"
    so_nome = await chamar(
        banco_api, "api.calendario_atualizar", **ana.args, p_id=id_, p_nome="Só o nome", p_faixas=cru(None)
    )
    assert so_nome["faixas"] == mudado["faixas"]
    equipe = await chamar(banco_api, "api.equipe_criar", **ana.args, p_nome="Centro")
    assert (equipe["calendarioId"], equipe["aberta"]) == (None, True)
    equipe = await chamar(
        banco_api, "api.equipe_atendimento_atualizar", **ana.args, p_id=UUID(equipe["id"]), p_calendario_id=id_,
        p_distribuicao="AUTOMATICA", p_versao=equipe["versao"],
    )  # fmt: skip
    assert (equipe["calendarioId"], equipe["distribuicao"]) == (str(id_), "AUTOMATICA")
    assert equipe["aberta"] is so_nome["aberto"] and equipe["proximaAbertura"]
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.calendario_remover", **ana.args, p_id=id_)
    assert erro.value.codigo == "ZCA04"
    await chamar(
        banco_api, "api.equipe_atendimento_atualizar", **ana.args, p_id=UUID(equipe["id"]), p_calendario_id=None,
        p_distribuicao="MANUAL",
    )  # fmt: skip
    await chamar(banco_api, "api.calendario_remover", **ana.args, p_id=id_)
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.calendario_obter", **ana.args, p_id=id_)
    assert erro.value.codigo == "ZNA01"


async def test_so_quem_gere_muda(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    perfis = {p["codigo"]: p["id"] for p in (await chamar(banco_api, "api.perfis_listar", **ana.args))["dados"]}
    ivo = await chamar(
        banco_api, "api.usuario_criar", **ana.args, p_nome="Ivo", p_email="ivo-calendario@exemplo.test",
        p_senha_hash=SENHA_HASH, p_perfil_id=UUID(perfis["ATENDENTE"]),
    )  # fmt: skip
    sessao = abrir_sessao(admin, ana.cliente_id, ivo["id"])
    with pytest.raises(Erro) as erro:
        await criar(banco_api, sessao, COMERCIAL)
    assert erro.value.codigo == "ZPG01"


# ------------------------------------------------------------------ holidays

PASCOAS = [
    date(1970, 3, 29), date(2000, 4, 23), date(2008, 3, 23), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5),
    date(2027, 3, 28), date(2038, 4, 25), date(2049, 4, 18), date(2076, 4, 19), date(2100, 3, 28), date(2199, 4, 14),
]  # fmt: skip


@pytest.mark.parametrize("pascoa", PASCOAS)
async def test_feriados_que_seguem_a_pascoa(banco_api: Banco, ana: Sessao, pascoa: date) -> None:
    dados = await chamar(banco_api, "api.feriados_nacionais_obter", **ana.args, p_ano=pascoa.year)
    datas = {f["nome"]: date.fromisoformat(f["data"]) for f in dados["feriados"]}
    assert datas["Sexta-feira Santa"] == pascoa - timedelta(days=2)
    assert datas["Carnaval (terça-feira)"] == pascoa - timedelta(days=47)
    assert datas["Corpus Christi"] == pascoa + timedelta(days=60)
    assert ("Dia da Consciência Negra" in datas) is (pascoa.year >= 2024)


async def test_importar_feriados_e_idempotente(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    sempre = [{"dia": d, "inicio": "00:00", "fim": "24:00"} for d in range(1, 8)]
    id_ = UUID((await criar(banco_api, ana, sempre))["id"])
    meu = await chamar(
        banco_api, "api.feriado_criar", **ana.args, p_calendario_id=id_, p_data=date(2026, 12, 25), p_nome="Plantão",
        p_faixas=cru([{"inicio": "10:00", "fim": "12:00"}, {"inicio": "14:00", "fim": "15:00"}]),
    )  # fmt: skip
    importar: dict[str, Any] = {**ana.args, "p_calendario_id": id_, "p_ano": 2026}
    assert (await chamar(banco_api, "api.feriados_importar", **importar))["criados"] == 9
    assert (await chamar(banco_api, "api.feriados_importar", **importar))["criados"] == 0
    assert (await chamar(banco_api, "api.feriados_importar", **importar, p_facultativos=True))["criados"] == 3
    vistos: list[Any] = []
    cursor = None
    while True:
        pagina = await chamar(
            banco_api, "api.feriados_listar", **ana.args, p_calendario_id=id_, p_ano=2026, p_limite=5, p_cursor=cursor
        )
        vistos += pagina["dados"]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
    assert [v["data"] for v in vistos] == sorted(v["data"] for v in vistos) and len(vistos) == 13
    assert vistos[-1]["nome"] == "Plantão", "what somebody put there stays as it is"
    natal = datetime(2026, 12, 25, 3, tzinfo=UTC)  # midnight in São Paulo
    assert util(admin, ana, str(id_), natal, natal + timedelta(days=1)) == 3 * 3600
    assert util(admin, ana, str(id_), natal, natal + timedelta(days=2)) == 27 * 3600
    with pytest.raises(Erro) as erro:
        await chamar(
            banco_api, "api.feriado_criar", **ana.args, p_calendario_id=id_, p_data=date(2026, 12, 25), p_nome="Natal"
        )
    assert erro.value.codigo == "ZCA03"
    fechado = await chamar(
        banco_api, "api.feriado_atualizar", **ana.args, p_id=UUID(meu["id"]), p_faixas=cru([]), p_versao=meu["versao"]
    )
    assert (fechado["faixas"], fechado["nome"]) == ([], "Plantão")
    assert util(admin, ana, str(id_), natal, natal + timedelta(days=1)) == 0
    await chamar(banco_api, "api.feriado_remover", **ana.args, p_id=UUID(meu["id"]))
    assert util(admin, ana, str(id_), natal, natal + timedelta(days=1)) == 86400
    for ano in (1969, 2200, None):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.feriados_importar", **{**importar, "p_ano": ano})
        assert erro.value.codigo == "ZRA02"
