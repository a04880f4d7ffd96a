"""One person, one contact: what providers prove is joined, whatever arrives first; what only looks alike is not."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.banco import Banco
from app.erros import Erro
from app.telefone import DDDS, candidatos
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin
from tests.sql.test_entrada import QUANDO, Porta, celular, montar, porta, texto

__all__ = ["montar", "porta"]
# what joining and separating may leave different: forms opened before must be stale, and what happened is remembered
DE_FORA = {"auditoria", "eventos", "eventos_totais", "contatos_fusoes", "contatos_fusoes_itens", "contatos_sugestoes"}
COLUNAS_DE_FORA = ("versao", "atualizado_em")


def vivos(p: Porta) -> list[dict[str, Any]]:
    return p.ver("select * from contatos where cliente_id = $c and removido_em is null order by id")


def abertas(p: Porta) -> list[dict[str, Any]]:
    return p.ver("select * from conversas where cliente_id = $c and status <> 'RESOLVIDA' order by id")


def resumo(p: Porta) -> Any:
    """What became of it, without ids and without the time of processing."""
    return (
        [(c["telefone"], c["nome"], c["marketing"]) for c in vivos(p)],
        p.ver(
            "select i.tipo, i.valor, c.telefone from contatos_identidades i join contatos c on c.id = i.contato_id"
            " where i.cliente_id = $c and i.tipo <> 'E164' order by 1, 2"
        ),
        [(v["nao_lidas"], v["janela_expira_em"], v["espera_desde"], v["ultima_entrada_em"]) for v in abertas(p)],
        [(m["id_externo"], m["corpo"]) for m in p.mensagens()],
    )


@pytest.mark.parametrize("forma", ["celular", "antigo", "fixo", "estrangeiro"])
async def test_so_o_id_o_numero_e_os_dois_em_toda_ordem(montar: Callable[..., Any], forma: str) -> None:
    n = secrets.randbelow(10**7)
    de = {
        "celular": f"55119{n:08d}", "antigo": f"55348{n:07d}", "fixo": f"55113{n:07d}", "estrangeiro": f"35196{n:07d}",
    }[forma]  # fmt: skip
    mensagens = [
        texto(None, "só o id", n=1, bsuid="BR.7"), texto(de, "só o número", n=2),
        texto(de, "os dois", n=3, bsuid="BR.7"),
    ]  # fmt: skip
    vistos = []
    for ordem in itertools.permutations(range(3)):
        p = await montar()
        for k in ordem:
            await p.chegar(mensagens[k])
        assert len(vivos(p)) == 1 and len(abertas(p)) == 1, ordem
        assert {m["conversa_id"] for m in p.mensagens()} == {abertas(p)[0]["id"]}
        assert abertas(p)[0]["nao_lidas"] == 3
        vistos.append(resumo(p))
    assert all(v == vistos[0] for v in vistos)


async def test_num_corpo_so_tambem(porta: Porta) -> None:
    de = celular()
    await porta.chegar(
        texto(None, "a", bsuid="BR.8"), texto(de, "b", n=1), texto(de, "c", n=2, bsuid="BR.8"),
        texto(None, "d", n=3, bsuid="BR.8"),
    )  # fmt: skip
    assert len(vivos(porta)) == 1 and abertas(porta)[0]["nao_lidas"] == 4


@pytest.mark.parametrize("inverte", [False, True])
async def test_o_mesmo_wamid_por_dois_nomes(montar: Callable[..., Any], inverte: bool) -> None:
    """One message, and the proof that both names are one person's."""
    de = celular()
    uma = texto(None, "oi", bsuid="BR.W")
    outra = {**uma, "from": de}
    outra.pop("from_user_id")
    p = await montar()
    for m in (outra, uma) if inverte else (uma, outra):
        await p.chegar(m)
    assert len(p.mensagens()) == 1 and len(vivos(p)) == 1
    await p.chegar(texto(de, "número", n=1))
    await p.chegar(texto(None, "id", n=2, bsuid="BR.W"))
    assert len(p.mensagens()) == 3 and len(vivos(p)) == 1 and len(abertas(p)) == 1


