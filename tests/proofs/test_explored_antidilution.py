"""The conversion-price adjustments run on unknown amounts: every path is found, and the formula holds on each.

The structure (which events, which series) is fixed; counts, prices and consideration are unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import z3

from proofs.explorer import Explored, Unknown, explore
from proofs.solver import BUDGET, ask
from reference.additional_stock import IssueFacts, Purpose, Warrant, classify
from reference.antidilution import (
    Outstanding,
    PriceState,
    averaging_base,
    change_rights,
    exercise_rights,
    expire_rights,
    issue,
    issue_rights,
    opening,
    pass_time,
    split,
    stock_dividend,
)
from reference.charter import Charter
from reference.conversion_price import (
    Carried,
    SeriesPrice,
    averaged,
    held_or_made,
    made,
    made_good,
    scaled,
    trigger_price,
    weighted_average,
)
from reference.readings import (
    CentComposition,
    CentTest,
    CpRound,
    Readings,
    Replay,
    StockDividendBase,
    Switch,
    Vesting,
    WeightedAverageBase,
)
from reference.refusal import Forbidden
from tests.proofs.toys import exact

DEFAULT = Readings()
START = date(2000, 1, 1)
LATER = date(2000, 6, 1)
LAST = date(2001, 6, 1)
CENT = Fraction(1, 100)
E = ("E",)

Inputs = Mapping[str, Any]


def searched(
    function: Callable[[Inputs], Mapping[str, Any]],
    names: str | Sequence[Unknown],
    hypotheses: Sequence[Any],
    *seeds: Mapping[str, Fraction],
) -> Explored:
    """Explore a function; what is forbidden becomes an output. Assert that the search found every path."""

    def told(inputs: Inputs) -> Mapping[str, Any]:
        try:
            return function(inputs)
        except Forbidden as refused:
            return {"refused": refused.code}

    unknowns = [Unknown(name) for name in names.split()] if isinstance(names, str) else names
    found = explore("explored", told, unknowns, hypotheses, seeds)
    assert found.paths
    assert found.undecided == []
    assert [path.raised for path in found.paths if path.raised] == []
    return found


def refusals(found: Explored) -> set[str]:
    """Return what was refused on any path."""
    return {path.structure["refused"] for path in found.paths if "refused" in path.structure}


def proved(found: Explored, claim: Callable[[Mapping[str, Any]], Any]) -> None:
    """Assert that a claim about the outcome holds for all inputs of every path that is not refused."""
    for path in found.paths:
        if "refused" not in path.structure:
            negated = z3.Not(claim(path.outcome))
            assert ask([*found.hypotheses, *path.constraints, negated], BUDGET).status == "unsat"


def variables(names: str) -> list[Any]:
    """Return the solver's variables of some names."""
    return [z3.Real(name) for name in names.split()]


P, N, NEW, PAID = variables("P N n paid")
ISSUE = "P N n paid"
VALID = [P > 0, N >= 0, NEW > 0, PAID >= 0]


def start(charter: Charter, inputs: Inputs, readings: Readings = DEFAULT) -> PriceState:
    """Return the opening state with E at an unknown price."""
    return opening(charter, readings, START, {"E": inputs["P"]})


# One price


def test_the_weighted_average() -> None:
    found = searched(
        lambda i: {"r": weighted_average(i["P"], i["N"], i["n"], i["paid"])},
        ISSUE,
        VALID,
        exact(P=4, N=10, n=1, paid=1),
    )
    assert refusals(found) == set()
    proved(found, lambda r: r["r"] * (N + NEW) == P * N + PAID)


def test_the_weighted_average_of_anything() -> None:
    found = searched(
        lambda i: {"r": weighted_average(i["P"], i["N"], i["n"], i["paid"])}, ISSUE, [], exact(P=4, N=10, n=1, paid=1)
    )
    assert refusals(found) == {"no_shares"}


X, Y, TARGET = variables("official exact target")


