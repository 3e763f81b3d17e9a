"""Dividends in closed form: section 1(a), and undeclared dividends as far as 2(a) may count them (AMB-16, AMB-17).

What a series is due is a maximum, and a year's dividends on the Common are a minimum of quotients: for every set
of series that the Common could have overtaken, what the others leave over the shares that keep level. Sets that
it cannot have overtaken give more. Nothing is filled up step by step.

Whether a dividend on the Common may be declared is a sum of money: what all outstanding shares, lot by lot, still lack
of what they are due. It may be declared if nothing is lacking; the engine looks for the lot that falls shortest. A
year is in proportion if what its declarations give a share of a series too much, beside each other series, and what
they give it too little cancel: sums over pairs of series and declarations, where the engine compares each total with
its part of the money.

Days are day numbers. Domain: counts and amounts are at least zero, prices, split factors and parts of a year above
zero. What a share of a class that nobody holds would get of a year's dividends is a mere convention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import sympy

from reference.charter import COMMON, Charter, Series
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
from symbolic.account import Account
from symbolic.algebra import (
    ONE,
    ZERO,
    above,
    all_of,
    any_of,
    at_least,
    at_most,
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
from symbolic.distributions import TO_COMMON, named_in, unknown_kinds
from symbolic.liquidation import Case
from symbolic.rounding import floor
from symbolic.symbols import (
    COMMON_SHARES,
    PER_COMMON_SHARE,
    Unknown,
    held,
    holdings,
    per_share,
    preferred_split,
    shares,
)

RATE = sympy.Symbol("rate", nonnegative=True)
"""The dividend rate, $/share per year, >= 0 (1(a))."""

HELD_SINCE = sympy.Symbol("held_since", integer=True)
"""The day on which the shares were issued, as a day number, not after `as_of`."""

AS_OF = sympy.Symbol("as_of", integer=True)
"""The day of the liquidation, as a day number."""

NEW_YEAR = sympy.Symbol("new_year", integer=True)
"""The first day of the year of the liquidation, as a day number."""

DAYS_OF_YEAR = sympy.Symbol("days_of_year", positive=True, integer=True)
"""The length of the year of the liquidation, days: 365 or 366."""

FIRST = sympy.Symbol("first", integer=True)
"""The first day of the dividend year, a day number (1(a), AMB-09)."""

LAST = sympy.Symbol("last", integer=True)
"""The last day of the dividend year, a day number (1(a), AMB-09)."""

ON = sympy.Symbol("on", integer=True)
"""The day of a dividend on the Common, a day number of the dividend year (1(a), AMB-10)."""

YEAR_OF_DAY = sympy.Symbol("year", integer=True)
"""The calendar year of a day (AMB-09)."""

MONTH_OF_DAY = sympy.Symbol("month", integer=True)
"""The month of a day, 1 to 12 (AMB-09)."""

DAY_OF_MONTH = sympy.Symbol("day", integer=True)
"""The day of the month, 1 to 31 (AMB-09)."""

FISCAL_MONTH = sympy.Symbol("fiscal_month", integer=True)
"""The month on whose first day the fiscal year starts, 1 to 12 (AMB-09)."""

COMMON_DIVIDENDS = sympy.Symbol("d_common", nonnegative=True)
"""The year's dividends on a share of Common, $/share, >= 0 (1(a))."""

PART_OF_YEAR = sympy.Symbol("part", positive=True)
"""The part of the year that these are for, above 0 and at most 1 (AMB-06)."""

POOL = sympy.Symbol("pool", nonnegative=True)
"""The money for dividends, $, >= 0 (1(a))."""

EXEMPT = sympy.Symbol("exempt", nonnegative=True)
"""One for a dividend in Common, in other non-redeemable equity or in rights to Common, zero for another (1(a))."""

EQUITY = sympy.Symbol("equity", nonnegative=True)
"""One for other equity of the corporation than Common, zero for anything else (1(a))."""

REDEEMABLE = sympy.Symbol("redeemable", nonnegative=True)
"""One if that equity can be redeemed (1(a))."""

AVAILABLE = sympy.Symbol("available", nonnegative=True)
"""The assets legally available for dividends, $, >= 0 (1(a))."""


def full(name: str) -> sympy.Symbol:
    """Return the full preferential dividend of a series, $/share, >= 0 (1(a))."""
    return sympy.Symbol(f"full_{name}", nonnegative=True)


def before_common(name: str) -> sympy.Symbol:
    """Return what a series must have before a dividend on the Common, $/share, >= 0 (1(a), AMB-10)."""
    return sympy.Symbol(f"before_{name}", nonnegative=True)


