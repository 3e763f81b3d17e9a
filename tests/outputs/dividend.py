"""Dividends: what one comes to, whether the Common may have it, and whether the year conforms (1(a))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import sympy

from reference.charter import COMMON, Charter
from reference.readings import CommonGateStage, Partial, Readings
from symbolic import dividends, history
from symbolic.account import Account, Definition
from symbolic.distributions import kind_facts
from symbolic.evaluate import Value, evaluate, evaluate_all
from symbolic.liquidation import Case
from tests.oracle.questions import asked, held
from tests.oracle.test_dividend import HALF, RATES, SHORT_FOR_F, SPLIT, TWO_FOR_A, declares
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.conversions import recorded
from tests.outputs.facts import Declaration, Facts, Lot, amounts, day, exact
from tests.outputs.ledger import Ledger
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
def _gate(case: Case, lots: tuple[tuple[str, int], ...]) -> list[Definition]:
    return recorded(lambda account: dividends.gate(case, account, _own(case, dividends.before_common), dict(lots)))


@cache
def year_totals(charter: Charter, declarations: int) -> list[Definition]:
    """Return the account of what so many declarations come to in the year."""
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


def declared(facts: Facts, declarations: Iterable[Declaration]) -> Values:
    """Return the values of declarations, numbered from one."""
    found: Values = {}
    for number, own in enumerate(declarations, start=1):
        found[f"on_{number}"] = own.on.toordinal()
        found |= {f"a_{number}_{name}": own.per_share.get(name, Fraction(0)) for name in facts.classes}
        found |= {f"n_{number}_{name}": own.shares.get(name, 0) for name in facts.series}
    return found


def year_values(facts: Facts, ask: Document, on: date) -> Values:
    """Return the values of the dividend year of a day, and of what is full and what comes before the Common then."""
    year, issued = _dividend_year(facts, ask, on), _issued(facts, ask, on)
    values: Values = {**facts.values, "part": exact(ask.get("part_of_year", 1)), "on": on.toordinal()}
    values |= {"first": year["year_first"], "last": year["year_last"]}
    values |= {f"issued_{name}": first.toordinal() for name, first in issued.items()}
    return values | evaluate_all(_full(facts.case(), frozenset(issued)), values)


def expected(document: Document) -> Expected:
    """Return every amount, yes or no, date and list of the answer; raise NoAnswerError outside the calendar."""
    ask = document["ask"]
    on = day(ask["on"])
    assert on is not None
    facts = Ledger(document, on).until_close(on).in_the_end(on)
    case, values = facts.case(), year_values(facts, ask, on)
    found: Expected = {"year.first": _day(values["first"]), "year.last": _day(values["last"])}
    found |= {"gate": False, "conformity": False}
    if ask.get("declare") is not None:
        per_share, rest = amounts(ask["declare"]), Fraction(0)
        found |= _of_declaration(facts, ask, Declaration(None, on, per_share, facts.shares), values)
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
        totals = evaluate_all(year_totals(facts.charter, before), values | declared(facts, facts.declarations))
        values["d_common"] = totals[f"total_{COMMON}"]
        told = evaluate_all(_rateable(facts.case()), {**values, "pool": exact(ask["pool"])})
        return {name: told[f"rateable_{name}"] for name in facts.series}, told["excess"]
    told = evaluate_all(_allocation(facts.case()), {**values, "pool": exact(ask["total"])})
    values["d_common"] = told[f"per_share_{COMMON}"]
    return {name: told[f"per_share_{name}"] for name in facts.classes}, told["undistributed"]


def _of_declaration(facts: Facts, ask: Document, declaration: Declaration, values: Values) -> Expected:
    """Return gate and conformity, by place; enter the year's dividends on the Common, with those declared."""
    declarations = (*facts.declarations, declaration)
    told = evaluate_all(_review(facts.case(), len(declarations)), values | declared(facts, declarations))
    values["d_common"] = told[f"total_{COMMON}"]
    found: Expected = {
        "conformity": True,
        "conformity.conforms": told["conforms"],
        "conformity.rateable": told["short"],
    }
    for name in facts.series:
        found[f"conformity.declared.{name}"] = told[f"total_{name}"]
        found[f"conformity.schedule.{name}"] = told[f"schedule_{name}"]
    out = [own.on for number, own in enumerate(declarations, start=1) if told[f"out_{number}"]]
    found["conformity.out_of_proportion"] = out
    if declaration.per_share.get(COMMON, 0) <= 0:
        return found
    return found | passed(facts, ask.get("payable") or "cash", declarations, values)


