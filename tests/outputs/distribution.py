"""Distributions of property other than cash: which clauses govern, and who gets how much (1(b), 3(e))."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from reference.charter import COMMON
from symbolic import distributions
from symbolic.account import Definition
from symbolic.evaluate import evaluate_all
from symbolic.liquidation import Case
from tests.oracle.questions import asked, held
from tests.outputs.compare import Expected
from tests.outputs.conversions import recorded
from tests.outputs.facts import exact
from tests.outputs.ledger import facts_of
from tests.outputs.votes import listed

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}

KINDS: Mapping[str, tuple[str, ...]] = {
    "cash": ("cash",),
    "securities_of_others": ("of_others",),
    "indebtedness": ("debt",),
    "assets": ("assets",),
    "rights_to_securities_of_others": ("of_others", "rights"),
    "rights_to_indebtedness": ("debt", "rights"),
    "rights_to_assets": ("assets", "rights"),
    "common_stock": ("to_common",),
    "free_rights_to_common": ("to_common", "rights"),
    "paid_rights_to_common": ("to_common", "rights", "paid"),
    "non_redeemable_equity": ("equity",),
    "redeemable_equity": ("equity", "redeemable"),
}
"""What is true of each kind of property."""


def kind_values(payable: str) -> dict[str, int]:
    """Return the facts about a kind of property, each one or zero."""
    every = {name for names in KINDS.values() for name in names}
    return {name: int(name in KINDS[payable]) for name in every}


@cache
def _governed() -> list[Definition]:
    return recorded(distributions.governed)


@cache
def _in_all(case: Case) -> list[Definition]:
    return recorded(lambda account: distributions.units_in_all(case, account))


@cache
def _apportionment(case: Case, holders: int) -> list[Definition]:
    return recorded(lambda account: distributions.apportionment(case, account, holders))


def expected(document: Document) -> Expected:
    """Return every number, yes or no and clause of the answer, by place."""
    ask = document["ask"]
    governs = {own.clause: own.name for own in _governed()}
    says = evaluate_all(_governed(), kind_values(ask.get("payable", "assets")))
    found: Expected = {"clauses": [clause for clause, name in governs.items() if says[name]]}
    found |= {"as_converted": says[governs["3(e)"]], "undistributed": None}
    if not found["as_converted"]:
        return found
    facts = facts_of(document)
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
    return found | {f"by_holder.{own}": told[f"total_{number}"] for number, own in enumerate(facts.holders, start=1)}


SMALL = held(("ann", "E", 3), ("bob", COMMON, 7), ("cy", "A", 2), ("bob", "A", 1), ("di", "F", 1), as_of="1999-08-24")
PRICED = {**SMALL, "conversion_prices": {"A": "5/7", "E": "2.49"}}
WAITING = {"ad_as_converted": "only_if_elected"}
ELECTED = {"on": "1999-09-01", "do": "elect_conversion", "consents": {"cy": {"A": 2}}}


def shared(position: Document | None = None, units: str = "10", **fields: Any) -> Document:
    """Return a question about so many units."""
    return asked("distribution", None if position is None else dict(position), units=units, **fields)


EXAMPLES: tuple[Document, ...] = (
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
    *(shared(PRICED, payable=payable) for payable in KINDS),
)
