"""Dividends: section 1(a).

The amounts that come before the Common follow from a series' rate and the dividend year; everything else is
worked out from such amounts, $/share by series. Nothing is carried from one year to another: no function
looks at what an earlier year left undeclared, and nothing bears interest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Protocol

from reference.charter import COMMON, Series
from reference.conversion import conversion_ratio
from reference.distributions import Payable, shares_as_converted
from reference.liquidation import Kink, fill
from reference.position import NOTHING, Number, Position, Undeclared
from reference.readings import (
    CommonGate,
    Daycount,
    IfGreater,
    IfGreaterBasis,
    InKindGate,
    Partial,
    Readings,
    ShortpayTrigger,
    Switch,
    Year,
)
from reference.refusal import Forbidden

WHOLE = Fraction(1)
ALL_YEAR: Mapping[str, date] = MappingProxyType({})
"""No series was issued in the year."""

NO_LOTS: Mapping[str, Sequence[Lot]] = MappingProxyType({})
"""All shares of each series have had the same."""

EXEMPT: frozenset[Payable] = frozenset(
    {"common_stock", "non_redeemable_equity", "free_rights_to_common", "paid_rights_to_common"}
)
"""What the Common may be paid in with no dividend on the Preferred before it (1(a), AMB-10)."""


@dataclass(frozen=True, slots=True)
class DividendYear:
    """Hold the first and the last day of a dividend year."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return its length, days."""
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        """Say whether a day is in it."""
        return self.first <= day <= self.last


class Declaration(Protocol):
    """Stand for what the Board declared on one day, as `Declared` holds it."""

    @property
    def on(self) -> date:
        """Return the day."""

    @property
    def per_share(self) -> Mapping[str, Fraction]:
        """Return what was declared, $/share by class."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Hold what the Board declared, and on how many shares (1(a), AMB-136).

    on: the day; per_share: $/share by class; shares: outstanding by class when it was declared, or at its record
    date.
    """

    on: date
    per_share: Mapping[str, Fraction]
    shares: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Lot:
    """Hold what some shares of a series must have had before the Common, and what they have had, $/share (AMB-134)."""

    before: Fraction
    had: Fraction


@dataclass(frozen=True, slots=True)
class Due:
    """Hold a dividend on the Common that is declared and unpaid (AMB-137).

    per_share: $/share as shares are now; owed: $ by who held when it was declared, or at its record date.
    """

    per_share: Fraction
    owed: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Sharing:
    """Hold how a pool is shared among the series.

    fraction: of the full amounts, at most one; per_share: $/share by series; excess: $ beyond the full amounts.
    """

    fraction: Fraction
    per_share: Mapping[str, Fraction]
    excess: Fraction


@dataclass(frozen=True, slots=True)
class Allocation:
    """Hold how a year's dividends divide: $/share by class, "common" included, and $ that no class can take."""

    per_share: Mapping[str, Fraction]
    undistributed: Fraction


