"""Public offerings: whether one converts the Preferred, and into what (3(b), 3(c), 3(d))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from symbolic.conversion import authorized_common
from symbolic.evaluate import evaluate
from tests.oracle.cases import changed, charter_document, without
from tests.oracle.questions import asked, held
from tests.outputs import conversions
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.conversions import Offered
from tests.outputs.facts import Facts, at_opening
from tests.outputs.ledger import Ledger, offering_of

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {"failures[].message": "a sentence about the code"}
CODES = {"sells": "no_sale", "large_enough": "too_small", "firm": "underwriting", "on_form": "form"}
"""What each condition is called where it is not met."""


def _day(number: Any) -> date | None:
    return None if number is None else date.fromordinal(int(number))


def _failures(facts: Facts, offered: Offered) -> list[tuple[str, str]]:
    """Return the conditions that are not met, each with its clause, in the order of 3(b)."""
    terms = facts.charter.public_offering
    if terms is None:
        return [("no_clause", "3(b)")]
    failed = [name for name in CODES if not offered.told[name]]
    return [
        (CODES[name], terms.minimum_aggregate.clause if name == "large_enough" else terms.clause) for name in failed
    ]


def expected(document: Document) -> Expected:
    """Return every number, yes or no and date of the answer, by place."""
    ask = document["ask"]
    on = conversions.effective(at_opening(document), ask)
    ledger = Ledger(document, on)
    if on < ledger.last:
        raise NoAnswerError("out_of_order")
    ledger = ledger.until_close(on)
    ledger.prices.wait(on)
    facts = ledger.facts(on)
    offered = offering_of(ledger, facts, on, ask)
    told = offered.told
    found: Expected = {what: told[what] for what in ("qualifies", "size", "common_needed", "shortfall")}
    found |= {"cash_amounts": told["cash_total"], "common_authorized": evaluate(authorized_common(facts.charter), {})}
    found["common_converted"] = sum((own.common for own in offered.conversions), Fraction(0))
    found["effective"] = _day(told["effective"]) if offered.qualifies else None
    found["due"] = _day(told.get("due")) if told["cash_total"] else None
    failures = _failures(facts, offered)
    found["failures"] = len(failures)
    for place, (code, clause) in enumerate(failures):
        found |= {f"failures.{place}.code": code, f"failures.{place}.clause": clause}
    for own in offered.conversions:
        found[f"common_by_holder.{own.holder}"] = own.common
        if any(own.cash.values()):
            found[f"cash_by_holder.{own.holder}"] = sum(own.cash.values(), Fraction(0))
    for name, price in ledger.prices.official().items():
        found[f"conversion_prices.{name}"] = price
        if offered.qualifies and f"ratio_{name}" in told:
            at = f"series.{name}"
            found |= {f"{at}.ratio": told[f"ratio_{name}"], f"{at}.at_conversion_price": told[f"at_price_{name}"]}
            found |= {f"{at}.floor_below": told.get(f"trigger_{name}"), f"{at}.floor_binds": told[f"binds_{name}"]}
    return found


SMALL = held(
    ("ann", "E", 1000), ("ann", "F", 1001), ("bob", "A", 5), ("bob", "common", 5000), ("cy", "B", 1), ("cy", "A", 1)
)
PRICED = {**SMALL, "conversion_prices": {"A": "5/7", "B": "143/140", "E": "8.3"}, "unpaid_dividends": {"A": "1/3"}}


def offering(price: Any = "18", shares: Any = 4_500_000, position: Document | None = None, **fields: Any) -> Document:
    """Return a question about an offering; without a position, of full issuance and 10,000,000 Common."""
    asks = {"on": "1999-11-19", "price": price, "primary_shares": shares, **fields}
    return asked("public_offering", None if position is None else dict(position), **asks)


SPLIT = {"on": "1999-09-01", "do": "split", "class": "common", "ratio": "2"}
WITHOUT_CLAUSE = without(charter_document(), "public_offering")
LESS_COMMON = changed(
    changed(charter_document(), "authorized.common.value", 20_000_000), "authorized.total.value", 39_055_000
)
OWN_CLAUSES = changed(
    changed(charter_document(), "public_offering.clause", "7(a)"), "public_offering.minimum_aggregate.clause", "7(b)"
)
EXAMPLES: tuple[Document, ...] = (
    offering(),
    offering("1", 1, form="none") | {"charter": OWN_CLAUSES},
    offering() | {"charter": WITHOUT_CLAUSE},
    offering() | {"charter": LESS_COMMON},
    # Exactly forty million, and a share less.
    offering("8", 5_000_000),
    offering("8", 4_999_999, over_allotment=1),
    offering("8", 4_999_999, over_allotment=1, over_allotment_counts=True),
    offering("8", 4_600_000, secondary_shares=400_000, readings={"ipo_size": "gross_all"}),
    offering("8", 5_000_000, discount="0.01", readings={"ipo_size": "net"}),
    offering("8", 0, secondary_shares=5_000_000, form="S-3", underwriting="none"),
    # Both floors, at them and below; the authorised Common does not suffice.
    offering("8.30", 5_000_000),
    offering("11", 5_000_000),
    offering("4", 10_000_000),
    offering("3", 14_000_000, {**SMALL, "as_of": "1999-08-24"}, events=[SPLIT]),
    offering("3", 14_000_000, {**SMALL, "as_of": "1999-08-24"}, events=[SPLIT], readings={"e_floor": "economic"}),
    offering("12", 14_000_000, {**SMALL, "as_of": "1999-08-24"}, events=[{**SPLIT, "ratio": "1/2"}]),
    offering("18", 4_500_000, PRICED),
    # Above the price at which its floor begins, E has none, though its conversion price gives less.
    offering("8.5", 5_000_000, PRICED),
    offering("18", 4_500_000, PRICED, on="1999-10-06", priced_on="1999-10-01"),
    offering("18", 4_500_000, PRICED, on="1999-10-06", priced_on="1999-10-01", readings={"ipo_effective": "pricing"}),
    offering("18", 4_500_000, PRICED, on="1999-10-06", priced_on="1999-10-07"),
    offering("1/2", 16_000_000, SMALL, readings={"ipo_order": "adjust_first"}),
    offering("2.5", 16_000_000, SMALL, readings={"ipo_order": "adjust_first"}),
    offering("18", 4_500_000, held(("ann", "common", 5))),
)
