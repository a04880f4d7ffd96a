"""Media: receive a file, say what became of one, open a short-lived address to its bytes, serve them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote
from uuid import UUID

import msgspec
import structlog
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Stream

from app.armazem import Armazem, ConteudoAusente, ConteudoGrande, FalhaArmazem, Recebido
from app.assinatura import VALIDADE_S, Acesso
from app.erros import Erro
from app.http.comum import Anonima, Chamada, ChamadaAnonima, DaSessao, Json, Pedido, documento, objeto
from app.http.formulario import CONHECIDO, receber_arquivo
from app.tipo_de_arquivo import animada, farejar, nomear
from app.tipos.midias import MidiaAutorizacao, MidiaConteudo, MidiaRegra, MidiaRegras, MidiaUrl

ARQUIVO_MAXIMO: Final = 100 * 1024 * 1024
# the parts of the form around the file
CORPO_MAXIMO: Final = ARQUIVO_MAXIMO + 64 * 1024
# what a browser may be told; anything else is just bytes
_SERVIDOS: Final = re.compile(
    r"image/(jpeg|png|webp|gif)|audio/(aac|amr|mpeg|mp4|ogg)|video/(mp4|3gpp)|application/pdf|text/plain"
)
_FAIXA: Final = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
_registro = structlog.get_logger(__name__)


class Midias(Controller):
    path = "/api/midias"
    tags = ["Mídias"]  # noqa: RUF012

    @post(
        "/",
        request_max_body_size=CORPO_MAXIMO,
        description=(
            "`multipart/form-data` com o campo `arquivo` e, se o tipo natural do conteúdo não serve, `tipo` (por "
            "exemplo DOCUMENTO para uma imagem). Vale o que os bytes dizem, não o nome. O mesmo conteúdo é a mesma "
            "mídia."
        ),
        **documento("api.midia_criar", status=201, midia="multipart/form-data", resumo="Enviar arquivo"),
    )
    async def criar(self, request: Pedido, chamada: Chamada) -> Json:
        return await criar_midia(request, chamada, {})

    @get("/{id:uuid}", **documento("api.midia_obter", resumo="Obter mídia"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.midia_obter", p_id=id)

    @post(
        "/{id:uuid}/baixar",
        **documento("api.midia_baixa_retomar", resumo="Baixar de novo do provedor uma mídia que falhou"),
    )
    async def baixar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.midia_baixa_retomar", p_id=id)

    @post(
        "/{id:uuid}/url",
        **documento(tipo=MidiaUrl, status=201, resumo="Endereço do conteúdo, por cinco minutos"),
    )
    async def assinar(self, request: Pedido, id: FromPath[UUID], chamada: Chamada) -> Json:
        permitido = await chamada.ler("api.midia_url_autorizar", MidiaAutorizacao, p_id=id)
        expira_em = int(time.time()) + VALIDADE_S
        selo = request.app.state.assinador.assinar(chamada.cliente_id, permitido.sessao_id, permitido.id, expira_em)
        return objeto(msgspec.json.encode(MidiaUrl(f"/midias/{selo}", datetime.fromtimestamp(expira_em, UTC))))


@get("/midias/{assinatura:str}", include_in_schema=False, opt={"publico": True, "midia": "*"})
async def servir(request: Pedido, assinatura: FromPath[str], anonima: ChamadaAnonima) -> Stream:
    """The bytes that a signed address opens."""
    acesso = request.app.state.assinador.abrir(assinatura)
    if acesso is None:
        raise _ausente()
    return await servir_midia(request, anonima, acesso)


async def servir_midia(pedido: Pedido, anonima: Anonima, acesso: Acesso) -> Stream:
    """The bytes to which a session was let, while it lives."""
    conteudo = await anonima.ler(
        "api.midia_conteudo_obter",
        MidiaConteudo,
        p_cliente_id=acesso.cliente_id,
        p_sessao_id=acesso.sessao_id,
        p_id=acesso.midia_id,
    )
    return await _servir(pedido, acesso.cliente_id, conteudo, acesso.expira_em)


def _ausente() -> Erro:
    return Erro(404, "ZND01", "mídia não encontrada")


def _fora() -> Erro:
    return Erro(503, "ZTD01", "o armazém de mídias não responde: tente de novo em instantes", espera_s=5)


class _Teto:
    """Lowers the cap of a spool to that of its type, as soon as the beginning tells the type."""

    def __init__(self, recebido: Recebido, regras: list[MidiaRegra]) -> None:
        self._recebido = recebido
        self._regras = regras
        self._sabido = False

    def __call__(self) -> None:
        if not self._sabido and self._recebido.tamanho >= CONHECIDO:
            self._sabido = True
            mime = farejar(self._recebido.amostra)
            self._recebido.maximo = max(
                (r.tamanho_maximo for r in self._regras if r.mime == mime), default=self._recebido.maximo
            )
            self._recebido.write(b"")


async def criar_midia(pedido: Pedido, chamada: DaSessao, campos: dict[str, str]) -> Json:
    """Receive the file of a form and keep it; the other parts of the form, as far as it is read, go to `campos`."""
    regras = await chamada.ler("api.midia_preparar", MidiaRegras)
    with pedido.app.state.armazem.receber(ARQUIVO_MAXIMO) as recebido:
        return await _receber(pedido, chamada, recebido, regras.tipos, campos)


async def _receber(
    pedido: Pedido, chamada: DaSessao, recebido: Recebido, regras: list[MidiaRegra], campos: dict[str, str]
) -> Json:
    try:
        nome = await receber_arquivo(pedido, recebido, _Teto(recebido, regras), campos)
    except ConteudoGrande:
        raise Erro(
            422,
            "ZRD04",
            "o arquivo passa do tamanho aceito para o seu tipo",
            campo="arquivo",
            detalhe=str(recebido.maximo),
        ) from None
    tipo = campos.get("tipo") or None
    mime = await asyncio.to_thread(farejar, recebido.amostra, recebido.caminho, nome or "")
    variante = "ANIMADA" if animada(recebido.amostra) else ""
    servem = [r for r in regras if (r.mime, r.variante) == (mime, variante) and tipo in (None, r.tipo)]
    # what will be refused is not stored
    if any(recebido.tamanho <= r.tamanho_maximo for r in servem):
        await _guardar(pedido.app.state.armazem, chamada.cliente_id, recebido)
    return await chamada.objeto(
        "api.midia_criar",
        p_sha256=recebido.sha256,
        p_tamanho=recebido.tamanho,
        p_mime=mime,
        p_variante=variante,
        p_nome=nomear(nome, mime),
        p_tipo=tipo,
    )


async def _guardar(armazem: Armazem, cliente_id: UUID, recebido: Recebido) -> None:
    try:
        await armazem.guardar(cliente_id, recebido)
    except FalhaArmazem as erro:
        _registro.error("armazem_falhou", erro=str(erro))
        raise _fora() from None


async def _servir(pedido: Pedido, cliente_id: UUID, conteudo: MidiaConteudo, expira_em: int) -> Stream:
    faixa = _faixa(pedido.headers.get("range"), conteudo.tamanho)
    inicio, fim = faixa or (0, conteudo.tamanho)
    pedacos = pedido.app.state.armazem.ler(cliente_id, conteudo.sha256, inicio, fim)
    try:
        primeiro = await anext(pedacos, b"")
    except ConteudoAusente:
        _registro.error("midia_sem_conteudo", sha256=conteudo.sha256)
        raise _ausente() from None
    except FalhaArmazem as erro:
        _registro.error("armazem_falhou", erro=str(erro))
        raise _fora() from None
    cabecalhos = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(conteudo.nome or 'arquivo', safe='')}",
        "Content-Length": str(fim - inicio),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": f"private, max-age={max(expira_em - int(time.time()), 0)}",
        "Accept-Ranges": "bytes",
    }
    if faixa is not None:
        cabecalhos["Content-Range"] = f"bytes {inicio}-{fim - 1}/{conteudo.tamanho}"
    return Stream(
        _desde(primeiro, pedacos),
        status_code=200 if faixa is None else 206,
        media_type=conteudo.mime if _SERVIDOS.fullmatch(conteudo.mime) else "application/octet-stream",
        headers=cabecalhos,
    )


async def _desde(primeiro: bytes, resto: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield primeiro
    async for pedaco in resto:
        yield pedaco


def _faixa(pedida: str | None, tamanho: int) -> tuple[int, int] | None:
    """The one range asked for, as first and past-the-last; None = the whole. Raises 416 for one outside."""
    achada = _FAIXA.fullmatch(pedida or "")
    if achada is None or achada.group() == "bytes=-":
        return None
    de, ate = achada.groups()
    if not de:
        inicio, fim = max(tamanho - int(ate), 0), tamanho
    else:
        inicio, fim = int(de), min(int(ate) + 1 if ate else tamanho, tamanho)
    if inicio >= fim:
        raise Erro(416, "ZRD08", "o arquivo não tem o trecho pedido", detalhe=str(tamanho))
    return inicio, fim