async def test_troca_de_numero_junta_quem_ja_existia(montar: Callable[..., Any]) -> None:
    velho, novo = celular(), celular()
    sistema = {"type": "user_changed_number", "body": "mudou", "wa_id": novo, "user_id": "BR.N2"}
    mudou = {"from": velho, "id": "wamid.sis", "timestamp": str(QUANDO + 2), "type": "system", "system": sistema}
    mensagens = [texto(velho, "velho", bsuid="BR.N1"), texto(novo, "novo", n=1, bsuid="BR.N2"), mudou]
    for ordem in itertools.permutations(range(3)):
        p = await montar()
        for k in ordem:
            await p.chegar(mensagens[k])
        assert len(vivos(p)) == 1 and len(abertas(p)) == 1 and len(p.mensagens()) == 3, ordem
        await p.chegar(texto(velho, "do velho", n=5), texto(novo, "do novo", n=6))
        assert len(vivos(p)) == 1
        # negative control of the other side: the number was somebody else's, and their id shows it
    p = await montar()
    await p.chegar(texto(velho, "velho", bsuid="BR.N1"))
    await p.chegar(texto(novo, "de outra pessoa", bsuid="BR.OUTRA"))
    await p.chegar(mudou)
    assert len(vivos(p)) == 2
    (s,) = p.ver("select motivo from contatos_sugestoes where cliente_id = $c")
    assert s["motivo"] == "IDENTIDADES_EM_CONFLITO"


async def test_troca_de_id_junta(porta: Porta) -> None:
    await porta.chegar(texto(None, "antes", bsuid="BR.A"))
    await porta.chegar(texto(None, "depois", n=1, bsuid="BR.B"))
    assert len(vivos(porta)) == 2
    sistema = {"type": "user_changed_user_id", "body": "mudou", "previous_user_id": "BR.A", "user_id": "BR.B"}
    await porta.chegar({"id": "wamid.s", "timestamp": str(QUANDO + 2), "type": "system", "system": sistema})
    assert len(vivos(porta)) == 1 and len(abertas(porta)) == 1


async def test_identidades_fortes_diferentes_so_se_sugerem(porta: Porta) -> None:
    """Each has a number of its own: one message that names both is no proof that they are one person."""
    a, b = celular(), celular()
    await porta.chegar(texto(a, "a", bsuid="BR.A"))
    await porta.chegar(texto(b, "b"))
    for n in range(3):
        await porta.chegar(texto(b, "quem sou?", n=n + 1, bsuid="BR.A"))
    assert len(vivos(porta)) == 2
    (s,) = porta.ver("select motivo, pontos, dispensada_em from contatos_sugestoes where cliente_id = $c")
    assert s == {"motivo": "IDENTIDADES_EM_CONFLITO", "pontos": 70, "dispensada_em": None}


async def test_matriz_do_nono_digito(porta: Porta) -> None:
    """Every area code: two forms of one mobile are one person; a landline and a mobile never are."""
    mensagens, esperados, n = [], 0, 0
    for ddd in sorted(DDDS):
        for primeiro in "6789":
            com = f"55{ddd}9{primeiro}{secrets.randbelow(10**7):07d}"
            sem = com[:4] + com[5:]
            mensagens += [texto(com, "com", n=n), texto(sem, "sem", n=n + 1)]
            esperados += 1
            n += 2
        for primeiro in "2345":
            fixo = f"55{ddd}{primeiro}{secrets.randbelow(10**7):07d}"
            movel = fixo[:4] + "9" + fixo[4:]
            mensagens += [texto(fixo, "fixo", n=n), texto(movel, "móvel", n=n + 1), texto(fixo, "fixo", n=n + 2)]
            esperados += 2
            n += 3
    secrets.SystemRandom().shuffle(mensagens)
    for k in range(0, len(mensagens), 400):
        await porta.chegar(*mensagens[k : k + 400])
    assert len(vivos(porta)) == esperados == len(abertas(porta))
    por_pessoa: dict[Any, set[str]] = {}
    for linha in porta.ver(
        "select i.contato_id, i.valor from contatos_identidades i where i.cliente_id = $c and i.tipo = 'WA_ID'"
    ):
        por_pessoa.setdefault(linha["contato_id"], set()).add(linha["valor"])
    for nomes in por_pessoa.values():
        # whatever is in one contact is forms of one canonical mobile, or one landline
        maior = max(nomes, key=len)
        assert nomes <= set(candidatos("+" + maior)), nomes


