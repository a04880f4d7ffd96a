"""A CSV is read row by row: what is broken is refused alone, whatever the spreadsheet program did to the file."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.erros import Erro
from app.importacao.planilha import LINHAS_POR_LOTE, Linha, Planilha
from app.importacao.tabela import Tabela

CABECALHO = "nome;telefone;email;etiquetas;cidade\n"


def ler(dados: bytes | str) -> list[Linha]:
    bruto = dados.encode() if isinstance(dados, str) else dados
    return [linha for lote in Planilha(bruto).lotes() for linha in lote]


def motivos(dados: bytes | str) -> list[tuple[int, str | None]]:
    return [(linha.linha, linha.motivo) for linha in ler(dados)]


def test_uma_linha_inteira() -> None:
    (linha,) = ler(CABECALHO + " José ; (11) 98765-4321 ;j@x.test;vip|novo, antigo;São Paulo\n")
    assert linha == Linha(
        2, "José", "+5511987654321", "(11) 98765-4321", "j@x.test", ["vip", "novo", " antigo"], {"cidade": "São Paulo"}
    )


@pytest.mark.parametrize("delimitador", [";", ",", "\t"])
@pytest.mark.parametrize("fim", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codificacao", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_delimitadores_finais_de_linha_e_codificacoes(delimitador: str, fim: str, codificacao: str) -> None:
    linhas = [("Nome", "Telefone"), ("João Ação", "11987654321"), ("Zé", "1133334444")]
    texto = fim.join(delimitador.join(celulas) for celulas in linhas)
    lidas = ler(texto.encode(codificacao))
    assert [(linha.nome, linha.telefone) for linha in lidas] == [
        ("João Ação", "+5511987654321"),
        ("Zé", "+551133334444"),
    ]


def test_cabecalho_sem_caixa_acento_ou_ordem() -> None:
    (linha,) = ler('sep=,\n\n"E-mail",CELULAR,Código,NOME\na@b.c,11987654321,7,Ana\n')
    assert (linha.nome, linha.telefone, linha.email, linha.campos) == (
        "Ana",
        "+5511987654321",
        "a@b.c",
        {"Código": "7"},
    )
    assert linha.linha == 4


@pytest.mark.parametrize(
    ("dados", "codigo"),
    [
        (b"", "ZRC04"), (b"\n\n", "ZRC04"), (b"nome;email\nx;y\n", "ZRC04"), (b"telefone;telefone\n1;2\n", "ZRC04"),
        (b"telefone;celular\n1;2\n", "ZRC04"), ((";".join(["telefone", *map(str, range(60))])).encode(), "ZRC04"),
        (b"telefone;" + b"x" * 61, "ZRC04"), (b"telefone;a\x00b\n", "ZRC04"), ("telefone\n1".encode("utf-16"), "ZRC05"),
        (b"telefone\n" + b"1\n" * 200_002, "ZRC06"),
    ],
)  # fmt: skip
def test_arquivos_que_nao_sao_tabela(dados: bytes, codigo: str) -> None:
    with pytest.raises(Erro) as erro:
        ler(dados)
    assert (erro.value.codigo, erro.value.status, erro.value.corpo.campo) == (codigo, 422, "arquivo")


def test_linha_quebrada_nao_custa_as_outras() -> None:
    boa = "Ana;11987654321;;;\n"
    texto = (
        CABECALHO
        + boa  # 2
        + '"Aspas que abrem;11987654321\n'  # 3
        + boa  # 4
        + '"Fecha" errado;11987654321\n'  # 5
        + '"Com ""aspas""; e ponto e vírgula";11987654321\n'  # 6
        + "Colunas;11987654321;a;b;c;d\n"  # 7
        + "Vazias a mais;11987654321;;;;;;\n"  # 8
        + "Nulo\x00;11987654321\n"  # 9
        + "\n"  # 10
        + '"Duas\nlinhas";11987654321;;;\n'  # 11, 12
        + "Longa"
        + "x" * 17_000
        + ";1\n"  # 13
        + 'Aspa " no meio;11987654321\n'  # 14
        + "Falta tudo\n"  # 15
        + '"Última que abre;1'  # 16
    )
    assert motivos(texto) == [
        (2, None), (3, "LINHA_MALFORMADA"), (4, None), (5, "LINHA_MALFORMADA"), (6, None), (7, "COLUNAS_DEMAIS"),
        (8, None),
        (9, "CARACTERE_INVALIDO"), (11, None), (13, "LINHA_LONGA"), (14, None), (15, None), (16, "LINHA_MALFORMADA"),
    ]  # fmt: skip
    por_linha = {linha.linha: linha for linha in ler(texto)}
    assert por_linha[6].nome == 'Com "aspas"; e ponto e vírgula'
    assert por_linha[11].nome == "Duas\nlinhas"
    assert por_linha[14].nome == 'Aspa " no meio'
    assert por_linha[15].telefone is None


def test_aspa_aberta_entre_linhas_com_aspas() -> None:
    linhas = (
        '"Ana","11987654321"',
        '"Quebrada,"11987654321"',
        '"Bia","11987654322"',
        '"Cai,11',
        '"Dora","11987654323"',
    )
    texto = "nome,telefone\n" + "\n".join(linhas)
    assert motivos(texto) == [(2, None), (3, "LINHA_MALFORMADA"), (4, None), (5, "LINHA_MALFORMADA"), (6, None)]


def test_uma_linha_em_outra_codificacao() -> None:
    certas = "".join(f"João {n};1198765{n:04}\n" for n in range(10))
    dados = b"nome;telefone\n" + certas.encode() + "José;11987654321\n".encode("latin-1") + b"Ana;11987654322\n"
    assert [m for _, m in motivos(dados)] == [None] * 10 + ["CODIFICACAO", None]
    invertido = b"nome;telefone\n" + certas.encode("latin-1") + "José;11987654321\n".encode()
    lidas = ler(invertido)
    assert lidas[0].nome == "João 0"
    assert all(linha.motivo is None for linha in lidas)


def test_o_que_se_recusa_traz_o_que_tinha() -> None:
    longa = ";".join(["x" * 100] * 300)
    texto = "nome;telefone\n" + 'Nulo\x00;1\n"Abre;2\nA;1;b;c\n' + longa + "\n"
    celulas = [(c.motivo, c.celulas) for c in Tabela(texto.encode()).registros()]
    assert celulas[:3] == [
        ("CARACTERE_INVALIDO", ["Nulo\ufffd", "1"]), ("LINHA_MALFORMADA", ['"Abre', "2"]),
        ("COLUNAS_DEMAIS", ["A", "1", "b", "c"]),
    ]  # fmt: skip
    motivo, guardadas = celulas[3]
    assert motivo == "LINHA_LONGA" and guardadas and ";".join(guardadas) == longa and len(guardadas) <= 241
    outra = "nome;telefone\n" + "Zé;1\n" * 3
    (*_, quebrada) = Tabela(outra.encode() + "José;3\n".encode("latin-1")).registros()
    assert (quebrada.motivo, quebrada.celulas) == ("CODIFICACAO", ["José", "3"])


def test_formula_que_a_exportacao_protegeu_volta_como_era() -> None:
    (linha,) = ler("nome;telefone;x\n'=SOMA(1);'+5511987654321;'-5\n")
    assert (linha.nome, linha.telefone, linha.campos) == ("=SOMA(1)", "+5511987654321", {"x": "-5"})


def test_formula_fica_como_esta() -> None:
    (linha,) = ler('nome;telefone;x\n"=HYPERLINK(""a"")";+5511987654321;@SUM(1)\n')
    assert (linha.nome, linha.telefone, linha.campos) == ('=HYPERLINK("a")', "+5511987654321", {"x": "@SUM(1)"})


def test_lotes_limitados_e_numerados() -> None:
    dados = ("telefone\n" + "".join(f"119{n:08}\n" for n in range(2 * LINHAS_POR_LOTE + 1))).encode()
    lotes = list(Planilha(dados).lotes())
    assert [len(lote) for lote in lotes] == [LINHAS_POR_LOTE, LINHAS_POR_LOTE, 1]
    assert [linha.linha for lote in lotes for linha in lote] == list(range(2, 2 * LINHAS_POR_LOTE + 3))


@pytest.mark.parametrize(
    "pedaco", ['"', '"\n', '"a\n', 'a"b;\n', '";"', "\n", ";", "\x00\n", "\xff\n", '""";\n', "=1+1;2\n", '"a";"b\n']
)
def test_lixo_grande_e_lido_depressa_e_aos_poucos(pedaco: str) -> None:
    dados = b"telefone;nome\n" + (pedaco * (400_000 // len(pedaco))).encode("latin-1")
    if dados.count(b"\n") > 150_000:
        dados = b"\n".join(dados.split(b"\n", 150_000)[:150_000])
    inicio = time.process_time()
    for lote in Planilha(dados).lotes():
        assert len(lote) <= LINHAS_POR_LOTE
    assert time.process_time() - inicio < 10


@given(st.binary(max_size=400))
def test_qualquer_byte_da_linhas_ou_recusa(lixo: bytes) -> None:
    for dados in (lixo, b"telefone;nome\n" + lixo):
        try:
            lidas = ler(dados)
        except Erro as erro:
            assert erro.status == 422
        else:
            assert [linha.linha for linha in lidas] == sorted({linha.linha for linha in lidas})
