"""Events and opening balances in a case: how they are read, what is refused, what is told of them."""

from __future__ import annotations

import copy
import json
import sys
from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.oracle import histories
from reference.oracle.event_documents import EVENTS
from reference.oracle.histories import MAX_EVENTS
from reference.oracle.refusals import CODES
from reference.oracle.schema import schema
from reference.oracle.streams import answer_stream
from reference.refusal import Forbidden
from tests.oracle.cases import ask, case, changed
from tests.oracle.questions import Document, answered, asked, held, notes, refused
from tests.oracle.test_fuzz import paths, put
from tests.strategies import examples

POSITION = held(
    ("ann", "A", 60),
    ("ann", "B", 10),
    ("ann", "E", 20),
    ("bob", "A", 40),
    ("bob", "common", 500),
    ("cy", "E", 30),
    ("cy", "F", 50),
    as_of="1999-08-24",
)
WARRANT = {"purpose": "warrant", "warrant": {"issued": "1996-08-16", "of": "B"}}
PLAN = {
    "purpose": "plan",
    "plan": {"board_approved_on": "1999-01-01", "in_favour": {"A": 60}, "outstanding": {"A": "100", "F": 50}},
}
EACH: list[Document] = [
    {"do": "issue", "class": "common", "holder": "dan", "shares": 10, "consideration": "50", "noncash": "5"},
    {"do": "issue_rights", "rights": "w", "class": "B", "shares": 8, "exercise_price": "1.43", "facts": WARRANT},
    {"do": "issue_rights", "rights": "o", "shares": 8, "exercisable": 4, "exercise_price": "9", "consideration": "1/3"},
    {"do": "change_rights", "rights": "o", "shares": 7, "exercisable": 5, "exercise_price": "10"},
    {"do": "exercise_rights", "rights": "o", "holder": "dan", "shares": 2},
    {"do": "expire_rights", "rights": "o"},
    {"do": "split", "class": "common", "ratio": "2"},
    {"do": "stock_dividend", "shares": "1/2", "equivalents": "1/4"},
    {"do": "declare_dividend", "per_share": {"A": "0.2", "E": 1}},
    {"do": "pay_dividend", "per_share": {"A": "0.1"}},
    {"do": "convert", "holder": "cy", "shares": {"E": 10, "F": "5"}},
    {"do": "elect_conversion", "consents": {"ann": {"A": 60, "B": "10"}}},
    {"do": "consent_conversion", "class": "F", "consents": {"cy": "40"}},
    {
        "do": "public_offering",
        "price": "18",
        "primary_shares": 3000000,
        "secondary_shares": 1,
        "underwriting": "firm_commitment",
        "form": "S-1",
        "over_allotment": 5,
        "over_allotment_counts": True,
        "discount": "1.26",
        "priced_on": "1999-09-01",
        "to": "street",
    },
    {"do": "fund_cash_amounts", "amount": "40"},
    {"do": "distribute", "units": "100"},
    {"do": "recapitalize", "units": {"cash": "1.5"}},
    {"do": "transfer", "class": "common", "holder": "bob", "to": "eve", "shares": 100},
]
ALL = [{"on": "1999-09-01", **event} for event in EACH]


def after(*happened: Document, question: str = "position", **fields: Any) -> Document:
    """Return a case with events of the first of September, unless they say otherwise."""
    events = [{"on": "1999-09-01", **event} for event in happened]
    return asked(question, copy.deepcopy(POSITION), events=events, **fields)


