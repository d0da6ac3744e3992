# Every command a developer needs: `make help`. Each works on a machine that has only python3, python3-venv, git and make.

PYTHON ?= python3
VENV := .venv/bin/python
INSTALL := $(PYTHON) -m fysfinder.install
SIDE_BY_SIDE := -n logical --maxprocesses 8
APT := apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-liberation >/dev/null
COMPILE := .venv-tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(LOCK)

export PYTHONUTF8 := 1
# Another project's Python, and a wish that would have everything compiled again at each start.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV DJANGO_SETTINGS_MODULE PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 15

# Single simple commands: the process watches the make above it, which must not be a shell (fysfinder/signals.py).
run: ## the whole site on http://127.0.0.1:8000, as a visitor meets it; another port: PORT=8001 make run
	@test -e .venv/installed || $(PYTHON) -m fysfinder.port
	@exec $(INSTALL) site -m fysfinder.run

dev: ## the same with autoreload and debug pages
	@test -e .venv/installed || $(PYTHON) -m fysfinder.port
	@exec $(INSTALL) site -m fysfinder.run --dev

test: ## all tests but the slow ones and those in a browser
	@exec $(INSTALL) dev -m pytest -q $(SIDE_BY_SIDE) --dist worksteal

test-slow: ## whole checkouts, kill -9, large amounts
	@exec $(INSTALL) dev -m pytest -q tests/slow

fuzz: ## long runs with hostile and odd texts; more of them: FUZZ_EXAMPLES=20000 make fuzz
	@exec $(INSTALL) dev -m pytest -q $(SIDE_BY_SIDE) --dist worksteal tests/fuzz

browser-test: ## the pages in Chromium (make chromium)
	@exec $(INSTALL) dev -m pytest -q $(SIDE_BY_SIDE) --dist worksteal tests/browser

bench: ## measurements; they judge nothing
	@exec $(INSTALL) dev -m pytest -q -s benchmarks

lint: ## style, types, dependencies between the apps, migrations, Django's own checks
	@$(INSTALL) dev
	$(VENV) -m ruff check --quiet .
	$(VENV) -m ruff format --check --quiet .
	$(VENV) -m mypy
	$(VENV) .venv/bin/lint-imports
	$(VENV) manage.py makemigrations --check --dry-run
	$(VENV) manage.py check --database default

chromium: ## Debian's Chromium, for make browser-test
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ]; then $(APT); \
	elif sudo -n true 2>/dev/null; then sudo -n sh -c '$(APT)'; \
	else echo "Chromium is missing, and only root can install it: sudo apt-get install chromium"; test -z "$$CI"; fi

lock: ## requirements*.txt from requirements*.in; newer versions with LOCK=--upgrade
	@$(INSTALL) tools
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

clean: ## throw away what was made while running: the database, static files, packages
	rm -rf var .venv .venv-tools

.PHONY: help run dev test test-slow fuzz browser-test bench lint chromium lock clean
