"""Bytes of messages received through a UaiZap gateway; there is no upload, what goes out travels inside the request.

What a webhook calls the address of a file is encrypted, and the link that the gateway can make may be on any host: only
the bytes inside its own answer are taken.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from http import HTTPStatus
from pathlib import Path

from app.credenciais import ConexaoAberta
from app.provedores.midia import (
    Destino,
    MidiaAusente,
    MidiaBaixada,
    MidiaCorrompida,
    MidiaDescoberta,
    MidiaGrande,
    MidiaIndisponivel,
    MidiaRecusada,
    MidiaSemAcesso,
)
from app.provedores.uaizap_canal import CanalUaizap, EnderecoRecusado, NaoSaiu, Resposta, SemResposta
from app.provedores.uaizap_gestao import FalhaUaizap, instancia_de


class UaizapMidia:
    """See `app.provedores.midia`. The `url` of a discovery is the message's id: asking is downloading."""

    def __init__(self, canal: CanalUaizap) -> None:
        self._canal = canal

    async def fechar(self) -> None:
        await self._canal.fechar()

    async def subir_midia(self, conexao: ConexaoAberta, origem: Path, mime: str, nome: str) -> str:
        raise MidiaRecusada("um servidor UaiZap não guarda mídias para enviar")

    async def descobrir_midia(self, conexao: ConexaoAberta, id_externo: str) -> MidiaDescoberta:
        return MidiaDescoberta(id_externo, "")

    async def baixar_midia(
        self, conexao: ConexaoAberta, url: str, destino: Destino, maximo: int, sha256: bytes | None = None
    ) -> MidiaBaixada:
        pedido = {"id": url, "return_base64": True, "return_link": False, "generate_mp3": False, "transcribe": False}
        try:
            alvo = instancia_de(conexao)
            resposta = await self._canal.pedir(
                "POST",
                alvo.url_base,
                "/message/download",
                pedido,
                token=alvo.credenciais.token,
                # base64 takes a third more, and the object around it a little
                maximo=maximo * 4 // 3 + 65_536,
            )
        except (EnderecoRecusado, FalhaUaizap):
            raise MidiaRecusada("o endereço da conexão não é de um servidor UaiZap aceito") from None
        except (NaoSaiu, SemResposta) as erro:
            raise MidiaIndisponivel(f"/message/download: {erro}") from None
        dados = _dados(resposta)
        if len(dados) > maximo:
            raise MidiaGrande(f"{len(dados)} bytes, mais que {maximo}")
        resumo = hashlib.sha256(dados).digest()
        if sha256 is not None and resumo != sha256:
            raise MidiaCorrompida("o arquivo não é o que a mensagem anunciou")
        destino.write(dados)
        mime = resposta.objeto.get("mimetype")
        return MidiaBaixada(len(dados), resumo, mime if isinstance(mime, str) and mime else None)


def _dados(resposta: Resposta) -> bytes:
    if resposta.http == HTTPStatus.UNAUTHORIZED:
        raise MidiaSemAcesso(resposta.recusa)
    if resposta.http == HTTPStatus.NOT_FOUND:
        raise MidiaAusente(resposta.recusa)
    if resposta.http == HTTPStatus.TOO_MANY_REQUESTS or resposta.http >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise MidiaIndisponivel(f"{resposta.http}: {resposta.recusa}")
    if resposta.http != HTTPStatus.OK:
        raise MidiaRecusada(f"{resposta.http}: {resposta.recusa}")
    codificado = resposta.objeto.get("base64Data")
    if not isinstance(codificado, str) or not codificado:
        raise MidiaIndisponivel("o servidor não mandou o arquivo")
    try:
        return base64.b64decode(codificado.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise MidiaCorrompida("o servidor mandou algo que não é base64") from None
