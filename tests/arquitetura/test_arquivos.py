"""The files under db/: one function and its comment each, everything listed, nothing that trips the migrator."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pglast
import pytest
import yaml

from app.migracao import PASTA
from app.verificacao import DISPENSAS, LINTS
from tests.arquitetura.corpos import FUNCOES, MODELINE, ler, todas

MIGRACOES = sorted((PASTA / "migrations").iterdir())
TODOS = sorted(PASTA.rglob("*.sql"))
VERBOS = frozenset(
    {"criar", "obter", "listar", "buscar", "atualizar", "remover", "ativar", "desativar", "enviar", "agendar"}
    | {"cancelar", "mover", "atribuir", "reservar", "concluir", "falhar", "adiar", "resgatar"}
)
# beyond the closed list: what each says that no verb of the list says
VERBOS_A_MAIS = {
    "aceitar": "um convite, definindo a própria senha; o que a fila oferece",
    "recusar": "o que a fila oferece",
    "convidar": "criar um usuário que define a própria senha",
    "testar": "uma resposta rápida, antes de salvar",
    "abrir": "contexto, chave de idempotência",
    "estender": "a validade de uma sessão do navegador",
    "exportar": "contatos",
    "fechar": "chave de idempotência",
    "assumir": "autoridade do limite, conversa",
    "aguardar": "que a pessoa escreva",
    "desfazer": "a última mudança de uma conversa",
    "etiquetar": "conversa",
    "silenciar": "uma conversa, para quem pede",
    "liberar": "conversa, à fila",
    "priorizar": "conversa",
    "reabrir": "conversa",
    "resolver": "conversa, com motivo",
    "transferir": "conversa",
    "contar": "o que uma lista daria",
    "decidir": "sobre um envio sem confirmação",
    "descartar": "o que desistiu",
    "proximo": "atendimento da fila: o nome que a api promete",
    "prova": "de uma campanha: o documento que a api promete por este nome",
    "reenfileirar": "o que desistiu",
    "reprocessar": "eventos recebidos",
    "estes": "trabalho interno: executar só os dados",
    "autorizar": "o endereço de uma mídia",
    "avaliar": "envio, antes da intenção",
    "alimentar": "a fila, a partir da campanha",
    "bloquear": "contato",
    "desbloquear": "contato",
    "encerrar": "a própria sessão",
    "fundir": "contatos que são a mesma pessoa",
    "separar": "contatos juntados por engano",
    "iniciar": "campanha",
    "pausar": "campanha",
    "publicar": "eventos: o número que os torna parte da sequência",
    "pendentes": "eventos: de quem há (não muda nada)",
    "desde": "eventos: o que veio depois de um número",
    "recuar": "o ritmo de um número, a pedido do provedor",
    "retomar": "campanha",
    "reenviar": "destinatários de uma campanha",
    "simular": "campanha",
    "lancar": "campanha que alguém reviu",
    "importar": "contatos de um arquivo",
    "preparar": "dá à borda o que ela precisa conferir",
    "receber": "webhook",
    "renderizar": "uma resposta rápida, antes de enviar",
    "conferir": "recusa o que não vale",
    "registrar": "desfecho de envio",
    "renovar": "sessão",
    "revogar": "sessão",
    "trocar": "senha",
    "devolver": "reserva da fila",
    "executar": "trabalho interno",
    "sinalizar": "processo vivo",
    "sincronizar": "modelos com o provedor",
    "prontas": "fila: onde há trabalho (não muda nada)",
    "vencidos": "trabalho interno: onde há (não muda nada)",
    "ler": "conversa: o que se viu",
    "digitar": "conversa: o que se mostra à pessoa",
    "intencao": "envio: o que se grava antes do HTTP",
}


def _relativo(arquivo: Path) -> str:
    return arquivo.relative_to(PASTA).as_posix()


@pytest.mark.parametrize("arquivo", TODOS, ids=_relativo)
def test_comeca_pela_codificacao(arquivo: Path) -> None:
    assert arquivo.read_text(encoding="utf-8").split("\n", 1)[0] == MODELINE


def test_so_ha_sql_nas_pastas_que_o_migrador_executa() -> None:
    manifesto = yaml.safe_load((PASTA / "migrations.yml").read_text(encoding="utf-8"))
    pastas = [PASTA / item for item in manifesto["callbacks"]["afterAll"]]
    for pasta in pastas:
        assert pasta.is_dir(), pasta
        # a callback folder has no extension filter and does not recurse: an editor's left-over would be executed
        assert [f.name for f in pasta.iterdir() if f.suffix != ".sql" or not f.is_file() or f.name[0] == "."] == []


def test_toda_pasta_de_funcoes_esta_na_lista() -> None:
    manifesto = yaml.safe_load((PASTA / "migrations.yml").read_text(encoding="utf-8"))
    lista = manifesto["callbacks"]["afterAll"]
    assert len(lista) == len(set(lista))
    assert {item for item in lista if item.startswith("functions/")} == {
        f"functions/{pasta.name}" for pasta in FUNCOES.iterdir()
    }
    assert lista[-1] == "grants", "owners and grants come after the functions"
    assert "beforeAll" not in manifesto["callbacks"]
    # the migrator knows its own connections by application_name; without a lock_timeout it waits for ever
    sessao = " ".join(manifesto["session"]).lower()
    assert "application_name" not in sessao
    assert "set role crm_dono" in sessao and "lock_timeout" in sessao and "pg_advisory_xact_lock" in sessao


def test_migracoes_numeradas_sem_furo() -> None:
    nomes = [arquivo.name for arquivo in MIGRACOES]
    for nome in nomes:
        assert re.fullmatch(r"V[0-9]{4}__[a-z0-9_]+(NONTRANSACTIONAL)?[a-z0-9_]*\.sql", nome), nome
    assert [int(nome[1:5]) for nome in nomes] == list(range(1, len(nomes) + 1))


PROIBIDO_EM_MIGRACAO = {
    "controle de transação": re.compile(r"(?im)^\s*(commit|begin|rollback)\s*;"),
    "comando do psql": re.compile(r"(?m)^\s*\\"),
    "COPY FROM STDIN": re.compile(r"(?i)copy\s.+\sfrom\s+stdin"),
    "dólar colado": re.compile(r"(?i)\bas\$"),
    "operador que o migrador lê como comentário": re.compile(r"\s#\s"),
    "EXECUTE a PUBLIC": re.compile(r"(?i)\bgrant\b[^;]*\bto\s+public\b"),
    "grant all": re.compile(r"(?i)\bgrant\s+all\b"),
}


@pytest.mark.parametrize("arquivo", [*MIGRACOES, *sorted((PASTA / "grants").iterdir())], ids=_relativo)
def test_migracao_sem_armadilha(arquivo: Path) -> None:
    texto = re.sub(r"--[^\n]*", "", arquivo.read_text(encoding="utf-8"))
    assert [nome for nome, padrao in PROIBIDO_EM_MIGRACAO.items() if padrao.search(texto)] == []
    pglast.parse_sql(texto)
    if "NONTRANSACTIONAL" in arquivo.name:
        assert re.search(r"set lock_timeout = 0;.+drop index concurrently if exists", texto, re.DOTALL)


def test_grants_nao_criam_nem_alteram_tabelas() -> None:
    for arquivo in (PASTA / "grants").iterdir():
        instrucoes = {type(cru.stmt).__name__ for cru in pglast.parse_sql(arquivo.read_text(encoding="utf-8"))}
        assert instrucoes <= {"GrantStmt", "DoStmt", "AlterDefaultPrivilegesStmt"}, (arquivo.name, instrucoes)


@pytest.mark.parametrize("arquivo", sorted(FUNCOES.rglob("*.sql")), ids=_relativo)
def test_uma_funcao_e_seu_comentario(arquivo: Path) -> None:
    funcao = ler(arquivo)
    assert funcao.nome == arquivo.stem
    assert funcao.esquema in {"api", "worker", "webhook", "plataforma", "interno"}
    assert arquivo.parent.parent == FUNCOES, "domains do not nest: the migrator does not recurse"
    assert funcao.opcoes >= {"language", "volatility", "security"}, "language, volatility and security are written out"
    texto = arquivo.read_text(encoding="utf-8")
    assert "\t" not in texto and texto.endswith("\n") and not texto.endswith("\n\n")


def test_uma_funcao_tem_um_arquivo() -> None:
    repetidas = [nome for nome, vezes in Counter(f.completo for f in todas()).items() if vezes > 1]
    assert repetidas == []


def test_funcoes_chamadas_trazem_verbo_da_lista() -> None:
    verbos = VERBOS | set(VERBOS_A_MAIS)
    chamadas = [f for f in todas() if f.esquema in {"api", "worker", "webhook", "plataforma"}]
    assert [f.completo for f in chamadas if not verbos & set(f.nome.split("_")[1:])] == []
    usados = {parte for f in todas() for parte in f.nome.split("_")[1:]}
    assert set(VERBOS_A_MAIS) - usados == set(), "a verb that nothing uses leaves the list"


def test_lints_tem_numero_nome_e_porque() -> None:
    arquivos = sorted(LINTS.glob("[0-9]*.sql"))
    assert len(arquivos) >= 50
    assert len({a.name[:4] for a in arquivos}) == len(arquivos)
    for arquivo in arquivos:
        assert re.fullmatch(r"[0-9]{4}_[a-z0-9_]+\.sql", arquivo.name)
        texto = arquivo.read_text(encoding="utf-8")
        porque = [linha for linha in texto.split("\n")[1:] if linha.startswith("-- ")]
        assert len(" ".join(porque)) > 80, f"{arquivo.name}: no paragraph that says why"
        instrucoes = pglast.parse_sql(texto)
        assert [type(i.stmt).__name__ for i in instrucoes] == ["SelectStmt"], arquivo.name
        assert f"'{arquivo.name[:4]}'" in texto
    assert [type(i.stmt).__name__ for i in pglast.parse_sql(DISPENSAS.read_text(encoding="utf-8"))] == ["SelectStmt"]
