"""Voting, section 5: votes, the Voting Shift Period, who elects how many directors, motions.

Figures are those of the ambiguity register or worked out by hand.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter, Quantity, Threshold
from reference.position import Holding, Position, outstanding
from reference.readings import AdAsConverted, Half, Readings, ShiftTest, VacantSeats, Votes
from reference.voting import (
    MAJORITY,
    Seats,
    Tally,
    all_stock,
    ballots,
    in_voting_shift,
    motion,
    seats,
    total_votes,
    votes_by_class,
    votes_by_holder,
    votes_of,
    voting_powers,
)
from tests import strategies
from tests.strategies import FAMILY

DEFAULT = Readings()
MILLION = 10**6
WAITING = Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED)


def at_ratio(charter: Charter, ratio: str, **shares: int) -> Position:
    """Return a position in which Series A converts at a ratio; its issue price is 1.00."""
    return Position(charter, shares, conversion_prices={"A": 1 / Fraction(ratio)})


def held(charter: Charter, *holdings: tuple[str, str, int], **prices: str) -> Position:
    """Return a position in which everything outstanding is listed with a holder."""
    listed = tuple(Holding(*holding) for holding in holdings)
    return Position(charter, outstanding(listed), {k: Fraction(v) for k, v in prices.items()}, holdings=listed)


def groups(found: Seats) -> list[tuple[str, int]]:
    """Return who elects how many, each group's classes in one word."""
    return [("".join(group.electors), group.seats) for group in found.groups]


# 5(c) and IV.C.4: votes


def test_votes_of_full_issuance(issued: Position) -> None:
    votes = votes_by_class(issued, DEFAULT)
    assert votes == {
        "A": 91_000_000,
        "B": 14_000_000,
        "C": 42_000_000,
        "D": 20_370_000,
        "E": 42_000_000,
        "F": 21_000_000,
        COMMON: 10_000_000,
    }
    assert total_votes(issued, DEFAULT) == 240_370_000
    assert sum(votes[name] for name in "ABCDEF") == 230_370_000


@pytest.mark.parametrize(
    ("reading", "votes"),
    [(Votes.ROUND_THEN_MULTIPLY, 50), (Votes.MULTIPLY_THEN_ROUND, 45), (Votes.PER_SHARE, 30)],
)
def test_three_shares_at_one_and_a_half(quintus: Charter, reading: Votes, votes: int) -> None:
    assert votes_of(at_ratio(quintus, "3/2", A=3), Readings(votes=reading), "A", 3) == votes


@pytest.mark.parametrize(("half", "votes"), [(Half.UP, 30), (Half.EVEN, 20), (Half.DOWN, 20)])
def test_exactly_half_a_share(quintus: Charter, half: Half, votes: int) -> None:
    # One share converts into 2.5.
    assert votes_of(at_ratio(quintus, "5/2", A=1), Readings(half=half), "A", 1) == votes


def test_rounding_after_multiplying_has_halves_too(quintus: Charter) -> None:
    # 10 votes for 1/20 of a Common share: exactly one half.
    found = [
        votes_of(at_ratio(quintus, "1/20", A=1), Readings(votes=Votes.MULTIPLY_THEN_ROUND, half=half), "A", 1)
        for half in (Half.UP, Half.EVEN, Half.DOWN)
    ]
    assert found == [1, 0, 0]


def test_each_holder_is_rounded_by_itself(quintus: Charter) -> None:
    price = str(Fraction(5, 7))  # 1.4 Common each
    apart = held(quintus, ("ann", "A", 1), ("bob", "A", 1), A=price)
    together = held(quintus, ("ann", "A", 1), ("ann", "A", 1), A=price)
    assert votes_by_holder(apart, DEFAULT) == {"ann": 10, "bob": 10}
    assert votes_by_class(apart, DEFAULT)["A"] == 20
    assert votes_by_holder(together, DEFAULT) == {"ann": 30}
    # With no holders listed, a series is one holder's.
    assert votes_by_class(Position(quintus, {"A": 2}, {"A": Fraction(5, 7)}), DEFAULT)["A"] == 30


