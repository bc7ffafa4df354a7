"""A sandbox, host pages on another port, and Chromium without any way to the outside, for tests of the widget."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from console import Console
from support import Sandbox, Widget

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    # Whatever asks for another host fails, and with it the test.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--window-size=1000,760",
]


def missing() -> str | None:
    names = [("chromium", "chromium-browser", "google-chrome"), ("chromedriver",)]
    lacks = [some[0] for some in names if not any(map(shutil.which, some))]
    return f"not installed: {', '.join(lacks)}" if lacks else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = missing()
    if reason and os.environ.get("NEXUS_SKIP_NOTHING") == "1":
        raise pytest.UsageError(f"nothing may be skipped, but {reason}")
    if reason:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=reason))


def browser() -> webdriver.Chrome:
    options = Options()
    options.binary_location = next(path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name)))
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


@pytest.fixture(scope="session")
def driver() -> Iterator[webdriver.Chrome]:
    driver = browser()
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def app_driver() -> Iterator[webdriver.Chrome]:
    """A browser of its own for the tests that navigate to an app: a dialog asks whether the app may be opened, and takes the
    mouse and the keys from whatever is shown next."""
    driver = browser()
    yield driver
    driver.quit()


@pytest.fixture(autouse=True)
def nothing_from_outside(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test: every request went to loopback, and the page broke no policy and threw nothing."""
    name = next((name for name in ("app_driver", "driver") if name in request.fixturenames), None)
    if name is None:
        yield
        return
    driver = request.getfixturevalue(name)
    driver.get_log("performance")
    driver.get_log("browser")
    yield
    driver.switch_to.default_content()
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            assert url.startswith(("http://127.0.0.1:", "data:", "about:", "blob:", "appscheme:", "mx:")), url
    mark = request.node.get_closest_marker("logs")
    expected = ["favicon", *(mark.args if mark else ())]
    for entry in driver.get_log("browser"):
        text = entry["message"]
        assert entry["level"] != "SEVERE" or any(one in text for one in expected), text
    # No timer of a page goes on, and no header or script of one test is left for the next.
    driver.get("about:blank")


@pytest.fixture(scope="session")
def program() -> Path:
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    path = target / "debug/nexus"
    assert path.exists(), f"{path} is missing: make browser builds it"
    return path


@pytest.fixture
def started(program: Path, tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes: `started(policy={...}, options=[...])`."""
    running: list[subprocess.Popen[str]] = []

    def start(policy: dict[str, Any] | None = None, options: tuple[str, ...] = ()) -> Sandbox:
        words = [str(program), "sandbox", "--json", *options]
        if policy:
            file = tmp_path / f"policy-{len(running)}.json"
            file.write_text(json.dumps(policy))
            words += ["--policy", str(file)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout
        return Sandbox(json.loads(process.stdout.readline()), process)

    yield start
    for process in running:
        process.terminate()
        process.wait(10)


@pytest.fixture
def sandbox(started: Callable[..., Sandbox]) -> Sandbox:
    return started()


@pytest.fixture
def console(driver: Chrome, sandbox: Sandbox) -> Iterator[Console]:
    console = Console(driver, sandbox)
    yield console
    # Before the sandbox ends, which the page would report.
    driver.get("about:blank")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves one folder, and pages that a test has made up; without a word."""

    pages: ClassVar[dict[str, tuple[str, dict[str, str]]]] = {}

    def do_GET(self) -> None:
        page = self.pages.get(self.path.split("?")[0])
        if page is None:
            return super().do_GET()
        text, headers = page
        self.send_response(200)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())
        return None

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def host() -> Iterator[str]:
    """The address of a server on another port, with the folder examples/host."""
    handler = functools.partial(Quiet, directory=str(ROOT / "examples/host"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def app(app_driver: webdriver.Chrome, host: str) -> Widget:
    return Widget(app_driver, host, Quiet.pages)


@pytest.fixture
def widget(driver: webdriver.Chrome, host: str) -> Widget:
    return Widget(driver, host, Quiet.pages)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "logs(*texts): what the browser may log as an error")
    # No proxy of the machine is between the tests and loopback.
    urllib.request.install_opener(urllib.request.build_opener(urllib.request.ProxyHandler({})))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        os.environ.pop(name, None)
