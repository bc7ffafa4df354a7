"""The ways through the widget: what a person sees and does, and what the world makes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selenium.webdriver import Chrome as WebDriver
from selenium.webdriver.support.ui import WebDriverWait
from support import PATIENCE, Sandbox, Widget


def test_the_manual_way_from_the_search_to_verified(sandbox: Sandbox, widget: Widget) -> None:
    guid = sandbox.made()
    widget.frame(sandbox.widget_url(guid))
    assert (widget.view, widget.heading) == ("search", "Select your institution")
    widget.by_account_number().account()
    assert widget.view == "confirmDetails", "the person is known"
    widget.press("confirm-button")
    assert (widget.view, widget.heading) == ("comeBack", "Check back soon")
    assert "Checking ...2345" in widget.text
    assert sandbox.status(guid) == "INITIATED"
    widget.press("done-button")
    assert widget.view == "search"
    sandbox.admin("advance", {"seconds": 120})
    widget.frame(sandbox.widget_url(guid))
    assert widget.view == "verifyDeposits"
    widget.amounts(*sandbox.statement(guid))
    assert widget.view == "verified"
    assert sandbox.status(guid) == "VERIFIED"
    assert widget.press("continue-button").view == "search"


def test_without_a_guid_the_person_is_asked_and_every_row_can_be_changed(sandbox: Sandbox, widget: Widget) -> None:
    widget.frame(sandbox.widget_url()).by_account_number().account()
    assert widget.view == "personalInfo"
    widget.type(first_name="Maria", last_name="Stone", email="maria@example.com").press("continue-button")
    changes = [
        ("first-last-name", "personalInfo", {"first_name": "Anna"}),
        ("email", "personalInfo", {"email": "anna@example.com"}),
        ("routing-number", "routingNumber", {"routing_number": "011000015"}),
        ("account-number", "accountInfo", {"account_number": "333367890", "confirm_account_number": "333367890"}),
    ]
    for row, view, fields in changes:
        widget.after(widget.find(f"[data-test={row}-row] button").click)
        assert widget.view == view
        widget.type(**fields).press("continue-button")
        assert widget.view == "confirmDetails"
        assert next(iter(fields.values())) in widget.part(f"{row}-row").text
    widget.after(widget.find("[data-test=account-type-row] button").click)
    widget.find("input[value=SAVINGS]").click()
    widget.press("continue-button").press("confirm-button")
    assert widget.view == "comeBack"
    guid = next(event["metadata"]["microdeposit_guid"] for event in widget.heard() if event["type"].endswith("detailsSubmitted"))
    made = sandbox.read(guid)[1]["micro_deposit"]
    expected = {
        "first_name": "Anna",
        "last_name": "Stone",
        "email": "anna@example.com",
        "routing_number": "011000015",
        "account_number": "333367890",
        "account_type_name": "SAVINGS",
        "account_name": "Savings ...7890",
        "status_name": "INITIATED",
    }
    assert {name: made[name] for name in expected} == expected


def test_wrong_amounts_are_counted_by_the_world_until_it_is_locked(sandbox: Sandbox, widget: Widget) -> None:
    guid = sandbox.brought_to("DEPOSITED")
    widget.frame(sandbox.widget_url(guid))
    for attempt, view in [(1, "verifyDeposits"), (2, "verifyDeposits"), (3, "errors")]:
        widget.amounts("0.02", "0.02")
        assert (widget.view, sandbox.standing(guid)["attempts"]) == (view, attempt)
        assert ("incorrect" in widget.text) == (attempt < 3)
    assert (widget.heading, sandbox.status(guid)) == ("Account not connected", "PREVENTED")
    assert "•••• 2345" in widget.text
    assert "333312345" not in widget.driver.page_source


@pytest.mark.logs("400")
def test_what_the_page_admits_and_the_world_does_not_is_counted_by_nobody(sandbox: Sandbox, widget: Widget) -> None:
    guid = sandbox.brought_to("DEPOSITED")
    widget.frame(sandbox.widget_url(guid)).amounts("0.055", "0.05")
    assert (widget.view, sandbox.standing(guid)["attempts"]) == ("verifyDeposits", 0)
    assert "unable to submit" in widget.text
    assert widget.amounts("0.09", "0.09").view == "verified"


@pytest.mark.parametrize("deletes", ["on_selection", "on_member"])
def test_a_sign_in_deletes_the_preinitiated_one(deletes: str, started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started({"iav_deletes": deletes})
    guid = sandbox.made()
    other = sandbox.made()
    widget.frame(sandbox.widget_url(guid)).choose("Second Example Bank (IAV)")
    assert (widget.view, widget.driver.find_elements("css selector", "main input")) == ("enterCreds", [])
    assert sandbox.read(guid)[0] == (404 if deletes == "on_selection" else 200)
    widget.press("pretend-sign-in")
    assert widget.view == "connected"
    assert sandbox.read(guid)[0] == 404
    listed = sandbox.good("GET", "/micro_deposits")["micro_deposits"]
    assert [one["micro_deposit"]["guid"] for one in listed] == [other]


def test_a_microdeposit_with_an_account_is_not_deleted_by_a_sign_in(sandbox: Sandbox, widget: Widget) -> None:
    guid = sandbox.brought_to("REQUESTED")
    widget.frame(sandbox.widget_url(guid)).press("done-button").choose("First Example Bank (IAV)")
    assert sandbox.status(guid) == "REQUESTED"


def test_a_shared_routing_number_leaves_the_manual_way_open(sandbox: Sandbox, widget: Widget) -> None:
    guid = sandbox.made()
    widget.frame(sandbox.widget_url(guid)).by_account_number()
    widget.type(routing_number="123456780").press("continue-button")
    assert widget.view == "sharedRoutingNumber"
    assert widget.press("back-button").view == "routingNumber"
    widget.press("continue-button").press("enter-account-number").press("continue-button")
    widget.type(account_number="333312345", confirm_account_number="333312345").press("continue-button").press("confirm-button")
    assert (widget.view, sandbox.status(guid)) == ("comeBack", "INITIATED")


def test_where_no_institution_is_found_a_shared_number_goes_on(started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started({"institutions": []})
    widget.frame(sandbox.widget_url()).press("connect-account-numbers")
    widget.type(routing_number="123456780").press("continue-button")
    assert widget.view == "howItWorks"
    assert widget.heard()[-1]["metadata"]["reason"] == "IAV_PREFERRED"


@pytest.mark.parametrize(
    ("routing", "reason"), [("091000018", "INVALID"), ("021000021", "INVALID"), ("011000015", "CLIENT_BLOCKED")]
)
def test_routing_numbers_that_are_refused(routing: str, reason: str, started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started({"client_blocked_routing_numbers": ["011000015"]})
    widget.frame(sandbox.widget_url()).by_account_number()
    widget.type(routing_number=routing).press("continue-button")
    assert (widget.view, widget.driver.switch_to.active_element.get_attribute("name")) == ("routingNumber", "routing_number")
    assert widget.find("#routing_number-wrong").text
    assert widget.heard()[-1]["metadata"]["reason"] == reason


@pytest.mark.logs("400")
def test_details_that_the_server_refuses_can_be_edited(started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started({"widget_checks_routing": False})
    guid = sandbox.made()
    widget.frame(sandbox.widget_url(guid)).by_account_number().account(routing="091000018").press("confirm-button")
    assert (widget.view, widget.heading) == ("errors", "Something went wrong")
    assert "091000018" in widget.text and "•••• 2345" in widget.text
    assert sandbox.status(guid) == "PREINITIATED"
    assert widget.press("error-continue-button").view == "routingNumber"
    widget.account().press("confirm-button")
    assert (widget.view, sandbox.status(guid)) == ("comeBack", "INITIATED")


def test_a_create_that_comes_back_failed_shows_the_error_view(started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started()
    sandbox.brought_to("REQUESTED")
    widget.frame(sandbox.widget_url(sandbox.made())).by_account_number().account().press("confirm-button")
    assert widget.view == "errors"
    assert widget.heard()[-1]["type"] == "mx/connect/microdeposits/detailsSubmitted"


def test_after_a_failure_another_account_can_be_connected(sandbox: Sandbox, widget: Widget) -> None:
    failed = sandbox.brought_to("ERRORED")
    widget.frame(sandbox.widget_url(failed)).press("different-account-button")
    assert widget.view == "search"
    widget.by_account_number().account("333300001")
    widget.type(first_name="Maria", last_name="Stone", email="maria@example.com").press("continue-button").press("confirm-button")
    made = widget.heard()[-1]["metadata"]["microdeposit_guid"]
    assert (sandbox.status(made), sandbox.status(failed), made == failed) == ("INITIATED", "ERRORED", False)


@pytest.mark.parametrize("verification", ["deferred", {"after_seconds": 60}])
def test_an_outcome_that_comes_later_is_waited_for(verification: object, started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started({"verification": verification})
    guid = sandbox.brought_to("DEPOSITED")
    widget.frame(sandbox.widget_url(guid)).amounts("0.09", "0.09")
    if verification != "deferred":
        assert widget.view == "verifying"
        widget.after(lambda: sandbox.admin("advance", {"seconds": 60}))
    widget.until_view("verified")
    assert sandbox.status(guid) == "VERIFIED"


HURRY = "const real = setTimeout; globalThis.waits = []; globalThis.setTimeout = (then, time) => { if (time >= 1000) waits.push(time); return real(then, Math.min(time ?? 0, 30)); };"


def test_looks_as_they_were_measured(started: Callable[..., Sandbox], widget: Widget) -> None:
    """The page's timers run fast; what it would have waited is counted."""
    sandbox = started({"widget_poll": "mx"})
    guid = sandbox.brought_to("DEPOSITED")
    script = widget.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": HURRY})
    try:
        waits = "return waits.splice(0)"
        looks = "GET /md/connect/{token}/microdeposit"
        widget.frame(sandbox.widget_url(guid)).until(2)
        assert widget.view == "verifyDeposits"
        assert widget.driver.execute_script(waits) == [2000] * 3
        assert sandbox.good("GET", "/_sandbox/state")["requests"][looks] == 5, "a look, one that updates, and three more"
        widget.amounts("0.02", "0.02").until(4)
        assert (widget.view, widget.driver.execute_script(waits)) == ("verifyDeposits", [3000])
        widget.amounts("0.02", "0.02").until(6)
        assert (widget.view, widget.driver.execute_script(waits)) == ("verifyDeposits", [3000] * 6), "DENIED after DENIED shows late"
        widget.amounts("0.09", "0.09").until(8)
        assert widget.view == "verified"
    finally:
        widget.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_the_way_back_through_every_view(sandbox: Sandbox, widget: Widget) -> None:
    widget.frame(sandbox.widget_url()).by_account_number().account()
    widget.type(first_name="Maria", last_name="Stone", email="maria@example.com").press("continue-button")
    for view in ["personalInfo", "accountInfo", "howItWorks", "routingNumber", "search"]:
        assert widget.press("back-button").view == view
    assert not widget.find("#back").is_displayed()


