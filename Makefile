# make plan    solve the embedded base case, write output/plan.xlsx and output/plan.html
# make test    format, lint, types, layers, tests
# make study   every scenario of the base case side by side, and each system taken out where it matters most: output/scenarios.csv
#              and systems.csv (half an hour; what is solved is kept in output/kept, so that it can be interrupted)
# make docs    the manual as a site that needs no web: output/site
# make bench   ratios to plain Pyomo, linopy and plain HiGHS (ten minutes; FULL=1: an hour and a half): tests/benchmarks/RESULTS.md and gap.png
# make clean   remove everything that these made
#
# Everything runs on a plain install in .venv: an editable one hides packaging errors, and mypy and import-linter cannot follow it.
# Stamps in .venv remember what is installed, so that only what changed is done again.

.DEFAULT_GOAL := plan
.PHONY: plan test lint study docs bench clean
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
FOLDERS := optimizer formulations reports data
# folders too: their time changes when a file is removed
SOURCES := README.md LICENSE $(FOLDERS) $(wildcard $(FOLDERS:=/*.py)) $(wildcard reports/*.css reports/*.js) optimizer/py.typed $(shell find data/cases)

# the first interpreter that is new enough; `make PYTHON=...` overrides
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

plan: $(VENV)/installed
	$(BIN)/masterplan solve -o output/plan.xlsx --html output/plan.html

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/installed $(VENV)/tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy -p masterplan
	$(BIN)/lint-imports

study: $(VENV)/installed
	$(BIN)/masterplan scenarios base --jobs 2 --keep output/kept -o output/scenarios.csv --show "capex/*@2030" \
		--show capacity/ground_compute@2030 --show capacity/ground_compute@2035 --show capacity/ground_compute@2040 \
		--show capacity/orbital_compute@2030 --show capacity/orbital_compute@2035 --show capacity/orbital_compute@2040 \
		--show level/optimus_line@2030 --show level/optimus_line@2035 --show level/optimus_line@2040 --show first_output/terafab \
		--show first_reached/award_vehicles --show first_reached/award_subscriptions --show first_reached/award_robots \
		--show first_reached/award_robotaxis --show first_reached/award_ebitda_50 --show first_reached/award_ebitda_400
	$(BIN)/masterplan scenarios base --jobs 2 --keep output/kept -o output/systems.csv --gap 0.001 --runs data/cases/base/studies/systems.csv

docs: $(VENV)/installed $(VENV)/writers
	$(BIN)/python -m mkdocs build --quiet --strict --clean -f docs/mkdocs.yml -d ../output/site

bench: $(VENV)/installed $(VENV)/tools
	$(BIN)/python -m tests.benchmarks $(if $(FULL),--full)

clean:
	rm -rf $(VENV) build dist output *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# the project itself: again whenever one of its files has changed
$(VENV)/installed: $(VENV)/dependencies $(SOURCES)
	@rm -rf build *.egg-info
	$(PIP) install --quiet --no-deps --no-build-isolation --force-reinstall .
	@rm -rf build *.egg-info
	@touch $@

# what it needs to run, and what it needs to be built
$(VENV)/dependencies: pyproject.toml | $(VENV)/created
	@rm -rf build *.egg-info
	$(PIP) install --quiet "setuptools>=77" .
	@rm -rf build *.egg-info
	@touch $@

# what its tests need
$(VENV)/tools: $(VENV)/dependencies
	$(PIP) install --quiet ".[dev]"
	@rm -rf build *.egg-info
	@touch $@

# what its manual needs
$(VENV)/writers: $(VENV)/dependencies
	$(PIP) install --quiet ".[docs]"
	@rm -rf build *.egg-info
	@touch $@

$(VENV)/created:
	@test -n "$(PYTHON)" || { echo "masterplan needs Python 3.11 or later; none was found. Name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || $(PYTHON) -m virtualenv $(VENV) || { rm -rf $(VENV); \
		echo "cannot make a virtual environment: install the package python3-venv (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@touch $@
