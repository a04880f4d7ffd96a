"""After a rotation everything sealed is sealed again: each table that has secrets, each tenant, and nothing is lost."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from click.testing import CliRunner

from app import cli, fator, recifra
from app.banco import Banco
from app.cifra import Cofre
from app.config import Chave
from app.credenciais import CredenciaisMeta, abrir, argumentos
from app.tipos.identidade import FatorSelado
from tests.conftest import SENHA_HASH, Sessao, chamar

Admin = psycopg.Connection[dict[str, Any]]
K1, K2 = (Chave(f"r{n}", bytes([n]) * 32) for n in (1, 2))
VELHO, ANEL, NOVO = Cofre([K1]), Cofre([K2, K1]), Cofre([K2])
SENHA = {"p_confere": True, "p_senha_hash_conferida": SENHA_HASH}
COLUNAS = {"conexoes": "credenciais", "inscricoes": "credenciais", "fatores": "segredo"}


async def semear(banco: Banco, quem: Sessao) -> dict[str, UUID]:
    """One secret in each table, sealed by the older key."""
    ids = {tabela: uuid4() for tabela in COLUNAS}
    credenciais = CredenciaisMeta("token", f"segredo-{quem.cliente_id}")
    await chamar(
        banco, "api.conexao_criar", **quem.args, p_id=ids["conexoes"], p_nome="Recepção", p_canal="WHATSAPP",
        p_provedor="META_API", p_numero_id_externo=str(10**14 + secrets.randbelow(10**13)), p_conta_id_externa="555123",
        **argumentos(VELHO, credenciais, quem.cliente_id, ids["conexoes"]),
    )  # fmt: skip
    await chamar(
        banco, "api.inscricao_criar", **quem.args, p_id=ids["inscricoes"], p_endereco_hash=secrets.token_bytes(32),
        p_credenciais=VELHO.selar(b'{"endpoint": "x"}', quem.cliente_id, ids["inscricoes"]),
    )  # fmt: skip
    novo = fator.novo(VELHO, quem.cliente_id)
    assert isinstance(novo["p_id"], UUID)
    ids["fatores"] = novo["p_id"]
    await chamar(banco, "api.fator_iniciar", **quem.args, **SENHA, **novo)
    return ids


def selados(admin: Admin, quem: Sessao) -> dict[str, bytes]:
    lidos = {}
    for tabela, coluna in COLUNAS.items():
        linha = admin.execute(
            f"select {coluna} as selado from {tabela} where cliente_id = %s",
            [quem.cliente_id],
        ).fetchone()
        assert linha
        lidos[tabela] = bytes(linha["selado"])
    return lidos


async def test_tudo_passa_a_chave_nova(
    banco_api: Banco, banco_plataforma: Banco, admin: Admin, novo_cliente: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recifra, "_POR_VEZ", 1)
    donos = [await novo_cliente("Rotação") for _ in range(2)]
    ids = [await semear(banco_api, quem) for quem in donos]
    claros = [
        {t: VELHO.abrir(s, quem.cliente_id, seus[t]) for t, s in selados(admin, quem).items()}
        for quem, seus in zip(donos, ids, strict=True)
    ]
    contas = await recifra.recifrar(banco_plataforma, ANEL, K2.kid)
    assert all(contas[tabela] == 2 for tabela in COLUNAS), contas
    for quem, seus, antes in zip(donos, ids, claros, strict=True):
        agora = selados(admin, quem)
        assert {t: NOVO.abrir(s, quem.cliente_id, seus[t]) for t, s in agora.items()} == antes
        # what groups connections by their secret derives from the key
        segredo = abrir(NOVO, agora["conexoes"], quem.cliente_id, seus["conexoes"]).app_secret
        impressao = admin.execute("select segredo_impressao from conexoes where id = %s", [seus["conexoes"]]).fetchone()
        assert segredo and impressao and bytes(impressao["segredo_impressao"]) == NOVO.impressao(segredo)
        lido = msgspec.convert(await chamar(banco_api, "api.fator_preparar", **quem.args), FatorSelado)
        assert len(fator.chave(NOVO, quem.cliente_id, lido)) == 32
        feitos = admin.execute(
            "select alvo_tipo, detalhe from auditoria where cliente_id = %s and acao = 'segredos_recifrados'"
            " order by alvo_tipo",
            [quem.cliente_id],
        ).fetchall()
        assert [(f["alvo_tipo"], f["detalhe"]) for f in feitos] == [(t, {"quantos": 1}) for t in sorted(COLUNAS)]
    # again: nothing is left to do, and what no key opens is said, not touched
    de_novo = await recifra.recifrar(banco_plataforma, ANEL, K2.kid)
    assert not any(de_novo[tabela] for tabela in COLUNAS)
    sem_k1 = await recifra.recifrar(banco_plataforma, Cofre([Chave("r3", b"3" * 32)]), "r3")
    assert all(sem_k1[f"{tabela} fechados"] >= 2 for tabela in COLUNAS) and not any(sem_k1[t] for t in COLUNAS)


async def test_o_que_se_salva_no_meio_fica(
    banco_api: Banco, banco_plataforma: Banco, admin: Admin, novo_cliente: Any
) -> None:
    """Neither what was saved since it was read nor another tenant's is replaced."""
    quem, outra = await novo_cliente("Salva"), await novo_cliente("Outra")
    ids = await semear(banco_api, quem)
    onde = {"p_cliente_id": quem.cliente_id, "p_tabela": "conexoes"}
    (lido,) = await chamar(banco_plataforma, "plataforma.selados_ler", **onde, p_chave=K2.kid)
    assert lido["id"] == str(ids["conexoes"])
    assert await chamar(banco_plataforma, "plataforma.selados_ler", **onde, p_chave=K1.kid) == []
    alheia = {**onde, "p_cliente_id": outra.cliente_id}
    item = {"id": lido["id"], "antes": lido["selado"], "depois": VELHO.selar(b"{}", quem.cliente_id, ids["conexoes"])}
    itens = msgspec.Raw(msgspec.json.encode([item]))
    assert (await chamar(banco_plataforma, "plataforma.selados_trocar", **alheia, p_itens=itens))["trocados"] == 0
    salvo = VELHO.selar(b'{"accessToken": "outro"}', quem.cliente_id, ids["conexoes"])
    await chamar(banco_api, "api.conexao_atualizar", **quem.args, p_id=ids["conexoes"], p_credenciais=salvo, p_versao=1)
    assert (await chamar(banco_plataforma, "plataforma.selados_trocar", **onde, p_itens=itens))["trocados"] == 0
    assert selados(admin, quem)["conexoes"] == salvo


def test_o_comando_existe() -> None:
    dito = CliRunner().invoke(cli.balcao, ["recifrar", "--help"])
    assert dito.exit_code == 0 and "BALCAO_CHAVES" in dito.output
