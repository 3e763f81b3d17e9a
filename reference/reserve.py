"""Authorised stock and the Common reserved for conversion: sections IV.A, IV.B and 3(i).

The reserve is for conversion at the conversion prices. An offering can convert E and F into more than that,
which no reserve under 3(i) provides for (AMB-47, AMB-78). Counts are exact: the rounding of 3(h) is not known
before holders convert.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reference.charter import Series
from reference.conversion import conversion_ratio, issuable
from reference.offering import floor_figure, floor_trigger, offering_ratio
from reference.position import NOTHING, Number, Position
from reference.readings import Readings
from reference.refusal import Forbidden


@dataclass(frozen=True, slots=True)
class Reserve:
    """Hold the Common that conversion needs, against what is authorised, shares (3(i)).

    sold: what an offering issues besides; needed: for conversion of all outstanding shares, by series.
    """

    authorized: Number
    outstanding: Number
    needed: Mapping[str, Number]
    sold: Number = 0

    @property
    def total_needed(self) -> Number:
        """Return the Common for conversion of all Preferred, shares."""
        return sum(self.needed.values())

    @property
    def available(self) -> Number:
        """Return the Common that is authorised and neither issued nor to be sold, below zero if there is none."""
        return self.authorized - self.outstanding - self.sold

    @property
    def shortfall(self) -> Number:
        """Return by how much the authorised Common has to be increased, shares; zero if it suffices (3(i))."""
        return max(0, self.total_needed - self.available)

    @property
    def unreserved(self) -> Number:
        """Return the Common that can be issued for other purposes, shares; zero if the reserve takes it all."""
        return max(0, self.available - self.total_needed)


@dataclass(frozen=True, slots=True)
class Headroom:
    """Hold how many shares may still be issued (IV.A, IV.B).

    common, preferred, total: by class and in all; series: by series; undesignated: Preferred that belongs to no
    series yet, from which the Board may create one (AMB-01).
    """

    common: Number
    preferred: Number
    total: Number
    series: Mapping[str, Number]
    undesignated: Number


def reserve(position: Position, readings: Readings) -> Reserve:
    """Return the Common that conversion of all outstanding Preferred needs, at the conversion prices (3(i))."""
    needed = {
        series.name: position.shares.get(series.name, 0) * conversion_ratio(position, readings, series)
        for series in _convertible(position)
    }
    return Reserve(position.charter.authorized.common.value, position.common, needed)


def offering_reserve(position: Position, readings: Readings, price: Fraction, sold: Number) -> Reserve:
    """Return the Common that an offering needs that converts all Preferred, floors included (3(b), AMB-47).

    price: to the public, $/share; sold: shares that the corporation sells. Raise Forbidden if the price is not
    above zero or the number negative.
    """
    if sold < 0:
        raise Forbidden("negative_shares", "3(b)", "The shares in an offering cannot be fewer than none.")
    needed = {
        series.name: position.shares.get(series.name, 0) * offering_ratio(position, readings, series, price)
        for series in _convertible(position)
    }
    return Reserve(position.charter.authorized.common.value, position.common, needed, sold)


def lowest_offering_price(position: Position, readings: Readings) -> Fraction | None:
    """Return the least price, $/share, at which an offering of the minimum size still fits (3(b), AMB-47).

    At it, and at every higher price, the authorised Common suffices for the shares sold and the conversion of
    all Preferred; the shares sold are the minimum over the price, in fractions too, gross and sold by the
    corporation. None if no price is high enough; zero if every price above zero is. Raise Forbidden if no offering
    converts the Preferred.
    """
    terms = position.charter.public_offering
    if terms is None:
        raise Forbidden("no_offering", "3(b)", "No offering converts the Preferred of this charter.")
    floors = [floor for floor in (_floor(position, readings, s) for s in _convertible(position)) if floor is not None]
    room = reserve(position, readings).available
    # Between two prices at which a floor ceases, the shares needed are a constant and a multiple of 1 / price.
    lower: Fraction = NOTHING
    for upper in [*sorted(floor.until for floor in floors), None]:
        binding = [floor for floor in floors if floor.until > lower]
        others = reserve(position, readings).total_needed - sum(floor.at_price for floor in binding)
        dollars = terms.minimum_aggregate.value + sum((floor.dollars for floor in binding), NOTHING)
        if room > others:
            price = max(lower, dollars / (room - others))
            if upper is None or price < upper:
                return price
        if upper is not None:
            lower = upper
    return None


@dataclass(frozen=True, slots=True)
class _Floor:
    """Hold one series' floor: it binds below `until`, $/share, gives `dollars` over the price, else `at_price`."""

    until: Fraction
    dollars: Fraction
    at_price: Number


def _floor(position: Position, readings: Readings, series: Series) -> _Floor | None:
    """Return where the floor of a series binds and how much Common it gives (3(b)(ii), 3(b)(iii))."""
    trigger, numerator = floor_trigger(position, readings, series), floor_figure(position, readings, series)
    if numerator is None or trigger is None:
        return None
    ratio = conversion_ratio(position, readings, series)
    shares = position.shares.get(series.name, 0)
    return _Floor(min(trigger, numerator / ratio), shares * numerator, shares * ratio)


def headroom(position: Position, readings: Readings, converted: Mapping[str, Number] | None = None) -> Headroom:
    """Return how many shares of each class and series may still be issued (IV.A, IV.B).

    converted: shares of each series that have converted so far, which one reading retires (AMB-03). What 3(i)
    reserves is not deducted. A split of a series adjusts its number and with it the totals, not what no series has.
    """
    charter, gone = position.charter, converted or {}
    series = {s.name: issuable(position, readings, s.name, gone.get(s.name, 0)) for s in charter.series}
    undesignated = charter.authorized.preferred.value - sum(s.authorized.value for s in charter.series)
    common = charter.authorized.common.value - position.common
    preferred = undesignated + sum(series.values())
    return Headroom(common, preferred, common + preferred, series, undesignated)


def _convertible(position: Position) -> list[Series]:
    return [series for series in position.charter.series if series.conversion.by != "none"]