def passed(facts: Facts, payable: str, declarations: Sequence[Declaration], values: Values) -> Expected:
    """Return whether a dividend on the Common may be declared, by place; one that is exempt needs nothing.

    declarations: with those made together with it; values: of the year and its day, of what must come before, of the
    part of a year and of the year's dividends on the Common.
    """
    readings = facts.readings
    exempt = evaluate_all(exempts(readings), kind_facts(payable))["exempts"]
    lots = {name: own for name, own in facts.lots.items() if facts.shares[name]}
    given: Values = {}
    for name, own in lots.items():
        for number, lot in enumerate(own, start=1):
            given[f"n_{number}_{name}"] = 1
            given[f"before_{number}_{name}"] = _before(facts, name, lot, values)
            given[f"had_{number}_{name}"] = _had(facts, name, lot, declarations, values)
    names = tuple((name, len(own)) for name, own in lots.items())
    nothing = {f"had_{name}": 0 for name in facts.series}
    told = evaluate_all(_gate(facts.case(), names), {**values, **nothing, **given, "exempt": int(exempt)})
    found: Expected = {"gate": True, "gate.exempt": exempt, "gate.allowed": told["allowed"]}
    found["gate.short"] = [name for name in facts.series if told[f"short_{name}"]]
    for name, own in lots.items() if not exempt else ():
        each = [(told[f"due_{at}_{name}"], given[f"had_{at}_{name}"]) for at in range(1, len(own) + 1)]
        most = max(each, key=lambda pair: pair[0] - pair[1])
        found[f"gate.required.{name}"], found[f"gate.declared.{name}"] = most
    return found


def _before(facts: Facts, name: str, lot: Lot, values: Values) -> Any:
    """Return what must come before the Common on shares that were issued together, $/share (AMB-09, AMB-134)."""
    if lot.on is None or facts.readings.partial is not Partial.DAILY:
        return values[f"before_{name}"]
    issued = {f"issued_{name}": lot.on.toordinal()}
    return evaluate_all(_full(facts.case(), frozenset((name,))), {**values, **issued})[f"before_{name}"]


def _had(facts: Facts, name: str, lot: Lot, declarations: Sequence[Declaration], values: Values) -> Any:
    """Return what shares that were issued together have had in the year, $/share (AMB-133, AMB-134)."""
    by_payment = facts.readings.common_gate_stage is CommonGateStage.PAID
    counted = [own for own in declarations if lot.had(own) and not (by_payment and own.place is None)]
    told = evaluate_all(year_totals(facts.charter, len(counted)), values | declared(facts, counted))
    had = told[f"total_{name}"]
    return evaluate(_left(), {"had": had, "unpaid": facts.declared.get(name, Fraction(0))}) if by_payment else had


@cache
def _left() -> Any:
    return history.paid_in_year(sympy.Symbol("had", real=True), sympy.Symbol("unpaid", real=True))


@cache
def exempts(readings: Readings) -> list[Definition]:
    """Return the account of what needs nothing before it."""
    return recorded(lambda account: dividends.exempts(readings, account))


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
PAID = {"common_gate_stage": "paid"}
PAYS = {"on": "1999-08-26", "do": "pay_dividend", "per_share": WHOLE}
LOTS: tuple[Document, ...] = (
    declares("1999-09-01", WHOLE),
    {"on": "1999-09-02", "do": "pay_dividend", "per_share": WHOLE},
    {"on": "1999-09-03", "do": "issue", "class": "E", "holder": "bob", "shares": 3, "consideration": "12.45"},
    {"on": "1999-09-04", "do": "transfer", "class": "E", "holder": "bob", "to": "cy", "shares": 3},
    declares("1999-09-05", {"E": "0.4"}) | {"record_date": "1999-09-07"},
    {"on": "1999-09-06", "do": "convert", "holder": "cy", "shares": {"E": 3}},
    {"on": "1999-09-08", "do": "pay_dividend", "per_share": {"E": "0.1"}},
    {"on": "1999-09-09", "do": "split", "class": "E", "ratio": "2"},
)
"""Two shares of E that have had the year's dividend, and three that come after it; one of these stays."""
LATER: tuple[Document, ...] = ({COMMON: "0.05"}, {"E": "0.1", COMMON: "0.05"}, {"F": "0"}, {"A": "0.01"})
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
    # Shares issued and converted between declarations (AMB-134, AMB-136).
    *(dividend(SMALL, declare=own, on="1999-12-01", events=list(LOTS[:count])) for own in LATER for count in (2, 4, 6)),
    *(
        dividend(SMALL, declare={COMMON: "0.05"}, on="1999-12-01", events=list(LOTS), readings=own)
        for own in (PAID, DAILY, {**DAILY, **PAID}, {"common_gate": "to_date", **DAILY}, ALL_EQUAL)
    ),
    dividend(SMALL, declare={COMMON: "1"}, payable="assets"),
    dividend(SMALL, declare={COMMON: "1"}, payable="assets", readings={"in_kind_gate": "both"}),
    dividend(SMALL, declare=WHOLE | {COMMON: "0.1"}, readings=PAID),
    dividend(SMALL, declare={COMMON: "0.1"}, events=[declares("1999-08-25", WHOLE), PAYS], readings=PAID),
)
