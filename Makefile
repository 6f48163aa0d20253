# Everything a newcomer types. `make help` lists it. Needs python3 >= 3.11 with venv, nothing else.
# Recipes are quiet and say nothing after the program they run: its last line is the last line.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help demo test check bench bench-long install lock messages clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: .venv/core.stamp ## Play the sample round, then serve it on http://127.0.0.1:8000 (ARGS="--no-serve --json")
	@$(BIN)/jiebang demo --home .home/demo $(ARGS)

test: .venv/dev.stamp ## Run every test, a real browser included (ARGS are pytest's)
	@tools/browser
	@$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

check: .venv/dev.stamp ## Lint, format, types, import direction, house rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@JIEBANG_SECRET=only-to-read-the-settings-while-types-are-checked $(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q -n 2 tests/architecture

bench: .venv/dev.stamp ## Measure against peers and limits, in minutes
	@tools/benchmarks short $(ARGS)

bench-long: .venv/dev.stamp ## The measurements that take long
	@tools/benchmarks long $(ARGS)

install: .venv/core.stamp ## Only install, into .venv

lock: .venv/dev.stamp ## Pin the newest versions the inputs in requirements/ allow (developers)
	@tools/lock

messages: .venv/dev.stamp ## Bring the interface's translation files up to date (developers)
	@$(BIN)/python tools/messages.py

clean: ## Remove what these commands made: .venv and .home
	@rm -rf .venv .home .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.venv/core.stamp: requirements/installer.txt requirements/core.txt pyproject.toml
	@PYTHON=$(PYTHON) tools/install requirements/core.txt 1>&2
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/core.stamp
	@PYTHON=$(PYTHON) tools/install requirements/dev.txt 1>&2
	@touch $@
