"""Authorised stock and the Common reserved for conversion in closed form: sections IV.A, IV.B and 3(i).

What is needed and what is there are compared once, by a maximum, and shortfall and surplus are what is missing
from it on either side. The lowest offering price is a minimum over regimes: for every subset of the floors, the
price at which the authorised Common is used up if exactly these floors bind, provided that at this price they
do. No price is searched for. What is authorised of a series after a split of it stands in the totals as the change
of what the certificate lists, not in a count of what is left series by series.

Domain: counts are at least zero, conversion prices and split factors above zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import sympy

from reference.charter import COMMON, Series
from reference.readings import EFloor, Switch
from symbolic.account import Account
from symbolic.algebra import (
    ONE,
    ZERO,
    above,
    all_of,
    below,
    either,
    indicator,
    largest,
    number,
    positive,
    quotient,
    smallest,
    total,
)
from symbolic.conversion import conversion_ratio
from symbolic.liquidation import Case
from symbolic.symbols import COMMON_COMBINED, COMMON_SHARES, COMMON_SPLIT, preferred_split, shares

PRICE = sympy.Symbol("p", positive=True)
"""The price of an offering to the public, $/share, p > 0 (3(b))."""

SOLD = sympy.Symbol("s", nonnegative=True)
"""The shares that the corporation sells in an offering, >= 0 (3(b))."""


def converted(name: str) -> sympy.Symbol:
    """Return the shares of a series that have converted so far, >= 0 (AMB-03)."""
    return sympy.Symbol(f"gone_{name}", nonnegative=True)


@dataclass(frozen=True)
class Terms:
    """Hold what conversion makes of a series, as expressions.

    ratio: Common per share at the conversion price; below, figure: the offering price below which a floor
    applies, and what it divides, $/share, None if there is no floor.
    """

    series: Series
    ratio: sympy.Expr
    below: sympy.Expr | None
    figure: sympy.Expr | None

    @property
    def shares(self) -> sympy.Expr:
        """Return the outstanding shares."""
        return shares(self.series.name)

    @property
    def needed(self) -> sympy.Expr:
        """Return the Common for all of them at the conversion price."""
        return self.shares * self.ratio


def terms(case: Case, account: Account) -> list[Terms]:
    """Return the terms of every series that can convert (3(a), 3(b)(ii), 3(b)(iii), AMB-40, AMB-41)."""
    found = []
    for series in case.charter.series:
        if series.conversion.by == "none":
            continue
        name = series.name
        ratio = conversion_ratio(series, case.readings, case.splits, case.prices, account)
        ratio = account.define(f"c_{name}", ratio, f"Common per share of {name}", "3(a)", "shares")
        limit = figure = None
        if series.offering_floor is not None:
            clause = series.offering_floor.clause
            limit, figure = floor_terms(case, series, account)
            limit = account.define(
                f"below_{name}", limit, f"offering price below which {name} has a floor", clause, "$/share"
            )
        found.append(Terms(series, ratio, limit, figure))
    return found


def certificate_price(case: Case, price: sympy.Expr) -> sympy.Expr:
    """Return what an offering at a price, $/share, pays for what was one share of Common (3(b), AMB-41, AMB-132).

    That is one share as the certificate had it; combinations since are left out where the reading has no word for them.
    """
    if COMMON not in case.splits:
        return price
    if case.readings.combination_adjusts_floor is Switch.NO:
        return price * COMMON_SPLIT / COMMON_COMBINED
    return price * COMMON_SPLIT


def floor_terms(case: Case, series: Series, account: Account) -> tuple[sympy.Expr, sympy.Expr]:
    """Return below which offering price a series has a floor, and the $ that its Common is worth then (3(b)).

    Both are told of the certificate's own shares. The price is the one at which a share of Common as it was costs the
    figure. A preferred share as it was gets a number of shares: those that the figure buys at the offering's price, or
    for E as many as it would have bought of Common as it was (AMB-40); and what that share has become parts with that
    number, unless the reading gives it to each part anew (AMB-131).
    """
    floor = series.offering_floor
    assert floor is not None
    figure = account.figure(f"floor_{series.name}", floor.value, f"floor of {series.name}", floor.clause)
    limit = figure / certificate_price(case, ONE)
    literal = floor.adjusted_numerator and case.readings.e_floor is EFloor.LITERAL
    worth = limit if literal else figure
    if series.name in case.splits and case.readings.floor_adjusts_for_series_splits is Switch.YES:
        worth = worth / preferred_split(series.name)
    return limit, worth


def ratio_at_offering(term: Terms, price: sympy.Expr) -> sympy.Expr:
    """Return the Common per share on conversion by an offering, exact: a maximum below the floor (3(b))."""
    if term.below is None or term.figure is None:
        return term.ratio
    more = largest(ZERO, term.figure / price - term.ratio)
    return term.ratio + indicator(below(price, term.below)) * more


def stock(case: Case, account: Account) -> None:
    """Record everything about authorised stock: the reserve, an offering's, the lowest price, and the headroom."""
    found = terms(case, account)
    reserve(case, account, found)
    offering_reserve(case, account, found)
    if case.charter.public_offering is not None:
        lowest_offering_price(case, account, found)
    headroom(case, account)


def reserve(case: Case, account: Account, found: list[Terms]) -> None:
    """Record what conversion needs, what there is, what is short and what is left (3(i))."""
    _compared(case, account, "", {term.series.name: term.needed for term in found}, ZERO, "3(i)")


