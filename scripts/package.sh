#!/usr/bin/env bash
# Every package as a registry would get it, into a folder, and a look inside each; nothing is uploaded.
#
#   scripts/package.sh FOLDER [maturin's options]
#
# The crates are built from their packages, in the order in which they need each other (cargo 1.90 or later). The wheel is
# this machine's; without options it is optimised. Needs twine and maturin on the path: see `make package`.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?usage: scripts/package.sh FOLDER [maturin\'s options]}
shift
[ $# -gt 0 ] || set -- --release
# In the order of upload.
crates=(nexus-types nexus-http nexus-sandbox nexus-ffi mx-nexus)
target=${CARGO_TARGET_DIR:-target}

rm -rf "$out"
mkdir -p "$out"
out=$(cd "$out" && pwd)

chosen=()
for name in "${crates[@]}"; do chosen+=(-p "$name"); done
allowed=()
[ -z "$(git status --porcelain)" ] || allowed=(--allow-dirty)
version=$(sed -n '/^\[workspace.package\]/,/^version/s/^version = "\(.*\)"/\1/p' Cargo.toml)
# Of a package that it has verified before, cargo keeps source and build by the version alone, and would verify the others against
# that: so neither is kept.
for name in "${crates[@]}"; do rm -rf "${CARGO_HOME:-$HOME/.cargo}"/registry/{src,cache}/-*/"$name-$version"{,.crate}; done
target=$target/packaging
rm -rf "$target"
# What is ignored are tests and benchmarks, which read what other folders hold.
CARGO_TARGET_DIR=$target cargo package --locked "${allowed[@]}" "${chosen[@]}" 2>&1 | grep -v 'warning: ignoring'
for name in "${crates[@]}"; do cp "$target/package/$name-$version.crate" "$out/"; done

(cd bindings/python && maturin sdist --out "$out" && maturin build --locked --out "$out" "$@")
twine check --strict "$out"/*.whl "$out"/mx_nexus-*.tar.gz
python3 scripts/inspect_packages.py "$out"
