"""What a page of the inbox costs on a large tenant and on a small one; print one JSON line for each thing measured.

    python bench/lista.py --contatos 1000000 --conversas 200000 --mensagens 5000000

Each call goes through the role that the HTTP layer logs in as, without any cache of the product: milliseconds of the
whole call, 50 rows, for each tab and visibility (default sort) and each sort (whoever sees everything); `razao` is the
large tenant over the small one. Then the searches with their index and without, and what the words of a message cost
when it is stored, with the trigger and without it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psutil
import psycopg

from app.http.comum import DaSessao
from bench._cena_contatos import Cena, montar

Admin = psycopg.Connection[Any]
Medida = dict[str, float]
ABAS: Final = ("MINHAS", "FILA", "TODAS", "MENCOES")
ORDENS: Final = ("ULTIMA_ATIVIDADE", "ESPERA", "CRIADA", "PRIORIDADE")
VISIBILIDADES: Final = ("PROPRIA", "EQUIPE", "TODAS")
_ABERTAS: Final = ["ABERTA", "EM_ATENDIMENTO", "AGUARDANDO_CLIENTE", "ADIADA"]
_INDICES: Final = ("contatos_nome_idx", "contatos_telefone_idx", "mensagens_busca_termos_idx")
_PALAVRAS: Final = (
    "bom dia boleto pagamento entrega pedido amanhã não chegou obrigado preço endereço consulta horário agendar"
    " remarcar produto tamanho desconto cartão recibo nota fiscal garantia troca devolução prazo atendimento proposta"
)
# a tenth of a large inbox is open; a small one is mostly open, so that its pages are as full
_POVOAR: Final = (
    """insert into contatos (cliente_id, nome, telefone)
    select %(c)s, (array['Ana', 'José', 'Antônia', 'João', 'Lúcia', 'Caetano', 'Inês'])[1 + n %% 7] || ' '
        || (array['Silva', 'Souza', 'Conceição', 'Araújo', 'Nóbrega'])[1 + n / 7 %% 5] || ' ' || md5(n::text),
        '+55119' || lpad(n::text, 8, '0') from generate_series(1, %(contatos)s) as n""",
    """insert into contatos_identidades (cliente_id, contato_id, tipo, valor)
    select cliente_id, id, 'WA_ID', ltrim(telefone, '+') from contatos where cliente_id = %(c)s""",
    """insert into conversas (cliente_id, id, conexao_id, contato_id, usuario_id, equipe_id, status, controle,
        prioridade, nao_lidas, ultima_mensagem_em, ultima_entrada_em, espera_desde, janela_expira_em, fila_em,
        atribuida_em, adiada_ate, resolvida_em, motivo_id, criado_em)
    select %(c)s, uuidv7(-c.n * interval '7 minutes'), %(conexao)s, c.id, s.dono,
        (%(equipes)s::uuid[])[1 + c.n / 3 %% cardinality(%(equipes)s::uuid[])], s.status,
        case when s.dono is null then 'FILA' else 'HUMANO' end,
        (array['NORMAL', 'NORMAL', 'NORMAL', 'NORMAL', 'ALTA', 'NORMAL', 'URGENTE'])[1 + c.n %% 7],
        case when s.status <> 'RESOLVIDA' then c.n %% 3 else 0 end, now() - c.n * 13 %% %(n)s * interval '3 minutes',
        now() - c.n * 13 %% %(n)s * interval '3 minutes',
        case when s.status <> 'RESOLVIDA' and c.n %% 2 = 0 then now() - c.n %% 500 * interval '1 minute' end,
        now() - c.n * 13 %% %(n)s * interval '3 minutes' + interval '20 hours',
        case when s.dono is null then now() end, case when s.dono is not null then now() end,
        case when s.status = 'ADIADA' then now() end, case when s.status = 'RESOLVIDA' then now() end,
        case when s.status = 'RESOLVIDA' then (select id from motivos_resolucao where cliente_id = %(c)s limit 1) end,
        now() - c.n * interval '7 minutes'
    from (
        select id, row_number() over (order by id) as n from contatos where cliente_id = %(c)s order by id limit %(n)s
    ) as c
    cross join lateral (
        select x.status, case when x.status = 'ABERTA' or (x.status = 'RESOLVIDA' and c.n %% 5 = 0) then null
            else (%(donos)s::uuid[])[1 + c.n %% cardinality(%(donos)s::uuid[])] end as dono
        from (select case when c.n %% 100 >= %(aberta)s then 'RESOLVIDA'
            else (%(status)s::text[])[1 + c.n / 7 %% 4] end as status) as x
    ) as s""",
    """insert into mensagens (cliente_id, id, conversa_id, conexao_id, direcao, tipo, corpo, status, origem,
        ocorrido_em)
    select %(c)s, uuidv7(v.ultima_mensagem_em - k * interval '9 minutes' - now()), v.id, %(conexao)s,
        (array['ENTRADA', 'SAIDA'])[1 + k %% 2], 'TEXTO',
        (select string_agg((%(palavras)s::text[])[1 + (v.n * 31 + k * 17 + p * p * 7) %% 27], ' ')
            from generate_series(1, 8) as p) || ' ' || substr(md5((v.n * 100 + k)::text), 1, 8),
        (array['RECEBIDA', 'ENVIADO'])[1 + k %% 2], (array['CONTATO', 'HUMANO'])[1 + k %% 2],
        v.ultima_mensagem_em - k * interval '9 minutes'
    from (select *, row_number() over (order by id) as n from conversas where cliente_id = %(c)s) as v
    cross join generate_series(0, %(m)s / %(n)s - 1) as k""",
    """update conversas as v set ultima_mensagem_id = m.id
    from (select distinct on (conversa_id) conversa_id, id from mensagens where cliente_id = %(c)s
        order by conversa_id, ocorrido_em desc) as m where v.cliente_id = %(c)s and v.id = m.conversa_id""",
    """insert into mensagens_busca (cliente_id, mensagem_id, termos)
    select cliente_id, id, interno.mensagem_termos(tipo, corpo, null) from mensagens where cliente_id = %(c)s""",
    """insert into mencoes (cliente_id, nota_id, usuario_id, conversa_id)
    select %(c)s, uuidv7(), u.id, v.id from unnest(%(vigias)s::uuid[]) as u (id)
    cross join lateral (select id from conversas where cliente_id = %(c)s and status <> 'RESOLVIDA' limit 60) as v""",
    """insert into etiquetas (cliente_id, nome) select %(c)s, 'etiqueta ' || n from generate_series(1, 10) as n""",
    """insert into conversas_etiquetas (cliente_id, conversa_id, etiqueta_id)
    select v.cliente_id, v.id, e.id from (select *, row_number() over () as n from conversas where cliente_id = %(c)s)
        as v join (select *, row_number() over () as k from etiquetas where cliente_id = %(c)s) as e
        on e.k in (1 + v.n %% 10, 1 + v.n / 10 %% 10) where v.n %% 2 = 0""",
)


@dataclass(frozen=True)
class Inbox:
    """A filled tenant: its administrator and one watcher of each visibility."""

    dono: DaSessao
    vigias: Mapping[str, DaSessao]
    conexao: UUID


def _um(admin: Admin, comando: str, valores: list[Any]) -> Any:
    linha = admin.execute(comando, valores).fetchone()
    assert linha
    return linha[0]


def _gente(admin: Admin, cena: Cena, dono: DaSessao, agentes: int) -> tuple[dict[str, DaSessao], list[Any], list[Any]]:
    """Agents in teams of five; the first three of the first team see what their profile lets them."""
    c = dono.cliente_id
    equipes = [
        _um(admin, "insert into equipes (cliente_id, nome) values (%s, %s) returning id", [c, f"Equipe {n}"])
        for n in range(max(1, agentes // 5))
    ]
    vigias, donos = {}, []
    for n in range(agentes):
        visibilidade = VISIBILIDADES[n % 3]
        if n < 3:
            perfil = _um(
                admin, "insert into perfis (cliente_id, nome, visibilidade) values (%s, %s, %s) returning id",
                [c, f"Vê {visibilidade}", visibilidade],
            )  # fmt: skip
            admin.execute(
                "insert into perfis_permissoes (cliente_id, perfil_id, permissao) values (%s, %s, 'conversas:ler')",
                [c, perfil],
            )
        usuario = _um(
            admin, "insert into usuarios (cliente_id, nome, email, perfil_id)"
            " values (%s, 'Atendente', %s, %s) returning id",
            [c, f"{os.urandom(6).hex()}@bench.test", perfil],
        )  # fmt: skip
        donos.append(usuario)
        admin.execute(
            "insert into equipes_membros (cliente_id, equipe_id, usuario_id) values (%s, %s, %s)",
            [c, equipes[n * len(equipes) // agentes], usuario],
        )
        if n < 3:
            segredo = os.urandom(32).hex()[:43]
            admin.execute(
                "insert into sessoes (cliente_id, usuario_id, acesso_hash, acesso_expira_em, renovacao_hash,"
                " renovacao_expira_em) values (%s, %s, sha256(convert_to(%s, 'UTF8')), now() + interval '1 day',"
                " sha256(uuid_send(uuidv7())), now() + interval '1 day')",
                [c, usuario, segredo],
            )
            vigias[visibilidade] = DaSessao(cena.banco, c, segredo)
    return vigias, donos, equipes


def encher(cena: Cena, dono: DaSessao, contatos: int, conversas: int, mensagens: int) -> Inbox:
    """Fill a tenant; triggers and foreign keys are off: the rows are consistent by construction."""
    admin, c = cena.admin, dono.cliente_id
    admin.execute("set session_replication_role = replica")
    vigias, donos, equipes = _gente(admin, cena, dono, max(3, conversas // 5000))
    conexao = _um(
        admin, "insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, credenciais)"
        " values (%s, 'Balcão', 'WHATSAPP', 'META_API', %s, %s) returning id",
        [c, str(10**14 + int.from_bytes(os.urandom(4))), os.urandom(64)],
    )  # fmt: skip
    valores = {
        "c": c, "contatos": contatos, "n": conversas, "m": mensagens, "conexao": conexao, "donos": donos,
        "equipes": equipes, "status": _ABERTAS, "aberta": 10 if conversas > 2000 else 95,
        "palavras": _PALAVRAS.split(), "vigias": donos[:3],
    }  # fmt: skip
    for comando in _POVOAR:
        admin.execute(comando, valores, prepare=False)
    admin.execute("reset session_replication_role")
    return Inbox(dono, vigias, conexao)


def _cpu(servidor: psutil.Process) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in servidor.children() if p.is_running()) * 1000


async def tempos(servidor: psutil.Process, chamada: DaSessao, funcao: str, vezes: int, **valores: object) -> Medida:
    """Of `vezes` calls after three that only warm: milliseconds of each, and of the server's CPU on average."""
    saida = []
    for n in range(vezes + 3):
        if n == 3:
            antes = _cpu(servidor)
        inicio = time.perf_counter()
        await chamada.objeto(funcao, **valores)
        if n >= 3:
            saida.append((time.perf_counter() - inicio) * 1000)
    saida.sort()
    return {
        "p50_ms": round(statistics.median(saida), 2),
        "p95_ms": round(saida[int(len(saida) * 0.95)], 2),
        "cpu_ms": round((_cpu(servidor) - antes) / vezes, 2),
    }


