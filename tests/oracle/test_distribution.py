"""The question `distribution`: property other than cash, shared as if the Preferred had converted."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.cases import FULL, ask, changed
from tests.oracle.questions import Document, Examples, answered, asked, check_options, held, notes, readings_of, refused

NEW = {"do": "issue", "class": "A", "holder": "new", "shares": 100, "consideration": "100"}


def per_share(found: Document) -> dict[str, Fraction]:
    return {n: Fraction(own["per_share"]) for n, own in found["by_class"].items() if own["per_share"] is not None}


# 29,055,000 units over 10,000,000 Common and 19,055,000 preferred shares, one Common each (AMB-13, AMB-14).
def test_a_spin_off_at_full_issuance() -> None:
    found = answered(asked("distribution", units="29055000"))
    assert per_share(found) == dict.fromkeys((*FULL, "common"), Fraction(1))
    assert found["by_class"]["A"] == {"total": "9100000", "per_share": "1"}
    assert found["by_holder"]["founder"] == "10000000"
    assert (found["clauses"], found["as_converted"], found["undistributed"]) == (["1(b)", "3(e)"], True, "0")
    assert notes(asked("distribution", units="29055000")) == ""


def test_before_the_class_elects() -> None:
    document = asked("distribution", units="29055000", readings={"ad_as_converted": "only_if_elected"})
    found = per_share(answered(document))
    assert round(found["common"], 4) == Fraction("2.0038")
    assert found["E"] == found["F"] == found["common"] == Fraction(29055000, 14500000)
    assert found["A"] == found["D"] == 0


def test_so_many_for_each_share_of_common() -> None:
    position = held(("ann", "E", 3), ("bob", "common", 7), conversion_prices={"E": "2.49"})
    found = answered(asked("distribution", position, per_common="0.5"))
    # A share of E converts into 4.15 / 2.49 = 5/3.
    assert per_share(found) == {"E": Fraction(5, 6), "common": Fraction(1, 2)}
    assert found["by_holder"] == {"ann": "5/2", "bob": "7/2"}
    assert found["by_class"]["A"] == {"total": "0", "per_share": None}
    assert found["undistributed"] == "0"


def test_units_are_not_rounded() -> None:
    position = held(("ann", "E", 1), ("bob", "common", 2))
    assert answered(asked("distribution", position, units="1"))["by_holder"] == {"ann": "1/3", "bob": "2/3"}


def test_nobody_to_share() -> None:
    document = asked("distribution", held(), units="7")
    found = answered(document)
    assert (found["undistributed"], found["by_holder"]) == ("7", {})
    assert "stay undistributed" in notes(document)
    assert [step["step"] for step in ask(document)["because"]] == ["undistributed"]
    waiting = asked("distribution", held(("ann", "A", 1)), units="7", readings={"ad_as_converted": "only_if_elected"})
    assert answered(waiting)["undistributed"] == "7"
    assert answered(waiting)["by_holder"] == {"ann": "0"}


def test_the_position_is_that_after_the_history() -> None:
    position = held(("ann", "E", 2), ("bob", "common", 2), as_of="1999-08-24")
    doubles = {"on": "1999-09-01", "do": "split", "class": "common", "ratio": 2}
    found = answered(asked("distribution", position, units="8", events=[doubles]))
    assert found["by_holder"] == {"ann": "4", "bob": "4"}


@pytest.mark.parametrize(
    ("payable", "clauses", "shared"),
    [
        ("securities_of_others", ["1(b)", "3(e)"], True),
        ("indebtedness", ["1(b)", "3(e)"], True),
        ("assets", ["1(b)", "3(e)"], True),
        ("rights_to_securities_of_others", ["1(b)", "3(e)"], True),
        ("rights_to_indebtedness", ["1(b)", "3(e)"], True),
        ("rights_to_assets", ["3(e)"], True),
        ("cash", ["1(a)"], False),
        ("common_stock", ["3(d)(iii)"], False),
        ("free_rights_to_common", ["3(d)(iii)"], False),
        ("paid_rights_to_common", ["3(e)"], True),
        ("non_redeemable_equity", [], False),
        ("redeemable_equity", [], False),
    ],
)
def test_which_clauses_govern(payable: str, clauses: list[str], shared: bool) -> None:
    document = asked("distribution", units="29055000", payable=payable)
    found = answered(document)
    assert (found["clauses"], found["as_converted"]) == (clauses, shared)
    if shared:
        assert found["by_class"] == answered(asked("distribution", units="29055000"))["by_class"]
        return
    assert (found["by_class"], found["by_holder"], found["undistributed"]) == ({}, {}, None)
    (step,) = ask(document)["because"]
    assert step["clause"] == (clauses or ["1(a)"])[0]
    assert step["says"] == notes(document)


def test_the_reasoning() -> None:
    position = held(("ann", "E", 3), ("bob", "common", 5), conversion_prices={"E": "2.49"})
    steps = ask(asked("distribution", position, units="10"))["because"]
    assert [(step["clause"], step["class"]) for step in steps] == [("1(b), 3(e)", "common"), ("1(b), 3(e)", "E")]
    assert steps[1]["amounts"] == {"shares": "3", "ratio": "5/3", "per_share": "5/3", "units": "5"}
    assert steps[0]["amounts"] == {"shares": "5", "per_share": "1", "units": "5"}


@pytest.mark.parametrize("field", ["units", "per_common"])
@pytest.mark.parametrize(
    ("value", "code"),
    [("-1", "negative"), (1.5, "float"), ("x", "bad_amount"), ("1/0", "zero_denominator"), ([], "wrong_type")],
)
def test_bad_numbers_of_units(field: str, value: Any, code: str) -> None:
    assert refused(asked("distribution", **{field: value})) == (code, f"ask.{field}")


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("per_common", "1", "given_twice", "ask.per_common"),
        ("payable", "gold", "invalid_value", "ask.payable"),
        ("payable", None, "wrong_type", "ask.payable"),
        ("payable", 1.5, "float", "ask.payable"),
        ("record_date", "1999-09-01", "unknown_field", "ask.record_date"),
    ],
)
def test_bad_fields(field: str, value: Any, code: str, path: str) -> None:
    assert refused(changed(asked("distribution", units="1"), f"ask.{field}", value)) == (code, path)


def test_units_are_required() -> None:
    assert refused(asked("distribution")) == ("missing_field", "ask.units")
    assert refused(asked("distribution", payable="cash")) == ("missing_field", "ask.units")


def test_rights_for_a_price() -> None:
    """AMB-138: 3d(iii) refers to rights without consideration, so 3(e) has those with one; or they are issues alone."""
    document = asked("distribution", units="29055000", payable="paid_rights_to_common")
    found = answered(document)
    assert (found["clauses"], per_share(found)) == (["3(e)"], dict.fromkeys((*FULL, "common"), Fraction(1)))
    found = answered(changed(document, "readings.paid_rights", "issuance_only"))
    assert (found["clauses"], found["as_converted"]) == (["3(d)(i)(E)"], False)


WAITS = {"in_kind_gate": "both"}
TWO = held(("a", "A", 100), ("k", "common", 1000), as_of="1999-08-24")


def in_kind(*events: Document, **readings: str) -> Document:
    return asked(
        "distribution", TWO, units="1100", on="1999-12-01", events=list(events), readings={**WAITS, **readings}
    )


def test_property_that_waits_for_dividends_on_the_preferred() -> None:
    """AMB-135: no dividend on A, and then its year's .20."""
    document = in_kind()
    assert answered(document)["gate"] == {
        "allowed": False,
        "exempt": False,
        "required": {"A": "1/5"},
        "declared": {"A": "0"},
        "short": ["A"],
    }
    assert "may not be declared: A must have more first" in notes(document)
    assert [step["step"] for step in ask(document)["because"]] == ["gate", "share", "share"]
    assert answered(changed(document, "readings.in_kind_gate", "sharing_only"))["gate"] is None
    declared = {"on": "1999-09-01", "do": "declare_dividend", "per_share": {"A": "0.20"}}
    assert answered(in_kind(declared))["gate"]["allowed"] is True
    assert answered(in_kind(declared, common_gate_stage="paid"))["gate"]["allowed"] is False
    undated = asked("distribution", held(("a", "A", 1), ("k", "common", 1)), units="1", readings=WAITS)
    assert refused(undated) == ("missing_field", "ask.on")
    assert answered(changed(undated, "ask.on", "1999-12-01"))["gate"]["short"] == ["A"]
    assert refused(in_kind(year="fiscal")) == ("missing_field", "ask.fiscal_month")


