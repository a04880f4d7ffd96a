"""The tenant itself: its name, its time zone, its plan."""

from __future__ import annotations

from litestar import Controller, get, patch
from litestar.params import JSONBody

from app.http.comum import Chamada, Json, argumentos, documento
from app.tipos.identidade import EmpresaAtualizar


class Empresas(Controller):
    path = "/api/empresa"
    tags = ["Empresa"]  # noqa: RUF012

    @get("/", **documento("api.empresa_obter", resumo="Ver a empresa, seu plano e quanto dele se usa"))
    async def obter(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.empresa_obter")

    @patch("/", **documento("api.empresa_atualizar", resumo="Mudar o nome, o fuso ou o prazo de resposta da empresa"))
    async def atualizar(self, data: JSONBody[EmpresaAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.empresa_atualizar", **argumentos(data))
