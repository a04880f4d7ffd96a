"""Working hours: calendars with the ranges of a week, and their holidays."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.erros import Erro
from app.http.pages.campos import Campos, em_json, ler_campos
from app.http.pages.configuracoes import FUSOS, Dados, mostrar
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.http.pages.usuarios import ler_todos

ONDE: Final = "/configuracoes/horarios"
DIAS: Final = range(1, 8)
# shown for each day, at the least: before and after lunch
FAIXAS: Final = 2
Ano = Annotated[int | None, QueryParameter(ge=1970, le=2199)]
Faixa = dict[str, object]


def _faixas(campos: Campos, prefixo: str = "") -> list[Faixa]:
    """The ranges that were typed; an end at 00:00 is the end of the day."""
    pares = zip(campos.todos(f"{prefixo}inicio"), campos.todos(f"{prefixo}fim"), strict=False)
    return [{"inicio": de, "fim": "24:00" if ate == "00:00" else ate} for de, ate in pares if de or ate]


def _da_semana(campos: Campos) -> list[Faixa]:
    return [{"dia": dia, **faixa} for dia in DIAS for faixa in _faixas(campos, f"d{dia}_")]


def _por_dia(faixas: list[Faixa]) -> list[list[Faixa]]:
    """Seven days, each with its ranges and blanks up to FAIXAS."""
    dias = [[f for f in faixas if f["dia"] == dia] for dia in DIAS]
    return [dia + [{"inicio": "", "fim": ""}] * max(FAIXAS - len(dia), 0) for dia in dias]


async def _lista(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    calendarios = sorted(await ler_todos(pagina, "api.calendarios_listar"), key=lambda c: c["nome"])
    return await mostrar(pagina, "horarios", status, calendarios=calendarios, fusos=FUSOS, **dados)


async def _calendario(pagina: Pagina, id_: UUID, ano: int | None = None, status: int = 200, **dados: Any) -> Html:
    lido = await pagina.chamada.ler("api.calendario_obter", Dados, p_id=id_)
    ano = ano or datetime.now(ZoneInfo(lido["fuso"])).year
    feriados = await ler_todos(pagina, "api.feriados_listar", p_calendario_id=id_, p_ano=ano)
    digitadas = dados.pop("faixas", None)
    return await mostrar(
        pagina, "horarios/calendario", status, calendario=lido, ano=ano, feriados=feriados, fusos=FUSOS,
        semana=_por_dia(lido["faixas"] if digitadas is None else digitadas), **dados,
    )  # fmt: skip


class PaginaHorarios(Controller):
    path = ONDE

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina) -> Html:
        return await _lista(pagina)

    @post("/", **PAGINA)
    async def criar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        comercial = [
            {"dia": dia, "inicio": inicio, "fim": fim}
            for dia in range(1, 6)
            for inicio, fim in (("08:00", "12:00"), ("13:00", "18:00"))
        ]
        try:
            criado = await pagina.chamada.ler(
                "api.calendario_criar", Dados, p_nome=campos.um("nome"), p_fuso=campos.opcional("fuso"),
                p_faixas=em_json(comercial),
            )  # fmt: skip
        except Erro as erro:
            return await _lista(pagina, pagina.recusa(erro), erro=erro, digitado=campos.digitado())
        return pagina.ir(f"{ONDE}/{criado['id']}", "Calendário criado: confira os horários da semana")

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID], ano: Ano = None) -> Html:
        return await _calendario(pagina, id, ano)

    @post("/{id:uuid}", **PAGINA)
    async def mudar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        faixas = _da_semana(campos)
        try:
            await pagina.chamada.objeto(
                "api.calendario_atualizar", p_id=id, p_nome=campos.um("nome"), p_fuso=campos.opcional("fuso"),
                p_faixas=em_json(faixas), p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            status = pagina.recusa(erro)
            guardado = {"erro": erro, "qual": "semana", "digitado": campos.digitado(), "faixas": faixas}
            return await _calendario(pagina, id, None, status, **guardado)
        return pagina.ir(f"{ONDE}/{id}", "Horários salvos")

    @post("/{id:uuid}/remover", **PAGINA)
    async def remover(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto("api.calendario_remover", p_id=id, p_versao=campos.inteiro("versao"))
        except Erro as erro:
            return await _calendario(pagina, id, None, pagina.recusa(erro), erro=erro, qual="remover")
        return pagina.ir(ONDE, "Calendário removido")

    @post("/{id:uuid}/feriados", **PAGINA)
    async def criar_feriado(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.feriado_criar", p_calendario_id=id, p_data=campos.opcional("data"), p_nome=campos.um("nome"),
                p_faixas=em_json(_faixas(campos)),
            )  # fmt: skip
        except Erro as erro:
            status = pagina.recusa(erro)
            return await _calendario(pagina, id, None, status, erro=erro, qual="feriado", digitado=campos.digitado())
        return pagina.ir(f"{ONDE}/{id}?ano={campos.um('data')[:4]}#feriados", "Feriado salvo")

    @post("/{id:uuid}/feriados/importar", **PAGINA)
    async def importar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.feriados_importar", p_calendario_id=id, p_ano=campos.inteiro("ano"),
                p_facultativos=campos.um("facultativos") == "sim",
            )  # fmt: skip
        except Erro as erro:
            return await _calendario(pagina, id, None, pagina.recusa(erro), erro=erro, qual="importar")
        return pagina.ir(f"{ONDE}/{id}?ano={campos.um('ano')}#feriados", "Feriados nacionais postos no calendário")

    @post("/{id:uuid}/feriados/{feriado:uuid}/remover", **PAGINA)
    async def remover_feriado(self, pagina: ComPagina, id: FromPath[UUID], feriado: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        await pagina.chamada.objeto("api.feriado_remover", p_id=feriado, p_versao=campos.inteiro("versao"))
        return pagina.ir(f"{ONDE}/{id}?ano={campos.um('ano')}#feriados", "Feriado tirado")