@dataclass(frozen=True, slots=True)
class Gate:
    """Hold whether a dividend on the Common may be declared.

    exempt: whether its kind needs nothing before it; required: what every share of each outstanding series must
    have had first, $/share; had: what the share that falls shortest of it has had, $/share; short: the series that
    are short.
    """

    exempt: bool
    required: Mapping[str, Fraction]
    had: Mapping[str, Fraction]
    short: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Say whether no series is short."""
        return not self.short

    def check(self) -> None:
        """Raise Forbidden if some series is short (1(a))."""
        if self.short:
            sentence = f"Dividends on the Preferred come first, and these series are short: {', '.join(self.short)}."
            raise Forbidden("preferred_dividends_first", "1(a)", sentence)


@dataclass(frozen=True, slots=True)
class Review:
    """Hold whether a year's preferred dividends conform.

    totals: $/share by series over the year; short: whether the year's dividends must be shared rateably;
    schedule: $/share by series, the same money shared rateably; conforms: whether the totals are as they must
    be; out_of_proportion: in a short year, the declarations that are not rateable taken alone.
    """

    totals: Mapping[str, Fraction]
    short: bool
    schedule: Mapping[str, Fraction]
    conforms: bool
    out_of_proportion: tuple[Declaration, ...]


def dividend_year(readings: Readings, on: date, fiscal_month: int | None = None) -> DividendYear:
    """Return the dividend year in which a day falls (1(a), AMB-09).

    fiscal_month: the month, 1 to 12, on whose first day the corporation's fiscal year starts; that reading
    alone needs it. Any twelve months are those that end on the day. Raise ValueError if the month is needed
    and not given, or is no month; Forbidden in the first and the last year of the calendar.
    """
    if not date.min.year < on.year < date.max.year:
        raise Forbidden("outside_calendar", "1(a)", "A dividend year lies within the years 2 to 9998.")
    if readings.year is Year.ROLLING12:
        return DividendYear(_a_year_before(on) + timedelta(days=1), on)
    month = 1 if readings.year is Year.CALENDAR else fiscal_month
    if month is None or not 1 <= month <= 12:
        raise ValueError("a fiscal year starts in a month from 1 to 12")
    first = date(on.year if on.month >= month else on.year - 1, month, 1)
    return DividendYear(first, date(first.year + 1, month, 1) - timedelta(days=1))


def _a_year_before(day: date) -> date:
    """Return the same day of the year before; for the 29th of February, the 28th (AMB-100)."""
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - 1, day.month, 28 if leap_day else day.day)


def listed_rate(position: Position, series: Series) -> Fraction:
    """Return the dividend rate, $/share per year, adjusted for splits of the series itself (1(a), AMB-11, AMB-12)."""
    rate = series.dividend_rate.value
    split = position.preferred_splits.get(series.name)
    return rate if split is None else rate / split


def annual_amounts(position: Position) -> dict[str, Fraction]:
    """Return the full preferential dividend of a whole year, $/share by series (1(a))."""
    return {series.name: listed_rate(position, series) for series in position.charter.series}


def full_amounts(
    position: Position, readings: Readings, year: DividendYear, issued: Mapping[str, date] = ALL_YEAR
) -> dict[str, Fraction]:
    """Return the full preferential dividend of one dividend year, $/share by series (1(a), AMB-09).

    issued: the day on which a series was issued, where that may fall in the year. A daily part is of the
    year's own length, so that a whole year is the whole rate.
    """
    return _amounts_until(year.last, position, readings, year, issued)


def amounts_before_common(
    position: Position, readings: Readings, year: DividendYear, on: date, issued: Mapping[str, date] = ALL_YEAR
) -> dict[str, Fraction]:
    """Return what must come before a dividend on the Common of some day, $/share by series (1(a), AMB-10).

    on: the day of that dividend, which is counted; issued: as in `full_amounts`.
    """
    until = on if readings.common_gate is CommonGate.TO_DATE else year.last
    return _amounts_until(until, position, readings, year, issued)


def _amounts_until(
    until: date, position: Position, readings: Readings, year: DividendYear, issued: Mapping[str, date]
) -> dict[str, Fraction]:
    amounts = {}
    for name, rate in annual_amounts(position).items():
        daily = readings.partial is Partial.DAILY and name in issued
        since = max(issued[name], year.first) if daily else year.first
        days = (min(until, year.last) - since).days + 1
        amounts[name] = rate * Fraction(max(days, 0), year.days)
    return amounts


def entitlements(
    position: Position,
    readings: Readings,
    full: Mapping[str, Fraction],
    common: Fraction = NOTHING,
    part_of_year: Fraction = WHOLE,
) -> dict[str, Fraction]:
    """Return what each series is entitled to in a year, if declared, $/share by series (1(a), AMB-05, AMB-06).

    full: the full preferential dividends, $/share by series; common: the year's dividends on the Common,
    $/share; part_of_year: what part of the year these are for, above 0 and at most 1, which matters only if
    they are scaled to a year. Raise ValueError if it is no such part.
    """
    legs = _legs(position, readings, part_of_year)
    return {name: max(amount, legs[name] * common) for name, amount in _least(position, readings, full).items()}


def _legs(position: Position, readings: Readings, part_of_year: Fraction) -> dict[str, Number]:
    """Return what a dividend of $1 on a Common share comes to for a share of each series, $."""
    if not 0 < part_of_year <= 1:
        raise ValueError("a part of a year is above 0 and at most 1")
    if readings.if_greater is IfGreater.OFF:
        return {series.name: NOTHING for series in position.charter.series}
    scale = WHOLE / part_of_year if readings.annualise is Switch.YES else WHOLE
    return {series.name: scale * _basis(position, readings, series) for series in position.charter.series}


def _basis(position: Position, readings: Readings, series: Series) -> Number:
    """Return how many Common shares a preferred share is compared with (AMB-06)."""
    if readings.if_greater_basis is IfGreaterBasis.PER_SHARE:
        return 1
    return conversion_ratio(position, readings, series)


def _least(position: Position, readings: Readings, full: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
    """Return what each series is entitled to with no dividend on the Common, $/share.

    If other series count as other shares, every series is to get what the best-paid outstanding one gets.
    That is the least consistent answer; any greater amount for all would be consistent as well (AMB-05).
    """
    if readings.if_greater is not IfGreater.LFP_ALL:
        return full
    basis = {series.name: _basis(position, readings, series) for series in position.charter.series}
    best = max((full[name] / basis[name] for name in full if _is_outstanding(position, name)), default=NOTHING)
    return {name: max(amount, best * basis[name]) for name, amount in full.items()}


def _is_outstanding(position: Position, name: str) -> bool:
    return position.shares.get(name, 0) > 0


def total_of(position: Position, per_share: Mapping[str, Fraction]) -> Fraction:
    """Return what amounts of $/share by class come to on all outstanding shares, $."""
    return sum((position.shares.get(name, 0) * amount for name, amount in per_share.items()), NOTHING)


def share_rateably(position: Position, full: Mapping[str, Fraction], pool: Fraction) -> Sharing:
    """Share a pool among the series in proportion to their full preferential dividends (1(a), AMB-07).

    full: $/share by series; pool: $, zero or more. Raise ValueError if it is negative.
    """
    if pool < 0:
        raise ValueError("dividends cannot be negative")
    owed = total_of(position, full)
    if pool >= owed:
        return Sharing(WHOLE, dict(full), pool - owed)
    fraction = pool / owed
    return Sharing(fraction, {name: fraction * amount for name, amount in full.items()}, NOTHING)


def allocate(
    position: Position,
    readings: Readings,
    full: Mapping[str, Fraction],
    total: Fraction,
    part_of_year: Fraction = WHOLE,
) -> Allocation:
    """Divide a year's dividends so that each series has its due and the Common the rest (1(a), AMB-121).

    full: $/share by series; total: $, zero or more; part_of_year: as in `entitlements`. Less than the full
    amounts is shared rateably. With more, the Common takes the rest, and every series that its dividend
    overtakes keeps level with it; with no Common, nobody takes the rest. Raise ValueError if the total is
    negative.
    """
    legs = _legs(position, readings, part_of_year)
    sharing = share_rateably(position, full, total)
    if total < total_of(position, full):
        return Allocation({**sharing.per_share, COMMON: NOTHING}, NOTHING)
    least = _least(position, readings, full)
    levelling = total_of(position, least) - total_of(position, full)
    if sharing.excess < levelling:
        return Allocation({**_level(position, readings, full, sharing.excess), COMMON: NOTHING}, NOTHING)
    remaining = sharing.excess - levelling
    if position.common == 0:
        return Allocation({**least, COMMON: NOTHING}, remaining)
    overtaken = () if readings.if_greater is IfGreater.OFF else _joins(position, least, legs)
    per_common = fill(remaining, position.common, overtaken).level
    per_share = {name: max(amount, legs[name] * per_common) for name, amount in least.items()}
    return Allocation({**per_share, COMMON: per_common}, NOTHING)


def _level(
    position: Position, readings: Readings, full: Mapping[str, Fraction], excess: Fraction
) -> dict[str, Fraction]:
    """Raise the lowest of the series first until an excess, $, is used up.

    The text has no rule for money between the listed rates and equal dividends on all series; only the
    reading that wants these equal comes here (AMB-05).
    """
    basis = {series.name: _basis(position, readings, series) for series in position.charter.series}
    level = fill(excess, NOTHING, _joins(position, full, basis)).level
    return {name: max(amount, basis[name] * level) for name, amount in full.items()}


def _joins(position: Position, amounts: Mapping[str, Fraction], legs: Mapping[str, Number]) -> tuple[Kink, ...]:
    """Return at what dividend per Common share each series starts to keep level with it, as 2(b) fills its shares."""
    return tuple(
        Kink(amount / legs[name], name, "conversion", position.shares.get(name, 0) * legs[name])
        for name, amount in amounts.items()
    )


def common_dividend_gate(
    position: Position,
    readings: Readings,
    before: Mapping[str, Fraction],
    preferred: Mapping[str, Fraction],
    common: Fraction,
    payable: Payable = "cash",
    part_of_year: Fraction = WHOLE,
    lots: Mapping[str, Sequence[Lot]] = NO_LOTS,
) -> Gate:
    """Say whether a dividend on the Common may be declared: whether every share has had its due (1(a), AMB-10).

    before: `amounts_before_common`; preferred: the year's dividends on the series, $/share, with those declared
    together with it, or only those paid (AMB-133); common: the year's dividends on the Common with the one proposed,
    $/share (AMB-121); payable: what it is paid in; part_of_year: as in `entitlements`; lots: in place of both, by
    series, where its shares have not all had the same (AMB-134).
    """
    if needs_nothing_before(payable, readings):
        return Gate(True, {}, {}, ())
    every = {name: lots.get(name) or (Lot(amount, preferred.get(name, NOTHING)),) for name, amount in before.items()}
    most = {name: max(own.before for own in each) for name, each in every.items()}
    due, legs = entitlements(position, readings, most, common, part_of_year), _legs(position, readings, part_of_year)
    required, had = {}, {}
    for name, each in every.items():
        if _is_outstanding(position, name):
            # A share that was issued later may have less before it, but no less than others raise it to.
            least = due[name] if readings.if_greater is IfGreater.LFP_ALL else legs[name] * common
            shares = [(max(own.before, least), own.had) for own in each]
            required[name], had[name] = max(shares, key=lambda own: own[0] - own[1])
    short = tuple(name for name, amount in required.items() if had[name] < amount)
    return Gate(False, required, had, short)


def needs_nothing_before(payable: Payable, readings: Readings) -> bool:
    """Say whether what the Common is paid in needs no dividend on the Preferred before it (1(a), AMB-10, AMB-135).

    In what the Preferred shares as if converted it need not have a dividend besides, unless a reading wants both.
    """
    shared = readings.in_kind_gate is InKindGate.SHARING_ONLY and shares_as_converted(payable, readings)
    return payable in EXEMPT or shared


def declared_in(year: DividendYear, declarations: Iterable[Declaration]) -> dict[str, Fraction]:
    """Add up what was declared in one dividend year, $/share by class; other years count for nothing (1(a))."""
    totals: dict[str, Fraction] = {}
    for declaration in declarations:
        if year.holds(declaration.on):
            for name, amount in declaration.per_share.items():
                totals[name] = totals.get(name, NOTHING) + amount
    return totals


def review(
    readings: Readings, full: Mapping[str, Fraction], year: DividendYear, declarations: Iterable[Declared]
) -> Review:
    """Say whether a year's preferred dividends conform, and how they should have been shared (1(a), AMB-08, AMB-136).

    full: the year's full preferential dividends, $/share by series. If any series has less (or, in the other reading,
    all have), the whole year's money is to be shared rateably: of each declaration, among the shares that it was on.
    A series that had no shares at any of them does not count. Every amount is one of today's shares.
    """
    in_year = tuple(own for own in declarations if year.holds(own.on))
    declared = declared_in(year, in_year)
    totals = {name: declared.get(name, NOTHING) for name in full}
    shared = [(own, _part(own, full)) for own in in_year if _money(own, full) > 0]
    counted = {name: [pair for pair in shared if pair[0].shares.get(name, 0) > 0] for name in full}
    parts = {name: sum((part for _, part in counted[name] or shared), NOTHING) for name in full}
    schedule = {name: amount * min(WHOLE, parts[name]) for name, amount in full.items()}
    # What is declared on a series without shares is had by nobody.
    had = {
        name: sum((own.per_share.get(name, NOTHING) for own, _ in each), NOTHING)
        for name, each in counted.items()
        if each
    }
    below = [name for name, amount in had.items() if amount < full[name]]
    enough = len(had) if readings.shortpay_trigger is ShortpayTrigger.AGGREGATE else 1
    if not shared or len(below) < enough:
        return Review(totals, False, schedule, True, ())
    return Review(
        totals,
        True,
        schedule,
        all(amount == full[name] * parts[name] for name, amount in had.items()),
        tuple(own for own in in_year if not _is_rateable(own, full)),
    )


def _money(declaration: Declared, full: Mapping[str, Fraction]) -> Fraction:
    """Return what a declaration gives the series in all, $."""
    shares, each = declaration.shares, declaration.per_share
    return sum((shares.get(name, 0) * each.get(name, NOTHING) for name in full), NOTHING)


def _claims(declaration: Declared, full: Mapping[str, Fraction]) -> Fraction:
    """Return what the full amounts come to on the shares of a declaration, $."""
    return sum((declaration.shares.get(name, 0) * amount for name, amount in full.items()), NOTHING)


def _part(declaration: Declared, full: Mapping[str, Fraction]) -> Fraction:
    """Return what part of the full amounts on its shares the money of a declaration is."""
    claims = _claims(declaration, full)
    return _money(declaration, full) / claims if claims > 0 else WHOLE


def _is_rateable(declaration: Declared, full: Mapping[str, Fraction]) -> bool:
    """Say whether a declaration gives every series that it is on the same part of its full amount."""
    owed, pool = _claims(declaration, full), _money(declaration, full)
    held = tuple(name for name in full if declaration.shares.get(name, 0) > 0)
    return all(declaration.per_share.get(name, NOTHING) * owed == full[name] * pool for name in held)


def declare(
    position: Position,
    owed: Mapping[str, Fraction],
    per_share: Mapping[str, Fraction],
    available: Fraction | None = None,
) -> dict[str, Fraction]:
    """Return what is owed after a declaration, $/share by class (1(a)).

    owed: declared and not yet paid, $/share by class; per_share: what is declared, $/share by class;
    available: the assets legally available, $, if they are to be looked at. Raise Forbidden if it comes to more
    than these, ValueError if an amount is negative.
    """
    if any(amount < 0 for amount in per_share.values()):
        raise ValueError("dividends cannot be negative")
    if available is not None and total_of(position, per_share) > available:
        raise Forbidden(
            "not_legally_available", "1(a)", "The dividends exceed the assets that are legally available for them."
        )
    return {**owed, **{name: owed.get(name, NOTHING) + amount for name, amount in per_share.items()}}


def pay(owed: Mapping[str, Fraction], per_share: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return what is owed after a payment of declared dividends, $/share by class (1(a)); it bears no interest.

    Raise Forbidden if more is paid than was declared, ValueError if an amount is negative.
    """
    left = dict(owed)
    for name, amount in per_share.items():
        if amount < 0:
            raise ValueError("dividends cannot be negative")
        if amount > left.get(name, NOTHING):
            raise Forbidden(
                "undeclared_dividend", "1(a)", f"More would be paid on {name} than was declared and is unpaid."
            )
        left[name] = left.get(name, NOTHING) - amount
    return left