def test_every_event_is_told_by_its_word() -> None:
    assert {event["do"] for event in EACH} == set(EVENTS)
    reply = ask(asked("position", POSITION, events=ALL))
    assert reply["status"] == "answered", reply
    told = [step["step"] for step in reply["because"]]
    # Conversions under 3(a) are made at the close of the day; what is paid of their Cash Amounts follows, and what has
    # its holders then (3(c)).
    last = ("convert", "elect_conversion", "fund_cash_amounts", "distribute")
    words = [event["do"] for event in EACH if event["do"] not in last]
    assert [word for word in told if word in EVENTS] == [*words, *last]
    assert all(step["says"].startswith("1999-09-01: ") for step in reply["because"] if step["step"] in EVENTS)
    # Amounts of each step are there for the reader to follow.
    (offering,) = [step for step in reply["because"] if step["step"] == "public_offering"]
    assert offering["amounts"]["size"] == "54000090"


FIELDS = [
    ("no kind", {"on": "1999-09-01"}, "missing_field", ".do"),
    ("a kind that is none", {"do": "merge"}, "unknown_event", ".do"),
    ("a kind that is no word", {"do": 5}, "unknown_event", ".do"),
    ("no date", {"do": "split", "on": None}, "wrong_type", ".on"),
    ("a day that is none", {"do": "expire_rights", "on": "1999-02-29", "rights": "o"}, "invalid_date", ".on"),
    ("a missing field", {"do": "issue", "class": "common", "holder": "x"}, "missing_field", ".shares"),
    ("an unknown field", {**EACH[0], "price": "5"}, "unknown_field", ".price"),
    ("the engine's own field", {**EACH[0], "stock": "A"}, "unknown_field", ".stock"),
    ("an unknown class", {**EACH[0], "class": "G"}, "unknown_class", ".class"),
    ("a class that is no text", {**EACH[0], "class": 5}, "wrong_type", ".class"),
    ("a float", {**EACH[0], "shares": 1.0}, "float", ".shares"),
    ("a count that is true", {**EACH[0], "shares": True}, "wrong_type", ".shares"),
    ("a part of a share", {**EACH[0], "shares": "1/2"}, "fractional", ".shares"),
    ("a count that is no number", {**EACH[0], "shares": "ten"}, "bad_amount", ".shares"),
    ("a negative count", {**EACH[0], "shares": -1}, "negative", ".shares"),
    ("a negative count as text", {**EACH[0], "shares": "-1"}, "negative", ".shares"),
    ("a count with too many digits", {**EACH[0], "shares": "1" * 4301}, "amount_too_long", ".shares"),
    ("a float for money", {**EACH[0], "consideration": 1.5}, "float", ".consideration"),
    ("negative money", {**EACH[0], "noncash": "-1"}, "negative", ".noncash"),
    ("a division by zero", {"do": "split", "class": "A", "ratio": "1/0"}, "zero_denominator", ".ratio"),
    ("nobody", {**EACH[0], "holder": ""}, "empty_name", ".holder"),
    ("to nobody", {**EACH[17], "to": ""}, "empty_name", ".to"),
    ("rights without a name", {**EACH[2], "rights": ""}, "empty_name", ".rights"),
    ("an unknown purpose", {**EACH[0], "facts": {"purpose": "fun"}}, "invalid_value", ".facts.purpose"),
    ("an unknown fact", {**EACH[0], "facts": {"fun": True}}, "unknown_field", ".facts.fun"),
    (
        "votes of no series",
        changed({**EACH[0], "facts": PLAN}, "facts.plan.in_favour", {"G": 1}),
        "unknown_series",
        ".facts.plan.in_favour.G",
    ),
    (
        "shares of no series",
        changed({**EACH[0], "facts": PLAN}, "facts.plan.outstanding", {"common": 1}),
        "unknown_series",
        ".facts.plan.outstanding.common",
    ),
    (
        "negative votes",
        changed({**EACH[0], "facts": PLAN}, "facts.plan.in_favour", {"A": -1}),
        "negative",
        ".facts.plan.in_favour.A",
    ),
    (
        "warrants over no class",
        changed({**EACH[0], "facts": WARRANT}, "facts.warrant.of", "G"),
        "unknown_class",
        ".facts.warrant.of",
    ),
    ("a dividend on no class", {"do": "declare_dividend", "per_share": {"G": "1"}}, "unknown_class", ".per_share.G"),
    ("a negative dividend", {"do": "pay_dividend", "per_share": {"A": "-1"}}, "negative", ".per_share.A"),
    ("a float for a dividend", {"do": "declare_dividend", "per_share": {"E": "1", "A": 0.2}}, "float", ".per_share.A"),
    (
        "Common that converts",
        {"do": "convert", "holder": "bob", "shares": {"common": 1}},
        "unknown_series",
        ".shares.common",
    ),
    ("no series that converts", {"do": "convert", "holder": "bob", "shares": {"G": 1}}, "unknown_series", ".shares.G"),
    (
        "half a share that converts",
        {"do": "convert", "holder": "bob", "shares": {"E": "1/2"}},
        "fractional",
        ".shares.E",
    ),
    ("a float that converts", {"do": "convert", "holder": "bob", "shares": {"E": 0.5}}, "float", ".shares.E"),
    (
        "an election of no series",
        {"do": "elect_conversion", "consents": {"x.consents": {"G": 1}}},
        "unknown_series",
        ".consents.x.consents.G",
    ),
    (
        "a float in an election",
        {"do": "elect_conversion", "consents": {"ann": {"A": 1}, "bob": {"A": 1, "B": 1.5}}},
        "float",
        ".consents.bob.B",
    ),
    ("no shares in an election", {"do": "elect_conversion", "consents": {"ann": 5}}, "wrong_type", ".consents.ann"),
    (
        "a consent of the Common",
        {"do": "consent_conversion", "class": "common", "consents": {"bob": 1}},
        "unknown_series",
        ".class",
    ),
    (
        "a float in a consent",
        {"do": "consent_conversion", "class": "E", "consents": {"ann": 1.5}},
        "float",
        ".consents.ann",
    ),
    (
        "a negative consent",
        {"do": "consent_conversion", "class": "E", "consents": {"ann": -1}},
        "negative",
        ".consents.ann",
    ),
    (
        "a consent of nobody",
        {"do": "consent_conversion", "class": "E", "consents": {"": 1}},
        "empty_name",
        ".consents",
    ),
    (
        "text for consents",
        {"do": "consent_conversion", "class": "E", "consents": "1/2"},
        "wrong_type",
        ".consents",
    ),
    ("no rights", {"do": "issue_rights", "rights": "none", "shares": 0, "exercise_price": 1}, "bad_rights", ""),
    ("a float as a unit", {"do": "recapitalize", "units": {"cash": 1.5}}, "float", ".units.cash"),
    ("a stock dividend as a float", {"do": "stock_dividend", "shares": 0.5}, "float", ".shares"),
    ("words for a yes", {**EACH[13], "over_allotment_counts": "yes"}, "wrong_type", ".over_allotment_counts"),
]


