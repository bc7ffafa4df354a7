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


SHARED = """
    import pytest

    PERSON = {"first_name": "a", "last_name": "b", "email": "c@d.ef"}

    @pytest.mark.parametrize("turn", [1, 2])
    def test_shared(nexus_client, nexus_sandbox, turn):
        nexus_client.preinitiate(**PERSON)
        print("seen", len(nexus_client.list()), nexus_sandbox.state["profile"])
"""


@pytest.mark.parametrize(
    ("scope", "seen"),
    [("function", "1 1 1 1"), ("class", "1 1 1 1"), ("module", "1 2 1 2"), ("package", "1 2 3 4"), ("session", "1 2 3 4")],
)
def test_wider_scopes(pytester: pytest.Pytester, scope: str, seen: str) -> None:
    pytester.makeini(f"[pytest]\nnexus_sandbox_scope = {scope}")
    pytester.makepyfile(test_one=SHARED, test_two=SHARED)
    told = pytester.runpytest_subprocess("-q", "-s", "-W", "error")
    told.assert_outcomes(passed=4)
    assert " ".join(re.findall(r"seen (\d+) integration", str(told.stdout))) == seen


def test_a_class_shares_one_and_its_marker_gives_the_options(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nnexus_sandbox_scope = class")
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.nexus_sandbox(profile="production")
        class TestShared:
            def test_first(self, nexus_client):
                nexus_client.preinitiate(first_name="a", last_name="b", email="c@d.ef")

            def test_second(self, nexus_client, nexus_sandbox):
                assert len(nexus_client.list()) == 1 and nexus_sandbox.state["profile"] == "production"

        @pytest.mark.nexus_sandbox(seed=7)
        def test_of_no_class(nexus_client, nexus_sandbox):
            assert len(nexus_client.list()) == 0 and nexus_sandbox.state["seed"] == 7
        """
    )
    pytester.runpytest_subprocess("-q", "-W", "error", "--strict-markers").assert_outcomes(passed=3)


def test_a_marker_that_a_shared_sandbox_would_not_heed_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nnexus_sandbox_scope = module")
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.nexus_sandbox(seed=7)

        def test_of_the_module(nexus_sandbox):
            assert nexus_sandbox.state["seed"] == 7

        @pytest.mark.nexus_sandbox(seed=8)
        def test_marked(nexus_sandbox):
            pass
        """
    )
    told = pytester.runpytest_subprocess("-q", "-W", "error")
    told.assert_outcomes(passed=1, errors=1)
    told.stdout.fnmatch_lines(["*nexus_sandbox_scope is module, so a marker of the module has to give*"])


def test_options_for_a_whole_run(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nnexus_sandbox_scope = session")
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def nexus_sandbox_options():
            return {"profile": "production"}
        """
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="session")
        def record(nexus_client):  # a fixture as wide as the client
            return nexus_client.preinitiate(first_name="a", last_name="b", email="c@d.ef")

        def test_wide(nexus_sandbox, nexus_client, record):
            assert nexus_sandbox.state["profile"] == "production" and len(nexus_client.list()) == 1
            nexus_sandbox.reset()
            assert len(nexus_client.list()) == 0

        def test_asyncio(nexus_async_client):
            import asyncio

            assert len(asyncio.run(nexus_async_client.list())) == 0

        @pytest.mark.nexus_sandbox(seed=8)
        def test_marked():
            pass
        """
    )
    told = pytester.runpytest_subprocess("-q", "-W", "error")
    told.assert_outcomes(passed=2, errors=1)
    told.stdout.fnmatch_lines(["*so the fixture nexus_sandbox_options has to give*"])


def test_a_scope_that_there_is_not_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nnexus_sandbox_scope = planet")
    told = pytester.runpytest_subprocess("-q")
    assert told.ret == pytest.ExitCode.USAGE_ERROR
    told.stderr.fnmatch_lines(["*nexus_sandbox_scope: 'planet' is none of function, class, module, package, session"])


def test_what_is_missing_is_named_and_fails_where_nothing_may_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    import support

    monkeypatch.delenv("NEXUS_SKIP_NOTHING", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no_such_library is not installed; get it by: .*pip install -r"):
        support.library("no_such_library")
    monkeypatch.setenv("NEXUS_SKIP_NOTHING", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed; get it by: make it"):
        support.program("no-such-program", "make it")