def issued_on(name: str) -> sympy.Symbol:
    """Return the day on which a series was issued, a day number (AMB-09)."""
    return sympy.Symbol(f"issued_{name}", integer=True)


def had(name: str) -> sympy.Symbol:
    """Return the year's dividends on a series, $/share, >= 0 (1(a))."""
    return sympy.Symbol(f"had_{name}", nonnegative=True)


def due(name: str) -> sympy.Symbol:
    """Return what a series is entitled to in a year, $/share, where it is an unknown, >= 0 (1(a), AMB-05)."""
    return sympy.Symbol(f"X_{name}", nonnegative=True)


def in_lot(lot: int, name: str) -> sympy.Symbol:
    """Return the outstanding shares of a series that were issued together, >= 0 (1(a), AMB-134)."""
    return sympy.Symbol(f"n_{lot}_{name}", nonnegative=True)


def lot_before_common(lot: int, name: str) -> sympy.Symbol:
    """Return what shares issued together must have before a dividend on the Common, $/share, >= 0 (1(a), AMB-134)."""
    return sympy.Symbol(f"before_{lot}_{name}", nonnegative=True)


def lot_had(lot: int, name: str) -> sympy.Symbol:
    """Return the year's dividends on shares issued together, $/share, >= 0 (1(a), AMB-134)."""
    return sympy.Symbol(f"had_{lot}_{name}", nonnegative=True)


def shares_at(declaration: int, name: str) -> sympy.Symbol:
    """Return the shares of a series that a declaration was on, >= 0 (1(a), AMB-136)."""
    return sympy.Symbol(f"n_{declaration}_{name}", nonnegative=True)


def declared_on(declaration: int) -> sympy.Symbol:
    """Return the day of a declaration, a day number (1(a))."""
    return sympy.Symbol(f"on_{declaration}", integer=True)


def declared(declaration: int, name: str) -> sympy.Symbol:
    """Return what a declaration gives a class, $/share (1(a))."""
    return sympy.Symbol(f"a_{declaration}_{name}", real=True)


def owed_before(name: str) -> sympy.Symbol:
    """Return what was declared on a class and is unpaid, $/share, >= 0 (1(a))."""
    return sympy.Symbol(f"o_{name}", nonnegative=True)


# The dividend year, and days of it


def day_number(
    year: sympy.Expr, month: sympy.Expr, day: sympy.Expr, account: Account | None = None, name: str = ""
) -> sympy.Expr:
    """Return the number of a day of the calendar; the first day of the year 1 has number one (AMB-09).

    account, name: record the steps, under this name. The year is taken to begin in March, so that a leap day ends it.
    """
    account = account or Account()
    early = indicator(at_most(month, number(2)))
    if month.is_Integer:
        early = ONE if month <= 2 else ZERO
    years = account.define(f"years_{name}", year - early, "year that begins in March", "1(a)", "years")
    months = account.define(f"months_{name}", month + 12 * early, "month, January being the 13th", "1(a)", "months")
    leaps = floor(years / 4) - floor(years / 100) + floor(years / 400)
    leaps = account.define(f"leaps_{name}", leaps, "leap days before it", "1(a)", "days")
    return day + floor((153 * months - 457) / 5) + 365 * years + leaps - 306


def dividend_year(readings: Readings, account: Account) -> tuple[sympy.Expr, sympy.Expr]:
    """Record the first and the last day of the dividend year in which a day falls (1(a), AMB-09, AMB-100)."""
    if readings.year is Year.ROLLING12:
        last = day_number(YEAR_OF_DAY, MONTH_OF_DAY, DAY_OF_MONTH, account, "last")
        # The year before has no leap day; counting on from the 28th gives the 1st of March, a day too many.
        leap_day = indicator(all_of(above(DAY_OF_MONTH, number(28)), sympy.Eq(MONTH_OF_DAY, 2, evaluate=False)))
        first = day_number(YEAR_OF_DAY - 1, MONTH_OF_DAY, DAY_OF_MONTH, account, "first") + 1 - leap_day
    else:
        month, start = ONE, YEAR_OF_DAY
        if readings.year is Year.FISCAL:
            month, start = FISCAL_MONTH, YEAR_OF_DAY - indicator(below(MONTH_OF_DAY, FISCAL_MONTH))
        start = account.define("start", start, "calendar year in which the dividend year starts", "1(a)", "years")
        first = day_number(start, month, ONE, account, "first")
        last = day_number(start + 1, month, ONE, account, "last") - 1
    return (
        account.output("year_first", first, "first day of the dividend year", "1(a)", "day number"),
        account.output("year_last", last, "last day of the dividend year", "1(a)", "day number"),
    )