def test_a_holder_is_rounded_by_series(quintus: Charter) -> None:
    position = held(quintus, ("ann", "A", 1), ("ann", "B", 1), A=str(Fraction(5, 7)), B=str(Fraction("1.43") * 5 / 7))
    # 1.4 and 1.4: one of A with ten votes and one of B with fourteen, not three together.
    assert votes_by_holder(position, DEFAULT) == {"ann": 24}


def test_shares_without_a_holder_are_rounded_together(quintus: Charter) -> None:
    position = Position(quintus, {"A": 3}, {"A": Fraction(5, 7)}, holdings=(Holding("ann", "A", 1),))
    assert votes_by_holder(position, DEFAULT) == {"ann": 10}
    assert votes_by_class(position, DEFAULT)["A"] == 10 + 30


def test_more_held_than_outstanding(quintus: Charter) -> None:
    with pytest.raises(ValueError, match="more shares of A"):
        ballots(Position(quintus, {"A": 1}, holdings=(Holding("ann", "A", 2),)), DEFAULT)


def test_votes_round_to_zero(quintus: Charter) -> None:
    assert votes_of(at_ratio(quintus, "2/5", A=1), DEFAULT, "A", 1) == 0


def test_an_unknown_class_has_no_votes_to_count(quintus: Charter) -> None:
    with pytest.raises(KeyError):
        votes_of(Position(quintus, {}), DEFAULT, "G", 1)


def test_a_split_is_neutral_only_without_rounding(quintus: Charter) -> None:
    # One share into 1.4, then twice that: 1 to 3, not to 2.
    assert votes_of(at_ratio(quintus, "7/5", A=1), DEFAULT, "A", 1) == 10
    assert votes_of(at_ratio(quintus, "14/5", A=1), DEFAULT, "A", 1) == 30


def test_series_of_the_class_before_it_elects(quintus: Charter) -> None:
    position = Position(quintus, dict.fromkeys("ABCDEF", 1) | {COMMON: 1})
    assert votes_by_class(position, WAITING) == dict.fromkeys("ABCD", 0) | {"E": 14, "F": 14, COMMON: 1}
    assert votes_by_class(position, WAITING, elected=True) == votes_by_class(position, DEFAULT)
    per_share = Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED, votes=Votes.PER_SHARE)
    assert votes_by_class(position, per_share)["A"] == 10


@given(st.integers(0, 40), st.fractions("1/8", 8, max_denominator=9), st.sampled_from(Half))
def test_votes_against_their_definition(shares: int, ratio: Fraction, half: Half) -> None:
    charter = FAMILY
    position = Position(charter, {"Full": shares}, {"Full": 3 / ratio})  # issue price 3
    votes = votes_of(position, Readings(half=half), "Full", shares)
    assert votes == int(votes)
    # Never more than half a Common share away (TH-VT-02); one vote each here.
    assert abs(votes - shares * ratio) <= Fraction(1, 2)
    per_share = votes_of(position, Readings(votes=Votes.PER_SHARE), "Full", shares)
    assert per_share == shares
    if ratio == 1:
        assert votes == per_share


def test_votes_of_all_preferred_lie_between_ten_and_fourteen(issued: Position) -> None:
    votes = votes_by_class(issued, DEFAULT)
    converted = sum(issued.shares[name] for name in "ABCDEF")
    assert 10 * converted <= sum(votes[name] for name in "ABCDEF") <= 14 * converted


def test_a_series_that_never_converts_has_votes_only_per_share() -> None:
    position = Position(FAMILY, {"Capped": 5})
    assert votes_by_class(position, DEFAULT)["Capped"] == 0
    assert votes_by_class(position, Readings(votes=Votes.PER_SHARE))["Capped"] == 5


# 5(a): the Voting Shift Period