RATE = {"on": "1999-09-01", "do": "declare_dividend", "per_share": {"A": "0.20"}}
TWICE = {"on": "1999-09-01", "do": "declare_dividend", "per_share": {"A": "0.20", "common": "0.15"}}
DOUBLE = held(("a", "A", 100), ("k", "common", 1000), as_of="1999-08-24", conversion_prices={"A": "0.5"})
OTHERS = held(("a", "A", 100), ("f", "F", 1), ("k", "common", 1000), as_of="1999-08-24")
EXAMPLES: Examples = {
    "if_greater": [
        {**in_kind(RATE), "position": OTHERS},
        in_kind(TWICE | {"per_share": {"A": "0.25", "common": "0.25"}}),
    ],
    "if_greater_basis": [{**in_kind(TWICE | {"per_share": {"A": "0.3", "common": "0.15"}}), "position": DOUBLE}],
    "year": [
        asked("distribution", TWO, units="1", on=on, fiscal_month=7, events=[RATE], readings=WAITS)
        for on in ("2000-03-01", "2000-08-01")
    ],
    "partial": [{**in_kind({**NEW, "on": "1999-10-01"}), "position": held(("k", "common", 9), as_of="1999-08-24")}],
    "common_gate": [in_kind()],
    "common_gate_stage": [in_kind(RATE)],
    "in_kind_gate": [in_kind()],
    "paid_rights": [asked("distribution", units="1", payable="paid_rights_to_common")],
    "ad_as_converted": [asked("distribution", units="29055000")],
    "oip_adjusts_in_conversion": [
        asked("distribution", held(("ann", "A", 2), ("bob", "common", 1), preferred_splits={"A": "2"}), units="6")
    ],
}


def test_every_reading_has_an_example() -> None:
    assert readings_of("distribution") == set(EXAMPLES)


@pytest.mark.parametrize("field", EXAMPLES)
def test_each_option_of_a_reading_changes_the_answer(field: str) -> None:
    check_options(field, EXAMPLES[field])