@pytest.mark.parametrize("test", CentTest)
@pytest.mark.parametrize("composition", CentComposition)
def test_an_adjustment_of_one_price(test: CentTest, composition: CentComposition) -> None:
    readings = Readings(cent_test=test, cent_composition=composition)

    def function(i: Inputs) -> Mapping[str, Any]:
        price = SeriesPrice(i["official"], i["exact"], (Carried(START, i["official"] - i["exact"]),))
        target = averaged(price, i["N"], i["n"], Fraction(0), readings)
        new = held_or_made(price, target, LATER, CENT, readings)
        held = sum(item.amount for item in new.carried)
        return {"official": new.official, "exact": new.exact, "held": held, "trigger": trigger_price(price, readings)}

    found = searched(
        function, "official exact N n", [Y > 0, Y <= X, Y + z3.Q(1, 100) > X, N > 0, NEW > 0],
        exact(official=4, exact=4, N=10, n=1), exact(official=4, exact="3.995", N=100000, n=1),
    )  # fmt: skip
    assert refusals(found) == (set() if composition is CentComposition.SHADOW else {"price_not_positive"})
    proved(found, lambda r: z3.And(r["official"] <= X, r["exact"] <= Y, r["official"] - r["exact"] == r["held"]))
    if test is CentTest.CUMULATIVE:
        proved(found, lambda r: z3.And(r["official"] - r["exact"] >= 0, r["official"] - r["exact"] < z3.Q(1, 100)))


def test_a_restated_price() -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        price = SeriesPrice(i["official"], i["official"])
        new = held_or_made(price, i["target"], LATER, CENT, DEFAULT)
        return {"official": new.official, "exact": new.exact}

    found = searched(function, "official target", [X > 0], exact(official=4, target=5), exact(official=4, target=4))
    assert refusals(found) == {"price_not_positive"}
    proved(found, lambda r: r["exact"] == TARGET)
    proved(
        found,
        lambda r: z3.Or(r["official"] == TARGET, z3.And(r["official"] == X, X - TARGET < CENTS, TARGET - X < CENTS)),
    )


CENTS = z3.Q(1, 100)


def test_a_rounded_price() -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        return {"r": made(SeriesPrice(i["P"], i["P"]), i["target"], (), Readings(cp_round=CpRound.CENT)).official}

    found = searched(function, "P target", [P > 0, P < 1, TARGET <= P, TARGET > 0], exact(P="0.9", target="0.5"))
    assert refusals(found) <= {"price_not_positive"}
    proved(found, lambda r: z3.And(r["r"] <= P, r["r"] - TARGET <= CENTS / 2, TARGET - r["r"] <= CENTS / 2))


(FACTOR,) = variables("k")


@pytest.mark.parametrize("scope", Switch)
def test_a_scaled_price_and_a_made_good_one(scope: Switch) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        price = SeriesPrice(i["official"], i["exact"], (Carried(START, i["official"] - i["exact"]),))
        new = scaled(price, i["k"], LATER, CENT, Readings(cent_scope=scope))
        return {"exact": new.exact, "official": new.official, "good": made_good(price, DEFAULT).official}

    found = searched(
        function, "official exact k", [Y > 0, Y <= X, FACTOR > 0],
        exact(official=4, exact=4, k=2), exact(official=4, exact="3.995", k="1.0001"),
    )  # fmt: skip
    assert refusals(found) == set()
    proved(found, lambda r: z3.And(r["exact"] * FACTOR == Y, r["good"] == Y))
    if scope is Switch.NO:
        proved(found, lambda r: r["official"] * FACTOR == X)


# The fold


