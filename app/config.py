"""Configuration: the environment, then `.env`, read once into one frozen, validated object.

One secret, the key ring BALCAO_CHAVES, gives everything else: the passwords of the database roles
and the control key of the simulator are derived from its first key, so there is one thing to keep
safe and one thing to rotate.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from dotenv import dotenv_values

from app import embutido

PAPEIS = ("crm_api", "crm_worker", "crm_ingresso", "crm_plataforma")
META_API_PUBLICA = "https://graph.facebook.com"
META_MIDIA_HOSTS = ("lookaside.fbsbx.com",)
UAIZAP_HOSTS = ("*.uazapi.com",)
# whoever makes a browser also runs the service that reaches it
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)

NivelDeLog = Literal["debug", "info", "warning", "error"]
FormatoDeLog = Literal["auto", "json", "console"]

# variable -> option of the client; what is unset is for the client to find (role of the machine, profile)
_S3 = {
    "AWS_ENDPOINT_URL": "endpoint",
    "AWS_REGION": "region",
    "AWS_ACCESS_KEY_ID": "access_key_id",
    "AWS_SECRET_ACCESS_KEY": "secret_access_key",
}
_KID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CHAVE = re.compile(r"[A-Za-z0-9_-]{43}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_VERSAO_META = re.compile(r"v\d{1,3}\.\d{1,2}")
# a name, or every name under one; plain http only to this very machine
_GATEWAY = re.compile(
    r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
    r"|http://(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}"
)


class ErroConfig(ValueError):
    """A variable is missing or wrong; the message names it and says what is expected."""


@dataclass(frozen=True, slots=True)
class Chave:
    """One key of the ring. `kid` travels with the ciphertext; the bytes never leave memory."""

    kid: str
    valor: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    home: Path
    host: str = "127.0.0.1"
    porta: int = 5000
    proxies_confiaveis: str | None = None
    database_url: str | None = field(default=None, repr=False)
    pgbouncer_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    meta_api_url: str = META_API_PUBLICA
    # False: nobody chose, so `balcao up` may point it at the simulator.
    meta_api_informada: bool = False
    meta_api_versao: str = "v25.0"
    meta_midia_hosts: tuple[str, ...] = META_MIDIA_HOSTS
    midia_destino: str | None = None
    midia_s3: dict[str, str] = field(default_factory=dict, repr=False)
    uaizap_hosts: tuple[str, ...] = UAIZAP_HOSTS
    uaizap_hosts_informados: bool = False
    push_hosts: tuple[str, ...] = PUSH_HOSTS
    push_chave_informada: str | None = field(default=None, repr=False)
    url_publica_informada: str | None = None
    sentry_dsn: str | None = field(default=None, repr=False)
    pool_max: int = 100
    pool_idle_s: int = 30
    pool_lifetime_s: int = 3600
    simulador_host: str = "127.0.0.1"
    simulador_porta_controle: int = 9100
    simulador_porta_meta: int = 9101
    simulador_porta_uaizap: int = 9102
    simulador_chave: str = field(default="", repr=False)
    log_nivel: NivelDeLog = "info"
    log_formato: FormatoDeLog = "auto"
    chaves: tuple[Chave, ...] = field(repr=False)

    # -- where things are

    @property
    def banco_embutido(self) -> bool:
        return self.database_url is None

    @property
    def redis_embutido(self) -> bool:
        return self.redis_url is None

    @property
    def pasta_postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def pasta_valkey(self) -> Path:
        return self.home / "valkey"

    @property
    def midia_url(self) -> str:
        """Where media are kept: a folder (`file://` or a path) or `s3://bucket/prefix`."""
        return self.midia_destino or (self.home / "midias").as_uri()

    @property
    def arquivo_estado(self) -> Path:
        """Written by `balcao up`: ports, pids and addresses of the running product."""
        return self.home / "estado.json"

    @property
    def url_api(self) -> str:
        # A wildcard address is for listening; a browser needs one that it can open.
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return f"http://{host}:{self.porta}"

    @property
    def url_publica(self) -> str:
        """Where providers reach this product (webhooks)."""
        return (self.url_publica_informada or self.url_api).rstrip("/")

    @property
    def url_simulador(self) -> str:
        """Control and ledger of the simulator."""
        return f"http://{self.simulador_host}:{self.simulador_porta_controle}/__sim/v1"

    @property
    def url_simulador_meta(self) -> str:
        return f"http://{self.simulador_host}:{self.simulador_porta_meta}"

    @property
    def url_simulador_uaizap(self) -> str:
        return f"http://{self.simulador_host}:{self.simulador_porta_uaizap}"

    # -- secrets

    @property
    def chave_mestra(self) -> bytes:
        return self.chaves[0].valor

    def derivar(self, proposito: str) -> str:
        """A secret for one purpose; knowing it tells nothing about the others."""
        return _derivar(self.chave_mestra, proposito)

    @property
    def push_chave(self) -> str:
        """The private key by which push services know this product: 32 bytes, base64url."""
        return self.push_chave_informada or self.derivar("push")

    def senha_do_papel(self, papel: str) -> str:
        return self.derivar(f"papel:{papel}")

    # -- addresses of servers

    @property
    def url_admin(self) -> str:
        """Who may create roles and read everything: DATABASE_URL itself, or the embedded superuser."""
        return self.url_dba()

    def url_dba(self, *, tcp: bool = False) -> str:
        """The administrator's URL. `tcp` avoids the embedded server's socket, for tools that need a port."""
        if self.database_url is not None:
            return self.database_url
        acesso = self._acesso_postgres()
        return embutido.url_postgres(acesso, embutido.SUPERUSUARIO, acesso.senha, tcp=tcp)

    def url_banco(self, papel: str, *, tcp: bool = False) -> str:
        """libpq URL of a role, straight to the server. `tcp` avoids the embedded server's socket."""
        senha = self.senha_do_papel(_papel(papel))
        if self.database_url is not None:
            return _trocar_credencial(self.database_url, papel, senha)
        return embutido.url_postgres(self._acesso_postgres(), papel, senha, tcp=tcp)

    def url_aplicacao(self, papel: str) -> str:
        """libpq URL of a role as the application's pool uses it: through PgBouncer where there is one."""
        if self.pgbouncer_url is not None:
            return _trocar_credencial(self.pgbouncer_url, papel, self.senha_do_papel(_papel(papel)))
        return self.url_banco(papel)

    @property
    def preparar_no_servidor(self) -> bool:
        """False behind PgBouncer: a prepared statement would be looked for on another connection."""
        return self.pgbouncer_url is None

    @property
    def url_redis(self) -> str:
        if self.redis_url is not None:
            return self.redis_url
        acesso = embutido.acesso_gravado(self.pasta_valkey)
        if acesso is None:
            raise ErroConfig(
                "REDIS_URL não foi informada e o servidor embutido ainda não existe: inicie com `balcao up`."
            )
        return embutido.url_valkey(acesso)

    def _acesso_postgres(self) -> embutido.Acesso:
        acesso = embutido.acesso_gravado(self.pasta_postgres)
        if acesso is None:
            raise ErroConfig(
                "DATABASE_URL não foi informada e o banco embutido ainda não existe: inicie com `balcao up`."
            )
        return acesso


