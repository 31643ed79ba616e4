# What a person does: `make demo` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Cargo's own variable decides where things are built; absolute, because DUCKDB_LIB_DIR must be.
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
export CARGO_TARGET_DIR := $(TARGET)
DUCKDB := $(TARGET)/duckdb-1.5.6
export DUCKDB_LIB_DIR := $(DUCKDB)

# The quick way links the official libduckdb.so; without that file DuckDB is compiled into the program.
# Asked anew in each recipe, because `prepare` may have just fetched it.
FEATURES = $(shell test -e "$(DUCKDB)/libduckdb.so" && echo --no-default-features)
CARGO := cargo
# One profile for everything: with a second one llama.cpp would be compiled again.
PROFILE := --release --locked
PYTHON := python3

.PHONY: help demo test torture fuzz check build bench peers forecasts page screens doc clean prepare

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s%s\n", $$1, $$2}' Makefile

demo: ## build, make a sample shop, print its segments and their narratives
	@scripts/say.sh "build Portray, make up a shop of 3,000 users, find its segments, write their narratives" "$(TARGET)" 1
	@$(MAKE) --no-print-directory build
	@target/release/portray demo

test: ## build and run all tests
	@scripts/say.sh "build Portray with its tests and run them all" "$(TARGET)" 5
	@$(MAKE) --no-print-directory build
	$(CARGO) test $(PROFILE) $(FEATURES)

torture: build ## kills, power losses, flipped bytes, full disks, crowds, signals and hostile files, 60 times as many as `make test`: about an hour
	PORTRAY_TORTURE=60 $(CARGO) test $(PROFILE) $(FEATURES) --test hostile --test faults -- --nocapture --test-threads 1

SECONDS := 600
fuzz: prepare ## every fuzz target for SECONDS (600), from what is kept in tests/hostile; needs cargo-fuzz
	scripts/fuzz.sh "$(TARGET)" "$(DUCKDB)" $(SECONDS)

check: ## format, lints, documentation, licences: what must hold before a change lands
	@scripts/say.sh "check format, lints, documentation and licences" "$(TARGET)" 2
	@$(MAKE) --no-print-directory prepare
	$(CARGO) fmt --check
	$(CARGO) clippy $(PROFILE) $(FEATURES) --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(PROFILE) $(FEATURES) --no-deps --document-private-items
	@if command -v cargo-deny >/dev/null; then $(CARGO) deny --no-default-features check; \
	else echo "cargo-deny is not installed: licences and advisories were not checked (cargo install cargo-deny)"; fi

build: prepare ## build target/release/portray
	$(CARGO) build $(PROFILE) $(FEATURES)
	@scripts/link.sh "$(TARGET)" "$(DUCKDB)"

bench: prepare ## run the benchmarks
	$(CARGO) bench --locked $(FEATURES)

peers: build ## hold Portray against pandas, scikit-learn, DuckDB and faiss (PYTHON=python3 with benches/peers/requirements.txt)
	@lloyd=$$($(CARGO) bench --locked $(FEATURES) --bench lloyd --no-run 2>&1 | sed -n 's/.*(\(.*lloyd-[^)]*\)).*/\1/p'); \
	$(PYTHON) benches/peers/run.py target/release/portray "$$lloyd"

forecasts: build ## hold forecasts of value and recommendations against lifetimes and implicit (WORKSPACES="DIR …", each with a run)
	$(PYTHON) benches/peers/value.py target/release/portray
	$(PYTHON) benches/peers/recommend.py target/release/portray $(WORKSPACES)

page: build ## check the HTML report in Chromium: no request, no error, nothing that axe-core finds
	scripts/page/check.sh target/release/portray "$(TARGET)/page"

screens: build ## take the screenshots in docs/screens anew, of the real program on its sample shop
	$(CARGO) test $(PROFILE) $(FEATURES) --test tui -- --ignored screenshots

doc: prepare ## write the library's documentation to target/doc
	$(CARGO) doc $(PROFILE) $(FEATURES) --no-deps

clean: ## remove what was built, the fetched DuckDB too
	$(CARGO) clean
	@rm -rf target

prepare:
	@scripts/prepare.sh "$(DUCKDB)"
