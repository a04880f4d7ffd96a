"""Entering, renewing, leaving."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody

from app import senhas
from app.erros import Erro
from app.http import entrada
from app.http.comum import Chamada, ChamadaAnonima, Json, Pedido, argumentos, documento, ler_token, objeto
from app.http.fatores import provar_senha
from app.tipos.identidade import (
    Entrada,
    Entrar,
    EuAtualizar,
    PreferenciasAtualizar,
    Renovar,
    SenhaTrocar,
    SessaoRenovada,
    Tokens,
)


class Autenticacao(Controller):
    path = "/api/autenticacao"
    tags = ["Autenticação"]  # noqa: RUF012

    @post(
        "/entrar",
        **documento(
            tipo=Entrada, resumo="Entrar com e-mail, senha e, de quem o ligou, o código do segundo fator", publica=True
        ),
    )
    async def entrar(self, request: Pedido, data: JSONBody[Entrar], anonima: ChamadaAnonima) -> Json:
        acesso, renovacao = senhas.novo_segredo(), senhas.novo_segredo()
        segredos: dict[str, object] = {
            "p_acesso_hash": senhas.resumo(acesso), "p_renovacao_hash": senhas.resumo(renovacao),
        }  # fmt: skip
        sessao = await entrada.entrar(request, anonima, data.email, data.senha, segredos, data.codigo)
        cliente = sessao.cliente_id
        return objeto(
            msgspec.json.encode(
                Entrada(
                    access_token=f"{cliente}.{acesso}",
                    refresh_token=f"{cliente}.{renovacao}",
                    expira_em=sessao.expira_em,
                    renovacao_expira_em=sessao.renovacao_expira_em,
                    usuario=sessao.usuario,
                )
            )
        )

    @post("/renovar", **documento(tipo=Tokens, resumo="Trocar o refreshToken por um novo par", publica=True))
    async def renovar(self, data: JSONBody[Renovar], anonima: ChamadaAnonima) -> Json:
        token = ler_token(data.refresh_token)
        if token is None:
            raise Erro(401, "ZAI02", "a sessão terminou: entre de novo")
        cliente, usado = token
        acesso, renovacao = senhas.novo_segredo(), senhas.novo_segredo()
        sessao = await anonima.ler(
            "api.sessao_renovar",
            SessaoRenovada,
            p_cliente_id=cliente,
            p_renovacao_hash=senhas.resumo(usado),
            p_novo_acesso_hash=senhas.resumo(acesso),
            p_nova_renovacao_hash=senhas.resumo(renovacao),
        )
        return objeto(
            msgspec.json.encode(
                Tokens(
                    access_token=f"{cliente}.{acesso}",
                    refresh_token=f"{cliente}.{renovacao}",
                    expira_em=sessao.expira_em,
                    renovacao_expira_em=sessao.renovacao_expira_em,
                )
            )
        )

    @post("/sair", **documento("api.sessao_encerrar", resumo="Encerrar a própria sessão"))
    async def sair(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.sessao_encerrar")

    @get("/eu", **documento("api.eu_obter", resumo="Quem está usando a sessão"))
    async def eu(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.eu_obter")

    @patch("/eu", **documento("api.eu_atualizar", resumo="Mudar o próprio nome"))
    async def mudar_eu(self, data: JSONBody[EuAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.eu_atualizar", p_nome=data.nome)

    @get("/preferencias", **documento("api.preferencias_obter", resumo="O que se escolheu para a própria tela"))
    async def preferencias(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.preferencias_obter")

    @patch("/preferencias", **documento("api.preferencias_atualizar", resumo="Mudar as próprias preferências"))
    async def preferir(self, data: JSONBody[PreferenciasAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.preferencias_atualizar", **argumentos(data))

    @get("/sessoes", **documento("api.sessoes_listar", resumo="Listar as próprias sessões vivas"))
    async def sessoes(self, chamada: Chamada) -> Json:
        return await chamada.lista("api.sessoes_listar")

    @delete("/sessoes", **documento("api.sessoes_revogar", resumo="Encerrar as outras sessões próprias"))
    async def revogar_outras(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.sessoes_revogar")

    @delete("/sessoes/{id:uuid}", **documento("api.sessao_revogar", resumo="Encerrar outra sessão própria"))
    async def revogar(self, chamada: Chamada, id: FromPath[UUID]) -> Json:
        return await chamada.objeto("api.sessao_revogar", p_id=id)

    @put("/senha", **documento("api.senha_trocar", resumo="Trocar a própria senha e encerrar as outras sessões"))
    async def trocar_senha(self, data: JSONBody[SenhaTrocar], chamada: Chamada) -> Json:
        prova = await provar_senha(chamada, data.senha_atual)
        return await chamada.objeto("api.senha_trocar", **prova, p_senha_hash=await senhas.gerar(data.senha_nova))
