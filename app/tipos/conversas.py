"""Bodies and answers of conversations, messages and scheduled messages.

What a message says depends on its type and is checked by the database, which names the field: here it is an object.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.contatos import Contato

EstadoConversa = Literal["ABERTA", "EM_ATENDIMENTO", "AGUARDANDO_CLIENTE", "ADIADA", "RESOLVIDA"]
Prioridade = Literal["BAIXA", "NORMAL", "ALTA", "URGENTE"]
Controle = Literal["BOT", "HUMANO", "FILA"]
Ordem = Literal["ULTIMA_ATIVIDADE", "ESPERA", "CRIADA", "PRIORIDADE"]
Tique = Literal["ESPERA", "ENVIADA", "ENTREGUE", "LIDA", "DUVIDA", "ERRO"]
EstadoMensagem = Literal["RECEBIDA", "PENDENTE", "RESERVADO", "ENVIANDO", "ENVIADO", "INCERTO", "FALHOU", "PULADO"]
AcaoMensagem = Literal[
    "DESFAZER", "REENVIAR", "USAR_MODELO", "CORRIGIR_NUMERO", "CORRIGIR_MENSAGEM", "AGUARDAR", "DESBLOQUEAR", "DECIDIR",
]  # fmt: skip
EstadoAgendada = Literal["AGENDADA", "DISPARADA", "CANCELADA", "FALHOU"]
Recorrencia = Literal["NENHUMA", "DIARIA", "SEMANAL", "MENSAL"]
TipoSaida = Literal[
    "TEXTO", "IMAGEM", "VIDEO", "DOCUMENTO", "AUDIO", "FIGURINHA", "BOTOES", "LISTA", "LINK", "LOCALIZACAO", "CONTATOS",
    "REACAO", "MODELO",
]  # fmt: skip
_CONTEUDO: Final = """O que cada tipo pede (`?` = opcional); campos desconhecidos são recusados, com o nome do campo.

- TEXTO `{texto, previa?}` · IMAGEM e VIDEO `{midiaId | link, legenda?}` · AUDIO `{midiaId | link, voz?}`
- DOCUMENTO `{midiaId | link, legenda?, nome?}` · FIGURINHA `{midiaId | link}`
- BOTOES `{texto, cabecalho?, rodape?, botoes: [{id, titulo}]}` (até 3)
- LISTA `{texto, cabecalho?, rodape?, botao, secoes: [{titulo?, linhas: [{id, titulo, descricao?}]}]}` (até 10 linhas)
- LINK `{texto, cabecalho?, rodape?, rotulo, url}`
- `cabecalho` = `{texto}` ou `{tipo: IMAGEM|VIDEO|DOCUMENTO, midiaId | link}` (na LISTA, só texto)
- LOCALIZACAO `{latitude, longitude, nome?, endereco?}`
- CONTATOS `{contatos: [{nome, primeiroNome?, sobrenome?, telefones: [{telefone, tipo?, waId?}],
  emails?: [{email, tipo?}], organizacao?, urls?: [{url, tipo?}], aniversario?: AAAA-MM-DD}]}`
- REACAO `{alvoId, emoji}` (emoji vazio retira) · MODELO `{modeloId, parametros: {chave: valor}}`, com as chaves que
  `GET /api/modelos/{id}` dá em `variaveis`: `1` ou `nome` (corpo), `cabecalho.1`, `cabecalho.midia`, `botao.0`
