"""Prints how long the console takes to show 1,000 microdeposits: `make first-paint`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from conftest import ROOT, browser
from console import Console
from support import Sandbox

SHOWN = """const done = arguments[0];
const rows = () => document.querySelectorAll('tbody tr').length;
let first;
const look = () => requestAnimationFrame(() => {
    first ||= rows() && performance.now();
    if (rows() >= 1000) done([performance.getEntriesByName('first-contentful-paint')[0].startTime, first, performance.now()]);
    else look();
});
look()"""


def main() -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        os.environ.pop(name, None)
    program = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/nexus"
    process = subprocess.Popen([str(program), "sandbox", "--json"], stdout=subprocess.PIPE, text=True)
    driver = browser()
    try:
        assert process.stdout
        sandbox = Sandbox(json.loads(process.stdout.readline()), process)
        for number in range(1000):
            sandbox.made(email=f"person-{number}@example.com")
        console = Console(driver, sandbox)
        for _ in range(5):
            driver.get("about:blank")
            driver.get(console.url)
            first, some, rows = driver.execute_async_script(SHOWN)
            print(f"first paint {first:.0f} ms, a screen of rows {some:.0f} ms, all 1,000 {rows:.0f} ms")
    finally:
        driver.quit()
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    main()
