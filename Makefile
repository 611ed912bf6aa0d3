# Two commands do everything: `make post` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: post test lint bench clean help

help:  ## What there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

post: $(VENV)/.installed  ## Build the newest session into a post, its feeds and the site
	$(BIN)/marketpost post latest

test: $(VENV)/.installed-dev  ## Run all tests
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev  ## Formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.installed-dev  ## Measure; prints figures side by side
	$(BIN)/python bench/bench.py
	$(BIN)/python bench/library.py
	$(BIN)/python bench/feeds_bench.py
	$(BIN)/python bench/check.py
	$(BIN)/python bench/truth.py
	$(BIN)/python bench/preview.py

clean:  ## Remove what can be made again (never content/)
	rm -rf $(VENV) .marketpost public resources

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.installed
