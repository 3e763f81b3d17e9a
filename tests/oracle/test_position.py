"""The question `position`: the cap table after a history."""

from __future__ import annotations

import pytest

from tests.oracle.cases import ask, changed
from tests.oracle.questions import Document, Examples, answered, asked, check_options, held, notes, readings_of, refused

SMALL = held(("ann", "A", 60), ("ann", "E", 20), ("bob", "common", 500), ("bob", "E", 30), as_of="1999-08-24")


def on(day: int, do: str, **fields: object) -> Document:
    return {"on": f"1999-09-{day:02}", "do": do, **fields}


def test_full_issuance() -> None:
    found = answered(asked("position"))
    assert found["as_of"] is None
    assert found["outstanding"] == found["authorized"] | {"common": "10000000"}
    assert found["issuable"] == dict.fromkeys("ABCDEF", "0") | {"common": "30000000"}
    assert found["conversion_prices"] == {
        "A": "1",
        "B": "143/100",
        "C": "191/100",
        "D": "11/4",
        "E": "83/20",
        "F": "33/4",
    }
    assert set(found["conversion_ratios"].values()) == {"1"}
    assert found["by_holder"]["founder"] == {"common": "10000000"}
    empty: Document = {"rights": {}, "unpaid_dividends": {}, "debts": {}, "converted": {}, "splits": {}, "property": {}}
    assert {name: found[name] for name in empty} == empty
    assert (found["elected"], found["cash_amounts"]) == (False, "0")


def test_nothing_outstanding() -> None:
    found = answered(asked("position", held()))
    assert set(found["outstanding"].values()) == {"0"}
    assert found["by_holder"] == {}
    assert found["issuable"] == found["authorized"]


def test_after_a_history() -> None:
    document = asked(
        "position",
        SMALL,
        events=[
            on(1, "issue_rights", rights="o", shares=100, exercisable=40, exercise_price="10"),
            on(2, "exercise_rights", rights="o", holder="cy", shares=10),
            on(3, "declare_dividend", per_share={"A": "0.2", "E": "0.83", "common": "0.1"}),
            on(4, "split", **{"class": "common", "ratio": "2"}),
            on(5, "split", **{"class": "A", "ratio": "1/2"}),
            on(6, "convert", holder="ann", shares={"E": 20}),
            on(7, "elect_conversion", consents={"ann": {"A": 30}}),
        ],
    )
    found = answered(document)
    assert found["as_of"] == "1999-09-07"
    assert found["outstanding"] == {"A": "0", "E": "30", "common": "1180"} | dict.fromkeys("BCDF", "0")
    # 30 A, each two of before, at a price halved by the split of the Common: four a share.
    assert found["by_holder"] == {
        "ann": {"common": "160"},
        "bob": {"common": "1000", "E": "30"},
        "cy": {"common": "20"},
    }
    assert found["rights"] == {
        "o": {"class": "common", "deliverable": "180", "exercisable": "60", "exercise_price": "5", "exercised": "20"}
    }
    assert found["unpaid_dividends"] == {"E": "83/100", "common": "1/20"}
    assert found["debts"] == {"ann": "83/5"}
    # 30 * (.925 + .40)
    assert found["cash_amounts"] == "159/4"
    assert found["converted"] == {"E": "20", "A": "30"}
    assert found["splits"] == {"A": "1/2", "common": "2"}
    assert found["conversion_prices"]["A"] == "1/2"
    assert found["conversion_ratios"]["A"] == "4"
    # Converted E can be issued again.
    assert found["issuable"]["E"] == "2999970"


def test_why() -> None:
    reply = ask(
        asked(
            "position", SMALL, events=[on(1, "transfer", **{"class": "E", "holder": "bob", "to": "cy", "shares": 30})]
        )
    )
    first, *rest = reply["because"]
    assert (first["step"], first["clause"], first["amounts"]) == ("transfer", "IV.A", {"shares": "30"})
    assert [step["class"] for step in rest] == ["A", "B", "C", "D", "E", "F", "common"]
    assert rest[-1]["amounts"] == {"outstanding": "500", "authorized": "40000000", "issuable": "39999500"}
    assert rest[0]["clause"] == "IV.B"


def test_a_later_date() -> None:
    position = {**SMALL, "carried": [{"series": "E", "on": "1997-01-01", "amount": "0.004"}]}
    assert answered(asked("position", position, on="1999-12-31"))["conversion_prices"]["E"] == "83/20"
    found = answered(asked("position", position, on="2000-01-01"))
    assert (found["as_of"], found["conversion_prices"]["E"]) == ("2000-01-01", "2073/500")
    assert refused(asked("position", position, on="1999-08-23")) == ("out_of_order", "ask.on")


def test_splits_beyond_the_number_of_a_series() -> None:
    document = asked("position", events=[on(1, "split", **{"class": "A", "ratio": 2})])
    found = answered(document)
    # IV.B lists 9,100,000; the amendment that makes two of each makes it 18,200,000 (AMB-130), all outstanding.
    told = [found[what]["A"] for what in ("outstanding", "authorized", "issuable")]
    assert told == ["18200000", "18200000", "0"]
    assert "The amendment that splits A is taken to adjust the number" in notes(document)


def test_after_a_recapitalization() -> None:
    document = asked("position", SMALL, events=[on(1, "recapitalize", units={"cash": "1.5", "new": 2})])
    assert answered(document)["property"] == {"cash": "3/2", "new": "2"}
    assert "The Common has become other property" in notes(document)


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("ask.on", "tomorrow", "invalid_date", "ask.on"),
        ("ask.on", 5, "wrong_type", "ask.on"),
        ("ask.off", "1999-12-31", "unknown_field", "ask.off"),
        ("position.holdings.0.shares", 1.5, "float", "position.holdings[0].shares"),
        ("position.holdings.0.class", "G", "unknown_class", "position.holdings[0].class"),
    ],
)
def test_bad_fields(field: str, value: object, code: str, path: str) -> None:
    assert refused(changed(asked("position", SMALL), field, value)) == (code, path)


SPLIT = asked("position", SMALL, events=[on(5, "split", **{"class": "A", "ratio": "1/2"})])
CONVERTED = asked("position", SMALL, events=[on(6, "convert", holder="ann", shares={"E": 20})])
TWO = [
    {"series": "E", "on": "1997-01-01", "amount": "0.004"},
    {"series": "E", "on": "1998-01-01", "amount": "0.003"},
]
READ: Examples = {
    "converted_reissuable": [{**CONVERTED, "readings": {}}],
    "oip_adjusts_in_conversion": [{**SPLIT, "readings": {}}],
    "cent_anniversary": [asked("position", {**SMALL, "carried": TWO}, on="2000-01-01")],
}


def test_every_reading_that_it_looks_at_is_tested() -> None:
    assert set(READ) == readings_of("position")


@pytest.mark.parametrize("field", READ)
def test_readings(field: str) -> None:
    check_options(field, [{**document, "readings": dict(document["readings"])} for document in READ[field]])
