"""Connecting a number in three steps: which kind, its credentials, the test and the address of its webhook."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from msgspec import Struct

from app import demonstracao
from app.erros import Erro
from app.http.conexoes import criar_conexao
from app.http.pages.canais import recusa
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.http.validacao import da_msgspec
from app.tipos.conexoes import ConexaoCriar

Formulario: Final = Body(media_type=RequestEncodingType.URL_ENCODED)
PROVEDORES: Final = ("META_API", "UAIZAP")


class CanalDigitado(Struct):
    """The form of step 2, as it was typed; `demo` names a number of the demonstration, `chave` this one try."""

    provedor: str = ""
    nome: str = ""
    phone_number_id: str = ""
    waba_id: str = ""
    access_token: str = ""
    app_secret: str = ""
    verify_token: str = ""
    url_base: str = ""
    nome_aparelho: str = ""
    token: str = ""
    admin_token: str = ""
    demo: str = ""
    chave: str = ""


def corpo_de(tipo: type[Any], **campos: Any) -> Any:
    """A body of the API from what was typed: what was left blank is absent. Raises Erro as the API would."""

    def sem_vazios(valor: dict[str, Any]) -> dict[str, Any]:
        return {
            k: sem_vazios(v) if isinstance(v, dict) else v.strip() if isinstance(v, str) else v
            for k, v in valor.items()
            if v is not None and (not isinstance(v, str) or v.strip())
        }

    try:
        return msgspec.convert(sem_vazios(campos), tipo)
    except msgspec.ValidationError as erro:
        raise da_msgspec(erro) from None


def _conexao(d: CanalDigitado) -> ConexaoCriar:
    meta = {
        "phoneNumberId": d.phone_number_id,
        "wabaId": d.waba_id,
        "accessToken": d.access_token,
        "appSecret": d.app_secret,
        "verifyToken": d.verify_token,
    }
    aparelho = {"urlBase": d.url_base, "nome": d.nome_aparelho, "token": d.token, "adminToken": d.admin_token}
    credenciais = {"instancia": aparelho} if d.provedor == "UAIZAP" else {"credenciais": meta}
    feita: ConexaoCriar = corpo_de(
        ConexaoCriar, nome=d.nome, canal="WHATSAPP", provedor=d.provedor or "META_API", **credenciais
    )
    return feita


def _novo(pagina: Pagina, provedor: str, demo: str) -> CanalDigitado:
    """The form before anything is typed; for a number of the demonstration, with everything it needs."""
    digitado = CanalDigitado(provedor, verify_token=secrets.token_urlsafe(24), demo=demo, chave=secrets.token_hex(16))
    config = pagina.pedido.app.state.config
    if not (demo and demonstracao.ligada(config)):
        return digitado
    digitado.demo = demo = demo if len(demo) == 13 and demo.isdecimal() else demonstracao.novo_id()
    digitado.nome = f"Demonstração {demo[-4:]}"
    n = demonstracao.numero(config, pagina.chamada.cliente_id, demo)
    a = demonstracao.aparelho(config, pagina.chamada.cliente_id, demo)
    digitado.phone_number_id, digitado.waba_id, digitado.verify_token = n.phone_number_id, n.waba_id, n.verify_token
    digitado.access_token, digitado.app_secret = n.access_token, n.app_secret
    digitado.url_base, digitado.nome_aparelho, digitado.token = a.url_base, a.nome, a.token
    return digitado


async def _preparar(pagina: Pagina, d: CanalDigitado) -> None:
    """The number or device of the demonstration exists at the simulator before anybody asks it for something."""
    config = pagina.pedido.app.state.config
    if not d.demo or not demonstracao.ligada(config):
        return
    await pagina.chamada.objeto("api.instancia_preparar")
    cliente_id = pagina.chamada.cliente_id
    if d.provedor == "UAIZAP":
        a = demonstracao.aparelho(config, cliente_id, d.demo)
        await demonstracao.registrar_aparelho(config, a.nome, a.token)
    else:
        await demonstracao.registrar_numero(config, cliente_id, d.demo)


async def _confirmar(pagina: Pagina, d: CanalDigitado) -> bool:
    """Once the connection is there, the simulator asks its webhook, as Meta does; whether it did."""
    config = pagina.pedido.app.state.config
    if not d.demo or d.provedor == "UAIZAP" or not demonstracao.ligada(config):
        return False
    demonstracao.lembrar(config, pagina.chamada.cliente_id, d.demo)
    return await demonstracao.registrar_numero(config, pagina.chamada.cliente_id, d.demo)


async def _formulario(pagina: Pagina, digitado: CanalDigitado, erro: Erro | None = None) -> Html:
    config = pagina.pedido.app.state.config
    # who may not connect a number learns it here, not after filling in a form
    await pagina.chamada.objeto("api.instancia_preparar")
    return await pagina.mostrar(
        "canal_novo.html",
        recusa(pagina, erro) if erro else 200,
        digitado=digitado,
        erro=erro,
        simulador=demonstracao.ligada(config),
        provedor=digitado.provedor if digitado.provedor in PROVEDORES else "",
    )


class PaginaCanalNovo(Controller):
    path = "/canais/novo"

    @get("/", **PAGINA)
    async def mostrar(
        self,
        pagina: ComPagina,
        provedor: Annotated[str, QueryParameter()] = "",
        demo: Annotated[str, QueryParameter()] = "",
    ) -> Html:
        return await _formulario(pagina, _novo(pagina, provedor, demo))

    @post("/", **PAGINA)
    async def criar(self, pagina: ComPagina, data: Annotated[CanalDigitado, Formulario]) -> Response[Any]:
        try:
            conexao = _conexao(data)
            await _preparar(pagina, data)
            feita = await criar_conexao(conexao, pagina.chamada, pagina.pedido, data.chave or None)
        except Erro as erro:
            return await _formulario(pagina, data, erro)
        nova = msgspec.json.decode(feita.content)["dados"]
        return await _pronto(pagina, UUID(nova["id"]), data, await _confirmar(pagina, data))


async def _pronto(pagina: Pagina, id_: UUID, d: CanalDigitado, confirmado: bool) -> Response[Any]:
    """Step 3: the address and the token of the webhook, shown this once; a device goes on to be paired."""
    if d.provedor == "UAIZAP":
        return pagina.ir(f"/canais/{id_}/parear", "Conexão criada: agora conecte o aparelho")
    config = pagina.pedido.app.state.config
    return await pagina.mostrar(
        "canal_pronto.html",
        201,
        id=id_,
        nome=d.nome,
        webhook=f"{config.url_publica}/webhooks/meta",
        verify_token=d.verify_token,
        tem_segredo=bool(d.app_secret.strip()),
        confirmado=confirmado,
    )
