"""The user that an embedded server runs as, and what a child does between fork and exec."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_SET_PDEATHSIG = 1
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CLONE_NEWUSER = 0x10000000
_CAPABILITY_VERSION_3 = 0x20080522


class ErroEmbutido(RuntimeError):
    """An embedded server cannot be started; the message is for the person at the terminal."""


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
            # Keeps capabilities across setuid, and for access(2) as well, by which PostgreSQL checks
            # its own programs; with PR_SET_KEEPCAPS alone access(2) ignores them.
            _exigir(_LIBC.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0))
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
            os.stat(f"{pasta}/.")  # noqa: PTH116 - the final dot asks for search permission on the folder itself
            if not os.access(programa, os.R_OK | os.X_OK):
                raise PermissionError(str(programa))

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


def seguir_pai(sinal: int) -> None:
    """Ask for `sinal` when the process that started this one dies (make, a test harness)."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, sinal, 0, 0, 0)