def carregar(ambiente: Mapping[str, str] | None = None) -> Config:
    """Read and validate. Without `ambiente`: the process environment, over `.env` of this folder."""
    if ambiente is None:
        do_arquivo = {nome: valor for nome, valor in dotenv_values(Path.cwd() / ".env").items() if valor is not None}
        ambiente = {**do_arquivo, **os.environ}
    leitor = _Leitor(ambiente)
    home = Path(leitor.texto("BALCAO_HOME", ".balcao")).expanduser().absolute()
    chaves = _ler_chaves(leitor.opcional("BALCAO_CHAVES") or _chaves_gravadas(home))
    return Config(
        home=home,
        host=leitor.texto("HOST", "127.0.0.1"),
        porta=leitor.inteiro("PORT", 5000, 1, 65535),
        proxies_confiaveis=leitor.opcional("PROXIES_CONFIAVEIS"),
        database_url=leitor.url("DATABASE_URL", "postgresql", "postgres"),
        pgbouncer_url=leitor.url("PGBOUNCER_URL", "postgresql", "postgres"),
        redis_url=leitor.url("REDIS_URL", "redis", "rediss", "unix"),
        meta_api_url=(leitor.url("META_API_URL", "https", "http") or META_API_PUBLICA).rstrip("/"),
        meta_api_informada=leitor.opcional("META_API_URL") is not None,
        meta_api_versao=leitor.padrao("META_API_VERSAO", "v25.0", _VERSAO_META),
        meta_midia_hosts=leitor.hosts("META_MIDIA_HOSTS", META_MIDIA_HOSTS),
        midia_destino=leitor.url("MIDIA_URL", "s3", "file"),
        midia_s3=leitor.escolhidos(_S3),
        uaizap_hosts=leitor.gateways("UAIZAP_HOSTS", UAIZAP_HOSTS),
        uaizap_hosts_informados=leitor.opcional("UAIZAP_HOSTS") is not None,
        push_hosts=leitor.gateways("PUSH_HOSTS", PUSH_HOSTS),
        push_chave_informada=leitor.chave("PUSH_CHAVE"),
        url_publica_informada=leitor.url("URL_PUBLICA", "https", "http"),
        sentry_dsn=leitor.opcional("SENTRY_DSN"),
        pool_max=leitor.inteiro("POOL_MAX", 100, 1, 1000),
        pool_idle_s=leitor.inteiro("POOL_IDLE_S", 30, 1, 86_400),
        pool_lifetime_s=leitor.inteiro("POOL_LIFETIME_S", 3600, 60, 604_800),
        simulador_host=leitor.texto("SIMULADOR_HOST", "127.0.0.1"),
        simulador_porta_controle=leitor.inteiro("SIMULADOR_PORTA_CONTROLE", 9100, 1, 65535),
        simulador_porta_meta=leitor.inteiro("SIMULADOR_PORTA_META", 9101, 1, 65535),
        simulador_porta_uaizap=leitor.inteiro("SIMULADOR_PORTA_UAIZAP", 9102, 1, 65535),
        simulador_chave=leitor.opcional("SIMULADOR_CHAVE") or _derivar(chaves[0].valor, "simulador"),
        log_nivel=_nivel(leitor.texto("LOG_NIVEL", "info")),
        log_formato=_formato(leitor.texto("LOG_FORMATO", "auto")),
        chaves=chaves,
    )


