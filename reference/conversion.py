"""Conversion into Common: sections 3(a), 3(b) as far as holders decide it, and 3(h).

What a public offering converts is the subject of `offering`, how Cash Amounts are paid that of
`cash_amounts`. Who holds what is taken from the position's holdings, which add up to its shares.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from reference.charter import Series, Threshold
from reference.position import NOTHING, Number, Position
from reference.readings import AdElection, AdMajority, ConvertedDividends, Readings, RoundUnit, Switch, Votes
from reference.refusal import Forbidden
from reference.rounding import nearest


def conversion_ratio(position: Position, readings: Readings, series: Series) -> Number:
    """Return the Common shares into which one share of a series converts, unrounded (3(a)).

    The Original Issue Price over the conversion price. A series with no conversion price given is at its
    initial one, which is its Original Issue Price. Raise ZeroDivisionError at a conversion price of zero.
    """
    issue_price = series.original_issue_price.value
    split = position.preferred_splits.get(series.name)
    adjusted = split is not None and readings.oip_adjusts_in_conversion is Switch.YES
    if series.name not in position.conversion_prices:
        return 1 / split if adjusted and split is not None else 1
    price = position.conversion_prices[series.name]
    if adjusted and split is not None:
        return issue_price / (split * price)
    return issue_price / price


def cash_amount(position: Position, readings: Readings, series: Series) -> Fraction:
    """Return the Cash Amount of one share, $/share: the fixed part plus declared, unpaid dividends (3(a)).

    The text has no words that adjust the fixed part for splits of the series; one reading does so all the
    same (AMB-35). The dividends are per present share already. A series without a Cash Amount has none at all.
    """
    if series.cash_amount is None:
        return NOTHING
    fixed = series.cash_amount.value
    split = position.preferred_splits.get(series.name)
    if split is not None and readings.cash_adjusts_preferred_split is Switch.YES:
        fixed = fixed / split
    return fixed + position.declared_dividends.get(series.name, NOTHING)


@dataclass(frozen=True, slots=True)
class HolderConversion:
    """Hold what one holder gives and gets in one conversion.

    shares: given up, by series; exact: the Common before rounding; common: the Common issued; cash: Cash
    Amounts owed, $ by series (3(a)); dividends: declared dividends that stay a debt, $ by series (AMB-37).
    """

    holder: str
    shares: Mapping[str, Number]
    exact: Number
    common: Number
    cash: Mapping[str, Fraction]
    dividends: Mapping[str, Fraction]

    @property
    def cash_total(self) -> Fraction:
        """Return the holder's Cash Amounts over all series, $."""
        return sum(self.cash.values(), NOTHING)


@dataclass(frozen=True, slots=True)
class Count:
    """Hold how a consent was counted: who consented, in favour of the whole, what it needed, whether it carried.

    in_favour, whole, needed: shares, or votes where the reading counts those; needed is the smallest whole
    number that suffices.
    """

    consenting: tuple[str, ...]
    in_favour: Number
    whole: Number
    needed: Number
    carried: bool


@dataclass(frozen=True, slots=True)
class ClassConversion:
    """Hold a consent and what it converts: nothing if it did not carry."""

    count: Count
    conversions: tuple[HolderConversion, ...]


def common_issued(shares: Mapping[str, Number], ratios: Mapping[str, Number], readings: Readings) -> Number:
    """Return the whole Common shares issued for what one holder converts at once (3(h), AMB-76, AMB-77).

    shares: by series; ratios: exact Common per share by series. A fraction rounds to a neighbour, which may
    be zero shares; nothing is paid for what rounding drops.
    """
    if readings.round_unit is RoundUnit.HOLDER_EVENT:
        return nearest(exact_common(shares, ratios), readings.half)
    if readings.round_unit is RoundUnit.HOLDER_SERIES:
        return sum(nearest(count * ratios[name], readings.half) for name, count in shares.items())
    return sum(count * nearest(ratios[name], readings.half) for name, count in shares.items())


def exact_common(shares: Mapping[str, Number], ratios: Mapping[str, Number]) -> Number:
    """Return the Common that shares, by series, convert into before any rounding, shares (3(a))."""
    return sum((count * ratios[name] for name, count in shares.items()), NOTHING)


