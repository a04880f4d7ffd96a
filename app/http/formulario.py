"""A multipart body with one file, read as it arrives: the file goes to its spool, never to memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from app.armazem import Recebido
from app.erros import Erro
from app.http.comum import Pedido

# of a part that is no file, in bytes: the longest caption in any alphabet
_TEXTO_MAXIMO: Final = 4096
_PARTES_MAXIMAS: Final = 10
# of a file's beginning: enough to know what it is
CONHECIDO: Final = 8192


class _Leitor:
    """Sorts the parts: the one named `arquivo` into the spool, the others, short, into `campos`."""

    def __init__(self, recebido: Recebido, conferir: Callable[[], None], campos: dict[str, str]) -> None:
        self._campos = campos
        self.nome: str | None = None
        self.veio = False
        self._recebido = recebido
        self._conferir = conferir
        self._texto: bytearray | None = None
        self._parte = ""

    def receber(self, evento: MultipartSegment | bytearray | bytes | None) -> None:
        if evento is None:
            self._fechar()
        elif isinstance(evento, MultipartSegment):
            self._abrir(evento)
        elif self._texto is None:
            self._recebido.write(bytes(evento))
            self._conferir()
        elif len(self._texto) + len(evento) > _TEXTO_MAXIMO:
            raise Erro(400, "ZRG03", "tamanho máximo: 4096", campo=self._parte)
        else:
            self._texto += evento

    def _abrir(self, parte: MultipartSegment) -> None:
        self._parte = (parte.name or "")[:60]
        self._texto = None if self._parte == "arquivo" else bytearray()
        if self._texto is None:
            if self.veio:
                raise Erro(400, "ZRG03", "um arquivo por vez", campo="arquivo")
            self.veio, self.nome = True, parte.filename

    def _fechar(self) -> None:
        if self._texto is not None:
            self._campos[self._parte] = self._texto.decode("utf-8", "replace")


async def receber_arquivo(
    pedido: Pedido, recebido: Recebido, conferir: Callable[[], None], campos: dict[str, str]
) -> str | None:
    """Fill the spool with the part `arquivo`, whose name is answered, and `campos` with the other parts. `conferir`
    runs after each piece and may raise. Raises Erro for what is no such form."""
    _, opcoes = parse_options_header(pedido.headers.get("content-type", ""))
    try:
        with PushMultipartParser(
            opcoes.get("boundary", ""), max_segment_count=_PARTES_MAXIMAS, max_header_count=8
        ) as parser:
            leitor = _Leitor(recebido, conferir, campos)
            async for pedaco in pedido.stream():
                for evento in parser.parse(pedaco) if pedaco else ():
                    leitor.receber(evento)
    except (MultipartError, ValueError, LookupError):
        raise Erro(400, "ZRG03", "o formulário está malformado: envie multipart/form-data") from None
    if not leitor.veio:
        raise Erro(400, "ZRG03", "campo obrigatório", campo="arquivo")
    return leitor.nome