def test_a_forma_canonica_e_estavel(admin: Admin) -> None:
    linhas = admin.execute(
        "select f.texto, interno.telefone_canonico(f.texto) as uma,"
        " interno.telefone_canonico(interno.telefone_canonico(f.texto)) as duas, interno.telefone_formas(c.c) as formas"
        " from unnest(%s::text[]) as d (ddd)"
        " cross join unnest(%s::text[]) as p (p)"
        " cross join lateral ("
        "  select '55' || d.ddd || rpad(p.p, case when char_length(p.p) = 2 then 9 else 8 end, '1') as texto) as f"
        " cross join lateral (select interno.telefone_canonico(f.texto) as c) as c",
        [sorted(DDDS), [*"23456789", *(f"9{n}" for n in range(10))]],
    ).fetchall()
    assert len(linhas) == len(DDDS) * 18
    for linha in linhas:
        assert linha["uma"] == linha["duas"], linha
        if linha["uma"]:
            assert linha["texto"] in linha["formas"], linha


async def test_cinquenta_ao_mesmo_tempo_por_nomes_diferentes(porta: Porta, banco_worker: Banco) -> None:
    de = celular()
    corpos = []
    for n in range(50):
        corpos.append(porta.corpo([
            texto(None, f"id {n}", n=n, bsuid="BR.50"), texto(de, f"número {n}", n=n),
            texto(de, f"ambos {n}", n=n, bsuid="BR.50"),
        ][n % 3]))  # fmt: skip
    await asyncio.gather(*(porta.receber(c) for c in corpos))

    async def um_a_um() -> None:
        while await chamar(banco_worker, "worker.interno_executar", p_cliente_id=porta.cena.cliente_id, p_limite=1):
            pass

    await asyncio.gather(*(um_a_um() for _ in range(10)))
    assert len(porta.mensagens()) == 50
    assert len(vivos(porta)) == 1 and [v["nao_lidas"] for v in abertas(porta)] == [50]


async def test_dois_clientes_com_o_mesmo_telefone(montar: Callable[..., Any], banco_api: Banco) -> None:
    uma, outra = await montar(), await montar()
    de = celular()
    for p in (uma, outra):
        await p.chegar(texto(None, "id", bsuid="BR.1"))
    antes = fotografia(outra)
    await uma.chegar(texto(de, "número", n=1))
    await uma.chegar(texto(de, "ambos", n=2, bsuid="BR.1"))
    assert len(vivos(uma)) == 1 and fotografia(outra) == antes
    (f,) = uma.ver("select id from contatos_fusoes where cliente_id = $c")
    with pytest.raises(Erro) as e:
        await chamar(banco_api, "api.contato_separar", **outra.cena.sessao.args, p_fusao_id=f["id"])
    assert e.value.codigo == "ZNC02"


def historico(p: Porta) -> list[Any]:
    return [h["id"] for h in p.ver("select id from conversas_historico where cliente_id = $c")]


