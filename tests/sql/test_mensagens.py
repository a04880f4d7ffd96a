"""Writing to somebody: what is refused and where, the place each message gets, undoing, resending, reading."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, abrir_sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, reservar

COMPONENTES = [
    {"type": "HEADER", "format": "IMAGE"},
    {"type": "BODY", "text": "Olá {{1}}, seu código é {{2}}."},
    {
        "type": "BUTTONS",
        "buttons": [{"type": "QUICK_REPLY", "text": "Sim"}, {"type": "URL", "url": "https://a.test/{{1}}"}],
    },
]


def cru(valor: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(valor))


@dataclass
class Balcao:
    """One tenant, an open conversation with its window, and whoever answers there."""

    cena: Cena
    admin: Admin
    banco_api: Banco
    conversa: UUID
    entrada: UUID

    async def enviar(self, tipo: str, conteudo: object, **extra: Any) -> Any:
        argumentos = {"p_conversa_id": self.conversa, **self.cena.sessao.args, **extra}
        return await chamar(self.banco_api, "api.mensagem_enviar", p_tipo=tipo, p_conteudo=cru(conteudo), **argumentos)

    async def texto(self, texto: str = "oi", **extra: Any) -> Any:
        return await self.enviar("TEXTO", {"texto": texto}, **extra)

    async def chamar(self, funcao: str, **extra: Any) -> Any:
        return await chamar(self.banco_api, funcao, **{**self.cena.sessao.args, **extra})

    async def recusa(self, tipo: str, conteudo: object, **extra: Any) -> tuple[str, str | None]:
        with pytest.raises(Erro) as erro:
            await self.enviar(tipo, conteudo, **extra)
        return erro.value.codigo, erro.value.corpo.campo

    def um(self, consulta: str, *valores: object) -> dict[str, Any]:
        linha = self.admin.execute(consulta, valores).fetchone()
        assert linha
        return linha

    def mudar(self, consulta: str, *valores: object) -> None:
        self.admin.execute(consulta, valores)

    def contar(self) -> tuple[int, int]:
        linha = self.um(
            "select (select count(*) from mensagens where cliente_id = %s and direcao = 'SAIDA') as m,"
            " (select count(*) from fila where cliente_id = %s and tipo = 'mensagem_enviar') as f",
            self.cena.cliente_id, self.cena.cliente_id,
        )  # fmt: skip
        return linha["m"], linha["f"]


@pytest.fixture
def montar(admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco) -> Callable[..., Any]:
    async def fazer(sessao: Sessao | None = None) -> Balcao:
        cena = cenas.montar(admin, sessao or await novo_cliente("Conversa"), 2)
        linha = admin.execute(
            "insert into conversas (cliente_id, conexao_id, contato_id, janela_expira_em, nao_lidas)"
            " values (%s, %s, %s, now() + interval '5 hours', 1) returning id",
            [cena.cliente_id, cena.conexao_id, cena.contatos[0]],
        ).fetchone()
        assert linha
        entrada = admin.execute(
            "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, id_externo,"
            " origem, ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'bom dia', 'RECEBIDA', %s, 'CONTATO',"
            " now() - interval '1 minute') returning id",
            [cena.cliente_id, linha["id"], cena.conexao_id, secrets.token_hex(8)],
        ).fetchone()
        assert entrada
        return Balcao(cena, admin, banco_api, linha["id"], entrada["id"])

    return fazer


@pytest.fixture(scope="module")
async def vizinha(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Vizinha"), 1)


@pytest.fixture
async def balcao(montar: Callable[..., Any]) -> Balcao:
    feito: Balcao = await montar()
    return feito


def midia(admin: Admin, cena: Cena, tipo: str = "IMAGEM", status: str = "DISPONIVEL") -> str:
    linha = admin.execute(
        "insert into midias (cliente_id, origem, tipo, status, motivo, sha256, tamanho, mime, nome, conexao_id,"
        " id_externo, expira_em)"
        " values (%s, 'RECEBIDA', %s, %s, %s, %s, 10, 'image/png', 'a.png', %s, %s, now() + interval '1 day')"
        " returning id",
        [
            cena.cliente_id, tipo, status, None if status == "DISPONIVEL" else "PERDIDA", secrets.token_hex(32),
            cena.conexao_id, secrets.token_hex(8),
        ],
    ).fetchone()  # fmt: skip
    assert linha
    return str(linha["id"])


def botoes(*titulos: str, **extra: Any) -> dict[str, Any]:
    return {"texto": "Escolha", "botoes": [{"id": f"b{n}", "titulo": t} for n, t in enumerate(titulos)], **extra}


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


def simples(cena: Cena) -> dict[str, Any]:
    return {"modeloId": str(cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}}


RESOLVIDA = (
    "'RESOLVIDA', motivo_id = (select m.id from motivos_resolucao m where m.cliente_id = conversas.cliente_id limit 1)"
)


async def test_a_quem_nao_se_escreve(balcao: Balcao) -> None:
    """Each rule, on its own, and that it does not linger."""
    b = balcao
    contato = b.cena.contatos[0]
    regras = [
        ("update conversas set janela_expira_em = {} where id = %s", b.conversa, "now() + interval '50 seconds'",
         "now() + interval '1 hour'", "ZRV34"),
        ("update conversas set janela_expira_em = {} where id = %s", b.conversa, "null", "now() + interval '1 hour'",
         "ZRV34"),
        ("update contatos set bloqueado = {} where id = %s", contato, "true", "false", "ZRV31"),
        ("update contatos set removido_em = {} where id = %s", contato, "now()", "null", "ZRV30"),
        ("update conexoes set status = {} where id = %s", b.cena.conexao_id, "'DESATIVADA'", "'ATIVA'", "ZRV33"),
        ("update conversas set status = {} where id = %s", b.conversa, RESOLVIDA, "'ABERTA'", "ZCV04"),
    ]  # fmt: skip
    for consulta, alvo, antes, depois, codigo in regras:
        b.mudar(consulta.format(antes), alvo)
        assert (await b.recusa("TEXTO", {"texto": "x"}))[0] == codigo, codigo
        b.mudar(consulta.format(depois), alvo)
        await b.texto()
    # a template needs no window, and a pause only makes it wait
    b.mudar("update conversas set janela_expira_em = null where id = %s", b.conversa)
    b.mudar("update conexoes set status = 'PAUSADA' where id = %s", b.cena.conexao_id)
    await b.enviar("MODELO", simples(b.cena))


async def test_recusa_de_marketing_so_fecha_marketing(balcao: Balcao) -> None:
    b = balcao
    await b.enviar("MODELO", simples(b.cena))
    await b.chamar("api.consentimento_criar", p_contato_id=b.cena.contatos[0], p_acao="REVOGADO", p_prova="pediu")
    assert (await b.recusa("MODELO", simples(b.cena)))[0] == "ZRV32"
    await b.texto("isto não é marketing")
    b.mudar("update modelos set categoria = 'UTILITY' where id = %s", b.cena.modelo_id)
    await b.enviar("MODELO", simples(b.cena))


async def test_uaizap_sem_janela_nem_modelo(balcao: Balcao) -> None:
    b = balcao
    b.mudar("update conversas set janela_expira_em = null where id = %s", b.conversa)
    b.mudar("update conexoes set provedor = 'UAIZAP' where id = %s", b.cena.conexao_id)
    await b.texto("sem janela")
    assert await b.recusa("MODELO", simples(b.cena)) == ("ZRV25", "tipo")
    assert await b.recusa("TEXTO", {"texto": "oi {{nome}}"}) == ("ZRV26", "conteudo")
    assert (await b.recusa("BOTOES", botoes("{{a}}")))[0] == "ZRV26"


async def test_ordem_e_a_da_trava(balcao: Balcao) -> None:
    """Thirty at once: thirty places, none twice, none missing."""
    await asyncio.gather(*(balcao.texto(f"m{n}") for n in range(30)))
    ordens = balcao.admin.execute(
        "select m.ordem, f.ordem as na_fila, f.prioridade, f.expira_em > now() + interval '23 hours' as dura"
        " from mensagens m join fila f on f.alvo_id = m.id where m.conversa_id = %s order by m.ordem",
        [balcao.conversa],
    ).fetchall()
    assert [o["ordem"] for o in ordens] == list(range(1, 31))
    assert all(o["ordem"] == o["na_fila"] and o["prioridade"] == 1 and o["dura"] for o in ordens)


async def test_limite_de_espera(balcao: Balcao) -> None:
    await balcao.texto()
    balcao.mudar(
        "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id, chave_ordem, ordem)"
        " select %s, 'mensagem_enviar', %s, 1, now(), uuidv7(), %s, n from generate_series(1001, 1199) as n",
        balcao.cena.cliente_id, balcao.cena.conexao_id, balcao.conversa,
    )  # fmt: skip
    with pytest.raises(Erro) as erro:
        await balcao.texto()
    assert (erro.value.status, erro.value.codigo, erro.value.espera_s) == (429, "ZLV01", 30)


async def test_repetir_a_chave_repete_a_resposta(balcao: Balcao) -> None:
    primeira = await balcao.texto(p_chave_idempotencia="k1")
    assert await balcao.texto(p_chave_idempotencia="k1") == primeira
    assert balcao.contar() == (1, 1)
    with pytest.raises(Erro) as erro:
        await balcao.texto("outra coisa", p_chave_idempotencia="k1")
    assert erro.value.codigo == "ZCG03"


async def test_ninguem_escreve_no_que_nao_ve(balcao: Balcao, vizinha: Cena, admin: Admin) -> None:
    b = balcao
    perfil = b.um("select id from perfis where cliente_id = %s and codigo = 'ATENDENTE'", b.cena.cliente_id)
    usuarios = [
        b.um(
            "insert into usuarios (cliente_id, nome, email, perfil_id) values (%s, %s, %s, %s) returning id",
            b.cena.cliente_id, nome, f"{nome.lower()}-{secrets.token_hex(4)}@exemplo.test", perfil["id"],
        )["id"]
        for nome in ("Dora", "Ema")
    ]  # fmt: skip
    b.mudar("update conversas set usuario_id = %s where id = %s", usuarios[0], b.conversa)
    dona, outra = (abrir_sessao(admin, b.cena.cliente_id, u) for u in usuarios)
    m = await b.texto(**dona.args)
    for sessao in (outra, vizinha.sessao):
        assert (await b.recusa("TEXTO", {"texto": "x"}, **sessao.args))[0] == "ZNV01"
        for funcao, id_, codigo in [
            ("api.conversa_obter", b.conversa, "ZNV01"), ("api.conversa_ler", b.conversa, "ZNV01"),
            ("api.conversa_digitar", b.conversa, "ZNV01"), ("api.mensagem_obter", UUID(m["id"]), "ZNV02"),
            ("api.mensagem_cancelar", UUID(m["id"]), "ZNV02"), ("api.mensagem_reenviar", UUID(m["id"]), "ZNV02"),
        ]:  # fmt: skip
            with pytest.raises(Erro) as erro:
                await b.chamar(funcao, p_id=id_, **sessao.args)
            assert erro.value.codigo == codigo, funcao
        assert (await b.chamar("api.conversas_listar", **sessao.args))["dados"] == []
    assert [c["id"] for c in (await b.chamar("api.conversas_listar", **dona.args))["dados"]] == [str(b.conversa)]


async def test_desfeita_a_resposta_a_pessoa_volta_a_esperar(balcao: Balcao) -> None:
    b = balcao

    def resumo() -> Any:
        return b.admin.execute(
            "select espera_desde, nao_lidas, respondida_ate, ultima_mensagem_id from conversas where id = %s",
            [b.conversa],
        ).fetchone()

    b.admin.execute("update conversas set espera_desde = ultima_entrada_em where id = %s", [b.conversa])
    antes = resumo()
    resposta = await b.texto("já vai")
    assert resumo()["espera_desde"] is None
    await b.chamar("api.mensagem_cancelar", p_id=UUID(resposta["id"]))
    depois = resumo()
    assert (depois["espera_desde"], depois["respondida_ate"]) == (antes["espera_desde"], None)
    assert depois["ultima_mensagem_id"] == b.entrada


async def test_cancelar_antes_que_saia(balcao: Balcao, banco_worker: Banco) -> None:
    b = balcao
    primeira, segunda = await b.texto("um"), await b.texto("dois")
    desfeita = await b.chamar("api.mensagem_cancelar", p_id=UUID(segunda["id"]))
    assert (desfeita["status"], desfeita["motivo"], desfeita["motivoTexto"]) == (
        "PULADO", "CANCELADA", "Cancelada antes de sair",
    )  # fmt: skip
    assert b.contar() == (2, 1)
    assert len(await reservar(banco_worker, b.cena)) == 1
    with pytest.raises(Erro) as erro:
        await b.chamar("api.mensagem_cancelar", p_id=UUID(primeira["id"]))
    assert erro.value.codigo == "ZCV03"
    assert (await b.chamar("api.mensagem_cancelar", p_id=UUID(segunda["id"])))["motivo"] == "CANCELADA"


@pytest.mark.parametrize(
    ("status", "motivo", "pode"),
    [
        ("FALHOU", "PLATFORM", True), ("FALHOU", "MEDIA", True), ("FALHOU", "TENTATIVAS_ESGOTADAS", True),
        ("FALHOU", "EXPIRADA", True), ("FALHOU", "REQUEST", False), ("FALHOU", "CONTACT", False),
        ("FALHOU", "WINDOW", False), ("FALHOU", "OPTOUT", False), ("INCERTO", "SEM_RESPOSTA", False),
        ("ENVIADO", None, False), ("RESERVADO", None, False),
    ],
)  # fmt: skip
async def test_reenviar_so_o_que_passa(balcao: Balcao, status: str, motivo: str | None, pode: bool) -> None:
    b = balcao
    m = await b.texto("um")
    b.mudar("delete from fila where alvo_id = %s", UUID(m["id"]))
    passos = {"FALHOU": ["FALHOU"], "INCERTO": ["ENVIANDO", "INCERTO"], "ENVIADO": ["ENVIADO"]}.get(status, [])
    for passo in passos:
        b.mudar("update mensagens set status = %s, motivo = %s where id = %s", passo, motivo, UUID(m["id"]))
    outra = await b.texto("dois")
    if not pode:
        with pytest.raises(Erro) as erro:
            await b.chamar("api.mensagem_reenviar", p_id=UUID(m["id"]))
        assert erro.value.codigo == "ZCV05"
        return
    de_novo = await b.chamar("api.mensagem_reenviar", p_id=UUID(m["id"]))
    assert (de_novo["status"], de_novo["motivo"], de_novo["motivoTexto"]) == ("RESERVADO", None, None)
    ordens = b.admin.execute(
        "select alvo_id, ordem from fila where chave_ordem = %s order by ordem", [b.conversa]
    ).fetchall()
    assert [str(o["alvo_id"]) for o in ordens] == [outra["id"], m["id"]], "at the end of the conversation"
    b.mudar("update contatos set bloqueado = true where id = %s", b.cena.contatos[0])
    with pytest.raises(Erro):
        await b.chamar("api.mensagem_reenviar", p_id=UUID(m["id"]))


async def test_ler_uma_vez_por_mensagem(balcao: Balcao) -> None:
    b = balcao
    lida = await b.chamar("api.conversa_ler", p_id=b.conversa)
    assert lida["naoLidas"] == 0
    fila = b.um(
        "select alvo_id, execucao, conexao_id from fila where cliente_id = %s and tipo = 'leitura_marcar'",
        b.cena.cliente_id,
    )
    assert fila == {"alvo_id": b.entrada, "execucao": "BORDA", "conexao_id": b.cena.conexao_id}
    b.mudar("delete from fila where cliente_id = %s", b.cena.cliente_id)
    await b.chamar("api.conversa_ler", p_id=b.conversa)
    n = b.um("select count(*) as n from fila where cliente_id = %s", b.cena.cliente_id)
    assert n == {"n": 0}, "told already"


async def test_digitar_uma_vez_a_cada_vinte_segundos(balcao: Balcao) -> None:
    b = balcao
    mostrados = [(await b.chamar("api.conversa_digitar", p_id=b.conversa))["mostrado"] for _ in range(3)]
    assert mostrados == [True, False, False]
    b.mudar("update conversas set digitando_em = now() - interval '21 seconds' where id = %s", b.conversa)
    assert (await b.chamar("api.conversa_digitar", p_id=b.conversa))["mostrado"]
    b.mudar("update conversas set digitando_em = null, janela_expira_em = now() where id = %s", b.conversa)
    assert not (await b.chamar("api.conversa_digitar", p_id=b.conversa))["mostrado"]


async def test_iniciar_com_modelo(balcao: Balcao, vizinha: Cena) -> None:
    b = balcao
    pedido = {"p_contato_id": b.cena.contatos[1], "p_conexao_id": b.cena.conexao_id, "p_tipo": "MODELO"}
    feito = await b.chamar("api.conversa_iniciar", p_conteudo=cru(simples(b.cena)), **pedido)
    assert feito["mensagem"]["corpo"] == "Olá Ana, seu desconto é 10%."
    assert feito["conversa"]["ultimaMensagem"]["id"] == feito["mensagem"]["id"]
    outra = await b.chamar("api.conversa_iniciar", p_conteudo=cru(simples(b.cena)), **pedido)
    assert outra["conversa"]["id"] == feito["conversa"]["id"], "one open conversation"
    with pytest.raises(Erro) as erro:
        await b.chamar("api.conversa_iniciar", p_conteudo=cru({"texto": "oi"}), **{**pedido, "p_tipo": "TEXTO"})
    assert erro.value.codigo == "ZRV34"
    for troca, codigo in (("p_contato_id", "ZNC01"), ("p_conexao_id", "ZNX01")):
        alheio = vizinha.contatos[0] if troca == "p_contato_id" else vizinha.conexao_id
        with pytest.raises(Erro) as erro:
            await b.chamar("api.conversa_iniciar", p_conteudo=cru(simples(b.cena)), **{**pedido, troca: alheio})
        assert erro.value.codigo == codigo


async def test_dez_inicios_ao_mesmo_tempo_uma_conversa(balcao: Balcao) -> None:
    b = balcao
    pedido = {"p_contato_id": b.cena.contatos[1], "p_conexao_id": b.cena.conexao_id, "p_tipo": "MODELO"}
    feitos = await asyncio.gather(
        *(b.chamar("api.conversa_iniciar", p_conteudo=cru(simples(b.cena)), **pedido) for _ in range(10))
    )
    assert len({f["conversa"]["id"] for f in feitos}) == 1
    ordens = b.admin.execute(
        "select ordem from fila where chave_ordem = %s", [UUID(feitos[0]["conversa"]["id"])]
    ).fetchall()
    assert sorted(o["ordem"] for o in ordens) == list(range(1, 11))


async def test_paginas_de_mensagens_e_conversas(balcao: Balcao) -> None:
    b = balcao
    for n in range(7):
        await b.texto(f"m{n}")
    vistas, cursor = [], None
    while True:
        pagina = await b.chamar("api.mensagens_listar", p_conversa_id=b.conversa, p_limite=3, p_cursor=cursor)
        vistas += [m["corpo"] for m in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
    assert vistas == [f"m{n}" for n in range(6, -1, -1)] + ["bom dia"]


async def test_tiques_e_motivos(balcao: Balcao) -> None:
    b = balcao
    m = UUID((await b.texto())["id"])
    passos: list[tuple[str, str, str | None]] = [
        ("status = 'ENVIANDO'", "ESPERA", None),
        ("status = 'INCERTO', motivo = 'SEM_RESPOSTA'", "DUVIDA", "Não foi possível"),
        ("status = 'ENVIADO', motivo = null", "ENVIADA", None), ("entregue_em = now()", "ENTREGUE", None),
        ("lido_em = now()", "LIDA", None), ("status = 'FALHOU', motivo = 'WINDOW'", "ERRO", "Só um modelo aprovado"),
        ("erro_texto = 'texto do provedor'", "ERRO", "texto do provedor"),
    ]  # fmt: skip
    for mudanca, tique, motivo in passos:
        b.mudar(f"update mensagens set {mudanca} where id = %s", m)
        vista = await b.chamar("api.mensagem_obter", p_id=m)
        assert vista["tique"] == tique
        assert (vista["motivoTexto"] or "").startswith(motivo or "") and bool(vista["motivoTexto"]) == bool(motivo)


@pytest.mark.parametrize("caminho", ["pessoa", "bot", "agendada"])
async def test_recusa_em_curso_segura_o_marketing(balcao: Balcao, url_de: Callable[[str], str], caminho: str) -> None:
    """Whatever path writes: while a revocation is being committed nobody slips past it."""
    b = balcao
    origem, prioridade = {"pessoa": ("HUMANO", 1), "bot": ("BOT", 3), "agendada": ("AGENDADA", 5)}[caminho]
    b.mudar("update conversas set controle = %s where id = %s", "BOT" if caminho == "bot" else "FILA", b.conversa)
    modelo = psycopg.types.json.Jsonb(simples(b.cena))

    def escrever(conexao: psycopg.Connection[Any]) -> str | None:
        conexao.execute("select set_config('app.cliente_id', %s, true)", [str(b.cena.cliente_id)])
        try:
            conexao.execute(
                "select interno.mensagem_enfileirar(%s, %s, 'MODELO', %s, null, %s, %s::smallint)",
                [b.cena.cliente_id, b.conversa, modelo, origem, prioridade],
            )
        except psycopg.Error as erro:
            conexao.rollback()
            return erro.sqlstate
        conexao.commit()
        return None

    with psycopg.connect(url_de("postgres")) as uma, psycopg.connect(url_de("postgres")) as outra:
        assert escrever(outra) is None
        uma.execute("select set_config('app.cliente_id', %s, true)", [str(b.cena.cliente_id)])
        uma.execute(
            "insert into consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)"
            " values (%s, %s, 'MARKETING', 'REVOGADO', 'WHATSAPP', 'SAIR')",
            [b.cena.cliente_id, b.cena.contatos[0]],
        )
        escrita = asyncio.create_task(asyncio.to_thread(escrever, outra))
        await asyncio.sleep(0.3)
        assert not escrita.done(), "it waits for what is being said"
        uma.commit()
        assert await escrita == "ZRV32"
    assert b.contar() == (1, 1)


# ------------------------------------------------------------------------------------- shown before it is sent, undone


async def test_o_id_que_a_tela_ja_mostra(balcao: Balcao, vizinha: Cena) -> None:
    b, id_ = balcao, uuid4()
    feitas = await asyncio.gather(*(b.texto("oi", p_id=id_) for _ in range(6)))
    assert {f["id"] for f in feitas} == {str(id_)} and b.contar() == (1, 1)
    assert (await b.chamar("api.mensagens_listar", p_conversa_id=b.conversa))["dados"][0]["id"] == str(id_)
    with pytest.raises(Erro) as erro:
        await b.texto("outra coisa", p_id=id_)
    assert erro.value.codigo == "ZCG03"
    # under another key it is simply taken: by oneself, by a colleague, or out of sight, all answer the same
    oculta = cenas.escrever(b.admin, b.cena, cenas.conversar(b.admin, b.cena, b.cena.contatos[1]))
    b.mudar("update conversas set equipe_id = null where contato_id = %s", b.cena.contatos[1])
    recusas = []
    for usado in (id_, b.entrada, oculta):
        with pytest.raises(Erro) as erro:
            await b.texto("oi", p_id=usado, p_chave_idempotencia=f"k-{usado}")
        recusas.append((erro.value.status, erro.value.corpo))
    assert recusas[0] == recusas[1] == recusas[2]
    assert (recusas[0][0], recusas[0][1].codigo) == (409, "ZCV80")
    # of another tenant: nothing there knows it
    dela = cenas.escrever(b.admin, vizinha, cenas.conversar(b.admin, vizinha, vizinha.contatos[0]))
    assert (await b.texto("oi", p_id=dela))["id"] == str(dela)


async def test_um_atraso_deixa_desfazer_e_guarda_a_ordem(balcao: Balcao, banco_worker: Banco) -> None:
    b = balcao
    primeira = await b.texto("com calma", p_atraso=15)
    segunda = await b.texto("logo atrás")
    assert primeira["acoes"] == segunda["acoes"] == ["DESFAZER"]
    assert primeira["saiEm"] > segunda["saiEm"]
    assert await reservar(banco_worker, b.cena) == [], "the second waits behind the first"
    desfeita = await b.chamar("api.mensagem_cancelar", p_id=UUID(primeira["id"]))
    assert (desfeita["conteudo"], desfeita["status"], desfeita["acoes"]) == ({"texto": "com calma"}, "PULADO", [])
    (item,) = await reservar(banco_worker, b.cena)
    assert (await b.chamar("api.mensagem_obter", p_id=UUID(segunda["id"])))["acoes"] == []
    with pytest.raises(Erro) as erro:
        await b.chamar("api.mensagem_cancelar", p_id=UUID(segunda["id"]))
    assert (erro.value.status, erro.value.codigo) == (409, "ZCV03")
    assert item["id"]
    for atraso in (-1, 16):
        with pytest.raises(Erro) as erro:
            await b.texto("x", p_atraso=atraso)
        assert erro.value.status == 400


async def test_o_que_fazer_diante_de_cada_falha(balcao: Balcao) -> None:
    b = balcao
    classes = b.admin.execute("select classe, acao, acoes from provedor_classes").fetchall()
    for c in classes:
        assert c["acoes"] or c["classe"] == "OPTOUT", c["classe"]
        assert ("REENVIAR" in c["acoes"]) == (c["acao"] != "FALHAR"), c["classe"]
    esperado = {c["classe"]: c["acoes"] for c in classes}
    esperado |= {m["motivo"]: m["acoes"] for m in b.admin.execute("select * from mensagens_motivos").fetchall()}
    for motivo, acoes in esperado.items():
        m = cenas.escrever(b.admin, b.cena, b.conversa)
        b.mudar("delete from fila where alvo_id = %s", m)
        b.mudar("update mensagens set status = 'FALHOU', motivo = %s where id = %s", motivo, m)
        vista = await b.chamar("api.mensagem_obter", p_id=m)
        assert vista["acoes"] == acoes and vista["motivoTexto"], motivo
        try:
            await b.chamar("api.mensagem_reenviar", p_id=m)
            pode = True
        except Erro as erro:
            assert erro.codigo == "ZCV05"
            pode = False
        assert pode == ("REENVIAR" in acoes), motivo
    # stopped by a rule: it never left, and is not sent again as it is
    m = cenas.escrever(b.admin, b.cena, b.conversa)
    b.mudar("update mensagens set status = 'PULADO', motivo = 'JANELA_FECHADA' where id = %s", m)
    assert (await b.chamar("api.mensagem_obter", p_id=m))["acoes"] == ["USAR_MODELO"]


async def test_janela_fechada_diz_o_que_se_pode(balcao: Balcao) -> None:
    b = balcao
    b.mudar("update conversas set janela_expira_em = now() where id = %s", b.conversa)
    with pytest.raises(Erro) as erro:
        await b.texto()
    assert (erro.value.status, erro.value.codigo, erro.value.corpo.detalhe) == (422, "ZRV34", "USAR_MODELO")


# ------------------------------------------------------------------------------------------------------- the thread


async def test_a_conversa_para_a_frente_e_em_torno_de_uma(balcao: Balcao) -> None:
    b = balcao
    for n in range(20):
        cenas.escrever(b.admin, b.cena, b.conversa, f"m{n}")
    # three of each instant, so that the id has to decide
    b.mudar(
        "update mensagens m set ocorrido_em = now() - (x.n / 3) * interval '1 minute' from (select id,"
        " row_number() over (order by id desc) as n from mensagens where conversa_id = %s) as x where m.id = x.id",
        b.conversa,
    )
    ordem = [
        str(x["id"]) for x in b.admin.execute(
            "select id from mensagens where conversa_id = %s order by ocorrido_em, id", [b.conversa]
        ).fetchall()
    ]  # fmt: skip

    async def listar(**extra: Any) -> tuple[list[str], str | None]:
        pagina = await b.chamar("api.mensagens_listar", p_conversa_id=b.conversa, **extra)
        return [m["id"] for m in pagina["dados"]], pagina["meta"]["proximoCursor"]

    for i, id_ in enumerate(ordem):
        vistas: list[str] = []
        cursor = None
        while True:
            pagina, cursor = await listar(p_apos=UUID(id_), p_limite=6, p_cursor=cursor)
            vistas += pagina
            if cursor is None:
                break
        assert vistas == ordem[i + 1 :]
        pagina, cursor = await listar(p_em_torno_de=UUID(id_), p_limite=6)
        assert pagina == ordem[max(0, i - 5 + min(3, len(ordem) - 1 - i)) : i + 4][::-1] and id_ in pagina
        resto, _ = (await listar(p_cursor=cursor, p_limite=50)) if cursor else ([], None)
        assert resto == ordem[: ordem.index(pagina[-1])][::-1]
    with pytest.raises(Erro) as erro:
        await listar(p_apos=UUID(ordem[0]), p_em_torno_de=UUID(ordem[0]))
    assert erro.value.status == 400
    alheia = cenas.escrever(b.admin, b.cena, cenas.conversar(b.admin, b.cena, b.cena.contatos[1]))
    for campo in ("p_apos", "p_em_torno_de"):
        for id_ in (alheia, uuid4()):
            with pytest.raises(Erro) as erro:
                await listar(**{campo: id_})
            assert (erro.value.status, erro.value.codigo) == (404, "ZNV02")
