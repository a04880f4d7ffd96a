"""What a list of conversations asks and shows, saved views, and what a search finds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.tipos.comum import Corpo, Pagina, Resposta, Versao
from app.tipos.contatos import Cor
from app.tipos.conversas import (
    Controle as ControleDaConversa,
)
from app.tipos.conversas import (
    ConversaDaLista,
    EstadoConversa,
    Ordem,
    Prioridade,
)
from app.tipos.identidade import Disponibilidade

Aba = Literal["MINHAS", "FILA", "TODAS", "MENCOES"]
Janela = Literal["ABERTA", "FECHADA"]
NomeDaVisao = Annotated[str, Meta(min_length=1, max_length=60)]


class ConversasFiltros(Corpo, omit_defaults=True):
    """Filters of a list of conversations, all of which must hold; absent = whatever."""

    aba: Aba | None = None
    status: Annotated[list[EstadoConversa], Meta(min_length=1, max_length=5)] | None = None
    usuario_id: UUID | None = None
    sem_dono: bool | None = None
    equipe_id: UUID | None = None
    conexao_id: UUID | None = None
    contato_id: UUID | None = None
    etiqueta_id: UUID | None = None
    prioridade: Annotated[list[Prioridade], Meta(min_length=1, max_length=4)] | None = None
    controle: ControleDaConversa | None = None
    janela: Janela | None = None
    nao_lidas: bool | None = None
    sem_resposta_minutos: Annotated[int, Meta(ge=1, le=525_600)] | None = None
    atividade_de: Annotated[datetime, Meta(tz=True)] | None = None
    atividade_ate: Annotated[datetime, Meta(tz=True)] | None = None
    campanha_id: UUID | None = None
    texto: Annotated[str, Meta(max_length=200)] | None = None


class VisaoCriar(Corpo):
    """`equipe_id` shares it with a team; without, it is only its author's."""

    nome: NomeDaVisao
    filtros: ConversasFiltros
    ordem: Ordem = "ULTIMA_ATIVIDADE"
    equipe_id: UUID | None = None
    fixada: bool = False


class VisaoAtualizar(Corpo):
    """What is absent stays; null makes it its author's only."""

    nome: NomeDaVisao | None = None
    filtros: ConversasFiltros | None = None
    ordem: Ordem | None = None
    equipe_id: UUID | UnsetType | None = UNSET
    fixada: bool | None = None
    versao: Versao | None = None


class Visao(Resposta):
    id: UUID
    nome: str
    filtros: ConversasFiltros
    ordem: Ordem
    fixada: bool
    equipe_id: UUID | None
    usuario_id: UUID
    propria: bool
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class VisaoRemovida(Resposta):
    id: UUID
    versao: int


class Contagem(Resposta):
    """Counted up to 1000; `mais` says that there are others."""

    total: int
    mais: bool


class ContagemPorAba(Resposta):
    """Of the tabs that were asked for."""

    minhas: Contagem | UnsetType = UNSET
    fila: Contagem | UnsetType = UNSET
    todas: Contagem | UnsetType = UNSET
    mencoes: Contagem | UnsetType = UNSET


class ContagemPorStatus(Resposta):
    aberta: Contagem
    em_atendimento: Contagem
    aguardando_cliente: Contagem
    adiada: Contagem
    resolvida: Contagem


class ConversasContagem(Resposta):
    """`status`: of the tab of the filters, if that one was asked for."""

    abas: ContagemPorAba
    status: ContagemPorStatus | None


class Trecho(Resposta):
    """A piece of plain text; `achado` marks what was searched for."""

    texto: str
    achado: bool


class PessoaAchada(Resposta):
    id: UUID
    nome: str


class MensagemAchada(Resposta):
    id: UUID
    conversa_id: UUID
    contato: PessoaAchada
    direcao: Literal["ENTRADA", "SAIDA"]
    tipo: str
    ocorrido_em: datetime
    trecho: list[Trecho]


class ContatoAchado(Resposta):
    id: UUID
    nome: str
    telefone: str | None


class ConversasAtuais(Resposta):
    """`topicos`: when one was asked for, of whoever sees it."""

    dados: list[ConversaDaLista]
    topicos: list[str] | None


class PessoaQueAtende(Resposta):
    id: UUID
    nome: str
    disponibilidade: Disponibilidade


class Opcao(Resposta):
    id: UUID
    nome: str


class OpcaoDeEtiqueta(Opcao):
    cor: Cor


class ConversasOpcoes(Resposta):
    """What can be chosen when filtering conversations and acting on them."""

    pessoas: list[PessoaQueAtende]
    equipes: list[Opcao]
    numeros: list[Opcao]
    etiquetas: list[OpcaoDeEtiqueta]
    campanhas: list[Opcao]
    motivos: list[Opcao]


class Busca(Resposta):
    contatos: list[ContatoAchado]
    conversas: list[ConversaDaLista]
    mensagens: list[MensagemAchada]


class Quantas(Resposta):
    """Counted up to 1000; `mais` = there are others."""

    total: int
    mais: bool


class PainelNumeros(Resposta):
    fila: Quantas
    atendimento: Quantas
    espera: Quantas
    nao_lidas: Quantas
    periodo: Quantas


class PainelDia(Resposta):
    dia: date
    novas: int


class PainelPassos(Resposta):
    """What a new tenant has done of the first steps."""

    numero: bool
    contatos: bool
    equipe: bool
    campanha: bool


class Painel(Resposta):
    """The dashboard of whoever asks; `parcial` = there were more conversations than `dias` counts."""

    desde: datetime
    ate: datetime
    numeros: PainelNumeros
    dias: list[PainelDia]
    parcial: bool
    passos: PainelPassos


CONTRATOS: Final[dict[str, Any]] = {
    "api.painel_obter": Painel,
    "api.conversas_listar": Pagina[ConversaDaLista],
    "api.conversas_obter": ConversasAtuais,
    "api.conversas_contar": ConversasContagem,
    "api.conversas_opcoes_obter": ConversasOpcoes,
    "api.mensagens_buscar": Pagina[MensagemAchada],
    "api.busca_obter": Busca,
    "api.visoes_listar": Pagina[Visao],
    "api.visao_criar": Visao,
    "api.visao_obter": Visao,
    "api.visao_atualizar": Visao,
    "api.visao_remover": VisaoRemovida,
}
