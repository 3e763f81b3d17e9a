"""Liquidations, field by field: small cases, drawn cases with histories, and every option of every reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reference.oracle.strategies import cases
from tests.oracle.cases import case
from tests.oracle.questions import Examples, asked, held
from tests.outputs.checks import check_drawn, check_option, check_small_cases, looked_at, options
from tests.outputs.compare import differences
from tests.strategies import examples

OPTIONS = {"on": "1999-09-01", "do": "issue_rights", "rights": "w", "shares": 300000, "exercise_price": "4"}
SPLIT = held(
    ("ann", "A", 2), ("eve", "E", 2), ("fay", "F", 1), ("cy", "common", 3), preferred_splits={"A": "2", "E": "2"}
)
OWED = held(
    ("eve", "E", 2),
    ("fay", "F", 1),
    ("cy", "common", 9),
    unpaid_dividends={"E": "1", "F": "2"},
    undeclared_dividends={"E": {"current_year": "1/2", "since_issue": "3/2"}},
)
DATED = held(("eve", "E", 2), ("cy", "common", 9), as_of="2000-02-29", issued_on={"E": "1999-03-01"})
SURVIVES = held(("fay", "F", 100), ("cy", "common", 900), unpaid_dividends={"F": "1"})
MAJORITY = held(
    ("ann", "A", 7000000),
    ("bob", "B", 1000000),
    ("cat", "C", 3000000),
    ("dan", "D", 1455000),
    ("eve", "E", 3000000),
    ("fay", "F", 1500000),
    ("cy", "common", 10000000),
)
TWO_DAYS = held(
    ("eve", "E", 2),
    ("cy", "common", 9),
    cash_amounts=[
        {"holder": "old", "series": "A", "converted_on": "1999-08-20", "owed": "5"},
        {"holder": "new", "series": "B", "converted_on": "1999-08-22", "owed": "4", "paid": "1"},
        {"holder": "old", "series": "B", "converted_on": "1999-08-23", "owed": "2"},
    ],
    as_of="1999-08-24",
)
IN_VOTES = {"ad_majority": "votes"}


def contested(holders: int, of_d: int, price: str, assets: str) -> dict[str, Any]:
    """Return a case in which each of some holders has one share of A, which gains by the election, and D loses."""
    listed = [(f"a{at}", "A", 1) for at in range(holders)]
    position = held(*listed, ("dan", "D", of_d), ("cy", "common", 100), conversion_prices={"A": price})
    return asked("liquidation", position, assets=assets, elect="in_interest", readings=IN_VOTES)


# One share of A into 1.5 or 2.5 of Common, 10 votes each: of 14 by D those of A are 20, 15 or 10, as they are counted.
VOTED = [contested(1, 1, "2/3", "15"), contested(3, 4, "2/3", "25"), contested(1, 2, "2/5", "18")]
MERGER = {"kind": "merger", "voting_power_disposed": "1/4"}

READ: Examples = {
    "ad_election": [case("45743145", elect=True)],
    "ad_majority": [asked("liquidation", MAJORITY, assets="44047470", elect="in_interest")],
    "cap_mode": [case("120000000"), case("150000000")],
    "cap_adjusts_for": [asked("liquidation", {**SPLIT, "common_split": "2"}, assets="60", conversions="as_held")],
    "cap_includes_dividends": [asked("liquidation", OWED, assets="120", conversions="as_held")],
    "cash_rank": [case("19000000", elect=True), case("30000000", elect=True)],
    "cash_pool": [asked("liquidation", TWO_DAYS, assets="6")],
    "cash_adjusts_preferred_split": [asked("liquidation", SPLIT, assets="20", elect=True)],
    "converted_dividends": [asked("liquidation", SURVIVES, assets="12000")],
    "half": VOTED,
    "votes": VOTED,
    "cents": [asked("liquidation", OWED, assets="100/3")],
    "daycount": [asked("liquidation", DATED, assets="11", readings={"unpaid_div": "undeclared_all"})],
    "ef_conversion": [case("200000000"), case("150000000")],
    "exercise": [{**case("150000000"), "events": [OPTIONS]}],
    "merger_scope": [case("50000000", event=MERGER)],
    "oip_adjusts_in_conversion": [asked("liquidation", SPLIT, assets="90")],
    "unpaid_div": [asked("liquidation", OWED, assets="23")],
}


def test_small_cases() -> None:
    check_small_cases("liquidation", every=3)


@examples(90)
@given(cases("liquidation"))
def test_drawn_cases(document: dict[str, Any]) -> None:
    check_drawn(document)


def test_every_reading_that_it_looks_at_has_examples() -> None:
    assert set(READ) == looked_at("liquidation")


@pytest.mark.parametrize(("field", "option"), options(READ))
def test_each_option_changes_both_answers(field: str, option: str) -> None:
    check_option(field, option, READ)


@pytest.mark.parametrize("kind", ["dissolution", "merger", "asset_sale", "voting_power"])
@pytest.mark.parametrize("counterparty", ["other", "parent", "wholly_owned_subsidiary"])
@pytest.mark.parametrize("disposed", ["0", "1/2", "51/100", "1"])
@pytest.mark.parametrize("scope", ["literal", "control_shift"])
def test_events(kind: str, counterparty: str, disposed: str, scope: str) -> None:
    event = {"kind": kind, "counterparty": counterparty, "voting_power_disposed": disposed}
    assert differences({**case("50000000", event=event), "readings": {"merger_scope": scope}}) == []
