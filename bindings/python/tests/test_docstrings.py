"""`docstrings.json` equals the built module's docstrings; the site's reference reads it without a build."""

from __future__ import annotations

import ast
import inspect
import json
import os
from operator import attrgetter

from mx_nexus import _nexus
from support import ROOT

PACKAGE = ROOT / "bindings" / "python"


def names(stub: str) -> list[str]:
    """What of a stub has a docstring: public classes, their members, functions."""
    out = []
    for node in ast.parse(stub).body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        out.append(node.name)
        if isinstance(node, ast.ClassDef):
            members = [one.name for one in node.body if isinstance(one, ast.FunctionDef)]
            out += [f"{node.name}.{one}" for one in dict.fromkeys(members) if not one.startswith("_")]
    return out


def test_the_docstrings_are_current() -> None:
    said = {}
    for name in names((PACKAGE / "python" / "mx_nexus" / "_nexus.pyi").read_text()):
        said[name] = inspect.getdoc(attrgetter(name)(_nexus)) or ""
    assert all(said.values()), [name for name, text in said.items() if not text]
    text = json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    file = PACKAGE / "docstrings.json"
    if "NEXUS_REWRITE" in os.environ:
        file.write_text(text)
    assert file.exists() and file.read_text() == text, "NEXUS_REWRITE=1 make test-python"
