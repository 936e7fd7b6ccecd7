# Everything that a developer does. `make help` lists it; each target sets up what it needs.
PYTHON ?= python3
MINUTES ?= 2
SEED ?= 1
DATABASE ?= sqlite
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes
BASE := .venv/.base-installed
DEV := .venv/.dev-installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo run test lint format messages chaos bench migrate requirements

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(BASE) ## start everything, with two sandbox shops and a demo catalogue
	@$(BIN)/python manage.py demo

run: $(BASE) ## start everything on your own data
	@$(BIN)/python manage.py run

test: $(DEV) ## run the tests
	$(BIN)/python -m pytest -n auto

lint: $(DEV) ## check style, types and which room imports which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV) ## mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: $(DEV) ## bring the texts to be translated up to date: admin/translations/*/LC_MESSAGES/messages.po
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --no-location --project Shopferry --output-file .venv/messages.pot admin
	$(BIN)/pybabel --quiet update --input-file .venv/messages.pot --output-dir admin/translations --width 120 \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

chaos: $(DEV) ## push and import while everything goes wrong (MINUTES=5 SEED=1 DATABASE=postgresql)
	$(BIN)/python -m tests.chaos --minutes $(MINUTES) --seed $(SEED) --database $(DATABASE)

bench: $(DEV) ## measure, and print the figures with the machine's name
	$(BIN)/python -m benchmarks

migrate: $(BASE) ## bring the database to the newest schema
	@$(BIN)/python manage.py migrate

requirements: ## pin requirements/*.in anew, with hashes (needs uv)
	@command -v uv >/dev/null || { echo "make requirements needs uv: pip install uv" >&2; exit 1; }
	uv pip compile requirements/base.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url -o requirements/base.txt
	uv pip compile requirements/dev.in -c requirements/base.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url -o requirements/dev.txt

# A stamp says what was installed, so that the second time costs nothing.
.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Shopferry needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1 || echo missing)." >&2; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv .venv
	@touch $@

$(BASE): requirements/base.txt | .venv/.made
	@echo "Installing the pinned packages (a minute, once)"
	@$(PIP) -r requirements/base.txt
	@touch $@

$(DEV): requirements/dev.txt | .venv/.made
	@echo "Installing the pinned packages and the developers' tools (a minute or two, once)"
	@$(PIP) -r requirements/dev.txt
	@touch $@
