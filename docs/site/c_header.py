"""The reference of the C header: every definition with its comment, read from the header itself.

The header is generated (by cbindgen), so its form is strict: each comment stands right before what it is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from prose import heading, indented, rst

COMMENT = re.compile(r"^( *)/\*\*\n(.*?)^ *\*/\n", re.DOTALL | re.MULTILINE)


@dataclass
class Definition:
    kind: str  # macro, enum, opaque, struct, callback, function
    name: str
    comment: str
    text: str = ""
    members: tuple[tuple[str, str, str], ...] = ()  # name, declaration, comment


def _comment(body: str) -> str:
    return "\n".join(re.sub(r"^ *\* ?", "", line) for line in body.splitlines())


def _flat(text: str) -> str:
    return " ".join(text.split())


def _members(body: str, form: str) -> tuple[tuple[str, str, str], ...]:
    members = re.findall(r"/\*\*\n(.*?)\*/\s*" + form, body, re.DOTALL)
    return tuple((_name(declaration), _flat(declaration), _comment(comment)) for comment, declaration in members)


def _name(declaration: str) -> str:
    callback = re.search(r"\(\*(\w+)\)", declaration)
    if callback:
        return callback[1]
    name = re.search(r"(\w+)(?:\[\w*\])?(?: = .*)?$", _flat(declaration))
    assert name, declaration
    return name[1]


def read(header: str) -> tuple[str, list[Definition]]:
    """The opening comment, and every definition in the header's order."""
    opening = _comment(header[header.index("/*\n") + 3 : header.index("*/")])
    out: list[Definition] = []
    for found in COMMENT.finditer(header):
        if found[1]:  # a member's
            continue
        comment, rest = _comment(found[2]), header[found.end() :]
        if match := re.match(r"#define (\w+) (.*)", rest):
            out.append(Definition("macro", match[1], comment, match[2]))
        elif match := re.match(r"enum (\w+)\n.*?\n ?\{\n(.*?)\n\};", rest, re.DOTALL):
            out.append(Definition("enum", match[1], comment, members=_members(match[2], r"(\w+ = [^,]+),")))
        elif match := re.match(r"typedef struct (\w+) \1;", rest):
            out.append(Definition("opaque", match[1], comment))
        elif match := re.match(r"typedef struct (\w+) \{\n(.*?)\n\} \1;", rest, re.DOTALL):
            out.append(Definition("struct", match[1], comment, members=_members(match[2], r"([^;]+);")))
        elif match := re.match(r"typedef ([^;]*\(\*(\w+)\)[^;]*);", rest):
            out.append(Definition("callback", match[2], comment, _flat(match[1])))
        elif match := re.match(r"([^;{}#]*?\b(nexus_\w+)\([^;{}#]*\));", rest):
            out.append(Definition("function", match[2], comment, _flat(match[1]).removeprefix("NEXUS_API ")))
        else:
            raise SystemExit(f"the header has a form that is not known here: {rest[:100]!r}")
    return opening, out


def check(header: str, abi: str, definitions: list[Definition]) -> None:
    """Nothing is left out: not by the header's own lines, and not by the list of what the library exports."""
    names = {one.name for one in definitions}
    exported = set(re.findall(r"^function .*?\b(nexus_\w+)\(", abi, re.MULTILINE))
    patterns = [r"^#define (NEXUS_\w+) ", r"^enum (\w+)$", r"^typedef struct (\w+)", r"^typedef [^;]*\(\*(\w+)\)"]
    declared = {name for pattern in patterns for name in re.findall(pattern, header, re.MULTILINE)}
    constants = set(re.findall(r"^    (NEXUS_\w+) = ", header, re.MULTILINE))
    shown = {member[0] for one in definitions if one.kind == "enum" for member in one.members}
    fields = sum(len(one.members) for one in definitions if one.kind == "struct")
    lines = sum(
        len(re.findall(r"^    [^ *\n/].*;$", body, re.MULTILINE))
        for body in re.findall(r"^typedef struct \w+ \{\n(.*?)^\}", header, re.DOTALL | re.MULTILINE)
    )
    # What stands before every function is no definition of its own.
    missing = (exported | declared) - names - {"NEXUS_API"} | constants - shown
    if missing or fields != lines or not exported:
        raise SystemExit(f"the C reference lacks {sorted(missing)}, or members: {fields} of {lines}")


