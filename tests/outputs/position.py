"""The position: the cap table after a history (IV.A, 1(a), 3(a), 3(d))."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from symbolic import conversion
from symbolic.account import Definition
from symbolic.evaluate import evaluate, evaluate_all
from symbolic.history import outstanding
from symbolic.liquidation import Case
from tests.oracle.questions import asked, held
from tests.outputs import conversions
from tests.outputs.cash_amounts import paid
from tests.outputs.compare import Expected
from tests.outputs.conversions import recorded
from tests.outputs.facts import Facts, day
from tests.outputs.ledger import facts_of

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


@cache
def _issuable(case: Case) -> list[Definition]:
    return recorded(lambda account: conversion.issuable(case, account))


def _outstanding(facts: Facts, name: str) -> Any:
    """Return the outstanding shares of a class: what all holders have of it."""
    stakes = [count for (_, stock), count in facts.held.items() if stock == name]
    return evaluate(outstanding(len(stakes)), {f"stake_{at}": count for at, count in enumerate(stakes, start=1)})


def expected(document: Document) -> Expected:
    """Return every number, yes or no and date of the answer, by place."""
    facts = facts_of(document, day(document["ask"].get("on")))
    so_far = {f"converted_{name}": facts.converted.get(name, 0) for name in facts.series}
    room = evaluate_all(_issuable(facts.case()), facts.values | so_far)
    found: Expected = {"as_of": facts.as_of, "elected": facts.elected, "cash_amounts": paid(facts)["unpaid_all"]}
    for name in facts.classes:
        found[f"outstanding.{name}"] = _outstanding(facts, name)
        found[f"authorized.{name}"] = room[f"authorized_{name}"]
        found[f"issuable.{name}"] = room[f"issuable_{name}"]
    for (holder, name), count in facts.held.items():
        found[f"by_holder.{holder}.{name}"] = count
    for series in facts.charter.series:
        found[f"conversion_prices.{series.name}"] = facts.price(series.name)
        if series.conversion.by != "none":
            found[f"conversion_ratios.{series.name}"] = conversions.ratio(facts, series.name)
    for name, own in facts.rights.items():
        at = f"rights.{name}"
        found |= {f"{at}.class": own.stock, f"{at}.deliverable": own.deliverable, f"{at}.exercisable": own.exercisable}
        found |= {f"{at}.exercise_price": own.price, f"{at}.exercised": own.exercised}
    found |= {f"owed_on_common.{holder}": owed for holder, owed in facts.owed_on_common.items()}
    by_name = {"unpaid_dividends": facts.declared, "debts": facts.debts, "converted": facts.converted}
    for what, amounts in {**by_name, "splits": facts.splits, "property": facts.became}.items():
        found |= {f"{what}.{name}": amount for name, amount in amounts.items()}
    return found


SMALL = held(
    ("ann", "A", 60), ("ann", "E", 20), ("bob", "common", 500), ("bob", "E", 30), ("dan", "F", 4), as_of="1999-08-24"
)


def on(day_of_month: int, do: str, **fields: Any) -> Document:
    """Return an event of September 1999."""
    return {"on": f"1999-09-{day_of_month:02}", "do": do, **fields}


def _case(*events: Document, position: Document = SMALL, **fields: Any) -> Document:
    return asked("position", dict(position), events=list(events), **fields)


RIGHTS = (
    on(1, "issue_rights", rights="o", shares=100, exercisable=40, exercise_price="10"),
    on(2, "exercise_rights", rights="o", holder="cy", shares=10),
    on(3, "split", **{"class": "common", "ratio": "2"}),
    on(4, "change_rights", rights="o", exercise_price="1", shares=50, exercisable=30),
    on(5, "exercise_rights", rights="o", holder="cy", shares=5),
    on(6, "split", **{"class": "common", "ratio": "3"}),
)
DIVIDENDS = (
    on(1, "declare_dividend", per_share={"A": "0.2", "C": "1", "E": "0.83", "F": "1.65", "common": "0.1"}),
    on(2, "split", **{"class": "A", "ratio": "1/2"}),
    on(3, "pay_dividend", per_share={"A": "0.1"}),
    on(4, "convert", holder="ann", shares={"E": 20}),
    on(5, "convert", holder="dan", shares={"F": 4}),
    on(6, "pay_dividend", per_share={"A": "0.3", "E": "0.83", "common": "0.03"}, former_holders={"ann": "6"}),
)
ON_COMMON = (
    on(1, "declare_dividend", per_share={"common": "0.1"}),
    on(2, "issue", **{"class": "common", "holder": "eve", "shares": 200}),
    on(3, "declare_dividend", per_share={"common": "0.05"}, record_date="1999-09-06"),
    on(4, "transfer", **{"class": "common", "holder": "bob", "to": "cy", "shares": 100}),
    on(5, "split", **{"class": "common", "ratio": "2"}, record_date="1999-09-05"),
    on(6, "issue", **{"class": "common", "holder": "fay", "shares": 20}),
    on(7, "declare_dividend", per_share={"common": "0.02"}),
    on(8, "pay_dividend", per_share={"common": "0.06"}),
)
"""Three dividends on the Common: of 500 and 700 shares, and of 1,420 after a split (AMB-137, AMB-139)."""
COMMON_ALONE = held(("bob", "common", 500), as_of="1999-08-24")
ELECTION = on(7, "elect_conversion", consents={"ann": {"A": 60}})
CONSENT_AND_OFFERING = (
    on(2, "consent_conversion", **{"class": "E", "consents": {"ann": 20, "bob": 10}}),
    on(2, "public_offering", price="4", primary_shares=10_000_000, secondary_shares=5),
)
EXAMPLES: tuple[Document, ...] = (
    asked("position"),
    asked("position", held()),
    _case(on="1999-12-31", position={**SMALL, "common_split": "3", "preferred_splits": {"A": "1/2"}}),
    _case(*RIGHTS),
    _case(*RIGHTS, on(7, "expire_rights", rights="o")),
    _case(*RIGHTS, on(7, "change_rights", rights="o", exercisable=3)),
    _case(on(1, "issue_rights", rights="w", **{"class": "B", "shares": 9, "exercise_price": "1"})),
    _case(
        on(1, "issue_rights", rights="w", **{"class": "B", "shares": 9, "exercise_price": "1"}),
        on(2, "exercise_rights", rights="w", holder="cy", shares=4),
        on(3, "split", **{"class": "B", "ratio": "3"}),
        on(4, "change_rights", rights="w", exercise_price="2", shares=7, exercisable=6),
    ),
    _case(*DIVIDENDS),
    _case(*DIVIDENDS, on(7, "issue", **{"class": "F", "holder": "dan", "shares": 1})),
    _case(*DIVIDENDS[:3], {**ELECTION, "consents": {"ann": {"A": 30}}}),
    _case(ELECTION, readings={"ad_election": "unlock_individual"}),
    _case(ELECTION, readings={"ad_election": "unlock_individual", "converted_reissuable": "no"}),
    _case(on(1, "stock_dividend", shares="1/10", equivalents="1")),
    *(_case(*ON_COMMON[:count], position=COMMON_ALONE) for count in (3, 5, 6, 8)),
    _case(*ON_COMMON[:3], position=COMMON_ALONE, on="1999-09-06"),
    _case(*ON_COMMON[:3], position=COMMON_ALONE, on="1999-09-07"),
    # What adjusts as of a record date, and what from the day after it (AMB-139).
    *(
        _case(on(6, "split", **{"class": "common", "ratio": ratio}, record_date=record), position=issued, on=until)
        for ratio in ("2", "1/2")
        for record in ("1999-09-03", "1999-09-06")
        for until in ("1999-09-06", "1999-09-07")
        for issued in ({**SMALL, "as_of": "1999-09-03", "purchase_dates": {"E": "1999-09-03"}},)
    ),
    _case(on(6, "stock_dividend", shares="1", record_date="1999-09-03"), position={**SMALL, "as_of": "1999-09-03"}),
    _case(on(1, "stock_dividend", equivalents="1/4"), on(2, "recapitalize", units={"cash": "1.5", "new": 2}), ELECTION),
    _case(on(2, "recapitalize", units={"cash": "2", "new": "1/3"})),
    _case(
        on(1, "transfer", **{"class": "E", "holder": "bob", "to": "cy", "shares": 30}),
        on(1, "transfer", **{"class": "E", "holder": "cy", "to": "cy", "shares": 3}),
        on(2, "consent_conversion", **{"class": "E", "consents": {"cy": 30}}),
        on(3, "distribute", units="100"),
    ),
    _case(*CONSENT_AND_OFFERING),
    _case(
        on(2, "public_offering", price="4", primary_shares=9_999_999, over_allotment=2, over_allotment_counts=True),
        on(2, "consent_conversion", **{"class": "E", "consents": {"ann": 20, "bob": 10}}),
        readings={"consent_tie": "consent"},
    ),
    asked(
        "position",
        {**SMALL, "carried": [{"series": "E", "on": "1997-01-01", "amount": "0.004"}]},
        on="2000-01-01",
    ),
)
