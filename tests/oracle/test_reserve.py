"""The question `reserve`: Common for conversion, what may be issued, and what an offering would need."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.cases import ask, case, changed, charter_document, without
from tests.oracle.questions import Document, Examples, answered, asked, check_options, held, notes, readings_of, refused

NEEDED = {"A": "9100000", "B": "1000000", "C": "3000000", "D": "1455000", "E": "3000000", "F": "1500000"}


def issued(common: int) -> Document:
    """Return every authorised preferred share and some Common."""
    position: Document = case(common=common)["position"]
    return position


def test_full_issuance() -> None:
    found = answered(asked("reserve"))
    assert found["at_conversion_prices"] == {
        "authorized": "40000000",
        "outstanding": "10000000",
        "sold": "0",
        "available": "30000000",
        "needed": NEEDED,
        "total_needed": "19055000",
        "shortfall": "0",
        "unreserved": "10945000",
    }
    assert found["headroom"] == {
        "common": "30000000",
        "preferred": "0",
        "total": "30000000",
        "series": dict.fromkeys("ABCDEF", "0"),
        "undesignated": "0",
    }
    assert (found["at_offering"], found["qualifies"]) == (None, None)


def test_too_little_common() -> None:
    document = asked("reserve", issued(20_945_001))
    found = answered(document)["at_conversion_prices"]
    assert (found["shortfall"], found["unreserved"]) == ("1", "0")
    assert "falls short by 1 and" in notes(document)
    assert "does not suffice" in " ".join(step["says"] for step in ask(document)["because"])
    assert answered(asked("reserve", issued(20_945_000)))["at_conversion_prices"]["shortfall"] == "0"


# At $4 E needs 8.30/4 and F 11/4 a share: 14,555,000 + 6,225,000 + 4,125,000 (AMB-78).
def test_an_offering_at_four_dollars() -> None:
    document = asked("reserve", offering={"price": "4", "shares": 10_000_000})
    found = answered(document)
    assert found["at_offering"]["needed"] == NEEDED | {"E": "6225000", "F": "4125000"}
    assert found["at_offering"]["total_needed"] == "24905000"
    assert (found["at_offering"]["sold"], found["at_offering"]["available"]) == ("10000000", "20000000")
    assert found["at_offering"]["shortfall"] == "4905000"
    assert found["qualifies"] is True
    assert "falls short by 4905000:" in notes(document)


def test_an_offering_that_is_too_small_converts_nothing() -> None:
    document = asked("reserve", offering={"price": "4", "shares": 9_999_999})
    assert answered(document)["qualifies"] is False
    assert "AMB-44" in notes(document)
    assert "AMB-44" not in notes(asked("reserve", offering={"price": "4", "shares": 10_000_000}))


# The least price at which an offering of $40,000,000 fits (AMB-47).
@pytest.mark.parametrize(
    ("common", "lowest"), [(0, "3.199"), (5_000_000, "3.981"), (10_000_000, "5.270"), (15_000_000, "7.793")]
)
def test_the_lowest_price(common: int, lowest: str) -> None:
    found = Fraction(answered(asked("reserve", issued(common)))["lowest_offering_price"])
    assert round(found, 3) == Fraction(lowest)
    # With the floors just this fits: all Common is used.
    sold = Fraction(40_000_000) / found
    needs = 14_555_000 + 3_000_000 * Fraction("8.30") / found + 1_500_000 * 11 / found
    assert common + sold + needs == 40_000_000


def test_no_price_is_high_enough() -> None:
    document = asked("reserve", issued(21_000_000))
    assert answered(document)["lowest_offering_price"] is None
    assert "At no price" in notes(document)


def test_a_charter_that_no_offering_converts() -> None:
    document = changed(asked("reserve"), "charter", without(charter_document(), "public_offering"))
    assert answered(document)["lowest_offering_price"] is None
    assert "At no price" not in notes(document)
    with_one = changed(document, "ask.offering", {"price": "9", "shares": 1})
    assert answered(with_one)["qualifies"] is False


def test_headroom_after_conversions() -> None:
    position = held(("ann", "E", 10), as_of="1999-08-24")
    converts = {"on": "1999-09-01", "do": "convert", "holder": "ann", "shares": {"E": 4}}
    document = asked("reserve", position, events=[converts])
    assert answered(document)["headroom"]["series"]["E"] == "2999994"
    assert answered(document)["at_conversion_prices"]["needed"]["E"] == "6"
    retired = changed(document, "readings.converted_reissuable", "no")
    assert answered(retired)["headroom"]["series"]["E"] == "2999990"


def test_counts_are_exact() -> None:
    position = held(("ann", "A", 1), conversion_prices={"A": "0.75"})
    assert answered(asked("reserve", position))["at_conversion_prices"]["total_needed"] == "4/3"


def test_the_reasoning() -> None:
    position = held(("ann", "E", 2), ("bob", "common", 1))
    steps = ask(asked("reserve", position, offering={"price": "4.15", "shares": 10}))["because"]
    assert [(step["clause"], step["step"], step["class"]) for step in steps] == [
        ("3(i)", "needed", "E"),
        ("3(i)", "reserve", "common"),
        ("3(b)", "needed", "E"),
        ("3(b)", "offering", "common"),
    ]
    assert steps[0]["amounts"] == {"shares": "2", "ratio": "1", "needed": "2"}
    assert steps[2]["amounts"] == {"shares": "2", "ratio": "2", "needed": "4"}


@pytest.mark.parametrize(
    ("offering", "code", "path"),
    [
        ("4", "wrong_type", "ask.offering"),
        ({"price": "4"}, "missing_field", "ask.offering.shares"),
        ({"shares": 1}, "missing_field", "ask.offering.price"),
        ({"price": "0", "shares": 1}, "not_positive", "ask.offering.price"),
        ({"price": "-4", "shares": 1}, "not_positive", "ask.offering.price"),
        ({"price": 4.5, "shares": 1}, "float", "ask.offering.price"),
        ({"price": "4", "shares": -1}, "negative", "ask.offering.shares"),
        ({"price": "4", "shares": 1.0}, "float", "ask.offering.shares"),
        ({"price": "4", "shares": "1/2"}, "fractional", "ask.offering.shares"),
        ({"price": None, "shares": 1}, "wrong_type", "ask.offering.price"),
        ({"price": "4", "shares": 1, "form": "S-1"}, "unknown_field", "ask.offering.form"),
    ],
)
def test_bad_offerings(offering: Any, code: str, path: str) -> None:
    assert refused(asked("reserve", offering=offering)) == (code, path)


def test_an_unknown_field() -> None:
    assert refused(asked("reserve", price="4")) == ("unknown_field", "ask.price")


def test_an_offering_of_no_shares() -> None:
    found = answered(asked("reserve", offering={"price": "4", "shares": 0}))
    assert (found["qualifies"], found["at_offering"]["sold"]) == (False, "0")


CONVERTED = [{"on": "1999-09-01", "do": "convert", "holder": "ann", "shares": {"E": 4}}]
SPLIT = held(("ann", "E", 2), common_split="2", conversion_prices={"E": "2.075"})
EXAMPLES: Examples = {
    "oip_adjusts_in_conversion": [asked("reserve", held(("ann", "A", 2), preferred_splits={"A": "2"}))],
    "converted_reissuable": [asked("reserve", held(("ann", "E", 10), as_of="1999-08-24"), events=CONVERTED)],
    "e_floor": [asked("reserve", SPLIT, offering={"price": "3", "shares": 1})],
    "floor_adjusts_for_series_splits": [
        asked("reserve", held(("ann", "F", 2), preferred_splits={"F": "2"}), offering={"price": "5", "shares": 1})
    ],
    "combination_adjusts_floor": [
        asked("reserve", held(("ann", "E", 2), common_split="1/2"), offering={"price": "9", "shares": 1})
    ],
}


def test_every_reading_has_an_example() -> None:
    assert readings_of("reserve") == set(EXAMPLES)


@pytest.mark.parametrize("field", EXAMPLES)
def test_each_option_of_a_reading_changes_the_answer(field: str) -> None:
    check_options(field, EXAMPLES[field])
