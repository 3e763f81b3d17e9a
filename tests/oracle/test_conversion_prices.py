"""The question `conversion_prices`: official and exact prices, what is carried, every adjustment."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.oracle.cases import ask, changed
from tests.oracle.questions import Document, Examples, answered, asked, check_options, held, notes, readings_of, refused

SMALL = held(("ann", "E", 100), ("bob", "common", 900), as_of="1999-08-24")


def on(day: str, do: str, **fields: object) -> Document:
    return {"on": day, "do": do, **fields}


def sale(day: str, shares: int, consideration: str | int = 0, **fields: object) -> Document:
    return on(
        day, "issue", **{"class": "common", "holder": "x", "shares": shares, "consideration": consideration, **fields}
    )


def rounded(price: str) -> float:
    return float(round(Fraction(price), 6))


def prices(document: Document) -> dict[str, Document]:
    found: dict[str, Document] = answered(document)["series"]
    return found


def test_initial_prices() -> None:
    found = prices(asked("conversion_prices"))
    assert found["F"] == {
        "official": "33/4",
        "exact": "33/4",
        "ratio": "1",
        "initial": "33/4",
        "carried": [],
        "first_issued": None,
        "issued": True,
    }


def test_a_million_at_two_dollars() -> None:
    """AMB-53: 4.078464 at full issuance over ten million Common; 3.954545 over the Common alone."""
    document = asked("conversion_prices", events=[sale("1999-09-01", 1_000_000, "2000000")])
    assert rounded(prices(document)["E"]["official"]) == 4.078464
    narrow = changed(document, "readings.weighted_average_base", "common_only")
    assert rounded(prices(narrow)["E"]["official"]) == 3.954545
    assert prices(document)["C"]["official"] == "191/100"


def test_why_a_price_is_lowered() -> None:
    reply = ask(asked("conversion_prices", SMALL, events=[sale("1999-09-01", 1000, "1000")]))
    issue, adjustment, *_ = reply["because"]
    assert (issue["step"], issue["amounts"]["additional_stock"]) == ("issue", "1000")
    assert adjustment == {
        "clause": "3(d)(i)(A)",
        "step": "issuance_adjustment",
        "says": "1999-09-01: The conversion price of E is lowered.",
        "class": "E",
        "amounts": {
            "base": "1000",
            "shares": "1000",
            "consideration": "1000",
            "official_before": "83/20",
            "official_after": "103/40",
            "exact_before": "83/20",
            "exact_after": "103/40",
            "carried": "0",
        },
    }
    last = reply["because"][-2]
    assert (last["class"], last["step"], last["amounts"]["ratio"]) == ("E", "conversion_price", "166/103")


def test_what_is_carried() -> None:
    """AMB-58: one free share over 1000 moves E by .0041, which is carried and made three years later."""
    document = asked("conversion_prices", SMALL, events=[sale("1999-09-01", 1)])
    own = prices(document)["E"]
    change = Fraction("4.15") - Fraction("4.15") * 1000 / 1001
    assert (own["official"], own["exact"]) == ("83/20", str(Fraction("4.15") - change))
    assert own["carried"] == [{"on": "1999-09-01", "amount": str(change), "made_by": "2002-09-01"}]
    assert own["ratio"] == "1"
    assert "carried forward for E" in notes(document)
    assert prices(changed(document, "ask.on", "2002-08-31"))["E"] == own
    made = changed(document, "ask.on", "2002-09-01")
    assert prices(made)["E"]["official"] == own["exact"]
    assert prices(made)["E"]["carried"] == []
    told = [step for step in ask(made)["because"] if step["step"] == "make_good_adjustment"]
    assert [step["clause"] for step in told] == ["3(d)(i)(B)"]


def test_a_leap_day_is_carried_to_the_last_of_february() -> None:
    """AMB-100."""
    document = asked("conversion_prices", SMALL, events=[sale("2000-02-29", 1)])
    assert prices(document)["E"]["carried"][0]["made_by"] == "2003-02-28"


def test_a_raised_price_after_options_lapse() -> None:
    options = on("1999-09-01", "issue_rights", rights="o", shares=1000, exercise_price="1")
    lapse = on("1999-09-02", "expire_rights", rights="o")
    document = asked("conversion_prices", SMALL, events=[options, lapse])
    assert prices(document)["E"]["official"] == "83/20"
    says = [step["says"] for step in ask(document)["because"]]
    assert "1999-09-02: The conversion price of E is raised." in says


def test_a_series_that_is_not_issued_yet() -> None:
    document = asked("conversion_prices", SMALL, events=[sale("1999-09-01", 1000, "1000")])
    found = prices(document)
    assert (found["F"]["official"], found["F"]["issued"]) == ("33/4", False)
    assert "Not issued yet, so that nothing adjusts the price: A, B, C, D, F." in notes(document)
    dated = changed(document, "position.purchase_dates", {"F": "1999-08-01"})
    # (8.25 * 1000 + 1000) / 2000
    assert (prices(dated)["F"]["official"], prices(dated)["F"]["first_issued"]) == ("37/8", "1999-08-01")
    first = on("1999-09-03", "issue", **{"class": "F", "holder": "cy", "shares": 1})
    issued = changed(document, "events", [*document["events"], first])
    assert prices(issued)["F"]["first_issued"] == "1999-09-03"
    assert "Not issued yet" not in notes(asked("conversion_prices", SMALL))


def test_a_date_before_the_last_event() -> None:
    document = asked("conversion_prices", SMALL, events=[sale("1999-09-01", 1)], on="1999-08-31")
    assert refused(document) == ("out_of_order", "ask.on")


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("ask.on", "1999-02-30", "invalid_date", "ask.on"),
        ("ask.series", "E", "unknown_field", "ask.series"),
        ("position.conversion_prices", {"E": 0}, "not_positive", "position.conversion_prices.E"),
        ("position.conversion_prices", {"E": 4.15}, "float", "position.conversion_prices.E"),
        ("position.conversion_prices", {"G": "1"}, "unknown_series", "position.conversion_prices.G"),
    ],
)
def test_bad_fields(field: str, value: object, code: str, path: str) -> None:
    assert refused(changed(asked("conversion_prices", SMALL), field, value)) == (code, path)


def grant(**fields: object) -> Document:
    given = {"rights": "o", "shares": 1000, "exercise_price": "1", **fields}
    return on("1999-09-01", "issue_rights", **given)


def case_of(*events: Document, on: str | None = None, **position: object) -> Document:
    document = asked("conversion_prices", {**SMALL, **position}, events=list(events), readings={})
    if on is not None:
        document["ask"]["on"] = on
    return document


PLAN = {"purpose": "plan", "plan": {"board_approved_on": "1999-01-01"}}
VEST = on("1999-09-03", "change_rights", rights="o", exercisable=1000)
LAPSE = on("1999-09-04", "expire_rights", rights="o")
READ: Examples = {
    "weighted_average_base": [case_of(grant(exercise_price="5", exercisable=500), sale("1999-09-02", 1000, "1000"))],
    "same_day_issues": [case_of(sale("1999-09-02", 1000, "1000"), sale("1999-09-02", 1000, "1000"))],
    "cent_test": [case_of(sale("1999-09-01", 2), sale("1999-09-02", 2))],
    "cent_composition": [case_of(sale("1999-09-01", 2), sale("1999-09-02", 1000, "1000"))],
    # With the exact price going on, an issue between the two prices changes nothing either way.
    "cent_trigger_price": [
        changed(
            case_of(sale("1999-09-01", 2), sale("1999-09-02", 1000, "4145")), "readings.cent_composition", "additive"
        )
    ],
    "cent_scope": [case_of(on("1999-09-01", "stock_dividend", shares="1/900"))],
    "cent_anniversary": [
        case_of(
            carried=[
                {"series": "E", "on": "1997-01-01", "amount": "0.004"},
                {"series": "E", "on": "1998-01-01", "amount": "0.003"},
            ],
            on="2000-01-01",
        )
    ],
    "cp_round": [case_of(sale("1999-09-01", 999, "1000"))],
    "vesting": [
        case_of(grant(exercisable=250)),
        case_of(grant(exercisable=250), sale("1999-09-02", 1000, "1000"), VEST),
    ],
    "grant_alloc": [case_of(grant(exercisable=250, consideration="100"))],
    "replay": [case_of(grant(), sale("1999-09-02", 1000, "2000"), LAPSE)],
    "series_issue_excluded": [
        case_of(on("1999-09-01", "issue", **{"class": "E", "holder": "x", "shares": 100, "consideration": "100"}))
    ],
    "plan_gap": [case_of(sale("1999-09-01", 1000, facts=PLAN), purchase_dates={"E": "1998-01-01", "F": "1999-08-01"})],
    "stock_dividend_base": [case_of(on("1999-09-01", "stock_dividend", shares="1"))],
    "oip_adjusts_in_conversion": [case_of(on("1999-09-01", "split", **{"class": "E", "ratio": "2"}))],
}


def test_every_reading_that_it_looks_at_is_tested() -> None:
    assert set(READ) == readings_of("conversion_prices")


@pytest.mark.parametrize("field", READ)
def test_readings(field: str) -> None:
    check_options(field, READ[field])
