"""Checks of the built site: every internal link has a target, nothing is loaded from elsewhere, every block has a test."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser would fetch by itself.
LOADING = {"script", "img", "iframe", "source", "video", "audio", "embed", "object", "image", "use"}
LOADED = re.compile(r"""@import\s+(?:url\()?\s*["']?\s*(?:https?:)?//|url\(\s*["']?\s*(?:https?:)?//""")
REMOTE = re.compile(r"(?:https?:)?//")
# In scripts: what fetches, and where modules come from.
FETCHED = re.compile(r"""(?:fetch|import|importScripts|open)\(\s*["'`](?:https?:)?//|from\s*["'](?:https?:)?//""")
# A link element that only names a place.
NAMING = {"canonical", "author", "license", "next", "prev", "index", "search", "alternate"}


class Page(HTMLParser):
    """The ids of a page, where it leads, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.goes_on = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.ids |= {named[name] for name in ("id", "name") if name in named and (name == "id" or tag == "a")}
        if tag == "meta" and named.get("http-equiv", "").lower() == "refresh":
            self.goes_on = re.split(r"url=", named["content"], flags=re.IGNORECASE)[-1]
        source = [named[name] for name in ("src", "data", "poster") if name in named]
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        elif tag == "link" and "href" in named:
            if set(named.get("rel", "").split()) - NAMING:
                source.append(named["href"])
        elif tag in LOADING:
            source += [named[name] for name in ("href", "xlink:href") if name in named]
            source += [one.split()[0] for one in named.get("srcset", "").split(",") if one.strip()]
        self.loads += source
        if LOADED.search(named.get("style", "")):
            self.loads.append(named["style"])


def _read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text())
    return page


def outside(site: Path, read: dict[Path, Page]) -> list[str]:
    """Everything that would be loaded from another machine."""
    found = []
    for path, page in read.items():
        found += [f"{path.relative_to(site)}: {one}" for one in page.loads if REMOTE.match(one) or LOADED.search(one)]
    for path in site.rglob("*"):
        if path.suffix in (".css", ".js", ".mjs", ".svg", ".html"):
            text = path.read_text(errors="replace")
            if path.suffix == ".html":
                text = " ".join(re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL))
            found += [f"{path.relative_to(site)}: {one}" for one in LOADED.findall(text)]
            if path.suffix in (".js", ".mjs"):
                found += [f"{path.relative_to(site)}: {one}" for one in FETCHED.findall(text)]
    return found


def _leads(target: Path, anchor: str, read: dict[Path, Page], site: Path) -> bool:
    if target.is_dir():
        target /= "index.html"
    if target not in read:
        return target.is_file() and not anchor
    if read[target].goes_on:  # rustdoc's page of what is shown elsewhere: it takes the anchor along
        return _leads((target.parent / read[target].goes_on).resolve(), anchor, read, site)
    inside = target.relative_to(site).parts
    if inside[:2] == ("rust", "src"):  # rustdoc's sources: a line, or from one to another
        lines = re.fullmatch(r"(\d+)(?:-(\d+))?", anchor)
        if lines:
            return all(one in read[target].ids for one in lines.groups() if one)
    return not anchor or anchor in read[target].ids


def broken(site: Path, read: dict[Path, Page]) -> list[str]:
    """Links inside the site that lead nowhere, anchors included."""
    found = []
    for path, page in read.items():
        for link in set(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("javascript:"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            # Browsers look for an id as it is written, and then without its percent signs.
            anchors = {parts.fragment, unquote(parts.fragment)}
            if not target.is_relative_to(site) or not any(_leads(target, one, read, site) for one in anchors):
                found.append(f"{path.relative_to(site)}: {link}")
    return found


def site(folder: Path) -> str:
    folder = folder.resolve()
    read = {path: _read(path) for path in folder.rglob("*.html")}
    faults = [f"loaded from elsewhere: {one}" for one in outside(folder, read)]
    faults += [f"leads nowhere: {one}" for one in broken(folder, read)]
    if faults:
        raise SystemExit("\n".join(sorted(faults)[:100] + [f"{len(faults)} faults"]))
    links = sum(len(page.links) for page in read.values())
    return f"{len(read)} pages, {links} links, nothing loaded from elsewhere"


def names(root: Path) -> None:
    """Every name that the guide writes as code is one of the sources: what is renamed there is renamed here."""
    known: set[str] = set()
    for folder in ("crates", "bindings", "examples", "tests/vectors", "tests/browser", "docs/site"):
        for path in (root / folder).rglob("*"):
            if path.suffix in (".rs", ".py", ".pyi", ".h", ".hpp", ".c", ".cpp", ".toml", ".json", ".sh", ".js", ".html"):
                known |= set(re.findall(r"\w+", path.read_text(errors="replace")))
    known |= set(re.findall(r"[\w-]+", (root / "Makefile").read_text()))

    def is_known(word: str) -> bool:
        return word in known or word.startswith("_") and any(one.endswith(word) for one in known)

    faults = []
    for page in [*sorted((root / "docs/guide").glob("*.md")), root / "docs/index.md"]:
        prose = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        for code in re.findall(r"`([^`\n]+)`", prose):
            # What begins with mx/ is an event of the widget.
            if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+/?", code) and not re.search("^target/|^mx/|GUID", code):
                if not (root / code).exists():
                    faults.append(f"{page.relative_to(root)}: no file {code}")
                continue
            words = re.findall(
                r"[A-Za-z_]\w{3,}", re.sub(r"https?://\S+|target/\S+|[\w-]*application-7[\w-]*", "", code)
            )
            faults += [f"{page.relative_to(root)}: no such name: {word}" for word in words if not is_known(word)]
    if faults:
        raise SystemExit("\n".join(faults))


# The only lines of the guide that no test types as they stand, and what does the same.
COMMANDS = {
    "cargo install --locked --path crates/mx-nexus": "the tests of mx-nexus run the program that cargo builds of it",
    "cargo run --example verify": "tests/examples.rs tells its story",
    "cargo run --example conformance -- PROGRAM": "tests/drivers.rs runs it",
    "pip install ./bindings/python": "`make test-python` installs it so",
    "python examples/verify.py": "bindings/python/tests/test_story.py",
    "nexus webhook listen --port 9000 --answer 500x3,204": "crates/mx-nexus/tests/readme.rs starts one at a free port",
    "nexus sandbox --port 8080 --webhook http://127.0.0.1:9000/": "crates/mx-nexus/tests/readme.rs starts one at a free port",
    "export NEXUS_CLIENT_ID=... NEXUS_USER_ID=probe-1 NEXUS_API_KEY=...": "what stands for the dots is the reader's",
    "nexus compare --to integration": "crates/mx-nexus/tests/compare.rs does so with another sandbox",
    "make site": "it has made what is checked here",
}
# Pages of which a test runs the shell line by line, or compiles the code.
RUNNERS = {
    ("sh", "docs/guide/c-and-cpp.md"): "crates/nexus-ffi/tests/outside.rs",
    ("cpp", "docs/guide/c-and-cpp.md"): "crates/nexus-ffi/tests/cpp_headers.rs",
}


def blocks(root: Path) -> None:
    """Every block of the guide is one that a test runs, a file that a test runs, or marked as output."""
    tests = "".join(
        path.read_text()
        for pattern in ("tests/*.rs", "crates/nexus-ffi/tests/*.rs", "bindings/python/tests/*.py", "tests/browser/*.py")
        for path in root.glob(pattern)
    )
    faults = []
    for page in [*sorted((root / "docs/guide").glob("*.md")), root / "docs/index.md"]:
        for kind, body in re.findall(r"^```(\S*).*?\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
            where = f"{page.relative_to(root)}: a block of {kind or 'no kind'}"
            if kind in ("console", "text", "{toctree}", "{include}", "{raw}"):
                continue  # console: crates/mx-nexus/tests/readme.rs; text: output
            runner = RUNNERS.get((kind, str(page.relative_to(root))))
            if runner and page.name in (root / runner).read_text():
                continue
            if kind == "sh":
                faults += [f"{where}: {line}" for line in body.splitlines() if line not in COMMANDS]
            elif kind != "{literalinclude}":
                faults.append(f"{where}: nothing runs it")
        for folder in re.findall(r"--path (\S+)", page.read_text()):
            if not (root / folder).is_dir():
                faults.append(f"{page.relative_to(root)}: no folder {folder}")
        for file in re.findall(r"^```\{literalinclude\} (\S+)", page.read_text(), re.MULTILINE):
            name = file.removeprefix("/examples/")
            if f"examples/{name}" not in tests and f'"examples" / "{name}"' not in tests:
                faults.append(f"{page.relative_to(root)}: {file} is run by no test")
    if faults:
        raise SystemExit("\n".join(faults))
