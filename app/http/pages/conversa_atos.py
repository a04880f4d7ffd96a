"""What is done with one conversation: each act has a form that works by itself, and is a dialog where scripts run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.erros import Erro
from app.http.pages.conversas import desenhar, opcoes, vista_de
from app.http.pages.fio import na_vista
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, da_regiao, leitor_de
from app.http.render import traduzir

Digitado = FormMultiDict
Argumentos = Mapping[str, object]


class Ato(Struct, frozen=True):
    """One act: its function, what it takes from the form, what is said when it is done.

    `sai`: the conversation usually leaves the list that one works through. `volta`: it can be undone.
    """

    funcao: str
    titulo: str
    feito: str
    ler: Callable[[Digitado, str], Argumentos]
    sai: bool = False
    volta: bool = True


def _versao(dados: Digitado) -> int | None:
    versao = str(dados.get("versao") or "")
    return int(versao) if versao.isdecimal() and len(versao) < 10 else None


def _nada(dados: Digitado, fuso: str) -> Argumentos:
    return {}


def _texto(dados: Digitado, nome: str) -> str | None:
    return str(dados.get(nome) or "").strip() or None


def ler_destino(dados: Digitado, fuso: str) -> Argumentos:
    return {
        "p_usuario_id": _texto(dados, "usuario"),
        "p_equipe_id": _texto(dados, "equipe"),
        "p_motivo": _texto(dados, "motivo"),
    }


def ler_ate(dados: Digitado, fuso: str) -> Argumentos:
    """The wall clock of the form, in the tenant's zone: what was typed counts before the choice that came marked."""
    escrito = _texto(dados, "ate") or _texto(dados, "quando")
    try:
        return {"p_ate": datetime.fromisoformat(escrito or "").replace(tzinfo=ZoneInfo(fuso))}
    except ValueError:
        return {"p_ate": None}


def ler_motivo(dados: Digitado, fuso: str) -> Argumentos:
    return {"p_motivo_id": _texto(dados, "motivo_id"), "p_observacao": _texto(dados, "observacao")}


def ler_etiquetas(dados: Digitado, fuso: str) -> Argumentos:
    """Marked and not marked before: add; marked before and not now: remove."""
    agora, antes = set(dados.getall("etiqueta", [])), set(dados.getall("antes", []))
    return {"p_adicionar": sorted(agora - antes), "p_remover": sorted(antes - agora)}


ATOS: Final[Mapping[str, Ato]] = {
    "assumir": Ato(
        "api.conversa_assumir",
        "Assumir",
        "A conversa é sua",
        lambda d, _: {"p_tomar": bool(d.get("tomar"))},
    ),
    "atribuir": Ato(
        "api.conversa_atribuir",
        "Atribuir",
        "Conversa atribuída",
        lambda d, _: {"p_usuario_id": _texto(d, "usuario")},
        sai=True,
    ),
    "transferir": Ato("api.conversa_transferir", "Transferir", "Conversa transferida", ler_destino, sai=True),
    "liberar": Ato(
        "api.conversa_liberar",
        "Devolver à fila",
        "Conversa de volta à fila",
        lambda d, _: {"p_motivo": _texto(d, "motivo")},
        sai=True,
    ),
    "adiar": Ato("api.conversa_adiar", "Adiar", "Conversa adiada", ler_ate, sai=True),
    "aguardar": Ato("api.conversa_aguardar", "Aguardar o cliente", "Aguardando o cliente", _nada),
    "resolver": Ato("api.conversa_resolver", "Resolver", "Conversa resolvida", ler_motivo, sai=True),
    "reabrir": Ato(
        "api.conversa_reabrir",
        "Reabrir",
        "Conversa reaberta",
        lambda d, _: {"p_assumir": bool(d.get("assumir"))},
    ),
    "prioridade": Ato(
        "api.conversa_priorizar",
        "Prioridade",
        "Prioridade mudada",
        lambda d, _: {"p_prioridade": _texto(d, "prioridade")},
        volta=False,
    ),
    "etiquetas": Ato("api.conversa_etiquetar", "Etiquetas", "Etiquetas mudadas", ler_etiquetas, volta=False),
    "desfazer": Ato("api.conversa_desfazer", "Desfazer", "Desfeito", _nada, volta=False),
    "nao-lida": Ato(
        "api.conversa_leitura_desfazer", "Marcar como não lida", "Marcada como não lida", _nada, volta=False
    ),
    "silenciar": Ato(
        "api.conversa_silenciar", "Silenciar", "Conversa silenciada: sem som nem avisos", _nada, volta=False
    ),
    "avisar": Ato(
        "api.conversa_silencio_desfazer", "Voltar a avisar", "Os avisos desta conversa voltaram", _nada, volta=False
    ),
}
# those that check what was read; the others say what they want whatever it was
_COM_VERSAO: Final = frozenset(
    {"atribuir", "transferir", "liberar", "adiar", "aguardar", "resolver", "reabrir", "prioridade"}
)


