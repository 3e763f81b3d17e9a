"""The question `cash_amounts`: what is owed, paid and unpaid, and how further funds are shared."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.cases import ask, case, changed
from tests.oracle.questions import Document, Examples, answered, asked, check_options, held, notes, readings_of, refused

ELECTION = {"on": "1999-09-01", "do": "elect_conversion", "consents": {"holder A": {"A": 9100000}}}


def elected(**fields: Any) -> Document:
    """Return the question after an election at full issuance: 18,739,020 is owed."""
    return asked("cash_amounts", {**case()["position"], "as_of": "1999-08-24"}, events=[dict(ELECTION)], **fields)


def test_nothing_is_owed() -> None:
    found = answered(asked("cash_amounts"))
    assert found == {
        "question": "cash_amounts",
        "as_of": None,
        "owed": "0",
        "paid": "0",
        "unpaid": "0",
        "claims": [],
        "by_holder": {},
        "funded": [],
    }
    assert ask(asked("cash_amounts"))["because"] == []
    given = answered(asked("cash_amounts", funds=["5"]))
    assert given["funded"] == [{"funds": "5", "by_holder": {}, "excess": "5"}]


def test_full_issuance() -> None:
    found = answered(elected())
    assert (found["owed"], found["paid"], found["unpaid"]) == ("18739020", "0", "18739020")
    assert found["claims"][3] == {
        "holder": "holder D",
        "series": "D",
        "converted_on": "1999-09-01",
        "due": "1999-09-11",
        "owed": "3701520",
        "paid": "0",
        "unpaid": "3701520",
        "overdue": False,
    }
    assert found["by_holder"]["holder A"] == {"owed": "8417500", "paid": "0", "unpaid": "8417500"}
    assert "18739020 stays to be paid" in notes(elected())


@pytest.mark.parametrize(("on", "late"), [("1999-09-11", False), ("1999-09-12", True)])
def test_ten_days(on: str, late: bool) -> None:
    document = elected(on=on)
    assert {claim["overdue"] for claim in answered(document)["claims"]} == {late}
    assert ("overdue" in notes(document)) is late


def test_five_million() -> None:
    """AMB-51: .24681 a share of A, .67880 a share of D."""
    (paid,) = answered(elected(funds=["5000000"]))["funded"]
    assert round(Fraction(paid["by_holder"]["holder A"]) / 9_100_000, 5) == Fraction("0.24681")
    assert round(Fraction(paid["by_holder"]["holder D"]) / 1_455_000, 5) == Fraction("0.67880")
    assert paid["excess"] == "0"


def test_funds_one_after_the_other() -> None:
    document = elected(funds=["5000000", "0", "20000000", 1])
    found = answered(document)
    assert (found["paid"], found["unpaid"]) == ("18739020", "0")
    assert [own["excess"] for own in found["funded"]] == ["0", "0", "6260980", "1"]
    assert found["funded"][1]["by_holder"] == {}
    assert "not kept for later conversions" in notes(document)
    told = [step for step in ask(document)["because"] if step["step"] == "funds"]
    assert [step["amounts"]["applied"] for step in told] == ["5000000", "0", "13739020", "0"]
    # Funds of the question are no event.
    assert answered(elected())["paid"] == "0"
    events = [*elected()["events"], {"on": "1999-09-02", "do": "fund_cash_amounts", "amount": "5000000"}]
    assert answered(changed(elected(), "events", events))["paid"] == "5000000"


POOLS = held(
    ("zed", "B", 100_000),
    as_of="2000-01-01",
    cash_amounts=[
        {"holder": "old", "series": "A", "converted_on": "1999-09-01", "owed": "18739020", "paid": "10000000"},
        {"holder": "new", "series": "B", "converted_on": "1999-12-01", "owed": "132500"},
    ],
)


def test_two_pools() -> None:
    """AMB-51: five million over 8,739,020 and 132,500 gives the new holders 74,677, or nothing."""
    document = asked("cash_amounts", POOLS, funds=["5000000"])
    (paid,) = answered(document)["funded"]
    assert round(Fraction(paid["by_holder"]["new"])) == 74_677
    fifo = answered(changed(document, "readings.cash_pool", "fifo"))
    assert fifo["funded"][0]["by_holder"] == {"old": "5000000"}
    assert answered(document)["paid"] == "15000000"


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("ask.funds", ["5", 1.5], "float", "ask.funds[1]"),
        ("ask.funds", ["-1"], "negative", "ask.funds[0]"),
        ("ask.funds", ["x"], "bad_amount", "ask.funds[0]"),
        ("ask.funds", "5", "wrong_type", "ask.funds"),
        ("ask.funds", [None], "wrong_type", "ask.funds[0]"),
        ("ask.on", "1999-08-31", "out_of_order", "ask.on"),
        ("ask.on", "31 August", "invalid_date", "ask.on"),
        ("ask.holder", "ann", "unknown_field", "ask.holder"),
    ],
)
def test_bad_fields(field: str, value: object, code: str, path: str) -> None:
    assert refused(changed(elected(), field, value)) == (code, path)


SPLIT = changed(elected(), "position.preferred_splits", {"A": "2"})
READ: Examples = {
    "cash_adjusts_preferred_split": [SPLIT],
    "cash_pool": [asked("cash_amounts", POOLS, funds=["5000000"])],
}


def test_every_reading_that_it_looks_at_is_tested() -> None:
    assert set(READ) == readings_of("cash_amounts")


@pytest.mark.parametrize("field", READ)
def test_readings(field: str) -> None:
    check_options(field, [{**document, "readings": dict(document["readings"])} for document in READ[field]])
