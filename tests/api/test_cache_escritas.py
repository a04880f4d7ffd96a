"""Every write of the product, with everything that can be kept warm before it: the next read shows it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from app.banco import Banco
from app.cache import PULSO, TUDO, Cache
from app.embutido import ServidorValkey
from app.erros import Erro
from app.http.guarda import LEMBRADAS, Guarda
from app.migracao import PASTA
from app.tipos.saude import SaudeDoBanco
from tests.arquitetura.cenario import Gravador, percorrer
from tests.arquitetura.corpos import todas
from tests.conftest import Sessao
from tests.sql.cenas import Admin

FUNCOES = PASTA / "functions"
# which table names the things that a function is asked about
OBJETOS = {
    "api.conversa_obter": ("conversas", "p_id"),
    "api.conversas_obter": ("conversas", "p_ids"),
    "api.mensagens_listar": ("conversas", "p_conversa_id"),
    "api.contato_obter": ("contatos", "p_id"),
    "api.etiqueta_obter": ("etiquetas", "p_id"),
    "api.perfil_obter": ("perfis", "p_id"),
}  # fmt: skip


async def _resposta(banco: Banco | Guarda, funcao: str, argumentos: Mapping[str, object]) -> object:
    try:
        lida = msgspec.json.decode(await banco.chamar(funcao, argumentos))
        if funcao == "api.painel_obter":
            del lida["ate"]  # the instant of the answer
        return lida
    except Erro as erro:
        return (erro.status, erro.sqlstate, erro.corpo)


@dataclass
class Aquecido:
    """The database behind the guard, with every read that is kept made just before each write and compared after."""

    banco: Banco
    guarda: Guarda
    cache: Cache
    admin: Admin
    sessao: Sessao
    escritas: set[str] = field(default_factory=set)
    velhas: list[tuple[str, str, object]] = field(default_factory=list)

    async def chamar(self, funcao: str, argumentos: Mapping[str, object]) -> bytes:
        leituras = list(self._leituras())
        await self.cache.invalidar(self.sessao.cliente_id, TUDO)
        for lida, pedidos in leituras:
            await _resposta(self.guarda, lida, pedidos)
        try:
            return await self.guarda.chamar(funcao, argumentos)
        finally:
            for lida, pedidos in leituras:
                agora = await _resposta(self.guarda, lida, pedidos)
                if agora != await _resposta(self.banco, lida, pedidos):
                    self.velhas.append((funcao, lida, pedidos.get("p_id")))
            self.escritas.add(funcao)

    def _leituras(self) -> Any:
        for funcao in LEMBRADAS:
            if funcao not in OBJETOS:
                yield funcao, self.sessao.args
                continue
            tabela, nome = OBJETOS[funcao]
            linhas = self.admin.execute(
                f"select id from {tabela} where cliente_id = %s order by id desc limit 3", [self.sessao.cliente_id]
            ).fetchall()
            for linha in linhas:
                yield funcao, {**self.sessao.args, nome: [linha["id"]] if nome == "p_ids" else linha["id"]}


@pytest.fixture
async def cache(valkey: ServidorValkey) -> AsyncIterator[Cache]:
    async with Redis.from_url(valkey.url) as redis:
        await redis.flushall()
        await redis.set(PULSO, "epoca")
        cache = Cache(valkey.url, b"segredo", prazo_s=5)
        yield cache
        await cache.fechar()
        await redis.flushall()


async def _guarda(banco_api: Banco, cache: Cache) -> Guarda:
    guarda = Guarda(banco_api, cache)
    guarda.usar_funcoes(msgspec.json.decode(await banco_api.chamar("api.saude_obter", {}), type=SaudeDoBanco).funcoes)
    return guarda


@pytest.mark.timeout(400)  # every function there is, read again after each write
async def test_toda_escrita_se_ve_na_leitura_seguinte(
    banco_api: Banco, cache: Cache, admin: Admin, ana: Sessao
) -> None:
    """Nobody carries events here: what the edge itself makes stale has to be enough."""
    aquecido = Aquecido(banco_api, await _guarda(banco_api, cache), cache, admin, ana)
    await percorrer(Gravador(aquecido, ana), admin)  # type: ignore[arg-type]
    assert aquecido.escritas == {f.completo for f in todas() if f.esquema == "api"}
    assert aquecido.velhas == []


@pytest.mark.timeout(400)  # every function there is, read again after each write
async def test_controle_sem_invalidar_fica_velho(
    banco_api: Banco, cache: Cache, admin: Admin, bia: Sessao, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the same walk sees what is stale when writes make nothing stale."""
    aquecido = Aquecido(banco_api, await _guarda(banco_api, cache), cache, admin, bia)
    monkeypatch.setattr("app.http.guarda.marcas_da_escrita", lambda *_: ())
    await percorrer(Gravador(aquecido, bia), admin)  # type: ignore[arg-type]
    assert {lida for _, lida, _ in aquecido.velhas} >= {
        "api.conversas_listar",
        "api.contatos_listar",
        "api.perfis_listar",
    }


