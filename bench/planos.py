"""Plans and cost of the hot queries on a large database; print one JSON line each.

    python bench/planos.py --contatos 1000000 --fila 1000000

Every product function runs as the role that owns it, under RLS; `auto_explain` reports the plan of each statement
inside. Figures: median milliseconds of the whole call over `--vezes` runs, shared buffers of one run, the indexes that
the plans use, sequential scans of large tables (none allowed) and rows read in vain. Then: the claim at 20,000 rows
against `--fila`, and starting a campaign for a tenth of the contacts with two variables.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import psutil
import psycopg

from app.embutido import ServidorPostgres
from app.migracao import migrar
from bench._espia import Espia, Visto
from bench._povoado import SEGREDO, Povoado, povoar, webhook

# the few reads that are about all tenants at once, by their owners' own policy
AMPLAS: Final = frozenset({"prontas", "credenciais", "credenciais_sem_ids", "inscricao", "evento"})


@dataclass(frozen=True)
class Consulta:
    """One hot call: who makes it, and indexes that its plans must use."""

    papel: str
    comando: str
    indices: frozenset[str]
    valores: Mapping[str, Any] = field(default_factory=dict)
    # for steps that no login role may call: the tenant whose context is set first
    cliente_id: UUID | None = None


def consultas(p: Povoado) -> dict[str, Consulta]:
    """The hot calls of the product on this database."""
    sessao = "p_cliente_id => %(c)s, p_sessao => %(s)s"
    de_sessao = {"c": p.cliente_id, "s": SEGREDO}
    corpo = json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "200000000001001", "changes": [
            {"field": "messages", "value": {"metadata": {"phone_number_id": "100000000001001"}, "statuses": []}}]}]}
    ).encode()  # fmt: skip

    def api(chamada: str, *indices: str, **valores: Any) -> Consulta:
        com_sessao = frozenset({"sessoes_cliente_id_acesso_hash_key", *indices})
        return Consulta("crm_api", f"select api.{chamada}".replace("$", sessao), com_sessao, {**de_sessao, **valores})

    def worker(chamada: str, *indices: str, **valores: Any) -> Consulta:
        return Consulta("crm_worker", f"select worker.{chamada}", frozenset(indices), {"c": p.cliente_id, **valores})

    def porta(chamada: str, *indices: str, **valores: Any) -> Consulta:
        return Consulta("crm_ingresso", f"select webhook.{chamada}", frozenset(indices), valores)

    logs = "campanhas_log_campanha_id_status_idx"
    return {
        "reserva": worker("fila_reservar(%(c)s, %(x)s, 'w', 10, 1)", "fila_pronta_idx", x=p.numero_id),
        "prontas": worker("fila_prontas()", "fila_pronta_idx", "fila_interna_idx", "fila_reservada_idx"),
        "internos": worker("interno_vencidos(%(c)s, 100)", "fila_interna_idx"),
        "resgate": worker("fila_resgatar(%(c)s)", "fila_reservada_idx"),
        "webhook": worker(
            "interno_executar_estes(%(c)s, array[%(w)s::uuid])",
            "webhooks_recebidos_pkey", "tentativas_pkey", "tentativas_id_externo_idx", "status_recebidos_pkey",
            "status_recebidos_tentativa_id_idx", "fila_cliente_id_tipo_alvo_id_key", "campanhas_log_pkey",
            w=p.webhook_id,
        ),
        "alimentador": Consulta(
            "crm_fila", "select interno.campanha_alimentar(%(c)s, %(k)s)", frozenset({logs}),
            {"c": p.cliente_id, "k": p.campanha_id}, p.cliente_id,
        ),
        "conclusao": Consulta(
            "crm_fila", "select interno.campanha_concluir(%(c)s, %(k)s)", frozenset({logs}),
            {"c": p.cliente_id, "k": p.campanha_id}, p.cliente_id,
        ),
        "totais": api("campanha_obter($, p_id => %(k)s)", "campanhas_totais_pkey", k=p.campanha_id),
        "logs": api("campanha_logs_listar($, p_id => %(k)s)", logs, k=p.antiga_id),
        "logs_de_um_estado": api(
            "campanha_logs_listar($, p_id => %(k)s, p_status => 'PENDENTE')", logs, k=p.campanha_id
        ),
        "logs_de_um_motivo": api(
            "campanha_logs_listar($, p_id => %(k)s, p_motivo => 'WINDOW')", "campanhas_log_motivo_idx", k=p.antiga_id
        ),
        "contatos": api("contatos_listar($)", "contatos_pkey"),
        "contatos_do_meio": api("contatos_listar($, p_cursor => %(m)s)", "contatos_pkey", m=p.meio),
        "busca_por_nome": api("contatos_listar($, p_busca => %(b)s)", "contatos_nome_idx", b="quintao 47"),
        "busca_sem_achado": api("contatos_listar($, p_busca => %(b)s)", "contatos_nome_idx", b="wxyzwxyz"),
        "busca_por_telefone": api("contatos_listar($, p_busca => %(b)s)", "contatos_telefone_idx", b="900004321"),
        "campanhas": api("campanhas_listar($)"),
        "sessao": api("eu_obter($)"),
        "credenciais": porta(
            "credenciais_listar('{100000000001001}', '{200000000001001}')",
            "conexoes_numero_id_externo_idx", "conexoes_conta_id_externa_idx",
        ),
        "credenciais_sem_ids": porta("credenciais_listar('{}', '{}')", "conexoes_segredo_impressao_idx"),
        "inscricao": porta("verificacao_conferir(sha256('x'))", "conexoes_verificacao_hash_idx"),
        "evento": porta(
            "evento_receber(array[%(x)s]::uuid[], %(corpo)s, true)", "conexoes_numero_id_externo_idx",
            x=p.numero_id, corpo=corpo,
        ),
    }  # fmt: skip


def ver(espia: Espia, q: Consulta) -> Visto:
    return espia.ver(q.papel, q.comando, q.valores, q.cliente_id)


def tempo(espia: Espia, q: Consulta, vezes: int) -> float:
    """Median milliseconds of the call."""
    return statistics.median(espia.chamar(q.papel, q.comando, q.valores, q.cliente_id) for _ in range(vezes))


def reservas_ms(espia: Espia, p: Povoado, vezes: int) -> float:
    """Median milliseconds of claims that stay: each finds the head of the queue further on."""
    tempos = []
    for _ in range(vezes):
        inicio = perf_counter()
        espia.conexao.execute(
            "select worker.fila_reservar(%s, %s, 'w', 10, 1, interval '1 hour')", [p.cliente_id, p.numero_id]
        )
        tempos.append((perf_counter() - inicio) * 1000)
    return statistics.median(tempos)


def enviar_ms(espia: Espia, p: Povoado) -> dict[str, float]:
    """Milliseconds of announcing and of settling ten sends."""
    c = espia.conexao
    linha = c.execute("select worker.fila_reservar(%s, %s, 'w', 10, 1) as j", [p.cliente_id, p.vivo_id]).fetchone()
    assert linha
    itens = [{"id": x["id"], "cerca": x["cerca"]} for x in linha["j"]]
    inicio = perf_counter()
    linha = c.execute(
        "select worker.envio_intencao(%s, %s, 'w', 1, %s) as j", [p.cliente_id, p.vivo_id, json.dumps(itens)]
    ).fetchone()
    meio = perf_counter()
    assert linha
    feitos = [{**e, "desfecho": "ACEITO", "idExterno": f"wamid.novo.{e['id']}"} for e in linha["j"]["envios"]]
    assert len(feitos) == 10
    c.execute("select worker.envio_registrar(%s, %s, 'w', %s)", [p.cliente_id, p.vivo_id, json.dumps(feitos)])
    return {"intencao_ms": round((meio - inicio) * 1000, 2), "registro_ms": round((perf_counter() - meio) * 1000, 2)}


def iniciar_s(espia: Espia, p: Povoado) -> dict[str, Any]:
    """Start the draft campaign of the tenant that has a tenth of the contacts; then the same, only the freeze."""
    c = espia.conexao
    servidor = psutil.Process(c.info.backend_pid)
    c.execute("update campanhas set publico_filtro = '{}' where id = %s", [p.nova_id])
    with c.transaction(force_rollback=True):
        c.execute("set local role crm_definidor")
        c.execute("select set_config('app.cliente_id', %s, true)", [str(p.medio_id)])
        inicio, cpu = perf_counter(), servidor.cpu_times().user
        linha = c.execute("select interno.campanha_congelar(%s, %s) as n", [p.medio_id, p.nova_id]).fetchone()
        congelar, congelar_cpu = perf_counter() - inicio, servidor.cpu_times().user - cpu
    assert linha
    inicio, cpu = perf_counter(), servidor.cpu_times().user
    c.execute("select api.campanha_iniciar(%s, %s, %s)", [p.medio_id, SEGREDO, p.nova_id])
    return {
        "destinatarios": linha["n"],
        "congelar_s": round(congelar, 2),
        "congelar_cpu_s": round(congelar_cpu, 2),
        "iniciar_s": round(perf_counter() - inicio, 2),
        "iniciar_cpu_s": round(servidor.cpu_times().user - cpu, 2),
    }


def cliente_novo(espia: Espia, p: Povoado, lotes: int = 3) -> dict[str, Visto]:
    """Send, settle and hear of a campaign of a tenant that had none: the statistics have never heard of its rows.

    Call it after `iniciar_s`.
    """
    c = espia.conexao
    linha = c.execute("select conexao_id as x from campanhas where id = %s", [p.nova_id]).fetchone()
    assert linha
    quem = {"c": p.medio_id, "x": linha["x"], "s": SEGREDO, "k": p.nova_id}
    c.execute("delete from fila where cliente_id = %(c)s and conexao_id = %(x)s and prioridade = 7 and alvo_id not in"
              " (select id from campanhas_log where campanha_id = %(k)s)", quem)  # fmt: skip
    vistos: dict[str, Visto] = {}

    def worker(nome: str, chamada: str, **valores: Any) -> Any:
        vistos[nome] = espia.ver("crm_worker", f"select worker.{chamada} as j", {**quem, **valores}, desfazer=False)
        return vistos[nome].resposta["j"]

    feitos: list[dict[str, Any]] = []
    for _ in range(lotes):
        itens = worker("reserva", "fila_reservar(%(c)s, %(x)s, 'w', 10, 1)")
        envios = worker("intencao", "envio_intencao(%(c)s, %(x)s, 'w', 1, %(i)s)", i=json.dumps(itens))["envios"]
        feitos = [{**e, "desfecho": "ACEITO", "idExterno": f"wamid.{e['id']}"} for e in envios]
        assert len(feitos) == 10
        worker("registro", "envio_registrar(%(c)s, %(x)s, 'w', %(r)s)", r=json.dumps(feitos))
    ditos = [{"id": f["idExterno"], "tentativa": f["tentativaId"]} for f in feitos]
    worker("webhook", "interno_executar_estes(%(c)s, array[%(w)s::uuid])", w=webhook(c, quem["c"], quem["x"], ditos))
    vistos["alimentador"] = espia.ver(
        "crm_fila", "select interno.campanha_alimentar(%(c)s, %(k)s)", quem, p.medio_id, desfazer=False
    )
    return vistos


@dataclass(frozen=True)
class _Config:
    url_admin: str

    def senha_do_papel(self, papel: str) -> str:
        return f"senha-{papel}"


def _linha(**campos: Any) -> None:
    print(json.dumps(campos, ensure_ascii=False), flush=True)


def main() -> None:
    """Measure a small and a large database."""
    opcoes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    opcoes.add_argument("--contatos", type=int, default=int(os.environ.get("BALCAO_PLANOS", "1000000")))
    opcoes.add_argument("--fila", type=int, default=int(os.environ.get("BALCAO_PLANOS", "1000000")))
    opcoes.add_argument("--vezes", type=int, default=7)
    o = opcoes.parse_args()
    with tempfile.TemporaryDirectory(prefix="planos-") as pasta, ServidorPostgres(Path(pasta)) as servidor:
        migrar(_Config(servidor.url()))
        with psycopg.connect(servidor.url(banco="postgres"), autocommit=True) as c:
            c.execute("create database pequeno template balcao")
        reservas = {}
        for banco, contatos, fila in (("pequeno", 20_000, 20_000), ("balcao", o.contatos, o.fila)):
            espia = Espia(servidor.url(banco=banco))
            inicio = perf_counter()
            p = povoar(espia.conexao, contatos, fila)
            _linha(consulta="povoar", contatos=contatos, fila=fila, s=round(perf_counter() - inicio, 1))
            if banco == "balcao":
                for nome, q in consultas(p).items():
                    v = ver(espia, q)
                    _linha(
                        consulta=nome, ms=round(tempo(espia, q, o.vezes), 2), blocos=v.blocos,
                        indices=sorted(v.indices), faltam=sorted(q.indices - v.indices), varreduras=v.varreduras,
                        sem_cliente=[] if nome in AMPLAS else v.sem_cliente, descartadas=v.descartadas,
                    )  # fmt: skip
                _linha(consulta="envio_de_10", **enviar_ms(espia, p))
                _linha(consulta="campanha_iniciar", **iniciar_s(espia, p))
                for nome, v in cliente_novo(espia, p).items():
                    _linha(
                        consulta=f"cliente_novo.{nome}", blocos=v.blocos, lidas=v.lidas, varreduras=v.varreduras,
                        indices=sorted(v.indices),
                    )  # fmt: skip
            reservas[banco] = reservas_ms(espia, p, 200)
            espia.fechar()
        _linha(
            consulta="crescimento_da_reserva",
            ms_20k=round(reservas["pequeno"], 3),
            ms=round(reservas["balcao"], 3),
            razao=round(reservas["balcao"] / reservas["pequeno"], 2),
        )


if __name__ == "__main__":
    main()
