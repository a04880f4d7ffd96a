"""One walk through the whole product by one tenant's administrator: every api function, called for real."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg

from app.banco import Banco
from app.tipos import CONTRATOS
from tests.conftest import SENHA_HASH, Sessao, abrir_sessao

Admin = psycopg.Connection[dict[str, Any]]
AMANHA = (datetime.now() + timedelta(days=1)).isoformat(timespec="minutes")
SENHA_NOVA_HASH = SENHA_HASH.replace("m=8", "m=9")


def _json(valor: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(valor))


def _segredo() -> tuple[str, bytes]:
    texto = secrets.token_urlsafe(32)
    return texto, hashlib.sha256(texto.encode()).digest()


@dataclass
class Gravador:
    """Calls functions, decodes each answer strictly with its Struct and keeps what was asked."""

    banco: Banco
    sessao: Sessao
    chamadas: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    respostas: dict[str, list[bytes]] = field(default_factory=dict)

    async def __call__(self, funcao: str, *, sem_sessao: bool = False, **argumentos: object) -> Any:
        completos = argumentos if sem_sessao else {**self.sessao.args, **argumentos}
        bruta = await self.banco.chamar(funcao, completos)
        self.chamadas.append((funcao, completos))
        self.respostas.setdefault(funcao, []).append(bruta)
        if funcao in CONTRATOS:
            lida = msgspec.json.decode(bruta, type=CONTRATOS[funcao])
            if hasattr(lida, "dados"):
                assert lida.dados, f"{funcao}: an empty page proves nothing of its items"
        return json.loads(bruta)


async def percorrer(chamar: Gravador, admin: Admin) -> None:
    """Call every function of schema api at least once, each with success."""
    await _identidade(chamar, admin)
    conexao, modelo = await _conexoes(chamar, admin)
    contatos = await _contatos(chamar)
    await _campanhas(chamar, conexao, modelo, contatos)
    await _entregas(chamar, admin, conexao, modelo, contatos)
    await _midias(chamar, admin, conexao)
    await _conversas(chamar, admin, conexao, modelo, contatos)
    await _eventos(chamar, admin)
    await _atendimento(chamar, admin, conexao, contatos)
    await _atos(chamar, admin)
    await _webhooks(chamar, admin, conexao)
    await _sessoes(chamar, admin)


async def _identidade(chamar: Gravador, admin: Admin) -> None:
    eu = await chamar("api.eu_obter")
    await chamar("api.permissao_conferir", p_permissao="contatos:gerir")
    await chamar("api.preferencias_obter")
    await chamar(
        "api.preferencias_atualizar",
        p_atalhos=_json({"resolver": "Shift+E"}),
        p_enviar_com="CTRL_ENTER",
        p_silencio_de="22:00",
        p_silencio_ate="06:30",
        p_tela=_json({"painelDireito": True}),
        p_versao=0,
    )
    await chamar("api.sessao_obter")
    await chamar("api.permissoes_listar")
    perfis = await chamar("api.perfis_listar", p_limite=2)
    await chamar("api.perfis_listar", p_limite=2, p_cursor=perfis["meta"]["proximoCursor"])
    perfil = await chamar(
        "api.perfil_criar", p_nome="Plantão", p_visibilidade="EQUIPE", p_permissoes=["contatos:ler"],
        p_chave_idempotencia="perfil-1",
    )  # fmt: skip
    await chamar("api.perfil_obter", p_id=perfil["id"])
    await chamar("api.perfil_atualizar", p_id=perfil["id"], p_nome="Plantão da noite", p_versao=perfil["versao"])
    usuario = await chamar(
        "api.usuario_criar", p_nome="Carla", p_email=f"carla-{secrets.token_hex(4)}@exemplo.test",
        p_senha_hash=SENHA_HASH, p_perfil_id=perfil["id"],
    )  # fmt: skip
    await chamar("api.usuario_atualizar", p_id=usuario["id"], p_nome="Carla Dias")
    await chamar("api.usuario_conversas_contar", p_id=usuario["id"])
    await chamar("api.usuario_desativar", p_id=usuario["id"], p_para_id=UUID(eu["id"]))
    await chamar("api.usuario_ativar", p_id=usuario["id"])
    equipe = await chamar("api.equipe_criar", p_nome="Recepção", p_membros=[UUID(usuario["id"]), UUID(eu["id"])])
    await chamar("api.usuario_obter", p_id=usuario["id"])
    await chamar("api.usuarios_listar", p_ativo=True)
    await chamar("api.equipe_obter", p_id=equipe["id"])
    await chamar("api.equipe_atualizar", p_id=equipe["id"], p_nome="Balcão")
    await chamar("api.equipes_listar")
    outra = await chamar("api.equipe_criar", p_nome="Passageira")
    await chamar("api.equipe_remover", p_id=outra["id"])
    await _convites(chamar, perfil["id"], equipe["id"])
    await chamar("api.usuarios_buscar", p_busca="carla", p_perfil_id=UUID(perfil["id"]), p_equipe_id=UUID(equipe["id"]))
    await chamar("api.eu_atualizar", p_nome=eu["nome"])
    empresa = await chamar("api.empresa_obter")
    await chamar(
        "api.empresa_atualizar",
        p_nome=empresa["nome"],
        p_fuso=empresa["fuso"],
        p_versao=empresa["versao"],
        p_sla_minutos=45,
    )
    vago = await chamar("api.perfil_criar", p_nome="Vago", p_visibilidade="PROPRIA", p_permissoes=[])
    await chamar("api.perfil_remover", p_id=vago["id"])
    alheia = abrir_sessao(admin, chamar.sessao.cliente_id, usuario["id"])
    linha = admin.execute(
        "select id from sessoes where cliente_id = %s and usuario_id = %s", [alheia.cliente_id, alheia.usuario_id]
    ).fetchone()
    assert linha
    await chamar("api.sessoes_listar")
    await Gravador(chamar.banco, alheia, chamar.chamadas, chamar.respostas)("api.sessoes_revogar")
    propria = abrir_sessao(admin, chamar.sessao.cliente_id, chamar.sessao.usuario_id)
    linha = admin.execute(
        "select id from sessoes where cliente_id = %s and acesso_hash = sha256(convert_to(%s, 'UTF8'))",
        [propria.cliente_id, propria.segredo],
    ).fetchone()
    assert linha
    await chamar("api.sessao_revogar", p_id=linha["id"])


async def _convites(chamar: Gravador, perfil: str, equipe: str) -> None:
    _, primeiro = _segredo()
    convite = await chamar(
        "api.usuario_convidar", p_nome="Davi", p_email=f"davi-{secrets.token_hex(4)}@exemplo.test", p_perfil_id=perfil,
        p_senha_hash=SENHA_HASH, p_segredo_hash=primeiro, p_equipe_ids=[UUID(equipe)],
    )  # fmt: skip
    _, segundo = _segredo()
    await chamar("api.convite_criar", p_usuario_id=UUID(convite["usuarioId"]), p_segredo_hash=segundo)
    dele = {"p_cliente_id": chamar.sessao.cliente_id, "p_segredo_hash": segundo}
    await chamar("api.convite_obter", sem_sessao=True, **dele)
    await chamar("api.convite_aceitar", sem_sessao=True, **dele, p_senha_hash=SENHA_NOVA_HASH)


async def _conexoes(chamar: Gravador, admin: Admin) -> tuple[str, str]:
    criadas = []
    for nome in ("Principal", "Passageira"):
        criadas.append(
            await chamar(
                "api.conexao_criar", p_id=UUID(bytes=secrets.token_bytes(16)), p_nome=nome, p_canal="WHATSAPP",
                p_provedor="META_API", p_numero_id_externo=str(10**14 + secrets.randbelow(10**13)),
                p_conta_id_externa="5551234", p_credenciais=secrets.token_bytes(64),
                p_verificacao_hash=secrets.token_bytes(32), p_segredo_impressao=secrets.token_bytes(32),
            )
        )  # fmt: skip
    id_ = criadas[0]["id"]
    await _instancias(chamar)
    await chamar("api.conexao_obter", p_id=id_)
    admin.execute(
        "insert into ocorrencias (cliente_id, escopo, alvo_id, conexao_id, motivo, texto)"
        " values (%s, 'CONEXAO', %s, %s, 'QUALIDADE_RED', 'a qualidade caiu')",
        [chamar.sessao.cliente_id, id_, id_],
    )
    await chamar("api.conexao_saude_obter", p_id=id_)
    await chamar("api.conexoes_saude_listar", p_id=UUID(id_))
    await chamar("api.ocorrencias_listar", p_conexao_id=id_, p_escopo="CONEXAO")
    await chamar("api.conexoes_listar")
    credencial = await chamar("api.conexao_credencial_obter", p_id=id_)
    await chamar("api.conexao_teste_concluir", p_id=id_, p_versao=credencial["versao"], p_aprovado=True)
    await chamar("api.conexao_atualizar", p_id=id_, p_nome="Recepção", p_teto_por_segundo=40)
    await chamar("api.conexao_desativar", p_id=id_)
    await chamar("api.conexao_ativar", p_id=id_)
    await chamar("api.conexao_remover", p_id=criadas[1]["id"])
    await chamar("api.modelos_credencial_obter", p_conexao_id=id_)
    await chamar(
        "api.modelos_sincronizar",
        p_conexao_id=id_,
        p_modelos=_json(
            [
                {
                    "id": "1", "name": "promo", "language": "pt_BR", "category": "MARKETING", "status": "APPROVED",
                    "components": [{"type": "BODY", "text": "Olá {{1}}"}],
                }
            ]
        ),
    )  # fmt: skip
    modelos = await chamar("api.modelos_listar", p_conexao_id=id_)
    modelo = modelos["dados"][0]["id"]
    await chamar("api.modelo_obter", p_id=modelo)
    return id_, modelo


async def _instancias(chamar: Gravador) -> None:
    """A device at a UaiZap server, from creation to the number that it turns out to have."""
    await chamar("api.instancia_preparar")
    segredo = secrets.token_bytes(32)
    criada = await chamar(
        "api.instancia_criar", p_id=UUID(bytes=secrets.token_bytes(16)), p_nome="Aparelho", p_canal="WHATSAPP",
        p_url_base="https://free.uazapi.com", p_instancia="balcao", p_administrada=False,
        p_credenciais=secrets.token_bytes(64), p_segredo_hash=segredo,
    )  # fmt: skip
    id_ = criada["id"]
    await chamar("api.instancia_webhook_concluir", p_id=id_, p_segredo_hash=segredo)
    await chamar("api.instancia_segredo_trocar", p_id=id_, p_segredo_hash=secrets.token_bytes(32))
    await chamar("api.instancia_atualizar", p_id=id_, p_nome="Aparelho da recepção", p_instancia="outra")
    numero = f"55119{secrets.randbelow(10**8):08d}"
    await chamar(
        "api.instancia_teste_concluir",
        p_id=id_,
        p_status="CONECTADA",
        p_numero=numero,
        p_jid=f"{numero}:1@s.whatsapp.net",
    )
    await chamar("api.instancia_teste_concluir", p_id=id_, p_status="DESCONECTADA", p_motivo="401: logged out")


async def _contatos(chamar: Gravador) -> list[str]:
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
    await chamar("api.contato_atualizar", p_id=ids[0], p_nome="Pessoa Zero", p_campos=_json({"cidade": "Recife"}))
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
        p_linhas=_json(
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
            p_colunas=["Nome", "Celular"], p_amostra=_json([["Ana", "11 98765-4321"]]),
        )  # fmt: skip
        telefone = f"+55119{10**7 + secrets.randbelow(10**7):08d}"
        await chamar(
            "api.importacao_lote_criar", p_id=UUID(aberta["id"]), p_ordem=1, p_ultimo=True,
            p_linhas=_json([{"linha": 2, "celulas": ["Ana", telefone]}, {"linha": 3, "celulas": ["Torta", "x"]}]),
        )  # fmt: skip
        conferindo = await chamar(
            "api.importacao_conferir", p_id=UUID(aberta["id"]), p_destinos=["nome", "telefone"],
            p_etiqueta_ids=[UUID(etiqueta)],
        )  # fmt: skip
        await chamar("api.importacao_lote_obter", p_id=UUID(aberta["id"]), p_ordem=1)
        await chamar(
            "api.importacao_lote_concluir", p_id=UUID(aberta["id"]), p_ordem=1, p_versao=conferindo["versao"],
            p_linhas=_json(
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


async def _campanhas(chamar: Gravador, conexao: str, modelo: str, contatos: list[str]) -> None:
    pedido: dict[str, object] = {
        "p_nome": "Novembro", "p_conexao_id": UUID(conexao), "p_modelo_id": UUID(modelo),
        "p_variaveis": _json({"1": "{{contato.nome|cliente}}"}), "p_contato_ids": [UUID(c) for c in contatos],
    }  # fmt: skip
    campanha = await chamar("api.campanha_criar", **pedido)
    id_ = campanha["id"]
    await chamar("api.campanha_atualizar", p_id=id_, p_versao=campanha["versao"], **{**pedido, "p_nome": "Dezembro"})
    simulada = await chamar("api.campanha_simular", p_id=id_)
    assert simulada["amostra"] and simulada["pulados"], "the scenario has one recipient of each kind"
    await chamar("api.campanha_iniciar", p_id=id_, p_resumo=simulada["resumo"])
    await chamar("api.campanha_pausar", p_id=id_)
    await chamar("api.campanha_retomar", p_id=id_)
    await chamar("api.campanha_obter", p_id=id_)
    await chamar("api.campanhas_listar")
    logs = await chamar("api.campanha_logs_listar", p_id=id_)
    await chamar("api.contato_campanhas_listar", p_contato_id=UUID(logs["dados"][0]["contatoId"]))
    motivos = sorted({log["motivo"] for log in logs["dados"] if log["motivo"]})
    await chamar("api.campanha_reenviar", p_id=id_, p_motivos=motivos)
    outra = await chamar("api.campanha_criar", **{**pedido, "p_nome": "Desistida"})
    await chamar("api.campanha_cancelar", p_id=outra["id"])
    andamento = await chamar("api.campanha_andamento_obter", p_id=id_)
    assert andamento["motivos"] and andamento["registro"], "the scenario skips somebody and is audited"
    await _rascunho(chamar, conexao, modelo, contatos)


async def _rascunho(chamar: Gravador, conexao: str, modelo: str, contatos: list[str]) -> None:
    await chamar("api.campanha_publico_simular", p_filtro=_json({"origem": "MANUAL"}))
    rascunho = await chamar("api.campanha_rascunho_criar", p_nome="Aos poucos", p_filtro=_json({}))
    id_ = rascunho["id"]

    async def passo(funcao: str, **argumentos: object) -> None:
        nonlocal rascunho
        rascunho = await chamar(f"api.campanha_{funcao}_atualizar", p_id=id_, p_versao=rascunho["versao"], **argumentos)

    await passo("publico", p_nome="Aos poucos, sim", p_filtro=_json({"marketing": "NAO_INFORMADO"}))
    await passo("modelo", p_modelo_id=UUID(modelo))
    await passo("modelo", p_modelo_id=UUID(modelo), p_variaveis=_json({"1": "{{contato.nome|cliente}}"}))
    await passo("envio", p_conexao_id=UUID(conexao), p_intervalo_ms=50, p_agendado_para=AMANHA)
    escrito = await chamar("api.campanha_rascunho_obter", p_id=id_)
    assert escrito["modelo"]["campos"] and escrito["numeros"]
    await chamar("api.campanha_previa_obter", p_id=id_, p_pessoa=1)
    contato = await chamar("api.contato_obter", p_id=contatos[0])
    await chamar("api.campanha_testar", p_id=id_, p_telefone=contato["telefone"])
    plano = await chamar("api.campanha_simular", p_id=id_)
    await chamar(
        "api.campanha_lancar", p_id=id_, p_versao=rascunho["versao"], p_resumo=plano["resumo"], p_ciente=True,
    )  # fmt: skip
    await chamar("api.campanha_agendamento_cancelar", p_id=id_)
    await chamar("api.campanha_cancelar", p_id=id_, p_nome="aos poucos, sim")


async def _entregas(chamar: Gravador, admin: Admin, conexao: str, modelo: str, contatos: list[str]) -> None:
    campanha = await chamar(
        "api.campanha_criar", p_nome="Com falhas", p_conexao_id=UUID(conexao), p_modelo_id=UUID(modelo),
        p_variaveis=_json({"1": "tudo"}), p_contato_ids=[UUID(contatos[0]), UUID(contatos[2])],
    )  # fmt: skip
    id_ = campanha["id"]
    await chamar("api.campanha_iniciar", p_id=id_)
    mortas = [_desistir(admin, x["id"]) for x in _destinatarios(admin, id_)]
    grupos = await chamar("api.fila_morta_grupos_listar", p_limite=1)
    await chamar("api.fila_morta_contar")
    await chamar("api.fila_morta_listar", p_resolvida=False, p_conexao_id=UUID(conexao))
    await chamar("api.fila_morta_obter", p_id=mortas[0])
    await chamar("api.fila_morta_descartar", p_motivo="não se aplica", p_ids=[mortas[1]])
    await chamar(
        "api.fila_morta_reenfileirar", p_motivo="número corrigido", p_grupo=UUID(grupos["dados"][0]["id"]),
        p_conexao_id=UUID(conexao), p_chave_idempotencia="fila-1",
    )  # fmt: skip
    duvidas = [x["id"] for x in _destinatarios(admin, id_)]
    for incerto in duvidas:
        _duvidar(admin, incerto)
    prova = await chamar("api.campanha_prova", p_id=id_, p_limite=1, p_conferir=True)
    assert prova["resumo"]["confere"] and prova["destinatarios"][0]["tentativas"][0]["status"]
    await chamar("api.incertos_listar", p_campanha_id=UUID(id_), p_conexao_id=UUID(conexao))
    await chamar(
        "api.incerto_decidir",
        p_alvo_tipo="CAMPANHA",
        p_id=duvidas[0],
        p_decisao="CONFIRMADO",
        p_motivo="a pessoa respondeu",
    )
    await chamar("api.incertos_decidir", p_campanha_id=UUID(id_), p_decisao="DESISTIR", p_motivo="ninguém confirmou")


def _destinatarios(admin: Admin, campanha: str) -> list[dict[str, Any]]:
    return admin.execute("select id from campanhas_log where campanha_id = %s order by id", [campanha]).fetchall()


def _desistir(admin: Admin, destinatario: UUID) -> UUID:
    """What three refused attempts leave behind."""
    linha = admin.execute(
        "with f as (delete from fila where alvo_id = %(id)s returning *), l as ("
        "  update campanhas_log set status = 'FALHOU', motivo = 'TENTATIVAS_ESGOTADAS' where id = %(id)s)"
        " insert into fila_morta"
        " (cliente_id, id, tipo, conexao_id, alvo_id, tentativas, classe, erro_codigo, erro_texto)"
        " select cliente_id, id, tipo, conexao_id, alvo_id, 3, 'RATE_PAIR', 131056, 'Muitas mensagens' from f"
        " returning id",
        {"id": destinatario},
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


def _duvidar(admin: Admin, destinatario: UUID) -> None:
    """A lost answer of an hour ago, with a status that proves nothing of it."""
    linha = admin.execute(
        "insert into tentativas"
        " (cliente_id, alvo_id, conexao_id, numero, processo, iniciada_em, terminada_em, desfecho, detalhe)"
        " select l.cliente_id, l.id, k.conexao_id, 1, 'w1', now() - interval '1 hour', now() - interval '59 minutes',"
        " 'AMBIGUO', 'sem resposta em 10 s'"
        " from campanhas_log l join campanhas k on k.id = l.campanha_id where l.id = %s"
        " returning cliente_id, conexao_id, id",
        [destinatario],
    ).fetchone()
    assert linha
    admin.execute(
        "insert into status_recebidos (cliente_id, conexao_id, id_externo, status, tentativa_id, ocorrido_em)"
        " values (%s, %s, %s, 'sent', %s, now())",
        [linha["cliente_id"], linha["conexao_id"], secrets.token_hex(8), linha["id"]],
    )
    admin.execute("delete from fila where alvo_id = %s", [destinatario])
    # the steps that its state machine has, from wherever it is
    for status in ("PENDENTE", "RESERVADO", "ENVIANDO", "INCERTO"):
        admin.execute(
            "update campanhas_log set status = %(s)s, motivo = 'SEM_RESPOSTA', tentativa_id = %(t)s"
            " where id = %(id)s and status <> %(s)s",
            {"s": status, "t": linha["id"], "id": destinatario},
        )


async def _conversas(chamar: Gravador, admin: Admin, conexao: str, modelo: str, contatos: list[str]) -> None:
    usado: dict[str, object] = {"modeloId": modelo, "parametros": {"1": "Ana"}}
    iniciada = await chamar(
        "api.conversa_iniciar", p_contato_id=UUID(contatos[0]), p_conexao_id=UUID(conexao), p_tipo="MODELO",
        p_conteudo=_json(usado), p_chave_idempotencia="conversa-1",
    )  # fmt: skip
    await chamar(
        "api.conexao_mensagem_testar", p_id=UUID(conexao), p_telefone=f"+551196{10**6 + secrets.randbelow(10**6):07d}",
        p_tipo="MODELO", p_conteudo=_json(usado),
    )  # fmt: skip
    id_, primeira = iniciada["conversa"]["id"], iniciada["mensagem"]["id"]
    linha = admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, id_externo, origem,"
        " ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'oi', 'RECEBIDA', 'wamid.oi', 'CONTATO', now())"
        " returning id",
        [chamar.sessao.cliente_id, id_, conexao],
    ).fetchone()
    assert linha
    admin.execute(
        "update conversas set janela_expira_em = now() + interval '1 day', nao_lidas = 1"
        " where cliente_id = %s and id = %s",
        [chamar.sessao.cliente_id, id_],
    )
    resposta = await chamar(
        "api.mensagem_enviar", p_conversa_id=UUID(id_), p_tipo="TEXTO", p_conteudo=_json({"texto": "Olá"}),
        p_contexto_id=linha["id"],
    )  # fmt: skip
    await _listas(chamar, admin, id_, conexao, contatos[0])
    await chamar("api.conversa_obter", p_id=UUID(id_))
    await chamar("api.conversa_ler", p_id=UUID(id_))
    await chamar("api.conversa_digitar", p_id=UUID(id_))
    await chamar("api.mensagens_listar", p_conversa_id=UUID(id_))
    await chamar("api.mensagens_listar", p_conversa_id=UUID(id_), p_apos=UUID(primeira))
    await chamar("api.mensagens_listar", p_conversa_id=UUID(id_), p_em_torno_de=linha["id"])
    await _notas(chamar, admin, id_, resposta["id"])
    await _respostas(chamar, id_)
    await chamar("api.mensagem_obter", p_id=UUID(primeira))
    await chamar("api.mensagem_cancelar", p_id=UUID(resposta["id"]))
    admin.execute("delete from fila where cliente_id = %s and alvo_id = %s", [chamar.sessao.cliente_id, primeira])
    admin.execute(
        "update mensagens set status = 'FALHOU', motivo = 'PLATFORM' where cliente_id = %s and id = %s",
        [chamar.sessao.cliente_id, primeira],
    )
    await chamar("api.mensagem_reenviar", p_id=UUID(primeira))
    hora: dict[str, object] = {"p_enviar_em": AMANHA, "p_fuso": "America/Sao_Paulo"}
    agendada = await chamar(
        "api.agendada_criar", p_tipo="TEXTO", p_conteudo=_json({"texto": "Até logo"}), p_conversa_id=UUID(id_), **hora
    )
    await chamar("api.agendada_obter", p_id=UUID(agendada["id"]))
    await chamar(
        "api.agendada_atualizar", p_id=UUID(agendada["id"]), p_recorrencia="SEMANAL", p_versao=agendada["versao"]
    )
    await chamar(
        "api.agendada_criar", p_tipo="MODELO", p_conteudo=_json(usado), p_contato_id=UUID(contatos[2]),
        p_conexao_id=UUID(conexao), p_cancelar_se_responder=True, **hora,
    )  # fmt: skip
    await chamar("api.agendadas_listar", p_contato_id=UUID(contatos[2]))
    await chamar("api.agendada_cancelar", p_id=UUID(agendada["id"]))


async def _atendimento(chamar: Gravador, admin: Admin, conexao: str, contatos: list[str]) -> None:
    faixas = [{"dia": 1, "inicio": "08:00", "fim": "12:00"}, {"dia": 1, "inicio": "13:00", "fim": "24:00"}]
    calendario = await chamar(
        "api.calendario_criar", p_nome="Loja", p_faixas=_json(faixas), p_chave_idempotencia="calendario-1"
    )
    id_ = UUID(calendario["id"])
    await chamar("api.calendario_atualizar", p_id=id_, p_nome="Loja do centro", p_versao=calendario["versao"])
    await chamar("api.calendario_obter", p_id=id_)
    await chamar("api.calendarios_listar")
    await chamar("api.feriados_nacionais_obter", p_ano=2027)
    await chamar("api.feriados_importar", p_calendario_id=id_, p_ano=2027)
    feriado = await chamar(
        "api.feriado_criar", p_calendario_id=id_, p_data=date(2027, 7, 9), p_nome="Revolução",
        p_faixas=_json([{"inicio": "08:00", "fim": "12:00"}]),
    )  # fmt: skip
    await chamar("api.feriado_atualizar", p_id=UUID(feriado["id"]), p_nome="9 de Julho")
    await chamar("api.feriado_obter", p_id=UUID(feriado["id"]))
    await chamar("api.feriados_listar", p_calendario_id=id_, p_ano=2027)
    outra = await chamar("api.feriado_criar", p_calendario_id=id_, p_data=date(2028, 1, 1), p_nome="Ano novo")
    await chamar("api.feriado_remover", p_id=UUID(outra["id"]))
    passageiro = await chamar("api.calendario_criar", p_nome="Passageiro")
    await chamar("api.calendario_remover", p_id=UUID(passageiro["id"]))
    equipe = await chamar("api.equipe_criar", p_nome="Plantonistas", p_membros=[chamar.sessao.usuario_id])
    await chamar(
        "api.equipe_atendimento_atualizar", p_id=UUID(equipe["id"]), p_calendario_id=id_, p_distribuicao="MANUAL"
    )
    await chamar("api.usuario_atendimento_atualizar", p_id=chamar.sessao.usuario_id, p_capacidade=8)
    await chamar(
        "api.conexao_atendimento_atualizar", p_id=UUID(conexao), p_equipe_id=UUID(equipe["id"]), p_dono_minutos=15
    )
    await chamar("api.disponibilidade_atualizar", p_disponibilidade="PAUSA", p_motivo="Almoço")
    await chamar("api.disponibilidade_atualizar", p_disponibilidade="DISPONIVEL")
    admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, equipe_id, ultima_entrada_em, espera_desde)"
        " values (%s, %s, %s, %s, now(), now())",
        [chamar.sessao.cliente_id, conexao, contatos[2], equipe["id"]],
    )
    await chamar("api.filas_listar")
    await chamar("api.atendentes_listar")
    dada = await chamar("api.atendimento_proximo", p_equipe_id=UUID(equipe["id"]))
    assert dada["conversa"]["usuarioId"] == str(chamar.sessao.usuario_id)
    await chamar("api.atendimento_obter")
    await _ofertas(chamar, admin, dada["conversa"]["id"], equipe["id"])


async def _ofertas(chamar: Gravador, admin: Admin, conversa: str, equipe: str) -> None:
    await chamar(
        "api.equipe_atendimento_atualizar", p_id=UUID(equipe), p_calendario_id=None, p_distribuicao="AUTOMATICA",
        p_oferta_segundos=20,
    )  # fmt: skip
    for responder in ("api.oferta_recusar", "api.oferta_aceitar"):
        await chamar("api.conversa_liberar", p_id=UUID(conversa))
        admin.execute(
            "insert into ofertas (cliente_id, conversa_id, usuario_id, expira_em)"
            " values (%s, %s, %s, now() + interval '1 minute')",
            [chamar.sessao.cliente_id, conversa, chamar.sessao.usuario_id],
        )
        atual = await chamar("api.oferta_obter")
        assert atual["oferta"]["conversaId"] == conversa
        await chamar(responder, p_id=UUID(atual["oferta"]["id"]))
        if responder == "api.oferta_recusar":
            await chamar("api.conversa_assumir", p_id=UUID(conversa))
    await chamar("api.oferta_obter")


async def _notas(chamar: Gravador, admin: Admin, conversa: str, mensagem: str) -> None:
    eu, id_ = chamar.sessao.usuario_id, UUID(conversa)
    rascunho = await chamar(
        "api.rascunho_atualizar", p_conversa_id=id_, p_texto="Quase", p_contexto_id=UUID(mensagem), p_versao=0
    )
    await chamar("api.rascunho_atualizar", p_conversa_id=id_, p_texto="Quase lá", p_versao=rascunho["versao"])
    await chamar("api.rascunho_obter", p_conversa_id=id_)
    propria = await chamar("api.conversa_propria_obter", p_id=id_)
    assert propria["rascunho"]["texto"] == "Quase lá"
    nota = await chamar("api.nota_criar", p_conversa_id=id_, p_texto="Cliente antigo", p_mencoes=[eu])
    await chamar("api.notas_listar", p_conversa_id=id_)
    await chamar("api.nota_atualizar", p_id=UUID(nota["id"]), p_texto="Cliente antiga", p_versao=nota["versao"])
    # whoever mentions themselves has read it: as if a colleague had
    admin.execute("update mencoes set lida_em = null where nota_id = %s", [nota["id"]])
    await chamar("api.mencoes_listar")
    await chamar("api.conversa_colegas_listar", p_conversa_id=id_, p_ids=[eu])
    await chamar("api.conversa_fio_listar", p_conversa_id=id_, p_limite=200)
    await chamar("api.conversa_fio_listar", p_conversa_id=id_, p_em_torno_de=UUID(nota["id"]), p_limite=3)
    await chamar("api.conversa_compositor_obter", p_id=id_)
    proprias = await chamar("api.conversas_proprias_obter")
    assert proprias["rascunhos"] and proprias["mencoes"] == [{"conversaId": conversa, "quantas": 1}]
    await chamar("api.mencoes_ler", p_conversa_id=id_)
    await chamar("api.nota_remover", p_id=UUID(nota["id"]))
    await chamar("api.rascunho_remover", p_conversa_id=id_)


async def _respostas(chamar: Gravador, conversa: str) -> None:
    midia = await chamar(
        "api.midia_criar", p_sha256=secrets.token_hex(32), p_tamanho=10, p_mime="image/png", p_nome="mapa.png"
    )
    resposta = await chamar(
        "api.resposta_rapida_criar", p_escopo="TODOS", p_atalho="/Olá", p_titulo="Saudação",
        p_texto="Olá {{contato.primeiroNome}}, {{contato.campos.plano}}", p_midia_ids=[UUID(midia["id"])],
    )  # fmt: skip
    id_ = UUID(resposta["id"])
    await chamar("api.resposta_rapida_obter", p_id=id_)
    await chamar("api.resposta_rapida_atualizar", p_id=id_, p_titulo="Saudação", p_versao=resposta["versao"])
    await chamar("api.respostas_rapidas_listar", p_busca="saudacao", p_escopo="TODOS")
    await chamar("api.resposta_rapida_testar", p_texto="Olá, {{contato.primeiroNome}} {{nada}}")
    pronta = await chamar("api.resposta_rapida_renderizar", p_id=id_, p_conversa_id=UUID(conversa))
    assert pronta["faltam"] and pronta["midias"]
    await chamar("api.conversa_variaveis_obter", p_conversa_id=UUID(conversa), p_busca="contato")
    await chamar("api.resposta_rapida_remover", p_id=id_)


async def _atos(chamar: Gravador, admin: Admin) -> None:
    """Everything that may be done with a conversation, by who began it."""
    linha = admin.execute(
        "select v.id, (select e.id from equipes e where e.cliente_id = v.cliente_id limit 1) as equipe"
        " from conversas v where v.cliente_id = %s and v.usuario_id = %s limit 1",
        [chamar.sessao.cliente_id, chamar.sessao.usuario_id],
    ).fetchone()
    assert linha
    id_, equipe, eu = linha["id"], linha["equipe"], chamar.sessao.usuario_id
    motivo = await chamar("api.motivo_criar", p_nome="Venda feita", p_chave_idempotencia="motivo-1")
    await chamar("api.motivo_atualizar", p_id=UUID(motivo["id"]), p_nome="Vendeu", p_versao=motivo["versao"])
    passageiro = await chamar("api.motivo_criar", p_nome="Passageiro")
    await chamar("api.motivo_remover", p_id=UUID(passageiro["id"]))
    await chamar("api.motivos_listar", p_ativo=True)
    await chamar("api.conversa_aguardar", p_id=id_)
    await chamar("api.conversa_desfazer", p_id=id_)
    await chamar("api.conversa_adiar", p_id=id_, p_ate=datetime.now(UTC) + timedelta(hours=1))
    await chamar("api.conversa_transferir", p_id=id_, p_equipe_id=equipe, p_motivo="é com vocês")
    await chamar("api.conversa_assumir", p_id=id_)
    await chamar("api.conversa_liberar", p_id=id_, p_motivo="almoço")
    await chamar("api.conversa_atribuir", p_id=id_, p_usuario_id=eu)
    await chamar("api.conversa_priorizar", p_id=id_, p_prioridade="ALTA")
    await chamar("api.conversa_leitura_desfazer", p_id=id_)
    await chamar("api.conversa_silenciar", p_id=id_)
    await chamar("api.conversa_silencio_desfazer", p_id=id_)
    etiqueta = await chamar("api.etiqueta_criar", p_nome="Urgente mesmo")
    await chamar("api.conversa_etiquetar", p_id=id_, p_adicionar=[UUID(etiqueta["id"])])
    await chamar("api.conversa_resolver", p_id=id_, p_motivo_id=UUID(motivo["id"]), p_observacao="comprou")
    await chamar("api.conversa_reabrir", p_id=id_, p_assumir=True)
    await chamar(
        "api.conversas_atualizar", p_ids=[id_], p_acao="ETIQUETAR", p_remover=[UUID(etiqueta["id"])],
        p_chave_idempotencia="massa-1",
    )  # fmt: skip
    await chamar("api.conversas_atualizar", p_ids=[id_], p_acao="RESOLVER", p_motivo_id=UUID(motivo["id"]))
    await chamar("api.conversa_desfazer", p_id=id_)
    await chamar("api.conversa_historico_listar", p_conversa_id=id_)


async def _webhooks(chamar: Gravador, admin: Admin, conexao: str) -> None:
    linha = admin.execute(
        "insert into webhooks_recebidos (cliente_id, conexao_id, corpo, status, motivo, campos)"
        " values (%s, %s, '{\"entry\": []}', 'IGNORADO', 'SEM_CONTEUDO', '{messages}') returning id",
        [chamar.sessao.cliente_id, conexao],
    ).fetchone()
    assert linha
    await chamar("api.webhooks_listar", p_status="IGNORADO", p_conexao_id=UUID(conexao), p_campo="messages")
    await chamar("api.webhook_obter", p_id=linha["id"])
    await chamar("api.webhooks_horas_obter", p_conexao_id=UUID(conexao))
    await chamar("api.evento_reprocessar", p_status="IGNORADO", p_conexao_id=UUID(conexao))


async def _listas(chamar: Gravador, admin: Admin, conversa: str, conexao: str, contato: str) -> None:
    etiqueta = await chamar("api.etiqueta_criar", p_nome="Urgente hoje")
    for tabela, colunas, valores in (
        ("conversas_etiquetas", "conversa_id, etiqueta_id", [conversa, etiqueta["id"]]),
        ("rascunhos", "usuario_id, conversa_id, texto", [chamar.sessao.usuario_id, conversa, "Bom dia"]),
    ):
        marcas = ", ".join(["%s"] * len(valores))
        admin.execute(
            f"insert into {tabela} (cliente_id, {colunas}) values (%s, {marcas})", [chamar.sessao.cliente_id, *valores]
        )
    filtros = {"conexaoId": conexao, "contatoId": contato, "etiquetaId": etiqueta["id"]}
    await chamar("api.conversas_listar", p_filtros=_json(filtros), p_ordem="ESPERA")
    atuais = await chamar("api.conversas_obter", p_ids=[UUID(conversa)], p_filtros=_json(filtros))
    assert [c["id"] for c in atuais["dados"]] == [conversa]
    opcoes = await chamar("api.conversas_opcoes_obter")
    assert all(opcoes.values())
    await chamar("api.conversas_contar", p_filtros=_json({"texto": "pessoa"}))
    await chamar("api.mensagens_buscar", p_busca="oi", p_conversa_id=UUID(conversa))
    achados = await chamar("api.busca_obter", p_busca="pessoa")
    assert achados["contatos"] and achados["conversas"]
    equipe = await chamar("api.equipe_criar", p_nome="Equipe da visão", p_membros=[chamar.sessao.usuario_id])
    visao = await chamar(
        "api.visao_criar", p_nome="Minha fila", p_filtros=_json({"aba": "FILA", "status": ["ABERTA"]}),
        p_equipe_id=UUID(equipe["id"]), p_chave_idempotencia="visao-1",
    )  # fmt: skip
    await chamar("api.visao_atualizar", p_id=visao["id"], p_fixada=True, p_limpar=["equipeId"], p_versao=1)
    await chamar("api.visao_obter", p_id=visao["id"])
    await chamar("api.visoes_listar")
    await chamar("api.painel_obter", p_dias=30)
    await chamar("api.visao_remover", p_id=visao["id"])
    admin.execute("delete from rascunhos where cliente_id = %s", [chamar.sessao.cliente_id])


async def _midias(chamar: Gravador, admin: Admin, conexao: str) -> None:
    await chamar("api.midia_preparar")
    midia = await chamar(
        "api.midia_criar", p_sha256=secrets.token_hex(32), p_tamanho=10, p_mime="image/png", p_nome="foto.png"
    )
    await chamar("api.midia_obter", p_id=midia["id"])
    permitida = await chamar("api.midia_url_autorizar", p_id=midia["id"])
    await chamar(
        "api.midia_conteudo_obter", sem_sessao=True, p_cliente_id=chamar.sessao.cliente_id,
        p_sessao_id=UUID(permitida["sessaoId"]), p_id=midia["id"],
    )  # fmt: skip
    linha = admin.execute(
        "insert into midias (cliente_id, origem, tipo, status, motivo, conexao_id, id_externo, expira_em)"
        " values (%s, 'RECEBIDA', 'AUDIO', 'FALHOU', 'CORROMPIDA', %s, %s, now() + interval '1 day') returning id",
        [chamar.sessao.cliente_id, conexao, secrets.token_hex(8)],
    ).fetchone()
    assert linha
    await chamar("api.midia_baixa_retomar", p_id=linha["id"])


async def _eventos(chamar: Gravador, admin: Admin) -> None:
    admin.execute("select worker.eventos_publicar(%s)", [chamar.sessao.cliente_id])
    vistos = await chamar("api.eventos_desde", p_desde=0)
    assert vistos["eventos"]
    await chamar("api.eventos_sessao_obter")
    conversa = next(e["conversaId"] for e in vistos["eventos"] if e["conversaId"])
    await chamar("api.avisos_obter", p_conversas=[UUID(conversa)])
    await chamar(
        "api.inscricao_criar", p_id=uuid4(), p_endereco_hash=secrets.token_bytes(32),
        p_credenciais=secrets.token_bytes(200),
    )  # fmt: skip
    await chamar("api.inscricao_remover")
    await chamar("api.conversa_presenca_obter", p_id=UUID(conversa))
    await chamar("api.conversa_digitacao_obter", p_id=UUID(conversa))


def _reservas() -> list[bytes]:
    return [secrets.token_bytes(32) for _ in range(10)]


async def _ligar_fator(chamar: Gravador, senha: dict[str, object]) -> list[bytes]:
    id_, reservas = uuid4(), _reservas()
    await chamar("api.fator_iniciar", **senha, p_id=id_, p_segredo=secrets.token_bytes(64))
    preparado = await chamar("api.fator_preparar")
    await chamar("api.fator_ativar", p_id=id_, p_passo=preparado["passo"], p_reservas=reservas)
    return reservas


async def _segundo_fator(chamar: Gravador, admin: Admin, email: str) -> None:
    preparada = await chamar("api.senha_preparar")
    senha = {"p_confere": True, "p_senha_hash_conferida": preparada["senhaHash"]}
    velhas = await _ligar_fator(chamar, senha)
    await chamar("api.fator_obter")
    reservas = _reservas()
    await chamar("api.fator_prova_preparar")
    await chamar("api.fator_reservas_trocar", **senha, p_reservas=reservas, p_reserva_hash=velhas[0])
    origem: dict[str, object] = {"p_origem": "203.0.113.7"}
    pendente = {"p_cliente_id": chamar.sessao.cliente_id, "p_pendente_hash": _segredo()[1], **origem}
    # refused, and remembered: the answer is a refusal, which is no contract's
    await chamar.banco.chamar(
        "api.login_concluir",
        {
            **origem, **senha, "p_email": email, "p_acesso_hash": _segredo()[1], "p_renovacao_hash": _segredo()[1],
            "p_pendente_hash": pendente["p_pendente_hash"],
        },
    )  # fmt: skip
    await chamar("api.login_fator_preparar", sem_sessao=True, **pendente)
    await chamar(
        "api.login_fator_concluir", sem_sessao=True, **pendente, p_fator_id=None, p_passo=None,
        p_reserva_hash=reservas[0], p_acesso_hash=_segredo()[1], p_renovacao_hash=_segredo()[1],
    )  # fmt: skip
    await chamar("api.fator_remover", **senha, p_reserva_hash=reservas[1])
    perfis = await chamar("api.perfis_listar")
    pessoa = await chamar(
        "api.usuario_criar", p_nome="Eva", p_email=f"eva-{secrets.token_hex(4)}@exemplo.test", p_senha_hash=SENHA_HASH,
        p_perfil_id=UUID(next(p["id"] for p in perfis["dados"] if p["codigo"] == "ATENDENTE")),
    )  # fmt: skip
    dele = abrir_sessao(admin, chamar.sessao.cliente_id, pessoa["id"])
    outro = Gravador(chamar.banco, dele, chamar.chamadas, chamar.respostas)
    preparada = await outro("api.senha_preparar")
    await _ligar_fator(outro, {"p_confere": True, "p_senha_hash_conferida": preparada["senhaHash"]})
    await chamar("api.usuario_fator_remover", p_id=UUID(pessoa["id"]))


async def _sessoes(chamar: Gravador, admin: Admin) -> None:
    cliente_id, email = chamar.sessao.cliente_id, chamar.sessao.email
    preparada = await chamar("api.senha_preparar")
    await chamar(
        "api.senha_trocar", p_confere=True, p_senha_hash_conferida=preparada["senhaHash"], p_senha_hash=SENHA_NOVA_HASH
    )
    preparado = await chamar("api.login_preparar", sem_sessao=True, p_email=email, p_origem="203.0.113.7")
    _, acesso = _segredo()
    _, renovacao = _segredo()
    await chamar(
        "api.login_concluir", sem_sessao=True, p_email=email, p_origem="203.0.113.7", p_confere=True,
        p_senha_hash_conferida=preparado["senhaHash"], p_acesso_hash=acesso, p_renovacao_hash=renovacao,
    )  # fmt: skip
    _, acesso2 = _segredo()
    _, renovacao2 = _segredo()
    await chamar(
        "api.sessao_renovar", sem_sessao=True, p_cliente_id=cliente_id, p_renovacao_hash=renovacao,
        p_novo_acesso_hash=acesso2, p_nova_renovacao_hash=renovacao2,
    )  # fmt: skip
    segredo, acesso3 = _segredo()
    preparado = await chamar("api.login_preparar", sem_sessao=True, p_email=email, p_origem="203.0.113.7")
    await chamar(
        "api.login_concluir", sem_sessao=True, p_email=email, p_origem="203.0.113.7", p_confere=True,
        p_senha_hash_conferida=preparado["senhaHash"], p_acesso_hash=acesso3, p_renovacao_hash=_segredo()[1],
        p_canal="NAVEGADOR",
    )  # fmt: skip
    await chamar("api.sessao_estender", sem_sessao=True, p_cliente_id=cliente_id, p_sessao=segredo)
    await _segundo_fator(chamar, admin, email)
    await chamar("api.saude_obter", sem_sessao=True)
    admin.execute(
        "insert into processos (nome, tipo, iniciado_em, visto_em) values ('w-contrato', 'WORKER', now(), now())"
        " on conflict (nome) do update set visto_em = now()"
    )
    await chamar("api.metricas_obter", sem_sessao=True)
    ultima = abrir_sessao(admin, cliente_id, chamar.sessao.usuario_id)
    despedida = Gravador(chamar.banco, ultima, chamar.chamadas, chamar.respostas)
    await despedida("api.sessao_encerrar")
