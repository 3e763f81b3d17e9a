"""Answers as flat lists of fields: where a value stands, and which field of the published shape it fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from reference.oracle.amounts import EnclosureText

ANY_KEY = "*"
ANY_PLACE = "[]"


@dataclass(frozen=True)
class Leaf:
    """Hold one value of an answer: its place, such as `by_class.A.total`, and the field, `by_class.*.total`."""

    path: str
    field: str
    value: Any


def fields_of(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Name every field of an answer that holds a value, `*` for any key and `[]` for any place in a list.

    An object that may be null is a field besides its own fields: whether it is there at all. So is a list of
    objects: how many there are.
    """
    return tuple(dict.fromkeys(_fields(kind, "")))


def _fields(kind: Any, at: str) -> Iterator[str]:
    bare, optional = _bare(kind)
    if _is_struct(bare):
        if optional:
            yield at
        for name, hint in _hints(bare):
            yield from _fields(hint, _join(at, name))
    elif get_origin(bare) is dict:
        yield from _fields(get_args(bare)[1], _join(at, ANY_KEY))
    elif get_origin(bare) is list and _is_struct(_bare(get_args(bare)[0])[0]):
        yield at
        yield from _fields(get_args(bare)[0], at + ANY_PLACE)
    else:
        yield at


def leaves(kind: type[msgspec.Struct], answer: Any) -> list[Leaf]:
    """List the values of an answer, in order; what is null where an object may be is a value too.

    Of an answer that lacks fields those that are there are listed, and what has another shape as it is.
    """
    return list(_leaves(kind, answer, "", ""))


def _leaves(kind: Any, value: Any, path: str, field: str) -> Iterator[Leaf]:
    bare, optional = _bare(kind)
    if _is_struct(bare):
        if optional:
            yield Leaf(path, field, value is not None)
        if value is None and optional:
            return
        if not isinstance(value, Mapping):
            yield Leaf(path, field, value)
            return
        for name, hint in _hints(bare):
            if name in value:
                yield from _leaves(hint, value[name], _join(path, name), _join(field, name))
    elif get_origin(bare) is dict and isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(get_args(bare)[1], part, _join(path, key), _join(field, ANY_KEY))
    elif get_origin(bare) is list and _is_struct(_bare(get_args(bare)[0])[0]) and isinstance(value, list):
        yield Leaf(path, field, str(len(value)))
        for place, part in enumerate(value):
            yield from _leaves(get_args(bare)[0], part, _join(path, str(place)), field + ANY_PLACE)
    else:
        yield Leaf(path, field, value)


@cache
def _hints(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """Return the fields of an object as it is written, with their types."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple((own.encode_name, hints[own.name]) for own in msgspec.structs.fields(kind))


@cache
def _bare(kind: Any) -> tuple[Any, bool]:
    """Return a type without annotations and null, and whether it may be null; what may be left out is no null."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        # An amount too long to write out is an object, and one value all the same; what may be left out is no value.
        parts = [part for part in get_args(kind) if part not in (NoneType, msgspec.UnsetType, EnclosureText)]
        if len(parts) != 1:
            raise TypeError(f"an answer's field has one type or is null, not {kind}")
        return _bare(parts[0])[0], NoneType in get_args(kind)
    if get_origin(kind) is Literal:
        return str, False
    return kind, False


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _join(before: str, name: str) -> str:
    return f"{before}.{name}" if before else name
