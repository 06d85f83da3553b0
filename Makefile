# Two commands: `make run` serves the published site, `make test` passes the tests. Both set up what they need.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
HOST ?= 127.0.0.1
PORT ?= 8000
export DXLOD_SOURCES ?= $(wildcard ../shared/sources)
export DXLOD_VENDOR ?= $(wildcard ../shared/vendor)

.PHONY: run test test-all soak install editor packages build lint bench docs clean

EDITOR := $(VENV)/.editor
EDITOR_SOURCES := web/package.json web/package-lock.json web/build.js web/editor.js web/complete.js web/editor.css

install: $(STAMP) editor

$(STAMP): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 が必要です / Python 3.11 is needed (PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

# What drives a browser from Python: the tests of `make test-all` import it, so the type checker reads it too.
BROWSER := $(VENV)/.browser

$(BROWSER): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,browser]"
	@touch $@

editor: $(EDITOR)

# The editor of the query page. Without Node.js, or where npm fails, the plain form serves.
$(EDITOR): $(STAMP) $(EDITOR_SOURCES)
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
	  (cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent build) \
	  || { [ -z "$$DXLOD_NO_SKIPS" ] && echo "エディターを作れませんでした。/query は素の入力欄で動きます / the editor could not be built; /query serves its plain form"; }; \
	else \
	  echo "Node.js がないため、/query は素の入力欄で動きます / no Node.js here: /query serves its plain form"; \
	fi
	@touch $@

build: $(STAMP)
	$(BIN)/dxlod build

run: $(STAMP) editor
	$(BIN)/dxlod build
	$(BIN)/dxlod serve --host $(HOST) --port $(PORT)

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile -q
	@echo "not run by make test: the same over more data, browser, real servers, other software in environments of their own (make test-all); long ones (make soak)"

# What the tests of `make test-all` need from Debian; as root, and only where something is missing.
packages:
	sh .ci/packages

test-all: export DXLOD_NO_SKIPS = 1
test-all: $(BROWSER) editor
	$(BIN)/python -m pytest -n 2 --dist loadfile -q
	$(BIN)/python -m pytest -n 2 -q -m "thorough or rivals or servers"
	$(BIN)/python -m pytest -q -m browser

soak: $(STAMP)
	$(BIN)/python -m pytest -q -m soak

lint: $(BROWSER)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(STAMP)
	$(BIN)/dxlod docs

bench: $(STAMP)
	$(BIN)/python benchmarks/mapping.py
	$(BIN)/python benchmarks/validation.py
	$(BIN)/python benchmarks/build.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/matching.py
	$(BIN)/python benchmarks/service.py --triples 20000 --write
	$(BIN)/python benchmarks/abuse.py --write

clean:
	rm -rf $(VENV) build dist releases web/node_modules dxlod/site/static/editor.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
