"""Voting rights: section 5, and IV.C.4 for the Common."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reference.charter import COMMON, Charter, Threshold
from reference.conversion import votes_of_shares
from reference.distributions import as_converted_ratio
from reference.position import Number, Position
from reference.position import outstanding as held_by_class
from reference.readings import Readings, ShiftTest, VacantSeats
from reference.rounding import nearest

Counted = Literal["votes", "shares"]
"""What an approval is counted in."""

MAJORITY = Threshold(Fraction(1, 2), strict=True, clause="5(a)")
"""More than half: what a majority is."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """Hold what one holder has of one class: shares and votes; no holder for shares that nobody is listed with."""

    holder: str | None
    stock: str
    shares: Number
    votes: Number

    def weight(self, counted: Counted) -> Number:
        """Return its votes or its shares."""
        return self.votes if counted == "votes" else self.shares


@dataclass(frozen=True, slots=True)
class Tally:
    """Hold how much of a whole was obtained from the classes that vote together.

    classes: who votes, in one class; counted: in votes or shares; needed: the least whole number of them that
    suffices; may_be_empty: whether it passes if the whole is zero, because there is nobody to ask.
    """

    classes: tuple[str, ...]
    counted: Counted
    threshold: Threshold
    whole: Number
    obtained: Number
    may_be_empty: bool = False

    def met(self, part: Number) -> bool:
        """Say whether a part of the whole would suffice."""
        if self.may_be_empty and self.whole == 0:
            return True
        return self.threshold.met(part, self.whole)

    @property
    def passes(self) -> bool:
        """Say whether what was obtained suffices."""
        return self.met(self.obtained)

    @property
    def needed(self) -> int:
        """Return the least whole number of votes or shares that suffices."""
        if self.may_be_empty and self.whole == 0:
            return 0
        exact = self.whole * self.threshold.value
        return math.floor(exact) + 1 if self.threshold.strict else -math.floor(-exact)


@dataclass(frozen=True, slots=True)
class Motion:
    """Hold the vote of all stock as one class, and any votes of single classes besides."""

    tallies: tuple[Tally, ...]

    @property
    def passes(self) -> bool:
        """Say whether every vote passes."""
        return all(tally.passes for tally in self.tallies)


@dataclass(frozen=True, slots=True)
class Powers:
    """Hold the votes of all Preferred together and those of the Common (5(a))."""

    preferred: Number
    common: Number


@dataclass(frozen=True, slots=True)
class SeatGroup:
    """Hold a number of seats, whose they are and the classes that fill them together.

    entitled: the classes that the clause names; electors: those of them that have shares, or those who stand in
    for them; none if nobody fills the seats.
    """

    entitled: tuple[str, ...]
    electors: tuple[str, ...]
    seats: int
    clause: str

    @property
    def others_stand_in(self) -> bool:
        """Say whether the seats are filled by classes that the clause does not name (AMB-83)."""
        return any(name not in self.entitled for name in self.electors)


@dataclass(frozen=True, slots=True)
class Seats:
    """Hold the number of directors, whether it is a Voting Shift Period, and who elects how many."""

    directors: int
    shift: bool
    groups: tuple[SeatGroup, ...]

    @property
    def vacant(self) -> int:
        """Return the seats that nobody fills."""
        return sum(group.seats for group in self.groups if not group.electors)


def all_stock(charter: Charter) -> tuple[str, ...]:
    """Name every class: the Common and each series."""
    return (COMMON, *all_preferred(charter))


def all_preferred(charter: Charter) -> tuple[str, ...]:
    """Name every series of Preferred Stock."""
    return tuple(series.name for series in charter.series)


def with_shares(position: Position, names: Iterable[str]) -> tuple[str, ...]:
    """Name those of the classes that have shares outstanding."""
    return tuple(name for name in names if position.shares.get(name, 0) > 0)


def votes_of(position: Position, readings: Readings, stock: str, shares: Number, elected: bool = False) -> Number:
    """Return the votes that one holder has by its shares of one class (5(c), IV.C.4).

    The Common into which all its shares of the series could be converted is rounded at once (AMB-80).
    elected: whether the class of A-D has elected to convert, which one reading asks (AMB-86). Raise KeyError
    if the charter has no such class.
    """
    if stock == COMMON:
        return shares * position.charter.common.votes_per_share.value
    series = position.charter.series_named(stock)
    return votes_of_shares(readings, series, shares, as_converted_ratio(position, readings, series, elected))


def ballots(position: Position, readings: Readings, elected: bool = False) -> tuple[Ballot, ...]:
    """List every holder's shares and votes by class (5(c)).

    A holder's holdings of one class count together. Outstanding shares without a holding are rounded
    together, as one holder's. Raise ValueError if more is held than is outstanding.
    """
    held: dict[tuple[str | None, str], Number] = {}
    for holding in position.holdings:
        key = (holding.holder, holding.stock)
        held[key] = held.get(key, 0) + holding.shares
    listed = held_by_class(position.holdings)
    for stock in all_stock(position.charter):
        unlisted = position.shares.get(stock, 0) - listed.get(stock, 0)
        if unlisted < 0:
            raise ValueError(f"more shares of {stock} are held than are outstanding")
        held[None, stock] = unlisted
    return tuple(
        Ballot(holder, stock, shares, votes_of(position, readings, stock, shares, elected))
        for (holder, stock), shares in held.items()
    )


def votes_by_class(position: Position, readings: Readings, elected: bool = False) -> dict[str, Number]:
    """Return the votes of each class, "common" included (5(c)); with no holdings a class is rounded as a whole."""
    return sum_by_class(position.charter, ballots(position, readings, elected))


def sum_by_class(charter: Charter, cast: Iterable[Ballot]) -> dict[str, Number]:
    """Add up ballots to votes by class; a class without any has none."""
    totals: dict[str, Number] = dict.fromkeys(all_stock(charter), 0)
    for ballot in cast:
        totals[ballot.stock] = totals[ballot.stock] + ballot.votes
    return totals


def votes_by_holder(position: Position, readings: Readings, elected: bool = False) -> dict[str, Number]:
    """Return the votes of each holder over all classes (5(c), IV.C.4)."""
    return sum_by_holder(ballots(position, readings, elected))


def sum_by_holder(cast: Iterable[Ballot]) -> dict[str, Number]:
    """Add up ballots to votes by holder."""
    totals: dict[str, Number] = {}
    for ballot in cast:
        if ballot.holder is not None:
            totals[ballot.holder] = totals.get(ballot.holder, 0) + ballot.votes
    return totals


def total_votes(position: Position, readings: Readings, elected: bool = False) -> Number:
    """Return the votes of all stock together (5(a))."""
    return sum(votes_by_class(position, readings, elected).values())


def count(
    cast: Iterable[Ballot],
    in_favour: Collection[str],
    classes: tuple[str, ...],
    counted: Counted,
    threshold: Threshold,
    may_be_empty: bool = False,
) -> Tally:
    """Count what the holders in favour have, and the whole, in the classes that vote together."""
    whole: Number = 0
    obtained: Number = 0
    for ballot in cast:
        if ballot.stock in classes:
            whole = whole + ballot.weight(counted)
            if ballot.holder is not None and ballot.holder in in_favour:
                obtained = obtained + ballot.weight(counted)
    return Tally(classes, counted, threshold, whole, obtained, may_be_empty)


def motion(
    position: Position,
    readings: Readings,
    in_favour: Collection[str],
    class_votes: Iterable[tuple[str, ...]] = (),
    elected: bool = False,
) -> Motion:
    """Put a motion to the vote: a majority of all votes in one class, and of each class named besides (5(a)).

    in_favour: holders, each with all that it holds; class_votes: groups of classes that also vote apart. The
    whole is every outstanding vote, present or not, as for a written consent. A group with no votes has nobody
    to ask (AMB-92); stock with no votes at all passes nothing.
    """
    return put(position.charter, ballots(position, readings, elected), in_favour, class_votes)


def put(
    charter: Charter, cast: Collection[Ballot], in_favour: Collection[str], class_votes: Iterable[tuple[str, ...]] = ()
) -> Motion:
    """Count the ballots on a motion, as `motion` does (5(a))."""
    everybody = count(cast, in_favour, all_stock(charter), "votes", MAJORITY)
    apart = (count(cast, in_favour, classes, "votes", MAJORITY, may_be_empty=True) for classes in class_votes)
    return Motion((everybody, *apart))


def voting_powers(position: Position, readings: Readings, elected: bool = False) -> Powers:
    """Return the votes of the Preferred and of the Common, which the Voting Shift Period compares (5(a))."""
    votes = votes_by_class(position, readings, elected)
    return Powers(sum(votes[name] for name in all_preferred(position.charter)), votes[COMMON])


def in_voting_shift(position: Position, readings: Readings, elected: bool = False) -> bool:
    """Say whether a Voting Shift Period runs: the Preferred could not elect all directors by itself (5(a), AMB-81).

    Where seats of a class without shares go to all, the period ends with the last preferred share (AMB-83).
    Preferred shares whose votes round to zero still make one (AMB-124).
    """
    board = position.charter.board
    if board is None:
        return False
    preferred = all_preferred(position.charter)
    if readings.vacant_seats is VacantSeats.ALL_VOTE_TOGETHER and not with_shares(position, preferred):
        return False
    if readings.shift_test is ShiftTest.INCL_C_SEAT and not with_shares(position, (board.series_seat.series,)):
        return True
    powers = voting_powers(position, readings, elected)
    if readings.shift_test is ShiftTest.PREF_BELOW_COMMON:
        return powers.preferred < powers.common
    return powers.preferred <= powers.common


def seats(position: Position, readings: Readings, directors: int, elected: bool = False) -> Seats:
    """Say who elects how many directors (5(a), 5(b)).

    directors: the number that the bylaws set, one or more (Article VI); in a Voting Shift Period it is at
    least the charter's minimum. Raise ValueError if it is below one.
    """
    if directors < 1:
        raise ValueError("there must be at least one director")
    board = position.charter.board
    if board is None:
        stock = all_stock(position.charter)
        everybody = SeatGroup(stock, with_shares(position, stock), directors, "5(a)")
        return Seats(directors, False, (everybody,))
    shift = in_voting_shift(position, readings, elected)
    if shift:
        directors = max(directors, board.minimum_directors_in_shift.value)
    own = min(board.series_seat.seats.value, directors)
    of_series = _group(position, readings, (board.series_seat.series,), own, board.series_seat.seats.clause)
    if not shift:
        rest = _group(position, readings, all_stock(position.charter), directors - own, "5(a)")
        return Seats(directors, False, (of_series, rest))
    share = board.senior_share_in_shift
    senior = min(nearest(directors * share.value, readings.half), directors - own)
    of_senior = _group(position, readings, board.senior_series, senior, share.clause)
    of_common = _group(position, readings, (COMMON,), directors - own - senior, "5(a)(iii)")
    return Seats(directors, True, (of_senior, of_series, of_common))


def _group(position: Position, readings: Readings, classes: tuple[str, ...], number: int, clause: str) -> SeatGroup:
    """Return a group of seats with the electors that there are, or those who stand in for them (AMB-83, AMB-124)."""
    electors = with_shares(position, classes)
    if not electors and readings.vacant_seats is VacantSeats.COMMON:
        electors = with_shares(position, (COMMON,))
    if not electors and readings.vacant_seats is not VacantSeats.VACANT:
        electors = with_shares(position, all_stock(position.charter))
    return SeatGroup(classes, electors, number, clause)
