#!/usr/bin/env bash
# Everything of a release but the upload; see RELEASING.md.
#
#   scripts/release.sh [--dry-run] VERSION
#
# Checks that the tree is clean and that the manifests, the changelog and the pages speak of this version, runs the gate,
# packages into target/release-VERSION, adds SHA256SUMS, and prints the commands that upload. It uploads nothing, tags
# nothing, and changes no file of the tree. --dry-run goes on where it would stop, leaves out the gate, and builds the wheel
# without optimising.
set -euo pipefail
cd "$(dirname "$0")/.."
dry=
[ "${1:-}" != --dry-run ] || { dry=1; shift; }
version=${1:?usage: scripts/release.sh [--dry-run] VERSION}
if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
  echo "no version: $version" >&2
  exit 2
fi
out=target/release-$version
stop() {
  if [ -n "$dry" ]; then echo "would stop here: $1"; else echo "not released: $1" >&2; exit 1; fi
}

echo "== the tree"
changed=$(git status --porcelain)
[ -z "$changed" ] || { echo "$changed"; stop "the tree is not clean"; }
[ -z "$(git tag --list "v$version")" ] || stop "the tag v$version exists already"

echo "== the manifests"
python3 scripts/manifests.py "$version" || stop "the manifests are not those of $version"

echo "== the gate"
if [ -n "$dry" ]; then echo "left out: .ci/run"; else .ci/run; fi

echo "== the packages"
if [ -n "$dry" ]; then scripts/package.sh "$out" --profile dev; else scripts/package.sh "$out" --release; fi
(cd "$out" && sha256sum -- *.crate *.whl *.tar.gz >SHA256SUMS && cat SHA256SUMS)

cat <<END

== by hand from here, at this commit: $(git rev-parse HEAD)

  git tag -s v$version -m "Nexus $version" && git push origin v$version
      # release.yml builds the wheels of every platform; put them into $out in place of this machine's
  (cd $out && sha256sum -- *.crate *.whl *.tar.gz >SHA256SUMS)
  cargo publish --locked -p nexus-types -p nexus-http -p nexus-sandbox -p nexus-ffi -p mx-nexus
  twine upload $out/*.whl $out/mx_nexus-$version.tar.gz
END
[ -z "$dry" ] || echo "
A dry run: this wheel is not to be uploaded, and whatever would have stopped a release stands above."
