"""Converts comments of sources to reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Callable

ITEM = re.compile(r"(\d+\.|-) +")


def inline(text: str, link: Callable[[str], str | None] = lambda word: None) -> str:
    """One piece of running text: `code` and **bold** are kept, all else is plain; `link` may turn a word into a role."""
    pieces: list[tuple[bool, str]] = []
    for code, part in enumerate(re.split(r"`([^`]+)`", text)):
        if code % 2:
            pieces.append((True, link(part) or f"``{part}``"))
            continue
        for bold, words in enumerate(re.split(r"\*\*(.+?)\*\*", part)):
            if bold % 2:
                pieces.append((True, f"**{words}**"))
                continue
            for name, word in enumerate(re.split(r"((?<![\w.])\w+_\w*(?!\w))", words)):
                role = link(word) if name % 2 else None
                pieces.append((True, role) if role else (False, re.sub(r"([\\*|`]|_(?!\w)|://)", r"\\\1", word)))
    out = ""
    marked = False
    for markup, piece in pieces:
        # Markup begins and ends where a word does.
        if piece and (
            (marked and (piece[0].isalnum() or markup)) or (markup and out and (out[-1].isalnum() or out[-1] in ".="))
        ):
            out += "\\ "
        out += piece
        marked = markup if piece else marked
    return out


def paragraphs(text: str) -> list[list[str]]:
    """The lines between blank lines."""
    return [block.splitlines() for block in re.split(r"\n\s*\n", text.strip("\n"))]


def rst(text: str, link: Callable[[str], str | None] = lambda word: None) -> list[str]:
    """A comment: paragraphs, lists, and indented examples."""
    out: list[str] = []
    example = False
    for lines in paragraphs(text):
        if not lines or not any(lines):
            continue
        if all(line.startswith("    ") for line in lines):
            # What follows an example right away is part of it.
            out += [*lines, ""] if example else ["::", "", *lines, ""]
            example = True
            continue
        example = False
        items: list[tuple[str, list[str]]] = [("", [])]
        for line in lines:
            mark = ITEM.match(line)
            if mark:
                items.append((mark[1], [line[mark.end() :]]))
            else:
                items[-1][1].append(line.strip())
        for mark, words in items:
            if not words:
                continue
            said = inline(" ".join(words), link)
            out += [f"{mark} {said}" if mark else said]
            if not mark:
                out.append("")
        out.append("")
    return out


def indented(lines: list[str], by: int = 3) -> list[str]:
    return [(" " * by + line) if line else "" for line in lines]


def heading(text: str, mark: str = "=") -> list[str]:
    return [text, mark * len(text), ""]
