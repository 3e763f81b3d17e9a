"""Rights and cents in a liquidation: the readings of AMB-32b and AMB-96."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.cases import ask, case

WARRANTS = {"on": "1999-09-01", "do": "issue_rights", "rights": "w", "shares": 300000, "exercise_price": "4"}


def answered(document: dict[str, Any]) -> dict[str, Any]:
    found = ask(document)
    assert found["status"] == "answered", found
    return found


@pytest.mark.parametrize(("assets", "exercised"), [("50000000", False), ("150000000", True)])
def test_rights_in_the_money_are_exercised_if_the_reading_says_so(assets: str, exercised: bool) -> None:
    document = {**case(assets), "events": [WARRANTS]}
    given = answered(document)["answer"]
    assert "rights w" not in given["by_holder"]
    reading = {"exercise": "in_the_money_equilibrium"}
    found = answered({**document, "readings": reading})
    assert ("rights w" in found["answer"]["by_holder"]) == exercised
    assert [step["step"] for step in found["because"]].count("exercise") == exercised
    received = 1_200_000 if exercised else 0
    assert Fraction(found["answer"]["distributed"]) == Fraction(assets) + received
    if exercised:
        level = Fraction(found["answer"]["per_common_share"])
        assert 4 < level < Fraction(given["per_common_share"])
        # The holder pays 4 for each share and has the rest; the class has all of it (AMB-147).
        assert Fraction(found["answer"]["by_holder"]["rights w"]) == 300000 * (level - 4)
        assert found["answer"]["exercised"]["w"]["class"] == "common"
        assert Fraction(found["answer"]["exercised"]["w"]["gross"]) == 300000 * level


def test_without_rights_the_reading_changes_nothing() -> None:
    readings = {"exercise": "in_the_money_equilibrium"}
    assert answered({**case(), "readings": readings})["answer"] == answered(case())["answer"]


def test_payments_are_rounded_down_to_cents_if_the_reading_says_so() -> None:
    exact = answered(case())["answer"]
    found = answered({**case(), "readings": {"cents": "round_down_residual"}})["answer"]
    assert exact["residual"] == "0"
    lost = Fraction(0)
    for name, amount in exact["by_holder"].items():
        paid = Fraction(found["by_holder"][name])
        assert (paid * 100).denominator == 1
        assert 0 <= Fraction(amount) - paid < Fraction(1, 100)
        lost += Fraction(amount) - paid
    assert 0 < lost == Fraction(found["residual"])
    assert found["by_class"] == exact["by_class"]
