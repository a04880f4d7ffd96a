"""A judge that never convicts is no judge: each planted violation must be found, and only that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.caos.conferencia import Banco, Chegada, Ficha, Pessoa, conferir, maior_janela

N = 12


def boa() -> tuple[list[Chegada], Banco]:
    livro = [Chegada(f"t{i}", f"5511{i:09}", "n1", i * 13.0, True, "oi") for i in range(N)]
    livro.append(Chegada("t-perdida", "5511999000000", "n1", 500.0, False, "oi"))
    pessoas = [Pessoa(f"p{i}", "c1", f"+5511{i:09}", "ENVIADO", None, f"w{i}", 1) for i in range(N)]
    pessoas.append(Pessoa("p-incerta", "c1", "+5511999000000", "INCERTO", "SEM_RESPOSTA", None, 1))
    pessoas.append(Pessoa("p-pulada", "c1", "+5511999000001", "PULADO", "OPTOUT"))
    fichas = []
    for i in range(N):
        fichas += [
            Ficha(f"f{i}", 0, 1, None, "w1", False, False),
            Ficha(f"f{i}", 1, 1, "w1", None, False, False),
            Ficha(f"f{i}", 1, 2, None, "w2", False, False),
            Ficha(f"f{i}", 2, 2, "w2", "w2", False, True),
        ]
    banco = Banco(
        pessoas,
        {f"t{i}": f"p{i}" for i in range(N)} | {"t-perdida": "p-incerta"},
        {"c1": {"ENVIADO": N, "INCERTO": 1, "PULADO": 1, "PENDENTE": 0, "ENTREGUE": 3}},
        {"c1": "CONCLUIDA"},
        0,
        fichas,
        N + 2,
    )
    return livro, banco


def test_o_que_esta_certo_passa() -> None:
    veredito = conferir(*boa())
    assert veredito.especies == set(), veredito.resumo()
    assert veredito.figuras["estados"] == {"ENVIADO_aceita": N, "INCERTO": 1, "PULADO": 1}
    assert veredito.figuras["intencoes"] == N


def _mesma_tentativa(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return [*livro, replace(livro[0], quando=9000.0)], banco


def _outra_tentativa(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return [*livro, replace(livro[0], callback="t-outra", quando=9000.0)], replace(
        banco, atribuicoes=banco.atribuicoes | {"t-outra": "p0"}
    )


def _sem_dono(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return [*livro, replace(livro[0], callback="x", destinatario="5599", quando=9000.0)], banco


def _nunca_aceita(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro[1:], banco


def _aceita_incerta(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    pessoas = [replace(banco.pessoas[0], status="INCERTO", motivo="SEM_RESPOSTA"), *banco.pessoas[1:]]
    totais = {"c1": {"ENVIADO": N - 1, "INCERTO": 2, "PULADO": 1}}
    return livro, replace(banco, pessoas=pessoas, totais=totais)


def _trocada(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return [replace(livro[0], destinatario="5511000"), *livro[1:]], banco


def _dois_estados(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    repetida = replace(banco.pessoas[-1], id="p-outra", telefone=banco.pessoas[-2].telefone)
    totais = {"c1": {"ENVIADO": N, "INCERTO": 1, "PULADO": 2}}
    return livro, replace(banco, pessoas=[*banco.pessoas, repetida], esperadas=N + 3, totais=totais)


def _parada(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    pessoas = [*banco.pessoas[:-1], replace(banco.pessoas[-1], status="RESERVADO")]
    return livro, replace(banco, pessoas=pessoas, totais={"c1": {"ENVIADO": N, "INCERTO": 1, "RESERVADO": 1}})


def _sumiu(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro, replace(banco, pessoas=banco.pessoas[:-1], totais={"c1": {"ENVIADO": N, "INCERTO": 1}})


def _totais(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro, replace(banco, totais={"c1": {"ENVIADO": N + 1, "INCERTO": 1, "PULADO": 1}})


def _sem_motivo(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro, replace(banco, pessoas=[*banco.pessoas[:-1], replace(banco.pessoas[-1], motivo=None)])


def _fila(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro, replace(banco, na_fila=1)


def _em_andamento(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro, replace(banco, campanhas={"c1": "EM_ANDAMENTO"})


def _janela(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    # 80 refused arrivals in one second and the first accepted one: refusals count as well
    extras = [Chegada(f"x{i}", f"x{i}", "n1", 100.0 + i * 12, False) for i in range(81 - N - 1)]
    return [*livro, *extras], banco


def _cerca_desce(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro, replace(banco, fichas=[*banco.fichas, Ficha("f0", 2, 1, "w2", None, True, False)])


def _dono_sem_cerca(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro, replace(banco, fichas=[*banco.fichas, Ficha("f0", 2, 2, "w2", "w3", True, True)])


def _duas_intencoes(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    extra = [Ficha("f0", 2, 2, "w2", "w2", True, False), Ficha("f0", 2, 2, "w2", "w2", False, True)]
    return livro, replace(banco, fichas=[*banco.fichas, *extra])


def _intencao_alheia(livro: list[Chegada], banco: Banco) -> tuple[list[Chegada], Banco]:
    return livro, replace(banco, fichas=[*banco.fichas, Ficha("f0", 2, 3, None, "w3", False, True)])


@pytest.mark.parametrize(
    ("plantar", "especies"),
    [
        (_mesma_tentativa, {"duplicada"}),
        (_outra_tentativa, {"duplicada"}),
        (_sem_dono, {"sem_dono"}),
        (_nunca_aceita, {"perdida"}),
        (_aceita_incerta, {"perdida"}),
        (_trocada, {"trocada"}),
        (_dois_estados, {"dois_estados"}),
        (_parada, {"inacabada", "perdida"}),
        (_sumiu, {"soma"}),
        (_totais, {"totais"}),
        (_sem_motivo, {"sem_motivo", "perdida"}),
        (_fila, {"fila"}),
        (_em_andamento, {"inacabada"}),
        (_janela, {"janela"}),
        (_cerca_desce, {"cerca"}),
        (_dono_sem_cerca, {"cerca"}),
        (_duas_intencoes, {"cerca"}),
        (_intencao_alheia, {"cerca"}),
    ],
)
def test_violacao_plantada_e_achada(plantar: object, especies: set[str]) -> None:
    assert callable(plantar)
    veredito = conferir(*plantar(*boa()))
    assert veredito.especies == especies, veredito.resumo()


def test_a_janela_desliza() -> None:
    assert maior_janela(i * 12.5 for i in range(400)) == 80
    # 80 at the end of one second and 80 at the start of the next: a count per calendar second would see 80
    assert maior_janela([900.0 + i for i in range(80)] + [1000.0 + i for i in range(80)]) == 160
