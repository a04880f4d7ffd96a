"""What one does to a number: test it, switch it on and off, change it, remove it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from msgspec import Struct

from app import demonstracao
from app.erros import Erro
from app.http.conexoes import atualizar_conexao, mandar_teste, testar_conexao
from app.http.instancias import remover_instancia, trocar_segredo
from app.http.modelos import sincronizar_modelos
from app.http.pages.canais import aberta, mostrar_canal, recusa
from app.http.pages.canal_novo import corpo_de
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.telefone import normalizar
from app.tipos.conexoes import ConexaoAtualizar
from app.tipos.conversas import MensagemTestar

Formulario: Final = Body(media_type=RequestEncodingType.URL_ENCODED)


class Versao(Struct):
    versao: int | None = None


class Ajustes(Struct):
    nome: str = ""
    teto_por_segundo: str = ""
    reabertura: str = ""
    reabertura_horas: str = ""
    versao: int | None = None


class Credenciais(Struct):
    phone_number_id: str = ""
    waba_id: str = ""
    access_token: str = ""
    app_secret: str = ""
    verify_token: str = ""
    url_base: str = ""
    token: str = ""
    admin_token: str = ""
    versao: int | None = None


class Atendimento(Struct):
    equipe_id: str = ""
    dono_minutos: str = "0"
    versao: int | None = None


class Teste(Struct):
    telefone: str = ""
    modelo_id: str = ""
    texto: str = ""
    chave: str = ""


class Recebida(Struct):
    de: str = ""
    texto: str = ""


def _inteiro(texto: str) -> int | str | None:
    """What the contract then accepts or refuses by name."""
    texto = texto.strip()
    return int(texto) if texto.isdecimal() and len(texto) < 10 else texto or None


def _ajustes(d: Ajustes) -> ConexaoAtualizar:
    feito: ConexaoAtualizar = corpo_de(
        ConexaoAtualizar,
        nome=d.nome,
        tetoPorSegundo=_inteiro(d.teto_por_segundo),
        reabertura=d.reabertura,
        reaberturaHoras=_inteiro(d.reabertura_horas),
        versao=d.versao,
    )
    return feito


def _credenciais(d: Credenciais) -> ConexaoAtualizar:
    meta = {
        "phoneNumberId": d.phone_number_id,
        "wabaId": d.waba_id,
        "accessToken": d.access_token,
        "appSecret": d.app_secret,
        "verifyToken": d.verify_token,
    }
    aparelho = {"urlBase": d.url_base, "token": d.token, "adminToken": d.admin_token}
    # what was left blank stays: only a form for a device has one of these
    do_aparelho = any(valor.strip() for valor in aparelho.values())
    feito: ConexaoAtualizar = corpo_de(
        ConexaoAtualizar, versao=d.versao, **{"instancia": aparelho} if do_aparelho else {"credenciais": meta}
    )
    return feito


def _mensagem(d: Teste) -> MensagemTestar:
    conteudo: dict[str, Any] = {"modeloId": d.modelo_id, "parametros": {}} if d.modelo_id else {"texto": d.texto}
    return MensagemTestar(d.telefone, conteudo, "MODELO" if d.modelo_id else "TEXTO")


async def fazer(
    pagina: Pagina, id_: UUID, ato: Awaitable[Any], aviso: str, alvo: str = "acoes", digitado: Struct | None = None
) -> Response[Any]:
    """Do it and go back to the number; what was refused is said beside what asked for it."""
    try:
        await ato
    except Erro as erro:
        visto = msgspec.structs.asdict(digitado) if digitado else {}
        return await mostrar_canal(pagina, id_, recusa(pagina, erro), erro=erro, alvo=alvo, digitado=visto)
    return pagina.ir(f"/canais/{id_}", aviso)


class AtosDoCanal(Controller):
    path = "/canais/{id:uuid}"

    @post("/testar", **PAGINA)
    async def testar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        try:
            feito = msgspec.json.decode((await testar_conexao(id, pagina.chamada, pagina.pedido)).content)["dados"]
        except Erro as erro:
            return await mostrar_canal(pagina, id, recusa(pagina, erro), erro=erro, alvo="acoes")
        return await mostrar_canal(pagina, id, teste=feito)

    @post("/modelos", **PAGINA)
    async def modelos(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        return await fazer(
            pagina,
            id,
            sincronizar_modelos(pagina.chamada, pagina.pedido.app.state, id),
            "Modelos atualizados",
            "modelos",
        )

    @post("/ativar", **PAGINA)
    async def ativar(self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Versao, Formulario]) -> Response[Any]:
        ato = pagina.chamada.objeto("api.conexao_ativar", p_id=id, p_versao=data.versao)
        return await fazer(pagina, id, ato, "Canal ativado")

    @post("/desativar", **PAGINA)
    async def desativar(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Versao, Formulario]
    ) -> Response[Any]:
        ato = pagina.chamada.objeto("api.conexao_desativar", p_id=id, p_versao=data.versao)
        return await fazer(pagina, id, ato, "Canal desativado: nada mais sai por ele")

    @post("/remover", **PAGINA)
    async def remover(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Versao, Formulario]
    ) -> Response[Any]:
        try:
            await remover_instancia(id, data.versao, pagina.chamada, pagina.pedido)
        except Erro as erro:
            return await mostrar_canal(pagina, id, recusa(pagina, erro), erro=erro, alvo="remover")
        return pagina.ir("/canais", "Canal removido")

    @post("/ajustes", **PAGINA)
    async def ajustar(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Ajustes, Formulario]
    ) -> Response[Any]:
        async def ato() -> None:
            await atualizar_conexao(id, _ajustes(data), pagina.chamada, pagina.pedido)

        return await fazer(pagina, id, ato(), "Ajustes salvos", "ajustes", data)

    @post("/credenciais", **PAGINA)
    async def trocar(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Credenciais, Formulario]
    ) -> Response[Any]:
        async def ato() -> None:
            await atualizar_conexao(id, _credenciais(data), pagina.chamada, pagina.pedido)

        return await fazer(pagina, id, ato(), "Credenciais trocadas: teste a conexão", "credenciais", data)

    @post("/segredo", **PAGINA)
    async def segredo(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        try:
            trocado = await trocar_segredo(id, pagina.chamada, pagina.pedido)
        except Erro as erro:
            return await mostrar_canal(pagina, id, recusa(pagina, erro), erro=erro, alvo="segredo")
        return await mostrar_canal(pagina, id, segredo=trocado.webhook_url)

    @post("/atendimento", **PAGINA)
    async def atendimento(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Atendimento, Formulario]
    ) -> Response[Any]:
        async def ato() -> None:
            await pagina.chamada.objeto(
                "api.conexao_atendimento_atualizar",
                p_id=id,
                p_equipe_id=corpo_de(_Equipe, id=data.equipe_id).id,
                p_dono_minutos=corpo_de(_Minutos, dono_minutos=_inteiro(data.dono_minutos)).dono_minutos,
                p_versao=data.versao,
            )

        return await fazer(pagina, id, ato(), "Fila do canal salva", "atendimento", data)

    @post("/mensagem", **PAGINA)
    async def mandar(self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Teste, Formulario]) -> Response[Any]:
        try:
            feita = await mandar_teste(id, _mensagem(data), pagina.chamada, data.chave or None)
        except Erro as erro:
            digitado = msgspec.structs.asdict(data)
            return await mostrar_canal(pagina, id, recusa(pagina, erro), erro=erro, alvo="mensagem", digitado=digitado)
        mensagem = msgspec.json.decode(feita.content)["dados"]["mensagem"]["id"]
        return pagina.ir(f"/canais/{id}?mensagem={mensagem}", "Mensagem de teste na fila")

    @post("/simulador", **PAGINA)
    async def simular(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Recebida, Formulario]
    ) -> Response[Any]:
        """Only while the simulator stands for the providers: somebody writes to this number."""

        async def ato() -> None:
            conexao = await aberta(pagina, id)
            # what is no phone is refused by the simulator
            de = normalizar(data.de) or data.de
            await demonstracao.receber(pagina.pedido.app.state.config, conexao, de, data.texto)

        return await fazer(pagina, id, ato(), "Mensagem recebida: veja em Conversas", "simulador", data)


class _Equipe(Struct):
    id: UUID | None = None


class _Minutos(Struct, rename="camel"):
    dono_minutos: int = 0
