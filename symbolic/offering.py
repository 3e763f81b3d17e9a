"""Conversion by a public offering in closed form: section 3(b), and its date under 3(c).

Whether anything converts, and on which ground a series does, are factors of zero or one, so that every output is
one formula for all offerings. The floor is not a quotient to be compared with another, as the engine has it, but
dollars: what a preferred share as the certificate had it is to be worth in an offering that pays less than the figure
for a share of Common as it was. What the Common at the conversion price is short of that is made up in Common at the
offering's price.

Days are day numbers. Domain: prices and split factors above zero, counts at least zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from reference.charter import Charter, Series
from reference.readings import ConsentTie, IpoEffective, IpoOrder, IpoSize
from symbolic.account import Account
from symbolic.algebra import (
    ONE,
    ZERO,
    above,
    all_of,
    at_least,
    at_most,
    below,
    either,
    indicator,
    largest,
    number,
    positive,
    smallest,
    total,
)
from symbolic.cash_amounts import LAST_DAY, due_day
from symbolic.conversion import common_issued, conversion_ratio, owed_for
from symbolic.liquidation import Case
from symbolic.reserve import PRICE, certificate_price, floor_terms
from symbolic.symbols import COMMON_SHARES, Unknown, conversion_price, held, holdings

PRIMARY = sympy.Symbol("primary", nonnegative=True)
"""The shares that the corporation sells, over-allotments apart, >= 0 (3(b))."""

SECONDARY = sympy.Symbol("secondary", nonnegative=True)
"""The shares that holders sell, >= 0 (3(b), AMB-39)."""

EXTRA = sympy.Symbol("extra", nonnegative=True)
"""The shares that the corporation sells to cover over-allotments, >= 0 (3(b), AMB-39)."""

EXTRA_COUNTS = sympy.Symbol("extra_counts", nonnegative=True)
"""One if over-allotments count towards the size, zero if not (AMB-39)."""

DISCOUNT = sympy.Symbol("discount", nonnegative=True)
"""What the underwriters keep, $/share, not above the price (3(b), AMB-39)."""

UNDERWRITTEN = sympy.Symbol("underwritten", nonnegative=True)
"""One if the offering is underwritten as required, zero if not (3(b))."""

REGISTERED = sympy.Symbol("registered", nonnegative=True)
"""One if the offering is registered on the required form, zero if not (3(b))."""

PRICED = sympy.Symbol("priced", integer=True)
"""The day on which the offering is priced, a day number (3(c))."""

CLOSED = sympy.Symbol("closed", integer=True)
"""The day on which the offering closes, a day number (3(c))."""


def consent_day(name: str) -> sympy.Symbol:
    """Return the day that a consent of a series specifies for its conversion, a day number (3(b))."""
    return sympy.Symbol(f"consent_{name}", integer=True)


def adjusted_price(name: str) -> sympy.Symbol:
    """Return the conversion price of a series after the offering's own adjustment, $/share, > 0 (AMB-45)."""
    return sympy.Symbol(f"ACP_{name}", positive=True)


@dataclass(frozen=True)
class Known:
    """Say what is known of an offering.

    consents: series with a consent to convert; adjusted: series whose conversion price the offering has changed;
    priced, closed: whether there is a day for it.
    """

    consents: frozenset[str] = frozenset()
    adjusted: frozenset[str] = frozenset()
    priced: bool = False
    closed: bool = False


def size(case: Case) -> sympy.Expr:
    """Return the aggregate price of an offering, $: what the shares that count bring, by the reading (AMB-39)."""
    sold = PRIMARY + EXTRA_COUNTS * EXTRA
    return (
        PRICE * sold
        + {
            IpoSize.GROSS_PRIMARY: ZERO,
            IpoSize.GROSS_ALL: PRICE * SECONDARY,
            IpoSize.NET: -DISCOUNT * sold,
        }[case.readings.ipo_size]
    )


def lawful(known: Known) -> sympy.Basic:
    """Return the condition that an offering's figures make sense (3(b), 3(c))."""
    conditions = [positive(PRICE), at_most(DISCOUNT, PRICE)]
    conditions += [at_least(count, ZERO) for count in (PRIMARY, SECONDARY, EXTRA, DISCOUNT)]
    if known.priced and known.closed:
        conditions.append(at_most(PRICED, CLOSED))
    return all_of(*conditions)


