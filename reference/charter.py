"""The typed terms of a charter: Article IV as data, each figure with its clause.

The shapes here are the shapes of the charter files, so that the file, its schema and the terms cannot
drift apart. Nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

COMMON = "common"
"""The name of the Common Stock wherever classes are named."""


@dataclass(frozen=True)
class Figure:
    """Hold one exact amount ($, $/share or a ratio) and the clause that sets it."""

    value: Fraction
    clause: str


@dataclass(frozen=True)
class Quantity:
    """Hold one whole number (shares, votes, days, years, seats) and the clause that sets it."""

    value: int
    clause: str


@dataclass(frozen=True)
class Word:
    """Hold which dividends the text adds to a preference, and the clause that says so (2(a))."""

    value: Literal["declared", "undeclared"]
    clause: str


@dataclass(frozen=True)
class Threshold:
    """Hold a share of the whole that must be reached (or passed, if strict) and its clause."""

    value: Fraction
    strict: bool
    clause: str

    def met(self, part: Fraction | int, whole: Fraction | int = 1) -> bool:
        """Say whether a part of the whole reaches the threshold, or passes it if it is strict."""
        needed = whole * self.value
        return part > needed if self.strict else part >= needed


@dataclass(frozen=True)
class Participation:
    """Say whether a series shares with the Common after its preference, and up to what $/share (2(b))."""

    kind: Literal["none", "capped", "full"]
    clause: str
    cap: Fraction | None = None


@dataclass(frozen=True)
class ConversionRight:
    """Say who decides that a series converts: each holder, the class by election, or nobody (3(a))."""

    by: Literal["holder_option", "class_election", "none"]
    clause: str


@dataclass(frozen=True)
class OfferingFloor:
    """Hold the price floor of an automatic conversion, $/share, and what the quotient divides (3(b))."""

    value: Fraction
    adjusted_numerator: bool
    clause: str


@dataclass(frozen=True)
class Series:
    """Hold the terms of one series of Preferred Stock."""

    name: str
    authorized: Quantity
    original_issue_price: Figure
    dividend_rate: Figure
    preference_dividends: Word
    participation: Participation
    conversion: ConversionRight
    votes_per_as_converted_share: Quantity
    cash_amount: Figure | None = None
    conversion_consent: Threshold | None = None
    offering_floor: OfferingFloor | None = None


@dataclass(frozen=True)
class Authorized:
    """Hold the authorised share counts and the par value, $/share (IV.A)."""

    total: Quantity
    common: Quantity
    preferred: Quantity
    par_value: Figure


@dataclass(frozen=True)
class CommonTerms:
    """Hold the terms of the Common Stock (IV.C)."""

    votes_per_share: Quantity


@dataclass(frozen=True)
class Tier:
    """Name the series that are paid together, before any later tier (2(a))."""

    series: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class DeemedLiquidation:
    """Hold what counts as a liquidation besides a dissolution (2(c))."""

    voting_power_disposed: Threshold
    merger_exceptions: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class ClassElection:
    """Hold the share of the electing series' stock that converts them all (3(a))."""

    threshold: Threshold


@dataclass(frozen=True)
class PublicOffering:
    """Hold the conditions under which an offering converts the Preferred (3(b))."""

    minimum_aggregate: Figure
    underwriting: str
    form: str
    clause: str


@dataclass(frozen=True)
class CashPayment:
    """Hold the days within which Cash Amounts are paid (3(c))."""

    days: Quantity


@dataclass(frozen=True)
class ExcludedWarrants:
    """Hold one issue of warrants that is never Additional Stock (3(d)(ii))."""

    issued: str
    shares: Quantity
    of: str


@dataclass(frozen=True)
class Antidilution:
    """Hold the figures of the conversion-price adjustments (3(d)).

    plans_approved_before, plans_approved_after: the series whose Purchase Dates part the plans that are
    excluded: earlier ones, and later ones that the holders approve as well (3(d)(ii)(B)).
    """

    minimum_adjustment: Figure
    carry_forward_years: Quantity
    plans_approved_before: str
    plans_approved_after: str
    plan_approval: Threshold
    plan_approval_series: tuple[str, ...]
    excluded_warrants: tuple[ExcludedWarrants, ...] = ()


