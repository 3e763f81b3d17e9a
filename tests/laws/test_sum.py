"""Sum and monotone: what is paid adds up to what there is, and more of it leaves nobody with less."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from tests.laws.kit import MANY, Document, ask, drawn_cases, reading, small_cases, under


def adds_up(case: Document) -> None:
    """What everybody gets adds up, by holder and by class, to what is distributed."""
    reply = ask(case)
    if reply["status"] == "answered":
        SUMS[case["ask"]["question"]](case["ask"], reply["answer"])


def _liquidation(asked: Document, found: Document) -> None:
    by_holder = _sum(found["by_holder"].values()) + _of(found["residual"])
    former = _sum(found.get("earlier_conversions", {}).values())
    classes = _sum(own["total"] for own in found["by_class"].values())
    rights = found.get("exercised", {}).values()
    paid_in = _sum(Fraction(own["shares"]) * Fraction(own["exercise_price"]) for own in rights)
    there = _of(asked["assets"]) + _sum(asked.get("noncash", []))
    assert by_holder + _of(found["undistributed"]) == there, (asked, found)
    assert classes + former == _of(found["distributed"]) == by_holder + paid_in, (asked, found)


def _dividend(asked: Document, found: Document) -> None:
    assert _sum(found["by_holder"].values()) == _of(found["distributed"]), (asked, found)
    assert _sum(own["total"] for own in found["by_class"].values()) == _of(found["distributed"]), (asked, found)
    for name in ("pool", "total"):
        if name in asked:
            assert _of(found["distributed"]) + _of(found["undistributed"]) == _of(asked[name]), (asked, found)


def _distribution(asked: Document, found: Document) -> None:
    if "units" in asked and found["as_converted"]:
        whole = _of(asked["units"]) - _of(found["undistributed"])
        assert _sum(found["by_holder"].values()) == whole, (asked, found)
        assert _sum(own["total"] for own in found["by_class"].values()) == whole, (asked, found)


def _cash_amounts(asked: Document, found: Document) -> None:
    for name in ("owed", "paid", "unpaid"):
        assert _sum(own[name] for own in found["claims"]) == _of(found[name]), (asked, found)
        assert _sum(own[name] for own in found["by_holder"].values()) == _of(found[name]), (asked, found)
    assert _of(found["paid"]) + _of(found["unpaid"]) == _of(found["owed"]), (asked, found)
    for own in found["funded"]:
        assert _sum(own["by_holder"].values()) + _of(own["excess"]) == _of(own["funds"]), (asked, found)
    if any(_of(own["excess"]) for own in found["funded"]):
        # Something is left over only where nobody is owed any more.
        assert _of(found["unpaid"]) == 0, (asked, found)


def _votes(asked: Document, found: Document) -> None:
    assert _sum(found["by_holder"].values()) == _of(found["total"]), (asked, found)
    assert _sum(found["by_class"].values()) == _of(found["total"]), (asked, found)


def _position(asked: Document, found: Document) -> None:
    for name, count in found["outstanding"].items():
        assert _sum(own.get(name, "0") for own in found["by_holder"].values()) == _of(count), (asked, name, found)


def _conversion(asked: Document, found: Document) -> None:
    each = found["by_holder"].values()
    assert _sum(own["common"] for own in each) == _of(found["common"]), (asked, found)
    cash = (amount for own in each for amount in own["cash_amounts"].values())
    assert _sum(cash) == _of(found["cash_amounts"]), (asked, found)


def _public_offering(asked: Document, found: Document) -> None:
    assert _sum(found["common_by_holder"].values()) == _of(found["common_converted"]), (asked, found)
    assert _sum(found["cash_by_holder"].values()) == _of(found["cash_amounts"]), (asked, found)


SUMS = {
    "liquidation": _liquidation,
    "dividend": _dividend,
    "distribution": _distribution,
    "cash_amounts": _cash_amounts,
    "votes": _votes,
    "position": _position,
    "conversion": _conversion,
    "public_offering": _public_offering,
}


def _of(amount: Any) -> Fraction:
    return Fraction(str(amount))


def _sum(amounts: Iterable[Any]) -> Fraction:
    return sum(map(_of, amounts), Fraction(0))


def more_for_all(case: Document) -> None:
    """With more assets nobody gets less (2).

    Holders choose by themselves, each series stopping at its own cap; an election in interest may turn, and so may
    what others choose where a debt outside of the assets is weighed (AMB-19, AMB-33, AMB-125).
    """
    if reading(case, "cap_mode", "individual") != "individual" or case["ask"].get("elect") == "in_interest":
        return
    case = under(case, cents="exact")
    if reading(case, "converted_dividends", "debt_from_assets") == "debt_outside":
        return
    asked = {name: value for name, value in case["ask"].items() if name not in ("noncash", "legally_available")}
    replies = [ask({**case, "ask": {**asked, "assets": assets}}) for assets in LEVELS]
    found = [reply["answer"]["by_holder"] for reply in replies if reply["status"] == "answered"]
    for less, more in pairwise(found):
        for name, amount in less.items():
            assert _of(more.get(name, "0")) >= _of(amount), (case, name, less, more)


LEVELS = ("0", "3", "8", "17", "31", "60", "90", "200", "1000")


@pytest.mark.parametrize("question", list(SUMS))
def test_payments_add_up(question: str) -> None:
    for case in (*drawn_cases(question, 80, seed=8), *small_cases(question, 23)):
        adds_up(case)


def test_more_assets_leave_nobody_with_less() -> None:
    for case in drawn_cases("liquidation", 60, seed=9):
        more_for_all(case)


@MANY
def test_sums_on_many_cases() -> None:
    for question in SUMS:
        for case in drawn_cases(question, 2000, seed=10):
            adds_up(case)
    for case in drawn_cases("liquidation", 1500, seed=11):
        more_for_all(case)
