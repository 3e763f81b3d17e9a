"""The question `public_offering`: whether an offering converts the Preferred, and into what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.cases import ask, case, changed, charter_document, without
from tests.oracle.questions import Document, Examples, answered, asked, check_options, held, notes, readings_of, refused


def offering(price: Any = "18", shares: Any = 4_500_000, position: Document | None = None, **fields: Any) -> Document:
    return asked(
        "public_offering", position, **{"on": "1999-11-19", "price": price, "primary_shares": shares, **fields}
    )


def test_the_offering_of_1999() -> None:
    found = answered(offering())
    assert found["qualifies"]
    assert (found["size"], found["failures"], found["shortfall"]) == ("81000000", [], "0")
    assert {name: own["ratio"] for name, own in found["series"].items()} == dict.fromkeys("ABCDEF", "1")
    assert not any(own["floor_binds"] for own in found["series"].values())
    assert (found["series"]["E"]["floor_below"], found["series"]["F"]["floor_below"]) == ("83/10", "11")
    assert found["series"]["A"]["floor_below"] is None
    assert found["common_by_holder"]["holder E"] == "3000000"
    assert found["common_converted"] == "19055000"
    assert found["cash_by_holder"] == {
        "holder A": "8417500",
        "holder B": "1325000",
        "holder C": "5295000",
        "holder D": "3701520",
    }
    assert (found["cash_amounts"], found["effective"], found["due"]) == ("18739020", "1999-11-19", "1999-11-29")
    assert (found["common_needed"], found["common_authorized"]) == ("33555000", "40000000")


# AMB-39, each condition apart; exactly forty million suffices.
@pytest.mark.parametrize(
    ("price", "shares", "more", "codes"),
    [
        ("8", 5_000_000, {}, []),
        ("8", 4_999_999, {}, ["too_small"]),
        ("8", 4_600_000, {"secondary_shares": 400_000}, ["too_small"]),
        ("8", 5_000_000, {"discount": "0.56"}, []),
        ("8", 4_600_000, {"over_allotment": 400_000}, ["too_small"]),
        ("8", 4_600_000, {"over_allotment": 400_000, "over_allotment_counts": True}, []),
        ("8", 5_000_000, {"underwriting": "best_efforts"}, ["underwriting"]),
        ("8", 5_000_000, {"form": "SB-2"}, ["form"]),
        ("8", 0, {"secondary_shares": 5_000_000}, ["no_sale", "too_small"]),
        ("8", 1, {"form": "S-3", "underwriting": "none"}, ["too_small", "underwriting", "form"]),
    ],
)
def test_conditions(price: str, shares: int, more: Document, codes: list[str]) -> None:
    document = offering(price, shares, **more)
    found = answered(document)
    assert [failure["code"] for failure in found["failures"]] == codes
    assert found["qualifies"] is not bool(codes)
    assert all(failure["clause"] and failure["message"].endswith(".") for failure in found["failures"])
    if codes:
        assert (found["series"], found["common_by_holder"], found["cash_amounts"]) == ({}, {}, "0")
        assert (found["effective"], found["due"]) == (None, None)
        assert "converts nothing" in notes(document)


def test_floors_bind_and_the_common_does_not_suffice() -> None:
    """AMB-43, AMB-47: at $4.00 E gets 2.075 and F 2.75; 44,905,000 Common where 40,000,000 are authorised."""
    document = offering("4", 10_000_000)
    found = answered(document)
    assert found["series"]["E"] == {
        "ratio": "83/40",
        "at_conversion_price": "1",
        "floor_below": "83/10",
        "floor_binds": True,
    }
    assert found["series"]["F"]["ratio"] == "11/4"
    assert (found["common_needed"], found["shortfall"]) == ("44905000", "4905000")
    assert "4905000 shares short" in notes(document)
    (step,) = [own for own in ask(document)["because"] if own.get("class") == "E" and own["step"] == "floor"]
    assert step["clause"] == "3(b)(ii)"
    # The shares sold adjust the prices of what they are cheaper than, but convert at the prices before.
    assert found["conversion_prices"]["D"] == "11/4"
    assert found["conversion_prices"]["E"] == "642313/156220"


def test_exactly_at_a_floor_it_does_not_bind() -> None:
    assert not answered(offering("8.30", 5_000_000))["series"]["E"]["floor_binds"]
    assert answered(offering("8.29", 5_000_000))["series"]["E"]["ratio"] == "830/829"
    assert not answered(offering("11", 5_000_000))["series"]["F"]["floor_binds"]


def test_floors_after_a_split_of_the_common() -> None:
    """AMB-40: two for one, then $3.00: E 2.0 by its price, F 11/3 by its floor."""
    position = held(("ann", "E", 300), ("bob", "F", 300), ("cy", "common", 1000), as_of="1999-08-24")
    document = offering("3", 14_000_000, position)
    document["events"] = [{"on": "1999-09-01", "do": "split", "class": "common", "ratio": 2}]
    found = answered(document)
    assert found["common_by_holder"] == {"ann": "600", "bob": "1100"}
    assert found["cash_by_holder"] == {}
    assert found["due"] is None
    economic = answered(changed(document, "readings.e_floor", "economic"))
    assert economic["series"]["E"]["ratio"] == "83/30"
    # A combination leaves E with more than its floor was worth, and says so.
    document["events"][0]["ratio"] = "1/2"
    dear = changed(document, "ask.price", "12")
    assert answered(dear)["series"]["E"]["ratio"] == "83/60"
    assert "AMB-40" in notes(dear)


def test_pricing_and_closing() -> None:
    document = offering(on="1999-10-06", priced_on="1999-10-01")
    assert answered(document)["due"] == "1999-10-16"
    assert answered(changed(document, "readings.ipo_effective", "pricing"))["due"] == "1999-10-11"
    late = changed(document, "ask.priced_on", "1999-10-07")
    assert refused(late) == ("closing_before_pricing", "ask")


def test_a_history_comes_first_and_nothing_is_changed_by_asking() -> None:
    position = held(("ann", "E", 10), ("ann", "common", 10), as_of="1999-08-24")
    document = offering("10", 4_000_000, position)
    document["events"] = [{"on": "1999-09-01", "do": "convert", "holder": "ann", "shares": {"E": 4}}]
    assert answered(document)["common_by_holder"] == {"ann": "6"}
    assert ask(document)["because"][0]["step"] == "convert"
    assert answered({**document, "ask": {"question": "position"}})["outstanding"]["E"] == "6"
    assert refused(changed(document, "ask.on", "1999-08-31")) == ("out_of_order", "ask.on")


def test_a_carry_is_made_before_the_offering() -> None:
    position = held(
        ("ann", "E", 1000), as_of="1999-08-24", carried=[{"series": "E", "on": "1996-11-19", "amount": "0.15"}]
    )
    assert answered(offering(position=position))["series"]["E"]["ratio"] == "83/80"
    assert answered(offering(position=position, on="1999-11-18"))["series"]["E"]["ratio"] == "1"


def test_nobody_holds_any_preferred() -> None:
    found = answered(offering(position=held(("ann", "common", 5))))
    assert found["qualifies"]
    assert (found["common_by_holder"], found["common_needed"]) == ({}, "4500005")


def test_a_charter_without_the_clause() -> None:
    charter = without(charter_document(), "public_offering")
    found = answered(offering() | {"charter": charter})
    assert [failure["code"] for failure in found["failures"]] == ["no_clause"]


def test_after_a_recapitalization() -> None:
    document = offering()
    document["events"] = [{"on": "1999-09-01", "do": "recapitalize", "units": {"cash": "1.5"}}]
    assert "other property" in notes(document)


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("on", "soon", "invalid_date", "ask.on"),
        ("price", 18.0, "float", "ask.price"),
        ("price", 0, "not_positive", "ask.price"),
        ("price", "-18", "not_positive", "ask.price"),
        ("price", "x", "bad_amount", "ask.price"),
        ("primary_shares", 1.5, "float", "ask.primary_shares"),
        ("primary_shares", "3/2", "fractional", "ask.primary_shares"),
        ("primary_shares", -1, "negative", "ask.primary_shares"),
        ("secondary_shares", -1, "negative", "ask.secondary_shares"),
        ("over_allotment", -1, "negative", "ask.over_allotment"),
        ("over_allotment_counts", "yes", "wrong_type", "ask.over_allotment_counts"),
        ("discount", "-1", "negative", "ask.discount"),
        ("discount", "19", "discount", "ask"),
        ("underwriting", 5, "wrong_type", "ask.underwriting"),
        ("form", None, "wrong_type", "ask.form"),
        ("priced_on", 5, "wrong_type", "ask.priced_on"),
        ("size", 5, "unknown_field", "ask.size"),
    ],
)
def test_bad_fields(field: str, value: object, code: str, path: str) -> None:
    assert refused(changed(offering(), f"ask.{field}", value)) == (code, path)


@pytest.mark.parametrize("field", ["on", "price", "primary_shares"])
def test_missing_fields(field: str) -> None:
    assert refused(without(offering(), f"ask.{field}")) == ("missing_field", f"ask.{field}")


MANY: Document = case(common=5_000_000)["position"]
SMALL = held(("ann", "E", 1000), ("ann", "F", 1001), ("bob", "common", 5000))
HALF = held(("ann", "A", 5), ("ann", "B", 1), conversion_prices={"A": "2"})
CHEAP = offering("2.5", 16_000_000, SMALL, readings={"ipo_order": "adjust_first"})
HALVED = held(
    ("e", "E", 100),
    ("f", "F", 100),
    ("k", "common", 1000),
    common_split="1/2",
    conversion_prices={"E": "8.3", "F": "16.5"},
)
READ: Examples = {
    "ipo_size": [
        offering("8", 4_900_000, secondary_shares=100_000),
        offering("8", 5_000_000, discount="0.56"),
    ],
    "e_floor": [
        changed(
            offering("3", 14_000_000, SMALL),
            "events",
            [{"on": "1999-09-01", "do": "split", "class": "common", "ratio": 2}],
        )
    ],
    "floor_adjusts_for_series_splits": [
        offering("4", 10_000_000, held(("e", "E", 600), ("k", "common", 1000), preferred_splits={"E": "2"}))
    ],
    "combination_adjusts_floor": [offering("12", 4_000_000, HALVED)],
    # The question's day is that of a conversion, which the offering comes before.
    "conversions_at_close": [
        {
            **offering("4", 10_000_000, SMALL, on="1999-09-01"),
            "events": [{"on": "1999-09-01", "do": "convert", "holder": "ann", "shares": {"E": 1}}],
        }
    ],
    "ipo_order": [offering("2.5", 16_000_000, MANY)],
    "ipo_effective": [offering(on="1999-10-06", priced_on="1999-10-01")],
    "round_unit": [
        offering(position=held(("ann", "A", 1), ("ann", "B", 1), conversion_prices={"A": "5/7", "B": "143/140"})),
        offering(position=held(("ann", "A", 3), conversion_prices={"A": "5/7"})),
    ],
    "half": [
        offering(position=held(("ann", "A", 5), conversion_prices={"A": "2"})),
        offering(position=held(("ann", "A", 7), conversion_prices={"A": "2"})),
    ],
    "cash_adjusts_preferred_split": [offering(position=held(("ann", "A", 5), preferred_splits={"A": "2"}))],
    "oip_adjusts_in_conversion": [offering(position=held(("ann", "A", 5), preferred_splits={"A": "2"}))],
    "weighted_average_base": [
        changed(
            offering("2.5", 16_000_000, SMALL),
            "events",
            [
                {
                    "on": "1999-09-01",
                    "do": "issue_rights",
                    "rights": "o",
                    "shares": 9000,
                    "exercisable": 4000,
                    "exercise_price": 9,
                }
            ],
        )
    ],
    "ad_as_converted": [offering("2.5", 16_000_000, MANY)],
    "cp_round": [offering("2.5", 16_000_000, MANY)],
    "cent_test": [
        offering("7", 10, changed(SMALL, "carried", [{"series": "F", "on": "1999-01-01", "amount": "0.009"}]))
    ],
    "cent_composition": [
        offering("4", 9_000_000, changed(SMALL, "carried", [{"series": "F", "on": "1999-01-01", "amount": "0.009"}]))
    ],
    "cent_trigger_price": [
        changed(
            offering(
                "8.245", 9_000_000, changed(SMALL, "carried", [{"series": "F", "on": "1999-01-01", "amount": "0.009"}])
            ),
            "readings",
            {"cent_composition": "additive"},
        )
    ],
    "cent_anniversary": [
        offering(
            position=changed(
                SMALL,
                "carried",
                [
                    {"series": "F", "on": "1996-09-01", "amount": "0.9"},
                    {"series": "F", "on": "1999-01-01", "amount": "0.9"},
                ],
            )
        )
    ],
}


def test_every_reading_that_it_looks_at_is_tested() -> None:
    # On one date a consent takes part, which is an event; what survives a conversion ranks only in a liquidation.
    assert set(READ) == readings_of("public_offering") - {"consent_tie", "converted_dividends"}


@pytest.mark.parametrize("field", READ)
def test_readings(field: str) -> None:
    check_options(field, [{**document, "readings": dict(document["readings"])} for document in READ[field]])


def test_consents_of_the_day_are_events() -> None:
    event: Document = {
        "on": "1999-11-19",
        "do": "public_offering",
        "price": "4",
        "primary_shares": 10_000_000,
    }
    consent: Document = {"on": "1999-11-19", "do": "consent_conversion", "class": "E", "consents": {"ann": 1000}}
    document = asked("position", SMALL, events=[consent, event])
    assert answered(document)["by_holder"]["ann"] == {"common": "4828"}
    assert answered(changed(document, "readings.consent_tie", "consent"))["by_holder"]["ann"] == {"common": "3753"}
