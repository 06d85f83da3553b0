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

install: $(STAMP)

$(STAMP): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 が必要です / Python 3.11 is needed (PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

build: $(STAMP)
	$(BIN)/dxlod build

run: $(STAMP)
	$(BIN)/dxlod build
	$(BIN)/dxlod serve --host $(HOST) --port $(PORT)

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 -q
	@echo "not run by make test: browser, real servers, other software in environments of their own (make test-all); long ones (make soak)"

# What the tests of `make test-all` need from Debian; as root, and only where something is missing.
packages:
	sh .ci/packages

test-all: export DXLOD_NO_SKIPS = 1
test-all: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,browser]"
	$(BIN)/python -m pytest -n 2 -q
	$(BIN)/python -m pytest -n 2 -q -m "rivals or servers"
	$(BIN)/python -m pytest -q -m browser

soak: $(STAMP)
	$(BIN)/python -m pytest -q -m soak

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(STAMP)
	$(BIN)/dxlod docs

bench: $(STAMP)
	$(BIN)/python benchmarks/mapping.py
	$(BIN)/python benchmarks/validation.py

clean:
	rm -rf $(VENV) build dist releases .pytest_cache .mypy_cache .ruff_cache .hypothesis
