"""Host pages: who hears events and who does not, the two examples, MX's own SDK, an app's web view."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait
from support import BARE, PATIENCE, Sandbox, Widget, vectors
from test_vectors import navigations

SDK = "node_modules/@mxenabled/web-widget-sdk/dist/esm/index.js"


def types(widget: Widget) -> list[str]:
    return [event["type"] for event in widget.heard()]


def logged(driver: Chrome) -> str:
    return " ".join(entry["message"] for entry in driver.get_log("browser"))


def test_a_host_without_a_referrer_hears_nothing_and_the_console_says_why(sandbox: Sandbox, widget: Widget) -> None:
    widget.frame(sandbox.widget_url(), Referrer_Policy="no-referrer")
    assert types(widget) == []
    assert "the host page sends no referrer" in logged(widget.driver)


def test_the_configured_origin_comes_before_the_referrer(sandbox: Sandbox, widget: Widget) -> None:
    url = sandbox.widget_url(target_origin_referrer=f"{widget.host}/some/page?x=1")
    widget.frame(url, Referrer_Policy="no-referrer")
    assert types(widget)[:2] == ["mx/load", "mx/connect/stepChange"]


@pytest.mark.logs("target origin provided")
def test_another_origin_than_the_hosts_is_not_heard(sandbox: Sandbox, widget: Widget) -> None:
    widget.frame(sandbox.widget_url(target_origin_referrer="http://127.0.0.1:9"))
    assert types(widget) == []


def test_a_host_that_opens_a_window_hears_it(sandbox: Sandbox, widget: Widget, driver: Chrome) -> None:
    driver.get(widget.serve(BARE.format(url="about:blank")))
    host = driver.current_window_handle
    driver.execute_script("window.open(arguments[0])", sandbox.widget_url())
    driver.switch_to.window(next(handle for handle in driver.window_handles if handle != host))
    widget.until(1)
    driver.close()
    driver.switch_to.window(host)
    heard = WebDriverWait(driver, PATIENCE, 0.02).until(lambda _: (found := driver.execute_script("return heard")) and len(found) >= 3 and found)
    assert heard[2]["metadata"]["initial_step"] == "search"


def test_what_the_host_may_ask_for(started: Callable[..., Sandbox], widget: Widget) -> None:
    ask = """const [frame] = document.querySelectorAll('iframe');
        for (const message of arguments) frame.contentWindow.postMessage(message, '*');"""
    back = json.dumps({"mx": True, "type": "mx/navigation", "payload": {"action": "back"}})
    for goes_back in (False, True):
        sandbox = started({"widget_goes_back": goes_back})
        widget.frame(sandbox.widget_url()).by_account_number()
        before = len(widget.heard())
        widget.driver.switch_to.default_content()
        widget.driver.execute_script(ask, "no JSON", json.dumps({"type": "ping"}), back)
        widget.driver.switch_to.frame(widget.find("iframe"))
        # Messages in the other direction arrive in order too: the page has had these when it has this one.
        widget.driver.execute_async_script("const [done] = arguments; addEventListener('message', () => done(), { once: true }); postMessage('', '*')")
        events = widget.heard()[before:]
        expected = ["mx/ping", *(["mx/connect/stepChange"] if goes_back else []), "mx/navigation"]
        assert [event["type"] for event in events] == expected
        assert events[-1]["metadata"]["did_go_back"] is goes_back
        assert widget.view == ("search" if goes_back else "routingNumber")


def listed(driver: Chrome) -> list[str]:
    driver.switch_to.default_content()
    found: list[str] = driver.execute_script("return [...document.querySelectorAll('#events li')].map((one) => one.textContent)")
    return found


def paste(widget: Widget, url: str) -> None:
    widget.find("input[name=url]").send_keys(url)
    widget.find("form button").click()
    WebDriverWait(widget.driver, PATIENCE, 0.02).until(lambda _: widget.driver.find_elements("css selector", "iframe"))
    widget.enter()


def until_listed(driver: Chrome, text: str) -> list[str]:
    WebDriverWait(driver, PATIENCE, 0.02).until(lambda _: any(text in line for line in listed(driver)))
    return listed(driver)


def test_the_example_without_a_library(sandbox: Sandbox, widget: Widget, driver: Chrome) -> None:  # examples/host/index.html
    driver.get(f"{widget.host}/index.html")
    # What is not from the frame is not heard.
    driver.execute_script("postMessage({mx: true, type: 'forged', metadata: {}}, '*')")
    paste(widget, sandbox.widget_url(sandbox.brought_to("DEPOSITED")))
    widget.amounts("0.09", "0.09")
    lines = until_listed(driver, "mx/connect/microdeposits/verified ")
    assert lines[0] == "mx/load {}" and not any("forged" in line for line in lines)


@pytest.fixture(scope="session")
def sdk() -> str:
    """MX's SDK from the npm registry, by `make test-mx-sdk`."""
    folder = os.environ.get("NEXUS_MX_SDK", "")
    path = Path(folder) / SDK
    if not path.exists():
        # npm is no part of what the gate installs: where it is, `make browser` brings the SDK.
        reason = "MX's SDK is not there: NEXUS_MX_SDK names the folder that npm installed it into; make test-mx-sdk does both"
        if shutil.which("npm") and os.environ.get("NEXUS_SKIP_NOTHING") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path.read_text()


