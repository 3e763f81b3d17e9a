"""Dividends: what one comes to, whether the Common may have it, and whether the year conforms (1(a))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from reference.charter import COMMON, Charter
from reference.readings import Readings
from symbolic import dividends
from symbolic.account import Account, Definition
from symbolic.evaluate import Value, evaluate_all
from symbolic.liquidation import Case
from tests.oracle.questions import asked, held
from tests.oracle.test_dividend import HALF, RATES, SHORT_FOR_F, SPLIT, TWO_FOR_A, declares
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.conversions import recorded
from tests.outputs.distribution import kind_values
from tests.outputs.facts import Facts, amounts, day, exact
from tests.outputs.ledger import facts_of
from tests.outputs.votes import listed

Document = Mapping[str, Any]
Values = dict[str, Any]
ByClass = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


def _own(case: Case, unknown: Callable[[str], Any]) -> dict[str, Any]:
    """Return the unknown that stands for an amount of each series."""
    return {series.name: unknown(series.name) for series in case.charter.series}


@cache
def _year(readings: Readings) -> list[Definition]:
    return recorded(lambda account: dividends.dividend_year(readings, account))


@cache
def _full(case: Case, issued: frozenset[str]) -> list[Definition]:
    return recorded(lambda account: dividends.amounts(case, account, issued))


@cache
def _due(case: Case) -> list[Definition]:
    def record(account: Account) -> None:
        dividends.entitlements(case, account, _own(case, dividends.full))
        dividends.accrual_rates(case, account)

    return recorded(record)


@cache
def _rateable(case: Case) -> list[Definition]:
    return recorded(lambda account: dividends.rateable(account, _own(case, dividends.full)))


@cache
def _allocation(case: Case) -> list[Definition]:
    return recorded(lambda account: dividends.allocation(case, account, _own(case, dividends.full)))


@cache
def _gate(case: Case) -> list[Definition]:
    return recorded(lambda account: dividends.gate(case, account, _own(case, dividends.before_common)))


@cache
def _totals(charter: Charter, declarations: int) -> list[Definition]:
    return recorded(lambda account: dividends.year_totals(charter, account, declarations))


@cache
def _review(case: Case, declarations: int) -> list[Definition]:
    return recorded(lambda account: dividends.review(case, account, _own(case, dividends.full), declarations))


@cache
def _payments(charter: Charter, holders: int) -> list[Definition]:
    return recorded(lambda account: dividends.payments(charter, account, holders))


def _day(number: Any) -> date:
    return date.fromordinal(int(number))


def _issued(facts: Facts, ask: Document, on: date) -> dict[str, date]:
    """Return when each series was issued, if the history or the question says so."""
    known = {name: first for name, first in facts.first_issued.items() if first is not None and first <= on}
    return known | {name: date.fromisoformat(first) for name, first in (ask.get("issued") or {}).items()}


def _dividend_year(facts: Facts, ask: Document, on: date) -> dict[str, Value]:
    # Its days lie within the calendar whatever the reading.
    if not date.min.year < on.year < date.max.year:
        raise NoAnswerError("outside_calendar")
    values = {"year": on.year, "month": on.month, "day": on.day, "fiscal_month": ask.get("fiscal_month") or 0}
    return evaluate_all(_year(facts.readings), values)


def _declared(facts: Facts, declarations: Iterable[tuple[date, ByClass]]) -> Values:
    """Return the values of declarations, numbered from one."""
    found: Values = {}
    for number, (on, per_share) in enumerate(declarations, start=1):
        found[f"on_{number}"] = on.toordinal()
        found |= {f"a_{number}_{name}": per_share.get(name, Fraction(0)) for name in facts.classes}
    return found


def expected(document: Document) -> Expected:
    """Return every amount, yes or no, date and list of the answer; raise NoAnswerError outside the calendar."""
    ask = document["ask"]
    on = day(ask["on"])
    assert on is not None
    facts = facts_of(document, on)
    case, year = facts.case(), _dividend_year(facts, ask, on)
    issued = _issued(facts, ask, on)
    values: Values = {**facts.values, "part": exact(ask.get("part_of_year", 1)), "on": on.toordinal()}
    values |= {"first": year["year_first"], "last": year["year_last"]}
    values |= {f"issued_{name}": first.toordinal() for name, first in issued.items()}
    values |= evaluate_all(_full(case, frozenset(issued)), values)
    found: Expected = {"year.first": _day(year["year_first"]), "year.last": _day(year["year_last"])}
    found |= {"gate": False, "conformity": False}
    if ask.get("declare") is not None:
        per_share, rest = amounts(ask["declare"]), Fraction(0)
        found |= _of_declaration(facts, ask, (on, per_share), values)
    else:
        per_share, rest = _of_sum(facts, ask, values)
    due = evaluate_all(_due(case), values)
    for name in facts.series:
        found[f"full.{name}"] = values[f"full_{name}"]
        found[f"entitled.{name}"], found[f"accrual_rates.{name}"] = due[f"due_{name}"], due[f"accrues_{name}"]
    return found | {"undistributed": rest, **_paid(facts, per_share)}


def _of_sum(facts: Facts, ask: Document, values: Values) -> tuple[ByClass, Any]:
    """Return what a pool or a total gives, $/share by class, and the rest; enter the year's dividends on the Common."""
    if ask.get("pool") is not None:
        before = len(facts.declarations)
        totals = evaluate_all(_totals(facts.charter, before), values | _declared(facts, facts.declarations))
        values["d_common"] = totals[f"total_{COMMON}"]
        told = evaluate_all(_rateable(facts.case()), {**values, "pool": exact(ask["pool"])})
        return {name: told[f"rateable_{name}"] for name in facts.series}, told["excess"]
    told = evaluate_all(_allocation(facts.case()), {**values, "pool": exact(ask["total"])})
    values["d_common"] = told[f"per_share_{COMMON}"]
    return {name: told[f"per_share_{name}"] for name in facts.classes}, told["undistributed"]


