"""What stands around the list of conversations: its filters, its counts, saved views and the search."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation
from msgspec import UNSET

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.tipos.conversas import Controle, EstadoConversa, Ordem, Prioridade
from app.tipos.listas import Aba, Janela, VisaoAtualizar, VisaoCriar

Instante = datetime | None
DA_BUSCA: Final = {"busca": "q"}
DO_TEXTO: Final = {"busca": "texto"}
Texto = Annotated[str, QueryParameter(name="q", min_length=1, max_length=200, description="O que procurar.")]
OrdemPedida = Annotated[
    Ordem | None,
    QueryParameter(name="ordem", description="Ausente: ESPERA na aba FILA, ULTIMA_ATIVIDADE nas outras."),
]
CursorDaLista = Annotated[
    str | None,
    QueryParameter(
        name="cursor", pattern="^[0-9a-f]{50}$", description="`meta.proximoCursor` da página anterior, da mesma ordem."
    ),
]


def dar_filtros(
    aba: Annotated[Aba | None, QueryParameter(description="TODAS, se ausente.")] = None,
    status: Annotated[list[EstadoConversa] | None, QueryParameter(max_items=5)] = None,
    usuario_id: Annotated[UUID | None, QueryParameter(name="usuarioId")] = None,
    sem_dono: Annotated[bool | None, QueryParameter(name="semDono")] = None,
    equipe_id: Annotated[UUID | None, QueryParameter(name="equipeId")] = None,
    conexao_id: Annotated[UUID | None, QueryParameter(name="conexaoId")] = None,
    contato_id: Annotated[UUID | None, QueryParameter(name="contatoId")] = None,
    etiqueta_id: Annotated[
        UUID | None, QueryParameter(name="etiquetaId", description="Da conversa ou da pessoa.")
    ] = None,
    prioridade: Annotated[list[Prioridade] | None, QueryParameter(max_items=4)] = None,
    controle: Annotated[Controle | None, QueryParameter()] = None,
    janela: Annotated[Janela | None, QueryParameter(description="A de 24 horas.")] = None,
    nao_lidas: Annotated[bool | None, QueryParameter(name="naoLidas")] = None,
    sem_resposta_minutos: Annotated[int | None, QueryParameter(name="semRespostaMinutos", ge=1, le=525_600)] = None,
    atividade_de: Annotated[Instante, QueryParameter(name="atividadeDe")] = None,
    atividade_ate: Annotated[Instante, QueryParameter(name="atividadeAte")] = None,
    campanha_id: Annotated[UUID | None, QueryParameter(name="campanhaId", description="Só de quem a recebeu.")] = None,
    texto: Annotated[
        str | None, QueryParameter(max_length=200, description="No nome, no telefone ou nas mensagens.")
    ] = None,
) -> dict[str, object]:
    filtros = {
        "aba": aba, "status": status, "usuarioId": usuario_id, "semDono": sem_dono, "equipeId": equipe_id,
        "conexaoId": conexao_id, "contatoId": contato_id, "etiquetaId": etiqueta_id, "prioridade": prioridade,
        "controle": controle, "janela": janela, "naoLidas": nao_lidas, "semRespostaMinutos": sem_resposta_minutos,
        "atividadeDe": atividade_de, "atividadeAte": atividade_ate, "campanhaId": campanha_id, "texto": texto,
    }  # fmt: skip
    return {nome: valor for nome, valor in filtros.items() if valor is not None}


Filtros = NamedDependency[SkipValidation[dict[str, object]]]


class Visoes(Controller):
    path = "/api/visoes"
    tags = ["Visões salvas"]  # noqa: RUF012

    @get("/", **documento("api.visoes_listar", resumo="Listar visões salvas, próprias e das equipes"))
    async def listar(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.visoes_listar", p_limite=limite, p_cursor=cursor)

    @post("/", **documento("api.visao_criar", status=201, resumo="Salvar uma visão da lista de conversas"))
    async def criar(self, data: JSONBody[VisaoCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.visao_criar", **argumentos(data), p_chave_idempotencia=chave)

    @get("/{id:uuid}", **documento("api.visao_obter", resumo="Obter visão salva"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.visao_obter", p_id=id)

    @patch("/{id:uuid}", **documento("api.visao_atualizar", resumo="Mudar visão salva"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[VisaoAtualizar], chamada: Chamada) -> Json:
        valores = argumentos(data)
        valores["p_equipe_id"] = None if data.equipe_id is UNSET else data.equipe_id
        return await chamada.objeto(
            "api.visao_atualizar", p_id=id, **valores, p_limpar=["equipeId"] if data.equipe_id is None else []
        )

    @delete("/{id:uuid}", **documento("api.visao_remover", resumo="Remover visão salva"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.visao_remover", p_id=id, p_versao=versao)


class Buscas(Controller):
    path = "/api/busca"
    tags = ["Busca"]  # noqa: RUF012

    @get("/painel", **documento("api.painel_obter", resumo="O painel: cinco números e as conversas novas por dia"))
    async def painel(
        self, chamada: Chamada, dias: Annotated[int, QueryParameter(ge=1, le=90, description="Com hoje.")] = 7
    ) -> Json:
        return await chamada.objeto("api.painel_obter", p_dias=dias)

    @get("/", **documento("api.busca_obter", resumo="Procurar em contatos, conversas e mensagens", campos=DA_BUSCA))
    async def obter(self, q: Texto, chamada: Chamada) -> Json:
        return await chamada.objeto("api.busca_obter", p_busca=q)

    @get(
        "/mensagens",
        **documento("api.mensagens_buscar", resumo="Procurar mensagens, em uma conversa ou em todas", campos=DA_BUSCA),
    )
    async def mensagens(
        self,
        q: Texto,
        chamada: Chamada,
        conversa_id: Annotated[UUID | None, QueryParameter(name="conversaId")] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.mensagens_buscar", p_busca=q, p_conversa_id=conversa_id, p_limite=limite, p_cursor=cursor
        )
