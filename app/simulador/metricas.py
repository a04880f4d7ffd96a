"""Prometheus text: what was sent, what was denied, how full the buckets are, how late the webhooks run."""

from __future__ import annotations

from collections import Counter

from app.simulador.mundo import Mundo


def texto(mundo: Mundo) -> str:
    agora = mundo.relogio.agora()
    recusas = Counter(t.codigo for t in mundo.livro.tentativas if not t.aceita and t.codigo is not None)
    linhas = [
        "# TYPE sim_requests_total counter",
        f"sim_requests_total {mundo.total_pedidos}",
        "# TYPE sim_attempts_total counter",
        f"sim_attempts_total {len(mundo.livro.tentativas)}",
        "# TYPE sim_accepted_total counter",
        f"sim_accepted_total {sum(1 for t in mundo.livro.tentativas if t.aceita)}",
        "# TYPE sim_denied_total counter",
        *(f'sim_denied_total{{code="{codigo}"}} {vezes}' for codigo, vezes in sorted(recusas.items(), key=str)),
        "# TYPE sim_provider_attempts_total counter",
        *(
            f'sim_provider_attempts_total{{provider="{provedor}"}} {vezes}'
            for provedor, vezes in sorted(Counter(t.provedor for t in mundo.livro.tentativas).items())
        ),
        "# TYPE sim_instances gauge",
        *(
            f'sim_instances{{status="{status}"}} {vezes}'
            for status, vezes in sorted(Counter(i.status for i in mundo.uaizap.instancias.values()).items())
        ),
        "# TYPE sim_async_queue gauge",
        *(
            f'sim_async_queue{{instance="{i.id}"}} {len(i.fila)}'
            for i in sorted(mundo.uaizap.instancias.values(), key=lambda i: i.id)
        ),
        "# TYPE sim_bucket_level gauge",
        *(
            f'sim_bucket_level{{number="{numero}"}} {balde.nivel(agora):.3f}'
            for numero, balde in sorted(mundo.contas.baldes.items())
        ),
        "# TYPE sim_webhooks_total counter",
        *(
            f'sim_webhooks_total{{result="{resultado}"}} {vezes}'
            for resultado, vezes in sorted(mundo.webhooks.contagem.items())
        ),
        "# TYPE sim_webhook_lag_seconds gauge",
        f"sim_webhook_lag_seconds {mundo.webhooks.atraso():.3f}",
    ]
    return "\n".join(linhas) + "\n"
