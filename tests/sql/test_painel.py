"""What a company has done of its first steps, as the dashboard says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.banco import Banco
from tests.conftest import Sessao, chamar
from tests.sql.cenas import Admin
from tests.sql.test_importacoes import ate_o_fim, conferida, iniciar, pessoa, telefone


async def _trouxe(banco: Banco, sessao: Sessao) -> bool:
    return bool((await chamar(banco, "api.painel_obter", **sessao.args))["passos"]["contatos"])


async def test_contatos_trazidos_sao_os_que_alguem_trouxe(
    banco_api: Banco, banco_worker: Banco, admin: Admin, novo_cliente: Callable[..., Any]
) -> None:
    cria, importa = await novo_cliente("Cria"), await novo_cliente("Importa")
    assert not await _trouxe(banco_api, cria)
    for sessao in (cria, importa):
        # as intake leaves who wrote in
        admin.execute(
            "insert into contatos (cliente_id, nome, telefone, origem) values (%s, 'Escreveu', %s, 'WHATSAPP')",
            [sessao.cliente_id, telefone()],
        )
        assert not await _trouxe(banco_api, sessao)
    await chamar(banco_api, "api.contato_criar", **cria.args, p_nome="Ana", p_telefone=telefone())
    assert await _trouxe(banco_api, cria) and not await _trouxe(banco_api, importa)
    pronta = await conferida(banco_api, importa, [[pessoa(2)]])
    assert not await _trouxe(banco_api, importa), "nothing entered yet"
    await iniciar(banco_api, importa, pronta)
    await ate_o_fim(banco_api, banco_worker, importa, pronta)
    assert await _trouxe(banco_api, importa)
