"""``POST /send/*``: what is asked, in the order in which a refusal would come, and then the acceptance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from app.simulador.destinatarios import Comportamento, comportamento_de
from app.simulador.falhas import Alvo
from app.simulador.http import Pedido, Resposta
from app.simulador.identidade import digesto
from app.simulador.livro import Tentativa
from app.simulador.mundo import Mundo
from app.simulador.transporte import encerrar, falhar, latencia
from app.simulador.uaizap import entrega, fila, pessoas, restricao
from app.simulador.uaizap.conteudo import Conteudo, Corpo, validar
from app.simulador.uaizap.entrada import guardar_midia
from app.simulador.uaizap.erros import Recusado, desconectada
from app.simulador.uaizap.estado import Instancia, Mensagem, Pendente
from app.simulador.uaizap.eventos import resposta_do_envio

_PADRAO = comportamento_de("default")
_MARCADOR = re.compile(r"\{\{\s*(name|first_name|wa_name|lead_\w+)\s*\}\}")
# What says how or to whom a message goes, not what it says.
_FORA_DO_CONTEUDO = {"number", "track_id", "track_source", "delay", "async", "readchat", "readmessages", "replyid"}


@dataclass(slots=True)
class Leitura:
    """What the request says, before anything is judged."""

    corpo: Corpo | None
    track: str | None
    bruto: str
    usuario: str
    comportamento: Comportamento
    identidade: str

    @property
    def assincrona(self) -> bool:
        return bool(self.corpo and self.corpo.get("async"))

    @property
    def espera(self) -> int:
        """Microseconds of ``delay``."""
        delay = self.corpo.get("delay") if self.corpo else 0
        return max(0, int(delay)) * 1000 if isinstance(delay, int | float) else 0


async def enviar(mundo: Mundo, pedido: Pedido) -> Resposta:
    leitura = ler(mundo, pedido.corpo, pedido.no)
    alvo = partial(_alvo, pedido, leitura)
    vez = mundo.sorteio.vez(f"envio|{leitura.identidade}")
    origem = mundo.sorteio.bytes_de("envio", leitura.identidade, vez)
    pedido.id = origem[:8].hex()
    cortada = await falhar(mundo, "before_read", pedido, leitura.comportamento, alvo)
    tentativa = _abrir(mundo, pedido, leitura)
    if cortada is not None:
        return encerrar(mundo, pedido, tentativa, cortada)
    try:
        inst, conteudo = _avaliar(mundo, pedido, leitura, tentativa)
        await _digitar(mundo, inst, leitura)
    except Recusado as recusa:
        return encerrar(mundo, pedido, tentativa, recusa.resposta())
    tentativa.estagio = 20
    cortada = await falhar(mundo, "pre_accept", pedido, leitura.comportamento, alvo)
    if cortada is not None:
        return encerrar(mundo, pedido, tentativa, cortada)
    m = aceitar(mundo, inst, leitura, tentativa, conteudo, origem)
    resposta = Resposta(corpo=msgspec.json.encode(resposta_do_envio(mundo, inst, m)))
    if leitura.comportamento.status_antes_da_resposta:
        # The echo must have been delivered, or at least tried, before the answer leaves.
        await mundo.webhooks.ocioso()
    await latencia(mundo, mundo.ajustes_uaizap.send_latency_ms, leitura.identidade, vez)
    estragada = await falhar(mundo, "post_accept", pedido, leitura.comportamento, alvo, resposta)
    tentativa.estagio = 23
    return encerrar(mundo, pedido, tentativa, estragada or resposta)


def ler(mundo: Mundo, bruto: bytes, conta: str) -> Leitura:
    try:
        decodificado = msgspec.json.decode(bruto)
    except msgspec.DecodeError:
        decodificado = None
    corpo = decodificado if isinstance(decodificado, dict) else None
    track = corpo.get("track_id") if corpo else None
    track = track if isinstance(track, str) and track else None
    numero = corpo.get("number") if corpo else ""
    numero = numero if isinstance(numero, str) else ""
    usuario = pessoas.usuario_de(mundo, numero)
    comportamento = pessoas.comportamento_do(mundo, usuario) if usuario else _PADRAO
    identidade = track or f"{conta}:{usuario}:{digesto(bruto)}"
    return Leitura(corpo, track, numero, usuario, comportamento, identidade)


def aceitar(
    mundo: Mundo, inst: Instancia, leitura: Leitura, tentativa: Tentativa, conteudo: Conteudo, origem: bytes
) -> Mensagem:
    """From here on the message exists, whatever happens to the answer."""
    corpo = leitura.corpo or {}
    agora = mundo.relogio.agora()
    m = Mensagem(
        id="3EB0" + origem[30:39].hex().upper(),
        usuario=leitura.usuario,
        chatid=pessoas.jid(mundo, leitura.usuario),
        quando=agora,
        tipo=conteudo.tipo,
        texto=_preencher(mundo, leitura.usuario, conteudo.texto),
        conteudo=_preencher(mundo, leitura.usuario, conteudo.corpo),
        classe=conteudo.classe,
        media_type=conteudo.media_type,
        status="Pending",
        track_id=leitura.track or "",
        track_source=str(corpo.get("track_source") or ""),
        quoted=str(corpo.get("replyid") or ""),
        visivel_em=agora + mundo.ajustes_uaizap.find_lag_ms * 1000,
        tentativa=tentativa,
    )
    if conteudo.dados:
        m.midia_id = guardar_midia(mundo, inst, m.id, conteudo.mime, conteudo.dados).id
    if corpo.get("readchat") or corpo.get("readmessages"):
        inst.por_ler[leitura.usuario] = 0
    inst.guardar(m)
    tentativa.estagio = 21
    tentativa.wamid = m.id
    tentativa.aceita_em = agora
    if leitura.assincrona:
        fila.enfileirar(mundo, inst, Pendente(m, leitura.comportamento, leitura.espera))
    else:
        entrega.acompanhar(mundo, inst, m, leitura.comportamento)
    mundo.livro.aceitar(tentativa)
    return m


def hash_do_conteudo(caminho: str, corpo: Corpo) -> str:
    dito = {campo: valor for campo, valor in corpo.items() if campo not in _FORA_DO_CONTEUDO}
    return digesto(msgspec.json.encode((caminho, dito), order="deterministic"))


def _alvo(pedido: Pedido, leitura: Leitura) -> Alvo:
    tipo = pedido.caminho.removeprefix("/send/")
    return Alvo(pedido.caminho, pedido.no, leitura.usuario, leitura.track or "", leitura.identidade, tipo, "uaizap")


def _abrir(mundo: Mundo, pedido: Pedido, leitura: Leitura) -> Tentativa:
    tentativa = Tentativa(
        id=pedido.id,
        numero=pedido.no,
        chegou_em=mundo.relogio.agora(),
        corpo_hash=digesto(pedido.corpo),
        provedor="uaizap",
        token_fp=digesto((pedido.autorizacao or "").encode()),
        callback=leitura.track,
        bruto=leitura.bruto,
        destinatario=leitura.usuario,
        tipo=pedido.caminho.removeprefix("/send/"),
        identidade=leitura.identidade,
        estagio=1,
    )
    mundo.livro.abrir(tentativa)
    return tentativa


def _avaliar(mundo: Mundo, pedido: Pedido, leitura: Leitura, tentativa: Tentativa) -> tuple[Instancia, Conteudo]:
    """Stage numbers are the other provider's, where there is one alike. Nothing here waits."""
    tentativa.estagio = 4
    inst = mundo.uaizap.autenticar(pedido.autorizacao)
    tentativa.estagio = 8
    if leitura.corpo is None:
        raise Recusado(400, "request", "invalid JSON body")
    tentativa.estagio = 11
    conteudo = validar(pedido.caminho, leitura.corpo)
    tentativa.conteudo_hash = hash_do_conteudo(pedido.caminho, leitura.corpo)
    tentativa.estagio = 12
    if not leitura.usuario:
        raise Recusado(400, "request", "invalid number")
    tentativa.estagio = 13
    exigir_ritmo(mundo, inst)
    # Queued messages are judged when their turn comes.
    if not leitura.assincrona:
        tentativa.estagio = 15
        if not inst.conectada:
            raise desconectada()
        pessoas.exigir_existente(mundo, leitura.usuario)
        tentativa.estagio = 19
        restricao.exigir_conversa(mundo, inst, leitura.usuario, leitura.comportamento)
    return inst, conteudo