def fotografia(p: Porta, lembrado: list[Any] | None = None) -> dict[str, str]:
    """A checksum of each table of the tenant; what only remembers that something happened is left out.

    `lembrado`: of the history, only these rows; it grows by what is done here, and that is what it is for.
    """
    tabelas = p.admin.execute(
        "select c.relname::text as t from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attname = 'cliente_id'"
        " where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1"
    ).fetchall()
    soma = {}
    for tabela in (linha["t"] for linha in tabelas if linha["t"] not in DE_FORA):
        linhas = [x["j"] for x in p.ver(f"select to_jsonb(t) as j from {tabela} t where t.cliente_id = $c")]
        if tabela == "conversas_historico" and lembrado is not None:
            linhas = [x for x in linhas if UUID(x["id"]) in set(lembrado)]
        linhas = [x for x in linhas if x.get("total") != 0]
        textos = sorted(
            json.dumps({k: v for k, v in x.items() if k not in COLUNAS_DE_FORA}, sort_keys=True) for x in linhas
        )
        soma[tabela] = f"{len(textos)} {hashlib.sha256(chr(10).join(textos).encode()).hexdigest()}"
    return soma


def inserir(p: Porta, tabela: str, **colunas: object) -> Any:
    valores: dict[str, object] = {"cliente_id": p.cena.cliente_id, **colunas}
    linha = p.admin.execute(
        f"insert into {tabela} ({', '.join(valores)}) values ({', '.join(['%s'] * len(valores))}) returning *",
        list(valores.values()),
    ).fetchone()
    assert linha
    return linha


@dataclass
class Dupla:
    """Two contacts with everything a contact may have, and a second number."""

    p: Porta
    fica: UUID
    vai: UUID
    outra_conexao: UUID


async def enriquecer(p: Porta, banco_api: Banco) -> Dupla:
    a, b = celular(), celular()
    sessao = p.cena.sessao
    await p.chegar(texto(a, "oi da A", bsuid="BR.RA"), texto(b, "oi da B", n=1), nome="Ana")
    await p.chegar(texto(b, "outra da B", n=2))
    fica, vai = (
        p.ver(f"select id from contatos where cliente_id = $c and telefone = '+{de}'")[0]["id"] for de in (a, b)
    )
    conversas = {v["contato_id"]: v["id"] for v in abertas(p)}
    outra = replace(p.cena, conexao_id=cenas.montar(p.admin, sessao, 0).conexao_id)
    segunda = cenas.conversar(p.admin, outra, vai)
    for c in (conversas[fica], conversas[vai], segunda):
        p.admin.execute("update conversas set janela_expira_em = now() + interval '20 hours' where id = %s", [c])
    for conversa in (conversas[fica], conversas[vai], conversas[vai], conversas[fica]):
        cenas.escrever(p.admin, p.cena, conversa)
    cenas.escrever(p.admin, outra, segunda)
    eu = sessao.usuario_id
    for conversa in (conversas[fica], conversas[vai]):
        nota = inserir(p, "notas", conversa_id=conversa, usuario_id=eu, texto="ligar")
        inserir(p, "mencoes", nota_id=nota["id"], usuario_id=eu, conversa_id=conversa)
        inserir(p, "rascunhos", usuario_id=eu, conversa_id=conversa, texto="Bom di")
        inserir(p, "conversas_historico", conversa_id=conversa, tipo="NOTADA")
    for n, (contatos, convs) in enumerate(
        [([fica, vai], [conversas[vai]]), ([vai], [conversas[fica], conversas[vai]])]
    ):
        etiqueta = inserir(p, "etiquetas", nome=f"E{n}")["id"]
        for c in contatos:
            inserir(p, "contatos_etiquetas", contato_id=c, etiqueta_id=etiqueta)
        for v in convs:
            inserir(p, "conversas_etiquetas", conversa_id=v, etiqueta_id=etiqueta)
    p.admin.execute(
        "update contatos set email = 'b@exemplo.test', campos = '{\"cidade\": \"Olinda\"}' where id = %s", [vai]
    )
    p.admin.execute('update contatos set campos = \'{"time": "Sport"}\', responsavel_id = %s where id = %s', [eu, fica])
    await chamar(
        banco_api, "api.consentimento_criar", **sessao.args, p_contato_id=vai, p_acao="REVOGADO", p_prova="não quer"
    )
    for c, x in ((fica, p.cena.conexao_id), (vai, p.cena.conexao_id), (vai, outra.conexao_id)):
        p.admin.execute(
            "insert into pares (cliente_id, conexao_id, contato_id, quitado_em)"
            " values (%s, %s, %s, now() + %s * interval '1 minute')",
            [p.cena.cliente_id, x, c, 1 if c == fica else 2],
        )
    for tipo, valor in (("LID", "123456@lid"), ("JID", f"{b}@s.whatsapp.net")):
        inserir(p, "contatos_identidades", contato_id=vai, tipo=tipo, valor=valor)
    inserir(
        p,
        "mensagens_agendadas",
        contato_id=vai,
        conexao_id=p.cena.conexao_id,
        tipo="TEXTO",
        conteudo=Jsonb({"texto": "x"}),
        local_em="2030-01-01T09:00:00",
        fuso="America/Sao_Paulo",
        enviar_em="2030-01-01T12:00:00Z",
        serie_id=uuid4(),
        criado_por=eu,
    )
    for publico in ([fica, vai], [vai]):
        cena = replace(p.cena, contatos=publico)
        campanha = await cenas.criar_campanha(banco_api, cena)
        p.admin.execute("update modelos set categoria = 'UTILITY' where id = %s", [p.cena.modelo_id])
        await cenas.iniciar(banco_api, cena, campanha)
        p.admin.execute("update campanhas set status = 'PAUSADA' where id = %s", [campanha])
    await p.executar()
    return Dupla(p, fica, vai, outra.conexao_id)