def test_no_shift_at_full_issuance(issued: Position) -> None:
    assert not in_voting_shift(issued, DEFAULT)
    # Not even with all authorised Common, nor after A-D are gone: 63M votes.
    gone = dict.fromkeys("ABCD", 0)
    assert not in_voting_shift(Position(issued.charter, {**issued.shares, COMMON: 40 * MILLION}), DEFAULT)
    common_left = 40 * MILLION - 4_500_000
    assert not in_voting_shift(Position(issued.charter, {**issued.shares, **gone, COMMON: common_left}), DEFAULT)


@pytest.mark.parametrize(("series_a", "shift"), [(4_000_000, True), (4_000_001, False)])
def test_a_alone_against_all_authorised_common(quintus: Charter, series_a: int, shift: bool) -> None:
    # 40,000,000 votes are not more than 40,000,000.
    assert in_voting_shift(Position(quintus, {"A": series_a, COMMON: 40 * MILLION}), DEFAULT) is shift


@pytest.mark.parametrize(
    ("reading", "below", "tie", "above"),
    [
        (ShiftTest.PREF_NOT_ABOVE_COMMON, True, True, False),
        (ShiftTest.PREF_BELOW_COMMON, True, False, False),
        (ShiftTest.INCL_C_SEAT, True, True, True),
    ],
)
def test_a_tie_of_votes(quintus: Charter, reading: ShiftTest, below: bool, tie: bool, above: bool) -> None:
    # 1,000,000 B have 14,000,000 votes; nobody holds C.
    found = [
        in_voting_shift(Position(quintus, {"B": MILLION, COMMON: common}), Readings(shift_test=reading))
        for common in (14 * MILLION + 1, 14 * MILLION, 14 * MILLION - 1)
    ]
    assert found == [below, tie, above]


def test_with_its_own_seat_filled_the_literal_test_is_the_first(quintus: Charter) -> None:
    position = Position(quintus, {"C": 1, COMMON: 13})
    assert not in_voting_shift(position, Readings(shift_test=ShiftTest.INCL_C_SEAT))
    assert in_voting_shift(Position(quintus, {"C": 1, COMMON: 14}), Readings(shift_test=ShiftTest.INCL_C_SEAT))


def test_the_shift_ends_with_the_last_preferred_share(quintus: Charter) -> None:
    position = Position(quintus, {COMMON: 100})
    assert not in_voting_shift(position, DEFAULT)
    for literal in (VacantSeats.VACANT, VacantSeats.COMMON):
        assert in_voting_shift(position, Readings(vacant_seats=literal))


def test_preferred_whose_votes_round_to_zero_still_make_a_shift(quintus: Charter) -> None:
    position = at_ratio(quintus, "2/5", A=1)
    assert votes_by_class(position, DEFAULT)["A"] == 0
    assert in_voting_shift(position, DEFAULT)
    # The Common's one seat of eight has no Common to fill it: all holders do (AMB-124).
    assert groups(seats(position, DEFAULT, 8)) == [("A", 6), ("A", 1), ("A", 1)]
    assert groups(seats(position, Readings(vacant_seats=VacantSeats.COMMON), 8)) == [("A", 6), ("A", 1), ("A", 1)]
    assert groups(seats(position, Readings(vacant_seats=VacantSeats.VACANT), 8)) == [("A", 6), ("", 1), ("", 1)]


def test_a_charter_without_a_board_clause_has_no_shift() -> None:
    position = Position(FAMILY, {"Full": 1, COMMON: 10})
    assert not in_voting_shift(position, DEFAULT)
    found = seats(position, DEFAULT, 3)
    assert (groups(found), found.shift, found.vacant) == ([("commonFull", 3)], False, 0)


# 5(a), 5(b): seats

SHIFTED = {"A": 1, "B": 1, "C": 1, COMMON: 1000}


