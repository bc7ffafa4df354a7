"""Checks that every manifest, lock, package and the changelog have one version. `manifests.py VERSION` requires that version."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CRATES = ["nexus-types", "nexus-http", "nexus-sandbox", "nexus-ffi", "mx-nexus"]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def one(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def disagreements() -> list[str]:
    workspace, lock, changelog = read("Cargo.toml"), read("Cargo.lock"), read("CHANGELOG.md")
    version = one(r'^\[workspace\.package\]\nversion = "([^"]+)"', workspace)
    found = [] if version else ["Cargo.toml: [workspace.package] names no version"]

    def hold(where: str, is_so: bool, what: str) -> None:
        if not is_so:
            found.append(f"{where}: {what}")

    for name in CRATES:
        manifest = read(f"crates/{name}/Cargo.toml")
        hold(f"crates/{name}/Cargo.toml", "\nversion.workspace = true\n" in manifest, "has a version of its own")
        hold(f"crates/{name}/Cargo.toml", not re.search(r"^publish\b", manifest, re.MULTILINE), "cannot be published")
        for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
            hold(f"crates/{name}/{licence}", read(f"crates/{name}/{licence}") == read(licence), "is another text")
        for needed in re.findall(rf'^{name} = .*path = .*$', workspace, re.MULTILINE):
            hold("Cargo.toml", f'version = "{version}"' in needed, f"needs another version: {needed}")
    for path in ("Cargo.toml", "fuzz/Cargo.toml", "bindings/python/Cargo.toml"):
        hold(path, "\npublish = false\n" in read(path), "could be published")
    for name in [*CRATES, "nexus", "nexus-fuzz", "nexus-python"]:
        locked = one(rf'^name = "{name}"\nversion = "([^"]+)"', lock)
        hold("Cargo.lock", locked == version, f"{name} is {locked or 'absent'}")
    python = read("bindings/python/pyproject.toml")
    hold("bindings/python/pyproject.toml", bool(re.search(r'^dynamic = \[.*"version"', python, re.MULTILINE)), "has a version of its own")
    for path in ("bindings/c/nexus.pc.in", "bindings/c/cmake/NexusConfigVersion.cmake"):
        hold(path, "@VERSION@" in read(path), "has a version of its own")
    abi = one(r"^#define NEXUS_ABI_VERSION (\d+)$", read("bindings/c/include/nexus.h"))
    capi = one(r'^\[package\.metadata\.capi\.library\].*?^version = "(\d+)\.', read("crates/nexus-ffi/Cargo.toml"))
    hold("crates/nexus-ffi/Cargo.toml", abi == capi != "", f"cargo-c's ABI is {capi}, the header's {abi}")
    hold(f"bindings/c/abi/{abi}.txt", (ROOT / f"bindings/c/abi/{abi}.txt").exists(), "is absent")
    headings = re.findall(r"^## (.*)$", changelog, re.MULTILINE)
    hold("CHANGELOG.md", headings[:1] == ["[Unreleased]"], "does not begin with [Unreleased]")
    for heading in headings[1:]:
        hold("CHANGELOG.md", bool(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading)), f"{heading} has no version or date")
    return found


def not_yet(version: str) -> list[str]:
    """What stands in the way of a release of this very version."""
    found = []
    workspace = read("Cargo.toml")
    if f'[workspace.package]\nversion = "{version}"\n' not in workspace:
        found.append(f"Cargo.toml: the version is not {version}")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d{{2}}-\d{{2}}$", read("CHANGELOG.md"), re.MULTILINE):
        found.append(f"CHANGELOG.md: no dated section for {version}")
    if re.search(r"^repository = .*# placeholder$", workspace, re.MULTILINE):
        found.append("Cargo.toml: the repository's address is a placeholder")
    pages = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("crates/*/README.md")),
             "bindings/c/README.md", "bindings/python/README.md"]
    found += [f"{page}: says that it is not yet published" for page in pages if "not yet published" in read(page)]
    return found


if __name__ == "__main__":
    found = disagreements() + (not_yet(sys.argv[1]) if len(sys.argv) > 1 else [])
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
