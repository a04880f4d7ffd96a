"""The whole product as real processes on a home of its own: PostgreSQL with fsync, Valkey, simulator, API, workers.

Everything is reached the way the product reaches it (`balcao worker`, `balcao api`, …, signed webhooks over HTTP).
The only foreign body is an audit trigger on the queue, which only the administrator of this throw-away database made.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import psycopg
from psycopg.rows import dict_row

from app.banco import Banco as BancoDeDados
from app.cifra import Cofre, hash_verificacao
from app.config import Config, carregar, nova_chave
from app.credenciais import CredenciaisMeta
from app.embutido import ServidorPostgres, ServidorValkey, porta_livre, preparar_filho
from app.migracao import migrar
from app.simulador.cena import preparar_conta
from tests.caos.conferencia import Banco, Chegada, Ficha, Morta, Pessoa
from tests.caos.ponte import Ponte
from tests.conftest import SENHA_HASH, Sessao, abrir_sessao
from tests.sql import cenas
from tests.sql.cenas import Cena

RAIZ = Path(__file__).resolve().parents[2]
WORKER = ("-m", "app.cli", "worker")
MODELO = {
    "name": "promo",
    "language": "pt_BR",
    "category": "MARKETING",
    "components": [{"type": "BODY", "text": "Olá {{1}}, seu desconto é {{2}}."}],
}
AUDITORIA = """
create schema caos;
create table caos.fichas (
    n bigint generated always as identity primary key, trabalho uuid, cerca_antes bigint, cerca bigint,
    dono_antes text, dono text, intencao_antes boolean, intencao boolean
);
create table caos.estados (n bigint generated always as identity primary key, id uuid, de text, para text, motivo text);
create function caos.anotar_ficha() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    insert into caos.fichas (trabalho, cerca_antes, cerca, dono_antes, dono, intencao_antes, intencao)
    values (new.id, old.cerca, new.cerca, old.reservado_por, new.reservado_por,
        old.intencao_em is not null, new.intencao_em is not null);
    return null;
end $$;
create function caos.anotar_estado() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    insert into caos.estados (id, de, para, motivo) values (new.id, old.status, new.status, new.motivo);
    return null;