def in_shift(charter: Charter, directors: int, half: Half = Half.UP) -> list[int]:
    """Return the seats of A and B, of C and of the Common in a Voting Shift Period."""
    found = seats(Position(charter, SHIFTED), Readings(half=half), directors)
    assert found.shift
    assert [group.electors for group in found.groups] == [("A", "B"), ("C",), (COMMON,)]
    return [group.seats for group in found.groups]


@pytest.mark.parametrize(
    ("directors", "up", "even", "down"),
    [
        (1, [4, 1, 0], [4, 1, 0], [4, 1, 0]),  # at least five: 3.75 is 4
        (5, [4, 1, 0], [4, 1, 0], [4, 1, 0]),
        (6, [5, 1, 0], [4, 1, 1], [4, 1, 1]),  # 4.5
        (7, [5, 1, 1], [5, 1, 1], [5, 1, 1]),  # 5.25
        (8, [6, 1, 1], [6, 1, 1], [6, 1, 1]),
        (9, [7, 1, 1], [7, 1, 1], [7, 1, 1]),  # 6.75
        (10, [8, 1, 1], [8, 1, 1], [7, 1, 2]),  # 7.5
        (14, [11, 1, 2], [10, 1, 3], [10, 1, 3]),  # 10.5
    ],
)
def test_seats_in_a_shift(quintus: Charter, directors: int, up: list[int], even: list[int], down: list[int]) -> None:
    found = {half: in_shift(quintus, directors, half) for half in Half}
    assert found == {Half.UP: up, Half.EVEN: even, Half.DOWN: down}


@pytest.mark.parametrize("half", Half)
def test_seats_of_every_board(quintus: Charter, half: Half) -> None:
    without = set()
    for directors in range(1, 60):
        senior, own, common = in_shift(quintus, directors, half)
        number = max(5, directors)
        assert senior + own + common == number
        assert own == 1
        assert 0 <= common <= Fraction(number, 4)
        assert 2 * senior > number
        assert abs(senior - Fraction(3 * number, 4)) <= Fraction(1, 2)
        if common == 0:
            without.add(number)
    assert without == ({5, 6} if half is Half.UP else {5})


def test_outside_a_shift(issued: Position) -> None:
    found = seats(issued, DEFAULT, 3)
    assert (found.directors, found.shift, found.vacant) == (3, False, 0)
    assert groups(found) == [("C", 1), ("commonABCDEF", 2)]
    assert [group.clause for group in found.groups] == ["5(b)", "5(a)"]


def test_one_director(issued: Position) -> None:
    assert groups(seats(issued, DEFAULT, 1)) == [("C", 1), ("commonABCDEF", 0)]


def test_a_charter_whose_minimum_leaves_no_room(quintus: Charter) -> None:
    assert quintus.board is not None
    charter = replace(quintus, board=replace(quintus.board, minimum_directors_in_shift=Quantity(1, "1")))
    # Of one seat the series has its own; three quarters of one would be another.
    assert groups(seats(Position(charter, SHIFTED), DEFAULT, 1)) == [("AB", 0), ("C", 1), (COMMON, 0)]
    own = replace(quintus.board.series_seat, seats=Quantity(2, "1"))
    charter = replace(quintus, board=replace(quintus.board, series_seat=own))
    assert groups(seats(Position(charter, {"C": 1}), DEFAULT, 1)) == [("C", 1), ("C", 0)]


def test_whose_seats_are_filled_by_others(quintus: Charter) -> None:
    position = Position(quintus, {"E": 1, COMMON: 100})
    found = seats(position, DEFAULT, 8)
    assert [group.entitled for group in found.groups] == [("A", "B"), ("C",), (COMMON,)]
    assert [group.others_stand_in for group in found.groups] == [True, True, False]
    empty = seats(position, Readings(vacant_seats=VacantSeats.VACANT), 8)
    assert [group.others_stand_in for group in empty.groups] == [False, False, False]


def test_the_powers_that_are_compared(issued: Position) -> None:
    powers = voting_powers(issued, DEFAULT)
    assert (powers.preferred, powers.common) == (230_370_000, 10_000_000)


