"""Writing in a conversation: messages, notes, templates, files, drafts, and what is scheduled.

Scripts send JSON and get the API's answers; without scripts the same is done by forms, and what was typed and refused
is shown again, each thing in its field.
"""

from __future__ import annotations

import contextlib
import re
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, post, put
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, FromPath, JSONBody
from msgspec import Struct

from app.erros import Erro
from app.http.comum import ChaveIdempotencia, Json, argumentos
from app.http.conversas import argumentos_da_mensagem
from app.http.midias import CORPO_MAXIMO, criar_midia
from app.http.pages.campos import ler_campos
from app.http.pages.conversas import mostrar_conversa
from app.http.pages.fio import ler_uuid, sem_falta
from app.http.pages.pagina import DADOS, PAGINA, ComPagina, Pagina
from app.tipos.conversas import AgendadaCriar, MensagemEnviar
from app.tipos.notas import NotaCriar, RascunhoDefinir

_VARIAVEL: Final = re.compile(r"p:([\w.]{1,80})")
# what each way of writing is, to the database
_TIPOS: Final = {"responder": "TEXTO", "nota": "NOTA"}
DADOS_DE_ARQUIVO: Final = {**DADOS, "opt": {**DADOS["opt"], "midia": "multipart/form-data"}}
Formulario = Body(media_type=RequestEncodingType.URL_ENCODED)


class Escrito(Struct):
    """The composer without scripts. `como`: responder or nota; `acao`: enviar or agendar."""

    texto: str = ""
    como: str = "responder"
    acao: str = "enviar"
    id: str = ""
    contexto: str = ""
    quando: str = ""
    cancelar: str = ""


def _conteudo(**valores: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode({k: v for k, v in valores.items() if v}))


async def _responder(pagina: Pagina, id: UUID, escrito: Escrito) -> str:
    resposta = await pagina.chamada.objeto(
        "api.mensagem_enviar",
        p_conversa_id=id,
        p_tipo="TEXTO",
        p_conteudo=_conteudo(texto=escrito.texto.replace("\r\n", "\n")),
        p_contexto_id=ler_uuid(escrito.contexto),
        p_id=ler_uuid(escrito.id),
        p_limpar_rascunho=True,
    )
    await pagina.chamada.urgente("ENVIO", resposta)
    return "Mensagem na fila"


async def _anotar(pagina: Pagina, id: UUID, escrito: Escrito) -> str:
    await pagina.chamada.objeto(
        "api.nota_criar",
        p_conversa_id=id,
        p_texto=escrito.texto.replace("\r\n", "\n"),
        p_limpar_rascunho=True,
        p_chave_idempotencia=escrito.id or None,
    )
    return "Nota guardada"


async def _agendar(pagina: Pagina, id: UUID, escrito: Escrito) -> str:
    await pagina.chamada.objeto(
        "api.agendada_criar",
        p_conversa_id=id,
        p_tipo=_TIPOS.get(escrito.como, escrito.como),
        p_conteudo=_conteudo(texto=escrito.texto.replace("\r\n", "\n")),
        p_enviar_em=escrito.quando,
        p_fuso=pagina.fuso,
        p_cancelar_se_responder=bool(escrito.cancelar),
        p_chave_idempotencia=escrito.id or None,
    )
    await pagina.chamada.objeto("api.rascunho_remover", p_conversa_id=id)
    return "Mensagem agendada"


async def _escrever(pagina: Pagina, id: UUID, escrito: Escrito) -> str:
    if escrito.acao == "agendar":
        return await _agendar(pagina, id, escrito)
    return await (_responder if escrito.como == "responder" else _anotar)(pagina, id, escrito)


async def _guardar(pagina: Pagina, id: UUID, escrito: Escrito) -> None:
    """What was refused, as the draft: it is there when the conversation is opened again. The page shows it anyway."""
    with contextlib.suppress(Erro):
        await pagina.chamada.objeto(
            "api.rascunho_atualizar",
            p_conversa_id=id,
            p_texto=escrito.texto.replace("\r\n", "\n"),
            p_nota=escrito.como == "nota",
            p_contexto_id=ler_uuid(escrito.contexto),
        )


def _ato_de(nome: str) -> tuple[str, str]:
    atos = {
        "cancelar": ("api.mensagem_desfazer", "Desfeita"),
        "reenviar": ("api.mensagem_reenviar", "De novo na fila"),
    }
    if nome not in atos:
        raise NotFoundException()
    return atos[nome]


