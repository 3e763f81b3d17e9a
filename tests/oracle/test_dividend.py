"""The question `dividend`: a declaration, a year's total and a pool, the gate and the conformity of the year."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.cases import FULL, ask, changed
from tests.oracle.questions import Document, Examples, answered, asked, check_options, held, notes, readings_of, refused

# The listed rates, $/share per year (1(a)).
RATES = {"A": "0.20", "B": "0.286", "C": "0.382", "D": "0.55", "E": "0.83", "F": "1.65"}
ON = "1999-09-01"
CLOSING = {"on": ON, "do": "convert", "holder": "holder E", "shares": {"E": 1}}


def dividend(position: Document | None = None, **fields: Any) -> Document:
    return asked("dividend", position, **{"on": ON, **fields})


def per_share(found: Document) -> dict[str, Fraction]:
    return {n: Fraction(own["per_share"]) for n, own in found["by_class"].items() if own["per_share"] is not None}


def exact(amounts: dict[str, str]) -> dict[str, Fraction]:
    return {name: Fraction(each) for name, each in amounts.items()}


def test_the_full_amounts_of_a_year() -> None:
    found = answered(dividend(pool="9017250"))
    assert exact(found["full"]) == exact(RATES)
    assert per_share(found) == exact(RATES) | {"common": 0}
    assert (found["distributed"], found["undistributed"]) == ("9017250", "0")
    assert found["year"] == {"first": "1999-01-01", "last": "1999-12-31"}
    assert found["gate"] is None
    assert found["conformity"] is None
    assert notes(dividend(pool="9017250")) == ""


def test_a_pool_is_shared_rateably() -> None:
    # 4,500,000 of 9,017,250 is 6000/12023 of each rate.
    found = answered(dividend(pool=4500000))
    assert per_share(found) == {n: Fraction(6000, 12023) * Fraction(r) for n, r in RATES.items()} | {"common": 0}
    assert round(per_share(found)["A"], 4) == Fraction("0.0998")
    assert exact(found["by_holder"])["holder F"] == 1500000 * Fraction(6000, 12023) * Fraction("1.65")
    assert found["distributed"] == "4500000"


def test_a_pool_beyond_the_full_amounts_leaves_a_rest() -> None:
    found = answered(dividend(pool="9017251"))
    assert (found["distributed"], found["undistributed"]) == ("9017250", "1")
    assert "more than the full preferential amounts" in notes(dividend(pool="9017251"))
    (last,) = [step for step in ask(dividend(pool="9017251"))["because"] if step["step"] == "undistributed"]
    assert last["amounts"] == {"undistributed": "1"}


def test_a_pool_for_nobody() -> None:
    found = answered(dividend(held(), pool="5"))
    assert found["undistributed"] == "5"
    assert {own["per_share"] for own in found["by_class"].values()} == {None}
    assert found["by_holder"] == {}


# The year's total: each series its rate, then the Common, which raises whatever series it overtakes (AMB-121).
@pytest.mark.parametrize(
    ("total", "common", "a"),
    [
        # After the rates, 0.2 a share of Common is 2,000,000; 0.1 more is shared with the 9,100,000 of A, and
        # from 0.286 on with the 1,000,000 of B.
        ("9017250", "0", "0.20"),
        ("11017250", "0.20", "0.20"),
        ("12659850", "0.286", "0.286"),
    ],
)
def test_dividing_a_total(total: str, common: str, a: str) -> None:
    found = answered(dividend(total=total))
    assert per_share(found)["common"] == Fraction(common)
    assert per_share(found)["A"] == Fraction(a)
    assert per_share(found)["F"] == Fraction("1.65")
    assert found["distributed"] == total
    assert exact(found["entitled"])["A"] == Fraction(a)


def test_a_total_below_the_full_amounts_is_shared_rateably() -> None:
    assert answered(dividend(total="4500000"))["by_class"] == answered(dividend(pool="4500000"))["by_class"]


def test_a_total_with_no_common_may_leave_a_rest() -> None:
    position = held(("ann", "A", 10))
    found = answered(dividend(position, total="3"))
    assert (found["by_class"]["A"]["total"], found["undistributed"]) == ("2", "1")
    assert found["by_class"]["common"] == {"total": "0", "per_share": None}
    assert "AMB-121" in notes(dividend(position, total="3"))


# Literally "if greater" among all series: each has the best-paid one's 1.65, 31,440,750 a year (AMB-05).
def test_the_least_consistent_amounts() -> None:
    found = answered(dividend(total="31440750", readings={"if_greater": "lfp_all"}))
    assert per_share(found) == dict.fromkeys(FULL, Fraction("1.65")) | {"common": 0}
    assert exact(found["entitled"]) == dict.fromkeys(FULL, Fraction("1.65"))


def test_a_declaration() -> None:
    found = answered(dividend(declare=RATES | {"common": "0.20"}))
    assert per_share(found) == exact(RATES) | {"common": Fraction("0.20")}
    assert found["distributed"] == "11017250"
    assert found["gate"] == {
        "allowed": True,
        "exempt": False,
        "required": {name: str(Fraction(rate)) for name, rate in RATES.items()},
        "declared": {name: str(Fraction(rate)) for name, rate in RATES.items()},
        "short": [],
    }
    assert found["conformity"]["conforms"] is True
    assert found["conformity"]["rateable"] is False
    assert notes(dividend(declare=RATES | {"common": "0.20"})) == ""


def test_a_greater_dividend_on_the_common_needs_more_on_some_series() -> None:
    document = dividend(declare=RATES | {"common": "0.30"})
    gate = answered(document)["gate"]
    assert (gate["allowed"], gate["short"]) == (False, ["A", "B"])
    assert gate["required"]["A"] == gate["required"]["B"] == "3/10"
    assert gate["required"]["C"] == "191/500"
    assert "may not be declared: A, B must have more first" in notes(document)
    assert answered(dividend(declare=RATES | {"A": "0.3", "B": "0.3", "common": "0.3"}))["gate"]["allowed"] is True


def test_no_dividend_on_the_common_has_no_gate() -> None:
    assert answered(dividend(declare=RATES))["gate"] is None
    assert answered(dividend(declare=RATES | {"common": "0"}))["gate"] is None


@pytest.mark.parametrize(
    ("payable", "exempt"),
    [
        ("cash", False),
        ("redeemable_equity", False),
        ("common_stock", True),
        ("non_redeemable_equity", True),
        ("free_rights_to_common", True),
        ("paid_rights_to_common", True),
        # Shared as if converted, which is all that 1(b) gives (AMB-135).
        ("assets", True),
        ("rights_to_assets", True),
    ],
)
def test_exempt_kinds_need_nothing_before_them(payable: str, exempt: bool) -> None:
    gate = answered(dividend(declare={"common": "1"}, payable=payable))["gate"]
    assert (gate["exempt"], gate["allowed"]) == (exempt, exempt)
    assert gate["short"] == ([] if exempt else list("ABCDEF"))


# A to E in full and F half: 7,779,750 of 9,017,250 (AMB-08).
SHORT_FOR_F = RATES | {"F": "0.825"}


def test_a_year_in_which_one_series_is_short() -> None:
    document = dividend(declare=SHORT_FOR_F)
    conformity = answered(document)["conformity"]
    assert (conformity["rateable"], conformity["conforms"]) == (True, False)
    assert round(Fraction(conformity["schedule"]["A"]), 6) == Fraction("0.172553")
    assert round(Fraction(conformity["schedule"]["F"]), 6) == Fraction("1.423559")
    assert conformity["declared"]["F"] == "33/40"
    assert conformity["out_of_proportion"] == [ON]
    assert "must be shared rateably and are not" in notes(document)
    lenient = answered(changed(document, "readings.shortpay_trigger", "aggregate"))["conformity"]
    assert (lenient["rateable"], lenient["conforms"]) == (False, True)


HALF = {name: str(Fraction(rate) / 2) for name, rate in RATES.items()}


def declares(on: str, amounts: dict[str, str]) -> Document:
    return {"on": on, "do": "declare_dividend", "per_share": amounts}


def test_instalments_of_one_year_count_together() -> None:
    first = answered(dividend(declare=HALF))["conformity"]
    assert (first["rateable"], first["conforms"]) == (True, True)
    both = answered(dividend(declare=HALF | {"common": "0.1"}, events=[declares("1999-03-01", HALF)]))
    assert both["conformity"]["rateable"] is False
    assert both["gate"]["allowed"] is True
    assert exact(both["gate"]["declared"]) == exact(RATES)
    later = answered(dividend(declare=HALF | {"common": "0.1"}, on="2000-03-01", events=[declares("1999-03-01", HALF)]))
    assert later["conformity"]["rateable"] is True
    assert later["gate"]["allowed"] is False


def test_declaring_nothing_reviews_the_year_so_far() -> None:
    found = answered(dividend(declare={}, events=[declares("1999-03-01", {"A": "0.2"})]))
    assert found["distributed"] == "0"
    assert found["conformity"]["out_of_proportion"] == ["1999-03-01"]
    assert answered(dividend(declare={}))["conformity"]["conforms"] is True


def test_a_total_holds_what_was_declared_before() -> None:
    plain = dividend(total="11017250")
    after = dividend(total="11017250", events=[declares("1999-03-01", HALF)])
    assert answered(after)["by_class"] == answered(plain)["by_class"]
    assert "part has been declared already" in notes(after)
    assert notes(plain) == ""


def test_dividends_of_the_common_in_the_year_raise_what_comes_later() -> None:
    earlier = [declares("1999-03-01", RATES | {"common": "0.2"})]
    found = answered(dividend(declare={"common": "0.2"}, events=earlier))
    assert found["gate"]["short"] == ["A", "B", "C"]
    assert exact(found["entitled"])["A"] == Fraction("0.4")


def test_what_nobody_holds_goes_to_nobody() -> None:
    document = dividend(held(("ann", "A", 10)), declare={"A": "0.2", "B": "0.3"})
    found = answered(document)
    assert found["by_class"]["B"] == {"total": "0", "per_share": None}
    assert found["distributed"] == "2"
    assert "Nobody holds B" in notes(document)


# A share of A stands for two of Common: 0.15 a share of Common is 0.30 (AMB-06).
@pytest.mark.parametrize(("basis", "entitled"), [("per_share", "0.20"), ("as_converted", "0.30")])
def test_a_dividend_as_converted(basis: str, entitled: str) -> None:
    position = held(("ann", "A", 1), ("bob", "common", 1), conversion_prices={"A": "0.5"})
    found = answered(dividend(position, declare={"common": "0.15"}, readings={"if_greater_basis": basis}))
    assert exact(found["entitled"])["A"] == Fraction(entitled)
    assert exact(found["gate"]["required"]) == {"A": Fraction(entitled)}


# 0.10 in the first quarter is 0.40 a year (AMB-06).
@pytest.mark.parametrize(("annualise", "entitled"), [("no", "0.20"), ("yes", "0.40")])
def test_the_run_rate_of_a_quarter(annualise: str, entitled: str) -> None:
    document = dividend(declare={"common": "0.1"}, part_of_year="1/4", readings={"annualise": annualise})
    assert exact(answered(document)["entitled"])["A"] == Fraction(entitled)


# F first issued on 1 August: 153 days of 365 at 1.65 are 0.6916 (AMB-09).
def test_shares_of_part_of_a_year() -> None:
    document = dividend(declare={}, issued={"F": "1999-08-01"}, readings={"partial": "daily"})
    full = exact(answered(document)["full"])
    assert full["F"] == Fraction(153, 365) * Fraction("1.65")
    assert round(full["F"], 4) == Fraction("0.6916")
    assert full["E"] == Fraction("0.83")
    assert exact(answered(changed(document, "readings.partial", "full_rate"))["full"]) == exact(RATES)


def test_a_purchase_date_of_the_history_counts_as_the_issue() -> None:
    position = held(("ann", "common", 1), as_of="1999-08-01")
    issue = {"on": "1999-08-01", "do": "issue", "class": "F", "holder": "fay", "shares": 1, "consideration": "8.25"}
    document = dividend(position, declare={}, events=[issue], readings={"partial": "daily"})
    assert exact(answered(document)["full"])["F"] == Fraction(153, 365) * Fraction("1.65")
    whole = changed(document, "ask.issued", {"F": "1999-01-01"})
    assert exact(answered(whole)["full"])["F"] == Fraction("1.65")


# On 1 July 182 of 365 days have passed (AMB-10).
def test_what_comes_before_a_dividend_of_july() -> None:
    document = dividend(on="1999-07-01", declare={"common": "0.01"})
    assert answered(document)["gate"]["required"]["A"] == "1/5"
    to_date = answered(changed(document, "readings.common_gate", "to_date"))
    assert Fraction(to_date["gate"]["required"]["A"]) == Fraction(182, 365) * Fraction("0.2")


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [
        ("calendar", "1999-01-01", "1999-12-31"),
        ("fiscal", "1999-04-01", "2000-03-31"),
        ("rolling12", "1998-09-02", "1999-09-01"),
    ],
)
def test_dividend_years(year: str, first: str, last: str) -> None:
    found = answered(dividend(declare={}, fiscal_month=4, readings={"year": year}))
    assert found["year"] == {"first": first, "last": last}


def test_undeclared_dividends_may_accrue_at_the_greater_rate() -> None:
    document = dividend(declare={"common": "0.5"})
    assert answered(document)["accrual_rates"]["A"] == "1/5"
    assert answered(changed(document, "readings.include_if_greater", "yes"))["accrual_rates"]["A"] == "1/2"


def test_a_split_of_a_series_divides_its_rate() -> None:
    position = held(("ann", "A", 2), preferred_splits={"A": "2"})
    assert answered(dividend(position, pool="0.2"))["full"]["A"] == "1/10"


@pytest.mark.parametrize(
    "fields",
    [
        {"declare": RATES | {"common": "0.30"}},
        {"declare": {}},
        {"pool": "1"},
        {"pool": "10000000"},
        {"total": "1"},
        {"total": "1/3"},
        {"total": "50000000"},
        {"total": "50000000", "readings": {"if_greater": "off"}},
    ],
)
def test_the_reasoning_adds_up(fields: dict[str, Any]) -> None:
    reply = ask(dividend(**fields))
    found = reply["answer"]
    paid = sum(Fraction(step["amounts"].get("paid", "0")) for step in reply["because"])
    assert paid == Fraction(found["distributed"]) == sum(map(Fraction, found["by_holder"].values()))
    assert paid == sum(Fraction(own["total"]) for own in found["by_class"].values())
    for name in ("total", "pool"):
        if name in fields:
            assert paid + Fraction(found["undistributed"]) == Fraction(fields[name])
    clauses = {(step["clause"], step["step"]) for step in reply["because"]}
    assert ("1(a)", "year") in clauses
    assert ("1(a)", "full_amount") in clauses


def test_the_reasoning_compares_with_the_gate() -> None:
    steps = ask(dividend(declare=RATES | {"common": "0.30"}))["because"]
    gate = {step["class"]: step for step in steps if step["step"] == "gate"}
    assert gate["A"]["amounts"] == {"required": "3/10", "declared": "1/5"}
    assert "has not had" in gate["A"]["says"]
    assert "has had" in gate["F"]["says"]
    exempt = ask(dividend(declare={"common": "1"}, payable="common_stock"))["because"]
    assert [step["class"] for step in exempt if step["step"] == "gate"] == ["common"]
    short = ask(dividend(declare=SHORT_FOR_F))["because"]
    reviewed = {step["class"]: step["amounts"] for step in short if step["step"] == "year_review"}
    assert set(reviewed) == set(FULL)
    assert reviewed["F"]["declared"] == "33/40"


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("on", "1 Sep 1999", "invalid_date", "ask.on"),
        ("on", "1999-02-29", "invalid_date", "ask.on"),
        ("on", 19990901, "wrong_type", "ask.on"),
        ("on", None, "wrong_type", "ask.on"),
        ("on", "0001-06-01", "outside_calendar", "ask"),
        ("on", "9999-12-31", "outside_calendar", "ask"),
        ("declare", {"G": "1"}, "unknown_class", "ask.declare.G"),
        ("declare", {"A": "-1"}, "negative", "ask.declare.A"),
        ("declare", {"A": 0.2}, "float", "ask.declare.A"),
        ("declare", {"A": "a lot"}, "bad_amount", "ask.declare.A"),
        ("declare", {"A": "1/0"}, "zero_denominator", "ask.declare.A"),
        ("declare", {"A": None}, "wrong_type", "ask.declare.A"),
        ("declare", "0.2", "wrong_type", "ask.declare"),
        ("total", "1", "given_twice", "ask.total"),
        ("pool", "1", "given_twice", "ask.pool"),
        ("payable", "gold", "invalid_value", "ask.payable"),
        ("issued", {"G": "1999-01-01"}, "unknown_series", "ask.issued.G"),
        ("issued", {"common": "1999-01-01"}, "unknown_series", "ask.issued.common"),
        ("issued", {"A": "1999-09-02"}, "contradiction", "ask.issued.A"),
        ("issued", {"A": "soon"}, "invalid_date", "ask.issued.A"),
        ("issued", ["A"], "wrong_type", "ask.issued"),
        ("fiscal_month", 0, "invalid_value", "ask.fiscal_month"),
        ("fiscal_month", 13, "invalid_value", "ask.fiscal_month"),
        ("fiscal_month", "4", "wrong_type", "ask.fiscal_month"),
        ("fiscal_month", 4.0, "float", "ask.fiscal_month"),
        ("part_of_year", "0", "out_of_range", "ask.part_of_year"),
        ("part_of_year", "-1/4", "out_of_range", "ask.part_of_year"),
        ("part_of_year", "5/4", "out_of_range", "ask.part_of_year"),
        ("part_of_year", 0.25, "float", "ask.part_of_year"),
        ("year", 1999, "unknown_field", "ask.year"),
    ],
)
def test_bad_fields(field: str, value: Any, code: str, path: str) -> None:
    assert refused(changed(dividend(declare={}), f"ask.{field}", value)) == (code, path)


@pytest.mark.parametrize("field", ["total", "pool"])
@pytest.mark.parametrize(("value", "code"), [("-1", "negative"), (1.5, "float"), ("x", "bad_amount")])
def test_bad_sums(field: str, value: Any, code: str) -> None:
    assert refused(dividend(**{field: value})) == (code, f"ask.{field}")


def test_a_question_about_no_dividend() -> None:
    assert refused(dividend()) == ("missing_field", "ask.declare")
    assert refused(asked("dividend", declare={})) == ("missing_field", "ask.on")


def test_what_the_common_is_paid_in_says_nothing_about_sums() -> None:
    assert refused(dividend(total="1", payable="cash")) == ("contradictory_choice", "ask.payable")
    assert refused(dividend(pool="1", payable="assets")) == ("contradictory_choice", "ask.payable")


# A holder of 100 A and one of 1,000 Common.
TWO = held(("a", "A", 100), ("k", "common", 1000), as_of="1999-01-01")
NEW = {"do": "issue", "on": "1999-04-01", "class": "A", "holder": "new", "shares": 100, "consideration": "100"}
PAYS = {"do": "pay_dividend", "on": "1999-03-02", "per_share": {"A": "0.20"}}


def test_shares_issued_after_the_years_dividend_have_had_nothing() -> None:
    """AMB-134: the first 100 A have had .20, the next 100 nothing; whoever holds them, and split or not."""
    events = [declares("1999-03-01", {"A": "0.20"}), PAYS]
    common = dividend(TWO, declare={"common": "0.10"}, on="1999-05-01", events=events)
    assert answered(common)["gate"]["allowed"] is True
    common["events"].append(NEW)
    gate = answered(common)["gate"]
    assert (gate["allowed"], gate["short"], gate["declared"]) == (False, ["A"], {"A": "0"})
    assert answered(common)["conformity"]["declared"]["A"] == "1/5"
    assert "AMB-134" in notes(common)
    moves = {"do": "transfer", "on": "1999-04-02", "class": "A", "holder": "a", "to": "new", "shares": 100}
    split = {"do": "split", "on": "1999-04-03", "class": "A", "ratio": "2"}
    for more in ([moves], [moves, split], [split]):
        assert answered({**common, "events": [*common["events"], *more]})["gate"]["short"] == ["A"]
    # .20 on all 200 of them is enough, and so is .10 after the split; less is not.
    for more, each in (([], "0.20"), ([split], "0.10")):
        for declared, allowed in ((each, True), (str(Fraction(each) - Fraction("0.01")), False)):
            ask_ = {**common["ask"], "declare": {"A": declared, "common": "0.10"}}
            found = answered({**common, "events": [*common["events"], *more], "ask": ask_})
            assert found["gate"]["allowed"] is allowed


DAILY = {"partial": "daily"}


def test_shares_issued_later_are_due_by_the_day() -> None:
    """AMB-09 with AMB-134: of 1999, 275 days are left on 1 April and 153 on 1 August."""
    august = {**NEW, "on": "1999-08-01", "holder": "late"}
    events = [declares("1999-03-01", {"A": "0.20"}), PAYS, NEW]
    later = [declares("1999-05-01", {"A": str(Fraction("0.20") * 275 / 365)}), {**PAYS, "on": "1999-05-02"}]
    later[1]["per_share"] = later[0]["per_share"]
    own = str(Fraction("0.20") * 153 / 365)
    document = dividend(
        TWO, declare={"common": "0.08"}, on="1999-09-01", events=[*events, *later, august], readings=DAILY
    )
    assert answered(document)["gate"]["declared"] == {"A": "0"}
    assert answered(document)["gate"]["required"] == {"A": str(Fraction(own))}
    for declared, allowed in ((own, True), (str(Fraction(own) - Fraction("0.001")), False)):
        changes = {**document["ask"], "declare": {"A": declared, "common": "0.08"}}
        assert answered({**document, "ask": changes})["gate"]["allowed"] is allowed


def test_the_preferred_must_be_paid_first() -> None:
    """AMB-133: declared with the Common's is enough, or it must have been paid."""
    together = dividend(TWO, declare={"A": "0.20", "common": "0.10"}, on="1999-05-01")
    assert answered(together)["gate"]["allowed"] is True
    paid = {"common_gate_stage": "paid"}
    gate = answered({**together, "readings": paid})["gate"]
    assert (gate["allowed"], gate["declared"]) == (False, {"A": "0"})
    assert "must be paid more first" in notes({**together, "readings": paid})
    events = [declares("1999-03-01", {"A": "0.20"})]
    alone = dividend(TWO, declare={"common": "0.10"}, on="1999-05-01", events=events, readings=paid)
    assert answered(alone)["gate"]["allowed"] is False
    for amount, allowed in (("0.19", False), ("0.20", True)):
        pays = {**PAYS, "per_share": {"A": amount}}
        assert answered({**alone, "events": [*events, pays]})["gate"]["allowed"] is allowed