class _Leitor:
    """Typed reads of one mapping; an empty value counts as unset, as in a `.env` template."""

    def __init__(self, ambiente: Mapping[str, str]) -> None:
        self._ambiente = ambiente

    def opcional(self, nome: str) -> str | None:
        return self._ambiente.get(nome, "").strip() or None

    def texto(self, nome: str, normal: str) -> str:
        valor = self.opcional(nome) or normal
        if len(valor) > 4096 or not valor.isprintable():
            raise ErroConfig(f"{nome}: até 4096 caracteres imprimíveis.")
        return valor

    def inteiro(self, nome: str, normal: int, minimo: int, maximo: int) -> int:
        texto = self.opcional(nome)
        if texto is None:
            return normal
        # int() alone also takes "1_000" and digits of other scripts.
        if not re.fullmatch(r"[0-9]{1,9}", texto) or not minimo <= int(texto) <= maximo:
            raise ErroConfig(f"{nome}: número inteiro de {minimo} a {maximo}; recebido {texto!r}.")
        return int(texto)

    def padrao(self, nome: str, normal: str, padrao: re.Pattern[str]) -> str:
        valor = self.texto(nome, normal)
        if not padrao.fullmatch(valor):
            raise ErroConfig(f"{nome}: esperado algo como {normal!r}; recebido {valor!r}.")
        return valor

    def hosts(self, nome: str, normal: tuple[str, ...]) -> tuple[str, ...]:
        texto = self.opcional(nome)
        if texto is None:
            return normal
        hosts = tuple(parte.strip().lower() for parte in texto.split(","))
        if not all(_HOST.fullmatch(host) for host in hosts):
            raise ErroConfig(f"{nome}: nomes de servidor separados por vírgula, sem esquema nem porta.")
        return hosts

    def escolhidos(self, nomes: Mapping[str, str]) -> dict[str, str]:
        """Those of these variables that are set, under their other names."""
        return {outro: valor for nome, outro in nomes.items() if (valor := self.opcional(nome)) is not None}

    def gateways(self, nome: str, normal: tuple[str, ...]) -> tuple[str, ...]:
        texto = self.opcional(nome)
        if texto is None:
            return normal
        entradas = tuple(parte.strip().lower() for parte in texto.split(","))
        if not all(_GATEWAY.fullmatch(entrada) for entrada in entradas):
            raise ErroConfig(
                f"{nome}: nomes de servidor (ou *.dominio) separados por vírgula; só esta máquina com http://host:porta."
            )
        return entradas

    def chave(self, nome: str) -> str | None:
        valor = self.opcional(nome)
        if valor is not None and not _CHAVE.fullmatch(valor):
            raise ErroConfig(f"{nome}: esperados 32 bytes em base64url (43 letras).")
        return valor

    def url(self, nome: str, *esquemas: str) -> str | None:
        valor = self.opcional(nome)
        if valor is None:
            return None
        try:
            partes = urlsplit(valor)
        except ValueError:
            partes = urlsplit("")
        # The value is not repeated: it usually carries a password.
        if partes.scheme not in esquemas or not valor.isprintable() or not (partes.netloc or partes.path.strip("/")):
            raise ErroConfig(f"{nome}: esperado um endereço que comece com {esquemas[0]}://.")
        return valor