def dizer(**dados: object) -> None:
    print(json.dumps({"bench": "lista", "carga": round(os.getloadavg()[0], 1), **dados}), flush=True)


async def listas(servidor: psutil.Process, grande: Inbox, pequena: Inbox, vezes: int) -> None:
    casos = [(v, a, None) for v in VISIBILIDADES for a in ABAS] + [("TODAS", "TODAS", o) for o in ORDENS]
    for visibilidade, aba, ordem in casos:
        pedido: dict[str, Any] = {"p_filtros": {"aba": aba, **({} if aba == "FILA" else {"status": _ABERTAS})}}
        if ordem:
            pedido = {"p_ordem": ordem}
        medidas = {
            nome: await tempos(servidor, inbox.vigias[visibilidade], "api.conversas_listar", vezes, **pedido)
            for nome, inbox in (("pequena", pequena), ("grande", grande))
        }
        razao = round(medidas["grande"]["p50_ms"] / medidas["pequena"]["p50_ms"], 2)
        dizer(que="lista", visibilidade=visibilidade, aba=aba, ordem=ordem, razao=razao, **medidas)
    for visibilidade in VISIBILIDADES:
        filtros = {"status": _ABERTAS}
        medida = await tempos(
            servidor, grande.vigias[visibilidade], "api.conversas_contar", vezes // 3, p_filtros=filtros
        )
        dizer(que="contagem", visibilidade=visibilidade, grande=medida)


