"""Draws the state machine and writes its table, from the rows of tests/vectors/transitions.json.

A test of the core holds these rows to its own table. Places and routes of the drawing are given here; a row without a route,
or a route without a row, ends the build: the table and the drawing cannot differ.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 740, 614
# Boxes: left, top, width, height, class.
MIDDLE = 44
BOXES = {
    "nothing": (335, 18, 130, MIDDLE, "start"),
    "PREINITIATED": (390, 118, 130, MIDDLE, "way"),
    "INITIATED": (335, 218, 130, MIDDLE, "way"),
    "REQUESTED": (335, 308, 130, MIDDLE, "way"),
    "DEPOSITED": (335, 418, 130, MIDDLE, "way"),
    "DENIED": (335, 518, 130, MIDDLE, "way"),
    "ERRORED": (8, 18, 92, 334, "bad"),
    "REJECTED": (122, 18, 92, 334, "bad"),
    "PREVENTED": (8, 396, 92, 188, "bad"),
    "VERIFIED": (122, 396, 92, 188, "good"),
    "CONFLICTED": (638, 18, 94, 118, "bad"),
    "deleted": (638, 146, 94, 438, "gone"),
}
# Routes: "left", "right" with the distance from the box's middle; "down" with the line's x and the side of its name; "loop".
ROUTES: dict[tuple[str, str], tuple[str, int, str]] = {
    ("nothing", "PREINITIATED"): ("down", 430, "right"),
    ("nothing", "INITIATED"): ("down", 360, "left"),
    ("nothing", "ERRORED"): ("left", -10, ""),
    ("nothing", "REJECTED"): ("left", 12, ""),
    ("nothing", "CONFLICTED"): ("right", 0, ""),
    ("PREINITIATED", "INITIATED"): ("down", 430, "right"),
    ("PREINITIATED", "ERRORED"): ("left", -10, ""),
    ("PREINITIATED", "REJECTED"): ("left", 12, ""),
    ("PREINITIATED", "CONFLICTED"): ("right", -14, ""),
    ("PREINITIATED", "deleted"): ("right", 14, ""),
    ("INITIATED", "REQUESTED"): ("down", 400, "right"),
    ("INITIATED", "ERRORED"): ("left", -10, ""),
    ("INITIATED", "REJECTED"): ("left", 12, ""),
    ("INITIATED", "deleted"): ("right", 0, ""),
    ("REQUESTED", "DEPOSITED"): ("down", 400, "right"),
    ("REQUESTED", "ERRORED"): ("left", -10, ""),
    ("REQUESTED", "REJECTED"): ("left", 12, ""),
    ("REQUESTED", "deleted"): ("right", 0, ""),
    ("DEPOSITED", "DENIED"): ("down", 400, "right"),
    ("DEPOSITED", "VERIFIED"): ("left", 12, ""),
    ("DEPOSITED", "PREVENTED"): ("left", -10, ""),
    ("DEPOSITED", "deleted"): ("right", 0, ""),
    ("DENIED", "DENIED"): ("loop", 0, ""),
    ("DENIED", "VERIFIED"): ("left", 12, ""),
    ("DENIED", "PREVENTED"): ("left", -10, ""),
    ("DENIED", "deleted"): ("right", 0, ""),
}


def rows(file: Path) -> list[dict[str, str]]:
    return [one for one in json.loads(file.read_text())["vectors"] if one["kind"] == "row"]


def undocumented(row: dict[str, str]) -> bool:
    """Whether the rule is assumed or inferred, by its own words."""
    return bool(re.search(r"assumed|inferred", row["source"]))


def _label(x: float, y: float, row: dict[str, str], anchor: str) -> str:
    kind = "move assumed" if undocumented(row) else "move"
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(row["event"])}</text>'


def _edge(pair: tuple[str, str], events: list[dict[str, str]]) -> str:
    (kind, where, side), start, end = ROUTES[pair], BOXES[pair[0]], BOXES[pair[1]]
    middle = start[1] + start[3] / 2
    labels = []
    if kind == "loop":
        left, right, bottom = start[0] + 40, start[0] + 90, start[1] + start[3]
        path = f"M{right} {bottom} v18 a7 7 0 0 1 -7 7 H{left + 7} a7 7 0 0 1 -7 -7 v-12"
        labels = [_label((left + right) / 2, bottom + 40, row, "middle") for row in events]
    elif kind == "down":
        path = f"M{where} {start[1] + start[3]} V{end[1] - 6}"
        x, anchor = (where + 7, "start") if side == "right" else (where - 7, "end")
        above = start[1] + start[3] + 24
        labels = [_label(x, above + 14 * number, row, anchor) for number, row in enumerate(events)]
    else:
        y = middle + where
        here, there = (start[0], end[0] + end[2] + 6) if kind == "left" else (start[0] + start[2], end[0] - 6)
        path = f"M{here} {y} H{there}"
        # Names stand over the line, between the middle and the nearer column; a second one stands below it.
        centre = (214 + 335) / 2 if kind == "left" else (here + 638) / 2
        places = [y - 4, y + 13]
        if len(events) > len(places):
            raise SystemExit(f"no room for the names of {pair}")
        labels = [_label(centre, place, row, "middle") for place, row in zip(places, events, strict=False)]
    dashed = " assumed" if all(undocumented(row) for row in events) else ""
    told = "; ".join(f"{row['from']} {row['event']} {row['to']}" for row in events)
    return (
        f'<g data-transitions="{escape(told)}"><title>{escape(told)}</title>'
        f'<path class="halo" d="{path}"/><path class="arrow{dashed}" d="{path}" marker-end="url(#transitions-head)"/>'
        f"{''.join(labels)}</g>"
    )


def _box(name: str) -> str:
    left, top, width, height, kind = BOXES[name]
    x, y = left + width / 2, top + height / 2
    words = "not created" if name == "nothing" else name
    return (
        f'<g data-place="{name}"><rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{height}" rx="6"/>'
        f'<text class="place" x="{x}" y="{y + 4}" text-anchor="middle">{words}</text></g>'
    )


def drawing(table: list[dict[str, str]]) -> str:
    pairs: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in table:
        pairs.setdefault((row["from"], row["to"]), []).append(row)
    places = {place for pair in pairs for place in pair}
    differ = set(pairs) ^ set(ROUTES) or places ^ set(BOXES)
    if differ:
        raise SystemExit(f"docs/site/transitions.py: the table and the drawing differ: {sorted(differ, key=str)}")
    bars = [name for name, box in BOXES.items() if box[3] > MIDDLE]
    parts = [
        f'<svg class="transitions" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="transitions-title" '
        'xmlns="http://www.w3.org/2000/svg">',
        '<title id="transitions-title">The statuses of a microdeposit and the transitions between them, as in the table below</title>',
        '<defs><marker id="transitions-head" markerWidth="7" markerHeight="7" refX="2" refY="3.5" orient="auto">'
        '<path class="head" d="M0 0 L7 3.5 L0 7 z"/></marker></defs>',
        *map(_box, bars),
        *(_edge(pair, events) for pair, events in pairs.items()),
        *(_box(name) for name in BOXES if name not in bars),
        "</svg>",
    ]
    return "\n".join(parts)


def table_page(table: list[dict[str, str]]) -> str:
    lines = ["| From | Event | To | Source |", "|---|---|---|---|"]
    for row in table:
        lines.append(f"| {row['from']} | `{row['event']}` | {row['to']} | {row['source']} |")
    return "\n".join(lines)


def check(html: str, source: str) -> None:
    """The built page draws what the core's own source says, row by row."""

    def place(text: str) -> str:
        known = re.fullmatch(r"At\((\w+)\)", text)
        return known[1].upper() if known else text.lower()

    def snake(text: str) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", text).lower()

    form = r"^    row\(\s*([\w()]+),\s*Event::(\w+),\s*([\w()]+),"
    core = {(place(start), snake(event), place(end)) for start, event, end in re.findall(form, source, re.MULTILINE)}
    drawn = {tuple(one.split(" ")) for told in re.findall(r'data-transitions="([^"]+)"', html) for one in told.split("; ")}
    if not core or core != drawn:
        raise SystemExit(f"the drawing and the core's table differ: {sorted(core ^ drawn)}")
