"""Tests that the site's checks find mistakes: `python -m unittest` in this folder; every build runs it."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import c_header
import check
import transitions

ROOT = Path(__file__).resolve().parents[2]
ROWS = transitions.rows(ROOT / "tests/vectors/transitions.json")
SOURCE = (ROOT / "crates/nexus-types/src/machine/mod.rs").read_text()
HEADER = (ROOT / "bindings/c/include/nexus.h").read_text()
ABI = (ROOT / "bindings/c/abi/1.txt").read_text()


class Drawing(unittest.TestCase):
    def test_it_is_the_core_s(self) -> None:
        transitions.check(transitions.drawing(ROWS), SOURCE)

    def test_a_row_more_or_less_ends_the_build(self) -> None:
        for rows in (
            ROWS[1:],
            [*ROWS, {**ROWS[0], "from": "VERIFIED", "to": "DENIED"}],
            [*ROWS, {**ROWS[0], "to": "NEW"}],
        ):
            with self.assertRaises(SystemExit):
                transitions.drawing(rows)
        # A second event between two places has a line already; the core's source says that it is not one of its own.
        with self.assertRaises(SystemExit):
            transitions.check(transitions.drawing([*ROWS, {**ROWS[1], "event": "other"}]), SOURCE)


class Header(unittest.TestCase):
    def test_every_definition_is_there(self) -> None:
        text = "\n".join(c_header.pages(HEADER, ABI).values())
        for name in ("nexus_client_verify", "NEXUS_ERROR_UNSETTLED", "nexus_on_progress", "NEXUS_NEVER"):
            self.assertRegex(text, rf"\.\. c:\w+:: .*\b{name}\b")

    def test_what_is_missing_ends_the_build(self) -> None:
        undocumented = HEADER.replace(" * The version of the library.\n", "").replace(
            '/**\n *\n * @return Such as "0.1.0"', '/*\n * @return "0.1.0"'
        )
        with self.assertRaises(SystemExit):
            c_header.pages(undocumented, ABI)
        with self.assertRaises(SystemExit):
            c_header.pages(HEADER, ABI + "function nexus_code nexus_of_tomorrow()\n")


class Site(unittest.TestCase):
    def faults(self, body: str, css: str = "", script: str = "") -> str:
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder)
            (site / "index.html").write_text(f'<p id="here">{body}</p>')
            (site / "other.html").write_text('<meta http-equiv="refresh" content="0; URL=index.html">')
            (site / "own.css").write_text(css)
            (site / "own.js").write_text(script)
            try:
                check.site(site)
            except SystemExit as end:
                return str(end)
            return ""

    def test_what_is_fine(self) -> None:
        fine = (
            '<a href="https://example.com/">x</a><a href="#here">x</a><a href="other.html#here">x</a><img src="own.js">'
        )
        self.assertEqual(self.faults(fine, "p { background: url(own.png) }", 'see("https://example.com")'), "")

    def test_what_is_loaded_from_elsewhere(self) -> None:
        for body in (
            '<script src="https://example.com/x.js"></script>',
            '<link rel="stylesheet" href="//example.com/x.css">',
            '<link rel="preload" as="font" href="http://example.com/x.woff2">',
            '<img src="https://example.com/x.png">',
            '<img srcset="own.js 1x, https://example.com/x.png 2x">',
            '<p style="background: url(https://example.com/x.png)">',
            "<style>@import 'https://example.com/x.css';</style>",
        ):
            self.assertIn("loaded from elsewhere", self.faults(body), body)
        for css in ("@import url(https://example.com/x.css);", "@font-face { src: url('//example.com/x.woff2') }"):
            self.assertIn("loaded from elsewhere", self.faults("", css), css)
        self.assertIn("loaded from elsewhere", self.faults("", "", 'fetch("https://example.com/x")'))

    def test_what_leads_nowhere(self) -> None:
        for link in ("gone.html", "#gone", "index.html#gone", "other.html#gone", "../index.html"):
            self.assertIn("leads nowhere", self.faults(f'<a href="{link}">x</a>'), link)


if __name__ == "__main__":
    unittest.main()
