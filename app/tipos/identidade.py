"""Bodies and answers of identity: sessions, users, teams, profiles."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, field

from app.tipos.comum import Corpo, Email, Pagina, Resposta, Versao

Visibilidade = Literal["PROPRIA", "EQUIPE", "TODAS"]
PerfilCodigo = Literal["ADMINISTRADOR", "SUPERVISOR", "ATENDENTE"]
Distribuicao = Literal["MANUAL", "AUTOMATICA"]
Disponibilidade = Literal["DISPONIVEL", "PAUSA", "AUSENTE"]
EnviarCom = Literal["ENTER", "CTRL_ENTER"]
AposEnviar = Literal["FICAR", "PROXIMA", "VOLTAR"]
Hora = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Nome = Annotated[str, Meta(min_length=2, max_length=120)]
NomeCurto = Annotated[str, Meta(min_length=2, max_length=80)]
Permissao = Annotated[str, Meta(max_length=61, pattern=r"^[a-z_]{2,30}:[a-z_]{2,30}$")]
SenhaNova = Annotated[str, Meta(min_length=10, max_length=200, pattern=r"\S")]
SenhaInformada = Annotated[str, Meta(min_length=1, max_length=200)]
Token = Annotated[str, Meta(min_length=1, max_length=200)]


Codigo = Annotated[str, Meta(min_length=1, max_length=64)]


class Entrar(Corpo):
    """`codigo`: of the second factor, or a recovery code; only of those who turned it on (ZAI03 asks for it)."""

    email: Email
    senha: SenhaInformada
    codigo: Codigo | None = None


class Renovar(Corpo):
    refresh_token: Token


class SenhaTrocar(Corpo):
    senha_atual: SenhaInformada
    senha_nova: SenhaNova


class PerfilResumo(Resposta):
    id: UUID
    codigo: PerfilCodigo | None
    nome: str
    visibilidade: Visibilidade


class ClienteResumo(Resposta):
    id: UUID
    nome: str
    fuso: str
    sla_minutos: int


class Prova(Resposta):
    """What the edge remembers of a live session; `topicos`: what it may see; `grupo`: with whom it shares that."""

    cliente_id: UUID
    usuario_id: UUID
    perfil_id: UUID
    visibilidade: Visibilidade
    grupo: str
    topicos: frozenset[str]
    permissoes: frozenset[str]
    expira_em: datetime


class Identidade(Resposta):
    """Who is using the session."""

    id: UUID
    nome: str
    email: str
    perfil: PerfilResumo
    permissoes: list[str]
    cliente: ClienteResumo


class Preferencias(Resposta):
    """What somebody chose for the own screen; `versao` 0 = nothing yet."""

    atalhos: dict[str, str]
    atalhos_ligados: bool
    enviar_com: EnviarCom
    apos_enviar: AposEnviar
    som: bool
    avisos_navegador: bool
    avisos_fila: bool
    avisos_texto: bool
    silencio_de: str | None
    silencio_ate: str | None
    tela: dict[str, Any]
    versao: int


class PreferenciasAtualizar(Corpo):
    """Absent = stays. `atalhos` comes whole; `tela` is joined to what there is; `limpar` empties `silencio`."""

    atalhos: dict[str, str] | None = None
    atalhos_ligados: bool | None = None
    enviar_com: EnviarCom | None = None
    apos_enviar: AposEnviar | None = None
    som: bool | None = None
    avisos_navegador: bool | None = None
    avisos_fila: bool | None = None
    avisos_texto: bool | None = None
    silencio_de: Hora | None = None
    silencio_ate: Hora | None = None
    tela: dict[str, Any] | None = None
    limpar: list[Literal["silencio"]] = []  # noqa: RUF012
    versao: int | None = None


class Eu(Identidade):
    """Who is using the session, as the screen needs it. `recebeOfertas`: a team's queue may offer conversations."""

    disponibilidade: Disponibilidade
    preferencias: Preferencias
    recebe_ofertas: bool


class FatorSelado(Resposta):
    """A second factor's secret, sealed, and the 30-second step it is now."""

    id: UUID
    segredo: str
    passo: int


class FatorPendente(Resposta):
    fator: FatorSelado | None


class LoginPreparado(FatorPendente):
    cliente_id: UUID | None
    senha_hash: str | None


class SenhaPreparada(Resposta):
    senha_hash: str | None


class FatorProva(FatorPendente):
    """What the edge needs to check a password and a code of the second factor."""

    senha_hash: str | None


