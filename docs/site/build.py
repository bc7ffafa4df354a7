"""Builds the site: `make site`.

    python docs/site/build.py [--short] [--links]

The pages are those of docs/, and documents that live elsewhere in the repository; the references are read from the C header,
the Python stubs and rustdoc's output. They are put together in target/site-source, where Sphinx finds them, and built into
target/site. Then the result is checked. --short leaves rustdoc out; --links asks for every outside link instead.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import sys
import unittest
from pathlib import Path

import c_header
import check
import transitions
import python_stubs
from sphinx.cmd.build import main as sphinx

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "target"
SOURCE, SITE = TARGET / "site-source", TARGET / "site"
RUSTDOC = Path(os.environ.get("CARGO_TARGET_DIR", TARGET)) / "doc"

# Documents that stand elsewhere, and the page that each becomes. What stands in docs/ keeps its place.
DOCUMENTS = {
    "README.md": "project/readme.md",
    "SECURITY.md": "project/security.md",
    "CHANGELOG.md": "project/changelog.md",
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "RELEASING.md": "project/releasing.md",
    "crates/nexus-http/FAILURES.md": "project/failures.md",
    "bindings/python/README.md": "project/python.md",
    "bindings/c/README.md": "project/c.md",
    "examples/README.md": "project/examples.md",
}
# Documents that begin without a title of their own, as parts of another.
TITLES = {"crates/nexus-http/FAILURES.md": "Failures, one by one"}

# What a reader looks for first; the others follow.
CRATES = ["nexus_types", "nexus_http", "nexus_sandbox", "nexus"]

# Links that a dependency's words bring into our pages, and where they belong.
DEPENDENCIES = {"dispatcher#": "https://docs.rs/tracing/latest/tracing/"}

LINK = re.compile(r"(?<=\]\()(?!https?:|#|mailto:|<)([^)\s#]+)(#[^)\s]*)?(?=\))")
RUST = re.compile(r"\[([^\]]+)\]\((\.\./rust/[^)\s]+)\)")
# rustdoc's own links: [`Error::advice`]: nexus_types::Error::advice
RUST_NAME = re.compile(r"^\[(`[^`]+`)\]: (\w+)::(\w+)(?:::(\w+))?\n", re.MULTILINE)
FENCE = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)


def pages() -> dict[Path, Path]:
    """Each document, and its page in the assembled sources."""
    docs = ROOT / "docs"
    found = {
        path: path.relative_to(docs) for path in docs.rglob("*.md") if "site" not in path.relative_to(docs).parts[:1]
    }
    for name, page in DOCUMENTS.items():
        if not (ROOT / name).exists():
            raise SystemExit(f"no document {name}")
        found[ROOT / name] = Path(page)
    return found


def linked(text: str, path: Path, page: Path, known: dict[Path, Path], short: bool) -> str:
    """The document with links to other documents turned to their pages; other files of the repository come along."""
    # Sphinx does not know rustdoc's pages; the check of the built site does.
    text = RUST.sub(r"\1" if short else r'<a class="reference internal" href="\2">\1</a>', text)

    def turn(found: re.Match[str]) -> str:
        target, anchor = (path.parent / found[1]).resolve(), found[2] or ""
        if target in known:
            return os.path.relpath(known[target], page.parent) + anchor
        if target.is_relative_to(ROOT / "docs/reference"):
            return found[0]  # made by this program; Sphinx knows what is there
        if not target.is_relative_to(ROOT) or not target.exists():
            raise SystemExit(f"{path.relative_to(ROOT)}: no such file: {found[1]}")
        if target.is_dir():
            raise SystemExit(f"{path.relative_to(ROOT)}: a link to a folder leads nowhere on the site: {found[1]}")
        copy = Path("files") / target.relative_to(ROOT)
        if copy.suffix == ".md":  # no page: a text like any other
            copy = copy.with_suffix(".md.txt")
        (SOURCE / copy.parent).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target, SOURCE / copy)
        return os.path.relpath(copy, page.parent) + anchor

    for words, crate, item, member in RUST_NAME.findall(text):
        leads = "" if short else rust_page(crate, item, member)
        target = os.path.relpath(Path("rust") / leads, page.parent)
        text = text.replace(
            f"[{words}]", f'<a class="reference internal" href="{target}">{words}</a>' if leads else words
        )
    text = re.sub(r"^(?:`[^`]+`|<a [^\n]*</a>): \w+::[\w:]+$\n?", "", text, flags=re.MULTILINE)
    parts = FENCE.split(text)
    return "".join(part if number % 2 else LINK.sub(turn, part) for number, part in enumerate(parts))


def rust_page(crate: str, item: str, member: str) -> str:
    """rustdoc's page of an item, and the place of a method on it."""
    pages = [path.relative_to(RUSTDOC) for path in (RUSTDOC / crate).rglob(f"*.{item}.html")]
    if len(pages) != 1:
        raise SystemExit(f"rustdoc has {len(pages)} pages of {crate}::{item}")
    return str(pages[0]) + (f"#method.{member}" if member else "")