async def fundir(d: Dupla, banco_api: Banco) -> UUID:
    resposta = await chamar(banco_api, "api.contato_fundir", **d.p.cena.sessao.args, p_id=d.fica, p_outro_id=d.vai)
    return UUID(resposta["fusao"]["id"])


async def test_juntar_e_separar_nao_muda_nada(porta: Porta, banco_api: Banco) -> None:
    d = await enriquecer(porta, banco_api)
    lembrado = historico(porta)
    antes = fotografia(porta)
    fusao = await fundir(d, banco_api)
    durante = fotografia(porta, lembrado)
    mudaram = {t for t in antes if antes[t] != durante[t]}
    assert mudaram >= {
        "contatos", "contatos_identidades", "contatos_etiquetas", "conversas", "mensagens", "notas", "mencoes",
        "fila", "pares", "mensagens_agendadas", "campanhas_log", "conversas_etiquetas", "conversas_historico",
        "contatos_totais",
    }, "a check that sees nothing proves nothing"  # fmt: skip
    await chamar(banco_api, "api.contato_separar", **porta.cena.sessao.args, p_fusao_id=fusao)
    depois = fotografia(porta, lembrado)
    assert {t for t in antes if antes[t] != depois[t]} == set()
    with pytest.raises(Erro) as e:
        await chamar(banco_api, "api.contato_separar", **porta.cena.sessao.args, p_fusao_id=fusao)
    assert e.value.codigo == "ZCC07"


