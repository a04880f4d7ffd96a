"""Media in the database: what is taken, what a send may cite, what comes in, and who may see it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.errors import ForeignKeyViolation
from psycopg.types.json import Jsonb

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql.cenas import Admin, Cena, montar

HORA = timedelta(hours=1)


@pytest.fixture(scope="module")
def cena(admin: Admin, ana: Sessao) -> Cena:
    return montar(admin, ana, 2)


async def criar(banco_api: Banco, sessao: Sessao, **extra: object) -> dict[str, Any]:
    pedido = {"p_sha256": secrets.token_hex(32), "p_tamanho": 100, "p_mime": "image/png", "p_nome": "foto.png", **extra}
    midia: dict[str, Any] = await chamar(banco_api, "api.midia_criar", **sessao.args, **pedido)
    return midia


def interna(admin: Admin, cliente_id: UUID, chamada: str, *valores: object, papel: str = "crm_fila") -> Any:
    """Call an internal function as the role that the worker's functions run as, in the context of a tenant."""
    with admin.transaction():
        admin.execute("select set_config('app.cliente_id', %s, true)", [str(cliente_id)])
        admin.execute(f"set local role {papel}".encode())
        linha = admin.execute(f"select {chamada} as r".encode(), valores).fetchone()
    assert linha
    return linha["r"]


def preparar(admin: Admin, cena: Cena, *ids: str, conexao: UUID | None = None) -> bool | None:
    alvo = conexao or cena.conexao_id
    resposta: bool | None = interna(
        admin, cena.cliente_id, "interno.midias_preparar(%s, %s, %s::uuid[])", cena.cliente_id, alvo, list(ids)
    )
    return resposta


def do_envio(admin: Admin, cena: Cena, *ids: str) -> Any:
    return interna(
        admin,
        cena.cliente_id,
        "interno.midias_do_envio(%s, %s, %s::uuid[])",
        cena.cliente_id,
        cena.conexao_id,
        list(ids),
    )


def na_fila(admin: Admin, tipo: str, alvo: object) -> int:
    return len(admin.execute("select from fila where tipo = %s and alvo_id = %s", [tipo, alvo]).fetchall())


def no_provedor(admin: Admin, midia: str) -> dict[str, Any]:
    linha = admin.execute("select * from midias_provedor where midia_id = %s", [midia]).fetchone()
    assert linha
    return linha


# --------------------------------------------------------------------------- what is taken