end $$;
create trigger zz_caos after update on public.fila for each row
when (new.execucao = 'ENVIO') execute function caos.anotar_ficha();
create trigger zz_caos after update on public.campanhas_log for each row
when (old.status is distinct from new.status and new.status = 'INCERTO') execute function caos.anotar_estado();
create trigger zz_caos after update on public.mensagens for each row
when (old.status is distinct from new.status and new.status = 'INCERTO') execute function caos.anotar_estado();
"""


@dataclass
class Numero:
    """A tenant ready to launch, and its number at the simulator."""

    cena: Cena
    numero_id_externo: str
    token: str
    campanha: UUID | None = None


@dataclass
class Arena:
    config: Config
    ambiente: dict[str, str]
    postgres: ServidorPostgres
    valkey: ServidorValkey
    http: aiohttp.ClientSession
    sorte: random.Random
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    numeros: list[Numero] = field(default_factory=list)
    mortes: int = 0
    quedas_do_postgres: int = 0
    _admin: psycopg.Connection[dict[str, Any]] | None = None
    _vez: threading.Lock = field(default_factory=threading.Lock)

    @property
    def admin(self) -> psycopg.Connection[dict[str, Any]]:
        """The superuser; another connection when the server was restarted meanwhile."""
        if self._admin is None or self._admin.closed or self._admin.broken:
            self._admin = self.conectar()
        return self._admin

    def conectar(self) -> psycopg.Connection[dict[str, Any]]:
        """One more session of the superuser, for a task of its own."""
        return psycopg.connect(self.config.url_admin, autocommit=True, row_factory=dict_row)

    def consultar(self, sql: str, argumentos: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Rows of a query by the superuser, surviving a restart of the server."""
        for _ in range(100):
            try:
                with self._vez:
                    return self.admin.execute(sql, argumentos).fetchall()
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise AssertionError("the database did not come back")

    def iniciar(self, *argumentos: str) -> subprocess.Popen[bytes]:
        """A process of ours that ends with us."""
        registro = self.config.home / f"{argumentos[-1].replace('/', '_')[-20:]}.log"
        with registro.open("ab") as saida:
            return subprocess.Popen(
                [sys.executable, *argumentos],
                stdin=subprocess.DEVNULL,
                stdout=saida,
                stderr=saida,
                cwd=self.config.home,
                env=self.ambiente,
                preexec_fn=preparar_filho(signal.SIGKILL),
            )

    async def controle(self, metodo: str, caminho: str, **extra: Any) -> Any:
        url = f"{self.config.url_simulador}{caminho}"
        cabecalho = {"X-Sim-Key": self.config.simulador_chave}
        async with self.http.request(metodo, url, headers=cabecalho, **extra) as resposta:
            assert resposta.status == 200, await resposta.text()
            return await resposta.json()

    async def chamar_api(self, funcao: str, argumentos: dict[str, object]) -> Any:
        """One call as crm_api, outside any pool."""
        banco = BancoDeDados(self.config.url_banco("crm_api"), maximo=1)
        await banco.abrir()
        try:
            return json.loads(await banco.chamar(funcao, argumentos))
        finally:
            await banco.fechar()

    async def novo_cliente(self) -> Sessao:
        """A tenant and a session of its administrator."""
        plataforma = BancoDeDados(self.config.url_banco("crm_plataforma"), maximo=1)
        await plataforma.abrir()
        try:
            sufixo = self.sorte.randbytes(6).hex()
            criado = json.loads(
                await plataforma.chamar(
                    "plataforma.cliente_criar",
                    {
                        "p_nome": f"Caos {sufixo}",
                        "p_plano": "EMPRESA",
                        "p_usuario_nome": "Administradora",
                        "p_email": f"caos-{sufixo}@exemplo.test",
                        "p_senha_hash": SENHA_HASH,
                    },
                )
            )
        finally:
            await plataforma.fechar()
        return abrir_sessao(self.admin, criado["clienteId"], criado["usuarioId"])

    async def novo_numero(self, contatos: int, teto: int = 80, sessao: Sessao | None = None) -> Numero:
        """A number and `contatos` people, of a tenant of its own unless there is one already."""
        cena = cenas.montar(self.admin, sessao or await self.novo_cliente(), contatos, teto=teto)
        segredo, token, verificacao = (self.sorte.randbytes(16).hex() for _ in range(3))
        cofre = Cofre(self.config.chaves)
        credenciais = CredenciaisMeta(access_token=token, app_secret=segredo, verify_token=verificacao)
        selado = cofre.selar(msgspec.json.encode(credenciais), cena.cliente_id, cena.conexao_id)
        [linha] = self.admin.execute(
            "update conexoes set credenciais = %s, verificacao_hash = %s, segredo_impressao = %s where id = %s"
            " returning numero_id_externo, conta_id_externa",
            [selado, hash_verificacao(verificacao), cofre.impressao(segredo), cena.conexao_id],
        ).fetchall()
        conta = await preparar_conta(
            f"http://127.0.0.1:{self.config.simulador_porta_controle}",
            self.config.simulador_chave,
            app_secret=segredo,
            verify_token=verificacao,
            callback_url=f"{self.config.url_api}/webhooks/meta",
            waba_id=linha["conta_id_externa"],
            phone_number_id=linha["numero_id_externo"],
            display_phone_number="55119" + str(self.sorte.randrange(10**8)).zfill(8),
            token=token,
            modelos=[MODELO],
            throughput="standard",
        )
        assert conta["verified"], "the API did not answer the handshake"
        numero = Numero(cena, linha["numero_id_externo"], token)
        self.numeros.append(numero)
        return numero

    async def disparar(self, numero: Numero) -> None:
        args = numero.cena.sessao.args
        criada = await self.chamar_api(
            "api.campanha_criar",
            {
                **args,
                "p_nome": "Novembro",
                "p_conexao_id": numero.cena.conexao_id,
                "p_modelo_id": numero.cena.modelo_id,
                "p_variaveis": {"1": "{{contato.nome|cliente}}", "2": "10%"},
                "p_contato_ids": numero.cena.contatos,
            },
        )
        numero.campanha = UUID(criada["id"])
        await self.chamar_api("api.campanha_iniciar", {**args, "p_id": numero.campanha})

    # -- what happens to the processes

    def matar_um(self, programa: Sequence[str]) -> None:
        """SIGKILL a random worker that has been at work for 3 s; another takes its place at once.

        On a slow machine a process may need longer to start than it is allowed to live: killing those proves nothing.
        """
        vivos = {
            x["nome"].split(":")[1]
            for x in self.consultar(
                "select nome from processos where visto_em > now() - interval '10 seconds'"
                " and iniciado_em < now() - interval '3 seconds'"
            )
        }
        indices = [i for i, w in enumerate(self.workers) if str(w.pid) in vivos]
        if not indices:
            return
        indice = self.sorte.choice(indices)
        self.workers[indice].kill()
        self.workers[indice].wait()
        self.workers[indice] = self.iniciar(*programa)
        self.mortes += 1

    def derrubar_postgres(self) -> None:
        """What `pg_ctl -m immediate stop` does, and a start with crash recovery."""
        filho = self.postgres.filho
        assert filho
        filho.send_signal(signal.SIGQUIT)
        filho.wait(30)
        self.postgres.parar()
        self.postgres.iniciar()
        self.quedas_do_postgres += 1

    def derrubar_valkey(self) -> None:
        assert self.valkey.filho
        self.valkey.filho.kill()
        self.valkey.filho.wait(10)
        self.valkey.parar()

    # -- what is true in the end

    async def livro(self) -> list[Chegada]:
        linhas = await self.controle("GET", "/ledger")
        return [
            Chegada(
                callback=x["attempt"]["callback"] or "",
                destinatario=x["attempt"]["recipient"],
                numero=x["attempt"]["number"],
                quando=x["attempt"]["arrived_at"],
                aceita=x["acceptance"] is not None,
                conteudo=(x["delivery"] or {}).get("content_hash", ""),
                estado_final=(x["terminal"] or {}).get("planned"),
            )
            for x in linhas
        ]

    def banco(self) -> Banco:
        return ler_banco(
            self.admin,
            [n.campanha for n in self.numeros if n.campanha],
            clientes=[n.cena.cliente_id for n in self.numeros],
        )


