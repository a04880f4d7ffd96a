"""Media between the simulated provider and the storage: every way to fail, and repeating after a crash."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco, Chamavel
from app.simulador.midia import VIDA_RECEBIDA, Midia
from app.worker import midias
from app.worker.contexto import NumeroPronto, Trabalho
from tests.sql.cenas import Admin
from tests.sql.test_midias import linha_de, na_fila, no_provedor, preparar, receber
from tests.test_tipo_de_arquivo import PNG
from tests.worker.conftest import Palco, esperar


class Queda(BaseException):
    """The process is gone: nothing of it may handle this."""


class CaiNaHora:
    """A database that loses this process at its first call of one function, before it is made."""

    def __init__(self, banco: Chamavel, funcao: str) -> None:
        self._banco = banco
        self._funcao = funcao

    async def chamar(self, funcao: str, argumentos: Mapping[str, object]) -> bytes:
        if funcao == self._funcao:
            raise Queda
        return await self._banco.chamar(funcao, argumentos)


def no_simulador(palco: Palco, dados: bytes, mime: str = "image/png") -> dict[str, Any]:
    """Bytes that a person sent, and how the webhook describes them."""
    mundo = palco.simulador.mundo
    midia = Midia(
        str(secrets.randbelow(10**15)), palco.numero_id_externo, mime, dados, mundo.relogio.agora() + VIDA_RECEBIDA
    )
    mundo.midias.guardar(midia)
    return {"id": midia.id, "mime": mime, "sha256": midia.sha256, "nome": "a.png"}


async def virar(admin: Admin, id_: UUID, status: str) -> dict[str, Any]:
    async def pronta() -> bool:
        # nobody waits for backoff in a test
        admin.execute("update fila set executar_em = now() where alvo_id = %s and reservado_ate is null", [id_])
        return bool(linha_de(admin, id_)["status"] == status)

    await esperar(pronta)
    return linha_de(admin, id_)


async def guardados(palco: Palco, sha256: str) -> bytes:
    return b"".join([pedaco async for pedaco in palco.armazem.ler(palco.cena.cliente_id, sha256)])


async def test_o_que_chega_e_guardado(admin: Admin, palco: Palco) -> None:
    dados = PNG + os.urandom(2_000_000)
    mensagem, id_, _ = receber(admin, palco.cena, **no_simulador(palco, dados))

    def avisos() -> set[UUID]:
        lidos = admin.execute("select id from eventos where alvo_id = %s and tipo = 'mensagem_mudou'", [mensagem])
        return {e["id"] for e in lidos.fetchall()}

    antes = avisos()
    async with palco.worker():
        midia = await virar(admin, id_, "DISPONIVEL")
    assert (midia["mime"], midia["tamanho"]) == ("image/png", len(dados))
    assert await guardados(palco, midia["sha256"]) == dados
    assert na_fila(admin, "midia_baixar", id_) == 0
    assert avisos() - antes, "whoever sees the message hears that its media is here"


@pytest.mark.parametrize(
    "acao",
    [
        {"kind": "status", "http": 500},
        {"kind": "truncate", "bytes": 20},
        {"kind": "reset"},
        {"kind": "error_code", "code": 4},
    ],
)
async def test_falha_que_passa(admin: Admin, palco: Palco, acao: dict[str, Any]) -> None:
    descricao = no_simulador(palco, PNG)
    falha = {"stage": "before_read", "action": acao, "limit": 2, "match": {"path": f"/v25.0/{descricao['id']}"}}
    await palco.controle("POST", "/faults", json=falha)
    _, id_, _ = receber(admin, palco.cena, **descricao)
    async with palco.worker():
        midia = await virar(admin, id_, "DISPONIVEL")
    await palco.controle("DELETE", "/faults")
    # the client itself repeats a GET whose connection was reset
    assert 1 <= midia["tentativas"] <= 2 and midia["motivo"] is None


@pytest.mark.parametrize(
    ("mudar", "motivo"),
    [({"sha256": "0" * 64}, "CORROMPIDA"), ({"id": "123"}, "AUSENTE"), ({"id": "../x"}, "RECUSADA")],
)
async def test_falha_que_fica(admin: Admin, palco: Palco, mudar: dict[str, str], motivo: str) -> None:
    _, id_, _ = receber(admin, palco.cena, **{**no_simulador(palco, PNG), **mudar})
    async with palco.worker():
        midia = await virar(admin, id_, "FALHOU")
    assert midia["motivo"] == motivo and midia["sha256"] is None
    assert admin.execute("select from fila_morta where alvo_id = %s", [id_]).fetchall() == []


async def test_endereco_vencido_e_pedido_de_novo(admin: Admin, palco: Palco, monkeypatch: pytest.MonkeyPatch) -> None:
    mundo, vezes = palco.simulador.mundo, 0
    abrir = mundo.midias.abrir_url

    def abrir_tarde(opaco: str, id_: str, agora: int) -> None:
        nonlocal vezes
        vezes += 1
        if vezes > 1:
            abrir(opaco, id_, agora)

    monkeypatch.setattr(mundo.midias, "abrir_url", abrir_tarde)
    _, id_, _ = receber(admin, palco.cena, **no_simulador(palco, PNG))
    async with palco.worker():
        await virar(admin, id_, "DISPONIVEL")
    assert vezes == 2


async def test_grande_demais_nem_termina(admin: Admin, palco: Palco) -> None:
    _, id_, _ = receber(admin, palco.cena, **no_simulador(palco, PNG + bytes(100 * 1024 * 1024)))
    async with palco.worker():
        midia = await virar(admin, id_, "FALHOU")
    assert midia["motivo"] == "GRANDE"


async def test_queda_no_meio_repete_sem_estrago(admin: Admin, palco: Palco, banco_worker: Banco) -> None:
    """Killed after the bytes are in the storage and before the database knows: the next worker ends it."""
    _, id_, _ = receber(admin, palco.cena, **no_simulador(palco, PNG + b"queda"))
    fila = admin.execute(
        "update fila set reservado_por = 'vitima', reservado_ate = now() + interval '1 hour' where alvo_id = %s"
        " returning id, executar_em",
        [id_],
    ).fetchone()
    assert fila
    trabalho = Trabalho(fila["id"], 1, "midia_baixar", id_, 1, 3, fila["executar_em"])
    async with palco.worker("vitima") as contexto:
        morto = dataclasses.replace(contexto, banco=CaiNaHora(banco_worker, "worker.midia_baixa_concluir"))
        with pytest.raises(Queda):
            await midias.baixar(morto, NumeroPronto(palco.cena.cliente_id, palco.cena.conexao_id), trabalho)
    assert linha_de(admin, id_)["status"] == "PENDENTE"
    assert await guardados(palco, hashlib.sha256(PNG + b"queda").hexdigest())
    admin.execute("update fila set reservado_ate = now() - interval '1 second' where id = %s", [fila["id"]])
    async with palco.worker():
        midia = await virar(admin, id_, "DISPONIVEL")
    assert await guardados(palco, midia["sha256"]) == PNG + b"queda"


async def enviada(admin: Admin, palco: Palco, dados: bytes, mime: str = "image/png") -> str:
    """A file that somebody uploaded."""
    with palco.armazem.receber(len(dados)) as recebido:
        recebido.write(dados)
        await palco.armazem.guardar(palco.cena.cliente_id, recebido)
        linha = admin.execute(
            "insert into midias (cliente_id, origem, tipo, status, sha256, tamanho, mime, nome)"
            " values (%s, 'ENVIADA', 'IMAGEM', 'DISPONIVEL', %s, %s, %s, 'f.png') returning id",
            [palco.cena.cliente_id, recebido.sha256, len(dados), mime],
        ).fetchone()
    assert linha
    return str(linha["id"])


async def no_estado(admin: Admin, id_: str, status: str) -> dict[str, Any]:
    async def pronta() -> bool:
        admin.execute(
            "update fila set executar_em = now() where alvo_id = %s and reservado_ate is null",
            [no_provedor(admin, id_)["id"]],
        )
        return bool(no_provedor(admin, id_)["status"] == status)

    await esperar(pronta)
    return no_provedor(admin, id_)


async def test_o_que_sai_e_entregue_ao_provedor_uma_vez(admin: Admin, palco: Palco) -> None:
    dados = PNG + secrets.token_bytes(50_000)
    id_ = await enviada(admin, palco, dados)
    assert preparar(admin, palco.cena, id_) is False
    async with palco.worker():
        subida = await no_estado(admin, id_, "DISPONIVEL")
    guardada = palco.simulador.mundo.midias.buscar(subida["id_externo"], palco.simulador.mundo.relogio.agora())
    assert guardada is not None and guardada.dados == dados and guardada.mime == "image/png"
    assert preparar(admin, palco.cena, id_) is True
    assert na_fila(admin, "midia_subir", subida["id"]) == 0


async def test_subida_que_o_provedor_recusa(admin: Admin, palco: Palco) -> None:
    id_ = await enviada(admin, palco, b"PK" + secrets.token_bytes(20), "application/zip")
    preparar(admin, palco.cena, id_)
    async with palco.worker():
        assert (await no_estado(admin, id_, "FALHOU"))["motivo"] == "RECUSADA"
    assert preparar(admin, palco.cena, id_) is None


async def test_subida_espera_o_provedor_voltar(admin: Admin, palco: Palco) -> None:
    falha = {
        "stage": "before_read", "action": {"kind": "status", "http": 503}, "limit": 3,
        "match": {"path": f"/v25.0/{palco.numero_id_externo}/media"},
    }  # fmt: skip
    await palco.controle("POST", "/faults", json=falha)
    id_ = await enviada(admin, palco, PNG + secrets.token_bytes(20))
    preparar(admin, palco.cena, id_)
    async with palco.worker():
        assert (await no_estado(admin, id_, "DISPONIVEL"))["tentativas"] == 3
    await palco.controle("DELETE", "/faults")


async def test_subida_de_conteudo_perdido(admin: Admin, palco: Palco) -> None:
    id_ = await enviada(admin, palco, PNG + secrets.token_bytes(20))
    admin.execute("update midias set sha256 = %s where id = %s", [secrets.token_hex(32), id_])
    preparar(admin, palco.cena, id_)
    async with palco.worker():
        assert (await no_estado(admin, id_, "FALHOU"))["motivo"] == "ARMAZEM"
