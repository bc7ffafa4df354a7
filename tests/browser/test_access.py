"""Everybody can use it: axe on every view in every scheme, the keyboard alone, small windows, no motion where none is wanted."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from support import Sandbox, Widget

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


@pytest.fixture(scope="session")
def axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found and found.submodule_search_locations, "make browser installs it"
    return next(Path(found.submodule_search_locations[0]).rglob("axe.min.js")).read_text()


@pytest.fixture
def small(driver: Chrome) -> Iterator[Chrome]:
    """A window of 320 by 550, as the SDK's frame is."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 320, "height": 550, "deviceScaleFactor": 1, "mobile": False})
    yield driver
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def emulate(driver: Chrome, **features: str) -> None:
    given = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": given})


def findings(driver: Chrome, axe: str, **off: bool) -> list[str]:
    driver.execute_script(f"if (!window.axe) {{ {axe} }}")
    rules = {**RULES, "rules": {name.replace("_", "-"): {"enabled": enabled} for name, enabled in off.items()}}
    result: dict[str, Any] = driver.execute_async_script("axe.run(document, arguments[0]).then(arguments[1])", rules)
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in result["violations"]]


def every_view(sandbox: Callable[..., Sandbox], widget: Widget, **options: Any) -> Iterator[str]:
    """Goes to each view, with and without errors, and gives its name there."""
    slow = sandbox({"verification": {"after_seconds": 60}})
    box = sandbox({"widget_checks_routing": False})
    widget.open(box.widget_url(**options))
    yield "search"
    widget.look_for("No such bank")
    yield "search, nothing found"
    widget.press("connect-account-numbers")
    yield "routingNumber"
    widget.press("continue-button")
    yield "routingNumber, wrong"
    widget.type(routing_number="123456780").press("continue-button")
    yield "sharedRoutingNumber"
    widget.press("enter-account-number")
    yield "howItWorks"
    widget.press("continue-button")
    yield "accountInfo"
    widget.press("continue-button")
    yield "accountInfo, wrong"
    widget.type(account_number="333312345", confirm_account_number="333312345").press("continue-button")
    yield "personalInfo"
    widget.press("continue-button")
    yield "personalInfo, wrong"
    widget.type(first_name="Maria", last_name="Stone", email="maria.with.a.long.name@example.com").press("continue-button")
    yield "confirmDetails"
    widget.press("confirm-button")
    yield "comeBack"
    for status, name in [("DEPOSITED", "verifyDeposits"), ("VERIFIED", "verified"), ("PREVENTED", "errors"), ("ERRORED", "errors")]:
        box.admin("reset", {})
        widget.open(box.widget_url(box.brought_to(status), **options))
        yield name
        if status == "DEPOSITED":
            widget.press("continue-button")
            yield "verifyDeposits, wrong"
            widget.amounts("0.02", "0.02")
            yield "verifyDeposits, denied"
    widget.open(box.widget_url(**options)).choose("First Example Bank (IAV)")
    yield "enterCreds"
    widget.press("pretend-sign-in")
    yield "connected"
    widget.open(slow.widget_url(slow.brought_to("DEPOSITED"), **options)).amounts("0.09", "0.09")
    yield "verifying"
    widget.open(box.widget_url(mode="aggregation"))
    yield "modeNotEnabled"
    guid = box.made(email="gone@example.com")
    url = box.widget_url(guid)
    box.admin(f"events/{guid}", {"event": "iav_chosen"})
    widget.open(url)
    yield "missing"
    widget.open(box.url + "/md/connect/x")
    yield "gone"
    url = box.widget_url(box.made(email="stopped@example.com"), **options)
    widget.open(url).look_for("No such bank").press("connect-account-numbers")
    box.admin("reset", {})
    widget.type(routing_number="091000019").press("continue-button")
    yield "unknown"


@pytest.mark.logs("401", "404")
@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
def test_axe_finds_nothing_in_any_view(scheme: str, started: Callable[..., Sandbox], widget: Widget, small: Chrome, axe: str) -> None:
    if scheme == "forced":
        emulate(small, forced_colors="active", prefers_color_scheme="dark")
    seen = []
    for view in every_view(started, widget, color_scheme="dark" if scheme == "dark" else "light"):
        assert widget.view == view.split(",")[0]
        # Forced colours are the system's: axe compares those of the page, which nobody sees then.
        assert findings(small, axe, **({"color_contrast": False} if scheme == "forced" else {})) == [], view
        width = small.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], f"{view} is wider than its window"
        assert small.execute_script("return document.querySelectorAll('h1').length") == 1
        assert "Imitation by the Nexus sandbox, not MX" in widget.find("footer").text
        seen.append(view)
    assert len(seen) == 25