# of recipients and messages alike: proofs, a person's decisions, and other forms of the contact's address
_SOBRE = (
    " (select count(*) from tentativas t where t.cliente_id = x.cliente_id and t.alvo_id = x.id and ("
    "   t.desfecho = 'ACEITO'"
    "   or exists (select from status_recebidos s where s.cliente_id = t.cliente_id and s.tentativa_id = t.id)"
    "   or exists (select from status_recebidos s where s.cliente_id = t.cliente_id and s.conexao_id = t.conexao_id"
    "     and s.id_externo = t.id_externo))) as provas,"
    " (select count(*) from entregas_decisoes d where d.cliente_id = x.cliente_id and d.alvo_id = x.id"
    "   and d.decisao = 'REENVIAR') as reenvios,"
    " exists (select from entregas_decisoes d where d.cliente_id = x.cliente_id and d.alvo_id = x.id"
    "   and d.decisao = 'CONFIRMADO') as confirmada,"
    " array(select i.valor from contatos_identidades i where i.cliente_id = x.cliente_id"
    "   and i.contato_id = c.id) as enderecos"
)
_DESTINATARIOS = (
    "select x.id::text, x.campanha_id::text as campanha, x.telefone, x.status, x.motivo, x.id_externo, x.tentativas,"
    " n.numero_id_externo as numero, " + _SOBRE + " from campanhas_log x"
    " join campanhas k on k.cliente_id = x.cliente_id and k.id = x.campanha_id"
    " join conexoes n on n.cliente_id = x.cliente_id and n.id = k.conexao_id"
    " join contatos c on c.cliente_id = x.cliente_id and c.id = x.contato_id where x.campanha_id = any (%s)"
)
_MENSAGENS = (
    "select x.id::text, '' as campanha, c.telefone, x.status, x.motivo, x.id_externo, x.tentativas,"
    " n.numero_id_externo as numero, x.conversa_id::text as conversa, x.ordem,"
    " exists (select from fila_morta d where d.cliente_id = x.cliente_id and d.alvo_id = x.id"
    "   and d.resolucao = 'REENFILEIRADA') or exists (select from entregas_decisoes d"
    "   where d.cliente_id = x.cliente_id and d.alvo_id = x.id and d.decisao = 'REENVIAR') as reposta, "
    + _SOBRE
    + " from mensagens x"
    " join conversas v on v.cliente_id = x.cliente_id and v.id = x.conversa_id"
    " join conexoes n on n.cliente_id = x.cliente_id and n.id = x.conexao_id"
    " join contatos c on c.cliente_id = x.cliente_id and c.id = v.contato_id"
    " where x.direcao = 'SAIDA' and x.origem <> 'APARELHO' and x.cliente_id = any (%s)"
)


