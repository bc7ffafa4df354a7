"""What is served at the widget's address: headers, the policy, the secret of a page, and its size."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait
from support import BARE, PATIENCE, Sandbox, Widget


def test_headers_and_files(started: Callable[..., Sandbox]) -> None:
    sandbox = started(options=("--embed-origin", "https://app.example.com"))
    status, headers, page = sandbox.text(sandbox.widget_url())
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = headers["content-security-policy"]
    for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "require-trusted-types-for 'script'"]:
        assert part in policy.split("; ")
    assert policy.endswith("https://app.example.com") and "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert "set-cookie" not in headers
    total, names = len(page.encode()), {"/md/files/widget.css", "/md/files/main.js"}
    assert names == set(re.findall(r'(?:src|href)="([^"]+)"', page))
    todo = list(names)
    while todo:
        status, headers, text = sandbox.text(sandbox.url + todo.pop())
        assert (status, headers["x-content-type-options"]) == (200, "nosniff")
        total += len(text.encode())
        imports = {f"/md/files/{name}" for name in re.findall(r"from '\./([^']+)'", text)} - names
        names |= imports
        todo += imports
    assert total < 28 * 1024, total
    assert sandbox.text(sandbox.url + "/md/files/../policy.rs")[0] == 404


def test_an_origin_to_embed_from_that_is_none_is_refused(started: Callable[..., Sandbox]) -> None:
    with pytest.raises(ValueError):
        started(options=("--embed-origin", "https://a; script-src *"))


def test_who_has_not_the_pages_secret_can_do_nothing(sandbox: Sandbox) -> None:
    guid = sandbox.brought_to("DEPOSITED")
    url = sandbox.widget_url(guid)
    page = sandbox.text(url)[2]
    bearer = re.search(r'data-bearer="([^"]+)"', page)
    assert bearer
    path = url.removeprefix(sandbox.url)
    amounts = {"deposit_amount_1": "0.02", "deposit_amount_2": ".02"}
    for headers in [{}, {"Authorization": "Bearer x"}, {"Cookie": f"bearer={bearer[1]}"}, {"Authorization": bearer[1]}]:
        assert sandbox.ask("PUT", f"{path}/microdeposit", amounts, **headers)[0] == 401
    other = sandbox.widget_url().removeprefix(sandbox.url)
    secret = {"Authorization": f"Bearer {bearer[1]}"}
    assert sandbox.ask("PUT", f"{other}/microdeposit", amounts, **secret)[0] == 401
    assert sandbox.standing(guid)["attempts"] == 0
    assert sandbox.ask("POST", f"{path}/start", **secret)[0] == 200
    assert sandbox.ask("PUT", f"{path}/microdeposit", amounts, **secret)[1]["micro_deposit"]["status_name"] == "DENIED"


def test_no_call_of_the_page_shows_the_account_number_or_the_person(sandbox: Sandbox) -> None:
    url = sandbox.widget_url(sandbox.brought_to("DEPOSITED"))
    bearer = re.search(r'data-bearer="([^"]+)"', sandbox.text(url)[2])
    assert bearer
    told = str(sandbox.ask("POST", f"{url.removeprefix(sandbox.url)}/start", Authorization=f"Bearer {bearer[1]}")[1])
    assert "2345" in told
    for secret in ["333312345", "Josh", "joshboy"]:
        assert secret not in told


@pytest.mark.logs("frame-ancestors", "Refused to frame", "Framing", "chrome-error")
def test_a_page_elsewhere_cannot_show_it_in_a_frame(sandbox: Sandbox, widget: Widget, driver: Chrome) -> None:
    """A frame without an origin of its own stands for a page elsewhere: no name of another host leads anywhere here."""
    url = sandbox.widget_url()
    inner = f'<iframe src="{url}"></iframe>'
    page = f"""<!doctype html><html lang="en"><title>x</title><iframe sandbox="allow-scripts" srcdoc='{inner}' onload="window.done = true"></iframe></html>"""
    driver.get(widget.serve(page))
    WebDriverWait(driver, PATIENCE, 0.02).until(lambda _: driver.execute_script("return window.done"))
    for _ in range(2):
        driver.switch_to.frame(driver.find_element("css selector", "iframe"))
    assert driver.execute_script("return location.protocol") == "chrome-error:"


@pytest.mark.logs("TrustedHTML")
def test_text_never_becomes_code(started: Callable[..., Sandbox], widget: Widget) -> None:
    name = "<img src=x onerror=alert(1)>"
    sandbox = started({"institutions": [name]})
    widget.frame(sandbox.widget_url()).choose(name)
    assert name in widget.text
    with pytest.raises(Exception, match="TrustedHTML"):
        widget.driver.execute_script("document.body.innerHTML = '<p>no</p>'")


def test_a_sandboxed_frame_with_what_mx_asks_for_works(sandbox: Sandbox, widget: Widget) -> None:
    page = BARE.replace("<iframe ", '<iframe sandbox="allow-forms allow-same-origin allow-scripts" ')
    widget.frame(sandbox.widget_url(sandbox.brought_to("DEPOSITED")), page).amounts("0.09", "0.09")
    assert widget.view == "verified"
