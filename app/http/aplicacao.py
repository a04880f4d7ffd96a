"""The application: its routes, its pools and what surrounds them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

import msgspec
import structlog
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from app import sentinela
from app.armazem import Armazem
from app.assinatura import Assinador
from app.banco import Banco
from app.cache import Cache
from app.chamado import Chamador
from app.cifra import Cofre
from app.config import Config
from app.erros import Erro
from app.http import documentacao, webhooks, webhooks_uaizap
from app.http.atendimento import Atendimento, Calendarios, Feriados
from app.http.atos import Atos, Motivos
from app.http.autenticacao import Autenticacao
from app.http.borda import Aplicacao
from app.http.campanhas import Campanhas
from app.http.campanhas_rascunhos import CampanhasRascunhos
from app.http.comum import dar_anonima, dar_chamada
from app.http.conexoes import Conexoes
from app.http.contatos import Contatos
from app.http.conversas import Agendadas, Conversas, Mensagens
from app.http.empresa import Empresas
from app.http.entregas import Entregas
from app.http.equipes import Equipes
from app.http.etiquetas import Etiquetas
from app.http.eventos import Presencas, TempoReal
from app.http.eventos_recebidos import EventosRecebidos
from app.http.fatores import SegundoFator
from app.http.fila_morta import FilaMorta
from app.http.fluxo import Central
from app.http.fusoes import Fusoes
from app.http.guarda import Guarda
from app.http.importacoes import Importacoes
from app.http.inscricoes import Inscricoes
from app.http.instancias import Instancias
from app.http.listas import Buscas, Visoes
from app.http.metricas import metricas
from app.http.midias import Midias, servir
from app.http.modelos import Modelos
from app.http.notas import Mencoes, Notas, NotasDaConversa
from app.http.ocorrencias import ocorrencias
from app.http.pages import ROTAS_DAS_PAGINAS
from app.http.pages.pagina import dar_pagina
from app.http.perfis import Perfis, permissoes
from app.http.recusas import conferir, responder
from app.http.respostas import RespostasRapidas
from app.http.saude import saude
from app.http.usuarios import Usuarios
from app.http.validacao import CorpoEstrito
from app.presenca import Presenca
from app.provedores.meta_gestao import MetaGestao
from app.provedores.uaizap_canal import CanalUaizap
from app.provedores.uaizap_gestao import UaizapGestao
from app.tipos.saude import SaudeDoBanco

CORPO_MAXIMO: Final = 2 * 1024 * 1024
# one insert per webhook: a few connections take a whole platform's intake, the budget stays with the API
INGRESSO_MAXIMO: Final = 20
_TEXTOS_A_CADA_S: Final = 60
# one entry per domain: a Controller or a handler
ROTAS: Final[list[Any]] = [
    saude,
    metricas,
    Autenticacao,
    SegundoFator,
    Usuarios,
    Empresas,
    Equipes,
    Perfis,
    permissoes,
    Conexoes,
    ocorrencias,
    Instancias,
    Modelos,
    Contatos,
    Fusoes,
    Etiquetas,
    Visoes,
    Campanhas,
    CampanhasRascunhos,
    Importacoes,
    Entregas,
    FilaMorta,
    Midias,
    servir,
    Calendarios,
    Feriados,
    Atendimento,
    Buscas,
    Conversas,
    Atos,
    Motivos,
    Mensagens,
    Mencoes,
    Notas,
    NotasDaConversa,
    RespostasRapidas,
    Agendadas,
    TempoReal,
    Inscricoes,
    Presencas,
    EventosRecebidos,
    webhooks.verificar,
    webhooks.receber,
    webhooks_uaizap.receber,
    *ROTAS_DAS_PAGINAS,
]

_registro = structlog.get_logger(__name__)


def _pool(config: Config, papel: str, maximo: int) -> Banco:
    return Banco(
        config.url_aplicacao(papel),
        maximo=maximo,
        ocioso_s=config.pool_idle_s,
        vida_s=config.pool_lifetime_s,
        preparar=config.preparar_no_servidor,
        nome=f"balcao {papel}",
    )


async def _carregar_textos(guarda: Guarda, *bancos: Banco) -> None:
    """Fetch the sentences of constraints and what functions ask for as soon as the database answers, and again now
    and then: it may be migrated under us. Until then refusals are generic and nothing is cached."""
    while True:
        try:
            lido = msgspec.json.decode(await bancos[0].chamar("api.saude_obter", {}), type=SaudeDoBanco)
        except Erro as erro:
            _registro.warning("banco_ainda_fora", codigo=erro.codigo)
            await asyncio.sleep(1)
            continue
        for banco in bancos:
            banco.usar_textos(lido.restricoes)
        guarda.usar_funcoes(lido.funcoes)
        await asyncio.sleep(_TEXTOS_A_CADA_S)


def _vida(config: Config) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def vida(app: Litestar) -> AsyncIterator[None]:
        banco = _pool(config, "crm_api", config.pool_max)
        ingresso = _pool(config, "crm_ingresso", min(config.pool_max, INGRESSO_MAXIMO))
        app.state.banco, app.state.ingresso = banco, ingresso
        app.state.gestao = MetaGestao(config.meta_api_url, config.meta_api_versao)
        cache = Cache(config.url_redis, config.derivar("cache").encode(), maximo_sem_redis=max(config.pool_max // 4, 1))
        guarda = Guarda(banco, cache)
        app.state.guarda = guarda
        canal = CanalUaizap(config.uaizap_hosts)
        app.state.uaizap = UaizapGestao(canal)
        app.state.chamador = Chamador(config.url_redis)
        app.state.presenca = Presenca(config.url_redis)
        await banco.abrir()
        await ingresso.abrir()
        app.state.central.iniciar()
        textos = asyncio.create_task(_carregar_textos(guarda, banco, ingresso))
        try:
            yield
        finally:
            textos.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await textos
            await app.state.central.fechar()
            await asyncio.gather(
                app.state.presenca.fechar(),
                banco.fechar(),
                ingresso.fechar(),
                app.state.chamador.fechar(),
                app.state.gestao.fechar(),
                canal.fechar(),
                cache.fechar(),
            )

    return vida


def criar_aplicacao(config: Config) -> Litestar:
    """The ASGI application. `app.state` holds `config`, `cofre`, `armazem`, `assinador`, `banco` (crm_api), `guarda`
    (the same behind the cache), `ingresso` (crm_ingresso), `chamador`, `central` (the streams), `presenca`, `gestao`
    and `uaizap` (the providers' management calls)."""
    sentinela.iniciar(config.sentry_dsn)
    return Aplicacao(
        route_handlers=ROTAS,
        lifespan=[_vida(config)],
        state=State(
            {
                "config": config,
                "cofre": Cofre(config.chaves),
                "armazem": Armazem.da_config(config),
                "assinador": Assinador(config.chaves),
                "central": Central(config.url_redis),
            }
        ),
        dependencies={
            "chamada": Provide(dar_chamada, sync_to_thread=False),
            "anonima": Provide(dar_anonima, sync_to_thread=False),
            "pagina": Provide(dar_pagina),
        },
        dto=CorpoEstrito,
        before_request=conferir,
        exception_handlers={Exception: responder},
        request_max_body_size=CORPO_MAXIMO,
        openapi_config=documentacao.configurar(),
        logging_config=None,
        debug=False,
    )
