# Everything starts here: `make` says what there is.
# A stamp file says that a step is done; it is done again when what it was made from changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTHON_READY := $(VENV)/.ready
NODE_READY := node_modules/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check check-long attacks faults drill soak scan sbom audit bench peers eval lock chromium clean infra package pictures

# A dot every two seconds, for as long as a command is at work that says nothing; it ends like the command.
patiently = { while sleep 2 >/dev/null 2>&1 && kill -0 $$$$ 2>/dev/null; do printf .; done & }; \
	$(1); code=$$?; kill $$! && wait $$! 2>/dev/null; echo; test $$code = 0

help:
	@echo 'make run         set up, start Parley in local mode and the Agents Playground, print the address to open'
	@echo 'make demo        a day with Parley, played in the Playground by a browser: pictures/demo/index.html, two minutes'
	@echo 'make test        set up, run every test, the real browser included'
	@echo 'make check       formatter, linter, types, structure, scan, infra, then make test; what CI runs'
	@echo 'make attacks     everything that an enemy would try: tried, refused, let through'
	@echo 'make faults      everything that may break: what was accepted is kept, and said once'
	@echo 'make drill       the restore drill: a database is destroyed and restored, what is lost and how long it takes is measured'
	@echo 'make soak        hours of both: mutations by the million, mixed faults for MINUTES=120'
	@echo 'make check-long  make check, attacks, faults, and five minutes of mixed faults'
	@echo 'make setup       the set-up alone; afterwards .venv/bin/python is ready'
	@echo 'make pictures    every card, in light and dark, for a desktop and a phone, drawn anew into docs/pictures/cards'
	@echo 'make package     the Teams app package, checked; from .env, or MICROSOFT_APP_ID=… COMPANY=… WEBSITE=…'
	@echo 'make scan        weak code, secrets, weak pipelines; a part of make check'
	@echo 'make sbom        the packages of production as CycloneDX'
	@echo 'make audit       known weaknesses of the packages; asks an advisory service'
	@echo 'make infra       the infrastructure, checked without a cloud'
	@echo 'make bench       the figures, beside those of other bots: messages a second, latency, memory, long summaries'
	@echo 'make eval        how good summaries are: THREADS=a folder of recorded threads'
	@echo 'make lock        write requirements*.txt anew from requirements*.in'
	@echo 'make clean       remove all that the others made'
	@echo
	@echo 'Settings of make run: PORT (the bot), PAGE_PORT (the page), PLAYGROUND_PORT, DATA_DIR. Python: PYTHON=python3.12 make setup'

setup: $(PYTHON_READY) $(NODE_READY)
	@:

$(PYTHON_READY): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Parley needs Python 3.11 or newer as "$(PYTHON)". Install it, or name another: make setup PYTHON=python3.12' >&2; exit 1; }
	@echo 'Making the virtual environment in $(VENV) …'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'Python could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@printf 'Installing the pinned Python packages (one or two minutes the first time) …'
	@$(call patiently,$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes \
		-r requirements.txt -r requirements-dev.txt) || { \
		echo 'The Python packages could not be installed; what pip said stands above. Is there a way to a package index?' >&2; exit 1; }
	@touch $@

# Without Node everything works but the page, so what is missing of it is said and is no fault.
$(NODE_READY): package.json package-lock.json
	@if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then \
		echo 'Node.js with npm is not installed: the Agents Playground is left out. Install Node.js 20 or newer to have it.'; \
	elif ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)'; then \
		echo "Node.js $$(node --version) is too old for the Agents Playground, which is left out. It needs 20 or newer."; \
	else \
		printf 'Installing the Agents Playground (up to a minute the first time) …'; \
		if $(call patiently,npm ci --ignore-scripts --silent --no-audit --no-fund); then touch $@; else \
			echo 'npm could not install the Agents Playground, which is left out. Is there a way to a registry?'; fi; \
	fi

run: setup
	@$(BIN)/python -m tests.world.playground

demo: setup chromium
	@$(BIN)/python -m tests.demo

# The page and whole bots wait more than they work, so several go abreast; all else runs on what these leave of two cores, from the
# beginning. A file's tests stay in one process, in their order: they share a page, a bot, a world.
PAGE := tests/browser
BOTS := tests/faults tests/drill tests/scenarios
# Of the bots, what takes longest stands first; of the page, the file with the most tests is begun first.
AS_LISTED := --no-loadscope-reorder

# Where Chromium is missing: apt installs it if it may. Tests of the page skip without it, and say so.
chromium:
	@sh tests/browser/chromium.sh

test: setup chromium
	@echo 'Running a real browser, if there is one; beside it all that needs neither page nor bots, which is printed at the end …'; \
	log=$$(mktemp); nice -n 19 $(BIN)/python -m pytest -n 2 $(AS_LISTED) --ignore=$(PAGE) $(BOTS:%=--ignore=%) >"$$log" 2>&1 & others=$$!; \
	trap 'kill $$others; rm -f "$$log"; exit 130' INT TERM; \
	page=0; $(BIN)/python -m pytest -n 2 $(PAGE) || page=$$?; \
	echo 'Running whole bots behind the front door …'; \
	bots=0; $(BIN)/python -m pytest -n 4 $(AS_LISTED) $(BOTS) || bots=$$?; \
	rest=0; wait $$others || rest=$$?; cat "$$log"; rm -f "$$log"; exit $$((page + bots + rest > 0))

