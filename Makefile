# Everything a person types. `make demo` and `make test` set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
HOME_DIR ?= .microdrama
export DAGSTER_DISABLE_TELEMETRY = 1
export MICRODRAMA_HOME = $(abspath $(HOME_DIR))

.PHONY: looks help setup setup-dev demo dev test test-final check freeze graph bench bench-gpu bench-page clean
.DEFAULT_GOAL := help

help:
	@echo "make demo   set up, then render the demo episode and say where it plays"
	@echo "make dev    set up, then open the Dagster UI and its daemon on the demo series"
	@echo "make test   set up, then run every test"
	@echo "make test-final  the final studio's tests, with its libraries, in an environment of their own"
	@echo "make check  formatting, types and import directions"
	@echo "make bench  measure speed; prints ratios within one run (some groups: make bench ROWS=edit,plan)"
	@echo "make bench-gpu  what the final studio's models cost on this GPU, without weights (ARGS='--only sdxl --budget-s 540', or --cpu)"
	@echo "make looks  measure how the demo series look; writes docs/looks.md, contact sheets and an excerpt"
	@echo "make freeze keep the code of each asset beside its code version, once both are meant"
	@echo "make graph  draw docs/pictures/graph.svg from the code"

setup: $(VENV)/.installed

$(VENV)/.installed: setup.py resources/pixels.c Makefile
	@deployment/system_packages.sh runtime
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip
	$(BIN)/python -m pip install -q -e .
	$(BIN)/microdrama models pull
	@touch $@

setup-dev: $(VENV)/.installed-dev

$(VENV)/.installed-dev: $(VENV)/.installed
	@deployment/system_packages.sh browser
	$(BIN)/python -m pip install -q -e ".[dev]"
	@touch $@

demo: setup
	$(BIN)/microdrama render locket.e001
	@echo "Open the .mp4 above in any player, or see it in the Dagster UI: make dev"

dev: setup
	$(BIN)/microdrama register series/locket
	$(BIN)/microdrama register series/table
	$(BIN)/microdrama dev

test: setup-dev
	$(BIN)/python -m pytest -n 2 --no-loadscope-reorder

test-final: $(VENV)-final/.installed
	$(VENV)-final/bin/python -m pytest tests/final

$(VENV)-final/.installed: setup.py resources/pixels.c Makefile
	@deployment/system_packages.sh runtime
	$(PYTHON) -m venv $(VENV)-final
	$(VENV)-final/bin/python -m pip install -q -e ".[dev,final-dev]"
	$(VENV)-final/bin/microdrama models pull
	@touch $@

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

freeze: setup-dev
	$(BIN)/python -m tests.graph.closures

graph: setup
	$(BIN)/python -m deployment.picture docs/pictures/graph.svg

bench: setup-dev
	ROWS=$(ROWS) $(BIN)/python -m tests.bench

bench-gpu: $(VENV)-final/.installed
	$(VENV)-final/bin/python -m tests.bench_gpu $(ARGS)

bench-page: setup-dev
	$(BIN)/python -m tests.bench.publish

looks: setup-dev
	$(BIN)/python -m tests.looks

clean:
	rm -rf $(VENV) build dist *.egg-info