async def test_mesmo_conteudo_e_a_mesma_midia_em_cada_cliente(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    sha = secrets.token_hex(32)
    juntas = await asyncio.gather(*(criar(banco_api, ana, p_sha256=sha, p_nome=f"n{i}.png") for i in range(10)))
    assert len({m["id"] for m in juntas}) == 1
    como_documento = await criar(banco_api, ana, p_sha256=sha, p_tipo="DOCUMENTO")
    assert como_documento["tipo"] == "DOCUMENTO" and como_documento["id"] != juntas[0]["id"]
    da_bia = await criar(banco_api, bia, p_sha256=sha)
    assert da_bia["id"] != juntas[0]["id"]


@pytest.mark.parametrize(
    ("extra", "codigo"),
    [
        ({"p_mime": None}, "ZRD02"),
        ({"p_mime": "text/html"}, "ZRD02"),
        ({"p_mime": "image/svg+xml"}, "ZRD02"),
        ({"p_tipo": "VIDEO"}, "ZRD03"),
        ({"p_mime": "application/pdf", "p_tipo": "IMAGEM"}, "ZRD03"),
        ({"p_tipo": "OUTRO"}, "ZRD03"),
        ({"p_tamanho": 5 * 1024 * 1024 + 1}, "ZRD04"),
        ({"p_tamanho": 5 * 1024 * 1024 + 1, "p_tipo": "DOCUMENTO"}, "ZRD04"),
        ({"p_mime": "image/webp", "p_tamanho": 102_401}, "ZRD04"),
        ({"p_mime": "image/webp", "p_variante": "ANIMADA", "p_tamanho": 512_001}, "ZRD04"),
        ({"p_mime": "application/pdf", "p_tamanho": 100 * 1024 * 1024 + 1}, "ZRD04"),
        ({"p_tamanho": 0}, "ZRD05"),
        ({"p_sha256": "../../etc/passwd"}, "ZRG01"),
    ],
)
async def test_o_que_nao_se_aceita(banco_api: Banco, ana: Sessao, extra: dict[str, object], codigo: str) -> None:
    with pytest.raises(Erro) as erro:
        await criar(banco_api, ana, **extra)
    assert (erro.value.status, erro.value.codigo) == (422, codigo)


async def test_nos_limites_se_aceita(banco_api: Banco, ana: Sessao) -> None:
    for extra in (
        {"p_tamanho": 5 * 1024 * 1024},
        {"p_mime": "image/webp", "p_tamanho": 102_400},
        {"p_mime": "image/webp", "p_variante": "ANIMADA", "p_tamanho": 512_000},
        {"p_mime": "application/pdf", "p_tamanho": 100 * 1024 * 1024},
    ):
        assert (await criar(banco_api, ana, **extra))["status"] == "DISPONIVEL"


@pytest.mark.parametrize(
    ("nome", "fica"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\foto.png", "foto.png"),
        ("a\r\nX: b.png", "aX: b.png"),
        ("fatura\u202egnp.exe", "faturagnp.exe"),
        ("  .. ", None),
        ("", None),
        ("x" * 500, "x" * 240),
    ],
)
async def test_nome_sem_pasta_nem_controle(banco_api: Banco, ana: Sessao, nome: str, fica: str | None) -> None:
    assert (await criar(banco_api, ana, p_nome=nome))["nome"] == fica


# --------------------------------------------------------------------------- sends


async def test_subida_uma_vez_por_conexao_e_reusada(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    id_ = (await criar(banco_api, cena.sessao))["id"]
    este = {"p_cliente_id": cena.cliente_id}
    assert preparar(admin, cena, id_) is False and preparar(admin, cena, id_, id_) is False
    subida = no_provedor(admin, id_)
    assert na_fila(admin, "midia_subir", subida["id"]) == 1
    assert "idExterno" not in do_envio(admin, cena, id_)[id_]
    pedida = await chamar(banco_worker, "worker.midia_subida_obter", **este, p_id=subida["id"])
    assert pedida["mime"] == "image/png" and pedida["nome"] == "foto.png"
    assert await chamar(banco_worker, "worker.midia_subida_concluir", **este, p_id=subida["id"], p_id_externo="8001")
    # a second worker that was late changes nothing
    assert not await chamar(
        banco_worker, "worker.midia_subida_concluir", **este, p_id=subida["id"], p_id_externo="8002"
    )
    assert await chamar(banco_worker, "worker.midia_subida_obter", **este, p_id=subida["id"]) is None
    assert preparar(admin, cena, id_) is True
    assert do_envio(admin, cena, id_)[id_]["idExterno"] == "8001"
    # 29 days are good, the last one is not
    admin.execute("delete from fila where alvo_id = %s", [subida["id"]])
    admin.execute("update midias_provedor set expira_em = now() + interval '25 hours' where id = %s", [subida["id"]])
    assert preparar(admin, cena, id_) is True
    admin.execute("update midias_provedor set expira_em = now() + interval '23 hours' where id = %s", [subida["id"]])
    assert preparar(admin, cena, id_) is False
    assert na_fila(admin, "midia_subir", subida["id"]) == 1


async def test_id_que_o_provedor_nao_reconhece(admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena) -> None:
    id_ = (await criar(banco_api, cena.sessao))["id"]
    preparar(admin, cena, id_)
    subida = no_provedor(admin, id_)
    await chamar(
        banco_worker,
        "worker.midia_subida_concluir",
        p_cliente_id=cena.cliente_id,
        p_id=subida["id"],
        p_id_externo="8003",
    )
    interna(
        admin,
        cena.cliente_id,
        "interno.midia_esquecer(%s, %s, %s::uuid[])",
        cena.cliente_id,
        cena.conexao_id,
        [id_],
    )
    assert no_provedor(admin, id_)["status"] == "PENDENTE"
    assert preparar(admin, cena, id_) is False


async def test_falha_definitiva_e_falha_que_passa(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    falhar: dict[str, Any] = {"p_cliente_id": cena.cliente_id}
    recusada, fora = [(await criar(banco_api, cena.sessao))["id"] for _ in range(2)]
    preparar(admin, cena, recusada)
    preparar(admin, cena, fora)
    nada = await chamar(
        banco_worker,
        "worker.midia_subida_falhar",
        **falhar,
        p_id=no_provedor(admin, recusada)["id"],
        p_motivo="GRANDE",
        p_codigo=131053,
    )
    assert nada is None and preparar(admin, cena, recusada) is None
    esperas = []
    for _ in range(8):
        esperas.append(
            await chamar(
                banco_worker,
                "worker.midia_subida_falhar",
                **falhar,
                p_id=no_provedor(admin, fora)["id"],
                p_motivo="INDISPONIVEL",
                p_espera_s=3,
            )
        )
    assert esperas == [3, 4, 8, 16, 32, 64, 128, None]
    assert preparar(admin, cena, fora) is None
    # minutes later only what was not the media's own fault is tried again
    admin.execute("update midias_provedor set atualizado_em = now() - interval '11 minutes' where status = 'FALHOU'")
    assert preparar(admin, cena, fora) is False
    assert preparar(admin, cena, recusada) is None
    assert preparar(admin, cena, fora, recusada) is None


async def test_midia_alheia_ou_desconhecida_nunca_vai(admin: Admin, banco_api: Banco, cena: Cena, bia: Sessao) -> None:
    da_bia = (await criar(banco_api, bia))["id"]
    assert preparar(admin, cena, da_bia) is None and preparar(admin, cena, str(uuid4())) is None
    assert do_envio(admin, cena, da_bia) == {}


async def test_uaizap_nao_pede_id(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    outra = montar(admin, cena.sessao, 1)
    admin.execute("update conexoes set provedor = 'UAIZAP' where id = %s", [outra.conexao_id])
    id_ = (await criar(banco_api, cena.sessao))["id"]
    assert preparar(admin, cena, id_, conexao=outra.conexao_id) is True
    assert na_fila(admin, "midia_subir", id_) == 0


async def test_trabalho_que_morre_falha_a_midia(
    admin: Admin, banco_api: Banco, banco_worker: Banco, cena: Cena
) -> None:
    """A worker killed three times in the middle must not leave a message waiting for ever."""
    id_ = (await criar(banco_api, cena.sessao))["id"]
    preparar(admin, cena, id_)
    subida = no_provedor(admin, id_)["id"]
    fila = admin.execute("select id from fila where alvo_id = %s", [subida]).fetchone()
    assert fila
    interna(admin, cena.cliente_id, "interno.fila_matar(%s, %s, 'parou')", cena.cliente_id, [fila["id"]])
    assert no_provedor(admin, id_)["motivo"] == "DESISTIU" and preparar(admin, cena, id_) is None
    # somebody requeues it
    assert await chamar(banco_worker, "worker.midia_subida_obter", p_cliente_id=cena.cliente_id, p_id=subida)
    assert no_provedor(admin, id_)["status"] == "PENDENTE"


# --------------------------------------------------------------------------- what comes in


def receber(admin: Admin, cena: Cena, quando: str = "now()", **midia: Any) -> tuple[UUID, UUID, dict[str, Any]]:
    """A message with media, as the intake leaves it; its id and that of the media."""
    conversa = admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id) values (%s, %s, %s)"
        " on conflict (cliente_id, conexao_id, contato_id) where status <> 'RESOLVIDA'"
        " do update set ultima_mensagem_em = now() returning id",
        [cena.cliente_id, cena.conexao_id, cena.contatos[0]],
    ).fetchone()
    assert conversa
    mensagem = admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, status, id_externo, ocorrido_em)"
        f" values (%s, %s, %s, 'ENTRADA', 'IMAGEM', 'RECEBIDA', %s, {quando}) returning id".encode(),
        [cena.cliente_id, conversa["id"], cena.conexao_id, secrets.token_hex(8)],
    ).fetchone()
    assert mensagem
    descricao = {"id": secrets.token_hex(8), "mime": "image/jpeg; x=y", "nome": "../a.jpg", **midia}
    return mensagem["id"], registrar(admin, cena, mensagem["id"], descricao), descricao