def ler_banco(
    admin: psycopg.Connection[dict[str, Any]],
    campanhas: Sequence[UUID],
    *,
    clientes: Sequence[UUID] = (),
    com_fichas: bool = True,
) -> Banco:
    """The rows that the judge needs: of some campaigns, of the messages of some tenants, and the queue of all those."""
    alvo = [list(campanhas)]
    linhas = admin.execute(_DESTINATARIOS, alvo).fetchall() + admin.execute(_MENSAGENS, [list(clientes)]).fetchall()
    pessoas = [Pessoa(**{**x, "enderecos": frozenset(x["enderecos"])}) for x in linhas]
    atribuicoes = admin.execute(
        "select t.id::text, t.alvo_id::text as alvo from tentativas as t where t.alvo_id = any (%s) and t.cliente_id in"
        " (select cliente_id from campanhas where id = any (%s) union all select unnest(%s::uuid[]))",
        [[p.id for p in pessoas], *alvo, list(clientes)],
    ).fetchall()
    totais: dict[str, dict[str, int]] = {}
    for x in admin.execute(
        "select campanha_id::text as id, chave, total from campanhas_totais where campanha_id = any (%s)", alvo
    ).fetchall():
        totais.setdefault(x["id"], {})[x["chave"]] = x["total"]
    estados = admin.execute("select id::text, status from campanhas where id = any (%s)", alvo).fetchall()
    [fila] = admin.execute(
        "select count(*) as n from fila where (tipo like 'campanha%%' or tipo = 'mensagem_enviar') and cliente_id in"
        " (select cliente_id from campanhas where id = any (%s) union all select unnest(%s::uuid[]))",
        [*alvo, list(clientes)],
    ).fetchall()
    mortas = admin.execute(
        # a class may have a limit of its own; the rule of the pair counts refusals of the pair instead of attempts
        "select d.id::text, d.alvo_id::text as alvo, t.n as gastas,"
        " case c.escopo when 'PAR' then t.n else d.tentativas end as tentativas,"
        " case c.escopo when 'PAR' then 1 else least(d.max_tentativas, c.tentativas_maximas) end as maximo"
        " from fila_morta d left join provedor_classes c on c.classe = d.classe"
        " cross join lateral (select count(*) as n from tentativas t"
        "   where t.cliente_id = d.cliente_id and t.alvo_id = d.alvo_id) as t"
        " where d.tipo in ('campanha_enviar', 'mensagem_enviar') and d.alvo_id = any (%s)",
        [[p.id for p in pessoas]],
    ).fetchall()
    fichas = (
        [
            Ficha(**{**x, "trabalho": str(x["trabalho"])})
            for x in admin.execute(
                "select trabalho, cerca_antes, cerca, dono_antes, dono, intencao_antes, intencao"
                " from caos.fichas order by n"
            ).fetchall()
        ]
        if com_fichas
        else []
    )
    return Banco(
        pessoas,
        {x["id"]: x["alvo"] for x in atribuicoes},
        totais,
        {x["id"]: x["status"] for x in estados},
        fila["n"],
        fichas,
        mortas=[Morta(**x) for x in mortas],
    )


async def ate(condicao: Callable[[], Any], prazo_s: float, o_que: str) -> None:
    """Poll a condition (plain or async) until it holds; fail when the time is up."""
    fim = time.monotonic() + prazo_s
    while time.monotonic() < fim:
        valor = condicao()
        if asyncio.iscoroutine(valor):
            valor = await valor
        if valor:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"não aconteceu em {prazo_s:.0f} s: {o_que}")


@contextlib.asynccontextmanager
async def montar(pasta: Path, *, semente: int = 1, ponte: Ponte | None = None) -> AsyncIterator[Arena]:
    """Servers, simulator and API up and migrated; workers are the caller's. `ponte` stands between all and Valkey."""
    portas = [porta_livre() for _ in range(4)]
    ambiente = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("BALCAO_", "DATABASE_", "REDIS_", "META_", "PG"))},
        "BALCAO_HOME": str(pasta / "casa"),
        "BALCAO_CHAVES": nova_chave("k1"),
        "PYTHONPATH": str(RAIZ),
        "PORT": str(portas[0]),
        "SIMULADOR_PORTA_CONTROLE": str(portas[1]),
        "SIMULADOR_PORTA_META": str(portas[2]),
        "SIMULADOR_PORTA_UAIZAP": str(portas[3]),
        "META_API_URL": f"http://127.0.0.1:{portas[2]}",
        "LOG_NIVEL": "warning",
        "LOG_FORMATO": "json",
    }
    config = carregar(ambiente)
    config.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    async with contextlib.AsyncExitStack() as pilha:
        postgres = pilha.enter_context(ServidorPostgres(config.pasta_postgres))
        valkey = pilha.enter_context(ServidorValkey(config.pasta_valkey))
        migrar(config)
        if ponte is not None:
            ambiente["REDIS_URL"] = await ponte.abrir(valkey.url)
            pilha.push_async_callback(ponte.fechar)
        http = await pilha.enter_async_context(aiohttp.ClientSession(trust_env=False))
        arena = Arena(config, ambiente, postgres, valkey, http, random.Random(semente))
        arena.admin.execute(AUDITORIA)
        fixos = [arena.iniciar("-m", "app.cli", "simulador"), arena.iniciar("-m", "app.cli", "api")]
        try:
            await ate(lambda: _responde(arena, config.url_api + "/api/saude"), 60, "a API no ar")
            await ate(lambda: _responde(arena, config.url_simulador + "/health"), 30, "o simulador no ar")
            yield arena
        finally:
            for processo in [*arena.workers, *fixos]:
                processo.kill()
                processo.wait()
            if arena._admin is not None:
                arena._admin.close()


async def _responde(arena: Arena, url: str) -> bool:
    with contextlib.suppress(aiohttp.ClientError):
        async with arena.http.get(url, headers={"X-Sim-Key": arena.config.simulador_chave}) as resposta:
            return resposta.status == 200
    return False
