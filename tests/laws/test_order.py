"""Order: where the text fixes an instant of a day, the order in which its events are written decides nothing (3(c))."""

from __future__ import annotations

from itertools import groupby, permutations
from random import Random

import pytest

from tests.laws.kit import (
    ELECTING,
    MANY,
    OPTIONAL,
    QUESTIONS,
    Document,
    drawn_cases,
    outcome,
    reading,
    same,
    table,
)

AT_CLOSE = ("convert", "elect_conversion")
"""What is made immediately before the close of business (3(c))."""

FUNDS = ("fund_cash_amounts",)
"""What is applied to all that the day has left unpaid."""

ONES = {
    "issue": {"class": "common", "holder": "zoe", "shares": 5, "consideration": "1/2"},
    "transfer": {"class": "A", "holder": "ann", "to": "bob", "shares": 1},
    "split": {"class": "F", "ratio": "2"},
    "split of the Common": {"class": "common", "ratio": "2"},
    "declare_dividend": {"per_share": {"A": "1/10", "F": "1/2"}},
    "distribute": {"units": "7"},
    "stock_dividend": {"shares": "1"},
}
"""One event of each kind that happens in the course of a day."""


def reordered(case: Document, seed: int = 1) -> None:
    """Conversions under 3(a), and funds for Cash Amounts, may be written anywhere among the events of their day.

    The reading `conversions_at_close = as_written` takes the order that is written. Conversions keep their order.
    """
    if reading(case, "conversions_at_close", "yes") == "as_written":
        return
    draw, events = Random(seed), []
    for _, day in groupby(case.get("events", []), key=lambda own: own["on"]):
        listed = list(day)
        lanes = [
            [own for own in listed if own["do"] in AT_CLOSE],
            [own for own in listed if own["do"] in FUNDS],
            [own for own in listed if own["do"] not in (*AT_CLOSE, *FUNDS)],
        ]
        while any(lanes):
            events.append(draw.choice([lane for lane in lanes if lane]).pop(0))
    if events != case.get("events", []):
        same(case, outcome(case), outcome({**case, "events": events}))


def consents_in_any_order(case: Document) -> None:
    """Consents of several series on one day, and an offering of that day, are taken together (3(b), AMB-43)."""
    outcomes = [outcome({**case, "events": list(events)}) for events in permutations(case["events"])]
    for other in outcomes[1:]:
        same(case, outcomes[0], other)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_order_of_a_day_as_written_decides_nothing(question: str) -> None:
    for case in drawn_cases(question, 60, seed=6):
        reordered(case)


@pytest.mark.parametrize("question", ["position", "conversion_prices", "cash_amounts", "distribution", "dividend"])
def test_a_conversion_beside_each_kind_of_event(question: str) -> None:
    day = "1999-09-01"
    asked = {"question": question, **MORE.get(question, {})}
    conversions = (
        {"on": day, "do": "convert", "holder": "ann", "shares": {"F": 1}},
        {"on": day, "do": "elect_conversion", "consents": {"ann": {"A": 3}}},
    )
    holdings = (("ann", "A", 3), ("ann", "F", 4), ("bob", "common", 10))
    for name, event in ONES.items():
        own = {"on": day, "do": "split" if name.startswith("split") else name, **event}
        for conversion in conversions:
            funds = {"on": day, "do": "fund_cash_amounts", "amount": "1"}
            for seed in range(3):
                reordered(table(*holdings, events=[conversion, own, funds], ask=asked), seed)


MORE = {"distribution": {"units": 3}, "dividend": {"on": "1999-09-01", "declare": {"F": "1/2"}}}


@pytest.mark.parametrize("tie", ["ipo", "consent"])
def test_consents_and_an_offering_of_one_day(tie: str) -> None:
    day = "1999-09-01"
    holdings = tuple((f"holder of {name}", name, 100) for name in (*ELECTING, *OPTIONAL, "common"))
    events = [
        {"on": day, "do": "consent_conversion", "class": name, "consents": {f"holder of {name}": 100}}
        for name in OPTIONAL
    ]
    events.append({"on": day, "do": "public_offering", "price": "4", "primary_shares": 10_000_000})
    for question in ("position", "cash_amounts"):
        asked = {"question": question}
        consents_in_any_order(table(*holdings, events=events, ask=asked, readings={"consent_tie": tie}))


@MANY
@pytest.mark.parametrize("question", QUESTIONS)
def test_order_on_many_cases(question: str) -> None:
    for index, case in enumerate(drawn_cases(question, 3000, seed=7)):
        reordered(case, index)