def registrar(admin: Admin, cena: Cena, mensagem: UUID, midia: dict[str, Any]) -> UUID:
    id_: UUID = interna(
        admin,
        cena.cliente_id,
        "interno.midia_entrada_registrar(%s, %s, %s, %s)",
        cena.cliente_id,
        cena.conexao_id,
        mensagem,
        Jsonb(midia),
    )
    return id_


def linha_de(admin: Admin, id_: UUID) -> dict[str, Any]:
    linha = admin.execute("select * from midias where id = %s", [id_]).fetchone()
    assert linha
    return linha


async def test_entrada_registrada_uma_vez(admin: Admin, cena: Cena) -> None:
    mensagem, id_, descricao = receber(admin, cena)
    assert registrar(admin, cena, mensagem, descricao) == id_
    midia = linha_de(admin, id_)
    assert (midia["status"], midia["tipo"], midia["mime"], midia["nome"]) == (
        "PENDENTE",
        "IMAGEM",
        "image/jpeg",
        "a.jpg",
    )
    assert timedelta(days=6, hours=23) < midia["expira_em"] - midia["criado_em"] <= timedelta(days=7)
    assert na_fila(admin, "midia_baixar", id_) == 1
    citada = admin.execute("select midia_id, conteudo from mensagens where id = %s", [mensagem]).fetchone()
    assert citada and citada["midia_id"] == id_ and citada["conteudo"]["midiaId"] == str(id_)
    assert registrar(admin, cena, mensagem, {"mime": "image/png"}) is None