def test_no_director_is_refused(issued: Position) -> None:
    with pytest.raises(ValueError, match="at least one"):
        seats(issued, DEFAULT, 0)


@pytest.mark.parametrize(
    ("reading", "expected", "vacant"),
    [
        (VacantSeats.ALL_VOTE_TOGETHER, [("commonE", 6), ("commonE", 1), (COMMON, 1)], 0),
        (VacantSeats.VACANT, [("", 6), ("", 1), (COMMON, 1)], 7),
        (VacantSeats.COMMON, [(COMMON, 6), (COMMON, 1), (COMMON, 1)], 0),
    ],
)
def test_a_shift_without_a_to_d(
    quintus: Charter, reading: VacantSeats, expected: list[tuple[str, int]], vacant: int
) -> None:
    found = seats(Position(quintus, {"E": 1, COMMON: 100}), Readings(vacant_seats=reading), 8)
    assert (groups(found), found.shift, found.vacant) == (expected, True, vacant)


@pytest.mark.parametrize(
    ("reading", "directors", "expected", "vacant"),
    [
        (VacantSeats.ALL_VOTE_TOGETHER, 3, [(COMMON, 1), (COMMON, 2)], 0),
        (VacantSeats.VACANT, 8, [("", 6), ("", 1), (COMMON, 1)], 7),
        (VacantSeats.COMMON, 8, [(COMMON, 6), (COMMON, 1), (COMMON, 1)], 0),
    ],
)
def test_no_preferred_at_all(
    quintus: Charter, reading: VacantSeats, directors: int, expected: list[tuple[str, int]], vacant: int
) -> None:
    found = seats(Position(quintus, {COMMON: 100}), Readings(vacant_seats=reading), directors)
    assert (groups(found), found.directors, found.vacant) == (expected, directors, vacant)


def test_no_stock_at_all(quintus: Charter) -> None:
    found = seats(Position(quintus, {}), DEFAULT, 4)
    assert (groups(found), found.vacant) == ([("", 1), ("", 3)], 4)


def test_a_alone_fills_the_seats_of_a_and_b(quintus: Charter) -> None:
    found = seats(Position(quintus, {"A": 1, "C": 1, COMMON: 1000}), DEFAULT, 8)
    assert groups(found) == [("A", 6), ("C", 1), (COMMON, 1)]


def test_seats_of_small_boards_exhaustively(quintus: Charter) -> None:
    for counts in product(range(2), repeat=4):
        position = Position(quintus, dict(zip(("A", "C", "E", COMMON), counts, strict=True)))
        for reading, directors in product(VacantSeats, range(1, 8)):
            found = seats(position, Readings(vacant_seats=reading), directors)
            assert sum(group.seats for group in found.groups) == found.directors
            assert found.directors == (max(5, directors) if found.shift else directors)
            assert found.shift is in_voting_shift(position, Readings(vacant_seats=reading))
            named = {name for group in found.groups for name in group.electors}
            assert all(position.shares[name] > 0 for name in named)
            if reading is not VacantSeats.VACANT and any(counts):
                assert found.vacant == 0


def test_weights_inside_the_class_of_a_and_b(quintus: Charter) -> None:
    votes = votes_by_class(Position(quintus, {"A": 100, "B": 80}), DEFAULT)
    assert (votes["A"], votes["B"]) == (1000, 1120)


# 5(a): motions


def test_a_motion_needs_more_than_half_of_all_votes(quintus: Charter) -> None:
    position = held(quintus, ("ann", "A", 7), ("bob", COMMON, 70))
    for holders, passes in ((["ann"], False), (["bob"], False), (["ann", "bob"], True), ([], False)):
        found = motion(position, DEFAULT, holders)
        assert found.passes is passes
    (tally,) = motion(position, DEFAULT, ["ann"]).tallies
    assert (tally.whole, tally.obtained, tally.needed) == (140, 70, 71)
    assert tally.classes == all_stock(quintus)


