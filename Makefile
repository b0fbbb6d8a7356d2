# Kerbwatt's commands. `make` alone lists them. Works without a terminal, and from a bare checkout.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PORT ?= 8060
DATA ?= demo-data
SIZE ?= small

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
KERBWATT := $(TARGET)/debug/kerbwatt
WEB := web/dist/index.html
WEB_SOURCES := $(shell find web -name node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
CHROMIUM := $(or $(KERBWATT_CHROMIUM),$(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null)))
NPM_CI := npm ci --no-audit --no-fund --loglevel=error

# Why `demo` may build one package and `test` the whole workspace: Cargo compiles a dependency again whenever its
# features differ. Compared with
#   cargo tree --workspace -e normal,build,dev --prefix none -f '{p} [{f}]' | sort -u
# against `-p kerbwatt-cli -e normal,build`: the workspace and its tests only ADD packages (proptest, insta, syn for
# xtask …) and change the features of none that the binary uses. So DataFusion and everything else is compiled once,
# by whichever command comes first. If that comparison ever shows a package twice, build with `--workspace` here too.
BUILD := cargo build -p kerbwatt-cli

.PHONY: help demo test lint e2e bench release tools-rust tools-web tools-browser

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "Settings: PORT=$(PORT) DATA=$(DATA) SIZE=$(SIZE) (small, london or national)"

demo: tools-rust tools-web ## Build, make a sample London, serve it and print the address
	@echo "[1/3] Web app"
	@$(MAKE) $(WEB)
	@echo "[2/3] Engine and server: $(call build_time)"
	@$(BUILD)
	@echo "[3/3] Sample London in $(DATA), then the dashboard on port $(PORT). Ctrl+C ends it."
	@exec "$(KERBWATT)" demo --port "$(PORT)" --data "$(DATA)" --size "$(SIZE)"

test: tools-rust tools-web ## Run every test: web app, engine and server, browser
	@echo "[1/4] Web app"
	@$(MAKE) $(WEB)
	@echo "[2/4] Tests of the web app"
	@npm run --silent --prefix web test
	@echo "[3/4] Tests of engine and server: $(call build_time)"
	@cargo test --workspace --no-fail-fast
	@echo "[4/4] Tests in a browser"
	@$(if $(CHROMIUM)$(filter required,$(KERBWATT_E2E)),$(MAKE) e2e,echo "$(NO_CHROMIUM)")

lint: tools-rust tools-web ## Check format, lints, types, the repository's own rules and licences
	@echo "[1/5] Rust format"
	@cargo fmt --all --check
	@echo "[2/5] The repository's own rules"
	@cargo run --locked -q -p xtask -- tidy
	@echo "[3/5] Licences"
	@cargo run --locked -q -p xtask -- licences
	@echo "[4/5] Types of the web app"
	@$(MAKE) $(WEB)
	@npm run --silent --prefix web check
	@echo "[5/5] Rust lints: the first run reads all dependencies and takes some minutes"
	@cargo clippy --locked --workspace --all-targets -- -D warnings

e2e: tools-rust tools-web tools-browser ## Drive the binary with the sample in a browser
	@echo "[1/3] Web app"
	@$(MAKE) $(WEB) e2e/node_modules/.package-lock.json
	@echo "[2/3] Engine and server: $(call build_time)"
	@$(BUILD)
	@echo "[3/3] Browser tests, with $(CHROMIUM)"
	@KERBWATT_BIN="$(KERBWATT)" KERBWATT_CHROMIUM="$(CHROMIUM)" npm test --silent --prefix e2e

bench: tools-rust tools-web ## Measure intake and dashboard queries beside DuckDB
	@$(MAKE) $(WEB)
	@bench/run

release: tools-rust tools-web ## Build the fast binary: target/release/kerbwatt
	@echo "[1/2] Web app"
	@$(MAKE) $(WEB)
	@echo "[2/2] Engine and server, optimised: 30 minutes and more on 2 cores"
	@cargo build --locked --release -p kerbwatt-cli
	@echo "done: $(TARGET)/release/kerbwatt"

# The web app is built only when a source is newer than its page; the binary embeds it, so it comes first everywhere.
$(WEB): $(WEB_SOURCES) web/node_modules/.package-lock.json
	@echo "      npm run build: some seconds"
	@npm run --silent --prefix web build
	@touch $@

# npm writes this file at the end of an installation that succeeded.
%/node_modules/.package-lock.json: %/package-lock.json
	@echo "      npm ci in $*: up to a minute"
	@PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 $(NPM_CI) --prefix $*
	@touch $@

build_time = $(if $(wildcard $(KERBWATT)),only what changed is compiled,the first build compiles over 400 crates and takes 10 to 20 minutes on 2 cores; later ones seconds)

NO_CHROMIUM := skipped: browser tests (no Chromium found; apt-get install chromium)
RUST_FROM := Install Rust from https://rustup.rs (then open a new shell), or: rustup update stable
CC_FROM := It compiles SQLite and Zstandard. Debian, Ubuntu: apt-get install build-essential; macOS: xcode-select --install
NODE_FROM := Install Node 20 or later, npm included, from https://nodejs.org or your system

# $(call need,program,where to get it)
need = command -v $(1) >/dev/null || { echo "missing: $(1). $(2)" >&2; exit 1; }

tools-rust:
	@$(call need,cargo,$(RUST_FROM))
	@$(call need,cc,$(CC_FROM))
	@$(call need,git,Install git from your system)
	@cargo --version | awk '{ split($$2, v, "."); exit !(v[1] > 1 || v[2] >= 95) }' \
	  || { echo "too old: $$(cargo --version), 1.95 is needed. $(RUST_FROM)" >&2; exit 1; }

tools-web:
	@$(call need,node,$(NODE_FROM))
	@$(call need,npm,$(NODE_FROM))
	@node --version | awk -F '[v.]' '{ exit !($$2 >= 20) }' \
	  || { echo "too old: Node $$(node --version), 20 is needed. $(NODE_FROM)" >&2; exit 1; }

tools-browser:
	@test -n "$(CHROMIUM)" || { echo "missing: chromium. Install it (apt-get install chromium) or set KERBWATT_CHROMIUM" >&2; exit 1; }