def _nivel(valor: str) -> NivelDeLog:
    match valor.lower():
        case "debug" | "info" | "warning" | "error" as nivel:
            return nivel
    raise ErroConfig(f"LOG_NIVEL: debug, info, warning ou error; recebido {valor!r}.")


def _formato(valor: str) -> FormatoDeLog:
    match valor.lower():
        case "auto" | "json" | "console" as formato:
            return formato
    raise ErroConfig(f"LOG_FORMATO: auto, json ou console; recebido {valor!r}.")


def _papel(papel: str) -> str:
    if papel not in PAPEIS:
        raise ErroConfig(f"Papel de banco desconhecido: {papel!r}; os papéis são {', '.join(PAPEIS)}.")
    return papel


def _derivar(chave: bytes, proposito: str) -> str:
    resumo = hmac.new(chave, proposito.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(resumo).rstrip(b"=").decode()


def _trocar_credencial(url: str, papel: str, senha: str) -> str:
    """The same server and options with another login."""
    partes = urlsplit(url)
    # rpartition, not .hostname: libpq allows several hosts in one URL, which urllib cannot parse.
    endereco = partes.netloc.rpartition("@")[2]
    opcoes = [(n, v) for n, v in parse_qsl(partes.query, keep_blank_values=True) if n not in {"user", "password"}]
    credencial = f"{quote(papel, safe='')}:{quote(senha, safe='')}"
    return urlunsplit(
        (partes.scheme, f"{credencial}@{endereco}", partes.path or "/", urlencode(opcoes, quote_via=quote), "")
    )


# --------------------------------------------------------------------------- key ring


def nova_chave(kid: str) -> str:
    return f"{kid}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b'=').decode()}"


def _ler_chaves(texto: str) -> tuple[Chave, ...]:
    chaves: list[Chave] = []
    for item in texto.split(","):
        kid, _, codificada = item.strip().partition(":")
        valor = b""
        with contextlib.suppress(binascii.Error, ValueError):
            valor = base64.b64decode(codificada + "=" * (-len(codificada) % 4), altchars=b"-_", validate=True)
        if not _KID.fullmatch(kid) or len(valor) != 32:
            raise ErroConfig(
                "BALCAO_CHAVES: esperado kid:chave[,kid2:chave2…], cada chave com 32 bytes em base64url; "
                f"o item {len(chaves) + 1} não confere."
            )
        if any(chave.kid == kid for chave in chaves):
            raise ErroConfig(f"BALCAO_CHAVES: o identificador {kid!r} aparece duas vezes.")
        chaves.append(Chave(kid, valor))
    return tuple(chaves)


def _chaves_gravadas(home: Path) -> str:
    """The ring kept in BALCAO_HOME/segredos, made at the first use."""
    arquivo = home / "segredos"
    try:
        if not arquivo.exists():
            _criar_pasta(home)
            _criar_segredos(arquivo)
        with contextlib.suppress(PermissionError):
            arquivo.chmod(0o600)
        chaves = dotenv_values(arquivo).get("BALCAO_CHAVES")
    except OSError as erro:
        raise ErroConfig(f"BALCAO_HOME: não é possível usar {arquivo}: {erro.strerror}.") from erro
    if not chaves:
        raise ErroConfig(f"BALCAO_CHAVES não está definida em {arquivo}; recupere a cópia desse arquivo.")
    return chaves


def _criar_pasta(home: Path) -> None:
    # Only a folder that we make gets a mode. As root the embedded database runs as another account,
    # which has to pass through; the files inside are private one by one.
    home.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)


def _criar_segredos(arquivo: Path) -> None:
    provisorio = arquivo.with_name(f".segredos.{secrets.token_hex(6)}")
    descritor = os.open(provisorio, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descritor, "w", encoding="utf-8") as saida:
        saida.write(
            "# Chaves deste Balcão: sem elas, senhas do banco e credenciais gravadas não voltam. Guarde uma cópia.\n"
            f"BALCAO_CHAVES={nova_chave('k1')}\n"
        )
    try:
        # link() refuses to replace: of two first starts at the same time, one ring wins for both.
        arquivo.hardlink_to(provisorio)
    except FileExistsError:
        pass
    finally:
        provisorio.unlink()
