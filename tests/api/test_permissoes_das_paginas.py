"""Who may not do something is told so before a form is shown, on every page there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app.http.pages.configuracoes import DA_EMPRESA
from app.http.pages.menu import MENU
from tests.api.test_vivo import navegador
from tests.conftest import Sessao
from tests.sql import cenas
from tests.sql.cenas import Admin

NOSSO = {"Sec-Fetch-Site": "same-origin"}
# what belongs to whoever has a session, whatever the profile
DE_TODOS = {
    "/", "/atalhos", "/comandos", "/configuracoes", "/configuracoes/aparencia", "/configuracoes/atalhos",
    "/configuracoes/notificacoes", "/configuracoes/perfil", "/configuracoes/seguranca",
    "/configuracoes/seguranca/fator", "/configuracoes/seguranca/fator/ligar",
    "/configuracoes/seguranca/fator/reservas", "/convite/pronto", "/entrar", "/entrar/codigo", "/recuperar",
    "/vivo/desde", "/vivo/fluxo",
}  # fmt: skip
# regions that only exist for htmx, and addresses that need more than an id
SO_PARTES = re.compile(r"/conversas/(vivas|\{id:uuid\}/(ato|busca|compositor|fio|painel)\b.*)|/convite/\{.*")
FORMULARIO = re.compile(r"/(novo|nova|editar.*|importar|cancelar|juntar|conversar|desativar|duplicados|parear)$")
# a view of the inbox is of whoever saves it
PROPRIOS = {"/conversas/visoes"}


def rotas(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for rota in app.routes:
        for dona in getattr(rota, "route_handlers", []):
            if dona.opt.get("pagina") and "GET" in dona.http_methods:
                yield rota.path, dona


@pytest.fixture(scope="module")
async def alvos(admin: Admin, novo_cliente: Any) -> tuple[Sessao, dict[str, UUID]]:
    """A tenant whose only person is about to lose his rights, and things of it to ask for."""
    sessao: Sessao = await novo_cliente("Sem Direitos")
    cena = cenas.montar(admin, sessao, 2)
    campanha = admin.execute(
        "insert into campanhas (cliente_id, nome, publico_tipo, publico_filtro, criado_por)"
        " values (%s, 'Uma campanha', 'FILTRO', '{}', %s) returning id",
        [sessao.cliente_id, sessao.usuario_id],
    ).fetchone()
    assert campanha
    return sessao, {
        "contatos": cena.contatos[0], "campanhas": campanha["id"], "canais": cena.conexao_id,
        "usuarios": sessao.usuario_id,
    }  # fmt: skip


def com_permissoes(admin: Admin, sessao: Sessao, quais: str) -> None:
    """The person's profile has, from now on, the permissions whose code is `similar to` `quais`."""
    perfil = admin.execute(
        "insert into perfis (cliente_id, nome, visibilidade) values (%s, 'Perfil ' || gen_random_uuid(), 'TODAS')"
        " returning id",
        [sessao.cliente_id],
    ).fetchone()
    assert perfil
    admin.execute(
        "insert into perfis_permissoes (cliente_id, perfil_id, permissao)"
        " select %s, %s, codigo from permissoes where codigo similar to %s and not implicita and not da_plataforma",
        [sessao.cliente_id, perfil["id"], quais],
    )
    admin.execute("update usuarios set perfil_id = %s where id = %s", [perfil["id"], sessao.usuario_id])


def endereco(rota: str, alvos: dict[str, UUID]) -> str:
    alvo = alvos.get(rota.split("/")[1], UUID(int=0))
    return re.sub(r"\{[^}]*\}", "x", re.sub(r"\{[^}]*:uuid\}", str(alvo), rota))


async def test_sem_permissao_nenhuma_pagina(
    app: Litestar, cliente_http: httpx.AsyncClient, admin: Admin, alvos: tuple[Sessao, dict[str, UUID]]
) -> None:
    sessao, ids = alvos
    com_permissoes(admin, sessao, "nada")
    vistas = {
        rota: (await cliente_http.get(endereco(rota, ids), headers=navegador(sessao))).status_code
        for rota, _ in rotas(app)
        if rota not in DE_TODOS and not SO_PARTES.fullmatch(rota) and not rota.startswith("/estatico")
    }
    assert len(vistas) > 55
    assert {rota: status for rota, status in vistas.items() if status != 403} == {}


