"""Conversions: what a holder, an election or a consent converts into (3(a), 3(b), 3(h))."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from reference.charter import COMMON
from symbolic import recapitalization
from symbolic.account import Definition
from symbolic.conversion import shortfall
from symbolic.evaluate import evaluate, evaluate_all
from symbolic.liquidation import Case
from tests.oracle.questions import asked, held
from tests.outputs import conversions
from tests.outputs.cash_amounts import due
from tests.outputs.compare import Expected
from tests.outputs.conversions import Conversion, Counted, recorded
from tests.outputs.facts import Facts, day, whole
from tests.outputs.ledger import facts_of

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


@cache
def _received(case: Case, kinds: tuple[str, ...]) -> list[Definition]:
    return recorded(lambda account: recapitalization.received(case, account, kinds))


def _property(facts: Facts, own: Conversion) -> dict[str, Any]:
    """Return what a holder receives in place of the Common, units by kind (3(f))."""
    kinds = tuple(facts.became)
    values = facts.values | {f"u_{kind}": units for kind, units in facts.became.items()}
    values |= {f"g_{name}": own.shares.get(name, 0) for name in facts.series}
    found = evaluate_all(_received(facts.case(), kinds), values)
    return {kind: found[f"holder_{kind}"] for kind in kinds}


def _converted(facts: Facts, ask: Document) -> tuple[Counted | None, tuple[Conversion, ...]]:
    """Return how a consent is counted, None where a holder converts by choice, and what converts."""
    if ask.get("consents") is None:
        shares = {name: whole(count) for name, count in ask["shares"].items()}
        return None, (conversions.by_choice(facts, ask["holder"], shares),)
    consents = {holder: {name: whole(n) for name, n in own.items()} for holder, own in ask["consents"].items()}
    named = {name for own in consents.values() for name in own}
    if named <= set(facts.charter.electing):
        return conversions.by_election(facts, consents)
    (name,) = named
    return conversions.by_consent(facts, name, {h: own[name] for h, own in consents.items() if name in own})


def expected(document: Document) -> Expected:
    """Return every number, yes or no and date of the answer, by place; raise NoAnswerError for what is not held."""
    ask = document["ask"]
    facts = facts_of(document, day(ask.get("on")))
    counted, done = _converted(facts, ask)
    common = sum((own.common for own in done), Fraction(0))
    cash = sum((amount for own in done for amount in own.cash.values()), Fraction(0))
    lacking = evaluate(shortfall(facts.charter), {"C": facts.shares[COMMON], "more": common})
    found: Expected = {"as_of": facts.as_of, "consent": counted is not None, "common": common, "cash_amounts": cash}
    found |= {"due": due(facts, facts.as_of) if facts.as_of is not None and cash > 0 else None, "shortfall": lacking}
    if counted is not None:
        found |= {"consent.in_favour": counted.in_favour, "consent.whole": counted.whole}
        found |= {"consent.needed": counted.needed, "consent.carried": counted.carried}
    for own in done:
        at = f"by_holder.{own.holder}"
        found |= {f"ratios.{name}": conversions.ratio(facts, name) for name in own.shares}
        found |= {f"{at}.exact": own.exact, f"{at}.common": own.common}
        by_name = {"shares": own.shares, "cash_amounts": own.cash, "dividends": own.dividends}
        for what, amounts in {**by_name, "property": _property(facts, own)}.items():
            found |= {f"{at}.{what}.{name}": amount for name, amount in amounts.items()}
    return found


SMALL = held(
    ("ann", "A", 1),
    ("ann", "B", 1),
    ("ann", "E", 20),
    ("ann", "F", 10),
    ("bob", "A", 4),
    ("bob", "E", 10),
    ("bob", "F", 10),
    ("cy", "common", 500),
    as_of="1999-08-24",
)
PRICED = {**SMALL, "conversion_prices": {"A": "5/7", "B": "143/140", "E": "2.49", "F": "5.5"}}
OWED = {**PRICED, "unpaid_dividends": {"A": "0.2", "E": "0.83", "F": "1.65"}}
RECAPITALIZED = {"on": "1999-09-01", "do": "recapitalize", "units": {"cash": "1.5", "new": 2}}


def chosen(position: Document = PRICED, holder: str = "ann", shares: Document | None = None, **more: Any) -> Document:
    """Return a question of a holder that converts."""
    return asked("conversion", dict(position), holder=holder, shares=shares or {}, **more)


def consent(consents: Document, position: Document = PRICED, **more: Any) -> Document:
    """Return a question about a consent or an election."""
    return asked("conversion", dict(position), consents=consents, **more)


MAJORITY = {"bob": {"A": 4}}
EXAMPLES: tuple[Document, ...] = (
    chosen(shares={"E": 11, "F": 3}),
    chosen(),
    chosen(OWED, shares={"E": 7, "F": 0}),
    chosen(OWED, "bob", {"F": "10"}, events=[RECAPITALIZED]),
    chosen(OWED, shares={"E": 3}, events=[RECAPITALIZED], on="1999-12-31"),
    consent(MAJORITY, OWED),
    consent({"bob": {"A": 3}}),
    consent({"bob": {"A": 4}, "ann": {"A": 0, "B": 1}}, readings={"ad_election": "unlock_individual"}),
    consent({"ann": {"A": 1}}, readings={"ad_majority": "votes"}),
    # Exactly 60 % of E, and exactly half of F.
    consent({"ann": {"E": 18}}),
    consent({"ann": {"E": 17}}),
    consent({"ann": {"F": 10}}),
    consent({"ann": {"F": 10}, "bob": {"F": 1}}, OWED),
    consent({"ann": {"A": 1}}, {**SMALL, "holdings": SMALL["holdings"][:1]}),
    asked("conversion", consents={"holder A": {"A": 9_100_000}}),
    asked(
        "conversion",
        {**held(("ann", "E", 3_000_000)), "conversion_prices": {"E": "1/4"}},
        consents={"ann": {"E": 3_000_000}},
    ),
    chosen(SMALL, "ann", {"E": 21}),
    chosen(SMALL, "ann", {"A": 1}),
)
