"""Event documents: their shapes, and how each is read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, get_type_hints

import msgspec

from reference import events
from reference.charter import COMMON, Charter
from reference.history import WORDS
from reference.oracle.amounts import AmountError, parse, show
from reference.oracle.documents import Count
from reference.oracle.positions import series_named
from reference.oracle.refusals import Refusal
from reference.oracle.shapes import convert, refuse_unknown_fields

EVENTS: Mapping[str, type] = MappingProxyType({word: kind for kind, word in WORDS.items()})
"""Every event by the word that a document has for it."""

COUNTS = frozenset(
    {
        "shares",
        "exercisable",
        "primary_shares",
        "secondary_shares",
        "over_allotment",
        "consents",
        "in_favour",
        "outstanding",
        "used",
    }
)
"""The fields of events that hold a count or counts by name; a stock dividend's shares are an amount for each."""

COUNTS_BY_NAME = frozenset({"consents", "in_favour", "outstanding"})
"""Of these, those that hold counts by name."""

WRITTEN: Mapping[Any, Any] = MappingProxyType(
    {
        int: Count,
        int | None: Count | None,
        Mapping[str, int]: dict[str, Count],
        Mapping[str, Mapping[str, int]]: dict[str, dict[str, Count]],
    }
)
"""Counts as a document may have them: as numbers or as text."""


def shapes() -> list[type[msgspec.Struct]]:
    """Return the shape of each event's document, for its schema."""
    return [_event_document(word, kind) for word, kind in EVENTS.items()]


def _event_document(word: str, kind: Any) -> type[msgspec.Struct]:
    types = get_type_hints(kind)
    return msgspec.defstruct(
        f"{kind.__name__}Event",
        [(own.name, _written(own.name, types[own.name]), *_default(own)) for own in fields(kind)],
        tag_field="do",
        tag=word,
        rename={"stock": "class"},
        forbid_unknown_fields=True,
        kw_only=True,
        namespace={"__doc__": kind.__doc__},
    )


def _written(name: str, kind: Any) -> Any:
    return WRITTEN.get(kind, kind) if name in COUNTS else kind


def _default(own: Field[Any]) -> tuple[Any, ...]:
    """Return what stands for a field that is left out, as a document has it; nothing for a required one."""
    if own.default_factory is not MISSING:
        return (msgspec.field(default_factory=own.default_factory),)
    if own.default is MISSING:
        return ()
    return (show(own.default) if isinstance(own.default, Fraction) else own.default,)


def read(document: Any, charter: Charter, path: str) -> events.Event:
    """Type one event; raise Refusal, naming the field, where it does not fit."""
    kind: Any = _kind(document, path)
    if "stock" in document:
        raise Refusal("unknown_field", f"{path}.stock", 'is not a field here; the class is called "class".')
    given = {("stock" if name == "class" else name): value for name, value in document.items() if name != "do"}
    if kind is not events.StockDividend:
        given = {name: _with_counts(name, value, f"{path}.{name}") for name, value in given.items()}
    try:
        event: events.Event = convert(given, kind, path, lambda _, value: parse(value))
        refuse_unknown_fields(given, msgspec.to_builtins(event, enc_hook=str), path)
        _check_numbers(event, path)
        if isinstance(event, events.DeclareDividend) and not 0 < event.part_of_year <= 1:
            raise Refusal("out_of_range", f"{path}.part_of_year", "is a part of a year, above 0 and at most 1.")
    except Refusal as refusal:
        raise Refusal(refusal.code, _as_written(refusal.path), refusal.sentence, refusal.clause) from None
    _check_names(event, charter, path)
    return event


def _kind(document: Any, path: str) -> type:
    if "do" not in document:
        raise Refusal("missing_field", f"{path}.do", "is required.")
    word = document["do"]
    if not isinstance(word, str) or word not in EVENTS:
        raise Refusal("unknown_event", f"{path}.do", f"is no event; these are: {', '.join(EVENTS)}.")
    return EVENTS[word]


def _with_counts(name: str, value: Any, path: str, inside: bool = False) -> Any:
    """Return a field with the counts in it that are written as text turned into numbers."""
    counts = inside or name in COUNTS
    if isinstance(value, dict):
        return {key: _with_counts(key, part, f"{path}.{key}", counts) for key, part in value.items()}
    if name in COUNTS_BY_NAME and not inside:
        return value
    return _count(value, path) if counts and isinstance(value, str) else value


def _count(value: str, path: str) -> int:
    try:
        number = parse(value)
    except AmountError as error:
        raise Refusal(error.code, path, str(error)) from None
    if number.denominator != 1:
        raise Refusal("fractional", path, "must be a whole number.")
    return number.numerator


def _check_numbers(value: Any, path: str) -> None:
    """Refuse what is below zero: no event has a negative amount or count."""
    if is_dataclass(value):
        for field in fields(value):
            _check_numbers(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for name, part in value.items():
            _check_numbers(part, f"{path}.{name}")
    elif isinstance(value, (int, Fraction)) and value < 0:
        raise Refusal("negative", path, "cannot be negative.")


def _as_written(path: str) -> str:
    return f"{path.removesuffix('stock')}class" if path.endswith(".stock") else path


def _check_names(event: Any, charter: Charter, path: str) -> None:
    """Refuse holders without a name, and classes and series that the charter does not have."""
    for field in ("holder", "to", "rights"):
        if getattr(event, field, None) == "":
            raise Refusal("empty_name", f"{path}.{field}", "must not be empty.")
    for field in ("consents", "former_holders"):
        if "" in getattr(event, field, {}):
            raise Refusal("empty_name", f"{path}.{field}", "must name every holder.")
    if isinstance(event, events.ConsentConversion):
        series_named(event.stock, charter, f"{path}.class")
    elif hasattr(event, "stock"):
        _check_class(event.stock, charter, f"{path}.class")
    for name in getattr(event, "per_share", {}):
        _check_class(name, charter, f"{path}.per_share.{name}")
    if isinstance(event, events.Convert):
        _check_series(event.shares, charter, f"{path}.shares")
    if isinstance(event, events.ElectConversion):
        for holder, shares in event.consents.items():
            _check_series(shares, charter, f"{path}.consents.{holder}")
    if isinstance(event, (events.Issue, events.IssueRights)):
        _check_facts(event, charter, f"{path}.facts")


def _check_facts(event: events.Issue | events.IssueRights, charter: Charter, path: str) -> None:
    plan, warrant = event.facts.plan, event.facts.warrant
    if plan is not None:
        _check_series(plan.in_favour, charter, f"{path}.plan.in_favour")
        _check_series(plan.outstanding, charter, f"{path}.plan.outstanding")
    if warrant is not None:
        _check_class(warrant.of, charter, f"{path}.warrant.of")


def _check_class(name: str, charter: Charter, path: str) -> None:
    names = [COMMON, *(series.name for series in charter.series)]
    if name not in names:
        raise Refusal("unknown_class", path, f"is no class of {charter.name}: {', '.join(sorted(names))}.")


def _check_series(by_series: Mapping[str, Any], charter: Charter, path: str) -> None:
    for name in by_series:
        series_named(name, charter, f"{path}.{name}")
