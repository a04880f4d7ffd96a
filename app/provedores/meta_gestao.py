"""Management calls of Meta's Graph API: the templates of an account and the state of a number.

Nothing here runs inside a transaction and nothing is repeated: the caller decides. The address is always built from
our own base and the ids of the connection; `paging.next` of an answer is never followed, because it is a URL that
somebody else wrote and the token would travel to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import aiohttp
import msgspec
import structlog

from app.credenciais import ConexaoAberta
from app.erros import Erro

PAGINAS_MAXIMAS: Final = 60
_POR_PAGINA: Final = 100
_CORPO_MAXIMO: Final = 16 * 1024 * 1024
_PRAZO: Final = aiohttp.ClientTimeout(total=20, connect=5, sock_connect=3, sock_read=10)
_CAMPOS_MODELO: Final = "id,name,language,category,status,parameter_format,components"
_CAMPOS_NUMERO: Final = "display_phone_number,quality_rating,verified_name"
_LIMITACAO: Final = frozenset({4, 17, 32, 341, 613, 80007, 80008, 130429})
_FORA_DO_AR: Final = frozenset({1, 2, 131000, 131016, 133004, 2494100})
_registro = structlog.get_logger(__name__)
T = TypeVar("T")


class FalhaMeta(Erro):
    """The provider said no, or nothing. `codigo_provedor` is its own code, when it gave one."""

    def __init__(
        self, status: int, codigo: str, mensagem: str, provedor: int | None = None, *, espera_s: int | None = None
    ) -> None:
        detalhe = f"código {provedor} do provedor" if provedor is not None else None
        super().__init__(status, codigo, mensagem, detalhe=detalhe, espera_s=espera_s)
        self.codigo_provedor = provedor


class InfoNumero(msgspec.Struct, frozen=True):
    """What the provider says of a number."""

    display_phone_number: str | None = None
    quality_rating: str | None = None
    verified_name: str | None = None


class _Cursores(msgspec.Struct):
    after: str | None = None


class _Paginacao(msgspec.Struct):
    cursors: _Cursores = msgspec.field(default_factory=_Cursores)
    next: str | None = None


class _PaginaModelos(msgspec.Struct):
    data: list[dict[str, Any]]
    paging: _Paginacao = msgspec.field(default_factory=_Paginacao)


class _Recusa(msgspec.Struct):
    code: int
    fbtrace_id: str | None = None


class _ComRecusa(msgspec.Struct):
    error: _Recusa


class MetaGestao:
    """One HTTP session per process. `base` is the Graph API without version, `versao` like `v25.0`."""

    def __init__(self, base: str, versao: str) -> None:
        self._base = f"{base}/{versao}"
        self._sessao = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=20, keepalive_timeout=20),
            timeout=_PRAZO,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def fechar(self) -> None:
        await self._sessao.close()

    async def listar_modelos(self, conexao: ConexaoAberta) -> list[dict[str, Any]]:
        """Every template of the account, as the provider wrote it. Raises FalhaMeta."""
        modelos: list[dict[str, Any]] = []
        parametros = {"fields": _CAMPOS_MODELO, "limit": str(_POR_PAGINA)}
        for _ in range(PAGINAS_MAXIMAS):
            pagina = await self._ler(
                f"{conexao.conta_id_externa}/message_templates", parametros, conexao, _PaginaModelos
            )
            modelos += pagina.data
            depois = pagina.paging.cursors.after
            if pagina.paging.next is None or not depois:
                return modelos
            if depois == parametros.get("after"):
                raise _incompreensivel()
            parametros["after"] = depois
        # a partial list would mark as deleted what was simply not reached
        raise _incompreensivel()

    async def ler_numero(self, conexao: ConexaoAberta) -> InfoNumero:
        """Whether the number answers to this credential, and what it looks like. Raises FalhaMeta."""
        return await self._ler(conexao.numero_id_externo, {"fields": _CAMPOS_NUMERO}, conexao, InfoNumero)

    async def _ler(self, caminho: str, parametros: Mapping[str, str], conexao: ConexaoAberta, tipo: type[T]) -> T:
        try:
            async with self._sessao.get(
                f"{self._base}/{caminho}",
                params=parametros,
                allow_redirects=False,
                headers={"Authorization": f"Bearer {conexao.credenciais.access_token}"},
            ) as resposta:
                corpo = await _corpo(resposta)
                if resposta.status != 200:
                    raise _recusa(resposta.status, corpo, conexao)
        # ValueError: a token with control characters cannot be written as a header
        except ValueError:
            raise FalhaMeta(422, "ZRX02", "o provedor recusou as credenciais da conexão: confira-as") from None
        except (TimeoutError, aiohttp.ClientError) as erro:
            _registro.warning("gestao_sem_resposta", conexao=str(conexao.id), causa=type(erro).__name__)
            raise _indisponivel() from None
        try:
            return msgspec.json.decode(corpo, type=tipo)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise _incompreensivel() from None


async def _corpo(resposta: aiohttp.ClientResponse) -> bytes:
    corpo = bytearray()
    async for pedaco in resposta.content.iter_any():
        corpo += pedaco
        if len(corpo) > _CORPO_MAXIMO:
            raise _incompreensivel()
    return bytes(corpo)


def _recusa(status: int, corpo: bytes, conexao: ConexaoAberta) -> FalhaMeta:
    try:
        erro: _Recusa | None = msgspec.json.decode(corpo, type=_ComRecusa).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        erro = None
    codigo = erro.code if erro else None
    _registro.warning(
        "gestao_recusada", conexao=str(conexao.id), http=status, codigo=codigo, rastro=erro.fbtrace_id if erro else None
    )
    if status == 429 or codigo in _LIMITACAO:
        return FalhaMeta(503, "ZTM02", "o provedor está limitando as chamadas: tente mais tarde", codigo, espera_s=60)
    if erro is None or codigo in _FORA_DO_AR:
        return _indisponivel(codigo)
    return FalhaMeta(422, "ZRX02", "o provedor recusou as credenciais da conexão: confira-as", codigo)


def _indisponivel(codigo: int | None = None) -> FalhaMeta:
    return FalhaMeta(503, "ZTM01", "o provedor não respondeu bem: tente de novo em instantes", codigo, espera_s=5)


def _incompreensivel() -> FalhaMeta:
    return FalhaMeta(503, "ZTM03", "o provedor deu uma resposta que não se entende", espera_s=60)