async def buscas(servidor: psutil.Process, cena: Cena, grande: Inbox) -> None:
    buscadas = {
        "nome": ("api.contatos_listar", "c4ca4238"), "telefone": ("api.contatos_listar", "012345"),
        "mensagem_rara": ("api.mensagens_buscar", "c4ca4238"), "mensagem_comum": ("api.mensagens_buscar", "boleto"),
        "mensagem_frase": ("api.mensagens_buscar", '"nota fiscal" garantia'), "tudo": ("api.busca_obter", "c4ca4238"),
    }  # fmt: skip
    com = {n: await tempos(servidor, grande.dono, f, 15, p_busca=b) for n, (f, b) in buscadas.items()}
    cena.admin.execute("drop index " + ", ".join(_INDICES))
    for nome, (funcao, busca) in buscadas.items():
        sem = await tempos(servidor, grande.dono, funcao, 3, p_busca=busca)
        dizer(
            que="busca", termo=nome, com_indice=com[nome], sem_indice=sem,
            razao=round(sem["p50_ms"] / com[nome]["p50_ms"], 1),
        )  # fmt: skip


def gravacao(admin: Admin, inbox: Inbox) -> None:
    """Microseconds for each message stored, by batches of one and of a hundred; with words, and without."""
    ids = [
        x[0]
        for x in admin.execute(
            "select id from conversas where cliente_id = %s limit 400", [inbox.dono.cliente_id]
        ).fetchall()
    ]
    variantes = (
        ("com_palavras", "alter index mensagens_busca_termos_idx set (fastupdate = on)"),
        ("sem_lista_pendente", "alter index mensagens_busca_termos_idx set (fastupdate = off)"),
        ("sem_palavras", "alter table mensagens disable trigger _040_indexar"),
    )
    for variante, comando in variantes:
        admin.execute(comando)
        for lote in (1, 100):
            vezes = 2000 // lote if lote > 1 else 600
            inicio = time.perf_counter()
            for n in range(vezes):
                admin.execute(
                    "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, origem,"
                    " ocorrido_em) select %s, (%s::uuid[])[1 + (k + %s) %% 400], %s, 'ENTRADA', 'TEXTO',"
                    " 'bom dia o boleto do pedido não chegou ' || md5((random() * 1e9)::text), 'RECEBIDA', 'CONTATO',"
                    " now() from generate_series(1, %s) as k",
                    [inbox.dono.cliente_id, ids, n * lote, inbox.conexao, lote],
                )
            us = (time.perf_counter() - inicio) / (vezes * lote) * 1e6
            dizer(que="gravacao", variante=variante, lote=lote, us_por_mensagem=round(us))
    admin.execute("alter table mensagens enable trigger _040_indexar")


