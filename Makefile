# Homeward. `make run` starts everything on this machine; `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# What is compiled is kept, whoever asks for it: without that every start of a service, and every worker of the tests,
# would compile all files anew.
unexport PYTHONDONTWRITEBYTECODE
# Of the packages a third is ever imported, and compiled then.
PIP = --quiet --disable-pip-version-check --no-compile
PYTEST := $(BIN)/python -m pytest
# Much of a test is waiting. Each worker starts a PostgreSQL of its own; what needs Kafka runs on one of them.
WORKERS ?= 2
ALL_TESTS = -n $(WORKERS) --dist loadfile --no-loadscope-reorder \
  tests/unit tests/property tests/contract tests/integration tests/e2e $(BROWSER_TESTS)
# BROWSER=none leaves out the tests of pages in a real browser.
BROWSER ?= chromium
BROWSER_TESTS = $(if $(filter none,$(BROWSER)),,tests/browser)

.PHONY: run demo test browser kafka pictures durations unit check extras bench robustness attacks seeded-bugs proto proto-check texts constraints clean help

help: ## This list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) ## Start everything and play a first handover
	@exec $(BIN)/homeward up

demo: $(READY) ## A year of handovers and three years of follow-up, in minutes
	@$(BIN)/homeward demo

test: $(READY) browser kafka ## Every test, on real Kafka, PostgreSQL and Chromium that the tests start themselves
	$(PYTEST) $(ALL_TESTS)
	@$(if $(BROWSER_TESTS),,echo "The tests of pages in a browser were left out: BROWSER=none")

browser: $(READY) ## A Chromium for the tests of pages: the machine's, or one fetched once into .venv
	@$(if $(BROWSER_TESTS),$(BIN)/python -m tests.browser.provide,true)

durations: $(READY) browser kafka ## The same, and record how long each file takes: the slowest start first
	$(PYTEST) $(ALL_TESTS) --record-durations

unit: $(READY) ## The domain, in milliseconds
	$(PYTEST) -q tests/unit tests/property

check: $(READY) proto-check ## ruff, mypy --strict, import rules, buf lint and breaking, generated code and texts in step
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/buf lint proto
	$(BIN)/python deploy/buf_breaking.py
	$(BIN)/python deploy/compile_texts.py --check

extras: $(READY) ## Install `.[service]`, `.[console]` and `.[client]` alone, and import what is to run with each
	$(BIN)/python deploy/extras.py

kafka: $(READY) ## Kafka's files, and its classes read and linked once: the tests start many nodes
	@$(BIN)/python -m services.local.embedded.kafka_archive

pictures: $(READY) browser ## The pictures of README, of real pages
	$(BIN)/python -m tests.browser.pictures

bench: $(READY) browser ## Benchmarks: ratios against a bare peer in the same run
	$(BIN)/python -m tests.perf

robustness: $(READY) ## Fault matrices that take longer than the tests
	HOMEWARD_EXPLORE=1 HOMEWARD_MACHINE_EXAMPLES=600 $(PYTEST) \
	  tests/property tests/contract/client tests/robustness tests/integration/handover/test_state_machine.py

attacks: $(READY) ## Every attack that was tried, on what runs; the table says how each ended
	$(PYTEST) -q -m attack -n $(WORKERS) --dist loadfile --no-loadscope-reorder tests/unit tests/integration tests/e2e

seeded-bugs: $(READY) ## Eight bugs, one at a time, in a copy: each turns the tests red
	$(BIN)/python -m tests.seeded_bugs

# In proto/, into the folder $to.
GENERATE = ../$(BIN)/python -m grpc_tools.protoc -I. --plugin=protoc-gen-mypy=../$(BIN)/protoc-gen-mypy \
  --plugin=protoc-gen-mypy_grpc=../$(BIN)/protoc-gen-mypy_grpc --python_out=$$to --grpc_python_out=$$to \
  --mypy_out=quiet:$$to --mypy_grpc_out=quiet:$$to $$(find homeward -name '*.proto' | LC_ALL=C sort)

proto: $(READY) ## Generate code from the protos
	find proto/gen -name '*_pb2*' -delete
	cd proto && to=gen && $(GENERATE)

proto-check: $(READY) ## Generated code is in step with the protos
	@cd proto && to=$$(mktemp -d) && trap 'rm -rf "$$to"' EXIT && $(GENERATE) && diff -rq -x __pycache__ "$$to" gen \
	  || { echo "proto/gen is out of step: run make proto and commit it"; exit 1; }

texts: $(READY) ## Compile the catalogues of texts
	$(BIN)/python deploy/compile_texts.py

constraints: $(READY) ## Pin every dependency by version and hash anew
	$(BIN)/python -m pip install -q pip-tools
	$(BIN)/pip-compile -q --upgrade --generate-hashes --extra dev --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --no-emit-options --no-header --no-annotate --allow-unsafe --strip-extras \
	  --all-build-deps -o deploy/constraints.txt pyproject.toml

$(READY): deploy/constraints.txt pyproject.toml
	@echo "Installing into $(VENV) (once, about 300 MB) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Homeward needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(PIP) --require-hashes -r deploy/constraints.txt
	$(BIN)/python -m pip install $(PIP) --no-deps --no-build-isolation --editable .
	@touch $(READY)

clean: ## Remove the virtual environment and caches; never the state in var/
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
