"""Shared by the tests: the project's folder, one person's account, the shared test cases."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[3]

JOSH = {
    "first_name": "Josh",
    "last_name": "James",
    "email": "example@example.com",
    "routing_number": "091000019",
    "account_number": "333312345",
    "account_type": "checking",
}


def vectors(group: str) -> list[dict[str, Any]]:
    """The shared test cases of one file."""
    file = json.loads((ROOT / "tests" / "vectors" / f"{group}.json").read_text())
    assert file["group"] == group
    assert file["vectors"], "a file without cases tests nothing"
    return list(file["vectors"])


def missing(what: str, command: str) -> NoReturn:
    """Skips, and says what is missing and how to get it; fails where nothing may be skipped (NEXUS_SKIP_NOTHING=1)."""
    words = f"{what} is not installed; get it by: {command}"
    if os.environ.get("NEXUS_SKIP_NOTHING"):
        pytest.fail(f"not to be skipped here: {words}")
    pytest.skip(words)


def library(name: str) -> Any:
    """A library that this package works with and does not need."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        missing(name, f"{Path(sys.executable).parent / 'pip'} install -r bindings/python/tests/requirements.txt")


def program(name: str, command: str) -> str:
    """A program on the path, or beside this Python."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    return found if found is not None else missing(name, command)
