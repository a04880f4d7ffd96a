"""Sending through a UaiZap gateway, one call per message, never repeated.

A number that was never resolved is asked for first (`/chat/check`), in both Brazilian forms: the gateway would
otherwise accept a form that nobody has. What is learnt goes back with the result and is stored by the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from app.armazem import Armazem, ConteudoAusente, FalhaArmazem
from app.credenciais import ConexaoAberta, InstanciaAberta
from app.provedores.envio import Envio, Resultado
from app.provedores.leitura import FalhaLeitura
from app.provedores.uaizap_canal import CanalUaizap, EnderecoRecusado, NaoSaiu, Resposta, SemResposta
from app.provedores.uaizap_corpo import Arquivo, Recusada, montar
from app.provedores.uaizap_gestao import FalhaUaizap, instancia_de
from app.telefone import candidatos, normalizar

CODIGO_ENDERECO: Final = 1490
CODIGO_FORA: Final = 1441
CODIGO_GRANDE: Final = 1413
CODIGO_MIDIA: Final = 1417
ARQUIVO_MAXIMO: Final = 64 * 1024 * 1024
_ENDERECO_RECUSADO: Final = Resultado("REJEITADO", codigo=CODIGO_ENDERECO, detalhe="endereço não aceito")


class _Resolvido(Exception):
    """The send is over before it began."""

    def __init__(self, resultado: Resultado) -> None:
        super().__init__(resultado.detalhe)
        self.resultado = resultado


class Uaizap:
    """`armazem` has the bytes of the tenants' media; without it only links can be sent."""

    def __init__(self, canal: CanalUaizap, armazem: Armazem | None = None) -> None:
        self._canal = canal
        self._armazem = armazem

    async def fechar(self) -> None:
        await self._canal.fechar()

    async def enviar(self, conexao: ConexaoAberta, envio: Envio) -> Resultado:
        """Send one message; see `app.provedores.envio.Resultado` for the answers."""
        try:
            alvo = instancia_de(conexao)
            caminho, corpo = montar(
                referencia=str(envio.tentativa_id),
                para=envio.para,
                tipo=envio.tipo,
                conteudo=envio.conteudo,
                contexto=envio.contexto,
                arquivos=await self._arquivos(conexao, envio),
            )
            if envio.para_tipo == "TELEFONE":
                corpo["number"] = await self._resolver(alvo, envio.para)
        except _Resolvido as fim:
            return fim.resultado
        except Recusada as recusa:
            return Resultado("REJEITADO", codigo=recusa.codigo, detalhe=str(recusa))
        except FalhaUaizap as falha:
            return Resultado("REJEITADO", codigo=falha.codigo_provedor, detalhe=falha.corpo.mensagem)
        except ConteudoAusente:
            return Resultado("REJEITADO", codigo=CODIGO_MIDIA, detalhe="o arquivo não está no armazém")
        except FalhaArmazem as erro:  # nothing was written to the gateway: the same message may find it later
            return Resultado("NAO_ENVIADO", detalhe=repr(erro)[:500])
        return await self._enviar(alvo, caminho, corpo)

    async def marcar_lida(self, conexao: ConexaoAberta, id_externo: str, *, digitando: bool = False) -> None:
        """See `app.provedores.leitura`. Showing that somebody types needs the person, whom an id does not tell."""
        try:
            resposta = await self._da(instancia_de(conexao), "/message/markread", {"id": [id_externo]})
        except FalhaUaizap as falha:
            raise FalhaLeitura(falha.corpo.mensagem, falha.codigo_provedor, passageira=False) from None
        except (NaoSaiu, SemResposta) as erro:
            raise FalhaLeitura(str(erro), passageira=True) from None
        except EnderecoRecusado:
            raise FalhaLeitura("endereço não aceito", CODIGO_ENDERECO, passageira=False) from None
        if resposta.http >= HTTPStatus.MULTIPLE_CHOICES:
            passageira = resposta.http >= HTTPStatus.INTERNAL_SERVER_ERROR or resposta.http == 429
            raise FalhaLeitura(f"{resposta.http}: {resposta.recusa}", passageira=passageira)

    async def _enviar(self, alvo: InstanciaAberta, caminho: str, corpo: dict[str, Any]) -> Resultado:
        try:
            resposta = await self._da(alvo, caminho, corpo)
        except EnderecoRecusado:
            return _ENDERECO_RECUSADO
        except NaoSaiu as erro:
            return Resultado("NAO_ENVIADO", detalhe=str(erro))
        except SemResposta as erro:
            return Resultado("AMBIGUO", detalhe=str(erro), sem_resposta=erro.esgotado)
        return interpretar(resposta)

    async def _resolver(self, alvo: InstanciaAberta, telefone: str) -> str:
        """The JID of a phone. Nothing was sent yet, so whatever goes wrong here is proven not sent."""
        # whichever form was asked for, both are looked up
        formas = candidatos(normalizar(f"+{telefone}") or telefone)
        try:
            resposta = await self._da(alvo, "/chat/check", {"numbers": list(formas)})
        except EnderecoRecusado:
            raise _Resolvido(_ENDERECO_RECUSADO) from None
        except (NaoSaiu, SemResposta) as erro:
            raise _Resolvido(Resultado("NAO_ENVIADO", detalhe=f"/chat/check: {erro}")) from None
        if resposta.http != HTTPStatus.OK or not isinstance(resposta.corpo, list):
            # what is about this very request, or about the device, is said by the words; the rest may pass
            certo = resposta.http < HTTPStatus.INTERNAL_SERVER_ERROR or "connected" in resposta.recusa.lower()
            detalhe = f"/chat/check: {resposta.recusa}"
            if certo and resposta.http != HTTPStatus.OK:
                raise _Resolvido(Resultado("REJEITADO", http=resposta.http, detalhe=detalhe))
            raise _Resolvido(Resultado("NAO_ENVIADO", detalhe=detalhe))
        achados = {
            str(linha.get("query")): str(linha.get("jid"))
            for linha in resposta.corpo
            if isinstance(linha, dict) and linha.get("isInWhatsapp") is True and linha.get("jid")
        }
        for forma in formas:
            if forma in achados:
                return achados[forma]
        raise _Resolvido(Resultado("REJEITADO", codigo=CODIGO_FORA, detalhe="nenhuma forma do número está no WhatsApp"))

    async def _arquivos(self, conexao: ConexaoAberta, envio: Envio) -> Mapping[UUID, Arquivo]:
        """The bytes themselves travel inside the request: the gateway has no upload."""
        arquivos: dict[UUID, Arquivo] = {}
        for chave, midia in envio.midias.items():
            if self._armazem is None or conexao.cliente_id is None:
                raise ConteudoAusente
            if midia.tamanho > ARQUIVO_MAXIMO:
                raise Recusada(CODIGO_GRANDE, "o arquivo é grande demais para o UaiZap")
            partes = [parte async for parte in self._armazem.ler(conexao.cliente_id, midia.sha256)]
            arquivos[chave] = Arquivo(b"".join(partes), midia.mime, midia.nome)
        return arquivos

    async def _da(self, alvo: InstanciaAberta, caminho: str, corpo: dict[str, Any]) -> Resposta:
        return await self._canal.pedir("POST", alvo.url_base, caminho, corpo, token=alvo.credenciais.token)


def interpretar(resposta: Resposta) -> Resultado:
    """What an answer proves. Texts are not judged here: the database does, by `provedor_erros_textos`."""
    if resposta.http == HTTPStatus.OK:
        id_externo, chat = resposta.objeto.get("messageid"), resposta.objeto.get("chatid")
        if not isinstance(id_externo, str) or not id_externo:
            return Resultado("AMBIGUO", http=resposta.http, detalhe="200 sem id de mensagem")
        return Resultado("ACEITO", id_externo=id_externo, wa_id=chat if isinstance(chat, str) and chat else None)
    return Resultado("REJEITADO", http=resposta.http, detalhe=resposta.recusa, suspenso_ate=_ate(resposta.objeto))


def _ate(objeto: dict[str, Any]) -> datetime | None:
    """Until when WhatsApp lets this number begin no conversation (463)."""
    detalhes = objeto.get("details")
    trava = detalhes.get("reachout_timelock") if isinstance(detalhes, dict) else None
    ate = trava.get("until") if isinstance(trava, dict) else None
    try:
        return datetime.fromisoformat(ate.replace(" ", "T")) if isinstance(ate, str) else None
    except ValueError:
        return None
