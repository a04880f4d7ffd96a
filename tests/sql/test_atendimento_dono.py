"""Who comes back waits, for a while, for whoever served her before."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.banco import Banco
from app.embutido import SUPERUSUARIO
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql.salao import AGORA, Salao, salao

__all__ = ["salao"]


async def test_volta_a_quem_a_atendia(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(30, equipe)
    minha = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == minha
    salao.resolver(minha)
    vista = salao.voltar(minha)
    assert (vista["usuario_id"], vista["dono_id"], vista["status"]) == (None, ivo.usuario_id, "ABERTA")
    assert vista["dono_ate"] - datetime.now(UTC) > timedelta(minutes=29)
    assert await salao.proximo(lia) is None, "it is not given to another"
    urgente = salao.esperar(equipe, 60, "URGENTE")
    assert (await salao.chamar("api.atendimento_obter", ivo))["naFila"] == 2
    assert await salao.proximo(ivo) == minha, "before whatever else waits"
    vista = salao.conversa(minha)
    assert (vista["dono_id"], vista["dono_ate"]) == (None, None)
    await salao.vencer(minha)
    assert salao.conversa(minha)["usuario_id"] == ivo.usuario_id, "the job finds nothing to do"
    assert await salao.proximo(lia) == urgente


async def test_na_hora_marcada_cai_na_fila(salao: Salao, url_de: Callable[[str], str]) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(30, equipe)
    id_ = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == id_
    salao.resolver(id_)
    salao.voltar(id_)
    (trabalho,) = salao.ver("select executar_em from fila where cliente_id = $c and alvo_id = %s", id_)
    assert trabalho["executar_em"] == salao.conversa(id_)["dono_ate"]
    await salao.executar()
    assert salao.conversa(id_)["dono_id"] == ivo.usuario_id, "not before its time"
    with psycopg.connect(url_de(SUPERUSUARIO)) as outra:
        # somebody holds the row at that instant: later, not never
        await salao.vencer(id_, travar=outra)
    assert salao.conversa(id_)["dono_id"] == ivo.usuario_id
    assert len(salao.ver("select from fila where cliente_id = $c and alvo_id = %s", id_)) == 1
    await salao.vencer(id_)
    assert salao.conversa(id_)["dono_id"] is None
    assert salao.ver("select from fila where cliente_id = $c and alvo_id = %s", id_) == []
    assert await salao.proximo(lia) == id_


async def test_uma_conversa_nova_espera_por_quem_atendeu_a_anterior(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(10, equipe)
    antiga = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == antiga
    salao.resolver(antiga)
    nova = salao.esperar(None, 1, contato_id=salao.conversa(antiga)["contato_id"])
    assert salao.conversa(nova)["equipe_id"] == equipe, "the queue of its number"
    with salao.como_entrada() as conexao:
        conexao.execute("select interno.conversas_entrar(%s, array[%s]::uuid[], now())", [salao.cena.cliente_id, nova])
    assert salao.conversa(nova)["dono_id"] == ivo.usuario_id
    assert await salao.proximo(lia) is None
    assert await salao.proximo(ivo) == nova


@pytest.mark.parametrize("reabertura", ["REABRIR", "NOVA"])
async def test_quem_escreve_de_novo_acha_quem_a_atendeu(salao: Salao, banco_ingresso: Banco, reabertura: str) -> None:
    """Through intake, whichever the number does: it opens in its team's queue, and comes back to who had it."""
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(30, equipe)
    salao.admin.execute(
        "update conexoes set reabertura = %s where cliente_id = %s and id = %s",
        [reabertura, salao.cena.cliente_id, salao.cena.conexao_id],
    )
    (numero,) = salao.ver("select numero_id_externo as n, conta_id_externa as c from conexoes where cliente_id = $c")
    de = f"55119{secrets.randbelow(10**8):08d}"

    async def escrever(n: int) -> dict[str, Any]:
        mensagem = {
            "from": de, "id": f"wamid.{secrets.token_hex(9)}", "timestamp": str(int(AGORA.timestamp()) + n),
            "type": "text", "text": {"body": "oi"},
        }  # fmt: skip
        pessoa = [{"profile": {"name": "Eva"}, "wa_id": de}]
        corpo = wm.corpo_de(wm.envelope(numero["n"], numero["c"], contacts=pessoa, messages=[mensagem]))
        await chamar(
            banco_ingresso, "webhook.evento_receber", p_conexoes=[salao.cena.conexao_id], p_corpo=corpo, p_legivel=True
        )
        await salao.executar()
        return salao.ver("select * from conversas where cliente_id = $c order by id desc limit 1")[0]

    primeira = await escrever(0)
    assert (primeira["equipe_id"], primeira["dono_id"]) == (equipe, None)
    assert await salao.proximo(ivo) == primeira["id"]
    salao.resolver(primeira["id"])
    voltou = await escrever(1)
    assert (voltou["id"] == primeira["id"]) is (reabertura == "REABRIR")
    assert (voltou["status"], voltou["equipe_id"], voltou["dono_id"]) == ("ABERTA", equipe, ivo.usuario_id)
    assert await salao.proximo(lia) is None
    assert await salao.proximo(ivo) == voltou["id"]


