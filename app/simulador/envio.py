"""``POST /{number}/messages``: the stages of the pipeline, in the order in which the provider applies them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from app.simulador.contas import (
    ESCOPO_ENVIO,
    Numero,
    Waba,
    exigir_escopo,
    exigir_estado,
)
from app.simulador.destinatarios import Comportamento, canonico, comportamento_de, eh_bsuid, limpar
from app.simulador.entrega import acompanhar
from app.simulador.erros import Negado
from app.simulador.falhas import Alvo
from app.simulador.http import Pedido, Resposta
from app.simulador.identidade import digesto, wamid
from app.simulador.livro import Tentativa
from app.simulador.midia import serve_para
from app.simulador.modelos import Modelo, exigir_enviavel, exigir_parametros
from app.simulador.mundo import Mundo
from app.simulador.relogio import DIA
from app.simulador.roteiro import falha_prevista, planejar
from app.simulador.sorteio import texto_curto
from app.simulador.transporte import encerrar, falhar, latencia
from app.simulador.validacao import MIDIAS, validar

_PADRAO = comportamento_de("default")
_SPAM_TOLERADO = 3
_LIDO = b'{"success":true}'


@dataclass(slots=True)
class Leitura:
    """What the body says, before anything is judged."""

    corpo: dict[str, Any] | None
    callback: str | None
    bruto: str
    usuario: str
    comportamento: Comportamento
    identidade: str


@dataclass(slots=True)
class Veredito:
    """A message that passed every stage: what acceptance needs to know."""

    numero: Numero
    waba: Waba
    tipo: str
    categoria: str
    falha: int | None
    retida: bool


async def enviar(mundo: Mundo, pedido: Pedido, *, so_marketing: bool = False) -> Resposta:
    leitura = _ler(mundo, pedido)
    alvo = partial(_alvo, pedido, leitura)
    vez = mundo.sorteio.vez(f"envio|{leitura.identidade}")
    origem = mundo.sorteio.bytes_de("envio", leitura.identidade, vez)
    pedido.id = origem[:8].hex()
    pedido.fbtrace = texto_curto(origem[8:30])
    cortada = await falhar(mundo, "before_read", pedido, leitura.comportamento, alvo)
    # Arrival is counted after the way in: a delay before reading is network jitter.
    tentativa = _abrir(mundo, pedido, leitura)
    if cortada is not None:
        return encerrar(mundo, pedido, tentativa, cortada)
    try:
        veredito = _avaliar(mundo, pedido, leitura, tentativa, so_marketing)
    except Negado as erro:
        return encerrar(mundo, pedido, tentativa, mundo.resposta_erro(erro, pedido))
    if veredito is None:
        return encerrar(mundo, pedido, tentativa, Resposta(corpo=_LIDO))
    tentativa.estagio = 20
    cortada = await falhar(mundo, "pre_accept", pedido, leitura.comportamento, alvo)
    if cortada is not None:
        return encerrar(mundo, pedido, tentativa, cortada)
    resposta = _aceitar(mundo, leitura, tentativa, veredito, origem)
    if leitura.comportamento.status_antes_da_resposta:
        # The status must have been delivered, or at least tried, before the answer leaves.
        await mundo.webhooks.ocioso()
    await latencia(mundo, mundo.ajustes.latency_ms, leitura.identidade, vez)
    estragada = await falhar(mundo, "post_accept", pedido, leitura.comportamento, alvo, resposta)
    tentativa.estagio = 23
    return encerrar(mundo, pedido, tentativa, estragada or resposta)


def _ler(mundo: Mundo, pedido: Pedido) -> Leitura:
    try:
        bruto = msgspec.json.decode(pedido.corpo)
    except msgspec.DecodeError:
        bruto = None
    corpo = bruto if isinstance(bruto, dict) else None
    callback = corpo.get("biz_opaque_callback_data") if corpo else None
    callback = callback if isinstance(callback, str) else None
    destino = (corpo.get("to") or corpo.get("recipient") or "") if corpo else ""
    destino = destino if isinstance(destino, str) else ""
    digitos = limpar(destino)
    usuario = canonico(digitos) if digitos else mundo.destinatarios.dono_do_bsuid(destino)
    comportamento = mundo.destinatarios.comportamento(usuario) if usuario else _PADRAO
    identidade = callback or f"{pedido.no}:{usuario}:{digesto(pedido.corpo)}"
    return Leitura(corpo, callback, destino, usuario, comportamento, identidade)


def _alvo(pedido: Pedido, leitura: Leitura) -> Alvo:
    tipo = str(leitura.corpo.get("type", "")) if leitura.corpo else ""
    return Alvo(pedido.caminho, pedido.no, leitura.usuario, leitura.callback or "", leitura.identidade, tipo)


def _abrir(mundo: Mundo, pedido: Pedido, leitura: Leitura) -> Tentativa:
    tentativa = Tentativa(
        id=pedido.id,
        numero=pedido.no,
        chegou_em=mundo.relogio.agora(),
        corpo_hash=digesto(pedido.corpo),
        token_fp=digesto((pedido.autorizacao or "").encode()),
        callback=leitura.callback,
        bruto=leitura.bruto,
        destinatario=leitura.usuario,
        identidade=leitura.identidade,
        estagio=1,
    )
    mundo.livro.abrir(tentativa)
    return tentativa


def _avaliar(
    mundo: Mundo, pedido: Pedido, leitura: Leitura, tentativa: Tentativa, so_marketing: bool
) -> Veredito | None:
    """Stages 2 to 19. Nothing here waits, so limiters are serialised by construction."""
    agora = tentativa.chegou_em
    tentativa.estagio = 4
    token = mundo.contas.autenticar(pedido.autorizacao, agora // 1000)
    tentativa.estagio = 5
    tentativa.numero_alheio = pedido.no in mundo.contas.numeros
    numero, waba = mundo.contas.numero_de(token, pedido.no)
    tentativa.numero_alheio = False
    tentativa.estagio = 6
    exigir_escopo(token, ESCOPO_ENVIO)
    tentativa.estagio = 7
    exigir_estado(numero, waba)
    tentativa.estagio = 8
    corpo = leitura.corpo
    if corpo is None:
        raise Negado(100, "The request body is not a JSON object.")
    tentativa.estagio = 9
    if corpo.get("messaging_product") != "whatsapp":
        raise Negado(100, "Param messaging_product must be whatsapp.")
    tentativa.estagio = 10
    if corpo.get("status") == "read":
        _marcar_lida(mundo, numero, corpo)
        return None
    tentativa.estagio = 11
    tipo, conteudo = validar(corpo)
    _exigir_endpoint(tipo, so_marketing)
    tentativa.tipo = tipo
    tentativa.conteudo_hash = digesto(msgspec.json.encode((tipo, conteudo), order="deterministic"))
    tentativa.estagio = 12
    if limpar(leitura.bruto) is None if corpo.get("to") else not eh_bsuid(leitura.bruto):
        raise Negado(131009, "to must be a phone number of 8 to 15 digits, recipient a business-scoped user id")
    tentativa.estagio = 13
    _exigir_vazao(mundo, numero, leitura, tentativa, agora)
    tentativa.estagio = 15
    _exigir_destino(numero, leitura)
    tentativa.estagio = 16
    falha = _conferir_midia(mundo, numero, tipo, conteudo, agora)
    tentativa.estagio = 17
    modelo = _conferir_modelo(mundo, waba, corpo, tipo, conteudo, so_marketing)
    tentativa.categoria = modelo.category.lower() if modelo is not None else "service"
    tentativa.estagio = 18
    aberta = _janela_aberta(mundo, numero, leitura, agora)
    falha = _conferir_janela(mundo, leitura, tentativa, aberta) or falha
    tentativa.estagio = 19
    iniciada = tipo == "template" and not aberta
    limite, retida = _conferir_limite(mundo, waba, numero, leitura, iniciada, agora)
    propria = _falha_do_destinatario(mundo, numero, leitura, tentativa)
    return Veredito(numero, waba, tipo, tentativa.categoria, falha or limite or propria, retida)


def _marcar_lida(mundo: Mundo, numero: Numero, corpo: dict[str, Any]) -> None:
    if (numero.phone_number_id, corpo.get("message_id")) not in mundo.recebidas:
        raise Negado(131009, "message_id is not an inbound message of this number")


def _exigir_endpoint(tipo: str, so_marketing: bool) -> None:
    if so_marketing and tipo != "template":
        raise Negado(134100)


def _exigir_vazao(mundo: Mundo, numero: Numero, leitura: Leitura, tentativa: Tentativa, agora: int) -> None:
    balde = mundo.contas.baldes[numero.phone_number_id]
    if not balde.tirar(agora, mundo.falhas.fator("meta", numero.phone_number_id, agora)):
        raise Negado(130429, f"More than {numero.taxa} messages per second on this number.")
    tentativa.estagio = 14
    fechado = leitura.comportamento.par_fechado
    if fechado or not mundo.pares.passar(numero.phone_number_id, leitura.usuario, agora):
        balde.devolver()
        raise Negado(131056)


def _exigir_destino(numero: Numero, leitura: Leitura) -> None:
    if leitura.usuario == canonico(numero.proprio):
        raise Negado(131021)
    if leitura.comportamento.nega is not None:
        raise Negado(leitura.comportamento.nega)
    permitidos = numero.test_recipients
    if permitidos is not None and leitura.usuario not in {canonico(limpar(p) or p) for p in permitidos}:
        raise Negado(131030)
    if any(leitura.usuario.startswith(prefixo) for prefixo in numero.excluded_countries):
        raise Negado(130497)


def _conferir_midia(mundo: Mundo, numero: Numero, tipo: str, conteudo: Any, agora: int) -> int | None:
    """Bad ids are refused now; bad links fail later, because the provider only fetches after accepting."""
    falha = None
    for especie, objeto in _midias_de(tipo, conteudo):
        id_ = objeto.get("id")
        if id_ is not None:
            midia = mundo.midias.buscar(str(id_), agora)
            if midia is None or midia.phone_number_id != numero.phone_number_id or not serve_para(midia.mime, especie):
                raise Negado(131053, f"media {id_} is unknown, expired, of another number or of another kind")
        elif _link_morto(objeto.get("link")):
            falha = 131052
    return falha


def _midias_de(tipo: str, conteudo: Any) -> list[tuple[str, dict[str, Any]]]:
    if tipo in MIDIAS:
        return [(tipo, conteudo)]
    if tipo == "interactive":
        cabecalho = conteudo.get("header") or {}
        return [(cabecalho["type"], cabecalho[cabecalho["type"]])] if cabecalho.get("type") in MIDIAS else []
    if tipo != "template":
        return []
    achadas = []
    for parte in conteudo.get("components", ()):
        parametros = parte.get("parameters", ()) if str(parte.get("type", "")).lower() == "header" else ()
        for parametro in parametros if isinstance(parametros, list) else ():
            especie = parametro.get("type") if isinstance(parametro, dict) else None
            if especie in MIDIAS and isinstance(parametro.get(especie), dict):
                achadas.append((especie, parametro[especie]))
    return achadas


def _link_morto(link: Any) -> bool:
    """The simulator never fetches: the reserved ``.invalid`` domain stands for a host that does not answer."""
    return isinstance(link, str) and ".invalid" in link


def _conferir_modelo(
    mundo: Mundo, waba: Waba, corpo: dict[str, Any], tipo: str, conteudo: Any, so_marketing: bool
) -> Modelo | None:
    if tipo != "template":
        return None
    nome, idioma = conteudo["name"], conteudo["language"]["code"]
    modelo = exigir_enviavel(mundo.modelos.buscar(waba.waba_id, nome, idioma), nome, idioma)
    exigir_parametros(modelo, conteudo.get("components") or [])
    if modelo.category == "MARKETING" and not waba.marketing_enabled and not so_marketing:
        raise Negado(131063)
    if so_marketing and modelo.category != "MARKETING":
        raise Negado(134100)
    if modelo.category == "AUTHENTICATION" and not corpo.get("to"):
        raise Negado(131062)
    return modelo


def _janela_aberta(mundo: Mundo, numero: Numero, leitura: Leitura, agora: int) -> bool:
    ultima = mundo.ultima_fala.get((numero.phone_number_id, leitura.usuario))
    return ultima is not None and agora < ultima + DIA and not leitura.comportamento.janela_fechada


def _conferir_janela(mundo: Mundo, leitura: Leitura, tentativa: Tentativa, aberta: bool) -> int | None:
    if aberta or tentativa.tipo == "template":
        return None
    tentativa.fora_da_janela = True
    modo = mundo.ajustes.window_mode
    if modo == "sync" or (modo == "mixed" and mundo.sorteio.fracao("window", leitura.identidade) < 0.5):
        raise Negado(131047)
    return 131047


def _conferir_limite(
    mundo: Mundo, waba: Waba, numero: Numero, leitura: Leitura, iniciada: bool, agora: int
) -> tuple[int | None, bool]:
    """The portfolio's level, then the recipient that reports spam until the number is blocked for it."""
    if leitura.comportamento.falha == 131048 and mundo.spam_por_numero[numero.phone_number_id] >= _SPAM_TOLERADO:
        raise Negado(131048)
    if not iniciada or mundo.contas.portfolios[waba.portfolio_id].cabe(leitura.usuario, agora):
        return None, False
    modo = mundo.ajustes.limit_mode
    if modo == "sync_131048":
        raise Negado(131048, "The portfolio reached its messaging limit.")
    return (None, True) if modo == "hold" else (131048, False)


