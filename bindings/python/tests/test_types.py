"""Types: the stubs match the module, the package and the examples pass mypy --strict, everything has a docstring."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import mx_nexus
from mx_nexus import _nexus, aio, errors, flows, pytest_plugin, sandbox, status, verdict
from support import ROOT, program

PACKAGE = ROOT / "bindings" / "python"


def run(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_stubs_are_those_of_the_module() -> None:
    run(sys.executable, "-m", "mypy.stubtest", "mx_nexus", "--concise")


def test_mypy_strict() -> None:
    run(sys.executable, "-m", "mypy")


def test_pyright_strict() -> None:
    pyright = program("pyright", f"{sys.executable} -m pip install 'pyright[nodejs]'")
    run(pyright, "--pythonpath", sys.executable)


def test_everything_public_is_documented() -> None:
    for module in (mx_nexus, aio, errors, flows, sandbox, status, pytest_plugin, verdict):
        assert module.__doc__
        for name, value in vars(module).items():
            ours = (getattr(value, "__module__", "") or "").startswith("mx_nexus")
            if name.startswith("_") or not ours or not (inspect.isclass(value) or inspect.isroutine(value)):
                continue
            assert value.__doc__, f"{module.__name__}.{name}"
            if inspect.isclass(value):
                for member, inner in vars(value).items():
                    if not member.startswith("_") and (callable(inner) or inspect.isdatadescriptor(inner)):
                        assert inner.__doc__, f"{name}.{member}"


def test_options_of_both_clients_are_the_same() -> None:
    parameters = inspect.signature(mx_nexus.Client).parameters
    assert ["base_url", *aio.ClientOptions.__annotations__] == list(parameters)
    for name, method in vars(mx_nexus.AsyncClient).items():
        if inspect.iscoroutinefunction(method) and not name.startswith("_") and name != "aclose":
            blocking = inspect.signature(getattr(mx_nexus.Client, name)).parameters
            own = inspect.signature(method).parameters
            assert list(map(str, own)) == list(map(str, blocking))
            for parameter in list(own)[1:]:
                assert own[parameter].default == blocking[parameter].default
                assert own[parameter].kind == blocking[parameter].kind


def test_defaults_that_the_words_name_are_those_of_the_code() -> None:
    source = (ROOT / "crates" / "nexus-http" / "src" / "limits.rs").read_text()
    defaults = dict(re.findall(r"(\w+): Duration::from_secs\((\d+)\)", source))
    words = mx_nexus.Client.__doc__ or ""
    for option, limit in (("attempt_timeout", "attempt"), ("connect_timeout", "connect"), ("reconcile_timeout", "reconcile")):
        assert re.search(rf"{option}: [^;.]*\({defaults[limit]} s[,)]", words.replace("\n", " ")), option
    assert f"timeout: a call in all ({defaults['call']} s)" in words


def test_the_version_is_the_workspaces() -> None:
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    assert mx_nexus.__version__ == manifest["workspace"]["package"]["version"]


def test_no_unsafe_code_of_our_own() -> None:
    sources = list((PACKAGE / "src").glob("*.rs"))
    assert sources
    for source in sources:
        assert not re.search(r"\bunsafe\b", source.read_text()), source


def test_what_is_exported_is_there() -> None:
    assert all(hasattr(mx_nexus, name) for name in mx_nexus.__all__)
    public = {name for name in vars(_nexus) if not name.startswith("_") and inspect.isclass(getattr(_nexus, name))}
    assert public <= {*mx_nexus.__all__, *flows.__all__}
    for name in flows.__all__:
        assert getattr(flows, name).__module__ == "mx_nexus.flows", name
    assert set(mx_nexus.__all__) <= set(dir(mx_nexus))
