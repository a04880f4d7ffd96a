"""The five steps that make a campaign, each with an address of its own and stored before the next is shown."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from msgspec import Raw, json

from app.erros import Erro
from app.http.pages.campanha_formularios import (
    desenhar,
    hora_escrita,
    ler_hora,
    ler_intervalo,
    ler_publico,
    ler_variaveis,
    publico_campos,
    publico_digitado,
    publico_escrito,
    ritmo_escrito,
    variavel_escrita,
)
from app.http.pages.campos import Campos, ler_campos
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina

PASSOS: Final = ("publico", "modelo", "envio", "revisao", "lancar")
_AMOSTRA: Final = 5
_MODELOS_POR_PAGINA: Final = 20


def _json(valor: object) -> Raw:
    return Raw(json.encode(valor))


def _passo(id: UUID | str, passo: str) -> str:
    return f"/campanhas/{id}/editar/{passo}"


def _versao(dados: Campos) -> int | None:
    texto = dados.um("versao")
    return int(texto) if texto.isdecimal() and len(texto) < 10 else None


def _destino(id: UUID | str, dados: Campos, seguinte: str) -> str:
    """Where the pressed button leads: a step, or out of the form."""
    onde = dados.um("ir")
    return f"/campanhas/{id}" if onde == "sair" else _passo(id, onde if onde in PASSOS else seguinte)


def _seguir(onde: str) -> Response[Any]:
    return Redirect(onde, status_code=HTTP_303_SEE_OTHER)


async def _rascunho(pagina: Pagina, id: UUID) -> dict[str, Any]:
    lido: dict[str, Any] = await pagina.chamada.ler("api.campanha_rascunho_obter", dict[str, Any], p_id=id)
    return lido


async def _etiquetas(pagina: Pagina) -> list[dict[str, Any]]:
    lida: dict[str, Any] = await pagina.chamada.ler("api.etiquetas_listar", dict[str, Any], p_limite=200)
    return list(lida["dados"])


async def _contagem(pagina: Pagina, filtro: dict[str, Any] | None, id: UUID | None) -> dict[str, Any]:
    """Who the public's step reaches now; a filter that says nothing valid yet is told instead."""
    try:
        conta: dict[str, Any] = await pagina.chamada.ler(
            "api.campanha_publico_simular",
            dict[str, Any],
            p_filtro=_json(filtro or {}),
            p_id=id if filtro is None else None,
            p_amostra=_AMOSTRA,
        )
    except Erro as erro:
        return {"contagem": None, "contagem_erro": erro, "status": pagina.recusa(erro)}
    return {"contagem": conta, "contagem_erro": None, "status": 200}


async def _mostrar(
    pagina: Pagina, passo: str, campanha: dict[str, Any] | None, status: int = 200, **dados: Any
) -> Html:
    """One step; `atual` is its place among them."""
    vazios = {"erro": None, "alvo": None}
    return await pagina.mostrar(
        f"campanha_{passo}.html", status, **{**vazios, **dados}, campanha=campanha, passo=passo, passos=list(PASSOS),
        base=f"/campanhas/{campanha['id']}/editar" if campanha else "",
    )  # fmt: skip


async def _publico(
    pagina: Pagina, campanha: dict[str, Any] | None, digitado: Campos | None = None, erro: Erro | None = None
) -> Html:
    fuso = pagina.fuso
    guardado = publico_escrito(campanha["publico"], fuso) if campanha else None
    pode_manter = bool(guardado and guardado["pode_manter"])
    if digitado is not None:
        publico, nome = publico_digitado(digitado, pode_manter=pode_manter), digitado.um("nome")
    else:
        publico = guardado or publico_digitado(Campos(pagina.pedido.query_params.multi_items()))
        nome = campanha["nome"] if campanha else ""
    filtro = ler_publico(publico_campos(publico), fuso)
    contagem = await _contagem(pagina, filtro, UUID(campanha["id"]) if campanha else None)
    status = pagina.recusa(erro) if erro else 200
    return await _mostrar(
        pagina, "publico", campanha, status, publico=publico, nome=nome, etiquetas=await _etiquetas(pagina),
        contagem=contagem["contagem"], contagem_erro=contagem["contagem_erro"], erro=erro,
        # a key that already made a draft makes no other
        chave=str(digitado.um("chave") if digitado and erro and erro.codigo != "ZCG03" else uuid4()),
    )  # fmt: skip


async def _previa(pagina: Pagina, id: UUID, modelo: dict[str, Any], variaveis: dict[str, Any] | None) -> dict[str, Any]:
    """What one person of the public would get, drawn; why not, when the variables do not say it yet."""
    pessoa = str(pagina.pedido.query_params.get("pessoa", "1"))
    try:
        lida: dict[str, Any] = await pagina.chamada.ler(
            "api.campanha_previa_obter",
            dict[str, Any],
            p_id=id,
            p_variaveis=None if variaveis is None else _json(variaveis),
            p_pessoa=int(pessoa) if pessoa.isdecimal() and len(pessoa) < 5 else 1,
        )
    except Erro as erro:
        pagina.recusa(erro)
        return {"previa": {"pessoas": 0, "pessoa": 0, "motivo": None}, "previa_erro": erro} | {
            "desenho": desenhar(modelo["componentes"], {})
        }
    return {"previa": lida, "previa_erro": None, "desenho": desenhar(modelo["componentes"], lida["parametros"])}


