"""What a file is, by its bytes: neither its name nor what the sender says of it is believed.

The signatures are puremagic's; where they leave a doubt (containers), the file is asked again. The answer is one of the
types that the product knows, or None.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

import puremagic

_TEXTO: Final = "text/plain"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
# extension of a signature -> type; a signature of anything else is an answer, too: not ours
_POR_EXTENSAO: Final = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jfif": "image/jpeg", ".jpe": "image/jpeg", ".png": "image/png",
    ".webp": "image/webp", ".mp4": "video/mp4", ".3gp": "video/3gpp", ".3ga": "video/3gpp", ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg", ".mpga": "audio/mpeg", ".aac": "audio/aac", ".amr": "audio/amr", ".ogg": "audio/ogg",
    ".oga": "audio/ogg", ".pdf": "application/pdf",
}  # fmt: skip
_POR_PASTA_DO_ZIP: Final = {
    "word/": f"{_OFFICE}wordprocessingml.document",
    "xl/": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/": f"{_OFFICE}presentationml.presentation",
}
# of the old Office formats the bytes only tell the family
_POR_NOME_OLE: Final = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
# the first is the one given to a name that has another
_EXTENSOES: Final = {
    "image/jpeg": (".jpg", ".jpeg", ".jfif"), "image/png": (".png",), "image/webp": (".webp",),
    "video/mp4": (".mp4", ".m4v"), "video/3gpp": (".3gp",), "audio/mp4": (".m4a", ".mp4"), "audio/mpeg": (".mp3",),
    "audio/aac": (".aac",), "audio/amr": (".amr",), "audio/ogg": (".ogg", ".oga", ".opus"),
    "application/pdf": (".pdf",),
    "text/plain": (".txt", ".csv", ".tsv", ".log", ".md", ".json", ".xml", ".ics", ".vcf"),
    **{mime: (extensao,) for extensao, mime in _POR_NOME_OLE.items()},
    f"{_OFFICE}wordprocessingml.document": (".docx",), f"{_OFFICE}spreadsheetml.sheet": (".xlsx",),
    f"{_OFFICE}presentationml.presentation": (".pptx",),
}  # fmt: skip
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# the list of names is read whole: a hostile one may be most of the file
_INDICE_MAXIMO: Final = 2 * 1024 * 1024
_FIM_DO_ZIP: Final = b"PK\x05\x06"


def farejar(amostra: bytes, caminho: Path | None = None, nome: str = "") -> str | None:
    """The type of a file whose beginning is `amostra`; `caminho` is read where the beginning is not enough, and without
    it those types are not known."""
    if amostra.startswith(b"PK\x03\x04"):
        return _do_zip(caminho) if caminho else None
    if amostra.startswith(_OLE):
        return _POR_NOME_OLE.get(Path(nome).suffix.lower())
    if amostra.startswith(b"OggS"):
        return "audio/ogg" if b"OpusHead" in amostra[:64] else None
    achado = _da_assinatura(amostra)
    if achado is None and _e_texto(amostra):
        return _TEXTO
    return achado


def animada(amostra: bytes) -> bool:
    """Whether a WebP has the animation flag of its extended header."""
    return amostra[8:16] == b"WEBPVP8X" and len(amostra) > 20 and bool(amostra[20] & 0x02)


def nomear(nome: str | None, mime: str | None) -> str | None:
    """The file's name with an extension that does not lie about its type."""
    extensoes = _EXTENSOES.get(mime or "")
    if not nome or not extensoes or Path(nome).suffix.lower() in extensoes:
        return nome
    return f"{nome[:200]}{extensoes[0]}"


def _da_assinatura(amostra: bytes) -> str | None:
    try:
        candidatos = puremagic.magic_string(amostra)
    except (puremagic.PureError, ValueError):
        return None
    for candidato in candidatos:
        if candidato.extension in _POR_EXTENSAO:
            return _POR_EXTENSAO[candidato.extension]
        if candidato.mime_type:
            return None
    return None


def _do_zip(caminho: Path) -> str | None:
    """Which Office format a zip is, by the names inside; nothing is decompressed."""
    try:
        if _indice_do_zip(caminho) > _INDICE_MAXIMO:
            return None
        with zipfile.ZipFile(caminho) as arquivo:
            nomes = arquivo.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in nomes or any(nome.endswith("vbaProject.bin") for nome in nomes):
        return None
    return next((m for pasta, m in _POR_PASTA_DO_ZIP.items() if any(nome.startswith(pasta) for nome in nomes)), None)


def _indice_do_zip(caminho: Path) -> int:
    """How many bytes the list of names says it has; what cannot be found is too large."""
    with caminho.open("rb") as arquivo:
        arquivo.seek(0, 2)
        arquivo.seek(max(arquivo.tell() - 65_557, 0))
        final = arquivo.read()
    onde = final.rfind(_FIM_DO_ZIP)
    return int.from_bytes(final[onde + 12 : onde + 16], "little") if 0 <= onde <= len(final) - 22 else 2**32


def _e_texto(amostra: bytes) -> bool:
    """Any encoding that keeps ASCII: what has no control characters can be read."""
    return bool(amostra) and not any(b < 32 and b not in b"\t\n\f\r" for b in amostra)