async def test_o_que_chega_depois_fica_com_quem_ficou(porta: Porta, banco_api: Banco) -> None:
    """And what was there before still goes back, in the order of its sending."""
    d = await enriquecer(porta, banco_api)
    antes = {m["id"]: (m["conversa_id"], m["ordem"]) for m in porta.mensagens()}
    telefones = {c["id"]: c["telefone"] for c in vivos(porta)}
    fusao = await fundir(d, banco_api)
    (uma,) = [v for v in abertas(porta) if v["conexao_id"] == porta.cena.conexao_id]
    assert uma["contato_id"] == d.fica
    await porta.chegar(texto(telefones[d.vai].lstrip("+"), "de quem sou?", n=9))
    nova = cenas.escrever(porta.admin, replace(porta.cena, conexao_id=d.outra_conexao), next(
        v["id"] for v in abertas(porta) if v["conexao_id"] == d.outra_conexao
    ))  # fmt: skip
    await chamar(banco_api, "api.contato_separar", **porta.cena.sessao.args, p_fusao_id=fusao)
    for m in porta.mensagens():
        if m["id"] in antes:
            assert (m["conversa_id"], m["ordem"]) == antes[m["id"]]
        else:
            assert m["contato_id"] == d.fica
    (f,) = porta.ver(f"select chave_ordem from fila where cliente_id = $c and alvo_id = '{nova}'")
    (m,) = [m for m in porta.mensagens() if m["id"] == nova]
    assert f["chave_ordem"] == m["conversa_id"]
    por_numero = [(v["conexao_id"], v["contato_id"]) for v in abertas(porta)]
    assert len(por_numero) == len(set(por_numero)) == 4
    # nothing joins them again by itself
    await porta.chegar(texto(telefones[d.vai].lstrip("+"), "sou a B", n=10, bsuid="BR.RA"))
    assert len(vivos(porta)) == 2


async def test_a_recusa_vale_para_os_dois_numeros(porta: Porta, banco_api: Banco) -> None:
    d = await enriquecer(porta, banco_api)
    fusao = await fundir(d, banco_api)
    (c,) = vivos(porta)
    assert (c["marketing"], c["email"]) == ("REVOGADO", "b@exemplo.test")
    assert c["campos"] == {"cidade": "Olinda", "time": "Sport"}
    assert len(porta.ver("select from supressoes where cliente_id = $c")) == 2
    livro = await chamar(banco_api, "api.consentimentos_listar", **porta.cena.sessao.args, p_contato_id=d.fica)
    assert [k["acao"] for k in livro["dados"]] == ["REVOGADO"]
    # each campaign holds the person once, whatever is still to come
    pendentes = porta.ver(
        "select campanha_id, count(*) as n from campanhas_log where cliente_id = $c"
        " and status in ('PENDENTE', 'RESERVADO') group by 1"
    )
    assert [x["n"] for x in pendentes] == [1, 1]
    await chamar(banco_api, "api.contato_separar", **porta.cena.sessao.args, p_fusao_id=fusao)
    assert {c["id"]: c["marketing"] for c in vivos(porta)} == {d.fica: "NAO_INFORMADO", d.vai: "REVOGADO"}


async def test_a_recusa_dita_enquanto_eram_um_fica_nos_dois(porta: Porta, banco_api: Banco) -> None:
    a, b = celular(), celular()
    await porta.chegar(texto(a, "oi"), texto(b, "oi", n=1))
    fica, vai = (c["id"] for c in vivos(porta))
    fusao = await fundir(Dupla(porta, fica, vai, porta.cena.conexao_id), banco_api)
    await porta.chegar(texto(b, "SAIR", n=2))
    await chamar(banco_api, "api.contato_separar", **porta.cena.sessao.args, p_fusao_id=fusao)
    assert [c["marketing"] for c in vivos(porta)] == ["REVOGADO", "REVOGADO"]


async def test_fusoes_em_cadeia_se_desfazem_da_ultima(porta: Porta, banco_api: Banco) -> None:
    args = porta.cena.sessao.args
    await porta.chegar(*(texto(celular(), "oi", n=n) for n in range(3)))
    a, b, c = (x["id"] for x in vivos(porta))
    antes = fotografia(porta, [])
    primeira = await fundir(Dupla(porta, b, a, porta.cena.conexao_id), banco_api)
    segunda = await fundir(Dupla(porta, c, b, porta.cena.conexao_id), banco_api)
    lido = await chamar(banco_api, "api.contato_obter", **args, p_id=a)
    assert (UUID(lido["id"]), lido["fusoes"]) == (c, 1)
    assert len(abertas(porta)) == 1 and abertas(porta)[0]["nao_lidas"] == 3
    with pytest.raises(Erro) as e:
        await chamar(banco_api, "api.contato_separar", **args, p_fusao_id=primeira)
    assert e.value.codigo == "ZCC09"
    for f in (segunda, primeira):
        await chamar(banco_api, "api.contato_separar", **args, p_fusao_id=f)
    depois = fotografia(porta, [])
    assert {t for t in antes if antes[t] != depois[t]} - {"motivos_resolucao"} == set()
    listas = await chamar(banco_api, "api.contato_fusoes_listar", **args, p_id=c)
    assert [x["desfeitaEm"] is not None for x in listas["dados"]] == [True]


