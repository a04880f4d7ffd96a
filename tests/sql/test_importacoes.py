"""An import that people follow: checked before anything enters, then written batch by batch by the queue."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar, cru

Admin = psycopg.Connection[dict[str, Any]]
DESTINOS = ["nome", "telefone", "campo"]


def telefone() -> str:
    return f"+55119{10**7 + secrets.randbelow(9 * 10**7):08d}"


def pessoa(numero: int, fone: str | None = None, **mudar: object) -> dict[str, object]:
    fone = fone or telefone()
    return {"linha": numero, "nome": f"P{numero}", "telefone": fone, "telefoneInformado": fone, **mudar}


async def conferida(
    banco: Banco, sessao: Sessao, lotes: list[list[dict[str, object]]], modo: str = "IGNORAR", **opcoes: object
) -> Any:
    """A file received, mapped and judged, ready to start."""
    aberta = await chamar(
        banco, "api.importacao_criar", **sessao.args, p_arquivo="x.csv", p_codificacao="utf-8", p_delimitador=";",
        p_colunas=["Nome", "Fone", "Cidade"], p_amostra=cru([]),
    )  # fmt: skip
    este = {**sessao.args, "p_id": UUID(aberta["id"])}
    for ordem, lote in enumerate(lotes, 1):
        cruas = [{"linha": linha["linha"], "celulas": ["x"]} for linha in lote]
        await chamar(
            banco, "api.importacao_lote_criar", **este, p_ordem=ordem, p_linhas=cru(cruas),
            p_ultimo=ordem == len(lotes),
        )  # fmt: skip
    lendo = await chamar(banco, "api.importacao_conferir", **este, p_destinos=DESTINOS, p_modo=modo, **opcoes)
    for ordem, lote in enumerate(lotes, 1):
        await chamar(
            banco, "api.importacao_lote_concluir", **este, p_ordem=ordem, p_linhas=cru(lote),
            p_versao=lendo["versao"],
        )  # fmt: skip
    return await chamar(banco, "api.importacao_obter", **este)


async def test_o_que_a_exportacao_escreve_cabe(banco_api: Banco, ana: Sessao) -> None:
    """Columns of the product's own before as many fields as a contact may have."""
    colunas = [f"C{n}" for n in range(60)]
    aberta = await chamar(
        banco_api, "api.importacao_criar", **ana.args, p_arquivo="x.csv", p_codificacao="utf-8", p_delimitador=";",
        p_colunas=colunas, p_amostra=cru([]),
    )  # fmt: skip
    este = {**ana.args, "p_id": UUID(aberta["id"])}
    cruas = [{"linha": 2, "celulas": ["x"] * 60}]
    await chamar(banco_api, "api.importacao_lote_criar", **este, p_ordem=1, p_linhas=cru(cruas), p_ultimo=True)
    destinos = ["nome", "telefone", *["campo"] * 58]
    lendo = await chamar(banco_api, "api.importacao_conferir", **este, p_destinos=destinos)
    assert lendo["status"] == "LENDO" and len(lendo["destinos"]) == 60


async def iniciar(banco: Banco, sessao: Sessao, importacao: Any) -> Any:
    return await chamar(banco, "api.importacao_iniciar", **sessao.args, p_id=UUID(importacao["id"]))


async def passo(banco_worker: Banco, sessao: Sessao) -> None:
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=sessao.cliente_id)


async def ate_o_fim(banco: Banco, banco_worker: Banco, sessao: Sessao, importacao: Any) -> Any:
    for _ in range(20):
        await passo(banco_worker, sessao)
        vista = await chamar(banco, "api.importacao_obter", **sessao.args, p_id=UUID(importacao["id"]))
        if vista["status"] not in ("EM_ANDAMENTO",):
            return vista
    raise AssertionError("it never ended")


