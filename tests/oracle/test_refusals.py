"""Every kind of bad input: the stable code and the path of the field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reference.oracle import positions
from reference.oracle.refusals import CODES, Refusal
from tests.oracle.cases import ask, ask_text, case, changed, charter_document, without


def refusal(document: object) -> tuple[str, str]:
    reply = ask(document)
    assert reply["status"] == "refused", reply
    error = reply["error"]
    assert error["message"].startswith(error["path"])
    assert error["message"].endswith(".")
    return error["code"], error["path"]


BAD_FIELDS: list[tuple[str, str, Any, str, str]] = [
    # what is wrong, the field set, its value, the code, the path reported
    ("float assets", "ask.assets", 1.5, "float", "ask.assets"),
    ("whole float assets", "ask.assets", 110000000.0, "float", "ask.assets"),
    ("float shares", "position.holdings.1.shares", 1.5, "float", "position.holdings[1].shares"),
    ("whole float shares", "position.holdings.1.shares", 2.0, "float", "position.holdings[1].shares"),
    ("float holder", "position.holdings.1.holder", 1.5, "float", "position.holdings[1].holder"),
    ("float in a map", "position.conversion_prices.E", 4.15, "float", "position.conversion_prices.E"),
    ("float in a list", "ask.noncash", ["1", 2.5], "float", "ask.noncash[1]"),
    ("float choice", "ask.conversions.E", 1.0, "float", "ask.conversions.E"),
    ("float case", "case", 1.5, "float", "case"),
    ("negative count", "position.holdings.0.shares", -1, "negative", "position.holdings[0].shares"),
    ("fractional count", "position.holdings.0.shares", "1/2", "fractional", "position.holdings[0].shares"),
    ("count in words", "position.holdings.0.shares", "many", "bad_amount", "position.holdings[0].shares"),
    ("count is true", "position.holdings.0.shares", True, "wrong_type", "position.holdings[0].shares"),
    ("count is null", "position.holdings.0.shares", None, "wrong_type", "position.holdings[0].shares"),
    ("unknown class", "position.holdings.0.class", "G", "unknown_class", "position.holdings[0].class"),
    ("no holder", "position.holdings.0.holder", "", "empty_name", "position.holdings[0].holder"),
    ("too many shares", "position.holdings.0.shares", 9100001, "over_authorized", "position.holdings"),
    ("too much Common", "position.holdings.6.shares", 40000001, "over_authorized", "position.holdings"),
    ("unknown price", "position.conversion_prices.G", "1", "unknown_series", "position.conversion_prices.G"),
    (
        "price of Common",
        "position.conversion_prices.common",
        "1",
        "unknown_series",
        "position.conversion_prices.common",
    ),
    ("zero price", "position.conversion_prices.E", "0", "not_positive", "position.conversion_prices.E"),
    ("negative price", "position.conversion_prices.E", "-1", "not_positive", "position.conversion_prices.E"),
    ("price is null", "position.conversion_prices.E", None, "wrong_type", "position.conversion_prices.E"),
    ("prices are a list", "position.conversion_prices", [], "wrong_type", "position.conversion_prices"),
    ("negative dividend", "position.unpaid_dividends.A", "-0.01", "negative", "position.unpaid_dividends.A"),
    (
        "dividend on Common",
        "position.unpaid_dividends.common",
        "1",
        "unknown_series",
        "position.unpaid_dividends.common",
    ),
    ("zero split", "position.preferred_splits.E", 0, "not_positive", "position.preferred_splits.E"),
    ("unknown split", "position.preferred_splits.Z", 2, "unknown_series", "position.preferred_splits.Z"),
    ("zero Common split", "position.common_split", "0", "not_positive", "position.common_split"),
    ("not a date", "position.as_of", "24 Aug 1999", "invalid_date", "position.as_of"),
    ("no such day", "position.as_of", "1999-02-29", "invalid_date", "position.as_of"),
    ("no such issue day", "position.issued_on.E", "1999-02-29", "invalid_date", "position.issued_on.E"),
    ("issue without as_of", "position.issued_on.E", "1999-02-28", "missing_field", "position.as_of"),
    ("unknown issue", "position.issued_on.Z", "1999-02-28", "unknown_series", "position.issued_on.Z"),
    ("negative assets", "ask.assets", "-1", "negative", "ask.assets"),
    ("endless assets", "ask.assets", "9" * 4301, "amount_too_long", "ask.assets"),
    ("endless whole assets", "ask.assets", 10**60, "amount_too_long", "ask.assets"),
    ("infinite assets", "ask.assets", "inf", "bad_amount", "ask.assets"),
    ("assets with exponent", "ask.assets", "1e9", "bad_amount", "ask.assets"),
    ("assets over zero", "ask.assets", "1/0", "zero_denominator", "ask.assets"),
    ("assets null", "ask.assets", None, "wrong_type", "ask.assets"),
    ("negative noncash", "ask.noncash", ["1", "-2"], "negative", "ask.noncash[1]"),
    ("negative limit", "ask.legally_available", "-2", "negative", "ask.legally_available"),
    ("unknown question", "ask.question", "wealth", "unknown_question", "ask.question"),
    ("question is a number", "ask.question", 5, "wrong_type", "ask.question"),
    ("unknown field of the case", "colour", 1, "unknown_field", "colour"),
    ("unknown field of the position", "position.colour", 1, "unknown_field", "position.colour"),
    ("unknown field of a holding", "position.holdings.0.colour", 1, "unknown_field", "position.holdings[0].colour"),
    ("unknown field of the question", "ask.colour", 1, "unknown_field", "ask.colour"),
    ("unknown field of the event", "ask.event", {"kind": "merger", "x": 1}, "unknown_field", "ask.event.x"),
    ("unknown reading", "readings.mood", "good", "unknown_reading", "readings.mood"),
    ("unknown option", "readings.cap_mode", "both", "unknown_option", "readings.cap_mode"),
    ("option is a number", "readings.cap_mode", 1, "wrong_type", "readings.cap_mode"),
    ("readings are a list", "readings", [], "wrong_type", "readings"),
    ("unknown charter", "charter", "octavius", "unknown_charter", "charter"),
    ("charter elsewhere", "charter", "../charters/quintus-1999", "unknown_charter", "charter"),
    ("charter is a number", "charter", 1, "wrong_type", "charter"),
    ("a history", "events", [{"on": "1999-09-01", "do": "split"}], "missing_field", "events[0].class"),
    ("unknown conversions", "ask.conversions", "whatever", "invalid_value", "ask.conversions"),
    ("choice is a word", "ask.conversions.E", "yes", "wrong_type", "ask.conversions.E"),
    ("unknown series converts", "ask.conversions.G", True, "unknown_series", "ask.conversions.G"),
    ("A converts by itself", "ask.conversions.A", True, "converts_only_by_election", "ask.conversions.A"),
    ("unknown election", "ask.elect", "maybe", "invalid_value", "ask.elect"),
    ("unknown event", "ask.event", {"kind": "party"}, "invalid_value", "ask.event.kind"),
    (
        "too much voting power",
        "ask.event",
        {"kind": "merger", "voting_power_disposed": "1.01"},
        "out_of_range",
        "ask.event.voting_power_disposed",
    ),
    (
        "merger with a parent",
        "ask.event",
        {"kind": "merger", "counterparty": "parent"},
        "not_a_liquidation",
        "ask.event",
    ),
    (
        "half the voting power",
        "ask.event",
        {"kind": "voting_power", "voting_power_disposed": "1/2"},
        "not_a_liquidation",
        "ask.event",
    ),
]


@pytest.mark.parametrize(
    ("field", "value", "code", "path"), [row[1:] for row in BAD_FIELDS], ids=[r[0] for r in BAD_FIELDS]
)
def test_a_bad_field_is_refused_by_path(field: str, value: Any, code: str, path: str) -> None:
    assert refusal(changed(case(), field, value)) == (code, path)


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("case", "case"),
        ("charter", "charter"),
        ("position", "position"),
        ("position.holdings", "position.holdings"),
        ("ask", "ask"),
        ("ask.question", "ask.question"),
        ("ask.assets", "ask.assets"),
    ],
)
def test_a_missing_field_is_refused(field: str, path: str) -> None:
    assert refusal(without(case(), field)) == ("missing_field", path)


def test_a_holding_is_listed_once() -> None:
    document = case()
    document["position"]["holdings"].append({"holder": "founder", "class": "common", "shares": 1})
    assert refusal(document) == ("duplicate_holding", "position.holdings[7]")


def test_one_holder_may_have_several_classes() -> None:
    document = case(common=0)
    document["position"]["holdings"].append({"holder": "holder A", "class": "common", "shares": 1})
    assert ask(document)["status"] == "answered"


def test_shares_over_the_authorised_number_name_the_clause() -> None:
    assert ask(changed(case(), "position.holdings.4.shares", 3000001))["error"]["clause"] == "IV.B"
    assert ask(changed(case(), "position.holdings.6.shares", 40000001))["error"]["clause"] == "IV.A"


def test_the_authorised_number_itself_is_fine() -> None:
    assert ask(case(common=40000000))["status"] == "answered"


def test_several_holders_are_added_up_against_the_authorised_number() -> None:
    document = case()
    document["position"]["holdings"].append({"holder": "late", "class": "F", "shares": 1})
    assert refusal(document) == ("over_authorized", "position.holdings")


def test_only_so_many_holdings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "MAX_HOLDINGS", 6)
    assert refusal(case()) == ("too_many_holdings", "position.holdings")


def test_dividends_and_their_dates_exclude_each_other() -> None:
    document = changed(case(), "position.undeclared_dividends.E", {"current_year": "1", "since_issue": "1"})
    document = changed(changed(document, "position.issued_on.E", "1999-01-01"), "position.as_of", "1999-08-24")
    assert refusal(document) == ("given_twice", "position.issued_on.E")


def test_an_issue_after_the_position_is_refused() -> None:
    document = changed(changed(case(), "position.issued_on.E", "1999-08-25"), "position.as_of", "1999-08-24")
    assert refusal(document) == ("contradiction", "position.issued_on.E")


def test_dividends_since_issue_include_the_current_year() -> None:
    document = changed(case(), "position.undeclared_dividends.E", {"current_year": "2", "since_issue": "1"})
    assert refusal(document) == ("contradiction", "position.undeclared_dividends.E.since_issue")


@pytest.mark.parametrize("missing", ["current_year", "since_issue"])
def test_undeclared_dividends_are_given_in_both_ways(missing: str) -> None:
    given = {"current_year": "1", "since_issue": "1"}
    del given[missing]
    document = changed(case(), "position.undeclared_dividends.E", given)
    assert refusal(document) == ("missing_field", f"position.undeclared_dividends.E.{missing}")


def test_the_field_is_named_under_a_key_that_looks_like_a_path() -> None:
    document = changed(case(), "position.undeclared_dividends", {"[...].a": {"current_year": 1.5, "since_issue": 1}})
    assert refusal(document) == ("float", "position.undeclared_dividends.[...].a.current_year")


def test_readings_may_demand_that_the_question_says_who_converts() -> None:
    document = changed(case(), "readings.ef_conversion", "given")
    assert refusal(document) == ("conversions_required", "ask.conversions")
    assert ask(changed(document, "ask.conversions", {"E": True}))["status"] == "answered"


def test_double_dip_and_the_equilibrium_exclude_each_other() -> None:
    document = changed(case(conversions="equilibrium"), "readings.ef_conversion", "double_dip")
    assert refusal(document) == ("contradictory_choice", "ask.conversions")


def test_a_vote_in_interest_weighs_chosen_conversions() -> None:
    assert refusal(case(conversions="as_held", elect="in_interest")) == ("contradictory_choice", "ask.elect")


def test_a_class_election_cites_its_clause() -> None:
    assert ask(case(conversions={"A": True}))["error"]["clause"] == "3(a)"


def test_an_event_that_is_no_liquidation_cites_its_clause() -> None:
    document = case(event={"kind": "merger", "counterparty": "wholly_owned_subsidiary"})
    assert ask(document)["error"]["clause"] == "2(c)"


def test_breakpoints_need_stable_conversions_at_every_level() -> None:
    # Of 27 with E, F and Common of one share each, F converting into two: no set is stable (AMB-116).
    document = changed(case(), "readings.cap_mode", "first_stops_all")
    document["position"] = {
        "holdings": [{"holder": name, "class": name, "shares": 1} for name in ("E", "F", "common")],
        "conversion_prices": {"F": "33/8"},
    }
    document["ask"] = {"question": "breakpoints"}
    assert refusal(document) == ("no_equilibrium", "ask")
    document["ask"] = {"question": "liquidation", "assets": "27"}
    assert refusal(document) == ("no_equilibrium", "ask")


def test_breakpoints_take_no_vote() -> None:
    document = case()
    document["ask"] = {"question": "breakpoints", "elect": "in_interest"}
    assert refusal(document) == ("wrong_type", "ask.elect")


BAD_CHARTERS: list[tuple[str, str, Any, str, str]] = [
    ("unknown field", "colour", 1, "unknown_field", "charter.colour"),
    (
        "unknown field deep",
        "series.2.dividend_rate.colour",
        1,
        "unknown_field",
        "charter.series[2].dividend_rate.colour",
    ),
    (
        "float price",
        "series.4.original_issue_price.value",
        4.15,
        "float",
        "charter.series[4].original_issue_price.value",
    ),
    ("bad cap", "series.4.participation.cap", "lots", "bad_amount", "charter.series[4].participation.cap"),
    ("text count", "series.4.authorized.value", "3000000", "wrong_type", "charter.series[4].authorized.value"),
    ("unknown word", "series.4.conversion.by", "anyone", "invalid_value", "charter.series[4].conversion.by"),
    ("two of one name", "series.4.name", "F", "bad_charter", "charter.series[4].name"),
    (
        "zero price",
        "series.4.original_issue_price.value",
        "0",
        "bad_charter",
        "charter.series[4].original_issue_price.value",
    ),
    ("unplaced series", "liquidation_tiers.0.series", [], "bad_charter", "charter.liquidation_tiers"),
    ("wrong total", "authorized.total.value", 1, "bad_charter", "charter.authorized.total.value"),
    ("no series", "series", {}, "wrong_type", "charter.series"),
]


@pytest.mark.parametrize(
    ("field", "value", "code", "path"), [row[1:] for row in BAD_CHARTERS], ids=[row[0] for row in BAD_CHARTERS]
)
def test_a_bad_inline_charter_is_refused_by_path(field: str, value: Any, code: str, path: str) -> None:
    assert refusal(changed(case(), "charter", changed(charter_document(), field, value))) == (code, path)


def test_a_charter_may_have_only_so_many_series() -> None:
    document = charter_document()
    model = document["series"][5]
    names = [f"S{number}" for number in range(51)]
    document["series"] = [changed(changed(model, "name", name), "authorized.value", 1) for name in names]
    document["liquidation_tiers"] = [{"series": names, "clause": "2(a)"}]
    assert refusal(changed(case(), "charter", document)) == ("too_many_series", "charter.series")


def test_only_so_many_sets_of_conversions_are_tried() -> None:
    document = charter_document()
    model = document["series"][5]
    names = [f"S{number}" for number in range(13)]
    document["series"] = [changed(changed(model, "name", name), "authorized.value", 1) for name in names]
    document["liquidation_tiers"] = [{"series": names, "clause": "2(a)"}]
    for part in ("class_election", "antidilution", "board", "approvals"):
        del document[part]
    asked = changed(changed(case(), "charter", document), "position.holdings", [])
    assert ask(asked)["status"] == "answered"
    assert refusal(changed(asked, "readings.cap_mode", "joint")) == ("too_many_series", "charter.series")


def without_electing_series() -> dict[str, Any]:
    document = charter_document()
    for series in document["series"]:
        if series["conversion"]["by"] == "class_election":
            series["conversion"]["by"] = "none"
            del series["cash_amount"]
    return document


def test_no_class_can_elect_where_the_charter_has_none() -> None:
    document = without(without_electing_series(), "class_election")
    for elect in (True, "in_interest"):
        asked = changed(case(elect=elect), "charter", document)
        assert refusal(asked) == ("no_class_election", "ask.elect")
    assert ask(changed(case(), "charter", document))["status"] == "answered"


@pytest.mark.parametrize(
    "document",
    [without(charter_document(), "class_election"), without_electing_series()],
    ids=["electing series without an election", "an election without electing series"],
)
def test_an_election_and_its_series_are_described_together(document: dict[str, Any]) -> None:
    for elect in (False, True):
        asked = changed(case(elect=elect), "charter", document)
        assert refusal(asked) == ("bad_charter", "charter.class_election")


def test_a_series_without_the_right_does_not_convert() -> None:
    document = changed(charter_document(), "series.4.conversion.by", "none")
    asked = changed(case(conversions={"E": True}), "charter", document)
    assert refusal(asked) == ("not_convertible", "ask.conversions.E")


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (b"", "empty_input", ""),
        (b"   \n", "empty_input", ""),
        (b"hello", "invalid_json", ""),
        (b"{'case': 1}", "invalid_json", ""),
        (b'{"case": "one"} {"case": "two"}', "invalid_json", ""),
        (b'{"case": "one",}', "invalid_json", ""),
        (b'{"case": NaN}', "invalid_json", ""),
        (b"\xff\xfe", "invalid_json", ""),
        (b'{"case": "\xff"}', "invalid_json", ""),
        (b"[" * 100_000, "invalid_json", ""),
        (b'{"case": "one"', "truncated", ""),
        (b'{"case": "on', "truncated", ""),
        (b"[]", "wrong_type", ""),
        (b"null", "wrong_type", ""),
        (b"7", "wrong_type", ""),
        (b'{"case": 1e400}', "amount_too_long", "case"),
        (b'{"ask": {"assets": ' + b"9" * 6000 + b"}}", "amount_too_long", "ask.assets"),
        (b'{"ask": [1, {"assets": -' + b"9" * 6000 + b"}]}", "amount_too_long", "ask[1].assets"),
        (b'{"case": "one", "case": "two"}', "duplicate_key", "case"),
        (b'{"ask": {"assets": 1, "assets": 1}}', "duplicate_key", "ask.assets"),
        (b'{"ask": [{"a\\u0022": 1, "a\\"": 1}]}', "duplicate_key", 'ask[0].a"'),
        (b'{"a": 1, "\\u0061": 1, "b": "\\u0022\\u0022"}', "duplicate_key", "a"),
    ],
)
def test_text_that_is_no_case_is_refused(text: bytes, code: str, path: str) -> None:
    error = ask_text(text)["error"]
    assert (error["code"], error["path"]) == (code, path)


def test_quotation_marks_written_as_escape_codes_are_no_duplicates() -> None:
    text = json.dumps(case()).replace('"one"', '"\\u0022one\\u0022"').encode()
    assert ask_text(text)["case"] == '"one"'


def test_a_refusal_repeats_the_name_of_the_case() -> None:
    assert ask(without(case(), "ask"))["case"] == "one"
    assert ask(changed(case(), "case", 5))["case"] is None


def test_an_answer_too_long_to_print_is_refused() -> None:
    long = [f"1/{10**57 + 2 * number + 1}" for number in range(100)]
    assert refusal(case(noncash=long)) == ("answer_too_long", "")


def test_an_unexpected_failure_is_a_refusal_without_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("reference.oracle.answers.build", lambda *given: 1 / 0)
    assert refusal(case()) == ("internal_error", "")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("CHARTERPROOF_DEBUG", "1")
    assert refusal(case()) == ("internal_error", "")
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_every_code_is_explained_in_a_sentence() -> None:
    for code, meaning in CODES.items():
        assert code.replace("_", "").isalpha()
        assert meaning.endswith(".")


def test_a_code_that_is_not_in_the_table_cannot_be_used() -> None:
    with pytest.raises(AssertionError):
        Refusal("made_up", "", "No.")


def test_a_word_that_is_none_of_a_list_is_refused_with_the_list() -> None:
    def sentence(**ask_fields: Any) -> str:
        document = case()
        document["ask"] = ask_fields
        message: str = ask(document)["error"]["message"]
        return message

    event = {"kind": "sale"}
    assert sentence(question="liquidation", assets=1, event=event) == (
        "ask.event.kind: is not one of asset_sale, dissolution, merger, voting_power."
    )
    assert sentence(question="liquidation", assets=1, conversions="x") == (
        "ask.conversions: is not one of as_held, equilibrium."
    )
    assert sentence(question="liquidation", assets=1, elect="x") == "ask.elect: is not one of in_interest."
    document = case()
    document["events"] = [
        {"on": "2000-01-01", "do": "issue", "class": "common", "holder": "z", "shares": 1, "facts": {"purpose": "gift"}}
    ]
    assert ": is not one of sale, stock_dividend, employee, " in ask(document)["error"]["message"]