@dataclass(frozen=True)
class Notice:
    """Hold the days of notice before a record date (4)."""

    days: Quantity


@dataclass(frozen=True)
class SeriesSeat:
    """Hold the seats that one series elects alone (5(b))."""

    series: str
    seats: Quantity


@dataclass(frozen=True)
class Board:
    """Hold the composition of the board, in and out of a Voting Shift Period (5)."""

    minimum_directors_in_shift: Quantity
    senior_share_in_shift: Figure
    senior_series: tuple[str, ...]
    series_seat: SeriesSeat


@dataclass(frozen=True)
class SeriesSupermajority:
    """Hold the approval that one series must give to changes of the provisions it protects (6(d), 6(e))."""

    series: str
    threshold: Threshold
    protects: tuple[str, ...]


@dataclass(frozen=True)
class Approvals:
    """Hold the thresholds of the protective provisions (6); merger_exceptions: parties that need no approval."""

    preferred_supermajority: Threshold
    preferred_majority: Threshold
    voting_power_disposed: Threshold
    series_majority: Threshold
    series_supermajorities: tuple[SeriesSupermajority, ...] = ()
    merger_exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Charter:
    """Hold the economic terms of one certificate of incorporation.

    Only what liquidation needs is mandatory; a charter of the same family may leave out the rest.
    """

    name: str
    corporation: str
    dated: str
    authorized: Authorized
    common: CommonTerms
    series: tuple[Series, ...]
    liquidation_tiers: tuple[Tier, ...]
    deemed_liquidation: DeemedLiquidation | None = None
    class_election: ClassElection | None = None
    public_offering: PublicOffering | None = None
    cash_payment: CashPayment | None = None
    antidilution: Antidilution | None = None
    notice: Notice | None = None
    board: Board | None = None
    approvals: Approvals | None = None

    def series_named(self, name: str) -> Series:
        """Return the terms of one series; raise KeyError if the charter has none of that name."""
        for series in self.series:
            if series.name == name:
                return series
        raise KeyError(name)

    @property
    def electing(self) -> tuple[str, ...]:
        """Name the series that convert together, by election of their class (3(a))."""
        return tuple(s.name for s in self.series if s.conversion.by == "class_election")

    @property
    def optional(self) -> tuple[str, ...]:
        """Name the series that convert at each holder's option (3(a))."""
        return tuple(s.name for s in self.series if s.conversion.by == "holder_option")


def faults(charter: Charter) -> list[tuple[str, str]]:
    """List what contradicts itself in a charter, as (path, sentence) pairs; empty if nothing does."""
    return [
        *_range_faults(charter),
        *_series_faults(charter),
        *_tier_faults(charter),
        *_total_faults(charter),
        *_named_faults(charter),
    ]


ABOVE_ZERO = ("original_issue_price", "offering_floor")
"""The figures by which something is divided or which would mean nothing at zero."""

DATES = ("dated", "issued")


def _range_faults(charter: Charter) -> Iterator[tuple[str, str]]:
    """List the figures out of their range, the dates that are none and the words and clauses left empty."""
    for path, kind, value in _leaves(charter, ""):
        field = path.split(".")[-1]
        of = path.split(".")[-2] if field == "value" else field
        if kind is Threshold and field == "value" and not 0 <= value <= 1:
            yield path, "A threshold is a share of the whole, between 0 and 1."
        elif of == "senior_share_in_shift" and field == "value" and not 0 <= value <= 1:
            yield path, "It is a share of the directors, between 0 and 1."
        elif field in ("value", "cap") and kind is not Word and value < 0:
            yield path, "It cannot be negative."
        elif of in ABOVE_ZERO and field == "value" and value == 0:
            yield path, "It must be above zero."
        elif field in DATES and not _is_date(value):
            yield path, "It must be a date of the form YYYY-MM-DD."
        elif value == "":
            yield path, "It must not be empty."


