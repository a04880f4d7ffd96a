"""A campaign step by step: the draft, who a public reaches, what each person would get, the test and the launch."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody

from app.http.campanhas import CORPO_MAXIMO
from app.http.comum import Chamada, ChaveIdempotencia, Json, argumentos, documento
from app.tipos.campanhas import (
    CampanhaEnvio,
    CampanhaLancar,
    CampanhaModelo,
    CampanhaPrevia,
    CampanhaPublico,
    CampanhaTestar,
    PublicoSimular,
    RascunhoCriar,
)


def _com_variaveis(data: CampanhaModelo | CampanhaPrevia) -> dict[str, object]:
    dadas = data.variaveis
    return {
        **argumentos(data),
        "p_variaveis": None if dadas is None else msgspec.Raw(msgspec.json.encode(dadas)),
    }


class CampanhasRascunhos(Controller):
    path = "/api/campanhas"
    tags = ["Campanhas"]  # noqa: RUF012

    @post(
        "/rascunhos",
        request_max_body_size=CORPO_MAXIMO,
        **documento("api.campanha_rascunho_criar", status=201, resumo="Começar uma campanha pelo público"),
    )
    async def criar(self, data: JSONBody[RascunhoCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.campanha_rascunho_criar", **argumentos(data), p_chave_idempotencia=chave)

    @post("/publico/simular", **documento("api.campanha_publico_simular", resumo="Contar quem um público alcança"))
    async def simular_publico(self, data: JSONBody[PublicoSimular], chamada: Chamada) -> Json:
        return await chamada.objeto(
            "api.campanha_publico_simular", p_filtro=data.filtro, p_id=data.campanha_id, p_amostra=data.amostra
        )

    @get("/{id:uuid}/rascunho", **documento("api.campanha_rascunho_obter", resumo="Obter rascunho com o que ele pede"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_rascunho_obter", p_id=id)

    @put("/{id:uuid}/publico", **documento("api.campanha_publico_atualizar", resumo="Mudar nome e público do rascunho"))
    async def publico(self, id: FromPath[UUID], data: JSONBody[CampanhaPublico], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_publico_atualizar", p_id=id, **argumentos(data))

    @put(
        "/{id:uuid}/modelo", **documento("api.campanha_modelo_atualizar", resumo="Mudar modelo e variáveis do rascunho")
    )
    async def modelo(self, id: FromPath[UUID], data: JSONBody[CampanhaModelo], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_modelo_atualizar", p_id=id, **_com_variaveis(data))

    @put(
        "/{id:uuid}/envio", **documento("api.campanha_envio_atualizar", resumo="Mudar número, hora e ritmo do rascunho")
    )
    async def envio(self, id: FromPath[UUID], data: JSONBody[CampanhaEnvio], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_envio_atualizar", p_id=id, **argumentos(data))

    @post("/{id:uuid}/previa", **documento("api.campanha_previa_obter", resumo="Ver o que uma pessoa receberia"))
    async def previa(self, id: FromPath[UUID], data: JSONBody[CampanhaPrevia], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_previa_obter", p_id=id, **_com_variaveis(data))

    @post("/{id:uuid}/testar", **documento("api.campanha_testar", resumo="Mandar um teste a um contato"))
    async def testar(self, id: FromPath[UUID], data: JSONBody[CampanhaTestar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_testar", p_id=id, p_telefone=data.telefone)

    @post("/{id:uuid}/lancar", **documento("api.campanha_lancar", resumo="Lançar o rascunho que se simulou"))
    async def lancar(self, id: FromPath[UUID], data: JSONBody[CampanhaLancar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_lancar", p_id=id, **argumentos(data))

    @post("/{id:uuid}/desagendar", **documento("api.campanha_agendamento_cancelar", resumo="Desfazer o agendamento"))
    async def desagendar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_agendamento_cancelar", p_id=id)

    @get(
        "/{id:uuid}/andamento",
        **documento("api.campanha_andamento_obter", resumo="Acompanhar: ritmo, motivos, retornos"),
    )
    async def andamento(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.campanha_andamento_obter", p_id=id)
