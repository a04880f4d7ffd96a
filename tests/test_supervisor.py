"""The supervisor: restarts, order of stopping, hurry, one product per home, nothing left behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from app import filhos, supervisor
from app.config import Config, carregar
from app.embutido import Trava
from app.filhos import Grupo, Programa, atraso_de_reinicio
from app.supervisor import ErroSupervisor, ler_estado

RAIZ = Path(__file__).parent.parent
PORTAS = ("PORT", "SIMULADOR_PORTA_CONTROLE", "SIMULADOR_PORTA_META", "SIMULADOR_PORTA_UAIZAP")


def porta_de_teste() -> int:
    """A free port where neither embedded servers (20000-29999) nor outgoing connections (32768 up) look for one."""
    while True:
        with socket.socket() as tomada, contextlib.suppress(OSError):
            tomada.bind(("127.0.0.1", random.randint(30_000, 32_700)))
            return int(tomada.getsockname()[1])


def portas_de_teste() -> dict[str, str]:
    return {variavel: str(porta_de_teste()) for variavel in PORTAS}


def python(codigo: str, *argumentos: str) -> list[str]:
    return [sys.executable, "-u", "-c", textwrap.dedent(codigo), *argumentos]


# Writes a line at start and at SIGTERM to a file, and lives until then.
OBEDIENTE = """
    import signal, sys, time
    nome, arquivo = sys.argv[1], sys.argv[2]
    def escrever(o_que):
        with open(arquivo, "a") as saida: saida.write(f"{nome} {o_que}\\n")
    def fim(*_):
        time.sleep(0.1); escrever("fim"); sys.exit(0)
    signal.signal(signal.SIGTERM, fim)
    escrever("inicio")
    print("no ar")
    while True: time.sleep(1)
"""
SURDO = """
    import signal, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("no ar")
    while True: time.sleep(1)
