"""The console shows what happens while it happens, and everything on it can be done by a person."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Callable

import pytest
from console import Console
from selenium.common.exceptions import JavascriptException
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from support import ACCOUNT, PATIENCE, PERSON, Sandbox


def statement(console: Console) -> list[str]:
    """The amounts, as the page shows them."""
    console.until_text("landed", "#statement")
    return console.find("#statement").text.split(",")[0].split(" and ")


def test_a_created_one_appears_the_next_event_lands_it_and_the_amounts_on_the_page_verify(console: Console) -> None:
    console.open()
    assert "No microdeposit yet" in console.text
    guid = console.sandbox.made(**ACCOUNT)
    console.follow()
    assert [row[1:4] for row in console.rows()] == [["◔ INITIATED", "INITIATED", "*****2345"]]
    console.press("Next event: requested").follow().until_text("Next event: landed")
    console.press("Next event: landed").follow()
    assert console.rows()[0][1:3] == ["◆ DEPOSITED", "INITIATED"], "true and shown status are two"
    console.find("tbody a").click()
    console.until_text("0 of 3 tries", "#detail")
    amounts = statement(console)
    assert amounts == [f"{float(amount):.2f}" for amount in console.sandbox.statement(guid)]
    for name, amount in zip(("deposit_amount_1", "deposit_amount_2"), amounts, strict=True):
        console.find(f"[name={name}]").send_keys(amount)
    console.press("Verify").until_text("VERIFIED", "#said").until_text("VERIFIED", ".lead").until_text("verify: 200", "#history")
    assert console.sandbox.status(guid) == "VERIFIED"


def test_a_deep_link_shows_the_same_after_a_reload(console: Console) -> None:
    guid = console.sandbox.brought_to("DENIED")
    console.open("microdeposits", guid).until_text("1 of 3 tries", ".lead").until_text("DENIED", "#history")
    before = console.find("#detail").text
    console.driver.refresh()
    console.follow().until(lambda: console.find("#detail").text == before)
    record = json.loads(console.find("#detail pre").get_attribute("textContent"))
    assert (record["account_number"], record["first_name"]) == ("*****2345", "J***")


def test_the_whole_way_by_the_keyboard_alone(console: Console) -> None:
    console.open()
    older, newer = (console.sandbox.made(**{**ACCOUNT, "account_number": number}) for number in ("333312345", "333367890"))
    console.follow().keys("j")
    assert console.focus() == newer
    console.keys("j", "j")
    assert console.focus() == older
    console.keys("k", Keys.ENTER).until(lambda: console.focus() == newer and "statement" in console.driver.page_source)
    console.until_text("INITIATED", ".lead").keys("n").until_text("REQUESTED", ".lead").keys("m").until_text("DEPOSITED", ".lead")
    amounts = statement(console)
    for _ in range(40):
        console.keys(Keys.TAB)
        if console.focus() == "deposit_amount_1":
            break
    console.keys(amounts[0], Keys.TAB, amounts[1], Keys.ENTER).until_text("VERIFIED", ".lead")
    console.keys(Keys.ESCAPE, Keys.ESCAPE).until(lambda: console.focus() == newer)
    assert not console.find("#detail").is_displayed()
    console.keys("/").until(lambda: console.focus() == "find")
    console.keys("2345").until(lambda: [row[3] for row in console.rows()] == ["*****2345"])
    console.keys("n12", Keys.ESCAPE, "2").until_text("create", "h1 ~ .scroll")
    console.keys("?").until(lambda: console.find("dialog").is_displayed())
    console.find("dialog input").click()
    console.keys(Keys.ESCAPE, "1")
    assert console.title.startswith("Requests"), "the switch turns the keys off"
    console.driver.execute_script("localStorage.clear()")
    console.keys("1").until(lambda: console.title.startswith("Microdeposits"))


def test_the_diagram_has_the_edges_of_the_table(console: Console) -> None:
    rows = console.sandbox.good("GET", "/_sandbox/transitions")["transitions"]
    wanted = sorted(f"{row['from'] or 'null'} {row['event']} {row['to']}" for row in rows)
    for status in ("PREINITIATED", "DENIED"):
        console.open("microdeposits", console.sandbox.brought_to(status)).until(lambda: console.find("svg"))
        edges = console.driver.execute_script("return [...document.querySelectorAll('svg [data-edge]')].map(edge => edge.dataset.edge)")
        assert sorted(edges) == wanted
        assert console.find("svg .now").text == f"▶ {status}"
        listed = console.driver.execute_script("return document.querySelectorAll('#moves li').length")
        assert listed == len(wanted)
        possible = {row["event"] for row in rows if row["from"] == status}
        enabled = {button.text for button in console.all("#happen button") if button.is_enabled()}
        assert enabled == possible
        off = next(button for button in console.all("#happen button") if not button.is_enabled())
        assert off.get_attribute("title") == f"Not from {status}"


def test_things_are_made_to_happen(console: Console) -> None:
    console.open().press("New microdeposit").until_text("INITIATED", ".lead")
    console.find("#code").clear()
    console.find("#code").send_keys("R01")
    console.press("failed", "#happen").until_text("ERRORED", ".lead")
    assert '{"event":"failed","code":"R01"}' in console.find("#did code").text
    console.press("Pre-initiate").until_text("PREINITIATED", ".lead")
    console.press("account_submitted", "#happen").until_text("INITIATED", ".lead")


def test_what_looks_like_a_script_is_text(console: Console) -> None:
    nasty = "http://127.0.0.1/<img src=x onerror=document.title='broken'>"
    console.sandbox.admin("faults", {"effect": "redirect", "location": nasty})
    console.sandbox.ask("POST", "/<script>document.title='broken'</script>", {"<b>": "<img src=x onerror=alert(1)>"})
    for screen in ("microdeposits", "requests", "webhooks", "faults", "state"):
        console.open(screen)
        assert console.all("img, main script") == [] and "broken" not in console.title
    if "location" in console.sandbox.good("GET", "/_sandbox/faults")["faults"][0]:
        assert nasty in console.find("#armed").text
    with pytest.raises(JavascriptException, match="TrustedHTML"):
        console.driver.execute_script("document.body.innerHTML = '<p>x</p>'")
    console.driver.get_log("browser")


def test_a_hidden_tab_lets_go_of_the_stream_and_misses_nothing(console: Console) -> None:
    console.open()
    console.sandbox.made()
    last = console.follow().seen()
    console.hide(True)
    console.until(lambda: console.find("#line").text == "paused")
    made = [console.sandbox.made(email=f"j{number}@example.com") for number in range(3)]
    assert len(console.rows()) == 1
    console.hide(False)
    console.follow()
    assert [row[0][:12] for row in console.rows()[:3]] == [guid[:12] for guid in reversed(made)]
    asked = console.driver.execute_script("return performance.getEntriesByType('resource').map(one => one.name).filter(name => name.endsWith('/_sandbox/state'))")
    assert len(asked) == 1, "it went on where it was, and read nothing anew"
    assert last < console.seen()


@pytest.mark.logs("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE", "ERR_EMPTY")
def test_a_lost_stream_is_shown_and_another_server_is_told_from_the_first(
    driver: Chrome, started: Callable[..., Sandbox]
) -> None:
    first = started()
    console = Console(driver, first).open()
    first.made()
    console.follow()
    last = console.seen()
    first.process.terminate()
    first.process.wait(PATIENCE)
    console.until(lambda: console.find("#line").text == f"reconnecting, last event {last}")
    port = first.url.rsplit(":", 1)[1]
    second = started(options=("--port", port))
    console.sandbox = second
    console.until_text("live", "#line").until(lambda: console.rows() == [])
    second.made(**ACCOUNT)
    console.until(lambda: [row[3] for row in console.rows()] == ["*****2345"])


def test_a_reset_begins_anew(console: Console) -> None:
    console.sandbox.made(**ACCOUNT)
    console.open("state").until_text("INITIATED", "main dl")
    console.sandbox.admin("advance", {"seconds": 120})
    console.follow().until_text("DEPOSITED", "main dl")
    console.press("Reset…").press("Cancel", "dialog")
    assert console.sandbox.good("GET", "/_sandbox/state")["counts"]["DEPOSITED"] == 1
    console.press("Reset…").press("Reset", "dialog").until(lambda: "09:00:00" in console.find("time").text)
    console.go("microdeposits").until_text("No microdeposit yet")
    console.sandbox.made(**ACCOUNT)
    console.follow()
    assert len(console.rows()) == 1


@pytest.mark.logs("400")
def test_a_fault_is_armed_from_a_preset_or_the_form_and_shows_on_every_screen(console: Console) -> None:
    console.open("faults").press("Slow bank").until_text("1 fault armed: delay", "#armed")
    form = console.find("#forms form")
    options = [option.text for option in form.find_elements("css selector", "[name=effect] option")]
    document = console.sandbox.good("GET", "/_sandbox/openapi.json")["components"]["schemas"]["FaultRequest"]["properties"]
    assert options == document["effect"]["enum"]
    console.press("Clear", "#armed").until(lambda: not console.find("#armed").is_displayed())
    form.find_element("css selector", "[name=effect]").send_keys("status")
    form.find_element("css selector", "summary").click()
    form.find_element("css selector", "[name=operation]").send_keys("read")
    form.find_element("css selector", "[name=status]").send_keys("999")
    console.press("Arm", "#forms form").until_text("status must be between 400 and 599", "#said")
    field = form.find_element("css selector", "[name=status]")
    field.clear()
    field.send_keys("503")
    console.press("Arm", "#forms form").until_text("status", "#armed")
    guid = console.sandbox.made()
    assert console.sandbox.read(guid)[0] == 503
    for screen in ("microdeposits", "requests", "webhooks", "faults", "state"):
        console.go(screen).until_text("1 hit", "#armed")
    console.go("requests").until(lambda: any(row[3] == "503" and row[5] != "-" for row in console.rows()))


def test_a_webhook_arrives_at_the_test_receiver_and_is_sent_again(console: Console) -> None:
    console.open("webhooks")
    assert "Nobody has subscribed" in console.text
    console.press("Test receiver").until_text("1: http://127.0.0.1", "#to")
    console.sandbox.made(**ACCOUNT)
    console.until_text("delivered", "#sent")
    assert console.find("#sent .strip").text.split()[0] == "✓"
    console.press("Replay").until(lambda: "replay: 204" in console.find("#sent ul").get_attribute("textContent"))
    console.press("Edit and send")
    area = console.find("dialog textarea")
    area.clear()
    area.send_keys('{"other": true}')
    console.press("Send", "dialog").until(lambda: "edited: 204" in console.find("#sent ul").get_attribute("textContent"))
    assert len(console.all("#sent .strip li")) == 13
    console.press("Pause", "#to").until_text("paused", "#to").press("Resume", "#to").until_text("Pause", "#to").press("End", "#to").until_text("Nobody")


def test_thirteen_attempts_are_a_strip(console: Console) -> None:
    console.open("webhooks").press("Test receiver that fails").until_text("receiver?", "#to")
    console.sandbox.made(**ACCOUNT)
    console.until_text("pending, next attempt", "#sent")
    console.sandbox.admin("advance", {"seconds": 24 * 3600})
    console.follow().until_text("given up", "#sent")
    strips = [strip.text.split() for strip in console.all("#sent .strip")]
    assert ["×"] * 13 in strips
    console.press("Send next out of order").until_text("reorder", "#armed")


def test_tenants_have_consoles_of_their_own(console: Console) -> None:
    console.sandbox.made()
    console.open("state")
    console.find("main form [name=name]").send_keys("worker-7")
    console.press("Make a tenant").until_text("worker-7", "#tenants")
    assert console.sandbox.good("GET", "/_sandbox/tenants")["tenants"][1]["name"] == "worker-7"
    console.driver.get(console.sandbox.url + "/_sandbox/t/worker-7/console/")
    other = Console(console.driver, console.sandbox)
    other.admin = "/_sandbox/t/worker-7/"
    other.follow()
    assert other.rows() == []
    other.press("New microdeposit").until(lambda: len(other.rows()) == 1)
    other.press("+1 h").until_text("10:00:00", "header")
    assert console.sandbox.good("GET", "/_sandbox/state")["now"].startswith("2026-01-05T09:00")
    other.find("#tenant").send_keys("default")
    console.until(lambda: console.driver.current_url.split("#")[0] == console.url).follow()
    assert len(console.rows()) == 1


def test_every_action_shows_a_curl_that_does_it_again(console: Console) -> None:
    console.open().press("+2 min").until_text("09:02:00", "header")
    shown = console.find("#did code").get_attribute("textContent")
    assert shown.startswith("curl -X POST") and "/_sandbox/advance" in shown
    if shutil.which("curl"):
        subprocess.run(shown.replace("curl", "curl --noproxy '*' -s", 1), shell=True, check=True, capture_output=True)
        console.follow().until_text("09:04:00", "header")


@pytest.mark.logs("401")
def test_the_session_may_have_ended(console: Console) -> None:
    console.open()
    console.sandbox.admin("sessions/expire", {})
    console.press("New microdeposit").until_text("INITIATED", ".lead")
    assert len(console.follow().rows()) == 1


def test_more_than_the_page_holds_are_found_by_the_sandbox(console: Console) -> None:
    first = console.sandbox.made(**ACCOUNT)
    for number in range(1005):
        console.sandbox.made(email=f"j{number}@example.com")
    console.open().until_text("and 6 older ones", "#more")
    console.until(lambda: len(console.rows()) == 1000)
    console.find("[name=find]").send_keys(first[:20])
    console.until(lambda: [row[0][:12] for row in console.rows()] == [first[:12]])


@pytest.mark.logs("404")
def test_the_root_leads_a_browser_there_and_a_program_nowhere(console: Console) -> None:
    status, _, _ = console.sandbox.text(console.sandbox.url + "/")
    assert status == 404
    assert [one["operation"] for one in console.sandbox.good("GET", "/_sandbox/requests")["requests"]] == [None]
    console.driver.get(console.sandbox.url + "/")
    assert console.driver.current_url.split("#")[0] == console.url
    console.driver.get(console.sandbox.url + "/_sandbox/console")
    assert console.driver.current_url.split("#")[0] == console.url


def test_headers_keep_others_out(console: Console) -> None:
    with urllib.request.urlopen(console.url, timeout=PATIENCE) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"):
        assert rule in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    assert headers["Set-Cookie"] is None
    assert console.sandbox.text(console.url, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="iframe", Sec_Fetch_Mode="no-cors")[0] == 403
    live = console.sandbox.url + "/_sandbox/live"
    assert console.sandbox.text(live, Origin="http://evil.example")[0] == 403
    assert PERSON["email"] not in console.sandbox.text(console.url)[2]
