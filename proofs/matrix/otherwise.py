"""Another option as the default of this process, and which readings a function of the engine consults."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from reference.readings import REGISTER, Readings

Consulted = set[tuple[str, str]]
"""Readings that were looked at, each with the option that was found."""

MADE_WITH_DEFAULTS = ("proofs.subjects", "proofs.theorems", "symbolic")
"""What holds readings, or what was made from them, once it is imported."""

NAMES = frozenset(f.name for f in fields(Readings))


def make_default(name: str, option: str) -> None:
    """Make an option the default of a reading for the rest of this process.

    The engine, the closed forms and the claims then agree on it, as all of them take what they do not choose from
    `Readings`. Raise RuntimeError if something has been made with the former default already, ValueError if there is
    no such option.
    """
    if any(module.startswith(MADE_WITH_DEFAULTS) for module in sys.modules):
        raise RuntimeError("theorems have been made with the former default")
    entry = next((own for own in REGISTER if own.field == name), None)
    chosen = next((own for own, _ in entry.options if str(own) == option), None) if entry else None
    if chosen is None:
        raise ValueError(f"there is no option {option} of a reading {name}")
    made: Any = Readings.__init__
    made.__defaults__ = tuple(chosen if f.name == name else f.default for f in fields(Readings))
    setattr(Readings, name, chosen)
    if str(getattr(Readings(), name)) != option:
        raise RuntimeError(f"{name} has kept its default")


_LISTENING: list[Consulted] = []


def _looked_at(self: Readings, name: str) -> Any:
    found = object.__getattribute__(self, name)
    if _LISTENING and name in NAMES:
        _LISTENING[-1].add((name, str(found)))
    return found


@contextmanager
def listening() -> Iterator[None]:
    """Let `recorded` hear which readings are consulted; nothing is heard outside."""
    owner: Any = Readings
    before = owner.__getattribute__
    owner.__getattribute__ = _looked_at
    try:
        yield
    finally:
        owner.__getattribute__ = before


def recorded(
    function: Callable[[Mapping[str, Any]], Mapping[str, Any]], into: Consulted
) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Return a function that notes which readings it consults while it runs."""

    def noted(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        _LISTENING.append(into)
        try:
            return function(inputs)
        finally:
            _LISTENING.pop()

    return noted
