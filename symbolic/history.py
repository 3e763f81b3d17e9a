"""What has become of a cap table after events, in closed form.

Nothing is handed on from one event to the next. An amount is one sum over all events: what an event adds, times
what all later ones multiply it by. A split multiplies shares and divides amounts per share; what is given anew, or
comes to an end, multiplies what was before by zero; and so does a class that nobody holds what is owed on it.

Events are numbered from one, in the order in which they take effect; zero is the opening. Days are day numbers.
Domain: counts and amounts are at least zero, ratios of splits above zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from reference.charter import Charter
from reference.readings import AdElection, Readings
from symbolic.account import Account
from symbolic.algebra import ONE, ZERO, largest, positive, smallest, total
from symbolic.antidilution import unknown
from symbolic.dividends import Accrual
from symbolic.liquidation import Case
from symbolic.symbols import Unknown

SHARES_CLAUSE = "3(a), 3(d)(iii)"
NOT_ISSUED = sympy.Symbol("last_day", integer=True)
"""The last day of the calendar, which stands for the Purchase Date of a series that has not been issued."""


def in_the_end(start: sympy.Expr, times: Sequence[sympy.Expr], added: Sequence[sympy.Expr]) -> sympy.Expr:
    """Return an amount after events, each of which multiplies it and then adds to it: one sum of products."""
    later = [sympy.Mul(*times[index:]) for index in range(len(times) + 1)]
    return start * later[0] + total(each * factor for each, factor in zip(added, later[1:], strict=True))


def _numbered(stem: str, events: int) -> list[sympy.Symbol]:
    return [unknown(stem, event) for event in range(1, events + 1)]


def _ratios(events: int) -> list[sympy.Symbol]:
    return [unknown("ratio", event, above_zero=True) for event in range(1, events + 1)]


# Shares


def held(events: int) -> sympy.Expr:
    """Return the shares of one class that one holder has in the end (IV.A, 3(a), 3(d)(iii), 3(d)(iv)).

    Unknowns: held_0; by event gained and lost, and the ratio in which a split multiplies the class.
    """
    gained, lost = _numbered("gained", events), _numbered("lost", events)
    return in_the_end(unknown("held", 0), _ratios(events), [got - gave for got, gave in zip(gained, lost, strict=True)])


def outstanding(holders: int) -> sympy.Expr:
    """Return the outstanding shares of a class (IV.A); unknowns: the stake of each of its holders."""
    return total(_numbered("stake", holders))


def split(events: int) -> sympy.Expr:
    """Return the shares that one share of a class has become in all (2(a), 2(b)); unknowns: split_0, the ratios."""
    return sympy.Mul(unknown("split", 0, above_zero=True), *_ratios(events))


def converted(events: int) -> sympy.Expr:
    """Return the shares of a series that have converted, in today's shares (AMB-03, AMB-130).

    Unknowns: by event those that convert, and the ratio of a split of the series.
    """
    return in_the_end(ZERO, _ratios(events), _numbered("converts", events))


def combined(events: int) -> sympy.Expr:
    """Return what combinations alone have made of one share of Common (3(b), AMB-132); unknowns: as for `split`.

    A combination is a ratio below one, and a split one above, which takes nothing back of it.
    """
    return smallest(ONE, unknown("combined", 0, above_zero=True)) * sympy.Mul(
        *(smallest(ONE, ratio) for ratio in _ratios(events))
    )


def first_issued(issues: int) -> sympy.Expr:
    """Return the Purchase Date of a series: the earliest of a date given and of all issues of it (3(d)(i)(A)).

    Unknowns: bought_0, the last day of the calendar for a series that had not been issued, and the days of issues.
    """
    return smallest(unknown("bought", 0), *_numbered("issued", issues))


# Dividends


def unpaid(events: int, account: Account | None = None) -> sympy.Expr:
    """Return the declared and unpaid dividends of a class, $/share (1(a)).

    account: records the steps.
    Unknowns: unpaid_0; by event declared and settled, the ratio of a split of the class, and its shares just
    before, n, one number more than there are events. Where there are none, nothing is owed and all is forgotten.
    """
    account = account or Account()
    there = [
        account.condition(f"there_{at}", positive(unknown("n", at)), "one if the class has shares", "1(a)")
        for at in range(1, events + 2)
    ]
    times = [
        account.define(f"stays_{at}", there[at] / ratio, f"what event {at} leaves of a dollar", "1(a)", "ratio")
        for at, ratio in enumerate(_ratios(events), start=1)
    ]
    settled = _numbered("settled", events)
    added = [now * each for now, each in zip(there[1:], _numbered("declared", events), strict=True)]
    return in_the_end(
        unknown("unpaid", 0) * there[0], times, [more - less for more, less in zip(added, settled, strict=True)]
    )


def unpaid_of(declaration: int) -> sympy.Expr:
    """Return what is unpaid of one declaration on the Common, $/share (1(a), AMB-137).

    All payments are of the oldest declarations first: what is declared up to this one, beyond all that is paid, is
    unpaid, and no more than this one. Unknowns, in shares as they are in the end: declared by declaration, settled_0.
    """
    so_far = total(_numbered("declared", declaration))
    beyond = largest(ZERO, so_far - unknown("settled", 0))
    return smallest(unknown("declared", declaration), beyond)


def owed_on_common(declarations: int) -> sympy.Expr:
    """Return what a holder is owed of dividends on the Common, $: on the shares of each declaration (1(a), AMB-137).

    Unknowns: as for `unpaid_of`, and by declaration the stake that the holder had then, in shares as they are in the
    end; what became of the shares since does not matter.
    """
    stakes = _numbered("stake", declarations)
    return total(stake * unpaid_of(at) for at, stake in enumerate(stakes, start=1))


def paid_in_year(had: sympy.Expr, unpaid_now: sympy.Expr) -> sympy.Expr:
    """Return what of a year's dividends on a share is paid, $/share, the oldest being paid first (1(a), AMB-133)."""
    return largest(ZERO, had - unpaid_now)


