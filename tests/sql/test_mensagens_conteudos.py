"""What may be written, of each type, and the field that each refusal names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app.banco import Banco
from tests.sql import cenas
from tests.sql.balcao import Balcao, balcao, botoes, midia, montar, vizinha
from tests.sql.cenas import Admin, Cena

__all__ = ["balcao", "montar", "vizinha"]
COMPONENTES = [
    {"type": "HEADER", "format": "IMAGE"},
    {"type": "BODY", "text": "Olá {{1}}, seu código é {{2}}."},
    {
        "type": "BUTTONS",
        "buttons": [{"type": "QUICK_REPLY", "text": "Sim"}, {"type": "URL", "url": "https://a.test/{{1}}"}],
    },
]


def lista(*secoes: tuple[str | None, int], **extra: Any) -> dict[str, Any]:
    montadas = [
        {
            **({"titulo": titulo} if titulo else {}),
            "linhas": [{"id": f"{s}-{n}", "titulo": f"Linha {n}"} for n in range(linhas)],
        }
        for s, (titulo, linhas) in enumerate(secoes)
    ]
    return {"texto": "Veja", "botao": "Abrir", "secoes": montadas, **extra}


PESSOA = {"nome": "Ana Exemplo", "telefones": [{"telefone": "+5511999990011", "tipo": "CELL"}]}
BONS: dict[str, list[Any]] = {
    "TEXTO": [{"texto": "x" * 4096}, {"texto": "https://a.test", "previa": True}],
    "IMAGEM": [{"link": "https://a.test/x.png", "legenda": "y" * 1024}],
    "VIDEO": [{"link": "https://sub.a-b.test:8443/x.mp4?y=1"}],
    "DOCUMENTO": [{"link": "https://a.test/x.pdf", "nome": "contrato nº 1.pdf", "legenda": "veja"}],
    "AUDIO": [{"link": "https://a.test/x.ogg", "voz": True}],
    "FIGURINHA": [{"link": "https://a.test/x.webp"}],
    "BOTOES": [
        botoes("x" * 20), botoes("Sim", "Não", "Talvez", rodape="r" * 60, cabecalho={"texto": "c" * 60}),
        botoes("Sim", cabecalho={"tipo": "IMAGEM", "link": "https://a.test/x.png"}),
    ],
    "LISTA": [
        lista((None, 10)), lista(("A", 5), ("B", 5), cabecalho={"texto": "Topo"}), lista((None, 1), texto="z" * 4096),
    ],
    "LINK": [{"texto": "veja", "rotulo": "Abrir", "url": "https://exemplo.test/caminho?a=1#b"}],
    "LOCALIZACAO": [{"latitude": -23.5, "longitude": 180, "nome": "Praça"}],
    "CONTATOS": [
        {"contatos": [PESSOA]}, {"contatos": [{**PESSOA, "aniversario": "1990-02-03", "urls": [{"url": "a.test"}]}]},
    ],
}  # fmt: skip
MAUS: list[tuple[str, Any, str, str | None]] = [
    ("TEXTO", {"texto": "x" * 4097}, "ZRV05", "conteudo.texto"),
    ("TEXTO", {"texto": " \n "}, "ZRV03", "conteudo.texto"),
    ("TEXTO", {"texto": 7}, "ZRV04", "conteudo.texto"),
    ("TEXTO", {}, "ZRV03", "conteudo.texto"),
    ("TEXTO", {"texto": "a", "x": 1}, "ZRV02", "conteudo"),
    ("TEXTO", {"texto": "a", "previa": "sim"}, "ZRV07", "conteudo.previa"),
    ("TEXTO", ["a"], "ZRV01", "conteudo"),
    ("TEXTO", None, "ZRV01", "conteudo"),
    ("IMAGEM", {"link": "https://a.test/x", "legenda": "y" * 1025}, "ZRV05", "conteudo.legenda"),
    ("IMAGEM", {"legenda": "y"}, "ZRV10", "conteudo"),
    ("IMAGEM", {"midiaId": str(uuid4()), "link": "https://a.test/x"}, "ZRV10", "conteudo"),
    ("IMAGEM", {"midiaId": "abc"}, "ZRV11", "conteudo.midiaId"),
    ("IMAGEM", {"midiaId": str(uuid4())}, "ZND01", "conteudo.midiaId"),
    ("AUDIO", {"link": "https://a.test/x", "legenda": "y"}, "ZRV02", "conteudo"),
    ("FIGURINHA", {"link": "https://a.test/x", "legenda": "y"}, "ZRV02", "conteudo"),
    ("BOTOES", botoes(), "ZRV06", "conteudo.botoes"),
    ("BOTOES", botoes(*"abcd"), "ZRV06", "conteudo.botoes"),
    ("BOTOES", botoes("x" * 21), "ZRV05", "conteudo.botoes.0.titulo"),
    ("BOTOES", botoes("a", texto="x" * 1025), "ZRV05", "conteudo.texto"),
    ("BOTOES", botoes("a", rodape="x" * 61), "ZRV05", "conteudo.rodape"),
    ("BOTOES", botoes("a", cabecalho={"texto": "x" * 61}), "ZRV05", "conteudo.cabecalho.texto"),
    ("BOTOES", botoes("a", cabecalho={"tipo": "AUDIO", "link": "https://a.test"}), "ZRV14", "conteudo.cabecalho.tipo"),
    (
        "BOTOES", {"texto": "x", "botoes": [{"id": "a", "titulo": "A"}, {"id": "a", "titulo": "B"}]}, "ZRV15",
        "conteudo.botoes",
    ),
    ("BOTOES", {"texto": "x", "botoes": [{"id": "i" * 257, "titulo": "A"}]}, "ZRV05", "conteudo.botoes.0.id"),
    ("BOTOES", {"texto": "x", "botoes": ["a"]}, "ZRV01", "conteudo.botoes.0"),
    ("LISTA", lista(("A", 6), ("B", 5)), "ZRV16", "conteudo.secoes"),
    ("LISTA", lista((None, 11)), "ZRV06", "conteudo.secoes.0.linhas"),
    ("LISTA", lista(*[("A", 1)] * 11), "ZRV06", "conteudo.secoes"),
    ("LISTA", lista(("A", 1), (None, 1)), "ZRV03", "conteudo.secoes.1.titulo"),
    ("LISTA", lista(("x" * 25, 1)), "ZRV05", "conteudo.secoes.0.titulo"),
    ("LISTA", lista((None, 1), botao="x" * 21), "ZRV05", "conteudo.botao"),
    ("LISTA", lista((None, 1), cabecalho={"tipo": "IMAGEM", "link": "https://a.b/x"}), "ZRV02", "conteudo.cabecalho"),
    ("LINK", {"texto": "v", "rotulo": "x" * 21, "url": "https://a.test"}, "ZRV05", "conteudo.rotulo"),
    *[
        ("LINK", {"texto": "v", "rotulo": "x", "url": u}, "ZRV08", "conteudo.url")
        for u in (
            "http://a.test", "https://10.0.0.1/x", "https://[::1]/", "https://localhost/", "https://u:p@a.test/",
            "https://a.test/ b", "https://2130706433/", "https://x.internal/", "javascript:alert(1)", "https://0x7f.1/",
        )
    ],
    ("LOCALIZACAO", {"latitude": 91, "longitude": 0}, "ZRV09", "conteudo.latitude"),
    ("LOCALIZACAO", {"latitude": 0, "longitude": -181}, "ZRV09", "conteudo.longitude"),
    ("LOCALIZACAO", {"latitude": "0", "longitude": 0}, "ZRV09", "conteudo.latitude"),
    ("CONTATOS", {"contatos": []}, "ZRV06", "conteudo.contatos"),
    ("CONTATOS", {"contatos": [PESSOA] * 258}, "ZRV06", "conteudo.contatos"),
    ("CONTATOS", {"contatos": [{**PESSOA, "nome": ""}]}, "ZRV03", "conteudo.contatos.0.nome"),
    ("CONTATOS", {"contatos": [{**PESSOA, "aniversario": "ontem"}]}, "ZRV17", "conteudo.contatos.0.aniversario"),
    (
        "CONTATOS", {"contatos": [{**PESSOA, "telefones": [{"tipo": "CELL"}]}]}, "ZRV03",
        "conteudo.contatos.0.telefones.0.telefone",
    ),
    ("REACAO", {"alvoId": str(uuid4()), "emoji": "👍"}, "ZNV02", "conteudo.alvoId"),
    ("REACAO", {"emoji": "👍"}, "ZRV11", "conteudo.alvoId"),
    ("ENQUETE", {"texto": "x"}, "ZRV23", "tipo"),
]  # fmt: skip


async def test_conteudos_que_valem(balcao: Balcao) -> None:
    for tipo, conteudos in BONS.items():
        for conteudo in conteudos:
            m = await balcao.enviar(tipo, conteudo)
            assert (m["tipo"], m["conteudo"], m["status"], m["tique"]) == (tipo, conteudo, "RESERVADO", "ESPERA")
    quantos = sum(map(len, BONS.values()))
    assert balcao.contar() == (quantos, quantos)
    ordens = balcao.admin.execute(
        "select ordem from fila where chave_ordem = %s order by ordem", [balcao.conversa]
    ).fetchall()
    assert [o["ordem"] for o in ordens] == list(range(1, quantos + 1))


@pytest.mark.parametrize(("tipo", "conteudo", "codigo", "campo"), MAUS)
async def test_conteudos_que_nao_valem(balcao_unico: Balcao, tipo: str, conteudo: Any, codigo: str, campo: str) -> None:
    antes = balcao_unico.contar()
    assert await balcao_unico.recusa(tipo, conteudo) == (codigo, campo)
    assert balcao_unico.contar() == antes


@pytest.fixture(scope="module")
async def balcao_unico(admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco) -> Balcao:
    cena = cenas.montar(admin, await novo_cliente("Única"), 1)
    linha = admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, janela_expira_em)"
        " values (%s, %s, %s, now() + interval '5 hours') returning id",
        [cena.cliente_id, cena.conexao_id, cena.contatos[0]],
    ).fetchone()
    assert linha
    return Balcao(cena, admin, banco_api, linha["id"], uuid4())


async def test_midia_nossa(balcao: Balcao, vizinha: Cena) -> None:
    m = await balcao.enviar("IMAGEM", {"midiaId": midia(balcao.admin, balcao.cena)})
    assert m["midiaId"] == m["conteudo"]["midiaId"]
    subir = balcao.um(
        "select count(*) as n from fila where cliente_id = %s and tipo = 'midia_subir'", balcao.cena.cliente_id
    )
    assert subir["n"] == 1, "on its way to the provider at once"
    alheia = midia(balcao.admin, vizinha)
    assert await balcao.recusa("IMAGEM", {"midiaId": alheia}) == ("ZND01", "conteudo.midiaId")
    som = midia(balcao.admin, balcao.cena, "AUDIO")
    assert await balcao.recusa("IMAGEM", {"midiaId": som}) == ("ZRV13", "conteudo.midiaId")
    perdida = midia(balcao.admin, balcao.cena, status="FALHOU")
    assert await balcao.recusa("IMAGEM", {"midiaId": perdida}) == ("ZRV12", "conteudo.midiaId")


async def test_reacao_e_citacao(balcao: Balcao, montar: Callable[..., Any]) -> None:
    outra = await montar(balcao.cena.sessao)
    m = await balcao.enviar("REACAO", {"alvoId": str(balcao.entrada), "emoji": "👍"})
    assert m["corpo"] == "👍"
    await balcao.enviar("REACAO", {"alvoId": str(balcao.entrada), "emoji": ""})
    assert await balcao.recusa("REACAO", {"alvoId": str(outra.entrada), "emoji": "👍"}) == ("ZNV02", "conteudo.alvoId")
    nossa = await balcao.texto()
    assert await balcao.recusa("REACAO", {"alvoId": nossa["id"], "emoji": "👍"}) == ("ZNV02", "conteudo.alvoId")
    resposta = await balcao.texto("sobre isso", p_contexto_id=balcao.entrada)
    assert resposta["contexto"] == {
        "id": str(balcao.entrada), "direcao": "ENTRADA", "tipo": "TEXTO", "corpo": "bom dia",
    }  # fmt: skip
    assert await balcao.recusa("TEXTO", {"texto": "x"}, p_contexto_id=outra.entrada) == ("ZNV02", "contextoId")


async def test_modelo_contra_a_definicao(balcao: Balcao) -> None:
    b = balcao
    linha = b.um(
        "insert into modelos (cliente_id, conexao_id, id_externo, nome, idioma, categoria, status, componentes,"
        " variaveis)"
        " values (%s, %s, '77', 'completo', 'pt_BR', 'UTILITY', 'APPROVED', %s, interno.modelo_variaveis(%s))"
        " returning id",
        b.cena.cliente_id, b.cena.conexao_id, *[psycopg.types.json.Jsonb(COMPONENTES)] * 2,
    )  # fmt: skip
    foto = midia(b.admin, b.cena)
    bom: dict[str, Any] = {
        "modeloId": str(linha["id"]), "parametros": {"1": "Ana", "2": "42", "botao.1": "abc"},
        "cabecalho": {"midiaId": foto},
    }  # fmt: skip
    m = await b.enviar("MODELO", bom)
    assert (m["corpo"], m["modeloId"], m["midiaId"]) == ("Olá Ana, seu código é 42.", str(linha["id"]), foto)
    await b.enviar("MODELO", {**bom, "parametros": {**bom["parametros"], "botao.0": "sim"}})
    p = bom["parametros"]
    for mudado, esperado in [
        ({"parametros": {"1": "Ana", "botao.1": "abc"}}, ("ZRM03", "2")),
        ({"parametros": {**p, "3": "x"}}, ("ZRM05", "parametros")),
        ({"parametros": {**p, "1": " \n "}}, ("ZRM04", "1")),
        ({"parametros": {**p, "1": {"x": 1}}}, ("ZRM01", "1")),
        ({"parametros": ["Ana", "42"]}, ("ZRV01", "conteudo.parametros")),
        ({"botoes": []}, ("ZRV02", "conteudo")),
        ({"cabecalho": {"latitude": 1, "longitude": 2}}, ("ZRM03", "cabecalho.midia")),
        ({"modeloId": str(uuid4())}, ("ZNM01", "conteudo.modeloId")),
    ]:
        assert await b.recusa("MODELO", {**bom, **mudado}) == esperado, mudado
    # what the provider refuses in a parameter never gets that far
    torto = await b.enviar("MODELO", {**bom, "parametros": {**p, "1": "Ana\n\tMaria" + " " * 9 + "Silva"}})
    assert torto["conteudo"]["parametros"]["1"] == "Ana Maria Silva"
    sem_cabecalho = {k: v for k, v in bom.items() if k != "cabecalho"}
    assert await b.recusa("MODELO", sem_cabecalho) == ("ZRM03", "cabecalho.midia")
    b.mudar("update modelos set status = 'PAUSED' where id = %s", linha["id"])
    assert await b.recusa("MODELO", bom) == ("ZRK05", "conteudo.modeloId")
    outra = cenas.montar(b.admin, b.cena.sessao, 0)
    usado = {"modeloId": str(outra.modelo_id), "parametros": {"1": "a", "2": "b"}}
    assert await b.recusa("MODELO", usado) == ("ZRV18", "conteudo.modeloId")