async def test_entrada_fora_da_retencao_ja_nasce_expirada(admin: Admin, cena: Cena) -> None:
    _, id_, _ = receber(admin, cena, quando="now() - interval '8 days'")
    midia = linha_de(admin, id_)
    assert (midia["status"], midia["motivo"]) == ("EXPIRADA", "RETENCAO") and midia["erro_texto"]
    assert na_fila(admin, "midia_baixar", id_) == 0


async def test_baixa_conclui_e_avisa(admin: Admin, banco_worker: Banco, cena: Cena) -> None:
    mensagem, id_, _ = receber(admin, cena)
    este: dict[str, Any] = {"p_cliente_id": cena.cliente_id, "p_id": id_}
    assert (await chamar(banco_worker, "worker.midia_baixa_obter", **este))["maximo"] == 100 * 1024 * 1024
    contar = "select count(*) as n from eventos where alvo_id = %s and tipo = 'mensagem_mudou'"
    antes = admin.execute(contar, [mensagem]).fetchone()
    concluir = {**este, "p_sha256": secrets.token_hex(32), "p_tamanho": 7, "p_mime": "image/png"}
    assert await chamar(banco_worker, "worker.midia_baixa_concluir", **concluir)
    assert not await chamar(banco_worker, "worker.midia_baixa_concluir", **concluir)
    assert await chamar(banco_worker, "worker.midia_baixa_obter", **este) is None
    midia = linha_de(admin, id_)
    assert (midia["status"], midia["mime"]) == ("DISPONIVEL", "image/png")
    depois = admin.execute(contar, [mensagem]).fetchone()
    assert antes and depois and depois["n"] - antes["n"] == 1


