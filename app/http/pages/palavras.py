"""What the inbox's codes are called on screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.http.render import milissegundos


def palavras(t: Callable[..., str]) -> dict[str, Any]:
    """Words (and icons) by code, in the reader's language."""
    return {
        "nomes_das_abas": {
            "minhas": t("Minhas"),
            "fila": t("Na fila"),
            "todas": t("Todas"),
            "mencoes": t("Menções"),
        },
        "nomes_dos_estados": {
            "abertas": t("Abertas"),
            "aguardando": t("Aguardando o cliente"),
            "adiadas": t("Adiadas"),
            "resolvidas": t("Resolvidas"),
            "qualquer": t("Qualquer estado"),
        },
        "estados_ditos": {"AGUARDANDO_CLIENTE": t("Aguarda o cliente"), "RESOLVIDA": t("Resolvida")},
        "estados_da_conversa": {
            "ABERTA": t("Na fila"),
            "EM_ATENDIMENTO": t("Em atendimento"),
            "AGUARDANDO_CLIENTE": t("Aguardando o cliente"),
            "ADIADA": t("Adiada"),
            "RESOLVIDA": t("Resolvida"),
        },
        "ordens": [
            ("ultima_atividade", t("Última atividade")),
            ("espera", t("Espera mais longa")),
            ("criada", t("Mais nova")),
            ("prioridade", t("Prioridade")),
        ],
        "prioridades": {"URGENTE": t("Urgente"), "ALTA": t("Alta"), "NORMAL": t("Normal"), "BAIXA": t("Baixa")},
        "tiques": {
            "ESPERA": ("relogio", t("A caminho")),
            "ENVIADA": ("certo", t("Enviada")),
            "ENTREGUE": ("certos", t("Entregue")),
            "LIDA": ("certos", t("Lida")),
            "DUVIDA": ("duvida", t("Não se sabe se saiu")),
            "ERRO": ("alerta", t("Não saiu")),
        },
        "disponibilidades": {"DISPONIVEL": t("Disponível"), "PAUSA": t("Em pausa"), "AUSENTE": t("Ausente")},
        "acoes_em_massa": [
            ("ATRIBUIR", t("Atribuir")),
            ("ETIQUETAR", t("Etiquetar")),
            ("ADIAR", t("Adiar")),
            ("PRIORIZAR", t("Priorizar")),
            ("RESOLVER", t("Resolver")),
        ],
        "controles": {"BOT": t("Robô"), "HUMANO": t("Pessoa"), "FILA": t("Fila")},
        "marketing": {
            "CONCEDIDO": t("Aceita receber campanhas"),
            "REVOGADO": t("Não quer campanhas"),
            "NAO_INFORMADO": t("Nunca disse se quer campanhas"),
        },
        "envios": {
            "PENDENTE": t("Na vez"),
            "RESERVADO": t("Na vez"),
            "ENVIANDO": t("Enviando"),
            "ENVIADO": t("Enviada"),
            "INCERTO": t("Não se sabe se saiu"),
            "FALHOU": t("Falhou"),
            "PULADO": t("Não enviada"),
        },
        "identidades": {
            "E164": t("Telefone"),
            "WA_ID": t("WhatsApp"),
            "BSUID": t("Id do WhatsApp"),
            "JID": t("WhatsApp (aparelho)"),
            "LID": t("Id do aparelho"),
        },
        "suspeitas": {
            "IDENTIDADES_EM_CONFLITO": t("A mesma identidade em dois contatos"),
            "NUMERO_AMBIGUO": t("Número com e sem o nono dígito"),
            "MESMO_NUMERO": t("Mesmo número"),
            "MESMO_EMAIL": t("Mesmo e-mail"),
            "SEPARADOS": t("Já foram separados antes"),
        },
        "atos_ditos": {
            "RESOLVIDA": t("resolveu"),
            "REABERTA": t("reabriu"),
            "ADIADA": t("adiou"),
            "ASSUMIDA": t("assumiu"),
            "ATRIBUIDA": t("atribuiu"),
            "TRANSFERIDA": t("transferiu"),
            "LIBERADA": t("devolveu à fila"),
            "AGUARDANDO": t("pôs a aguardar o cliente"),
            "RETOMADA": t("retomou"),
            "PRIORIDADE": t("mudou a prioridade"),
            "ETIQUETA_POSTA": t("pôs a etiqueta"),
            "ETIQUETA_TIRADA": t("tirou a etiqueta"),
        },
    }


# how the list is ordered, as one number that grows: where a card that came later belongs
_LONGE = 10**14
_POSTOS = {"URGENTE": 0, "ALTA": 1, "NORMAL": 2, "BAIXA": 3}


def chave(conversa: dict[str, Any], ordem: str) -> int:
    """The place of a conversation in a list of this order."""
    if ordem == "CRIADA":
        return -milissegundos(conversa["criadoEm"])
    atividade = milissegundos(conversa["ultimaMensagemEm"])
    if ordem == "PRIORIDADE":
        return _POSTOS.get(conversa["prioridade"], 2) * _LONGE - atividade
    if ordem == "ESPERA":
        return milissegundos(conversa["esperaDesde"]) if conversa["esperaDesde"] else _LONGE - atividade
    return -atividade