def qualification(case: Case, account: Account) -> sympy.Expr:
    """Record the size, each condition of 3(b), and one or zero for all of them together (AMB-44)."""
    aggregate = account.output("size", size(case), "size of the offering", "3(b)", "$")
    terms = case.charter.public_offering
    if terms is None:
        return account.output("qualifies", sympy.false, "whether the offering qualifies", "3(b)", "yes or no")
    met = {
        "sells": ("the corporation sells stock of its own", terms.clause, positive(PRIMARY + EXTRA)),
        "large_enough": (
            "the offering is large enough",
            terms.minimum_aggregate.clause,
            at_most(number(terms.minimum_aggregate.value), aggregate),
        ),
        "firm": ("the offering is underwritten as required", terms.clause, positive(UNDERWRITTEN)),
        "on_form": ("the offering is registered as required", terms.clause, positive(REGISTERED)),
    }
    conditions = [
        account.output(name, condition, f"whether {meaning}", clause, "yes or no")
        for name, (meaning, clause, condition) in met.items()
    ]
    every = all_of(*(positive(condition) for condition in conditions))
    return account.output("qualifies", every, "whether the offering qualifies", "3(b)", "yes or no")


def effective_day(case: Case, known: Known) -> sympy.Expr | None:
    """Return the day on which an offering converts, None if no day is known (3(b), 3(c), AMB-48, AMB-50).

    An offering is priced before it closes, so that the closing is the later of two days and the pricing the earlier.
    """
    days = [day for day, there in ((PRICED, known.priced), (CLOSED, known.closed)) if there]
    if not days:
        return None
    return (smallest if case.readings.ipo_effective is IpoEffective.PRICING else largest)(*days)


def trigger(case: Case, series: Series, account: Account) -> sympy.Expr | None:
    """Return the offering price below which a series has a floor, $/share, None if it has none (3(b), AMB-41)."""
    return None if series.offering_floor is None else floor_terms(case, series, account)[0]


def ratio(case: Case, series: Series, at_price: sympy.Expr, applies: sympy.Basic, account: Account) -> sympy.Expr:
    """Return the Common per share: its conversion price's, and what makes up for a floor that may not apply (3(b)).

    at_price: Common per share at the conversion price; applies: whether the offering converts it, besides its
    price, which must pay less than the figure for a share of Common as it was (AMB-40, AMB-42).
    """
    floor = series.offering_floor
    if floor is None:
        return at_price
    _, worth = floor_terms(case, series, account)
    cheap = below(certificate_price(case, PRICE), number(floor.value))
    return at_price + indicator(all_of(applies, cheap)) * largest(ZERO, worth - at_price * PRICE) / PRICE


def by_offering(case: Case, name: str, known: Known) -> sympy.Basic:
    """Return the condition that the offering, not a consent, converts a series: the earlier does (3(b), AMB-43)."""
    day = effective_day(case, known)
    if name not in known.consents or day is None:
        return sympy.true
    consent_wins_ties = case.readings.consent_tie is ConsentTie.CONSENT
    return at_least(consent_day(name), day + (ONE if consent_wins_ties else ZERO))


def outcome(case: Case, account: Account, known: Known, holders: int) -> None:
    """Record everything about an offering: whether it qualifies, and what it converts (3(b), 3(c)).

    The ratios are those of an offering that qualifies; the Common, the Cash Amounts and the shortfall count
    nothing where it does not.
    """
    account.output("lawful", lawful(known), "whether the figures make sense", "3(b)", "yes or no")
    qualifies = qualification(case, account)
    day = effective_day(case, known)
    if day is not None:
        account.output("effective", day, "day of the conversion", "3(c)", "day number")
        due = due_day(case.charter, day)
        if due is not None:
            account.output("due", due, "last day for the Cash Amounts", "3(c)", "day number")
    names = [series.name for series in case.charter.series if series.conversion.by != "none"]
    ratios, grounds = {}, {}
    for name in names:
        grounds[name], ratios[name] = _series(case, account, known, name)
    _issued(case, account, holders, qualifies, ratios, grounds)


def _series(case: Case, account: Account, known: Known, name: str) -> tuple[sympy.Expr, sympy.Expr]:
    """Record what converts a series and into how much Common; return one or zero for the offering, and the ratio."""
    series = case.charter.series_named(name)
    condition = by_offering(case, name, known)
    meaning = f"whether the offering converts {name}"
    ground = account.output(f"by_offering_{name}", condition, meaning, "3(b)", "yes or no")
    if condition == sympy.true:
        ground = ONE
    at_price = conversion_ratio(series, case.readings, case.splits, case.prices, account)
    if case.readings.ipo_order is IpoOrder.ADJUST_FIRST and name in known.adjusted:
        then = conversion_ratio(series, case.readings, case.splits, case.prices | {name}, account)
        then = then.xreplace({conversion_price(name): adjusted_price(name)})
        at_price = then if ground == ONE else either(positive(ground), then, at_price)
    meaning = f"Common per share of {name} at its conversion price"
    at_price = account.output(f"at_price_{name}", at_price, meaning, "3(a)", "shares")
    limit = trigger(case, series, account)
    if limit is not None and series.offering_floor is not None:
        meaning = f"offering price below which {name} has a floor"
        account.output(f"trigger_{name}", limit, meaning, series.offering_floor.clause, "$/share")
    found = ratio(case, series, at_price, sympy.true if ground == ONE else positive(ground), account)
    found = account.output(f"ratio_{name}", found, f"Common per share of {name}", "3(b)", "shares", "p > 0")
    meaning = f"whether the floor gives {name} more"
    account.output(f"binds_{name}", above(found, at_price), meaning, "3(b)", "yes or no")
    return ground, found


