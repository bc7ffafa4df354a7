#!/bin/sh
# Installs libnexus under a prefix: headers, both libraries, nexus.pc, and the CMake package.
#
#   bindings/c/install.sh PREFIX [LIBRARIES]
#
# LIBRARIES is the folder with the libraries, target/release by default (see `make libnexus`). DESTDIR is put in front of
# PREFIX for the copying, as packagers expect.
set -eu
prefix=${1:?usage: install.sh PREFIX [LIBRARIES]}
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
cp "$libraries/libnexus.a" "$to/lib/"
case $(uname -s) in
Darwin)
    system='-lSystem -lc -lm'
    cp "$libraries/libnexus.dylib" "$to/lib/libnexus.$abi.dylib"
    ln -sf "libnexus.$abi.dylib" "$to/lib/libnexus.dylib"
    ;;
*)
    system='-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc'
    cp "$libraries/libnexus.so" "$to/lib/libnexus.so.$version"
    ln -sf "libnexus.so.$version" "$to/lib/libnexus.so.$abi"
    ln -sf "libnexus.so.$abi" "$to/lib/libnexus.so"
    ;;
esac
sed -e "s|@PREFIX@|$prefix|" -e "s|@VERSION@|$version|" -e "s|@SYSTEM@|$system|" "$here/nexus.pc.in" \
    > "$to/lib/pkgconfig/nexus.pc"