async def test_do_arquivo_aos_contatos(banco_api: Banco, banco_worker: Banco, ana: Sessao) -> None:
    existente = telefone()
    await chamar(banco_api, "api.contato_criar", **ana.args, p_nome="Já", p_telefone=existente)
    etiqueta = await chamar(banco_api, "api.etiqueta_criar", **ana.args, p_nome="Feira")
    lotes = [
        [pessoa(2), pessoa(3, campos={"Cidade": "Natal"}), {"linha": 4, "telefoneInformado": "abc", "nome": "Torta"}],
        [pessoa(5, existente), {"linha": 6, "motivo": "LINHA_MALFORMADA"}],
    ]
    pronta = await conferida(
        banco_api, ana, lotes, p_etiqueta_ids=[UUID(etiqueta["id"])], p_consentimento_prova="Ficha assinada"
    )
    assert (pronta["status"], pronta["total"], pronta["existentes"]) == ("CONFERIDA", 5, 1)
    assert {m["motivo"]: m["quantas"] for m in pronta["motivos"]} == {"TELEFONE_INVALIDO": 1, "LINHA_MALFORMADA": 1}
    # nothing entered yet
    antes = await chamar(banco_api, "api.contatos_listar", **ana.args)
    assert [c["nome"] for c in antes["dados"]] == ["Já"]
    await iniciar(banco_api, ana, pronta)
    fim = await ate_o_fim(banco_api, banco_worker, ana, pronta)
    assert (fim["status"], fim["criados"], fim["ignorados"], fim["lotesFeitos"]) == ("CONCLUIDA", 2, 1, 2)
    depois = (await chamar(banco_api, "api.contatos_listar", **ana.args))["dados"]
    novos = [c for c in depois if c["nome"] in ("P2", "P3")]
    assert [(c["marketing"], [e["nome"] for e in c["etiquetas"]]) for c in novos] == [("CONCEDIDO", ["Feira"])] * 2
    assert next(c["campos"] for c in novos if c["nome"] == "P3") == {"Cidade": "Natal"}
    livro = await chamar(banco_api, "api.consentimentos_listar", **ana.args, p_contato_id=UUID(novos[0]["id"]))
    assert livro["dados"][0]["registradoPor"] == str(ana.usuario_id), "in the name of who started it"
    recusadas = await chamar(banco_api, "api.importacao_recusadas_obter", **ana.args, p_id=UUID(pronta["id"]))
    assert [(r["linha"], r["motivo"], r["nome"]) for r in recusadas["linhas"]] == [(4, "TELEFONE_INVALIDO", "Torta")]
    assert recusadas["proxima"] == 2


async def test_queda_no_meio_nao_perde_nem_repete(
    banco_api: Banco, banco_worker: Banco, admin: Admin, ana: Sessao
) -> None:
    lotes = [[pessoa(n * 10 + i) for i in range(3)] for n in (1, 2, 3)]
    pronta = await conferida(banco_api, ana, lotes)
    await iniciar(banco_api, ana, pronta)
    await passo(banco_worker, ana)
    meio = await chamar(banco_api, "api.importacao_obter", **ana.args, p_id=UUID(pronta["id"]))
    assert meio["lotesFeitos"] == 1 and meio["criados"] == 3
    # what a killed worker leaves: the same job, done again
    admin.execute("update fila set executar_em = now() - interval '1 second' where tipo = 'contatos_importar'")
    fim = await ate_o_fim(banco_api, banco_worker, ana, pronta)
    assert (fim["criados"], fim["ignorados"], fim["lotesFeitos"]) == (9, 0, 3)
    linha = admin.execute("select count(*) as n from fila where tipo = 'contatos_importar'").fetchone()
    assert linha and linha["n"] == 0


async def test_quem_perde_a_permissao_nao_importa(
    banco_api: Banco, banco_worker: Banco, admin: Admin, novo_cliente: Callable[..., Any]
) -> None:
    dona: Sessao = await novo_cliente("Passageira")
    pronta = await conferida(banco_api, dona, [[pessoa(2)]])
    await iniciar(banco_api, dona, pronta)
    admin.execute(
        "delete from perfis_permissoes where cliente_id = %s and permissao = 'contatos:importar'", [dona.cliente_id]
    )
    await passo(banco_worker, dona)
    linha = admin.execute(
        "select i.status, (select count(*) from contatos c where c.cliente_id = i.cliente_id) as contatos"
        " from importacoes i where i.cliente_id = %s",
        [dona.cliente_id],
    ).fetchone()
    assert linha == {"status": "FALHOU", "contatos": 0}


async def test_cancelar_deixa_o_que_entrou(banco_api: Banco, banco_worker: Banco, ana: Sessao) -> None:
    pronta = await conferida(banco_api, ana, [[pessoa(2)], [pessoa(3)]])
    await iniciar(banco_api, ana, pronta)
    with pytest.raises(Erro) as recusa:
        await chamar(banco_api, "api.importacao_remover", **ana.args, p_id=UUID(pronta["id"]))
    assert recusa.value.codigo == "ZCC11"
    await passo(banco_worker, ana)
    feita = await chamar(banco_api, "api.importacao_cancelar", **ana.args, p_id=UUID(pronta["id"]))
    await passo(banco_worker, ana)
    assert (feita["status"], feita["criados"]) == ("CANCELADA", 1)
    await chamar(banco_api, "api.importacao_remover", **ana.args, p_id=UUID(pronta["id"]))


