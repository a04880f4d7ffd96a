"""One's own second factor: turned on by password and a first right code, off and renewed by password and code."""

from __future__ import annotations

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody

from app import fator, senhas
from app.http.comum import Chamada, DaSessao, Json, Pedido, documento, objeto
from app.tipos.identidade import (
    Eu,
    Fator,
    FatorConfirmar,
    FatorIniciado,
    FatorLigado,
    FatorProva,
    FatorProvar,
    FatorSelado,
    SenhaConferir,
    SenhaPreparada,
    SoId,
)


async def provar_senha(chamada: DaSessao, senha: str) -> dict[str, object]:
    """The arguments by which a function learns that who calls has just said the own password."""
    preparada = await chamada.ler("api.senha_preparar", SenhaPreparada)
    confere = await senhas.conferir(senha[:200], preparada.senha_hash)
    return {"p_confere": confere, "p_senha_hash_conferida": preparada.senha_hash}


async def iniciar(pedido: Pedido, chamada: DaSessao, senha: str) -> None:
    novo = fator.novo(pedido.app.state.cofre, chamada.cliente_id)
    await chamada.ler("api.fator_iniciar", SoId, **await provar_senha(chamada, senha), **novo)


async def mostrar(pedido: Pedido, chamada: DaSessao, email: str) -> FatorIniciado:
    """What waits for its first code, as the person puts it into an authenticator."""
    selado = await chamada.ler("api.fator_preparar", FatorSelado)
    chave = fator.chave(pedido.app.state.cofre, chamada.cliente_id, selado)
    return FatorIniciado(chave=chave, endereco=fator.endereco(chave, email))


async def confirmar(pedido: Pedido, chamada: DaSessao, codigo: str) -> FatorLigado:
    selado = await chamada.ler("api.fator_preparar", FatorSelado)
    codigos, resumos = fator.novas_reservas()
    prova = fator.prova(pedido.app.state.cofre, chamada.cliente_id, selado, codigo)
    lido = await chamada.ler("api.fator_ativar", Fator, p_id=selado.id, p_passo=prova["p_passo"], p_reservas=resumos)
    return FatorLigado(codigos=codigos, ativado_em=lido.ativado_em)


async def provar(pedido: Pedido, chamada: DaSessao, senha: str, codigo: str) -> dict[str, object]:
    """The arguments by which a function learns that who calls has just said the own password and a code."""
    preparada = await chamada.ler("api.fator_prova_preparar", FatorProva)
    return {
        "p_confere": await senhas.conferir(senha[:200], preparada.senha_hash),
        "p_senha_hash_conferida": preparada.senha_hash,
        **fator.prova(pedido.app.state.cofre, chamada.cliente_id, preparada.fator, codigo),
    }


async def trocar_reservas(pedido: Pedido, chamada: DaSessao, senha: str, codigo: str) -> FatorLigado:
    codigos, resumos = fator.novas_reservas()
    prova = await provar(pedido, chamada, senha, codigo)
    lido = await chamada.ler("api.fator_reservas_trocar", Fator, **prova, p_reservas=resumos)
    return FatorLigado(codigos=codigos, ativado_em=lido.ativado_em)


class SegundoFator(Controller):
    path = "/api/autenticacao/fator"
    tags = ["Autenticação"]  # noqa: RUF012

    @get("/", **documento("api.fator_obter", resumo="O próprio segundo fator"))
    async def obter(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.fator_obter")

    @post("/", **documento(tipo=FatorIniciado, status=201, resumo="Começar a ligar o segundo fator"))
    async def iniciar(self, request: Pedido, data: JSONBody[SenhaConferir], chamada: Chamada) -> Json:
        await iniciar(request, chamada, data.senha_atual)
        eu = await chamada.ler("api.eu_obter", Eu)
        return objeto(msgspec.json.encode(await mostrar(request, chamada, eu.email)))

    @post("/confirmar", **documento(tipo=FatorLigado, resumo="Ligar: o primeiro código certo; mostra os de reserva"))
    async def confirmar(self, request: Pedido, data: JSONBody[FatorConfirmar], chamada: Chamada) -> Json:
        return objeto(msgspec.json.encode(await confirmar(request, chamada, data.codigo)))

    @post(
        "/codigos", **documento(tipo=FatorLigado, resumo="Dez códigos de reserva novos; os anteriores não valem mais")
    )
    async def trocar(self, request: Pedido, data: JSONBody[FatorProvar], chamada: Chamada) -> Json:
        return objeto(msgspec.json.encode(await trocar_reservas(request, chamada, data.senha_atual, data.codigo)))

    @post("/desligar", **documento("api.fator_remover", resumo="Desligar o segundo fator"))
    async def desligar(self, request: Pedido, data: JSONBody[FatorProvar], chamada: Chamada) -> Json:
        return await chamada.objeto(
            "api.fator_remover", **await provar(request, chamada, data.senha_atual, data.codigo)
        )
