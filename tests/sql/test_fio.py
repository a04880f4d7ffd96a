"""The thread of a conversation: one line of messages, notes and events, read by pages in both directions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


async def _cena(admin: Admin, novo_cliente: Callable[..., Any]) -> tuple[Cena, UUID]:
    cena = cenas.montar(admin, await novo_cliente(), contatos=1)
    return cena, cenas.conversar(admin, cena, cena.contatos[0])


async def _encher(banco: Banco, cena: Cena, conversa: UUID) -> None:
    """Sixteen lines of three kinds, in turn."""
    for n in range(5):
        texto = {"texto": f"mensagem {n}"}
        await chamar(
            banco, "api.mensagem_enviar", **cena.sessao.args, p_conversa_id=conversa, p_tipo="TEXTO", p_conteudo=texto
        )
        await chamar(banco, "api.nota_criar", **cena.sessao.args, p_conversa_id=conversa, p_texto=f"nota {n}")
        prioridade = ("ALTA", "BAIXA")[n % 2]
        await chamar(banco, "api.conversa_priorizar", **cena.sessao.args, p_id=conversa, p_prioridade=prioridade)


async def test_o_fio_e_um_so_nas_duas_direcoes(
    admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco
) -> None:
    cena, conversa = await _cena(admin, novo_cliente)
    await _encher(banco_api, cena, conversa)

    async def fio(**quais: object) -> Any:
        return await chamar(banco_api, "api.conversa_fio_listar", **cena.sessao.args, p_conversa_id=conversa, **quais)

    inteiro = (await fio(p_limite=200))["dados"]
    assert [i["especie"] for i in inteiro].count("MENSAGEM") == 5
    assert [i["especie"] for i in inteiro].count("NOTA") == 5
    assert [i["em"] for i in inteiro] == sorted((i["em"] for i in inteiro), reverse=True)
    assert all(i["autor"]["id"] == str(cena.sessao.usuario_id) for i in inteiro if i["especie"] == "MENSAGEM")
    ids = [i["id"] for i in inteiro]
    lidos: list[str] = []
    cursor: str | None = None
    while True:
        pagina = await fio(p_limite=3, p_cursor=cursor)
        lidos += [i["id"] for i in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
    assert lidos == ids
    adiante: list[str] = [ids[-1]]
    while novos := (await fio(p_limite=4, p_apos=UUID(adiante[-1])))["dados"]:
        adiante += [i["id"] for i in novos]
    assert adiante == ids[::-1]
    for n, id_ in enumerate(ids):
        if inteiro[n]["especie"] == "EVENTO":
            continue
        em_torno = [i["id"] for i in (await fio(p_limite=5, p_em_torno_de=UUID(id_)))["dados"]]
        assert em_torno == ids[max(0, n - 2) : max(0, n - 2) + len(em_torno)] and id_ in em_torno
    alguns = [i["id"] for i in inteiro if i["especie"] != "EVENTO"][:2]
    assert [i["id"] for i in (await fio(p_ids=[UUID(a) for a in alguns]))["dados"]] == alguns


async def test_outra_empresa_nao_le_nem_por_id(
    admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco
) -> None:
    (cena, conversa), (outra, dela) = await _cena(admin, novo_cliente), await _cena(admin, novo_cliente)
    await _encher(banco_api, cena, conversa)
    meu = (await chamar(banco_api, "api.conversa_fio_listar", **cena.sessao.args, p_conversa_id=conversa))["dados"][0]
    for funcao, alvo in (
        ("api.conversa_fio_listar", "p_conversa_id"),
        ("api.conversa_compositor_obter", "p_id"),
        ("api.conversa_colegas_listar", "p_conversa_id"),
    ):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **outra.sessao.args, **{alvo: conversa})
        assert erro.value.codigo == "ZNV01"
    dela_com_meu = await chamar(
        banco_api, "api.conversa_fio_listar", **outra.sessao.args, p_conversa_id=dela, p_ids=[UUID(meu["id"])]
    )
    assert dela_com_meu["dados"] == []
    with pytest.raises(Erro) as erro:
        await chamar(
            banco_api, "api.conversa_fio_listar", **outra.sessao.args, p_conversa_id=dela, p_apos=UUID(meu["id"])
        )
    assert erro.value.codigo == "ZNV02"


@pytest.mark.parametrize(
    ("janela", "mudanca", "estado", "impedimento"),
    [
        ("20 hours", "", "ABERTA", None),
        ("30 minutes", "", "CURTA", None),
        ("-1 hours", "", "FECHADA", "JANELA_FECHADA"),
        (None, "", "FECHADA", "JANELA_FECHADA"),
        ("20 hours", "update contatos set bloqueado = true where cliente_id = %s", "ABERTA", "BLOQUEADO"),
    ],
)
async def test_o_compositor_diz_o_que_o_envio_faria(
    admin: Admin,
    novo_cliente: Callable[..., Any],
    banco_api: Banco,
    janela: str | None,
    mudanca: str,
    estado: str,
    impedimento: str | None,
) -> None:
    cena = cenas.montar(admin, await novo_cliente(), contatos=1)
    conversa = cenas.conversar(admin, cena, cena.contatos[0], janela=janela)
    if mudanca:
        admin.execute(mudanca, [cena.cliente_id])  # type: ignore[arg-type]
    lido = await chamar(banco_api, "api.conversa_compositor_obter", **cena.sessao.args, p_id=conversa)
    assert (lido["janela"], lido["impedimento"], lido["voz"]) == (estado, impedimento, "NINGUEM")
    envio = {"p_conversa_id": conversa, "p_tipo": "TEXTO", "p_conteudo": {"texto": "oi"}}
    if impedimento is None:
        await chamar(banco_api, "api.mensagem_enviar", **cena.sessao.args, **envio)
    else:
        with pytest.raises(Erro):
            await chamar(banco_api, "api.mensagem_enviar", **cena.sessao.args, **envio)