def test_one_issue(quintus: Charter) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        state = issue(start(quintus, i), LATER, i["n"], i["paid"], E, Outstanding(i["N"]))
        return {"official": state.official["E"], "exact": state.prices["E"].exact, "A": state.official["A"]}

    found = searched(function, ISSUE, VALID, exact(P=4, N=10, n=1, paid=1), exact(P=4, N=10**6, n=1, paid=1))
    assert refusals(found) == {"price_not_positive"}  # the first share ever, for nothing
    proved(found, lambda r: z3.Implies(PAID < P * NEW, r["exact"] * (N + NEW) == P * N + PAID))
    proved(found, lambda r: z3.Implies(PAID >= P * NEW, r["exact"] == P))
    proved(found, lambda r: z3.And(r["exact"] <= r["official"], r["official"] - r["exact"] < CENTS, r["official"] > 0))
    proved(found, lambda r: r["A"] == 1)


def test_an_issue_that_cannot_be(quintus: Charter) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        return {"r": issue(start(quintus, i), LATER, i["n"], i["paid"], E, Outstanding(5)).official["E"]}

    found = searched(function, "P n paid", [], exact(P=4, n=1, paid=1))
    assert refusals(found) == {"bad_issue", "price_not_positive"}


def test_the_base_of_an_issue(quintus: Charter) -> None:
    for base in WeightedAverageBase:
        state_readings = Readings(weighted_average_base=base)

        def function(i: Inputs, readings: Readings = state_readings) -> Mapping[str, Any]:
            return {
                "r": averaging_base(start(quintus, i, readings), Outstanding(i["N"], {"E": i["n"], "A": 2}, options=3))
            }

        found = searched(function, "P N n", VALID[:3], exact(P=4, N=10, n=1))
        pref = {WeightedAverageBase.COMMON_ONLY: 0}.get(base, 2 + z3.Q(415, 100) * NEW / P)
        more = 3 if base is WeightedAverageBase.PLUS_ALL_OPTIONS else 0
        proved(found, lambda r, pref=pref, more=more: r["r"] == N + pref + more)


def test_two_issues_of_one_day(quintus: Charter) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        state = issue(start(quintus, i), LATER, i["n"], i["n"], E, Outstanding(100))
        state = issue(state, LATER, 2, Fraction(2), E, Outstanding(100 + i["n"]))
        return {"r": state.prices["E"].exact}

    found = searched(function, "P n", [P > 1, NEW > 0], exact(P=4, n=1))
    proved(found, lambda r: r["r"] * (102 + NEW) == P * 100 + NEW + 2)


PRICE, HELD, USED = variables("price m used")


@pytest.mark.parametrize("replay", Replay)
def test_rights_that_lapse(quintus: Charter, replay: Replay) -> None:
    readings = Readings(replay=replay)

    def function(i: Inputs) -> Mapping[str, Any]:
        common = Outstanding(100)
        state = issue_rights(start(quintus, {"P": Fraction(4)}, readings), START, "r", i["m"], i["price"], E, common)
        granted = state.prices["E"].exact
        state = exercise_rights(state, LATER, "r", i["used"], i["used"] * i["price"])
        lapsed = expire_rights(state, LAST, "r").prices["E"].exact
        return {"granted": granted, "lapsed": lapsed}

    found = searched(
        function, "price m used", [PRICE >= 0, PRICE < 4, HELD > 0, USED >= 0, USED <= HELD],
        exact(price=1, m=10, used=3), exact(price=1, m=10, used=0), exact(price=1, m=10, used=10),
    )  # fmt: skip
    assert refusals(found) == set()
    proved(found, lambda r: r["granted"] * (100 + HELD) == 400 + HELD * PRICE)
    if replay in (Replay.FULL, Replay.RATIO, Replay.ADDITIVE):
        proved(found, lambda r: r["lapsed"] * (100 + USED) == 400 + USED * PRICE)
    else:
        proved(found, lambda r: r["lapsed"] == r["granted"])


