"""Voting in closed form: section 5, and IV.C.4 for the Common.

A majority is written as what the others do not have, and a Voting Shift Period as the Preferred's share of all
votes. Seats of a Voting Shift Period and of other times stand in one account, each under its condition; who
fills them is a condition on the outstanding shares of each class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy

from reference.charter import COMMON, Charter, Series, Threshold
from reference.readings import Half, Readings, ShiftTest, VacantSeats, Votes
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
    largest,
    number,
    positive,
    smallest,
    total,
)
from symbolic.distributions import weights
from symbolic.liquidation import Case
from symbolic.rounding import ceiling, nearest
from symbolic.symbols import Unknown, held, holdings, shares

DIRECTORS = sympy.Symbol("N", positive=True)
"""The directors that the bylaws provide for, a whole number, N >= 1 (Article VI)."""


def consents(holder: int) -> sympy.Symbol:
    """Return one if a holder is in favour and zero if not."""
    return sympy.Symbol(f"f_{holder}", nonnegative=True)


def classes(charter: Charter) -> tuple[str, ...]:
    """Name every class, the Common last."""
    return (*(series.name for series in charter.series), COMMON)


def votes_of(readings: Readings, series: Series, count: sympy.Expr, weight: sympy.Expr) -> sympy.Expr:
    """Return the votes of shares of one series that count together (5(c), AMB-80).

    weight: the Common into which each of them could then be converted, unrounded.
    """
    each = number(series.votes_per_as_converted_share.value)
    return {
        Votes.ROUND_THEN_MULTIPLY: each * nearest(count * weight, readings.half),
        Votes.MULTIPLY_THEN_ROUND: nearest(each * count * weight, readings.half),
        Votes.PER_SHARE: each * count,
    }[readings.votes]


@dataclass(frozen=True)
class Power:
    """Hold votes by class and holder, as expressions; 0 for shares that nobody is listed with."""

    votes: dict[tuple[int, str], sympy.Expr]
    holders: int

    def of_class(self, name: str) -> sympy.Expr:
        """Return the votes of a class."""
        return total(self.votes[holder, name] for holder in range(self.holders + 1))

    def of_holder(self, holder: int, names: Iterable[str]) -> sympy.Expr:
        """Return the votes that a holder has in some classes."""
        return total(self.votes[holder, name] for name in names)


def shares_of(holder: int, name: str, holders: int) -> sympy.Expr:
    """Return the shares that a holder has of a class; of holder 0, what is outstanding and not listed (5(c))."""
    if holder > 0:
        return held(holder, name)
    return shares(name) - total(held(other, name) for other in range(1, holders + 1))


def power(case: Case, account: Account, holders: int = 0) -> Power:
    """Return the votes of each holder in each class; shares that nobody is listed with are rounded together (5(c))."""
    each = weights(case, account)
    found = {}
    for series in case.charter.series:
        for holder in range(holders + 1):
            count = shares_of(holder, series.name, holders)
            votes = votes_of(case.readings, series, count, each[series.name])
            found[holder, series.name] = _named(account, holder, series.name, votes, holders)
    for holder in range(holders + 1):
        votes = number(case.charter.common.votes_per_share.value) * shares_of(holder, COMMON, holders)
        found[holder, COMMON] = _named(account, holder, COMMON, votes, holders)
    return Power(found, holders)


def _named(account: Account, holder: int, name: str, votes: sympy.Expr, holders: int) -> sympy.Expr:
    clause = "IV.C.4" if name == COMMON else "5(c)"
    who = f"holder {holder}" if holder else ("holders not listed" if holders else "all holders")
    return account.define(f"v_{holder}_{name}", votes, f"votes of {who} in {name}", clause, "votes", "whole numbers")


def votes(case: Case, account: Account, holders: int = 0) -> Power:
    """Record the votes of every class, every holder and all stock (5(a), 5(c), IV.C.4)."""
    found = power(case, account, holders)
    names = classes(case.charter)
    for holder in range(1, holders + 1):
        own = found.of_holder(holder, names)
        account.output(f"votes_of_{holder}", own, f"votes of holder {holder}", "5(c)", "votes")
    by_class = {
        name: account.output(f"votes_{name}", found.of_class(name), f"votes of {name}", "5(c)", "votes")
        for name in names
    }
    preferred = total(by_class[series.name] for series in case.charter.series)
    preferred = account.output("votes_preferred", preferred, "votes of the Preferred", "5(a)", "votes")
    account.output("votes_all", preferred + by_class[COMMON], "votes of all stock", "5(a)", "votes")
    return found


def insufficient(case: Case, preferred: sympy.Expr, everybody: sympy.Expr) -> sympy.Basic:
    """Return the condition that a Voting Shift Period runs (5(a), AMB-81, AMB-83, AMB-124).

    preferred, everybody: votes. The Preferred elects every director exactly if more than half of all votes are
    its own; one reading has it succeed with half.
    """
    board, readings = case.charter.board, case.readings
    if board is None:
        return sympy.false
    equal_is_enough = readings.shift_test is ShiftTest.PREF_BELOW_COMMON
    short = (below if equal_is_enough else at_most)(2 * preferred, everybody)
    if readings.shift_test is ShiftTest.INCL_C_SEAT:
        short = any_of(short, sympy.Not(positive(shares(board.series_seat.series))))
    if readings.vacant_seats is VacantSeats.ALL_VOTE_TOGETHER:
        return all_of(short, positive(total(shares(series.name) for series in case.charter.series)))
    return short


def electors(case: Case, entitled: Sequence[str], name: str) -> sympy.Basic:
    """Return the condition that a class helps to fill the seats of some classes (5(a), 5(b), AMB-83, AMB-124)."""
    exists = positive(shares(name))
    if name in entitled:
        return exists
    nobody = sympy.Not(positive(total(shares(other) for other in entitled)))
    if case.readings.vacant_seats is VacantSeats.VACANT:
        return sympy.false
    if case.readings.vacant_seats is VacantSeats.COMMON and name != COMMON:
        return all_of(exists, nobody, sympy.Not(positive(shares(COMMON))))
    return all_of(exists, nobody)


def seats(case: Case, account: Account, found: Power | None = None) -> None:
    """Record the number of directors, each group's seats and who fills them (5(a), 5(b), AMB-82, AMB-83).

    Groups: "series", which has its own seat; "senior" and "common", in a Voting Shift Period; "all", at other
    times. found: the votes, if they are recorded already.
    """
    board = case.charter.board
    names = classes(case.charter)
    if board is None:
        account.output("directors", DIRECTORS, "number of directors", "5(a)", "seats")
        vacant = _group(case, account, "all", names, DIRECTORS, sympy.true, "5(a)")
        account.output("vacant", vacant, "seats that nobody fills", "5(a)", "seats")
        return
    found = found or power(case, account)
    preferred = total(found.of_class(series.name) for series in case.charter.series)
    preferred = account.define("P", preferred, "votes of the Preferred", "5(a)", "votes")
    everybody = account.define("V", preferred + found.of_class(COMMON), "votes of all stock", "5(a)", "votes")
    short = insufficient(case, preferred, everybody)
    account.output("voting_shift", short, "whether a Voting Shift Period runs", "5(a)", "yes or no")
    shift = account.condition("shift", short, "one in a Voting Shift Period", "5(a)")
    least = number(board.minimum_directors_in_shift.value)
    directors = either(above(shift, ZERO), largest(least, DIRECTORS), DIRECTORS)
    clause = board.minimum_directors_in_shift.clause
    directors = account.output("directors", directors, "number of directors", clause, "seats")
    own = smallest(number(board.series_seat.seats.value), directors)
    own = account.define("own", own, f"seats of {board.series_seat.series}", board.series_seat.seats.clause, "seats")
    senior = rounded_share(directors, number(board.senior_share_in_shift.value), case.readings.half)
    clause = board.senior_share_in_shift.clause
    senior = account.define("rounded", senior, "the senior series' share of the directors, rounded", clause, "seats")
    senior = smallest(senior, directors - own)
    in_shift, at_other_times = above(shift, ZERO), sympy.Not(above(shift, ZERO))
    only = (board.series_seat.series,)
    vacant = (
        _group(case, account, "senior", board.senior_series, senior, in_shift, clause),
        _group(case, account, "series", only, own, sympy.true, board.series_seat.seats.clause),
        _group(case, account, "common", (COMMON,), directors - own - senior, in_shift, "5(a)(iii)"),
        _group(case, account, "all", names, directors - own, at_other_times, "5(a)"),
    )
    account.output("vacant", total(vacant), "seats that nobody fills", "5(a)", "seats")


def rounded_share(directors: sympy.Expr, share: sympy.Expr, half: Half) -> sympy.Expr:
    """Return a share of the directors, rounded: all of them but the rest of them, rounded the other way (5(a)(ii))."""
    others = {Half.UP: Half.DOWN, Half.DOWN: Half.UP}
    if half in others:
        return directors - nearest((ONE - share) * directors, others[half])
    return nearest(share * directors, half)


def _group(
    case: Case,
    account: Account,
    group: str,
    entitled: Sequence[str],
    number_of: sympy.Expr,
    condition: sympy.Basic,
    clause: str,
) -> sympy.Symbol:
    """Record the seats of a group, zero at a time that knows no such group, and who fills them; return the vacant."""
    found = account.output(
        f"seats_{group}", either(condition, number_of, ZERO), f"seats of the group {group!r}", clause, "seats"
    )
    everybody = classes(case.charter)
    for name in everybody:
        meaning = f"whether {name} helps to fill the seats of the group {group!r}"
        account.output(f"fills_{group}_{name}", electors(case, entitled, name), meaning, "5(a), 5(b)", "yes or no")
    possible = entitled if case.readings.vacant_seats is VacantSeats.VACANT else everybody
    vacant = either(positive(total(shares(name) for name in possible)), ZERO, found)
    meaning = f"seats of the group {group!r} that nobody fills"
    return account.output(f"vacant_{group}", vacant, meaning, "5(a)", "seats")


@dataclass(frozen=True)
class Tally:
    """Hold how an approval is counted: in which classes, in votes or shares, and how much of the whole it needs."""

    name: str
    classes: tuple[str, ...]
    in_votes: bool
    threshold: Threshold
    may_be_empty: bool = False


@dataclass(frozen=True)
class Tallied:
    """Hold a count as expressions: whether it passes, the whole, what is not in favour, what each holder has in it."""

    counting: Tally
    passes: sympy.Basic
    whole: sympy.Expr
    against: sympy.Expr
    own: dict[int, sympy.Expr]

    def fails_without(self, holder: int) -> sympy.Basic:
        """Return the condition that it fails once a holder who is in favour is not."""
        against = self.against + consents(holder) * self.own[holder]
        blocking = (ONE - number(self.counting.threshold.value)) * self.whole
        fails = (at_least if self.counting.threshold.strict else above)(against, blocking)
        return all_of(fails, positive(self.whole)) if self.counting.may_be_empty else fails


def tally(case: Case, account: Account, found: Power, counting: Tally) -> Tallied:
    """Record the whole, what is in favour, the least whole number needed and whether it is reached (5(a), 6).

    Votes and shares are whole numbers.
    """
    unit = "votes" if counting.in_votes else "shares"
    there = "the count " + repr(counting.name.replace("_", " "))
    clause = counting.threshold.clause

    def weight(holder: int) -> sympy.Expr:
        if counting.in_votes:
            return found.of_holder(holder, counting.classes)
        return total(shares_of(holder, name, found.holders) for name in counting.classes)

    own = {
        holder: account.define(
            f"in_{counting.name}_{holder}", weight(holder), f"what holder {holder} has in {there}", clause, unit
        )
        for holder in range(1, found.holders + 1)
    }
    rest = account.define(f"in_{counting.name}_0", weight(0), f"what is not listed in {there}", clause, unit)
    against = rest + total((ONE - consents(holder)) * votes for holder, votes in own.items())
    against = account.define(f"against_{counting.name}", against, "what is not in favour", clause, unit)
    whole = account.output(f"whole_{counting.name}", rest + total(own.values()), "the whole", clause, unit)
    account.output(f"obtained_{counting.name}", whole - against, "what is in favour", clause, unit)
    account.output(
        f"needed_{counting.name}", least_needed(counting, whole), "least whole number that suffices", clause, unit
    )
    passes = enough(counting, whole, against)
    account.output(f"passes_{counting.name}", passes, "whether it passes", clause, "yes or no")
    return Tallied(counting, passes, whole, against, own)


def least_needed(counting: Tally, whole: sympy.Expr) -> sympy.Expr:
    """Return the least whole number that reaches, or passes, the threshold: the next multiple of its denominator.

    whole: a whole number; of nothing, nothing is needed where the approval of nobody suffices (AMB-92).
    """
    over, under = number(counting.threshold.value.numerator), number(counting.threshold.value.denominator)
    needed = ceiling((over * whole + (1 if counting.threshold.strict else 0)) / under)
    return either(positive(whole), needed, ZERO) if counting.may_be_empty else needed


def enough(counting: Tally, whole: sympy.Expr, against: sympy.Expr) -> sympy.Basic:
    """Return the condition that what is not in favour is too little to block."""
    blocking = (ONE - number(counting.threshold.value)) * whole
    passes = (below if counting.threshold.strict else at_most)(against, blocking)
    return any_of(passes, sympy.Not(positive(whole))) if counting.may_be_empty else passes


def majority(name: str, names: Sequence[str], may_be_empty: bool = False) -> Tally:
    """Return how a majority of the votes of some classes is counted (5(a))."""
    return Tally(name, tuple(names), True, Threshold(Fraction(1, 2), True, "5(a)"), may_be_empty)


def motion(
    case: Case, account: Account, holders: int, class_votes: Sequence[Sequence[str]] = (), found: Power | None = None
) -> None:
    """Record a motion: the vote of all stock as one class, and any votes of classes besides (5(a), AMB-92).

    found: the votes, if they are recorded already.
    """
    found = found or power(case, account, holders)
    counted = [majority("all", classes(case.charter))]
    counted += [majority("".join(names), names, may_be_empty=True) for names in class_votes]
    passes = all_of(*(tally(case, account, found, counting).passes for counting in counted))
    account.output("motion_passes", passes, "whether the motion passes", "5(a)", "yes or no")


def record(case: Case, account: Account) -> None:
    """Record votes and seats where one holder is listed, and a motion that it is in favour of or not (5)."""
    found = votes(case, account, 1)
    seats(case, account, found)
    motion(case, account, 1, found=found)


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe the unknowns of votes, seats and motions (5)."""
    return (
        Unknown(DIRECTORS, "directors that the bylaws provide for", "seats", "whole, N >= 1", "VI"),
        Unknown(consents(1), "one if the holder is in favour", "1 or 0", "0 or 1", "5(a)"),
        *holdings(charter, 1),
    )
