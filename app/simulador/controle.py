"""Control API: everything a test or a demo does to the world, and every question it may ask."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from app.simulador import metricas
from app.simulador.cenario import AjustesRelogio, Cenario
from app.simulador.cenario import preset as cenario_do_preset
from app.simulador.controle_comum import MUNDO, corpo_como, responder
from app.simulador.controle_contas import rotas_de_contas
from app.simulador.controle_uaizap import rotas_do_uaizap
from app.simulador.falhas import Regra
from app.simulador.livro import linha
from app.simulador.malicia import DE_ASSINATURA, MODOS, assinar_mal, corpo_malicioso
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO
from app.simulador.resumo import Comparacao, comparar, resumir
from app.simulador.uaizap.sessao import remarcar_quedas
from app.simulador.webhooks import assinar

PREFIXO = "/__sim/v1"
_CORPO_MAXIMO = 64 * 1024 * 1024
_VOLTAS_PARA_ASSENTAR = 5
Tratador = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Reinicio(msgspec.Struct, forbid_unknown_fields=True):
    seed: int | None = None
    keep_config: bool = False


class _Avanco(msgspec.Struct, forbid_unknown_fields=True):
    seconds: float


class _Parada(msgspec.Struct, forbid_unknown_fields=True):
    callback_prefix: str


class _Repeticao(msgspec.Struct, forbid_unknown_fields=True):
    times: int = 1


class _Malicia(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    app_id: str
    mode: str
    waba_id: str = ""
    phone_number_id: str = ""


def aplicacao_de_controle(mundo: Mundo) -> web.Application:
    app = web.Application(middlewares=[_porteiro], client_max_size=_CORPO_MAXIMO)
    app[MUNDO] = mundo
    app.on_response_prepare.append(_carimbar)
    app.add_routes(
        [
            web.get(PREFIXO + "/health", saude),
            web.post(PREFIXO + "/reset", zerar),
            web.put(PREFIXO + "/clock", mudar_relogio),
            web.post(PREFIXO + "/clock/advance", avancar),
            web.put(PREFIXO + "/scenario", mudar_cenario),
            web.put(PREFIXO + "/scenario/{preset}", aplicar_preset),
            web.post(PREFIXO + "/faults", instalar_falha),
            web.get(PREFIXO + "/faults", listar_falhas),
            web.delete(PREFIXO + "/faults", remover_falhas),
            web.delete(PREFIXO + "/faults/{id}", remover_falhas),
            web.get(PREFIXO + "/ledger", livro),
            web.get(PREFIXO + "/ledger/summary", resumo),
            web.post(PREFIXO + "/ledger/compare", comparacao),
            web.post(PREFIXO + "/ledger/stop", parar_campanha),
            web.get(PREFIXO + "/requests", pedidos),
            web.get(PREFIXO + "/webhooks", webhooks),
            web.post(PREFIXO + "/webhooks/pause", pausar),
            web.post(PREFIXO + "/webhooks/resume", retomar),
            web.post(PREFIXO + "/webhooks/flush", descarregar),
            web.post(PREFIXO + "/webhooks/malice", enviar_malicia),
            web.post(PREFIXO + "/webhooks/{id}/replay", repetir),
            web.get(PREFIXO + "/metrics", medidas),
            web.post(PREFIXO + "/chaos/restart", cair),
            *rotas_de_contas(PREFIXO),
            *rotas_do_uaizap(PREFIXO),
        ]
    )
    return app


async def _carimbar(pedido: web.Request, resposta: web.StreamResponse) -> None:
    """Simulated time on every answer, as on the provider's port."""
    resposta.headers["X-Sim-Now"] = str(pedido.app[MUNDO].relogio.agora() // 1000)


@web.middleware
async def _porteiro(request: web.Request, handler: Tratador) -> web.StreamResponse:
    """Key first, in constant time; then every refusal as ``{error}``."""
    mundo = request.app[MUNDO]
    chave = request.headers.get("X-Sim-Key", "")
    if not hmac.compare_digest(chave.encode(), mundo.config.chave_controle.encode()):
        return responder({"error": "wrong or missing X-Sim-Key"}, 401)
    try:
        return await handler(request)
    except (msgspec.DecodeError, ValueError) as erro:
        return responder({"error": str(erro)}, 400)
    except KeyError as erro:
        return responder({"error": f"not found: {erro.args[0]}"}, 404)
    except web.HTTPException as erro:
        return responder({"error": erro.reason}, erro.status)


async def saude(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    return responder(
        {
            "ok": True,
            "now": mundo.relogio.agora() / 1000,
            "seed": mundo.sorteio.semente,
            "clock_mode": mundo.relogio.modo,
            "uptime_s": round(time.monotonic() - mundo.inicio, 3),
        }
    )


async def zerar(pedido: web.Request) -> web.Response:
    corpo = await corpo_como(pedido, _Reinicio)
    mundo = pedido.app[MUNDO]
    await mundo.zerar(corpo.seed, manter=corpo.keep_config)
    remarcar_quedas(mundo)
    return await saude(pedido)


async def mudar_relogio(pedido: web.Request) -> web.Response:
    corpo = await corpo_como(pedido, AjustesRelogio)
    agora = None if corpo.now is None else corpo.now * 1000
    pedido.app[MUNDO].relogio.configurar(corpo.mode, corpo.factor, agora)
    return await saude(pedido)


async def avancar(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    corpo = await corpo_como(pedido, _Avanco)
    if mundo.relogio.modo != "manual" or corpo.seconds < 0:
        raise ValueError("only a manual clock advances, and never backwards")

    async def assentar() -> None:
        # Requests that were asleep need a few turns of the loop to finish what they were doing.
        for _ in range(_VOLTAS_PARA_ASSENTAR):
            await asyncio.sleep(0)
        await mundo.webhooks.ocioso()

    await mundo.relogio.avancar(round(corpo.seconds * SEGUNDO), assentar)
    return await saude(pedido)


async def mudar_cenario(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    mundo.aplicar(await corpo_como(pedido, Cenario))
    remarcar_quedas(mundo)
    return responder({"ok": True})


async def aplicar_preset(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    mundo.aplicar(cenario_do_preset(pedido.match_info["preset"]))
    remarcar_quedas(mundo)
    return responder({"ok": True})


async def instalar_falha(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    regra = await corpo_como(pedido, Regra)
    return responder({"fault_id": mundo.falhas.instalar(regra, mundo.relogio.agora())})


async def listar_falhas(pedido: web.Request) -> web.Response:
    return responder(pedido.app[MUNDO].falhas.lista())


async def remover_falhas(pedido: web.Request) -> web.Response:
    id_ = pedido.match_info.get("id")
    if not pedido.app[MUNDO].falhas.remover(id_):
        raise KeyError(id_)
    return responder({"ok": True})


async def livro(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    filtro = pedido.query
    tentativas = mundo.livro.filtrar(
        callback_prefix=filtro.get("callback_prefix", ""),
        recipient=filtro.get("recipient", ""),
        after_ms=int(filtro.get("after", "0")),
        provider=filtro.get("provider", ""),
    )
    agora = mundo.relogio.agora()
    return responder([linha(t, agora) for t in tentativas])


async def resumo(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    return responder(resumir(mundo.livro, mundo.relogio.agora(), pedido.query.get("provider", "")))


async def comparacao(pedido: web.Request) -> web.Response:
    return responder(comparar(pedido.app[MUNDO].livro, await corpo_como(pedido, Comparacao)))


async def parar_campanha(pedido: web.Request) -> web.Response:
    """From now on, an attempt with this prefix is a violation."""
    mundo = pedido.app[MUNDO]
    corpo = await corpo_como(pedido, _Parada)
    mundo.livro.parar(corpo.callback_prefix, mundo.relogio.agora())
    return responder({"ok": True})


async def pedidos(pedido: web.Request) -> web.Response:
    desde = int(pedido.query.get("since", "0"))
    caminho = pedido.query.get("path", "")
    provedor = pedido.query.get("provider", "")
    registrados = pedido.app[MUNDO].pedidos
    return responder([p for p in registrados if p.seq > desde and caminho in p.path and provedor in ("", p.provider)])


async def webhooks(pedido: web.Request) -> web.Response:
    estado = pedido.query.get("state")
    chave = pedido.query.get("key")
    entregas = pedido.app[MUNDO].webhooks.entregas.values()
    return responder([e.vista() for e in entregas if estado in (None, e.estado) and (not chave or chave in e.chaves)])


async def pausar(pedido: web.Request) -> web.Response:
    pedido.app[MUNDO].webhooks.pausado = True
    return responder({"ok": True})


async def retomar(pedido: web.Request) -> web.Response:
    pedido.app[MUNDO].webhooks.retomar()
    return responder({"ok": True})


async def descarregar(pedido: web.Request) -> web.Response:
    return responder({"forced": await pedido.app[MUNDO].webhooks.descarregar()})


async def repetir(pedido: web.Request) -> web.Response:
    corpo = await corpo_como(pedido, _Repeticao)
    return responder({"ids": pedido.app[MUNDO].webhooks.repetir(int(pedido.match_info["id"]), corpo.times)})


async def enviar_malicia(pedido: web.Request) -> web.Response:
    """One forged or malformed webhook, to the app's own callback."""
    mundo = pedido.app[MUNDO]
    corpo = await corpo_como(pedido, _Malicia)
    if corpo.mode not in MODOS:
        raise ValueError(f"unknown mode; there are {', '.join(MODOS)}")
    app = mundo.contas.apps[corpo.app_id]
    bytes_ = corpo_malicioso(corpo.mode, corpo.waba_id, corpo.phone_number_id, mundo.relogio.agora() // SEGUNDO)
    assinatura = assinar(app.app_secret, bytes_)
    if corpo.mode in DE_ASSINATURA:
        bytes_, assinatura = assinar_mal(corpo.mode, bytes_, app.app_secret)
    return responder({"id": mundo.webhooks.avulsa(app, bytes_, assinatura).id})


async def medidas(pedido: web.Request) -> web.Response:
    return web.Response(text=metricas.texto(pedido.app[MUNDO]), content_type="text/plain")


async def cair(pedido: web.Request) -> web.Response:
    pedido.app[MUNDO].cair()
    return responder({"ok": True})
