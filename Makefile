# What people run, and what the gate runs.

.PHONY: test check lint doc bench bench-short

# Every test of every language.
test:
	cargo test --workspace

# All that the gate checks.
check: lint test doc bench-short

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Ratios within one run; see the README.
bench:
	cargo bench -p nexus

bench-short:
	cargo bench -p nexus -- --short