def _of_declaration(facts: Facts, ask: Document, declaration: tuple[date, ByClass], values: Values) -> Expected:
    """Return gate and conformity, by place; enter the year's dividends on the Common, with those declared."""
    declarations = (*facts.declarations, declaration)
    told = evaluate_all(_review(facts.case(), len(declarations)), values | _declared(facts, declarations))
    values["d_common"] = told[f"total_{COMMON}"]
    found: Expected = {
        "conformity": True,
        "conformity.conforms": told["conforms"],
        "conformity.rateable": told["short"],
    }
    for name in facts.series:
        found[f"conformity.declared.{name}"] = told[f"total_{name}"]
        found[f"conformity.schedule.{name}"] = told[f"schedule_{name}"]
    out = [on for number, (on, _) in enumerate(declarations, start=1) if told[f"out_{number}"]]
    found["conformity.out_of_proportion"] = out
    if declaration[1].get(COMMON, 0) <= 0:
        return found
    return found | _passed(facts, ask, values | {f"had_{name}": told[f"total_{name}"] for name in facts.series})


def _passed(facts: Facts, ask: Document, values: Values) -> Expected:
    """Return whether a dividend on the Common may be declared, by place; one that is exempt needs nothing."""
    exempt = evaluate_all(recorded(dividends.exempts), kind_values(ask.get("payable") or "cash"))["exempts"]
    told = evaluate_all(_gate(facts.case()), {**values, "exempt": int(exempt)})
    found: Expected = {"gate": True, "gate.exempt": exempt, "gate.allowed": told["allowed"]}
    found["gate.short"] = [name for name in facts.series if told[f"short_{name}"]]
    for name in facts.series:
        if facts.shares[name] and not exempt:
            found[f"gate.required.{name}"] = told[f"required_{name}"]
            found[f"gate.declared.{name}"] = values[f"had_{name}"]
    return found


def _paid(facts: Facts, per_share: ByClass) -> Expected:
    """Return what a dividend comes to by class and holder, by place."""
    each = {f"per_share_{name}": per_share.get(name, Fraction(0)) for name in facts.classes}
    holders = listed(facts)
    told = evaluate_all(_payments(facts.charter, len(holders)), {**facts.with_holders(holders), **each})
    found: Expected = {"distributed": told["paid"]}
    for name in facts.classes:
        found[f"by_class.{name}.total"] = told[f"paid_{name}"]
        found[f"by_class.{name}.per_share"] = each[f"per_share_{name}"] if facts.shares[name] else None
    return found | {f"by_holder.{own}": told[f"paid_to_{number}"] for number, own in enumerate(facts.holders, start=1)}


def dividend(position: Document | None = None, on: str = "1999-09-01", **fields: Any) -> Document:
    """Return a question about a dividend; without a position, of full issuance and 10,000,000 Common."""
    return asked("dividend", None if position is None else dict(position), on=on, **fields)


