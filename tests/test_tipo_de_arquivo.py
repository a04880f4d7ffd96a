"""What a file is, by its bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from app.tipo_de_arquivo import animada, farejar, nomear

OFFICE = "application/vnd.openxmlformats-officedocument."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipado(*nomes: str) -> bytes:
    saida = io.BytesIO()
    with zipfile.ZipFile(saida, "w") as arquivo:
        for nome in nomes:
            arquivo.writestr(nome, "<x/>")
    return saida.getvalue()


def mp4(marca: bytes, *outras: bytes) -> bytes:
    corpo = b"ftyp" + marca + b"\0\0\2\0" + b"".join(outras)
    return (len(corpo) + 4).to_bytes(4, "big") + corpo + b"\0" * 50


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 50
OGG = b"OggS\0\2" + b"\0" * 20 + b"\1\x13OpusHead\1\1" + b"\0" * 20
WEBP = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0"
ARQUIVOS: list[tuple[bytes, str, str | None]] = [
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1" + b"\0" * 100, "x", "image/jpeg"),
    (b"\xff\xd8\xff\xe1\x00\x10Exif\0\0" + b"\0" * 100, "x", "image/jpeg"),
    (PNG, "foto.exe", "image/png"),
    (mp4(b"isom", b"isom", b"iso2", b"avc1", b"mp41"), "x", "video/mp4"),
    (mp4(b"mp42", b"mp42", b"isom"), "x", "video/mp4"),
    (mp4(b"M4A ", b"M4A ", b"mp42"), "x", "audio/mp4"),
    (mp4(b"3gp4", b"isom", b"3gp4"), "x", "video/3gpp"),
    (mp4(b"qt  ", b"qt  "), "x.mp4", None),
    (b"ID3\x03\0\0\0\0\0\0\xff\xfb\x90\x64" + b"\0" * 200, "x", "audio/mpeg"),
    (b"\xff\xf1\x50\x80\x02\x1f\xfc" + b"\0" * 100, "x", "audio/aac"),
    (b"#!AMR\n" + b"\0" * 50, "x", "audio/amr"),
    (OGG, "x", "audio/ogg"),
    (OGG.replace(b"\x13OpusHead", b"\x1e\1vorbis"), "x.ogg", None),
    (WEBP + b"\0" * 50, "x", "image/webp"),
    (b"%PDF-1.7\nabc", "x", "application/pdf"),
    (OLE, "x.doc", "application/msword"),
    (OLE, "x.XLS", "application/vnd.ms-excel"),
    (OLE, "x.msi", None),
    (zipado("[Content_Types].xml", "word/document.xml"), "x", f"{OFFICE}wordprocessingml.document"),
    (zipado("[Content_Types].xml", "xl/workbook.xml"), "x", f"{OFFICE}spreadsheetml.sheet"),
    (zipado("[Content_Types].xml", "ppt/presentation.xml"), "x", f"{OFFICE}presentationml.presentation"),
    (zipado("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "x.docx", None),
    (zipado("word/document.xml"), "x.docx", None),
    (zipado("qualquer.txt"), "x.docx", None),
    (b"PK\x03\x04" + b"\0" * 100, "x.docx", None),
    (b"<!doctype html><script>alert(1)</script>", "foto.png", "text/plain"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "x.svg", "text/plain"),
    ("nome;telefone\nAção;1".encode(), "x", "text/plain"),
    ("preço “certo”".encode("cp1252"), "x", "text/plain"),
    (b"MZ\x90\0\3\0\0\0" + b"\0" * 100, "x.pdf", None),
    (b"\x7fELF" + b"\0" * 100, "x.txt", None),
    (b"GIF89a" + b"\0" * 50, "x.png", None),
    (bytes(range(256)), "x.txt", None),
    (b"", "x.txt", None),
]


@pytest.mark.parametrize(("dados", "nome", "esperado"), ARQUIVOS)
def test_vale_o_que_os_bytes_dizem(tmp_path: Path, dados: bytes, nome: str, esperado: str | None) -> None:
    arquivo = tmp_path / "arquivo"
    arquivo.write_bytes(dados)
    assert farejar(dados[:8192], arquivo, nome) == esperado


def test_indice_de_zip_gigante_nem_e_lido(tmp_path: Path) -> None:
    """A list of names of 3 MB would be objects of hundreds: it is refused by its size alone."""
    certo = zipado("[Content_Types].xml", "word/document.xml")
    onde = certo.rfind(b"PK\x05\x06")
    arquivo = tmp_path / "bomba.docx"
    arquivo.write_bytes(certo[: onde + 12] + (3 * 1024 * 1024).to_bytes(4, "little") + certo[onde + 16 :])
    assert farejar(certo[:8192], arquivo, "bomba.docx") is None


def test_figurinha_animada() -> None:
    assert animada(WEBP + b"\x02" + b"\0" * 30)
    assert not animada(WEBP + b"\x10" + b"\0" * 30)
    assert not animada(b"RIFF\x24\0\0\0WEBPVP8 " + b"\x02" * 30)


@pytest.mark.parametrize(
    ("nome", "mime", "esperado"),
    [
        ("foto.PNG", "image/png", "foto.PNG"),
        ("foto.png.exe", "image/png", "foto.png.exe.png"),
        ("pagina.html", "text/plain", "pagina.html.txt"),
        ("lista.csv", "text/plain", "lista.csv"),
        ("sem extensao", "application/pdf", "sem extensao.pdf"),
        (None, "image/png", None),
        ("x.bin", None, "x.bin"),
    ],
)
def test_a_extensao_nao_mente(nome: str | None, mime: str | None, esperado: str | None) -> None:
    assert nomear(nome, mime) == esperado
