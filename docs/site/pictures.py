"""Takes pictures of the built site, and searches in it without a server: `make site-pictures`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE, PICTURES = ROOT / "target/site", ROOT / "target/site-pictures"
# What is taken: a name, a page, the size of the window.
TAKEN = [
    ("index", "index.html", (1400, 1000)),
    ("concepts", "guide/concepts.html#a-microdeposit-s-life", (1400, 1500)),
    ("python", "reference/python/mx_nexus.html", (1400, 1400)),
    ("c", "reference/c/nexus_client.html", (1400, 1400)),
    ("narrow", "guide/concepts.html#a-microdeposit-s-life", (500, 1200)),
]
# What is looked for, and a page that must be found.
SEARCHED = [
    ("pending", "guide/concepts"),
    ("nexus_client_verify", "reference/c/nexus_client"),
    ("create_once", "reference/python"),
]


def chromium() -> str:
    names = ["chromium", "chromium-browser", "google-chrome"]
    found = next((path for name in names if (path := shutil.which(name))), None)
    if not found:
        raise SystemExit("no Chromium is installed")
    return found


def run(browser: str, *words: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        flags = ["--headless", "--disable-gpu", "--no-first-run", "--hide-scrollbars", f"--user-data-dir={profile}"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")
        told = subprocess.run([browser, *flags, *words], capture_output=True, text=True, timeout=120)
    if told.returncode:
        raise SystemExit(told.stderr)
    return told.stdout


def main() -> None:
    if not (SITE / "index.html").exists():
        raise SystemExit("no site: `make site` makes it")
    browser = chromium()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, page, (width, height) in TAKEN:
        picture = PICTURES / f"{name}.png"
        run(browser, f"--window-size={width},{height}", f"--screenshot={picture}", f"{SITE.as_uri()}/{page}")
        print(os.path.relpath(picture, Path.cwd()))
    for words, page in SEARCHED:
        dom = run(browser, "--virtual-time-budget=20000", "--dump-dom", f"{SITE.as_uri()}/search.html?q={words}")
        results = dom.split('id="search-results"')[-1]
        found = re.findall(r'<a href="([^"#?]+)\.html', results)
        if not any(one.startswith(page) for one in found):
            raise SystemExit(f"the search for {words} finds {found}")
        print(f"search for {words}: {len(set(found))} pages")


if __name__ == "__main__":
    main()