async def test_baixa_espera_cada_vez_mais_dentro_da_retencao(admin: Admin, banco_worker: Banco, cena: Cena) -> None:
    _, id_, _ = receber(admin, cena)
    falhar: dict[str, Any] = {"p_cliente_id": cena.cliente_id, "p_id": id_, "p_motivo": "INDISPONIVEL"}
    esperas = [await chamar(banco_worker, "worker.midia_baixa_falhar", **falhar) for _ in range(8)]
    assert esperas == [5, 20, 80, 320, 1280, 3600, 3600, 3600]
    admin.execute("update midias set expira_em = now() + interval '60 seconds' where id = %s", [id_])
    assert 50 < await chamar(banco_worker, "worker.midia_baixa_falhar", **falhar) <= 60
    admin.execute("update midias set expira_em = now() where id = %s", [id_])
    assert await chamar(banco_worker, "worker.midia_baixa_obter", p_cliente_id=cena.cliente_id, p_id=id_) is None
    assert linha_de(admin, id_)["status"] == "EXPIRADA"


@pytest.mark.parametrize(("motivo", "vezes"), [("GRANDE", 1), ("RECUSADA", 1), ("AUSENTE", 4), ("CORROMPIDA", 4)])
async def test_baixa_que_nao_adianta(
    admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena, motivo: str, vezes: int
) -> None:
    _, id_, _ = receber(admin, cena)
    falhar: dict[str, Any] = {"p_cliente_id": cena.cliente_id, "p_id": id_, "p_motivo": motivo}
    esperas = [await chamar(banco_worker, "worker.midia_baixa_falhar", **falhar) for _ in range(vezes)]
    assert esperas[-1] is None and all(esperas[:-1])
    vista = await chamar(banco_api, "api.midia_obter", **cena.sessao.args, p_id=id_)
    assert (vista["status"], vista["motivo"]) == ("FALHOU", motivo) and vista["erroTexto"]
    admin.execute("delete from fila where alvo_id = %s", [id_])
    de_novo = await chamar(banco_api, "api.midia_baixa_retomar", **cena.sessao.args, p_id=id_)
    assert de_novo["status"] == "PENDENTE" and na_fila(admin, "midia_baixar", id_) == 1


async def test_retomar_fora_da_retencao(admin: Admin, banco_worker: Banco, banco_api: Banco, cena: Cena) -> None:
    _, id_, _ = receber(admin, cena)
    await chamar(banco_worker, "worker.midia_baixa_falhar", p_cliente_id=cena.cliente_id, p_id=id_, p_motivo="RECUSADA")
    admin.execute("update midias set expira_em = now() where id = %s", [id_])
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.midia_baixa_retomar", **cena.sessao.args, p_id=id_)
    assert erro.value.codigo == "ZRD07"


# --------------------------------------------------------------------------- who sees


async def test_cliente_alheio_nao_ve(admin: Admin, banco_api: Banco, cena: Cena, bia: Sessao) -> None:
    _, id_, _ = receber(admin, cena)
    for funcao in ("api.midia_obter", "api.midia_url_autorizar", "api.midia_baixa_retomar"):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, funcao, **bia.args, p_id=id_)
        assert (erro.value.status, erro.value.codigo) == (404, "ZND01"), funcao


