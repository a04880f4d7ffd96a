# Everything Balcão needs is Python >= 3.11 and make; PostgreSQL and Valkey come as wheels.
# `make` alone lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := ajuda
.DELETE_ON_ERROR:

VENV    := .venv
BIN     := $(VENV)/bin
BALCAO  := $(BIN)/balcao
PYTEST  := $(BIN)/pytest
ARGS    ?=

# The first interpreter that is new enough and can make an environment (some systems ship it without ensurepip).
PYTHON  ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

# Hashes are checked for every file; --no-deps, because the locks are complete. Byte-compiling everything at install
# costs more than compiling at import the small part that is used.
PIP     := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile --no-deps
TRAVADO := --require-hashes

.PHONY: ajuda
ajuda: ## Mostra esta lista
	@grep -hE '^[a-z0-9_-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: help
help: ajuda

# ----------------------------------------------------------------------------- environment

$(VENV)/.base: requirements/build.lock
	@test -n "$(PYTHON)" || { echo "É preciso Python 3.11 ou mais novo, com venv e pip."; exit 1; }
	@echo "Criando o ambiente em $(VENV)…"
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) $(TRAVADO) -r requirements/build.lock
	@touch $@

# The project itself goes in last, editable: the command `balcao` runs this checkout.
$(VENV)/.run: $(VENV)/.base requirements/run.lock pyproject.toml
	@echo "Instalando o que o produto usa…"
	@$(PIP) --no-build-isolation $(TRAVADO) -r requirements/run.lock
	@$(PIP) --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	@echo "Instalando o que os testes usam…"
	@$(PIP) --no-build-isolation $(TRAVADO) -r requirements/dev.lock
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.lock
	@echo "Instalando as filas com que a nossa se compara…"
	@$(PIP) --no-build-isolation $(TRAVADO) -r requirements/bench.lock
	@touch $@

# ----------------------------------------------------------------------------- product

# When make is killed, the product stops too instead of holding its ports.
run demo: export BALCAO_SEGUIR_PAI := 1

.PHONY: run
run: $(VENV)/.run ## Sobe o produto inteiro em http://127.0.0.1:5000
	@exec $(BALCAO) up $(ARGS)

.PHONY: demo
demo: $(VENV)/.run ## Sobe o produto, roda a demonstração e termina com o resultado dela
	@exec $(BALCAO) up --demo $(ARGS)

.PHONY: info
info: $(VENV)/.run ## Endereços, acesso ao banco e versões do produto no ar
	@$(BALCAO) info $(ARGS)

.PHONY: psql
psql: $(VENV)/.run ## psql no banco do produto; ARGS='-c "select 1"'
	@$(BALCAO) psql $(ARGS)

# ----------------------------------------------------------------------------- database

.PHONY: migrar
migrar: $(VENV)/.run ## Aplica migrações, funções e permissões
	@$(BALCAO) migrar $(ARGS)

.PHONY: plano
plano: $(VENV)/.dev ## O que a próxima migração fará: versões, travas, funções, permissões
	@$(BALCAO) plano $(ARGS)

.PHONY: banco
banco: $(VENV)/.run ## Apaga o banco embutido e o recria com a demonstração
	@$(BALCAO) banco --recriar $(ARGS)

# ----------------------------------------------------------------------------- quality

.PHONY: test
test: $(VENV)/.dev ## Todos os testes; ARGS='tests/api -k login' para uma parte
	@$(PYTEST) --ignore=tests/e2e $(ARGS)

.PHONY: navegador
navegador:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null || \
			{ echo "Falta o Chromium: instale o pacote chromium (apt-get install chromium) e repita."; exit 1; }; \
		echo "Instalando o Chromium…"; apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null; }

.PHONY: e2e
e2e: $(VENV)/.dev navegador ## Os testes num navegador (instala o Chromium com apt, onde pode); ARGS='-k campanha' para uma parte
	@$(PYTEST) tests/e2e $(ARGS)

.PHONY: caos
caos: $(VENV)/.dev ## Os testes que matam processos e derrubam servidores, na versão longa (conte com duas horas)
	@CAOS=longo $(PYTEST) tests/caos $(ARGS)

.PHONY: bench
bench: $(VENV)/.bench ## Medições reproduzíveis, uma linha JSON cada
	@$(BIN)/python -m bench $(ARGS)

.PHONY: lint
lint: $(VENV)/.dev ## Estilo, tipos, SQL e regras de arquitetura
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 0 db
	$(BIN)/squawk db/migrations/*.sql
	$(PYTEST) tests/arquitetura

.PHONY: formatar
formatar: $(VENV)/.dev ## Corrige o estilo do Python
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: docs
docs: $(VENV)/.dev ## Regera a referência de funções e de erros
	@$(BIN)/python -m docs.gerar $(ARGS)

.PHONY: idiomas
idiomas: $(VENV)/.dev ## Junta os textos das páginas em app/http/idiomas e diz quantos faltam traduzir
	@$(BIN)/python -m docs.idiomas

.PHONY: lock
lock: ## Resolve de novo as dependências (requirements/*.lock)
	@set -e; pasta=$$(mktemp -d); trap 'rm -rf "$$pasta"' EXIT; \
	$(PYTHON) -m venv "$$pasta"; "$$pasta/bin/pip" install -qq --disable-pip-version-check uv; \
	cd requirements; for nome in build run dev bench sentry; do \
	"$$pasta/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make lock' --override overrides.in $(ARGS) $$nome.in -o $$nome.lock; done

.PHONY: clean
clean: ## Remove ambiente e caches (os dados em .balcao ficam)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
