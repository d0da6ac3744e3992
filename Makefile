# Every command a developer needs: `make help`. Each works on a machine that has only python3, python3-venv, git and make.

PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
# Browser tests, benchmarks and slow tests are asked for by name; property tests run 100 examples here.
PYTEST := $(VENV_PYTHON) -m pytest

# Another project's Python, and processes that compile everything again at each start.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE VIRTUAL_ENV DJANGO_SETTINGS_MODULE

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 15

run: ## the whole site on http://127.0.0.1:8000 (PORT=8001 make run for another port), as a visitor meets it
	@$(PYTHON) -m fysfinder.port
	@exec $(PYTHON) -m fysfinder.install site -m fysfinder.run

dev: ## the same with autoreload and debug pages
	@$(PYTHON) -m fysfinder.port
	@exec $(PYTHON) -m fysfinder.install site -m fysfinder.run --dev

test: ## all tests but the slow ones and those in a browser
	@exec $(PYTHON) -m fysfinder.install dev -m pytest -n logical --maxprocesses 8

test-slow: ## processes, kill -9, large amounts
	@exec $(PYTHON) -m fysfinder.install dev -m pytest tests/slow

browser-test: ## the pages in Chromium (make chromium)
	@exec $(PYTHON) -m fysfinder.install dev -m pytest tests/browser

bench: ## measurements; they judge nothing
	@exec $(PYTHON) -m fysfinder.install dev -m pytest benchmarks

lint: ## style, types, dependencies between the apps, migrations, Django's own checks
	@$(PYTHON) -m fysfinder.install dev
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m importlinter.cli lint
	$(VENV_PYTHON) manage.py makemigrations --check --dry-run
	$(VENV_PYTHON) manage.py check --database default

chromium: ## Debian's Chromium, for make browser-test
	@$(PYTHON) -m fysfinder.chromium

lock: ## solve requirements*.in again
	@$(PYTHON) -m fysfinder.install --lock

clean: ## throw away everything that was made while running: database, static files, packages
	rm -rf var .venv .venv-tools

.PHONY: help run dev test test-slow browser-test bench lint chromium lock clean