async def test_as_recusas_de_juntar(porta: Porta, banco_api: Banco, bia: Sessao) -> None:
    await porta.chegar(texto(celular(), "oi"), texto(celular(), "oi", n=1))
    a, b = (x["id"] for x in vivos(porta))
    for args, ids, codigo in (
        (porta.cena.sessao.args, (a, a), "22023"), (porta.cena.sessao.args, (a, uuid4()), "ZNC01"),
        (bia.args, (a, b), "ZNC01"),
    ):  # fmt: skip
        with pytest.raises(Erro) as e:
            await chamar(banco_api, "api.contato_fundir", **args, p_id=ids[0], p_outro_id=ids[1])
        assert codigo in (e.value.codigo, e.value.sqlstate)
    await fundir(Dupla(porta, a, b, porta.cena.conexao_id), banco_api)
    for ids in ((a, b), (b, a)):
        with pytest.raises(Erro) as e:
            await chamar(banco_api, "api.contato_fundir", **porta.cena.sessao.args, p_id=ids[0], p_outro_id=ids[1])
        assert e.value.codigo == "ZNC01"
    lista = await chamar(banco_api, "api.contatos_listar", **porta.cena.sessao.args)
    assert [UUID(c["id"]) for c in lista["dados"]] == [a]


async def test_sugestoes(porta: Porta, banco_api: Banco, bia: Sessao) -> None:
    args = porta.cena.sessao.args

    async def criar(nome: str, telefone: str, **extra: object) -> str:
        return str(
            (await chamar(banco_api, "api.contato_criar", **args, p_nome=nome, p_telefone=telefone, **extra))["id"]
        )

    fixo = f"+55113{secrets.randbelow(10**7):07d}"
    await criar("Clínica", fixo)
    await criar("clinica", fixo[:5] + "9" + fixo[5:])
    await criar("X", f"+{celular()}", p_email="x@exemplo.test")
    await criar("Y", f"+{celular()}", p_email="X@exemplo.test")
    await criar("Z", f"+{celular()}")
    await chamar(banco_api, "api.contato_criar", **bia.args, p_nome="Y", p_telefone=fixo, p_email="x@exemplo.test")
    pagina = await chamar(banco_api, "api.sugestoes_listar", **args, p_limite=1)
    (s,) = pagina["dados"]
    assert (s["motivo"], s["pontos"]) == ("MESMO_EMAIL", 50) and {c["nome"] for c in s["contatos"]} == {"X", "Y"}
    pagina = await chamar(banco_api, "api.sugestoes_listar", **args, p_cursor=pagina["meta"]["proximoCursor"])
    (s,) = pagina["dados"]
    assert (s["motivo"], s["pontos"]) == ("NUMERO_AMBIGUO", 75)
    assert (await chamar(banco_api, "api.sugestoes_listar", **bia.args))["dados"] == []
    with pytest.raises(Erro) as e:
        await chamar(banco_api, "api.sugestao_descartar", **bia.args, p_id=s["id"])
    assert e.value.codigo == "ZNC03"
    await chamar(banco_api, "api.sugestao_descartar", **args, p_id=s["id"])
    restam = await chamar(banco_api, "api.sugestoes_listar", **args, p_contato_id=s["contatos"][0]["id"])
    assert restam["dados"] == []


