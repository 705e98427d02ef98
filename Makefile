# Two commands do all set-up on a fresh Debian/Ubuntu or macOS with Python 3.11 and make:
#   make demo    the demo, served at http://127.0.0.1:8000/ (PORT=8001: another port; HOST=0.0.0.0: for other machines;
#                SCENE=received, review, publicity, decided, approved or passed: after the deadline)
#   make test    all tests, with a real PostgreSQL and a real browser, and the wheel looked into
# Stamps in .venv remember what is installed, so that the second start takes seconds.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# By `make demo HOST=...` only: some shells export a HOST of their own.
HOST := 127.0.0.1
PORT ?= 8000
SCENE :=
JOBS ?= auto
PYTEST_ARGS ?=
INPUTS := pyproject.toml hatch_build.py src/qingyuan/__init__.py \
	$(shell find frontend -type f -not -path '*/node_modules/*') $(shell find src/qingyuan/locale -name '*.po')

.PHONY: demo test lint bench docs browser clean distclean lock help

help:
	@sed -n '2,4p' Makefile | cut -c3-
	@echo "  make lint | bench | docs | clean | distclean | lock"

demo: $(VENV)/run-installed
	@$(BIN)/qingyuan demo --host $(HOST) --port $(PORT) $(if $(SCENE),--scene $(SCENE))

# The tests start many processes: what one of them has compiled, the next reads.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/dev-installed browser
	$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 $(PYTEST_ARGS)
	QINGYUAN_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 -m sqlite $(PYTEST_ARGS)
	$(BIN)/python tests/ui/check_wheel.py

lint: $(VENV)/dev-installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	QINGYUAN_TESTING=1 $(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev-installed
	$(BIN)/python -m bench

# The clause page's record comes from a run of the tests that are marked with a clause.
docs: $(VENV)/dev-installed browser
	$(BIN)/python -m pytest -q -n $(JOBS) --maxprocesses 8 -m "clause or browser" --record-clauses src/qingyuan/site/clauses-done.json
	$(BIN)/qingyuan docs
	$(BIN)/qingyuan messages
	cp build/screens/home-1280.png docs/screens/home.png
	cp build/screens/plan-park-1280.png docs/screens/plan.png
	cp build/screens/received-1280.png docs/screens/received.png

browser: $(VENV)/dev-installed
	@.ci/browser $(BIN)

$(VENV)/bin/python:
	@.ci/python $(PYTHON)
	$(PYTHON) -m venv $(VENV)

$(VENV)/run-installed: $(VENV)/bin/python requirements/run.lock $(INPUTS)
	@echo "Installing the product; the first time takes a minute or two."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/run.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/dev-installed: $(VENV)/bin/python requirements/dev.lock $(INPUTS)
	@echo "Installing the product and its tools; the first time takes some minutes."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@ $(VENV)/run-installed

clean:
	rm -rf var build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache

distclean: clean
	rm -rf $(VENV) frontend/node_modules src/qingyuan/ui/static/ui/dist

# One resolution for all extras, and the run-time lock as a part of it.
lock: $(VENV)/dev-installed
	$(BIN)/uv pip compile --quiet --no-header --universal --python-version 3.11 --all-extras pyproject.toml -o requirements/dev.lock
	$(BIN)/uv pip compile --quiet --no-header --universal --python-version 3.11 --extra postgres --extra s3 -c requirements/dev.lock pyproject.toml -o requirements/run.lock
