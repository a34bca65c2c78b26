# The commands of a developer's day. `make` alone lists them.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 5000
TRACKER_INSTANCE ?= $(CURDIR)/instance

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
# Tests start many processes, each of which would compile the modules anew.
export PYTHONDONTWRITEBYTECODE :=
PYTEST := $(BIN)/python -m pytest --numprocesses=logical --maxprocesses=8 --dist=worksteal

.DEFAULT_GOAL := help
.PHONY: help run test check setup pictures bench bench-quick lock

help: ## list these commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: export TRACKER_INSTANCE := $(TRACKER_INSTANCE)
run: $(VENV)/app ## install, create the database, load the demonstration, serve it on PORT (5000)
	@$(BIN)/tracker try --port $(PORT)

test: setup ## install what the tests need and run them
	@$(BIN)/python tests/browsers.py
	$(PYTEST)

check: setup ## everything that CI runs: format, lint, types, imports, templates, tests with coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	@$(BIN)/python tests/browsers.py
	$(PYTEST) --cov

setup: $(VENV)/dev ## only the installation, into VENV (.venv)

pictures: setup ## take the pictures of the README anew, into docs/pictures
	@$(BIN)/python tests/browsers.py
	$(BIN)/python -m docs.pictures

bench: setup ## measure how fast the pages are, in ten minutes, and keep the figures in bench/README.md
	$(BIN)/python -m bench

bench-quick: setup ## the same in three minutes, printed and not kept
	$(BIN)/python -m bench --quick

lock: ## resolve the dependencies anew into .ci/lock (needs uv; UPGRADE=--upgrade takes newer versions)
	$(LOCK) --group build --output-file .ci/lock/app.txt
	$(LOCK) --group dev --constraint .ci/lock/app.txt --output-file .ci/lock/dev.txt

UV ?= uv
LOCK = $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate $(UPGRADE) pyproject.toml

# The files app and dev are stamps: newer than the lock means installed. `make run` does without the tools.
$(VENV)/dev: .ci/lock/dev.txt $(VENV)/app
	@echo "Installing the tools of development into $(VENV)"
	@$(PIP) --require-hashes --requirement .ci/lock/dev.txt
	@touch $@

$(VENV)/app: .ci/lock/app.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with PYTHON=")'
	@echo "Installing into $(VENV)"
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --requirement .ci/lock/app.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
