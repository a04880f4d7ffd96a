"""Configuration: every value bounded, every secret derived from one, nothing secret on display."""

from __future__ import annotations

import base64
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.config import META_API_PUBLICA, Config, ErroConfig, carregar, nova_chave

CHAVE = "k1:" + base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("=")


def ler(tmp_path: Path, **valores: str) -> Config:
    ambiente: Mapping[str, str] = {"BALCAO_HOME": str(tmp_path / "home"), "BALCAO_CHAVES": CHAVE, **valores}
    return carregar(ambiente)


def test_sem_nada_definido_tudo_tem_um_valor_normal(tmp_path: Path) -> None:
    config = ler(tmp_path)
    assert (config.host, config.porta) == ("127.0.0.1", 5000)
    assert (config.pool_max, config.pool_idle_s, config.pool_lifetime_s) == (100, 30, 3600)
    assert (config.meta_api_url, config.meta_api_versao) == (META_API_PUBLICA, "v25.0")
    assert config.banco_embutido and config.redis_embutido and config.preparar_no_servidor
    assert not config.meta_api_informada


@pytest.mark.parametrize(
    ("variavel", "valor"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "5_000"),
        ("PORT", "٥٠٠٠"),
        ("PORT", "cinco"),
        ("POOL_MAX", "0"),
        ("POOL_MAX", "1001"),
        ("POOL_IDLE_S", "-1"),
        ("POOL_LIFETIME_S", "59"),
        ("DATABASE_URL", "mysql://a:segredo-canario@b/c"),
        ("DATABASE_URL", "segredo-canario"),
        ("PGBOUNCER_URL", "http://segredo-canario@b"),
        ("REDIS_URL", "segredo-canario"),
        ("META_API_URL", "ftp://segredo-canario"),
        ("META_API_VERSAO", "25"),
        ("META_MIDIA_HOSTS", "https://segredo-canario"),
        ("META_MIDIA_HOSTS", "lookaside.fbsbx.com,"),
        ("LOG_NIVEL", "tudo"),
        ("LOG_FORMATO", "xml"),
        ("SIMULADOR_PORTA_META", "99999"),
        ("BALCAO_CHAVES", "k1:segredo-canario"),
        ("BALCAO_CHAVES", "sem-dois-pontos"),
        ("BALCAO_CHAVES", f"{CHAVE},{CHAVE}"),
        ("BALCAO_CHAVES", f"{CHAVE},"),
    ],
)
def test_um_valor_errado_e_recusado_com_o_nome_da_variavel(tmp_path: Path, variavel: str, valor: str) -> None:
    with pytest.raises(ErroConfig) as erro:
        ler(tmp_path, **{variavel: valor})
    assert str(erro.value).startswith(variavel)
    assert "segredo-canario" not in str(erro.value)


def test_vazio_vale_o_normal(tmp_path: Path) -> None:
    config = ler(tmp_path, PORT="", DATABASE_URL=" ", META_API_URL="")
    assert config.porta == 5000
    assert config.banco_embutido


def test_os_segredos_nao_aparecem_ao_mostrar_o_objeto(tmp_path: Path) -> None:
    config = ler(tmp_path, DATABASE_URL="postgresql://a:canario@b/c", REDIS_URL="redis://:canario@b")
    assert "canario" not in repr(config)
    assert config.simulador_chave not in repr(config)
    assert CHAVE.partition(":")[2] not in repr(config)
    assert repr(config.chave_mestra) not in repr(config)


def test_uma_chave_da_a_senha_de_cada_papel(tmp_path: Path) -> None:
    config = ler(tmp_path)
    senhas = {config.senha_do_papel(papel) for papel in ("crm_api", "crm_worker", "crm_ingresso")}
    assert len(senhas) == 3
    assert all(len(senha) == 43 for senha in senhas)
    assert config.senha_do_papel("crm_api") == ler(tmp_path).senha_do_papel("crm_api")
    # HMAC-SHA256(chave, "papel:crm_api"), base64url without padding: the contract with `balcao migrar`.
    assert config.senha_do_papel("crm_api") == "kEQ2_J3agr0zSEPX6Psx0qpZols_jBFCE-IlLNON8cg"


