"""Every list of the inbox goes by its index, as the role that the product uses, and reads about a page of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.embutido import SUPERUSUARIO
from app.http.comum import DaSessao
from bench._cena_contatos import Cena
from bench._espia import Espia, Visto
from bench.lista import Inbox, encher
from tests.conftest import Sessao

GRANDES = {"conversas", "mensagens", "mensagens_busca", "contatos"}
CASOS: list[tuple[str, dict[str, Any], str | None, set[str]]] = [
    ("TODAS", {}, None, {"conversas_ultima_mensagem_em_idx"}),
    ("TODAS", {"status": ["ADIADA", "ABERTA"]}, None, {"conversas_status_idx"}),
    ("TODAS", {}, "ESPERA", {"conversas_espera_desde_idx"}),
    ("TODAS", {}, "CRIADA", {"conversas_pkey"}),
    ("TODAS", {}, "PRIORIDADE", {"conversas_prioridade_idx"}),
    ("TODAS", {"naoLidas": True}, None, {"conversas_nao_lidas_idx"}),
    ("TODAS", {"semRespostaMinutos": 499}, None, {"conversas_espera_desde_idx"}),
    ("TODAS", {"conexaoId": "CONEXAO"}, None, {"conversas_conexao_id_idx"}),
    *((v, {"aba": "MINHAS"}, None, {"conversas_usuario_id_status_idx"}) for v in ("PROPRIA", "EQUIPE", "TODAS")),
    *((v, {"aba": "FILA"}, None, {"conversas_fila_espera_idx"}) for v in ("PROPRIA", "EQUIPE", "TODAS")),
    *((v, {"aba": "MENCOES"}, None, {"mencoes_por_ler_idx"}) for v in ("PROPRIA", "EQUIPE", "TODAS")),
    ("PROPRIA", {}, None, {"conversas_usuario_id_status_idx", "conversas_sem_dono_idx"}),
    ("EQUIPE", {}, None, {"conversas_usuario_id_status_idx", "conversas_equipe_id_idx"}),
]


@pytest.fixture(scope="module")
def inbox(url_de: Callable[[str], str], ana: Sessao) -> Inbox:
    with psycopg.connect(url_de(SUPERUSUARIO), autocommit=True) as admin:
        cena = cast(Cena, SimpleNamespace(admin=admin, banco=None))
        dono = DaSessao(cast(Any, None), ana.cliente_id, ana.segredo)
        cheia = encher(cena, dono, 9000, 8000, 16_000)
        # what others are mentioned in: alone, the mentions of a few would be read whole
        admin.execute("set session_replication_role = replica")
        admin.execute(
            "insert into mencoes (cliente_id, nota_id, usuario_id, conversa_id)"
            " select cliente_id, uuidv7(), uuidv7(), id from conversas where cliente_id = %s",
            [ana.cliente_id],
        )
        admin.execute("reset session_replication_role")
        admin.execute("vacuum analyze")
    return cheia


@pytest.fixture(scope="module")
def espia(url_de: Callable[[str], str], inbox: Inbox) -> Iterator[Espia]:
    e = Espia(url_de(SUPERUSUARIO))
    yield e
    e.fechar()


def ver(espia: Espia, quem: DaSessao, chamada: str, **valores: Any) -> Visto:
    comando = f"select api.{chamada}".replace("$", "p_cliente_id => %(p_cliente_id)s, p_sessao => %(p_sessao)s")
    return espia.ver("crm_api", comando, quem._valores(valores))


def inteiras(visto: Visto) -> list[str]:
    return sorted({str(n.tabela) for n in visto.nos if n.tipo == "Seq Scan" and n.tabela in GRANDES})


@pytest.mark.parametrize(("visibilidade", "filtros", "ordem", "indices"), CASOS)
def test_lista(
    espia: Espia, inbox: Inbox, visibilidade: str, filtros: dict[str, Any], ordem: str | None, indices: set[str]
) -> None:
    pedidos = {k: str(inbox.conexao) if v == "CONEXAO" else v for k, v in filtros.items()}
    visto = ver(
        espia, inbox.vigias[visibilidade], "conversas_listar($, p_filtros => %(f)s, p_ordem => %(o)s)",
        f=Jsonb(pedidos), o=ordem,
    )  # fmt: skip
    assert indices <= visto.indices
    assert inteiras(visto) == []
    # a page, and a page of each slice that it is merged from
    assert max(n.lidas + n.descartadas for n in visto.nos if n.tabela == "conversas") <= 2100


def test_busca(espia: Espia, inbox: Inbox) -> None:
    visto = ver(espia, inbox.dono, "mensagens_buscar($, p_busca => 'c4ca4238')")
    assert "mensagens_busca_termos_idx" in visto.indices
    assert inteiras(visto) == []


def test_a_medida_acusa(espia: Espia, inbox: Inbox) -> None:
    """The same eyes see a scan, and that RLS keeps the words out of the index."""
    cliente = inbox.dono.cliente_id
    comando = (
        "select count(*) from mensagens_busca where cliente_id = %(c)s"
        " and termos @@ to_tsquery('public.portugues', 'c4ca4238')"
    )
    visto = espia.ver("crm_definidor", comando, {"c": cliente}, cliente)
    assert "mensagens_busca_termos_idx" not in visto.indices
    assert inteiras(espia.ver("crm_definidor", "select count(*) from conversas where versao = 7", {}, cliente))