def rust_crates() -> list[str]:
    """The crates that rustdoc has documented, by the members of this workspace."""
    found = sorted(path.parent.name for path in RUSTDOC.glob("*/all.html"))
    return sorted(found, key=lambda name: CRATES.index(name) if name in CRATES else len(CRATES))


def about(crate: str) -> str:
    """A crate's first sentence, as rustdoc has it."""
    found = re.search(r'<meta name="description" content="([^"]*)"', (RUSTDOC / crate / "index.html").read_text())
    return html.unescape(found[1]).replace("|", "\\|") if found else ""


def enumeration(header: str, name: str, prefix: str) -> list[tuple[str, str, str]]:
    """Name, number and meaning of each member of one of the header's enumerations."""
    (one,) = (one for one in c_header.read(header)[1] if one.name == name)
    members = []
    for member, declaration, comment in one.members:
        words = re.split(r"; see\s+nexus_", " ".join(comment.split()))[0].rstrip(".") + "."
        members.append((member.removeprefix(prefix), declaration.split(" = ")[1], words))
    return members


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]) + "\n"


def tables(header: str) -> dict[str, str]:
    """What the guide shows of the header's enumerations."""
    status = enumeration(header, "nexus_status", "NEXUS_STATUS_")
    verdict = enumeration(header, "nexus_verdict", "NEXUS_VERDICT_")
    assumption = enumeration(header, "nexus_assumption", "NEXUS_ASSUMPTION_")
    code = enumeration(header, "nexus_code", "NEXUS_ERROR_")
    return {
        "statuses": table(["Status", "Number", "Means"], [list(one) for one in status]),
        "verdicts": table(["Verdict", "Means"], [[f"`{name.lower()}`", words] for name, _, words in verdict]),
        "assumptions": table(
            ["Assumption", "What is taken for true"],
            [[f"`{name.lower()}`", words] for name, number, words in assumption if number != "0"],
        ),
        "codes": table(
            ["Number", "Kind", "What happened"],
            [[number, f"`{name.lower()}`", words] for name, number, words in code if number != "0"],
        ),
    }