def _issued(
    case: Case,
    account: Account,
    holders: int,
    qualifies: sympy.Expr,
    ratios: Mapping[str, sympy.Expr],
    grounds: Mapping[str, sympy.Expr],
) -> None:
    """Record the Common and the Cash Amounts of every holder and of all, and what the authorised Common lacks.

    What the offering converts is one event for a holder; the consent of each series is another (AMB-120).
    """
    common, cash = [], []
    for holder in range(1, holders + 1):
        converting = {name: qualifies * held(holder, name) for name in ratios}
        together = {name: grounds[name] * count for name, count in converting.items()}
        issued = common_issued(case.readings, together, ratios, account, str(holder))
        for name, count in converting.items():
            if grounds[name] != ONE:
                alone = {name: (ONE - grounds[name]) * count}
                own = common_issued(case.readings, alone, ratios, account, f"{holder}_{name}_alone")
                meaning = f"Common issued to holder {holder} by the consent of {name}"
                issued = issued + account.define(
                    f"alone_{holder}_{name}", own, meaning, "3(h)", "shares", "whole numbers"
                )
        meaning = f"Common issued to holder {holder}"
        common.append(account.output(f"common_{holder}", issued, meaning, "3(h)", "shares", "whole numbers"))
        owed = total(owed_for(case, account, holder, converting))
        cash.append(account.output(f"cash_{holder}", owed, f"Cash Amounts of holder {holder}", "3(a)", "$"))
    account.output("cash_total", total(cash), "all Cash Amounts", "3(c)", "$")
    needed = COMMON_SHARES + PRIMARY + EXTRA + total(common)
    needed = account.output("common_needed", needed, "Common outstanding after all of it", "3(b)", "shares")
    authorized = case.charter.authorized.common
    there = number(authorized.value)
    lacking = needed - smallest(needed, there)
    account.output("shortfall", lacking, "Common that is not authorised", authorized.clause, "shares")
    meaning = "whether the authorised Common does not suffice"
    account.output("is_short", above(needed, there), meaning, authorized.clause, "yes or no")


def record(case: Case, account: Account) -> None:
    """Record an offering and what it converts for one holder; a consent may come first where there is one (3(b))."""
    consenting = frozenset(series.name for series in case.charter.series if series.conversion_consent is not None)
    outcome(case, account, Known(consenting, frozenset(), priced=True, closed=True), 1)


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe the unknowns of an offering, adjusted prices apart (3(b))."""
    yes = "1 or 0"
    consents = (
        Unknown(consent_day(series.name), f"day of a consent of {series.name}", "day number", "whole", "3(b)")
        for series in charter.series
        if series.conversion_consent is not None
    )
    return (
        Unknown(PRICE, "price of the offering to the public", "$/share", "p > 0", "3(b)"),
        Unknown(PRIMARY, "shares that the corporation sells", "shares", "primary >= 0", "3(b)"),
        Unknown(SECONDARY, "shares that holders sell", "shares", "secondary >= 0", "3(b)"),
        Unknown(EXTRA, "over-allotments that the corporation sells", "shares", "extra >= 0", "3(b)"),
        Unknown(EXTRA_COUNTS, "whether over-allotments count towards the size", yes, "whole", "3(b)"),
        Unknown(DISCOUNT, "what the underwriters keep", "$/share", "discount >= 0", "3(b)"),
        Unknown(UNDERWRITTEN, "whether the offering is underwritten as required", yes, "whole", "3(b)"),
        Unknown(REGISTERED, "whether the offering is registered on the required form", yes, "whole", "3(b)"),
        Unknown(PRICED, "day on which the offering is priced", "day number", "whole", "3(c)"),
        Unknown(CLOSED, "day on which the offering closes", "day number", "whole", "3(c)"),
        Unknown(LAST_DAY, "last day of the calendar", "day number", "whole", "3(c)"),
        *consents,
        *holdings(charter, 1),
    )
