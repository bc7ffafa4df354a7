"""Verdicts, assumptions and causes: their texts are the core's, and each assumption can be switched by its name."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta
from typing import Any

import pytest
from mx_nexus import Assumption, Assumptions, Client, Journal, TransportCause, Verdict, _nexus, errors


@pytest.mark.parametrize("words", [Verdict, Assumption, TransportCause])
def test_the_members_are_those_of_the_core(words: Any) -> None:
    known = _nexus.words_of(words.__name__)
    assert [name for _, name, _ in known] == [member.value for member in words]
    for member, (number, name, text) in zip(words, known, strict=True):
        assert member == name == str(member) == f"{member}" == "%s" % member and member.name == name.upper()
        assert member.number == number and words(name) is member and text
        assert (member.advice if words is Verdict else member.text) == text
        assert pickle.loads(pickle.dumps(member)) is member and copy.deepcopy(member) is member


def test_only_pending_forbids_asking() -> None:
    assert [verdict for verdict in Verdict if "Do not ask the person" in verdict.advice] == [Verdict.PENDING]


def test_assumptions_have_the_careful_defaults() -> None:
    own = Assumptions()
    assert own.refusals == {400, 403, 404, 413, 415, 422, 429}
    assert (own.updated_at_shows_denial, own.judged_within) == (True, 18.0)
    assert (own.lists_show_all, own.server_grace) == (True, 120.0)
    assert own == Assumptions(judged_within=timedelta(seconds=18)) and hash(own) == hash(Assumptions())
    none = Assumptions.none()
    assert none == Assumptions(
        refusals=(), updated_at_shows_denial=False, judged_within=None, lists_show_all=False, server_grace=None
    )
    assert none != own and (none.refusals, none.judged_within, none.server_grace) == (frozenset(), None, None)
    assert eval(repr(own)) == own and eval(repr(Assumptions(refusals={404}))).refusals == {404}


def test_assumptions_are_frozen_and_checked() -> None:
    with pytest.raises(AttributeError):
        Assumptions().lists_show_all = False  # type: ignore[misc]
    with pytest.raises(errors.InvalidInput) as refused:
        Assumptions(refusals={404, 409})
    assert refused.value.field == "refusals"
    with pytest.raises(errors.InvalidInput) as negative:
        Assumptions(judged_within=-1)
    assert negative.value.field == "judged_within"
    wrong: Any = "soon"
    with pytest.raises(TypeError):
        Assumptions(server_grace=wrong)


def test_a_key_and_a_journal_go_together(client: Client) -> None:
    with pytest.raises(errors.InvalidInput) as alone:
        client.verify("MIC-1", "0.01", "0.02", key="a")
    assert alone.value.field == "journal"
    wrong: Any = "a path"
    with pytest.raises(TypeError):
        client.verify("MIC-1", "0.01", "0.02", key="a", journal=wrong)
    assert Journal.__doc__