def ato_de(nome: str) -> Ato:
    ato = ATOS.get(nome)
    if ato is None:
        raise NotFoundException()
    return ato


def adiamentos(fuso: str) -> list[dict[str, str]]:
    """Usual hours to come back at, as wall clocks of the tenant."""
    agora = datetime.now(ZoneInfo(fuso)).replace(second=0, microsecond=0)
    amanha = (agora + timedelta(days=1)).replace(hour=9, minute=0)
    segunda = (agora + timedelta(days=7 - agora.weekday())).replace(hour=9, minute=0)
    opcoes_de_hora = (
        ("Daqui a 1 hora", agora + timedelta(hours=1)),
        ("Daqui a 3 horas", agora + timedelta(hours=3)),
        ("Amanhã cedo", amanha),
        ("Segunda-feira", segunda),
    )
    return [{"nome": nome, "valor": em.strftime("%Y-%m-%dT%H:%M"), "em": em.isoformat()} for nome, em in opcoes_de_hora]


async def _formulario(
    pagina: Pagina, id: UUID, nome: str, erro: Erro | None = None, digitado: Digitado | None = None
) -> Html:
    """The form of an act, with what was typed; a conversation that is out of sight by now has only the refusal."""
    conversa: dict[str, Any] | None = None
    try:
        conversa = await pagina.chamada.ler("api.conversa_obter", dict[str, Any], p_id=id)
    except Erro as falta:
        if erro is None or falta.status != 404:
            raise
    return await desenhar(
        pagina,
        "ato.html",
        200 if erro is None else pagina.recusa(erro),
        id=str(id),
        ato=nome,
        titulo_do_ato=ato_de(nome).titulo,
        conversa=conversa,
        vista=vista_de(pagina),
        opcoes=await opcoes(pagina),
        horas=adiamentos(pagina.fuso),
        digitado={} if digitado is None else dict(digitado),
        erro=erro,
    )


def _destino(pagina: Pagina, id: UUID, ato: Ato) -> str:
    return ("/conversas" if ato.sai else f"/conversas/{id}") + vista_de(pagina).consulta()


async def _feito(pagina: Pagina, id: UUID, nome: str, conversa: dict[str, Any]) -> Response[Any]:
    """See the result: the page again, or, where scripts run, the parts that changed and a notice that can undo."""
    ato = ato_de(nome)
    if not da_regiao(pagina.pedido):
        return pagina.ir(_destino(pagina, id, ato), ato.feito)
    aberta = str(id) in pagina.pedido.headers.get("hx-current-url", "")
    if aberta:
        conversa |= await na_vista(pagina.chamada.ler("api.conversa_propria_obter", dict[str, Any], p_id=id)) or {}
    resposta = await desenhar(pagina, "ato_feito.html", conversa=conversa, vista=vista_de(pagina), aberta=aberta)
    t = traduzir(leitor_de(pagina.pedido).idioma)
    desfazer = f"/conversas/{id}/ato/desfazer{vista_de(pagina).consulta()}" if ato.volta else None
    recado = {"id": str(id), "texto": t(ato.feito), "desfazer": desfazer, "nome": t("Desfazer"), "sai": ato.sai}
    # a header holds ASCII only
    resposta.headers["HX-Trigger"] = json.dumps({"ato": recado})
    return resposta


class PaginaAtos(Controller):
    path = "/conversas/{id:uuid}/ato"

    @get("/{ato:str}", **PAGINA)
    async def perguntar(self, pagina: ComPagina, id: FromPath[UUID], ato: FromPath[str]) -> Html:
        ato_de(ato)
        return await _formulario(pagina, id, ato)

    @post("/{ato:str}", **PAGINA)
    async def fazer(self, pagina: ComPagina, id: FromPath[UUID], ato: FromPath[str]) -> Response[Any]:
        pedido, dados = ato_de(ato), await pagina.pedido.form()
        try:
            valores = dict(pedido.ler(dados, pagina.fuso))
            if ato in _COM_VERSAO:
                valores["p_versao"] = _versao(dados)
            conversa = await pagina.chamada.ler(pedido.funcao, dict[str, Any], p_id=id, **valores)
        except Erro as erro:
            return await _formulario(pagina, id, ato, erro, dados)
        return await _feito(pagina, id, ato, conversa)
