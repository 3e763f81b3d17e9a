"""A case made small: parts left out and numbers lowered for as long as the tool still differs in the same way."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from reference.oracle.verify.comparison import number
from reference.oracle.verify.judging import Document

ROUND_AMOUNTS = ("0", "1", "10", "1000")
MOST_TRIES = 200

Still = Callable[[Document], bool]
"""Whether a smaller case shows the same."""


def shrunk(document: Document, still: Still, most: int = MOST_TRIES) -> Document:
    """Return a case that cannot be made smaller by one step and still shows the same; at most so many are tried."""
    tries, current = 0, document
    changed = True
    while changed:
        changed = False
        for smaller in _steps(current):
            if tries >= most:
                return current
            tries += 1
            if still(smaller):
                current, changed = smaller, True
                break
    return current


def _steps(document: Document) -> Iterator[Document]:
    """Yield the case with one thing left out or one number lowered, what makes it smallest first."""
    yield from _without(document, ("events",))
    yield from _without(document, ("position", "holdings"))
    yield from _without(document, ("readings",))
    for part in (("position",), ("ask",)):
        yield from _without(document, part, keep=("holdings", "question", "as_of"))
    for place, _ in enumerate(document.get("events", ())):
        yield from _without(document, ("events", place), keep=("do", "on"))
    yield from _lower(document)


def _without(document: Document, path: tuple[str | int, ...], keep: tuple[str, ...] = ()) -> Iterator[Document]:
    """Yield the case without one entry of a list or an object; of a list first without all, then halves."""
    there = _at(document, path)
    if isinstance(there, list):
        for size in _sizes(len(there)):
            for start in range(0, len(there), size):
                yield _with(document, path, [*there[:start], *there[start + size :]])
    elif isinstance(there, dict):
        for name in there:
            if name not in keep:
                yield _with(document, path, {own: value for own, value in there.items() if own != name})


def _sizes(length: int) -> Iterator[int]:
    size = length
    while size:
        yield size
        size //= 2


def _lower(document: Document) -> Iterator[Document]:
    """Yield the case with one number lowered: counts, amounts and what else is a number."""
    for path, value in _numbers(document, ()):
        for lower in _lowered(value):
            yield _with(document, path, lower)


def _numbers(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if path or name in ("position", "events", "ask"):
                yield from _numbers(part, (*path, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _numbers(part, (*path, place))
    elif _is_number(value):
        yield path, value


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value[:1].isdigit() and value.count("-") == 0
    return isinstance(value, int) and not isinstance(value, bool)


def _lowered(value: int | str) -> Iterator[int | str]:
    if isinstance(value, int):
        yield from sorted({lower for lower in (0, 1, value // 10, value // 2, value - 1) if 0 <= lower < value})
        return
    own = number(value)
    if own is None:
        return
    for text in (*ROUND_AMOUNTS, str(own.numerator // own.denominator)):
        if Fraction(text) < own:
            yield text


def _at(document: Any, path: tuple[str | int, ...]) -> Any:
    for name in path:
        if isinstance(document, Mapping) and name not in document:
            return None
        document = document[name]
    return document


def _with(document: Document, path: tuple[str | int, ...], value: Any) -> Document:
    """Return a copy with one value changed; what is empty then is left out where it may be."""
    result: Any = copy.deepcopy(dict(document))
    inner = result
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    for name in ("events", "readings"):
        if not result.get(name, True):
            del result[name]
    return dict(result)
