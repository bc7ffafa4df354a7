#!/bin/sh
# Installs libnexus under a prefix: headers, both libraries, nexus.pc, and the CMake package.
#
#   bindings/c/install.sh PREFIX [LIBRARIES]
#
# LIBRARIES is the folder with the libraries, target/release by default (see `make libnexus`). DESTDIR is put in front of
# PREFIX for the copying, as packagers expect. A relative PREFIX is one in the present folder.
#
# On Linux, the static library shows its own functions only, so that it can be linked beside another one of Rust's. That takes
# `ld` and `objcopy`; without them it is installed as it is, and this says so.
set -eu
prefix=${1:?usage: install.sh PREFIX [LIBRARIES]}
case $prefix in
/*) ;;
*) prefix=$PWD/$prefix ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
libraries=${2:-$here/../../target/release}
to=${DESTDIR:-}$prefix
version=$(sed -n '/^\[workspace.package\]/,/^version/s/^version = "\(.*\)"/\1/p' "$here/../../Cargo.toml")
abi=$(sed -n 's/^#define NEXUS_ABI_VERSION \([0-9]*\)$/\1/p' "$here/include/nexus.h")

mkdir -p "$to/include/nexus" "$to/lib/pkgconfig" "$to/lib/cmake/Nexus"
cp "$here"/include/nexus.h "$here"/include/nexus.hpp "$to/include/"
cp "$here"/include/nexus/*.hpp "$to/include/nexus/"
cp "$here"/cmake/*.cmake "$to/lib/cmake/Nexus/"
sed -i.bak "s/@VERSION@/$version/" "$to/lib/cmake/Nexus/NexusConfigVersion.cmake"
rm "$to/lib/cmake/Nexus/NexusConfigVersion.cmake.bak"
mkdir -p "$to/share/nexus"
cp "$here"/valgrind.supp "$to/share/nexus/"
cp "$libraries/libnexus.a" "$to/lib/"

# Everything in one object, whose only names for others are the header's.
alone() {
    work=$(mktemp -d)
    sed -n 's/^NEXUS_API .*\(nexus_[a-z0-9_]*\)(.*/\1/p; s/^\(.* \**\)*\(nexus_[a-z0-9_]*\)(.*/\2/p' "$here/include/nexus.h" |
        sort -u >"$work/names"
    ld -r --force-group-allocation --whole-archive "$libraries/libnexus.a" -o "$work/all.o"
    objcopy --remove-section=.llvmbc --remove-section=.llvmcmd --keep-global-symbols="$work/names" \
        "$work/all.o" "$work/libnexus.o"
    rm -f "$to/lib/libnexus.a"
    ar rcs "$to/lib/libnexus.a" "$work/libnexus.o"
    rm -r "$work"
}

case $(uname -s) in
Darwin)
    system='-lSystem -lc -lm'
    cp "$libraries/libnexus.dylib" "$to/lib/libnexus.$abi.dylib"
    ln -sf "libnexus.$abi.dylib" "$to/lib/libnexus.dylib"
    ;;
*)
    if command -v ld >/dev/null && command -v objcopy >/dev/null; then
        alone
    else
        echo "install.sh: without ld and objcopy, libnexus.a cannot be linked beside another static library of Rust's" >&2
    fi
    # The static half of libgcc, which `-static` accepts too.
    system='-lgcc_eh -lutil -lrt -lpthread -lm -ldl -lc'
    cp "$libraries/libnexus.so" "$to/lib/libnexus.so.$version"
    ln -sf "libnexus.so.$version" "$to/lib/libnexus.so.$abi"
    ln -sf "libnexus.so.$abi" "$to/lib/libnexus.so"
    ;;
esac
sed -e "s|@PREFIX@|$prefix|" -e "s|@VERSION@|$version|" -e "s|@SYSTEM@|$system|" "$here/nexus.pc.in" \
    > "$to/lib/pkgconfig/nexus.pc"
