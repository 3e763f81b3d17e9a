"""Distributions of property other than cash: which clauses govern, and who gets how much (1(b), 3(e))."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from reference.charter import COMMON
from reference.readings import InKindGate, Readings
from symbolic import distributions
from symbolic.account import Definition
from symbolic.distributions import FACTS_OF_KINDS, kind_facts
from symbolic.evaluate import evaluate_all
from symbolic.liquidation import Case
from tests.oracle.questions import asked, held
from tests.oracle.test_dividend import declares
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.conversions import recorded
from tests.outputs.dividend import declared, passed, year_totals, year_values
from tests.outputs.facts import Facts, day, exact, readings_of
from tests.outputs.ledger import facts_of
from tests.outputs.votes import listed

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


@cache
def _governed(readings: Readings) -> list[Definition]:
    return recorded(lambda account: distributions.governed(readings, account))


@cache
def _in_all(case: Case) -> list[Definition]:
    return recorded(lambda account: distributions.units_in_all(case, account))


@cache
def _apportionment(case: Case, holders: int) -> list[Definition]:
    return recorded(lambda account: distributions.apportionment(case, account, holders))


def expected(document: Document) -> Expected:
    """Return every number, yes or no and clause of the answer, by place."""
    ask = document["ask"]
    payable, readings = ask.get("payable", "assets"), readings_of(document)
    governs = {own.clause: own.name for own in _governed(readings)}
    says = evaluate_all(_governed(readings), kind_facts(payable))
    found: Expected = {"clauses": [clause for clause, name in governs.items() if says[name]]}
    found |= {"as_converted": says[governs["3(e)"]], "undistributed": None, "gate": False}
    if not found["as_converted"]:
        return found
    facts = facts_of(document, day(ask.get("on")))
    case, holders = facts.case(elected=facts.elected), listed(facts)
    values = facts.with_holders(holders)
    if ask.get("units") is not None:
        values["U"] = exact(ask["units"])
    else:
        values["U"] = evaluate_all(_in_all(case), {**values, "each": exact(ask["per_common"])})["units_in_all"]
    told = evaluate_all(_apportionment(case, len(holders)), values)
    found["undistributed"] = told["undistributed"]
    for name in facts.classes:
        found[f"by_class.{name}.total"] = told[f"total_{name}"]
        found[f"by_class.{name}.per_share"] = told[f"per_share_{name}"] if facts.shares[name] else None
    if readings.in_kind_gate is InKindGate.BOTH and told["per_share_common"] > 0 and facts.shares[COMMON]:
        found |= _waits(facts, ask, payable)
    return found | {f"by_holder.{own}": told[f"total_{number}"] for number, own in enumerate(facts.holders, start=1)}


def _waits(facts: Facts, ask: Document, payable: str) -> Expected:
    """Return whether the Common may have it before dividends on the Preferred, by place (1(a), AMB-135)."""
    if facts.as_of is None:
        raise NoAnswerError("missing_field")
    values = year_values(facts, ask, facts.as_of)
    told = evaluate_all(
        year_totals(facts.charter, len(facts.declarations)), values | declared(facts, facts.declarations)
    )
    return passed(facts, payable, facts.declarations, {**values, "d_common": told[f"total_{COMMON}"]})


SMALL = held(("ann", "E", 3), ("bob", COMMON, 7), ("cy", "A", 2), ("bob", "A", 1), ("di", "F", 1), as_of="1999-08-24")
PRICED = {**SMALL, "conversion_prices": {"A": "5/7", "E": "2.49"}}
WAITING = {"ad_as_converted": "only_if_elected"}
ELECTED = {"on": "1999-09-01", "do": "elect_conversion", "consents": {"cy": {"A": 2}}}


def shared(position: Document | None = None, units: str = "10", **fields: Any) -> Document:
    """Return a question about so many units."""
    return asked("distribution", None if position is None else dict(position), units=units, **fields)


BOTH = {"in_kind_gate": "both"}
"""Property waits for dividends on the Preferred as well (AMB-135)."""
RATES = {"A": "0.2", "E": "0.83", "F": "1.65"}


def waiting(*events: Document, **fields: Any) -> Document:
    """Return a question about ten units for which the Common waits."""
    readings = {**BOTH, **fields.pop("readings", {})}
    return shared(events=list(events), on="1999-12-01", readings=readings, **{"position": SMALL, **fields})


EXAMPLES: tuple[Document, ...] = (
    waiting(),
    waiting(declares("1999-09-01", RATES)),
    waiting(declares("1999-09-01", RATES | {COMMON: "0.1"}), payable="rights_to_assets"),
    waiting(declares("1999-09-01", RATES), readings={"common_gate_stage": "paid"}),
    waiting(payable="paid_rights_to_common"),
    waiting(position=held(("ann", "A", 1))),
    shared(units="5", payable="paid_rights_to_common", readings={"paid_rights": "issuance_only"}),
    shared(units="29055000"),
    shared(PRICED),
    shared(PRICED, "0"),
    shared(PRICED, readings=WAITING),
    asked("distribution", PRICED, per_common="1/3"),
    asked("distribution", PRICED, per_common="1/3", readings=WAITING),
    # Nobody to share: no stock, or none that counts.
    shared(held()),
    shared(held(("ann", "A", 1)), readings=WAITING),
    asked("distribution", held(("ann", "A", 1)), per_common="3", readings=WAITING),
    asked("distribution", held(("ann", "E", 1)), per_common="3"),
    shared({**SMALL, "preferred_splits": {"A": "2"}}),
    shared({**SMALL, "preferred_splits": {"A": "2"}}, readings={"oip_adjusts_in_conversion": "no"}),
    shared(PRICED, events=[ELECTED], readings={**WAITING, "ad_election": "unlock_individual"}),
    shared(PRICED, events=[{"on": "1999-09-01", "do": "split", "class": COMMON, "ratio": 2}]),
    *(shared(PRICED, payable=payable) for payable in FACTS_OF_KINDS),
)
