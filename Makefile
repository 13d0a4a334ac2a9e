# The commands that people and CI run. `make` lists them.
# The target folder stands outside the checkout so that a fresh clone builds from a warm cache.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/baoxue/target
DEMO ?= $(CARGO_TARGET_DIR)/demo
LISTEN ?= 127.0.0.1:8080
BAOXUE := $(CARGO_TARGET_DIR)/release/baoxue

.PHONY: help demo test pages lint fix bench setup setup-node build ui
help:
	@echo "make demo    build, run the main job on the sample county, print the town table and the accuracy, serve it"
	@echo "make test    lint and every test, on SQLite and PostgreSQL (installs PostgreSQL if it may)"
	@echo "make lint    formatting, clippy, tidy"
	@echo "make ui      style sheet, scripts and icons of the web application into ui/dist"
	@echo "make pages   pictures of every page of the web application, with a check of each"
	@echo "make bench   seconds per stage on 120,000 children, and the benchmarks of the crates"

build: ui
	cargo build --release --locked -p baoxue-cli

# Exit code 1 of baoxue means: done, and something waits for a person. In this county something does.
demo: build
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@$(BAOXUE) run examples/county/input --data $(DEMO)/data --config examples/county/county.toml --out $(DEMO)/out || [ $$? -eq 1 ]
	@$(BAOXUE) score --truth examples/county/truth --data $(DEMO)/data || [ $$? -eq 1 ]
	@echo; echo "台账 / ledgers: $(DEMO)/out"
	@$(if $(filter 0,$(SERVE)),true,$(BAOXUE) demo examples/county/input --config examples/county/county.toml --data $(DEMO)/data --days 30 --listen $(LISTEN))

# Kept in ~/.cache/baoxue/ui (UI_CACHE) under the hash of their sources; a warm machine needs no npm.
ui: | setup-node
	@sh ui/prepare.sh

test: setup lint
	@sh ui/prepare.sh --deps && cd ui && npm test --silent
	@# Some tests wait for time to pass: one more than there are cores.
	@if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace --locked --no-fail-fast --test-threads $$(( $$(nproc) + 1 )); else cargo test --workspace --locked --lib --bins --tests; fi
	cargo test --workspace --locked --doc --quiet
	@# The tests have built the program: another build would choose other features and begin anew.
	node ui/check/served.mjs $(CARGO_TARGET_DIR)/debug/baoxue --out $(CARGO_TARGET_DIR)/pages --no-pages

# Pictures of all pages, 1366 and 390 wide, light and dark, in both languages; fails on what is wrong with a page.
pages: setup ui
	sh ui/prepare.sh --deps
	cargo build --locked --quiet -p baoxue-cli && node ui/check/served.mjs $(CARGO_TARGET_DIR)/debug/baoxue --out $(CARGO_TARGET_DIR)/pages

lint: ui
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo xtask tidy

fix:
	cargo fmt --all
	cargo clippy --workspace --all-targets --fix --allow-dirty -- -D warnings

bench: build
	bench/stages.sh $(BAOXUE)
	cargo bench --workspace --locked

# PostgreSQL's programs are needed by the tests; they start a private server of their own. The pages are tested in Chromium, papers are set in a Chinese font.
setup: setup-node
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null 2>&1; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
		else echo "PostgreSQL is missing: install the package 'postgresql' (Debian, Ubuntu) or put initdb into PATH"; exit 1; fi; fi
	@if [ ! -x "$${CHROMIUM:-/usr/bin/chromium}" ]; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
		else echo "Chromium is missing: install the packages 'chromium' and 'fonts-noto-cjk' (Debian, Ubuntu), or set CHROMIUM to the program"; exit 1; fi; fi
	@if command -v fc-list >/dev/null 2>&1 && [ -z "$$(fc-list :lang=zh-cn file)" ]; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fonts-noto-cjk >/dev/null; \
		else echo "No Chinese font, without which no paper can be printed: install the package 'fonts-noto-cjk' (Debian, Ubuntu)"; exit 1; fi; fi

setup-node:
	@if ! command -v npm >/dev/null 2>&1; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null; \
		else echo "Node.js is missing: install the packages 'nodejs' and 'npm' (Debian, Ubuntu; version 20 or newer)"; exit 1; fi; fi
