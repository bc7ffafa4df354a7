"""The reference of the Python package: signatures from its sources and stubs, words from its docstrings.

The extension module's stubs hold no docstrings; `bindings/python/docstrings.json` holds them, and a test of the package
compares it with the built module. So nothing has to be built here.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from prose import heading, indented, rst

ALIASES = {
    "_Seconds": "float | timedelta",
    "_Amount": "str | Decimal | Cents",
    "_Bytes": "bytes | bytearray | str",
    "_AccountType": "AccountType | str",
    "_Problem": "str",
}


def _words(text: str) -> str:
    text = re.sub(r"_Step\[([\w.]+)\]", r"Send | SendOnce | Sleep | Renew | Done[\1]", text)
    return re.sub(r"\b_\w+\b", lambda found: ALIASES.get(found[0], found[0]), text)


def signature(node: ast.FunctionDef | ast.AsyncFunctionDef, method: bool) -> str:
    arguments = ast.parse(ast.unparse(node)).body[0].args  # a copy
    if method:
        (arguments.posonlyargs or arguments.args).pop(0)
    text = ast.unparse(arguments).removeprefix("/, ").replace("(, ", "(")
    text = "" if text == "/" else text
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return _words(f"({text}){returns}")


# What a reader looks for first; the others follow in the module's own order, constants last.
FIRST = [
    "Client",
    "AsyncClient",
    "Microdeposit",
    "Outcome",
    "Verdict",
    "Status",
    "NexusError",
    "Assumptions",
    "Journal",
    "Sandbox",
]


def _decorators(node: ast.AST) -> set[str]:
    return {ast.unparse(one) for one in getattr(node, "decorator_list", [])}


def public(name: str) -> bool:
    return not name.startswith("_")


MODULES = ["__init__", "errors", "sandbox", "flows", "pytest_plugin"]


class Package:
    def __init__(self, folder: Path, docstrings: Path) -> None:
        self.trees = {path.stem: ast.parse(path.read_text()) for path in [*folder.glob("*.py"), *folder.glob("*.pyi")]}
        self.docstrings: dict[str, str] = json.loads(docstrings.read_text())
        self.shown: set[str] = set()
        self.names = self._names()

    def _names(self) -> dict[str, str]:
        """What a docstring can name, and its full name: classes, their members, modules."""
        out = {f"mx_nexus.{module}": f"mx_nexus.{module}" for module in MODULES if module != "__init__"}
        for module in MODULES:
            title = "mx_nexus" if module == "__init__" else f"mx_nexus.{module}"
            for name in self.exported(module):
                _, node = self.definition(module, name)
                if isinstance(node, ast.ClassDef) and name not in out:
                    place = "mx_nexus.errors" if name == "NexusError" else title
                    out[name] = f"{place}.{name}"
                    for one in node.body:
                        member = getattr(one, "name", None) or getattr(getattr(one, "target", None), "id", "_")
                        if public(member):
                            out[f"{name}.{member}"] = f"{place}.{name}.{member}"
        return out

    def rst(self, text: str, own: str = "") -> list[str]:
        def link(word: str) -> str | None:
            full = self.names.get(word)
            return f":py:obj:`{word} <{full}>`" if full and word.split(".")[0] != own else None

        return rst(text, link)

    def doc(self, module: str, path: str, node: ast.AST) -> str:
        own = (
            ast.get_docstring(node) if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) else None
        )
        return own or (self.docstrings.get(path, "") if module == "_nexus" else "")

    def definition(self, module: str, name: str) -> tuple[str, ast.AST]:
        """Where a name that a module shows is defined."""
        for node in self.trees[module].body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
                return module, node
            target = getattr(node, "target", None) or next(iter(getattr(node, "targets", [])), None)
            if isinstance(target, ast.Name) and target.id == name:
                return module, node
        for node in ast.walk(self.trees[module]):
            if isinstance(node, ast.ImportFrom) and node.level and any(one.name == name for one in node.names):
                return self.definition(str(node.module), name)
        raise SystemExit(f"the Python reference finds no definition of {module}.{name}")

    def members(self, module: str, owner: ast.ClassDef) -> list[str]:
        out: list[str] = []
        body = owner.body
        for place, node in enumerate(body):
            after = body[place + 1] if place + 1 < len(body) else None
            note = (
                ast.literal_eval(after.value)
                if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                else ""
            )
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if not public(node.name) or "overload" in _decorators(node):
                    continue
                decorators = _decorators(node)
                text = self.doc(module, f"{owner.name}.{node.name}", node)
                if not text and module != "errors":
                    raise SystemExit(f"no docstring: {module}.{owner.name}.{node.name}")
                if "property" in decorators:
                    out += [f".. py:property:: {node.name}", f"   :type: {_words(ast.unparse(node.returns))}", ""]
                else:
                    static = "staticmethod" in decorators
                    out += [f".. py:method:: {node.name}{signature(node, not static)}"]
                    out += ["   :staticmethod:"] if static else []
                    out += ["   :async:"] if isinstance(node, ast.AsyncFunctionDef) else []
                    out += [""]
                out += indented(self.rst(text, owner.name))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and public(node.target.id):
                out += [f".. py:attribute:: {node.target.id}", f"   :type: {_words(ast.unparse(node.annotation))}", ""]
                out += indented(self.rst(note, owner.name)) if note else []
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and public(node.targets[0].id):
                name, value = node.targets[0].id, ast.unparse(node.value)
                out += [f".. py:attribute:: {name}", f"   :value: {value}", ""]
                out += indented(self.rst(note, owner.name)) if note else []
        return out

    def shown_as(self, module: str, name: str) -> list[str]:
        at, node = self.definition(module, name)
        self.shown.add(f"{module}.{name}")
        if at == "errors" and module != at:
            return [f".. py:exception:: {name}", "   :no-index:", "", f"   See :py:exc:`mx_nexus.errors.{name}`.", ""]
        if isinstance(node, ast.ClassDef):
            new = next(
                (one for one in node.body if isinstance(one, ast.FunctionDef) and one.name in ("__new__", "__init__")),
                None,
            )
            call = re.sub(r" -> .*", "", signature(new, True)) if new else ""
            kind = "exception" if at == "errors" else "class"
            bases = ", ".join(ast.unparse(base) for base in node.bases if public(ast.unparse(base)))
            text = self.doc(at, node.name, node)
            if not text:
                raise SystemExit(f"no docstring: {at}.{name}")
            facts = [
                f"Number {number}, kind ``{word}``."
                for one in node.body
                if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Tuple)
                for number, word in [ast.literal_eval(one.value)]
            ]
            body = self.rst(text, name) + [line for fact in facts for line in (fact, "")]
            if bases and at in ("errors", "status"):
                body += [f"Bases: ``{bases}``", ""]
            return [f".. py:{kind}:: {name}{call}", "", *indented(body), *indented(self.members(at, node))]
        if isinstance(node, ast.FunctionDef):
            return [
                f".. py:function:: {name}{signature(node, False)}",
                "",
                *indented(self.rst(self.doc(at, name, node))),
            ]
        annotation = getattr(node, "annotation", None)
        said = re.sub(r"^Final\[(.*)\]$", r"\1", ast.unparse(annotation)) if annotation else ""
        return [f".. py:data:: {name}", *([f"   :type: {_words(said)}"] if said else []), ""]

    def exported(self, module: str) -> list[str]:
        for node in self.trees[module].body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                return list(ast.literal_eval(node.value))
        names = [getattr(node, "name", "") for node in self.trees[module].body]
        return [name for name in names if name and public(name)]

    def page(self, module: str) -> str:
        title = "mx_nexus" if module == "__init__" else f"mx_nexus.{module}"
        about = ast.get_docstring(self.trees[module]) or ""
        names = self.exported(module)
        if module == "errors":
            names = [name for name in names if name not in ("build",)]
        if module == "pytest_plugin":
            names = [name for name in names if name != "pytest_configure"]

        def place(name: str) -> tuple[bool, int]:
            kind = self.definition(module, name)[1]
            return not isinstance(kind, (ast.ClassDef, ast.FunctionDef)), FIRST.index(name) if name in FIRST else len(
                FIRST
            )

        body = [line for name in sorted(names, key=place) for line in self.shown_as(module, name)]
        return "\n".join([*heading(title), f".. py:module:: {title}", "", *self.rst(about), *body])

    def pages(self) -> dict[str, str]:
        out = {("mx_nexus" if one == "__init__" else one): self.page(one) for one in MODULES}
        # Whatever the extension module gives to anybody is on one of the pages.
        given = {name for name in self.exported("_nexus") if public(name)} - {"error_kinds", "silent_call", "status_facts", "words_of"}
        missing = given - {name.split(".")[1] for name in self.shown}
        if missing:
            raise SystemExit(f"the Python reference lacks {sorted(missing)}")
        index = [
            *heading("Python: mx_nexus"),
            "Signatures are those of the package's stubs, words those that ``help()`` shows.",
            "",
            ".. toctree::",
            "",
            *indented(list(out)),
        ]
        return {"index": "\n".join(index), **out}