def listed_rate(case: Case, series: Series, account: Account) -> sympy.Expr:
    """Return the dividend rate, $/share per year, adjusted for splits of the series itself (1(a), AMB-11, AMB-12)."""
    figure = series.dividend_rate
    rate = account.figure(
        f"rate_{series.name}", figure.value, f"dividend rate of {series.name}", figure.clause, "$/share/year"
    )
    return rate / preferred_split(series.name) if series.name in case.splits else rate


def due_by(
    case: Case, series: Series, account: Account, ends: Sequence[sympy.Expr], issued: frozenset[str]
) -> sympy.Expr:
    """Return what a series is due for the days up to the earliest of some, $/share (1(a), AMB-09).

    ends: days, which count; issued: series that may have been issued in the year. The days are the fewest that lie
    between a beginning and an end.
    """
    begins: list[sympy.Expr] = [FIRST]
    if case.readings.partial is Partial.DAILY and series.name in issued:
        begins.append(issued_on(series.name))
    days = largest(ZERO, smallest(*(end - begin + 1 for end in ends for begin in begins)))
    return listed_rate(case, series, account) * days / (LAST + 1 - FIRST)


def amounts(
    case: Case, account: Account, issued: frozenset[str] = frozenset()
) -> tuple[dict[str, sympy.Expr], dict[str, sympy.Expr]]:
    """Record the full amounts of a year, and what must come before a dividend on the Common (1(a), AMB-09, AMB-10).

    Return both, $/share by series. issued: as in `due_by`.
    """
    until = (LAST,) if case.readings.common_gate is CommonGate.FULL_YEAR else (LAST, ON)
    found: tuple[dict[str, sympy.Expr], dict[str, sympy.Expr]] = {}, {}
    for series in case.charter.series:
        name = series.name
        annual = listed_rate(case, series, account)
        account.output(f"annual_{name}", annual, f"full dividend of a year on {name}", "1(a)", "$/share")
        whole = due_by(case, series, account, (LAST,), issued)
        meaning = f"full dividend of the year on {name}"
        found[0][name] = account.output(f"full_{name}", whole, meaning, "1(a)", "$/share")
        gate = due_by(case, series, account, until, issued)
        meaning = f"dividend on {name} before one on the Common"
        found[1][name] = account.output(f"before_{name}", gate, meaning, "1(a)", "$/share")
    return found


# What a series is due if the Common gets more


def basis(case: Case, account: Account) -> dict[str, sympy.Expr]:
    """Return how many Common shares a share of each series is compared with (AMB-06)."""
    if case.readings.if_greater_basis is IfGreaterBasis.PER_SHARE:
        return {series.name: ONE for series in case.charter.series}
    found = {}
    for series in case.charter.series:
        ratio = conversion_ratio(series, case.readings, case.splits, case.prices, account)
        meaning = f"Common with which a share of {series.name} is compared"
        found[series.name] = _once(account, f"b_{series.name}", ratio, meaning, "shares")
    return found


def _once(account: Account, name: str, expression: sympy.Expr, meaning: str, unit: str) -> sympy.Expr:
    """Record a step unless it is recorded already; return what stands for it."""
    for definition in account.definitions:
        if definition.name == name and definition.expression == expression:
            return definition.symbol
    return account.define(name, expression, meaning, "1(a)", unit)


def scale(readings: Readings) -> sympy.Expr:
    """Return what scales a dividend on the Common to a year; zero if it raises no other (AMB-05, AMB-06)."""
    if readings.if_greater is IfGreater.OFF:
        return ZERO
    return ONE / PART_OF_YEAR if readings.annualise is Switch.YES else ONE


