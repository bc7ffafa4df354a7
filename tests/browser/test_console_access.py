"""Everybody can use the console: axe on every screen, full and empty, in every scheme, at 320 pixels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from console import Console
from selenium.webdriver import Chrome
from support import ACCOUNT, Sandbox
from test_access import axe, emulate, findings

__all__ = ["axe"]
SIZES = {"wide": (1280, 800), "small": (320, 640)}


@pytest.fixture(params=SIZES)
def sized(driver: Chrome, request: pytest.FixtureRequest) -> Iterator[Chrome]:
    width, height = SIZES[request.param]
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    yield driver
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def filled(sandbox: Sandbox) -> str:
    """Something on every screen."""
    guid = sandbox.brought_to("DENIED")
    sandbox.brought_to("CONFLICTED")
    sandbox.made()
    sandbox.admin("webhooks", {"url": sandbox.url + "/_sandbox/receiver?respond=500"})
    sandbox.made(**{**ACCOUNT, "account_number": "5555123456"})
    sandbox.admin("advance", {"seconds": 600})
    sandbox.admin("faults", {"effect": "status", "status": 503, "operation": "verify"})
    sandbox.admin("tenants", {"name": "worker-1"})
    sandbox.ask("GET", "/nowhere")
    return guid


@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
def test_axe_finds_nothing_on_any_screen(scheme: str, console: Console, sandbox: Sandbox, sized: Chrome, axe: str) -> None:
    dark = "dark" if scheme == "dark" else "light"
    emulate(sized, prefers_color_scheme=dark, **({"forced_colors": "active"} if scheme == "forced" else {}))
    console.open()
    names = [link.get_attribute("hash").removeprefix("#/") for link in console.all("nav a")]
    assert len(names) >= 5
    for full in (False, True):
        if full:
            guid = filled(sandbox)
            console.follow()
        for name in names:
            console.go(name)
            settled(console, name)
            check(console, axe, scheme, f"{name}, {'full' if full else 'empty'}")
        if full:
            console.go("microdeposits", guid).until(lambda: console.find("svg"))
            for fold in console.all("#detail summary"):
                fold.click()
            check(console, axe, scheme, "detail")
            console.go("webhooks").find("#sent summary").click()
            check(console, axe, scheme, "a delivery")
            console.press("Edit and send")
            check(console, axe, scheme, "dialog")
            console.press("Cancel", "dialog").press("? keys").until(lambda: console.find("dialog").is_displayed())
            check(console, axe, scheme, "keys")
            console.press("Cancel", "dialog")


def settled(console: Console, name: str) -> None:
    """What a screen reads for itself has come."""
    waits = {"scenarios": "#stories button", "faults": "#forms button", "state": "#tenants a, main dt", "requests": "h1", "webhooks": "h1"}
    console.until(lambda: console.find(waits.get(name, "main h1")))


def check(console: Console, axe: str, scheme: str, where: str) -> None:
    # Forced colours are the system's: axe compares those of the page, which nobody sees then.
    found = findings(console.driver, axe, **({"color_contrast": False} if scheme == "forced" else {}))
    assert found == [], where
    width = console.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], f"{where} is wider than its window"


def test_the_live_region_speaks_at_most_once_a_second(driver: Chrome, console: Console, sandbox: Sandbox) -> None:
    console.open()
    script = "window.spoken = []; new MutationObserver(() => spoken.push(performance.now())).observe(document.querySelector('#spoken'), {childList: true})"
    driver.execute_script(script)
    sandbox.made(**ACCOUNT)
    for seconds in (1, 119, 60, 60):
        console.follow()
        sandbox.admin("advance", {"seconds": seconds})
    console.follow().until(lambda: "is DEPOSITED" in driver.execute_script("return document.querySelector('#spoken').textContent"))
    times = driver.execute_script("return spoken")
    assert all(later - earlier >= 990 for earlier, later in zip(times, times[1:], strict=False))


def test_nothing_flashes_where_no_motion_is_wanted(driver: Chrome, console: Console, sandbox: Sandbox) -> None:
    emulate(driver, prefers_reduced_motion="reduce")
    sandbox.made(**ACCOUNT)
    console.open()
    sandbox.admin("advance", {"seconds": 120})
    console.follow()
    names = driver.execute_script("return [...document.querySelectorAll('tbody tr')].map(row => [row.className, getComputedStyle(row).animationName])")
    assert names == [["fresh", "none"]]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