def _falha_do_destinatario(mundo: Mundo, numero: Numero, leitura: Leitura, tentativa: Tentativa) -> int | None:
    marketing = tentativa.categoria == "marketing"
    ficha = mundo.destinatarios.ficha(leitura.usuario)
    tentativa.marketing_recusado = marketing and ficha is not None and ficha.opt_out
    anteriores = mundo.aceitas_por_par[numero.phone_number_id, leitura.usuario]
    # Marketing templates to the United States have been withheld since April 2025.
    if marketing and len(leitura.usuario) == 11 and leitura.usuario.startswith("1"):
        return 131049
    midia = tentativa.tipo in MIDIAS
    return falha_prevista(leitura.comportamento, marketing=marketing, midia=midia, anteriores=anteriores)


def _aceitar(mundo: Mundo, leitura: Leitura, tentativa: Tentativa, veredito: Veredito, origem: bytes) -> Resposta:
    """Stage 21: from here on the message exists, whatever happens to the answer."""
    agora = mundo.relogio.agora()
    numero = veredito.numero
    wa_id = mundo.destinatarios.wa_id(leitura.usuario, leitura.comportamento)
    tentativa.estagio = 21
    tentativa.wamid = wamid(wa_id or leitura.usuario, origem[30:40], mundo.ajustes.shape, saida=True)
    tentativa.aceita_em = agora
    plano = planejar(
        leitura.comportamento, veredito.falha, veredito.tipo, mundo.sorteio.bytes_de("plano", tentativa.id)
    )
    mundo.aceitas_por_par[numero.phone_number_id, leitura.usuario] += 1
    if leitura.comportamento.falha == 131048:
        mundo.spam_por_numero[numero.phone_number_id] += 1
    acompanhar(mundo, tentativa, plano, veredito.waba, leitura.comportamento, retida=veredito.retida)
    mundo.livro.aceitar(tentativa)
    return Resposta(corpo=_corpo_aceito(mundo, leitura, tentativa, veredito, wa_id))


def _corpo_aceito(mundo: Mundo, leitura: Leitura, tentativa: Tentativa, veredito: Veredito, wa_id: str | None) -> bytes:
    contato = {"input": leitura.bruto}
    # Writing to a business-scoped id never reveals the phone behind it.
    if wa_id is not None and leitura.corpo is not None and leitura.corpo.get("to"):
        contato["wa_id"] = wa_id
    contato["user_id"] = mundo.destinatarios.bsuid(veredito.waba.portfolio_id, leitura.usuario)
    mensagem = {"id": tentativa.wamid}
    if veredito.tipo == "template":
        mensagem["message_status"] = "held_for_quality_assessment" if veredito.retida else "accepted"
    return msgspec.json.encode({"messaging_product": "whatsapp", "contacts": [contato], "messages": [mensagem]})
