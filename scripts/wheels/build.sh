#!/usr/bin/env bash
# Builds the wheels for Linux, as the package index wants them: for every glibc since 2.17 (manylinux2014) and, where the toolchain
# has that target, for musl (musllinux_1_2). A wheel for one platform serves every CPython from 3.10 on.
#
#   scripts/wheels/build.sh [FOLDER]
#
# FOLDER is target/wheels by default. zig links for the older libraries, auditwheel checks what the result needs. Both come from the
# package index (requirements.txt beside this file); `make wheels` installs them. Wheels for macOS and Windows are built by the hosted
# workflow wheels.yml.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-target/wheels}
machine=$(uname -m)
mkdir -p "$out"
rm -f "$out"/mx_nexus-*.whl

build() {
  local target=$1 tag=$2
  shift 2
  maturin build --release --locked --target "$target" --compatibility "$tag" --manifest-path bindings/python/Cargo.toml \
    --target-dir target/wheel-build --out "$out" "$@"
}

gnu=$machine-unknown-linux-gnu
upper=$(echo "${gnu//-/_}" | tr '[:lower:]' '[:upper:]')
export "CARGO_TARGET_${upper}_LINKER=$PWD/scripts/wheels/zig-cc" "CC_${gnu//-/_}=$PWD/scripts/wheels/zig-cc"
build "$gnu" manylinux2014
unset "CARGO_TARGET_${upper}_LINKER" "CC_${gnu//-/_}"

musl=$machine-unknown-linux-musl
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$musl" ] && command -v rustup >/dev/null; then
  rustup target add "$musl" || true
fi
if [ -d "$(rustc --print sysroot)/lib/rustlib/$musl" ]; then
  # A library is loaded into a program that brings the C library: it must not have one of its own inside.
  RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=-crt-static" build "$musl" musllinux_1_2 --zig
else
  echo "skipped: the wheel for musl (this toolchain lacks the target $musl: rustup target add $musl)" >&2
fi

for wheel in "$out"/mx_nexus-*.whl; do
  case $wheel in
  *manylinux*) auditwheel show "$wheel" | tr '\n' ' ' | grep -E "consistent with the following platform tag: \"?manylinux_2_(5|12|17)_" >/dev/null || {
    auditwheel show "$wheel" >&2
    exit 1
  } ;;
  esac
done
python3 scripts/inspect_packages.py "$out"

# The story, and an end with busy threads, on every CPython that is to be had here, without compiling anything.
wheel=$(ls "$out"/mx_nexus-*manylinux*.whl)
for version in 3.10 3.11 3.12 3.13 3.14; do
  python=
  for candidate in "python$version" "${PYENV_ROOT:-/nowhere}/versions/$version".*/bin/python3; do
    if "$candidate" -c '' 2>/dev/null; then python=$candidate; fi
  done
  if [ -z "$python" ]; then
    echo "skipped: CPython $version is not installed"
    continue
  fi
  place=$(mktemp -d)
  "$python" -m venv "$place/venv"
  "$place/venv/bin/pip" install -q --disable-pip-version-check --no-index --no-deps "$wheel"
  "$place/venv/bin/python" examples/verify.py | diff - examples/verify.transcript
  for _ in 1 2 3 4 5; do "$place/venv/bin/python" scripts/wheels/ends.py; done
  echo "CPython $version: the story is told, and the interpreter ends well"
  rm -r "$place"
done
