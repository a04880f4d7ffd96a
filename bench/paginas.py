"""Plans and cost of the dashboard, the page of a campaign and the received events on a large tenant; a JSON line each.

    python bench/paginas.py --contatos 1000000 --conversas 200000

Everybody is a recipient of one campaign, and as many events were received as there are people. Each function that a
page calls runs as the role that the HTTP layer logs in as: milliseconds of the whole call, the indexes of its plans,
the tables of a tenant's size that were read whole (none allowed) and the most rows that one step read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from app.http.comum import DaSessao
from bench._cena_contatos import montar
from bench._espia import Espia, Visto
from bench.lista import Inbox, encher

Admin = psycopg.Connection[Any]
GRANDES: Final = frozenset({
    "contatos", "contatos_identidades", "conversas", "mensagens", "mensagens_busca", "mencoes", "campanhas_log",
    "campanhas_retornos", "tentativas", "webhooks_recebidos",
})  # fmt: skip
# filled row by row they take minutes; made afterwards they are the same
INVERTIDOS: Final = (
    "contatos_nome_idx", "contatos_telefone_idx", "contatos_identidades_valor_idx", "mensagens_busca_termos_idx",
)  # fmt: skip
_CAMPANHA: Final = (
    """insert into modelos (cliente_id, conexao_id, id_externo, nome, idioma, categoria, status, componentes, variaveis)
    values (%(c)s, %(conexao)s, '7', 'promo', 'pt_BR', 'MARKETING', 'APPROVED',
        '[{"type": "BODY", "text": "Oi {{1}}"}]', '{1}')""",
    """insert into campanhas (cliente_id, id, nome, conexao_id, modelo_id, variaveis, publico_tipo, status, criado_por,
        iniciada_em)
    select %(c)s, %(k)s, 'Para todos', %(conexao)s, m.id, '{"1": "{{contato.nome}}"}', 'FILTRO', 'EM_ANDAMENTO',
        (select id from usuarios where cliente_id = %(c)s order by id limit 1), now()
    from modelos as m where m.cliente_id = %(c)s limit 1""",
    """insert into campanhas_log (cliente_id, campanha_id, contato_id, telefone, status, motivo, parametros, enviado_em)
    select %(c)s, %(k)s, c.id, c.telefone, e.status, case when e.status = 'FALHOU' then
        case when c.n %% 5000 = 7 then 'WINDOW' else 'CONTACT' end end, '{"1": "a"}', now()
    from (select id, telefone, row_number() over (order by id) as n from contatos where cliente_id = %(c)s) as c
    cross join lateral (select case when c.n %% 10 = 7 then 'FALHOU' when c.n %% 3 = 0 then 'PENDENTE'
        when c.n %% 10007 = 1 then 'INCERTO' else 'ENVIADO' end as status) as e""",
    """insert into campanhas_totais (cliente_id, campanha_id, chave, total)
    select cliente_id, campanha_id, status, count(*) from campanhas_log where cliente_id = %(c)s group by 1, 2, 3""",
    """insert into campanhas_motivos (cliente_id, campanha_id, status, motivo, erro_codigo, total)
    select cliente_id, campanha_id, status, motivo, 0, count(*) from campanhas_log
    where cliente_id = %(c)s and motivo is not null group by 1, 2, 3, 4""",
    """insert into campanhas_retornos (cliente_id, campanha_id, tipo, contato_id, ocorrido_em)
    select cliente_id, campanha_id, 'RESPONDEU', contato_id, now() from campanhas_log
    where cliente_id = %(c)s and status = 'ENVIADO' and substr(id::text, 36) = '0'""",
    """insert into campanhas_totais (cliente_id, campanha_id, chave, total)
    select cliente_id, campanha_id, tipo, count(*) from campanhas_retornos where cliente_id = %(c)s group by 1, 2, 3""",
    """insert into tentativas (cliente_id, alvo_id, conexao_id, numero, processo, iniciada_em, terminada_em, desfecho,
        id_externo)
    select cliente_id, id, %(conexao)s, 1, 'w', now(), now(), 'ACEITO', 'wamid.' || id
    from campanhas_log where cliente_id = %(c)s and status = 'ENVIADO'""",
    # nearly all are of the everyday kind; one in ten thousand is of another, a few of two
    """insert into webhooks_recebidos (cliente_id, conexao_id, corpo, status, campos)
    select %(c)s, %(conexao)s, convert_to('{"entry": []}', 'UTF8'), 'PROCESSADO', case
        when n %% 10000 = 1 then '{account_update}' when n %% 50000 = 2 then '{account_update,messages}'
        else '{messages}' end::text[]
    from generate_series(1, %(contatos)s) as n""",
)


@dataclass(frozen=True)
class Pagina:
    """What a page asks of the database; `indices` are the least that its plans use."""

    chamada: str
    indices: frozenset[str]
    valores: Mapping[str, Any]


def paginas(k: UUID) -> dict[str, Pagina]:
    """The calls of `/painel`, `/campanhas/{id}` and its filters, and `/webhooks`."""
    logs, campo = "campanhas_log_campanha_id_status_idx", "webhooks_recebidos_campo_idx"

    def p(chamada: str, *indices: str, **valores: Any) -> Pagina:
        return Pagina(chamada, frozenset(indices), valores)

    def pessoas(*indices: str, **valores: Any) -> Pagina:
        return p(
            "campanha_logs_listar($, p_id => %(k)s, p_status => %(s)s, p_motivo => %(m)s, p_busca => %(b)s,"
            " p_limite => 30)", *indices, **{"k": k, "s": None, "m": None, "b": None, **valores},
        )  # fmt: skip

    def eventos(campo_pedido: str, *indices: str) -> Pagina:
        return p("webhooks_listar($, p_campo => %(f)s)", *indices, f=campo_pedido)

    return {
        "painel_1": p("painel_obter($, p_dias => 1)", "conversas_pkey"),
        "painel_7": p("painel_obter($, p_dias => 7)", "conversas_pkey"),
        "painel_90": p("painel_obter($, p_dias => 90)"),
        "painel_filas": p("filas_listar($, p_limite => 20)"),
        "painel_recentes": p(
            "conversas_listar($, p_filtros => %(f)s, p_limite => 6)", "conversas_ultima_mensagem_em_idx",
            f=Jsonb({"aba": "TODAS"}),
        ),
        "campanha": p("campanha_andamento_obter($, p_id => %(k)s)", k=k),
        "campanha_pessoas": pessoas(logs),
        "campanha_falhas": pessoas(logs, s="FALHOU"),
        "campanha_motivo_raro": pessoas("campanhas_log_motivo_idx", m="WINDOW"),
        "campanha_busca_comum": pessoas(logs, b="silva"),
        "campanha_busca_rara": pessoas("contatos_nome_idx", b="c4ca4238"),
        "campanha_busca_telefone": pessoas("contatos_telefone_idx", b="9000043"),
        "campanha_incertas": p(
            "incertos_listar($, p_alvo_tipo => 'CAMPANHA', p_campanha_id => %(k)s, p_vencidos => false,"
            " p_limite => 30)", "campanhas_log_incertos_idx", k=k,
        ),
        "campanha_prova": p("campanha_prova($, p_id => %(k)s, p_limite => 30)", logs, k=k),
        # the one that counts every row, asked for
        "campanha_prova_conferir": p(
            "campanha_prova($, p_id => %(k)s, p_limite => 30, p_conferir => true)", logs, k=k,
        ),
        "eventos_comuns": eventos("messages", "webhooks_recebidos_campos_idx"),
        "eventos_raros": eventos("account_update", campo, "webhooks_recebidos_campos_idx"),
        "eventos_de_nada": eventos("inventado", campo),
    }  # fmt: skip


def encher_campanha(admin: Admin, inbox: Inbox, campanha: UUID, contatos: int) -> None:
    """Triggers and foreign keys are off: the rows are consistent by construction."""
    valores = {"c": inbox.dono.cliente_id, "conexao": inbox.conexao, "k": campanha, "contatos": contatos}
    admin.execute("set session_replication_role = replica")
    for comando in _CAMPANHA:
        admin.execute(comando, valores, prepare=False)
    admin.execute("reset session_replication_role")


def ver(espia: Espia, quem: DaSessao, pagina: Pagina) -> Visto:
    comando = f"select api.{pagina.chamada}".replace("$", "p_cliente_id => %(p_cliente_id)s, p_sessao => %(p_sessao)s")
    return espia.ver("crm_api", comando, quem._valores(dict(pagina.valores)))


def inteiras(visto: Visto) -> list[str]:
    """Tables of a tenant's size that were read whole."""
    return sorted({str(n.tabela) for n in visto.nos if n.tipo == "Seq Scan" and n.tabela in GRANDES})