@pytest.mark.parametrize("como", ["ausente", "desativado", "sem_equipe", "numero_sem_espera", "pausa"])
@pytest.mark.parametrize("quando", ["antes", "depois"])
async def test_quem_nao_vira_nao_segura(salao: Salao, como: str, quando: str) -> None:
    """At once, whether it became so before the person came back or while she waits; a pause is no absence."""
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    salao.dono(30, equipe)
    id_ = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == id_
    salao.resolver(id_)

    async def sair() -> None:
        if como in ("ausente", "pausa"):
            estado = "AUSENTE" if como == "ausente" else "PAUSA"
            await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade=estado)
        elif como == "desativado":
            await salao.chamar("api.usuario_desativar", p_id=ivo.usuario_id)
        elif como == "sem_equipe":
            await salao.chamar("api.equipe_atualizar", p_id=equipe, p_membros=[lia.usuario_id])
        else:
            salao.dono(0, equipe)

    if quando == "antes":
        await sair()
        vista = salao.voltar(id_)
    else:
        salao.voltar(id_)
        assert salao.conversa(id_)["dono_id"] == ivo.usuario_id
        await sair()
        vista = salao.conversa(id_)
    # the setting of a number counts when the person comes back
    espera = como == "pausa" or (como == "numero_sem_espera" and quando == "depois")
    assert vista["dono_id"] == (ivo.usuario_id if espera else None)
    assert await salao.proximo(lia) == (None if espera else id_)


async def test_fora_do_expediente_o_tempo_do_dono_nao_corre(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1)
    equipe = await salao.equipe(ivo)
    salao.dono(30, equipe)
    calendario, abre = await salao.calendario_fechado("Tarde")
    equipe_lida = await salao.chamar(
        "api.equipe_atendimento_atualizar", p_id=equipe, p_calendario_id=calendario, p_distribuicao="MANUAL"
    )
    assert equipe_lida["aberta"] is False
    assert datetime.fromisoformat(equipe_lida["proximaAbertura"]) == abre
    id_ = salao.esperar(equipe, 5)
    assert await salao.proximo(ivo) == id_
    salao.resolver(id_)
    assert salao.voltar(id_)["dono_ate"] == abre + timedelta(minutes=30)
    (fila,) = [f for f in (await salao.chamar("api.filas_listar"))["dados"] if f["id"] == str(equipe)]
    assert (fila["aberta"], fila["esperando"], fila["reservadas"]) == (False, 1, 1)
    assert fila["esperaUtilSegundos"] == 0 <= fila["esperaSegundos"]


async def test_assumida_por_outro_ou_transferida_deixa_de_esperar(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe, outra = await salao.equipe(ivo, lia), await salao.equipe(lia)
    salao.dono(30, equipe)
    for mudanca in ("usuario_id", "equipe_id"):
        id_ = salao.esperar(equipe, 5)
        assert await salao.proximo(ivo) == id_
        salao.resolver(id_)
        assert salao.voltar(id_)["dono_id"] == ivo.usuario_id
        valor = lia.usuario_id if mudanca == "usuario_id" else outra
        salao.admin.execute(
            f"update conversas set {mudanca} = %s, status = %s where id = %s",
            [valor, "EM_ATENDIMENTO" if mudanca == "usuario_id" else "ABERTA", id_],
        )
        assert salao.conversa(id_)["dono_id"] is None


async def test_a_equipe_do_numero(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1)
    equipe = await salao.equipe(ivo)
    pedido: dict[str, Any] = {"p_id": salao.cena.conexao_id, "p_equipe_id": equipe, "p_dono_minutos": 5}
    conexao = await salao.chamar("api.conexao_atendimento_atualizar", **pedido)
    assert (conexao["equipeId"], conexao["donoMinutos"]) == (str(equipe), 5)
    assert salao.conversa(salao.esperar(None))["equipe_id"] == equipe
    salao.admin.execute("update equipes set ativo = false where id = %s", [equipe])
    assert salao.conversa(salao.esperar(None))["equipe_id"] is None, "a team that is no more has no queue"
    for extra, codigo in (
        ({"p_equipe_id": UUID(int=1)}, "ZNI04"), ({"p_dono_minutos": 1441}, "ZRG01"), ({"p_id": UUID(int=1)}, "ZNX01"),
    ):  # fmt: skip
        assert (
            await salao.recusa(salao.cena.sessao, "api.conexao_atendimento_atualizar", **{**pedido, **extra}) == codigo
        )
    assert await salao.recusa(ivo, "api.conexao_atendimento_atualizar", **pedido) == "ZPG01"