def pay_common(dues: Iterable[Due], per_share: Fraction) -> tuple[Due, ...]:
    """Return what is due on the Common after a payment, $/share, of which the oldest has the first (1(a), AMB-137).

    Each goes to those who held when it was declared. Raise Forbidden if more is paid than was declared.
    """
    left, found = per_share, []
    for own in dues:
        paid = min(left, own.per_share)
        left = left - paid
        if paid < own.per_share:
            part = WHOLE - paid / own.per_share
            found.append(Due(own.per_share - paid, {holder: part * amount for holder, amount in own.owed.items()}))
    if left > 0:
        raise Forbidden(
            "undeclared_dividend", "1(a)", f"More would be paid on {COMMON} than was declared and is unpaid."
        )
    return tuple(found)


def accrual_rate(
    position: Position, readings: Readings, series: Series, common: Fraction = NOTHING, part_of_year: Fraction = WHOLE
) -> Fraction:
    """Return the rate at which undeclared dividends accrue, $/share per year (AMB-17).

    It is the listed rate, or in one reading what the series is entitled to in a year with such dividends on the
    Common; common and part_of_year: as in `entitlements`.
    """
    if readings.include_if_greater is Switch.NO:
        return listed_rate(position, series)
    return entitlements(position, readings, annual_amounts(position), common, part_of_year)[series.name]


def accrued_undeclared(rate: Fraction, held_since: date, as_of: date, daycount: Daycount) -> Undeclared:
    """Accrue undeclared dividends at one rate, $/share per year, over the days held, both ends counted.

    The text has no day count (AMB-17); dividends are not cumulative (1(a)), so only the readings of
    AMB-16 that count undeclared dividends look at the result. Raise ValueError if the dates are reversed.
    """
    if held_since > as_of:
        raise ValueError("held_since is after as_of")
    year_start = date(as_of.year, 1, 1)
    length = 365
    if daycount is Daycount.ACTUAL_YEAR:
        length = (date(as_of.year, 12, 31) - year_start).days + 1
    days_in_year = (as_of - max(held_since, year_start)).days + 1
    days_held = (as_of - held_since).days + 1
    return Undeclared(
        current_year=rate * days_in_year / length,
        since_issue=rate * days_held / length,
    )
