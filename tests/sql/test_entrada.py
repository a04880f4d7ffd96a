"""What arrives: one contact per person, one open conversation, each message once, in whatever order it comes."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.banco import Banco
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, resolver

QUANDO = 1_795_132_800


def texto(de: str | None, corpo: str, *, n: int = 0, bsuid: str | None = None, **extra: Any) -> dict[str, Any]:
    """One inbound text as Meta says it."""
    pessoa = {"from": de} if de else {}
    if bsuid:
        pessoa["from_user_id"] = bsuid
    return {
        **pessoa, "id": f"wamid.{secrets.token_hex(12)}", "timestamp": str(QUANDO + n), "type": "text",
        "text": {"body": corpo}, **extra,
    }  # fmt: skip


@dataclass
class Porta:
    """One number, and the two roles through which what it receives passes."""

    cena: Cena
    admin: Admin
    banco_worker: Banco
    banco_ingresso: Banco
    numero: str
    conta: str

    def corpo(self, *mensagens: dict[str, Any], nome: str = "Ana Exemplo", **valor: Any) -> dict[str, Any]:
        pessoas = {(m.get("from"), m.get("from_user_id")) for m in mensagens}
        contatos = [
            {"profile": {"name": nome}, **({"wa_id": de} if de else {}), **({"user_id": b} if b else {})}
            for de, b in sorted(pessoas, key=str)
        ]
        return wm.envelope(self.numero, self.conta, contacts=contatos, messages=list(mensagens), **valor)

    async def receber(self, dados: Any) -> None:
        argumentos = {"p_conexoes": [self.cena.conexao_id], "p_corpo": wm.corpo_de(dados), "p_legivel": True}
        assert await chamar(self.banco_ingresso, "webhook.evento_receber", **argumentos) == 1

    async def executar(self) -> None:
        await chamar(self.banco_worker, "worker.interno_executar", p_cliente_id=self.cena.cliente_id, p_limite=500)

    async def chegar(self, *mensagens: dict[str, Any], **extra: Any) -> None:
        await self.receber(self.corpo(*mensagens, **extra))
        await self.executar()

    def ver(self, consulta: str) -> list[dict[str, Any]]:
        """Rows of this tenant; `$c` stands for its id."""
        return self.admin.execute(consulta.replace("$c", f"'{self.cena.cliente_id}'")).fetchall()

    def mensagens(self) -> list[dict[str, Any]]:
        return self.ver(
            "select m.*, v.contato_id from mensagens m join conversas v on v.id = m.conversa_id"
            " where m.cliente_id = $c order by m.ocorrido_em, m.id_externo"
        )

    def recusas(self) -> int:
        return len(self.ver("select from consentimentos where cliente_id = $c and acao = 'REVOGADO'"))


@pytest.fixture
def montar(
    admin: Admin, novo_cliente: Callable[..., Any], banco_worker: Banco, banco_ingresso: Banco
) -> Callable[..., Any]:
    async def fazer() -> Porta:
        cena = cenas.montar(admin, await novo_cliente("Entrada"), 0)
        linha = admin.execute(
            "select numero_id_externo as n, conta_id_externa as c from conexoes where id = %s", [cena.conexao_id]
        ).fetchone()
        assert linha
        return Porta(cena, admin, banco_worker, banco_ingresso, linha["n"], linha["c"])

    return fazer


@pytest.fixture
async def porta(montar: Callable[..., Any]) -> Porta:
    feita: Porta = await montar()
    return feita


def celular() -> str:
    return f"55119{secrets.randbelow(10**8):08d}"


async def test_primeira_mensagem_cria_contato_e_conversa(porta: Porta) -> None:
    de = celular()
    await porta.chegar(texto(de, "Olá! 😊", bsuid="BR.1"))
    (m,) = porta.mensagens()
    assert (m["direcao"], m["tipo"], m["corpo"], m["status"], m["origem"]) == (
        "ENTRADA", "TEXTO", "Olá! 😊", "RECEBIDA", "CONTATO",
    )  # fmt: skip
    assert m["conteudo"] == {"texto": "Olá! 😊"} and m["ocorrido_em"] == datetime.fromtimestamp(QUANDO, UTC)
    (c,) = porta.ver("select nome, telefone, origem, marketing from contatos where cliente_id = $c")
    assert c == {"nome": "Ana Exemplo", "telefone": f"+{de}", "origem": "WHATSAPP", "marketing": "NAO_INFORMADO"}
    nomes = porta.ver("select tipo, valor from contatos_identidades where cliente_id = $c order by tipo")
    assert nomes == [{"tipo": "BSUID", "valor": "BR.1"}, {"tipo": "WA_ID", "valor": de}]
    (v,) = porta.ver(
        "select status, nao_lidas, janela_expira_em, ultima_mensagem_em from conversas where cliente_id = $c"
    )
    assert (v["status"], v["nao_lidas"]) == ("ABERTA", 1)
    assert v["janela_expira_em"] == m["ocorrido_em"] + timedelta(hours=24)
    tipos = porta.ver("select tipo, count(distinct alvo_id) as n from eventos where cliente_id = $c group by tipo")
    avisos = {t["tipo"]: t["n"] for t in tipos}
    assert {k: avisos[k] for k in ("contato_mudou", "conversa_mudou", "mensagem_mudou")} == {
        "contato_mudou": 1, "conversa_mudou": 1, "mensagem_mudou": 1,
    }  # fmt: skip
    abertos = porta.ver(
        "select tipo from eventos where cliente_id = $c and tipo ~ '^(conversa|mensagem)_' and topicos is null"
    )
    assert abertos == [], "everybody of the tenant would hear of it"
    (w,) = porta.ver("select status from webhooks_recebidos where cliente_id = $c")
    assert w["status"] == "PROCESSADO"


async def test_um_relogio_adiantado_nao_fura_a_fila(porta: Porta) -> None:
    await porta.chegar({**texto(celular(), "do futuro"), "timestamp": "4102444800"})
    (v,) = porta.ver(
        "select ultima_mensagem_em <= now() as atividade, espera_desde <= now() as espera,"
        " ultima_entrada_em <= now() as entrada,"
        " janela_expira_em <= now() + interval '24 hours' as janela from conversas where cliente_id = $c"
    )
    assert set(v.values()) == {True}, v


async def test_cinco_numeros_dez_mensagens_ao_mesmo_tempo(porta: Porta, banco_worker: Banco) -> None:
    """W-27: fifty stored, five conversations, five contacts."""
    numeros = [celular() for _ in range(5)]
    corpos = [porta.corpo(texto(de, f"oi {n}", n=n)) for de in numeros for n in range(10)]
    random.shuffle(corpos)
    await asyncio.gather(*(porta.receber(c) for c in corpos))

    async def um_a_um() -> None:
        # batches of one: as many transactions at once as possible
        while await chamar(banco_worker, "worker.interno_executar", p_cliente_id=porta.cena.cliente_id, p_limite=1):
            pass

    await asyncio.gather(*(um_a_um() for _ in range(10)))
    assert len(porta.mensagens()) == 50
    conversas = porta.ver("select nao_lidas from conversas where cliente_id = $c")
    assert [v["nao_lidas"] for v in conversas] == [10] * 5
    assert len(porta.ver("select from contatos where cliente_id = $c")) == 5


def retrato(porta: Porta) -> Any:
    """Everything that intake decides, without ids that differ between tenants."""
    return (
        porta.ver(
            "select m.id_externo, m.direcao, m.tipo, m.corpo, m.conteudo, m.status, m.ocorrido_em,"
            " c.telefone, v.nao_lidas, v.janela_expira_em, v.espera_desde, c.marketing"
            " from mensagens m join conversas v on v.id = m.conversa_id join contatos c on c.id = v.contato_id"
            " where m.cliente_id = $c order by m.id_externo"
        ),
        porta.ver("select tipo, valor from contatos_identidades where cliente_id = $c order by tipo, valor"),
        porta.ver("select acao, origem from consentimentos where cliente_id = $c order by id"),
    )


async def test_no_mesmo_segundo_a_ordem_e_a_de_chegada(porta: Porta) -> None:
    """A provider tells whole seconds; ids say nothing of the order, so bodies and what is in them do."""
    pessoas = [celular() for _ in range(4)]
    escritas = [f"{n}" for n in range(6)]
    for par in ((0, 1, 2), (3,), (4, 5)):
        await porta.receber(
            porta.corpo(
                *({**texto(de, escritas[n]), "id": f"wamid.{secrets.token_hex(9)}"} for n in par for de in pessoas)
            )
        )
    await porta.executar()
    lidas = porta.ver(
        "select array_agg(m.corpo order by m.ocorrido_em, m.id) as corpos, min(u.corpo) as ultima"
        " from conversas v join mensagens m on m.conversa_id = v.id join mensagens u on u.id = v.ultima_mensagem_id"
        " where v.cliente_id = $c group by v.id"
    )
    assert lidas == [{"corpos": escritas, "ultima": escritas[-1]}] * 4


async def test_repetidas_e_embaralhadas_dao_o_mesmo(montar: Callable[..., Any]) -> None:
    ana, caio = celular(), "5534" + f"8{secrets.randbelow(10**7):07d}"
    mensagens = [
        texto(ana, "oi", bsuid="BR.A1"),
        texto(caio, "bom dia", n=1),
        texto(None, "sem número", n=2, bsuid="BR.A1"),
    ]
    mensagens.append(texto(ana, "sobre isso", n=3, bsuid="BR.A1", context={"id": mensagens[0]["id"]}))
    reacao = {**texto(caio, "", n=4), "type": "reaction", "reaction": {"message_id": mensagens[1]["id"], "emoji": "👍"}}
    mensagens += [reacao, texto(caio, " Sair! ", n=5)]
    retratos = []
    for ordem in ([0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 4, 5, 2, 1]):
        porta = await montar()
        # whoever has a number comes first: until then a hidden id is nobody that we know
        ordem = sorted(ordem, key=lambda n: n == 2)
        for n in ordem:
            await porta.receber(porta.corpo(mensagens[n]))
            await porta.executar()
        for n in reversed(ordem):
            await porta.receber(porta.corpo(mensagens[n], mensagens[0]))
        await porta.executar()
        retratos.append(retrato(porta))
    assert len(retratos[0][0]) == 6 and len(retratos[0][2]) == 1
    assert retratos[0][0] == retratos[1][0] == retratos[2][0]
    assert retratos[0][1:] == retratos[1][1:] == retratos[2][1:]


async def test_nono_digito_nao_parte_a_pessoa_em_duas(porta: Porta) -> None:
    porta.admin.execute(
        "insert into contatos (cliente_id, nome, telefone) values (%s, 'Carlos', '+5534999990002')",
        [porta.cena.cliente_id],
    )
    await porta.chegar(texto("553499990002", "cheguei"))
    await porta.chegar(texto("553499990002", "de novo", n=1))
    await porta.chegar(texto("5534999990002", "com o nove", n=2))
    assert len(porta.ver("select from contatos where cliente_id = $c")) == 1
    assert len(porta.ver("select from conversas where cliente_id = $c")) == 1
    assert len(porta.mensagens()) == 3


async def test_doze_digitos_de_2_a_5_nunca_se_juntam(porta: Porta) -> None:
    """It may be a landline or a mobile without its 9: a person decides, and is told."""
    porta.admin.execute(
        "insert into contatos (cliente_id, nome, telefone) values (%s, 'Móvel', '+5511933334444')",
        [porta.cena.cliente_id],
    )
    await porta.chegar(texto("551133334444", "quem sou?"))
    await porta.chegar(texto("551133334444", "eu mesmo", n=1))
    contatos = porta.ver("select telefone, telefone_informado from contatos where cliente_id = $c order by id")
    assert contatos == [
        {"telefone": "+5511933334444", "telefone_informado": None},
        {"telefone": None, "telefone_informado": "+551133334444"},
    ]
    assert len(porta.mensagens()) == 2
    (o,) = porta.ver("select motivo, texto from ocorrencias where cliente_id = $c")
    assert o["motivo"] == "NUMERO_AMBIGUO"
    # nothing to be confused with: an ordinary landline
    await porta.chegar(texto("552133335555", "sou um fixo", n=2))
    assert porta.ver("select from contatos where cliente_id = $c and telefone = '+552133335555'")


async def test_so_o_bsuid_e_depois_o_numero(porta: Porta) -> None:
    await porta.chegar(texto(None, "sem telefone", bsuid="BR.X9"))
    (c,) = porta.ver("select id, telefone from contatos where cliente_id = $c")
    assert c["telefone"] is None
    de = celular()
    await porta.chegar(texto(de, "agora com telefone", n=1, bsuid="BR.X9"))
    assert porta.ver("select id, telefone from contatos where cliente_id = $c") == [
        {"id": c["id"], "telefone": f"+{de}"}
    ]
    await porta.chegar(texto(de, "sem o bsuid", n=2))
    assert len(porta.ver("select from conversas where cliente_id = $c")) == 1


async def test_numero_trocado_segue_a_pessoa(porta: Porta) -> None:
    velho, novo = celular(), celular()
    await porta.chegar(texto(velho, "oi"))
    sistema = {"type": "user_changed_number", "body": "mudou", "wa_id": novo, "user_id": "BR.N2"}
    mudou = {"from": velho, "id": "wamid.sis", "timestamp": str(QUANDO + 1), "type": "system", "system": sistema}
    await porta.chegar(mudou)
    await porta.chegar(texto(novo, "número novo", n=2))
    assert len(porta.ver("select from contatos where cliente_id = $c")) == 1
    (v,) = porta.ver("select nao_lidas from conversas where cliente_id = $c")
    assert v["nao_lidas"] == 2, "what the system says is not unread"


async def test_depois_de_resolvida_abre_outra(porta: Porta) -> None:
    de = celular()
    porta.admin.execute("update conexoes set reabertura = 'NOVA' where id = %s", [porta.cena.conexao_id])
    primeira = texto(de, "oi")
    await porta.chegar(primeira)
    resolver(porta.admin, porta.cena.cliente_id)
    await porta.chegar(primeira)
    assert len(porta.ver("select from conversas where cliente_id = $c")) == 1, "a repetition reopens nothing"
    await porta.chegar(texto(de, "voltei", n=1))
    estados = porta.ver("select status from conversas where cliente_id = $c order by id")
    assert [e["status"] for e in estados] == ["RESOLVIDA", "ABERTA"]


async def test_a_janela_nunca_recua_nem_vem_do_futuro(porta: Porta) -> None:
    de = celular()
    agora = int(datetime.now(UTC).timestamp())
    await porta.chegar({**texto(de, "agora"), "timestamp": str(agora)})
    await porta.chegar({**texto(de, "velha"), "timestamp": str(agora - 7200)})
    (v,) = porta.ver("select janela_expira_em from conversas where cliente_id = $c")
    assert v["janela_expira_em"] == datetime.fromtimestamp(agora + 86400, UTC)
    await porta.chegar({**texto(de, "relógio torto"), "timestamp": str(agora + 10 * 86400)})
    (v,) = porta.ver(
        "select janela_expira_em < now() + interval '24 hours 1 minute' as ok from conversas where cliente_id = $c"
    )
    assert v["ok"]


PALAVRAS = ["SAIR", "sair", " Pare. ", "PARAR!!!", "…cancelar…", "Stop\n", "«PÁRE»", "🙏 sair 🙏"]
OUTRAS = ["pare de me atrasar", "não quero sair", "sairei", "Para R$ 10?", "stop it", "cancelar a consulta", "", "?"]


@pytest.mark.parametrize("palavra", PALAVRAS)
async def test_a_palavra_inteira_revoga(porta: Porta, palavra: str) -> None:
    m = texto(celular(), palavra)
    await porta.chegar(m)
    await porta.chegar(m)
    assert porta.recusas() == 1
    (c,) = porta.ver("select marketing from contatos where cliente_id = $c")
    assert c["marketing"] == "REVOGADO"
    assert len(porta.ver("select from supressoes where cliente_id = $c")) == 1


async def test_a_palavra_no_meio_nao_revoga(porta: Porta) -> None:
    await porta.chegar(*(texto(celular(), p, n=n) for n, p in enumerate(OUTRAS)))
    imagem = {"type": "image", "image": {"id": "1", "caption": "SAIR"}}
    await porta.chegar({**texto(celular(), ""), **imagem})
    assert len(porta.mensagens()) == len(OUTRAS) + 1
    assert porta.recusas() == 0


@pytest.mark.parametrize(
    "botao",
    [{"payload": "OPTOUT_YES", "text": "Não quero receber"}, {"payload": "x", "text": "Parar promoções"},
     {"payload": "STOP", "text": "Chega"}],
)  # fmt: skip
async def test_o_botao_do_modelo_revoga(porta: Porta, botao: dict[str, str]) -> None:
    m = texto(celular(), "")
    m.pop("text")
    await porta.chegar({**m, "type": "button", "button": botao})
    assert porta.recusas() == 1
    await porta.chegar(
        {**texto(celular(), ""), "type": "button", "button": {"payload": "saber", "text": "Quero saber mais"}}
    )
    assert porta.recusas() == 1


AMOSTRAS = {
    1: ["TEXTO"], 2: ["TEXTO"] * 3, 3: ["IMAGEM"], 4: ["VIDEO"], 5: ["DOCUMENTO"], 6: ["AUDIO"], 7: ["FIGURINHA"],
    8: ["LOCALIZACAO"], 9: ["CONTATOS"], 10: ["REACAO"] * 3, 11: ["RESPOSTA_BOTAO"], 12: ["RESPOSTA_LISTA"],
    13: ["RESPOSTA_FLUXO"], 14: ["BOTAO", "BOTAO", "RESPOSTA"], 15: ["PEDIDO"], 16: ["TEXTO"], 17: ["NAO_SUPORTADA"],
    18: ["SISTEMA"] * 2, 19: ["EDICAO", "EXCLUSAO"], 20: ["TEXTO"],
}  # fmt: skip


async def test_as_amostras_de_mensagens(porta: Porta) -> None:
    wm.conectar(porta.admin, porta.cena.cliente_id, porta.cena.conexao_id, wm.NUMERO_1, wm.CONTA_1)
    vistos: set[Any] = set()
    for n, tipos in AMOSTRAS.items():
        await porta.receber(wm.amostra(n))
        await porta.executar()
        novas = [m for m in porta.mensagens() if m["id"] not in vistos]
        vistos |= {m["id"] for m in novas}
        assert sorted(m["tipo"] for m in novas) == sorted(tipos), n
    estados = porta.ver("select status, count(*) as n from webhooks_recebidos where cliente_id = $c group by 1")
    assert estados == [{"status": "PROCESSADO", "n": len(AMOSTRAS)}]
    por_tipo = {m["tipo"]: m for m in porta.mensagens()}
    assert por_tipo["DOCUMENTO"]["conteudo"]["nome"] == "contrato nº 12 – ção.pdf"
    assert por_tipo["LOCALIZACAO"]["corpo"] == "Praça de Teste - Rua Fictícia, 100 - São Paulo"
    assert por_tipo["RESPOSTA_FLUXO"]["conteudo"]["dados"]["nota"] == 5
    assert por_tipo["RESPOSTA_LISTA"]["conteudo"] == {
        "id": "setor:financeiro", "titulo": "Financeiro", "descricao": "Boletos e notas",
    }  # fmt: skip
    # Ana, Bruno, Caio and Elis, and Ana's card is not a person of ours
    assert len(porta.ver("select from contatos where cliente_id = $c")) == 4


async def test_um_corpo_de_muitas_pessoas(porta: Porta, montar: Callable[..., Any]) -> None:
    """Two thousand messages of a thousand people in one body; the neighbour sees none of it."""
    vizinha = await montar()
    numeros = [f"55219{n:08d}" for n in range(1000)]
    mensagens = [texto(de, f"m{n}", n=n) for n in range(2) for de in numeros]
    random.shuffle(mensagens)
    await porta.chegar(*mensagens)
    assert len(porta.mensagens()) == 2000
    assert len(porta.ver("select from conversas where cliente_id = $c and nao_lidas = 2")) == 1000
    assert vizinha.mensagens() == [] and vizinha.ver("select from contatos where cliente_id = $c") == []


async def test_o_que_nao_entra_diz_por_que(porta: Porta) -> None:
    de_grupo = {**texto(celular(), "no grupo"), "group_id": "g1"}
    await porta.chegar(texto(celular(), "normal"), de_grupo)
    for campo in ("smb_app_state_sync", "history", "calls", "campo_novo", "messages"):
        await porta.receber(wm.envelope(porta.numero, porta.conta, campo=campo, coisa=[]))
    await porta.receber(wm.envelope(porta.numero, porta.conta, messages=[{"type": "text"}, texto(celular(), "boa")]))
    await porta.executar()
    assert sorted(str(m["corpo"]) for m in porta.mensagens()) == ["boa", "normal"]
    estados = porta.ver("select status, motivo, erro_texto from webhooks_recebidos where cliente_id = $c order by id")
    assert [(e["status"], e["motivo"]) for e in estados] == [
        ("DESCARTADO", "GRUPO"), ("DESCARTADO", "AGENDA_DO_APARELHO"), ("DESCARTADO", "HISTORICO"),
        ("DESCARTADO", "CAMPO_SEM_USO"), ("IGNORADO", "CAMPO_DESCONHECIDO"), ("IGNORADO", "SEM_CONTEUDO"),
        ("IGNORADO", "SEM_IDENTIFICACAO"),
    ]  # fmt: skip
    assert all(e["erro_texto"] for e in estados)


async def test_mensagens_tortas_nao_param_as_outras(porta: Porta) -> None:
    tortas: list[Any] = [
        1, "x", None, {}, {"id": 5, "from": {"a": 1}}, {"id": "w1", "from": "abc", "timestamp": "x", "type": 7},
        {"id": "x" * 301, "from": celular(), "type": "text"}, 
        {"id": "w2", "from": celular(), "type": "text", "text": []},
        {"id": "w3", "from": celular(), "type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": "?"}},
        {"id": "w4", "from": celular(), "type": "contacts", "contacts": [1, {"phones": {"phone": 3}}]},
        {"id": "w5", "from": celular(), "type": "order", "order": {"product_items": ["y" * 70_000]}},
    ]  # fmt: skip
    corpo = wm.envelope(
        porta.numero, porta.conta, contacts=[1, {"profile": "x"}], messages=[*tortas, texto(celular(), "boa")]
    )
    await porta.receber(corpo)
    await porta.executar()
    corpos = {m["id_externo"]: m for m in porta.mensagens()}
    assert "boa" in {m["corpo"] for m in corpos.values()} and {"w1", "w2", "w3", "w4", "w5"} <= set(corpos)
    assert corpos["w5"]["conteudo"] == {"grandeDemais": True}


def preferencia(porta: Porta, de: str, valor: str, quando: int) -> dict[str, Any]:
    item = {"wa_id": de, "category": "marketing_messages", "value": valor, "timestamp": QUANDO + quando}
    return wm.envelope(porta.numero, porta.conta, campo="user_preferences", user_preferences=[item])


@pytest.mark.parametrize("ordem", [[0, 1], [1, 0], [1, 0, 1, 0], [0, 1, 0]])
async def test_preferencia_vale_a_ultima_dita(porta: Porta, ordem: list[int]) -> None:
    """Stop, then resume: whatever arrives first or again, the person resumed."""
    de = celular()
    avisos = [preferencia(porta, de, "stop", 1), preferencia(porta, de, "resume", 2)]
    for n in ordem:
        await porta.receber(avisos[n])
        await porta.executar()
    (c,) = porta.ver("select marketing from contatos where cliente_id = $c")
    assert c["marketing"] == "CONCEDIDO"
    # and what is said by message after that wins again
    await porta.chegar(texto(de, "SAIR", n=3))
    await porta.receber(avisos[1])
    await porta.executar()
    (c,) = porta.ver("select marketing from contatos where cliente_id = $c")
    assert c["marketing"] == "REVOGADO"
    estados = porta.ver("select distinct status from webhooks_recebidos where cliente_id = $c")
    assert estados == [{"status": "PROCESSADO"}]


async def test_a_citacao_se_liga_em_qualquer_ordem(porta: Porta) -> None:
    de = celular()
    primeira = texto(de, "oi")
    resposta = texto(de, "sobre isso", n=1, context={"id": primeira["id"]})
    await porta.chegar(resposta)
    assert porta.mensagens()[0]["contexto_id"] is None
    await porta.chegar(primeira)
    citada, citante = porta.mensagens()
    assert citante["contexto_id"] == citada["id"]


async def test_midia_recebida_manda_baixar(porta: Porta) -> None:
    agora = str(int(datetime.now(UTC).timestamp()))
    foto = {"id": "777", "mime_type": "image/jpeg", "sha256": "ab", "caption": "veja"}
    m = {**texto(celular(), ""), "timestamp": agora, "type": "image", "image": foto}
    await porta.chegar(m)
    await porta.chegar(m)
    (linha,) = porta.mensagens()
    assert linha["midia_id"] is not None and linha["conteudo"]["legenda"] == "veja"
    (fila,) = porta.ver("select alvo_id from fila where cliente_id = $c and tipo = 'midia_baixar'")
    assert fila["alvo_id"] == linha["midia_id"]