@pytest.fixture
def with_sdk(sdk: str, widget: Widget) -> Widget:
    widget.pages[f"/{SDK}"] = (sdk, {"Content-Type": "text/javascript"})
    return widget


def test_mx_sdk_hears_every_event(with_sdk: Widget, sandbox: Sandbox, driver: Chrome) -> None:  # examples/host/sdk.html
    """The first of the measured ways; the SDK knows neither the first step change nor what is about microdeposits."""
    widget = with_sdk
    case = next(case for case in vectors("widget_events") if case["id"] == "widget-events-a")
    driver.get(f"{widget.host}/sdk.html")
    paste(widget, sandbox.widget_url(sandbox.made()))
    widget.by_account_number().account().press("confirm-button").press("done-button")
    expected = [event[0] for event in case["events"]]
    WebDriverWait(driver, PATIENCE, 0.02).until(
        lambda _: sum(line.startswith("onMessage ") for line in listed(driver)) >= len(expected)
    )
    lines = listed(driver)
    assert [line.removeprefix("onMessage ") for line in lines if line.startswith("onMessage ")] == expected
    invalid = [line for line in lines if line.startswith("onInvalidMessageError")]
    microdeposits = sum("/microdeposits/" in name for name in expected)
    # The first step change, and what is about microdeposits, and backToSearch where the SDK does not know it.
    assert sum("nknown post message" in line for line in invalid) >= microdeposits
    assert len([line for line in lines if line.startswith("onStepChange")]) == expected.count("mx/connect/stepChange") - 1
    assert len([line for line in lines if line.startswith("onLoaded")]) == 1


def test_mx_sdk_pings_and_goes_back(with_sdk: Widget, started: Callable[..., Sandbox], driver: Chrome) -> None:
    widget = with_sdk
    page = f"""<!doctype html><html lang="en"><title>Host</title><div id="widget"></div><script type="module">
        import {{ ConnectWidget }} from './{SDK}';
        window.pings = 0;
        window.widget = new ConnectWidget({{ container: '#widget', url: '{{url}}', onPing: () => {{ pings += 1; }} }});
        </script></html>""".replace("{{", "{").replace("}}", "}")
    for goes_back in (False, True):
        sandbox = started({"widget_goes_back": goes_back})
        driver.get(widget.serve(page.replace("{url}", sandbox.widget_url())))
        WebDriverWait(driver, PATIENCE, 0.02).until(lambda _: driver.find_elements("css selector", "iframe"))
        widget.enter().by_account_number()
        driver.switch_to.default_content()
        driver.execute_script("widget.ping()")
        went = driver.execute_async_script("widget.navigateBack().then(arguments[0])")
        assert (went, driver.execute_script("return pings")) == (goes_back, 1)


@pytest.mark.logs("Not allowed to launch", "Failed to launch")
def test_in_a_web_view_every_event_is_a_navigation(sandbox: Sandbox, app: Widget) -> None:
    guid = sandbox.brought_to("DEPOSITED")
    url = sandbox.widget_url(guid, is_mobile_webview=True, ui_message_webview_url_scheme="appscheme")
    app.open(url)
    found = navigations(app, 2)
    # The page's own address is one too.
    assert all(one.startswith(("appscheme://", sandbox.url)) for one in found)
    assert any(one == "appscheme://load?metadata=%7B%7D" for one in found)
    # Chromium asks in a dialog whether the app may be opened, which takes the mouse and the keys.
    script = """for (const field of document.querySelectorAll('main input')) field.value = '0.09';
        document.querySelector('main [data-test=continue-button]').click()"""
    app.after(lambda: app.driver.execute_script(script))
    verified = navigations(app, 1)
    assert verified[0].startswith("appscheme://connect/microdeposits/verified?metadata=%7B%22user_guid%22%3A%22USR-")
    assert verified[0].endswith(f"%22microdeposit_guid%22%3A%22{guid}%22%7D")
    # Several in one task: the page cannot know which of them arrived, and says which probably did not.
    app.driver.get_log("browser")
    app.after(lambda: app.driver.execute_script("document.querySelector('main [data-test=continue-button]').click()"))
    lost = [line for line in app.find("#events").text.splitlines() if "probably lost" in line]
    assert any("verified/primaryAction" in line for line in lost)
    assert "was probably cancelled by mx/connect/backToSearch" in logged(app.driver)


def test_another_version_is_silent_and_says_so(sandbox: Sandbox, widget: Widget) -> None:
    widget.frame(sandbox.widget_url(ui_message_version=2))
    assert types(widget) == []
    assert "ui_message_version is not 4" in logged(widget.driver)
    widget.by_account_number()
    assert widget.view == "routingNumber"


def test_the_panel_is_for_who_opens_it_alone(sandbox: Sandbox, widget: Widget) -> None:
    guid = sandbox.brought_to("REQUESTED")
    widget.open(sandbox.widget_url(guid))
    assert "no page shows or opened it" in widget.find("#heard").text
    assert '{"initial_step":"comeBack"}' in widget.find("#events").text
    assert widget.find("#statement").get_attribute("href") == f"{sandbox.url}/_sandbox/deposits/{guid}"
    widget.after(widget.find("#later").click)
    assert widget.find("#clock").text.endswith("DEPOSITED")
    assert sandbox.status(guid) == "DEPOSITED"
    widget.frame(sandbox.widget_url(guid))
    assert not widget.find("aside").is_displayed()
