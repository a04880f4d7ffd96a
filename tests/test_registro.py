"""Logs: canaries that must never come out, whatever field, depth or renderer."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app import registro

CANARIO = "canario-7f3a"
TELEFONE = "5511987654321"
WAMID = "wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIYFjNFQjBDNkQ5"


@pytest.fixture(autouse=True)
def _devolver_os_logs() -> Iterator[None]:
    raiz = logging.getLogger()
    antes = raiz.handlers[:], raiz.level
    yield
    raiz.handlers[:], nivel = antes
    raiz.setLevel(nivel)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "campo",
    [
        "senha",
        "nova_senha",
        "token",
        "accessToken",
        "client_secret",
        "segredo",
        "credenciais",
        "Authorization",
        "corpo",
        "body",
        "texto",
        "password",
        "cookie",
        "BALCAO_CHAVES",
    ],
)
def test_um_campo_sigiloso_e_mascarado_em_qualquer_profundidade(campo: str) -> None:
    visto = registro.redigir({"a": [{"b": {campo: CANARIO}}], campo: {"x": CANARIO}})
    assert CANARIO not in repr(visto)
    assert registro.MASCARA in repr(visto)


@pytest.mark.parametrize("valor", [TELEFONE, f"+{TELEFONE}", int(TELEFONE)])
def test_um_telefone_e_encurtado_no_campo_e_no_texto(valor: Any) -> None:
    visto = registro.redigir(
        {"telefone": valor, "event": f"falhou para {valor}: sem WhatsApp", "lista_telefones": [valor]}
    )
    assert TELEFONE not in json.dumps(visto)
    assert "987654" not in json.dumps(visto)
    assert "5511" in visto["event"]


def test_um_wamid_e_encurtado_no_campo_e_no_texto() -> None:
    visto = registro.redigir({"wamid": WAMID, "event": f"aceita {WAMID}"})
    assert WAMID not in repr(visto)
    assert "wamid.HBgN…" in visto["event"]


@pytest.mark.parametrize(
    "texto",
    [
        f"postgresql://crm_api:{CANARIO}@banco/crm",
        f"redis://:{CANARIO}@127.0.0.1:6379/0",
        f"GET /x?access_token={CANARIO}&y=1",
        f"Authorization: Bearer {CANARIO}",
        f"senha={CANARIO}",
    ],
)
def test_um_segredo_dentro_de_um_texto_e_mascarado(texto: str) -> None:
    assert CANARIO not in registro.redigir(texto, "event")


def test_bytes_nunca_saem() -> None:
    assert registro.redigir({"carga": CANARIO.encode()}) == {"carga": "<12 bytes>"}


def test_o_que_se_precisa_para_ler_um_log_fica() -> None:
    evento = {
        "event": "lote concluído em 1732270000000 ms",
        "conexao_id": "0199b5e6-7a10-7c3e-8d5e-2f1f6a9d1c11",
        "quantos": 10,
        "timestamp": "2026-01-02T03:04:05.678901Z",
        "chave_ordem": 7,
    }
    visto = registro.processador(None, "info", dict(evento))
    assert {campo: visto[campo] for campo in evento if campo != "event"} == {
        campo: valor for campo, valor in evento.items() if campo != "event"
    }


@pytest.mark.parametrize("formato", ["json", "console"])
def test_nada_sigiloso_sai_por_nenhum_caminho(formato: Any, capsys: pytest.CaptureFixture[str]) -> None:
    registro.configurar("debug", formato, processo="teste")
    log = registro.registrador("app.teste")
    log.info("envio", senha=CANARIO, dados={"texto": CANARIO}, telefone=TELEFONE, wamid=WAMID)
    log.bind(token=CANARIO).warning(f"url https://u:{CANARIO}@h/")
    try:
        raise ValueError(f"token={CANARIO} de {TELEFONE}")
    except ValueError:
        log.exception("falhou", corpo=CANARIO)
    logging.getLogger("biblioteca").warning("password=%s para %s", CANARIO, TELEFONE)
    saida = capsys.readouterr().err
    assert saida.count("teste") >= 4
    assert CANARIO not in saida
    assert TELEFONE not in saida
    assert WAMID not in saida
    if formato == "json":
        linhas = [json.loads(linha) for linha in saida.splitlines()]
        assert {linha["processo"] for linha in linhas} == {"teste"}
        assert "ValueError" in linhas[2]["exception"]
