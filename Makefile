# Two commands do all the set-up, on any machine with make and Python 3.11 or newer:
#   make lab    open JupyterLab on your copy of the course (make lab ARGS=--no-browser: only print the URL)
#   make test   lint, types, tests, every notebook    (make test ARGS="-k chunk": passed to pytest)
# Then there is
#   make rest         the tests that `make test` leaves out, for they are slow or drive a browser; make check: both
#   make notebooks    execute the notebook sources and write the .ipynb beside them
#   make site         the course as static pages in build/site; explorers step offline, without a kernel
#   make slides       slides of each chapter in build/slides, from the saved notebooks; nothing is run or fetched
#   make docs         the documentation in build/docs: tutorial, how-to, reference; every warning is an error
#   make lock         write constraints.txt: the versions that both commands install
#   make bench        time what must be quick and write docs/performance.md (make bench ARGS=benchmarks: all there is)
#   make ratios       is anything slower than in the last release? By ratios, on any machine, in a few seconds
# `make lab` opens a copy of notebooks/ in workbook/, which is yours: change chapters, run them, add notebooks of your own.
# All keep to .venv and install nothing the second time.

VENV     ?= .venv
BIN      := $(VENV)/bin
WORKBOOK ?= workbook
NOTEBOOK ?= index.ipynb
ARGS     ?=
# The most memory that a process of make test may take.
MEGABYTES ?= 1500

# Jupyter refuses to serve as root unless told so; in a container root is the usual user.
AS_ROOT  := $(if $(filter 0,$(shell id -u)),--allow-root)

# Tests in the order of their files, so that what a file's tests share is made once; who is done takes from who is not.
# Each process saves three seconds by not loading the plugin that reads notebooks.
PARALLEL := --dist worksteal -p no:nbval

# Tests start some hundred processes, each of which would compile every module again where this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: lab test rest check notebooks site slides docs lock bench ratios clean

lab: $(VENV)/.lab-installed
	@$(BIN)/python -m arenalab.workbook $(WORKBOOK)
	@echo "ArenaLab: opening $(WORKBOOK)/$(NOTEBOOK) in JupyterLab; Ctrl-C twice ends it."
	$(BIN)/jupyter lab $(AS_ROOT) --ServerApp.root_dir=$(WORKBOOK) --LabApp.default_url=/lab/tree/$(NOTEBOOK) $(ARGS)

# Types are checked beside the tests: mypy alone would leave the other processors idle.
test: $(VENV)/.test-installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/mypy & types=$$!; \
	$(BIN)/pytest -n logical $(PARALLEL) --most-megabytes $(MEGABYTES) -m "not slow and not browser or brief" $(ARGS); \
	status=$$?; wait $$types && exit $$status
	$(BIN)/pytest -n logical --dist loadfile --nbval --nbval-current-env --nbval-cell-timeout 120 notebooks

rest: $(VENV)/.test-installed
	$(BIN)/pytest -n auto $(PARALLEL) -m "(slow or browser) and not brief" $(ARGS)

check: test rest

notebooks: $(VENV)/.test-installed
	$(BIN)/python -m tools.notebooks make

site: $(VENV)/.test-installed
	$(BIN)/python -m tools.site build/site $(ARGS)

slides: $(VENV)/.test-installed
	$(BIN)/python -m tools.slides build/slides $(ARGS)

docs: $(VENV)/.test-installed
	$(BIN)/python -m tools.docs build/docs $(ARGS)

bench: $(VENV)/.test-installed
	@mkdir -p artifacts
	$(BIN)/pytest -s --benchmark-only --benchmark-columns=median,iqr,rounds \
	  --benchmark-json=artifacts/bench.json $(or $(ARGS),benchmarks/bench_replay.py benchmarks/bench_limits.py)
	$(if $(ARGS),,$(BIN)/pytest -q tests/browser/test_latency.py -k click)
	$(if $(ARGS),,$(BIN)/python -m tools.performance artifacts/bench.json docs)

# Has anything become slower than it was in the last release? ARGS="--against arenalab-1.2.3.whl" measures that beside.
ratios: $(VENV)/.test-installed
	$(BIN)/python -m tools.bench_ratios docs/performance.json $(ARGS)

# For every Python and platform at once. Versions stay as they are while they fit: ARGS=--upgrade takes the newest.
lock: $(VENV)/.test-installed
	$(BIN)/uv pip compile --universal --all-extras --python-version 3.11 --custom-compile-command "make lock" -q \
	  pyproject.toml -o constraints.txt $(ARGS)

clean:
	rm -rf $(VENV) build dist artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The stamps show what is installed; they are older than what they depend on when that may have changed. JupyterLab's
# part is copied when it is installed. constraints.txt pins every version, so that a new machine gets what was tested.
INPUTS  := pyproject.toml constraints.txt $(wildcard labextension/built/package.json)
# uv takes an eighth of pip's time. Where it can't be had, or doesn't find packages where pip is set up to, pip goes on.
# Python compiles a module when it is first imported; to compile all would take pip as long as to unpack them.
PIP     := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt
INSTALL  = $(PIP) -q uv && $(BIN)/uv pip install -q --python $(BIN)/python -c constraints.txt -e '.[$(EXTRAS)]' \
	  || { echo "ArenaLab: uv did not; pip does"; $(PIP) --no-compile -e '.[$(EXTRAS)]'; }
# Everything in `lab` is in `test` too, so a test environment needs nothing more to open the notebooks.
$(VENV)/.lab-installed: EXTRAS := lab
$(VENV)/.lab-installed: $(INPUTS) | $(BIN)/pip
	@if [ -f $(VENV)/.test-installed ] && [ -z "$$(find $(INPUTS) -newer $(VENV)/.test-installed)" ]; then :; else \
	  echo "ArenaLab: installing JupyterLab and the workbook into $(VENV) (about 400 MB, a minute, only once)"; \
	  $(INSTALL); fi
	@touch $@

$(VENV)/.test-installed: EXTRAS := test,go
$(VENV)/.test-installed: $(INPUTS) | $(BIN)/pip
	@echo "ArenaLab: installing the workbook, its test tools and Go 1.21.13 into $(VENV) (about 900 MB, only once)"
	$(INSTALL)
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
