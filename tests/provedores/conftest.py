"""The provider modules against the simulator, over real HTTP, without a database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.provedores.meta import Meta
from app.provedores.meta_gestao import MetaGestao
from app.provedores.meta_midia import MetaMidia
from tests.simulador.bancada import Bancada
from tests.simulador.conftest import bancada, receptor

__all__ = ["bancada", "receptor"]


@pytest.fixture
async def meta(bancada: Bancada) -> AsyncIterator[Meta]:
    meta = Meta(bancada.simulador.url_meta, "v25.0")
    yield meta
    await meta.fechar()


@pytest.fixture
async def midia(bancada: Bancada) -> AsyncIterator[MetaMidia]:
    midia = MetaMidia(bancada.simulador.url_meta, "v25.0")
    yield midia
    await midia.fechar()


@pytest.fixture
async def gestao(bancada: Bancada) -> AsyncIterator[MetaGestao]:
    gestao = MetaGestao(bancada.simulador.url_meta, "v25.0")
    yield gestao
    await gestao.fechar()