async def test_atendente_ve_o_que_e_de_suas_conversas(admin: Admin, banco_api: Banco, cena: Cena) -> None:
    perfil = admin.execute(
        "select id from perfis where cliente_id = %s and codigo = 'ATENDENTE'", [cena.cliente_id]
    ).fetchone()
    usuario = (
        perfil
        and admin.execute(
            "insert into usuarios (cliente_id, perfil_id, nome, email) values (%s, %s, 'Rui', %s) returning id",
            [cena.cliente_id, perfil["id"], f"rui-{secrets.token_hex(4)}@exemplo.test"],
        ).fetchone()
    )
    assert usuario
    rui = abrir_sessao(admin, cena.cliente_id, usuario["id"])
    da_ana = (await criar(banco_api, cena.sessao))["id"]
    sua = (await criar(banco_api, rui))["id"]
    mensagem, recebida, _ = receber(admin, cena)
    assert (await chamar(banco_api, "api.midia_obter", **rui.args, p_id=sua))["id"] == sua
    assert (await chamar(banco_api, "api.midia_obter", **rui.args, p_id=recebida))["id"] == str(recebida)
    admin.execute(
        "update conversas set usuario_id = %s where id = (select conversa_id from mensagens where id = %s)",
        [cena.sessao.usuario_id, mensagem],
    )
    for id_ in (da_ana, recebida):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.midia_obter", **rui.args, p_id=id_)
        assert erro.value.codigo == "ZND01"


async def test_endereco_morre_com_a_sessao(
    admin: Admin, banco_api: Banco, novo_cliente: Callable[..., Any], bia: Sessao
) -> None:
    dono: Sessao = await novo_cliente("Efêmera")
    id_ = (await criar(banco_api, dono))["id"]
    permitida = await chamar(banco_api, "api.midia_url_autorizar", **dono.args, p_id=id_)
    ver: dict[str, Any] = {"p_cliente_id": dono.cliente_id, "p_sessao_id": permitida["sessaoId"], "p_id": id_}
    assert (await chamar(banco_api, "api.midia_conteudo_obter", **ver))["mime"] == "image/png"
    alheia = admin.execute("select id from sessoes where cliente_id = %s", [bia.cliente_id]).fetchone()
    assert alheia
    _, pendente, _ = receber(admin, montar(admin, dono, 1))
    with pytest.raises(Erro) as erro:
        await chamar(banco_api, "api.midia_url_autorizar", **dono.args, p_id=pendente)
    assert (erro.value.codigo, erro.value.corpo.detalhe) == ("ZRD06", "PENDENTE")
    for mudar in ({"p_sessao_id": alheia["id"]}, {"p_cliente_id": bia.cliente_id}, {"p_id": uuid4()}):
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.midia_conteudo_obter", **{**ver, **mudar})
        assert erro.value.codigo == "ZND01"
    for quebra, conserto in (
        (
            "update sessoes set revogada_em = now() where id = %(s)s",
            "update sessoes set revogada_em = null where id = %(s)s",
        ),
        ("update usuarios set ativo = false where id = %(u)s", "update usuarios set ativo = true where id = %(u)s"),
        ("update clientes set ativo = false where id = %(c)s", "update clientes set ativo = true where id = %(c)s"),
    ):
        nomes = {"s": permitida["sessaoId"], "u": dono.usuario_id, "c": dono.cliente_id}
        admin.execute(quebra.encode(), nomes)
        with pytest.raises(Erro) as erro:
            await chamar(banco_api, "api.midia_conteudo_obter", **ver)
        assert erro.value.codigo == "ZND01", quebra
        admin.execute(conserto.encode(), nomes)
        await chamar(banco_api, "api.midia_conteudo_obter", **ver)


async def test_mensagem_so_cita_midia_do_cliente(admin: Admin, banco_api: Banco, cena: Cena, bia: Sessao) -> None:
    mensagem, _, _ = receber(admin, cena)
    da_bia = (await criar(banco_api, bia))["id"]
    for conteudo in (f'{{"midiaId": "{da_bia}"}}', f'{{"cabecalho": {{"midiaId": "{da_bia}"}}}}'):
        with pytest.raises(ForeignKeyViolation):
            admin.execute("update mensagens set conteudo = %s where id = %s", [conteudo, mensagem])