@pytest.mark.parametrize(("event", "code", "path"), [row[1:] for row in FIELDS], ids=[row[0] for row in FIELDS])
def test_a_bad_field_of_an_event(event: Document, code: str, path: str) -> None:
    document = after(EACH[-1], event)
    assert refused(document) == (code, f"events[1]{path}")


def test_the_schema_of_a_case_has_every_event() -> None:
    document = schema("case")
    items = document["$defs"]["Case"]["properties"]["events"]["items"]["anyOf"]
    shapes = [document["$defs"][item["$ref"].rpartition("/")[2]] for item in items]
    assert {word for shape in shapes for word in shape["properties"]["do"]["enum"]} == set(EVENTS)
    for event in ALL:
        (own,) = [shape for shape in shapes if shape["properties"]["do"]["enum"] == [event["do"]]]
        assert set(own["required"]) <= set(event) <= set(own["properties"])
    issue = next(shape for shape in shapes if shape["title"] == "IssueEvent")
    assert set(issue["required"]) == {"do", "on", "class", "holder", "shares"}
    assert issue["properties"]["consideration"]["default"] == "0"
    # Counts may be text.
    assert {kind["type"] for kind in issue["properties"]["shares"]["anyOf"]} == {"integer", "string"}


def test_a_history_is_a_list_of_objects() -> None:
    assert refused(changed(after(), "events", {})) == ("wrong_type", "events")
    assert refused(changed(after(), "events", [5])) == ("wrong_type", "events[0]")


