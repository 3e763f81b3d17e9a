"""The engine and the closed forms agree on votes, seats and motions; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from reference import rounding, voting
from reference.charter import COMMON, Charter, Quantity, Series
from reference.conversion import conversion_ratio
from reference.position import Holding, Number, Position
from reference.readings import AdAsConverted, Half, Readings, ShiftTest, VacantSeats, Votes
from symbolic import voting as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import evaluate, evaluate_all, holds
from symbolic.liquidation import Case
from symbolic.rounding import is_nearest, nearest
from tests import strategies
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY

READINGS = ("votes", "half", "shift_test", "vacant_seats", "ad_as_converted")
HOLDERS = ("ann", "bob")
X, WHOLE = sympy.symbols("x m", real=True)


@cache
def votes_account(case: Case, holders: int) -> list[Definition]:
    """Return the account of the votes."""
    account = Account(named=True)
    forms.votes(case, account, holders)
    return account.definitions


@cache
def seats_account(case: Case) -> list[Definition]:
    """Return the account of the seats."""
    account = Account(named=True)
    forms.seats(case, account)
    return account.definitions


@cache
def motion_account(case: Case, holders: int, class_votes: tuple[tuple[str, ...], ...]) -> list[Definition]:
    """Return the account of a motion."""
    account = Account(named=True)
    forms.motion(case, account, holders, class_votes)
    return account.definitions


def values(position: Position, in_favour: Collection[str] = ()) -> dict[str, Fraction | int]:
    """Return the values of the unknowns, holdings and consents included."""
    found = values_of(position, Fraction(0))
    for number, holder in enumerate(HOLDERS, start=1):
        found[f"f_{number}"] = 1 if holder in in_favour else 0
        for name in forms.classes(position.charter):
            own = [h.shares for h in position.holdings if (h.holder, h.stock) == (holder, name)]
            found[f"h_{number}_{name}"] = sum(own)
    return found


def vote_differences(position: Position, readings: Readings, elected: bool = False) -> list[str]:
    """List where engine and closed form differ on the votes of classes and holders."""
    found = evaluate_all(votes_account(case_of(position, readings, elected=elected), len(HOLDERS)), values(position))
    rows: list[tuple[str, Number]] = [
        (f"votes_{name}", votes) for name, votes in voting.votes_by_class(position, readings, elected).items()
    ]
    by_holder = voting.votes_by_holder(position, readings, elected)
    rows += [(f"votes_of_{number}", by_holder.get(holder, 0)) for number, holder in enumerate(HOLDERS, start=1)]
    powers = voting.voting_powers(position, readings, elected)
    rows += [("votes_preferred", powers.preferred), ("votes_all", powers.preferred + powers.common)]
    rows.append(("votes_all", voting.total_votes(position, readings, elected)))
    return [f"{name}: {engine} and {found[name]}" for name, engine in rows if engine != found[name]]


def seat_differences(position: Position, readings: Readings, directors: int, elected: bool = False) -> list[str]:
    """List where engine and closed form differ on the seats and who fills them, with nobody listed."""
    position = replace(position, holdings=())
    engine = voting.seats(position, readings, directors, elected)
    account = seats_account(case_of(position, readings, elected=elected))
    found = evaluate_all(account, {**values(position), "N": directors})
    rows: list[tuple[str, object, object]] = [("directors", engine.directors, found["directors"])]
    board = position.charter.board
    if board is None:
        groups = {"all": engine.groups[0]}
    else:
        rows.append(("shift", engine.shift, found["voting_shift"]))
        rows.append(("shift", voting.in_voting_shift(position, readings, elected), found["voting_shift"]))
        names = ("senior", "series", "common") if engine.shift else ("series", "all")
        groups = dict(zip(names, engine.groups, strict=True))
    for group in ("senior", "series", "common", "all"):
        own = groups.get(group)
        if f"seats_{group}" in found:
            rows.append((group, own.seats if own else 0, found[f"seats_{group}"]))
        if own:
            filling = {name for name in forms.classes(position.charter) if found[f"fills_{group}_{name}"]}
            rows.append((f"electors {group}", set(own.electors), filling))
    vacant = sum(amount for name, amount in found.items() if name.startswith("vacant_"))
    rows.append(("vacant", engine.vacant, vacant))
    rows.append(("all seats", engine.directors, sum(a for name, a in found.items() if name.startswith("seats_"))))
    return [f"{what}: {mine} and {closed}" for what, mine, closed in rows if mine != closed]


def motion_differences(
    position: Position,
    readings: Readings,
    in_favour: Collection[str],
    class_votes: tuple[tuple[str, ...], ...] = (),
    elected: bool = False,
) -> list[str]:
    """List where engine and closed form differ on a motion."""
    engine = voting.motion(position, readings, in_favour, class_votes, elected)
    account = motion_account(case_of(position, readings, elected=elected), len(HOLDERS), class_votes)
    found = evaluate_all(account, values(position, in_favour))
    rows: list[tuple[str, object, object]] = [("passes", engine.passes, found["motion_passes"])]
    for name, tally in zip(("all", *("".join(names) for names in class_votes)), engine.tallies, strict=True):
        rows.append((f"whole {name}", tally.whole, found[f"whole_{name}"]))
        rows.append((f"obtained {name}", tally.obtained, found[f"obtained_{name}"]))
        rows.append((f"needed {name}", tally.needed, found[f"needed_{name}"]))
        rows.append((f"passes {name}", tally.passes, found[f"passes_{name}"]))
    return [f"{what}: {mine} and {closed}" for what, mine, closed in rows if mine != closed]


# Rounding


@pytest.mark.parametrize("half", Half)
def test_rounding_is_that_of_the_engine_and_meets_its_description(half: Half) -> None:
    for eighths in range(-40, 60):
        quantity = Fraction(eighths, 8)
        rounded = rounding.nearest(quantity, half)
        assert evaluate(nearest(X, half), {"x": quantity}) == rounded
        described = is_nearest(WHOLE, X, half)
        assert [n for n in range(rounded - 2, rounded + 3) if holds(described, {"x": quantity, "m": n})] == [rounded]


# Votes


@given(strategies.held_positions(strategies.FAMILY), strategies.readings(*READINGS), st.booleans())
def test_votes_of_a_made_up_charter(position: Position, readings: Readings, elected: bool) -> None:
    assert vote_differences(position, readings, elected) == []


@given(st.data(), strategies.readings(*READINGS), st.booleans())
def test_votes(quintus: Charter, data: st.DataObject, readings: Readings, elected: bool) -> None:
    position = data.draw(strategies.held_positions(quintus))
    assert vote_differences(position, readings, elected) == []


@pytest.mark.parametrize(("votes", "half"), list(product(Votes, Half)))
def test_votes_of_every_small_count(quintus: Charter, votes: Votes, half: Half) -> None:
    readings = Readings(votes=votes, half=half)
    for shares, ratio in product(range(5), ("1/2", "1", "3/2", "7/20", "5/4")):
        prices = {"A": 1 / Fraction(ratio)}
        assert vote_differences(Position(quintus, {"A": shares, COMMON: 1}, prices), readings) == []


# Seats


@given(st.data(), strategies.readings(*READINGS), st.integers(1, 30), st.booleans())
def test_seats(quintus: Charter, data: st.DataObject, readings: Readings, directors: int, elected: bool) -> None:
    position = data.draw(strategies.positions(quintus))
    common = data.draw(st.sampled_from((position.common, 10 * position.common, 0)))
    position = replace(position, shares={**position.shares, COMMON: common})
    assert seat_differences(position, readings, directors, elected) == []


@pytest.mark.parametrize("half", Half)
def test_seats_of_every_board(quintus: Charter, half: Half) -> None:
    shifted = Position(quintus, {"B": 1, "C": 1, COMMON: 28})
    settled = Position(quintus, {"B": 1, "C": 1, COMMON: 27})
    for directors in range(1, 26):
        assert seat_differences(shifted, Readings(half=half), directors) == []
        assert seat_differences(settled, Readings(half=half), directors) == []


def few(charter: Charter) -> Iterator[Position]:
    """Yield tables around the tie of votes, with and without the classes that have seats."""
    for b, c, f in product((0, 1), repeat=3):
        for common in (0, 1, 13, 14, 15, 28, 42, 43):
            yield Position(charter, {"B": b, "C": c, "F": f, COMMON: common})


@pytest.mark.parametrize(("test", "vacant"), list(product(ShiftTest, VacantSeats)))
def test_shifts_around_the_tie(quintus: Charter, test: ShiftTest, vacant: VacantSeats) -> None:
    readings = Readings(shift_test=test, vacant_seats=vacant)
    for position in few(quintus):
        assert seat_differences(position, readings, 8) == []


def test_votes_that_round_to_zero(quintus: Charter) -> None:
    prices = {"F": Fraction(33)}
    for vacant in VacantSeats:
        position = Position(quintus, {"F": 1}, prices)
        assert seat_differences(position, Readings(vacant_seats=vacant), 5) == []


def test_seats_without_a_board() -> None:
    for senior, common, vacant in product((0, 2), (0, 3), VacantSeats):
        position = Position(FAMILY, {"Senior": senior, COMMON: common})
        assert seat_differences(position, Readings(vacant_seats=vacant), 4) == []


@pytest.mark.parametrize("seats", [0, 2, 9])
def test_another_number_of_own_seats(quintus: Charter, seats: int) -> None:
    board = quintus.board
    assert board is not None
    own = replace(board.series_seat, seats=Quantity(seats, "5(b)"))
    other = replace(quintus, board=replace(board, series_seat=own))
    for common, directors in product((1, 99), (1, 5, 6, 8, 20)):
        assert seat_differences(Position(other, {"B": 1, "C": 1, COMMON: common}), Readings(), directors) == []


# Motions

CLASS_VOTES: Sequence[tuple[tuple[str, ...], ...]] = ((), (("A", "B"),), (("C",), (COMMON,)))


@given(
    st.data(),
    strategies.readings("votes", "half", "ad_as_converted"),
    st.sets(st.sampled_from(HOLDERS)),
    st.sampled_from(CLASS_VOTES),
)
def test_motions(
    quintus: Charter,
    data: st.DataObject,
    readings: Readings,
    in_favour: set[str],
    class_votes: tuple[tuple[str, ...], ...],
) -> None:
    position = data.draw(strategies.held_positions(quintus))
    assert motion_differences(position, readings, in_favour, class_votes) == []


def test_motions_at_exactly_half(quintus: Charter) -> None:
    for ann, bob, more in product(range(4), range(4), range(3)):
        holdings = (Holding("ann", COMMON, ann), Holding("bob", COMMON, bob))
        position = Position(quintus, {COMMON: ann + bob + more}, holdings=holdings)
        for in_favour in ((), ("ann",), ("bob",), HOLDERS):
            assert motion_differences(position, Readings(), in_favour, ((COMMON,), ("A",))) == []


# The check is itself checked


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    found: list[str] = []
    waiting = AdAsConverted.ONLY_IF_ELECTED
    plain = Position(
        charter, {"A": 3, "B": 1, "C": 1, "E": 2, COMMON: 9}, {"A": Fraction(2, 3), "E": Fraction(166, 100)}
    )
    for readings in (Readings(), Readings(half=Half.EVEN), Readings(ad_as_converted=waiting)):
        found += vote_differences(plain, readings)
        for position in few(charter):
            found += seat_differences(position, readings, 6) + seat_differences(position, readings, 8)
    half = Position(charter, {COMMON: 4}, holdings=(Holding("ann", COMMON, 2),))
    for in_favour in ((), ("ann",)):
        found += motion_differences(half, Readings(), in_favour, (("A",),))
    return found


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def per_share_rounding(readings: Readings, series: Series, shares: Number, ratio: Number) -> Number:
    """Round the Common of each share, not of all of them."""
    return shares * rounding.nearest(ratio, readings.half) * series.votes_per_as_converted_share.value


def tie_is_enough(position: Position, readings: Readings, elected: bool = False) -> bool:
    """Let the Preferred elect everybody with half of the votes."""
    powers = voting.voting_powers(position, readings, elected)
    return any(position.shares.get(name, 0) for name in "ABCDEF") and powers.preferred < powers.common


def never_ends(position: Position, readings: Readings, elected: bool = False) -> bool:
    """Let a Voting Shift Period run though no Preferred is left."""
    powers = voting.voting_powers(position, readings, elected)
    return powers.preferred <= powers.common


def truncated(quantity: Number, _: Half) -> int:
    """Drop the fraction."""
    return quantity.__floor__()


class Lenient(voting.Tally):
    """Let half of the votes pass."""

    @property
    def passes(self) -> bool:
        """Say whether at least half was obtained."""
        return 2 * self.obtained >= self.whole


def always_convertible(position: Position, readings: Readings, series: Series, elected: bool = False) -> Number:
    """Count the class that elects as converted before its election."""
    return conversion_ratio(position, readings, series)


TAMPERS = {
    "each share rounded by itself": ("votes_of_shares", per_share_rounding),
    "a tie of votes is enough to elect all": ("in_voting_shift", tie_is_enough),
    "a shift that never ends": ("in_voting_shift", never_ends),
    "seats rounded down": ("nearest", truncated),
    "half of the votes as a majority": ("Tally", Lenient),
    "votes before the election": ("as_converted_ratio", always_convertible),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(voting, name)
    monkeypatch.setattr(voting, name, replacement)
    assert fixed_questions(quintus) != []
