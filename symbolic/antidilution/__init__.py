"""Conversion prices in closed form: section 3(d).

**A price is a sum.** An issuance below the price brings in less than its shares would cost at that price; what is
missing, spread over all shares that there are afterwards, is the adjustment: no fraction, and nothing is multiplied.
The *exact* price at any time is the opening price less every adjustment that has been earned by then; the *official*
price is the opening price less every one that has been made by then. A split is no step of either sum: it only changes
the unit, and an amount of an earlier day counts over what a share of Common has become since.

**The one-cent and the three-year sentences say at which dates adjustments are made**, and the dates are the fewest that
satisfy both: every adjustment has one between its own day and the end of its third year, and one falls on a day only
where what is then outstanding has come to a cent or is three years old, or has come to nothing, which leaves nothing to
carry (AMB-108). An adjustment is made exactly if such a date has come since it was earned; one reading gives each a
date of its own besides, the end of its third year. What is carried is what the one sum has and the other has not;
nothing is kept besides.

**A change or an end of rights is the history with other facts.** The rights were issued when they were issued, for what
is now known of them: so many shares, for so much. The price is the same sum over those facts, without the event that
made them known; what was before their issue happened as it did, as no price of then was computed with them. That
event earns what lies between the price so far and that price, whichever is higher; one that tells neither another
number nor another consideration earns nothing. Issues of one day at one price are, likewise, the history in which
there was one issue. Two readings say instead that only what the rights did by themselves is put right; then the
amount is a ratio or a difference of two prices that they left, rounded as they then were.

So no price and no list of things carried is handed on from one event to the next, no entry is looked up and run
through again, and no case is told apart for a price that would rise: what is missing cannot be less than nothing.

Domain: shares, amounts and days are at least zero, prices and factors above zero; some share is outstanding after an
issuance, and a share of Common before a stock dividend; days do not decrease.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from reference.charter import Charter
from symbolic.account import Account
from symbolic.algebra import all_of
from symbolic.antidilution.averages import (
    after_issuance,
    after_splits,
    anniversary,
    composed,
    composed_over_bases,
    leap_days,
)
from symbolic.antidilution.events import (
    Changed,
    Event,
    Exercised,
    Expired,
    Granted,
    History,
    Issued,
    Outstanding,
    Price,
    Slot,
    Split,
    State,
    StockDividend,
    Vested,
    Waited,
    unknown,
)
from symbolic.antidilution.prices import CENT, EACH, ISSUANCE, SPLITS, Chain
from symbolic.liquidation import Case
from symbolic.symbols import Unknown

__all__ = [
    "Chain", "Changed", "Event", "Exercised", "Expired", "Granted", "History", "Issued", "Outstanding", "Price", "Slot",
    "Split", "State", "StockDividend", "Vested", "Waited", "after_issuance", "after_splits", "anniversary", "carried",
    "chain", "composed", "composed_over_bases", "joins", "leap_days", "section", "unknown", "unknowns",
]  # fmt: skip


def chain(history: History, account: Account) -> State:
    """Record the prices after every event of a history, and return the state that it leads to (3(d)).

    account: one that names its steps.
    Unknowns, by the number of the event: day on, year (see `anniversary`), shares n, consideration paid ($),
    Common C, options, factor, increase, exercisable, deliverable, strike, grant; by event and series: shares
    n_A, splits k_A; by series: the opening price CP_A, the Purchase Date bought_A, and what is carried.
    """
    own = Chain(history, account)
    for entry, event in enumerate(history.events, start=1):
        own.event(entry, event)
    return own.state


def carried(state: State, account: Account) -> None:
    """Record what each series carries in the end, item by item, and when it is made at the latest (3(d)(i)(B))."""
    for name, price in state.prices.items():
        for slot in price.slots:
            place = f"{name}_since_{slot.entry}"
            meaning = f"what {name} carries since {slot.entry}"
            account.output(f"carried_{place}", slot.amount, meaning, CENT, EACH)
            meaning = "day on which it is made at the latest"
            account.output(f"made_by_{place}", slot.due, meaning, CENT, "day number", "something is carried")


def section(case: Case, account: Account) -> None:
    """Record the forms for one and for many issuances, and the chain of an issuance and a split of all series."""
    price, base = unknown("CP", 0, True), unknown("base", 0)
    issues = [(unknown("n", at), unknown("paid", at)) for at in (1, 2)]
    domain = "each is below the price"
    account.output(
        "after_one", after_issuance(price, base, *issues[0]), "price after one issuance", ISSUANCE, EACH, domain
    )
    meaning = "price after two issuances, with nothing else between"
    account.output("after_two", composed(price, base, issues), meaning, ISSUANCE, EACH, domain)
    names = tuple(series.name for series in case.charter.series)
    events = (Issued(names, Outstanding(frozenset(names))), Split())
    carried(chain(History(case.charter, case.readings, events), account), account)


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe what the section's forms may contain."""
    rows = [
        (unknown("CP", 0, True), "a conversion price", EACH, ISSUANCE),
        (unknown("base", 0), "shares outstanding before", "shares", ISSUANCE),
    ]
    for at in (1, 2):
        rows += [
            (unknown("on", at), f"day of event {at}", "day number", "3(d)"),
            (unknown("year", at), "its year, or the one before if it is before 29 February", "year", CENT),
            (unknown("n", at), f"shares of issuance {at}", "shares", ISSUANCE),
            (unknown("paid", at), "consideration for them", "$", ISSUANCE),
            (unknown("C", at), f"Common just before event {at}", "shares", ISSUANCE),
            (unknown("options", at), "Common under all rights then", "shares", ISSUANCE),
            (unknown("factor", at, True), "what one share of Common becomes", "shares", SPLITS),
        ]
        rows += [
            (unknown(f"n_{series.name}", at), f"shares of {series.name} just before event {at}", "shares", ISSUANCE)
            for series in charter.series
        ]
    return tuple(
        Unknown(symbol, meaning, unit, f"{symbol} {'>' if symbol.is_positive else '>='} 0", clause)
        for symbol, meaning, unit, clause in rows
    )


def joins(
    charter: Charter, first: int, second: int, preferred: Iterable[str], issued_before: sympy.Expr
) -> sympy.Basic:
    """Return the condition that an issue is one with an earlier one for the same series (AMB-57, AMB-111).

    first, second: their numbers, with nothing between them; issued_before: shares of the first and of all that
    were joined to it. Same day and price per share, and nothing else has been issued meanwhile.
    """
    there = frozenset(preferred)
    pairs = [
        (unknown("on", first), unknown("on", second)),
        (unknown("paid", first) * unknown("n", second), unknown("paid", second) * unknown("n", first)),
        (unknown("C", first) + issued_before, unknown("C", second)),
    ]
    pairs += [
        (unknown(f"n_{series.name}", first), unknown(f"n_{series.name}", second))
        for series in charter.series
        if series.name in there
    ]
    return all_of(*(sympy.Eq(left, right, evaluate=False) for left, right in pairs))
