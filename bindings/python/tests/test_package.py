"""The package: the wheel holds the right files and needs no Rust; a source distribution builds one too."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import mx_nexus
from support import ROOT


def test_the_installed_package_has_the_version_needs_no_other_and_brings_the_pytest_plugin() -> None:
    installed = metadata.distribution("mx-nexus")
    assert installed.version == mx_nexus.__version__
    assert installed.metadata["Requires-Python"] == ">=3.10" and not installed.requires
    entry = {point.name: point.value for point in installed.entry_points}
    assert entry == {"mx_nexus": "mx_nexus.pytest_plugin"}


def test_importing_imports_little() -> None:
    program = "import sys; before = set(sys.modules); import mx_nexus; print(*sorted(set(sys.modules) - before))"
    out = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, timeout=60)
    if "ModuleNotFoundError" in out.stderr:  # an environment's own packages come by `site`
        out = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60)
    assert set(out.stdout.split()) <= {"__future__", "_xxsubinterpreters", "atexit", "mx_nexus", "mx_nexus._nexus", "mx_nexus.errors"}, out


def test_a_source_distribution_builds_the_same_wheel(tmp_path: Path) -> None:
    package = ROOT / "bindings" / "python"
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    # What both builds compile alike is compiled once.
    environment.setdefault("CARGO_TARGET_DIR", str(ROOT / "target"))

    def run(*command: str | Path) -> None:
        done = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, timeout=900)
        assert done.returncode == 0, done.stdout + done.stderr

    run("maturin", "sdist", "--out", tmp_path)
    (source,) = tmp_path.glob("mx_nexus-*.tar.gz")
    with tarfile.open(source) as archive:
        names = archive.getnames()
    assert any(name.endswith("/mx_nexus/_nexus.pyi") for name in names)
    assert not any("/target/" in name or name.endswith(".so") for name in names)
    arguments = ("--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-w", str(tmp_path))
    settings = "--config-settings=build-args=--profile dev"
    run(sys.executable, "-m", "pip", "wheel", *arguments, settings, source)
    (wheel,) = tmp_path.glob("*.whl")
    assert "cp310-abi3" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("mx_nexus/")}
        licences = {name.rsplit("/", 1)[1]: archive.read(name) for name in archive.namelist() if "/licenses/" in name}
    assert licences == {name: (ROOT / name).read_bytes() for name in ("LICENSE-MIT", "LICENSE-APACHE")}
    ours = {f"mx_nexus/{path.name}" for path in (package / "python" / "mx_nexus").iterdir() if path.is_file()}
    built = {name for name in held if name.startswith("mx_nexus/_nexus.") and not name.endswith(".pyi")}
    assert len(built) == 1 and held - built == {name for name in ours if not name.endswith((".so", ".pyd"))}