def held_by_holder(position: Position, names: Collection[str]) -> dict[str, dict[str, Number]]:
    """Return who holds how many shares of the named series, by holder and series, in the holdings' order."""
    held: dict[str, dict[str, Number]] = {}
    for holding in position.holdings:
        if holding.stock in names:
            own = held.setdefault(holding.holder, {})
            own[holding.stock] = own.get(holding.stock, 0) + holding.shares
    return held


def conversion_of(
    position: Position, readings: Readings, holder: str, shares: Mapping[str, Number], ratios: Mapping[str, Number]
) -> HolderConversion:
    """Return what one holder gets for shares, by series, that convert at once at exact ratios (3(a), 3(h)).

    A series with a Cash Amount has its declared dividends in there; another's stay owed to the former
    holder, as a declared dividend is a debt, unless the reading forfeits them (AMB-37, AMB-125).
    """
    terms = {name: position.charter.series_named(name) for name in shares}
    return HolderConversion(
        holder=holder,
        shares=shares,
        exact=exact_common(shares, ratios),
        common=common_issued(shares, ratios, readings),
        cash={
            name: count * cash_amount(position, readings, terms[name])
            for name, count in shares.items()
            if terms[name].cash_amount is not None
        },
        dividends={
            name: count * position.declared_dividends[name]
            for name, count in shares.items()
            if terms[name].cash_amount is None
            and name in position.declared_dividends
            and readings.converted_dividends is not ConvertedDividends.FORFEITED
        },
    )


def current_ratios(position: Position, readings: Readings, names: Collection[str]) -> dict[str, Number]:
    """Return the exact Common per share at the conversion prices in effect, by named series (3(a), AMB-103)."""
    return {name: conversion_ratio(position, readings, position.charter.series_named(name)) for name in names}


def convert(
    position: Position, readings: Readings, holder: str, shares: Mapping[str, Number], unlocked: bool = False
) -> HolderConversion:
    """Convert shares, by series, at their holder's option, which no event ends (3(a), AMB-38).

    unlocked: whether the electing class has elected; only then, and only under the reading in which an
    election frees each holder to convert, may its series be among the shares (AMB-33). Raise Forbidden if a
    series does not convert at its holder's option, or if the holder does not hold the shares; KeyError for
    a series that the charter does not have. A share converts only after the day of its issue, which
    holdings do not tell: the caller sees to it.
    """
    frees = unlocked and readings.ad_election is AdElection.UNLOCK_INDIVIDUAL
    for name in shares:
        by = position.charter.series_named(name).conversion.by
        if by == "none":
            raise Forbidden("not_convertible", "3(a)", f"Series {name} has no right to convert.")
        if by == "class_election" and not frees:
            raise Forbidden("class_only", "3(a)", f"Series {name} converts by election of its class, not by holder.")
    _check_held(held_by_holder(position, tuple(shares)).get(holder, {}), holder, shares)
    return conversion_of(position, readings, holder, shares, current_ratios(position, readings, tuple(shares)))


def _check_held(held: Mapping[str, Number], holder: str, shares: Mapping[str, Number]) -> None:
    for name, count in shares.items():
        if count < 0:
            raise Forbidden("negative_shares", "3(a)", f"The shares of series {name} cannot be fewer than none.")
        if count > held.get(name, 0):
            raise Forbidden("not_held", "3(a)", f"{holder} does not hold so many shares of series {name}.")


def election(position: Position, readings: Readings, consents: Mapping[str, Mapping[str, Number]]) -> ClassConversion:
    """Hold the election of the class that converts together (3(a), AMB-33).

    consents: shares in favour, by holder and series. The election takes effect just before the close of
    business, so that earlier events of its day find the class unconverted (3(c), AMB-32c, AMB-99). If it
    carries, every holder's shares of the class convert, each holder's Common rounded together; or, if an
    election only frees each holder, those shares whose holders consented. Raise Forbidden if the charter
    knows no such election, or for shares that are not of the class or not held.
    """
    terms = position.charter.class_election
    names = position.charter.electing
    if terms is None:
        raise Forbidden("no_election", "3(a)", "No series of this charter converts by election.")
    held = held_by_holder(position, names)
    for holder, shares in consents.items():
        for name in shares:
            if name not in names:
                raise Forbidden("not_of_class", "3(a)", f"Series {name} has no part in the election.")
        _check_held(held.get(holder, {}), holder, shares)
    measure = _votes if readings.ad_majority is AdMajority.VOTES else _shares
    in_favour = sum(measure(position, readings, shares) for shares in consents.values())
    whole = sum(measure(position, readings, shares) for shares in held.values())
    count = counted(terms.threshold, tuple(consents), in_favour, whole)
    if not count.carried:
        return ClassConversion(count, ())
    converting = held if readings.ad_election is AdElection.DRAG_ALL else consents
    ratios = current_ratios(position, readings, names)
    return ClassConversion(
        count, tuple(conversion_of(position, readings, holder, own, ratios) for holder, own in converting.items())
    )