class Fator(Resposta):
    """`reservas`: recovery codes not used yet."""

    ativo: bool
    ativado_em: datetime | None
    reservas: int


class SenhaConferir(Corpo):
    senha_atual: SenhaInformada


class FatorConfirmar(Corpo):
    codigo: Codigo


class FatorProvar(SenhaConferir):
    """`codigo`: of the authenticator, or a recovery code."""

    codigo: Codigo


class FatorIniciado(Resposta):
    """`chave`: typed into an authenticator; `endereco`: the same, for a QR code."""

    chave: str
    endereco: str


class FatorLigado(Resposta):
    """`codigos`: the recovery codes, never shown again."""

    codigos: list[str]
    ativado_em: datetime | None


class SessaoRenovada(Resposta):
    """What the database says of new secrets that only the edge knows."""

    cliente_id: UUID
    expira_em: datetime
    renovacao_expira_em: datetime


class SessaoEstendida(Resposta):
    expira_em: datetime


class SessaoAberta(SessaoRenovada):
    usuario: Identidade


class Tokens(Resposta):
    """A pair of tokens: accessToken goes in `Authorization: Bearer`, refreshToken buys the next pair, once."""

    access_token: str
    refresh_token: str
    expira_em: datetime
    renovacao_expira_em: datetime


class Entrada(Tokens):
    usuario: Identidade


class SoId(Resposta):
    id: UUID


class Sessao(Resposta):
    id: UUID
    origem: str | None
    agente: str | None
    canal: Literal["API", "NAVEGADOR"]
    criada_em: datetime
    renovada_em: datetime
    expira_em: datetime
    atual: bool


class EquipeResumo(Resposta):
    id: UUID
    nome: str


class Usuario(Resposta):
    """`conviteExpiraEm`: of the link to define a password, while unused."""

    id: UUID
    nome: str
    email: str
    ativo: bool
    perfil: PerfilResumo
    equipes: list[EquipeResumo]
    capacidade: int
    disponibilidade: Disponibilidade
    disponibilidade_motivo: str | None
    disponibilidade_em: datetime
    ultimo_acesso_em: datetime | None
    convite_expira_em: datetime | None
    segundo_fator: bool
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class UsuarioDesativado(Usuario):
    """What became of the conversations that the person had: given to another, or back in their queues."""

    conversas_dadas: int
    conversas_devolvidas: int


class ConversasDaFila(Resposta):
    """`equipeId` null: everybody's queue."""

    equipe_id: UUID | None
    nome: str | None
    conversas: int


class ConversasDoUsuario(Resposta):
    conversas: int
    filas: list[ConversasDaFila]


class UsuarioConvidar(Corpo):
    nome: Nome
    email: Email
    perfil_id: UUID
    equipe_ids: Annotated[list[UUID], Meta(max_length=200)] = field(default_factory=list)


class ConviteGravado(Resposta):
    """What the database says of a link whose secret only the edge knows."""

    usuario_id: UUID
    expira_em: datetime


class ConviteCriado(ConviteGravado):
    """`url` opens once, until `expiraEm`, and is never shown again."""

    url: str


class Convite(Resposta):
    """Whose link it is, for whoever opens it."""

    nome: str
    email: str
    empresa: str
    expira_em: datetime


class ConviteAceito(Resposta):
    id: UUID
    email: str


class EuAtualizar(Corpo):
    nome: Nome


class Uso(Resposta):
    maximo: int
    usados: int


class Empresa(Resposta):
    """`licencaExpiraEm` null: no end."""

    id: UUID
    nome: str
    fuso: str
    sla_minutos: int
    plano: str
    licenca_expira_em: datetime | None
    usuarios: Uso
    conexoes: Uso
    contatos: Uso
    versao: int


class EmpresaAtualizar(Corpo):
    """What is absent or null stays as it is."""

    nome: Nome | None = None
    fuso: Annotated[str, Meta(min_length=3, max_length=60)] | None = None
    sla_minutos: Annotated[int, Meta(ge=1, le=10080)] | None = None
    versao: Versao | None = None


class UsuarioCriar(Corpo):
    nome: Nome
    email: Email
    senha: SenhaNova
    perfil_id: UUID


class UsuarioAtualizar(Corpo):
    """What is absent or null stays as it is."""

    nome: Nome | None = None
    email: Email | None = None
    perfil_id: UUID | None = None
    senha: SenhaNova | None = None
    equipe_ids: Annotated[list[UUID], Meta(max_length=200)] | None = None
    versao: Versao | None = None


