"""Histories: event documents read, checked and folded over the opening position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import msgspec

from reference import events, history
from reference.charter import COMMON, Charter
from reference.oracle.amounts import parse
from reference.oracle.documents import Case
from reference.oracle.positions import build
from reference.oracle.refusals import Refusal
from reference.oracle.shapes import convert, refuse_unknown_fields
from reference.refusal import Forbidden

MAX_EVENTS = 1_000_000
"""The most events that a case may list."""

EVENTS: Mapping[str, type] = MappingProxyType(
    {
        "issue": events.Issue,
        "issue_rights": events.IssueRights,
        "change_rights": events.ChangeRights,
        "exercise_rights": events.ExerciseRights,
        "expire_rights": events.ExpireRights,
        "split": events.Split,
        "stock_dividend": events.StockDividend,
        "declare_dividend": events.DeclareDividend,
        "pay_dividend": events.PayDividend,
        "convert": events.Convert,
        "elect_conversion": events.ElectConversion,
        "consent_conversion": events.ConsentConversion,
        "public_offering": events.PublicOffering,
        "fund_cash_amounts": events.FundCashAmounts,
        "distribute": events.Distribute,
        "recapitalize": events.Recapitalize,
        "transfer": events.Transfer,
    }
)
"""Every event by the word that a document has for it."""


def state_after(case: Case, charter: Charter) -> history.State:
    """Return the state after a case's events; raise Refusal for an event that cannot be read or is forbidden."""
    opening = history.opening(build(case.position, charter, case.readings), case.readings)
    if len(case.events) > MAX_EVENTS:
        raise Refusal("too_many_events", "events", f"lists more than {MAX_EVENTS} events.")
    happened = [read(document, charter, f"events[{index}]") for index, document in enumerate(case.events)]
    try:
        return history.fold(opening, happened, case.readings)
    except history.RefusedEventError as error:
        reason: Forbidden = error.reason
        raise Refusal(reason.code, f"events[{error.index}]", reason.message, reason.clause) from None


def read(document: Any, charter: Charter, path: str) -> events.Event:
    """Type one event; raise Refusal, naming the field, where it does not fit."""
    kind: Any = _kind(document, path)
    given = {("stock" if name == "class" else name): value for name, value in document.items() if name != "do"}
    if "stock" in document:
        raise Refusal("unknown_field", f"{path}.stock", 'is not a field here; the class is called "class".')
    try:
        event: events.Event = convert(_with_counts(given, kind), kind, path, lambda _, value: parse(value))
        refuse_unknown_fields(given, msgspec.to_builtins(event, enc_hook=str), path)
        _check_numbers(event, path)
    except Refusal as refusal:
        raise Refusal(refusal.code, _as_written(refusal.path), refusal.sentence, refusal.clause) from None
    _check_class(event, charter, path)
    return event


def _kind(document: Any, path: str) -> type:
    if "do" not in document:
        raise Refusal("missing_field", f"{path}.do", "is required.")
    word = document["do"]
    if not isinstance(word, str) or word not in EVENTS:
        raise Refusal("unknown_event", f"{path}.do", f"is no event; these are: {', '.join(EVENTS)}.")
    return EVENTS[word]


def _with_counts(given: Mapping[str, Any], kind: type) -> dict[str, Any]:
    """Return the fields with counts that are written as text turned into numbers."""
    counts = {field.name for field in fields(kind) if str(field.type).startswith("int")}
    return {name: _count(value) if name in counts else value for name, value in given.items()}


def _count(value: Any) -> Any:
    is_count = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS
    return int(value) if is_count else value


MAX_DIGITS = 18
"""The most digits of a count that is written as text."""


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


def _check_class(event: Any, charter: Charter, path: str) -> None:
    stock = getattr(event, "stock", COMMON)
    names = [COMMON, *(series.name for series in charter.series)]
    if stock not in names:
        raise Refusal("unknown_class", f"{path}.class", f"is no class of {charter.name}: {', '.join(sorted(names))}.")
    for field in ("per_share", "shares", "consents"):
        _check_names(getattr(event, field, None), names, f"{path}.{field}")


def _check_names(value: Any, names: list[str], path: str) -> None:
    """Refuse an unknown class among the keys of a map by class, or of a map of such maps by holder."""
    if not isinstance(value, Mapping):
        return
    for key, part in value.items():
        if isinstance(part, Mapping):
            _check_names(part, names, f"{path}.{key}")
        elif not path.endswith(".consents") and key not in names:
            raise Refusal("unknown_class", f"{path}.{key}", f"is no class: {', '.join(sorted(names))}.")