async def test_quem_so_le_nao_ve_formularios(
    app: Litestar, cliente_http: httpx.AsyncClient, admin: Admin, alvos: tuple[Sessao, dict[str, UUID]]
) -> None:
    sessao, ids = alvos
    com_permissoes(admin, sessao, "%:ler")
    de_formulario = {
        rota for rota, dona in rotas(app) if FORMULARIO.search(rota) or dona.opt.get("exige")
    } - PROPRIOS  # fmt: skip
    assert len(de_formulario) >= 14
    for rota in sorted(de_formulario):
        resposta = await cliente_http.get(endereco(rota, ids), headers=navegador(sessao))
        assert resposta.status_code == 403 and "<nav" in resposta.text and "ZPG01" in resposta.text, rota


async def test_o_que_se_exige_e_o_que_falta(
    app: Litestar, cliente_http: httpx.AsyncClient, admin: Admin, alvos: tuple[Sessao, dict[str, UUID]]
) -> None:
    """What the form asks for is what sending it asks for: nobody sees a form in vain, nor misses one he may send."""
    sessao, ids = alvos
    exigidas = {(rota, dona.opt["exige"]) for rota, dona in rotas(app) if "exige" in dona.opt}
    assert len(exigidas) >= 9
    for rota, permissao in sorted(exigidas):
        com_permissoes(admin, sessao, permissao)
        aberto = await cliente_http.get(endereco(rota, ids), headers=navegador(sessao))
        # it may still lack what it shows, never what it asks for
        assert aberto.status_code == 200 or permissao not in aberto.text, rota
        onde = "/contatos/juntar" if rota.endswith("/juntar") else endereco(rota, ids)
        corpo = {
            "par": [str(ids["contatos"])] * 2,
            "fica": str(ids["contatos"]),
            "nome": "x",
            "de": str(sessao.perfil_id),
        }
        enviado = await cliente_http.post(onde, data=corpo, headers=navegador(sessao, **NOSSO))
        com_permissoes(admin, sessao, "%:ler")
        sem = await cliente_http.post(onde, data=corpo, headers=navegador(sessao, **NOSSO))
        assert sem.status_code == 403, (rota, sem.status_code)
        assert enviado.status_code != 403 or permissao not in enviado.text, rota


async def test_o_que_o_menu_mostra_se_abre(
    cliente_http: httpx.AsyncClient, admin: Admin, alvos: tuple[Sessao, dict[str, UUID]]
) -> None:
    """What the menu and the settings show for some permissions opens with just these."""
    sessao, _ = alvos
    mostradas = [(i.caminho, {i.permissao}) for i in MENU if i.permissao] + [
        (f"/configuracoes/{s.caminho}", set(s.permissoes)) for s in DA_EMPRESA
    ]
    fechadas: list[tuple[str, set[str]]] = []
    for caminho, permissoes in mostradas:
        com_permissoes(admin, sessao, f"({'|'.join(sorted(permissoes))})")
        aberta = await cliente_http.get(caminho, headers=navegador(sessao))
        fechadas += [(caminho, permissoes)] if aberta.status_code != 200 else []
    assert fechadas == []


async def test_a_caixa_de_comandos_so_oferece_o_que_se_pode(
    cliente_http: httpx.AsyncClient, admin: Admin, alvos: tuple[Sessao, dict[str, UUID]]
) -> None:
    sessao, _ = alvos
    com_permissoes(admin, sessao, "conversas:ler")
    so_le = (await cliente_http.get("/comandos", headers=navegador(sessao))).text
    com_permissoes(admin, sessao, "conversas:%")
    responde = (await cliente_http.get("/comandos", headers=navegador(sessao))).text
    for nome in ("Resolver ou reabrir", "Transferir", "Próximo atendimento", "Nota interna"):
        assert nome in responde and nome not in so_le
    assert "Próxima aba" in so_le and ">Contatos<" not in so_le