class Membro(Resposta):
    id: UUID
    nome: str


class Equipe(Resposta):
    """`calendarioId` null = always open. `proximaAbertura`: now, when open; null when nothing opens within 400 days."""

    id: UUID
    nome: str
    ativo: bool
    calendario_id: UUID | None
    distribuicao: Distribuicao
    oferta_segundos: int
    aberta: bool
    proxima_abertura: datetime | None
    membros: list[Membro]
    versao: int
    criado_em: datetime
    atualizado_em: datetime


Membros = Annotated[list[UUID], Meta(max_length=500)]


class EquipeCriar(Corpo):
    nome: NomeCurto
    membros: Membros = field(default_factory=list)


class EquipeAtualizar(Corpo):
    """What is absent or null stays as it is; `membros` replaces the whole list."""

    nome: NomeCurto | None = None
    ativo: bool | None = None
    membros: Membros | None = None
    versao: Versao | None = None


class Perfil(Resposta):
    id: UUID
    codigo: PerfilCodigo | None
    nome: str
    visibilidade: Visibilidade
    permissoes: list[str]
    usuarios: int
    versao: int
    criado_em: datetime
    atualizado_em: datetime


Permissoes = Annotated[list[Permissao], Meta(max_length=200)]


class PerfilCriar(Corpo):
    nome: NomeCurto
    visibilidade: Visibilidade
    permissoes: Permissoes


class PerfilAtualizar(Corpo):
    """What is absent or null stays as it is; `permissoes` replaces the whole list."""

    nome: NomeCurto | None = None
    visibilidade: Visibilidade | None = None
    permissoes: Permissoes | None = None
    versao: Versao | None = None


class PermissaoDoCatalogo(Resposta):
    codigo: str
    descricao: str


class PermissaoConferida(Resposta):
    permissao: str


CONTRATOS: Final[dict[str, Any]] = {
    "api.login_preparar": LoginPreparado,
    "api.login_concluir": SessaoAberta,
    "api.sessao_renovar": SessaoRenovada,
    "api.sessao_estender": SessaoEstendida,
    "api.sessao_encerrar": SoId,
    "api.sessoes_listar": Pagina[Sessao],
    "api.sessao_revogar": SoId,
    "api.login_fator_preparar": FatorPendente,
    "api.login_fator_concluir": SessaoAberta,
    "api.fator_obter": Fator,
    "api.fator_iniciar": SoId,
    "api.fator_preparar": FatorSelado,
    "api.fator_ativar": Fator,
    "api.fator_prova_preparar": FatorProva,
    "api.fator_remover": Fator,
    "api.fator_reservas_trocar": Fator,
    "api.usuario_fator_remover": Usuario,
    "api.senha_preparar": SenhaPreparada,
    "api.senha_trocar": SoId,
    "api.eu_obter": Eu,
    "api.permissao_conferir": PermissaoConferida,
    "api.preferencias_obter": Preferencias,
    "api.preferencias_atualizar": Preferencias,
    "api.sessao_obter": Prova,
    "api.usuarios_listar": Pagina[Usuario],
    "api.usuario_obter": Usuario,
    "api.usuario_criar": Usuario,
    "api.usuario_atualizar": Usuario,
    "api.usuario_desativar": UsuarioDesativado,
    "api.usuario_conversas_contar": ConversasDoUsuario,
    "api.usuario_convidar": ConviteGravado,
    "api.usuarios_buscar": Pagina[Usuario],
    "api.convite_criar": ConviteGravado,
    "api.convite_obter": Convite,
    "api.convite_aceitar": ConviteAceito,
    "api.eu_atualizar": Identidade,
    "api.empresa_obter": Empresa,
    "api.empresa_atualizar": Empresa,
    "api.sessoes_revogar": SoId,
    "api.usuario_ativar": Usuario,
    "api.equipes_listar": Pagina[Equipe],
    "api.equipe_obter": Equipe,
    "api.equipe_criar": Equipe,
    "api.equipe_atualizar": Equipe,
    "api.equipe_remover": SoId,
    "api.perfis_listar": Pagina[Perfil],
    "api.perfil_obter": Perfil,
    "api.perfil_criar": Perfil,
    "api.perfil_atualizar": Perfil,
    "api.perfil_remover": SoId,
    "api.permissoes_listar": Pagina[PermissaoDoCatalogo],
}
