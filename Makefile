# Tandem. `make run` sets up and serves; `make test` runs every check and test.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= $(CURDIR)/.data
HOST ?= 127.0.0.1
PORT ?= 8000
FUZZ ?= 200
SETUP := $(VENV)/.set-up

.PHONY: run setup test lint format types unit journeys fuzz bench docs texts lock wheel browser postgres clean

run: setup  ## set up and serve with the sample product
	@TANDEM_DATA="$(DATA)" $(BIN)/tandem up --host $(HOST) --port $(PORT)

setup: $(SETUP)  ## virtual environment, locked dependencies, front-end packages

$(SETUP): requirements/dev.txt package-lock.json pyproject.toml scripts/assets.py scripts/trim_css.py scripts/setup.sh scripts/translations.py $(wildcard src/tandem/*/locale/*/LC_MESSAGES/*.po)
	@bash scripts/setup.sh "$(PYTHON)" "$(VENV)"
	@touch $@

test: setup  ## every check and every test
	@bash scripts/test.sh

lint: setup  ## the checks alone
	@bash scripts/test.sh --lint

format: setup
	$(BIN)/ruff check --fix src tests benchmarks scripts conftest.py
	$(BIN)/ruff format src tests benchmarks scripts conftest.py

unit: setup  ## tests without a browser
	$(BIN)/pytest -n 2 -m "not journey"

journeys: setup  ## tests in a real browser
	$(BIN)/pytest -m journey

fuzz: setup  ## the API against its document, long: FUZZ=200 cases an operation, and walks
	TANDEM_FUZZ=$(FUZZ) $(BIN)/pytest -n 2 --dist worksteal tests/api/test_document_holds.py
	TANDEM_FUZZ=$(FUZZ) $(BIN)/pytest tests/api/fuzz_stateful.py

bench: setup  ## the benchmarks, as ratios
	@for file in benchmarks/*.py; do case $$file in */bench_common.py|*/backlogs.py|*/schedule_others.py|*/next_release_others.py) ;; *) echo "== $$file"; $(BIN)/python $$file || exit 1;; esac; done

docs: setup  ## the documentation site, in build/site
	$(BIN)/mkdocs build --strict --quiet
	@echo "Open build/site/index.html"

texts: setup  ## put new texts into the translations' files, say what is to translate
	$(BIN)/python scripts/translations.py --renew

lock: setup  ## rewrite the lock files from pyproject.toml and package.json
	@bash scripts/lock.sh

wheel: setup  ## dist/*.whl with the front-end files inside
	$(BIN)/python -m build --wheel --no-isolation

browser:  ## what to type so that the journeys run
	@bash scripts/browser.sh

postgres:  ## what to type so that the tests run on PostgreSQL too
	@bash scripts/postgres.sh

clean:
	rm -rf $(VENV) .tools node_modules src/tandem/static/vendor dist .pytest_cache .mypy_cache .ruff_cache
