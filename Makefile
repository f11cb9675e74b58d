# The workshop. Every target sets up what it needs, in .venv, from hash-locked lists; nothing outside this folder changes.

BIN := .venv/bin

.PHONY: help demo run test test-browser lint quality format check locks image-check clean bench-spikes bench-pages

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: set-up-run ## a simulated week on this machine, up to the alert mail
	$(BIN)/siaga demo

run: set-up-run ## the daemon, on the shipped sources.yaml
	$(BIN)/siaga --config sources.yaml run

test: set-up-dev ## all tests (no root, no network); PYTEST="-k threshold" narrows
	$(BIN)/python -m pytest $(PYTEST)

test-browser: set-up-browser ## the page in a real Chromium (Debian's chromium beside it)
	$(BIN)/python -m pytest tests/browser

lint: lint-style lint-layout lint-types lint-imports ## style, layout, types, one-way imports (-k: all, even if one fails)

.PHONY: lint-style lint-layout lint-types lint-imports
lint-style: set-up-dev
	$(BIN)/ruff check .
lint-layout: set-up-dev
	$(BIN)/ruff format --check .
lint-types: set-up-dev
	$(BIN)/mypy --strict collector alerts
lint-imports: set-up-dev
	$(BIN)/lint-imports

quality: set-up-dev ## how good judging and matching are, on the data beside the project (minutes)
	$(BIN)/python bench/quality_suspicion.py
	$(BIN)/python bench/quality_claims.py
	$(BIN)/python bench/quality_issues.py --items 20000

bench-spikes: set-up-dev ## spike detectors side by side, ours and the peers', on the data beside the project (minutes)
	$(BIN)/python bench/spikes.py

bench-pages: set-up-dev ## how quick the page is over a million items (minutes)
	$(BIN)/python bench/pages.py

format: set-up-dev ## let ruff lay out the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: set-up-run ## the shipped sources.yaml says what it should
	$(BIN)/siaga --config sources.yaml check

locks: ## write requirements*.lock from pyproject.toml (UPGRADE=--upgrade for the newest versions)
	tools/locks $(UPGRADE)

image-check: ## build the container image without an engine, start it, watch it work (root, Debian)
	tools/image-check

clean: ## everything that the targets above laid here
	rm -rf .venv .venv-locks demo-output build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.PHONY: set-up-run set-up-dev set-up-browser
set-up-run:
	@tools/set-up run
set-up-dev:
	@tools/set-up dev
set-up-browser:
	@tools/set-up browser
