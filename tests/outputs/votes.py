"""Votes: who has how many, and whether a motion passes (5(a), 5(c), IV.C.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from reference.charter import COMMON, Charter
from symbolic import voting
from symbolic.account import Account, Definition
from symbolic.evaluate import Value, evaluate_all
from symbolic.liquidation import Case
from tests.oracle.questions import asked, held
from tests.oracle.test_votes import HALVES
from tests.outputs.compare import Expected
from tests.outputs.conversions import recorded
from tests.outputs.facts import Facts
from tests.outputs.ledger import facts_of

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {
    "motion.tallies[].counted": "always votes: no motion counts shares",
    "motion.tallies[].clause": "always 5(a), which has majorities of votes",
}
Groups = tuple[tuple[str, ...], ...]
"""Classes that vote together, group by group."""


@cache
def _account(case: Case, holders: int, groups: Groups | None) -> list[Definition]:
    """Return the account of the votes, and of a motion if there is one."""

    def record(account: Account) -> None:
        found = voting.votes(case, account, holders)
        if groups is not None:
            voting.motion(case, account, holders, groups, found)

    return recorded(record)


def in_order(charter: Charter) -> tuple[str, ...]:
    """Name every class as an answer lists them all: the Common first."""
    return (COMMON, *(series.name for series in charter.series))


def listed(facts: Facts) -> tuple[str, ...]:
    """Name the holders, who are numbered from one; somebody without shares if there is none."""
    return facts.holders or ("nobody",)


def in_favour(facts: Facts, names: Sequence[str]) -> dict[str, Any]:
    """Return the values with what every holder has, and who is in favour."""
    holders = listed(facts)
    values: dict[str, Any] = {**facts.with_holders(holders)}
    return values | {f"f_{number}": int(name in names) for number, name in enumerate(holders, start=1)}


def tally(told: Mapping[str, Value], name: str, at: str) -> Expected:
    """Return the numbers of a count, by place."""
    found: Expected = {f"{at}.{what}": told[f"{what}_{name}"] for what in ("whole", "needed", "obtained")}
    return found | {f"{at}.passes": told[f"passes_{name}"]}


def expected(document: Document) -> Expected:
    """Return every number and yes or no of the answer, by place."""
    ask = document["ask"]
    facts = facts_of(document)
    holders = listed(facts)
    groups: Groups | None = None
    if ask.get("in_favour") is not None:
        groups = tuple(tuple(dict.fromkeys(group)) for group in ask.get("class_votes", ()))
    account = _account(facts.case(elected=facts.elected), len(holders), groups)
    told = evaluate_all(account, in_favour(facts, ask.get("in_favour") or ()))
    found: Expected = {"total": told["votes_all"], "motion": groups is not None}
    found |= {f"by_class.{name}": told[f"votes_{name}"] for name in facts.classes}
    found |= {f"by_holder.{name}": told[f"votes_of_{number}"] for number, name in enumerate(facts.holders, start=1)}
    if groups is not None:
        found |= {"motion.passes": told["motion_passes"], "motion.tallies": 1 + len(groups)}
        for place, group in enumerate((in_order(facts.charter), *groups)):
            at = f"motion.tallies.{place}"
            found |= {f"{at}.classes": list(group), **tally(told, "".join(group) if place else "all", at)}
    return found


def votes(position: Document | None = None, *in_favour: str, **fields: Any) -> Document:
    """Return a question about a motion that some are in favour of; fields: of the question or the case."""
    return asked("votes", None if position is None else dict(position), in_favour=list(in_favour), **fields)


SMALL = held(
    ("ann", "A", 7), ("bob", "common", 70), ("bob", "E", 1), ("cy", "C", 2), ("cy", "A", 1), as_of="1999-08-24"
)
PRICED = {**SMALL, "conversion_prices": {"A": "5/7", "C": "3.82", "E": "2.49"}}
EXAMPLES: tuple[Document, ...] = (
    asked("votes"),
    asked("votes", PRICED),
    asked("votes", HALVES, readings={"half": "down"}),
    asked("votes", PRICED, readings={"votes": "multiply_then_round"}),
    votes(PRICED, "ann", "bob", readings={"ad_as_converted": "only_if_elected"}),
    # Exactly half of all votes, and one more.
    votes(held(("ann", "A", 7), ("bob", "common", 70)), "ann"),
    votes(held(("ann", "A", 7), ("bob", "common", 69)), "ann"),
    votes(SMALL, "bob", "cy", class_votes=[["C", "A", "C"], [COMMON]]),
    # A class without votes, and shares whose votes round to nothing.
    votes(SMALL, "bob", class_votes=[["B"], ["F", "D"]]),
    votes(held(("ann", "A", 1), conversion_prices={"A": "5/2"}), "ann", class_votes=[["A"]]),
    votes(held()),
    # Rounded in one go, and by holder.
    votes(held(("ann", "A", 2), conversion_prices={"A": "5/7"}), "ann"),
    votes(held(("ann", "A", 1), ("bob", "A", 1), conversion_prices={"A": "5/7"}), "ann"),
    votes(SMALL, events=[{"on": "1999-09-01", "do": "elect_conversion", "consents": {"ann": {"A": 7}}}]),
    votes(
        SMALL,
        events=[{"on": "1999-09-01", "do": "elect_conversion", "consents": {"ann": {"A": 7}}}],
        readings={"ad_election": "unlock_individual", "ad_as_converted": "only_if_elected"},
    ),
)
