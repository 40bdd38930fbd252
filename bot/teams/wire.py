"""The SDK's models to and from JSON, by each model's own table of attributes. Nothing unknown is lost either way.

Floor 5. Replaces msrest's serialiser, which drops the unknown fields of entities and activities and is fifty times slower.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, NamedTuple, TypeVar

import botbuilder.schema
import botbuilder.schema.teams
from msrest.serialization import Model

ModelT = TypeVar("ModelT")
Read = Callable[[Any], Any]

_OWN = frozenset({"caller_id"})
"""Attributes that are for the bot alone and never written."""


class Plan(NamedTuple):
    """How one class is read (by key: the attribute and its reader, None: as it is) and written (by attribute: the key)."""

    blank: dict[str, Any]
    reads: dict[str, tuple[str, Read | None]]
    writes: dict[str, str]


_PLANS: dict[type[Any], Plan] = {}
"""The plans of the classes met so far; there are as many as the SDK has models."""
_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_wire(model: Any) -> Any:
    """A model (or a list, mapping or plain value holding models) as what JSON can hold; absent fields are left out."""
    if type(model) in _PLAIN:
        return model
    if isinstance(model, Model):
        return _fields(model)
    if isinstance(model, Mapping):
        return {key: to_wire(value) for key, value in model.items()}
    if isinstance(model, list | tuple):
        return [to_wire(one) for one in model]
    if isinstance(model, datetime):
        return _stamp(model)
    return model.value if isinstance(model, Enum) else model


def from_wire(kind: type[ModelT], data: Mapping[str, Any]) -> ModelT:
    """A model of this kind from JSON. A field whose type does not fit is kept as it came."""
    plan = _plan(kind)
    model = kind.__new__(kind)
    fields = model.__dict__
    fields.update(plan.blank)
    more: dict[str, Any] = {}
    fields["additional_properties"] = more
    for key, value in data.items():
        known = plan.reads.get(key)
        if known is None:
            more[key] = value
        elif value is not None:
            attribute, read = known
            fields[attribute] = value if read is None else read(value)
    return model


def _fields(model: Any) -> dict[str, Any]:
    writes = _plan(type(model)).writes
    held = model.__dict__
    found = dict(held.get("additional_properties") or ())
    for attribute, value in held.items():
        if value is not None and attribute in writes:
            found[writes[attribute]] = value if type(value) is str else to_wire(value)
    return found


def _plan(kind: type[Any]) -> Plan:
    plan = _PLANS.get(kind)
    if plan is None:
        plan = _PLANS[kind] = _planned(kind)
    return plan


def _planned(kind: type[Any]) -> Plan:
    table: Mapping[str, Mapping[str, str]] = kind._attribute_map
    reads = {row["key"]: (name, _reader(row["type"])) for name, row in table.items() if row["key"]}
    writes = {name: row["key"] for name, row in table.items() if row["key"] and name not in _OWN}
    return Plan(_blank(kind, table), reads, writes)


def _blank(kind: type[Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of an empty model, with the constants some classes set; nothing that models could share."""
    try:
        held = kind().__dict__
    except TypeError:
        held = {}
    return {**dict.fromkeys(table), **{name: value for name, value in held.items() if isinstance(value, str)}}


def _reader(kind: str) -> Read | None:
    if kind.startswith("["):
        return _each(_reader(kind[1:-1]))
    if kind == "iso-8601":
        return _moment
    model = _model(kind)
    return None if model is None else _nested(model)


def _each(read: Read | None) -> Read | None:
    if read is None:
        return None
    return lambda values: [read(value) for value in values] if isinstance(values, list) else values


def _nested(model: type[Any]) -> Read:
    return lambda value: from_wire(model, value) if isinstance(value, Mapping) else value


def _model(name: str) -> type[Any] | None:
    for schema in (botbuilder.schema, botbuilder.schema.teams):
        found = getattr(schema, name, None)
        if isinstance(found, type) and issubclass(found, Model):
            return found
    return None


def _moment(text: Any) -> Any:
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return text


def _stamp(moment: datetime) -> str:
    """Without a zone a time is taken for UTC, as msrest does."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.isoformat().replace("+00:00", "Z")
