"""The question `breakpoints`: where the sharing changes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.cases import ask, case, changed


def levels(common: int = 10_000_000, **asked: Any) -> list[dict[str, Any]]:
    reply = ask(case(common=common) | {"ask": {"question": "breakpoints", **asked}})
    assert reply["status"] == "answered", reply
    assert len(reply["because"]) == len(reply["answer"]["breakpoints"])
    found: list[dict[str, Any]] = reply["answer"]["breakpoints"]
    return found


def test_the_levels_of_the_equilibrium() -> None:
    # By hand from IV.B.2: preferences 12,375,000 and 32,711,250; then 14.5M, 13M and 10M shares share.
    assert [(p["assets"], p["event"], p["classes"], p["clause"]) for p in levels()] == [
        ("12375000", "rank_paid", ["F"], "2(a)"),
        ("45086250", "rank_paid", ["A", "B", "C", "D", "E"], "2(a)"),
        ("104898750", "cap", ["F"], "2(b)"),
        ("132198750", "cap", ["E"], "2(b)"),
        ("173698750", "conversion", ["E"], "3(a)"),
        ("199698750", "conversion", ["F"], "3(a)"),
    ]


def test_the_levels_as_held_end_with_the_caps() -> None:
    assert [p["event"] for p in levels(conversions="as_held")] == ["rank_paid", "rank_paid", "cap", "cap"]


def test_an_election_puts_cash_amounts_first_and_warns() -> None:
    document = case() | {"ask": {"question": "breakpoints", "elect": True}}
    reply = ask(document)
    first = reply["answer"]["breakpoints"][0]
    assert (first["assets"], first["clause"]) == ("18739020", "3(c)")
    assert "AMB-23" in " ".join(reply["notes"])


def test_the_double_dip_shares_again_after_the_caps() -> None:
    document = changed(case(), "readings.ef_conversion", "double_dip") | {"ask": {"question": "breakpoints"}}
    assert [p["event"] for p in ask(document)["answer"]["breakpoints"]][-1] == "tail"


@pytest.mark.parametrize("choice", ["equilibrium", "as_held", {"F": True}])
@pytest.mark.parametrize("elect", [False, True])
def test_the_payments_are_those_of_the_liquidation_there(choice: object, elect: bool) -> None:
    for point in levels(conversions=choice, elect=elect):
        found = ask(case(point["assets"], conversions=choice, elect=elect))["answer"]["by_class"]
        assert point["per_share"] == {name: amounts["per_share"] for name, amounts in found.items()}


def test_the_levels_ascend() -> None:
    assets = [Fraction(p["assets"]) for p in levels(elect=True)]
    assert assets == sorted(assets)


def test_classes_without_shares_are_not_named() -> None:
    document = case() | {"ask": {"question": "breakpoints"}}
    document["position"]["holdings"] = [h for h in document["position"]["holdings"] if h["class"] in ("A", "common")]
    (only,) = ask(document)["answer"]["breakpoints"]
    assert (only["assets"], only["classes"]) == ("9100000", ["A"])


def test_nothing_outstanding_has_no_levels() -> None:
    document = changed(case(), "position.holdings", []) | {"ask": {"question": "breakpoints"}}
    assert ask(document)["answer"]["breakpoints"] == []


def test_rights_are_named_where_they_are_exercised_and_their_class_elsewhere() -> None:
    # By hand from IV.B.2: the rights over F are exercised when a share has 9, having 8.25 before.
    rights = [("w", "common", 50, "1"), ("f", "F", 50, "9"), ("e", "E", 20, "2")]
    document = changed(case(), "readings.exercise", "in_the_money_equilibrium") | {
        "events": [
            {"on": "1999-09-01", "do": "issue_rights", "rights": name, "class": own, "shares": n, "exercise_price": at}
            for name, own, n, at in rights
        ],
        "ask": {"question": "breakpoints"},
    }
    document["position"]["holdings"] = [
        {"holder": "e", "class": "E", "shares": 100},
        {"holder": "c", "class": "common", "shares": 900},
    ]
    found = [(p["event"], p["classes"]) for p in ask(document)["answer"]["breakpoints"]]
    assert all(classes for _, classes in found)
    assert found[:4] == [("exercise", ["e"]), ("rank_paid", ["E"]), ("exercise", ["f"]), ("exercise", ["w"])]
    assert {name for event, classes in found[4:] for name in classes} == {"E", "F"}
    assert len({(event, *classes) for event, classes in found}) == len(found)