def highest(each: Mapping[str, sympy.Expr], amount: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """Return the highest amount per Common share that an outstanding series has, $, zero if none is (AMB-05)."""
    return largest(ZERO, *(indicator(positive(shares(name))) * amount[name] / each[name] for name in amount))


def least(
    case: Case,
    account: Account,
    each: Mapping[str, sympy.Expr],
    own: Mapping[str, sympy.Expr],
    best_paid: str = "best",
) -> dict[str, sympy.Expr]:
    """Return what each series is due with no dividend on the Common, $/share (AMB-05).

    best_paid: under what name the step is recorded.
    """
    if case.readings.if_greater is not IfGreater.LFP_ALL:
        return dict(own)
    best = _once(account, best_paid, highest(each, own), "what the best-paid series gets", "$/share")
    return {name: largest(amount, each[name] * best) for name, amount in own.items()}


def entitlements(case: Case, account: Account, own: Mapping[str, sympy.Expr]) -> None:
    """Record what each series is entitled to in a year, if declared (1(a), AMB-05, AMB-06).

    own: the full preferential dividends, $/share by series.
    """
    _greatest(case, account, basis(case, account), own, "due")


def _greatest(
    case: Case, account: Account, each: Mapping[str, sympy.Expr], own: Mapping[str, sympy.Expr], prefix: str
) -> None:
    for name, amount in least(case, account, each, own, f"best_{prefix}").items():
        entitled = largest(amount, scale(case.readings) * each[name] * COMMON_DIVIDENDS)
        account.output(f"{prefix}_{name}", entitled, f"what {name} is entitled to", "1(a)", "$/share")


def accrual_rates(case: Case, account: Account) -> None:
    """Record the rate at which undeclared dividends of each series accrue (1(a), AMB-17)."""
    annual = {series.name: listed_rate(case, series, account) for series in case.charter.series}
    if case.readings.include_if_greater is Switch.YES:
        _greatest(case, account, basis(case, account), annual, "accrues")
        return
    for name, rate in annual.items():
        account.output(f"accrues_{name}", rate, f"rate at which {name} accrues", "1(a)", "$/share/year")


def implicit_entitlements(case: Case) -> tuple[sympy.Basic, sympy.Basic]:
    """Return two conditions that together determine what the series X_A, X_B, ... are due (1(a), AMB-05).

    The first: each has the greatest of its own amount, what the Common stands for and, in one reading, what any
    other outstanding series has. The second, which the first leaves open in that reading: nobody has more than
    somebody's own amount or what the Common stands for.
    """
    names = [series.name for series in case.charter.series]
    each, factor = basis(case, Account()), scale(case.readings)
    alone = {name: largest(full(name), factor * each[name] * COMMON_DIVIDENDS) for name in names}
    unknown = {name: due(name) for name in names}
    consistent = []
    for name in names:
        greatest = [alone[name]]
        if case.readings.if_greater is IfGreater.LFP_ALL:
            others = {other: unknown[other] for other in names if other != name}
            greatest.append(each[name] * highest(each, others))
        consistent.append(sympy.Eq(unknown[name], largest(*greatest), evaluate=False))
    return all_of(*consistent), at_most(highest(each, unknown), highest(each, alone))


# Sharing and allocating


def owed(own: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """Return what amounts of $/share come to on all outstanding shares of the series, $."""
    return total(shares(name) * amount for name, amount in own.items())


def rateable(account: Account, own: Mapping[str, sympy.Expr]) -> dict[str, sympy.Expr]:
    """Record how a pool is shared in proportion to full amounts; return $/share by series (1(a), AMB-07)."""
    claims = _once(account, "claims", owed(own), "full dividends on all shares", "$")
    part = smallest(ONE, quotient(POOL, claims, ONE))
    part = account.output("fraction", part, "part of the full dividends that is paid", "1(a)", "ratio")
    meaning = "share of {} in the pool"
    found = {
        name: account.output(f"rateable_{name}", part * amount, meaning.format(name), "1(a)", "$/share")
        for name, amount in own.items()
    }
    excess = POOL - smallest(POOL, claims)
    account.output("excess", excess, "what exceeds the full dividends", "1(a)", "$")
    return found


def _overtaken(
    account: Account,
    prefix: str,
    own: Mapping[str, sympy.Expr],
    legs: Mapping[str, sympy.Expr],
    base: sympy.Expr,
    otherwise: sympy.Expr,
) -> list[sympy.Expr]:
    """Return the level at which all have the pool between them, for each set of series that could keep level, $/share.

    own, legs: what a series has at least, and at a level of $1, $/share. A set has a last series to join, and those
    that join no later than it; joining is compared by cross products. otherwise: where the set has no shares.
    """
    levels = []
    for last in own:
        joins = {last: ONE}
        for name, amount in own.items():
            if name != last:
                no_later = at_most(amount * legs[last], own[last] * legs[name])
                meaning = f"one if {name} keeps level no later than {last}"
                joins[name] = account.condition(f"{prefix}joins_{name}_{last}", no_later, meaning, "1(a)")
        taken = total((1 - joins[name]) * shares(name) * amount for name, amount in own.items())
        level_with = base + total(joins[name] * shares(name) * legs[name] for name in own)
        taken = account.define(
            f"{prefix}taken_{last}", taken, f"what series take that {last} joins before", "1(a)", "$"
        )
        level_with = account.define(
            f"{prefix}level_{last}", level_with, f"shares that keep level once {last} does", "1(a)", "shares"
        )
        meaning = f"the level if {last} is the last to keep level"
        level = quotient(POOL - taken, level_with, otherwise)
        levels.append(account.define(f"{prefix}to_{last}", level, meaning, "1(a)", "$/share"))
    return levels


def allocation(case: Case, account: Account, own: Mapping[str, sympy.Expr]) -> None:
    """Record how a year's dividends divide among all classes, and what no class can take (1(a), AMB-05, AMB-121)."""
    each = basis(case, account)
    shared = rateable(account, own)
    at_least_due = {
        name: account.define(f"least_{name}", amount, f"what {name} has before the Common", "1(a)", "$/share")
        for name, amount in least(case, account, each, own).items()
    }
    first = account.define("T", owed(at_least_due), "what all series have before the Common", "1(a)", "$")
    level: sympy.Expr = ZERO
    if case.readings.if_greater is IfGreater.LFP_ALL:
        best = _once(account, "best", highest(each, own), "what the best-paid series gets", "$/share")
        level = smallest(best, *_overtaken(account, "raised_", own, each, ZERO, best))
        level = either(at_least(POOL, owed(own)), level, ZERO)
        level = account.define("raised", level, "level to which the lowest series are raised", "1(a)", "$/share")
    x = quotient(POOL - first, COMMON_SHARES)
    legs = {name: scale(case.readings) * weight for name, weight in each.items()}
    if case.readings.if_greater is not IfGreater.OFF:
        x = smallest(
            account.define("to_none", x, "the level if no series keeps level", "1(a)", "$/share"),
            *_overtaken(account, "", at_least_due, legs, COMMON_SHARES, ZERO),
        )
    x = either(positive(COMMON_SHARES), largest(ZERO, x), ZERO)
    x = account.output("per_share_common", x, "dividend on a share of Common", "1(a)", "$/share")
    for name in own:
        amount = largest(shared[name], each[name] * level, legs[name] * x)
        meaning = f"dividend on a share of {name}"
        account.output(f"per_share_{name}", amount, meaning, "1(a)", "$/share", "the class is held")
    left = either(positive(COMMON_SHARES), ZERO, largest(ZERO, POOL - first))
    account.output("undistributed", left, "what no class can take", "1(a)", "$")


def implicit_allocation(case: Case) -> sympy.Basic:
    """Return the equation that a year's dividends on a share of Common, x, satisfy (1(a), AMB-121).

    All shares of the series have the greater of what is due before and what keeps level with the Common. With some
    Common and a pool that reaches it, just one x does so: each series takes no less at a greater x, the Common more.
    """
    names = [series.name for series in case.charter.series]
    each = basis(case, Account())
    first = least(case, Account(), each, {name: full(name) for name in names})
    taken = {name: largest(first[name], scale(case.readings) * each[name] * PER_COMMON_SHARE) for name in names}
    return sympy.Eq(owed(taken) + COMMON_SHARES * PER_COMMON_SHARE, POOL, evaluate=False)


def payments(charter: Charter, account: Account, holders: int = 0) -> None:
    """Record what a dividend comes to: on all shares of a class, in all and for each of so many holders, $ (1(a)).

    Unknowns: per_share_A, ..., what a share of each class gets, $/share.
    """
    names = (*(series.name for series in charter.series), COMMON)
    paid = [
        account.output(f"paid_{name}", shares(name) * per_share(name), f"dividend on all shares of {name}", "1(a)", "$")
        for name in names
    ]
    account.output("paid", total(paid), "dividends on all shares", "1(a)", "$")
    for holder in range(1, holders + 1):
        own = total(held(holder, name) * per_share(name) for name in names)
        account.output(f"paid_to_{holder}", own, f"dividend of holder {holder}", "1(a)", "$")


# The Common waits


def exempts(readings: Readings, account: Account) -> None:
    """Record whether what the Common is paid in needs no dividend on the Preferred before it (AMB-10, AMB-135)."""
    kind = positive(TO_COMMON + EQUITY * (ONE - REDEEMABLE))
    if readings.in_kind_gate is InKindGate.SHARING_ONLY:
        meaning = "one for what the Preferred shares as if converted"
        shared = account.define("shared_in", named_in(readings, "3(e)"), meaning, "1(b), 3(e)", "1 or 0")
        kind = any_of(kind, positive(shared))
    account.output("exempts", kind, "whether what is paid needs nothing before it", "1(a)", "yes or no")


def gate(
    case: Case, account: Account, own: Mapping[str, sympy.Expr], lots: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Record whether a dividend on the Common may be declared, and which series are short (1(a), AMB-10, AMB-121).

    own: what must come before it, $/share by series; lots: of how many lots the outstanding shares of a series are,
    where they are of several, whose amounts have unknowns of their own (AMB-134). A series is short if its shares
    lack money.
    """
    each = basis(case, account)
    highest_own = dict(own)
    for name, count in lots.items():
        highest_own[name] = largest(*(lot_before_common(lot, name) for lot in range(1, count + 1)))
    _greatest(case, account, each, highest_own, "required")
    raised: sympy.Expr = ZERO
    if case.readings.if_greater is IfGreater.LFP_ALL:
        raised = _once(
            account, "best_required", highest(each, highest_own), "what the best-paid series gets", "$/share"
        )
    raised = largest(raised, scale(case.readings) * COMMON_DIVIDENDS)
    short = []
    for name, amount in own.items():
        of_lots = [
            (in_lot(lot, name), lot_before_common(lot, name), lot_had(lot, name))
            for lot in range(1, lots.get(name, 0) + 1)
        ]
        lacking = []
        for at, (count, before, has) in enumerate(of_lots or [(shares(name), amount, had(name))], start=1):
            due_of_it = largest(before, each[name] * raised)
            if of_lots:
                meaning = f"what lot {at} of {name} is due"
                due_of_it = account.output(f"due_{at}_{name}", due_of_it, meaning, "1(a)", "$/share")
            lacking.append(count * largest(ZERO, due_of_it - has))
        money = account.define(f"lacks_{name}", total(lacking), f"what {name} lacks of its due", "1(a)", "$")
        condition = all_of(sympy.Not(positive(EXEMPT)), positive(money))
        short.append(account.output(f"short_{name}", condition, f"whether {name} is short", "1(a)", "yes or no"))
    allowed = all_of(*(sympy.Not(positive(one)) for one in short))
    account.output("allowed", allowed, "whether the Common may have its dividend", "1(a)", "yes or no")


# What was declared


def in_year(declaration: int) -> sympy.Expr:
    """Return one if a declaration is of the dividend year, zero if not (1(a))."""
    on = declared_on(declaration)
    return indicator(all_of(at_most(FIRST, on), at_most(on, LAST)))


def year_totals(charter: Charter, account: Account, declarations: int) -> dict[str, sympy.Expr]:
    """Record what was declared in the year, $/share by class; other years count for nothing (1(a))."""
    numbered = range(1, declarations + 1)
    counts = {at: account.define(f"counts_{at}", in_year(at), "one in the year", "1(a)", "1 or 0") for at in numbered}
    found = {}
    for name in (*(series.name for series in charter.series), COMMON):
        declarations_of = total(counts[at] * declared(at, name) for at in numbered)
        meaning = f"declared on {name} in the year"
        found[name] = account.output(f"total_{name}", declarations_of, meaning, "1(a)", "$/share")
    return found


def _out_of_step(declaration: int, one: str, own: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """Return what a declaration gives the shares of a series too much beside every other series that it is on.

    It is in $/share, times the full dividends on all shares of the declaration.
    """
    return total(
        shares_at(declaration, other)
        * (declared(declaration, one) * own[other] - declared(declaration, other) * own[one])
        for other in own
        if other != one
    )


def _beyond(
    account: Account,
    at: int,
    name: str,
    own: Mapping[str, sympy.Expr],
    there: Mapping[tuple[int, str], sympy.Expr],
    claims: Mapping[int, sympy.Expr],
) -> sympy.Expr:
    """Return what a share of a series has too much of a declaration that counts, below zero if too little, $."""
    meaning = f"what {at} gives {name} beside the others"
    beside = account.define(f"beside_{at}_{name}", _out_of_step(at, name, own), meaning, "1(a)", "$")
    each = quotient(beside, claims[at], declared(at, name))
    each = account.define(f"beyond_{at}_{name}", each, f"what {name} has too much of {at}", "1(a)", "$/share")
    return there[at, name] * each


def proportional(declaration: int, own: Mapping[str, sympy.Expr]) -> sympy.Basic:
    """Return the condition that a declaration is in proportion to full amounts, pair by pair of what it is on."""
    return all_of(
        *(
            sympy.Eq(
                shares_at(declaration, one)
                * shares_at(declaration, other)
                * (declared(declaration, one) * own[other] - declared(declaration, other) * own[one]),
                0,
                evaluate=False,
            )
            for one, other in combinations(own, 2)
        )
    )


def review(case: Case, account: Account, own: Mapping[str, sympy.Expr], declarations: int) -> None:
    """Record whether a year's preferred dividends conform, and how they should have been shared (AMB-08, AMB-136).

    Only declarations of the year that give the series something count, each with the shares that it is on.
    """
    year_totals(case.charter, account, declarations)
    numbered = range(1, declarations + 1)
    counts, parts, claims = {}, {}, {}
    for at in numbered:
        money = total(shares_at(at, name) * declared(at, name) for name in own)
        money = account.define(f"money_{at}", money, f"what declaration {at} gives the series", "1(a)", "$")
        claim = total(shares_at(at, name) * amount for name, amount in own.items())
        claims[at] = account.define(f"claims_{at}", claim, f"full dividends on the shares of {at}", "1(a)", "$")
        counts[at] = account.define(
            f"counts_for_{at}", in_year(at) * indicator(positive(money)), "one if it counts", "1(a)", "1 or 0"
        )
        part = counts[at] * quotient(money, claims[at], ONE)
        parts[at] = account.define(f"part_{at}", part, f"part of the full dividends that {at} is", "1(a)", "ratio")
    there = {
        (at, name): account.define(
            f"on_{at}_{name}",
            counts[at] * indicator(positive(shares_at(at, name))),
            f"one if {at} counts and is on {name}",
            "1(a)",
            "1 or 0",
        )
        for at in numbered
        for name in own
    }
    there_at_all = {
        name: account.define(
            f"on_{name}",
            largest(ZERO, *(there[at, name] for at in numbered)),
            f"one if {name} counts",
            "1(a)",
            "1 or 0",
        )
        for name in own
    }
    held = {name: positive(one) for name, one in there_at_all.items()}
    has = {name: total(there[at, name] * declared(at, name) for at in numbered) for name in own}
    has = {
        name: account.define(f"has_{name}", each, f"what {name} has", "1(a)", "$/share") for name, each in has.items()
    }
    lower = {name: below(has[name], amount) for name, amount in own.items()}
    if case.readings.shortpay_trigger is ShortpayTrigger.ANY:
        short = any_of(*(all_of(held[name], lower[name]) for name in own))
    else:
        short = all_of(*(any_of(sympy.Not(held[name]), lower[name]) for name in own))
    short = all_of(positive(total(counts.values())), short)
    short = account.output("short", short, "whether the year must be shared rateably", "1(a)", "yes or no")
    cancels = []
    for name, amount in own.items():
        of_it = total(there[at, name] * parts[at] for at in numbered)
        portion = of_it + (1 - there_at_all[name]) * total(parts.values())
        meaning = f"part of its full dividend that {name} should have"
        portion = account.define(f"portion_{name}", portion, meaning, "1(a)", "ratio")
        meaning = f"rateable share of {name}"
        account.output(f"schedule_{name}", smallest(ONE, portion) * amount, meaning, "1(a)", "$/share")
        cancels.append(
            sympy.Eq(total(_beyond(account, at, name, own, there, claims) for at in numbered), 0, evaluate=False)
        )
    conforms = any_of(sympy.Not(positive(short)), all_of(*cancels))
    account.output("conforms", conforms, "whether the declarations conform", "1(a)", "yes or no")
    for at in numbered:
        meaning = f"whether declaration {at} alone is rateable"
        alone = account.output(f"rateable_{at}", proportional(at, own), meaning, "1(a)", "yes or no")
        within = (at_most(FIRST, declared_on(at)), at_most(declared_on(at), LAST))
        out = all_of(positive(short), *within, sympy.Not(positive(alone)))
        meaning = f"whether declaration {at} is out of proportion"
        account.output(f"out_{at}", out, meaning, "1(a)", "yes or no")


def declaring(charter: Charter, account: Account, limited: bool = True) -> None:
    """Record whether a declaration, number one, is lawful, and what is owed after it or after its payment (1(a)).

    limited: whether the legally available assets are looked at.
    """
    names = [*(series.name for series in charter.series), COMMON]
    spent = owed({name: declared(1, name) for name in names})
    sensible = [at_least(declared(1, name), ZERO) for name in names]
    lawful = all_of(*sensible, *([at_most(spent, AVAILABLE)] if limited else []))
    account.output("may_declare", lawful, "whether it may be declared", "1(a)", "yes or no")
    covered = [at_most(declared(1, name), owed_before(name)) for name in names]
    account.output("may_pay", all_of(*sensible, *covered), "whether it may be paid", "1(a)", "yes or no")
    for name in names:
        more, less = owed_before(name) + declared(1, name), owed_before(name) - declared(1, name)
        account.output(f"owed_{name}", more, f"owed on {name} once it is declared", "1(a)", "$/share")
        account.output(f"left_{name}", less, f"owed on {name} once it is paid", "1(a)", "$/share")


# What accrues undeclared


@dataclass(frozen=True)
class Accrual:
    """Hold the undeclared dividends, $/share: of the current year, and since issue."""

    current_year: sympy.Expr
    since_issue: sympy.Expr


def accrual(daycount: Daycount) -> Accrual:
    """Return what accrues by the day, both ends counted (1(a), AMB-17)."""
    length = number(365) if daycount is Daycount.ACTUAL_365 else DAYS_OF_YEAR
    in_year = AS_OF - largest(HELD_SINCE, NEW_YEAR) + 1
    held = AS_OF - HELD_SINCE + 1
    return Accrual(RATE * in_year / length, RATE * held / length)


# What the command prints


def record(case: Case, account: Account) -> None:
    """Record everything about a year's dividends, the Common's included (1(a))."""
    dividend_year(case.readings, account)
    own, before = amounts(case, account, frozenset(series.name for series in case.charter.series))
    entitlements(case, account, own)
    allocation(case, account, own)
    payments(case.charter, account, 1)
    exempts(case.readings, account)
    gate(case, account, before)
    accrual_rates(case, account)
    accrued, domain = accrual(case.readings.daycount), "held_since <= as_of"
    account.output("y", accrued.current_year, "undeclared dividends of the current year", "1(a)", "$/share", domain)
    account.output("z", accrued.since_issue, "undeclared dividends since issue", "1(a)", "$/share", domain)


def record_declarations(case: Case, account: Account) -> None:
    """Record whether the declarations of a year conform, and what one of them changes (1(a), AMB-08)."""
    review(case, account, {series.name: full(series.name) for series in case.charter.series}, 2)
    declaring(case.charter, account)


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe the unknowns of a year's dividends (1(a))."""
    day = "day number"
    found = [
        Unknown(YEAR_OF_DAY, "calendar year of a day", "years", "whole", "1(a)"),
        Unknown(MONTH_OF_DAY, "month of that day", "months", "1 to 12", "1(a)"),
        Unknown(DAY_OF_MONTH, "day of that month", "days", "1 to 31", "1(a)"),
        Unknown(FISCAL_MONTH, "month in which the fiscal year starts", "months", "1 to 12", "1(a)"),
        Unknown(FIRST, "first day of the dividend year", day, "whole", "1(a)"),
        Unknown(LAST, "last day of the dividend year", day, "whole", "1(a)"),
        Unknown(ON, "day of a dividend on the Common", day, "whole", "1(a)"),
        Unknown(COMMON_DIVIDENDS, "the year's dividends on a share of Common", "$/share", "d_common >= 0", "1(a)"),
        Unknown(PART_OF_YEAR, "part of the year that these are for", "ratio", "part > 0", "1(a)"),
        Unknown(POOL, "money for dividends", "$", "pool >= 0", "1(a)"),
        Unknown(EXEMPT, "whether a dividend in kind needs none before it", "1 or 0", "whole", "1(a)"),
        *unknown_kinds(),
        Unknown(EQUITY, "one for other equity of the corporation", "1 or 0", "0 or 1", "1(a)"),
        Unknown(REDEEMABLE, "one if that can be redeemed", "1 or 0", "0 or 1", "1(a)"),
        Unknown(RATE, "dividend rate", "$/share/year", "rate >= 0", "1(a)"),
        Unknown(HELD_SINCE, "day of issue", day, "whole", "1(a)"),
        Unknown(AS_OF, "day of the liquidation", day, "whole", "2(a)"),
        Unknown(NEW_YEAR, "first day of the year of the liquidation", day, "whole", "1(a)"),
        Unknown(DAYS_OF_YEAR, "length of that year", "days", "365 or 366", "1(a)"),
    ]
    for series in charter.series:
        name = series.name
        found.append(Unknown(issued_on(name), f"day on which {name} was issued", day, "whole", "1(a)"))
        found.append(Unknown(had(name), f"the year's dividends on {name}", "$/share", f"had_{name} >= 0", "1(a)"))
    return (*found, *holdings(charter, 1))


def unknowns_of_declarations(charter: Charter) -> tuple[Unknown, ...]:
    """Describe the unknowns of the declarations of a year (1(a))."""
    found = [
        Unknown(FIRST, "first day of the dividend year", "day number", "whole", "1(a)"),
        Unknown(LAST, "last day of the dividend year", "day number", "whole", "1(a)"),
        Unknown(AVAILABLE, "assets legally available", "$", "available >= 0", "1(a)"),
    ]
    found += [
        Unknown(full(one.name), f"full dividend of the year on {one.name}", "$/share", f"full_{one.name} >= 0", "1(a)")
        for one in charter.series
    ]
    names = (*(series.name for series in charter.series), COMMON)
    for at in (1, 2):
        found.append(Unknown(declared_on(at), f"day of declaration {at}", "day number", "whole", "1(a)"))
        for name in names:
            meaning = f"what declaration {at} gives {name}"
            found.append(Unknown(declared(at, name), meaning, "$/share", f"a_{at}_{name} >= 0", "1(a)"))
        for series in charter.series:
            count, meaning = shares_at(at, series.name), f"shares of {series.name} that declaration {at} is on"
            found.append(Unknown(count, meaning, "shares", f"{count} >= 0", "1(a)"))
    found += [
        Unknown(owed_before(name), f"declared and unpaid before on {name}", "$/share", f"o_{name} >= 0", "1(a)")
        for name in names
    ]
    return tuple(found)
