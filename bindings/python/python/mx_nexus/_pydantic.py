"""Private: how pydantic 2 validates and writes records; imported only if pydantic asks for it. Everything is written masked."""

from __future__ import annotations

from typing import Any

from pydantic_core import core_schema

from ._nexus import Microdeposit, Microdeposits, Outcome

_WHOLE = ("account_type", "status")


def _masked(value: Microdeposit | Microdeposits | Outcome) -> Any:
    return value.to_dicts(redacted=True) if isinstance(value, Microdeposits) else value.to_dict(redacted=True)


def core_schema_of(cls: type[Any]) -> core_schema.CoreSchema:
    """Takes values of the class only: what came as JSON is the API's, and read by `Microdeposit.from_json`."""
    written = core_schema.plain_serializer_function_ser_schema(_masked, when_used="json")
    return core_schema.is_instance_schema(cls, serialization=written)


def _record() -> dict[str, Any]:
    names = Microdeposit.from_json(b'{"guid":"MIC-1"}').keys()
    fields: dict[str, Any] = {
        name: {"anyOf": [{"type": "integer" if name in _WHOLE else "string"}, {"type": "null"}]} for name in names
    }
    fields["guid"] = {"type": "string"}
    return {"title": "Microdeposit", "type": "object", "properties": fields, "required": list(fields)}


def json_schema_of(cls: type[Any]) -> dict[str, Any]:
    """What is written, as JSON Schema."""
    if cls is Microdeposits:
        return {"title": "Microdeposits", "type": "array", "items": _record()}
    if cls is Microdeposit:
        return _record()
    text = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    fields: dict[str, Any] = {"verdict": {"type": "string"}, "assumed": text, "record": _record()}
    return {"title": "Outcome", "type": "object", "properties": fields, "required": list(fields)}
