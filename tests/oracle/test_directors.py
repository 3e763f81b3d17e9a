"""The question `directors`: the Voting Shift Period, and who elects how many directors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.cases import ask, changed, charter_document, without
from tests.oracle.questions import Examples, answered, asked, check_options, held, notes, readings_of, refused
from tests.oracle.test_votes import HALVES

# A few preferred shares and more Common: a Voting Shift Period.
SHIFTED = held(("ann", "A", 1), ("bob", "B", 1), ("cy", "C", 1), ("di", "common", 1000))


def seats(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Return who elects how many, each group's classes in one word."""
    return [("".join(group["electors"]), group["seats"]) for group in found["seats"]]


def test_no_shift_at_full_issuance() -> None:
    found = answered(asked("directors", directors=7))
    assert found["voting_shift"] is False
    assert (found["votes_of_preferred"], found["votes_of_common"]) == ("230370000", "10000000")
    assert found["directors"] == "7"
    assert seats(found) == [("C", "1"), ("commonABCDEF", "6")]
    assert found["vacant"] == "0"
    assert notes(asked("directors", directors=7)) == ""


# Three quarters of the board to A and B, rounded, one to C, the rest to the Common (5(a), AMB-82).
@pytest.mark.parametrize(
    ("directors", "half", "expected"),
    [
        (3, "up", ["4", "1", "0"]),
        (5, "up", ["4", "1", "0"]),
        (6, "up", ["5", "1", "0"]),
        (6, "down", ["4", "1", "1"]),
        (6, "even", ["4", "1", "1"]),
        (8, "up", ["6", "1", "1"]),
        (10, "up", ["8", "1", "1"]),
        (10, "down", ["7", "1", "2"]),
        (10, "even", ["8", "1", "1"]),
    ],
)
def test_seats_in_a_shift(directors: int, half: str, expected: list[str]) -> None:
    found = answered(asked("directors", SHIFTED, directors=directors, readings={"half": half}))
    assert found["voting_shift"] is True
    assert found["directors"] == str(max(5, directors))
    assert [group["seats"] for group in found["seats"]] == expected
    assert [group["electors"] for group in found["seats"]] == [["A", "B"], ["C"], ["common"]]
    assert [group["clause"] for group in found["seats"]] == ["5(a)(ii)", "5(b)", "5(a)(iii)"]


def test_a_board_below_the_minimum_is_noted() -> None:
    said = notes(asked("directors", SHIFTED, directors=3))
    assert "The bylaws set 3" in said
    assert "The Common elects no director" in said
    assert "bylaws" not in notes(asked("directors", SHIFTED, directors=8))


# A alone has ten votes a share: 40,000,000 against the whole authorised Common.
@pytest.mark.parametrize(("series_a", "shift"), [(4_000_000, True), (4_000_001, False)])
def test_a_alone_against_all_authorised_common(series_a: int, shift: bool) -> None:
    position = held(("ann", "A", series_a), ("bob", "common", 40_000_000))
    assert answered(asked("directors", position, directors=5))["voting_shift"] is shift


@pytest.mark.parametrize(
    ("test", "shift"), [("pref_not_above_common", True), ("pref_below_common", False), ("incl_C_seat", True)]
)
def test_a_tie_of_fourteen_million(test: str, shift: bool) -> None:
    position = held(("cy", "C", 1_000_000), ("di", "common", 14_000_000))
    found = answered(asked("directors", position, directors=5, readings={"shift_test": test}))
    assert found["votes_of_preferred"] == found["votes_of_common"] == "14000000"
    assert found["voting_shift"] is shift


# With no preferred share at all the shift would go on for ever (AMB-83).
@pytest.mark.parametrize(
    ("reading", "shift", "expected", "vacant"),
    [
        ("all_vote_together", False, [("common", "1"), ("common", "7")], "0"),
        ("vacant", True, [("", "6"), ("", "1"), ("common", "1")], "7"),
        ("common", True, [("common", "6"), ("common", "1"), ("common", "1")], "0"),
    ],
)
def test_no_preferred_at_all(reading: str, shift: bool, expected: list[tuple[str, str]], vacant: str) -> None:
    document = asked("directors", held(("di", "common", 9)), directors=8, readings={"vacant_seats": reading})
    found = answered(document)
    assert found["voting_shift"] is shift
    assert seats(found) == expected
    assert found["vacant"] == vacant
    assert "AMB-83" in notes(document)


