"""Media endpoints: upload, look up, download and delete."""

from __future__ import annotations

from aiohttp import web

from app.simulador.contas import Token
from app.simulador.erros import Negado, inexistente
from app.simulador.grafo_comum import SUCESSO, responder
from app.simulador.http import Pedido, Resposta
from app.simulador.midia import VIDA_ENVIADA, Midia, exigir_tipo_e_tamanho
from app.simulador.mundo import Mundo


async def enviar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    numero, _ = mundo.contas.numero_de(token, pedido.no)
    formulario = await pedido.web.post()
    if formulario.get("messaging_product") != "whatsapp":
        raise Negado(100, "Param messaging_product must be whatsapp.")
    arquivo = formulario.get("file")
    if not isinstance(arquivo, web.FileField):
        raise Negado(100, "The parameter file is required.")
    dados = arquivo.file.read()
    mime = arquivo.content_type or str(formulario.get("type", ""))
    exigir_tipo_e_tamanho(mime, len(dados))
    vez = mundo.sorteio.vez(f"envio de midia|{numero.phone_number_id}")
    midia = Midia(
        id=mundo.sorteio.digitos("8", "midia", f"{numero.phone_number_id}|{vez}"),
        phone_number_id=numero.phone_number_id,
        mime=mime,
        dados=dados,
        expira_em=mundo.relogio.agora() + VIDA_ENVIADA,
    )
    mundo.midias.guardar(midia)
    return responder({"id": midia.id})


async def ler(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    midia = _do_token(mundo, pedido, token)
    if pedido.web.query.get("phone_number_id", midia.phone_number_id) != midia.phone_number_id:
        raise inexistente()
    agora = mundo.relogio.agora()
    opaco = mundo.sorteio.bytes_de("url de midia", midia.id, mundo.sorteio.vez(f"url|{midia.id}"))[:16].hex()
    mundo.midias.abrir_url(opaco, midia.id, agora)
    return responder(midia.vista(str(pedido.web.url.origin() / "__media" / opaco)))


async def apagar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    mundo.midias.apagar(_do_token(mundo, pedido, token).id)
    return responder(SUCESSO)


def baixar(mundo: Mundo, pedido: Pedido, opaco: str) -> Resposta:
    """The bytes, for the same account's token and only while the url lives."""
    agora = mundo.relogio.agora()
    token = mundo.contas.autenticar(pedido.autorizacao, agora // 1000)
    midia = mundo.midias.da_url(opaco, agora)
    if midia is None or not _alcanca(mundo, token, midia):
        return Resposta(http=404, corpo=b"", tipo="text/plain")
    return Resposta(corpo=midia.dados, tipo=midia.mime)


def _do_token(mundo: Mundo, pedido: Pedido, token: Token) -> Midia:
    midia = mundo.midias.buscar(pedido.no, mundo.relogio.agora())
    if midia is None or not _alcanca(mundo, token, midia):
        raise inexistente()
    return midia


def _alcanca(mundo: Mundo, token: Token, midia: Midia) -> bool:
    numero = mundo.contas.numeros.get(midia.phone_number_id)
    return numero is not None and numero.waba_id in token.waba_ids
