"""Contacts: labels, consent, import and export, two that are one person."""

from __future__ import annotations

import secrets
from uuid import UUID

from tests.arquitetura.cenario.gravador import Gravador
from tests.conftest import cru


async def percorrer(chamar: Gravador) -> list[str]:
    etiqueta = await chamar("api.etiqueta_criar", p_nome="Fiel")
    await chamar("api.etiqueta_atualizar", p_id=etiqueta["id"], p_cor="AZUL")
    ids = []
    for n in range(4):
        contato = await chamar(
            "api.contato_criar", p_nome=f"Pessoa {n}", p_telefone=f"+55119{10**7 + secrets.randbelow(10**7):08d}",
            p_email=f"p{n}@exemplo.test", p_etiqueta_ids=[UUID(etiqueta["id"])],
        )  # fmt: skip
        ids.append(contato["id"])
    await chamar("api.contato_obter", p_id=ids[0])
    await chamar("api.contato_atualizar", p_id=ids[0], p_nome="Pessoa Zero", p_campos=cru({"cidade": "Recife"}))
    await chamar("api.contatos_listar", p_busca="pessoa", p_limite=2)
    await chamar("api.consentimento_criar", p_contato_id=ids[0], p_acao="CONCEDIDO", p_prova="formulário assinado")
    await chamar("api.consentimentos_listar", p_contato_id=ids[0])
    await chamar("api.contato_bloquear", p_id=ids[1])
    await chamar("api.contato_desbloquear", p_id=ids[1])
    await chamar("api.contato_bloquear", p_id=ids[1])
    outra = await chamar("api.etiqueta_criar", p_nome="Passageira")
    await chamar("api.etiquetas_atribuir", p_contato_ids=[UUID(ids[0])], p_adicionar=[UUID(outra["id"])])
    await chamar("api.etiqueta_obter", p_id=outra["id"])
    await chamar("api.etiquetas_listar")
    await chamar("api.etiquetas_uso_obter", p_ids=[UUID(outra["id"]), UUID(etiqueta["id"])])
    await chamar("api.etiqueta_remover", p_id=outra["id"])
    repetida = await chamar("api.etiqueta_criar", p_nome="Fiél")
    await chamar("api.etiqueta_fundir", p_id=etiqueta["id"], p_outra_id=repetida["id"])
    await chamar("api.contatos_exportar")
    await chamar("api.contatos_atividade_obter", p_ids=[UUID(i) for i in ids])
    await _importacoes(chamar, etiqueta["id"])
    await _fusoes(chamar, ids)
    await chamar("api.contato_remover", p_id=ids[3])
    telefone = f"+55118{10**7 + secrets.randbelow(10**7):08d}"
    await chamar(
        "api.contatos_importar",
        p_linhas=cru(
            [
                {"linha": 2, "nome": "Importada", "telefone": telefone, "telefoneInformado": telefone},
                {"linha": 3, "nome": "Torta", "telefone": None, "telefoneInformado": "abc"},
            ]
        ),
    )
    return ids[:3]


async def _fusoes(chamar: Gravador, ids: list[str]) -> None:
    for nome in ("Duas", "Vezes"):
        telefone = f"+551197{10**6 + secrets.randbelow(10**6):07d}"
        await chamar("api.contato_criar", p_nome=nome, p_telefone=telefone, p_email="duas@exemplo.test")
    sugestoes = await chamar("api.sugestoes_listar")
    (um, outro) = (c["id"] for c in sugestoes["dados"][0]["contatos"])
    fusao = await chamar("api.contato_fundir", p_id=um, p_outro_id=outro)
    await chamar("api.contato_obter", p_id=outro)
    await chamar("api.contato_fusoes_listar", p_id=um)
    await chamar("api.contato_separar", p_fusao_id=fusao["fusao"]["id"])
    await chamar("api.sugestao_descartar", p_id=sugestoes["dados"][0]["id"])


async def _importacoes(chamar: Gravador, etiqueta: str) -> None:
    """Two files: one checked and thrown away, one that runs and is cancelled."""
    for desiste in (True, False):
        aberta = await chamar(
            "api.importacao_criar", p_arquivo="clientes.csv", p_codificacao="utf-8", p_delimitador=";",
            p_colunas=["Nome", "Celular"], p_amostra=cru([["Ana", "11 98765-4321"]]),
        )  # fmt: skip
        telefone = f"+55119{10**7 + secrets.randbelow(10**7):08d}"
        await chamar(
            "api.importacao_lote_criar", p_id=UUID(aberta["id"]), p_ordem=1, p_ultimo=True,
            p_linhas=cru([{"linha": 2, "celulas": ["Ana", telefone]}, {"linha": 3, "celulas": ["Torta", "x"]}]),
        )  # fmt: skip
        conferindo = await chamar(
            "api.importacao_conferir", p_id=UUID(aberta["id"]), p_destinos=["nome", "telefone"],
            p_etiqueta_ids=[UUID(etiqueta)],
        )  # fmt: skip
        await chamar("api.importacao_lote_obter", p_id=UUID(aberta["id"]), p_ordem=1)
        await chamar(
            "api.importacao_lote_concluir", p_id=UUID(aberta["id"]), p_ordem=1, p_versao=conferindo["versao"],
            p_linhas=cru(
                [
                    {"linha": 2, "nome": "Ana", "telefone": telefone, "telefoneInformado": telefone},
                    {"linha": 3, "nome": "Torta", "telefoneInformado": "x"},
                ]
            ),
        )  # fmt: skip
        await chamar("api.importacao_obter", p_id=UUID(aberta["id"]))
        await chamar("api.importacao_recusadas_obter", p_id=UUID(aberta["id"]))
        await chamar("api.importacoes_listar")
        if desiste:
            await chamar("api.importacao_remover", p_id=UUID(aberta["id"]))
        else:
            await chamar("api.importacao_iniciar", p_id=UUID(aberta["id"]))
            await chamar("api.importacao_cancelar", p_id=UUID(aberta["id"]))