@pytest.mark.parametrize("vesting", Vesting)
def test_rights_that_vest(quintus: Charter, vesting: Vesting) -> None:
    readings = Readings(vesting=vesting, weighted_average_base=WeightedAverageBase.PLUS_DEEMED)

    def function(i: Inputs) -> Mapping[str, Any]:
        common = Outstanding(100)
        state = opening(quintus, readings, START)
        state = issue_rights(state, START, "r", i["m"], Fraction(1), E, common, i["used"], Fraction(0))
        return {"r": change_rights(state, LATER, "r", common, exercisable=i["m"]).prices["E"].exact}

    found = searched(
        function,
        "m used",
        [HELD > 0, USED >= 0, USED <= HELD],
        exact(m=10, used=3),
        exact(m=10, used=10),
        exact(m=10, used=0),
    )
    assert refusals(found) == set()
    counted = USED if vesting is Vesting.IGNORE_LATER else HELD
    # With the base growing by what is deemed issued, tranches come to the same as the whole (TH-AD-35).
    proved(found, lambda r: r["r"] * (100 + counted) == 415 + counted)


def test_figures_of_rights_that_cannot_be(quintus: Charter) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        common = Outstanding(100)
        state = issue_rights(opening(quintus, DEFAULT, START), START, "r", 10, i["price"], E, common, i["m"])
        state = exercise_rights(state, LATER, "r", i["used"], Fraction(0))
        return {"r": state.rights["r"].exercisable}

    found = searched(function, "price m used", [], exact(price=1, m=5, used=1))
    assert refusals(found) == {"bad_rights", "not_exercisable"}
    proved(found, lambda r: r["r"] == HELD - USED)


def test_a_split_and_a_dividend(quintus: Charter) -> None:
    for base in StockDividendBase:
        dividend_readings = Readings(stock_dividend_base=base)

        def function(i: Inputs, readings: Readings = dividend_readings) -> Mapping[str, Any]:
            state = split(start(quintus, i, readings), LATER, i["k"])
            state = stock_dividend(state, LAST, i["n"], Outstanding(i["N"], {"E": 0}))
            return {"r": state.official["E"], "scale": state.prices["E"].scale}

        found = searched(
            function, "P N n k", [P > 0, NEW >= 0, N >= 0], exact(P=4, N=10, n=1, k=2), exact(P=4, N=10, n=1, k="0.5")
        )
        assert refusals(found) == {"bad_split", "bad_dividend"}
        proved(found, lambda r: z3.And(r["r"] * FACTOR * (N + NEW) == P * N, r["r"] * r["scale"] == P))


def test_what_is_carried_is_made_good(quintus: Charter) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        state = issue(start(quintus, i), START, i["n"], i["paid"], E, Outstanding(i["N"]))
        return {"r": pass_time(state, date(2003, 1, 1)).official["E"], "exact": state.prices["E"].exact}

    found = searched(function, ISSUE, [*VALID[:1], N > 0, *VALID[2:]], exact(P=4, N=10**6, n=1, paid=1))
    assert refusals(found) == set()
    proved(found, lambda r: r["r"] == r["exact"])


def test_how_much_of_a_warrant_counts(quintus: Charter) -> None:
    facts = IssueFacts(Purpose.WARRANT)

    def function(i: Inputs) -> Mapping[str, Any]:
        own = IssueFacts(facts.purpose, warrant=Warrant(date(1996, 4, 17), used=i["used"]))
        return {"r": classify(quintus, DEFAULT, own, START, i["n"]).shares}

    found = searched(function, "n used", [NEW > 0, USED >= 0], exact(n=1, used=0), exact(n=6000, used=6000))
    assert refusals(found) == set()
    proved(found, lambda r: z3.Implies(NEW + USED <= 5000, r["r"] == 0))
    proved(found, lambda r: z3.Implies(z3.And(USED <= 5000, NEW + USED > 5000), r["r"] == NEW + USED - 5000))
    proved(found, lambda r: z3.Implies(USED > 5000, r["r"] == NEW))


def test_a_wrong_claim_is_not_proved(quintus: Charter) -> None:
    found = searched(
        lambda i: {"r": weighted_average(i["P"], i["N"], i["n"], i["paid"])},
        ISSUE,
        VALID,
        exact(P=4, N=10, n=1, paid=1),
    )
    with pytest.raises(AssertionError):
        proved(found, lambda r: r["r"] <= P)
