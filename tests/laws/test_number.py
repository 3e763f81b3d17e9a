"""Number: nothing depends on how many there are; the parts of a thing are together what it would be whole."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.laws.kit import (
    COMMON,
    ELECTING,
    LONG_AGO,
    OPTIONAL,
    SERIES,
    Document,
    above_zero,
    answer,
    asking,
    copied,
    same,
    table,
    under,
)

MANY = 6
"""How many parts a thing is in."""

DAYS = tuple(f"199{year}-03-01" for year in range(2, 8))


def claims_apart(case: Document) -> None:
    """Cash Amounts of many days are paid, all together, as if they were of one (3(c), AMB-51)."""
    case = under(case, cash_pool="merged")
    one = copied(case)
    for own in one["position"]["cash_amounts"]:
        own["converted_on"] = DAYS[0]
    for fields in (
        {"question": "cash_amounts", "funds": [7, "100000"]},
        {"question": "liquidation", "assets": 11},
        HIGH,
    ):
        apart, together = answer({**case, "ask": fields}), answer({**one, "ask": fields})
        found = [above_zero(_paid(own)) for own in (apart, together)]
        same(case, *found)


def _paid(found: Document) -> dict[str, Any]:
    own: dict[str, Any] = found["by_holder"]
    return own if found["question"] == "liquidation" else {name: each["paid"] for name, each in own.items()}


def earliest_first(case: Document) -> None:
    """Under the other reading whatever is owed is paid in the end (3(c), AMB-51)."""
    owed = sum(Fraction(str(own["owed"])) for own in case["position"]["cash_amounts"])
    found = answer(asking(under(case, cash_pool="fifo"), "cash_amounts", funds=[str(owed)]))
    assert (Fraction(found["unpaid"]), Fraction(found["funded"][0]["excess"])) == (0, 0), (case, found)


def carried_in_one(case: Document) -> None:
    """What is carried of one event in many items is carried in one (3(d)(i)(B))."""
    sums: dict[tuple[str, str], Fraction] = {}
    for own in case["position"]["carried"]:
        key = (own["series"], own["on"])
        sums[key] = sums.get(key, Fraction(0)) + Fraction(own["amount"])
    one = copied(case)
    one["position"]["carried"] = [
        {"series": name, "on": on, "amount": str(amount)} for (name, on), amount in sums.items()
    ]
    for on in ("1999-08-24", "2003-01-01"):
        prices = [answer(asking(own, "position", on=on))["conversion_prices"] for own in (case, one)]
        same(case, *prices)


def each_series_by_itself(case: Document) -> None:
    """What one series carries is made good on its day, whatever others carry, in every year (3(d)(i)(B))."""
    for on in ("1999-12-31", "2000-12-31", "2001-12-31", "2002-12-31", "2003-12-31"):
        together = answer(asking(case, "position", on=on))["conversion_prices"]
        for name in SERIES:
            alone = copied(case)
            alone["position"]["carried"] = [own for own in case["position"]["carried"] if own["series"] == name]
            same(case, together[name], answer(asking(alone, "position", on=on))["conversion_prices"][name])


def debts_of_each(case: Document) -> None:
    """What is declared on shares that convert is owed to every holder of them, $/share by $/share (AMB-37)."""
    per_share = case["position"]["unpaid_dividends"]
    found = answer(asking(case, "position"))["debts"]
    expected = {
        event["holder"]: sum(Fraction(per_share[name]) * count for name, count in event["shares"].items())
        for event in case["events"]
    }
    same(case, expected, above_zero(found))


def rights_in_parts(case: Document) -> None:
    """Rights in many parts are exercised as if they were one (AMB-32b, AMB-147)."""
    case = under(case, exercise="in_the_money_equilibrium")
    rights = [own for own in case["events"] if own["do"] == "issue_rights"]
    others = [own for own in case["events"] if own["do"] != "issue_rights"]
    one = {**case, "events": [*others, {**rights[0], "shares": sum(own["shares"] for own in rights)}]}
    for assets in ("20", "70", "400"):
        apart, together = (answer(asking(own, "liquidation", assets=assets)) for own in (case, one))
        same(case, apart["by_class"], together["by_class"])
        same(case, _of_rights(apart), _of_rights(together))
    levels = [
        [own["assets"] for own in answer(asking(own_case, "breakpoints"))["breakpoints"]] for own_case in (case, one)
    ]
    same(case, sorted(set(levels[0]), key=Fraction), sorted(set(levels[1]), key=Fraction))


def _of_rights(found: Document) -> Fraction:
    return sum((amount for name, amount in above_zero(found["by_holder"]).items() if name[:6] == "rights"), Fraction(0))


HIGH = {"question": "liquidation", "assets": 90}
CLAIMS = [
    {"holder": f"former {index}", "series": ELECTING[index % 4], "owed": str(3 + index), "converted_on": day}
    for index, day in enumerate(DAYS)
]
CARRIED = [
    {"series": name, "on": f"199{6 + (place + index) % 4}-0{1 + index}-1{place}", "amount": f"0.00{1 + index}"}
    for place, name in enumerate(SERIES)
    for index in range(3)
]
PURCHASED = {"purchase_dates": dict.fromkeys(SERIES, LONG_AGO)}
HELD = tuple((f"holder of {name}", name, 5) for name in (*SERIES, COMMON))


@pytest.mark.parametrize("rank", ["creditor", "after_F", "pari_second_tier", "last"])
def test_claims_of_many_days(rank: str) -> None:
    for number in range(1, MANY + 1):
        case = under(table(*HELD, cash_amounts=CLAIMS[:number]), cash_rank=rank)
        claims_apart(case)
        earliest_first(case)


def test_many_items_are_carried() -> None:
    for number in range(1, MANY + 1):
        items = [
            {"series": "A", "on": "1998-06-01", "amount": "0.001"},
            {"series": "E", "on": "1999-01-01", "amount": "-0.0005"},
        ]
        carried_in_one(table(*HELD, **PURCHASED, carried=items * number))
    each_series_by_itself(table(*HELD, **PURCHASED, carried=CARRIED))
    # All on one day.
    same_day = [{**own, "on": "1998-06-01"} for own in CARRIED]
    each_series_by_itself(table(*HELD, **PURCHASED, carried=same_day))


@pytest.mark.parametrize("name", OPTIONAL)
def test_debts_to_many_former_holders(name: str) -> None:
    for number in range(1, MANY + 1):
        holders = tuple(f"holder {index}" for index in range(number))
        events = [{"on": "1999-09-01", "do": "convert", "holder": own, "shares": {name: 2}} for own in holders]
        held = ((own, name, 2 + index) for index, own in enumerate(holders))
        debts_of_each(table(*held, ("k", COMMON, 9), unpaid_dividends={name: "1/2"}, events=events))


@pytest.mark.parametrize("stock", [COMMON, "B"])
def test_rights_in_many_parts(stock: str) -> None:
    fields = {"on": "1999-09-01", "do": "issue_rights", "class": stock, "exercise_price": "1"}
    # In no way Additional Stock, of which many small issues adjust the prices otherwise than a large one (AMB-57).
    warrant = {"purpose": "warrant", "warrant": {"issued": "1996-08-16", "of": "B"}}
    fields["facts"] = warrant if stock == "B" else {"purpose": "commercial", "board_approved": True}
    events = [{**fields, "rights": f"w{index}", "shares": 2} for index in range(4)]
    rights_in_parts(table(*HELD, events=events))