def assemble(short: bool) -> None:
    shutil.rmtree(SOURCE, ignore_errors=True)
    SOURCE.mkdir(parents=True)
    shutil.copytree(ROOT / "docs/site/static", SOURCE / "static")
    shutil.copytree(ROOT / "examples", SOURCE / "examples", ignore=shutil.ignore_patterns("*.md"))
    known = pages()
    for path, page in known.items():
        text = linked(path.read_text(), path, page, known, short)
        title = TITLES.get(str(path.relative_to(ROOT)))
        (SOURCE / page.parent).mkdir(parents=True, exist_ok=True)
        (SOURCE / page).write_text(f"# {title}\n\n{text}" if title else text)
    made = SOURCE / "made"
    made.mkdir()
    rows = transitions.rows(ROOT / "tests/vectors/transitions.json")
    (made / "transitions.svg").write_text(transitions.drawing(rows))
    (made / "transitions.txt").write_text(transitions.table_page(rows))
    c = ROOT / "bindings/c"
    for name, text in tables((c / "include/nexus.h").read_text()).items():
        (made / f"{name}.txt").write_text(text)
    package = ROOT / "bindings/python"
    references = {
        "c": c_header.pages((c / "include/nexus.h").read_text(), (c / "abi/1.txt").read_text()),
        "python": python_stubs.Package(package / "python/mx_nexus", package / "docstrings.json").pages(),
    }
    for language, texts in references.items():
        folder = SOURCE / "reference" / language
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / f"{name}.rst").write_text(text + "\n")
    cpp = [path.relative_to(c / "include") for path in sorted((c / "include").rglob("*.hpp"))]
    shutil.copytree(c / "include", made / "include")
    shown = [f"## {path}\n\n```{{literalinclude}} /made/include/{path}\n:language: cpp\n```\n" for path in cpp]
    words = "# C++: nexus.hpp\n\nThe headers of the C++ side as they stand, comments included.\n\n"
    (SOURCE / "reference/cpp.md").write_text(words + "\n".join(shown))
    crates = [
        [f'<a class="reference internal" href="../rust/{name}/index.html">`{name}`</a>', about(name)]
        for name in ([] if short else rust_crates())
    ]
    left_out = "This build of the site leaves rustdoc out.\n"
    (made / "crates.txt").write_text(table(["Crate", "Is"], crates) if crates else left_out)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--short", action="store_true")
    arguments.add_argument("--links", action="store_true")
    asked = arguments.parse_args()
    if not unittest.main("test_checks", argv=["checks"], exit=False, verbosity=0).result.wasSuccessful():
        raise SystemExit("a check does not find what it is for")
    if not asked.short and not asked.links and not rust_crates():
        raise SystemExit(f"no rustdoc in {RUSTDOC}: `make doc` makes it")
    assemble(asked.short or asked.links)
    folder = Path(__file__).parent
    kind, out = ("linkcheck", TARGET / "site-links") if asked.links else ("html", SITE)
    shutil.rmtree(out, ignore_errors=True)
    words = ["-q", "-b", kind, "-c", str(folder), "-d", str(TARGET / "site-doctrees"), "-E"]
    strict = [] if asked.links else ["-W", "--keep-going"]
    failed = sphinx([*words, *strict, str(SOURCE), str(out)])
    if failed:
        raise SystemExit(failed)
    if asked.links:
        return
    if not asked.short:
        shutil.copytree(RUSTDOC, SITE / "rust", ignore=shutil.ignore_patterns(".lock", "*.md"))
        for path in (SITE / "rust").rglob("*.html"):
            text = path.read_text()
            for link, leads in DEPENDENCIES.items():
                text = text.replace(f'href="{link}', f'href="{leads}{link}')
            path.write_text(text)
        # rustdoc's own pages lead to a list of crates that it does not write.
        (SITE / "rust/index.html").write_text(
            '<!doctype html><meta charset="utf-8"><title>Every crate</title>'
            '<meta http-equiv="refresh" content="0; url=../reference/rust.html">'
            '<a href="../reference/rust.html">Every crate</a>\n'
        )
    transitions.check(
        (SITE / "guide/concepts.html").read_text(), (ROOT / "crates/nexus-types/src/machine/mod.rs").read_text()
    )
    check.blocks(ROOT)
    check.names(ROOT)
    print(check.site(SITE))
    print(f"{os.path.relpath(SITE, Path.cwd())}/index.html")


if __name__ == "__main__":
    sys.exit(main())
