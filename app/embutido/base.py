"""What both embedded servers share: folder, lock, remembered port, socket folder, child process."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import random
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from app.embutido.identidade import ErroEmbutido

ENDERECO = "127.0.0.1"

# Ports below the kernel's ephemeral range: a remembered port is not taken by an outgoing connection.
_PORTAS = (20000, 29999)
# sun_path holds 107 bytes; the longest name that PostgreSQL puts there is the lock file of the socket.
_CAMINHO_MAXIMO = 107 - len("/.s.PGSQL.65535.lock")


def pasta_do_pacote(pacote: str) -> Path:
    # find_spec does not import: the packages' own modules have side effects at import.
    spec = importlib.util.find_spec(pacote)
    if spec is None or not spec.submodule_search_locations:
        raise ErroEmbutido(
            f"O pacote {pacote} não está instalado; rode `make run`, ou informe DATABASE_URL e REDIS_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


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

    def ocupada(self) -> bool:
        """Whether some process holds it now, without taking it."""
        with contextlib.suppress(FileNotFoundError), self.caminho.open(encoding="utf-8") as arquivo:
            try:
                fcntl.flock(arquivo, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

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


def pasta_do_soquete(pasta: Path, dono: tuple[int, int]) -> Path:
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


def abrir_log(caminho: Path) -> IO[bytes]:
    with contextlib.suppress(FileNotFoundError):
        if caminho.stat().st_size > 10_000_000:
            caminho.replace(caminho.with_suffix(".log.1"))
    descritor = os.open(caminho, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return os.fdopen(descritor, "ab")


def fim_do_log(caminho: Path, linhas: int = 15) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(caminho.read_text(encoding="utf-8", errors="replace").splitlines()[-linhas:])
    return ""


def processo_vivo(pid: int, marca: str) -> psutil.Process | None:
    """The live process `pid`, provided that its command line contains `marca` (numbers are reused)."""
    with contextlib.suppress(psutil.Error):
        processo = psutil.Process(pid)
        if processo.status() != psutil.STATUS_ZOMBIE and any(marca in parte for parte in processo.cmdline()):
            return processo
    return None


def _acabou(processo: psutil.Process) -> bool:
    # A container's first process may never collect a dead child: a zombie runs no more.
    try:
        return not processo.is_running() or processo.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def encerrar(processo: psutil.Process, sinais: Sequence[tuple[int, float]]) -> None:
    """Send each signal in turn and give it its seconds. For processes that are not our children."""
    for sinal, espera in sinais:
        with contextlib.suppress(psutil.NoSuchProcess):
            processo.send_signal(sinal)
        prazo = time.monotonic() + espera
        while time.monotonic() < prazo:
            if _acabou(processo):
                return
            time.sleep(0.02)


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


class Servidor:
    """What both servers share: folder, lock, remembered port, child process, log."""

    nome = ""
    # How to stop it: each signal in turn with its seconds.
    sinais: Sequence[tuple[int, float]] = ()

    def __init__(self, pasta: Path, porta: int | None) -> None:
        # Symbolic links are resolved once, so that the same data never gets two names.
        self.pasta = pasta.absolute()
        self.pasta.parent.mkdir(parents=True, exist_ok=True)
        self.pasta.mkdir(mode=0o700, exist_ok=True)
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
        try:
            if self._filho is not None and self._filho.poll() is None:
                for sinal, espera in self.sinais:
                    self._filho.send_signal(sinal)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self._filho.wait(espera)
                        break
        finally:
            self._trava.soltar()

    def _lembrar(self) -> None:
        dados = {"porta": self.porta, "senha": self.senha, "soquete": str(self.soquete)}
        gravar_privado(self.pasta / "acesso.json", json.dumps(dados))

    def _recordar(self) -> None:
        acesso = acesso_gravado(self.pasta)
        self.senha = acesso.senha if acesso else secrets.token_urlsafe(24)
        self.porta = self._porta_pedida or porta_livre(acesso.porta if acesso else None)
