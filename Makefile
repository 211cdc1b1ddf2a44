# Two commands do all the set-up, on any machine with make and Python 3.11 or newer:
#   make lab    open JupyterLab on your copy of the course (make lab ARGS=--no-browser: only print the URL)
#   make test   lint, types, every test, every notebook    (make test ARGS="-k chunk": passed to pytest)
# Then there is
#   make notebooks    execute the notebook sources and write the .ipynb beside them
#   make site         the course as static pages in build/site; explorers step offline, without a kernel
#   make bench        time what must be quick and write docs/performance.md; none of its numbers is asserted
# `make lab` opens a copy of notebooks/ in workbook/, which is yours: change chapters, run them, add notebooks of your own.
# All keep to .venv and install nothing the second time.

VENV     ?= .venv
BIN      := $(VENV)/bin
WORKBOOK ?= workbook
NOTEBOOK ?= index.ipynb
ARGS     ?=

# Jupyter refuses to serve as root unless told so; in a container root is the usual user.
AS_ROOT  := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: lab test notebooks site bench clean

lab: $(VENV)/.lab-installed
	@$(BIN)/python -m arenalab.workbook $(WORKBOOK)
	@echo "ArenaLab: opening $(WORKBOOK)/$(NOTEBOOK) in JupyterLab; Ctrl-C twice ends it."
	$(BIN)/jupyter lab $(AS_ROOT) --ServerApp.root_dir=$(WORKBOOK) --LabApp.default_url=/lab/tree/$(NOTEBOOK) $(ARGS)

test: $(VENV)/.test-installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)
	$(BIN)/pytest --nbval --nbval-current-env --nbval-cell-timeout 120 notebooks

notebooks: $(VENV)/.test-installed
	$(BIN)/python -m tools.notebooks make

site: $(VENV)/.test-installed
	$(BIN)/python -m tools.site build/site $(ARGS)

bench: $(VENV)/.test-installed
	@mkdir -p artifacts
	$(BIN)/pytest -s --benchmark-only --benchmark-columns=median,iqr,rounds \
	  --benchmark-json=artifacts/bench.json benchmarks $(ARGS)
	$(if $(ARGS),,$(BIN)/pytest -q tests/browser/test_latency.py)
	$(if $(ARGS),,$(BIN)/python -m tools.performance artifacts/bench.json docs)

clean:
	rm -rf $(VENV) build dist artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The stamps tell what is installed; they are older than pyproject.toml when its dependencies may have changed.
# Everything in `lab` is in `test` too, so a test environment needs nothing more to open the notebooks.
$(VENV)/.lab-installed: pyproject.toml | $(BIN)/pip
	@if [ $(VENV)/.test-installed -nt pyproject.toml ]; then :; else \
	  echo "ArenaLab: installing JupyterLab and the workbook into $(VENV) (about 400 MB, a minute, only once)"; \
	  $(BIN)/python -m pip install --disable-pip-version-check -e '.[lab]'; fi
	@touch $@

$(VENV)/.test-installed: pyproject.toml | $(BIN)/pip
	@echo "ArenaLab: installing the workbook, its test tools and Go 1.21.13 into $(VENV) (about 900 MB, only once)"
	$(BIN)/python -m pip install --disable-pip-version-check -e '.[test,go]'
	@touch $@

# The first Python that is new enough and can make a virtual environment, or the one that PYTHON=... names.
# pip is the target because a Python without ensurepip leaves an environment that looks whole but has no pip.
$(BIN)/pip:
	@for python in $(or $(PYTHON),python3 python3.11 python3.12 python3.13 python3.14 python); do \
	  "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  && echo "ArenaLab: making $(VENV) with $$("$$python" --version) ($$(command -v "$$python"))" \
	  && exec "$$python" -m venv $(VENV); \
	done; \
	echo "ArenaLab needs Python 3.11 or newer with venv and ensurepip, and $(or $(PYTHON),no python on PATH) is not that." >&2; \
	echo "Install one (Debian, Ubuntu: apt install python3 python3-venv) or name it: make PYTHON=/path/to/python" >&2; \
	exit 1
