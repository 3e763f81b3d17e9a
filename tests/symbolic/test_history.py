"""The forms of what has become of a cap table: against steps, and by worked examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from reference.readings import AdElection, Readings
from symbolic import history as forms
from symbolic.algebra import ONE, number
from symbolic.dividends import Accrual
from symbolic.evaluate import evaluate, evaluate_each, holds
from tests import strategies

Number = Fraction | int


def values(start: Mapping[str, Number], **by_event: Sequence[Number]) -> dict[str, Number]:
    """Number the values of each event from one."""
    listed = {f"{stem}_{at}": value for stem, own in by_event.items() for at, value in enumerate(own, start=1)}
    return {**start, **listed}


events = st.lists(st.tuples(strategies.amounts(5), strategies.amounts(9)), max_size=6)


@given(strategies.amounts(), events)
def test_one_sum_is_what_the_steps_come_to(start: Fraction, steps: list[tuple[Fraction, Fraction]]) -> None:
    amount = start
    for factor, added in steps:
        amount = amount * factor + added
    times, adds = ([number(step[place]) for step in steps] for place in (0, 1))
    assert evaluate(forms.in_the_end(number(start), times, adds), {}) == amount


def test_nothing_happened() -> None:
    assert forms.in_the_end(ONE, [], []) == ONE
    assert evaluate(forms.held(0), {"held_0": 7}) == 7
    assert evaluate(forms.outstanding(0), {}) == 0


def test_shares_before_a_split_are_multiplied_and_later_ones_not() -> None:
    # 10 and 5 more, two for one, 4 given away.
    happened = values({"held_0": 10}, gained=[5, 0, 0], lost=[0, 0, 4], ratio=[1, 2, 1])
    assert evaluate(forms.held(3), happened) == 26
    assert evaluate(forms.split(3), {**happened, "split_0": Fraction(1, 2)}) == 1


@pytest.mark.parametrize(
    ("shares", "paid", "owed"),
    # 0.20 before and 0.10 declared, two for one, 0.05 paid: as long as there are shares throughout.
    [
        ([5, 5, 10, 10], "0.05", "0.10"),
        ([0, 5, 10, 10], "0.05", "0"),
        ([5, 5, 10, 0], "0", "0"),
        ([5, 0, 0, 9], "0", "0"),
    ],
)
def test_dividends_are_owed_on_shares_that_there_are(shares: list[int], paid: str, owed: str) -> None:
    happened = values({"unpaid_0": Fraction("0.20")}, declared=[Fraction("0.10"), 0, 0], settled=[0, 0, Fraction(paid)])
    happened |= values({}, ratio=[1, 2, 1], n=shares)
    assert evaluate(forms.unpaid(3), happened) == Fraction(owed)


def test_terms_given_anew_replace_the_old_ones() -> None:
    # 100 granted, 10 exercised, three for one; then 50 instead of 270, and 20 of them exercised.
    happened = values({}, anew=[100, 0, 0, 50, 0], kept=[0, 1, 1, 0, 1], used=[0, 10, 0, 0, 20], ratio=[1, 1, 3, 1, 1])
    assert evaluate(forms.term(3), happened) == 270
    assert evaluate(forms.term(5), happened) == 30
    assert evaluate(forms.exercised(5), happened) == 50
    price = values({}, anew=[6, 0, 0], kept=[0, 1, 1], ratio=[1, 3, Fraction(1, 2)])
    assert evaluate(forms.exercise_price(3), price) == 4


def test_what_is_undeclared() -> None:
    y, z, year, ever = (sympy.Symbol(name, real=True) for name in ("y", "z", "year", "ever"))
    left = forms.undeclared(Accrual(y, z), year, ever)
    cases = {
        (3, 8, 1, 2): (2, 6),
        # More was declared than has accrued; and more in other years, which leaves the current year's.
        (3, 8, 5, 9): (0, 0),
        (3, 8, 1, 9): (2, 2),
    }
    for (current, since, in_year, all_of_it), found in cases.items():
        known = {"y": current, "z": since, "year": in_year, "ever": all_of_it}
        assert evaluate_each((left.current_year, left.since_issue), known) == found


def test_the_earliest_issue_is_the_purchase_date() -> None:
    assert evaluate(forms.first_issued(0), {"bought_0": 9}) == 9
    assert evaluate(forms.first_issued(2), {"bought_0": 9, "issued_1": 7, "issued_2": 8}) == 7


def test_an_election_frees_under_one_reading_only() -> None:
    frees = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL)
    for carried, freed in (([0, 0], False), ([0, 1], True), ([1, 0], True)):
        assert holds(forms.elected(frees, 2), values({}, carried=carried)) is freed
    assert forms.elected(Readings(), 2) == sympy.false


@pytest.mark.parametrize(
    ("opening", "ratios", "combined"),
    [("1", "2 1/2", "1/2"), ("1", "1/2 2", "1/2"), ("1/3", "3 1/2", "1/6"), ("3", "2 5", "1"), ("2", "1/4 1/2", "1/8")],
)
def test_what_combinations_alone_did(opening: str, ratios: str, combined: str) -> None:
    given = values({"combined_0": Fraction(opening)}, ratio=[Fraction(ratio) for ratio in ratios.split()])
    assert evaluate(forms.combined(2), given) == Fraction(combined)


def test_sums() -> None:
    assert evaluate(forms.debt(2), values({}, owed=[5, 2], repaid=[0, 3])) == 4
    assert evaluate(forms.converted(3), values({}, converts=[1, 0, 2], ratio=[1, 1, 1])) == 3
    # A share that converted before a 2:1 split of its series counts as the two that it would have become.
    assert evaluate(forms.converted(3), values({}, converts=[1, 0, 2], ratio=[1, 2, 1])) == 4
    assert evaluate(forms.options(2), values({}, under=[10, 4], each=[1, Fraction(3, 2)])) == 16
    assert evaluate(forms.declared_so_far(2), values({}, declared=[4, 1], ratio=[1, 2])) == 3
    assert evaluate(forms.as_of(2), values({"on_0": 5}, on=[3, 4])) == 5