def _leaves(value: Any, path: str) -> Iterator[tuple[str, type, Any]]:
    """Yield the path of every word and figure, the type that holds it, and what it is."""
    for field in fields(value):
        own = getattr(value, field.name)
        where = f"{path}.{field.name}" if path else field.name
        for at, part in enumerate(own) if isinstance(own, tuple) else [(None, own)]:
            place = where if at is None else f"{where}[{at}]"
            if is_dataclass(part):
                yield from _leaves(part, place)
            elif part is not None and not isinstance(part, bool):
                yield place, type(value), part


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _series_faults(charter: Charter) -> list[tuple[str, str]]:
    found = []
    names = [s.name for s in charter.series]
    for index, series in enumerate(charter.series):
        path = f"series[{index}]"
        if not series.name or series.name == COMMON or names.count(series.name) > 1:
            found.append((f"{path}.name", "Series names must be unique, not empty and not 'common'."))
        found += _participation_faults(path, series)
        if series.cash_amount is not None and series.conversion.by != "class_election":
            found.append((f"{path}.cash_amount", "Only series that convert by election have a Cash Amount."))
    return found


def _participation_faults(path: str, series: Series) -> list[tuple[str, str]]:
    participation = series.participation
    if (participation.kind == "capped") != (participation.cap is not None):
        return [(f"{path}.participation.cap", "A cap is given exactly when participation is 'capped'.")]
    return []


def _tier_faults(charter: Charter) -> list[tuple[str, str]]:
    names = {s.name for s in charter.series}
    placed = [name for tier in charter.liquidation_tiers for name in tier.series]
    if sorted(placed) != sorted(names):
        return [("liquidation_tiers", "Every series must stand in exactly one liquidation tier.")]
    tiers_of_class = {
        index
        for index, tier in enumerate(charter.liquidation_tiers)
        for name in tier.series
        if name in charter.electing
    }
    if len(tiers_of_class) > 1:
        return [("liquidation_tiers", "The series that convert by one election must stand in one tier.")]
    if (charter.class_election is not None) != bool(charter.electing):
        return [("class_election", "An election is described exactly when some series convert by it.")]
    return []


def _named_faults(charter: Charter) -> list[tuple[str, str]]:
    """List the series that the optional parts of a charter name and that it does not have."""
    named: list[tuple[str, str]] = []
    if charter.antidilution is not None:
        own = charter.antidilution
        named += [("antidilution.plans_approved_before", own.plans_approved_before)]
        named += [("antidilution.plans_approved_after", own.plans_approved_after)]
        named += [("antidilution.plan_approval_series", name) for name in own.plan_approval_series]
        named += [(f"antidilution.excluded_warrants[{i}].of", w.of) for i, w in enumerate(own.excluded_warrants)]
    if charter.board is not None:
        named += [("board.senior_series", name) for name in charter.board.senior_series]
        named += [("board.series_seat.series", charter.board.series_seat.series)]
    if charter.approvals is not None:
        named += [("approvals.series_supermajorities", own.series) for own in charter.approvals.series_supermajorities]
    names = {series.name for series in charter.series}
    missing = [(path, name) for path, name in named if name not in names]
    # Warrants alone may be over the Common.
    return [(p, f"There is no series {name}.") for p, name in missing if name != COMMON or not p.endswith(".of")]


def _total_faults(charter: Charter) -> list[tuple[str, str]]:
    found = []
    if sum(s.authorized.value for s in charter.series) > charter.authorized.preferred.value:
        found.append(("authorized.preferred.value", "The series exceed the authorised Preferred Stock."))
    if charter.authorized.common.value + charter.authorized.preferred.value != charter.authorized.total.value:
        found.append(("authorized.total.value", "The classes do not add up to the authorised total."))
    return found