def test_a_history_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_EVENTS == 1_000_000
    monkeypatch.setattr("reference.oracle.histories.MAX_EVENTS", 1)
    assert answered(after(EACH[0]))
    assert refused(after(EACH[0], EACH[0])) == ("too_many_events", "events")


FORBIDDEN = [
    ("over_authorized", [{**EACH[0], "shares": 39_999_501}], "IV.A"),
    ("out_of_order", [EACH[0], {**EACH[0], "on": "1999-08-31"}], "3"),
    ("out_of_order", [{**EACH[0], "on": "1999-08-23"}], "3"),
    ("not_held", [{"do": "convert", "holder": "bob", "shares": {"E": 1}}], "3(a)"),
    ("class_only", [{"do": "convert", "holder": "ann", "shares": {"A": 1}}], "3(a)"),
    ("not_of_class", [{"do": "elect_conversion", "consents": {"ann": {"E": 1}}}], "3(a)"),
    ("no_consent", [{"do": "consent_conversion", "class": "A", "consents": {"ann": 1}}], "3(b)"),
    ("not_exercisable", [EACH[2], {**EACH[4], "shares": 5}], "3(d)(i)(E)(1)"),
    ("no_rights", [EACH[5]], "3(d)(i)(E)"),
    ("undeclared_dividend", [{"do": "pay_dividend", "per_share": {"A": "0.1"}}], "1(a)"),
    ("preferred_dividends_first", [{"do": "declare_dividend", "per_share": {"common": "0.1"}}], "1(a)"),
    ("issued_today", [{**EACH[0], "class": "E"}, {"do": "convert", "holder": "dan", "shares": {"E": 1}}], "3(a)"),
    ("closing_before_pricing", [{**EACH[13], "priced_on": "1999-09-02"}], "3(c)"),
    ("no_price", [{**EACH[13], "price": 0}], "3(b)"),
    ("bad_split", [{"do": "split", "class": "E", "ratio": 0}], "3(d)(iii)"),
    ("fractional_shares", [{"do": "split", "class": "E", "ratio": "1/3"}], "3(d)(iii)"),
    ("recapitalized", [EACH[16], EACH[16]], "3(f)"),
    ("missing_fact", [{**EACH[0], "facts": {"purpose": "plan"}}], "3(d)(ii)(B)"),
    ("no_purchase_date", [{**EACH[0], "facts": PLAN}], "3(d)(ii)(B)"),
]


@pytest.mark.parametrize(("code", "happened", "clause"), FORBIDDEN, ids=[row[0] for row in FORBIDDEN])
def test_what_is_forbidden_is_refused_with_its_clause(code: str, happened: list[Document], clause: str) -> None:
    reply = ask(after(*happened))
    assert reply["status"] == "refused", reply
    assert (reply["error"]["code"], reply["error"]["clause"]) == (code, clause)
    assert reply["error"]["path"] == f"events[{len(happened) - 1}]"


def test_every_code_of_the_engine_is_a_stable_one() -> None:
    found = Forbidden("not_held", "3(a)", "Text.")
    assert found.code in CODES


def test_facts_of_a_plan_decide() -> None:
    dates = {"E": "1998-01-01", "F": "1999-08-01"}
    document = changed(after({**EACH[0], "consideration": 0, "facts": PLAN}), "position.purchase_dates", dates)
    # Approved between the two dates: Additional Stock, unless the reading says otherwise.
    assert answered(document)["conversion_prices"]["E"] != "83/20"
    assert answered(changed(document, "readings.plan_gap", "yes"))["conversion_prices"]["E"] == "83/20"