async def correr(contatos: int, conversas: int, mensagens: int, vezes: int) -> None:
    async with montar() as cena:
        definicoes = [_um(cena.admin, "select pg_get_indexdef(%s::regclass)", [f"public.{n}"]) for n in _INDICES]
        cena.admin.execute("drop index " + ", ".join(_INDICES))
        inicio = time.perf_counter()
        pequena = encher(cena, await cena.cliente("Pequena"), 1000, 200, 5000)
        grande = encher(cena, await cena.cliente("Grande"), contatos, conversas, mensagens)
        cena.admin.execute("set maintenance_work_mem = '512MB'")
        for definicao in definicoes:
            cena.admin.execute(definicao)
        cena.admin.execute("vacuum analyze")
        dizer(que="cenario", contatos=contatos, conversas=conversas, mensagens=mensagens,
              segundos=round(time.perf_counter() - inicio))  # fmt: skip
        servidor = psutil.Process(int((cena.servidor.dados / "postmaster.pid").read_text().split()[0]))
        await listas(servidor, grande, pequena, vezes)
        gravacao(cena.admin, grande)
        await buscas(servidor, cena, grande)


def main() -> None:
    opcoes = argparse.ArgumentParser()
    opcoes.add_argument("--contatos", type=int, default=1_000_000)
    opcoes.add_argument("--conversas", type=int, default=200_000)
    opcoes.add_argument("--mensagens", type=int, default=5_000_000)
    opcoes.add_argument("--vezes", type=int, default=60)
    pedido = opcoes.parse_args()
    asyncio.run(correr(pedido.contatos, pedido.conversas, pedido.mensagens, pedido.vezes))


if __name__ == "__main__":
    main()
