"""Every statement of the store, by the name it has there."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import bot.store
from bot.store.statements import Statement


def statements() -> dict[str, Statement]:
    """All of them; one that several modules import has the name of the first."""
    found: dict[Statement, str] = {}
    for module in pkgutil.iter_modules(bot.store.__path__, "bot.store."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for path, one in _within(value, f"{module.name.removeprefix('bot.store.')}.{name}"):
                found.setdefault(one, path)
    return {path: one for one, path in found.items()}


def _within(value: Any, path: str) -> Iterator[tuple[str, Statement]]:
    if isinstance(value, Statement):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _within(each, f"{path}[{key}]")
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from _within(each, f"{path}[{number}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _within(getattr(value, field.name), f"{path}.{field.name}")