def test_property_may_wait_as_well() -> None:
    """AMB-135: the question and the event of a distribution agree with this one."""
    document = dividend(TWO, declare={"common": "0.10"}, payable="assets", on="1999-05-01")
    assert answered(document)["gate"] == {"allowed": True, "exempt": True, "required": {}, "declared": {}, "short": []}
    gate = answered({**document, "readings": {"in_kind_gate": "both"}})["gate"]
    assert (gate["allowed"], gate["exempt"], gate["short"]) == (False, False, ["A"])


def test_the_years_money_is_that_of_its_day() -> None:
    """AMB-136: E .415 on 100 shares, of which 50 convert; with 100 F the year's 41.50 is 83/496 of 248."""
    position = held(("e", "E", 100), ("f", "F", 100), as_of="1999-08-24")
    converts = {"do": "convert", "on": "1999-09-05", "holder": "e", "shares": {"E": 50}}
    events = [declares("1999-09-01", {"E": "0.415"}), converts]
    found = answered(dividend(position, on="1999-12-01", declare={"F": "0"}, events=events))["conformity"]
    assert (found["schedule"]["E"], found["schedule"]["F"]) == ("6889/49600", str(Fraction("1.65") * 83 / 496))
    assert (found["conforms"], found["rateable"]) == (False, True)


