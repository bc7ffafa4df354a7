#!/bin/sh
# Makes each deliberate mistake of tests/adversary/mutants in a copy of the sources, and demands that the adversary finds it
# within a minute. With names of mistakes as arguments: those alone.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
tree=$root/target/mutants/tree
# Not the target directory of the sources: cargo would take one tree's artefacts for the other's.
target=$root/target/mutants/target
[ $# -gt 0 ] || set -- $(ls tests/adversary/mutants | sed 's/\.patch$//')
rm -rf "$tree" && mkdir -p "$tree"
git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - | tar -xf - -C "$tree"
cd "$tree" || exit 1
all=0 killed=0 survivors=
for name in "$@"; do
  all=$((all + 1))
  patch -s -p1 <"$root/tests/adversary/mutants/$name.patch" || { echo "$name: does not apply"; exit 1; }
  built=$(CARGO_TARGET_DIR=$target cargo test -q --profile adversary -p nexus --test adversary --no-run --message-format=json 2>"$tree/../log" |
    sed -n 's/.*"executable":"\([^"]*adversary[^"]*\)".*/\1/p' | tail -n 1)
  [ -n "$built" ] || { cat "$tree/../log"; echo "$name: does not build"; exit 1; }
  begun=$(date +%s)
  if NEXUS_SECONDS=60 RUST_BACKTRACE=0 "$built" adversary_finds_no_untrue_result --nocapture >"$tree/../out" 2>&1; then
    survivors="$survivors $name"
    echo "$name: SURVIVED"
  else
    killed=$((killed + 1))
    echo "$name: $(($(date +%s) - begun)) s: $(grep -A 2 '^seed ' "$tree/../out" | sed -n 3p | cut -c 1-150)"
  fi
  patch -s -R -p1 <"$root/tests/adversary/mutants/$name.patch"
done
echo "killed $killed of $all"
[ -z "$survivors" ] || { echo "survivors:$survivors"; exit 1; }
