"""After acceptance: the phone gets the message, statuses go out, and some people answer."""

from __future__ import annotations

from functools import partial

from app.simulador.contas import Waba
from app.simulador.destinatarios import Comportamento
from app.simulador.entrada import ao_receber
from app.simulador.eventos import metadados, preferencia_parar, status
from app.simulador.livro import Tentativa
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO
from app.simulador.roteiro import Passo, Plano

_RESPOSTA_APOS = 2 * SEGUNDO


def acompanhar(
    mundo: Mundo, tentativa: Tentativa, plano: Plano, waba: Waba, comportamento: Comportamento, *, retida: bool
) -> None:
    """Sets the message on its way, or holds it until the portfolio has room."""
    if retida:
        _esperar_vaga(mundo, tentativa, plano, waba, comportamento)
        return
    agora = mundo.relogio.agora()
    tentativa.final_previsto = plano.final
    if plano.entrega_apos is not None:
        tentativa.entrega_em = agora + plano.entrega_apos
    if tentativa.tipo == "template":
        mundo.contas.portfolios[waba.portfolio_id].contar(tentativa.destinatario, agora)
    passos = plano.passos
    if comportamento.status_antes_da_resposta:
        _emitir(mundo, tentativa, passos[0], waba, comportamento)
        passos = passos[1:]
    for passo in passos:
        acao = partial(_emitir, mundo, tentativa, passo, waba, comportamento)
        mundo.relogio.agendar(agora + passo.apos, acao)
    if comportamento.responde is not None:
        fala = partial(_responder, mundo, tentativa, comportamento.responde)
        mundo.relogio.agendar(agora + _RESPOSTA_APOS, fala)


def _esperar_vaga(mundo: Mundo, tentativa: Tentativa, plano: Plano, waba: Waba, comportamento: Comportamento) -> None:
    portfolio = mundo.contas.portfolios[waba.portfolio_id]

    def tentar() -> None:
        if not portfolio.cabe(tentativa.destinatario, mundo.relogio.agora()):
            _esperar_vaga(mundo, tentativa, plano, waba, comportamento)
            return
        acompanhar(mundo, tentativa, plano, waba, comportamento, retida=False)
        mundo.livro.anotar(tentativa)

    mundo.relogio.agendar(portfolio.proxima_vaga(), tentar, volatil=False)


def _emitir(mundo: Mundo, tentativa: Tentativa, passo: Passo, waba: Waba, comportamento: Comportamento) -> None:
    numero = mundo.contas.numeros.get(tentativa.numero)
    if numero is None or tentativa.wamid is None:
        return
    agora = mundo.relogio.agora()
    pessoa = mundo.pessoa(waba, tentativa.destinatario, comportamento)
    valor = metadados(numero)
    if mundo.ajustes.contacts_in_statuses:
        valor["contacts"] = [pessoa]
    valor["statuses"] = [
        status(
            wamid=tentativa.wamid,
            nome=passo.status,
            quando=agora,
            wa_id=pessoa.get("wa_id"),
            bsuid=pessoa["user_id"],
            callback=None if comportamento.sem_callback else tentativa.callback,
            categoria=tentativa.categoria,
            codigo=passo.codigo,
            versao=mundo.ajustes.payload_version,
        )
    ]
    chave = tentativa.callback or tentativa.wamid
    mundo.publicar(waba.waba_id, numero, "messages", valor, chave, tentativa.destinatario)
    if passo.codigo == 131050 and comportamento.para_marketing:
        desejo = preferencia_parar(numero, pessoa, agora)
        mundo.publicar(waba.waba_id, numero, "user_preferences", desejo, chave, tentativa.destinatario)
    if passo.status == tentativa.final_previsto and tentativa.final_emitido_em is None:
        tentativa.final_emitido_em = agora
        mundo.livro.anotar(tentativa)


def _responder(mundo: Mundo, tentativa: Tentativa, texto: str) -> None:
    numero = mundo.contas.numeros.get(tentativa.numero)
    if numero is not None:
        contexto = {"from": numero.proprio, "id": tentativa.wamid or ""}
        ao_receber(mundo, numero, tentativa.destinatario, "text", {"body": texto}, contexto)
