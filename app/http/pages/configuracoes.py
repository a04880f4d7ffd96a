"""Settings: what is one's own, and what is the company's. Plain forms, one section a page."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from msgspec import Struct

from app import senhas
from app.erros import Erro
from app.http.fatores import provar_senha
from app.http.pages.aparelho import reconhecer
from app.http.pages.campos import ler_campos
from app.http.pages.convite import conferir_nova
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.tipos.identidade import Fator

Dados = dict[str, Any]


class Secao(Struct, frozen=True):
    """One entry of the side list, for who has every one of `permissoes`."""

    caminho: str
    nome: str
    permissoes: frozenset[str] = frozenset()


DE_CADA_UM: Final = (
    Secao("perfil", "Meu perfil"),
    Secao("seguranca", "Segurança"),
    Secao("notificacoes", "Notificações"),
    Secao("atalhos", "Atalhos do teclado"),
    Secao("aparencia", "Aparência e idioma"),
)
DA_EMPRESA: Final = (
    Secao("respostas", "Respostas rápidas", frozenset({"conversas:responder"})),
    Secao("empresa", "Empresa e plano", frozenset({"usuarios:ler"})),
    Secao("horarios", "Horários e feriados", frozenset({"equipes:ler"})),
    Secao("motivos", "Motivos de resolução", frozenset({"atendimento:gerir", "conversas:ler"})),
)
# what is offered; any other name of the base may be typed
FUSOS: Final = tuple(
    f"America/{lugar}"
    for lugar in (
        "Sao_Paulo", "Bahia", "Fortaleza", "Recife", "Maceio", "Belem", "Araguaina", "Campo_Grande", "Cuiaba",
        "Manaus", "Porto_Velho", "Boa_Vista", "Santarem", "Rio_Branco", "Noronha",
    )
)  # fmt: skip


async def mostrar(pagina: Pagina, secao: str, status: int = 200, **dados: Any) -> Html:
    """One section, beside the list of all of them. `qual` names the form that was refused."""
    vazios = {"erro": None, "qual": "", "digitado": None}
    da_empresa = [s for s in DA_EMPRESA if s.permissoes.issubset(pagina.eu["permissoes"])]
    secoes = {"de_cada_um": DE_CADA_UM, "da_empresa": da_empresa, "secao": secao.partition("/")[0]}
    return await pagina.mostrar(f"config_{secao.replace('/', '_')}.html", status, **{**secoes, **vazios, **dados})


async def _seguranca(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    lida = await pagina.chamada.ler("api.sessoes_listar", Dados, p_limite=100)
    sessoes = [{**s, "aparelho": reconhecer(s["agente"])} for s in lida["dados"]]
    fator = await pagina.chamada.ler("api.fator_obter", Fator)
    return await mostrar(pagina, "seguranca", status, sessoes=sessoes, fator=fator, **dados)


async def _empresa(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    empresa = await pagina.chamada.ler("api.empresa_obter", Dados)
    return await mostrar(pagina, "empresa", status, empresa=empresa, fusos=FUSOS, **dados)


class PaginaConfiguracoes(Controller):
    path = "/configuracoes"

    @get("/", **PAGINA)
    async def inicio(self) -> Redirect:
        return Redirect("/configuracoes/perfil", status_code=HTTP_303_SEE_OTHER)

    @get("/perfil", **PAGINA)
    async def perfil(self, pagina: ComPagina) -> Html:
        return await mostrar(pagina, "perfil")

    @post("/perfil", **PAGINA)
    async def mudar_perfil(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto("api.eu_atualizar", p_nome=campos.um("nome"))
        except Erro as erro:
            return await mostrar(pagina, "perfil", pagina.recusa(erro), erro=erro, digitado=campos.digitado())
        return pagina.ir("/configuracoes/perfil", "Perfil salvo")

    @get("/seguranca", **PAGINA)
    async def seguranca(self, pagina: ComPagina) -> Html:
        return await _seguranca(pagina)

    @post("/seguranca/senha", **PAGINA)
    async def trocar_senha(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            nova = conferir_nova(campos.cru("senha"), campos.cru("repetida"))
            prova = await provar_senha(pagina.chamada, campos.cru("atual"))
            await pagina.chamada.objeto("api.senha_trocar", **prova, p_senha_hash=await senhas.gerar(nova))
        except Erro as erro:
            return await _seguranca(pagina, pagina.recusa(erro), erro=erro, qual="senha")
        return pagina.ir("/configuracoes/seguranca", "Senha trocada; as outras sessões foram encerradas")

    @post("/seguranca/sessoes/{id:uuid}", **PAGINA)
    async def revogar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.sessao_revogar", p_id=id)
        return pagina.ir("/configuracoes/seguranca", "Sessão encerrada")

    @post("/seguranca/sessoes", **PAGINA)
    async def revogar_outras(self, pagina: ComPagina) -> Response[Any]:
        await pagina.chamada.objeto("api.sessoes_revogar")
        return pagina.ir("/configuracoes/seguranca", "As outras sessões foram encerradas")

    @get("/empresa", **PAGINA)
    async def empresa(self, pagina: ComPagina) -> Html:
        return await _empresa(pagina)

    @post("/empresa", **PAGINA)
    async def mudar_empresa(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.empresa_atualizar", p_nome=campos.um("nome"), p_fuso=campos.opcional("fuso"),
                p_sla_minutos=campos.inteiro("sla_minutos"), p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            return await _empresa(pagina, pagina.recusa(erro), erro=erro, digitado=campos.digitado())
        return pagina.ir("/configuracoes/empresa", "Empresa salva")