def debt(events: int) -> sympy.Expr:
    """Return the dividends owed to a holder who has converted, $ (AMB-37); unknowns: by event owed and repaid."""
    return total(_numbered("owed", events)) - total(_numbered("repaid", events))


def declared_so_far(events: int) -> sympy.Expr:
    """Return all dividends declared on a class, $ per share as shares are in the end (1(a)).

    Unknowns: by event what is declared, and the ratio of a split of the class.
    """
    return in_the_end(ZERO, [ONE / ratio for ratio in _ratios(events)], _numbered("declared", events))


def undeclared(accrued: Accrual, in_year: sympy.Expr, ever: sympy.Expr) -> Accrual:
    """Return what is left undeclared, $/share, of what has accrued (2(a), AMB-16, AMB-17).

    in_year, ever: declared in the current year and in all, $/share. What is left since issue is no less than what
    is left of the current year.
    """
    current = largest(ZERO, accrued.current_year - in_year)
    return Accrual(current, largest(current, accrued.since_issue - ever))


# Rights


def term(events: int) -> sympy.Expr:
    """Return the shares deliverable, or exercisable, under some rights (3(d)(i)(E), AMB-110).

    Unknowns: by event, anew: what the grant or a change gives; kept: zero where it gives something or the rights
    end, one else; used: by exercise; and the ratio of a split of the class.
    """
    times = [kept * ratio for kept, ratio in zip(_numbered("kept", events), _ratios(events), strict=True)]
    used = _numbered("used", events)
    return in_the_end(ZERO, times, [new - gone for new, gone in zip(_numbered("anew", events), used, strict=True)])


def exercise_price(events: int) -> sympy.Expr:
    """Return the exercise price of some rights, $/share (3(d)(i)(E), AMB-110); unknowns: as for `term`."""
    times = [kept / ratio for kept, ratio in zip(_numbered("kept", events), _ratios(events), strict=True)]
    return in_the_end(ZERO, times, _numbered("anew", events))


def exercised(events: int) -> sympy.Expr:
    """Return the shares issued under some rights, in today's shares (3(d)(i)(E)(3)); unknowns: by event used."""
    return in_the_end(ZERO, _ratios(events), _numbered("used", events))


def options(rights: int) -> sympy.Expr:
    """Return the Common under all rights, those over Preferred as if it had converted (3(d)(i)(A), AMB-53).

    Unknowns: by rights the shares under them, and the Common each of these is or converts into.
    """
    return total(n * each for n, each in zip(_numbered("under", rights), _numbered("each", rights), strict=True))


# The class that converts together, and the date


def elected(readings: Readings, events: int) -> sympy.Basic:
    """Return the condition that an election has freed the holders to convert (3(a), AMB-33).

    Unknowns: by event carried, one for an election that carries, zero for anything else.
    """
    if readings.ad_election is AdElection.DRAG_ALL:
        return sympy.false
    return positive(largest(ZERO, *_numbered("carried", events)))


def as_of(events: int) -> sympy.Expr:
    """Return the day up to which the events lead; unknowns: the day on of each and of the opening, on_0."""
    return largest(unknown("on", 0), *_numbered("on", events))


# What the command prints

SHOWN = 2
"""For how many events the forms are shown."""