"""


async def ate(condicao: Callable[[], bool], segundos: float = 10) -> None:
    async with asyncio.timeout(segundos):
        while not condicao():
            await asyncio.sleep(0.02)


def linhas(arquivo: Path) -> list[str]:
    return arquivo.read_text().splitlines() if arquivo.exists() else []


@pytest.fixture
async def montar() -> AsyncIterator[Callable[..., Grupo]]:
    grupos: list[Grupo] = []

    def _montar(*programas: Programa) -> Grupo:
        grupo = Grupo(programas)
        grupos.append(grupo)
        return grupo

    yield _montar
    for grupo in grupos:
        grupo.pressa.set()
        await grupo.encerrar()


def test_o_atraso_dobra_tem_teto_e_espalha() -> None:
    assert [atraso_de_reinicio(n, lambda: 0.5) for n in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]
    assert atraso_de_reinicio(50, lambda: 0.5) == 30.0
    assert atraso_de_reinicio(3, lambda: 0.0) == 1.0
    assert atraso_de_reinicio(3, lambda: 1.0) == 3.0
    assert len({atraso_de_reinicio(3) for _ in range(20)}) > 10


async def test_para_na_ordem_e_espera_cada_um_terminar(montar: Callable[..., Grupo], tmp_path: Path) -> None:
    arquivo = tmp_path / "ordem"
    nomes = ("api", "worker", "simulador")
    grupo = montar(*(Programa(nome, python(OBEDIENTE, nome, str(arquivo))) for nome in nomes))
    grupo.iniciar()
    await ate(lambda: len(linhas(arquivo)) == 3)
    await grupo.encerrar()
    assert linhas(arquivo)[3:] == ["api fim", "worker fim", "simulador fim"]
    assert all(filho.pid is None for filho in grupo.filhos)


async def test_quem_morre_volta(
    montar: Callable[..., Grupo], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(filhos, "_ATRASO_INICIAL_S", 0.01)
    arquivo = tmp_path / "vidas"
    grupo = montar(Programa("worker", python(OBEDIENTE, "worker", str(arquivo))))
    grupo.iniciar()
    await ate(lambda: len(linhas(arquivo)) == 1)
    primeiro = grupo.filhos[0].pid
    assert primeiro is not None
    os.kill(primeiro, signal.SIGKILL)
    await ate(lambda: len(linhas(arquivo)) == 2)
    assert grupo.filhos[0].pid not in {None, primeiro}
    await grupo.encerrar()
    # Stopped on purpose, it does not come back.
    assert linhas(arquivo) == ["worker inicio", "worker inicio", "worker fim"]
    assert "worker | terminou (sinal 9); reinício em" in capsys.readouterr().out


async def test_quem_cai_sempre_espera_cada_vez_mais(
    montar: Callable[..., Grupo], monkeypatch: pytest.MonkeyPatch
) -> None:
    quedas: list[int] = []

    def anotar(n: int) -> float:
        quedas.append(n)
        return 0.01

    monkeypatch.setattr(filhos, "atraso_de_reinicio", anotar)
    grupo = montar(Programa("api", python("raise SystemExit(3)")))
    grupo.iniciar()
    await ate(lambda: len(quedas) >= 3)
    assert quedas[:3] == [1, 2, 3]


async def test_um_minuto_de_saude_zera_a_conta(montar: Callable[..., Grupo], monkeypatch: pytest.MonkeyPatch) -> None:
    quedas: list[int] = []

    def anotar(n: int) -> float:
        quedas.append(n)
        return 0.01

    monkeypatch.setattr(filhos, "atraso_de_reinicio", anotar)
    monkeypatch.setattr(filhos, "SAUDAVEL_S", 0.0)
    grupo = montar(Programa("api", python("pass")))
    grupo.iniciar()
    await ate(lambda: len(quedas) >= 3)
    assert quedas[:3] == [1, 1, 1]


async def test_um_comando_que_nao_existe_nao_derruba_os_outros(montar: Callable[..., Grupo], tmp_path: Path) -> None:
    arquivo = tmp_path / "x"
    grupo = montar(Programa("api", ["/nao/existe"]), Programa("worker", python(OBEDIENTE, "worker", str(arquivo))))
    grupo.iniciar()
    await ate(lambda: linhas(arquivo) == ["worker inicio"])
    assert grupo.filhos[0].pid is None


async def test_quem_nao_obedece_e_encerrado_no_prazo(
    montar: Callable[..., Grupo], capsys: pytest.CaptureFixture[str]
) -> None:
    grupo = montar(Programa("api", python(SURDO), prazo_s=0.3))
    grupo.iniciar()
    saida = ""
    async with asyncio.timeout(10):
        while "no ar" not in saida:
            await asyncio.sleep(0.02)
            saida += capsys.readouterr().out
    inicio = time.monotonic()
    await grupo.encerrar()
    assert 0.25 < time.monotonic() - inicio < 5
    assert grupo.filhos[0].pid is None


async def test_o_segundo_sinal_apressa(montar: Callable[..., Grupo], capsys: pytest.CaptureFixture[str]) -> None:
    grupo = montar(Programa("api", python(SURDO), prazo_s=60))
    grupo.iniciar()
    saida = ""
    async with asyncio.timeout(10):
        while "no ar" not in saida:
            await asyncio.sleep(0.02)
            saida += capsys.readouterr().out
    grupo.sinal()
    assert grupo.parar.is_set()
    assert not grupo.pressa.is_set()
    fim = asyncio.create_task(grupo.encerrar())
    await asyncio.sleep(0.1)
    assert not fim.done()
    grupo.sinal()
    await asyncio.wait_for(fim, 10)


async def test_cada_linha_sai_com_o_nome_de_quem_a_escreveu(
    montar: Callable[..., Grupo], capsys: pytest.CaptureFixture[str]
) -> None:
    codigo = (
        "import time; print('x' * 200_000); print('acentuação'); print('sem fim', end='', flush=True); time.sleep(9)"
    )
    grupo = montar(Programa("api", python(codigo)), Programa("simulador", python("import time; time.sleep(9)")))
    grupo.iniciar()
    saida = ""
    async with asyncio.timeout(10):
        while "acentuação" not in saida:
            await asyncio.sleep(0.02)
            saida += capsys.readouterr().out
    await grupo.encerrar()
    saida += capsys.readouterr().out
    assert all(linha.startswith(("api       | ", "simulador | ")) for linha in saida.splitlines())
    assert saida.count("x") == 200_000
    assert "api       | sem fim\n" in saida


# --------------------------------------------------------------------------- balcao up


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return carregar(
        {
            "BALCAO_HOME": str(tmp_path / "home"),
            "DATABASE_URL": "postgresql://d:x@b/c",
            "REDIS_URL": "redis://r",
            **portas_de_teste(),
        }
    )


def test_o_segundo_up_na_mesma_pasta_diz_e_sai(config: Config) -> None:
    trava = Trava(config.home / "trava")
    assert trava.obter()
    with pytest.raises(ErroSupervisor, match=f"já está rodando.*processo {os.getpid()}"):
        supervisor.subir(config)
    trava.soltar()


@pytest.mark.parametrize(
    ("variavel", "campo"), [("PORT", "porta"), ("SIMULADOR_PORTA_UAIZAP", "simulador_porta_uaizap")]
)
def test_uma_porta_ocupada_e_dita_pelo_nome(config: Config, variavel: str, campo: str) -> None:
    porta = getattr(config, campo)
    with (
        socket.create_server((config.host, porta)),
        pytest.raises(ErroSupervisor, match=rf"{variavel}.*{porta}.*{variavel}={porta + 1} make run"),
    ):
        supervisor.subir(config)
    # What it had taken is free again.
    assert not Trava(config.home / "trava").ocupada()


def test_sem_produto_no_ar_nao_ha_estado(config: Config) -> None:
    config.arquivo_estado.write_text("{}")
    assert ler_estado(config) is None


def test_o_banco_de_outro_servidor_nunca_e_apagado(config: Config) -> None:
    with pytest.raises(ErroSupervisor, match="não será apagado"):
        supervisor.recriar_banco(config)


def test_sobras_de_um_supervisor_morto_sao_encerradas_e_so_elas(config: Config) -> None:
    dormir = ["sleep", "60"]
    with subprocess.Popen(dormir) as sobra, subprocess.Popen(dormir) as alheio:
        estado = {
            "processos": {
                "api": {"pid": sobra.pid, "desde": psutil.Process(sobra.pid).create_time()},
                # The number was used again: another time of birth.
                "worker": {"pid": alheio.pid, "desde": 1.0},
                "simulador": {"pid": 2**22 + 1, "desde": 1.0},
                "up": {"pid": os.getpid(), "desde": psutil.Process().create_time()},
            }
        }
        config.arquivo_estado.write_text(json.dumps(estado))
        supervisor._encerrar_sobras(config.arquivo_estado)
        assert sobra.wait(5) == -signal.SIGTERM
        assert alheio.poll() is None
        alheio.kill()


@pytest.mark.parametrize("estado", ["", "[]", '{"processos": {"api": {}}}', '{"processos": null}', "{"])
def test_um_estado_estragado_nao_impede_o_inicio(config: Config, estado: str) -> None:
    config.arquivo_estado.write_text(estado)
    supervisor._encerrar_sobras(config.arquivo_estado)


def test_sob_o_up_a_meta_e_o_simulador_se_ninguem_escolheu(config: Config) -> None:
    assert supervisor.programas(config)[1].ambiente["META_API_URL"] == config.url_simulador_meta
    escolhida = carregar({"BALCAO_HOME": str(config.home), "META_API_URL": "https://graph.facebook.com"})
    assert "META_API_URL" not in supervisor.programas(escolhida)[1].ambiente


# The whole of `balcao up` with small children in place of the product's parts, embedded servers included.
PRODUTO = """
    import json, sys, types
    from app import supervisor
    from app.config import carregar
    def modulo(nome, **funcoes):
        m = types.ModuleType(nome); m.__dict__.update(funcoes); sys.modules[nome] = m
    modulo("app.migracao", migrar=lambda config: print("migrou"))
    async def conectar_demo(config):
        return ["uma parte ficou de fora"]
    modulo("app.semente", semear_demo=lambda config: print("semeou"), conectar_demo=conectar_demo)
    API = '''
    import http.server, os
    class Saude(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200); self.end_headers()
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Saude).serve_forever()
    '''
    import textwrap
    def comando(nome):
        codigo = {"api": textwrap.dedent(API), "demo": "raise SystemExit(7)"}.get(nome, "import time; time.sleep(600)")
        return [sys.executable, "-c", codigo]
    supervisor.comando_balcao = comando
    sys.exit(supervisor.subir(carregar(), demo=sys.argv[1] == "demo"))
