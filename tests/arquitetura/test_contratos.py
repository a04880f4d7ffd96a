"""Every api function, called for real, answers what its Struct says: no field less, none more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from app.tipos import CONTRATOS
from tests.arquitetura.cenario import Gravador, percorrer
from tests.arquitetura.corpos import todas
from tests.conftest import Sessao

Admin = psycopg.Connection[dict[str, Any]]


@pytest.fixture(scope="module")
async def gravado(banco_api: Banco, admin: Admin, ana: Sessao) -> Gravador:
    gravador = Gravador(banco_api, ana)
    await percorrer(gravador, admin)
    return gravador


@pytest.fixture(scope="module")
async def da_bia(banco_api: Banco, admin: Admin, bia: Sessao) -> Gravador:
    """The same walk by the other tenant: whatever Ana has, Bia has one of her own."""
    gravador = Gravador(banco_api, bia)
    await percorrer(gravador, admin)
    return gravador


async def test_toda_funcao_foi_chamada(gravado: Gravador) -> None:
    assert set(gravado.respostas) == {f.completo for f in todas() if f.esquema == "api"}


async def test_campo_a_mais_ou_a_menos_e_visto(gravado: Gravador) -> None:
    """Negative control: the decoding used above refuses both."""
    for funcao, tipo in CONTRATOS.items():
        resposta = json.loads(gravado.respostas[funcao][0])
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(json.dumps({**resposta, "campoNovo": 1}), type=tipo)
        resposta.pop(next(iter(resposta)))
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(json.dumps(resposta), type=tipo)


def _onde(admin: Admin) -> dict[UUID, str]:
    """Which table each id lives in."""
    tabelas = admin.execute(
        "select c.relname::text as t from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and a.atttypid = 'uuid'::regtype"
        " join pg_attribute k on k.attrelid = c.oid and k.attname = 'cliente_id'"
        " where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace"
    ).fetchall()
    return {
        linha["id"]: tabela["t"]
        for tabela in tabelas
        for linha in admin.execute(
            psycopg.sql.SQL("select id from public.{}").format(psycopg.sql.Identifier(tabela["t"]))
        ).fetchall()
    }


def _uuid(valor: object) -> UUID | None:
    try:
        return valor if isinstance(valor, UUID) else UUID(str(valor))
    except ValueError:
        return None


async def _resultado(banco: Banco, funcao: str, argumentos: dict[str, object]) -> tuple[object, ...]:
    try:
        return ("ok", await banco.chamar(funcao, argumentos))
    except Erro as erro:
        return (erro.status, erro.sqlstate, erro.corpo)


async def test_id_alheio_e_id_desconhecido_dao_a_mesma_resposta(
    gravado: Gravador, da_bia: Gravador, banco_api: Banco, admin: Admin, ana: Sessao, bia: Sessao
) -> None:
    """T4 at the functions: each id of each call, replaced by the other tenant's and by one that does not exist."""
    onde = _onde(admin)
    alheios: dict[str, UUID] = {}
    for _, argumentos in da_bia.chamadas:
        for valor in argumentos.values():
            for item in valor if isinstance(valor, list) else [valor]:
                id_ = _uuid(item)
                if id_ in onde:
                    alheios[onde[id_]] = id_
    provados: set[tuple[str, str]] = set()
    for funcao, argumentos in gravado.chamadas:
        if "p_sessao" not in argumentos or argumentos["p_sessao"] != ana.segredo:
            continue
        for nome, valor in argumentos.items():
            lista = isinstance(valor, list)
            primeiro = valor[0] if isinstance(valor, list) and valor else valor
            id_ = _uuid(primeiro)
            if nome in {"p_cliente_id", "p_sessao", "p_cursor"} or id_ not in onde or (funcao, nome) in provados:
                continue
            if funcao.endswith(("conexao_criar", "instancia_criar")) and nome == "p_id":
                continue  # the new row's own id, which the edge makes up
            alheio, desconhecido = alheios[onde[id_]], uuid4()
            base = {k: v for k, v in argumentos.items() if k != "p_chave_idempotencia"}
            de_outro = await _resultado(banco_api, funcao, {**base, nome: [alheio] if lista else alheio})
            de_ninguem = await _resultado(banco_api, funcao, {**base, nome: [desconhecido] if lista else desconhecido})
            # an answer item by item says which id it is about
            assert str(de_outro).replace(str(alheio), "?") == str(de_ninguem).replace(str(desconhecido), "?"), (
                funcao,
                nome,
            )
            assert de_outro[0] in {404, 409, 422, "ok"}, (funcao, nome, de_outro)
            provados.add((funcao, nome))
    assert len(provados) >= 40, sorted(provados)


@pytest.fixture(scope="module")
def assinaturas(admin: Admin) -> dict[str, list[str]]:
    linhas = admin.execute(
        "select n.nspname || '.' || p.proname as nome, p.proargnames[1:p.pronargs - p.pronargdefaults] as obrigatorios"
        " from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'api'"
    ).fetchall()
    return {linha["nome"]: linha["obrigatorios"] for linha in linhas if linha["obrigatorios"]}


async def test_sessao_de_um_nao_abre_o_outro(
    assinaturas: dict[str, list[str]], banco_api: Banco, ana: Sessao, bia: Sessao, novo_cliente: Callable[..., Any]
) -> None:
    """Every function, with the session of one tenant and the id of another: 401, whatever else is asked."""
    desconhecido = uuid4()
    provadas = 0
    for funcao, obrigatorios in assinaturas.items():
        if "p_sessao" not in obrigatorios:
            continue
        nulos = dict.fromkeys(obrigatorios)
        for cliente, segredo in (
            (ana.cliente_id, bia.segredo),
            (bia.cliente_id, ana.segredo),
            (desconhecido, ana.segredo),
            (ana.cliente_id, ""),
            (ana.cliente_id, None),
            (None, ana.segredo),
        ):
            with pytest.raises(Erro) as erro:
                await banco_api.chamar(funcao, {**nulos, "p_cliente_id": cliente, "p_sessao": segredo})
            assert (erro.value.status, erro.value.codigo) == (401, "ZAG01"), funcao
        provadas += 1
    assert provadas >= 60