def _shares(_: Position, __: Readings, shares: Mapping[str, Number]) -> Number:
    return sum(shares.values())


def _votes(position: Position, readings: Readings, shares: Mapping[str, Number]) -> Number:
    """Return the votes of one holder's shares, rounded series by series (5(c), AMB-80)."""
    terms = {name: position.charter.series_named(name) for name in shares}
    ratios = current_ratios(position, readings, tuple(shares))
    return sum(votes_of_shares(readings, terms[name], count, ratios[name]) for name, count in shares.items())


def votes_of_shares(readings: Readings, series: Series, shares: Number, ratio: Number) -> Number:
    """Return the votes of shares of one series that count together (5(c), AMB-80).

    ratio: the Common for which each of them counts, unrounded; the Common for all of them is rounded at once.
    """
    each = series.votes_per_as_converted_share.value
    if readings.votes is Votes.PER_SHARE:
        return shares * each
    if readings.votes is Votes.MULTIPLY_THEN_ROUND:
        return nearest(shares * ratio * each, readings.half)
    return nearest(shares * ratio, readings.half) * each


def series_consent(
    position: Position, readings: Readings, name: str, consents: Mapping[str, Number]
) -> ClassConversion:
    """Count the written consent of one series to convert on a date, and convert it all if it carries (3(b)).

    consents: shares in favour by holder, as held on that date. The conversion is at the price in effect:
    no offering, no floor (AMB-43), and an event of its own for the rounding (AMB-120). Raise Forbidden if
    the series has no such right, or for shares that are not held.
    """
    threshold = position.charter.series_named(name).conversion_consent
    if threshold is None:
        raise Forbidden("no_consent", "3(b)", f"Series {name} does not convert by written consent.")
    held = held_by_holder(position, (name,))
    for holder, shares in consents.items():
        _check_held(held.get(holder, {}), holder, {name: shares})
    whole = sum(own[name] for own in held.values())
    count = counted(threshold, tuple(consents), sum(consents.values()), whole)
    if not count.carried:
        return ClassConversion(count, ())
    return ClassConversion(count, whole_series(position, readings, name))


def whole_series(position: Position, readings: Readings, name: str) -> tuple[HolderConversion, ...]:
    """Convert all shares of one series at the conversion price in effect, as one event for each holder (3(b))."""
    ratios = current_ratios(position, readings, (name,))
    held = held_by_holder(position, (name,))
    return tuple(conversion_of(position, readings, holder, own, ratios) for holder, own in held.items())


def counted(threshold: Threshold, consenting: tuple[str, ...], in_favour: Number, whole: Number) -> Count:
    """Return how many of the whole, shares or votes, are in favour and whether they suffice (3(a), 3(b)).

    Of nothing outstanding there is nobody to consent.
    """
    share = whole * threshold.value
    needed = math.floor(share) + 1 if threshold.strict else -math.floor(-share)
    return Count(consenting, in_favour, whole, needed, carried=whole > 0 and threshold.met(in_favour, whole))


def issuable(position: Position, readings: Readings, name: str, converted: Number) -> Number:
    """Return how many more shares of a series may be issued (IV.A, IV.B, AMB-03).

    converted: shares of the series that have converted so far, in today's shares; no clause retires them, so that
    they can be issued again unless the reading retires them.
    """
    free = position.authorized(position.charter.series_named(name)) - position.shares.get(name, 0)
    return free if readings.converted_reissuable is Switch.YES else free - converted