@pytest.mark.logs("ERR_CONNECTION_REFUSED", "Failed to fetch", "401")
def test_a_sandbox_that_stopped_is_told_and_can_be_asked_again(started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started(options=("--port", "0"))
    port = sandbox.url.rsplit(":", 1)[1]
    widget.open(sandbox.widget_url(sandbox.brought_to("DEPOSITED")))
    sandbox.process.terminate()
    sandbox.process.wait(10)
    widget.amounts("0.09", "0.09")
    assert widget.view == "offline"
    assert widget.press("retry-button").view == "offline"
    started(options=("--port", port))
    assert widget.press("retry-button").view == "unknown", "another sandbox does not know the page"


def test_one_that_vanished_meanwhile(sandbox: Sandbox, widget: Widget) -> None:
    guid = sandbox.made()
    url = sandbox.widget_url(guid)
    sandbox.admin(f"events/{guid}", {"event": "iav_chosen"})
    assert widget.frame(url).view == "missing"


@pytest.mark.logs("404")
def test_addresses_open_once(sandbox: Sandbox, widget: Widget) -> None:
    url = sandbox.widget_url()
    assert widget.open(url).view == "search"
    assert widget.open(url).view == "gone"
    assert "ten minutes" in widget.text
    old = sandbox.widget_url()
    sandbox.admin("advance", {"seconds": 600})
    assert widget.open(old).view == "gone"
    assert widget.open(sandbox.url + "/md/connect/x").view == "gone"


def test_a_reusable_address_opens_again(started: Callable[..., Sandbox], widget: Widget) -> None:
    sandbox = started({"widget_token": "reusable"})
    url = sandbox.widget_url()
    for _ in range(3):
        assert widget.open(url).view == "search"
        sandbox.admin("advance", {"seconds": 600})


@pytest.mark.logs("404", "403")
def test_looking_at_an_address_does_not_use_it_up(sandbox: Sandbox, widget: Widget, driver: WebDriver, host: str) -> None:
    """A program that previews links; and a page elsewhere that prefetches or fetches, which is refused. Then it opens as ever."""
    url = sandbox.widget_url()
    status, *_ = sandbox.text(url, Accept="text/html")
    assert status == 200
    page = widget.serve(f'<!doctype html><title>x</title><link rel="prefetch" href="{url}" onload="window.done=1" onerror="window.done=1">')
    driver.get(page)
    WebDriverWait(driver, PATIENCE, 0.02).until(lambda _: driver.execute_script("return window.done"))
    driver.execute_async_script("fetch(arguments[0], {mode: 'no-cors'}).finally(arguments[1])", url)
    assert widget.open(url).view == "search"
    assert widget.open(url).view == "gone"