async def test_juntar_enquanto_chegam_mensagens(porta: Porta, banco_api: Banco, banco_worker: Banco) -> None:
    """Merges by hand, separations and intake of the same people at once: nothing is lost, nobody waits for ever."""
    numeros = [celular() for _ in range(4)]
    await porta.chegar(*(texto(de, "oi", n=n) for n, de in enumerate(numeros)))
    ids = [c["id"] for c in vivos(porta)]
    corpos = [porta.corpo(texto(numeros[n % 4], f"m{n}", n=n + 10)) for n in range(80)]
    await asyncio.gather(*(porta.receber(c) for c in corpos))

    async def chegar() -> None:
        feitos = 1
        while feitos:
            try:
                feitos = await chamar(
                    banco_worker, "worker.interno_executar", p_cliente_id=porta.cena.cliente_id, p_limite=2
                )
            except Erro as erro:
                assert erro.codigo == "ZTG02"  # busy for longer than one call tries: the worker's loop comes back

    async def juntar(um: UUID, outro: UUID) -> None:
        for _ in range(4):
            d = Dupla(porta, um, outro, porta.cena.conexao_id)
            fusao = await fundir(d, banco_api)
            await chamar(banco_api, "api.contato_separar", **porta.cena.sessao.args, p_fusao_id=fusao)
        await fundir(d, banco_api)

    await asyncio.gather(*(chegar() for _ in range(4)), juntar(ids[0], ids[1]), juntar(ids[3], ids[2]))
    await porta.executar()
    assert len(porta.mensagens()) == 84 and len(vivos(porta)) == 2
    assert sum(v["nao_lidas"] for v in abertas(porta)) == 84
    assert {v["contato_id"] for v in abertas(porta)} == {ids[0], ids[3]} and len(abertas(porta)) == 2


async def test_nada_novo_se_liga_a_quem_esta_dentro_de_outro(porta: Porta, banco_api: Banco) -> None:
    await porta.chegar(texto(celular(), "oi"), texto(celular(), "oi", n=1))
    a, b = (x["id"] for x in vivos(porta))
    await fundir(Dupla(porta, a, b, porta.cena.conexao_id), banco_api)
    with pytest.raises(psycopg.errors.SerializationFailure):
        cenas.conversar(porta.admin, porta.cena, b)
    with pytest.raises(psycopg.DatabaseError) as e:
        porta.admin.execute(
            "update conversas set status = 'ABERTA' where cliente_id = %s and fundida_em_id is not null",
            [porta.cena.cliente_id],
        )
    assert e.value.sqlstate == "ZCV09"
    (v,) = porta.ver("select id from conversas where cliente_id = $c and fundida_em_id is not null")
    lida = await chamar(banco_api, "api.conversa_obter", **porta.cena.sessao.args, p_id=v["id"])
    assert UUID(lida["id"]) == abertas(porta)[0]["id"]
    lista = await chamar(banco_api, "api.conversas_listar", **porta.cena.sessao.args)
    assert [UUID(c["id"]) for c in lista["dados"]] == [abertas(porta)[0]["id"]], "the emptied one is no news"


# what a merge does with each table that names a contact or a conversation: a new one must be thought of
# (campanhas_retornos stays as it is: it counts who came back to a campaign, and nobody comes back twice)
LIGADAS = {
    "campanhas_log", "campanhas_publico", "campanhas_retornos", "consentimentos", "contatos", "contatos_etiquetas",
    "contatos_falhas", "contatos_fusoes", "contatos_identidades", "contatos_sugestoes", "conversas",
    "conversas_etiquetas", "conversas_historico", "fila", "mencoes", "mensagens", "mensagens_agendadas", "notas",
    "ofertas", "pares", "portfolio_contatos", "rascunhos", "silenciadas",
}  # fmt: skip


def test_toda_tabela_ligada_foi_pensada(admin: Admin) -> None:
    linhas = admin.execute(
        "select distinct k.conrelid::regclass::text as t from pg_constraint k where k.contype = 'f'"
        " and k.confrelid in ('public.contatos'::regclass, 'public.conversas'::regclass)"
    ).fetchall()
    assert {linha["t"].removeprefix("public.") for linha in linhas} == LIGADAS
