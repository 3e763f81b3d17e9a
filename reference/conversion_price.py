"""The conversion price of one series: what an adjustment makes of it, and what is carried (3(d)(i)).

A price is kept twice. The official one is in effect; the exact one is what it would be if every adjustment
below a cent were made at once. What lies between them is carried (3(d)(i)(B)).
"""

from __future__ import annotations

import math
from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date
from fractions import Fraction

from reference.position import NOTHING, Number
from reference.readings import (
    CentAnniversary,
    CentComposition,
    CentTest,
    CentTriggerPrice,
    CpRound,
    Readings,
    Switch,
)
from reference.refusal import Forbidden

ONE = Fraction(1)
ONE_HALF = Fraction(1, 2)
STEPS = {CpRound.TEN_THOUSANDTH: 10_000, CpRound.CENT: 100}


@dataclass(frozen=True, slots=True)
class Carried:
    """Hold an adjustment not yet made: since when, and $/share to take off, below zero if to add (3(d)(i)(B))."""

    on: date
    amount: Fraction


@dataclass(frozen=True, slots=True)
class SeriesPrice:
    """Hold the conversion price of one series, $/share.

    official: in effect; exact: with all that is carried; carried: oldest first, it adds up to the difference;
    scale: by how much splits and stock dividends have divided the price so far.
    """

    official: Fraction
    exact: Fraction
    carried: tuple[Carried, ...] = ()
    scale: Fraction = ONE


def carried_total(carried: Iterable[Carried]) -> Fraction:
    """Return what is carried in all, $/share."""
    return sum((item.amount for item in carried), NOTHING)


def weighted_average(price: Fraction, base: Number, shares: Number, consideration: Fraction) -> Fraction:
    """Return the price adjusted for an issuance, $/share (3(d)(i)(A)).

    It is the price times (base + what the consideration buys at the price) / (base + shares).
    base: shares outstanding just before; consideration: $ for all shares. Raise Forbidden if there is no share
    before and none issued.
    """
    if base + shares <= 0:
        raise Forbidden("no_shares", "3(d)(i)(A)", "There are no shares to average the price over.")
    after = base + shares
    # Each number stands once, or with little weight, so that an enclosure of it grows no wider than it must.
    return ONE * price * (1 - ONE * shares / after) + ONE * consideration / after


def anniversary(on: date, years: int) -> date:
    """Return the same day some years later; 28 February for a 29 February that the year lacks (AMB-100)."""
    year = on.year + years
    if year > MAXYEAR:
        return date.max
    lacking = (on.month, on.day) == (2, 29) and not isleap(year)
    return date(year, 2, 28) if lacking else on.replace(year=year)


def trigger_price(price: SeriesPrice, readings: Readings) -> Fraction:
    """Return the price that an issuance is compared with (3(d)(i)(A), AMB-58)."""
    return price.official if readings.cent_trigger_price is CentTriggerPrice.OFFICIAL else price.exact


def averaged(price: SeriesPrice, base: Number, shares: Number, consideration: Fraction, readings: Readings) -> Fraction:
    """Return the exact price after an issuance, $/share (3(d)(i)(A), AMB-58).

    Either the average goes on from the exact price, which an issue between the two prices must not raise
    (AMB-98), or the official price's own change is added to what is carried.
    """
    if readings.cent_composition is CentComposition.ADDITIVE:
        change = price.official - weighted_average(price.official, base, shares, consideration)
        return price.exact - change
    return min(price.exact, weighted_average(price.exact, base, shares, consideration))


def held_or_made(price: SeriesPrice, target: Fraction, on: date, minimum: Fraction, readings: Readings) -> SeriesPrice:
    """Make an adjustment that reaches the minimum, with all that is carried, and carry a smaller one (3(d)(i)(B)).

    target: the new exact price; minimum: $/share, that is one cent. It is reached or not by what is carried
    and the new change together, or by the change alone (AMB-58). A change that takes back what is carried
    leaves nothing to carry (AMB-108).
    """
    cumulative = readings.cent_test is CentTest.CUMULATIVE
    change = (price.official if cumulative else price.exact) - target
    if max(change, -change) >= minimum:
        return made(price, target, (), readings)
    if target == price.official:
        return replace(price, exact=target, carried=())
    if target == price.exact:
        return price
    return replace(price, exact=target, carried=(*price.carried, Carried(on, price.exact - target)))


def made(price: SeriesPrice, target: Fraction, carried: tuple[Carried, ...], readings: Readings) -> SeriesPrice:
    """Make a price official, rounded as the reading says, with what stays carried (AMB-59).

    Rounding does not raise a price that an adjustment lowers (AMB-98). Raise Forbidden at a price of zero or
    less, at which a share would convert into infinitely many.
    """
    official = target
    if readings.cp_round is not CpRound.EXACT:
        steps = STEPS[readings.cp_round]
        official = ONE * math.floor(target * steps + ONE_HALF) / steps
        if target <= price.official:
            official = min(official, price.official)
    if official <= 0:
        message = "The adjustment would leave a conversion price of nothing."
        raise Forbidden("price_not_positive", "3(d)(i)", message)
    return SeriesPrice(official, official - carried_total(carried), carried, price.scale)


def made_good(price: SeriesPrice, readings: Readings) -> SeriesPrice:
    """Make what has been carried for three years: with all else that is carried, or alone (AMB-104)."""
    if readings.cent_anniversary is CentAnniversary.ALL:
        return made(price, price.exact, (), readings)
    return made(price, price.official - price.carried[0].amount, price.carried[1:], readings)


def scaled(price: SeriesPrice, factor: Fraction, on: date, minimum: Fraction, readings: Readings) -> SeriesPrice:
    """Divide a price and what it carries by the factor of a split or stock dividend (3(d)(iii), 3(d)(iv)).

    A carry that a combination takes past the minimum waits for the next adjustment (AMB-106). One reading
    carries the change itself if it is below the minimum (AMB-58).
    """
    carried = tuple(Carried(item.on, item.amount / factor) for item in price.carried)
    divided = SeriesPrice(price.official / factor, price.exact / factor, carried, price.scale * factor)
    own = price.official - divided.official
    if readings.cent_scope is Switch.NO or own == 0:
        return divided
    change = price.official - divided.exact if readings.cent_test is CentTest.CUMULATIVE else own
    if max(change, -change) >= minimum or divided.exact == price.official:
        return replace(divided, official=divided.exact, carried=())
    return replace(divided, official=price.official, carried=(*carried, Carried(on, own)))
