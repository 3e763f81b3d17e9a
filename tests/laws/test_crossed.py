"""The laws of places where clauses or readings meet, on drawn cases."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.laws import crossed
from tests.laws.kit import COMMON, MANY, OPTIONAL, SERIES, Document, ask, drawn_cases, table, under
from tests.laws.test_route import liquidated

PRICES = ("1", "2", "5", "12")


def with_rights(case: Document, seed: int) -> Document:
    """Return a case with three rights over the Common and, where nothing is unpaid on it, over B."""
    draw = Random(seed)
    over_b = "B" not in case["position"].get("unpaid_dividends", {})
    warrant = {"purpose": "warrant", "warrant": {"issued": "1996-08-16", "of": "B"}}
    events = []
    for index in range(3):
        own: Document = {"on": "1999-08-25", "do": "issue_rights", "rights": f"w{index}", "shares": draw.randint(1, 4)}
        own["exercise_price"] = draw.choice(PRICES)
        own["facts"] = {"purpose": "commercial", "board_approved": True}
        if over_b and draw.random() < 0.4:
            own |= {"class": "B", "facts": warrant}
        events.append(own)
    return {**case, "events": events}


def asked(case: Document, question: str, **fields: Any) -> Document:
    return {**case, "ask": {"question": question, **fields}}


@pytest.mark.parametrize("seeds", [range(70), pytest.param(range(1000, 5000), marks=MANY)])
def test_rights_around_a_liquidation(seeds: range) -> None:
    for seed in seeds:
        case = with_rights(liquidated(seed), seed)
        crossed.exercised_before(asked(case, "liquidation", assets=(5, 20, 60, 150, 400)[seed % 5]))


@pytest.mark.parametrize("seeds", [range(25), pytest.param(range(1000, 2500), marks=MANY)])
def test_levels_are_all_there_are(seeds: range) -> None:
    for seed in seeds:
        case = under(liquidated(seed), exercise="in_the_money_equilibrium" if seed % 2 else "given")
        if seed % 2:
            case = with_rights(case, seed)
        crossed.straight(asked(case, "breakpoints", elect=seed % 3 == 0))


def test_a_series_in_two() -> None:
    for seed in range(30):
        draw = Random(seed)
        holdings = [(name, name.upper(), draw.randint(1, 5)) for name in "acef"]
        case = table(*holdings, ("f too", "F", draw.randint(1, 5)), ("k", COMMON, draw.randint(0, 9)))
        if draw.random() < 0.5:
            case["position"]["unpaid_dividends"] = {"F": "3/2"}
        assets = draw.choice(("8", "30", "70", "160", "400"))
        for question, fields in (
            ("liquidation", {"assets": assets}),
            ("reserve", {}),
            ("public_offering", {"on": "1999-12-01", "price": "4", "primary_shares": 10_000_000}),
        ):
            crossed.series_in_two(asked(case, question, **fields))


@pytest.mark.parametrize("name", OPTIONAL)
def test_a_small_holder_does_what_pays(name: str) -> None:
    for seed in range(80):
        draw = Random(seed)
        position: Document = {}
        if draw.random() < 0.6:
            position["unpaid_dividends"] = {name: draw.choice(("1/2", "1", "5"))}
        rest = [(own, own, draw.randint(0, 1_000_000)) for own in ("A", "C") if own in SERIES]
        case = table(("small", name, 1), ("k", COMMON, 1_000_000), *rest, **position)
        readings = {
            "converted_dividends": draw.choice(("debt_from_assets", "forfeited")),
            "cap_includes_dividends": draw.choice(("yes", "no")),
        }
        assets = str(draw.choice((2, 5, 9, 11, 12, 13, 20)) * 1_000_000 + draw.randint(0, 999_999))
        crossed.no_regret(asked(under(case, **readings), "liquidation", assets=assets), name, "small")


def test_a_dividend_of_all_the_common_is_a_split() -> None:
    for case in drawn_cases("position", 60, seed=26):
        if case.get("events") and not any(own["do"] == "recapitalize" for own in case["events"]):
            case["events"].append({"on": case["events"][-1]["on"], "do": "stock_dividend", "shares": "1"})
            case["readings"] = {**case.get("readings", {}), "stock_dividend_base": "common_only"}
            if ask(case)["status"] == "answered":
                crossed.dividend_is_a_split(case)