SMALL = held(
    ("ann", "A", 3), ("ann", "F", 1), ("bob", "E", 2), ("bob", COMMON, 7), ("cy", COMMON, 2), as_of="1999-08-24"
)
WHOLE = {name: RATES[name] for name in ("A", "E", "F")}
ISSUE = {"on": "1999-08-24", "do": "issue", "class": "B", "holder": "cy", "shares": 2, "consideration": "2.86"}
DAILY = {"partial": "daily"}
ALL_EQUAL = {"if_greater": "lfp_all"}
EXAMPLES: tuple[Document, ...] = (
    dividend(pool="9017250"),
    dividend(pool="9017251"),
    dividend(pool="4500000"),
    dividend(pool="1", events=[declares("1999-09-01", RATES | {COMMON: "0.2"})]),
    dividend(held(), pool="5"),
    # Each series its rate, then the Common; it overtakes A, then B; the full amounts exactly, and less.
    *(dividend(total=total) for total in ("9017250", "11017250", "12659850", "4500000", "50000000")),
    dividend(total="50000000", readings={"if_greater": "off"}),
    *(dividend(SMALL, total=total, readings=ALL_EQUAL) for total in ("3.91", "6", "9.9", "30")),
    # No Common, or no Preferred.
    dividend(held(("ann", "A", 10)), total="3"),
    dividend(held(("bob", COMMON, 10)), total="3"),
    dividend(declare=RATES | {COMMON: "0.20"}),
    dividend(declare=RATES | {COMMON: "0.30"}),
    dividend(declare={COMMON: "0.5"}),
    dividend(declare={COMMON: "0.5"}, readings={"include_if_greater": "yes"}),
    dividend(SMALL, declare=WHOLE | {COMMON: "0.1"}, readings=ALL_EQUAL),
    # Exactly what is due, and a little less.
    dividend(SMALL, declare=WHOLE | {COMMON: "0.2"}),
    dividend(SMALL, declare=WHOLE | {"A": "0.1999", COMMON: "0.01"}),
    dividend(SMALL, declare={COMMON: "1"}, payable="common_stock"),
    dividend(SMALL, declare={COMMON: "1"}, payable="redeemable_equity"),
    dividend(SMALL, declare=WHOLE | {COMMON: "0"}),
    dividend(declare=SHORT_FOR_F),
    dividend(declare=SHORT_FOR_F, readings={"shortpay_trigger": "aggregate"}),
    dividend(declare=HALF),
    # Instalments of a year, and of two.
    dividend(declare=HALF | {COMMON: "0.1"}, events=[declares("1999-03-01", HALF)]),
    dividend(declare=HALF | {COMMON: "0.1"}, on="2000-03-01", events=[declares("1999-03-01", HALF)]),
    dividend(declare=HALF, on="2000-03-01", events=[declares("1999-03-02", HALF)], readings={"year": "rolling12"}),
    dividend(declare={}, events=[declares("1999-03-01", {"A": "0.2"})]),
    dividend(declare=HALF, fiscal_month=7, events=[declares("1998-11-01", HALF)], readings={"year": "fiscal"}),
    dividend(
        SMALL,
        declare={"A": "0.1"},
        events=[
            declares("1999-08-25", {"A": "0.1", "E": "0.83"}),
            {"on": "1999-08-26", "do": "split", "class": "A", "ratio": "2"},
        ],
    ),
    dividend(SMALL, declare={"B": "0.286", "A": "0.2"}, events=[ISSUE], readings=DAILY),
    dividend(SMALL, declare=WHOLE, issued={"F": "1999-08-01"}, readings=DAILY),
    # Leap days.
    dividend(SMALL, pool="4", on="2000-02-29", issued={"F": "2000-02-29"}, readings={**DAILY, "year": "rolling12"}),
    dividend(SMALL, on="2000-02-29", declare={COMMON: "0.01"}, readings={"common_gate": "to_date"}),
    dividend(SMALL, on="2001-02-28", pool="4", readings={"year": "rolling12"}),
    dividend(TWO_FOR_A, declare={COMMON: "0.15"}, readings={"if_greater_basis": "as_converted"}),
    dividend(declare={COMMON: "0.1"}, part_of_year="1/4", readings={"annualise": "yes"}),
    dividend(SPLIT, total="0.7", readings={"if_greater_basis": "as_converted", "oip_adjusts_in_conversion": "no"}),
    dividend(SPLIT, declare={"B": "0.3", COMMON: "0.5"}),
    dividend(on="9999-12-31", declare={}),
)
