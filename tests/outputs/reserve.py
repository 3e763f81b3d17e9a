"""The reserve: whether the authorised Common suffices, and what may be issued (IV.A, IV.B, 3(i), 3(b))."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from reference.charter import COMMON
from symbolic import reserve
from symbolic.account import Definition
from symbolic.evaluate import Value, evaluate_all
from symbolic.liquidation import Case
from tests.oracle.cases import changed, charter_document, without
from tests.oracle.questions import asked, held
from tests.oracle.test_reserve import CONVERTED, SPLIT, issued
from tests.outputs import conversions
from tests.outputs.compare import Expected
from tests.outputs.conversions import recorded
from tests.outputs.facts import Facts, exact, whole
from tests.outputs.ledger import facts_of

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {"at_conversion_prices.sold": "always zero: no offering is looked at there"}
DAY = "2000-01-03"
"""Any day: the size of an offering does not depend on it."""


@cache
def _account(case: Case) -> list[Definition]:
    return recorded(lambda account: reserve.stock(case, account))


def _reserve(facts: Facts, told: Mapping[str, Value], at: str, suffix: str) -> Expected:
    """Return a reserve, by place."""
    own = {"available": "available", "total_needed": "needed", "shortfall": "shortfall", "unreserved": "unreserved"}
    found: Expected = {f"{at}.{what}": told[f"{name}{suffix}"] for what, name in own.items()}
    found |= {f"{at}.authorized": told["authorized"], f"{at}.outstanding": facts.shares[COMMON]}
    convertible = [series.name for series in facts.charter.series if series.conversion.by != "none"]
    return found | {f"{at}.needed.{name}": told[f"needed{suffix}_{name}"] for name in convertible}


def _qualifies(facts: Facts, price: str, shares: str) -> bool:
    """Say whether an offering that fails in nothing else is large enough (3(b))."""
    terms = facts.charter.public_offering
    as_required = {} if terms is None else {"underwriting": terms.underwriting, "form": terms.form}
    return conversions.qualifies(facts, {"on": DAY, "price": price, "primary_shares": shares, **as_required})


def expected(document: Document) -> Expected:
    """Return every number and yes or no of the answer, by place."""
    offering = document["ask"].get("offering")
    facts = facts_of(document)
    values = {**facts.values, "p": 1, "s": 0}
    values |= {f"gone_{name}": facts.converted.get(name, 0) for name in facts.series}
    if offering is not None:
        values |= {"p": exact(offering["price"]), "s": whole(offering["shares"])}
    told = evaluate_all(_account(facts.case()), values)
    found = _reserve(facts, told, "at_conversion_prices", "")
    found |= {f"headroom.{what}": told[f"free_{what}"] for what in ("common", "preferred", "total", "undesignated")}
    found |= {f"headroom.series.{name}": told[f"free_{name}"] for name in facts.series}
    found |= {"at_offering": offering is not None, "qualifies": None}
    found["lowest_offering_price"] = told["lowest_price"] if told.get("offering_fits", False) else None
    if offering is not None:
        found |= _reserve(facts, told, "at_offering", "_offered")
        found |= {"at_offering.sold": values["s"], "qualifies": _qualifies(facts, **offering)}
    return found


def kept(position: Document | None = None, offering: tuple[str, int] | None = None, **fields: Any) -> Document:
    """Return a question about the reserve, with an offering at a price of so many shares."""
    terms = {} if offering is None else {"offering": {"price": offering[0], "shares": offering[1]}}
    return asked("reserve", None if position is None else dict(position), **terms, **fields)


SMALL = held(("ann", "A", 1), ("ann", "E", 10), ("bob", "F", 2), ("bob", COMMON, 3), as_of="1999-08-24")
PRICED = {**SMALL, "conversion_prices": {"A": "0.75", "E": "8.3", "F": "5.5"}}


def authorizing(kind: str, shares: int, in_all: int) -> Document:
    """Return the shipped charter with other numbers of authorised shares."""
    return changed(changed(charter_document(), f"authorized.{kind}.value", shares), "authorized.total.value", in_all)


LESS, MORE = authorizing("common", 20_000_000, 39_055_000), authorizing("preferred", 20_055_000, 60_055_000)
EXAMPLES: tuple[Document, ...] = (
    kept(),
    # The authorised Common suffices exactly, and one share is short; no price is high enough.
    kept(issued(20_945_000)),
    kept(issued(20_945_001)),
    kept(issued(15_000_000), ("8.30", 4_819_278)),
    kept(issued(0), ("4", 10_000_000)),
    # Exactly forty million, and a share less; at the floors' own prices.
    kept(None, ("4", 10_000_000)),
    kept(None, ("4", 9_999_999)),
    kept(PRICED, ("8.30", 5)),
    kept(PRICED, ("11", 4_000_000)),
    kept(PRICED, ("10.99", 0)),
    kept(held(), ("1/2", 40_000_000)),
    kept(held(("bob", COMMON, 40_000_000))),
    kept(held(("ann", "A", 9_100_000), conversion_prices={"A": "1/5"})),
    kept(SMALL, events=CONVERTED),
    kept(SMALL, events=CONVERTED, readings={"converted_reissuable": "no"}),
    *(kept(SPLIT, ("3", 1), readings={"e_floor": floor}) for floor in ("literal", "economic")),
    kept({**SMALL, "preferred_splits": {"A": "2"}}, readings={"oip_adjusts_in_conversion": "no"}),
    changed(dict(kept(PRICED, ("9", 1))), "charter", LESS),
    changed(dict(kept(PRICED, ("9", 1))), "charter", MORE),
    changed(dict(kept(PRICED, ("9", 1))), "charter", without(charter_document(), "public_offering")),
)
