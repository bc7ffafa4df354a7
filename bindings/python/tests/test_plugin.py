"""The fixtures for users' tests, and the README's test with them."""

from __future__ import annotations

import re

import pytest
from support import ROOT

pytest_plugins = ["pytester"]


def test_the_life_of_21_days_in_the_readme(pytester: pytest.Pytester) -> None:
    readme = (ROOT / "bindings" / "python" / "README.md").read_text()
    blocks = [block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "def test_" in block]
    assert len(blocks) == 1
    lines = [line for line in blocks[0].splitlines() if line.strip() and not line.startswith(("import", "from"))]
    assert len(lines) <= 10, "ten lines"
    pytester.makepyfile(blocks[0])
    pytester.runpytest_subprocess("-q", "-W", "error").assert_outcomes(passed=1)


def test_each_test_has_a_sandbox_of_its_own_and_options_by_marker(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        PERSON = {"first_name": "a", "last_name": "b", "email": "c@d.ef"}

        @pytest.mark.parametrize("turn", [1, 2])
        def test_alone(nexus_client, turn):
            nexus_client.preinitiate(**PERSON)
            assert len(nexus_client.list()) == 1

        @pytest.mark.nexus_sandbox(profile="production", seed=7)
        def test_marked(nexus_sandbox):
            assert nexus_sandbox.state["profile"] == "production"
            assert nexus_sandbox.state["seed"] == 7
        """
    )
    pytester.runpytest_subprocess("-q", "-W", "error", "--strict-markers").assert_outcomes(passed=3)


def test_a_client_for_asyncio(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio

        def test_asyncio(nexus_async_client):
            assert len(asyncio.run(nexus_async_client.list())) == 0
        """
    )
    pytester.runpytest_subprocess("-q", "-W", "error").assert_outcomes(passed=1)


def test_options_by_position_are_refused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.nexus_sandbox("production")
        def test_marked(nexus_sandbox):
            pass
        """
    )
    told = pytester.runpytest_subprocess("-q", "-W", "error")
    told.assert_outcomes(errors=1)
    told.stdout.fnmatch_lines(["*options by name*"])


def test_what_is_missing_is_named_and_fails_where_nothing_may_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    import support

    monkeypatch.delenv("NEXUS_SKIP_NOTHING", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no_such_library is not installed; get it by: .*pip install -r"):
        support.library("no_such_library")
    monkeypatch.setenv("NEXUS_SKIP_NOTHING", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed; get it by: make it"):
        support.program("no-such-program", "make it")