# Long prices


def cheap(number: int, shares: int = 10000) -> list[dict[str, Any]]:
    """Return issues far below every price, a day each."""
    first = date(1999, 9, 1)
    return [
        {
            "on": (first + timedelta(days=day)).isoformat(),
            "do": "issue",
            "class": "common",
            "holder": "x",
            "shares": shares,
            "consideration": 5,
        }
        for day in range(number)
    ]


def test_long_prices_are_enclosed() -> None:
    # Issues of a million at full issuance multiply the digits of each price by seven every time.
    assert isinstance(ask(asked("conversion_prices", events=cheap(4, 10**6)))["answer"]["series"]["A"]["exact"], str)
    reply = ask(asked("conversion_prices", events=cheap(6, 10**6)))
    told = reply["answer"]["series"]["A"]["exact"]
    assert Fraction(told["from"]) < Fraction(told["to"])
    assert Fraction(told["to"]) - Fraction(told["from"]) < Fraction(1, 10**50)
    assert abs(Fraction(told["decimal"]) - Fraction(told["from"])) < Fraction(1, 10**50)
    assert any("series.A.exact" in note and "AMB-59" in note for note in reply["notes"])
    # For next to nothing the price falls to N / (N + n) each time; N starts at 29,055,000 and grows by 1,000,000 and
    # what lower prices add. So the price lies between 29.055 / 35.055 and (29.055 / 30.055) ** 6 and 1.
    assert Fraction(29055, 35055) < Fraction(told["decimal"]) < 1


def test_exact_and_enclosed_prices_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    document = asked("conversion_prices", events=cheap(3))
    exact = ask(document)["answer"]["series"]
    monkeypatch.setattr(histories, "MAX_BITS", 100)
    enclosed = ask(document)["answer"]["series"]
    for name, own in exact.items():
        for field in ("official", "exact", "ratio"):
            low, high = ends_of(enclosed[name][field])
            assert low <= Fraction(own[field]) <= high
            assert high - low < Fraction(1, 10**50)


def ends_of(told: Any) -> tuple[Fraction, Fraction]:
    return (Fraction(told["from"]), Fraction(told["to"])) if isinstance(told, dict) else (Fraction(told),) * 2


def test_500_issues_are_answered_and_other_questions_of_them() -> None:
    for ask_for in (
        {"question": "conversion_prices"},
        {"question": "liquidation", "assets": "60000000"},
        {"question": "votes"},
    ):
        assert ask(asked("position", events=cheap(500)) | {"ask": ask_for})["status"] == "answered"


def test_what_an_answer_gives_a_document_takes() -> None:
    for number in (4, 8):
        prices = {
            n: own["official"]
            for n, own in ask(asked("conversion_prices", events=cheap(number)))["answer"]["series"].items()
        }
        document = changed(asked("liquidation", assets="60000000"), "position.conversion_prices", prices)
        assert ask(document)["status"] == "answered"


