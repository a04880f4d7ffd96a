"""The people of a tenant: who they are, what they may, how they get in, what becomes of their work when they leave."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.erros import Erro
from app.http import convites
from app.http.pages.campos import Campos, ler_campos
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, formulario, se_puder
from app.tipos.identidade import ConviteCriado

POR_PAGINA: Final = 30
_SITUACAO: Final = {"ativas": True, "desativadas": False}
Texto = Annotated[str, QueryParameter(max_length=100)]
Dados = dict[str, Any]


async def ler_todos(pagina: Pagina, funcao: str, **valores: object) -> list[Dados]:
    """A whole list, for what is chosen from: people, teams and profiles are counted in dozens."""
    itens: list[Dados] = []
    cursor: str | None = None
    while True:
        lida = await pagina.chamada.ler(funcao, Dados, p_limite=200, p_cursor=cursor, **valores)
        itens += lida["dados"]
        cursor = lida["meta"]["proximoCursor"]
        if cursor is None:
            return itens


async def _opcoes(pagina: Pagina) -> Dados:
    """What a person is given: a profile and teams."""
    return {
        "perfis": sorted(await ler_todos(pagina, "api.perfis_listar"), key=lambda p: (p["codigo"] is None, p["nome"])),
        "equipes": sorted(await ler_todos(pagina, "api.equipes_listar"), key=lambda e: e["nome"]),
    }


async def _formulario(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    vazios = {"pessoa": None, "erro": None, "qual": "", "digitado": None, "marcadas": None}
    return await pagina.mostrar("usuario.html", status, **await _opcoes(pagina), **{**vazios, **dados})


async def _da_pessoa(pagina: Pagina, id_: UUID, status: int = 200, **dados: Any) -> Html:
    pessoa = await pagina.chamada.ler("api.usuario_obter", Dados, p_id=id_)
    return await _formulario(pagina, status, pessoa=pessoa, **dados)


def _guardado(erro: Erro, campos: Campos, qual: str = "") -> Dados:
    return {"erro": erro, "qual": qual, "digitado": campos.digitado(), "marcadas": campos.todos("equipes")}


async def _convite(pagina: Pagina, criado: ConviteCriado, titulo: str) -> Html:
    """The link, shown once: nothing keeps it, this answer neither."""
    pessoa = await pagina.chamada.ler("api.usuario_obter", Dados, p_id=criado.usuario_id)
    expira_em = criado.expira_em.isoformat()
    resposta = await pagina.mostrar(
        "usuario_convite.html", pessoa=pessoa, url=criado.url, expira_em=expira_em, titulo=titulo
    )
    resposta.headers["Cache-Control"] = "no-store"
    return resposta


async def _saida(pagina: Pagina, id_: UUID, status: int = 200, **dados: Any) -> Html:
    pessoa = await pagina.chamada.ler("api.usuario_obter", Dados, p_id=id_)
    contadas = await pagina.chamada.ler("api.usuario_conversas_contar", Dados, p_id=id_)
    colegas = [c for c in await ler_todos(pagina, "api.usuarios_buscar", p_ativo=True) if c["id"] != str(id_)]
    vazios = {"erro": None, "digitado": None}
    return await pagina.mostrar(
        "usuario_saida.html", status, pessoa=pessoa, contadas=contadas, colegas=colegas, **{**vazios, **dados}
    )


class PaginaUsuarios(Controller):
    path = "/usuarios"

    @get("/", **PAGINA)
    async def listar(
        self, pagina: ComPagina, q: Texto = "", situacao: Texto = "ativas", perfil: Texto = "", equipe: Texto = "",
        cursor: Annotated[str | None, QueryParameter()] = None,
    ) -> Html:  # fmt: skip
        filtros = {"q": q.strip(), "situacao": situacao, "perfil": perfil, "equipe": equipe}
        lida = await pagina.chamada.ler(
            "api.usuarios_buscar", Dados, p_busca=filtros["q"] or None, p_ativo=_SITUACAO.get(situacao),
            p_perfil_id=perfil or None, p_equipe_id=equipe or None, p_limite=POR_PAGINA, p_cursor=cursor,
        )  # fmt: skip
        seguinte = {**filtros, "cursor": lida["meta"]["proximoCursor"]}
        return await pagina.mostrar(
            "usuarios.html", pessoas=lida["dados"], filtros=filtros, cursor=cursor,
            mais=seguinte["cursor"] and f"/usuarios?{urlencode(seguinte)}",
            empresa=await pagina.chamada.ler("api.empresa_obter", Dados),
            # to filter by, for who may see them
            **(await se_puder(_opcoes(pagina)) or {"perfis": [], "equipes": []}),
        )  # fmt: skip

    @get("/novo", **formulario("usuarios:gerir"))
    async def novo(self, pagina: ComPagina) -> Html:
        return await _formulario(pagina)

    @post("/novo", **PAGINA, status_code=200)
    async def convidar(self, pagina: ComPagina) -> Html:
        campos = await ler_campos(pagina.pedido)
        try:
            criado = await convites.convidar(
                pagina.pedido, pagina.chamada, p_nome=campos.um("nome"), p_email=campos.um("email"),
                p_perfil_id=campos.id("perfil"), p_equipe_ids=campos.ids("equipes"),
            )  # fmt: skip
        except Erro as erro:
            return await _formulario(pagina, pagina.recusa(erro), **_guardado(erro, campos))
        return await _convite(pagina, criado, "Pessoa convidada")

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _da_pessoa(pagina, id)

    @post("/{id:uuid}", **PAGINA)
    async def mudar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.usuario_atualizar", p_id=id, p_nome=campos.um("nome"), p_email=campos.um("email"),
                p_perfil_id=campos.id("perfil"), p_versao=campos.inteiro("versao"),
                p_equipe_ids=campos.ids("equipes") if "equipes" in campos else None,
            )  # fmt: skip
        except Erro as erro:
            return await _da_pessoa(pagina, id, pagina.recusa(erro), **_guardado(erro, campos, "dados"))
        return pagina.ir("/usuarios", "Pessoa salva")

    @post("/{id:uuid}/capacidade", **PAGINA)
    async def mudar_capacidade(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.usuario_atendimento_atualizar", p_id=id, p_capacidade=campos.inteiro("capacidade"),
                p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            return await _da_pessoa(pagina, id, pagina.recusa(erro), **_guardado(erro, campos, "capacidade"))
        return pagina.ir(f"/usuarios/{id}", "Capacidade salva")

    @post("/{id:uuid}/convite", **PAGINA, status_code=200)
    async def convidar_de_novo(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        try:
            criado = await convites.renovar(pagina.pedido, pagina.chamada, id)
        except Erro as erro:
            return await _da_pessoa(pagina, id, pagina.recusa(erro), erro=erro, qual="convite")
        return await _convite(pagina, criado, "Novo link criado")

    @post("/{id:uuid}/fator", **PAGINA)
    async def tirar_fator(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        try:
            await pagina.chamada.objeto("api.usuario_fator_remover", p_id=id)
        except Erro as erro:
            return await _da_pessoa(pagina, id, pagina.recusa(erro), erro=erro, qual="fator")
        return pagina.ir(f"/usuarios/{id}", "Segundo fator tirado")

    @get("/{id:uuid}/desativar", **PAGINA)
    async def conferir_saida(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _saida(pagina, id)

    @post("/{id:uuid}/desativar", **PAGINA)
    async def desativar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.usuario_desativar", p_id=id, p_versao=campos.inteiro("versao"), p_para_id=campos.id("para")
            )
        except Erro as erro:
            return await _saida(pagina, id, pagina.recusa(erro), erro=erro, digitado=campos.digitado())
        return pagina.ir("/usuarios", "Pessoa desativada")

    @post("/{id:uuid}/ativar", **PAGINA)
    async def ativar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto("api.usuario_ativar", p_id=id, p_versao=campos.inteiro("versao"))
        except Erro as erro:
            return await _da_pessoa(pagina, id, pagina.recusa(erro), erro=erro, qual="ativar")
        return pagina.ir(f"/usuarios/{id}", "Pessoa reativada")
