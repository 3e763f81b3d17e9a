"""The question `liquidation`: amounts, choices, notes and reasoning."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests.oracle.cases import ask, case, changed, charter_document


def answer(document: dict[str, Any]) -> dict[str, Any]:
    reply = ask(document)
    assert reply["status"] == "answered", reply
    found: dict[str, Any] = reply["answer"]
    return found


def per_share(document: dict[str, Any]) -> dict[str, Fraction | None]:
    return {
        name: None if amounts["per_share"] is None else Fraction(amounts["per_share"])
        for name, amounts in answer(document)["by_class"].items()
    }


def rounded(amount: Fraction | None) -> float:
    assert amount is not None
    return float(round(amount, 4))


# Worked by hand in the ambiguity register: every authorised preferred share, 10,000,000 Common.
@pytest.mark.parametrize(
    ("cap_mode", "common", "e", "f"),
    [
        ("individual", 4.5174, 8.6674, 12.3750),
        ("joint", 4.4768, 8.6268, 12.7268),
        ("first_stops_all", 4.6351, 8.2750, 12.3750),
    ],
)
def test_the_readings_of_the_caps(cap_mode: str, common: float, e: float, f: float) -> None:
    paid = per_share(changed(case(conversions="as_held"), "readings.cap_mode", cap_mode))
    assert (rounded(paid["common"]), rounded(paid["E"]), rounded(paid["F"])) == (common, e, f)


@pytest.mark.parametrize(
    ("rank", "a", "e", "f"),
    [
        ("creditor", 0.925, 0, 0.8407),
        ("after_F", 0.3764, 0, 8.25),
        ("pari_second_tier", 0.2261, 1.0146, 8.25),
        ("last", 0, 2.5417, 8.25),
    ],
)
def test_the_readings_of_the_rank_of_cash(rank: str, a: float, e: float, f: float) -> None:
    paid = per_share(changed(case("20000000", elect=True), "readings.cash_rank", rank))
    assert (rounded(paid["A"]), rounded(paid["E"]), rounded(paid["F"])) == (a, e, f)


@pytest.mark.parametrize(
    ("reading", "assets", "e", "common"),
    [("none", "150000000", 10.3750, 8.0051), ("double_dip", "150000000", 11.6027, None)],
)
def test_the_readings_of_conversion(reading: str, assets: str, e: float, common: float | None) -> None:
    paid = per_share(changed(case(assets), "readings.ef_conversion", reading))
    assert rounded(paid["E"]) == e
    if common is not None:
        assert rounded(paid["common"]) == common


def test_the_equilibrium_is_the_default() -> None:
    found = answer(case("200000000"))
    assert found["converted"] == {"A": False, "B": False, "C": False, "D": False, "E": True, "F": True}
    assert rounded(Fraction(found["per_common_share"])) == 12.3958


@pytest.mark.parametrize(
    ("choice", "reading", "converted"),
    [
        (None, "forced", {"E", "F"}),
        (None, "none", set()),
        (None, "double_dip", set()),
        ("as_held", "forced", set()),
        ({"E": True}, "forced", {"E"}),
        ({"E": False, "F": True}, "given", {"F"}),
        ({}, "equilibrium", set()),
        ("equilibrium", "forced", {"E", "F"}),
    ],
)
def test_the_question_decides_before_the_reading(choice: object, reading: str, converted: set[str]) -> None:
    document = changed(case("200000000"), "readings.ef_conversion", reading)
    if choice is not None:
        document["ask"]["conversions"] = choice
    assert {name for name, done in answer(document)["converted"].items() if done} == converted


@pytest.mark.parametrize("assets", ["0", "1", "12375000", "20000000", "45086250", "110000000", "500000000", "1/3"])
@pytest.mark.parametrize("choice", ["equilibrium", "as_held", {"E": True, "F": False}])
@pytest.mark.parametrize("elect", [False, True])
@pytest.mark.parametrize("common", [0, 10_000_000])
def test_everything_paid_is_accounted_for(assets: str, choice: object, elect: bool, common: int) -> None:
    reply = ask(case(assets, common=common, conversions=choice, elect=elect))
    found = reply["answer"]
    totals = {name: Fraction(amounts["total"]) for name, amounts in found["by_class"].items()}
    paid: dict[str, Fraction] = dict.fromkeys(totals, Fraction(0))
    for step in reply["because"]:
        if "paid" in step["amounts"]:
            paid[step["class"]] += Fraction(step["amounts"]["paid"])
    assert paid == totals
    assert sum(totals.values()) == Fraction(found["distributed"])
    assert sum(map(Fraction, found["by_holder"].values())) == Fraction(found["distributed"])
    assert Fraction(found["distributed"]) + Fraction(found["undistributed"]) == Fraction(assets)


@pytest.mark.parametrize(
    ("cap_mode", "rank", "conversion"),
    [
        *product(
            ["individual", "joint", "first_stops_all"],
            ["creditor", "after_F", "pari_second_tier", "last"],
            ["none", "forced", "double_dip"],
        )
    ],
)
def test_the_reasoning_adds_up_under_every_reading(cap_mode: str, rank: str, conversion: str) -> None:
    for assets, elect in product(["30000000", "110000000", "160000000"], [False, True]):
        document = case(assets, elect=elect)
        document["readings"] = {"cap_mode": cap_mode, "cash_rank": rank, "ef_conversion": conversion}
        reply = ask(document)
        paid = sum(Fraction(step["amounts"].get("paid", "0")) for step in reply["because"])
        assert paid == Fraction(reply["answer"]["distributed"])


def test_the_reasoning_follows_the_certificate() -> None:
    steps = ask(case("200000000", noncash=["1"], legally_available="200000000"))["because"]
    order = [(step["step"], step.get("class"), step["clause"]) for step in steps]
    assert order == [
        ("assets", None, "2(a)"),
        ("noncash", None, "2(d)"),
        ("legally_available", None, "2(a)"),
        ("preference", "A", "2(a)(i)"),
        ("preference", "B", "2(a)(ii)"),
        ("preference", "C", "2(a)(iii)"),
        ("preference", "D", "2(a)(iv)"),
        ("conversion", "E", "3(a)"),
        ("conversion", "F", "3(a)"),
        ("common", "common", "2(b)"),
    ]


def test_the_reasoning_compares_conversion_with_the_cap() -> None:
    (step,) = [s for s in ask(case())["because"] if s["step"] == "conversion" and s["class"] == "E"]
    assert step["amounts"]["most_as_preferred"] == "83/8"
    assert step["amounts"]["as_common"] == "46981/10400"
    shared = {s["class"]: s["says"] for s in ask(case())["because"] if s["step"] == "participation"}
    assert "cap not reached" in shared["E"]
    assert "cap reached" in shared["F"]


@pytest.mark.parametrize("assets", [0, 45086250, 110000000, 173698750, 173698751, 199698750, 199698751, 10**9])
@pytest.mark.parametrize("price", ["4.15", "2", "1/3", "9"])
@pytest.mark.parametrize("kind", ["capped", "full", "none"])
def test_the_stated_comparison_is_the_decision(assets: int, price: str, kind: str) -> None:
    document = changed(case(assets), "position.conversion_prices.E", price)
    if kind != "capped":
        terms = charter_document()
        terms["series"][4]["participation"] = {"kind": kind, "clause": "2(b)"}
        document["charter"] = terms
    reply = ask(document)
    compared = [s for s in reply["because"] if s["step"] == "conversion" and "most_as_preferred" in s["amounts"]]
    assert [step["class"] for step in compared] == (["F"] if kind == "full" else ["E", "F"])
    for step in compared:
        amounts = step["amounts"]
        gains = Fraction(amounts["as_common"]) > Fraction(amounts["most_as_preferred"])
        assert reply["answer"]["converted"][step["class"]] is gains


def test_a_series_that_does_not_share_converts_when_the_common_is_worth_more() -> None:
    # E's preference is 4.15: with 20 to share, one share of Common each is worth 10; with 8, it is worth 4.
    terms = changed(charter_document(), "series.4.participation", {"kind": "none", "clause": "2(b)"})
    holdings = [{"holder": "eve", "class": "E", "shares": 1}, {"holder": "ann", "class": "common", "shares": 1}]
    asked = changed(changed(case("20"), "charter", terms), "position.holdings", holdings)
    assert per_share(asked)["E"] == per_share(asked)["common"] == 10
    (step,) = [s for s in ask(asked)["because"] if s["step"] == "conversion"]
    assert (step["amounts"]["as_common"], step["amounts"]["most_as_preferred"]) == ("10", "83/20")
    kept = changed(asked, "ask.assets", "8")
    assert (per_share(kept)["E"], per_share(kept)["common"]) == (Fraction("4.15"), Fraction("3.85"))


def test_a_series_without_holders_is_not_said_to_convert() -> None:
    document = case("1000000000")
    document["position"]["holdings"] = [h for h in document["position"]["holdings"] if h["class"] != "E"]
    assert answer(document)["converted"] == dict.fromkeys("ABCDE", False) | {"F": True}


def test_what_is_not_cash_counts_at_fair_value() -> None:
    assert answer(case("100000000", noncash=["5000000", "5000000"])) == answer(case("110000000"))


def test_no_more_than_is_legally_available_is_distributed() -> None:
    limited = answer(case("200000000", legally_available="110000000"))
    plain = answer(case("110000000"))
    assert limited["undistributed"] == "90000000"
    assert limited["by_class"] == plain["by_class"]
    assert limited["per_common_share"] == plain["per_common_share"]
    assert "AMB-24" in " ".join(ask(case("200000000", legally_available="110000000"))["notes"])


def test_a_limit_above_the_assets_changes_nothing() -> None:
    assert ask(case(legally_available="110000001")) == ask(case())


def test_a_rest_that_nobody_shares_stays_undistributed() -> None:
    reply = ask(case("200000000", common=0, conversions="as_held"))
    assert reply["answer"]["undistributed"] == "130051250"
    assert reply["answer"]["per_common_share"] is None
    assert reply["answer"]["by_class"]["common"] == {"total": "0", "per_share": None}
    assert reply["because"][-1]["step"] == "undistributed"
    assert "AMB-25" in " ".join(reply["notes"])


def test_nothing_outstanding_leaves_everything_undistributed() -> None:
    found = answer(changed(case("5"), "position.holdings", []))
    assert found["undistributed"] == "5"
    assert found["converted"] == dict.fromkeys("ABCDEF", False)
    assert {amounts["per_share"] for amounts in found["by_class"].values()} == {None}


def test_an_election_is_reported_with_a_warning() -> None:
    reply = ask(case("20000000", elect=True))
    assert reply["answer"]["elected"] is True
    assert all(reply["answer"]["converted"][name] for name in "ABCD")
    (warning,) = [note for note in reply["notes"] if "AMB-23" in note]
    assert "creditor" in warning
    assert "would get 33/4" in warning


@pytest.mark.parametrize("assets", ["20000000", "45086250", "110000000"])
def test_a_vote_in_interest_follows_the_gains(assets: str) -> None:
    kept, elected = per_share(case(assets)), per_share(case(assets, elect=True))
    shares = {"A": 9100000, "B": 1000000, "C": 3000000, "D": 1455000}
    in_favour = 0
    for name, count in shares.items():
        before, after = kept[name], elected[name]
        assert before is not None
        assert after is not None
        in_favour += count if after > before else 0
    reply = ask(case(assets, elect="in_interest"))
    assert reply["answer"]["elected"] is (2 * in_favour > sum(shares.values()))
    (vote,) = [step for step in reply["because"] if step["step"] == "election"]
    assert set(vote["amounts"]) == {f"gain_per_share_{name}" for name in shares}
    assert "AMB-23" in " ".join(reply["notes"])


def test_a_class_that_would_gain_is_noted() -> None:
    noted = [ask(case(assets))["notes"] for assets in ("20000000", "110000000")]
    decided = [answer(case(assets, elect="in_interest"))["elected"] for assets in ("20000000", "110000000")]
    assert [any("would gain" in note for note in notes) for notes in noted] == decided


def test_a_converting_series_keeps_its_declared_dividends_as_a_debt() -> None:
    reply = ask(changed(case("500000000"), "position.unpaid_dividends.E", "0.5"))
    assert reply["answer"]["converted"]["E"] is True
    assert [note for note in reply["notes"] if "AMB-125" in note and "1500000" in note]
    assert not [note for note in ask(case("500000000"))["notes"] if "AMB-125" in note]


@pytest.mark.parametrize(
    ("event", "reading", "counts"),
    [
        ({"kind": "dissolution"}, "literal", True),
        ({"kind": "merger"}, "literal", True),
        ({"kind": "merger"}, "control_shift", False),
        ({"kind": "merger", "voting_power_disposed": "0.51"}, "control_shift", True),
        ({"kind": "merger", "counterparty": "parent"}, "literal", False),
        ({"kind": "merger", "counterparty": "parent", "voting_power_disposed": "1/2"}, "literal", False),
        ({"kind": "merger", "counterparty": "parent", "voting_power_disposed": "0.51"}, "literal", True),
        ({"kind": "merger", "counterparty": "parent", "voting_power_disposed": "0.51"}, "control_shift", True),
        (
            {"kind": "merger", "counterparty": "wholly_owned_subsidiary", "voting_power_disposed": "0.6"},
            "literal",
            True,
        ),
        ({"kind": "asset_sale"}, "literal", True),
        ({"kind": "voting_power", "voting_power_disposed": "1/2"}, "literal", False),
        ({"kind": "voting_power", "voting_power_disposed": "501/1000"}, "literal", True),
    ],
)
def test_only_a_liquidation_is_answered(event: dict[str, str], reading: str, counts: bool) -> None:
    document = changed(case(event=event), "readings.merger_scope", reading)
    assert (ask(document)["status"] == "answered") is counts


def test_undeclared_dividends_accrue_from_the_date_of_issue() -> None:
    # F pays 1.65 a year: 31 days of January over 365, both ends counted (AMB-17).
    document = changed(case("1000000000", conversions="as_held"), "readings.unpaid_div", "undeclared_current_year")
    document = changed(changed(document, "position.as_of", "2000-01-31"), "position.issued_on.F", "1999-08-01")
    step = next(s for s in ask(document)["because"] if s.get("class") == "F")
    assert Fraction(step["amounts"]["owed_per_share"]) == Fraction("8.25") + Fraction("1.65") * 31 / 365
    leap = changed(document, "readings.daycount", "actual_year")
    step = next(s for s in ask(leap)["because"] if s.get("class") == "F")
    assert Fraction(step["amounts"]["owed_per_share"]) == Fraction("8.25") + Fraction("1.65") * 31 / 366


def test_undeclared_dividends_accrue_at_the_rate_as_split() -> None:
    document = changed(case("1000000000", conversions="as_held"), "readings.unpaid_div", "undeclared_current_year")
    document = changed(changed(document, "position.as_of", "2000-01-31"), "position.issued_on.F", "1999-08-01")
    document = changed(document, "position.preferred_splits.F", 2)
    step = next(s for s in ask(document)["because"] if s.get("class") == "F")
    assert Fraction(step["amounts"]["owed_per_share"]) == (Fraction("8.25") + Fraction("1.65") * 31 / 365) / 2


def test_the_answer_states_only_the_readings_it_looks_at() -> None:
    readings = ask(changed(case(), "readings.year", "fiscal"))["readings"]
    assert readings["cap_mode"] == "individual"
    assert "year" not in readings


def test_holders_are_sorted_and_classes_in_the_charters_order() -> None:
    document = case()
    document["position"]["holdings"].reverse()
    found = answer(document)
    assert list(found["by_class"]) == ["A", "B", "C", "D", "E", "F", "common"]
    assert list(found["by_holder"]) == sorted(found["by_holder"])


def test_an_inline_charter_answers_as_the_shipped_one() -> None:
    assert ask(changed(case(), "charter", charter_document())) == ask(case())