def test_a_class_may_vote_besides(quintus: Charter) -> None:
    position = held(quintus, ("ann", "A", 70), ("bob", COMMON, 7))
    assert motion(position, DEFAULT, ["ann"]).passes
    found = motion(position, DEFAULT, ["ann"], [(COMMON,), ("A", "B")])
    assert [tally.passes for tally in found.tallies] == [True, False, True]
    assert not found.passes


def test_a_class_without_votes_has_nobody_to_ask(quintus: Charter) -> None:
    # AMB-92: the whole vote is still a majority of all votes.
    position = held(quintus, ("ann", "A", 70))
    found = motion(position, DEFAULT, ["ann"], [(COMMON,)])
    assert [(tally.passes, tally.needed) for tally in found.tallies] == [(True, 351), (True, 0)]
    assert not motion(position, DEFAULT, [], [(COMMON,)]).passes


def test_nobody_passes_nothing(quintus: Charter) -> None:
    found = motion(Position(quintus, {}), DEFAULT, [])
    assert (found.passes, found.tallies[0].needed) == (False, 1)


def test_shares_without_a_holder_never_vote_in_favour(quintus: Charter) -> None:
    position = Position(quintus, {COMMON: 10}, holdings=(Holding("ann", COMMON, 5),))
    assert not motion(position, DEFAULT, ["ann"]).passes


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(["1/2", "3/4", "3/5", "1"]), st.booleans())
def test_the_least_whole_number_that_suffices(whole: int, part: int, share: str, strict: bool) -> None:
    tally = Tally((), "votes", Threshold(Fraction(share), strict, "1"), whole, part)
    assert tally.passes is (part >= tally.needed)


@given(strategies.positions(FAMILY), st.data())
def test_more_holders_never_undo_a_motion(position: Position, data: st.DataObject) -> None:
    names = [name for name, shares in position.shares.items() if shares > 0]
    listed = tuple(Holding(f"holder of {name}", name, int(position.shares[name])) for name in names)
    whole = Position(position.charter, position.shares, position.conversion_prices, holdings=listed)
    holders = [holding.holder for holding in listed]
    some = data.draw(st.sets(st.sampled_from(holders))) if holders else set()
    more = some | (data.draw(st.sets(st.sampled_from(holders))) if holders else set())
    assert motion(whole, DEFAULT, more).passes or not motion(whole, DEFAULT, some).passes


# What is taken for granted where nothing is said.


def test_nothing_is_said_of_an_election_unless_it_is(quintus: Charter) -> None:
    position = held(quintus, ("ann", "A", 1), ("bob", COMMON, 4))
    assert votes_of(position, WAITING, "A", 1) == 0
    assert sum(own.votes for own in ballots(position, WAITING)) == 4
    assert votes_by_holder(position, WAITING)["bob"] == total_votes(position, WAITING) == 4
    assert votes_by_holder(position, WAITING).get("ann", 0) == 0
    assert motion(position, WAITING, ["bob"]).passes
    assert not motion(position, WAITING, ["bob"], elected=True).passes
    assert voting_powers(position, WAITING).preferred == 0
    assert in_voting_shift(position, WAITING)
    assert not in_voting_shift(position, WAITING, elected=True)
    assert seats(position, WAITING, 5).shift
    assert not seats(position, WAITING, 5, elected=True).shift


def test_nobody_to_ask_passes_nothing_unless_it_may() -> None:
    assert not Tally(("A",), "votes", MAJORITY, 0, 0).passes
    assert Tally(("A",), "votes", MAJORITY, 0, 0, may_be_empty=True).passes


def test_votes_of_a_series_of_any_name(quintus: Charter) -> None:
    charter = replace(quintus, series=(replace(quintus.series[0], name="seed"),))
    assert votes_of(Position(charter, {}), DEFAULT, "seed", 2) == 20
