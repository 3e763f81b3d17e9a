"""Cash Amounts: what is owed on every claim, and what funds pay (3(a), 3(c))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from reference.readings import Readings
from symbolic import cash_amounts
from symbolic.account import Definition
from symbolic.evaluate import Value, evaluate, evaluate_all, holds
from tests.oracle.questions import asked, held
from tests.outputs.compare import Expected
from tests.outputs.conversions import LAST_DAY, recorded
from tests.outputs.facts import Claim, Facts, day, exact
from tests.outputs.ledger import facts_of

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


@cache
def _account(claims: tuple[cash_amounts.Claim, ...], stages: int, readings: Readings) -> list[Definition]:
    return recorded(lambda account: cash_amounts.payments(account, claims, stages, readings))


def paid(facts: Facts, more: Sequence[Fraction] = ()) -> dict[str, Value]:
    """Return what is paid and unpaid of the claims, numbered from one, after the funds so far and more (3(c)).

    Each funds are a stage; nothing is added in a last one, in which claims may arise.
    """
    funds = [*facts.funds, *more, Fraction(0)]
    days = sorted({own.on for own in facts.claims})
    holders = [*dict.fromkeys(own.holder for own in facts.claims)]
    structure = tuple(
        cash_amounts.Claim(own.stage, days.index(own.on) + 1, holders.index(own.holder) + 1) for own in facts.claims
    )
    values = {f"f_{stage}": amount for stage, amount in enumerate(funds, start=1)}
    for at, own in enumerate(facts.claims, start=1):
        values |= {f"owed_{at}": own.owed, f"before_{at}": own.paid}
    return evaluate_all(_account(structure, len(funds), facts.readings), values)


def due(facts: Facts, converted_on: date) -> date | None:
    """Return the last day for Cash Amounts of a conversion, None if the charter sets none (3(c))."""
    form = cash_amounts.due_day(facts.charter, cash_amounts.day_of(1))
    if form is None:
        return None
    return date.fromordinal(int(evaluate(form, {"day_1": converted_on.toordinal(), "last_day": LAST_DAY})))


def _overdue(facts: Facts, own: Claim, settled: Fraction) -> bool:
    """Say whether a claim is overdue on the day of the question (3(c))."""
    if facts.as_of is None:
        return False
    values = {"owed_1": own.owed, "before_1": settled, "day_1": own.on.toordinal()}
    values |= {"today": facts.as_of.toordinal(), "last_day": LAST_DAY}
    return holds(cash_amounts.overdue(facts.charter, 1), values)


def arranged(answer: dict[str, Any], _: Document) -> dict[str, Any]:
    """Return an answer with the claims that arose on one day in an order of their own."""
    return {**answer, "claims": sorted(answer["claims"], key=_place)}


def _place(claim: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        str(claim["converted_on"]),
        claim["holder"],
        claim["series"],
        Fraction(claim["owed"]),
        Fraction(claim["paid"]),
    )


def expected(document: Document) -> Expected:
    """Return every amount and date of the answer, by place."""
    ask = document["ask"]
    facts = facts_of(document, day(ask.get("on")))
    funds = [exact(amount) for amount in ask.get("funds", ())]
    told = paid(facts, funds)
    stages = len(facts.funds) + len(funds) + 1
    found: Expected = {"as_of": facts.as_of, "claims": len(facts.claims), "funded": len(funds)}
    found |= {what: told[f"{what}_all"] for what in ("owed", "paid", "unpaid")}
    rows = []
    for at, own in enumerate(facts.claims, start=1):
        rest = Fraction(told[f"unpaid_{at}_{stages}"])
        row = {"holder": own.holder, "series": own.series, "converted_on": own.on, "due": due(facts, own.on)}
        row |= {"owed": own.owed, "paid": own.owed - rest, "unpaid": rest}
        rows.append({**row, "overdue": _overdue(facts, own, own.owed - rest)})
    for place, row in enumerate(
        sorted(rows, key=lambda row: _place({**row, "converted_on": str(row["converted_on"])}))
    ):
        found |= {f"claims.{place}.{what}": value for what, value in row.items()}
    holders = [*dict.fromkeys(own.holder for own in facts.claims)]
    for number, holder in enumerate(holders, start=1):
        found |= {f"by_holder.{holder}.{what}": told[f"{what}_of_{number}"] for what in ("owed", "paid", "unpaid")}
    for place, amount in enumerate(funds):
        stage = len(facts.funds) + place + 1
        found |= {f"funded.{place}.funds": amount, f"funded.{place}.excess": told[f"excess_{stage}"]}
        for holder in holders:
            mine = [at for at, own in enumerate(facts.claims, start=1) if own.holder == holder]
            got = sum((Fraction(told.get(f"payment_{at}_{stage}", 0)) for at in mine), Fraction(0))
            if got:
                found[f"funded.{place}.by_holder.{holder}"] = got
    return found


OWED = held(
    ("ann", "A", 40),
    ("bob", "A", 20),
    ("bob", "C", 3),
    ("cy", "B", 10),
    as_of="1999-08-24",
    unpaid_dividends={"A": "0.1"},
    cash_amounts=[
        {"holder": "old", "series": "B", "converted_on": "1999-08-20", "owed": "13.25", "paid": "1/3"},
        {"holder": "ann", "series": "D", "converted_on": "1999-08-24", "owed": "2.544"},
        {"holder": "ann", "series": "D", "converted_on": "1999-08-01", "owed": "5", "paid": "5"},
    ],
)
ELECTED = {"on": "1999-09-01", "do": "elect_conversion", "consents": {"ann": {"A": 40}}}
FUNDED = {"on": "1999-09-02", "do": "fund_cash_amounts", "amount": "20"}
OFFERED = {"on": "1999-10-06", "do": "public_offering", "price": "18", "primary_shares": 4_000_000}


def _case(*events: Document, **fields: Any) -> Document:
    return asked("cash_amounts", OWED, events=list(events), **fields)


EXAMPLES: tuple[Document, ...] = (
    asked("cash_amounts"),
    asked("cash_amounts", funds=["5"]),
    _case(),
    _case(on="1999-09-03"),
    _case(on="1999-09-04"),
    _case(ELECTED, funds=["5", "0", "1/3", "500"]),
    _case(ELECTED, FUNDED, funds=["7"]),
    _case(ELECTED, FUNDED, funds=["7"], readings={"cash_pool": "fifo"}),
    _case({**ELECTED, "consents": {"ann": {"A": 40}, "bob": {"A": 0}}}, readings={"ad_election": "unlock_individual"}),
    _case(FUNDED, ELECTED | {"on": "1999-09-02"}, on="2000-01-01"),
    _case(FUNDED, {**OFFERED, "priced_on": "1999-10-01"}, readings={"ipo_effective": "pricing"}),
    _case(OFFERED, {**FUNDED, "on": "1999-10-06", "amount": "10000"}, {**FUNDED, "on": "1999-10-07"}),
    asked("cash_amounts", {**OWED, "preferred_splits": {"A": "2"}}, events=[ELECTED]),
    asked(
        "cash_amounts",
        {**OWED, "preferred_splits": {"A": "2"}},
        events=[ELECTED],
        readings={"cash_adjusts_preferred_split": "yes"},
    ),
)
