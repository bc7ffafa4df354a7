"""The shared test cases of the widget, carried out in Chromium: its events in order, its navigations, its rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.support.ui import WebDriverWait
from support import PATIENCE, Sandbox, Widget, vectors

RULES = {
    "routing_number": "required digits length",
    "account_number": "required digits",
    "confirm_account_number": "required digits same",
    "first_name": "required",
    "last_name": "required",
    "email": "required email",
    "amount_1": "number min max",
    "amount_2": "number min max",
}


def act(widget: Widget, step: str) -> None:
    verb, _, rest = step.partition(" ")
    if verb == "type":
        name, _, text = rest.partition(" ")
        widget.type(**{name: text})
    else:
        {"press": widget.press, "choose": widget.choose, "look_for": widget.look_for}[verb](rest)


def told(event: dict[str, Any]) -> list[Any]:
    """Type and metadata, but for the two guids that all have."""
    metadata = dict(event["metadata"])
    if event["type"] != "mx/load":
        assert metadata.pop("user_guid").startswith("USR-")
        assert metadata.pop("session_guid").startswith("ANS-")
    assert event["mx"] is True and set(event) == {"metadata", "mx", "type", "origin"}
    return [event["type"], metadata]


@pytest.mark.parametrize("case", vectors("widget_events"), ids=lambda case: case["id"])
def test_events_in_order(case: dict[str, Any], started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started(case.get("policy"))
    guid = sandbox.brought_to(case["status"]) if case["status"] else None
    widget.frame(sandbox.widget_url(guid, **case.get("config", {})))
    for step in case["steps"]:
        act(widget, step)
    heard = widget.heard()
    found = json.dumps([told(event) for event in heard])
    for name, prefix in [("institution", "INS-"), ("member", "MBR-")]:
        known = {text for text in found.split('"') if text.startswith(prefix)}
        assert len(known) <= 1
        for text in known:
            found = found.replace(text, f"{{{name}}}")
    assert json.loads(found.replace(guid or "(none)", "{guid}")) == case["events"]
    assert all(event["origin"] == sandbox.url for event in heard)
    assert widget.view == case["view"]


@pytest.mark.logs("Not allowed to launch", "Failed to launch")
@pytest.mark.parametrize("case", vectors("widget_urls"), ids=lambda case: case["id"])
def test_navigations_character_for_character(case: dict[str, Any], sandbox: Sandbox, app: Widget) -> None:
    """The module that makes them, with a made-up sender, in the page of a real address."""
    app.open(sandbox.widget_url())
    script = """
        const [scheme, event, metadata, done] = arguments;
        import('/md/files/events.js').then(({ speaker }) => {
          const settings = { speaks: true, webview: true, scheme };
          speaker(settings, (type) => ({ type, lost() {} })).send(event, JSON.parse(metadata));
          done();
        });"""
    app.driver.get_log("performance")
    app.driver.execute_async_script(script, case["scheme"] or "mx", case["event"], json.dumps(case["metadata"]))
    assert navigations(app, 1) == [case["url"]]


def navigations(widget: Widget, count: int) -> list[str]:
    """The navigations that the page has asked for, once there are so many."""
    found: list[str] = []

    def enough(_: object) -> bool:
        for entry in widget.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Page.frameRequestedNavigation":
                found.append(message["params"]["url"])
        return len(found) >= count

    WebDriverWait(widget.driver, PATIENCE, 0.02).until(enough)
    return found


def test_every_rule(sandbox: Sandbox, widget: Widget) -> None:
    """All cases by the module; those of one view also through its fields."""
    widget.open(sandbox.widget_url(sandbox.brought_to("DEPOSITED")))
    script = """
        const [cases, done] = arguments;
        import('/md/files/rules.js').then(({ check }) => done(
          cases.map(([text, rules, account_number]) => check('It', text, rules, { account_number })?.rule ?? null)));"""
    cases = vectors("widget_rules")
    given = [[case["text"], RULES[case["field"]], case.get("repeat")] for case in cases]
    found = widget.driver.execute_async_script(script, given)
    assert found == [case["rule"] for case in cases]
    for case in cases:
        if case["field"] == "amount_1" and case["rule"]:
            widget.type(amount_1=case["text"], amount_2="0.09").press("continue-button")
            assert widget.wrong() == [case["rule"]], case["text"]
            assert widget.driver.switch_to.active_element.get_attribute("name") == "deposit_amount_1"


def test_the_fields_have_the_rules_of_the_cases(sandbox: Sandbox, widget: Widget) -> None:
    widget.open(sandbox.widget_url(sandbox.brought_to("DEPOSITED")))
    script = """return Object.fromEntries([...document.querySelectorAll('template')].flatMap((one) =>
        [...one.content.querySelectorAll('[data-rules]')].map((field) => [field.name.replace('deposit_', ''), field.dataset.rules])))"""
    found = widget.driver.execute_script(script)
    assert found == RULES