def record(case: Case, account: Account) -> None:
    """Record what has become of one class, one holder and some rights after two events."""
    day, each = "day number", "$/share"
    account.output("as_of", as_of(SHOWN), "day up to which the events lead", "3", day)
    account.output("held", held(SHOWN), "shares of a class that a holder has", SHARES_CLAUSE, "shares")
    account.output("outstanding", outstanding(SHOWN), "outstanding shares of a class", "IV.A", "shares")
    account.output("split", split(SHOWN), "what a share of the class has become", "2(a), 2(b)", "shares")
    account.output("combined", combined(SHOWN), "what combinations alone did of it", "3(b)", "shares")
    account.output("converted", converted(SHOWN), "shares of a series that have converted", "IV.B", "shares")
    first = account.output("first_issued", first_issued(SHOWN), "Purchase Date of a series", "3(d)(i)(A)", day)
    account.output("issued", first < NOT_ISSUED, "whether it has been issued", "3(d)(i)(A)", "yes or no")
    account.output("unpaid", unpaid(SHOWN, account), "declared and unpaid dividends of a class", "1(a)", each)
    on_common = owed_on_common(SHOWN)
    account.output("owed_on_common", on_common, "dividends on the Common that a holder is owed", "1(a)", "$")
    account.output("debt", debt(SHOWN), "dividends owed to a holder who has converted", "1(a)", "$")
    ever = account.output("declared", declared_so_far(SHOWN), "dividends declared on a class", "1(a)", each)
    left = undeclared(Accrual(unknown("y", 0), unknown("z", 0)), unknown("year", 0), ever)
    account.output("y", left.current_year, "undeclared dividends of the current year", "2(a)", each)
    account.output("z", left.since_issue, "undeclared dividends since issue", "2(a)", each)
    clause = "3(d)(i)(E)"
    account.output("term", term(SHOWN), "shares deliverable or exercisable under rights", clause, "shares")
    account.output("exercise_price", exercise_price(SHOWN), "exercise price of rights", clause, each)
    account.output("exercised", exercised(SHOWN), "shares issued under rights", clause, "shares")
    account.output("options", options(SHOWN), "Common under all rights", "3(d)(i)(A)", "shares")
    account.output("elected", elected(case.readings, SHOWN), "whether holders are free to convert", "3(a)", "yes or no")


def unknowns(_: Charter) -> tuple[Unknown, ...]:
    """Describe the unknowns of two events and of the opening."""
    rows = [
        ("on_0", "day of the opening", "day number", "3"),
        ("held_0", "shares that the holder has at first", "shares", "IV.A"),
        ("split_0", "what a share had become before", "shares", "2(a)"),
        ("combined_0", "what combinations had done of it", "shares", "3(b)"),
        ("bought_0", "Purchase Date given", "day number", "3(d)(i)(A)"),
        ("unpaid_0", "dividends unpaid before", "$/share", "1(a)"),
        ("settled_0", "all payments on the Common", "$/share", "1(a)"),
        ("y_0", "dividends accrued in the current year", "$/share", "1(a)"),
        ("z_0", "dividends accrued since issue", "$/share", "1(a)"),
        ("year_0", "of those declared, in the current year", "$/share", "1(a)"),
    ]
    for event in range(1, SHOWN + 1):
        rows += [
            (f"on_{event}", f"day of event {event}", "day number", "3"),
            (f"gained_{event}", f"shares that event {event} gives the holder", "shares", "IV.A"),
            (f"lost_{event}", "shares that it takes from the holder", "shares", "IV.A"),
            (f"ratio_{event}", "what it makes of one share of the class", "shares", "3(d)(iii)"),
            (f"converts_{event}", "shares of the series that it converts", "shares", "3(a)"),
            (f"issued_{event}", f"day of the issue number {event} of the series", "day number", "3(d)(i)(A)"),
            (f"declared_{event}", "what it declares on the class", "$/share", "1(a)"),
            (f"settled_{event}", "what it pays on the class", "$/share", "1(a)"),
            (f"owed_{event}", "dividends that it leaves owed to the holder", "$", "1(a)"),
            (f"repaid_{event}", "what it pays of them", "$", "1(a)"),
            (f"anew_{event}", "what it gives as the term of the rights", "shares or $", "3(d)(i)(E)"),
            (f"kept_{event}", "zero if that, or an end, replaces the term", "1 or 0", "3(d)(i)(E)"),
            (f"used_{event}", "shares that it issues under the rights", "shares", "3(d)(i)(E)"),
            (f"carried_{event}", "one if it is an election that carries", "1 or 0", "3(a)"),
        ]
        rows += [
            (f"stake_{event}", f"shares of the class that holder {event} has", "shares", "IV.A"),
            (f"under_{event}", f"shares deliverable under rights {event}", "shares", "3(d)(i)(E)"),
            (f"each_{event}", "Common that each of them is or converts into", "shares", "3(a)"),
        ]
    rows += [(f"n_{at}", f"shares of the class before event {at}", "shares", "1(a)") for at in range(1, SHOWN + 2)]
    found = []
    for name, meaning, unit, clause in rows:
        stem, place = name.rsplit("_", 1)
        above_zero = stem in ("ratio", "split", "combined")
        symbol = unknown(stem, place, above_zero)
        found.append(Unknown(symbol, meaning, unit, f"{name} {'>' if above_zero else '>='} 0", clause))
    return (*found, Unknown(NOT_ISSUED, "last day of the calendar", "day number", "whole", "3(d)(i)(A)"))
