"""A judge that never convicts is no judge: each planted violation must be found, and only that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.caos.conferencia import ESGOTADAS, Banco, Chegada, Ficha, Morta, Pessoa, conferir, maior_janela

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


def _conversa_de(livro: list[Chegada], cada_ms: float) -> list[Chegada]:
    """50 messages to one person of the good run, each of them refused: the pace counts those too."""
    return [*livro, *(Chegada(f"y{i}", livro[0].destinatario, "n1", 9e3 + i * cada_ms, False) for i in range(50))]


def test_o_par_tem_ritmo() -> None:
    livro, banco = boa()
    assert conferir(_conversa_de(livro, 900.0), banco).especies == set()
    assert conferir(_conversa_de(livro, 300.0), banco).especies == {"par"}


def test_a_janela_desliza() -> None:
    assert maior_janela(i * 12.5 for i in range(400)) == 80
    # 80 at the end of one second and 80 at the start of the next: a count per calendar second would see 80
    assert maior_janela([900.0 + i for i in range(80)] + [1000.0 + i for i in range(80)]) == 160


# -- many tenants, numbers, campaigns and conversations at once


def mundo() -> tuple[list[Chegada], Banco]:
    """Two tenants with two numbers each: on every number a campaign and two conversations of four messages."""
    livro: list[Chegada] = []
    pessoas: list[Pessoa] = []
    atribuicoes: dict[str, str] = {}
    totais: dict[str, dict[str, int]] = {}
    mortas: list[Morta] = []
    for numero in ("a1", "a2", "b1", "b2"):
        # the same people in every campaign, and the same text: neither makes a duplicate across numbers
        for i in range(5):
            alvo, tentativa = f"{numero}-p{i}", f"{numero}-t{i}"
            livro.append(Chegada(tentativa, f"5511{i:09}", numero, 20.0 * i, True, "promo"))
            atribuicoes[tentativa] = alvo
            pessoas.append(
                Pessoa(alvo, f"c-{numero}", f"+5511{i:09}", "ENVIADO", None, f"w{alvo}", 1, numero, provas=1)
            )
        morta = f"{numero}-morta"
        for n in range(3):
            livro.append(Chegada(f"{morta}{n}", "5511777", numero, 5000.0 * (n + 1), False, "promo"))
            atribuicoes[f"{morta}{n}"] = morta
        pessoas.append(Pessoa(morta, f"c-{numero}", "+5511777", "FALHOU", ESGOTADAS, None, 3, numero, provas=0))
        mortas.append(Morta(f"{numero}-d", morta, 3, 3, 3))
        totais[f"c-{numero}"] = {"ENVIADO": 5, "FALHOU": 1}
        for conversa in ("x", "y"):
            for ordem in range(1, 5):
                alvo, tentativa = f"{numero}{conversa}-m{ordem}", f"{numero}{conversa}-u{ordem}"
                livro.append(Chegada(tentativa, f"5599{conversa}", numero, 900.0 + 50 * ordem, True, "oi"))
                atribuicoes[tentativa] = alvo
                pessoas.append(
                    Pessoa(
                        alvo, "", f"+5599{conversa}", "ENVIADO", None, f"w{alvo}", 1, numero,
                        conversa=f"{numero}{conversa}", ordem=ordem, provas=1,
                    )
                )  # fmt: skip
    campanhas = dict.fromkeys(totais, "CONCLUIDA")
    return livro, Banco(pessoas, atribuicoes, totais, campanhas, 0, (), len(pessoas), mortas)


def trocar(banco: Banco, id_: str, **mudar: object) -> Banco:
    assert any(p.id == id_ for p in banco.pessoas)
    return replace(banco, pessoas=[replace(p, **mudar) if p.id == id_ else p for p in banco.pessoas])  # type: ignore[arg-type]


def mover(livro: list[Chegada], callback: str, **mudar: object) -> list[Chegada]:
    assert any(c.callback == callback for c in livro)
    return [replace(c, **mudar) if c.callback == callback else c for c in livro]  # type: ignore[arg-type]


def outra(livro: list[Chegada], banco: Banco, alvo: str, callback: str, **mudar: object) -> tuple[list[Chegada], Banco]:
    """One more accepted arrival of a target that has one."""
    de = next(c for c in livro if banco.atribuicoes[c.callback] == alvo and c.aceita)
    nova = replace(de, callback=callback, quando=8000.0, **mudar)  # type: ignore[arg-type]
    return [*livro, nova], replace(banco, atribuicoes=banco.atribuicoes | {callback: alvo})


def test_o_mundo_certo_passa() -> None:
    veredito = conferir(*mundo(), teto=40)
    assert veredito.especies == set(), veredito.resumo()
    assert (veredito.figuras["conversas"], veredito.figuras["mortas"]) == (8, 4)


def test_decisoes_de_pessoas_sao_do_contrato() -> None:
    livro, banco = mundo()
    # resent by a person, twice delivered; confirmed by a person, never accepted; put back after having been tried
    livro, banco = outra(livro, banco, "a1-p0", "a1-t0b")
    banco = trocar(banco, "a1-p0", reenvios=1)
    livro = [c for c in livro if c.callback != "b2-t1"]
    banco = trocar(banco, "b2-p1", confirmada=True, motivo="CONFIRMADO_POR_PESSOA", id_externo=None, provas=0)
    livro.append(Chegada("a2x-u2b", "5599x", "a2", 100.0, False, "oi"))
    banco = replace(banco, atribuicoes=banco.atribuicoes | {"a2x-u2b": "a2x-m2"})
    banco = trocar(banco, "a2x-m2", reposta=True)
    veredito = conferir(livro, banco)
    assert veredito.especies == set(), veredito.resumo()


def plantadas() -> dict[str, tuple[list[Chegada], Banco, set[str]]]:
    """Each kind of violation, in each kind of target; the rest of the world is right."""
    livro, banco = mundo()
    casos: dict[str, tuple[list[Chegada], Banco, set[str]]] = {}
    # a second copy of a message comes after the next one, which is an inversion as well
    for nome, alvo, tarde in (("campanha", "b1-p3", ()), ("mensagem", "b1y-m3", ("ordem",))):
        callback = next(k for k, v in banco.atribuicoes.items() if v == alvo)
        casos[f"duplicada {nome}"] = (*outra(livro, banco, alvo, "x"), {"duplicada", *tarde})
        casos[f"perdida {nome}"] = ([c for c in livro if c.callback != callback], banco, {"perdida"})
        casos[f"trocada {nome}"] = (mover(livro, callback, destinatario="5500"), banco, {"trocada"})
        casos[f"de outro cliente {nome}"] = (mover(livro, callback, numero="a1"), banco, {"numero_alheio"})
        casos[f"sem prova {nome}"] = (livro, trocar(banco, alvo, provas=0), {"sem_prova"})
    parada = trocar(banco, "a1x-m4", status="RESERVADO")
    casos["parada mensagem"] = (livro, parada, {"inacabada", "perdida"})
    casos["invertida"] = (mover(livro, "a2x-u2", quando=1060.0), banco, {"ordem"})
    casos["esgotada sem fila morta"] = (livro, replace(banco, mortas=(banco.mortas or ())[1:]), {"morta_sumiu"})
    for campo in ("tentativas", "gastas"):
        (primeira, *resto) = banco.mortas or ()
        cedo = [replace(primeira, **{campo: 2}), *resto]
        casos[f"morta com 2 {campo}"] = (livro, replace(banco, mortas=cedo), {"morta_cedo"})
    totais = {**banco.totais, "c-b2": {"ENVIADO": 4, "FALHOU": 2}}
    casos["totais de uma de quatro"] = (livro, replace(banco, totais=totais), {"totais"})
    rajada = [Chegada(f"r{i}", "5512", "b2", 3000.0 + i, False) for i in range(21)]
    casos["rajada num número de teto 20"] = ([*livro, *rajada], banco, {"janela"})
    fichas = [Ficha("f", 3, 3, "w1", "w1", False, True), Ficha("f", 3, 3, "w1", "w1", False, True)]
    casos["cerca vencida"] = (livro, replace(banco, fichas=fichas), {"cerca"})
    return casos


@pytest.mark.parametrize("caso", plantadas(), ids=str)
def test_violacao_no_mundo_e_achada(caso: str) -> None:
    livro, banco, especies = plantadas()[caso]
    veredito = conferir(livro, banco, tetos={"b2": 20})
    assert veredito.especies == especies, veredito.resumo()


def test_o_teto_e_de_cada_numero() -> None:
    livro, banco = mundo()
    rajada = [Chegada(f"r{i}", "5512", "a1", 3000.0 + i, False) for i in range(21)]
    assert conferir([*livro, *rajada], banco, tetos={"b2": 20}).especies == set()