class PaginaCompositor(Controller):
    path = "/conversas"

    # -- by forms

    @post("/{id:uuid}/escrever", **PAGINA)
    async def escrever(
        self, pagina: ComPagina, id: FromPath[UUID], data: Annotated[Escrito, Formulario]
    ) -> Response[Any]:
        pagina.redigido |= msgspec.structs.asdict(data)
        try:
            feito = await _escrever(pagina, id, data)
        except Erro as erro:
            await _guardar(pagina, id, data)
            return await mostrar_conversa(pagina, id, erro)
        return pagina.ir(f"/conversas/{id}", feito)

    @post("/{id:uuid}/modelo/{modelo_id:uuid}", **PAGINA)
    async def enviar_modelo(self, pagina: ComPagina, id: FromPath[UUID], modelo_id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        pagina.redigido |= campos.digitado()
        parametros = {lido[1]: valor for nome, valor in pagina.redigido.items() if (lido := _VARIAVEL.fullmatch(nome))}
        try:
            resposta = await pagina.chamada.objeto(
                "api.mensagem_enviar",
                p_conversa_id=id,
                p_tipo="MODELO",
                p_conteudo=_conteudo(modeloId=modelo_id, parametros=parametros),
                p_id=ler_uuid(campos.um("id")),
            )
        except Erro as erro:
            return await mostrar_conversa(pagina, id, erro)
        await pagina.chamada.urgente("ENVIO", resposta)
        return pagina.ir(f"/conversas/{id}", "Modelo na fila")

    @post("/{id:uuid}/arquivo", request_max_body_size=CORPO_MAXIMO, **PAGINA)
    async def enviar_arquivo(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        """A file and its caption in one form."""
        try:
            criada = await criar_midia(pagina.pedido, pagina.chamada, pagina.redigido)
            midia = msgspec.json.decode(criada.content, type=dict[str, Any])["dados"]
            resposta = await pagina.chamada.objeto(
                "api.midia_enviar",
                p_conversa_id=id,
                p_midia_id=UUID(midia["id"]),
                p_legenda=pagina.redigido["legenda"],
                p_chave_idempotencia=pagina.redigido["id"] or None,
            )
        except Erro as erro:
            return await mostrar_conversa(pagina, id, erro)
        await pagina.chamada.urgente("ENVIO", resposta)
        return pagina.ir(f"/conversas/{id}", "Arquivo na fila")

    @post("/{id:uuid}/tomar", **PAGINA)
    async def tomar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        try:
            await pagina.chamada.objeto("api.conversa_assumir", p_id=id, p_tomar=True)
        except Erro as erro:
            pagina.recusa(erro)
            return pagina.ir_recusado(f"/conversas/{id}", erro)
        return pagina.ir(f"/conversas/{id}", "A conversa é sua")

    @post("/{id:uuid}/mensagens/{mensagem_id:uuid}/{ato:str}", **PAGINA)
    async def agir(
        self, pagina: ComPagina, id: FromPath[UUID], mensagem_id: FromPath[UUID], ato: FromPath[str]
    ) -> Response[Any]:
        """Undo what has not left, or send again what failed."""
        funcao, feito = _ato_de(ato)
        try:
            resposta = await pagina.chamada.objeto(funcao, p_id=mensagem_id)
        except Erro as erro:
            pagina.recusa(erro)
            return pagina.ir_recusado(f"/conversas/{id}", erro)
        await pagina.chamada.urgente("ENVIO", resposta)
        return pagina.ir(f"/conversas/{id}", feito)

    @post("/{id:uuid}/agendadas/{agendada_id:uuid}/cancelar", **PAGINA)
    async def desagendar(self, pagina: ComPagina, id: FromPath[UUID], agendada_id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.agendada_cancelar", p_id=agendada_id)
        return pagina.ir(f"/conversas/{id}", "Agendamento cancelado")

    @post("/{id:uuid}/notas/{nota_id:uuid}/remover", **PAGINA)
    async def remover_nota(self, pagina: ComPagina, id: FromPath[UUID], nota_id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.nota_remover", p_id=nota_id)
        return pagina.ir(f"/conversas/{id}", "Nota removida")

    # -- by scripts

    @post("/{id:uuid}/mensagens", **DADOS)
    async def enviar(
        self,
        pagina: ComPagina,
        id: FromPath[UUID],
        data: JSONBody[MensagemEnviar],
        chave: ChaveIdempotencia = None,
    ) -> Json:
        resposta = await pagina.chamada.objeto(
            "api.mensagem_enviar", p_conversa_id=id, **argumentos_da_mensagem(data), p_chave_idempotencia=chave
        )
        return await pagina.chamada.urgente("ENVIO", resposta)

    @post("/{id:uuid}/notas", **DADOS)
    async def anotar(
        self, pagina: ComPagina, id: FromPath[UUID], data: JSONBody[NotaCriar], chave: ChaveIdempotencia = None
    ) -> Json:
        return await pagina.chamada.objeto(
            "api.nota_criar", p_conversa_id=id, **argumentos(data), p_chave_idempotencia=chave
        )

    @post("/{id:uuid}/agendadas", **DADOS)
    async def agendar(
        self, pagina: ComPagina, id: FromPath[UUID], data: JSONBody[AgendadaCriar], chave: ChaveIdempotencia = None
    ) -> Json:
        valores = {**argumentos_da_mensagem(data), "p_conversa_id": id}
        return await pagina.chamada.objeto("api.agendada_criar", **valores, p_chave_idempotencia=chave)

    @post("/{id:uuid}/mensagens/{mensagem_id:uuid}/desfazer", **DADOS)
    async def desfazer(self, pagina: ComPagina, id: FromPath[UUID], mensagem_id: FromPath[UUID]) -> Json:
        return await pagina.chamada.objeto("api.mensagem_cancelar", p_id=mensagem_id)

    @put("/{id:uuid}/rascunho", **DADOS)
    async def guardar(self, pagina: ComPagina, id: FromPath[UUID], data: JSONBody[RascunhoDefinir]) -> Json:
        return await sem_falta(pagina.chamada.objeto("api.rascunho_atualizar", p_conversa_id=id, **argumentos(data)))

    @delete("/{id:uuid}/rascunho", **DADOS)
    async def descartar(self, pagina: ComPagina, id: FromPath[UUID]) -> Json:
        return await sem_falta(pagina.chamada.objeto("api.rascunho_remover", p_conversa_id=id))

    @post("/{id:uuid}/digitar", **DADOS)
    async def digitar(self, pagina: ComPagina, id: FromPath[UUID]) -> Json:
        return await sem_falta(pagina.chamada.objeto("api.conversa_digitar", p_id=id))

    @post("/midias", request_max_body_size=CORPO_MAXIMO, **DADOS_DE_ARQUIVO)
    async def receber(self, pagina: ComPagina) -> Json:
        return await criar_midia(pagina.pedido, pagina.chamada, {})
