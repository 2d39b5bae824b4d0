# Everything a person or CI does here is one of these targets. `make` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

BIN := .venv/bin
# What is installed in .venv: what the program needs, and what developers need too. Installing the latter makes both marks.
RUN := .venv/.run
READY := .venv/.ready
T ?=
# Two workers on two cores, of which none is idle while the other has tests left; a single file is quicker without any.
WORKERS ?= $(if $(T),0,auto)
# Whatever the machine is set to, pytest keeps the tests as it has rewritten them: 5 s of each worker's time.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
# Only a run of all tests can say what none of them reaches.
COVERED = $(if $(T),,--cov --cov-report= --hypothesis-profile=few)
SOURCES := tool tests benchmarks scripts

## Start

.PHONY: help
help:  ## list the targets
	@awk -f scripts/help.awk $(MAKEFILE_LIST)

.PHONY: dev
dev: $(READY)  ## virtual environment with the locked dependencies and the package itself

# Again only when what it installs has changed.
$(READY): requirements.lock pyproject.toml scripts/dev.sh
	@sh scripts/dev.sh

$(RUN): requirements-run.lock pyproject.toml scripts/dev.sh
	@sh scripts/dev.sh run

.PHONY: tools
tools: $(READY)  ## optional third-party clients for the tests (npm, Debian); what cannot be had is said
	@RETRY=$(RETRY) sh scripts/tools.sh

.PHONY: demo
demo: $(RUN)  ## play one incident from nothing to its review on the sandbox (SERVE=1 keeps the sandbox up)
	@$(BIN)/incident demo $(if $(SERVE),--serve)

## While writing

.PHONY: fmt
fmt: $(READY)  ## format the code and fix what can be fixed
	@$(BIN)/ruff format --quiet $(SOURCES)
	@$(BIN)/ruff check --quiet --fix $(SOURCES)

.PHONY: quick
quick: $(READY)  ## the tests that start no process and no server, under 30 s
	@$(PYTEST) --quick -m "not slow and not soak and not live" --hypothesis-profile=few $(T)

.PHONY: test
test: $(READY) tools  ## all tests, in random order, and the coverage gates; T=tests/rules picks some, without gates
	@echo "test: pytest $(or $(T),tests)"
	@$(PYTEST) $(COVERED) $(T)
	@$(if $(T),,$(BIN)/python -m scripts.coverage_gate)

.PHONY: docs
docs: $(READY)  ## write the generated pages: outputs in the documentation of rules, commands, rules, schemas
	@$(BIN)/python -m scripts.reference --write

.PHONY: golden
golden: $(READY)  ## rewrite the golden texts; read the difference before you commit it
	@GOLDEN=write $(PYTEST) tests/render tests/cli

.PHONY: news
news: $(READY)  ## a new fragment for the change log: N=12 TYPE=added TEXT="..."
	@$(BIN)/towncrier create --content "$(TEXT)" "$(N).$(TYPE).md"

.PHONY: bench
bench: $(READY) tools  ## measure beside other tools; fails over budget, so run it on an idle machine
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: mutants
mutants: $(READY)  ## change the rules, the model and the plan in small ways: which changes no test notices (ARGS="--each 100")
	@$(BIN)/python -m scripts.mutants $(ARGS)

## What CI asks

.PHONY: check
check: fmt-check lint types arch docs-check news-check schemas-check package-check  ## everything below, in this order; no tests
	@echo "check: all good"

.PHONY: fmt-check
fmt-check: $(READY)  ## the code is formatted
	@echo "check: format"
	@$(BIN)/ruff format --check --quiet $(SOURCES) || { echo "  run: make fmt"; exit 1; }

.PHONY: lint
lint: $(READY)  ## ruff, spelling, layout of the records
	@echo "check: lint"
	@$(BIN)/ruff check --quiet $(SOURCES)
	@git ls-files -z | xargs -0 $(BIN)/codespell
	@$(BIN)/yamllint --strict incidents

.PHONY: types
types: $(READY)  ## mypy, strict
	@echo "check: types"
	@$(BIN)/mypy --no-error-summary

.PHONY: arch
arch: $(READY)  ## the layers import downwards only
	@echo "check: layers"
	@$(BIN)/lint-imports --no-logo > .venv/layers.txt 2>&1 || { cat .venv/layers.txt; exit 1; }

.PHONY: docs-check
docs-check: $(READY)  ## the generated pages are up to date
	@echo "check: docs"
	@$(BIN)/python -m scripts.reference

.PHONY: news-check
news-check: $(READY)  ## a change to the tool has a fragment in changes/
	@echo "check: news"
	@$(BIN)/python -m scripts.news

.PHONY: schemas-check
schemas-check: $(READY)  ## the schemas are JSON Schema, the pipeline is GitLab CI
	@echo "check: schemas"
	@$(BIN)/check-jsonschema --quiet --check-metaschema schemas/*.json schemas/output/*.json
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci \
		.gitlab-ci.yml tool/incidentops/starter/gitlab-ci.yml

.PHONY: package-check
package-check: $(READY)  ## the wheel builds and carries its data files
	@echo "check: package"
	@$(BIN)/python -m scripts.package

## Now and then

.PHONY: lock
lock: $(READY)  ## resolve the dependencies anew into the two locks (UPGRADE=1 takes the newest)
	@UPGRADE=$(UPGRADE) sh scripts/lock.sh

.PHONY: soak
soak: $(READY)  ## the big sizes, and every property with 1000 examples in place of 10 (T=tests/rules picks some)
	@$(PYTEST) -m "soak or hypothesis" --hypothesis-profile=many $(T)

.PHONY: min
min: $(READY)  ## the tests with the oldest dependencies that we allow
	@sh scripts/min.sh $(T)

.PHONY: wheel
wheel: $(READY)  ## the wheel, into dist/
	@$(BIN)/python -m hatchling build -t wheel -d dist

.PHONY: release
release: $(READY)  ## gather the fragments into CHANGELOG.md and set the version: V=0.2.0
	@$(BIN)/python -m scripts.release "$(V)"

.PHONY: clean
clean:  ## remove what the other targets made
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage dist build
