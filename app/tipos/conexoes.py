"""Bodies and answers of connections and templates."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta

from app.tipos.comum import Corpo, Pagina, Resposta, Versao

ConexaoStatus = Literal["ATIVA", "PAUSADA", "ERRO", "DESATIVADA"]
InstanciaStatus = Literal["DESCONECTADA", "CONECTANDO", "CONECTADA", "HIBERNADA"]
Qualidade = Literal["GREEN", "YELLOW", "RED", "UNKNOWN"]
Categoria = Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
IdExterno = Annotated[str, Meta(pattern=r"^[0-9]{5,30}$")]
# what an HTTP header can carry: visible ASCII
Segredo = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[\x21-\x7e]+$")]
Nome = Annotated[str, Meta(min_length=2, max_length=80)]
NomeInstancia = Annotated[str, Meta(min_length=1, max_length=100)]
UrlBase = Annotated[str, Meta(min_length=8, max_length=300, description="Endereço do servidor UaiZap.")]
Teto = Annotated[int, Meta(ge=15, le=1000, description="Mensagens por segundo que o provedor aceita deste número.")]

Reabertura = Annotated[
    Literal["REABRIR", "NOVA"],
    Meta(description="REABRIR = quem escreve até reaberturaHoras depois de resolvida volta à mesma conversa."),
]
ReaberturaHoras = Annotated[int, Meta(ge=0, le=8760)]


class Credenciais(Corpo):
    """What Meta gave for the number. No answer ever carries them back."""

    phone_number_id: IdExterno
    waba_id: IdExterno
    access_token: Segredo
    app_secret: Segredo | None = None
    verify_token: Segredo | None = None


class CredenciaisTrocar(Corpo):
    """Only what changes; the rest stays."""

    phone_number_id: IdExterno | None = None
    waba_id: IdExterno | None = None
    access_token: Segredo | None = None
    app_secret: Segredo | None = None
    verify_token: Segredo | None = None


class InstanciaCriar(Corpo):
    """A device at a UaiZap server: with `token`, one that exists; with only `admin_token`, one made for it."""

    url_base: UrlBase
    token: Segredo | None = None
    admin_token: Segredo | None = None
    nome: NomeInstancia | None = None


class InstanciaTrocar(Corpo):
    """Only what changes; the rest stays."""

    url_base: UrlBase | None = None
    token: Segredo | None = None
    admin_token: Segredo | None = None
    nome: NomeInstancia | None = None


class ConexaoCriar(Corpo):
    """`credenciais` for META_API, `instancia` for UAIZAP."""

    nome: Nome
    canal: Literal["WHATSAPP"]
    provedor: Literal["META_API", "UAIZAP"]
    credenciais: Credenciais | None = None
    instancia: InstanciaCriar | None = None
    teto_por_segundo: Teto = 80


class ConexaoAtualizar(Corpo):
    nome: Nome | None = None
    teto_por_segundo: Teto | None = None
    credenciais: CredenciaisTrocar | None = None
    instancia: InstanciaTrocar | None = None
    reabertura: Reabertura | None = None
    reabertura_horas: ReaberturaHoras | None = None
    versao: Versao | None = None


class CredenciaisPresentes(Resposta):
    """Which credentials there are."""

    phone_number_id: bool
    waba_id: bool
    access_token: bool
    app_secret: bool
    verify_token: bool


class Parear(Corpo):
    """With the phone of the device the answer is a code to type on it; without, an image to scan."""

    telefone: Annotated[str, Meta(pattern=r"^[1-9][0-9]{7,14}$")] | None = None


class Instancia(Resposta):
    """The device of a connection. `webhook_em`: since when its server knows where events go."""

    url_base: str
    nome: str
    status: InstanciaStatus
    status_motivo: str | None
    status_em: datetime
    numero: str | None
    jid: str | None
    webhook_em: datetime | None
    administrada: bool
    novas_suspensas_ate: datetime | None


class Conexao(Resposta):
    id: UUID
    nome: str
    canal: Literal["WHATSAPP"]
    provedor: Literal["META_API", "UAIZAP"]
    status: ConexaoStatus
    status_motivo: str | None
    suspensa_ate: datetime | None
    numero_exibicao: str | None
    qualidade: Qualidade
    teto_por_segundo: int
    equipe_id: UUID | None
    dono_minutos: int
    reabertura: Literal["REABRIR", "NOVA"]
    reabertura_horas: int
    credenciais: CredenciaisPresentes
    instancia: Instancia | None
    versao: int
    criado_em: datetime
    atualizado_em: datetime


class ConexaoTeste(Resposta):
    """The result of a test; `codigo` is the provider's."""

    aprovado: bool
    codigo: int | None
    motivo: str | None
    conexao: Conexao


class Pareamento(Resposta):
    """What to show to whoever holds the phone; both are null once it is connected."""

    qrcode: str | None
    codigo: str | None
    conexao: Conexao


class WebhookTrocado(Resposta):
    """The new address, shown this once."""

    webhook_url: str
    conexao: Conexao


class InstanciaPermitida(Resposta):
    permitido: bool


class Removido(Resposta):
    id: UUID
    versao: int


class ConexaoCredencial(Resposta):
    """For the edge alone: sealed credentials and the ids that they belong to."""

    id: UUID
    provedor: str
    status: ConexaoStatus
    versao: int
    numero_id_externo: str | None
    conta_id_externa: str | None
    url_base: str | None
    instancia: str | None
    credenciais: str


class ModelosSincronizar(Corpo):
    conexao_id: UUID


class ModeloIgnorado(Resposta):
    nome: str | None
    idioma: str | None


class ModelosSincronizados(Resposta):
    """`ignorados`: what the provider sent and our rules do not know yet."""

    total: int
    criados: int
    atualizados: int
    removidos: int
    ignorados: list[ModeloIgnorado]


class Modelo(Resposta):
    """A template; `variaveis` are the keys that a send must fill, in order."""

    id: UUID
    conexao_id: UUID
    id_externo: str
    nome: str
    idioma: str
    categoria: Categoria
    status: str
    qualidade: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"]
    formato: Literal["POSITIONAL", "NAMED"]
    componentes: list[dict[str, Any]]
    variaveis: list[str]
    versao: int
    criado_em: datetime
    atualizado_em: datetime


CONTRATOS: Final[dict[str, Any]] = {
    "api.conexao_criar": Conexao,
    "api.conexao_obter": Conexao,
    "api.conexao_atualizar": Conexao,
    "api.conexao_ativar": Conexao,
    "api.conexao_desativar": Conexao,
    "api.conexao_remover": Removido,
    "api.conexoes_listar": Pagina[Conexao],
    "api.conexao_teste_concluir": ConexaoTeste,
    "api.conexao_credencial_obter": ConexaoCredencial,
    "api.instancia_preparar": InstanciaPermitida,
    "api.instancia_criar": Conexao,
    "api.instancia_atualizar": Conexao,
    "api.instancia_teste_concluir": ConexaoTeste,
    "api.instancia_segredo_trocar": Conexao,
    "api.instancia_webhook_concluir": Conexao,
    "api.modelos_credencial_obter": ConexaoCredencial,
    "api.modelos_sincronizar": ModelosSincronizados,
    "api.modelos_listar": Pagina[Modelo],
    "api.modelo_obter": Modelo,
}
