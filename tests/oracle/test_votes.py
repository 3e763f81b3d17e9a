"""The question `votes`: votes by class and by holder, and motions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.cases import FULL, ask, changed
from tests.oracle.questions import Examples, answered, asked, check_options, held, notes, readings_of, refused

# Every authorised preferred share and 10,000,000 Common: ten votes a share of A, fourteen of the others (5(c)).
VOTES = {
    "common": "10000000",
    "A": "91000000",
    "B": "14000000",
    "C": "42000000",
    "D": "20370000",
    "E": "42000000",
    "F": "21000000",
}


def test_votes_of_full_issuance() -> None:
    found = answered(asked("votes"))
    assert found["by_class"] == VOTES
    assert found["by_holder"] == {"founder": "10000000"} | {f"holder {name}": VOTES[name] for name in FULL}
    assert found["total"] == "240370000"
    assert found["motion"] is None


@pytest.mark.parametrize(
    ("reading", "votes"), [("round_then_multiply", "50"), ("multiply_then_round", "45"), ("per_share", "30")]
)
def test_three_shares_at_one_and_a_half(reading: str, votes: str) -> None:
    position = held(("ann", "A", 3), conversion_prices={"A": "2/3"})
    assert answered(asked("votes", position, readings={"votes": reading}))["total"] == votes


def test_each_holder_is_rounded_by_itself() -> None:
    # A share converts into 1.4.
    apart = held(("ann", "A", 1), ("bob", "A", 1), conversion_prices={"A": "5/7"})
    assert answered(asked("votes", apart))["by_holder"] == {"ann": "10", "bob": "10"}
    assert answered(asked("votes", apart))["by_class"]["A"] == "20"
    together = held(("ann", "A", 2), conversion_prices={"A": "5/7"})
    assert answered(asked("votes", together))["by_class"]["A"] == "30"


def test_a_holder_has_the_votes_of_all_its_classes() -> None:
    position = held(("ann", "A", 1), ("ann", "F", 2), ("ann", "common", 3))
    assert answered(asked("votes", position))["by_holder"] == {"ann": "41"}


def test_votes_after_a_history() -> None:
    position = held(("ann", "E", 10), ("bob", "common", 5), as_of="1999-08-24")
    converts = {"on": "1999-09-01", "do": "convert", "holder": "ann", "shares": {"E": 4}}
    found = answered(asked("votes", position, events=[converts]))
    assert found["by_class"]["E"] == "84"
    assert found["by_class"]["common"] == "9"
    assert found["by_holder"] == {"ann": "88", "bob": "5"}


def test_nobody_holds_anything() -> None:
    found = answered(asked("votes", held(), in_favour=[]))
    assert found["total"] == "0"
    assert found["by_holder"] == {}
    assert found["motion"]["passes"] is False


def test_a_motion_needs_more_than_half() -> None:
    position = held(("ann", "A", 7), ("bob", "common", 70))
    (tally,) = answered(asked("votes", position, in_favour=["ann"]))["motion"]["tallies"]
    assert tally == {
        "classes": ["common", "A", "B", "C", "D", "E", "F"],
        "counted": "votes",
        "clause": "5(a)",
        "whole": "140",
        "needed": "71",
        "obtained": "70",
        "passes": False,
    }
    for holders, passes in (([], False), (["bob"], False), (["bob", "ann"], True), (["ann", "bob", "ann"], True)):
        assert answered(asked("votes", position, in_favour=holders))["motion"]["passes"] is passes


def test_classes_vote_besides() -> None:
    position = held(("ann", "A", 70), ("bob", "common", 7))
    found = answered(asked("votes", position, in_favour=["ann"], class_votes=[["common"], ["A", "B", "A"]]))["motion"]
    assert [tally["passes"] for tally in found["tallies"]] == [True, False, True]
    assert [tally["classes"] for tally in found["tallies"][1:]] == [["common"], ["A", "B"]]
    assert found["passes"] is False


def test_a_class_without_votes_has_nobody_to_ask() -> None:
    position = held(("ann", "A", 70))
    document = asked("votes", position, in_favour=["ann"], class_votes=[["common"]])
    motion = answered(document)["motion"]
    assert motion["passes"] is True
    assert motion["tallies"][1]["needed"] == "0"
    assert "AMB-92" in notes(document)


def test_shares_whose_votes_round_to_nothing_are_noted() -> None:
    # A share converts into 2/5.
    position = held(("ann", "A", 1), ("bob", "common", 1), conversion_prices={"A": "5/2"})
    assert answered(asked("votes", position))["by_class"]["A"] == "0"
    assert "A has shares outstanding and no votes" in notes(asked("votes", position))
    assert notes(asked("votes")) == ""


def test_the_reasoning() -> None:
    position = held(("ann", "A", 3), ("bob", "common", 7), conversion_prices={"A": "2/3"})
    steps = ask(asked("votes", position, in_favour=["bob"], class_votes=[["A"]]))["because"]
    assert [(step["clause"], step["step"], step.get("class")) for step in steps] == [
        ("IV.C.4", "votes", "common"),
        ("5(c)", "votes", "A"),
        ("5(a)", "motion", None),
        ("5(a)", "class_vote", None),
    ]
    assert steps[1]["amounts"] == {
        "shares": "3",
        "ratio": "3/2",
        "votes_per_as_converted_share": "10",
        "votes": "50",
    }
    assert steps[2]["amounts"] == {"whole": "57", "threshold": "1/2", "needed": "29", "obtained": "7"}
    assert "do not give more than 1/2 of the votes" in steps[2]["says"]


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("in_favour", ["nobody"], "unknown_holder", "ask.in_favour[0]"),
        ("in_favour", ["founder", "none"], "unknown_holder", "ask.in_favour[1]"),
        ("in_favour", ["founder", 1.5], "float", "ask.in_favour[1]"),
        ("in_favour", "founder", "wrong_type", "ask.in_favour"),
        ("in_favour", {"founder": True}, "wrong_type", "ask.in_favour"),
        ("class_votes", [["G"]], "unknown_class", "ask.class_votes[0][0]"),
        ("class_votes", [["A"], ["B", "a"]], "unknown_class", "ask.class_votes[1][1]"),
        ("class_votes", [[]], "invalid_value", "ask.class_votes[0]"),
        ("class_votes", ["A"], "wrong_type", "ask.class_votes[0]"),
        ("class_votes", [[-1]], "wrong_type", "ask.class_votes[0][0]"),
        ("class_votes", None, "wrong_type", "ask.class_votes"),
        ("against", [], "unknown_field", "ask.against"),
    ],
)
def test_bad_fields(field: str, value: Any, code: str, path: str) -> None:
    assert refused(changed(asked("votes", in_favour=["founder"]), f"ask.{field}", value)) == (code, path)


def test_class_votes_need_a_motion() -> None:
    assert refused(asked("votes", class_votes=[["A"]])) == ("missing_field", "ask.in_favour")


def test_who_has_sold_everything_is_no_holder() -> None:
    position = held(("ann", "common", 1), ("bob", "common", 0), as_of="1999-08-24")
    assert refused(asked("votes", position, in_favour=["bob"])) == ("unknown_holder", "ask.in_favour[0]")
    sells = {"on": "1999-09-01", "do": "transfer", "class": "common", "holder": "ann", "to": "cy", "shares": 1}
    document = asked("votes", position, in_favour=["ann"], events=[sells])
    assert refused(document) == ("unknown_holder", "ask.in_favour[0]")


# 2.5 and 1.5 Common.
HALVES = held(("ann", "A", 1), ("bob", "B", 1), conversion_prices={"A": "2/5", "B": "143/150"})

EXAMPLES: Examples = {
    "ad_as_converted": [asked("votes")],
    "oip_adjusts_in_conversion": [asked("votes", held(("ann", "A", 2), preferred_splits={"A": "2"}))],
    "half": [asked("votes", HALVES)],
    "votes": [asked("votes", held(("ann", "A", 3), conversion_prices={"A": "2/3"}))],
}


def test_every_reading_has_an_example() -> None:
    assert readings_of("votes") == set(EXAMPLES)


@pytest.mark.parametrize("field", EXAMPLES)
def test_each_option_of_a_reading_changes_the_answer(field: str) -> None:
    check_options(field, EXAMPLES[field])