"""


def iniciar_produto(tmp_path: Path, modo: str = "up") -> tuple[subprocess.Popen[str], Config]:
    ambiente = {
        "BALCAO_HOME": str(tmp_path / "home"),
        **portas_de_teste(),
    }
    processo = subprocess.Popen(
        python(PRODUTO, modo),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(RAIZ), **ambiente},
    )
    return processo, carregar(ambiente)


def ler_ate(processo: subprocess.Popen[str], texto: str) -> str:
    lido = ""
    assert processo.stdout is not None
    for linha in processo.stdout:
        lido += linha
        if texto in linha:
            return lido
    raise AssertionError(f"terminou sem dizer {texto!r}:\n{lido}")


def todos(estado: dict[str, object]) -> list[psutil.Process]:
    processos = estado["processos"]
    assert isinstance(processos, dict)
    return [psutil.Process(int(dados["pid"])) for dados in processos.values()]


def mortos(processos: list[psutil.Process], segundos: float = 15) -> bool:
    prazo = time.monotonic() + segundos
    while time.monotonic() < prazo:
        if all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in processos):
            return True
        time.sleep(0.02)
    return False


def test_sobe_diz_onde_esta_e_para_limpo(tmp_path: Path) -> None:
    produto, config = iniciar_produto(tmp_path)
    saida = ler_ate(produto, "Para parar")
    for esperado in ("migrou", "semeou", config.url_api, "admin@demo.local / balcao-demo", "/ledger/summary"):
        assert esperado in saida
    estado = ler_estado(config)
    assert estado is not None
    assert set(estado) >= {"api", "database", "redis", "simulador", "home", "versoes"}
    assert set(estado["processos"]) == {"up", "postgres", "valkey", "api", "worker", "simulador"}
    assert stat.S_IMODE(config.arquivo_estado.stat().st_mode) == 0o600
    processos = todos(estado)
    produto.send_signal(signal.SIGINT)
    assert produto.wait(30) == 0
    assert mortos(processos, 0.5)
    assert ler_estado(config) is None
    assert not config.arquivo_estado.exists()


def test_um_servidor_que_morre_volta(tmp_path: Path) -> None:
    produto, config = iniciar_produto(tmp_path)
    ler_ate(produto, "Para parar")
    for nome in ("postgres", "valkey"):
        estado = ler_estado(config)
        assert estado is not None
        antigo = estado["processos"][nome]["pid"]
        os.kill(antigo, signal.SIGKILL)
        prazo = time.monotonic() + 30
        while (novo := (ler_estado(config) or estado)["processos"][nome]["pid"]) == antigo:
            assert time.monotonic() < prazo, nome
            time.sleep(0.05)
        assert psutil.Process(novo).is_running()
    with psycopg.connect(config.url_admin) as conexao:
        assert conexao.execute("select 1").fetchone() == (1,)
    produto.terminate()
    assert produto.wait(30) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="o pedido ao núcleo só existe no Linux")
def test_matar_o_supervisor_nao_deixa_nada_e_ele_sobe_de_novo(tmp_path: Path) -> None:
    produto, config = iniciar_produto(tmp_path)
    ler_ate(produto, "Para parar")
    estado = ler_estado(config)
    assert estado is not None
    processos = todos(estado)
    produto.kill()
    produto.wait()
    assert mortos(processos)
    # Nothing runs, whatever the file of the dead supervisor says.
    assert ler_estado(config) is None
    produto, config = iniciar_produto(tmp_path)
    ler_ate(produto, "Para parar")
    produto.terminate()
    assert produto.wait(30) == 0


def test_a_demonstracao_da_o_resultado(tmp_path: Path) -> None:
    produto, config = iniciar_produto(tmp_path, "demo")
    assert produto.wait(60) == 7
    assert ler_estado(config) is None