def test_axe_would_find_something(sandbox: Sandbox, widget: Widget, small: Chrome, axe: str) -> None:
    widget.open(sandbox.widget_url())
    small.execute_script("document.querySelector('label').remove()")
    assert any(one.startswith("label") for one in findings(small, axe))


def test_the_frame_of_a_host_and_a_wide_window(sandbox: Sandbox, widget: Widget, axe: str) -> None:
    guid = sandbox.brought_to("DEPOSITED")
    widget.frame(sandbox.widget_url(guid))
    assert findings(widget.driver, axe) == []
    widget.open(sandbox.widget_url(guid))
    assert findings(widget.driver, axe) == []


def test_schemes(sandbox: Sandbox, widget: Widget, small: Chrome) -> None:
    shade = "return getComputedStyle(document.body).backgroundColor"
    for scheme, preferred, dark in [("light", "dark", False), ("dark", "light", True), ("browser", "dark", True), ("browser", "light", False)]:
        emulate(small, prefers_color_scheme=preferred)
        widget.open(sandbox.widget_url(color_scheme=scheme))
        assert (small.execute_script(shade) != "rgb(255, 255, 255)") == dark, (scheme, preferred)


def test_nothing_turns_where_no_motion_is_wanted(started: Callable[..., Sandbox], widget: Widget, small: Chrome) -> None:
    sandbox = started({"verification": {"after_seconds": 60}})
    emulate(small, prefers_reduced_motion="reduce")
    widget.open(sandbox.widget_url(sandbox.brought_to("DEPOSITED"))).amounts("0.09", "0.09")
    turning = "return getComputedStyle(document.querySelector('.spinner'), '::before').animationName"
    assert small.execute_script(turning) == "none"


def test_the_whole_way_by_the_keyboard_alone(sandbox: Sandbox, widget: Widget, small: Chrome) -> None:
    """Tab, Enter, arrows and letters, as a person does it who has no mouse; the focus is always to be seen."""
    guid = sandbox.made()

    def focus() -> dict[str, str]:
        told: dict[str, str] = small.execute_script(
            "const on = document.activeElement; return {name: on.dataset.test || on.textContent, tag: on.tagName, ring: getComputedStyle(on).outlineStyle}"
        )
        return told

    def keys(*given: str) -> None:
        ActionChains(small).send_keys(*given).perform()

    def tab_to(name: str) -> None:
        for _ in range(12):
            keys(Keys.TAB)
            if focus()["name"] == name:
                assert focus()["ring"] != "none", name
                return
        raise AssertionError(f"no way to {name} from {focus()}")

    def enter(times: int = 1) -> None:
        widget.after(lambda: keys(Keys.ENTER), times)
        assert focus()["tag"] in ("H1", "INPUT"), "each view begins at its heading, or the field that is wrong"

    widget.open(sandbox.widget_url(guid))
    tab_to("search-input")
    widget.after(lambda: keys("z"))
    tab_to("connect-account-numbers")
    enter()
    tab_to("routing-number-input")
    keys("09100001")
    enter()
    assert (focus()["name"], widget.wrong()) == ("routing-number-input", ["length"])
    keys(Keys.END, "9")
    enter()
    tab_to("continue-button")
    enter()
    tab_to("")  # the radio button
    keys(Keys.ARROW_DOWN)
    tab_to("account-number-input")
    keys("333312345")
    tab_to("confirm-account-number-input")
    keys("333312345")
    enter()
    tab_to("confirm-button")
    enter()
    tab_to("done-button")
    enter()
    assert sandbox.read(guid)[1]["micro_deposit"]["account_type_name"] == "SAVINGS"
    sandbox.admin("advance", {"seconds": 120})
    widget.open(sandbox.widget_url(guid))
    first, second = sandbox.statement(guid)
    tab_to("amount-1-input")
    keys(first)
    tab_to("amount-2-input")
    keys(second)
    enter()
    assert (widget.view, sandbox.status(guid)) == ("verified", "VERIFIED")


def test_errors_are_tied_to_their_fields_and_spoken(sandbox: Sandbox, widget: Widget) -> None:
    widget.open(sandbox.widget_url(sandbox.brought_to("DEPOSITED"))).press("continue-button")
    for number in (1, 2):
        field = widget.part(f"amount-{number}-input")
        assert field.get_attribute("aria-invalid") == "true"
        assert widget.find(f"#{field.get_attribute('aria-describedby')}").text == f"Amount {number} needs a number such as 0.05."
    summary = widget.find(f"#{widget.find('form').get_attribute('aria-describedby')}").text
    spoken = widget.driver.execute_script("const on = document.querySelector('#spoken'); return [on.getAttribute('aria-live'), on.textContent]")
    assert spoken == ["assertive", summary]
    assert "Amount 1" in summary and "Amount 2" in summary
    widget.amounts("0.09", "0.05")
    assert "incorrect" in widget.driver.execute_script("return document.querySelector('#spoken').textContent")
