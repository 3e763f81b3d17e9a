"""Charter files: read, check and type them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import msgspec

import reference
from reference.charter import Charter, faults
from reference.oracle.amounts import parse
from reference.oracle.refusals import Refusal
from reference.oracle.shapes import convert, join, refuse_unknown_fields

MAX_SERIES = 50
"""The most series that a charter may have: some readings look at many sets of them."""


def load(name_or_document: str | Mapping[str, Any], path: str = "charter") -> Charter:
    """Return the charter of a shipped name, or the one that an object of the same shape describes.

    path: where the charter stands in the case document. Raise Refusal for an unknown name, a field that is
    unknown, missing or wrong, and a charter that contradicts itself.
    """
    if isinstance(name_or_document, str):
        return _shipped(name_or_document, path)
    return _typed(name_or_document, path)


@cache
def shipped() -> tuple[str, ...]:
    """Name the charters that come with the package."""
    return tuple(sorted(name.removesuffix(".toml") for name in os.listdir(_folder()) if name.endswith(".toml")))


def _folder() -> str:
    # Not importlib.resources: importing it takes longer than answering a case, and the package is
    # always installed as files.
    return os.path.join(os.path.dirname(reference.__file__), "charters")


def _shipped(name: str, path: str) -> Charter:
    names = shipped()
    if name not in names:
        raise Refusal("unknown_charter", path, f"is no shipped charter; these are: {', '.join(names)}.")
    return _read(name)


@cache
def _read(name: str) -> Charter:
    import tomllib  # not needed where every charter is inline

    with open(os.path.join(_folder(), f"{name}.toml"), "rb") as file:
        return _typed(tomllib.load(file), "charter")


def _typed(document: Mapping[str, Any], path: str) -> Charter:
    charter = convert(document, Charter, path, lambda kind, value: parse(value))
    refuse_unknown_fields(document, msgspec.to_builtins(charter, enc_hook=str), path)
    if len(charter.series) > MAX_SERIES:
        raise Refusal("too_many_series", join(path, "series"), f"has more than {MAX_SERIES} series.")
    for where, sentence in faults(charter):
        raise Refusal("bad_charter", join(path, where), sentence)
    return charter


def amount_schema(kind: type) -> dict[str, Any]:
    """Return the JSON Schema of the exact numbers in a charter."""
    if kind is not Fraction:
        raise NotImplementedError(kind)
    return {"type": ["string", "integer"], "description": 'An exact amount: "8.25", "33/4" or 7.'}