async def _modelo(pagina: Pagina, id: UUID, digitado: Campos | None = None, erro: Erro | None = None) -> Html:
    rascunho = await _rascunho(pagina, id)
    consulta = pagina.pedido.query_params
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.modelos_listar", dict[str, Any], p_status="APPROVED", p_limite=_MODELOS_POR_PAGINA,
        p_busca=consulta.get("q") or None, p_cursor=consulta.get("cursor") or None,
    )  # fmt: skip
    modelo, guardadas = rascunho["modelo"], rascunho["campanha"]["variaveis"]
    dados: dict[str, Any] = {"previa": None, "variaveis": {}, "desenho": None, "previa_erro": None}
    if modelo:
        escritas = guardadas if digitado is None else ler_variaveis(digitado, modelo["campos"], guardadas)
        dados = await _previa(pagina, id, modelo, None if digitado is None else escritas)
        dados["variaveis"] = {c["chave"]: variavel_escrita(escritas.get(c["chave"])) for c in modelo["campos"]}
    return await _mostrar(
        pagina, "modelo", rascunho["campanha"], pagina.recusa(erro) if erro else 200, rascunho=rascunho, modelo=modelo,
        modelos=[{**m, "desenho": desenhar(m["componentes"], {})} for m in lida["dados"]], meta=lida["meta"],
        q=consulta.get("q", ""), erro=erro, **dados,
    )  # fmt: skip


async def _envio(pagina: Pagina, id: UUID, digitado: Campos | None = None, erro: Erro | None = None) -> Html:
    rascunho = await _rascunho(pagina, id)
    campanha, fuso = rascunho["campanha"], pagina.fuso
    if digitado is None:
        hora = hora_escrita(campanha["agendadoPara"], fuso)
        escrito = {
            "conexao_id": campanha["conexaoId"], "ritmo": ritmo_escrito(campanha["intervaloMs"]),
            "quando": "depois" if hora else "agora", "hora": hora,
        }  # fmt: skip
    else:
        escrito = {nome: digitado.um(nome) for nome in ("conexao_id", "ritmo", "quando", "hora")}
    contagem = await _contagem(pagina, None, id)
    return await _mostrar(
        pagina, "envio", campanha, pagina.recusa(erro) if erro else 200, rascunho=rascunho, escrito=escrito,
        contagem=contagem["contagem"], fuso=fuso, erro=erro,
    )  # fmt: skip


async def _revisao(pagina: Pagina, id: UUID, passo: str, erro: Erro | None = None, **dados: Any) -> Html:
    """The plan of the campaign, as the launch evaluates it; what is missing yet leads to its step."""
    rascunho = await _rascunho(pagina, id)
    plano, falta = None, None
    try:
        plano = await pagina.chamada.ler("api.campanha_simular", dict[str, Any], p_id=id, p_amostra=_AMOSTRA)
    except Erro as recusa:
        pagina.recusa(recusa)
        falta = recusa
    return await _mostrar(
        pagina, passo, rascunho["campanha"], pagina.recusa(erro) if erro else 200, rascunho=rascunho, plano=plano,
        falta=falta, erro=erro,
        **{"nome": "", "ciente": False, "telefone": "", "resumo": plano and plano["resumo"], **dados},
    )  # fmt: skip