def test_what_cannot_be_told_apart_is_refused_and_ends_in_3(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    # E converts into 1.0375 or 0.9976 each: 50 shares into 52 or 50.
    document = changed(asked("votes", POSITION), "position.conversion_prices", {"E": {"from": "4", "to": "4.16"}})
    reply = ask(document)
    assert (reply["error"]["code"], reply["status"]) == ("undecided", "refused")
    assert answer_stream(BytesIO(json.dumps(document).encode()), sys.stdout.buffer) == 3
    capsysbinary.readouterr()


# Opening balances


def with_opening(**fields: Any) -> Document:
    return asked("conversion_prices", {**copy.deepcopy(POSITION), **fields})


OPENINGS = [
    (
        "carried",
        {"carried": [{"series": "G", "on": "1999-01-01", "amount": "0.001"}]},
        "unknown_series",
        "carried[0].series",
    ),
    (
        "carried later",
        {"carried": [{"series": "E", "on": "1999-08-25", "amount": "0.001"}]},
        "contradiction",
        "carried[0].on",
    ),
    ("carried float", {"carried": [{"series": "E", "on": "1999-01-01", "amount": 0.1}]}, "float", "carried[0].amount"),
    (
        "carried no amount",
        {"carried": [{"series": "E", "on": "1999-01-01", "amount": "x"}]},
        "bad_amount",
        "carried[0].amount",
    ),
    (
        "carried all",
        {"carried": [{"series": "E", "on": "1999-01-01", "amount": "4.15"}]},
        "contradiction",
        "carried[0].amount",
    ),
    ("carried field", {"carried": [{"series": "E", "on": "1999-01-01"}]}, "missing_field", "carried[0].amount"),
    ("purchase of no series", {"purchase_dates": {"common": "1999-01-01"}}, "unknown_series", "purchase_dates.common"),
    ("purchase later", {"purchase_dates": {"E": "1999-08-25"}}, "contradiction", "purchase_dates.E"),
    ("purchase no date", {"purchase_dates": {"E": 5}}, "wrong_type", "purchase_dates.E"),
    (
        "claim of nobody",
        {"cash_amounts": [{"holder": "", "series": "A", "converted_on": "1999-01-01", "owed": 1}]},
        "empty_name",
        "cash_amounts[0].holder",
    ),
    (
        "claim of no series",
        {"cash_amounts": [{"holder": "x", "series": "G", "converted_on": "1999-01-01", "owed": 1}]},
        "unknown_series",
        "cash_amounts[0].series",
    ),
    (
        "claim of E",
        {"cash_amounts": [{"holder": "x", "series": "E", "converted_on": "1999-01-01", "owed": 1}]},
        "contradiction",
        "cash_amounts[0].series",
    ),
    (
        "claim later",
        {"cash_amounts": [{"holder": "x", "series": "A", "converted_on": "1999-08-25", "owed": 1}]},
        "contradiction",
        "cash_amounts[0].converted_on",
    ),
    (
        "claim negative",
        {"cash_amounts": [{"holder": "x", "series": "A", "converted_on": "1999-01-01", "owed": "-1"}]},
        "negative",
        "cash_amounts[0].owed",
    ),
    (
        "claim overpaid",
        {"cash_amounts": [{"holder": "x", "series": "A", "converted_on": "1999-01-01", "owed": 1, "paid": 2}]},
        "contradiction",
        "cash_amounts[0].paid",
    ),
]


@pytest.mark.parametrize(("fields", "code", "path"), [row[1:] for row in OPENINGS], ids=[row[0] for row in OPENINGS])
def test_opening_balances_that_are_refused(fields: Document, code: str, path: str) -> None:
    assert refused(with_opening(**fields)) == (code, f"position.{path}")
    # They are refused in a liquidation too, which would not use them.
    liquidation = case()
    liquidation["position"] = {**copy.deepcopy(POSITION), **fields}
    assert refused(liquidation) == (code, f"position.{path}")


def test_a_carry_below_zero_adds() -> None:
    document = with_opening(carried=[{"series": "E", "on": "1999-01-01", "amount": "-0.005"}])
    assert answered(document)["series"]["E"]["exact"] == "831/200"
    made = answered(changed(document, "ask.on", "2002-01-01"))
    assert made["series"]["E"]["official"] == "831/200"


def test_a_carry_of_nothing_is_none() -> None:
    nothing = {"series": "E", "on": "1997-01-01", "amount": "0"}
    document = with_opening(carried=[nothing, {"series": "E", "on": "1998-01-01", "amount": "0.5"}])
    assert [own["on"] for own in answered(document)["series"]["E"]["carried"]] == ["1998-01-01"]
    # It has no anniversary at which all that is carried would be made.
    assert answered(changed(document, "ask.on", "2000-12-31"))["series"]["E"]["official"] == "83/20"
    assert answered(changed(document, "ask.on", "2001-01-01"))["series"]["E"]["official"] == "73/20"


def test_a_purchase_date_may_come_later_for_a_series_not_yet_issued() -> None:
    document = asked(
        "conversion_prices", held(("bob", "common", 5), as_of="1999-08-24", purchase_dates={"F": "1999-12-01"})
    )
    assert answered(document)["series"]["F"]["first_issued"] == "1999-12-01"


# Undeclared dividends


def test_undeclared_dividends_accrue_up_to_the_last_event() -> None:
    """AMB-17: from 1 January to 31 December 1999, 365 days at 1.65, on 50 F at 8.25."""
    document = after(
        {"do": "transfer", "on": "1999-12-31", "class": "common", "holder": "bob", "to": "ann", "shares": 1},
        question="liquidation",
        assets="495",
        readings={"unpaid_div": "undeclared_current_year"},
    )
    document["position"]["issued_on"] = {"F": "1999-01-01"}
    # 50 * (8.25 + 1.65) = 495.
    assert answered(document)["by_class"]["F"]["total"] == "495"
    assert answered(changed(document, "ask.assets", "496"))["by_class"]["F"]["total"] == "495"
    # At the opening's date it would have been 236 days.
    bare = changed(document, "events", [])
    paid = answered(changed(bare, "ask.assets", "495"))["by_class"]["F"]["total"]
    assert Fraction(paid) == 50 * (Fraction("8.25") + Fraction("1.65") * 236 / 365)


def test_events_of_the_first_day_of_the_calendar_are_answered() -> None:
    transfer = {"on": "0001-01-01", "do": "transfer", "class": "common", "holder": "bob", "to": "eve", "shares": 1}
    position = {name: value for name, value in POSITION.items() if name != "as_of"}
    for question in ("position", "conversion_prices"):
        assert answered(asked(question, copy.deepcopy(position), events=[transfer]))["as_of"] == "0001-01-01"


def test_undeclared_amounts_and_events_do_not_go_together() -> None:
    document = after(EACH[-1])
    document["position"]["undeclared_dividends"] = {"F": {"current_year": "1", "since_issue": "1"}}
    assert refused(document) == ("contradiction", "position.undeclared_dividends")


def test_issue_dates_are_not_after_the_last_event() -> None:
    document = after(EACH[-1])
    # Without a date of the position, the last event's is known all the same.
    del document["position"]["as_of"]
    document["position"]["issued_on"] = {"F": "1999-09-01"}
    assert answered(document)
    document["position"]["issued_on"] = {"F": "1999-09-02"}
    assert refused(document) == ("contradiction", "position.issued_on.F")
    document["position"]["issued_on"] = {"G": "1999-09-01"}
    assert refused(document) == ("unknown_series", "position.issued_on.G")


# Notes


def test_a_liquidation_tells_of_debts_outside_the_assets() -> None:
    elected = after(EACH[8], EACH[11], EACH[10], question="liquidation", assets="100")
    told = notes(elected)
    # 100 A at .925 + .2 and 10 B at 1.325; cy's ten E at 1.
    assert "Cash Amounts of earlier conversions, 503/4, are unpaid" in told
    assert "Dividends declared on shares that have converted, 10, are unpaid" in told
    assert "overdue" not in told
    elected["events"].append({**EACH[-1], "on": "1999-09-11"})
    assert "overdue" not in notes(elected)
    later = changed(elected, "events.3.on", "1999-09-12")
    assert "503/4, of which 503/4 overdue, are unpaid" in notes(later)
    paid = {"do": "fund_cash_amounts", "on": "1999-09-11", "amount": "1000"}
    assert "Cash Amounts of earlier" not in notes(changed(elected, "events.3", paid))
    opening = case()
    opening["position"]["cash_amounts"] = [
        {"holder": "zoe", "series": "A", "converted_on": "1999-01-01", "owed": "10", "paid": "4"}
    ]
    assert "Cash Amounts of earlier conversions, 6, are unpaid" in notes(opening)
    breakpoints = changed(opening, "ask", {"question": "breakpoints"})
    assert "conversions, 6, are unpaid" in notes(breakpoints)


def test_a_conversion_is_made_before_the_close() -> None:
    cheap = {**EACH[0], "consideration": 0, "noncash": 0}
    written = {"readings": {"conversions_at_close": "as_written"}}
    assert "Event 1 follows a conversion of its day" in notes(after(EACH[10], cheap, **written))
    assert "close of business" not in notes(after(cheap, EACH[10], **written))
    assert "close of business" not in notes(after(EACH[10], EACH[-1], **written))
    assert "close of business" not in notes(after(EACH[10], {**cheap, "on": "1999-09-02"}, **written))
    assert "follows a conversion" not in notes(after(EACH[10], cheap))
    assert "after event 1 of its day, though written before it" in notes(after(EACH[10], cheap))
    assert "close of business" not in notes(after(cheap, EACH[10]))


def test_more_common_than_is_authorised_is_told() -> None:
    document = asked(
        "position", events=[{"on": "1999-09-01", "do": "public_offering", "price": 4, "primary_shares": 10**7}]
    )
    assert "More Common is outstanding, 44905000, than is authorised, 40000000" in notes(document)


# Whatever comes

NUMBERS = [True, 0, 1, -1, 17, 1.5, 10**70, "", "1/3", "-2", "1/0", "1e5"]
NAMES = ["A", "E", "G", "common", "ann", "cy", "o", "w", "S-3", "plan", "warrant"]
DATES = ["1999-09-01", "0001-01-01", "9999-12-31"]
VALUES = st.sampled_from([*NUMBERS, *NAMES, *DATES, None, [], {}, {"A": "1"}, {"ann": {"A": 1}}])
READINGS: list[Document] = [
    {},
    {"ad_election": "unlock_individual", "ipo_effective": "pricing", "series_issue_excluded": "no"},
    {"weighted_average_base": "plus_all_options", "year": "fiscal", "cent_scope": "yes", "ipo_order": "adjust_first"},
    {"year": "rolling12", "if_greater": "lfp_all", "replay": "ratio", "vesting": "forward_on_vest", "cp_round": "cent"},
    {"weighted_average_base": "plus_deemed", "replay": "additive", "partial": "daily", "consent_tie": "consent"},
]
QUESTIONS: list[Document] = [
    {"question": "position"},
    {"question": "conversion_prices", "on": "2003-01-01"},
    {"question": "conversion", "holder": "cy", "shares": {"F": 5}},
    {"question": "conversion", "consents": {"ann": {"A": 60}}},
    {"question": "public_offering", "on": "2003-01-01", "price": "5", "primary_shares": 8000000},
    {"question": "cash_amounts", "funds": ["5", "7"]},
    {"question": "liquidation", "assets": "1000"},
]


@examples(400)
@given(st.data())
def test_mutated_histories_are_answered_or_refused(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(ALL))), min_size=1, max_size=5))
    document = asked("position", POSITION, events=[ALL[place] for place in sorted(chosen)])
    document = copy.deepcopy(document)
    document["readings"] = data.draw(st.sampled_from(READINGS))
    document["ask"] = copy.deepcopy(data.draw(st.sampled_from(QUESTIONS)))
    document["position"]["issued_on"] = data.draw(st.sampled_from([{}, {"F": "1999-01-01"}]))
    for _ in range(data.draw(st.integers(0, 3))):
        where = data.draw(st.sampled_from(["events", "ask", "position"]))
        inside = [(where, *path) for path in paths(document[where]) if path != ("question",)]
        if inside:
            put(document, data.draw(st.sampled_from(inside)), copy.deepcopy(data.draw(VALUES)))
    reply = ask(document)
    assert reply["status"] == "answered" or reply["error"]["code"] != "internal_error", reply