def mais_lidas(visto: Visto) -> int:
    return max((n.lidas + n.descartadas for n in visto.nos if n.tabela in GRANDES), default=0)


def _tempos(espia: Espia, quem: DaSessao, pagina: Pagina, vezes: int) -> list[float]:
    comando = f"select api.{pagina.chamada}".replace("$", "p_cliente_id => %(p_cliente_id)s, p_sessao => %(p_sessao)s")
    return sorted(espia.chamar("crm_api", comando, quem._valores(dict(pagina.valores))) for _ in range(vezes))


def _dizer(**dados: object) -> None:
    print(json.dumps({"bench": "paginas", "carga": round(os.getloadavg()[0], 1), **dados}), flush=True)


async def correr(contatos: int, conversas: int, mensagens: int, vezes: int) -> None:
    campanha = UUID(int=7)
    async with montar() as cena:
        dono = await cena.cliente("Grande")
        ddl = [x[0] for n in INVERTIDOS for x in cena.admin.execute("select pg_get_indexdef(%s::regclass)", [n])]
        cena.admin.execute(f"drop index {', '.join(INVERTIDOS)}")
        inicio = perf_counter()
        # what the statistics know nothing of yet is not joined row by row
        cena.admin.execute("set enable_nestloop = off")
        inbox = encher(cena, dono, contatos, conversas, mensagens)
        # somebody else's are in the same tables
        vizinha = encher(cena, await cena.cliente("Vizinha"), contatos // 10, conversas // 10, mensagens // 10)
        cena.admin.execute("set maintenance_work_mem = '512MB'")
        for comando in ddl:
            cena.admin.execute(comando)
        encher_campanha(cena.admin, inbox, campanha, contatos)
        encher_campanha(cena.admin, vizinha, UUID(int=8), contatos // 10)
        cena.admin.execute("vacuum analyze")
        _dizer(que="encher", contatos=contatos, conversas=conversas, s=round(perf_counter() - inicio))
        espia = Espia(cena.servidor.url(banco="balcao"))
        for nome, pagina in paginas(campanha).items():
            visto = ver(espia, dono, pagina)
            tempos = _tempos(espia, dono, pagina, vezes)
            _dizer(
                que=nome, p50_ms=round(statistics.median(tempos), 1), p95_ms=round(tempos[int(vezes * 0.95)], 1),
                blocos=visto.blocos, mais_lidas=mais_lidas(visto), inteiras=inteiras(visto),
                faltam=sorted(pagina.indices - visto.indices),
                indices=sorted({n.indice for n in visto.nos if n.indice and n.tabela in GRANDES}),
            )  # fmt: skip
        espia.fechar()


def main() -> None:
    opcoes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    opcoes.add_argument("--contatos", type=int, default=1_000_000)
    opcoes.add_argument("--conversas", type=int, default=200_000)
    opcoes.add_argument("--mensagens", type=int, default=200_000)
    opcoes.add_argument("--vezes", type=int, default=20)
    o = opcoes.parse_args()
    asyncio.run(correr(o.contatos, o.conversas, o.mensagens, o.vezes))


if __name__ == "__main__":
    main()
