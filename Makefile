# The commands of the course. `make` alone lists them. Everything is installed into .venv and nowhere else,
# from the package index that pip is set up for on this machine.

VENV := .venv
PY := $(VENV)/bin/python
# Another interpreter for the environment: make lab PYTHON=/path/to/python3.12
PYTHON ?=
# Passed on to JupyterLab: make lab LAB_OPTIONS=--no-browser
LAB_OPTIONS ?=
# For a release: make check STRICT=1 refuses facts that are too old
STRICT ?=

LAB_READY := $(VENV)/.lab-ready
TEST_READY := $(VENV)/.test-ready

NBVAL := --nbval --nbval-current-env --nbval-sanitize-with tests/notebooks/sanitize.cfg --nbval-cell-timeout=60

.DEFAULT_GOAL := help
.PHONY: help lab test test-browser check notebooks figures pins bench

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' Makefile

lab: $(LAB_READY) ## open the course in JupyterLab (installs it first)
	$(PY) -m jupyterlab --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(LAB_OPTIONS)

test: $(TEST_READY) ## run every test that needs no browser
	$(PY) -m pytest -n 2 --dist loadgroup --ignore=tests/browser tests
	$(PY) -m pytest $(NBVAL) -n 2 --dist loadfile notebooks exercises tests/notebooks/canary.ipynb

test-browser: $(TEST_READY) ## drive the lessons in Chromium
	@$(PY) tests/browser/chromium.py
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/browser

check: $(LAB_READY) ## the fast lints of the content: question banks, facts, sources
	STRICT=$(STRICT) $(PY) -m tools.check

notebooks: $(TEST_READY) ## execute and normalise the notebooks; derive the exercises and README's table
	$(PY) -m tools.notebooks

figures: $(TEST_READY) ## draw the diagrams again
	$(PY) -m tools.figures

pins: $(TEST_READY) ## compile requirements and environment.yml from pyproject.toml
	$(PY) -m pip install --quiet uv
	$(PY) -m tools.pins

bench: $(TEST_READY) ## print the speed tables
	$(PY) -m benchmarks

# The first interpreter that works: a command may exist and yet not run (a shim of a version manager), be too old,
# or lack the parts that make an environment (Debian's python3-venv).
$(PY):
	@for python in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python); do \
	  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Making the environment $(VENV) with $$("$$python" --version)"; \
	    exec "$$python" -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "ImmunoLab needs Python 3.11 or later with its venv module, and found none."; \
	echo "Install one (on Debian and Ubuntu: apt install python3 python3-venv), or name it: make lab PYTHON=/path/to/python3"; \
	exit 1

$(LAB_READY): requirements.txt jupyter/immunolab.json jupyter/overrides.json | $(PY)
	@echo "Installing what the lessons need (a minute or two the first time)"
	@$(PY) -m pip install --quiet -r requirements.txt
	@$(PY) -m pip install --quiet --no-deps -e .
	@touch $@

$(TEST_READY): requirements-dev.txt $(LAB_READY)
	@echo "Installing what the tests need"
	@$(PY) -m pip install --quiet -r requirements-dev.txt
	@touch $@