def test_a_dividend_does_not_come_before_the_position() -> None:
    position = held(("ann", "A", 1), as_of="1999-09-02")
    assert refused(dividend(position, declare={})) == ("contradiction", "ask.on")
    assert answered(dividend(position, declare={}, on="1999-09-02"))["distributed"] == "0"
    earlier = [declares("1999-10-01", {"A": "0.2"})]
    assert refused(dividend(declare={}, events=earlier)) == ("contradiction", "ask.on")


def test_a_fiscal_year_needs_its_month() -> None:
    assert refused(dividend(declare={}, readings={"year": "fiscal"})) == ("missing_field", "ask.fiscal_month")


SPLIT = held(("ann", "A", 2), ("bob", "common", 1), preferred_splits={"A": "2"})
TWO_FOR_A = held(("ann", "A", 1), ("bob", "common", 1), conversion_prices={"A": "0.5"})

EXAMPLES: Examples = {
    "if_greater": [dividend(declare={"common": "0.5"})],
    "if_greater_basis": [dividend(TWO_FOR_A, declare={"common": "0.15"})],
    "annualise": [dividend(declare={"common": "0.1"}, part_of_year="1/4")],
    # The question's day is that of a conversion, which the declaration comes before.
    "conversions_at_close": [dividend(on=CLOSING["on"], declare={"E": "0.83"}, events=[CLOSING])],
    "shortpay_trigger": [dividend(declare=SHORT_FOR_F)],
    "year": [dividend(declare=HALF, fiscal_month=7, events=[declares("1998-11-01", HALF)])],
    "partial": [dividend(declare=HALF, issued={"F": "1999-08-01"})],
    "common_gate": [dividend(declare=HALF | {"common": "0.01"})],
    "common_gate_stage": [dividend(declare=RATES | {"common": "0.01"})],
    "in_kind_gate": [dividend(declare={"common": "0.01"}, payable="assets")],
    "include_if_greater": [dividend(declare={"common": "0.5"})],
    "oip_adjusts_in_conversion": [
        dividend(SPLIT, declare={"common": "0.5"}, readings={"if_greater_basis": "as_converted"})
    ],
}


def test_every_reading_has_an_example() -> None:
    assert readings_of("dividend") == set(EXAMPLES)


@pytest.mark.parametrize("field", EXAMPLES)
def test_each_option_of_a_reading_changes_the_answer(field: str) -> None:
    check_options(field, EXAMPLES[field])
