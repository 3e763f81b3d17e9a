"""Case documents to positions: every amount read, every name and number checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from reference.charter import COMMON, Charter, Series
from reference.dividends import accrued_undeclared
from reference.enclosure import NARROWEST, between
from reference.oracle.amounts import AmountError, parse, show
from reference.oracle.documents import EnclosureDocument, HoldingDocument, PositionDocument
from reference.oracle.refusals import Refusal
from reference.position import Holding, Number, Position, Undeclared, outstanding
from reference.readings import Readings

Reader = Callable[[Any, str], Fraction]

MAX_HOLDINGS = 1_000_000
"""The most holdings that a position may list."""


def amount(value: str | int, path: str) -> Fraction:
    """Read an exact amount; raise Refusal, naming the path, if it is none."""
    try:
        return parse(value)
    except AmountError as error:
        raise Refusal(error.code, path, str(error)) from None


def not_negative(value: str | int, path: str) -> Fraction:
    """Read an exact amount of zero or more; raise Refusal if it is less."""
    read = amount(value, path)
    if read < 0:
        raise Refusal("negative", path, "cannot be negative.")
    return read


def positive(value: str | int, path: str) -> Fraction:
    """Read an exact amount above zero; raise Refusal if it is not."""
    read = amount(value, path)
    if read <= 0:
        raise Refusal("not_positive", path, "must be above zero.")
    return read


def _price(value: str | int | EnclosureDocument, path: str) -> Fraction:
    """Read a conversion price, which may be given as an enclosure."""
    if not isinstance(value, EnclosureDocument):
        return positive(value, path)
    low, high = positive(value.low, f"{path}.from"), positive(value.high, f"{path}.to")
    if low > high:
        raise Refusal("contradiction", path, "lies between ends of which the lower comes second.")
    return between(low, high, 2 * NARROWEST)


def count(value: str | int, path: str) -> int:
    """Read a whole number of zero or more; raise Refusal if it is less or not whole."""
    read = not_negative(value, path)
    if read.denominator != 1:
        raise Refusal("fractional", path, "must be a whole number.")
    return read.numerator


def build(document: PositionDocument, charter: Charter, readings: Readings, accrue: bool = True) -> Position:
    """Return the position that a document describes; raise Refusal at the first field that cannot be.

    Who holds none of a class is no holder of it, and where no share is, no dividend is owed, as after a history.
    accrue: whether undeclared dividends accrue up to the position's date, rather than to a later one.
    """
    holdings = _holdings(document.holdings, charter)
    shares = outstanding(holdings)
    splits = _amounts(document.preferred_splits, charter, "preferred_splits", positive)
    split, combined = _common(document)
    declared = _amounts(document.unpaid_dividends, charter, "unpaid_dividends", not_negative)
    position = Position(
        charter=charter,
        shares=shares,
        conversion_prices=_amounts(document.conversion_prices, charter, "conversion_prices", _price),
        declared_dividends={name: each for name, each in declared.items() if shares.get(name, 0) > 0},
        undeclared_dividends=_undeclared(document, charter)
        | (_accrued(document, charter, readings, splits) if accrue else {}),
        preferred_splits=splits,
        common_split=split,
        common_combined=combined,
        holdings=holdings,
        as_of=document.as_of,
    )
    _check_authorized(position)
    return position


def _common(document: PositionDocument) -> tuple[Fraction | None, Fraction | None]:
    """Return what a share of Common has become, and what of that combinations did; splits make it no less (AMB-132)."""
    split, combined, path = document.common_split, document.common_combined, "position.common_combined"
    factor = None if split is None else positive(split, "position.common_split")
    if combined is None:
        return factor, None
    if factor is None:
        raise Refusal("missing_field", "position.common_split", "is required where common_combined is given.")
    part = positive(combined, path)
    if part > min(factor, Fraction(1)):
        raise Refusal("contradiction", path, "cannot be more than one or than common_split: splits only add to it.")
    return factor, part


def _holdings(documents: list[HoldingDocument], charter: Charter) -> tuple[Holding, ...]:
    if len(documents) > MAX_HOLDINGS:
        raise Refusal("too_many_holdings", "position.holdings", f"lists more than {MAX_HOLDINGS} holdings.")
    classes = {COMMON, *(series.name for series in charter.series)}
    seen: set[tuple[str, str]] = set()
    holdings = []
    for index, document in enumerate(documents):
        path = f"position.holdings[{index}]"
        if not document.holder:
            raise Refusal("empty_name", f"{path}.holder", "must name the holder.")
        if document.stock not in classes:
            raise Refusal("unknown_class", f"{path}.class", f"is no class of {charter.name}: {_listed(classes)}.")
        if (document.holder, document.stock) in seen:
            raise Refusal("duplicate_holding", path, "lists a holder and class that came before; add them up.")
        seen.add((document.holder, document.stock))
        holdings.append(Holding(document.holder, document.stock, count(document.shares, f"{path}.shares")))
    return tuple(own for own in holdings if own.shares > 0)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _check_authorized(position: Position) -> None:
    """Refuse more outstanding shares than a class or series has, splits of the series included (IV.A, IV.B)."""
    for name, limit, clause in authorized(position):
        held = position.shares.get(name, 0)
        if held > limit:
            sentence = f"adds up to {held} shares of {name}, but {show(limit)} are authorised ({clause})."
            raise Refusal("over_authorized", "position.holdings", sentence, clause)


def authorized(position: Position) -> list[tuple[str, Number, str]]:
    """List the classes with their authorised shares and the clause that says so, the Common last (IV.A, IV.B)."""
    common = position.charter.authorized.common
    series = [(own.name, position.authorized(own), own.authorized.clause) for own in position.charter.series]
    return [*series, (COMMON, common.value, common.clause)]


def series_named(name: str, charter: Charter, path: str) -> Series:
    """Return the terms of one series; raise Refusal if the charter has none of that name."""
    for series in charter.series:
        if series.name == name:
            return series
    known = ", ".join(series.name for series in charter.series)
    raise Refusal("unknown_series", path, f"is no series of {charter.name}: {known}.")


def _amounts(given: Mapping[str, Any], charter: Charter, field: str, read: Reader) -> dict[str, Fraction]:
    found = {}
    for name, value in given.items():
        path = f"position.{field}.{name}"
        series_named(name, charter, path)
        found[name] = read(value, path)
    return found


def _undeclared(document: PositionDocument, charter: Charter) -> dict[str, Undeclared]:
    found = {}
    for name, given in document.undeclared_dividends.items():
        path = f"position.undeclared_dividends.{name}"
        series_named(name, charter, path)
        current = not_negative(given.current_year, f"{path}.current_year")
        since = not_negative(given.since_issue, f"{path}.since_issue")
        if since < current:
            raise Refusal("contradiction", f"{path}.since_issue", "cannot be less than the current year's.")
        found[name] = Undeclared(current, since)
    return found


def _accrued(
    document: PositionDocument, charter: Charter, readings: Readings, splits: Mapping[str, Fraction]
) -> dict[str, Undeclared]:
    """Accrue undeclared dividends from the dates of issue, at the rate as adjusted for splits (1(a), AMB-17)."""
    found = {}
    for name, issued in document.issued_on.items():
        path = f"position.issued_on.{name}"
        series = series_named(name, charter, path)
        if name in document.undeclared_dividends:
            raise Refusal("given_twice", path, "cannot be given together with the undeclared dividends themselves.")
        if document.as_of is None:
            raise Refusal("missing_field", "position.as_of", "is required where issued_on is given.")
        if issued > document.as_of:
            raise Refusal("contradiction", path, "cannot be after as_of.")
        rate = series.dividend_rate.value / splits.get(name, Fraction(1))
        found[name] = accrued_undeclared(rate, issued, document.as_of, readings.daycount)
    return found