@pytest.mark.parametrize(
    ("destinos", "codigo"),
    [
        (["nome", "campo", "campo"], "ZRC08"), (["telefone", "telefone", ""], "ZRC08"),
        (["telefone", "nome", "nome"], "ZRC09"), (["telefone"], "ZRG03"), (["telefone", "nome", "outro"], "ZRG03"),
    ],
)  # fmt: skip
async def test_mapeamento_impossivel(banco_api: Banco, ana: Sessao, destinos: list[str], codigo: str) -> None:
    pronta = await conferida(banco_api, ana, [[pessoa(2)]])
    with pytest.raises(Erro) as recusa:
        await chamar(banco_api, "api.importacao_conferir", **ana.args, p_id=UUID(pronta["id"]), p_destinos=destinos)
    assert recusa.value.codigo == codigo
    await chamar(banco_api, "api.importacao_remover", **ana.args, p_id=UUID(pronta["id"]))


async def test_leitura_antiga_nao_escreve(banco_api: Banco, ana: Sessao) -> None:
    pronta = await conferida(banco_api, ana, [[pessoa(2)]])
    este = {**ana.args, "p_id": UUID(pronta["id"])}
    lendo = await chamar(banco_api, "api.importacao_conferir", **este, p_destinos=DESTINOS)
    with pytest.raises(Erro) as recusa:
        await chamar(
            banco_api, "api.importacao_lote_concluir", **este, p_ordem=1, p_linhas=cru([]),
            p_versao=lendo["versao"] - 1,
        )  # fmt: skip
    assert recusa.value.codigo == "ZCG02"
    await chamar(banco_api, "api.importacao_remover", **este)


async def test_nada_a_importar(banco_api: Banco, ana: Sessao) -> None:
    pronta = await conferida(banco_api, ana, [[{"linha": 2, "motivo": "LINHA_LONGA"}]])
    with pytest.raises(Erro) as recusa:
        await iniciar(banco_api, ana, pronta)
    assert recusa.value.codigo == "ZRC10"


async def test_a_outra_empresa_nao_a_ve(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    pronta = await conferida(banco_api, ana, [[pessoa(2)]])
    for funcao in ("obter", "iniciar", "cancelar", "remover", "recusadas_obter"):
        with pytest.raises(Erro) as recusa:
            await chamar(banco_api, f"api.importacao_{funcao}", **bia.args, p_id=UUID(pronta["id"]))
        assert recusa.value.codigo == "ZNC04"
    assert (await chamar(banco_api, "api.importacoes_listar", **bia.args))["dados"] == []


async def test_abandonadas_somem(banco_api: Banco, admin: Admin, ana: Sessao) -> None:
    pronta = await conferida(banco_api, ana, [[pessoa(2)]])
    admin.execute("alter table importacoes disable trigger _020_atualizado")
    admin.execute("update importacoes set atualizado_em = now() - interval '2 days' where id = %s", [pronta["id"]])
    admin.execute("alter table importacoes enable trigger _020_atualizado")
    await conferida(banco_api, ana, [[pessoa(2)]])
    assert admin.execute("select 1 from importacoes where id = %s", [pronta["id"]]).fetchone() is None


async def test_juntar_etiquetas(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    fica, sai = [
        await chamar(banco_api, "api.etiqueta_criar", **ana.args, p_nome=nome) for nome in ("Cliente", "Clientes")
    ]
    pessoas = [
        await chamar(
            banco_api, "api.contato_criar", **ana.args, p_nome="Ana", p_telefone=telefone(),
            p_etiqueta_ids=[UUID(e["id"]) for e in etiquetas],
        )
        for etiquetas in ([fica], [fica, sai], [sai])
    ]  # fmt: skip
    with pytest.raises(Erro) as recusa:
        await chamar(banco_api, "api.etiqueta_fundir", **bia.args, p_id=UUID(fica["id"]), p_outra_id=UUID(sai["id"]))
    assert recusa.value.codigo == "ZNE01"
    juntas = {**ana.args, "p_id": UUID(fica["id"]), "p_outra_id": UUID(sai["id"])}
    with pytest.raises(Erro) as recusa:
        await chamar(banco_api, "api.etiqueta_fundir", **juntas, p_versao=sai["versao"] + 1)
    assert recusa.value.codigo == "ZCG02"
    await chamar(banco_api, "api.etiqueta_fundir", **juntas, p_versao=sai["versao"])
    uso = await chamar(banco_api, "api.etiquetas_uso_obter", **ana.args, p_ids=[UUID(fica["id"]), UUID(sai["id"])])
    assert uso["etiquetas"] == {fica["id"]: {"contatos": len(pessoas), "conversas": 0, "campanhas": 0}}