def test_who_stands_in_is_told_from_who_is_entitled() -> None:
    position = held(("eve", "E", 1), ("di", "common", 100))
    document = asked("directors", position, directors=8)
    found = answered(document)
    assert [group["entitled"] for group in found["seats"]] == [["A", "B"], ["C"], ["common"]]
    assert seats(found) == [("commonE", "6"), ("commonE", "1"), ("common", "1")]
    assert "Nobody holds A, B" in notes(document)
    assert "Nobody holds C" in notes(document)


def test_nobody_holds_anything() -> None:
    found = answered(asked("directors", held(), directors=2))
    assert found["voting_shift"] is False
    assert found["vacant"] == "2"


def test_a_charter_without_a_board_clause() -> None:
    document = changed(asked("directors", directors=3), "charter", without(charter_document(), "board"))
    found = answered(document)
    assert found["voting_shift"] is False
    assert seats(found) == [("commonABCDEF", "3")]
    assert "knows no Voting Shift Period" in " ".join(step["says"] for step in ask(document)["because"])


def test_the_shift_after_the_election_of_the_class() -> None:
    # A to D become Common; E is left with 14 votes against 1 + 10.
    position = held(("ann", "A", 10), ("eve", "E", 1), ("di", "common", 1), as_of="1999-08-24")
    elects = {"on": "1999-09-01", "do": "elect_conversion", "consents": {"ann": {"A": 10}}}
    found = answered(asked("directors", position, directors=5, events=[elects]))
    assert (found["votes_of_preferred"], found["votes_of_common"]) == ("14", "11")
    more = held(("ann", "A", 13), ("eve", "E", 1), ("di", "common", 1), as_of="1999-08-24")
    elects["consents"] = {"ann": {"A": 13}}
    assert answered(asked("directors", more, directors=5, events=[elects]))["voting_shift"] is True


def test_the_reasoning() -> None:
    steps = ask(asked("directors", SHIFTED, directors=3))["because"]
    assert [(step["clause"], step["step"]) for step in steps] == [
        ("IV.C.4", "votes"),
        ("5(c)", "votes"),
        ("5(c)", "votes"),
        ("5(c)", "votes"),
        ("5(a)", "voting_shift"),
        ("5(a)(i)", "minimum"),
        ("5(a)(ii)", "seats"),
        ("5(b)", "seats"),
        ("5(a)(iii)", "seats"),
    ]
    assert steps[4]["amounts"] == {"preferred": "38", "common": "1000"}
    assert steps[5]["amounts"] == {"by_the_bylaws": "3", "directors": "5"}
    assert [step["says"] for step in steps[6:]] == ["A, B elect together.", "C elects alone.", "common elects alone."]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "not_positive"),
        ("0", "not_positive"),
        (-1, "negative"),
        ("-5", "negative"),
        (1.5, "float"),
        (5.0, "float"),
        ("1/2", "fractional"),
        ("five", "bad_amount"),
        (True, "wrong_type"),
        (None, "wrong_type"),
        ([5], "wrong_type"),
        ("9" * 4301, "amount_too_long"),
    ],
)
def test_bad_numbers_of_directors(value: Any, code: str) -> None:
    assert refused(asked("directors", directors=value)) == (code, "ask.directors")


def test_other_bad_fields() -> None:
    assert refused(asked("directors")) == ("missing_field", "ask.directors")
    assert refused(asked("directors", directors=5, chair="ann")) == ("unknown_field", "ask.chair")


TIE = held(("cy", "C", 1), ("di", "common", 14))
NO_C = held(("eve", "E", 1), ("di", "common", 1))
EXAMPLES: Examples = {
    "ad_as_converted": [asked("directors", directors=5)],
    "oip_adjusts_in_conversion": [asked("directors", held(("ann", "A", 2), preferred_splits={"A": "2"}), directors=5)],
    "half": [asked("directors", HALVES, directors=5)],
    "votes": [asked("directors", held(("ann", "A", 3), conversion_prices={"A": "2/3"}), directors=5)],
    "shift_test": [asked("directors", TIE, directors=5), asked("directors", NO_C, directors=5)],
    "vacant_seats": [asked("directors", held(("eve", "E", 1), ("di", "common", 100)), directors=8)],
}


def test_every_reading_has_an_example() -> None:
    assert readings_of("directors") == set(EXAMPLES)


@pytest.mark.parametrize("field", EXAMPLES)
def test_each_option_of_a_reading_changes_the_answer(field: str) -> None:
    check_options(field, EXAMPLES[field])
