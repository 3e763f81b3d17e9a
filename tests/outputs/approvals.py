"""Approvals: which an act needs, which of them are given, and who could give them (6, Article X)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any

from reference.charter import COMMON, Charter
from symbolic import approvals
from symbolic.account import Definition
from symbolic.approvals import OTHER, PREFERRED, Needed
from symbolic.evaluate import Value, evaluate_all, holds
from symbolic.liquidation import Case
from tests.oracle.questions import asked, held
from tests.oracle.test_approvals import HALVES, HOLDERS, SALE
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.conversions import recorded
from tests.outputs.facts import Facts, exact, whole
from tests.outputs.ledger import facts_of
from tests.outputs.votes import in_favour, in_order, listed, tally

Document = Mapping[str, Any]
Groups = tuple[tuple[str, ...], ...]
"""Classes that vote together, group by group."""

LABELS: Mapping[str, str] = {}

KINDS = {
    "law": "statutory",
    "apart": "class_vote",
    "super": "preferred_supermajority",
    "major": "preferred_majority",
    "own": "series_majority",
    "more": "series_supermajority",
}
"""What each approval of the closed forms is called, by the first word of its name."""


@cache
def _account(case: Case, holders: int, apart: Groups) -> list[Definition]:
    return recorded(lambda account: approvals.approvals(case, account, holders, apart))


@cache
def _needed(charter: Charter, apart: Groups) -> list[Needed]:
    found: list[Needed] = []
    recorded(lambda account: found.extend(approvals.needed(charter, account, apart)))
    return found


@cache
def _changing(case: Case, holders: int, apart: Groups) -> list[Definition]:
    """Return what decides whether those in favour are a smallest set: what depends on them and bears on it."""
    changing = {f"f_{number}" for number in range(1, holders + 1)}
    for own in _account(case, holders, apart):
        if changing & {str(symbol) for symbol in own.expression.free_symbols}:
            changing.add(own.name)
    bearing = {"minimal"}
    for own in reversed(_account(case, holders, apart)):
        if own.name in bearing:
            bearing |= {str(symbol) for symbol in own.expression.free_symbols}
    return [own for own in _account(case, holders, apart) if own.name in changing & bearing]


def act_facts(charter: Charter, act: Document) -> dict[str, Any]:
    """Return the facts about an act, each one or zero, and its numbers."""
    kind, stock = act["kind"], act.get("class")
    known = (*in_order(charter), PREFERRED)
    resized = (stock if stock in known else OTHER) if kind == "change_authorized" else None
    excepted = () if charter.approvals is None else charter.approvals.merger_exceptions
    provisions = act.get("provisions", ())
    found: dict[str, Any] = {
        "amendment": int(kind == "amendment"),
        "creates": int(kind == "create_stock"),
        "redeems": int(kind in ("redemption", "repurchase")),
        "redeems_common": int(kind == "redemption" and stock == COMMON),
        "sells": int(kind == "asset_disposal"),
        "merges": int(kind == "merger"),
        "by_board": int(act.get("by_board", False)),
        "junior": int(act.get("subordinate", False)),
        "by_law": int(act.get("vote_by_law", False)),
        "excepted": int(act.get("counterparty", "other") in excepted),
        "moved": exact(act.get("voting_power_disposed") or 0),
        "provisions": len(provisions),
        "stated": int(act.get("number") is not None),
        "m": whole(act.get("number") or 0),
    }
    for name in (*known, OTHER):
        found[f"resizes_{name}"] = int(name == resized)
        found[f"adverse_{name}"] = int(name in act.get("adverse_to", ()))
        found[f"differs_{name}"] = int(name in act.get("differently", ()))
    return found | approvals.touched(charter, provisions)


def _apart(charter: Charter, ask: Document) -> Groups:
    """Return the classes that may vote apart, in order: the Common, the Preferred, series that fare worse."""
    if not ask.get("class_votes", False):
        return ()
    names, act = approvals.names(charter), ask["act"]
    worse = tuple(name for name in names if name in (*act.get("adverse_to", ()), *act.get("differently", ())))
    return tuple(dict.fromkeys(group for group in ((COMMON,), names, worse) if group))


def _refuse_forbidden(charter: Charter, values: Mapping[str, Any]) -> None:
    for code, condition in approvals.forbidden(charter).items():
        if holds(condition, values):
            raise NoAnswerError(code)


def expected(document: Document) -> Expected:
    """Return every number, yes or no and list of the answer, by place; raise NoAnswerError for what is forbidden."""
    ask = document["ask"]
    facts = facts_of(document)
    charter = facts.charter
    values = in_favour(facts, ask.get("consents", ())) | act_facts(charter, ask["act"])
    _refuse_forbidden(charter, values)
    apart, case = _apart(charter, ask), facts.case(elected=facts.elected)
    told = evaluate_all(_account(case, len(listed(facts)), apart), values)
    needed = [own for own in _needed(charter, apart) if told[f"requires_{own.counting.name}"]]
    found: Expected = {"approvals": len(needed), "passes": told["approved"], "coalitions": None}
    for place, own in enumerate(needed):
        found |= _approval(charter, own, told, f"approvals.{place}")
    if ask.get("coalitions", False):
        found["coalitions"] = _coalitions(facts, case, apart, needed, values | told)
    return found


def _approval(charter: Charter, own: Needed, told: Mapping[str, Value], at: str) -> Expected:
    """Return one approval, by place; by a vote of its own the law is that of the vote (5(a))."""
    name, counting = own.counting.name, own.counting
    grounds = [ground for index, ground in enumerate(own.grounds) if told[f"ground_{name}_{index}"]]
    classes = [each for each in in_order(charter) if each in counting.classes]
    found: Expected = {f"{at}.kind": KINDS[name.split("_")[0]], f"{at}.grounds": grounds}
    found[f"{at}.tally.clause"] = "5(a)" if grounds == ["5(a)"] else counting.threshold.clause
    found[f"{at}.tally.counted"] = "votes" if counting.in_votes else "shares"
    return found | {f"{at}.tally.classes": classes, **tally(told, name, f"{at}.tally")}


def _coalitions(
    facts: Facts, case: Case, apart: Groups, needed: Sequence[Needed], values: Mapping[str, Any]
) -> list[list[str]]:
    """Return the smallest sets of holders that suffice, smaller ones and the alphabet first."""
    holders = listed(facts)
    asked_for = {name for own in needed for name in own.counting.classes}
    say = [holder for holder in facts.holders if any(facts.held.get((holder, name)) for name in asked_for)]
    nobody = {f"f_{number}": 0 for number, _ in enumerate(holders, start=1)}
    found = []
    for group in _subsets(sorted(say)):
        favour = {f"f_{holders.index(holder) + 1}": 1 for holder in group}
        if evaluate_all(_changing(case, len(holders), apart), {**values, **nobody, **favour})["minimal"]:
            found.append(list(group))
    return found


def _subsets(members: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(members) + 1):
        yield from combinations(members, size)


def act(kind: str, position: Document | None = None, **fields: Any) -> Document:
    """Return a question about an act; fields: the question's, the case's, and all others of the act."""
    outer = ("consents", "class_votes", "coalitions", "readings", "events")
    own = {"kind": kind, **{name: value for name, value in fields.items() if name not in outer}}
    more = {name: value for name, value in fields.items() if name in outer}
    return asked("approvals", None if position is None else dict(position), act=own, **more)


def of_two(stock: str, yes: int, of: int) -> Document:
    """Return a position in which one of two holders has so many of the shares of a class."""
    return held(("ann", stock, yes), ("bob", stock, of - yes))


SMALL = held(("ann", "A", 3), ("bob", "E", 2), ("cy", "F", 1), ("cy", "common", 20), ("di", "E", 1), as_of="1999-08-24")
CAP: dict[str, Any] = {"provisions": ["2(b)"], "adverse_to": ["E"], "differently": ["E"]}
EXAMPLES: tuple[Document, ...] = (
    act("amendment", **CAP, consents=HOLDERS, coalitions=True),
    act("amendment", **CAP, consents=HOLDERS[:-1], class_votes=True),
    # Exactly three quarters of the votes, and one less; exactly three fifths of E; exactly half.
    act("create_stock", of_two("E", 75, 100), consents=["ann"]),
    act("create_stock", of_two("E", 74, 100), consents=["ann"], coalitions=True),
    act("amendment", of_two("E", 3, 5), provisions=["3(b)(ii)"], consents=["ann"], coalitions=True),
    act("amendment", of_two("F", 2, 5), provisions=["6(e)"], consents=["ann"], coalitions=True),
    act("asset_disposal", of_two("A", 1, 2), consents=["ann"], coalitions=True),
    # The votes of A are ten a share, those of others fourteen.
    act("create_stock", held(("ann", "A", 3), ("bob", "E", 1)), consents=["ann"]),
    act("merger", SMALL, coalitions=True),
    act("merger", SMALL, counterparty="wholly_owned_subsidiary", coalitions=True, vote_by_law=True),
    act("merger", counterparty="wholly_owned_subsidiary", coalitions=True),
    act("merger", counterparty="parent"),
    act("voting_power", SMALL, voting_power_disposed="1/2"),
    act("voting_power", SMALL, voting_power_disposed="0.51", consents=["bob"]),
    act("change_authorized", SMALL, **{"class": "preferred"}, class_votes=True, consents=["cy"]),
    act("change_authorized", SMALL, **{"class": COMMON, "number": 20}, class_votes=True, coalitions=True),
    act("change_authorized", SMALL, **{"class": "E", "number": 3}, class_votes=True),
    act("change_authorized", SMALL, **{"class": "G", "number": 3}, by_board=True),
    act("redemption", SMALL, **{"class": "A"}, subordinate=True, provisions=["IV"], coalitions=True),
    act("repurchase", SMALL, **{"class": COMMON}, provisions=["6(c)", "6(a)(v)"], differently=["A", "B"]),
    act("amendment", SMALL, adverse_to=["A", "B", "C", "D", "E", "F"], class_votes=True, coalitions=True),
    # Nobody to ask: no Preferred, no E, no votes.
    act("asset_disposal", held(("di", COMMON, 5))),
    act("amendment", held(("ann", "A", 1)), provisions=["3(b)(ii)"], class_votes=True, adverse_to=[COMMON]),
    act("amendment", held(("ann", "A", 1), conversion_prices={"A": "5/2"}), adverse_to=["A"], coalitions=True),
    act("asset_disposal", HALVES, readings={"half": "even"}, consents=["ann"]),
    act(
        "asset_disposal",
        SMALL,
        consents=["bob"],
        coalitions=True,
        events=[{"on": "1999-09-01", "do": "elect_conversion", "consents": {"ann": {"A": 3}}}],
    ),
    # What no approval allows.
    act("redemption", **{"class": COMMON}),
    act("change_authorized", **{"class": "A"}, by_board=True),
    act("change_authorized", SMALL, **{"class": "E", "number": 2}),
    act("change_authorized", SMALL, **{"class": "preferred", "number": 6}),
    act("create_stock", by_board=True, number=1),
    asked("approvals", act=SALE, consents=HOLDERS[:1]),
)