def _function(comment: str, link) -> list[str]:
    """@param and @return as fields."""
    body, *rest = re.split(r"^@(?=param|return)", comment, flags=re.MULTILINE)
    out = rst(body, link)
    for field in rest:
        words = _flat(field)
        if words.startswith("return"):
            mark, said = ":returns:", words.removeprefix("return ")
        else:
            _, name, said = words.split(" ", 2)
            mark = f":param {name}:"
        out.append(f"{mark} " + " ".join(rst(said, link)).strip())
    return [*out, ""]


def pages(header: str, abi: str) -> dict[str, str]:
    """Page names and their text."""
    opening, definitions = read(header)
    check(header, abi, definitions)
    roles = {
        "macro": "macro",
        "enum": "enum",
        "opaque": "struct",
        "struct": "struct",
        "callback": "type",
        "function": "func",
    }
    targets = {one.name: f":c:{roles[one.kind]}:`{one.name}`" for one in definitions}
    for one in definitions:
        if one.kind == "enum":
            targets |= {member[0]: f":c:enumerator:`{member[0]}`" for member in one.members}

    def others(own: str):
        return lambda word: targets.get(word) if word != own else None

    def shown(one: Definition) -> list[str]:
        link = others(one.name)
        body = _function(one.comment, link) if one.kind in ("function", "callback") else rst(one.comment, link)
        if one.kind == "macro":
            body = [*body, f"Value: ``{one.text}``", ""]
        for name, declaration, comment in one.members:
            if one.kind == "enum":
                body += [f".. c:enumerator:: {declaration}", ""]
            else:
                body += [f".. c:member:: {declaration}", ""]
            body += indented(rst(comment, others(name)))
        head = {
            "macro": f".. c:macro:: {one.name}",
            "enum": f".. c:enum:: {one.name}",
            "opaque": f".. c:struct:: {one.name}",
            "struct": f".. c:struct:: {one.name}",
            "callback": f".. c:type:: {one.text}",
            "function": f".. c:function:: {one.text}",
        }[one.kind]
        return [head, "", *indented(body)]

    handles = [one.name for one in definitions if one.kind == "opaque"]

    def owner(name: str) -> str:
        fitting = [handle for handle in handles if name.startswith(f"{handle}_")]
        return max(fitting, key=len, default="")

    def of_kind(*kinds: str) -> list[str]:
        return [line for one in definitions if one.kind in kinds for line in shown(one)]

    out = {
        "constants": "\n".join([*heading("Constants and enumerations"), *of_kind("macro", "enum")]),
        "structures": "\n".join([*heading("Structures and callbacks"), *of_kind("struct", "callback")]),
    }
    functions = [one for one in definitions if one.kind == "function"]
    for handle in handles:
        own = [one for one in definitions if one.name == handle]
        own += [one for one in functions if owner(one.name) == handle]
        out[handle] = "\n".join([*heading(handle), *(line for one in own for line in shown(one))])
    rest = [one for one in functions if not owner(one.name)]
    out["functions"] = "\n".join([*heading("Other functions"), *(line for one in rest for line in shown(one))])
    count = f"{len(functions)} functions, {len(handles)} handles."
    listed = ["constants", "structures", *sorted(handles), "functions"]
    index = [
        *heading("C: nexus.h"),
        *rst(opening, targets.get),
        f"{count} The :ref:`index <genindex>` has all of them by name.",
        "",
        ".. toctree::",
        "",
        *indented(listed),
    ]
    return {"index": "\n".join(index), **out}


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    made = pages((root / "bindings/c/include/nexus.h").read_text(), (root / "bindings/c/abi/1.txt").read_text())
    print({name: len(text) for name, text in made.items()})
