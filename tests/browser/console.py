"""What tests of the console do: open it, wait for what it has applied, act as a person in it."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from support import PATIENCE, Sandbox


class Console:
    """The console of one sandbox, in a browser."""

    def __init__(self, driver: Chrome, sandbox: Sandbox) -> None:
        self.driver, self.sandbox, self.url = driver, sandbox, sandbox.told["console_url"]
        # The path of its admin interface: a tenant's is another.
        self.admin = urllib.parse.urlsplit(self.url).path.removesuffix("console/")

    def open(self, screen: str = "microdeposits", arg: str = "") -> Console:
        """Anew, at the screen of this address."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.url}#/{screen}{'/' if arg else ''}{arg}")
        return self.follow()

    def go(self, screen: str, arg: str = "") -> Console:
        self.driver.execute_script("location.hash = arguments[0]", f"#/{screen}{'/' if arg else ''}{arg}")
        self.until(lambda: self.title.lower().startswith(screen))
        return self

    def seen(self) -> int:
        return int(self.driver.execute_script("return Number(document.documentElement.dataset.seen)"))

    def follow(self) -> Console:
        """Waits until the page has applied everything that has happened."""
        self.until(lambda: self.seen() > 0)
        number = self.sandbox.good("GET", f"{self.admin}state")["change"]
        return self.until(lambda: self.seen() >= number)

    def until(self, true: Callable[[], Any]) -> Console:
        try:
            WebDriverWait(self.driver, PATIENCE, 0.02, ignored_exceptions=(Exception,)).until(lambda _: true())
        except TimeoutException:
            raise AssertionError(f"{self.text[:2000]}\n{self.driver.get_log('browser')}") from None
        return self

    def until_text(self, text: str, selector: str = "body") -> Console:
        return self.until(lambda: text in self.find(selector).text)

    @property
    def title(self) -> str:
        return self.driver.title

    @property
    def text(self) -> str:
        return self.find("body").text

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def rows(self) -> list[list[str]]:
        """The table's cells, newest first."""
        script = "return [...document.querySelectorAll('main tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))"
        rows: list[list[str]] = self.driver.execute_script(script)
        return rows

    def press(self, name: str, within: str = "body") -> Console:
        """The button that has this name, or begins with it."""
        button = next(one for one in self.all(f"{within} button") if one.text.startswith(name) and one.is_displayed())
        button.click()
        return self

    def keys(self, *keys: str) -> Console:
        ActionChains(self.driver).send_keys(*keys).perform()
        return self

    def focus(self) -> str:
        return str(self.driver.execute_script("const on = document.activeElement; return on.dataset.row || on.id || on.name || on.textContent"))

    def said(self) -> str:
        return self.find("#said").text

    def hide(self, hidden: bool) -> None:
        """As a browser does it to a tab behind another."""
        script = "Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true}); document.dispatchEvent(new Event('visibilitychange'))"
        self.driver.execute_script(script, hidden)