def test_a_primeira_chave_do_anel_e_a_atual(tmp_path: Path) -> None:
    nova = nova_chave("k2")
    config = ler(tmp_path, BALCAO_CHAVES=f"{nova},{CHAVE}")
    assert [chave.kid for chave in config.chaves] == ["k2", "k1"]
    assert config.chave_mestra == config.chaves[0].valor
    assert config.senha_do_papel("crm_api") != ler(tmp_path).senha_do_papel("crm_api")


def test_a_url_de_um_papel_troca_so_a_credencial(tmp_path: Path) -> None:
    config = ler(tmp_path, DATABASE_URL="postgresql://dono:p%40ss@h1:5432,h2:5433/crm?sslmode=require&password=canario")
    url = config.url_banco("crm_api")
    assert url == f"postgresql://crm_api:{config.senha_do_papel('crm_api')}@h1:5432,h2:5433/crm?sslmode=require"
    assert config.url_admin.startswith("postgresql://dono:p%40ss@")


def test_com_pgbouncer_a_aplicacao_passa_por_ele_e_nao_prepara(tmp_path: Path) -> None:
    config = ler(tmp_path, DATABASE_URL="postgresql://d:x@banco/crm", PGBOUNCER_URL="postgresql://pooler:6432/crm")
    assert "@pooler:6432/crm" in config.url_aplicacao("crm_worker")
    assert "@banco/crm" in config.url_banco("crm_worker")
    assert not config.preparar_no_servidor


def test_um_papel_desconhecido_nao_tem_url(tmp_path: Path) -> None:
    with pytest.raises(ErroConfig):
        ler(tmp_path, DATABASE_URL="postgresql://d:x@banco/crm").url_banco("postgres")


def test_banco_embutido_que_nunca_subiu_e_dito_com_clareza(tmp_path: Path) -> None:
    config = ler(tmp_path)
    with pytest.raises(ErroConfig, match="DATABASE_URL"):
        config.url_banco("crm_api")
    with pytest.raises(ErroConfig, match="REDIS_URL"):
        _ = config.url_redis


def test_as_chaves_sao_criadas_uma_vez_e_so_o_dono_as_le(tmp_path: Path) -> None:
    ambiente = {"BALCAO_HOME": str(tmp_path / "home")}
    primeira = carregar(ambiente)
    assert carregar(ambiente).chaves == primeira.chaves
    arquivo = tmp_path / "home" / "segredos"
    assert stat.S_IMODE(arquivo.stat().st_mode) == 0o600
    assert list((tmp_path / "home").iterdir()) == [arquivo]


def test_segredos_sem_a_chave_nao_viram_chaves_novas(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "segredos").write_text("# apagado\n")
    with pytest.raises(ErroConfig, match="BALCAO_CHAVES"):
        carregar({"BALCAO_HOME": str(tmp_path / "home")})


def test_a_pasta_de_outra_pessoa_nao_muda_de_permissao(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    carregar({"BALCAO_HOME": str(tmp_path)})
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_o_ambiente_vale_mais_que_o_arquivo_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(f"PORT=6001\nPOOL_MAX=7\nBALCAO_CHAVES={CHAVE}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "6002")
    monkeypatch.delenv("POOL_MAX", raising=False)
    monkeypatch.delenv("BALCAO_CHAVES", raising=False)
    config = carregar()
    assert (config.porta, config.pool_max) == (6002, 7)


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:5000"), ("::", "http://[::1]:5000"), ("::1", "http://[::1]:5000")],
)
def test_a_url_da_api_e_uma_que_se_abre(tmp_path: Path, host: str, url: str) -> None:
    assert ler(tmp_path, HOST=host).url_api == url