def offering_reserve(case: Case, account: Account, found: list[Terms]) -> None:
    """Record the same for an offering that converts all Preferred, floors included (3(b), AMB-47)."""
    needed = {}
    for term in found:
        ratio = ratio_at_offering(term, PRICE)
        name = term.series.name
        meaning = f"Common per share of {name} on conversion by the offering"
        ratio = account.define(f"offered_{name}", ratio, meaning, "3(b)", "shares", "p > 0")
        needed[name] = term.shares * ratio
    _compared(case, account, "_offered", needed, SOLD, "3(b)")


def _compared(
    case: Case, account: Account, suffix: str, needed: dict[str, sympy.Expr], sold: sympy.Expr, clause: str
) -> None:
    each = {
        name: account.output(f"needed{suffix}_{name}", amount, f"Common for all shares of {name}", clause, "shares")
        for name, amount in needed.items()
    }
    everything = account.output(f"needed{suffix}", total(each.values()), "Common for all Preferred", clause, "shares")
    authorized = case.charter.authorized.common
    available = account.figure(
        "authorized", Fraction(authorized.value), "authorised Common", authorized.clause, "shares"
    )
    available = account.output(
        f"available{suffix}", available - COMMON_SHARES - sold, "Common authorised and not issued", "IV.A", "shares"
    )
    most = account.define(f"most{suffix}", largest(everything, available), "the greater of the two", clause, "shares")
    account.output(f"shortfall{suffix}", most - available, "Common that is not authorised", clause, "shares")
    account.output(f"unreserved{suffix}", most - everything, "Common free for other purposes", clause, "shares")


@dataclass(frozen=True)
class Floor:
    """Hold a floor of a series: until which price it binds, and the dollars that its shares divide by the price."""

    term: Terms
    until: sympy.Expr
    dollars: sympy.Expr


def floors(found: list[Terms], account: Account) -> list[Floor]:
    """Return the floors and where they bind: below their price, and where they give more than conversion (3(b))."""
    result = []
    for term in found:
        if term.below is not None and term.figure is not None:
            name = term.series.name
            until = smallest(term.below, term.figure / term.ratio)
            meaning = f"price below which the floor of {name} gives more"
            until = account.define(f"until_{name}", until, meaning, "3(b)", "$/share")
            result.append(Floor(term, until, term.shares * term.figure))
    return result


def _regimes(every: list[Floor]) -> Iterator[tuple[Floor, ...]]:
    for size in range(1, len(every) + 1):
        yield from combinations(every, size)


def lowest_offering_price(case: Case, account: Account, found: list[Terms]) -> None:
    """Record the least price at which an offering of the minimum size fits, and whether there is one (3(b), AMB-47).

    At a price where just the floors of a set bind, they and the shares sold take dollars over the price, the
    other series their shares at the conversion prices. Domain: the minimum is above zero.
    """
    offering = case.charter.public_offering
    assert offering is not None
    every = floors(found, account)
    minimum = account.figure(
        "minimum", offering.minimum_aggregate.value, "least size", offering.minimum_aggregate.clause, "$"
    )
    authorized = number(case.charter.authorized.common.value)
    left = authorized - COMMON_SHARES - total(term.needed for term in found)
    left = account.define("left", left, "Common left after conversion at the conversion prices", "IV.A", "shares")
    account.output("offering_fits", positive(left), "whether any price is high enough", "3(b)", "yes or no")
    untouched = largest(ZERO, *(floor.until for floor in every), quotient(minimum, left))
    lowest = account.define("price_none", untouched, "price at which no floor binds", "3(b)", "$/share")
    for regime in _regimes(every):
        names = "".join(floor.term.series.name for floor in regime)
        others = [floor.until for floor in every if floor not in regime]
        dollars = minimum + total(floor.dollars for floor in regime)
        room = left + total(floor.term.needed for floor in regime)
        room = account.define(f"room_{names}", room, f"Common for the sale and {names}", "IV.A", "shares")
        at = largest(ZERO, *others, quotient(dollars, room))
        at = account.define(f"price_{names}", at, f"price at which the floors of {names} bind", "3(b)", "$/share")
        binds = all_of(positive(room), above(smallest(*(floor.until for floor in regime)), at))
        binds = account.condition(f"binds_{names}", binds, f"one if just these floors bind there: {names}", "3(b)")
        lowest = either(all_of(positive(binds), below(at, lowest)), at, lowest)
        lowest = account.define(f"lowest_{names}", lowest, "the least so far", "3(b)", "$/share", "the offering fits")
    account.output("lowest_price", lowest, "least price that fits", "3(b)", "$/share", "the offering fits")


def headroom(case: Case, account: Account) -> None:
    """Record how many shares of each class and series may still be issued (IV.A, IV.B, AMB-01, AMB-03, AMB-130)."""
    authorized = case.charter.authorized
    retired = case.readings.converted_reissuable is Switch.NO
    used = {
        series.name: shares(series.name) + (converted(series.name) if retired else ZERO)
        for series in case.charter.series
    }
    listed = {series.name: number(series.authorized.value) for series in case.charter.series}
    split = {name: listed[name] * preferred_split(name) if name in case.splits else listed[name] for name in listed}
    for name, own in split.items():
        account.output(f"free_{name}", own - used[name], f"shares of {name} to issue", "IV.B", "shares")
    undesignated = number(authorized.preferred.value) - total(listed.values())
    more = total(split[name] - listed[name] for name in listed if name in case.splits)
    account.output("free_undesignated", undesignated, "Preferred of no series yet", "IV.B", "shares")
    account.output("free_common", number(authorized.common.value) - COMMON_SHARES, "Common to issue", "IV.A", "shares")
    preferred = number(authorized.preferred.value) + more - total(used.values())
    account.output("free_preferred", preferred, "Preferred to issue", "IV.A", "shares")
    everything = number(authorized.total.value) + more - COMMON_SHARES - total(used.values())
    account.output("free_total", everything, "stock to issue", "IV.A", "shares")
