"""Management calls of Meta's Graph API: the templates of an account and the state of a number.

Nothing here runs inside a transaction and nothing is repeated: the caller decides. The address is always built from
our own base and the ids of the connection; `paging.next` of an answer is never followed, because it is a URL that
somebody else wrote and the token would travel to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import aiohttp
import msgspec
import structlog

from app.credenciais import ConexaoAberta
from app.erros import Erro
from app.provedores.meta_erros import FORA_DO_AR, LIMITACAO, ler_recusa
from app.provedores.saude import EntidadeSaude, ErroSaude, PodeEnviar, Saude

PAGINAS_MAXIMAS: Final = 60
_POR_PAGINA: Final = 100
_CORPO_MAXIMO: Final = 16 * 1024 * 1024
_PRAZO: Final = aiohttp.ClientTimeout(total=20, connect=5, sock_connect=3, sock_read=10)
_CAMPOS_MODELO: Final = "id,name,language,category,status,parameter_format,components"
_CAMPOS_NUMERO: Final = "display_phone_number,quality_rating,verified_name"
# one field that the token may not read fails the whole request: what may be refused is asked for separately
_CAMPOS_SAUDE: Final = "display_phone_number,verified_name,quality_rating,status"
_CAMPOS_SAUDE_OPCIONAIS: Final = "throughput,is_on_biz_app,whatsapp_business_manager_messaging_limit,health_status"
_CAMPO_NEGADO: Final = frozenset({10, 100})
_VAZAO_COEXISTENCIA: Final = 20
_VAZOES: Final = {"STANDARD": 80, "HIGH": 1000}
_LIMITE: Final = re.compile(r"(?:TIER_)?(\d{1,9})(K?)")
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


class _Saude(msgspec.Struct):
    display_phone_number: str | None = None
    verified_name: str | None = None
    quality_rating: str | None = None
    status: str | None = None


class _Vazao(msgspec.Struct):
    level: str | None = None


class _ErroSaude(msgspec.Struct):
    error_code: int | None = None
    error_description: str | None = None
    possible_solution: str | None = None


class _Entidade(msgspec.Struct):
    entity_type: str = ""
    id: str | int = ""
    can_send_message: str = ""
    errors: list[_ErroSaude] = []


class _EstadoSaude(msgspec.Struct):
    can_send_message: PodeEnviar | None = None
    entities: list[_Entidade] = []


class _SaudeOpcional(msgspec.Struct):
    throughput: _Vazao = msgspec.field(default_factory=_Vazao)
    is_on_biz_app: bool | None = None
    whatsapp_business_manager_messaging_limit: str | int | None = None
    health_status: _EstadoSaude = msgspec.field(default_factory=_EstadoSaude)


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

    async def consultar_saude(self, conexao: ConexaoAberta) -> Saude:
        """What the provider thinks of the number, in two calls. Raises FalhaMeta."""
        numero = conexao.numero_id_externo
        basica = await self._ler(numero, {"fields": _CAMPOS_SAUDE}, conexao, _Saude)
        try:
            opcional = await self._ler(numero, {"fields": _CAMPOS_SAUDE_OPCIONAIS}, conexao, _SaudeOpcional)
        except FalhaMeta as falha:
            if falha.codigo_provedor not in _CAMPO_NEGADO:
                raise
            return _saude(basica, _SaudeOpcional(), ilegiveis=True)
        return _saude(basica, opcional, ilegiveis=False)

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


def _saude(basica: _Saude, opcional: _SaudeOpcional, *, ilegiveis: bool) -> Saude:
    nivel = opcional.throughput.level
    bruto = opcional.whatsapp_business_manager_messaging_limit
    return Saude(
        numero_exibido=basica.display_phone_number,
        nome_verificado=basica.verified_name,
        qualidade=basica.quality_rating,
        status=basica.status,
        vazao=nivel,
        vazao_por_segundo=_VAZAO_COEXISTENCIA if opcional.is_on_biz_app else _VAZOES.get(nivel or ""),
        coexistencia=opcional.is_on_biz_app,
        limite_portfolio=_limite(bruto),
        limite_portfolio_bruto=None if bruto is None else str(bruto),
        pode_enviar=opcional.health_status.can_send_message,
        entidades=[
            EntidadeSaude(
                e.entity_type,
                str(e.id),
                e.can_send_message,
                [ErroSaude(x.error_code, x.error_description, x.possible_solution) for x in e.errors],
            )
            for e in opcional.health_status.entities
        ],
        ilegiveis=ilegiveis,
    )


def _limite(bruto: str | int | None) -> int | None:
    """People per day: `TIER_2K`, `TIER_250`, a number, or unlimited (-1)."""
    texto = str(bruto).upper()
    if texto in ("TIER_UNLIMITED", "-1"):
        return -1
    achado = _LIMITE.fullmatch(texto)
    return int(achado[1]) * (1000 if achado[2] else 1) if achado else None


def _recusa(status: int, corpo: bytes, conexao: ConexaoAberta) -> FalhaMeta:
    recusa = ler_recusa(corpo)
    codigo = recusa.codigo if recusa else None
    _registro.warning(
        "gestao_recusada",
        conexao=str(conexao.id),
        http=status,
        codigo=codigo,
        rastro=recusa.rastro if recusa else None,
    )
    if status == 429 or codigo in LIMITACAO:
        return FalhaMeta(503, "ZTM02", "o provedor está limitando as chamadas: tente mais tarde", codigo, espera_s=60)
    if recusa is None or codigo in FORA_DO_AR:
        return _indisponivel(codigo)
    return FalhaMeta(422, "ZRX02", "o provedor recusou as credenciais da conexão: confira-as", codigo)


def _indisponivel(codigo: int | None = None) -> FalhaMeta:
    return FalhaMeta(503, "ZTM01", "o provedor não respondeu bem: tente de novo em instantes", codigo, espera_s=5)


def _incompreensivel() -> FalhaMeta:
    return FalhaMeta(503, "ZTM03", "o provedor deu uma resposta que não se entende", espera_s=60)