"""
Conteudo = Annotated[dict[str, Any], Meta(description=_CONTEUDO)]
Local = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$",
        description="Hora do relógio no fuso dado, sem deslocamento: 2026-11-30T09:00.",
    ),
]
Fuso = Annotated[str, Meta(min_length=1, max_length=60, description="Nome da base IANA: America/Sao_Paulo.")]
Instante = Annotated[datetime, Meta(tz=True)]


class MensagemEnviar(Corpo):
    tipo: TipoSaida
    conteudo: Conteudo
    contexto_id: Annotated[UUID | None, Meta(description="A mensagem da conversa que esta responde.")] = None
    id: Annotated[
        UUID | None,
        Meta(description="O id da mensagem que a tela já mostra; repetir o mesmo pedido com ele responde a mesma."),
    ] = None
    atraso: Annotated[int, Meta(ge=0, le=15, description="Segundos em que ainda se pode desfazer.")] = 0
    limpar_rascunho: Annotated[bool, Meta(description="O rascunho da conversa some na mesma transação.")] = False
    assumir: Annotated[bool, Meta(description="Tomar a conversa de quem a atende, para responder.")] = False


class ConversaIniciar(Corpo):
    contato_id: UUID
    conexao_id: UUID
    conteudo: Conteudo
    tipo: TipoSaida = "MODELO"


class MensagemTestar(Corpo):
    """A test of a number: to the contact with this phone, or to a new one."""

    telefone: Annotated[str, Meta(max_length=60)]
    conteudo: Conteudo
    tipo: TipoSaida = "MODELO"


class AgendadaCriar(Corpo):
    """For a conversation, or for a contact and a number."""

    tipo: TipoSaida
    conteudo: Conteudo
    enviar_em: Local
    fuso: Fuso
    conversa_id: UUID | None = None
    contato_id: UUID | None = None
    conexao_id: UUID | None = None
    cancelar_se_responder: bool = False
    recorrencia: Recorrencia = "NENHUMA"
    ate: Instante | None = None


class AgendadaAtualizar(Corpo):
    """What is absent stays; null empties `ate`."""

    tipo: TipoSaida | None = None
    conteudo: Conteudo | None = None
    enviar_em: Local | None = None
    fuso: Fuso | None = None
    cancelar_se_responder: bool | None = None
    recorrencia: Recorrencia | None = None
    ate: Instante | UnsetType | None = UNSET
    versao: Versao | None = None


class ContatoDaConversa(Resposta):
    id: UUID
    nome: str
    telefone: str | None
    bloqueado: bool


class UltimaMensagem(Resposta):
    """`previa` is one line: the text, or what came instead of one."""

    id: UUID
    direcao: Literal["ENTRADA", "SAIDA"]
    origem: Literal["HUMANO", "BOT", "AGENDADA", "APARELHO", "CONTATO"]
    tipo: str
    status: EstadoMensagem
    previa: str
    tique: Tique | None
    ocorrido_em: datetime


class EtiquetaDaConversa(Resposta):
    id: UUID
    nome: str
    cor: str


class ConversaDaLista(Resposta):
    """A card of the inbox, the same for whoever sees it; drafts and mentions are in `/api/conversas/proprias`."""

    id: UUID
    conexao_id: UUID
    conexao_nome: str
    canal: str
    contato: ContatoDaConversa
    usuario_id: UUID | None
    usuario_nome: str | None
    equipe_id: UUID | None
    equipe_nome: str | None
    status: EstadoConversa
    controle: Controle
    prioridade: Prioridade
    nao_lidas: int
    espera_desde: datetime | None
    fila_em: datetime | None
    adiada_ate: datetime | None
    janela_expira_em: datetime | None
    ultima_mensagem_em: datetime
    ultima_mensagem: UltimaMensagem | None
    etiquetas: list[EtiquetaDaConversa]
    versao: int
    criado_em: datetime


class IdentidadeDaPessoa(Resposta):
    tipo: Literal["E164", "WA_ID", "BSUID", "JID", "LID"]
    valor: str


class Conversa(ConversaDaLista):
    """The whole conversation, for its panel, the same for whoever sees it; what is one's own is in `…/propria`.

    `agendadas` is counted up to 1000. `topicos`: who sees it, in the words of the events.
    """

    ultima_entrada_em: datetime | None
    respondida_ate: datetime | None
    atribuida_em: datetime | None
    resolvida_em: datetime | None
    motivo_id: UUID | None
    pessoa: Contato
    identidades: list[IdentidadeDaPessoa]
    agendadas: int
    topicos: list[str]


class Citada(Resposta):
    """The message that another one answers, as much of it as is shown."""

    id: UUID
    direcao: Literal["ENTRADA", "SAIDA"]
    tipo: str
    corpo: str | None


class Reacao(Resposta):
    """The last reaction of one side."""

    emoji: str
    direcao: Literal["ENTRADA", "SAIDA"]
    em: datetime


class Mensagem(Resposta):
    """`tique` is what the bubble shows; `motivo_texto` says in words why a message did not go.

    `acoes`: what may be done about it, the most useful first.

    `sai_em`: nobody has taken it yet, and nobody will before; until then it can be undone.

    Three times: written (`ocorrido_em`), received (`recebido_em`), processed (`criado_em`). What its author deleted has
    no content here.
    """

    id: UUID
    conversa_id: UUID
    conexao_id: UUID
    direcao: Literal["ENTRADA", "SAIDA"]
    origem: Literal["HUMANO", "BOT", "AGENDADA", "APARELHO", "CONTATO"]
    tipo: str
    corpo: str | None
    conteudo: dict[str, Any]
    status: EstadoMensagem
    tique: Tique | None
    motivo: str | None
    motivo_texto: str | None
    erro_codigo: int | None
    tentativas: int
    acoes: list[AcaoMensagem]
    sai_em: datetime | None
    contexto: Citada | None
    modelo_id: UUID | None
    midia_id: UUID | None
    usuario_id: UUID | None
    reacoes: list[Reacao]
    editado_em: datetime | None
    apagado_em: datetime | None
    ocorrido_em: datetime
    recebido_em: datetime
    enviado_em: datetime | None
    entregue_em: datetime | None
    lido_em: datetime | None
    criado_em: datetime


class MensagemEnviada(Mensagem):
    """`assumida`: with it, the conversation came into other hands."""

    assumida: bool


class ConversaIniciada(Resposta):
    conversa: Conversa
    mensagem: Mensagem


class Digitando(Resposta):
    mostrado: bool


class ContatoDaAgendada(Resposta):
    id: UUID
    nome: str


class Agendada(Resposta):
    """`local` is the wall clock of the first of its series; `enviar_em` the instant of this one."""

    id: UUID
    contato: ContatoDaAgendada
    conexao_id: UUID
    tipo: str
    conteudo: dict[str, Any]
    enviar_em: datetime
    local: str
    fuso: str
    cancelar_se_responder: bool
    recorrencia: Recorrencia
    ate: datetime | None
    serie_id: UUID
    numero: int
    status: EstadoAgendada
    motivo: str | None
    motivo_texto: str | None
    mensagem_id: UUID | None
    criado_por: UUID
    versao: int
    criado_em: datetime
    atualizado_em: datetime


CONTRATOS: Final[dict[str, Any]] = {
    "api.conversa_obter": Conversa,
    "api.conversa_iniciar": ConversaIniciada,
    "api.conexao_mensagem_testar": ConversaIniciada,
    "api.conversa_ler": Conversa,
    "api.conversa_digitar": Digitando,
    "api.mensagens_listar": Pagina[Mensagem],
    "api.mensagem_obter": Mensagem,
    "api.mensagem_enviar": MensagemEnviada,
    "api.mensagem_cancelar": Mensagem,
    "api.mensagem_desfazer": Mensagem,
    "api.midia_enviar": Mensagem,
    "api.mensagem_reenviar": Mensagem,
    "api.agendadas_listar": Pagina[Agendada],
    "api.agendada_obter": Agendada,
    "api.agendada_criar": Agendada,
    "api.agendada_atualizar": Agendada,
    "api.agendada_cancelar": Agendada,
}
