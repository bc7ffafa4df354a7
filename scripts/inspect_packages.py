"""Checks every package of a folder: required files, forbidden files, and the licence texts."""

from __future__ import annotations

import email
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LICENCES = ("LICENSE-APACHE", "LICENSE-MIT")
HEADERS = {f"include/{path.relative_to(ROOT / 'bindings/c/include').as_posix()}"
           for path in (ROOT / "bindings/c/include").rglob("*.h*")}
EXPECTED = {
    "nexus-http": {"FAILURES.md"},
    "nexus-sandbox": {"openapi.json"},
    "nexus-ffi": {"build.rs", "cmake/NexusConfig.cmake", *HEADERS},
}


def files(package: Path) -> dict[str, bytes]:
    """Contents by name, without the folder that everything in a .crate or .tar.gz lies in."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(package) as archive:
        held = {}
        for member in archive.getmembers():
            content = archive.extractfile(member) if member.isfile() else None
            held[member.name.split("/", 1)[-1]] = content.read() if content else b""
        return held


def faults(package: Path) -> list[str]:
    held = files(package)
    found = []
    if package.suffix == ".whl":
        (info,) = {name.split("/")[0] for name in held if name.split("/")[0].endswith(".dist-info")}
        expected = {"mx_nexus/py.typed", "mx_nexus/_nexus.pyi", f"{info}/METADATA", f"{info}/entry_points.txt"}
        licences = {name: f"{info}/licenses/{name}" for name in LICENCES}
        metadata = email.message_from_bytes(held[f"{info}/METADATA"])
        if metadata["License-Expression"] != "MIT OR Apache-2.0" or not metadata.get_all("Project-URL"):
            found.append("METADATA lacks the licence or an address")
        libraries = [name for name in held if name.startswith("mx_nexus/_nexus.") and not name.endswith(".pyi")]
        if len(libraries) != 1 or "-cp310-abi3-" not in package.name:
            found.append(f"not one extension module for every CPython: {libraries}")
        strangers = [name for name in held if not name.startswith(("mx_nexus/", f"{info}/"))]
    else:
        name = package.name.rsplit("-", 1)[0]
        expected = {"Cargo.toml", "Cargo.lock", "README.md", *EXPECTED.get(name, set())}
        if name == "mx_nexus":
            expected |= {"PKG-INFO", "pyproject.toml", "python/mx_nexus/py.typed", "python/mx_nexus/_nexus.pyi"}
        licences = {name: name for name in LICENCES}
        strangers = [name for name in held if "tests/" in name.split("src/")[0] or "/target/" in name]
    found += [f"lacks {name}" for name in sorted((expected | set(licences.values())) - held.keys())]
    found += [f"has {name}, which nobody needs" for name in strangers]
    found += [f"{place} is not the licence" for name, place in licences.items()
              if place in held and held[place] != (ROOT / name).read_bytes()]
    print(f"{package.name}: {len(held)} files, {package.stat().st_size:,} bytes{'' if found else ', as it should be'}")
    if package.suffix == ".whl":
        print("\n".join(f"  {name}" for name in sorted(held)))
    return [f"{package.name}: {fault}" for fault in found]


def main(folder: Path) -> int:
    packages = sorted([*folder.glob("*.crate"), *folder.glob("*.whl"), *folder.glob("*.tar.gz")])
    found = [fault for package in packages for fault in faults(package)]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found or not packages else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