class PassosDaCampanha(Controller):
    path = "/campanhas"

    @get("/nova", **PAGINA)
    async def nova(self, pagina: ComPagina) -> Html:
        return await _publico(pagina, None)

    @post("/nova", **PAGINA)
    async def criar(self, pagina: ComPagina) -> Response[Any]:
        dados = await ler_campos(pagina.pedido)
        try:
            criada = await pagina.chamada.ler(
                "api.campanha_rascunho_criar",
                dict[str, Any],
                p_nome=dados.um("nome"),
                p_filtro=_json(ler_publico(dados, pagina.fuso) or {}),
                p_chave_idempotencia=dados.um("chave") or None,
            )
        except Erro as erro:
            return await _publico(pagina, None, dados, erro)
        return _seguir(_destino(criada["id"], dados, "modelo"))

    @get("/publico", **PAGINA)
    async def contar(self, pagina: ComPagina) -> Html:
        consulta = Campos(pagina.pedido.query_params.multi_items())
        id = consulta.um("campanha")
        filtro = ler_publico(consulta, pagina.fuso)
        contagem = await _contagem(pagina, filtro, UUID(id) if filtro is None and len(id) == 36 else None)
        return await pagina.mostrar("campanha_contagem.html", **contagem)

    @get("/{id:uuid}/editar", **PAGINA)
    async def editar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campanha = (await _rascunho(pagina, id))["campanha"]
        return _seguir(_passo(id, "revisao" if campanha["modeloId"] and campanha["variaveis"] else "publico"))

    @get("/{id:uuid}/editar/publico", **PAGINA)
    async def ver_publico(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _publico(pagina, (await _rascunho(pagina, id))["campanha"])

    @post("/{id:uuid}/editar/publico", **PAGINA)
    async def guardar_publico(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        dados = await ler_campos(pagina.pedido)
        filtro = ler_publico(dados, pagina.fuso)
        try:
            await pagina.chamada.objeto(
                "api.campanha_publico_atualizar", p_id=id, p_versao=_versao(dados), p_nome=dados.um("nome"),
                p_filtro=None if filtro is None else _json(filtro),
            )  # fmt: skip
        except Erro as erro:
            return await _publico(pagina, (await _rascunho(pagina, id))["campanha"], dados, erro)
        return _seguir(_destino(id, dados, "modelo"))

    @get("/{id:uuid}/editar/modelo", **PAGINA)
    async def ver_modelo(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _modelo(pagina, id)

    @post("/{id:uuid}/editar/modelo", **PAGINA)
    async def escolher_modelo(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        dados = await ler_campos(pagina.pedido)
        try:
            modelo = UUID(dados.um("modelo_id"))
        except ValueError:
            return await _modelo(
                pagina, id, None, Erro(422, "ZRK16", "falta escolher o modelo e o número da campanha", campo="modeloId")
            )
        try:
            await pagina.chamada.objeto(
                "api.campanha_modelo_atualizar", p_id=id, p_versao=_versao(dados), p_modelo_id=modelo
            )
        except Erro as erro:
            return await _modelo(pagina, id, None, erro)
        return _seguir(_passo(id, "modelo") + "#mensagem")

    @post("/{id:uuid}/editar/variaveis", **PAGINA)
    async def guardar_variaveis(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        dados = await ler_campos(pagina.pedido)
        rascunho = await _rascunho(pagina, id)
        campos = rascunho["modelo"]["campos"] if rascunho["modelo"] else []
        onde = _destino(id, dados, "envio")
        try:
            await pagina.chamada.objeto(
                "api.campanha_modelo_atualizar", p_id=id, p_versao=_versao(dados),
                p_modelo_id=rascunho["campanha"]["modeloId"],
                p_variaveis=_json(ler_variaveis(dados, campos, rascunho["campanha"]["variaveis"])),
                p_completas=onde == _passo(id, "envio"),
            )  # fmt: skip
        except Erro as erro:
            return await _modelo(pagina, id, dados, erro)
        return _seguir(onde)

    @post("/{id:uuid}/previa", **PAGINA)
    async def previa(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        dados = await ler_campos(pagina.pedido)
        rascunho = await _rascunho(pagina, id)
        modelo = rascunho["modelo"]
        if modelo is None:
            return await _modelo(pagina, id)
        variaveis = ler_variaveis(dados, modelo["campos"], rascunho["campanha"]["variaveis"])
        return await pagina.mostrar(
            "campanha_previa.html", campanha=rascunho["campanha"], **await _previa(pagina, id, modelo, variaveis)
        )

    @get("/{id:uuid}/editar/envio", **PAGINA)
    async def ver_envio(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _envio(pagina, id)

    @post("/{id:uuid}/editar/envio", **PAGINA)
    async def guardar_envio(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        dados = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.campanha_envio_atualizar", p_id=id, p_versao=_versao(dados),
                p_conexao_id=dados.um("conexao_id") or None, p_intervalo_ms=ler_intervalo(dados),
                p_agendado_para=ler_hora(dados, pagina.fuso),
            )  # fmt: skip
        except Erro as erro:
            return await _envio(pagina, id, dados, erro)
        return _seguir(_destino(id, dados, "revisao"))

    @get("/{id:uuid}/editar/revisao", **PAGINA)
    async def revisar(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _revisao(pagina, id, "revisao")

    @post("/{id:uuid}/testar", **PAGINA)
    async def testar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        dados = await ler_campos(pagina.pedido)
        telefone = dados.um("telefone")
        try:
            teste = await pagina.chamada.ler("api.campanha_testar", dict[str, Any], p_id=id, p_telefone=telefone)
        except Erro as erro:
            return await _revisao(pagina, id, "revisao", erro, telefone=telefone)
        return pagina.ir(f"/campanhas/{teste['id']}", "Teste a caminho")

    @get("/{id:uuid}/editar/lancar", **PAGINA)
    async def ver_lancamento(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        visto = pagina.pedido.query_params.get("resumo")
        return await _revisao(pagina, id, "lancar", **({"resumo": visto[:64]} if visto else {}))

    @post("/{id:uuid}/editar/lancar", **PAGINA)
    async def lancar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        dados = await ler_campos(pagina.pedido)
        nome, ciente = dados.um("nome"), dados.um("ciente") == "sim"
        try:
            await pagina.chamada.objeto(
                "api.campanha_lancar", p_id=id, p_versao=_versao(dados), p_resumo=dados.um("resumo"),
                p_ciente=ciente, p_nome=nome,
            )  # fmt: skip
        except Erro as erro:
            return await _revisao(pagina, id, "lancar", erro, nome=nome, ciente=ciente)
        return pagina.ir(f"/campanhas/{id}", "Campanha lançada")