async def test_o_que_diz_que_nao_escreve_nao_escreve(
    banco_api: Banco, cache: Cache, admin: Admin, novo_cliente: Any
) -> None:
    """`Efeitos: nenhum` is what the edge believes: no such function takes a transaction number."""
    guarda = await _guarda(banco_api, cache)
    quem: Sessao = await novo_cliente("Sem efeitos")

    def proxima() -> int:
        linha = admin.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as x").fetchone()
        assert linha
        return int(linha["x"])

    mentiras: set[str] = set()
    conferidas: set[str] = set()

    async def numera(funcao: str, argumentos: Mapping[str, object]) -> bool:
        antes = proxima()
        with contextlib.suppress(Erro):
            await banco_api.chamar(funcao, argumentos)
        return proxima() != antes

    class Medido:
        async def chamar(self, funcao: str, argumentos: Mapping[str, object]) -> bytes:
            conferidas.add(funcao)
            # the server's own upkeep takes a number now and then, but not each time that a function is asked
            vezes = 0 if guarda.funcoes[funcao].escreve else 3
            while vezes and await numera(funcao, argumentos):
                vezes -= 1
                if not vezes:
                    mentiras.add(funcao)
            return await banco_api.chamar(funcao, argumentos)

    await percorrer(Gravador(Medido(), quem), admin)  # type: ignore[arg-type]
    assert mentiras == set()
    assert len([f for f in conferidas if not guarda.funcoes[f].escreve]) >= 25
    assert set(LEMBRADAS) <= {f for f in conferidas if not guarda.funcoes[f].escreve}


async def test_a_permissao_e_a_que_a_funcao_pede(banco_api: Banco, cache: Cache) -> None:
    """What the edge reads of the catalogue is what the syntax tree of each function says."""
    funcoes = (await _guarda(banco_api, cache)).funcoes
    da_arvore = {f.completo: f.permissoes[0] if f.permissoes else None for f in todas() if f.esquema == "api"}
    assert {nome: f.permissao for nome, f in funcoes.items()} == da_arvore
    assert all(da_arvore[nome] for nome in LEMBRADAS)


async def test_todo_evento_diz_o_que_deixa_velho(admin: Admin) -> None:
    """After both walks: every type that anything emitted, and every one that the sources name, is in the table."""
    emitidos = {linha["tipo"] for linha in admin.execute("select distinct tipo from eventos").fetchall()}
    for arquivo in (*FUNCOES.rglob("*.sql"), *FUNCOES.with_name("migrations").glob("*.sql")):
        emitidos |= set(re.findall(r"'([a-z_]+_mud(?:aram|ou))'", arquivo.read_text(encoding="utf-8")))
    assert "conversa_mudou" in emitidos and "contatos_mudaram" in emitidos
    listados = {linha["tipo"] for linha in admin.execute("select tipo from eventos_tipos").fetchall()}
    assert len(emitidos) >= 20 and emitidos <= listados, emitidos - listados