check: setup
	@echo 'Formatting …' && $(BIN)/ruff format --check .
	@echo 'Linting …' && $(BIN)/ruff check .
	@echo 'Checking types …' && $(BIN)/mypy
	@echo 'Checking the structure …' && $(BIN)/python -m pytest tests/structure
	@$(MAKE) --no-print-directory scan
	@$(MAKE) --no-print-directory infra
	@$(MAKE) --no-print-directory test

# Lock files hold hashes by the thousand, which look like secrets; catalogues and pictures hold none.
SCANNED = git ls-files -z -- . ':!requirements*.txt' ':!package-lock.json' ':!*.po' ':!*.png' ':!tests/bot/papers/files'

scan: setup
	@echo 'Looking for weak code …' && $(BIN)/bandit -q -c pyproject.toml -r app.py bot dialogs appPackage infra/pipelines
	@echo 'Looking for secrets …' && $(SCANNED) | xargs -0 $(BIN)/detect-secrets-hook --no-verify
	@echo 'Looking at the pipelines …' && $(BIN)/zizmor --quiet --offline --persona=pedantic .github

SBOM ?= sbom.cdx.json

sbom: setup
	@printf 'Listing the packages of production …'
	@$(call patiently,$(BIN)/python -W ignore::UserWarning -m cyclonedx_py requirements requirements.txt \
		--pyproject pyproject.toml --output-reproducible -o $(SBOM))
	@echo 'The packages of production, as CycloneDX: $(SBOM)'

audit: setup
	@$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.txt
	@$(BIN)/pip-audit --require-hashes --disable-pip -r requirements-dev.txt

# What is said here or in the environment counts more than the file; what is empty counts as not said.
ENV_FILE ?= $(wildcard .env)
PACKAGE ?= appPackage/dist/parley.zip

PACKAGED = $(if $(ENV_FILE),--env-file='$(ENV_FILE)') --out='$(PACKAGE)' $(if $(UNCHECKED),--unchecked) \
	--microsoft-app-id="$$MICROSOFT_APP_ID" --user-token-url="$$USER_TOKEN_URL" --company="$$COMPANY" \
	--website="$$WEBSITE" --privacy-url="$$PRIVACY_URL" --terms-url="$$TERMS_URL"

# What is missing is said before the set-up, which takes minutes; where Python is too old, the set-up says that.
package:
	@! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m appPackage.asked $(PACKAGED)
	@$(MAKE) --no-print-directory setup
	@$(BIN)/python -m appPackage.build $(PACKAGED)

attacks: setup
	@$(BIN)/python -m tests.attacks

faults: setup
	@$(BIN)/python -m tests.faults

# SEED repeats a run.
drill: setup
	@$(BIN)/python -m tests.drill $(if $(SEED),--seed $(SEED))

# Every card as the reference renderer draws it; needs Node and Chromium.
pictures: setup chromium
	@$(BIN)/python -m tests.browser.album

MINUTES ?= 120

soak: setup
	@$(BIN)/python -m tests.attacks --soak
	@$(BIN)/python -m tests.faults.soak --minutes $(MINUTES)

check-long: check
	@$(BIN)/python -m tests.attacks
	@$(BIN)/python -m tests.faults
	@$(BIN)/python -m tests.faults.soak --minutes 5

# The bots that ours is measured against live in an environment of their own: they want other packages.
PEERS := .venv-peers

$(PEERS)/.ready: requirements-peers.txt
	@printf 'Installing the bots to compare with (134 MB) …'
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(call patiently,$(PEERS)/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r $<)
	@touch $@

peers: $(PEERS)/.ready

bench: setup
	@$(MAKE) --no-print-directory peers || echo 'They could not be installed: measuring without them.'
	@$(BIN)/python -m tests.load

# The infrastructure without a cloud, in an environment of its own: its tools want other packages. The providers' schemas are
# one file each of two packages, which are fetched and not installed.
INFRA := .venv-infra

$(INFRA)/.ready: requirements-infra.txt requirements-schemas.txt
	@printf 'Installing what checks the infrastructure (280 MB, about a minute the first time) …'
	@test -x $(INFRA)/bin/python || $(PYTHON) -m venv $(INFRA)
	@$(call patiently,$(INFRA)/bin/python -m pip install --quiet --quiet --no-deps --no-compile --disable-pip-version-check \
		--require-hashes -r requirements-infra.txt && rm -rf $(INFRA)/schemas && \
		$(INFRA)/bin/python -m pip download --quiet --quiet --no-deps --disable-pip-version-check \
		--require-hashes --dest $(INFRA)/schemas -r requirements-schemas.txt)
	@touch $@

infra: setup $(INFRA)/.ready
	@echo 'Checking the infrastructure …' && $(BIN)/python -m tests.package.toolchain $(INFRA)

THREADS ?= ../shared/threads

eval: setup
	@$(BIN)/python -m tests.load.eval $(THREADS)

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links

lock:
	@command -v uv >/dev/null || { echo 'make lock needs uv (pip install uv)' >&2; exit 1; }
	@$(LOCK) --no-emit-package httpx2-jsfetch requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) requirements-infra.in -o requirements-infra.txt
	@$(LOCK) --no-deps requirements-schemas.in -o requirements-schemas.txt
	@$(LOCK) requirements-peers.in -o requirements-peers.txt

clean:
	@rm -rf $(VENV) $(INFRA) $(PEERS) node_modules .local .mypy_cache .ruff_cache .pytest_cache pictures appPackage/dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
