"""What tests of the widget do: ask the sandbox, and act as a person in its page."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
PERSON = {"first_name": "Josh", "last_name": "Boy", "email": "joshboy@example.com"}
ACCOUNT = {"account_number": "333312345", "account_type_name": "CHECKING", "routing_number": "091000019", "account_name": "My Test Account"}
DATA = "application/vnd.mx.nexus.v1+json"
SSO = "application/vnd.moneydesktop.sso.v3+json"
PATIENCE = 20

# A bare host page: a frame, and a list of what it hears.
BARE = """<!doctype html><html lang="en"><title>Host</title><h1>Host</h1>
<script>window.heard = []; addEventListener('message', ({{data, origin}}) => heard.push({{...data, origin}}));</script>
<iframe title="widget" src="{url}" style="border:none;height:550px;width:320px"></iframe></html>"""


def vectors(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text())["vectors"]
    return cases


class Sandbox:
    """A running `nexus sandbox`, as a backend sees it."""

    def __init__(self, told: dict[str, str], process: subprocess.Popen[str]) -> None:
        self.told, self.process, self.url = told, process, told["url"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        for name, value in {"MD-SESSION-TOKEN": self.told["session_token"], "Content-Type": DATA, **headers}.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def text(self, url: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of any address, without credentials."""
        request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, dict(response.headers), response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def good(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        status, told = self.ask(method, path, body, **headers)
        assert status == 200, told
        return told

    def admin(self, path: str, body: Any) -> Any:
        return self.good("POST", f"/_sandbox/{path}", body, Content_Type="application/json")

    def made(self, **fields: str) -> str:
        """A microdeposit of these fields; its guid."""
        return str(self.good("POST", "/micro_deposits", {"micro_deposit": {**PERSON, **fields}})["micro_deposit"]["guid"])

    def read(self, guid: str) -> tuple[int, Any]:
        return self.ask("GET", f"/micro_deposits/{guid}")

    def status(self, guid: str) -> str:
        return str(self.read(guid)[1]["micro_deposit"]["status_name"])

    def standing(self, guid: str) -> dict[str, Any]:
        told: dict[str, Any] = self.good("GET", f"/_sandbox/state/{guid}")
        return told

    def statement(self, guid: str) -> list[str]:
        told = self.good("GET", f"/_sandbox/deposits/{guid}")
        return [str(told[f"deposit_amount_{number}"]) for number in (1, 2)]

    def brought_to(self, status: str) -> str:
        """A microdeposit in this status."""
        if status == "PREINITIATED":
            return self.made()
        if status == "CONFLICTED":
            self.made(**ACCOUNT)
            return self.made(**ACCOUNT)
        guid = self.made(**ACCOUNT)
        if status in ("DEPOSITED", "DENIED", "PREVENTED", "VERIFIED"):
            self.admin("advance", {"seconds": 120})
        wrong = {"deposit_amount_1": 0.02, "deposit_amount_2": 0.02}
        right = {"deposit_amount_1": 0.09, "deposit_amount_2": 0.09}
        for amounts in {"DENIED": [wrong], "PREVENTED": [wrong] * 3, "VERIFIED": [right]}.get(status, []):
            self.good("PUT", f"/micro_deposits/{guid}", amounts)
        if status == "REQUESTED":
            self.admin("advance", {"seconds": 1})
        if status in ("ERRORED", "REJECTED"):
            self.admin("advance", {"seconds": 1})
            self.admin(f"events/{guid}", {"event": "failed" if status == "ERRORED" else "rejected"})
        assert self.status(guid) == status
        return guid

    def widget_url(self, guid: str | None = None, **options: Any) -> str:
        given = {"type": "connect_widget", "mode": "verification", "ui_message_version": 4, **options}
        given = {name: value for name, value in given.items() if value is not None}
        if guid:
            given["current_microdeposit_guid"] = guid
        path = f"/{self.told['client_id']}/users/{self.told['user_id']}/urls.json"
        told = self.good("POST", path, {"url": given}, Content_Type=SSO, MD_API_KEY=self.told["api_key"])
        return str(told["url"]["url"])


class Widget:
    """The widget's page, alone or in a frame of a host page."""

    def __init__(self, driver: Chrome, host: str, pages: dict[str, tuple[str, dict[str, str]]]) -> None:
        self.driver, self.host, self.pages, self.made = driver, host, pages, 0

    def open(self, url: str) -> Widget:
        """Alone, as a tab or a web view shows it."""
        self.driver.get(url)
        return self.until(1)

    def serve(self, page: str, **headers: str) -> str:
        """Makes a page of the host's."""
        self.made += 1
        path = f"/made-{id(self)}-{self.made}"
        self.pages[path] = (page, {name.replace("_", "-"): value for name, value in headers.items()})
        return self.host + path

    def frame(self, url: str, page: str = BARE, **headers: str) -> Widget:
        """In a frame of a host page on another port."""
        self.driver.get(self.serve(page.format(url=url), **headers))
        return self.enter()

    def enter(self) -> Widget:
        self.driver.switch_to.frame(self.driver.find_element(By.CSS_SELECTOR, "iframe"))
        return self.until(1)

    def until(self, number: int) -> Widget:
        def seen(driver: Chrome) -> bool:
            return int(driver.execute_script("return document.documentElement.dataset.seen || 0")) >= number

        try:
            WebDriverWait(self.driver, PATIENCE, 0.02).until(seen)
        except TimeoutException:
            raise AssertionError(f"the page does not come to {number}: {self.view}, {self.driver.get_log('browser')}") from None
        return self

    def seen(self) -> int:
        return int(self.driver.execute_script("return document.documentElement.dataset.seen"))

    def until_view(self, view: str) -> Widget:
        WebDriverWait(self.driver, PATIENCE, 0.02).until(lambda _: self.view == view)
        return self

    def after(self, action: Callable[[], object], times: int = 1) -> Widget:
        """Acts, and waits until the page has carried it out."""
        before = self.seen()
        action()
        return self.until(before + times)

    @property
    def view(self) -> str:
        return str(self.driver.execute_script("return document.documentElement.dataset.view"))

    @property
    def heading(self) -> str:
        return self.find("h1").text

    @property
    def text(self) -> str:
        return self.find("main").text

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def part(self, name: str) -> WebElement:
        return self.find(f"main [data-test={name}]")

    def press(self, name: str) -> Widget:
        return self.after(self.find(f"[data-test={name}]").click)

    def type(self, **fields: str) -> Widget:
        for name, text in fields.items():
            field = self.part(f"{name.replace('_', '-')}-input")
            field.clear()
            field.send_keys(text)
        return self

    def look_for(self, query: str) -> Widget:
        """Gives the whole query at once, as one input."""
        script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))"
        return self.after(lambda: self.driver.execute_script(script, self.part("search-input"), query))

    def choose(self, name: str) -> Widget:
        button = next(one for one in self.driver.find_elements(By.CSS_SELECTOR, "main li button") if one.text == name)
        return self.after(button.click)

    def by_account_number(self) -> Widget:
        return self.look_for("No such bank").press("connect-account-numbers")

    def account(self, number: str = "333312345", routing: str = "091000019") -> Widget:
        """From the routing number to the details of the account."""
        self.type(routing_number=routing).press("continue-button").press("continue-button")
        return self.type(account_number=number, confirm_account_number=number).press("continue-button")

    def amounts(self, first: str, second: str) -> Widget:
        return self.type(amount_1=first, amount_2=second).press("continue-button")

    def heard(self) -> list[dict[str, Any]]:
        """The events that the host page heard. Messages of one page arrive in order: one of our own is the last."""
        self.driver.execute_script("parent.postMessage({ last: true }, '*')")
        self.driver.switch_to.default_content()
        WebDriverWait(self.driver, PATIENCE, 0.02).until(
            lambda driver: driver.execute_script("return heard.at(-1)?.last"),
            "the host page hears nothing",
        )
        heard: list[dict[str, Any]] = self.driver.execute_script("heard.pop(); return heard")
        self.driver.switch_to.frame(self.driver.find_element(By.CSS_SELECTOR, "iframe"))
        return heard

    def wrong(self) -> list[str]:
        """The rules that the fields break, by the page."""
        return [one for one in self.driver.execute_script("return [...document.querySelectorAll('.wrong')].map(p => p.dataset.rule || '')") if one]
