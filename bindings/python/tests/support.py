"""What tests share: the place of the project, one person's account, the shared test cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
