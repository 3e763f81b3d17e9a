"""Conversion prices: in effect, exact, what is carried, and since when a series has been issued (3(a), 3(d))."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.oracle.questions import asked, held
from tests.outputs import conversions
from tests.outputs.compare import Expected
from tests.outputs.facts import NEVER, day
from tests.outputs.ledger import facts_of

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


def expected(document: Document) -> Expected:
    """Return every price, amount, date and yes or no of the answer, by place."""
    facts = facts_of(document, day(document["ask"].get("on")))
    found: Expected = {"as_of": facts.as_of}
    for series in facts.charter.series:
        name, at = series.name, f"series.{series.name}"
        carried = facts.carried.get(name, ())
        first = facts.first_issued[name]
        found |= {
            f"{at}.official": facts.price(name),
            f"{at}.exact": facts.price(name) - sum((own.amount for own in carried), Fraction(0)),
            f"{at}.ratio": conversions.ratio(facts, name),
            f"{at}.initial": series.original_issue_price.value,
            f"{at}.carried": len(carried),
            f"{at}.first_issued": None if first == NEVER else first,
            f"{at}.issued": first != NEVER,
        }
        for place, own in enumerate(carried):
            here = f"{at}.carried.{place}"
            found |= {f"{here}.on": own.on, f"{here}.amount": own.amount, f"{here}.made_by": own.made_by}
    return found


SMALL = held(("ann", "E", 100), ("bob", "common", 900), as_of="1999-08-24")
CARRYING = {
    **SMALL,
    "carried": [
        {"series": "E", "on": "1998-01-01", "amount": "0.003"},
        {"series": "E", "on": "1997-01-01", "amount": "0.004"},
        {"series": "F", "on": "1997-02-03", "amount": "-1/300"},
    ],
}


def on(date_of: str, do: str, **fields: Any) -> Document:
    """Return an event."""
    return {"on": date_of, "do": do, **fields}


def sale(date_of: str, shares: int, consideration: str | int = 0, **fields: Any) -> Document:
    """Return an issue of Common."""
    own = {"class": "common", "holder": "x", "shares": shares, "consideration": consideration}
    return on(date_of, "issue", **own, **fields)


def grant(**fields: Any) -> Document:
    """Return an issue of options."""
    return on("1999-09-01", "issue_rights", **{"rights": "o", "shares": 1000, "exercise_price": "1", **fields})


def _case(*events: Document, position: Document = SMALL, **fields: Any) -> Document:
    return asked("conversion_prices", dict(position), events=list(events), **fields)


LAPSE = on("1999-09-04", "expire_rights", rights="o")
SPLIT = on("1999-09-03", "split", **{"class": "common", "ratio": "3/2"})
VEST = on("1999-09-03", "change_rights", rights="o", exercisable=1000)
FIRST = on("1999-09-01", "issue", **{"class": "F", "holder": "x", "shares": 5})
EXAMPLES: tuple[Document, ...] = (
    asked("conversion_prices"),
    asked("conversion_prices", events=[sale("1999-09-01", 1_000_000, "2000000")]),
    _case(sale("1999-09-01", 1)),
    _case(sale("1999-09-01", 2), sale("1999-09-02", 2)),
    _case(grant(exercise_price="5"), sale("1999-09-02", 9), readings={"weighted_average_base": "plus_all_options"}),
    # Rights of the day on which F is first issued never count for it, whenever they vest.
    _case(FIRST, grant(exercisable=250), VEST, readings={"vesting": "forward_on_vest"}),
    _case(sale("2000-02-29", 1), on="2003-02-27"),
    _case(sale("2000-02-29", 1), on="2003-02-28"),
    _case(sale("1999-09-01", 1), sale("1999-09-02", 1), SPLIT),
    _case(position=CARRYING),
    _case(position=CARRYING, on="2000-01-01", readings={"cent_anniversary": "item"}),
    _case(sale("2000-01-01", 2), position=CARRYING, readings={"cent_test": "individual"}),
    _case(grant(exercisable=250), sale("1999-09-02", 1000, "2000"), SPLIT, LAPSE),
    _case(grant(), on("1999-09-02", "exercise_rights", rights="o", holder="x", shares=100), LAPSE),
    _case(sale("1999-09-02", 1000, "2000"), sale("1999-09-02", 500, "1000")),
    _case(on("1999-09-03", "issue", **{"class": "F", "holder": "x", "shares": 5}), sale("1999-09-03", 1000)),
    _case(position={**SMALL, "purchase_dates": {"F": "1999-08-01", "E": "1999-08-24"}}),
    _case(on("1999-09-03", "split", **{"class": "E", "ratio": "2"}), readings={"oip_adjusts_in_conversion": "no"}),
    _case(on("1999-09-03", "stock_dividend", shares="1/900"), readings={"cent_scope": "yes"}),
)