def exigir_ritmo(mundo: Mundo, inst: Instancia) -> None:
    agora = mundo.relogio.agora()
    inst.janela.taxa = mundo.ajustes_uaizap.rate_per_min
    if not inst.janela.tirar(agora, mundo.falhas.fator("uaizap", inst.id, agora)):
        raise Recusado(429, "rate_limit", "Rate limit exceeded")


async def _digitar(mundo: Mundo, inst: Instancia, leitura: Leitura) -> None:
    """``delay`` keeps the call open while "typing…" shows; the session may drop meanwhile."""
    if leitura.espera and not leitura.assincrona:
        await mundo.relogio.dormir(leitura.espera)
        if not inst.conectada:
            raise desconectada()


def _preencher(mundo: Mundo, usuario: str, valor: Any) -> Any:
    """The gateway fills these in from a CRM of its own, wanted or not."""
    if isinstance(valor, str):
        return _MARCADOR.sub(partial(_do_contato, mundo.destinatarios.nome(usuario)), valor)
    if isinstance(valor, dict) and isinstance(valor.get("text"), str):
        return valor | {"text": _preencher(mundo, usuario, valor["text"])}
    return valor


def _do_contato(nome: str, achado: re.Match[str]) -> str:
    marcador = achado.group(1)
    if marcador == "first_name":
        return nome.split()[0] if nome else ""
    return "" if marcador.startswith("lead_") else nome
